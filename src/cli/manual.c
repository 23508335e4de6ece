/* SPDX-License-Identifier: Apache-2.0 */
/* The manual: one walk over the tables, two ways to write it down (text for a terminal, man(7) macros). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/version.h"
#include "cli/doc.h"
#include "cli/parse.h"
#include "report/report.h"

/* How the parts of a manual are written down. */
struct writer {
	FILE *out;
	bool color;
	unsigned columns;
	bool begun; /* a section has begun and nothing stands in it yet */
	void (*section)(struct writer *w, const char *title);
	void (*para)(struct writer *w, const char *text, size_t len); /* words, to be filled */
	void (*verbatim)(struct writer *w, const char *text, size_t len);
	void (*item)(struct writer *w, const char *term, const char *text);
};

/* --- text ---------------------------------------------------------------------------------------------------------- */

#define TEXT_INDENT 7
#define ITEM_INDENT 14

/* Fills words into lines that begin at `indent`. */
static void fill(const struct writer *w, const char *text, size_t len, unsigned indent)
{
	const char *end = text + len;
	unsigned column = 0;

	while (text < end) {
		const char *stop;
		size_t n;

		while (text < end && (*text == ' ' || *text == '\n'))
			text++;
		for (stop = text; stop < end && *stop != ' ' && *stop != '\n'; stop++)
			;
		n = (size_t)(stop - text);
		if (n == 0)
			break;
		if (column > 0 && column + 1 + n > w->columns) {
			fputc('\n', w->out);
			column = 0;
		}
		if (column == 0)
			fprintf(w->out, "%*s%.*s", (int)indent, "", (int)n, text);
		else
			fprintf(w->out, " %.*s", (int)n, text);
		column = column == 0 ? indent + (unsigned)n : column + 1 + (unsigned)n;
		text = stop;
	}
	fputc('\n', w->out);
}

static void text_section(struct writer *w, const char *title)
{
	fprintf(w->out, "%s%s%s\n", gw_paint(w->color, GW_BOLD), title, gw_unpaint(w->color));
}

static void text_para(struct writer *w, const char *text, size_t len)
{
	fill(w, text, len, TEXT_INDENT);
	fputc('\n', w->out);
}

static void text_verbatim(struct writer *w, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = stop != NULL ? (size_t)(stop - text) : (size_t)(end - text);

		fprintf(w->out, "%*s%.*s\n", TEXT_INDENT, "", (int)n, text);
		text += n + (stop != NULL);
	}
	fputc('\n', w->out);
}

static void text_item(struct writer *w, const char *term, const char *text)
{
	fprintf(w->out, "%*s%s%s%s\n", TEXT_INDENT, "", gw_paint(w->color, GW_BOLD), term, gw_unpaint(w->color));
	fill(w, text, strlen(text), ITEM_INDENT);
	fputc('\n', w->out);
}

/* --- man(7) -------------------------------------------------------------------------------------------------------- */

