/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint: Kubernetes objects against the schemas of their CRDs, the rules of Gateway API and GKE, and the certificates that
 * they carry, before a load balancer looks at them. Everything is read first; then each object is judged once, with
 * indexes for what it refers to: the time grows with the size of the input and not with its square.
 *
 *	struct gw_lint *lint = gw_lint_new(&conf, &findings);
 *
 *	code = gw_lint_read(lint, "deploy/", err);
 *	gw_lint_judge(lint);
 *	gw_lint_free(lint);
 */
#ifndef GW_LINT_LINT_H
#define GW_LINT_LINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/ctx.h"
#include "rules/rules.h"

/* "1.35.2-gke.1842000"; what is left out is 0. */
struct gw_gke_version {
	uint64_t part[4];
};

bool gw_gke_version_read(const char *text, struct gw_gke_version *version);

struct gw_lint_conf {
	const struct gw_ctx *ctx;
	bool complete;          /* the input is all there is: what is referred to and not there is an error */
	enum gw_severity least; /* findings below it are not kept */
	const bool *ignored;    /* by enum gw_rule_name; NULL: none */
	bool has_version;
	struct gw_gke_version version; /* where has_version; else the newest is taken for granted */
};

struct gw_lint;

/* Findings go to fs, which stays the caller's. Never NULL. */
struct gw_lint *gw_lint_new(const struct gw_lint_conf *conf, struct gw_findings *fs);
void gw_lint_free(struct gw_lint *lint);

/* Reads a file, "-" for standard input, or a folder: what ends in .yaml, .yml or .json, and the same in the folders below
 * it. What is no Kubernetes object, or cannot be read as YAML or JSON, is a finding. */
enum gw_code GW_MUST_USE gw_lint_read(struct gw_lint *lint, const char *path, struct gw_err *err);

/* Judges all that was read. Once. */
void gw_lint_judge(struct gw_lint *lint);

/* What has been read. */
struct gw_lint_counts {
	size_t sources, objects, gateways;
	size_t unreadable; /* files that are no YAML or JSON and were not ignored */
	size_t ignored;    /* findings that a comment in a file put aside */
};
struct gw_lint_counts gw_lint_counts(const struct gw_lint *lint);

/* Says which listener and which certificate would answer for a host, and why; call it after gw_lint_judge(). False where
 * nothing would, or clients would refuse what does. */
bool gw_lint_explain(const struct gw_lint *lint, const char *host, FILE *out);

#endif
