/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judgement: whether a key belongs to a certificate, whether a chain leads to trust, whether a name is covered, whether
 * the time is right. OpenSSL does the cryptography; here its answers, and what it does not ask, become findings of area C.
 * Every function adds to the findings and never stops at the first fault.
 */
#ifndef GW_JUDGE_JUDGE_H
#define GW_JUDGE_JUDGE_H

#include <limits.h>

#include "base/finding.h"
#include "pki/revoked.h"
#include "pki/verify.h"
#include "rules/targets.h"

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

/* Only the days that a leaf has left; nothing of one that has expired. */
void gw_judge_days(const X509 *leaf, int64_t at, unsigned min_days, bool strict_days, const struct gw_where *where,
		   struct gw_findings *fs);

/* Is the name (DNS or IP literal) covered by a SAN of the leaf? The common name never counts (RFC 6125, RFC 9525). */
void gw_judge_name(const X509 *leaf, const char *name, const struct gw_where *where, struct gw_findings *fs);

/* The same for a name of a certain kind: a URI octet for octet, a mailbox but for the case of its host. */
void gw_judge_san(const X509 *leaf, const struct gw_san *san, const struct gw_where *where, struct gw_findings *fs);

/* A life longer than `limit` seconds; GW_LIFETIME_PUBLIC is what browsers allowed on the day of issue. */
#define GW_LIFETIME_PUBLIC INT64_C(0)
void gw_judge_lifetime(const X509 *leaf, int64_t limit, enum gw_severity severity, const struct gw_where *where,
		       struct gw_findings *fs);

/* Whether a target takes the certificates of a file, leaf first, of that many octets: key, chain, size, use as a server; on
 * the public web lifetime as well, and its warnings are errors. The faults are errors. */
void gw_judge_target(const struct gw_certs *certs, size_t octets, const struct gw_target_rules *target,
		     const struct gw_where *where, struct gw_findings *fs);

#define GW_DEPTH_ANY UINT_MAX

/* A certificate that is to be led to an anchor, and everything that matters for it. */
struct gw_chain_request {
	const struct gw_certs *presented; /* leaf first */
	const struct gw_certs *more;      /* further certificates that may be issuers; NULL for none */
	const struct gw_trust *trust; /* NULL: no anchors, no verdict on the chain; what is said of the leaf remains */
	const struct gw_crls *crls;   /* NULL: revocation is not looked at */
	int64_t at;
	enum gw_purpose purpose;
	unsigned max_depth; /* CAs between the leaf and its anchor, or GW_DEPTH_ANY */
	bool strict;        /* a path that leaves warnings is not good enough where there is another */
	const struct gw_where *where;
};

/*
 * Looks for the best path to an anchor and says all that is wrong with it: signatures, dates, purpose, CAs, path length,
 * name constraints, revocation, strength, RFC 5280's profile; what the public web asks on top as warnings. Where there is
 * no path, tells a missing intermediate (with its name and AIA URL) from an unknown root, from a self-signed leaf. `path`,
 * which may be NULL, takes the path, leaf first.
 */
enum gw_code GW_MUST_USE gw_judge_path(const struct gw_chain_request *request, struct gw_certs *path,
				       struct gw_findings *fs, struct gw_err *err);

/* The same for what a peer presents, without revocation. */
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
