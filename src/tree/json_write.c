/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "tree/internal.h"

#define INDENT 2

static void write_string(struct gw_buf *out, const char *text, size_t len)
{
	gw_buf_chr(out, '"');
	while (len > 0) {
		uint32_t point = 0xfffd; /* what stands for malformed octets: JSON is UTF-8 (RFC 8259 8.1) */
		size_t n = gw_utf8_decode(text, len, &point);

		if (point == '"' || point == '\\')
			gw_buf_printf(out, "\\%c", (char)point);
		else if (point == '\n')
			gw_buf_str_add(out, "\\n");
		/* DEL and C1 need no escape in JSON, but a terminal may show this; so may line separators a script. */
		else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029)
			gw_buf_printf(out, "\\u%04x", (unsigned)point);
		else
			gw_utf8_encode(out, point);
		n += n == 0;
		text += n;
		len -= n;
	}
	gw_buf_chr(out, '"');
}

static void write_scalar(struct gw_buf *out, const struct gw_node *node)
{
	bool value;

	if (node->quoted)
		write_string(out, node->text, node->len);
	else if (gw_node_is_null(node))
		gw_buf_str_add(out, "null");
	else if (gw_node_is_bool(node, &value))
		gw_buf_str_add(out, value ? "true" : "false");
	else if (gw_json_is_number(node->text))
		gw_buf_add(out, node->text, node->len);
	else
		write_string(out, node->text, node->len);
}

static void new_line(struct gw_buf *out, bool pretty, size_t indent)
{
	if (!pretty)
		return;
	gw_buf_chr(out, '\n');
	gw_buf_fill(out, ' ', indent);
}

static void write_node(struct gw_buf *out, const struct gw_node *node, bool pretty, size_t indent)
{
	const struct gw_node *child;

	if (node->kind == GW_SCALAR) {
		write_scalar(out, node);
		return;
	}
	gw_buf_chr(out, node->kind == GW_MAP ? '{' : '[');
	for (child = node->first; child != NULL; child = child->next) {
		if (child != node->first)
			gw_buf_chr(out, ',');
		new_line(out, pretty, indent + INDENT);
		if (node->kind == GW_MAP) {
			write_string(out, child->key->text, child->key->len);
			gw_buf_str_add(out, pretty ? ": " : ":");
		}
		write_node(out, child, pretty, indent + INDENT);
	}
	if (node->count > 0)
		new_line(out, pretty, indent);
	gw_buf_chr(out, node->kind == GW_MAP ? '}' : ']');
}

void gw_json_write(struct gw_buf *out, const struct gw_node *node)
{
	write_node(out, node, true, 0);
	gw_buf_chr(out, '\n');
}

void gw_json_write_line(struct gw_buf *out, const struct gw_node *node)
{
	write_node(out, node, false, 0);
}
