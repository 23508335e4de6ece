/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template asks for against what is on disk: the plan, and carrying it out. The certificate on disk is the
 * state; there is no other. An entry that is missing is made, one that is as asked is left alone, one that is due, broken
 * or no longer as asked is made anew, with its key or a new one as its onRenew says. A key that nobody can account for,
 * and one of a CA on which certificates hang, is not replaced unasked. Everything is made before anything is written, and
 * what a new key replaces is kept in DIR/.archive. A row of which no certificate can be made is a finding, and left out.
 */
#ifndef GW_ISSUE_ISSUE_H
#define GW_ISSUE_ISSUE_H

#include "base/finding.h"
#include "base/secret.h"
#include "template/template.h"

#define GW_ISSUE_FILE_MAX ((size_t)1 << 20) /* octets read of a file in an entry's folder */

/* Who signs: a CA of the template or one from outside. Owns its members. */
struct gw_signer {
	X509 *cert;
	EVP_PKEY *key;       /* NULL where only its certificate was needed */
	bool locked;         /* the key is there, encrypted, and has not been asked for yet */
	struct gw_buf chain; /* PEM of cert and of those above it without the root: empty where cert is a root */
};

#define GW_SIGNER_INIT                                                                                                 \
	{                                                                                                              \
		.chain = GW_BUF(GW_ISSUE_FILE_MAX)                                                                     \
	}
void gw_signer_release(struct gw_signer *s);
#define GW_SIGNER_AUTO GW_CLEANUP(gw_signer_release)

/* Adds the certificates from the first up to the one below the root. Each is issued by the next. */
void gw_signer_chain(const struct gw_certs *certs, struct gw_buf *chain);

/* A CA from two PEM files; the certificate's may hold the intermediates above it. GW_E_INPUT where they do not belong
 * together or it is no CA or expired, GW_E_REFUSED where others can read the key. password may be NULL. */
enum gw_code GW_MUST_USE gw_signer_load(const struct gw_ctx *ctx, const char *cert_path, const char *key_path,
					const struct gw_password *password, struct gw_signer *signer,
					struct gw_err *err);

/* --- one certificate ---------------------------------------------------------------------------------------------- */

/* What was made for one entry, in memory. */
struct gw_made {
	struct gw_secret key_pem;                   /* of a key that was made; empty where it was given */
	struct gw_buf csr_pem, cert_pem, chain_pem; /* chain_pem is empty below a root */
	X509 *cert;
	EVP_PKEY *key;
};

#define GW_MADE_INIT                                                                                                   \
	{                                                                                                              \
		.csr_pem = GW_BUF(GW_ISSUE_FILE_MAX), .cert_pem = GW_BUF(GW_ISSUE_FILE_MAX),                           \
		.chain_pem = GW_BUF(GW_ISSUE_FILE_MAX)                                                                 \
	}
void gw_made_release(struct gw_made *m);
#define GW_MADE_AUTO GW_CLEANUP(gw_made_release)

/* Makes key, request and certificate and checks once that they fit together. signer NULL: self-signed. key NULL: a new one
 * is made; else it is used, and the caller's as before. `now` is where the validity counts from. */
enum gw_code GW_MUST_USE gw_issue_one(const struct gw_ctx *ctx, const struct gw_entry *entry,
				      const struct gw_signer *signer, EVP_PKEY *key, int64_t now, struct gw_made *made,
				      struct gw_err *err);

/* A key as it is written for an entry: in clear, or encrypted with the entry's password. */
enum gw_code GW_MUST_USE gw_issue_key_text(const struct gw_ctx *ctx, const struct gw_entry *entry, const EVP_PKEY *key,
					   struct gw_secret *pem, struct gw_err *err);

/* Only the certificate, for a key of which we have the public half: somebody else's. GW_E_REFUSED for what the issuer may not
 * sign. */
enum gw_code GW_MUST_USE gw_issue_for(const struct gw_ctx *ctx, const struct gw_entry *entry,
				      const struct gw_signer *signer, EVP_PKEY *key, int64_t now, X509 **cert,
				      struct gw_err *err);

/* The dates of an entry that is made now: none but those that were written reach beyond the signer's, which may be NULL. */
void gw_issue_dates(struct gw_cert_plan *plan, const struct gw_entry *e, const struct gw_signer *signer, int64_t now);

/* Reads a certificate back that was made of a plan, and looks whether it and its key are what was asked for and what a
 * client that trusts the signer would accept. */
enum gw_code GW_MUST_USE gw_issue_check(const struct gw_ctx *ctx, const struct gw_entry *e,
					const struct gw_cert_plan *plan, EVP_PKEY *key, const struct gw_buf *cert_pem,
					const struct gw_signer *signer, int64_t now, struct gw_err *err);

/* --- the plan ----------------------------------------------------------------------------------------------------- */

