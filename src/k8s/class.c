/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/class.h"

#include <string.h>

#include "base/text.h"

/* GKE documentation: GatewayClass capabilities; Secure a Gateway. */
static const struct gw_class classes[] = {
	{.name = "gke-l7-global-external-managed",
	 .scope = GW_SCOPE_GLOBAL,
	 .certmap = true,
	 .client_validation = true,
	 .backend_tls = true},
	{.name = "gke-l7-global-external-managed-mc",
	 .scope = GW_SCOPE_GLOBAL,
	 .multi_cluster = true,
	 .certmap = true,
	 .backend_tls = true},
	{.name = "gke-l7-regional-external-managed",
	 .scope = GW_SCOPE_REGIONAL,
	 .cert_manager_certs = true,
	 .client_validation = true,
	 .backend_tls = true,
	 .inference_tls = true,
	 .proxy_only_subnet = true},
	{.name = "gke-l7-regional-external-managed-mc",
	 .scope = GW_SCOPE_REGIONAL,
	 .multi_cluster = true,
	 .cert_manager_certs = true,
	 .backend_tls = true,
	 .inference_tls = true,
	 .proxy_only_subnet = true},
	{.name = "gke-l7-cross-regional-internal-managed-mc",
	 .scope = GW_SCOPE_CROSS_REGIONAL,
	 .multi_cluster = true,
	 .cert_manager_certs = true,
	 .backend_tls = true,
	 .inference_tls = true,
	 .proxy_only_subnet = true},
	{.name = "gke-l7-rilb",
	 .scope = GW_SCOPE_REGIONAL,
	 .cert_manager_certs = true,
	 .client_validation = true,
	 .backend_tls = true,
	 .inference_tls = true,
	 .proxy_only_subnet = true},
	{.name = "gke-l7-rilb-mc",
	 .scope = GW_SCOPE_REGIONAL,
	 .multi_cluster = true,
	 .cert_manager_certs = true,
	 .backend_tls = true,
	 .inference_tls = true,
	 .proxy_only_subnet = true},
	{.name = "gke-l7-gxlb", .scope = GW_SCOPE_GLOBAL, .certmap = true},
	{.name = "gke-l7-gxlb-mc", .scope = GW_SCOPE_GLOBAL, .multi_cluster = true, .certmap = true},
};

const struct gw_class *gw_class_find(const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < GW_COUNT(classes); i++) {
		if (strcmp(classes[i].name, name) == 0)
			return &classes[i];
	}
	return NULL;
}

_Static_assert(GW_COUNT(classes) <= GW_CLASSES_MAX, "as class.h promises");

size_t gw_class_number(const struct gw_class *c)
{
	return (size_t)(c - classes);
}

bool gw_class_is_gke(const char *name)
{
	return name != NULL && strncmp(name, "gke-l7-", strlen("gke-l7-")) == 0;
}

static const char *next_name(void *state)
{
	size_t *i = state;

	return *i < GW_COUNT(classes) ? classes[(*i)++].name : NULL;
}

const char *gw_class_nearest(const char *name)
{
	size_t start = 0;

	return gw_nearest(name, next_name, &start);
}

const char *gw_class_words(const struct gw_class *c)
{
	switch (c->scope) {
	case GW_SCOPE_GLOBAL: return "a global load balancer";
	case GW_SCOPE_CROSS_REGIONAL: return "a cross-regional internal load balancer";
	case GW_SCOPE_REGIONAL: return "a regional load balancer";
	}
	return "a load balancer";
}
