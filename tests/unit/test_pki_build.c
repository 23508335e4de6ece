/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and requests as they are made, with openssl as the judge of them. */
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "pki/build.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_name_attr cn = {"commonName", "store.example.com"};
static const struct gw_san san = {GW_SAN_DNS, "store.example.com"};

static struct gw_cert_plan sound_plan(void)
{
	return (struct gw_cert_plan){.subject = &cn,
				     .n_subject = 1,
				     .sans = &san,
				     .n_sans = 1,
				     .path_length = -1,
				     .key_usage = GW_KU_DIGITAL_SIGNATURE,
				     .not_before = TST_NOW,
				     .not_after = TST_NOW + GW_DAY};
}

static void refused(const struct gw_cert_plan *plan, const struct tst_id *issuer, EVP_PKEY *issuer_key,
		    const char *what)
{
	const struct tst_id *own = tst_ca("Key", NULL);
	struct gw_err err = {0};
	X509 *cert = NULL;

	TST_CODE(
		gw_cert_build(tst_ctx(), plan, own->key, issuer != NULL ? issuer->cert : NULL, issuer_key, &cert, &err),
		GW_E_INPUT, &err);
	TST_CONTAINS(err.what, what);
	CU_ASSERT_PTR_NULL(cert);
}

static void test_build__refuses_plans_that_make_no_certificate(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL), *other = tst_ca("Other", NULL);
	static const struct gw_name_attr
		unknown = {"commonNam", "x"},
		country = {"countryName", "DEU"}, bad = {"commonName", "\xff\xfe"},
		long_cn = {"commonName", "0123456789012345678901234567890123456789012345678901234567890.example"};
	static const char *const eku = "serverAut";
	struct gw_cert_plan plan = sound_plan();

	plan.not_after = plan.not_before - 1;
	refused(&plan, NULL, NULL, "end before it begins");
	plan = sound_plan();
	plan.n_subject = 0;
	refused(&plan, NULL, NULL, "self-signed certificate needs a subject");
	plan.ca = true;
	refused(&plan, ca, ca->key, "CA certificate needs a subject");
	plan.ca = false;
	plan.n_sans = 0;
	refused(&plan, ca, ca->key, "needs a subject or a subject alternative name");
	plan = sound_plan();
	refused(&plan, ca, other->key, "issuer's key does not belong");
	plan.subject = &unknown;
	refused(&plan, NULL, NULL, "\"commonNam\"");
	plan.subject = &country;
	refused(&plan, NULL, NULL, "countryName \"DEU\"");
	plan.subject = &long_cn;
	refused(&plan, NULL, NULL, "too long");
	plan.subject = &bad;
	refused(&plan, NULL, NULL, "commonName");
	plan = sound_plan();
	plan.extended_key_usage = &eku;
	plan.n_extended_key_usage = 1;
	refused(&plan, NULL, NULL, "\"serverAut\"");
}

static void verifies(const char *ca, const char *untrusted, const char *leaf, const char *purpose)
{
	struct tst_peer p;
	char at[32];

	snprintf(at, sizeof(at), "%lld", (long long)TST_NOW);
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-auth_level", "2", "-purpose", purpose, "-attime", at,
		 "-CAfile", ca, "-untrusted", untrusted, leaf, NULL);
	if (!TST_INT_EQ(p.status, 0))
		TST_STR_EQ(p.err, "");
}

