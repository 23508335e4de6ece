/* SPDX-License-Identifier: Apache-2.0 */
#include "template/language.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "template/schema.h"

/* --- keys --------------------------------------------------------------------------------------------------------- */

static const char *value_words(struct gw_arena *arena, const struct gw_row *row)
{
	switch (row->kind) {
	case GW_VALUE_TEXT: return row->many ? "string or list of strings" : "string";
	case GW_VALUE_WORD: return "word";
	case GW_VALUE_BOOL: return "true or false";
	case GW_VALUE_NUMBER:
		return row->words != NULL ? "number"
					  : gw_arena_printf(arena, "number %" PRId64 "-%" PRId64, row->min, row->max);
	case GW_VALUE_DURATION: return "duration";
	case GW_VALUE_INSTANT: return "instant";
	case GW_VALUE_PASSWORD: return "password source";
	case GW_VALUE_TEXTS: return "list of strings";
	case GW_VALUE_WORDS: return row->check != NULL ? "list of words or OIDs" : "list of words";
	case GW_VALUE_MAP: return row->words != NULL ? "map or word" : "map";
	case GW_VALUE_NAMED: return "names, each a map";
	case GW_VALUE_ROWS: return "list or map";
	case GW_VALUE_MAPS: return "list of maps";
	case GW_VALUE_LABELS: return "names, each a string";
	}
	return "";
}

static struct gw_key_help help_of(struct gw_arena *arena, const struct gw_row *row)
{
	GW_BUF_AUTO struct gw_buf words = GW_BUF(GW_ERR_WHAT_MAX);
	const char *const *word;

	for (word = row->words; word != NULL && *word != NULL; word++)
		gw_buf_printf(&words, "%s%s", words.len > 0 ? ", " : "", *word);
	return (struct gw_key_help){
		.name = row->name,
		.value = value_words(arena, row),
		.help = words.len == 0 ? row->help : gw_arena_printf(arena, "%s (%s)", row->help, gw_buf_str(&words)),
	};
}

static enum gw_code unknown_place(struct gw_arena *arena, const struct gw_rows *rows, const char *name,
				  struct gw_err *err)
{
	const char *near = gw_row_suggest(arena, rows, name);

	gw_fail(err, GW_E_USAGE, "PATH", "there is no key \"%s\" in %s", name, rows->what);
	return near != NULL ? gw_hint(err, "did you mean \"%s\"?", near)
			    : gw_hint(err, "gwcert template keys lists them from the top");
}

/* Goes down a path. *rows ends as the keys of the place, or as NULL where it takes none; *row is the last key on it. */
static enum gw_code go_down(struct gw_arena *arena, const char *path, const struct gw_rows **rows,
			    const struct gw_row **row, struct gw_err *err)
{
	bool name_allowed = false;

	while (*path != '\0') {
		size_t len = strcspn(path, ".");
		const char *name = gw_arena_strndup(arena, path, len);
		const struct gw_row *found = *rows != NULL ? gw_row_find(*rows, name) : NULL;

		path += len + (path[len] == '.');
		if (found == NULL && !name_allowed)
			return *rows != NULL ? unknown_place(arena, *rows, name, err)
					     : gw_fail(err, GW_E_USAGE, "PATH", "\"%s\" has no keys", (*row)->name);
		/* Below certificates, "store" is the name of an entry, "subject" the key of any. */
		name_allowed = found != NULL && found->kind == GW_VALUE_NAMED;
		if (found == NULL)
			continue;
		*row = found;
		*rows = found->map;
	}
	return GW_OK;
}

enum gw_code gw_language_keys(struct gw_arena *arena, const char *path, const struct gw_key_help **keys, size_t *count,
			      struct gw_err *err)
{
	const struct gw_rows *rows = &gw_template_rows;
	const struct gw_row *row = NULL;
	struct gw_key_help *list;
	enum gw_code code = go_down(arena, path, &rows, &row, err);
	size_t i, n = rows != NULL ? rows->count : 1;

	if (code != GW_OK)
		return code;
	list = gw_arena_alloc(arena, n * sizeof(*list));
	for (i = 0; i < n; i++)
		list[i] = help_of(arena, rows != NULL ? &rows->rows[i] : row);
	*keys = list;
	*count = n;
	return GW_OK;
}

/* --- JSON Schema -------------------------------------------------------------------------------------------------- */

static struct gw_node *schema_of(struct gw_arena *arena, const struct gw_row *row);

