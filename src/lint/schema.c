/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strict validation, as the API server does it: fields that the schema does not have, values of the wrong kind, what is
 * missing, too long, too many, or not of the pattern. Null counts as not there.
 */
#include "lint/schema.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lint/check.h"
#include "lint/internal.h"

/* Patterns are compiled when they are first asked for. */
struct lint_schema {
	regex_t regex;
	bool ready;
};

void lint_schema_free(struct gw_lint *l)
{
	size_t i;

	for (i = 0; l->schema != NULL && i < schema_n_patterns; i++) {
		if (l->schema[i].ready)
			regfree(&l->schema[i].regex);
	}
	free(l->schema);
	l->schema = NULL;
}

static bool matches(struct gw_lint *l, short pattern, const char *text)
{
	if (l->schema == NULL)
		l->schema = gw_zalloc(schema_n_patterns * sizeof(*l->schema));
	if (!l->schema[pattern].ready) {
		/* A pattern that this C library does not take cannot refuse anything; a test sees to it that it takes all. */
		if (regcomp(&l->schema[pattern].regex, schema_patterns[pattern], REG_EXTENDED | REG_NOSUB) != 0)
			return true;
		l->schema[pattern].ready = true;
	}
	return regexec(&l->schema[pattern].regex, text, 0, NULL, 0) == 0;
}

/* --- where we are ------------------------------------------------------------------------------------------------- */

/* What a message calls a value. A Secret's are never shown. */
static const char *value_words(const struct check *c, const struct gw_node *node)
{
	if (c->o->kind == GW_KIND_SECRET)
		return "the value";
	return lint_format(c->l, "\"%.80s%s\"", node->text, node->len > 80 ? "..." : "");
}

