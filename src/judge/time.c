/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "judge/inner.h"
#include "judge/words.h"

/* A root that is sent along is not what clients trust: its dates are no fault of the chain's. */
static enum gw_severity severity_of(const struct gw_certs *certs, size_t i)
{
	return i > 0 && gw_cert_self_issued(certs->items[i]) ? GW_WARNING : GW_ERROR;
}

static void judge_begin(const X509 *cert, const char *words, enum gw_severity severity, int64_t at,
			const struct gw_where *where, struct gw_findings *fs)
{
	int64_t begin = gw_cert_not_before(cert);
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
	f = gw_find_as(fs, GWC_NOT_YET_VALID, severity, where, "%s is not valid yet: it begins in %s, at %s", words,
		       span, time);
	gw_finding_fix(fs, f, "check this machine's clock; if it is right, serve the certificate from then on");
}

static void judge_end(const X509 *cert, const char *words, enum gw_severity severity, int64_t at,
		      const struct gw_where *where, struct gw_findings *fs)
{
	int64_t end = gw_cert_not_after(cert);
	char date[GW_TIME_TEXT], span[32];
	struct gw_finding *f;

	if (end == GW_TIME_FAR_PAST) {
		gw_find(fs, GWC_UNDECODABLE, where, "%s has an end (notAfter) that cannot be read", words);
		return;
	}
	if (at <= end)
		return;
	gw_time_date(date, end);
	gw_span_words(span, at - end);
	f = gw_find_as(fs, GWC_EXPIRED, severity, where, "%s expired %s ago, on %s", words, span, date);
	gw_finding_fix(fs, f, "put a renewed certificate in its place");
}

void gw_judge_window(const X509 *cert, const char *words, enum gw_severity severity, int64_t at,
		     const struct gw_where *where, struct gw_findings *fs)
{
	judge_begin(cert, words, severity, at, where, fs);
	judge_end(cert, words, severity, at, where, fs);
}

void gw_judge_days(const X509 *leaf, int64_t at, unsigned min_days, bool strict_days, const struct gw_where *where,
		   struct gw_findings *fs)
{
	int64_t end = gw_cert_not_after(leaf), left = end - at;
	char date[GW_TIME_TEXT], span[32];
	struct gw_finding *f;

	/* What has expired already is told as that. */
	if (end == GW_TIME_FAR_PAST || left < 0 || left >= (int64_t)min_days * GW_DAY)
		return;
	gw_time_date(date, end);
	gw_span_words(span, left);
	f = gw_find_as(fs, GWC_EXPIRES_SOON, strict_days ? GW_ERROR : GW_WARNING, where,
		       strict_days ? "%s expires in %s, on %s; at least %u days were asked for"
				   : "%s expires in %s, on %s, which is less than %u days",
		       gw_judge_label(fs, leaf), span, date, min_days);
	gw_finding_fix(fs, f, "renew it now: a load balancer takes minutes to serve the new one");
}

void gw_judge_time(const struct gw_certs *certs, int64_t at, unsigned min_days, bool strict_days,
		   const struct gw_where *where, struct gw_findings *fs)
{
	size_t i;

	for (i = 0; i < certs->count; i++)
		gw_judge_window(certs->items[i], gw_judge_words(fs, certs, certs->items[i]), severity_of(certs, i), at,
				where, fs);
	if (certs->count > 0)
		gw_judge_days(certs->items[0], at, min_days, strict_days, where, fs);
}
