/* SPDX-License-Identifier: Apache-2.0 */
/* gen as it is typed: options, exit statuses, what is printed, and openssl's word on what was made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const char pki[] =
	"gwcert: 1\n"
	"settings: { dir: out }\n"
	"certificates:\n"
	"  root: { issuer: self, ca: { pathLength: 1 }, subject: { commonName: Root }, key: ec-p384 }\n"
	"  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub } }\n"
	"  store: { issuer: sub, sans: [store.example.com, '*.store.example.com', 203.0.113.1] }\n"
	"  prober: { issuer: sub, profile: client, sans: ['spiffe://example.com/prober'] }\n";

/* --- command lines that make no sense --------------------------------------------------------------------------- */

static void usage(const char *const *words, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_argv(&r, &(struct tst_world){TST_WORLD}, words), GW_E_USAGE);
	TST_CONTAINS(r.err, what);
	TST_STR_EQ(r.out, "");
}

#define USAGE(what, ...) usage((const char *const[]){"gen", __VA_ARGS__, NULL}, what)

static void test_gen__refuses_options_that_do_not_go_together(void)
{
	USAGE("--days: goes with --host only", "--days", "3");
	USAGE("--key-type: goes with --host only", "--key-type", "rsa-2048");
	USAGE("--profile: goes with --host only", "--profile", "client");
	USAGE("--issuer: goes with --host only", "--issuer", "x");
	USAGE("--each-host: goes with --host only", "--each-host");
	USAGE("--output: goes with --host only", "-o", "x");
	USAGE("--file: does not go with --host", "--host", "a.example.com", "-f", "x");
	USAGE("names of entries do not go with --host", "--host", "a.example.com", "store");
	USAGE("--issuer: needs --issuer-key as well", "--host", "a.example.com", "--issuer", "x");
	USAGE("--issuer-key: needs --issuer as well", "--host", "a.example.com", "--issuer-key", "x");
	USAGE("--issuer-password: needs --issuer-key", "--host", "a.example.com", "--issuer-password", "env:X");
	USAGE("--output: does not go with --dir", "--host", "a.example.com", "-o", "x", "-d", "y");
	USAGE("--output: takes one certificate", "--host", "a.example.com", "--host", "b.example.com", "--each-host",
	      "-o", "x");
	USAGE("does not go with --output", "--host", "a.example.com", "-o", "x", "--format", "json");
	USAGE("--output: is for making", "--host", "a.example.com", "-o", "x", "--plan");
	USAGE("--output: always makes a new", "--host", "a.example.com", "-o", "x", "--renew", "a.example.com");
	USAGE("did you mean rsa-2048?", "--host", "a.example.com", "--key-type", "rsa2048");
	USAGE("--profile: \"ca\" is none of server, client, backend", "--host", "a.example.com", "--profile", "ca");
	USAGE("--days", "--host", "a.example.com", "--days", "0");
	USAGE("--host: \"a_b.example.com\" has an underscore", "--host", "a_b.example.com");
	USAGE("--host: \"A.example.com\" is given twice", "--host", "a.example.com", "--host", "A.example.com");
}

