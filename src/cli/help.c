/* SPDX-License-Identifier: Apache-2.0 */
/* The short texts: what `gwcert` and `gwcert COMMAND -h` print. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/doc.h"
#include "cli/parse.h"
#include "report/report.h"

const char *gw_group_name(enum gw_group group)
{
	switch (group) {
	case GW_GROUP_MAKE: return "make";
	case GW_GROUP_JUDGE: return "judge";
	case GW_GROUP_PACKAGE: return "package";
	case GW_GROUP_PUBLISH: return "publish";
	case GW_GROUP_PROVE: return "prove";
	case GW_GROUP_OTHER: return "other";
	}
	return "";
}

static void heading(FILE *out, const char *text, bool color)
{
	fprintf(out, "\n%s%s:%s\n", gw_paint(color, GW_BOLD), text, gw_unpaint(color));
}

void gw_doc_overview(FILE *out, bool color)
{
	enum gw_group group = GW_GROUP_OTHER;
	size_t i;

	fputs("gwcert: the whole life of a Kubernetes Gateway's certificates\n\nusage: gwcert COMMAND [options] "
	      "[operands]\n",
	      out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		const struct gw_command *c = gw_commands[i];

		if (c->hidden)
			continue;
		if (i == 0 || c->group != group)
			heading(out, gw_group_name(c->group), color);
		group = c->group;
		fprintf(out, "  %-12s %s\n", c->name, c->summary);
	}
	fputs("\ngwcert COMMAND -h shows a command's options and examples, gwcert help COMMAND its manual.\n", out);
}

#define TERM_WIDTH 30 /* columns that an option takes before its text moves to the next line */

static void print_option(FILE *out, const struct gw_option *row)
{
	char term[120];
	size_t i;

	snprintf(term, sizeof(term), "%c%c%s --%s%s%s", row->letter != 0 ? '-' : ' ',
		 row->letter != 0 ? row->letter : ' ', row->letter != 0 ? "," : " ", row->name,
		 row->arg != NULL ? " " : "", row->arg != NULL ? row->arg : "");
	fprintf(out, "  %-*s", TERM_WIDTH, term);
	if (strlen(term) >= TERM_WIDTH)
		fprintf(out, "\n  %*s", TERM_WIDTH, "");
	fprintf(out, " %s", row->help);
	for (i = 0; row->choices != NULL && row->choices[i] != NULL; i++)
		fprintf(out, "%s%s", i == 0 ? ": " : ", ", row->choices[i]);
	if (row->dflt != NULL)
		fprintf(out, " (default: %s)", row->dflt);
	if (row->kind == GW_OPT_LIST)
		fputs(" (may be repeated)", out);
	fputc('\n', out);
}

void gw_doc_short(FILE *out, const struct gw_command *command, bool color)
{
	const struct gw_example *e;
	size_t i;

	fprintf(out, "gwcert %s: %s\n\nusage: gwcert %s%s%s [options]\n", command->name, command->summary,
		command->name, command->operands[0] != '\0' ? " " : "", command->operands);
	if (command->n_options > 0)
		heading(out, "options", color);
	for (i = 0; i < command->n_options; i++)
		print_option(out, &command->options[i]);
	heading(out, "options of every command", color);
	for (i = 0; i < gw_n_global_options; i++)
		print_option(out, &gw_global_options[i]);
	if (command->examples != NULL)
		heading(out, "examples", color);
	for (e = command->examples; e != NULL && e->line != NULL; e++)
		fprintf(out, "  %s\n      %s\n", e->line, e->text);
	fprintf(out, "\ngwcert help %s shows the manual.\n", command->name);
}
