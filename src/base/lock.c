/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>

#include "base/file.h"

enum gw_code gw_lock_take(int fd, const char *dir, unsigned wait_s, struct gw_err *err)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	unsigned tries = wait_s * 20;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return gw_fail_sys(err, dir, "cannot lock the folder");
		if (tries-- == 0) {
			gw_fail(err, GW_E_REFUSED, dir, "locked: another gwcert is at work in this folder");
			return gw_hint(err, "wait for it to end, or look for it with: fuser %s/" GW_LOCK, dir);
		}
		nanosleep(&pause, NULL);
	}
	return GW_OK;
}

/* Only where gen has been at work is there a lock above: elsewhere nobody exchanges folders. */
static enum gw_code take_entries(struct gw_entry_lock *lock, const char *dir, unsigned wait_s, struct gw_err *err)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/../" GW_LOCK, dir) >= (int)sizeof(path))
		return gw_fail(err, GW_E_INPUT, dir, "path too long");
	lock->entries = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return lock->entries >= 0 ? gw_lock_take(lock->entries, dir, wait_s, err) : GW_OK;
}

enum gw_code gw_entry_lock_take(struct gw_entry_lock *lock, const char *dir, unsigned wait_s, struct gw_err *err)
{
	enum gw_code code = take_entries(lock, dir, wait_s, err);

	if (code != GW_OK)
		return code;
	/* Opened only now: before, another folder may have stood here. */
	lock->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock->folder < 0)
		return gw_fail_sys(err, dir, "cannot open the folder");
	return gw_lock_take(lock->folder, dir, wait_s, err);
}

void gw_entry_lock_release(struct gw_entry_lock *lock)
{
	gw_close(&lock->folder);
	gw_close(&lock->entries);
}
