/* SPDX-License-Identifier: Apache-2.0 */
/* The plan carried out: everything is made, then written out of sight, then brought into place. */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stage.h"
#include "issue/disk.h"
#include "issue/keys.h"
#include "rules/rules.h"

#define LOCK_WAIT 60 /* seconds: another run is at most some keys away from its end */

static enum gw_code interrupted(const struct gw_ctx *ctx, struct gw_err *err)
{
	return gw_interrupted(ctx) ? gw_fail(err, GW_E_IO, NULL, "interrupted; nothing was written") : GW_OK;
}

static enum gw_code add_file(struct gw_stage *st, const char *name, const struct gw_buf *text, mode_t mode,
			     struct gw_err *err)
{
	return gw_stage_file(st, name, text->data, text->len, mode, err);
}

/* chain is empty below a root: then there is no such file, and one that an earlier issuer left goes. */
static enum gw_code add_chains(struct gw_stage *st, const struct gw_step *step, const struct gw_buf *cert,
			       const struct gw_buf *chain, struct gw_err *err)
{
	const struct gw_file_names *files = &step->entry->files;
	GW_BUF_AUTO struct gw_buf full = GW_BUF(2 * GW_ISSUE_FILE_MAX);
	enum gw_code code = GW_OK;

	gw_buf_append(&full, cert);
	gw_buf_append(&full, chain);
	if (chain->len > 0)
		code = add_file(st, files->chain, chain, GW_MODE_PUBLIC, err);
	else if (step->has_chain)
		gw_stage_drop(st, files->chain);
	return code == GW_OK ? add_file(st, files->fullchain, &full, GW_MODE_PUBLIC, err) : code;
}

/* A key that was given stays where it is; one that the folder had before is in the archive by then. */
static enum gw_code add_key(struct gw_stage *st, const struct gw_step *step, const struct gw_secret *pem,
			    struct gw_err *err)
{
	const char *name = step->entry->files.key;

	if (!gw_entry_has_key(step->entry))
		return gw_stage_file(st, name, pem->data, pem->len, GW_MODE_PRIVATE, err);
	if (step->left_key)
		gw_stage_drop(st, name);
	return GW_OK;
}

static enum gw_code stage_made(struct gw_stage *st, const struct gw_step *step, const struct gw_made *m,
			       struct gw_err *err)
{
	const struct gw_file_names *files = &step->entry->files;
	enum gw_code code = gw_stage_entry(st, step->entry->name, err);

	if (code == GW_OK)
		code = add_key(st, step, &m->key_pem, err);
	if (code == GW_OK)
		code = add_file(st, files->csr, &m->csr_pem, GW_MODE_PUBLIC, err);
	if (code == GW_OK)
		code = add_file(st, files->cert, &m->cert_pem, GW_MODE_PUBLIC, err);
	return code == GW_OK ? add_chains(st, step, &m->cert_pem, &m->chain_pem, err) : code;
}

/* A CA that was just made signs what comes after it. */
static void become_signer(struct gw_step *step, struct gw_made *m)
{
	gw_signer_release(&step->own);
	step->own.cert = m->cert;
	step->own.key = m->key;
	m->cert = NULL;
	m->key = NULL;
	if (step->entry->self_signed)
		return;
	gw_buf_append(&step->own.chain, &m->cert_pem);
	gw_buf_append(&step->own.chain, &m->chain_pem);
}

/* Reads an entry again, whose key the plan found sound or has not opened; nobody else is at work under the lock. */
static enum gw_code read_again(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, enum gw_want want,
			       struct gw_on_disk *d, struct gw_err *err)
{
	struct gw_step scratch = {.entry = step->entry}; /* the reasons have been given */
	enum gw_code code = gw_disk_read(ctx, plan, &scratch, want, d, err);

	if (code == GW_OK && d->key == NULL && want == GW_WANT_OPEN)
		code = gw_fail(err, GW_E_REFUSED, step->entry->name, "changed while it was being read");
	return code;
}

