/* SPDX-License-Identifier: Apache-2.0 */
/* What must not be done, or waits for a word, as findings. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "issue/disk.h"
#include "rules/rules.h"

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

static void say_child(struct gw_plan *plan, const struct gw_step *step, const struct gw_entry *child,
		      struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f =
		gw_find(fs, GWT_ORPHANS, &where, "\"%s\" would get a new key, and \"%s\" hangs on the one it had: %s",
			step->entry->name, child->name, reasons_text(plan, step));

	if (step->was == NULL)
		gw_finding_fix(fs, f, "put the old one back; if it is lost, --rekey %s makes it and all below it anew",
			       step->entry->name);
	else
		gw_finding_fix(fs, f, "--rekey %s makes it and all below it anew; onRenew: sameKey keeps the key",
			       step->entry->name);
}

void gw_say_refused(struct gw_plan *plan, const struct gw_step *step, enum gw_block block, const struct gw_entry *child,
		    struct gw_findings *fs)
{
	const char *name = step->entry->name;
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f;

	if (block == GW_BLOCK_CHILD) {
		say_child(plan, step, child, fs);
		return;
	}
	if (block == GW_BLOCK_GIVEN)
		f = gw_find(fs, GWT_NOT_AS_ASKED, &where, "\"%s\" cannot get a new key: its own was given", name);
	else
		f = gw_find(fs, GWT_NOT_AS_ASKED, &where, "\"%s\" is there, but not as asked: %s", name,
			    reasons_text(plan, step));
	switch (block) {
	case GW_BLOCK_STRANGE:
		gw_finding_fix(
			fs, f,
			"nobody can tell what its key is for; --rekey %s, or --force, puts a new one in its place",
			name);
		break;
	case GW_BLOCK_SAME_KEY:
		gw_finding_fix(fs, f, "its key is to stay and cannot; --rekey %s, or --force, makes a new one", name);
		break;
	case GW_BLOCK_GIVEN:
		gw_finding_fix(fs, f, "its key is not gwcert's: put another one into its file, and --renew %s", name);
		break;
	case GW_BLOCK_HOSTS:
		gw_finding_fix(fs, f, "another command has made it; --renew %s, or --force, puts this one in its place",
			       name);
		break;
	case GW_BLOCK_MANUAL:
		gw_finding_fix(fs, f, "put its certificate back; or --renew %s makes a new one for its key", name);
		break;
	case GW_BLOCK_CHILD: break;
	}
}

void gw_say_waits(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f = gw_find(fs, GWT_MANUAL, &where, "\"%s\" is to be made anew, and waits for your word: %s",
				       step->entry->name, reasons_text(plan, step));

	gw_finding_fix(fs, f, "gwcert gen --renew %s makes it anew with its key, --rekey %s with a new one",
		       step->entry->name, step->entry->name);
}

void gw_say_orphan(struct gw_plan *plan, const struct gw_step *step, const struct gw_entry *child,
		   struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f =
		gw_find(fs, GWT_ORPHANS, &where, "a new \"%s\" would orphan \"%s\", which is there and signed by it",
			step->entry->name, child->name);

	if (gw_step_of(plan, child) != NULL)
		gw_finding_fix(fs, f, "give --renew %s too: its onRenew is manual", child->name);
	else
		gw_finding_fix(fs, f, "name \"%s\" too, or no entry at all, which takes all of them", child->name);
}

static bool was_made(const struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);

	return issuer != NULL && gw_step_makes(issuer);
}

void gw_say_unsigned(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs)
{
	const struct gw_entry *e = step->entry;
	const struct gw_signer *signer = gw_step_signer(plan, step);
	bool written = gw_entry_end_is_fixed(e);
	struct gw_where where = gw_entry_where(&plan->arena, e,
					       e->not_after_given  ? "notAfter"
					       : e->validity_given ? "validity"
								   : "notBefore");
	char asked[GW_TIME_TEXT], end[GW_TIME_TEXT];
	struct gw_finding *f;
	int64_t last, begin, finish;

	if (signer == NULL || signer->cert == NULL || was_made(plan, step))
		return;
	last = gw_cert_not_after(signer->cert);
	if (signer->key == NULL && !signer->locked) {
		where = folder_of(plan, e);
		f = gw_find(fs, GWT_NOT_AS_ASKED, &where, "\"%s\" cannot be signed: the key of its issuer is not there",
			    e->name);
		gw_finding_fix(fs, f,
			       e->issuer_entry != NULL && e->issuer_entry->given.cert != NULL
				       ? "add key: { file: ... } to \"%s\", or sign elsewhere what hangs on it"
				       : "put the key of \"%s\" in its place",
			       e->issuer);
		return;
	}
	gw_entry_life(e, plan->now, &begin, &finish);
	if (last > plan->now && (written ? finish : begin + 1) <= last)
		return;
	gw_time_format(asked, finish);
	gw_time_format(end, last);
	f = gw_find(fs, GWT_OUTLIVES_ISSUER, &where, "\"%s\" would outlive its issuer%s", e->name,
		    last <= plan->now ? ", which has expired" : "");
	gw_finding_evidence(fs, f, "%s against %s", asked, end);
	if (last <= plan->now)
		gw_finding_fix(fs, f, "make the issuer anew first%s%s",
			       e->issuer != NULL ? ": gwcert gen --renew " : "", e->issuer != NULL ? e->issuer : "");
	else if (e->not_after_given || e->not_before_given)
		gw_finding_fix(fs, f, "end it at %s or earlier%s", end,
			       written ? ", or write clip: true to end it with its issuer" : "");
	else
		gw_finding_fix(fs, f, "use %" PRId64 "d or less, or write clip: true to end it with its issuer",
			       gw_days_between(begin, last));
}

/* The name of whoever signs, as it will be. */
static const char *issuer_name(struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_entry *e = step->entry;
	const struct gw_signer *signer = gw_step_signer(plan, step);

	if (e->issuer_entry != NULL)
		return gw_subject_text(&plan->arena, &e->issuer_entry->plan);
	if (signer != NULL && signer->cert != NULL)
		return gw_name_text(&plan->arena, gw_cert_subject(signer->cert));
	return gw_subject_text(&plan->arena, &e->plan);
}

