/* SPDX-License-Identifier: Apache-2.0 */
/* What is on disk against what is asked: what is decided, what is said, and what is left alone. */
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "issue/issue.h"
#include "rules/rules.h"
#include "tests/fault.h"
#include "tests/peer.h"
#include "tests/run.h"
#include "tests/tap.h"

/* --- a run in short --------------------------------------------------------------------------------------------- */

struct world {
	const char *dir;  /* below tst_dir() */
	const char *text; /* of the template */
	int64_t now;
	bool force;
	const char *names[4]; /* entries asked for */
	bool (*interrupted)(void);
};

struct outcome {
	enum gw_code code;
	const char *actions; /* "root:make store:keep" */
	const char *rules;   /* of the findings: "GWT022 GWT022" */
	const char *words;   /* what the findings, or the error, say */
};

static int64_t clock_now(void *self)
{
	return *(int64_t *)self;
}

static const char *joined(char *text)
{
	char *kept = tst_alloc(strlen(text) + 1);

	memcpy(kept, text, strlen(text) + 1);
	free(text);
	return kept;
}

static void tell(struct outcome *o, const struct gw_plan *plan, const struct gw_findings *fs, const struct gw_err *err)
{
	struct gw_buf actions = GW_BUF(65536), rules = GW_BUF(65536), words = GW_BUF(1 << 20);
	const struct gw_finding *f;
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		gw_buf_printf(&actions, "%s%s:%s", i > 0 ? " " : "", plan->steps[i].entry->name,
			      gw_action_word(plan->steps[i].action));
	for (f = fs->first; f != NULL; f = f->next) {
		gw_buf_printf(&rules, "%s%s", rules.len > 0 ? " " : "", f->rule->id);
		gw_buf_printf(&words, "%s: %s. %s\n", f->where.file != NULL ? f->where.file : "", f->what,
			      f->fix != NULL ? f->fix : "");
	}
	if (err->what[0] != '\0')
		gw_buf_printf(&words, "%s: %s", err->where, err->what);
	gw_buf_str_add(&actions, "");
	gw_buf_str_add(&rules, "");
	gw_buf_str_add(&words, "");
	o->actions = joined(gw_buf_take(&actions));
	o->rules = joined(gw_buf_take(&rules));
	o->words = joined(gw_buf_take(&words));
}

static struct outcome run(const struct world *w)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_PLAN_AUTO struct gw_plan plan = GW_PLAN_INIT;
	int64_t now = w->now != 0 ? w->now : TST_NOW;
	struct gw_ctx ctx = {.arena = &arena, .clock = {.now = clock_now, .self = &now}, .interrupted = w->interrupted};
	struct gw_issue_request request = {
		.t = &t, .dir = tst_path("%s", w->dir), .names = w->names, .force = w->force};
	struct gw_err err = {0};
	struct outcome o = {0};

	while (request.n_names < GW_COUNT(w->names) && w->names[request.n_names] != NULL)
		request.n_names++;
	o.code = gw_template_parse("t.yaml", w->text, strlen(w->text), &t, &fs, &err);
	if (o.code == GW_OK)
		o.code = gw_issue_run(&ctx, &request, &plan, &fs, &err);
	tell(&o, &plan, &fs, &err);
	return o;
}

/* Makes everything of a template; it must work. */
static void make(const char *dir, const char *text)
{
	struct outcome o = run(&(struct world){.dir = dir, .text = text});

	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.words, "");
}

/* --- what a folder looks like: names, inodes, times and sizes --------------------------------------------------- */

static struct gw_buf *snapshot_text;

static int add_to_snapshot(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)type;
	/* The top folder's own time changes when a run looks for the lock. */
	if (at->level > 0)
		gw_buf_printf(snapshot_text, "%s %" PRIuMAX " %o %jd.%09ld %jd\n", path, (uintmax_t)st->st_ino,
			      st->st_mode, (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
			      S_ISREG(st->st_mode) ? (intmax_t)st->st_size : 0);
	return 0;
}

