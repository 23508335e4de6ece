/* SPDX-License-Identifier: Apache-2.0 */
/* lint: Gateway manifests against the rules of GKE and Gateway API, with their certificates. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "lint/lint.h"
#include "report/report.h"
#include "rules/names.h"

struct lint_opts {
	unsigned severity, format;
	struct gw_strings ignore;
	const char *explain, *gke_version;
	bool complete;
};

static const char *const severities[] = {"note", "warning", "error", NULL};

static const struct gw_option options[] = {
	OPT_CHOICE(struct lint_opts, severity, 0, "severity", "SEVERITY", NULL, severities,
		   "the lowest that is printed, and that makes it exit with 1"),
	OPT_LIST(struct lint_opts, ignore, 0, "ignore", "CODE", "leave the findings of this rule out"),
	OPT_FLAG(struct lint_opts, complete, 0, "complete",
		 "the input is all there is: what is referred to and missing is an error"),
	OPT_STR(struct lint_opts, gke_version, 0, "gke-version", "VERSION", NULL,
		"judge by what this version of GKE has, such as 1.35.2-gke.1842000"),
	OPT_STR(struct lint_opts, explain, 0, "explain", "HOST", NULL,
		"tell which listener and certificate would answer for a host, and why"),
	OPT_FORMAT(struct lint_opts, format, gw_finding_format_words, "text"),
};

static const struct gw_example examples[] = {
	{"gwcert lint deploy/ --severity error --format sarif",
	 "judge all manifests below a folder, and print errors alone, for a code scanning service"},
	{"kubectl get gateway,httproute,secret -A -o json | gwcert lint -", "judge what a cluster has"},
	{"gwcert lint gateway.yaml secret.yaml --explain store.example.com",
	 "tell which listener and certificate would answer for a host"},
	{NULL, NULL},
};

/* --- intent ------------------------------------------------------------------------------------------------------- */

static const char *next_id(void *state)
{
	size_t *i = state;

	return *i < GW_RULE_COUNT ? gw_rules[(*i)++].id : NULL;
}

static enum gw_code read_ignored(const struct lint_opts *o, bool *ignored, struct gw_err *err)
{
	size_t i;

	for (i = 0; i < o->ignore.count; i++) {
		const struct gw_rule *rule = gw_rule_find(o->ignore.items[i]);
		size_t start = 0;
		const char *near;

		if (rule != NULL) {
			ignored[rule - gw_rules] = true;
			continue;
		}
		near = gw_nearest(o->ignore.items[i], next_id, &start);
		gw_fail(err, GW_E_USAGE, "--ignore", "no rule has the code \"%s\"", o->ignore.items[i]);
		if (near != NULL)
			return gw_hint(err, "did you mean %s? gwcert explain lists them all", near);
		return gw_hint(err, "gwcert explain lists them all");
	}
	return GW_OK;
}

static enum gw_code read_conf(struct gw_ctx *ctx, const struct lint_opts *o, struct gw_lint_conf *conf,
			      struct gw_err *err)
{
	bool *ignored = gw_arena_alloc(ctx->arena, GW_RULE_COUNT * sizeof(*ignored));
	if (o->explain != NULL && o->format != GW_FORMAT_TEXT)
		return gw_fail(err, GW_E_USAGE, "--explain", "tells in words only: it does not go with --format");
	*conf = (struct gw_lint_conf){.ctx = ctx, .complete = o->complete, .ignored = ignored};
	conf->least = o->severity == GW_NOT_GIVEN ? GW_NOTE : (enum gw_severity)o->severity;
	conf->has_version = o->gke_version != NULL;
	if (conf->has_version && !gw_gke_version_read(o->gke_version, &conf->version)) {
		gw_fail(err, GW_E_USAGE, "--gke-version", "\"%s\" is no version of GKE", o->gke_version);
		return gw_hint(err, "write it as 1.35.2-gke.1842000: kubectl version shows that of the cluster");
	}
	return read_ignored(o, ignored, err);
}

/* The host as listeners spell it: the dot that ends a name in DNS is no part of it. */
static enum gw_code read_host(const struct gw_ctx *ctx, const char *text, const char **host, struct gw_err *err)
{
	size_t n = strlen(text);
	const char *fault;

	*host = gw_arena_printf(ctx->arena, "%.*s", (int)(n > 1 && text[n - 1] == '.' ? n - 1 : n), text);
	fault = gw_name_dns(*host, true);
	if (fault == NULL)
		return GW_OK;
	gw_fail(err, GW_E_USAGE, "--explain", "\"%s\" %s", text, fault);
	return gw_hint(err, "give the name that a client asks for, such as store.example.com");
}

static enum gw_code read_operands(struct gw_ctx *ctx, const struct gw_args *args, struct gw_lint *lint,
				  struct gw_err *err)
{
	bool piped = false;
	size_t i;

	for (i = 0; i < args->n_operands; i++) {
		bool is_stdin = strcmp(args->operands[i], "-") == 0;
		enum gw_code code;

		if (is_stdin && piped)
			return gw_fail(err, GW_E_USAGE, "-", "standard input can be read once only");
		if (is_stdin && ctx->in_tty) {
			gw_fail(err, GW_E_USAGE, "-", "standard input is a terminal");
			return gw_hint(err,
				       "pipe manifests in: kubectl get gateway,httproute -A -o json | gwcert lint -");
		}
		piped = piped || is_stdin;
		code = gw_lint_read(lint, args->operands[i], err);
		if (code != GW_OK)
			return code;
	}
	return GW_OK;
}

