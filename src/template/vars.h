/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables: $(name) in the values of a template. They are filled in on the tree, before anything else looks at it, so
 * every other check sees the text as it will be used, at the place where it was written. Only this room includes it.
 */
#ifndef GW_TEMPLATE_VARS_H
#define GW_TEMPLATE_VARS_H

#include "template/check.h"
#include "template/template.h"

#define GW_VAR_MAX      4096               /* octets of one value */
#define GW_VARS_MAX     1000               /* variables of one file */
#define GW_VARS_ALL_MAX ((size_t)16 << 20) /* octets that the variables of one file may add to it */

extern const char *const gw_var_types[];

/* Whether a variable may have this name, and whether a source is env:NAME or file:PATH: NULL, or why not. */
const char *gw_var_name_fault(struct gw_arena *arena, const char *name);
const char *gw_var_source_fault(struct gw_arena *arena, const char *source);

/* Gives the variables of a file their values and fills them in. What is wrong in files becomes findings; what is wrong on
 * the command line is GW_E_USAGE. A value that cannot be filled in is emptied: see gw_var_is_void(). */
enum gw_code GW_MUST_USE gw_vars_fill(struct gw_check *c, const struct gw_template *t, struct gw_node *root,
				      struct gw_err *err);

/* Whether a scalar was emptied because of a fault that has been said: nothing more is to be said about it. */
bool gw_var_is_void(const struct gw_node *node);

#endif
