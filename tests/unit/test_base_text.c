/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <string.h>

#include "base/text.h"

static void test_text__refuses_malformed_utf8(void)
{
	static const char *const bad[] = {
		"\x80",
		"\xbf",
		"\xc0\xaf",
		"\xc1\xbf",
		"\xc3",
		"\xe0\x80\xaf",
		"\xe0\x9f\xbf",
		"\xe2\x82",
		"\xed\xa0\x80",
		"\xed\xbf\xbf",
		"\xf0\x80\x80\xaf",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
		"\xe2\x28\xa1",
		"\xf0\x9f\x92",
	};
	uint32_t point = 77;
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		TST_INT_EQ(gw_utf8_decode(bad[i], strlen(bad[i]), &point), 0);
		CU_ASSERT_FALSE(gw_utf8_valid(bad[i], strlen(bad[i])));
	}
	TST_INT_EQ(point, 77);
	TST_INT_EQ(gw_utf8_decode("", 0, &point), 0);
}

/* Every code point there is, both ways. */
static void test_text__decode_reverses_encode(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(8);
	unsigned wrong = 0;
	uint32_t point;

	for (point = 1; point <= 0x10ffff; point++) {
		uint32_t back = 0;
		bool surrogate = point >= 0xd800 && point <= 0xdfff;

		gw_buf_clear(&b);
		gw_utf8_encode(&b, point);
		wrong += (gw_utf8_decode(b.data, b.len, &back) == b.len && back == point) == surrogate;
	}
	TST_INT_EQ(wrong, 0);
}

static void test_text__a_nul_octet_is_a_character(void)
{
	CU_ASSERT(gw_utf8_valid("a\0b", 3));
	CU_ASSERT(gw_utf8_valid("", 0));
	CU_ASSERT_FALSE(gw_utf8_valid("a\xc3", 2));
}

static void test_text__escape_disarms_what_moves_a_terminal(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"plain", "plain"},
		{"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
		{"a\rb\nc\td", "a\\x0db\\x0ac\\x09d"},
		{"\x7f\b", "\\x7f\\x08"},
		{"\xc2\x9b"
		 "31m",
		 "\\x9b31m"}, /* C1 CSI as UTF-8 */
		{"\x9b"
		 "31m",
		 "\\x9b31m"}, /* the bare octet */
		{"a\xe2\x80\xae"
		 "b",
		 "a\\u{202e}b"}, /* right-to-left override */
		{"\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}"},
		{"\xe2\x80\xa8", "\\u{2028}"},
		{"\xef\xbb\xbfx", "\\u{feff}x"},
		{"gr\xc3\xbc\xc3\x9f \xf0\x9f\x94\x92", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x94\x92"},
		{"bad \xc3( end", "bad \\xc3( end"},
	};
	struct gw_buf b GW_BUF_AUTO = GW_BUF(4096);
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++) {
		gw_buf_clear(&b);
		gw_text_escape(&b, cases[i].text, strlen(cases[i].text));
		TST_STR_EQ(gw_buf_str(&b), cases[i].want);
	}
	gw_buf_clear(&b);
	gw_text_escape(&b, "good.example\0.evil.example", 26);
	TST_STR_EQ(gw_buf_str(&b), "good.example\\x00.evil.example");
}

static void test_text__columns_count_characters(void)
{
	TST_INT_EQ(gw_text_columns(""), 0);
	TST_INT_EQ(gw_text_columns("abc"), 3);
	TST_INT_EQ(gw_text_columns("gr\xc3\xbc\xc3\x9f"), 4);
}

static const char *const words[] = {"commonName", "keyUsage", "extendedKeyUsage", "sans", "days", "ca", NULL};

static void test_text__names_the_nearest_word(void)
{
	TST_STR_EQ(gw_nearest_of("comonName", words), "commonName");
	TST_STR_EQ(gw_nearest_of("common_name", words), "commonName");
	TST_STR_EQ(gw_nearest_of("keyusgae", words), "keyUsage");
	TST_STR_EQ(gw_nearest_of("san", words), "sans");
	TST_STR_EQ(gw_nearest_of("dasy", words), "days");
	TST_STR_EQ(gw_nearest_of("DAYS", words), "days");
}