static struct gw_node *typed(struct gw_arena *arena, const char *type)
{
	struct gw_node *schema = gw_map_new(arena);

	gw_map_str(arena, schema, "type", type);
	return schema;
}

/* A schema that also lets a value pass that has a variable in it: what that holds is not known here. */
static struct gw_node *or_variable(struct gw_arena *arena, struct gw_node *schema)
{
	struct gw_node *either = gw_map_new(arena), *list = gw_list_new(arena), *variable = gw_map_new(arena);

	gw_map_str(arena, variable, "$ref", "#/$defs/variable");
	gw_list_add(list, schema);
	gw_list_add(list, variable);
	gw_map_add(arena, either, "anyOf", list);
	return either;
}

/* What stands without quotes may pass for a number or a truth value elsewhere: country NO, postal code 1000. */
static struct gw_node *text_schema(struct gw_arena *arena)
{
	struct gw_node *schema = gw_map_new(arena), *types = gw_map_add(arena, schema, "type", gw_list_new(arena));

	gw_list_add(types, gw_str_new(arena, "string"));
	gw_list_add(types, gw_str_new(arena, "number"));
	gw_list_add(types, gw_str_new(arena, "boolean"));
	gw_map_int(arena, schema, "minLength", 1);
	return schema;
}

static struct gw_node *pattern_schema(struct gw_arena *arena, const char *pattern)
{
	struct gw_node *schema = typed(arena, "string");

	gw_map_str(arena, schema, "pattern", pattern);
	return or_variable(arena, schema);
}

static struct gw_node *words_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = gw_map_new(arena), *list = gw_map_add(arena, schema, "enum", gw_list_new(arena));
	const char *const *word;

	for (word = row->words; *word != NULL; word++)
		gw_list_add(list, row->kind == GW_VALUE_NUMBER ? gw_int_new(arena, strtoll(*word, NULL, 10))
							       : gw_str_new(arena, *word));
	return or_variable(arena, schema);
}

static struct gw_node *number_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = typed(arena, "integer");

	if (row->words != NULL)
		return words_schema(arena, row);
	gw_map_int(arena, schema, "minimum", row->min);
	gw_map_int(arena, schema, "maximum", row->max);
	return or_variable(arena, schema);
}

static struct gw_node *list_schema(struct gw_arena *arena, const struct gw_row *row, struct gw_node *items)
{
	struct gw_node *schema = typed(arena, "array");

	gw_map_add(arena, schema, "items", items);
	gw_map_int(arena, schema, "maxItems", row->max);
	gw_map_bool(arena, schema, "uniqueItems", true);
	return schema;
}

/* A text, or a list of them. */
static struct gw_node *one_or_more(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = gw_map_new(arena), *either = gw_map_add(arena, schema, "anyOf", gw_list_new(arena));

	gw_list_add(either, text_schema(arena));
	gw_list_add(either, list_schema(arena, row, text_schema(arena)));
	return schema;
}

/* A word of a list, or what begins with a digit where that stands, too. */
static struct gw_node *word_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = words_schema(arena, row);

	if (row->check != NULL)
		gw_list_add(gw_node_get(schema, "anyOf"), pattern_schema(arena, "^[0-9]+(\\.[0-9]+)+$"));
	return schema;
}

static struct gw_node *rows_schema(struct gw_arena *arena, const struct gw_rows *rows)
{
	struct gw_node *schema = typed(arena, "object");
	struct gw_node *properties = gw_map_add(arena, schema, "properties", gw_map_new(arena));
	size_t i;

	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];

		gw_map_add(arena, properties, row->name, schema_of(arena, row));
		if (gw_row_is_list(row) && !row->alone)
			gw_map_add(arena, properties, gw_arena_printf(arena, "%s+", row->name), schema_of(arena, row));
	}
	gw_map_bool(arena, schema, "additionalProperties", false);
	return schema;
}

static struct gw_node *map_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *map = rows_schema(arena, row->map), *either;

	if (row->words == NULL)
		return map;
	either = words_schema(arena, row);
	gw_list_add(gw_node_get(either, "anyOf"), map);
	return either;
}

static struct gw_node *named_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = typed(arena, "object");

	gw_map_add(arena, schema, "additionalProperties", rows_schema(arena, row->map));
	gw_map_int(arena, schema, "maxProperties", row->max);
	return schema;
}

static struct gw_node *any_of(struct gw_arena *arena, struct gw_node *one, struct gw_node *other)
{
	struct gw_node *either = gw_map_new(arena), *list = gw_map_add(arena, either, "anyOf", gw_list_new(arena));

