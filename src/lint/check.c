/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* --- where we are ------------------------------------------------------------------------------------------------- */

static unsigned step(struct check *c, const char *text)
{
	unsigned before = c->path_len;
	int n = snprintf(c->path + before, sizeof(c->path) - before, "%s", text);

	c->path_len =
		n < 0 || (size_t)n >= sizeof(c->path) - before ? (unsigned)sizeof(c->path) - 1 : before + (unsigned)n;
	return before;
}

unsigned check_enter(struct check *c, const char *name)
{
	unsigned before = c->path_len;

	if (before > 0)
		step(c, ".");
	step(c, name);
	return before;
}

unsigned check_enter_item(struct check *c, size_t index)
{
	char text[32];

	snprintf(text, sizeof(text), "[%zu]", index);
	return step(c, text);
}

void check_leave(struct check *c, unsigned before)
{
	c->path_len = before;
	c->path[before] = '\0';
}

void check_push(struct check *c, const struct schema_node *s)
{
	c->above[c->depth].schema = s;
	c->above[c->depth].path_len = c->path_len;
	c->depth++;
}

void check_pop(struct check *c)
{
	c->depth--;
}

/* --- which rule --------------------------------------------------------------------------------------------------- */

/* Whether a path is of a form in which [] stands for any index. */
static bool is_at(const char *path, const char *form)
{
	while (*path != '\0' && *path == *form) {
		if (*path++ == '[') {
			while (*path >= '0' && *path <= '9')
				path++;
		}
		form++;
	}
	return *path == '\0' && *form == '\0';
}

static const struct {
	enum gw_object_kind kind;
	enum check_fault fault;
	const char *path;   /* of a fault's place; of an unknown field's parent */
	const char *member; /* the unknown field; else NULL */
	enum gw_rule_name rule;
} places[] = {
	/* frontend.c tells which spelling it is and what becomes of it. */
	{GW_KIND_GATEWAY, CHECK_UNKNOWN, "spec.tls", "frontendValidation", GW_RULE_COUNT},
	{GW_KIND_GATEWAY, CHECK_UNKNOWN, "spec.listeners[].tls", "frontendValidation", GW_RULE_COUNT},
	{GW_KIND_GATEWAY, CHECK_MISSING, "spec.tls.frontend.default", NULL, GWK_FRONTEND_DEFAULT},
	{GW_KIND_GATEWAY, CHECK_COUNT, "spec.tls.frontend.default.validation.caCertificateRefs", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_GATEWAY, CHECK_COUNT, "spec.tls.frontend.perPort[].tls.validation.caCertificateRefs", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_GATEWAY, CHECK_MISSING, "spec.tls.frontend.default.validation.caCertificateRefs[].group", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_GATEWAY, CHECK_MISSING, "spec.tls.frontend.default.validation.caCertificateRefs[].kind", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_GATEWAY, CHECK_MISSING, "spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[].group", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_GATEWAY, CHECK_MISSING, "spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[].kind", NULL,
	 GWK_FRONTEND_REFS},
	{GW_KIND_HTTPROUTE, CHECK_TYPE, "spec.rules", NULL, GWK_ROUTE_SHAPE},
	{GW_KIND_BACKEND_TLS_POLICY, CHECK_UNKNOWN, "spec.validation", "options", GWK_OPTIONS_PLACE},
	{GW_KIND_BACKEND_TLS_POLICY, CHECK_COUNT, "spec.validation.caCertificateRefs", NULL, GWK_BACKEND_CA},
	{GW_KIND_BACKEND_TLS_POLICY, CHECK_VALUE, "spec.validation.wellKnownCACertificates", NULL, GWK_BACKEND_CA},
};

enum gw_rule_name check_rule(const struct check *c, enum check_fault fault, const struct gw_node *node)
{
	size_t i;

	/* An older bundle has no spec.tls at all; frontend.c speaks of what is in it. */
	if (c->o->kind == GW_KIND_GATEWAY && fault == CHECK_UNKNOWN && strcmp(c->path, "spec") == 0 &&
	    strcmp(node->key->text, "tls") == 0 && gw_node_get(node, "frontendValidation") != NULL)
		return GW_RULE_COUNT;
	for (i = 0; i < GW_COUNT(places); i++) {
		if (places[i].kind == c->o->kind && places[i].fault == fault && is_at(c->path, places[i].path) &&
		    (places[i].member == NULL || strcmp(places[i].member, node->key->text) == 0))
			return places[i].rule;
	}
	return GWK_SCHEMA;
}

