/* SPDX-License-Identifier: Apache-2.0 */
/* Rows, one after the other, each becoming an entry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "template/build.h"
#include "template/each.h"
#include "template/each_row.h"
#include "template/links.h"
#include "template/publish.h"
#include "template/read.h"
#include "template/rows.h"

struct gw_each_reader {
	const struct gw_template *t;
	const struct gw_entry *pattern;
	const struct gw_node *name; /* open */
	struct gw_each_taken *taken;
	struct gw_seen keys;
	bool name_is_key; /* of two rows with one key the names are the same: one look is enough */
	const struct gw_node *item;
	struct gw_csv *csv;
	struct gw_source *source;
	struct gw_csv_record record;
	struct gw_arena header_arena;
	const char **header;
	size_t n_header, key; /* the column of the key */
	size_t number;
};

/* --- the header --------------------------------------------------------------------------------------------------- */

static size_t column_of(const struct gw_each_reader *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n_header && strcmp(r->header[i], name) != 0; i++)
		;
	return i;
}

GW_PRINTF(3, 4)
static enum gw_code bad_header(const struct gw_each_reader *r, struct gw_err *err, const char *fmt, ...)
{
	char where[GW_ERR_WHERE_MAX];
	char what[GW_ERR_WHAT_MAX];
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	va_list args;
	size_t i;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(where, sizeof(where), "%s:%u:1", r->source->name, r->record.line);
	gw_fail(err, GW_E_INPUT, where, "%s", what);
	for (i = 0; i < r->n_header; i++)
		gw_buf_printf(&text, "%s%s", i > 0 ? ", " : "", r->header[i]);
	if (r->n_header == 1 && strpbrk(r->header[0], ";\t") != NULL)
		gw_hint(err, "columns are parted by commas");
	else
		gw_hint(err, "its columns are %s", gw_buf_str(&text));
	return GW_E_INPUT;
}

/* Fields that the entry names and the header does not have. */
static const char *lacks_field(struct gw_each_reader *r, const struct gw_node *node)
{
	const struct gw_node *child;
	const char *name = NULL;
	size_t i = 0;

	for (name = gw_each_field(&r->header_arena, node, i++); name != NULL;
	     name = gw_each_field(&r->header_arena, node, i++)) {
		if (column_of(r, name) == r->n_header)
			return name;
	}
	for (child = node->first; child != NULL && name == NULL; child = child->next)
		name = lacks_field(r, child);
	return name;
}

static enum gw_code check_columns(struct gw_each_reader *r, struct gw_err *err)
{
	const struct gw_node *columns = gw_node_get(r->pattern->each->node, "columns"), *item;
	const char *key = gw_node_text(gw_node_get(r->pattern->each->node, "key")), *lacking;
	size_t i, j;

	for (i = 0; i < r->n_header; i++) {
		if (r->header[i][0] == '\0')
			return bad_header(r, err, "a column of the header has no name");
		for (j = 0; j < i; j++) {
			if (strcmp(r->header[i], r->header[j]) == 0)
				return bad_header(r, err, "the header has the column \"%s\" twice", r->header[i]);
		}
	}
	for (item = columns != NULL ? columns->first : NULL; item != NULL; item = item->next) {
		if (column_of(r, item->text) == r->n_header)
			return bad_header(r, err, "the header has no column \"%s\", which \"columns\" lists",
					  item->text);
	}
	for (i = 0; columns != NULL && i < r->n_header; i++) {
		for (item = columns->first; item != NULL && strcmp(item->text, r->header[i]) != 0; item = item->next)
			;
		if (item == NULL)
			return bad_header(r, err, "the header has a column \"%s\", which \"columns\" does not list",
					  r->header[i]);
	}
	r->key = column_of(r, key);
	if (r->key == r->n_header)
		return bad_header(r, err, "the header has no column \"%s\", which is the key", key);
	lacking = lacks_field(r, r->pattern->merged);
	return lacking != NULL ? bad_header(r, err, "the header has no column \"%s\", which the entry uses", lacking)
			       : GW_OK;
}

static enum gw_code read_header(struct gw_each_reader *r, struct gw_err *err)
{
	char where[GW_ERR_WHERE_MAX];
	bool end = false;
	enum gw_code code = gw_csv_next(r->csv, &r->record, &end, err);
	size_t i;

