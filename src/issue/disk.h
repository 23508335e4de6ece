/* SPDX-License-Identifier: Apache-2.0 */
/* An entry as it is on disk, and how it differs from what is asked. Only this room includes it. */
#ifndef GW_ISSUE_DISK_H
#define GW_ISSUE_DISK_H

#include "issue/issue.h"

struct gw_on_disk {
	bool there;                                                         /* any of the entry's files */
	bool not_folder;                                                    /* something else stands in its place */
	bool exposed;                                                       /* group or others can read the key */
	struct gw_buf key_pem, csr_pem, cert_pem, chain_pem, fullchain_pem; /* empty: missing */
	X509 *cert;                                                         /* NULL: missing or unreadable */
	EVP_PKEY *key;
};

void gw_on_disk_release(struct gw_on_disk *d);
#define GW_ON_DISK_AUTO GW_CLEANUP(gw_on_disk_release)

/* Reads what is there of an entry. What cannot be read as a key or certificate becomes a reason of the step; only
 * trouble with the disk itself is an error. dirfd -1: nothing is there. */
enum gw_code GW_MUST_USE gw_disk_read(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
				      struct gw_on_disk *d, struct gw_err *err);

/* Whether anything of that name is in the folder. */
bool gw_disk_has(const struct gw_plan *plan, const struct gw_entry *e);

/* Adds a reason to a step. */
void gw_step_because(struct gw_plan *plan, struct gw_step *step, const char *fmt, ...) GW_PRINTF(3, 4);

/* Adds a reason for each way in which the certificate differs from what the entry asks. signer NULL: self-signed. */
void gw_disk_compare(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
		     const struct gw_signer *signer);

/* Whether files that follow from key and certificate (request, chain, full chain) are missing or, which sets *wrong,
 * are there and not what they should be. The reasons name them. */
bool gw_disk_incomplete(struct gw_plan *plan, struct gw_step *step, const struct gw_on_disk *d,
			const struct gw_signer *signer, bool *wrong);

#endif