enum gw_code gw_step_unlock(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, struct gw_err *err)
{
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	enum gw_code code;

	if (step->own.key != NULL || !step->own.locked)
		return GW_OK;
	if (step->entry->given.cert != NULL)
		return gw_given_unlock(ctx, step, err);
	code = read_again(ctx, plan, step, GW_WANT_OPEN, &d, err);
	if (code != GW_OK)
		return code;
	step->own.key = gw_key_ref(d.key);
	return GW_OK;
}

/* The key of a CA that stays and is encrypted is opened when it first has to sign. */
static enum gw_code unlock_issuer(const struct gw_ctx *ctx, struct gw_plan *plan, const struct gw_step *step,
				  struct gw_err *err)
{
	struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);

	return issuer != NULL ? gw_step_unlock(ctx, plan, issuer, err) : GW_OK;
}

/* What is on disk stays octet for octet, unless it is in clear and is to be encrypted. */
static enum gw_code carry_key(const struct gw_ctx *ctx, const struct gw_step *step, const struct gw_on_disk *d,
			      struct gw_secret *pem, struct gw_err *err)
{
	if (gw_entry_has_key(step->entry))
		return GW_OK;
	if (step->entry->password.source != NULL && !d->encrypted)
		return gw_issue_key_text(ctx, step->entry, d->key, pem, err);
	gw_secret_copy(pem, d->key_pem.data, d->key_pem.len);
	return GW_OK;
}

/* d has the key that is on disk; NULL: a new key. */
static enum gw_code make_with(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      const struct gw_on_disk *d, struct gw_stage *st, struct gw_err *err)
{
	GW_MADE_AUTO struct gw_made m = GW_MADE_INIT;
	EVP_PKEY *ahead = NULL;
	enum gw_code code = unlock_issuer(ctx, plan, step, err);

	if (code == GW_OK && d == NULL)
		code = gw_keys_take(plan->keys, step, &ahead, err);
	if (code == GW_OK)
		code = gw_issue_one(ctx, step->entry, gw_step_signer(plan, step), d != NULL ? d->key : ahead, plan->now,
				    &m, err);
	if (code == GW_OK && ahead != NULL)
		code = gw_issue_key_text(ctx, step->entry, ahead, &m.key_pem, err);
	gw_key_free(ahead);
	if (code == GW_OK && d != NULL)
		code = carry_key(ctx, step, d, &m.key_pem, err);
	if (code == GW_OK)
		code = stage_made(st, step, &m, err);
	if (code == GW_OK)
		code = gw_pkcs12_stage(ctx, st, step->entry, m.key, m.cert, &m.chain_pem, err);
	if (code != GW_OK)
		return code;
	step->not_after = gw_cert_not_after(m.cert);
	if (step->entry->plan.ca)
		become_signer(step, &m);
	return GW_OK;
}

/* A key that was given, and an encrypted one without its certificate, show only now what they are. */
static enum gw_code check_kind(const struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d,
			       struct gw_err *err)
{
	const struct gw_entry *e = step->entry;
	char is[48];

	gw_key_describe(d->key, is);
	if (gw_entry_has_key(e) && e->plan.key_usage & (GW_KU_KEY_ENCIPHERMENT | GW_KU_DATA_ENCIPHERMENT) &&
	    strncmp(is, "RSA ", 4) != 0)
		return gw_fail(err, GW_E_INPUT, e->name,
			       "only an RSA key can encipher, as keyUsage says, and its own is %s", is);
	if (gw_entry_has_key(e) || d->cert != NULL || gw_key_type_of(d->key) == e->key_type)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, e->name, "%s/%s/%s is a key of %s, asked is %s", plan->request->dir, e->name,
		e->files.key, is, gw_key_type_word(e->key_type));
	return gw_hint(err, "--rekey %s puts a new one in its place", e->name);
}

static enum gw_code reissue_step(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				 struct gw_stage *st, struct gw_err *err)
{
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	enum gw_code code = read_again(ctx, plan, step, GW_WANT_OPEN, &d, err);

