/* SPDX-License-Identifier: Apache-2.0 */
/* gen: every key, request and certificate that a template, or --host, asks for. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/os.h"
#include "cmd/commands.h"
#include "cmd/gen_manual.h"
#include "cmd/gen_stream.h"
#include "issue/issue.h"
#include "issue/stream.h"
#include "report/plan.h"
#include "report/report.h"
#include "template/each.h"

#define TEMPLATE    "gwcert.yaml"
#define CHANGED_MAX ((size_t)100000) /* octets of GWCERT_CHANGED: Linux takes 128 KiB in one variable */

struct gen_opts {
	const char *file, *dir, *issuer, *issuer_key, *issuer_password, *output, *on_change;
	struct gw_strings hosts, set, renew, rekey;
	const char *vars_file;
	const char *shard;
	unsigned days, key_type, profile, format, max_failures, stream, jobs;
	bool force, each_host, plan, check;
};

static const char *const streams[] = {"secret", NULL};
static const char *const profiles[] = {"server", "client", "backend", NULL};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_TEMPLATE(struct gen_opts, file),
	OPT_SET(struct gen_opts, set),
	OPT_VARS_FILE(struct gen_opts, vars_file),
	OPT_STR(struct gen_opts, dir, 'd', "dir", "DIR", NULL,
		"write there; settings.dir of the template, or ./pki, where not given"),
	OPT_FLAG(struct gen_opts, plan, 0, "plan", "change nothing; print what would be done, field by field"),
	OPT_FLAG(struct gen_opts, check, 0, "check", "the same, with exit status 5 where anything is due"),
	OPT_LIST(struct gen_opts, renew, 0, "renew", "NAME",
		 "make this entry anew, due or not; with the same key unless its onRenew is newKey"),
	OPT_LIST(struct gen_opts, rekey, 0, "rekey", "NAME", "make this entry anew with a new key, and what it signed"),
	OPT_STR(struct gen_opts, on_change, 0, "on-change", "CMD", NULL,
		"run this with /bin/sh once after something has changed; GWCERT_CHANGED has the names of the entries"),
	OPT_FORCE(struct gen_opts, force,
		  "put a new key in the place of one that is in the way; replace the file of -o"),
	OPT_CHOICE(struct gen_opts, stream, 0, "stream", "WORD", NULL, streams,
		   "write no files: print every certificate with a new key as a Secret, whatever is there already"),
	OPT_UINT(struct gen_opts, jobs, 0, "jobs", "N", NULL, 1, GW_STREAM_JOBS_MAX,
		 "so many threads, for --stream and for RSA keys in folders; the order stays the same. 1 where not given"),
	OPT_STR(struct gen_opts, shard, 0, "shard", "I/N", NULL,
		"with --stream: only every N-th certificate, beginning with number I, which counts from 0"),
	OPT_UINT(struct gen_opts, max_failures, 0, "max-failures", "N", NULL, 1, 1000000,
		 "stop at bad row number N of the entries with each; all rows are looked at where not given"),
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
	OPT_FORMAT(struct gen_opts, format, gw_finding_format_words, "text"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert gen", "make what ./gwcert.yaml asks for and is not there yet, or is due"},
	{"gwcert gen -f pki.yaml store", "make one entry, and the CAs above it if they are missing"},
	{"gwcert gen -f pki.yaml --check", "say what is due, and exit with 5 if anything is"},
	{"gwcert gen -f pki.yaml --on-change 'systemctl reload nginx'", "for a timer: renew what is due, then reload"},
	{"gwcert gen -f pki.yaml --renew store", "make one entry anew before it is due"},
	{"gwcert gen -f fleet.yaml --stream secret --jobs 2", "a certificate of every row, as one stream of Secrets"},
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

static enum gw_code check_plan_usage(const struct gen_opts *o, struct gw_err *err)
{
	const struct clash clashes[] = {
		{o->on_change != NULL && (o->plan || o->check), "--on-change",
		 "is for a run that changes something, not for --plan or --check"},
		{o->on_change != NULL && o->output != NULL, "--on-change",
		 "is for folders, and does not go with --output"},
		{o->output != NULL && (o->plan || o->check), "--output", "is for making, not for --plan or --check"},
		{o->output != NULL && o->renew.count + o->rekey.count > 0, "--output",
		 "always makes a new certificate: --renew and --rekey are for folders"},
	};

	return first_clash(clashes, GW_COUNT(clashes), err);
}

static enum gw_code check_host_usage(const struct gen_opts *o, size_t n_operands, struct gw_err *err)
{
	bool several = o->each_host && o->hosts.count > 1, text = o->format == GW_FORMAT_TEXT;
	const struct clash clashes[] = {
		{o->output != NULL && o->jobs > 0, "--jobs", "does not go with --output, which takes one certificate"},
		{o->file != NULL, "--file", "does not go with --host, which needs no template"},
		{o->set.count > 0, "--set", "does not go with --host: variables are a template's"},
		{o->vars_file != NULL, "--vars-file", "does not go with --host: variables are a template's"},
		{o->max_failures > 0, "--max-failures", "does not go with --host: rows are a template's"},
		{n_operands > 0, "NAME", "names of entries do not go with --host"},
		{o->issuer != NULL && o->issuer_key == NULL, "--issuer", "needs --issuer-key as well"},
		{o->issuer_key != NULL && o->issuer == NULL, "--issuer-key", "needs --issuer as well"},
		{o->issuer_password != NULL && o->issuer_key == NULL, "--issuer-password",
		 "needs --issuer-key as well"},
		{o->output != NULL && o->dir != NULL, "--output", "does not go with --dir: it is one file or a folder"},
		{o->output != NULL && several, "--output", "takes one certificate, and --each-host makes several"},
		{o->output != NULL && !text, "--format", "does not go with --output"},
	};

	return first_clash(clashes, GW_COUNT(clashes), err);
}

static enum gw_code check_stream_usage(const struct gen_opts *o, struct gw_err *err)
{
	static const char folders[] = "is for folders, and --stream writes none";
	bool stream = o->stream != GW_NOT_GIVEN;
	const struct clash clashes[] = {
		{!stream && o->shard != NULL, "--shard", "goes with --stream only"},
		{stream && o->hosts.count > 0, "--stream", "does not go with --host: -o - prints one certificate"},
		{stream && (o->plan || o->check), "--stream",
		 "always makes new certificates: there is nothing to plan"},
		{stream && o->renew.count > 0, "--renew", folders},
		{stream && o->rekey.count > 0, "--rekey", folders},
		{stream && o->on_change != NULL, "--on-change", folders},
		{stream && o->format != GW_FORMAT_TEXT, "--format",
		 "is for what folders come to; --stream prints YAML"},
	};
	enum gw_code code = first_clash(clashes, GW_COUNT(clashes), err);

	return code == GW_OK ? gw_gen_shard_check(o->shard, err) : code;
}

static enum gw_code check_terminal(const struct gw_ctx *ctx, const struct gen_opts *o, struct gw_err *err)
{
	bool printed = o->stream != GW_NOT_GIVEN || (o->output != NULL && strcmp(o->output, "-") == 0);

	if (!printed || !ctx->out_tty || o->force)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, "standard output", "is a terminal, and what is printed holds a private key");
	return gw_hint(err, "use %sa pipe; --force prints it all the same", o->output != NULL ? "-o FILE or " : "");
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
	t->given = (struct gw_vars_given){
		.command = "gen", .set = o->set.items, .n_set = o->set.count, .file = o->vars_file};
	return gw_template_read(ctx, o->file != NULL ? o->file : TEMPLATE, t, fs, err);
}

