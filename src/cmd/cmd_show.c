/* SPDX-License-Identifier: Apache-2.0 */
/* show: the facts of anything that holds certificates, keys, requests or revocation lists. It judges nothing. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "cmd/commands.h"
#include "k8s/material.h"
#include "probe/run.h"
#include "report/contents.h"
#include "report/facts.h"
#include "report/report.h"
#include "report/show.h"

struct show_opts {
	const char *select, *password, *connect;
	int64_t timeout; /* seconds */
	unsigned format;
};

enum { FORMAT_TEXT, FORMAT_SHORT, FORMAT_JSON, FORMAT_PEM };
static const char *const formats[] = {"text", "short", "json", "pem", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_FORMAT(struct show_opts, format, formats, "text"),
	OPT_STR(struct show_opts, select, 0, "select", "FIELD", NULL, "print only this fact of each, as it is called in the text and the JSON"),
	OPT_STR(struct show_opts, password, 0, "password", "SOURCE", NULL,
		"of an encrypted key or a PKCS#12 file: env:NAME, file:PATH, fd:N or prompt; without it a key stays closed"),
	OPT_STR(struct show_opts, connect, 0, "connect", "HOST[:PORT]", NULL, "for a host: connect there instead"),
	OPT_TIMEOUT(struct show_opts, timeout, "10s"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert show fullchain.pem", "tell what is in the file"},
	{"gwcert show --format short *.pem", "a line for each certificate, key and request"},
	{"gwcert show cert.pem --select not-after", "print one fact, for a script"},
	{"kubectl get secrets -A -o json | gwcert show --format short -", "when does which certificate end?"},
	{"gwcert show store.p12 --password file:password", "tell what is in a PKCS#12 file"},
	{"gwcert show store.example.com:443 --format pem", "what the server sends, as PEM"},
	{NULL, NULL},
};

/* What a run gathers. */
struct session {
	struct gw_ctx *ctx;
	struct gw_ctx look; /* the same with a library context that builds no keys */
	const struct show_opts *opts;
	struct gw_password password;
	struct gw_passwords passwords;
	struct gw_table table; /* of the short format */
	struct gw_node *list;  /* of the JSON document */
	struct gw_arena arena; /* of one thing that is shown */
	size_t shown;
	size_t selected; /* things that had the fact, or the PEM, asked for */
	const char *near;
	enum gw_code worst; /* of hosts that could not be seen */
};

/* --- one thing ---------------------------------------------------------------------------------------------------- */

/* Prints a thing, or keeps it for the end. Its memory is the session's arena, or in JSON the run's. */
static void show(struct session *s, const struct gw_node *shown)
{
	FILE *out = s->ctx->out;

	if (s->opts->select != NULL) {
		if (gw_shown_select(out, shown, s->opts->select))
			s->selected++;
		else if (s->near == NULL && gw_shown_nearest(shown, s->opts->select) != NULL)
			s->near = gw_arena_strdup(s->ctx->arena, gw_shown_nearest(shown, s->opts->select));
	} else if (s->opts->format == FORMAT_TEXT) {
		if (s->shown > 0)
			fputc('\n', out);
		gw_shown_text(out, shown, s->ctx->color_out);
	} else if (s->opts->format == FORMAT_PEM) {
		s->selected += gw_shown_pem(out, shown);
	}
	s->shown++;
}

static struct gw_arena *arena_of(struct session *s)
{
	return s->opts->format == FORMAT_JSON && s->opts->select == NULL ? s->ctx->arena : &s->arena;
}

static void show_facts(struct session *s, const char *type, const struct gw_shown_at *at, struct gw_node *facts)
{
	struct gw_node *shown = gw_shown_new(arena_of(s), type, at);

	gw_shown_add(shown, facts);
	if (s->list != NULL)
		gw_list_add(s->list, shown);
	show(s, shown);
	gw_arena_release(&s->arena);
	s->arena = (struct gw_arena){0};
}

/* --- the short format --------------------------------------------------------------------------------------------- */

static const char *place_of(struct gw_arena *arena, const struct gw_shown_at *at)
{
	if (at->object != NULL)
		return gw_arena_printf(arena, "%s %s", at->object, at->where.path);
	if (at->where.line > 0)
		return gw_arena_printf(arena, "%s:%u", at->where.file, at->where.line);
	return at->where.file;
}

static void add_row(struct session *s, const struct gw_shown_at *at, const char *type, const char *const *rest)
{
	const struct gw_cell cells[] = {{place_of(&s->arena, at), GW_PLAIN},
					{type, GW_PLAIN},
					{rest[0], GW_BOLD},
					{rest[1], GW_PLAIN},
					{rest[2], GW_PLAIN},
					{rest[3], GW_PLAIN}};

	gw_table_row(&s->table, cells);
	s->shown++;
}

/* "until 2027-02-21, 89 days" */
static const char *life_text(struct gw_arena *arena, int64_t now, int64_t end)
{
	char date[GW_TIME_TEXT], span[32];

	if (end == GW_TIME_FAR_PAST)
		return "end cannot be read";
	gw_time_date(date, end);
	gw_span_words(span, end >= now ? end - now : now - end);
	return gw_arena_printf(arena, "%s, %s%s", date, span, end >= now ? "" : " ago");
}

static void add_cert_row(struct session *s, const struct gw_shown_at *at, const X509 *cert)
{
	struct gw_arena *arena = &s->arena;
	const char *const rest[] = {
		gw_cert_label(cert, arena),
		gw_cert_key_words(cert, arena),
		life_text(arena, gw_now(&s->ctx->clock), gw_cert_not_after(cert)),
		gw_cert_self_issued(cert) ? "self-issued"
					  : gw_arena_printf(arena, "by %s", gw_cert_issuer_label(cert, arena)),
	};

	add_row(s, at, gw_cert_says_ca(cert) ? "CA" : "certificate", rest);
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

static void show_cert(struct session *s, const struct gw_shown_at *at, const X509 *cert)
{
	struct gw_arena *arena = arena_of(s);
	struct gw_cert_contents contents;
	struct gw_node *facts;

	if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL) {
		add_cert_row(s, at, cert);
		return;
	}
	gw_cert_read_contents(cert, arena, &contents);
	facts = gw_report_cert(arena, cert, &contents.facts, gw_now(&s->ctx->clock));
	gw_shown_add(facts, gw_report_contents(arena, &contents));
	show_facts(s, "certificate", at, facts);
}

/* A key that is encrypted stays closed unless a password is offered. */
static enum gw_code show_key(struct session *s, const struct gw_material *m, const struct gw_pem_block *block,
			     const struct gw_shown_at *at, struct gw_err *err)
{
	const char *type = gw_pem_is_key(block) ? "private key" : "public key";
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	enum gw_code code = GW_OK;

	if (block->kind == GW_PEM_PUBLIC_KEY)
		code = gw_public_key_from_pem(s->ctx, &m->pem, block, &key, err);
	else if (block->kind == GW_PEM_KEY || s->opts->password != NULL)
		code = gw_key_from_pem(s->ctx, &m->pem, block, &s->password, &key, err);
	if (code != GW_OK)
		return code;
	if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL) {
		char words[48] = "";
		const char *const rest[] = {block->kind == GW_PEM_KEY_ENCRYPTED ? "encrypted" : "", words, "", ""};

		if (key != NULL)
			gw_key_describe(key, words);
		add_row(s, at, type, rest);
		return GW_OK;
	}
	show_facts(s, type, at, gw_report_key(arena_of(s), key, block, m->keystore));
	return GW_OK;
}

