/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A foreign request under a profile: what it asks for, what it is granted, what is dropped and why. Nothing is taken over from
 * a request that the profile does not allow by name; what the profile says itself holds whatever is asked for.
 */
#ifndef GW_ISSUE_GRANT_H
#define GW_ISSUE_GRANT_H

#include "issue/issue.h"
#include "pki/request.h"
#include "template/allow.h"

enum gw_fate {
	GW_GRANTED,
	GW_DROPPED,
	GW_CHANGED, /* granted in another form than asked for */
	GW_ADDED,   /* not asked for: the profile's own */
};

/* "granted", "dropped", "changed", "added". */
const char *gw_fate_word(enum gw_fate fate);

/* One thing that was asked for, or added. */
struct gw_receipt_row {
	const char *field;   /* as the template calls it: "subject.commonName", "sans", "keyUsage" */
	const char *asked;   /* NULL: it was not asked for */
	const char *granted; /* NULL: it was dropped */
	enum gw_fate fate;
	const char *why; /* a phrase */
};

struct gw_receipt {
	struct gw_arena arena;
	const char *profile;
	struct gw_receipt_row *rows;
	size_t n_rows, cap_rows;
	size_t count[GW_ADDED + 1];
	int64_t not_after; /* of what would be, or was, signed; 0: it was refused */
};

void gw_receipt_release(struct gw_receipt *receipt);
#define GW_RECEIPT_AUTO GW_CLEANUP(gw_receipt_release)

struct gw_grant_request {
	const struct gw_request_facts *csr;
	const struct gw_signer *signer;
	const struct gw_allow *allow;
	int64_t validity; /* seconds that the command line asks for; 0: the profile's */
	bool strict;      /* refuse where anything is dropped */
	int64_t now;
};

/* Fills the plan of `e`, which is the profile's entry, with what is granted, and the receipt. GW_E_INPUT for a request that is
 * not its key's or cannot be told, GW_E_REFUSED for one that nobody should sign, or of which nothing is left that would be of
 * use; the receipt is as far as it came. Memory of the plan is the receipt's. */
enum gw_code GW_MUST_USE gw_grant(const struct gw_grant_request *request, struct gw_entry *e,
				  struct gw_receipt *receipt, struct gw_err *err);

#endif
