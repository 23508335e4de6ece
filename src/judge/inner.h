/* SPDX-License-Identifier: Apache-2.0 */
/* What the judges of one certificate and of one path share. Not for other rooms: judge/judge.h is. */
#ifndef GW_JUDGE_INNER_H
#define GW_JUDGE_INNER_H

#include "judge/judge.h"
#include "pki/parts.h"
#include "rules/rules.h"

enum gw_role {
	GW_ROLE_LEAF,
	GW_ROLE_CA,     /* issues another one of the path */
	GW_ROLE_ANCHOR, /* the same, and trusted */
};

/* One certificate in its place in a path. */
struct gw_judged {
	struct gw_findings *fs;
	const struct gw_where *where;
	const struct gw_parts *parts;
	const char *words; /* what it is called: "store.example.com" in quotes */
	enum gw_role role;
	enum gw_purpose purpose;
	int64_t at;
};

/* Adds a finding whose sentence begins with what the certificate is called. */
struct gw_finding *gw_judged_find(const struct gw_judged *j, enum gw_rule_name rule, const char *fmt, ...)
	GW_PRINTF(3, 4);

/* The same for what RFC 5280 asks of the issuing CA's work: an anchor is trusted whatever it says of itself (6.1.1 (d)), so
 * an error is only a warning there. */
struct gw_finding *gw_judged_note(const struct gw_judged *j, enum gw_rule_name rule, const char *fmt, ...)
	GW_PRINTF(3, 4);

/* RFC 5280 4.1 and 4.2: version, serial, names, what extensions say and how they are marked. */
void gw_judge_profile(const struct gw_judged *j);

/* Whether it may be used as it is: CA or not, key usage, extended key usage for the purpose, strength. */
void gw_judge_use(const struct gw_judged *j);

/* What the public web asks on top: warnings. */
void gw_judge_web(const struct gw_judged *j);

/* notBefore and notAfter of a certificate at an instant, with its severity. */
void gw_judge_window(const X509 *cert, const char *words, enum gw_severity severity, int64_t at,
		     const struct gw_where *where, struct gw_findings *fs);

#endif
