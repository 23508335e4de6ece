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
		TST_CASE(test_report__a_table_aligns_characters_not_octets),
	};

	return tst_main("report", cases, GW_COUNT(cases));
}
