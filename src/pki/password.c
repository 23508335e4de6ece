/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords come by env:NAME, file:PATH, fd:N or prompt, and by no other way: argv is there for all to read. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "pki/key.h"

#define PASSWORD_MAX 1024 /* octets: what OpenSSL takes (PEM_BUFSIZE) */

/* Reads the first line; the caller cleanses. Returns the count, -1 on failure with errno, or PASSWORD_MAX + 1 where there is
 * more. */
static ssize_t read_password(int fd, char out[static PASSWORD_MAX + 1])
{
	size_t len = 0;

	while (len <= PASSWORD_MAX) {
		/* One octet at a time: what follows on a shared descriptor is not ours. */
		ssize_t n = read(fd, out + len, 1);

		if (n < 0)
			return -1;
		if (n == 0 || out[len] == '\n')
			break;
		len++;
	}
	return (ssize_t)len;
}

/* Moves what read_password() gave into *password, and cleanses it. */
static enum gw_code take(const char *where, char text[static PASSWORD_MAX + 1], ssize_t n, struct gw_secret *password,
			 struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t len = n > 0 ? (size_t)n : 0;

	if (n < 0)
		code = gw_fail_sys(err, where, "cannot read the password");
	else if (len > PASSWORD_MAX)
		code = gw_fail(err, GW_E_INPUT, where, "the password is longer than %d octets", PASSWORD_MAX);
	if (code == GW_OK) {
		if (len > 0 && text[len - 1] == '\r')
			len--;
		gw_secret_copy(password, text, len);
	}
	OPENSSL_cleanse(text, PASSWORD_MAX + 1);
	return code;
}

static enum gw_code from_env(const struct gw_ctx *ctx, const char *option, const char *name, struct gw_secret *password,
			     struct gw_err *err)
{
	const char *value = gw_getenv(ctx, name);

	if (value == NULL)
		return gw_fail(err, GW_E_INPUT, option, "the environment has no variable \"%s\"", name);
	gw_secret_copy(password, value, strlen(value));
	return GW_OK;
}

static enum gw_code from_file(const char *path, struct gw_secret *password, struct gw_err *err)
{
	GW_FD_AUTO int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char text[PASSWORD_MAX + 1];

	if (fd < 0)
		return gw_fail_sys(err, path, "cannot open");
	return take(path, text, read_password(fd, text), password, err);
}

static enum gw_code from_fd(const char *option, const char *number, struct gw_secret *password, struct gw_err *err)
{
	char text[PASSWORD_MAX + 1];
	uint64_t fd;

	if (!gw_parse_uint(number, 65535, &fd))
		return gw_fail(err, GW_E_USAGE, option, "\"%s\" is not the number of a descriptor", number);
	return take(option, text, read_password((int)fd, text), password, err);
}

/* Asks on an open terminal; -1 with errno on failure. */
static ssize_t ask(int fd, char out[static PASSWORD_MAX + 1])
{
	static const char question[] = "Password of the private key: ";
	struct termios before, silent;
	ssize_t n = -1;
	int why;

	if (tcgetattr(fd, &before) != 0)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	if (tcsetattr(fd, TCSAFLUSH, &silent) == 0 && write(fd, question, sizeof(question) - 1) > 0)
		n = read_password(fd, out);
	why = errno;
	tcsetattr(fd, TCSAFLUSH, &before);
	errno = why;
	return n;
}

static enum gw_code from_terminal(const struct gw_ctx *ctx, const char *option, struct gw_secret *password,
				  struct gw_err *err)
{
	/* Not standard input, which may be the pipe with the certificates. */
	GW_FD_AUTO int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char text[PASSWORD_MAX + 1];
	ssize_t n;

	if (fd < 0) {
		gw_fail(err, GW_E_USAGE, option, "there is no terminal to ask for the password");
		return gw_hint(err, "use env:NAME, file:PATH or fd:N");
	}
	n = ask(fd, text);
	if (n < 0 && gw_interrupted(ctx)) {
		OPENSSL_cleanse(text, sizeof(text));
		return gw_fail(err, GW_E_IO, option, "interrupted");
	}
	return take(option, text, n, password, err);
}

/* The four sources; each prefix stands in front of its argument. */
static const char *after(const char *source, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(source, prefix, n) == 0 ? source + n : NULL;
}

enum gw_code gw_password_check(const struct gw_password *from, struct gw_err *err)
{
	const char *source = from->source;

	if (source == NULL || after(source, "env:") != NULL || after(source, "file:") != NULL ||
	    after(source, "fd:") != NULL || strcmp(source, "prompt") == 0)
		return GW_OK;
	/* The text may be the password itself: it is not repeated. */
	gw_fail(err, GW_E_USAGE, from->option, "is not one of env:NAME, file:PATH, fd:N and prompt");
	return gw_hint(err, "a password itself never stands in a command line: other users can read it there");
}

enum gw_code gw_password_read(const struct gw_ctx *ctx, const struct gw_password *from, struct gw_secret *password,
			      struct gw_err *err)
{
	const char *source = from->source, *rest;
	enum gw_code code = gw_password_check(from, err);

	if (code != GW_OK)
		return code;
	rest = after(source, "env:");
	if (rest != NULL)
		return from_env(ctx, from->option, rest, password, err);
	rest = after(source, "file:");
	if (rest != NULL)
		return from_file(rest, password, err);
	rest = after(source, "fd:");
	if (rest != NULL)
		return from_fd(from->option, rest, password, err);
	return from_terminal(ctx, from->option, password, err);
}
