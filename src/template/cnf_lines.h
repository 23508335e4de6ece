/* SPDX-License-Identifier: Apache-2.0 */
/* Where things stand in openssl's configuration: OpenSSL reads the values and keeps no lines. Only this room includes it. */
#ifndef GW_TEMPLATE_CNF_LINES_H
#define GW_TEMPLATE_CNF_LINES_H

#include <stdbool.h>

#include "base/arena.h"

struct gw_cnf_line {
	const char *section; /* "default" before the first one */
	const char *name;    /* NULL: the line that begins the section */
	const char *value;   /* as written, with its variables and the rest of the lines that it goes on over */
	unsigned line, column, end;
};

struct gw_cnf_lines {
	struct gw_cnf_line *items;
	size_t count;
};

/* Finds every section and every name of a text, which .include lines are taken out of: they become comments, and are
 * listed with the name ".include". */
void gw_cnf_lines_read(struct gw_arena *arena, char *text, size_t len, struct gw_cnf_lines *lines);

/* The last line of a name in a section; name NULL: the section's first. NULL where there is none. */
const struct gw_cnf_line *gw_cnf_line_find(const struct gw_cnf_lines *lines, const char *section, const char *name);

/* Whether some value has the section's name as a word of its own: "v3_req", "@alt_names", "dirName:dn". */
bool gw_cnf_is_referred(const struct gw_cnf_lines *lines, const char *section);

#endif
