/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPRoutes: to which listeners they attach, with which of their host names, and what they lead to. */
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"

#define HOSTNAMES_MAX 16 /* of a route, by Gateway API; of more the rest is not compared, and the schema says so */
#define PARENTS_MAX   32
#define LISTENERS_MAX 64

/* --- parents ------------------------------------------------------------------------------------------------------ */

static const char *parent_path(struct gw_lint *l, size_t i)
{
	return lint_format(l, "spec.parentRefs[%zu]", i);
}

static void no_gateway(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *r, const char *path)
{
	struct gw_finding *f;

	if (l->gateways == NULL || r->name == NULL) {
		lint_missing_ref(l, o, GWK_PARENT, r, path);
		return;
	}
	f = lint_find_as(
		l, o, GWK_PARENT, l->conf.complete ? GW_ERROR : GW_WARNING, gw_node_get(r->node, "name"), path,
		"%s is not among the manifests given, and other Gateways are: the route would attach to nothing",
		gw_ref_words(&l->arena, r));
	lint_fix(l, f, "the Gateways given: %s%s", gw_object_words(&l->arena, l->gateways->gateway->object),
		 l->gateways->next != NULL ? ", ..." : "");
}

/* Whether a listener takes HTTPRoutes at all: by its list of kinds, else by its protocol. */
static bool takes_kind(const struct gw_listener *c)
{
	const struct gw_node *kinds = gw_node_get(gw_node_get(c->node, "allowedRoutes"), "kinds"), *item;

	if (kinds == NULL || kinds->kind != GW_LIST || kinds->count == 0)
		return strcmp(c->protocol, "TCP") != 0 && strcmp(c->protocol, "UDP") != 0;
	for (item = kinds->first; item != NULL; item = item->next) {
		const char *kind = gw_node_text(gw_node_get(item, "kind"));

		if (kind != NULL && strcmp(kind, "HTTPRoute") == 0)
			return true;
	}
	return false;
}

/* Whether a listener lets routes of a namespace in. What depends on labels of a Namespace that was not given is let in. */
static bool allows(const struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c,
		   const struct gw_object *route)
{
	const struct gw_node *spaces = gw_node_get(gw_node_get(c->node, "allowedRoutes"), "namespaces");
	const struct gw_node *wanted = gw_node_get(gw_node_get(spaces, "selector"), "matchLabels"), *label;
	const char *from = gw_node_text(gw_node_get(spaces, "from"));
	const struct gw_object *space;

	if (from != NULL && strcmp(from, "All") == 0)
		return true;
	if (from == NULL || strcmp(from, "Selector") != 0)
		return strcmp(g->object->namespace_, route->namespace_) == 0;
	space = gw_objects_find(&l->objects, "", "Namespace", "", route->namespace_);
	if (space == NULL || wanted == NULL || wanted->kind != GW_MAP)
		return true;
	for (label = wanted->first; label != NULL; label = label->next) {
		const char *has = gw_node_text(gw_node_get(gw_node_get(space->metadata, "labels"), label->key->text));

		if (has == NULL || gw_node_text(label) == NULL || strcmp(has, label->text) != 0)
			return false;
	}
	return true;
}

static bool is_meant(const struct gw_listener *c, const struct gw_ref *r)
{
	const char *port = gw_node_text(r->port);
	uint64_t number;

	if (r->section != NULL && strcmp(r->section, c->name) != 0)
		return false;
	return port == NULL || (gw_parse_uint(port, 65535, &number) && number == c->port);
}

/* Adds the route's host names to those of a listener; without any, the listener's own counts. */
static size_t attach(struct gw_lint *l, struct lint_gateway *lg, size_t index, const struct gw_route *r, bool *said)
{
	const struct gw_listener *c = &lg->gateway->listeners[index];
	size_t i, met = r->n_hostnames == 0;

	for (i = 0; i < r->n_hostnames && i < HOSTNAMES_MAX; i++) {
		const char *name = r->hostnames[i]->text;
		struct lint_host *h;

		if (!gw_hosts_meet(c->hostname, name))
			continue;
		met++;
		h = GW_ARENA_NEW(&l->arena, struct lint_host);
		*h = (struct lint_host){name, r->object, r->hostnames[i], &said[i], lg->hosts[index]};
		lg->hosts[index] = h;
	}
	return met;
}

struct attachment {
	size_t meant, fitting, allowed, met; /* listeners: each of those before */
};

