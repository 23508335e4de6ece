/* SPDX-License-Identifier: Apache-2.0 */
/* Each rule of the judge: a certificate that breaks it, and the same one whole. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "judge/judge.h"
#include "rules/rules.h"
#include "tests/edit.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_where here = {.file = "f"};

static struct gw_findings judged_certs(const struct gw_certs *presented, const struct tst_id *root)
{
	struct gw_findings fs = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	if (TST_OK(gw_trust_from_certs(tst_ctx(), "roots", &root->cert, 1, &trust, &err), &err))
		TST_OK(gw_judge_chain(presented, trust, TST_NOW, GW_PURPOSE_SERVER, &here, &fs, &err), &err);
	gw_trust_free(trust);
	return fs;
}

static struct gw_findings judged(const struct tst_id *leaf, const struct tst_id *root)
{
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, NULL);

	return judged_certs(&presented, root);
}

/* The leaf below the root breaks exactly one rule, with that severity and these words. */
static void breaks(const struct tst_id *leaf, const struct tst_id *root, enum gw_rule_name rule,
		   enum gw_severity severity, const char *what)
{
	GW_FINDINGS_AUTO struct gw_findings fs = judged(leaf, root);

	TST_INT_EQ(fs.count, 1);
	if (fs.first == NULL)
		return;
	TST_STR_EQ(fs.first->rule->id, gw_rules[rule].id);
	TST_INT_EQ(fs.first->severity, severity);
	TST_CONTAINS(fs.first->what, what);
}

static void is_whole(const struct tst_id *leaf, const struct tst_id *root)
{
	GW_FINDINGS_AUTO struct gw_findings fs = judged(leaf, root);

	TST_INT_EQ(fs.count, 0);
	if (fs.first != NULL)
		TST_STR_EQ(fs.first->what, "");
}

/* A leaf of its own below the root, with one extension as given. */
static const struct tst_id *odd_leaf(const struct tst_id *root, int nid, const char *value)
{
	return tst_edit(tst_leaf("a.example", root), root, nid, value);
}

static const struct tst_id *odd_root(int nid, const char *value)
{
	const struct tst_id *root = tst_ca("Root", NULL);

	return tst_edit(root, root, nid, value);
}

/* --- RFC 5280 4.1 ------------------------------------------------------------------------------------------------- */

static const struct tst_id *with_serial(const struct tst_id *root, const char *hex)
{
	const struct tst_id *leaf = tst_leaf("a.example", root);
	BIGNUM *number = NULL;

	BN_hex2bn(&number, hex);
	BN_to_ASN1_INTEGER(number, X509_get_serialNumber(leaf->cert));
	BN_free(number);
	tst_resign(leaf, root);
	return leaf;
}

static void test_rules__serial_number(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);

	breaks(with_serial(root, "0"), root, GWC_SERIAL, GW_ERROR, "has the serial number 0");
	breaks(with_serial(root, "010000000000000000000000000000000000000000"), root, GWC_SERIAL, GW_ERROR,
	       "of 21 octets");
	/* The high bit costs an octet. */
	breaks(with_serial(root, "8000000000000000000000000000000000000000"), root, GWC_SERIAL, GW_ERROR,
	       "of 21 octets");
	breaks(with_serial(root, "-1"), root, GWC_UNDECODABLE, GW_ERROR, "negative");
	is_whole(with_serial(root, "7fffffffffffffffffffffffffffffffffffffff"), root);
	is_whole(with_serial(root, "1"), root);
}

static void test_rules__version(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	X509_set_version(leaf->cert, X509_VERSION_1);
	tst_resign(leaf, root);
	breaks(leaf, root, GWC_VERSION, GW_ERROR, "has extensions, which only version 3 may have");
	while (X509_get_ext_count(leaf->cert) > 0)
		X509_EXTENSION_free(X509_delete_ext(leaf->cert, 0));
	tst_resign(leaf, root);
	fs = judged(leaf, root);
	CU_ASSERT_PTR_EQUAL(fs.first->rule, &gw_rules[GWC_VERSION]);
	TST_INT_EQ(fs.first->severity, GW_WARNING);
}

