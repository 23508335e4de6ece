/* SPDX-License-Identifier: Apache-2.0 */
/* revoke: certificates onto the revocation list of the CA that issued them. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/issuer.h"
#include "issue/revoke.h"
#include "report/crl.h"
#include "report/report.h"

struct revoke_opts {
	struct gw_issuer_opts ca;
	const char *crl, *at, *invalid_since;
	int64_t next_update;
	unsigned reason, format;
	bool release, plan;
};

static const char *const formats[] = {"text", "json", NULL};

/* RFC 5280's words without those that have no place in a full list. */
static const char *const reasons[] = {
	"unspecified",          "keyCompromise",   "cACompromise",       "affiliationChanged", "superseded",
	"cessationOfOperation", "certificateHold", "privilegeWithdrawn", "aACompromise",       NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPTS_ISSUER(struct revoke_opts, ca),
	OPT_STR(struct revoke_opts, crl, 0, "crl", "FILE", NULL,
		"the CA's revocation list; crl.pem beside its certificate where not given"),
	OPT_CHOICE(struct revoke_opts, reason, 0, "reason", "WORD", NULL, reasons,
		   "why: a reason of RFC 5280; unspecified where not given"),
	OPT_STR(struct revoke_opts, at, 0, "at", "INSTANT", NULL,
		"when it was revoked: 2026-11-23T12:00:00Z; now where not given"),
	OPT_STR(struct revoke_opts, invalid_since, 0, "invalid-since", "INSTANT", NULL,
		"since when its key is known or suspected to be lost"),
	OPT_FLAG(struct revoke_opts, release, 0, "release", "take it off the list again, where it was only on hold"),
	OPT_DURATION(struct revoke_opts, next_update, 0, "next-update", NULL, 60,
		     "how long the new list is good; as long as the old one, 30d for the first, where not given"),
	OPT_FLAG(struct revoke_opts, plan, 0, "plan", "change nothing; print what would be done"),
	OPT_FORMAT(struct revoke_opts, format, formats, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert revoke pki/store/cert.pem --issuer issuing --reason keyCompromise",
	 "put a certificate on the list of the template's CA that issued it"},
	{"gwcert revoke cert.pem --issuer ca.pem --issuer-key ca.key --reason superseded",
	 "the same with a CA in two files; its list is crl.pem beside ca.pem"},
	{"gwcert revoke 5f:3a:90:11 --issuer root --reason certificateHold", "one by its serial, until further notice"},
	{NULL, NULL},
};

/* --- intent ----------------------------------------------------------------------------------------------------- */

static enum gw_code read_instant(const char *option, const char *text, int64_t now, int64_t *instant,
				 struct gw_err *err)
{
	if (!gw_time_parse(text, instant)) {
		gw_fail(err, GW_E_USAGE, option, "\"%s\" is no instant", text);
		return gw_hint(err, "write date, T, time and Z, to the second: 2026-11-23T12:00:00Z");
	}
	if (*instant > now)
		return gw_fail(err, GW_E_USAGE, option, "%s is in the future", text);
	return GW_OK;
}

/* What holds for all operands. */
static enum gw_code read_options(const struct revoke_opts *o, int64_t now, struct gw_crl_change *all,
				 struct gw_err *err)
{
	const char *word = gw_choice_word(reasons, o->reason);
	enum gw_code code = GW_OK;

	*all = (struct gw_crl_change){.want = {.at = now}, .reason_given = word != NULL, .release = o->release};
	if (o->release && (word != NULL || o->at != NULL || o->invalid_since != NULL))
		return gw_fail(err, GW_E_USAGE, "--release",
			       "takes it off the list: --reason, --at and --invalid-since are for revoking");
	all->want.reason = word != NULL ? gw_reason_find(word) : GW_REASON_UNSPECIFIED;
	all->want.has_invalid_since = o->invalid_since != NULL;
	if (o->at != NULL)
		code = read_instant("--at", o->at, now, &all->want.at, err);
	if (code == GW_OK && o->invalid_since != NULL)
		code = read_instant("--invalid-since", o->invalid_since, now, &all->want.invalid_since, err);
	return code;
}

/* --- which certificates ----------------------------------------------------------------------------------------- */

static enum gw_code read_cert(const struct gw_ctx *ctx, const char *path, const struct gw_signer *signer,
			      struct gw_crl_change *c, struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_cert_facts facts;
	enum gw_code code = gw_certs_read(ctx, path, false, &certs, err);

	if (code == GW_OK)
		code = gw_crl_may_revoke(signer, certs.items[0], path, err);
	if (code != GW_OK)
		return code;
	gw_cert_read_facts(certs.items[0], ctx->arena, &facts);
	c->name = gw_cert_label(certs.items[0], ctx->arena);
	c->want.serial = facts.serial;
	return GW_OK;
}