/* What is given for a variable, and never its value, is told. */
static void test_gen__refuses_variables_that_are_not_the_template_s(void)
{
	const char *file =
		tst_file("vars.yaml", "gwcert: 1\n"
				      "vars: { env: { default: staging, oneOf: [staging, prod] }, name: {} }\n"
				      "certificates:\n"
				      "  a: { issuer: self, sans: [$(name).$(env).example.com] }\n");
	const char *unknown = tst_file("unknown.yaml", "nmae: a\n"), *list = tst_file("list.yaml", "- name\n");
	const char *bad = tst_file("bad.yaml", "name: hunter2'\nenv: hunter2\n");
	const char *const env[] = {"GWCERT_VAR_ENV", "hunter2", NULL};
	struct tst_run r;

	USAGE("--set: NAME=VALUE is expected", "-f", file, "--set", "env");
	USAGE("no variable \"evn\"\n  hint: did you mean \"env\"?", "-f", file, "--set", "evn=prod");
	USAGE("--set: the value of \"env\" is none of its oneOf: staging, prod", "-f", file, "--set", "env=hunter2");
	USAGE("--set: the value of \"name\" is empty", "-f", file, "--set", "name=");
	USAGE("--set: does not go with --host", "--host", "a.example.com", "--set", "a=b");
	USAGE("--vars-file: does not go with --host", "--host", "a.example.com", "--vars-file", "a");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--vars-file", unknown, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "unknown.yaml:1:1: error: the template declares no variable \"nmae\" [GWT040]");
	TST_CONTAINS(r.err, "did you mean \"name\"?");
	TST_CONTAINS(r.err, "vars.yaml:4:29: error: variable \"name\" has no value [GWT042]");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--vars-file", list, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "a file of variables must be a map, but is a list [GWT004]");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--vars-file", tst_path("none.yaml"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "none.yaml");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--vars-file", tst_file("tab.yaml", "a: b: c\n"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "tab.yaml:1:5: error: ");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--vars-file", bad, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "bad.yaml:2:6: error: the value of \"env\" from");
	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .env = env}, "gen", "-f", file, "--set", "name=a",
				NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "the value of \"env\" from GWCERT_VAR_ENV is none of its oneOf: staging, prod [GWT043]");
	TST_LACKS(r.err, "hunter2");
	CU_ASSERT(!tst_exists(tst_path("pki")));
}

static void test_gen__fills_in_variables(void)
{
	const char *file =
		tst_file("filled/t.yaml", "gwcert: 1\n"
					  "vars: { env: { default: staging, oneOf: [staging, prod] } }\n"
					  "settings: { dir: ./$(env) }\n"
					  "certificates: { a: { issuer: self, sans: [$(env).example.com] } }\n");
	struct tst_peer p;
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-f", file, NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--set", "env=prod", NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, "--set", "env=prod", NULL), GW_OK);
	TST_CONTAINS(r.out, "nothing to do");
	CU_ASSERT(tst_exists(tst_path("filled/staging/a/cert.pem")));
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-ext", "subjectAltName", "-in",
		 tst_path("filled/prod/a/cert.pem"), NULL);
	TST_CONTAINS(p.out, "DNS:prod.example.com");
}

static const char *instants(const char *leaf)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "gwcert: 1\n"
		 "certificates:\n"
		 "  root: { issuer: self, ca: {}, subject: { commonName: R }, notBefore: '2027-01-01T01:00:00+01:00',\n"
		 "          notAfter: 2037-01-01T00:00:00Z }\n"
		 "  leaf: { issuer: root, sans: [a.example.com], %s }\n",
		 leaf);
	return tst_file("instants/t.yaml", text);
}

