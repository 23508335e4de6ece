/* SPDX-License-Identifier: Apache-2.0 */
/* Subject alternative names: the type of a written one, and whether it is right (RFC 5280 4.2.1.6). */
#ifndef GW_PKI_SAN_H
#define GW_PKI_SAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

enum gw_san_type { GW_SAN_DNS, GW_SAN_IP, GW_SAN_URI, GW_SAN_EMAIL, GW_SAN_OTHER };

struct gw_san {
	enum gw_san_type type;
	const char *value; /* without the prefix; an IP in its canonical text; lower-case DNS name;
			    * "1.3.6.1.4.1.311.20.2.3;utf8:joe@example.com" */
};

/*
 * Types a name: by its prefix dns: ip: uri: email: other:, else an IP literal is ip, what contains :// is uri, what contains @ is
 * email, and all else dns. Then checks it: DNS by gw_name_dns() with wildcard; IP by its grammar, no mask; URI has a scheme
 * and a host or path, no spaces; email is local@domain, its local part in ASCII; other is OID;utf8:text or OID;ia5:text,
 * where OpenSSL's name of an OID (msUPN) will do. Host names in other letters become their xn-- form. Returns NULL and
 * fills *san (memory of the arena), or returns why not: a phrase that follows the quoted name, static.
 */
const char *gw_san_parse(struct gw_arena *arena, const char *text, struct gw_san *san);

/* A host name as a dNSName: in ASCII and lower case. NULL and *name in the arena, or why not, as above. */
const char *gw_dns_parse(struct gw_arena *arena, const char *text, bool wildcard, const char **name);

/* The host of a URI, or NULL where it has none. In the arena. */
const char *gw_uri_host(struct gw_arena *arena, const char *uri);

/* The value for people: of a host name with xn-- labels also what they stand for, "xn--bcher-kva.example (bücher.example)". */
const char *gw_san_words(struct gw_arena *arena, const struct gw_san *san);

/* "dns:store.example.com", in the arena. */
const char *gw_san_text(struct gw_arena *arena, const struct gw_san *san);

bool gw_san_same(const struct gw_san *a, const struct gw_san *b);

/* Whether two lists hold the same names, in whatever order. */
bool gw_sans_same(const struct gw_san *a, size_t n_a, const struct gw_san *b, size_t n_b);

#endif
