/* SPDX-License-Identifier: Apache-2.0 */
/* Client certificates at the Gateway: every spelling that there has been, and what they refer to. */
#include <string.h>

#include "lint/internal.h"

#define GKE_CA_REFS_MAX 8 /* GKE documentation, Secure a Gateway; Gateway API up to 1.5 */

/* --- CA references, shared with backend TLS ----------------------------------------------------------------------- */

/* The one ConfigMap of the namespace with a CA that nothing refers to: most likely what was meant. */
static const struct gw_object *unused_ca(const struct gw_lint *l, const struct gw_ref *ref)
{
	const struct gw_object *o, *found = NULL;

	for (o = l->objects.first; o != NULL; o = o->next) {
		if (o->kind != GW_KIND_CONFIGMAP || strcmp(o->namespace_, ref->namespace_) != 0 ||
		    gw_node_get(gw_node_get(o->node, "data"), "ca.crt") == NULL)
			continue;
		if (found != NULL)
			return NULL;
		found = o;
	}
	return found;
}

static void missing_ca(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *r, const char *path)
{
	/* Looked for once a run only, so that many references do not walk many objects. */
	const struct gw_object *meant = l->ca_guesses++ < 16 ? unused_ca(l, r) : NULL;
	struct gw_finding *f;

	if (meant == NULL || r->name == NULL) {
		lint_missing_ref(l, o, GWK_UNRESOLVED, r, path);
		return;
	}
	f = lint_find_as(l, o, GWK_UNRESOLVED, l->conf.complete ? GW_ERROR : GW_WARNING, gw_node_get(r->node, "name"),
			 path, "%s is not among the manifests given, and ConfigMap %s, which has a CA, is",
			 gw_ref_words(&l->arena, r), meant->name);
	lint_fix(l, f, "give both the same name: \"%s\" or \"%s\"", r->name, meant->name);
}

static void judge_ca_ref(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *r, const char *path,
			 unsigned use)
{
	struct gw_finding *f;

	if (strcmp(r->kind, "ConfigMap") != 0 || *r->group != '\0') {
		f = lint_find(l, o, use == USE_CLIENT_CA ? GWK_FRONTEND_REFS : GWK_BACKEND_CA,
			      gw_node_get(r->node, strcmp(r->kind, "ConfigMap") != 0 ? "kind" : "group"), path,
			      "a CA of kind %s%s%s: GKE takes a ConfigMap of the core group", r->kind,
			      *r->group != '\0' ? " in group " : "", r->group);
		lint_fix(l, f, "write group: \"\", kind: ConfigMap, and put the CA under its key ca.crt");
		return;
	}
	lint_use(l, r->group, r->kind, r->namespace_, r->name)->flags |= use;
	if (use == USE_CLIENT_CA)
		lint_cross_namespace(l, o, r, path);
	if (lint_target(l, r) == NULL)
		missing_ca(l, o, r, path);
}

void lint_ca_refs(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *refs, size_t n, const char *path,
		  unsigned use)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < n; i++)
		judge_ca_ref(l, o, &refs[i], lint_format(l, "%s.caCertificateRefs[%zu]", path, i), use);
	if (n < 2)
		return;
	f = lint_find(
		l, o, GWK_IMPLEMENTATION, refs[0].node, lint_format(l, "%s.caCertificateRefs", path),
		"%zu CAs: Gateway API asks implementations for one; GKE takes up to %d, each in a ConfigMap of its "
		"own",
		n, GKE_CA_REFS_MAX);
	lint_fix(l, f, "elsewhere than on GKE, look up whether more than one is taken");
}

/* --- spellings ---------------------------------------------------------------------------------------------------- */

static void judge_shape(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_finding *f;

	if (g->shape == GW_FRONTEND_GKE_PAGE) {
		f = lint_find_as(
			l, g->object, GWK_FRONTEND_SHAPE, g->object->live ? GW_NOTE : GW_ERROR, g->frontend,
			"spec.tls.frontendValidation",
			"unknown field \"frontendValidation\": no released Gateway API has it, though GKE's page "
			"writes it so");
		lint_fix(l, f,
			 "write spec.tls.frontend.default.validation.caCertificateRefs, and "
			 "spec.tls.frontend.perPort[].tls.validation for single ports");
		lint_evidence(l, f, "without strict validation it is dropped silently, and any client gets in");
	} else if (g->shape == GW_FRONTEND_LISTENER) {
		f = lint_find_as(
			l, g->object, GWK_FRONTEND_SHAPE, g->object->live ? GW_NOTE : GW_ERROR, g->frontend,
			g->frontends[0].path,
			"unknown field \"frontendValidation\": it was in the experimental channel of Gateway API "
			"1.1 to 1.3 and is gone");
		lint_fix(l, f,
			 "write it for the whole Gateway: spec.tls.frontend.default.validation.caCertificateRefs");
	}
}

static void judge_default(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_finding *f;

	/* The schema says so for the upstream spelling. */
	if (g->shape != GW_FRONTEND_GKE_PAGE || gw_node_get(g->frontend, "default") != NULL)
		return;
	f = lint_find(l, g->object, GWK_FRONTEND_DEFAULT, g->frontend, "spec.tls.frontendValidation",
		      "\"default\" is missing: ports that are not in perPort would have no rule");
	lint_fix(l, f, "add default, with the CAs for all other ports");
}

