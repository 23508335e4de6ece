/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/constraints.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/names.h"

#define TEXT_MAX 1024 /* octets of a name that is compared as text */

/* Building a name of attributes costs about as much as this many comparisons of text. */
#define DIRECTORY_WORK 16

enum match { NO, YES, MALFORMED };

/* What is compared: a constraint against a name, and for which of the two lists. */
struct pair {
	const struct gw_general_name *name, *base;
	bool excluding;
};

/* --- text --------------------------------------------------------------------------------------------------------- */

/* The text of a name; false where it has what no name has. */
static bool text_of(const struct gw_general_name *name, char out[static TEXT_MAX])
{
	size_t i;

	if (name->len >= TEXT_MAX)
		return false;
	for (i = 0; i < name->len; i++) {
		if (name->data[i] <= ' ' || name->data[i] > '~')
			return false;
		out[i] = (char)name->data[i];
	}
	out[i] = '\0';
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcasecmp(text + n - m, end) == 0;
}

/* Whether a host is the base or below it. A base with a leading dot, which RFC 5280 does not have for DNS names but many
 * CAs write, is what is below it. */
static bool is_below(const char *host, const char *base)
{
	size_t n = strlen(host), m = strlen(base);

	if (m == 0)
		return true;
	if (base[0] == '.')
		return n > m && ends_with(host, base);
	return ends_with(host, base) && (n == m || host[n - m - 1] == '.');
}

/* --- one kind each ------------------------------------------------------------------------------------------------ */

static bool is_dns_base(const char *base)
{
	return base[0] == '\0' || gw_name_dns(base[0] == '.' ? base + 1 : base, false) == NULL;
}

static enum match match_dns(const struct pair *p)
{
	char name[TEXT_MAX], base[TEXT_MAX];

	if (!text_of(p->name, name) || !text_of(p->base, base) || gw_name_dns(name, true) != NULL || !is_dns_base(base))
		return MALFORMED;
	if (is_below(name, base))
		return YES;
	/* A wildcard may stand for the very name that is excluded. */
	return p->excluding && gw_name_covers(name, base) ? YES : NO;
}

/* A mask is ones and then zeroes. */
static bool is_mask(const unsigned char *mask, size_t n)
{
	bool ended = false;
	size_t bit;

	for (bit = 0; bit < n * 8; bit++) {
		bool one = (mask[bit / 8] & (0x80U >> bit % 8)) != 0;

		if (one && ended)
			return false;
		ended = ended || !one;
	}
	return true;
}

static bool is_ip_base(const struct gw_general_name *base)
{
	return (base->len == 8 || base->len == 32) && is_mask(base->data + base->len / 2, base->len / 2);
}

static enum match match_ip(const struct pair *p)
{
	size_t n = p->name->len, i;

	if ((n != 4 && n != 16) || !is_ip_base(p->base))
		return MALFORMED;
	if (p->base->len != 2 * n)
		return NO;
	for (i = 0; i < n; i++) {
		unsigned char mask = p->base->data[n + i];

		if ((p->name->data[i] & mask) != (p->base->data[i] & mask))
			return NO;
	}
	return YES;
}

/* The host of a mailbox, or NULL where it is none. */
static const char *host_of_mailbox(const char *mailbox)
{
	const char *at = strrchr(mailbox, '@');

	if (at == NULL || at == mailbox || strchr(mailbox, '@') != at || gw_name_dns(at + 1, false) != NULL)
		return NULL;
	return at + 1;
}

static enum match match_host(const char *host, const char *base)
{
	if (base[0] == '\0')
		return YES;
	if (gw_name_dns(base[0] == '.' ? base + 1 : base, false) != NULL)
		return MALFORMED;
	if (base[0] == '.')
		return is_below(host, base) ? YES : NO;
	return strcasecmp(host, base) == 0 ? YES : NO;
}

static enum match match_mailbox(const struct pair *p)
{
	char name[TEXT_MAX], base[TEXT_MAX];
	const char *host, *base_host;

	if (!text_of(p->name, name) || !text_of(p->base, base))
		return MALFORMED;
	host = host_of_mailbox(name);
	if (host == NULL)
		return MALFORMED;
	if (strchr(base, '@') == NULL)
		return match_host(host, base);
	base_host = host_of_mailbox(base);
	if (base_host == NULL)
		return MALFORMED;
	/* The local part is the host's affair, and may tell cases apart. */
	return host - name == base_host - base && strncmp(name, base, (size_t)(host - name)) == 0 &&
			       strcasecmp(host, base_host) == 0
		       ? YES
		       : NO;
}

/* Cuts the host out of a URI. False where there is none, or an address: constraints are for names (RFC 5280 4.2.1.10). */
static bool host_of_uri(char *uri, char **host)
{
	char *start = strstr(uri, "://"), *at;

	if (start == NULL)
		return false;
	start += 3;
	start[strcspn(start, "/?#")] = '\0';
	at = strrchr(start, '@');
	if (at != NULL)
		start = at + 1;
	start[strcspn(start, ":")] = '\0';
	*host = start;
	return gw_name_dns(start, false) == NULL;
}

static enum match match_uri(const struct pair *p)
{
	char name[TEXT_MAX], base[TEXT_MAX], *host;

	if (!text_of(p->name, name) || !text_of(p->base, base) || !host_of_uri(name, &host))
		return MALFORMED;
	return match_host(host, base);
}

static enum match compare(const struct pair *p)
{
	switch (p->name->kind) {
	case GW_GENERAL_DNS: return match_dns(p);
	case GW_GENERAL_IP: return match_ip(p);
	case GW_GENERAL_EMAIL: return match_mailbox(p);
	case GW_GENERAL_URI: return match_uri(p);
	case GW_GENERAL_DIRECTORY: return gw_name_within(p->name->directory, p->base->directory) ? YES : NO;
	case GW_GENERAL_OTHER: return MALFORMED;
	}
	return MALFORMED;
}

