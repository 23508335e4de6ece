/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tree/tree.h"

static const struct tst_id *root(void)
{
	static const struct tst_id *id;

	if (id == NULL)
		id = tst_ca("Root", NULL);
	return id;
}

static const struct tst_id *store(void)
{
	static const struct tst_id *id;

	if (id == NULL) {
		const struct tst_spec spec = {
			.cn = "store.example.com",
			.sans = "store.example.com ip:192.0.2.1 uri:spiffe://x/y email:a@example.com",
			.eku = "serverAuth"};

		id = tst_issue(&spec, root());
	}
	return id;
}

static void test_show__refuses_what_holds_nothing(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "show", tst_file("path", "pki/cert.pem\n"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "is the path of a file");
	TST_INT_EQ(tst_run(&r, "show", tst_file("noise", "hello\n"), NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run(&r, "show", tst_path("nothing"), NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run_in(&r, "kind: Pod\napiVersion: v1\n", "show", NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .in_tty = true}, "show", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "show",
			   tst_file("bad.pem", "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"),
			   NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "bad.pem:1: the certificate cannot be decoded");
}

static void test_show__text_has_a_line_for_each_fact(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), root(), NULL), "show", NULL), GW_OK);
	TST_CONTAINS(r.out, "standard input:1: certificate\n  subject           CN=store.example.com\n");
	TST_CONTAINS(r.out, "  sans              dns:store.example.com\n                    ip:192.0.2.1\n");
	TST_CONTAINS(r.out, "  daysLeft          30\n");
	TST_CONTAINS(r.out, "  key               ECDSA P-256\n");
	TST_LACKS(r.out, "BEGIN");
}

/* The facts by the word of openssl. */
static void test_show__says_what_openssl_says(void)
{
	const char *pem = tst_pem(store(), NULL);
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, pem, "openssl", "x509", "-noout", "-subject", "-issuer", "-nameopt", "RFC2253", NULL);
	TST_INT_EQ(tst_run_in(&r, pem, "show", "--select", "subject", NULL), GW_OK);
	TST_CONTAINS(p.out, tst_join("subject=", r.out, NULL));
	TST_INT_EQ(tst_run_in(&r, pem, "show", "--select", "issuer", NULL), GW_OK);
	TST_CONTAINS(p.out, tst_join("issuer=", r.out, NULL));
	tst_peer(&p, pem, "openssl", "x509", "-noout", "-enddate", "-dateopt", "iso_8601", NULL);
	TST_INT_EQ(tst_run_in(&r, pem, "show", "--select", "not-after", NULL), GW_OK);
	TST_STR_EQ(p.out, "notAfter=2026-12-23 12:00:00Z\n");
	TST_STR_EQ(r.out, "2026-12-23T12:00:00Z\n");
	tst_peer(&p, pem, "sh", "-c", "openssl x509 -outform der | openssl dgst -sha256 -r | cut -d' ' -f1", NULL);
	TST_INT_EQ(tst_run_in(&r, pem, "show", "--select", "sha256", NULL), GW_OK);
	TST_STR_EQ(r.out, p.out);
	tst_peer(&p, pem, "sh", "-c",
		 "openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -r | cut -d' ' "
		 "-f1",
		 NULL);
	TST_INT_EQ(tst_run_in(&r, pem, "show", "--select", "spkiSha256", NULL), GW_OK);
	TST_STR_EQ(r.out, p.out);
	TST_INT_EQ(tst_run_in(&r, tst_key_pem(store()), "show", "--select", "spkiSha256", NULL), GW_OK);
	TST_STR_EQ(r.out, p.out);
}

static void test_show__one_fact_is_one_line(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), root(), NULL), "show", "--select", "ca", NULL), GW_OK);
	TST_STR_EQ(r.out, "false\ntrue\n");
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", "--select", "sansByType.uri", NULL), GW_OK);
	TST_STR_EQ(r.out, "spiffe://x/y\n");
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", "--select", "caIssuers", NULL), GW_OK);
	TST_STR_EQ(r.out, "\n");
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", "--select", "pem", NULL), GW_OK);
	TST_STR_EQ(r.out, tst_pem(store(), NULL));
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", "--select", "notAftr", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"notAfter\"?");
	TST_STR_EQ(r.out, "");
}

