/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests (PKCS#10) of somebody else: who asks, with which key, for what. Nothing in one is to be believed but that who
 * made it has the key.
 */
#ifndef GW_PKI_CSR_H
#define GW_PKI_CSR_H

#include "pki/cert.h"

/* Begin with GW_CSR_INIT. */
struct gw_csr {
	EVP_PKEY *key;     /* the public half; owned */
	X509 *wish;        /* what it asks for, as a certificate that nobody has signed; owned */
	struct gw_buf pem; /* the request alone, in PEM */
};

#define GW_CSR_FILE_MAX ((size_t)1 << 20) /* octets of a file with a request */
/* clang-format off */
#define GW_CSR_INIT {.pem = GW_BUF(GW_CSR_FILE_MAX)}
/* clang-format on */

/* Reads the one request of a PEM file and checks its signature, which shows that who made it has the key. Whatever is wrong
 * with it is GW_E_INPUT. */
enum gw_code GW_MUST_USE gw_csr_read(const struct gw_ctx *ctx, const char *path, struct gw_csr *csr,
				     struct gw_err *err);

void gw_csr_release(struct gw_csr *csr);
#define GW_CSR_AUTO GW_CLEANUP(gw_csr_release)

#endif
