/* SPDX-License-Identifier: Apache-2.0 */
/* What the CEL rules of simple form ask for; which they are, scripts/crds tells. */
#include <string.h>

#include "lint/check.h"

static bool has(const struct gw_node *map, const char *key)
{
	const struct gw_node *member = gw_node_get(map, key);

	return member != NULL && !gw_node_is_null(member) &&
	       !(member->kind == GW_SCALAR && member->quoted && member->len == 0);
}

static bool is(const struct gw_node *map, const char *key, const char *value)
{
	const char *text = gw_node_text(gw_node_get(map, key));

	return text != NULL && strcmp(text, value) == 0;
}

/* Whether a list has an item that is, or whose key is, the value; *second is one more of them. */
static const struct gw_node *item_with(const struct gw_node *list, const char *key, const char *value,
				       const struct gw_node **second)
{
	const struct gw_node *item, *first = NULL;

	*second = NULL;
	for (item = list->kind == GW_LIST ? list->first : NULL; item != NULL && *second == NULL; item = item->next) {
		const char *text = gw_node_text(*key != '\0' ? gw_node_get(item, key) : item);

		if (text == NULL || strcmp(text, value) != 0)
			continue;
		if (first == NULL)
			first = item;
		else
			*second = item;
	}
	return first;
}

static void between_members(struct check *c, const struct gw_node *node, const struct schema_condition *k)
{
	if (k->op == SCHEMA_NEEDS && is(node, k->key, k->a) && !has(node, k->b))
		lint_find(c->l, c->o, GWK_SCHEMA, node, c->path, "%s %s needs \"%s\" beside it", k->key, k->a, k->b);
	else if (k->op == SCHEMA_ONLY_IF && has(node, k->b) && !is(node, k->key, k->a))
		lint_find(c->l, c->o, GWK_SCHEMA, gw_node_get(node, k->b)->key, c->path,
			  "\"%s\" may be there only with %s: %s", k->b, k->key, k->a);
	else if (k->op == SCHEMA_NOT_BOTH && has(node, k->a) && has(node, k->b))
		lint_find(c->l, c->o, GWK_SCHEMA, gw_node_get(node, k->b)->key, c->path,
			  "\"%s\" and \"%s\" do not go together", k->a, k->b);
}

static void between_items(struct check *c, const struct gw_node *node, const struct schema_condition *k)
{
	const struct gw_node *second, *first = item_with(node, k->key, *k->a != '\0' ? k->a : "*", &second), *other;

	if (k->op == SCHEMA_ONCE && second != NULL) {
		lint_find(c->l, c->o, GWK_SCHEMA, second, c->path, "%s %s may be there once only", k->key, k->a);
	} else if (k->op == SCHEMA_STAR_ALONE && first != NULL && node->count > 1) {
		lint_find(c->l, c->o, GWK_SCHEMA, first, c->path, "\"*\" must stand alone: it takes all the others in");
	} else if (k->op == SCHEMA_NOT_BOTH_OF && first != NULL) {
		other = item_with(node, k->key, k->b, &second);
		if (other != NULL)
			lint_find(c->l, c->o, GWK_SCHEMA, other, c->path, "%s and %s do not go together", k->a, k->b);
	}
}

static void path_value(struct check *c, const struct gw_node *node, const struct schema_condition *k)
{
	const struct gw_node *value = gw_node_get(node, "value");
	const char *text = gw_node_text(value);
	size_t n = strlen(k->a), length;

	if (text == NULL || is(node, "type", "RegularExpression"))
		return;
	length = strlen(text);
	if (k->op == SCHEMA_PATH_BEGINS && strncmp(text, k->a, n) != 0)
		lint_find(c->l, c->o, GWK_SCHEMA, value, c->path, "the path must begin with \"%s\"", k->a);
	else if (k->op == SCHEMA_PATH_LACKS && strstr(text, k->a) != NULL)
		lint_find(c->l, c->o, GWK_SCHEMA, value, c->path, "the path may not have \"%s\" in it", k->a);
	else if (k->op == SCHEMA_PATH_ENDS && length >= n && strcmp(text + length - n, k->a) == 0)
		lint_find(c->l, c->o, GWK_SCHEMA, value, c->path, "the path may not end with \"%s\"", k->a);
}

void check_conditions(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	int i;

	for (i = 0; i < s->n_conditions; i++) {
		const struct schema_condition *k = &schema_conditions[s->conditions + i];

		switch (k->op) {
		case SCHEMA_NEEDS:
		case SCHEMA_ONLY_IF:
		case SCHEMA_NOT_BOTH: between_members(c, node, k); break;
		case SCHEMA_ONCE:
		case SCHEMA_NOT_BOTH_OF:
		case SCHEMA_STAR_ALONE: between_items(c, node, k); break;
		case SCHEMA_PATH_BEGINS:
		case SCHEMA_PATH_LACKS:
		case SCHEMA_PATH_ENDS: path_value(c, node, k); break;
		}
	}
}
