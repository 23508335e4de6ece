/* SPDX-License-Identifier: Apache-2.0 */
/* docgen: prints the documents that are made from the tables. Hidden: `make docs` and the tests call it. */
#include <string.h>

#include "cli/doc.h"
#include "cmd/commands.h"

static enum gw_code page(struct gw_ctx *ctx, const char *name, struct gw_err *err)
{
	const struct gw_command *command;
	enum gw_code code = gw_command_need(name, "", &command, err);

	if (code == GW_OK)
		gw_doc_man(ctx->out, command);
	return code;
}

static void list_pages(struct gw_ctx *ctx)
{
	size_t i;

	for (i = 0; gw_commands[i] != NULL; i++) {
		if (!gw_commands[i]->hidden)
			fprintf(ctx->out, "%s\n", gw_commands[i]->name);
	}
}

/* Each example on a line of its own, for the test that runs them. */
static void list_examples(struct gw_ctx *ctx)
{
	const struct gw_example *e;
	size_t i;

	for (i = 0; gw_commands[i] != NULL; i++) {
		for (e = gw_commands[i]->examples; e != NULL && e->line != NULL; e++)
			fprintf(ctx->out, "%s\n", e->line);
	}
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const char *what = args->operands[0], *name = args->n_operands > 1 ? args->operands[1] : NULL;

	if (strcmp(what, "man") == 0 && name != NULL)
		return page(ctx, name, err);
	if (strcmp(what, "man") == 0)
		gw_doc_man(ctx->out, NULL);
	else if (strcmp(what, "exit") == 0)
		gw_doc_man_exit(ctx->out);
	else if (strcmp(what, "readme") == 0)
		gw_doc_readme(ctx->out);
	else if (strcmp(what, "rules") == 0)
		gw_doc_rules(ctx->out);
	else if (strcmp(what, "commands") == 0)
		list_pages(ctx);
	else if (strcmp(what, "examples") == 0)
		list_examples(ctx);
	else
		return gw_fail(err, GW_E_USAGE, what, "is none of man, exit, readme, rules, commands, examples");
	return GW_OK;
}

const struct gw_command gw_cmd_docgen = {
	.name = "docgen",
	.group = GW_GROUP_OTHER,
	.summary = "the documents that are made from the tables",
	.operands = "man|exit|readme|rules|commands|examples [NAME]",
	.min_operands = 1,
	.max_operands = 2,
	.description = "Prints a generated document.",
	.hidden = true,
	.run = run,
};
