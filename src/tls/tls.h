/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS over a non-blocking descriptor: contexts that are made once and shared, connections that are cheap, and facts that
 * can be read at any moment, also after a handshake that failed. No waiting happens here: a step says what to wait for.
 *
 *	t = gw_tls_connect(client, fd, "store.example.com");
 *	step = gw_tls_handshake(t);	-> GW_TLS_WANT_READ: wait until fd is readable, call again
 *
 * A client context never ends a handshake because of the server's certificate: it only records what was presented, and
 * pki/ and judge/ say what it is worth. SIGPIPE must be ignored by the process, as base/os.c does.
 */
#ifndef GW_TLS_TLS_H
#define GW_TLS_TLS_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "pki/cert.h"

/* The version numbers of the wire; 0 leaves the choice to gwcert: 1.2 to 1.3. */
enum gw_tls_version {
	GW_TLS_DEFAULT = 0,
	GW_TLS_1_0 = 0x0301,
	GW_TLS_1_1 = 0x0302,
	GW_TLS_1_2 = 0x0303,
	GW_TLS_1_3 = 0x0304,
};

/* --- client contexts ---------------------------------------------------------------------------------------------- */

struct gw_tls_client; /* one for each client certificate and range of versions; shared by any number of connections */

struct gw_tls_client_conf {
	OSSL_LIB_CTX *libctx;
	enum gw_tls_version min, max;
	const struct gw_certs *chain; /* client certificate, leaf first, and its key; NULL: none is offered */
	EVP_PKEY *key;
	const char *const *alpn;  /* protocols to offer, NULL-terminated: {"h2", "http/1.1", NULL}; NULL: none */
	const char *ciphers;      /* TLS 1.2 and older, in OpenSSL's words; NULL: its default */
	const char *ciphersuites; /* TLS 1.3; NULL: OpenSSL's default */
	const char *groups;       /* "X25519:P-256"; NULL: OpenSSL's default */
	bool weak; /* security level 0: speaks to servers with keys, digests and versions that OpenSSL refuses by default */
};

/* Takes references to chain and key. GW_E_INPUT where the key does not belong to the chain's first certificate or where
 * OpenSSL knows no such cipher or group. */
enum gw_code GW_MUST_USE gw_tls_client_new(const struct gw_tls_client_conf *conf, struct gw_tls_client **client,
					   struct gw_err *err);
void gw_tls_client_free(struct gw_tls_client **client); /* connections in being keep what they need */
#define GW_TLS_CLIENT_AUTO GW_CLEANUP(gw_tls_client_free)

/* --- server contexts ---------------------------------------------------------------------------------------------- */

struct gw_tls_server;

/* What is done about client certificates, in the words of GKE's Gateway and of --client-mode. */
enum gw_tls_client_mode {
	GW_CLIENT_OFF,                     /* none is asked for */
	GW_CLIENT_ALLOW_VALID_ONLY,        /* asked for; the handshake fails without a valid one */
	GW_CLIENT_ALLOW_INSECURE_FALLBACK, /* asked for; none or an invalid one is let through and told */
};

/* A chain, leaf first, with the key of the leaf. */
struct gw_tls_pair {
	const struct gw_certs *chain;
	EVP_PKEY *key;
};

struct gw_tls_server_conf {
	OSSL_LIB_CTX *libctx;
	struct gw_clock clock;           /* the time by which client certificates are judged */
	enum gw_tls_version min, max;    /* at least 1.2 */
	const struct gw_tls_pair *pairs; /* the first is the default: served without SNI and for unknown names */
	size_t n_pairs;                  /* at least 1 */
	const char *const *alpn;         /* protocols that are accepted, best first, NULL-terminated; NULL: none */
	enum gw_tls_client_mode client_mode;
	const struct gw_certs *client_cas; /* anchors for client certificates; their names are sent to the client */
};

/* Takes references to all certificates and keys. GW_E_INPUT where a pair does not fit together. No session is ever
 * resumed: neither tickets nor a cache, as each connection is to show a whole handshake. */
enum gw_code GW_MUST_USE gw_tls_server_new(const struct gw_tls_server_conf *conf, struct gw_tls_server **server,
					   struct gw_err *err);
void gw_tls_server_free(struct gw_tls_server **server); /* after its connections */
#define GW_TLS_SERVER_AUTO GW_CLEANUP(gw_tls_server_free)

/* Which pair is served for a name: the first with that very name as dNSName, else the first with a wildcard that covers
 * it, else 0. NULL or "" gives 0. */
size_t gw_tls_server_choose(const struct gw_tls_server *server, const char *name);

/* --- connections -------------------------------------------------------------------------------------------------- */

struct gw_tls;

enum gw_tls_step {
	GW_TLS_DONE,       /* done; after a read: there may be more, so read on */
	GW_TLS_WANT_READ,  /* call the same function again when the descriptor is readable */
	GW_TLS_WANT_WRITE, /* ... is writable */
	GW_TLS_CLOSED,     /* the peer has closed: by close_notify or by just ending the connection */
	GW_TLS_FAILED,     /* over: see gw_tls_observe() */
};

