/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a word has been seen before, among millions: of each only 64 bits of a hash are kept, in tables that are filled to
 * four fifths and never copied, so that a word costs 10 to 20 octets. Two words that are not the same pass for the same once
 * in 37,000,000 sets of a million words; whoever asks must be able to live with that. The hash is seeded, and no
 * cryptography.
 */
#ifndef GW_BASE_SEEN_H
#define GW_BASE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GW_SEEN_TABLES 40

struct gw_seen {
	uint64_t seed;
	uint64_t *tables[GW_SEEN_TABLES]; /* each twice as large as the one before; the last one has room */
	size_t n_tables;
	size_t used; /* of the last table */
};

/* Adds a word; false where it is there already. Letters differ by case unless `fold`. */
bool gw_seen_add(struct gw_seen *s, const char *word, bool fold);
void gw_seen_release(struct gw_seen *s);

#define GW_SEEN_AUTO GW_CLEANUP(gw_seen_release)

#endif
