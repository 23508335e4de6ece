/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/gateway.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static const struct gw_node *list_of(const struct gw_node *map, const char *key)
{
	const struct gw_node *list = gw_node_get(map, key);

	return list != NULL && list->kind == GW_LIST ? list : NULL;
}

static unsigned port_of(const struct gw_node *node)
{
	const char *text = gw_node_text(node);
	uint64_t port;

	return text != NULL && gw_parse_uint(text, 65535, &port) ? (unsigned)port : 0;
}

static struct gw_ref *read_refs(struct gw_arena *arena, const struct gw_node *list, const char *kind,
				const char *namespace_, size_t *count)
{
	const struct gw_node *item;
	struct gw_ref *refs;

	*count = 0;
	if (list == NULL)
		return NULL;
	refs = gw_arena_alloc(arena, (list->count + 1) * sizeof(*refs));
	for (item = list->first; item != NULL; item = item->next) {
		if (item->kind == GW_MAP)
			refs[(*count)++] = gw_ref_read(item, "", kind, namespace_);
	}
	return refs;
}

static void read_listener(struct gw_arena *arena, const struct gw_object *o, const struct gw_node *node, size_t index,
			  struct gw_listener *l)
{
	const char *name = gw_node_text(gw_node_get(node, "name"));
	const char *protocol = gw_node_text(gw_node_get(node, "protocol"));
	const char *hostname = gw_node_text(gw_node_get(node, "hostname"));
	const char *mode;

	*l = (struct gw_listener){.node = node};
	l->path = gw_arena_printf(arena, "spec.listeners[%zu]", index);
	l->name = name != NULL ? name : "";
	l->protocol = protocol != NULL ? protocol : "";
	l->hostname = hostname != NULL && *hostname != '\0' ? hostname : NULL;
	l->port = port_of(gw_node_get(node, "port"));
	l->tls = gw_node_get(node, "tls");
	if (l->tls == NULL || gw_node_is_null(l->tls)) {
		l->tls = NULL;
		return;
	}
	mode = gw_node_text(gw_node_get(l->tls, "mode"));
	l->mode = mode != NULL && *mode != '\0' ? mode : "Terminate";
	l->options = gw_node_get(l->tls, "options");
	l->certs = read_refs(arena, list_of(l->tls, "certificateRefs"), "Secret", o->namespace_, &l->n_certs);
}

static void read_listeners(struct gw_arena *arena, struct gw_gateway *g)
{
	const struct gw_node *list = list_of(g->object->spec, "listeners"), *item;
	size_t index = 0;

	if (list == NULL)
		return;
	g->listeners = gw_arena_alloc(arena, (list->count + 1) * sizeof(*g->listeners));
	for (item = list->first; item != NULL; item = item->next, index++) {
		if (item->kind == GW_MAP)
			read_listener(arena, g->object, item, index, &g->listeners[g->n_listeners++]);
	}
}

/* --- client certificates ------------------------------------------------------------------------------------------ */

static void add_frontend(struct gw_arena *arena, struct gw_gateway *g, const struct gw_node *node, const char *path,
			 unsigned port)
{
	const char *mode = gw_node_text(gw_node_get(node, "mode"));
	struct gw_frontend *f;

	if (node == NULL || node->kind != GW_MAP)
		return;
	f = &g->frontends[g->n_frontends++];
	*f = (struct gw_frontend){.node = node, .path = path, .port = port};
	f->mode = mode != NULL ? mode : "AllowValidOnly";
	f->refs = read_refs(arena, list_of(node, "caCertificateRefs"), "ConfigMap", g->object->namespace_, &f->n_refs);
}

