/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert itself, help, version, explain and completion. */
#include <ctype.h>
#include <string.h>

#include "cli/command.h"
#include "rules/rules.h"
#include "tests/peer.h"
#include "tests/run.h"
#include "tree/tree.h"

static void test_gwcert__alone_is_a_usage_error(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, NULL), GW_E_USAGE);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "usage: gwcert COMMAND");
}

static void test_gwcert__names_the_nearest_command(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "porbe", "x", NULL), GW_E_USAGE);
	TST_STR_EQ(r.err, "gwcert: porbe: unknown command\n  hint: did you mean gwcert probe?\n");
	/* What is hidden is not suggested. */
	TST_INT_EQ(tst_run(&r, "docgem", NULL), GW_E_USAGE);
	TST_LACKS(r.err, "docgen");
}

static void test_gwcert__help_is_on_stdout_everywhere(void)
{
	struct tst_run r, again;
	size_t i;

	TST_INT_EQ(tst_run(&r, "--help", NULL), GW_OK);
	TST_INT_EQ(tst_run(&again, "help", NULL), GW_OK);
	TST_STR_EQ(r.out, again.out);
	for (i = 0; gw_commands[i] != NULL; i++) {
		TST_INT_EQ(tst_run(&r, gw_commands[i]->name, "-h", NULL), GW_OK);
		TST_CONTAINS(r.out, gw_commands[i]->summary);
		TST_STR_EQ(r.err, "");
	}
}

static void test_gwcert__errors_speak_json_where_the_output_does(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "explain", "GWX999", "--format", "json", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "\"schemaVersion\":1,\"error\":{\"code\":\"usage\",\"exitStatus\":2,\"where\":\"GWX999\"");
	TST_STR_EQ(r.out, "");
}

static void test_gwcert__errors_are_escaped(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "\x1b[31mred", NULL), GW_E_USAGE);
	TST_LACKS(r.err, "\x1b");
	TST_CONTAINS(r.err, "\\x1b[31mred");
}

static void test_gwcert__colour_follows_option_environment_and_terminal(void)
{
	static const char *const no_color[] = {"NO_COLOR", "1", NULL};
	const struct tst_world terminal = {TST_WORLD, .out_tty = true, .err_tty = true};
	const struct tst_world refused = {TST_WORLD, .out_tty = true, .err_tty = true, .env = no_color};
	struct tst_run r;

	tst_run(&r, "help", NULL);
	TST_LACKS(r.out, "\x1b");
	tst_run_with(&r, &terminal, "help", NULL);
	TST_CONTAINS(r.out, "\x1b[1m");
	tst_run_with(&r, &refused, "help", NULL);
	TST_LACKS(r.out, "\x1b");
	tst_run_with(&r, &refused, "--color", "always", "help", NULL);
	TST_CONTAINS(r.out, "\x1b[1m");
	tst_run_with(&r, &terminal, "help", "--color=never", NULL);
	TST_LACKS(r.out, "\x1b");
}

/* The rules of the table that people read and that tools parse. */
static void test_commands__keep_to_the_form(void)
{
	size_t i, k;

	for (i = 0; gw_commands[i] != NULL; i++) {
		const struct gw_command *c = gw_commands[i];
		size_t n = strlen(c->summary);

		CU_ASSERT(n > 0 && n <= 60 && !isupper((unsigned char)c->summary[0]) && c->summary[n - 1] != '.');
		CU_ASSERT(gw_command_find(c->name) == c);
		CU_ASSERT(c->max_operands >= c->min_operands);
		CU_ASSERT((c->examples != NULL && c->examples[0].line != NULL) || c->hidden);
		CU_ASSERT(i == 0 || c->group >= gw_commands[i - 1]->group);
		for (k = 0; k < c->n_options; k++) {
			const struct gw_option *o = &c->options[k];

			CU_ASSERT(o->name[0] != '\0' && strlen(o->help) > 1);
			/* DNS and HTTP may begin a help, a capitalised word may not. */
			CU_ASSERT(!isupper((unsigned char)o->help[0]) || isupper((unsigned char)o->help[1]));
			CU_ASSERT(o->help[strlen(o->help) - 1] != '.');
			CU_ASSERT((o->arg == NULL) == (o->kind == GW_OPT_FLAG));
			CU_ASSERT((o->choices != NULL) == (o->kind == GW_OPT_CHOICE));
		}
	}
}

