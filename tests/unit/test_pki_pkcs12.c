/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#12: what is written is read again; what openssl writes is read; what is broken is refused. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/pkcs12.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/tap.h"

static struct gw_password password_of(const char *name, const char *text)
{
	return (struct gw_password){.option = "--password", .source = tst_join("file:", tst_file(name, text), NULL)};
}

static void write_one(struct gw_buf *out, const struct tst_id *leaf, const struct tst_id *above,
		      enum gw_pkcs12_kind kind)
{
	GW_CERTS_AUTO struct gw_certs chain = tst_certs(above, NULL);
	const struct gw_pkcs12_spec spec = {
		.key = leaf->key, .cert = leaf->cert, .chain = &chain, .name = "store", .kind = kind};
	const struct gw_password password = password_of("pw", "sesame\n");
	struct gw_err err = {0};

	TST_OK(gw_pkcs12_write(tst_ctx(), &spec, &password, out, &err), &err);
}

static void reads(const void *data, size_t len, const struct gw_password *password, const struct tst_id *leaf,
		  const struct tst_id *above)
{
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_err err = {0};

	if (!TST_OK(gw_pkcs12_read(tst_ctx(), "x.p12", data, len, password, &key, &certs, &err), &err))
		return;
	CU_ASSERT(gw_key_same(key, leaf->key));
	TST_INT_EQ(certs.count, 2);
	if (certs.count != 2)
		return;
	CU_ASSERT(gw_cert_same(certs.items[0], leaf->cert));
	CU_ASSERT(gw_cert_same(certs.items[1], above->cert));
}

static void refuses(const void *data, size_t len, const struct gw_password *password, const char *what)
{
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_err err = {0};

	TST_CODE(gw_pkcs12_read(tst_ctx(), "x.p12", data, len, password, &key, &certs, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, "x.p12");
	TST_CONTAINS(err.what, what);
	CU_ASSERT_PTR_NULL(key);
}

static void test_pkcs12__what_is_written_is_read(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *sub = tst_ca("Sub", root),
			    *leaf = tst_leaf("a.example", sub);
	const struct gw_password right = password_of("pw", "sesame\n"), wrong = password_of("no", "open\n");
	int kind;

	for (kind = GW_PKCS12_MODERN; kind <= GW_PKCS12_LEGACY; kind++) {
		GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);

		write_one(&der, leaf, sub, (enum gw_pkcs12_kind)kind);
		reads(der.data, der.len, &right, leaf, sub);
		refuses(der.data, der.len, &wrong, "does not open with this password");
		refuses(der.data, der.len, NULL, "is under a password");
		refuses(der.data, der.len, &(struct gw_password){.option = "--password"}, "is under a password");
	}
}

/* The rounds of each place in turn: of the certificates, of the key, of the MAC. Less than one is out of bounds as well. */
static void refuses_rounds(enum gw_pkcs12_kind kind, const char *rounds, size_t len)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct gw_password right = password_of("pw", "sesame\n");
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);
	char *at, *from;
	int n = 0;

	write_one(&der, leaf, root, kind);
	reads(der.data, der.len, &right, leaf, root);
	from = der.data;
	while ((at = memmem(from, der.len - (size_t)(from - der.data), rounds, len)) != NULL) {
		at[2] = (char)(at[2] | 0x80);
		refuses(der.data, der.len, &right, "is no PKCS#12 file");
		at[2] = rounds[2];
		from = at + 1;
		n++;
	}
	TST_INT_EQ(n, 3);
}

static void test_pkcs12__rounds_out_of_bounds_are_refused(void)
{
	refuses_rounds(GW_PKCS12_MODERN, "\x02\x03\x01\x86\xa0", 5);
	refuses_rounds(GW_PKCS12_LEGACY, "\x02\x02\x08\x00", 4);
}

static void test_pkcs12__what_is_no_file_is_refused(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct gw_password right = password_of("pw", "sesame\n");
	const struct gw_pkcs12_spec spec = {.cert = leaf->cert, .name = "store"};
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);
	size_t len;

	refuses("", 0, &right, "is no PKCS#12 file");
	refuses("rubbish", 7, &right, "is no PKCS#12 file");
	write_one(&der, leaf, root, GW_PKCS12_LEGACY);
	for (len = 1; len < der.len; len += 7) {
		refuses(der.data, len, &right, "is no PKCS#12 file");
		CU_ASSERT(gw_pkcs12_fault(&spec, der.data, len) != NULL);
	}
	gw_buf_chr(&der, 'x');
	refuses(der.data, der.len, &right, "is no PKCS#12 file");
}

