/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stage: a batch of entry folders is built out of sight and then appears, each entry as one act. An entry is a folder
 * with a key, its certificate and their kin; because it is made and replaced as a whole, key and certificate never
 * disagree, killed or not.
 *
 *	gw_stage_open() -> gw_stage_entry() -> gw_stage_file()... -> gw_stage_commit() -> gw_stage_close()
 *
 * Everything is written below DIR/.stage-XXXX; commit costs one syncfs, one rename an entry, and one fsync of DIR.
 * gw_stage_close() removes what was not committed. What a killed run left is taken away, or rolled forward, by the next
 * gw_stage_open(). DIR/.lock keeps two runs apart.
 */
#ifndef GW_BASE_STAGE_H
#define GW_BASE_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

#define GW_STAGE_NAME 32

struct gw_stage {
	char *dir;                /* as given; owned */
	char name[GW_STAGE_NAME]; /* of the staging folder inside dir */
	int dirfd, lockfd, stagefd, entryfd;
	char *entry;    /* the one being filled; owned */
	bool fresh;     /* dir was not there before: it goes again where nothing is committed */
	char **entries; /* those complete, in order; owned */
	size_t n_entries;
	char **dropped; /* "entry/file" that replacing leaves behind; owned */
	size_t n_dropped;
};

/* Whether the folder holds what a run at work, or one that was killed, has in it: gw_stage_open() waits for the one and
 * cleans up after the other. False where there is no such folder. */
bool gw_stage_is_left(const char *dir);

/* Makes dir where it is missing, locks it and cleans up after a killed run. Another run at work is waited for, at most
 * wait_s seconds: then GW_E_NET would be a lie and GW_E_REFUSED says "locked". */
enum gw_code GW_MUST_USE gw_stage_open(struct gw_stage *st, const char *dir, unsigned wait_s, struct gw_err *err);

/* Begins the folder of an entry. The name has passed gw_file_name_ok(). */
enum gw_code GW_MUST_USE gw_stage_entry(struct gw_stage *st, const char *name, struct gw_err *err);

/* Adds a file to the entry begun last. */
enum gw_code GW_MUST_USE gw_stage_file(struct gw_stage *st, const char *name, const void *data, size_t len, mode_t mode,
				       struct gw_err *err);

/* A file that the entry begun last has no longer: where the entry replaces another, it goes instead of moving along. */
void gw_stage_drop(struct gw_stage *st, const char *name);

/* Brings all entries into place, replacing those that are there; files in them that the new entry does not have, and
 * folders, move along. On failure the entries before the failing one stand, each whole. */
enum gw_code GW_MUST_USE gw_stage_commit(struct gw_stage *st, struct gw_err *err);

/* Removes what is left of the stage and unlocks. Call once, whatever happened. */
void gw_stage_close(struct gw_stage *st);

#define GW_STAGE_AUTO GW_CLEANUP(gw_stage_close)
/* clang-format off */
#define GW_STAGE_INIT {.dirfd = -1, .lockfd = -1, .stagefd = -1, .entryfd = -1}
/* clang-format on */

#endif
