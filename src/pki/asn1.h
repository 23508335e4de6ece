/* SPDX-License-Identifier: Apache-2.0 */
/* Text and numbers out of ASN.1, the same for certificates, requests and revocation lists. Only this room includes it. */
#ifndef GW_PKI_ASN1_H
#define GW_PKI_ASN1_H

#include <openssl/asn1.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "pki/san.h"

/* Lower-case hexadecimal. */
const char *gw_asn1_hex(struct gw_arena *arena, const void *data, size_t len);

/* A number in lower-case hexadecimal, "-" before a negative one. */
const char *gw_asn1_number(struct gw_arena *arena, const ASN1_INTEGER *number);

/* Printable ASCII as it is, and every other octet as \xNN: no NUL ends a name early, nothing odd passes for a name. */
const char *gw_asn1_ascii(struct gw_arena *arena, const ASN1_STRING *s);

/* The value of an attribute as UTF-8; control characters and malformed octets escaped as for a terminal. */
const char *gw_asn1_text(struct gw_arena *arena, const ASN1_STRING *value);

/* Dotted. */
const char *gw_asn1_oid(struct gw_arena *arena, const ASN1_OBJECT *object);

/* A name of whatever kind; GW_SAN_OTHER with words for what has no kind of its own. */
struct gw_san gw_asn1_san(struct gw_arena *arena, const GENERAL_NAME *name);

/* How many octets the number takes in DER. */
size_t gw_asn1_octets(const ASN1_INTEGER *number);

/* The instant, or `malformed` where there is none to be read. */
int64_t gw_asn1_instant(const ASN1_TIME *time, int64_t malformed);

/* Whether it is not in the one form that its year allows: whole seconds and Z; two digits of the year to 2049, four from
 * then on (RFC 5280 4.1.2.5, 5.1.2.4). */
bool gw_asn1_is_odd_time(const ASN1_TIME *time);

#endif
