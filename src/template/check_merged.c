/* SPDX-License-Identifier: Apache-2.0 */
#include "template/check.h"

static void check_merged_items(struct gw_check *c, const struct gw_row *row, const struct gw_node *list,
			       const struct gw_keypath *path)
{
	const struct gw_node *item;
	size_t index = 0;

	for (item = list->first; item != NULL; item = item->next, index++) {
		const struct gw_keypath at = {.up = path, .index = index};

		if (item->kind == GW_MAP)
			gw_check_merged(c, row->map, item, &at);
	}
}

static void check_merged_row(struct gw_check *c, const struct gw_row *row, const struct gw_node *map,
			     const struct gw_keypath *path)
{
	const struct gw_node *value = gw_node_get(map, row->name);
	const struct gw_keypath at = {.up = path, .name = row->name};
	bool stands = gw_row_stands(row, map);
	struct gw_finding *f;

	if (value != NULL && !stands) {
		f = gw_check_say(c, GWT_CLASH, value->key, &at, "\"%s\" does not go with %s \"%s\"", row->name,
				 row->only_key, gw_node_text(gw_node_get(map, row->only_key)));
		gw_finding_fix(c->fs, f, "leave it out, or write %s: %s", row->only_key, row->only_word);
	} else if (value == NULL && row->required && stands &&
		   (row->instead == NULL || gw_node_get(map, row->instead) == NULL) &&
		   (row->only_key == NULL || gw_node_get(map, row->only_key) != NULL)) {
		f = gw_check_say(c, GWT_MISSING_KEY, map->key != NULL ? map->key : map, path, "\"%s\" is missing in %s",
				 row->name, gw_keypath_text(c->arena, path));
		gw_finding_fix(c->fs, f, "add \"%s\": %s", row->name, row->help);
	} else if (value != NULL && value->kind == GW_MAP &&
		   (row->kind == GW_VALUE_MAP || row->kind == GW_VALUE_ROWS)) {
		gw_check_merged(c, row->map, value, &at);
	} else if (value != NULL && value->kind == GW_LIST && gw_check_short(c, row, value, &at)) {
		/* Each part was looked at by itself: what was appended may be there already. */
		if (row->kind == GW_VALUE_WORDS)
			gw_check_twice(c, row, value, &at);
		else if (row->kind == GW_VALUE_MAPS)
			check_merged_items(c, row, value, &at);
	}
}

void gw_check_merged(struct gw_check *c, const struct gw_rows *rows, const struct gw_node *map,
		     const struct gw_keypath *path)
{
	size_t i;

	for (i = 0; i < rows->count; i++)
		check_merged_row(c, &rows->rows[i], map, path);
}
