/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "report/report.h"

const char *const gw_format_words[] = {"text", "json", "jsonl", NULL};
const char *const gw_finding_format_words[] = {"text", "json", "jsonl", "sarif", "junit", "github", NULL};

const char *gw_paint(bool color, enum gw_paint paint)
{
	if (!color)
		return "";
	switch (paint) {
	case GW_PLAIN: return "";
	case GW_BOLD: return "\x1b[1m";
	case GW_DIM: return "\x1b[2m";
	case GW_RED: return "\x1b[1;31m";
	case GW_GREEN: return "\x1b[32m";
	case GW_YELLOW: return "\x1b[33m";
	}
	return "";
}

const char *gw_unpaint(bool color)
{
	return color ? "\x1b[0m" : "";
}

#define TEXT_MAX ((size_t)1 << 20) /* octets of one text that a person is shown */

void gw_print_text(FILE *out, const char *text)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(TEXT_MAX);

	gw_text_escape(&b, text, strlen(text));
	fputs(gw_buf_str(&b), out);
}
