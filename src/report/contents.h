/* SPDX-License-Identifier: Apache-2.0 */
/* What an issuer put into a certificate beyond its facts, as JSON: by the names that ask for it in a template. */
#ifndef GW_REPORT_CONTENTS_H
#define GW_REPORT_CONTENTS_H

#include "pki/contents.h"
#include "tree/tree.h"

/* Members are always there, null where there is nothing to tell: permitted and excluded (dns, ip, email, uri), ocsp, crl,
 * certificatePolicies (oid, cps), mustStaple, extensions (oid, name, critical, der), and unread: what is there and has no
 * words. */
struct gw_node *gw_report_contents(struct gw_arena *arena, const struct gw_cert_contents *contents);

#endif