static void test_show__short_is_a_line_each(void)
{
	const char *text = tst_join(tst_pem(store(), root(), NULL), tst_key_pem(store()), NULL);
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, text, "show", "--format", "short", NULL), GW_OK);
	TST_CONTAINS(r.out, "certificate  store.example.com  ECDSA P-256  2026-12-23, 30 days  by Root\n");
	TST_CONTAINS(r.out, "CA           Root               ECDSA P-256  2026-12-23, 30 days  self-issued\n");
	TST_CONTAINS(r.out, "private key                     ECDSA P-256\n");
}

static void test_show__json_is_whole(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *document = NULL;
	const struct gw_node *item;
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, tst_join(tst_pem(store(), NULL), tst_key_pem(store()), NULL), "show", "--format",
			      "json", NULL),
		   GW_OK);
	if (!TST_OK(gw_json_read(&arena, "out", r.out, r.out_len, &document, NULL, &err), &err))
		return;
	TST_STR_EQ(gw_node_text(gw_node_get(document, "schemaVersion")), "1");
	item = gw_node_get(document, "items")->first;
	TST_STR_EQ(gw_node_text(gw_node_get(item, "type")), "certificate");
	TST_STR_EQ(gw_node_text(gw_node_get(item, "pem")), tst_pem(store(), NULL));
	TST_STR_EQ(gw_node_text(gw_node_get(gw_node_get(item, "sansByType"), "ip")->first), "192.0.2.1");
	item = item->next;
	TST_STR_EQ(gw_node_text(gw_node_get(item, "type")), "private key");
	TST_LACKS(r.out, "PRIVATE KEY");
}

static void test_show__never_a_private_key(void)
{
	static const char *const words[] = {"text", "short", "json", "pem"};
	struct tst_run r;
	size_t i;

	for (i = 0; i < GW_COUNT(words); i++) {
		TST_INT_EQ(tst_run_in(&r, tst_join(tst_key_pem(store()), tst_pem(store(), NULL), NULL), "show",
				      "--format", words[i], NULL),
			   GW_OK);
		TST_LACKS(r.out, "PRIVATE KEY-");
	}
	TST_STR_EQ(r.out, tst_pem(store(), NULL));
	TST_INT_EQ(tst_run_in(&r, tst_key_pem(store()), "show", "--format", "pem", NULL), GW_E_INPUT);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "private keys are never printed");
}

static void test_show__a_key_that_is_encrypted_stays_closed(void)
{
	const char *key = tst_file("plain.key", tst_key_pem(store())), *closed = tst_path("closed.key");
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:x", "-out", closed, NULL);
	TST_INT_EQ(tst_run(&r, "show", closed, NULL), GW_OK);
	TST_CONTAINS(r.out, "encrypted         true");
	TST_LACKS(r.out, "ECDSA");
	TST_INT_EQ(tst_run(&r, "show", closed, "--password", tst_join("file:", tst_file("pass", "x\n"), NULL), NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "ECDSA P-256");
	TST_INT_EQ(tst_run(&r, "show", closed, "--password", tst_join("file:", tst_file("wrong", "y\n"), NULL), NULL),
		   GW_E_INPUT);
}

static void test_show__finds_pem_in_documents(void)
{
	const char *cert = tst_file("tls.crt", tst_pem(store(), NULL)),
		   *key = tst_file("tls.key", tst_key_pem(store()));
	struct tst_run secret, r;

	TST_INT_EQ(tst_run(&secret, "secret", "store", "-n", "web", "--cert", cert, "--key", key, NULL), GW_OK);
	TST_INT_EQ(tst_run_in(&r, secret.out, "show", NULL), GW_OK);
	TST_CONTAINS(r.out, ": certificate (Secret web/store, data.tls.crt)\n");
	TST_CONTAINS(r.out, ": private key (Secret web/store, data.tls.key)\n");
}

/* A listing reads certificates without their keys; what it says of the key must be the same. */
static void test_show__names_every_kind_of_key(void)
{
	static const enum gw_key_type types[] = {GW_KEY_EC_P256, GW_KEY_EC_P384, GW_KEY_EC_P521, GW_KEY_RSA_2048,
						 GW_KEY_ED25519};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(types); i++) {
		const struct tst_spec spec = {.cn = "x", .type = types[i]};
		const struct tst_id *id = tst_issue(&spec, NULL);
		char words[48];

		gw_key_describe(id->key, words);
		TST_STR_EQ(gw_cert_key_words(id->cert, &arena), words);
	}
}

