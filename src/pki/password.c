/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords come by env:NAME, file:PATH, fd:N or prompt, and by no other way: argv is there for all to read. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	struct stat st;

	if (fd < 0)
		return gw_fail_sys(err, path, "cannot open");
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 07) != 0) {
		gw_fail(err, GW_E_REFUSED, path, "holds a password, and everybody can read it (mode %04o)",
			(unsigned)(st.st_mode & 07777));
		return gw_hint(err, "if nobody else can have read it: chmod 600 %s", path);
	}
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
static ssize_t ask(int fd, const char *question, char out[static PASSWORD_MAX + 1])
{
	struct termios before, silent;
	ssize_t n = -1;
	int why;

	if (tcgetattr(fd, &before) != 0)
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	if (tcsetattr(fd, TCSAFLUSH, &silent) == 0 && write(fd, question, strlen(question)) > 0)
		n = read_password(fd, out);
	why = errno;
	tcsetattr(fd, TCSAFLUSH, &before);
	errno = why;
	return n;
}

static enum gw_code ask_once(const struct gw_ctx *ctx, int fd, const struct gw_password *from, const char *question,
			     struct gw_secret *password, struct gw_err *err)
{
	char text[PASSWORD_MAX + 1];
	ssize_t n = ask(fd, question, text);

	if (n < 0 && gw_interrupted(ctx)) {
		OPENSSL_cleanse(text, sizeof(text));
		return gw_fail(err, GW_E_IO, from->option, "interrupted");
	}
	return take(from->option, text, n, password, err);
}

/* What is typed blindly and locks something up is typed twice. */
static enum gw_code ask_again(const struct gw_ctx *ctx, int fd, const struct gw_password *from,
			      const struct gw_secret *first, struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret second = {0};
	enum gw_code code = ask_once(ctx, fd, from, "Once more: ", &second, err);

	if (code == GW_OK && (first->len != second.len || CRYPTO_memcmp(first->data, second.data, second.len) != 0))
		code = gw_fail(err, GW_E_INPUT, from->option, "the two passwords are not the same");
	return code;
}

static enum gw_code from_terminal(const struct gw_ctx *ctx, const struct gw_password *from, struct gw_secret *password,
				  struct gw_err *err)
{
	/* Not standard input, which may be the pipe with the certificates. */
	GW_FD_AUTO int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char question[GW_ERR_WHERE_MAX];
	enum gw_code code;

	if (fd < 0) {
		gw_fail(err, GW_E_USAGE, from->option, "there is no terminal to ask for the password");
		return gw_hint(err, "use env:NAME, file:PATH or fd:N");
	}
	snprintf(question, sizeof(question), "%s of %s: ", from->anew ? "New password" : "Password",
		 from->of != NULL ? from->of : "the private key");
	code = ask_once(ctx, fd, from, question, password, err);
	return code == GW_OK && from->anew ? ask_again(ctx, fd, from, password, err) : code;
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

static enum gw_code read_source(const struct gw_ctx *ctx, const struct gw_password *from, struct gw_secret *password,
				struct gw_err *err)
{
	const char *rest = after(from->source, "env:");

	if (rest != NULL)
		return from_env(ctx, from->option, rest, password, err);
	rest = after(from->source, "file:");
	if (rest != NULL)
		return from_file(rest, password, err);
	rest = after(from->source, "fd:");
	if (rest != NULL)
		return from_fd(from->option, rest, password, err);
	return from_terminal(ctx, from, password, err);
}

/* --- once a run --------------------------------------------------------------------------------------------------- */

struct gw_kept_password {
	char *source;
	struct gw_secret value;
};

void gw_passwords_release(struct gw_passwords *kept)
{
	size_t i;

	for (i = 0; i < kept->count; i++) {
		gw_secret_release(&kept->items[i].value);
		free(kept->items[i].source);
	}
	free(kept->items);
	*kept = (struct gw_passwords){0};
}

static bool recall(const struct gw_password *from, struct gw_secret *password)
{
	size_t i;

	for (i = 0; from->kept != NULL && i < from->kept->count; i++) {
		const struct gw_kept_password *k = &from->kept->items[i];

		if (strcmp(k->source, from->source) == 0) {
			gw_secret_copy(password, k->value.data, k->value.len);
			return true;
		}
	}
	return false;
}

static void keep(const struct gw_password *from, const struct gw_secret *password)
{
	struct gw_passwords *kept = from->kept;

	if (kept == NULL)
		return;
	kept->items = gw_realloc_array(kept->items, kept->count + 1, sizeof(*kept->items));
	kept->items[kept->count] = (struct gw_kept_password){.source = gw_strdup(from->source)};
	gw_secret_copy(&kept->items[kept->count++].value, password->data, password->len);
}

enum gw_code gw_password_read(const struct gw_ctx *ctx, const struct gw_password *from, struct gw_secret *password,
			      struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret read = {0};
	enum gw_code code = gw_password_check(from, err);
	bool recalled = code == GW_OK && recall(from, &read);

	if (code == GW_OK && !recalled)
		code = read_source(ctx, from, &read, err);
	if (code == GW_OK && from->anew && read.len == 0)
		code = gw_fail(err, GW_E_INPUT, from->option, "the password is empty");
	if (code != GW_OK)
		return code;
	if (!recalled)
		keep(from, &read);
	*password = read;
	read = (struct gw_secret){0};
	return GW_OK;
}
