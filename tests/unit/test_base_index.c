/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/index.h"
#include "tests/tap.h"

static bool same(const void *item, const void *wanted)
{
	return strcmp(item, wanted) == 0;
}

static void test_index__finds_what_was_added_and_nothing_else(void)
{
	GW_INDEX_AUTO struct gw_index index = {0};
	char names[2000][8];
	size_t i;

	CU_ASSERT_PTR_NULL(gw_index_find(&index, 1, same, "x"));
	for (i = 0; i < 2000; i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu", i);
		gw_index_add(&index, gw_hash_text(GW_HASH_START, names[i]), names[i]);
	}
	for (i = 0; i < 2000; i++)
		CU_ASSERT_PTR_EQUAL(gw_index_find(&index, gw_hash_text(GW_HASH_START, names[i]), same, names[i]),
				    names[i]);
	CU_ASSERT_PTR_NULL(gw_index_find(&index, gw_hash_text(GW_HASH_START, "n2000"), same, "n2000"));
	TST_INT_EQ(index.count, 2000);
}

static void test_index__tells_apart_what_has_one_hash_and_gives_the_first(void)
{
	GW_INDEX_AUTO struct gw_index index = {0};
	char a[] = "a", b[] = "b", again[] = "a";

	gw_index_add(&index, 7, a);
	gw_index_add(&index, 7, b);
	gw_index_add(&index, 7, again);
	CU_ASSERT_PTR_EQUAL(gw_index_find(&index, 7, same, "b"), b);
	CU_ASSERT_PTR_EQUAL(gw_index_find(&index, 7, same, "a"), a);
	CU_ASSERT_PTR_NULL(gw_index_find(&index, 8, same, "a"));
}

static void test_index__hashes_know_where_a_text_ends(void)
{
	CU_ASSERT(gw_hash_text(gw_hash_text(GW_HASH_START, "ab"), "c") !=
		  gw_hash_text(gw_hash_text(GW_HASH_START, "a"), "bc"));
	CU_ASSERT(gw_hash_text(GW_HASH_START, NULL) != gw_hash_text(GW_HASH_START, ""));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_index__finds_what_was_added_and_nothing_else),
		TST_CASE(test_index__tells_apart_what_has_one_hash_and_gives_the_first),
		TST_CASE(test_index__hashes_know_where_a_text_ends),
	};

	return tst_main("base_index", cases, GW_COUNT(cases));
}
