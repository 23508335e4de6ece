/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/revoke.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/lock.h"

#define LOCK_WAIT 60 /* seconds: gen may be making RSA keys */

const char *gw_crl_action_word(enum gw_crl_action action)
{
	switch (action) {
	case GW_CRL_KEEP: return "keep";
	case GW_CRL_MAKE: return "make";
	case GW_CRL_RENEW: break;
	}
	return "renew";
}

void gw_crl_outcome_release(struct gw_crl_outcome *outcome)
{
	gw_arena_release(&outcome->arena);
	*outcome = (struct gw_crl_outcome){0};
}

/* --- who may say it ----------------------------------------------------------------------------------------------- */

static enum gw_code check_signer(const struct gw_signer *signer, struct gw_err *err)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_cert_facts facts;

	gw_cert_read_facts(signer->cert, &arena, &facts);
	if (!facts.has_key_usage || (facts.key_usage & GW_KU_CRL_SIGN) != 0)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, gw_cert_label(signer->cert, &arena),
		"the CA may not sign revocation lists: its key usage lacks cRLSign");
	return gw_hint(err, "make the CA's certificate anew with keyUsage: [keyCertSign, cRLSign]");
}

enum gw_code gw_crl_may_revoke(const struct gw_signer *signer, const X509 *cert, const char *where, struct gw_err *err)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};

	if (gw_cert_same(cert, signer->cert)) {
		gw_fail(err, GW_E_REFUSED, where, "is the CA itself, which cannot be revoked by its own list");
		return gw_hint(err, "the CA above it revokes it; a root is taken out of the trust stores");
	}
	if (gw_cert_issued_by(cert, signer->cert) && gw_cert_signed_by(cert, gw_cert_key(signer->cert)))
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, where, "was not issued by this CA, but by \"%s\"",
		gw_cert_issuer_label(cert, &arena));
	return gw_hint(err, "give the CA that signed it as --issuer");
}

/* --- the old list ------------------------------------------------------------------------------------------------- */

static enum gw_code check_kind(const struct gw_crl_facts *f, const char *path, struct gw_err *err)
{
	if (f->delta)
		return gw_fail(err, GW_E_REFUSED, path, "is a delta list, which holds changes only");
	if (f->partial)
		return gw_fail(err, GW_E_REFUSED, path,
			       "has an issuing distribution point: it is not the whole list of one CA");
	if (f->unknown_critical != NULL)
		return gw_fail(err, GW_E_REFUSED, path, "has a critical extension that is not known here (%s)",
			       f->unknown_critical);
	return GW_OK;
}

static enum gw_code check_owner(const struct gw_crl_request *rq, const X509_CRL *old, const struct gw_crl_facts *f,
				struct gw_err *err)
{
	if (!gw_crl_issued_by(old, rq->signer->cert)) {
		gw_fail(err, GW_E_REFUSED, rq->path, "is the list of another CA: \"%s\"", f->issuer);
		return gw_hint(err, "name another file for this CA's list: --crl FILE");
	}
	if (gw_crl_signed_by(old, gw_cert_key(rq->signer->cert)) || rq->take_over)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, rq->path, "is not signed by the CA's key");
	return gw_hint(err, "where the CA has been given a new key, gwcert crl --take-over signs its entries again");
}

/* *old stays NULL where there is no list yet. */
static enum gw_code load_old(const struct gw_ctx *ctx, const struct gw_crl_request *rq, X509_CRL **old,
			     struct gw_crl_outcome *out, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_CRL_MAX);
	bool there = false;
	mode_t mode;
	enum gw_code code = gw_file_read_at(AT_FDCWD, rq->path, rq->path, &text, &there, &mode, err);

	if (code != GW_OK || !there)
		return code;
	if (text.len == 0) {
		gw_fail(err, GW_E_INPUT, rq->path, "is empty");
		return gw_hint(err, "take the list back from a copy; without it, what was revoked is not known");
	}
	code = gw_crl_parse(ctx, rq->path, text.data, text.len, old, err);
	if (code != GW_OK)
		return code;
	gw_crl_read_facts(*old, &out->arena, &out->facts);
	code = check_kind(&out->facts, rq->path, err);
	return code == GW_OK ? check_owner(rq, *old, &out->facts, err) : code;
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

