/* SPDX-License-Identifier: Apache-2.0 */
/* The table of targets: names, keys, and the lifetimes of the public web, by date of issue. */
#include "base/clock.h"
#include "rules/targets.h"
#include "tests/tap.h"

static void test_targets__unknown_names_and_keys_are_refused(void)
{
	CU_ASSERT_PTR_NULL(gw_target_find(""));
	CU_ASSERT_PTR_NULL(gw_target_find("gke"));
	CU_ASSERT_PTR_NULL(gw_target_find("GKE-GLOBAL"));
	CU_ASSERT_FALSE(gw_target_takes_key(&gw_targets[GW_TARGET_GKE_GLOBAL], "ed25519"));
	CU_ASSERT_FALSE(gw_target_takes_key(&gw_targets[GW_TARGET_GKE_GLOBAL], "ec-p521"));
	CU_ASSERT_FALSE(gw_target_takes_key(&gw_targets[GW_TARGET_PUBLIC], "other"));
	CU_ASSERT_TRUE(gw_target_takes_key(&gw_targets[GW_TARGET_GKE_GLOBAL], "rsa-3072"));
	CU_ASSERT_TRUE(gw_target_takes_key(&gw_targets[GW_TARGET_PUBLIC], "ec-p521"));
}

static void test_targets__each_is_found_by_its_name(void)
{
	size_t i;

	for (i = 0; i < GW_TARGETS; i++) {
		CU_ASSERT_PTR_EQUAL(gw_target_find(gw_target_words[i]), &gw_targets[i]);
		TST_STR_EQ(gw_targets[i].name, gw_target_words[i]);
	}
	CU_ASSERT_PTR_NULL(gw_target_words[GW_TARGETS]);
}

/* The dates are those of the CA/Browser Forum's ballot SC-081v3; the second before each still has the older limit. */
static void test_targets__lifetime_goes_by_the_day_of_issue(void)
{
	static const struct {
		unsigned year, month, day;
		int64_t before, from; /* days */
	} steps[] = {
		{2018, 3, 1, 1209, 825}, {2020, 9, 1, 825, 398}, {2026, 3, 15, 398, 200},
		{2027, 3, 15, 200, 100}, {2029, 3, 15, 100, 47},
	};
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int64_t at = gw_time_civil(steps[i].year, steps[i].month, steps[i].day, 0, 0, 0);

		TST_INT_EQ(gw_public_lifetime(at - 1), steps[i].before * GW_DAY);
		TST_INT_EQ(gw_public_lifetime(at), steps[i].from * GW_DAY);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_targets__unknown_names_and_keys_are_refused),
		TST_CASE(test_targets__each_is_found_by_its_name),
		TST_CASE(test_targets__lifetime_goes_by_the_day_of_issue),
	};

	return tst_main("rules_targets", cases, GW_COUNT(cases));
}
