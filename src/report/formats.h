/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The formats of findings that other programs read. gw_report_findings() chooses between them; only this room includes
 * it. Each writes one whole document, also where there are no findings: an empty report is an answer, an empty file is
 * a broken pipe.
 */
#ifndef GW_REPORT_FORMATS_H
#define GW_REPORT_FORMATS_H

#include <stdint.h>
#include <stdio.h>

#include "base/finding.h"

#define GW_REPORT_MAX (SIZE_MAX / 4) /* octets: what memory holds; a report is never cut */

void gw_findings_json(FILE *out, const struct gw_findings *fs);
void gw_findings_jsonl(FILE *out, const struct gw_findings *fs);

/* SARIF 2.1.0 (OASIS), as code scanning services take it: one run, each rule that was hit described once. */
void gw_findings_sarif(FILE *out, const struct gw_findings *fs);

/* JUnit XML as CI servers take it: a test suite for each file, a test case for each finding. What is `fails` or worse is
 * a failed test; the rest has passed, with its words as the test's output. */
void gw_findings_junit(FILE *out, const struct gw_findings *fs, enum gw_severity fails);

/* GitHub Actions' workflow commands, a line for each finding: ::error file=F,line=L::words. */
void gw_findings_github(FILE *out, const struct gw_findings *fs);

#endif
