/* SPDX-License-Identifier: Apache-2.0 */
/* An entry as it is on disk, and how it differs from what is asked. Only this room includes it. */
#ifndef GW_ISSUE_DISK_H
#define GW_ISSUE_DISK_H

#include "base/file.h"
#include "base/stage.h"
#include "issue/issue.h"

/* The key of an entry, as it is found. */
enum gw_pair {
	GW_PAIR_NONE,    /* there is no key */
	GW_PAIR_STRANGE, /* it cannot be read, or is another certificate's: nobody knows what it is for */
	GW_PAIR_ALONE,   /* a sound key without a certificate that can be read */
	GW_PAIR_WHOLE,   /* the certificate's own */
};

struct gw_on_disk {
	bool there;                                                         /* any of the entry's files */
	bool not_folder;                                                    /* something else stands in its place */
	bool exposed;                                                       /* group or others can read the key */
	bool encrypted;                                                     /* the key is written so */
	struct gw_buf key_pem, csr_pem, cert_pem, chain_pem, fullchain_pem; /* empty: missing */
	struct gw_buf pkcs12;
	X509 *cert;    /* NULL: missing or unreadable */
	EVP_PKEY *key; /* of GW_PAIR_ALONE, and of GW_PAIR_WHOLE where it was wanted; NULL: encrypted and not opened */
	enum gw_pair pair;
};

/* How far a reader goes with a key. */
enum gw_want {
	GW_WANT_PAIR, /* whether it is the certificate's */
	GW_WANT_KEY,  /* the key, where that takes no password */
	GW_WANT_OPEN, /* the key; a password that is wrong, or cannot be had, is an error */
};

void gw_on_disk_release(struct gw_on_disk *d);
#define GW_ON_DISK_AUTO GW_CLEANUP(gw_on_disk_release)

/* Reads what is there of an entry. What cannot be read as a key or certificate becomes a reason of the step; only
 * trouble with the disk itself, or with the password of GW_WANT_OPEN, is an error. dirfd -1: nothing is there. Nobody asks
 * for a password only to look: a key that is encrypted, as the entry asks, is taken for the certificate's until it is used. */
enum gw_code GW_MUST_USE gw_disk_read(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				      enum gw_want want, struct gw_on_disk *d, struct gw_err *err);

/* Whether anything of that name is in the folder. */
bool gw_disk_has(const struct gw_plan *plan, const struct gw_entry *e);

/* Whether the certificate of an entry that is on disk names this issuer. */
bool gw_disk_is_signed_by(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_entry *e, const char *issuer);

/* Adds a reason to a step, and the same as a change that is a sentence. */
void gw_step_because(struct gw_plan *plan, struct gw_step *step, const char *fmt, ...) GW_PRINTF(3, 4);

/* Adds a reason to a step: the sentence alone, where gw_step_change() tells the fields. */
void gw_step_reason(struct gw_plan *plan, struct gw_step *step, const char *fmt, ...) GW_PRINTF(3, 4);

/* Adds a field that differs. is or asked may be NULL. */
void gw_step_change(struct gw_plan *plan, struct gw_step *step, const char *field, const char *is, const char *asked);

/* Adds a reason for each way in which the certificate differs from what the entry asks, for what is broken, and for its
 * being due. signer NULL: self-signed. known: the signer is there already, and what it signed can be told.
 * issuer_end is the last moment to which the issuer can sign. */
void gw_disk_compare(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
		     const struct gw_signer *signer, bool known, int64_t issuer_end);

/* Adds a reason for each file that follows from key and certificate (request, chain, full chain) and is missing or not what
 * it should be. */
void gw_disk_incomplete(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			const struct gw_signer *signer);

/* --- deciding: decide.c ------------------------------------------------------------------------------------------- */

/* The step of an entry, or NULL where it has none. */
struct gw_step *gw_step_of(const struct gw_plan *plan, const struct gw_entry *e);

/* Who signs an entry; NULL: it signs itself. */
const struct gw_signer *gw_step_signer(const struct gw_plan *plan, const struct gw_step *step);

/* The last moment to which whoever signs the step can sign, after this run. */
int64_t gw_step_issuer_end(const struct gw_plan *plan, const struct gw_step *step);

/* An entry that hangs on the CA of this step: it is on disk and names it as its issuer, as it was until now. One that
 * leaves_out() is true of is passed over; NULL passes over none. NULL where there is no such entry. */
const struct gw_entry *gw_step_child(const struct gw_ctx *ctx, struct gw_plan *plan, const struct gw_step *step,
				     bool (*leaves_out)(const struct gw_plan *plan, const struct gw_entry *e));

/* What is to be done with what is on disk, which gw_disk_compare() has not looked at yet. */
enum gw_action gw_step_decide(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      const struct gw_on_disk *d, struct gw_findings *fs);

