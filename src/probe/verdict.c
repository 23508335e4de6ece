/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict.h"

#include <string.h>

#include "judge/judge.h"
#include "probe/ending.h"
#include "rules/rules.h"

static void judge_version(struct gw_probe *p, const struct gw_where *where)
{
	struct gw_finding *f;

	if (p->version == NULL || strcmp(p->version, "TLSv1.2") == 0 || strcmp(p->version, "TLSv1.3") == 0)
		return;
	f = gw_find(&p->findings, GWP_OLD_TLS, where, "the server agreed on %s, which is obsolete", p->version);
	gw_finding_fix(&p->findings, f,
		       "let it offer TLS 1.2 and 1.3 (on GKE: an SSL policy with minTlsVersion TLS_1_2)");
}

static enum gw_code judge_chain(struct gw_probe *p, const struct gw_policy *policy, const struct gw_where *where,
				struct gw_err *err)
{
	size_t before = p->findings.by_severity[GW_ERROR];
	enum gw_code code =
		gw_judge_chain(&p->chain, policy->trust, policy->now, GW_PURPOSE_SERVER, where, &p->findings, err);

	if (code != GW_OK)
		return code;
	p->judged_chain = true;
	p->chain_ok = p->findings.by_severity[GW_ERROR] == before;
	gw_judge_order(&p->chain, where, &p->findings);
	/* The dates of the chain that counts have been judged with it; what is sent besides does no harm to clients. */
	gw_judge_days(p->chain.items[0], policy->now, policy->min_days, policy->strict_days, where, &p->findings);
	return GW_OK;
}

static void judge_name(struct gw_probe *p, const struct gw_where *where)
{
	size_t before = p->findings.by_severity[GW_ERROR];

	gw_judge_name(p->chain.items[0], p->target->host, where, &p->findings);
	p->name_ok = p->findings.by_severity[GW_ERROR] == before;
}

static void judge_expected(struct gw_probe *p, const struct gw_expected *expected, const struct gw_where *where)
{
	GW_BUF_AUTO struct gw_buf differences = GW_BUF(GW_ERR_WHAT_MAX);
	struct gw_finding *f;

	p->match = gw_expected_compare(expected, p->chain.items[0], &p->facts[0]);
	if (p->match == GW_MATCH_SAME)
		return;
	if (p->match == GW_MATCH_SAME_KEY)
		f = gw_find(&p->findings, GWP_SAME_KEY, where,
			    "another certificate of the same key is served, not the one in %s", expected->file);
	else
		f = gw_find(&p->findings, GWP_OTHER_CERT, where, "the certificate in %s is not the one that is served",
			    expected->file);
	gw_expected_differences(expected, &p->facts[0], &differences);
	gw_finding_evidence(&p->findings, f, "%s", gw_buf_str(&differences));
	gw_finding_fix(&p->findings, f, "%s",
		       p->facts[0].not_before < expected->facts.not_before
			       ? "the served one is the older: a load balancer takes minutes; then see which Secret is "
				 "referred to"
			       : "the served one is not older: see whether the file is the current one");
}

static void judge_status(struct gw_probe *p, const struct gw_policy *policy, const struct gw_where *where)
{
	struct gw_finding *f;

	if (p->end != GW_END_REPLY || policy->expect_status == 0 || p->status == policy->expect_status)
		return;
	f = gw_find(&p->findings, GWP_STATUS, where, "HTTP status %u instead of %u", p->status, policy->expect_status);
	gw_finding_fix(&p->findings, f,
		       "TLS is not the cause: look at routes and backends. Redirects are not followed");
}

/* Whether the peer never came to say anything about TLS, certificates or HTTP. */
static bool is_unreachable(const struct gw_probe *p)
{
	switch (p->end) {
	case GW_END_NO_NAME:
	case GW_END_NO_RESOLVER:
	case GW_END_REFUSED:
	case GW_END_UNREACHABLE: return true;
	case GW_END_TIMEOUT: return p->phase != GW_PHASE_HTTP;
	case GW_END_CLOSED: return !p->answered;
	case GW_END_REPLY:
	case GW_END_ALERT:
	case GW_END_PLAIN_HTTP:
	case GW_END_NOT_TLS:
	case GW_END_TLS_BROKEN:
	case GW_END_NOT_HTTP: return false;
	}
	return false;
}

static enum gw_verdict verdict_of(const struct gw_probe *p)
{
	if (is_unreachable(p))
		return GW_VERDICT_UNREACHABLE;
	if (gw_findings_any(&p->findings, GW_ERROR))
		return GW_VERDICT_FAILED;
	return gw_findings_any(&p->findings, GW_WARNING) ? GW_VERDICT_WARNING : GW_VERDICT_OK;
}

enum gw_code gw_probe_judge(struct gw_probe *p, const struct gw_policy *policy, struct gw_err *err)
{
	const struct gw_where where = {.file = p->where};

	gw_probe_judge_ending(p, policy);
	judge_version(p, &where);
	if (p->chain.count > 0) {
		enum gw_code code = judge_chain(p, policy, &where, err);

		if (code != GW_OK)
			return code;
		judge_name(p, &where);
		if (policy->expected != NULL)
			judge_expected(p, policy->expected, &where);
	}
	judge_status(p, policy, &where);
	p->verdict = verdict_of(p);
	return GW_OK;
}
