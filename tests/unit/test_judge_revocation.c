/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists: what they say, and when they say nothing. */
#include "judge/judge.h"
#include "rules/rules.h"
#include "tests/edit.h"
#include "tests/run.h"
#include "tests/tap.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

static const struct gw_where here = {.file = "f"};

static struct gw_findings judged(const struct tst_id *leaf, const struct tst_id *root, const char *crls_pem)
{
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, NULL);
	GW_CRLS_AUTO struct gw_crls crls = {0};
	struct gw_chain_request request = {.presented = &presented,
					   .crls = &crls,
					   .at = TST_NOW,
					   .purpose = GW_PURPOSE_SERVER,
					   .max_depth = GW_DEPTH_ANY,
					   .where = &here};
	struct gw_findings fs = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	if (TST_OK(gw_crls_read(tst_ctx(), tst_file("crls.pem", crls_pem), &crls, &err), &err) &&
	    TST_OK(gw_trust_from_certs(tst_ctx(), "roots", &root->cert, 1, &trust, &err), &err)) {
		request.trust = trust;
		TST_OK(gw_judge_path(&request, NULL, &fs, &err), &err);
	}
	gw_trust_free(trust);
	return fs;
}

static void only(struct gw_findings fs, enum gw_rule_name rule, enum gw_severity severity, const char *what)
{
	TST_INT_EQ(fs.count, 1);
	if (fs.first != NULL) {
		TST_STR_EQ(fs.first->rule->id, gw_rules[rule].id);
		TST_INT_EQ(fs.first->severity, severity);
		TST_CONTAINS(fs.first->what, what);
	}
	gw_findings_release(&fs);
}

static void none(struct gw_findings fs)
{
	TST_INT_EQ(fs.count, 0);
	if (fs.first != NULL)
		TST_STR_EQ(fs.first->what, "");
	gw_findings_release(&fs);
}

static void test_revocation__a_listed_certificate_is_revoked(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct tst_id *sound = tst_leaf("b.example", root);
	const char *list = tst_crl_pem(&(struct tst_crl){.revoked = leaf}, root);

	only(judged(leaf, root, list), GWC_REVOKED, GW_ERROR, "\"a.example\" was revoked on 2026-11-22: keyCompromise");
	none(judged(sound, root, list));
}

static void test_revocation__of_another_ca_says_nothing(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *other = tst_ca("Other", NULL);
	const struct tst_id *namesake = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const char *foreign = tst_crl_pem(&(struct tst_crl){.revoked = leaf}, other);

	only(judged(leaf, root, foreign), GWC_NO_CRL, GW_WARNING, "no revocation list of the CA that issued");
	none(judged(leaf, root, tst_join(foreign, tst_crl_pem(&(struct tst_crl){0}, root), NULL)));
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){0}, namesake)), GWC_CRL, GW_ERROR,
	     "is not signed by the key");
	/* Another one of the name that is signed answers. */
	none(judged(
		leaf, root,
		tst_join(tst_crl_pem(&(struct tst_crl){0}, namesake), tst_crl_pem(&(struct tst_crl){0}, root), NULL)));
}

static void test_revocation__a_list_must_be_usable(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct tst_id *mute =
		tst_issue(&(struct tst_spec){.cn = "Mute", .ca = true, .key_usage = GW_KU_KEY_CERT_SIGN}, NULL);

	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.from = -9 * GW_DAY, .to = -GW_DAY}, root)), GWC_CRL,
	     GW_ERROR, "is out of date since 2026-11-22");
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.from = GW_DAY}, root)), GWC_CRL, GW_ERROR,
	     "is not in force yet");
	only(judged(tst_leaf("b.example", mute), mute, tst_crl_pem(&(struct tst_crl){0}, mute)), GWC_CRL, GW_ERROR,
	     "lacks cRLSign");
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.no_number = true}, root)), GWC_CRL_FORM, GW_WARNING,
	     "has no number");
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.no_next = true}, root)), GWC_CRL_FORM, GW_WARNING,
	     "when the next one comes");
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.point = "critical,onlyCA:TRUE"}, root)), GWC_NO_CRL,
	     GW_WARNING, "no revocation list");
	none(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.point = "critical,onlyuser:TRUE"}, root)));
}

