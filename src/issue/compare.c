/* SPDX-License-Identifier: Apache-2.0 */
/* How a certificate on disk differs from what its entry asks for: one reason each. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issue/disk.h"

static const char *sans_text(struct gw_arena *arena, const struct gw_san *sans, size_t n)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	size_t i;

	for (i = 0; i < n; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? ", " : "", gw_san_words(arena, &sans[i]));
	return n == 0 ? "none" : gw_arena_strdup(arena, gw_buf_str(&text));
}

/* The names of `some` that `all` does not have are told one by one: as too many, or as lacking. */
static void change_names(struct gw_plan *plan, struct gw_step *step, const struct gw_san *some, size_t n,
			 const struct gw_san *all, size_t n_all, bool lacking)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n_all && !gw_san_same(&some[i], &all[j]); j++)
			;
		if (j == n_all)
			gw_step_change(plan, step, "names", lacking ? NULL : gw_san_words(&plan->arena, &some[i]),
				       lacking ? gw_san_words(&plan->arena, &some[i]) : NULL);
	}
}

/* One field: in a sentence, and by itself. */
static void differs(struct gw_plan *plan, struct gw_step *step, const char *field, const char *words, const char *is,
		    const char *asked)
{
	gw_step_reason(plan, step, "its %s is %s, asked is %s", words, is, asked);
	gw_step_change(plan, step, field, is, asked);
}

static const char *quoted(struct gw_plan *plan, const char *text)
{
	return gw_arena_printf(&plan->arena, "\"%s\"", text);
}

static void compare_who(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_cert_plan *asked = &step->entry->plan;
	const char *subject = gw_subject_text(&plan->arena, asked);

	step->was = facts->subject;
	step->renamed = strcmp(subject, facts->subject) != 0;
	if (step->renamed)
		differs(plan, step, "subject", "subject", quoted(plan, facts->subject), quoted(plan, subject));
	if (!gw_sans_same(facts->sans, facts->n_sans, asked->sans, asked->n_sans)) {
		gw_step_reason(plan, step, "its names are %s; asked are %s",
			       sans_text(&plan->arena, facts->sans, facts->n_sans),
			       sans_text(&plan->arena, asked->sans, asked->n_sans));
		change_names(plan, step, asked->sans, asked->n_sans, facts->sans, facts->n_sans, true);
		change_names(plan, step, facts->sans, facts->n_sans, asked->sans, asked->n_sans, false);
	}
	if (!gw_entry_has_key(step->entry) && facts->key_type != step->entry->key_type)
		differs(plan, step, "key", "key", facts->key, gw_key_type_word(step->entry->key_type));
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

static const char *usage_text(struct gw_plan *plan, unsigned usage)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	unsigned bit;

	for (bit = 0; gw_key_usage_words[bit] != NULL; bit++) {
		if (usage & 1U << bit)
			gw_buf_printf(&text, "%s%s", text.len > 0 ? ", " : "", gw_key_usage_words[bit]);
	}
	return text.len == 0 ? "none" : gw_arena_strdup(&plan->arena, gw_buf_str(&text));
}

/* n words, or as many as stand before a NULL. */
static const char *words_text(struct gw_plan *plan, const char *const *words, size_t n)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	size_t i;

	for (i = 0; words != NULL && i < n && words[i] != NULL; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? ", " : "", words[i]);
	return text.len == 0 ? "none" : gw_arena_strdup(&plan->arena, gw_buf_str(&text));
}

static const char *length_text(struct gw_plan *plan, int length)
{
	return length < 0 ? "without limit" : gw_arena_printf(&plan->arena, "%d", length);
}

static void compare_what_for(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const struct gw_cert_plan *asked = &step->entry->plan;

	if (facts->ca != asked->ca) {
		gw_step_reason(plan, step, facts->ca ? "it is a CA, asked is none" : "it is no CA, asked is one");
		gw_step_change(plan, step, "ca", facts->ca ? "yes" : "no", asked->ca ? "yes" : "no");
	} else if (facts->path_length != asked->path_length) {
		differs(plan, step, "pathLength", "path length", length_text(plan, facts->path_length),
			length_text(plan, asked->path_length));
	}
	if (facts->key_usage != asked->key_usage)
		differs(plan, step, "keyUsage", "key usage", usage_text(plan, facts->key_usage),
			usage_text(plan, asked->key_usage));
	if (!same_usages(facts->extended_key_usage, asked))
		differs(plan, step, "extendedKeyUsage", "extended key usage",
			words_text(plan, facts->extended_key_usage, SIZE_MAX),
			words_text(plan, asked->extended_key_usage, asked->n_extended_key_usage));
}

/* What of a life was over when it was made: the backdate, or less of it where the issuer begins later. */
static int64_t backdate_of(const struct gw_entry *e, int64_t life)
{
	int64_t before = life - e->validity;

	if (e->not_before_given || before < 0)
		return 0;
	return before < e->backdate ? before : e->backdate;
}

