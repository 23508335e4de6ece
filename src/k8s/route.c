/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/route.h"

#include <string.h>

static const struct gw_node *items_of(const struct gw_node *list)
{
	return list != NULL && list->kind == GW_LIST ? list->first : NULL;
}

static size_t count_of(const struct gw_node *list)
{
	return list != NULL && list->kind == GW_LIST ? list->count : 0;
}

struct gw_refs gw_refs_read(struct gw_arena *arena, const struct gw_node *list, const char *group, const char *kind,
			    const char *namespace_)
{
	struct gw_refs refs = {gw_arena_alloc(arena, (count_of(list) + 1) * sizeof(*refs.items)), 0};
	const struct gw_node *item;

	for (item = items_of(list); item != NULL; item = item->next) {
		if (item->kind == GW_MAP)
			refs.items[refs.count++] = gw_ref_read(item, group, kind, namespace_);
	}
	return refs;
}

/* --- routes ------------------------------------------------------------------------------------------------------- */

static void read_hostnames(struct gw_arena *arena, struct gw_route *r)
{
	const struct gw_node *list = gw_node_get(r->object->spec, "hostnames"), *item;

	r->hostnames = gw_arena_alloc(arena, (count_of(list) + 1) * sizeof(*r->hostnames));
	for (item = items_of(list); item != NULL; item = item->next) {
		if (gw_node_text(item) != NULL)
			r->hostnames[r->n_hostnames++] = item;
	}
}

/* Rules that were written as a map instead of a list are read as the one rule that was meant. */
static const struct gw_node *rules_of(const struct gw_route *r)
{
	const struct gw_node *rules = gw_node_get(r->object->spec, "rules");

	return rules != NULL && rules->kind == GW_MAP ? rules : items_of(rules);
}

static void add_backend(struct gw_route *r, const struct gw_node *node)
{
	if (node != NULL && node->kind == GW_MAP)
		r->backends.items[r->backends.count++] = gw_ref_read(node, "", "Service", r->object->namespace_);
}

static void add_filters(struct gw_route *r, const struct gw_node *list, bool count_only, size_t *n)
{
	const struct gw_node *filter;

	for (filter = items_of(list); filter != NULL; filter = filter->next) {
		const struct gw_node *extension = gw_node_get(filter, "extensionRef");

		*n += 1;
		if (count_only)
			continue;
		add_backend(r, gw_node_get(gw_node_get(filter, "requestMirror"), "backendRef"));
		if (extension != NULL && extension->kind == GW_MAP)
			r->extensions.items[r->extensions.count++] =
				gw_ref_read(extension, "", "", r->object->namespace_);
	}
}

/* Walks the rules twice: once for how many there are, once to take them. */
static size_t walk_rules(struct gw_route *r, bool count_only)
{
	const struct gw_node *rule, *backend;
	size_t n = 0;

	for (rule = rules_of(r); rule != NULL; rule = rule->kind == GW_MAP && rule->key != NULL ? NULL : rule->next) {
		add_filters(r, gw_node_get(rule, "filters"), count_only, &n);
		for (backend = items_of(gw_node_get(rule, "backendRefs")); backend != NULL; backend = backend->next) {
			n++;
			if (!count_only)
				add_backend(r, backend);
			add_filters(r, gw_node_get(backend, "filters"), count_only, &n);
		}
	}
	return n;
}

struct gw_route *gw_route_read(struct gw_arena *arena, const struct gw_object *o)
{
	struct gw_route *r = GW_ARENA_NEW(arena, struct gw_route);
	size_t n;

	r->object = o;
	read_hostnames(arena, r);
	r->parents =
		gw_refs_read(arena, gw_node_get(o->spec, "parentRefs"), GW_GROUP_GATEWAY, "Gateway", o->namespace_);
	n = walk_rules(r, true) + 1;
	r->backends.items = gw_arena_alloc(arena, n * sizeof(*r->backends.items));
	r->extensions.items = gw_arena_alloc(arena, n * sizeof(*r->extensions.items));
	walk_rules(r, false);
	return r;
}

/* --- policies and grants ------------------------------------------------------------------------------------------ */

struct gw_refs gw_policy_targets(struct gw_arena *arena, const struct gw_object *o)
{
	const struct gw_node *list = gw_node_get(o->spec, "targetRefs"), *one = gw_node_get(o->spec, "targetRef");
	struct gw_refs refs;

	if (list != NULL || one == NULL || one->kind != GW_MAP)
		return gw_refs_read(arena, list, "", "Service", o->namespace_);
	refs.items = GW_ARENA_NEW(arena, struct gw_ref);
	refs.items[0] = gw_ref_read(one, "", "Service", o->namespace_);
	refs.count = 1;
	return refs;
}

static bool is(const struct gw_node *map, const char *key, const char *text)
{
	const char *own = gw_node_text(gw_node_get(map, key));

	return own != NULL && strcmp(own, text) == 0;
}

bool gw_grant_allows(const struct gw_object *grant, const char *from_group, const char *from_kind,
		     const char *from_namespace, const struct gw_ref *to)
{
	const struct gw_node *item = items_of(gw_node_get(grant->spec, "from"));

	while (item != NULL &&
	       !(is(item, "group", from_group) && is(item, "kind", from_kind) && is(item, "namespace", from_namespace)))
		item = item->next;
	if (item == NULL || strcmp(grant->namespace_, to->namespace_) != 0)
		return false;
	for (item = items_of(gw_node_get(grant->spec, "to")); item != NULL; item = item->next) {
		const char *name = gw_node_text(gw_node_get(item, "name"));

		if (is(item, "group", to->group) && is(item, "kind", to->kind) &&
		    (name == NULL || *name == '\0' || (to->name != NULL && strcmp(name, to->name) == 0)))
			return true;
	}
	return false;
}
