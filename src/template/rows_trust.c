/* SPDX-License-Identifier: Apache-2.0 */
#include "template/read.h"
#include "template/rows.h"

#define REFS_MAX 1000 /* what the targets take is less, and told by its own rule */

static void read_refs(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);

/* clang-format off */
#define ROW_OF_REFS(field_, also_, help_) \
	{.name = #field_, .kind = GW_VALUE_TEXTS, .alone = true, .max = REFS_MAX, .read = read_refs, \
	 .field = GW_FIELD(struct gw_trust, field_, struct gw_refs), .also = also_, .help = help_}

static const struct gw_row trust_map_rows[] = {
	ROW_OF_REFS(anchors, " roots trustAnchors cas ca ", "names of CAs of certificates that are trusted as they are"),
	ROW_OF_REFS(intermediates, " intermediateCas chain subCas ",
		    "names of CAs of certificates that lead to an anchor, for peers that do not send them"),
	ROW_OF_REFS(allowlist, " allowlistedCertificates allowList allow pinned ",
		    "names of certificates that are accepted whatever signed them"),
	{.name = "publish", .kind = GW_VALUE_MAPS, .alone = true, .max = GW_PUBLISH_MAX,
	 .map = &gw_trust_publish_rows, .one = true, .read = gw_read_publish, .also = " publishTo targets outputs ",
	 .help = "where it is brought to: a list of configMap, configMaps and trustConfig"},
};
/* clang-format on */

const struct gw_rows gw_trust_rows = {"a member of trust", trust_map_rows, GW_COUNT(trust_map_rows)};

static void read_refs(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_refs *refs = (struct gw_refs *)((char *)r->into + row->field);
	const struct gw_node *item;

	if (value->kind != GW_LIST || value->count > (size_t)row->max)
		return;
	refs->items = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*refs->items));
	for (item = value->first; item != NULL; item = item->next) {
		if (gw_node_text(item) != NULL && !gw_node_is_null(item))
			refs->items[refs->count++] = (struct gw_ref){.name = item->text, .node = item};
	}
}

struct gw_trust *gw_trust_read(struct gw_template *t, const struct gw_node *member)
{
	struct gw_trust *trust = GW_ARENA_NEW(&t->arena, struct gw_trust);
	struct gw_reading r = {.arena = &t->arena, .t = t, .into = trust, .publish = &trust->publish};

	trust->name = member->key->text;
	trust->node = member;
	gw_read_map(&r, &gw_trust_rows, member);
	return trust;
}