/* --- saying: say.c ------------------------------------------------------------------------------------------------ */

/* Why a step is refused. */
enum gw_block {
	GW_BLOCK_STRANGE,  /* its key cannot be accounted for */
	GW_BLOCK_SAME_KEY, /* onRenew asks for the same key, which cannot stay */
	GW_BLOCK_CHILD,    /* certificates hang on its key */
	GW_BLOCK_HOSTS,    /* no template accounts for what is there */
	GW_BLOCK_GIVEN,    /* --rekey of a key that was given */
	GW_BLOCK_MANUAL,   /* onRenew: manual, and it is so broken that nothing can be judged by it */
};

/* child: of GW_BLOCK_CHILD. */
void gw_say_refused(struct gw_plan *plan, const struct gw_step *step, enum gw_block block, const struct gw_entry *child,
		    struct gw_findings *fs);
void gw_say_waits(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs);

/* What is in the way on disk: no folder, or a CA's key that others can read. */
void gw_say_disk(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d, struct gw_findings *fs);

/* One row that cannot be made does not hold up the others: a finding instead of the error, which is over with that. */
enum gw_code gw_step_failed(struct gw_plan *plan, struct gw_step *step, struct gw_findings *fs, struct gw_err *err);

/* What keeps a certificate from being signed: an issuer with too little time left, or without its key. */
void gw_say_unsigned(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs);

/* A fixed serial that its issuer has given already, to the certificate that is there. */
void gw_say_serial(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d,
		   struct gw_findings *fs);

/* A CA with a new key or name leaves this entry, which is not among those that are made anew with it. */
void gw_say_orphan(struct gw_plan *plan, const struct gw_step *step, const struct gw_entry *child,
		   struct gw_findings *fs);

/* --- PKCS#12: pkcs12.c -------------------------------------------------------------------------------------------- */

/* Adds a reason where the PKCS#12 file of an entry is not as it should be. */
void gw_pkcs12_compare(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
		       const struct gw_on_disk *d);

/* Adds the file to the entry that is being staged, where it has one. */
enum gw_code GW_MUST_USE gw_pkcs12_stage(const struct gw_ctx *ctx, struct gw_stage *st, const struct gw_entry *e,
					 EVP_PKEY *key, X509 *cert, const struct gw_buf *chain_pem, struct gw_err *err);

/* --- what is given: given.c --------------------------------------------------------------------------------------- */

/* The key of the file that an entry names; untouched where it is encrypted and want does not open it. */
enum gw_code GW_MUST_USE gw_given_key(const struct gw_ctx *ctx, const struct gw_entry *e, enum gw_want want,
				      EVP_PKEY **key, bool *encrypted, struct gw_err *err);

/* Brings the key that an entry was given to what has been read of its folder. */
enum gw_code GW_MUST_USE gw_given_read(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				       enum gw_want want, struct gw_on_disk *d, struct gw_err *err);

/* What is wrong with a key that was given, now that it is open: it is its issuer's, or none that settings.lint takes. */
void gw_given_judge_key(struct gw_plan *plan, const struct gw_step *step, const struct gw_on_disk *d,
			struct gw_findings *fs);

/* The step of an entry whose certificate is given: it stays as it is, and can sign where its key is given too. */
enum gw_code GW_MUST_USE gw_given_plan(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				       struct gw_findings *fs, struct gw_err *err);

/* Opens the key of a CA that stays and is encrypted, for the first time that it has to sign: run.c. */
enum gw_code GW_MUST_USE gw_step_unlock(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
					struct gw_err *err);

/* Opens the encrypted key of such a step. */
enum gw_code GW_MUST_USE gw_given_unlock(const struct gw_ctx *ctx, struct gw_step *step, struct gw_err *err);

/* Says what the request of an entry asks for and does not get. */
void gw_given_compare(struct gw_plan *plan, const struct gw_step *step, struct gw_findings *fs);

/* --- the archive: archive.c --------------------------------------------------------------------------------------- */

/* Keeps the files of an entry that is about to be replaced in DIR/.archive/ENTRY-TIME: as further links, so that a kill at
 * any moment loses nothing. After a kill the archive may so have a key that is still in use. */
enum gw_code GW_MUST_USE gw_archive_keep(struct gw_plan *plan, struct gw_step *step, struct gw_err *err);

/* Moves the folder of an entry that the template no longer has to DIR/.archive/ENTRY-TIME. */
enum gw_code GW_MUST_USE gw_archive_move(struct gw_plan *plan, const char *entry, struct gw_err *err);

/* Finds the folders in DIR that gwcert made (they hold a key, request, certificate and full chain under the template's
 * names) and of which the template has no entry. */
enum gw_code GW_MUST_USE gw_archive_find(struct gw_plan *plan, struct gw_err *err);

#endif
