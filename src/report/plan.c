/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan.h"

#include "report/report.h"

#define ARCHIVE ".archive"

static const struct {
	const char *done, *to_do; /* "1 made", "1 to make" */
	enum gw_paint paint;
} words[GW_ACTIONS] = {
	[GW_ACTION_KEEP] = {"unchanged", "unchanged", GW_DIM},
	[GW_ACTION_MAKE] = {"made", "to make", GW_GREEN},
	[GW_ACTION_COMPLETE] = {"completed", "to complete", GW_GREEN},
	[GW_ACTION_REISSUE] = {"reissued", "to reissue", GW_GREEN},
	[GW_ACTION_REMAKE] = {"remade", "to remake", GW_YELLOW},
	[GW_ACTION_WAIT] = {"waiting", "waiting", GW_YELLOW},
	[GW_ACTION_REFUSE] = {"refused", "refused", GW_RED},
};

/* What becomes of the key: "new", "kept"; NULL where nothing is done. */
static const char *key_word(const struct gw_step *s)
{
	if (gw_entry_has_key(s->entry) && gw_step_makes(s))
		return "kept";
	switch (s->action) {
	case GW_ACTION_MAKE:
	case GW_ACTION_REMAKE: return "new";
	case GW_ACTION_COMPLETE:
	case GW_ACTION_REISSUE: return "kept";
	case GW_ACTION_KEEP:
	case GW_ACTION_WAIT:
	case GW_ACTION_REFUSE: break;
	}
	return NULL;
}

static const char *what_it_is(struct gw_arena *arena, const struct gw_step *s)
{
	const struct gw_entry *e = s->entry;
	const char *name = e->plan.n_sans > 0 ? gw_san_words(arena, &e->plan.sans[0]) : "client";
	const char *key = e->given.csr != NULL                    ? "key of a request"
			  : gw_entry_has_key(e) && !e->given.cert ? "key of a file"
								  : gw_key_type_word(e->key_type);
	const char *more = "", *fate = "";

	if (e->plan.ca)
		name = "CA";
	else if (e->plan.n_sans > 1)
		more = gw_arena_printf(arena, " and %zu more", e->plan.n_sans - 1);
	if (s->action == GW_ACTION_REMAKE)
		fate = ", new key";
	else if (key_word(s) != NULL && s->action != GW_ACTION_MAKE)
		fate = ", key kept";
	return gw_arena_printf(arena, "%s%s, %s%s", name, more, key, fate);
}

/* Where an entry is: its folder, or the file that it was given. */
static const char *place(struct gw_arena *arena, const struct gw_plan *plan, const struct gw_step *s)
{
	return s->entry->given.cert != NULL ? s->entry->given.cert
					    : gw_arena_printf(arena, "%s/%s", plan->request->dir, s->entry->name);
}

static const char *why(struct gw_arena *arena, const struct gw_step *step)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	if (step->action == GW_ACTION_KEEP)
		return step->entry->given.cert != NULL ? "it is given" : "it is as asked";
	for (i = 0; i < step->n_reasons; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? "; " : "", step->reasons[i]);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static void print_count(FILE *out, const struct gw_plan *plan, bool planned)
{
	size_t said = 0;
	int i;

	if (!gw_plan_is_due(plan) && plan->count[GW_ACTION_REFUSE] == 0) {
		fprintf(out, "nothing to do: %s\n",
			plan->n_steps == 1 ? "the entry is as asked" : "all entries are as asked");
		return;
	}
	for (i = GW_ACTION_MAKE; i < GW_ACTIONS; i++) {
		if (plan->count[i] > 0)
			fprintf(out, "%s%zu %s", said++ > 0 ? ", " : "", plan->count[i],
				planned ? words[i].to_do : words[i].done);
	}
	if (plan->n_removed > 0)
		fprintf(out, "%s%zu %s", said++ > 0 ? ", " : "", plan->n_removed, planned ? "to archive" : "archived");
	if (plan->count[GW_ACTION_KEEP] > 0)
		fprintf(out, "%s%zu unchanged", said > 0 ? ", " : "", plan->count[GW_ACTION_KEEP]);
	fputc('\n', out);
}

