/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text: what makes outside text safe on a terminal, the nearest known word for a misspelt one, and numbers read strictly.
 */
#ifndef GW_BASE_TEXT_H
#define GW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Length in octets of the UTF-8 character at s (len octets are there), or 0 where no well-formed one starts: overlong
 * forms, surrogates and values past U+10FFFF count as malformed (RFC 3629 section 4). *point gets its value. */
size_t gw_utf8_decode(const char *s, size_t len, uint32_t *point);

/* Whether all len octets are well-formed UTF-8. */
bool gw_utf8_valid(const char *s, size_t len);

/* Appends the UTF-8 form of a code point. */
void gw_utf8_encode(struct gw_buf *b, uint32_t point);

/* Whether a character moves the cursor, changes colours, ends a line or reorders what is read: C0, DEL, C1, bidirectional
 * controls, line and paragraph separators, the byte order mark. */
bool gw_text_hidden(uint32_t point);

/* Appends text from outside as it may stand on a terminal or in a log line: C0 and C1 controls, DEL, bidirectional
 * controls, line separators and malformed octets become \xNN or \u{NNNN}; everything else stays. */
void gw_text_escape(struct gw_buf *b, const char *s, size_t len);

/* ASCII letters become small, in place. Returns the text. */
char *gw_text_lower(char *text);

/* The number of columns a terminal needs for well-formed UTF-8, counting each character as one. */
size_t gw_text_columns(const char *s);

/* The word nearest to `word`, for "did you mean": at most two edits (insert, delete, replace, swap neighbours) away, and
 * fewer than its length; case and '-' and '_' are no difference. next() gives the candidates one by one, NULL at the end.
 * NULL when none is near. */
const char *gw_nearest(const char *word, const char *(*next)(void *state), void *state);

/* gw_nearest() over a NULL-terminated array. */
const char *gw_nearest_of(const char *word, const char *const *words);

/* Whether two words are the same but for case, '-' and '_': common_name, common-name, commonName. */
bool gw_same_word(const char *a, const char *b);

/* Reads a whole decimal number from `text` into *value; false on anything else: empty, sign, space, leftover, above max. */
bool gw_parse_uint(const char *text, uint64_t max, uint64_t *value);

/* Reads a duration: a whole number and one of s m h d w y (m is minutes, y is 365 days), in seconds. At most 1000 years.
 * No sign, no fraction, no sum. */
bool gw_parse_duration(const char *text, int64_t *seconds);

/* Lower-case hexadecimal of bytes, `sep` between octets unless it is '\0'. */
void gw_hex(struct gw_buf *b, const void *data, size_t len, char sep);

#endif
