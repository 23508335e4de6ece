/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An index: things found again by a hash and a comparison of the caller's, in constant time however many there are. It
 * borrows what it finds. Things are added and never taken out.
 */
#ifndef GW_BASE_INDEX_H
#define GW_BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct gw_index_slot {
	uint64_t hash;
	void *item; /* NULL: free */
};

struct gw_index {
	struct gw_index_slot *slots; /* a power of two, at most three quarters taken */
	size_t room, count;
};

/* Whether an item of the index is the one that is looked for. */
typedef bool gw_index_same(const void *item, const void *wanted);

/* Begins and goes on with a hash; texts are told apart from their neighbours, NULL is not "". */
#define GW_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t gw_hash_text(uint64_t hash, const char *text);
uint64_t gw_hash_number(uint64_t hash, uint64_t number);

/* The first item added with this hash that same() says yes to; NULL where there is none. */
void *gw_index_find(const struct gw_index *index, uint64_t hash, gw_index_same *same, const void *wanted);

/* Adds an item, whether or not its like is there. */
void gw_index_add(struct gw_index *index, uint64_t hash, void *item);

/* Frees the index, not what it finds. */
void gw_index_release(struct gw_index *index);

#define GW_INDEX_AUTO GW_CLEANUP(gw_index_release)

#endif
