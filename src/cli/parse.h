/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines against option tables. */
#ifndef GW_CLI_PARSE_H
#define GW_CLI_PARSE_H

#include "cli/command.h"

/* The options that every command takes, wherever they stand on the line. */
struct gw_globals {
	bool help, quiet, verbose;
	unsigned color; /* index into auto, always, never */
};
extern const struct gw_option gw_global_options[];
extern const size_t gw_n_global_options;

enum { GW_COLOR_AUTO, GW_COLOR_ALWAYS, GW_COLOR_NEVER };

struct gw_parsed {
	void *opts;            /* the command's struct, filled; the arena's */
	const char **operands; /* the arena's; the strings are argv's */
	size_t n_operands;
};

/*
 * Reads argv[0..argc) (what follows the command's name) into *parsed and *globals. Takes --name VALUE, --name=VALUE,
 * -x VALUE, -xVALUE, flags joined as -qv, "--" as the end of options, "-" as an operand. An option that is not a list may
 * stand once. An unknown one is GW_E_USAGE with the nearest name as the hint. With globals->help set the operands are not
 * counted.
 */
enum gw_code GW_MUST_USE gw_parse(struct gw_arena *arena, const struct gw_command *command, int argc,
				  const char *const *argv, struct gw_globals *globals, struct gw_parsed *parsed,
				  struct gw_err *err);

/* Reads the global option at argv[*at], before the command's name, and moves on. */
enum gw_code GW_MUST_USE gw_parse_global(int argc, const char *const *argv, int *at, struct gw_globals *globals,
					 struct gw_err *err);

#endif
