/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command and option tables. A command is one `const struct gw_command` in its own file of cmd/; an option is one row with
 * a typed offset into the command's options struct. Parsing, -h, the manual page, the completions and the README's command
 * list all come from these rows and from nowhere else.
 *
 * No option state in statics: the same command runs a thousand times in one process.
 */
#ifndef GW_CLI_COMMAND_H
#define GW_CLI_COMMAND_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/err.h"

enum gw_opt_kind {
	GW_OPT_FLAG,     /* bool */
	GW_OPT_STR,      /* const char *, borrowed from argv */
	GW_OPT_UINT,     /* unsigned, min..max */
	GW_OPT_CHOICE,   /* unsigned: index into choices, or GW_NOT_GIVEN */
	GW_OPT_DURATION, /* int64_t seconds: 90s, 20m, 30d */
	GW_OPT_LIST,     /* struct gw_strings: the option may be repeated */
};

struct gw_strings {
	const char **items; /* of the run's arena; the strings are borrowed from argv */
	size_t count;
};

struct gw_option {
	const char *name; /* without the dashes */
	char letter;      /* or 0 */
	const char *arg;  /* "FILE", "DIR", "N", ...: FILE and DIR also steer completion; NULL for a flag */
	const char *dflt; /* as a user would write it, parsed by the same parser; NULL: zero */
	const char *help; /* one line, lower case, no full stop */
	enum gw_opt_kind kind;
	size_t offset;
	const char *const *choices; /* NULL-terminated, for GW_OPT_CHOICE */
	unsigned min, max;          /* for GW_OPT_UINT; for GW_OPT_DURATION the least, in seconds */
};

/* What a GW_OPT_CHOICE without a default holds where the option was not given. */
#define GW_NOT_GIVEN UINT_MAX

/* The word that was chosen; NULL where the option was not given. */
static inline const char *gw_choice_word(const char *const *choices, unsigned choice)
{
	return choice != GW_NOT_GIVEN ? choices[choice] : NULL;
}

/* clang-format off */
#define OPT_FLAG(T, f, l, n, h) \
	{.name = n, .letter = l, .help = h, .kind = GW_OPT_FLAG, .offset = GW_FIELD(T, f, bool)}
#define OPT_STR(T, f, l, n, a, d, h) \
	{.name = n, .letter = l, .arg = a, .dflt = d, .help = h, .kind = GW_OPT_STR, .offset = GW_FIELD(T, f, const char *)}
#define OPT_UINT(T, f, l, n, a, d, lo, hi, h) \
	{.name = n, .letter = l, .arg = a, .dflt = d, .help = h, .kind = GW_OPT_UINT, .offset = GW_FIELD(T, f, unsigned), \
	 .min = lo, .max = hi}
#define OPT_CHOICE(T, f, l, n, a, d, c, h) \
	{.name = n, .letter = l, .arg = a, .dflt = d, .help = h, .kind = GW_OPT_CHOICE, .offset = GW_FIELD(T, f, unsigned), \
	 .choices = c}
#define OPT_DURATION(T, f, l, n, d, least, h) \
	{.name = n, .letter = l, .arg = "TIME", .dflt = d, .help = h, .kind = GW_OPT_DURATION, \
	 .offset = GW_FIELD(T, f, int64_t), .min = least}
#define OPT_LIST(T, f, l, n, a, h) \
	{.name = n, .letter = l, .arg = a, .help = h, .kind = GW_OPT_LIST, .offset = GW_FIELD(T, f, struct gw_strings)}

/* Options that several commands share are spelt in one place. */
#define OPT_OUTPUT(T, f, d)	OPT_STR(T, f, 'o', "output", "FILE", d, "write there; - is standard output")
#define OPT_FORCE(T, f, h)	OPT_FLAG(T, f, 0, "force", h)
#define OPT_TEMPLATE(T, f)	OPT_STR(T, f, 'f', "file", "FILE", NULL, "the template; ./gwcert.yaml where not given")
#define OPT_SET(T, f)		OPT_LIST(T, f, 0, "set", "NAME=VALUE", "the value of a variable of the template; goes before all others")
#define OPT_VARS_FILE(T, f) \
	OPT_STR(T, f, 0, "vars-file", "FILE", NULL, "a YAML file with values of variables, a line each: name: value")
#define OPT_FORMAT(T, f, c, d)	OPT_CHOICE(T, f, 0, "format", "FORMAT", d, c, "how to print what is found")
#define OPT_TIMEOUT(T, f, d)	OPT_DURATION(T, f, 0, "timeout", d, 1, "the most time one target may take")
/* clang-format on */

enum gw_group { GW_GROUP_MAKE, GW_GROUP_JUDGE, GW_GROUP_PACKAGE, GW_GROUP_PUBLISH, GW_GROUP_PROVE, GW_GROUP_OTHER };

struct gw_example {
	const char *line; /* a whole command line as typed, run by a test */
	const char *text; /* what it does: one sentence, lower case, no full stop */
};

/* What a command is handed. */
struct gw_args {
	const void *opts;            /* its options struct, filled */
	const char *const *operands; /* borrowed from argv */
	size_t n_operands;
};

struct gw_command {
	const char *name;
	enum gw_group group;
	const char *summary;                 /* at most 60 characters, lower case, no full stop */
	const char *operands;                /* as in the synopsis: "[NAME...]"; "" for none */
	unsigned min_operands, max_operands; /* UINT_MAX: any number */
	const struct gw_option *options;
	size_t n_options;
	size_t opts_size;
	const char
		*description; /* the manual's text. Paragraphs are parted by an empty line; a line that begins with two
				  * spaces is printed as it is; a line "# Title" begins a section of its own */
	const struct gw_example *examples; /* ended by a NULL line */
	bool hidden;                       /* left out of help and completion: for the project's own use */
	/* Does the work. Prints results on ctx->out; what failed goes into *err and is printed once, by cli. A code other
	 * than GW_OK with an empty err->what means that all has been said (findings were printed). */
	enum gw_code (*run)(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err);
};

/* All commands, in the order of help; NULL-terminated. Defined in cmd/commands.c. */
extern const struct gw_command *const gw_commands[];

const struct gw_command *gw_command_find(const char *name);

/* The same; where there is none, GW_E_USAGE with the nearest name behind `prefix` ("gwcert help ") as the hint. */
enum gw_code GW_MUST_USE gw_command_need(const char *name, const char *prefix, const struct gw_command **command,
					 struct gw_err *err);

/* The whole program behind main(): parses argv, runs the command, prints the error, flushes ctx->out (a full disk behind
 * it is GW_E_IO; a closed pipe is quiet) and returns the exit status. */
int gw_main(struct gw_ctx *ctx, int argc, const char *const *argv);

#endif
