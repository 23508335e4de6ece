/* SPDX-License-Identifier: Apache-2.0 */
/* gen with entries that stand for many: rows of lists and CSV files. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "tests/peer.h"
#include "tests/run.h"

#define HEAD "gwcert: 1\nsettings: { dir: pki }\ncertificates:\n"
#define ROOT "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
#define ROWS(source, host)                                                                                             \
	"  tenants:\n    issuer: root\n    each: " source "\n    name: tenant-$(" host ")\n    sans: [\"$(" host       \
	")\"]\n"
#define CSV HEAD ROOT ROWS("{ csv: rows.csv, key: host }", "each.host")

static const char *write_in(const char *dir, const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return tst_file(path, text);
}

/* A shell line with the folder in the place of %s; its standard output. */
static const char *sh(const char *line, const char *dir)
{
	char text[1024];
	struct tst_peer p;

	snprintf(text, sizeof(text), "cd '%s' && %s", dir, line);
	TST_INT_EQ(tst_peer(&p, NULL, "sh", "-c", text, NULL), 0);
	return p.out;
}

/* gen of a template with a CSV file beside it; what it says on standard error. */
static const char *gen_csv(const char *dir, const char *rows, int status)
{
	struct tst_run r;

	write_in(dir, "rows.csv", rows);
	tst_run(&r, "gen", "-f", write_in(dir, "t.yaml", CSV), NULL);
	TST_INT_EQ(r.status, status);
	return r.err;
}

/* --- what is wrong ---------------------------------------------------------------------------------------------- */

static void test_cmd_gen_each__a_bad_row_is_told_and_left_out(void)
{
	const char *err =
		gen_csv("bad", "host,team\na.example.com,x\nshop_.example.com,y\nb.example.com,z\n", GW_E_PARTIAL);

	TST_CONTAINS(err, "rows.csv:3:1: error: \"shop_.example.com\" ");
	TST_CONTAINS(err, "    3 | shop_.example.com,y\n      | ^\n   path: certificates.tenants.each[2].host\n");
	TST_CONTAINS(err, "gwcert: 1 of 3 rows is bad and is left out");
	TST_STR_EQ(tst_names(tst_path("bad/pki")), ".lock root tenant-a.example.com tenant-b.example.com");
}

static void test_cmd_gen_each__every_way_to_be_bad(void)
{
	TST_CONTAINS(gen_csv("w1", "host,team\na.example.com\n", 8),
		     "the row has 1 field, and the header has 2 [GWT056]");
	TST_CONTAINS(gen_csv("w2", "host\na.example.com,b\n", 8),
		     "the row has 2 fields, and the header has 1 [GWT056]");
	TST_CONTAINS(gen_csv("w3", "host,team\n,b\n", 8), "the key \"host\" is empty [GWT056]");
	TST_CONTAINS(gen_csv("w4", "host\na.example.com\nA.example.com\n", 8),
		     "an earlier row, or another entry, is called \"tenant-A.example.com\" already [GWT057]");
	TST_CONTAINS(gen_csv("w5", "host\n\"a.example.com\n", 8),
		     "the row cannot be read: a quote is opened and never closed [GWT056]");
	TST_CONTAINS(gen_csv("w6", "host\na\xff\n", 8), "it is not UTF-8 [GWT056]");
	TST_CONTAINS(gen_csv("w7", "host\na/b\n", 8), "cannot be the name of a folder");
	TST_CONTAINS(gen_csv("w8", "host\n\"a\nb\"\n", 8), "[GWT0");
}

static void test_cmd_gen_each__a_bad_header_stops_all(void)
{
	TST_CONTAINS(gen_csv("h1", "", GW_E_INPUT), "rows.csv: is empty");
	TST_CONTAINS(gen_csv("h2", "hots,team\n", GW_E_INPUT), "rows.csv:1:1: the header has no column \"host\"");
	TST_CONTAINS(gen_csv("h3", "host,host\n", GW_E_INPUT), "the header has the column \"host\" twice");
	TST_CONTAINS(gen_csv("h4", "host,\n", GW_E_INPUT), "a column of the header has no name");
	TST_CONTAINS(gen_csv("h5", "host;team\n", GW_E_INPUT), "columns are parted by commas");
	TST_CONTAINS(gen_csv("h6", "\"host\n", GW_E_INPUT), "the header cannot be read: a quote is opened");
	CU_ASSERT(!tst_exists(tst_path("h2/pki")));
}

