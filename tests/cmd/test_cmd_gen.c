/* SPDX-License-Identifier: Apache-2.0 */
/* gen as it is typed: options, exit statuses, what is printed, and openssl's word on what was made. */
#include <stdio.h>
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
	USAGE("does not go with --format json", "--host", "a.example.com", "-o", "x", "--format", "json");
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
	TST_INT_EQ(tst_run(&r, "gen", "-f", instants("notAfter: 2036-12-31T23:59:59Z"), NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "2036-12-31T23:59:58Z");
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

static void test_gen__refuses_what_differs(void)
{
	const char *path = tst_file("differs/t.yaml", pki);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "-q", "-f", path, NULL), GW_OK);
	(void)unlink(tst_path("differs/out/store/key.pem"));
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, NULL), GW_E_REFUSED);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "\"store\" is there, but not as asked: key.pem is missing [GWT022]");
	TST_CONTAINS(r.err, "--force");
	TST_CONTAINS(r.err, "Nothing was written.");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--format", "json", NULL), GW_E_REFUSED);
	TST_CONTAINS(r.out, "\"code\": \"GWT022\"");
	TST_INT_EQ(tst_run(&r, "gen", "-f", path, "--force", "store", NULL), GW_OK);
	TST_CONTAINS(r.out, "remade");
	TST_CONTAINS(r.out, "key.pem is missing");
	TST_CONTAINS(r.out, "1 remade, 2 unchanged");
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

/* --- hosts ------------------------------------------------------------------------------------------------------ */

static void test_gen__hosts_into_folders(void)
{
	const char *dir = tst_path("hosts");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "--host", "example.com", "-d", dir, NULL), GW_OK);
	TST_STR_EQ(tst_names(dir), ".lock _wildcard.example.com");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "--host", "example.com", "-d", dir, NULL), GW_OK);
	TST_CONTAINS(r.out, "nothing to do: the entry is as asked");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "-d", dir, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "its names are");
	TST_INT_EQ(
		tst_run(&r, "gen", "--host", "a.example.com", "--host", "2001:db8::1", "--each-host", "-d", dir, NULL),
		GW_OK);
	TST_STR_EQ(tst_names(dir), ".lock 2001-db8--1 _wildcard.example.com a.example.com");
	TST_INT_EQ(chdir(tst_dir()), 0);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "--host", "127.0.0.1", NULL), GW_OK);
	TST_CONTAINS(tst_names(tst_path("pki")), "127.0.0.1");
}

static void test_gen__one_file(void)
{
	const char *path = tst_path("one.pem"), *first;
	struct tst_world terminal = {TST_WORLD, .out_tty = true};
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "--days", "30", "-o", path, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "made a key and a certificate for store.example.com, good until 2026-12-23T12:00:00Z");
	TST_INT_EQ(tst_mode(path), 0600);
	first = tst_read(path, NULL);
	CU_ASSERT(strncmp(first, "-----BEGIN PRIVATE KEY-----\n", 28) == 0);
	TST_CONTAINS(first, "-----BEGIN CERTIFICATE-----");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", path, NULL), GW_E_REFUSED);
	TST_STR_EQ(tst_read(path, NULL), first);
	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", path, "--force", NULL), GW_OK);
	CU_ASSERT(strcmp(tst_read(path, NULL), first) != 0);

	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", "-", NULL), GW_OK);
	CU_ASSERT(strncmp(r.out, "-----BEGIN PRIVATE KEY-----\n", 28) == 0);
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(tst_run_with(&r, &terminal, "gen", "--host", "store.example.com", "-o", "-", NULL), GW_E_REFUSED);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "is a terminal");
	TST_INT_EQ(tst_run_with(&r, &terminal, "gen", "--host", "store.example.com", "-o", "-", "--force", NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "PRIVATE KEY");
}

/* --- a CA from outside ------------------------------------------------------------------------------------------ */

/* Root and intermediate, as files: the intermediate first, then the root. */
static const struct tst_id *outside(void)
{
	const struct tst_id *root = tst_ca("Outside Root", NULL), *sub = tst_ca("Outside Sub", root);

	(void)tst_file("ca/root.pem", tst_pem(root, NULL));
	(void)tst_file("ca/ca.pem", tst_pem(sub, root, NULL));
	(void)tst_file("ca/ca.key", tst_key_pem(sub));
	(void)tst_file("ca/root.key", tst_key_pem(root));
	TST_INT_EQ(chmod(tst_path("ca/ca.key"), 0600), 0);
	TST_INT_EQ(chmod(tst_path("ca/root.key"), 0600), 0);
	return sub;
}

static void test_gen__a_ca_from_outside_signs(void)
{
	const char *dir = tst_path("signed");
	struct tst_peer p;
	struct tst_run r;

	(void)outside();
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "-d", dir, NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "until 2026-12-23"); /* 90 days are cut to the issuer's 30 */
	TST_STR_EQ(tst_names(tst_path("signed/a.example.com")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "-d", dir, NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "nothing to do");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/root.pem"), "--issuer-key",
			   tst_path("ca/root.key"), "-d", dir, NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "it is not signed by the issuer given");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslserver",
		 "-CAfile", tst_path("ca/root.pem"), "-untrusted", tst_path("signed/a.example.com/chain.pem"),
		 tst_path("signed/a.example.com/cert.pem"), NULL);
	TST_INT_EQ(p.status, 0);
}

