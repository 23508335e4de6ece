/* SPDX-License-Identifier: Apache-2.0 */
#include "template/check.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "template/each_row.h"
#include "template/vars.h"

/* --- saying ------------------------------------------------------------------------------------------------------- */

static void add_step(struct gw_buf *out, const struct gw_keypath *path)
{
	if (path == NULL)
		return;
	add_step(out, path->up);
	if (path->name == NULL)
		gw_buf_printf(out, "[%zu]", path->index);
	else if (path->name[0] == '\0' || strpbrk(path->name, ". []\"") != NULL)
		gw_buf_printf(out, "[\"%s\"]", path->name);
	else
		gw_buf_printf(out, "%s%s", out->len > 0 ? "." : "", path->name);
}

const char *gw_keypath_text(struct gw_arena *arena, const struct gw_keypath *path)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_WHAT_MAX);

	add_step(&text, path);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

struct gw_finding *gw_check_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_node *at,
				const struct gw_keypath *path, const char *fmt, ...)
{
	const struct gw_node *place = at->key != NULL && gw_node_is_null(at) ? at->key : at;
	const char *path_text = path != NULL && c->row == NULL ? gw_keypath_text(c->arena, path) : NULL;
	struct gw_where where =
		c->row != NULL ? gw_each_where(c->row, c->arena, place) : gw_node_where(c->arena, place, path_text);
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	c->errors += gw_rules[rule].severity == GW_ERROR;
	return gw_find(c->fs, rule, &where, "%s", what);
}

const char *gw_words_joined(struct gw_arena *arena, const char *const *words, const char *last)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		gw_buf_printf(&text, "%s%s", i == 0 ? "" : words[i + 1] == NULL ? last : ", ", words[i]);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

void gw_check_did_you_mean(struct gw_check *c, struct gw_finding *f, const char *word, const char *const *words)
{
	const char *near;

	if (c->fs->count > GW_SUGGESTIONS_MAX)
		return;
	near = gw_nearest_of(word, words);
	if (near != NULL)
		gw_finding_fix(c->fs, f, "did you mean \"%s\"?", near);
	else
		gw_finding_fix(c->fs, f, "use %s", gw_words_joined(c->arena, words, " or "));
}

static const char *kind_words(struct gw_check *c, const struct gw_row *row)
{
	switch (row->kind) {
	case GW_VALUE_TEXT: return row->many ? "a string or a list of strings" : "a string";
	case GW_VALUE_WORD: return gw_words_joined(c->arena, row->words, " or ");
	case GW_VALUE_BOOL: return "true or false";
	case GW_VALUE_NUMBER:
		return row->words != NULL ? gw_words_joined(c->arena, row->words, " or ") : "a whole number";
	case GW_VALUE_DURATION: return "a duration such as 30d";
	case GW_VALUE_INSTANT: return "an instant such as 2027-01-31T12:00:00Z";
	case GW_VALUE_PASSWORD: return "env:NAME, file:PATH, fd:N or prompt";
	case GW_VALUE_TEXTS:
	case GW_VALUE_WORDS:
	case GW_VALUE_MAPS: return "a list";
	case GW_VALUE_MAP: return row->words != NULL ? "a map or a word" : "a map";
	case GW_VALUE_NAMED:
	case GW_VALUE_LABELS: return "a map";
	case GW_VALUE_ROWS: return "a list, or a map that names a CSV file";
	}
	return "something else";
}

static void wrong_kind(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path)
{
	bool list = gw_row_is_list(row);
	struct gw_finding *f = gw_check_say(c, GWT_WRONG_KIND, value, path, "\"%s\" must be %s, but is %s", row->name,
					    kind_words(c, row), gw_node_what(value));

	if (row->kind == GW_VALUE_MAPS && value->kind == GW_MAP)
		gw_finding_fix(c->fs, f, "begin each item with a dash: - %s: ...",
			       value->first != NULL ? value->first->key->text : row->map->rows[0].name);
	else if (list && row->kind != GW_VALUE_MAPS && value->kind == GW_SCALAR && !gw_node_is_null(value))
		gw_finding_fix(c->fs, f, "write it as a list: %s: ['%s']", row->name, value->text);
	else
		gw_finding_fix(c->fs, f, "%s", row->help);
}

/* --- scalars ------------------------------------------------------------------------------------------------------ */

/* Whether the value is a scalar with something in it; says so where it is not. */
static bool is_scalar(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		      const struct gw_keypath *path)
{
	if (value->kind != GW_SCALAR || gw_node_is_null(value)) {
		wrong_kind(c, row, value, path);
		return false;
	}
	return true;
}

