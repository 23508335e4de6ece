/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of what an issuer decides: constraints, places, policies, extensions, serial and signature. */
#include <string.h>

#include "template/read.h"

/* --- name constraints --------------------------------------------------------------------------------------------- */

static const struct {
	const char *key;
	enum gw_san_type type;
} subtree_kinds[] = {{"dns", GW_SAN_DNS}, {"ip", GW_SAN_IP}, {"email", GW_SAN_EMAIL}, {"uri", GW_SAN_URI}};

static size_t count_subtrees(const struct gw_node *map)
{
	size_t n = 0, i;

	for (i = 0; i < GW_COUNT(subtree_kinds); i++) {
		const struct gw_node *list = gw_node_get(map, subtree_kinds[i].key);

		n += list != NULL ? list->count : 0;
	}
	return n;
}

static const struct gw_subtree *read_subtrees(struct gw_reading *r, const struct gw_node *map, size_t *n)
{
	struct gw_subtree *list = gw_arena_alloc(r->arena, (count_subtrees(map) + 1) * sizeof(*list));
	const struct gw_node *kind, *item;
	size_t i;

	for (i = 0; i < GW_COUNT(subtree_kinds); i++) {
		kind = gw_node_get(map, subtree_kinds[i].key);
		for (item = kind != NULL && kind->kind == GW_LIST ? kind->first : NULL; item != NULL;
		     item = item->next) {
			const char *text = gw_read_text(item);

			if (text != NULL && gw_subtree_parse(r->arena, subtree_kinds[i].type, text, &list[*n]) == NULL)
				(*n)++;
		}
	}
	return list;
}

void gw_read_constraints(struct gw_reading *r, const struct gw_node *ca)
{
	struct gw_issuer_extensions *x = &r->entry->plan.issuer;

	if (gw_node_get(ca, "permitted") != NULL)
		x->permitted = read_subtrees(r, gw_node_get(ca, "permitted"), &x->n_permitted);
	if (gw_node_get(ca, "excluded") != NULL)
		x->excluded = read_subtrees(r, gw_node_get(ca, "excluded"), &x->n_excluded);
}

/* --- places ------------------------------------------------------------------------------------------------------- */

/* A URL as it stands in a certificate: its host in ASCII. */
static const char *url_of(struct gw_reading *r, const struct gw_node *value)
{
	const char *text = gw_read_text(value);
	struct gw_san san;

	if (text == NULL || gw_san_parse(r->arena, gw_arena_printf(r->arena, "uri:%s", text), &san) != NULL)
		return NULL;
	return san.value;
}

static struct gw_texts read_urls(struct gw_reading *r, const struct gw_node *value)
{
	const struct gw_node *item = value->kind == GW_LIST ? value->first : NULL;
	const char **items = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*items));
	struct gw_texts urls = {.items = items};

	for (; item != NULL; item = item->next) {
		items[urls.count] = url_of(r, item);
		urls.count += items[urls.count] != NULL;
	}
	return urls;
}

void gw_read_aia_issuers(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->plan.issuer.ca_issuers = read_urls(r, value);
}

void gw_read_aia_ocsp(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->plan.issuer.ocsp = read_urls(r, value);
}

void gw_read_crl_distribution(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->plan.issuer.crl = read_urls(r, value);
}

/* --- policies and extensions -------------------------------------------------------------------------------------- */

void gw_read_policies(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_issuer_extensions *x = &r->entry->plan.issuer;
	const struct gw_node *item = value->kind == GW_LIST ? value->first : NULL;
	struct gw_cert_policy *list = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*list));

	(void)row;
	for (; item != NULL; item = item->next) {
		const char *oid = gw_read_text(gw_node_get(item, "oid"));

		if (oid != NULL)
			list[x->n_policies++] = (struct gw_cert_policy){oid, url_of(r, gw_node_get(item, "cps"))};
	}
	x->policies = list;
}

/* Which of its forms the value has has been checked. */
static bool read_der(struct gw_reading *r, const struct gw_node *item, struct gw_raw_extension *raw)
{
	const char *der = gw_read_text(gw_node_get(item, "der")), *utf8 = gw_read_text(gw_node_get(item, "utf8"));
	const char *ia5 = gw_read_text(gw_node_get(item, "ia5"));

	if (der != NULL)
		return gw_der_from_hex(r->arena, der, &raw->der, &raw->len);
	if (utf8 == NULL && ia5 == NULL)
		return false;
	gw_der_of_text(r->arena, ia5 != NULL ? ia5 : utf8, ia5 != NULL, &raw->der, &raw->len);
	return true;
}

void gw_read_extensions(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_issuer_extensions *x = &r->entry->plan.issuer;
	const struct gw_node *item = value->kind == GW_LIST ? value->first : NULL;
	struct gw_raw_extension *list = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*list));

	(void)row;
	for (; item != NULL; item = item->next) {
		struct gw_raw_extension raw = {.oid = gw_read_text(gw_node_get(item, "oid")),
					       .critical = gw_read_bool(gw_node_get(item, "critical"))};

		if (raw.oid != NULL && read_der(r, item, &raw))
			list[x->n_raw++] = raw;
	}
	x->raw = list;
}

void gw_read_must_staple(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->plan.issuer.must_staple = gw_read_bool(value);
}

/* --- serial, signature, life -------------------------------------------------------------------------------------- */

void gw_read_serial(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text != NULL)
		(void)gw_serial_parse(r->arena, text, &r->entry->plan.serial);
}

void gw_read_signature(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *hash = gw_read_text(value->kind == GW_MAP ? gw_node_get(value, "hash") : value);
	unsigned i;

	for (i = 0; hash != NULL && row->words[i] != NULL; i++) {
		if (strcmp(row->words[i], hash) == 0)
			r->entry->plan.hash = (enum gw_hash)(i + 1);
	}
	r->entry->plan.rsa_pss = gw_read_bool(gw_node_get(value, "rsaPss"));
}

void gw_read_clip(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->clip = gw_read_bool(value);
}
