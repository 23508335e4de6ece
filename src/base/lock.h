/* SPDX-License-Identifier: Apache-2.0 */
/* Locks: what keeps two runs apart that would change the same files. They go with the descriptor, killed or not. */
#ifndef GW_BASE_LOCK_H
#define GW_BASE_LOCK_H

#include "base/err.h"

#define GW_LOCK ".lock" /* in a folder of entries */

/* Locks an open file or folder. Another run that has it is waited for, at most wait_s seconds: then GW_E_REFUSED says
 * "locked". dir is the folder, for errors. */
enum gw_code GW_MUST_USE gw_lock_take(int fd, const char *dir, unsigned wait_s, struct gw_err *err);

/* What is held while a file in the folder of an entry is changed. */
struct gw_entry_lock {
	int entries, folder; /* descriptors; -1: not held */
};
/* clang-format off */
#define GW_ENTRY_LOCK_INIT {.entries = -1, .folder = -1}
/* clang-format on */

/* Locks the folder `dir` and, where it is an entry's, before it the folder of entries that it is in: a run that replaces the
 * entry meanwhile would lose what is written into it. */
enum gw_code GW_MUST_USE gw_entry_lock_take(struct gw_entry_lock *lock, const char *dir, unsigned wait_s,
					    struct gw_err *err);
void gw_entry_lock_release(struct gw_entry_lock *lock);
#define GW_ENTRY_LOCK_AUTO GW_CLEANUP(gw_entry_lock_release)

#endif
