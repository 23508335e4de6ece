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

struct gw_serve;

#define GW_SERVE_IDLE_MS 30000	   /* a request must be in this long after the last answer, and an answer be taken */
#define GW_SERVE_HANDSHAKE_MS 10000
#define GW_SERVE_LINGER_MS 1000	   /* for the peer to close after us, so that our last words are not lost to a reset */
#define GW_SERVE_OUT_MAX ((size_t)131072) /* octets of one answer: a client certificate may have many names */

struct gw_serve_conf {
	const struct gw_ctx *ctx;  /* with `verbose`, each connection that fails is told on ctx->err */
	struct gw_tls_server *tls; /* borrowed; must outlive the serve */
	struct gw_address at;	   /* port 0: any free one */
	bool remote;		   /* `at` may be an address that other machines reach */
	unsigned max_connections;  /* at least 1; while there are as many, others wait in the system's queue */
};

/* Starts to listen and to answer as the loop runs. Errors as gw_listener_start(). */
enum gw_code GW_MUST_USE gw_serve_start(struct gw_loop *loop, const struct gw_serve_conf *conf, struct gw_serve **serve,
					struct gw_err *err);

/* Where it listens, with the real port. Borrowed. */
const struct gw_address *gw_serve_address(const struct gw_serve *serve);

/* Ends every connection at once and frees it all: before the loop is freed, and not in a callback. NULL is fine. */
void gw_serve_close(struct gw_serve **serve);
#define GW_SERVE_AUTO GW_CLEANUP(gw_serve_close)

#endif
