/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: read whole within a limit, written whole or not at all. A file never appears half written under its name, a
 * private one is never readable by others even for an instant, and an existing one is replaced only where asked.
 */
#ifndef GW_BASE_FILE_H
#define GW_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/ctx.h"

#define GW_MODE_PRIVATE 0600 /* keys, and documents that hold one */
#define GW_MODE_PUBLIC  0644

/* A file's name for messages: "standard input" for "-". */
const char *gw_file_shown(const char *path);

/* Reads a whole file, "-" being ctx->in, into *out (appending). More than out->max octets is GW_E_INPUT and names the
 * limit. Pipes and devices are read to their end. An empty or missing file is GW_E_INPUT. */
enum gw_code GW_MUST_USE gw_file_read(const struct gw_ctx *ctx, const char *path, struct gw_buf *out,
				      struct gw_err *err);

/* Reads a regular file of an open folder, following no link, into *out (appending) and gives its mode. Where there is
 * nothing of that name, *there is false and that is all. `shown` is the path for errors. */
enum gw_code GW_MUST_USE gw_file_read_at(int dirfd, const char *name, const char *shown, struct gw_buf *out,
					 bool *there, mode_t *mode, struct gw_err *err);

/* Writes a whole file: O_EXCL temporary beside it with exactly `mode`, write, fsync, then rename over the name (replace)
 * or only where nothing is there (not replace: GW_E_REFUSED), then fsync of the folder. Nothing is left behind on
 * failure. A symbolic link under the name is replaced, not followed. */
enum gw_code GW_MUST_USE gw_file_write(const char *path, const void *data, size_t len, mode_t mode, bool replace,
				       struct gw_err *err);

/* Removes what killed gw_file_write()s of that name left in the folder. Only under a lock that all writers of it take: the
 * temporary of one at work would go as well. */
void gw_file_tidy(int dirfd, const char *name);

/* Writes data to ctx->out where path is "-", else as gw_file_write(). */
enum gw_code GW_MUST_USE gw_output_write(const struct gw_ctx *ctx, const char *path, const void *data, size_t len,
					 mode_t mode, bool replace, struct gw_err *err);

/* Creates `name` in the folder with O_EXCL and exactly `mode`, and writes all of data. No fsync. `shown` is the path for
 * errors. On failure the file is gone. */
enum gw_code GW_MUST_USE gw_file_create_at(int dirfd, const char *name, const void *data, size_t len, mode_t mode,
					   const char *shown, struct gw_err *err);

/* Makes a folder and its missing parents with mode 0700. An existing folder is left as it is. */
enum gw_code GW_MUST_USE gw_dir_make(const char *path, struct gw_err *err);

/* Whether a file or folder of that name may be made by gwcert: not empty, no '/', no control octet, no leading dot, valid
 * UTF-8, at most 240 octets (names of 255 must leave room for a temporary's suffix). */
bool gw_file_name_ok(const char *name);

/* Closes *fd unless it is negative, and makes it -1. */
void gw_close(int *fd);
#define GW_FD_AUTO GW_CLEANUP(gw_close)

#endif
