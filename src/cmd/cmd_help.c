/* SPDX-License-Identifier: Apache-2.0 */
/* help: the overview, or the manual of a command. */
#include "base/text.h"
#include "cli/doc.h"
#include "cmd/commands.h"

static const struct gw_example examples[] = {
	{"gwcert help", "list the commands"},
	{"gwcert help secret", "show the manual of a command"},
	{NULL, NULL},
};

static const char *next_name(void *state)
{
	size_t *i = state;

	while (gw_commands[*i] != NULL && gw_commands[*i]->hidden)
		(*i)++;
	return gw_commands[*i] != NULL ? gw_commands[(*i)++]->name : NULL;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct gw_command *command;
	const char *near;
	size_t start = 0;

	if (args->n_operands == 0) {
		gw_doc_overview(ctx->out, ctx->color_out);
		return GW_OK;
	}
	command = gw_command_find(args->operands[0]);
	if (command == NULL) {
		near = gw_nearest(args->operands[0], next_name, &start);
		gw_fail(err, GW_E_USAGE, args->operands[0], "unknown command");
		return near != NULL ? gw_hint(err, "did you mean gwcert help %s?", near)
				    : gw_hint(err, "gwcert help lists the commands");
	}
	gw_doc_manual(ctx->out, command, ctx->color_out, ctx->columns);
	return GW_OK;
}

const struct gw_command gw_cmd_help = {
	.name = "help",
	.group = GW_GROUP_OTHER,
	.summary = "the manual of a command",
	.operands = "[COMMAND]",
	.max_operands = 1,
	.description =
		"Shows the manual page of a command as text, without the man program; alone it lists the commands. "
		"gwcert COMMAND -h shows the options and examples only.",
	.examples = examples,
	.run = run,
};
