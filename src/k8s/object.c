/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/object.h"

#include <string.h>

static const struct kind {
	const char *group, *name;
	enum gw_object_kind kind;
	bool cluster; /* lives in no namespace */
} kinds[] = {
	{GW_GROUP_GATEWAY, "Gateway", GW_KIND_GATEWAY, false},
	{GW_GROUP_GATEWAY, "GatewayClass", GW_KIND_GATEWAY_CLASS, true},
	{GW_GROUP_GATEWAY, "HTTPRoute", GW_KIND_HTTPROUTE, false},
	{GW_GROUP_GATEWAY, "BackendTLSPolicy", GW_KIND_BACKEND_TLS_POLICY, false},
	{GW_GROUP_GATEWAY, "ReferenceGrant", GW_KIND_REFERENCE_GRANT, false},
	{GW_GROUP_GKE, "GCPBackendPolicy", GW_KIND_GCP_BACKEND_POLICY, false},
	{GW_GROUP_GKE, "GCPGatewayPolicy", GW_KIND_GCP_GATEWAY_POLICY, false},
	{GW_GROUP_GKE, "HealthCheckPolicy", GW_KIND_HEALTH_CHECK_POLICY, false},
	{"", "Secret", GW_KIND_SECRET, false},
	{"", "ConfigMap", GW_KIND_CONFIGMAP, false},
	{"", "Service", GW_KIND_SERVICE, false},
	{"", "Namespace", GW_KIND_NAMESPACE, true},
	{"apps", "Deployment", GW_KIND_DEPLOYMENT, false},
	{"apps", "StatefulSet", GW_KIND_DEPLOYMENT, false},
	{"apps", "DaemonSet", GW_KIND_DEPLOYMENT, false},
};

/* --- finding again ------------------------------------------------------------------------------------------------ */

struct wanted {
	const char *group, *kind, *namespace_, *name;
};

static uint64_t hash_of(const struct wanted *w)
{
	uint64_t hash = gw_hash_text(gw_hash_text(GW_HASH_START, w->group), w->kind);

	return gw_hash_text(gw_hash_text(hash, w->namespace_), w->name);
}

static bool is_cluster_kind(const char *group, const char *kind)
{
	size_t i;

	for (i = 0; i < GW_COUNT(kinds); i++) {
		if (kinds[i].cluster && strcmp(kinds[i].group, group) == 0 && strcmp(kinds[i].name, kind) == 0)
			return true;
	}
	return false;
}

static bool is_wanted(const void *item, const void *wanted)
{
	const struct gw_object *o = item;
	const struct wanted *w = wanted;

	return strcmp(o->name, w->name) == 0 && strcmp(o->kind_text, w->kind) == 0 && strcmp(o->group, w->group) == 0 &&
	       (*w->namespace_ == '\0' || strcmp(o->namespace_, w->namespace_) == 0);
}

struct gw_object *gw_objects_find(const struct gw_objects *objects, const char *group, const char *kind,
				  const char *namespace_, const char *name)
{
	const struct wanted w = {group, kind, is_cluster_kind(group, kind) ? "" : namespace_, name};

	return gw_index_find(&objects->index, hash_of(&w), is_wanted, &w);
}

static void add(struct gw_objects *objects, struct gw_object *o)
{
	const struct wanted w = {o->group, o->kind_text, is_cluster_kind(o->group, o->kind_text) ? "" : o->namespace_,
				 o->name};

	if (objects->last != NULL)
		objects->last->next = o;
	else
		objects->first = o;
	objects->last = o;
	objects->count++;
	gw_index_add(&objects->index, hash_of(&w), o);
}

/* --- what gcloud prints ------------------------------------------------------------------------------------------- */

/* The part of projects/P/locations/L/... that follows "/NAME/", up to the next '/'; NULL where there is none. */
static const char *part_of(struct gw_arena *arena, const char *resource, const char *name)
{
	const char *at = strstr(resource, name);

	if (at == NULL)
		return NULL;
	at += strlen(name);
	return gw_arena_strndup(arena, at, strcspn(at, "/"));
}

