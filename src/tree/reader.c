/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "tree/internal.h"

#define EXCERPT_MAX 200 /* octets of a source line that a message shows; a place further right is shown without it */

void gw_source_place(const struct gw_source *source, size_t offset, unsigned *line, unsigned *column)
{
	const char *at = source->text, *end = source->text + (offset < source->len ? offset : source->len), *newline;

	*line = 1;
	while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		(*line)++;
		at = newline + 1;
	}
	*column = 1;
	for (; at < end; at++)
		*column += ((unsigned char)*at & 0xc0) != 0x80;
}

/* Notes where every GW_SOURCE_STRIDE-th line begins. */
static void index_lines(struct gw_arena *arena, struct gw_source *source)
{
	const char *at = source->text, *end = source->text + source->len;
	size_t count = 1, line = 0, *lines;

	for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
		count++;
	source->n_lines = (count + GW_SOURCE_STRIDE - 1) / GW_SOURCE_STRIDE;
	source->lines = lines = gw_arena_alloc(arena, source->n_lines * sizeof(*lines));
	for (at = source->text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
		if (++line % GW_SOURCE_STRIDE == 0)
			lines[line / GW_SOURCE_STRIDE] = (size_t)(at + 1 - source->text);
	}
}

const struct gw_source *gw_source_new(struct gw_arena *arena, const char *name, const char *text, size_t len)
{
	struct gw_source *source = GW_ARENA_NEW(arena, struct gw_source);

	source->name = gw_arena_strdup(arena, name);
	source->text = text;
	source->len = len;
	index_lines(arena, source);
	return source;
}

static const char *excerpt(struct gw_arena *arena, const struct gw_source *source, unsigned line)
{
	size_t stride = (line - 1) / GW_SOURCE_STRIDE;
	const char *at, *end = source->text + source->len, *stop;
	unsigned n;

	if (stride >= source->n_lines)
		return NULL;
	at = source->text + source->lines[stride];
	for (n = (unsigned)stride * GW_SOURCE_STRIDE + 1; n < line; n++) {
		at = memchr(at, '\n', (size_t)(end - at));
		if (at == NULL)
			return NULL;
		at++;
	}
	stop = memchr(at, '\n', (size_t)(end - at));
	if (stop == NULL)
		stop = end;
	if (stop > at && stop[-1] == '\r')
		stop--;
	return gw_arena_strndup(arena, at, (size_t)(stop - at) < EXCERPT_MAX ? (size_t)(stop - at) : EXCERPT_MAX);
}

enum gw_code gw_reader_fail(struct gw_reader *r, unsigned line, unsigned column, const char *fmt, ...)
{
	char what[GW_ERR_WHAT_MAX], where[GW_ERR_WHERE_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(where, sizeof(where), "%s:%u:%u", r->source->name, line, column);
	*r->fault = (struct gw_tree_fault){
		.where = {.file = r->source->name,
			  .line = line,
			  .column = column,
			  .end_line = line,
			  .end_column = column + 1,
			  .excerpt = r->arena->sensitive || column >= EXCERPT_MAX ? NULL
										  : excerpt(r->arena, r->source, line)},
	};
	return gw_fail(r->err, GW_E_INPUT, where, "%s", what);
}

void gw_reader_other(struct gw_reader *r, unsigned line, unsigned column)
{
	r->fault->other = (struct gw_where){
		.file = r->source->name, .line = line, .column = column, .end_line = line, .end_column = column + 1};
}

static enum gw_code check_text(struct gw_reader *r)
{
	const struct gw_source *s = r->source;
	unsigned line, column;
	size_t at = 0;

	while (at < s->len) {
		uint32_t point;
		size_t n = s->text[at] == '\0' ? 0 : gw_utf8_decode(s->text + at, s->len - at, &point);

		if (n == 0) {
			gw_source_place(s, at, &line, &column);
			if (s->text[at] == '\0')
				gw_reader_fail(r, line, column, "a NUL octet, which no text file has");
			else
				gw_reader_fail(r, line, column, "not UTF-8: octet 0x%02x", (unsigned char)s->text[at]);
			return gw_hint(r->err, "save the file as UTF-8 text");
		}
		at += n;
	}
	return GW_OK;
}

enum gw_code gw_reader_init(struct gw_reader *r, struct gw_arena *arena, const char *name, const char *text, size_t len,
			    struct gw_tree_fault *fault, struct gw_err *err)
{
	const struct gw_source *source = gw_source_new(arena, gw_file_shown(name), text, len);

