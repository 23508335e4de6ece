/* SPDX-License-Identifier: Apache-2.0 */
/* sign as it is typed. Requests are openssl's, and what was signed is read by openssl, not by us. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const char *ca_pem, *ca_key;

static bool begin(void)
{
	const struct tst_id *ca;

	if (ca_pem != NULL)
		return true;
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return false;
	}
	ca = tst_issue(&(struct tst_spec){.cn = "Root", .ca = true, .not_after = TST_NOW + 400 * GW_DAY}, NULL);
	ca_key = tst_file("ca.key", tst_key_pem(ca));
	chmod(ca_key, 0600);
	ca_pem = tst_file("ca.pem", tst_pem(ca, NULL));
	return true;
}

/* A request by openssl: its kind of key, subject, and up to three extensions, NULL-terminated. */
static const char *request(const char *name, const char *key, const char *subject, const char *a, const char *b,
			   const char *c)
{
	const char *out = tst_path("%s", name), *key_out = tst_path("%s.key", name);
	struct tst_peer p;

	if (c != NULL)
		tst_peer(&p, NULL, "openssl", "req", "-new", "-newkey", key, "-nodes", "-keyout", key_out, "-subj",
			 subject, "-out", out, "-addext", a, "-addext", b, "-addext", c, NULL);
	else if (b != NULL)
		tst_peer(&p, NULL, "openssl", "req", "-new", "-newkey", key, "-nodes", "-keyout", key_out, "-subj",
			 subject, "-out", out, "-addext", a, "-addext", b, NULL);
	else if (a != NULL)
		tst_peer(&p, NULL, "openssl", "req", "-new", "-newkey", key, "-nodes", "-keyout", key_out, "-subj",
			 subject, "-out", out, "-addext", a, NULL);
	else
		tst_peer(&p, NULL, "openssl", "req", "-new", "-newkey", key, "-nodes", "-keyout", key_out, "-subj",
			 subject, "-out", out, NULL);
	TST_INT_EQ(p.status, 0);
	return out;
}

#define ED    "ed25519"
#define STORE "subjectAltName=DNS:store.example.com"

/* sign with the CA in two files and up to four further words. */
static int sign(struct tst_run *r, const char *csr, const char *a, const char *b, const char *c, const char *d)
{
	const char *words[] = {"sign", csr, "--issuer", ca_pem, "--issuer-key", ca_key, a, b, c, d, NULL};

	return tst_run_argv(r, &(struct tst_world){TST_WORLD}, words);
}

static const char *text_of(const char *pem)
{
	struct tst_peer p;

	TST_INT_EQ(tst_peer(&p, pem, "openssl", "x509", "-noout", "-text", NULL), 0);
	return p.out;
}

/* --- refused ---------------------------------------------------------------------------------------------------- */

