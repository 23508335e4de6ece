/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/tap.h"

/* Every record as "LINE:field|field", or "LINE!" and its fault; parted by spaces. */
static const char *read_all(const char *text, size_t len)
{
	static char shown[4096];
	const char *path = tst_file_bytes("t.csv", text, len);
	struct gw_csv_record record;
	struct gw_csv *csv = NULL;
	struct gw_err err = {0};
	size_t used = 0, i;
	bool end = false;

	shown[0] = '\0';
	if (gw_csv_open(path, &csv, &err) != GW_OK)
		snprintf(shown, sizeof(shown), "%s", err.what);
	while (csv != NULL && gw_csv_next(csv, &record, &end, &err) == GW_OK && !end && used < sizeof(shown) - 200) {
		used += (size_t)snprintf(shown + used, 100, "%s%u%s", used > 0 ? " " : "", record.line,
					 record.fault != NULL ? "!" : ":");
		for (i = 0; i < record.count; i++)
			used += (size_t)snprintf(shown + used, 60, "%s%.50s", i > 0 ? "|" : "", record.fields[i]);
		if (record.fault != NULL)
			used += (size_t)snprintf(shown + used, 60, "%.50s", record.fault);
	}
	gw_csv_close(csv);
	return shown;
}

#define READ(text) read_all(text, sizeof(text) - 1)

static void test_tree_csv__says_what_is_wrong_and_goes_on(void)
{
	TST_STR_EQ(READ("a,b\nx\"y,2\nc,d\n"), "1:a|b 2!a quote stands inside a field, or text behind a cl 3:c|d");
	TST_STR_EQ(READ("\"a\"b,c\nd,e\n"), "1!a quote stands inside a field, or text behind a cl 2:d|e");
	TST_STR_EQ(READ("a,b\n\"open,2\n"), "1:a|b 2!a quote is opened and never closed");
	TST_STR_EQ(READ("a\0b,c\nd,e\n"), "1!it has a NUL octet 2:d|e");
	TST_STR_EQ(READ("a\xff,c\nd,e\n"), "1!it is not UTF-8 2:d|e");
	TST_STR_EQ(READ("\xff\xfe"
			"a\0,\0"),
		   "is UTF-16, not UTF-8");
}

static void test_tree_csv__takes_what_files_have(void)
{
	TST_STR_EQ(READ(""), "");
	TST_STR_EQ(READ("\n\n \r\n"), "");
	TST_STR_EQ(READ("\xef\xbb\xbfhost,team\na,b"), "1:host|team 2:a|b");
	TST_STR_EQ(READ("a,b\r\n\r\nc,d\r\n"), "1:a|b 3:c|d");
	TST_STR_EQ(READ("a,b\rc,d\r"), "1:a|b 2:c|d");
	TST_STR_EQ(READ(" a , b\t\n"), "1:a|b");
	TST_STR_EQ(READ("\"a,b\",\"say \"\"x\"\"\",\n"), "1:a,b|say \"x\"|");
	TST_STR_EQ(READ("\"two\nlines\",b\nc,d\n"), "1:two\nlines|b 3:c|d");
	TST_STR_EQ(READ("a,b,\nc,,d\n"), "1:a|b| 2:c||d");
}

static void test_tree_csv__bounds_a_record(void)
{
	size_t len = 3 * GW_CSV_ROW_MAX;
	char *text = gw_zalloc(len), many[1200];

	memset(text, 'x', len);
	memcpy(text + len - 6, "\na,b\n", 5);
	TST_STR_EQ(read_all(text, len - 1), "1!it is longer than 65536 octets: is a quote not clo 2:a|b");
	memset(text, '\n', len);
	memcpy(text, "\"", 1);
	memcpy(text + len - 6, "\na,b\n", 5);
	TST_CONTAINS(read_all(text, len - 1), "1!it is longer than 65536 octets");
	TST_CONTAINS(read_all(text, len - 1), ":a|b");
	free(text);
	memset(many, ',', sizeof(many));
	memcpy(many + sizeof(many) - 5, "\na,b\n", 5);
	TST_STR_EQ(read_all(many, sizeof(many)), "1!it has more than 256 fields 2:a|b");
}

static void test_tree_csv__finds_the_column(void)
{
	const struct gw_csv_record record = {.text = "one,\"t,\xc3\xa4\",three"};

	TST_INT_EQ(gw_csv_column(&record, 0), 1);
	TST_INT_EQ(gw_csv_column(&record, 1), 5);
	TST_INT_EQ(gw_csv_column(&record, 2), 11);
}

static void test_tree_csv__needs_a_file(void)
{
	struct gw_csv *csv = NULL;
	struct gw_err err = {0};

	TST_INT_EQ(gw_csv_open(tst_path("none.csv"), &csv, &err), GW_E_INPUT);
	TST_INT_EQ(gw_csv_open(tst_dir(), &csv, &err), GW_E_INPUT);
	TST_STR_EQ(err.what, "is a folder, not a CSV file");
	TST_INT_EQ(gw_csv_open("/dev/zero", &csv, &err), GW_E_INPUT);
	TST_STR_EQ(err.what, "is a device, not a CSV file");
	CU_ASSERT_PTR_NULL(csv);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_tree_csv__says_what_is_wrong_and_goes_on),
		TST_CASE(test_tree_csv__takes_what_files_have),
		TST_CASE(test_tree_csv__bounds_a_record),
		TST_CASE(test_tree_csv__finds_the_column),
		TST_CASE(test_tree_csv__needs_a_file),
	};

	return tst_main("tree_csv", cases, GW_COUNT(cases));
}
