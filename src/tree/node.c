/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tree/internal.h"

void gw_node_append(struct gw_node *parent, struct gw_node *child)
{
	if (parent->last != NULL)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

struct gw_node *gw_node_get(const struct gw_node *node, const char *key)
{
	struct gw_node *m;

	if (node == NULL || node->kind != GW_MAP)
		return NULL;
	for (m = node->first; m != NULL; m = m->next) {
		if (strcmp(m->key->text, key) == 0)
			return m;
	}
	return NULL;
}

const char *gw_node_text(const struct gw_node *node)
{
	return node != NULL && node->kind == GW_SCALAR ? node->text : NULL;
}

static bool is_plain(const struct gw_node *node)
{
	return node != NULL && node->kind == GW_SCALAR && !node->quoted;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcmp(text, *words) == 0)
			return true;
	}
	return false;
}

/* YAML 1.1 type repository: null, bool. */
static const char *const null_words[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const true_words[] = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON", NULL};
static const char *const false_words[] = {"n",     "N",     "no",  "No",  "NO",  "false",
					  "False", "FALSE", "off", "Off", "OFF", NULL};

bool gw_node_is_null(const struct gw_node *node)
{
	return is_plain(node) && is_one_of(node->text, null_words);
}

bool gw_node_is_bool(const struct gw_node *node, bool *value)
{
	if (!is_plain(node))
		return false;
	*value = is_one_of(node->text, true_words);
	return *value || is_one_of(node->text, false_words);
}

static size_t span_of(const char **at, const char *set)
{
	size_t n = strspn(*at, set);

	*at += n;
	return n;
}

/* Decimal integers and floats, with YAML 1.1's underscores and base 60 (12:30:45). */
static bool is_decimal(const char *t)
{
	size_t before, after = 0;

	before = span_of(&t, "0123456789_");
	if (before > 0 && *t == ':') {
		while (*t == ':') {
			t++;
			if (span_of(&t, "0123456789") == 0)
				return false;
		}
	}
	if (*t == '.') {
		t++;
		after = span_of(&t, "0123456789_");
	}
	if (before + after == 0)
		return false;
	if (*t == 'e' || *t == 'E') {
		t++;
		if (*t == '+' || *t == '-')
			t++;
		if (span_of(&t, "0123456789") == 0)
			return false;
	}
	return *t == '\0';
}

static bool is_number(const char *t)
{
	if (*t == '+' || *t == '-')
		t++;
	if (strcasecmp(t, ".inf") == 0 || strcasecmp(t, ".nan") == 0)
		return true;
	if (t[0] == '0' && strchr("xXoObB", t[1]) != NULL && t[1] != '\0') {
		t += 2;
		return *t != '\0' && strspn(t, "0123456789abcdefABCDEF_") == strlen(t);
	}
	return (*t >= '0' && *t <= '9') || *t == '.' ? is_decimal(t) : false;
}

bool gw_node_is_number(const struct gw_node *node)
{
	return is_plain(node) && is_number(node->text);
}

/* Dates: 2026-11-23, with or without a time. Digits and marks of dates and nothing else. */
static bool is_date(const char *t)
{
	return strspn(t, "0123456789") >= 4 && t[strspn(t, "0123456789")] == '-' &&
	       strspn(t, "0123456789-:.tTzZ+ ") == strlen(t);
}

bool gw_yaml_is_typed(const char *text)
{
	return is_one_of(text, null_words) || is_one_of(text, true_words) || is_one_of(text, false_words) ||
	       is_number(text) || is_date(text) || strcmp(text, "=") == 0 || strcmp(text, "<<") == 0;
}

const char *gw_node_what(const struct gw_node *node)
{
	bool value;

	if (node == NULL || gw_node_is_null(node))
		return "nothing";
	switch (node->kind) {
	case GW_SCALAR:
		return gw_node_is_bool(node, &value) ? "true or false"
		       : gw_node_is_number(node)     ? "a number"
						     : "a string";
	case GW_LIST: return "a list";
	case GW_MAP: return "a map";
	}
	return "something else";
}

static struct gw_node *built(struct gw_arena *arena, enum gw_node_kind kind)
{
	struct gw_node *node = GW_ARENA_NEW(arena, struct gw_node);

	node->kind = kind;
	node->text = "";
	return node;
}

struct gw_node *gw_map_new(struct gw_arena *arena)
{
	return built(arena, GW_MAP);
}

struct gw_node *gw_list_new(struct gw_arena *arena)
{
	return built(arena, GW_LIST);
}

struct gw_node *gw_strn_new(struct gw_arena *arena, const char *text, size_t len)
{
	struct gw_node *node = built(arena, GW_SCALAR);

	node->quoted = true;
	node->text = gw_arena_strndup(arena, text, len);
	node->len = len;
	return node;
}

struct gw_node *gw_str_new(struct gw_arena *arena, const char *text)
{
	return text != NULL ? gw_strn_new(arena, text, strlen(text)) : gw_null_new(arena);
}

/* A plain scalar of known shape: number, true, false, null. */
static struct gw_node *plain(struct gw_arena *arena, const char *text)
{
	struct gw_node *node = built(arena, GW_SCALAR);

	node->text = gw_arena_strdup(arena, text);
	node->len = strlen(text);
	return node;
}

struct gw_node *gw_int_new(struct gw_arena *arena, int64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, value);
	return plain(arena, text);
}

struct gw_node *gw_real_new(struct gw_arena *arena, double value, unsigned decimals)
{
	char text[400];

	snprintf(text, sizeof(text), "%.*f", (int)decimals, value);
	return plain(arena, text);
}

struct gw_node *gw_bool_new(struct gw_arena *arena, bool value)
{
	return plain(arena, value ? "true" : "false");
}

struct gw_node *gw_null_new(struct gw_arena *arena)
{
	return plain(arena, "null");
}

struct gw_node *gw_map_add(struct gw_arena *arena, struct gw_node *map, const char *key, struct gw_node *value)
{
	value->key = gw_str_new(arena, key);
	gw_node_append(map, value);
	return value;
}

void gw_map_str(struct gw_arena *arena, struct gw_node *map, const char *key, const char *text)
{
	if (text != NULL)
		gw_map_add(arena, map, key, gw_str_new(arena, text));
}

void gw_map_int(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t value)
{
	gw_map_add(arena, map, key, gw_int_new(arena, value));
}

void gw_map_bool(struct gw_arena *arena, struct gw_node *map, const char *key, bool value)
{
	gw_map_add(arena, map, key, gw_bool_new(arena, value));
}

struct gw_node *gw_list_add(struct gw_node *list, struct gw_node *item)
{
	gw_node_append(list, item);
	return item;
}

void gw_node_comment(struct gw_arena *arena, struct gw_node *member, const char *text)
{
	member->comment = gw_arena_strdup(arena, text);
}

void gw_node_remove(struct gw_node *parent, struct gw_node *child)
{
	struct gw_node *before = NULL, *at;

	for (at = parent->first; at != NULL && at != child; at = at->next)
		before = at;
	if (at == NULL)
		return;
	if (before != NULL)
		before->next = child->next;
	else
		parent->first = child->next;
	if (parent->last == child)
		parent->last = before;
	child->next = NULL;
	parent->count--;
}

void gw_node_own_children(struct gw_arena *arena, struct gw_node *node)
{
	const struct gw_node *child = node->first;

	node->first = node->last = NULL;
	node->count = 0;
	for (; child != NULL; child = child->next) {
		struct gw_node *own = GW_ARENA_NEW(arena, struct gw_node);

		*own = *child;
		own->next = NULL;
		gw_list_add(node, own);
	}
}
