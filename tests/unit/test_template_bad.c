/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus of bad templates: tests/templates/bad/NAME.yaml each begin with what is wrong and with one line
 * "# expect RULE LINE:COLUMN" a finding, in the order of the file. A file must give these findings and no others.
 */
#include <stdio.h>
#include <string.h>

#include "rules/rules.h"
#include "template/template.h"
#include "tests/tap.h"

#define FOLDER "tests/templates/bad"
#define NOW    INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

static int64_t clock_now(void *self)
{
	(void)self;
	return NOW;
}

/* Calls fn for each file of the corpus. */
static void each_file(void (*fn)(const char *name, void *self), void *self)
{
	const char *at = tst_names(tst_source(FOLDER));
	char name[128], path[256];

	while (at != NULL && sscanf(at, " %127s", name) == 1) {
		snprintf(path, sizeof(path), FOLDER "/%s", name);
		fn(path, self);
		at = strchr(at + 1, ' ');
	}
}

static const char *expected(struct gw_arena *arena, const char *text)
{
	const char *line = text, *all = "";
	char rule[16], place[32];

	for (; line != NULL && *line == '#'; line = strchr(line, '\n'), line += line != NULL) {
		if (sscanf(line, "# expect %15s %31s", rule, place) == 2)
			all = gw_arena_printf(arena, "%s%s %s\n", all, rule, place);
	}
	return all;
}

static const char *found(struct gw_arena *arena, const struct gw_findings *fs)
{
	const struct gw_finding *f;
	const char *all = "";

	for (f = fs->first; f != NULL; f = f->next)
		all = gw_arena_printf(arena, "%s%s %u:%u\n", all, f->rule->id, f->where.line, f->where.column);
	return all;
}

static void check_file(const char *name, void *self)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct gw_ctx ctx = {.arena = &arena, .clock = {.now = clock_now}};
	struct gw_err err = {0};
	const char *path = tst_source(name), *text = tst_read(path, NULL);
	size_t *count = self;

	CU_ASSERT(text != NULL);
	if (text == NULL)
		return;
	TST_CODE(gw_template_read(&ctx, path, &t, &fs, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "");
	TST_STR_EQ(gw_arena_printf(&arena, "%s:\n%s", name, found(&arena, &fs)),
		   gw_arena_printf(&arena, "%s:\n%s", name, expected(&arena, text)));
	++*count;
}

static void test_template_bad__says_what_is_wrong_and_where(void)
{
	size_t count = 0;

	each_file(check_file, &count);
	CU_ASSERT(count >= 200);
}

/* Words to a person at night: what is said is a sentence of its own, with the line it is about. */
static void check_words(const char *name, void *self)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct gw_ctx ctx = {.arena = &arena, .clock = {.now = clock_now}};
	struct gw_err err = {0};
	const struct gw_finding *f;

	(void)self;
	CU_ASSERT(gw_template_read(&ctx, tst_source(name), &t, &fs, &err) != GW_OK);
	for (f = fs.first; f != NULL; f = f->next) {
		size_t n = strlen(f->what);

		CU_ASSERT(n > 0 && f->what[n - 1] != '.');
		/* In these a password may stand. */
		CU_ASSERT((f->where.excerpt != NULL) ==
			  (strstr(name, "password-in-clear") == NULL && strstr(name, "secret-with-default") == NULL));
		CU_ASSERT(f->where.file != NULL && strstr(f->where.file, name) != NULL);
		CU_ASSERT(f->where.end_line > f->where.line || f->where.end_column >= f->where.column);
	}
}

static void test_template_bad__shows_the_line(void)
{
	each_file(check_words, NULL);
	CU_PASS("every finding was looked at");
}

static void collect(const char *name, void *self)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *text = tst_read(tst_source(name), NULL);
	bool *seen = self;
	size_t i;

	for (i = 0; text != NULL && i < GW_RULE_COUNT; i++)
		seen[i] = seen[i] || strstr(expected(&arena, text), gw_rules[i].id) != NULL;
}

/* Whether a rule is about the file alone; GWT022 and up to the sections' are about what is on disk, or have tests of
 * their own, as those of adopting have (GWT100 and up). */