/* GKE's page leaves out the level "validation" below "default" and has it below "perPort"; both are read at both places. */
static void read_frontends(struct gw_arena *arena, struct gw_gateway *g, const char *path)
{
	const struct gw_node *dflt = gw_node_get(g->frontend, "default"), *inner = gw_node_get(dflt, "validation");
	const struct gw_node *ports = list_of(g->frontend, "perPort"), *item;
	size_t index = 0;

	g->frontends = gw_arena_alloc(arena, ((ports != NULL ? ports->count : 0) + 1) * sizeof(*g->frontends));
	if (inner != NULL)
		add_frontend(arena, g, inner, gw_arena_printf(arena, "%s.default.validation", path), 0);
	else if (gw_node_get(dflt, "caCertificateRefs") != NULL)
		add_frontend(arena, g, dflt, gw_arena_printf(arena, "%s.default", path), 0);
	for (item = ports != NULL ? ports->first : NULL; item != NULL; item = item->next, index++)
		add_frontend(arena, g, gw_node_get(gw_node_get(item, "tls"), "validation"),
			     gw_arena_printf(arena, "%s.perPort[%zu].tls.validation", path, index),
			     port_of(gw_node_get(item, "port")));
}

static void read_listener_frontends(struct gw_arena *arena, struct gw_gateway *g)
{
	size_t i;

	g->frontends = gw_arena_alloc(arena, (g->n_listeners + 1) * sizeof(*g->frontends));
	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *l = &g->listeners[i];
		const struct gw_node *node = gw_node_get(l->tls, "frontendValidation");

		if (node == NULL)
			continue;
		if (g->frontend == NULL)
			g->frontend = node;
		g->shape = GW_FRONTEND_LISTENER;
		add_frontend(arena, g, node, gw_arena_printf(arena, "%s.tls.frontendValidation", l->path), l->port);
	}
}

static void read_frontend(struct gw_arena *arena, struct gw_gateway *g)
{
	const struct gw_node *tls = gw_node_get(g->object->spec, "tls");

	g->frontend = gw_node_get(tls, "frontend");
	if (g->frontend != NULL) {
		g->shape = GW_FRONTEND_UPSTREAM;
		read_frontends(arena, g, "spec.tls.frontend");
		return;
	}
	g->frontend = gw_node_get(tls, "frontendValidation");
	if (g->frontend != NULL) {
		g->shape = GW_FRONTEND_GKE_PAGE;
		read_frontends(arena, g, "spec.tls.frontendValidation");
		return;
	}
	read_listener_frontends(arena, g);
}

static const char *not_empty(const char *text)
{
	return text != NULL && *text != '\0' ? text : NULL;
}

struct gw_gateway *gw_gateway_read(struct gw_arena *arena, const struct gw_object *o)
{
	struct gw_gateway *g = GW_ARENA_NEW(arena, struct gw_gateway);
	const char *name = gw_node_text(gw_node_get(o->spec, "gatewayClassName"));

	g->object = o;
	g->class_name = name != NULL ? name : "";
	g->gke = gw_class_find(g->class_name);
	g->certmap = not_empty(gw_object_annotation(o, GW_ANNOTATION_CERTMAP));
	g->trust_config = not_empty(gw_object_annotation(o, GW_ANNOTATION_TRUST_CONFIG));
	read_listeners(arena, g);
	read_frontend(arena, g);
	return g;
}

bool gw_listener_terminates(const struct gw_listener *l)
{
	if (strcmp(l->protocol, "HTTPS") == 0)
		return true;
	return strcmp(l->protocol, "TLS") == 0 && l->mode != NULL && strcmp(l->mode, "Terminate") == 0;
}

/* --- hostnames ---------------------------------------------------------------------------------------------------- */

static bool is_wildcard(const char *host)
{
	return host[0] == '*' && host[1] == '.';
}

/* Whether name ends in what follows the '*', with at least one octet before it. */
static bool ends_below(const char *wildcard, const char *name)
{
	size_t tail = strlen(wildcard + 1), length = strlen(name);

	return length > tail && strcasecmp(name + length - tail, wildcard + 1) == 0;
}

bool gw_host_takes(const char *listener, const char *name)
{
	if (listener == NULL)
		return true;
	return is_wildcard(listener) ? ends_below(listener, name) : strcasecmp(listener, name) == 0;
}

bool gw_hosts_meet(const char *a, const char *b)
{
	if (a == NULL || b == NULL || strcasecmp(a, b) == 0)
		return true;
	/* Of two wildcards the one with the longer tail is below the other: "*.b.c" has names in common with "*.c". */
	return (is_wildcard(a) && ends_below(a, is_wildcard(b) ? b + 1 : b)) ||
	       (is_wildcard(b) && ends_below(b, is_wildcard(a) ? a + 1 : a));
}
