/* SPDX-License-Identifier: Apache-2.0 */
/* init: a commented template to start from. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/adopt.h"
#include "cmd/commands.h"
#include "cmd/starters.h"
#include "pki/san.h"
#include "report/report.h"
#include "template/template.h"

#define DEFAULT_HOST "store.example.com"

struct init_opts {
	const char *host, *output;
	const char *from_cert, *from_cnf, *from_manager;
};

static const struct gw_option options[] = {
	OPT_STR(struct init_opts, host, 0, "host", "NAME", NULL,
		"the DNS name or IP address to write into it; " DEFAULT_HOST " where not given"),
	OPT_STR(struct init_opts, from_cert, 0, "from-cert", "FILE", NULL,
		"make the like of the certificates in a file, or of those that host:port shows"),
	OPT_STR(struct init_opts, from_cnf, 0, "from-openssl-cnf", "FILE", NULL,
		"make what openssl req would with this configuration"),
	OPT_STR(struct init_opts, from_manager, 0, "from-cert-manager", "FILE", NULL,
		"make what cert-manager would from this manifest"),
	OPT_OUTPUT(struct init_opts, output, "gwcert.yaml"),
};

static const struct gw_example examples[] = {
	{"gwcert init gateway", "a root CA, an intermediate CA, a server's and a client's certificate"},
	{"gwcert init self-signed --host shop.example.org -o - | gwcert gen -f - -d pki", "see what it makes, at once"},
	{"gwcert init --from-cert fullchain.pem -o adopted.yaml", "make the like of certificates that exist"},
	{"gwcert init --from-openssl-cnf openssl.cnf -o -",
	 "bring the configuration of openssl req along, and hear what it never did"},
	{"gwcert init --from-cert-manager certificates.yaml -o adopted.yaml",
	 "what cert-manager makes in a cluster, as a template"},
	{NULL, NULL},
};

static const struct gw_starter *find(const char *kind)
{
	const struct gw_starter *s;

	for (s = gw_starters; s->kind != NULL; s++) {
		if (strcmp(s->kind, kind) == 0)
			return s;
	}
	return NULL;
}

static const char *next_kind(void *state)
{
	const struct gw_starter **s = state;

	return (*s)->kind != NULL ? (*s)++->kind : NULL;
}

static enum gw_code no_such_kind(const char *kind, struct gw_err *err)
{
	const struct gw_starter *first = gw_starters;
	const char *near = kind != NULL ? gw_nearest(kind, next_kind, &first) : NULL;

	if (kind == NULL)
		gw_fail(err, GW_E_USAGE, NULL, "which kind of template?");
	else
		gw_fail(err, GW_E_USAGE, "KIND", "there is no starter \"%s\"", kind);
	if (near != NULL)
		return gw_hint(err, "did you mean \"%s\"?", near);
	return gw_hint(err, "gwcert init self-signed, ca, mtls, gateway or fleet; or one of the --from options");
}

/* The starter with the host in the place of its mark. A host that passed gw_san_parse() has no quote in it. */
static void fill(struct gw_buf *out, const char *text, const char *host)
{
	const char *mark;

	for (mark = strstr(text, GW_STARTER_HOST); mark != NULL; mark = strstr(text, GW_STARTER_HOST)) {
		gw_buf_add(out, text, (size_t)(mark - text));
		gw_buf_str_add(out, host);
		text = mark + strlen(GW_STARTER_HOST);
	}
	gw_buf_str_add(out, text);
}

static enum gw_code check_host(struct gw_ctx *ctx, const char *host, struct gw_err *err)
{
	struct gw_san san;
	const char *fault = gw_san_parse(ctx->arena, host, &san);

	if (fault != NULL)
		return gw_fail(err, GW_E_USAGE, "--host", "\"%s\" %s", host, fault);
	if (san.type != GW_SAN_DNS && san.type != GW_SAN_IP)
		return gw_fail(err, GW_E_USAGE, "--host", "\"%s\" is neither a DNS name nor an IP address", host);
	return GW_OK;
}

/* --- adopting ----------------------------------------------------------------------------------------------------- */

struct source {
	const char *option, *name;
	enum gw_adopt_kind kind;
};

/* The one --from-... that was given; its name is NULL where there is none. Two, or one beside a kind, are a mistake. */
static enum gw_code find_source(const struct init_opts *o, const char *kind, struct source *found, struct gw_err *err)
{
	const struct source all[] = {
		{"--from-cert", o->from_cert, GW_ADOPT_CERT},
		{"--from-openssl-cnf", o->from_cnf, GW_ADOPT_CNF},
		{"--from-cert-manager", o->from_manager, GW_ADOPT_MANAGER},
	};
	size_t i;

	*found = (struct source){0};
	for (i = 0; i < GW_COUNT(all); i++) {
		if (all[i].name == NULL)
			continue;
		if (found->name != NULL)
			return gw_fail(err, GW_E_USAGE, all[i].option, "cannot be together with %s", found->option);
		if (kind != NULL)
			return gw_fail(err, GW_E_USAGE, all[i].option, "cannot be together with the starter \"%s\"",
				       kind);
		if (o->host != NULL)
			return gw_fail(err, GW_E_USAGE, "--host", "is for starters: %s has the names already",
				       all[i].option);
		*found = all[i];
	}
	return GW_OK;
}

static enum gw_code adopt(struct gw_ctx *ctx, const struct source *source, struct gw_buf *text, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	enum gw_code code = gw_adopt_from(ctx, source->kind, source->name, text, &fs, err);

	if (fs.count > 0)
		gw_report_findings(ctx->err, &fs, GW_FORMAT_TEXT, ctx->color_err, NULL);
	return code;
}

/* --- what a starter reads ----------------------------------------------------------------------------------------- */

