/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/base64.h"
#include "tests/tap.h"

static void check_base64(const char *text, const char *want)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(64);
	bool good = gw_base64_strict(text, strlen(text), &out);

	CU_ASSERT_EQUAL(good, want != NULL);
	if (good && want != NULL)
		TST_STR_EQ(gw_buf_str(&out), want);
}

/* RFC 4648 section 10, and what Go's StdEncoding refuses. */
static void test_base64__reads_what_go_reads(void)
{
	check_base64("", "");
	check_base64("Zg==", "f");
	check_base64("Zm8=", "fo");
	check_base64("Zm9v", "foo");
	check_base64("Zm9vYmFy", "foobar");
	check_base64("Zm9v\nYmFy\r\n", "foobar");
	check_base64("Z", NULL);
	check_base64("Zg", NULL);
	check_base64("Zg=", NULL);
	check_base64("Zg===", NULL);
	check_base64("=", NULL);
	check_base64("Zm9v====", NULL);
	check_base64("Zg==Zg==", NULL);
	check_base64("Zm 9v", NULL);
	check_base64("Zm-_", NULL);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_base64__reads_what_go_reads),
	};

	return tst_main("base_base64", cases, GW_COUNT(cases));
}
