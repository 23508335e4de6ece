/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "pki/cert.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static void refused(const char *text, bool many, const char *where, const char *what)
{
	struct gw_certs certs = {0};
	struct gw_err err = {0};
	const char *path = tst_file("in.pem", text);

	TST_CODE(gw_certs_read(tst_ctx(), path, many, &certs, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, where != NULL ? tst_join(path, where, NULL) : path);
	TST_CONTAINS(err.what, what);
	TST_INT_EQ(certs.count, 0);
}

static void test_certs__say_what_a_file_holds_instead(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL);
	const char *one = tst_pem(ca, NULL), *many = one;
	int i;

	refused(tst_key_pem(ca), false, ":1", "is a private key, not a certificate");
	refused("-----BEGIN CERTIFICATE REQUEST-----\nMAMCAQE=\n-----END CERTIFICATE REQUEST-----\n", false, ":1",
		"signing request");
	refused("-----BEGIN TRUSTED CERTIFICATE-----\nMAMCAQE=\n-----END TRUSTED CERTIFICATE-----\n", false, ":1",
		"TRUSTED CERTIFICATE");
	refused("-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", false, ":1", "cannot be decoded");
	refused(tst_join("text\n\n-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n", one, NULL), true,
		":3", "cannot be decoded");
	for (i = 0; i < GW_CHAIN_MAX; i++)
		many = tst_join(many, one, NULL);
	refused(many, false, NULL, "more than 100 certificates");
}

/* Octets behind the certificate in its own block. */
static void test_certs__refuse_trailing_octets(void)
{
	GW_BUF_AUTO struct gw_buf pem = GW_BUF(10000);
	unsigned char *der, longer[4096];
	size_t len = gw_cert_to_der(tst_ca("Root", NULL)->cert, &der);

	memcpy(longer, der, len);
	longer[len] = 0;
	free(der);
	gw_pem_write(&pem, "CERTIFICATE", longer, len + 1);
	refused(pem.data, false, ":1", "cannot be decoded");
}

static void test_certs__come_in_order_and_without_the_rest(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_err err = {0};

	tst_file("all.pem", tst_join("text\n", tst_pem(leaf, NULL), tst_key_pem(leaf), tst_pem(root, NULL), NULL));
	TST_OK(gw_certs_read(tst_ctx(), tst_path("all.pem"), false, &certs, &err), &err);
	TST_INT_EQ(certs.count, 2);
	if (certs.count != 2)
		return;
	CU_ASSERT(gw_cert_same(certs.items[0], leaf->cert));
	CU_ASSERT(gw_cert_same(certs.items[1], root->cert));
	CU_ASSERT(!gw_cert_same(certs.items[0], root->cert));
}

/* "AB:CD" without colons and in lower case, as facts spell it. */
static const char *bare_hex(const char *text)
{
	char *out = tst_alloc(strlen(text) + 1);
	size_t n = 0;

	for (; *text != '\0' && *text != '\n'; text++) {
		if (*text != ':')
			out[n++] = (char)tolower((unsigned char)*text);
	}
	out[n] = '\0';
	return out;
}

/* What follows `label` in the output of openssl x509. */
static const char *openssl_says(const char *path, const char *option, const char *label)
{
	struct tst_peer p;
	const char *at;

	tst_peer(&p, NULL, "openssl", "x509", "-in", path, "-noout", option, NULL);
	at = strstr(p.out, label);
	return at != NULL ? bare_hex(at + strlen(label)) : "";
}

static void test_facts__agree_with_openssl(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *path = tst_file("leaf.pem", tst_pem(leaf, NULL));
	struct gw_cert_facts f;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	gw_cert_read_facts(leaf->cert, &arena, &f);
	TST_STR_EQ(f.serial, openssl_says(path, "-serial", "serial="));
	tst_peer(&p, NULL, "openssl", "x509", "-in", path, "-noout", "-sha256", "-fingerprint", NULL);
	TST_STR_EQ(f.sha256, bare_hex(strchr(p.out, '=') + 1));
	TST_STR_EQ(f.key, "ECDSA P-256");
	TST_STR_EQ(f.signature, "ecdsa-with-SHA256");
	TST_STR_EQ(f.subject, "CN=a.example");
	TST_STR_EQ(f.issuer, "CN=Root");
	TST_STR_EQ(f.common_name, "a.example");
	CU_ASSERT(!f.ca && !gw_cert_self_signed(leaf->cert));
	TST_INT_EQ(f.path_length, -1);
	TST_INT_EQ(f.key_usage, GW_KU_DIGITAL_SIGNATURE);
	TST_STR_EQ(f.extended_key_usage[0], "serverAuth");
	CU_ASSERT_PTR_NULL(f.extended_key_usage[1]);
	TST_STR_EQ(f.ca_issuers, NULL);
	gw_cert_read_facts(root->cert, &arena, &f);
	CU_ASSERT(f.ca && f.has_key_usage);
	CU_ASSERT(gw_cert_self_signed(root->cert));
	TST_INT_EQ(f.key_usage, GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN);
	CU_ASSERT_PTR_NULL(f.extended_key_usage);
}

