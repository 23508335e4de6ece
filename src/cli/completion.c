/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completions from the tables. */
#include <string.h>

#include "cli/doc.h"
#include "cli/parse.h"
#include "rules/rules.h"

const char *const gw_shell_words[] = {"bash", "zsh", "fish", NULL};

static bool takes_file(const struct gw_option *row)
{
	return row->arg != NULL && (strcmp(row->arg, "FILE") == 0 || strcmp(row->arg, "DIR") == 0);
}

static void words(FILE *out, const char *const *list)
{
	size_t i;

	for (i = 0; list[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", list[i]);
}

/* --- bash ---------------------------------------------------------------------------------------------------------- */

static void bash_names(FILE *out, const struct gw_option *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		fprintf(out, " --%s", rows[i].name);
}

static void bash_values(FILE *out, const char *command, const struct gw_option *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (rows[i].kind == GW_OPT_FLAG)
			continue;
		fprintf(out, "\t%s:--%s) ", command, rows[i].name);
		if (rows[i].choices != NULL) {
			fputs("COMPREPLY=($(compgen -W \"", out);
			words(out, rows[i].choices);
			fputs("\" -- \"$cur\"));", out);
		} else if (takes_file(&rows[i])) {
			fprintf(out, "compopt -o filenames; COMPREPLY=($(compgen -%c -- \"$cur\"));",
				strcmp(rows[i].arg, "DIR") == 0 ? 'd' : 'f');
		} else {
			fputs("COMPREPLY=();", out);
		}
		fputs(" return ;;\n", out);
	}
}

static void command_names(FILE *out)
{
	size_t i, n = 0;

	for (i = 0; gw_commands[i] != NULL; i++) {
		if (!gw_commands[i]->hidden)
			fprintf(out, "%s%s", n++ > 0 ? " " : "", gw_commands[i]->name);
	}
}

/* Words that operands may be: "bash|zsh|fish" names them, [COMMAND] and [CODE] are known. */
static void bash_operands(FILE *out, const struct gw_command *c)
{
	const char *at = c->operands;
	size_t i;

	if (strcmp(at, "[COMMAND]") != 0 && strcmp(at, "[CODE]") != 0 && strchr(at, '|') == NULL)
		return;
	fprintf(out, "\t%s) words='", c->name);
	if (strcmp(at, "[COMMAND]") == 0) {
		command_names(out);
	} else if (strcmp(at, "[CODE]") == 0) {
		for (i = 0; i < GW_RULE_COUNT; i++)
			fprintf(out, "%s%s", i > 0 ? " " : "", gw_rules[i].id);
	} else {
		for (; *at != '\0'; at++) {
			if (strchr("[]", *at) == NULL)
				fputc(*at == '|' ? ' ' : *at, out);
		}
	}
	fputs("' ;;\n", out);
}

static void bash(FILE *out)
{
	size_t i;

	fputs("# SPDX-License-Identifier: Apache-2.0\n# Made from the command tables by `make docs`.\n"
	      "# shellcheck disable=SC2207\n"
	      "_gwcert() {\n\tlocal cur prev cmd i names words\n"
	      "\tcur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd= words=\n"
	      "\t# --name=value comes as three words.\n"
	      "\tif [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac\n\tdone\n"
	      "\tcase $cmd:$prev in\n",
	      out);
	bash_values(out, "*", gw_global_options, gw_n_global_options);
	for (i = 0; gw_commands[i] != NULL; i++) {
		if (!gw_commands[i]->hidden)
			bash_values(out, gw_commands[i]->name, gw_commands[i]->options, gw_commands[i]->n_options);
	}
	fputs("\tesac\n\tcase $cmd in\n\t'') words='", out);
	command_names(out);
	fputs("' names='", out);
	bash_names(out, gw_global_options, gw_n_global_options);
	fputs(" --version' ;;\n", out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		if (gw_commands[i]->hidden)
			continue;
		fprintf(out, "\t%s) names='", gw_commands[i]->name);
		bash_names(out, gw_commands[i]->options, gw_commands[i]->n_options);
		bash_names(out, gw_global_options, gw_n_global_options);
		fputs("' ;;\n", out);
	}
	fputs("\tesac\n\tcase $cmd in\n", out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		if (!gw_commands[i]->hidden)
			bash_operands(out, gw_commands[i]);
	}
	fputs("\tesac\n\tif [[ $cur == -* ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$names\" -- \"$cur\"))\n"
	      "\telif [[ -n $words ]]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n\telse\n"
	      "\t\tcompopt -o filenames\n\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n\tfi\n}\n"
	      "complete -F _gwcert gwcert\n",
	      out);
}

/* --- zsh ----------------------------------------------------------------------------------------------------------- */

/* Text within single quotes, and within [ ] of _arguments. */
static void zsh_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *text) != NULL)
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