/* The clock of these runs says 2026-11-23T12:00:00Z. */
static void test_gen__takes_instants(void)
{
	static const char good[] = "notAfter: 2036-12-31T23:59:58Z";
	struct tst_run r;
	struct tst_peer p;

	TST_INT_EQ(tst_run(&r, "gen", "-f", instants("notAfter: 2026-11-23T12:00:00Z"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "\"leaf\" would have expired already [GWT005]");
	TST_INT_EQ(tst_run(&r, "gen", "-f", instants("validity: 11y"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "\"leaf\" would outlive its issuer [GWT014]");
	TST_CONTAINS(r.err, "end it at 2037-01-01T00:00:00Z or earlier");
	CU_ASSERT(!tst_exists(tst_path("instants/pki")));
	TST_INT_EQ(tst_run(&r, "gen", "-f", instants(good), NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "gen", "-f", instants(good), NULL), GW_OK);
	TST_CONTAINS(r.out, "nothing to do");
	TST_INT_EQ(tst_run(&r, "gen", "-f", instants("notAfter: 2036-12-31T23:59:59Z"), "--plan", NULL), GW_OK);
	TST_CONTAINS(r.out, "2036-12-31T23:59:58Z");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-dates", "-in", tst_path("instants/pki/root/cert.pem"), NULL);
	TST_CONTAINS(p.out, "notBefore=Jan  1 00:00:00 2027 GMT");
	TST_CONTAINS(p.out, "notAfter=Jan  1 00:00:00 2037 GMT");
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-dates", "-in", tst_path("instants/pki/leaf/cert.pem"), NULL);
	TST_CONTAINS(p.out, "notAfter=Dec 31 23:59:58 2036 GMT");
}

static void test_gen__without_a_template_or_a_host(void)
{
	struct tst_run r;

	(void)tst_file("empty/x", "");
	TST_INT_EQ(chdir(tst_path("empty")), 0);
	TST_INT_EQ(tst_run(&r, "gen", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "there is no gwcert.yaml here");
	TST_CONTAINS(r.err, "gwcert init");
	TST_INT_EQ(tst_run(&r, "gen", "-f", "nowhere.yaml", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "nowhere.yaml");
	TST_STR_EQ(tst_names("."), "x");
}

/* --- a template ------------------------------------------------------------------------------------------------- */

static void test_gen__faults_are_told_together_and_nothing_is_written(void)
{
	const char *path =
		tst_file("bad/t.yaml", "gwcert: 1\ncertificates:\n  a: { isuer: self, san: [a.example.com] }\n");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_E_INPUT);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "t.yaml:3:8: error: unknown key \"isuer\" in certificates.a [GWT002]");
	TST_CONTAINS(r.err, "    3 |   a: { isuer: self, san: [a.example.com] }\n      |        ^^^^^\n");
	TST_CONTAINS(r.err, "path: certificates.a.isuer");
	TST_CONTAINS(r.err, "help: did you mean \"issuer\"?");
	TST_CONTAINS(r.err, "did you mean \"sans\"?");
	TST_CONTAINS(r.err, "2 errors. Nothing was written.");
	TST_STR_EQ(tst_names(tst_path("bad")), "t.yaml");

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--format", "json", NULL), GW_E_INPUT);
	TST_CONTAINS(r.out, "\"code\": \"GWT002\"");
	TST_CONTAINS(r.out, "\"line\": 3");
	TST_STR_EQ(tst_names(tst_path("bad")), "t.yaml");
}

static void test_gen__says_what_was_done(void)
{
	const char *path = tst_file("said/t.yaml", pki);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out, "said/out/store");
	TST_CONTAINS(r.out, "store.example.com and 2 more, ec-p256");
	TST_CONTAINS(r.out, "until 2036-11-20");
	TST_CONTAINS(r.out, "4 made\n");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_OK);
	TST_CONTAINS(r.out, "unchanged");
	TST_CONTAINS(r.out, "nothing to do: all entries are as asked\n");
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "store", "--format", "json", NULL), GW_OK);
	TST_CONTAINS(r.out, "\"schemaVersion\": 1");
	TST_CONTAINS(r.out, "\"unchanged\": 3");
	TST_CONTAINS(r.out, "\"name\": \"store\"");
	TST_CONTAINS(r.out, "\"ip:203.0.113.1\"");
	TST_LACKS(r.out, "prober");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "stroe", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"store\"?");
}

static void test_gen__refuses_a_key_that_is_in_the_way(void)
{
	const char *path = tst_file("differs/t.yaml", pki);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, NULL), GW_OK);
	(void)tst_file("differs/out/store/key.pem", tst_read(tst_path("differs/out/prober/key.pem"), NULL));
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_E_REFUSED);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err,
		     "\"store\" is there, but not as asked: its key and certificate do not belong together [GWT022]");
	TST_CONTAINS(r.err, "--rekey store, or --force");
	TST_CONTAINS(r.err, "Nothing was written.");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--format", "json", NULL), GW_E_REFUSED);
	TST_CONTAINS(r.out, "\"code\": \"GWT022\"");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--plan", NULL), GW_E_REFUSED);
	TST_CONTAINS(r.out, "refuse ");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--force", "store", NULL), GW_OK);
	TST_CONTAINS(r.out, "remade");
	TST_CONTAINS(r.out, "do not belong together");
	TST_CONTAINS(r.out, "the files of 1 replaced key are kept in ");
	TST_CONTAINS(r.out, "1 remade, 2 unchanged");
}