static const char *snapshot(const char *dir)
{
	struct gw_buf text = GW_BUF(1 << 20);
	char *lines;

	snapshot_text = &text;
	(void)nftw(tst_path("%s", dir), add_to_snapshot, 8, FTW_PHYS);
	gw_buf_str_add(&text, "");
	lines = gw_buf_take(&text);
	return joined(lines);
}

/* --- templates -------------------------------------------------------------------------------------------------- */

#define HEAD  "gwcert: 1\ncertificates:\n"
#define ROOT  "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
#define SUB   "  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub } }\n"
#define STORE "  store: { issuer: sub, sans: [store.example.com] }\n"

static const char whole[] = HEAD STORE SUB ROOT;

/* --- cases ------------------------------------------------------------------------------------------------------ */

static void test_issue_plan__issuers_come_first_in_any_order(void)
{
	struct outcome o = run(&(struct world){.dir = "order", .text = whole});

	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	TST_STR_EQ(tst_names(tst_path("order")), ".lock root store sub");
	TST_STR_EQ(tst_names(tst_path("order/root")), "cert.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_names(tst_path("order/sub")), "cert.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_names(tst_path("order/store")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_read(tst_path("order/store/chain.pem"), NULL), tst_read(tst_path("order/sub/cert.pem"), NULL));
}

static void test_issue_plan__a_second_run_touches_nothing(void)
{
	const char *before;
	struct outcome o;

	make("twice", whole);
	before = snapshot("twice");
	o = run(&(struct world){.dir = "twice", .text = whole});
	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
	o = run(&(struct world){.dir = "twice", .text = whole, .force = true});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
	TST_STR_EQ(snapshot("twice"), before);
}

static void test_issue_plan__a_name_brings_its_issuers_and_nothing_else(void)
{
	static const char text[] = HEAD STORE SUB ROOT "  other: { issuer: self, sans: [other.example.com] }\n";
	struct outcome o = run(&(struct world){.dir = "named", .text = text, .names = {"store"}});

	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	o = run(&(struct world){.dir = "named", .text = text, .names = {"other", "store"}});
	TST_STR_EQ(o.actions, "other:make root:keep sub:keep store:keep");
	o = run(&(struct world){.dir = "named", .text = text, .names = {"stor"}});
	TST_INT_EQ(o.code, GW_E_USAGE);
	TST_CONTAINS(o.words, "has no entry \"stor\"");
}

/* Makes one template, asks for another: refused for this reason, with nothing touched. --force then does it. */
static void differs(const char *dir, const char *is, const char *asked, const char *reason)
{
	const char *before;
	struct outcome o;

	make(dir, is);
	before = snapshot(dir);
	o = run(&(struct world){.dir = dir, .text = asked});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT022");
	TST_CONTAINS(o.words, reason);
	TST_CONTAINS(o.words, "--force");
	TST_STR_EQ(snapshot(dir), before);
	o = run(&(struct world){.dir = dir, .text = asked, .force = true});
	TST_INT_EQ(o.code, GW_OK);
	TST_CONTAINS(o.actions, "a:remake");
	o = run(&(struct world){.dir = dir, .text = asked});
	TST_CONTAINS(o.actions, "a:keep");
}

#define A(keys) HEAD "  a: { issuer: self, " keys " }\n"

static void test_issue_plan__differences_are_refused_and_named(void)
{
	differs("d1", A("sans: [a.example.com]"), A("sans: [a.example.com, b.example.com]"),
		"its names are a.example.com; asked are a.example.com, b.example.com");
	differs("d2", A("sans: [a.example.com]"), A("sans: [a.example.com], subject: { organization: X }"),
		"its subject is \"CN=a.example.com\", asked is \"CN=a.example.com,O=X\"");
	differs("d3", A("sans: [a.example.com]"), A("sans: [a.example.com], key: ec-p384"),
		"its key is ECDSA P-256, asked is ec-p384");
	differs("d4", A("sans: [a.example.com]"),
		A("sans: [a.example.com], keyUsage: [digitalSignature, keyAgreement]"), "its key usage differs");
	differs("d5", A("sans: [a.example.com]"),
		A("sans: [a.example.com], extendedKeyUsage: [serverAuth, clientAuth]"),
		"its extended key usage differs");
	differs("d6", A("ca: {}, subject: { commonName: A }"), A("ca: { pathLength: 0 }, subject: { commonName: A }"),
		"its path length differs");
	differs("d7", A("sans: [a.example.com], subject: { commonName: A }"),
		A("ca: {}, sans: [a.example.com], subject: { commonName: A }"), "it is no CA, asked is one");
	differs("d8", A("sans: [a.example.com], validity: 30d"), A("sans: [a.example.com], validity: 60d"),
		"its validity is 30 days, asked is 60 days");
	differs("d9", A("sans: [a.example.com], validity: 60d"), A("sans: [a.example.com], validity: 30d"),
		"its validity is 60 days, asked is 30 days");
}

static void test_issue_plan__another_issuer_is_a_difference(void)
{
	differs("i1", HEAD ROOT "  a: { issuer: self, sans: [a.example.com] }\n",
		HEAD ROOT "  a: { issuer: root, sans: [a.example.com] }\n",
		"it is not signed by \"root\" as that is now");
	differs("i2", HEAD ROOT "  a: { issuer: root, sans: [a.example.com] }\n",
		HEAD ROOT "  a: { issuer: self, sans: [a.example.com] }\n", "it is not self-signed");
}

static void test_issue_plan__expired_is_a_difference(void)
{
	static const char text[] = A("sans: [a.example.com], validity: 1d");
	struct outcome o;

	make("expired", text);
	o = run(&(struct world){.dir = "expired", .text = text, .now = TST_NOW + GW_DAY}); /* notAfter is inclusive */
	TST_STR_EQ(o.actions, "a:keep");
	o = run(&(struct world){.dir = "expired", .text = text, .now = TST_NOW + GW_DAY + 1});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "it expired at 2026-11-24T12:00:00Z");
	o = run(&(struct world){.dir = "expired", .text = text, .now = TST_NOW - GW_DAY});
	TST_CONTAINS(o.words, "it is not valid before 2026-11-23T11:55:00Z");
}

