/* SPDX-License-Identifier: Apache-2.0 */
/* Variables of a template: where their values come from, and that they are bounded. */
#include <stdio.h>
#include <string.h>

#include "rules/rules.h"
#include "template/schema.h"
#include "template/template.h"
#include "tests/tap.h"

struct read {
	struct gw_template t;
	struct gw_findings fs;
};
#define READ_INIT                                                                                                      \
	{                                                                                                              \
		.t = GW_TEMPLATE_INIT                                                                                  \
	}

static void release(struct read *r)
{
	gw_template_release(&r->t);
	gw_findings_release(&r->fs);
}
#define READ_AUTO GW_CLEANUP(release)

static const char *subject(const struct gw_entry *e)
{
	static char text[512];
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; i < e->plan.n_subject; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s=%s", i > 0 ? "," : "", e->plan.subject[i].type,
				      e->plan.subject[i].value);
	return text;
}

static const char *two_variables(void *self, const char *name)
{
	(void)self;
	return strcmp(name, "GWCERT_VAR_TEAM_NAME") == 0 ? "web" : strcmp(name, "SITE") == 0 ? "lon" : NULL;
}

/* Reads a file with variables, given from everywhere. */
static void read_given(struct read *r, const char *path, const char *const *set, size_t n_set, const char *file)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_ctx ctx = {.arena = &arena, .env = {.get = two_variables}};
	const struct gw_finding *f;
	struct gw_err err = {0};

	r->t.given = (struct gw_vars_given){.set = set, .n_set = n_set, .file = file};
	TST_OK(gw_template_read(&ctx, path, &r->t, &r->fs, &err), &err);
	for (f = r->fs.first; f != NULL; f = f->next)
		TST_STR_EQ(f->what, "no finding");
}

static const char with_vars[] = "gwcert: 1\n"
				"vars:\n"
				"  env: { default: staging, oneOf: [staging, prod] }\n"
				"  team-name: { default: nobody, from: 'env:TEAM' }\n"
				"  site: { from: 'env:SITE' }\n"
				"  org: { from: 'file:./org.txt' }\n"
				"  bits: { default: 2048, type: integer }\n"
				"  unused: {}\n"
				"settings: { dir: ./pki/$(env) }\n"
				"certificates:\n"
				"  store:\n"
				"    issuer: self\n"
				"    key: { algorithm: rsa, size: $(bits) }\n"
				"    sans: ['$(site).$(env).example.com', $(team-name).example.com]\n"
				"    subject: { commonName: \"$$(env) $5 $\", organization: $(org) }\n";

static void test_template_vars__variables_are_filled_in(void)
{
	READ_AUTO struct read r = READ_INIT;
	const struct gw_entry *e;
	const struct gw_node *sans;

	tst_file("vars/org.txt", "Example Ltd\n");
	read_given(&r, tst_file("vars/t.yaml", with_vars), NULL, 0, NULL);
	e = gw_template_find(&r.t, "store");
	CU_ASSERT(e != NULL);
	if (e == NULL)
		return;
	TST_STR_EQ(r.t.dir, tst_path("vars/pki/staging"));
	TST_INT_EQ(e->key_type, GW_KEY_RSA_2048);
	TST_STR_EQ(e->plan.sans[0].value, "lon.staging.example.com");
	TST_STR_EQ(e->plan.sans[1].value, "web.example.com");
	TST_STR_EQ(subject(e), "organizationName=Example Ltd,commonName=$(env) $5 $");
	sans = gw_node_get(e->merged, "sans");
	TST_INT_EQ(sans->first->line, 14);
	TST_INT_EQ(sans->first->column, 12);
	TST_INT_EQ(sans->first->next->column, 42);
}

static void test_template_vars__set_goes_before_file_before_environment(void)
{
	static const char *const set[] = {"env=staging", "env=prod", "org=A=B"};
	READ_AUTO struct read r = READ_INIT;
	const char *file = tst_file("given.yaml", "env: staging\nteam-name: shop\nbits: 4096\n");
	const struct gw_entry *e;

	read_given(&r, tst_file("alone/t.yaml", with_vars), set, GW_COUNT(set), file);
	e = gw_template_find(&r.t, "store");
	CU_ASSERT(e != NULL);
	if (e == NULL)
		return;
	TST_INT_EQ(e->key_type, GW_KEY_RSA_4096);
	TST_STR_EQ(e->plan.sans[0].value, "lon.prod.example.com");
	TST_STR_EQ(e->plan.sans[1].value, "shop.example.com");
	TST_STR_EQ(subject(e), "organizationName=A=B,commonName=$(env) $5 $");
}

