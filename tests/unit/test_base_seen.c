/* SPDX-License-Identifier: Apache-2.0 */
#include "base/seen.h"

#include <stdio.h>

#include "tests/tap.h"

static void test_base_seen__knows_what_it_has_seen(void)
{
	GW_SEEN_AUTO struct gw_seen s = {0};

	CU_ASSERT(gw_seen_add(&s, "a", false));
	CU_ASSERT(!gw_seen_add(&s, "a", false));
	CU_ASSERT(gw_seen_add(&s, "A", false));
	CU_ASSERT(gw_seen_add(&s, "", false));
	CU_ASSERT(!gw_seen_add(&s, "", false));
}

static void test_base_seen__folds_letters_where_asked(void)
{
	GW_SEEN_AUTO struct gw_seen s = {0};

	CU_ASSERT(gw_seen_add(&s, "Tenant-\xc3\x84", true));
	CU_ASSERT(!gw_seen_add(&s, "tENANT-\xc3\x84", true));
	CU_ASSERT(gw_seen_add(&s, "tenant-\xc3\xa4", true));
}

/* Through every size that a table has on the way, and none larger than 20 octets a word. */
static void test_base_seen__holds_a_hundred_thousand(void)
{
	GW_SEEN_AUTO struct gw_seen s = {0};
	size_t wrong = 0, slots = 0, i;
	char word[32];

	for (i = 0; i < 200000; i++) {
		snprintf(word, sizeof(word), "host-%zu.example.com", i % 100000);
		wrong += gw_seen_add(&s, word, true) != (i < 100000);
	}
	TST_INT_EQ(wrong, 0);
	for (i = 0; i < s.n_tables; i++)
		slots += (size_t)512 << i;
	CU_ASSERT(slots * sizeof(uint64_t) <= 100000 * 20);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_base_seen__knows_what_it_has_seen),
		TST_CASE(test_base_seen__folds_letters_where_asked),
		TST_CASE(test_base_seen__holds_a_hundred_thousand),
	};

	return tst_main("base_seen", cases, GW_COUNT(cases));
}
