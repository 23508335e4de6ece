/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit XML in the shape that CI servers agree on: testsuites, testsuite, testcase, failure, system-out. A suite is a
 * file; a file without findings does not appear, and no findings at all are one test that has passed.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/formats.h"
#include "rules/rules.h"

/* XML 1.0 2.2 has no place for controls and two non-characters: the terminal's escaping takes the first, this the
 * others. */
static void put(struct gw_buf *b, const char *text)
{
	GW_BUF_AUTO struct gw_buf plain = GW_BUF(GW_REPORT_MAX);
	const char *at;

	gw_text_escape(&plain, text, strlen(text));
	for (at = gw_buf_str(&plain); *at != '\0'; at++) {
		switch (*at) {
		case '&': gw_buf_str_add(b, "&amp;"); break;
		case '<': gw_buf_str_add(b, "&lt;"); break;
		case '>': gw_buf_str_add(b, "&gt;"); break;
		case '"': gw_buf_str_add(b, "&quot;"); break;
		default:
			if (strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0) {
				gw_buf_str_add(b, "\xef\xbf\xbd");
				at += 2;
			} else {
				gw_buf_chr(b, *at);
			}
		}
	}
}

static void put_attribute(struct gw_buf *b, const char *name, const char *value)
{
	gw_buf_printf(b, " %s=\"", name);
	put(b, value);
	gw_buf_chr(b, '"');
}

static const char *file_of(const struct gw_finding *f)
{
	return f->where.file != NULL ? f->where.file : "gwcert";
}

static void put_line(struct gw_buf *b, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	gw_buf_printf(b, "\n%s", label);
	put(b, text);
}

static void put_words(struct gw_buf *b, const struct gw_finding *f)
{
	const struct gw_where *w = &f->where;

	put(b, file_of(f));
	if (w->line > 0)
		gw_buf_printf(b, ":%u:%u", w->line, w->column);
	gw_buf_printf(b, ": %s: ", gw_severity_name(f->severity));
	put(b, f->what);
	put_line(b, "path: ", w->path);
	put_line(b, "seen: ", f->evidence);
	put_line(b, "help: ", f->fix);
}

static void put_case(struct gw_buf *b, const struct gw_finding *f, enum gw_severity fails)
{
	gw_buf_str_add(b, "    <testcase");
	put_attribute(b, "classname", file_of(f));
	gw_buf_str_add(b, " name=\"");
	if (f->where.line > 0)
		gw_buf_printf(b, "line %u: ", f->where.line);
	gw_buf_printf(b, "%s ", f->rule->id);
	put(b, f->what);
	gw_buf_str_add(b, "\" time=\"0\">\n      ");
	if (f->severity >= fails) {
		gw_buf_str_add(b, "<failure");
		put_attribute(b, "type", f->rule->id);
		put_attribute(b, "message", f->what);
		gw_buf_chr(b, '>');
		put_words(b, f);
		gw_buf_str_add(b, "</failure>");
	} else {
		gw_buf_str_add(b, "<system-out>");
		put_words(b, f);
		gw_buf_str_add(b, "</system-out>");
	}
	gw_buf_str_add(b, "\n    </testcase>\n");
}

/* The findings from f on that are of its file. */
struct suite {
	const struct gw_finding *end; /* the first that is not */
	size_t tests, failures;
};

static struct suite suite_from(const struct gw_finding *f, enum gw_severity fails)
{
	struct suite s = {.end = f};

	for (; s.end != NULL && strcmp(file_of(s.end), file_of(f)) == 0; s.end = s.end->next) {
		s.tests++;
		s.failures += s.end->severity >= fails;
	}
	return s;
}

static void put_counts(struct gw_buf *b, size_t tests, size_t failures)
{
	gw_buf_printf(b, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\" time=\"0\">\n", tests, failures);
}

static void put_suites(struct gw_buf *b, const struct gw_findings *fs, enum gw_severity fails)
{
	const struct gw_finding *f = fs->first;

	while (f != NULL) {
		struct suite s = suite_from(f, fails);

		gw_buf_str_add(b, "  <testsuite");
		put_attribute(b, "name", file_of(f));
		put_counts(b, s.tests, s.failures);
		for (; f != s.end; f = f->next)
			put_case(b, f, fails);
		gw_buf_str_add(b, "  </testsuite>\n");
	}
}

void gw_findings_junit(FILE *out, const struct gw_findings *fs, enum gw_severity fails)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_REPORT_MAX);
	const struct gw_finding *f;
	size_t failures = 0;

	for (f = fs->first; f != NULL; f = f->next)
		failures += f->severity >= fails;
	gw_buf_str_add(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gwcert\"");
	put_counts(&b, fs->first != NULL ? fs->count : 1, failures);
	put_suites(&b, fs, fails);
	if (fs->first == NULL) {
		gw_buf_str_add(&b, "  <testsuite name=\"gwcert\"");
		put_counts(&b, 1, 0);
		gw_buf_str_add(&b, "    <testcase classname=\"gwcert\" name=\"nothing found\" time=\"0\"/>\n"
				   "  </testsuite>\n");
	}
	gw_buf_str_add(&b, "</testsuites>\n");
	fwrite(gw_buf_str(&b), 1, b.len, out);
}
