/* SPDX-License-Identifier: Apache-2.0 */
/* Where a certificate, or a trust, is brought to: Kubernetes and Certificate Manager. */
#include <string.h>

#include "rules/names.h"
#include "template/read.h"
#include "template/rows.h"

#define LABELS_MAX    64 /* of a resource of Google Cloud; of a Kubernetes object as well, which has no such limit */
#define HOSTNAMES_MAX 1000

/* --- grammars ----------------------------------------------------------------------------------------------------- */

static const char *fault_k8s_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_k8s_subdomain(text);
}

static const char *fault_namespace(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_k8s_label(text);
}

static const char *fault_key(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (strncmp(text, "gwcert.io/", 10) == 0)
		return "belongs to gwcert, which writes it itself";
	return gw_name_k8s_key(text);
}

static const char *fault_label_value(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_k8s_label_value(text);
}

/* An annotation may hold anything; what all of them hold is bounded when they have been read. */
static const char *fault_annotation_value(struct gw_arena *arena, const char *text)
{
	(void)arena;
	(void)text;
	return NULL;
}

static const char *fault_cloud_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_cloud(text);
}

static const char *fault_cloud_key(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_cloud_label(text);
}

static const char *fault_cloud_value(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_cloud_label_value(text);
}

static const char *fault_location(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_location(text);
}

static const char *fault_hostname(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_name_dns(text, true);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* clang-format off */
#define ROWS_OF_METADATA \
	{.name = "name", .kind = GW_VALUE_TEXT, .required = true, .check = fault_k8s_name, .rule = GWT_K8S_NAME, \
	 .read = gw_read_field, .field = GW_FIELD(struct gw_publish, name, const char *), .also = " secretName ", \
	 .help = "metadata.name: lower-case letters, digits, hyphens and dots"}, \
	{.name = "namespace", .kind = GW_VALUE_TEXT, .check = fault_namespace, .rule = GWT_K8S_NAME, \
	 .read = gw_read_field, .field = GW_FIELD(struct gw_publish, namespace_, const char *), .also = " ns ", \
	 .help = "metadata.namespace; where not given, the one that kubectl applies it in"}, \
	{.name = "labels", .kind = GW_VALUE_LABELS, .max = LABELS_MAX, .check = fault_key, .rule = GWT_K8S_NAME, \
	 .check_value = fault_label_value, .read = gw_read_labels, \
	 .field = GW_FIELD(struct gw_publish, labels, struct gw_labels), .help = "metadata.labels"}, \
	{.name = "annotations", .kind = GW_VALUE_LABELS, .max = LABELS_MAX, .check = fault_key, \
	 .rule = GWT_K8S_NAME, .check_value = fault_annotation_value, .read = gw_read_labels, \
	 .field = GW_FIELD(struct gw_publish, annotations, struct gw_labels), .help = "metadata.annotations"}

#define ROWS_OF_RESOURCE(words) \
	{.name = "name", .kind = GW_VALUE_TEXT, .required = true, .check = fault_cloud_name, \
	 .rule = GWT_CLOUD_NAME, .read = gw_read_field, .field = GW_FIELD(struct gw_publish, name, const char *), \
	 .also = " id certificateId trustConfigId ", .help = words}, \
	{.name = "location", .kind = GW_VALUE_TEXT, .check = fault_location, .rule = GWT_LOCATION, \
	 .read = gw_read_field, .field = GW_FIELD(struct gw_publish, location, const char *), \
	 .also = " region zone ", .help = "global, or a region such as europe-west1; global where not given"}, \
	{.name = "labels", .kind = GW_VALUE_LABELS, .max = LABELS_MAX, .check = fault_cloud_key, \
	 .rule = GWT_CLOUD_NAME, .check_value = fault_cloud_value, .read = gw_read_labels, \
	 .field = GW_FIELD(struct gw_publish, labels, struct gw_labels), .help = "labels of the resource"}, \
	{.name = "description", .kind = GW_VALUE_TEXT, .check = gw_fault_128, .read = gw_read_field, \
	 .field = GW_FIELD(struct gw_publish, description, const char *), .help = "a line about it"}
/* clang-format on */

static const struct gw_row metadata_rows[] = {ROWS_OF_METADATA};
static const struct gw_rows secret_rows = {.what = "secret", metadata_rows, GW_COUNT(metadata_rows)};
static const struct gw_rows config_map_rows = {.what = "configMap", metadata_rows, GW_COUNT(metadata_rows)};

static const char *const matcher_words[] = {"PRIMARY", NULL};
static const char *const scope_words[] = {"DEFAULT", "EDGE_CACHE", "ALL_REGIONS", "CLIENT_AUTH", NULL};

static const struct gw_row map_rows[] = {
	{.name = "name",
	 .kind = GW_VALUE_TEXT,
	 .required = true,
	 .check = fault_cloud_name,
	 .rule = GWT_CLOUD_NAME,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_publish, map.name, const char *),
	 .help = "of the certificate map"},
	{.name = "hostnames",
	 .kind = GW_VALUE_TEXTS,
	 .alone = true,
	 .max = HOSTNAMES_MAX,
	 .check = fault_hostname,
	 .rule = GWT_BAD_SAN,
	 .read = gw_read_field_list,
	 .field = GW_FIELD(struct gw_publish, map.hostnames, struct gw_texts),
	 .also = " hostname hosts host domains ",
	 .help = "the names that it answers for, an entry of the map each: sans of the certificate"},
	{.name = "matcher",
	 .kind = GW_VALUE_WORD,
	 .words = matcher_words,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_publish, map.matcher, const char *),
	 .also = " primary default ",
	 .help = "PRIMARY: it answers for every name that no other entry has"},
};

