/* SPDX-License-Identifier: Apache-2.0 */
/* DIR/.archive: nothing that held a key is ever deleted. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "issue/disk.h"

#define ARCHIVE      ".archive"
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static bool is_kind(int dirfd, const char *name, mode_t kind)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & S_IFMT) == kind;
}

static enum gw_code open_archive(const struct gw_plan *plan, int *fd, struct gw_err *err)
{
	if (mkdirat(plan->dirfd, ARCHIVE, 0700) != 0 && errno != EEXIST)
		return gw_fail_sys(err, plan->request->dir, "cannot make " ARCHIVE);
	*fd = openat(plan->dirfd, ARCHIVE, FOLDER_FLAGS);
	return *fd >= 0 ? GW_OK : gw_fail_sys(err, plan->request->dir, "cannot open " ARCHIVE);
}

/* ENTRY-20261123T120000Z, and -2 and so on behind it where that is taken. Nobody else takes it under the lock. */
static const char *free_name(struct gw_plan *plan, int archive, const char *entry)
{
	time_t now = (time_t)plan->now;
	const char *name;
	char stamp[32];
	struct stat st;
	struct tm tm;
	unsigned i;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	name = gw_arena_printf(&plan->arena, "%s-%s", entry, stamp);
	for (i = 2; fstatat(archive, name, &st, AT_SYMLINK_NOFOLLOW) == 0; i++)
		name = gw_arena_printf(&plan->arena, "%s-%s-%u", entry, stamp, i);
	return name;
}

static bool link_file(int from, int to, const char *name)
{
	return is_kind(from, name, S_IFDIR) || linkat(from, name, to, name, 0) == 0 || errno == ENOENT;
}

enum gw_code gw_archive_keep(struct gw_plan *plan, struct gw_step *step, struct gw_err *err)
{
	const struct gw_file_names *f = &step->entry->files;
	const char *const files[] = {f->key, f->csr, f->cert, f->chain, f->fullchain, f->pkcs12};
	GW_FD_AUTO int from = openat(plan->dirfd, step->entry->name, FOLDER_FLAGS);
	GW_FD_AUTO int archive = -1;
	GW_FD_AUTO int to = -1;
	const char *name;
	enum gw_code code = open_archive(plan, &archive, err);
	size_t i;

	if (code != GW_OK)
		return code;
	name = free_name(plan, archive, step->entry->name);
	if (mkdirat(archive, name, 0700) != 0)
		return gw_fail_sys(err, plan->request->dir, "cannot make " ARCHIVE "/%s", name);
	to = openat(archive, name, FOLDER_FLAGS);
	for (i = 0; i < GW_COUNT(files); i++) {
		if (from < 0 || to < 0 || !link_file(from, to, files[i]))
			return gw_fail_sys(err, step->entry->name, "cannot keep %s in " ARCHIVE, files[i]);
	}
	step->archive = gw_arena_printf(&plan->arena, ARCHIVE "/%s", name);
	return GW_OK;
}

enum gw_code gw_archive_move(struct gw_plan *plan, const char *entry, struct gw_err *err)
{
	GW_FD_AUTO int archive = -1;
	enum gw_code code = open_archive(plan, &archive, err);

	if (code != GW_OK)
		return code;
	if (renameat(plan->dirfd, entry, archive, free_name(plan, archive, entry)) != 0)
		return gw_fail_sys(err, entry, "cannot move to " ARCHIVE);
	return GW_OK;
}

/* --- what the template no longer has ------------------------------------------------------------------------------ */

static bool is_removed(const struct gw_plan *plan, const char *name)
{
	const struct gw_template *t = plan->request->t;
	const char *const files[] = {t->files.key, t->files.csr, t->files.cert, t->files.fullchain};
	const struct gw_entry *e = gw_file_name_ok(name) ? gw_template_find(t, name) : NULL;
	GW_FD_AUTO int fd = -1;
	size_t i;

	if (!gw_file_name_ok(name) || (e != NULL && e->each == NULL))
		return false;
	fd = openat(plan->dirfd, name, FOLDER_FLAGS);
	for (i = 0; i < GW_COUNT(files); i++) {
		if (fd < 0 || !is_kind(fd, files[i], S_IFREG))
			return false;
	}
	return true;
}

static void add_removed(struct gw_plan *plan, const char *name)
{
	if (plan->n_removed == plan->cap_removed) {
		const char **old = plan->removed;

		plan->cap_removed = plan->cap_removed == 0 ? 16 : plan->cap_removed * 2;
		plan->removed = gw_arena_alloc(&plan->arena, plan->cap_removed * sizeof(*plan->removed));
		if (plan->n_removed > 0)
			memcpy(plan->removed, old, plan->n_removed * sizeof(*old));
	}
	plan->removed[plan->n_removed++] = gw_arena_strdup(&plan->arena, name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum gw_code gw_archive_find(struct gw_plan *plan, struct gw_err *err)
{
	int copy = plan->dirfd >= 0 ? openat(plan->dirfd, ".", FOLDER_FLAGS) : -1;
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *d;

	if (plan->dirfd < 0)
		return GW_OK;
	if (dir == NULL) {
		gw_close(&copy);
		return gw_fail_sys(err, plan->request->dir, "cannot read the folder");
	}
	for (d = readdir(dir); d != NULL; d = readdir(dir)) {
		if (is_removed(plan, d->d_name))
			add_removed(plan, d->d_name);
	}
	closedir(dir);
	if (plan->n_removed > 1)
		qsort(plan->removed, plan->n_removed, sizeof(*plan->removed), by_name);
	return GW_OK;
}

bool gw_issue_has_others(const struct gw_template *t, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *d = dir != NULL ? readdir(dir) : NULL;
	bool others = false;

	for (; d != NULL && !others; d = readdir(dir))
		others = d->d_name[0] != '.' && gw_template_find(t, d->d_name) == NULL &&
			 is_kind(dirfd(dir), d->d_name, S_IFDIR);
	if (dir != NULL)
		closedir(dir);
	return others;
}
