/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of the tree share. Only this room includes it. */
#ifndef GW_TREE_INTERNAL_H
#define GW_TREE_INTERNAL_H

#include "tree/tree.h"

struct gw_reader {
	struct gw_arena *arena;
	const struct gw_source *source;
	size_t nodes;                /* made so far, those that aliases add included */
	struct gw_tree_fault *fault; /* never NULL */
	struct gw_twice **twice;     /* NULL: a key that is there twice ends the reading */
	size_t n_twice;
	bool last_holds; /* of keys that are there twice; else the first */
	struct gw_err *err;
};

/* A source for name and text, in the arena, after the checks that no grammar makes: well-formed UTF-8 and no NUL. */
enum gw_code GW_MUST_USE gw_reader_init(struct gw_reader *r, struct gw_arena *arena, const char *name, const char *text,
					size_t len, struct gw_tree_fault *fault, struct gw_err *err);

/* Fails with a place. */
enum gw_code gw_reader_fail(struct gw_reader *r, unsigned line, unsigned column, const char *fmt, ...) GW_PRINTF(4, 5);

/* Adds the other place of a fault: "first here", "opened here". */
void gw_reader_other(struct gw_reader *r, unsigned line, unsigned column);

/* A new node, or NULL past GW_TREE_NODES_MAX (the error is set). */
struct gw_node *gw_reader_node(struct gw_reader *r, enum gw_node_kind kind, unsigned line, unsigned column);

/* Where a map has a key twice: GW_E_INPUT with both places, or it comes into r->twice and out of the map. */
enum gw_code GW_MUST_USE gw_reader_check_keys(struct gw_reader *r, struct gw_node *map);

/* The line and column, both from 1 and the column in characters, of an octet of the text. */
void gw_source_place(const struct gw_source *source, size_t offset, unsigned *line, unsigned *column);

/* Appends a child that may have a key. */
void gw_node_append(struct gw_node *parent, struct gw_node *child);

/* Every JSON text of the input, one after the other. */
enum gw_code GW_MUST_USE gw_json_read_all(struct gw_reader *r, struct gw_node *docs);
enum gw_code GW_MUST_USE gw_yaml_read_all(struct gw_reader *r, struct gw_node *docs);

/* Whether text is a number in JSON's own grammar (RFC 8259 6). */
bool gw_json_is_number(const char *text);

/* Whether YAML 1.1 or 1.2 would take this plain text for something else than a string. */
bool gw_yaml_is_typed(const char *text);

#endif
