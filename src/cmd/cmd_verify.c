/* SPDX-License-Identifier: Apache-2.0 */
/* verify: key, chain, name, purpose, dates and what a target takes, without asking anybody. All faults, not the first. */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "judge/balancer.h"
#include "k8s/trust.h"
#include "report/report.h"
#include "rules/rules.h"

struct verify_opts {
	const char *key, *password, *at, *lifetime, *trust;
	struct gw_strings roots, intermediates, crls, hostnames, ips, uris, emails;
	bool system_roots, strict;
	unsigned purpose, target, as, max_depth, min_days, format;
};

#define DAYS_MAX 36500

static const char *const purposes[] = {"server", "client", "any", NULL};
static const enum gw_purpose purpose_of[] = {GW_PURPOSE_SERVER, GW_PURPOSE_CLIENT, GW_PURPOSE_ANY};

/* The sides of a load balancer, in the order of enum gw_balancer_side. */
static const char *const sides[] = {"client", "backend", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_STR(struct verify_opts, key, 0, "key", "FILE", NULL, "the private key that should belong to the certificate"),
	OPT_STR(struct verify_opts, password, 0, "password", "SOURCE", NULL,
		"an encrypted key's password: env:NAME, file:PATH, fd:N or prompt"),
	OPT_LIST(struct verify_opts, roots, 0, "roots", "FILE", "trust anchors"),
	OPT_FLAG(struct verify_opts, system_roots, 0, "system-roots", "trust what this machine trusts"),
	OPT_LIST(struct verify_opts, intermediates, 0, "intermediates", "FILE",
		 "certificates of CAs that may stand in between"),
	OPT_LIST(struct verify_opts, hostnames, 0, "hostname", "NAME", "a host that must be covered"),
	OPT_LIST(struct verify_opts, ips, 0, "ip", "ADDRESS", "an address that must be covered"),
	OPT_LIST(struct verify_opts, uris, 0, "uri", "URI", "a URI that must be listed"),
	OPT_LIST(struct verify_opts, emails, 0, "email", "MAILBOX", "a mailbox that must be listed"),
	OPT_STR(struct verify_opts, at, 0, "at", "INSTANT", NULL, "judge as of then: 2030-01-01T00:00:00Z; now where not given"),
	OPT_CHOICE(struct verify_opts, purpose, 0, "purpose", "USE", NULL, purposes, "what it is to be used as; server where not given"),
	OPT_LIST(struct verify_opts, crls, 0, "crl", "FILE", "revocation lists (CRLs)"),
	OPT_UINT(struct verify_opts, max_depth, 0, "max-depth", "N", "30", 0, 1000, "the most CAs between it and its anchor"),
	OPT_UINT(struct verify_opts, min_days, 0, "min-days", "N", NULL, 1, DAYS_MAX, "the fewest days that it must still be valid"),
	OPT_STR(struct verify_opts, lifetime, 0, "max-lifetime", "TIME", NULL,
		"the longest life: 90d; or public, what browsers allowed on its day of issue"),
	OPT_CHOICE(struct verify_opts, target, 0, "target", "TARGET", NULL, gw_target_words, "where it is to be brought"),
	OPT_CHOICE(struct verify_opts, as, 0, "as", "SIDE", NULL, sides, "what a load balancer would say of it, in its own words"),
	OPT_STR(struct verify_opts, trust, 0, "trust", "FILE", NULL,
		"with --as: the TrustConfig, the ConfigMap of CAs, or PEM of trust anchors"),
	OPT_FLAG(struct verify_opts, strict, 0, "strict", "warnings are errors"),
	OPT_FORMAT(struct verify_opts, format, gw_finding_format_words, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert verify fullchain.pem --key key.pem --roots ca.pem --hostname store.example.com",
	 "everything that matters before it is brought anywhere"},
	{"gwcert verify a.pem b.pem --roots ca.pem --min-days 21 --strict",
	 "several at once, with time left to renew them"},
	{"gwcert verify fullchain.pem --target gke-global", "would a load balancer of GKE take it"},
	{"gwcert verify client.pem --as client --trust ca.pem",
	 "OK, or the load balancer's own word for what is wrong"},
	{NULL, NULL},
};

/* What is asked, read once and held against each file. */
struct inputs {
	const struct verify_opts *opts;
	int64_t at, lifetime; /* lifetime -1: not asked for */
	enum gw_purpose purpose;
	EVP_PKEY *key;
	struct gw_trust *trust;
	struct gw_trust_config config; /* of --as */
	struct gw_certs more;
	struct gw_crls crls;
	struct gw_san *names;
	size_t n_names;
	struct gw_arena *arena; /* of the run, */
	struct gw_node *files;  /* and what became of each file in it */
};

