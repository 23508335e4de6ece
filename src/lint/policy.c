/* SPDX-License-Identifier: Apache-2.0 */
/* Policies of GKE on Services and Gateways: what they are attached to, and what does not go together. */
#include <string.h>

#include "lint/internal.h"

static int policy_of(const struct gw_object *o)
{
	switch (o->kind) {
	case GW_KIND_BACKEND_TLS_POLICY: return LINT_BACKEND_TLS;
	case GW_KIND_GCP_BACKEND_POLICY: return LINT_BACKEND_POLICY;
	case GW_KIND_GCP_GATEWAY_POLICY: return LINT_GATEWAY_POLICY;
	case GW_KIND_HEALTH_CHECK_POLICY: return LINT_HEALTH_CHECK;
	default: return -1;
	}
}

static const struct gw_node *default_of(const struct gw_object *o)
{
	return gw_node_get(o->spec, "default");
}

static bool has_iap(const struct gw_object *o)
{
	bool value = false;

	return gw_node_is_bool(gw_node_get(gw_node_get(default_of(o), "iap"), "enabled"), &value) && value;
}

static bool has_armor(const struct gw_object *o)
{
	const char *policy = gw_node_text(gw_node_get(default_of(o), "securityPolicy"));

	return policy != NULL && *policy != '\0';
}

/* A target of its own is a part of an object as well: one port of a Service. */
static struct lint_use *target_use(struct gw_lint *l, const struct gw_ref *t)
{
	const char *name = t->name != NULL ? t->name : "";

	if (t->section != NULL)
		name = lint_format(l, "%s\n%s", name, t->section);
	return lint_use(l, t->group, t->kind, t->namespace_, name);
}

/* The CAs of a policy are for what its targets are for. */
void lint_collect_cas(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *validation = gw_node_get(o->spec, "validation");
	const char *trust = gw_node_text(gw_node_get(gw_node_get(o->spec, "options"), GW_OPTION_BACKEND_TRUST));
	const struct gw_refs refs =
		gw_refs_read(&l->arena, gw_node_get(validation, "caCertificateRefs"), "", "ConfigMap", o->namespace_);
	unsigned flags = USE_BACKEND_CA | lint_target_origin(l, o);
	size_t i;

	for (i = 0; i < refs.count; i++)
		lint_use(l, refs.items[i].group, refs.items[i].kind, o->namespace_, refs.items[i].name)->flags |= flags;
	if (trust != NULL)
		lint_use(l, "", "TrustConfig", "default", trust)->flags |= flags;
}

unsigned lint_target_origin(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_refs targets = gw_policy_targets(&l->arena, o);
	unsigned flags = 0;
	size_t i;

	for (i = 0; i < targets.count; i++) {
		const struct gw_ref *t = &targets.items[i];

		flags |= lint_use(l, t->group, t->kind, t->namespace_, t->name)->flags & (USE_GKE | USE_FOREIGN);
	}
	return flags;
}

void lint_collect_policy(struct gw_lint *l, const struct gw_object *o)
{
	struct gw_refs targets;
	int kind = policy_of(o);
	size_t i;

	if (kind < 0)
		return;
	targets = gw_policy_targets(&l->arena, o);
	for (i = 0; i < targets.count; i++) {
		const struct gw_ref *t = &targets.items[i];
		struct lint_use *use = lint_use(l, t->group, t->kind, t->namespace_, t->name);

		if (kind == LINT_BACKEND_TLS)
			use->flags |= USE_TLS_POLICY;
		if (kind == LINT_BACKEND_POLICY && has_iap(o))
			use->flags |= USE_IAP;
		if (kind == LINT_BACKEND_POLICY && has_armor(o))
			use->flags |= USE_ARMOR;
		if (target_use(l, t)->policies[kind] == NULL)
			target_use(l, t)->policies[kind] = o;
		if (use->policies[kind] == NULL)
			use->policies[kind] = o;
	}
}

