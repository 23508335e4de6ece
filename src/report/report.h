/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports: findings and rows, printed for people or for machines. Every format escapes what comes from outside in its own
 * way, here and nowhere else.
 */
#ifndef GW_REPORT_REPORT_H
#define GW_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/ctx.h"
#include "base/finding.h"
#include "tree/tree.h"

enum gw_format { GW_FORMAT_TEXT, GW_FORMAT_JSON, GW_FORMAT_JSONL, GW_FORMAT_SARIF, GW_FORMAT_JUNIT, GW_FORMAT_GITHUB };

/* The choices of --format where rows are printed, "text", "json" and "jsonl", and where findings are: those and "sarif",
 * "junit" and "github". Both in the order of the enum. */
extern const char *const gw_format_words[];
extern const char *const gw_finding_format_words[];

#define GW_SCHEMA_VERSION 1 /* "schemaVersion" of every JSON document that gwcert prints */

/* Findings with their places, carets, paths and fixes, in the order of the list. `summary` closes the text with a count
 * ("2 errors, 1 warning. Nothing was written."): NULL for none, "" for the count alone. Text goes to `out` with colours
 * where `color`; the formats for machines ignore `summary`. */
void gw_report_findings(FILE *out, const struct gw_findings *fs, enum gw_format format, bool color,
			const char *summary);

/* The same where not only errors make the command fail, but all findings of `fails` and worse: JUnit has them as failures. */
void gw_report_findings_from(FILE *out, const struct gw_findings *fs, enum gw_severity fails, enum gw_format format,
			     bool color, const char *summary);

/* A finding as a JSON object: code, severity, message, file, line, column, endLine, endColumn, path, fix, evidence. */
struct gw_node *gw_finding_node(struct gw_arena *arena, const struct gw_finding *f);

/* A JSON document that begins with "schemaVersion". Add members, then print it with gw_report_document(). */
struct gw_node *gw_report_new(struct gw_arena *arena);
void gw_report_document(FILE *out, const struct gw_node *node); /* pretty */
void gw_report_line(FILE *out, const struct gw_node *node);     /* one line, whole, for the caller to flush */

/* --- tables and words for people --------------------------------------------------------------------------------- */

enum gw_paint { GW_PLAIN, GW_BOLD, GW_DIM, GW_RED, GW_GREEN, GW_YELLOW };

/* Escape sequences to begin and end a colour; "" where colour is off. */
const char *gw_paint(bool color, enum gw_paint paint);
const char *gw_unpaint(bool color);

/* Prints text from outside, escaped for a terminal. */
void gw_print_text(FILE *out, const char *text);

/* A table with left-aligned columns, two spaces apart; the last one is not padded. Cells are escaped. */
struct gw_table {
	struct gw_arena *arena;
	size_t columns;
	struct gw_table_line *first, *last;
};
struct gw_cell {
	const char *text; /* copied */
	enum gw_paint paint;
};
void gw_table_init(struct gw_table *t, struct gw_arena *arena, size_t columns);
void gw_table_row(struct gw_table *t, const struct gw_cell *cells); /* columns of them */
void gw_table_print(const struct gw_table *t, FILE *out, bool color);

#endif
