/* SPDX-License-Identifier: Apache-2.0 */
/* BackendTLSPolicies: TLS from the Gateway to its backends. */
#include <string.h>
#include <strings.h>

#include "lint/internal.h"
#include "rules/names.h"

#define TARGETS_MAX 16 /* of one policy, by Gateway API; the schema counts them */

/* --- targets ------------------------------------------------------------------------------------------------------ */

static const struct {
	const char *group, *kind;
	bool inference;
} targets_of_gke[] = {
	{"", "Service", false},
	{"net.gke.io", "ServiceImport", false},
	{"inference.networking.k8s.io", "InferencePool", true},
	{GW_GROUP_GKE, "GCPInferencePoolImport", true},
};

static bool is_inference(const struct gw_ref *t)
{
	size_t i;

	for (i = 0; i < GW_COUNT(targets_of_gke); i++) {
		if (strcmp(targets_of_gke[i].kind, t->kind) == 0)
			return targets_of_gke[i].inference;
	}
	return false;
}

static void judge_kind(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < GW_COUNT(targets_of_gke); i++) {
		if (strcmp(targets_of_gke[i].kind, t->kind) == 0 && strcmp(targets_of_gke[i].group, t->group) == 0)
			return;
	}
	for (i = 0; i < GW_COUNT(targets_of_gke) && strcmp(targets_of_gke[i].kind, t->kind) != 0; i++)
		;
	if (i < GW_COUNT(targets_of_gke)) {
		f = lint_find(l, o, GWK_TLS_TARGET, gw_node_get(t->node, "group"), path,
			      "the kind %s is of group \"%s\", not \"%s\"", t->kind, targets_of_gke[i].group, t->group);
		lint_fix(l, f, "write group: \"%s\"", targets_of_gke[i].group);
		return;
	}
	f = lint_find(l, o, GWK_TLS_TARGET, gw_node_get(t->node, "kind"), path,
		      "a target of kind %s: GKE takes Service, ServiceImport, InferencePool and GCPInferencePoolImport",
		      t->kind);
	lint_fix(l, f, "name the Service: group: \"\", kind: Service");
}

static void judge_class(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	unsigned flags = lint_use(l, t->group, t->kind, t->namespace_, t->name)->flags;
	struct gw_finding *f;

	if ((flags & USE_NO_TLS) != 0) {
		f = lint_find(l, o, GWK_TLS_CLASS, gw_node_get(t->node, "name"), path,
			      "%s is behind a Gateway of a classic class (gke-l7-gxlb), which has no TLS to backends",
			      gw_ref_words(&l->arena, t));
		lint_fix(l, f, "use gatewayClassName: gke-l7-global-external-managed");
	} else if ((flags & USE_NO_INFERENCE) != 0 && is_inference(t)) {
		f = lint_find(l, o, GWK_TLS_INFERENCE, gw_node_get(t->node, "kind"), path,
			      "%s is behind a Gateway of class gke-l7-global-external-managed, which has no TLS to %s",
			      gw_ref_words(&l->arena, t), t->kind);
		lint_fix(l, f, "use a regional or cross-regional class for it");
	}
}

static void judge_place(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	const char *namespace_;
	struct gw_finding *f;

	if (lint_target(l, t) != NULL || t->name == NULL)
		return;
	if (!lint_elsewhere(l, t, &namespace_)) {
		lint_missing_ref(l, o, GWK_UNRESOLVED, t, path);
		return;
	}
	f = lint_find(
		l, o, GWK_TLS_NAMESPACE, gw_node_get(t->node, "name"), path,
		"%s %s is in the namespace \"%s\", and a BackendTLSPolicy counts only in the namespace of its target",
		t->kind, t->name, namespace_);
	lint_fix(l, f, "move the policy (and its ConfigMap) to \"%s\"", namespace_);
}

/* --- the Service behind it ---------------------------------------------------------------------------------------- */

static bool speaks_tls(const char *protocol)
{
	return protocol != NULL && (strcmp(protocol, "HTTPS") == 0 || strcmp(protocol, "HTTP2") == 0);
}

/* Whether the port of a Service is one that the target means: that of its section, or any. */
static bool is_meant(const struct gw_ref *t, const struct gw_node *port)
{
	const char *name = gw_node_text(gw_node_get(port, "name"));

	return t->section == NULL || (name != NULL && strcmp(name, t->section) == 0);
}

static void no_port(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	struct gw_finding *f = lint_find_as(l, o, GWK_TLS_PORT, GW_ERROR, gw_node_get(t->node, "sectionName"), path,
					    "no port of %s is called \"%s\", so the policy counts for none",
					    gw_ref_words(&l->arena, t), t->section);

	lint_fix(l, f, "write the name of the port, not its number; or leave sectionName out to mean all ports");
}

