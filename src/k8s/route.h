/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPRoutes, policies and ReferenceGrants, read for use. Like k8s/gateway.h, they pass over what is of the wrong kind. */
#ifndef GW_K8S_ROUTE_H
#define GW_K8S_ROUTE_H

#include "k8s/object.h"

struct gw_refs {
	struct gw_ref *items;
	size_t count;
};

struct gw_route {
	const struct gw_object *object;
	const struct gw_node **hostnames; /* scalars */
	size_t n_hostnames;
	struct gw_refs parents;    /* in the order of spec.parentRefs */
	struct gw_refs backends;   /* of all rules, mirrors included */
	struct gw_refs extensions; /* extensionRef of all filters */
};

struct gw_route *gw_route_read(struct gw_arena *arena, const struct gw_object *o);

/* What a policy is attached to: spec.targetRefs, or spec.targetRef where the kind has only one. */
struct gw_refs gw_policy_targets(struct gw_arena *arena, const struct gw_object *o);

/* The references of a list, such as caCertificateRefs; NULL gives none. */
struct gw_refs gw_refs_read(struct gw_arena *arena, const struct gw_node *list, const char *group, const char *kind,
			    const char *namespace_);

/* Whether a ReferenceGrant lets objects of a kind and namespace refer to a kind, and to this one by name. */
bool gw_grant_allows(const struct gw_object *grant, const char *from_group, const char *from_kind,
		     const char *from_namespace, const struct gw_ref *to);

#endif
