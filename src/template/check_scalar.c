/* SPDX-License-Identifier: Apache-2.0 */
/* One value by itself: a text, a word, a number, a duration, an instant. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "template/check.h"

/* 1950-01-01T00:00:00Z, the first that a certificate can say (RFC 5280 4.1.2.5.1). */
#define FIRST_INSTANT INT64_C(-631152000)

/* A string under which nobody would find a certificate again, or that breaks a line of a report. */
static const char *plain_fault(const struct gw_node *value)
{
	size_t i;

	if (value->len == 0)
		return "is empty";
	for (i = 0; i < value->len; i++) {
		if ((unsigned char)value->text[i] < 0x20 || value->text[i] == 0x7f)
			return "has a control character";
	}
	return NULL;
}

void gw_check_text(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path)
{
	enum gw_rule_name rule = row->rule != GWT_SYNTAX ? row->rule : GWT_BAD_VALUE;
	const char *why = plain_fault(value);

	if (why == NULL && row->check != NULL)
		why = row->check(c->arena, value->text);
	if (why != NULL)
		gw_check_say(c, rule, value, path, "\"%s\" %s", value->text, why);
}

static bool is_word(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcmp(text, *words) == 0)
			return true;
	}
	return false;
}

bool gw_check_word(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path)
{
	struct gw_finding *f;

	if (is_word(value->text, row->words))
		return true;
	f = gw_check_say(c, GWT_BAD_VALUE, value, path, "\"%s\" is no value of \"%s\"", value->text, row->name);
	gw_check_did_you_mean(c, f, value->text, row->words);
	return false;
}

void gw_check_bool(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		   const struct gw_keypath *path)
{
	struct gw_finding *f;

	if (!value->quoted && (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0))
		return;
	f = gw_check_say(c, GWT_WRONG_KIND, value, path, "\"%s\" must be true or false, but is \"%s\"", row->name,
			 value->text);
	gw_finding_fix(c->fs, f, "write true or false, without quotes");
}

void gw_check_number(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		     const struct gw_keypath *path)
{
	enum gw_rule_name rule = row->rule != GWT_SYNTAX ? row->rule : GWT_BAD_VALUE;
	struct gw_finding *f;
	uint64_t number;

	if (value->quoted) {
		f = gw_check_say(c, GWT_WRONG_KIND, value, path, "\"%s\" must be a number, but is a string", row->name);
		gw_finding_fix(c->fs, f, "write it without quotes");
	} else if (row->words != NULL && !is_word(value->text, row->words)) {
		gw_check_say(c, rule, value, path, "\"%s\" must be %s, not %s", row->name,
			     gw_words_joined(c->arena, row->words, " or "), value->text);
	} else if (!gw_parse_uint(value->text, (uint64_t)row->max, &number) || number < (uint64_t)row->min) {
		gw_check_say(c, rule, value, path,
			     "\"%s\" must be a whole number from %" PRId64 " to %" PRId64 ", not %s", row->name,
			     row->min, row->max, value->text);
	}
}

void gw_check_duration(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		       const struct gw_keypath *path)
{
	struct gw_finding *f;
	char least[32], most[32];
	uint64_t number;
	int64_t span;

	if (!gw_parse_duration(value->text, &span)) {
		f = gw_check_say(c, GWT_BAD_VALUE, value, path, "\"%s\" is no duration", value->text);
		if (gw_parse_uint(value->text, UINT32_MAX, &number))
			gw_finding_fix(c->fs, f, "add the unit: %sd for days, %sh for hours", value->text, value->text);
		else
			gw_finding_fix(c->fs, f, "write a whole number and one of s m h d w y, at most 1000y: 30d");
		return;
	}
	if (span >= row->min && span <= row->max)
		return;
	gw_span_words(least, row->min);
	gw_span_words(most, row->max);
	gw_check_say(c, GWT_BAD_VALUE, value, path, "\"%s\" is %s than %s", value->text,
		     span < row->min ? "less" : "more", span < row->min ? least : most);
}

void gw_check_instant(struct gw_check *c, const struct gw_row *row, const struct gw_node *value,
		      const struct gw_keypath *path)
{
	struct gw_finding *f;
	int64_t instant, span;

	if (gw_time_parse(value->text, &instant)) {
		if (instant < FIRST_INSTANT)
			gw_check_say(c, GWT_BAD_VALUE, value, path,
				     "\"%s\" is before 1950, which no certificate can say", value->text);
		return;
	}
	f = gw_check_say(c, GWT_BAD_VALUE, value, path, "\"%s\" is no instant", value->text);
	if (gw_parse_duration(value->text, &span))
		gw_finding_fix(c->fs, f, "a span goes with \"validity\"; \"%s\" takes an instant: 2027-01-31T12:00:00Z",
			       row->name);
	else
		gw_finding_fix(c->fs, f, "write date, T, time and Z or an offset, to the second: 2027-01-31T12:00:00Z");
}
