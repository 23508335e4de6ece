/* SPDX-License-Identifier: Apache-2.0 */
/* The receipt of a request that was signed, as a person or a program reads it. The names of the JSON members are part of the
 * interface: gwcert-sign(1). */
#ifndef GW_REPORT_RECEIPT_H
#define GW_REPORT_RECEIPT_H

#include <stdio.h>

#include "issue/grant.h"

struct gw_receipt_view {
	struct gw_arena *arena;       /* for what is printed */
	const char *request;          /* the file's name */
	const char *issuer;           /* the CA's */
	const X509 *cert;             /* NULL: nothing was signed */
	const char *pem;              /* of the certificate, for JSON; NULL: it went elsewhere */
	const struct gw_err *refused; /* why nothing is signed; NULL: it was, or would be */
	bool dry_run;
	bool color;
};

void gw_report_receipt_text(FILE *out, const struct gw_receipt *receipt, const struct gw_receipt_view *view);
void gw_report_receipt_json(FILE *out, const struct gw_receipt *receipt, const struct gw_receipt_view *view);

#endif
