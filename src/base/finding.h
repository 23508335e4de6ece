/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings: what a judge has to say, with its place, its reason and its mend. Template validation, verify, lint, probe
 * and plans all produce these; report/ prints them in every format. Texts live in the list's own arena.
 */
#ifndef GW_BASE_FINDING_H
#define GW_BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/index.h"

struct gw_rule; /* rules/rules.h */

enum gw_severity { GW_NOTE, GW_WARNING, GW_ERROR };

/* A place. Lines and columns count from 1; 0 means "the whole". */
struct gw_where {
	const char *file; /* file, host:port or other subject; may be NULL */
	unsigned line, column;
	unsigned end_line, end_column; /* one past the last column */
	const char *excerpt;           /* the source line itself, for the caret; may be NULL */
	const char *path;              /* key path within the document: certificates.store.sans; may be NULL */
};

/* Another place that a finding is about: the first of two that are the same, the issuer that is outlived. */
struct gw_related {
	struct gw_where where;
	const char *what; /* what is there: "first here" */
	struct gw_related *next;
};

struct gw_finding {
	const struct gw_rule *rule;
	enum gw_severity severity;
	struct gw_where where;
	const char *what;     /* one sentence, no full stop */
	const char *fix;      /* what to do; may be NULL */
	const char *evidence; /* what was seen that shows it; may be NULL */
	struct gw_related *related;
	struct gw_finding *next;
};

/* The most findings one list keeps; the rest are only counted, so that a hostile input cannot fill the memory. */
#define GW_FINDINGS_MAX 10000

struct gw_findings {
	struct gw_arena arena;
	struct gw_finding *first, *last;
	size_t count;            /* kept */
	size_t by_severity[3];   /* all, kept or not */
	struct gw_index seen;    /* by rule, place and words, so that none is added twice */
	struct gw_finding spare; /* what callers get past the limit; never printed */
};

/* Adds a finding and returns it (fix and evidence may be set on it). The same rule at the same place with the same words
 * is added once: a profile used by a thousand entries says it once. Texts are copied. Call through gw_find() of
 * rules/rules.h, which supplies the rule's severity. */
struct gw_finding *gw_findings_add(struct gw_findings *fs, const struct gw_rule *rule, enum gw_severity severity,
				   const struct gw_where *where, const char *what);

/* The fix and evidence of a finding, formatted into the list's arena; a new one replaces the old. */
void gw_finding_fix(struct gw_findings *fs, struct gw_finding *f, const char *fmt, ...) GW_PRINTF(3, 4);
void gw_finding_evidence(struct gw_findings *fs, struct gw_finding *f, const char *fmt, ...) GW_PRINTF(3, 4);

/* Adds another place to a finding; the same one with the same words is added once. */
void gw_finding_relate(struct gw_findings *fs, struct gw_finding *f, const struct gw_where *where, const char *fmt, ...)
	GW_PRINTF(4, 5);

/* Gives a finding another severity: what one command refuses is a warning to another. */
void gw_finding_weigh(struct gw_findings *fs, struct gw_finding *f, enum gw_severity severity);

/* Adds copies of all findings of another list, which stays as it is. */
void gw_findings_take(struct gw_findings *to, const struct gw_findings *from);

/* Orders by file, line and column; findings without a line keep their order, before those with one. */
void gw_findings_sort(struct gw_findings *fs);

bool gw_findings_any(const struct gw_findings *fs, enum gw_severity at_least);

void gw_findings_release(struct gw_findings *fs);

#define GW_FINDINGS_AUTO GW_CLEANUP(gw_findings_release)

/* "note", "warning", "error". */
const char *gw_severity_name(enum gw_severity severity);

#endif
