/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "issue/disk.h"
#include "rules/rules.h"

void gw_plan_release(struct gw_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		gw_signer_release(&plan->steps[i].own);
	gw_close(&plan->dirfd);
	gw_arena_release(&plan->arena);
	*plan = (struct gw_plan)GW_PLAN_INIT;
}

const char *gw_action_word(enum gw_action action)
{
	switch (action) {
	case GW_ACTION_KEEP: return "keep";
	case GW_ACTION_MAKE: return "make";
	case GW_ACTION_COMPLETE: return "complete";
	case GW_ACTION_REISSUE: return "reissue";
	case GW_ACTION_REMAKE: return "remake";
	case GW_ACTION_WAIT: return "wait";
	case GW_ACTION_REFUSE: return "refuse";
	}
	return "refuse";
}

bool gw_plan_is_work(const struct gw_plan *plan)
{
	size_t work = plan->n_removed;
	int action;

	for (action = GW_ACTION_MAKE; action <= GW_ACTION_REMAKE; action++)
		work += plan->count[action];
	return work > 0;
}

bool gw_plan_is_due(const struct gw_plan *plan)
{
	return gw_plan_is_work(plan) || plan->count[GW_ACTION_WAIT] > 0;
}

/* --- which entries, in which order -------------------------------------------------------------------------------- */

/* The mark of an entry is the number of its step, counted from 1; 0 while it has none. */
struct gw_step *gw_step_of(const struct gw_plan *plan, const struct gw_entry *e)
{
	return e != NULL && e->mark > 0 ? &plan->steps[e->mark - 1] : NULL;
}

/* An entry's issuers come before it: at most GW_ISSUERS_MAX and in no circle, for the template was checked. */
static void add_step(struct gw_plan *plan, struct gw_entry *e, bool selected)
{
	struct gw_step *step = gw_step_of(plan, e);

	if (step == NULL) {
		if (e->issuer_entry != NULL)
			add_step(plan, e->issuer_entry, false);
		step = &plan->steps[plan->n_steps++];
		*step = (struct gw_step){.entry = e, .own = GW_SIGNER_INIT};
		e->mark = (unsigned)plan->n_steps;
	}
	step->selected = step->selected || selected;
}

static enum gw_code unknown_name(const struct gw_template *t, const char *name, struct gw_err *err)
{
	const char *near = gw_template_nearest(t, name);

	gw_fail(err, GW_E_USAGE, t->name, "has no entry \"%s\"", name);
	return near != NULL ? gw_hint(err, "did you mean \"%s\"?", near) : err->code;
}

/* The steps of an entry: its own, or those of its rows. */
static void add_steps(struct gw_plan *plan, struct gw_entry *e)
{
	struct gw_entry *row;

	if (e->each == NULL) {
		add_step(plan, e, true);
		return;
	}
	for (row = e->next; row != NULL && row->pattern == e; row = row->next)
		add_step(plan, row, true);
}

/* Notes what is asked for by name, of an entry or of all its rows. */
static void ask(struct gw_plan *plan, const char *name, bool rekey)
{
	struct gw_entry *e = gw_template_find(plan->request->t, name), *row = e->each != NULL ? e->next : e;

	for (; row != NULL && (row == e || row->pattern == e); row = row->next) {
		struct gw_step *step = gw_step_of(plan, row);

		step->renew = step->renew || !rekey;
		step->rekey = step->rekey || rekey;
		if (row == e)
			break;
	}
}

static enum gw_code select_names(struct gw_plan *plan, const char *const *names, size_t n, struct gw_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct gw_entry *e = gw_template_find(plan->request->t, names[i]);

		if (e == NULL)
			return unknown_name(plan->request->t, names[i], err);
		add_steps(plan, e);
	}
	return GW_OK;
}

static enum gw_code select_steps(struct gw_plan *plan, struct gw_err *err)
{
	const struct gw_issue_request *request = plan->request;
	struct gw_entry *e;
	enum gw_code code;
	size_t i;

	plan->steps = gw_arena_alloc(&plan->arena, (request->t->count + 1) * sizeof(*plan->steps));
	for (e = request->t->first; e != NULL; e = e->next)
		e->mark = 0;
	code = select_names(plan, request->names, request->n_names, err);
	for (e = request->t->first; e != NULL && request->n_names == 0; e = e->next) {
		if (e->each == NULL)
			add_step(plan, e, true);
	}
	if (code == GW_OK)
		code = select_names(plan, request->renew, request->n_renew, err);
	if (code == GW_OK)
		code = select_names(plan, request->rekey, request->n_rekey, err);
	for (i = 0; code == GW_OK && i < request->n_renew; i++)
		ask(plan, request->renew[i], false);
	for (i = 0; code == GW_OK && i < request->n_rekey; i++)
		ask(plan, request->rekey[i], true);
	return code;
}

/* --- one step after the other ------------------------------------------------------------------------------------- */

/* What a CA that stays, or keeps its key, needs to sign with. Without its own key it can still be compared with. */
static void keep_signer(struct gw_plan *plan, struct gw_step *step, struct gw_on_disk *d)
{
	const struct gw_signer *above = gw_step_signer(plan, step);

	step->own.cert = d->cert;
	step->own.key = d->key;
	step->own.locked = d->encrypted && d->pair == GW_PAIR_WHOLE;
	d->cert = NULL;
	d->key = NULL;
	if (above == NULL)
		return; /* a root: clients have it already */
	gw_cert_to_pem(step->own.cert, &step->own.chain);
	gw_buf_append(&step->own.chain, &above->chain);
}