static enum gw_code load_signer(const struct gw_ctx *ctx, const struct gen_opts *o, struct gw_signer *signer,
				struct gw_err *err)
{
	const struct gw_password password = {.option = "--issuer-password", .source = o->issuer_password};

	return o->issuer != NULL ? gw_signer_load(ctx, o->issuer, o->issuer_key, &password, signer, err) : GW_OK;
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
		code = gw_issue_one(ctx, t->first, signer->cert != NULL ? signer : NULL, NULL, now, &made, err);
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

/* --- folders ---------------------------------------------------------------------------------------------------- */

static void print_plan(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_plan *plan,
		       const struct gw_findings *fs)
{
	const struct gw_plan_view view = {.arena = ctx->arena, .planned = o->plan || o->check, .color = ctx->color_out};

	if (o->format == GW_FORMAT_JSON)
		gw_report_plan_json(ctx->out, plan, fs, &view);
	else if (!ctx->quiet)
		gw_report_plan_text(o->format == GW_FORMAT_TEXT ? ctx->out : ctx->err, plan, &view);
}

/* The names of what changed, or is gone: a line each. More than the system takes in one variable are told by "*". */
static const char *changed_names(struct gw_arena *arena, const struct gw_plan *plan, bool gone)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(CHANGED_MAX);
	size_t i;

