/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/reply.h"

#include <string.h>

#include "tests/tap.h"

static enum gw_reply_state read_text(const char *text, bool ended, struct gw_reply *reply)
{
	return gw_reply_read(text, strlen(text), ended, reply);
}

static void test_reply__is_not_http(void)
{
	static const char *const texts[] = {"220 mail ready\r\n",
					    "HTTP/2.0 200 OK\r\n\r\n",
					    "http/1.1 200 OK\r\n\r\n",
					    "HTTP/1.1  200 OK\r\n\r\n",
					    "HTTP/1.1 2x0 OK\r\n\r\n",
					    "\r\nHTTP/1.1 200\r\n",
					    "H2",
					    "\x16\x03\x01"};

	for (size_t i = 0; i < GW_COUNT(texts); i++) {
		struct gw_reply reply;

		TST_INT_EQ(read_text(texts[i], false, &reply), GW_REPLY_NOT_HTTP);
		TST_INT_EQ(read_text(texts[i], true, &reply), GW_REPLY_NOT_HTTP);
	}
}

/* Whatever is cut off, nothing is taken for a reply before its head is complete. */
static void test_reply__waits_for_the_whole_head(void)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nServer: x\r\n\r\n";
	struct gw_reply reply;
	size_t len;

	for (len = 0; len < sizeof(text) - 1; len++)
		TST_INT_EQ(gw_reply_read(text, len, false, &reply), GW_REPLY_MORE);
	TST_INT_EQ(gw_reply_read(text, sizeof(text) - 1, false, &reply), GW_REPLY_DONE);
	TST_INT_EQ(reply.status, 200);
}

static void test_reply__a_head_without_an_end_leaves_its_status(void)
{
	struct gw_reply reply = {0};

	TST_INT_EQ(read_text("HTTP/1.0 404", true, &reply), GW_REPLY_DONE);
	TST_INT_EQ(reply.status, 404);
	TST_INT_EQ(read_text("HTTP/1.0 404", false, &reply), GW_REPLY_MORE);
	TST_INT_EQ(read_text("HTTP/1.1 200 OK\r\nServer: a\r\nX", false, &reply), GW_REPLY_MORE);
	TST_INT_EQ(read_text("HTTP/1.1 40", true, &reply), GW_REPLY_NOT_HTTP);
}

static void test_reply__an_end_after_an_interim_reply_is_no_reply(void)
{
	struct gw_reply reply;

	TST_INT_EQ(read_text("HTTP/1.1 103 Early Hints\r\n\r\n", true, &reply), GW_REPLY_NOT_HTTP);
}

static void test_reply__a_status_has_three_digits_from_100_to_599(void)
{
	static const char *const texts[] = {"HTTP/1.1 2007 x\r\n\r\n", "HTTP/1.1 200x\r\n\r\n",
					    "HTTP/1.1 99999999999 OK\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n",
					    "HTTP/1.1 600 x\r\n\r\n"};
	struct gw_reply reply;

	for (size_t i = 0; i < GW_COUNT(texts); i++)
		TST_INT_EQ(read_text(texts[i], false, &reply), GW_REPLY_NOT_HTTP);
}

static void test_reply__finds_server_and_body(void)
{
	static const char *const texts[] = {
		"HTTP/1.1 400 Bad Request\r\nDate: x\r\nserver:  nginx/1.22.1 \r\n\r\nbody",
		"HTTP/1.1 400\nSERVER:nginx/1.22.1\n\nbody",
		"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nServer: second\r\n\r\nbody",
	};

	for (size_t i = 0; i < GW_COUNT(texts); i++) {
		struct gw_reply reply = {0};

		TST_INT_EQ(read_text(texts[i], false, &reply), GW_REPLY_DONE);
		TST_INT_EQ(reply.status, 400);
		TST_MEM_EQ(reply.server, reply.server_len, "nginx/1.22.1", 12);
		TST_MEM_EQ(reply.body, reply.body_len, "body", 4);
	}
}

static void test_reply__a_server_in_the_body_is_none(void)
{
	struct gw_reply reply = {0};

	TST_INT_EQ(read_text("HTTP/1.1 200 OK\r\n\r\nServer: x\r\n\r\n", false, &reply), GW_REPLY_DONE);
	CU_ASSERT_PTR_NULL(reply.server);
}

static void test_request__is_whole(void)
{
	static const struct {
		struct gw_target target;
		const char *want;
	} rows[] = {
		{{.host = "a.example", .port = 443, .path = "/x?y"}, "GET /x?y HTTP/1.1\r\nHost: a.example\r\n"},
		{{.host = "a.example", .port = 8443, .path = "/"}, "GET / HTTP/1.1\r\nHost: a.example:8443\r\n"},
		{{.host = "::1", .port = 8443, .path = "/", .ip = true}, "GET / HTTP/1.1\r\nHost: [::1]:8443\r\n"},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		GW_BUF_AUTO struct gw_buf b = GW_BUF(4096);

		gw_request_write(&b, &rows[i].target, "gwcert/1");
		TST_CONTAINS(gw_buf_str(&b), rows[i].want);
		TST_CONTAINS(gw_buf_str(&b), "\r\nUser-Agent: gwcert/1\r\nAccept: */*\r\nConnection: close\r\n\r\n");
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_reply__is_not_http),
		TST_CASE(test_reply__waits_for_the_whole_head),
		TST_CASE(test_reply__a_head_without_an_end_leaves_its_status),
		TST_CASE(test_reply__an_end_after_an_interim_reply_is_no_reply),
		TST_CASE(test_reply__a_status_has_three_digits_from_100_to_599),
		TST_CASE(test_reply__finds_server_and_body),
		TST_CASE(test_reply__a_server_in_the_body_is_none),
		TST_CASE(test_request__is_whole),
	};

	return tst_main("probe_reply", cases, GW_COUNT(cases));
}
