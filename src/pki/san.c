/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/san.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/idn.h"
#include "rules/names.h"

static const char *const words[] = {
	[GW_SAN_DNS] = "dns",     [GW_SAN_IP] = "ip",       [GW_SAN_URI] = "uri",
	[GW_SAN_EMAIL] = "email", [GW_SAN_OTHER] = "other",
};

const char *gw_san_text(struct gw_arena *arena, const struct gw_san *san)
{
	return gw_arena_printf(arena, "%s:%s", words[san->type], san->value);
}

const char *gw_san_words(struct gw_arena *arena, const struct gw_san *san)
{
	const char *host = san->type == GW_SAN_EMAIL && strchr(san->value, '@') != NULL ? strchr(san->value, '@') + 1
			   : san->type == GW_SAN_URI                                    ? gw_uri_host(arena, san->value)
											: san->value;
	const char *text = san->type != GW_SAN_OTHER && host != NULL ? gw_idn_to_unicode(arena, host) : NULL;

	return text != NULL ? gw_arena_printf(arena, "%s (%s)", san->value, text) : san->value;
}

/* The type of a written name; *value is set behind its prefix. */
static enum gw_san_type type_of(const char *text, const char **value)
{
	unsigned char address[16];
	int t;

	for (t = GW_SAN_DNS; t <= GW_SAN_OTHER; t++) {
		size_t n = strlen(words[t]);

		if (strncasecmp(text, words[t], n) == 0 && text[n] == ':' && strncmp(text + n, "://", 3) != 0) {
			*value = text + n + 1;
			return (enum gw_san_type)t;
		}
	}
	*value = text;
	if (gw_name_ip(text, address) != 0)
		return GW_SAN_IP;
	if (strstr(text, "://") != NULL)
		return GW_SAN_URI;
	return strchr(text, '@') != NULL ? GW_SAN_EMAIL : GW_SAN_DNS;
}

/* Visible ASCII only: what an IA5String of a certificate may hold and still be read by everyone. */
static bool visible(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text > '~')
			return false;
	}
	return true;
}

static const char *check_dns(const char *name, bool wildcard)
{
	const char *last = strrchr(name, '.');
	const char *digits = last != NULL ? last + 1 : name;

	/* Resolvers and browsers take a name that ends in a number for an address (WHATWG URL 3.5). */
	if (*digits != '\0' && strspn(digits, "0123456789") == strlen(digits))
		return "ends in a number like an IP address, but is none";
	if (strchr(name, '/') != NULL && strspn(name, "0123456789abcdefABCDEF.:/") == strlen(name))
		return "is a range of addresses; a certificate names single ones";
	if (strchr(name, ':') != NULL)
		return "has a colon; a certificate names hosts, not ports";
	return gw_name_dns(name, wildcard);
}

const char *gw_dns_parse(struct gw_arena *arena, const char *text, bool wildcard, const char **name)
{
	const char *star = wildcard && strncmp(text, "*.", 2) == 0 ? "*." : "", *rest = text + strlen(star);
	const char *fault = gw_idn_is_wide(rest) ? gw_idn_to_ascii(arena, rest, &rest) : NULL;

	if (fault != NULL)
		return fault;
	rest = gw_arena_printf(arena, "%s%s", star, gw_text_lower(gw_arena_strdup(arena, rest)));
	fault = check_dns(rest, wildcard);
	if (fault == NULL)
		fault = gw_idn_fault(arena, rest + strlen(star));
	if (fault == NULL)
		*name = rest;
	return fault;
}

/* --- URIs --------------------------------------------------------------------------------------------------------- */

/* Where the host of a URI is; n is 0 where it has none (RFC 3986 3.2). */
static const char *host_in(const char *uri, size_t *n)
{
	const char *colon = strchr(uri, ':'), *authority, *at;

	*n = 0;
	if (colon == NULL || strncmp(colon, "://", 3) != 0)
		return uri;
	authority = colon + 3;
	*n = strcspn(authority, "/?#");
	at = memrchr(authority, '@', *n);
	if (at != NULL) {
		*n -= (size_t)(at + 1 - authority);
		authority = at + 1;
	}
	if (*n > 0 && *authority == '[')
		*n = strcspn(authority, "]") + (strchr(authority, ']') != NULL);
	else if (memchr(authority, ':', *n) != NULL)
		*n = (size_t)((const char *)memchr(authority, ':', *n) - authority);
	return authority;
}

const char *gw_uri_host(struct gw_arena *arena, const char *uri)
{
	size_t n;
	const char *host = host_in(uri, &n);

	return n > 0 ? gw_arena_strndup(arena, host, n) : NULL;
}

/* A URI with its host in ASCII. */
static const char *convert_uri(struct gw_arena *arena, const char *uri, const char **converted)
{
	size_t n;
	const char *host = host_in(uri, &n), *ascii = gw_arena_strndup(arena, host, n), *fault = NULL;

	if (gw_idn_is_wide(ascii))
		fault = gw_dns_parse(arena, ascii, false, &ascii);
	if (fault == NULL)
		*converted = gw_arena_printf(arena, "%.*s%s%s", (int)(host - uri), uri, ascii, host + n);
	return fault;
}

/* The characters of RFC 3986 2; '%' begins an escape, which is not looked into. */
static bool has_uri_characters(const char *text)
{
	for (; *text != '\0'; text++) {
		if (!isalnum((unsigned char)*text) && strchr("-._~:/?#[]@!$&'()*+,;=%", *text) == NULL)
			return false;
	}
	return true;
}

