/* SPDX-License-Identifier: Apache-2.0 */
#include "template/vars.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "rules/names.h"

#define NAME_MAX_LEN 64
#define ENV_PREFIX   "GWCERT_VAR_"

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

enum { TYPE_STRING, TYPE_HOSTNAME, TYPE_IP, TYPE_INTEGER, TYPE_DURATION };
const char *const gw_var_types[] = {"string", "hostname", "ip", "integer", "duration", NULL};

struct var {
	const char *name;
	const struct gw_node *node; /* its member of vars */
	const char *value;          /* NULL: it has none */
	const char *source; /* that was looked at and gave none: "file:x cannot be read"; NULL where there is none */
	bool bad;           /* a fault of it has been said */
};

struct vars {
	struct gw_check *check;
	const struct gw_template *t;
	const struct gw_node *outside; /* the map of --vars-file, or NULL */
	struct var *items;
	const char **names; /* NULL-terminated, for suggestions */
	size_t count;
	size_t added; /* octets filled in so far */
};

/* An address that no other text has marks a value that was emptied. */
static const char void_text[] = "";

bool gw_var_is_void(const struct gw_node *node)
{
	return node->text == void_text;
}

/* --- grammar ------------------------------------------------------------------------------------------------------ */

const char *gw_var_name_fault(struct gw_arena *arena, const char *name)
{
	(void)arena;
	if (strlen(name) > NAME_MAX_LEN)
		return "is too long for a variable's name: at most 64 characters";
	if (!isalpha((unsigned char)name[0]) || name[strspn(name, name_chars)] != '\0')
		return "cannot be a variable's name: a letter, then letters, digits, '-' and '_'";
	return NULL;
}

const char *gw_var_source_fault(struct gw_arena *arena, const char *source)
{
	(void)arena;
	if (strncmp(source, "file:", 5) == 0 && source[5] != '\0')
		return NULL;
	if (strncmp(source, "env:", 4) == 0 && source[4] != '\0' && strpbrk(source + 4, "= \t") == NULL)
		return NULL;
	return "is no source of a value: env:NAME or file:PATH";
}

/* Texts of a scalar list, NULL-terminated; NULL where there is no such list. */
static const char **texts_of(struct gw_arena *arena, const struct gw_node *list)
{
	const struct gw_node *item;
	const char **texts;
	size_t n = 0;

	if (list == NULL || list->kind != GW_LIST || list->count == 0)
		return NULL;
	texts = gw_arena_alloc(arena, (list->count + 1) * sizeof(*texts));
	for (item = list->first; item != NULL; item = item->next) {
		if (gw_node_text(item) != NULL)
			texts[n++] = item->text;
	}
	return texts;
}

static const char *join(struct gw_arena *arena, const char *const *words)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);

	for (; *words != NULL; words++)
		gw_buf_printf(&text, "%s%s", text.len > 0 ? ", " : "", *words);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

static const char *type_fault(const char *type, const char *value)
{
	unsigned char address[16];
	uint64_t number;
	int64_t span;
	size_t i = 0;

	while (type != NULL && gw_var_types[i] != NULL && strcmp(gw_var_types[i], type) != 0)
		i++;
	switch (i) {
	case TYPE_HOSTNAME: return gw_name_dns(value, false) != NULL ? "is no host name" : NULL;
	case TYPE_IP: return gw_name_ip(value, address) == 0 ? "is no IP address" : NULL;
	case TYPE_INTEGER: return gw_parse_uint(value, INT64_MAX, &number) ? NULL : "is no whole number";
	case TYPE_DURATION: return gw_parse_duration(value, &span) ? NULL : "is no duration such as 30d";
	}
	return NULL;
}

/* Why a variable may not have this value, as what follows "the value"; NULL for a good one. */
static const char *value_fault(struct gw_arena *arena, const struct var *v, const char *value)
{
	const char **words = texts_of(arena, gw_node_get(v->node, "oneOf"));
	size_t i;

	if (*value == '\0')
		return "is empty";
	if (strlen(value) > GW_VAR_MAX)
		return "has more than 4096 octets";
	if (!gw_utf8_valid(value, strlen(value)))
		return "is not UTF-8";
	for (i = 0; value[i] != '\0'; i++) {
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return "has a control character";
	}
	for (i = 0; words != NULL && words[i] != NULL; i++) {
		if (strcmp(words[i], value) == 0)
			return NULL;
	}
	if (words != NULL)
		return gw_arena_printf(arena, "is none of its oneOf: %s", join(arena, words));
	return type_fault(gw_node_text(gw_node_get(v->node, "type")), value);
}

