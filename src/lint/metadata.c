/* SPDX-License-Identifier: Apache-2.0 */
/* Names, labels, annotations and sizes, as the API server bounds them for every object. */
#include <string.h>

#include "k8s/secret.h"
#include "lint/internal.h"
#include "rules/names.h"

#define ANNOTATIONS_MAX  ((size_t)262144) /* octets of all keys and values (apimachinery, TotalAnnotationSizeLimitB) */
#define NAME_PART_MAX    63               /* octets of a label's value, and of a key behind its prefix */
#define DATA_KEY_MAX     253
#define KEY_ALLOWED      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
#define DNS_1035_ALLOWED "abcdefghijklmnopqrstuvwxyz0123456789-"

/* --- names -------------------------------------------------------------------------------------------------------- */

/* A Service's name is a DNS-1035 label: it begins with a letter. */
static const char *service_name(const char *name)
{
	size_t n = strlen(name);

	if (n > 63)
		return "is longer than 63 octets";
	if (strspn(name, DNS_1035_ALLOWED) != n)
		return "has a character that is not a lower-case letter, digit or hyphen";
	if (n == 0 || name[0] == '-' || (name[0] >= '0' && name[0] <= '9'))
		return "does not begin with a letter";
	return name[n - 1] == '-' ? "ends with a hyphen" : NULL;
}

static const char *name_fault(const struct gw_object *o)
{
	if (o->kind == GW_KIND_SERVICE)
		return service_name(o->name);
	return o->kind == GW_KIND_NAMESPACE ? gw_name_k8s_label(o->name) : gw_name_k8s_subdomain(o->name);
}

static void judge_name(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *name = gw_node_get(o->metadata, "name"), *space = gw_node_get(o->metadata, "namespace");
	const char *fault;
	struct gw_finding *f;

	if (*o->name == '\0') {
		if (gw_node_get(o->metadata, "generateName") == NULL)
			lint_find(l, o, GWK_LIMITS, o->metadata, "metadata.name", "the %s has no name", o->kind_text);
	} else {
		fault = name_fault(o);
		if (fault != NULL) {
			f = lint_find(l, o, GWK_LIMITS, name, "metadata.name", "the name \"%.100s\" %s", o->name,
				      fault);
			lint_fix(l, f, "use lower-case letters, digits and hyphens: store-example-com");
		}
	}
	fault = gw_node_text(space) != NULL && space->len > 0 ? gw_name_k8s_label(space->text) : NULL;
	if (fault != NULL)
		lint_find(l, o, GWK_LIMITS, space, "metadata.namespace", "the namespace \"%.100s\" %s", space->text,
			  fault);
}

/* --- labels and annotations --------------------------------------------------------------------------------------- */

static bool is_word(const char *text, size_t n)
{
	return n > 0 && n <= NAME_PART_MAX && strspn(text, KEY_ALLOWED) >= n && strchr("-_.", text[0]) == NULL &&
	       strchr("-_.", text[n - 1]) == NULL;
}

/* [prefix/]name */
static const char *key_fault(struct gw_lint *l, const char *key)
{
	const char *slash = strchr(key, '/');
	const char *name = slash != NULL ? slash + 1 : key;

	if (slash != NULL && gw_name_k8s_subdomain(gw_arena_strndup(&l->arena, key, (size_t)(slash - key))) != NULL)
		return "has a prefix that is no DNS name in lower case";
	if (!is_word(name, strlen(name)))
		return "is no label key: 1 to 63 letters, digits, '-', '_' and '.', the first and last a letter or "
		       "digit";
	return NULL;
}

static void judge_labels(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *map = gw_node_get(o->metadata, "labels"), *m;
	const char *fault;

	for (m = map != NULL && map->kind == GW_MAP ? map->first : NULL; m != NULL; m = m->next) {
		fault = key_fault(l, m->key->text);
		if (fault != NULL)
			lint_find(l, o, GWK_LIMITS, m->key, "metadata.labels", "\"%.100s\" %s", m->key->text, fault);
		if (gw_node_text(m) != NULL && m->len > 0 && !gw_node_is_null(m) && !is_word(m->text, m->len))
			lint_find(l, o, GWK_LIMITS, m, "metadata.labels",
				  "\"%.100s\" is no label value: at most 63 letters, digits, '-', '_' and '.', the "
				  "first and "
				  "last a letter or digit",
				  m->text);
	}
}

