/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "rules/rules.h"
#include "tests/tap.h"

/* What a report prints, as a string that lives until the program ends. */
static const char *printed(const struct gw_findings *fs, enum gw_format format, bool color, const char *summary)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	const char *path;

	gw_report_findings(out, fs, format, color, summary);
	fclose(out);
	path = tst_file_bytes("printed", text, len);
	free(text);
	return tst_read(path, NULL);
}

static void add_some(struct gw_findings *fs)
{
	static const struct gw_where place = {.file = "pki.yaml",
					      .line = 59,
					      .column = 5,
					      .end_line = 59,
					      .end_column = 8,
					      .excerpt = "    san: [\xe2\x80\xaestore\x1b[31m]",
					      .path = "certificates.store.san"};
	struct gw_finding *f = gw_find(fs, GWT_UNKNOWN_KEY, &place, "unknown key \"san\x1b]0;x\a\"");

	gw_finding_fix(fs, f, "did you mean \"%s\"?", "sans");
	gw_find_as(fs, GWT_SYNTAX, GW_WARNING, NULL, "no place at all");
}

static void test_report__text_has_place_caret_path_and_help(void)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	add_some(&fs);
	TST_STR_EQ(printed(&fs, GW_FORMAT_TEXT, false, "Nothing was written."),
		   "pki.yaml:59:5: error: unknown key \"san\\x1b]0;x\\x07\" [GWT002]\n"
		   "   59 |     san: [?store?[31m]\n"
		   "      |     ^^^\n"
		   "   path: certificates.store.san\n"
		   "   help: did you mean \"sans\"?\n"
		   "\n"
		   "warning: no place at all [GWT001]\n"
		   "\n"
		   "1 error, 1 warning. Nothing was written.\n");
}

static void test_report__colour_only_where_asked(void)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	add_some(&fs);
	TST_LACKS(printed(&fs, GW_FORMAT_TEXT, false, ""), "\x1b");
	TST_CONTAINS(printed(&fs, GW_FORMAT_TEXT, true, ""), "\x1b[1;31merror");
	TST_LACKS(printed(&fs, GW_FORMAT_JSON, true, ""), "\x1b");
}

static void test_report__json_is_whole_and_versioned(void)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;
	const struct gw_node *first;
	const char *text;

	add_some(&fs);
	text = printed(&fs, GW_FORMAT_JSON, false, NULL);
	TST_OK(gw_json_read(&arena, "out", text, strlen(text), &root, NULL, &err), &err);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "schemaVersion")), "1");
	TST_INT_EQ(gw_node_get(root, "findings")->count, 2);
	first = gw_node_get(root, "findings")->first;
	TST_STR_EQ(gw_node_text(gw_node_get(first, "code")), "GWT002");
	TST_STR_EQ(gw_node_text(gw_node_get(first, "line")), "59");
	TST_STR_EQ(gw_node_text(gw_node_get(first, "endColumn")), "8");
	TST_STR_EQ(gw_node_text(gw_node_get(first, "message")), "unknown key \"san\x1b]0;x\a\"");
	CU_ASSERT_PTR_NULL(gw_node_get(first->next, "line"));
}

static void test_report__jsonl_is_one_line_each(void)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const char *text, *newline;

	add_some(&fs);
	text = printed(&fs, GW_FORMAT_JSONL, false, "");
	newline = strchr(text, '\n');
	CU_ASSERT(newline != NULL && newline[1] == '{' && strchr(newline + 1, '\n')[1] == '\0');
}

static void test_report__same_finding_counts_once(void)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	add_some(&fs);
	add_some(&fs);
	TST_INT_EQ(fs.count, 2);
	TST_INT_EQ(fs.by_severity[GW_ERROR], 1);
}

/* The other place of a finding: in every format that has a word for it, and once. */
static void test_report__other_places(void)
{
	static const struct gw_where place = {.file = "a.yaml", .line = 4, .column = 3},
				     first = {.file = "a.yaml", .line = 2, .column = 3, .end_line = 2, .end_column = 8};
	GW_FINDINGS_AUTO struct gw_findings fs = {0}, copy = {0};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_finding *f = gw_find(&fs, GWT_SYNTAX, &place, "twice");
	struct gw_node *root = NULL, *other;
	struct gw_err err;
	const char *text;

	gw_finding_relate(&fs, f, &first, "first \x1b[1m%s", "here");
	gw_finding_relate(&fs, f, &first, "first \x1b[1m%s", "here");
	gw_findings_take(&copy, &fs);
	TST_STR_EQ(printed(&copy, GW_FORMAT_TEXT, false, NULL),
		   "a.yaml:4:3: error: twice [GWT001]\n   note: a.yaml:2:3: first \\x1b[1mhere\n");
	text = printed(&copy, GW_FORMAT_JSON, false, NULL);
	TST_OK(gw_json_read(&arena, "json", text, strlen(text), &root, NULL, &err), &err);
	other = root != NULL ? gw_node_get(gw_node_get(root, "findings")->first, "related") : NULL;
	CU_ASSERT(other != NULL && other->count == 1);
	if (other != NULL) {
		TST_STR_EQ(gw_node_text(gw_node_get(other->first, "line")), "2");
		TST_STR_EQ(gw_node_text(gw_node_get(other->first, "endColumn")), "8");
		TST_CONTAINS(gw_node_text(gw_node_get(other->first, "message")), "first");
	}
	text = printed(&copy, GW_FORMAT_SARIF, false, NULL);
	root = NULL;
	TST_OK(gw_json_read(&arena, "sarif", text, strlen(text), &root, NULL, &err), &err);
	other = root != NULL ? gw_node_get(gw_node_get(gw_node_get(root, "runs")->first, "results")->first,
					   "relatedLocations")
			     : NULL;
	CU_ASSERT(other != NULL && other->count == 1);
	other = other != NULL ? gw_node_get(gw_node_get(other->first, "physicalLocation"), "region") : NULL;
	TST_STR_EQ(gw_node_text(gw_node_get(other, "startLine")), "2");
}

static void test_report__a_table_aligns_characters_not_octets(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_cell rows[][3] = {
		{{"NAME", GW_BOLD}, {"STATE", GW_PLAIN}, {"", GW_PLAIN}},
		{{"\xc3\xa9t\xc3\xa9", GW_PLAIN}, {"ok", GW_GREEN}, {"a\nb", GW_PLAIN}},
		{{"longer", GW_PLAIN}, {NULL, GW_PLAIN}, {NULL, GW_PLAIN}},
	};
	struct gw_table t;
	char *text = NULL;
	size_t len = 0, i;
	FILE *out = open_memstream(&text, &len);

	gw_table_init(&t, &arena, 3);
	for (i = 0; i < GW_COUNT(rows); i++)
		gw_table_row(&t, rows[i]);
	gw_table_print(&t, out, false);
	fclose(out);
	TST_STR_EQ(text, "NAME    STATE\n\xc3\xa9t\xc3\xa9     ok     a\\x0ab\nlonger\n");
	free(text);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_report__text_has_place_caret_path_and_help),
		TST_CASE(test_report__colour_only_where_asked),
		TST_CASE(test_report__json_is_whole_and_versioned),
		TST_CASE(test_report__jsonl_is_one_line_each),
		TST_CASE(test_report__same_finding_counts_once),
		TST_CASE(test_report__other_places),
		TST_CASE(test_report__a_table_aligns_characters_not_octets),
	};

	return tst_main("report", cases, GW_COUNT(cases));
}
