/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "template/each_row.h"
#include "template/vars_inner.h"

/* Addresses that no other text has mark a value that was emptied. */
static const char void_text[] = "", absent_text[] = "";

bool gw_var_is_void(const struct gw_node *node)
{
	return node->text == void_text || node->text == absent_text;
}

bool gw_var_is_absent(const struct gw_node *node)
{
	return node->text == absent_text;
}

bool gw_vars_has_word(const struct gw_node *list, const char *word)
{
	const struct gw_node *item = word != NULL && list != NULL ? list->first : NULL;

	while (item != NULL && (gw_node_text(item) == NULL || strcmp(item->text, word) != 0))
		item = item->next;
	return item != NULL;
}

/* --- filling in --------------------------------------------------------------------------------------------------- */

/* A part of a scalar as a place of its own, where the scalar was written just as it reads. */
static struct gw_node part_of(const struct gw_node *node, const char *part, size_t len)
{
	struct gw_node place = *node;
	unsigned columns = (unsigned)gw_text_columns(node->text), width = node->end_column - node->column;
	char before[GW_VAR_MAX];
	size_t offset = (size_t)(part - node->text);

	if (node->line != node->end_line || offset >= sizeof(before) || len >= sizeof(before) ||
	    (width != columns && !(node->quoted && width == columns + 2)))
		return place;
	snprintf(before, sizeof(before), "%.*s", (int)offset, node->text);
	place.column += (unsigned)gw_text_columns(before) + (width - columns) / 2;
	snprintf(before, sizeof(before), "%.*s", (int)len, part);
	place.end_column = place.column + (unsigned)gw_text_columns(before);
	return place;
}

static struct gw_finding *say_part(struct gw_var_set *vs, enum gw_rule_name rule, const struct gw_node *node,
				   const char *part, size_t len, const struct gw_keypath *path, const char *fmt, ...)
	GW_PRINTF(7, 8);

static struct gw_finding *say_part(struct gw_var_set *vs, enum gw_rule_name rule, const struct gw_node *node,
				   const char *part, size_t len, const struct gw_keypath *path, const char *fmt, ...)
{
	const struct gw_node place = part_of(node, part, len);
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return gw_check_say(vs->check, rule, &place, path, "%s", what);
}

/* Whether a variable without a value may stay so at this place: it is required for other commands, and the place is
 * theirs. */
static bool may_lack(const struct gw_var_set *vs, const struct gw_var *v, const struct gw_keypath *path)
{
	const struct gw_node *commands = gw_node_get(v->node, "requiredFor");

	return !v->bad && commands != NULL && !gw_vars_has_word(commands, vs->t->given.command) &&
	       gw_var_is_aside(path);
}

static void no_value(struct gw_var_set *vs, struct gw_var *v, const struct gw_node *node, const char *part, size_t len,
		     const struct gw_keypath *path)
{
	struct gw_finding *f;

	if (!v->bad) {
		f = say_part(vs, GWT_NO_VALUE, node, part, len, path, "variable \"%s\" has no value", v->name);
		gw_vars_how_to_give(vs, v, f);
	}
	v->bad = true;
}

/* One $(name) of a value, at `at`; *end is what follows it. False where there is nothing to fill in, which has been
 * said, or which *lacks tells. `closed` is where no variable may stand: in the declarations of variables. */
static bool fill_one(struct gw_var_set *vs, const struct gw_node *node, const char *at, const char **end, bool closed,
		     struct gw_buf *out, bool *lacks, const struct gw_keypath *path)
{
	const char *close = strchr(at, ')');
	size_t len = close != NULL ? (size_t)(close - at) + 1 : strlen(at);
	const char *name = gw_arena_strndup(vs->check->arena, at + 2, close != NULL ? len - 3 : 0);
	struct gw_var *v = gw_vars_find(vs, name);
	struct gw_finding *f;

