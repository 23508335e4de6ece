/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

static struct gw_arena memory;
static char *folder;

/* A test of the tests is not wanted: whatever goes wrong here ends the program, and TAP shows the missing cases. */
static void give_up(const char *what)
{
	perror(what);
	exit(99);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	(void)remove(path);
	return 0;
}

static int unlock_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)at;
	/* Tests take rights away from folders; they come back before their content can go. */
	if (kind == FTW_D || kind == FTW_DNR)
		(void)chmod(path, 0700);
	return 0;
}

static void at_exit(void)
{
	if (folder != NULL) {
		(void)nftw(folder, unlock_one, 16, FTW_PHYS);
		(void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	folder = NULL;
	gw_arena_release(&memory);
}

void *tst_alloc(size_t size)
{
	if (memory.blocks == NULL && atexit(at_exit) != 0)
		give_up("atexit");
	return gw_arena_alloc(&memory, size);
}

const char *tst_dir(void)
{
	const char *base = getenv("TMPDIR");

	if (folder != NULL)
		return folder;
	(void)tst_alloc(1);
	folder = gw_arena_printf(&memory, "%s/gwcert-test.XXXXXX", base != NULL && *base != '\0' ? base : "/tmp");
	if (mkdtemp(folder) == NULL)
		give_up(folder);
	return folder;
}

const char *tst_path(const char *fmt, ...)
{
	char name[PATH_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	return gw_arena_printf(&memory, "%s/%s", tst_dir(), name);
}

static void make_parents(char *path)
{
	char *slash = path + strlen(tst_dir());

	for (slash = strchr(slash + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
}

const char *tst_file_bytes(const char *name, const void *data, size_t len)
{
	char *path = gw_arena_printf(&memory, "%s/%s", tst_dir(), name);
	FILE *out;

	make_parents(path);
	out = fopen(path, "we");
	if (out == NULL)
		give_up(path);
	if (fwrite(data, 1, len, out) != len || fclose(out) != 0)
		give_up(path);
	return path;
}

const char *tst_file(const char *name, const char *text)
{
	return tst_file_bytes(name, text, strlen(text));
}

const char *tst_read(const char *path, size_t *len)
{
	struct gw_buf text GW_BUF_AUTO = GW_BUF((size_t)256 << 20);
	FILE *in = fopen(path, "re");
	char chunk[4096];
	size_t n;

	if (in == NULL)
		return NULL;
	for (n = fread(chunk, 1, sizeof(chunk), in); n > 0; n = fread(chunk, 1, sizeof(chunk), in))
		gw_buf_add(&text, chunk, n);
	fclose(in);
	if (len != NULL)
		*len = text.len;
	(void)tst_alloc(1);
	return gw_arena_strndup(&memory, gw_buf_str(&text), text.len);
}

int tst_mode(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? (int)(st.st_mode & 07777) : -1;
}

bool tst_exists(const char *path)
{
	return tst_mode(path) >= 0;
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

const char *tst_names(const char *path)
{
	struct gw_buf names GW_BUF_AUTO = GW_BUF(1 << 20);
	struct dirent **found;
	int n = scandir(path, &found, not_dots, alphasort), i;

	if (n < 0)
		return NULL;
	for (i = 0; i < n; i++) {
		gw_buf_printf(&names, "%s%s", i > 0 ? " " : "", found[i]->d_name);
		free(found[i]);
	}
	free(found);
	(void)tst_alloc(1);
	return gw_arena_strdup(&memory, gw_buf_str(&names));
}

const char *tst_source(const char *name)
{
	const char *top = getenv("GW_SRCDIR");

	(void)tst_alloc(1);
	return gw_arena_printf(&memory, "%s/%s", top != NULL ? top : ".", name);
}