static void test_cmd_gen_each__columns_say_what_the_header_is(void)
{
	static const char text[] = HEAD ROOT ROWS("{ csv: rows.csv, key: host, columns: [host, team] }", "each.host");
	const char *path = write_in("columns", "t.yaml", text);
	struct tst_run r;

	write_in("columns", "rows.csv", "host,tema\n");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, "the header has no column \"team\", which \"columns\" lists");
	write_in("columns", "rows.csv", "host,team,more\n");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_CONTAINS(r.err, "the header has a column \"more\", which \"columns\" does not list");
	write_in("columns", "rows.csv", "team,host\nweb,a.example.com\n");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(tst_names(tst_path("columns/pki")), "tenant-a.example.com");
}

static void test_cmd_gen_each__stops_at_so_many(void)
{
	struct tst_run r;

	gen_csv("most", "host\na_.x\nb_.x\nc.example.com\nd_.x\n", GW_E_PARTIAL);
	CU_ASSERT(tst_exists(tst_path("most/pki/tenant-c.example.com")));
	write_in("most2", "rows.csv", "host\na_.x\nb_.x\nc.example.com\nd_.x\n");
	tst_run(&r, "gen", "-f", write_in("most2", "t.yaml", CSV), "--max-failures", "2", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "stopped at 2 bad rows; nothing was written");
	CU_ASSERT(!tst_exists(tst_path("most2/pki")));
}

static void test_cmd_gen_each__a_row_is_bad_at_its_place_in_a_list(void)
{
	static const char text[] =
		HEAD ROOT ROWS("[{ host: a.example.com }, { host: b_.example.com }, { team: x }]", "each.host");
	struct tst_run r;

	tst_run(&r, "gen", "-f", write_in("list", "t.yaml", text), NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "t.yaml:7:45: error: \"b_.example.com\" ");
	TST_CONTAINS(r.err, "certificates.tenants.each[1].host\n");
	TST_CONTAINS(r.err, "the row has no field \"host\" [GWT056]");
	TST_STR_EQ(tst_names(tst_path("list/pki")), ".lock root tenant-a.example.com");
}

/* An issuer that may not sign for a name, which only shows when it does. */
static void test_cmd_gen_each__a_row_that_cannot_be_made_holds_up_no_other(void)
{
	struct tst_run r;
	static const char text[] =
		HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, onRenew: manual }\n" ROWS(
			"{ csv: rows.csv, key: host }", "each.host");
	const char *path = write_in("failed", "t.yaml", text);

	write_in("failed", "rows.csv", "host\na.example.com\n");
	tst_run(&r, "gen", "-f", path, "root", NULL);
	sh("openssl req -x509 -key root/key.pem -subj /CN=Root -days 3650 -out root/cert.pem "
	   "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign "
	   "-addext nameConstraints=critical,permitted\\;DNS:b.example 2>/dev/null && "
	   "cp root/cert.pem root/fullchain.pem",
	   tst_path("failed/pki"));
	write_in("failed", "rows.csv", "host\na.example.com\nx.b.example\n");
	tst_run(&r, "gen", "-f", path, "tenants", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "rows.csv:2");
	TST_CONTAINS(r.err, "\"tenant-a.example.com\" could not be made: no client would accept");
	TST_CONTAINS(r.err, "[GWT058]");
	TST_STR_EQ(tst_names(tst_path("failed/pki")), ".lock root tenant-x.b.example");
}

/* --- what is right ---------------------------------------------------------------------------------------------- */

static void test_cmd_gen_each__rows_converge(void)
{
	const char *path = write_in("converge", "t.yaml", CSV);
	struct tst_run r;

	write_in("converge", "rows.csv", "\xef\xbb\xbfhost,team\r\na.example.com,x\r\n\"b.example.com\",\"y, z\"\r\n");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_run(&r, "gen", "-f", path, "--check", NULL);
	TST_INT_EQ(r.status, GW_OK);
	write_in("converge", "rows.csv", "host,team\nb.example.com,x\nc.example.com,x\n");
	tst_run(&r, "gen", "-f", path, "--check", NULL);
	TST_INT_EQ(r.status, GW_E_DUE);
	TST_CONTAINS(r.out, "1 to make, 1 to archive, 2 unchanged");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(tst_names(tst_path("converge/pki")),
		   ".archive .lock root tenant-b.example.com tenant-c.example.com");
}

