/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML through libyaml's events, never yaml_parser_load(): it keeps no bound on aliases and takes twelve times the memory.
 * libyaml counts lines and columns from 0.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "tree/internal.h"
#include "tree/yaml_fault.h"

struct anchor {
	const char *name;
	struct gw_node *node;
	size_t nodes;  /* of the whole below it, itself included */
	bool complete; /* false while its node is still being read: an alias would contain itself */
	struct anchor *older;
};

#define ANCHORS_MAX 1000 /* of one document: each alias looks through them */

struct composer {
	struct gw_reader *r;
	yaml_parser_t parser;
	struct anchor *anchors; /* newest first: a name may be given again */
	size_t n_anchors;
	size_t alias_nodes;
	unsigned depth;
};

static unsigned line_of(const yaml_mark_t *mark)
{
	return (unsigned)mark->line + 1;
}

static unsigned column_of(const yaml_mark_t *mark)
{
	return (unsigned)mark->column + 1;
}

static enum gw_code fail(struct composer *c, const yaml_event_t *event, const char *what)
{
	return gw_reader_fail(c->r, line_of(&event->start_mark), column_of(&event->start_mark), "%s", what);
}

static enum gw_code next_event(struct composer *c, yaml_event_t *event)
{
	if (yaml_parser_parse(&c->parser, event))
		return GW_OK;
	return gw_yaml_fault(c->r, &c->parser);
}

static void set_end(struct gw_node *node, const yaml_mark_t *mark)
{
	node->end_line = line_of(mark);
	node->end_column = column_of(mark);
}

static struct anchor *begin_anchor(struct composer *c, const yaml_char_t *name, struct gw_node *node)
{
	struct anchor *a;

	if (name == NULL)
		return NULL;
	a = GW_ARENA_NEW(c->r->arena, struct anchor);
	a->name = gw_arena_strdup(c->r->arena, (const char *)name);
	a->node = node;
	a->nodes = c->r->nodes - 1;
	a->older = c->anchors;
	c->anchors = a;
	c->n_anchors++;
	return a;
}

static void end_anchor(struct composer *c, struct anchor *a)
{
	if (a == NULL)
		return;
	a->nodes = c->r->nodes - a->nodes;
	a->complete = true;
}

/* Only !!str is honoured: it says what quotes say. Any other tag asks for a type, and types come from the schema. */
static enum gw_code check_tag(struct composer *c, const yaml_event_t *event, const yaml_char_t *tag, bool *is_string)
{
	*is_string = tag != NULL && strcmp((const char *)tag, YAML_STR_TAG) == 0;
	if (tag == NULL || *is_string || strcmp((const char *)tag, "!") == 0)
		return GW_OK;
	gw_reader_fail(c->r, line_of(&event->start_mark), column_of(&event->start_mark),
		       "a tag (%.100s) is not read here", (const char *)tag);
	return gw_hint(c->r->err, "leave the tag out; quote the value where it must stay a string");
}

static enum gw_code read_scalar(struct composer *c, const yaml_event_t *event, struct gw_node **out)
{
	const yaml_mark_t *start = &event->start_mark;
	struct gw_node *node = gw_reader_node(c->r, GW_SCALAR, line_of(start), column_of(start));
	yaml_scalar_style_t style = event->data.scalar.style;
	bool tagged;
	enum gw_code code;

	if (node == NULL)
		return c->r->err->code;
	code = check_tag(c, event, event->data.scalar.tag, &tagged);
	if (code != GW_OK)
		return code;
	/* "\0" in double quotes is the one way for a NUL to come in. */
	if (memchr(event->data.scalar.value, '\0', event->data.scalar.length) != NULL) {
		fail(c, event, "the value has a NUL in it, which no text has here");
		return gw_hint(c->r->err, "take the \\0 out, or write \\\\0 for a backslash and a zero");
	}
	node->quoted = tagged || style != YAML_PLAIN_SCALAR_STYLE;
	node->len = event->data.scalar.length;
	node->text = gw_arena_strndup(c->r->arena, (const char *)event->data.scalar.value, node->len);
	set_end(node, &event->end_mark);
	end_anchor(c, begin_anchor(c, event->data.scalar.anchor, node));
	*out = node;
	return GW_OK;
}

/* The anchor's node under a place of its own in the list of siblings; what is below it is shared. */
static enum gw_code read_alias(struct composer *c, const yaml_event_t *event, struct gw_node **out)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *a = c->anchors;
	struct gw_node *node;

	if (c->n_anchors > ANCHORS_MAX)
		return fail(c, event, "more anchors in one document than are looked through for an alias");
	while (a != NULL && strcmp(a->name, name) != 0)
		a = a->older;
	if (a == NULL) {
		fail(c, event, "'*' begins an alias, and no anchor of that name stands before it");
		return gw_hint(c->r->err, "quote the value if it is meant as text: '*%.60s'",
			       c->r->arena->sensitive ? "..." : name);
	}
	if (!a->complete)
		return fail(c, event, "an alias inside the value that it stands for");
	c->alias_nodes += a->nodes;
	c->r->nodes += a->nodes - 1;
	if (c->alias_nodes > GW_TREE_ALIAS_NODES_MAX)
		return fail(c, event, "aliases make this input grow past all bounds");
	node = gw_reader_node(c->r, a->node->kind, line_of(&event->start_mark), column_of(&event->start_mark));
	if (node == NULL)
		return c->r->err->code;
	*node = *a->node;
	node->next = node->key = NULL;
	*out = node;
	return GW_OK;
}

