/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "report/formats.h"
#include "report/report.h"
#include "rules/rules.h"

/* A number that is 0 is not known and is left out. */
static void add_number(struct gw_arena *arena, struct gw_node *map, const char *key, unsigned value)
{
	if (value > 0)
		gw_map_int(arena, map, key, value);
}

static void add_where(struct gw_arena *arena, struct gw_node *map, const struct gw_where *w)
{
	gw_map_str(arena, map, "file", w->file);
	add_number(arena, map, "line", w->line);
	add_number(arena, map, "column", w->column);
	add_number(arena, map, "endLine", w->end_line);
	add_number(arena, map, "endColumn", w->end_column);
	gw_map_str(arena, map, "path", w->path);
}

static void add_related(struct gw_arena *arena, struct gw_node *map, const struct gw_finding *f)
{
	const struct gw_related *r = f->related;
	struct gw_node *list, *item;

	if (r == NULL)
		return;
	list = gw_map_add(arena, map, "related", gw_list_new(arena));
	for (; r != NULL; r = r->next) {
		item = gw_list_add(list, gw_map_new(arena));
		gw_map_str(arena, item, "message", r->what);
		add_where(arena, item, &r->where);
	}
}

struct gw_node *gw_finding_node(struct gw_arena *arena, const struct gw_finding *f)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_str(arena, map, "code", f->rule->id);
	gw_map_str(arena, map, "severity", gw_severity_name(f->severity));
	gw_map_str(arena, map, "message", f->what);
	add_where(arena, map, &f->where);
	gw_map_str(arena, map, "fix", f->fix);
	gw_map_str(arena, map, "evidence", f->evidence);
	add_related(arena, map, f);
	return map;
}

struct gw_node *gw_report_new(struct gw_arena *arena)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_int(arena, map, "schemaVersion", GW_SCHEMA_VERSION);
	return map;
}

void gw_report_document(FILE *out, const struct gw_node *node)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_REPORT_MAX);

	gw_json_write(&b, node);
	fwrite(gw_buf_str(&b), 1, b.len, out);
}

void gw_report_line(FILE *out, const struct gw_node *node)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_REPORT_MAX);

	gw_json_write_line(&b, node);
	gw_buf_chr(&b, '\n');
	fwrite(gw_buf_str(&b), 1, b.len, out);
}

void gw_findings_json(FILE *out, const struct gw_findings *fs)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *document = gw_report_new(&arena);
	struct gw_node *list = gw_map_add(&arena, document, "findings", gw_list_new(&arena));
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(list, gw_finding_node(&arena, f));
	gw_report_document(out, document);
}

void gw_findings_jsonl(FILE *out, const struct gw_findings *fs)
{
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		GW_ARENA_AUTO struct gw_arena arena = {0};

		gw_report_line(out, gw_finding_node(&arena, f));
	}
}
