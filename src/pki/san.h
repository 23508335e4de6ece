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
	const char *value; /* without the prefix; an IP in its canonical text; lower-case DNS name */
};

/*
 * Types a name: by its prefix dns: ip: uri: email:, else an IP literal is ip, what contains :// is uri, what contains @ is
 * email, and all else dns. Then checks it: DNS by gw_name_dns() with wildcard; IP by its grammar, no mask; URI has a scheme
 * and a host or path, ASCII, no spaces; email is local@domain in ASCII. Returns NULL and fills *san (memory of the arena),
 * or returns why not: a phrase that follows the quoted name, static.
 */
const char *gw_san_parse(struct gw_arena *arena, const char *text, struct gw_san *san);

/* "dns:store.example.com", in the arena. */
const char *gw_san_text(struct gw_arena *arena, const struct gw_san *san);

bool gw_san_same(const struct gw_san *a, const struct gw_san *b);

/* Whether two lists hold the same names, in whatever order. */
bool gw_sans_same(const struct gw_san *a, size_t n_a, const struct gw_san *b, size_t n_b);

#endif
