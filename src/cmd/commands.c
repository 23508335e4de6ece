/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commands.h"

#include <stddef.h>

/* clang-format off */
const struct gw_command *const gw_commands[] = {
	&gw_cmd_init,
	&gw_cmd_gen,
	&gw_cmd_sign,
	&gw_cmd_revoke,
	&gw_cmd_crl,
	&gw_cmd_template,
	&gw_cmd_show,
	&gw_cmd_bundle,
	&gw_cmd_verify,
	&gw_cmd_lint,
	&gw_cmd_explain,
	&gw_cmd_secret,
	&gw_cmd_probe,
	&gw_cmd_serve,
	&gw_cmd_completion,
	&gw_cmd_version,
	&gw_cmd_help,
	&gw_cmd_docgen,
	NULL,
};
/* clang-format on */
