/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is made from the tables: the manual (as text or as a man page), completions, the README's list, the pages of exit
 * statuses and rules. The committed copies are held equal to these by `make check`.
 */
#ifndef GW_CLI_DOC_H
#define GW_CLI_DOC_H

#include <stdio.h>

#include "cli/command.h"

/* The overview of all commands, and the short help of one. */
void gw_doc_overview(FILE *out, bool color);
void gw_doc_short(FILE *out, const struct gw_command *command, bool color);

/* The manual of a command (NULL: of gwcert itself) as text for a terminal, wrapped at `columns`. */
void gw_doc_manual(FILE *out, const struct gw_command *command, bool color, unsigned columns);

/* The same as a man page in man(7) macros: gwcert-NAME.1 or gwcert.1. */
void gw_doc_man(FILE *out, const struct gw_command *command);

/* gwcert-exit.7. */
void gw_doc_man_exit(FILE *out);

/* "bash", "zsh", "fish". */
extern const char *const gw_shell_words[];
void gw_doc_completion(FILE *out, unsigned shell);

/* The command list of README.md, and doc/rules.md, in Markdown. */
void gw_doc_readme(FILE *out);
void gw_doc_rules(FILE *out);

/* The name of a group as a heading: "make", "judge". */
const char *gw_group_name(enum gw_group group);

#endif
