/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The language of the template as tables: a map is a table, a key is a row. The checks of a file, the merging of
 * profiles and the reading of values all walk these rows, so a key without a row does not exist, and a row says all
 * that is known of its key. Only this room includes it.
 */
#ifndef GW_TEMPLATE_SCHEMA_H
#define GW_TEMPLATE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "rules/rules.h"
#include "tree/tree.h"

enum gw_value_kind {
	GW_VALUE_TEXT,     /* a string that is not empty */
	GW_VALUE_WORD,     /* one of `words` */
	GW_VALUE_BOOL,     /* true or false, without quotes */
	GW_VALUE_NUMBER,   /* a whole number, min to max; one of `words` where there are any */
	GW_VALUE_DURATION, /* 30d; min to max seconds */
	GW_VALUE_INSTANT,  /* RFC 3339: 2027-01-31T12:00:00Z */
	GW_VALUE_PASSWORD, /* the source of a password, or a secret variable; never the password itself */
	GW_VALUE_TEXTS,    /* a list of strings, none twice */
	GW_VALUE_WORDS,    /* a list of `words`, none twice; with `check`, also of texts that begin with a digit */
	GW_VALUE_MAP,      /* a map with the keys of `map`; or one of `words` where there are any */
	GW_VALUE_NAMED,    /* a map from names that the author chooses to maps with the keys of `map` */
	GW_VALUE_ROWS,     /* of `each`: a list of strings, a list of maps, or a map with the keys of `map` */
	GW_VALUE_MAPS,     /* a list of maps with the keys of `map` */
	GW_VALUE_LABELS,   /* a map from names that the author chooses to texts */
};

struct gw_reading;
struct gw_rows;

struct gw_row {
	const char *name; /* of the key */
	enum gw_value_kind kind;
	bool required; /* in the map as it is after profiles have been merged into it */
	bool many;     /* of a text: a list of at most max of them stands as well */
	bool alone;    /* of a list: no profile has it, so there is nothing for "key+" to append to */
	const struct gw_rows *map;
	bool one;                 /* of a list of maps: each of them holds exactly one of the keys */
	const char *const *words; /* NULL-terminated */
	int64_t min,
		max; /* of a number or, in seconds, of a duration; of a list or named map, max is the most members */
	const char *only_key; /* the key stands only where its neighbour only_key says only_word */
	const char *only_word;
	const char *instead; /* the neighbour that says the same in other words: of the two one stands, the nearest */
	/* Of a text, of each text of a list, and of each name of a named map: NULL for a good one, or why not, a phrase
	 * that follows the quoted text. */
	const char *(*check)(struct gw_arena *arena, const char *text);
	enum gw_rule_name rule; /* what a text that fails `check` is a fault of */
	const char *(*check_value)(struct gw_arena *arena, const char *text); /* of the texts of labels */
	const char *also;      /* what other tools call it: words with a space before and after each */
	const char *attribute; /* of a subject's row: the X.520 attribute, as OpenSSL spells it */
	size_t field;          /* where `read` puts it in gw_reading.into, by GW_FIELD() */
	/* Puts a value into what is being read. The value may be of the wrong kind or unreadable, which has been said
	 * already: then nothing is read. NULL for maps, whose rows do it. */
	void (*read)(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
	const char *help; /* one line, lower case, no full stop: for the messages, the manual and the schema */
};

struct gw_rows {
	const char *what; /* the map as a message calls it: "an entry of certificates" */
	const struct gw_row *rows;
	size_t count;
};

/* The whole file; an entry of certificates; a profile. Everything else hangs below. */
extern const struct gw_rows gw_template_rows;
extern const struct gw_rows gw_entry_rows;
extern const struct gw_rows gw_profile_rows;

/* A member of trust, and one of probes. */
extern const struct gw_rows gw_trust_rows;
extern const struct gw_rows gw_probe_rows;

/* The row of a key, or NULL. */
const struct gw_row *gw_row_find(const struct gw_rows *rows, const char *key);

/* The row of the list that a key such as "sans+" appends to, or the row of what is no list; NULL where the key has no
 * '+' at its end or there is no such row. */
const struct gw_row *gw_row_appended(const struct gw_rows *rows, const char *key);

/* Whether a row's value is a list. */
bool gw_row_is_list(const struct gw_row *row);

/* The member of a map that appends to a list: of "sans", the member "sans+"; NULL where there is none. */
const struct gw_node *gw_node_appending(const struct gw_node *map, const char *key);

/* Whether the row stands in this map: its only_key says only_word, or it has none. A map that does not say only_key at
 * all leaves it open, which counts as true. */
bool gw_row_stands(const struct gw_row *row, const struct gw_node *map);

/* What an unknown key was meant to be, as a path below its place: "sans", "subject.commonName"; NULL where nothing is
 * near. Memory is the arena's. */
const char *gw_row_suggest(struct gw_arena *arena, const struct gw_rows *rows, const char *key);

#endif
