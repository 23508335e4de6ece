/* SPDX-License-Identifier: Apache-2.0 */
/* TrustConfigs as gcloud exports them: the limits of Certificate Manager, and each CA in them. */
#include <string.h>

#include "lint/internal.h"

/* Certificate Manager, quotas and limits. */
#define ANCHORS_AND_INTERMEDIATES_MAX 200
#define INTERMEDIATES_MAX             100
#define ALLOWLIST_MAX                 500
#define STORES_MAX                    1
#define PEM_MAX                       5000 /* octets of one certificate */

static const struct gw_node *list_of(const struct gw_node *map, const char *key)
{
	const struct gw_node *list = gw_node_get(map, key);

	return list != NULL && list->kind == GW_LIST ? list : NULL;
}

static size_t count_of(const struct gw_node *list)
{
	return list != NULL ? list->count : 0;
}

static void too_many(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, size_t n, size_t most,
		     const char *what)
{
	struct gw_finding *f;

	if (n <= most)
		return;
	f = lint_find_as(l, o, GWK_TRUST_LIMITS, GW_ERROR, at, NULL, "%zu %s; Certificate Manager takes %zu", n, what,
			 most);
	lint_fix(l, f, "leave out CAs that no client uses any more, or use several Gateways");
}

static void judge_pem(struct gw_lint *l, const struct gw_object *o, const struct gw_node *node, const char *path,
		      bool is_ca, unsigned use)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_finding *f;
	struct gw_err err = {0};
	enum gw_code code;

	if (gw_node_text(node) == NULL)
		return;
	if (node->len > PEM_MAX)
		lint_find_as(l, o, GWK_TRUST_LIMITS, GW_ERROR, node->key, path,
			     "%zu octets of PEM; Certificate Manager takes %d a certificate", node->len, PEM_MAX);
	code = gw_pem_scan(&pem, "pemCertificate", node->text, node->len, &err);
	if (code == GW_OK)
		code = gw_certs_from_pem(l->conf.ctx, &pem, false, &certs, &err);
	if (code != GW_OK || certs.count != 1) {
		f = lint_find(l, o, GWK_CA_COUNT, node->key, path,
			      code != GW_OK ? "no certificate can be read: %s"
					    : "more than one certificate in one entry%s",
			      code != GW_OK ? err.what : "");
		lint_fix(l, f, "one pemCertificate is one certificate in PEM");
		return;
	}
	if (is_ca)
		lint_ca(l, &(struct lint_ca){o, node->key, path, certs.items[0], use, GW_ERROR});
}

static void judge_list(struct gw_lint *l, const struct gw_object *o, const struct gw_node *list, const char *path,
		       bool is_ca, unsigned use)
{
	const struct gw_node *item;
	size_t i = 0;

	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next, i++)
		judge_pem(l, o, gw_node_get(item, "pemCertificate"), lint_format(l, "%s[%zu]", path, i), is_ca, use);
}

void lint_trust_config(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *stores = list_of(o->node, "trustStores"), *store;
	const struct gw_node *allowed = list_of(o->node, "allowlistedCertificates");
	unsigned use = lint_use(l, "", "TrustConfig", "default", o->name)->flags & (USE_CLIENT_CA | USE_BACKEND_CA);
	size_t i = 0;

	too_many(l, o, stores, count_of(stores), STORES_MAX, "trust stores");
	too_many(l, o, allowed, count_of(allowed), ALLOWLIST_MAX, "allowlisted certificates");
	for (store = stores != NULL ? stores->first : NULL; store != NULL; store = store->next, i++) {
		const struct gw_node *anchors = list_of(store, "trustAnchors");
		const struct gw_node *between = list_of(store, "intermediateCas");

		too_many(l, o, between, count_of(between), INTERMEDIATES_MAX, "intermediates");
		too_many(l, o, anchors, count_of(anchors) + count_of(between), ANCHORS_AND_INTERMEDIATES_MAX,
			 "anchors and intermediates");
		if (count_of(anchors) == 0)
			lint_find_as(l, o, GWK_TRUST_LIMITS, GW_WARNING, store, NULL,
				     "no trust anchor: no client certificate is valid but those of the allowlist");
		judge_list(l, o, anchors, lint_format(l, "trustStores[%zu].trustAnchors", i), true, use);
		judge_list(l, o, between, lint_format(l, "trustStores[%zu].intermediateCas", i), true, use);
	}
	judge_list(l, o, allowed, "allowlistedCertificates", false, use);
}

const struct gw_object *lint_trust_misplaced(struct gw_lint *l, const char *name, bool global)
{
	const struct gw_object *o, *misplaced = NULL;

	if (name == NULL || gw_objects_find(&l->objects, "", "TrustConfig", "default", name) == NULL ||
	    l->searches++ >= LINT_SEARCHES_MAX)
		return NULL;
	for (o = l->objects.first; o != NULL; o = o->next) {
		if (o->kind != GW_KIND_TRUST_CONFIG || o->location == NULL || strcmp(o->name, name) != 0)
			continue;
		if ((strcmp(o->location, "global") == 0) == global)
			return NULL;
		misplaced = o;
	}
	return misplaced;
}