static const char changed[] =
	"gwcert: 1\n"
	"settings: { dir: out }\n"
	"certificates:\n"
	"  root: { issuer: self, ca: { pathLength: 1 }, subject: { commonName: Root }, key: ec-p384, onRenew: manual,\n"
	"          validity: 9y }\n"
	"  sub: { issuer: root, ca: { pathLength: 0 }, subject: { commonName: Sub }, validity: 1y }\n"
	"  store: { issuer: sub, sans: [store.example.com, a.example.com], onRenew: newKey }\n"
	"  extra: { issuer: sub, sans: [extra.example.com] }\n";

static void test_gen__plan_and_check(void)
{
	const char *path = tst_file("plan/t.yaml", pki), *names;
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--plan", NULL), GW_OK);
	TST_CONTAINS(r.out, "make ");
	TST_CONTAINS(r.out, "    key: new\n    it was missing\n");
	TST_CONTAINS(r.out, "4 to make\n");
	TST_STR_EQ(tst_names(tst_path("plan")), "t.yaml");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--check", NULL), GW_E_DUE);
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--check", NULL), GW_OK);
	TST_STR_EQ(r.out, "nothing to do: all entries are as asked\n");
	names = tst_names(tst_path("plan/out"));
	(void)tst_file("plan/t.yaml", changed);
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--plan", NULL), GW_OK);
	TST_CONTAINS(r.out, "wait ");
	TST_CONTAINS(r.out, "    validity: 3650 days -> 3285 days\n");
	TST_CONTAINS(r.out, "reissue ");
	TST_CONTAINS(r.out, "    key: kept\n    validity: 3650 days -> 365 days\n");
	TST_CONTAINS(r.out, "remake ");
	TST_CONTAINS(r.out, "    key: new\n    names: + a.example.com\n    names: - *.store.example.com\n"
			    "    names: - 203.0.113.1\n");
	TST_CONTAINS(r.out, "archive ");
	TST_CONTAINS(r.out, "plan/out/prober\n    the template has no entry of this name\n");
	TST_CONTAINS(r.out, "1 to make, 1 to reissue, 1 to remake, 1 waiting, 1 to archive\n");
	TST_CONTAINS(r.err, "\"root\" is to be made anew, and waits for your word");
	TST_CONTAINS(r.err, "1 warning.");
	TST_LACKS(r.err, "Nothing was written");
	TST_STR_EQ(tst_names(tst_path("plan/out")), names);

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--check", "--format", "json", NULL), GW_E_DUE);
	TST_CONTAINS(r.out, "\"planned\": true");
	TST_CONTAINS(r.out, "\"due\": true");
	TST_CONTAINS(r.out, "\"action\": \"reissue\"");
	TST_CONTAINS(r.out, "\"key\": \"kept\"");
	TST_CONTAINS(r.out, "\"field\": \"validity\"");
	TST_CONTAINS(r.out, "\"asked\": \"365 days\"");
	TST_CONTAINS(r.out, "\"archived\": [\n    \"prober\"\n  ]");
	TST_CONTAINS(r.out, "\"code\": \"GWT050\"");
	TST_STR_EQ(r.err, "");

	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_OK);
	TST_CONTAINS(r.out, "1 made, 1 reissued, 1 remade, 1 waiting, 1 archived\n");
	TST_CONTAINS(r.out, "1 entry that the template no longer has moved to ");
	TST_CONTAINS(r.out, "/out/.archive: prober\n");
	TST_CONTAINS(r.err, "gwcert gen --renew root");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--check", "extra", NULL), GW_E_DUE); /* the root still waits */
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--renew", "root", NULL), GW_OK);
	TST_CONTAINS(r.out, "CA, ec-p384, key kept");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--check", NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--rekey", "stroe", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"store\"?");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--rekey", "store", "--plan", NULL), GW_OK);
	TST_CONTAINS(r.out, "--rekey asks for it");
}

