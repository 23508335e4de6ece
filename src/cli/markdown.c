/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the documents in Markdown that are made from the tables. */
#include <string.h>

#include "cli/doc.h"
#include "report/report.h"
#include "rules/rules.h"

void gw_doc_readme(FILE *out)
{
	size_t i;

	fputs("| | command | in one line |\n| --- | --- | --- |\n", out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		const struct gw_command *c = gw_commands[i];
		bool first = i == 0 || gw_commands[i - 1]->group != c->group;

		if (!c->hidden)
			fprintf(out, "| %s | `%s` | %s |\n", first ? gw_group_name(c->group) : "", c->name, c->summary);
	}
}

static const char *area_name(char letter)
{
	switch (letter) {
	case 'T': return "Template";
	case 'C': return "Certificates and chains";
	case 'K': return "Kubernetes";
	case 'G': return "Google";
	case 'P': return "Probe";
	default: return "Other";
	}
}

/* Markdown reads a few characters; rule texts use them as they are. */
static void text(FILE *out, const char *s)
{
	for (; *s != '\0'; s++) {
		if (strchr("*_<>[]|`", *s) != NULL)
			fputc('\\', out);
		fputc(*s, out);
	}
}

static void field(FILE *out, const char *label, const char *value)
{
	fprintf(out, "%s: ", label);
	text(out, value);
	fputs("\n\n", out);
}

void gw_doc_rules(FILE *out)
{
	char area = '\0';
	size_t i;

	fputs("<!-- SPDX-License-Identifier: Apache-2.0 -->\n<!-- Made from the rule table by `make docs`. -->\n"
	      "# Rules\n\nEvery finding carries one of these codes. `gwcert explain CODE` prints the same text.\n\n",
	      out);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		const struct gw_rule *r = &gw_rules[i];

		if (r->id[2] != area)
			fprintf(out, "## %s\n\n", area_name(r->id[2]));
		area = r->id[2];
		fprintf(out, "### %s: ", r->id);
		text(out, r->title);
		fprintf(out, "\n\nSeverity: %s\n\n", gw_severity_name(r->severity));
		text(out, r->why);
		fputs("\n\n", out);
		field(out, "What to do", r->fix);
		field(out, "Source", r->source);
	}
}
