/* SPDX-License-Identifier: Apache-2.0 */
/* sign: somebody else's request under a profile, with a receipt of what was asked, granted and dropped. */
#include <string.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "cmd/issuer.h"
#include "issue/grant.h"
#include "report/receipt.h"
#include "report/report.h"

struct sign_opts {
	struct gw_issuer_opts ca;
	const char *profile, *output;
	struct gw_strings allow;
	unsigned days, format;
	bool chain, strict, dry_run, force;
};

static const char *const formats[] = {"text", "json", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPTS_ISSUER(struct sign_opts, ca),
	OPT_STR(struct sign_opts, profile, 0, "profile", "NAME", "server",
		"what is granted: a profile of the template, or server, backend, client or ca"),
	OPT_LIST(struct sign_opts, allow, 0, "allow", "PATTERN",
		 "grant names that this covers, beyond the profile's allow: '*.example.com', 10.0.0.0/8"),
	OPT_UINT(struct sign_opts, days, 0, "days", "N", NULL, 1, 36500,
		 "how many days it is good; the profile's validity where not given"),
	OPT_FLAG(struct sign_opts, strict, 0, "strict", "sign nothing where anything that is asked for would be dropped"),
	OPT_FLAG(struct sign_opts, dry_run, 0, "dry-run", "sign nothing; print the receipt"),
	OPT_FLAG(struct sign_opts, chain, 0, "chain", "put the intermediates above it behind the certificate"),
	OPT_OUTPUT(struct sign_opts, output, NULL),
	OPT_FORCE(struct sign_opts, force, "replace the file of -o"),
	OPT_FORMAT(struct sign_opts, format, formats, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert sign request.csr --issuer issuing --allow '*.example.com' -o signed.pem",
	 "sign with a CA of the template, for names below example.com"},
	{"gwcert sign request.csr --issuer ca.pem --issuer-key ca.key --allow store.example.com --days 30",
	 "the same with a CA in two files; the certificate goes to standard output"},
	{"gwcert sign - --issuer issuing --allow .example.com --dry-run <request.csr",
	 "only say what would be granted and what dropped"},
	{NULL, NULL},
};

struct work {
	const struct sign_opts *o;
	const char *name; /* of the request, for words */
	X509_REQ *csr;
	struct gw_request_facts facts;
	struct gw_template t;
	struct gw_signer signer;
	struct gw_entry entry;
	struct gw_allow allow;
	struct gw_receipt receipt;
	X509 *cert;
	struct gw_buf pem;
};

static void release(struct work *w)
{
	gw_request_free(w->csr);
	gw_template_release(&w->t);
	gw_signer_release(&w->signer);
	gw_receipt_release(&w->receipt);
	gw_cert_free(w->cert);
	gw_buf_release(&w->pem);
}

static enum gw_code check_usage(const struct sign_opts *o, struct gw_err *err)
{
	if (o->dry_run && o->output != NULL)
		return gw_fail(err, GW_E_USAGE, "--output", "is for signing, not for --dry-run");
	if (o->format == GW_FORMAT_JSON && o->output != NULL && strcmp(o->output, "-") == 0) {
		gw_fail(err, GW_E_USAGE, "--output", "the receipt goes to standard output with --format json");
		return gw_hint(err, "leave -o out: the document has the certificate in it; or name a file");
	}
	return GW_OK;
}

static enum gw_code add_allowed(struct gw_ctx *ctx, struct work *w, struct gw_err *err)
{
	size_t i;

	for (i = 0; i < w->o->allow.count; i++) {
		const char *text = w->o->allow.items[i], *why = gw_allow_add(ctx->arena, &w->allow, text);

		if (why != NULL)
			return gw_fail(err, GW_E_USAGE, "--allow", "\"%s\" %s", text, why);
	}
	return GW_OK;
}

/* All that the receipt is written from: the profile, the CA, the request. */
static enum gw_code read_all(struct gw_ctx *ctx, struct work *w, const char *path, struct gw_err *err)
{
	const struct sign_opts *o = w->o;
	const char *cert_path;
	enum gw_code code = check_usage(o, err);

	if (code == GW_OK && gw_issuer_has_template(&o->ca))
		code = gw_issuer_template(ctx, &o->ca, &w->t, err);
	if (code == GW_OK)
		code = gw_template_profile(&w->t, o->profile, &w->entry, &w->allow, err);
	if (code == GW_OK)
		code = add_allowed(ctx, w, err);
	if (code == GW_OK)
		code = gw_issuer_load(ctx, &o->ca, &w->t, &w->signer, &cert_path, err);
	if (code == GW_OK)
		code = gw_request_read(ctx, path, &w->csr, err);
	if (code == GW_OK)
		gw_request_read_facts(w->csr, ctx->arena, &w->facts);
	return code;
}

static enum gw_code sign(struct gw_ctx *ctx, struct work *w, struct gw_err *err)
{
	const struct sign_opts *o = w->o;
	const struct gw_grant_request request = {.csr = &w->facts,
						 .signer = &w->signer,
						 .allow = &w->allow,
						 .validity = (int64_t)o->days * GW_DAY,
						 .strict = o->strict,
						 .now = gw_now(&ctx->clock)};
	enum gw_code code = gw_grant(&request, &w->entry, &w->receipt, err);

