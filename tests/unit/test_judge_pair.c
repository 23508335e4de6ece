/* SPDX-License-Identifier: Apache-2.0 */
/* Pair, order, sorting and time: what can be said without a trust anchor. */
#include <openssl/x509.h>
#include <string.h>

#include "judge/judge.h"
#include "rules/rules.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_where here = {.file = "f"};

/* The rules found, as "GWC002 GWC005", and the first sentence; releases both lists. */
static void found(struct gw_findings *fs, struct gw_certs *certs, const char *rules, const char *what)
{
	GW_BUF_AUTO struct gw_buf ids = GW_BUF(1000);
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next)
		gw_buf_printf(&ids, "%s%s", ids.len > 0 ? " " : "", f->rule->id);
	TST_STR_EQ(gw_buf_str(&ids), rules);
	if (what != NULL && fs->first != NULL)
		TST_CONTAINS(fs->first->what, what);
	gw_findings_release(fs);
	gw_certs_release(certs);
}

static void pair(struct gw_certs certs, const EVP_PKEY *key, const char *rules, const char *what)
{
	struct gw_findings fs = {0};

	gw_judge_pair(&certs, key, &here, &fs);
	found(&fs, &certs, rules, what);
}

static void test_pair__names_the_block_that_fits(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct tst_id *other = tst_issue(&(struct tst_spec){.cn = "x", .type = GW_KEY_ED25519}, NULL);

	pair(tst_certs(root, leaf, NULL), leaf->key, "GWC001",
	     "the key belongs to certificate 2 (\"a.example\"), not to the first certificate, \"Root\"");
	pair(tst_certs(leaf, root, NULL), other->key, "GWC001",
	     "the key (Ed25519) does not belong to the certificate \"a.example\" (ECDSA P-256), nor to any other");
	pair(tst_certs(leaf, NULL), root->key, "GWC001", "the key (ECDSA P-256) does not belong");
	pair(tst_certs(leaf, root, NULL), leaf->key, "", NULL);
}

static void order(struct gw_certs certs, const char *rules, const char *what)
{
	struct gw_findings fs = {0};

	gw_judge_order(&certs, &here, &fs);
	found(&fs, &certs, rules, what);
}

static void test_order__finds_what_stands_wrong(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *upper = tst_ca("Upper", root),
			    *lower = tst_ca("Lower", upper);
	const struct tst_id *leaf = tst_leaf("a.example", lower), *other = tst_ca("Other", NULL);
	const struct tst_id *stranger = tst_leaf("b.example", other);

	order(tst_certs(root, upper, lower, leaf, NULL), "GWC002",
	      "the leaf \"a.example\" is certificate 4; the first one is \"Root\"");
	order(tst_certs(leaf, upper, lower, NULL), "GWC002", "certificate 2 (\"Upper\") stands before the certificate");
	order(tst_certs(leaf, lower, upper, lower, NULL), "GWC003",
	      "certificate 4 is a copy of certificate 2 (\"Lower\")");
	order(tst_certs(leaf, leaf, NULL), "GWC003", "certificate 2 is a copy of certificate 1");
	order(tst_certs(leaf, lower, other, NULL), "GWC005", "certificate 3 (\"Other\") does not belong to the chain");
	order(tst_certs(leaf, stranger, NULL), "GWC005", "certificate 2 (\"b.example\") does not belong");
	order(tst_certs(leaf, lower, upper, root, NULL), "GWC004", "certificate 4 (\"Root\") is a root");
}

static void test_order__sound_ones_are_silent(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *old = tst_ca("Old", NULL), *middle = tst_ca("Issuing", root);
	const struct tst_id *cross = tst_issue(&(struct tst_spec){.cn = "Issuing", .ca = true, .reuse = middle}, old);
	const struct tst_id *leaf = tst_leaf("a.example", middle);

	order(tst_certs(leaf, NULL), "", NULL);
	order(tst_certs(leaf, middle, NULL), "", NULL);
	order(tst_certs(root, NULL), "", NULL);
	/* A CA that two others have signed: both of its certificates may be sent. */
	order(tst_certs(leaf, middle, cross, NULL), "", NULL);
}

static void sorted(struct gw_certs certs, size_t leaf, struct gw_certs want)
{
	size_t i;

	gw_chain_sort(&certs, leaf);
	TST_INT_EQ(certs.count, want.count);
	for (i = 0; i < certs.count && i < want.count; i++)
		CU_ASSERT(gw_cert_same(certs.items[i], want.items[i]));
	gw_certs_release(&certs);
	gw_certs_release(&want);
}

static void test_sort__puts_a_heap_in_order(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *middle = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", middle), *other = tst_ca("Other", NULL);

	sorted(tst_certs(root, middle, leaf, NULL), 2, tst_certs(leaf, middle, root, NULL));
	sorted(tst_certs(other, root, leaf, middle, leaf, root, NULL), 2, tst_certs(leaf, middle, root, other, NULL));
	sorted(tst_certs(leaf, NULL), 0, tst_certs(leaf, NULL));
}

static void timed(struct gw_certs certs, int64_t at, unsigned min_days, bool strict, const char *rules,
		  const char *what)
{
	struct gw_findings fs = {0};

	gw_judge_time(&certs, at, min_days, strict, &here, &fs);
	if (fs.first != NULL && strict)
		TST_INT_EQ(fs.first->severity, GW_ERROR);
	found(&fs, &certs, rules, what);
}

static void test_time__both_ends_are_inclusive(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const int64_t begin = TST_NOW - GW_DAY, end = TST_NOW + 30 * GW_DAY;

	timed(tst_certs(leaf, NULL), begin, 0, false, "", NULL);
	timed(tst_certs(leaf, NULL), end, 0, false, "", NULL);
	timed(tst_certs(leaf, NULL), begin - 3600, 0, false, "GWC007",
	      "\"a.example\" is not valid yet: it begins in 1 hour, at 2026-11-22T12:00:00Z");
	timed(tst_certs(leaf, NULL), end + 3 * GW_DAY, 0, false, "GWC006",
	      "\"a.example\" expired 3 days ago, on 2026-12-23");
	timed(tst_certs(leaf, root, NULL), end + 1, 0, false, "GWC006 GWC006", "expired 1 second ago");
}

static void test_time__days_that_are_asked_for(void)
{
	const struct tst_id *leaf = tst_leaf("a.example", NULL);

	timed(tst_certs(leaf, NULL), TST_NOW, 30, true, "", NULL);
	timed(tst_certs(leaf, NULL), TST_NOW, 31, true, "GWC008",
	      "\"a.example\" expires in 30 days, on 2026-12-23; at least 31 days");
	timed(tst_certs(leaf, NULL), TST_NOW + 1, 30, false, "GWC008", "expires in 29 days");
}

static void test_time__unreadable_dates(void)
{
	const struct tst_id *leaf = tst_leaf("a.example", NULL);

	ASN1_STRING_set(X509_getm_notAfter(leaf->cert), "x", -1);
	timed(tst_certs(leaf, NULL), TST_NOW, 0, true, "GWC019", "notAfter");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_pair__names_the_block_that_fits), TST_CASE(test_order__finds_what_stands_wrong),
		TST_CASE(test_order__sound_ones_are_silent),    TST_CASE(test_sort__puts_a_heap_in_order),
		TST_CASE(test_time__both_ends_are_inclusive),   TST_CASE(test_time__days_that_are_asked_for),
		TST_CASE(test_time__unreadable_dates),
	};

	return tst_main("pair", cases, GW_COUNT(cases));
}