/* What others ask of a port is theirs; that it is there is Gateway API's. */
static void judge_ports(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path,
			bool foreign)
{
	bool any = false;
	const struct gw_object *s = lint_target(l, t);
	const struct gw_node *ports = s != NULL ? gw_node_get(s->spec, "ports") : NULL, *p;
	struct gw_finding *f;

	if (s == NULL || s->kind != GW_KIND_SERVICE || ports == NULL || ports->kind != GW_LIST)
		return;
	for (p = ports->first; p != NULL; p = p->next) {
		const char *protocol = gw_node_text(gw_node_get(p, "appProtocol"));

		if (!is_meant(t, p))
			continue;
		any = true;
		if (speaks_tls(protocol) || foreign)
			continue;
		f = lint_find(l, o, GWK_TLS_PORT, gw_node_get(t->node, "name"), path,
			      "port %s of %s %s, so the load balancer does not speak TLS to it",
			      gw_node_text(gw_node_get(p, "port")) != NULL ? gw_node_get(p, "port")->text : "?",
			      gw_object_words(&l->arena, s),
			      protocol != NULL ? lint_format(l, "has appProtocol %s", protocol) : "has no appProtocol");
		lint_fix(l, f, "write appProtocol: HTTPS (or HTTP2) at the port in %s:%u", s->place->source->name,
			 p->line);
	}
	if (!any && t->section != NULL)
		no_port(l, o, t, path);
}

static void judge_health(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path)
{
	const struct gw_object *h = lint_use(l, t->group, t->kind, t->namespace_, t->name)->policies[LINT_HEALTH_CHECK];
	const struct gw_node *type =
		h != NULL ? gw_node_get(gw_node_get(gw_node_get(h->spec, "default"), "config"), "type") : NULL;
	struct gw_finding *f;

	if (gw_node_text(type) == NULL || strcmp(type->text, "HTTP") != 0)
		return;
	f = lint_find(l, o, GWK_TLS_PORT, gw_node_get(t->node, "name"), path,
		      "its health check (%s) is of type HTTP, and a backend that speaks TLS fails it",
		      gw_object_words(&l->arena, h));
	lint_fix(l, f, "write type: HTTPS and httpsHealthCheck in %s:%u", type->source->name, type->line);
}

/* --- what is trusted ---------------------------------------------------------------------------------------------- */

static void judge_source(struct gw_lint *l, const struct gw_object *o, const struct gw_node *validation)
{
	const struct gw_node *refs = gw_node_get(validation, "caCertificateRefs");
	const struct gw_node *known = gw_node_get(validation, "wellKnownCACertificates");
	bool has_refs = refs != NULL && refs->count > 0;
	bool has_known = gw_node_text(known) != NULL && known->len > 0;
	const struct gw_node *option = gw_node_get(gw_node_get(o->spec, "options"), GW_OPTION_BACKEND_TRUST);
	struct gw_finding *f;

	if (validation == NULL)
		return;
	if (has_refs == has_known) {
		f = lint_find(l, o, GWK_BACKEND_CA, has_refs ? known->key : validation, "spec.validation",
			      has_refs ? "caCertificateRefs and wellKnownCACertificates do not go together"
				       : "neither caCertificateRefs nor wellKnownCACertificates is there");
		lint_fix(l, f,
			 has_refs ? "keep one of the two"
				  : "write caCertificateRefs: [{group: \"\", kind: ConfigMap, name: NAME}]");
	}
	if (gw_node_text(option) != NULL && !lint_is_foreign(lint_target_origin(l, o)))
		lint_gke_name(l, o, option, "spec.options", option->text, "TrustConfig");
	if (has_known && option == NULL && !lint_is_foreign(lint_target_origin(l, o))) {
		f = lint_find(l, o, GWK_SYSTEM_TRUST, known, "spec.validation.wellKnownCACertificates",
			      "\"System\" needs a TrustConfig on GKE, which has no store of public CAs for backends");
		lint_fix(l, f, "add spec.options: {%s: TRUSTCONFIG}", GW_OPTION_BACKEND_TRUST);
	}
}

/* A ConfigMap of another namespace cannot be named at all: caCertificateRefs have no namespace. */
static void judge_configmaps(struct gw_lint *l, const struct gw_object *o, const struct gw_refs *refs)
{
	const char *namespace_;
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < refs->count; i++) {
		struct gw_ref own = refs->items[i];

		own.namespace_ = o->namespace_;
		if (own.name == NULL || lint_target(l, &own) != NULL || !lint_elsewhere(l, &own, &namespace_))
			continue;
		f = lint_find(
			l, o, GWK_TLS_NAMESPACE, gw_node_get(own.node, "name"), "spec.validation.caCertificateRefs",
			"%s %s is in the namespace \"%s\"; the policy looks in its own, \"%s\", and no grant changes "
			"that",
			own.kind, own.name, namespace_, o->namespace_);
		lint_fix(l, f, "put a copy of the ConfigMap into \"%s\"", o->namespace_);
	}
}

