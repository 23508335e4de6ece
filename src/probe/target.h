/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Targets: what a person writes to say whom to probe, and where to connect instead of asking DNS. All memory is the
 * arena's.
 */
#ifndef GW_PROBE_TARGET_H
#define GW_PROBE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/address.h"

#define GW_PORT_HTTPS 443

struct gw_target {
	const char *label;   /* "store.example.com:443", "[::1]:8443": always with its port */
	const char *unicode; /* what a host with xn-- labels stands for; NULL for any other */
	const char *host;    /* a DNS name in lower case without a trailing dot, or an address without brackets */
	uint16_t port;
	const char *path; /* of the request, with the query: begins with '/' */
	bool ip; /* host is an address: no SNI is sent (RFC 6066 3), and the certificate must have it as an IP SAN */
};

/* Reads `host`, `host:port`, `[v6]:port`, a bare address, or an https:// URL, whose fragment is dropped. A host in other
 * letters becomes its xn-- form, by which it is asked for and certified. Anything else is
 * GW_E_USAGE; err->where is the text. */
enum gw_code GW_MUST_USE gw_target_parse(struct gw_arena *arena, const char *text, struct gw_target *target,
					 struct gw_err *err);

/* Reads `host`, `host:port` or `[v6]:port` alone, for the option `where`: a port that is not written is `port`. */
enum gw_code GW_MUST_USE gw_endpoint_parse(struct gw_arena *arena, const char *where, const char *text, uint16_t port,
					   struct gw_target *target, struct gw_err *err);

/* "store.example.com:443", "[::1]:443". */
const char *gw_host_port(struct gw_arena *arena, const char *host, unsigned port);

/* One --resolve: the addresses that stand for host:port, whatever DNS says. */
struct gw_override {
	const char *host; /* lower case; "*" is every host */
	uint16_t port;
	struct gw_address *addresses; /* with the port of the override */
	size_t n_addresses;
	size_t order; /* in which it was given */
};

struct gw_overrides {
	struct gw_override *items; /* sorted by host, port and order */
	size_t count;
};

/* Reads every --resolve HOST:PORT:ADDR[,ADDR], in curl's spelling: addresses may stand in brackets, HOST may be `*`. */
enum gw_code GW_MUST_USE gw_overrides_parse(struct gw_arena *arena, const char *const *texts, size_t n_texts,
					    struct gw_overrides *overrides, struct gw_err *err);

/* The override of host:port, or NULL. Its own comes before one of `*`, and of several the last that was given. */
const struct gw_override *gw_override_find(const struct gw_overrides *overrides, const char *host, uint16_t port);

#endif