static void test_gen__on_change(void)
{
	const char *path = tst_file("hook/t.yaml", pki), *out = tst_path("hook/seen"), *command;
	struct tst_run r;
	char line[4096];

	snprintf(line, sizeof(line),
		 "printf 'changed <%%s> archived <%%s> secret <%%s>\\n' \"$GWCERT_CHANGED\" "
		 "\"$GWCERT_ARCHIVED\" \"$GWCERT_VAR_PASS$ISSUER_PASS\" >>'%s'; cat",
		 out);
	command = line;
	TST_INT_EQ(setenv("GWCERT_VAR_PASS", "swordfish", 1) | setenv("ISSUER_PASS", "swordfish", 1), 0);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "--on-change", command, "--issuer-password", "env:ISSUER_PASS",
			   NULL),
		   GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "--on-change", command, "--plan", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--on-change: is for a run that changes something");
	TST_INT_EQ(unsetenv("ISSUER_PASS"), 0);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "--on-change", command, NULL), GW_OK);
	TST_STR_EQ(tst_read(out, NULL), "changed <root\nsub\nstore\nprober> archived <> secret <>\n");
	(void)unlink(out);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "--on-change", command, NULL), GW_OK);
	CU_ASSERT(!tst_exists(out)); /* nothing changed */
	(void)tst_file("hook/t.yaml", changed);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "--on-change", command, NULL), GW_OK);
	TST_STR_EQ(tst_read(out, NULL), "changed <sub\nstore\nextra> archived <prober> secret <>\n");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--renew", "store", "--on-change", "exit 3", NULL), GW_E_PARTIAL);
	TST_CONTAINS(r.err, "--on-change: the command failed with exit status 3");
	TST_CONTAINS(r.err, "what gen made is in place");
	TST_CONTAINS(r.out, "1 remade");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--renew", "store", "--on-change", "kill -9 $$", NULL), GW_E_PARTIAL);
	TST_CONTAINS(r.err, "ended by signal 9");
	TST_INT_EQ(unsetenv("GWCERT_VAR_PASS"), 0);
}

static void test_gen__dir_comes_before_the_template(void)
{
	const char *path = tst_file("dir/t.yaml", pki);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, "-d", tst_path("dir/other"), NULL), GW_OK);
	TST_STR_EQ(tst_names(tst_path("dir")), "other t.yaml");
	TST_INT_EQ(tst_run_in(&r, pki, "gen", "-q", "-f", "-", "-d", tst_path("dir/stdin"), NULL), GW_OK);
	TST_STR_EQ(tst_names(tst_path("dir/stdin")), ".lock prober root store sub");
}

/* --- openssl's word --------------------------------------------------------------------------------------------- */

static void verified(const char *dir, const char *entry, const char *purpose)
{
	const char *untrusted = tst_path("%s/%s/fullchain.pem", dir, entry);
	struct tst_peer p;

	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", purpose, "-CAfile",
		 tst_path("%s/root/cert.pem", dir), "-untrusted", untrusted, tst_path("%s/%s/cert.pem", dir, entry),
		 NULL);
	TST_INT_EQ(p.status, 0);
	TST_STR_EQ(p.err, "");
	tst_peer(&p, NULL, "openssl", "req", "-noout", "-verify", "-in", tst_path("%s/%s/csr.pem", dir, entry), NULL);
	TST_INT_EQ(p.status, 0);
	tst_peer(&p, NULL, "openssl", "pkey", "-noout", "-check", "-in", tst_path("%s/%s/key.pem", dir, entry), NULL);
	TST_INT_EQ(p.status, 0);
}

