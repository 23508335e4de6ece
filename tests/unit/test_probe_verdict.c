/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/verdict.h"

#include "rules/rules.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_target target = {.label = "a.example:443", .host = "a.example", .port = 443, .path = "/"};

static struct gw_probe *probe_new(enum gw_end end, enum gw_phase phase)
{
	struct gw_probe *p = gw_probe_new(&target, 0);

	p->where = "a.example (192.0.2.1:443)";
	p->address = "192.0.2.1";
	p->port = 443;
	p->end = end;
	p->phase = phase;
	return p;
}

static const char *first_code(const struct gw_probe *p)
{
	return p->findings.first != NULL ? p->findings.first->rule->id : "none";
}

static const char *first_words(const struct gw_probe *p)
{
	return p->findings.first != NULL ? p->findings.first->what : "";
}

static void judge(struct gw_probe *p, const struct gw_policy *policy)
{
	static const struct gw_policy usual = {.min_days = 14, .timeout_s = 10, .now = TST_NOW};
	struct gw_err err = {0};

	TST_OK(gw_probe_judge(p, policy != NULL ? policy : &usual, &err), &err);
}

struct ending {
	enum gw_end end;
	enum gw_phase phase;
	int alert;
	bool answered, requested, presented;
	unsigned status;
	const char *code;
	enum gw_verdict verdict;
};

static void check_ending(const struct ending *e)
{
	struct gw_probe *p = probe_new(e->end, e->phase);

	p->alert = e->alert;
	p->answered = e->answered;
	p->client_requested = e->requested;
	p->client_presented = e->presented;
	p->status = e->status;
	judge(p, NULL);
	TST_STR_EQ(first_code(p), e->code);
	TST_INT_EQ(p->verdict, e->verdict);
	TST_INT_EQ(p->findings.count, e->code[0] == 'n' ? 0 : 1);
	if (p->findings.first != NULL)
		CU_ASSERT_PTR_NOT_NULL(p->findings.first->fix);
	gw_probe_free(p);
}

static void test_verdict__every_end_has_its_rule(void)
{
	static const struct ending rows[] = {
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, false, false, 200, "none", GW_VERDICT_OK},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, false, false, 400, "none", GW_VERDICT_OK},
		{GW_END_NO_NAME, GW_PHASE_DNS, -1, false, false, false, 0, "GWP001", GW_VERDICT_UNREACHABLE},
		{GW_END_NO_RESOLVER, GW_PHASE_DNS, -1, false, false, false, 0, "GWP002", GW_VERDICT_UNREACHABLE},
		{GW_END_TIMEOUT, GW_PHASE_DNS, -1, false, false, false, 0, "GWP003", GW_VERDICT_UNREACHABLE},
		{GW_END_REFUSED, GW_PHASE_TCP, -1, false, false, false, 0, "GWP004", GW_VERDICT_UNREACHABLE},
		{GW_END_UNREACHABLE, GW_PHASE_TCP, -1, false, false, false, 0, "GWP005", GW_VERDICT_UNREACHABLE},
		{GW_END_TIMEOUT, GW_PHASE_TCP, -1, false, false, false, 0, "GWP006", GW_VERDICT_UNREACHABLE},
		{GW_END_TIMEOUT, GW_PHASE_TLS, -1, false, false, false, 0, "GWP007", GW_VERDICT_UNREACHABLE},
		{GW_END_TIMEOUT, GW_PHASE_TLS, -1, true, false, false, 0, "GWP007", GW_VERDICT_UNREACHABLE},
		{GW_END_TIMEOUT, GW_PHASE_HTTP, -1, true, false, false, 0, "GWP017", GW_VERDICT_FAILED},
		{GW_END_CLOSED, GW_PHASE_TLS, -1, false, false, false, 0, "GWP008", GW_VERDICT_UNREACHABLE},
		{GW_END_CLOSED, GW_PHASE_TLS, -1, true, false, false, 0, "GWP008", GW_VERDICT_FAILED},
		{GW_END_CLOSED, GW_PHASE_HTTP, -1, true, false, false, 0, "GWP018", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 40, true, false, false, 0, "GWP012", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 70, true, false, false, 0, "GWP012", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 71, true, false, false, 0, "GWP012", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 80, true, false, false, 0, "GWP009", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 112, true, false, false, 0, "GWP013", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 200, true, false, false, 0, "GWP009", GW_VERDICT_FAILED},
		{GW_END_PLAIN_HTTP, GW_PHASE_TLS, -1, false, false, false, 0, "GWP010", GW_VERDICT_FAILED},
		{GW_END_NOT_TLS, GW_PHASE_TLS, -1, false, false, false, 0, "GWP011", GW_VERDICT_FAILED},
		{GW_END_TLS_BROKEN, GW_PHASE_TLS, -1, true, false, false, 0, "GWP014", GW_VERDICT_FAILED},
		{GW_END_NOT_HTTP, GW_PHASE_HTTP, -1, true, false, false, 0, "GWP019", GW_VERDICT_WARNING},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++)
		check_ending(&rows[i]);
}