	if (code == GW_OK)
		code = gw_issue_for(ctx, &w->entry, &w->signer, w->facts.key, request.now, &w->cert, err);
	if (code != GW_OK) {
		w->receipt.not_after = 0;
		if (err->where[0] == '\0')
			snprintf(err->where, sizeof(err->where), "%s", w->name);
		return code;
	}
	gw_cert_to_pem(w->cert, &w->pem);
	if (o->chain)
		gw_buf_append(&w->pem, &w->signer.chain);
	return GW_OK;
}

static void print_receipt(const struct gw_ctx *ctx, struct work *w, const struct gw_err *refused)
{
	bool json = w->o->format == GW_FORMAT_JSON;
	const struct gw_receipt_view view = {.arena = ctx->arena,
					     .request = w->name,
					     .issuer = gw_cert_label(w->signer.cert, ctx->arena),
					     .cert = w->cert,
					     .pem = w->o->output == NULL ? gw_buf_str(&w->pem) : NULL,
					     .refused = refused,
					     .dry_run = w->o->dry_run,
					     .color = ctx->color_err};

	if (json)
		gw_report_receipt_json(ctx->out, &w->receipt, &view);
	else if (!ctx->quiet)
		gw_report_receipt_text(ctx->err, &w->receipt, &view);
}

/* The certificate before the receipt: what cannot be written has not been signed. */
static enum gw_code write_cert(const struct gw_ctx *ctx, const struct work *w, struct gw_err *err)
{
	const char *path = w->o->output != NULL ? w->o->output : "-";

	if (w->o->dry_run || (w->o->format == GW_FORMAT_JSON && w->o->output == NULL))
		return GW_OK;
	return gw_output_write(ctx, path, w->pem.data, w->pem.len, GW_MODE_PUBLIC, w->o->force, err);
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const char *path = args->operands[0];
	struct work w = {.o = args->opts,
			 .name = gw_file_shown(path),
			 .t = GW_TEMPLATE_INIT,
			 .signer = GW_SIGNER_INIT,
			 .pem = GW_BUF(2 * GW_ISSUE_FILE_MAX)};
	enum gw_code code = read_all(ctx, &w, path, err);

	if (code == GW_OK) {
		code = sign(ctx, &w, err);
		if (code != GW_OK) {
			print_receipt(ctx, &w, err);
		} else {
			code = write_cert(ctx, &w, err);
			if (code == GW_OK)
				print_receipt(ctx, &w, NULL);
		}
	}
	release(&w);
	return code;
}

const struct gw_command gw_cmd_sign = {
	.name = "sign",
	.group = GW_GROUP_MAKE,
	.summary = "sign somebody's CSR under a profile, with a receipt",
	.operands = "CSR",
	.min_operands = 1,
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct sign_opts),
	.description = "Signs a certificate request (PKCS#10, PEM or DER, - for standard input) that somebody else has "
		       "made. The "
		       "request must be signed with its own key. What it asks for is a wish: a name, an attribute of "
		       "the subject "
		       "or a usage is granted only where the profile allows it by name, and everything else is dropped "
		       "and said.\n"
		       "\n"
		       "The receipt has a line for each thing: granted, changed, dropped or added, with the reason. It "
		       "goes to "
		       "standard error, the certificate to standard output or -o. With --format json it goes to "
		       "standard output, "
		       "with the certificate in it unless -o names a file.\n"
		       "\n"
		       "# What is granted\n"
		       "\n"
		       "A profile of the template, gwcert-template(5), has an allow block:\n"
		       "\n"
		       "  profiles:\n"
		       "    partner:\n"
		       "      extends: server\n"
		       "      allow:\n"
		       "        dns: ['*.partner.example.com']\n"
		       "        subject: [organization]\n"
		       "        keys: [ec-p256, rsa-3072]\n"
		       "        maxValidity: 30d\n"
		       "\n"
		       "The ready-made profiles allow nothing; --allow adds patterns of names to any profile, with a "
		       "prefix dns:, "
		       "ip:, email: or uri:, or typed by their looks. a.example.com is this name alone, "
		       "'*.example.com' covers "
		       "names with one label more and the wildcard itself, .example.com every name below.\n"
		       "\n"
		       "Key usage, extended key usage, subject, life and the CA mark are the profile's own, whatever "
		       "is asked. "
		       "A common name that looks like a host is granted where it is one of the granted names. "
		       "Extensions that are not named here are never taken over.\n"
		       "\n"
		       "# What is refused\n"
		       "\n"
		       "With 3: a request that cannot be read, that has an extension twice, or that its key did not "
		       "sign. With "
		       "4: RSA keys below 2048 bits or with a public exponent below 65537, other curves, kinds of key "
		       "that the "
		       "profile does not allow, the CA's own key; a request of whose names none is granted, or that "
		       "names none "
		       "where a server's certificate is asked for; more days than allowed; what the issuer's name "
		       "constraints or "
		       "path length forbid; a profile that fixes the serial number, which no two certificates may "
		       "share; a CA's key that others can read; with --strict, a request of which "
		       "anything would be "
		       "dropped. A life that would outlast the issuer is cut to it, and the receipt says so.\n"
		       "\n"
		       "With --format json: request, issuer, profile, signed, dryRun, refused (status, message, hint), "
		       "receipt "
		       "(field, fate, asked, granted, why), notAfter, serial, sha256, certificate.",
	.examples = examples,
	.run = run,
};
