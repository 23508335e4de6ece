/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: how a function says that it failed, and how that becomes one sentence and an exit status.
 *
 * A fallible function returns enum gw_code, which the compiler does not let a caller ignore, and fills a struct gw_err
 * that its caller owns. The struct holds its text inline: it needs no release and works when memory is gone. Outputs
 * go through pointers that stay untouched on failure; *err stays untouched on success. Context is added on the way up
 * with gw_wrap(); only cli prints, once.
 */
#ifndef GW_BASE_ERR_H
#define GW_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

#define GW_MUST_USE          __attribute__((warn_unused_result))
#define GW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define GW_COUNT(array)      (sizeof(array) / sizeof((array)[0]))

/* The offset of field f of struct T; does not compile where the field is not of that type. */
#define GW_FIELD(T, f, type) (offsetof(T, f) + 0 * sizeof(_Generic(((T *)0)->f, type : 'x')))

/* The exit statuses of gwcert-exit(7). A value is part of the interface: never renumbered, never reused. */
enum gw_code {
	GW_OK = 0,        /* done, all checks pass, nothing due */
	GW_E_NO = 1,      /* a check says no */
	GW_E_USAGE = 2,   /* the command line is wrong */
	GW_E_INPUT = 3,   /* input is missing, malformed, or a bad template */
	GW_E_REFUSED = 4, /* would overwrite a key, or is against policy */
	GW_E_DUE = 5,     /* changes are due (--check) */
	GW_E_NET = 6,     /* network or remote trouble worth a retry */
	GW_E_REMOTE = 7,  /* refused by the remote for good */
	GW_E_PARTIAL = 8, /* part of a batch failed */
	GW_E_IO = 9,      /* local input/output or resources */
	GW_E_BUG = 70,    /* a defect of gwcert itself */
};

#define GW_ERR_WHERE_MAX 512
#define GW_ERR_WHAT_MAX  1024
#define GW_ERR_HINT_MAX  512

struct gw_err {
	enum gw_code code;
	char where[GW_ERR_WHERE_MAX]; /* file:line:column, host:port, URL or option; may be empty */
	char what[GW_ERR_WHAT_MAX];   /* one sentence, no full stop; may be empty when findings said it all */
	char hint[GW_ERR_HINT_MAX];   /* the one thing to do next; may be empty */
};

/* vsnprintf() that marks a cut text with "...", rather than hide that there was more. */
void gw_vformat(char *out, size_t size, const char *fmt, va_list args) GW_PRINTF(3, 0);

/* Fills *err and returns code, so that a failing line reads `return gw_fail(err, GW_E_INPUT, path, "...")`. Texts that
 * do not fit are cut with "...". `where` may be NULL. */
enum gw_code gw_fail(struct gw_err *err, enum gw_code code, const char *where, const char *fmt, ...) GW_PRINTF(4, 5);

/* The same for a failed system call: GW_E_IO with errno's text, or GW_E_INPUT where the path itself is at fault
 * (ENOENT, EISDIR, ENOTDIR, ELOOP, ENAMETOOLONG). Reads errno at once. */
enum gw_code gw_fail_sys(struct gw_err *err, const char *where, const char *fmt, ...) GW_PRINTF(3, 4);

/* Replaces the hint and returns err->code. */
enum gw_code gw_hint(struct gw_err *err, const char *fmt, ...) GW_PRINTF(2, 3);

/* Puts "context: " before what went wrong and returns err->code. */
enum gw_code gw_wrap(struct gw_err *err, const char *fmt, ...) GW_PRINTF(2, 3);

/* Short name of a code, as gwcert-exit(7) and JSON print it ("input", "refused"). Never NULL. */
const char *gw_code_name(enum gw_code code);

/* One line on what an exit status means, for the man page. Never NULL. */
const char *gw_code_meaning(enum gw_code code);

/* Every exit status in order, ended by GW_E_BUG. */
extern const enum gw_code gw_codes[];
extern const size_t gw_n_codes;

/* Memory is gone: says so on descriptor 2 and ends the process with GW_E_IO. Small allocations of our own end here;
 * whatever the size of the input decides is bounded before it is allocated. */
_Noreturn void gw_oom(void);

/* malloc, calloc, realloc and strdup that end in gw_oom() and never return NULL; free with free(). A size of 0 counts as 1.
 * gw_realloc_array() also refuses a product that overflows. */
void *gw_alloc(size_t size);
void *gw_zalloc(size_t size);
void *gw_realloc_array(void *old, size_t count, size_t size);
char *gw_strdup(const char *s);

/* Releases a variable of the type when its scope ends: GW_AUTO(gw_buf) b = {0}. A type T takes part by defining
 * `static inline void gw_auto_T(T *)`. Ownership is handed on by zeroing the variable. */
#define GW_CLEANUP(fn) __attribute__((cleanup(fn)))

#endif
