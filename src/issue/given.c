/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that start from what is there: their keys are used where they are, their certificates as they are. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "issue/disk.h"
#include "rules/rules.h"
#include "rules/targets.h"

/* --- keys --------------------------------------------------------------------------------------------------------- */

static enum gw_code no_source(const struct gw_entry *e, struct gw_err *err)
{
	gw_fail(err, GW_E_INPUT, e->given.key, "the private key is encrypted");
	return gw_hint(err, "name the source of its password in \"%s\": key: { file: ..., password: ... }", e->name);
}

enum gw_code gw_given_key(const struct gw_ctx *ctx, const struct gw_entry *e, enum gw_want want, EVP_PKEY **key,
			  bool *encrypted, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_password password = e->password;
	GW_KEY_AUTO EVP_PKEY *found = NULL;
	const struct gw_pem_block *block;
	enum gw_code code = gw_file_read(ctx, e->given.key, &text, err);

	if (code == GW_OK)
		code = gw_pem_scan(&pem, e->given.key, text.data, text.len, err);
	if (code == GW_OK)
		code = gw_key_find(&pem, &block, err);
	if (code != GW_OK)
		return code;
	*encrypted = block->kind == GW_PEM_KEY_ENCRYPTED;
	if (*encrypted && password.source == NULL)
		return no_source(e, err);
	if (*encrypted && want != GW_WANT_OPEN)
		return GW_OK;
	password.of = e->given.key;
	code = gw_key_from_pem(ctx, &pem, block, &password, &found, err);
	if (code == GW_OK && gw_key_fault(found) != NULL)
		code = gw_fail(err, GW_E_INPUT, e->given.key, "the key %s", gw_key_fault(found));
	if (code != GW_OK)
		return code;
	*key = found;
	found = NULL;
	return GW_OK;
}

/* What an entry's certificate, where it has one, is to the key that it was given. */
static void judge_pair(struct gw_plan *plan, struct gw_step *step, struct gw_on_disk *d)
{
	const struct gw_given *given = &step->entry->given;

	d->pair = d->cert == NULL ? GW_PAIR_ALONE : GW_PAIR_WHOLE;
	if (d->cert == NULL || d->key == NULL || gw_cert_matches_key(d->cert, d->key))
		return;
	d->pair = GW_PAIR_STRANGE;
	gw_step_because(plan, step, "its certificate is for another key than that of %s",
			given->csr != NULL ? given->csr : given->key);
}

enum gw_code gw_given_read(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, enum gw_want want,
			   struct gw_on_disk *d, struct gw_err *err)
{
	const struct gw_given *given = &step->entry->given;
	enum gw_code code = GW_OK;
	struct stat st;

	if (given->csr != NULL) {
		d->key = gw_key_ref(given->asks->key);
	} else {
		code = gw_given_key(ctx, step->entry, want, &d->key, &d->encrypted, err);
		d->exposed = stat(given->key, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0;
	}
	if (code == GW_OK)
		judge_pair(plan, step, d);
	return code;
}

static bool is_issuers(const struct gw_plan *plan, const struct gw_step *step, const EVP_PKEY *key)
{
	const struct gw_signer *signer = gw_step_signer(plan, step);
	const struct gw_entry *e = step->entry, *ca = e->issuer_entry;

	/* The CA may not have been made yet, and its file be there. */
	if (ca != NULL && ca->given.key != NULL && e->given.key != NULL && strcmp(ca->given.key, e->given.key) == 0)
		return true;
	return signer != NULL && signer->cert != NULL && gw_cert_matches_key(signer->cert, key);
}

static void judge_for_target(struct gw_plan *plan, const struct gw_step *step, const EVP_PKEY *key,
			     struct gw_findings *fs)
{
	const char *lint = plan->request->t->lint, *kind = gw_key_type_word(gw_key_type_of(key));
	const struct gw_target_rules *target = lint != NULL ? gw_target_find(lint) : NULL;
	const struct gw_entry *e = step->entry;
	struct gw_where where = gw_entry_where(&plan->arena, e, "key");
	struct gw_finding *f;
	char words[48];

	if (target == NULL || (e->plan.ca && e->self_signed) || gw_target_takes_key(target, kind))
		return;
	gw_key_describe(key, words);
	f = gw_find(fs, GWT_LINT_KEY, &where, "%s takes no key of the kind %s, which \"%s\" has", target->words, words,
		    e->name);
	gw_finding_evidence(fs, f, "%s", e->given.key);
	gw_finding_fix(fs, f, "use another key, such as one of ec-p256");
}

void gw_given_judge_key(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d,
			struct gw_findings *fs)
{
	const struct gw_given *given = &step->entry->given;
	struct gw_where where = gw_entry_where(&plan->arena, step->entry, given->csr != NULL ? "csr" : "key");
	struct gw_finding *f;

