/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/issuer.h"

#include <string.h>
#include <unistd.h>

#include "issue/revoke.h"
#include "report/report.h"

#define TEMPLATE "gwcert.yaml"

bool gw_issuer_has_template(const struct gw_issuer_opts *o)
{
	return o->file != NULL || access(TEMPLATE, F_OK) == 0;
}

enum gw_code gw_issuer_template(const struct gw_ctx *ctx, const struct gw_issuer_opts *o, struct gw_template *t,
				struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	enum gw_code code;

	t->given = (struct gw_vars_given){
		.command = "sign", .set = o->set.items, .n_set = o->set.count, .file = o->vars_file};
	code = gw_template_read(ctx, o->file != NULL ? o->file : TEMPLATE, t, &fs, err);
	if (fs.count > 0)
		gw_report_findings(ctx->err, &fs, GW_FORMAT_TEXT, ctx->color_err,
				   code != GW_OK ? "Nothing was written." : "");
	return code;
}

static enum gw_code check_usage(const struct gw_issuer_opts *o, struct gw_err *err)
{
	if (o->issuer == NULL && o->key != NULL)
		return gw_fail(err, GW_E_USAGE, "--issuer-key", "needs --issuer as well");
	if (o->issuer == NULL) {
		gw_fail(err, GW_E_USAGE, "--issuer", "is missing: which CA is it?");
		return gw_hint(err, "--issuer NAME of a template's entry, or --issuer ca.pem --issuer-key ca.key");
	}
	if (o->key != NULL && o->dir != NULL)
		return gw_fail(err, GW_E_USAGE, "--dir", "is where a template's entries are; --issuer is a file here");
	return GW_OK;
}

/* No entry of that name: most likely the name of a file, without its key. */
static enum gw_code no_entry(const struct gw_issuer_opts *o, const struct gw_template *t, struct gw_err *err)
{
	const char *near = gw_template_nearest(t, o->issuer);

	if (t->name == NULL)
		gw_fail(err, GW_E_USAGE, "--issuer",
			"\"%s\" would be the name of an entry, and there is no template here", o->issuer);
	else
		gw_fail(err, GW_E_USAGE, "--issuer", "the template has no entry \"%s\"", o->issuer);
	if (near != NULL)
		return gw_hint(err, "did you mean \"%s\"?", near);
	return gw_hint(err, "a CA in files needs its key as well: --issuer ca.pem --issuer-key ca.key");
}

/* What opens the entry's key: --issuer-password, else what the template says. */
static struct gw_password password_of(const struct gw_issuer_opts *o, const struct gw_entry *e, const char *key_path)
{
	struct gw_password password = {.option = "--issuer-password", .source = o->password};

	if (o->password == NULL && e->password.source != NULL)
		password = e->password;
	password.of = key_path;
	password.anew = false;
	return password;
}

static enum gw_code no_key(const struct gw_entry *e, struct gw_err *err)
{
	gw_fail(err, GW_E_REFUSED, "--issuer", "the template has no key for the CA \"%s\", so it can sign nothing",
		e->name);
	return gw_hint(err, "add key: { file: ... } to \"%s\", or sign where its key is", e->name);
}

static enum gw_code load_entry(const struct gw_ctx *ctx, const struct gw_issuer_opts *o, const struct gw_template *t,
			       struct gw_signer *signer, const char **cert_path, struct gw_err *err)
{
	const struct gw_entry *e = t->name != NULL ? gw_template_find(t, o->issuer) : NULL;
	const char *dir = o->dir != NULL ? o->dir : t->dir, *folder, *key_path;
	struct gw_password password;

	if (e == NULL)
		return no_entry(o, t, err);
	if (!e->plan.ca)
		return gw_fail(err, GW_E_USAGE, "--issuer", "\"%s\" is no CA in the template", o->issuer);
	if (e->given.cert != NULL && e->given.key == NULL)
		return no_key(e, err);
	folder = gw_arena_printf(ctx->arena, "%s/%s", dir, e->name);
	*cert_path = e->given.cert != NULL ? gw_arena_strdup(ctx->arena, e->given.cert)
					   : gw_arena_printf(ctx->arena, "%s/%s", folder, e->files.fullchain);
	key_path = e->given.key != NULL ? e->given.key : gw_arena_printf(ctx->arena, "%s/%s", folder, e->files.key);
	if (access(*cert_path, F_OK) != 0) {
		gw_fail(err, GW_E_INPUT, folder, "the CA \"%s\" has not been made yet", e->name);
		return gw_hint(err, "gwcert gen makes it");
	}
	password = password_of(o, e, key_path);
	return gw_signer_load(ctx, *cert_path, key_path, &password, signer, err);
}

enum gw_code gw_issuer_load(const struct gw_ctx *ctx, const struct gw_issuer_opts *o, const struct gw_template *t,
			    struct gw_signer *signer, const char **cert_path, struct gw_err *err)
{
	const struct gw_password password = {.option = "--issuer-password", .source = o->password};
	enum gw_code code = check_usage(o, err);

	if (code != GW_OK)
		return code;
	if (o->key == NULL)
		return load_entry(ctx, o, t, signer, cert_path, err);
	*cert_path = o->issuer;
	return gw_signer_load(ctx, o->issuer, o->key, &password, signer, err);
}

enum gw_code gw_issuer_open(const struct gw_ctx *ctx, const struct gw_issuer_opts *o, struct gw_signer *signer,
			    const char **cert_path, struct gw_err *err)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	enum gw_code code = check_usage(o, err);

	if (code == GW_OK && o->key != NULL && o->file != NULL)
		return gw_fail(err, GW_E_USAGE, "--file", "does not go with --issuer-key: the CA is a file");
	if (code == GW_OK && o->key == NULL && gw_issuer_has_template(o))
		code = gw_issuer_template(ctx, o, &t, err);
	return code == GW_OK ? gw_issuer_load(ctx, o, &t, signer, cert_path, err) : code;
}

enum gw_code gw_issuer_crl(struct gw_arena *arena, const char *given, const char *cert_path, const char **path,
			   struct gw_err *err)
{
	const char *slash = strrchr(cert_path, '/');

	/* The list is read and replaced where it is: a pipe is neither. */
	if (given != NULL && strcmp(given, "-") == 0)
		return gw_fail(err, GW_E_USAGE, "--crl", "must be a file: it is the record of what is revoked");
	if (given != NULL)
		*path = given;
	else if (slash == NULL)
		*path = GW_CRL_FILE;
	else
		*path = gw_arena_printf(arena, "%.*s/" GW_CRL_FILE, (int)(slash - cert_path), cert_path);
	return GW_OK;
}