/* A connection over fd, which stays the caller's and must be open as long as the connection is used. `name` is sent as
 * SNI unless it is NULL, empty or an IP literal (RFC 6066 section 3). Cannot fail: what is wrong is told by the handshake. */
struct gw_tls *gw_tls_connect(struct gw_tls_client *client, int fd, const char *name);
struct gw_tls *gw_tls_accept(struct gw_tls_server *server, int fd);

/*
 * With TLS 1.3 a client's DONE does not mean that the server accepts it: a refusal of the client's certificate comes as
 * an alert on the first read. Send something and read.
 */
enum gw_tls_step gw_tls_handshake(struct gw_tls *t);

/* Reads up to size octets; *got is set with GW_TLS_DONE and is then at least 1. Read until it does not say DONE before
 * waiting for the descriptor: octets may be waiting inside. */
enum gw_tls_step gw_tls_read(struct gw_tls *t, void *data, size_t size, size_t *got);

/* Writes up to len octets (at least 1); *put is set with GW_TLS_DONE. After WANT_... call with the same octets, which may
 * have moved. Where the peer has reset the connection, an alert that it sent before is read and recorded. */
enum gw_tls_step gw_tls_write(struct gw_tls *t, const void *data, size_t len, size_t *put);

/* Sends close_notify and does not wait for the peer's. Not after GW_TLS_FAILED: it says FAILED again. */
enum gw_tls_step gw_tls_shutdown(struct gw_tls *t);

/* The descriptor is left open. NULL is fine; *t becomes NULL. */
void gw_tls_free(struct gw_tls **t);

/* --- facts -------------------------------------------------------------------------------------------------------- */

/* Why a connection failed. */
enum gw_tls_fault {
	GW_TLS_FAULT_NONE,
	GW_TLS_FAULT_ALERT,       /* the peer sent a fatal alert: see received */
	GW_TLS_FAULT_CLOSED,      /* the peer ended the connection in the middle of the handshake */
	GW_TLS_FAULT_RESET,       /* the peer reset the connection */
	GW_TLS_FAULT_HTTP,        /* the peer speaks plain HTTP */
	GW_TLS_FAULT_NOT_TLS,     /* the peer speaks something else that is not TLS: see first_octets */
	GW_TLS_FAULT_VERSION,     /* no version of TLS that both sides allow */
	GW_TLS_FAULT_CERTIFICATE, /* server only: the client's certificate was refused, or missing */
	GW_TLS_FAULT_PROTOCOL,    /* anything else against the protocol or our limits: see text */
	GW_TLS_FAULT_LOCAL,       /* this side's memory, descriptor or library */
};

struct gw_tls_alert {
	bool seen;
	bool fatal;
	uint8_t number;   /* RFC 8446 section 6 */
	const char *name; /* "certificate_required"; NULL where the number has none */
};

/* The name of an alert as in RFC 8446 and its forerunners; NULL where the number has none. Static. */
const char *gw_tls_alert_name(uint8_t number);

#define GW_TLS_TEXT 256

/* All text is borrowed from the connection or static, and not escaped for a terminal. */
struct gw_tls_facts {
	bool handshake_done;

	/* Known once the ServerHello is in; NULL before. */
	const char *version; /* "TLSv1.3" */
	const char *cipher;  /* "TLS_AES_256_GCM_SHA384", "ECDHE-RSA-AES128-GCM-SHA256" */
	const char *group; /* IANA's words: "x25519", "secp256r1", "ffdhe2048"; "dh-2048"; NULL with RSA key exchange */
	const char *signature; /* by which the peer proved its key: "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256" */
	const char *alpn;      /* what was agreed on; NULL: nothing */
	bool ocsp_stapled;     /* client: the server sent a response of its CA along */

	const char *sni; /* server: the name that the client asked for; client: what was sent; NULL: none */

	/* What the peer presented, in the order sent; count 0: nothing. Borrowed: take references with gw_cert_ref(). */
	const struct gw_certs *chain;

	/* Client: did the server ask for a certificate, and which CAs did it name? Complete as of a finished TLS 1.2 or 1.3
	 * handshake, and after one that failed later than the request. */
	bool client_cert_requested;
	const char *const *ca_names; /* as RFC 2253 text, as gw_cert_facts writes subjects */
	size_t n_cas;

	/* Server: the client's certificate as judged here. */
	bool client_verified;
	int client_error; /* X509_V_ERR_, 0 where there is nothing to say; words by gw_verify_error_text() */

	struct gw_tls_alert sent, received; /* the last one but close_notify */

	enum gw_tls_fault fault;
	char text[GW_TLS_TEXT];         /* OpenSSL's deepest reason, or the system's; "" without a fault */
	unsigned char first_octets[16]; /* of what the peer sent, as far as it has */
	size_t n_first;
};

/* Fills *facts; at any moment and as often as wanted. Borrowed text stays until the next call or gw_tls_free(). */
void gw_tls_observe(struct gw_tls *t, struct gw_tls_facts *facts);

#endif
