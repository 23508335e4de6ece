/* SPDX-License-Identifier: Apache-2.0 */
#include "template/rows.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/text.h"
#include "pki/extension.h"
#include "rules/idn.h"
#include "template/template.h"

static const char *at_most(const char *text, size_t max, const char *why)
{
	return gw_text_columns(text) > max ? why : NULL;
}

/* The upper bounds of RFC 5280 appendix A.1, in characters. */
const char *gw_fault_64(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 64, "is longer than 64 characters");
}

const char *gw_fault_128(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 128, "is longer than 128 characters");
}

const char *gw_fault_40(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return at_most(text, 40, "is longer than 40 characters");
}

/* serialNumber is a PrintableString (RFC 5280 appendix A.1). */
const char *gw_fault_serial_number(struct gw_arena *arena, const char *text)
{
	static const char printable[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";

	if (strspn(text, printable) != strlen(text))
		return "may have only letters, digits, spaces and '()+,-./:=?";
	return gw_fault_64(arena, text);
}

const char *gw_fault_country(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (strlen(text) != 2 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return "is not a country code of two capital letters (ISO 3166)";
	return NULL;
}

/* A label of a DNS name (RFC 4519 2.4). */
const char *gw_fault_domain_component(struct gw_arena *arena, const char *text)
{
	const char *name;

	return strchr(text, '.') != NULL ? "is more than one label: write [com, example]"
					 : gw_dns_parse(arena, text, false, &name);
}

const char *gw_fault_mail(struct gw_arena *arena, const char *text)
{
	struct gw_san san;
	const char *why = gw_san_parse(arena, gw_arena_printf(arena, "email:%s", text), &san);

	/* An IA5String of at most 255 (RFC 5280 appendix A.1, with 2985's ub-emailaddress-length). */
	if (why == NULL && gw_idn_is_wide(text))
		why = "has a character outside ASCII; write the xn-- form of its domain";
	return why != NULL ? why : at_most(text, 255, "is longer than 255 characters");
}

const char *gw_fault_san(struct gw_arena *arena, const char *text)
{
	struct gw_san san;

	return gw_san_parse(arena, text, &san);
}

const char *gw_fault_oid(struct gw_arena *arena, const char *text)
{
	return gw_oid_parse(arena, text) != NULL ? NULL
						 : "is no OID: write numbers with dots, such as 1.3.6.1.5.5.7.3.1";
}

const char *gw_fault_attribute_oid(struct gw_arena *arena, const char *text)
{
	const char *name = gw_oid_name(arena, text);
	size_t i;

	for (i = 0; i < gw_subject_rows.count; i++) {
		const struct gw_row *row = &gw_subject_rows.rows[i];

		if (row->attribute != NULL && strcmp(row->attribute, name) == 0)
			return gw_arena_printf(arena, "has a key of its own: \"%s\"", row->name);
	}
	return gw_fault_oid(arena, text);
}

const char *gw_fault_extension_oid(struct gw_arena *arena, const char *text)
{
	const char *key = gw_extension_key(text);

	if (key != NULL)
		return gw_arena_printf(arena, "is made by gwcert itself: write it with \"%s\"", key);
	return gw_fault_oid(arena, text);
}

const char *gw_fault_der(struct gw_arena *arena, const char *text)
{
	const unsigned char *der;
	size_t len;

	return gw_der_from_hex(arena, text, &der, &len) ? NULL : "is not one whole element of DER in hex, such as 0500";
}

const char *gw_fault_ascii(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_idn_is_wide(text) ? "has a character outside ASCII; write it as utf8" : NULL;
}

/* What clients fetch from (RFC 5280 4.2.1.13 and 4.2.2.1). */
const char *gw_fault_url(struct gw_arena *arena, const char *text)
{
	struct gw_san san;
	const char *why = gw_san_parse(arena, gw_arena_printf(arena, "uri:%s", text), &san);

	if (why != NULL)
		return why;
	if (strncasecmp(text, "http://", 7) != 0 && strncasecmp(text, "https://", 8) != 0 &&
	    strncasecmp(text, "ldap://", 7) != 0)
		return "is no http, https or ldap URL, and clients fetch from no other";
	return gw_uri_host(arena, text) == NULL ? "has no host" : NULL;
}

const char *gw_fault_serial(struct gw_arena *arena, const char *text)
{
	const char *hex;

	return gw_serial_parse(arena, text, &hex) ? NULL
						  : "is neither random nor a positive number of at most 20 octets in "
						    "hex";
}

static const char *subtree_fault(struct gw_arena *arena, enum gw_san_type type, const char *text)
{
	struct gw_subtree subtree;

	return gw_subtree_parse(arena, type, text, &subtree);
}

const char *gw_fault_subtree_dns(struct gw_arena *arena, const char *text)
{
	return subtree_fault(arena, GW_SAN_DNS, text);
}

const char *gw_fault_subtree_ip(struct gw_arena *arena, const char *text)
{
	return subtree_fault(arena, GW_SAN_IP, text);
}

const char *gw_fault_subtree_email(struct gw_arena *arena, const char *text)
{
	return subtree_fault(arena, GW_SAN_EMAIL, text);
}

const char *gw_fault_subtree_uri(struct gw_arena *arena, const char *text)
{
	return subtree_fault(arena, GW_SAN_URI, text);
}

const char *gw_fault_file_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	return gw_file_name_ok(text) ? NULL
				     : "cannot be the name of a file: no '/', no leading dot, no control characters, "
				       "at most 240 octets";
}

const char *gw_fault_renew_at(struct gw_arena *arena, const char *text)
{
	struct gw_renew_at at;

	(void)arena;
	return gw_renew_at_parse(text, &at)
		       ? NULL
		       : "is neither a share of the life that is used, 1% to 99%, nor a time that is left, such as 20d";
}

const char *gw_fault_entry_name(struct gw_arena *arena, const char *text)
{
	(void)arena;
	if (strcmp(text, "self") == 0)
		return "is reserved: \"issuer: self\" means self-signed";
	return gw_file_name_ok(text) ? NULL
				     : "cannot be the name of a folder: no '/', no leading dot, no control "
				       "characters, at most 240 octets";
}