/* --- where values come from --------------------------------------------------------------------------------------- */

static struct var *find(const struct vars *vs, const char *name)
{
	size_t i;

	for (i = 0; i < vs->count; i++) {
		if (strcmp(vs->items[i].name, name) == 0)
			return &vs->items[i];
	}
	return NULL;
}

static void suggest(const struct vars *vs, struct gw_finding *f, const char *name)
{
	const char *near;

	if (vs->check->fs->count > GW_SUGGESTIONS_MAX)
		return;
	near = gw_nearest_of(name, vs->names);
	if (near != NULL)
		gw_finding_fix(vs->check->fs, f, "did you mean \"%s\"?", near);
	else
		gw_finding_fix(vs->check->fs, f, "declare it at the top: vars: { %s: { default: ... } }", name);
}

/* Takes the value that a place other than the command line gives; what it is stays unsaid, for it may be none of the
 * reader's business. */
static void take(struct vars *vs, struct var *v, const char *value, const char *from, const struct gw_node *at)
{
	const char *why = value_fault(vs->check->arena, v, value);
	const struct gw_keypath top = {.name = "vars"}, path = {.up = &top, .name = v->name};

	v->value = value;
	if (why == NULL)
		return;
	v->bad = true;
	gw_check_say(vs->check, GWT_VARIABLE_VALUE, at, &path, "the value of \"%s\" from %s %s", v->name, from, why);
}

static const char *env_name(struct gw_arena *arena, const char *name)
{
	char *text = gw_arena_printf(arena, ENV_PREFIX "%s", name), *p;

	for (p = text; *p != '\0'; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	return text;
}

/* An environment variable with something in it, or NULL. Copied: it may change. */
static const char *env_value(const struct vars *vs, const char *name)
{
	const struct gw_ctx *ctx = vs->t->ctx;
	const char *value = ctx != NULL && ctx->env.get != NULL ? gw_getenv(ctx, name) : NULL;

	return value != NULL && *value != '\0' ? gw_arena_strdup(vs->check->arena, value) : NULL;
}

/* The content of a file beside the template, without the newline at its end. */
static void take_file(struct vars *vs, struct var *v, const struct gw_node *from)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_VAR_MAX + 2);
	const char *path = gw_path_beside(vs->check->arena, vs->t->name, from->text + 5);
	struct gw_err err = {0};

	if (vs->t->ctx == NULL)
		return;
	if (gw_file_read(vs->t->ctx, path, &text, &err) != GW_OK) {
		v->source = gw_arena_printf(vs->check->arena, "%s: %s", path, err.what);
		return;
	}
	if (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	if (memchr(text.data, '\0', text.len) != NULL)
		text.len = 0; /* NUL is no text: said as an empty value */
	take(vs, v, gw_arena_strndup(vs->check->arena, gw_buf_str(&text), text.len), from->text, from);
}

static void take_from(struct vars *vs, struct var *v)
{
	const struct gw_node *from = gw_node_get(v->node, "from");
	const char *text = gw_node_text(from), *value;

	if (text == NULL || gw_var_source_fault(vs->check->arena, text) != NULL)
		return;
	if (strncmp(text, "file:", 5) == 0) {
		take_file(vs, v, from);
		return;
	}
	value = env_value(vs, text + 4);
	if (value != NULL)
		take(vs, v, value, text, from);
	else
		v->source = gw_arena_printf(vs->check->arena, "%s is not set", text + 4);
}

/* The default is checked even where something goes before it: it is what others get. */
static void take_default(struct vars *vs, struct var *v)
{
	const struct gw_node *node = gw_node_get(v->node, "default");
	const char *before = v->value;

	if (gw_node_text(node) == NULL || gw_node_is_null(node) || gw_var_is_void(node))
		return;
	take(vs, v, node->text, "its default", node);
	if (before != NULL)
		v->value = before;
	/* A file that was named and cannot be read is not passed over in silence. */
	else if (v->source != NULL && strncmp(gw_node_text(gw_node_get(v->node, "from")), "file:", 5) == 0)
		v->value = NULL;
}