/* scheme "://" something, or scheme ":" something (RFC 3986 3). */
static const char *check_uri(const char *uri)
{
	const char *colon = strchr(uri, ':'), *c, *rest;

	if (!has_uri_characters(uri))
		return "has a character that no URI may have; write it as %XX";
	if (colon == NULL || colon == uri || !isalpha((unsigned char)*uri))
		return "has no scheme in front, like spiffe://";
	for (c = uri; c < colon; c++) {
		if (!isalnum((unsigned char)*c) && strchr("+-.", *c) == NULL)
			return "has a scheme with a character that is not a letter, digit, '+', '-' or '.'";
	}
	rest = strncmp(colon, "://", 3) == 0 ? colon + 3 : colon + 1;
	return *rest == '\0' ? "has nothing behind its scheme" : NULL;
}

static const char *read_email(struct gw_arena *arena, const char *address, const char **value)
{
	const char *at = strrchr(address, '@'), *local, *domain;

	if (at == NULL || at == address || strchr(address, '@') != at)
		return "is not of the form local@domain";
	local = gw_arena_strndup(arena, address, (size_t)(at - address));
	if (!visible(local))
		return "has a space or a character outside ASCII in front of its @";
	if (gw_dns_parse(arena, at + 1, false, &domain) != NULL)
		return "has a domain that is not a DNS name";
	*value = gw_arena_printf(arena, "%s@%s", local, gw_idn_is_wide(at + 1) ? domain : at + 1);
	return NULL;
}

/* --- other names -------------------------------------------------------------------------------------------------- */

static const char *dotted(struct gw_arena *arena, const char *name)
{
	ASN1_OBJECT *object = OBJ_txt2obj(name, 0);
	char text[256];
	int n = object != NULL ? OBJ_obj2txt(text, sizeof(text), object, 1) : 0;

	ASN1_OBJECT_free(object);
	ERR_clear_error();
	return n > 0 && (size_t)n < sizeof(text) ? gw_arena_strdup(arena, text) : NULL;
}

/* OID;utf8:text, as openssl's otherName. */
static const char *read_other(struct gw_arena *arena, const char *text, const char **value)
{
	const char *semicolon = strchr(text, ';'), *form = semicolon != NULL ? semicolon + 1 : "", *oid;
	bool utf8 = strncasecmp(form, "utf8:", 5) == 0, ia5 = strncasecmp(form, "ia5:", 4) == 0;

	if (!utf8 && !ia5)
		return "is not of the form OID;utf8:text or OID;ia5:text";
	oid = dotted(arena, gw_arena_strndup(arena, text, (size_t)(semicolon - text)));
	if (oid == NULL)
		return "does not begin with an OID, nor with the name of one that OpenSSL knows";
	form += utf8 ? 5 : 4;
	if (*form == '\0')
		return "has nothing behind its form";
	if (ia5 && gw_idn_is_wide(form))
		return "has a character outside ASCII; write it as utf8";
	*value = gw_arena_printf(arena, "%s;%s:%s", oid, utf8 ? "utf8" : "ia5", form);
	return NULL;
}

/* --- all kinds ---------------------------------------------------------------------------------------------------- */

static const char *canonical_ip(struct gw_arena *arena, const char *text)
{
	unsigned char address[16];
	char canonical[INET6_ADDRSTRLEN];
	size_t n = gw_name_ip(text, address);

	if (n == 0 || inet_ntop(n == 4 ? AF_INET : AF_INET6, address, canonical, sizeof(canonical)) == NULL)
		return NULL;
	return gw_arena_strdup(arena, canonical);
}

const char *gw_san_parse(struct gw_arena *arena, const char *text, struct gw_san *san)
{
	const char *value, *fault = NULL;
	enum gw_san_type type = type_of(text, &value);

	if (*value == '\0')
		return "is empty";
	switch (type) {
	case GW_SAN_DNS: fault = gw_dns_parse(arena, value, true, &value); break;
	case GW_SAN_IP:
		value = canonical_ip(arena, value);
		fault = value == NULL ? "is not an IP address; write it without mask, zone or brackets" : NULL;
		break;
	case GW_SAN_URI:
		fault = convert_uri(arena, value, &value);
		fault = fault != NULL ? fault : check_uri(value);
		break;
	case GW_SAN_EMAIL: fault = read_email(arena, value, &value); break;
	case GW_SAN_OTHER: fault = read_other(arena, value, &value); break;
	}
	if (fault == NULL)
		*san = (struct gw_san){type, value};
	return fault;
}

static int compare(const void *a, const void *b)
{
	const struct gw_san *x = *(const struct gw_san *const *)a, *y = *(const struct gw_san *const *)b;

	return x->type != y->type ? (x->type < y->type ? -1 : 1) : strcmp(x->value, y->value);
}

static const struct gw_san **sorted(const struct gw_san *sans, size_t n)
{
	const struct gw_san **order = gw_realloc_array(NULL, n, sizeof(const struct gw_san *));
	size_t i;

	for (i = 0; i < n; i++)
		order[i] = &sans[i];
	qsort(order, n, sizeof(const struct gw_san *), compare);
	return order;
}

bool gw_san_same(const struct gw_san *a, const struct gw_san *b)
{
	return compare(&a, &b) == 0;
}

bool gw_sans_same(const struct gw_san *a, size_t n_a, const struct gw_san *b, size_t n_b)
{
	const struct gw_san **x, **y;
	size_t i;

	if (n_a != n_b)
		return false;
	x = sorted(a, n_a);
	y = sorted(b, n_b);
	for (i = 0; i < n_a && compare(&x[i], &y[i]) == 0; i++)
		;
	free(x);
	free(y);
	return i == n_a;
}