/* The path of the file that goes beside a template. */
static const char *path_beside(struct gw_arena *arena, const char *output, const char *name)
{
	const char *slash = strrchr(output, '/');

	return slash != NULL ? gw_arena_printf(arena, "%.*s%s", (int)(slash - output) + 1, output, name) : name;
}

/* Before the template, so that there is none without it. One that is there already stays: it is somebody's data. */
static enum gw_code write_beside(struct gw_ctx *ctx, const char *output, const struct gw_starter *starter,
				 const char *host, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	const char *path = path_beside(ctx->arena, output, starter->beside);
	enum gw_code code;

	if (access(output, F_OK) == 0)
		return GW_OK; /* the template is about to be refused */
	fill(&text, starter->beside_text, host);
	code = gw_output_write(ctx, path, text.data, text.len, GW_MODE_PUBLIC, false, err);
	if (code != GW_OK && code != GW_E_REFUSED)
		return code;
	if (!ctx->quiet && code == GW_OK)
		fprintf(ctx->err, "wrote %s\n", path);
	else if (!ctx->quiet)
		fprintf(ctx->err, "left %s as it is\n", path);
	*err = (struct gw_err){0};
	return GW_OK;
}

/* --- the run ------------------------------------------------------------------------------------------------------ */

static enum gw_code start(struct gw_ctx *ctx, const struct init_opts *o, const char *kind, struct gw_buf *text,
			  struct gw_err *err)
{
	const char *host = o->host != NULL ? o->host : DEFAULT_HOST;
	const struct gw_starter *starter = kind != NULL ? find(kind) : NULL;
	enum gw_code code;

	if (starter == NULL)
		return no_such_kind(kind, err);
	code = check_host(ctx, host, err);
	if (code == GW_OK)
		fill(text, starter->text, host);
	if (code == GW_OK && starter->beside != NULL && strcmp(o->output, "-") != 0)
		code = write_beside(ctx, o->output, starter, host, err);
	return code;
}

static enum gw_code write_template(struct gw_ctx *ctx, const char *output, const struct gw_buf *text,
				   struct gw_err *err)
{
	enum gw_code code = gw_output_write(ctx, output, text->data, text->len, GW_MODE_PUBLIC, false, err);
	bool usual = strcmp(output, "gwcert.yaml") == 0;

	if (code == GW_E_REFUSED)
		return gw_hint(err, "write to another name with -o, or move it away: init never replaces a template");
	if (code == GW_OK && !ctx->quiet && strcmp(output, "-") != 0)
		fprintf(ctx->err, "wrote %s; next: gwcert gen%s%s\n", output, usual ? "" : " -f ", usual ? "" : output);
	return code;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct init_opts *o = args->opts;
	const char *kind = args->n_operands > 0 ? args->operands[0] : NULL;
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	struct source source;
	enum gw_code code = find_source(o, kind, &source, err);

	if (code == GW_OK)
		code = source.name != NULL ? adopt(ctx, &source, &text, err) : start(ctx, o, kind, &text, err);
	return code == GW_OK ? write_template(ctx, o->output, &text, err) : code;
}

const struct gw_command gw_cmd_init = {
	.name = "init",
	.group = GW_GROUP_MAKE,
	.summary = "write a template: a starter, or one from what exists",
	.operands = "[KIND]",
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct init_opts),
	.description =
		"Writes ./gwcert.yaml, a template that gwcert gen takes as it is and that explains itself. An "
		"existing file is never "
		"replaced. The kinds are:\n"
		"\n"
		"  self-signed  one server's certificate that signs itself: RSA 2048, 30 days, as in the first "
		"section of\n"
		"               \"Secure a Gateway\" of the GKE manual\n"
		"  ca           a root CA and a server's certificate that it signs\n"
		"  mtls         a root CA with a server's certificate, and a CA for clients with a client's\n"
		"  gateway      a root CA, an intermediate CA, a server's certificate and a client's\n"
		"  fleet        a root CA, and a certificate of every row of fleet.csv; that file is written beside "
		"the "
		"template, but\n"
		"               where one is there already, or with -o -\n"
		"\n"
		"What may stand in a template is told in gwcert-template(5).\n"
		"\n"
		"# ADOPTING WHAT EXISTS\n"
		"\n"
		"Instead of a kind, one --from option makes a template out of what is there already. What cannot "
		"be carried over, or "
		"not as it was, is said on standard error with its place, and stands as a comment above the "
		"entry; what is written "
		"always passes the checks of gwcert gen --plan. Keys, serial numbers and dates are new: nothing "
		"of the old "
		"certificates is used again. Where the issuer is not among what is adopted, a CA named \"Stand-in "
		"for ...\" takes its "
		"place.\n"
		"\n"
		"--from-cert makes an entry of each certificate in a file (PEM, DER, PKCS#7, a Secret), with its "
		"issuer where that one is in "
		"the file as well; "
		"with host:port it takes what is served there, without verification, right or wrong.\n"
		"\n"
		"--from-openssl-cnf lets OpenSSL read its own file, and adopts what openssl req would make: "
		"x509_extensions as a "
		"self-signed certificate, req_extensions as one that it signs where it is a CA. Sections of "
		"extensions that only "
		"-extensions would name become profiles. $ENV:: is filled in from the environment; .include is "
		"not followed, and said "
		"to be. What openssl passes over in silence is told: a section that does not exist, that nothing "
		"refers to, a name "
		"that is in a section twice, a key that it does not know. Passwords are not carried over, nor "
		"shown.\n"
		"\n"
		"--from-cert-manager reads Certificates of cert-manager.io in YAML or JSON, several documents or a "
		"List; Issuers and "
		"ClusterIssuers in the same file say which entry signs which.",
	.examples = examples,
	.run = run,
};