enum gw_action {
	GW_ACTION_KEEP,     /* as asked: nothing is touched */
	GW_ACTION_MAKE,     /* missing */
	GW_ACTION_COMPLETE, /* key and certificate stay as they are; files that follow from them were not right */
	GW_ACTION_REISSUE,  /* a new certificate for the key that is there */
	GW_ACTION_REMAKE,   /* a new key and certificate; the old ones go to the archive */
	GW_ACTION_WAIT,     /* onRenew: manual. Due or not as asked, and nobody has said to make it anew */
	GW_ACTION_REFUSE,   /* not as asked, and its key must not be replaced unasked */
};
#define GW_ACTIONS (GW_ACTION_REFUSE + 1)

/* "keep", "make", "complete", "reissue", "remake", "wait", "refuse". */
const char *gw_action_word(enum gw_action action);

/* One difference. field NULL: `is` is a sentence that says all. Else the field's name in the template, with what is and
 * what is asked for; either may be NULL (a name that is too many, or lacking). */
struct gw_change {
	const char *field, *is, *asked;
};

/* What is to be done with one entry. Texts are in the plan's arena. */
struct gw_step {
	struct gw_entry *entry;
	bool selected;     /* asked for; else an issuer that comes along */
	bool renew, rekey; /* asked for by name */
	enum gw_action action;
	const char **reasons; /* why, a sentence each; none for GW_ACTION_KEEP */
	size_t n_reasons, cap_reasons;
	size_t n_timely;           /* of the reasons: due, or expired, which time alone brings */
	struct gw_change *changes; /* the same field by field */
	size_t n_changes, cap_changes;
	bool has_chain;       /* a chain file is on disk */
	bool left_key;        /* a key file is, of an entry whose key was given: it goes to the archive */
	bool renamed;         /* the subject that is asked for is another one: what it signed does not lead to it */
	const char *was;      /* that subject, of what is on disk; NULL where nothing is */
	bool chain_anew;      /* of a CA: the chain of what it signs changes */
	int64_t not_after;    /* of what is there, or of what is made */
	bool failed;          /* a row that cannot be made: its action is GW_ACTION_REFUSE */
	bool clipped;         /* that end is the issuer's, and earlier than what the entry would get by itself */
	struct gw_signer own; /* of a CA: what it signs with */
	const char *archive;  /* where the files of a replaced key went, below DIR; NULL where there were none */
};

struct gw_issue_request {
	const struct gw_template *t;
	const char *dir;
	const char *const *names; /* of the entries asked for; none is all */
	size_t n_names;
	const char *const *renew; /* entries to be made anew, due or not; they count as asked for */
	size_t n_renew;
	const char *const *rekey; /* the same with a new key */
	size_t n_rekey;
	bool force;                /* keys that are in the way may be replaced, among the entries asked for */
	unsigned jobs;             /* threads that make RSA keys; 0 and 1: none but the caller's */
	struct gw_signer *outside; /* signs the entries that name no issuer and are not self-signed; may be NULL */
};

struct gw_plan {
	struct gw_arena arena;
	const struct gw_issue_request *request;
	int64_t now;
	int dirfd;             /* of request->dir; -1 while that is missing */
	struct gw_step *steps; /* issuers before those that they sign */
	size_t n_steps;
	size_t count[GW_ACTIONS]; /* steps by action */
	struct gw_keys *keys;     /* made ahead while the plan is carried out; NULL: none are (keys.h) */
	size_t n_failed;          /* rows of which no certificate could be made; their action is GW_ACTION_REFUSE */
	const char **removed;     /* entries that the template no longer has, and that go to the archive */
	size_t n_removed, cap_removed;
};

#define GW_PLAN_INIT                                                                                                   \
	{                                                                                                              \
		.dirfd = -1                                                                                            \
	}
void gw_plan_release(struct gw_plan *plan);
#define GW_PLAN_AUTO GW_CLEANUP(gw_plan_release)

/* Whether the folder holds folders that are no entries as they are written: rows may have made them. */
bool gw_issue_has_others(const struct gw_template *t, const char *dir);

/* Looks at the disk and decides. Findings that fs has already do not count. What must not be done becomes findings, and then GW_E_REFUSED or, where the template
 * asks for what cannot be, GW_E_INPUT comes back with an empty err->what; the plan can be shown all the same. What waits
 * becomes a warning. An unknown name is GW_E_USAGE. Writes nothing. */
enum gw_code GW_MUST_USE gw_plan_make(const struct gw_ctx *ctx, const struct gw_issue_request *request,
				      struct gw_plan *plan, struct gw_findings *fs, struct gw_err *err);

/* Whether the run makes a certificate for the entry. */
bool gw_step_makes(const struct gw_step *step);

/* Whether the plan changes anything. */
bool gw_plan_is_work(const struct gw_plan *plan);

/* Whether anything is due: work, or what waits for a word from somebody. */
bool gw_plan_is_due(const struct gw_plan *plan);

/* Plans and does it, under the lock of the folder; a run that finds everything as asked touches nothing, not even the
 * lock. The plan tells afterwards what was done. Either all entries appear or, but for a disk that fails while they are
 * brought into place, none. */
enum gw_code GW_MUST_USE gw_issue_run(const struct gw_ctx *ctx, const struct gw_issue_request *request,
				      struct gw_plan *plan, struct gw_findings *fs, struct gw_err *err);

#endif
