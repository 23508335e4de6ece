/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/gen_stream.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "issue/stream.h"

#define SHARDS_MAX 1000000

static bool parse_shard(const char *text, uint64_t *shard, uint64_t *shards)
{
	const char *slash = strchr(text, '/');
	char first[24];

	if (slash == NULL || (size_t)(slash - text) >= sizeof(first))
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)(slash - text), text);
	return gw_parse_uint(slash + 1, SHARDS_MAX, shards) && gw_parse_uint(first, SHARDS_MAX, shard) &&
	       *shard < *shards;
}

enum gw_code gw_gen_shard_check(const char *shard, struct gw_err *err)
{
	uint64_t i, n;

	if (shard == NULL || parse_shard(shard, &i, &n))
		return GW_OK;
	gw_fail(err, GW_E_USAGE, "--shard", "\"%s\" is no I/N with I from 0 to N-1", shard);
	return gw_hint(err, "the first of four parts is 0/4, the last 3/4");
}

/* What the terminal shows meanwhile: a line that is written over, at most once a second. */
struct progress {
	const struct gw_ctx *ctx;
	int64_t last;
	bool shown;
};

static void show_progress(void *self, size_t made)
{
	struct progress *p = self;
	int64_t now = gw_now(&p->ctx->clock);

	if (now == p->last)
		return;
	p->last = now;
	p->shown = true;
	fprintf(p->ctx->err, "\r%zu made", made);
	(void)fflush(p->ctx->err);
}

static enum gw_code tell(const struct gw_ctx *ctx, const struct gw_stream_count *count, struct gw_err *err)
{
	if (count->bad == 0) {
		if (ctx->verbose || (ctx->err_tty && !ctx->quiet))
			fprintf(ctx->err, "%zu made\n", count->made);
		return GW_OK;
	}
	return gw_fail(err, GW_E_PARTIAL, NULL, "%zu made, %zu bad %s left out%s", count->made, count->bad,
		       count->bad == 1 ? "row" : "rows", count->stopped ? "; stopped there" : "");
}

enum gw_code gw_gen_stream(const struct gw_ctx *ctx, const struct gw_gen_stream *o, struct gw_template *t,
			   struct gw_findings *fs, struct gw_err *err)
{
	struct progress progress = {.ctx = ctx, .last = gw_now(&ctx->clock)};
	struct gw_stream_request request = {.t = t,
					    .dir = o->dir != NULL ? o->dir : t->dir,
					    .names = o->names,
					    .n_names = o->n_names,
					    .jobs = o->jobs > 0 ? o->jobs : 1,
					    .shards = 1,
					    .max_bad = o->max_failures,
					    .progress = ctx->err_tty && !ctx->quiet ? show_progress : NULL,
					    .self = &progress};
	struct gw_stream_count count = {0};
	enum gw_code code;

	if (o->shard != NULL && !parse_shard(o->shard, &request.shard, &request.shards))
		return gw_gen_shard_check(o->shard, err);
	code = gw_issue_stream(ctx, &request, fs, &count, err);
	if (progress.shown)
		fputs("\r\x1b[K", ctx->err);
	return code == GW_OK ? tell(ctx, &count, err) : code;
}
