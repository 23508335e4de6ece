/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

bool gw_address_parse(const char *text, uint16_t port, struct gw_address *address)
{
	struct gw_address a = {0};

	if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) {
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = htons(port);
	} else if (inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1) {
		a.v6.sin6_family = AF_INET6;
		a.v6.sin6_port = htons(port);
	} else {
		return false;
	}
	*address = a;
	return true;
}

bool gw_address_is_v6(const struct gw_address *address)
{
	return address->any.sa_family == AF_INET6;
}

uint16_t gw_address_port(const struct gw_address *address)
{
	return ntohs(gw_address_is_v6(address) ? address->v6.sin6_port : address->v4.sin_port);
}

socklen_t gw_address_size(const struct gw_address *address)
{
	return gw_address_is_v6(address) ? sizeof(address->v6) : sizeof(address->v4);
}

bool gw_address_same(const struct gw_address *a, const struct gw_address *b)
{
	if (a->any.sa_family != b->any.sa_family || gw_address_port(a) != gw_address_port(b))
		return false;
	if (!gw_address_is_v6(a))
		return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	return a->v6.sin6_scope_id == b->v6.sin6_scope_id && IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
}

bool gw_address_is_loopback(const struct gw_address *address)
{
	const unsigned char *octets = address->v6.sin6_addr.s6_addr;

	if (!gw_address_is_v6(address))
		return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
	if (IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
		return octets[12] == 127;
	return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static const void *octets(const struct gw_address *address)
{
	return gw_address_is_v6(address) ? (const void *)&address->v6.sin6_addr : (const void *)&address->v4.sin_addr;
}

void gw_address_ip_text(const struct gw_address *address, char out[static GW_ADDRESS_TEXT])
{
	out[0] = '\0';
	(void)inet_ntop(address->any.sa_family, octets(address), out, GW_ADDRESS_TEXT);
}

void gw_address_text(const struct gw_address *address, char out[static GW_ADDRESS_TEXT])
{
	bool v6 = gw_address_is_v6(address);
	char ip[INET6_ADDRSTRLEN + 1] = "";

	(void)inet_ntop(address->any.sa_family, octets(address), ip, sizeof(ip));
	(void)snprintf(out, GW_ADDRESS_TEXT, "%s%s%s:%u", v6 ? "[" : "", ip, v6 ? "]" : "",
		       (unsigned)gw_address_port(address));
}

/* --- host and port as typed --------------------------------------------------------------------------------------- */

static enum gw_code bad(struct gw_err *err, const char *where, const char *text, const char *why)
{
	(void)gw_fail(err, GW_E_USAGE, where, "'%s' %s", text, why);
	return gw_hint(err, "write host, host:port, 192.0.2.1:port or [2001:db8::1]:port");
}

/* Parts text into host and port. The port is NULL where there is none. Returns why not. */
static const char *split(const char *text, const char **host, size_t *len, const char **port)
{
	const char *first = strchr(text, ':');
	const char *end;

	*port = NULL;
	if (text[0] == '[') {
		end = strchr(text, ']');
		if (end == NULL)
			return "has a '[' without its ']'";
		if (end[1] != '\0' && end[1] != ':')
			return "has something other than a port behind ']'";
		*host = text + 1;
		*len = (size_t)(end - *host);
		if (end[1] == ':')
			*port = end + 2;
		return NULL;
	}
	*host = text;
	*len = strlen(text);
	if (first != NULL && strchr(first + 1, ':') == NULL) { /* two colons or more: a bare IPv6 literal */
		*len = (size_t)(first - text);
		*port = first + 1;
	}
	return NULL;
}

/* Why these are not the octets of a host; NULL where they may be. */
static const char *check_host(const char *host, bool brackets)
{
	struct gw_address address;

	if (host[0] == '\0')
		return "has no host";
	if (strchr(host, '%') != NULL)
		return "has a zone, which means something on this machine only: leave it out";
	if (brackets || strchr(host, ':') != NULL)
		return gw_address_parse(host, 0, &address) && gw_address_is_v6(&address) ? NULL : "is no IPv6 address";
	for (const char *c = host; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("-_.", *c) == NULL)
			return "has an octet that no host name has";
	return NULL;
}

static const char *parse_port(const char *text, bool zero, uint16_t *port)
{
	uint64_t value;

	if (!gw_parse_uint(text, UINT16_MAX, &value) || (value == 0 && !zero))
		return zero ? "has a port that is not a number from 0 to 65535"
			    : "has a port that is not a number from 1 to 65535";
	*port = (uint16_t)value;
	return NULL;
}

enum gw_code gw_hostport_parse(const char *where, const char *text, bool zero, struct gw_hostport *out,
			       struct gw_err *err)
{
	struct gw_hostport parsed = {0};
	struct gw_address address;
	const char *host, *port, *why;
	size_t len;

	why = split(text, &host, &len, &port);
	if (why != NULL)
		return bad(err, where, text, why);
	if (len > 1 && host[len - 1] == '.') /* the root's dot: the same name, which certificates spell without it */
		len--;
	if (len >= sizeof(parsed.host))
		return bad(err, where, text, "has a host longer than 253 octets");
	memcpy(parsed.host, host, len);
	why = check_host(parsed.host, text[0] == '[');
	if (why == NULL && port != NULL)
		why = parse_port(port, zero, &parsed.port);
	if (why != NULL)
		return bad(err, where, text, why);
	parsed.has_port = port != NULL;
	parsed.ip = gw_address_parse(parsed.host, 0, &address);
	*out = parsed;
	return GW_OK;
}