static struct attachment attach_all(struct gw_lint *l, struct lint_gateway *lg, const struct gw_route *r,
				    const struct gw_ref *parent)
{
	bool *said = gw_arena_alloc(&l->arena, (r->n_hostnames + 1) * sizeof(*said));
	struct attachment a = {0};
	size_t i;

	for (i = 0; i < lg->gateway->n_listeners && i < LISTENERS_MAX; i++) {
		const struct gw_listener *c = &lg->gateway->listeners[i];

		if (!is_meant(c, parent))
			continue;
		a.meant++;
		if (!takes_kind(c))
			continue;
		a.fitting++;
		if (!allows(l, lg->gateway, c, r->object))
			continue;
		a.allowed++;
		a.met += attach(l, lg, i, r, said) > 0;
	}
	return a;
}

static void judge_attachment(struct gw_lint *l, struct lint_gateway *lg, const struct gw_route *r,
			     const struct gw_ref *parent, const char *path)
{
	const struct attachment a = attach_all(l, lg, r, parent);
	const char *words = gw_object_words(&l->arena, lg->gateway->object);
	struct gw_finding *f;

	if (lg->gateway->n_listeners == 0)
		return;
	if (a.meant == 0) {
		f = lint_find(l, r->object, GWK_PARENT,
			      gw_node_get(parent->node, parent->section != NULL ? "sectionName" : "port"), path,
			      "%s has no listener %s%s", words, parent->section != NULL ? parent->section : "of port ",
			      parent->section != NULL ? "" : gw_node_text(parent->port));
		lint_fix(l, f, "its listeners: %s", lint_listener_names(l, lg->gateway));
	} else if (a.fitting == 0) {
		f = lint_find(l, r->object, GWK_PARENT, gw_node_get(parent->node, "name"), path,
			      "%s takes no HTTPRoutes (NotAllowedByListeners)", words);
		lint_fix(l, f, "add {kind: HTTPRoute} to allowedRoutes.kinds of its listener, or leave kinds out");
	} else if (a.allowed == 0) {
		f = lint_find(l, r->object, GWK_PARENT, gw_node_get(parent->node, "name"), path,
			      "%s takes no routes from the namespace \"%s\" (NotAllowedByListeners)", words,
			      r->object->namespace_);
		lint_fix(l, f,
			 "write allowedRoutes: {namespaces: {from: All}} in its listener, or move the route to \"%s\"",
			 lg->gateway->object->namespace_);
	} else if (a.met == 0) {
		f = lint_find(l, r->object, GWK_NO_HOST, r->hostnames[0], "spec.hostnames",
			      "none of the route's host names is among those of the listeners of %s "
			      "(NoMatchingListenerHostname)",
			      words);
		lint_fix(l, f, "its listeners: %s", lint_listener_names(l, lg->gateway));
	}
}

/* --- backends ----------------------------------------------------------------------------------------------------- */

static void judge_backends(struct gw_lint *l, const struct gw_route *r)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < r->backends.count; i++) {
		const struct gw_ref *b = &r->backends.items[i];

		lint_use(l, b->group, b->kind, b->namespace_, b->name)->flags |= USE_BACKEND;
		if (strcmp(b->kind, "Service") == 0 && *b->group == '\0' && b->port == NULL) {
			f = lint_find(l, r->object, GWK_ROUTE_SHAPE, b->node, "spec.rules[].backendRefs[]",
				      "a Service as a backend needs a port");
			lint_fix(l, f, "add port: the port of the Service, not the one of the container");
		}
		lint_cross_namespace(l, r->object, b, "spec.rules[].backendRefs[]");
		/* Backends say nothing of certificates; they are asked for only where all must be there. */
		if (l->conf.complete && lint_target(l, b) == NULL)
			lint_missing_ref(l, r->object, GWK_UNRESOLVED, b, "spec.rules[].backendRefs[]");
	}
}

/* Rules as a map are said by the schema; a redirect beside backends by this. */
static void judge_rules(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *rules = gw_node_get(o->spec, "rules"), *rule, *filter;
	size_t i = 0;

	for (rule = rules != NULL && rules->kind == GW_LIST ? rules->first : NULL; rule != NULL;
	     rule = rule->next, i++) {
		const struct gw_node *filters = gw_node_get(rule, "filters"), *to = gw_node_get(rule, "backendRefs");

		if (to == NULL || to->count == 0 || filters == NULL || filters->kind != GW_LIST)
			continue;
		for (filter = filters->first; filter != NULL; filter = filter->next) {
			if (gw_node_get(filter, "requestRedirect") != NULL)
				lint_find(l, o, GWK_ROUTE_SHAPE, filter, lint_format(l, "spec.rules[%zu].filters", i),
					  "a redirect answers by itself, so the rule may have no backendRefs");
		}
	}
}

