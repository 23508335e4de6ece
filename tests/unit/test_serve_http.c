/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* From a copy of exactly that many octets, so that a sanitizer sees a step past the end. */
static int parse(const char *text, size_t len, struct gw_http_request *r)
{
	static char *last;
	char *copy = malloc(len > 0 ? len : 1);

	memcpy(copy, text, len);
	free(last); /* the request before it borrows from it */
	last = copy;
	return gw_http_parse(copy, len, r);
}

static void test_http__refuses(void)
{
	static const struct {
		const char *text;
		int status;
	} rows[] = {
		{"GET\r\n\r\n", 400},
		{"GET /\r\n\r\n", 400}, /* HTTP/0.9 */
		{"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
		{"GET / x HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET /\xc3\xb6 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET / http/1.1\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/11\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
		{"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
		{"GET / HTTP/1.1\r\n\r\n", 400}, /* RFC 9112 3.2: no Host */
		{"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400}, /* RFC 9112 5.1 */
		{"GET / HTTP/1.1\r\nHost: a\r\n folded: b\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n", 400},
		{"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct gw_http_request r;

		if (!TST_INT_EQ(parse(rows[i].text, strlen(rows[i].text), &r), rows[i].status))
			CU_FAIL("the text was not refused as it should");
	}
}

static void test_http__refuses_a_nul(void)
{
	static const char field[] = "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n";
	static const char target[] = "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n";
	struct gw_http_request r;

	TST_INT_EQ(parse(field, sizeof(field) - 1, &r), 400);
	TST_INT_EQ(parse(target, sizeof(target) - 1, &r), 400);
}

static void test_http__waits_for_the_whole_head(void)
{
	static const char text[] = "GET /a HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
	struct gw_http_request r;

	for (size_t len = 0; len < sizeof(text) - 1; len++)
		TST_INT_EQ(parse(text, len, &r), -1);
	TST_INT_EQ(parse(text, sizeof(text) - 1, &r), 0);
	TST_INT_EQ(r.len, sizeof(text) - 1);
}

static void test_http__refuses_a_head_that_is_too_long(void)
{
	static char text[GW_HTTP_HEAD_MAX + 64];
	struct gw_http_request r;

	memset(text, 'a', sizeof(text));
	TST_INT_EQ(parse(text, GW_HTTP_HEAD_MAX - 1, &r), -1);
	TST_INT_EQ(parse(text, GW_HTTP_HEAD_MAX, &r), 431);
	memcpy(text, "GET / HTTP/1.1\r\nHost: ", 22);
	memcpy(text + sizeof(text) - 4, "\r\n\r\n", 4);
	TST_INT_EQ(parse(text, sizeof(text), &r), 431);
}

static void check_head(const char *text, const char *method, const char *target, const char *host, bool minor,
		       bool keep)
{
	struct gw_http_request r = {0};

	TST_INT_EQ(parse(text, strlen(text), &r), 0);
	TST_STR_EQ(r.method, method);
	TST_MEM_EQ(r.target, r.target_len, target, strlen(target));
	CU_ASSERT_EQUAL(r.host == NULL, host == NULL);
	if (host != NULL)
		TST_MEM_EQ(r.host, r.host_len, host, strlen(host));
	TST_INT_EQ(r.minor, minor);
	TST_INT_EQ(r.keep, keep);
}

static void test_http__reads_heads(void)
{
	check_head("GET / HTTP/1.1\r\nHost: a.example:8443\r\n\r\n", "GET", "/", "a.example:8443", true, true);
	check_head("HEAD /x?y=z%20#f HTTP/1.1\r\nhOST:\t[::1]:1 \r\n\r\n", "HEAD", "/x?y=z%20#f", "[::1]:1", true,
		   true);
	check_head("GET / HTTP/1.0\r\n\r\n", "GET", "/", NULL, false, false);
	check_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET", "/", NULL, false, true);
	check_head("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET", "/", "a", true, false);
	check_head("GET / HTTP/1.1\r\nHost:\r\nConnection: keep-alive, x ,CLOSE\r\n\r\n", "GET", "/", "", true, false);
	check_head("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n", "GET", "/", "a",
		   true, false);
	check_head("\r\n\nGET / HTTP/1.1\nHost: a\n\n", "GET", "/", "a", true, true);
	check_head("SUBSCRIBE-AND-MORE * HTTP/1.1\r\nHost: a\r\n\r\n", "SUBSCRIBE-AND-M", "*", "a", true, true);
}

/* Its octets would be taken for the next request. */
static void test_http__does_not_keep_a_connection_with_a_body(void)
{
	check_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "POST", "/", "a", true, false);
	check_head("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "GET", "/", "a", true,
		   false);
	check_head("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", "GET", "/", "a", true, true);
}

static void test_http__leaves_the_next_request_alone(void)
{
	static const char text[] = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\n";
	struct gw_http_request r;

	TST_INT_EQ(parse(text, sizeof(text) - 1, &r), 0);
	TST_INT_EQ(r.len, 28);
	TST_INT_EQ(parse(text + r.len, sizeof(text) - 1 - r.len, &r), 0);
	TST_MEM_EQ(r.target, r.target_len, "/2", 2);
}

static void test_reply__has_its_length_and_fate(void)
{
	struct gw_http_reply reply = {
		.status = 200, .type = "application/json", .body = "{}", .body_len = 2, .minor = true};
	struct gw_buf out GW_BUF_AUTO = GW_BUF(1024);

	reply.keep = true;
	gw_http_reply(&out, &reply);
	TST_STR_EQ(gw_buf_str(&out), "HTTP/1.1 200 OK\r\nServer: gwcert\r\nContent-Type: application/json\r\n"
				     "Content-Length: 2\r\n\r\n{}");
	gw_buf_clear(&out);
	reply.head = true;
	reply.minor = false;
	gw_http_reply(&out, &reply);
	TST_CONTAINS(gw_buf_str(&out), "Content-Length: 2\r\nConnection: keep-alive\r\n\r\n");
	TST_LACKS(gw_buf_str(&out), "{}");
	gw_buf_clear(&out);
	reply.status = 405;
	reply.keep = false;
	gw_http_reply(&out, &reply);
	TST_CONTAINS(gw_buf_str(&out), "Allow: GET, HEAD\r\nConnection: close\r\n\r\n");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_http__refuses),
		TST_CASE(test_http__refuses_a_nul),
		TST_CASE(test_http__waits_for_the_whole_head),
		TST_CASE(test_http__refuses_a_head_that_is_too_long),
		TST_CASE(test_http__reads_heads),
		TST_CASE(test_http__does_not_keep_a_connection_with_a_body),
		TST_CASE(test_http__leaves_the_next_request_alone),
		TST_CASE(test_reply__has_its_length_and_fate),
	};

	return tst_main("serve_http", cases, GW_COUNT(cases));
}