/* Each octet changed in turn: no crash, and never the key of another. */
static void test_pkcs12__a_changed_octet_does_no_harm(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct gw_password right = password_of("pw", "sesame\n");
	const struct gw_pkcs12_spec spec = {.cert = leaf->cert, .name = "store", .kind = GW_PKCS12_LEGACY};
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);
	size_t i;

	write_one(&der, leaf, root, GW_PKCS12_LEGACY);
	CU_ASSERT_PTR_NULL(gw_pkcs12_fault(&spec, der.data, der.len));
	for (i = 0; i < der.len; i += 11) {
		GW_KEY_AUTO EVP_PKEY *key = NULL;
		GW_CERTS_AUTO struct gw_certs certs = {0};
		struct gw_err err = {0};

		der.data[i] ^= 0x20;
		(void)gw_pkcs12_fault(&spec, der.data, der.len);
		if (gw_pkcs12_read(tst_ctx(), "x", der.data, der.len, &right, &key, &certs, &err) == GW_OK)
			CU_ASSERT(key == NULL || gw_key_same(key, leaf->key));
		der.data[i] ^= 0x20;
	}
}

static void test_pkcs12__fits_or_not_without_a_password(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	struct gw_pkcs12_spec spec = {.cert = leaf->cert, .name = "store", .kind = GW_PKCS12_MODERN};
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(GW_PKCS12_MAX);
	GW_SECRET_AUTO struct gw_secret right = {0};
	GW_SECRET_AUTO struct gw_secret wrong = {0};

	write_one(&der, leaf, root, GW_PKCS12_MODERN);
	CU_ASSERT_PTR_NULL(gw_pkcs12_fault(&spec, der.data, der.len));
	spec.kind = GW_PKCS12_LEGACY;
	TST_STR_EQ(gw_pkcs12_fault(&spec, der.data, der.len), "is of the other compatibility");
	spec.name = "other";
	TST_STR_EQ(gw_pkcs12_fault(&spec, der.data, der.len), "is for another certificate or name");
	spec.name = "store";
	spec.cert = root->cert;
	TST_STR_EQ(gw_pkcs12_fault(&spec, der.data, der.len), "is for another certificate or name");
	TST_STR_EQ(gw_pkcs12_fault(&spec, "", 0), "is no PKCS#12 file");
	gw_secret_copy(&right, "sesame", 6);
	gw_secret_copy(&wrong, "sesam", 5);
	CU_ASSERT(gw_pkcs12_opens(der.data, der.len, &right));
	CU_ASSERT(!gw_pkcs12_opens(der.data, der.len, &wrong));
	CU_ASSERT(!gw_pkcs12_opens("", 0, &right));
}

static void test_pkcs12__what_openssl_writes_is_read(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const char *certs = tst_file("certs.pem", tst_pem(leaf, root, NULL));
	const char *key = tst_file("key.pem", tst_key_pem(leaf)), *out = tst_path("openssl.p12");
	static const struct {
		const char *options, *refused; /* why it cannot be read; NULL: it can */
	} kinds[] = {
		{"", NULL},
		{" -certpbe NONE -keypbe NONE", NULL},
		{" -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1", NULL},
		{" -legacy", "RC2"}, /* not among what OpenSSL 3 has by default */
		{" -nomac", "cannot be decoded"},
	};
	const struct gw_password right = password_of("pw", "sesame\n");
	char command[1024];
	struct tst_peer p;
	size_t i, len;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	for (i = 0; i < GW_COUNT(kinds); i++) {
		const char *der;

		snprintf(command, sizeof(command),
			 "openssl pkcs12 -export -in %s -inkey %s -out %s -passout pass:sesame%s", certs, key, out,
			 kinds[i].options);
		TST_INT_EQ(tst_peer(&p, NULL, "sh", "-c", command, NULL), 0);
		der = tst_read(out, &len);
		CU_ASSERT(der != NULL);
		if (der != NULL && kinds[i].refused != NULL)
			refuses(der, len, &right, kinds[i].refused);
		else if (der != NULL)
			reads(der, len, &right, leaf, root);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_pkcs12__what_is_written_is_read),
		TST_CASE(test_pkcs12__rounds_out_of_bounds_are_refused),
		TST_CASE(test_pkcs12__what_is_no_file_is_refused),
		TST_CASE(test_pkcs12__a_changed_octet_does_no_harm),
		TST_CASE(test_pkcs12__fits_or_not_without_a_password),
		TST_CASE(test_pkcs12__what_openssl_writes_is_read),
	};

	umask(077);
	return tst_main("pki_pkcs12", cases, GW_COUNT(cases));
}
