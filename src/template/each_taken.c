/* SPDX-License-Identifier: Apache-2.0 */
/* Names and places that nothing else may have: of entries, and of a million rows. */
#include <string.h>

#include "base/text.h"
#include "template/each_row.h"
#include "template/links.h"
#include "template/publish.h"

#define PLACE_MAX 1024 /* octets of a place as a word; names are shorter by their own rules */

/* The place as a word: its kind, namespace or location, and name. */
static bool take_place(struct gw_each_taken *taken, const char *kind, const char *where, const char *name)
{
	GW_BUF_AUTO struct gw_buf word = GW_BUF(PLACE_MAX);

	gw_buf_printf(&word, "%s\n%s\n%s", kind, where, name);
	return gw_seen_add(&taken->places, gw_buf_str(&word), true);
}

static bool is_cloud(const struct gw_node *place)
{
	return strcmp(place->key->text, "certificateManager") == 0;
}

/* Where a place is that is written so: its namespace, or its location. */
static const char *where_of(const struct gw_node *place, const struct gw_node *at)
{
	if (is_cloud(place))
		return at != NULL ? at->text : GW_GLOBAL;
	return at != NULL ? at->text : "";
}

static const struct gw_node *where_node(const struct gw_node *place)
{
	return gw_node_get(place, is_cloud(place) ? "location" : "namespace");
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

void gw_each_take(const struct gw_template *t, struct gw_each_taken *taken)
{
	const struct gw_publish *p;
	const struct gw_entry *e;

	for (e = t->first; e != NULL; e = e->next) {
		(void)gw_seen_add(&taken->names, e->name, true);
		for (p = e->each == NULL ? e->publish : NULL; p != NULL; p = p->next)
			(void)take_place(taken, p->node->key->text, where_of(p->node, where_node(p->node)), p->name);
	}
}

/* Whether an entry, or its rows, are published as a Secret. */
static bool is_secret(const struct gw_entry *e)
{
	const struct gw_node *list = gw_node_get(e->merged, "publish"), *item;

	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
		if (gw_node_get(item, "secret") != NULL)
			return true;
	}
	return false;
}

void gw_each_take_secrets(const struct gw_template *t, struct gw_arena *arena, struct gw_each_taken *taken,
			  struct gw_findings *fs)
{
	struct gw_check c = {.arena = arena, .fs = fs, .t = t};
	const struct gw_entry *e;
	struct gw_finding *f;

	gw_each_take(t, taken);
	for (e = t->first; e != NULL; e = e->next)
		taken->secrets |= is_secret(e);
	for (e = taken->secrets ? t->first : NULL; e != NULL; e = e->next) {
		if (e->each != NULL || e->plan.ca || is_secret(e) || take_place(taken, "secret", "", e->name))
			continue;
		f = gw_entry_say(&c, GWT_SAME_TARGET, e, NULL,
				 "the Secret of \"%s\" would have the name of one that is published", e->name);
		gw_finding_fix(fs, f, "give it a name of its own: publish: [{secret: {name: ...}}]");
	}
}

void gw_each_taken_release(struct gw_each_taken *taken)
{
	gw_seen_release(&taken->names);
	gw_seen_release(&taken->places);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static const struct gw_node *fill(struct gw_check *c, const struct gw_each_row *row, const struct gw_node *node)
{
	return node != NULL && gw_each_is_open(node) ? gw_each_fill(c, row, node) : node;
}

static void say_taken(struct gw_check *c, const struct gw_node *place, const struct gw_node *at,
		      const struct gw_node *name, const char *where)
{
	const char *kind = is_cloud(place) ? "certificate" : "Secret"; /* ConfigMaps are for CAs, which are no rows */

	gw_check_say(c, GWT_SAME_TARGET, at, NULL,
		     "an earlier row, or another entry, is published as the %s \"%s%s%s\" already", kind, where,
		     where[0] != '\0' ? "/" : "", name->text);
}

/* One item of publish. */
static void take_item(struct gw_check *c, struct gw_each_taken *taken, const struct gw_each_row *row,
		      const struct gw_node *place)
{
	const struct gw_node *name = fill(c, row, gw_node_get(place, "name"));
	const struct gw_node *at = fill(c, row, where_node(place));

	if (c->errors == 0 && !take_place(taken, place->key->text, where_of(place, at), name->text))
		say_taken(c, place, at != NULL && name == gw_node_get(place, "name") ? at : name, name,
			  where_of(place, at));
}

void gw_each_take_places(struct gw_check *c, struct gw_each_taken *taken, const struct gw_each_row *row,
			 const char *name)
{
	const struct gw_node *list = gw_node_get(row->pattern->merged, "publish"), *item;

	for (item = list != NULL ? list->first : NULL; item != NULL && c->errors == 0; item = item->next)
		take_item(c, taken, row, item->first);
	if (c->errors > 0 || !taken->secrets || is_secret(row->pattern) || take_place(taken, "secret", "", name))
		return;
	gw_check_say(c, GWT_SAME_TARGET, fill(c, row, gw_node_get(row->pattern->merged, "name")), NULL,
		     "an earlier row, or another entry, is published as the Secret \"%s\" already", name);
}
