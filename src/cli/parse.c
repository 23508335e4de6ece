/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parse.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const color_words[] = {"auto", "always", "never", NULL};

const struct gw_option gw_global_options[] = {
	OPT_FLAG(struct gw_globals, help, 'h', "help", "show a short help with examples, and end"),
	OPT_FLAG(struct gw_globals, quiet, 'q', "quiet", "say nothing but results and errors"),
	OPT_FLAG(struct gw_globals, verbose, 'v', "verbose", "say more on standard error"),
	OPT_CHOICE(struct gw_globals, color, 0, "color", "WHEN", "auto", color_words, "colour the output"),
};
const size_t gw_n_global_options = GW_COUNT(gw_global_options);

/* One table of rows with the struct that they fill, and which rows have been seen. */
struct target {
	const struct gw_option *rows;
	size_t n_rows;
	void *base;
	bool *seen; /* one a row; NULL where an option may be repeated at will */
};

struct parser {
	struct gw_arena *arena;   /* NULL while only global options are read: they hold no lists */
	struct target targets[2]; /* the command's and the global one */
	size_t n_targets;
	int argc;
	const char *const *argv;
	int at;
	struct gw_err *err;
};

struct found {
	const struct gw_option *row;
	struct target *target;
};

static bool find_name(struct parser *p, const char *name, size_t len, struct found *found)
{
	size_t t, i;

	for (t = 0; t < p->n_targets; t++) {
		for (i = 0; i < p->targets[t].n_rows; i++) {
			const struct gw_option *row = &p->targets[t].rows[i];

			if (strlen(row->name) == len && memcmp(row->name, name, len) == 0) {
				*found = (struct found){row, &p->targets[t]};
				return true;
			}
		}
	}
	return false;
}

static bool find_letter(struct parser *p, char letter, struct found *found)
{
	size_t t, i;

	for (t = 0; t < p->n_targets; t++) {
		for (i = 0; i < p->targets[t].n_rows; i++) {
			if (p->targets[t].rows[i].letter == letter) {
				*found = (struct found){&p->targets[t].rows[i], &p->targets[t]};
				return true;
			}
		}
	}
	return false;
}

struct walk {
	const struct parser *p;
	size_t target, row;
};

static const char *next_name(void *state)
{
	struct walk *w = state;

	while (w->target < w->p->n_targets && w->row == w->p->targets[w->target].n_rows) {
		w->target++;
		w->row = 0;
	}
	return w->target < w->p->n_targets ? w->p->targets[w->target].rows[w->row++].name : NULL;
}

static enum gw_code unknown_option(struct parser *p, const char *shown, const char *name)
{
	struct walk w = {.p = p};
	const char *near = gw_nearest(name, next_name, &w);

	gw_fail(p->err, GW_E_USAGE, shown, "unknown option");
	if (near != NULL)
		return gw_hint(p->err, "did you mean --%s?", near);
	return gw_hint(p->err, "-h lists the options");
}

static enum gw_code bad_choice(struct gw_err *err, const struct gw_option *row, const char *value)
{
	const char *near = gw_nearest_of(value, row->choices);
	char where[80], list[256] = "";
	size_t used = 0, i;

	snprintf(where, sizeof(where), "--%s", row->name);
	for (i = 0; row->choices[i] != NULL && used < sizeof(list); i++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "", row->choices[i]);
	gw_fail(err, GW_E_USAGE, where, "\"%s\" is none of %s", value, list);
	return near != NULL ? gw_hint(err, "did you mean %s?", near) : GW_E_USAGE;
}

static enum gw_code set_choice(struct gw_err *err, const struct gw_option *row, unsigned *field, const char *value)
{
	unsigned i;

	for (i = 0; row->choices[i] != NULL; i++) {
		if (strcmp(row->choices[i], value) == 0) {
			*field = i;
			return GW_OK;
		}
	}
	return bad_choice(err, row, value);
}

static enum gw_code set_uint(struct gw_err *err, const struct gw_option *row, unsigned *field, const char *value)
{
	uint64_t number;
	char where[80];

	if (gw_parse_uint(value, UINT_MAX, &number) && number >= row->min && number <= row->max) {
		*field = (unsigned)number;
		return GW_OK;
	}
	snprintf(where, sizeof(where), "--%s", row->name);
	return gw_fail(err, GW_E_USAGE, where, "\"%s\" is not a whole number from %u to %u", value, row->min, row->max);
}