static void test_commands__every_option_is_in_the_help(void)
{
	size_t i, k;

	for (i = 0; gw_commands[i] != NULL; i++) {
		struct tst_run r;

		tst_run(&r, gw_commands[i]->name, "-h", NULL);
		for (k = 0; k < gw_commands[i]->n_options; k++)
			TST_CONTAINS(r.out, gw_commands[i]->options[k].name);
	}
}

static void test_version__names_libraries_in_both_forms(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;
	struct tst_run r, same;

	TST_INT_EQ(tst_run(&r, "version", NULL), GW_OK);
	TST_CONTAINS(r.out, "gwcert 0.");
	TST_CONTAINS(r.out, "OpenSSL 3.");
	TST_INT_EQ(tst_run(&same, "--version", NULL), GW_OK);
	TST_STR_EQ(same.out, r.out);
	TST_INT_EQ(tst_run(&r, "version", "--format", "json", NULL), GW_OK);
	TST_OK(gw_json_read(&arena, "out", r.out, r.out_len, &root, NULL, &err), &err);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "schemaVersion")), "1");
	TST_CONTAINS(gw_node_text(gw_node_get(gw_node_get(root, "libraries"), "OpenSSL")), "3.");
}

static void test_explain__tells_every_rule(void)
{
	struct tst_run all, r;
	size_t i;

	TST_INT_EQ(tst_run(&all, "explain", NULL), GW_OK);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		TST_CONTAINS(all.out, gw_rules[i].id);
		TST_INT_EQ(tst_run(&r, "explain", gw_rules[i].id, NULL), GW_OK);
		TST_CONTAINS(r.out, gw_rules[i].why);
		TST_CONTAINS(r.out, gw_rules[i].fix);
		TST_CONTAINS(r.out, gw_rules[i].source);
	}
	TST_INT_EQ(tst_run(&r, "explain", "gwt002", NULL), GW_OK);
	TST_CONTAINS(r.out, "GWT002");
}

static void test_completion__bash_takes_its_script(void)
{
	struct tst_run r;
	struct tst_peer p;

	TST_INT_EQ(tst_run(&r, "completion", "csh", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "completion", "fihs", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean fish?");
	TST_INT_EQ(tst_run(&r, "completion", "bash", NULL), GW_OK);
	if (!tst_have("bash")) {
		tst_skip("no bash");
		return;
	}
	TST_INT_EQ(
		tst_peer(&p,
			 "source \"$1\"; COMP_WORDS=(gwcert vers); COMP_CWORD=1; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert explain --format j); COMP_CWORD=3; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert explain --format = j); COMP_CWORD=4; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert help pro); COMP_CWORD=2; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert completion f); COMP_CWORD=2; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert explain GWT00); COMP_CWORD=2; _gwcert; echo \"${COMPREPLY[0]}\";"
			 "COMP_WORDS=(gwcert --verb); COMP_CWORD=1; _gwcert; echo \"${COMPREPLY[@]}\";"
			 "COMP_WORDS=(gwcert probe --cac); COMP_CWORD=2; _gwcert 2>/dev/null; echo \"${COMPREPLY[@]}\"",
			 "bash", "-s", tst_file("gwcert.bash", r.out), NULL),
		0);
	TST_STR_EQ(p.out, "version\njson\njson\nprobe\nfish\nGWT001\n--verbose\n--cacert\n");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_gwcert__alone_is_a_usage_error),
		TST_CASE(test_gwcert__names_the_nearest_command),
		TST_CASE(test_gwcert__help_is_on_stdout_everywhere),
		TST_CASE(test_gwcert__errors_speak_json_where_the_output_does),
		TST_CASE(test_gwcert__errors_are_escaped),
		TST_CASE(test_gwcert__colour_follows_option_environment_and_terminal),
		TST_CASE(test_commands__keep_to_the_form),
		TST_CASE(test_commands__every_option_is_in_the_help),
		TST_CASE(test_version__names_libraries_in_both_forms),
		TST_CASE(test_explain__tells_every_rule),
		TST_CASE(test_completion__bash_takes_its_script),
	};

	return tst_main("cmd_other", cases, GW_COUNT(cases));
}
