/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mould: many certificates of one issuer that differ in serial, subject, names, dates and key alone. The first one is made
 * by gw_cert_build(), as any; of it all the rest stays as it is, and what differs is put into it for the next. No
 * cryptography and no ASN.1 of our own: only what need not be done again is not done again.
 *
 * A mould belongs to one thread. It makes some 20,000 P-256 certificates with their keys a second, where gw_cert_build()
 * makes 3,500 (OpenSSL 3.0 spends the rest on looking for encoders).
 */
#ifndef GW_PKI_MOULD_H
#define GW_PKI_MOULD_H

#include "pki/build.h"

struct gw_mould;

/* For keys of one type below one issuer; both are borrowed until the mould is freed. */
enum gw_code GW_MUST_USE gw_mould_new(const struct gw_ctx *ctx, enum gw_key_type type, const X509 *issuer,
				      EVP_PKEY *issuer_key, struct gw_mould **mould, struct gw_err *err);

/* Makes a key and its certificate, and appends both in PEM; key_pem is a secret buffer. All plans given to one mould are
 * the same but for subject, names and dates. *first tells that the mould was made with it. */
enum gw_code GW_MUST_USE gw_mould_cast(struct gw_mould *m, const struct gw_cert_plan *plan, struct gw_buf *key_pem,
				       struct gw_buf *cert_pem, bool *first, struct gw_err *err);

/* The key made last, and SHA-256 of the certificate's DER. Borrowed until the next. */
EVP_PKEY *gw_mould_key(const struct gw_mould *m);
const unsigned char *gw_mould_sha256(const struct gw_mould *m); /* 32 octets */

/* NULL is fine. */
void gw_mould_free(struct gw_mould *m);

#endif
