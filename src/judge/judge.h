/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judgement: whether a key belongs to a certificate, whether a chain leads to trust, whether a name is covered, whether
 * the time is right. OpenSSL does the cryptography; here its answers, and what it does not ask, become findings of area C.
 * Every function adds to the findings and never stops at the first fault.
 */
#ifndef GW_JUDGE_JUDGE_H
#define GW_JUDGE_JUDGE_H

#include "base/finding.h"
#include "pki/verify.h"

/* Does the key belong to the first certificate? Where it belongs to another of them, the finding names which one. */
void gw_judge_pair(const struct gw_certs *certs, const EVP_PKEY *key, const struct gw_where *where,
		   struct gw_findings *fs);

/* Form: certificates that break the encoding rules, which some programs overlook and others refuse. */
void gw_judge_form(const struct gw_certs *certs, const struct gw_where *where, struct gw_findings *fs);

/* Order: each certificate is issued by the next (as far as the list goes); duplicates; a root that need not be sent. */
void gw_judge_order(const struct gw_certs *certs, const struct gw_where *where, struct gw_findings *fs);

/* Puts a heap into the order of a chain: the certificate at index `leaf` first, then its issuers upwards. Copies are
 * dropped; what does not belong to the chain comes last, in the order it had. */
void gw_chain_sort(struct gw_certs *certs, size_t leaf);

/* Validity of every certificate at an instant: expired, not yet valid are errors; fewer than min_days left is a warning
 * for the leaf (an error where `strict_days`: the user named the number). notAfter is inclusive (RFC 5280 4.1.2.5). */
void gw_judge_time(const struct gw_certs *certs, int64_t at, unsigned min_days, bool strict_days,
		   const struct gw_where *where, struct gw_findings *fs);

/* Is the name (DNS or IP literal) covered by a SAN of the leaf? The common name never counts (RFC 6125, RFC 9525). */
void gw_judge_name(const X509 *leaf, const char *name, const struct gw_where *where, struct gw_findings *fs);

/* Does the chain lead to an anchor? Tells a missing intermediate (with its name and AIA URL) from an unknown root, from a
 * self-signed leaf; signature, purpose, CA and path faults by name. Time faults are left to gw_judge_time(). */
enum gw_code GW_MUST_USE gw_judge_chain(const struct gw_certs *presented, const struct gw_trust *trust, int64_t at,
					enum gw_purpose purpose, const struct gw_where *where, struct gw_findings *fs,
					struct gw_err *err);

/* --- bundles ------------------------------------------------------------------------------------------------------ */

/* A certificate of a heap, and where it was found. */
struct gw_heap_cert {
	X509 *cert; /* borrowed */
	struct gw_where where;
};

struct gw_bundle_request {
	const struct gw_heap_cert *heap;
	size_t n_heap;
	const EVP_PKEY *key;          /* the leaf is its certificate; NULL: the one that has issued no other */
	const struct gw_certs *roots; /* what clients have: the chain must lead to one of them; NULL: not known */
	bool keep_root;               /* the root stands at the end, where it is there */
	bool partial;                 /* a missing issuer is a warning and no error */
	int64_t at;                   /* of several issuers one that is valid then goes first */
};

/* Makes the chain out of a heap: the leaf, then issuer by issuer, each told by name, key id and signature. What is left out
 * (copies, the root, what belongs elsewhere) is named, and so is the issuer that is missing, with the URL where its
 * certificate can be had; nothing is fetched. Where an error is among the findings the chain is not to be used. Release it
 * with gw_certs_release(). */
void gw_bundle_make(const struct gw_bundle_request *request, struct gw_certs *chain, struct gw_findings *fs);

#endif