static enum gw_code show_csr(struct session *s, const struct gw_material *m, const struct gw_pem_block *block,
			     const struct gw_shown_at *at, struct gw_err *err)
{
	struct gw_arena *arena = arena_of(s);
	GW_REQUEST_AUTO X509_REQ *csr = NULL;
	struct gw_request_facts facts;
	enum gw_code code = gw_request_from_pem(s->ctx, &m->pem, block, &csr, err);

	if (code != GW_OK)
		return code;
	gw_request_read_facts(csr, arena, &facts);
	if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL) {
		const char *name = facts.n_sans > 0 ? facts.sans[0].value : facts.subject;
		const char *const rest[] = {name, facts.key_words, "",
					    facts.possession ? "" : "not signed by its own key"};

		add_row(s, at, "request", rest);
		return GW_OK;
	}
	show_facts(s, "request", at, gw_report_request(arena, &facts));
	return GW_OK;
}

static enum gw_code show_crl(struct session *s, const struct gw_material *m, const struct gw_pem_block *block,
			     const struct gw_shown_at *at, struct gw_err *err)
{
	struct gw_arena *arena = arena_of(s);
	GW_CRL_AUTO X509_CRL *crl = NULL;
	int64_t now = gw_now(&s->ctx->clock);
	struct gw_crl_facts facts;
	enum gw_code code = gw_crl_from_pem(s->ctx, &m->pem, block, &crl, err);

	if (code != GW_OK)
		return code;
	gw_crl_read_facts(crl, arena, &facts);
	if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL) {
		const char *const rest[] = {facts.issuer, gw_arena_printf(arena, "%zu revoked", facts.n_revoked),
					    life_text(arena, now, facts.next_update), ""};

		add_row(s, at, "revocation list", rest);
		return GW_OK;
	}
	show_facts(s, "revocation list", at, gw_report_crl(arena, &facts, now));
	return GW_OK;
}