/* What became of one file. */
struct verdict {
	const char *file;
	struct gw_certs certs, path;
	size_t octets;
	const char *token; /* of --as; NULL: accepted */
};

static void inputs_release(struct inputs *in)
{
	gw_key_free(in->key);
	gw_trust_free(in->trust);
	gw_trust_config_release(&in->config);
	gw_certs_release(&in->more);
	gw_crls_release(&in->crls);
}
#define INPUTS_AUTO GW_CLEANUP(inputs_release)

static void verdict_release(struct verdict *v)
{
	gw_certs_release(&v->certs);
	gw_certs_release(&v->path);
}
#define VERDICT_AUTO GW_CLEANUP(verdict_release)

/* The load balancer's word. It has none for what else was asked: what fails there must not read as OK. */
static const char *word_of(const struct verdict *v, const struct gw_findings *fs)
{
	if (v->token != NULL)
		return v->token;
	return gw_findings_any(fs, GW_ERROR) ? "not OK" : "OK";
}

/* What became of one file, for --format json: names and dates of the path, and whether it is good. */
static struct gw_node *verdict_node(struct gw_arena *arena, const struct inputs *in, const struct verdict *v,
				    const struct gw_findings *fs)
{
	struct gw_node *map = gw_map_new(arena), *path;
	int64_t end = gw_cert_not_after(v->certs.items[0]);
	char time[GW_TIME_TEXT];
	size_t i;

	gw_time_format(time, end);
	gw_map_str(arena, map, "file", v->file);
	gw_map_bool(arena, map, "ok", !gw_findings_any(fs, GW_ERROR));
	if (in->opts->as != GW_NOT_GIVEN)
		gw_map_str(arena, map, "token", word_of(v, fs));
	gw_map_str(arena, map, "subject", gw_cert_label(v->certs.items[0], arena));
	gw_map_str(arena, map, "notAfter", time);
	gw_map_int(arena, map, "daysLeft", gw_days_between(in->at, end));
	path = v->path.count > 0 ? gw_map_add(arena, map, "path", gw_list_new(arena)) : NULL;
	for (i = 0; i < v->path.count; i++)
		gw_list_add(path, gw_str_new(arena, gw_cert_label(v->path.items[i], arena)));
	return map;
}

/* --- intent ------------------------------------------------------------------------------------------------------- */

static bool asks_anything(const struct verify_opts *o)
{
	return o->key != NULL || o->roots.count > 0 || o->system_roots || o->hostnames.count > 0 || o->ips.count > 0 ||
	       o->uris.count > 0 || o->emails.count > 0 || o->at != NULL || o->min_days > 0 || o->lifetime != NULL ||
	       o->purpose != GW_NOT_GIVEN || o->target != GW_NOT_GIVEN || o->as != GW_NOT_GIVEN;
}

/* A load balancer has anchors, a purpose and limits of its own. */
static enum gw_code check_side(const struct verify_opts *o, struct gw_err *err)
{
	if ((o->as == GW_NOT_GIVEN) != (o->trust == NULL))
		return gw_fail(err, GW_E_USAGE, o->trust == NULL ? "--as" : "--trust", "needs %s as well",
			       o->trust == NULL ? "--trust FILE" : "--as client|backend");
	if (o->as == GW_NOT_GIVEN)
		return GW_OK;
	if (o->roots.count > 0 || o->system_roots || o->intermediates.count > 0 || o->crls.count > 0)
		return gw_fail(err, GW_E_USAGE, "--as", "takes its CAs from --trust alone, and knows no CRLs");
	if (o->purpose != GW_NOT_GIVEN)
		return gw_fail(err, GW_E_USAGE, "--purpose", "does not go with --as, which says it");
	return GW_OK;
}

static enum gw_code check_usage(const struct gw_args *args, struct gw_err *err)
{
	const struct verify_opts *o = args->opts;

