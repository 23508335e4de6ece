/* SPDX-License-Identifier: Apache-2.0 */
/* The scalars that rows fill in: opened, checked, filled. */
#include <string.h>

#include "base/text.h"
#include "template/each_row.h"
#include "template/links.h"

#define FIELD "each"

/* --- open scalars ------------------------------------------------------------------------------------------------- */

bool gw_each_is_field(const char *name)
{
	return strncmp(name, FIELD, 4) == 0 && (name[4] == '\0' || name[4] == '.');
}

/* The next $(each...) of a text, or NULL; *len is that of the whole. "$$(" stands for itself. */
static const char *next_field(const char *text, size_t *len)
{
	const char *at, *close;

	for (at = strstr(text, "$("); at != NULL; at = strstr(at + 2, "$(")) {
		close = strchr(at, ')');
		if ((at > text && at[-1] == '$') || close == NULL || strncmp(at + 2, FIELD, 4) != 0 ||
		    (at[6] != ')' && at[6] != '.'))
			continue;
		*len = (size_t)(close - at) + 1;
		return at;
	}
	return NULL;
}

/* "host" of $(each.host), "" of $(each). */
static const char *field_name(struct gw_arena *arena, const char *at, size_t len)
{
	return at[6] == '.' ? gw_arena_strndup(arena, at + 7, len - 8) : "";
}

const char *gw_each_field(struct gw_arena *arena, const struct gw_node *node, size_t i)
{
	size_t len = 0;
	const char *at = node->open ? next_field(node->text, &len) : NULL;

	for (; at != NULL && i > 0; i--)
		at = next_field(at + len, &len);
	return at != NULL ? field_name(arena, at, len) : NULL;
}

static void open_below(struct gw_arena *arena, struct gw_node *node)
{
	struct gw_node *child;
	size_t len;

	node->open = node->kind == GW_SCALAR && next_field(node->text, &len) != NULL;
	gw_node_own_children(arena, node);
	for (child = node->first; child != NULL; child = child->next) {
		/* The rows themselves have no rows. */
		if (child->key == NULL || strcmp(child->key->text, FIELD) != 0)
			open_below(arena, child);
	}
}

void gw_each_open_scalars(struct gw_arena *arena, struct gw_node *root)
{
	struct gw_node *certificates = gw_node_get(root, "certificates"), *entry;

	entry = certificates != NULL && certificates->kind == GW_MAP ? certificates->first : NULL;
	for (; entry != NULL; entry = entry->next) {
		if (gw_node_get(entry, FIELD) != NULL)
			open_below(arena, entry);
	}
}

void gw_each_literal(struct gw_buf *out, const struct gw_node *node, const char *text)
{
	const char *at;

	for (at = strstr(text, "$("); node->open && at != NULL; at = strstr(text, "$(")) {
		gw_buf_add(out, text, (size_t)(at - text));
		gw_buf_str_add(out, "$$(");
		text = at + 2;
	}
	gw_buf_str_add(out, text);
}

bool gw_each_is_open(const struct gw_node *node)
{
	const struct gw_node *child;

	if (node->open)
		return true;
	for (child = node->first; child != NULL; child = child->next) {
		if (gw_each_is_open(child))
			return true;
	}
	return false;
}

bool gw_entry_varies(const struct gw_entry *e, const char *key)
{
	const struct gw_node *value = e->each != NULL ? gw_node_get(e->merged, key) : NULL;

	return value != NULL && gw_each_is_open(value);
}

bool gw_each_is_alike(const struct gw_entry *pattern)
{
	static const char *const free_keys[] = {"name",     "subject", "sans",    "validity", "notBefore",
						"notAfter", "renewAt", "onRenew", "publish",  "files"};
	const struct gw_node *m;
	size_t i;

	for (m = pattern->merged->first; m != NULL; m = m->next) {
		for (i = 0; i < GW_COUNT(free_keys) && strcmp(free_keys[i], m->key->text) != 0; i++)
			;
		if (i == GW_COUNT(free_keys) && gw_each_is_open(m))
			return false;
	}
	return true;
}

/* --- checks ------------------------------------------------------------------------------------------------------- */