/* The seeds are openssl's and gwcert's own; what is in them is what openssl req -text and crl -text print. */
static void test_show__what_a_request_asks_for(void)
{
	const char *csr = tst_source("fuzz/corpus/request/wishes.csr");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "show", csr, NULL), GW_OK);
	TST_CONTAINS(r.out,
		     "wishes.csr:1: request\n  subject           emailAddress=a@b.c,CN=store.example.com,O=Evil,C=GB\n"
		     "  sans              dns:store.example.com\n                    dns:*.example.com\n");
	TST_CONTAINS(r.out, "  possession        true\n");
	TST_CONTAINS(r.out, "  ca                true\n  pathLength        3\n");
	TST_LACKS(r.out, "Fault");
	TST_INT_EQ(tst_run(&r, "show", "--select", "sansByType.ip", csr, NULL), GW_OK);
	TST_STR_EQ(r.out, "10.1.2.3\n");
	TST_INT_EQ(tst_run(&r, "show", "--format", "short", tst_source("fuzz/corpus/request/rsa.der"), NULL), GW_OK);
	TST_CONTAINS(r.out, "request    RSA 1024\n");
	TST_INT_EQ(tst_run(&r, "show", tst_source("fuzz/corpus/request/rsa.der"), NULL), GW_OK);
	TST_CONTAINS(r.out, "  keyFault          is too short: RSA has 2048 bits at least\n");
	TST_INT_EQ(tst_run(&r, "show", tst_source("fuzz/corpus/request/attributes.der"), NULL), GW_OK);
	TST_CONTAINS(r.out, "  formFault         asks for a key usage twice");
	TST_CONTAINS(r.out, "  attributes        challengePassword\n");
	TST_LACKS(r.out, "hunter2");
}

static void test_show__who_is_revoked(void)
{
	const char *crl = tst_source("fuzz/corpus/request/list.pem");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "show", crl, NULL), GW_OK);
	TST_CONTAINS(r.out, "list.pem:1: revocation list\n  issuer            CN=Example Root,O=Example\n"
			    "  number            2\n");
	TST_CONTAINS(r.out, "  revoked           11  2026-11-23T22:22:43Z  certificateHold  2020-01-01T00:00:00Z\n"
			    "                    2233  ");
	TST_INT_EQ(tst_run(&r, "show",
			   tst_file("cut-list.pem", "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n"), NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "cut-list.pem:1: the revocation list cannot be decoded");
}

