/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A probe: one target seen at one address. run.h makes the observation, verdict.h judges it, report/probe.h prints it.
 * What was seen stays whatever went wrong afterwards: a refused handshake still has its version and chain.
 */
#ifndef GW_PROBE_PROBE_H
#define GW_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/finding.h"
#include "pki/cert.h"
#include "probe/target.h"

enum gw_phase { GW_PHASE_DNS, GW_PHASE_TCP, GW_PHASE_TLS, GW_PHASE_HTTP };
#define GW_N_PHASES 4

/* "dns", "tcp", "tls", "http". */
const char *gw_phase_word(enum gw_phase phase);

/* How it ended, in the phase that it had come to. */
enum gw_end {
	GW_END_REPLY,       /* the head of an HTTP reply came: nothing went wrong on the way */
	GW_END_NO_NAME,     /* DNS: there is no such name, or it has no address */
	GW_END_NO_RESOLVER, /* DNS: it could not be asked */
	GW_END_REFUSED,     /* TCP: refused */
	GW_END_UNREACHABLE, /* TCP: no way there, or no socket for it; `detail` has the system's words */
	GW_END_TIMEOUT,     /* any phase */
	GW_END_CLOSED,      /* TLS, HTTP: end of stream or reset, without an alert */
	GW_END_ALERT,       /* TLS, HTTP: the peer sent `alert` */
	GW_END_PLAIN_HTTP,  /* TLS: what came is an HTTP reply */
	GW_END_NOT_TLS,     /* TLS: what came is not TLS at all; `detail` has its beginning */
	GW_END_TLS_BROKEN,  /* TLS, HTTP: it breaks the protocol, or our policy; `detail` has OpenSSL's words */
	GW_END_NOT_HTTP,    /* HTTP: an answer, but not an HTTP one; `detail` has its beginning */
};

enum gw_verdict {
	GW_VERDICT_OK,
	GW_VERDICT_WARNING,     /* passes, with something to look at */
	GW_VERDICT_FAILED,      /* what the peer says is wrong: exit status 1 */
	GW_VERDICT_UNREACHABLE, /* no TLS answer at all: exit status 6 */
};

/* "ok", "warning", "failed", "unreachable". */
const char *gw_verdict_word(enum gw_verdict verdict);

/* Its exit status: GW_OK, GW_E_NO or GW_E_NET. */
enum gw_code gw_verdict_code(enum gw_verdict verdict);

enum gw_match { GW_MATCH_NOT_ASKED, GW_MATCH_SAME, GW_MATCH_SAME_KEY, GW_MATCH_OTHER };

/* "match", "same-key-renewed", "other-certificate"; NULL where it was not asked. */
const char *gw_match_word(enum gw_match match);

struct gw_probe {
	struct gw_arena arena; /* of every text here */

	/* Whom. */
	const struct gw_target *target;     /* borrowed */
	size_t target_index, address_index; /* where in the input, and among the addresses of the name */
	const char *address;                /* "" where the name has none */
	uint16_t port;                      /* the one connected to; --connect may differ from the target's */
	const char *where;                  /* for findings: "store.example.com (203.0.113.12:443)" */

	/* How it went. */
	enum gw_end end;
	enum gw_phase phase;
	int alert;                    /* the number of the peer's fatal alert, -1: none came */
	const char *detail;           /* or NULL */
	int64_t span_ns[GW_N_PHASES]; /* -1: not reached. Of the last phase: until it ended, however it did */

	/* TLS. */
	bool answered; /* the peer spoke TLS, if only an alert */
	bool handshaken;
	const char *version; /* "TLSv1.3", NULL where none was agreed */
	const char *cipher, *group, *alpn;
	const char *signature; /* by which the server proved its key */
	bool ocsp_stapled;
	struct gw_certs chain;       /* as presented */
	struct gw_cert_facts *facts; /* of each certificate */
	bool client_requested;       /* it asked for a client certificate */
	bool client_presented;       /* and there was one to give */
	const char **ca_names;       /* that it said it would take, RFC 2253 form */
	size_t n_ca_names;

	/* HTTP. */
	unsigned status; /* 0: none */
	const char *server;
	bool client_named; /* a 400 whose text speaks of the client certificate */

	/* The judgement; by verdict.h. */
	bool judged_chain, chain_ok;
	bool name_ok;
	enum gw_match match;
	struct gw_findings findings;
	enum gw_verdict verdict;
};

/* A probe that has not begun. Freed with gw_probe_free(). */
struct gw_probe *gw_probe_new(const struct gw_target *target, size_t target_index);
void gw_probe_free(struct gw_probe *p); /* NULL is fine */

/* The version of the event loop's library, libuv, for gwcert version. */
const char *gw_probe_libuv_version(void);

#endif