/* Something of which there is no more to tell. */
static void show_nothing(struct session *s, const char *type, const struct gw_shown_at *at)
{
	static const char *const nothing[] = {"", "", "", ""};

	if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL)
		add_row(s, at, type, nothing);
	else
		show_facts(s, type, at, gw_map_new(arena_of(s)));
}

static struct gw_shown_at at_of(struct session *s, const struct gw_material *m, const struct gw_pem_block *block)
{
	return (struct gw_shown_at){.where = gw_material_where(arena_of(s), m, block),
				    .object = m->object,
				    .friendly_name = m->names != NULL ? m->names[block - m->pem.blocks] : NULL};
}

static enum gw_code show_block(struct session *s, const struct gw_material *m, const struct gw_pem_block *block,
			       struct gw_err *err)
{
	const struct gw_shown_at at = at_of(s, m, block);
	GW_CERT_AUTO X509 *cert = NULL;
	enum gw_code code = GW_OK;

	switch (block->kind) {
	case GW_PEM_CERT:
		code = gw_cert_from_pem(&s->look, &m->pem, block, &cert, err);
		if (code == GW_OK)
			show_cert(s, &at, cert);
		return code;
	case GW_PEM_KEY:
	case GW_PEM_KEY_ENCRYPTED:
	case GW_PEM_PUBLIC_KEY: return show_key(s, m, block, &at, err);
	case GW_PEM_CSR: return show_csr(s, m, block, &at, err);
	case GW_PEM_CRL: return show_crl(s, m, block, &at, err);
	case GW_PEM_EC_PARAMETERS:
	case GW_PEM_OTHER: break;
	}
	show_nothing(s, block->label, &at);
	return GW_OK;
}

static enum gw_code show_file(struct session *s, const char *path, struct gw_err *err)
{
	const struct gw_material_request request = {.password = &s->password, .closed = true};
	GW_MATERIALS_AUTO struct gw_materials materials = GW_MATERIALS_INIT;
	enum gw_code code = gw_materials_read(s->ctx, path, &request, &materials, err);
	size_t i, k;

	for (i = 0; i < materials.count && code == GW_OK; i++) {
		const struct gw_material *m = materials.items[i];

		if (m->closed)
			show_nothing(s, "PKCS#12",
				     &(struct gw_shown_at){gw_material_where(arena_of(s), m, NULL), m->object, NULL});
		for (k = 0; k < m->pem.n_blocks && code == GW_OK; k++)
			code = show_block(s, m, &m->pem.blocks[k], err);
	}
	return code;
}

/* --- hosts -------------------------------------------------------------------------------------------------------- */

/* The findings are those of a judge, and only why nothing was seen is of interest here. */
static void take_probe(void *self, struct gw_probe *p)
{
	struct session *s = self;
	const struct gw_shown_at at = {.where = {.file = p->where}};
	size_t i;

	for (i = 0; i < p->chain.count; i++)
		show_cert(s, &at, p->chain.items[i]);
	if (p->chain.count == 0) {
		gw_report_findings(s->ctx->err, &p->findings, GW_FORMAT_TEXT, s->ctx->color_err, NULL);
		if (s->worst != GW_E_NO)
			s->worst = gw_verdict_code(p->verdict);
	}
	gw_probe_free(p);
}

static enum gw_code show_host(struct session *s, const struct gw_target *target, struct gw_err *err)
{
	struct gw_target connect;
	struct gw_trust *nothing = NULL;
	struct gw_probe_plan plan = {.targets = target,
				     .n_targets = 1,
				     .user_agent = "gwcert/" GW_VERSION,
				     .policy = {.now = gw_now(&s->ctx->clock), .timeout_s = s->opts->timeout},
				     .timeout_s = s->opts->timeout,
				     .concurrency = 16,
				     .done = take_probe,
				     .self = s};
	enum gw_code code = gw_trust_from_certs(s->ctx, "nobody", NULL, 0, &nothing, err);

	if (code == GW_OK && s->opts->connect != NULL) {
		code = gw_endpoint_parse(s->ctx->arena, "--connect", s->opts->connect, 0, &connect, err);
		plan.connect = &connect;
	}
	plan.policy.trust = nothing;
	if (code == GW_OK)
		code = gw_probe_run(s->ctx, &plan, err);
	gw_trust_free(nothing);
	return code;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

/* A file that is there goes before a host of the same name. */
static enum gw_code show_operand(struct session *s, const char *operand, struct gw_err *err)
{
	struct gw_target target;
	struct gw_err not_host = {.code = GW_OK};