	gw_list_add(list, one);
	gw_list_add(list, other);
	return either;
}

/* Rows that are strings, or maps from the author's own names to strings; or where they are read from. */
static struct gw_node *each_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *list = typed(arena, "array"), *map = typed(arena, "object");

	gw_map_add(arena, map, "additionalProperties", text_schema(arena));
	gw_map_add(arena, list, "items", any_of(arena, text_schema(arena), map));
	gw_map_int(arena, list, "minItems", 1);
	return any_of(arena, list, rows_schema(arena, row->map));
}

/* Of maps a list may hold the same twice: that is told with more words than a schema has. */
static struct gw_node *maps_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = typed(arena, "array"), *item = rows_schema(arena, row->map);

	if (row->one) {
		gw_map_int(arena, item, "minProperties", 1);
		gw_map_int(arena, item, "maxProperties", 1);
	}
	gw_map_add(arena, schema, "items", item);
	gw_map_int(arena, schema, "maxItems", row->max);
	return schema;
}

static struct gw_node *labels_schema(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = typed(arena, "object"), *types = gw_list_new(arena), *value = gw_map_new(arena);

	gw_list_add(types, gw_str_new(arena, "string"));
	gw_list_add(types, gw_str_new(arena, "number"));
	gw_list_add(types, gw_str_new(arena, "boolean"));
	gw_map_add(arena, value, "type", types);
	gw_map_add(arena, schema, "additionalProperties", value);
	gw_map_int(arena, schema, "maxProperties", row->max);
	return schema;
}

static struct gw_node *kind_schema(struct gw_arena *arena, const struct gw_row *row)
{
	switch (row->kind) {
	case GW_VALUE_TEXT: return row->many ? one_or_more(arena, row) : text_schema(arena);
	case GW_VALUE_BOOL: return or_variable(arena, typed(arena, "boolean"));
	case GW_VALUE_WORD: return words_schema(arena, row);
	case GW_VALUE_NUMBER: return number_schema(arena, row);
	case GW_VALUE_DURATION: return pattern_schema(arena, "^[0-9]+[smhdwy]$");
	case GW_VALUE_INSTANT:
		return pattern_schema(arena, "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}"
					     "([Zz]|[+-][0-9]{2}:[0-9]{2})$");
	case GW_VALUE_PASSWORD: return pattern_schema(arena, "^(env:.+|file:.+|fd:[0-9]+|prompt)$");
	case GW_VALUE_TEXTS: return list_schema(arena, row, text_schema(arena));
	case GW_VALUE_WORDS: return list_schema(arena, row, word_schema(arena, row));
	case GW_VALUE_MAP: return map_schema(arena, row);
	case GW_VALUE_NAMED: return named_schema(arena, row);
	case GW_VALUE_ROWS: return each_schema(arena, row);
	case GW_VALUE_MAPS: return maps_schema(arena, row);
	case GW_VALUE_LABELS: return labels_schema(arena, row);
	}
	return gw_map_new(arena);
}

static struct gw_node *schema_of(struct gw_arena *arena, const struct gw_row *row)
{
	struct gw_node *schema = kind_schema(arena, row);

	gw_map_str(arena, schema, "description", row->help);
	return schema;
}

struct gw_node *gw_language_schema(struct gw_arena *arena)
{
	struct gw_node *schema = gw_map_new(arena), *body = rows_schema(arena, &gw_template_rows), *m, *next, *defs;
	struct gw_node *required = gw_list_new(arena), *variable = typed(arena, "string");
	size_t i;

	gw_map_str(arena, schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
	gw_map_str(arena, schema, "title", "gwcert template, version 1");
	for (m = body->first; m != NULL; m = next) {
		next = m->next;
		m->next = NULL;
		gw_list_add(schema, m);
	}
	/* Below the top a key that is required may come from a profile. */
	for (i = 0; i < gw_template_rows.count; i++) {
		if (gw_template_rows.rows[i].required)
			gw_list_add(required, gw_str_new(arena, gw_template_rows.rows[i].name));
	}
	gw_map_add(arena, schema, "required", required);
	gw_map_str(arena, variable, "pattern", "\\$\\([A-Za-z][A-Za-z0-9_.-]*\\)");
	gw_map_str(arena, variable, "description", "a value with a variable in it: $(name)");
	defs = gw_map_add(arena, schema, "$defs", gw_map_new(arena));
	gw_map_add(arena, defs, "variable", variable);
	return schema;
}