static void test_issue_plan__a_broken_pair_is_a_difference(void)
{
	static const char text[] =
		HEAD "  a: { issuer: self, sans: [a.example.com] }\n  b: { issuer: self, sans: [b.example.com] }\n";
	struct outcome o;

	make("pair", text);
	(void)tst_file("pair/a/key.pem", tst_read(tst_path("pair/b/key.pem"), NULL));
	o = run(&(struct world){.dir = "pair", .text = text});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "its key and certificate do not belong together");
	TST_INT_EQ(unlink(tst_path("pair/a/key.pem")), 0);
	o = run(&(struct world){.dir = "pair", .text = text});
	TST_CONTAINS(o.words, "key.pem is missing");
	(void)tst_file("pair/a/key.pem", "not a key");
	o = run(&(struct world){.dir = "pair", .text = text});
	TST_CONTAINS(o.words, "key.pem cannot be read");
	(void)tst_file("pair/b/cert.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	o = run(&(struct world){.dir = "pair", .text = text});
	TST_CONTAINS(o.words, "cert.pem cannot be read");
	TST_STR_EQ(o.rules, "GWT022 GWT022");
	o = run(&(struct world){.dir = "pair", .text = text, .force = true});
	TST_STR_EQ(o.actions, "a:remake b:remake");
	o = run(&(struct world){.dir = "pair", .text = text});
	TST_STR_EQ(o.actions, "a:keep b:keep");
}