static const char *until(struct gw_arena *arena, const struct gw_step *s)
{
	char date[GW_TIME_TEXT];

	gw_time_date(date, s->not_after);
	return s->not_after != 0 ? gw_arena_printf(arena, "until %s%s", date, s->clipped ? ", with its issuer" : "")
				 : "";
}

static void add_row(struct gw_table *table, struct gw_arena *arena, const struct gw_plan *plan, const struct gw_step *s)
{
	const struct gw_cell cells[] = {{words[s->action].done, words[s->action].paint},
					{place(arena, plan, s), GW_BOLD},
					{what_it_is(arena, s), GW_PLAIN},
					{until(arena, s), GW_PLAIN},
					{why(arena, s), GW_DIM}};

	gw_table_row(table, cells);
}

static void print_archived(FILE *out, const struct gw_plan *plan)
{
	size_t i, kept = 0;

	for (i = 0; i < plan->n_steps; i++)
		kept += plan->steps[i].archive != NULL;
	if (kept > 0)
		fprintf(out, "the files of %zu replaced %s are kept in %s/" ARCHIVE "\n", kept,
			kept == 1 ? "key" : "keys", plan->request->dir);
	if (plan->n_removed == 0)
		return;
	fprintf(out, "%zu %s that the template no longer has moved to %s/" ARCHIVE ":", plan->n_removed,
		plan->n_removed == 1 ? "entry" : "entries", plan->request->dir);
	for (i = 0; i < plan->n_removed; i++) {
		fputs(i > 0 ? ", " : " ", out);
		gw_print_text(out, plan->removed[i]);
	}
	fputc('\n', out);
}

static void print_change(FILE *out, const struct gw_change *c)
{
	fputs("    ", out);
	if (c->field == NULL) {
		gw_print_text(out, c->is);
	} else {
		fprintf(out, "%s: ", c->field);
		if (c->is == NULL || c->asked == NULL)
			fputs(c->is == NULL ? "+ " : "- ", out);
		gw_print_text(out, c->is != NULL ? c->is : c->asked);
	}
	if (c->field != NULL && c->is != NULL && c->asked != NULL) {
		fputs(" -> ", out);
		gw_print_text(out, c->asked);
	}
	fputc('\n', out);
}

static void print_heading(FILE *out, const char *word, enum gw_paint paint, const char *dir, const char *name,
			  bool color)
{
	fprintf(out, "%s%s%s %s", gw_paint(color, paint), word, gw_unpaint(color), gw_paint(color, GW_BOLD));
	gw_print_text(out, dir);
	fputc('/', out);
	gw_print_text(out, name);
	fputs(gw_unpaint(color), out);
}

static void print_planned(FILE *out, const struct gw_plan *plan, const struct gw_step *s,
			  const struct gw_plan_view *view)
{
	const char *key = key_word(s);
	size_t i;

	print_heading(out, gw_action_word(s->action), words[s->action].paint, plan->request->dir, s->entry->name,
		      view->color);
	fputs("  ", out);
	gw_print_text(out, what_it_is(view->arena, s));
	fprintf(out, "  %s\n", until(view->arena, s));
	if (key != NULL)
		fprintf(out, "    key: %s\n", key);
	for (i = 0; i < s->n_changes; i++)
		print_change(out, &s->changes[i]);
}

static void print_plan(FILE *out, const struct gw_plan *plan, const struct gw_plan_view *view)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].action != GW_ACTION_KEEP)
			print_planned(out, plan, &plan->steps[i], view);
	}
	for (i = 0; i < plan->n_removed; i++) {
		print_heading(out, "archive", GW_YELLOW, plan->request->dir, plan->removed[i], view->color);
		fputs("\n    the template has no entry of this name\n", out);
	}
}

