/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets in a template: where their sources may stand. A value itself never comes near the tree, whose memory is not
 * cleansed and whose lines are printed. */
#include <stdio.h>
#include <string.h>

#include "pki/key.h"
#include "template/check.h"
#include "template/template.h"
#include "template/vars.h"

const struct gw_secret_var *gw_secret_of(const struct gw_template *t, const struct gw_node *node)
{
	size_t i;

	for (i = 0; t != NULL && i < t->n_secrets; i++) {
		if (node->kind == GW_SCALAR && node->text == t->secrets[i].mark)
			return &t->secrets[i];
	}
	return NULL;
}

bool gw_check_misplaced(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
			const struct gw_keypath *path)
{
	const struct gw_secret_var *secret = gw_secret_of(c->t, value);
	struct gw_finding *f;

	if (secret == NULL || row->kind == GW_VALUE_PASSWORD)
		return false;
	f = gw_check_say(c, GWT_SECRET_PLACE, value, path, "\"%s\" would make the secret variable \"%s\" public",
			 row->name, secret->name);
	gw_finding_fix(c->fs, f, "a secret stands in a password only, such as key: { encrypt: $(%s) }", secret->name);
	return true;
}

void gw_check_password(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path)
{
	const struct gw_password from = {.source = value->text};
	struct gw_finding *f;
	struct gw_err err;

	if (gw_secret_of(c->t, value) != NULL || gw_password_check(&from, &err) == GW_OK)
		return;
	f = gw_check_say(c, GWT_PASSWORD_SOURCE, value, path,
			 "\"%s\" must say where the password is, and this does not", row->name);
	gw_finding_fix(c->fs, f, "write env:NAME, file:PATH, fd:N or prompt; a password itself never stands in a file");
	f->where.excerpt = NULL;
}

/* What stands in the place of a source may be the password: no finding shows a line with one. */
void gw_secret_hide(struct gw_findings *fs)
{
	struct gw_finding *f, *g;

	for (f = fs->first; f != NULL; f = f->next) {
		if (f->where.excerpt != NULL ||
		    (f->rule != &gw_rules[GWT_PASSWORD_SOURCE] && f->rule != &gw_rules[GWT_SECRET_PLACE]))
			continue;
		for (g = fs->first; g != NULL; g = g->next) {
			if (g->where.line == f->where.line)
				g->where.excerpt = NULL;
		}
	}
}

/* --- variables ---------------------------------------------------------------------------------------------------- */

void gw_secret_declare(struct gw_check *c, const struct gw_node *var, const char *name)
{
	static const char *const public[] = {"default", "oneOf", "type"};
	const struct gw_keypath top = {.name = "vars"}, own = {.up = &top, .name = name};
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < GW_COUNT(public); i++) {
		const struct gw_keypath path = {.up = &own, .name = public[i]};
		const struct gw_node *value = gw_node_get(var, public[i]);

		if (value == NULL)
			continue;
		f = gw_check_say(c, GWT_SECRET_PLACE, value->key, &path, "the secret variable \"%s\" has a \"%s\"",
				 name, public[i]);
		gw_finding_fix(c->fs, f,
			       "a secret has no place in a template: write from: file:PATH or from: env:NAME");
		f->where.excerpt = NULL;
	}
}

const char *gw_secret_add(const struct gw_check *c, struct gw_template *t, const char *name, const char *source)
{
	static const char mark[] = "(secret)";
	struct gw_secret_var *more = gw_arena_alloc(c->arena, (t->n_secrets + 1) * sizeof(*more));

	if (t->n_secrets > 0)
		memcpy(more, t->secrets, t->n_secrets * sizeof(*more));
	more[t->n_secrets] =
		(struct gw_secret_var){.name = name, .mark = gw_arena_strdup(c->arena, mark), .source = source};
	t->secrets = more;
	return t->secrets[t->n_secrets++].mark;
}

/* --- sources ------------------------------------------------------------------------------------------------------ */

struct gw_password gw_secret_source(const struct gw_template *t, struct gw_arena *arena, const struct gw_node *value)
{
	const struct gw_secret_var *secret = gw_secret_of(t, value);
	const char *source = secret != NULL ? secret->source : value->text;

	if (secret == NULL && strncmp(source, "file:", 5) == 0 && t->name != NULL)
		source = gw_arena_printf(arena, "file:%s", gw_path_beside(arena, t->name, source + 5));
	return (struct gw_password){
		.option = value->source != NULL
				  ? gw_arena_printf(arena, "%s:%u:%u", value->source->name, value->line, value->column)
				  : "password",
		.source = source,
		.kept = t->passwords,
	};
}

/* Adds the variable of a source to the names, which have the room. */
static void add_env(const char **names, size_t *n, const char *source)
{
	if (source != NULL && strncmp(source, "env:", 4) == 0)
		names[(*n)++] = source + 4;
}

const char *const *gw_template_password_env(struct gw_arena *arena, const struct gw_template *t)
{
	const char **names = gw_arena_alloc(arena, (t->n_secrets + 2 * t->count + 1) * sizeof(*names));
	const struct gw_entry *e;
	size_t n = 0, i;

	for (i = 0; i < t->n_secrets; i++)
		add_env(names, &n, t->secrets[i].source);
	for (e = t->first; e != NULL; e = e->next) {
		add_env(names, &n, e->password.source);
		add_env(names, &n, e->pkcs12_password.source);
	}
	names[n] = NULL;
	return names;
}
