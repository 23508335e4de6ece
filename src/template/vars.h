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

/* Why a variable may not have this value, as what follows "the value"; NULL for a good one. A host name in other letters becomes
 * its xn-- form, which serves wherever a host name may stand. */
const char *gw_var_value_fault(struct gw_arena *arena, const struct gw_node *declaration, const char **value);

/* Words with commas between them. */
const char *gw_var_words(struct gw_arena *arena, const char *const *words);

/* Whether a place is of no account to who makes certificates: where they go, what trusts them, what proves them. */
bool gw_var_is_aside(const struct gw_keypath *path);

/* Gives the variables of a file their values and fills them in. What is wrong in files becomes findings; what is wrong on
 * the command line is GW_E_USAGE. A value that cannot be filled in is emptied: see gw_var_is_void(). */
enum gw_code GW_MUST_USE gw_vars_fill(struct gw_check *c, struct gw_template *t, struct gw_node *root,
				      struct gw_err *err);

/* Whether a scalar was emptied because of a fault that has been said: nothing more is to be said about it. */
bool gw_var_is_void(const struct gw_node *node);

/* Whether it was emptied without a fault: its variable has no value, and is required for other commands than this. */
bool gw_var_is_absent(const struct gw_node *node);

/* --- secrets: secret.c -------------------------------------------------------------------------------------------- */

/* The variable whose mark a scalar is, or NULL. */
const struct gw_secret_var *gw_secret_of(const struct gw_template *t, const struct gw_node *node);

/* Says what a secret variable may not have beside its name. */
void gw_secret_declare(struct gw_check *c, const struct gw_node *var, const char *name);

/* Adds a secret variable and returns the mark that stands for its value. source NULL: it has none. */
const char *gw_secret_add(const struct gw_check *c, struct gw_template *t, const char *name, const char *source);

/* The source that a checked value of kind GW_VALUE_PASSWORD names, paths as seen from here. */
struct gw_password gw_secret_source(const struct gw_template *t, struct gw_arena *arena, const struct gw_node *value);

/* Takes from the findings the lines in which a password may stand. */
void gw_secret_hide(struct gw_findings *fs);

#endif