static void judge_annotations(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *map = gw_node_get(o->metadata, "annotations"), *m;
	size_t octets = 0;
	const char *fault;

	for (m = map != NULL && map->kind == GW_MAP ? map->first : NULL; m != NULL; m = m->next) {
		octets += m->key->len + m->len;
		fault = key_fault(l, m->key->text);
		if (fault != NULL)
			lint_find(l, o, GWK_LIMITS, m->key, "metadata.annotations", "\"%.100s\" %s", m->key->text,
				  fault);
	}
	if (octets > ANNOTATIONS_MAX)
		lint_find(l, o, GWK_LIMITS, map, "metadata.annotations",
			  "the annotations have %zu octets; Kubernetes takes %zu", octets, ANNOTATIONS_MAX);
}

static void judge_twin(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_object *first = gw_objects_find(&l->objects, o->group, o->kind_text, o->namespace_, o->name);
	struct gw_finding *f;

	if (first == NULL || first == o || *o->name == '\0')
		return;
	f = lint_find(l, o, GWK_TWICE, NULL, NULL, "%s is there twice", gw_object_words(&l->arena, o));
	lint_relate(l, f, first, NULL, "the other one");
	lint_fix(l, f, "keep one; of two, kubectl apply lets the later one win");
}

void lint_metadata(struct gw_lint *l, const struct gw_object *o)
{
	if (o->kind == GW_KIND_OTHER && *o->name == '\0')
		return;
	if (o->kind != GW_KIND_OTHER)
		judge_twin(l, o);
	judge_name(l, o);
	judge_labels(l, o);
	judge_annotations(l, o);
}

/* --- data --------------------------------------------------------------------------------------------------------- */

static bool is_data_key(const char *key)
{
	size_t n = strlen(key);

	return n > 0 && n <= DATA_KEY_MAX && strspn(key, KEY_ALLOWED) == n && strcmp(key, ".") != 0 &&
	       strncmp(key, "..", 2) != 0;
}

/* The octets that a value stands for; what is no base64 is said elsewhere. */
static size_t size_of(const struct gw_node *value, bool encoded)
{
	size_t i, digits = 0;

	if (!encoded)
		return value->len;
	for (i = 0; i < value->len; i++)
		digits += strchr("=\r\n", value->text[i]) == NULL;
	return digits / 4 * 3 + (digits % 4 > 1 ? digits % 4 - 1 : 0);
}

void lint_data_limits(struct gw_lint *l, const struct gw_object *o)
{
	static const char *const members[] = {"data", "stringData", "binaryData"};
	struct gw_finding *f;
	size_t i, size = 0;

	for (i = 0; i < GW_COUNT(members); i++) {
		const struct gw_node *map = gw_node_get(o->node, members[i]), *m;
		bool encoded = i == 2 || (i == 0 && o->kind == GW_KIND_SECRET);

		for (m = map != NULL && map->kind == GW_MAP ? map->first : NULL; m != NULL; m = m->next) {
			size += m->kind == GW_SCALAR ? size_of(m, encoded) : 0;
			if (!is_data_key(m->key->text))
				lint_find(l, o, GWK_LIMITS, m->key, members[i],
					  "the key \"%.100s\" is not made of letters, digits, '-', '_' and '.' alone, "
					  "or is "
					  "longer than 253 octets",
					  m->key->text);
		}
	}
	if (size <= GW_K8S_DATA_MAX)
		return;
	f = lint_find(l, o, GWK_LIMITS, gw_node_get(o->node, "data"), "data",
		      "the data have %zu octets; Kubernetes takes %zu", size, GW_K8S_DATA_MAX);
	lint_fix(l, f, "keep the leaf and its chain, and leave out everything else");
}
