/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/probe.h"

#include <stdlib.h>

#include "net/net.h"

const char *gw_phase_word(enum gw_phase phase)
{
	switch (phase) {
	case GW_PHASE_DNS: return "dns";
	case GW_PHASE_TCP: return "tcp";
	case GW_PHASE_TLS: return "tls";
	case GW_PHASE_HTTP: return "http";
	}
	return "unknown";
}

const char *gw_verdict_word(enum gw_verdict verdict)
{
	switch (verdict) {
	case GW_VERDICT_OK: return "ok";
	case GW_VERDICT_WARNING: return "warning";
	case GW_VERDICT_FAILED: return "failed";
	case GW_VERDICT_UNREACHABLE: return "unreachable";
	}
	return "unknown";
}

enum gw_code gw_verdict_code(enum gw_verdict verdict)
{
	switch (verdict) {
	case GW_VERDICT_OK:
	case GW_VERDICT_WARNING: return GW_OK;
	case GW_VERDICT_FAILED: return GW_E_NO;
	case GW_VERDICT_UNREACHABLE: return GW_E_NET;
	}
	return GW_E_BUG;
}

const char *gw_match_word(enum gw_match match)
{
	switch (match) {
	case GW_MATCH_NOT_ASKED: return NULL;
	case GW_MATCH_SAME: return "match";
	case GW_MATCH_SAME_KEY: return "same-key-renewed";
	case GW_MATCH_OTHER: return "other-certificate";
	}
	return NULL;
}

struct gw_probe *gw_probe_new(const struct gw_target *target, size_t target_index)
{
	struct gw_probe *p = gw_zalloc(sizeof(*p));
	size_t i;

	p->target = target;
	p->target_index = target_index;
	p->address = "";
	p->alert = -1;
	for (i = 0; i < GW_N_PHASES; i++)
		p->span_ns[i] = -1;
	return p;
}

void gw_probe_free(struct gw_probe *p)
{
	if (p == NULL)
		return;
	gw_certs_release(&p->chain);
	gw_findings_release(&p->findings);
	gw_arena_release(&p->arena);
	free(p);
}

const char *gw_probe_libuv_version(void)
{
	return gw_net_uv_version();
}
