/* SPDX-License-Identifier: Apache-2.0 */
/* A Gateway as a whole: its class, its annotations, and which way of naming certificates fits the class. */
#include <string.h>

#include "lint/internal.h"

static bool is_of(const void *item, const void *wanted)
{
	return ((const struct lint_gateway *)item)->gateway->object == wanted;
}

struct lint_gateway *lint_gateway_of(const struct gw_lint *l, const struct gw_object *o)
{
	return gw_index_find(&l->gateways_at, gw_hash_number(GW_HASH_START, (uintptr_t)o), is_of, o);
}

unsigned lint_origin(const struct gw_gateway *g)
{
	return g->gke != NULL || gw_class_is_gke(g->class_name) || *g->class_name == '\0' ? USE_GKE : USE_FOREIGN;
}

#define CLIENT_REF_PATH "spec.tls.backend.clientCertificateRef"

/* The certificate that the load balancer shows to backends; false where there is none. */
static bool client_ref(const struct gw_gateway *g, struct gw_ref *r)
{
	const struct gw_node *tls = gw_node_get(gw_node_get(g->object->spec, "tls"), "backend");
	const struct gw_node *node = gw_node_get(tls, "clientCertificateRef");

	if (node == NULL || node->kind != GW_MAP)
		return false;
	*r = gw_ref_read(node, "", "Secret", g->object->namespace_);
	return true;
}

/* Marks the objects that a Gateway names. */
static void collect_uses(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_ref client;
	size_t i, k;

	for (i = 0; i < g->n_listeners; i++) {
		for (k = 0; k < g->listeners[i].n_certs; k++) {
			const struct gw_ref *r = &g->listeners[i].certs[k];

			lint_use(l, r->group, r->kind, r->namespace_, r->name)->flags |= USE_LISTENER | lint_origin(g);
		}
	}
	for (i = 0; i < g->n_frontends; i++) {
		for (k = 0; k < g->frontends[i].n_refs; k++) {
			const struct gw_ref *r = &g->frontends[i].refs[k];

			lint_use(l, r->group, r->kind, r->namespace_, r->name)->flags |= USE_CLIENT_CA | lint_origin(g);
		}
	}
	if (client_ref(g, &client))
		lint_use(l, client.group, client.kind, client.namespace_, client.name)->flags |= USE_BACKEND_CLIENT;
	if (g->trust_config != NULL)
		lint_use(l, "", "TrustConfig", "default", g->trust_config)->flags |= USE_CLIENT_CA;
}

void lint_collect_gateway(struct gw_lint *l, const struct gw_object *o)
{
	struct lint_gateway *g = GW_ARENA_NEW(&l->arena, struct lint_gateway);
	const struct gw_gateway *gateway = gw_gateway_read(&l->arena, o);

	g->gateway = gateway;
	g->hosts = gw_arena_alloc(&l->arena, (gateway->n_listeners + 1) * sizeof(struct lint_host *));
	if (l->last_gateway != NULL)
		l->last_gateway->next = g;
	else
		l->gateways = g;
	l->last_gateway = g;
	l->counts.gateways++;
	gw_index_add(&l->gateways_at, gw_hash_number(GW_HASH_START, (uintptr_t)o), g);
	collect_uses(l, gateway);
}

/* --- class -------------------------------------------------------------------------------------------------------- */

static void judge_class(struct gw_lint *l, const struct gw_gateway *g)
{
	const char *near;
	struct gw_finding *f;

	if (g->gke != NULL || !gw_class_is_gke(g->class_name))
		return;
	near = gw_class_nearest(g->class_name);
	f = lint_find(l, g->object, GWK_UNKNOWN_CLASS, gw_node_get(g->object->spec, "gatewayClassName"),
		      "spec.gatewayClassName", "GKE has no GatewayClass \"%s\"", g->class_name);
	if (near != NULL)
		lint_fix(l, f, "did you mean \"%s\"?", near);
	else
		lint_fix(l, f, "kubectl get gatewayclass lists those of the cluster");
}

/* --- the certificate map ------------------------------------------------------------------------------------------ */

static void certmap_with_tls(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		if (c->tls == NULL)
			continue;
		if (c->n_certs > 0)
			f = lint_find(
				l, g->object, GWK_CERTMAP_AND_REFS, gw_node_get(c->tls, "certificateRefs"),
				lint_format(l, "%s.tls.certificateRefs", c->path),
				"the Gateway has the certificate map \"%s\" and certificateRefs: GKE takes one or "
				"the other",
				g->certmap);
		else
			f = lint_find(
				l, g->object, GWK_CERTMAP_AND_TLS, c->tls, lint_format(l, "%s.tls", c->path),
				"the Gateway has the certificate map \"%s\", and this listener a tls block, which "
				"does not go with it (GWCER105)",
				g->certmap);
		lint_fix(l, f, "take out the whole tls block of listener \"%s\", or the annotation %s", c->name,
			 GW_ANNOTATION_CERTMAP);
	}
}

static void judge_certmap(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *at = gw_object_annotation_node(g->object, GW_ANNOTATION_CERTMAP);
	struct gw_finding *f;

	if (g->certmap == NULL)
		return;
	certmap_with_tls(l, g);
	if (g->gke == NULL || g->gke->certmap)
		return;
	f = lint_find(l, g->object, GWK_CERTMAP_CLASS, at, "metadata.annotations",
		      "%s is %s, which takes no certificate map", g->class_name, gw_class_words(g->gke));
	lint_fix(l, f, "name the certificates in the listener: tls.options %s: NAME[, NAME]", GW_OPTION_CERTS);
}

