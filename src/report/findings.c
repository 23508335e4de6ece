/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings as a person reads them:
 *
 *	pki.yaml:59:5: error: unknown key "san" in certificates.store [GWT002]
 *	   59 |     san: [store.example.com]
 *	      |     ^^^
 *	   path: certificates.store.san
 *	   help: did you mean "sans"?
 */
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "rules/rules.h"

static enum gw_paint paint_of(enum gw_severity severity)
{
	switch (severity) {
	case GW_NOTE: return GW_DIM;
	case GW_WARNING: return GW_YELLOW;
	case GW_ERROR: return GW_RED;
	}
	return GW_PLAIN;
}

static void print_place(FILE *out, const struct gw_where *w)
{
	if (w->file == NULL)
		return;
	gw_print_text(out, w->file);
	if (w->line > 0)
		fprintf(out, ":%u", w->line);
	if (w->line > 0 && w->column > 0)
		fprintf(out, ":%u", w->column);
	fputs(": ", out);
}

/* The source line with one '?' for each character that a terminal must not see, so that columns stay as they are. */
static void print_source(FILE *out, const char *line)
{
	size_t left = strlen(line);

	while (left > 0) {
		uint32_t point = 0;
		size_t n = gw_utf8_decode(line, left, &point);

		if (n > 0 && (point == '\t' || !gw_text_hidden(point)))
			fwrite(line, 1, n, out);
		else
			fputc('?', out);
		n += n == 0;
		line += n;
		left -= n;
	}
}

/* The source line and a caret under what is meant. A tab in the line is copied into the caret's indent, so that both
 * advance alike. */
static void print_excerpt(FILE *out, const struct gw_where *w, bool color)
{
	unsigned column = 1, marks = 1, i;
	const char *at;

	if (w->excerpt == NULL || w->line == 0 || w->column == 0)
		return;
	fprintf(out, "%5u | ", w->line);
	print_source(out, w->excerpt);
	fputs("\n      | ", out);
	for (at = w->excerpt; *at != '\0' && column < w->column; at++) {
		if (((unsigned char)*at & 0xc0) == 0x80)
			continue;
		fputc(*at == '\t' ? '\t' : ' ', out);
		column++;
	}
	if (w->end_line == w->line && w->end_column > w->column)
		marks = w->end_column - w->column;
	fputs(gw_paint(color, GW_GREEN), out);
	for (i = 0; i < marks && i < 60; i++)
		fputc('^', out);
	fprintf(out, "%s\n", gw_unpaint(color));
}

static void print_line(FILE *out, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	fprintf(out, "   %s: ", label);
	gw_print_text(out, text);
	fputc('\n', out);
}

static void print_finding(FILE *out, const struct gw_finding *f, bool color)
{
	fputs(gw_paint(color, GW_BOLD), out);
	print_place(out, &f->where);
	fprintf(out, "%s%s%s:%s ", gw_unpaint(color), gw_paint(color, paint_of(f->severity)),
		gw_severity_name(f->severity), gw_unpaint(color));
	gw_print_text(out, f->what);
	fprintf(out, " %s[%s]%s\n", gw_paint(color, GW_DIM), f->rule->id, gw_unpaint(color));
	print_excerpt(out, &f->where, color);
	print_line(out, "path", f->where.path);
	print_line(out, "seen", f->evidence);
	print_line(out, "help", f->fix);
}

static void print_count(FILE *out, size_t n, const char *word, bool *first)
{
	if (n == 0)
		return;
	fprintf(out, "%s%zu %s%s", *first ? "" : ", ", n, word, n == 1 ? "" : "s");
	*first = false;
}

static void print_summary(FILE *out, const struct gw_findings *fs, const char *summary)
{
	bool first = true;
	int s;

	for (s = (int)GW_ERROR; s >= (int)GW_NOTE; s--)
		print_count(out, fs->by_severity[s], gw_severity_name((enum gw_severity)s), &first);
	if (first)
		fputs("nothing found", out);
	if (fs->by_severity[0] + fs->by_severity[1] + fs->by_severity[2] > fs->count)
		fprintf(out, " (the first %zu are shown)", fs->count);
	fprintf(out, ".%s%s\n", *summary != '\0' ? " " : "", summary);
}

/* A number that is 0 is not known and is left out. */
static void add_number(struct gw_arena *arena, struct gw_node *map, const char *key, unsigned value)
{
	if (value > 0)
		gw_map_int(arena, map, key, value);
}

struct gw_node *gw_finding_node(struct gw_arena *arena, const struct gw_finding *f)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_str(arena, map, "code", f->rule->id);
	gw_map_str(arena, map, "severity", gw_severity_name(f->severity));
	gw_map_str(arena, map, "message", f->what);
	gw_map_str(arena, map, "file", f->where.file);
	add_number(arena, map, "line", f->where.line);
	add_number(arena, map, "column", f->where.column);
	add_number(arena, map, "endLine", f->where.end_line);
	add_number(arena, map, "endColumn", f->where.end_column);
	gw_map_str(arena, map, "path", f->where.path);
	gw_map_str(arena, map, "fix", f->fix);
	gw_map_str(arena, map, "evidence", f->evidence);
	return map;
}

struct gw_node *gw_report_new(struct gw_arena *arena)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_int(arena, map, "schemaVersion", GW_SCHEMA_VERSION);
	return map;
}

#define DOCUMENT_MAX (SIZE_MAX / 4) /* octets: what memory holds; a document is never cut */

void gw_report_document(FILE *out, const struct gw_node *node)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(DOCUMENT_MAX);

	gw_json_write(&b, node);
	fwrite(gw_buf_str(&b), 1, b.len, out);
}

void gw_report_line(FILE *out, const struct gw_node *node)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(DOCUMENT_MAX);

	gw_json_write_line(&b, node);
	gw_buf_chr(&b, '\n');
	fwrite(gw_buf_str(&b), 1, b.len, out);
}

static void report_json(FILE *out, const struct gw_findings *fs)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *document = gw_report_new(&arena);
	struct gw_node *list = gw_map_add(&arena, document, "findings", gw_list_new(&arena));
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(list, gw_finding_node(&arena, f));
	gw_report_document(out, document);
}

static void report_jsonl(FILE *out, const struct gw_findings *fs)
{
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		GW_ARENA_AUTO struct gw_arena arena = {0};

		gw_report_line(out, gw_finding_node(&arena, f));
	}
}

void gw_report_findings(FILE *out, const struct gw_findings *fs, enum gw_format format, bool color, const char *summary)
{
	const struct gw_finding *f;

	switch (format) {
	case GW_FORMAT_JSON: report_json(out, fs); return;
	case GW_FORMAT_JSONL: report_jsonl(out, fs); return;
	case GW_FORMAT_TEXT: break;
	}
	for (f = fs->first; f != NULL; f = f->next) {
		print_finding(out, f, color);
		if (f->next != NULL)
			fputc('\n', out);
	}
	if (summary == NULL)
		return;
	if (fs->first != NULL)
		fputc('\n', out);
	print_summary(out, fs, summary);
}