static enum gw_code read_node(struct composer *c, const yaml_event_t *event, struct gw_node **out);

static enum gw_code read_key(struct composer *c, const yaml_event_t *event, struct gw_node **key)
{
	enum gw_code code;

	if (event->type != YAML_SCALAR_EVENT && event->type != YAML_ALIAS_EVENT)
		return fail(c, event, "a key must be a word, not a list or a map");
	code = read_node(c, event, key);
	if (code != GW_OK)
		return code;
	if ((*key)->kind != GW_SCALAR)
		return fail(c, event, "a key must be a word, not a list or a map");
	if (strcmp((*key)->text, "<<") == 0 && !(*key)->quoted) {
		fail(c, event, "a merge key (<<) is not read here");
		return gw_hint(c->r->err, "write the members out; in a template, use a profile with \"extends\"");
	}
	return GW_OK;
}

/* Reads the children up to the end event of a list or map. */
static enum gw_code read_children(struct composer *c, struct gw_node *node, yaml_event_type_t end)
{
	for (;;) {
		struct gw_node *key = NULL, *child = NULL;
		yaml_event_t event;
		enum gw_code code = next_event(c, &event);

		if (code != GW_OK)
			return code;
		if (event.type == end) {
			set_end(node, &event.end_mark);
			yaml_event_delete(&event);
			return GW_OK;
		}
		if (node->kind == GW_MAP) {
			code = read_key(c, &event, &key);
			yaml_event_delete(&event);
			if (code == GW_OK)
				code = next_event(c, &event);
			if (code != GW_OK)
				return code;
		}
		code = read_node(c, &event, &child);
		yaml_event_delete(&event);
		if (code != GW_OK)
			return code;
		child->key = key;
		gw_node_append(node, child);
	}
}

static enum gw_code read_collection(struct composer *c, const yaml_event_t *event, struct gw_node **out)
{
	bool is_map = event->type == YAML_MAPPING_START_EVENT, tagged;
	const yaml_mark_t *start = &event->start_mark;
	struct gw_node *node;
	struct anchor *anchor;
	enum gw_code code;

	if (c->depth >= GW_TREE_DEPTH_MAX)
		return fail(c, event, "nested too deeply");
	code = check_tag(c, event, is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag, &tagged);
	if (code != GW_OK)
		return code;
	if (tagged)
		return fail(c, event, "the tag !!str stands before a list or map");
	node = gw_reader_node(c->r, is_map ? GW_MAP : GW_LIST, line_of(start), column_of(start));
	if (node == NULL)
		return c->r->err->code;
	anchor = begin_anchor(c, is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor, node);
	c->depth++;
	code = read_children(c, node, is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT);
	c->depth--;
	if (code == GW_OK && is_map)
		code = gw_reader_check_keys(c->r, node);
	end_anchor(c, anchor);
	*out = node;
	return code;
}

/* Reads the node that an event begins; the event stays the caller's. */
static enum gw_code read_node(struct composer *c, const yaml_event_t *event, struct gw_node **out)
{
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(c, event, out);
	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(c, event, out);
	return read_collection(c, event, out);
}

static enum gw_code read_stream(struct composer *c, struct gw_node *docs)
{
	for (;;) {
		struct gw_node *doc;
		yaml_event_t event;
		enum gw_code code = next_event(c, &event);

		if (code != GW_OK)
			return code;
		switch (event.type) {
		case YAML_STREAM_END_EVENT: yaml_event_delete(&event); return GW_OK;
		case YAML_DOCUMENT_START_EVENT:
			c->anchors = NULL;
			c->n_anchors = 0;
			break;
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT: break;
		case YAML_NO_EVENT:
		case YAML_ALIAS_EVENT:
		case YAML_SCALAR_EVENT:
		case YAML_SEQUENCE_START_EVENT:
		case YAML_SEQUENCE_END_EVENT:
		case YAML_MAPPING_START_EVENT:
		case YAML_MAPPING_END_EVENT:
			code = read_node(c, &event, &doc);
			/* An empty document (a comment between two ---) holds nothing that anybody asked for. */
			if (code == GW_OK && !(gw_node_is_null(doc) && doc->len == 0))
				gw_node_append(docs, doc);
			break;
		}
		yaml_event_delete(&event);
		if (code != GW_OK)
			return code;
	}
}

enum gw_code gw_yaml_read_all(struct gw_reader *r, struct gw_node *docs)
{
	struct composer c = {.r = r};
	enum gw_code code;

	if (!yaml_parser_initialize(&c.parser))
		gw_oom();
	yaml_parser_set_input_string(&c.parser, (const unsigned char *)r->source->text, r->source->len);
	code = read_stream(&c, docs);
	yaml_parser_delete(&c.parser);
	return code;
}

const char *gw_tree_yaml_version(void)
{
	return yaml_get_version_string();
}