	if (!asks_anything(o)) {
		gw_fail(err, GW_E_USAGE, NULL, "there is nothing to check");
		return gw_hint(err, "say what against: --roots FILE, --system-roots, --key FILE, --hostname NAME, "
				    "--target TARGET or --min-days N");
	}
	if (o->roots.count > 0 && o->system_roots)
		return gw_fail(err, GW_E_USAGE, "--system-roots",
			       "does not go with --roots: name the one or the other");
	if (o->roots.count == 0 && !o->system_roots && (o->intermediates.count > 0 || o->crls.count > 0)) {
		gw_fail(err, GW_E_USAGE, o->crls.count > 0 ? "--crl" : "--intermediates",
			"needs trust anchors to build a chain to");
		return gw_hint(err, "add --roots FILE or --system-roots");
	}
	if (o->key != NULL && args->n_operands > 1)
		return gw_fail(err, GW_E_USAGE, "--key", "belongs to one file, and there are %zu", args->n_operands);
	return check_side(o, err);
}

/* RFC 3339; a fraction of a second is within the second that it belongs to. */
static enum gw_code read_instant(const char *text, int64_t *at, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf whole = GW_BUF(64);
	const char *dot = strchr(text, '.');

	gw_buf_add(&whole, text, dot != NULL ? (size_t)(dot - text) : strlen(text));
	if (dot != NULL && strspn(dot + 1, "0123456789") > 0)
		gw_buf_str_add(&whole, dot + 1 + strspn(dot + 1, "0123456789"));
	if (!whole.overflow && gw_time_parse(gw_buf_str(&whole), at))
		return GW_OK;
	gw_fail(err, GW_E_USAGE, "--at", "\"%s\" is no instant", text);
	return gw_hint(err, "write it like 2030-01-01T00:00:00Z");
}

static enum gw_code read_lifetime(const char *text, int64_t *lifetime, struct gw_err *err)
{
	*lifetime = -1;
	if (text == NULL)
		return GW_OK;
	if (strcmp(text, "public") == 0) {
		*lifetime = GW_LIFETIME_PUBLIC;
		return GW_OK;
	}
	if (gw_parse_duration(text, lifetime) && *lifetime > 0)
		return GW_OK;
	gw_fail(err, GW_E_USAGE, "--max-lifetime", "\"%s\" is neither a duration nor public", text);
	return gw_hint(err, "write 90d or 398d, or public for what browsers allow by date of issue");
}

/* A host is not held against the rules for names: whether it is covered is the question. */
static enum gw_code read_names(const struct gw_ctx *ctx, struct inputs *in, struct gw_err *err)
{
	const struct verify_opts *o = in->opts;
	const struct {
		const struct gw_strings *texts;
		const char *option, *prefix;
	} kinds[] = {{&o->ips, "--ip", "ip:"}, {&o->uris, "--uri", "uri:"}, {&o->emails, "--email", "email:"}};
	size_t k, i;

	in->names =
		gw_arena_alloc(ctx->arena, (o->ips.count + o->uris.count + o->emails.count + 1) * sizeof(*in->names));
	for (k = 0; k < GW_COUNT(kinds); k++) {
		for (i = 0; i < kinds[k].texts->count; i++) {
			const char *text = kinds[k].texts->items[i];
			const char *fault =
				gw_san_parse(ctx->arena, gw_arena_printf(ctx->arena, "%s%s", kinds[k].prefix, text),
					     &in->names[in->n_names++]);

			if (fault != NULL)
				return gw_fail(err, GW_E_USAGE, kinds[k].option, "\"%s\" %s", text, fault);
		}
	}
	for (i = 0; i < o->hostnames.count; i++) {
		if (o->hostnames.items[i][0] == '\0')
			return gw_fail(err, GW_E_USAGE, "--hostname", "is empty");
	}
	return GW_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static enum gw_code read_certs(const struct gw_ctx *ctx, const char *path, bool many, struct gw_certs *certs,
			       size_t *octets, struct gw_err *err)
{
	/* The key may stand beside the certificate. */
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_PEM_FILE_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code != GW_OK)
		return code;
	/* What is judged is judged as it is, and kubectl and Google take PEM; the CAs it is held against may be DER. */
	if (many)
		gw_pem_from_der(&text, "CERTIFICATE");
	*octets = text.len;
	code = gw_pem_scan(&pem, gw_file_shown(path), text.data, text.len, err);
	return code == GW_OK ? gw_certs_from_pem(ctx, &pem, many, certs, err) : code;
}

/* Certificates of several files as one list. */
static enum gw_code read_all(const struct gw_ctx *ctx, const struct gw_strings *files, struct gw_certs *certs,
			     struct gw_err *err)
{
	size_t f, i, octets;

