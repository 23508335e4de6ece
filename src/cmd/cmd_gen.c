/* SPDX-License-Identifier: Apache-2.0 */
/* gen: every key, request and certificate that a template, or --host, asks for. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "issue/issue.h"
#include "report/report.h"

#define TEMPLATE "gwcert.yaml"

struct gen_opts {
	const char *file, *dir, *issuer, *issuer_key, *issuer_password, *output;
	struct gw_strings hosts, set;
	const char *vars_file;
	unsigned days, key_type, profile, format;
	bool force, each_host;
};

static const char *const formats[] = {"text", "json", NULL};
static const char *const profiles[] = {"server", "client", "backend", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_TEMPLATE(struct gen_opts, file),
	OPT_SET(struct gen_opts, set),
	OPT_VARS_FILE(struct gen_opts, vars_file),
	OPT_STR(struct gen_opts, dir, 'd', "dir", "DIR", NULL,
		"write there; settings.dir of the template, or ./pki, where not given"),
	OPT_FORCE(struct gen_opts, force,
		  "make anew, with a new key, what is there and not as asked; replace the file of -o"),
	OPT_LIST(struct gen_opts, hosts, 0, "host", "NAME",
		 "no template: a certificate for this DNS name or IP address, and for all given"),
	OPT_FLAG(struct gen_opts, each_host, 0, "each-host", "a certificate for each --host"),
	OPT_UINT(struct gen_opts, days, 0, "days", "N", NULL, 1, 36500,
		 "with --host: how many days it is good; 90 where not given"),
	OPT_CHOICE(struct gen_opts, key_type, 0, "key-type", "WORD", NULL, gw_key_type_words,
		   "with --host: the kind of key; ec-p256 where not given"),
	OPT_CHOICE(struct gen_opts, profile, 0, "profile", "WORD", NULL, profiles,
		   "with --host: what it is for; server where not given"),
	OPT_STR(struct gen_opts, issuer, 0, "issuer", "FILE", NULL,
		"with --host: the CA that signs, in PEM; self-signed where not given"),
	OPT_STR(struct gen_opts, issuer_key, 0, "issuer-key", "FILE", NULL, "the key of --issuer"),
	OPT_STR(struct gen_opts, issuer_password, 0, "issuer-password", "SOURCE", NULL,
		"the password of an encrypted --issuer-key: env:NAME, file:PATH, fd:N or prompt"),
	OPT_STR(struct gen_opts, output, 'o', "output", "FILE", NULL,
		"with --host: write key, certificate and chain into this one file; - is standard output"),
	OPT_FORMAT(struct gen_opts, format, formats, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert gen", "make what ./gwcert.yaml asks for and is not there yet"},
	{"gwcert gen -f pki.yaml store", "make one entry, and the CAs above it if they are missing"},
	{"gwcert gen --host store.example.com --days 30 -o - | gwcert secret store-example-com",
	 "no template: a self-signed certificate as a Secret, without a file on disk"},
	{"gwcert gen --host a.example.com --host '*.a.example.com' --key-type rsa-2048 --issuer ca.pem --issuer-key "
	 "ca.key -d out",
	 "sign a certificate for two names with a CA that is there"},
	{NULL, NULL},
};

/* --- intent ----------------------------------------------------------------------------------------------------- */

struct clash {
	bool is;
	const char *option, *what;
};

static enum gw_code first_clash(const struct clash *clashes, size_t n, struct gw_err *err)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (clashes[i].is)
			return gw_fail(err, GW_E_USAGE, clashes[i].option, "%s", clashes[i].what);
	}
	return GW_OK;
}

static enum gw_code check_template_usage(const struct gen_opts *o, struct gw_err *err)
{
	static const char only[] = "goes with --host only: in a template each entry says it for itself";
	const struct clash clashes[] = {
		{o->each_host, "--each-host", "goes with --host only"},
		{o->days > 0, "--days", only},
		{o->key_type != GW_NOT_GIVEN, "--key-type", only},
		{o->profile != GW_NOT_GIVEN, "--profile", only},
		{o->issuer != NULL, "--issuer", only},
		{o->issuer_key != NULL, "--issuer-key", only},
		{o->issuer_password != NULL, "--issuer-password", only},
		{o->output != NULL, "--output",
		 "goes with --host only: a template's entries are folders, and -d says where"},
	};

	return first_clash(clashes, GW_COUNT(clashes), err);
}