/* --- one name, one certificate ------------------------------------------------------------------------------------ */

static bool spend(unsigned *work, unsigned cost)
{
	if (*work < cost)
		return false;
	*work -= cost;
	return true;
}

/* Looks a name up in one list. *same_kind: whether any constraint there is for its kind. */
static enum gw_breach_kind look(const struct gw_general_names *list, const struct gw_general_name *name, bool excluding,
				unsigned *work, bool *same_kind, bool *found)
{
	size_t i;

	*same_kind = *found = false;
	for (i = 0; i < list->count && !*found; i++) {
		const struct pair p = {name, &list->items[i], excluding};

		if (!spend(work, name->kind == GW_GENERAL_DIRECTORY ? DIRECTORY_WORK : 1))
			return GW_BREACH_TOO_MUCH;
		if (p.base->kind != name->kind)
			continue;
		*same_kind = true;
		if (name->kind == GW_GENERAL_OTHER)
			return GW_BREACH_UNSUPPORTED;
		switch (compare(&p)) {
		case NO: break;
		case YES: *found = true; break;
		case MALFORMED: return GW_BREACH_UNREADABLE;
		}
	}
	return GW_BREACH_NONE;
}

static enum gw_breach_kind breach_of_name(const struct gw_parts *ca, const struct gw_general_name *name, unsigned *work)
{
	bool any, found;
	enum gw_breach_kind kind = look(&ca->excluded, name, true, work, &any, &found);

	if (kind != GW_BREACH_NONE)
		return kind;
	if (found)
		return GW_BREACH_EXCLUDED;
	kind = look(&ca->permitted, name, false, work, &any, &found);
	if (kind != GW_BREACH_NONE)
		return kind;
	return any && !found ? GW_BREACH_OUTSIDE : GW_BREACH_NONE;
}

static const char *shown(const struct gw_general_name *name, struct gw_arena *arena)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(TEXT_MAX);
	size_t i;

	switch (name->kind) {
	case GW_GENERAL_DIRECTORY: return gw_name_text(arena, name->directory);
	case GW_GENERAL_OTHER: return "of another kind";
	case GW_GENERAL_IP:
		for (i = 0; i < name->len; i++)
			gw_buf_printf(&out, name->len == 4 ? "%s%u" : "%s%02x",
				      i == 0           ? ""
				      : name->len == 4 ? "."
				      : i % 2 == 0     ? ":"
						       : "",
				      name->data[i]);
		break;
	case GW_GENERAL_DNS:
	case GW_GENERAL_EMAIL:
	case GW_GENERAL_URI: gw_text_escape(&out, (const char *)name->data, name->len); break;
	}
	return gw_arena_strdup(arena, gw_buf_str(&out));
}

static struct gw_breach breach_in(const struct gw_parts *ca, const struct gw_parts *cert,
				  const struct gw_general_names *names, unsigned *work, struct gw_arena *arena)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		enum gw_breach_kind kind = breach_of_name(ca, &names->items[i], work);

		if (kind != GW_BREACH_NONE)
			return (struct gw_breach){kind, cert, shown(&names->items[i], arena)};
	}
	return (struct gw_breach){0};
}

struct gw_breach gw_constraints_breach(const struct gw_parts *ca, const struct gw_parts *cert, unsigned *work,
				       struct gw_arena *arena)
{
	struct gw_general_name subject = {.kind = GW_GENERAL_DIRECTORY, .directory = gw_cert_subject(cert->cert)};
	const struct gw_general_names of_subject = {.items = &subject, .count = cert->no_subject ? 0 : 1};
	struct gw_breach breach = {0};

	if (!ca->constrains)
		return breach;
	breach = breach_in(ca, cert, &cert->names, work, arena);
	if (breach.kind == GW_BREACH_NONE)
		breach = breach_in(ca, cert, &cert->mailboxes, work, arena);
	if (breach.kind == GW_BREACH_NONE)
		breach = breach_in(ca, cert, &of_subject, work, arena);
	return breach;
}

/* --- the constraints themselves ----------------------------------------------------------------------------------- */

static const char *base_fault(const struct gw_general_name *base, bool *grave)
{
	char text[TEXT_MAX];

	*grave = true;
	if (base->bounded)
		return "has name constraints with a minimum or maximum";
	if (base->kind == GW_GENERAL_IP && !is_ip_base(base))
		return "has a name constraint that is no range of addresses";
	if (base->kind != GW_GENERAL_DNS)
		return NULL;
	if (!text_of(base, text) || !is_dns_base(text))
		return "has a name constraint that is no DNS name";
	if (text[0] != '.')
		return NULL;
	*grave = false;
	return "has a name constraint for DNS names that begins with a dot";
}

const char *gw_constraints_fault(const struct gw_parts *ca, bool *grave)
{
	const struct gw_general_names *lists[] = {&ca->permitted, &ca->excluded};
	const char *fault = NULL, *minor = NULL;
	size_t l, i;

	*grave = true;
	if (!ca->constrains)
		return NULL;
	if (ca->permitted.count == 0 && ca->excluded.count == 0)
		return "has name constraints that constrain nothing";
	for (l = 0; l < GW_COUNT(lists); l++) {
		for (i = 0; i < lists[l]->count; i++) {
			fault = base_fault(&lists[l]->items[i], grave);
			if (fault != NULL && *grave)
				return fault;
			minor = fault != NULL ? fault : minor;
		}
	}
	*grave = false;
	return minor;
}