/* A file that follows from key and certificate is no reason for a new key. */
static void test_issue_plan__derived_files_are_made_again(void)
{
	const char *key, *cert, *chain;
	struct outcome o;

	make("derived", whole);
	key = tst_read(tst_path("derived/store/key.pem"), NULL);
	cert = tst_read(tst_path("derived/store/cert.pem"), NULL);
	chain = tst_read(tst_path("derived/store/fullchain.pem"), NULL);
	(void)unlink(tst_path("derived/store/chain.pem"));
	(void)unlink(tst_path("derived/store/fullchain.pem"));
	(void)unlink(tst_path("derived/store/csr.pem"));
	o = run(&(struct world){.dir = "derived", .text = whole});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	TST_STR_EQ(tst_read(tst_path("derived/store/key.pem"), NULL), key);
	TST_STR_EQ(tst_read(tst_path("derived/store/cert.pem"), NULL), cert);
	TST_STR_EQ(tst_read(tst_path("derived/store/fullchain.pem"), NULL), chain);
	TST_STR_EQ(tst_names(tst_path("derived/store")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_INT_EQ(tst_mode(tst_path("derived/store/key.pem")), 0600);

	(void)tst_file("derived/store/fullchain.pem", cert); /* there, but not what it should be: somebody's hand */
	o = run(&(struct world){.dir = "derived", .text = whole});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "fullchain.pem is not what belongs there");
	o = run(&(struct world){.dir = "derived", .text = whole, .force = true});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	TST_STR_EQ(tst_read(tst_path("derived/store/key.pem"), NULL), key);
}

static const char renamed[] = HEAD STORE SUB "  root: { issuer: self, ca: {}, subject: { commonName: New Root } }\n";

static void test_issue_plan__a_new_ca_takes_its_children_with_it(void)
{
	const char *before;
	struct outcome o;

	make("family", whole);
	before = snapshot("family");
	o = run(&(struct world){.dir = "family", .text = renamed});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT022");
	o = run(&(struct world){.dir = "family", .text = renamed, .force = true, .names = {"root"}});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT024");
	TST_CONTAINS(o.words, "a new \"root\" would orphan \"sub\"");
	o = run(&(struct world){.dir = "family", .text = renamed, .force = true, .names = {"root", "store"}});
	TST_INT_EQ(o.code, GW_E_REFUSED); /* sub only comes along: it is not to be replaced */
	TST_CONTAINS(o.words, "its issuer \"root\" is made anew");
	TST_CONTAINS(o.words, "it is only an issuer here");
	o = run(&(struct world){.dir = "family", .text = renamed, .force = true, .names = {"store"}});
	TST_INT_EQ(o.code, GW_E_REFUSED); /* nor is a root replaced because of a leaf */
	TST_STR_EQ(snapshot("family"), before);
	o = run(&(struct world){.dir = "family", .text = renamed, .force = true});
	TST_STR_EQ(o.actions, "root:remake sub:remake store:remake");
	o = run(&(struct world){.dir = "family", .text = renamed});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
}

/* A root that was lost is not quietly made again beside what the old one signed. */
static void test_issue_plan__a_lost_root_is_not_replaced_unasked(void)
{
	struct outcome o;

	make("lost", whole);
	TST_INT_EQ(rename(tst_path("lost/root"), tst_path("lost-root")), 0);
	o = run(&(struct world){.dir = "lost", .text = whole});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "its issuer \"root\" is made anew");
	o = run(&(struct world){.dir = "lost", .text = whole, .names = {"root"}});
	TST_STR_EQ(o.rules, "GWT024");
	CU_ASSERT(!tst_exists(tst_path("lost/root")));
	TST_INT_EQ(rename(tst_path("lost-root"), tst_path("lost/root")), 0);
	o = run(&(struct world){.dir = "lost", .text = whole});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
}

static void test_issue_plan__an_exposed_ca_key_is_refused(void)
{
	struct outcome o;

	make("exposed", whole);
	TST_INT_EQ(chmod(tst_path("exposed/sub/key.pem"), 0640), 0);
	o = run(&(struct world){.dir = "exposed", .text = whole});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT023");
	TST_CONTAINS(o.words, "chmod 600");
}

