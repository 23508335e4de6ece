/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"

#define AREAS "TCKGP" /* in the order of the table */

static void test_rules__ids_are_well_formed_and_named_alike(void)
{
	size_t i;

	for (i = 0; i < GW_RULE_COUNT; i++) {
		const char *id = gw_rules[i].id, *name = gw_rules[i].name;
		bool good = strlen(id) == 6 && strncmp(id, "GW", 2) == 0 && strchr(AREAS, id[2]) != NULL &&
			    strspn(id + 3, "0123456789") == 3;

		if (!good)
			TST_STR_EQ(id, "GW, an area letter and three digits");
		if (strncmp(name, id, 3) != 0 || name[3] != '_')
			TST_STR_EQ(name, id);
		CU_ASSERT(good);
	}
}

/* An id that is there twice, or a row out of its place, shows here. */
static void test_rules__areas_and_numbers_only_rise(void)
{
	size_t i;

	CU_ASSERT(GW_RULE_COUNT > 0);
	for (i = 1; i < GW_RULE_COUNT; i++) {
		const char *before = gw_rules[i - 1].id, *id = gw_rules[i].id;
		const char *area = strchr(AREAS, id[2]), *area_before = strchr(AREAS, before[2]);
		bool rises = area > area_before || (area == area_before && strcmp(id, before) > 0);

		if (!rises)
			TST_STR_EQ(id, "behind the one before in area and number");
		CU_ASSERT(rises);
	}
}

static void test_rules__every_text_is_there(void)
{
	size_t i;

	for (i = 0; i < GW_RULE_COUNT; i++) {
		const struct gw_rule *r = &gw_rules[i];
		size_t n = strlen(r->title);
		bool good = n > 3 && n <= 60 && r->title[n - 1] != '.' && strlen(r->why) > 40 && strlen(r->fix) > 8 &&
			    strlen(r->source) > 3;

		if (!good)
			TST_STR_EQ(r->id,
				   "with a title of 4 to 60 characters without full stop, a why, a fix and a source");
		CU_ASSERT(good);
	}
}

static void test_rules__found_in_any_case(void)
{
	char id[8];
	size_t i, j;

	for (i = 0; i < GW_RULE_COUNT; i++) {
		for (j = 0; j < 7; j++)
			id[j] = (char)tolower((unsigned char)gw_rules[i].id[j]);
		CU_ASSERT_PTR_EQUAL(gw_rule_find(id), &gw_rules[i]);
		CU_ASSERT_PTR_EQUAL(gw_rule_find(gw_rules[i].id), &gw_rules[i]);
	}
	CU_ASSERT_PTR_NULL(gw_rule_find(""));
	CU_ASSERT_PTR_NULL(gw_rule_find("GWT"));
	CU_ASSERT_PTR_NULL(gw_rule_find("GWT0011"));
	CU_ASSERT_PTR_NULL(gw_rule_find("GWX001"));
}

static void test_rules__find_takes_the_rules_severity(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	struct gw_where where = {.file = "f", .line = 3, .column = 1};
	struct gw_finding *f = gw_find(&fs, GWT_UNKNOWN_KEY, &where, "unknown key \"%s\"", "dayz");

	TST_STR_EQ(f->what, "unknown key \"dayz\"");
	TST_INT_EQ(f->severity, gw_rules[GWT_UNKNOWN_KEY].severity);
	CU_ASSERT_PTR_EQUAL(f->rule, &gw_rules[GWT_UNKNOWN_KEY]);
	f = gw_find_as(&fs, GWT_UNKNOWN_KEY, GW_NOTE, &where, "another");
	TST_INT_EQ(f->severity, GW_NOTE);
}

static void test_rules__long_texts_are_cut_with_dots(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	char text[3000];
	const struct gw_finding *f;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	f = gw_find(&fs, GWT_SYNTAX, NULL, "%s", text);
	TST_INT_EQ(strlen(f->what), GW_ERR_WHAT_MAX - 1);
	TST_STR_EQ(f->what + GW_ERR_WHAT_MAX - 5, "x...");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_rules__ids_are_well_formed_and_named_alike),
		TST_CASE(test_rules__areas_and_numbers_only_rise),
		TST_CASE(test_rules__every_text_is_there),
		TST_CASE(test_rules__found_in_any_case),
		TST_CASE(test_rules__find_takes_the_rules_severity),
		TST_CASE(test_rules__long_texts_are_cut_with_dots),
	};

	return tst_main("rules", cases, GW_COUNT(cases));
}
