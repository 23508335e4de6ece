/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/trust.h"

#include <string.h>

#include "k8s/material.h"
#include "rules/rules.h"

/* Certificate Manager, quotas and limits of a trust store. */
#define CAS_MAX           200
#define INTERMEDIATES_MAX 100
#define ALLOWLIST_MAX     500
#define PEM_MAX           5000 /* octets of one certificate */

/* What a text of the document is for. */
static struct gw_certs *place_of(const struct gw_material *m, struct gw_trust_config *config)
{
	if (m->member != NULL && strstr(m->member, "allowlistedCertificates") != NULL)
		return &config->allowlist;
	if (m->member != NULL && strstr(m->member, "intermediateCas") != NULL)
		return &config->intermediates;
	return &config->anchors;
}

static enum gw_code read_one(const struct gw_ctx *ctx, const struct gw_material *m, struct gw_trust_config *config,
			     struct gw_findings *fs, struct gw_err *err)
{
	size_t i;

	if (m->object != NULL && strncmp(m->object, "Secret", 6) == 0) {
		gw_fail(err, GW_E_INPUT, m->file, "is a Secret, and not what a load balancer trusts");
		return gw_hint(err, "give the TrustConfig, or the ConfigMap with ca.crt");
	}
	for (i = 0; i < m->pem.n_blocks; i++) {
		const struct gw_pem_block *block = &m->pem.blocks[i];
		struct gw_where where;
		X509 *cert = NULL;

		if (block->kind != GW_PEM_CERT)
			continue;
		if (gw_cert_from_pem(ctx, &m->pem, block, &cert, err) != GW_OK)
			return err->code;
		gw_certs_add(place_of(m, config), cert);
		if (block->len <= PEM_MAX)
			continue;
		where = gw_material_where(&fs->arena, m, block);
		gw_find(fs, GWC_TRUST_LIMIT, &where, "a certificate of %zu octets of PEM; Certificate Manager takes %d",
			block->len, PEM_MAX);
	}
	return GW_OK;
}

static void limit(struct gw_findings *fs, const char *path, size_t n, size_t most, const char *what)
{
	const struct gw_where where = {.file = path};

	if (n > most)
		gw_find(fs, GWC_TRUST_LIMIT, &where, "%zu %s; Certificate Manager takes %zu in a trust store", n, what,
			most);
}

enum gw_code gw_trust_config_read(const struct gw_ctx *ctx, const char *path, struct gw_trust_config *config,
				  struct gw_findings *fs, struct gw_err *err)
{
	GW_MATERIALS_AUTO struct gw_materials materials = GW_MATERIALS_INIT;
	GW_TRUST_CONFIG_AUTO struct gw_trust_config found = {0};
	enum gw_code code = gw_materials_read(ctx, path, &(struct gw_material_request){0}, &materials, err);
	size_t i;

	for (i = 0; code == GW_OK && i < materials.count; i++)
		code = read_one(ctx, materials.items[i], &found, fs, err);
	if (code != GW_OK)
		return code;
	if (found.anchors.count + found.allowlist.count == 0) {
		gw_fail(err, GW_E_INPUT, path, "holds neither trust anchors nor allowlisted certificates");
		return gw_hint(err, "a TrustConfig lists them below trustStores[0].trustAnchors");
	}
	limit(fs, path, found.anchors.count + found.intermediates.count, CAS_MAX, "anchors and intermediates");
	limit(fs, path, found.intermediates.count, INTERMEDIATES_MAX, "intermediates");
	limit(fs, path, found.allowlist.count, ALLOWLIST_MAX, "allowlisted certificates");
	*config = found;
	found = (struct gw_trust_config){0};
	return GW_OK;
}

void gw_trust_config_release(struct gw_trust_config *config)
{
	gw_certs_release(&config->anchors);
	gw_certs_release(&config->intermediates);
	gw_certs_release(&config->allowlist);
}
