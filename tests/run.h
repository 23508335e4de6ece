/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands run in-process: gw_main() with captured streams, a clock that stands still, an environment of its own and no
 * terminal. The same program may run any number of them.
 *
 *	struct tst_run r;
 *
 *	tst_run(&r, "secret", "--cert", path, NULL);
 *	TST_INT_EQ(r.status, GW_OK);
 *	TST_CONTAINS(r.out, "kind: Secret");
 */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/tap.h"

#define TST_NOW INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

struct tst_run {
	int status;
	const char *out, *err; /* NUL-terminated; they live until the program ends or tst_run_release() */
	size_t out_len, err_len;
};

/* Everything that comes from outside. Begin with TST_WORLD: tst_run_with(&r, &(struct tst_world){TST_WORLD, .in = text}, ...) */
struct tst_world {
	int64_t now;
	const char *in;         /* standard input; NULL is empty */
	size_t in_len;          /* 0: as long as the string */
	const char *const *env; /* name, value, name, value, ..., NULL; NULL is an empty environment */
	bool in_tty, out_tty, err_tty;
	bool (*interrupted)(void);
};
#define TST_WORLD .now = TST_NOW

/* Each takes the words after "gwcert", ended by NULL, and returns r->status. What r held before is not looked at. */
int tst_run(struct tst_run *r, ...) __attribute__((sentinel));
int tst_run_in(struct tst_run *r, const char *in, ...) __attribute__((sentinel));
int tst_run_with(struct tst_run *r, const struct tst_world *world, ...) __attribute__((sentinel));

/* The same with the words in an array ended by NULL. */
int tst_run_argv(struct tst_run *r, const struct tst_world *world, const char *const *words);

/* Ends the use of the texts: a look at them afterwards finds NULL. Never needed before the end of the program. */
void tst_run_release(struct tst_run *r);

#endif
