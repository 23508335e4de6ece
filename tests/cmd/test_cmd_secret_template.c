/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert secret --from: name, namespace, labels and annotations from the publish entries of a template. */
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/run.h"

#define HEAD                                                                                                           \
	"gwcert: 1\n"                                                                                                  \
	"vars: { env: { default: staging } }\n"                                                                        \
	"certificates:\n"

static const char store[] = HEAD "  store:\n"
				 "    issuer: self\n"
				 "    sans: [store.example.com]\n"
				 "    publish:\n"
				 "      - secret: { name: store-$(env), namespace: web, labels: { beta: yes, a: '' }, "
				 "annotations: { example.com/n: 010 } }\n"
				 "  bare: { issuer: self, sans: [bare.example.com] }\n"
				 "  two:\n"
				 "    issuer: self\n"
				 "    sans: [two.example.com]\n"
				 "    publish: [secret: { name: first, namespace: a }, secret: { name: second }]\n";

/* A folder of its own with the template and what gen makes of it; the working directory from then on. */
static void enter(const char *template)
{
	struct tst_run r;

	CU_ASSERT(chdir(tst_dir()) == 0);
	tst_file("gwcert.yaml", template);
	CU_ASSERT(chdir(tst_dir()) == 0);
	tst_run(&r, "gen", "-q", NULL);
	TST_INT_EQ(r.status, GW_OK);
}