static enum gw_code check_host_usage(const struct gen_opts *o, size_t n_operands, struct gw_err *err)
{
	bool several = o->each_host && o->hosts.count > 1, json = o->format == GW_FORMAT_JSON;
	const struct clash clashes[] = {
		{o->file != NULL, "--file", "does not go with --host, which needs no template"},
		{o->set.count > 0, "--set", "does not go with --host: variables are a template's"},
		{o->vars_file != NULL, "--vars-file", "does not go with --host: variables are a template's"},
		{n_operands > 0, "NAME", "names of entries do not go with --host"},
		{o->issuer != NULL && o->issuer_key == NULL, "--issuer", "needs --issuer-key as well"},
		{o->issuer_key != NULL && o->issuer == NULL, "--issuer-key", "needs --issuer as well"},
		{o->issuer_password != NULL && o->issuer_key == NULL, "--issuer-password",
		 "needs --issuer-key as well"},
		{o->output != NULL && o->dir != NULL, "--output", "does not go with --dir: it is one file or a folder"},
		{o->output != NULL && several, "--output", "takes one certificate, and --each-host makes several"},
		{o->output != NULL && json, "--output", "does not go with --format json"},
	};

	return first_clash(clashes, GW_COUNT(clashes), err);
}

static enum gw_code check_terminal(const struct gw_ctx *ctx, const struct gen_opts *o, struct gw_err *err)
{
	if (o->output == NULL || strcmp(o->output, "-") != 0 || !ctx->out_tty || o->force)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, "standard output", "is a terminal, and what is printed holds a private key");
	return gw_hint(err, "use -o FILE or a pipe; --force prints it all the same");
}

/* --- reading ---------------------------------------------------------------------------------------------------- */

static enum gw_code read_template(const struct gw_ctx *ctx, const struct gen_opts *o, struct gw_template *t,
				  struct gw_findings *fs, struct gw_err *err)
{
	const struct gw_host_request request = {
		.hosts = o->hosts.items,
		.n_hosts = o->hosts.count,
		.each = o->each_host,
		.key_type = gw_choice_word(gw_key_type_words, o->key_type),
		.profile = gw_choice_word(profiles, o->profile),
		.days = o->days,
		.issuer_outside = o->issuer != NULL,
	};

	if (o->hosts.count > 0)
		return gw_template_from_hosts(&request, t, fs, err);
	if (o->file == NULL && access(TEMPLATE, F_OK) != 0) {
		gw_fail(err, GW_E_INPUT, NULL, "there is no " TEMPLATE " here, and no --host");
		return gw_hint(err, "gwcert init gateway writes a template; -f FILE names another one");
	}
	t->given = (struct gw_vars_given){o->set.items, o->set.count, o->vars_file};
	return gw_template_read(ctx, o->file != NULL ? o->file : TEMPLATE, t, fs, err);
}

static enum gw_code load_signer(const struct gw_ctx *ctx, const struct gen_opts *o, struct gw_signer *signer,
				struct gw_err *err)
{
	const struct gw_password password = {.option = "--issuer-password", .source = o->issuer_password};

	return o->issuer != NULL ? gw_signer_load(ctx, o->issuer, o->issuer_key, &password, signer, err) : GW_OK;
}

static void print_findings(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_findings *fs)
{
	bool json = o->format == GW_FORMAT_JSON;

	if (fs->count > 0)
		gw_report_findings(json ? ctx->out : ctx->err, fs, (enum gw_format)o->format, ctx->color_err,
				   "Nothing was written.");
}

/* --- one certificate to a file or a pipe ------------------------------------------------------------------------ */

static enum gw_code check_days(const struct gw_entry *e, const struct gw_signer *signer, int64_t now,
			       struct gw_err *err)
{
	char end[GW_TIME_TEXT];

	if (signer->cert == NULL || !e->validity_given || now + e->validity <= gw_cert_not_after(signer->cert))
		return GW_OK;
	gw_time_format(end, gw_cert_not_after(signer->cert));
	gw_fail(err, GW_E_INPUT, "--days", "the certificate would outlive its issuer, which ends at %s", end);
	return gw_hint(err, "leave --days out to get as much as there is");
}

static enum gw_code write_one(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_template *t,
			      const struct gw_signer *signer, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf pem = GW_BUF_SECRET(4 * GW_ISSUE_FILE_MAX);
	GW_MADE_AUTO struct gw_made made = GW_MADE_INIT;
	int64_t now = gw_now(&ctx->clock);
	char date[GW_TIME_TEXT];
	enum gw_code code = check_days(t->first, signer, now, err);

	if (code == GW_OK)
		code = gw_issue_one(ctx, t->first, signer->cert != NULL ? signer : NULL, now, &made, err);
	if (code != GW_OK)
		return code;
	gw_buf_add(&pem, made.key_pem.data, made.key_pem.len);
	gw_buf_add(&pem, gw_buf_str(&made.cert_pem), made.cert_pem.len);
	gw_buf_add(&pem, gw_buf_str(&made.chain_pem), made.chain_pem.len);
	code = gw_output_write(ctx, o->output, pem.data, pem.len, GW_MODE_PRIVATE, o->force, err);
	if (code != GW_OK || ctx->quiet || (strcmp(o->output, "-") == 0 && !ctx->verbose))
		return code;
	gw_time_format(date, gw_cert_not_after(made.cert));
	fprintf(ctx->err, "made a key and a certificate for %s, good until %s\n", t->first->plan.sans[0].value, date);
	return GW_OK;
}