static enum gw_code decide_release(const struct gw_revoked *is, struct gw_crl_change *c, struct gw_err *err)
{
	c->done = is != NULL;
	if (is == NULL || is->reason == GW_REASON_HOLD)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, c->name, "is revoked for good (%s), not on hold",
		is->reason >= 0 ? gw_reason_words[is->reason] : "for a reason that is not known");
	return gw_hint(err, "only certificateHold can be released; have a new certificate made");
}

/* What is on hold may be revoked for good, and nothing else changes (RFC 5280 5.3.1). */
static enum gw_code decide_revoke(const struct gw_revoked *is, struct gw_crl_change *c, struct gw_err *err)
{
	char date[GW_TIME_TEXT];

	c->done = is == NULL;
	if (is == NULL || !c->reason_given || is->reason == c->want.reason)
		return GW_OK;
	if (is->reason == GW_REASON_HOLD) {
		c->done = true;
		return GW_OK;
	}
	gw_time_date(date, is->at);
	gw_fail(err, GW_E_REFUSED, c->name, "was revoked on %s already, for another reason: %s", date,
		is->reason >= 0 ? gw_reason_words[is->reason] : "one that is not known here");
	return gw_hint(err, "leave --reason out; a revocation stays as it was recorded");
}

/* A certificate that is given twice changes the list once. */
static bool is_again(const struct gw_crl_request *rq, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++) {
		if (strcmp(rq->changes[i].want.serial, rq->changes[at].want.serial) == 0)
			return true;
	}
	return false;
}

static enum gw_code decide_changes(const struct gw_crl_request *rq, const struct gw_crl_outcome *out, size_t *n_done,
				   struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < rq->n_changes && code == GW_OK; i++) {
		struct gw_crl_change *c = &rq->changes[i];
		const struct gw_revoked *is = gw_crl_find(&out->facts, c->want.serial);

		code = c->release ? decide_release(is, c, err) : decide_revoke(is, c, err);
		c->done = c->done && !is_again(rq, i);
		*n_done += c->done;
	}
	return code;
}

static int64_t life_of(const struct gw_crl_request *rq, const X509_CRL *old, const struct gw_crl_facts *f)
{
	if (rq->life > 0)
		return rq->life;
	if (old != NULL && f->next_update > f->this_update)
		return f->next_update - f->this_update;
	return GW_CRL_LIFE;
}

/* Why the list is due, apart from changes; NULL where it is not. */
static const char *due(const struct gw_crl_request *rq, const X509_CRL *old, struct gw_crl_outcome *out, int64_t now)
{
	const struct gw_crl_facts *f = &out->facts;
	char date[GW_TIME_TEXT], span[32];

	if (old == NULL)
		return "there is none yet";
	if (!gw_crl_signed_by(old, gw_cert_key(rq->signer->cert)))
		return "another key of the CA signed it";
	if (f->next_update == GW_TIME_FAR_PAST)
		return "it does not say when the next one comes";
	gw_time_date(date, f->next_update);
	if (f->next_update <= now)
		return gw_arena_printf(&out->arena, "it ran out on %s", date);
	gw_span_words(span, f->next_update - now);
	if (f->next_update - now < (f->next_update - f->this_update) / 3)
		return gw_arena_printf(&out->arena, "it runs out in %s", span);
	return rq->anew ? "asked for" : NULL;
}

static enum gw_code decide(const struct gw_crl_request *rq, const X509_CRL *old, struct gw_crl_outcome *out,
			   int64_t now, struct gw_err *err)
{
	size_t n_done = 0;
	enum gw_code code = decide_changes(rq, out, &n_done, err);

	if (code != GW_OK)
		return code;
	out->reason = due(rq, old, out, now);
	if (out->reason == NULL && n_done > 0)
		out->reason = "its entries change";
	out->there = old != NULL;
	out->action = out->reason == NULL ? GW_CRL_KEEP : old == NULL ? GW_CRL_MAKE : GW_CRL_RENEW;
	return GW_OK;
}

/* --- doing -------------------------------------------------------------------------------------------------------- */

