/* SPDX-License-Identifier: Apache-2.0 */
/* Every command's row; each is defined in its own file, cmd_NAME.c. */
#ifndef GW_CMD_COMMANDS_H
#define GW_CMD_COMMANDS_H

#include "cli/command.h"

extern const struct gw_command gw_cmd_init;
extern const struct gw_command gw_cmd_gen;
extern const struct gw_command gw_cmd_sign;
extern const struct gw_command gw_cmd_revoke;
extern const struct gw_command gw_cmd_crl;
extern const struct gw_command gw_cmd_template;
extern const struct gw_command gw_cmd_show;
extern const struct gw_command gw_cmd_bundle;
extern const struct gw_command gw_cmd_verify;
extern const struct gw_command gw_cmd_explain;
extern const struct gw_command gw_cmd_lint;
extern const struct gw_command gw_cmd_secret;
extern const struct gw_command gw_cmd_probe;
extern const struct gw_command gw_cmd_serve;
extern const struct gw_command gw_cmd_completion;
extern const struct gw_command gw_cmd_version;
extern const struct gw_command gw_cmd_help;
extern const struct gw_command gw_cmd_docgen;

#endif