/* --- telling what was done -------------------------------------------------------------------------------------- */

static const struct {
	const char *word;
	enum gw_paint paint;
} done[] = {
	[GW_ACTION_KEEP] = {"unchanged", GW_DIM},       [GW_ACTION_MAKE] = {"made", GW_GREEN},
	[GW_ACTION_COMPLETE] = {"completed", GW_GREEN}, [GW_ACTION_REMAKE] = {"remade", GW_YELLOW},
	[GW_ACTION_REFUSE] = {"refused", GW_RED},
};

static const char *what_it_is(struct gw_arena *arena, const struct gw_entry *e)
{
	const char *key = gw_key_type_word(e->key_type);
	const char *name = e->plan.n_sans > 0 ? e->plan.sans[0].value : "client";

	if (e->plan.ca)
		return gw_arena_printf(arena, "CA, %s", key);
	if (e->plan.n_sans > 1)
		return gw_arena_printf(arena, "%s and %zu more, %s", name, e->plan.n_sans - 1, key);
	return gw_arena_printf(arena, "%s, %s", name, key);
}

static const char *why(struct gw_arena *arena, const struct gw_step *step)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	if (step->action == GW_ACTION_KEEP)
		return "it is as asked";
	for (i = 0; i < step->n_reasons; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? "; " : "", step->reasons[i]);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

static void print_count(const struct gw_ctx *ctx, const struct gw_plan *plan)
{
	size_t i, said = 0;

	if (!gw_plan_is_work(plan)) {
		fprintf(ctx->out, "nothing to do: %s\n",
			plan->n_steps == 1 ? "the entry is as asked" : "all entries are as asked");
		return;
	}
	for (i = GW_ACTION_MAKE; i <= GW_ACTION_REMAKE; i++) {
		if (plan->count[i] > 0)
			fprintf(ctx->out, "%s%zu %s", said++ > 0 ? ", " : "", plan->count[i], done[i].word);
	}
	if (plan->count[GW_ACTION_KEEP] > 0)
		fprintf(ctx->out, ", %zu unchanged", plan->count[GW_ACTION_KEEP]);
	fputc('\n', ctx->out);
}

static void print_text(const struct gw_ctx *ctx, const struct gw_plan *plan)
{
	struct gw_table table;
	char date[GW_TIME_TEXT];
	size_t i;

	gw_table_init(&table, ctx->arena, 5);
	for (i = 0; i < plan->n_steps; i++) {
		const struct gw_step *s = &plan->steps[i];
		struct gw_cell cells[] = {
			{done[s->action].word, done[s->action].paint},
			{gw_arena_printf(ctx->arena, "%s/%s", plan->request->dir, s->entry->name), GW_BOLD},
			{what_it_is(ctx->arena, s->entry), GW_PLAIN},
			{NULL, GW_PLAIN},
			{why(ctx->arena, s), GW_DIM}};

		gw_time_date(date, s->not_after);
		cells[3].text = gw_arena_printf(ctx->arena, "until %s", date);
		gw_table_row(&table, cells);
	}
	gw_table_print(&table, ctx->out, ctx->color_out);
	print_count(ctx, plan);
}

static struct gw_node *step_node(struct gw_arena *arena, const struct gw_plan *plan, const struct gw_step *s)
{
	struct gw_node *map = gw_map_new(arena), *list;
	char date[GW_TIME_TEXT];
	size_t i;

	gw_time_format(date, s->not_after);
	gw_map_str(arena, map, "name", s->entry->name);
	gw_map_str(arena, map, "action", done[s->action].word);
	list = gw_map_add(arena, map, "reasons", gw_list_new(arena));
	for (i = 0; i < s->n_reasons; i++)
		gw_list_add(list, gw_str_new(arena, s->reasons[i]));
	gw_map_str(arena, map, "folder", gw_arena_printf(arena, "%s/%s", plan->request->dir, s->entry->name));
	gw_map_bool(arena, map, "ca", s->entry->plan.ca);
	gw_map_str(arena, map, "keyType", gw_key_type_word(s->entry->key_type));
	list = gw_map_add(arena, map, "sans", gw_list_new(arena));
	for (i = 0; i < s->entry->plan.n_sans; i++)
		gw_list_add(list, gw_str_new(arena, gw_san_text(arena, &s->entry->plan.sans[i])));
	gw_map_str(arena, map, "notAfter", date);
	return map;
}

