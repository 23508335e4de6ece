/* SPDX-License-Identifier: Apache-2.0 */
/* What building one certificate and building many have in common. Only this room includes it. */
#ifndef GW_PKI_INNER_H
#define GW_PKI_INNER_H

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "pki/build.h"

#define GW_PKCS8_MAX 138 /* octets of the keys that gw_key_raw() knows */

/* Fields of a certificate as the plan has them. */
enum gw_code GW_MUST_USE gw_build_subject(X509_NAME *name, const struct gw_cert_plan *plan, struct gw_err *err);
bool gw_build_serial(const struct gw_ctx *ctx, X509 *cert, const struct gw_cert_plan *plan);
bool gw_build_times(X509 *cert, const struct gw_cert_plan *plan);

/* A P-256 or Ed25519 key as octets, read without an encoder: PKCS#8, and the public key as it stands in a certificate. */
struct gw_key_raw {
	unsigned char pkcs8[GW_PKCS8_MAX];
	size_t pkcs8_len;
	const unsigned char *public_key; /* in pkcs8 for P-256, else in own */
	size_t public_len;
	unsigned char own[32];
};

/* False for any other key, and for one whose public half is not an uncompressed point. Cleanse it after use. */
bool gw_key_raw(const EVP_PKEY *key, enum gw_key_type type, struct gw_key_raw *raw);

#endif