static void test_rules__form_of_dates(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	ASN1_TIME *end = ASN1_TIME_new();

	/* Before 2050 the year has two digits. */
	ASN1_TIME_set_string(end, "20301231235959Z");
	X509_set1_notAfter(leaf->cert, end);
	tst_resign(leaf, root);
	breaks(leaf, root, GWC_UNDECODABLE, GW_WARNING, "has a date in a form");
	ASN1_TIME_set_string(end, "301231235959Z");
	X509_set1_notAfter(leaf->cert, end);
	tst_resign(leaf, root);
	is_whole(leaf, root);
	ASN1_TIME_set_string(end, "20500101000000Z");
	X509_set1_notAfter(leaf->cert, end);
	tst_resign(leaf, root);
	is_whole(leaf, root);
	ASN1_TIME_free(end);
}

static void test_rules__empty_names(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *leaf = tst_issue(&(struct tst_spec){.sans = "a.example", .eku = "serverAuth"}, root);
	const struct tst_id *nameless = tst_ca("Root", NULL);
	X509_NAME *empty = X509_NAME_new();

	X509_set_subject_name(nameless->cert, empty);
	X509_set_issuer_name(nameless->cert, empty);
	X509_NAME_free(empty);
	tst_resign(nameless, nameless);
	is_whole(leaf, root);
	breaks(tst_edit(leaf, root, NID_subject_alt_name, "DNS:a.example"), root, GWC_CRITICALITY, GW_ERROR,
	       "has no subject, so its subject alternative names must be marked critical");
	{
		GW_FINDINGS_AUTO struct gw_findings fs = judged(tst_leaf("b.example", nameless), nameless);

		CU_ASSERT(gw_findings_any(&fs, GW_ERROR));
		CU_ASSERT_PTR_EQUAL(fs.first->rule, &gw_rules[GWC_EMPTY_NAME]);
	}
}

/* --- RFC 5280 4.2 ------------------------------------------------------------------------------------------------- */

static void test_rules__marks_of_extensions(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *loose = odd_root(NID_basic_constraints, "CA:TRUE");

	breaks(odd_leaf(root, NID_subject_key_identifier, "critical,DER:0401aa"), root, GWC_CRITICALITY, GW_ERROR,
	       "subject key identifier marked critical");
	breaks(odd_leaf(root, NID_info_access, "critical,caIssuers;URI:http://a.example/"), root, GWC_CRITICALITY,
	       GW_ERROR, "authority information access marked critical");
	breaks(odd_leaf(root, NID_subject_alt_name, "critical,DNS:a.example"), root, GWC_CRITICALITY, GW_WARNING,
	       "should not be marked critical");
	breaks(tst_leaf("a.example", loose), loose, GWC_CRITICALITY, GW_WARNING,
	       "basic constraints not marked critical");
	is_whole(odd_leaf(root, NID_info_access, "caIssuers;URI:http://a.example/"), root);
}

static void test_rules__key_identifiers(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *bare = odd_root(NID_subject_key_identifier, NULL);

	breaks(odd_leaf(root, NID_authority_key_identifier, NULL), root, GWC_KEY_ID, GW_WARNING,
	       "does not name the key of its issuer");
	breaks(odd_leaf(root, NID_authority_key_identifier, "DER:3003800101"), root, GWC_KEY_ID_MISMATCH, GW_ERROR,
	       "names another key of its issuer");
	breaks(odd_leaf(root, NID_authority_key_identifier, "DER:3000"), root, GWC_KEY_ID, GW_WARNING,
	       "without the identifier");
	breaks(tst_leaf("a.example", bare), bare, GWC_KEY_ID, GW_WARNING, "is a CA without a subject key identifier");
}