static bool stays(enum gw_action action)
{
	return action == GW_ACTION_KEEP || action == GW_ACTION_COMPLETE || action == GW_ACTION_REISSUE ||
	       action == GW_ACTION_WAIT;
}

/* What those that hang on a CA have to know of it. */
static void look_ahead(struct gw_plan *plan, struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);
	int64_t end = gw_step_issuer_end(plan, step), begin;

	step->chain_anew = (gw_step_makes(step) && !step->entry->self_signed) || (issuer != NULL && issuer->chain_anew);
	if (!gw_step_makes(step))
		return;
	gw_entry_life(step->entry, plan->now, &begin, &step->not_after);
	step->clipped = step->not_after > end;
	if (step->clipped)
		step->not_after = end;
}

static enum gw_code plan_step(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      struct gw_findings *fs, struct gw_err *err)
{
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	enum gw_code code;

	if (step->entry->given.cert != NULL)
		return gw_given_plan(ctx, plan, step, fs, err);
	code = gw_disk_read(ctx, plan, step, step->entry->plan.ca ? GW_WANT_KEY : GW_WANT_PAIR, &d, err);
	if (code != GW_OK)
		return code;
	gw_given_judge_key(plan, step, &d, fs);
	step->action = d.not_folder ? GW_ACTION_REFUSE : gw_step_decide(ctx, plan, step, &d, fs);
	plan->count[step->action]++;
	gw_say_disk(plan, step, &d, fs);
	gw_say_serial(plan, step, &d, fs);
	if (step->entry->plan.ca && d.cert != NULL && stays(step->action))
		keep_signer(plan, step, &d);
	if (step->action == GW_ACTION_WAIT)
		gw_say_waits(plan, step, fs);
	look_ahead(plan, step);
	if (gw_step_makes(step)) {
		gw_say_unsigned(plan, step, fs);
		gw_given_compare(plan, step, fs);
	}
	return GW_OK;
}

/* A row whose files cannot be read, a key of its own among them, does not hold up the others. */
static enum gw_code plan_row(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			     struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code = plan_step(ctx, plan, step, fs, err);

	return code == GW_E_INPUT && step->entry->pattern != NULL ? gw_step_failed(plan, step, fs, err) : code;
}

/* Entries that go along with their CA, and so are no orphans. */
static bool goes_along(const struct gw_plan *plan, const struct gw_entry *e)
{
	const struct gw_step *step = gw_step_of(plan, e);

	return step != NULL && step->action != GW_ACTION_WAIT;
}

/* A CA with a new key or name leaves what the old one signed without an issuer: all of it must be made anew with it. */
static void check_orphans(const struct gw_ctx *ctx, struct gw_plan *plan, const struct gw_step *step,
			  struct gw_findings *fs)
{
	bool anew = step->action == GW_ACTION_MAKE || step->action == GW_ACTION_REMAKE ||
		    (step->action == GW_ACTION_REISSUE && step->renamed);
	const struct gw_entry *child;

	if (!step->entry->plan.ca || !anew || (gw_entry_has_key(step->entry) && !step->renamed))
		return;
	child = gw_step_child(ctx, plan, step, goes_along);
	if (child != NULL)
		gw_say_orphan(plan, step, child, fs);
}

static enum gw_code open_dir(struct gw_plan *plan, struct gw_err *err)
{
	plan->dirfd = open(plan->request->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (plan->dirfd < 0 && errno != ENOENT)
		return gw_fail_sys(err, plan->request->dir, "cannot open the folder");
	return GW_OK;
}

/* Findings from `f` on have said it all. What is wrong with the template comes before what is in the way on disk. */
static enum gw_code verdict(const struct gw_finding *f, struct gw_err *err)
{
	enum gw_code code = GW_OK;

	for (; f != NULL && code != GW_E_INPUT; f = f->next) {
		if (f->severity == GW_ERROR && f->rule != &gw_rules[GWT_ROW_FAILED])
			code = f->rule == &gw_rules[GWT_OUTLIVES_ISSUER] ? GW_E_INPUT : GW_E_REFUSED;
	}
	if (code != GW_OK)
		*err = (struct gw_err){.code = code};
	return code;
}

enum gw_code gw_plan_make(const struct gw_ctx *ctx, const struct gw_issue_request *request, struct gw_plan *plan,
			  struct gw_findings *fs, struct gw_err *err)
{
	const struct gw_finding *before = fs->last; /* bad rows, and warnings, do not stand against the rest */
	enum gw_code code;
	size_t i;

	plan->request = request;
	plan->now = gw_now(&ctx->clock);
	code = open_dir(plan, err);
	if (code == GW_OK)
		code = select_steps(plan, err);
	for (i = 0; i < plan->n_steps && code == GW_OK; i++)
		code = plan_row(ctx, plan, &plan->steps[i], fs, err);
	/* Some entries by name say nothing about others, and bad rows may be any of them; hosts of a command line are no
	 * template. */
	if (code == GW_OK && request->n_names == 0 && request->t->rows.bad == 0 && request->t->name != NULL)
		code = gw_archive_find(plan, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < plan->n_steps; i++)
		check_orphans(ctx, plan, &plan->steps[i], fs);
	return verdict(before != NULL ? before->next : fs->first, err);
}