	if (code != GW_OK)
		return code;
	if (end) {
		gw_fail(err, GW_E_INPUT, r->source->name, "is empty: not even a header is there");
		return gw_hint(err, "its first line names the columns: host,team");
	}
	snprintf(where, sizeof(where), "%s:%u:1", r->source->name, r->record.line);
	if (r->record.fault != NULL)
		return gw_fail(err, GW_E_INPUT, where, "the header cannot be read: %s", r->record.fault);
	r->n_header = r->record.count;
	r->header = gw_arena_alloc(&r->header_arena, r->n_header * sizeof(*r->header));
	for (i = 0; i < r->n_header; i++)
		r->header[i] = gw_arena_strdup(&r->header_arena, r->record.fields[i]);
	return check_columns(r, err);
}

static enum gw_code open_file(struct gw_each_reader *r, const char *file, struct gw_err *err)
{
	struct gw_arena *arena = &((struct gw_template *)r->t)->arena; /* places outlive the reader */
	enum gw_code code;

	r->source = GW_ARENA_NEW(arena, struct gw_source);
	r->source->name = gw_path_beside(arena, r->t->name, file);
	r->source->text = "";
	code = gw_csv_open(r->source->name, &r->csv, err);
	return code == GW_OK ? read_header(r, err) : code;
}

/* --- opening and closing ------------------------------------------------------------------------------------------ */

enum gw_code gw_each_open(const struct gw_template *t, const struct gw_entry *pattern, struct gw_each_taken *taken,
			  struct gw_each_reader **reader, struct gw_err *err)
{
	const struct gw_node *each = pattern->each->node;
	struct gw_each_reader *r = gw_zalloc(sizeof(*r));
	const char *first, *key;
	enum gw_code code = GW_OK;

	r->t = t;
	r->pattern = pattern;
	r->taken = taken;
	r->name = gw_node_get(pattern->merged, "name");
	if (each->kind == GW_LIST)
		r->item = each->first;
	else
		code = open_file(r, gw_node_text(gw_node_get(each, "csv")), err);
	if (code != GW_OK) {
		gw_each_close(r);
		return code;
	}
	first = gw_each_field(&r->header_arena, r->name, 0);
	key = gw_node_text(gw_node_get(each, "key"));
	r->name_is_key = key != NULL && first != NULL && strcmp(first, key) == 0 &&
			 gw_each_field(&r->header_arena, r->name, 1) == NULL;
	*reader = r;
	return GW_OK;
}

void gw_each_close(struct gw_each_reader *r)
{
	if (r == NULL)
		return;
	gw_csv_close(r->csv);
	gw_seen_release(&r->keys);
	gw_arena_release(&r->header_arena);
	free(r);
}

/* --- one row ------------------------------------------------------------------------------------------------------ */

static void take_item(struct gw_each_reader *r, struct gw_arena *arena, struct gw_each_row *row)
{
	static const char *const unnamed[] = {""};
	size_t room = r->item->kind == GW_MAP ? r->item->count : 1, i = 0;
	const char **values = gw_arena_alloc(arena, room * sizeof(*values)), **names;
	const struct gw_node *m;

	row->node = r->item;
	row->number = r->number++;
	row->names = unnamed;
	row->values = values;
	row->count = room;
	if (r->item->kind != GW_MAP) {
		values[0] = r->item->text;
	} else {
		names = gw_arena_alloc(arena, room * sizeof(*names));
		for (m = r->item->first; m != NULL; m = m->next, i++) {
			names[i] = m->key->text;
			values[i] = gw_node_is_null(m) ? "" : m->text;
		}
		row->names = names;
	}
	r->item = r->item->next;
}

/* The fault of a record as a whole, or NULL. */
static const char *record_fault(const struct gw_each_reader *r, struct gw_arena *arena)
{
	if (r->record.fault != NULL)
		return gw_arena_printf(arena, "the row cannot be read: %s", r->record.fault);
	if (r->record.count == r->n_header)
		return NULL;
	return gw_arena_printf(arena, "the row has %zu %s, and the header has %zu", r->record.count,
			       r->record.count == 1 ? "field" : "fields", r->n_header);
}

/* The next row; false behind the last one. */
static enum gw_code take_row(struct gw_each_reader *r, struct gw_arena *arena, struct gw_each_row *row,
			     const char **fault, bool *end, struct gw_err *err)
{
	enum gw_code code;

	*row = (struct gw_each_row){.pattern = r->pattern, .source = r->source};
	*end = r->csv == NULL && r->item == NULL;
	if (r->csv == NULL) {
		if (!*end)
			take_item(r, arena, row);
		return GW_OK;
	}
	code = gw_csv_next(r->csv, &r->record, end, err);
	if (code != GW_OK || *end)
		return code;
	row->record = &r->record;
	row->number = ++r->number;
	*fault = record_fault(r, arena);
	row->names = r->header;
	row->values = r->record.fields;
	row->count = *fault == NULL ? r->n_header : 0;
	return GW_OK;
}

