/* SPDX-License-Identifier: Apache-2.0 */
/* template as it is typed: the keys of a place, the schema, and what an entry came to. */
#include <string.h>

#include "tests/run.h"
#include "tests/tap.h"
#include "tree/tree.h"

static void usage(const char *const *words, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_argv(&r, &(struct tst_world){TST_WORLD}, words), GW_E_USAGE);
	TST_CONTAINS(r.err, what);
	TST_STR_EQ(r.out, "");
}

#define USAGE(what, ...) usage((const char *const[]){"template", __VA_ARGS__, NULL}, what)

static void test_template__refuses_what_makes_no_sense(void)
{
	USAGE("ACTION: \"key\" is none of keys, schema, explain\n  hint: did you mean \"keys\"?", "key");
	USAGE("explain: needs the name of an entry", "explain");
	USAGE("schema: takes no operand", "schema", "certificates");
	USAGE("--file: goes with explain only", "keys", "-f", "x");
	USAGE("--set: goes with explain only", "schema", "--set", "a=b");
	USAGE("--vars-file: goes with explain only", "schema", "--vars-file", "a");
	USAGE("there is no key \"certs\" in a template\n  hint: did you mean \"certificates\"?", "keys", "certs");
	USAGE("there is no key \"cuntry\" in subject\n  hint: did you mean \"country\"?", "keys",
	      "certificates.store.subject.cuntry");
	USAGE("\"sans\" has no keys", "keys", "certificates.store.sans.x");
	USAGE("there is no key \"b\" in an entry of certificates", "keys", "certificates.a.b");
}

static const char *keys(const char *path)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "template", "keys", path, NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	return r.out;
}

static void test_template__keys_of_a_place(void)
{
	TST_CONTAINS(keys(""), "certificates  names, each a map");
	TST_CONTAINS(keys("certificates"), "keyUsage             list of words          ");
	TST_CONTAINS(keys("certificates"), "(digitalSignature, nonRepudiation, ");
	TST_LACKS(keys("certificates"), "extends ");
	TST_CONTAINS(keys("profiles"), "extends ");
	TST_STR_EQ(keys("certificates.subject"), keys("certificates.store.subject"));
	TST_CONTAINS(keys("certificates.subject"),
		     "country                 string                     two capital letters");
	TST_CONTAINS(keys("certificates.key"),
		     "size       number           of an RSA key: 2048, 3072 or 4096 (2048, 3072, 4096)");
	TST_CONTAINS(keys("certificates.ca"), "pathLength  number 0-100");
	TST_STR_EQ(keys("settings.backdate"),
		   "backdate  duration  how long before now a certificate begins, for clocks that are late; 5m where "
		   "not given\n");
}

/* What the schema says is held against python3-jsonschema by tests/e2e/schema.sh. */
static void test_template__schema_knows_the_keys(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_node *entry;
	struct gw_node *root = NULL;
	struct gw_err err = {0};
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "template", "schema", NULL), GW_OK);
	TST_OK(gw_json_read(&arena, "schema", r.out, strlen(r.out), &root, NULL, &err), &err);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "$schema")), "https://json-schema.org/draft/2020-12/schema");
	entry = gw_node_get(gw_node_get(root, "properties"), "certificates");
	entry = gw_node_get(gw_node_get(entry, "additionalProperties"), "properties");
	CU_ASSERT(gw_node_get(entry, "sans") != NULL && gw_node_get(entry, "sans+") != NULL);
	CU_ASSERT(gw_node_get(entry, "validity") != NULL && gw_node_get(entry, "validity+") == NULL);
	CU_ASSERT(gw_node_get(entry, "extends") == NULL);
}

static const char pki[] = "gwcert: 1\n"
			  "vars: { domain: { default: example.com } }\n"
			  "profiles:\n"
			  "  org: { extends: server, subject: { organization: \"#1: Ltd\", country: GB } }\n"
			  "  web: { extends: org, sans: [\"*.$(domain)\"] }\n"
			  "certificates:\n"
			  "  store:\n"
			  "    profile: web\n"
			  "    issuer: self\n"
			  "    sans+: [store.$(domain)]\n"
			  "    subject: { country: \"NO\" }\n"
			  "    validity: 30d\n";