/* --- lists -------------------------------------------------------------------------------------------------------- */

static void check_item(struct gw_check *c, const struct gw_row *row, const struct gw_node *item,
		       const struct gw_keypath *path)
{
	if (gw_check_misplaced(c, row, item, path))
		return;
	if (gw_var_is_void(item))
		c->errors += !gw_var_is_absent(item); /* said already */
	else if (item->open)
		return; /* looked at with each row */
	else if (item->kind != GW_SCALAR || gw_node_is_null(item))
		gw_check_say(c, GWT_WRONG_KIND, item, path, "an item of \"%s\" must be a string, but is %s", row->name,
			     gw_node_what(item));
	else if (row->kind == GW_VALUE_WORDS && (row->check == NULL || !isdigit((unsigned char)item->text[0])))
		gw_check_word(c, row, item, path);
	else
		gw_check_text(c, row, item, path);
}

void gw_check_twice(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		    const struct gw_keypath *path)
{
	const struct gw_node *item, *other;
	size_t index = 0;

	for (item = list->first; item != NULL; item = item->next, index++) {
		const struct gw_keypath at = {.up = path, .index = index};

		for (other = list->first; other != item; other = other->next) {
			if (gw_node_text(item) != NULL && gw_node_text(other) != NULL &&
			    strcmp(item->text, other->text) == 0)
				break;
		}
		if (other != item)
			gw_check_say(c, GWT_TWICE, item, &at, "\"%s\" is in \"%s\" twice", item->text, row->name);
	}
}

bool gw_check_short(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		    const struct gw_keypath *path)
{
	if (list->count <= (size_t)row->max)
		return true;
	gw_check_say(c, GWT_BAD_VALUE, list, path, "\"%s\" has %zu items, more than the %" PRId64 " that are taken",
		     row->name, list->count, row->max);
	return false;
}