/* Escapes what roff would read: backslashes, a dot or quote that begins a line, hyphens that must stay ASCII. */
static void roff(FILE *out, const char *text, size_t len, bool line_start)
{
	size_t i;

	for (i = 0; i < len; i++) {
		bool starts = i == 0 ? line_start : text[i - 1] == '\n';

		if (starts && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", out);
		if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else
			fputc(text[i], out);
	}
}

/* Words in lines of at most 78 octets of source, as roff writers like them. */
static void man_fill(FILE *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t column = 0;

	while (text < end) {
		size_t n = 0;

		while (text < end && (*text == ' ' || *text == '\n'))
			text++;
		while (text + n < end && text[n] != ' ' && text[n] != '\n')
			n++;
		if (n == 0)
			break;
		if (column > 0 && column + 1 + n > 72) {
			fputc('\n', out);
			column = 0;
		} else if (column > 0) {
			fputc(' ', out);
		}
		roff(out, text, n, column == 0);
		column += n + (column > 0);
		text += n;
	}
	fputc('\n', out);
}

static void man_section(struct writer *w, const char *title)
{
	fputs(".SH ", w->out);
	roff(w->out, title, strlen(title), false);
	fputc('\n', w->out);
	w->begun = true;
}

static void man_para(struct writer *w, const char *text, size_t len)
{
	if (!w->begun)
		fputs(".PP\n", w->out);
	w->begun = false;
	man_fill(w->out, text, len);
}

static void man_verbatim(struct writer *w, const char *text, size_t len)
{
	fputs(w->begun ? ".nf\n.RS 4\n" : ".PP\n.nf\n.RS 4\n", w->out);
	w->begun = false;
	roff(w->out, text, len, true);
	if (len == 0 || text[len - 1] != '\n')
		fputc('\n', w->out);
	fputs(".RE\n.fi\n", w->out);
}

static void man_item(struct writer *w, const char *term, const char *text)
{
	fputs(".TP\n.B \"", w->out);
	roff(w->out, term, strlen(term), false);
	fputs("\"\n", w->out);
	man_fill(w->out, text, strlen(text));
	w->begun = false;
}

static struct writer text_writer(FILE *out, bool color, unsigned columns)
{
	return (struct writer){out, color, columns, false, text_section, text_para, text_verbatim, text_item};
}

static struct writer man_writer(FILE *out)
{
	return (struct writer){out, false, 80, false, man_section, man_para, man_verbatim, man_item};
}

/* --- the walk ------------------------------------------------------------------------------------------------------ */

static void para(struct writer *w, const char *text)
{
	w->para(w, text, strlen(text));
}

/* Prose of a command: paragraphs parted by empty lines, "# Title" for a section, indented lines as they are. */
static void prose(struct writer *w, const char *text)
{
	while (*text != '\0') {
		const char *stop = strstr(text, "\n\n");
		size_t n = stop != NULL ? (size_t)(stop - text) : strlen(text);

		if (strncmp(text, "# ", 2) == 0) {
			char title[80];

			snprintf(title, sizeof(title), "%.*s", (int)(n - 2), text + 2);
			w->section(w, title);
		} else if (strncmp(text, "  ", 2) == 0) {
			w->verbatim(w, text, n);
		} else {
			w->para(w, text, n);
		}
		text += n;
		while (*text == '\n')
			text++;
	}
}

static void option_item(struct writer *w, const struct gw_option *row)
{
	char term[160], text[600];
	size_t used, i;

	snprintf(term, sizeof(term), "%s%c%s--%s%s%s", row->letter != 0 ? "-" : "",
		 row->letter != 0 ? row->letter : ' ', row->letter != 0 ? ", " : "", row->name,
		 row->arg != NULL ? " " : "", row->arg != NULL ? row->arg : "");
	used = (size_t)snprintf(text, sizeof(text), "%s", row->help);
	for (i = 0; row->choices != NULL && row->choices[i] != NULL && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i == 0 ? ": " : ", ",
					 row->choices[i]);
	if (row->dflt != NULL && used < sizeof(text))
		used += (size_t)snprintf(text + used, sizeof(text) - used, ". Default: %s", row->dflt);
	if (row->kind == GW_OPT_LIST && used < sizeof(text))
		used += (size_t)snprintf(text + used, sizeof(text) - used, ". May be repeated");
	if (used + 1 < sizeof(text))
		memcpy(text + used, ".", 2);
	text[0] = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A') : text[0];
	w->item(w, row->letter != 0 ? term : term + 1, text);
}

static void options(struct writer *w, const struct gw_option *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		option_item(w, &rows[i]);
}

static void examples(struct writer *w, const struct gw_example *e)
{
	for (; e != NULL && e->line != NULL; e++) {
		char text[300];

		snprintf(text, sizeof(text), "%s:", e->text);
		text[0] = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A') : text[0];
		para(w, text);
		w->verbatim(w, e->line, strlen(e->line));
	}
}

static void command_manual(struct writer *w, const struct gw_command *c)
{
	char text[400];

	w->section(w, "NAME");
	snprintf(text, sizeof(text), "gwcert-%s - %s", c->name, c->summary);
	para(w, text);
	w->section(w, "SYNOPSIS");
	snprintf(text, sizeof(text), "gwcert %s%s%s [options]", c->name, c->operands[0] != '\0' ? " " : "",
		 c->operands);
	para(w, text);
	w->section(w, "DESCRIPTION");
	prose(w, c->description);
	w->section(w, "OPTIONS");
	options(w, c->options, c->n_options);
	options(w, gw_global_options, gw_n_global_options);
	if (c->examples != NULL)
		w->section(w, "EXAMPLES");
	examples(w, c->examples);
	w->section(w, "EXIT STATUS");
	para(w, "As in gwcert-exit(7).");
	w->section(w, "SEE ALSO");
	para(w, "gwcert(1), gwcert-exit(7), gwcert-template(5)");
}

static void command_list(struct writer *w)
{
	size_t i;

	for (i = 0; gw_commands[i] != NULL; i++) {
		char text[200];

		if (gw_commands[i]->hidden)
			continue;
		snprintf(text, sizeof(text), "%s (%s).", gw_commands[i]->summary, gw_group_name(gw_commands[i]->group));
		text[0] = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A') : text[0];
		w->item(w, gw_commands[i]->name, text);
	}
}

static const char about[] =
	"gwcert makes the keys and certificates of a Kubernetes Gateway from a YAML template, packages them as TLS "
	"Secrets, "
	"serves them on a stand-in Gateway, and proves what a live one really serves.\n\n"
	"Results go to standard output, words to standard error, and \"-\" is standard input or output wherever a file "
	"is "
	"named. Running a command twice changes nothing the second time. A key is never overwritten without --force, "
	"never "
	"readable by others, never in an argument, an error or a log.\n\n"
	"Every finding has a code, such as GWC003; gwcert explain CODE tells why it matters and what to do.";

static const char passwords[] = "A password is never given as a value, which every process of the machine could read. "
				"It is named by its source: "
				"env:NAME for an environment variable, file:PATH for the first line of a file, fd:N "
				"for an open descriptor, or prompt "
				"for the terminal.";

static void main_manual(struct writer *w)
{
	w->section(w, "NAME");
	para(w, "gwcert - the whole life of a Kubernetes Gateway's certificates");
	w->section(w, "SYNOPSIS");
	para(w, "gwcert COMMAND [options] [operands]");
	w->section(w, "DESCRIPTION");
	prose(w, about);
	w->section(w, "COMMANDS");
	command_list(w);
	w->section(w, "OPTIONS OF EVERY COMMAND");
	options(w, gw_global_options, gw_n_global_options);
	w->section(w, "PASSWORDS");
	prose(w, passwords);
	w->section(w, "ENVIRONMENT");
	w->item(w, "NO_COLOR", "Where set and not empty, output is not coloured unless --color always is given.");
	w->item(w, "SSL_CERT_FILE, SSL_CERT_DIR",
		"Where the system's trust anchors are, instead of OpenSSL's own places.");
	w->item(w, "OPENSSL_CONF", "OpenSSL's configuration, as for every program that uses it.");
	w->section(w, "EXIT STATUS");
	para(w, "As in gwcert-exit(7).");
	w->section(w, "SEE ALSO");
	para(w, "gwcert-template(5), gwcert-exit(7), openssl(1)");
}

void gw_doc_manual(FILE *out, const struct gw_command *command, bool color, unsigned columns)
{
	struct writer w = text_writer(out, color, columns < 100 ? columns : 100);

	if (command != NULL)
		command_manual(&w, command);
	else
		main_manual(&w);
}

static void man_title(FILE *out, const char *name, const char *section)
{
	fprintf(out,
		".\\\" SPDX-License-Identifier: Apache-2.0\n.\\\" Made from the command tables by `make docs`.\n"
		".TH \"%s\" \"%s\" \"" GW_RELEASE_DATE "\" \"gwcert " GW_VERSION "\" \"gwcert manual\"\n.nh\n.ad l\n",
		name, section);
}

void gw_doc_man(FILE *out, const struct gw_command *command)
{
	struct writer w = man_writer(out);
	char name[80];
	char *c;

	snprintf(name, sizeof(name), "GWCERT%s%s", command != NULL ? "-" : "", command != NULL ? command->name : "");
	for (c = name; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	man_title(out, name, "1");
	if (command != NULL)
		command_manual(&w, command);
	else
		main_manual(&w);
}

void gw_doc_man_exit(FILE *out)
{
	struct writer w = man_writer(out);
	size_t i;

	man_title(out, "GWCERT-EXIT", "7");
	w.section(&w, "NAME");
	para(&w, "gwcert-exit - the exit statuses of gwcert");
	w.section(&w, "DESCRIPTION");
	para(&w, "Every command of gwcert ends with one of these, and a number never changes its meaning.");
	for (i = 0; i < gw_n_codes; i++) {
		char term[40], text[200];

		snprintf(term, sizeof(term), "%d %s", (int)gw_codes[i], gw_code_name(gw_codes[i]));
		snprintf(text, sizeof(text), "%s.", gw_code_meaning(gw_codes[i]));
		text[0] = text[0] >= 'a' && text[0] <= 'z' ? (char)(text[0] - 'a' + 'A') : text[0];
		w.item(&w, term, text);
	}
	para(&w, "A command that SIGINT, SIGTERM or SIGHUP cut short cleans up and then ends by that signal; a shell "
		 "shows 128 "
		 "and the signal's number.");
	w.section(&w, "SEE ALSO");
	para(&w, "gwcert(1)");
}
