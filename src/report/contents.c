/* SPDX-License-Identifier: Apache-2.0 */
#include "report/contents.h"

#include <string.h>

#include "report/facts.h"

/* Null for an empty list. */
static struct gw_node *list_of(struct gw_arena *arena, const struct gw_text_list *texts)
{
	struct gw_node *list = texts->count > 0 ? gw_list_new(arena) : gw_null_new(arena);
	size_t i;

	for (i = 0; i < texts->count; i++)
		gw_list_add(list, gw_str_new(arena, texts->items[i]));
	return list;
}

static struct gw_node *subtrees_of(struct gw_arena *arena, const struct gw_subtrees *s)
{
	struct gw_node *map;

	if (s->dns.count + s->ip.count + s->email.count + s->uri.count == 0)
		return gw_null_new(arena);
	map = gw_map_new(arena);
	gw_map_add(arena, map, "dns", list_of(arena, &s->dns));
	gw_map_add(arena, map, "ip", list_of(arena, &s->ip));
	gw_map_add(arena, map, "email", list_of(arena, &s->email));
	gw_map_add(arena, map, "uri", list_of(arena, &s->uri));
	return map;
}

static struct gw_node *policies_of(struct gw_arena *arena, const struct gw_cert_contents *c)
{
	struct gw_node *list = c->n_policies > 0 ? gw_list_new(arena) : gw_null_new(arena);
	size_t i;

	for (i = 0; i < c->n_policies; i++) {
		struct gw_node *one = gw_list_add(list, gw_map_new(arena));

		gw_report_text(arena, one, "oid", c->policies[i].oid);
		gw_report_text(arena, one, "cps", c->policies[i].cps);
	}
	return list;
}

static struct gw_node *others_of(struct gw_arena *arena, const struct gw_cert_contents *c)
{
	struct gw_node *list = c->n_others > 0 ? gw_list_new(arena) : gw_null_new(arena);
	size_t i;

	for (i = 0; i < c->n_others; i++) {
		const struct gw_cert_extension *x = &c->others[i];
		struct gw_node *one = gw_list_add(list, gw_map_new(arena));

		gw_report_text(arena, one, "oid", x->oid);
		gw_report_text(arena, one, "name", strcmp(x->name, x->oid) != 0 ? x->name : NULL);
		gw_map_bool(arena, one, "critical", x->critical);
		gw_report_text(arena, one, "der", x->der);
	}
	return list;
}

struct gw_node *gw_report_contents(struct gw_arena *arena, const struct gw_cert_contents *c)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_add(arena, map, "permitted", subtrees_of(arena, &c->permitted));
	gw_map_add(arena, map, "excluded", subtrees_of(arena, &c->excluded));
	gw_map_add(arena, map, "ocsp", list_of(arena, &c->ocsp));
	gw_map_add(arena, map, "crl", list_of(arena, &c->crl_uris));
	gw_map_add(arena, map, "certificatePolicies", policies_of(arena, c));
	gw_map_add(arena, map, "mustStaple", c->must_staple ? gw_bool_new(arena, true) : gw_null_new(arena));
	gw_map_add(arena, map, "extensions", others_of(arena, c));
	gw_map_add(arena, map, "unread", list_of(arena, &c->unread));
	return map;
}