/* A value is at most 4096 octets, a file 1 MiB: without a bound the two together would fill the memory. */
static void test_template_vars__variables_do_not_grow_without_end(void)
{
	READ_AUTO struct read r = READ_INIT;
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_TEMPLATE_MAX);
	struct gw_err err = {0};
	size_t i;

	gw_buf_str_add(&text, "gwcert: 1\nvars:\n  v: { default: ");
	gw_buf_fill(&text, 'a', 4096);
	gw_buf_str_add(&text, " }\nsettings: { dir: '");
	for (i = 0; i < 5000; i++)
		gw_buf_str_add(&text, "$(v)");
	gw_buf_str_add(&text, "' }\ncertificates:\n  a: { issuer: self, sans: [a.example.com] }\n");
	TST_CODE(gw_template_parse("t.yaml", text.data, text.len, &r.t, &r.fs, &err), GW_E_INPUT, &err);
	CU_ASSERT(r.fs.first != NULL);
	if (r.fs.first != NULL)
		TST_STR_EQ(r.fs.first->what, "variables make this file grow past 16 MiB");
}

/* The findings of a file that a command reads, as rule and line. */
static const char *findings_of(struct read *r, const char *command, const char *text)
{
	static char all[256];
	const struct gw_finding *f;
	struct gw_err err = {0};
	size_t n = 0;

	all[0] = '\0';
	r->t.given.command = command;
	CU_ASSERT(gw_template_parse("t.yaml", text, strlen(text), &r->t, &r->fs, &err) == GW_OK || r->fs.first != NULL);
	for (f = r->fs.first; f != NULL; f = f->next)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s:%u ", f->rule->id, f->where.line);
	return all;
}

/* A variable that a command requires is missed by it, used or not, once; by others where they use it. */
static void test_template_vars__required_for_a_command(void)
{
	static const char unused[] = "gwcert: 1\nvars:\n  v: { requiredFor: [upload, gen] }\ncertificates:\n"
				     "  a: { issuer: self, sans: [a.example.com] }\n";
	static const char used[] = "gwcert: 1\nvars:\n  v: { requiredFor: [upload] }\ncertificates:\n"
				   "  a: { issuer: self, sans: [a.example.com, '$(v).example.com'] }\n";
	static const struct {
		const char *command, *text, *want;
	} cases[] = {
		{"gen", unused, "GWT042:3 "}, {"upload", unused, "GWT042:3 "}, {"sign", unused, ""},
		{NULL, unused, ""},           {"gen", used, "GWT042:5 "},      {"upload", used, "GWT042:3 "},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++) {
		READ_AUTO struct read r = READ_INIT;

		TST_STR_EQ(findings_of(&r, cases[i].command, cases[i].text), cases[i].want);
	}
}

/* A host name in other letters serves wherever a host name may stand: in its xn-- form. */
static void test_template_vars__host_names_in_other_letters(void)
{
	static const char text[] =
		"gwcert: 1\nvars:\n  d: { default: \"b\xc3\xbc"
		"cher.example\", type: hostname }\n"
		"certificates:\n  a: { issuer: self, sans: ['www.$(d)'], subject: { commonName: 'www.$(d)' } }\n";
	static const char *const bad[] = {"d=b\xe2\x98\x83.example", "d=a b\xc3\xbc.example", "d=\xc3\xbc..example"};
	static const char *const good = "d=stra\xc3\x9f"
					"e.example";
	const char *path = tst_file("idn.yaml", text);
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		READ_AUTO struct read r = READ_INIT;
		struct gw_err err = {0};

		r.t.given = (struct gw_vars_given){.set = &bad[i], .n_set = 1};
		TST_CODE(gw_template_parse("t.yaml", text, strlen(text), &r.t, &r.fs, &err), GW_E_USAGE, &err);
		TST_CONTAINS(err.what, "the value of \"d\" has ");
	}
	for (i = 0; i < 2; i++) {
		READ_AUTO struct read r = READ_INIT;

		read_given(&r, path, &good, i, NULL);
		TST_STR_EQ(subject(r.t.first),
			   i == 0 ? "commonName=www.xn--bcher-kva.example" : "commonName=www.xn--strae-oqa.example");
		TST_STR_EQ(r.t.first->plan.sans[0].value, subject(r.t.first) + strlen("commonName="));
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_template_vars__variables_are_filled_in),
		TST_CASE(test_template_vars__set_goes_before_file_before_environment),
		TST_CASE(test_template_vars__host_names_in_other_letters),
		TST_CASE(test_template_vars__required_for_a_command),
		TST_CASE(test_template_vars__variables_do_not_grow_without_end),
	};

	return tst_main("template_vars", cases, GW_COUNT(cases));
}
