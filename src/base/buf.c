/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void let_go(struct gw_buf *b, char *old)
{
	if (old != NULL && b->secret)
		OPENSSL_cleanse(old, b->cap);
	free(old);
}

char *gw_buf_reserve(struct gw_buf *b, size_t extra)
{
	size_t cap = b->cap > 0 ? b->cap : 256;
	char *grown;

	if (b->overflow || extra > b->max - b->len) {
		b->overflow = true;
		return NULL;
	}
	if (b->data != NULL && b->cap - b->len > extra)
		return b->data + b->len;
	while (cap - b->len <= extra)
		cap *= 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	/* Not realloc: it may leave a copy of a secret behind. */
	grown = gw_alloc(cap);
	if (b->len > 0)
		memcpy(grown, b->data, b->len);
	grown[b->len] = '\0';
	let_go(b, b->data);
	b->data = grown;
	b->cap = cap;
	return b->data + b->len;
}

void gw_buf_add(struct gw_buf *b, const void *data, size_t len)
{
	char *at = gw_buf_reserve(b, len);

	if (at == NULL)
		return;
	if (len > 0)
		memcpy(at, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void gw_buf_str_add(struct gw_buf *b, const char *s)
{
	gw_buf_add(b, s, strlen(s));
}

void gw_buf_append(struct gw_buf *b, const struct gw_buf *from)
{
	gw_buf_add(b, gw_buf_str(from), from->len);
	b->overflow |= from->overflow;
}

void gw_buf_chr(struct gw_buf *b, char c)
{
	gw_buf_add(b, &c, 1);
}

void gw_buf_fill(struct gw_buf *b, char c, size_t count)
{
	char *at = gw_buf_reserve(b, count);

	if (at == NULL)
		return;
	memset(at, c, count);
	b->len += count;
	b->data[b->len] = '\0';
}

void gw_buf_printf(struct gw_buf *b, const char *fmt, ...)
{
	va_list args, again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n > 0 && gw_buf_reserve(b, (size_t)n) != NULL) {
		vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

const char *gw_buf_str(const struct gw_buf *b)
{
	return b->data != NULL ? b->data : "";
}

void gw_buf_clear(struct gw_buf *b)
{
	if (b->data != NULL && b->secret)
		OPENSSL_cleanse(b->data, b->cap);
	if (b->data != NULL)
		b->data[0] = '\0';
	b->len = 0;
	b->overflow = false;
}

void gw_buf_release(struct gw_buf *b)
{
	let_go(b, b->data);
	b->data = NULL;
	b->len = b->cap = 0;
	b->overflow = false;
}

char *gw_buf_take(struct gw_buf *b)
{
	char *data = b->data != NULL ? b->data : gw_strdup("");

	b->data = NULL;
	b->len = b->cap = 0;
	return data;
}
