/* SPDX-License-Identifier: Apache-2.0 */
/* The networking.gke.io keys of a Gateway: their spelling, their place, and the names of Google's resources in them. */
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"
#include "rules/names.h"

/* --- names -------------------------------------------------------------------------------------------------------- */

void lint_gke_name(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, const char *path,
		   const char *name, const char *what)
{
	const char *why = gw_name_cloud(name);
	struct gw_finding *f;

	if (why == NULL)
		return;
	if (*name == '\0') {
		f = lint_find(l, o, GWK_GKE_NAME, at, path, "no name of a %s is here", what);
		lint_fix(l, f, "name it, or take the key out");
		return;
	}
	f = lint_find(l, o, GWK_GKE_NAME, at, path, "\"%s\" %s, so it cannot be the name of a %s", name, why, what);
	if (strchr(name, '/') != NULL)
		lint_fix(l, f, "write the name alone, the last part of the path: %s", strrchr(name, '/') + 1);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

/* Keys of GKE that belong on a Gateway, and where. */
static const struct gke_key {
	const char *name;
	bool option;       /* of a listener's tls, not an annotation */
	const char *value; /* what it names; NULL: it is no name */
	bool many;         /* names with commas between */
} gke_keys[] = {
	{GW_ANNOTATION_CERTMAP, false, "certificate map", false},
	{GW_ANNOTATION_TRUST_CONFIG, false, "TrustConfig", false},
	{GW_ANNOTATION_ALLOW, false, NULL, false},
	{GW_ANNOTATION_MANAGED, false, NULL, false},
	{GW_OPTION_CERTS, true, "certificate of Certificate Manager", true},
	{GW_OPTION_PRE_SHARED, true, "certificate of Compute", true},
};

static const char *next_key(void *state)
{
	size_t *i = state;

	return *i < GW_COUNT(gke_keys) ? gke_keys[(*i)++].name : NULL;
}

static const struct gke_key *find_key(const char *name)
{
	size_t i;

	for (i = 0; i < GW_COUNT(gke_keys); i++) {
		if (strcmp(gke_keys[i].name, name) == 0)
			return &gke_keys[i];
	}
	return NULL;
}

static void judge_names(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, const char *path,
			const struct gke_key *key)
{
	const char *text = gw_node_text(at);
	size_t n;

	for (; text != NULL; text = key->many && text[n] == ',' ? text + n + 1 : NULL) {
		size_t start = key->many ? strspn(text, " ") : 0, end;

		n = key->many ? strcspn(text, ",") : strlen(text);
		for (end = n; key->many && end > start && text[end - 1] == ' '; end--)
			;
		lint_gke_name(l, o, at, path, lint_format(l, "%.*s", (int)(end - start), text + start), key->value);
	}
}

/* A key of GKE at the wrong place, or one that is nearly one of its keys: nobody would say so, and it has no effect. */
static void judge_map(struct gw_lint *l, const struct gw_gateway *g, const struct gw_node *map, const char *path,
		      bool options)
{
	const struct gw_node *m;

	for (m = map != NULL && map->kind == GW_MAP ? map->first : NULL; m != NULL; m = m->next) {
		const struct gke_key *key = find_key(m->key->text);
		size_t start = 0;
		const char *near = NULL;
		struct gw_finding *f;

		if (key == NULL && strstr(m->key->text, "gke.io/") != NULL)
			near = gw_nearest(m->key->text, next_key, &start);
		if (key != NULL && key->option != options) {
			f = lint_find(l, g->object, GWK_GKE_KEY, m->key, path, "%s is no %s", key->name,
				      options ? "option of a listener, but an annotation of the Gateway"
					      : "annotation, but an option of a listener (tls.options)");
			lint_fix(l, f, "move it there; here it has no effect");
		} else if (near != NULL || (key == NULL && options && strstr(m->key->text, "gke.io/") != NULL)) {
			f = lint_find(l, g->object, GWK_GKE_KEY, m->key, path, "GKE does not know %s", m->key->text);
			if (near != NULL)
				lint_fix(l, f, "did you mean %s?", near);
			else
				lint_fix(l, f, "the options of GKE are %s and %s", GW_OPTION_CERTS,
					 GW_OPTION_PRE_SHARED);
		} else if (key != NULL && key->value != NULL && lint_origin(g) == USE_GKE) {
			judge_names(l, g->object, m, path, key);
		}
	}
}

void lint_gke_keys(struct gw_lint *l, const struct gw_gateway *g)
{
	size_t i;

	judge_map(l, g, gw_node_get(g->object->metadata, "annotations"), "metadata.annotations", false);
	for (i = 0; i < g->n_listeners; i++)
		judge_map(l, g, g->listeners[i].options, lint_format(l, "%s.tls.options", g->listeners[i].path), true);
}
