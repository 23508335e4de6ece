/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One exchange with one address: connect, TLS handshake, request, head of the reply. It only observes; what it saw stands
 * in the probe when the callback comes.
 */
#ifndef GW_PROBE_EXCHANGE_H
#define GW_PROBE_EXCHANGE_H

#include <stdint.h>

#include "base/clock.h"
#include "net/net.h"
#include "probe/probe.h"
#include "tls/tls.h"

struct gw_exchange;

/* What all exchanges of a run share. Must outlive them. */
struct gw_exchange_conf {
	struct gw_loop *loop;
	struct gw_clock clock;
	struct gw_tls_client *client;
	bool client_cert; /* the client has a certificate to present */
	const char *user_agent;
};

/* Begins; never calls back before it has returned. The callback comes once, with the observation in *p, at the latest
 * after `deadline_ms`. The probe stays the caller's and must live until then. */
struct gw_exchange *gw_exchange_start(const struct gw_exchange_conf *conf, struct gw_probe *p,
				      const struct gw_address *to, uint64_t deadline_ms,
				      void (*fn)(void *self, struct gw_exchange *x), void *self);

struct gw_probe *gw_exchange_probe(const struct gw_exchange *x);

/* Closes the connection. Allowed in the callback. NULL is fine; *x becomes NULL. */
void gw_exchange_close(struct gw_exchange **x);

#endif