/* The truth table of reference servers: no certificate given, one given and refused. */
static void test_verdict__client_certificates(void)
{
	static const struct ending rows[] = {
		{GW_END_ALERT, GW_PHASE_TLS, 40, true, true, false, 0, "GWP015", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_HTTP, 116, true, true, false, 0, "GWP015", GW_VERDICT_FAILED},
		{GW_END_CLOSED, GW_PHASE_HTTP, -1, true, true, false, 0, "GWP015", GW_VERDICT_FAILED},
		{GW_END_CLOSED, GW_PHASE_TLS, -1, true, true, false, 0, "GWP015", GW_VERDICT_FAILED},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, true, false, 400, "none", GW_VERDICT_OK},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, true, false, 496, "GWP015", GW_VERDICT_FAILED},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, true, false, 200, "none", GW_VERDICT_OK},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, true, false, 403, "none", GW_VERDICT_OK},
		{GW_END_ALERT, GW_PHASE_TLS, 48, true, true, true, 0, "GWP016", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_HTTP, 42, true, true, true, 0, "GWP016", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_HTTP, 45, true, true, true, 0, "GWP016", GW_VERDICT_FAILED},
		{GW_END_CLOSED, GW_PHASE_HTTP, -1, true, true, true, 0, "GWP016", GW_VERDICT_FAILED},
		{GW_END_REPLY, GW_PHASE_HTTP, -1, true, true, true, 495, "GWP016", GW_VERDICT_FAILED},
		/* An alert that is not about certificates is no refusal. */
		{GW_END_ALERT, GW_PHASE_TLS, 80, true, true, true, 0, "GWP009", GW_VERDICT_FAILED},
		{GW_END_ALERT, GW_PHASE_TLS, 70, true, true, false, 0, "GWP012", GW_VERDICT_FAILED},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++)
		check_ending(&rows[i]);
}

static void test_verdict__says_which_issuers_are_taken(void)
{
	struct gw_probe *p = probe_new(GW_END_ALERT, GW_PHASE_HTTP);
	const char *names[] = {"CN=a", "CN=b", "CN=c", "CN=d", "CN=e"};

	p->alert = 116;
	p->answered = p->client_requested = true;
	p->ca_names = names;
	p->n_ca_names = GW_COUNT(names);
	judge(p, NULL);
	TST_CONTAINS(p->findings.first->evidence, "CN=a; CN=b; CN=c; and 2 more");
	gw_probe_free(p);
}