/* --- outcome ------------------------------------------------------------------------------------------------------ */

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* The lowest severity that makes it exit with 1. */
static enum gw_severity failing(const struct lint_opts *o)
{
	return o->severity == GW_NOT_GIVEN ? GW_ERROR : (enum gw_severity)o->severity;
}

static void print(struct gw_ctx *ctx, const struct lint_opts *o, const struct gw_lint *lint,
		  const struct gw_findings *fs)
{
	const struct gw_lint_counts counts = gw_lint_counts(lint);
	GW_BUF_AUTO struct gw_buf summary = GW_BUF(256);

	gw_buf_printf(&summary, "%zu object%s in %zu file%s", counts.objects, plural(counts.objects), counts.sources,
		      plural(counts.sources));
	if (counts.ignored > 0)
		gw_buf_printf(&summary, "; %zu ignored by comments", counts.ignored);
	gw_buf_str_add(&summary, ".");
	gw_report_findings_from(ctx->out, fs, failing(o), (enum gw_format)o->format, ctx->color_out,
				ctx->quiet ? NULL : gw_buf_str(&summary));
}

/* All that was to be said has been printed. */
static enum gw_code done(enum gw_code code, struct gw_err *err)
{
	err->code = code;
	err->what[0] = '\0';
	return code;
}

static enum gw_code verdict(const struct lint_opts *o, const struct gw_lint *lint, const struct gw_findings *fs,
			    struct gw_err *err)
{
	if (gw_lint_counts(lint).unreadable > 0)
		return done(GW_E_INPUT, err);
	return gw_findings_any(fs, failing(o)) ? done(GW_E_NO, err) : GW_OK;
}

/* Where the manifests are at fault, what was explained may never come true. */
static void hint_at_errors(struct gw_ctx *ctx, const struct gw_findings *fs)
{
	size_t n = fs->by_severity[GW_ERROR];

	if (n > 0 && !ctx->quiet)
		fprintf(ctx->err,
			"gwcert: there %s %zu error%s in these manifests: see gwcert lint without --explain\n",
			n == 1 ? "is" : "are", n, plural(n));
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct lint_opts *o = args->opts;
	struct gw_findings findings GW_FINDINGS_AUTO = {0};
	struct gw_lint_conf conf;
	struct gw_lint *lint;
	const char *host = NULL;
	enum gw_code code = read_conf(ctx, o, &conf, err);

	if (code == GW_OK && o->explain != NULL)
		code = read_host(ctx, o->explain, &host, err);
	if (code != GW_OK)
		return code;
	lint = gw_lint_new(&conf, &findings);
	code = read_operands(ctx, args, lint, err);
	if (code == GW_OK) {
		gw_lint_judge(lint);
		if (host == NULL) {
			print(ctx, o, lint, &findings);
			code = verdict(o, lint, &findings, err);
		} else {
			code = gw_lint_explain(lint, host, ctx->out) ? GW_OK : done(GW_E_NO, err);
			hint_at_errors(ctx, &findings);
		}
	}
	gw_lint_free(lint);
	return code;
}

const struct gw_command gw_cmd_lint = {
	.name = "lint",
	.group = GW_GROUP_JUDGE,
	.summary = "manifests of a Gateway, with their certificates",
	.operands = "FILE|DIR|-...",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct lint_opts),
	.description =
		"Judges Kubernetes manifests before a cluster and its load balancer do: against the schemas of Gateway "
		"API "
		"and GKE as strictly as the API server validates, against the rules that GKE documents and that its "
		"controller enforces, and against the certificates in the Secrets and ConfigMaps that come along. "
		"Nothing is asked of a cluster.\n"
		"\n"
		"An operand is a file, - for standard input, or a folder: every *.yaml, *.yml and *.json in it and "
		"below. "
		"YAML with several documents, JSON, a List, what \"kubectl get -o json\" prints and what Helm and "
		"kustomize render are read alike. A TrustConfig and the entries of a certificate map as gcloud prints "
		"them "
		"take part. What is no Kubernetes object is named in a note. Kinds that have nothing to do with "
		"certificates are passed over, but for their names.\n"
		"\n"
		"Objects without a namespace are taken to be in \"default\". Of an object with a status, the "
		"conditions "
		"that are not as they should be are explained.\n"
		"\n"
		"# What is not there\n"
		"\n"
		"What a manifest refers to and what was not given is a note: it may be in the cluster. With --complete "
		"it "
		"is an error.\n"
		"\n"
		"# Severity\n"
		"\n"
		"An error is what the API server or the controller refuses, or what fails for clients. A warning "
		"works, but "
		"not as meant. A note is worth knowing. Everything is printed, and errors make the exit status 1; with "
		"--severity warning, warnings do so too, and notes are not printed. Where a file is no YAML or JSON it "
		"is "
		"3.\n"
		"\n"
		"# Ignoring\n"
		"\n"
		"--ignore leaves a rule out everywhere. A comment leaves it out at one place, on the line of the "
		"finding or "
		"on the line before:\n"
		"\n"
		"  # gwcert: ignore GWK017 the backend checks client_cert_error itself\n"
		"  mode: AllowInsecureFallback\n"
		"\n"
		"# Explaining a host\n"
		"\n"
		"With --explain, only what happens to one host is told: for each Gateway and port the listener that "
		"answers (an exact hostname goes before a wildcard, a longer one before a shorter, none comes last), "
		"its "
		"certificate with the name that covers the host, the routes, and whether clients need a certificate. "
		"The "
		"exit status is 1 where nothing answers, or where clients would refuse the certificate.",
	.examples = examples,
	.run = run,
};
