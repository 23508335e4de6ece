/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "tree/internal.h"

#define INDENT 2

/* Characters that begin something else than a plain scalar: indicators of YAML 1.2 5.3, and those of 1.1. */
static bool is_indicator(char c)
{
	return c != '\0' && strchr("-?:,[]{}#&*!|>'\"%@`", c) != NULL;
}

/* Whether text may stand without quotes: one line of printable ASCII that no reader takes for anything but a string. */
static bool is_plain_safe(const char *text, size_t len)
{
	size_t i;

	if (len == 0 || is_indicator(text[0]) || text[0] == ' ' || text[len - 1] == ' ' || text[len - 1] == ':' ||
	    gw_yaml_is_typed(text))
		return false;
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c > 0x7e || strchr("{}[],\"'\\", (char)c) != NULL)
			return false;
		if ((c == ':' && text[i + 1] == ' ') || (c == '#' && text[i - 1] == ' '))
			return false;
	}
	return strncmp(text, "---", 3) != 0 && strncmp(text, "...", 3) != 0;
}

/* Whether a literal block (|) gives the text back as it is: lines of printable ASCII that end in one newline at most, the
 * first not indented, none with a space at its end. */
static bool is_block_safe(const char *text, size_t len)
{
	size_t i;

	if (len < 2 || memchr(text, '\n', len - 1) == NULL || text[0] == ' ' || text[0] == '\n')
		return false;
	if (text[len - 1] == '\n' && text[len - 2] == '\n')
		return false;
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < 0x20 && c != '\n') || c > 0x7e)
			return false;
		if (c == ' ' && (i + 1 == len || text[i + 1] == '\n'))
			return false;
	}
	return true;
}

static void write_quoted(struct gw_buf *out, const char *text, size_t len)
{
	gw_buf_chr(out, '"');
	while (len > 0) {
		uint32_t point = 0xfffd;
		size_t n = gw_utf8_decode(text, len, &point);

		if (n == 0)
			n = 1;
		if (point == '"' || point == '\\')
			gw_buf_printf(out, "\\%c", (char)point);
		else if (point == '\n')
			gw_buf_str_add(out, "\\n");
		else if (point < 0x20 || (point >= 0x7f && point < 0xa0))
			gw_buf_printf(out, "\\x%02x", (unsigned)point);
		else if (point == 0x2028 || point == 0x2029 || point == 0xfeff || point == 0xfffe || point == 0xffff ||
			 (point >= 0x200e && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069))
			gw_buf_printf(out, "\\u%04x", (unsigned)point);
		else
			gw_utf8_encode(out, point);
		text += n;
		len -= n;
	}
	gw_buf_chr(out, '"');
}

static void write_block(struct gw_buf *out, const char *text, size_t len, size_t indent)
{
	gw_buf_str_add(out, text[len - 1] == '\n' ? "|" : "|-");
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t n = newline != NULL ? (size_t)(newline - text) : len;

		gw_buf_chr(out, '\n');
		if (n > 0)
			gw_buf_fill(out, ' ', indent);
		gw_buf_add(out, text, n);
		n += newline != NULL;
		text += n;
		len -= n;
	}
}

static void write_scalar(struct gw_buf *out, const struct gw_node *node, size_t indent)
{
	if (!node->quoted && gw_yaml_is_typed(node->text))
		gw_buf_add(out, node->len > 0 ? node->text : "null", node->len > 0 ? node->len : 4);
	else if (is_plain_safe(node->text, node->len))
		gw_buf_add(out, node->text, node->len);
	else if (is_block_safe(node->text, node->len))
		write_block(out, node->text, node->len, indent);
	else
		write_quoted(out, node->text, node->len);
}

static void write_key(struct gw_buf *out, const struct gw_node *key)
{
	if (is_plain_safe(key->text, key->len))
		gw_buf_add(out, key->text, key->len);
	else
		write_quoted(out, key->text, key->len);
	gw_buf_chr(out, ':');
}

/* YAML takes more than '\n' for the end of a line, and some characters nowhere, not even in a comment (YAML 1.1 5.1). */
static void write_comment_line(struct gw_buf *out, const char *text, size_t len)
{
	GW_BUF_AUTO struct gw_buf line = GW_BUF(4 * len + 16);
	const char *at;

	gw_text_escape(&line, text, len);
	for (at = gw_buf_str(&line); *at != '\0';) {
		uint32_t point = 0xfffd;
		size_t n = gw_utf8_decode(at, strlen(at), &point);

		if (point == 0xfffe || point == 0xffff)
			gw_buf_printf(out, "\\u{%04x}", (unsigned)point);
		else
			gw_utf8_encode(out, point);
		at += n > 0 ? n : 1;
	}
}

void gw_yaml_comment(struct gw_buf *out, const char *text, size_t indent)
{
	for (;;) {
		size_t n = strcspn(text, "\n");

		if (n > 0) {
			gw_buf_fill(out, ' ', indent);
			gw_buf_str_add(out, "# ");
			write_comment_line(out, text, n);
		}
		gw_buf_chr(out, '\n');
		if (text[n] == '\0')
			return;
		text += n + 1;
	}
}

static void write_children(struct gw_buf *out, const struct gw_node *node, size_t indent, bool behind_dash);

/* The comment and the indent of a child. */
static void write_lead(struct gw_buf *out, const struct gw_node *child, size_t indent)
{
	if (child->comment != NULL)
		gw_yaml_comment(out, child->comment, indent);
	gw_buf_fill(out, ' ', indent);
}

/* A value behind "key:" or "-". */
static void write_value(struct gw_buf *out, const struct gw_node *node, size_t indent, bool in_list)
{
	if (node->kind == GW_SCALAR) {
		gw_buf_chr(out, ' ');
		/* A block's lines stand deeper than the key; the writer's indent is that of the key. */
		write_scalar(out, node, indent + INDENT);
		gw_buf_chr(out, '\n');
	} else if (node->count == 0) {
		gw_buf_str_add(out, node->kind == GW_LIST ? " []\n" : " {}\n");
	} else if (in_list && node->kind == GW_MAP) {
		/* The first member stands behind the dash. */
		gw_buf_chr(out, ' ');
		write_children(out, node, indent + INDENT, true);
	} else {
		gw_buf_chr(out, '\n');
		write_children(out, node, indent + INDENT, false);
	}
}

/* The children of a list or map that is not empty; the first may stand behind the dash of the list that holds it. */
static void write_children(struct gw_buf *out, const struct gw_node *node, size_t indent, bool behind_dash)
{
	const struct gw_node *child;

	for (child = node->first; child != NULL; child = child->next) {
		if (child != node->first || !behind_dash)
			write_lead(out, child, indent);
		if (node->kind == GW_LIST)
			gw_buf_chr(out, '-');
		else
			write_key(out, child->key);
		write_value(out, child, indent, node->kind == GW_LIST);
	}
}

void gw_yaml_write(struct gw_buf *out, const struct gw_node *node)
{
	if (node->kind == GW_SCALAR) {
		write_scalar(out, node, INDENT);
		gw_buf_chr(out, '\n');
	} else if (node->count == 0) {
		gw_buf_str_add(out, node->kind == GW_LIST ? "[]\n" : "{}\n");
	} else {
		write_children(out, node, 0, false);
	}
}
