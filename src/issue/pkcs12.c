/* SPDX-License-Identifier: Apache-2.0 */
/* The PKCS#12 file beside the PEM files of an entry. */
#include <string.h>

#include "issue/disk.h"

/* A password that is there for the taking: nobody is asked, and no descriptor read, only to look. */
static bool has_password(const struct gw_ctx *ctx, const struct gw_entry *e, struct gw_secret *password)
{
	const char *source = e->pkcs12_password.source;
	struct gw_err unused;

	return (strncmp(source, "env:", 4) == 0 || strncmp(source, "file:", 5) == 0) &&
	       gw_password_read(ctx, &e->pkcs12_password, password, &unused) == GW_OK;
}

void gw_pkcs12_compare(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d)
{
	const struct gw_entry *e = step->entry;
	const struct gw_pkcs12_spec spec = {.cert = d->cert, .name = e->name, .kind = e->pkcs12_kind};
	GW_SECRET_AUTO struct gw_secret password = {0};
	const char *fault;

	if (!e->pkcs12 || d->cert == NULL)
		return;
	fault = d->pkcs12.len == 0 ? "is missing" : gw_pkcs12_fault(&spec, d->pkcs12.data, d->pkcs12.len);
	if (fault == NULL && has_password(ctx, e, &password) &&
	    !gw_pkcs12_opens(d->pkcs12.data, d->pkcs12.len, &password))
		fault = "does not open with its password";
	if (fault != NULL)
		gw_step_because(plan, step, "%s %s", e->files.pkcs12, fault);
}

static enum gw_code read_chain(const struct gw_ctx *ctx, const struct gw_buf *text, struct gw_certs *chain,
			       struct gw_err *err)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code;

	if (text->len == 0)
		return GW_OK;
	code = gw_pem_scan(&pem, "the chain", text->data, text->len, err);
	return code == GW_OK ? gw_certs_from_pem(ctx, &pem, false, chain, err) : code;
}

enum gw_code gw_pkcs12_stage(const struct gw_ctx *ctx, struct gw_stage *st, const struct gw_entry *e, EVP_PKEY *key,
			     X509 *cert, const struct gw_buf *chain_pem, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);
	GW_CERTS_AUTO struct gw_certs chain = {0};
	const struct gw_pkcs12_spec spec = {
		.key = key, .cert = cert, .chain = &chain, .name = e->name, .kind = e->pkcs12_kind};
	struct gw_password password = e->pkcs12_password;
	enum gw_code code;

	if (!e->pkcs12)
		return GW_OK;
	password.of = gw_arena_printf(ctx->arena, "%s of \"%s\"", e->files.pkcs12, e->name);
	code = read_chain(ctx, chain_pem, &chain, err);
	if (code == GW_OK)
		code = gw_pkcs12_write(ctx, &spec, &password, &der, err);
	return code == GW_OK ? gw_stage_file(st, e->files.pkcs12, der.data, der.len, GW_MODE_PRIVATE, err) : code;
}