void lint_policy_twin(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	const struct gw_object *first = target_use(l, t)->policies[policy_of(o)];
	struct gw_finding *f;

	if (first == NULL || first == o || t->name == NULL)
		return;
	f = lint_find(l, o, GWK_POLICY_TWICE, gw_node_get(t->node, "name"), path,
		      "%s has a %s already, %s; the older one wins, this one becomes Conflicted",
		      gw_ref_words(&l->arena, t), o->kind_text, first->name);
	lint_relate(l, f, first, NULL, "the one that wins");
	lint_fix(l, f, "make one of the two");
}

/* --- GCPBackendPolicy --------------------------------------------------------------------------------------------- */

/* The Secret has the client's secret under the key "key". */
static void judge_iap_secret(struct gw_lint *l, const struct gw_object *o, const struct gw_node *node)
{
	const struct gw_ref r = gw_ref_read(node, "", "Secret", o->namespace_);
	const struct gw_object *secret = lint_target(l, &r);
	struct gw_finding *f;

	if (secret == NULL) {
		lint_missing_ref(l, o, GWK_UNRESOLVED, &r, "spec.default.iap.oauth2ClientSecret");
		return;
	}
	if (gw_node_get(gw_node_get(secret->node, "data"), "key") != NULL ||
	    gw_node_get(gw_node_get(secret->node, "stringData"), "key") != NULL)
		return;
	f = lint_find(l, o, GWK_BACKEND_POLICY, gw_node_get(node, "name"), "spec.default.iap.oauth2ClientSecret",
		      "%s has no key \"key\", where the OAuth client's secret is looked for",
		      gw_object_words(&l->arena, secret));
	lint_fix(l, f, "kubectl create secret generic %s --from-literal=key=...", secret->name);
}

static void judge_iap(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *iap = gw_node_get(default_of(o), "iap");
	const struct gw_node *secret = gw_node_get(iap, "oauth2ClientSecret");
	struct gw_finding *f;

	if (has_iap(o) && secret != NULL)
		judge_iap_secret(l, o, secret);
	if (!has_iap(o) || (gw_node_get(iap, "clientID") != NULL && secret != NULL))
		return;
	f = lint_find(l, o, GWK_BACKEND_POLICY, iap, "spec.default.iap",
		      "Identity-Aware Proxy is on without %s: only newer GKE versions use a client of Google's then",
		      secret != NULL ? "clientID" : "oauth2ClientSecret");
	lint_fix(l, f,
		 "give clientID and oauth2ClientSecret: {name: SECRET}, the Secret having it under the key \"key\"");
}

/* The GatewayClasses of one cluster lead to Services, those of several to ServiceImports. */
static void judge_scope(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	unsigned flags = lint_use(l, t->group, t->kind, t->namespace_, t->name)->flags;
	bool service = strcmp(t->kind, "Service") == 0;
	struct gw_finding *f;

	if (strcmp(t->kind, "Service") != 0 && strcmp(t->kind, "ServiceImport") != 0 &&
	    strcmp(t->kind, "InferencePool") != 0 && strcmp(t->kind, "GCPInferencePoolImport") != 0) {
		f = lint_find(l, o, GWK_BACKEND_POLICY, gw_node_get(t->node, "kind"), path,
			      "a %s is attached to backends, not to a %s", o->kind_text, t->kind);
		lint_fix(l, f, "write kind: Service, or ServiceImport of group net.gke.io for several clusters");
		return;
	}
	if (!(service ? (flags & USE_MULTI) != 0 && (flags & USE_SINGLE) == 0
		      : strcmp(t->kind, "ServiceImport") == 0 && (flags & USE_SINGLE) != 0))
		return;
	f = lint_find(
		l, o, GWK_BACKEND_POLICY, gw_node_get(t->node, "kind"), path,
		service ? "the Gateway that leads to it is one of several clusters, which takes policies on "
			  "ServiceImports"
			: "the Gateway that leads to it is one of a single cluster, which takes policies on Services");
	lint_fix(l, f, service ? "write group: net.gke.io, kind: ServiceImport" : "write group: \"\", kind: Service");
}

