/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an issuer adds to a certificate beyond names and usages: name constraints, where its own certificate, its OCSP
 * responder and its revocation list are, policies, must-staple, and extensions that are given as they are.
 */
#ifndef GW_PKI_EXTENSION_H
#define GW_PKI_EXTENSION_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "pki/subtree.h"

struct gw_texts {
	const char *const *items;
	size_t count;
};

struct gw_cert_policy {
	const char *oid;
	const char *cps; /* where its practice statement is; NULL: not said */
};

/* An extension that is given as it is. */
struct gw_raw_extension {
	const char *oid; /* dotted */
	bool critical;
	const unsigned char *der;
	size_t len;
};

struct gw_issuer_extensions {
	const struct gw_subtree *permitted, *excluded;
	size_t n_permitted, n_excluded;
	struct gw_texts ca_issuers, ocsp; /* URLs of AIA */
	struct gw_texts crl;              /* URLs; each is a distribution point of its own */
	const struct gw_cert_policy *policies;
	size_t n_policies;
	bool must_staple; /* RFC 7633: status_request */
	const struct gw_raw_extension *raw;
	size_t n_raw;
};

/* A dotted OID that can be encoded, in its canonical form in the arena; or NULL. Leading zeros are no OID. */
const char *gw_oid_parse(struct gw_arena *arena, const char *text);

/* OpenSSL's name of an OID, or the OID itself where it has none. */
const char *gw_oid_name(struct gw_arena *arena, const char *oid);

/* The key of the template that makes the extension of this OID ("sans", "keyUsage", ...), or NULL where there is none. */
const char *gw_extension_key(const char *oid);

/* Reads a value of DER in hex, with or without colons. False where it is not hex, or not one whole element. */
bool gw_der_from_hex(struct gw_arena *arena, const char *text, const unsigned char **der, size_t *len);

/* The DER of a UTF8String or IA5String; ia5 text is ASCII. */
void gw_der_of_text(struct gw_arena *arena, const char *text, bool ia5, const unsigned char **der, size_t *len);

/* Whether an extension that OpenSSL knows can be read whole; true for one that it does not know. */
bool gw_raw_extension_is_sound(const struct gw_raw_extension *raw);

/* One extension that a certificate has otherwise than it is asked for. Texts are in the arena, on one line. */
struct gw_extension_change {
	const char *key;        /* of the template: "aia", "crl"; "extensions" for those without a key of their own */
	const char *is, *asked; /* NULL: is not there */
};

/* How a certificate differs from what is asked in all but the extensions that gw_cert_facts has. Returns how many. */
size_t gw_extensions_compare(struct gw_arena *arena, const X509 *cert, const struct gw_issuer_extensions *asked,
			     struct gw_extension_change **changes);

#endif
