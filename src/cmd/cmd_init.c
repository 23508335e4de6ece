/* SPDX-License-Identifier: Apache-2.0 */
/* init: a commented template to start from. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/starters.h"
#include "pki/san.h"

#define TEMPLATE_MAX ((size_t)64 << 10) /* octets of a starter */

struct init_opts {
	const char *host, *output;
};

static const struct gw_option options[] = {
	OPT_STR(struct init_opts, host, 0, "host", "NAME", "store.example.com",
		"the DNS name or IP address to write into it"),
	OPT_OUTPUT(struct init_opts, output, "gwcert.yaml"),
};

static const struct gw_example examples[] = {
	{"gwcert init gateway", "a root CA, an intermediate CA, a server's and a client's certificate"},
	{"gwcert init self-signed --host shop.example.org -o - | gwcert gen -f - -d pki", "see what it makes, at once"},
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
	return gw_hint(err, "gwcert init self-signed, gwcert init ca or gwcert init gateway");
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

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct init_opts *o = args->opts;
	const char *kind = args->n_operands > 0 ? args->operands[0] : NULL;
	const struct gw_starter *starter = kind != NULL ? find(kind) : NULL;
	GW_BUF_AUTO struct gw_buf text = GW_BUF(TEMPLATE_MAX);
	enum gw_code code;

	if (starter == NULL)
		return no_such_kind(kind, err);
	code = check_host(ctx, o->host, err);
	if (code != GW_OK)
		return code;
	fill(&text, starter->text, o->host);
	code = gw_output_write(ctx, o->output, text.data, text.len, GW_MODE_PUBLIC, false, err);
	if (code == GW_E_REFUSED)
		return gw_hint(err, "write to another name with -o, or move it away: init never replaces a template");
	if (code == GW_OK && !ctx->quiet && strcmp(o->output, "-") != 0) {
		bool usual = strcmp(o->output, "gwcert.yaml") == 0;

		fprintf(ctx->err, "wrote %s; next: gwcert gen%s%s\n", o->output, usual ? "" : " -f ",
			usual ? "" : o->output);
	}
	return code;
}

const struct gw_command gw_cmd_init = {
	.name = "init",
	.group = GW_GROUP_MAKE,
	.summary = "write a commented template to start from",
	.operands = "KIND",
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct init_opts),
	.description = "Writes ./gwcert.yaml, a template that gwcert gen takes as it is and that explains itself. An "
		       "existing file is never "
		       "replaced. The kinds are:\n"
		       "\n"
		       "  self-signed  one server's certificate that signs itself: RSA 2048, 30 days, as in the first "
		       "section of\n"
		       "               \"Secure a Gateway\" of the GKE manual\n"
		       "  ca           a root CA and a server's certificate that it signs\n"
		       "  gateway      a root CA, an intermediate CA, a server's certificate and a client's\n"
		       "\n"
		       "What may stand in a template is told in gwcert-template(5).",
	.examples = examples,
	.run = run,
};
