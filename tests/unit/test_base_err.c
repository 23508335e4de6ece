/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void test_err__fail_fills_all_of_it(void)
{
	struct gw_err err = {.hint = "old"};

	TST_INT_EQ(gw_fail(&err, GW_E_INPUT, "a.yaml:3:7", "unknown key \"%s\"", "dayz"), GW_E_INPUT);
	TST_INT_EQ(err.code, GW_E_INPUT);
	TST_STR_EQ(err.where, "a.yaml:3:7");
	TST_STR_EQ(err.what, "unknown key \"dayz\"");
	TST_STR_EQ(err.hint, "");
}

static void test_err__a_missing_place_is_empty(void)
{
	struct gw_err err = {.where = "old"};

	gw_fail(&err, GW_E_NO, NULL, "x");
	TST_STR_EQ(err.where, "");
}

static void test_err__long_texts_are_cut_with_dots(void)
{
	struct gw_err err = {0};
	char text[3000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	gw_fail(&err, GW_E_NO, text, "%s", text);
	gw_hint(&err, "%s", text);
	TST_INT_EQ(strlen(err.where), GW_ERR_WHERE_MAX - 1);
	TST_INT_EQ(strlen(err.what), GW_ERR_WHAT_MAX - 1);
	TST_INT_EQ(strlen(err.hint), GW_ERR_HINT_MAX - 1);
	TST_STR_EQ(err.where + GW_ERR_WHERE_MAX - 5, "x...");
	TST_STR_EQ(err.what + GW_ERR_WHAT_MAX - 5, "x...");
	TST_STR_EQ(err.hint + GW_ERR_HINT_MAX - 5, "x...");
}

static void test_err__a_text_that_just_fits_is_whole(void)
{
	struct gw_err err = {0};
	char text[GW_ERR_WHAT_MAX];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	gw_fail(&err, GW_E_NO, NULL, "%s", text);
	TST_STR_EQ(err.what, text);
}

static void test_err__fail_sys_tells_a_bad_path_from_bad_luck(void)
{
	static const struct {
		int errnum;
		enum gw_code code;
	} cases[] = {
		{ENOENT, GW_E_INPUT}, {EISDIR, GW_E_INPUT},       {ENOTDIR, GW_E_INPUT}, {ELOOP, GW_E_INPUT},
		{ENOSPC, GW_E_IO},    {ENAMETOOLONG, GW_E_INPUT}, {EACCES, GW_E_IO},     {EIO, GW_E_IO},
	};
	struct gw_err err = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++) {
		errno = cases[i].errnum;
		TST_INT_EQ(gw_fail_sys(&err, "f", "cannot open"), cases[i].code);
		TST_INT_EQ(err.code, cases[i].code);
		TST_CONTAINS(err.what, "cannot open: ");
		TST_CONTAINS(err.what, strerror(cases[i].errnum));
	}
}

static void test_err__wrap_puts_context_before_and_keeps_the_rest(void)
{
	struct gw_err err = {0};

	gw_fail(&err, GW_E_IO, "key.pem", "disk full");
	gw_hint(&err, "make room");
	TST_INT_EQ(gw_wrap(&err, "entry \"%s\"", "store"), GW_E_IO);
	TST_STR_EQ(err.what, "entry \"store\": disk full");
	TST_STR_EQ(err.where, "key.pem");
	TST_STR_EQ(err.hint, "make room");
}

static void test_err__wrap_of_a_full_text_stays_in_bounds(void)
{
	struct gw_err err = {0};
	char text[2000];

	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	gw_fail(&err, GW_E_IO, NULL, "%s", text);
	gw_wrap(&err, "%s", text);
	TST_INT_EQ(strlen(err.what), GW_ERR_WHAT_MAX - 1);
}

/* The numbers of gwcert-exit(7): scripts out there depend on each. */
static void test_err__exit_statuses_never_change(void)
{
	static const struct {
		int number;
		const char *name;
	} contract[] = {{0, "ok"},      {1, "no"},     {2, "usage"},   {3, "input"}, {4, "refused"}, {5, "due"},
			{6, "network"}, {7, "remote"}, {8, "partial"}, {9, "io"},    {70, "bug"}};
	size_t i;

	TST_INT_EQ(gw_n_codes, GW_COUNT(contract));
	for (i = 0; i < GW_COUNT(contract) && i < gw_n_codes; i++) {
		TST_INT_EQ(gw_codes[i], contract[i].number);
		TST_STR_EQ(gw_code_name(gw_codes[i]), contract[i].name);
		CU_ASSERT(strlen(gw_code_meaning(gw_codes[i])) > 10);
	}
}

static void test_err__allocations_of_nothing_are_something(void)
{
	void *a = gw_alloc(0), *b = gw_zalloc(0), *c = gw_realloc_array(NULL, 0, 8);

	CU_ASSERT_PTR_NOT_NULL(a);
	CU_ASSERT_PTR_NOT_NULL(b);
	CU_ASSERT_PTR_NOT_NULL(c);
	free(a);
	free(b);
	free(c);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_err__fail_fills_all_of_it),
		TST_CASE(test_err__a_missing_place_is_empty),
		TST_CASE(test_err__long_texts_are_cut_with_dots),
		TST_CASE(test_err__a_text_that_just_fits_is_whole),
		TST_CASE(test_err__fail_sys_tells_a_bad_path_from_bad_luck),
		TST_CASE(test_err__wrap_puts_context_before_and_keeps_the_rest),
		TST_CASE(test_err__wrap_of_a_full_text_stays_in_bounds),
		TST_CASE(test_err__exit_statuses_never_change),
		TST_CASE(test_err__allocations_of_nothing_are_something),
	};

	return tst_main("err", cases, GW_COUNT(cases));
}