/* From when on the certificate is to be renewed. A share is one of the life that it was given: counted with a long backdate,
 * a short life would be due as soon as it is made, and each run would make it again. */
static int64_t due_from(const struct gw_entry *e, const struct gw_cert_facts *facts)
{
	int64_t life = facts->not_after - facts->not_before, before = backdate_of(e, life);

	if (e->renew_at.percent == 0)
		return facts->not_after - e->renew_at.left;
	return facts->not_before + before + (life - before) * e->renew_at.percent / 100;
}

static void compare_due(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts,
			int64_t issuer_end)
{
	const struct gw_entry *e = step->entry;
	int64_t from = due_from(e, facts), begin, end;
	char date[GW_TIME_TEXT], left[32];

	gw_entry_life(e, plan->now, &begin, &end);
	/* One that ends with its issuer, or at a written instant, gains nothing by being made again: it would be, by every run. */
	if (plan->now < from || (end < issuer_end ? end : issuer_end) <= facts->not_after)
		return;
	gw_time_date(date, from);
	gw_span_words(left, facts->not_after - plan->now);
	if (e->renew_at.percent > 0)
		gw_step_because(plan, step, "it is due since %s, when %u%% of its life was used; %s are left", date,
				e->renew_at.percent, left);
	else
		gw_step_because(plan, step, "it is due since %s; %s are left", date, left);
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

/* How much of a life comes before the moment when it was made. One that begins with its issuer, or did once, may have less
 * of a backdate than is asked for. */
static int64_t least_backdate(const struct gw_entry *e, const struct gw_cert_facts *facts, const X509 *issuer)
{
	if (e->not_before_given || (issuer != NULL && facts->not_before <= gw_cert_not_before(issuer)))
		return 0;
	return e->backdate;
}

/* "30 days"; where that tells no difference, all seconds from begin to end. */
static const char *span_text(struct gw_plan *plan, int64_t span, int64_t other)
{
	char words[32], more[32];

	gw_span_words(words, span);
	gw_span_words(more, other);
	if (strcmp(words, more) == 0)
		return gw_arena_printf(&plan->arena, "%" PRId64 " s with its backdate", span);
	return gw_arena_strdup(&plan->arena, words);
}

/* The length of its life with the backdate, compared to the second. One that may be cut to the issuer's end is right
 * where it ends with it. */
static void compare_span(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts,
			 const struct gw_signer *signer, int64_t issuer_end)
{
	const struct gw_entry *e = step->entry;
	int64_t life = facts->not_after - facts->not_before;
	int64_t least = e->validity + least_backdate(e, facts, signer != NULL ? signer->cert : NULL);
	int64_t most = e->validity + (e->not_before_given ? 0 : e->backdate);

	if (life >= least && life <= most)
		return;
	if (life < least && !gw_entry_end_is_fixed(e) && facts->not_after == issuer_end)
		return;
	differs(plan, step, "validity", "validity", span_text(plan, life, most), span_text(plan, most, life));
}

static void compare_life(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts,
			 const struct gw_signer *signer, bool known, int64_t issuer_end)
{
	const struct gw_entry *e = step->entry;
	size_t before = step->n_reasons;
	char date[GW_TIME_TEXT];

	if (facts->not_after < plan->now) {
		gw_time_format(date, facts->not_after);
		gw_step_because(plan, step, "it expired at %s", date);
	} else if (facts->not_before > plan->now && !begins_later(e)) {
		gw_time_format(date, facts->not_before);
		gw_step_because(plan, step, "it is not valid before %s", date);
	} else {
		compare_due(plan, step, facts, issuer_end);
	}
	step->n_timely = step->n_reasons - before;
	compare_instants(plan, step, facts);
	if (known && !e->not_after_given)
		compare_span(plan, step, facts, signer, issuer_end);
}

static void compare_issuer(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			   const struct gw_signer *signer, const struct gw_cert_facts *facts)
{
	const char *issuer = step->entry->issuer;
	const char *is = quoted(plan, facts->issuer);

	if (signer == NULL) {
		if (gw_cert_self_signed(d->cert))
			return;
		gw_step_reason(plan, step, "it is not self-signed");
		gw_step_change(plan, step, "issuer", is, "self");
	} else if (!gw_cert_issued_by(d->cert, signer->cert) ||
		   !gw_cert_signed_by(d->cert, gw_cert_key(signer->cert))) {
		if (issuer != NULL)
			gw_step_reason(plan, step, "it is not signed by \"%s\" as that is now", issuer);
		else
			gw_step_reason(plan, step, "it is not signed by the issuer given");
		gw_step_change(plan, step, "issuer", is,
			       gw_arena_printf(&plan->arena, "\"%s\" with its key of now",
					       gw_name_text(&plan->arena, gw_cert_subject(signer->cert))));
	}
}

static void compare_extensions(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d)
{
	struct gw_extension_change *changes;
	size_t n = gw_extensions_compare(&plan->arena, d->cert, &step->entry->plan.issuer, &changes), i;

	for (i = 0; i < n; i++) {
		const struct gw_extension_change *c = &changes[i];

		if (c->is == NULL)
			gw_step_reason(plan, step, "it lacks %s: %s", c->key, c->asked);
		else if (c->asked == NULL)
			gw_step_reason(plan, step, "it has %s, which is not asked for: %s", c->key, c->is);
		else
			gw_step_reason(plan, step, "its %s is %s, asked is %s", c->key, c->is, c->asked);
		gw_step_change(plan, step, c->key, c->is, c->asked);
	}
}

/* Any serial that is not fixed is as good as another. */
static void compare_serial(struct gw_plan *plan, struct gw_step *step, const struct gw_cert_facts *facts)
{
	const char *asked = step->entry->plan.serial;

	if (asked != NULL && strcmp(asked, facts->serial) != 0)
		differs(plan, step, "serial", "serial", facts->serial, asked);
}

static void compare_signature(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			      const struct gw_signer *signer)
{
	const EVP_PKEY *key = gw_cert_key(signer != NULL ? signer->cert : d->cert);
	const char *is = gw_signature_is(&plan->arena, d->cert), *asked;

	if (key == NULL)
		return;
	asked = gw_signature_asked(&plan->arena, &step->entry->plan, key);
	if (strcmp(is, asked) != 0)
		differs(plan, step, "signature", "signature", is, asked);
}

void gw_disk_compare(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
		     const struct gw_signer *signer, bool known, int64_t issuer_end)
{
	enum gw_key_type type = step->entry->key_type;
	struct gw_cert_facts facts;
	char is[48];

	if (d->pair == GW_PAIR_NONE)
		gw_step_because(plan, step, "%s is missing", step->entry->files.key);
	if (d->cert_pem.len == 0)
		gw_step_because(plan, step, "%s is missing", step->entry->files.cert);
	if (d->pair == GW_PAIR_ALONE && d->key != NULL && !gw_entry_has_key(step->entry) &&
	    gw_key_type_of(d->key) != type) {
		gw_key_describe(d->key, is);
		differs(plan, step, "key", "key", is, gw_key_type_word(type));
	}
	if (d->cert == NULL)
		return;
	gw_cert_read_facts(d->cert, &plan->arena, &facts);
	step->not_after = facts.not_after;
	compare_who(plan, step, &facts);
	compare_what_for(plan, step, &facts);
	compare_extensions(plan, step, d);
	compare_serial(plan, step, &facts);
	compare_life(plan, step, &facts, signer, known, issuer_end);
	if (known) {
		compare_issuer(plan, step, d, signer, &facts);
		compare_signature(plan, step, d, signer);
	}
}

static bool same_text(const struct gw_buf *a, const struct gw_buf *b)
{
	return a->len == b->len && memcmp(gw_buf_str(a), gw_buf_str(b), a->len) == 0;
}

/* One file that follows from the others. */
static void compare_derived(struct gw_plan *plan, struct gw_step *step, const char *name, const struct gw_buf *is,
			    const struct gw_buf *asked)
{
	if (same_text(is, asked))
		return;
	gw_step_because(plan, step, "%s is %s", name,
			is->len == 0      ? "missing"
			: asked->len == 0 ? "left over"
					  : "not what belongs there");
}

void gw_disk_incomplete(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			const struct gw_signer *signer)
{
	GW_BUF_AUTO struct gw_buf chain = GW_BUF(GW_ISSUE_FILE_MAX), full = GW_BUF(GW_ISSUE_FILE_MAX);
	const struct gw_file_names *files = &step->entry->files;

	if (signer != NULL)
		gw_buf_append(&chain, &signer->chain);
	gw_buf_append(&full, &d->cert_pem);
	gw_buf_append(&full, &chain);
	if (step->left_key)
		gw_step_because(plan, step, "%s is left over", files->key);
	if (!gw_entry_has_key(step->entry) && step->entry->password.source != NULL && !d->encrypted)
		gw_step_because(plan, step, "%s is not encrypted", files->key);
	if (d->csr_pem.len == 0)
		gw_step_because(plan, step, "%s is missing", files->csr);
	else if (!gw_cert_matches_csr(d->cert, gw_buf_str(&d->csr_pem), d->csr_pem.len))
		gw_step_because(plan, step, "%s is no request for its key", files->csr);
	compare_derived(plan, step, files->chain, &d->chain_pem, &chain);
	compare_derived(plan, step, files->fullchain, &d->fullchain_pem, &full);
}
