/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries that stand for many: `each` makes one of every row of a list, or of a CSV file. The entry itself is read once,
 * with all that no row changes; a row then only fills in the scalars that are open, and has these looked at. A row that
 * makes no good entry is told at its own place and passed over.
 *
 *	gw_each_open() -> gw_each_next()... -> gw_each_close()
 *
 * Rows are read one after the other: nothing of them stays but 8 octets for each name, key and place that is taken.
 */
#ifndef GW_TEMPLATE_EACH_H
#define GW_TEMPLATE_EACH_H

#include "base/seen.h"
#include "template/template.h"

#define GW_EACH_FOLDERS_MAX ((size_t)100000) /* rows that become folders in one run; a stream has no such limit */

/* --- the rows of one entry ---------------------------------------------------------------------------------------- */

struct gw_each_reader;

/* What became of a row. */
struct gw_each_made {
	struct gw_entry *entry; /* NULL: it is bad, which the findings tell, or was not wanted */
	bool bad;
	bool end; /* behind the last row: none of the above */
};

/* What no row may be or be published as: others are, or earlier rows. */
struct gw_each_taken {
	struct gw_seen names;  /* of entries */
	struct gw_seen places; /* that publish names */
	bool secrets;          /* each is a Secret, of its own name where publish has none */
};

/* Begins with the rows of an entry. `taken` gets what the rows take; it is the caller's, and goes from one reader to the
 * next. A CSV file that is missing, or has not the header that it should have, is GW_E_INPUT. */
enum gw_code GW_MUST_USE gw_each_open(const struct gw_template *t, const struct gw_entry *pattern,
				      struct gw_each_taken *taken, struct gw_each_reader **reader, struct gw_err *err);

/* The next row, as an entry in the arena; what is wrong with it is added to fs. One that is not wanted only takes its name.
 */
enum gw_code GW_MUST_USE gw_each_next(struct gw_each_reader *reader, bool wanted, struct gw_arena *arena,
				      struct gw_findings *fs, struct gw_each_made *made, struct gw_err *err);

/* Whether rows change nothing of a certificate but its subject, names and dates. */
bool gw_each_is_alike(const struct gw_entry *pattern);

/* Whether rows change a key of the entry. */
bool gw_entry_varies(const struct gw_entry *e, const char *key);

/* NULL is fine. */
void gw_each_close(struct gw_each_reader *reader);

/* Takes the names of all entries of the file, and the places that they are published to. */
void gw_each_take(const struct gw_template *t, struct gw_each_taken *taken);

/* The same where each certificate becomes a Secret. Of two that would be the same one, the second is told. */
void gw_each_take_secrets(const struct gw_template *t, struct gw_arena *arena, struct gw_each_taken *taken,
			  struct gw_findings *fs);

void gw_each_taken_release(struct gw_each_taken *taken);
#define GW_EACH_TAKEN_AUTO GW_CLEANUP(gw_each_taken_release)

/* --- all rows at once --------------------------------------------------------------------------------------------- */

/* What is asked for. */
struct gw_each_request {
	const char *const *names; /* of entries and rows; none is all */
	size_t n_names;
	size_t max_bad;  /* bad rows at which to stop with GW_E_PARTIAL; 0: never */
	bool only_asked; /* nothing else is on disk, so that no other row can hang on anything */
};

/* Adds an entry to the template for every good row of every entry with `each`: of those that nobody asks for too, which may
 * hang on a CA that changes, but of these bad rows, a file that is missing and rows past the limit go unsaid. Counts the
 * rows that are asked for. */
enum gw_code GW_MUST_USE gw_each_expand(struct gw_template *t, const struct gw_each_request *request,
					struct gw_findings *fs, struct gw_err *err);

#endif
