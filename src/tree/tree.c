/* SPDX-License-Identifier: Apache-2.0 */
/* Which reader a text is for, and how many documents it may have. */
#include "tree/tree.h"

#include <stdio.h>
#include <string.h>

#include "tree/internal.h"

/* A stream that begins with { or [ is JSON, as kubectl reads it. */
static bool looks_like_json(const char *text, size_t len)
{
	size_t at = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < len && strchr(" \t\r\n", text[at]) != NULL)
		at++;
	return at < len && (text[at] == '{' || text[at] == '[');
}

static enum gw_code read_all(struct gw_arena *arena, const char *name, const char *text, size_t len,
			     struct gw_node **docs, struct gw_twice **twice, bool last_holds,
			     struct gw_tree_fault *fault, struct gw_err *err)
{
	struct gw_tree_fault unused;
	struct gw_reader r;
	struct gw_node *list;
	enum gw_code code = gw_reader_init(&r, arena, name, text, len, fault != NULL ? fault : &unused, err);

	if (code != GW_OK)
		return code;
	r.twice = twice;
	r.last_holds = last_holds;
	list = gw_list_new(arena);
	code = looks_like_json(text, len) ? gw_json_read_all(&r, list) : gw_yaml_read_all(&r, list);
	if (code == GW_OK)
		*docs = list;
	return code;
}

enum gw_code gw_tree_read(struct gw_arena *arena, const char *name, const char *text, size_t len, struct gw_node **docs,
			  struct gw_tree_fault *fault, struct gw_err *err)
{
	return read_all(arena, name, text, len, docs, NULL, false, fault, err);
}

enum gw_code gw_tree_read_last(struct gw_arena *arena, const char *name, const char *text, size_t len,
			       struct gw_node **docs, struct gw_twice **twice, struct gw_tree_fault *fault,
			       struct gw_err *err)
{
	*twice = NULL;
	return read_all(arena, name, text, len, docs, twice, true, fault, err);
}

static enum gw_code only_one(struct gw_arena *arena, struct gw_node *docs, const char *name, struct gw_node **root,
			     struct gw_tree_fault *fault, struct gw_err *err)
{
	if (docs->count == 0) {
		if (fault != NULL)
			*fault = (struct gw_tree_fault){.where = {.file = name}};
		return gw_fail(err, GW_E_INPUT, name, "has nothing in it");
	}
	if (docs->count > 1) {
		char where[GW_ERR_WHERE_MAX];

		if (fault != NULL)
			*fault = (struct gw_tree_fault){.where = gw_node_where(arena, docs->first->next, NULL)};
		snprintf(where, sizeof(where), "%s:%u:%u", name, docs->first->next->line, docs->first->next->column);
		gw_fail(err, GW_E_INPUT, where, "a second document begins here; only one is expected");
		return gw_hint(err, "take out the line ---, or make a file of each");
	}
	*root = docs->first;
	return GW_OK;
}

enum gw_code gw_tree_read_one(struct gw_arena *arena, const char *name, const char *text, size_t len,
			      struct gw_node **root, struct gw_tree_fault *fault, struct gw_err *err)
{
	struct gw_node *docs;
	enum gw_code code = gw_tree_read(arena, name, text, len, &docs, fault, err);

	return code == GW_OK ? only_one(arena, docs, name, root, fault, err) : code;
}

enum gw_code gw_tree_read_on(struct gw_arena *arena, const char *name, const char *text, size_t len,
			     struct gw_node **root, struct gw_twice **twice, struct gw_tree_fault *fault,
			     struct gw_err *err)
{
	struct gw_node *docs;
	enum gw_code code;

	*twice = NULL;
	code = read_all(arena, name, text, len, &docs, twice, false, fault, err);
	return code == GW_OK ? only_one(arena, docs, name, root, fault, err) : code;
}

enum gw_code gw_json_read(struct gw_arena *arena, const char *name, const char *text, size_t len, struct gw_node **root,
			  struct gw_tree_fault *fault, struct gw_err *err)
{
	struct gw_tree_fault unused;
	struct gw_reader r;
	struct gw_node *docs;
	enum gw_code code = gw_reader_init(&r, arena, name, text, len, fault != NULL ? fault : &unused, err);

	if (code != GW_OK)
		return code;
	docs = gw_list_new(arena);
	code = gw_json_read_all(&r, docs);
	return code == GW_OK ? only_one(arena, docs, name, root, fault, err) : code;
}