static void test_rules__powers_of_a_ca(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);

	breaks(odd_leaf(root, NID_name_constraints, "critical,permitted;DNS:example"), root, GWC_CA_POWERS, GW_ERROR,
	       "name constraints, but is not a CA");
	breaks(odd_leaf(root, NID_key_usage, "critical,digitalSignature,keyCertSign"), root, GWC_CA_POWERS, GW_ERROR,
	       "keyCertSign in its key usage, but is not a CA");
	breaks(odd_leaf(root, NID_basic_constraints, "critical,CA:FALSE,pathlen:0"), root, GWC_CA_POWERS, GW_ERROR,
	       "path length, but is not a CA");
	is_whole(odd_leaf(root, NID_key_usage, "critical,digitalSignature,keyAgreement"), root);
	is_whole(odd_leaf(root, NID_basic_constraints, "critical,CA:FALSE"), root);
}

static void test_rules__form_of_name_constraints(void)
{
	static const char *const bad[] = {
		"critical,DER:3000",                          /* nothing at all */
		"critical,permitted;IP:10.0.0.0/255.0.255.0", /* a mask with a hole */
		"critical,permitted;DNS:exa mple",            /* no name */
		"critical,DER:3010a00e300c8207"
		"6578616d706c65"
		"800101", /* a minimum of 1 */
	};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		const struct tst_id *root = odd_root(NID_name_constraints, bad[i]);
		GW_FINDINGS_AUTO struct gw_findings fs = judged(tst_leaf("a.example", root), root);
		const struct gw_finding *f = fs.first;

		while (f != NULL && f->rule != &gw_rules[GWC_CONSTRAINT_FORM])
			f = f->next;
		CU_ASSERT_PTR_NOT_NULL(f);
		CU_ASSERT(gw_findings_any(&fs, GW_ERROR));
	}
	{
		const struct tst_id *root = odd_root(NID_name_constraints, "critical,permitted;DNS:.example");

		breaks(tst_leaf("a.example", root), root, GWC_CONSTRAINT_FORM, GW_WARNING, "begins with a dot");
		root = odd_root(NID_name_constraints, "critical,permitted;DNS:example");
		is_whole(tst_leaf("a.example", root), root);
	}
}

static void test_rules__addresses_of_the_issuer(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);

	breaks(odd_leaf(root, NID_info_access, "caIssuers;DNS:a.example"), root, GWC_ACCESS, GW_ERROR,
	       "names no address where its issuer");
	breaks(odd_leaf(root, NID_info_access, "DER:3000"), root, GWC_ACCESS, GW_ERROR,
	       "names no address where its issuer");
	is_whole(odd_leaf(root, NID_info_access, "OCSP;URI:http://ocsp.example"), root);
}

static void test_rules__lists_in_extensions(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);

	breaks(odd_leaf(root, NID_certificate_policies, "DER:3000"), root, GWC_UNDECODABLE, GW_WARNING,
	       "an extension that is an empty list");
	breaks(odd_leaf(root, NID_crl_distribution_points, "DER:3000"), root, GWC_UNDECODABLE, GW_WARNING,
	       "an extension that is an empty list");
	breaks(odd_leaf(root, NID_certificate_policies, "DER:3015300506032a0304300506032a0305300506032a0304"), root,
	       GWC_UNDECODABLE, GW_WARNING, "the same certificate policy twice");
	is_whole(odd_leaf(root, NID_certificate_policies, "DER:300e300506032a0304300506032a0305"), root);
}

/* A CA has certified its next key: of one name, and not signed by itself. */
static void test_rules__a_new_key_of_a_ca(void)
{
	const struct tst_id *old = tst_ca("Root", NULL), *new = tst_ca("Root", old);
	const struct tst_id *odd = odd_root(NID_authority_key_identifier, "DER:3003800101");
	const struct tst_id *made = tst_ca("Root", old), *leaf = tst_leaf("a.example", made);
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, NULL);
	struct tst_id weak = {.key = made->key};
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	breaks(tst_leaf("b.example", odd), odd, GWC_KEY_ID, GW_WARNING, "two key identifiers differ");
	is_whole(tst_leaf("a.example", new), new);
	X509_sign(made->cert, old->key, EVP_sha1());
	weak.cert = X509_dup(made->cert); /* the first one has kept how it was signed before */
	gw_certs_add(&presented, weak.cert);
	is_whole(leaf, &weak); /* trusted, whoever has signed it */
	fs = judged_certs(&presented, old);
	TST_INT_EQ(fs.count, 1);
	TST_STR_EQ(fs.first != NULL ? fs.first->rule->id : "", gw_rules[GWC_WEAK].id);
}

