/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "report/report.h"

#define GAP      2    /* spaces between columns */
#define CELL_MAX 4096 /* octets of a cell once escaped */

struct gw_table_line {
	struct gw_table_line *next;
	struct gw_cell cells[]; /* text is escaped already */
};

void gw_table_init(struct gw_table *t, struct gw_arena *arena, size_t columns)
{
	*t = (struct gw_table){.arena = arena, .columns = columns};
}

void gw_table_row(struct gw_table *t, const struct gw_cell *cells)
{
	struct gw_table_line *row = gw_arena_alloc(t->arena, sizeof(*row) + t->columns * sizeof(row->cells[0]));
	size_t i;

	for (i = 0; i < t->columns; i++) {
		GW_BUF_AUTO struct gw_buf b = GW_BUF(CELL_MAX);

		if (cells[i].text != NULL)
			gw_text_escape(&b, cells[i].text, strlen(cells[i].text));
		row->cells[i].text = gw_arena_strdup(t->arena, gw_buf_str(&b));
		row->cells[i].paint = cells[i].paint;
	}
	if (t->last != NULL)
		t->last->next = row;
	else
		t->first = row;
	t->last = row;
}

static size_t width_of(const struct gw_table *t, size_t column)
{
	const struct gw_table_line *row;
	size_t width = 0;

	for (row = t->first; row != NULL; row = row->next) {
		size_t n = gw_text_columns(row->cells[column].text);

		width = n > width ? n : width;
	}
	return width;
}

static void print_row(const struct gw_table *t, const struct gw_table_line *row, const size_t *widths, FILE *out,
		      bool color)
{
	size_t i, last = t->columns;

	while (last > 0 && row->cells[last - 1].text[0] == '\0')
		last--;
	for (i = 0; i < last; i++) {
		const struct gw_cell *cell = &row->cells[i];
		bool painted = color && cell->paint != GW_PLAIN;

		fprintf(out, "%s%s%s", gw_paint(painted, cell->paint), cell->text, gw_unpaint(painted));
		if (i + 1 < last)
			fprintf(out, "%*s", (int)(widths[i] - gw_text_columns(cell->text) + GAP), "");
	}
	fputc('\n', out);
}

void gw_table_print(const struct gw_table *t, FILE *out, bool color)
{
	size_t *widths = gw_arena_alloc(t->arena, t->columns * sizeof(*widths)), i;
	const struct gw_table_line *row;

	for (i = 0; i < t->columns; i++)
		widths[i] = width_of(t, i);
	for (row = t->first; row != NULL; row = row->next)
		print_row(t, row, widths, out, color);
}