static const struct {
	enum gw_object_kind kind;
	const char *path, *member, *hint;
} hints[] = {
	{GW_KIND_GATEWAY, "spec", "tls", "spec.tls is in GKE 1.35.2-gke.1842000 and later (Gateway API 1.5)"},
	{GW_KIND_GATEWAY, "spec.listeners[].tls", "secretName", "write certificateRefs: [{name: SECRET}]"},
	{GW_KIND_GATEWAY, "spec.listeners[].tls", "credentialName", "write certificateRefs: [{name: SECRET}]"},
	{GW_KIND_GATEWAY, "spec.listeners[].tls", "certificateRef",
	 "write certificateRefs: [{name: SECRET}]; it is a list since v1beta1"},
	{GW_KIND_GATEWAY, "spec.listeners[]", "routes", "routes name the Gateway (spec.parentRefs); see allowedRoutes"},
	{GW_KIND_HTTPROUTE, "spec.rules[]", "forwardTo", "write backendRefs: [{name: SERVICE, port: PORT}]"},
	{GW_KIND_HTTPROUTE, "spec", "tls", "the certificate belongs to the Gateway's listener"},
	{GW_KIND_BACKEND_TLS_POLICY, "spec", "tls", "it is spec.validation since v1alpha3"},
	{GW_KIND_BACKEND_TLS_POLICY, "spec", "targetRef", "it is a list here: targetRefs"},
	{GW_KIND_GCP_BACKEND_POLICY, "spec", "targetRefs", "it is one here: targetRef"},
	{GW_KIND_GCP_GATEWAY_POLICY, "spec", "targetRefs", "it is one here: targetRef"},
	{GW_KIND_HEALTH_CHECK_POLICY, "spec", "targetRefs", "it is one here: targetRef"},
};

const char *check_hint(const struct check *c, const struct gw_node *member)
{
	size_t i;

	for (i = 0; i < GW_COUNT(hints); i++) {
		if (hints[i].kind == c->o->kind && is_at(c->path, hints[i].path) &&
		    strcmp(hints[i].member, member->key->text) == 0)
			return hints[i].hint;
	}
	return NULL;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

/* "a, b and c". */
static void add_word(struct gw_buf *b, const char *word, int i, int n, const char *last, const char *quote)
{
	gw_buf_printf(b, "%s%s%s%s", i == 0 ? "" : i + 1 == n ? last : ", ", quote, word, quote);
}

const char *check_list(struct check *c, const struct schema_node *s)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_ERR_WHAT_MAX);
	int i;

	for (i = 0; i < s->n_fields; i++)
		add_word(&b, schema_fields[s->fields + i].name, i, s->n_fields, " and ", "");
	return gw_arena_strdup(&c->l->arena, gw_buf_str(&b));
}

const char *check_choices(struct check *c, const struct schema_node *s)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_ERR_WHAT_MAX);
	int i;

	for (i = 0; i < s->n_words; i++)
		add_word(&b, schema_words[s->words + i], i, s->n_words, " and ", "");
	return gw_arena_strdup(&c->l->arena, gw_buf_str(&b));
}

struct words {
	const struct schema_node *schema;
	int next;
};

static const char *next_word(void *state)
{
	struct words *w = state;

	return w->next < w->schema->n_words ? schema_words[w->schema->words + w->next++] : NULL;
}

const char *check_nearest(struct check *c, const struct schema_node *s, const char *word)
{
	struct words words = {s, 0};

	(void)c;
	return gw_nearest(word, next_word, &words);
}

