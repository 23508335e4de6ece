/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate revocation lists (RFC 5280 5): read from PEM or DER, their facts, and made. X509_CRL is the caller's, released
 * with gw_crl_free().
 */
#ifndef GW_PKI_CRL_H
#define GW_PKI_CRL_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "pki/cert.h"

#define GW_CRL_MAX ((size_t)64 << 20) /* octets of a list: more than a million certificates */

/* Why a certificate is revoked: CRLReason of RFC 5280 5.3.1, by its number. 7 is not used. */
enum gw_reason {
	GW_REASON_UNSPECIFIED = 0, /* never written down: the absence of a reason says it (5.3.1) */
	GW_REASON_HOLD = 6,
	GW_REASON_REMOVE = 8, /* removeFromCRL: only in delta lists */
	GW_REASONS = 11,
};

/* RFC 5280's words, by number; NULL for 7. */
extern const char *const gw_reason_words[GW_REASONS];

/* The reason of a word, or -1. */
int gw_reason_find(const char *word);

struct gw_revoked {
	const char *serial; /* lower-case hex, no leading zero octet */
	int64_t at;         /* when it was revoked */
	int reason;         /* GW_REASON_UNSPECIFIED where none is given; -1 where it cannot be read */
	bool has_invalid_since;
	int64_t invalid_since; /* since when its key is known or suspected to be lost (5.3.2) */
};

struct gw_crl_facts {
	const char *issuer;           /* as gw_cert_facts has names */
	const char *number;           /* decimal, 0x and hex from 128 bits on; NULL where there is none */
	int64_t this_update;          /* GW_TIME_FAR_FUTURE where it is malformed */
	int64_t next_update;          /* GW_TIME_FAR_PAST where it is malformed or missing */
	const char *signature;        /* as OpenSSL names it */
	const char *authority_key_id; /* hex, or NULL */
	bool delta;                   /* only what has changed since another list (5.2.4) */
	bool partial;                 /* an issuing distribution point (5.2.5): not all of the CA's, or of others too */
	const char *unknown_critical; /* the OID of a critical extension that is not known here, or NULL */
	struct gw_revoked *revoked;   /* in the order of the list */
	size_t n_revoked;
};

/* The list of a block GW_PEM_CRL. */
enum gw_code GW_MUST_USE gw_crl_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
					 const struct gw_pem_block *block, X509_CRL **crl, struct gw_err *err);

/* Exactly one list: PEM with one block X509 CRL, or DER. Anything else is GW_E_INPUT and says what it is. `name` is the
 * file's, for messages. */
enum gw_code GW_MUST_USE gw_crl_parse(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
				      X509_CRL **crl, struct gw_err *err);

/* The same of a file, "-" being standard input. */
enum gw_code GW_MUST_USE gw_crl_read(const struct gw_ctx *ctx, const char *path, X509_CRL **crl, struct gw_err *err);

void gw_crl_read_facts(X509_CRL *crl, struct gw_arena *arena, struct gw_crl_facts *facts);

bool gw_crl_issued_by(const X509_CRL *crl, const X509 *issuer);  /* the names agree */
bool gw_crl_signed_by(const X509_CRL *crl, const EVP_PKEY *key); /* the signature verifies */

/* The entry of a serial, or NULL. */
const struct gw_revoked *gw_crl_find(const struct gw_crl_facts *facts, const char *serial);

/* What is to change. */
struct gw_crl_plan {
	const struct gw_revoked *add; /* replaces the entry of the same serial */
	size_t n_add;
	const char *const *release; /* serials that go */
	size_t n_release;
	int64_t this_update, next_update;
};

/* Whether a serial is added, changed or released by it. */
bool gw_crl_plan_touches(const struct gw_crl_plan *plan, const char *serial);

/* A list of all that `old` has (NULL: nothing) with the changes of the plan, signed by the CA: version 2, with the CA's key id
 * and the number after old's. Entries and extensions of old that are not touched are carried over as they are. */
enum gw_code GW_MUST_USE gw_crl_build(const struct gw_ctx *ctx, const X509_CRL *old, const struct gw_crl_plan *plan,
				      const X509 *issuer, EVP_PKEY *issuer_key, X509_CRL **crl, struct gw_err *err);

void gw_crl_to_pem(const X509_CRL *crl, struct gw_buf *out);

void gw_crl_free(X509_CRL *crl); /* NULL is fine */
void gw_crl_auto(X509_CRL **crl);
#define GW_CRL_AUTO GW_CLEANUP(gw_crl_auto)

#endif