static enum gw_code set_duration(struct gw_err *err, const struct gw_option *row, int64_t *field, const char *value)
{
	int64_t seconds;
	char where[80];

	snprintf(where, sizeof(where), "--%s", row->name);
	if (!gw_parse_duration(value, &seconds)) {
		gw_fail(err, GW_E_USAGE, where, "\"%s\" is not a span of time", value);
		return gw_hint(err, "write a number and a unit: 30s, 20m, 12h, 30d, 2w or 1y");
	}
	if (seconds < (int64_t)row->min)
		return gw_fail(err, GW_E_USAGE, where, "must be at least %us", row->min);
	*field = seconds;
	return GW_OK;
}

static void add_to_list(struct gw_arena *arena, struct gw_strings *list, const char *value)
{
	const char **grown;

	/* Grows by doubling at powers of two; lists come from a command line and are short. */
	if ((list->count & (list->count - 1)) == 0) {
		grown = gw_arena_alloc(arena, (list->count > 0 ? list->count * 2 : 1) * sizeof(*grown));
		if (list->count > 0)
			memcpy(grown, list->items, list->count * sizeof(*grown));
		list->items = grown;
	}
	list->items[list->count++] = value;
}

static enum gw_code set_value(struct parser *p, const struct gw_option *row, void *base, const char *value)
{
	void *field = (char *)base + row->offset;

	switch (row->kind) {
	case GW_OPT_FLAG: *(bool *)field = true; return GW_OK;
	case GW_OPT_STR: *(const char **)field = value; return GW_OK;
	case GW_OPT_UINT: return set_uint(p->err, row, field, value);
	case GW_OPT_CHOICE: return set_choice(p->err, row, field, value);
	case GW_OPT_DURATION: return set_duration(p->err, row, field, value);
	case GW_OPT_LIST: add_to_list(p->arena, field, value); return GW_OK;
	}
	return gw_fail(p->err, GW_E_BUG, row->name, "option row without a kind");
}

static enum gw_code set_found(struct parser *p, const struct found *f, const char *value)
{
	size_t index = (size_t)(f->row - f->target->rows);
	char where[80];

	if (f->target->seen != NULL && f->row->kind != GW_OPT_LIST && f->target->seen[index]) {
		snprintf(where, sizeof(where), "--%s", f->row->name);
		return gw_fail(p->err, GW_E_USAGE, where, "given twice");
	}
	if (f->target->seen != NULL)
		f->target->seen[index] = true;
	return set_value(p, f->row, f->target->base, value);
}

/* The value of an option that stands in the next argument. */
static enum gw_code take_next(struct parser *p, const struct gw_option *row, const char **value)
{
	char where[80];

	snprintf(where, sizeof(where), "--%s", row->name);
	if (p->at == p->argc)
		return gw_fail(p->err, GW_E_USAGE, where, "needs a value (%s)", row->arg);
	/* "--cert --key k.pem": the file name was forgotten. */
	if (strncmp(p->argv[p->at], "--", 2) == 0) {
		gw_fail(p->err, GW_E_USAGE, where, "needs a value (%s), and %s follows", row->arg, p->argv[p->at]);
		return gw_hint(p->err, "a value that begins with -- is given as --%s=VALUE", row->name);
	}
	*value = p->argv[p->at++];
	return GW_OK;
}

static enum gw_code read_long(struct parser *p, const char *arg)
{
	const char *name = arg + 2, *equals = strchr(name, '='), *value = equals != NULL ? equals + 1 : NULL;
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	char shown[80], bare[72];
	struct found f;

	snprintf(bare, sizeof(bare), "%.*s", len < 70 ? (int)len : 70, name);
	snprintf(shown, sizeof(shown), "--%s", bare);
	if (!find_name(p, name, len, &f))
		return unknown_option(p, shown, bare);
	if (f.row->kind == GW_OPT_FLAG && value != NULL)
		return gw_fail(p->err, GW_E_USAGE, shown, "takes no value");
	if (f.row->kind != GW_OPT_FLAG && value == NULL) {
		enum gw_code code = take_next(p, f.row, &value);

		if (code != GW_OK)
			return code;
	}
	return set_found(p, &f, value);
}

static enum gw_code read_letters(struct parser *p, const char *arg)
{
	const char *at;

