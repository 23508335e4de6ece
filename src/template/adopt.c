/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "template/adopting.h"
#include "template/check.h"
#include "template/rows.h"

#define COMMENT_COLUMNS 110
#define NAME_MAX_OCTETS 100 /* of an entry: room for a number, and for the names of files in its folder */
#define PASSES          8   /* of leaving out what the checks refuse; each removes something, two are usual */

void gw_adopt_begin(struct gw_adoption *a, const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
		    struct gw_findings *fs)
{
	a->source = gw_source_new(&a->arena, name, text, len);
	a->ctx = ctx;
	a->fs = fs;
	a->profiles = gw_map_new(&a->arena);
	a->certificates = gw_map_new(&a->arena);
	a->head = "";
}

void gw_adoption_release(struct gw_adoption *a)
{
	gw_arena_release(&a->arena);
	*a = (struct gw_adoption){0};
}

struct gw_node *gw_adopt_place(struct gw_adoption *a, unsigned line, unsigned column, unsigned end)
{
	struct gw_node *at = GW_ARENA_NEW(&a->arena, struct gw_node);

	*at = (struct gw_node){.kind = GW_SCALAR,
			       .text = "",
			       .source = a->source,
			       .line = line,
			       .end_line = line,
			       .column = column,
			       .end_column = end};
	return at;
}

/* --- saying ------------------------------------------------------------------------------------------------------- */

/* Text in lines of COMMENT_COLUMNS, broken at spaces; what follows the first line is set in. */
static void add_wrapped(struct gw_buf *out, const char *text)
{
	size_t left = COMMENT_COLUMNS;

	while (strlen(text) > left) {
		size_t n = left;

		while (n > 0 && text[n] != ' ')
			n--;
		if (n == 0)
			break;
		gw_buf_add(out, text, n);
		gw_buf_str_add(out, "\n  ");
		text += n + 1;
		left = COMMENT_COLUMNS - 2;
	}
	gw_buf_str_add(out, text);
}

static const char *with_line(struct gw_adoption *a, const char *comment, const char *what, const char *fix)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF((size_t)1 << 20), line = GW_BUF(2 * GW_ERR_WHAT_MAX);

	/* The first of a map has lost the blank line above it once it has been written. */
	if (comment != NULL)
		gw_buf_printf(&text, "%s\n", comment);
	gw_buf_printf(&line, "%s%s%s", what, fix != NULL ? ": " : "", fix != NULL ? fix : "");
	add_wrapped(&text, gw_buf_str(&line));
	return gw_arena_strdup(&a->arena, gw_buf_str(&text));
}

struct gw_finding *gw_adopt_say(struct gw_adoption *a, const struct gw_adopted *e, enum gw_rule_name rule,
				const struct gw_node *at, const char *fmt, ...)
{
	struct gw_where where = {.file = a->source->name};
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	if (at != NULL && at->source != NULL && at->line > 0)
		where = gw_node_where(&a->fs->arena, at, NULL);
	if (e != NULL)
		e->map->comment = with_line(a, e->map->comment, what, NULL);
	else
		a->head = with_line(a, a->head, what, NULL);
	return gw_find(a->fs, rule, &where, "%s", what);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool taken(const struct gw_node *map, const char *name)
{
	const struct gw_node *m;

	for (m = map->first; m != NULL; m = m->next) {
		if (strcasecmp(m->key->text, name) == 0)
			return true;
	}
	return false;
}

/* As gen --host calls a folder, and letters and digits where a name is anything else. */
static const char *folder_name(struct gw_adoption *a, const char *wish, const struct gw_node *among)
{
	GW_BUF_AUTO struct gw_buf name = GW_BUF(4 * NAME_MAX_OCTETS);
	const char *base;
	unsigned n;

	for (; *wish != '\0' && name.len < NAME_MAX_OCTETS; wish++) {
		if (*wish == '*')
			gw_buf_str_add(&name, "_wildcard");
		else if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *wish) != NULL ||
			 (name.len > 0 && (*wish == '.' || *wish == '-')))
			gw_buf_chr(&name, *wish);
		else if (name.len > 0 && name.data[name.len - 1] != '-')
			gw_buf_chr(&name, '-');
	}
	while (name.len > 0 && strchr("-.", name.data[name.len - 1]) != NULL)
		name.data[--name.len] = '\0';
	if (name.len == 0 || strcmp(gw_buf_str(&name), "self") == 0)
		gw_buf_str_add(&name, "cert");
	base = gw_arena_strdup(&a->arena, gw_buf_str(&name));
	if (!taken(among, base))
		return base;
	for (n = 2;; n++) {
		const char *numbered = gw_arena_printf(&a->arena, "%s-%u", base, n);

		if (!taken(among, numbered))
			return numbered;
	}
}