/* --- annotations -------------------------------------------------------------------------------------------------- */

static void managed_certificates(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *at = gw_object_annotation_node(g->object, GW_ANNOTATION_MANAGED);
	struct gw_finding *f;

	if (at == NULL)
		return;
	f = lint_find(l, g->object, GWK_MANAGED, at, "metadata.annotations",
		      "ManagedCertificates are for Ingress; a Gateway does not know the annotation %s",
		      GW_ANNOTATION_MANAGED);
	lint_fix(l, f, "use a Google-managed certificate of Certificate Manager in a certificate map (%s)",
		 GW_ANNOTATION_CERTMAP);
}

static bool is_true(const char *text)
{
	return strcmp(text, "true") == 0;
}

static void allow_annotation(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *at = gw_object_annotation_node(g->object, GW_ANNOTATION_ALLOW);
	const char *text = gw_node_text(at);
	struct gw_finding *f;
	bool value;

	if (text == NULL)
		return;
	if (gw_node_is_bool(at, &value) || (!is_true(text) && strcmp(text, "false") != 0)) {
		f = lint_find(l, g->object, GWK_ALLOW_ANNOTATION, at, "metadata.annotations",
			      "the value must be the text \"true\" or \"false\"%s",
			      gw_node_is_bool(at, &value) ? ", in quotes" : "");
		lint_fix(l, f, "write %s: \"%s\"", GW_ANNOTATION_ALLOW, is_true(text) ? "true" : "false");
	}
	if (g->trust_config == NULL) {
		f = lint_find(l, g->object, GWK_ALLOW_ANNOTATION, at, "metadata.annotations",
			      "without the annotation %s this one has no effect", GW_ANNOTATION_TRUST_CONFIG);
		lint_fix(l, f, "with spec.tls.frontend write mode: AllowInsecureFallback instead");
	} else if (is_true(text)) {
		f = lint_find(l, g->object, GWK_INSECURE, at, "metadata.annotations",
			      "clients without a valid certificate reach the backends");
		lint_fix(l, f, "leave it out unless the backends look at the client_cert_* headers themselves");
	}
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

static void judge_addresses(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *list = gw_node_get(g->object->spec, "addresses"), *item;
	struct gw_finding *f;
	size_t i = 0;

	if (g->gke == NULL || list == NULL || list->kind != GW_LIST)
		return;
	for (item = list->first; item != NULL; item = item->next, i++) {
		const struct gw_node *type = gw_node_get(item, "type");
		const char *text = gw_node_text(type);

		if (text != NULL && strcmp(text, "NamedAddress") == 0)
			continue;
		f = lint_find(l, g->object, GWK_ADDRESS, type != NULL ? type : item,
			      lint_format(l, "spec.addresses[%zu].type", i),
			      "an address of type %s: GKE takes a NamedAddress (GWCER106)",
			      text != NULL ? text : "IPAddress (the default)");
		lint_fix(l, f,
			 "reserve the address (gcloud compute addresses create NAME) and write type: NamedAddress, "
			 "value: NAME");
	}
}

static bool uses_certificates(const struct gw_gateway *g)
{
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		if (gw_node_get(g->listeners[i].options, GW_OPTION_CERTS) != NULL ||
		    gw_node_get(g->listeners[i].options, GW_OPTION_PRE_SHARED) != NULL)
			return true;
	}
	return g->certmap != NULL;
}

static void broken_version(struct gw_lint *l, const struct gw_gateway *g)
{
	static const uint64_t broken[4] = {1, 28, 4, 1083000};
	struct gw_finding *f;

	if (!l->conf.has_version || memcmp(l->conf.version.part, broken, sizeof(broken)) != 0 || !uses_certificates(g))
		return;
	f = lint_find(l, g->object, GWK_BROKEN_VERSION, NULL, NULL,
		      "GKE 1.28.4-gke.1083000 does not support certificates of Compute and Certificate Manager on "
		      "Gateways");
	lint_fix(l, f, "upgrade the cluster, or use a Secret (certificateRefs)");
}

static void judge_backend_client(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_ref r;

	if (!client_ref(g, &r))
		return;
	lint_cross_namespace(l, g->object, &r, CLIENT_REF_PATH);
	if (lint_target(l, &r) == NULL)
		lint_missing_ref(l, g->object, GWK_SECRET_MISSING, &r, CLIENT_REF_PATH);
}

void lint_gateway(struct gw_lint *l, struct lint_gateway *g)
{
	const struct gw_gateway *gw = g->gateway;
	const struct gw_object *o = gw->object;

	judge_class(l, gw);
	judge_certmap(l, gw);
	managed_certificates(l, gw);
	allow_annotation(l, gw);
	lint_gke_keys(l, gw);
	judge_addresses(l, gw);
	judge_backend_client(l, gw);
	broken_version(l, gw);
	if (g->cdn_node != NULL && g->iap_policy != NULL) {
		struct gw_finding *f =
			lint_find(l, g->cdn_route, GWK_IAP_AND_CDN, g->cdn_node, NULL,
				  "Cloud CDN on a route of %s, one of whose backends has Identity-Aware "
				  "Proxy (%s): the two do not go together on one Gateway",
				  gw_object_words(&l->arena, o), gw_object_words(&l->arena, g->iap_policy));

		lint_fix(l, f, "give one of the two a Gateway of its own");
	}
}