static void test_revocation__form_of_a_list(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	static const struct {
		struct tst_crl crl;
		const char *what;
	} odd[] = {
		{{.number = "-1"}, "negative or longer than 20 octets"},
		{{.number = "0x010000000000000000000000000000000000000000"}, "negative or longer than 20 octets"},
		{{.number = "0x8000000000000000000000000000000000000000"}, "negative or longer than 20 octets"},
		{{.four_digits = true}, "has a date in a form"},
		{{.key_id = "critical,DER:3000"}, "key identifier marked critical"},
		{{.point = "onlyuser:TRUE"}, "an issuing distribution point that"},
		{{.point = "critical,DER:3000"}, "an issuing distribution point that"},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(odd); i++)
		only(judged(leaf, root, tst_crl_pem(&odd[i].crl, root)), GWC_CRL_FORM, GW_WARNING, odd[i].what);
	none(judged(leaf, root,
		    tst_crl_pem(&(struct tst_crl){.number = "0x7fffffffffffffffffffffffffffffffffffffff"}, root)));
	only(judged(leaf, root, tst_crl_pem(&(struct tst_crl){.key_id = "DER:3003800101"}, root)), GWC_CRL, GW_ERROR,
	     "names another key than that of the CA");
}

static void test_revocation__a_list_is_for_its_point(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const char *there = tst_crl_pem(&(struct tst_crl){.point = "critical,DER:301aa018a01686"
								   "14687474703a2f2f612e6578616d706c652f63726c"},
					root); /* http://a.example/crl */

	only(judged(leaf, root, there), GWC_NO_CRL, GW_WARNING, "no revocation list");
	only(judged(tst_edit(leaf, root, NID_crl_distribution_points, "URI:http://a.example/another"), root, there),
	     GWC_NO_CRL, GW_WARNING, "no revocation list");
	none(judged(tst_edit(leaf, root, NID_crl_distribution_points, "URI:http://a.example/crl"), root, there));
	/* One that names no place is for all. */
	none(judged(leaf, root, tst_crl_pem(&(struct tst_crl){0}, root)));
}

static void test_revocation__an_old_list_is_renewed(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const char *old = tst_crl_pem(&(struct tst_crl){.from = -9 * GW_DAY, .to = -2 * GW_DAY}, root);
	const char *held =
		tst_crl_pem(&(struct tst_crl){.from = -9 * GW_DAY, .to = -2 * GW_DAY, .revoked = leaf}, root);
	const char *new = tst_crl_pem(&(struct tst_crl){0}, root);
	const char *later = tst_crl_pem(&(struct tst_crl){.from = GW_DAY}, root);

	none(judged(leaf, root, tst_join(old, new, NULL)));
	none(judged(leaf, root, tst_join(new, held, NULL)));
	only(judged(leaf, root, tst_join(old, tst_crl_pem(&(struct tst_crl){.revoked = leaf}, root), NULL)),
	     GWC_REVOKED, GW_ERROR, "was revoked");
	{
		GW_FINDINGS_AUTO struct gw_findings fs = judged(leaf, root, tst_join(old, later, NULL));

		TST_INT_EQ(fs.count, 2);
		TST_INT_EQ(fs.by_severity[GW_ERROR], 2);
	}
}

static void test_revocation__what_is_no_list_is_refused(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	struct gw_crls crls = {0};
	struct gw_err err = {0};

	TST_CODE(gw_crls_read(tst_ctx(), tst_file("not.pem", tst_pem(root, NULL)), &crls, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "holds no CRL; its first block is a certificate");
	TST_CODE(gw_crls_read(tst_ctx(),
			      tst_file("bad.pem", "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n"), &crls,
			      &err),
		 GW_E_INPUT, &err);
	TST_INT_EQ(crls.count, 0);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_revocation__a_listed_certificate_is_revoked),
		TST_CASE(test_revocation__of_another_ca_says_nothing),
		TST_CASE(test_revocation__a_list_must_be_usable),
		TST_CASE(test_revocation__form_of_a_list),
		TST_CASE(test_revocation__a_list_is_for_its_point),
		TST_CASE(test_revocation__an_old_list_is_renewed),
		TST_CASE(test_revocation__what_is_no_list_is_refused),
	};

	return tst_main("judge_revocation", cases, GW_COUNT(cases));
}
