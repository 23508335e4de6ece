/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct civil {
	int64_t year;
	unsigned month, day, hour, minute, second;
};

/* Days since 1970-01-01 of a Gregorian date; years are shifted to begin in March so that the leap day is the last. */
static int64_t days_of(int64_t year, unsigned month, unsigned day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (int64_t)day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static struct civil civil_of(int64_t instant)
{
	int64_t days = instant / GW_DAY, rest = instant % GW_DAY;
	int64_t era, day_of_era, year_of_era, day_of_year, shifted;
	struct civil c;

	if (rest < 0) {
		rest += GW_DAY;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * day_of_year + 2) / 153;
	c.day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
	c.month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
	c.year = year_of_era + era * 400 + (c.month <= 2);
	c.hour = (unsigned)(rest / 3600);
	c.minute = (unsigned)(rest % 3600 / 60);
	c.second = (unsigned)(rest % 60);
	return c;
}

int64_t gw_time_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second)
{
	return days_of(year, month, day) * GW_DAY + (int64_t)hour * 3600 + (int64_t)minute * 60 + (int64_t)second;
}

void gw_time_format(char out[static GW_TIME_TEXT], int64_t instant)
{
	struct civil c = civil_of(instant);

	snprintf(out, GW_TIME_TEXT, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02uZ", c.year % 100000, c.month % 100u,
		 c.day % 100u, c.hour % 100u, c.minute % 100u, c.second % 100u);
}

void gw_time_date(char out[static GW_TIME_TEXT], int64_t instant)
{
	gw_time_format(out, instant);
	*strchr(out, 'T') = '\0';
}

/* Reads exactly `width` digits at *at and moves on. */
static bool digits(const char **at, unsigned width, unsigned *value)
{
	unsigned sum = 0;

	for (; width > 0; width--, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		sum = sum * 10 + (unsigned)(**at - '0');
	}
	*value = sum;
	return true;
}

static bool mark(const char **at, const char *any)
{
	if (**at == '\0' || strchr(any, **at) == NULL)
		return false;
	(*at)++;
	return true;
}

static unsigned days_in(unsigned year, unsigned month)
{
	static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static bool offset(const char **at, int64_t *seconds)
{
	bool west = **at == '-';
	unsigned hour, minute;

	*seconds = 0;
	if (mark(at, "Zz"))
		return true;
	if (!mark(at, "+-") || !digits(at, 2, &hour) || !mark(at, ":") || !digits(at, 2, &minute) || hour > 23 ||
	    minute > 59)
		return false;
	*seconds = (int64_t)hour * 3600 + (int64_t)minute * 60;
	if (west)
		*seconds = -*seconds;
	return true;
}

bool gw_time_parse(const char *text, int64_t *instant)
{
	unsigned year, month, day, hour, minute, second;
	int64_t east;

	if (!digits(&text, 4, &year) || !mark(&text, "-") || !digits(&text, 2, &month) || !mark(&text, "-") ||
	    !digits(&text, 2, &day) || !mark(&text, "Tt ") || !digits(&text, 2, &hour) || !mark(&text, ":") ||
	    !digits(&text, 2, &minute) || !mark(&text, ":") || !digits(&text, 2, &second) || !offset(&text, &east))
		return false;
	if (*text != '\0' || year == 0 || month == 0 || month > 12 || day == 0 || day > days_in(year, month) ||
	    hour > 23 || minute > 59 || second > 59)
		return false;
	*instant = gw_time_civil(year, month, day, hour, minute, second) - east;
	return true;
}

int64_t gw_days_between(int64_t from, int64_t to)
{
	int64_t span = to - from, days = span / GW_DAY;

	return span % GW_DAY < 0 ? days - 1 : days;
}

void gw_span_words(char out[static 32], int64_t seconds)
{
	static const struct {
		uint64_t length;
		const char *name;
	} units[] = {{GW_DAY, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	/* As unsigned: the least int64_t has no counterpart. */
	uint64_t span = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
	size_t i = 0;

	while (i < 3 && span < 2 * units[i].length && !(span == units[i].length))
		i++;
	snprintf(out, 32, "%" PRIu64 " %s%s", span / units[i].length, units[i].name,
		 span / units[i].length == 1 ? "" : "s");
}
