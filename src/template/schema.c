/* SPDX-License-Identifier: Apache-2.0 */
#include "template/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const struct gw_row *gw_row_find(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (strcmp(rows->rows[i].name, key) == 0)
			return &rows->rows[i];
	}
	return NULL;
}

/* Whether key is name and a '+' behind it. */
static bool appends_to(const char *key, const char *name)
{
	size_t len = strlen(name);

	return strncmp(key, name, len) == 0 && key[len] == '+' && key[len + 1] == '\0';
}

const struct gw_row *gw_row_appended(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (!rows->rows[i].alone && appends_to(key, rows->rows[i].name))
			return &rows->rows[i];
	}
	return NULL;
}

bool gw_row_is_list(const struct gw_row *row)
{
	return row->kind == GW_VALUE_TEXTS || row->kind == GW_VALUE_WORDS || row->kind == GW_VALUE_MAPS;
}

const struct gw_node *gw_node_appending(const struct gw_node *map, const char *key)
{
	const struct gw_node *m;

	for (m = map->first; m != NULL; m = m->next) {
		if (appends_to(m->key->text, key))
			return m;
	}
	return NULL;
}

bool gw_row_stands(const struct gw_row *row, const struct gw_node *map)
{
	const char *word = row->only_key != NULL ? gw_node_text(gw_node_get(map, row->only_key)) : NULL;

	return word == NULL || strcmp(word, row->only_word) == 0;
}

static bool is_also(const struct gw_row *row, const char *key)
{
	const char *at = row->also;
	char word[64];

	while (at != NULL && sscanf(at, " %63s", word) == 1) {
		if (gw_same_word(word, key))
			return true;
		at = strchr(at + 1, ' ');
	}
	return false;
}

/* The row that is the key but for case and hyphens, or that another tool calls so. */
static const struct gw_row *row_called(const struct gw_rows *rows, const char *key)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (gw_same_word(rows->rows[i].name, key))
			return &rows->rows[i];
	}
	for (i = 0; i < rows->count; i++) {
		if (is_also(&rows->rows[i], key))
			return &rows->rows[i];
	}
	return NULL;
}

struct cursor {
	const struct gw_rows *rows;
	size_t i;
};

static const char *next_name(void *state)
{
	struct cursor *c = state;

	return c->i < c->rows->count ? c->rows->rows[c->i++].name : NULL;
}

/* A key that is known one level down was only put in the wrong place: commonName belongs below subject. */
static const char *suggest_below(struct gw_arena *arena, const struct gw_rows *rows, const char *key)
{
	size_t i, j;

	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];

		for (j = 0; row->kind == GW_VALUE_MAP && j < row->map->count; j++) {
			if (gw_same_word(row->map->rows[j].name, key))
				return gw_arena_printf(arena, "%s.%s", row->name, row->map->rows[j].name);
		}
	}
	return NULL;
}

const char *gw_row_suggest(struct gw_arena *arena, const struct gw_rows *rows, const char *key)
{
	struct cursor c = {.rows = rows};
	const struct gw_row *row = row_called(rows, key);
	const char *found = row != NULL ? row->name : suggest_below(arena, rows, key);

	return found != NULL ? found : gw_nearest(key, next_name, &c);
}
