/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <ctype.h>
#include <string.h>

size_t gw_utf8_decode(const char *s, size_t len, uint32_t *point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *u = (const unsigned char *)s;
	uint32_t value;
	size_t size, i;

	if (len == 0)
		return 0;
	if (u[0] < 0x80) {
		*point = u[0];
		return 1;
	}
	if (u[0] >= 0xc2 && u[0] <= 0xdf)
		size = 2;
	else if ((u[0] & 0xf0) == 0xe0)
		size = 3;
	else if (u[0] >= 0xf0 && u[0] <= 0xf4)
		size = 4;
	else
		return 0;
	if (size > len)
		return 0;
	value = u[0] & (0xffu >> (size + 1));
	for (i = 1; i < size; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (u[i] & 0x3fu);
	}
	if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*point = value;
	return size;
}

bool gw_utf8_valid(const char *s, size_t len)
{
	uint32_t point;

	while (len > 0) {
		size_t n = gw_utf8_decode(s, len, &point);

		if (n == 0)
			return false;
		s += n;
		len -= n;
	}
	return true;
}

void gw_utf8_encode(struct gw_buf *b, uint32_t point)
{
	if (point < 0x80) {
		gw_buf_chr(b, (char)point);
		return;
	}
	if (point < 0x800) {
		gw_buf_chr(b, (char)(0xc0 | point >> 6));
	} else {
		if (point < 0x10000) {
			gw_buf_chr(b, (char)(0xe0 | point >> 12));
		} else {
			gw_buf_chr(b, (char)(0xf0 | point >> 18));
			gw_buf_chr(b, (char)(0x80 | (point >> 12 & 0x3f)));
		}
		gw_buf_chr(b, (char)(0x80 | (point >> 6 & 0x3f)));
	}
	gw_buf_chr(b, (char)(0x80 | (point & 0x3f)));
}

bool gw_text_hidden(uint32_t point)
{
	if (point < 0x20 || (point >= 0x7f && point <= 0x9f))
		return true;
	/* Bidirectional marks, embeddings, overrides and isolates; line and paragraph separators; byte order mark. */
	return point == 0x061c || point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

void gw_text_escape(struct gw_buf *b, const char *s, size_t len)
{
	while (len > 0) {
		uint32_t point = 0;
		size_t n = gw_utf8_decode(s, len, &point);

		if (n == 0) {
			gw_buf_printf(b, "\\x%02x", (unsigned char)*s);
			n = 1;
		} else if (!gw_text_hidden(point)) {
			gw_buf_add(b, s, n);
		} else if (point < 0x100) {
			gw_buf_printf(b, "\\x%02x", (unsigned)point);
		} else {
			gw_buf_printf(b, "\\u{%04x}", (unsigned)point);
		}
		s += n;
		len -= n;
	}
}

char *gw_text_lower(char *text)
{
	char *c;

	for (c = text; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return text;
}

size_t gw_text_columns(const char *s)
{
	size_t columns = 0;

	for (; *s != '\0'; s++)
		columns += ((unsigned char)*s & 0xc0) != 0x80;
	return columns;
}

#define WORD_MAX 64 /* octets compared; longer words have no near neighbour worth naming */

/* Copies a word without '-' and '_', in lower case. Returns its length, or WORD_MAX + 1 where it is longer. */
static size_t fold(char out[static WORD_MAX], const char *word)
{
	size_t n = 0;

	for (; *word != '\0'; word++) {
		if (*word == '-' || *word == '_')
			continue;
		if (n == WORD_MAX)
			return WORD_MAX + 1;
		out[n++] = (char)tolower((unsigned char)*word);
	}
	return n;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Damerau-Levenshtein distance in its optimal string alignment form, three rows at a time. */
static size_t distance(const char *a, size_t la, const char *b, size_t lb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2], *spare;
	size_t i, j;

	for (j = 0; j <= lb; j++)
		above[j] = j;
	for (i = 1; i <= la; i++) {
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[lb];
}

const char *gw_nearest(const char *word, const char *(*next)(void *state), void *state)
{
	char folded[WORD_MAX], candidate[WORD_MAX];
	size_t length = fold(folded, word), best = 3;
	const char *found = NULL, *name;

	if (length == 0 || length > WORD_MAX)
		return NULL;
	for (name = next(state); name != NULL; name = next(state)) {
		size_t n = fold(candidate, name), d;

		if (n > WORD_MAX)
			continue;
		d = distance(folded, length, candidate, n);
		if (d < best && d < length && d < n) {
			best = d;
			found = name;
		}
	}
	return found;
}

static const char *next_in_array(void *state)
{
	const char *const **at = state;

	return **at != NULL ? *(*at)++ : NULL;
}

const char *gw_nearest_of(const char *word, const char *const *words)
{
	return gw_nearest(word, next_in_array, &words);
}

bool gw_same_word(const char *a, const char *b)
{
	char x[WORD_MAX], y[WORD_MAX];
	size_t n = fold(x, a);

	return n <= WORD_MAX && n == fold(y, b) && memcmp(x, y, n) == 0;
}

bool gw_parse_uint(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (*text < '0' || *text > '9' || sum > (max - digit) / 10 || digit > max)
			return false;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}

bool gw_parse_duration(const char *text, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t length;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'y', 31536000}};
	const int64_t longest = (int64_t)1000 * 31536000;
	char digits[16];
	size_t n = strlen(text), i;
	uint64_t count;

	if (n < 2 || n > sizeof(digits))
		return false;
	memcpy(digits, text, n - 1);
	digits[n - 1] = '\0';
	for (i = 0; i < GW_COUNT(units); i++) {
		if (units[i].unit != text[n - 1])
			continue;
		if (!gw_parse_uint(digits, (uint64_t)(longest / units[i].length), &count))
			return false;
		*seconds = (int64_t)count * units[i].length;
		return true;
	}
	return false;
}

void gw_hex(struct gw_buf *b, const void *data, size_t len, char sep)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *u = data;
	size_t i;

	for (i = 0; i < len; i++) {
		if (i > 0 && sep != '\0')
			gw_buf_chr(b, sep);
		gw_buf_chr(b, digits[u[i] >> 4]);
		gw_buf_chr(b, digits[u[i] & 15]);
	}
}