static void test_build__every_type_passes_openssls_strict_checks(void)
{
	static const enum gw_key_type types[] = {GW_KEY_EC_P256, GW_KEY_EC_P384, GW_KEY_EC_P521, GW_KEY_RSA_2048,
						 GW_KEY_ED25519};
	size_t i;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	for (i = 0; i < GW_COUNT(types); i++) {
		const struct tst_id *root =
			tst_issue(&(struct tst_spec){.cn = "Root", .ca = true, .type = types[i]}, NULL);
		const struct tst_id *middle = tst_issue(
			&(struct tst_spec){
				.cn = "Issuing", .ca = true, .path_limited = true, .path_length = 0, .type = types[i]},
			root);
		const struct tst_id *server = tst_leaf("a.example", middle);
		const struct tst_id *client = tst_issue(
			&(struct tst_spec){.cn = "client", .sans = "spiffe://x/y", .eku = "clientAuth"}, middle);
		const struct tst_id *nameless =
			tst_issue(&(struct tst_spec){.sans = "192.0.2.1 2001:db8::1 *.b.example c@d.example",
						     .eku = "serverAuth"},
				  middle);
		const struct tst_id *self =
			tst_issue(&(struct tst_spec){.cn = "s.example", .sans = "s.example", .type = types[i]}, NULL);
		const char *ca = tst_file("root.pem", tst_pem(root, NULL));
		const char *between = tst_file("middle.pem", tst_pem(middle, NULL));

		verifies(ca, between, tst_file("server.pem", tst_pem(server, NULL)), "sslserver");
		verifies(ca, between, tst_file("client.pem", tst_pem(client, NULL)), "sslclient");
		verifies(ca, between, tst_file("nameless.pem", tst_pem(nameless, NULL)), "sslserver");
		verifies(tst_file("self.pem", tst_pem(self, NULL)), between, tst_path("self.pem"), "sslserver");
	}
}

/* What `openssl x509 -text` or `openssl req -text` says of a file. */
static const char *text_of(const char *command, const char *path)
{
	struct tst_peer p;

	tst_peer(&p, NULL, "openssl", command, "-in", path, "-noout", "-text", NULL);
	return p.out;
}

static void test_build__extensions_are_those_of_the_role(void)
{
	const struct tst_id *root =
		tst_issue(&(struct tst_spec){.cn = "Root", .ca = true, .path_limited = true, .path_length = 1}, NULL);
	const struct tst_id *leaf = tst_leaf("a.example", root);
	const struct tst_id *nameless = tst_issue(&(struct tst_spec){.sans = "a.example"}, root);
	const char *text;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	text = text_of("x509", tst_file("root.pem", tst_pem(root, NULL)));
	TST_CONTAINS(text, "Basic Constraints: critical\n                CA:TRUE, pathlen:1");
	TST_CONTAINS(text, "Key Usage: critical\n                Certificate Sign, CRL Sign");
	TST_LACKS(text, "Extended Key Usage");
	text = text_of("x509", tst_file("leaf.pem", tst_pem(leaf, NULL)));
	TST_CONTAINS(text, "Version: 3 (0x2)");
	TST_CONTAINS(text, "Basic Constraints: critical\n                CA:FALSE");
	TST_CONTAINS(text, "Key Usage: critical\n                Digital Signature\n");
	TST_CONTAINS(text, "Extended Key Usage: \n                TLS Web Server Authentication");
	TST_CONTAINS(text, "Subject Alternative Name: \n                DNS:a.example");
	TST_CONTAINS(text, "Subject Key Identifier");
	text = text_of("x509", tst_file("nameless.pem", tst_pem(nameless, NULL)));
	TST_CONTAINS(text, "Subject Alternative Name: critical\n                DNS:a.example");
	TST_LACKS(text, "Extended Key Usage");
}

static void test_build__key_ids_link_the_chain(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_cert_facts r, l;

	gw_cert_read_facts(root->cert, &arena, &r);
	gw_cert_read_facts(leaf->cert, &arena, &l);
	TST_STR_EQ(l.authority_key_id, r.subject_key_id);
	TST_STR_EQ(r.authority_key_id, r.subject_key_id);
	CU_ASSERT(strcmp(l.subject_key_id, r.subject_key_id) != 0);
	TST_INT_EQ(strlen(l.subject_key_id), 40);
}

static void test_build__serials_are_positive_and_twenty_octets(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	char seen[64][41];
	size_t i, k;

	for (i = 0; i < GW_COUNT(seen); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_cert_facts f;

		gw_cert_read_facts(tst_issue(&(struct tst_spec){.cn = "x", .reuse = root}, root)->cert, &arena, &f);
		if (!TST_INT_EQ(strlen(f.serial), 40))
			return;
		CU_ASSERT(f.serial[0] >= '0' && f.serial[0] <= '7');
		CU_ASSERT(strncmp(f.serial, "00", 2) != 0);
		memcpy(seen[i], f.serial, 41);
		for (k = 0; k < i; k++)
			CU_ASSERT(strcmp(seen[k], seen[i]) != 0);
	}
}

