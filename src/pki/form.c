/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a certificate keeps to the encoding rules. OpenSSL takes many that do not; Go, and with it kubectl and most
 * controllers, refuses them as a whole.
 */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "pki/cert.h"
#include "pki/extend.h"

#define DEPTH_MAX 32 /* levels of SEQUENCE and SET; real certificates have nine */

/* --- DER (X.690) -------------------------------------------------------------------------------------------------- */

struct element {
	unsigned tag;
	const unsigned char *body;
	size_t len;
};

/* Takes one element off the front: one octet of tag, a definite length in as few octets as can be. */
static bool take(const unsigned char **at, size_t *left, struct element *e)
{
	const unsigned char *p = *at;
	size_t octets, i, len;

	if (*left < 2 || (p[0] & 0x1f) == 0x1f)
		return false;
	len = p[1];
	octets = len < 0x80 ? 0 : len & 0x7f;
	if (len >= 0x80) {
		if (octets == 0 || octets > 4 || *left < 2 + octets)
			return false;
		for (i = 0, len = 0; i < octets; i++)
			len = len << 8 | p[2 + i];
		if (len < 0x80 || (octets > 1 && len >> 8 * (octets - 1) == 0))
			return false;
	}
	if (len > *left - 2 - octets)
		return false;
	*e = (struct element){p[0], p + 2 + octets, len};
	*at += 2 + octets + len;
	*left -= 2 + octets + len;
	return true;
}

static bool is_sound_primitive(const struct element *e)
{
	const unsigned char *b = e->body;

	switch (e->tag) {
	case V_ASN1_BOOLEAN: return e->len == 1 && (b[0] == 0x00 || b[0] == 0xff);
	case V_ASN1_INTEGER:
		return e->len > 0 && !(e->len > 1 && ((b[0] == 0x00 && b[1] < 0x80) || (b[0] == 0xff && b[1] >= 0x80)));
	case V_ASN1_BIT_STRING:
		return e->len > 0 && b[0] < 8 &&
		       (b[0] == 0 || (e->len > 1 && (b[e->len - 1] & ((1U << b[0]) - 1)) == 0));
	case V_ASN1_NULL: return e->len == 0;
	case V_ASN1_SEQUENCE:
	case V_ASN1_SET: return false; /* always constructed */
	default: return true;
	}
}

static bool is_der(const unsigned char *at, size_t left, unsigned depth)
{
	struct element e;

	if (depth > DEPTH_MAX)
		return false;
	while (left > 0) {
		if (!take(&at, &left, &e))
			return false;
		if ((e.tag & V_ASN1_CONSTRUCTED) != 0 ? !is_der(e.body, e.len, depth + 1) : !is_sound_primitive(&e))
			return false;
	}
	return true;
}

bool gw_der_is_one(const unsigned char *der, size_t len)
{
	const unsigned char *at = der;
	struct element e;

	return take(&at, &len, &e) && len == 0 && is_der(der, (size_t)(at - der), 0);
}

static bool whole_is_der(const X509 *cert)
{
	unsigned char *der;
	size_t len = gw_cert_to_der(cert, &der);
	bool sound = is_der(der, len, 0);

	free(der);
	return sound;
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

static bool has_one_algorithm(const X509 *cert)
{
	const X509_ALGOR *outer;

	X509_get0_signature(NULL, &outer, cert);
	return X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(cert)) == 0;
}

static bool consists_of(const ASN1_STRING *s, const char *more)
{
	const unsigned char *c = ASN1_STRING_get0_data(s);
	int i;

	for (i = 0; i < ASN1_STRING_length(s); i++) {
		if (!(c[i] >= '0' && c[i] <= '9') && !(c[i] != '\0' && strchr(more, c[i]) != NULL))
			return false;
	}
	return true;
}

/* The string types of RFC 5280 4.1.2.4, and NumericString and IA5String, which old names have, with their alphabets; '*' and
 * '&' are not in PrintableString's, but so many names have them that all programs let them pass. */
