/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "pki/verify.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static struct gw_trust *trust_of(const struct tst_id *anchor)
{
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	TST_OK(gw_trust_from_file(tst_ctx(), tst_file("anchors.pem", tst_pem(anchor, NULL)), &trust, &err), &err);
	return trust;
}

/* Verifies and compares the kinds of the faults, in order, ended by -1. */
static void faults_are(const struct tst_id *anchor, struct gw_certs presented, int64_t at, enum gw_purpose purpose,
		       const int *want)
{
	struct gw_trust *trust = trust_of(anchor);
	struct gw_verify_result result;
	struct gw_err err = {0};
	size_t i, n = 0;

	if (trust == NULL || !TST_OK(gw_verify_chain(trust, &presented, at, purpose, &result, &err), &err)) {
		gw_certs_release(&presented);
		gw_trust_free(trust);
		return;
	}
	for (i = 0; i < result.n_faults && want[n] != -1; i++)
		TST_INT_EQ(result.faults[i].kind, want[n++]);
	TST_INT_EQ(want[n], -1);
	for (; i < result.n_faults; i++)
		TST_STR_EQ(gw_verify_error_text(result.faults[i].error), "no further fault");
	TST_INT_EQ(result.ok, want[0] == -1);
	gw_verify_result_release(&result);
	gw_certs_release(&presented);
	gw_trust_free(trust);
}
#define FAULTS(...) ((const int[]){__VA_ARGS__, -1})
#define NO_FAULT    ((const int[]){-1})

static void test_verify__names_each_fault(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *other = tst_ca("Elsewhere", NULL),
			    *namesake = tst_ca("Root", NULL);
	const struct tst_id *middle = tst_ca("Issuing", root), *leaf = tst_leaf("a.example", middle);
	const struct tst_id *self = tst_leaf("a.example", NULL), *under_leaf = tst_leaf("b.example", leaf);
	const struct tst_id *client = tst_issue(&(struct tst_spec){.cn = "c", .eku = "clientAuth"}, root);
	const struct tst_id *tampered = tst_leaf("t.example", root);

	faults_are(other, tst_certs(leaf, middle, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_NO_ISSUER));
	faults_are(root, tst_certs(leaf, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_NO_ISSUER));
	faults_are(other, tst_certs(leaf, middle, root, NULL), TST_NOW, GW_PURPOSE_SERVER,
		   FAULTS(GW_FAULT_UNTRUSTED_ROOT));
	faults_are(other, tst_certs(self, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_SELF_SIGNED_LEAF));
	faults_are(namesake, tst_certs(middle, NULL), TST_NOW, GW_PURPOSE_ANY, FAULTS(GW_FAULT_NO_ISSUER));
	faults_are(root, tst_certs(client, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_PURPOSE));
	faults_are(root, tst_certs(under_leaf, leaf, middle, NULL), TST_NOW, GW_PURPOSE_SERVER,
		   FAULTS(GW_FAULT_NOT_CA));
	X509_set_version(tampered->cert, X509_VERSION_3);
	X509_gmtime_adj(X509_getm_notAfter(tampered->cert), 86400);
	faults_are(root, tst_certs(tampered, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_SIGNATURE));
}

static void test_verify__path_length_and_key_usage_of_cas(void)
{
	const struct tst_id *root =
		tst_issue(&(struct tst_spec){.cn = "Root", .ca = true, .path_limited = true, .path_length = 0}, NULL);
	const struct tst_id *middle = tst_ca("Issuing", root), *leaf = tst_leaf("a.example", middle);
	const struct tst_id *mute =
		tst_issue(&(struct tst_spec){.cn = "Mute", .ca = true, .key_usage = GW_KU_CRL_SIGN}, NULL);
	const struct tst_id *below = tst_leaf("b.example", mute);

	faults_are(root, tst_certs(leaf, middle, NULL), TST_NOW, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_PATH_LENGTH));
	faults_are(mute, tst_certs(below, mute, NULL), TST_NOW, GW_PURPOSE_ANY, FAULTS(GW_FAULT_NO_CERT_SIGN));
}

static void test_verify__tells_all_faults_at_once(void)
{
	const struct tst_id *other = tst_ca("Elsewhere", NULL);
	const struct tst_id *self =
		tst_issue(&(struct tst_spec){.cn = "a.example", .eku = "clientAuth", .not_after = TST_NOW - 1}, NULL);

	faults_are(other, tst_certs(self, NULL), TST_NOW, GW_PURPOSE_SERVER,
		   FAULTS(GW_FAULT_SELF_SIGNED_LEAF, GW_FAULT_PURPOSE, GW_FAULT_TIME));
}