	gw_buf_printf(&text, "%s=", gone ? "GWCERT_ARCHIVED" : "GWCERT_CHANGED");
	for (i = 0; !gone && i < plan->n_steps; i++) {
		const struct gw_step *s = &plan->steps[i];

		if (gw_step_makes(s) || s->action == GW_ACTION_COMPLETE)
			gw_buf_printf(&text, "%s\n", s->entry->name);
	}
	for (i = 0; gone && i < plan->n_removed; i++)
		gw_buf_printf(&text, "%s\n", plan->removed[i]);
	if (text.overflow)
		return gone ? "GWCERT_ARCHIVED=*" : "GWCERT_CHANGED=*";
	if (gw_buf_str(&text)[text.len - 1] == '\n')
		text.data[text.len - 1] = '\0';
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

/* Variables that may hold a password are not handed on. */
static const char *const *hidden_names(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_template *t)
{
	const char *const *own = gw_template_password_env(ctx->arena, t);
	const char **names;
	size_t n = 0, i;

	while (own[n] != NULL)
		n++;
	names = gw_arena_alloc(ctx->arena, (n + 5) * sizeof(*names));
	for (i = 0; i < n; i++)
		names[i] = own[i];
	names[n++] = "GWCERT_CHANGED";
	names[n++] = "GWCERT_ARCHIVED";
	names[n++] = "GWCERT_VAR_*";
	if (o->issuer_password != NULL && strncmp(o->issuer_password, "env:", 4) == 0)
		names[n++] = o->issuer_password + 4;
	names[n] = NULL;
	return names;
}

static enum gw_code run_on_change(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_plan *plan,
				  struct gw_err *err)
{
	const char *const set[] = {changed_names(ctx->arena, plan, false), changed_names(ctx->arena, plan, true), NULL};
	const struct gw_os_shell shell = {
		.command = o->on_change, .set = set, .hidden = hidden_names(ctx, o, plan->request->t)};

	if (o->on_change == NULL || !gw_plan_is_work(plan))
		return GW_OK;
	(void)fflush(ctx->out);
	if (gw_os_shell(&shell, "--on-change", err) == GW_OK)
		return GW_OK;
	return gw_hint(err, "what gen made is in place; run the command again by hand");
}

static enum gw_code due(const struct gen_opts *o, const struct gw_plan *plan, struct gw_err *err)
{
	if (!o->check || !gw_plan_is_due(plan))
		return GW_OK;
	*err = (struct gw_err){.code = GW_E_DUE};
	return GW_E_DUE;
}

/* Bad rows are told last: all else has been done. */
static enum gw_code tell_partial(const struct gw_plan *plan, bool planned, struct gw_err *err)
{
	const struct gw_template *t = plan->request->t;
	size_t bad = t->rows.bad + plan->n_failed;

	if (bad == 0)
		return GW_OK;
	return gw_fail(err, GW_E_PARTIAL, NULL, "%zu of %zu rows %s and %s left out; all else %s", bad, t->rows.count,
		       bad == 1 ? "is bad" : "are bad", bad == 1 ? "is" : "are",
		       planned ? "can be made" : "is as asked");
}

/* *printed: the findings are part of the document that was printed. */
static enum gw_code do_folders(const struct gw_ctx *ctx, const struct gen_opts *o,
			       const struct gw_issue_request *request, struct gw_findings *fs, bool *printed,
			       struct gw_err *err)
{
	GW_PLAN_AUTO struct gw_plan plan = GW_PLAN_INIT;
	bool planned = o->plan || o->check;
	enum gw_code code =
		planned ? gw_plan_make(ctx, request, &plan, fs, err) : gw_issue_run(ctx, request, &plan, fs, err);

