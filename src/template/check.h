/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks that the schema's rows describe: is each key known, is each value of its kind. They say all that is wrong
 * and never stop at the first fault. Only this room includes it.
 */
#ifndef GW_TEMPLATE_CHECK_H
#define GW_TEMPLATE_CHECK_H

#include "base/finding.h"
#include "template/schema.h"

#define GW_SUGGESTIONS_MAX 200 /* findings of one run that get a "did you mean": nobody reads further */

/* Where a value is within the file, from the value up to the root; rendered only when there is something to say. */
struct gw_keypath {
	const struct gw_keypath *up; /* NULL: the root */
	const char *name;            /* of the key; NULL: an item of a list */
	size_t index;
};

struct gw_each_row;
struct gw_template;

struct gw_check {
	struct gw_arena *arena;
	struct gw_findings *fs;
	const struct gw_template *t; /* whose secret variables leave their marks in the tree; NULL: there are none */
	size_t errors;
	const struct gw_node **bad; /* the members of named maps that have a fault */
	size_t n_bad, cap_bad;
	bool too_many;                 /* a map has more members than are taken: nothing further is looked at */
	const struct gw_each_row *row; /* that is being filled in: faults are its own, and told at its place; or NULL */
};

/* "certificates.store.sans[2]"; a name with a dot is written ["a.b"]. In the arena. */
const char *gw_keypath_text(struct gw_arena *arena, const struct gw_keypath *path);

/* Adds a finding at a node and returns it. Where the node is a map's member and empty, the place is its key. */
struct gw_finding *gw_check_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_node *at,
				const struct gw_keypath *path, const char *fmt, ...) GW_PRINTF(5, 6);

/* The fix of a misspelt name or word: the nearest one, else all of them. words is NULL-terminated. */
void gw_check_did_you_mean(struct gw_check *c, struct gw_finding *f, const char *word, const char *const *words);

/* "a, b or c" with last " or ". */
const char *gw_words_joined(struct gw_arena *arena, const char *const *words, const char *last);

/* check_scalar.c: a scalar that is not null, by the kind of its row; gw_check_word() tells whether it was one. */
void gw_check_text(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path);
bool gw_check_word(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path);
void gw_check_bool(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path);
void gw_check_number(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		     const struct gw_keypath *path);
void gw_check_duration(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path);
void gw_check_instant(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		      const struct gw_keypath *path);
/* Looks at one value. */
void gw_check_value(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		    const struct gw_keypath *path);

/* Walks a file as it was written. False where nothing else is worth saying: it is no template, or another version. */
bool gw_check_file(struct gw_check *c, const struct gw_node *root);

/* check.c: walks a map by its rows. */
void gw_check_map(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *map,
		  const struct gw_keypath *path);

/* check.c: whether a list has no more items than are taken; says so where it has. */
bool gw_check_short(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		    const struct gw_keypath *path);

/* check.c: no word of a list is there twice. Only words: names that are the same are found when they have been read, for
 * they may be written in several ways. */
void gw_check_twice(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		    const struct gw_keypath *path);

/* check_maps.c: a list of maps, and a map from names to texts; each is one already, and not something else. */
void gw_check_maps(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		   const struct gw_keypath *path);
void gw_check_labels(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
		     const struct gw_keypath *path);

/* check_merged.c: checks of a map with its profiles merged in: what is required is there, what excludes each other is not. */
void gw_check_merged(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *map,
		     const struct gw_keypath *path);

/* Whether a member of a named map had a fault when the file was walked. */
bool gw_check_is_bad(const struct gw_check *c, const struct gw_node *member);

/* secret.c: a value that must be the source of a password. */
void gw_check_password(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path);

/* secret.c: whether a secret variable stands where the row has no place for one; says so. */
bool gw_check_misplaced(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
			const struct gw_keypath *path);

#endif