static void judge_armor(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t)
{
	unsigned flags = lint_use(l, t->group, t->kind, t->namespace_, t->name)->flags;
	struct gw_finding *f;

	if (!has_armor(o) || (flags & USE_GLOBAL) == 0 || (flags & USE_REGIONAL) == 0)
		return;
	f = lint_find(l, o, GWK_ARMOR_SCOPE, gw_node_get(default_of(o), "securityPolicy"),
		      "spec.default.securityPolicy",
		      "%s is behind a global and a regional Gateway, and a security policy is one or the other",
		      gw_ref_words(&l->arena, t));
	lint_fix(l, f, "make a second Service for the other Gateway, with a policy of its own");
}

/* --- attachment --------------------------------------------------------------------------------------------------- */

static bool elsewhere(const struct gw_lint *l, const struct gw_ref *t, const char **namespace_)
{
	const struct gw_object *o;

	for (o = l->objects.first; o != NULL; o = o->next) {
		if (t->name != NULL && strcmp(o->name, t->name) == 0 && strcmp(o->kind_text, t->kind) == 0 &&
		    strcmp(o->group, t->group) == 0) {
			*namespace_ = o->namespace_;
			return true;
		}
	}
	return false;
}

/* Walks all objects; only a policy whose target is missing comes here, and only the first ones do. */
bool lint_elsewhere(struct gw_lint *l, const struct gw_ref *t, const char **namespace_)
{
	return l->searches++ < LINT_SEARCHES_MAX && elsewhere(l, t, namespace_);
}

static void judge_target(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	const char *namespace_;
	struct gw_finding *f;

	if (strcmp(t->namespace_, o->namespace_) != 0) {
		f = lint_find(l, o, GWK_BACKEND_POLICY, gw_node_get(t->node, "namespace"), path,
			      "a policy is attached to what is in its own namespace, \"%s\"", o->namespace_);
		lint_fix(l, f, "move the policy to \"%s\"", t->namespace_);
	} else if (lint_target(l, t) == NULL && lint_elsewhere(l, t, &namespace_)) {
		f = lint_find(l, o, GWK_BACKEND_POLICY, gw_node_get(t->node, "name"), path,
			      "%s %s is in the namespace \"%s\", and the policy in \"%s\": it has no effect", t->kind,
			      t->name, namespace_, o->namespace_);
		lint_fix(l, f, "move the policy to \"%s\"", namespace_);
	} else if (lint_target(l, t) == NULL) {
		lint_missing_ref(l, o, GWK_UNRESOLVED, t, path);
	}
}

void lint_policy(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_refs targets = gw_policy_targets(&l->arena, o);
	struct gw_finding *f;
	size_t i;

	if (o->kind == GW_KIND_GCP_BACKEND_POLICY)
		judge_iap(l, o);
	for (i = 0; i < targets.count; i++) {
		const struct gw_ref *t = &targets.items[i];

		lint_policy_twin(l, o, t, "spec.targetRef");
		judge_target(l, o, t, "spec.targetRef");
		if (o->kind != GW_KIND_GCP_GATEWAY_POLICY)
			judge_scope(l, o, t, "spec.targetRef");
		if (o->kind == GW_KIND_GCP_BACKEND_POLICY)
			judge_armor(l, o, t);
		if (o->kind == GW_KIND_GCP_GATEWAY_POLICY && strcmp(t->kind, "Gateway") != 0) {
			f = lint_find(l, o, GWK_BACKEND_POLICY, gw_node_get(t->node, "kind"), "spec.targetRef",
				      "a GCPGatewayPolicy is attached to a Gateway, not to a %s", t->kind);
			lint_fix(l, f, "write group: %s, kind: Gateway", GW_GROUP_GATEWAY);
		}
	}
}
