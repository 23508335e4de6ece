/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/reply.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define DIGITS_AT 9 /* where the status stands in "HTTP/1.1 200" */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether text may still become, or is, "HTTP/1.x NNN" with a status of 100 to 599 and nothing glued to it
 * (RFC 9112 4, RFC 9110 15). */
static bool begins_like_http(const char *text, size_t len)
{
	static const char shape[] = "HTTP/1.# ###";
	size_t i;

	for (i = 0; i < len && i < sizeof(shape) - 1; i++) {
		if (shape[i] == '#' ? !is_digit(text[i]) : text[i] != shape[i])
			return false;
	}
	if (len > DIGITS_AT && (text[DIGITS_AT] < '1' || text[DIGITS_AT] > '5'))
		return false;
	return len < sizeof(shape) || strchr(" \r\n", text[sizeof(shape) - 1]) != NULL;
}

/* The end of the head: one past the empty line, or NULL while it has not come. Bare LF is taken too (RFC 9112 2.2). */
static const char *head_end(const char *text, size_t len)
{
	const char *end = text + len;
	const char *line = text;

	for (;;) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));

		if (lf == NULL)
			return NULL;
		if (lf == line || (lf == line + 1 && line[0] == '\r'))
			return lf + 1;
		line = lf + 1;
	}
}

static void trim(const char **text, size_t *len)
{
	while (*len > 0 && isspace((unsigned char)(*text)[0])) {
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && isspace((unsigned char)(*text)[*len - 1]))
		(*len)--;
}

static void find_server(const char *head, const char *end, struct gw_reply *reply)
{
	static const char name[] = "server:";
	const char *line = head;

	while (line < end) {
		const char *lf = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((lf != NULL ? lf : end) - line);

		if (len >= sizeof(name) - 1 && strncasecmp(line, name, sizeof(name) - 1) == 0) {
			reply->server = line + sizeof(name) - 1;
			reply->server_len = len - (sizeof(name) - 1);
			trim(&reply->server, &reply->server_len);
			return;
		}
		line += len + 1;
	}
}

static unsigned status_of(const char *text)
{
	const char *digits = text + DIGITS_AT;

	return (unsigned)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0'));
}

enum gw_reply_state gw_reply_read(const char *text, size_t len, bool full, struct gw_reply *reply)
{
	for (;;) {
		const char *end = NULL;
		unsigned status;

		if (!begins_like_http(text, len))
			return GW_REPLY_NOT_HTTP;
		if (len >= sizeof("HTTP/1.1 200") - 1)
			end = head_end(text, len);
		if (end == NULL && !full)
			return GW_REPLY_MORE;
		if (len < sizeof("HTTP/1.1 200") - 1)
			return GW_REPLY_NOT_HTTP;
		if (end == NULL)
			end = text + len;
		status = status_of(text);
		if (status < 100 || status >= 200) {
			*reply = (struct gw_reply){
				.status = status, .body = end, .body_len = (size_t)(text + len - end)};
			find_server(text, end, reply);
			return GW_REPLY_DONE;
		}
		len -= (size_t)(end - text);
		text = end;
	}
}

void gw_request_write(struct gw_buf *out, const struct gw_target *target, const char *user_agent)
{
	const char *open = target->ip && strchr(target->host, ':') != NULL ? "[" : "";

	gw_buf_printf(out, "GET %s HTTP/1.1\r\nHost: %s%s%s", target->path, open, target->host,
		      *open != '\0' ? "]" : "");
	if (target->port != GW_PORT_HTTPS)
		gw_buf_printf(out, ":%u", (unsigned)target->port);
	gw_buf_printf(out, "\r\nUser-Agent: %s\r\nAccept: */*\r\nConnection: close\r\n\r\n", user_agent);
}