static void check_map_item(struct gw_check *c, const struct gw_node *item, const struct gw_keypath *path)
{
	const struct gw_node *m;
	struct gw_finding *f;

	for (m = item->first; m != NULL; m = m->next) {
		const struct gw_keypath at = {.up = path, .name = m->key->text};

		if (m->kind == GW_SCALAR)
			continue;
		f = gw_check_say(c, GWT_WRONG_KIND, m, &at, "a field of a row must be a string, but is %s",
				 gw_node_what(m));
		gw_finding_fix(c->fs, f, "write one field for each part: { host: a.example.com, team: web }");
	}
	if (item->count == 0)
		gw_check_say(c, GWT_WRONG_KIND, item, path, "a row of \"each\" has no fields");
}

void gw_each_check_list(struct gw_check *c, const struct gw_node *list, const struct gw_keypath *path)
{
	const struct gw_node *item, *first = list->first;
	struct gw_finding *f;
	size_t index = 0;

	if (first == NULL)
		gw_check_say(c, GWT_EACH, list, path, "\"each\" has no rows");
	for (item = first; item != NULL; item = item->next, index++) {
		const struct gw_keypath at = {.up = path, .index = index};

		if (item->kind == GW_LIST || gw_node_is_null(item)) {
			gw_check_say(c, GWT_WRONG_KIND, item, &at,
				     "a row of \"each\" must be a string or a map, but is %s", gw_node_what(item));
		} else if (item->kind != first->kind) {
			f = gw_check_say(c, GWT_WRONG_KIND, item, &at,
					 "a row of \"each\" is %s, and the first one is %s", gw_node_what(item),
					 gw_node_what(first));
			gw_finding_fix(c->fs, f, "write all of them in the same way");
		} else if (item->kind == GW_MAP) {
			check_map_item(c, item, &at);
		}
	}
}

static void add_name(const char **names, size_t *n, const char *name)
{
	size_t i;

	for (i = 0; i < *n && strcmp(names[i], name) != 0; i++)
		;
	if (i == *n)
		names[(*n)++] = name;
}

/* The fields that rows have, NULL-terminated; NULL where that is not known before the file is read. */
static const char **fields_of(struct gw_arena *arena, const struct gw_node *each)
{
	const struct gw_node *columns = gw_node_get(each, "columns"), *item, *m;
	const struct gw_node *list = each->kind == GW_LIST ? each : columns;
	const char **names;
	size_t n = 0, room = 2;

	if (list == NULL || list->kind != GW_LIST)
		return NULL;
	for (item = list->first; item != NULL; item = item->next)
		room += item->count + 1;
	names = gw_arena_alloc(arena, room * sizeof(*names));
	for (item = list->first; item != NULL; item = item->next) {
		for (m = item->first; m != NULL && m->key != NULL; m = m->next)
			add_name(names, &n, m->key->text);
		if (item->kind == GW_SCALAR)
			add_name(names, &n, list == each ? "" : item->text);
	}
	return names;
}

static void unknown_field(struct gw_check *c, const struct gw_node *node, const char *name, const char *const *fields,
			  const struct gw_keypath *path)
{
	bool strings = fields[0] != NULL && fields[0][0] == '\0';
	struct gw_finding *f;

	if (name[0] == '\0')
		f = gw_check_say(c, GWT_EACH, node, path, "the rows of \"each\" have fields: which one is $(each)?");
	else
		f = gw_check_say(c, GWT_EACH, node, path, "the rows of \"each\" have no field \"%s\"", name);
	if (strings)
		gw_finding_fix(c->fs, f, "they are strings: write $(each)");
	else
		gw_check_did_you_mean(c, f, name, fields);
}

static void check_fields(struct gw_check *c, const struct gw_node *node, const char *const *fields,
			 const struct gw_keypath *path)
{
	const struct gw_node *child;
	const char *name;
	size_t at = 0, i, index = 0;

	for (name = gw_each_field(c->arena, node, at++); name != NULL; name = gw_each_field(c->arena, node, at++)) {
		for (i = 0; fields[i] != NULL && strcmp(fields[i], name) != 0; i++)
			;
		if (fields[i] == NULL)
			unknown_field(c, node, name, fields, path);
	}
	for (child = node->first; child != NULL; child = child->next, index++) {
		const struct gw_keypath below = {
			.up = path, .name = child->key != NULL ? child->key->text : NULL, .index = index};

		check_fields(c, child, fields, &below);
	}
}