static void resolve(struct vars *vs, struct var *v)
{
	const struct gw_node *given = gw_node_get(vs->outside, v->name);
	const char *env = env_name(vs->check->arena, v->name), *value;

	if (v->value == NULL && given != NULL && gw_node_text(given) != NULL)
		take(vs, v, given->text, given->source->name, given);
	value = v->value == NULL ? env_value(vs, env) : NULL;
	if (value != NULL)
		take(vs, v, value, env, v->node->key);
	if (v->value == NULL)
		take_from(vs, v);
	take_default(vs, v);
}

/* --- command line and vars file ----------------------------------------------------------------------------------- */

static enum gw_code take_set(struct vars *vs, const char *set, struct gw_err *err)
{
	const char *equals = strchr(set, '='), *name, *why, *near;
	struct var *v;

	if (equals == NULL || equals == set)
		return gw_fail(err, GW_E_USAGE, "--set", "NAME=VALUE is expected");
	name = gw_arena_strndup(vs->check->arena, set, (size_t)(equals - set));
	v = find(vs, name);
	if (v == NULL) {
		gw_fail(err, GW_E_USAGE, "--set", "the template declares no variable \"%s\"", name);
		near = gw_nearest_of(name, vs->names);
		if (near != NULL)
			return gw_hint(err, "did you mean \"%s\"?", near);
		return vs->count == 0 ? gw_hint(err, "it declares none: variables stand below vars")
				      : gw_hint(err, "it declares %s", join(vs->check->arena, vs->names));
	}
	v->value = equals + 1;
	why = value_fault(vs->check->arena, v, v->value);
	return why != NULL ? gw_fail(err, GW_E_USAGE, "--set", "the value of \"%s\" %s", name, why) : GW_OK;
}

static void check_outside(struct vars *vs, const struct gw_node *map)
{
	const struct gw_node *m;
	struct gw_finding *f;

	if (map->kind != GW_MAP) {
		f = gw_check_say(vs->check, GWT_WRONG_KIND, map, NULL, "a file of variables must be a map, but is %s",
				 gw_node_what(map));
		gw_finding_fix(vs->check->fs, f, "write a line for each variable: name: value");
		return;
	}
	vs->outside = map;
	for (m = map->first; m != NULL; m = m->next) {
		const struct gw_keypath path = {.name = m->key->text};
		struct var *v = find(vs, m->key->text);

		if (v == NULL) {
			f = gw_check_say(vs->check, GWT_UNKNOWN_VARIABLE, m->key, &path,
					 "the template declares no variable \"%s\"", m->key->text);
			suggest(vs, f, m->key->text);
		} else if (m->kind != GW_SCALAR || gw_node_is_null(m)) {
			gw_check_say(vs->check, GWT_WRONG_KIND, m, &path, "\"%s\" must be a string, but is %s",
				     m->key->text, gw_node_what(m));
			v->bad = true;
		}
	}
}