static bool is_of_file(const char *id)
{
	return strncmp(id, "GWT", 3) == 0 &&
	       (strcmp(id, "GWT022") < 0 || (strcmp(id, "GWT065") >= 0 && strcmp(id, "GWT100") < 0));
}

static void test_template_bad__has_a_case_for_every_rule(void)
{
	bool seen[GW_RULE_COUNT] = {false};
	size_t i;

	each_file(collect, seen);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		if (is_of_file(gw_rules[i].id) && !seen[i])
			TST_STR_EQ(gw_rules[i].id, "in the corpus");
	}
	CU_ASSERT(seen[GWT_UNKNOWN_KEY]);
}

static void suggestion(const char *body, const char *want)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const char *text = gw_arena_printf(
		&arena, "gwcert: 1\ncertificates:\n  store: { issuer: self, sans: [a.example.com], %s }\n", body);
	struct gw_err err = {0};

	TST_CODE(gw_template_parse("t.yaml", text, strlen(text), &t, &fs, &err), GW_E_INPUT, &err);
	TST_STR_EQ(fs.first != NULL ? fs.first->fix : NULL, want);
}

static void test_template_bad__suggests_the_key_that_was_meant(void)
{
	suggestion("extended_key_usage: []", "did you mean \"extendedKeyUsage\"?");
	suggestion("commonName: x", "did you mean \"subject.commonName\"?");
	suggestion("duration: 90d", "did you mean \"validity\"?");
	suggestion("usages: []", "did you mean \"keyUsage\"?");
	suggestion("subject: { OU: x }", "did you mean \"organizationalUnit\"?");
	suggestion("isCA: true", "did you mean \"ca\"?");
	suggestion("pathLength: 0", "did you mean \"ca.pathLength\"?");
	suggestion("keyy: rsa-2048", "did you mean \"key\"?");
	suggestion("key: rsa2048", "did you mean \"rsa-2048\"?");
	suggestion("key: p384", "did you mean \"ec-p384\"?");
	suggestion("profile: clinet", "did you mean \"client\"?");
	suggestion("keyUsage: [DigitalSignature]", "did you mean \"digitalSignature\"?");
	suggestion("validity: 30", "add the unit: 30d for days, 30h for hours");
	suggestion(
		"frobnicate: 1",
		"the keys allowed here: profile, each, name, csr, certificate, issuer, key, subject, sans, ca, "
		"keyUsage, "
		"extendedKeyUsage, "
		"validity, notBefore, notAfter, clip, serial, "
		"signature, aia, crl, certificatePolicies, mustStaple, extensions, renewAt, onRenew, files, pkcs12 and "
		"publish");
}

/* Hostile files end early, and with one finding. */
static void test_template_bad__refuses_more_than_is_sane(void)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF((size_t)4 << 20);
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT, u = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0}, gs = {0};
	struct gw_err err = {0};
	struct gw_ctx ctx = {0};
	unsigned i;

	gw_buf_str_add(&text, "gwcert: 1\nprofiles:\n");
	for (i = 0; i < 1001; i++)
		gw_buf_printf(&text, "  p%u: { extends: p%u }\n", i, i + 1);
	TST_CODE(gw_template_parse("t.yaml", text.data, text.len, &t, &fs, &err), GW_E_INPUT, &err);
	TST_INT_EQ(fs.count, 1);
	TST_CONTAINS(fs.first->what, "1001 members, more than the 1000");

	gw_buf_clear(&text);
	gw_buf_fill(&text, '#', GW_TEMPLATE_MAX + 1);
	TST_CODE(gw_template_read(&ctx, tst_file("big.yaml", text.data), &u, &gs, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "is larger than");
	TST_INT_EQ(gs.count, 0);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_template_bad__says_what_is_wrong_and_where),
		TST_CASE(test_template_bad__shows_the_line),
		TST_CASE(test_template_bad__has_a_case_for_every_rule),
		TST_CASE(test_template_bad__suggests_the_key_that_was_meant),
		TST_CASE(test_template_bad__refuses_more_than_is_sane),
	};

	return tst_main("template_bad", cases, GW_COUNT(cases));
}
