/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

/* Whether a copy of certificate i stands before it. */
static bool is_copy(const struct gw_certs *certs, size_t i, size_t *first)
{
	for (*first = 0; *first < i; (*first)++) {
		if (gw_cert_same(certs->items[*first], certs->items[i]))
			return true;
	}
	return false;
}

/* Whether certificate i has issued one of those from..to-1 for which `of` holds (NULL: any). It does not count that a root
 * has issued itself. */
static bool issued_any(const struct gw_certs *certs, size_t i, size_t from, size_t to, const bool *of)
{
	size_t k;

	for (k = from; k < to; k++) {
		if (k != i && (of == NULL || of[k]) && !gw_cert_same(certs->items[k], certs->items[i]) &&
		    gw_cert_issued_by(certs->items[k], certs->items[i]))
			return true;
	}
	return false;
}

/* The certificate that has issued no other one; the first, where there is none. */
static size_t find_leaf(const struct gw_certs *certs)
{
	size_t i;

	for (i = 0; i < certs->count; i++) {
		if (!issued_any(certs, i, 0, certs->count, NULL))
			return i;
	}
	return 0;
}

/* Marks the leaf and all that leads up from it, wherever it stands. */
static bool *mark_above(const struct gw_certs *certs, size_t leaf)
{
	bool *above = gw_zalloc(certs->count * sizeof(*above));
	bool grown = true;
	size_t i;

	above[leaf] = true;
	while (grown) {
		grown = false;
		for (i = 0; i < certs->count; i++) {
			if (!above[i] && issued_any(certs, i, 0, certs->count, above))
				above[i] = grown = true;
		}
	}
	return above;
}

static void judge_leaf(const struct gw_certs *certs, size_t leaf, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f;

	if (leaf == 0)
		return;
	f = gw_find(fs, GWC_ORDER, where, "the leaf %s is certificate %zu; the first one is %s",
		    gw_judge_label(fs, certs->items[leaf]), leaf + 1, gw_judge_label(fs, certs->items[0]));
	gw_finding_fix(fs, f, "put the leaf first, then its issuer, and so on");
}

static void judge_place(const struct gw_certs *certs, size_t i, const bool *above, const struct gw_where *where,
			struct gw_findings *fs)
{
	const X509 *cert = certs->items[i];
	const char *words = gw_judge_words(fs, certs, cert);
	struct gw_finding *f;

	if (!above[i]) {
		f = gw_find(fs, GWC_UNRELATED, where,
			    "%s does not belong to the chain: it has issued none of the others", words);
		gw_finding_fix(fs, f, "take it out; the issuer to look for is \"%s\"",
			       gw_cert_issuer_label(certs->items[0], &fs->arena));
		return;
	}
	if (i > 0 && !issued_any(certs, i, 0, i, above)) {
		f = gw_find(fs, GWC_ORDER, where, "%s stands before the certificate that it has issued", words);
		gw_finding_fix(fs, f, "put each issuer behind what it has issued");
		return;
	}
	if (i > 0 && gw_cert_self_issued(cert))
		gw_find(fs, GWC_ROOT_INCLUDED, where, "%s is a root, which need not be sent", words);
}

void gw_judge_order(const struct gw_certs *certs, const struct gw_where *where, struct gw_findings *fs)
{
	size_t i, first, leaf;
	bool *above;

	if (certs->count < 2)
		return;
	leaf = find_leaf(certs);
	above = mark_above(certs, leaf);
	judge_leaf(certs, leaf, where, fs);
	for (i = 0; i < certs->count; i++) {
		if (is_copy(certs, i, &first))
			gw_find(fs, GWC_DUPLICATE, where, "certificate %zu is a copy of certificate %zu (%s)", i + 1,
				first + 1, gw_judge_label(fs, certs->items[i]));
		else if (leaf == 0)
			judge_place(certs, i, above, where, fs);
	}
	free(above);
}
