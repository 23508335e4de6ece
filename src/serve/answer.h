/* SPDX-License-Identifier: Apache-2.0 */
/* What the stand-in Gateway answers to a request: a JSON object that says how the request came in. */
#ifndef GW_SERVE_ANSWER_H
#define GW_SERVE_ANSWER_H

#include "base/buf.h"
#include "serve/http.h"
#include "tls/tls.h"

/* Appends a whole HTTP reply: the JSON object to GET and HEAD, 405 to other methods. *keep says whether the connection
 * goes on after it. */
void gw_answer(struct gw_buf *out, struct gw_tls *tls, const struct gw_http_request *request, bool *keep);

/* Appends the reply to a request that cannot be read; the connection is closed after it. */
void gw_answer_bad(struct gw_buf *out, unsigned status);

#endif
