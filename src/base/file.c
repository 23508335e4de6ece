/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define READ_CHUNK 65536 /* octets */

void gw_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static enum gw_code too_big(const char *shown, size_t max, struct gw_err *err)
{
	return gw_fail(err, GW_E_INPUT, shown, "is larger than the %zu octets that are read here", max);
}

/* Both read straight into the buffer, which is cleansed where it holds a key; no copy stays elsewhere. */
static size_t room_in(const struct gw_buf *out)
{
	return out->max - out->len < READ_CHUNK ? out->max - out->len : READ_CHUNK;
}

static enum gw_code read_stream(FILE *in, const char *shown, struct gw_buf *out, struct gw_err *err)
{
	for (;;) {
		size_t room = room_in(out);
		/* One octet more than may be kept tells "full" from "too big". */
		char *at = room > 0 ? gw_buf_reserve(out, room) : NULL, extra;
		size_t n = fread(room > 0 ? at : &extra, 1, room > 0 ? room : 1, in);

		if (n > 0 && room == 0)
			return too_big(shown, out->max, err);
		if (n > 0) {
			out->len += n;
			out->data[out->len] = '\0';
		} else {
			return ferror(in) ? gw_fail_sys(err, shown, "cannot read") : GW_OK;
		}
	}
}

static enum gw_code read_fd(int fd, const char *path, struct gw_buf *out, struct gw_err *err)
{
	for (;;) {
		size_t room = room_in(out);
		char *at = room > 0 ? gw_buf_reserve(out, room) : NULL, extra;
		ssize_t n = read(fd, room > 0 ? at : &extra, room > 0 ? room : 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gw_fail_sys(err, path, "cannot read");
		if (n == 0)
			return GW_OK;
		if (room == 0)
			return too_big(path, out->max, err);
		out->len += (size_t)n;
		out->data[out->len] = '\0';
	}
}

const char *gw_file_shown(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

enum gw_code gw_file_read(const struct gw_ctx *ctx, const char *path, struct gw_buf *out, struct gw_err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *shown = gw_file_shown(path);
	size_t before = out->len;
	GW_FD_AUTO int fd = -1;
	enum gw_code code;

	if (is_stdin) {
		code = read_stream(ctx->in, shown, out, err);
	} else {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return gw_fail_sys(err, path, "cannot open");
		code = read_fd(fd, path, out, err);
	}
	if (code != GW_OK)
		return code;
	if (out->len == before) {
		gw_fail(err, GW_E_INPUT, shown, "is empty");
		return is_stdin ? gw_hint(err, "did the command before the pipe fail?") : err->code;
	}
	return GW_OK;
}

enum gw_code gw_file_read_at(int dirfd, const char *name, const char *shown, struct gw_buf *out, bool *there,
			     mode_t *mode, struct gw_err *err)
{
	/* Not to wait for the other end of a pipe. */
	GW_FD_AUTO int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	*there = fd >= 0 || errno != ENOENT;
	if (!*there)
		return GW_OK;
	if (fd < 0 && errno == ELOOP)
		return gw_fail(err, GW_E_INPUT, shown, "is a symbolic link, which is not followed here");
	if (fd < 0 || fstat(fd, &st) != 0)
		return gw_fail_sys(err, shown, "cannot open");
	if (!S_ISREG(st.st_mode))
		return gw_fail(err, GW_E_INPUT, shown, "is not a regular file");
	*mode = st.st_mode & 07777;
	return read_fd(fd, shown, out, err);
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

enum gw_code gw_file_create_at(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
			       const char *shown, struct gw_err *err)
{
	/* Born 0600 whatever its mode will be; fchmod makes it exact whatever the umask is. */
	int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	enum gw_code code = GW_OK;

	if (fd < 0)
		return gw_fail_sys(err, shown, "cannot create");
	if (fchmod(fd, mode) != 0)
		code = gw_fail_sys(err, shown, "cannot set the mode");
	else if (!write_all(fd, data, len))
		code = gw_fail_sys(err, shown, "cannot write");
	if (close(fd) != 0 && code == GW_OK)
		code = gw_fail_sys(err, shown, "cannot write");
	if (code != GW_OK)
		unlinkat(dirfd, name, 0);
	return code;
}

/* Splits a path into the folder, opened, and the last component, borrowed from path. */
static enum gw_code open_parent(const char *path, int *dirfd, const char **name, struct gw_err *err)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	size_t n;

	*name = slash != NULL ? slash + 1 : path;
	if (**name == '\0' || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0)
		return gw_fail(err, GW_E_INPUT, path, "is a folder, not a file");
	n = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
	if (n >= sizeof(folder))
		return gw_fail(err, GW_E_INPUT, path, "path too long");
	memcpy(folder, slash == NULL ? "." : path, n);
	folder[n] = '\0';
	*dirfd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *dirfd >= 0 ? GW_OK : gw_fail_sys(err, path, "cannot open the folder");
}

/* A temporary is called .NAME. and these many hexadecimal digits. */
#define NONCE_DIGITS 16

static enum gw_code temporary_name(char out[static NAME_MAX + 1], const char *name, struct gw_err *err)
{
	uint64_t nonce;

	if (RAND_bytes((unsigned char *)&nonce, sizeof(nonce)) != 1)
		return gw_fail(err, GW_E_IO, NULL, "no random numbers to be had");
	if (snprintf(out, NAME_MAX + 1, ".%.200s.%0*" PRIx64, name, NONCE_DIGITS, nonce) > NAME_MAX)
		return gw_fail(err, GW_E_INPUT, name, "name too long");
	return GW_OK;
}

void gw_file_tidy(int dirfd, const char *name)
{
	char prefix[NAME_MAX + 1];
	int copy = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	const struct dirent *d;
	int n = snprintf(prefix, sizeof(prefix), ".%.200s.", name);

	if (dir == NULL) {
		gw_close(&copy);
		return;
	}
	for (d = readdir(dir); d != NULL; d = readdir(dir)) {
		if (strncmp(d->d_name, prefix, (size_t)n) == 0 && strlen(d->d_name + n) == NONCE_DIGITS &&
		    strspn(d->d_name + n, "0123456789abcdef") == NONCE_DIGITS)
			unlinkat(dirfd, d->d_name, 0);
	}
	closedir(dir);
}

/* Renames where nothing is there yet. A file system that cannot do that in one act may know hard links. */
static bool rename_new(int dirfd, const char *temporary, const char *name)
{
	if (renameat2(dirfd, temporary, dirfd, name, RENAME_NOREPLACE) == 0)
		return true;
	if ((errno != EINVAL && errno != ENOSYS) || linkat(dirfd, temporary, dirfd, name, 0) != 0)
		return false;
	unlinkat(dirfd, temporary, 0);
	return true;
}

static enum gw_code publish(int dirfd, const char *temporary, const char *name, const char *path, bool replace,
			    struct gw_err *err)
{
	if (replace)
		return renameat(dirfd, temporary, dirfd, name) == 0 ? GW_OK : gw_fail_sys(err, path, "cannot replace");
	if (rename_new(dirfd, temporary, name))
		return GW_OK;
	if (errno != EEXIST)
		return gw_fail_sys(err, path, "cannot create");
	gw_fail(err, GW_E_REFUSED, path, "exists already");
	return gw_hint(err, "give --force to replace it, or write to another name");
}

static enum gw_code sync_file(int dirfd, const char *name, const char *shown, struct gw_err *err)
{
	GW_FD_AUTO int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fsync(fd) != 0)
		return gw_fail_sys(err, shown, "cannot flush to disk");
	return GW_OK;
}

enum gw_code gw_file_write(const char *path, const void *data, size_t len, mode_t mode, bool replace,
			   struct gw_err *err)
{
	char temporary[NAME_MAX + 1];
	GW_FD_AUTO int dirfd = -1;
	const char *name;
	struct stat st;
	enum gw_code code = open_parent(path, &dirfd, &name, err);