	if (code == GW_OK)
		code = check_kind(plan, step, &d, err);
	return code == GW_OK ? make_with(ctx, plan, step, &d, st, err) : code;
}

/* What a CA that stays signs gets the chain that is above it now. */
static void renew_chain(struct gw_plan *plan, struct gw_step *step)
{
	const struct gw_signer *above = gw_step_signer(plan, step);

	if (!step->entry->plan.ca || above == NULL)
		return;
	gw_buf_clear(&step->own.chain);
	gw_cert_to_pem(step->own.cert, &step->own.chain);
	gw_buf_append(&step->own.chain, &above->chain);
}

/* Whether what follows from key and certificate takes the key itself. */
static bool needs_key(const struct gw_step *step, const struct gw_on_disk *d)
{
	if (step->entry->given.csr != NULL)
		return false;
	return step->entry->pkcs12 || !gw_cert_matches_csr(d->cert, gw_buf_str(&d->csr_pem), d->csr_pem.len) ||
	       (!gw_entry_has_key(step->entry) && step->entry->password.source != NULL && !d->encrypted);
}

/* d: with the key, where that is needed. */
static enum gw_code stage_complete(const struct gw_ctx *ctx, struct gw_plan *plan, const struct gw_step *step,
				   const struct gw_on_disk *d, struct gw_stage *st, struct gw_err *err)
{
	const struct gw_file_names *files = &step->entry->files;
	const struct gw_signer *signer = gw_step_signer(plan, step);
	static const struct gw_buf no_chain;
	GW_SECRET_AUTO struct gw_secret key = {0};
	GW_BUF_AUTO struct gw_buf csr = GW_BUF(GW_ISSUE_FILE_MAX);
	bool has_csr = gw_cert_matches_csr(d->cert, gw_buf_str(&d->csr_pem), d->csr_pem.len);
	enum gw_code code = carry_key(ctx, step, d, &key, err);

	if (step->entry->given.csr != NULL)
		gw_request_to_pem(step->entry->given.request, &csr);
	else if (code == GW_OK && !has_csr)
		code = gw_csr_build(ctx, &step->entry->plan, d->key, &csr, err);
	if (code == GW_OK)
		code = gw_stage_entry(st, step->entry->name, err);
	if (code == GW_OK)
		code = add_key(st, step, &key, err);
	if (code == GW_OK)
		code = add_file(st, files->csr, has_csr ? &d->csr_pem : &csr, GW_MODE_PUBLIC, err);
	if (code == GW_OK)
		code = add_file(st, files->cert, &d->cert_pem, GW_MODE_PUBLIC, err);
	if (code == GW_OK)
		code = add_chains(st, step, &d->cert_pem, signer != NULL ? &signer->chain : &no_chain, err);
	return code == GW_OK ? gw_pkcs12_stage(ctx, st, step->entry, d->key, d->cert,
					       signer != NULL ? &signer->chain : &no_chain, err)
			     : code;
}

/* Key and certificate are carried over as they are; what follows from them is made again. */
static enum gw_code complete_step(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				  struct gw_stage *st, struct gw_err *err)
{
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	enum gw_code code = read_again(ctx, plan, step, GW_WANT_PAIR, &d, err);

	if (code == GW_OK && (d.cert == NULL || d.pair != GW_PAIR_WHOLE))
		code = gw_fail(err, GW_E_REFUSED, step->entry->name, "changed while it was being read");
	if (code == GW_OK && needs_key(step, &d)) {
		gw_on_disk_release(&d);
		code = read_again(ctx, plan, step, GW_WANT_OPEN, &d, err);
	}
	if (code == GW_OK)
		code = stage_complete(ctx, plan, step, &d, st, err);
	if (code == GW_OK)
		renew_chain(plan, step);
	return code;
}

