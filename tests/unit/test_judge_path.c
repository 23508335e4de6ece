/* SPDX-License-Identifier: Apache-2.0 */
/* The search for a path: it goes around what is broken, and ends however many ways there are. */
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "judge/judge.h"
#include "judge/path.h"
#include "rules/rules.h"
#include "tests/edit.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_where here = {.file = "f"};

/* The leaf against one anchor, with intermediates at hand; `path` takes what was found. */
static struct gw_findings judged(const struct tst_id *leaf, struct gw_certs more, const struct tst_id *root,
				 unsigned max_depth, struct gw_certs *path)
{
	GW_CERTS_AUTO struct gw_certs presented = tst_certs(leaf, NULL);
	struct gw_chain_request request = {.presented = &presented,
					   .more = &more,
					   .at = TST_NOW,
					   .purpose = GW_PURPOSE_SERVER,
					   .max_depth = max_depth,
					   .where = &here};
	struct gw_findings fs = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};

	if (TST_OK(gw_trust_from_certs(tst_ctx(), "roots", &root->cert, 1, &trust, &err), &err)) {
		request.trust = trust;
		TST_OK(gw_judge_path(&request, path, &fs, &err), &err);
	}
	gw_trust_free(trust);
	gw_certs_release(&more);
	return fs;
}

static void only(struct gw_findings fs, enum gw_rule_name rule)
{
	TST_INT_EQ(fs.count, 1);
	if (fs.first != NULL)
		TST_STR_EQ(fs.first->rule->id, gw_rules[rule].id);
	gw_findings_release(&fs);
}

static void none(struct gw_findings fs)
{
	TST_INT_EQ(fs.count, 0);
	if (fs.first != NULL)
		TST_STR_EQ(fs.first->what, "");
	gw_findings_release(&fs);
}

/* A CA of the same name and key as another one, with another life or issuer. */
static const struct tst_id *again(const char *cn, const struct tst_id *twin, const struct tst_id *issuer, int64_t to)
{
	return tst_issue(
		&(struct tst_spec){
			.cn = cn, .ca = true, .reuse = twin, .not_before = TST_NOW - 9 * GW_DAY, .not_after = to},
		issuer);
}

static void test_path__goes_around_an_expired_cross_certificate(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *other = tst_ca("Other", root);
	const struct tst_id *good = tst_ca("Issuing", root);
	const struct tst_id *expired = again("Issuing", good, root, TST_NOW - GW_DAY);
	const struct tst_id *crossed = again("Issuing", good, other, TST_NOW - GW_DAY);
	const struct tst_id *leaf = tst_leaf("a.example", good);
	struct gw_certs path = {0};

	only(judged(leaf, tst_certs(expired, NULL), root, GW_DEPTH_ANY, NULL), GWC_EXPIRED);
	none(judged(leaf, tst_certs(expired, crossed, good, other, NULL), root, GW_DEPTH_ANY, &path));
	TST_INT_EQ(path.count, 3);
	if (path.count == 3) {
		CU_ASSERT(gw_cert_same(path.items[1], good->cert));
		CU_ASSERT(gw_cert_same(path.items[2], root->cert));
	}
	gw_certs_release(&path);
}

/* The nearer CA is sound by itself, and wrong for what lies below it. */
static void test_path__goes_around_constraints_and_path_lengths(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *issuing = tst_ca("Issuing", root);
	const struct tst_id *narrow = again("Issuing", issuing, root, TST_NOW + GW_DAY);
	const struct tst_id *leaf = tst_leaf("a.example", issuing);

	tst_edit(narrow, root, NID_name_constraints, "critical,permitted;DNS:b.example");
	only(judged(leaf, tst_certs(narrow, NULL), root, GW_DEPTH_ANY, NULL), GWC_NAME_CONSTRAINTS);
	none(judged(leaf, tst_certs(narrow, issuing, NULL), root, GW_DEPTH_ANY, NULL));
}

static void test_path__a_trusted_intermediate_ends_it(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *issuing = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", issuing), *self = tst_leaf("s.example", NULL);

	none(judged(leaf, tst_certs(root, NULL), issuing, GW_DEPTH_ANY, NULL));
	none(judged(self, (struct gw_certs){0}, self, GW_DEPTH_ANY, NULL));
	none(judged(leaf, (struct gw_certs){0}, leaf, GW_DEPTH_ANY, NULL));
}

static void test_path__depth_counts_the_cas_in_between(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *one = tst_ca("One", root), *two = tst_ca("Two", one);
	const struct tst_id *direct = tst_leaf("d.example", root), *leaf = tst_leaf("a.example", two);

	none(judged(direct, (struct gw_certs){0}, root, 0, NULL));
	only(judged(leaf, tst_certs(one, two, NULL), root, 1, NULL), GWC_DEPTH);
	none(judged(leaf, tst_certs(one, two, NULL), root, 2, NULL));
}

