/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

void gw_judge_form(const struct gw_certs *certs, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < certs->count; i++) {
		const char *fault = gw_cert_form_fault(certs->items[i]);

		if (fault == NULL)
			continue;
		f = gw_find(fs, GWC_UNDECODABLE, where, "%s %s", gw_judge_words(fs, certs, certs->items[i]), fault);
		gw_finding_fix(fs, f, "have it issued anew: Go, and so kubectl and most controllers, refuses it");
	}
}
