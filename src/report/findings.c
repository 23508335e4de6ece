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
#include "report/formats.h"
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

static void print_related(FILE *out, const struct gw_related *r)
{
	fputs("   note: ", out);
	print_place(out, &r->where);
	gw_print_text(out, r->what);
	fputc('\n', out);
}

static void print_finding(FILE *out, const struct gw_finding *f, bool color)
{
	const struct gw_related *r;

	fputs(gw_paint(color, GW_BOLD), out);
	print_place(out, &f->where);
	fprintf(out, "%s%s%s:%s ", gw_unpaint(color), gw_paint(color, paint_of(f->severity)),
		gw_severity_name(f->severity), gw_unpaint(color));
	gw_print_text(out, f->what);
	fprintf(out, " %s[%s]%s\n", gw_paint(color, GW_DIM), f->rule->id, gw_unpaint(color));
	print_excerpt(out, &f->where, color);
	print_line(out, "path", f->where.path);
	print_line(out, "seen", f->evidence);
	for (r = f->related; r != NULL; r = r->next)
		print_related(out, r);
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

void gw_report_findings_from(FILE *out, const struct gw_findings *fs, enum gw_severity fails, enum gw_format format,
			     bool color, const char *summary)
{
	const struct gw_finding *f;

	switch (format) {
	case GW_FORMAT_JSON: gw_findings_json(out, fs); return;
	case GW_FORMAT_JSONL: gw_findings_jsonl(out, fs); return;
	case GW_FORMAT_SARIF: gw_findings_sarif(out, fs); return;
	case GW_FORMAT_JUNIT: gw_findings_junit(out, fs, fails); return;
	case GW_FORMAT_GITHUB: gw_findings_github(out, fs); return;
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

void gw_report_findings(FILE *out, const struct gw_findings *fs, enum gw_format format, bool color, const char *summary)
{
	gw_report_findings_from(out, fs, GW_ERROR, format, color, summary);
}
