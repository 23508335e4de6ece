/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A template as one stream of Secrets: every certificate in it that is no CA, rows and plain entries in the order of the
 * file, each with a new key. Nothing is written to disk and nothing is read from there but the CAs that sign. Memory does
 * not grow with the number of rows, but for the names that are taken (template/each.h).
 */
#ifndef GW_ISSUE_STREAM_H
#define GW_ISSUE_STREAM_H

#include "issue/issue.h"

#define GW_STREAM_JOBS_MAX 256

struct gw_stream_request {
	struct gw_template *t;
	const char *dir;          /* where the CAs are */
	const char *const *names; /* of entries or rows; none is all */
	size_t n_names;
	unsigned jobs;          /* threads, at least 1; the output is the same for any number */
	uint64_t shard, shards; /* only every item whose number, from 0, leaves `shard`; shards is at least 1 */
	size_t max_bad;         /* stop at so many bad rows; 0: never */
	void (*progress)(void *self, size_t); /* called now and then with what was made so far; may be NULL */
	void *self;
};

struct gw_stream_count {
	size_t made, bad;
	bool stopped; /* at max_bad */
};

/* Writes to ctx->out. Bad rows are findings; a CA that is not there, or not as asked, is GW_E_REFUSED before anything is
 * written. */
enum gw_code GW_MUST_USE gw_issue_stream(const struct gw_ctx *ctx, const struct gw_stream_request *request,
					 struct gw_findings *fs, struct gw_stream_count *count, struct gw_err *err);

#endif