/* Adds an extension as OpenSSL's configuration spells it, in place of one that is there, and signs anew. */
static void set_extension(const struct tst_id *id, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	int at = X509_get_ext_by_NID(id->cert, nid, -1);

	CU_ASSERT_PTR_NOT_NULL(ext);
	if (at >= 0)
		X509_EXTENSION_free(X509_delete_ext(id->cert, at));
	X509_add_ext(id->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(id, id);
}

/* GeneralNames by their DER: [2] with a NUL inside, [7] of five octets. */
static void test_facts__no_octet_ends_or_hides_a_name(void)
{
	const struct tst_id *id = tst_leaf("a.example", NULL);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_cert_facts f;

	set_extension(id, NID_subject_alt_name,
		      "DER:3016820d612e6578616d706c6500"
		      "2e6576"
		      "87050102030405");
	gw_cert_read_facts(id->cert, &arena, &f);
	TST_INT_EQ(f.n_sans, 2);
	if (f.n_sans != 2)
		return;
	TST_STR_EQ(f.sans[0].value, "a.example\\x00.ev");
	TST_INT_EQ(f.sans[0].type, GW_SAN_DNS);
	TST_INT_EQ(f.sans[1].type, GW_SAN_OTHER);
	TST_STR_EQ(f.sans[1].value, "malformed IP 0102030405");
}

static void test_facts__malformed_names_are_told_from_absent_ones(void)
{
	const struct tst_id *bad = tst_leaf("a.example", NULL), *none = tst_ca("Root", NULL);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_san *sans;
	size_t n = 99;

	set_extension(bad, NID_subject_alt_name, "DER:0401ff");
	CU_ASSERT(!gw_cert_sans(bad->cert, &arena, &sans, &n));
	TST_INT_EQ(n, 0);
	CU_ASSERT(gw_cert_sans(none->cert, &arena, &sans, &n));
	TST_INT_EQ(n, 0);
}

static void test_facts__issuers_address(void)
{
	const struct tst_id *id = tst_leaf("a.example", NULL);
	GW_ARENA_AUTO struct gw_arena arena = {0};

	set_extension(id, NID_info_access, "OCSP;URI:http://o.example/,caIssuers;URI:http://ca.example/i.crt");
	TST_STR_EQ(gw_cert_ca_issuers(id->cert, &arena), "http://ca.example/i.crt");
}

static void test_facts__a_label_is_always_there(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	GW_ARENA_AUTO struct gw_arena arena = {0};

	TST_STR_EQ(gw_cert_label(root->cert, &arena), "Root");
	TST_STR_EQ(gw_cert_label(tst_issue(&(struct tst_spec){.sans = "a.example b.example"}, root)->cert, &arena),
		   "a.example");
	TST_STR_EQ(gw_cert_issuer_label(tst_leaf("x.example", root)->cert, &arena), "Root");
}

static void test_cert__unreadable_dates_are_never_valid(void)
{
	const struct tst_id *id = tst_leaf("a.example", NULL);

	ASN1_STRING_set(X509_getm_notAfter(id->cert), "991332000000Z", -1);
	ASN1_STRING_set(X509_getm_notBefore(id->cert), "x", -1);
	TST_INT_EQ(gw_cert_not_after(id->cert), GW_TIME_FAR_PAST);
	TST_INT_EQ(gw_cert_not_before(id->cert), GW_TIME_FAR_FUTURE);
}

/* The certificate with one octet of its DER changed, decoded anew; NULL where OpenSSL refuses it by itself. The place is
 * found by the octets before it. */
static X509 *changed(const X509 *cert, const char *before, size_t n, unsigned char value)
{
	unsigned char *der, *at;
	const unsigned char *p;
	size_t len = gw_cert_to_der(cert, &der);
	X509 *out = NULL;

	p = der;
	at = memmem(der, len, before, n);
	CU_ASSERT_PTR_NOT_NULL(at);
	if (at != NULL) {
		at[n] = value;
		out = d2i_X509(NULL, &p, (long)len);
	}
	free(der);
	return out;
}

static void unsound(X509 *cert, const char *fault)
{
	CU_ASSERT_PTR_NOT_NULL(cert);
	if (cert != NULL)
		TST_STR_EQ(gw_cert_form_fault(cert), fault);
	gw_cert_free(cert);
}

/* Each of these is taken by OpenSSL and refused by Go's x509, and so by kubectl. */
static void test_form__finds_what_openssl_overlooks(void)
{
	const struct tst_id *id =
		tst_issue(&(struct tst_spec){.cn = "a.example", .sans = "a.example spiffe://x/y 192.0.2.1"}, NULL);
	const struct tst_id *twice = tst_leaf("b.example", NULL), *odd = tst_leaf("c.example", NULL);
	X509_EXTENSION *ext = X509_get_ext(twice->cert, X509_get_ext_by_NID(twice->cert, NID_subject_alt_name, -1));

	TST_STR_EQ(gw_cert_form_fault(id->cert), NULL);
	unsound(changed(id->cert, "\x55\x1d\x13\x01\x01", 5, 0x80), "breaks the encoding rules (DER)");
	unsound(changed(id->cert, "\xa0\x03\x02\x01", 4, 0x09), "has an unknown version");
	unsound(changed(id->cert, "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03", 9, 0x03),
		"names two different signature algorithms");
	unsound(changed(id->cert,
			"\x82\x09"
			"a.examp",
			9, 0x80),
		"has a subject alternative name with characters that no name has");
	unsound(changed(id->cert, "\x86\x0cspif", 6, 0x7f),
		"has a subject alternative name with characters that no name has");
	unsound(changed(id->cert, "\x86\x0c", 2, '0'), "has a URI that is none");
	unsound(changed(id->cert, "\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07", 12, 0xc1),
		"has an extension that cannot be read");
	X509_add_ext(twice->cert, ext, -1);
	tst_resign(twice, twice);
	unsound(gw_cert_ref(twice->cert), "has the same extension twice");
	X509_NAME_add_entry_by_NID(X509_get_subject_name(odd->cert), NID_localityName, V_ASN1_PRINTABLESTRING,
				   (const unsigned char *)"a@b", -1, -1, 0);
	tst_resign(odd, odd);
	unsound(gw_cert_ref(odd->cert), "has a name with a string that its type does not allow");
}

static void test_cert__issued_by_looks_at_names_and_key_ids(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *namesake = tst_ca("Root", NULL);
	const struct tst_id *leaf = tst_leaf("a.example", root);

	CU_ASSERT(gw_cert_issued_by(leaf->cert, root->cert));
	CU_ASSERT(!gw_cert_issued_by(leaf->cert, namesake->cert));
	CU_ASSERT(!gw_cert_issued_by(root->cert, leaf->cert));
	CU_ASSERT(gw_cert_signed_by(leaf->cert, root->key));
	CU_ASSERT(!gw_cert_signed_by(leaf->cert, namesake->key));
	CU_ASSERT(!gw_cert_signed_by(leaf->cert, NULL));
	CU_ASSERT(gw_cert_self_issued(root->cert));
	CU_ASSERT(!gw_cert_self_issued(leaf->cert));
	CU_ASSERT(gw_cert_matches_key(leaf->cert, leaf->key));
	CU_ASSERT(!gw_cert_matches_key(leaf->cert, root->key));
}

/* The key of `id` as a block with the octet at `at` changed (none where at is past the end), asked of the certificate. */
static bool matches_block(const struct tst_id *id, const X509 *cert, const char *label, size_t at)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(4096), text = GW_BUF_SECRET(8192);
	GW_PEM_AUTO struct gw_pem pem = {0}, changed = {0};
	const char *key = tst_key_pem(id);
	struct gw_err err = {0};
	bool ok;

	TST_INT_EQ(gw_pem_scan(&pem, "key", key, strlen(key), &err), GW_OK);
	gw_pem_decode(&pem.blocks[0], &der);
	if (at < der.len)
		der.data[at] = (char)(der.data[at] ^ 1);
	gw_pem_write(&text, label, der.data, der.len);
	TST_INT_EQ(gw_pem_scan(&changed, "changed", text.data, text.len, &err), GW_OK);
	ok = gw_cert_matches_block(cert, &changed.blocks[0]);
	return ok;
}

