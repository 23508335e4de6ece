/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates for tests, made as they are needed. Everything lives until the program ends.
 *
 *	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);
 *
 *	tst_file("chain.pem", tst_pem(leaf, root, NULL));
 */
#ifndef TESTS_PKI_H
#define TESTS_PKI_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "pki/cert.h"
#include "pki/key.h"

struct tst_id {
	EVP_PKEY *key;
	X509 *cert;
};

/* Valid from a day before TST_NOW to 30 days after it, unless said otherwise. */
struct tst_spec {
	const char *cn;   /* NULL: an empty subject */
	const char *sans; /* as gw_san_parse() takes them, parted by spaces; NULL: none */
	bool ca;
	bool path_limited;
	unsigned path_length;          /* where path_limited */
	enum gw_key_type type;         /* GW_KEY_EC_P256 is 0 */
	const char *eku;               /* one word, or NULL */
	unsigned key_usage;            /* 0: what fits the role */
	int64_t not_before, not_after; /* 0: as above */
	const struct tst_id *reuse;    /* take its key instead of making one */
};

/* A context with the default library and a clock that shows TST_NOW. */
const struct gw_ctx *tst_ctx(void);

/* Issuer NULL: self-signed. */
const struct tst_id *tst_issue(const struct tst_spec *spec, const struct tst_id *issuer);
const struct tst_id *tst_ca(const char *cn, const struct tst_id *issuer);
const struct tst_id *tst_leaf(const char *host, const struct tst_id *issuer);

/* A certificate that was changed by hand, signed anew by the issuer; SHA-256. */
void tst_resign(const struct tst_id *id, const struct tst_id *issuer);

/* PEM of certificates in this order, ended by NULL; of a key as PKCS#8. */
const char *tst_pem(const struct tst_id *first, ...) __attribute__((sentinel));
const char *tst_key_pem(const struct tst_id *id);

/* The list that a judge takes, ended by NULL; release it with gw_certs_release(). */
struct gw_certs tst_certs(const struct tst_id *first, ...) __attribute__((sentinel));

/* Texts joined, ended by NULL. */
const char *tst_join(const char *first, ...) __attribute__((sentinel));

#endif
