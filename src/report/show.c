/* SPDX-License-Identifier: Apache-2.0 */
#include "report/show.h"

#include <string.h>

#include "base/text.h"
#include "report/facts.h"
#include "report/report.h"

#define LABEL_COLUMNS 16 /* of a label; two spaces follow */

struct gw_node *gw_shown_new(struct gw_arena *arena, const char *type, const struct gw_shown_at *at)
{
	const struct gw_where *where = &at->where;
	struct gw_node *map = gw_map_new(arena);

	gw_report_text(arena, map, "type", type);
	gw_report_text(arena, map, "file", where->file);
	gw_map_add(arena, map, "line", where->line > 0 ? gw_int_new(arena, where->line) : gw_null_new(arena));
	gw_report_text(arena, map, "object", at->object);
	gw_report_text(arena, map, "path", where->path);
	gw_report_text(arena, map, "friendlyName", at->friendly_name);
	return map;
}

void gw_shown_add(struct gw_node *shown, struct gw_node *facts)
{
	struct gw_node *m, *next;

	for (m = facts->first; m != NULL; m = next) {
		next = m->next;
		m->next = NULL;
		gw_list_add(shown, m);
	}
	facts->first = facts->last = NULL;
	facts->count = 0;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

static const char *text_of(const struct gw_node *shown, const char *key)
{
	const struct gw_node *m = gw_node_get(shown, key);

	return gw_node_is_null(m) ? NULL : gw_node_text(m);
}

static void print_heading(FILE *out, const struct gw_node *shown, bool color)
{
	const char *line = text_of(shown, "line"), *object = text_of(shown, "object"), *path = text_of(shown, "path");

	fputs(gw_paint(color, GW_BOLD), out);
	gw_print_text(out, text_of(shown, "file"));
	fprintf(out, "%s%s: %s%s", line != NULL ? ":" : "", line != NULL ? line : "", text_of(shown, "type"),
		gw_unpaint(color));
	if (path != NULL) {
		fputs(" (", out);
		gw_print_text(out, object != NULL ? object : "");
		fputs(object != NULL ? ", " : "", out);
		gw_print_text(out, path);
		fputc(')', out);
	}
	fputc('\n', out);
}

static void print_fact(FILE *out, const char *label, const char *value)
{
	fprintf(out, "  %-*s  ", LABEL_COLUMNS, label);
	gw_print_text(out, value);
	fputc('\n', out);
}

/* The members of a map in a row, DER aside: a flag as its name, where it is set. */
static void print_row(FILE *out, const struct gw_node *map)
{
	const struct gw_node *m;
	const char *gap = "";

	for (m = map->first; m != NULL; m = m->next) {
		const char *text = gw_node_text(m);
		bool flag;

		if (m->kind != GW_SCALAR || gw_node_is_null(m) || strcmp(m->key->text, "der") == 0)
			continue;
		if (gw_node_is_bool(m, &flag))
			text = flag ? m->key->text : NULL;
		if (text == NULL)
			continue;
		fputs(gap, out);
		gw_print_text(out, text);
		gap = "  ";
	}
	fputc('\n', out);
}

/* The items of a list below each other; of a map in a list (a revoked certificate) the members in a row. */
static void print_list(FILE *out, const char *label, const struct gw_node *list)
{
	const struct gw_node *item;

	for (item = list->first; item != NULL; item = item->next, label = "") {
		if (item->kind == GW_SCALAR) {
			print_fact(out, label, item->text);
			continue;
		}
		fprintf(out, "  %-*s  ", LABEL_COLUMNS, label);
		print_row(out, item);
	}
}

/* Lists by kind: "dns:example.com" below each other. */
static void print_kinds(FILE *out, const char *label, const struct gw_node *map)
{
	const struct gw_node *kind, *item;

	for (kind = map->first; kind != NULL; kind = kind->next) {
		for (item = kind->kind == GW_LIST ? kind->first : NULL; item != NULL; item = item->next, label = "") {
			fprintf(out, "  %-*s  %s:", LABEL_COLUMNS, label, kind->key->text);
			gw_print_text(out, item->text);
			fputc('\n', out);
		}
	}
}

/* What the heading says, PEM, and the names once more. */
static bool is_elsewhere(const char *key)
{
	static const char *const keys[] = {"type", "file", "line", "object", "path", "pem", "sansByType"};
	size_t i;

	for (i = 0; i < GW_COUNT(keys); i++) {
		if (strcmp(keys[i], key) == 0)
			return true;
	}
	return false;
}

void gw_shown_text(FILE *out, const struct gw_node *shown, bool color)
{
	const struct gw_node *m;

	print_heading(out, shown, color);
	for (m = shown->first; m != NULL; m = m->next) {
		if (gw_node_is_null(m) || is_elsewhere(m->key->text))
			continue;
		if (m->kind == GW_LIST)
			print_list(out, m->key->text, m);
		else if (m->kind == GW_MAP)
			print_kinds(out, m->key->text, m);
		else
			print_fact(out, m->key->text, m->text);
	}
}

bool gw_shown_pem(FILE *out, const struct gw_node *shown)
{
	const char *pem = text_of(shown, "pem");

	if (pem != NULL)
		fputs(pem, out);
	return pem != NULL;
}

/* --- one fact ----------------------------------------------------------------------------------------------------- */

/* The member that a name of `len` octets means. */
static const struct gw_node *member(const struct gw_node *map, const char *name, size_t len)
{
	const struct gw_node *m;
	char word[64];

	if (map->kind != GW_MAP || len >= sizeof(word))
		return NULL;
	memcpy(word, name, len);
	word[len] = '\0';
	for (m = map->first; m != NULL; m = m->next) {
		if (gw_same_word(m->key->text, word))
			return m;
	}
	return NULL;
}

bool gw_shown_select(FILE *out, const struct gw_node *shown, const char *field)
{
	const struct gw_node *node = shown, *item;

	while (node != NULL && *field != '\0') {
		size_t len = strcspn(field, ".");

		node = member(node, field, len);
		field += len + (field[len] == '.');
	}
	if (node == NULL)
		return false;
	if (node == gw_node_get(shown, "pem")) {
		(void)gw_shown_pem(out, shown);
	} else if (node->kind == GW_SCALAR) {
		gw_print_text(out, gw_node_is_null(node) ? "" : node->text);
		fputc('\n', out);
	} else if (node->kind == GW_LIST && (node->first == NULL || node->first->kind == GW_SCALAR)) {
		for (item = node->first; item != NULL; item = item->next) {
			gw_print_text(out, item->text);
			fputc('\n', out);
		}
	} else {
		gw_report_line(out, node);
	}
	return true;
}

static const char *next_key(void *state)
{
	const struct gw_node **m = state, *now = *m;

	if (now == NULL)
		return NULL;
	*m = now->next;
	return now->key->text;
}

const char *gw_shown_nearest(const struct gw_node *shown, const char *field)
{
	const struct gw_node *at = shown->first;

	return gw_nearest(field, next_key, &at);
}
