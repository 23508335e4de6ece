/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The located document tree: YAML and JSON in, YAML and JSON out. Templates, manifests, TrustConfigs, service account keys
 * and API answers are all read through it, and all that gwcert prints as YAML or JSON is written through it.
 *
 * A scalar keeps its text and whether it was quoted. Nothing is typed by guess: the schema that reads it decides (country
 * NO stays Norway). A JSON string counts as quoted, a JSON number, true, false or null as plain. Text is UTF-8 without
 * NUL. All memory is the arena's; a sensitive arena makes a tree for documents that hold keys.
 */
#ifndef GW_TREE_TREE_H
#define GW_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/finding.h"

#define GW_TREE_DEPTH_MAX       64                /* levels of lists and maps */
#define GW_TREE_NODES_MAX       ((size_t)4000000) /* nodes of one document, aliases counted each time they are used */
#define GW_TREE_ALIAS_NODES_MAX ((size_t)100000)  /* nodes that aliases may add: an alias bomb ends here */

enum gw_node_kind { GW_SCALAR, GW_LIST, GW_MAP };

struct gw_source {
	const char *name; /* file name for messages, "standard input" for "-" */
	const char *text; /* the whole input, borrowed from the caller or the arena, for excerpts */
	size_t len;
	const size_t *lines; /* the offset of each GW_SOURCE_STRIDE-th line, so that any is found in constant time */
	size_t n_lines;
};

#define GW_SOURCE_STRIDE 64

/* A source of a text that is borrowed, in the arena. */
const struct gw_source *gw_source_new(struct gw_arena *arena, const char *name, const char *text, size_t len);