static struct gw_adopted add_to(struct gw_adoption *a, struct gw_node *to, const char *wish, const struct gw_node *at)
{
	struct gw_adopted e = {.a = a, .name = folder_name(a, wish, to), .map = gw_map_new(&a->arena), .at = at};

	gw_map_add(&a->arena, to, e.name, e.map);
	e.map->comment = "";
	return e;
}

struct gw_adopted gw_adopt_entry(struct gw_adoption *a, const char *wish, const struct gw_node *at)
{
	return add_to(a, a->certificates, wish, at);
}

struct gw_adopted gw_adopt_profile(struct gw_adoption *a, const char *wish, const struct gw_node *at)
{
	return add_to(a, a->profiles, wish, at);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

struct gw_node *gw_adopt_text(struct gw_adoption *a, const char *text)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(2 * strlen(text) + 1);

	for (; *text != '\0'; text++) {
		if (strncmp(text, "$(", 2) == 0 || strncmp(text, "${", 2) == 0)
			gw_buf_chr(&out, '$');
		gw_buf_chr(&out, *text);
	}
	return gw_str_new(&a->arena, gw_buf_str(&out));
}

struct gw_node *gw_adopt_list(struct gw_adoption *a, const struct gw_text_list *texts)
{
	struct gw_node *list = gw_list_new(&a->arena);
	size_t i;

	for (i = 0; i < texts->count; i++)
		gw_list_add(list, gw_adopt_text(a, texts->items[i]));
	return list;
}

/* The row of "ca.permitted.dns" below an entry, or NULL. */
static const struct gw_row *find_row(struct gw_arena *arena, const char *key)
{
	const struct gw_rows *rows = &gw_entry_rows;
	const struct gw_row *row = NULL;

	while (rows != NULL) {
		size_t n = strcspn(key, ".");

		row = gw_row_find(rows, gw_arena_strndup(arena, key, n));
		if (row == NULL || key[n] == '\0')
			return row;
		rows = row->map;
		key += n + 1;
	}
	return NULL;
}

bool gw_adopt_has(const char *key)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};

	return find_row(&arena, key) != NULL;
}

/* The map in which the last word of a key stands; maps on the way are made. */
static struct gw_node *map_of(struct gw_adoption *a, struct gw_node *map, const char *key)
{
	const char *dot = strchr(key, '.');
	const char *name;
	struct gw_node *next;

	if (dot == NULL)
		return map;
	name = gw_arena_strndup(&a->arena, key, (size_t)(dot - key));
	next = gw_node_get(map, name);
	if (next == NULL)
		next = gw_map_add(&a->arena, map, name, gw_map_new(&a->arena));
	return map_of(a, next, dot + 1);
}

