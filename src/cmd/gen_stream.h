/* SPDX-License-Identifier: Apache-2.0 */
/* gen --stream: what the command line says of it, and doing it. */
#ifndef GW_CMD_GEN_STREAM_H
#define GW_CMD_GEN_STREAM_H

#include "base/ctx.h"
#include "base/finding.h"
#include "template/template.h"

struct gw_gen_stream {
	const char *dir; /* NULL: the template's */
	const char *const *names;
	size_t n_names;
	unsigned jobs;
	const char *shard; /* "I/N", or NULL */
	size_t max_failures;
};

/* Whether --shard is I/N with I below N. */
enum gw_code GW_MUST_USE gw_gen_shard_check(const char *shard, struct gw_err *err);

enum gw_code GW_MUST_USE gw_gen_stream(const struct gw_ctx *ctx, const struct gw_gen_stream *o, struct gw_template *t,
				       struct gw_findings *fs, struct gw_err *err);

#endif
