/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Just enough HTTP/1.1 for a stand-in: the head of a request, read strictly (RFC 9112), and the head of a reply. Bodies
 * of requests are never read: a request that has one is answered and the connection closed.
 */
#ifndef GW_SERVE_HTTP_H
#define GW_SERVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define GW_HTTP_HEAD_MAX ((size_t)16384) /* octets of a request line and its fields; more is 431 */

struct gw_http_request {
	char method[16];
	const char *target; /* borrowed from the text, not NUL-terminated; ASCII without controls or spaces */
	size_t target_len;
	const char *host; /* of the Host field; NULL where there is none */
	size_t host_len;
	bool minor; /* HTTP/1.1, else 1.0 */
	bool keep;  /* the client wants to go on with this connection */
	size_t len; /* octets of the whole head */
};

/* Reads the head at the start of the text. 0 where it is good; -1 where it is not complete yet; else the status to answer
 * with (400, 431, 505), after which the connection is to be closed. With 431 and -1 *request is not filled. */
int gw_http_parse(const char *text, size_t len, struct gw_http_request *request);

#define GW_HTTP_REPLY_HEAD_MAX ((size_t)512) /* octets of a reply's head */

/* Appends a reply with its head. `body` is left out of the reply to HEAD, but its length is told. */
struct gw_http_reply {
	unsigned status;
	const char *type; /* Content-Type */
	const char *body;
	size_t body_len;
	bool head;  /* leave the body out */
	bool keep;  /* else Connection: close */
	bool minor; /* the request's: HTTP/1.0 clients must be told of keep-alive */
};
void gw_http_reply(struct gw_buf *out, const struct gw_http_reply *reply);

#endif
