/* SPDX-License-Identifier: Apache-2.0 */
/* crl: the revocation list of a CA, made, renewed and shown. */
#include <string.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "cmd/issuer.h"
#include "issue/revoke.h"
#include "report/crl.h"
#include "report/report.h"

struct crl_opts {
	struct gw_issuer_opts ca;
	const char *crl;
	int64_t next_update;
	unsigned format;
	bool renew, take_over, plan, check;
};

static const char *const formats[] = {"text", "json", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPTS_ISSUER(struct crl_opts, ca),
	OPT_STR(struct crl_opts, crl, 0, "crl", "FILE", NULL,
		"the CA's revocation list; crl.pem beside its certificate where not given"),
	OPT_DURATION(struct crl_opts, next_update, 0, "next-update", NULL, 60,
		     "how long a new list is good; as long as the old one, 30d for the first, where not given"),
	OPT_FLAG(struct crl_opts, renew, 0, "renew", "sign it again now, due or not"),
	OPT_FLAG(struct crl_opts, take_over, 0, "take-over",
		 "go on with a list that the CA signed with another key, before it was given a new one"),
	OPT_FLAG(struct crl_opts, plan, 0, "plan", "change nothing; print what would be done"),
	OPT_FLAG(struct crl_opts, check, 0, "check", "the same, with exit status 5 where the list is due"),
	OPT_FORMAT(struct crl_opts, format, formats, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert crl --issuer root", "make the list of the template's CA, or renew it where it is due"},
	{"gwcert crl --issuer root --check", "for monitoring: exit with 5 where the list is missing or due"},
	{"gwcert crl --issuer ca.pem --issuer-key ca.key --next-update 7d",
	 "a list for a CA in two files, good for a week"},
	{"gwcert crl crl.pem", "print what a list says"},
	{NULL, NULL},
};

static enum gw_code check_usage(const struct crl_opts *o, bool shows, struct gw_err *err)
{
	if (shows && (o->ca.issuer != NULL || o->ca.key != NULL || o->crl != NULL))
		return gw_fail(err, GW_E_USAGE, "FILE",
			       "is a list to be shown; --crl FILE is the CA's that is renewed");
	if (shows && (o->renew || o->take_over || o->plan || o->check || o->next_update > 0))
		return gw_fail(err, GW_E_USAGE, "FILE", "is only shown; to make or renew a list, give --issuer");
	if (o->renew && (o->plan || o->check))
		return gw_fail(err, GW_E_USAGE, "--renew", "is for making, not for --plan or --check");
	return GW_OK;
}

static void print(const struct gw_ctx *ctx, const struct crl_opts *o, const struct gw_crl_view *view)
{
	if (o->format == GW_FORMAT_JSON)
		gw_report_crl_json(ctx->out, view);
	else if (!ctx->quiet || view->outcome == NULL)
		gw_report_crl_text(ctx->out, view);
}

/* A list from whomever: whose signature it bears is not asked. */
static enum gw_code show(struct gw_ctx *ctx, const struct crl_opts *o, const char *path, struct gw_crl_view *view,
			 struct gw_err *err)
{
	GW_CRL_AUTO X509_CRL *crl = NULL;
	struct gw_crl_facts facts;
	enum gw_code code = gw_crl_read(ctx, path, &crl, err);

	if (code != GW_OK)
		return code;
	gw_crl_read_facts(crl, ctx->arena, &facts);
	view->path = gw_file_shown(path);
	view->facts = &facts;
	print(ctx, o, view);
	return GW_OK;
}

static enum gw_code make(struct gw_ctx *ctx, const struct crl_opts *o, struct gw_crl_view *view, struct gw_err *err)
{
	GW_SIGNER_AUTO struct gw_signer signer = GW_SIGNER_INIT;
	GW_CRL_OUTCOME_AUTO struct gw_crl_outcome outcome = {0};
	struct gw_crl_request request = {.signer = &signer,
					 .life = o->next_update,
					 .anew = o->renew,
					 .take_over = o->take_over,
					 .plan = o->plan || o->check};
	const char *cert_path = NULL;
	enum gw_code code = gw_issuer_open(ctx, &o->ca, &signer, &cert_path, err);

	if (code == GW_OK)
		code = gw_issuer_crl(ctx->arena, o->crl, cert_path, &request.path, err);
	if (code != GW_OK)
		return code;
	view->path = request.path;
	code = gw_crl_run(ctx, &request, &outcome, err);
	if (code != GW_OK)
		return code;
	view->outcome = &outcome;
	view->planned = request.plan;
	view->facts = outcome.there ? &outcome.facts : NULL;
	print(ctx, o, view);
	if (!o->check || outcome.action == GW_CRL_KEEP)
		return GW_OK;
	*err = (struct gw_err){.code = GW_E_DUE};
	return GW_E_DUE;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct crl_opts *o = args->opts;
	struct gw_crl_view view = {
		.arena = ctx->arena, .entries = true, .now = gw_now(&ctx->clock), .color = ctx->color_out};
	enum gw_code code = check_usage(o, args->n_operands > 0, err);

	if (code != GW_OK)
		return code;
	return args->n_operands > 0 ? show(ctx, o, args->operands[0], &view, err) : make(ctx, o, &view, err);
}

const struct gw_command gw_cmd_crl = {
	.name = "crl",
	.group = GW_GROUP_MAKE,
	.summary = "make, renew or show the revocation list of a CA",
	.operands = "[FILE]",
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct crl_opts),
	.description =
		"Makes the revocation list (CRL) of a CA where there is none yet, and signs it again with the next "
		"number "
		"where it has run out or less than a third of its life is left. Otherwise it changes nothing: run it "
		"from a "
		"timer. gwcert-revoke(1) puts certificates on it.\n"
		"\n"
		"Clients that check revocation refuse every certificate of the CA once the list has run out: renew it "
		"in "
		"time, and publish it where the certificates say. --check exits with 5 where it is due.\n"
		"\n"
		"The list on disk is the only record, and is refused where it is damaged or not signed by the CA. "
		"After "
		"the CA has been given a new key, --take-over signs the entries of the old list with it; the list must "
		"bear the CA's name, and whether it was the CA's own can then no longer be told by a signature.\n"
		"\n"
		"With an operand it prints that list, PEM or DER, - for standard input; no CA is needed, and the "
		"signature "
		"is not checked.\n"
		"\n"
		"With --format json: file, action (keep, make, renew), because, issuer, number, thisUpdate, "
		"nextUpdate, daysLeft, "
		"signature, authorityKeyId, revoked (serial, revokedAt, reason, invalidSince).",
	.examples = examples,
	.run = run,
};
