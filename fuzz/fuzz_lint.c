/* SPDX-License-Identifier: Apache-2.0 */
/* Lint: whatever the bytes, each finding says something, and a host is explained or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "lint/lint.h"

const char gw_fuzz_corpus[] = "lint";

#define NOW INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

static int64_t now(void *self)
{
	(void)self;
	return NOW;
}

static void check(const struct gw_findings *fs)
{
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		if (f->what[0] == '\0' || f->where.file == NULL)
			abort();
		/* Nothing of a key is shown. */
		if (f->where.excerpt != NULL && strstr(f->where.excerpt, "PRIVATE KEY") != NULL &&
		    strstr(f->where.path != NULL ? f->where.path : "", "Secret ") != NULL)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct gw_ctx ctx = {.clock = {.now = now}};
	const struct gw_lint_conf conf = {.ctx = &ctx, .complete = true};
	struct gw_err err = {0};
	struct gw_lint *lint;
	FILE *out;

	if (size == 0)
		return 0;
	ctx.in = fmemopen((void *)(uintptr_t)data, size, "r");
	out = fopen("/dev/null", "we");
	if (ctx.in == NULL || out == NULL)
		abort();
	lint = gw_lint_new(&conf, &fs);
	if (gw_lint_read(lint, "-", &err) == GW_OK) {
		gw_lint_judge(lint);
		check(&fs);
		(void)gw_lint_explain(lint, "store.example.com", out);
	}
	gw_lint_free(lint);
	fclose(ctx.in);
	fclose(out);
	return 0;
}