	/* A plan that would be refused is shown with what stands against it. */
	if (code != GW_OK && (!planned || err->what[0] != '\0'))
		return code;
	print_plan(ctx, o, &plan, fs);
	*printed = o->format == GW_FORMAT_JSON;
	if (code == GW_OK && !planned)
		code = run_on_change(ctx, o, &plan, err);
	if (code == GW_OK)
		code = tell_partial(&plan, planned, err);
	return code == GW_OK ? due(o, &plan, err) : code;
}

static enum gw_code write_folders(const struct gw_ctx *ctx, const struct gw_args *args, const struct gw_template *t,
				  struct gw_signer *signer, struct gw_findings *fs, bool *printed, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	const struct gw_issue_request request = {
		.t = t,
		.dir = o->dir != NULL ? o->dir : t->dir,
		.names = args->operands,
		.n_names = args->n_operands,
		.renew = o->renew.items,
		.n_renew = o->renew.count,
		.rekey = o->rekey.items,
		.n_rekey = o->rekey.count,
		.force = o->force,
		.jobs = o->jobs,
		.outside = signer->cert != NULL ? signer : NULL,
	};

	return do_folders(ctx, o, &request, fs, printed, err);
}

static enum gw_code write_stream(const struct gw_ctx *ctx, const struct gw_args *args, struct gw_template *t,
				 struct gw_findings *fs, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	const struct gw_gen_stream stream = {.dir = o->dir,
					     .names = args->operands,
					     .n_names = args->n_operands,
					     .jobs = o->jobs,
					     .shard = o->shard,
					     .max_failures = o->max_failures};

	return gw_gen_stream(ctx, &stream, t, fs, err);
}

/* The names of the command line, wherever they stand; none where operands ask for all. */
static const char *const *asked_names(struct gw_arena *arena, const struct gw_args *args, size_t *n)
{
	const struct gen_opts *o = args->opts;
	size_t room = args->n_operands + o->renew.count + o->rekey.count, i;
	const char **names = gw_arena_alloc(arena, (room + 1) * sizeof(*names));

	*n = 0;
	for (i = 0; i < args->n_operands; i++)
		names[(*n)++] = args->operands[i];
	for (i = 0; i < o->renew.count && args->n_operands > 0; i++)
		names[(*n)++] = o->renew.items[i];
	for (i = 0; i < o->rekey.count && args->n_operands > 0; i++)
		names[(*n)++] = o->rekey.items[i];
	return names;
}

/* Everything but --stream: the rows are all known before the first of them is made. */
static enum gw_code write_files(const struct gw_ctx *ctx, const struct gw_args *args, struct gw_template *t,
				struct gw_findings *fs, bool *printed, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	GW_SIGNER_AUTO struct gw_signer signer = GW_SIGNER_INIT;
	struct gw_each_request rows = {.max_bad = o->max_failures};
	enum gw_code code;

	rows.names = asked_names(ctx->arena, args, &rows.n_names);
	rows.only_asked = !gw_issue_has_others(t, o->dir != NULL ? o->dir : t->dir);
	code = gw_each_expand(t, &rows, fs, err);

	if (code == GW_OK)
		code = load_signer(ctx, o, &signer, err);
	if (code != GW_OK)
		return code;
	return o->output != NULL ? write_one(ctx, o, t, &signer, err)
				 : write_folders(ctx, args, t, &signer, fs, printed, err);
}

/* A machine gets a report where there is nothing to report, too; but not where the run broke off before it could know. */
static void print_findings(const struct gw_ctx *ctx, const struct gen_opts *o, const struct gw_findings *fs,
			   enum gw_code code, const struct gw_err *err)
{
	bool text = o->format == GW_FORMAT_TEXT;

	if (fs->count > 0 || (!text && err->what[0] == '\0'))
		gw_report_findings(text ? ctx->err : ctx->out, fs, (enum gw_format)o->format, ctx->color_err,
				   gw_findings_any(fs, GW_ERROR) && code != GW_E_PARTIAL ? "Nothing was written." : "");
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct gen_opts *o = args->opts;
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	bool printed = false;
	enum gw_code code;

	code = o->hosts.count > 0 ? check_host_usage(o, args->n_operands, err) : check_template_usage(o, err);
	if (code == GW_OK)
		code = check_plan_usage(o, err);
	if (code == GW_OK)
		code = check_stream_usage(o, err);
	if (code == GW_OK)
		code = check_terminal(ctx, o, err);
	if (code == GW_OK)
		code = read_template(ctx, o, &t, &fs, err);
	if (code == GW_OK)
		code = o->stream != GW_NOT_GIVEN ? write_stream(ctx, args, &t, &fs, err)
						 : write_files(ctx, args, &t, &fs, &printed, err);
	if (!printed)
		print_findings(ctx, o, &fs, code, err);
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
	.description = gw_gen_description,
	.examples = examples,
	.run = run,
};
