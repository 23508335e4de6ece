/* SPDX-License-Identifier: Apache-2.0 */
/* The schemas that lint carries, as tables: made from the CRDs by scripts/crds, in schema.def. Only this room includes it. */
#ifndef GW_LINT_SCHEMA_H
#define GW_LINT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schema_type {
	SCHEMA_OBJECT, /* fields, and no others */
	SCHEMA_MAP,    /* any keys, values of one schema */
	SCHEMA_LIST,
	SCHEMA_STRING,
	SCHEMA_INT,
	SCHEMA_NUMBER,
	SCHEMA_BOOL,
	SCHEMA_INT_OR_STRING,
	SCHEMA_ANY,
};

struct schema_node {
	enum schema_type type;
	short fields, n_fields; /* into schema_fields, sorted by name */
	short items;            /* of a list or map: into schema_nodes; else -1 */
	short words, n_words;   /* into schema_words: the values allowed */
	short pattern;          /* into schema_patterns, or -1 */
	int64_t least, most;    /* characters, items, members or value */
	short conditions, n_conditions;
};

struct schema_field {
	const char *name;
	short node;
	bool required;
};

struct schema_kind {
	const char *group, *version, *kind;
	unsigned short bundle; /* of Gateway API: 161 is 1.6.1; 0: any */
	short node;
};

/* Conditions between the members of an object or list: the CEL rules of a simple form. */
enum schema_op {
	SCHEMA_NEEDS,       /* where key has the value a, b must be there */
	SCHEMA_ONLY_IF,     /* b may be there only where key has the value a */
	SCHEMA_NOT_BOTH,    /* not a and b */
	SCHEMA_ONCE,        /* of a list: at most one whose key has the value a */
	SCHEMA_NOT_BOTH_OF, /* of a list: not one whose key has the value a and one with b */
	SCHEMA_STAR_ALONE,  /* of a list: "*" alone */
	SCHEMA_PATH_BEGINS, /* of a path match that is no regular expression: its value begins with a */
	SCHEMA_PATH_LACKS,  /* ... does not have a in it */
	SCHEMA_PATH_ENDS,   /* ... does not end with a */
};

struct schema_condition {
	enum schema_op op;
	const char *key, *a, *b;
};

extern const struct schema_node schema_nodes[];
extern const struct schema_field schema_fields[];
extern const char *const schema_words[];
extern const char *const schema_patterns[];
extern const struct schema_condition schema_conditions[];
extern const struct schema_kind schema_kinds[];
extern const size_t schema_n_patterns, schema_n_kinds;

#endif
