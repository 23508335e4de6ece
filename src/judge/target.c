/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

void gw_judge_lifetime(const X509 *leaf, int64_t limit, enum gw_severity severity, const struct gw_where *where,
		       struct gw_findings *fs)
{
	int64_t begin = gw_cert_not_before(leaf), end = gw_cert_not_after(leaf);
	/* For browsers the last second counts (Baseline Requirements 6.3.2); who says 90d means what openssl -days 90 makes. */
	int64_t life = end - begin + (limit == GW_LIFETIME_PUBLIC);
	char lived[32], allowed[32], issued[GW_TIME_TEXT];
	struct gw_finding *f;

	if (begin == GW_TIME_FAR_FUTURE || end == GW_TIME_FAR_PAST)
		return;
	gw_time_date(issued, begin);
	if (limit == GW_LIFETIME_PUBLIC)
		limit = gw_public_lifetime(begin);
	if (life <= limit)
		return;
	gw_span_words(lived, life);
	gw_span_words(allowed, limit);
	f = gw_find_as(fs, GWC_LIFETIME, severity, where, "%s lives for %s; %s are allowed", gw_judge_label(fs, leaf),
		       lived, allowed);
	gw_finding_evidence(fs, f, "it begins on %s", issued);
	gw_finding_fix(fs, f, "have it issued for at most %s", allowed);
}

/* --- what a place takes ------------------------------------------------------------------------------------------- */

struct place {
	const struct gw_certs *certs;
	const struct gw_cert_facts *leaf;
	const struct gw_target_rules *target;
	const struct gw_where *where;
	struct gw_findings *fs;
	const char *label;
};

static void judge_key(const struct place *p)
{
	GW_BUF_AUTO struct gw_buf list = GW_BUF(256);
	struct gw_finding *f;
	size_t i;

	if (gw_target_takes_key(p->target, gw_key_type_word(p->leaf->key_type)))
		return;
	f = gw_find_as(p->fs, GWC_TARGET_KEY, GW_ERROR, p->where, "%s has a key of %s, which %s does not take",
		       p->label, p->leaf->key, p->target->words);
	for (i = 0; p->target->keys[i] != NULL; i++)
		gw_buf_printf(&list, "%s%s", i > 0 ? ", " : "", p->target->keys[i]);
	gw_finding_fix(p->fs, f, "make one of %s", gw_buf_str(&list));
}

static void judge_chain(const struct place *p, size_t octets)
{
	struct gw_finding *f = NULL;
	size_t i;

	if (p->certs->count > p->target->chain_max)
		f = gw_find_as(p->fs, GWC_TARGET_CHAIN, GW_ERROR, p->where,
			       "the file has %zu certificates; %s takes %u", p->certs->count, p->target->words,
			       p->target->chain_max);
	if (octets > p->target->pem_max)
		f = gw_find_as(p->fs, GWC_TARGET_CHAIN, GW_ERROR, p->where, "the file has %zu octets; %s takes %zu",
			       octets, p->target->words, p->target->pem_max);
	if (f != NULL)
		gw_finding_fix(p->fs, f, "give the leaf and its intermediates, each once, and no root");
	for (i = 1; p->target->root_refused && i < p->certs->count; i++) {
		if (gw_cert_self_issued(p->certs->items[i]))
			gw_find_as(p->fs, GWC_TARGET_CHAIN, GW_ERROR, p->where,
				   "%s is a root, which does not belong in the file",
				   gw_judge_words(p->fs, p->certs, p->certs->items[i]));
	}
}

static bool has_usage(const struct gw_cert_facts *facts, const char *word)
{
	const char **usage;

	for (usage = facts->extended_key_usage; usage != NULL && *usage != NULL; usage++) {
		if (strcmp(*usage, word) == 0)
			return true;
	}
	return false;
}

static void judge_usage(const struct place *p)
{
	const unsigned handshake = GW_KU_DIGITAL_SIGNATURE | GW_KU_KEY_ENCIPHERMENT | GW_KU_KEY_AGREEMENT;
	const struct gw_cert_facts *leaf = p->leaf;

	if (leaf->ca)
		gw_find_as(p->fs, GWC_TARGET_USAGE, GW_ERROR, p->where, "%s is a CA; %s presents servers", p->label,
			   p->target->words);
	if (!has_usage(leaf, "serverAuth"))
		gw_find_as(p->fs, GWC_TARGET_USAGE, GW_ERROR, p->where,
			   "%s has no serverAuth in its extended key usage", p->label);
	if (leaf->has_key_usage && (leaf->key_usage & handshake) == 0)
		gw_find_as(p->fs, GWC_TARGET_USAGE, GW_ERROR, p->where,
			   "%s has a key usage that allows no TLS handshake", p->label);
	if (leaf->n_sans == 0)
		gw_find_as(p->fs, GWC_NO_SAN, GW_ERROR, p->where, "%s has no subject alternative name, which %s needs",
			   p->label, p->target->words);
}

static void judge_strength(const struct place *p)
{
	size_t i;

	for (i = 0; i < p->certs->count; i++) {
		const char *words = gw_judge_words(p->fs, p->certs, p->certs->items[i]);
		unsigned bits = gw_cert_signature_strength(p->certs->items[i]);

		/* What signed itself proves nothing by it. SHA-256 gives 128 bits. */
		if (bits > 0 && bits < 112 && !gw_cert_self_issued(p->certs->items[i]))
			gw_find_as(p->fs, GWC_WEAK, GW_ERROR, p->where,
				   "%s is not signed with SHA-256 or better, which %s needs", words, p->target->words);
	}
}

/* On the public web its own rules are no advice. */
static void weigh_web(struct gw_findings *fs)
{
	struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		enum gw_rule_name rule = (enum gw_rule_name)(f->rule - gw_rules);

		if (f->severity == GW_WARNING &&
		    ((rule >= GWC_CA_AS_LEAF && rule <= GWC_WEB_KEY) || rule == GWC_VERSION || rule == GWC_KEY_ID))
			gw_finding_weigh(fs, f, GW_ERROR);
	}
}

void gw_judge_target(const struct gw_certs *certs, size_t octets, const struct gw_target_rules *target,
		     const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_cert_facts leaf;
	struct place p = {.certs = certs, .leaf = &leaf, .target = target, .where = where, .fs = fs};

	gw_cert_read_facts(certs->items[0], &fs->arena, &leaf);
	p.label = gw_judge_label(fs, certs->items[0]);
	judge_key(&p);
	judge_chain(&p, octets);
	judge_usage(&p);
	judge_strength(&p);
	if (!target->web)
		return;
	gw_judge_lifetime(certs->items[0], GW_LIFETIME_PUBLIC, GW_ERROR, where, fs);
	weigh_web(fs);
}
