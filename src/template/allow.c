/* SPDX-License-Identifier: Apache-2.0 */
#include "template/allow.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/names.h"

/* --- patterns ----------------------------------------------------------------------------------------------------- */

const char *gw_allow_dns_fault(const char *pattern)
{
	const char *name = pattern[0] == '.' ? pattern + 1 : pattern;
	const char *why = gw_name_dns(name, name == pattern);

	if (why != NULL)
		return why;
	if (name != pattern && strchr(name, '.') == NULL)
		return "would allow every name of a top-level domain";
	return NULL;
}

/* Splits "10.0.0.0/8": gives the octets of the address, and *bits of them that count. 0 where it is none. */
static size_t read_range(const char *text, unsigned char address[static 16], unsigned *bits)
{
	const char *slash = strchr(text, '/');
	char literal[64];
	uint64_t number;
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text), n;

	if (len >= sizeof(literal))
		return 0;
	memcpy(literal, text, len);
	literal[len] = '\0';
	n = gw_name_ip(literal, address);
	*bits = (unsigned)n * 8;
	if (n == 0 || slash == NULL)
		return n;
	if (!gw_parse_uint(slash + 1, n * 8, &number))
		return 0;
	*bits = (unsigned)number;
	return n;
}

/* Whether the first bits of two addresses are the same. */
static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}

const char *gw_allow_ip_fault(const char *pattern)
{
	unsigned char address[16], masked[16];
	unsigned bits, i;
	size_t n = read_range(pattern, address, &bits);

	if (n == 0)
		return "is neither an IP address nor a range such as 10.0.0.0/8";
	memset(masked, 0, sizeof(masked));
	for (i = 0; i < bits; i++)
		masked[i / 8] |= (unsigned char)(address[i / 8] & (0x80U >> i % 8));
	return memcmp(masked, address, n) == 0 ? NULL : "has bits set behind its mask; which range is meant?";
}

const char *gw_allow_email_fault(const char *pattern)
{
	const char *at = strchr(pattern, '@'), *host = at != NULL ? at + 1 : pattern;

	if (at == pattern || strchr(host, '@') != NULL)
		return "is neither a mailbox (ops@example.com) nor a host (example.com) nor the hosts below one "
		       "(.example.com)";
	if (at != NULL)
		return gw_name_dns(host, false);
	return pattern[0] == '*' ? "has a wildcard; the hosts below a domain are .example.com"
				 : gw_allow_dns_fault(host);
}

/* Where a prefix may end: behind the host, or what is to be within example.com could be at example.com.evil.net. */
const char *gw_allow_uri_fault(const char *pattern)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *star = strchr(pattern, '*'), *host = strstr(pattern, "://"), *path;
	struct gw_san san;

	if (star == NULL)
		return gw_san_parse(&arena, gw_arena_printf(&arena, "uri:%s", pattern), &san);
	path = host != NULL ? strchr(host + 3, '/') : NULL;
	if (star[1] != '\0' || path == NULL || path > star || star[-1] != '/' || path == host + 3)
		return "has a * that is not its last character, behind a slash of the path: spiffe://example.com/ns/*";
	return gw_san_parse(&arena, gw_arena_printf(&arena, "uri:%.*s", (int)(star - pattern), pattern), &san);
}

/* --- what they cover ---------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcasecmp(text + n - m, end) == 0;
}

static bool dns_covers(const char *pattern, const char *name)
{
	/* What a wildcard below .example.com stands for is all below it, too. */
	if (pattern[0] == '.')
		return ends_with(name, pattern);
	return name[0] == '*' ? strcasecmp(pattern, name) == 0 : gw_name_covers(pattern, name);
}

static bool ip_covers(const char *pattern, const char *value)
{
	unsigned char range[16], address[16];
	unsigned bits;
	size_t n = read_range(pattern, range, &bits);

	return n != 0 && gw_name_ip(value, address) == n && same_bits(range, address, bits);
}

