/* SPDX-License-Identifier: Apache-2.0 */
#include "base/seen.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define FIRST_TABLE ((size_t)512) /* slots */

static size_t slots(size_t table)
{
	return FIRST_TABLE << table;
}

/* FNV-1a, stirred by the finisher of MurmurHash3 so that the low bits depend on all; never 0, which is an empty slot. */
static uint64_t hash(const struct gw_seen *s, const char *word, bool fold)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ s->seed;

	for (; *word != '\0'; word++) {
		bool upper = fold && *word >= 'A' && *word <= 'Z';

		h = (h ^ (unsigned char)(upper ? *word + ('a' - 'A') : *word)) * UINT64_C(1099511628211);
	}
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return h != 0 ? h : 1;
}

/* The slot that has the hash, or the empty one where it would be. */
static uint64_t *slot_of(const struct gw_seen *s, size_t table, uint64_t h)
{
	size_t mask = slots(table) - 1, i = h & mask;

	while (s->tables[table][i] != 0 && s->tables[table][i] != h)
		i = (i + 1) & mask;
	return &s->tables[table][i];
}

static void add_table(struct gw_seen *s)
{
	if (s->n_tables == GW_SEEN_TABLES)
		gw_oom();
	/* Without random numbers the seed stays 0: it only keeps an author from preparing collisions. */
	if (s->n_tables == 0)
		(void)RAND_bytes((unsigned char *)&s->seed, sizeof(s->seed));
	s->tables[s->n_tables] = gw_zalloc(slots(s->n_tables) * sizeof(uint64_t));
	s->n_tables++;
	s->used = 0;
}

bool gw_seen_add(struct gw_seen *s, const char *word, bool fold)
{
	uint64_t h, *slot = NULL;
	size_t i;

	if (s->n_tables == 0 || s->used >= slots(s->n_tables - 1) / 5 * 4)
		add_table(s);
	h = hash(s, word, fold);
	for (i = 0; i < s->n_tables; i++) {
		slot = slot_of(s, i, h);
		if (*slot == h)
			return false;
	}
	*slot = h;
	s->used++;
	return true;
}

void gw_seen_release(struct gw_seen *s)
{
	size_t i;

	for (i = 0; i < s->n_tables; i++)
		free(s->tables[i]);
	memset(s, 0, sizeof(*s));
}
