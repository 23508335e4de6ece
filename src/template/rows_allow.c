/* SPDX-License-Identifier: Apache-2.0 */
/* The `allow` block of a profile: its rows, and how they are read. */
#include <string.h>

#include "base/text.h"
#include "pki/cert.h"
#include "pki/key.h"
#include "template/allow.h"
#include "template/read.h"
#include "template/rows.h"

#define YEAR      (365 * GW_DAY)
#define NAMES_MAX 1000 /* patterns of one kind */

static const char *fault_dns(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_allow_dns_fault(text);
}

static const char *fault_ip(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_allow_ip_fault(text);
}

static const char *fault_email(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_allow_email_fault(text);
}

static const char *fault_uri(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_allow_uri_fault(text);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* The text of an item; "" for one that has been said to be none. */
static const char *text_of(const struct gw_node *item)
{
	const char *text = gw_node_is_null(item) ? NULL : gw_node_text(item);

	return text != NULL ? text : "";
}

static const struct gw_node *first_of(const struct gw_node *list)
{
	return list->kind == GW_LIST ? list->first : NULL;
}

/* The keys dns, ip, email and uri are the prefixes of a pattern, too. */
static void read_names(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const struct gw_node *item;

	for (item = first_of(value); item != NULL; item = item->next)
		(void)gw_allow_add(r->arena, r->allow, gw_arena_printf(r->arena, "%s:%s", row->name, text_of(item)));
}

static void read_subject(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char **types = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*types));
	const struct gw_node *item;

	(void)row;
	for (item = first_of(value); item != NULL; item = item->next) {
		const struct gw_row *attribute = gw_row_find(&gw_subject_rows, text_of(item));

		if (attribute != NULL)
			types[r->allow->n_subject++] = attribute->attribute;
	}
	r->allow->subject = types;
}

/* A list of words as the bits of their places. */
static unsigned bits_of(const struct gw_row *row, const struct gw_node *value)
{
	const struct gw_node *item;
	unsigned bits = 0, i;

	for (item = first_of(value); item != NULL; item = item->next) {
		for (i = 0; row->words[i] != NULL; i++)
			bits |= strcmp(row->words[i], text_of(item)) == 0 ? 1U << i : 0;
	}
	return bits;
}

static void read_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	r->allow->key_usage = bits_of(row, value);
}

static void read_keys(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	r->allow->keys = bits_of(row, value);
}

static void read_extended_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char **words = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*words));
	const struct gw_node *item;

	(void)row;
	for (item = first_of(value); item != NULL; item = item->next)
		words[r->allow->n_extended_key_usage++] = text_of(item);
	r->allow->extended_key_usage = words;
}

static void read_max_validity(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	(void)gw_parse_duration(text_of(value), &r->allow->max_validity);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* The keys of subject, in its order. */
static const char *const attribute_words[] = {
	"country",      "stateOrProvince",    "locality",     "streetAddress", "postalCode",
	"organization", "organizationalUnit", "serialNumber", "commonName",    NULL};

/* clang-format off */
static const struct gw_row allow_map_rows[] = {
	{.name = "dns", .kind = GW_VALUE_TEXTS, .max = NAMES_MAX, .check = fault_dns, .rule = GWT_ALLOW,
	 .read = read_names, .also = " domains dnsNames hosts names sans ",
	 .help = "DNS names: a.example.com, *.example.com for one label more, .example.com for all below it"},
	{.name = "ip", .kind = GW_VALUE_TEXTS, .max = NAMES_MAX, .check = fault_ip, .rule = GWT_ALLOW,
	 .read = read_names, .also = " ips ipAddresses cidr ",
	 .help = "IP addresses and ranges: 10.0.0.0/8"},
	{.name = "email", .kind = GW_VALUE_TEXTS, .max = NAMES_MAX, .check = fault_email, .rule = GWT_ALLOW,
	 .read = read_names, .also = " emails emailAddresses mail ",
	 .help = "mailboxes: ops@example.com, example.com for all of a host, .example.com for all hosts below it"},
	{.name = "uri", .kind = GW_VALUE_TEXTS, .max = NAMES_MAX, .check = fault_uri, .rule = GWT_ALLOW,
	 .read = read_names, .also = " uris ",
	 .help = "URIs; with /* at the end all that begin so: spiffe://example.com/ns/*"},
	{.name = "subject", .kind = GW_VALUE_WORDS, .max = 32, .words = attribute_words, .read = read_subject,
	 .also = " dn attributes ", .help = "attributes of the subject that are taken from the request"},
	{.name = "keyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_key_usage_words,
	 .read = read_key_usage, .also = " usages usage keyUsages ku ",
	 .help = "key usages that are granted where they are asked for, beyond the profile's own"},
	{.name = "extendedKeyUsage", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_eku_words,
	 .check = gw_fault_oid, .read = read_extended_key_usage, .also = " extKeyUsage extendedKeyUsages eku ",
	 .help = "extended key usages that are granted where they are asked for, beyond the profile's own"},
	{.name = "keys", .kind = GW_VALUE_WORDS, .max = 32, .words = gw_key_type_words, .read = read_keys,
	 .also = " key keyTypes keyType ", .help = "the kinds of key that are signed; all of them where not given"},
	{.name = "maxValidity", .kind = GW_VALUE_DURATION, .min = 60, .max = 1000 * YEAR,
	 .read = read_max_validity, .also = " maxDuration validity ",
	 .help = "the most that sign --days may ask for; the profile's validity where not given"},
};
/* clang-format on */

const struct gw_rows gw_allow_rows = {"allow", allow_map_rows, GW_COUNT(allow_map_rows)};
