/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry says of its extensions, serial and signature: does it hold together, alone and with its neighbours. */
#include <stdlib.h>
#include <string.h>

#include "template/links.h"

/* --- extensions --------------------------------------------------------------------------------------------------- */

static struct gw_finding *say_item(struct gw_check *c, enum gw_rule_name rule, const struct gw_entry *e,
				   const char *key, const struct gw_node *item, size_t index, const char *what)
{
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath list = {.up = &own, .name = key}, path = {.up = &list, .index = index};

	return gw_check_say(c, rule, item, &path, "%s", what);
}

static const char *oid_of(const struct gw_node *item)
{
	const char *oid = gw_node_text(gw_node_get(item, "oid"));

	return oid != NULL ? oid : "";
}

/* Whether an earlier item of the list has the same OID. */
static bool is_again(const struct gw_node *list, const struct gw_node *item)
{
	const struct gw_node *other = list->first;

	while (other != item && strcmp(oid_of(other), oid_of(item)) != 0)
		other = other->next;
	return other != item;
}

static void check_again(struct gw_check *c, const struct gw_entry *e, const char *key, enum gw_rule_name rule)
{
	const struct gw_node *list = gw_node_get(e->merged, key), *item;
	size_t i = 0;

	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next, i++) {
		if (is_again(list, item))
			say_item(c, rule, e, key, gw_node_get(item, "oid"), i,
				 gw_arena_printf(c->arena, "\"%s\" is in \"%s\" twice", oid_of(item), key));
	}
}

/* How many forms of a value the item has: one is right. */
static size_t forms_of(const struct gw_node *item)
{
	static const char *const forms[] = {"der", "utf8", "ia5"};
	size_t n = 0, i;

	for (i = 0; i < GW_COUNT(forms); i++)
		n += gw_node_get(item, forms[i]) != NULL;
	return n;
}

static void check_values(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_node *list = gw_node_get(e->merged, "extensions"), *item;
	const struct gw_issuer_extensions *x = &e->plan.issuer;
	struct gw_finding *f;
	size_t i = 0, read = 0;

	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next, i++) {
		if (forms_of(item) != 1) {
			f = say_item(c, GWT_EXTENSION, e, "extensions", item, i,
				     gw_arena_printf(c->arena, "the extension %s has %s", oid_of(item),
						     forms_of(item) == 0 ? "no value" : "more than one value"));
			gw_finding_fix(c->fs, f, "give it der in hex, or a text as utf8 or ia5");
		}
		if (forms_of(item) > 0 && !gw_raw_extension_is_sound(&x->raw[read++]))
			say_item(
				c, GWT_EXTENSION, e, "extensions", item, i,
				gw_arena_printf(c->arena, "the value is not what an extension %s holds", oid_of(item)));
	}
}

/* A word and the OID that it stands for are the same. */
static void check_usages_twice(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_node *list = gw_node_get(e->merged, "extendedKeyUsage"), *item;
	const char *const *words = e->plan.extended_key_usage;
	size_t i, j;

	for (i = 0, item = list != NULL ? list->first : NULL; item != NULL && i < e->plan.n_extended_key_usage;
	     item = item->next, i++) {
		for (j = 0; j < i && strcmp(words[i], words[j]) != 0; j++)
			;
		/* The same text twice has been said. */
		if (j < i && strcmp(item->text, words[i]) != 0)
			say_item(c, GWT_TWICE, e, "extendedKeyUsage", item, i,
				 gw_arena_printf(c->arena, "\"%s\" is %s, which is there already", item->text,
						 words[i]));
	}
}

static void check_constraints_there(struct gw_check *c, const struct gw_entry *e, const char *key, size_t n)
{
	const struct gw_node *map = gw_node_get(gw_node_get(e->merged, "ca"), key);
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath ca = {.up = &own, .name = "ca"}, path = {.up = &ca, .name = key};
	struct gw_finding *f;

	if (map == NULL || n > 0)
		return;
	f = gw_check_say(c, GWT_BAD_SUBTREE, map->key, &path, "\"%s\" lists nothing, and so constrains nothing", key);
	gw_finding_fix(c->fs, f, "add dns, ip, email or uri with what it is about, or leave it out");
}

void gw_extensions_check(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_issuer_extensions *x = &e->plan.issuer;
	struct gw_finding *f;

	check_constraints_there(c, e, "permitted", x->n_permitted);
	check_constraints_there(c, e, "excluded", x->n_excluded);
	check_usages_twice(c, e);
	check_again(c, e, "certificatePolicies", GWT_TWICE);
	check_again(c, e, "extensions", GWT_EXTENSION);
	check_values(c, e);
	if (x->must_staple && x->ocsp.count == 0) {
		f = gw_entry_say(c, GWT_MUST_STAPLE, e, "mustStaple",
				 "\"%s\" must be shown with an OCSP answer, and does not say where to get one",
				 e->name);
		gw_finding_fix(c->fs, f, "add aia: { ocsp: [...] }");
	}
}

/* --- signature ---------------------------------------------------------------------------------------------------- */

void gw_signature_check(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_entry *issuer = e->self_signed ? e : e->issuer_entry;
	const char *fault = issuer != NULL ? gw_signature_fault(&e->plan, issuer->key_type) : NULL;
	struct gw_finding *f;

	if (fault == NULL || issuer->faulty)
		return;
	f = gw_entry_say(c, GWT_SIGNATURE, e, "signature", "\"%s\" %s", issuer->name, fault);
	gw_finding_fix(c->fs, f, "leave signature out, or change the key of \"%s\" (line %u)", issuer->name,
		       issuer->node->key->line);
}

/* --- serials ------------------------------------------------------------------------------------------------------ */

struct numbered {
	const struct gw_entry *issuer, *entry;
};

static int compare_numbered(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int order = strcmp(x->entry->plan.serial, y->entry->plan.serial);

	if (order == 0 && x->issuer != y->issuer)
		order = strcmp(x->issuer->name, y->issuer->name);
	return order != 0
		       ? order
		       : (x->entry->node->line > y->entry->node->line) - (x->entry->node->line < y->entry->node->line);
}

void gw_serials_check(struct gw_check *c, const struct gw_template *t)
{
	struct numbered *list = gw_arena_alloc(c->arena, (t->count + 1) * sizeof(*list));
	const struct gw_entry *e;
	struct gw_finding *f;
	size_t n = 0, i;

	for (e = t->first; e != NULL; e = e->next) {
		const struct gw_entry *issuer = e->self_signed ? e : e->issuer_entry;

		if (e->plan.serial != NULL && issuer != NULL)
			list[n++] = (struct numbered){issuer, e};
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), compare_numbered);
	for (i = 1; i < n; i++) {
		if (list[i].issuer != list[i - 1].issuer ||
		    strcmp(list[i].entry->plan.serial, list[i - 1].entry->plan.serial) != 0)
			continue;
		f = gw_entry_say(c, GWT_SERIAL_TWICE, list[i].entry, "serial",
				 "\"%s\" would sign \"%s\" with the serial that \"%s\" (line %u) has",
				 list[i].issuer->name, list[i].entry->name, list[i - 1].entry->name,
				 list[i - 1].entry->node->key->line);
		gw_finding_fix(c->fs, f, "give each a serial of its own, or leave it out");
	}
}
