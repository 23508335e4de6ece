/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The corpus of manifests. tests/manifests/bad/NAME.yaml begin with what is wrong, then "# option complete",
 * "# option note" or "# option gke-version V" where they need it, then one line "# expect RULE LINE:COLUMN" a finding, in
 * the order of the file: these findings and no others, notes only with "note". tests/manifests/good/NAME.yaml have no
 * finding; "# avoids RULE ..." says which rules they nearly break.
 */
#include <stdio.h>
#include <string.h>

#include "lint/lint.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

struct run {
	struct gw_arena arena;
	struct gw_findings fs;
	const char *text, *path;
};

static void release(struct run *r)
{
	gw_findings_release(&r->fs);
	gw_arena_release(&r->arena);
}
#define RUN_AUTO GW_CLEANUP(release)

static void lint_file(struct run *r, const char *name)
{
	struct gw_lint_conf conf = {.ctx = tst_ctx(), .least = GW_WARNING};
	struct gw_err err = {0};
	struct gw_lint *lint;
	char version[64];
	const char *option;

	r->path = tst_source(name);
	r->text = tst_read(r->path, NULL);
	CU_ASSERT(r->text != NULL);
	if (r->text == NULL)
		return;
	conf.complete = strstr(r->text, "\n# option complete\n") != NULL;
	if (strstr(r->text, "\n# option note\n") != NULL)
		conf.least = GW_NOTE;
	option = strstr(r->text, "\n# option gke-version ");
	if (option != NULL && sscanf(option, "\n# option gke-version %63s", version) == 1)
		conf.has_version = gw_gke_version_read(version, &conf.version);
	CU_ASSERT_EQUAL(conf.has_version, option != NULL);
	lint = gw_lint_new(&conf, &r->fs);
	TST_OK(gw_lint_read(lint, r->path, &err), &err);
	gw_lint_judge(lint);
	gw_lint_free(lint);
}

/* Calls fn for each file of a folder of the corpus. */
static size_t each_file(const char *folder, void (*fn)(const char *name, void *self), void *self)
{
	const char *at = tst_names(tst_source(folder));
	char name[128], path[256];
	size_t count = 0;

	while (at != NULL && sscanf(at, " %127s", name) == 1) {
		snprintf(path, sizeof(path), "%s/%s", folder, name);
		fn(path, self);
		count++;
		at = strchr(at + 1, ' ');
	}
	return count;
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

static void check_bad(const char *name, void *self)
{
	struct run r RUN_AUTO = {.text = NULL};
	const struct gw_finding *f;
	bool *seen = self;

	lint_file(&r, name);
	if (r.text == NULL)
		return;
	TST_STR_EQ(gw_arena_printf(&r.arena, "%s:\n%s", name, found(&r.arena, &r.fs)),
		   gw_arena_printf(&r.arena, "%s:\n%s", name, expected(&r.arena, r.text)));
	CU_ASSERT(r.fs.count > 0);
	for (f = r.fs.first; f != NULL; f = f->next)
		seen[f->rule - gw_rules] = true;
}

/* What needs a certificate that is valid now, or a key, is in test_lint_certs.c. */
static bool needs_certificate(const char *id)
{
	static const char *const ids[] = {"GWK023", "GWK040", "GWK049", "GWK068"};
	size_t i;

	for (i = 0; i < GW_COUNT(ids); i++) {
		if (strcmp(ids[i], id) == 0)
			return true;
	}
	return false;
}

static void test_lint_manifests__bad_ones_say_what_is_wrong_and_where(void)
{
	bool seen[GW_RULE_COUNT] = {false};
	size_t i;

	CU_ASSERT(each_file("tests/manifests/bad", check_bad, seen) >= 80);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		if (strncmp(gw_rules[i].id, "GWK", 3) == 0 && !seen[i] && !needs_certificate(gw_rules[i].id))
			TST_STR_EQ(gw_rules[i].id, "in the corpus");
	}
}