/* The one that is needed stands behind more others than are ever looked at. */
static void test_path__finds_one_in_a_heap(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *issuing = tst_ca("Issuing", root),
			    *other = tst_ca("Other", root);
	struct gw_certs more = {0};
	size_t i;

	for (i = 0; i < 2000; i++)
		gw_certs_add(&more, gw_cert_ref(other->cert));
	gw_certs_add(&more, gw_cert_ref(issuing->cert));
	none(judged(tst_leaf("a.example", issuing), more, root, GW_DEPTH_ANY, NULL));
}

/* CAs of the right name, none of which has signed. */
static void test_path__namesakes_do_not_sign(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", tst_ca("Issuing", root));
	struct gw_certs more = {0};
	size_t i;

	tst_edit(leaf, tst_ca("Issuing", root), NID_authority_key_identifier, "DER:3003800101");
	for (i = 0; i < 20; i++)
		gw_certs_add(&more, gw_cert_ref(tst_ca("Issuing", root)->cert));
	only(judged(leaf, more, root, GW_DEPTH_ANY, NULL), GWC_UNTRUSTED_ROOT);
}

static void test_path__circles_end(void)
{
	const struct tst_id *a = tst_ca("A", NULL), *b = tst_ca("B", NULL), *root = tst_ca("Root", NULL);
	const struct tst_id *a_by_b = again("A", a, b, TST_NOW + GW_DAY), *b_by_a = again("B", b, a, TST_NOW + GW_DAY);

	only(judged(tst_leaf("a.example", a), tst_certs(a_by_b, b_by_a, NULL), root, GW_DEPTH_ANY, NULL),
	     GWC_UNTRUSTED_ROOT);
}

/* Layers in which each CA is issued by each of the next: as many ways as a product, and none leads home. */
static void test_path__a_maze_is_given_up(void)
{
	enum { LAYERS = 7, WIDTH = 5 };
	static const char *const names[LAYERS] = {"L0", "L1", "L2", "L3", "L4", "L5", "L6"};
	const struct tst_id *above[WIDTH] = {0}, *layer[WIDTH] = {0}, *root = tst_ca("Root", NULL);
	struct gw_certs more = {0};
	struct gw_findings fs;
	size_t l, i, k;

	for (l = 0; l < LAYERS; l++) {
		for (i = 0; i < WIDTH; i++)
			layer[i] = tst_ca(names[l], l == 0 ? NULL : above[0]);
		for (i = 0; i < WIDTH && l > 0; i++) {
			for (k = 0; k < WIDTH; k++) {
				const struct tst_id *cross = again(names[l], layer[i], above[k], TST_NOW + GW_DAY);

				tst_edit(cross, above[k], NID_authority_key_identifier, NULL);
				gw_certs_add(&more, gw_cert_ref(cross->cert));
			}
		}
		for (i = 0; i < WIDTH; i++)
			above[i] = layer[i];
	}
	fs = judged(tst_leaf("a.example", above[0]), more, root, GW_DEPTH_ANY, NULL);
	CU_ASSERT(gw_findings_any(&fs, GW_ERROR));
	CU_ASSERT_PTR_NOT_NULL(fs.first);
	if (fs.first != NULL)
		TST_STR_EQ(fs.first->rule->id, gw_rules[GWC_SEARCH_LIMIT].id);
	gw_findings_release(&fs);
}

/* OpenSSL's own check of policies is asked. */
static struct gw_findings judged_by_policy(const char *of_leaf)
{
	const struct tst_id *root = tst_ca("Root", NULL), *issuing = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", issuing);

	tst_edit(issuing, root, NID_policy_constraints, "critical,DER:3003800100");
	tst_edit(issuing, root, NID_certificate_policies, "DER:3007300506032a0304");
	tst_edit(leaf, issuing, NID_certificate_policies, of_leaf);
	return judged(leaf, tst_certs(issuing, NULL), root, GW_DEPTH_ANY, NULL);
}

static void test_path__policies(void)
{
	only(judged_by_policy("DER:3007300506032a0305"), GWC_CHAIN);
	none(judged_by_policy("DER:3007300506032a0304"));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_path__goes_around_an_expired_cross_certificate),
		TST_CASE(test_path__goes_around_constraints_and_path_lengths),
		TST_CASE(test_path__a_trusted_intermediate_ends_it),
		TST_CASE(test_path__depth_counts_the_cas_in_between),
		TST_CASE(test_path__finds_one_in_a_heap),
		TST_CASE(test_path__namesakes_do_not_sign),
		TST_CASE(test_path__circles_end),
		TST_CASE(test_path__a_maze_is_given_up),
		TST_CASE(test_path__policies),
	};

	return tst_main("judge_path", cases, GW_COUNT(cases));
}
