/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "cli/command.h"

#define WORDS_MAX 64

static int64_t now(void *self)
{
	const struct tst_world *world = self;

	return world->now;
}

/* Time that stands still, but for a millisecond a look: what waits for it comes to an end. */
static uint64_t monotonic(void *self)
{
	static uint64_t ns;

	(void)self;
	ns += 1000000;
	return ns;
}

static const char *look_up(void *self, const char *name)
{
	const struct tst_world *world = self;
	const char *const *pair;

	for (pair = world->env; pair != NULL && pair[0] != NULL; pair += 2) {
		if (strcmp(pair[0], name) == 0)
			return pair[1];
	}
	return NULL;
}

static FILE *input_of(const struct tst_world *world)
{
	const char *text = world->in != NULL ? world->in : "";
	size_t len = world->in_len > 0 ? world->in_len : strlen(text);
	FILE *in;

	if (len == 0)
		return fopen("/dev/null", "re");
	/* One octet more: where there is no room for it, fmemopen() puts its NUL over the last one. */
	in = fmemopen(NULL, len + 1, "w+");
	if (in != NULL && (fwrite(text, 1, len, in) != len || fseek(in, 0, SEEK_SET) != 0))
		abort();
	return in;
}

/* What open_memstream() allocated, as memory of the harness. */
static const char *keep(FILE *stream, char **text, size_t *len)
{
	char *copy;

	if (fclose(stream) != 0)
		abort();
	copy = tst_alloc(*len + 1);
	memcpy(copy, *text, *len);
	free(*text);
	return copy;
}

int tst_run_argv(struct tst_run *r, const struct tst_world *world, const char *const *words)
{
	struct tst_world own = *world;
	struct gw_arena arena GW_ARENA_AUTO = {0};
	char *out_text = NULL, *err_text = NULL;
	const char *argv[WORDS_MAX + 2] = {"gwcert"};
	struct gw_ctx ctx = {
		.in = input_of(world),
		.out = open_memstream(&out_text, &r->out_len),
		.err = open_memstream(&err_text, &r->err_len),
		.in_tty = world->in_tty,
		.out_tty = world->out_tty,
		.err_tty = world->err_tty,
		.columns = 80,
		.clock = {now, monotonic, &own},
		.env = {look_up, &own},
		.arena = &arena,
		.interrupted = world->interrupted,
	};
	int argc = 1;

	if (ctx.in == NULL || ctx.out == NULL || ctx.err == NULL)
		abort();
	for (; *words != NULL; words++) {
		if (argc > WORDS_MAX)
			abort();
		argv[argc++] = *words;
	}
	r->status = gw_main(&ctx, argc, argv);
	fclose(ctx.in);
	r->out = keep(ctx.out, &out_text, &r->out_len);
	r->err = keep(ctx.err, &err_text, &r->err_len);
	return r->status;
}

static int run_list(struct tst_run *r, const struct tst_world *world, va_list args)
{
	const char *words[WORDS_MAX + 1];
	size_t n = 0;

	do {
		if (n > WORDS_MAX)
			abort();
		words[n] = va_arg(args, const char *);
	} while (words[n++] != NULL);
	return tst_run_argv(r, world, words);
}

int tst_run(struct tst_run *r, ...)
{
	static const struct tst_world world = {TST_WORLD};
	va_list args;
	int status;

	va_start(args, r);
	status = run_list(r, &world, args);
	va_end(args);
	return status;
}

int tst_run_in(struct tst_run *r, const char *in, ...)
{
	const struct tst_world world = {TST_WORLD, .in = in};
	va_list args;
	int status;

	va_start(args, in);
	status = run_list(r, &world, args);
	va_end(args);
	return status;
}

int tst_run_with(struct tst_run *r, const struct tst_world *world, ...)
{
	va_list args;
	int status;

	va_start(args, world);
	status = run_list(r, world, args);
	va_end(args);
	return status;
}

void tst_run_release(struct tst_run *r)
{
	r->out = r->err = NULL;
	r->out_len = r->err_len = 0;
}
