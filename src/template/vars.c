/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "template/vars_inner.h"

#define ENV_PREFIX "GWCERT_VAR_"

/* --- where values come from --------------------------------------------------------------------------------------- */

struct gw_var *gw_vars_find(const struct gw_var_set *vs, const char *name)
{
	size_t i;

	for (i = 0; i < vs->count; i++) {
		if (strcmp(vs->items[i].name, name) == 0)
			return &vs->items[i];
	}
	return NULL;
}

void gw_vars_suggest(const struct gw_var_set *vs, struct gw_finding *f, const char *name)
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
static void take(struct gw_var_set *vs, struct gw_var *v, const char *value, const char *from, const struct gw_node *at)
{
	const char *why = gw_var_value_fault(vs->check->arena, v->node, &value);
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
static const char *env_value(const struct gw_var_set *vs, const char *name)
{
	const struct gw_ctx *ctx = vs->t->ctx;
	const char *value = ctx != NULL && ctx->env.get != NULL ? gw_getenv(ctx, name) : NULL;

	return value != NULL && *value != '\0' ? gw_arena_strdup(vs->check->arena, value) : NULL;
}

/* The content of a file beside the template, without the newline at its end. */
static void take_file(struct gw_var_set *vs, struct gw_var *v, const struct gw_node *from)
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

static void take_from(struct gw_var_set *vs, struct gw_var *v)
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
static void take_default(struct gw_var_set *vs, struct gw_var *v)
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

/* The source of a secret is looked for where other values are, and is not read here. */
static void resolve_secret(struct gw_var_set *vs, struct gw_var *v)
{
	struct gw_arena *arena = vs->check->arena;
	const char *from = gw_node_text(gw_node_get(v->node, "from")), *source = NULL;
	const char *env = env_name(arena, v->name);

	gw_secret_declare(vs->check, v->node, v->name);
	if (env_value(vs, env) != NULL)
		source = gw_arena_printf(arena, "env:%s", env);
	else if (from != NULL && strncmp(from, "file:", 5) == 0)
		source = gw_arena_printf(arena, "file:%s", gw_path_beside(arena, vs->t->name, from + 5));
	else if (from != NULL && gw_var_source_fault(arena, from) == NULL && env_value(vs, from + 4) != NULL)
		source = from;
	else if (from != NULL)
		v->source = gw_arena_printf(arena, "%s is not set", from + 4);
	if (source != NULL)
		v->value = gw_secret_add(vs->check, vs->t, v->name, source);
}

static void resolve(struct gw_var_set *vs, struct gw_var *v)
{
	const struct gw_node *given = gw_node_get(vs->outside, v->name);
	const char *env = env_name(vs->check->arena, v->name), *value;

	if (v->secret) {
		resolve_secret(vs, v);
		return;
	}
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

static enum gw_code take_set(struct gw_var_set *vs, const char *set, struct gw_err *err)
{
	const char *equals = strchr(set, '='), *name, *why, *near;
	struct gw_var *v;

	if (equals == NULL || equals == set)
		return gw_fail(err, GW_E_USAGE, "--set", "NAME=VALUE is expected");
	name = gw_arena_strndup(vs->check->arena, set, (size_t)(equals - set));
	v = gw_vars_find(vs, name);
	if (v == NULL) {
		gw_fail(err, GW_E_USAGE, "--set", "the template declares no variable \"%s\"", name);
		near = gw_nearest_of(name, vs->names);
		if (near != NULL)
			return gw_hint(err, "did you mean \"%s\"?", near);
		return vs->count == 0 ? gw_hint(err, "it declares none: variables stand below vars")
				      : gw_hint(err, "it declares %s", gw_var_words(vs->check->arena, vs->names));
	}
	if (v->secret) {
		gw_fail(err, GW_E_USAGE, "--set", "\"%s\" is secret, and other users can read a command line", name);
		return gw_hint(err, "export %s instead", env_name(vs->check->arena, name));
	}
	v->value = equals + 1;
	why = gw_var_value_fault(vs->check->arena, v->node, &v->value);
	return why != NULL ? gw_fail(err, GW_E_USAGE, "--set", "the value of \"%s\" %s", name, why) : GW_OK;
}

static void check_outside(struct gw_var_set *vs, const struct gw_node *map)
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
		struct gw_var *v = gw_vars_find(vs, m->key->text);

		if (v == NULL) {
			f = gw_check_say(vs->check, GWT_UNKNOWN_VARIABLE, m->key, &path,
					 "the template declares no variable \"%s\"", m->key->text);
			gw_vars_suggest(vs, f, m->key->text);
		} else if (v->secret) {
			f = gw_check_say(vs->check, GWT_SECRET_PLACE, m->key, &path,
					 "the secret variable \"%s\" has no place in a file of variables",
					 m->key->text);
			gw_finding_fix(vs->check->fs, f, "put it in a file of its own: from: file:PATH");
			f->where.excerpt = NULL;
		} else if (m->kind != GW_SCALAR || gw_node_is_null(m)) {
			gw_check_say(vs->check, GWT_WRONG_KIND, m, &path, "\"%s\" must be a string, but is %s",
				     m->key->text, gw_node_what(m));
			v->bad = true;
		}
	}
}