/* The changes that are none would only bring a later date. */
static void fill_plan(const struct gw_crl_request *rq, struct gw_arena *arena, struct gw_crl_plan *plan)
{
	struct gw_revoked *add = gw_arena_alloc(arena, (rq->n_changes + 1) * sizeof(*add));
	const char **release = gw_arena_alloc(arena, (rq->n_changes + 1) * sizeof(*release));
	size_t i;

	for (i = 0; i < rq->n_changes; i++) {
		const struct gw_crl_change *c = &rq->changes[i];

		if (c->done && c->release)
			release[plan->n_release++] = c->want.serial;
		else if (c->done)
			add[plan->n_add++] = c->want;
	}
	plan->add = add;
	plan->release = release;
}

/* One look at what was made before anybody gets it: what was revoked still is. */
static enum gw_code check_made(const struct gw_crl_request *rq, const X509_CRL *made, const struct gw_crl_facts *is,
			       const struct gw_crl_facts *was, const struct gw_crl_plan *plan, struct gw_err *err)
{
	size_t i, expected = plan->n_add;
	bool ok = gw_crl_signed_by(made, gw_cert_key(rq->signer->cert));

	for (i = 0; i < was->n_revoked; i++)
		expected += !gw_crl_plan_touches(plan, was->revoked[i].serial);
	for (i = 0; i < plan->n_add && ok; i++)
		ok = gw_crl_find(is, plan->add[i].serial) != NULL;
	for (i = 0; i < plan->n_release && ok; i++)
		ok = gw_crl_find(is, plan->release[i]) == NULL;
	if (ok && is->n_revoked == expected)
		return GW_OK;
	return gw_fail(err, GW_E_BUG, rq->path, "the revocation list that was made is not right");
}

static enum gw_code write_new(const struct gw_ctx *ctx, const struct gw_crl_request *rq, const X509_CRL *old,
			      struct gw_crl_outcome *out, int64_t now, struct gw_err *err)
{
	struct gw_crl_plan plan = {.this_update = now, .next_update = now + life_of(rq, old, &out->facts)};
	GW_BUF_AUTO struct gw_buf pem = GW_BUF(GW_CRL_MAX);
	GW_CRL_AUTO X509_CRL *made = NULL;
	struct gw_crl_facts facts;
	enum gw_code code;

	fill_plan(rq, &out->arena, &plan);
	code = gw_crl_build(ctx, old, &plan, rq->signer->cert, rq->signer->key, &made, err);
	if (code != GW_OK)
		return code;
	gw_crl_read_facts(made, &out->arena, &facts);
	code = check_made(rq, made, &facts, &out->facts, &plan, err);
	gw_crl_to_pem(made, &pem);
	if (code == GW_OK && pem.overflow)
		code = gw_fail(err, GW_E_INPUT, rq->path, "would be larger than %zu octets", GW_CRL_MAX);
	if (code == GW_OK)
		code = gw_file_write(rq->path, pem.data, pem.len, GW_MODE_PUBLIC, true, err);
	if (code != GW_OK)
		return code;
	out->facts = facts;
	out->there = true;
	return GW_OK;
}

static enum gw_code lock_folder(struct gw_entry_lock *lock, const char *path, struct gw_err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	enum gw_code code;

	if (snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
		     slash == NULL ? "." : path) >= (int)sizeof(dir))
		return gw_fail(err, GW_E_INPUT, path, "path too long");
	code = gw_entry_lock_take(lock, dir, LOCK_WAIT, err);
	if (code == GW_OK)
		gw_file_tidy(lock->folder, slash != NULL ? slash + 1 : path);
	return code;
}

enum gw_code gw_crl_run(const struct gw_ctx *ctx, const struct gw_crl_request *rq, struct gw_crl_outcome *out,
			struct gw_err *err)
{
	GW_ENTRY_LOCK_AUTO struct gw_entry_lock lock = GW_ENTRY_LOCK_INIT;
	GW_CRL_AUTO X509_CRL *old = NULL;
	int64_t now = gw_now(&ctx->clock);
	enum gw_code code = check_signer(rq->signer, err);

	if (code == GW_OK && !rq->plan)
		code = lock_folder(&lock, rq->path, err);
	if (code == GW_OK)
		code = load_old(ctx, rq, &old, out, err);
	if (code == GW_OK)
		code = decide(rq, old, out, now, err);
	if (code == GW_OK && !rq->plan && out->action != GW_CRL_KEEP)
		code = write_new(ctx, rq, old, out, now, err);
	return code;
}