void gw_say_serial(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d, struct gw_findings *fs)
{
	const char *serial = step->entry->plan.serial;
	struct gw_where where = gw_entry_where(&plan->arena, step->entry, "serial");
	struct gw_cert_facts facts;
	struct gw_finding *f;

	if (serial == NULL || d->cert == NULL || !gw_step_makes(step))
		return;
	gw_cert_read_facts(d->cert, &plan->arena, &facts);
	if (strcmp(facts.serial, serial) != 0 || strcmp(facts.issuer, issuer_name(plan, step)) != 0)
		return;
	f = gw_find(fs, GWT_SERIAL_AGAIN, &where, "\"%s\" would be made anew with the serial %s, which it has already",
		    step->entry->name, serial);
	gw_finding_evidence(fs, f, "it is to be made anew because %s", reasons_text(plan, step));
	gw_finding_fix(fs, f, "write another serial, or leave it out");
}

enum gw_code gw_step_failed(struct gw_plan *plan, struct gw_step *step, struct gw_findings *fs, struct gw_err *err)
{
	const struct gw_where where = gw_entry_where(&plan->arena, step->entry, NULL);
	struct gw_finding *f =
		gw_find(fs, GWT_ROW_FAILED, &where, "\"%s\" could not be made: %s", step->entry->name, err->what);

	if (err->where[0] != '\0' && strcmp(err->where, step->entry->name) != 0)
		gw_finding_evidence(fs, f, "%s", err->where);
	if (err->hint[0] != '\0')
		gw_finding_fix(fs, f, "%s", err->hint);
	step->action = GW_ACTION_REFUSE;
	step->failed = true;
	plan->count[step->action]++;
	plan->n_failed++;
	*err = (struct gw_err){0};
	return GW_OK;
}

void gw_say_disk(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d, struct gw_findings *fs)
{
	struct gw_where where = folder_of(plan, step->entry);
	struct gw_finding *f;

	if (d->not_folder) {
		f = gw_find(fs, GWT_NOT_A_FOLDER, &where,
			    "in the place of \"%s\" there is no folder, but a link or a file", step->entry->name);
		gw_finding_fix(fs, f, "move it out of the way");
	}
	if (step->entry->plan.ca && d->exposed && step->action != GW_ACTION_REMAKE) {
		f = gw_find(fs, GWT_EXPOSED_KEY, &where, "group or others can read the key of the CA \"%s\"",
			    step->entry->name);
		if (step->entry->given.key != NULL)
			gw_finding_fix(fs, f, "if nobody else can have read it: chmod 600 %s", step->entry->given.key);
		else
			gw_finding_fix(fs, f, "if nobody else can have read it: chmod 600 %s/%s; else --rekey %s",
				       where.file, step->entry->files.key, step->entry->name);
	}
}
