/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <openssl/crypto.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK   4096       /* octets: a small template and its plan fit */
#define LARGEST_BLOCK (1U << 20) /* blocks double up to here */

struct gw_arena_block {
	struct gw_arena_block *older;
	size_t size; /* of data */
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

static struct gw_arena_block *add_block(struct gw_arena *a, size_t need)
{
	size_t size = a->blocks == NULL ? FIRST_BLOCK : a->blocks->size * 2;
	struct gw_arena_block *block;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < need)
		size = need;
	if (size > SIZE_MAX - sizeof(*block))
		gw_oom();
	block = gw_zalloc(sizeof(*block) + size);
	block->size = size;
	block->older = a->blocks;
	a->blocks = block;
	return block;
}

void *gw_arena_alloc(struct gw_arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct gw_arena_block *block = a->blocks;
	void *p;

	if (size > SIZE_MAX - align)
		gw_oom();
	size = (size + align - 1) / align * align;
	if (block == NULL || block->size - block->used < size)
		block = add_block(a, size);
	p = block->data + block->used;
	block->used += size;
	return p;
}

char *gw_arena_strndup(struct gw_arena *a, const char *s, size_t len)
{
	char *copy = gw_arena_alloc(a, len + 1);

	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *gw_arena_strdup(struct gw_arena *a, const char *s)
{
	return gw_arena_strndup(a, s, strlen(s));
}

char *gw_arena_printf(struct gw_arena *a, const char *fmt, ...)
{
	va_list args, again;
	char *text;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = gw_arena_alloc(a, n > 0 ? (size_t)n + 1 : 1);
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void gw_arena_reset(struct gw_arena *a)
{
	struct gw_arena_block *newest = a->blocks;

	if (newest == NULL)
		return;
	a->blocks = newest->older;
	gw_arena_release(a);
	OPENSSL_cleanse(newest->data, newest->used);
	newest->used = 0;
	newest->older = NULL;
	a->blocks = newest;
}

void gw_arena_release(struct gw_arena *a)
{
	while (a->blocks != NULL) {
		struct gw_arena_block *older = a->blocks->older;

		if (a->sensitive)
			OPENSSL_cleanse(a->blocks->data, a->blocks->used);
		free(a->blocks);
		a->blocks = older;
	}
}
