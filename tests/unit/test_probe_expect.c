/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/expect.h"

#include "probe/verdict.h"
#include "rules/rules.h"
#include "tests/pki.h"
#include "tests/run.h"

static enum gw_code read_expected(const char *text, struct gw_arena *arena, struct gw_expected *expected,
				  struct gw_err *err)
{
	return gw_expected_read(tst_ctx(), tst_file("expected.pem", text), arena, expected, err);
}

static void test_expected__refuses_a_file_without_certificate(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_EXPECTED_AUTO struct gw_expected expected = {0};
	struct gw_err err = {0};

	TST_INT_EQ(gw_expected_read(tst_ctx(), tst_path("nothing.pem"), &arena, &expected, &err), GW_E_INPUT);
	TST_INT_EQ(read_expected(tst_key_pem(tst_leaf("a.example", NULL)), &arena, &expected, &err), GW_E_INPUT);
	CU_ASSERT_PTR_NULL(expected.cert);
}

/* How far the served one is from the expected one; the differences go to *out. */
static enum gw_match compare(const struct tst_id *expected_id, const struct tst_id *served, struct gw_buf *out)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_EXPECTED_AUTO struct gw_expected expected = {0};
	struct gw_cert_facts facts;
	struct gw_err err = {0};
	enum gw_match match;

	if (!TST_OK(read_expected(tst_pem(expected_id, NULL), &arena, &expected, &err), &err))
		return GW_MATCH_NOT_ASKED;
	gw_cert_read_facts(served->cert, &arena, &facts);
	match = gw_expected_compare(&expected, served->cert, &facts);
	gw_expected_differences(&expected, &facts, out);
	return match;
}

static void test_expected__tells_same_renewed_and_other_apart(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", ca);
	const struct tst_spec renewed = {
		.cn = "a.example", .sans = "a.example", .reuse = leaf, .not_after = TST_NOW + 90 * GW_DAY};
	GW_BUF_AUTO struct gw_buf same = GW_BUF(4096);
	GW_BUF_AUTO struct gw_buf again = GW_BUF(4096);
	GW_BUF_AUTO struct gw_buf other = GW_BUF(4096);

	TST_INT_EQ(compare(leaf, leaf, &same), GW_MATCH_SAME);
	TST_STR_EQ(gw_buf_str(&same), "");
	TST_INT_EQ(compare(leaf, tst_issue(&renewed, ca), &again), GW_MATCH_SAME_KEY);
	TST_CONTAINS(gw_buf_str(&again), "serial ");
	TST_CONTAINS(gw_buf_str(&again), "ends 2027-02-21T12:00:00Z instead of 2026-12-23T12:00:00Z");
	TST_LACKS(gw_buf_str(&again), "issuer");
	TST_LACKS(gw_buf_str(&again), "name");
	TST_INT_EQ(compare(leaf, tst_leaf("b.example", tst_ca("Elsewhere", NULL)), &other), GW_MATCH_OTHER);
	TST_CONTAINS(gw_buf_str(&other), "issuer CN=Elsewhere instead of CN=Root");
	TST_CONTAINS(gw_buf_str(&other), "without the name a.example; with the name b.example");
}

static void test_expected__counts_names_past_five(void)
{
	const struct tst_spec many = {.cn = "a", .sans = "a.x b.x c.x d.x e.x f.x g.x"};
	GW_BUF_AUTO struct gw_buf out = GW_BUF(4096);

	TST_INT_EQ(compare(tst_leaf("z.x", NULL), tst_issue(&many, NULL), &out), GW_MATCH_OTHER);
	TST_CONTAINS(gw_buf_str(&out), "with the name a.x, b.x, c.x, d.x, e.x and 2 more");
}

/* --- with the whole judgement ------------------------------------------------------------------------------------- */

static struct gw_probe *probe_of(struct gw_certs chain)
{
	static const struct gw_target target = {
		.label = "a.example:443", .host = "a.example", .port = 443, .path = "/"};
	struct gw_probe *p = gw_probe_new(&target, 0);
	size_t i;

	p->where = "a.example (192.0.2.1:443)";
	p->end = GW_END_REPLY;
	p->phase = GW_PHASE_HTTP;
	p->answered = p->handshaken = true;
	p->status = 200;
	p->chain = chain;
	p->facts = gw_arena_alloc(&p->arena, chain.count * sizeof(*p->facts));
	for (i = 0; i < chain.count; i++)
		gw_cert_read_facts(chain.items[i], &p->arena, &p->facts[i]);
	return p;
}

static bool found(const struct gw_probe *p, enum gw_rule_name rule)
{
	const struct gw_finding *f;

	for (f = p->findings.first; f != NULL; f = f->next) {
		if (f->rule == &gw_rules[rule])
			return true;
	}
	return false;
}

static void test_judgement__all_faults_in_one_row(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL), *stranger = tst_ca("Stranger", NULL);
	const struct tst_spec bad = {.cn = "b.example",
				     .sans = "b.example",
				     .not_before = TST_NOW - 30 * GW_DAY,
				     .not_after = TST_NOW - GW_DAY};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_EXPECTED_AUTO struct gw_expected expected = {0};
	struct gw_probe *p = probe_of(tst_certs(tst_issue(&bad, ca), NULL));
	struct gw_policy policy = {.min_days = 14, .expect_status = 204, .now = TST_NOW, .timeout_s = 10};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	TST_OK(gw_trust_from_file(tst_ctx(), tst_file("anchors.pem", tst_pem(stranger, NULL)), &trust, &err), &err);
	TST_OK(read_expected(tst_pem(tst_leaf("a.example", ca), NULL), &arena, &expected, &err), &err);
	policy.trust = trust;
	policy.expected = &expected;
	TST_OK(gw_probe_judge(p, &policy, &err), &err);
	CU_ASSERT(found(p, GWP_OTHER_CERT));
	CU_ASSERT(found(p, GWP_STATUS));
	CU_ASSERT(p->findings.count >= 5); /* trust, name and expiry besides */
	CU_ASSERT(!p->chain_ok);
	CU_ASSERT(!p->name_ok);
	TST_INT_EQ(p->match, GW_MATCH_OTHER);
	TST_INT_EQ(p->verdict, GW_VERDICT_FAILED);
	gw_probe_free(p);
	gw_trust_free(trust);
}

static void test_judgement__a_good_row_has_no_finding(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", ca);
	struct gw_probe *p = probe_of(tst_certs(leaf, NULL));
	struct gw_policy policy = {.min_days = 14, .now = TST_NOW, .timeout_s = 10};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	TST_OK(gw_trust_from_file(tst_ctx(), tst_file("anchors.pem", tst_pem(ca, NULL)), &trust, &err), &err);
	policy.trust = trust;
	TST_OK(gw_probe_judge(p, &policy, &err), &err);
	TST_INT_EQ(p->findings.count, 0);
	TST_INT_EQ(p->verdict, GW_VERDICT_OK);
	CU_ASSERT(p->judged_chain && p->chain_ok && p->name_ok);
	gw_probe_free(p);
	gw_trust_free(trust);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_expected__refuses_a_file_without_certificate),
		TST_CASE(test_expected__tells_same_renewed_and_other_apart),
		TST_CASE(test_expected__counts_names_past_five),
		TST_CASE(test_judgement__all_faults_in_one_row),
		TST_CASE(test_judgement__a_good_row_has_no_finding),
	};

	return tst_main("probe_expect", cases, GW_COUNT(cases));
}
