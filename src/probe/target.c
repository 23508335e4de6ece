/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "pki/san.h"
#include "rules/idn.h"
#include "rules/names.h"

#define OPT_RESOLVE "--resolve"

const char *gw_host_port(struct gw_arena *arena, const char *host, unsigned port)
{
	return gw_arena_printf(arena, strchr(host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

/* The text with its host in the xn-- form. */
static enum gw_code encode_host(struct gw_arena *arena, const char *where, const char **text, struct gw_err *err)
{
	size_t len = strcspn(*text, ":"), dot = len > 0 && (*text)[len - 1] == '.';
	const char *host = gw_arena_strndup(arena, *text, len - dot), *ascii;
	const char *fault = gw_dns_parse(arena, host, false, &ascii);

	if (fault != NULL)
		return gw_fail(err, GW_E_USAGE, where, "'%s' %s", host, fault);
	*text = gw_arena_printf(arena, "%s%s", ascii, *text + len);
	return GW_OK;
}

/* host, host:port or [v6]:port, the host in lower case. */
static enum gw_code parse_authority(struct gw_arena *arena, const char *where, const char *text, uint16_t port,
				    struct gw_target *target, struct gw_err *err)
{
	struct gw_hostport hp;
	enum gw_code code;
	const char *fault;

	if (strncmp(text, "*.", 2) == 0) {
		gw_fail(err, GW_E_USAGE, where, "a wildcard cannot be connected to");
		return gw_hint(err, "name one host below it: www%s", text + 1);
	}
	code = gw_idn_is_wide(text) ? encode_host(arena, where, &text, err) : GW_OK;
	if (code == GW_OK)
		code = gw_hostport_parse(where, text, false, &hp, err);
	if (code != GW_OK)
		return code;
	target->host = gw_text_lower(gw_arena_strdup(arena, hp.host));
	target->unicode = hp.ip ? NULL : gw_idn_to_unicode(arena, target->host);
	target->ip = hp.ip;
	target->port = hp.port != 0 ? hp.port : port;
	fault = hp.ip ? NULL : gw_name_dns(target->host, false);
	return fault == NULL ? GW_OK : gw_fail(err, GW_E_USAGE, where, "'%s' %s", hp.host, fault);
}

enum gw_code gw_endpoint_parse(struct gw_arena *arena, const char *where, const char *text, uint16_t port,
			       struct gw_target *target, struct gw_err *err)
{
	struct gw_target t = {.path = "/"};
	enum gw_code code = parse_authority(arena, where, text, port, &t, err);

	if (code != GW_OK)
		return code;
	t.label = gw_host_port(arena, t.host, t.port);
	*target = t;
	return GW_OK;
}

/* The path goes into a request line as it is, so nothing that would end or bend that line may be in it. */
static enum gw_code check_path(const char *where, const char *path, struct gw_err *err)
{
	for (; *path != '\0'; path++) {
		if ((unsigned char)*path > ' ' && (unsigned char)*path < 0x7f)
			continue;
		gw_fail(err, GW_E_USAGE, where, "the path has a character that a URL may not hold");
		return gw_hint(err, "write it percent-encoded: a space is %%20");
	}
	return GW_OK;
}

/* What stands behind "https://". */
static enum gw_code parse_url(struct gw_arena *arena, const char *where, const char *rest, struct gw_target *target,
			      struct gw_err *err)
{
	size_t host_len = strcspn(rest, "/?#");
	const char *tail = rest + host_len;
	const char *authority = gw_arena_strndup(arena, rest, host_len);
	enum gw_code code;

	if (strchr(authority, '@') != NULL)
		return gw_fail(err, GW_E_USAGE, where, "a user name or password has no place in a target");
	target->path = gw_arena_printf(arena, "%s%.*s", tail[0] == '/' ? "" : "/", (int)strcspn(tail, "#"), tail);
	code = check_path(where, target->path, err);
	return code == GW_OK ? parse_authority(arena, where, authority, GW_PORT_HTTPS, target, err) : code;
}

enum gw_code gw_target_parse(struct gw_arena *arena, const char *text, struct gw_target *target, struct gw_err *err)
{
	const char *scheme = strstr(text, "://");
	struct gw_target t = {.path = "/"};
	enum gw_code code;

	if (scheme == NULL) {
		if (strchr(text, '/') != NULL) {
			gw_fail(err, GW_E_USAGE, text, "a target with a path is written as a URL");
			return gw_hint(err, "https://%s", text);
		}
		return gw_endpoint_parse(arena, text, text, GW_PORT_HTTPS, target, err);
	}
	if (strncasecmp(text, "https://", 8) != 0) {
		gw_fail(err, GW_E_USAGE, text, "only https:// URLs can be probed");
		return gw_hint(err, "write https://%s, or host:port", scheme + 3);
	}
	code = parse_url(arena, text, scheme + 3, &t, err);
	if (code != GW_OK)
		return code;
	t.label = gw_host_port(arena, t.host, t.port);
	*target = t;
	return GW_OK;
}

/* --- --resolve ---------------------------------------------------------------------------------------------------- */

static enum gw_code add_address(struct gw_arena *arena, const char *text, size_t len, struct gw_override *o,
				struct gw_err *err)
{
	const char *literal;

	if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	literal = gw_arena_strndup(arena, text, len);
	if (!gw_address_parse(literal, o->port, &o->addresses[o->n_addresses]))
		return gw_fail(err, GW_E_USAGE, OPT_RESOLVE, "'%s' is not an IP address", literal);
	o->n_addresses++;
	return GW_OK;
}

static enum gw_code parse_addresses(struct gw_arena *arena, const char *text, struct gw_override *o, struct gw_err *err)
{
	size_t count = 1;
	const char *c;

	for (c = text; *c != '\0'; c++)
		count += *c == ',';
	o->addresses = gw_arena_alloc(arena, count * sizeof(*o->addresses));
	for (;;) {
		size_t len = strcspn(text, ",");
		enum gw_code code = add_address(arena, text, len, o, err);

		if (code != GW_OK)
			return code;
		if (text[len] == '\0')
			return GW_OK;
		text += len + 1;
	}
}

/* Where HOST:PORT ends: at the second colon, those in brackets not counted. NULL where there is none. */
static const char *host_port_end(const char *text)
{
	const char *host_end = text[0] == '[' ? strchr(text, ']') : text;
	const char *first = host_end != NULL ? strchr(host_end, ':') : NULL;

	return first != NULL && first != text ? strchr(first + 1, ':') : NULL;
}

static enum gw_code parse_any(const char *text, const char *end, struct gw_override *o, struct gw_err *err)
{
	char digits[8]; /* whatever does not fit is no port */
	size_t len = (size_t)(end - text) - 2;
	uint64_t port;

	if (len >= sizeof(digits))
		len = 0;
	memcpy(digits, text + 2, len);
	digits[len] = '\0';
	if (!gw_parse_uint(digits, UINT16_MAX, &port) || port == 0)
		return gw_fail(err, GW_E_USAGE, OPT_RESOLVE, "'%s' has no port from 1 to 65535", text);
	o->host = "*";
	o->port = (uint16_t)port;
	return GW_OK;
}

static enum gw_code parse_override(struct gw_arena *arena, const char *text, struct gw_override *o, struct gw_err *err)
{
	const char *end = host_port_end(text);
	struct gw_target target = {0};
	enum gw_code code;

	if (end == NULL) {
		gw_fail(err, GW_E_USAGE, OPT_RESOLVE, "'%s' is not HOST:PORT:ADDRESS", text);
		return gw_hint(err, "for example store.example.com:443:203.0.113.12");
	}
	if (strncmp(text, "*:", 2) == 0) {
		code = parse_any(text, end, o, err);
	} else {
		text = gw_arena_strndup(arena, text, (size_t)(end - text));
		code = parse_authority(arena, OPT_RESOLVE, text, 0, &target, err);
		o->host = target.host;
		o->port = target.port;
	}
	return code == GW_OK ? parse_addresses(arena, end + 1, o, err) : code;
}

static int by_host_port(const struct gw_override *a, const struct gw_override *b)
{
	int d = strcmp(a->host, b->host);

	return d != 0 ? d : (int)a->port - (int)b->port;
}

static int by_all(const void *a, const void *b)
{
	const struct gw_override *x = a, *y = b;
	int d = by_host_port(x, y);

	return d != 0 ? d : (x->order > y->order) - (x->order < y->order);
}

enum gw_code gw_overrides_parse(struct gw_arena *arena, const char *const *texts, size_t n_texts,
				struct gw_overrides *overrides, struct gw_err *err)
{
	struct gw_override *items;
	size_t i;

	if (n_texts == 0) {
		*overrides = (struct gw_overrides){0};
		return GW_OK;
	}
	items = gw_arena_alloc(arena, n_texts * sizeof(*items));
	for (i = 0; i < n_texts; i++) {
		enum gw_code code = parse_override(arena, texts[i], &items[i], err);

		if (code != GW_OK)
			return code;
		items[i].order = i;
	}
	qsort(items, n_texts, sizeof(*items), by_all);
	*overrides = (struct gw_overrides){.items = items, .count = n_texts};
	return GW_OK;
}

/* The last item of one host and port. */
static const struct gw_override *find_exact(const struct gw_overrides *overrides, const struct gw_override *key)
{
	size_t low = 0, high = overrides->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_host_port(&overrides->items[middle], key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || by_host_port(&overrides->items[low - 1], key) != 0)
		return NULL;
	return &overrides->items[low - 1];
}

const struct gw_override *gw_override_find(const struct gw_overrides *overrides, const char *host, uint16_t port)
{
	const struct gw_override *found = find_exact(overrides, &(struct gw_override){.host = host, .port = port});

	return found != NULL ? found : find_exact(overrides, &(struct gw_override){.host = "*", .port = port});
}
