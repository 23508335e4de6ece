/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <CUnit/TestRun.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define SHOWN_MAX 4096 /* octets of a value that a failure prints */

/* What CUnit has no place for. One program, one thread, one run: statics will do. */
static struct {
	unsigned number;   /* of the case that ran last, from 1 */
	unsigned asserts;  /* counted before the case began */
	unsigned failed;   /* cases */
	char skipped[256]; /* why the running case is skipped, or "" */
} run;

void tst_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(run.skipped, sizeof(run.skipped), fmt, args);
	va_end(args);
}

static const char *case_name(const char *name)
{
	return strncmp(name, "test_", 5) == 0 ? name + 5 : name;
}

static void before(const CU_pTest test, const CU_pSuite suite)
{
	(void)test;
	(void)suite;
	run.asserts = CU_get_number_of_asserts();
	run.skipped[0] = '\0';
}

static void print_failures(const CU_pFailureRecord first)
{
	CU_pFailureRecord f;

	for (f = first; f != NULL; f = f->pNext)
		printf("# %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
}

static void after(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failures)
{
	bool empty = CU_get_number_of_asserts() == run.asserts && run.skipped[0] == '\0';
	bool ok = failures == NULL && !empty;

	(void)suite;
	run.number++;
	run.failed += !ok;
	printf("%sok %u - %s%s%s\n", ok ? "" : "not ", run.number, case_name(test->pName),
	       ok && run.skipped[0] != '\0' ? " # SKIP " : "", ok ? run.skipped : "");
	print_failures(failures);
	if (empty)
		printf("# %s has no assertion\n", test->pName);
	fflush(stdout);
}

static int bail_out(const char *why, const char *what)
{
	printf("Bail out! %s: %s\n", why, what);
	fflush(stdout);
	CU_cleanup_registry();
	return 99;
}

static bool twice(const struct tst_case *cases, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++) {
		if (strcmp(cases[j].name, cases[i].name) == 0)
			return true;
	}
	return false;
}

int tst_main(const char *suite, const struct tst_case *cases, size_t count)
{
	CU_pSuite group;
	size_t i;
	bool whole;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return bail_out("CUnit does not start", CU_get_error_msg());
	group = CU_add_suite(suite, NULL, NULL);
	if (group == NULL || count == 0)
		return bail_out(suite, group == NULL ? CU_get_error_msg() : "no cases");
	for (i = 0; i < count; i++) {
		if (twice(cases, i) || CU_add_test(group, cases[i].name, cases[i].run) == NULL)
			return bail_out(cases[i].name, "is there twice, or cannot be added");
	}
	CU_set_test_start_handler(before);
	CU_set_test_complete_handler(after);
	/* The plan first: a crash then shows as cases that are missing. */
	printf("1..%zu\n", count);
	fflush(stdout);
	whole = CU_run_all_tests() == CUE_SUCCESS && run.number == count && CU_get_number_of_failure_records() == 0;
	CU_cleanup_registry();
	return whole && run.failed == 0 ? 0 : 1;
}

/* A value as it may stand in a TAP comment: on one line, quoted, cut where it is long. */
static void show(struct gw_buf *b, const void *data, size_t len)
{
	const unsigned char *u = data;
	size_t i;

	if (data == NULL) {
		gw_buf_str_add(b, "NULL");
		return;
	}
	gw_buf_chr(b, '"');
	for (i = 0; i < len && i < SHOWN_MAX; i++) {
		if (u[i] == '\n')
			gw_buf_str_add(b, "\\n");
		else if (u[i] < 0x20 || u[i] == 0x7f || u[i] == '"' || u[i] == '\\')
			gw_buf_printf(b, "\\x%02x", u[i]);
		else
			gw_buf_chr(b, (char)u[i]);
	}
	gw_buf_str_add(b, i < len ? "\"..." : "\"");
}

static bool judge(bool ok, struct gw_buf *why, const char *file, unsigned line)
{
	CU_assertImplementation(ok, line, gw_buf_str(why), file, "", CU_FALSE);
	return ok;
}

bool tst_mem_eq(const void *got, size_t got_len, const void *want, size_t want_len, const char *what, const char *file,
		unsigned line)
{
	bool same = got != NULL && want != NULL && got_len == want_len && memcmp(got, want, got_len) == 0;
	struct gw_buf why GW_BUF_AUTO = GW_BUF(1 << 20);

	if (!same) {
		gw_buf_printf(&why, "%s is ", what);
		show(&why, got, got_len);
		gw_buf_str_add(&why, ", not ");
		show(&why, want, want_len);
	}
	return judge(same || (got == NULL && want == NULL), &why, file, line);
}

bool tst_str_eq(const char *got, const char *want, const char *what, const char *file, unsigned line)
{
	return tst_mem_eq(got, got != NULL ? strlen(got) : 0, want, want != NULL ? strlen(want) : 0, what, file, line);
}

bool tst_contains(const char *text, const char *part, bool wanted, const char *what, const char *file, unsigned line)
{
	bool there = text != NULL && strstr(text, part) != NULL;
	/* Nothing at all lacks everything, which is not what the test meant. */
	bool ok = text != NULL && there == wanted;
	struct gw_buf why GW_BUF_AUTO = GW_BUF(1 << 20);

	if (!ok) {
		gw_buf_printf(&why, "%s %s ", what,
			      text == NULL ? "is not there to be searched for"
			      : wanted     ? "lacks"
					   : "has");
		show(&why, part, strlen(part));
		gw_buf_str_add(&why, ": ");
		show(&why, text, text != NULL ? strlen(text) : 0);
	}
	return judge(ok, &why, file, line);
}

bool tst_int_eq(intmax_t got, intmax_t want, const char *what, const char *file, unsigned line)
{
	struct gw_buf why GW_BUF_AUTO = GW_BUF(4096);

	gw_buf_printf(&why, "%s is %" PRIdMAX ", not %" PRIdMAX, what, got, want);
	return judge(got == want, &why, file, line);
}

bool tst_code(enum gw_code got, enum gw_code want, const struct gw_err *err, const char *what, const char *file,
	      unsigned line)
{
	struct gw_buf why GW_BUF_AUTO = GW_BUF(1 << 16);

	if (got != want) {
		gw_buf_printf(&why, "%s gives %d (%s), not %d (%s)", what, (int)got, gw_code_name(got), (int)want,
			      gw_code_name(want));
		if (got != GW_OK)
			gw_buf_printf(&why, ": %s: %s [%s]", err->where, err->what, err->hint);
	}
	return judge(got == want, &why, file, line);
}
