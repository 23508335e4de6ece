/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists as a person or a program reads them. The names of the JSON members are part of the interface:
 * gwcert-crl(1), gwcert-revoke(1). */
#ifndef GW_REPORT_CRL_H
#define GW_REPORT_CRL_H

#include <stdio.h>

#include "issue/revoke.h"

struct gw_crl_view {
	struct gw_arena *arena;               /* for what is printed */
	const char *path;                     /* of the list */
	const struct gw_crl_facts *facts;     /* NULL: there is none */
	const struct gw_crl_outcome *outcome; /* NULL: it was only read */
	const struct gw_crl_change *changes;
	size_t n_changes;
	bool planned; /* nothing has been done: this is what would be */
	bool entries; /* in text: every certificate that is revoked, too */
	int64_t now;
	bool color;
};

void gw_report_crl_text(FILE *out, const struct gw_crl_view *view);
void gw_report_crl_json(FILE *out, const struct gw_crl_view *view);

#endif
