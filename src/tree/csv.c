/* SPDX-License-Identifier: Apache-2.0 */
#include "tree/csv.h"

#include <csv.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

#define LIBRARY         "libcsv.so.3"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define OPTIONS         (CSV_STRICT | CSV_STRICT_FINI)

/* What is used of libcsv. */
struct library {
	void *handle;
	int (*init)(struct csv_parser *p, unsigned char options);
	size_t (*parse)(struct csv_parser *p, const void *s, size_t len, void (*field)(void *, size_t, void *),
			void (*end)(int, void *), void *self);
	int (*fini)(struct csv_parser *p, void (*field)(void *, size_t, void *), void (*end)(int, void *), void *self);
	void (*release)(struct csv_parser *p);
};

struct gw_csv {
	char *path;
	int fd;
	struct library lib;
	struct csv_parser parser;
	bool parsing; /* the parser holds memory */
	char in[GW_CSV_ROW_MAX];
	size_t at, filled; /* of in: what has not been looked at yet */
	bool at_end;       /* of the file */
	unsigned line;     /* of what comes next */
	struct gw_buf first, data;
	size_t offsets[GW_CSV_COLUMNS_MAX];
	const char *fields[GW_CSV_COLUMNS_MAX];
	size_t count;
	bool complete; /* the record at hand */
	const char *fault;
};

/* --- libcsv ------------------------------------------------------------------------------------------------------- */