struct gw_node {
	enum gw_node_kind kind;
	bool quoted;      /* a scalar that is a string whatever it looks like */
	bool open;        /* of a template: a scalar that each row of `each` fills in anew */
	const char *text; /* scalar, NUL-terminated; "" for an empty plain one */
	size_t len;
	unsigned line, column;          /* from 1; 0 in a tree that was built */
	unsigned end_line, end_column;  /* one past the end */
	const struct gw_source *source; /* NULL in a tree that was built */
	struct gw_node *key;            /* of a map's member: its key, a scalar */
	struct gw_node *first, *last, *next;
	size_t count;
	const char *comment; /* of a map's member in a tree that was built: see gw_node_comment(); NULL for none */
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

/*
 * Reads every document of a YAML stream, or of a JSON text, into docs->first .. ->next (docs is a list node). Faults
 * (syntax, duplicate keys with both lines, aliases past a bound, depth, size, NUL, invalid UTF-8, tags, merge keys) are
 * GW_E_INPUT with where = name:line:column and a plain sentence; *fault gets the place for a caret if it is not NULL. The
 * text must outlive the tree. JSON is chosen where the first character that is not white space is { or [.
 */
struct gw_tree_fault {
	struct gw_where where;
	struct gw_where
		other; /* the place that it clashes with ("first here", "opened here"); line 0 where there is none */
};

enum gw_code GW_MUST_USE gw_tree_read(struct gw_arena *arena, const char *name, const char *text, size_t len,
				      struct gw_node **docs, struct gw_tree_fault *fault, struct gw_err *err);

/* The same, but exactly one document. */
enum gw_code GW_MUST_USE gw_tree_read_one(struct gw_arena *arena, const char *name, const char *text, size_t len,
					  struct gw_node **root, struct gw_tree_fault *fault, struct gw_err *err);

/* A key that a map has already: the first of its name holds, and this one is left out of the tree. */
struct gw_twice {
	struct gw_where where;
	const char *key;
	struct gw_where first; /* the one that holds */
	struct gw_twice *next;
};

#define GW_TWICE_MAX 1000 /* that are listed of one input */

/* gw_tree_read_one() for a document whose faults are told together: a key that is there twice does not end it, but comes
 * into *twice, in no order. */
enum gw_code GW_MUST_USE gw_tree_read_on(struct gw_arena *arena, const char *name, const char *text, size_t len,
					 struct gw_node **root, struct gw_twice **twice, struct gw_tree_fault *fault,
					 struct gw_err *err);

/* gw_tree_read() with the same for keys, but as kubectl reads them: the last of a name holds. In *twice, `where` is then the
 * one that holds, and `first` one that was left out. */
enum gw_code GW_MUST_USE gw_tree_read_last(struct gw_arena *arena, const char *name, const char *text, size_t len,
					   struct gw_node **docs, struct gw_twice **twice, struct gw_tree_fault *fault,
					   struct gw_err *err);

/* One JSON text, nothing before or after it but white space (RFC 8259). */
enum gw_code GW_MUST_USE gw_json_read(struct gw_arena *arena, const char *name, const char *text, size_t len,
				      struct gw_node **root, struct gw_tree_fault *fault, struct gw_err *err);

/* --- looking ------------------------------------------------------------------------------------------------------ */

/* The member of a map, or NULL where it is not there or node is no map (or NULL itself). */
struct gw_node *gw_node_get(const struct gw_node *node, const char *key);

/* A scalar's text, or NULL for anything else. */
const char *gw_node_text(const struct gw_node *node);

/* A plain scalar that YAML 1.1, and so kubectl, takes as null, true/false or a number and not as a string. */
bool gw_node_is_null(const struct gw_node *node);
bool gw_node_is_bool(const struct gw_node *node, bool *value);
bool gw_node_is_number(const struct gw_node *node);

/* "a string", "a list", "a map", "nothing": for messages. */
const char *gw_node_what(const struct gw_node *node);

/* The place of a node, or of a map member's key, with its source line as the excerpt (copied into the arena) and the
 * path given. */
struct gw_where gw_node_where(struct gw_arena *arena, const struct gw_node *node, const char *path);

/* --- building ----------------------------------------------------------------------------------------------------- */

struct gw_node *gw_map_new(struct gw_arena *arena);
struct gw_node *gw_list_new(struct gw_arena *arena);
struct gw_node *gw_str_new(struct gw_arena *arena,
			   const char *text); /* a string, quoted where needed; NULL gives null */
struct gw_node *gw_strn_new(struct gw_arena *arena, const char *text, size_t len);
struct gw_node *gw_int_new(struct gw_arena *arena, int64_t value);
struct gw_node *gw_real_new(struct gw_arena *arena, double value, unsigned decimals);
struct gw_node *gw_bool_new(struct gw_arena *arena, bool value);
struct gw_node *gw_null_new(struct gw_arena *arena);

/* Appends a member; the key is copied. Keys are not checked for duplicates here. Returns value. */
struct gw_node *gw_map_add(struct gw_arena *arena, struct gw_node *map, const char *key, struct gw_node *value);
void gw_map_str(struct gw_arena *arena, struct gw_node *map, const char *key,
		const char *text); /* nothing where NULL */
void gw_map_int(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t value);
void gw_map_bool(struct gw_arena *arena, struct gw_node *map, const char *key, bool value);

/* Gives a list or map children of its own, in the place of those that an alias shares with others. */
void gw_node_own_children(struct gw_arena *arena, struct gw_node *node);

/* Appends to a list; returns item. */
struct gw_node *gw_list_add(struct gw_node *list, struct gw_node *item);

/* What gw_yaml_write() puts above a member of a map: each line as "# line", an empty one as an empty line. Control
 * characters in it are escaped as for a terminal. Nothing is put above the first member of a map within a list, which
 * stands behind the dash; JSON has no comments. */
void gw_node_comment(struct gw_arena *arena, struct gw_node *member, const char *text);

/* Takes a child out of its list or map. */
void gw_node_remove(struct gw_node *parent, struct gw_node *child);

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Deterministic YAML, two spaces a level, readable by YAML 1.1 and 1.2 alike: every string that either would take for
 * something else is quoted, and no value can break out of its place. Members stay in the order of the tree. */
void gw_yaml_write(struct gw_buf *out, const struct gw_node *node);

/* The lines of a comment, each behind "# ", as gw_node_comment() has them. */
void gw_yaml_comment(struct gw_buf *out, const char *text, size_t indent);

/* A string on one line as it stands behind "key: ", quoted where it has to be. */
void gw_yaml_str(struct gw_buf *out, const char *text);

/* JSON: pretty with two spaces a level and a final newline, or on one line without one. */
void gw_json_write(struct gw_buf *out, const struct gw_node *node);
void gw_json_write_line(struct gw_buf *out, const struct gw_node *node);

/* The version of libyaml in use. */
const char *gw_tree_yaml_version(void);

#endif
