/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of rules. `gwcert explain` and doc/rules.md are made from it. An id is GW, an area letter (T template, C
 * certificate and chain, K Kubernetes, G Google, P probe) and three digits; it is never reused. GWK0NN is rule NN of the
 * catalogue of Kubernetes rules. The rows live in rules.def.
 */
#ifndef GW_RULES_RULES_H
#define GW_RULES_RULES_H

#include "base/finding.h"

enum gw_rule_name {
#define GW_RULE(name, id, severity, title, why, fix, source) name,
#include "rules/rules.def"
#undef GW_RULE
	GW_RULE_COUNT
};

struct gw_rule {
	const char *id;   /* "GWT001" */
	const char *name; /* "GWT_UNKNOWN_KEY", as the code calls it */
	enum gw_severity severity;
	const char *title;  /* a few words, lower case */
	const char *why;    /* a paragraph: what goes wrong if it is ignored */
	const char *fix;    /* a paragraph: what to do */
	const char *source; /* where the rule comes from: RFC and section, API page, measured behaviour */
};

extern const struct gw_rule gw_rules[GW_RULE_COUNT];

/* The rule of an id, in any case ("gwt001"), or NULL. */
const struct gw_rule *gw_rule_find(const char *id);

/* Adds a finding with the rule's own severity; returns it so that a fix or evidence can be added. Texts that do not fit
 * GW_ERR_WHAT_MAX are cut with "...". */
struct gw_finding *gw_find(struct gw_findings *fs, enum gw_rule_name rule, const struct gw_where *where,
			   const char *fmt, ...) GW_PRINTF(4, 5);

/* The same with another severity: a warning that a --strict or --target makes an error. */
struct gw_finding *gw_find_as(struct gw_findings *fs, enum gw_rule_name rule, enum gw_severity severity,
			      const struct gw_where *where, const char *fmt, ...) GW_PRINTF(5, 6);

#endif
