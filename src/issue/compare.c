/* SPDX-License-Identifier: Apache-2.0 */
/* How a certificate on disk differs from what its entry asks for: one reason each. */
#include <stdio.h>
#include <string.h>

#include "issue/disk.h"

static const char *sans_text(struct gw_arena *arena, const struct gw_san *sans, size_t n)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	size_t i;

	for (i = 0; i < n; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? ", " : "", sans[i].value);
	return n == 0 ? "none" : gw_arena_strdup(arena, gw_buf_str(&text));
}

static void compare_who(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_cert_plan *asked = &step->entry->plan;
	const char *subject = gw_subject_text(&plan->arena, asked);

	if (strcmp(subject, facts->subject) != 0)
		gw_step_because(plan, step, "its subject is \"%s\", asked is \"%s\"", facts->subject, subject);
	if (!gw_sans_same(facts->sans, facts->n_sans, asked->sans, asked->n_sans))
		gw_step_because(plan, step, "its names are %s; asked are %s",
				sans_text(&plan->arena, facts->sans, facts->n_sans),
				sans_text(&plan->arena, asked->sans, asked->n_sans));
	if (facts->key_type != step->entry->key_type)
		gw_step_because(plan, step, "its key is %s, asked is %s", facts->key,
				gw_key_type_word(step->entry->key_type));
}

static bool has_word(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* The words of a list come once each, so two lists of one length are the same when one has all of the other's. */
static bool same_usages(const char *const *words, const struct gw_cert_plan *asked)
{
	size_t n = 0, i;

	while (words != NULL && words[n] != NULL)
		n++;
	for (i = 0; n == asked->n_extended_key_usage && i < n; i++) {
		if (!has_word(asked->extended_key_usage, n, words[i]))
			return false;
	}
	return n == asked->n_extended_key_usage;
}

static void compare_what_for(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_cert_plan *asked = &step->entry->plan;

	if (facts->ca != asked->ca)
		gw_step_because(plan, step, facts->ca ? "it is a CA, asked is none" : "it is no CA, asked is one");
	else if (facts->path_length != asked->path_length)
		gw_step_because(plan, step, "its path length differs from what is asked");
	if (facts->key_usage != asked->key_usage)
		gw_step_because(plan, step, "its key usage differs from what is asked");
	if (!same_usages(facts->extended_key_usage, asked))
		gw_step_because(plan, step, "its extended key usage differs from what is asked");
}

/* Whether the template says that it does not begin now: an entry begins no earlier than its issuers. */
static bool begins_later(const struct gw_entry *e)
{
	while (e != NULL && !e->not_before_given)
		e = e->issuer_entry;
	return e != NULL;
}

/* The ends that were written as instants are compared to the second. */
static void compare_instants(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_entry *e = step->entry;
	char is[GW_TIME_TEXT], asked[GW_TIME_TEXT];

	gw_time_format(is, facts->not_before);
	gw_time_format(asked, e->not_before);
	if (e->not_before_given && facts->not_before != e->not_before)
		gw_step_because(plan, step, "it begins at %s, asked is %s", is, asked);
	gw_time_format(is, facts->not_after);
	gw_time_format(asked, e->not_after);
	if (e->not_after_given && facts->not_after != e->not_after)
		gw_step_because(plan, step, "it ends at %s, asked is %s", is, asked);
}

/* A validity that somebody wrote is compared; a ready-made one may have been cut to the issuer's. The backdate may have
 * been another one, but never takes anything from the validity. */
static void compare_life(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_entry *e = step->entry;
	int64_t life = facts->not_after - facts->not_before;
	int64_t slack = e->not_before_given ? 0 : e->backdate > 3600 ? e->backdate : 3600;
	char date[GW_TIME_TEXT], is[32], asked[32];

	if (facts->not_after < plan->now) {
		gw_time_format(date, facts->not_after);
		gw_step_because(plan, step, "it expired at %s", date);
	} else if (facts->not_before > plan->now && !begins_later(e)) {
		gw_time_format(date, facts->not_before);
		gw_step_because(plan, step, "it is not valid before %s", date);
	}
	compare_instants(plan, step, facts);
	if (!e->validity_given || (life >= e->validity && life <= e->validity + slack))
		return;
	gw_span_words(is, life);
	gw_span_words(asked, e->validity);
	gw_step_because(plan, step, "its validity is %s, asked is %s", is, asked);
}

static void compare_issuer(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			   const struct gw_signer *signer)
{
	const char *issuer = step->entry->issuer;

	if (signer == NULL) {
		if (d->key != NULL && !gw_cert_signed_by(d->cert, d->key))
			gw_step_because(plan, step, "it is not self-signed");
	} else if (!gw_cert_issued_by(d->cert, signer->cert) ||
		   !gw_cert_signed_by(d->cert, gw_cert_key(signer->cert))) {
		if (issuer != NULL)
			gw_step_because(plan, step, "it is not signed by \"%s\" as that is now", issuer);
		else
			gw_step_because(plan, step, "it is not signed by the issuer given");
	}
}

void gw_disk_compare(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
		     const struct gw_signer *signer)
{
	struct gw_cert_facts facts;

	if (d->key_pem.len == 0)
		gw_step_because(plan, step, "%s is missing", step->entry->files.key);
	if (d->cert_pem.len == 0)
		gw_step_because(plan, step, "%s is missing", step->entry->files.cert);
	if (d->cert == NULL)
		return;
	if (d->key != NULL && !gw_cert_matches_key(d->cert, d->key))
		gw_step_because(plan, step, "its key and certificate do not belong together");
	gw_cert_read_facts(d->cert, &plan->arena, &facts);
	step->not_after = facts.not_after;
	compare_who(plan, step, &facts);
	compare_what_for(plan, step, &facts);
	compare_life(plan, step, &facts);
	compare_issuer(plan, step, d, signer);
}

static bool same_text(const struct gw_buf *a, const struct gw_buf *b)
{
	return a->len == b->len && memcmp(gw_buf_str(a), gw_buf_str(b), a->len) == 0;
}

/* One file that follows from the others. */
static void compare_derived(struct gw_plan *plan, struct gw_step *step, const char *name, const struct gw_buf *is,
			    const struct gw_buf *asked, bool *wrong)
{
	if (same_text(is, asked))
		return;
	*wrong = *wrong || is->len > 0;
	gw_step_because(plan, step, "%s is %s", name,
			is->len == 0      ? "missing"
			: asked->len == 0 ? "left over"
					  : "not what belongs there");
}

bool gw_disk_incomplete(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			const struct gw_signer *signer, bool *wrong)
{
	GW_BUF_AUTO struct gw_buf chain = GW_BUF(GW_ISSUE_FILE_MAX), full = GW_BUF(GW_ISSUE_FILE_MAX);
	const struct gw_file_names *files = &step->entry->files;

	if (signer != NULL)
		gw_buf_add(&chain, gw_buf_str(&signer->chain), signer->chain.len);
	gw_buf_add(&full, gw_buf_str(&d->cert_pem), d->cert_pem.len);
	gw_buf_add(&full, gw_buf_str(&chain), chain.len);
	if (d->csr_pem.len == 0)
		gw_step_because(plan, step, "%s is missing", files->csr);
	*wrong = false;
	compare_derived(plan, step, files->chain, &d->chain_pem, &chain, wrong);
	compare_derived(plan, step, files->fullchain, &d->fullchain_pem, &full, wrong);
	return step->n_reasons > 0;
}