static void check_list(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path)
{
	const struct gw_node *item;
	size_t index = 0;

	if (value->kind != GW_LIST) {
		wrong_kind(c, row, value, path);
		return;
	}
	if (!gw_check_short(c, row, value, path))
		return;
	for (item = value->first; item != NULL; item = item->next, index++) {
		const struct gw_keypath at = {.up = path, .index = index};

		check_item(c, row, item, &at);
	}
	if (row->kind == GW_VALUE_WORDS)
		gw_check_twice(c, row, value, path);
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

static void unknown_key(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *member,
			const struct gw_keypath *path)
{
	const char *key = member->key->text, *near = gw_row_suggest(c->arena, rows, key);
	struct gw_finding *f = gw_check_say(c, GWT_UNKNOWN_KEY, member->key, path, "unknown key \"%s\" in %s", key,
					    path->up != NULL ? gw_keypath_text(c->arena, path->up) : rows->what);
	const char **names;
	size_t i;

	if (near != NULL) {
		gw_finding_fix(c->fs, f, "did you mean \"%s\"?", near);
		return;
	}
	names = gw_arena_alloc(c->arena, (rows->count + 1) * sizeof(*names));
	for (i = 0; i < rows->count; i++)
		names[i] = rows->rows[i].name;
	gw_finding_fix(c->fs, f, "the keys allowed here: %s", gw_words_joined(c->arena, names, " and "));
}

/* "sans+": appends to the list that the profile has. */
static void check_appending(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
			    const struct gw_node *member, const struct gw_keypath *path)
{
	struct gw_finding *f;

	if (!gw_row_is_list(row)) {
		f = gw_check_say(c, GWT_WRONG_KIND, member->key, path, "\"%s\" appends, and \"%s\" is no list",
				 member->key->text, row->name);
		gw_finding_fix(c->fs, f,
			       row->kind == GW_VALUE_MAP ? "write \"%s\": maps merge by themselves"
							 : "write \"%s\": it replaces what the profile says",
			       row->name);
		return;
	}
	if (gw_node_get(map, row->name) != NULL) {
		f = gw_check_say(c, GWT_CLASH, member->key, path, "\"%s\" does not go with \"%s\"", member->key->text,
				 row->name);
		gw_finding_fix(c->fs, f, "leave \"%s\" out to append to the profile's list, or put all into it",
			       row->name);
	}
	gw_check_value(c, row, member, path);
}

/* The value of a key that has a row; of two keys that say the same, the later one is told. */
static void check_known(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
			const struct gw_node *member, const struct gw_keypath *path)
{
	const struct gw_node *other = row->instead != NULL ? gw_node_get(map, row->instead) : NULL, *m = other;
	struct gw_finding *f;

	while (m != NULL && m != member)
		m = m->next;
	if (m != NULL) {
		f = gw_check_say(c, GWT_CLASH, member->key, path, "\"%s\" does not go with \"%s\" (line %u)", row->name,
				 row->instead, other->key->line);
		gw_finding_fix(c->fs, f, "leave one of them out");
	}
	gw_check_value(c, row, member, path);
}

void gw_check_map(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *map,
		  const struct gw_keypath *path)
{
	const struct gw_node *member;

	for (member = map->first; member != NULL; member = member->next) {
		const struct gw_keypath at = {.up = path, .name = member->key->text};
		const struct gw_row *row = gw_row_find(rows, member->key->text);
		const struct gw_row *appended = gw_row_appended(rows, member->key->text);

		if (row != NULL)
			check_known(c, row, map, member, &at);
		else if (appended != NULL)
			check_appending(c, appended, map, member, &at);
		else
			unknown_key(c, rows, member, &at);
	}
}

static void note_bad(struct gw_check *c, const struct gw_node *member)
{
	if (c->n_bad == c->cap_bad) {
		const struct gw_node **old = c->bad;

		c->cap_bad = c->cap_bad == 0 ? 16 : c->cap_bad * 2;
		c->bad = gw_arena_alloc(c->arena, c->cap_bad * sizeof(struct gw_node *));
		if (c->n_bad > 0)
			memcpy(c->bad, old, c->n_bad * sizeof(struct gw_node *));
	}
	c->bad[c->n_bad++] = member;
}

static void check_named(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
			const struct gw_keypath *path)
{
	const struct gw_node *member;

	if (map->count > (size_t)row->max) {
		gw_check_say(c, GWT_BAD_VALUE, map->key, path,
			     "\"%s\" has %zu members, more than the %" PRId64 " that are taken", row->name, map->count,
			     row->max);
		c->too_many = true;
		return;
	}
	for (member = map->first; member != NULL; member = member->next) {
		const struct gw_keypath at = {.up = path, .name = member->key->text};
		size_t before = c->errors;
		struct gw_finding *f;

		if (member->key->len == 0 || row->check != NULL)
			gw_check_text(c, row, member->key, &at);
		if (member->kind == GW_MAP) {
			gw_check_map(c, row->map, member, &at);
		} else if (gw_var_is_void(member)) {
			c->errors += !gw_var_is_absent(member); /* said already */
		} else {
			f = gw_check_say(c, GWT_WRONG_KIND, member, &at, "\"%s\" must be a map, but is %s",
					 member->key->text, gw_node_what(member));
			gw_finding_fix(c->fs, f, "%s is a name with its keys indented below it", row->map->what);
		}
		if (c->errors > before)
			note_bad(c, member);
	}
}

static void check_map_or_word(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
			      const struct gw_keypath *path)
{
	if (value->kind == GW_MAP)
		gw_check_map(c, row->map, value, path);
	else if (row->words != NULL && value->kind == GW_SCALAR && !gw_node_is_null(value))
		gw_check_word(c, row, value, path);
	else
		wrong_kind(c, row, value, path);
}

static void check_scalar(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
			 const struct gw_keypath *path)
{
	if (!is_scalar(c, row, value, path))
		return;
	switch (row->kind) {
	case GW_VALUE_TEXT: gw_check_text(c, row, value, path); break;
	case GW_VALUE_WORD: gw_check_word(c, row, value, path); break;
	case GW_VALUE_BOOL: gw_check_bool(c, row, value, path); break;
	case GW_VALUE_NUMBER: gw_check_number(c, row, value, path); break;
	case GW_VALUE_DURATION: gw_check_duration(c, row, value, path); break;
	case GW_VALUE_INSTANT: gw_check_instant(c, row, value, path); break;
	case GW_VALUE_PASSWORD: gw_check_password(c, row, value, path); break;
	case GW_VALUE_TEXTS:
	case GW_VALUE_WORDS:
	case GW_VALUE_MAP:
	case GW_VALUE_NAMED:
	case GW_VALUE_ROWS:
	case GW_VALUE_MAPS:
	case GW_VALUE_LABELS: break; /* not scalars */
	}
}

/* A map or a list where its kind wants one. */
static void check_if(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		     const struct gw_keypath *path, enum gw_node_kind kind,
		     void (*check)(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
				   const struct gw_keypath *path))
{
	if (value->kind == kind)
		check(c, row, value, path);
	else
		wrong_kind(c, row, value, path);
}

static void check_rows(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path)
{
	if (value->kind == GW_MAP)
		gw_check_map(c, row->map, value, path);
	else if (value->kind == GW_LIST)
		gw_each_check_list(c, value, path);
	else
		wrong_kind(c, row, value, path);
}

void gw_check_value(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		    const struct gw_keypath *path)
{
	if (gw_check_misplaced(c, row, value, path))
		return;
	if (gw_var_is_void(value)) {
		c->errors += !gw_var_is_absent(value); /* said already */
		return;
	}
	if (value->open)
		return; /* looked at with each row */
	switch (row->kind) {
	case GW_VALUE_TEXT:
		if (row->many && value->kind == GW_LIST)
			check_list(c, row, value, path);
		else
			check_scalar(c, row, value, path);
		break;
	case GW_VALUE_WORD:
	case GW_VALUE_BOOL:
	case GW_VALUE_NUMBER:
	case GW_VALUE_DURATION:
	case GW_VALUE_INSTANT:
	case GW_VALUE_PASSWORD: check_scalar(c, row, value, path); break;
	case GW_VALUE_TEXTS:
	case GW_VALUE_WORDS: check_list(c, row, value, path); break;
	case GW_VALUE_MAP: check_map_or_word(c, row, value, path); break;
	case GW_VALUE_NAMED: check_if(c, row, value, path, GW_MAP, check_named); break;
	case GW_VALUE_ROWS: check_rows(c, row, value, path); break;
	case GW_VALUE_MAPS: check_if(c, row, value, path, GW_LIST, gw_check_maps); break;
	case GW_VALUE_LABELS: check_if(c, row, value, path, GW_MAP, gw_check_labels); break;
	}
}

bool gw_check_is_bad(const struct gw_check *c, const struct gw_node *member)
{
	size_t i;

	for (i = 0; i < c->n_bad; i++) {
		if (c->bad[i] == member)
			return true;
	}
	return false;
}

/* --- the whole file ----------------------------------------------------------------------------------------------- */

/* Says what is wrong with the version key; false where that is all there is to say. */
static bool check_version(struct gw_check *c, const struct gw_node *root)
{
	const struct gw_node *version = gw_node_get(root, "gwcert"), *first = root->first;
	const struct gw_keypath path = {.name = "gwcert"};
	const char *near = first != NULL ? gw_row_suggest(c->arena, &gw_template_rows, first->key->text) : NULL;
	struct gw_finding *f;

	if (version != NULL) {
		if (version != first) {
			f = gw_check_say(c, GWT_VERSION, version->key, &path, "\"gwcert\" must be the first key");
			gw_finding_fix(c->fs, f, "move it to the top");
		}
		if (gw_node_text(version) == NULL || strcmp(version->text, "1") == 0)
			return true;
		f = gw_check_say(c, GWT_VERSION, version, &path,
				 "version %s of the template language is not known here", version->text);
		gw_finding_fix(c->fs, f, "write gwcert: 1, or use the gwcert that the template was written for");
		return false;
	}
	if (near != NULL && strcmp(near, "gwcert") == 0)
		return true; /* misspelt, which is said as for any other key */
	f = gw_check_say(c, GWT_VERSION, first != NULL ? first->key : root, NULL,
			 "this is no gwcert template: its first key must be \"gwcert: 1\"");
	gw_finding_fix(c->fs, f, "begin the file with gwcert: 1; gwcert init writes one to start from");
	return gw_node_get(root, "certificates") != NULL;
}

bool gw_check_file(struct gw_check *c, const struct gw_node *root)
{
	const struct gw_node *certificates = gw_node_get(root, "certificates");
	struct gw_finding *f;

	if (root->kind != GW_MAP) {
		f = gw_check_say(c, GWT_VERSION, root, NULL,
				 "this is no gwcert template: it holds %s where a map is expected", gw_node_what(root));
		gw_finding_fix(c->fs, f, "begin the file with gwcert: 1; gwcert init writes one to start from");
		return false;
	}
	if (!check_version(c, root))
		return false;
	gw_check_map(c, &gw_template_rows, root, NULL);
	if (certificates == NULL && c->errors == 0) {
		f = gw_check_say(c, GWT_MISSING_KEY, root, NULL, "there is no \"certificates\": nothing is asked for");
		gw_finding_fix(c->fs, f, "add \"certificates\": %s",
			       gw_row_find(&gw_template_rows, "certificates")->help);
	} else if (certificates != NULL && certificates->kind == GW_MAP && certificates->count == 0) {
		gw_check_say(c, GWT_MISSING_KEY, certificates->key, NULL,
			     "\"certificates\" is empty: nothing is asked for");
	}
	return !c->too_many;
}