	if (strcmp(operand, "-") == 0 || access(operand, F_OK) == 0 || strchr(operand, ':') == NULL ||
	    gw_target_parse(s->ctx->arena, operand, &target, &not_host) != GW_OK)
		return show_file(s, operand, err);
	return show_host(s, &target, err);
}

static enum gw_code unknown_field(const struct session *s, struct gw_err *err)
{
	gw_fail(err, GW_E_USAGE, "--select", "nothing shown has a fact \"%s\"", s->opts->select);
	if (s->near != NULL)
		return gw_hint(err, "did you mean \"%s\"?", s->near);
	return gw_hint(err, "--format json shows them all");
}

/* No output with exit 0 would pass for an empty file. */
static enum gw_code nothing_as_pem(struct gw_err *err)
{
	gw_fail(err, GW_E_INPUT, "--format pem", "nothing that was found is printed as PEM");
	return gw_hint(err, "private keys are never printed; gwcert bundle --with-key does that");
}

static void finish(struct session *s, struct gw_node *document)
{
	if (s->list != NULL)
		gw_report_document(s->ctx->out, document);
	else if (s->opts->format == FORMAT_SHORT && s->opts->select == NULL)
		gw_table_print(&s->table, s->ctx->out, s->ctx->color_out);
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	static const char *const standard_input[] = {"-"};
	const char *const *operands = args->n_operands > 0 ? args->operands : standard_input;
	size_t i, n = args->n_operands > 0 ? args->n_operands : 1;
	const struct show_opts *o = args->opts;
	struct session s = {.ctx = ctx,
			    .look = *ctx,
			    .opts = o,
			    .password = {.option = "--password", .source = o->password, .kept = &s.passwords}};
	struct gw_node *document = gw_report_new(ctx->arena);
	struct gw_bare bare;
	enum gw_code code = GW_OK;

	if (args->n_operands == 0 && ctx->in_tty) {
		gw_fail(err, GW_E_USAGE, NULL, "no file or host is named, and standard input is a terminal");
		return gw_hint(err, "gwcert show cert.pem");
	}
	if (s.opts->format == FORMAT_JSON && s.opts->select == NULL)
		s.list = gw_map_add(ctx->arena, document, "items", gw_list_new(ctx->arena));
	gw_table_init(&s.table, ctx->arena, 6);
	bare = gw_bare_open();
	s.look.libctx = bare.libctx;
	for (i = 0; i < n && code == GW_OK; i++)
		code = show_operand(&s, operands[i], err);
	if (code == GW_OK && s.opts->select != NULL && s.shown > 0 && s.selected == 0)
		code = unknown_field(&s, err);
	else if (code == GW_OK && s.opts->format == FORMAT_PEM && s.shown > 0 && s.selected == 0)
		code = nothing_as_pem(err);
	if (code == GW_OK)
		finish(&s, document);
	gw_arena_release(&s.arena);
	gw_bare_close(&bare);
	gw_passwords_release(&s.passwords);
	return code == GW_OK ? s.worst : code;
}

const struct gw_command gw_cmd_show = {
	.name = "show",
	.group = GW_GROUP_JUDGE,
	.summary = "decode anything: PEM, DER, PKCS#12, keys, Secrets, host:port",
	.operands = "[FILE|HOST:PORT...]",
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct show_opts),
	.description =
		"Tells what is in a file, in standard input, or what a host sends: certificates, requests, revocation "
		"lists and "
		"keys, of which only the public facts are shown. A file may be PEM, DER, PKCS#7, PKCS#12, or a "
		"document that "
		"holds PEM: "
		"a Secret, a ConfigMap, a TrustConfig, or a list of them, in YAML or JSON. An operand with a port is a "
		"host "
		"unless there is a file of that name; every address of it is asked, and nothing that it sends is "
		"verified: "
		"gwcert probe does that.\n"
		"\n"
		"A PKCS#12 file is opened with --password, or with an empty one; of several keys in it the first is "
		"shown. One that stands in a document and stays closed is named, and no more.\n"
		"\n"
		"What an issuer added is called as a template calls it: permitted and excluded names, ocsp, crl, "
		"certificatePolicies, mustStaple; other extensions by their OID, with their DER in the JSON. What is "
		"there "
		"and has no words is named under unread.\n"
		"\n"
		"It judges nothing: an expired certificate is shown as well as any other. gwcert verify judges.\n"
		"\n"
		"# Formats\n"
		"\n"
		"text has a line for each fact. short has a line for each thing: its place, what it is, its name, its "
		"key, its end, "
		"its issuer. json is one document with all facts of all things in \"items\", each with its PEM. pem is "
		"the certificates "
		"alone, whatever form they came in; keys are never printed.\n"
		"\n"
		"--select prints one fact of each thing, a line each, or a line for each item where it is a list. The "
		"facts are "
		"called as in the text and in the JSON; case and hyphens are no difference, and a dot leads further "
		"down: "
		"sansByType.dns.",
	.examples = examples,
	.run = run,
};
