/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/adopt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/served.h"
#include "k8s/material.h"
#include "template/adopt.h"

static enum gw_code adopt_served(struct gw_ctx *ctx, const char *source, struct gw_adoption *a, struct gw_findings *fs,
				 struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs chain = {0};
	const char *label;
	enum gw_code code = gw_served_chain(ctx, source, &label, &chain, err);

	if (code != GW_OK)
		return code;
	if (!ctx->quiet)
		fprintf(ctx->err, "%s: taken as it was served, without verification\n", label);
	return gw_adopt_certs(ctx, label, &chain, a, fs, err);
}

/* What stands in a file of that name is taken from it; else host:port is a server. */
static bool is_server(const char *source)
{
	if (strncmp(source, "https://", 8) == 0)
		return true;
	return strchr(source, ':') != NULL && strchr(source, '/') == NULL && access(source, F_OK) != 0;
}

/* Adds the certificates of one PEM text, whatever else is in it. */
static enum gw_code add_certs(struct gw_ctx *ctx, const struct gw_pem *pem, struct gw_certs *certs, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < pem->n_blocks && code == GW_OK; i++) {
		X509 *cert;

		if (pem->blocks[i].kind != GW_PEM_CERT)
			continue;
		code = gw_cert_from_pem(ctx, pem, &pem->blocks[i], &cert, err);
		if (code == GW_OK)
			gw_certs_add(certs, cert);
	}
	return code;
}

static enum gw_code adopt_certs(struct gw_ctx *ctx, const char *source, struct gw_adoption *a, struct gw_findings *fs,
				struct gw_err *err)
{
	const struct gw_material_request request = {.repair = false};
	GW_MATERIALS_AUTO struct gw_materials materials = GW_MATERIALS_INIT;
	GW_CERTS_AUTO struct gw_certs certs = {0};
	enum gw_code code;
	size_t i;

	if (is_server(source))
		return adopt_served(ctx, source, a, fs, err);
	code = gw_materials_read(ctx, source, &request, &materials, err);
	for (i = 0; i < materials.count && code == GW_OK; i++)
		code = add_certs(ctx, &materials.items[i]->pem, &certs, err);
	/* Where there is none, this says what there is instead. */
	if (code == GW_OK && certs.count == 0)
		code = gw_certs_from_pem(ctx, &materials.items[0]->pem, true, &certs, err);
	return code == GW_OK ? gw_adopt_certs(ctx, gw_file_shown(source), &certs, a, fs, err) : code;
}

static enum gw_code adopt_text(struct gw_ctx *ctx, enum gw_adopt_kind kind, const char *source, struct gw_buf *text,
			       struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code = gw_file_read(ctx, source, text, err);

	if (code != GW_OK)
		return code;
	return kind == GW_ADOPT_CNF ? gw_adopt_cnf(ctx, gw_file_shown(source), text->data, text->len, a, fs, err)
				    : gw_adopt_manager(ctx, gw_file_shown(source), text->data, text->len, a, fs, err);
}

enum gw_code gw_adopt_from(struct gw_ctx *ctx, enum gw_adopt_kind kind, const char *source, struct gw_buf *out,
			   struct gw_findings *fs, struct gw_err *err)
{
	/* openssl's configuration may hold the password of a key. */
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_ADOPT_MAX);
	GW_ADOPTION_AUTO struct gw_adoption a = {0};
	enum gw_code code = kind == GW_ADOPT_CERT ? adopt_certs(ctx, source, &a, fs, err)
						  : adopt_text(ctx, kind, source, &text, &a, fs, err);

	return code == GW_OK ? gw_adopt_write(&a, out, err) : code;
}
