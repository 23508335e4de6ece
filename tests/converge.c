/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/converge.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "issue/issue.h"
#include "rules/rules.h"

static int64_t clock_now(void *self)
{
	return *(int64_t *)self;
}

static const char *joined(char *text)
{
	char *kept = tst_alloc(strlen(text) + 1);

	memcpy(kept, text, strlen(text) + 1);
	free(text);
	return kept;
}

static const char *text_of(struct gw_buf *text)
{
	gw_buf_str_add(text, "");
	return joined(gw_buf_take(text));
}

static void tell_step(const struct gw_step *step, struct gw_buf *reasons, struct gw_buf *changes)
{
	const char *name = step->entry->name;
	size_t i;

	for (i = 0; i < step->n_reasons; i++)
		gw_buf_printf(reasons, "%s: %s\n", name, step->reasons[i]);
	for (i = 0; i < step->n_changes; i++) {
		const struct gw_change *c = &step->changes[i];

		gw_buf_printf(changes, "%s %s: %s -> %s\n", name, c->field != NULL ? c->field : "",
			      c->is != NULL ? c->is : "", c->asked != NULL ? c->asked : "");
	}
}

static void tell(struct tst_outcome *o, const struct gw_plan *plan, const struct gw_findings *fs,
		 const struct gw_err *err)
{
	struct gw_buf actions = GW_BUF(65536), rules = GW_BUF(65536), words = GW_BUF(1 << 20),
		      reasons = GW_BUF(1 << 20);
	struct gw_buf changes = GW_BUF(1 << 20), removed = GW_BUF(65536);
	const struct gw_finding *f;
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		gw_buf_printf(&actions, "%s%s:%s", i > 0 ? " " : "", plan->steps[i].entry->name,
			      gw_action_word(plan->steps[i].action));
		tell_step(&plan->steps[i], &reasons, &changes);
	}
	for (i = 0; i < plan->n_removed; i++)
		gw_buf_printf(&removed, "%s%s", i > 0 ? " " : "", plan->removed[i]);
	for (f = fs->first; f != NULL; f = f->next) {
		gw_buf_printf(&rules, "%s%s", rules.len > 0 ? " " : "", f->rule->id);
		gw_buf_printf(&words, "%s: %s. %s\n", f->where.file != NULL ? f->where.file : "", f->what,
			      f->fix != NULL ? f->fix : "");
	}
	if (err->what[0] != '\0')
		gw_buf_printf(&words, "%s: %s", err->where, err->what);
	o->actions = text_of(&actions);
	o->reasons = text_of(&reasons);
	o->changes = text_of(&changes);
	o->removed = text_of(&removed);
	o->rules = text_of(&rules);
	o->words = text_of(&words);
}

struct tst_outcome tst_converge(const struct tst_asked *w)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_PLAN_AUTO struct gw_plan plan = GW_PLAN_INIT;
	int64_t now = w->now != 0 ? w->now : TST_NOW;
	struct gw_ctx ctx = {.arena = &arena, .clock = {.now = clock_now, .self = &now}, .interrupted = w->interrupted};
	struct gw_issue_request request = {.t = &t,
					   .dir = tst_path("%s", w->dir),
					   .names = w->names,
					   .renew = &w->renew,
					   .n_renew = w->renew != NULL,
					   .rekey = &w->rekey,
					   .n_rekey = w->rekey != NULL,
					   .force = w->force};
	struct gw_err err = {0};
	struct tst_outcome o = {0};

	while (request.n_names < GW_COUNT(w->names) && w->names[request.n_names] != NULL)
		request.n_names++;
	o.code = gw_template_parse("t.yaml", w->text, strlen(w->text), &t, &fs, &err);
	if (o.code == GW_OK)
		o.code = w->planned ? gw_plan_make(&ctx, &request, &plan, &fs, &err)
				    : gw_issue_run(&ctx, &request, &plan, &fs, &err);
	tell(&o, &plan, &fs, &err);
	return o;
}

void tst_converged(const char *dir, const char *text)
{
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = dir, .text = text});

	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.words, "");
}

static struct gw_buf *snapshot_text;

static int add_to_snapshot(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)type;
	/* The top folder's own time changes when a run looks for the lock. */
	if (at->level > 0)
		gw_buf_printf(snapshot_text, "%s %" PRIuMAX " %o %jd.%09ld %jd\n", path, (uintmax_t)st->st_ino,
			      st->st_mode, (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
			      S_ISREG(st->st_mode) ? (intmax_t)st->st_size : 0);
	return 0;
}

const char *tst_snapshot(const char *dir)
{
	struct gw_buf text = GW_BUF(1 << 20);
	char *lines;

	snapshot_text = &text;
	(void)nftw(tst_path("%s", dir), add_to_snapshot, 8, FTW_PHYS);
	gw_buf_str_add(&text, "");
	lines = gw_buf_take(&text);
	return joined(lines);
}

const char *tst_key_of(const char *dir, const char *entry)
{
	return tst_read(tst_path("%s/%s/key.pem", dir, entry), NULL);
}

const char *tst_action_at(const char *dir, const char *text, int64_t now)
{
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = dir, .text = text, .now = now, .planned = true});

	return o.actions;
}