	if (code == GW_OK)
		code = temporary_name(temporary, name, err);
	if (code != GW_OK)
		return code;
	/* A device or pipe (/dev/null, /dev/stdout) has no whole to be replaced: renaming over it would do harm. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return gw_fail(err, GW_E_INPUT, path, "is not a regular file; use - for standard output");
	code = gw_file_create_at(dirfd, temporary, data, len, mode, path, err);
	if (code != GW_OK)
		return code;
	code = sync_file(dirfd, temporary, path, err);
	if (code == GW_OK)
		code = publish(dirfd, temporary, name, path, replace, err);
	if (code != GW_OK) {
		unlinkat(dirfd, temporary, 0);
		return code;
	}
	return fsync(dirfd) == 0 ? GW_OK : gw_fail_sys(err, path, "cannot flush the folder to disk");
}

enum gw_code gw_output_write(const struct gw_ctx *ctx, const char *path, const void *data, size_t len, mode_t mode,
			     bool replace, struct gw_err *err)
{
	if (strcmp(path, "-") != 0)
		return gw_file_write(path, data, len, mode, replace, err);
	if (fwrite(data, 1, len, ctx->out) != len)
		return gw_fail_sys(err, "standard output", "cannot write");
	return GW_OK;
}

enum gw_code gw_dir_make(const char *path, struct gw_err *err)
{
	char part[PATH_MAX];
	size_t n = strlen(path), i;
	struct stat st;

	if (n == 0 || n >= sizeof(part))
		return gw_fail(err, GW_E_INPUT, path, n == 0 ? "empty folder name" : "path too long");
	memcpy(part, path, n + 1);
	for (i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != '\0')
			continue;
		part[i] = '\0';
		if (mkdir(part, 0700) != 0 && errno != EEXIST)
			return gw_fail_sys(err, part, "cannot make the folder");
		part[i] = path[i];
	}
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return gw_fail(err, GW_E_INPUT, path, "is not a folder");
	return GW_OK;
}

bool gw_file_name_ok(const char *name)
{
	size_t n = strlen(name), i;

	if (n == 0 || n > 240 || name[0] == '.' || !gw_utf8_valid(name, n))
		return false;
	for (i = 0; i < n; i++) {
		if (name[i] == '/' || (unsigned char)name[i] < 0x20 || name[i] == 0x7f)
			return false;
	}
	return true;
}
