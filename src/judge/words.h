/* SPDX-License-Identifier: Apache-2.0 */
/* How the judge speaks of a certificate. */
#ifndef GW_JUDGE_WORDS_H
#define GW_JUDGE_WORDS_H

#include "base/finding.h"
#include "pki/cert.h"

/* The leaf by its name: "store.example.com"; another of the list with its place: certificate 2 ("Issuing CA"); one that is
 * not in the list, the anchor, by its name. Quotes are part of it. Memory of the findings. */
const char *gw_judge_words(struct gw_findings *fs, const struct gw_certs *certs, const X509 *cert);

/* "store.example.com", in quotes. */
const char *gw_judge_label(struct gw_findings *fs, const X509 *cert);

#endif