	if (!gw_entry_has_key(step->entry) || d->key == NULL)
		return;
	if (is_issuers(plan, step, d->key)) {
		f = gw_find(fs, GWT_GIVEN, &where, "the key of \"%s\" is that of its issuer", step->entry->name);
		gw_finding_evidence(fs, f, "%s", given->csr != NULL ? given->csr : given->key);
		gw_finding_fix(fs, f, "give it a key of its own: who serves with the CA's key can sign in its name");
	}
	/* Of a request, the kind of key was known before. */
	if (given->csr == NULL)
		judge_for_target(plan, step, d->key, fs);
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

static enum gw_code check_belongs(const struct gw_entry *e, const struct gw_signer *s, struct gw_err *err)
{
	if (s->key == NULL || gw_cert_matches_key(s->cert, s->key))
		return GW_OK;
	gw_fail(err, GW_E_INPUT, e->given.key, "is not the key of the certificate in %s", e->given.cert);
	return gw_hint(err, "were the files of two entries mixed up?");
}

static void say_kept(struct gw_plan *plan, struct gw_step *step, struct gw_findings *fs)
{
	struct gw_where where = gw_entry_where(&plan->arena, step->entry, "certificate");
	struct gw_finding *f =
		gw_find(fs, GWT_NOT_AS_ASKED, &where,
			"\"%s\" is there already and not made here, so it cannot be made anew", step->entry->name);

	gw_finding_fix(fs, f, "put a new certificate into %s", step->entry->given.cert);
	step->action = GW_ACTION_REFUSE;
}

enum gw_code gw_given_plan(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, struct gw_findings *fs,
			   struct gw_err *err)
{
	const struct gw_entry *e = step->entry;
	struct gw_on_disk d = {0};
	enum gw_code code = GW_OK;
	struct stat st;

	step->own.cert = gw_cert_ref(e->given.certs.items[0]);
	step->not_after = e->not_after;
	gw_signer_chain(&e->given.certs, &step->own.chain);
	if (e->given.key != NULL) {
		code = gw_given_key(ctx, e, GW_WANT_KEY, &step->own.key, &step->own.locked, err);
		d.exposed = stat(e->given.key, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0;
	}
	if (code == GW_OK)
		code = check_belongs(e, &step->own, err);
	if (code != GW_OK)
		return code;
	if (step->renew || step->rekey)
		say_kept(plan, step, fs);
	gw_say_disk(plan, step, &d, fs);
	plan->count[step->action]++;
	return GW_OK;
}

enum gw_code gw_given_unlock(const struct gw_ctx *ctx, struct gw_step *step, struct gw_err *err)
{
	enum gw_code code = gw_given_key(ctx, step->entry, GW_WANT_OPEN, &step->own.key, &step->own.locked, err);

	return code == GW_OK ? check_belongs(step->entry, &step->own, err) : code;
}

/* --- what a request asks for -------------------------------------------------------------------------------------- */

static void say_not_granted(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs, const char *what,
			    const char *value)
{
	struct gw_where where = gw_entry_where(&plan->arena, step->entry, "csr");
	struct gw_finding *f = gw_find(fs, GWT_NOT_GRANTED, &where,
				       "the request of \"%s\" asks for %s %s, which the entry does not grant",
				       step->entry->name, what, value);

	gw_finding_evidence(fs, f, "%s", step->entry->given.csr);
}

static void compare_names(struct gw_plan *plan, const struct gw_step *step, const struct gw_request_facts *asks,
			  struct gw_findings *fs)
{
	const struct gw_cert_plan *gets = &step->entry->plan;
	size_t i, j;

	if (asks->subject[0] != '\0' && strcmp(asks->subject, gw_subject_text(&plan->arena, gets)) != 0)
		say_not_granted(plan, step, fs, "the subject", gw_arena_printf(&plan->arena, "\"%s\"", asks->subject));
	for (i = 0; i < asks->n_sans; i++) {
		for (j = 0; j < gets->n_sans && !gw_san_same(&asks->sans[i], &gets->sans[j]); j++)
			;
		if (j == gets->n_sans)
			say_not_granted(plan, step, fs, "the name",
					gw_arena_printf(&plan->arena, "\"%s\"", asks->sans[i].value));
	}
}

static void compare_usages(struct gw_plan *plan, const struct gw_step *step, const struct gw_request_facts *asks,
			   struct gw_findings *fs)
{
	const struct gw_cert_plan *gets = &step->entry->plan;
	size_t i, j;

	if (asks->ca && !gets->ca)
		say_not_granted(plan, step, fs, "the mark of", "a CA");
	for (i = 0; gw_key_usage_words[i] != NULL; i++) {
		if (asks->has_key_usage && (asks->key_usage & ~gets->key_usage & 1U << i) != 0)
			say_not_granted(plan, step, fs, "the key usage", gw_key_usage_words[i]);
	}
	for (i = 0; asks->extended_key_usage != NULL && asks->extended_key_usage[i] != NULL; i++) {
		for (j = 0; j < gets->n_extended_key_usage &&
			    strcmp(gets->extended_key_usage[j], asks->extended_key_usage[i]) != 0;
		     j++)
			;
		if (j == gets->n_extended_key_usage)
			say_not_granted(plan, step, fs, "the extended key usage", asks->extended_key_usage[i]);
	}
}

void gw_given_compare(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	const struct gw_request_facts *asks = step->entry->given.asks;

	if (asks == NULL)
		return;
	compare_names(plan, step, asks, fs);
	compare_usages(plan, step, asks, fs);
}