	for (f = 0; f < files->count; f++) {
		GW_CERTS_AUTO struct gw_certs found = {0};
		enum gw_code code = read_certs(ctx, files->items[f], true, &found, &octets, err);

		if (code != GW_OK)
			return code;
		for (i = 0; i < found.count; i++)
			gw_certs_add(certs, gw_cert_ref(found.items[i]));
	}
	return GW_OK;
}

static enum gw_code read_trust(const struct gw_ctx *ctx, struct inputs *in, struct gw_err *err)
{
	const struct gw_strings *files = &in->opts->roots;
	GW_CERTS_AUTO struct gw_certs anchors = {0};
	enum gw_code code;

	if (in->opts->system_roots)
		return gw_trust_system(ctx, &in->trust, err);
	if (files->count == 0)
		return GW_OK;
	code = read_all(ctx, files, &anchors, err);
	if (code != GW_OK)
		return code;
	return gw_trust_from_certs(ctx, files->count == 1 ? files->items[0] : "the files of --roots", anchors.items,
				   anchors.count, &in->trust, err);
}

static enum gw_code read_inputs(const struct gw_ctx *ctx, struct inputs *in, struct gw_findings *fs, struct gw_err *err)
{
	const struct verify_opts *o = in->opts;
	const struct gw_password password = {.option = "--password", .source = o->password};
	enum gw_code code = GW_OK;
	size_t i;

	in->at = gw_now(&ctx->clock);
	in->purpose = o->purpose == GW_NOT_GIVEN ? GW_PURPOSE_SERVER : purpose_of[o->purpose];
	if (o->at != NULL)
		code = read_instant(o->at, &in->at, err);
	if (code == GW_OK)
		code = read_lifetime(o->lifetime, &in->lifetime, err);
	if (code == GW_OK)
		code = read_names(ctx, in, err);
	if (code == GW_OK && o->key != NULL)
		code = gw_key_read(ctx, o->key, &password, &in->key, err);
	if (code == GW_OK)
		code = read_trust(ctx, in, err);
	if (code == GW_OK)
		code = read_all(ctx, &o->intermediates, &in->more, err);
	if (code == GW_OK && o->trust != NULL)
		code = gw_trust_config_read(ctx, o->trust, &in->config, fs, err);
	for (i = 0; code == GW_OK && i < o->crls.count; i++)
		code = gw_crls_read(ctx, o->crls.items[i], &in->crls, err);
	return code;
}

/* --- judgement ---------------------------------------------------------------------------------------------------- */

static void judge_names(const struct inputs *in, const struct verdict *v, const struct gw_where *where,
			struct gw_findings *fs)
{
	size_t i;

	for (i = 0; i < in->opts->hostnames.count; i++)
		gw_judge_name(v->certs.items[0], in->opts->hostnames.items[i], where, fs);
	for (i = 0; i < in->n_names; i++)
		gw_judge_san(v->certs.items[0], &in->names[i], where, fs);
}

/* As a load balancer sees it. */
static enum gw_code judge_side(const struct gw_ctx *ctx, const struct inputs *in, struct verdict *v,
			       const struct gw_where *where, struct gw_findings *fs, struct gw_err *err)
{
	const struct gw_balancer_request request = {.side = (enum gw_balancer_side)in->opts->as,
						    .presented = &v->certs,
						    .octets = v->octets,
						    .anchors = &in->config.anchors,
						    .intermediates = &in->config.intermediates,
						    .allowlist = &in->config.allowlist,
						    .at = in->at,
						    .where = where};

	return gw_judge_balancer(ctx, &request, &v->token, fs, err);
}

static enum gw_code judge_path(const struct inputs *in, struct verdict *v, const struct gw_where *where,
			       struct gw_findings *fs, struct gw_err *err)
{
	const struct verify_opts *o = in->opts;
	const struct gw_chain_request request = {.presented = &v->certs,
						 .more = &in->more,
						 .trust = in->trust,
						 .crls = o->crls.count > 0 ? &in->crls : NULL,
						 .at = in->at,
						 .purpose = in->purpose,
						 .max_depth = o->max_depth,
						 .strict = o->strict,
						 .where = where};

	gw_judge_order(&v->certs, where, fs);
	return gw_judge_path(&request, &v->path, fs, err);
}

static enum gw_code judge_file(const struct gw_ctx *ctx, const struct inputs *in, struct verdict *v,
			       struct gw_findings *fs, struct gw_err *err)
{
	const struct verify_opts *o = in->opts;
	const struct gw_where where = {.file = v->file};
	enum gw_code code;