static void check_pattern(struct gw_check *c, const struct gw_entry *e, const struct gw_node *each,
			  const struct gw_keypath *own)
{
	const struct gw_keypath path = {.up = own, .name = "name"};
	const struct gw_node *name = gw_node_get(e->merged, "name"), *serial;
	struct gw_finding *f = NULL;
	const char **fields;

	if (name == NULL) {
		f = gw_check_say(c, GWT_EACH, each->key, own,
				 "\"%s\" has \"each\" and no \"name\" for what the rows make", e->name);
		gw_finding_fix(c->fs, f, "add name: %s-$(%s)", e->name, each->kind == GW_LIST ? "each" : "each.FIELD");
	} else if (name->kind == GW_SCALAR && !name->open) {
		f = gw_check_say(c, GWT_EACH, name, &path, "every row would make an entry of the same name");
		gw_finding_fix(c->fs, f, "put a field into it: name: %s-$(%s)", e->name,
			       each->kind == GW_LIST && each->first != NULL && each->first->kind == GW_SCALAR
				       ? "each"
				       : "each.FIELD");
	}
	if (gw_node_get(e->merged, "ca") != NULL) {
		f = gw_entry_say(c, GWT_EACH, e, "ca", "\"%s\" has \"each\", so it cannot be a CA", e->name);
		gw_finding_fix(c->fs, f, "write each CA as an entry of its own: what it signs names it");
	}
	if (gw_node_get(e->merged, "certificate") != NULL) {
		f = gw_entry_say(c, GWT_EACH, e, "certificate",
				 "\"%s\" has \"each\", so it cannot be a certificate that is there", e->name);
		gw_finding_fix(c->fs, f, "gwcert makes nothing of it: write an entry for each one that signs others");
	}
	serial = gw_node_get(e->merged, "serial");
	if (serial != NULL && gw_node_text(serial) != NULL && strcmp(serial->text, "random") != 0) {
		f = gw_entry_say(c, GWT_EACH, e, "serial", "rows with a fixed serial might have it twice");
		gw_finding_fix(c->fs, f, "leave it out: each row gets a random one");
	}
	fields = fields_of(c->arena, each);
	if (fields != NULL)
		check_fields(c, e->merged, fields, own);
}

void gw_each_check_entry(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_node *each = gw_node_get(e->node, FIELD);
	struct gw_finding *f;

	if (each != NULL) {
		check_pattern(c, e, each, &own);
	} else if (gw_node_get(e->merged, "name") != NULL) {
		f = gw_entry_say(c, GWT_EACH, e, "name", "\"name\" goes with \"each\" only");
		gw_finding_fix(c->fs, f, "an entry is called as its key, \"%s\"", e->name);
	}
}

/* --- filling ------------------------------------------------------------------------------------------------------ */

static size_t find_field(const struct gw_each_row *row, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < row->count; i++) {
		if (strlen(row->names[i]) == len && memcmp(row->names[i], name, len) == 0)
			break;
	}
	return i;
}

/* The node of a field of a list's row: the row itself, or a member of it. */
static const struct gw_node *field_node(const struct gw_each_row *row, size_t index)
{
	return row->node->kind == GW_MAP ? gw_node_get(row->node, row->names[index]) : row->node;
}

/* Lets a node be where a field of the row is. */
static void take_place(struct gw_node *node, const struct gw_each_row *row, size_t index)
{
	const struct gw_node *place = row->node != NULL ? field_node(row, index) : NULL;

	if (place != NULL) {
		node->source = place->source;
		node->line = place->line;
		node->column = place->column;
		node->end_line = place->end_line;
		node->end_column = place->end_column;
	} else {
		node->source = row->source;
		node->line = node->end_line = row->record->line;
		node->column = node->end_column = (unsigned)index + 1;
	}
}