/* Which folders a bad row stands for cannot be told: nothing is put away. */
static void test_cmd_gen_each__a_bad_row_archives_nothing(void)
{
	gen_csv("keeps", "host\na.example.com\nb.example.com\n", GW_OK);
	gen_csv("keeps", "host\na.example.com\nb_.example.com\n", GW_E_PARTIAL);
	CU_ASSERT(tst_exists(tst_path("keeps/pki/tenant-b.example.com/key.pem")));
	gen_csv("keeps", "host\na.example.com\n", GW_OK);
	CU_ASSERT(!tst_exists(tst_path("keeps/pki/tenant-b.example.com")));
}

static void test_cmd_gen_each__goes_by_the_name_of_a_row_and_of_all(void)
{
	const char *path = write_in("names", "t.yaml", CSV);
	struct tst_run r;

	write_in("names", "rows.csv", "host\na.example.com\nb.example.com\n");
	tst_run(&r, "gen", "-f", path, "tenant-b.example.com", NULL);
	TST_CONTAINS(r.out, "2 made");
	tst_run(&r, "gen", "-f", path, "tenants", NULL);
	TST_CONTAINS(r.out, "1 made, 2 unchanged");
	tst_run(&r, "gen", "-f", path, "--renew", "tenants", NULL);
	TST_CONTAINS(r.out, "2 reissued, 1 unchanged");
	tst_run(&r, "gen", "-f", path, "--rekey", "tenant-a.example.com", NULL);
	TST_CONTAINS(r.out, "1 remade, 2 unchanged");
	tst_run(&r, "gen", "-f", path, "tenant-c", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
}

/* What is not asked for may be bad, or missing. */
static void test_cmd_gen_each__rows_of_others_do_not_matter(void)
{
	const char *path = write_in("others", "t.yaml", CSV);
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, "root", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(r.err, "");
	write_in("others", "rows.csv", "host\nb_.x\na.example.com\n");
	tst_run(&r, "gen", "-f", path, "root", NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_run(&r, "gen", "-f", path, "tenants", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	tst_run(&r, "gen", "-f", path, "root", "--rekey", "root", NULL);
	TST_INT_EQ(r.status, GW_E_REFUSED);
	TST_CONTAINS(r.err, "tenant-a.example.com");
}

/* By openssl's word: the row's fields, the variables, and what stands for itself. */
static void test_cmd_gen_each__fills_in_fields_and_variables(void)
{
	static const char text[] =
		"gwcert: 1\nvars: { domain: {}, zone: { default: example.com } }\n"
		"certificates:\n  hosts:\n    each: [one, two]\n    name: $(each)\n    issuer: self\n"
		"    sans: [\"$(each).$(zone)\", \"uri:https://$(each)/$(each)\"]\n"
		"    subject: { organization: \"$(each)$$(each) $(domain) $$5\" }\n";
	const char *said;
	struct tst_run r;

	tst_run(&r, "gen", "-f", write_in("fill", "t.yaml", text), "--set", "domain=x$(y", NULL);
	TST_INT_EQ(r.status, GW_OK);
	said = sh("openssl x509 -in two/cert.pem -noout -subject -ext subjectAltName", tst_path("fill/pki"));
	TST_CONTAINS(said, "O = two$(each) x$(y $$5, CN = two.example.com");
	TST_CONTAINS(said, "DNS:two.example.com, URI:https://two/two");
}

/* RSA keys of several threads come to the rows in their order, each to one, and so do those of a run that replaces them;
 * a row that cannot be made leaves its key to nobody. */
static void test_cmd_gen_each__jobs_change_nothing(void)
{
	static const char text[] =
		HEAD "  root: { issuer: self, ca: {}, key: rsa-2048, subject: { commonName: Root } }\n" ROWS(
			"[a.example.com, b.example.com, c.example.com, d.example.com, e.example.com]",
			"each") "    key: { algorithm: rsa, size: 2048, encrypt: \"file:$(each).pw\" }\n";
	const char *path = write_in("jobs", "t.yaml", text);
	struct tst_run r;

	sh("umask 077 && for i in a b d e; do echo secret-$i >$i.example.com.pw; done", tst_path("jobs"));
	tst_run(&r, "gen", "-f", path, "--jobs", "3", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "\"tenant-c.example.com\" could not be made");
	TST_CONTAINS(r.out, "jobs/pki/root ");
	CU_ASSERT(strstr(r.out, "/tenant-a") < strstr(r.out, "/tenant-b"));
	CU_ASSERT(strstr(r.out, "/tenant-b") < strstr(r.out, "/tenant-e"));
	tst_run(&r, "gen", "-f", path, "--jobs", "64", "--rekey", "tenant-a.example.com", "--rekey",
		"tenant-b.example.com", NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.out, "2 remade, ");
	TST_STR_EQ(sh("for i in a b d e; do e=pki/tenant-$i.example.com; "
		      "openssl pkey -in $e/key.pem -passin file:$i.example.com.pw -pubout >want && "
		      "openssl x509 -in $e/cert.pem -noout -pubkey | cmp - want && sha256sum <want || exit 1; done | "
		      "sort -u | wc -l",
		      tst_path("jobs")),
		   "4\n");
}

/* Certificates of Certificate Manager: of one name in one location, global where none is written, but not in two. */
static void test_cmd_gen_each__places_are_taken_once(void)
{
	static const char text[] = HEAD ROOT
		"  cdn: { issuer: root, sans: [cdn.example.com], publish: [{ certificateManager: { name: edge } }] }\n"
		"  rows:\n    issuer: root\n    each: { csv: rows.csv, key: host }\n    name: $(each.host)\n"
		"    sans: [$(each.host)]\n"
		"    publish: [{ certificateManager: { name: $(each.id), location: $(each.at) } }]\n";
	const char *path = write_in("places", "t.yaml", text);
	struct tst_run r;

	write_in("places", "rows.csv",
		 "host,id,at\na.example.com,edge,europe-west1\nb.example.com,edge,global\nc.example.com,c,global\n"
		 "d.example.com,c,global\n");
	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, "rows.csv:3:15: error: an earlier row, or another entry, is published as the certificate "
			    "\"global/edge\" already [GWT073]");
	TST_CONTAINS(r.err, "rows.csv:5:15: error: ");
	TST_STR_EQ(tst_names(tst_path("places/pki")), ".lock a.example.com c.example.com cdn root");
}

/* --- rows of material that is there ----------------------------------------------------------------------------- */

#define GIVEN(block)                                                                                                   \
	HEAD ROOT                                                                                                      \
		"  dev:\n    issuer: root\n    each: { csv: rows.csv, key: id }\n    name: dev-$(each.id)\n    " block \
		"\n    sans: [$(each.id).example.com]\n"

/* A folder with keys and requests of a and b, by openssl. */
static const char *given(const char *dir, const char *text)
{
	const char *path = write_in(dir, "t.yaml", text);

	write_in(dir, "rows.csv", "id\na\nx\nb\n");
	sh("umask 077 && for i in a b; do openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
	   "-keyout $i.key -subj / -out $i.csr 2>/dev/null && echo password-$i >$i.pw || exit 1; done",
	   tst_path("%s", dir));
	return path;
}

/* Rows a and b are made, of the keys that they name; x, which has none, is told; and a second run makes nothing. */
static void check_given(const char *dir, const char *path, const char *finding)
{
	struct tst_run r;

	tst_run(&r, "gen", "-f", path, NULL);
	TST_INT_EQ(r.status, GW_E_PARTIAL);
	TST_CONTAINS(r.err, finding);
	TST_CONTAINS(r.err, "rows.csv:3");
	TST_STR_EQ(tst_names(tst_path("%s/pki", dir)), ".lock dev-a dev-b root");
	write_in(dir, "rows.csv", "id\na\nb\n");
	tst_run(&r, "gen", "-f", path, "--check", NULL);
	TST_INT_EQ(r.status, GW_OK);
}

static void test_cmd_gen_each__rows_start_from_requests(void)
{
	check_given("csr", given("csr", GIVEN("csr: { file: $(each.id).csr }")),
		    "\"dev-x\" cannot start from this file: cannot open: No such file or directory [GWT046]");
	sh("for i in a b; do openssl req -in $i.csr -noout -pubkey >want && "
	   "openssl x509 -in pki/dev-$i/cert.pem -noout -pubkey | cmp - want && "
	   "openssl verify -x509_strict -attime 1795435200 -CAfile pki/root/cert.pem pki/dev-$i/cert.pem || exit 1; "
	   "done",
	   tst_path("csr"));
}

static void test_cmd_gen_each__rows_have_keys_of_files(void)
{
	check_given("key", given("key", GIVEN("key: { file: $(each.id).key }")),
		    "\"dev-x\" could not be made: cannot open: No such file or directory [GWT058]");
	sh("for i in a b; do openssl pkey -in $i.key -pubout >want && "
	   "openssl x509 -in pki/dev-$i/cert.pem -noout -pubkey | cmp - want || exit 1; done; "
	   "! ls pki/dev-a/key.pem 2>/dev/null",
	   tst_path("key"));
}

static void test_cmd_gen_each__rows_have_passwords(void)
{
	check_given("pw",
		    given("pw",
			  GIVEN("key: { algorithm: ecdsa, curve: p256, encrypt: \"file:$(each.id).pw\" }\n    pkcs12: "
				"{ password: \"file:$(each.id).pw\" }")),
		    "\"dev-x\" could not be made: cannot open: No such file or directory [GWT058]");
	sh("for i in a b; do openssl pkey -in pki/dev-$i/key.pem -passin file:$i.pw -pubout >want && "
	   "openssl pkcs12 -in pki/dev-$i/keystore.p12 -passin file:$i.pw -nodes -nocerts 2>/dev/null | "
	   "openssl pkey -pubout | cmp - want || exit 1; done; ! openssl pkey -in pki/dev-a/key.pem -passin file:b.pw "
	   "-noout 2>/dev/null",
	   tst_path("pw"));
}

static void test_cmd_gen_each__rows_are_no_certificates_of_others(void)
{
	struct tst_run r;

	tst_run(&r, "gen", "-f",
		tst_file("there.yaml",
			 HEAD "  dev: { each: [a, b], name: d-$(each), certificate: { file: $(each).crt } }\n"),
		NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, "there.yaml:4:");
	TST_CONTAINS(r.err, "\"dev\" has \"each\", so it cannot be a certificate that is there [GWT055]");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_cmd_gen_each__a_bad_row_is_told_and_left_out),
		TST_CASE(test_cmd_gen_each__every_way_to_be_bad),
		TST_CASE(test_cmd_gen_each__a_bad_header_stops_all),
		TST_CASE(test_cmd_gen_each__columns_say_what_the_header_is),
		TST_CASE(test_cmd_gen_each__stops_at_so_many),
		TST_CASE(test_cmd_gen_each__a_row_is_bad_at_its_place_in_a_list),
		TST_CASE(test_cmd_gen_each__a_row_that_cannot_be_made_holds_up_no_other),
		TST_CASE(test_cmd_gen_each__rows_converge),
		TST_CASE(test_cmd_gen_each__a_bad_row_archives_nothing),
		TST_CASE(test_cmd_gen_each__goes_by_the_name_of_a_row_and_of_all),
		TST_CASE(test_cmd_gen_each__rows_of_others_do_not_matter),
		TST_CASE(test_cmd_gen_each__rows_start_from_requests),
		TST_CASE(test_cmd_gen_each__rows_have_keys_of_files),
		TST_CASE(test_cmd_gen_each__rows_have_passwords),
		TST_CASE(test_cmd_gen_each__rows_are_no_certificates_of_others),
		TST_CASE(test_cmd_gen_each__jobs_change_nothing),
		TST_CASE(test_cmd_gen_each__places_are_taken_once),
		TST_CASE(test_cmd_gen_each__fills_in_fields_and_variables),
	};

	return tst_main("cmd_gen_each", cases, GW_COUNT(cases));
}
