/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "rules/rules.h"

static struct gw_where at(const char *file, unsigned line, unsigned column)
{
	return (struct gw_where){.file = file, .line = line, .column = column};
}

static void test_finding__texts_are_copied(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	char file[] = "a.yaml", what[] = "wrong";
	struct gw_where where = at(file, 1, 2);
	struct gw_finding *f = gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &where, what);

	file[0] = what[0] = 'X';
	TST_STR_EQ(f->where.file, "a.yaml");
	TST_STR_EQ(f->what, "wrong");
	CU_ASSERT_PTR_NULL(f->fix);
	gw_finding_fix(&fs, f, "write %d", 7);
	gw_finding_evidence(&fs, f, "%s", "seen");
	TST_STR_EQ(f->fix, "write 7");
	TST_STR_EQ(f->evidence, "seen");
}

static void test_finding__the_same_is_said_once(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	struct gw_where a = at("a.yaml", 1, 2), b = at("a.yaml", 1, 3), c = at("b.yaml", 1, 2);
	struct gw_finding *first = gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &a, "x");

	CU_ASSERT_PTR_EQUAL(gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &a, "x"), first);
	TST_INT_EQ(fs.count, 1);
	TST_INT_EQ(fs.by_severity[GW_ERROR], 1);
	gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &a, "y");
	gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &b, "x");
	gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &c, "x");
	gw_findings_add(&fs, &gw_rules[1], GW_ERROR, &a, "x");
	gw_findings_add(&fs, &gw_rules[0], GW_ERROR, NULL, "x");
	TST_INT_EQ(fs.count, 6);
}

static void test_finding__any_looks_at_the_severity_and_above(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};

	CU_ASSERT_FALSE(gw_findings_any(&fs, GW_NOTE));
	gw_findings_add(&fs, &gw_rules[0], GW_WARNING, NULL, "x");
	CU_ASSERT(gw_findings_any(&fs, GW_NOTE));
	CU_ASSERT(gw_findings_any(&fs, GW_WARNING));
	CU_ASSERT_FALSE(gw_findings_any(&fs, GW_ERROR));
}

static void test_finding__sorts_by_place_and_keeps_order_else(void)
{
	static const struct {
		const char *file;
		unsigned line, column;
		const char *what;
	} rows[] = {{"b", 1, 1, "g"}, {"a", 9, 1, "e"}, {"a", 2, 5, "d"}, {"a", 2, 1, "c"},
		    {"a", 0, 0, "a"}, {"a", 0, 0, "b"}, {"a", 9, 1, "f"}};
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	const struct gw_finding *f;
	char order[16] = "";
	size_t i;

	gw_findings_sort(&fs);
	for (i = 0; i < GW_COUNT(rows); i++) {
		struct gw_where where = at(rows[i].file, rows[i].line, rows[i].column);

		gw_findings_add(&fs, &gw_rules[0], GW_ERROR, &where, rows[i].what);
	}
	gw_findings_sort(&fs);
	for (f = fs.first, i = 0; f != NULL && i < 15; f = f->next)
		order[i++] = f->what[0];
	TST_STR_EQ(order, "abcdefg");
	TST_STR_EQ(fs.last->what, "g");
	CU_ASSERT_PTR_NULL(fs.last->next);
}

static void test_finding__past_the_limit_only_counts(void)
{
	struct gw_findings fs GW_FINDINGS_AUTO = {0};
	char what[32];
	unsigned i;

	for (i = 0; i < GW_FINDINGS_MAX + 500; i++) {
		struct gw_where where = at("f", i + 1, 1);

		snprintf(what, sizeof(what), "%u", i);
		CU_ASSERT_PTR_NOT_NULL(gw_findings_add(&fs, &gw_rules[0], GW_WARNING, &where, what));
	}
	TST_INT_EQ(fs.count, GW_FINDINGS_MAX);
	TST_INT_EQ(fs.by_severity[GW_WARNING], GW_FINDINGS_MAX + 500);
	CU_ASSERT_PTR_NULL(fs.last->next);
}

static void test_finding__release_leaves_an_empty_list(void)
{
	struct gw_findings fs = {0};

	gw_findings_add(&fs, &gw_rules[0], GW_ERROR, NULL, "x");
	gw_findings_release(&fs);
	TST_INT_EQ(fs.count, 0);
	CU_ASSERT_PTR_NULL(fs.first);
	TST_STR_EQ(gw_severity_name(GW_NOTE), "note");
	TST_STR_EQ(gw_severity_name(GW_WARNING), "warning");
	TST_STR_EQ(gw_severity_name(GW_ERROR), "error");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_finding__texts_are_copied),
		TST_CASE(test_finding__the_same_is_said_once),
		TST_CASE(test_finding__any_looks_at_the_severity_and_above),
		TST_CASE(test_finding__sorts_by_place_and_keeps_order_else),
		TST_CASE(test_finding__past_the_limit_only_counts),
		TST_CASE(test_finding__release_leaves_an_empty_list),
	};

	return tst_main("finding", cases, GW_COUNT(cases));
}