/* The place shows the line of the fault, as it does in the template. */
static enum gw_code read_outside(struct gw_var_set *vs, const char *path, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	const char *name = gw_file_shown(path);
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

void gw_vars_how_to_give(struct gw_var_set *vs, const struct gw_var *v, struct gw_finding *f)
{
	const char *env = env_name(vs->check->arena, v->name);

	if (v->source != NULL)
		gw_finding_evidence(vs->check->fs, f, "%s", v->source);
	if (v->secret)
		gw_finding_fix(vs->check->fs, f, "give it one: %s in the environment, or from: file:PATH", env);
	else
		gw_finding_fix(vs->check->fs, f, "give it one: --set %s=VALUE, %s in the environment, or a default",
			       v->name, env);
}

/* A command that asks for a variable gets it, used or not. */
static void check_required(struct gw_var_set *vs, struct gw_var *v)
{
	const struct gw_keypath top = {.name = "vars"}, path = {.up = &top, .name = v->name};
	const char *command = vs->t->given.command;
	struct gw_finding *f;

	if (v->value != NULL || v->bad || !gw_vars_has_word(gw_node_get(v->node, "requiredFor"), command))
		return;
	v->bad = true;
	f = gw_check_say(vs->check, GWT_NO_VALUE, v->node->key, &path,
			 "variable \"%s\" has no value, and %s requires it", v->name, command);
	gw_vars_how_to_give(vs, v, f);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* Names that are one in the environment would get each other's values. */
static void check_env_names(struct gw_var_set *vs, const struct gw_var *v)
{
	const struct gw_keypath top = {.name = "vars"}, path = {.up = &top, .name = v->name};
	const struct gw_var *other;

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

static bool is_secret(const struct gw_node *declaration)
{
	const struct gw_node *word = gw_node_get(declaration, "secret");
	bool truth = false;

	return word != NULL && gw_node_is_bool(word, &truth) && truth;
}

static void declare(struct gw_var_set *vs, const struct gw_node *declared)
{
	size_t room = declared != NULL && declared->kind == GW_MAP ? declared->count : 0;
	const struct gw_node *m = room > 0 ? declared->first : NULL;

	vs->items = gw_arena_alloc(vs->check->arena, (room + 1) * sizeof(*vs->items));
	vs->names = gw_arena_alloc(vs->check->arena, (room + 1) * sizeof(*vs->names));
	/* More of them, and what is no map, is said when the file is walked. */
	for (; m != NULL && vs->count < GW_VARS_MAX; m = m->next) {
		vs->names[vs->count] = m->key->text;
		vs->items[vs->count] = (struct gw_var){
			.name = m->key->text, .node = m, .secret = is_secret(m), .bad = m->kind != GW_MAP};
		check_env_names(vs, &vs->items[vs->count++]);
	}
}

enum gw_code gw_vars_fill(struct gw_check *c, struct gw_template *t, struct gw_node *root, struct gw_err *err)
{
	const struct gw_keypath top = {.name = "vars"};
	struct gw_node *declared = gw_node_get(root, "vars"), *m;
	struct gw_var_set vs = {.check = c, .t = t};
	enum gw_code code = GW_OK;
	size_t i;

	if (declared != NULL)
		gw_vars_fill_node(&vs, declared, true, &top);
	declare(&vs, declared);
	for (i = 0; i < t->given.n_set && code == GW_OK; i++)
		code = take_set(&vs, t->given.set[i], err);
	if (code == GW_OK && t->given.file != NULL)
		code = read_outside(&vs, t->given.file, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < vs.count; i++) {
		resolve(&vs, &vs.items[i]);
		check_required(&vs, &vs.items[i]);
	}
	for (m = root->kind == GW_MAP ? root->first : NULL; m != NULL; m = m->next) {
		const struct gw_keypath path = {.name = m->key->text};

		if (m != declared && strcmp(m->key->text, "gwcert") != 0)
			gw_vars_fill_node(&vs, m, false, &path);
	}
	return GW_OK;
}