static bool add_resource(struct gw_objects *objects, const struct gw_node *node)
{
	const char *resource = gw_node_text(gw_node_get(node, "name"));
	const char *entry = NULL;
	struct gw_object *o;

	if (resource != NULL)
		entry = part_of(&objects->arena, resource, "/certificateMapEntries/");
	if (entry == NULL && gw_node_get(node, "trustStores") == NULL)
		return false;
	o = GW_ARENA_NEW(&objects->arena, struct gw_object);
	*o = (struct gw_object){.kind = GW_KIND_TRUST_CONFIG, .group = "", .version = "", .kind_text = "TrustConfig"};
	o->namespace_ = "default";
	o->node = o->place = node;
	o->name = "";
	if (resource != NULL) {
		o->name = gw_arena_strdup(&objects->arena,
					  strrchr(resource, '/') != NULL ? strrchr(resource, '/') + 1 : resource);
		o->location = part_of(&objects->arena, resource, "/locations/");
		o->place = gw_node_get(node, "name");
	}
	if (entry != NULL) {
		o->kind = GW_KIND_MAP_ENTRY;
		o->kind_text = "CertificateMapEntry";
		o->parent = part_of(&objects->arena, resource, "/certificateMaps/");
	}
	add(objects, o);
	return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char *text_or(const struct gw_node *node, const char *otherwise)
{
	const char *text = gw_node_text(node);

	return text != NULL && *text != '\0' ? text : otherwise;
}

static void set_kind(struct gw_objects *objects, struct gw_object *o, const char *api_version)
{
	const char *slash = strchr(api_version, '/');
	size_t i;

	o->group = slash != NULL ? gw_arena_strndup(&objects->arena, api_version, (size_t)(slash - api_version)) : "";
	o->version = slash != NULL ? slash + 1 : api_version;
	for (i = 0; i < GW_COUNT(kinds); i++) {
		if (strcmp(kinds[i].name, o->kind_text) == 0 && strcmp(kinds[i].group, o->group) == 0)
			o->kind = kinds[i].kind;
	}
}

static void add_object(struct gw_objects *objects, const struct gw_node *node, const char *api_version,
		       const char *kind)
{
	struct gw_object *o = GW_ARENA_NEW(&objects->arena, struct gw_object);

	o->kind_text = kind;
	set_kind(objects, o, api_version);
	o->node = node;
	o->metadata = gw_node_get(node, "metadata");
	o->spec = gw_node_get(node, "spec");
	o->name = text_or(gw_node_get(o->metadata, "name"), "");
	o->namespace_ = text_or(gw_node_get(o->metadata, "namespace"), NULL);
	o->named_namespace = o->namespace_ != NULL;
	if (o->namespace_ == NULL)
		o->namespace_ = "default";
	o->live = gw_node_get(o->metadata, "uid") != NULL || gw_node_get(o->metadata, "resourceVersion") != NULL;
	o->place = gw_node_get(o->metadata, "name");
	if (o->place == NULL)
		o->place = gw_node_get(node, "kind");
	add(objects, o);
}

static bool add_items(struct gw_objects *objects, const struct gw_node *list)
{
	const struct gw_node *item;
	bool all = true;

	for (item = list->first; item != NULL; item = item->next)
		all = gw_objects_add(objects, item) && all;
	return all;
}

/* A List may hold Lists; the tree bounds the depth. */
bool gw_objects_add(struct gw_objects *objects, const struct gw_node *document)
{
	const char *api_version = gw_node_text(gw_node_get(document, "apiVersion"));
	const char *kind = gw_node_text(gw_node_get(document, "kind"));
	const struct gw_node *items = gw_node_get(document, "items");
	size_t length = kind != NULL ? strlen(kind) : 0;

	if (document->kind == GW_LIST)
		return add_items(objects, document);
	if (api_version == NULL || kind == NULL)
		return add_resource(objects, document);
	if (length >= 4 && strcmp(kind + length - 4, "List") == 0 && items != NULL && items->kind == GW_LIST)
		return add_items(objects, items);
	add_object(objects, document, api_version, kind);
	return true;
}

void gw_objects_release(struct gw_objects *objects)
{
	gw_index_release(&objects->index);
	gw_arena_release(&objects->arena);
	*objects = (struct gw_objects){0};
}

const struct gw_node *gw_object_annotation_node(const struct gw_object *o, const char *key)
{
	return gw_node_get(gw_node_get(o->metadata, "annotations"), key);
}

const char *gw_object_annotation(const struct gw_object *o, const char *key)
{
	return gw_node_text(gw_object_annotation_node(o, key));
}

struct gw_ref gw_ref_read(const struct gw_node *node, const char *group, const char *kind, const char *namespace_)
{
	const char *own_group = gw_node_text(gw_node_get(node, "group"));

	return (struct gw_ref){
		.node = node,
		.group = own_group != NULL ? own_group : group,
		.kind = text_or(gw_node_get(node, "kind"), kind),
		.name = text_or(gw_node_get(node, "name"), NULL),
		.namespace_ = text_or(gw_node_get(node, "namespace"), namespace_),
		.section = text_or(gw_node_get(node, "sectionName"), NULL),
		.port = gw_node_get(node, "port"),
	};
}

const char *gw_ref_words(struct gw_arena *arena, const struct gw_ref *ref)
{
	return gw_arena_printf(arena, "%s %s/%s", ref->kind, ref->namespace_, ref->name != NULL ? ref->name : "?");
}

const char *gw_object_words(struct gw_arena *arena, const struct gw_object *o)
{
	const char *name = *o->name != '\0' ? o->name : "without a name";

	if (!o->named_namespace)
		return gw_arena_printf(arena, "%s %s", o->kind_text, name);
	return gw_arena_printf(arena, "%s %s/%s", o->kind_text, o->namespace_, name);
}
