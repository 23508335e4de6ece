/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test harness: CUnit's assertions and runner, TAP on standard output. A program lists its cases and hands them over:
 *
 *	static void test_clock__refuses_the_30th_of_february(void) { ... CU_ASSERT(...); TST_STR_EQ(got, want); }
 *
 *	int main(void)
 *	{
 *		static const struct tst_case cases[] = {TST_CASE(test_clock__refuses_the_30th_of_february)};
 *
 *		return tst_main("clock", cases, GW_COUNT(cases));
 *	}
 *
 * A case without a single assertion fails, and so does a name that is there twice. CUnit's *_FATAL assertions jump over
 * cleanup attributes: use them only before anything is acquired.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct tst_case {
	const char *name;
	void (*run)(void);
};

/* clang-format off */
#define TST_CASE(fn) {#fn, fn}
/* clang-format on */

/* Runs the cases in order and prints TAP. The value is the program's exit status. */
int tst_main(const char *suite, const struct tst_case *cases, size_t count);

/* Says why the rest of this case is not tried; the case then shows as SKIP. Follow it with return. */
void tst_skip(const char *fmt, ...) GW_PRINTF(1, 2);

/* --- checks that show both values: they go on after a failure, and give whether they held ----------------------------- */

/* NULL is allowed on both sides and equals only NULL. */
#define TST_STR_EQ(got, want)    tst_str_eq((got), (want), #got, __FILE__, __LINE__)
#define TST_CONTAINS(text, part) tst_contains((text), (part), true, #text, __FILE__, __LINE__)
#define TST_LACKS(text, part)    tst_contains((text), (part), false, #text, __FILE__, __LINE__)
#define TST_INT_EQ(got, want)    tst_int_eq((intmax_t)(got), (intmax_t)(want), #got, __FILE__, __LINE__)
#define TST_MEM_EQ(got, got_len, want, want_len)                                                                       \
	tst_mem_eq((got), (got_len), (want), (want_len), #got, __FILE__, __LINE__)

/* A call that must succeed; shows the error when it does not. */
#define TST_OK(call, err) tst_code((call), GW_OK, (err), #call, __FILE__, __LINE__)
/* A call that must fail in this way. */
#define TST_CODE(call, want, err) tst_code((call), (want), (err), #call, __FILE__, __LINE__)

bool tst_str_eq(const char *got, const char *want, const char *what, const char *file, unsigned line);
bool tst_contains(const char *text, const char *part, bool wanted, const char *what, const char *file, unsigned line);
bool tst_int_eq(intmax_t got, intmax_t want, const char *what, const char *file, unsigned line);
bool tst_mem_eq(const void *got, size_t got_len, const void *want, size_t want_len, const char *what, const char *file,
		unsigned line);
bool tst_code(enum gw_code got, enum gw_code want, const struct gw_err *err, const char *what, const char *file,
	      unsigned line);

/* --- files. All texts returned here live until the program ends; no one frees them. ------------------------------------ */

/* A folder of this program alone, below $TMPDIR, made at the first call and removed at exit. */
const char *tst_dir(void);

/* tst_dir()/name, whether or not it is there. The name may be formatted. */
const char *tst_path(const char *fmt, ...) GW_PRINTF(1, 2);

/* Writes a small file below tst_dir(), and the folders on the way to it; returns its path. */
const char *tst_file(const char *name, const char *text);
const char *tst_file_bytes(const char *name, const void *data, size_t len);

/* The content of a file at any path, NUL-terminated; NULL where it cannot be read. *len may be NULL. */
const char *tst_read(const char *path, size_t *len);

/* Permission bits of a path, not following links, or -1. */
int tst_mode(const char *path);
bool tst_exists(const char *path);

/* The names in a folder, sorted, parted by spaces, without "." and ".."; NULL where it cannot be read. */
const char *tst_names(const char *path);

/* A file of the source tree: tests/golden/x below $GW_SRCDIR. */
const char *tst_source(const char *name);

/* Memory that lives until the program ends. */
void *tst_alloc(size_t size);

#endif
