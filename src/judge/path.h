/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search for a path from a leaf to an anchor. Where an issuer leads nowhere good, the next one of its name is tried: an
 * expired or revoked cross-certificate must not stand in the way of a good path. The search is bounded in every respect, so
 * that no heap of certificates, however it was made, takes long.
 */
#ifndef GW_JUDGE_PATH_H
#define GW_JUDGE_PATH_H

#include "judge/inner.h"

/* The bounds hold for each of two rounds: over what is sound by itself, and over everything. */
#define GW_PATH_MAX        32   /* certificates of one path, the leaf and the anchor among them */
#define GW_PATH_NODES      512  /* certificates that have the name of some issuer; further ones are not looked at */
#define GW_PATH_SIGNATURES 200  /* signatures that are checked; one of a larger RSA key counts for several */
#define GW_PATH_STEPS      4000 /* certificates that are tried in the place of an issuer */
#define GW_PATH_JUDGED     32   /* whole paths that are judged in full */

struct gw_path {
	struct gw_parts *items[GW_PATH_MAX]; /* leaf first, borrowed from the search */
	size_t count;
	bool complete; /* the last one is an anchor */
};

/* What became of the search: the best path, and why none was better. */
struct gw_search_result {
	struct gw_path path;
	struct gw_findings findings; /* on that path; where none is complete, on what there is of it */
	bool exhausted;              /* a bound was reached before a sound path was found */
	bool bad_signature;          /* the last one of an incomplete path names an issuer that did not sign it */
};

struct gw_search;

struct gw_search *gw_search_new(const struct gw_chain_request *request);

/* Judges a path in full: into fs go the findings. Defined in judge/chain.c. */
enum gw_code gw_judge_whole_path(const struct gw_chain_request *request, const struct gw_path *path, unsigned *work,
				 struct gw_findings *fs, struct gw_err *err);

/* What the lists of revoked certificates say of a path. Defined in judge/revocation.c. */
void gw_judge_revocation(const struct gw_chain_request *request, const struct gw_path *path, struct gw_findings *fs);

enum gw_code gw_search_run(struct gw_search *search, struct gw_search_result *result, struct gw_err *err);

/* Frees what the paths point into. The result's findings are the caller's to release. */
void gw_search_free(struct gw_search *search);

#endif