static void test_rules__key_usage_of_an_issuer(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *between = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", tst_edit(between, root, NID_key_usage, NULL));
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, between, NULL);
	GW_FINDINGS_AUTO struct gw_findings fs = judged_certs(&presented, root);

	TST_INT_EQ(fs.count, 1);
	if (fs.first != NULL) {
		TST_STR_EQ(fs.first->rule->id, gw_rules[GWC_NOT_CA].id);
		TST_INT_EQ(fs.first->severity, GW_WARNING);
		TST_CONTAINS(fs.first->what, "is a CA without a key usage");
	}
	/* What is trusted says by that what it may do. */
	root = odd_root(NID_key_usage, NULL);
	is_whole(tst_leaf("a.example", root), root);
}

/* --- the public web ----------------------------------------------------------------------------------------------- */

static void test_rules__usage_on_the_web(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *wide = odd_root(NID_ext_key_usage, "serverAuth");

	breaks(odd_leaf(root, NID_ext_key_usage, NULL), root, GWC_NO_USAGE, GW_WARNING, "has no extended key usage");
	breaks(odd_leaf(root, NID_ext_key_usage, "critical,serverAuth"), root, GWC_WIDE_USAGE, GW_WARNING,
	       "marked critical");
	breaks(odd_leaf(root, NID_ext_key_usage, "anyExtendedKeyUsage"), root, GWC_WIDE_USAGE, GW_WARNING,
	       "for every use");
	breaks(tst_leaf("a.example", wide), wide, GWC_WIDE_USAGE, GW_WARNING, "is a root with an extended key usage");
	breaks(tst_issue(&(struct tst_spec){.cn = "a.example", .sans = "a.example", .ca = true, .eku = "serverAuth"},
			 root),
	       root, GWC_CA_AS_LEAF, GW_WARNING, "is a CA in the place of a server");
	breaks(tst_ca("Issuing", root), root, GWC_CA_AS_LEAF, GW_NOTE, "is a CA in the place");
	is_whole(odd_leaf(root, NID_ext_key_usage, "serverAuth,clientAuth"), root);
}

static void test_rules__names_on_the_web(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf;
	const struct tst_id *person = tst_leaf("A service", root);
	const struct tst_id *address =
		tst_edit(tst_leaf("192.0.2.1", root), root, NID_subject_alt_name, "DNS:b.example");
	static const char *const bad[] = {"DNS:a_b.example", "DNS:a..example", "DNS:f*o.example",
					  "DNS:a.*.example", "DNS:10.0.0.1",   "DNS:*.com"};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		breaks(odd_leaf(root, NID_subject_alt_name, tst_join("DNS:a.example,", bad[i], NULL)), root,
		       GWC_BAD_NAME, GW_WARNING, "has the subject alternative name");
	breaks(odd_leaf(root, NID_subject_alt_name, "DNS:a.example,DNS:*.co.uk"), root, GWC_PUBLIC_SUFFIX, GW_WARNING,
	       "below \"co.uk\" anybody");
	breaks(odd_leaf(root, NID_subject_alt_name, "DNS:a.example,DNS:*.github.io"), root, GWC_PUBLIC_SUFFIX, GW_NOTE,
	       "below \"github.io\" anybody");
	is_whole(odd_leaf(root, NID_subject_alt_name, "DNS:a.example,DNS:*.shop.co.uk,DNS:xn--n3h.example"), root);
	breaks(odd_leaf(root, NID_subject_alt_name, "DNS:b.example"), root, GWC_COMMON_NAME, GW_WARNING,
	       "has the common name \"a.example\"");
	breaks(odd_leaf(root, NID_subject_alt_name, "DNS:A.example"), root, GWC_COMMON_NAME, GW_WARNING, "common name");
	is_whole(odd_leaf(root, NID_subject_alt_name, "DNS:localhost"), root);
	leaf = tst_leaf("a.example", root);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(leaf->cert), "CN", MBSTRING_ASC,
				   (const unsigned char *)"a.example", -1, -1, 0);
	tst_resign(leaf, root);
	breaks(leaf, root, GWC_COMMON_NAME, GW_WARNING, "has 2 common names");
	/* The owner's domain over the names below it; an address is of another kind. */
	is_whole(odd_leaf(root, NID_subject_alt_name, "DNS:x.a.example"), root);
	is_whole(odd_leaf(root, NID_subject_alt_name, "IP:192.0.2.1"), root);
	breaks(address, root, GWC_COMMON_NAME, GW_WARNING, "has the common name \"192.0.2.1\"");
	is_whole(tst_edit(address, root, NID_subject_alt_name, "DNS:b.example,IP:192.0.2.1"), root);
	/* What is no host is no rival of a name of any kind. */
	is_whole(tst_edit(person, root, NID_subject_alt_name, "DNS:b.example,otherName:1.2.3.4;UTF8:x"), root);
	breaks(odd_leaf(root, NID_subject_alt_name, NULL), root, GWC_NO_SAN, GW_WARNING, "no subject alternative name");
}