	*r = (struct gw_reader){.arena = arena, .source = source, .fault = fault, .err = err};
	return check_text(r);
}

struct gw_node *gw_reader_node(struct gw_reader *r, enum gw_node_kind kind, unsigned line, unsigned column)
{
	struct gw_node *node;

	if (++r->nodes > GW_TREE_NODES_MAX) {
		gw_reader_fail(r, line, column, "more than %zu values in one input", GW_TREE_NODES_MAX);
		return NULL;
	}
	node = GW_ARENA_NEW(r->arena, struct gw_node);
	node->kind = kind;
	node->text = "";
	node->line = node->end_line = line;
	node->column = node->end_column = column;
	node->source = r->source;
	return node;
}

#define FEW_KEYS 16 /* compared pair by pair; more are sorted */

static int by_key(const void *a, const void *b)
{
	const struct gw_node *const *x = a, *const *y = b;
	int order = strcmp((*x)->key->text, (*y)->key->text);

	if (order != 0)
		return order;
	if ((*x)->key->line != (*y)->key->line)
		return (*x)->key->line < (*y)->key->line ? -1 : 1;
	return (*x)->key->column < (*y)->key->column ? -1 : (*x)->key->column > (*y)->key->column;
}

static bool has_twin_of_few(const struct gw_node *map)
{
	const struct gw_node *a, *b;

	for (b = map->first; b != NULL; b = b->next) {
		for (a = map->first; a != b; a = a->next) {
			if (strcmp(a->key->text, b->key->text) == 0)
				return true;
		}
	}
	return false;
}

static enum gw_code fail_twice(struct gw_reader *r, const struct gw_node *twin, const struct gw_node *first)
{
	gw_reader_fail(r, twin->key->line, twin->key->column, "duplicate key \"%s\": it is already on line %u",
		       twin->key->text, first->key->line);
	r->fault->where.end_column = twin->key->end_column;
	gw_reader_other(r, first->key->line, first->key->column);
	return gw_hint(r->err, "keep one of the two; most readers silently take the last");
}

static void note_twice(struct gw_reader *r, const struct gw_node *twin, const struct gw_node *first)
{
	struct gw_twice *t;

	if (r->n_twice++ >= GW_TWICE_MAX)
		return;
	t = GW_ARENA_NEW(r->arena, struct gw_twice);
	t->where = gw_node_where(r->arena, twin->key, NULL);
	t->key = twin->key->text;
	t->first = gw_node_where(r->arena, first->key, NULL);
	t->next = *r->twice;
	*r->twice = t;
}

/* Takes out the members that have lost their key. */
static void drop_keyless(struct gw_node *map)
{
	struct gw_node *m, *next;

	m = map->first;
	map->first = map->last = NULL;
	map->count = 0;
	for (; m != NULL; m = next) {
		next = m->next;
		m->next = NULL;
		if (m->key != NULL)
			gw_node_append(map, m);
	}
}

static enum gw_code check_sorted(struct gw_reader *r, struct gw_node *map, struct gw_node **members)
{
	struct gw_node *first, *m;
	size_t n = 0, i;

	for (m = map->first; m != NULL; m = m->next)
		members[n++] = m;
	qsort(members, n, sizeof(struct gw_node *), by_key);
	for (i = 1, first = members[0]; i < n; i++) {
		if (strcmp(first->key->text, members[i]->key->text) != 0) {
			first = members[i];
			continue;
		}
		if (r->twice == NULL)
			return fail_twice(r, members[i], first);
		note_twice(r, members[i], first);
		if (r->last_holds) {
			first->key = NULL;
			first = members[i];
		} else {
			members[i]->key = NULL;
		}
	}
	drop_keyless(map);
	return GW_OK;
}

enum gw_code gw_reader_check_keys(struct gw_reader *r, struct gw_node *map)
{
	struct gw_node **members;
	enum gw_code code;

	if (map->count < 2 || (map->count <= FEW_KEYS && !has_twin_of_few(map)))
		return GW_OK;
	members = gw_realloc_array(NULL, map->count, sizeof(struct gw_node *));
	code = check_sorted(r, map, members);
	free(members);
	return code;
}

struct gw_where gw_node_where(struct gw_arena *arena, const struct gw_node *node, const char *path)
{
	struct gw_where where = {.path = path};

	if (node == NULL || node->source == NULL)
		return where;
	where.file = node->source->name;
	where.line = node->line;
	where.column = node->column;
	where.end_line = node->end_line;
	where.end_column = node->end_column;
	if (!arena->sensitive && node->column < EXCERPT_MAX)
		where.excerpt = excerpt(arena, node->source, node->line);
	return where;
}
