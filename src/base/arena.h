/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: many small allocations that live and die together (a document tree, a plan, a report). Nothing in it is
 * freed on its own. Running out of memory ends in gw_oom(). A sensitive arena cleanses its blocks when it goes: trees of
 * documents that hold keys (Secrets) live in one. Keys and passwords themselves belong in struct gw_secret.
 */
#ifndef GW_BASE_ARENA_H
#define GW_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct gw_arena_block;

struct gw_arena {
	struct gw_arena_block *blocks; /* newest first */
	bool sensitive;
};

/* Zeroed memory, aligned for any type; lives until gw_arena_release(). */
void *gw_arena_alloc(struct gw_arena *a, size_t size);

/* Copies; each result is NUL-terminated. */
char *gw_arena_strdup(struct gw_arena *a, const char *s);
char *gw_arena_strndup(struct gw_arena *a, const char *s, size_t len);
char *gw_arena_printf(struct gw_arena *a, const char *fmt, ...) GW_PRINTF(2, 3);

/* Empties the arena and keeps its newest block, which is the largest. What was given out is gone. */
void gw_arena_reset(struct gw_arena *a);

/* Frees everything; the arena may be used again. */
void gw_arena_release(struct gw_arena *a);

#define GW_ARENA_AUTO GW_CLEANUP(gw_arena_release)

/* One zeroed T. */
#define GW_ARENA_NEW(arena, T) ((T *)gw_arena_alloc((arena), sizeof(T)))

#endif
