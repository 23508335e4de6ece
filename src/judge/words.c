/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/words.h"

const char *gw_judge_label(struct gw_findings *fs, const X509 *cert)
{
	return gw_arena_printf(&fs->arena, "\"%s\"", gw_cert_label(cert, &fs->arena));
}

const char *gw_judge_words(struct gw_findings *fs, const struct gw_certs *certs, const X509 *cert)
{
	const char *label = gw_judge_label(fs, cert);
	size_t i;

	for (i = 0; i < certs->count; i++) {
		if (certs->items[i] == cert || gw_cert_same(certs->items[i], cert))
			return i == 0 ? label : gw_arena_printf(&fs->arena, "certificate %zu (%s)", i + 1, label);
	}
	return label;
}
