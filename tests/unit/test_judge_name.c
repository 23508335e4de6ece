/* SPDX-License-Identifier: Apache-2.0 */
/* Names as RFC 9525 has them: SAN only, a wildcard is one whole label, addresses by octets. */
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "judge/judge.h"
#include "rules/rules.h"
#include "tests/pki.h"
#include "tests/tap.h"

/* A certificate with the SAN that OpenSSL's configuration (or DER:) spells: what gwcert itself would not make. */
static const struct tst_id *with_san(const char *cn, const char *value)
{
	const struct tst_id *id = tst_issue(&(struct tst_spec){.cn = cn}, NULL);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, value);

	CU_ASSERT_PTR_NOT_NULL(ext);
	X509_add_ext(id->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(id, id);
	return id;
}

/* The rule that is found, or "" where the name is covered; and a part of its words and fix. */
static void judged(const struct tst_id *id, const char *name, const char *rule, const char *what, const char *fix)
{
	static const struct gw_where here = {.file = "f"};
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	gw_judge_name(id->cert, name, &here, &fs);
	TST_STR_EQ(fs.first != NULL ? fs.first->rule->id : "", rule);
	TST_INT_EQ(fs.count, *rule != '\0');
	if (fs.first != NULL && what != NULL)
		TST_CONTAINS(fs.first->what, what);
	if (fs.first != NULL && fix != NULL)
		TST_CONTAINS(fs.first->fix, fix);
}

static void test_name__the_common_name_never_counts(void)
{
	judged(tst_issue(&(struct tst_spec){.cn = "a.example"}, NULL), "a.example", "GWC010",
	       "\"a.example\" has no subject alternative name", "SAN");
	judged(tst_issue(&(struct tst_spec){.cn = "a.example", .sans = "b.example"}, NULL), "a.example", "GWC009",
	       "the name \"a.example\" is not covered: the certificate is for b.example", "common name");
}

/* "foob.example" ends in the letters of *.b.example, and has nothing to do with it. */
static void test_name__a_near_miss_needs_the_dot(void)
{
	const struct tst_id *id = tst_issue(&(struct tst_spec){.cn = "w", .sans = "*.b.example"}, NULL);
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	gw_judge_name(id->cert, "foob.example", NULL, &fs);
	TST_INT_EQ(fs.count, 1);
	if (fs.first != NULL && fs.first->evidence != NULL)
		TST_LACKS(fs.first->evidence, "one label");
	if (fs.first != NULL && fs.first->fix != NULL)
		TST_LACKS(fs.first->fix, "one label");
}

static void test_name__a_wildcard_is_one_label(void)
{
	const struct tst_id *id = tst_issue(&(struct tst_spec){.cn = "w", .sans = "*.example.com"}, NULL);

	judged(id, "example.com", "GWC009", NULL, "does not cover the name above it");
	judged(id, "a.b.example.com", "GWC009", NULL, "covers one label");
	judged(id, ".example.com", "GWC009", NULL, NULL);
	judged(id, "badexample.com", "GWC009", NULL, NULL);
	judged(id, "a.example.com", "", NULL, NULL);
	judged(id, "A.Example.COM", "", NULL, NULL);
	judged(id, "a.example.com.", "", NULL, NULL);
}

static void test_name__a_wildcard_of_a_provider(void)
{
	const struct tst_id *id =
		tst_issue(&(struct tst_spec){.cn = "w", .sans = "*.github.io github.io a.github.io"}, NULL);

	judged(id, "b.github.io", "GWC036", "covers \"b.github.io\" only with the wildcard \"*.github.io\"",
	       "have \"b.github.io\" listed by name");
	judged(id, "a.github.io", "", NULL, NULL);
	judged(id, "github.io", "", NULL, NULL);
}

static void test_name__malformed_names_never_match(void)
{
	judged(with_san("x", "DNS:f*o.example.com"), "foo.example.com", "GWC009", NULL, NULL);
	judged(with_san("x", "DNS:*.com"), "example.com", "GWC009", NULL, NULL);
	judged(with_san("x", "DNS:*"), "localhost", "GWC009", NULL, NULL);
	judged(with_san("x", "DNS:a.*.example.com"), "a.b.example.com", "GWC009", NULL, NULL);
	judged(with_san("x", "DNS:a.example."), "a.example", "GWC009", NULL, NULL);
	/* dNSName "a.example" NUL ".evil.example" */
	judged(with_san("x", "DER:30198217612e6578616d706c65002e6576696c2e6578616d706c65"), "a.example", "GWC009",
	       "a.example\\x00.evil.example", NULL);
	judged(with_san("x", "DER:0401ff"), "a.example", "GWC019", "cannot be read", NULL);
}

static void test_name__addresses_match_by_octets(void)
{
	const struct tst_id *id = tst_issue(&(struct tst_spec){.cn = "i", .sans = "192.0.2.1 2001:db8::1"}, NULL);

	judged(id, "192.0.2.2", "GWC009", "the address \"192.0.2.2\" is not covered", NULL);
	judged(id, "192.0.2.1", "", NULL, NULL);
	judged(id, "2001:DB8:0:0:0:0:0:1", "", NULL, NULL);
	judged(id, "::ffff:192.0.2.1", "GWC009", NULL, NULL);
	/* An address as a dNSName is none (RFC 9525 6.2), nor does a name match an address. */
	judged(with_san("x", "DNS:192.0.2.1"), "192.0.2.1", "GWC009", NULL, NULL);
	judged(with_san("x", "IP:192.0.2.1"), "a.example", "GWC009", NULL, NULL);
	judged(with_san("x", "DER:30078705c000020100"), "192.0.2.1", "GWC009", "malformed IP", NULL);
}

static void test_name__messages_stay_short(void)
{
	const struct tst_id *id = tst_issue(
		&(struct tst_spec){.cn = "m",
				   .sans = "a.example b.example c.example d.example e.example f.example g.example"},
		NULL);

	judged(id, "z.example", "GWC009", "a.example, b.example, c.example, d.example, e.example and 2 more", NULL);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_name__a_wildcard_of_a_provider),    TST_CASE(test_name__the_common_name_never_counts),
		TST_CASE(test_name__a_near_miss_needs_the_dot),   TST_CASE(test_name__a_wildcard_is_one_label),
		TST_CASE(test_name__malformed_names_never_match), TST_CASE(test_name__addresses_match_by_octets),
		TST_CASE(test_name__messages_stay_short),
	};

	return tst_main("name", cases, GW_COUNT(cases));
}