static void issuer_refused(const char *cert, const char *key, enum gw_code code, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", cert, "--issuer-key", key, "-d",
			   tst_path("never"), NULL),
		   code);
	TST_CONTAINS(r.err, what);
	CU_ASSERT(!tst_exists(tst_path("never")));
}

static void test_gen__a_ca_that_cannot_sign(void)
{
	const struct tst_id *sub = outside(), *leaf = tst_leaf("leaf.example.com", sub);
	const struct tst_id *old = tst_issue(
		&(struct tst_spec){
			.cn = "Old", .ca = true, .not_before = TST_NOW - 9 * GW_DAY, .not_after = TST_NOW - GW_DAY},
		NULL);
	const char *leaf_key = tst_file("ca/leaf.key", tst_key_pem(leaf)),
		   *old_key = tst_file("ca/old.key", tst_key_pem(old));
	const struct tst_id *early = tst_issue(
		&(struct tst_spec){
			.cn = "Early", .ca = true, .not_before = TST_NOW + GW_DAY, .not_after = TST_NOW + 9 * GW_DAY},
		NULL);
	const struct tst_id *mute =
		tst_issue(&(struct tst_spec){.cn = "Mute", .ca = true, .key_usage = GW_KU_CRL_SIGN}, NULL);
	const struct tst_id *clients =
		tst_issue(&(struct tst_spec){.cn = "Clients", .ca = true, .eku = "clientAuth"}, NULL);
	const char *open_key = tst_file("ca/open.key", tst_key_pem(sub));
	const char *early_key = tst_file("ca/early.key", tst_key_pem(early));
	const char *mute_key = tst_file("ca/mute.key", tst_key_pem(mute));
	const char *clients_key = tst_file("ca/clients.key", tst_key_pem(clients));
	struct tst_run r;

	TST_INT_EQ(chmod(leaf_key, 0600) | chmod(old_key, 0600) | chmod(open_key, 0644) | chmod(early_key, 0600) |
			   chmod(mute_key, 0600) | chmod(clients_key, 0600),
		   0);
	issuer_refused(tst_path("ca/ca.pem"), open_key, GW_E_REFUSED, "others can read it (mode 0644)");
	issuer_refused(tst_path("ca/ca.pem"), leaf_key, GW_E_INPUT, "does not belong to the issuer's key");
	issuer_refused(tst_file("ca/leaf.pem", tst_pem(leaf, NULL)), leaf_key, GW_E_INPUT, "is no CA");
	issuer_refused(tst_file("ca/old.pem", tst_pem(old, NULL)), old_key, GW_E_INPUT,
		       "the issuer expired at 2026-11-22");
	issuer_refused(tst_file("ca/early.pem", tst_pem(early, NULL)), early_key, GW_E_INPUT,
		       "not valid before 2026-11-24");
	issuer_refused(tst_file("ca/mute.pem", tst_pem(mute, NULL)), mute_key, GW_E_INPUT, "no client would accept");
	issuer_refused(tst_file("ca/clients.pem", tst_pem(clients, NULL)), clients_key, GW_E_INPUT,
		       "no client would accept");
	issuer_refused(tst_file("ca/order.pem", tst_pem(sub, leaf, NULL)), tst_path("ca/ca.key"), GW_E_INPUT,
		       "certificate 2 of the file did not issue the one before it");
	issuer_refused(tst_path("ca/none.pem"), tst_path("ca/ca.key"), GW_E_INPUT, "none.pem");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "--days", "60", "-o", "-", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "would outlive its issuer");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "--days", "60", "-d", tst_path("never-made"), NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "Nothing was written");
	CU_ASSERT(!tst_exists(tst_path("never-made")));
}

static void test_gen__an_encrypted_issuer_key(void)
{
	static const char *const env[] = {"CA_PASS", "swordfish", "WRONG", "x", NULL};
	const char *key = tst_path("ca/enc.key");
	struct tst_world world = {TST_WORLD, .env = env};
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	(void)outside();
	tst_peer(&p, NULL, "openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:swordfish", "-in",
		 tst_path("ca/ca.key"), "-out", key, NULL);
	TST_INT_EQ(p.status, 0);
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "--issuer-password", "env:CA_PASS", "-o", "-", NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "BEGIN CERTIFICATE");
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "--issuer-password", "env:WRONG", "-o", "-", NULL),
		   GW_E_INPUT);
	TST_LACKS(r.err, "swordfish");
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "-o", "-", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "encrypted");
	TST_CONTAINS(r.err, "--issuer-password");
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
		TST_CASE(test_gen__refuses_what_differs),
		TST_CASE(test_gen__dir_comes_before_the_template),
		TST_CASE(test_gen__openssl_agrees),
		TST_CASE(test_gen__every_kind_of_key),
		TST_CASE(test_gen__hosts_into_folders),
		TST_CASE(test_gen__one_file),
		TST_CASE(test_gen__a_ca_from_outside_signs),
		TST_CASE(test_gen__a_ca_that_cannot_sign),
		TST_CASE(test_gen__an_encrypted_issuer_key),
	};

	return tst_main("gen", cases, GW_COUNT(cases));
}