bool gw_adopt_put(const struct gw_adopted *e, const char *key, struct gw_node *value, const struct gw_node *at,
		  const char *what)
{
	struct gw_adoption *a = e->a;
	const char *last = strrchr(key, '.');

	if (value == NULL || (value->kind == GW_LIST && value->count == 0))
		return false;
	if (find_row(&a->arena, key) == NULL) {
		gw_adopt_say(a, e, GWT_NOT_CARRIED, at, "not carried over: %s, which no key of a template takes", what);
		return false;
	}
	if (at != NULL && value->source == NULL && at->line > 0) {
		value->source = at->source;
		value->line = at->line;
		value->column = at->column;
		value->end_line = at->end_line;
		value->end_column = at->end_column;
	}
	gw_map_add(&a->arena, map_of(a, e->map, key), last != NULL ? last + 1 : key, value);
	return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* The keys of a map, and of its subject, in the order in which the language lists them, whatever they were found in. */
static void sort_keys(struct gw_node *map, const struct gw_rows *rows)
{
	struct gw_node old = *map, *m;
	size_t i;

	map->first = map->last = NULL;
	map->count = 0;
	for (i = 0; i < rows->count; i++) {
		m = gw_node_get(&old, rows->rows[i].name);
		if (m == NULL)
			continue;
		gw_node_remove(&old, m);
		gw_list_add(map, m);
		if (rows->rows[i].map == &gw_subject_rows)
			sort_keys(m, rows->rows[i].map);
	}
}

/* No empty line between a section and the first of its members. */
static void begin_close(struct gw_node *section)
{
	struct gw_node *first = section->first;

	if (first != NULL && first->comment != NULL && strchr("\n", first->comment[0]) != NULL)
		first->comment = first->comment[0] != '\0' ? first->comment + 1 : NULL;
}

static void write_text(struct gw_adoption *a, struct gw_buf *out)
{
	struct gw_node *top = gw_map_new(&a->arena), *entry;

	for (entry = a->certificates->first; entry != NULL; entry = entry->next)
		sort_keys(entry, &gw_entry_rows);
	begin_close(a->certificates);
	begin_close(a->profiles);
	gw_yaml_comment(out, a->head, 0);
	gw_buf_chr(out, '\n');
	gw_map_int(&a->arena, top, "gwcert", 1);
	a->profiles->comment = a->certificates->comment = "";
	a->profiles->next = a->certificates->next = NULL;
	if (a->profiles->count > 0)
		gw_map_add(&a->arena, top, "profiles", a->profiles);
	gw_map_add(&a->arena, top, "certificates", a->certificates);
	gw_yaml_write(out, top);
}

/* A step of a path as gw_keypath_text() writes it: the child, or NULL. Moves *path behind the step. */
static struct gw_node *step(struct gw_arena *arena, const struct gw_node *node, const char **path)
{
	const char *at = *path;
	struct gw_node *child;
	size_t n;

	if (strncmp(at, "[\"", 2) == 0) {
		n = strcspn(at + 2, "\"");
		*path = at + 2 + n + (at[2 + n] != '\0' ? 2 : 0);
		return gw_node_get(node, gw_arena_strndup(arena, at + 2, n));
	}
	if (*at == '[') {
		n = (size_t)strtoul(at + 1, NULL, 10);
		*path = at + strcspn(at, "]") + 1;
		for (child = node->first; child != NULL && n > 0; n--)
			child = child->next;
		return child;
	}
	at += *at == '.';
	n = strcspn(at, ".[");
	*path = at + n;
	return gw_node_get(node, gw_arena_strndup(arena, at, n));
}

/* What is to be left out: a node, what holds it, what holds that, and the entry or profile that all belong to. */
struct fault {
	struct gw_node *above, *parent, *node, *owner, *section;
};

static bool find_fault(struct gw_adoption *a, const char *path, struct fault *f)
{
	unsigned depth = 1;

	*f = (struct fault){0};
	if (path == NULL)
		return false;
	if (strncmp(path, "certificates", 12) == 0)
		f->section = a->certificates;
	else if (strncmp(path, "profiles", 8) == 0)
		f->section = a->profiles;
	else
		return false;
	path = strpbrk(path, ".[");
	f->node = f->section;
	while (path != NULL && *path != '\0') {
		struct gw_node *child = step(&a->arena, f->node, &path);

		if (child == NULL)
			break;
		f->above = f->parent;
		f->parent = f->node;
		f->node = child;
		if (depth++ == 1)
			f->owner = child;
		/* An item of a list that is a map stays whole or goes. */
		if (f->parent->kind == GW_LIST && child->kind == GW_MAP)
			break;
	}
	return f->owner != NULL;
}

static void leave_out(struct gw_adoption *a, const struct gw_finding *finding, const struct fault *f)
{
	struct gw_adopted e = {.a = a, .name = f->owner->key->text, .map = f->owner};
	const struct gw_node *key = f->node->key != NULL ? f->node->key : f->parent->key;

	if (f->node == f->owner) {
		gw_adopt_say(a, NULL, GWT_NOT_CARRIED, f->node, "not carried over: \"%s\", for %s", e.name,
			     finding->what);
		gw_node_remove(f->parent, f->node);
		return;
	}
	gw_adopt_say(a, &e, GWT_NOT_CARRIED, f->node, "not carried over: %s%s%s%s, for %s", key->text,
		     f->node->kind == GW_SCALAR ? " \"" : "", f->node->kind == GW_SCALAR ? f->node->text : "",
		     f->node->kind == GW_SCALAR ? "\"" : "", finding->what);
	gw_node_remove(f->parent, f->node);
	if (f->node->key != NULL && strcmp(f->node->key->text, "issuer") == 0)
		gw_map_str(&a->arena, f->owner, "issuer", "self");
	if (f->parent->count == 0 && f->parent->kind == GW_LIST) /* an empty ca still makes a CA */
		gw_node_remove(f->above, f->parent);
}

/* Whether the node is still below its parent: an earlier finding may have taken it out. */
static bool is_there(const struct fault *f)
{
	const struct gw_node *m;

	for (m = f->parent->first; m != NULL && m != f->node; m = m->next)
		;
	return m != NULL;
}

/* Leaves out what one run of the checks refuses. The places are all looked up before the first one goes. */
static size_t mend(struct gw_adoption *a, const struct gw_findings *refused)
{
	struct fault *faults = gw_arena_alloc(&a->arena, (refused->count + 1) * sizeof(*faults));
	const struct gw_finding *f;
	size_t i = 0, done = 0;

	for (f = refused->first; f != NULL; f = f->next, i++) {
		if (f->severity != GW_ERROR || !find_fault(a, f->where.path, &faults[i]))
			faults[i] = (struct fault){0};
	}
	for (f = refused->first, i = 0; f != NULL; f = f->next, i++) {
		if (faults[i].owner == NULL || !is_there(&faults[i]))
			continue;
		leave_out(a, f, &faults[i]);
		done++;
	}
	return done;
}

static enum gw_code check(struct gw_adoption *a, const struct gw_buf *text, struct gw_findings *fs, struct gw_err *err)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;

	t.now = a->ctx->clock.now != NULL ? gw_now(&a->ctx->clock) : 0;
	return gw_template_parse("gwcert.yaml", gw_buf_str(text), text->len, &t, fs, err);
}

enum gw_code gw_adopt_write(struct gw_adoption *a, struct gw_buf *out, struct gw_err *err)
{
	unsigned pass;

	for (pass = 0; pass < PASSES && a->certificates->count > 0; pass++) {
		GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
		GW_FINDINGS_AUTO struct gw_findings refused = {0};
		enum gw_code code;

		write_text(a, &text);
		if (text.overflow)
			return gw_fail(err, GW_E_INPUT, a->source->name,
				       "the template would be larger than the 1 MiB that one may have");
		code = check(a, &text, &refused, err);
		if (code == GW_OK) {
			gw_buf_append(out, &text);
			return GW_OK;
		}
		if (code != GW_E_INPUT || mend(a, &refused) == 0)
			return gw_fail(err, GW_E_INPUT, a->source->name, "cannot be adopted: %s",
				       refused.first != NULL ? refused.first->what : err->what);
	}
	gw_fail(err, GW_E_INPUT, a->source->name, "nothing of it could be carried over into a template");
	return gw_hint(err, "the findings above say why; gwcert init gateway writes a template to start from");
}
