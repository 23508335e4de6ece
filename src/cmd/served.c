/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/served.h"

#include <stdio.h>

#include "base/version.h"
#include "probe/run.h"

#define HANDSHAKE_SECONDS 10

struct served {
	struct gw_certs chain;
	const char *fault; /* of the last address that gave nothing, in the run's arena */
	struct gw_arena *arena;
};

/* The first address that shows certificates will do. */
static void take(void *self, struct gw_probe *p)
{
	struct served *s = self;
	bool first = s->chain.count == 0;
	size_t i;

	for (i = 0; first && i < p->chain.count; i++)
		gw_certs_add(&s->chain, gw_cert_ref(p->chain.items[i]));
	if (p->chain.count == 0 && p->findings.first != NULL)
		s->fault = gw_arena_strdup(s->arena, p->findings.first->what);
	gw_probe_free(p);
}

/* Chain and name are judged on the way and nobody looks: what is served is copied, right or wrong. */
static enum gw_code handshake(struct gw_ctx *ctx, const struct gw_target *target, struct served *s, struct gw_err *err)
{
	const struct gw_overrides none = {0};
	struct gw_trust *trust = NULL;
	enum gw_code code = gw_trust_from_certs(ctx, "nobody", NULL, 0, &trust, err);
	struct gw_probe_plan plan = {
		.targets = target,
		.n_targets = 1,
		.overrides = &none,
		.user_agent = "gwcert/" GW_VERSION,
		.timeout_s = HANDSHAKE_SECONDS,
		.concurrency = 8,
		.done = take,
		.self = s,
	};

	if (code != GW_OK)
		return code;
	plan.policy = (struct gw_policy){
		.trust = trust, .min_days = GW_WARN_DAYS, .now = gw_now(&ctx->clock), .timeout_s = HANDSHAKE_SECONDS};
	code = gw_probe_run(ctx, &plan, err);
	gw_trust_free(trust);
	if (code == GW_OK && s->chain.count == 0) {
		gw_fail(err, GW_E_NET, target->label, "showed no certificate%s%s", s->fault != NULL ? ": " : "",
			s->fault != NULL ? s->fault : "");
		return gw_hint(err, "gwcert probe %s says more", target->label);
	}
	return code;
}

enum gw_code gw_served_chain(struct gw_ctx *ctx, const char *server, const char **label, struct gw_certs *chain,
			     struct gw_err *err)
{
	struct served s = {.arena = ctx->arena};
	struct gw_target target;
	enum gw_code code = gw_target_parse(ctx->arena, server, &target, err);

	if (code == GW_OK)
		code = handshake(ctx, &target, &s, err);
	if (code != GW_OK)
		return code;
	*label = target.label;
	*chain = s.chain;
	return GW_OK;
}