/* The place shows the line of the fault, as it does in the template. */
static enum gw_code read_outside(struct vars *vs, const char *path, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	struct gw_tree_fault fault = {0};
	struct gw_finding *f;
	struct gw_node *map;
	enum gw_code code;

	code = gw_file_read(vs->t->ctx, path, &text, err);
	if (code != GW_OK)
		return code;
	code = gw_tree_read_one(vs->check->arena, gw_arena_strdup(vs->check->arena, name),
				gw_arena_strndup(vs->check->arena, text.data, text.len), text.len, &map, &fault, err);
	if (code == GW_OK) {
		check_outside(vs, map);
		return GW_OK;
	}
	if (code != GW_E_INPUT)
		return code;
	f = gw_find(vs->check->fs, GWT_SYNTAX, &fault.where, "%s", err->what);
	if (err->hint[0] != '\0')
		gw_finding_fix(vs->check->fs, f, "%s", err->hint);
	vs->check->errors++;
	*err = (struct gw_err){0};
	return GW_OK;
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

static struct gw_finding *say_part(struct vars *vs, enum gw_rule_name rule, const struct gw_node *node,
				   const char *part, size_t len, const struct gw_keypath *path, const char *fmt, ...)
	GW_PRINTF(7, 8);

static struct gw_finding *say_part(struct vars *vs, enum gw_rule_name rule, const struct gw_node *node,
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

static void no_value(struct vars *vs, struct var *v, const struct gw_node *node, const char *part, size_t len,
		     const struct gw_keypath *path)
{
	struct gw_finding *f;

	if (!v->bad) {
		f = say_part(vs, GWT_NO_VALUE, node, part, len, path, "variable \"%s\" has no value", v->name);
		if (v->source != NULL)
			gw_finding_evidence(vs->check->fs, f, "%s", v->source);
		gw_finding_fix(vs->check->fs, f, "give it one: --set %s=VALUE, %s in the environment, or a default",
			       v->name, env_name(vs->check->arena, v->name));
	}
	v->bad = true;
}

/* One $(name) of a value, at `at`; *end is what follows it. False where there is nothing to fill in, which has been
 * said. `closed` is where no variable may stand: in the declarations of variables. */
static bool fill_one(struct vars *vs, const struct gw_node *node, const char *at, const char **end, bool closed,
		     struct gw_buf *out, const struct gw_keypath *path)
{
	const char *close = strchr(at, ')');
	size_t len = close != NULL ? (size_t)(close - at) + 1 : strlen(at);
	const char *name = gw_arena_strndup(vs->check->arena, at + 2, close != NULL ? len - 3 : 0);
	struct var *v = find(vs, name);
	struct gw_finding *f;

	*end = at + len;
	if (close == NULL) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, 2, path,
			     "\"$(\" begins a variable, and no \")\" ends it");
		gw_finding_fix(vs->check->fs, f, "write $(name), or $$( for the two characters themselves");
	} else if (gw_var_name_fault(vs->check->arena, name) != NULL) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, len, path, "\"%s\" %s", name,
			     gw_var_name_fault(vs->check->arena, name));
		gw_finding_fix(vs->check->fs, f, "write $(name), or $$( for the two characters themselves");
	} else if (closed) {
		f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, len, path, "a variable is not made of other variables");
		gw_finding_fix(vs->check->fs, f, "put them together where they are used: a-$(one)-$(two)");
	} else if (v == NULL) {
		f = say_part(vs, GWT_UNKNOWN_VARIABLE, node, at, len, path, "there is no variable \"%s\"", name);
		suggest(vs, f, name);
	} else if (v->bad || v->value == NULL) {
		no_value(vs, v, node, at, len, path);
	} else if (vs->added + strlen(v->value) > GW_VARS_ALL_MAX) {
		say_part(vs, GWT_VARIABLE_VALUE, node, at, len, path, "variables make this file grow past 16 MiB");
	} else {
		vs->added += strlen(v->value);
		gw_buf_str_add(out, v->value);
		return true;
	}
	return false;
}

/* "${name}", as shells write it, would be taken as it stands: a certificate for a name that nobody has. */
static bool of_a_shell(struct vars *vs, const struct gw_node *node, const char *at, const struct gw_keypath *path)
{
	struct gw_finding *f = say_part(vs, GWT_VARIABLE_SYNTAX, node, at, 2, path, "\"${\" begins no variable here");

	gw_finding_fix(vs->check->fs, f, "write $(name), or $${ for the two characters themselves");
	return false;
}

static void fill_scalar(struct vars *vs, struct gw_node *node, bool closed, const struct gw_keypath *path)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX + GW_VARS_ALL_MAX);
	const char *at = node->text, *dollar;
	bool good = true;

	if (strstr(at, "$(") == NULL && strstr(at, "${") == NULL)
		return;
	for (dollar = strchr(at, '$'); dollar != NULL; dollar = strchr(at, '$')) {
		gw_buf_add(&text, at, (size_t)(dollar - at));
		at = dollar;
		if (strncmp(at, "$$(", 3) == 0 || strncmp(at, "$${", 3) == 0) {
			gw_buf_add(&text, at + 1, 2);
			at += 3;
		} else if (at[1] == '{') {
			good = of_a_shell(vs, node, at, path);
			gw_buf_chr(&text, *at++);
		} else if (at[1] == '(') {
			good = fill_one(vs, node, at, &at, closed, &text, path) && good;
		} else {
			gw_buf_chr(&text, *at++);
		}
	}
	gw_buf_str_add(&text, at);
	node->len = good ? text.len : 0;
	node->text = good ? gw_arena_strndup(vs->check->arena, gw_buf_str(&text), text.len) : void_text;
	/* What a variable holds is text, whatever it looks like: "null" is the name of somebody. */
	node->quoted = good && (node->quoted || gw_node_is_null(node));
}

