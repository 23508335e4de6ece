/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

/* A root that is sent along is not what clients trust: its dates are no fault of the chain's. */
static enum gw_severity severity_of(const struct gw_certs *certs, size_t i)
{
	return i > 0 && gw_cert_self_issued(certs->items[i]) ? GW_WARNING : GW_ERROR;
}

static void judge_begin(const struct gw_certs *certs, size_t i, int64_t at, const struct gw_where *where,
			struct gw_findings *fs)
{
	int64_t begin = gw_cert_not_before(certs->items[i]);
	const char *words = gw_judge_words(fs, certs, certs->items[i]);
	char time[GW_TIME_TEXT], span[32];
	struct gw_finding *f;

	if (begin == GW_TIME_FAR_FUTURE) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has a beginning (notBefore) that cannot be read", words);
		return;
	}
	if (at >= begin)
		return;
	gw_time_format(time, begin);
	gw_span_words(span, begin - at);
	f = gw_find_as(fs, GWC_NOT_YET_VALID, severity_of(certs, i), where,
		       "%s is not valid yet: it begins in %s, at %s", words, span, time);
	gw_finding_fix(fs, f, "check this machine's clock; if it is right, serve the certificate from then on");
}

static void judge_left(const struct gw_certs *certs, int64_t left, unsigned min_days, bool strict_days,
		       const char *date, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f;
	char span[32];

	if (left >= (int64_t)min_days * GW_DAY)
		return;
	gw_span_words(span, left);
	f = gw_find_as(fs, GWC_EXPIRES_SOON, strict_days ? GW_ERROR : GW_WARNING, where,
		       strict_days ? "%s expires in %s, on %s; at least %u days were asked for"
				   : "%s expires in %s, on %s, which is less than %u days",
		       gw_judge_label(fs, certs->items[0]), span, date, min_days);
	gw_finding_fix(fs, f, "renew it now: a load balancer takes minutes to serve the new one");
}

static void judge_end(const struct gw_certs *certs, size_t i, int64_t at, unsigned min_days, bool strict_days,
		      const struct gw_where *where, struct gw_findings *fs)
{
	int64_t end = gw_cert_not_after(certs->items[i]);
	const char *words = gw_judge_words(fs, certs, certs->items[i]);
	char date[GW_TIME_TEXT], span[32];
	struct gw_finding *f;

	if (end == GW_TIME_FAR_PAST) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has an end (notAfter) that cannot be read", words);
		return;
	}
	gw_time_date(date, end);
	if (at > end) {
		gw_span_words(span, at - end);
		f = gw_find_as(fs, GWC_EXPIRED, severity_of(certs, i), where, "%s expired %s ago, on %s", words, span,
			       date);
		gw_finding_fix(fs, f, "put a renewed certificate in its place");
	} else if (i == 0) {
		judge_left(certs, end - at, min_days, strict_days, date, where, fs);
	}
}

void gw_judge_time(const struct gw_certs *certs, int64_t at, unsigned min_days, bool strict_days,
		   const struct gw_where *where, struct gw_findings *fs)
{
	size_t i;

	for (i = 0; i < certs->count; i++) {
		judge_begin(certs, i, at, where, fs);
		judge_end(certs, i, at, min_days, strict_days, where, fs);
	}
}
