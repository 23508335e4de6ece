/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer with a mandatory maximum. Going past the maximum drops the bytes and sets `overflow`, which is
 * checked once when the whole is done: no error path a line. Always NUL-terminated after the first append, so `data`
 * can be read as a string; before that it is NULL and gw_buf_str() gives "".
 */
#ifndef GW_BASE_BUF_H
#define GW_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct gw_buf {
	char *data;
	size_t len; /* octets, without the NUL */
	size_t cap;
	size_t max; /* octets that it may hold; set at init, never 0 */
	bool overflow;
	bool secret; /* cleansed whenever memory is let go of */
};

/* An empty buffer for at most `max` octets. GW_BUF_SECRET also cleanses every block that held its bytes. */
/* clang-format off */
#define GW_BUF(limit)        {.max = (limit)}
#define GW_BUF_SECRET(limit) {.max = (limit), .secret = true}
/* clang-format on */

void gw_buf_add(struct gw_buf *b, const void *data, size_t len);
void gw_buf_str_add(struct gw_buf *b, const char *s);
void gw_buf_append(struct gw_buf *b, const struct gw_buf *from); /* its overflow comes along, too */
void gw_buf_chr(struct gw_buf *b, char c);
void gw_buf_fill(struct gw_buf *b, char c, size_t count);
void gw_buf_printf(struct gw_buf *b, const char *fmt, ...) GW_PRINTF(2, 3);

/* Makes sure that `extra` more octets fit without another allocation, and returns where they would start; NULL past the
 * maximum. The caller then raises len itself and writes the NUL. */
char *gw_buf_reserve(struct gw_buf *b, size_t extra);

/* The content as a string; "" while empty. Borrowed until the next change. */
const char *gw_buf_str(const struct gw_buf *b);

/* Empties the buffer and keeps its memory. */
void gw_buf_clear(struct gw_buf *b);

/* Frees the memory; the buffer may be used again. */
void gw_buf_release(struct gw_buf *b);

/* Hands the content over: the caller frees it with free(). Never NULL; the buffer is empty afterwards. */
char *gw_buf_take(struct gw_buf *b);

/* struct gw_buf x GW_BUF_AUTO = GW_BUF(n); releases x at the end of the scope. */
#define GW_BUF_AUTO GW_CLEANUP(gw_buf_release)

#endif
