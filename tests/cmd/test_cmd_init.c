/* SPDX-License-Identifier: Apache-2.0 */
/* init: every starter is taken by gen as it is, and makes what it says. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/peer.h"
#include "tests/run.h"
#include "tests/tap.h"

static void in_folder(const char *name)
{
	(void)tst_file(tst_path("%s/x", name) + strlen(tst_dir()) + 1, "");
	TST_INT_EQ(chdir(tst_path("%s", name)), 0);
	TST_INT_EQ(unlink("x"), 0);
}

static void test_init__asks_which_kind(void)
{
	struct tst_run r;

	in_folder("which");
	TST_INT_EQ(tst_run(&r, "init", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "which kind of template?");
	TST_CONTAINS(r.err, "gwcert init self-signed, ca, mtls, gateway or fleet");
	TST_INT_EQ(tst_run(&r, "init", "gatway", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"gateway\"?");
	TST_INT_EQ(tst_run(&r, "init", "ca", "gateway", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "init", "ca", "--host", "it's bad", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--host");
	TST_INT_EQ(tst_run(&r, "init", "ca", "--host", "a@example.com", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "neither a DNS name nor an IP address");
	TST_STR_EQ(tst_names("."), "");
}

static void test_init__never_replaces_a_template(void)
{
	struct tst_run r;

	in_folder("replace");
	(void)tst_file("replace/gwcert.yaml", "mine");
	TST_INT_EQ(tst_run(&r, "init", "ca", NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "exists already");
	TST_LACKS(r.err, "--force");
	TST_STR_EQ(tst_read("gwcert.yaml", NULL), "mine");
	TST_INT_EQ(tst_run(&r, "init", "ca", "-o", "other.yaml", NULL), GW_OK);
	TST_CONTAINS(r.err, "wrote other.yaml; next: gwcert gen -f other.yaml");
	TST_STR_EQ(tst_names("."), "gwcert.yaml other.yaml");
}

/* Writes a starter and makes what it asks for; the names are those of the folders. */
static void works(const char *kind, const char *host, const char *names)
{
	struct tst_run r;

	in_folder(tst_path("%s-%s", kind, host) + strlen(tst_dir()) + 1);
	TST_INT_EQ(tst_run(&r, "init", kind, "--host", host, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "wrote gwcert.yaml; next: gwcert gen");
	TST_CONTAINS(tst_read(strcmp(kind, "fleet") == 0 ? "fleet.csv" : "gwcert.yaml", NULL), host);
	TST_LACKS(tst_read("gwcert.yaml", NULL), "@HOST@");
	TST_INT_EQ(tst_run(&r, "gen", NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	TST_STR_EQ(tst_names("pki"), names);
}

static void test_init__starters_work_as_they_are(void)
{
	works("self-signed", "store.example.com", ".lock store");
	works("self-signed", "*.example.com", ".lock store");
	works("self-signed", "2001:db8::1", ".lock store");
	works("ca", "store.example.com", ".lock root store");
	works("mtls", "store.example.com", ".lock client client-ca root store");
	works("gateway", "store.example.com", ".lock issuing prober root store");
	works("fleet", "store.example.com", ".lock blog root store");
	works("fleet", "*.example.com", ".lock blog root store");
	works("fleet", "2001:db8::1", ".lock blog root store");
}

/* The rows are data of the user's: never replaced, and not written where there is no folder to write to. */
static void test_init__fleet_leaves_rows_alone(void)
{
	struct tst_run r;

	in_folder("rows");
	TST_INT_EQ(tst_run(&r, "init", "fleet", "-o", "-", NULL), GW_OK);
	TST_CONTAINS(r.out, "columns: [name, host, namespace]");
	TST_STR_EQ(tst_names("."), "");
	(void)tst_file("rows/fleet.csv", "name,host,namespace\none,one.example.com,web\n");
	TST_INT_EQ(tst_run(&r, "init", "fleet", NULL), GW_OK);
	TST_STR_EQ(r.err, "left fleet.csv as it is\nwrote gwcert.yaml; next: gwcert gen\n");
	TST_INT_EQ(tst_run(&r, "gen", NULL), GW_OK);
	TST_STR_EQ(tst_names("pki"), ".lock one root");
	TST_INT_EQ(tst_run(&r, "gen", "--stream", "secret", NULL), GW_OK);
	TST_CONTAINS(r.out, "\n  name: one-tls\n  namespace: web\n");
	(void)tst_file("rows/other/gwcert.yaml", "mine");
	TST_INT_EQ(tst_run(&r, "init", "fleet", "-o", "other/gwcert.yaml", NULL), GW_E_REFUSED);
	TST_STR_EQ(tst_names("other"), "gwcert.yaml");
}

static void test_init__starters_go_to_a_pipe(void)
{
	struct tst_run r, g;

	in_folder("pipe");
	TST_INT_EQ(tst_run(&r, "init", "gateway", "-o", "-", NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	TST_STR_EQ(tst_names("."), "");
	TST_INT_EQ(tst_run_in(&g, r.out, "gen", "-f", "-", "-d", "there", NULL), GW_OK);
	TST_STR_EQ(tst_names("there"), ".lock issuing prober root store");
}

/* The first section of the document: RSA 2048, 30 days, store.example.com of the organization "example". */
static void test_init__self_signed_is_the_document_s(void)
{
	struct tst_peer p;

	works("self-signed", "store.example.org", ".lock store");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-subject", "-enddate", "-ext", "subjectAltName", "-in",
		 "pki/store/cert.pem", NULL);
	TST_STR_EQ(p.out, "subject=O = example, CN = store.example.org\nnotAfter=Dec 23 12:00:00 2026 GMT\n"
			  "X509v3 Subject Alternative Name: \n    DNS:store.example.org\n");
	tst_peer(&p, NULL, "openssl", "rsa", "-noout", "-check", "-text", "-in", "pki/store/key.pem", NULL);
	TST_CONTAINS(p.out, "Private-Key: (2048 bit");
}

static void test_init__gateway_verifies(void)
{
	struct tst_peer p;

	works("gateway", "shop.example.com", ".lock issuing prober root store");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslserver",
		 "-verify_hostname", "shop.example.com", "-CAfile", "pki/root/cert.pem", "-untrusted",
		 "pki/store/chain.pem", "pki/store/cert.pem", NULL);
	TST_INT_EQ(p.status, 0);
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslclient",
		 "-CAfile", "pki/root/cert.pem", "-untrusted", "pki/prober/chain.pem", "pki/prober/cert.pem", NULL);
	TST_INT_EQ(p.status, 0);
}

/* What one CA signs is nothing to whoever trusts the other. */
static void test_init__mtls_keeps_clients_and_servers_apart(void)
{
	struct tst_peer p;

	works("mtls", "shop.example.com", ".lock client client-ca root store");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslclient",
		 "-CAfile", "pki/root/cert.pem", "pki/client/cert.pem", NULL);
	CU_ASSERT(p.status != 0);
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslserver",
		 "-CAfile", "pki/client-ca/cert.pem", "pki/client/cert.pem", NULL);
	CU_ASSERT(p.status != 0);
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslclient",
		 "-CAfile", "pki/client-ca/cert.pem", "pki/client/cert.pem", NULL);
	TST_INT_EQ(p.status, 0);
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslserver",
		 "-verify_hostname", "shop.example.com", "-CAfile", "pki/root/cert.pem", "pki/store/cert.pem", NULL);
	TST_INT_EQ(p.status, 0);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_init__asks_which_kind),
		TST_CASE(test_init__never_replaces_a_template),
		TST_CASE(test_init__starters_work_as_they_are),
		TST_CASE(test_init__fleet_leaves_rows_alone),
		TST_CASE(test_init__starters_go_to_a_pipe),
		TST_CASE(test_init__self_signed_is_the_document_s),
		TST_CASE(test_init__mtls_keeps_clients_and_servers_apart),
		TST_CASE(test_init__gateway_verifies),
	};

	return tst_main("init", cases, GW_COUNT(cases));
}
