/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The run: many targets, every address of each, hundreds at once in one thread. For each address: connect, handshake, ask
 * for the path, read the head of the reply, judge. Names are looked up once each, however many targets have them.
 */
#ifndef GW_PROBE_RUN_H
#define GW_PROBE_RUN_H

#include <openssl/types.h>

#include "base/ctx.h"
#include "probe/verdict.h"

#define GW_PROBE_DESCRIPTORS 32 /* that a run needs besides one for each connection */

struct gw_probe_plan {
	const struct gw_target *targets;
	size_t n_targets;
	const struct gw_overrides *overrides; /* NULL: none */
	const struct gw_target *connect; /* connect there; name, SNI and Host stay the target's, and so does its port
						 where this one is 0. NULL: to the target */
	const struct gw_certs *client_chain; /* client certificate, leaf first, and its key; NULL: none is offered */
	EVP_PKEY *client_key;
	const char *user_agent;
	struct gw_policy policy;
	int64_t timeout_s;    /* for one target at one address, its name's lookup included */
	unsigned concurrency; /* connections at once */

	/* Takes each probe as it is finished, judged, in no order; the callee frees it with gw_probe_free(). */
	void (*done)(void *self, struct gw_probe *p);
	/* How far it is: finished and known so far (addresses become known as names are resolved). May be NULL. */
	void (*progress)(void *self, size_t finished, size_t known);
	void *self;
};

/* GW_OK as soon as every probe was handed over, whatever they found. GW_E_NET with how many were left where the run was
 * interrupted; GW_E_INPUT where client certificate and key do not fit together. */
enum gw_code GW_MUST_USE gw_probe_run(const struct gw_ctx *ctx, const struct gw_probe_plan *plan, struct gw_err *err);

#endif
