/* SPDX-License-Identifier: Apache-2.0 */
#include "report/receipt.h"

#include "report/report.h"

static const enum gw_paint paints[] = {
	[GW_GRANTED] = GW_GREEN, [GW_DROPPED] = GW_RED, [GW_CHANGED] = GW_YELLOW, [GW_ADDED] = GW_DIM};

/* --- text --------------------------------------------------------------------------------------------------------- */

static const char *value_of(struct gw_arena *arena, const struct gw_receipt_row *row)
{
	if (row->fate != GW_CHANGED)
		return row->asked != NULL ? row->asked : row->granted;
	return gw_arena_printf(arena, "%s -> %s", row->asked, row->granted);
}

static const char *verdict(const struct gw_receipt_view *view)
{
	if (view->refused != NULL)
		return "not signed";
	return view->dry_run ? "would be signed" : "signed";
}

void gw_report_receipt_text(FILE *out, const struct gw_receipt *r, const struct gw_receipt_view *view)
{
	char date[GW_TIME_TEXT];
	struct gw_table table;
	size_t i;

	gw_table_init(&table, view->arena, 4);
	for (i = 0; i < r->n_rows; i++) {
		const struct gw_receipt_row *row = &r->rows[i];
		const struct gw_cell cells[] = {{gw_fate_word(row->fate), paints[row->fate]},
						{row->field, GW_PLAIN},
						{value_of(view->arena, row), GW_BOLD},
						{row->why, GW_DIM}};

		gw_table_row(&table, cells);
	}
	gw_table_print(&table, out, view->color);
	gw_print_text(out, view->request);
	fprintf(out, ": %s by ", verdict(view));
	gw_print_text(out, view->issuer);
	fputs(" under profile ", out);
	gw_print_text(out, r->profile);
	if (r->not_after != 0) {
		gw_time_format(date, r->not_after);
		fprintf(out, ", until %s", date);
	}
	fprintf(out, ": %zu granted, %zu changed, %zu dropped, %zu added\n", r->count[GW_GRANTED], r->count[GW_CHANGED],
		r->count[GW_DROPPED], r->count[GW_ADDED]);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void add_rows(struct gw_arena *arena, struct gw_node *document, const struct gw_receipt *r)
{
	struct gw_node *list = gw_map_add(arena, document, "receipt", gw_list_new(arena));
	size_t i;

	for (i = 0; i < r->n_rows; i++) {
		const struct gw_receipt_row *row = &r->rows[i];
		struct gw_node *one = gw_list_add(list, gw_map_new(arena));

		gw_map_str(arena, one, "field", row->field);
		gw_map_str(arena, one, "fate", gw_fate_word(row->fate));
		gw_map_str(arena, one, "asked", row->asked);
		gw_map_str(arena, one, "granted", row->granted);
		gw_map_str(arena, one, "why", row->why);
	}
}

void gw_report_receipt_json(FILE *out, const struct gw_receipt *r, const struct gw_receipt_view *view)
{
	struct gw_arena *arena = view->arena;
	struct gw_node *document = gw_report_new(arena), *refused;
	char date[GW_TIME_TEXT];
	struct gw_cert_facts facts;

	gw_map_str(arena, document, "request", view->request);
	gw_map_str(arena, document, "issuer", view->issuer);
	gw_map_str(arena, document, "profile", r->profile);
	gw_map_bool(arena, document, "signed", view->cert != NULL && !view->dry_run);
	gw_map_bool(arena, document, "dryRun", view->dry_run);
	if (view->refused != NULL) {
		refused = gw_map_add(arena, document, "refused", gw_map_new(arena));
		gw_map_str(arena, refused, "status", gw_code_name(view->refused->code));
		gw_map_str(arena, refused, "message", view->refused->what);
		if (view->refused->hint[0] != '\0')
			gw_map_str(arena, refused, "hint", view->refused->hint);
	}
	add_rows(arena, document, r);
	gw_time_format(date, r->not_after);
	if (r->not_after != 0)
		gw_map_str(arena, document, "notAfter", date);
	if (view->cert != NULL && !view->dry_run) {
		gw_cert_read_facts(view->cert, arena, &facts);
		gw_map_str(arena, document, "serial", facts.serial);
		gw_map_str(arena, document, "sha256", facts.sha256);
		gw_map_str(arena, document, "certificate", view->pem);
	}
	gw_report_document(out, document);
}