static void test_verdict__a_400_that_does_not_say_why_is_the_application_s(void)
{
	struct gw_probe *p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);

	p->answered = p->client_requested = true;
	p->status = 400;
	judge(p, NULL);
	TST_INT_EQ(p->findings.count, 0);
	gw_probe_free(p);
	p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);
	p->answered = p->client_requested = p->client_named = true;
	p->status = 400;
	judge(p, NULL);
	TST_CONTAINS(first_words(p), "HTTP 400");
	gw_probe_free(p);
}

static void test_verdict__status_is_a_fact_unless_expected(void)
{
	const struct gw_policy policy = {.expect_status = 200, .timeout_s = 10};
	struct gw_probe *p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);

	p->answered = true;
	p->status = 503;
	judge(p, &policy);
	TST_STR_EQ(first_code(p), "GWP020");
	TST_INT_EQ(p->verdict, GW_VERDICT_FAILED);
	gw_probe_free(p);
	p = probe_new(GW_END_NOT_HTTP, GW_PHASE_HTTP);
	p->answered = true;
	judge(p, &policy);
	TST_INT_EQ(p->verdict, GW_VERDICT_FAILED);
	gw_probe_free(p);
}

static void test_verdict__old_versions_are_a_warning(void)
{
	static const struct {
		const char *version;
		const char *code;
	} rows[] = {{"TLSv1.3", "none"}, {"TLSv1.2", "none"}, {"TLSv1.1", "GWP023"}, {"TLSv1", "GWP023"}};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct gw_probe *p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);

		p->answered = true;
		p->version = rows[i].version;
		judge(p, NULL);
		TST_STR_EQ(first_code(p), rows[i].code);
		TST_INT_EQ(gw_verdict_code(p->verdict), GW_OK);
		gw_probe_free(p);
	}
}

static void test_verdict__names_its_time_limit(void)
{
	const struct gw_policy policy = {.timeout_s = 90};
	struct gw_probe *p = probe_new(GW_END_TIMEOUT, GW_PHASE_TCP);

	judge(p, &policy);
	TST_CONTAINS(first_words(p), "no connection within 90 seconds");
	gw_probe_free(p);
}

/* An old cross-certificate that is still sent does no harm: clients have a chain without it. */
static void test_verdict__what_is_sent_besides_the_chain_may_have_expired(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *issuing = tst_ca("Issuing", root);
	const struct tst_id *old = tst_issue(&(struct tst_spec){.cn = "Issuing",
								.ca = true,
								.reuse = issuing,
								.not_before = TST_NOW - 9 * GW_DAY,
								.not_after = TST_NOW - GW_DAY},
					     root);
	struct gw_policy policy = {.min_days = 14, .timeout_s = 10, .now = TST_NOW};
	struct gw_err err = {0};
	struct gw_probe *p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);
	struct gw_trust *trust = NULL;

	TST_OK(gw_trust_from_certs(tst_ctx(), "roots", &root->cert, 1, &trust, &err), &err);
	policy.trust = trust;
	p->chain = tst_certs(tst_leaf("a.example", issuing), old, issuing, NULL);
	judge(p, &policy);
	TST_STR_EQ(first_code(p), "none");
	gw_certs_release(&p->chain);
	p->chain = tst_certs(tst_leaf("a.example", issuing), old, NULL);
	judge(p, &policy);
	TST_STR_EQ(first_code(p), "GWC006");
	gw_probe_free(p);
	gw_trust_free(trust);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_verdict__every_end_has_its_rule),
		TST_CASE(test_verdict__client_certificates),
		TST_CASE(test_verdict__says_which_issuers_are_taken),
		TST_CASE(test_verdict__a_400_that_does_not_say_why_is_the_application_s),
		TST_CASE(test_verdict__status_is_a_fact_unless_expected),
		TST_CASE(test_verdict__old_versions_are_a_warning),
		TST_CASE(test_verdict__names_its_time_limit),
		TST_CASE(test_verdict__what_is_sent_besides_the_chain_may_have_expired),
	};

	return tst_main("probe_verdict", cases, GW_COUNT(cases));
}