/* POSIX lets a function's address come as a data pointer. */
static bool find(void *handle, const char *name, void *function)
{
	void *found = dlsym(handle, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

static enum gw_code load(struct library *lib, struct gw_err *err)
{
	lib->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (lib->handle != NULL && find(lib->handle, "csv_init", &lib->init) &&
	    find(lib->handle, "csv_parse", &lib->parse) && find(lib->handle, "csv_fini", &lib->fini) &&
	    find(lib->handle, "csv_free", &lib->release))
		return GW_OK;
	gw_fail(err, GW_E_IO, NULL, "CSV files are read by " LIBRARY ", which cannot be loaded");
	return gw_hint(err, "install it: the package is libcsv3 in Debian");
}

static void field_done(void *field, size_t len, void *self)
{
	struct gw_csv *csv = self;

	if (csv->count == GW_CSV_COLUMNS_MAX) {
		csv->fault = "it has more than 256 fields";
		return;
	}
	if (len > 0 && memchr(field, '\0', len) != NULL)
		csv->fault = "it has a NUL octet";
	csv->offsets[csv->count++] = csv->data.len;
	gw_buf_add(&csv->data, field, len);
	gw_buf_chr(&csv->data, '\0');
}

static void record_done(int c, void *self)
{
	struct gw_csv *csv = self;

	(void)c;
	csv->complete = true;
}

static enum gw_code restart(struct gw_csv *csv, struct gw_err *err)
{
	if (csv->parsing)
		csv->lib.release(&csv->parser);
	csv->parsing = csv->lib.init(&csv->parser, OPTIONS) == 0;
	return csv->parsing ? GW_OK : gw_fail(err, GW_E_BUG, NULL, LIBRARY " does not start");
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static enum gw_code refill(struct gw_csv *csv, struct gw_err *err)
{
	ssize_t n;

	memmove(csv->in, csv->in + csv->at, csv->filled - csv->at);
	csv->filled -= csv->at;
	csv->at = 0;
	while (csv->filled < sizeof(csv->in) && !csv->at_end) {
		n = read(csv->fd, csv->in + csv->filled, sizeof(csv->in) - csv->filled);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return gw_fail_sys(err, csv->path, "cannot read");
		csv->at_end = n == 0;
		csv->filled += (size_t)n;
	}
	return GW_OK;
}

/* Length of the line that begins at csv->at, its end included: "\n", "\r\n" or "\r" alone. 0 where the end is not in what
 * has been read. */
static size_t line_length(const struct gw_csv *csv)
{
	const char *at = csv->in + csv->at, *lf;
	size_t left = csv->filled - csv->at, n;
	const char *cr;

	lf = memchr(at, '\n', left);
	n = lf != NULL ? (size_t)(lf - at) + 1 : 0;
	cr = memchr(at, '\r', n > 0 ? n : left);
	if (cr == NULL)
		return n;
	if (cr + 1 < at + left)
		return (size_t)(cr - at) + 1 + (cr[1] == '\n');
	return csv->at_end ? (size_t)(cr - at) + 1 : 0;
}

/* The next line; *len is 0 behind the last one. One that does not fit into the buffer comes in pieces. */
static enum gw_code next_line(struct gw_csv *csv, const char **text, size_t *len, struct gw_err *err)
{
	enum gw_code code;

	*len = line_length(csv);
	if (*len == 0 && !csv->at_end) {
		code = refill(csv, err);
		if (code != GW_OK)
			return code;
		*len = line_length(csv);
	}
	if (*len == 0)
		*len = csv->filled - csv->at;
	*text = csv->in + csv->at;
	csv->at += *len;
	if (*len > 0)
		csv->line += (*text)[*len - 1] == '\n' || (*text)[*len - 1] == '\r';
	return GW_OK;
}

static bool ends_line(const char *text, size_t len)
{
	return text[len - 1] == '\n' || text[len - 1] == '\r';
}

static size_t content_length(const char *text, size_t len)
{
	while (len > 0 && ends_line(text, len))
		len--;
	return len;
}

/* What is left of a line that was too long. */
static enum gw_code skip_line(struct gw_csv *csv, struct gw_err *err)
{
	const char *text;
	size_t len;
	enum gw_code code;

	do
		code = next_line(csv, &text, &len, err);
	while (code == GW_OK && len > 0 && !ends_line(text, len));
	return code;
}

/* --- records ------------------------------------------------------------------------------------------------------ */

enum gw_code gw_csv_open(const char *path, struct gw_csv **csv, struct gw_err *err)
{
	struct gw_csv *c = gw_zalloc(sizeof(*c));
	struct stat st;
	enum gw_code code = load(&c->lib, err);

	c->path = gw_strdup(path);
	c->first = (struct gw_buf)GW_BUF(GW_CSV_ROW_MAX);
	c->data = (struct gw_buf)GW_BUF(3 * GW_CSV_ROW_MAX);
	c->line = 1;
	c->fd = code == GW_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (code == GW_OK && c->fd < 0)
		code = gw_fail_sys(err, path, "cannot open");
	/* A device may have no end. */
	if (code == GW_OK && fstat(c->fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		code = gw_fail(err, GW_E_INPUT, path, "is %s, not a CSV file",
			       S_ISDIR(st.st_mode) ? "a folder" : "a device");
	if (code == GW_OK)
		code = restart(c, err);
	if (code == GW_OK)
		code = refill(c, err);
	if (code == GW_OK && c->filled >= 3 && memcmp(c->in, BYTE_ORDER_MARK, 3) == 0)
		c->at = 3;
	if (code == GW_OK && c->filled >= 2 &&
	    (memcmp(c->in, "\xff\xfe", 2) == 0 || memcmp(c->in, "\xfe\xff", 2) == 0)) {
		code = gw_fail(err, GW_E_INPUT, path, "is UTF-16, not UTF-8");
		gw_hint(err, "write it as UTF-8: iconv -f UTF-16 -t UTF-8");
	}
	if (code == GW_OK)
		*csv = c;
	else
		gw_csv_close(c);
	return code;
}

/* One line more of the record at hand. */
static void take_line(struct gw_csv *csv, const char *text, size_t len)
{
	if (!gw_utf8_valid(text, len))
		csv->fault = "it is not UTF-8";
	else if (csv->lib.parse(&csv->parser, text, len, field_done, record_done, csv) != len)
		csv->fault =
			"a quote stands inside a field, or text behind a closing quote; a quote in a quoted field is "
			"written twice";
}

/* Without a line end behind it, the last record is complete all the same. */
static void take_end(struct gw_csv *csv)
{
	if (csv->lib.fini(&csv->parser, field_done, record_done, csv) != 0)
		csv->fault = "a quote is opened and never closed";
}

static enum gw_code read_record(struct gw_csv *csv, unsigned *line, bool *end, struct gw_err *err)
{
	size_t taken = 0, len = 0;
	const char *text;
	enum gw_code code = GW_OK;

	while (code == GW_OK && !csv->complete && csv->fault == NULL) {
		unsigned number = csv->line;

		code = next_line(csv, &text, &len, err);
		if (code != GW_OK || len == 0)
			break;
		if (taken == 0) {
			*line = number;
			gw_buf_clear(&csv->first);
			gw_buf_add(&csv->first, text, content_length(text, len));
		}
		taken += len;
		if (taken >= GW_CSV_ROW_MAX)
			csv->fault = "it is longer than 65536 octets: is a quote not closed?";
		else
			take_line(csv, text, len);
		if (csv->fault != NULL && !ends_line(text, len))
			code = skip_line(csv, err);
		if (!csv->complete && csv->count == 0 && csv->fault == NULL && csv->parser.pstate == 0)
			taken = 0; /* an empty line */
	}
	if (code == GW_OK && len == 0 && csv->fault == NULL)
		take_end(csv);
	*end = !csv->complete && csv->fault == NULL;
	return code;
}

enum gw_code gw_csv_next(struct gw_csv *csv, struct gw_csv_record *record, bool *end, struct gw_err *err)
{
	unsigned line = csv->line;
	enum gw_code code;
	size_t i;

	csv->count = 0;
	csv->complete = false;
	csv->fault = NULL;
	gw_buf_clear(&csv->data);
	code = read_record(csv, &line, end, err);
	if (code == GW_OK && csv->fault != NULL)
		code = restart(csv, err);
	if (code != GW_OK || *end)
		return code;
	for (i = 0; i < csv->count; i++)
		csv->fields[i] = csv->data.data + csv->offsets[i];
	*record = (struct gw_csv_record){
		.fields = csv->fields,
		.count = csv->fault == NULL ? csv->count : 0,
		.line = line,
		.text = gw_buf_str(&csv->first),
		.fault = csv->fault,
	};
	return GW_OK;
}

unsigned gw_csv_column(const struct gw_csv_record *record, size_t index)
{
	const char *at = record->text, *p;
	bool quoted = false;
	char before[4096];

	for (p = at; *p != '\0' && index > 0; p++) {
		if (*p == '"')
			quoted = !quoted;
		index -= *p == ',' && !quoted;
	}
	if ((size_t)(p - at) >= sizeof(before))
		return 1;
	memcpy(before, at, (size_t)(p - at));
	before[p - at] = '\0';
	return (unsigned)gw_text_columns(before) + 1;
}

void gw_csv_close(struct gw_csv *csv)
{
	if (csv == NULL)
		return;
	if (csv->parsing)
		csv->lib.release(&csv->parser);
	if (csv->lib.handle != NULL)
		dlclose(csv->lib.handle);
	gw_close(&csv->fd);
	gw_buf_release(&csv->first);
	gw_buf_release(&csv->data);
	free(csv->path);
	free(csv);
}
