/* SPDX-License-Identifier: Apache-2.0 */
#include "template/profile.h"

#include <string.h>

#include "template/template.h"

const char gw_ready_made_profiles[] = "server:                # a Gateway's certificate\n"
				      "  key: ec-p256\n"
				      "  extendedKeyUsage: [serverAuth]\n"
				      "  validity: 90d\n"
				      "backend:               # a service behind the Gateway, which speaks TLS to it\n"
				      "  extends: server\n"
				      "  validity: 1y\n"
				      "client:                # who asks the Gateway and shows a certificate\n"
				      "  key: ec-p256\n"
				      "  extendedKeyUsage: [clientAuth]\n"
				      "  validity: 90d\n"
				      "ca:                    # signs the others\n"
				      "  ca: {}\n"
				      "  key: ec-p256\n"
				      "  validity: 10y\n";

/* --- merging ------------------------------------------------------------------------------------------------------ */

static struct gw_node *copy(struct gw_arena *arena, const struct gw_node *node)
{
	struct gw_node *c = GW_ARENA_NEW(arena, struct gw_node);

	*c = *node;
	c->next = NULL;
	return c;
}

static struct gw_node *empty_like(struct gw_arena *arena, const struct gw_node *map)
{
	struct gw_node *c = copy(arena, map);

	c->first = c->last = NULL;
	c->count = 0;
	return c;
}

static struct gw_node *add_copy(struct gw_arena *arena, struct gw_node *to, const struct gw_node *node)
{
	return gw_list_add(to, copy(arena, node));
}

/* The list that `more`, "sans+", makes of the profile's, which may be NULL. It stands where `more` was written, under the
 * list's own name. */
static struct gw_node *append(struct gw_arena *arena, const struct gw_row *row, const struct gw_node *base,
			      const struct gw_node *more)
{
	struct gw_node *list = empty_like(arena, more);
	const struct gw_node *item;

	list->key = copy(arena, more->key);
	list->key->text = row->name;
	list->key->len = strlen(row->name);
	for (item = base != NULL && base->kind == GW_LIST ? base->first : NULL; item != NULL; item = item->next)
		add_copy(arena, list, item);
	for (item = more->first; item != NULL; item = item->next)
		add_copy(arena, list, item);
	return list;
}

/* What a map appends to the list of a row, or NULL. What is no list has been said to be none, and is left out. */
static const struct gw_node *appended_to(const struct gw_row *row, const struct gw_node *map)
{
	const struct gw_node *more = gw_row_is_list(row) ? gw_node_appending(map, row->name) : NULL;

	return more != NULL && more->kind == GW_LIST ? more : NULL;
}

static struct gw_node *merge(struct gw_arena *arena, const struct gw_rows *rows, const struct gw_node *base,
			     const struct gw_node *over);

/* One key of a merged map; base and over are what the two maps have under it, either may be NULL. */
static void merge_key(struct gw_arena *arena, struct gw_node *out, const struct gw_row *row, const struct gw_node *base,
		      const struct gw_node *over)
{
	const struct gw_node *value = over != NULL ? over : base;

	if (value->kind != GW_MAP || row->kind != GW_VALUE_MAP || over == NULL)
		add_copy(arena, out, value);
	else
		gw_list_add(out, merge(arena, row->map, base != NULL && base->kind == GW_MAP ? base : NULL, over));
}

/* base may be NULL: then this is `over` alone, with nothing left in it that appends. */
static struct gw_node *merge(struct gw_arena *arena, const struct gw_rows *rows, const struct gw_node *base,
			     const struct gw_node *over)
{
	struct gw_node *out = empty_like(arena, over);
	const struct gw_node *m, *other, *more;
	const struct gw_row *row;

	for (m = base != NULL ? base->first : NULL; m != NULL; m = m->next) {
		row = gw_row_find(rows, m->key->text);
		other = gw_node_get(over, m->key->text);
		more = row != NULL ? appended_to(row, over) : NULL;
		if (row == NULL || (row->instead != NULL && gw_node_get(over, row->instead) != NULL))
			continue;
		if (other == NULL && more != NULL)
			gw_list_add(out, append(arena, row, m, more));
		else if (other != NULL || gw_row_stands(row, over))
			merge_key(arena, out, row, m, other);
	}
	for (m = over->first; m != NULL; m = m->next) {
		row = gw_row_find(rows, m->key->text);
		if (row != NULL && gw_node_get(base, row->name) == NULL)
			merge_key(arena, out, row, NULL, m);
		row = gw_row_appended(rows, m->key->text);
		if (row != NULL && appended_to(row, over) == m && gw_node_get(base, row->name) == NULL &&
		    gw_node_get(over, row->name) == NULL)
			gw_list_add(out, append(arena, row, NULL, m));
	}
	return out;
}

/* --- profiles ----------------------------------------------------------------------------------------------------- */

static struct gw_profile *find_from(const struct gw_profiles *ps, size_t from, const char *name)
{
	size_t i;

	for (i = from; i < ps->count; i++) {
		if (strcmp(ps->items[i].name, name) == 0)
			return &ps->items[i];
	}
	return NULL;
}