/* Every octet of the key counts: the quick way says yes to nothing that the slow one would refuse. */
static void test_cert__matches_block_is_exact(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	size_t at;

	for (at = 0; at < 138; at++)
		CU_ASSERT(!matches_block(leaf, leaf->cert, "PRIVATE KEY", at));
	CU_ASSERT(matches_block(leaf, leaf->cert, "PRIVATE KEY", SIZE_MAX));
	CU_ASSERT(matches_block(root, root->cert, "PRIVATE KEY", SIZE_MAX));
	CU_ASSERT(!matches_block(leaf, leaf->cert, "EC PRIVATE KEY", SIZE_MAX));
	CU_ASSERT(!matches_block(leaf, leaf->cert, "CERTIFICATE", SIZE_MAX));
	CU_ASSERT(!matches_block(leaf, root->cert, "PRIVATE KEY", SIZE_MAX));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_certs__say_what_a_file_holds_instead),
		TST_CASE(test_certs__refuse_trailing_octets),
		TST_CASE(test_certs__come_in_order_and_without_the_rest),
		TST_CASE(test_facts__agree_with_openssl),
		TST_CASE(test_facts__no_octet_ends_or_hides_a_name),
		TST_CASE(test_facts__malformed_names_are_told_from_absent_ones),
		TST_CASE(test_facts__issuers_address),
		TST_CASE(test_facts__a_label_is_always_there),
		TST_CASE(test_cert__unreadable_dates_are_never_valid),
		TST_CASE(test_form__finds_what_openssl_overlooks),
		TST_CASE(test_cert__matches_block_is_exact),
		TST_CASE(test_cert__issued_by_looks_at_names_and_key_ids),
	};

	return tst_main("cert", cases, GW_COUNT(cases));
}
