/* SPDX-License-Identifier: Apache-2.0 */
/* What comes out of a mould is, octet for octet, what the ordinary way makes; and openssl accepts it. */
#include "pki/mould.h"

#include <string.h>

#include "pki/verify.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"

#define SERIAL_AT  15 /* in the DER of a certificate of 256 octets and more whose serial has 20 */
#define SERIAL_LEN 20

struct cast {
	struct gw_buf key, cert;
	bool first;
};

static void release(struct cast *c)
{
	gw_buf_release(&c->key);
	gw_buf_release(&c->cert);
}

static struct cast cast(struct gw_mould *m, const struct gw_cert_plan *plan)
{
	struct cast c = {.key = GW_BUF_SECRET(100000), .cert = GW_BUF(100000)};
	struct gw_err err = {0};

	TST_OK(gw_mould_cast(m, plan, &c.key, &c.cert, &c.first, &err), &err);
	return c;
}

/* The DER of a PEM text, with another serial and without the signature: the TBSCertificate alone. */
static struct gw_buf to_be_signed(const char *pem_text, size_t len)
{
	struct gw_buf der = GW_BUF(100000);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};
	const unsigned char *at;

	TST_OK(gw_pem_scan(&pem, "cert", pem_text, len, &err), &err);
	if (pem.n_blocks != 1)
		return der;
	gw_pem_decode(&pem.blocks[0], &der);
	at = (const unsigned char *)der.data;
	CU_ASSERT(der.len > 300 && at[4] == 0x30 && at[5] == 0x82 && at[SERIAL_AT - 1] == SERIAL_LEN);
	memset(der.data + SERIAL_AT, 0, SERIAL_LEN);
	der.len = 8 + ((size_t)at[6] << 8 | at[7]);
	/* The length of the whole has the signature's in it. */
	memset(der.data, 0, 4);
	return der;
}

/* The plan by the mould and by gw_cert_build() with the same key. */
static void same_as_ordinary(struct gw_mould *m, const struct gw_cert_plan *plan, const struct tst_id *ca, bool first)
{
	struct cast c = cast(m, plan);
	struct gw_buf pem = GW_BUF(100000), quick, slow;
	GW_SECRET_AUTO struct gw_secret key = {0};
	GW_CERT_AUTO X509 *cert = NULL;
	struct gw_err err = {0};

	TST_INT_EQ(c.first, first);
	TST_OK(gw_cert_build(tst_ctx(), plan, gw_mould_key(m), ca->cert, ca->key, &cert, &err), &err);
	if (cert == NULL)
		return;
	gw_cert_to_pem(cert, &pem);
	quick = to_be_signed(c.cert.data, c.cert.len);
	slow = to_be_signed(pem.data, pem.len);
	TST_MEM_EQ(quick.data, quick.len, slow.data, slow.len);
	TST_OK(gw_key_to_pem(gw_mould_key(m), &key, &err), &err);
	TST_STR_EQ(gw_buf_str(&c.key), key.data);
	gw_buf_release(&quick);
	gw_buf_release(&slow);
	gw_buf_release(&pem);
	release(&c);
}

static const char *const server_auth[] = {"serverAuth"};

static struct gw_cert_plan plan_of(const struct gw_san *sans, size_t n, const struct gw_name_attr *subject,
				   size_t n_subject)
{
	return (struct gw_cert_plan){.subject = subject,
				     .n_subject = n_subject,
				     .sans = sans,
				     .n_sans = n,
				     .path_length = -1,
				     .key_usage = GW_KU_DIGITAL_SIGNATURE,
				     .extended_key_usage = server_auth,
				     .n_extended_key_usage = 1,
				     .not_before = TST_NOW - 300,
				     .not_after = TST_NOW + 86400};
}

static void every_shape(enum gw_key_type type, const struct tst_id *ca, bool pss)
{
	static const struct gw_san one[] = {{GW_SAN_DNS, "a.example.com"}};
	static const struct gw_san many[] = {{GW_SAN_DNS, "*.b.example.com"},
					     {GW_SAN_IP, "203.0.113.7"},
					     {GW_SAN_IP, "2001:db8::1"},
					     {GW_SAN_URI, "spiffe://example.com/x"},
					     {GW_SAN_EMAIL, "a@example.com"}};
	static const struct gw_name_attr name[] = {{"commonName", "a.example.com"}},
					 person[] = {{"countryName", "GB"},
						     {"organizationName", "B\xc3\xbcro"},
						     {"commonName", "x"}};
	struct gw_cert_plan plan = plan_of(one, 1, name, 1);
	struct gw_mould *m = NULL;
	struct gw_err err = {0};

	TST_OK(gw_mould_new(tst_ctx(), type, ca->cert, ca->key, &m, &err), &err);
	if (m == NULL)
		return;
	plan.rsa_pss = pss;
	same_as_ordinary(m, &plan, ca, true);
	same_as_ordinary(m, &plan, ca, false);
	plan = plan_of(many, GW_COUNT(many), person, GW_COUNT(person));
	plan.rsa_pss = pss;
	same_as_ordinary(m, &plan, ca, false);
	plan = plan_of(one, 1, NULL, 0); /* the names are critical now */
	plan.rsa_pss = pss;
	same_as_ordinary(m, &plan, ca, false);
	plan = plan_of(NULL, 0, name, 1); /* another shape: a new mould */
	plan.rsa_pss = pss;
	same_as_ordinary(m, &plan, ca, true);
	plan = plan_of(one, 1, name, 1);
	plan.rsa_pss = pss;
	same_as_ordinary(m, &plan, ca, true);
	plan.not_after = INT64_C(2524608000); /* 2050: GeneralizedTime */
	same_as_ordinary(m, &plan, ca, false);
	plan.not_after = INT64_C(2524607999);
	same_as_ordinary(m, &plan, ca, false);
	gw_mould_free(m);
}