	for (at = arg + 1; *at != '\0'; at++) {
		const char *value = NULL;
		enum gw_code code = GW_OK;
		struct found f;

		if (!find_letter(p, *at, &f)) {
			char shown[4] = {'-', *at, '\0'};

			return unknown_option(p, shown, arg + 1);
		}
		if (f.row->kind != GW_OPT_FLAG) {
			value = at[1] != '\0' ? at + 1 : NULL;
			if (value == NULL)
				code = take_next(p, f.row, &value);
		}
		if (code == GW_OK)
			code = set_found(p, &f, value);
		if (code != GW_OK || f.row->kind != GW_OPT_FLAG)
			return code;
	}
	return GW_OK;
}

static void set_not_given(void *field)
{
	*(unsigned *)field = GW_NOT_GIVEN;
}

static enum gw_code set_defaults(struct parser *p, const struct target *t)
{
	size_t i;

	for (i = 0; i < t->n_rows; i++) {
		if (t->rows[i].kind == GW_OPT_CHOICE)
			set_not_given((char *)t->base + t->rows[i].offset);
		enum gw_code code =
			t->rows[i].dflt != NULL ? set_value(p, &t->rows[i], t->base, t->rows[i].dflt) : GW_OK;

		if (code != GW_OK)
			return code;
	}
	return GW_OK;
}

static enum gw_code check_operands(const struct gw_command *command, const struct gw_parsed *parsed, struct gw_err *err)
{
	if (parsed->n_operands < command->min_operands) {
		gw_fail(err, GW_E_USAGE, command->name, "needs %s", command->operands);
		return gw_hint(err, "usage: gwcert %s %s [options]", command->name, command->operands);
	}
	if (parsed->n_operands > command->max_operands) {
		gw_fail(err, GW_E_USAGE, command->name, "does not know what to do with \"%s\"",
			parsed->operands[command->max_operands]);
		return gw_hint(err, "usage: gwcert %s %s%s[options]", command->name, command->operands,
			       command->operands[0] != '\0' ? " " : "");
	}
	return GW_OK;
}

static enum gw_code read_arguments(struct parser *p, struct gw_parsed *parsed)
{
	bool options = true;

	while (p->at < p->argc) {
		const char *arg = p->argv[p->at++];
		enum gw_code code = GW_OK;

		if (!options || arg[0] != '-' || arg[1] == '\0')
			parsed->operands[parsed->n_operands++] = arg;
		else if (strcmp(arg, "--") == 0)
			options = false;
		else
			code = arg[1] == '-' ? read_long(p, arg) : read_letters(p, arg);
		if (code != GW_OK)
			return code;
	}
	return GW_OK;
}

enum gw_code gw_parse(struct gw_arena *arena, const struct gw_command *command, int argc, const char *const *argv,
		      struct gw_globals *globals, struct gw_parsed *parsed, struct gw_err *err)
{
	struct parser p = {.arena = arena, .n_targets = 2, .argc = argc, .argv = argv, .err = err};
	enum gw_code code;

	parsed->opts = gw_arena_alloc(arena, command->opts_size > 0 ? command->opts_size : 1);
	parsed->operands = gw_arena_alloc(arena, ((size_t)argc + 1) * sizeof(*parsed->operands));
	parsed->n_operands = 0;
	p.targets[0] = (struct target){command->options, command->n_options, parsed->opts,
				       gw_arena_alloc(arena, command->n_options + 1)};
	p.targets[1] = (struct target){gw_global_options, gw_n_global_options, globals, NULL};
	code = set_defaults(&p, &p.targets[0]);
	if (code == GW_OK)
		code = read_arguments(&p, parsed);
	if (code == GW_OK && !globals->help)
		code = check_operands(command, parsed, err);
	return code;
}

enum gw_code gw_parse_global(int argc, const char *const *argv, int *at, struct gw_globals *globals, struct gw_err *err)
{
	struct parser p = {.n_targets = 1, .argc = argc, .argv = argv, .at = *at + 1, .err = err};
	const char *arg = argv[*at];
	enum gw_code code;

	p.targets[0] = (struct target){gw_global_options, gw_n_global_options, globals, NULL};
	code = arg[1] == '-' ? read_long(&p, arg) : read_letters(&p, arg);
	*at = p.at;
	return code;
}
