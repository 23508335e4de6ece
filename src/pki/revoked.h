/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of revoked certificates (CRLs, RFC 5280 5) as they are read and asked. What they are worth is judge/'s to tell. */
#ifndef GW_PKI_REVOKED_H
#define GW_PKI_REVOKED_H

#include "pki/crl.h"

#define GW_CRLS_MAX 100 /* in one run */

struct gw_crl {
	X509_CRL *crl;
	char where[GW_ERR_WHERE_MAX]; /* file:line of its block */
	int version;                  /* 1 or 2 as people count */
	int64_t this_update;          /* GW_TIME_FAR_FUTURE where malformed */
	int64_t next_update;          /* GW_TIME_FAR_PAST where malformed */
	bool has_next_update;
	bool odd_dates; /* one of the two is not in the form that its year allows (RFC 5280 5.1.2.4) */
	bool has_number, number_critical;
	bool odd_number; /* negative, or longer than 20 octets (RFC 5280 5.2.3) */
	bool has_key_id, key_id_critical;
	bool odd_point; /* an issuing distribution point that is not critical, or empty, or of two kinds (5.2.5) */
	bool readable;  /* its extensions and entries follow the rules */
	bool delta;     /* only what changed since another one */
	bool scoped;    /* an issuing distribution point that leaves certificates out, by kind or by reason */
	bool for_users, for_cas;     /* where scoped: of which kind it is complete */
	bool unknown_critical;       /* extension of the list, */
	bool unknown_critical_entry; /* or of an entry */
	unsigned sign_strength;      /* security bits of the signature's digest; 0 where unknown */
	bool has_issuer;
};

struct gw_crls {
	struct gw_crl *items;
	size_t count;
};

/* Every X509 CRL block of a file ("-" is standard input), appended. A file without any is GW_E_INPUT and says what it holds
 * instead. */
enum gw_code GW_MUST_USE gw_crls_read(const struct gw_ctx *ctx, const char *path, struct gw_crls *crls,
				      struct gw_err *err);
void gw_crls_release(struct gw_crls *crls);
#define GW_CRLS_AUTO GW_CLEANUP(gw_crls_release)

/* Whether the list is from the issuer of a certificate, by name. */
bool gw_crl_is_for(const struct gw_crl *crl, const X509 *cert);

/* Whether it is for the place at which a certificate is said to be listed: it names none, or one that the certificate names
 * too (RFC 5280 6.3.3 (b) (2)). Names relative to the issuer's count as none of the certificate's. */
bool gw_crl_is_at_point(const struct gw_crl *crl, const X509 *cert);

/* Whether its key identifier is that of the issuer's key, or one of the two has none. */
bool gw_crl_names_key(const struct gw_crl *crl, const X509 *issuer);

/* Whether it lists a certificate; then since when and why ("keyCompromise", NULL where it does not say). */
bool gw_crl_lists(const struct gw_crl *crl, const X509 *cert, int64_t *since, const char **reason);

/* The issuer for a message, in the arena. */
const char *gw_crl_label(const struct gw_crl *crl, struct gw_arena *arena);

#endif