static void test_pki_mould__makes_what_the_ordinary_way_makes(void)
{
	static const enum gw_key_type types[] = {GW_KEY_EC_P256, GW_KEY_ED25519, GW_KEY_EC_P384};
	static const enum gw_key_type signers[] = {GW_KEY_EC_P256, GW_KEY_ED25519, GW_KEY_EC_P384, GW_KEY_RSA_2048};
	size_t i;

	for (i = 0; i < GW_COUNT(types); i++)
		every_shape(types[i], tst_ca("Root", NULL), false);
	for (i = 0; i < GW_COUNT(signers); i++) {
		const struct tst_spec spec = {.cn = "Root", .ca = true, .type = signers[i]};

		every_shape(GW_KEY_EC_P256, tst_issue(&spec, NULL), false);
		if (signers[i] == GW_KEY_RSA_2048)
			every_shape(GW_KEY_EC_P256, tst_issue(&spec, NULL), true);
	}
}

static void test_pki_mould__is_accepted_by_openssl(void)
{
	static const enum gw_key_type types[] = {GW_KEY_EC_P256, GW_KEY_ED25519, GW_KEY_RSA_2048};
	static const struct gw_san sans[] = {{GW_SAN_DNS, "a.example.com"}};
	const struct tst_id *ca = tst_ca("Root", NULL);
	const char *root = tst_file("root.pem", tst_pem(ca, NULL));
	struct gw_cert_plan plan = plan_of(sans, 1, NULL, 0);
	struct gw_err err = {0};
	struct tst_peer p, q;
	size_t i, n;

	for (i = 0; i < GW_COUNT(types); i++) {
		struct gw_mould *m = NULL;

		TST_OK(gw_mould_new(tst_ctx(), types[i], ca->cert, ca->key, &m, &err), &err);
		for (n = 0; n < 3; n++) {
			struct cast c = cast(m, &plan);
			const char *cert = tst_file("cert.pem", gw_buf_str(&c.cert));
			const char *key = tst_file("key.pem", gw_buf_str(&c.key));

			tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose",
				 "sslserver", "-verify_hostname", "a.example.com", "-CAfile", root, cert, NULL);
			TST_INT_EQ(p.status, 0);
			tst_peer(&p, NULL, "openssl", "pkey", "-in", key, "-check", "-pubout", NULL);
			tst_peer(&q, NULL, "openssl", "x509", "-in", cert, "-noout", "-pubkey", NULL);
			TST_CONTAINS(p.out, q.out);
			release(&c);
		}
		gw_mould_free(m);
	}
}

static void test_pki_mould__never_gives_a_key_or_serial_twice(void)
{
	static const struct gw_san sans[] = {{GW_SAN_DNS, "a.example.com"}};
	const struct tst_id *ca = tst_ca("Root", NULL);
	struct gw_cert_plan plan = plan_of(sans, 1, NULL, 0);
	struct gw_mould *m = NULL;
	struct cast before, c;
	struct gw_err err = {0};
	size_t i;

	TST_OK(gw_mould_new(tst_ctx(), GW_KEY_EC_P256, ca->cert, ca->key, &m, &err), &err);
	before = cast(m, &plan);
	for (i = 0; i < 20; i++) {
		c = cast(m, &plan);
		CU_ASSERT(strcmp(gw_buf_str(&c.key), gw_buf_str(&before.key)) != 0);
		CU_ASSERT(memcmp(c.cert.data + 28, before.cert.data + 28, 48) != 0); /* the line of the serial */
		release(&before);
		before = c;
	}
	release(&before);
	gw_mould_free(m);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_pki_mould__makes_what_the_ordinary_way_makes),
		TST_CASE(test_pki_mould__is_accepted_by_openssl),
		TST_CASE(test_pki_mould__never_gives_a_key_or_serial_twice),
	};

	return tst_main("pki_mould", cases, GW_COUNT(cases));
}