/* What an issuer adds, made by openssl. */
static void test_show__what_the_issuer_added(void)
{
	static const char cnf[] = "[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\n"
				  "nameConstraints=critical,permitted;DNS:example.com,permitted;IP:10.0.0.0/255.0.0.0,"
				  "excluded;email:bad.example,permitted;dirName:dn\n"
				  "authorityInfoAccess=OCSP;URI:http://o.example/a,OCSP;URI:http://o.example/b\n"
				  "crlDistributionPoints=URI:http://crl.example/1\n"
				  "certificatePolicies=2.23.140.1.2.1,@p\ntlsfeature=status_request\n"
				  "1.2.3.4=ASN1:UTF8String:hello\ninhibitAnyPolicy=critical,2\n"
				  "[p]\npolicyIdentifier=1.3.5\nCPS.1=https://example.com/cps\nuserNotice.1=@n\n"
				  "[n]\nexplicitText=hi\n[dn]\nC=UK\n";
	const char *cert = tst_path("added.pem");
	struct tst_peer p;
	struct tst_run r;

	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout",
			    tst_path("added.key"), "-subj", "/CN=x", "-config", tst_file("added.cnf", cnf), "-out",
			    cert, NULL),
		   0);
	TST_INT_EQ(tst_run(&r, "show", cert, NULL), 0);
	TST_CONTAINS(r.out,
		     "  permitted         dns:example.com\n                    ip:10.0.0.0/8\n"
		     "  excluded          email:bad.example\n"
		     "  ocsp              http://o.example/a\n                    http://o.example/b\n"
		     "  crl               http://crl.example/1\n"
		     "  certificatePolicies  2.23.140.1.2.1\n                    1.3.5  https://example.com/cps\n"
		     "  mustStaple        true\n"
		     "  extensions        1.2.3.4\n"
		     "                    2.5.29.54  X509v3 Inhibit Any Policy  critical\n"
		     "  unread            a name constraint of a kind that has no text\n"
		     "                    the notices of certificate policies\n");
	TST_INT_EQ(tst_run(&r, "show", cert, "--select", "extensions", NULL), 0);
	TST_CONTAINS(r.out, "{\"oid\":\"1.2.3.4\",\"name\":null,\"critical\":false,\"der\":\"0c0568656c6c6f\"}");
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", "--format", "json", NULL), 0);
	TST_CONTAINS(r.out, "\"permitted\": null");
	TST_CONTAINS(r.out, "\"mustStaple\": null");
	TST_INT_EQ(tst_run_in(&r, tst_pem(store(), NULL), "show", NULL), 0);
	TST_LACKS(r.out, "ocsp");
}

/* An extension that nobody can read is there all the same. */
static void test_show__what_cannot_be_read_is_told(void)
{
	static const char cnf[] = "[req]\ndistinguished_name=d\nx509_extensions=e\n[d]\n[e]\n2.5.29.30=DER:0500\n";
	struct tst_peer p;
	struct tst_run r;

	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout",
			    tst_path("added.key"), "-subj", "/CN=x", "-config", tst_file("unread.cnf", cnf), "-out",
			    tst_path("unread.pem"), NULL),
		   0);
	TST_INT_EQ(tst_run(&r, "show", tst_path("unread.pem"), NULL), 0);
	TST_CONTAINS(
		r.out,
		"  unread            the extension \"X509v3 Name Constraints\", which is there and cannot be read\n");
}

/* A PKCS#12 file of the store's key, its certificate and the root, made by openssl. */
static const char *keystore(const char *name, const char *password, const char *option)
{
	const char *key = tst_file("p12.key", tst_key_pem(store())),
		   *cert = tst_file("p12.pem", tst_pem(store(), NULL));
	struct tst_peer p;

	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "pkcs12", "-export", "-inkey", key, "-in", cert, "-certfile",
			    tst_file("p12-root.pem", tst_pem(root(), NULL)), "-name",
			    "l\xc3\xa5"
			    "da",
			    "-caname", "above", "-passout", tst_join("pass:", password, NULL), "-out",
			    tst_path("%s", name), option, NULL),
		   0);
	return tst_path("%s", name);
}

