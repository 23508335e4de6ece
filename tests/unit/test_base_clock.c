/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/peer.h"

static void test_clock__refuses_what_is_no_rfc_3339_time(void)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11-23",
		"2026-11-23T14:05Z",
		"2026-11-23T14:05:00",
		"2026-11-23T14:05:00.5Z",
		"2026-11-23T14:05:00+0100",
		"2026-11-23T14:05:00+01",
		"2026-11-23T14:05:00+24:00",
		"2026-11-23T14:05:00+01:60",
		"2026-11-23T24:00:00Z",
		"2026-11-23T14:60:00Z",
		"2026-11-23T14:05:60Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-11-00T00:00:00Z",
		"2026-11-31T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z",
		"2024-02-30T00:00:00Z",
		"0000-01-01T00:00:00Z",
		"02026-11-23T14:05:00Z",
		"10000-01-01T00:00:00Z",
		"-001-01-01T00:00:00Z",
		"2026-11-23T14:05:00Z ",
		" 2026-11-23T14:05:00Z",
		"2026-1-2T14:05:00Z",
		"2026/11/23T14:05:00Z",
		"2026-11-23T14.05.00Z",
		"2026-11-23T14:05:00ZZ",
		"20261123T140500Z",
		"now",
		"1795435200",
	};
	int64_t instant = 7;
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		if (gw_time_parse(bad[i], &instant))
			TST_STR_EQ(bad[i], "refused");
	}
	TST_INT_EQ(instant, 7);
}

static void test_clock__reads_offsets(void)
{
	int64_t instant = 0, same = 1;

	CU_ASSERT(gw_time_parse("2026-11-23T12:00:00Z", &instant));
	TST_INT_EQ(instant, 1795435200);
	CU_ASSERT(gw_time_parse("2026-11-23T13:30:00+01:30", &same));
	TST_INT_EQ(same, instant);
	CU_ASSERT(gw_time_parse("2026-11-22T23:00:00-13:00", &same));
	TST_INT_EQ(same, instant);
	CU_ASSERT(gw_time_parse("2026-11-23t12:00:00z", &same));
	TST_INT_EQ(same, instant);
	CU_ASSERT(gw_time_parse("2026-11-23 12:00:00-00:00", &same));
	TST_INT_EQ(same, instant);
}

/* date(1) as the oracle: leap years of all three kinds, both ends of a year, both sides of 1970 and of 2038. */
static void test_clock__agrees_with_date(void)
{
	static const char *const times[] = {
		"1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2000-02-29T12:34:56Z", "1900-03-01T00:00:00Z",
		"1900-02-28T23:59:59Z", "2024-02-29T00:00:00Z", "2100-02-28T23:59:59Z", "2100-03-01T00:00:00Z",
		"2038-01-19T03:14:08Z", "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
		"1601-01-01T00:00:00Z", "2026-11-23T12:00:00Z", "0001-01-01T00:00:00Z", "2400-02-29T23:59:59Z",
	};
	struct tst_peer p;
	size_t i;

	for (i = 0; i < GW_COUNT(times); i++) {
		char text[GW_TIME_TEXT];
		int64_t instant = 0;

		TST_INT_EQ(tst_peer(&p, NULL, "date", "-u", "-d", times[i], "+%s", NULL), 0);
		CU_ASSERT(gw_time_parse(times[i], &instant));
		TST_INT_EQ(instant, strtoll(p.out, NULL, 10));
		gw_time_format(text, instant);
		TST_STR_EQ(text, times[i]);
	}
}

/* A day at a time through 800 years: each follows the one before, and reads back. */
static void test_clock__every_day_follows_the_one_before(void)
{
	static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned year = 1700, month = 1, day = 1, wrong = 0;
	int64_t instant = gw_time_civil(1700, 1, 1, 0, 0, 0), back;

	for (; year < 2500; instant += GW_DAY) {
		bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
		char text[GW_TIME_TEXT], want[40];

		snprintf(want, sizeof(want), "%04u-%02u-%02uT00:00:00Z", year, month, day);
		gw_time_format(text, instant);
		wrong += strcmp(text, want) != 0 || !gw_time_parse(want, &back) || back != instant;
		if (++day <= lengths[month - 1] + (month == 2 && leap))
			continue;
		day = 1;
		month++;
		year += month == 13;
		month = month == 13 ? 1 : month;
	}
	TST_INT_EQ(wrong, 0);
}

static void test_clock__formats_years_past_9999(void)
{
	char text[GW_TIME_TEXT];

	gw_time_format(text, INT64_C(253402300800));
	TST_STR_EQ(text, "10000-01-01T00:00:00Z");
	gw_time_date(text, 0);
	TST_STR_EQ(text, "1970-01-01");
}

static void test_clock__days_round_towards_the_past(void)
{
	TST_INT_EQ(gw_days_between(0, 0), 0);
	TST_INT_EQ(gw_days_between(0, GW_DAY - 1), 0);
	TST_INT_EQ(gw_days_between(0, GW_DAY), 1);
	TST_INT_EQ(gw_days_between(1, 0), -1);
	TST_INT_EQ(gw_days_between(GW_DAY, 0), -1);
	TST_INT_EQ(gw_days_between(GW_DAY + 1, 0), -2);
}

static void test_clock__spans_as_people_say_them(void)
{
	static const struct {
		int64_t seconds;
		const char *words;
	} cases[] = {
		{0, "0 seconds"},
		{1, "1 second"},
		{59, "59 seconds"},
		{60, "1 minute"},
		{119, "119 seconds"},
		{120, "2 minutes"},
		{3600, "1 hour"},
		{7199, "119 minutes"},
		{7200, "2 hours"},
		{86400, "1 day"},
		{172799, "47 hours"},
		{172800, "2 days"},
		{-86400, "1 day"},
		{29 * 86400, "29 days"},
		{-40, "40 seconds"},
		{36500 * 86400L, "36500 days"},
		{INT64_MIN, "106751991167300 days"},
	};
	char words[32];
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++) {
		gw_span_words(words, cases[i].seconds);
		TST_STR_EQ(words, cases[i].words);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_clock__refuses_what_is_no_rfc_3339_time),
		TST_CASE(test_clock__reads_offsets),
		TST_CASE(test_clock__agrees_with_date),
		TST_CASE(test_clock__every_day_follows_the_one_before),
		TST_CASE(test_clock__formats_years_past_9999),
		TST_CASE(test_clock__days_round_towards_the_past),
		TST_CASE(test_clock__spans_as_people_say_them),
	};

	return tst_main("clock", cases, GW_COUNT(cases));
}