static bool is_sound_string(const ASN1_STRING *s)
{
	static const char printable[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz '()+,-./:=?*&";
	const char *text = (const char *)ASN1_STRING_get0_data(s);
	size_t len = (size_t)ASN1_STRING_length(s), i;

	switch (ASN1_STRING_type(s)) {
	case V_ASN1_UTF8STRING: return gw_utf8_valid(text, len);
	case V_ASN1_PRINTABLESTRING: return consists_of(s, printable);
	case V_ASN1_NUMERICSTRING: return consists_of(s, " ");
	case V_ASN1_IA5STRING:
		for (i = 0; i < len && (unsigned char)text[i] < 0x80; i++)
			;
		return i == len;
	case V_ASN1_BMPSTRING: return len % 2 == 0;
	case V_ASN1_T61STRING: return true;
	default: return false;
	}
}

static bool has_sound_strings(const X509_NAME *name)
{
	int i;

	for (i = 0; i < X509_NAME_entry_count(name); i++) {
		if (!is_sound_string(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i))))
			return false;
	}
	return true;
}

static bool has_whole_key(const X509 *cert)
{
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(cert);

	/* The lowest bits of the flags count the unused bits of the last octet. */
	return bits != NULL && (bits->flags & 0x07) == 0;
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

bool gw_extension_is_readable(X509_EXTENSION *ext)
{
	const X509V3_EXT_METHOD *method = X509V3_EXT_get(ext);
	const ASN1_OCTET_STRING *octets = X509_EXTENSION_get_data(ext);
	const unsigned char *start = ASN1_STRING_get0_data(octets), *p = start;
	long len = ASN1_STRING_length(octets);
	ASN1_VALUE *value;

	if (method == NULL || method->it == NULL)
		return true;
	value = ASN1_item_d2i(NULL, &p, len, ASN1_ITEM_ptr(method->it));
	ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
	return value != NULL && p == start + len && is_der(start, (size_t)len, 0);
}

static const char *extensions_fault(const X509 *cert)
{
	int i, n = X509_get_ext_count(cert);

	for (i = 0; i < n; i++) {
		X509_EXTENSION *ext = X509_get_ext(cert, i);

		if (X509_get_ext_by_OBJ(cert, X509_EXTENSION_get_object(ext), -1) != i)
			return "has the same extension twice";
		if (!gw_extension_is_readable(ext))
			return "has an extension that cannot be read";
	}
	return NULL;
}

/* The alphabet and lengths of names; that they are names at all is looked at where they are matched. */
static const char *names_fault(const X509 *cert)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_san *sans, parsed;
	size_t n, i;

	if (!gw_cert_sans(cert, &arena, &sans, &n))
		return "has subject alternative names that cannot be read";
	for (i = 0; i < n; i++) {
		/* Facts have every odd octet as \xNN, and an odd address as another kind of name. */
		if (sans[i].type != GW_SAN_OTHER && strstr(sans[i].value, "\\x") != NULL)
			return "has a subject alternative name with characters that no name has";
		if (sans[i].type == GW_SAN_OTHER && strncmp(sans[i].value, "malformed", 9) == 0)
			return "has an IP address of a wrong length";
		if (sans[i].type == GW_SAN_URI &&
		    gw_san_parse(&arena, gw_arena_printf(&arena, "uri:%s", sans[i].value), &parsed) != NULL)
			return "has a URI that is none";
	}
	return NULL;
}

const char *gw_cert_form_fault(const X509 *cert)
{
	const char *fault = NULL;

	if (!whole_is_der(cert))
		fault = "breaks the encoding rules (DER)";
	else if (X509_get_version(cert) < X509_VERSION_1 || X509_get_version(cert) > X509_VERSION_3)
		fault = "has an unknown version";
	else if (!has_one_algorithm(cert))
		fault = "names two different signature algorithms";
	else if (ASN1_STRING_type(X509_get0_serialNumber(cert)) == V_ASN1_NEG_INTEGER)
		fault = "has a negative serial number";
	else if (!has_sound_strings(X509_get_subject_name(cert)) || !has_sound_strings(X509_get_issuer_name(cert)))
		fault = "has a name with a string that its type does not allow";
	else if (!has_whole_key(cert) || gw_cert_key(cert) == NULL)
		fault = "has a public key that cannot be read";
	if (fault == NULL)
		fault = extensions_fault(cert);
	if (fault == NULL)
		fault = names_fault(cert);
	ERR_clear_error();
	return fault;
}