static void test_issue_plan__links_are_not_followed(void)
{
	static const char text[] = A("sans: [a.example.com]");
	struct outcome o;

	(void)tst_file("elsewhere/keep", "precious");
	(void)tst_file("linked/x", "");
	TST_INT_EQ(symlink(tst_path("elsewhere"), tst_path("linked/a")), 0);
	o = run(&(struct world){.dir = "linked", .text = text, .force = true});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT025");
	TST_STR_EQ(tst_names(tst_path("elsewhere")), "keep");
	(void)tst_file("file/a", "a file");
	o = run(&(struct world){.dir = "file", .text = text, .force = true});
	TST_STR_EQ(o.rules, "GWT025");
	/* A link in the place of a key: never read, never written through. */
	make("linkkey", text);
	(void)rename(tst_path("linkkey/a/key.pem"), tst_path("elsewhere/key.pem"));
	TST_INT_EQ(symlink(tst_path("elsewhere/key.pem"), tst_path("linkkey/a/key.pem")), 0);
	o = run(&(struct world){.dir = "linkkey", .text = text});
	TST_CONTAINS(o.words, "key.pem is a symbolic link");
	o = run(&(struct world){.dir = "linkkey", .text = text, .force = true});
	TST_STR_EQ(o.actions, "a:remake");
	TST_INT_EQ(tst_mode(tst_path("linkkey/a/key.pem")), 0600);
	CU_ASSERT(strcmp(tst_read(tst_path("linkkey/a/key.pem"), NULL),
			 tst_read(tst_path("elsewhere/key.pem"), NULL)) != 0);
}

static void test_issue_plan__a_pipe_does_not_hang_it(void)
{
	static const char text[] = A("sans: [a.example.com]");
	struct outcome o;

	(void)tst_file("pipe/a/x", "");
	TST_INT_EQ(mkfifo(tst_path("pipe/a/key.pem"), 0600), 0);
	o = run(&(struct world){.dir = "pipe", .text = text});
	TST_CONTAINS(o.words, "key.pem is not a regular file");
}

static void test_issue_plan__other_files_stay_and_stale_chains_go(void)
{
	static const char text[] = HEAD ROOT SUB "  store: { issuer: root, sans: [store.example.com] }\n";
	struct outcome o;

	make("stale", whole);
	(void)tst_file("stale/store/notes.txt", "mine");
	o = run(&(struct world){.dir = "stale", .text = text, .force = true, .names = {"store"}});
	TST_STR_EQ(o.actions, "root:keep store:remake");
	TST_STR_EQ(tst_names(tst_path("stale/store")), "cert.pem csr.pem fullchain.pem key.pem notes.txt");
	(void)tst_file("fresh/store/notes.txt", "mine"); /* a folder without any of gwcert's files is not there yet */
	o = run(&(struct world){.dir = "fresh", .text = text});
	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	TST_STR_EQ(tst_names(tst_path("fresh/store")), "cert.pem csr.pem fullchain.pem key.pem notes.txt");
}

static void test_issue_plan__life_is_cut_to_the_issuer(void)
{
	static const char ca[] =
		HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n";
	static const char cut[] =
		HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n"
		     "  a: { issuer: root, sans: [a.example.com] }\n";
	static const char asked[] =
		HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n"
		     "  b: { issuer: root, sans: [b.example.com], validity: 60d }\n";
	int64_t later = TST_NOW + 50 * GW_DAY;
	const char *before;
	struct outcome o;
	struct tst_peer p;

	make("life", ca);
	before = snapshot("life");
	o = run(&(struct world){.dir = "life", .text = asked, .now = later});
	TST_INT_EQ(o.code, GW_E_INPUT);
	TST_STR_EQ(o.rules, "GWT014");
	TST_CONTAINS(o.words, "t.yaml: \"b\" would outlive its issuer. use 50d or less");
	TST_STR_EQ(snapshot("life"), before);
	o = run(&(struct world){.dir = "life", .text = cut, .now = later});
	TST_STR_EQ(o.actions, "root:keep a:make");
	o = run(&(struct world){.dir = "life", .text = cut, .now = later});
	TST_STR_EQ(o.actions, "root:keep a:keep");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-dates", "-in", tst_path("life/a/cert.pem"), NULL);
	TST_STR_EQ(p.out, "notBefore=Jan 12 11:55:00 2027 GMT\nnotAfter=Mar  3 12:00:00 2027 GMT\n");
}

static bool always(void)
{
	return true;
}

