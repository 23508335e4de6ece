/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation lists and serials; what a whole list looks like to openssl is tests/e2e/crl.sh. */
#include <string.h>

#include "pki/crl.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static void test_crl__reasons_have_their_numbers(void)
{
	TST_INT_EQ(gw_reason_find("unspecified"), 0);
	TST_INT_EQ(gw_reason_find("keyCompromise"), 1);
	TST_INT_EQ(gw_reason_find("certificateHold"), GW_REASON_HOLD);
	TST_INT_EQ(gw_reason_find("removeFromCRL"), GW_REASON_REMOVE);
	TST_INT_EQ(gw_reason_find("aACompromise"), 10);
	TST_INT_EQ(gw_reason_find("KeyCompromise"), -1);
	TST_INT_EQ(gw_reason_find(""), -1);
}

static void refused(const char *text, size_t len)
{
	struct gw_err err = {0};
	X509_CRL *crl = NULL;

	TST_CODE(gw_crl_parse(tst_ctx(), "x", text, len, &crl, &err), GW_E_INPUT, &err);
	CU_ASSERT_PTR_NULL(crl);
}

/* Cut anywhere, or with an octet behind it, it is no list; and no text is taken for DER. */
static void test_crl__what_is_damaged_is_no_list(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL);
	const struct gw_revoked r = {.serial = "7f", .at = TST_NOW, .reason = 1};
	const struct gw_crl_plan plan = {.add = &r, .n_add = 1, .this_update = TST_NOW, .next_update = TST_NOW + 60};
	GW_BUF_AUTO struct gw_buf pem = GW_BUF(10000), der = GW_BUF(10000);
	GW_CRL_AUTO X509_CRL *crl = NULL, *again = NULL;
	GW_PEM_AUTO struct gw_pem scanned = {0};
	struct gw_err err = {0};
	size_t n;

	TST_OK(gw_crl_build(tst_ctx(), NULL, &plan, ca->cert, ca->key, &crl, &err), &err);
	gw_crl_to_pem(crl, &pem);
	TST_OK(gw_pem_scan(&scanned, "x", pem.data, pem.len, &err), &err);
	gw_pem_decode(&scanned.blocks[0], &der);
	for (n = 0; n < der.len; n++)
		refused(der.data, n);
	for (n = 0; n < pem.len - 1; n++)
		refused(pem.data, n);
	TST_OK(gw_crl_parse(tst_ctx(), "x", der.data, der.len, &again, &err), &err);
	gw_buf_chr(&der, '\0');
	refused(der.data, der.len);
	refused("0 is no list\n", 13);
	CU_ASSERT(gw_crl_signed_by(again, ca->key));
	CU_ASSERT(!gw_crl_signed_by(again, tst_ca("Root", NULL)->key));
}

static void test_crl__carries_over_what_it_does_not_touch(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL);
	const struct gw_revoked two[] = {
		{.serial = "7f", .at = TST_NOW - 5, .reason = GW_REASON_HOLD},
		{.serial = "0100", .at = TST_NOW - 9, .has_invalid_since = true, .invalid_since = TST_NOW - 99}};
	const char *const gone[] = {"7f", "55"};
	struct gw_crl_plan plan = {.add = two, .n_add = 2, .this_update = TST_NOW, .next_update = TST_NOW + 60};
	GW_CRL_AUTO X509_CRL *first = NULL, *second = NULL, *third = NULL;
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {0};
	struct gw_crl_facts f;

	TST_OK(gw_crl_build(tst_ctx(), NULL, &plan, ca->cert, ca->key, &first, &err), &err);
	plan = (struct gw_crl_plan){
		.release = gone, .n_release = 2, .this_update = TST_NOW, .next_update = TST_NOW + 60};
	TST_OK(gw_crl_build(tst_ctx(), first, &plan, ca->cert, ca->key, &second, &err), &err);
	gw_crl_read_facts(first, &arena, &f);
	TST_INT_EQ(f.n_revoked, 2);
	gw_crl_read_facts(second, &arena, &f);
	TST_INT_EQ(f.n_revoked, 1);
	TST_STR_EQ(f.number, "2");
	TST_STR_EQ(f.revoked[0].serial, "0100");
	TST_INT_EQ(f.revoked[0].at, TST_NOW - 9);
	TST_INT_EQ(f.revoked[0].invalid_since, TST_NOW - 99);
	TST_INT_EQ(f.revoked[0].reason, GW_REASON_UNSPECIFIED);
	CU_ASSERT(f.unknown_critical == NULL && !f.delta && !f.partial);
	/* Without any entry left the list has no empty sequence (RFC 5280 5.1.2.6): openssl prints so. */
	plan.release = &two[1].serial;
	plan.n_release = 1;
	TST_OK(gw_crl_build(tst_ctx(), second, &plan, ca->cert, ca->key, &third, &err), &err);
	gw_crl_read_facts(third, &arena, &f);
	TST_INT_EQ(f.n_revoked, 0);
	TST_STR_EQ(f.number, "3");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_crl__reasons_have_their_numbers),
		TST_CASE(test_crl__what_is_damaged_is_no_list),
		TST_CASE(test_crl__carries_over_what_it_does_not_touch),
	};

	return tst_main("pki_crl", cases, GW_COUNT(cases));
}