/* The entry that a row makes, with the place of the row for what it fills in. */
static void test_template__explains_a_row(void)
{
	const char *file =
		tst_file("rows.yaml", "gwcert: 1\ncertificates:\n  fleet:\n    each: { csv: rows.csv, key: host }\n"
				      "    name: t-$(each.host)\n    issuer: self\n    sans: [$(each.host)]\n");
	struct tst_run r;

	tst_file("rows.csv", "host\na.example.com\nb_.example.com\nc.example.com\n");
	TST_INT_EQ(tst_run(&r, "template", "explain", "-f", file, "t-c.example.com", NULL), GW_OK);
	TST_CONTAINS(r.out, "\nt-c.example.com:\n");
	TST_CONTAINS(r.out, "    - c.example.com ");
	TST_CONTAINS(r.out, "/rows.csv:4\n");
	TST_INT_EQ(tst_run(&r, "template", "explain", "-f", file, "t-x.example.com", NULL), GW_E_USAGE);
}

static void test_template__explains_an_entry(void)
{
	const char *file = tst_file("pki.yaml", pki);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "template", "explain", "-f", file, "store", "--set", "domain=shop.example", NULL),
		   GW_OK);
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out, "# profile web\nstore:\n");
	TST_CONTAINS(r.out, "\n  key: ec-p256               # a ready-made profile\n");
	TST_CONTAINS(r.out, "\n    - serverAuth             # a ready-made profile\n");
	TST_CONTAINS(r.out, "\n    organization: \"#1: Ltd\"  # ");
	TST_CONTAINS(r.out, "/pki.yaml:4\n    country: \"NO\"            # ");
	TST_CONTAINS(r.out, "\n  sans:\n    - \"*.shop.example\"       # ");
	TST_CONTAINS(r.out, "/pki.yaml:5\n    - store.shop.example     # ");
	TST_CONTAINS(r.out, "/pki.yaml:10\n");
	TST_CONTAINS(r.out, "\n  validity: 30d              # ");
	TST_CONTAINS(r.out, "/pki.yaml:12\n");
	TST_LACKS(r.out, "90d");
}

static void test_template__explains_names_in_other_letters(void)
{
	const char *file = tst_file("idn.yaml", "gwcert: 1\ncertificates:\n  a: { issuer: self, sans: ['*.b\xc3\xbc"
						"cher.example', plain.example], subject: { organization: B\xc3\xbc"
						"cher } }\n");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "template", "explain", "-f", file, "a", NULL), GW_OK);
	TST_CONTAINS(r.out, "idn.yaml:3; *.xn--bcher-kva.example\n");
	TST_CONTAINS(r.out, "- plain.example");
	TST_LACKS(r.out, "; plain.example");
	TST_LACKS(r.out, "; xn--");
}

static void test_template__explains_no_entry_of_a_bad_template(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "template", "explain", "stroe", "-f", tst_file("pki.yaml", pki), NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "NAME: the template has no entry \"stroe\"\n  hint: did you mean \"store\"?");
	TST_INT_EQ(tst_run(&r, "template", "explain", "a", "-f", tst_file("bad.yaml", "gwcert: 1\ncerts: {}\n"), NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "bad.yaml:2:1: error: unknown key \"certs\"");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "template", "explain", "a", "-f", tst_path("none.yaml"), NULL), GW_E_INPUT);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_template__refuses_what_makes_no_sense),
		TST_CASE(test_template__keys_of_a_place),
		TST_CASE(test_template__schema_knows_the_keys),
		TST_CASE(test_template__explains_a_row),
		TST_CASE(test_template__explains_an_entry),
		TST_CASE(test_template__explains_names_in_other_letters),
		TST_CASE(test_template__explains_no_entry_of_a_bad_template),
	};

	return tst_main("cmd_template", cases, GW_COUNT(cases));
}