static void test_secret_template__refuses(void)
{
	struct tst_run r;

	enter(store);
	tst_run(&r, "secret", "--from", "pki/two", "-n", "x", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "publishes 2 Secrets");
	tst_run(&r, "secret", "third", "-f", "gwcert.yaml", "--from", "pki/two", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "none is \"third\"");
	tst_run(&r, "secret", "x", "--from", "pki/store", "--set", "env=prod", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "none is read");
	tst_run(&r, "secret", "--from", "pki/store", "--set", "evn=prod", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	tst_run(&r, "secret", "x", "-f", "gwcert.yaml", "--cert", "a", "--key", "b", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "goes with --from only");
	CU_ASSERT(rename("pki/bare", "pki/stoer") == 0);
	tst_run(&r, "secret", "-f", "gwcert.yaml", "--from", "pki/stoer", NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, "did you mean the folder of \"store\"");
	CU_ASSERT(rename("pki/stoer", "pki/bare") == 0);
	TST_STR_EQ(r.out, "");
}

/* The template says where the key is, and where its password comes from. */
static void test_secret_template__knows_where_the_key_is(void)
{
	struct tst_run r;

	enter(HEAD "  first: { issuer: self, sans: [first.example.com] }\n");
	tst_file("pw", "geheim\n");
	CU_ASSERT(chmod("pw", 0600) == 0);
	tst_file(
		"gwcert.yaml", HEAD
		"  first: { issuer: self, sans: [first.example.com] }\n"
		"  given: { issuer: self, sans: [g.example.com], key: { file: pki/first/key.pem } }\n"
		"  locked: { issuer: self, sans: [l.example.com], key: { algorithm: ed25519, encrypt: 'file:pw' } }\n");
	TST_INT_EQ(tst_run(&r, "gen", "-q", NULL), GW_OK);
	TST_INT_EQ(tst_run(&r, "secret", "--from", "pki/given", NULL), GW_OK);
	TST_CONTAINS(r.out, "gwcert.io/names: g.example.com\n");
	TST_CONTAINS(r.out, "  tls.key: ");
	TST_INT_EQ(tst_run(&r, "secret", "--from", "pki/locked", NULL), GW_OK);
	TST_CONTAINS(r.out, "gwcert.io/names: l.example.com\n");
	TST_CONTAINS(r.out, "  tls.key: ");
	TST_INT_EQ(tst_run(&r, "secret", "x", "--from", "pki/locked", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "is encrypted");
	tst_file("pw", "wrong\n");
	TST_INT_EQ(tst_run(&r, "secret", "--from", "pki/locked", NULL), GW_E_INPUT);
	TST_STR_EQ(r.out, "");
	TST_LACKS(r.err, "wrong\n");
}

/* A template with a fault says nothing that could be relied on; with NAME it is not needed. */
static void test_secret_template__stops_at_a_bad_one(void)
{
	struct tst_run r;

	enter(store);
	tst_file("gwcert.yaml", HEAD "  store: { issuer: self, san: [store.example.com] }\n");
	tst_run(&r, "secret", "--from", "pki/store", NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, "unknown key \"san\"");
	TST_STR_EQ(r.out, "");
	tst_run(&r, "secret", "mine", "--from", "pki/store", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "  name: mine\n");
}

static void test_secret_template__names_it(void)
{
	struct tst_run r;

	enter(store);
	tst_run(&r, "secret", "--from", "pki/store", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "    example.com/n: \"010\"\n    gwcert.io/fingerprint-sha256: ");
	TST_CONTAINS(r.out, "  labels:\n"
			    "    a: \"\"\n"
			    "    app.kubernetes.io/managed-by: gwcert\n"
			    "    beta: \"yes\"\n"
			    "  name: store-staging\n"
			    "  namespace: web\n");
	tst_run(&r, "secret", "--from", "pki/store", "--set", "env=prod", "-n", "other", NULL);
	TST_CONTAINS(r.out, "  name: store-prod\n  namespace: other\n");
	tst_run(&r, "secret", "mine", "-f", "gwcert.yaml", "--from", "pki/store", NULL);
	TST_CONTAINS(r.out, "    beta: \"yes\"\n  name: mine\n  namespace: web\n");
	tst_run(&r, "secret", "--from", "pki/bare", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "  name: bare\n");
	CU_ASSERT(strstr(r.out, "namespace") == NULL);
}

static void test_secret_template__plain_has_no_labels(void)
{
	struct tst_run r;

	enter(store);
	tst_run(&r, "secret", "--from", "pki/store", "--plain", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "  name: store-staging\n  namespace: web\n");
	CU_ASSERT(strstr(r.out, "labels") == NULL && strstr(r.out, "annotations") == NULL);
}

static void test_secret_template__several(void)
{
	struct tst_run r;
	const char *second;

	enter(store);
	tst_run(&r, "secret", "--from", "pki/two", NULL);
	TST_INT_EQ(r.status, GW_OK);
	second = strstr(r.out, "\n---\napiVersion: v1\n");
	CU_ASSERT(second != NULL && strstr(second, "  name: second\n") != NULL);
	TST_CONTAINS(r.out, "  name: first\n  namespace: a\n");
	tst_run(&r, "secret", "--from", "pki/two", "--format", "json", NULL);
	TST_CONTAINS(r.out, "\"kind\": \"List\"");
	tst_run(&r, "secret", "second", "-f", "gwcert.yaml", "--from", "pki/two", "-n", "b", NULL);
	TST_CONTAINS(r.out, "  name: second\n  namespace: b\n");
	CU_ASSERT(strstr(r.out, "first") == NULL);
}

/* A template that happens to lie here says nothing about a folder of another one. */
static void test_secret_template__is_that_of_the_folder(void)
{
	struct tst_run r;

	enter(store);
	CU_ASSERT(mkdir("elsewhere", 0700) == 0 && rename("pki/store", "elsewhere/store") == 0);
	tst_run(&r, "secret", "--from", "elsewhere/store", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "  name: store\n");
	tst_run(&r, "secret", "--from", "elsewhere/store", "-f", "gwcert.yaml", NULL);
	TST_CONTAINS(r.out, "  name: store-staging\n");
	CU_ASSERT(chdir("elsewhere/store") == 0);
	tst_run(&r, "secret", "--from", ".", "--file", "../../gwcert.yaml", NULL);
	TST_CONTAINS(r.out, "  name: store-staging\n");
	CU_ASSERT(chdir("/") == 0);
}

/* A folder of a row is named as the row's entry publishes it. */
static void test_secret_template__of_a_row(void)
{
	struct tst_run r;

	enter(HEAD "  t:\n"
		   "    each: [{ host: a.example.com, team: web }, { host: b.example.com, team: shop }]\n"
		   "    name: t-$(each.host)\n"
		   "    issuer: self\n"
		   "    sans: [$(each.host)]\n"
		   "    publish: [secret: { name: tls-$(each.host), namespace: $(each.team), labels: { team: "
		   "$(each.team) } }]\n");
	tst_run(&r, "secret", "--from", "pki/t-b.example.com", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "    team: shop\n  name: tls-b.example.com\n  namespace: shop\n");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_secret_template__refuses),
		TST_CASE(test_secret_template__knows_where_the_key_is),
		TST_CASE(test_secret_template__stops_at_a_bad_one),
		TST_CASE(test_secret_template__names_it),
		TST_CASE(test_secret_template__plain_has_no_labels),
		TST_CASE(test_secret_template__several),
		TST_CASE(test_secret_template__of_a_row),
		TST_CASE(test_secret_template__is_that_of_the_folder),
	};

	return tst_main("secret_template", cases, GW_COUNT(cases));
}
