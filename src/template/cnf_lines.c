/* SPDX-License-Identifier: Apache-2.0 */
#include "template/cnf_lines.h"

#include <string.h>

#define SPACE " \t\r\f\v"

struct scan {
	struct gw_arena *arena;
	struct gw_cnf_lines *lines;
	const char *section;
	unsigned line;
};

static void add(struct scan *s, const char *name, const char *value, size_t column, size_t end)
{
	struct gw_cnf_lines *l = s->lines;

	if ((l->count & (l->count - 1)) == 0) {
		struct gw_cnf_line *more = gw_arena_alloc(s->arena, (2 * l->count + 1) * sizeof(*more));

		if (l->count > 0)
			memcpy(more, l->items, l->count * sizeof(*more));
		l->items = more;
	}
	l->items[l->count++] =
		(struct gw_cnf_line){s->section, name, value, s->line, (unsigned)column + 1, (unsigned)end + 1};
}

/* The length of a text without the white space at its end. */
static size_t trimmed(const char *text, size_t len)
{
	while (len > 0 && strchr(SPACE, text[len - 1]) != NULL)
		len--;
	return len;
}

static void read_section(struct scan *s, const char *line, size_t at, size_t len)
{
	size_t begin = at + 1 + strspn(line + at + 1, SPACE), n;
	const char *close = memchr(line + at, ']', len - at);

	if (close == NULL || line + begin > close)
		return;
	n = trimmed(line + begin, (size_t)(close - line) - begin);
	s->section = gw_arena_strndup(s->arena, line + begin, n);
	add(s, NULL, "", at, (size_t)(close - line) + 1);
}

static void read_pair(struct scan *s, const char *line, size_t at, size_t len)
{
	const char *equals = memchr(line + at, '=', len - at);
	size_t n, value;

	if (equals == NULL)
		return;
	n = trimmed(line + at, (size_t)(equals - line) - at);
	value = (size_t)(equals - line) + 1;
	value += strspn(line + value, SPACE);
	value = value < len ? value : len;
	add(s, gw_arena_strndup(s->arena, line + at, n), gw_arena_strndup(s->arena, line + value, len - value), at,
	    at + n);
}

/* A line as openssl sees it, without its end. */
static void read_line(struct scan *s, char *line, size_t len)
{
	size_t at = strspn(line, SPACE);

	if (at >= len || line[at] == '#')
		return;
	if (strncmp(line + at, ".include", 8) == 0) {
		line[at] = '#';
		add(s, ".include", "", at, trimmed(line, len));
	} else if (line[at] == '[') {
		read_section(s, line, at, len);
	} else {
		read_pair(s, line, at, len);
	}
}

void gw_cnf_lines_read(struct gw_arena *arena, char *text, size_t len, struct gw_cnf_lines *lines)
{
	struct scan s = {.arena = arena, .lines = lines, .section = "default"};
	char *at = text, *end = text + len;
	bool goes_on = false;

	*lines = (struct gw_cnf_lines){0};
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t n = newline != NULL ? (size_t)(newline - at) : (size_t)(end - at);
		size_t shown = n > 0 && at[n - 1] == '\r' ? n - 1 : n;

		s.line++;
		if (!goes_on)
			read_line(&s, at, shown);
		goes_on = shown > 0 && at[shown - 1] == '\\';
		at += n + (newline != NULL);
	}
}

const struct gw_cnf_line *gw_cnf_line_find(const struct gw_cnf_lines *lines, const char *section, const char *name)
{
	const struct gw_cnf_line *found = NULL;
	size_t i;

	for (i = 0; i < lines->count; i++) {
		const struct gw_cnf_line *l = &lines->items[i];

		if (strcmp(l->section, section) != 0)
			continue;
		if (name == NULL)
			return l;
		if (l->name != NULL && strcmp(l->name, name) == 0)
			found = l;
	}
	return found;
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (text = strstr(text, word); text != NULL; text = strstr(text + 1, word)) {
		/* The first octet of a value has "=" or white space before it, but that is not part of the value. */
		if (strchr("@:;, \t", text[-1]) != NULL && strchr(",;: \t#", text[n]) != NULL)
			return true;
	}
	return false;
}

bool gw_cnf_is_referred(const struct gw_cnf_lines *lines, const char *section)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	size_t i;

	for (i = 0; i < lines->count; i++) {
		const struct gw_cnf_line *l = &lines->items[i];

		if (l->name != NULL && strstr(l->value, section) != NULL &&
		    has_word(gw_arena_printf(&arena, " %s", l->value) + 1, section))
			return true;
	}
	return false;
}
