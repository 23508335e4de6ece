/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const enum gw_code gw_codes[] = {
	GW_OK,    GW_E_NO,     GW_E_USAGE,   GW_E_INPUT, GW_E_REFUSED, GW_E_DUE,
	GW_E_NET, GW_E_REMOTE, GW_E_PARTIAL, GW_E_IO,    GW_E_BUG,
};
const size_t gw_n_codes = GW_COUNT(gw_codes);

const char *gw_code_name(enum gw_code code)
{
	switch (code) {
	case GW_OK: return "ok";
	case GW_E_NO: return "no";
	case GW_E_USAGE: return "usage";
	case GW_E_INPUT: return "input";
	case GW_E_REFUSED: return "refused";
	case GW_E_DUE: return "due";
	case GW_E_NET: return "network";
	case GW_E_REMOTE: return "remote";
	case GW_E_PARTIAL: return "partial";
	case GW_E_IO: return "io";
	case GW_E_BUG: return "bug";
	}
	return "unknown";
}

const char *gw_code_meaning(enum gw_code code)
{
	switch (code) {
	case GW_OK: return "done; all checks pass; nothing is due";
	case GW_E_NO: return "a check says no: a mismatch, an expired certificate, a probe that is not as it should be";
	case GW_E_USAGE: return "the command line is wrong; nothing was read or written";
	case GW_E_INPUT: return "input is missing, malformed, or a bad template; nothing was written";
	case GW_E_REFUSED: return "refused: it would overwrite a key, show one, or go against policy";
	case GW_E_DUE: return "changes are due (only with --check)";
	case GW_E_NET: return "network or remote trouble that is worth a retry: name lookup, connect, timeout";
	case GW_E_REMOTE: return "refused by the remote for good; a retry will not help";
	case GW_E_PARTIAL: return "part of a batch failed, the rest is done";
	case GW_E_IO: return "local input/output or resources: disk full, permissions, memory";
	case GW_E_BUG: return "a defect of gwcert itself; please report it";
	}
	return "unknown";
}

void gw_vformat(char *out, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(out, size, fmt, args);

	if (n >= 0 && (size_t)n >= size)
		memcpy(out + size - 4, "...", 4);
}

static void set_where(struct gw_err *err, const char *where)
{
	int n = snprintf(err->where, sizeof(err->where), "%s", where != NULL ? where : "");

	if (n >= 0 && (size_t)n >= sizeof(err->where))
		memcpy(err->where + sizeof(err->where) - 4, "...", 4);
}

enum gw_code gw_fail(struct gw_err *err, enum gw_code code, const char *where, const char *fmt, ...)
{
	va_list args;

	err->code = code;
	err->hint[0] = '\0';
	set_where(err, where);
	va_start(args, fmt);
	gw_vformat(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	return code;
}

static enum gw_code code_of_errno(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case EISDIR:
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG: return GW_E_INPUT;
	default: return GW_E_IO;
	}
}

enum gw_code gw_fail_sys(struct gw_err *err, const char *where, const char *fmt, ...)
{
	int errnum = errno;
	va_list args;
	size_t used;

	err->code = code_of_errno(errnum);
	err->hint[0] = '\0';
	set_where(err, where);
	va_start(args, fmt);
	gw_vformat(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	used = strlen(err->what);
	snprintf(err->what + used, sizeof(err->what) - used, ": %s", strerror(errnum));
	return err->code;
}

enum gw_code gw_hint(struct gw_err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	gw_vformat(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
	return err->code;
}

enum gw_code gw_wrap(struct gw_err *err, const char *fmt, ...)
{
	char old[GW_ERR_WHAT_MAX];
	va_list args;
	size_t used;

	memcpy(old, err->what, sizeof(old));
	va_start(args, fmt);
	gw_vformat(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	used = strlen(err->what);
	snprintf(err->what + used, sizeof(err->what) - used, ": %s", old);
	return err->code;
}

void gw_oom(void)
{
	static const char text[] = "gwcert: out of memory\n";

	/* Nothing can be done about a failed write here, and stdio may need memory. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(GW_E_IO);
	_exit(GW_E_IO);
}

void *gw_alloc(size_t size)
{
	void *p = malloc(size > 0 ? size : 1);

	if (p == NULL)
		gw_oom();
	return p;
}

void *gw_zalloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);

	if (p == NULL)
		gw_oom();
	return p;
}

void *gw_realloc_array(void *old, size_t count, size_t size)
{
	void *p;

	if (size != 0 && count > SIZE_MAX / size)
		gw_oom();
	p = realloc(old, count * size > 0 ? count * size : 1);
	if (p == NULL)
		gw_oom();
	return p;
}

char *gw_strdup(const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(gw_alloc(n), s, n);
}
