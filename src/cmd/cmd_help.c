/* SPDX-License-Identifier: Apache-2.0 */
/* help: the overview, or the manual of a command. */
#include "cli/doc.h"
#include "cmd/commands.h"

static const struct gw_example examples[] = {
	{"gwcert help", "list the commands"},
	{"gwcert help secret", "show the manual of a command"},
	{NULL, NULL},
};

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct gw_command *command;
	enum gw_code code;

	if (args->n_operands == 0) {
		gw_doc_overview(ctx->out, ctx->color_out);
		return GW_OK;
	}
	code = gw_command_need(args->operands[0], "gwcert help ", &command, err);
	if (code == GW_OK)
		gw_doc_manual(ctx->out, command, ctx->color_out, ctx->columns);
	return code;
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