/* Whether two parents are the same place twice. */
static bool same_parent(const struct gw_ref *a, const struct gw_ref *b)
{
	const char *x = gw_node_text(a->port), *y = gw_node_text(b->port);

	if (a->name == NULL || b->name == NULL || strcmp(a->name, b->name) != 0 || strcmp(a->kind, b->kind) != 0 ||
	    strcmp(a->namespace_, b->namespace_) != 0)
		return false;
	if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x, y) != 0))
		return false;
	return (a->section == NULL) != (b->section == NULL) || a->section == NULL ||
	       strcmp(a->section, b->section) == 0;
}

static void judge_parents(struct gw_lint *l, const struct gw_route *r)
{
	size_t i, k;

	for (i = 0; i < r->parents.count && i < PARENTS_MAX; i++) {
		const struct gw_ref *p = &r->parents.items[i];
		struct lint_gateway *lg;

		for (k = 0; k < i; k++) {
			if (same_parent(p, &r->parents.items[k]))
				lint_find(l, r->object, GWK_PARENT, p->node, parent_path(l, i),
					  "the same parent is there twice; each needs a sectionName of its own");
		}
		if (strcmp(p->kind, "Gateway") != 0 || strcmp(p->group, GW_GROUP_GATEWAY) != 0)
			continue;
		lg = lint_target(l, p) != NULL ? lint_gateway_of(l, lint_target(l, p)) : NULL;
		if (lg == NULL) {
			no_gateway(l, r->object, p, parent_path(l, i));
			continue;
		}
		judge_attachment(l, lg, r, p, parent_path(l, i));
	}
}

/* Notes by what kind of Gateway a backend is reached. */
static void mark_backends(struct gw_lint *l, struct lint_gateway *lg, const struct gw_route *r)
{
	const struct gw_class *k = lg->gateway->gke;
	unsigned flags = lint_origin(lg->gateway);
	size_t i;

	if (k != NULL) {
		flags |= k->scope == GW_SCOPE_GLOBAL     ? USE_GLOBAL
			 : k->scope == GW_SCOPE_REGIONAL ? USE_REGIONAL
							 : USE_CROSS_REGION;
		flags |= k->backend_tls ? 0 : USE_NO_TLS;
		flags |= k->inference_tls ? 0 : USE_NO_INFERENCE;
		flags |= k->multi_cluster ? USE_MULTI : USE_SINGLE;
	}
	for (i = 0; i < r->backends.count; i++) {
		const struct gw_ref *b = &r->backends.items[i];
		struct lint_use *use = lint_use(l, b->group, b->kind, b->namespace_, b->name);

		use->flags |= flags;
		if ((use->flags & USE_IAP) != 0 && lg->iap_policy == NULL)
			lg->iap_policy = use->policies[LINT_BACKEND_POLICY];
	}
	for (i = 0; i < r->extensions.count && lg->cdn_node == NULL; i++) {
		if (strcmp(r->extensions.items[i].kind, "GCPHTTPFilter") != 0)
			continue;
		lg->cdn_node = r->extensions.items[i].node;
		lg->cdn_route = r->object;
	}
}

static struct lint_gateway *gateway_of(const struct gw_lint *l, const struct gw_ref *parent)
{
	const struct gw_object *o;

	if (strcmp(parent->kind, "Gateway") != 0 || strcmp(parent->group, GW_GROUP_GATEWAY) != 0)
		return NULL;
	o = lint_target(l, parent);
	return o != NULL ? lint_gateway_of(l, o) : NULL;
}

void lint_collect_route(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_route *r = gw_route_read(&l->arena, o);
	size_t i;

	for (i = 0; i < r->parents.count && i < PARENTS_MAX; i++) {
		struct lint_gateway *lg = gateway_of(l, &r->parents.items[i]);

		if (lg != NULL)
			mark_backends(l, lg, r);
	}
}

void lint_route(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_route *r = gw_route_read(&l->arena, o);

	judge_parents(l, r);
	judge_backends(l, r);
	judge_rules(l, o);
}