static const char *extension(const char *path, const char *name)
{
	struct tst_peer p;

	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-ext", name, "-in", path, NULL);
	return p.out;
}

static void test_gen__openssl_agrees(void)
{
	const char *path = tst_file("agree/t.yaml", pki), *leaf;
	struct tst_run r;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_OK);
	verified("agree/out", "store", "sslserver");
	verified("agree/out", "prober", "sslclient");
	verified("agree/out", "sub", "any");
	verified("agree/out", "root", "any");
	leaf = tst_path("agree/out/store/cert.pem");
	TST_STR_EQ(extension(leaf, "subjectAltName"), "X509v3 Subject Alternative Name: \n    DNS:store.example.com, "
						      "DNS:*.store.example.com, IP Address:203.0.113.1\n");
	TST_STR_EQ(extension(leaf, "keyUsage"), "X509v3 Key Usage: critical\n    Digital Signature\n");
	TST_STR_EQ(extension(leaf, "extendedKeyUsage"),
		   "X509v3 Extended Key Usage: \n    TLS Web Server Authentication\n");
	TST_STR_EQ(extension(leaf, "basicConstraints"), "X509v3 Basic Constraints: critical\n    CA:FALSE\n");
	TST_STR_EQ(extension(tst_path("agree/out/sub/cert.pem"), "basicConstraints"),
		   "X509v3 Basic Constraints: critical\n    CA:TRUE, pathlen:0\n");
	TST_STR_EQ(extension(tst_path("agree/out/sub/cert.pem"), "keyUsage"),
		   "X509v3 Key Usage: critical\n    Certificate Sign, CRL Sign\n");
	TST_STR_EQ(extension(tst_path("agree/out/prober/cert.pem"), "subjectAltName"), /* empty subject: critical */
		   "X509v3 Subject Alternative Name: critical\n    URI:spiffe://example.com/prober\n");
	TST_INT_EQ(tst_mode(tst_path("agree/out/store/key.pem")), 0600);
}

static void test_gen__every_kind_of_key(void)
{
	static const char *const words[] = {"rsa-2048", "rsa-3072", "ec-p256", "ec-p384", "ec-p521", "ed25519"};
	static const char *const said[] = {"Public-Key: (2048 bit)", "Public-Key: (3072 bit)", "NIST CURVE: P-256",
					   "NIST CURVE: P-384",      "NIST CURVE: P-521",      "ED25519"};
	struct tst_run r;
	struct tst_peer p;
	size_t i;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	for (i = 0; i < GW_COUNT(words); i++) {
		const char *file = tst_path("kind-%s.pem", words[i]);

		TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--key-type", words[i], "-o", file, NULL),
			   GW_OK);
		tst_peer(&p, NULL, "openssl", "x509", "-noout", "-text", "-in", file, NULL);
		TST_CONTAINS(p.out, said[i]);
		tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose",
			 "sslserver", "-CAfile", file, file, NULL);
		TST_INT_EQ(p.status, 0);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_gen__refuses_options_that_do_not_go_together),
		TST_CASE(test_gen__refuses_variables_that_are_not_the_template_s),
		TST_CASE(test_gen__fills_in_variables),
		TST_CASE(test_gen__takes_instants),
		TST_CASE(test_gen__without_a_template_or_a_host),
		TST_CASE(test_gen__faults_are_told_together_and_nothing_is_written),
		TST_CASE(test_gen__says_what_was_done),
		TST_CASE(test_gen__refuses_a_key_that_is_in_the_way),
		TST_CASE(test_gen__plan_and_check),
		TST_CASE(test_gen__on_change),
		TST_CASE(test_gen__dir_comes_before_the_template),
		TST_CASE(test_gen__openssl_agrees),
		TST_CASE(test_gen__every_kind_of_key),
	};

	return tst_main("gen", cases, GW_COUNT(cases));
}
