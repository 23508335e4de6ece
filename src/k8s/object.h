/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kubernetes objects as they come in files: one a document, many in a List; and references between them. What other tools
 * print (gcloud's TrustConfigs and entries of certificate maps) takes part as objects of kinds of their own. Objects borrow
 * the tree that they were read from.
 */
#ifndef GW_K8S_OBJECT_H
#define GW_K8S_OBJECT_H

#include "base/index.h"
#include "tree/tree.h"

enum gw_object_kind {
	GW_KIND_OTHER,
	GW_KIND_GATEWAY,
	GW_KIND_GATEWAY_CLASS,
	GW_KIND_HTTPROUTE,
	GW_KIND_BACKEND_TLS_POLICY,
	GW_KIND_REFERENCE_GRANT,
	GW_KIND_GCP_BACKEND_POLICY,
	GW_KIND_GCP_GATEWAY_POLICY,
	GW_KIND_HEALTH_CHECK_POLICY,
	GW_KIND_SECRET,
	GW_KIND_CONFIGMAP,
	GW_KIND_SERVICE,
	GW_KIND_NAMESPACE,
	GW_KIND_DEPLOYMENT,
	GW_KIND_TRUST_CONFIG, /* as gcloud exports it, with or without a name */
	GW_KIND_MAP_ENTRY,    /* of a certificate map, as gcloud lists it */
};

struct gw_object {
	enum gw_object_kind kind;
	const char *group, *version; /* "" for the core group */
	const char *kind_text;       /* as written: "Gateway" */
	const char *name;            /* "" where there is none; of gcloud's: the last part of the resource name */
	const char *namespace_;      /* "default" where none is given: kubectl decides then */
	bool named_namespace;        /* whether it is given */
	bool live;                   /* it was read from a cluster: it has a uid or a resourceVersion */
	const char *location;        /* of gcloud's: "global", "europe-west1"; else NULL */
	const char *parent;          /* of a map entry: its map; else NULL */
	const struct gw_node *node, *metadata, *spec; /* node is never NULL */
	const struct gw_node *place;                  /* what a message about the whole points at */
	struct gw_object *next;
};

struct gw_objects {
	struct gw_arena arena; /* of the objects; the trees have their own */
	struct gw_object *first, *last;
	size_t count;
	struct gw_index index; /* by group, kind, namespace and name */
};

/* Adds the objects of one document: itself, or the items of a List or of a JSON array. False where it is none. */
bool gw_objects_add(struct gw_objects *objects, const struct gw_node *document);

/* The first object of that name; NULL where it is not there. The namespace does not count for a cluster's kinds. */
struct gw_object *gw_objects_find(const struct gw_objects *objects, const char *group, const char *kind,
				  const char *namespace_, const char *name);
void gw_objects_release(struct gw_objects *objects);
#define GW_OBJECTS_AUTO GW_CLEANUP(gw_objects_release)

/* The value of an annotation, or NULL; and its node. */
const char *gw_object_annotation(const struct gw_object *o, const char *key);
const struct gw_node *gw_object_annotation_node(const struct gw_object *o, const char *key);

/* A reference as Gateway API writes them. Where a member is missing it has the default of the place; name is NULL where it
 * cannot be read. */
struct gw_ref {
	const struct gw_node *node; /* the map */
	const char *group, *kind, *name, *namespace_;
	const char *section;        /* sectionName, or NULL */
	const struct gw_node *port; /* or NULL */
};

struct gw_ref gw_ref_read(const struct gw_node *node, const char *group, const char *kind, const char *namespace_);

/* "Secret default/store": for messages. In the arena. */
const char *gw_ref_words(struct gw_arena *arena, const struct gw_ref *ref);
const char *gw_object_words(struct gw_arena *arena, const struct gw_object *o);

#define GW_GROUP_GATEWAY "gateway.networking.k8s.io"
#define GW_GROUP_GKE     "networking.gke.io"

#endif