/* A node at a field of the row, to say something about it. */
static struct gw_node at_field(const struct gw_each_row *row, size_t column)
{
	return row->node != NULL ? *row->node : (struct gw_node){.source = row->source, .column = (unsigned)column + 1};
}

/* Takes the key and the name of a row; NULL where one of them is not to be had. */
static const char *take_name(struct gw_each_reader *r, struct gw_check *c, const struct gw_each_row *row)
{
	struct gw_node place = at_field(row, r->key), *name;
	const char *why;

	if (r->csv != NULL && !r->name_is_key && row->values[r->key][0] != '\0' &&
	    !gw_seen_add(&r->keys, row->values[r->key], false)) {
		gw_check_say(c, GWT_ROW_TWICE, &place, NULL, "an earlier row has the key \"%s\" already",
			     row->values[r->key]);
		return NULL;
	}
	if (r->csv != NULL && row->values[r->key][0] == '\0') {
		gw_check_say(c, GWT_ROW, &place, NULL, "the key \"%s\" is empty", r->header[r->key]);
		return NULL;
	}
	name = gw_each_fill(c, row, r->name);
	if (c->errors > 0)
		return NULL;
	why = gw_fault_entry_name(c->arena, name->text);
	if (why != NULL) {
		gw_check_say(c, GWT_ENTRY_NAME, name, NULL, "\"%s\" %s", name->text, why);
		return NULL;
	}
	if (gw_seen_add(&r->taken->names, name->text, true))
		return name->text;
	gw_check_say(c, GWT_ROW_TWICE, name, NULL, "an earlier row, or another entry, is called \"%s\" already",
		     name->text);
	return NULL;
}

/* The entry's map with the row in it: *all has every key, *varying those that the row changes. */
static void fill_map(struct gw_check *c, const struct gw_each_row *row, struct gw_node *all, struct gw_node *varying)
{
	const struct gw_node *m;
	struct gw_node *own;

	*all = *row->pattern->merged;
	all->first = all->last = NULL;
	all->count = 0;
	*varying = *all;
	for (m = row->pattern->merged->first; m != NULL; m = m->next) {
		bool open = gw_each_is_open(m);
		const struct gw_node *filled = open ? gw_each_fill(c, row, m) : m;

		own = GW_ARENA_NEW(c->arena, struct gw_node);
		*own = *filled;
		own->next = NULL;
		gw_list_add(all, own);
		if (open)
			gw_list_add(varying, (struct gw_node *)filled);
	}
}

/* The member of certificates that the row is, as it would have been written. */
static const struct gw_node *row_node(struct gw_check *c, const struct gw_each_row *row, const char *name)
{
	struct gw_node *node = GW_ARENA_NEW(c->arena, struct gw_node), *key = GW_ARENA_NEW(c->arena, struct gw_node);

	*node = *row->pattern->node;
	*key = row->node != NULL ? *row->node : (struct gw_node){.source = row->source};
	key->kind = GW_SCALAR;
	key->text = name;
	key->len = strlen(name);
	key->key = key->first = key->last = key->next = NULL;
	if (row->record != NULL)
		key->line = key->end_line = row->record->line;
	node->key = key;
	node->next = NULL;
	return node;
}

static struct gw_entry *make_entry(struct gw_each_reader *r, struct gw_check *c, const struct gw_each_row *row,
				   const char *name)
{
	const struct gw_keypath top = {.name = "certificates"}, path = {.up = &top, .name = name};
	struct gw_entry *e = GW_ARENA_NEW(c->arena, struct gw_entry);
	struct gw_node *all = GW_ARENA_NEW(c->arena, struct gw_node), *varying = GW_ARENA_NEW(c->arena, struct gw_node);
	struct gw_template *t = (struct gw_template *)r->t; /* of which reading an entry changes nothing */
	const struct gw_node *m;

	*e = *r->pattern->each->base;
	e->name = name;
	e->pattern = (struct gw_entry *)r->pattern;
	e->node = row_node(c, row, name);
	fill_map(c, row, all, varying);
	e->merged = all;
	for (m = varying->first; m != NULL && c->errors == 0; m = m->next) {
		const struct gw_keypath at = {.up = &path, .name = m->key->text};

		gw_check_value(c, gw_row_find(&gw_entry_rows, m->key->text), m, &at);
	}
	if (c->errors == 0)
		gw_check_merged(c, &gw_entry_rows, all, &path);
	if (c->errors > 0)
		return NULL;
	gw_entry_read(t, c->arena, e, varying, r->pattern->each->ready_made);
	gw_given_take(c, t, e);
	gw_entry_finish(t, e);
	if (c->errors == 0) {
		gw_role_check(c, e);
		gw_entry_links_check(c, t, e);
		gw_publish_check_entry(c, e);
	}
	if (c->errors == 0)
		return e;
	gw_request_free(e->given.request);
	return NULL;
}

