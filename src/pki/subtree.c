/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/subtree.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/names.h"

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char *read_range(struct gw_arena *arena, const char *text, struct gw_subtree *s)
{
	const char *slash = strchr(text, '/');
	char canonical[INET6_ADDRSTRLEN];
	uint64_t bits;
	size_t i;

	if (slash == NULL)
		return "has no prefix length behind it: a single address is /32 or /128";
	s->octets = gw_name_ip(gw_arena_strndup(arena, text, (size_t)(slash - text)), s->address);
	if (s->octets == 0 || !gw_parse_uint(slash + 1, s->octets * 8, &bits))
		return "is not a range of addresses such as 203.0.113.0/24 or 2001:db8::/32";
	for (i = 0; i < s->octets; i++) {
		unsigned left = bits > i * 8 ? (unsigned)(bits - i * 8) : 0;

		s->mask[i] = left >= 8 ? 0xff : (unsigned char)(0xff00U >> left);
		if (s->address[i] & (unsigned char)~s->mask[i])
			return "has address bits behind its prefix length";
	}
	if (inet_ntop(s->octets == 4 ? AF_INET : AF_INET6, s->address, canonical, sizeof(canonical)) == NULL)
		return "is not a range of addresses";
	s->value = gw_arena_printf(arena, "%s/%u", canonical, (unsigned)bits);
	return NULL;
}

/* A host, or with a dot in front everything below it. */
static const char *read_host(struct gw_arena *arena, const char *text, struct gw_subtree *s)
{
	const char *dot = *text == '.' ? "." : "", *host;
	const char *why = gw_dns_parse(arena, text + strlen(dot), false, &host);

	s->value = why == NULL ? gw_arena_printf(arena, "%s%s", dot, host) : NULL;
	return why;
}

static const char *read_mailbox(struct gw_arena *arena, const char *text, struct gw_subtree *s)
{
	struct gw_san san;
	const char *why = gw_san_parse(arena, gw_arena_printf(arena, "email:%s", text), &san);

	s->value = why == NULL ? san.value : NULL;
	return why;
}

static const char *read_dns(struct gw_arena *arena, const char *text, struct gw_subtree *s)
{
	if (*text == '.')
		return "begins with a dot; a DNS name takes all names below it along by itself";
	if (*text == '*')
		return "has a wildcard; a DNS name takes all names below it along by itself";
	return gw_dns_parse(arena, text, false, &s->value);
}

const char *gw_subtree_parse(struct gw_arena *arena, enum gw_san_type type, const char *text,
			     struct gw_subtree *subtree)
{
	struct gw_subtree s = {.type = type};
	const char *why = "is of a kind that no subtree can have";

	switch (type) {
	case GW_SAN_DNS: why = read_dns(arena, text, &s); break;
	case GW_SAN_IP: why = read_range(arena, text, &s); break;
	case GW_SAN_EMAIL:
		why = strchr(text, '@') != NULL ? read_mailbox(arena, text, &s) : read_host(arena, text, &s);
		break;
	case GW_SAN_URI: why = read_host(arena, text, &s); break;
	case GW_SAN_OTHER: break;
	}
	if (why == NULL)
		*subtree = s;
	return why;
}

/* --- matching ----------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcasecmp(text + n - m, end) == 0;
}

/* ".example.com" holds every host below example.com, "example.com" only itself. */
static bool holds_host(const char *subtree, const char *host)
{
	return *subtree == '.' ? ends_with(host, subtree) : strcasecmp(subtree, host) == 0;
}

static bool holds_dns(const char *subtree, const char *name)
{
	size_t n = strlen(name), m = strlen(subtree);

	return strcasecmp(subtree, name) == 0 || (n > m && name[n - m - 1] == '.' && ends_with(name, subtree));
}

static bool holds_address(const struct gw_subtree *s, const char *text)
{
	unsigned char address[16];
	size_t n = gw_name_ip(text, address), i;

	for (i = 0; i < n && n == s->octets; i++) {
		if ((address[i] & s->mask[i]) != s->address[i])
			return false;
	}
	return n > 0 && n == s->octets;
}

/* The local part is compared to the letter, its host without regard to case. */
static bool holds_mail(const char *subtree, const char *address)
{
	const char *at = strrchr(address, '@'), *own = strrchr(subtree, '@');

	if (at == NULL)
		return false;
	if (own == NULL)
		return holds_host(subtree, at + 1);
	return own - subtree == at - address && strncmp(subtree, address, (size_t)(at - address)) == 0 &&
	       strcasecmp(own, at) == 0;
}

/* The host of a URI that all programs see in the same place: OpenSSL takes a user in front of it, and a query or fragment
 * directly behind it, for a part of it. NULL where there is none, or an address in its place. */
static const char *plain_host(struct gw_arena *arena, const char *uri)
{
	const char *host = gw_uri_host(arena, uri), *authority = strstr(uri, "://");
	unsigned char address[16];
	size_t n;

	if (host == NULL || *host == '[' || gw_name_ip(host, address) != 0)
		return NULL;
	n = strlen(host);
	return strncmp(authority + 3, host, n) == 0 && strchr("/:", authority[3 + n]) != NULL ? host : NULL;
}

static bool holds_uri(const char *subtree, const char *uri)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *host = plain_host(&arena, uri);

	return host != NULL && holds_host(subtree, host);
}

bool gw_subtree_holds(const struct gw_subtree *subtree, const struct gw_san *name)
{
	switch (subtree->type) {
	case GW_SAN_DNS: return holds_dns(subtree->value, name->value);
	case GW_SAN_IP: return holds_address(subtree, name->value);
	case GW_SAN_EMAIL: return holds_mail(subtree->value, name->value);
	case GW_SAN_URI: return holds_uri(subtree->value, name->value);
	case GW_SAN_OTHER: break;
	}
	return false;
}

static bool names_host(const char *uri)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};

	return plain_host(&arena, uri) != NULL;
}

bool gw_subtree_excludes(const struct gw_subtree *subtree, const struct gw_san *name)
{
	if (gw_subtree_holds(subtree, name))
		return true;
	if (subtree->type == GW_SAN_URI)
		return !names_host(name->value);
	return subtree->type == GW_SAN_DNS && gw_name_covers(name->value, subtree->value);
}