	if (in->key != NULL)
		gw_judge_pair(&v->certs, in->key, &where, fs);
	judge_names(in, v, &where, fs);
	code = o->as != GW_NOT_GIVEN ? judge_side(ctx, in, v, &where, fs, err) : judge_path(in, v, &where, fs, err);
	if (code != GW_OK)
		return code;
	if (o->min_days > 0)
		gw_judge_days(v->certs.items[0], in->at, o->min_days, true, &where, fs);
	if (in->lifetime >= 0)
		gw_judge_lifetime(v->certs.items[0], in->lifetime, GW_ERROR, &where, fs);
	if (o->target != GW_NOT_GIVEN)
		gw_judge_target(&v->certs, v->octets, &gw_targets[o->target], &where, fs);
	return GW_OK;
}

static void be_strict(struct gw_findings *fs)
{
	struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		if (f->severity == GW_WARNING)
			gw_finding_weigh(fs, f, GW_ERROR);
	}
}

/* "a.example: good until 2026-12-23 (29 days). Its chain leads over "Issuing" to "Root"." */
static void print_good(const struct gw_ctx *ctx, const struct inputs *in, const struct verdict *v)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	int64_t end = gw_cert_not_after(v->certs.items[0]);
	char date[GW_TIME_TEXT], span[32];
	size_t i;

	gw_time_date(date, end);
	gw_span_words(span, end - in->at);
	gw_print_text(ctx->out, v->file);
	fprintf(ctx->out, ": %sgood%s: \"", gw_paint(ctx->color_out, GW_GREEN), gw_unpaint(ctx->color_out));
	gw_print_text(ctx->out, gw_cert_label(v->certs.items[0], &arena));
	fprintf(ctx->out, "\" is valid until %s (%s)", date, span);
	for (i = 1; i < v->path.count; i++) {
		fputs(i == 1 ? ", issued by \"" : ", by \"", ctx->out);
		gw_print_text(ctx->out, gw_cert_label(v->path.items[i], &arena));
		fputc('"', ctx->out);
	}
	fputc('\n', ctx->out);
}

/* The load balancer's word, alone on its line where there is one file: for a script as well as for a person. */
static void print_side(const struct gw_ctx *ctx, const struct verdict *v, bool one, const struct gw_findings *fs)
{
	if (!one) {
		gw_print_text(ctx->out, v->file);
		fputs(": ", ctx->out);
	}
	fprintf(ctx->out, "%s\n", word_of(v, fs));
}

static void print_verdict(const struct gw_ctx *ctx, const struct inputs *in, const struct verdict *v, bool one,
			  const struct gw_findings *fs)
{
	if (in->opts->format != GW_FORMAT_TEXT || ctx->quiet)
		return;
	if (in->opts->as != GW_NOT_GIVEN)
		print_side(ctx, v, one, fs);
	else if (!gw_findings_any(fs, GW_ERROR))
		print_good(ctx, in, v);
}

/* Files are judged one by one; what is wrong with each stands in one list. */
static enum gw_code verify_file(const struct gw_ctx *ctx, const struct inputs *in, const char *path, bool one,
				struct gw_findings *all, struct gw_err *err)
{
	VERDICT_AUTO struct verdict v = {0};
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	enum gw_code code = read_certs(ctx, path, false, &v.certs, &v.octets, err);

	v.file = gw_file_shown(path);
	if (code == GW_OK)
		code = judge_file(ctx, in, &v, &fs, err);
	if (code != GW_OK)
		return code;
	if (in->opts->strict)
		be_strict(&fs);
	print_verdict(ctx, in, &v, one, &fs);
	gw_list_add(in->files, verdict_node(in->arena, in, &v, &fs));
	gw_findings_take(all, &fs);
	return GW_OK;
}

/* The files and the findings in one document. */
static void print_json(const struct gw_ctx *ctx, const struct inputs *in, const struct gw_findings *fs)
{
	struct gw_node *document = gw_report_new(in->arena);
	struct gw_node *list;
	const struct gw_finding *f;

	gw_map_bool(in->arena, document, "ok", !gw_findings_any(fs, GW_ERROR));
	gw_map_add(in->arena, document, "files", in->files);
	list = gw_map_add(in->arena, document, "findings", gw_list_new(in->arena));
	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(list, gw_finding_node(in->arena, f));
	gw_report_document(ctx->out, document);
}

