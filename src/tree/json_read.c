/* SPDX-License-Identifier: Apache-2.0 */
/* A strict RFC 8259 reader that keeps positions and the text of numbers, which cJSON does not. */
#include <string.h>

#include "base/text.h"
#include "tree/internal.h"

struct scanner {
	struct gw_reader *r;
	const char *at, *end;
	const char *line_start;
	unsigned line;
	unsigned wide; /* continuation octets seen on this line: they take no column */
	unsigned depth;
	struct gw_buf *text; /* the string being read */
};

static unsigned column(const struct scanner *s)
{
	return (unsigned)(s->at - s->line_start) - s->wide + 1;
}

static enum gw_code fail(struct scanner *s, const char *what)
{
	return gw_reader_fail(s->r, s->line, column(s), "%s", what);
}

static void skip_space(struct scanner *s)
{
	for (; s->at < s->end && strchr(" \t\r\n", *s->at) != NULL; s->at++) {
		if (*s->at == '\n') {
			s->line++;
			s->line_start = s->at + 1;
			s->wide = 0;
		}
	}
}

static bool eat(struct scanner *s, char c)
{
	if (s->at >= s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

static bool hex4(struct scanner *s, uint32_t *value)
{
	unsigned i;

	*value = 0;
	for (i = 0; i < 4; i++, s->at++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = s->at < s->end && *s->at != '\0' ? strchr(digits, *s->at) : NULL;

		if (digit == NULL)
			return false;
		*value = *value << 4 | (uint32_t)((digit - digits) & 15);
	}
	return true;
}

/* \uXXXX, with its other half where it is a surrogate. */
static enum gw_code read_unicode(struct scanner *s)
{
	uint32_t high, low;

	if (!hex4(s, &high))
		return fail(s, "\\u needs four hexadecimal digits");
	if (high >= 0xdc00 && high <= 0xdfff)
		return fail(s, "the second half of a surrogate pair without its first");
	if (high >= 0xd800 && high <= 0xdbff) {
		if (!eat(s, '\\') || !eat(s, 'u') || !hex4(s, &low) || low < 0xdc00 || low > 0xdfff)
			return fail(s, "the first half of a surrogate pair without its second");
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	}
	if (high == 0)
		return fail(s, "\\u0000: no text has a NUL here");
	gw_utf8_encode(s->text, high);
	return GW_OK;
}

static enum gw_code read_escape(struct scanner *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found = s->at < s->end && *s->at != '\0' ? strchr(from, *s->at) : NULL;

	if (found != NULL) {
		gw_buf_chr(s->text, to[found - from]);
		s->at++;
		return GW_OK;
	}
	if (eat(s, 'u'))
		return read_unicode(s);
	return fail(s, "unknown escape; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX");
}

static enum gw_code read_string(struct scanner *s, struct gw_node *node)
{
	enum gw_code code = GW_OK;

	gw_buf_clear(s->text);
	s->at++;
	while (code == GW_OK) {
		if (s->at >= s->end || *s->at == '\n')
			return fail(s, "the string is not closed with \"");
		if (eat(s, '"'))
			break;
		if ((unsigned char)*s->at < 0x20)
			return fail(s, "a control character in a string must be written as an escape");
		if (eat(s, '\\')) {
			code = read_escape(s);
			continue;
		}
		s->wide += ((unsigned char)*s->at & 0xc0) == 0x80;
		gw_buf_chr(s->text, *s->at++);
	}
	if (code != GW_OK)
		return code;
	node->quoted = true;
	node->len = s->text->len;
	node->text = gw_arena_strndup(s->r->arena, gw_buf_str(s->text), s->text->len);
	return GW_OK;
}

static size_t digits(struct scanner *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (size_t)(s->at - start);
}

static bool number(struct scanner *s)
{
	eat(s, '-');
	if (!eat(s, '0') && digits(s) == 0)
		return false;
	if (eat(s, '.') && digits(s) == 0)
		return false;
	if (eat(s, 'e') || eat(s, 'E')) {
		if (!eat(s, '+'))
			eat(s, '-');
		if (digits(s) == 0)
			return false;
	}
	return true;
}

bool gw_json_is_number(const char *text)
{
	struct scanner s = {.at = text, .end = text + strlen(text)};

	return number(&s) && s.at == s.end;
}

static bool word(struct scanner *s)
{
	static const char *const words[] = {"true", "false", "null"};
	size_t i;

	for (i = 0; i < GW_COUNT(words); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(s->end - s->at) >= n && memcmp(s->at, words[i], n) == 0) {
			s->at += n;
			return true;
		}
	}
	return false;
}

static enum gw_code read_plain(struct scanner *s, struct gw_node *node)
{
	const char *start = s->at;

	if (!word(s) && !number(s)) {
		s->at = start;
		return fail(s, s->at >= s->end ? "the text ends where a value should be"
					       : "not a JSON value: strings need \" quotes");
	}
	node->len = (size_t)(s->at - start);
	node->text = gw_arena_strndup(s->r->arena, start, node->len);
	return GW_OK;
}

static enum gw_code read_value(struct scanner *s, struct gw_node **out);

static enum gw_code read_key(struct scanner *s, struct gw_node **key)
{
	enum gw_code code;

	skip_space(s);
	if (s->at >= s->end || *s->at != '"')
		return fail(s, "a member needs a name in \" quotes");
	*key = gw_reader_node(s->r, GW_SCALAR, s->line, column(s));
	if (*key == NULL)
		return s->r->err->code;
	code = read_string(s, *key);
	(*key)->end_column = column(s);
	skip_space(s);
	if (code == GW_OK && !eat(s, ':'))
		return fail(s, "':' is missing after the name");
	return code;
}

/* The members between the brackets; the opening one is eaten. */
static enum gw_code read_members(struct scanner *s, struct gw_node *node, char close)
{
	skip_space(s);
	if (eat(s, close))
		return GW_OK;
	for (;;) {
		struct gw_node *key = NULL, *child;
		enum gw_code code = node->kind == GW_MAP ? read_key(s, &key) : GW_OK;

		if (code == GW_OK)
			code = read_value(s, &child);
		if (code != GW_OK)
			return code;
		child->key = key;
		gw_node_append(node, child);
		skip_space(s);
		if (eat(s, close))
			return GW_OK;
		if (!eat(s, ','))
			return fail(s, node->kind == GW_MAP ? "',' or '}' is missing" : "',' or ']' is missing");
	}
}

static enum gw_code read_nested(struct scanner *s, struct gw_node *node)
{
	char close = node->kind == GW_MAP ? '}' : ']';
	enum gw_code code;

	if (++s->depth > GW_TREE_DEPTH_MAX)
		return fail(s, "nested too deeply");
	s->at++;
	code = read_members(s, node, close);
	s->depth--;
	return code == GW_OK && node->kind == GW_MAP ? gw_reader_check_keys(s->r, node) : code;
}

static enum gw_code read_value(struct scanner *s, struct gw_node **out)
{
	enum gw_node_kind kind = GW_SCALAR;
	struct gw_node *node;
	enum gw_code code;
	char c;

	skip_space(s);
	c = '\0';
	if (s->at < s->end)
		c = *s->at;
	if (c == '{')
		kind = GW_MAP;
	else if (c == '[')
		kind = GW_LIST;
	node = gw_reader_node(s->r, kind, s->line, column(s));
	if (node == NULL)
		return s->r->err->code;
	if (kind != GW_SCALAR)
		code = read_nested(s, node);
	else
		code = c == '"' ? read_string(s, node) : read_plain(s, node);
	node->end_line = s->line;
	node->end_column = column(s);
	if (code == GW_OK)
		*out = node;
	return code;
}

enum gw_code gw_json_read_all(struct gw_reader *r, struct gw_node *docs)
{
	const struct gw_source *source = r->source;
	struct scanner s = {.r = r, .at = source->text, .end = source->text + source->len, .line = 1};
	GW_BUF_AUTO struct gw_buf text = {.max = source->len + 1, .secret = r->arena->sensitive};
	enum gw_code code = GW_OK;

	s.line_start = s.at;
	s.text = &text;
	if (source->len >= 3 && memcmp(s.at, "\xef\xbb\xbf", 3) == 0)
		s.line_start = s.at += 3;
	skip_space(&s);
	while (code == GW_OK && s.at < s.end) {
		struct gw_node *doc;

		code = read_value(&s, &doc);
		if (code == GW_OK)
			gw_node_append(docs, doc);
		skip_space(&s);
		if (code == GW_OK && s.at < s.end && *s.at != '{' && *s.at != '[')
			code = fail(&s, "something follows the end of the JSON text");
	}
	return code;
}
