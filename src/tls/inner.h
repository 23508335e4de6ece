/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of TLS, for this room alone. */
#ifndef GW_TLS_INNER_H
#define GW_TLS_INNER_H

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/arena.h"
#include "tls/tls.h"

struct gw_tls_client {
	SSL_CTX *ctx;
};

typedef STACK_OF(X509) x509_stack; /* clang-format takes the macro for a product */

/* A pair ready for use, with the DNS names by which it is chosen. */
struct tls_entry {
	X509 *leaf;
	x509_stack *rest; /* the chain without the leaf */
	EVP_PKEY *key;
	const char **names; /* NULL-terminated */
};

struct gw_tls_server {
	SSL_CTX *ctx;
	struct gw_clock clock;
	enum gw_tls_client_mode client_mode;
	unsigned char *alpn; /* in the wire's form */
	size_t alpn_len;
	struct tls_entry *entries;
	size_t n_entries;
	struct gw_arena arena; /* of the names */
};

struct gw_tls {
	SSL *ssl;                           /* NULL where OpenSSL had no memory for it; its app data is this struct */
	const struct gw_tls_server *server; /* NULL: a client */
	char sni[256];
	struct gw_certs chain; /* as presented by the peer */
	bool client_cert_requested;
	bool client_verified;
	int client_error;
	struct gw_tls_alert sent, received;
	enum gw_tls_fault fault;
	char text[GW_TLS_TEXT];
	unsigned char first[16];
	size_t n_first;
	struct gw_arena arena; /* of the CA names, made when first asked for */
	const char **ca_names;
	const X509_NAME **cas;
	size_t n_cas;
	char group[32], signature[48], alpn[256]; /* where gw_tls_observe() writes them */
};

/* The connection that a callback is about. */
static inline struct gw_tls *gw_tls_of(const SSL *ssl)
{
	return SSL_get_app_data(ssl);
}

/* What both kinds of context share: versions, no resumption, partial writes, silent ends. NULL where it fails. */
SSL_CTX *gw_tls_context(OSSL_LIB_CTX *libctx, const SSL_METHOD *method, enum gw_tls_version min,
			enum gw_tls_version max);

/* The wire's form of a list of protocols (RFC 7301 3.1), for free(). GW_E_INPUT where one is empty or over 255 octets. */
enum gw_code GW_MUST_USE gw_tls_alpn(const char *const *words, unsigned char **wire, size_t *len, struct gw_err *err);

/* A stack of the certificates from the second on, each with a reference of its own. */
x509_stack *gw_tls_rest(const struct gw_certs *chain);

/* Keeps what the peer presented; called from the verify callbacks, which have it even if the handshake fails later. */
void gw_tls_keep_chain(struct gw_tls *t, X509_STORE_CTX *store);

/* The connection that a chain is verified for. */
struct gw_tls *gw_tls_of_store(X509_STORE_CTX *store);

/* Notes alerts. Set on every context. */
void gw_tls_on_info(const SSL *ssl, int where, int value);

#endif