/* Words to a person at night. */
static void check_words(const char *name, void *self)
{
	struct run r RUN_AUTO = {.text = NULL};
	const struct gw_finding *f;

	(void)self;
	lint_file(&r, name);
	for (f = r.fs.first; f != NULL; f = f->next) {
		size_t n = strlen(f->what);

		CU_ASSERT(n > 0 && f->what[n - 1] != '.');
		CU_ASSERT(f->where.file != NULL && strstr(f->where.file, name) != NULL);
		CU_ASSERT(f->where.end_line > f->where.line || f->where.end_column >= f->where.column);
		CU_ASSERT(f->fix == NULL || f->fix[strlen(f->fix) - 1] != '.' || strstr(f->fix, "...") != NULL);
	}
}

static void test_lint_manifests__findings_are_sentences_with_a_place(void)
{
	CU_ASSERT(each_file("tests/manifests/bad", check_words, NULL) > 0);
}

static void check_good(const char *name, void *self)
{
	struct run r RUN_AUTO = {.text = NULL};
	bool *avoided = self;
	const char *at;
	char id[16];

	lint_file(&r, name);
	if (r.text == NULL)
		return;
	TST_STR_EQ(gw_arena_printf(&r.arena, "%s:\n%s", name, found(&r.arena, &r.fs)),
		   gw_arena_printf(&r.arena, "%s:\n", name));
	at = strstr(r.text, "# avoids");
	for (at = at != NULL ? at + 8 : NULL; at != NULL && sscanf(at, " %15s", id) == 1 && *at == ' '; at += 7) {
		const struct gw_rule *rule = gw_rule_find(id);

		CU_ASSERT(rule != NULL);
		if (rule != NULL)
			avoided[rule - gw_rules] = true;
	}
}

static void test_lint_manifests__good_ones_have_no_finding(void)
{
	bool avoided[GW_RULE_COUNT] = {false};
	size_t i;

	CU_ASSERT(each_file("tests/manifests/good", check_good, avoided) >= 15);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		if (strncmp(gw_rules[i].id, "GWK", 3) == 0 && !avoided[i] && !needs_certificate(gw_rules[i].id) &&
		    strcmp(gw_rules[i].id, "GWK048") != 0 && strcmp(gw_rules[i].id, "GWK054") != 0)
			TST_STR_EQ(gw_rules[i].id, "nearly broken by a good manifest");
	}
}

static void test_lint_manifests__versions_are_read(void)
{
	struct gw_gke_version v;

	CU_ASSERT(gw_gke_version_read("1.35.2-gke.1842000", &v));
	TST_INT_EQ(v.part[0] * 1000 + v.part[1], 1035);
	TST_INT_EQ(v.part[2], 2);
	TST_INT_EQ(v.part[3], 1842000);
	CU_ASSERT(gw_gke_version_read("1.35", &v));
	TST_INT_EQ(v.part[2], 0);
	CU_ASSERT(gw_gke_version_read("1.35-gke.7", &v));
	TST_INT_EQ(v.part[3], 7);
	CU_ASSERT_FALSE(gw_gke_version_read("", &v));
	CU_ASSERT_FALSE(gw_gke_version_read("vv1.35", &v));
	CU_ASSERT(gw_gke_version_read("v1.35", &v)); /* as kubectl version prints it */
	CU_ASSERT_FALSE(gw_gke_version_read("1.35.", &v));
	CU_ASSERT_FALSE(gw_gke_version_read("1.35.2-gke.", &v));
	CU_ASSERT_FALSE(gw_gke_version_read("1.2.3.4", &v));
	CU_ASSERT_FALSE(gw_gke_version_read("1.2.3-gke.4.5", &v));
	CU_ASSERT_FALSE(gw_gke_version_read("99999999999999999999.1", &v));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_lint_manifests__bad_ones_say_what_is_wrong_and_where),
		TST_CASE(test_lint_manifests__findings_are_sentences_with_a_place),
		TST_CASE(test_lint_manifests__good_ones_have_no_finding),
		TST_CASE(test_lint_manifests__versions_are_read),
	};

	return tst_main("lint_manifests", cases, GW_COUNT(cases));
}
