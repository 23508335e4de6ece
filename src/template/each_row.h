/* SPDX-License-Identifier: Apache-2.0 */
/* What `each` says, and a row of it. Only this room includes it. */
#ifndef GW_TEMPLATE_EACH_ROW_H
#define GW_TEMPLATE_EACH_ROW_H

#include "template/check.h"
#include "template/each.h"
#include "template/template.h"
#include "tree/csv.h"

/* An entry with `each`, as it is before the first row. */
struct gw_each {
	const struct gw_node *node;  /* as written */
	const struct gw_entry *base; /* with all that no row changes, and without what is derived from it */
	const struct gw_source *ready_made;
};

/* One row, with its fields. */
struct gw_each_row {
	const struct gw_entry *pattern;
	size_t number;            /* as the path has it: items of a list from 0, records from 1, below the header */
	const char *const *names; /* of the fields; "" is the one of a row that is a string */
	const char *const *values;
	size_t count;
	const struct gw_node *node;         /* of a list */
	const struct gw_csv_record *record; /* of a file */
	const struct gw_source *source; /* of that file: a scalar that a record fills in has it, and the number of its
						field, from 1, as its column */
};

/* --- before the variables are filled in --------------------------------------------------------------------------- */

/* Gives every entry with `each` nodes of its own, and opens the scalars that name a field. */
void gw_each_open_scalars(struct gw_arena *arena, struct gw_node *root);

/* Whether $(name) stands for a field of a row: "each", "each.host". */
bool gw_each_is_field(const char *name);

/* Field number i that a scalar names, "" for $(each); NULL behind the last. */
const char *gw_each_field(struct gw_arena *arena, const struct gw_node *node, size_t i);

/* Appends a text that stands for itself, in a scalar that may be open. */
void gw_each_literal(struct gw_buf *out, const struct gw_node *node, const char *text);

/* --- when the file is checked ------------------------------------------------------------------------------------- */

/* Each item is a string, or each is a map of strings; says so where that is not so. */
void gw_each_check_list(struct gw_check *c, const struct gw_node *list, const struct gw_keypath *path);

/* Whether an entry has `each`, a name, and only fields that its rows have. */
void gw_each_check_entry(struct gw_check *c, const struct gw_entry *e);

/* Whether a node or what is below it is open. */
bool gw_each_is_open(const struct gw_node *node);

/* --- what is taken: each_taken.c ---------------------------------------------------------------------------------- */

/* Takes the places that a row called `name` is published to. Says so where another has one of them. */
void gw_each_take_places(struct gw_check *c, struct gw_each_taken *taken, const struct gw_each_row *row,
			 const char *name);

/* --- with a row --------------------------------------------------------------------------------------------------- */

/* A copy of a node in the arena, with the row's fields in it. Says so where a field is not there or empty. */
struct gw_node *gw_each_fill(struct gw_check *c, const struct gw_each_row *row, const struct gw_node *node);

/* The place of a node that a row has filled in: the field that it has, or the row. */
struct gw_where gw_each_where(const struct gw_each_row *row, struct gw_arena *arena, const struct gw_node *at);

#endif