	*end = at + len;
	if (close == NULL) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, 2, path,
			     "\"$(\" begins a variable, and no \")\" ends it");
		gw_finding_fix(vs->check->fs, f, "write $(name), or $$( for the two characters themselves");
	} else if (gw_each_is_field(name)) {
		if (node->open)
			gw_buf_add(out, at, len); /* each row fills it in */
		else
			say_part(vs, GWT_EACH, node, at, len, path, "\"$(%s)\" stands in no entry that has \"each\"",
				 name);
		return node->open;
	} else if (gw_var_name_fault(vs->check->arena, name) != NULL) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, len, path, "\"%s\" %s", name,
			     gw_var_name_fault(vs->check->arena, name));
		gw_finding_fix(vs->check->fs, f, "write $(name), or $$( for the two characters themselves");
	} else if (closed) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, len, path, "a variable is not made of other variables");
		gw_finding_fix(vs->check->fs, f, "put them together where they are used: a-$(one)-$(two)");
	} else if (v == NULL) {
		f = say_part(vs, GWT_UNKNOWN_VARIABLE, node, at, len, path, "there is no variable \"%s\"", name);
		gw_vars_suggest(vs, f, name);
	} else if (v->value == NULL && may_lack(vs, v, path)) {
		*lacks = true;
	} else if (v->bad || v->value == NULL) {
		no_value(vs, v, node, at, len, path);
	} else if (v->secret) {
		f = say_part(vs, GWT_SECRET_PLACE, node, at, len, path, "the secret variable \"%s\" is part of a text",
			     name);
		gw_finding_fix(vs->check->fs, f, "a secret stands alone, in a password: encrypt: $(%s)", name);
	} else if (vs->added + strlen(v->value) > GW_VARS_ALL_MAX) {
		say_part(vs, GWT_VARIABLE_VALUE, node, at, len, path, "variables make this file grow past 16 MiB");
	} else {
		vs->added += strlen(v->value);
		gw_each_literal(out, node, v->value);
		return true;
	}
	return false;
}

/* The secret variable that a text is and nothing else, with a value; NULL where it is not. */
static const struct gw_var *whole_secret(const struct gw_var_set *vs, const char *text)
{
	size_t i, len = strlen(text);

	for (i = 0; i < vs->count; i++) {
		const struct gw_var *v = &vs->items[i];

		if (v->secret && !v->bad && v->value != NULL && len == strlen(v->name) + 3 &&
		    strncmp(text, "$(", 2) == 0 && strncmp(text + 2, v->name, len - 3) == 0)
			return v;
	}
	return NULL;
}

/* "${name}", as shells write it, would be taken as it stands: a certificate for a name that nobody has. */
static bool of_a_shell(struct gw_var_set *vs, const struct gw_node *node, const char *at, const struct gw_keypath *path)
{
	struct gw_finding *f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, 2, path, "\"${\" begins no variable here");

	gw_finding_fix(vs->check->fs, f, "write $(name), or $${ for the two characters themselves");
	return false;
}

static void fill_scalar(struct gw_var_set *vs, struct gw_node *node, bool closed, const struct gw_keypath *path)
{
	const struct gw_var *secret = !closed ? whole_secret(vs, node->text) : NULL;
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX + GW_VARS_ALL_MAX);
	const char *at = node->text, *dollar;
	bool good = true, lacks = false;

	if (secret != NULL) {
		node->text = secret->value;
		node->len = strlen(secret->value);
	}
	if (secret != NULL || (strstr(at, "$(") == NULL && strstr(at, "${") == NULL))
		return;
	for (dollar = strchr(at, '$'); dollar != NULL; dollar = strchr(at, '$')) {
		gw_buf_add(&text, at, (size_t)(dollar - at));
		at = dollar;
		if (strncmp(at, "$$(", 3) == 0 || strncmp(at, "$${", 3) == 0) {
			gw_each_literal(&text, node, at[2] == '(' ? "$(" : "${");
			at += 3;
		} else if (at[1] == '{') {
			good = of_a_shell(vs, node, at, path);
			gw_buf_chr(&text, *at++);
		} else if (at[1] == '(') {
			good = fill_one(vs, node, at, &at, closed, &text, &lacks, path) && good;
		} else {
			gw_buf_chr(&text, *at++);
		}
	}
	gw_buf_str_add(&text, at);
	node->open = good && node->open;
	node->len = good ? text.len : 0;
	node->text = good    ? gw_arena_strndup(vs->check->arena, gw_buf_str(&text), text.len)
		     : lacks ? absent_text
			     : void_text;
	/* What a variable holds is text, whatever it looks like: "null" is the name of somebody. */
	node->quoted = good && (node->quoted || gw_node_is_null(node));
}

static void fill_key(struct gw_var_set *vs, const struct gw_node *key, const struct gw_keypath *path)
{
	const char *at = strstr(key->text, "$(");
	struct gw_finding *f;

	if (at == NULL)
		return;
	f = say_part(vs, GWT_VARIABLE_SYNTAX, key, at, 2, path, "a variable cannot stand in a key");
	gw_finding_fix(vs->check->fs, f, "write the key out: variables are for values");
}

void gw_vars_fill_node(struct gw_var_set *vs, struct gw_node *node, bool closed, const struct gw_keypath *path)
{
	struct gw_node *child;
	size_t index = 0;

	if (node->kind == GW_SCALAR) {
		fill_scalar(vs, node, closed, path);
		return;
	}
	gw_node_own_children(vs->check->arena, node);
	for (child = node->first; child != NULL; child = child->next, index++) {
		const struct gw_keypath at = {
			.up = path, .name = child->key != NULL ? child->key->text : NULL, .index = index};

		if (child->key != NULL)
			fill_key(vs, child->key, &at);
		gw_vars_fill_node(vs, child, closed, &at);
	}
}