static void test_text__names_nothing_where_nothing_is_near(void)
{
	char longest[200];

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	TST_STR_EQ(gw_nearest_of("frobnicate", words), NULL);
	TST_STR_EQ(gw_nearest_of("", words), NULL);
	TST_STR_EQ(gw_nearest_of("-", words), NULL);
	TST_STR_EQ(gw_nearest_of("x", words), NULL);
	TST_STR_EQ(gw_nearest_of("zz", words), NULL);
	TST_STR_EQ(gw_nearest_of(longest, words), NULL);
}

static void test_text__same_word_but_for_spelling(void)
{
	CU_ASSERT(gw_same_word("common_name", "commonName"));
	CU_ASSERT(gw_same_word("common-name", "COMMONNAME"));
	CU_ASSERT_FALSE(gw_same_word("commonName", "commonNames"));
	CU_ASSERT_FALSE(gw_same_word("a", ""));
}

static void test_text__numbers_are_read_strictly(void)
{
	static const char *const bad[] = {"",
					  "-1",
					  "+1",
					  " 1",
					  "1 ",
					  "0x10",
					  "1e3",
					  "12a",
					  "1.0",
					  "18446744073709551616",
					  "99999999999999999999"};
	uint64_t value = 5;
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		CU_ASSERT_FALSE(gw_parse_uint(bad[i], UINT64_MAX, &value));
	CU_ASSERT_FALSE(gw_parse_uint("101", 100, &value));
	CU_ASSERT_FALSE(gw_parse_uint("8", 7, &value));
	TST_INT_EQ(value, 5);
	CU_ASSERT(gw_parse_uint("100", 100, &value));
	TST_INT_EQ(value, 100);
	CU_ASSERT(gw_parse_uint("007", 7, &value));
	TST_INT_EQ(value, 7);
	CU_ASSERT(gw_parse_uint("18446744073709551615", UINT64_MAX, &value));
	CU_ASSERT(value == UINT64_MAX);
	CU_ASSERT(gw_parse_uint("0", 0, &value));
	TST_INT_EQ(value, 0);
}

static void test_text__durations_have_one_number_and_one_unit(void)
{
	static const char *const bad[] = {"",
					  "d",
					  "30",
					  "-1d",
					  "1.5d",
					  "1d12h",
					  "1 d",
					  " 1d",
					  "1D",
					  "1M",
					  "1001y",
					  "365001d",
					  "99999999999999999s",
					  "1dd",
					  "0x1d",
					  "1e1d"};
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {{"90s", 90},
		    {"20m", 1200},
		    {"1h", 3600},
		    {"30d", 2592000},
		    {"2w", 1209600},
		    {"1y", 31536000},
		    {"1000y", INT64_C(31536000000)},
		    {"0s", 0},
		    {"365000d", INT64_C(31536000000)}};
	int64_t seconds = 5;
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		CU_ASSERT_FALSE(gw_parse_duration(bad[i], &seconds));
		TST_INT_EQ(seconds, 5);
	}
	for (i = 0; i < GW_COUNT(good); i++) {
		CU_ASSERT(gw_parse_duration(good[i].text, &seconds));
		TST_INT_EQ(seconds, good[i].seconds);
	}
}

static void test_text__hex(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(100);

	gw_hex(&b, "\x00\xff\x1a", 3, ':');
	TST_STR_EQ(gw_buf_str(&b), "00:ff:1a");
	gw_buf_clear(&b);
	gw_hex(&b, "\x00\xff\x1a", 3, '\0');
	TST_STR_EQ(gw_buf_str(&b), "00ff1a");
	gw_buf_clear(&b);
	gw_hex(&b, "", 0, ':');
	TST_STR_EQ(gw_buf_str(&b), "");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_text__refuses_malformed_utf8),
		TST_CASE(test_text__decode_reverses_encode),
		TST_CASE(test_text__a_nul_octet_is_a_character),
		TST_CASE(test_text__escape_disarms_what_moves_a_terminal),
		TST_CASE(test_text__columns_count_characters),
		TST_CASE(test_text__names_the_nearest_word),
		TST_CASE(test_text__names_nothing_where_nothing_is_near),
		TST_CASE(test_text__same_word_but_for_spelling),
		TST_CASE(test_text__numbers_are_read_strictly),
		TST_CASE(test_text__durations_have_one_number_and_one_unit),
		TST_CASE(test_text__hex),
	};

	return tst_main("text", cases, GW_COUNT(cases));
}
