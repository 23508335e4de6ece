/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CSV, one record after the other: nothing but the record at hand is in memory. RFC 4180 with a header, and what people's
 * files have besides: a byte order mark, line ends of any system, empty lines, spaces around a field. What breaks a record
 * is told with it; the next one is read all the same.
 *
 * libcsv takes the records apart. It is loaded when the first file is opened, so that nothing else pays for it.
 */
#ifndef GW_TREE_CSV_H
#define GW_TREE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define GW_CSV_ROW_MAX     ((size_t)65536) /* octets of one record, quotes and line ends included */
#define GW_CSV_COLUMNS_MAX 256

struct gw_csv;

/* One record. All memory is the reader's, until the next record is read. */
struct gw_csv_record {
	const char **fields; /* NUL-terminated, UTF-8, without NUL */
	size_t count;
	unsigned line;     /* where it begins, from 1 */
	const char *text;  /* that line, without its line end */
	const char *fault; /* a sentence, "a quote is opened and never closed"; then there are no fields. NULL: none */
};

/* Opens a file. A missing one, a folder, a device, and text that is no UTF-8 from its first octets on (UTF-16) are GW_E_INPUT. */
enum gw_code GW_MUST_USE gw_csv_open(const char *path, struct gw_csv **csv, struct gw_err *err);

/* The next record, empty lines passed over; *end is true behind the last one. Only trouble with the file itself is an
 * error. */
enum gw_code GW_MUST_USE gw_csv_next(struct gw_csv *csv, struct gw_csv_record *record, bool *end, struct gw_err *err);

/* The column, from 1, where field `index` begins in a record's first line. */
unsigned gw_csv_column(const struct gw_csv_record *record, size_t index);

/* NULL is fine. */
void gw_csv_close(struct gw_csv *csv);

#endif
