/* SPDX-License-Identifier: Apache-2.0 */
#include "report/crl.h"

#include "report/facts.h"
#include "report/report.h"
#include "report/show.h"

static const char *reason_word(const struct gw_revoked *r)
{
	return r->reason >= 0 ? gw_reason_words[r->reason] : "unknown";
}

static const char *instant(struct gw_arena *arena, int64_t at)
{
	char text[GW_TIME_TEXT];

	gw_time_format(text, at);
	return at <= GW_TIME_FAR_PAST || at >= GW_TIME_FAR_FUTURE ? "unknown" : gw_arena_strdup(arena, text);
}

/* What became of one certificate: "revoked", "released", "unchanged". */
static const char *fate(const struct gw_crl_change *c)
{
	if (!c->done)
		return "unchanged";
	return c->release ? "released" : "revoked";
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static const char *what_is_recorded(const struct gw_crl_view *v, const struct gw_crl_change *c)
{
	const struct gw_revoked *is = v->facts != NULL ? gw_crl_find(v->facts, c->want.serial) : NULL;

	if (c->done)
		return c->release ? "was on hold" : reason_word(&c->want);
	if (is == NULL)
		return "it is not on the list";
	return gw_arena_printf(v->arena, "%s, since %s", reason_word(is), instant(v->arena, is->at));
}

static void print_changes(FILE *out, const struct gw_crl_view *v)
{
	struct gw_table table;
	size_t i;

	gw_table_init(&table, v->arena, 4);
	for (i = 0; i < v->n_changes; i++) {
		const struct gw_crl_change *c = &v->changes[i];
		const struct gw_cell cells[] = {{fate(c), c->done ? GW_YELLOW : GW_DIM},
						{c->name, GW_BOLD},
						{gw_arena_printf(v->arena, "serial %s", c->want.serial), GW_PLAIN},
						{what_is_recorded(v, c), GW_PLAIN}};

		gw_table_row(&table, cells);
	}
	gw_table_print(&table, out, v->color);
}

static void print_entries(FILE *out, const struct gw_crl_view *v)
{
	struct gw_table table;
	size_t i;

	gw_table_init(&table, v->arena, 4);
	for (i = 0; i < v->facts->n_revoked; i++) {
		const struct gw_revoked *r = &v->facts->revoked[i];
		const char *since = "";

		if (r->has_invalid_since)
			since = gw_arena_printf(v->arena, "not to be trusted since %s",
						instant(v->arena, r->invalid_since));

		const struct gw_cell cells[] = {{gw_arena_printf(v->arena, "  %s", r->serial), GW_BOLD},
						{instant(v->arena, r->at), GW_PLAIN},
						{reason_word(r), GW_PLAIN},
						{since, GW_DIM}};

		gw_table_row(&table, cells);
	}
	gw_table_print(&table, out, v->color);
}

static const char *word_of(const struct gw_crl_view *v, enum gw_paint *paint)
{
	*paint = GW_DIM;
	if (v->outcome == NULL)
		return NULL;
	if (v->outcome->action == GW_CRL_KEEP)
		return "unchanged";
	*paint = GW_GREEN;
	if (v->planned)
		return v->outcome->action == GW_CRL_MAKE ? "to make" : "to renew";
	return v->outcome->action == GW_CRL_MAKE ? "made" : "renewed";
}

static void print_head(FILE *out, const struct gw_crl_view *v)
{
	const struct gw_crl_facts *f = v->facts;
	enum gw_paint paint;
	const char *word = word_of(v, &paint);

	if (word != NULL)
		fprintf(out, "%s%s%s  ", gw_paint(v->color, paint), word, gw_unpaint(v->color));
	gw_print_text(out, v->path);
	if (f != NULL) {
		fprintf(out, "  number %s, %zu revoked, until %s", f->number != NULL ? f->number : "none", f->n_revoked,
			f->next_update == GW_TIME_FAR_PAST ? "an unknown time" : instant(v->arena, f->next_update));
		if (f->next_update != GW_TIME_FAR_PAST && f->next_update < v->now)
			fprintf(out, ": %sit has run out%s", gw_paint(v->color, GW_RED), gw_unpaint(v->color));
	}
	if (v->outcome != NULL && v->outcome->reason != NULL)
		fprintf(out, "  (%s)", v->outcome->reason);
	fputc('\n', out);
}

void gw_report_crl_text(FILE *out, const struct gw_crl_view *v)
{
	if (v->n_changes > 0)
		print_changes(out, v);
	print_head(out, v);
	if (v->entries && v->facts != NULL) {
		fputs("  of ", out);
		gw_print_text(out, v->facts->issuer);
		fprintf(out, ", as of %s\n", instant(v->arena, v->facts->this_update));
		print_entries(out, v);
	}
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void add_changes(struct gw_node *document, const struct gw_crl_view *v)
{
	struct gw_node *list = gw_map_add(v->arena, document, "changes", gw_list_new(v->arena));
	size_t i;

	for (i = 0; i < v->n_changes; i++) {
		const struct gw_crl_change *c = &v->changes[i];
		struct gw_node *one = gw_list_add(list, gw_map_new(v->arena));

		gw_map_str(v->arena, one, "name", c->name);
		gw_map_str(v->arena, one, "serial", c->want.serial);
		gw_map_str(v->arena, one, "action", fate(c));
	}
}

void gw_report_crl_json(FILE *out, const struct gw_crl_view *v)
{
	struct gw_node *document = gw_report_new(v->arena);

	gw_map_str(v->arena, document, "file", v->path);
	if (v->outcome != NULL) {
		gw_map_bool(v->arena, document, "planned", v->planned);
		gw_map_str(v->arena, document, "action", gw_crl_action_word(v->outcome->action));
		gw_map_str(v->arena, document, "because", v->outcome->reason);
		add_changes(document, v);
	}
	if (v->facts != NULL)
		gw_shown_add(document, gw_report_crl(v->arena, v->facts, v->now));
	gw_report_document(out, document);
}