const struct gw_profile *gw_profiles_find(const struct gw_profiles *ps, const char *name)
{
	return find_from(ps, 0, name);
}

const char *const *gw_profiles_names(struct gw_profiles *ps)
{
	size_t i, n = 0;

	if (ps->names != NULL)
		return ps->names;
	ps->names = gw_arena_alloc(ps->check->arena, (ps->count + 1) * sizeof(*ps->names));
	for (i = 0; i < ps->count; i++) {
		if (find_from(ps, 0, ps->items[i].name) == &ps->items[i])
			ps->names[n++] = ps->items[i].name;
	}
	return ps->names;
}

static void unknown_profile(struct gw_profiles *ps, const struct gw_node *at, const struct gw_keypath *path)
{
	struct gw_finding *f =
		gw_check_say(ps->check, GWT_UNKNOWN_PROFILE, at, path, "there is no profile \"%s\"", at->text);
	gw_check_did_you_mean(ps->check, f, at->text, gw_profiles_names(ps));
}

static void resolve(struct gw_profiles *ps, struct gw_profile *p)
{
	const struct gw_node *extends = gw_node_get(p->node, "extends");
	const char *name = gw_node_text(extends);
	const struct gw_node *own = p->node->kind == GW_MAP ? p->node : gw_map_new(ps->check->arena);
	const struct gw_keypath top = {.name = "profiles"}, place = {.up = &top, .name = p->name};
	const struct gw_keypath path = {.up = &place, .name = "extends"};
	struct gw_profile *base;
	/* A profile that extends its own name means the ready-made one, which it replaces. */
	size_t from = name != NULL && strcmp(name, p->name) == 0 ? ps->n_declared : 0;

	p->state = GW_PROFILE_BUSY;
	p->merged = merge(ps->check->arena, &gw_profile_rows, NULL, own);
	p->bad = gw_check_is_bad(ps->check, p->node);
	if (name != NULL && !gw_node_is_null(extends)) {
		base = find_from(ps, from, name);
		if (base != NULL && base->state == GW_PROFILE_NEW)
			resolve(ps, base);
		if (base == NULL && from > 0) {
			gw_check_say(ps->check, GWT_PROFILE_CYCLE, extends, &path,
				     "profile \"%s\" extends itself, and no ready-made one has its name", name);
			p->bad = true;
		} else if (base == NULL) {
			unknown_profile(ps, extends, &path);
			p->bad = true;
		} else if (base->state == GW_PROFILE_BUSY) {
			gw_check_say(ps->check, GWT_PROFILE_CYCLE, extends, &path,
				     "profile \"%s\" extends itself by way of \"%s\"", p->name, name);
			p->bad = true;
		} else {
			p->merged = merge(ps->check->arena, &gw_profile_rows, base->merged, own);
			p->bad = p->bad || base->bad;
		}
	}
	p->state = GW_PROFILE_DONE;
}

static const struct gw_node *read_ready_made(struct gw_arena *arena)
{
	struct gw_tree_fault fault;
	struct gw_node *root;
	struct gw_err err;

	if (gw_tree_read_one(arena, "ready-made profiles", gw_ready_made_profiles, strlen(gw_ready_made_profiles),
			     &root, &fault, &err) != GW_OK)
		return gw_map_new(arena); /* never: a test reads them */
	return root;
}

static void take(struct gw_profiles *ps, const struct gw_node *map)
{
	const struct gw_node *m;

	for (m = map->first; m != NULL; m = m->next)
		ps->items[ps->count++] = (struct gw_profile){.name = m->key->text, .node = m};
}

void gw_profiles_init(struct gw_profiles *ps, struct gw_check *c, const struct gw_node *declared)
{
	const struct gw_node *ready_made = read_ready_made(c->arena);
	const struct gw_node *own = declared != NULL && declared->kind == GW_MAP ? declared : gw_map_new(c->arena);
	size_t i;

	*ps = (struct gw_profiles){.check = c, .ready_made = ready_made->source};
	ps->items = gw_arena_alloc(c->arena, (own->count + ready_made->count) * sizeof(*ps->items));
	take(ps, own);
	ps->n_declared = ps->count;
	take(ps, ready_made);
	for (i = 0; i < ps->count; i++) {
		if (ps->items[i].state == GW_PROFILE_NEW)
			resolve(ps, &ps->items[i]);
	}
}

const struct gw_node *gw_profiles_apply(struct gw_profiles *ps, const struct gw_node *entry, const char **name,
					bool *bad)
{
	const struct gw_node *said = gw_node_get(entry, "profile");
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = entry->key->text};
	const struct gw_keypath path = {.up = &own, .name = "profile"};
	const struct gw_profile *p;

	*name = gw_node_get(entry, "ca") != NULL ? "ca" : "server";
	if (said != NULL && gw_node_text(said) != NULL && !gw_node_is_null(said))
		*name = said->text;
	p = find_from(ps, 0, *name);
	*bad = p == NULL || p->bad;
	if (p != NULL)
		return merge(ps->check->arena, &gw_entry_rows, p->merged, entry);
	unknown_profile(ps, said != NULL ? said : entry->key, &path);
	return entry;
}