static bool ends(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

void check_pattern(struct check *c, const struct gw_node *node, const char *value, const char *pattern)
{
	struct gw_finding *f = lint_find(c->l, c->o, check_rule(c, CHECK_VALUE, node), node, c->path,
					 "%s is not of the form that the API server asks for", value);

	if (strncmp(pattern, "^(\\*\\.)?[a-z0-9]", 16) == 0) {
		lint_fix(c->l, f,
			 "a host name: lower case, no dot at the end, no port, \"*.\" at most once and in front");
	} else if (ends(c->path, ".hostname")) {
		lint_fix(c->l, f, "a host name without a wildcard: lower case, no dot at the end, no port");
	} else if (ends(c->path, "wellKnownCACertificates")) {
		lint_fix(c->l, f, "write System, with a capital S");
	} else if (ends(c->path, ".group")) {
		lint_fix(c->l, f, "a group without its version: \"\" for Secret, ConfigMap and Service");
	} else {
		lint_fix(c->l, f, "it must match %s", pattern);
	}
}

/* --- kinds and versions ------------------------------------------------------------------------------------------- */

/* The versions of a kind in a bundle: "v1 and v1beta1". */
static const char *versions(struct check *c, unsigned bundle)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(256);
	size_t i;

	for (i = 0; i < schema_n_kinds; i++) {
		const struct schema_kind *k = &schema_kinds[i];

		if (strcmp(k->kind, c->o->kind_text) == 0 && strcmp(k->group, c->o->group) == 0 && k->bundle == bundle)
			gw_buf_printf(&b, "%s%s%s%s", b.len > 0 ? " or " : "", k->group, *k->group != '\0' ? "/" : "",
				      k->version);
	}
	return gw_arena_strdup(&c->l->arena, gw_buf_str(&b));
}

/* The kinds of Gateway API and GKE that people would mean whatever group they write. */
static const struct schema_kind *kind_in_other_group(const struct check *c)
{
	const struct schema_kind *best = NULL;
	size_t i;

	for (i = 0; i < schema_n_kinds; i++) {
		const struct schema_kind *k = &schema_kinds[i];

		if (strcmp(k->kind, c->o->kind_text) != 0 || *k->group == '\0')
			continue;
		/* Istio and others have a Gateway of their own. */
		if (strcmp(k->kind, "Gateway") == 0 && *c->o->group != '\0' &&
		    gw_nearest_of(c->o->group, (const char *const[]){k->group, NULL}) == NULL &&
		    strcmp(c->o->group, "networking.k8s.io") != 0 && strcmp(c->o->group, "networking.x-k8s.io") != 0)
			continue;
		/* v1 rather than v1beta1. */
		if (best == NULL || strlen(k->version) < strlen(best->version))
			best = k;
	}
	return best;
}

struct kinds {
	const char *group;
	size_t next;
};

static const char *next_kind(void *state)
{
	struct kinds *k = state;

	while (k->next < schema_n_kinds) {
		const struct schema_kind *kind = &schema_kinds[k->next++];

		if (strcmp(kind->group, k->group) == 0)
			return kind->kind;
	}
	return NULL;
}

void check_api_version(struct check *c, bool known, unsigned bundle)
{
	const struct gw_node *at = gw_node_get(c->o->node, "apiVersion");
	struct kinds kinds = {c->o->group, 0};
	const struct schema_kind *other;
	const char *near;
	struct gw_finding *f;

	if (known) {
		f = lint_find(c->l, c->o, GWK_SCHEMA, at, "apiVersion", "%s is not served in version %s%s",
			      c->o->kind_text, c->o->version, c->l->conf.has_version ? " by that version of GKE" : "");
		lint_fix(c->l, f, "write apiVersion: %s", versions(c, bundle));
		return;
	}
	other = kind_in_other_group(c);
	if (other != NULL) {
		f = lint_find(c->l, c->o, GWK_SCHEMA, at, "apiVersion", "%s is a kind of %s, not of \"%s\"",
			      other->kind, other->group, c->o->group);
		lint_fix(c->l, f, "write apiVersion: %s/%s", other->group, other->version);
		return;
	}
	near = *c->o->group != '\0' ? gw_nearest(c->o->kind_text, next_kind, &kinds) : NULL;
	if (near == NULL)
		return;
	f = lint_find(c->l, c->o, GWK_SCHEMA, gw_node_get(c->o->node, "kind"), "kind", "%s has no kind \"%s\"",
		      c->o->group, c->o->kind_text);
	lint_fix(c->l, f, "did you mean \"%s\"?", near);
}