static void test_build__dates_change_their_encoding_in_2050(void)
{
	const int64_t last = gw_time_civil(2049, 12, 31, 23, 59, 59);
	const struct tst_id *utc = tst_issue(&(struct tst_spec){.cn = "u", .not_after = last}, NULL);
	const struct tst_id *general = tst_issue(&(struct tst_spec){.cn = "g", .not_after = last + 1}, NULL);

	TST_INT_EQ(ASN1_STRING_type(X509_get0_notAfter(utc->cert)), V_ASN1_UTCTIME);
	TST_INT_EQ(ASN1_STRING_type(X509_get0_notAfter(general->cert)), V_ASN1_GENERALIZEDTIME);
	TST_INT_EQ(gw_cert_not_after(utc->cert), last);
	TST_INT_EQ(gw_cert_not_after(general->cert), last + 1);
	TST_INT_EQ(gw_cert_not_before(utc->cert), TST_NOW - GW_DAY);
}

static int type_of_attribute(const X509 *cert, int at)
{
	return ASN1_STRING_type(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(X509_get_subject_name(cert), at)));
}

static void test_build__names_are_utf8_but_for_country_and_mail(void)
{
	const struct gw_name_attr subject[] = {{"countryName", "DE"},
					       {"O", "M\xc3\xbcller"},
					       {"emailAddress", "a@b.example"},
					       {"2.5.4.97", "VATDE-1"},
					       {"CN", "plain"}};
	const struct tst_id *own = tst_ca("Key", NULL);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_cert_plan plan = sound_plan();
	struct gw_cert_facts f;
	struct gw_err err = {0};
	GW_CERT_AUTO X509 *cert = NULL;

	plan.subject = subject;
	plan.n_subject = GW_COUNT(subject);
	if (!TST_OK(gw_cert_build(tst_ctx(), &plan, own->key, NULL, NULL, &cert, &err), &err))
		return;
	TST_INT_EQ(type_of_attribute(cert, 0), V_ASN1_PRINTABLESTRING);
	TST_INT_EQ(type_of_attribute(cert, 1), V_ASN1_UTF8STRING);
	TST_INT_EQ(type_of_attribute(cert, 2), V_ASN1_IA5STRING);
	TST_INT_EQ(type_of_attribute(cert, 4), V_ASN1_UTF8STRING);
	gw_cert_read_facts(cert, &arena, &f);
	TST_CONTAINS(f.subject, "CN=plain,");
	TST_CONTAINS(f.subject, "O=M\xc3\xbcller,C=DE");
}

static void test_build__requests_ask_for_the_same(void)
{
	static const char *const eku[] = {"serverAuth", "1.2.3.4"};
	const struct tst_id *own = tst_ca("Key", NULL);
	GW_BUF_AUTO struct gw_buf pem = GW_BUF(10000);
	struct gw_cert_plan plan = sound_plan();
	struct gw_err err = {0};
	const char *path, *text;
	struct tst_peer p;

	plan.extended_key_usage = eku;
	plan.n_extended_key_usage = 2;
	TST_OK(gw_csr_build(tst_ctx(), &plan, own->key, &pem, &err), &err);
	TST_CONTAINS(gw_buf_str(&pem), "-----BEGIN CERTIFICATE REQUEST-----\n");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	path = tst_file("req.pem", gw_buf_str(&pem));
	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "req", "-in", path, "-noout", "-verify", NULL), 0);
	text = text_of("req", path);
	TST_CONTAINS(text, "Subject: CN = store.example.com");
	TST_CONTAINS(text, "DNS:store.example.com");
	TST_CONTAINS(text, "TLS Web Server Authentication, 1.2.3.4");
	TST_CONTAINS(text, "CA:FALSE");
	TST_CONTAINS(text, "Digital Signature");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_build__refuses_plans_that_make_no_certificate),
		TST_CASE(test_build__every_type_passes_openssls_strict_checks),
		TST_CASE(test_build__extensions_are_those_of_the_role),
		TST_CASE(test_build__key_ids_link_the_chain),
		TST_CASE(test_build__serials_are_positive_and_twenty_octets),
		TST_CASE(test_build__dates_change_their_encoding_in_2050),
		TST_CASE(test_build__names_are_utf8_but_for_country_and_mail),
		TST_CASE(test_build__requests_ask_for_the_same),
	};

	return tst_main("build", cases, GW_COUNT(cases));
}
