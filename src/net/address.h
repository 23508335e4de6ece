/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of sockets, and the text forms of host and port that people type. */
#ifndef GW_NET_ADDRESS_H
#define GW_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* An IPv4 or IPv6 address and a port. Compare with gw_address_same(): padding is not defined. */
struct gw_address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

/* Reads an IP literal: no brackets, no zone, no port. false where text is none (a host name). */
bool gw_address_parse(const char *text, uint16_t port, struct gw_address *address);

bool gw_address_same(const struct gw_address *a, const struct gw_address *b); /* the port counts */
bool gw_address_is_v6(const struct gw_address *address);
bool gw_address_is_loopback(const struct gw_address *address); /* 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 */
uint16_t gw_address_port(const struct gw_address *address);
socklen_t gw_address_size(const struct gw_address *address); /* for connect() and bind() */

#define GW_ADDRESS_TEXT 56 /* octets: the longest IPv6 address in brackets with its port, and NUL */

/* "127.0.0.1:8443", "[::1]:8443". */
void gw_address_text(const struct gw_address *address, char out[static GW_ADDRESS_TEXT]);

/* "127.0.0.1", "::1": no port, no brackets. */
void gw_address_ip_text(const struct gw_address *address, char out[static GW_ADDRESS_TEXT]);

/* --- host and port as typed --------------------------------------------------------------------------------------- */

#define GW_HOST_TEXT 254 /* octets of a host name and its NUL: RFC 1035 2.3.4 */

struct gw_hostport {
	/* A name as typed, without the trailing dot; or an IP literal without brackets. */
	char host[GW_HOST_TEXT];
	uint16_t port; /* 0 where none was given */
	bool has_port;
	bool ip; /* host is an IP literal */
};

/*
 * Reads host, host:port, [IPv6], [IPv6]:port, or a bare IPv6 literal (which then has no port). Ports are 1 to 65535, with
 * `zero` 0 to 65535. Refused with GW_E_USAGE and `where` (the option or operand): an empty host, a zone ("fe80::1%eth0":
 * a zone means something on this machine only), a port that is none, and octets that no host name has. Whether a name is
 * good DNS is not looked at.
 */
enum gw_code GW_MUST_USE gw_hostport_parse(const char *where, const char *text, bool zero, struct gw_hostport *out,
					   struct gw_err *err);

#endif