static void zsh_option(FILE *out, const struct gw_option *row)
{
	const char *repeat = row->kind == GW_OPT_LIST ? "*" : "";

	fprintf(out, "\t\t\t'%s--%s%s[", repeat, row->name, row->kind == GW_OPT_FLAG ? "" : "=");
	zsh_text(out, row->help);
	fputs("]", out);
	if (row->choices != NULL) {
		fprintf(out, ":%s:(", row->arg);
		words(out, row->choices);
		fputs(")", out);
	} else if (row->arg != NULL) {
		fprintf(out, ":%s:%s", row->arg,
			takes_file(row) ? strcmp(row->arg, "DIR") == 0 ? "_files -/" : "_files" : " ");
	}
	fputs("' \\\n", out);
}

static void zsh(FILE *out)
{
	size_t i, k;

	fputs("#compdef gwcert\n# SPDX-License-Identifier: Apache-2.0\n# Made from the command tables by `make docs`.\n"
	      "_gwcert() {\n\tlocal -a commands\n\tcommands=(\n",
	      out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		if (gw_commands[i]->hidden)
			continue;
		fprintf(out, "\t\t'%s:", gw_commands[i]->name);
		zsh_text(out, gw_commands[i]->summary);
		fputs("'\n", out);
	}
	fputs("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe 'command' commands\n\t\treturn\n\tfi\n"
	      "\tlocal cmd=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $cmd in\n",
	      out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		const struct gw_command *c = gw_commands[i];

		if (c->hidden)
			continue;
		fprintf(out, "\t%s)\n\t\t_arguments \\\n", c->name);
		for (k = 0; k < c->n_options; k++)
			zsh_option(out, &c->options[k]);
		for (k = 0; k < gw_n_global_options; k++)
			zsh_option(out, &gw_global_options[k]);
		fputs("\t\t\t'*:operand:_files'\n\t\t;;\n", out);
	}
	fputs("\tesac\n}\n_gwcert \"$@\"\n", out);
}

/* --- fish ---------------------------------------------------------------------------------------------------------- */

static void fish_text(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void fish_option(FILE *out, const char *condition, const struct gw_option *row)
{
	fprintf(out, "complete -c gwcert%s -l %s", condition, row->name);
	if (row->letter != 0)
		fprintf(out, " -s %c", row->letter);
	if (row->kind != GW_OPT_FLAG)
		fputs(takes_file(row) ? " -r -F" : " -x", out);
	if (row->choices != NULL) {
		fputs(" -a '", out);
		words(out, row->choices);
		fputs("'", out);
	}
	fputs(" -d '", out);
	fish_text(out, row->help);
	fputs("'\n", out);
}

static void fish(FILE *out)
{
	char condition[100];
	size_t i, k;

	fputs("# SPDX-License-Identifier: Apache-2.0\n# Made from the command tables by `make docs`.\n", out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		const struct gw_command *c = gw_commands[i];

		if (c->hidden)
			continue;
		fprintf(out, "complete -c gwcert -n __fish_use_subcommand -f -a %s -d '", c->name);
		fish_text(out, c->summary);
		fputs("'\n", out);
		snprintf(condition, sizeof(condition), " -n '__fish_seen_subcommand_from %s'", c->name);
		for (k = 0; k < c->n_options; k++)
			fish_option(out, condition, &c->options[k]);
	}
	for (k = 0; k < gw_n_global_options; k++)
		fish_option(out, "", &gw_global_options[k]);
}

void gw_doc_completion(FILE *out, unsigned shell)
{
	static void (*const writers[])(FILE * out) = {bash, zsh, fish};

	writers[shell](out);
}
