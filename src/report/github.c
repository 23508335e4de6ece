/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ::error file=pki.yaml,line=59,endLine=59,col=5,endColumn=7,title=GWT002 unknown key::unknown key "san"%0Ahelp: ...
 *
 * docs.github.com, "Workflow commands for GitHub Actions". A line is a command: '%', CR and LF are escaped in the
 * message, ':' and ',' too in a property, so that no text from outside can begin a command of its own.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "report/formats.h"
#include "rules/rules.h"

static void put(struct gw_buf *b, const char *text, bool property)
{
	for (; *text != '\0'; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ',')))
			gw_buf_printf(b, "%%%02X", (unsigned)(unsigned char)*text);
		else
			gw_buf_chr(b, *text);
	}
}

/* Text from outside: what a terminal must not see is escaped first, so that no line end of it is left. */
static void put_outside(struct gw_buf *b, const char *text, bool property)
{
	GW_BUF_AUTO struct gw_buf plain = GW_BUF(GW_REPORT_MAX);

	gw_text_escape(&plain, text, strlen(text));
	put(b, gw_buf_str(&plain), property);
}

static const char *command_of(enum gw_severity severity)
{
	switch (severity) {
	case GW_NOTE: return "notice";
	case GW_WARNING: return "warning";
	case GW_ERROR: return "error";
	}
	return "error";
}

static void put_number(struct gw_buf *b, const char *name, unsigned value)
{
	if (value > 0)
		gw_buf_printf(b, ",%s=%u", name, value);
}

/* GitHub takes columns only within one line, and its endColumn is the last column itself. */
static void put_place(struct gw_buf *b, const struct gw_where *w)
{
	if (w->file == NULL)
		return;
	gw_buf_str_add(b, " file=");
	put_outside(b, w->file, true);
	put_number(b, "line", w->line);
	put_number(b, "endLine", w->end_line);
	if (w->end_line != w->line && w->end_line != 0)
		return;
	put_number(b, "col", w->column);
	if (w->end_column > w->column)
		put_number(b, "endColumn", w->end_column - 1);
}

static void put_help(struct gw_buf *b, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	put(b, "\n", false);
	put(b, label, false);
	put_outside(b, text, false);
}

void gw_findings_github(FILE *out, const struct gw_findings *fs)
{
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_REPORT_MAX);

		gw_buf_printf(&b, "::%s", command_of(f->severity));
		put_place(&b, &f->where);
		gw_buf_printf(&b, "%ctitle=", f->where.file != NULL ? ',' : ' ');
		put(&b, f->rule->id, true);
		gw_buf_chr(&b, ' ');
		put(&b, f->rule->title, true);
		gw_buf_str_add(&b, "::");
		put_outside(&b, f->what, false);
		put_help(&b, "path: ", f->where.path);
		put_help(&b, "seen: ", f->evidence);
		put_help(&b, "help: ", f->fix);
		gw_buf_chr(&b, '\n');
		fwrite(gw_buf_str(&b), 1, b.len, out);
	}
}