static void fill_key(struct vars *vs, const struct gw_node *key, const struct gw_keypath *path)
{
	const char *at = strstr(key->text, "$(");
	struct gw_finding *f;

	if (at == NULL)
		return;
	f = say_part(vs, GWT_VARIABLE_SYNTAX, key, at, 2, path, "a variable cannot stand in a key");
	gw_finding_fix(vs->check->fs, f, "write the key out: variables are for values");
}

/* Gives a list or map children of its own: what an alias stands for is shared, and would be filled in once for each. */
static void own_children(struct gw_arena *arena, struct gw_node *node)
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

static void fill_node(struct vars *vs, struct gw_node *node, bool closed, const struct gw_keypath *path)
{
	struct gw_node *child;
	size_t index = 0;

	if (node->kind == GW_SCALAR) {
		fill_scalar(vs, node, closed, path);
		return;
	}
	own_children(vs->check->arena, node);
	for (child = node->first; child != NULL; child = child->next, index++) {
		const struct gw_keypath at = {
			.up = path, .name = child->key != NULL ? child->key->text : NULL, .index = index};

		if (child->key != NULL)
			fill_key(vs, child->key, &at);
		fill_node(vs, child, closed, &at);
	}
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* Names that are one in the environment would get each other's values. */
static void check_env_names(struct vars *vs, const struct var *v)
{
	const struct gw_keypath top = {.name = "vars"}, path = {.up = &top, .name = v->name};
	const struct var *other;

	for (other = vs->items; other != v; other++) {
		if (!gw_same_word(other->name, v->name) ||
		    strcmp(env_name(vs->check->arena, other->name), env_name(vs->check->arena, v->name)) != 0)
			continue;
		gw_check_say(vs->check, GWT_CLASH, v->node->key, &path,
			     "\"%s\" and \"%s\" (line %u) are the same in the environment: %s", v->name, other->name,
			     other->node->key->line, env_name(vs->check->arena, v->name));
		return;
	}
}

static void declare(struct vars *vs, const struct gw_node *declared)
{
	size_t room = declared != NULL && declared->kind == GW_MAP ? declared->count : 0;
	const struct gw_node *m = room > 0 ? declared->first : NULL;

	vs->items = gw_arena_alloc(vs->check->arena, (room + 1) * sizeof(*vs->items));
	vs->names = gw_arena_alloc(vs->check->arena, (room + 1) * sizeof(*vs->names));
	/* More of them, and what is no map, is said when the file is walked. */
	for (; m != NULL && vs->count < GW_VARS_MAX; m = m->next) {
		vs->names[vs->count] = m->key->text;
		vs->items[vs->count] = (struct var){.name = m->key->text, .node = m, .bad = m->kind != GW_MAP};
		check_env_names(vs, &vs->items[vs->count++]);
	}
}

enum gw_code gw_vars_fill(struct gw_check *c, const struct gw_template *t, struct gw_node *root, struct gw_err *err)
{
	const struct gw_keypath top = {.name = "vars"};
	struct gw_node *declared = gw_node_get(root, "vars"), *m;
	struct vars vs = {.check = c, .t = t};
	enum gw_code code = GW_OK;
	size_t i;

	if (declared != NULL)
		fill_node(&vs, declared, true, &top);
	declare(&vs, declared);
	for (i = 0; i < t->given.n_set && code == GW_OK; i++)
		code = take_set(&vs, t->given.set[i], err);
	if (code == GW_OK && t->given.file != NULL)
		code = read_outside(&vs, t->given.file, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < vs.count; i++)
		resolve(&vs, &vs.items[i]);
	for (m = root->kind == GW_MAP ? root->first : NULL; m != NULL; m = m->next) {
		const struct gw_keypath path = {.name = m->key->text};

		if (m != declared && strcmp(m->key->text, "gwcert") != 0)
			fill_node(&vs, m, false, &path);
	}
	return GW_OK;
}
