/* SPDX-License-Identifier: Apache-2.0 */
/* The dispatcher: finds the command, runs it, prints what failed, makes sure that the output arrived. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/doc.h"
#include "cli/parse.h"
#include "report/report.h"

const struct gw_command *gw_command_find(const char *name)
{
	size_t i;

	for (i = 0; gw_commands[i] != NULL; i++) {
		if (strcmp(gw_commands[i]->name, name) == 0)
			return gw_commands[i];
	}
	return NULL;
}

static const char *next_command(void *state)
{
	size_t *i = state;

	while (gw_commands[*i] != NULL && gw_commands[*i]->hidden)
		(*i)++;
	return gw_commands[*i] != NULL ? gw_commands[(*i)++]->name : NULL;
}

enum gw_code gw_command_need(const char *name, const char *prefix, const struct gw_command **command,
			     struct gw_err *err)
{
	size_t start = 0;
	const char *near;

	*command = gw_command_find(name);
	if (*command != NULL)
		return GW_OK;
	near = gw_nearest(name, next_command, &start);
	gw_fail(err, GW_E_USAGE, name, "unknown command");
	if (near != NULL)
		return gw_hint(err, "did you mean %s%s?", prefix, near);
	return gw_hint(err, "gwcert help lists the commands");
}

static void print_error_text(const struct gw_ctx *ctx, const struct gw_err *err)
{
	fprintf(ctx->err, "%sgwcert: %s", gw_paint(ctx->color_err, GW_RED), gw_unpaint(ctx->color_err));
	if (err->where[0] != '\0') {
		gw_print_text(ctx->err, err->where);
		fputs(": ", ctx->err);
	}
	gw_print_text(ctx->err, err->what);
	fputc('\n', ctx->err);
	if (err->hint[0] != '\0') {
		fputs("  hint: ", ctx->err);
		gw_print_text(ctx->err, err->hint);
		fputc('\n', ctx->err);
	}
}

static void add_text(struct gw_arena *arena, struct gw_node *map, const char *key, const char *text)
{
	if (text[0] != '\0')
		gw_map_str(arena, map, key, text);
}

static void print_error_json(const struct gw_ctx *ctx, const struct gw_err *err)
{
	struct gw_node *document = gw_report_new(ctx->arena);
	struct gw_node *error = gw_map_add(ctx->arena, document, "error", gw_map_new(ctx->arena));

	gw_map_str(ctx->arena, error, "code", gw_code_name(err->code));
	gw_map_int(ctx->arena, error, "exitStatus", err->code);
	add_text(ctx->arena, error, "where", err->where);
	add_text(ctx->arena, error, "what", err->what);
	add_text(ctx->arena, error, "hint", err->hint);
	gw_report_line(ctx->err, document);
}

/* Whether the command was asked, by an option called format, to speak JSON: then its errors do too. */
static bool wants_json(const struct gw_command *command, const void *opts)
{
	size_t i;

	for (i = 0; command != NULL && opts != NULL && i < command->n_options; i++) {
		const struct gw_option *row = &command->options[i];
		unsigned choice;

		if (row->kind != GW_OPT_CHOICE || strcmp(row->name, "format") != 0)
			continue;
		memcpy(&choice, (const char *)opts + row->offset, sizeof(choice));
		return choice != GW_NOT_GIVEN && strncmp(row->choices[choice], "json", 4) == 0;
	}
	return false;
}

static void settle_color(struct gw_ctx *ctx, const struct gw_globals *globals)
{
	const char *no_color = gw_getenv(ctx, "NO_COLOR"), *term = gw_getenv(ctx, "TERM");
	bool may = (no_color == NULL || *no_color == '\0') && (term == NULL || strcmp(term, "dumb") != 0);

	ctx->color_out = globals->color == GW_COLOR_ALWAYS || (globals->color == GW_COLOR_AUTO && may && ctx->out_tty);
	ctx->color_err = globals->color == GW_COLOR_ALWAYS || (globals->color == GW_COLOR_AUTO && may && ctx->err_tty);
	ctx->quiet = globals->quiet;
	ctx->verbose = globals->verbose;
}

/* What was printed has to have arrived. A reader that went away (head, less) is no news worth a message. */
static enum gw_code flush(struct gw_ctx *ctx, enum gw_code code, struct gw_err *err)
{
	gw_flush_out(ctx);
	if (ctx->out_errno == 0 && ferror(ctx->out) == 0)
		return code;
	if (ctx->out_errno == EPIPE) {
		err->what[0] = '\0';
		return GW_E_IO;
	}
	errno = ctx->out_errno != 0 ? ctx->out_errno : EIO;
	return gw_fail_sys(err, "standard output", "cannot write");
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_command *command, struct gw_globals *globals, int argc,
			const char *const *argv, bool *json, struct gw_err *err)
{
	struct gw_parsed parsed = {0};
	struct gw_args args;
	enum gw_code code = gw_parse(ctx->arena, command, argc, argv, globals, &parsed, err);

	settle_color(ctx, globals);
	*json = wants_json(command, parsed.opts);
	if (code != GW_OK)
		return code;
	if (globals->help) {
		gw_doc_short(ctx->out, command, ctx->color_out);
		return GW_OK;
	}
	args = (struct gw_args){parsed.opts, parsed.operands, parsed.n_operands};
	return command->run(ctx, &args, err);
}

/* Options before the command's name, then the command itself. */
static enum gw_code dispatch(struct gw_ctx *ctx, int argc, const char *const *argv, bool *json, struct gw_err *err)
{
	struct gw_globals globals = {0};
	const struct gw_command *command;
	enum gw_code code = GW_OK;
	int at = 1;

	while (code == GW_OK && at < argc && argv[at][0] == '-' && strcmp(argv[at], "--version") != 0)
		code = gw_parse_global(argc, argv, &at, &globals, err);
	settle_color(ctx, &globals);
	if (code != GW_OK)
		return code;
	if (at == argc || globals.help) {
		gw_doc_overview(globals.help ? ctx->out : ctx->err, globals.help ? ctx->color_out : ctx->color_err);
		return globals.help ? GW_OK : GW_E_USAGE;
	}
	code = gw_command_need(strcmp(argv[at], "--version") == 0 ? "version" : argv[at], "gwcert ", &command, err);
	if (code != GW_OK)
		return code;
	return run(ctx, command, &globals, argc - at - 1, argv + at + 1, json, err);
}

int gw_main(struct gw_ctx *ctx, int argc, const char *const *argv)
{
	struct gw_err err = {.code = GW_OK};
	bool json = false;
	enum gw_code code = dispatch(ctx, argc, argv, &json, &err);

	code = flush(ctx, code, &err);
	if (code != GW_OK && err.what[0] != '\0') {
		if (json)
			print_error_json(ctx, &err);
		else
			print_error_text(ctx, &err);
	}
	fflush(ctx->err);
	return (int)code;
}
