/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http.h"

#include <string.h>
#include <strings.h>

/* A stretch of the text. */
struct span {
	const char *start;
	size_t len;
};

static bool is_word(struct span s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.start, word, s.len) == 0;
}

/* RFC 9110 5.6.2. */
static bool is_token(struct span s)
{
	static const char marks[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.start[i];
		bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		if (c == '\0' || (!alnum && strchr(marks, c) == NULL))
			return false;
	}
	return s.len > 0;
}

static bool is_visible(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.start[i] <= ' ' || s.start[i] > '~')
			return false;
	return s.len > 0;
}

/* Cuts `rest` at the first `c` and returns what was before it; start is NULL where there is no c. */
static struct span cut(struct span *rest, char c)
{
	const char *at = memchr(rest->start, c, rest->len);
	struct span before = {NULL, 0};

	if (at == NULL)
		return before;
	before = (struct span){rest->start, (size_t)(at - rest->start)};
	rest->len -= before.len + 1;
	rest->start = at + 1;
	return before;
}

static struct span trimmed(struct span s)
{
	while (s.len > 0 && (s.start[0] == ' ' || s.start[0] == '\t')) {
		s.start++;
		s.len--;
	}
	while (s.len > 0 && (s.start[s.len - 1] == ' ' || s.start[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* One line without its end, CRLF or a bare LF (RFC 9112 2.2). A CR elsewhere, and a NUL, make it bad: len 0 with start set
 * is the empty line, start NULL a bad one. */
static struct span next_line(struct span *rest)
{
	struct span line = cut(rest, '\n');

	if (line.len > 0 && line.start[line.len - 1] == '\r')
		line.len--;
	if (line.start != NULL &&
	    (memchr(line.start, '\r', line.len) != NULL || memchr(line.start, '\0', line.len) != NULL))
		line.start = NULL;
	return line;
}

static int parse_request_line(struct span line, struct gw_http_request *r)
{
	struct span method = cut(&line, ' ');
	struct span target = cut(&line, ' ');

	if (method.start == NULL || target.start == NULL || !is_token(method) || !is_visible(target))
		return 400;
	if (line.len != 8 || memcmp(line.start, "HTTP/", 5) != 0 || line.start[6] != '.')
		return 400;
	if (line.start[5] != '1' || (line.start[7] != '0' && line.start[7] != '1'))
		return 505;
	/* Too long a method is none that we know; cut, it would not become one either. */
	if (method.len >= sizeof(r->method))
		method.len = sizeof(r->method) - 1;
	memcpy(r->method, method.start, method.len);
	r->target = target.start;
	r->target_len = target.len;
	r->minor = line.start[7] == '1';
	r->keep = r->minor;
	return 0;
}

static void read_connection(struct span value, struct gw_http_request *r, bool *close)
{
	while (value.len > 0) {
		struct span word = cut(&value, ',');

		if (word.start == NULL) {
			word = value;
			value.len = 0;
		}
		word = trimmed(word);
		if (is_word(word, "close"))
			*close = true;
		else if (is_word(word, "keep-alive"))
			r->keep = true;
	}
}

/* `close` outlives the field: it wins over keep-alive, and a body that is not read ends the connection as well. */
static int parse_field(struct span line, struct gw_http_request *r, bool *close)
{
	struct span name = cut(&line, ':');
	struct span value = trimmed(line);

	if (name.start == NULL || !is_token(name)) /* a folded line begins with a space, which is in no token */
		return 400;
	if (is_word(name, "host")) {
		if (r->host != NULL || (value.len > 0 && !is_visible(value))) /* RFC 9112 3.2: more than one is 400 */
			return 400;
		r->host = value.start;
		r->host_len = value.len;
	} else if (is_word(name, "connection")) {
		read_connection(value, r, close);
	} else if (is_word(name, "transfer-encoding") || (is_word(name, "content-length") && !is_word(value, "0"))) {
		*close = true;
	}
	return 0;
}

/* The octets of the head with its empty line, or 0 where that has not come yet. */
static size_t head_length(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n')
			continue;
		if (i + 1 < len && text[i + 1] == '\n')
			return i + 2;
		if (i + 2 < len && text[i + 1] == '\r' && text[i + 2] == '\n')
			return i + 3;
	}
	return 0;
}

int gw_http_parse(const char *text, size_t len, struct gw_http_request *request)
{
	struct gw_http_request r = {0};
	struct span rest, line;
	bool close = false;
	size_t skip = 0;
	int status;

	/* RFC 9112 2.2: an empty line before a request is passed over. */
	while (skip < len && (text[skip] == '\r' || text[skip] == '\n'))
		skip++;
	r.len = head_length(text + skip, len - skip);
	if (r.len == 0)
		return len >= GW_HTTP_HEAD_MAX ? 431 : -1;
	rest = (struct span){text + skip, r.len};
	r.len += skip;
	if (r.len > GW_HTTP_HEAD_MAX)
		return 431;
	line = next_line(&rest);
	status = line.start == NULL ? 400 : parse_request_line(line, &r);
	for (line = next_line(&rest); status == 0 && line.len > 0 && line.start != NULL; line = next_line(&rest))
		status = parse_field(line, &r, &close);
	if (status == 0 && (line.start == NULL || (r.minor && r.host == NULL)))
		status = 400;
	if (close)
		r.keep = false;
	*request = r;
	return status;
}

static const char *reason(unsigned status)
{
	switch (status) {
	case 200: return "OK";
	case 400: return "Bad Request";
	case 405: return "Method Not Allowed";
	case 500: return "Internal Server Error";
	case 431: return "Request Header Fields Too Large";
	case 505: return "HTTP Version Not Supported";
	default: return "Error";
	}
}

void gw_http_reply(struct gw_buf *out, const struct gw_http_reply *reply)
{
	gw_buf_printf(out, "HTTP/1.1 %u %s\r\n", reply->status, reason(reply->status));
	gw_buf_printf(out, "Server: gwcert\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", reply->type,
		      reply->body_len);
	if (reply->status == 405)
		gw_buf_str_add(out, "Allow: GET, HEAD\r\n");
	if (!reply->keep)
		gw_buf_str_add(out, "Connection: close\r\n");
	else if (!reply->minor)
		gw_buf_str_add(out, "Connection: keep-alive\r\n");
	gw_buf_str_add(out, "\r\n");
	if (!reply->head)
		gw_buf_add(out, reply->body, reply->body_len);
}
