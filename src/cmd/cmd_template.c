/* SPDX-License-Identifier: Apache-2.0 */
/* template: the language of the template, and what an entry of one came to. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "report/report.h"
#include "template/each.h"
#include "template/language.h"

#define TEMPLATE "gwcert.yaml"

struct template_opts {
	const char *file, *vars_file;
	struct gw_strings set;
};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_TEMPLATE(struct template_opts, file),
	OPT_SET(struct template_opts, set),
	OPT_VARS_FILE(struct template_opts, vars_file),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert template keys certificates", "list the keys of an entry, what they take and what they mean"},
	{"gwcert template keys certificates.subject", "the same for the subject of an entry"},
	{"gwcert template schema >gwcert.schema.json", "the JSON Schema of the template, for an editor"},
	{"gwcert template explain -f pki.yaml store",
	 "an entry with its profiles merged in, and where each value is from"},
	{NULL, NULL},
};

static enum gw_code print_keys(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct gw_key_help *keys;
	struct gw_table table;
	size_t i, count;
	enum gw_code code =
		gw_language_keys(ctx->arena, args->n_operands > 1 ? args->operands[1] : "", &keys, &count, err);

	if (code != GW_OK)
		return code;
	gw_table_init(&table, ctx->arena, 3);
	for (i = 0; i < count; i++) {
		const struct gw_cell cells[] = {
			{keys[i].name, GW_BOLD}, {keys[i].value, GW_PLAIN}, {keys[i].help, GW_PLAIN}};

		gw_table_row(&table, cells);
	}
	gw_table_print(&table, ctx->out, ctx->color_out);
	return GW_OK;
}

static enum gw_code print_schema(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	if (args->n_operands > 1)
		return gw_fail(err, GW_E_USAGE, "schema", "takes no operand, but \"%s\" is given", args->operands[1]);
	gw_report_document(ctx->out, gw_language_schema(ctx->arena));
	return GW_OK;
}

static enum gw_code unknown_entry(const struct gw_template *t, const char *name, struct gw_err *err)
{
	const char *near = gw_template_nearest(t, name);

	gw_fail(err, GW_E_USAGE, "NAME", "the template has no entry \"%s\"", name);
	return near != NULL ? gw_hint(err, "did you mean \"%s\"?", near) : GW_E_USAGE;
}

/* An entry of the file, or of a row: what is wrong with other rows is no matter of that one. */
static enum gw_code find_entry(struct gw_template *t, const char *name, const struct gw_entry **e, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings unheard = {0};
	const struct gw_each_request rows = {.names = &name, .n_names = 1};
	enum gw_code code = GW_OK;

	*e = gw_template_find(t, name);
	if (*e == NULL)
		code = gw_each_expand(t, &rows, &unheard, err);
	if (*e == NULL && code == GW_OK)
		*e = gw_template_find(t, name);
	return *e == NULL && code == GW_OK ? unknown_entry(t, name, err) : code;
}

static enum gw_code print_entry(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct template_opts *o = args->opts;
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX * 16);
	const struct gw_entry *e;
	enum gw_code code;

	if (args->n_operands < 2)
		return gw_fail(err, GW_E_USAGE, "explain", "needs the name of an entry");
	t.given = (struct gw_vars_given){.set = o->set.items, .n_set = o->set.count, .file = o->vars_file};
	code = gw_template_read(ctx, o->file != NULL ? o->file : TEMPLATE, &t, &fs, err);
	if (fs.count > 0)
		gw_report_findings(ctx->err, &fs, GW_FORMAT_TEXT, ctx->color_err, "");
	if (code != GW_OK)
		return code;
	code = find_entry(&t, args->operands[1], &e, err);
	if (code != GW_OK)
		return code;
	gw_language_explain(&text, &t, e);
	fwrite(gw_buf_str(&text), 1, text.len, ctx->out);
	return GW_OK;
}

static const char *const actions[] = {"keys", "schema", "explain", NULL};
static enum gw_code (*const runs[])(struct gw_ctx *, const struct gw_args *,
				    struct gw_err *) = {print_keys, print_schema, print_entry};

static enum gw_code check_usage(const struct gw_args *args, struct gw_err *err)
{
	const struct template_opts *o = args->opts;
	const char *given = o->file != NULL        ? "--file"
			    : o->set.count > 0     ? "--set"
			    : o->vars_file != NULL ? "--vars-file"
						   : NULL;

	if (given == NULL || strcmp(args->operands[0], "explain") == 0)
		return GW_OK;
	return gw_fail(err, GW_E_USAGE, given, "goes with explain only: the language is the same for every template");
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const char *near = gw_nearest_of(args->operands[0], actions);
	enum gw_code code = check_usage(args, err);
	size_t i;

	for (i = 0; actions[i] != NULL && code == GW_OK; i++) {
		if (strcmp(actions[i], args->operands[0]) == 0)
			return runs[i](ctx, args, err);
	}
	if (code != GW_OK)
		return code;
	gw_fail(err, GW_E_USAGE, "ACTION", "\"%s\" is none of keys, schema, explain", args->operands[0]);
	return near != NULL ? gw_hint(err, "did you mean \"%s\"?", near) : GW_E_USAGE;
}

const struct gw_command gw_cmd_template = {
	.name = "template",
	.group = GW_GROUP_MAKE,
	.summary = "the keys of the template language; what an entry came to",
	.operands = "keys [PATH] | schema | explain NAME",
	.min_operands = 1,
	.max_operands = 2,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct template_opts),
	.description =
		"Tells about the language of the template, gwcert-template(5), from the tables that check it.\n"
		"\n"
		"keys lists the keys that are allowed at a place of a template, with the kind of value that each takes "
		"and what it means: at the top without PATH; PATH is keys with dots between them. Below a name that "
		"the author chooses, the name itself may be left out: certificates.subject is the subject of any "
		"entry.\n"
		"\n"
		"schema prints the template's JSON Schema, draft 2020-12. An editor that has it completes keys and "
		"marks unknown ones. What the schema cannot say, such as that an issuer exists, only gwcert checks.\n"
		"\n"
		"explain prints an entry as it is with its profiles merged in and its variables filled in, as YAML "
		"with a comment a line: the file and line that the value was written at, or that it comes from a "
		"ready-made profile.",
	.examples = examples,
	.run = run,
};