/* The local part counts with its case, the host without (RFC 5280 7.5). */
static bool email_covers(const char *pattern, const char *value)
{
	const char *at = strrchr(value, '@'), *own = strchr(pattern, '@');

	if (at == NULL)
		return false;
	if (own != NULL)
		return own - pattern == at - value && strncmp(pattern, value, (size_t)(at - value)) == 0 &&
		       strcasecmp(own, at) == 0;
	return pattern[0] == '.' ? ends_with(at + 1, pattern) : strcasecmp(at + 1, pattern) == 0;
}

/* Segments that lead up again ("..", also as %2e) would leave what is allowed for whoever resolves them. */
static bool climbs(const char *path)
{
	const char *at;

	for (at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
		size_t dots = 0;
		const char *c = at + 1;

		for (; *c == '.' || strncasecmp(c, "%2e", 3) == 0; dots++)
			c += *c == '.' ? 1 : 3;
		if (dots > 0 && dots <= 2 && (*c == '\0' || strchr("/?#", *c) != NULL))
			return true;
	}
	return false;
}

static bool uri_covers(const char *pattern, const char *value)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] != '*')
		return strcmp(pattern, value) == 0;
	return strncmp(pattern, value, n - 1) == 0 && strlen(value) >= n && !climbs(value + n - 2);
}

const char *gw_allow_find(const struct gw_allow *allow, const struct gw_san *san)
{
	size_t i;

	for (i = 0; i < allow->n_names; i++) {
		const char *pattern = allow->names[i].pattern;

		if (allow->names[i].type != san->type)
			continue;
		if ((san->type == GW_SAN_DNS && dns_covers(pattern, san->value)) ||
		    (san->type == GW_SAN_IP && ip_covers(pattern, san->value)) ||
		    (san->type == GW_SAN_EMAIL && email_covers(pattern, san->value)) ||
		    (san->type == GW_SAN_URI && uri_covers(pattern, san->value)))
			return pattern;
	}
	return NULL;
}

/* --- from the command line ---------------------------------------------------------------------------------------- */

static const struct {
	const char *prefix;
	enum gw_san_type type;
	const char *(*fault)(const char *pattern);
} kinds[] = {
	{"dns:", GW_SAN_DNS, gw_allow_dns_fault},
	{"ip:", GW_SAN_IP, gw_allow_ip_fault},
	{"uri:", GW_SAN_URI, gw_allow_uri_fault},
	{"email:", GW_SAN_EMAIL, gw_allow_email_fault},
};

static size_t kind_of(const char **text)
{
	unsigned char address[16];
	unsigned bits;
	size_t i;

	for (i = 0; i < GW_COUNT(kinds); i++) {
		size_t n = strlen(kinds[i].prefix);

		if (strncasecmp(*text, kinds[i].prefix, n) == 0 && strncmp(*text + n, "//", 2) != 0) {
			*text += n;
			return i;
		}
	}
	if (read_range(*text, address, &bits) != 0)
		return GW_SAN_IP;
	if (strstr(*text, "://") != NULL)
		return GW_SAN_URI;
	return strchr(*text, '@') != NULL ? GW_SAN_EMAIL : GW_SAN_DNS;
}

const char *gw_allow_add(struct gw_arena *arena, struct gw_allow *allow, const char *text)
{
	size_t kind = kind_of(&text);
	const char *why = *text == '\0' ? "is empty" : kinds[kind].fault(text);
	struct gw_allow_name *names;

	if (why != NULL)
		return why;
	names = gw_arena_alloc(arena, (allow->n_names + 1) * sizeof(*names));
	if (allow->n_names > 0)
		memcpy(names, allow->names, allow->n_names * sizeof(*names));
	names[allow->n_names++] = (struct gw_allow_name){kinds[kind].type, text};
	allow->names = names;
	return NULL;
}
