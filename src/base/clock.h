/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time. Instants are seconds since 1970-01-01T00:00:00Z in an int64_t (leap seconds do not exist, as in POSIX); spans are
 * seconds, or nanoseconds where the name says _ns. Nothing below main.c asks the system for the time: it comes by clock.
 */
#ifndef GW_BASE_CLOCK_H
#define GW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define GW_DAY INT64_C(86400)

/* What stands for an instant that could not be read: further away than any date, near enough that differences of instants
 * never overflow. */
#define GW_TIME_FAR_PAST   INT64_C(-1000000000000)
#define GW_TIME_FAR_FUTURE INT64_C(1000000000000)

struct gw_clock {
	int64_t (*now)(void *self);           /* the wall clock, in seconds */
	uint64_t (*monotonic_ns)(void *self); /* for measuring spans only */
	void *self;
};

static inline int64_t gw_now(const struct gw_clock *c)
{
	return c->now(c->self);
}

static inline uint64_t gw_monotonic_ns(const struct gw_clock *c)
{
	return c->monotonic_ns(c->self);
}

#define GW_TIME_TEXT 24 /* octets: 2026-11-23T00:00:00Z and its NUL; years of up to five digits */

/* RFC 3339 in UTC, to the second: 2026-11-23T14:05:00Z. */
void gw_time_format(char out[static GW_TIME_TEXT], int64_t instant);

/* Only the date of it: 2026-11-23. */
void gw_time_date(char out[static GW_TIME_TEXT], int64_t instant);

/* Reads RFC 3339: a date and time with Z or an offset; fractions of a second are refused, and so are dates that do not
 * exist. Years 0001 to 9999. */
bool gw_time_parse(const char *text, int64_t *instant);

/* The instant of a civil date and time in UTC (proleptic Gregorian). Fields are not checked. */
int64_t gw_time_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second);

/* Whole days from `from` to `to`, rounded towards the past: -1 means "less than a day ago". */
int64_t gw_days_between(int64_t from, int64_t to);

/* A span in one or two words as people say it: "29 days", "3 hours", "40 seconds". Negative spans lose their sign. */
void gw_span_words(char out[static 32], int64_t seconds);

#endif
