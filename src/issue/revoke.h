/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The revocation list of a file CA. The list on disk is the state; there is no other. It is read, checked to be the CA's own,
 * and replaced as a whole, under a lock: killed anywhere, the old one or the new one is there. What cannot be read, or is
 * somebody else's, is refused and never written over. Nothing that is revoked is ever forgotten, but what was only on hold.
 */
#ifndef GW_ISSUE_REVOKE_H
#define GW_ISSUE_REVOKE_H

#include "issue/issue.h"
#include "pki/crl.h"

#define GW_CRL_FILE "crl.pem"
#define GW_CRL_LIFE (30 * GW_DAY) /* of a first list */

enum gw_crl_action {
	GW_CRL_KEEP,  /* it is as it should be: nothing is touched */
	GW_CRL_MAKE,  /* there is none yet */
	GW_CRL_RENEW, /* a new number, with what has changed */
};

/* "keep", "make", "renew". */
const char *gw_crl_action_word(enum gw_crl_action action);

/* One certificate. */
struct gw_crl_change {
	const char *name; /* for words: the certificate's label, or the serial */
	struct gw_revoked want;
	bool reason_given; /* else a recorded reason is fine, whatever it is */
	bool release;      /* to be taken off the list again: only what is on hold */
	bool done;         /* out: changes the list, or would; else it was so already */
};

struct gw_crl_request {
	const struct gw_signer *signer;
	const char *path; /* of the list */
	int64_t life;     /* seconds until its next update; 0: what the old one had, GW_CRL_LIFE for a first */
	bool anew;        /* sign it again, due or not */
	bool take_over;   /* the old list may be signed by another key of the same name: the CA was given a new one */
	bool plan;        /* write nothing */
	struct gw_crl_change *changes;
	size_t n_changes;
};

/* What is there now, or would be. */
struct gw_crl_outcome {
	struct gw_arena arena;
	enum gw_crl_action action;
	const char *reason; /* why it is made or renewed: a phrase; NULL where it is kept */
	bool there;         /* facts are filled: with GW_CRL_KEEP or when it was written */
	struct gw_crl_facts facts;
};

void gw_crl_outcome_release(struct gw_crl_outcome *outcome);
#define GW_CRL_OUTCOME_AUTO GW_CLEANUP(gw_crl_outcome_release)

/* Makes the list, brings the changes into it, or renews it where less than a third of its life is left. GW_E_REFUSED for what
 * is against the rules of RFC 5280 or not the CA's to say; nothing is written then, not even the changes that are fine. */
enum gw_code GW_MUST_USE gw_crl_run(const struct gw_ctx *ctx, const struct gw_crl_request *request,
				    struct gw_crl_outcome *outcome, struct gw_err *err);

/* Whether the CA issued the certificate, and may say that it is revoked: GW_E_REFUSED where not. `where` names the
 * certificate. */
enum gw_code GW_MUST_USE gw_crl_may_revoke(const struct gw_signer *signer, const X509 *cert, const char *where,
					   struct gw_err *err);

#endif