static const struct schema_field *field_of(const struct schema_node *s, const char *name)
{
	int low = 0, high = s->n_fields;

	while (low < high) {
		int middle = (low + high) / 2, order = strcmp(name, schema_fields[s->fields + middle].name);

		if (order == 0)
			return &schema_fields[s->fields + middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* --- unknown fields ----------------------------------------------------------------------------------------------- */

struct names {
	const struct schema_node *schema;
	int next;
};

static const char *next_name(void *state)
{
	struct names *n = state;

	return n->next < n->schema->n_fields ? schema_fields[n->schema->fields + n->next++].name : NULL;
}

/* A place above this one, or right below it, that has such a field: "spec.options". */
static const char *place_of(const struct check *c, const struct schema_node *s, const char *name)
{
	unsigned depth;
	int i;

	for (depth = c->depth; depth-- > 0;) {
		if (field_of(c->above[depth].schema, name) != NULL)
			return lint_format(c->l, "%.*s%s%s", (int)c->above[depth].path_len, c->path,
					   c->above[depth].path_len > 0 ? "." : "", name);
	}
	for (i = 0; i < s->n_fields; i++) {
		const struct schema_node *below = &schema_nodes[schema_fields[s->fields + i].node];

		if (below->type == SCHEMA_OBJECT && field_of(below, name) != NULL)
			return lint_format(c->l, "%s%s%s.%s", c->path, c->path_len > 0 ? "." : "",
					   schema_fields[s->fields + i].name, name);
	}
	return NULL;
}

static void unknown_field(struct check *c, const struct schema_node *s, const struct gw_node *member)
{
	struct names names = {s, 0};
	const char *name = member->key->text, *near = gw_nearest(name, next_name, &names), *elsewhere;
	enum gw_rule_name rule = check_rule(c, CHECK_UNKNOWN, member);
	struct gw_finding *f;

	if (rule == GW_RULE_COUNT)
		return;
	/* What a cluster has stored fits the CRDs of that cluster, whatever those here say. */
	f = lint_find_as(c->l, c->o, rule, c->o->live ? GW_NOTE : GW_ERROR, member->key, c->path,
			 "unknown field \"%s\"%s", name,
			 c->o->live ? ", which your cluster's version has" : ": the API server refuses it");
	elsewhere = place_of(c, s, name);
	if (near != NULL)
		lint_fix(c->l, f, "did you mean \"%s\"?", near);
	else if (check_hint(c, member) != NULL)
		lint_fix(c->l, f, "%s", check_hint(c, member));
	else if (elsewhere != NULL)
		lint_fix(c->l, f, "its place is %s", elsewhere);
	else
		lint_fix(c->l, f, "take it out; the fields here are %s", check_list(c, s));
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static void wrong_type(struct check *c, const struct gw_node *node, const char *want)
{
	enum gw_rule_name rule = check_rule(c, CHECK_TYPE, node);
	struct gw_finding *f;

	if (rule == GW_RULE_COUNT)
		return;
	f = lint_find(c->l, c->o, rule, node, c->path, "%s belongs here, and this is %s", want, gw_node_what(node));
	if (node->kind == GW_MAP && strcmp(want, "a list") == 0)
		lint_fix(c->l, f, "begin each item with '-'");
	else if (node->kind == GW_SCALAR && strcmp(want, "a list") == 0)
		lint_fix(c->l, f, "write it as a list: [%.60s]", c->o->kind == GW_KIND_SECRET ? "..." : node->text);
	else if (node->kind == GW_SCALAR && node->quoted && strcmp(want, "a string") != 0)
		lint_fix(c->l, f, "take away the quotes");
}

/* YAML 1.1 takes it for something else than text, and so does kubectl; in JSON it has no quotes. 12:30 stays text for it,
 * and so does a date. */
static bool is_typed(const struct gw_node *node)
{
	bool value;

	return gw_node_is_bool(node, &value) || (gw_node_is_number(node) && strchr(node->text, ':') == NULL);
}

static void check_string(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	size_t length;
	struct gw_finding *f;

	if (node->kind != GW_SCALAR) {
		wrong_type(c, node, "a string");
		return;
	}
	if (is_typed(node)) {
		f = lint_find(c->l, c->o, GWK_YAML_TRAP, node, c->path,
			      "without quotes %s is %s, and a string belongs here: kubectl refuses it",
			      value_words(c, node), gw_node_what(node));
		lint_fix(c->l, f, "put it in quotes");
		return;
	}
	length = gw_text_columns(node->text);
	if ((int64_t)length < s->least)
		lint_find(c->l, c->o, check_rule(c, CHECK_VALUE, node), node, c->path,
			  "is too short: %" PRId64 " characters at least", s->least);
	else if ((int64_t)length > s->most)
		lint_find(c->l, c->o, check_rule(c, CHECK_VALUE, node), node, c->path,
			  "is too long: %zu characters, and %" PRId64 " may be", length, s->most);
	else if (s->pattern >= 0 && !matches(c->l, s->pattern, node->text))
		check_pattern(c, node, value_words(c, node), schema_patterns[s->pattern]);
}

static void check_words(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	struct gw_finding *f;
	const char *near;
	int i;

	if (s->n_words == 0 || node->kind != GW_SCALAR)
		return;
	for (i = 0; i < s->n_words; i++) {
		if (strcmp(schema_words[s->words + i], node->text) == 0)
			return;
	}
	f = lint_find(c->l, c->o, check_rule(c, CHECK_VALUE, node), node, c->path, "%s is none of %s",
		      value_words(c, node), check_choices(c, s));
	near = check_nearest(c, s, node->text);
	if (near != NULL)
		lint_fix(c->l, f, "did you mean \"%s\"?", near);
}

static void check_number(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	char *end;
	long long value;

	if (node->kind != GW_SCALAR || !gw_node_is_number(node)) {
		wrong_type(c, node, s->type == SCHEMA_INT ? "a whole number" : "a number");
		return;
	}
	if (s->type != SCHEMA_INT)
		return;
	value = strtoll(node->text, &end, 10);
	if (*end != '\0' && strchr(node->text, 'x') == NULL && strchr(node->text, '_') == NULL)
		lint_find(c->l, c->o, GWK_SCHEMA, node, c->path, "\"%.40s\" is no whole number", node->text);
	else if (value < s->least || value > s->most)
		lint_find(c->l, c->o, check_rule(c, CHECK_VALUE, node), node, c->path,
			  "%.40s is out of range: %" PRId64 " to %" PRId64, node->text, s->least, s->most);
}

static void check_node(struct check *c, const struct gw_node *node, short schema);

static void check_count(struct check *c, const struct gw_node *node, const struct schema_node *s, const char *what)
{
	if ((int64_t)node->count > s->most)
		lint_find(c->l, c->o, check_rule(c, CHECK_COUNT, node), node, c->path,
			  "%zu %s; at most %" PRId64 " may be there", node->count, what, s->most);
	else if ((int64_t)node->count < s->least)
		lint_find(c->l, c->o, check_rule(c, CHECK_COUNT, node), node, c->path,
			  "%zu %s; at least %" PRId64 " must be there", node->count, what, s->least);
}

static void check_list_items(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	const struct gw_node *item;
	size_t i = 0;

	if (node->kind != GW_LIST) {
		wrong_type(c, node, "a list");
		return;
	}
	check_count(c, node, s, "items");
	for (item = node->first; item != NULL; item = item->next, i++) {
		unsigned before = check_enter_item(c, i);

		/* Null is no field here that could be missing. */
		if (gw_node_is_null(item) && schema_nodes[s->items].type != SCHEMA_ANY)
			lint_find(c->l, c->o, GWK_SCHEMA, item, c->path, "an item without a value");
		else
			check_node(c, item, s->items);
		check_leave(c, before);
	}
}

static void check_map(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	const struct gw_node *member;

	if (node->kind != GW_MAP) {
		wrong_type(c, node, "a map");
		return;
	}
	check_count(c, node, s, "members");
	for (member = node->first; member != NULL; member = member->next) {
		unsigned before = check_enter(c, member->key->text);

		check_node(c, member, s->items);
		check_leave(c, before);
	}
}

static void check_required(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	int i;

	for (i = 0; i < s->n_fields; i++) {
		const struct schema_field *field = &schema_fields[s->fields + i];
		const struct gw_node *member = field->required ? gw_node_get(node, field->name) : NULL;
		unsigned before;

		if (!field->required || (member != NULL && !gw_node_is_null(member)))
			continue;
		before = check_enter(c, field->name);
		if (check_rule(c, CHECK_MISSING, node) != GW_RULE_COUNT)
			lint_find(c->l, c->o, check_rule(c, CHECK_MISSING, node), node, c->path, "\"%s\" is missing",
				  field->name);
		check_leave(c, before);
	}
}

static void check_object(struct check *c, const struct gw_node *node, const struct schema_node *s)
{
	const struct gw_node *member;

	if (node->kind != GW_MAP) {
		wrong_type(c, node, "a map");
		return;
	}
	check_push(c, s);
	for (member = node->first; member != NULL; member = member->next) {
		const struct schema_field *field = field_of(s, member->key->text);
		unsigned before = check_enter(c, member->key->text);

		if (field != NULL) {
			check_node(c, member, field->node);
			check_leave(c, before);
			continue;
		}
		check_leave(c, before);
		unknown_field(c, s, member);
	}
	check_required(c, node, s);
	check_pop(c);
}

static void check_node(struct check *c, const struct gw_node *node, short schema)
{
	const struct schema_node *s = &schema_nodes[schema];
	bool value;

	if (gw_node_is_null(node))
		return;
	switch (s->type) {
	case SCHEMA_OBJECT: check_object(c, node, s); break;
	case SCHEMA_MAP: check_map(c, node, s); break;
	case SCHEMA_LIST: check_list_items(c, node, s); break;
	case SCHEMA_STRING: check_string(c, node, s); break;
	case SCHEMA_INT:
	case SCHEMA_NUMBER: check_number(c, node, s); break;
	case SCHEMA_BOOL:
		if (!gw_node_is_bool(node, &value))
			wrong_type(c, node, "true or false");
		break;
	case SCHEMA_INT_OR_STRING:
		if (node->kind != GW_SCALAR)
			wrong_type(c, node, "a number or a string");
		break;
	case SCHEMA_ANY: break;
	}
	check_words(c, node, s);
	check_conditions(c, node, s);
}

/* --- kinds -------------------------------------------------------------------------------------------------------- */

/* The newest bundle up to the one asked for that has the kind; the oldest where all are newer. */
static unsigned bundle_of(const struct gw_lint *l, const struct gw_object *o)
{
	unsigned best = 0, least = 0;
	size_t i;

	for (i = 0; i < schema_n_kinds; i++) {
		const struct schema_kind *k = &schema_kinds[i];

		if (strcmp(k->kind, o->kind_text) != 0 || strcmp(k->group, o->group) != 0)
			continue;
		if (k->bundle <= l->bundle && k->bundle > best)
			best = k->bundle;
		if (least == 0 || k->bundle < least)
			least = k->bundle;
	}
	return best > 0 ? best : least;
}

/* metadata is the same for every kind, known or not. */
static void check_metadata(struct check *c)
{
	const struct schema_field *field;
	size_t i;

	for (i = 0; i < schema_n_kinds && strcmp(schema_kinds[i].kind, "ConfigMap") != 0; i++)
		;
	field = i < schema_n_kinds ? field_of(&schema_nodes[schema_kinds[i].node], "metadata") : NULL;
	if (field == NULL || c->o->metadata == NULL)
		return;
	check_enter(c, "metadata");
	check_node(c, c->o->metadata, field->node);
	check_leave(c, 0);
}

void lint_schema_object(struct gw_lint *l, const struct gw_object *o)
{
	struct check c = {.l = l, .o = o};
	unsigned bundle = bundle_of(l, o);
	const struct schema_kind *found = NULL;
	bool known = false;
	size_t i;

	for (i = 0; i < schema_n_kinds && found == NULL; i++) {
		const struct schema_kind *k = &schema_kinds[i];

		if (strcmp(k->kind, o->kind_text) != 0 || strcmp(k->group, o->group) != 0 || k->bundle != bundle)
			continue;
		known = true;
		if (strcmp(k->version, o->version) == 0)
			found = k;
	}
	if (found != NULL) {
		check_node(&c, o->node, found->node);
		return;
	}
	check_api_version(&c, known, bundle);
	check_metadata(&c);
}