static void test_show__pkcs12_opens_with_its_password(void)
{
	const char *modern = keystore("modern.p12", "sesame", NULL), *old;
	const char *right = tst_join("file:", tst_file("p12-pass", "sesame\n"), NULL);
	const char *wrong = tst_join("file:", tst_file("p12-wrong", "open\n"), NULL);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "show", modern, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err,
		     "modern.p12: the PKCS#12 file is under a password\n  hint: name the source of it: --password");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "show", modern, "--password", wrong, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "does not open with this password");
	TST_INT_EQ(tst_run(&r, "show", modern, "--password", right, NULL), 0);
	TST_CONTAINS(r.out, "modern.p12: private key\n  friendlyName      l\xc3\xa5"
			    "da\n");
	TST_CONTAINS(r.out, "  form              PKCS#12\n");
	TST_CONTAINS(r.out, "modern.p12: certificate\n  friendlyName      l\xc3\xa5"
			    "da\n  subject           CN=store.example.com");
	TST_CONTAINS(r.out, "modern.p12: certificate\n  friendlyName      above\n");
	CU_ASSERT_PTR_NULL(strstr(r.out, "PRIVATE KEY"));
	TST_INT_EQ(tst_run(&r, "show", modern, modern, "--select", "friendly-name", "--password", right, NULL), 0);
	TST_STR_EQ(r.out, "l\xc3\xa5"
			  "da\nl\xc3\xa5"
			  "da\nabove\nl\xc3\xa5"
			  "da\nl\xc3\xa5"
			  "da\nabove\n");
	TST_INT_EQ(tst_run(&r, "show", keystore("open.p12", "", NULL), "--format", "short", NULL), 0);
	TST_CONTAINS(r.out, "certificate  store.example.com  ECDSA P-256");
	/* RC2, which OpenSSL 3 does not have by default. */
	old = keystore("old.p12", "sesame", "-legacy");
	TST_INT_EQ(tst_run(&r, "show", old, "--password", right, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "old.p12: the PKCS#12 file is under a cipher that is no longer in use, such as RC2");
	TST_CONTAINS(r.err, "openssl pkcs12 -legacy");
}

/* One that stays closed does not stand in the way of the rest of a listing. */
static void test_show__pkcs12_in_a_secret(void)
{
	const char *path = keystore("secret.p12", "sesame", NULL), *secret;
	GW_BUF_AUTO struct gw_buf text = GW_BUF(65536);
	struct tst_peer p;
	struct tst_run r;

	TST_INT_EQ(tst_peer(&p, NULL, "base64", "-w0", path, NULL), 0);
	gw_buf_printf(&text, "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  keystore.p12: %s\n", p.out);
	secret = tst_file("p12.yaml", gw_buf_str(&text));
	TST_INT_EQ(tst_run(&r, "show", "--format", "short", secret, NULL), 0);
	TST_STR_EQ(r.out, "Secret a data.keystore.p12  PKCS#12\n");
	TST_INT_EQ(tst_run(&r, "show", secret, "--password", tst_join("file:", tst_file("p12-pass", "sesame\n"), NULL),
			   NULL),
		   0);
	TST_CONTAINS(r.out, "p12.yaml:5: certificate (Secret a, data.keystore.p12)\n  friendlyName      above\n");
	TST_INT_EQ(tst_run(&r, "show", secret, "--password", tst_join("file:", tst_file("p12-wrong", "open\n"), NULL),
			   NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "p12.yaml:5 (data.keystore.p12): the PKCS#12 file does not open with this password");
	TST_INT_EQ(tst_run(&r, "bundle", secret, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "is under a password");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_show__refuses_what_holds_nothing),
		TST_CASE(test_show__text_has_a_line_for_each_fact),
		TST_CASE(test_show__says_what_openssl_says),
		TST_CASE(test_show__one_fact_is_one_line),
		TST_CASE(test_show__short_is_a_line_each),
		TST_CASE(test_show__json_is_whole),
		TST_CASE(test_show__never_a_private_key),
		TST_CASE(test_show__a_key_that_is_encrypted_stays_closed),
		TST_CASE(test_show__finds_pem_in_documents),
		TST_CASE(test_show__names_every_kind_of_key),
		TST_CASE(test_show__what_a_request_asks_for),
		TST_CASE(test_show__who_is_revoked),
		TST_CASE(test_show__what_the_issuer_added),
		TST_CASE(test_show__what_cannot_be_read_is_told),
		TST_CASE(test_show__pkcs12_opens_with_its_password),
		TST_CASE(test_show__pkcs12_in_a_secret),
	};

	umask(077); /* passwords that everybody can read are refused */
	return tst_main("show", cases, GW_COUNT(cases));
}
