/* SPDX-License-Identifier: Apache-2.0 */
/* Name constraints: one subtree of names, and which names lie in it (RFC 5280 4.2.1.10). */
#ifndef GW_PKI_SUBTREE_H
#define GW_PKI_SUBTREE_H

#include "pki/san.h"

struct gw_subtree {
	enum gw_san_type type; /* never GW_SAN_OTHER */
	const char *value;     /* "example.com", ".example.com", "joe@example.com", "203.0.113.0/24" */
	unsigned char address[16], mask[16];
	size_t octets; /* of the two, for GW_SAN_IP: 4 or 16 */
};

/*
 * Reads the subtree that a text spells, for names of a type: a DNS name (with all below it); an address with the length
 * of its prefix, 203.0.113.0/24; for e-mail a host, ".domain" for all hosts below it, or one mailbox; for URIs a host or
 * ".domain". NULL and *subtree in the arena, or why not: a phrase that follows the quoted text, static.
 */
const char *gw_subtree_parse(struct gw_arena *arena, enum gw_san_type type, const char *text,
			     struct gw_subtree *subtree);

/* Whether a name lies in the subtree, which is of its type. A URI without a host lies in none, nor does one with a user in
 * front of the host, which OpenSSL takes for a part of it. */
bool gw_subtree_holds(const struct gw_subtree *subtree, const struct gw_san *name);

/* Whether an excluded subtree takes a name away. So does one below a wildcard, though RFC 5280 compares the letters alone:
 * Go refuses such a certificate (CVE-2025-61727), OpenSSL does not. A URI without a host name, or with one
 * that is not told in the same way by everybody, is always excluded (RFC 5280: such a certificate is to be refused). */
bool gw_subtree_excludes(const struct gw_subtree *subtree, const struct gw_san *name);

#endif
