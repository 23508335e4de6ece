/* SPDX-License-Identifier: Apache-2.0 */
/* From a document tree to a template: what a file and the hosts of a command line have in common. Only this room
 * includes it. */
#ifndef GW_TEMPLATE_BUILD_H
#define GW_TEMPLATE_BUILD_H

#include "template/template.h"

/* Checks the tree and fills the template from it; the findings end up in the order of the file. Errors among them are
 * GW_E_INPUT without words. */
enum gw_code GW_MUST_USE gw_template_build(struct gw_template *t, struct gw_node *root, struct gw_findings *fs,
					   struct gw_err *err);

/* Reads the keys of a map into an entry, beside what it has already. The entry's memory is the arena's. */
void gw_entry_read(struct gw_template *t, struct gw_arena *arena, struct gw_entry *e, const struct gw_node *map,
		   const struct gw_source *ready_made);

/* What follows from the keys that were read. */
void gw_entry_finish(const struct gw_template *t, struct gw_entry *e);

#endif