static const struct gw_rows cert_map_rows = {.what = "map", map_rows, GW_COUNT(map_rows)};

static const struct gw_row certificate_rows[] = {
	ROWS_OF_RESOURCE("the certificate's id: lower-case letters, digits and hyphens"),
	{.name = "scope",
	 .kind = GW_VALUE_WORD,
	 .words = scope_words,
	 .read = gw_read_field,
	 .field = GW_FIELD(struct gw_publish, scope, const char *),
	 .help = "what kind of load balancer may use it; DEFAULT where not given, and it cannot be changed later"},
	{.name = "map",
	 .kind = GW_VALUE_MAP,
	 .map = &cert_map_rows,
	 .also = " certificateMap certmap ",
	 .help = "the certificate map whose entries lead to it, which a Gateway names in networking.gke.io/certmap"},
};

static const struct gw_row trust_config_map_rows[] = {
	ROWS_OF_RESOURCE("the trust config's id: lower-case letters, digits and hyphens"),
};

static const struct gw_rows cm_certificate_rows = {
	.what = "certificateManager", certificate_rows, GW_COUNT(certificate_rows)};
static const struct gw_rows trust_config_rows = {
	.what = "trustConfig", trust_config_map_rows, GW_COUNT(trust_config_map_rows)};

static void read_place(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);

static const struct gw_row entry_place_rows[] = {
	{.name = "secret",
	 .kind = GW_VALUE_MAP,
	 .map = &secret_rows,
	 .read = read_place,
	 .also = " kubernetes tlsSecret ",
	 .help = "a kubernetes.io/tls Secret with its key and its chain"},
	{.name = "configMap",
	 .kind = GW_VALUE_MAP,
	 .map = &config_map_rows,
	 .read = read_place,
	 .also = " configMaps ",
	 .help = "of a CA: a ConfigMap with its certificate as ca.crt"},
	{.name = "certificateManager",
	 .kind = GW_VALUE_MAP,
	 .map = &cm_certificate_rows,
	 .read = read_place,
	 .also = " certificate cm gcp google ",
	 .help = "a self-managed certificate of Certificate Manager"},
};

static const struct gw_row trust_place_rows[] = {
	{.name = "configMap",
	 .kind = GW_VALUE_MAP,
	 .map = &config_map_rows,
	 .read = read_place,
	 .help = "a ConfigMap with the one anchor as ca.crt"},
	{.name = "configMaps",
	 .kind = GW_VALUE_MAP,
	 .map = &config_map_rows,
	 .read = read_place,
	 .help = "a ConfigMap for each anchor: NAME, NAME-2, NAME-3"},
	{.name = "trustConfig",
	 .kind = GW_VALUE_MAP,
	 .map = &trust_config_rows,
	 .read = read_place,
	 .also = " certificateManager trustStore ",
	 .help = "a TrustConfig of Certificate Manager"},
};

const struct gw_rows gw_entry_publish_rows = {"an item of publish", entry_place_rows, GW_COUNT(entry_place_rows)};
const struct gw_rows gw_trust_publish_rows = {"an item of publish", trust_place_rows, GW_COUNT(trust_place_rows)};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static void *field_of(const struct gw_reading *r, const struct gw_row *row)
{
	return (char *)r->into + row->field;
}

static const char *text_of(const struct gw_node *value)
{
	return gw_node_is_null(value) ? NULL : gw_node_text(value);
}

void gw_read_field(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = text_of(value);

	if (text != NULL && *text != '\0')
		*(const char **)field_of(r, row) = text;
}

void gw_read_field_list(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_texts *texts = field_of(r, row);
	const struct gw_node *item;
	const char **items;

	if (value->kind != GW_LIST || value->count > (size_t)row->max)
		return;
	items = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*items));
	for (item = value->first; item != NULL; item = item->next) {
		if (text_of(item) != NULL)
			items[texts->count++] = item->text;
	}
	texts->items = items;
}

void gw_read_labels(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_labels *labels = field_of(r, row);
	const struct gw_node *member;
	struct gw_label *items;

	if (value->kind != GW_MAP || value->count > (size_t)row->max)
		return;
	items = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*items));
	for (member = value->first; member != NULL; member = member->next) {
		if (text_of(member) != NULL)
			items[labels->count++] = (struct gw_label){member->key->text, member->text};
	}
	labels->items = items;
}

static enum gw_publish_kind kind_of(const char *key)
{
	static const char *const keys[] = {"secret", "configMap", "configMaps", "certificateManager", NULL};
	unsigned i = 0;

	while (keys[i] != NULL && strcmp(keys[i], key) != 0)
		i++;
	return (enum gw_publish_kind)i;
}

static void read_place(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_publish *p = GW_ARENA_NEW(r->arena, struct gw_publish);
	struct gw_reading place = {.arena = r->arena, .t = r->t, .into = p};

	p->kind = kind_of(row->name);
	p->node = value;
	if (p->kind == GW_PUBLISH_CERTIFICATE || p->kind == GW_PUBLISH_TRUST_CONFIG)
		p->location = GW_GLOBAL;
	gw_read_map(&place, row->map, value);
	*r->publish = p;
	r->publish = &p->next;
}

void gw_read_publish(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_publish **before;
	const struct gw_node *item;
	size_t index = 0;

	for (item = value->kind == GW_LIST ? value->first : NULL; item != NULL; item = item->next, index++) {
		before = r->publish;
		if (item->kind == GW_MAP)
			gw_read_map(r, row->map, item);
		if (*before != NULL)
			(*before)->index = index;
	}
}

const struct gw_publish *gw_publish_of(const struct gw_publish *p, enum gw_publish_kind kind)
{
	while (p != NULL && p->kind != kind)
		p = p->next;
	return p;
}