static void rekey(const struct tst_id *id, const struct tst_id *root, EVP_PKEY *key)
{
	X509_set_pubkey(id->cert, key);
	EVP_PKEY_free(key);
	tst_resign(id, root);
}

/* An RSA key of 2048 bits with an exponent that nothing here generates. */
static EVP_PKEY *with_exponent(unsigned long exponent)
{
	EVP_PKEY *made = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048), *key = NULL;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = BN_new();
	OSSL_PARAM *params;

	EVP_PKEY_get_bn_param(made, OSSL_PKEY_PARAM_RSA_N, &n);
	BN_set_word(e, exponent);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(bld);
	if (EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		abort();
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	BN_free(e);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(made);
	return key;
}

static void test_rules__keys_on_the_web(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);

	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2052));
	breaks(leaf, root, GWC_WEB_KEY, GW_WARNING, "no multiple of 8 bits");
	rekey(leaf, root, with_exponent(1));
	breaks(leaf, root, GWC_WEB_KEY, GW_ERROR, "whose exponent is even or 1");
	rekey(leaf, root, with_exponent(4));
	breaks(leaf, root, GWC_WEB_KEY, GW_ERROR, "whose exponent is even or 1");
	rekey(leaf, root, with_exponent(3));
	is_whole(leaf, root);
	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp224r1"));
	breaks(leaf, root, GWC_WEB_KEY, GW_WARNING, "on a curve that browsers do not take");
	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "secp256k1"));
	breaks(leaf, root, GWC_WEB_KEY, GW_ERROR, "on a curve that browsers do not take");
	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	breaks(leaf, root, GWC_WEB_KEY, GW_WARNING, "of a kind that browsers do not take");
	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "prime192v1"));
	{
		GW_FINDINGS_AUTO struct gw_findings fs = judged(leaf, root);

		CU_ASSERT(gw_findings_any(&fs, GW_ERROR));
		CU_ASSERT_PTR_EQUAL(fs.first->rule, &gw_rules[GWC_WEAK]);
	}
	rekey(leaf, root, EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521"));
	is_whole(leaf, root);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_rules__serial_number),           TST_CASE(test_rules__version),
		TST_CASE(test_rules__form_of_dates),           TST_CASE(test_rules__empty_names),
		TST_CASE(test_rules__marks_of_extensions),     TST_CASE(test_rules__key_identifiers),
		TST_CASE(test_rules__powers_of_a_ca),          TST_CASE(test_rules__form_of_name_constraints),
		TST_CASE(test_rules__addresses_of_the_issuer), TST_CASE(test_rules__usage_on_the_web),
		TST_CASE(test_rules__lists_in_extensions),     TST_CASE(test_rules__key_usage_of_an_issuer),
		TST_CASE(test_rules__a_new_key_of_a_ca),       TST_CASE(test_rules__names_on_the_web),
		TST_CASE(test_rules__keys_on_the_web),
	};

	return tst_main("judge_rules", cases, GW_COUNT(cases));
}