enum gw_code gw_each_next(struct gw_each_reader *r, bool wanted, struct gw_arena *arena, struct gw_findings *fs,
			  struct gw_each_made *made, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings unheard = {0};
	struct gw_each_row row;
	struct gw_check c = {.arena = arena, .fs = wanted ? fs : &unheard, .t = r->t, .row = &row};
	const char *fault = NULL, *name = NULL;
	enum gw_code code;

	*made = (struct gw_each_made){0};
	code = take_row(r, arena, &row, &fault, &made->end, err);
	if (code != GW_OK || made->end)
		return code;
	if (fault != NULL) {
		struct gw_node place = at_field(&row, 0);

		gw_check_say(&c, GWT_ROW, &place, NULL, "%s", fault);
	} else {
		name = take_name(r, &c, &row);
	}
	if (name != NULL)
		gw_each_take_places(&c, r->taken, &row, name);
	if (c.errors == 0 && wanted)
		made->entry = make_entry(r, &c, &row, name);
	made->bad = wanted && made->entry == NULL;
	return GW_OK;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

/* Whether the rows of an entry are asked for: by its name, or by one that the file does not have and that may be a row's. */
static bool is_asked(const struct gw_template *t, const struct gw_entry *pattern, const struct gw_each_request *request)
{
	size_t i;

	for (i = 0; i < request->n_names; i++) {
		const struct gw_entry *e = gw_template_find(t, request->names[i]);

		if (e == NULL || e == pattern)
			return true;
	}
	return request->n_names == 0;
}

static enum gw_code count_row(struct gw_template *t, bool bad, size_t max_bad, struct gw_err *err)
{
	t->rows.bad += bad;
	if (max_bad > 0 && bad && t->rows.bad >= max_bad)
		return gw_fail(err, GW_E_PARTIAL, NULL, "stopped at %zu bad %s; nothing was written", max_bad,
			       max_bad == 1 ? "row" : "rows");
	if (++t->rows.count <= GW_EACH_FOLDERS_MAX)
		return GW_OK;
	gw_fail(err, GW_E_INPUT, t->name, "the rows are more than the %zu that can become folders",
		GW_EACH_FOLDERS_MAX);
	return gw_hint(err, "gen --stream secret has no such limit");
}

static void add_row(struct gw_template *t, struct gw_entry **last, struct gw_entry *e)
{
	e->next = (*last)->next;
	(*last)->next = e;
	*last = e;
	t->count++;
}

/* The rows of one entry, behind *last. */
static enum gw_code expand_one(struct gw_template *t, struct gw_each_reader *reader, struct gw_entry **last, bool asked,
			       size_t max_bad, struct gw_findings *fs, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings unheard = {0};
	struct gw_each_made made = {0};
	enum gw_code code = GW_OK;
	size_t rows = 0;

	while (code == GW_OK) {
		code = gw_each_next(reader, true, &t->arena, asked ? fs : &unheard, &made, err);
		if (code != GW_OK || made.end)
			break;
		if (asked)
			code = count_row(t, made.bad, max_bad, err);
		if (code == GW_OK && made.entry != NULL)
			add_row(t, last, made.entry);
		if (++rows >= GW_EACH_FOLDERS_MAX && !asked)
			break;
	}
	return code;
}

enum gw_code gw_each_expand(struct gw_template *t, const struct gw_each_request *request, struct gw_findings *fs,
			    struct gw_err *err)
{
	GW_EACH_TAKEN_AUTO struct gw_each_taken taken = {0};
	struct gw_each_reader *reader;
	struct gw_entry *e, *last;
	enum gw_code code = GW_OK;

	gw_each_take(t, &taken);
	for (e = t->first; e != NULL && code == GW_OK; e = last->next) {
		bool asked = e->each != NULL && is_asked(t, e, request);

		last = e;
		reader = NULL;
		if (e->each != NULL && (asked || !request->only_asked))
			code = gw_each_open(t, e, &taken, &reader, err);
		if (code == GW_OK && reader != NULL)
			code = expand_one(t, reader, &last, asked, request->max_bad, fs, err);
		else if (code == GW_E_INPUT && !asked)
			code = GW_OK;
		gw_each_close(reader);
		t->last = last;
	}
	gw_template_sort(t);
	return code;
}