static enum gw_code do_step(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, struct gw_stage *st,
			    struct gw_err *err)
{
	switch (step->action) {
	case GW_ACTION_KEEP:
	case GW_ACTION_WAIT: return GW_OK;
	case GW_ACTION_COMPLETE: return complete_step(ctx, plan, step, st, err);
	case GW_ACTION_REISSUE: return reissue_step(ctx, plan, step, st, err);
	case GW_ACTION_MAKE:
	case GW_ACTION_REMAKE:
		return gw_entry_has_key(step->entry) ? reissue_step(ctx, plan, step, st, err)
						     : make_with(ctx, plan, step, NULL, st, err);
	case GW_ACTION_REFUSE: break;
	}
	return gw_fail(err, GW_E_BUG, step->entry->name, "a refused entry was about to be written");
}

/* Before anything is replaced. */
static enum gw_code keep_old(struct gw_plan *plan, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < plan->n_steps && code == GW_OK; i++) {
		const struct gw_step *s = &plan->steps[i];

		if (s->action == GW_ACTION_REMAKE ||
		    (s->left_key && (gw_step_makes(s) || s->action == GW_ACTION_COMPLETE)))
			code = gw_archive_keep(plan, &plan->steps[i], err);
	}
	return code;
}

/* After everything else is in place. */
static enum gw_code move_removed(struct gw_plan *plan, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < plan->n_removed && code == GW_OK; i++)
		code = gw_archive_move(plan, plan->removed[i], err);
	return code;
}

/* Everything is made beside what is there. */
static enum gw_code do_steps(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_stage *st,
			     struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < plan->n_steps && code == GW_OK; i++) {
		struct gw_step *step = &plan->steps[i];

		code = interrupted(ctx, err);
		if (code != GW_OK || step->failed)
			continue;
		code = do_step(ctx, plan, step, st, err);
		if (code == GW_E_INPUT && step->entry->pattern != NULL) {
			plan->count[step->action]--;
			code = gw_step_failed(plan, step, fs, err); /* nothing of it has been staged */
		}
	}
	return code;
}

static enum gw_code carry_out(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_stage *st,
			      struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code;

	plan->keys = gw_keys_start(ctx, plan, plan->request->jobs);
	code = do_steps(ctx, plan, st, fs, err);
	gw_keys_stop(plan->keys);
	plan->keys = NULL;
	if (code == GW_OK)
		code = interrupted(ctx, err);
	if (code == GW_OK)
		code = keep_old(plan, err);
	if (code == GW_OK)
		code = gw_stage_commit(st, err);
	return code == GW_OK ? move_removed(plan, err) : code;
}

/* Plans anew under the lock: what another run has done meanwhile is not done twice. */
static enum gw_code run_locked(const struct gw_ctx *ctx, const struct gw_issue_request *request, struct gw_plan *plan,
			       struct gw_findings *fs, struct gw_err *err)
{
	GW_STAGE_AUTO struct gw_stage st = GW_STAGE_INIT;
	enum gw_code code = gw_stage_open(&st, request->dir, LOCK_WAIT, err);

	if (code == GW_OK)
		code = gw_plan_make(ctx, request, plan, fs, err);
	if (code == GW_OK && gw_plan_is_work(plan))
		code = carry_out(ctx, plan, &st, fs, err);
	return code;
}

enum gw_code gw_issue_run(const struct gw_ctx *ctx, const struct gw_issue_request *request, struct gw_plan *plan,
			  struct gw_findings *fs, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings first = {0};
	enum gw_code code = gw_plan_make(ctx, request, plan, &first, err);

	if (code == GW_OK && !gw_plan_is_work(plan) && !gw_stage_is_left(request->dir)) {
		gw_findings_take(fs, &first);
		return GW_OK;
	}
	/* A plan that cannot be made at all, and one that is refused before there is a folder, make no folder. */
	if (code != GW_OK && (code != GW_E_REFUSED || access(request->dir, F_OK) != 0)) {
		gw_findings_take(fs, &first);
		return code;
	}
	/* Work, a refusal, or what a killed run has left: each may look otherwise once the lock is had. */
	gw_plan_release(plan);
	return run_locked(ctx, request, plan, fs, err);
}