static void test_verify__sound_chains_in_any_order_pass(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *middle = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", middle), *self = tst_leaf("s.example", NULL);

	faults_are(root, tst_certs(leaf, middle, NULL), TST_NOW, GW_PURPOSE_SERVER, NO_FAULT);
	faults_are(root, tst_certs(leaf, root, middle, NULL), TST_NOW, GW_PURPOSE_SERVER, NO_FAULT);
	faults_are(self, tst_certs(self, NULL), TST_NOW, GW_PURPOSE_SERVER, NO_FAULT);
}

/* RFC 5280 4.1.2.5: the second that notAfter names is still valid; OpenSSL by itself says no. */
static void test_verify__the_last_second_counts(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const int64_t end = gw_cert_not_after(leaf->cert), begin = gw_cert_not_before(leaf->cert);

	faults_are(root, tst_certs(leaf, NULL), end, GW_PURPOSE_SERVER, NO_FAULT);
	faults_are(root, tst_certs(leaf, NULL), begin, GW_PURPOSE_SERVER, NO_FAULT);
	faults_are(root, tst_certs(leaf, NULL), begin - 1, GW_PURPOSE_SERVER, FAULTS(GW_FAULT_TIME, GW_FAULT_TIME));
}

static void test_verify__keeps_the_chain_it_built(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	struct gw_trust *trust = trust_of(root);
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, NULL);
	struct gw_verify_result result;
	struct gw_err err = {0};

	if (trust == NULL)
		return;
	if (TST_OK(gw_verify_chain(trust, &presented, TST_NOW, GW_PURPOSE_SERVER, &result, &err), &err)) {
		TST_INT_EQ(result.chain.count, 2);
		CU_ASSERT(result.chain.count == 2 && gw_cert_same(result.chain.items[1], root->cert));
		gw_verify_result_release(&result);
	}
	gw_trust_free(trust);
}

static void test_trust__knows_its_anchors(void)
{
	const struct tst_id *root = tst_ca("Acme Root CA", NULL), *other = tst_ca("Elsewhere", NULL);
	const struct tst_id *kin = tst_leaf("a.example", tst_ca("Acme Issuing CA", NULL));
	struct gw_trust *trust = trust_of(root);

	if (trust == NULL)
		return;
	TST_STR_EQ(gw_trust_name(trust), tst_path("anchors.pem"));
	CU_ASSERT(gw_trust_has_subject(trust, gw_cert_subject(root->cert)));
	CU_ASSERT(!gw_trust_has_subject(trust, gw_cert_subject(other->cert)));
	CU_ASSERT(gw_trust_has_kin(trust, kin->cert));
	CU_ASSERT(!gw_trust_has_kin(trust, tst_leaf("b.example", other)->cert));
	gw_trust_free(trust);
}

static const char *look_up(void *self, const char *name)
{
	return strcmp(name, "SSL_CERT_FILE") == 0 ? self : NULL;
}

static void test_trust__the_systems_follows_the_environment(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	struct gw_ctx ctx = *tst_ctx();
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	ctx.env.get = look_up;
	ctx.env.self = (void *)tst_path("absent.pem");
	TST_CODE(gw_trust_system(&ctx, &trust, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "SSL_CERT_FILE");
	ctx.env.self = (void *)tst_file("system.pem", tst_pem(root, NULL));
	if (!TST_OK(gw_trust_system(&ctx, &trust, &err), &err))
		return;
	CU_ASSERT(gw_trust_has_subject(trust, gw_cert_subject(root->cert)));
	TST_STR_EQ(gw_trust_name(trust), "the system's trust store");
	gw_trust_free(trust);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_verify__names_each_fault),
		TST_CASE(test_verify__path_length_and_key_usage_of_cas),
		TST_CASE(test_verify__tells_all_faults_at_once),
		TST_CASE(test_verify__sound_chains_in_any_order_pass),
		TST_CASE(test_verify__the_last_second_counts),
		TST_CASE(test_verify__keeps_the_chain_it_built),
		TST_CASE(test_trust__knows_its_anchors),
		TST_CASE(test_trust__the_systems_follows_the_environment),
	};

	return tst_main("verify", cases, GW_COUNT(cases));
}
