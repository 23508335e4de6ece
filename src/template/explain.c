/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry came to, line for line with the place that each value was written at. */
#include <string.h>

#include "base/text.h"
#include "rules/idn.h"
#include "template/language.h"

#define COLUMN_MAX 60 /* a longer line pushes its own comment further right and no other's */

/* The lines of a document as the writer of YAML parts them: one a value, and one for each key above a list or map. */
struct line {
	const struct gw_node *value; /* NULL: a line without a value of its own */
	const struct gw_node *above; /* what it is a member of */
};

struct lines {
	struct gw_arena *arena;
	struct line *items;
	size_t count, cap;
};

static void add_line(struct lines *l, const struct gw_node *value, const struct gw_node *above)
{
	if (l->count == l->cap) {
		struct line *old = l->items;

		l->cap = l->cap == 0 ? 64 : l->cap * 2;
		l->items = gw_arena_alloc(l->arena, l->cap * sizeof(*old));
		if (l->count > 0)
			memcpy(l->items, old, l->count * sizeof(*old));
	}
	l->items[l->count++] = (struct line){value, above};
}

static void collect(struct lines *l, const struct gw_node *node)
{
	const struct gw_node *child;

	for (child = node->first; child != NULL; child = child->next) {
		if (child->kind == GW_SCALAR || child->count == 0) {
			add_line(l, child, node);
			continue;
		}
		/* The first member of a map in a list stands behind the dash. */
		if (node->kind != GW_LIST || child->kind != GW_MAP)
			add_line(l, NULL, node);
		collect(l, child);
	}
}

/* What a row of a file has filled in is where the row is: the key of the entry that it made has that place. */
static void add_place(struct gw_buf *out, const struct gw_template *t, const struct gw_entry *e,
		      const struct gw_node *value)
{
	const struct gw_node *row = e->pattern != NULL ? e->node->key : NULL;
	bool of_row = row != NULL && value->source != NULL && value->source == row->source;

	if (value->source == NULL || (!of_row && strcmp(value->source->name, t->name) != 0)) {
		gw_buf_str_add(out, "a ready-made profile");
		return;
	}
	gw_text_escape(out, value->source->name, strlen(value->source->name));
	gw_buf_printf(out, ":%u", of_row && value->line == 0 ? row->line : value->line);
}

/* A name in other letters becomes another text in the certificate: "; xn--bcher-kva.example". */
static void add_form(struct gw_buf *out, struct gw_arena *arena, const struct line *line)
{
	const char *key = line->above->key != NULL ? line->above->key->text : "", *ascii;
	struct gw_san san;

	if (line->value->text == NULL || !gw_idn_is_wide(line->value->text))
		return;
	if (strcmp(key, "sans") == 0 && gw_san_parse(arena, line->value->text, &san) == NULL &&
	    san.type != GW_SAN_OTHER)
		gw_buf_printf(out, "; %s", san.value);
	else if (strcmp(key, "dns") == 0 && gw_dns_parse(arena, line->value->text, false, &ascii) == NULL)
		gw_buf_printf(out, "; %s", ascii);
}

static size_t widest(const char *text)
{
	size_t most = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len > most && len <= COLUMN_MAX)
			most = len;
		text += len + (text[len] == '\n');
	}
	return most;
}

void gw_language_explain(struct gw_buf *out, const struct gw_template *t, const struct gw_entry *e)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf yaml = GW_BUF(GW_TEMPLATE_MAX * 8);
	struct lines lines = {.arena = &arena};
	struct gw_node *root = gw_map_new(&arena), entry = *e->merged;
	const char *at;
	size_t i, len, width;

	entry.next = NULL;
	entry.key = gw_str_new(&arena, e->name);
	gw_list_add(root, &entry);
	collect(&lines, root);
	gw_yaml_write(&yaml, root);
	width = widest(gw_buf_str(&yaml));
	gw_buf_str_add(out, "# profile ");
	gw_text_escape(out, e->profile, strlen(e->profile));
	gw_buf_chr(out, '\n');
	for (at = gw_buf_str(&yaml), i = 0; *at != '\0'; at += len + (at[len] == '\n'), i++) {
		len = strcspn(at, "\n");
		gw_buf_add(out, at, len);
		if (i < lines.count && lines.items[i].value != NULL) {
			gw_buf_fill(out, ' ', len < width ? width - len : 0);
			gw_buf_str_add(out, "  # ");
			add_place(out, t, e, lines.items[i].value);
			add_form(out, &arena, &lines.items[i]);
		}
		gw_buf_chr(out, '\n');
	}
}
