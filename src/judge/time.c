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

	if (begin == GW_TIME_FAR_FUTURE) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has a beginning (notBefore) that cannot be read", words);
		return;
	}
	if (at >= begin)
		return;
	gw_time_format(time, begin);
	gw_span_words(span, begin - at);
	gw_find_as(fs, GWC_NOT_YET_VALID, severity_of(certs, i), where, "%s is not valid yet: it begins in %s, at %s",
		   words, span, time);
}

static void judge_left(const struct gw_certs *certs, int64_t left, unsigned min_days, bool strict_days,
		       const char *date, const struct gw_where *where, struct gw_findings *fs)
{
	char span[32];

	if (left >= (int64_t)min_days * GW_DAY)
		return;
	gw_span_words(span, left);
	gw_find_as(fs, GWC_EXPIRES_SOON, strict_days ? GW_ERROR : GW_WARNING, where,
		   "%s expires in %s, on %s; at least %u days were asked for", gw_judge_label(fs, certs->items[0]),
		   span, date, min_days);
}

static void judge_end(const struct gw_certs *certs, size_t i, int64_t at, unsigned min_days, bool strict_days,
		      const struct gw_where *where, struct gw_findings *fs)
{
	int64_t end = gw_cert_not_after(certs->items[i]);
	const char *words = gw_judge_words(fs, certs, certs->items[i]);
	char date[GW_TIME_TEXT], span[32];

	if (end == GW_TIME_FAR_PAST) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has an end (notAfter) that cannot be read", words);
		return;
	}
	gw_time_date(date, end);
	if (at > end) {
		gw_span_words(span, at - end);
		gw_find_as(fs, GWC_EXPIRED, severity_of(certs, i), where, "%s expired %s ago, on %s", words, span,
			   date);
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
