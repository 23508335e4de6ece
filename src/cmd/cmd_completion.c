/* SPDX-License-Identifier: Apache-2.0 */
/* completion: the script that makes a shell complete gwcert's commands and options. */
#include <string.h>

#include "base/text.h"
#include "cli/doc.h"
#include "cmd/commands.h"

static const struct gw_example examples[] = {
	{"gwcert completion bash", "print the script; in ~/.bashrc: source <(gwcert completion bash)"},
	{"gwcert completion zsh", "print it for zsh: save it as _gwcert in a folder of $fpath"},
	{"gwcert completion fish", "print it for fish: save it as ~/.config/fish/completions/gwcert.fish"},
	{NULL, NULL},
};

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const char *shell = args->operands[0], *near;
	unsigned i;

	for (i = 0; gw_shell_words[i] != NULL; i++) {
		if (strcmp(gw_shell_words[i], shell) == 0) {
			gw_doc_completion(ctx->out, i);
			return GW_OK;
		}
	}
	near = gw_nearest_of(shell, gw_shell_words);
	gw_fail(err, GW_E_USAGE, shell, "unknown shell");
	return gw_hint(err, "%s%s%s", near != NULL ? "did you mean " : "it is one of bash, zsh, fish",
		       near != NULL ? near : "", near != NULL ? "?" : "");
}

const struct gw_command gw_cmd_completion = {
	.name = "completion",
	.group = GW_GROUP_OTHER,
	.summary = "the completion script of a shell",
	.operands = "bash|zsh|fish",
	.min_operands = 1,
	.max_operands = 1,
	.description =
		"Prints a script that makes the shell complete commands, options and the values of options that have a "
		"fixed choice. It is made from the same tables as the help, so it knows every option of this binary.",
	.examples = examples,
	.run = run,
};
