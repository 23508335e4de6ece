/* SPDX-License-Identifier: Apache-2.0 */
#include "base/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/rand.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lock.h"

#define STAGE_PREFIX ".stage-"
#define NEXT_SUFFIX  ".next" /* DIR/.ENTRY.next: complete, waiting for its place where folders cannot be exchanged */
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static bool has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* Calls fn for every name in a folder but "." and ".."; stops where it says false. */
static bool each_name(int dirfd, bool (*fn)(void *self, const char *name), void *self)
{
	int copy = openat(dirfd, ".", FOLDER_FLAGS);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *d;
	bool ok = true;
	int failed;

	if (dir == NULL) {
		gw_close(&copy);
		return false;
	}
	for (;;) {
		/* NULL is the end as well as an error. Names that go unseen would be files that are lost. */
		errno = 0;
		d = readdir(dir);
		if (d == NULL) {
			ok = errno == 0;
			break;
		}
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0 && !fn(self, d->d_name)) {
			ok = false;
			break;
		}
	}
	failed = errno;
	closedir(dir);
	errno = failed;
	return ok;
}

struct old_entry {
	int dirfd; /* of DIR/ENTRY, which is in place; -1 where there is none */
	int fd;    /* of what is to be removed */
};

static bool is_folder(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Files go (what was not gwcert's is linked into the new entry already); a folder, which is never ours, moves along. */
static bool remove_or_move(void *self, const char *name)
{
	const struct old_entry *old = self;

	if (!is_folder(old->fd, name))
		unlinkat(old->fd, name, 0);
	else if (old->dirfd >= 0)
		(void)renameat(old->fd, name, old->dirfd, name);
	return true;
}

struct stage_dir {
	int dirfd, stagefd;
};

static bool remove_entry(void *self, const char *name)
{
	const struct stage_dir *sd = self;
	struct old_entry old;

	old.fd = openat(sd->stagefd, name, FOLDER_FLAGS);
	if (old.fd < 0) {
		unlinkat(sd->stagefd, name, 0);
		return true;
	}
	old.dirfd = openat(sd->dirfd, name, FOLDER_FLAGS);
	each_name(old.fd, remove_or_move, &old);
	gw_close(&old.fd);
	gw_close(&old.dirfd);
	unlinkat(sd->stagefd, name, AT_REMOVEDIR);
	return true;
}

static void empty_stage(int dirfd, int stagefd)
{
	struct stage_dir sd = {.dirfd = dirfd, .stagefd = stagefd};

	each_name(stagefd, remove_entry, &sd);
}

static void remove_stage(int dirfd, const char *name)
{
	GW_FD_AUTO int stagefd = openat(dirfd, name, FOLDER_FLAGS);

	if (stagefd < 0)
		return;
	empty_stage(dirfd, stagefd);
	unlinkat(dirfd, name, AT_REMOVEDIR);
}

/* Puts a complete DIR/.ENTRY.next in the place of DIR/ENTRY, whose content goes to the stage to be removed. */
static bool roll_forward(int dirfd, int stagefd, const char *next, const char *entry)
{
	if (is_folder(dirfd, entry) && renameat(dirfd, entry, stagefd, entry) != 0)
		return false;
	return renameat(dirfd, next, dirfd, entry) == 0;
}

static bool is_next(int dirfd, const char *name)
{
	size_t n = strlen(name), suffix = sizeof(NEXT_SUFFIX) - 1;

	return name[0] == '.' && n >= suffix + 2 && strcmp(name + n - suffix, NEXT_SUFFIX) == 0 &&
	       is_folder(dirfd, name);
}

static bool is_clean(void *self, const char *name)
{
	const int *dirfd = self;

	return !has_prefix(name, STAGE_PREFIX) && !is_next(*dirfd, name);
}

bool gw_stage_is_left(const char *dir)
{
	GW_FD_AUTO int dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return dirfd >= 0 && !each_name(dirfd, is_clean, &dirfd);
}

static bool recover_next(void *self, const char *name)
{
	const struct gw_stage *st = self;
	size_t n = strlen(name), suffix = sizeof(NEXT_SUFFIX) - 1;
	char entry[NAME_MAX + 1];

	if (!is_next(st->dirfd, name))
		return true;
	memcpy(entry, name + 1, n - 1 - suffix);
	entry[n - 1 - suffix] = '\0';
	return roll_forward(st->dirfd, st->stagefd, name, entry);
}

static bool recover_stage(void *self, const char *name)
{
	const struct gw_stage *st = self;

	if (has_prefix(name, STAGE_PREFIX) && strcmp(name, st->name) != 0)
		remove_stage(st->dirfd, name);
	return true;
}

static enum gw_code lock(struct gw_stage *st, unsigned wait_s, struct gw_err *err)
{
	st->lockfd = openat(st->dirfd, GW_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (st->lockfd < 0)
		return gw_fail_sys(err, st->dir, "cannot open " GW_LOCK);
	return gw_lock_take(st->lockfd, st->dir, wait_s, err);
}

static enum gw_code make_stage(struct gw_stage *st, struct gw_err *err)
{
	uint32_t nonce;

	if (RAND_bytes((unsigned char *)&nonce, sizeof(nonce)) != 1)
		return gw_fail(err, GW_E_IO, NULL, "no random numbers to be had");
	snprintf(st->name, sizeof(st->name), STAGE_PREFIX "%08x", nonce);
	if (mkdirat(st->dirfd, st->name, 0700) != 0) {
		st->name[0] = '\0';
		return gw_fail_sys(err, st->dir, "cannot make a folder in it");
	}
	st->stagefd = openat(st->dirfd, st->name, FOLDER_FLAGS);
	return st->stagefd >= 0 ? GW_OK : gw_fail_sys(err, st->dir, "cannot open %s", st->name);
}

enum gw_code gw_stage_open(struct gw_stage *st, const char *dir, unsigned wait_s, struct gw_err *err)
{
	bool fresh = access(dir, F_OK) != 0;
	enum gw_code code = gw_dir_make(dir, err);

	if (code != GW_OK)
		return code;
	st->fresh = fresh;
	st->dir = gw_strdup(dir);
	st->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (st->dirfd < 0)
		return gw_fail_sys(err, dir, "cannot open the folder");
	code = lock(st, wait_s, err);
	if (code == GW_OK)
		code = make_stage(st, err);
	if (code != GW_OK)
		return code;
	if (!each_name(st->dirfd, recover_next, st) || !each_name(st->dirfd, recover_stage, st))
		return gw_fail_sys(err, dir, "cannot clean up after a run that was cut off");
	empty_stage(st->dirfd, st->stagefd);
	return GW_OK;
}

static void finish_entry(struct gw_stage *st)
{
	if (st->entry == NULL)
		return;
	gw_close(&st->entryfd);
	st->entries = gw_realloc_array(st->entries, st->n_entries + 1, sizeof(*st->entries));
	st->entries[st->n_entries++] = st->entry;
	st->entry = NULL;
}

enum gw_code gw_stage_entry(struct gw_stage *st, const char *name, struct gw_err *err)
{
	finish_entry(st);
	if (mkdirat(st->stagefd, name, 0700) != 0)
		return gw_fail_sys(err, name, "cannot make the folder in %s", st->dir);
	st->entryfd = openat(st->stagefd, name, FOLDER_FLAGS);
	if (st->entryfd < 0)
		return gw_fail_sys(err, name, "cannot open the folder in %s", st->dir);
	st->entry = gw_strdup(name);
	return GW_OK;
}

enum gw_code gw_stage_file(struct gw_stage *st, const char *name, const void *data, size_t len, mode_t mode,
			   struct gw_err *err)
{
	char shown[PATH_MAX];

	snprintf(shown, sizeof(shown), "%s/%s/%s", st->dir, st->entry, name);
	return gw_file_create_at(st->entryfd, name, data, len, mode, shown, err);
}

void gw_stage_drop(struct gw_stage *st, const char *name)
{
	size_t n = strlen(st->entry) + 1 + strlen(name) + 1;
	char *path = gw_alloc(n);

	snprintf(path, n, "%s/%s", st->entry, name);
	st->dropped = gw_realloc_array(st->dropped, st->n_dropped + 1, sizeof(*st->dropped));
	st->dropped[st->n_dropped++] = path;
}

static bool is_dropped(const struct gw_stage *st, const char *entry, const char *name)
{
	size_t n = strlen(entry), i;

	for (i = 0; i < st->n_dropped; i++) {
		const char *path = st->dropped[i];

		if (strncmp(path, entry, n) == 0 && path[n] == '/' && strcmp(path + n + 1, name) == 0)
			return true;
	}
	return false;
}

struct keep {
	const struct gw_stage *st;
	const char *entry;
	int from, to;
};

/* A hard link, so that a kill between here and the exchange loses nothing. */
static bool keep_foreign(void *self, const char *name)
{
	const struct keep *k = self;

	if (is_folder(k->from, name) || is_dropped(k->st, k->entry, name) ||
	    linkat(k->from, name, k->to, name, 0) == 0 || errno == EEXIST)
		return true;
	return false;
}

static enum gw_code carry_foreign(struct gw_stage *st, const char *entry, struct gw_err *err)
{
	struct keep k = {.st = st,
			 .entry = entry,
			 .from = openat(st->dirfd, entry, FOLDER_FLAGS),
			 .to = openat(st->stagefd, entry, FOLDER_FLAGS)};
	bool ok = k.from >= 0 && k.to >= 0 && each_name(k.from, keep_foreign, &k);
	enum gw_code code = ok ? GW_OK : gw_fail_sys(err, entry, "cannot carry its other files over");

	gw_close(&k.from);
	gw_close(&k.to);
	return code;
}

static bool replace_by_steps(struct gw_stage *st, const char *entry)
{
	char next[NAME_MAX + 1], old[NAME_MAX + 1];

	snprintf(next, sizeof(next), ".%.240s" NEXT_SUFFIX, entry);
	snprintf(old, sizeof(old), "%.250s", entry);
	return renameat(st->stagefd, old, st->dirfd, next) == 0 && roll_forward(st->dirfd, st->stagefd, next, entry);
}

static enum gw_code place(struct gw_stage *st, const char *entry, struct gw_err *err)
{
	enum gw_code code;

	if (renameat2(st->stagefd, entry, st->dirfd, entry, RENAME_NOREPLACE) == 0)
		return GW_OK;
	if (errno == EINVAL || errno == ENOSYS) {
		if (!is_folder(st->dirfd, entry))
			return renameat(st->stagefd, entry, st->dirfd, entry) == 0
				       ? GW_OK
				       : gw_fail_sys(err, entry, "cannot bring into %s", st->dir);
	} else if (errno != EEXIST) {
		return gw_fail_sys(err, entry, "cannot bring into %s", st->dir);
	}
	if (!is_folder(st->dirfd, entry))
		return gw_fail(err, GW_E_REFUSED, st->dir, "\"%s\" is there and is not a folder", entry);
	code = carry_foreign(st, entry, err);
	if (code != GW_OK)
		return code;
	if (renameat2(st->stagefd, entry, st->dirfd, entry, RENAME_EXCHANGE) == 0)
		return GW_OK;
	if ((errno == EINVAL || errno == ENOSYS) && replace_by_steps(st, entry))
		return GW_OK;
	return gw_fail_sys(err, entry, "cannot replace in %s", st->dir);
}

enum gw_code gw_stage_commit(struct gw_stage *st, struct gw_err *err)
{
	size_t i;

	finish_entry(st);
	if (st->n_entries == 0)
		return GW_OK;
	st->fresh = false;
	/* Contents reach the disk before any name does. */
	if (syncfs(st->stagefd) != 0)
		return gw_fail_sys(err, st->dir, "cannot flush to disk");
	for (i = 0; i < st->n_entries; i++) {
		enum gw_code code = place(st, st->entries[i], err);

		if (code != GW_OK)
			return code;
	}
	return fsync(st->dirfd) == 0 ? GW_OK : gw_fail_sys(err, st->dir, "cannot flush the folder to disk");
}

void gw_stage_close(struct gw_stage *st)
{
	size_t i;

	gw_close(&st->entryfd);
	gw_close(&st->stagefd);
	if (st->dirfd >= 0 && st->name[0] != '\0')
		remove_stage(st->dirfd, st->name);
	if (st->fresh && st->dirfd >= 0 && unlinkat(st->dirfd, GW_LOCK, 0) == 0)
		(void)rmdir(st->dir);
	gw_close(&st->lockfd);
	gw_close(&st->dirfd);
	for (i = 0; i < st->n_entries; i++)
		free(st->entries[i]);
	free(st->entries);
	for (i = 0; i < st->n_dropped; i++)
		free(st->dropped[i]);
	free(st->dropped);
	free(st->entry);
	free(st->dir);
	*st = (struct gw_stage)GW_STAGE_INIT;
}
