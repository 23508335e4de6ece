/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/san.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rules/names.h"

static const char *const words[] = {
	[GW_SAN_DNS] = "dns",     [GW_SAN_IP] = "ip",       [GW_SAN_URI] = "uri",
	[GW_SAN_EMAIL] = "email", [GW_SAN_OTHER] = "other",
};

const char *gw_san_text(struct gw_arena *arena, const struct gw_san *san)
{
	return gw_arena_printf(arena, "%s:%s", words[san->type], san->value);
}

/* The type of a written name; *value is set behind its prefix. */
static enum gw_san_type type_of(const char *text, const char **value)
{
	unsigned char address[16];
	int t;

	for (t = GW_SAN_DNS; t < GW_SAN_OTHER; t++) {
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

static const char *check_dns(const char *name)
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
	return gw_name_dns(name, true);
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

static const char *check_email(const char *address)
{
	const char *at = strrchr(address, '@');

	if (!visible(address))
		return "has a space or a character outside ASCII";
	if (at == NULL || at == address || strchr(address, '@') != at)
		return "is not of the form local@domain";
	return gw_name_dns(at + 1, false) != NULL ? "has a domain that is not a DNS name" : NULL;
}

static const char *canonical_ip(struct gw_arena *arena, const char *text)
{
	unsigned char address[16];
	char canonical[INET6_ADDRSTRLEN];
	size_t n = gw_name_ip(text, address);

	if (n == 0 || inet_ntop(n == 4 ? AF_INET : AF_INET6, address, canonical, sizeof(canonical)) == NULL)
		return NULL;
	return gw_arena_strdup(arena, canonical);
}

static const char *lower(struct gw_arena *arena, const char *text)
{
	char *copy = gw_arena_strdup(arena, text), *c;

	for (c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

const char *gw_san_parse(struct gw_arena *arena, const char *text, struct gw_san *san)
{
	const char *value, *fault = NULL;
	enum gw_san_type type = type_of(text, &value);

	if (*value == '\0')
		return "is empty";
	switch (type) {
	case GW_SAN_DNS:
		fault = check_dns(value);
		value = lower(arena, value);
		break;
	case GW_SAN_IP:
		value = canonical_ip(arena, value);
		fault = value == NULL ? "is not an IP address; write it without mask, zone or brackets" : NULL;
		break;
	case GW_SAN_URI:
		fault = check_uri(value);
		value = gw_arena_strdup(arena, value);
		break;
	case GW_SAN_EMAIL:
		fault = check_email(value);
		value = gw_arena_strdup(arena, value);
		break;
	case GW_SAN_OTHER: return "is of a kind that cannot be asked for";
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