static void print_all(const struct gw_ctx *ctx, const struct inputs *in, const struct gw_findings *fs)
{
	const enum gw_format format = (enum gw_format)in->opts->format;

	if (format == GW_FORMAT_JSON)
		print_json(ctx, in, fs);
	else if (format != GW_FORMAT_TEXT || gw_findings_any(fs, ctx->quiet ? GW_ERROR : GW_NOTE))
		gw_report_findings(ctx->out, fs, format, ctx->color_out, "");
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	INPUTS_AUTO struct inputs in = {.opts = args->opts, .arena = ctx->arena, .files = gw_list_new(ctx->arena)};
	enum gw_code code = check_usage(args, err);
	size_t i;

	if (code == GW_OK)
		code = read_inputs(ctx, &in, &fs, err);
	for (i = 0; code == GW_OK && i < args->n_operands; i++)
		code = verify_file(ctx, &in, args->operands[i], args->n_operands == 1, &fs, err);
	/* What was found before a file that cannot be read is said; a document for machines would look whole. */
	if (code == GW_OK || (fs.count > 0 && in.opts->format == GW_FORMAT_TEXT))
		print_all(ctx, &in, &fs);
	if (code != GW_OK)
		return code;
	return gw_findings_any(&fs, GW_ERROR) ? GW_E_NO : GW_OK;
}

const struct gw_command gw_cmd_verify = {
	.name = "verify",
	.group = GW_GROUP_JUDGE,
	.summary = "pair, chain, name, purpose, dates, target rules: offline",
	.operands = "FILE...",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct verify_opts),
	.description =
		"Says, before anyone else does, whether certificates will work: all that is wrong with them and what "
		"to do "
		"about it, without a network. Each FILE holds a certificate, with its chain behind it where there is "
		"one; - "
		"is standard input. At least one thing to check against must be named. Exit status 0 means that no "
		"error "
		"was found, 1 that one was.\n"
		"\n"
		"Looked at is what is asked for: whether --key belongs to the certificate; whether a chain leads to "
		"one of "
		"--roots (or the system's anchors), over the certificates of the file and of --intermediates; whether "
		"--hostname, --ip, --uri or --email is covered by a subject alternative name (the common name never "
		"counts); the dates, as of --at; the use (--purpose); how long it is still valid (--min-days) and how "
		"long "
		"it lives in all (--max-lifetime); what a --target takes. Without anchors nothing is said of the "
		"chain.\n"
		"\n"
		"# How a chain is found\n"
		"\n"
		"Where several certificates have the issuer's name, each is tried, the likeliest first, until a chain "
		"is "
		"found that is sound as a whole: an expired or revoked cross-certificate does not stand in the way of "
		"a "
		"good chain. The search is bounded (200 signatures, 4000 steps, 32 whole chains of at most 32 "
		"certificates "
		"in each of two rounds, 512 certificates, 250000 comparisons of names with constraints); where a bound "
		"is "
		"reached, that is said. A certificate of --roots is trusted as it is, be it a root, an intermediate or "
		"the "
		"leaf itself.\n"
		"\n"
		"# Errors and warnings\n"
		"\n"
		"Errors are what RFC 5280 forbids and clients refuse. Warnings are what only the public web asks "
		"(an extended key usage, a common name among the names, keys of its kinds) and what RFC 5280 asks of "
		"the "
		"CA without any client refusing it (key identifiers). --strict makes warnings errors; --target makes "
		"the "
		"rules of that target errors.\n"
		"\n"
		"# Revocation\n"
		"\n"
		"With --crl each certificate of the chain below the anchor is looked up in the lists of its issuer. A "
		"list "
		"that is out of date, not signed by the issuer, or not understood is an error; none at all for the "
		"leaf's "
		"issuer is a warning.\n"
		"\n"
		"# As a load balancer\n"
		"\n"
		"--as client tells what Google's load balancer makes of a client certificate, --as backend of the "
		"certificate of a server behind it, with the CAs of --trust: a TrustConfig as gcloud exports it, a "
		"ConfigMap of CAs, or PEM. The first line of the output is OK, or the word that stands in the load "
		"balancer's log (client_cert_chain_invalid_eku), or \"not OK\" where something else that was asked for "
		"is wrong; its cause and what to do follow. Its own limits count "
		"(10 intermediates sent, chains of 10, RSA 2048 to 4096 and P-256 or P-384, SHA-256, 10 name "
		"constraints, "
		"10 intermediates of one subject and key), and allowlisted certificates are accepted as they are.",
	.examples = examples,
	.run = run,
};