static enum gw_code read_serial(const struct gw_ctx *ctx, const char *text, struct gw_crl_change *c, struct gw_err *err)
{
	const char *serial;

	if (!gw_serial_parse(ctx->arena, text, &serial) || serial == NULL) {
		gw_fail(err, GW_E_INPUT, text, "is neither a file nor a serial number");
		return gw_hint(err, "a serial is hexadecimal, as openssl x509 -serial prints it");
	}
	c->want.serial = serial;
	c->name = text;
	return GW_OK;
}

static enum gw_code read_operands(const struct gw_ctx *ctx, const struct gw_args *args, const struct gw_signer *signer,
				  const struct gw_crl_change *all, struct gw_crl_change *changes, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < args->n_operands && code == GW_OK; i++) {
		const char *operand = args->operands[i];
		bool file = strcmp(operand, "-") == 0 || access(operand, F_OK) == 0;

		changes[i] = *all;
		code = file ? read_cert(ctx, operand, signer, &changes[i], err)
			    : read_serial(ctx, operand, &changes[i], err);
	}
	return code;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct revoke_opts *o = args->opts;
	GW_SIGNER_AUTO struct gw_signer signer = GW_SIGNER_INIT;
	GW_CRL_OUTCOME_AUTO struct gw_crl_outcome outcome = {0};
	struct gw_crl_change all, *changes = gw_arena_alloc(ctx->arena, args->n_operands * sizeof(*changes));
	struct gw_crl_request request = {.signer = &signer,
					 .life = o->next_update,
					 .plan = o->plan,
					 .changes = changes,
					 .n_changes = args->n_operands};
	struct gw_crl_view view = {.arena = ctx->arena,
				   .outcome = &outcome,
				   .changes = changes,
				   .n_changes = args->n_operands,
				   .planned = o->plan,
				   .now = gw_now(&ctx->clock),
				   .color = ctx->color_out};
	const char *cert_path = NULL;
	enum gw_code code = read_options(o, view.now, &all, err);

	if (code == GW_OK)
		code = gw_issuer_open(ctx, &o->ca, &signer, &cert_path, err);
	if (code == GW_OK)
		code = read_operands(ctx, args, &signer, &all, changes, err);
	if (code == GW_OK)
		code = gw_issuer_crl(ctx->arena, o->crl, cert_path, &request.path, err);
	if (code != GW_OK)
		return code;
	view.path = request.path;
	code = gw_crl_run(ctx, &request, &outcome, err);
	if (code != GW_OK)
		return code;
	view.facts = outcome.there ? &outcome.facts : NULL;
	if (o->format == GW_FORMAT_JSON)
		gw_report_crl_json(ctx->out, &view);
	else if (!ctx->quiet)
		gw_report_crl_text(ctx->out, &view);
	return GW_OK;
}

const struct gw_command gw_cmd_revoke = {
	.name = "revoke",
	.group = GW_GROUP_MAKE,
	.summary = "put certificates on the revocation list of their CA",
	.operands = "CERT|SERIAL...",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct revoke_opts),
	.description =
		"Adds certificates to the revocation list (CRL) of the CA that issued them, and signs the list anew. "
		"An "
		"operand is a file, whose first certificate is meant, - for standard input, or a serial number in "
		"hexadecimal. A certificate must be the CA's own: its signature is checked. A serial cannot be checked "
		"so.\n"
		"\n"
		"The list is the only record: crl.pem beside the CA's certificate, in its entry's folder or where its "
		"file "
		"is, unless --crl names another. It is read, its signature checked, and replaced as a whole under a "
		"lock; "
		"a list that is damaged, or another CA's, is refused and not written over. All operands are looked at "
		"before anything is written. Certificates that expire stay on the list.\n"
		"\n"
		"To revoke twice changes nothing. What is revoked stays so, with the reason that was recorded; another "
		"reason is refused (4). Only what is on hold (certificateHold) can be released, --release, or be "
		"revoked "
		"for good. removeFromCRL is for delta lists, which are not made here.\n"
		"\n"
		"Clients learn of it when they fetch the list: put it where the certificates say (CRL distribution "
		"points). Load balancers of Google Cloud do not look at revocation lists; short lives protect there.\n"
		"\n"
		"With --format json: file, action (keep, make, renew), because, changes (name, serial, action: "
		"revoked, "
		"released, unchanged), and what gwcert crl prints of a list.",
	.examples = examples,
	.run = run,
};
