/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of the template told from the tables that check it: its keys, its JSON Schema, and what an entry came to
 * with its profiles merged in.
 */
#ifndef GW_TEMPLATE_LANGUAGE_H
#define GW_TEMPLATE_LANGUAGE_H

#include "template/template.h"

struct gw_key_help {
	const char *name;
	const char *value; /* what kind of value it takes: "string", "list of words" */
	const char *help;  /* with the words that are allowed, where there are any */
};

/* The keys at a place: "" is the top, "certificates" an entry of it, "certificates.store.subject" and
 * "certificates.subject" alike its subject. A place that takes no keys gives the row of the key itself. An unknown one
 * is GW_E_USAGE. Everything is in the arena. */
enum gw_code GW_MUST_USE gw_language_keys(struct gw_arena *arena, const char *path, const struct gw_key_help **keys,
					  size_t *count, struct gw_err *err);

/* The whole as JSON Schema, draft 2020-12. */
struct gw_node *gw_language_schema(struct gw_arena *arena);

/* An entry with its profiles merged in, as YAML with a comment a line: where the value was written. */
void gw_language_explain(struct gw_buf *out, const struct gw_template *t, const struct gw_entry *e);

#endif
