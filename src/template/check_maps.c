/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "template/check.h"
#include "template/vars.h"

/* --- lists of maps ------------------------------------------------------------------------------------------------ */

/* Of a map that holds one of its keys: what to write instead of none, or of several. */
static void check_one(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *map,
		      const struct gw_keypath *path)
{
	GW_BUF_AUTO struct gw_buf names = GW_BUF(GW_ERR_HINT_MAX);
	struct gw_finding *f;
	size_t i;

	if (map->count == 1)
		return;
	if (map->count > 1) {
		f = gw_check_say(c, GWT_CLASH, map->first->next->key, path,
				 "%s is one thing, and this is the second key of it", rows->what);
		gw_finding_fix(c->fs, f, "begin another item of the list: - %s:", map->first->next->key->text);
		return;
	}
	for (i = 0; i < rows->count; i++)
		gw_buf_printf(&names, "%s%s", i == 0 ? "" : i + 1 == rows->count ? " or " : ", ", rows->rows[i].name);
	f = gw_check_say(c, GWT_MISSING_KEY, map, path, "%s is empty", rows->what);
	gw_finding_fix(c->fs, f, "write %s", gw_buf_str(&names));
}

static void no_map(struct gw_check *c, const struct gw_row *row, const struct gw_node *item,
		   const struct gw_keypath *path)
{
	struct gw_finding *f = gw_check_say(c, GWT_WRONG_KIND, item, path, "an item of \"%s\" must be a map, but is %s",
					    row->name, gw_node_what(item));

	if (item->kind == GW_SCALAR && !gw_node_is_null(item) && row->map->rows[0].kind != GW_VALUE_MAP)
		gw_finding_fix(c->fs, f, "write it as {%s: '%s'}", row->map->rows[0].name, item->text);
}

void gw_check_maps(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
		   const struct gw_keypath *path)
{
	const struct gw_node *item;
	size_t index = 0;

	if (!gw_check_short(c, row, list, path))
		return;
	for (item = list->first; item != NULL; item = item->next, index++) {
		const struct gw_keypath at = {.up = path, .index = index};

		if (gw_var_is_void(item)) {
			c->errors++; /* said already */
		} else if (item->kind != GW_MAP) {
			no_map(c, row, item, &at);
		} else {
			gw_check_map(c, row->map, item, &at);
			if (row->one)
				check_one(c, row->map, item, &at);
		}
	}
}

/* --- names with a text each --------------------------------------------------------------------------------------- */

static void check_label(struct gw_check *c, const struct gw_row *row, const struct gw_node *member,
			const struct gw_keypath *path)
{
	const char *why = row->check(c->arena, member->key->text);
	struct gw_finding *f;

	if (why != NULL)
		gw_check_say(c, row->rule, member->key, path, "\"%s\" %s", member->key->text, why);
	if (member->open)
		return; /* looked at with each row */
	if (gw_var_is_void(member)) {
		c->errors++; /* said already */
	} else if (member->kind != GW_SCALAR || gw_node_is_null(member)) {
		f = gw_check_say(c, GWT_WRONG_KIND, member, path, "a value of \"%s\" must be a string, but is %s",
				 row->name, gw_node_what(member));
		if (gw_node_is_null(member))
			gw_finding_fix(c->fs, f, "write '' for one that is empty");
	} else {
		why = row->check_value(c->arena, member->text);
		if (why != NULL)
			gw_check_say(c, row->rule, member, path, "\"%s\" %s", member->text, why);
	}
}

void gw_check_labels(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
		     const struct gw_keypath *path)
{
	const struct gw_node *member;

	if (map->count > (size_t)row->max) {
		gw_check_say(c, GWT_BAD_VALUE, map->key, path,
			     "\"%s\" has %zu members, more than the %" PRId64 " that are taken", row->name, map->count,
			     row->max);
		return;
	}
	for (member = map->first; member != NULL; member = member->next) {
		const struct gw_keypath at = {.up = path, .name = member->key->text};

		check_label(c, row, member, &at);
	}
}
