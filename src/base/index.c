/* SPDX-License-Identifier: Apache-2.0 */
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 64

/* FNV-1a. The last step of gw_index_add() and gw_index_find() spreads what it leaves in the upper bits. */
static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * UINT64_C(0x100000001b3);
}

uint64_t gw_hash_text(uint64_t hash, const char *text)
{
	if (text == NULL)
		return hash_byte(hash, 1);
	for (; *text != '\0'; text++)
		hash = hash_byte(hash, (unsigned char)*text);
	return hash_byte(hash, 0);
}

uint64_t gw_hash_number(uint64_t hash, uint64_t number)
{
	unsigned i;

	for (i = 0; i < 64; i += 8)
		hash = hash_byte(hash, (unsigned char)(number >> i));
	return hash;
}

static size_t place(const struct gw_index *index, uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(hash >> 29) & (index->room - 1);
}

void *gw_index_find(const struct gw_index *index, uint64_t hash, gw_index_same *same, const void *wanted)
{
	size_t at;

	if (index->room == 0)
		return NULL;
	for (at = place(index, hash); index->slots[at].item != NULL; at = (at + 1) & (index->room - 1)) {
		if (index->slots[at].hash == hash && same(index->slots[at].item, wanted))
			return index->slots[at].item;
	}
	return NULL;
}

static void put(struct gw_index *index, uint64_t hash, void *item)
{
	size_t at = place(index, hash);

	while (index->slots[at].item != NULL)
		at = (at + 1) & (index->room - 1);
	index->slots[at] = (struct gw_index_slot){hash, item};
	index->count++;
}

static void grow(struct gw_index *index)
{
	struct gw_index old = *index;
	size_t i;

	index->room = old.room == 0 ? ROOM_FIRST : old.room * 2;
	index->count = 0;
	index->slots = gw_realloc_array(NULL, index->room, sizeof(*index->slots));
	memset(index->slots, 0, index->room * sizeof(*index->slots));
	for (i = 0; i < old.room; i++) {
		if (old.slots[i].item != NULL)
			put(index, old.slots[i].hash, old.slots[i].item);
	}
	free(old.slots);
}

void gw_index_add(struct gw_index *index, uint64_t hash, void *item)
{
	if ((index->count + 1) * 4 > index->room * 3)
		grow(index);
	put(index, hash, item);
}

void gw_index_release(struct gw_index *index)
{
	free(index->slots);
	*index = (struct gw_index){0};
}
