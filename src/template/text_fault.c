/* SPDX-License-Identifier: Apache-2.0 */
#include "template/rows.h"

#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "pki/san.h"
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

const char *gw_fault_san(struct gw_arena *arena, const char *text)
{
	struct gw_san san;

	return gw_san_parse(arena, text, &san);
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