static void print_json(const struct gw_ctx *ctx, const struct gw_plan *plan)
{
	struct gw_node *document = gw_report_new(ctx->arena), *list;
	size_t i;

	gw_map_str(ctx->arena, document, "dir", plan->request->dir);
	for (i = GW_ACTION_KEEP; i <= GW_ACTION_REMAKE; i++)
		gw_map_int(ctx->arena, document, done[i].word, (int64_t)plan->count[i]);
	list = gw_map_add(ctx->arena, document, "entries", gw_list_new(ctx->arena));
	for (i = 0; i < plan->n_steps; i++)
		gw_list_add(list, step_node(ctx->arena, plan, &plan->steps[i]));
	gw_report_document(ctx->out, document);
}

/* --- folders ---------------------------------------------------------------------------------------------------- */

static enum gw_code write_folders(const struct gw_ctx *ctx, const struct gw_args *args, const struct gw_template *t,
				  struct gw_signer *signer, struct gw_findings *fs, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	const struct gw_issue_request request = {
		.t = t,
		.dir = o->dir != NULL ? o->dir : t->dir,
		.names = args->operands,
		.n_names = args->n_operands,
		.force = o->force,
		.outside = signer->cert != NULL ? signer : NULL,
	};
	GW_PLAN_AUTO struct gw_plan plan = GW_PLAN_INIT;
	enum gw_code code = gw_issue_run(ctx, &request, &plan, fs, err);

	if (code != GW_OK)
		return code;
	if (o->format == GW_FORMAT_JSON)
		print_json(ctx, &plan);
	else if (!ctx->quiet)
		print_text(ctx, &plan);
	return GW_OK;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_SIGNER_AUTO struct gw_signer signer = GW_SIGNER_INIT;
	enum gw_code code;

	code = o->hosts.count > 0 ? check_host_usage(o, args->n_operands, err) : check_template_usage(o, err);
	if (code == GW_OK)
		code = check_terminal(ctx, o, err);
	if (code == GW_OK)
		code = read_template(ctx, o, &t, &fs, err);
	if (code == GW_OK)
		code = load_signer(ctx, o, &signer, err);
	if (code == GW_OK)
		code = o->output != NULL ? write_one(ctx, o, &t, &signer, err)
					 : write_folders(ctx, args, &t, &signer, &fs, err);
	print_findings(ctx, o, &fs);
	return code;
}

const struct gw_command gw_cmd_gen = {
	.name = "gen",
	.group = GW_GROUP_MAKE,
	.summary = "make the keys and certificates that a template asks for",
	.operands = "[NAME...]",
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct gen_opts),
	.description =
		"Reads a template, gwcert-template(5), and makes every certificate in it that is not there yet, with "
		"its key and "
		"request. Names of entries choose among them; the CAs above them come along where they are missing. An "
		"entry that is "
		"there and as asked is left alone, so a second run changes nothing.\n"
		"\n"
		"Each entry is a folder of its name below settings.dir (./pki beside the template where that is not "
		"given) or -d: "
		"key.pem (PKCS#8, mode 0600), csr.pem, cert.pem, fullchain.pem (the certificate and the intermediates "
		"above it) and, "
		"where there are intermediates, chain.pem. A folder appears or is replaced as a whole: key and "
		"certificate never "
		"disagree, whatever happens on the way. Files in it that are not gwcert's stay.\n"
		"\n"
		"All faults of a template are told in one run, each with its place, and then nothing is written.\n"
		"\n"
		"# What is there and not as asked\n"
		"\n"
		"The certificate on disk is the state. Where its names, subject, kind of key, usages, CA mark, path "
		"length, written "
		"validity or issuer differ from what the template asks, where it has expired, or where key and "
		"certificate do not "
		"belong together, nothing at all is written and the exit status is 4: it takes --force to put a new "
		"key in the place "
		"of an old one. --force holds for the entries named, or for all where none is, and touches none that "
		"is as asked. A "
		"CA that is made anew takes those with it that it signed: they must be among the entries too. Where "
		"only the "
		"request, the chain or the full chain is missing, it is made again, and key and certificate stay as "
		"they are.\n"
		"\n"
		"The key of a CA that group or others can read is refused.\n"
		"\n"
		"# Without a template\n"
		"\n"
		"--host makes one certificate with all the names given, self-signed or signed by --issuer. Its folder "
		"has the first "
		"name, with \"*\" written _wildcard and \":\" written -. With -o key, certificate and chain go into "
		"one file or pipe "
		"instead; a terminal is refused.",
	.examples = examples,
	.run = run,
};
