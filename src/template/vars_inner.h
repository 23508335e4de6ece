/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the variables share: vars.c finds their values, vars_fill.c puts them where they are used. */
#ifndef GW_TEMPLATE_VARS_INNER_H
#define GW_TEMPLATE_VARS_INNER_H

#include "template/vars.h"

struct gw_var {
	const char *name;
	const struct gw_node *node; /* its member of vars */
	const char *value;          /* NULL: it has none */
	const char *source; /* that was looked at and gave none: "file:x cannot be read"; NULL where there is none */
	bool secret;        /* its value is the mark of its secret */
	bool bad;           /* a fault of it has been said */
};

struct gw_var_set {
	struct gw_check *check;
	struct gw_template *t;
	const struct gw_node *outside; /* the map of --vars-file, or NULL */
	struct gw_var *items;
	const char **names; /* NULL-terminated, for suggestions */
	size_t count;
	size_t added; /* octets filled in so far */
};

/* The variable of a name, or NULL. */
struct gw_var *gw_vars_find(const struct gw_var_set *vs, const char *name);

/* Names the nearest variable in a finding. */
void gw_vars_suggest(const struct gw_var_set *vs, struct gw_finding *f, const char *name);

/* Tells in a finding how the variable is given a value. */
void gw_vars_how_to_give(struct gw_var_set *vs, const struct gw_var *v, struct gw_finding *f);

/* Whether a list has a word; neither may be there. */
bool gw_vars_has_word(const struct gw_node *list, const char *word);

/* Puts values in the place of $(name) in all below a node. `closed`: secrets may not stand there. */
void gw_vars_fill_node(struct gw_var_set *vs, struct gw_node *node, bool closed, const struct gw_keypath *path);

#endif
