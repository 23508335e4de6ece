/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	case GW_ACTION_REMAKE: return "remake";
	case GW_ACTION_REFUSE: return "refuse";
	}
	return "refuse";
}

bool gw_plan_is_work(const struct gw_plan *plan)
{
	return plan->count[GW_ACTION_MAKE] + plan->count[GW_ACTION_COMPLETE] + plan->count[GW_ACTION_REMAKE] > 0;
}

/* --- which entries, in which order -------------------------------------------------------------------------------- */

/* The mark of an entry is the number of its step, counted from 1; 0 while it has none. */
static struct gw_step *step_of(const struct gw_plan *plan, const struct gw_entry *e)
{
	return e != NULL && e->mark > 0 ? &plan->steps[e->mark - 1] : NULL;
}

/* An entry's issuers come before it: at most GW_ISSUERS_MAX and in no circle, for the template was checked. */
static void add_step(struct gw_plan *plan, struct gw_entry *e, bool selected)
{
	struct gw_step *step = step_of(plan, e);

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

static enum gw_code select_steps(struct gw_plan *plan, struct gw_err *err)
{
	const struct gw_issue_request *request = plan->request;
	struct gw_entry *e;
	size_t i;

	plan->steps = gw_arena_alloc(&plan->arena, (request->t->count + 1) * sizeof(*plan->steps));
	for (e = request->t->first; e != NULL; e = e->next)
		e->mark = 0;
	for (i = 0; i < request->n_names; i++) {
		e = gw_template_find(request->t, request->names[i]);
		if (e == NULL)
			return unknown_name(request->t, request->names[i], err);
		add_step(plan, e, true);
	}
	for (e = request->t->first; e != NULL && request->n_names == 0; e = e->next)
		add_step(plan, e, true);
	return GW_OK;
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

/* Who signs an entry: NULL for itself. *anew: that CA is to be made first, so its key is not known yet. */
static const struct gw_signer *signer_of(const struct gw_plan *plan, const struct gw_entry *e, bool *anew)
{
	const struct gw_step *issuer = step_of(plan, e->issuer_entry);

	*anew = issuer != NULL && (issuer->action == GW_ACTION_MAKE || issuer->action == GW_ACTION_REMAKE);
	if (issuer != NULL)
		return &issuer->own;
	return e->self_signed ? NULL : plan->request->outside;
}

/* An issuer that is refused has been complained about; what it would sign cannot be judged. */
static bool issuer_is_usable(const struct gw_plan *plan, const struct gw_entry *e)
{
	const struct gw_step *issuer = step_of(plan, e->issuer_entry);

	return issuer == NULL || (issuer->action != GW_ACTION_REFUSE && issuer->own.cert != NULL);
}

static enum gw_action decide(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d)
{
	bool may = plan->request->force && step->selected, anew, wrong = false;
	const struct gw_signer *signer = signer_of(plan, step->entry, &anew);

	if (!d->there) {
		gw_step_because(plan, step, "it was missing");
		return GW_ACTION_MAKE;
	}
	if (anew)
		gw_step_because(plan, step, "its issuer \"%s\" is made anew", step->entry->issuer);
	else if (issuer_is_usable(plan, step->entry))
		gw_disk_compare(plan, step, d, signer);
	if (step->n_reasons > 0)
		return may ? GW_ACTION_REMAKE : GW_ACTION_REFUSE;
	if (!issuer_is_usable(plan, step->entry) || !gw_disk_incomplete(plan, step, d, signer, &wrong))
		return GW_ACTION_KEEP;
	return wrong && !may ? GW_ACTION_REFUSE : GW_ACTION_COMPLETE;
}

/* What a CA that stays needs to sign with. */
static void keep_signer(struct gw_plan *plan, struct gw_step *step, struct gw_on_disk *d)
{
	bool anew;
	const struct gw_signer *above = signer_of(plan, step->entry, &anew);

	step->own.cert = d->cert;
	step->own.key = d->key;
	d->cert = NULL;
	d->key = NULL;
	if (above == NULL)
		return; /* a root: clients have it already */
	gw_cert_to_pem(step->own.cert, &step->own.chain);
	gw_buf_append(&step->own.chain, &above->chain);
}

/* --- what must not be done ---------------------------------------------------------------------------------------- */

static const char *reasons_text(struct gw_plan *plan, const struct gw_step *step)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	for (i = 0; i < step->n_reasons; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? "; " : "", step->reasons[i]);
	return gw_arena_strdup(&plan->arena, gw_buf_str(&text));
}

static struct gw_where folder_of(struct gw_plan *plan, const struct gw_entry *e)
{
	return (struct gw_where){.file = gw_arena_printf(&plan->arena, "%s/%s", plan->request->dir, e->name)};
}

static void say_refused(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f = gw_find(fs, GWT_NOT_AS_ASKED, &where, "\"%s\" is there, but not as asked: %s",
				       step->entry->name, reasons_text(plan, step));

	if (!step->selected)
		gw_finding_fix(fs, f, "it is only an issuer here: name it and give --force to make it anew");
	else
		gw_finding_fix(fs, f, "give --force to make it anew, with a new key");
}

/* A CA that gets a new key leaves what the old one signed without an issuer: all of it must be made anew with it. */
static void check_orphans(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	const struct gw_entry *e;
	struct gw_finding *f;

	if (!step->entry->plan.ca || (step->action != GW_ACTION_MAKE && step->action != GW_ACTION_REMAKE))
		return;
	for (e = plan->request->t->first; e != NULL; e = e->next) {
		if (e->issuer_entry != step->entry || e->mark > 0 || !gw_disk_has(plan, e))
			continue;
		f = gw_find(fs, GWT_ORPHANS, &where,
			    "a new \"%s\" would orphan \"%s\", which is there and signed by it", step->entry->name,
			    e->name);
		gw_finding_fix(fs, f, "name \"%s\" too and give --force, or put the old \"%s\" back", e->name,
			       step->entry->name);
	}
}

/* The template was checked against itself; an issuer that is on disk has less time left than its entry says. */
static void check_life(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	const struct gw_entry *e = step->entry;
	bool anew, makes = step->action == GW_ACTION_MAKE || step->action == GW_ACTION_REMAKE;
	const struct gw_signer *signer = signer_of(plan, e, &anew);
	char asked[GW_TIME_TEXT], end[GW_TIME_TEXT];
	bool written = e->validity_given || e->not_after_given;
	int64_t not_before, not_after;
	struct gw_finding *f;
	struct gw_where where;

	gw_entry_life(e, plan->now, &not_before, &not_after);
	if (!makes || anew || signer == NULL || signer->cert == NULL ||
	    (written ? not_after : not_before + 1) <= gw_cert_not_after(signer->cert))
		return;
	where = gw_entry_where(&plan->arena, e, e->not_after_given ? "notAfter" : written ? "validity" : "notBefore");
	gw_time_format(asked, not_after);
	gw_time_format(end, gw_cert_not_after(signer->cert));
	f = gw_find(fs, GWT_OUTLIVES_ISSUER, &where, "\"%s\" would outlive its issuer", e->name);
	gw_finding_evidence(fs, f, "%s against %s", asked, end);
	if (e->not_after_given || e->not_before_given)
		gw_finding_fix(fs, f, "end it at %s or earlier", end);
	else
		gw_finding_fix(fs, f, "use %" PRId64 "d or less, or leave it out to get as much as there is",
			       gw_days_between(not_before, gw_cert_not_after(signer->cert)));
}

static void check_disk(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d,
		       struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f;

	if (d->not_folder) {
		f = gw_find(fs, GWT_NOT_A_FOLDER, &where,
			    "in the place of \"%s\" there is no folder, but a link or a file", step->entry->name);
		gw_finding_fix(fs, f, "move it out of the way");
	}
	if (step->entry->plan.ca && d->exposed) {
		f = gw_find(fs, GWT_EXPOSED_KEY, &where, "group or others can read the key of the CA \"%s\"",
			    step->entry->name);
		gw_finding_fix(fs, f, "if nobody else can have read it: chmod 600 %s/%s", where.file,
			       step->entry->files.key);
	}
}

static enum gw_code plan_step(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      struct gw_findings *fs, struct gw_err *err)
{
	GW_ON_DISK_AUTO struct gw_on_disk d = {0};
	enum gw_code code = gw_disk_read(ctx, plan, step, &d, err);

	if (code != GW_OK)
		return code;
	check_disk(plan, step, &d, fs);
	step->action = d.not_folder ? GW_ACTION_REFUSE : decide(plan, step, &d);
	plan->count[step->action]++;
	if (step->action == GW_ACTION_REFUSE && !d.not_folder)
		say_refused(plan, step, fs);
	if (step->entry->plan.ca && (step->action == GW_ACTION_KEEP || step->action == GW_ACTION_COMPLETE))
		keep_signer(plan, step, &d);
	check_life(plan, step, fs);
	return GW_OK;
}

static enum gw_code open_dir(struct gw_plan *plan, struct gw_err *err)
{
	plan->dirfd = open(plan->request->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (plan->dirfd < 0 && errno != ENOENT)
		return gw_fail_sys(err, plan->request->dir, "cannot open the folder");
	return GW_OK;
}

/* Findings have said it all. What is wrong with the template comes before what is in the way on disk. */
static enum gw_code verdict(const struct gw_findings *fs, struct gw_err *err)
{
	const struct gw_finding *f;
	enum gw_code code = GW_OK;

	for (f = fs->first; f != NULL && code != GW_E_INPUT; f = f->next) {
		if (f->severity == GW_ERROR)
			code = f->rule == &gw_rules[GWT_OUTLIVES_ISSUER] ? GW_E_INPUT : GW_E_REFUSED;
	}
	if (code != GW_OK)
		*err = (struct gw_err){.code = code};
	return code;
}

enum gw_code gw_plan_make(const struct gw_ctx *ctx, const struct gw_issue_request *request, struct gw_plan *plan,
			  struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code;
	size_t i;

	plan->request = request;
	plan->now = gw_now(&ctx->clock);
	code = open_dir(plan, err);
	if (code == GW_OK)
		code = select_steps(plan, err);
	for (i = 0; i < plan->n_steps && code == GW_OK; i++)
		code = plan_step(ctx, plan, &plan->steps[i], fs, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < plan->n_steps; i++)
		check_orphans(plan, &plan->steps[i], fs);
	return verdict(fs, err);
}
