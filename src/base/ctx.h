/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The context of one run: everything that comes from outside. main.c fills it with the real things, a test with its own,
 * so every command runs in-process with a fixed clock and captured streams.
 */
#ifndef GW_BASE_CTX_H
#define GW_BASE_CTX_H

#include <errno.h>
#include <openssl/types.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"

struct gw_env {
	/* The value of an environment variable, or NULL. Borrowed. */
	const char *(*get)(void *self, const char *name);
	void *self;
};

struct gw_ctx {
	FILE *in, *out, *err;
	bool in_tty, out_tty, err_tty;
	unsigned columns; /* width of the terminal behind err, 80 where unknown */
	struct gw_clock clock;
	struct gw_env env;
	OSSL_LIB_CTX *libctx;      /* NULL is OpenSSL's default context, with the site's openssl.cnf */
	struct gw_arena *arena;    /* for what lives as long as the run; nothing secret goes in */
	bool (*interrupted)(void); /* whether SIGINT, SIGTERM or SIGHUP came; polled by long work. May be NULL */
	bool color_out, color_err; /* decided by cli from --color, NO_COLOR and the terminal */
	bool quiet, verbose;
	int out_errno; /* why `out` could first not be flushed; 0 where it always could */
};

/* Brings what was printed on its way, and remembers the first failure: stdio forgets the reason. */
static inline void gw_flush_out(struct gw_ctx *ctx)
{
	errno = 0;
	if (fflush(ctx->out) != 0 && ctx->out_errno == 0)
		ctx->out_errno = errno;
}

static inline const char *gw_getenv(const struct gw_ctx *ctx, const char *name)
{
	return ctx->env.get(ctx->env.self, name);
}

static inline bool gw_interrupted(const struct gw_ctx *ctx)
{
	return ctx->interrupted != NULL && ctx->interrupted();
}

#endif
