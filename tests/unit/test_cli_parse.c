/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <string.h>

#include "cli/parse.h"
#include "tests/tap.h"

struct opts {
	bool force;
	const char *output;
	unsigned days, format;
	int64_t timeout;
	struct gw_strings hosts;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct gw_option rows[] = {
	OPT_FLAG(struct opts, force, 'f', "force", "replace"),
	OPT_OUTPUT(struct opts, output, "-"),
	OPT_UINT(struct opts, days, 'd', "days", "N", "90", 1, 3650, "life"),
	OPT_FORMAT(struct opts, format, formats, "json"),
	OPT_TIMEOUT(struct opts, timeout, "10s"),
	OPT_LIST(struct opts, hosts, 0, "host", "NAME", "names"),
};

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	(void)ctx;
	(void)args;
	(void)err;
	return GW_OK;
}

static const struct gw_command command = {
	.name = "try",
	.summary = "a command for this test",
	.operands = "FILE [FILE]",
	.min_operands = 1,
	.max_operands = 2,
	.options = rows,
	.n_options = GW_COUNT(rows),
	.opts_size = sizeof(struct opts),
	.description = "x",
	.run = run,
};

struct bad {
	const char *argv[6];
	const char *where, *what, *hint;
};

static const struct bad bad_lines[] = {
	{{"x", "--frce"}, "--frce", "unknown option", "did you mean --force?"},
	{{"x", "--quite"}, "--quite", "unknown option", "did you mean --quiet?"},
	{{"x", "--zzzzzz"}, "--zzzzzz", "unknown option", "-h lists the options"},
	{{"x", "-z"}, "-z", "unknown option", "-h lists the options"},
	{{"x", "--forc"}, "--forc", "unknown option", "did you mean --force?"},
	{{"x", "--force=yes"}, "--force", "takes no value", ""},
	{{"x", "--output"}, "--output", "needs a value (FILE)", ""},
	{{"x", "-o"}, "--output", "needs a value (FILE)", ""},
	{{"x", "--output", "--force"}, "--output", "needs a value (FILE), and --force follows", "--output=VALUE"},
	{{"x", "--days", "0"}, "--days", "\"0\" is not a whole number from 1 to 3650", ""},
	{{"x", "--days", "30d"}, "--days", "\"30d\" is not a whole number from 1 to 3650", ""},
	{{"x", "--days", "-5"}, "--days", "\"-5\" is not a whole number from 1 to 3650", ""},
	{{"x", "--days", "4294967297"}, "--days", "\"4294967297\" is not a whole number from 1 to 3650", ""},
	{{"x", "--days="}, "--days", "\"\" is not a whole number from 1 to 3650", ""},
	{{"x", "--format", "jsom"}, "--format", "\"jsom\" is none of text, json", "did you mean json?"},
	{{"x", "--timeout", "10"}, "--timeout", "\"10\" is not a span of time", "30s"},
	{{"x", "--timeout", "0s"}, "--timeout", "must be at least 1s", ""},
	{{"x", "--days", "1", "-d2"}, "--days", "given twice", ""},
	{{NULL}, "try", "needs FILE [FILE]", "usage: gwcert try FILE [FILE]"},
	{{"a", "b", "c"}, "try", "does not know what to do with \"c\"", "usage"},
};

static int count(const char *const *argv)
{
	int n = 0;

	while (argv[n] != NULL)
		n++;
	return n;
}

static void test_parse__refuses_a_wrong_line(void)
{
	size_t i;

	for (i = 0; i < GW_COUNT(bad_lines); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_err err = {.code = GW_OK};
		struct gw_globals globals = {0};
		struct gw_parsed parsed = {0};

		TST_CODE(gw_parse(&arena, &command, count(bad_lines[i].argv), bad_lines[i].argv, &globals, &parsed,
				  &err),
			 GW_E_USAGE, &err);
		TST_STR_EQ(err.where, bad_lines[i].where);
		TST_STR_EQ(err.what, bad_lines[i].what);
		TST_CONTAINS(err.hint, bad_lines[i].hint);
	}
}

static void test_parse__defaults_come_through_the_same_parser(void)
{
	static const char *const argv[] = {"file", NULL};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_globals globals = {0};
	struct gw_parsed parsed = {0};
	const struct opts *o;

	TST_OK(gw_parse(&arena, &command, 1, argv, &globals, &parsed, &err), &err);
	o = parsed.opts;
	CU_ASSERT(!o->force);
	TST_STR_EQ(o->output, "-");
	TST_INT_EQ(o->days, 90);
	TST_INT_EQ(o->format, 1);
	TST_INT_EQ(o->timeout, 10);
	TST_INT_EQ(o->hosts.count, 0);
}

static void test_parse__takes_every_spelling(void)
{
	static const char *const argv[] = {"-fd30", "--host", "a", "--output=x=y", "one",   "--host=b",
					   "-q",    "--host", "-", "--",           "--two", NULL};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_globals globals = {0};
	struct gw_parsed parsed = {0};
	const struct opts *o;

	TST_OK(gw_parse(&arena, &command, count(argv), argv, &globals, &parsed, &err), &err);
	o = parsed.opts;
	CU_ASSERT(o->force && globals.quiet);
	TST_INT_EQ(o->days, 30);
	TST_STR_EQ(o->output, "x=y");
	TST_INT_EQ(o->hosts.count, 3);
	TST_STR_EQ(o->hosts.items[0], "a");
	TST_STR_EQ(o->hosts.items[1], "b");
	TST_STR_EQ(o->hosts.items[2], "-");
	TST_INT_EQ(parsed.n_operands, 2);
	TST_STR_EQ(parsed.operands[0], "one");
	TST_STR_EQ(parsed.operands[1], "--two");
}

static void test_parse__lists_grow(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *argv[200];
	struct gw_err err = {.code = GW_OK};
	struct gw_globals globals = {0};
	struct gw_parsed parsed = {0};
	const struct opts *o;
	size_t i;

	for (i = 0; i < 99; i++) {
		argv[2 * i] = "--host";
		argv[2 * i + 1] = i % 2 == 0 ? "even" : "odd";
	}
	argv[198] = "file";
	TST_OK(gw_parse(&arena, &command, 199, argv, &globals, &parsed, &err), &err);
	o = parsed.opts;
	TST_INT_EQ(o->hosts.count, 99);
	for (i = 0; i < o->hosts.count; i++)
		TST_STR_EQ(o->hosts.items[i], i % 2 == 0 ? "even" : "odd");
}

static void test_parse__help_needs_no_operands(void)
{
	static const char *const argv[] = {"-h", NULL};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_globals globals = {0};
	struct gw_parsed parsed = {0};

	TST_OK(gw_parse(&arena, &command, 1, argv, &globals, &parsed, &err), &err);
	CU_ASSERT(globals.help);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_parse__refuses_a_wrong_line),
		TST_CASE(test_parse__defaults_come_through_the_same_parser),
		TST_CASE(test_parse__takes_every_spelling),
		TST_CASE(test_parse__lists_grow),
		TST_CASE(test_parse__help_needs_no_operands),
	};

	return tst_main("cli_parse", cases, GW_COUNT(cases));
}
