/* SPDX-License-Identifier: Apache-2.0 */
/* The walk of schema.c over one object: where it stands, and how it speaks. Only this room includes it. */
#ifndef GW_LINT_CHECK_H
#define GW_LINT_CHECK_H

#include <inttypes.h>

#include "lint/internal.h"
#include "lint/schema.h"

#define CHECK_PATH_MAX 512 /* octets of a path; what is longer is cut */

struct check {
	struct gw_lint *l;
	const struct gw_object *o;
	char path[CHECK_PATH_MAX]; /* "spec.listeners[0].tls" */
	unsigned path_len;
	struct {
		const struct schema_node *schema;
		unsigned path_len;
	} above[GW_TREE_DEPTH_MAX + 1]; /* the objects on the way, this one included */
	unsigned depth;
};

/* What is wrong, as far as rules tell it apart. */
enum check_fault { CHECK_UNKNOWN, CHECK_TYPE, CHECK_MISSING, CHECK_COUNT, CHECK_VALUE };

/* One step into a member or item, and back: check_leave() takes what the step in gave. */
unsigned check_enter(struct check *c, const char *name);
unsigned check_enter_item(struct check *c, size_t index);
void check_leave(struct check *c, unsigned before);
void check_push(struct check *c, const struct schema_node *s);
void check_pop(struct check *c);

/* The rule for a fault at this place; GW_RULE_COUNT where another judge speaks of it. For CHECK_UNKNOWN, node is the
 * member, and the path is that of its parent. */
enum gw_rule_name check_rule(const struct check *c, enum check_fault fault, const struct gw_node *node);

/* What to do about an unknown field that people bring from elsewhere; NULL where nothing is known of it. */
const char *check_hint(const struct check *c, const struct gw_node *member);

/* "name, port and protocol": the fields of an object; "Exact", "PathPrefix": the values allowed. In the arena. */
const char *check_list(struct check *c, const struct schema_node *s);
const char *check_choices(struct check *c, const struct schema_node *s);
const char *check_nearest(struct check *c, const struct schema_node *s, const char *word);

/* A value that does not fit its pattern, in words where the pattern is one that people meet often. */
void check_pattern(struct check *c, const struct gw_node *node, const char *value, const char *pattern);

/* CEL rules of a simple form. */
void check_conditions(struct check *c, const struct gw_node *node, const struct schema_node *s);

/* Where no schema has the object's apiVersion and kind: known tells that the kind is known in another version. */
void check_api_version(struct check *c, bool known, unsigned bundle);

#endif
