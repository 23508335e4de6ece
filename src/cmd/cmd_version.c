/* SPDX-License-Identifier: Apache-2.0 */
/* version: of gwcert and of the libraries that it runs with. */
#include <openssl/crypto.h>
#include <stdio.h>

#include "base/version.h"
#include "cmd/commands.h"
#include "probe/probe.h"
#include "report/report.h"

struct version_opts {
	unsigned format;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct gw_option options[] = {
	OPT_FORMAT(struct version_opts, format, formats, "text"),
};

static const struct gw_example examples[] = {
	{"gwcert version", "say which gwcert and which libraries these are"},
	{"gwcert version --format json", "the same for a program"},
	{NULL, NULL},
};

static const char *const features[] = {
	"keys: RSA 2048-4096, ECDSA P-256 P-384 P-521, Ed25519",
	"TLS: serves 1.2 and 1.3, probes 1.0 to 1.3",
	"formats: text, json, jsonl, yaml",
};

struct library {
	const char *name;
	const char *version;
};

static void print_text(struct gw_ctx *ctx, const struct library *libraries, size_t n)
{
	size_t i;

	fprintf(ctx->out, "gwcert %s (%s)\n", GW_VERSION, GW_RELEASE_DATE);
	for (i = 0; i < n; i++)
		fprintf(ctx->out, "%s %s\n", libraries[i].name, libraries[i].version);
	for (i = 0; i < GW_COUNT(features); i++)
		fprintf(ctx->out, "%s\n", features[i]);
}

static void print_json(struct gw_ctx *ctx, const struct library *libraries, size_t n)
{
	struct gw_node *document = gw_report_new(ctx->arena), *map, *list;
	size_t i;

	gw_map_str(ctx->arena, document, "version", GW_VERSION);
	gw_map_str(ctx->arena, document, "released", GW_RELEASE_DATE);
	map = gw_map_add(ctx->arena, document, "libraries", gw_map_new(ctx->arena));
	for (i = 0; i < n; i++)
		gw_map_str(ctx->arena, map, libraries[i].name, libraries[i].version);
	list = gw_map_add(ctx->arena, document, "features", gw_list_new(ctx->arena));
	for (i = 0; i < GW_COUNT(features); i++)
		gw_list_add(list, gw_str_new(ctx->arena, features[i]));
	gw_report_document(ctx->out, document);
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct version_opts *o = args->opts;
	const struct library libraries[] = {
		{"OpenSSL", OpenSSL_version(OPENSSL_FULL_VERSION_STRING)},
		{"libyaml", gw_tree_yaml_version()},
		{"libuv", gw_probe_libuv_version()},
	};

	(void)err;
	if (o->format == GW_FORMAT_JSON)
		print_json(ctx, libraries, GW_COUNT(libraries));
	else
		print_text(ctx, libraries, GW_COUNT(libraries));
	return GW_OK;
}

const struct gw_command gw_cmd_version = {
	.name = "version",
	.group = GW_GROUP_OTHER,
	.summary = "the version of gwcert and of its libraries",
	.operands = "",
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct version_opts),
	.description = "Prints the version of gwcert, of the libraries it runs with, and what it can do. gwcert "
		       "--version is the "
		       "same.",
	.examples = examples,
	.run = run,
};