static void judge_alt_names(struct gw_lint *l, const struct gw_object *o, const struct gw_node *validation)
{
	const struct gw_node *names = gw_node_get(validation, "subjectAltNames"), *item;
	const struct gw_node *host = gw_node_get(validation, "hostname");
	struct gw_finding *f;

	if (names == NULL || names->kind != GW_LIST || names->count == 0 || gw_node_text(host) == NULL)
		return;
	for (item = names->first; item != NULL; item = item->next) {
		const char *name = gw_node_text(gw_node_get(item, "hostname"));

		if (name != NULL && (strcasecmp(name, host->text) == 0 || gw_name_covers(name, host->text)))
			return;
	}
	f = lint_find(
		l, o, GWK_ALT_NAMES, names, "spec.validation.subjectAltNames",
		"with subjectAltNames the hostname \"%s\" is sent as SNI only: the certificate need not be for it",
		host->text);
	lint_fix(l, f, "add {type: Hostname, hostname: %s} to subjectAltNames, if it is to be checked too", host->text);
}

static void judge_location(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t)
{
	const struct gw_node *at = gw_node_get(gw_node_get(o->spec, "options"), GW_OPTION_BACKEND_TRUST);
	unsigned flags = lint_use(l, t->group, t->kind, t->namespace_, t->name)->flags;
	bool wants_global = (flags & (USE_GLOBAL | USE_CROSS_REGION | USE_MULTI)) != 0;
	bool wants_region = (flags & USE_REGIONAL) != 0 && (flags & USE_SINGLE) != 0;
	const struct gw_object *trust = NULL;
	struct gw_finding *f;

	if (wants_global)
		trust = lint_trust_misplaced(l, gw_node_text(at), true);
	if (trust == NULL && wants_region)
		trust = lint_trust_misplaced(l, gw_node_text(at), false);
	if (trust == NULL)
		return;
	f = lint_find(l, o, GWK_BACKEND_TRUST_LOCATION, at, "spec.options",
		      "the TrustConfig \"%s\" is in location %s; %s", at->text, trust->location,
		      strcmp(trust->location, "global") == 0
			      ? "a regional Gateway needs it in its own region"
			      : "a global, cross-regional or multi-cluster Gateway needs it in location global");
	lint_fix(l, f, "make one of the same name in each location whose Gateways lead to the target");
}

/* Two references of one policy to the same target need different sections. */
static void judge_same(struct gw_lint *l, const struct gw_object *o, const struct gw_refs *targets, size_t i,
		       const char *path)
{
	const struct gw_ref *t = &targets->items[i];
	size_t k;

	for (k = 0; k < i && i < TARGETS_MAX; k++) {
		const struct gw_ref *before = &targets->items[k];

		if (t->name == NULL || before->name == NULL || strcmp(t->name, before->name) != 0 ||
		    strcmp(t->kind, before->kind) != 0 || strcmp(t->group, before->group) != 0)
			continue;
		if (t->section != NULL && before->section != NULL && strcmp(t->section, before->section) != 0)
			continue;
		lint_find(l, o, GWK_POLICY_TWICE, t->node, path,
			  "%s is a target twice; each of the two needs a sectionName of its own",
			  gw_ref_words(&l->arena, t));
		return;
	}
}

void lint_backend_tls(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_refs targets = gw_policy_targets(&l->arena, o);
	const struct gw_node *validation = gw_node_get(o->spec, "validation");
	const struct gw_refs refs =
		gw_refs_read(&l->arena, gw_node_get(validation, "caCertificateRefs"), "", "ConfigMap", o->namespace_);
	const bool foreign = lint_is_foreign(lint_target_origin(l, o));
	size_t i;

	for (i = 0; i < targets.count; i++) {
		const struct gw_ref *t = &targets.items[i];
		const char *path = lint_format(l, "spec.targetRefs[%zu]", i);

		if (!foreign)
			judge_kind(l, o, t, path);
		judge_class(l, o, t, path);
		judge_place(l, o, t, path);
		judge_ports(l, o, t, path, foreign);
		judge_health(l, o, t, path);
		lint_policy_twin(l, o, t, path);
		judge_same(l, o, &targets, i, path);
		judge_location(l, o, t);
		lint_backend_certificate(l, o, t);
	}
	judge_source(l, o, validation);
	judge_configmaps(l, o, &refs);
	lint_ca_refs(l, o, refs.items, refs.count, "spec.validation", USE_BACKEND_CA);
	judge_alt_names(l, o, validation);
}