/* The value of one field, or NULL where it is not there or empty, which is said. */
static const char *value_of(struct gw_check *c, const struct gw_each_row *row, struct gw_node *node, const char *at,
			    size_t len, bool first)
{
	const char *name = at[6] == '.' ? at + 7 : "";
	size_t name_len = at[6] == '.' ? len - 8 : 0, index = find_field(row, name, name_len);

	if (index == row->count) {
		node->column = 0;
		gw_check_say(c, GWT_ROW, node, NULL, "the row has no field \"%.*s\"", (int)name_len, name);
		return NULL;
	}
	if (first)
		take_place(node, row, index);
	if (row->values[index][0] != '\0')
		return row->values[index];
	take_place(node, row, index);
	gw_check_say(c, GWT_ROW, node, NULL, "the field \"%s\" is empty", row->names[index]);
	return NULL;
}

static void fill_scalar(struct gw_check *c, const struct gw_each_row *row, struct gw_node *node)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	const char *rest = node->text, *at, *value, *dollar;
	size_t len = 0;
	bool first = true;

	while (rest != NULL) {
		const char *stop;

		at = next_field(rest, &len);
		stop = at != NULL ? at : rest + strlen(rest);

		for (dollar = strstr(rest, "$$("); dollar != NULL && dollar < stop; dollar = strstr(rest, "$$(")) {
			gw_buf_add(&text, rest, (size_t)(dollar - rest));
			gw_buf_str_add(&text, "$(");
			rest = dollar + 3;
		}
		gw_buf_add(&text, rest, (size_t)(stop - rest));
		rest = at != NULL ? at + len : NULL;
		value = at != NULL ? value_of(c, row, node, at, len, first) : NULL;
		if (value != NULL)
			gw_buf_str_add(&text, value);
		first = false;
	}
	node->open = false;
	node->quoted = true; /* text, whatever it looks like */
	node->text = gw_arena_strndup(c->arena, gw_buf_str(&text), text.len);
	node->len = text.len;
}

struct gw_node *gw_each_fill(struct gw_check *c, const struct gw_each_row *row, const struct gw_node *node)
{
	struct gw_node *copy = GW_ARENA_NEW(c->arena, struct gw_node);
	const struct gw_node *child;

	*copy = *node;
	copy->next = NULL;
	if (node->open)
		fill_scalar(c, row, copy);
	if (node->kind == GW_SCALAR)
		return copy;
	copy->first = copy->last = NULL;
	copy->count = 0;
	for (child = node->first; child != NULL; child = child->next)
		gw_list_add(copy, gw_each_fill(c, row, child));
	return copy;
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static bool same_place(const struct gw_node *a, const struct gw_node *b)
{
	return a->source == b->source && a->line == b->line && a->column == b->column;
}

/* The field that a node, or the first one below it, was filled in from; row->count where there is none. */
static size_t field_at(const struct gw_each_row *row, const struct gw_node *at)
{
	const struct gw_node *child;
	size_t i, index;

	if (row->node == NULL && at->source == row->source && at->column > 0 && at->column <= row->count)
		return at->column - 1;
	for (i = 0; row->node != NULL && i < row->count; i++) {
		if (same_place(field_node(row, i), at))
			return i;
	}
	for (child = at->first; child != NULL; child = child->next) {
		index = field_at(row, child);
		if (index < row->count)
			return index;
	}
	return row->count;
}

struct gw_where gw_each_where(const struct gw_each_row *row, struct gw_arena *arena, const struct gw_node *at)
{
	size_t index = field_at(row, at);
	const char *field = index < row->count ? row->names[index] : "";
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = row->pattern->name};
	const struct gw_keypath each = {.up = &own, .name = FIELD}, item = {.up = &each, .index = row->number};
	const struct gw_keypath below = {.up = &item, .name = field};
	const char *path = gw_keypath_text(arena, field[0] != '\0' ? &below : &item);
	unsigned column;

	if (row->node != NULL)
		return gw_node_where(arena, index < row->count ? field_node(row, index) : row->node, path);
	column = index < row->record->count ? gw_csv_column(row->record, index) : 1;
	return (struct gw_where){.file = row->source->name,
				 .line = row->record->line,
				 .column = column,
				 .end_line = row->record->line,
				 .end_column = column + 1,
				 .excerpt = gw_arena_strdup(arena, row->record->text),
				 .path = path};
}
