/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificate that a backend shows, where the manifests tell: the Service selects the Pods of a Deployment, which mounts
 * a TLS Secret. Its names are then held against the hostname of the BackendTLSPolicy.
 */
#include <string.h>

#include "lint/internal.h"
#include "rules/names.h"

static bool selects(const struct gw_node *selector, const struct gw_node *labels)
{
	const struct gw_node *m;

	if (selector == NULL || selector->kind != GW_MAP || selector->count == 0)
		return false;
	for (m = selector->first; m != NULL; m = m->next) {
		const char *has = gw_node_text(gw_node_get(labels, m->key->text)), *want = gw_node_text(m);

		if (has == NULL || want == NULL || strcmp(has, want) != 0)
			return false;
	}
	return true;
}

static bool is_served(const struct gw_certs *certs, const char *host, struct gw_lint *l)
{
	struct gw_san *sans;
	size_t n, i;

	if (!gw_cert_sans(certs->items[0], &l->arena, &sans, &n))
		return false;
	for (i = 0; i < n; i++) {
		if (sans[i].type == GW_SAN_DNS && gw_name_covers(sans[i].value, host))
			return true;
	}
	return false;
}

/* The TLS Secrets that Pods mount: none of them covers the name, where there is one at all. */
static void judge_pods(struct gw_lint *l, const struct gw_object *policy, const struct gw_object *workload,
		       const struct gw_node *pod, const char *host)
{
	const struct gw_node *volumes = gw_node_get(gw_node_get(pod, "spec"), "volumes"), *v;
	const struct gw_object *shown = NULL;
	struct gw_finding *f;

	for (v = volumes != NULL && volumes->kind == GW_LIST ? volumes->first : NULL; v != NULL; v = v->next) {
		const char *name = gw_node_text(gw_node_get(gw_node_get(v, "secret"), "secretName"));
		const struct gw_object *secret =
			name != NULL ? gw_objects_find(&l->objects, "", "Secret", workload->namespace_, name) : NULL;
		const struct gw_certs *certs = secret != NULL ? lint_certs_of(l, secret) : NULL;

		if (certs == NULL || certs->count == 0)
			continue;
		if (is_served(certs, host, l))
			return;
		shown = secret;
	}
	if (shown == NULL)
		return;
	f = lint_find(l, policy, GWK_BACKEND_NAME, gw_node_get(gw_node_get(policy->spec, "validation"), "hostname"),
		      "spec.validation.hostname",
		      "\"%s\" is not among the names of the certificate that %s mounts (%s)", host,
		      gw_object_words(&l->arena, workload), gw_object_words(&l->arena, shown));
	lint_fix(l, f, "have the backend's certificate issued for \"%s\", or write one of its names here", host);
}

void lint_backend_certificate(struct gw_lint *l, const struct gw_object *policy, const struct gw_ref *target)
{
	const char *host = gw_node_text(gw_node_get(gw_node_get(policy->spec, "validation"), "hostname"));
	const struct gw_object *service = lint_target(l, target), *o;
	size_t i;

	if (host == NULL || service == NULL || service->kind != GW_KIND_SERVICE ||
	    gw_node_get(gw_node_get(policy->spec, "validation"), "subjectAltNames") != NULL)
		return;
	for (i = 0; i < l->n_workloads; i++) {
		const struct gw_node *pod;

		o = l->workloads[i];
		pod = gw_node_get(o->spec, "template");
		if (strcmp(o->namespace_, service->namespace_) == 0 &&
		    selects(gw_node_get(service->spec, "selector"),
			    gw_node_get(gw_node_get(pod, "metadata"), "labels")))
			judge_pods(l, policy, o, pod, host);
	}
}

void lint_collect_workload(struct gw_lint *l, const struct gw_object *o)
{
	if (l->n_workloads < LINT_WORKLOADS_MAX)
		l->workloads[l->n_workloads++] = o;
}
