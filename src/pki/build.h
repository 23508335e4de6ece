/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making requests and certificates. What goes in is a plain description; the rules of RFC 5280 that need no choice (which
 * extensions are critical, SKI and AKI, serial, encoding of dates) are applied here.
 */
#ifndef GW_PKI_BUILD_H
#define GW_PKI_BUILD_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "pki/cert.h"
#include "pki/extension.h"

/* One attribute of a subject, in the order in which it is encoded. */
struct gw_name_attr {
	const char *type;  /* OpenSSL's long or short name, or a dotted OID: "commonName", "organizationName" */
	const char *value; /* UTF-8 */
};

/* In the order of gw_hash_words, which begins with the second. */
enum gw_hash { GW_HASH_FITTING, GW_HASH_SHA256, GW_HASH_SHA384, GW_HASH_SHA512 };
extern const char *const gw_hash_words[];

struct gw_cert_plan {
	const struct gw_name_attr *subject; /* may be empty: then the SAN is critical (RFC 5280 4.2.1.6) */
	size_t n_subject;
	const struct gw_san *sans;
	size_t n_sans;
	bool ca;
	int path_length;                       /* -1: no limit. Only with ca */
	unsigned key_usage;                    /* GW_KU_ bits; 0: no extension */
	const char *const *extended_key_usage; /* words or dotted OIDs; NULL: no extension */
	size_t n_extended_key_usage;
	int64_t not_before, not_after; /* inclusive, RFC 5280 4.1.2.5 */
	const char *serial;            /* lower-case hex, positive, at most 20 octets; NULL: random */
	enum gw_hash hash;             /* of the signature */
	bool rsa_pss;                  /* padding of an RSA signature */
	struct gw_issuer_extensions issuer;
};

/* The attributes of a name that is there, in its order. In the arena. */
const struct gw_name_attr *gw_name_attrs(struct gw_arena *arena, const X509_NAME *name, size_t *count);

/* The subject of a plan in the text that gw_cert_facts has for one that was made; "" where it cannot be encoded. */
const char *gw_subject_text(struct gw_arena *arena, const struct gw_cert_plan *plan);

/* The digest that is as strong as the key that signs; NULL for Ed25519 and Ed448, which bring their own. */
const EVP_MD *gw_digest_for(const EVP_PKEY *key);

/* A PKCS#10 request with subject and the SAN, key usage, extended key usage and basic constraints asked for; signed with
 * the key. Appends PEM. */
enum gw_code GW_MUST_USE gw_csr_build(const struct gw_ctx *ctx, const struct gw_cert_plan *plan, EVP_PKEY *key,
				      struct gw_buf *pem, struct gw_err *err);

/* Makes and signs a certificate for the public half of `key`. issuer NULL: self-signed with key. A random serial is
 * 20 octets of which the first is 01..7f, so that it is positive and never shorter (RFC 5280 4.1.2.2). The digest that fits
 * the issuer's key: SHA-256, SHA-384 for P-384, SHA-512 for P-521, none for Ed25519. */
enum gw_code GW_MUST_USE gw_cert_build(const struct gw_ctx *ctx, const struct gw_cert_plan *plan, EVP_PKEY *key,
				       const X509 *issuer, EVP_PKEY *issuer_key, X509 **cert, struct gw_err *err);

/* Reads "random" (*hex NULL) or a positive number of at most 20 octets in hex, with or without colons; *hex is in the form
 * of gw_cert_facts. */
bool gw_serial_parse(struct gw_arena *arena, const char *text, const char **hex);

/* Why a key of this type cannot sign as the plan asks: a phrase that follows its owner, static; NULL where it can. A key of
 * GW_KEY_OTHER is not known yet. */
const char *gw_signature_fault(const struct gw_cert_plan *plan, enum gw_key_type key);

/* How a certificate is signed, and how `key` would sign the plan: "sha256", "sha384 with RSA-PSS", "ED25519". */
const char *gw_signature_is(struct gw_arena *arena, const X509 *cert);
const char *gw_signature_asked(struct gw_arena *arena, const struct gw_cert_plan *plan, const EVP_PKEY *key);

#endif
