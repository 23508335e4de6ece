/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stand-in Gateway on this machine: TLS as the load balancer would do it, and a small JSON answer that says how each
 * request came in. Many connections at once on one thread; each bounded in memory and in time.
 */
#ifndef GW_SERVE_SERVE_H
#define GW_SERVE_SERVE_H

#include "base/ctx.h"
#include "net/net.h"
#include "tls/tls.h"

#define GW_SERVE_IDLE_MS      30000 /* a request must be in this long after the last answer, and an answer be taken */
#define GW_SERVE_HANDSHAKE_MS 10000
#define GW_SERVE_LINGER_MS    1000 /* for the peer to close after us, so that our last words are not lost to a reset */
#define GW_SERVE_OUT_MAX      ((size_t)131072) /* octets of one answer: a client certificate may have many names */

struct gw_serve_conf {
	const struct gw_ctx *ctx;  /* with `verbose`, each connection that fails is told on ctx->err */
	struct gw_tls_server *tls; /* borrowed */
	struct gw_address at;      /* by gw_serve_set_address(); port 0: any free one */
	bool remote;               /* `at` may be an address that other machines reach */
	unsigned max_connections;  /* at least 1; while there are as many, others wait in the system's queue */
	uint64_t span_ms;          /* ends by itself after this time; 0: does not */

	/* Called once, when connections are accepted: "127.0.0.1:8443", with the real port. */
	void (*ready)(void *self, const char *address, bool loopback);
	void *self;
};

/* Reads HOST:PORT, where HOST is an IP literal or "localhost", into conf->at. GW_E_USAGE where it is none; GW_E_REFUSED
 * where other machines could connect to it and conf->remote is not set. `where` names the option. */
enum gw_code GW_MUST_USE gw_serve_set_address(struct gw_serve_conf *conf, const char *where, const char *text,
					      struct gw_err *err);

/* Listens and answers until the run is interrupted or the time is over: both are GW_OK. GW_E_IO where the address cannot
 * be listened on. */
enum gw_code GW_MUST_USE gw_serve_run(const struct gw_serve_conf *conf, struct gw_err *err);

#endif