static void test_sign__refuses_what_makes_no_sense(void)
{
	const char *csr;
	struct tst_run r;

	if (!begin())
		return;
	csr = request("usage.csr", ED, "/CN=x", STORE, NULL, NULL);
	TST_INT_EQ(tst_run(&r, "sign", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "sign", csr, NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "which CA is it?");
	TST_INT_EQ(sign(&r, csr, "--profile", "sever", NULL, NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"server\"?");
	TST_INT_EQ(sign(&r, csr, "--allow", "*.com", NULL, NULL), GW_E_USAGE);
	TST_INT_EQ(sign(&r, csr, "--dry-run", "-o", "x", NULL), GW_E_USAGE);
	TST_INT_EQ(sign(&r, csr, "--format=json", "-o", "-", NULL), GW_E_USAGE);
	TST_INT_EQ(sign(&r, tst_path("none.csr"), NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_STR_EQ(r.out, "");
}

/* Which of the two is meant nobody can tell. */
static const char *two_requests(void)
{
	const char *one = request("one.csr", ED, "/CN=store.example.com", STORE, NULL, NULL);
	GW_BUF_AUTO struct gw_buf twice = GW_BUF(65536);

	gw_buf_printf(&twice, "%s%s", tst_read(one, NULL), tst_read(one, NULL));
	return tst_file("two.csr", gw_buf_str(&twice));
}

static void test_sign__refuses_what_is_no_request(void)
{
	struct tst_run r;

	if (!begin())
		return;
	TST_INT_EQ(sign(&r, ca_pem, NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "is a certificate, not a certificate request (CSR)");
	TST_INT_EQ(sign(&r, ca_key, NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "openssl req -new -key");
	TST_INT_EQ(sign(&r, tst_file("junk.csr", "junk\n"), NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_INT_EQ(sign(&r, tst_file("empty.csr", ""), NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_INT_EQ(sign(&r,
			tst_file("cut.csr", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n"
					    "-----END CERTIFICATE REQUEST-----\n"),
			NULL, NULL, NULL, NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "cut.csr:1: the request cannot be decoded");
	TST_INT_EQ(sign(&r, two_requests(), NULL, NULL, NULL, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "is a second request, and one is expected");
	TST_STR_EQ(r.out, "");
}

/* One octet of the name changed: decodable, and no longer what the key signed. */
static void test_sign__refuses_without_proof_of_possession(void)
{
	const char *csr;
	struct tst_peer p;
	struct tst_run r;
	char *der, *at;
	size_t len;

	if (!begin())
		return;
	csr = request("forged.csr", ED, "/CN=store.example.com", STORE, NULL, NULL);
	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "req", "-in", csr, "-outform", "der", "-out", tst_path("forged.der"),
			    NULL),
		   0);
	der = (char *)tst_read(tst_path("forged.der"), &len);
	at = memmem(der, len, "\x82\x11store.example.com", 19);
	CU_ASSERT(at != NULL);
	if (at != NULL)
		memcpy(at + 2, "stare", 5);
	TST_INT_EQ(sign(&r, tst_file_bytes("forged.der", der, len), "--allow=.example.com", NULL, NULL, NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "the request is not signed by its own key");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(sign(&r, tst_file_bytes("behind.der", der, len + 1), "--allow=.example.com", NULL, NULL, NULL),
		   GW_E_INPUT);
}

static void refuses(const char *csr, const char *option, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(sign(&r, csr, "--allow=store.example.com", option, NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, what);
	TST_STR_EQ(r.out, "");
}

static void test_sign__refuses_keys_that_nobody_should_sign(void)
{
	const char *own;
	struct tst_peer p;

	if (!begin())
		return;
	refuses(request("short.csr", "rsa:1024", "/CN=x", STORE, NULL, NULL), NULL,
		"the key of the request (RSA 1024) is too short");
	refuses(request("odd.csr", "rsa:2056", "/CN=x", STORE, NULL, NULL), NULL,
		"RSA 2056 keys are not signed under profile \"server\"");
	tst_peer(&p, NULL, "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-out",
		 tst_path("k1.pem"), NULL);
	tst_peer(&p, NULL, "openssl", "req", "-new", "-key", tst_path("k1.pem"), "-subj", "/CN=x", "-addext", STORE,
		 "-out", tst_path("k1.csr"), NULL);
	refuses(tst_path("k1.csr"), NULL, "(ECDSA secp256k1) is of a kind that clients do not take");
	tst_peer(&p, NULL, "openssl", "genrsa", "-3", "-out", tst_path("e3.pem"), "2048", NULL);
	tst_peer(&p, NULL, "openssl", "req", "-new", "-key", tst_path("e3.pem"), "-subj", "/CN=x", "-addext", STORE,
		 "-out", tst_path("e3.csr"), NULL);
	refuses(tst_path("e3.csr"), NULL, "has a public exponent below 65537");
	own = tst_path("own.csr");
	tst_peer(&p, NULL, "openssl", "req", "-new", "-key", ca_key, "-subj", "/CN=x", "-addext", STORE, "-out", own,
		 NULL);
	refuses(own, NULL, "the key of the request is the CA's own");
}

static void test_sign__grants_nothing_by_default(void)
{
	const char *csr;
	struct tst_run r;

	if (!begin())
		return;
	csr = request("default.csr", ED, "/O=Evil/CN=store.example.com", STORE, NULL, NULL);
	TST_INT_EQ(sign(&r, csr, NULL, NULL, NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "none of the names that it asks for is granted");
	TST_CONTAINS(r.err, "dropped  sans                  dns:store.example.com ");
	TST_STR_EQ(r.out, "");
	refuses(request("cn.csr", ED, "/CN=store.example.com", NULL, NULL, NULL), NULL,
		"asks for no subject alternative name, and no client looks at the common name any more");
	refuses(csr, "--strict", "--strict: 1 of what it asks for would be dropped");
	refuses(csr, "--days=91", "--days: is more than profile \"server\" allows: 90 days");
}

/* --- signed ----------------------------------------------------------------------------------------------------- */

static void test_sign__drops_what_is_not_allowed(void)
{
	const char *csr, *text;
	struct tst_run r;

	if (!begin())
		return;
	csr = request(
		"mixed.csr", ED, "/C=GB/O=Evil/CN=store.example.com",
		"subjectAltName=DNS:Store.example.com,DNS:*.example.com,DNS:evil.net,IP:10.1.2.3,email:a@b.example",
		"basicConstraints=critical,CA:TRUE", "keyUsage=digitalSignature,keyEncipherment,keyCertSign,cRLSign");
	TST_INT_EQ(sign(&r, csr, "--allow=store.example.com", "--allow=10.0.0.0/8", NULL, NULL), GW_OK);
	text = text_of(r.out);
	TST_CONTAINS(text, "Subject: CN = store.example.com\n");
	TST_CONTAINS(text, "DNS:store.example.com, IP Address:10.1.2.3\n");
	TST_CONTAINS(text, "CA:FALSE");
	TST_CONTAINS(text, "Key Usage: critical\n                Digital Signature\n");
	TST_CONTAINS(text, "Not After : Feb 21 12:00:00 2027 GMT");
	TST_LACKS(text, "evil");
	TST_LACKS(text, "Evil");
	TST_CONTAINS(r.err, "granted  subject.commonName");
	TST_CONTAINS(r.err, "dropped  subject.organization  Evil");
	TST_CONTAINS(r.err, "dropped  sans                  dns:*.example.com");
	TST_CONTAINS(r.err, "dropped  ca                    CA:TRUE");
	TST_CONTAINS(r.err, "signed by Root under profile server, until 2027-02-21T12:00:00Z: 5 granted");
	TST_LACKS(r.out, "granted");
}

static void test_sign__cuts_a_life_to_its_issuers(void)
{
	const char *csr;
	struct tst_run r;

	if (!begin())
		return;
	csr = request("life.csr", ED, "/CN=store.example.com", STORE, NULL, NULL);
	TST_INT_EQ(sign(&r, csr, "--profile=backend", "--allow=.example.com", "-q", NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(sign(&r, csr, "--profile=ca", "--allow=.example.com", NULL, NULL), GW_OK);
	TST_CONTAINS(r.err, "changed  validity");
	TST_CONTAINS(r.err, "the issuer ends then");
	TST_CONTAINS(text_of(r.out), "CA:TRUE");
}

static int sign_as(struct tst_run *r, const char *file, const char *csr, const char *profile)
{
	return tst_run(r, "sign", "-f", file, csr, "--issuer", "root", "--profile", profile, NULL);
}

/* What a profile fixes for an entry of its own must not make two strangers' certificates one, nor outlive the CA. */
static void test_sign__takes_no_serial_and_no_late_end_from_a_profile(void)
{
	const char *file, *csr;
	struct tst_run r;

	if (!begin())
		return;
	file = tst_file("f/pki.yaml",
			"gwcert: 1\n"
			"settings: { dir: pki }\n"
			"profiles:\n"
			"  fixed: { extends: server, serial: '0A', allow: { dns: [.example.com] } }\n"
			"  far: { extends: server, notAfter: 2059-06-01T00:00:00Z,\n"
			"         allow: { dns: [.example.com] } }\n"
			"  near: { extends: server, notAfter: 2027-01-01T00:00:00Z,\n"
			"          allow: { dns: [.example.com] } }\n"
			"certificates:\n"
			"  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 2y }\n");
	csr = request("fixed.csr", ED, "/CN=store.example.com", STORE, NULL, NULL);
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, NULL), GW_OK);
	TST_INT_EQ(sign_as(&r, file, csr, "fixed"), GW_E_REFUSED);
	TST_CONTAINS(r.err, "profile \"fixed\" gives every certificate the serial number");
	TST_CONTAINS(r.err, "leave serial out of the profile");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(sign_as(&r, file, csr, "far"), GW_OK);
	TST_CONTAINS(r.err, "the issuer ends then");
	TST_CONTAINS(text_of(r.out), "Not After : Nov 22 12:00:00 2028 GMT");
	TST_INT_EQ(sign_as(&r, file, csr, "near"), GW_OK);
	TST_CONTAINS(text_of(r.out), "Not After : Jan  1 00:00:00 2027 GMT");
}

/* OpenSSL compares the common name where there is no DNS name, and other clients are no stricter. */
/* What the issuer says of itself is in the certificate without having been asked for, so the receipt has it. */
static void test_sign__tells_what_the_profile_adds(void)
{
	const char *file =
		tst_file("adds.yaml",
			 "gwcert: 1\nprofiles:\n  p:\n    extends: server\n    allow: { dns: [store.example.com] }\n"
			 "    aia: { caIssuers: ['http://pki.example.com/ca.cer'] }\n"
			 "    crl: { distribution: ['http://pki.example.com/ca.crl'] }\n"
			 "    certificatePolicies: [{ oid: 1.3.6.1.4.1.99999.1 }]\n    mustStaple: true\n"
			 "    extensions: [{ oid: 1.3.6.1.4.1.99999.2, utf8: hello }]\ncertificates: { a: { issuer: "
			 "self, sans: [a.example.com] } }\n");
	struct tst_run r;

	if (!begin())
		return;
	sign(&r, request("adds.csr", ED, "/CN=store.example.com", STORE, NULL, NULL), "-f", file, "--profile", "p");
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "added    aia.caIssuers        http://pki.example.com/ca.cer");
	TST_CONTAINS(r.err, "added    crl.distribution     http://pki.example.com/ca.crl");
	TST_CONTAINS(r.err, "added    certificatePolicies  1.3.6.1.4.1.99999.1");
	TST_CONTAINS(r.err, "added    mustStaple           true");
	TST_CONTAINS(r.err, "added    extensions           1.3.6.1.4.1.99999.2");
}

static void test_sign__drops_a_common_name_that_could_be_a_host(void)
{
	static const char *const hosts[] = {"evil.org",   "evil.org.", "evil_x.org", "*.evil.org ", " evil.org",
					    "-.evil.org", "::1",       "localhost",  "LOCALHOST"};
	const char *file;
	struct tst_run r;
	size_t i;

	if (!begin())
		return;
	file = tst_file("cn/pki.yaml", "gwcert: 1\n"
				       "settings: { dir: pki }\n"
				       "profiles: { c: { extends: client, allow: { email: [example.com],\n"
				       "                 subject: [commonName] } } }\n"
				       "certificates:\n"
				       "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, NULL), GW_OK);
	for (i = 0; i < GW_COUNT(hosts); i++) {
		char subject[64];
		const char *csr;

		snprintf(subject, sizeof(subject), "/CN=%s", hosts[i]);
		csr = request("cn.csr", ED, subject, "subjectAltName=email:joe@example.com", NULL, NULL);

		TST_INT_EQ(sign_as(&r, file, csr, "c"), GW_OK);
		TST_CONTAINS(r.err, "it looks like a host, and is none of the names that are granted");
		TST_LACKS(text_of(r.out), "Subject: CN");
	}
	TST_INT_EQ(sign_as(&r, file,
			   request("cn.csr", ED, "/CN=Joe B. Doe", "subjectAltName=email:joe@example.com", NULL, NULL),
			   "c"),
		   GW_OK);
	TST_CONTAINS(text_of(r.out), "Subject: CN = Joe B. Doe");
}

static const char pki[] =
	"gwcert: 1\n"
	"settings: { dir: pki }\n"
	"profiles:\n"
	"  partner:\n"
	"    extends: server\n"
	"    subject: { country: GB }\n"
	"    validity: 10d\n"
	"    allow: { dns: ['*.p.example'], subject: [organization], extendedKeyUsage: [clientAuth],\n"
	"             keys: [ed25519], maxValidity: 20d }\n"
	"certificates:\n"
	"  root: { issuer: self, ca: { pathLength: 0 }, subject: { commonName: Root } }\n";

static void test_sign__takes_profile_and_ca_from_a_template(void)
{
	const char *file, *csr, *bad, *text;
	struct tst_run r;

	if (!begin())
		return;
	file = tst_file("t/pki.yaml", pki);
	csr = request("p.csr", ED, "/C=FR/O=Partner/OU=x", "subjectAltName=DNS:a.p.example",
		      "extendedKeyUsage=clientAuth,emailProtection", NULL);
	TST_INT_EQ(tst_run(&r, "sign", "-f", file, csr, "--issuer", "root", "--profile", "partner", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "the CA \"root\" has not been made yet");
	TST_INT_EQ(tst_run(&r, "gen", "-f", file, NULL), GW_OK);
	TST_INT_EQ(
		tst_run(&r, "sign", "-f", file, csr, "--issuer", "root", "--profile", "partner", "--days", "20", NULL),
		GW_OK);
	text = text_of(r.out);
	TST_CONTAINS(text, "Subject: C = GB, O = Partner, CN = a.p.example\n");
	TST_CONTAINS(text, "TLS Web Server Authentication, TLS Web Client Authentication\n");
	TST_CONTAINS(text, "Not After : Dec 13 12:00:00 2026 GMT");
	TST_CONTAINS(r.err, "dropped  subject.country             FR");
	TST_CONTAINS(r.err, "the profile has its own");
	TST_INT_EQ(
		tst_run(&r, "sign", "-f", file, csr, "--issuer", "root", "--profile", "partner", "--days", "21", NULL),
		GW_E_REFUSED);
	TST_INT_EQ(tst_run(&r, "sign", "-f", file, csr, "--issuer", "root", "--profile", "ca", "--allow", ".p.example",
			   NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "no CA may follow below the issuer: its path length is 0");
	bad = request("p2.csr", "rsa:2048", "/CN=a.p.example", "subjectAltName=DNS:a.p.example", NULL, NULL);
	TST_INT_EQ(tst_run(&r, "sign", "-f", file, bad, "--issuer", "root", "--profile", "partner", NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "RSA 2048 keys are not signed under profile \"partner\"");
	TST_INT_EQ(tst_run(&r, "sign", "-f", file, csr, "--issuer", "rot", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean \"root\"?");
	chmod(tst_path("t/pki/root/key.pem"), 0644);
	TST_INT_EQ(tst_run(&r, "sign", "-f", file, csr, "--issuer", "root", "--profile", "partner", NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "is the key of a CA, and others can read it");
}

static void test_sign__writes_where_it_is_told(void)
{
	const char *csr, *out;
	struct tst_run r;

	if (!begin())
		return;
	csr = request("out.csr", ED, "/CN=store.example.com", STORE, NULL, NULL);
	out = tst_path("out.pem");
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "--dry-run", NULL, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "would be signed by Root");
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "-o", out, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_mode(out), 0644);
	TST_CONTAINS(text_of(tst_read(out, NULL)), "DNS:store.example.com");
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "-o", out, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "exists already");
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "-o", out, "--force"), GW_OK);
	TST_INT_EQ(tst_run_in(&r, tst_read(csr, NULL), "sign", "-", "--issuer", ca_pem, "--issuer-key", ca_key,
			      "--allow", ".example.com", NULL),
		   GW_OK);
	TST_CONTAINS(r.err, "standard input: signed by Root");
}

static void test_sign__json_is_one_document(void)
{
	const char *csr;
	struct tst_run r;

	if (!begin())
		return;
	csr = request("json.csr", ED, "/CN=store.example.com", STORE, "keyUsage=keyCertSign", NULL);
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "--format=json", NULL, NULL), GW_OK);
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out, "{\n  \"schemaVersion\": 1,\n");
	TST_CONTAINS(r.out, "\"signed\": true,\n");
	TST_CONTAINS(r.out,
		     "\"field\": \"keyUsage\",\n      \"fate\": \"dropped\",\n      \"asked\": \"keyCertSign\",\n"
		     "      \"why\": \"only a CA may have it\"\n");
	TST_CONTAINS(r.out, "\"certificate\": \"-----BEGIN CERTIFICATE-----\\n");
	TST_INT_EQ(sign(&r, csr, "--format=json", NULL, NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.out, "\"refused\": {\n    \"status\": \"refused\",\n");
	TST_LACKS(r.out, "BEGIN CERTIFICATE");
	TST_INT_EQ(sign(&r, csr, "--allow=.example.com", "--dry-run", "--format=json", NULL), GW_OK);
	TST_CONTAINS(r.out, "\"signed\": false,\n  \"dryRun\": true,\n");
	TST_LACKS(r.out, "BEGIN CERTIFICATE");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_sign__refuses_what_makes_no_sense),
		TST_CASE(test_sign__refuses_what_is_no_request),
		TST_CASE(test_sign__refuses_without_proof_of_possession),
		TST_CASE(test_sign__refuses_keys_that_nobody_should_sign),
		TST_CASE(test_sign__grants_nothing_by_default),
		TST_CASE(test_sign__drops_what_is_not_allowed),
		TST_CASE(test_sign__cuts_a_life_to_its_issuers),
		TST_CASE(test_sign__takes_no_serial_and_no_late_end_from_a_profile),
		TST_CASE(test_sign__tells_what_the_profile_adds),
		TST_CASE(test_sign__drops_a_common_name_that_could_be_a_host),
		TST_CASE(test_sign__takes_profile_and_ca_from_a_template),
		TST_CASE(test_sign__writes_where_it_is_told),
		TST_CASE(test_sign__json_is_one_document),
	};

	return tst_main("cmd_sign", cases, GW_COUNT(cases));
}