void gw_report_plan_text(FILE *out, const struct gw_plan *plan, const struct gw_plan_view *view)
{
	struct gw_table table;
	size_t i;

	if (view->planned) {
		print_plan(out, plan, view);
	} else {
		gw_table_init(&table, view->arena, 5);
		for (i = 0; i < plan->n_steps; i++)
			add_row(&table, view->arena, plan, &plan->steps[i]);
		gw_table_print(&table, out, view->color);
		print_archived(out, plan);
	}
	print_count(out, plan, view->planned);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void add_changes(struct gw_arena *arena, struct gw_node *map, const struct gw_step *s)
{
	struct gw_node *list = gw_map_add(arena, map, "changes", gw_list_new(arena));
	size_t i;

	for (i = 0; i < s->n_changes; i++) {
		const struct gw_change *c = &s->changes[i];
		struct gw_node *one = gw_list_add(list, gw_map_new(arena));

		if (c->field == NULL) {
			gw_map_str(arena, one, "reason", c->is);
			continue;
		}
		gw_map_str(arena, one, "field", c->field);
		if (c->is != NULL)
			gw_map_str(arena, one, "is", c->is);
		if (c->asked != NULL)
			gw_map_str(arena, one, "asked", c->asked);
	}
}

static struct gw_node *step_node(struct gw_arena *arena, const struct gw_plan *plan, const struct gw_step *s,
				 bool planned)
{
	struct gw_node *map = gw_map_new(arena), *list;
	char date[GW_TIME_TEXT];
	size_t i;

	gw_time_format(date, s->not_after);
	gw_map_str(arena, map, "name", s->entry->name);
	gw_map_str(arena, map, "action", planned ? gw_action_word(s->action) : words[s->action].done);
	if (key_word(s) != NULL)
		gw_map_str(arena, map, "key", key_word(s));
	list = gw_map_add(arena, map, "reasons", gw_list_new(arena));
	for (i = 0; i < s->n_reasons; i++)
		gw_list_add(list, gw_str_new(arena, s->reasons[i]));
	add_changes(arena, map, s);
	gw_map_str(arena, map, s->entry->given.cert != NULL ? "file" : "folder", place(arena, plan, s));
	if (s->archive != NULL)
		gw_map_str(arena, map, "archive", gw_arena_printf(arena, "%s/%s", plan->request->dir, s->archive));
	gw_map_bool(arena, map, "ca", s->entry->plan.ca);
	gw_map_str(arena, map, "keyType", gw_key_type_word(s->entry->key_type));
	list = gw_map_add(arena, map, "sans", gw_list_new(arena));
	for (i = 0; i < s->entry->plan.n_sans; i++)
		gw_list_add(list, gw_str_new(arena, gw_san_text(arena, &s->entry->plan.sans[i])));
	if (s->not_after != 0)
		gw_map_str(arena, map, "notAfter", date);
	gw_map_bool(arena, map, "clipped", s->clipped);
	return map;
}

void gw_report_plan_json(FILE *out, const struct gw_plan *plan, const struct gw_findings *fs,
			 const struct gw_plan_view *view)
{
	struct gw_node *document = gw_report_new(view->arena), *list;
	const struct gw_finding *f;
	size_t i;

	gw_map_str(view->arena, document, "dir", plan->request->dir);
	gw_map_bool(view->arena, document, "planned", view->planned);
	gw_map_bool(view->arena, document, "due", view->planned && gw_plan_is_due(plan));
	for (i = GW_ACTION_KEEP; i < GW_ACTIONS; i++)
		gw_map_int(view->arena, document, words[i].done, (int64_t)plan->count[i]);
	list = gw_map_add(view->arena, document, "entries", gw_list_new(view->arena));
	for (i = 0; i < plan->n_steps; i++)
		gw_list_add(list, step_node(view->arena, plan, &plan->steps[i], view->planned));
	list = gw_map_add(view->arena, document, "archived", gw_list_new(view->arena));
	for (i = 0; i < plan->n_removed; i++)
		gw_list_add(list, gw_str_new(view->arena, plan->removed[i]));
	list = gw_map_add(view->arena, document, "findings", gw_list_new(view->arena));
	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(list, gw_finding_node(view->arena, f));
	gw_report_document(out, document);
}
