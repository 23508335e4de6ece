/* SPDX-License-Identifier: Apache-2.0 */
/* What must be there besides the manifests: told once for each GatewayClass, since no file can show it. */
#include <string.h>

#include "lint/internal.h"

/* GKE documentation: Secure a Gateway, and Deploying Gateways, requirements of the controller. */
#define CLUSTER                                                                                                        \
	"a VPC-native cluster with the HttpLoadBalancing add-on and the Gateway API on; with Istio, Istio 1.15.2, "    \
	"1.14.5 or "                                                                                                   \
	"1.13.9 or later; with Shared VPC, the role Compute Network User for the GKE service account in the host "     \
	"project"

#define GKE_MIN          "1.24.0"
#define GKE_FRONTEND_MIN "1.35.2-gke.1842000" /* Gateway API 1.5: spec.tls.frontend in the standard channel */

static bool told(struct gw_lint *l, const struct gw_class *k, bool frontend)
{
	uint64_t bit = UINT64_C(1) << (gw_class_number(k) * 2 + (frontend ? 1 : 0));
	bool before = (l->classes_told & bit) != 0;

	l->classes_told |= bit;
	return before;
}

static void tell_cluster(struct gw_lint *l, const struct gw_gateway *g)
{
	const struct gw_node *at = gw_node_get(g->object->spec, "gatewayClassName");

	if (told(l, g->gke, false))
		return;
	lint_find(l, g->object, GWK_PREREQUISITE, at, "spec.gatewayClassName", "%s needs " CLUSTER "%s%s",
		  g->class_name, g->gke->proxy_only_subnet ? "; a proxy-only subnet in each region" : "",
		  g->gke->multi_cluster ? "; a fleet with multi-cluster Services and Gateways on" : "");
}

static void tell_version(struct gw_lint *l, const struct gw_gateway *g)
{
	struct gw_finding *f;

	if (!lint_at_least(l, GKE_MIN)) {
		f = lint_find_as(
			l, g->object, GWK_PREREQUISITE, GW_ERROR, gw_node_get(g->object->spec, "gatewayClassName"),
			"spec.gatewayClassName",
			"that version of GKE has no Gateway controller: it comes with 1.24, with 1.26 in Autopilot");
		lint_fix(l, f, "upgrade the cluster");
	}
	if (g->shape != GW_FRONTEND_UPSTREAM || l->conf.has_version || told(l, g->gke, true))
		return;
	f = lint_find(l, g->object, GWK_PREREQUISITE, g->frontend, "spec.tls.frontend",
		      "spec.tls.frontend is in Gateway API 1.5 and later: GKE " GKE_FRONTEND_MIN " or later");
	lint_fix(l, f, "--gke-version V judges by the version of the cluster");
}

void lint_prerequisites(struct gw_lint *l, struct lint_gateway *lg)
{
	if (lg->gateway->gke == NULL)
		return;
	tell_version(l, lg->gateway);
	tell_cluster(l, lg->gateway);
}
