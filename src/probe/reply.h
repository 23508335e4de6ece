/* SPDX-License-Identifier: Apache-2.0 */
/* The little HTTP/1.1 that a probe speaks: one request out, the head of one reply in (RFC 9112). */
#ifndef GW_PROBE_REPLY_H
#define GW_PROBE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "probe/target.h"

#define GW_REPLY_MAX ((size_t)64 << 10) /* octets of a reply that are looked at */

enum gw_reply_state {
	GW_REPLY_MORE, /* the head is not complete yet */
	GW_REPLY_DONE,
	GW_REPLY_NOT_HTTP, /* what came does not begin as a reply */
};

struct gw_reply {
	unsigned status;    /* 200 */
	const char *server; /* the Server field without blanks around it, borrowed from the text; NULL where absent */
	size_t server_len;
	const char *body; /* what of it has come so far, borrowed */
	size_t body_len;
};

/* Reads the head of a reply from all that has come so far; interim replies (1xx) are passed over. `full` says that
 * GW_REPLY_MAX octets are there: the head then counts as complete where they stop. */
enum gw_reply_state gw_reply_read(const char *text, size_t len, bool full, struct gw_reply *reply);

/* Appends the request for the target's path. */
void gw_request_write(struct gw_buf *out, const struct gw_target *target, const char *user_agent);

#endif