static void test_issue_plan__interrupted_writes_nothing(void)
{
	struct outcome o = run(&(struct world){.dir = "cut", .text = whole, .interrupted = always});

	TST_INT_EQ(o.code, GW_E_IO);
	TST_CONTAINS(o.words, "interrupted; nothing was written");
	TST_STR_EQ(tst_names(tst_path("cut")), NULL);
}

/* --- faults ----------------------------------------------------------------------------------------------------- */

static int work(void *arg)
{
	return (int)run(arg).code;
}

/* Whatever is on disk is whole: each entry that is there has a key and a certificate that are a pair. */
static void check_whole(const char *dir, const char *entry)
{
	const char *folder = tst_path("%s/%s", dir, entry);

	if (!tst_exists(folder))
		return;
	CU_ASSERT(tst_exists(tst_path("%s/%s/key.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/cert.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/csr.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/fullchain.pem", dir, entry)));
}

static void test_issue_plan__killed_anywhere_the_next_run_converges(void)
{
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; n < 1000; n++) {
		const char *dir = gw_strdup(tst_path("kill%u", n));
		struct world w = {.dir = strrchr(dir, '/') + 1, .text = whole};
		bool killed = tst_kill_at(n, work, &w);
		struct outcome o;

		check_whole(w.dir, "root");
		check_whole(w.dir, "sub");
		check_whole(w.dir, "store");
		o = run(&w);
		TST_INT_EQ(o.code, GW_OK);
		TST_STR_EQ(o.words, "");
		o = run(&w);
		TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
		TST_STR_EQ(tst_names(tst_path("%s", w.dir)), ".lock root store sub");
		free((char *)dir);
		if (!killed)
			break;
	}
	CU_ASSERT(n > 20 && n < 1000);
}

static void test_issue_plan__a_full_disk_leaves_nothing_half(void)
{
	unsigned n;
	int status;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; n < 1000; n++) {
		const char *dir = gw_strdup(tst_path("full%u", n));
		struct world w = {.dir = strrchr(dir, '/') + 1, .text = whole};
		bool hit = tst_fail_at(n, 28 /* ENOSPC */, work, &w, &status);
		struct outcome o;

		CU_ASSERT(status < 128);
		check_whole(w.dir, "root");
		check_whole(w.dir, "sub");
		check_whole(w.dir, "store");
		if (status == 0) {
			o = run(&w);
			TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
		}
		o = run(&w);
		TST_INT_EQ(o.code, GW_OK);
		free((char *)dir);
		if (!hit)
			break;
	}
	CU_ASSERT(n > 20 && n < 1000);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_issue_plan__issuers_come_first_in_any_order),
		TST_CASE(test_issue_plan__a_second_run_touches_nothing),
		TST_CASE(test_issue_plan__a_name_brings_its_issuers_and_nothing_else),
		TST_CASE(test_issue_plan__differences_are_refused_and_named),
		TST_CASE(test_issue_plan__another_issuer_is_a_difference),
		TST_CASE(test_issue_plan__expired_is_a_difference),
		TST_CASE(test_issue_plan__a_broken_pair_is_a_difference),
		TST_CASE(test_issue_plan__derived_files_are_made_again),
		TST_CASE(test_issue_plan__a_new_ca_takes_its_children_with_it),
		TST_CASE(test_issue_plan__a_lost_root_is_not_replaced_unasked),
		TST_CASE(test_issue_plan__an_exposed_ca_key_is_refused),
		TST_CASE(test_issue_plan__links_are_not_followed),
		TST_CASE(test_issue_plan__a_pipe_does_not_hang_it),
		TST_CASE(test_issue_plan__other_files_stay_and_stale_chains_go),
		TST_CASE(test_issue_plan__life_is_cut_to_the_issuer),
		TST_CASE(test_issue_plan__interrupted_writes_nothing),
		TST_CASE(test_issue_plan__killed_anywhere_the_next_run_converges),
		TST_CASE(test_issue_plan__a_full_disk_leaves_nothing_half),
	};

	return tst_main("issue_plan", cases, GW_COUNT(cases));
}