static void judge_ports(struct gw_lint *l, const struct gw_gateway *g)
{
	size_t i, k;
	struct gw_finding *f;

	for (i = 0; i < g->n_frontends && g->n_frontends <= 65; i++) {
		for (k = 0; k < i; k++) {
			if (g->frontends[i].port == 0 || g->frontends[i].port != g->frontends[k].port ||
			    g->shape == GW_FRONTEND_LISTENER)
				continue;
			f = lint_find(l, g->object, GWK_FRONTEND_REFS, g->frontends[i].node, g->frontends[i].path,
				      "port %u is there twice", g->frontends[i].port);
			lint_fix(l, f, "keep one entry a port");
			break;
		}
	}
}

/* --- class and listeners ------------------------------------------------------------------------------------------ */

static bool serves_https(const struct gw_gateway *g, unsigned port)
{
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		if (strcmp(g->listeners[i].protocol, "HTTPS") == 0 && (port == 0 || g->listeners[i].port == port))
			return true;
	}
	return false;
}

static void judge_class(struct gw_lint *l, const struct gw_gateway *g, const struct gw_node *at, const char *path)
{
	struct gw_finding *f;

	if (g->gke != NULL && !g->gke->client_validation) {
		f = lint_find(l, g->object, GWK_FRONTEND_CLASS, at, path,
			      "%s cannot validate client certificates: clients would get in without one",
			      g->class_name);
		lint_fix(l, f, "gke-l7-global-external-managed, gke-l7-regional-external-managed and gke-l7-rilb can");
	}
	if (!serves_https(g, 0)) {
		f = lint_find(l, g->object, GWK_FRONTEND_UNUSED, at, path,
			      "client certificates are to be validated, but the Gateway has no HTTPS listener");
		lint_fix(l, f, "only a listener that ends TLS itself sees client certificates: write protocol: HTTPS");
	}
}

static void judge_refs(struct gw_lint *l, const struct gw_gateway *g, const struct gw_frontend *v)
{
	struct gw_finding *f;

	if (v->port > 0 && !serves_https(g, v->port)) {
		f = lint_find(l, g->object, GWK_FRONTEND_UNUSED, v->node, v->path,
			      "no HTTPS listener has port %u, so this is for nothing", v->port);
		lint_fix(l, f, "give the port of an HTTPS listener");
	}
	/* The schema counts what it knows; GKE's own spelling it does not. */
	if (v->n_refs > GKE_CA_REFS_MAX && (g->shape != GW_FRONTEND_UPSTREAM || (g->gke != NULL && l->bundle > 151))) {
		f = lint_find(l, g->object, GWK_FRONTEND_REFS, v->refs[0].node, v->path,
			      "%zu CAs; GKE takes %d at most", v->n_refs, GKE_CA_REFS_MAX);
		lint_fix(l, f, "use a TrustConfig (%s) for more", GW_ANNOTATION_TRUST_CONFIG);
	}
	if (strcmp(v->mode, "AllowInsecureFallback") == 0) {
		f = lint_find(l, g->object, GWK_INSECURE, gw_node_get(v->node, "mode"),
			      lint_format(l, "%s.mode", v->path),
			      "AllowInsecureFallback: clients without a valid certificate reach the backends");
		lint_fix(l, f, "write AllowValidOnly unless the backends look at the client_cert_* headers themselves");
	}
	lint_ca_refs(l, g->object, v->refs, v->n_refs, v->path, USE_CLIENT_CA);
}

/* --- TrustConfig -------------------------------------------------------------------------------------------------- */

static void judge_trust_config(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *at = gw_object_annotation_node(g->object, GW_ANNOTATION_TRUST_CONFIG);
	const struct gw_object *t;
	struct gw_finding *f;
	bool global;

	if (g->trust_config == NULL)
		return;
	judge_class(l, g, at, "metadata.annotations");
	if (g->shape != GW_FRONTEND_NONE) {
		f = lint_find(
			l, g->object, GWK_TRUST_AND_REFS, g->frontend, NULL,
			"the Gateway has the TrustConfig \"%s\" and CA references of its own: GKE takes one or the "
			"other",
			g->trust_config);
		lint_fix(l, f, "take out spec.tls, or the annotation %s", GW_ANNOTATION_TRUST_CONFIG);
	}
	if (g->gke == NULL)
		return;
	global = g->gke->scope != GW_SCOPE_REGIONAL;
	t = lint_trust_misplaced(l, g->trust_config, global);
	if (t == NULL)
		return;
	f = lint_find(l, g->object, GWK_TRUST_LOCATION, at, "metadata.annotations",
		      "the TrustConfig \"%s\" is in location %s; %s needs one %s", t->name, t->location, g->class_name,
		      global ? "in location global" : "in its own region");
	lint_fix(l, f, "make it again there: gcloud certificate-manager trust-configs import %s --location=%s ...",
		 t->name, global ? "global" : "REGION");
}

void lint_frontend(struct gw_lint *l, struct lint_gateway *lg)
{
	const struct gw_gateway *g = lg->gateway;
	size_t i;

	judge_trust_config(l, g);
	if (g->shape == GW_FRONTEND_NONE)
		return;
	judge_shape(l, g);
	judge_default(l, g); /* With a default that is empty nothing is asked of clients. */
	if (g->n_frontends > 0)
		judge_class(l, g, g->frontend, NULL);
	judge_ports(l, g);
	for (i = 0; i < g->n_frontends; i++)
		judge_refs(l, g, &g->frontends[i]);
}
