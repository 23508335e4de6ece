/* SPDX-License-Identifier: Apache-2.0 */
/* Which names lie in a subtree: the examples of RFC 5280 4.2.1.10, what other programs get wrong, and OpenSSL's own word. */
#include "pki/build.h"
#include "pki/subtree.h"
#include "pki/verify.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static void refused(enum gw_san_type type, const char *text, const char *why)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_subtree s = {.value = "untouched"};
	const char *fault = gw_subtree_parse(&arena, type, text, &s);

	TST_CONTAINS(fault != NULL ? fault : "nothing", why);
	TST_STR_EQ(s.value, "untouched");
}

static void test_subtree__refuses_what_can_be_none(void)
{
	refused(GW_SAN_DNS, ".example.com", "begins with a dot");
	refused(GW_SAN_DNS, "*.example.com", "wildcard");
	refused(GW_SAN_DNS, "10.0.0.1", "like an IP address");
	refused(GW_SAN_DNS, "a_b.example", "underscore");
	refused(GW_SAN_IP, "10.0.0.0", "no prefix length");
	refused(GW_SAN_IP, "10.0.0.0/", "not a range");
	refused(GW_SAN_IP, "10.0.0.0/33", "not a range");
	refused(GW_SAN_IP, "::/129", "not a range");
	refused(GW_SAN_IP, "10.0.0.1/8", "bits behind");
	refused(GW_SAN_IP, "example/8", "not a range");
	refused(GW_SAN_EMAIL, "@example.com", "local@domain");
	refused(GW_SAN_EMAIL, "..example.com", "empty label");
	refused(GW_SAN_URI, "http://example.com", "colon");
	refused(GW_SAN_OTHER, "1.2.3", "no subtree");
}

/* What both certificates have in common; they are good at TST_NOW. */
static struct gw_cert_plan plan_of(const struct gw_name_attr *cn)
{
	return (struct gw_cert_plan){.subject = cn,
				     .n_subject = 1,
				     .path_length = -1,
				     .not_before = TST_NOW - 60,
				     .not_after = TST_NOW + 3600};
}

/* Whether OpenSSL takes a certificate with the name below a CA that permits, or excludes, the subtree. */
static bool openssl_takes(const struct gw_subtree *subtree, bool permitted, const struct gw_san *name)
{
	static const struct gw_name_attr issuer_cn = {"commonName", "CA"}, cn = {"commonName", "Somebody"};
	struct gw_cert_plan ca = plan_of(&issuer_cn), leaf = plan_of(&cn);
	const struct tst_id *id = tst_ca("keys", NULL);
	GW_CERT_AUTO X509 *issuer = NULL, *cert = NULL;
	struct gw_verify_result result = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};
	bool takes;

	ca.ca = true;
	ca.key_usage = GW_KU_KEY_CERT_SIGN;
	ca.issuer.permitted = ca.issuer.excluded = subtree;
	ca.issuer.n_permitted = permitted ? 1 : 0;
	ca.issuer.n_excluded = permitted ? 0 : 1;
	leaf.sans = name;
	leaf.n_sans = 1;
	TST_CODE(gw_cert_build(tst_ctx(), &ca, id->key, NULL, NULL, &issuer, &err), GW_OK, &err);
	TST_CODE(gw_cert_build(tst_ctx(), &leaf, id->key, issuer, id->key, &cert, &err), GW_OK, &err);
	TST_CODE(gw_trust_from_certs(tst_ctx(), "CA", &issuer, 1, &trust, &err), GW_OK, &err);
	TST_CODE(gw_verify_chain(trust, &(struct gw_certs){&cert, 1}, TST_NOW, GW_PURPOSE_ANY, &result, &err), GW_OK,
		 &err);
	takes = result.ok;
	gw_verify_result_release(&result);
	gw_trust_free(trust);
	return takes;
}

static bool holds(enum gw_san_type type, const char *subtree, const char *name)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_subtree s;
	const struct gw_san san = {type, name};
	bool held;

	TST_STR_EQ(gw_subtree_parse(&arena, type, subtree, &s), NULL);
	held = gw_subtree_holds(&s, &san);
	if (openssl_takes(&s, true, &san) != held)
		TST_STR_EQ(gw_arena_printf(&arena, "openssl: %s in %s", name, subtree), held ? "held" : "not held");
	return held;
}

static void test_subtree__holds_names(void)
{
	CU_ASSERT(holds(GW_SAN_DNS, "host.example.com", "host.example.com"));
	CU_ASSERT(holds(GW_SAN_DNS, "host.example.com", "my.host.example.com"));
	CU_ASSERT(holds(GW_SAN_DNS, "host.example.com", "MY.HOST.Example.com"));
	CU_ASSERT(holds(GW_SAN_DNS, "example.com", "*.example.com"));
	CU_ASSERT(!holds(GW_SAN_DNS, "host.example.com", "myhost.example.com"));
	CU_ASSERT(!holds(GW_SAN_DNS, "host.example.com", "example.com"));
	CU_ASSERT(!holds(GW_SAN_DNS, "host.example.com", "host.example.com.evil.example"));
}

static void test_subtree__holds_addresses(void)
{
	CU_ASSERT(holds(GW_SAN_IP, "192.0.2.0/24", "192.0.2.255"));
	CU_ASSERT(!holds(GW_SAN_IP, "192.0.2.0/24", "192.0.3.0"));
	CU_ASSERT(holds(GW_SAN_IP, "192.0.2.128/25", "192.0.2.129"));
	CU_ASSERT(!holds(GW_SAN_IP, "192.0.2.128/25", "192.0.2.127"));
	CU_ASSERT(holds(GW_SAN_IP, "0.0.0.0/0", "255.255.255.255"));
	CU_ASSERT(!holds(GW_SAN_IP, "0.0.0.0/0", "::ffff:255.255.255.255"));
	CU_ASSERT(holds(GW_SAN_IP, "2001:db8::/33", "2001:db8:7fff::1"));
	CU_ASSERT(!holds(GW_SAN_IP, "2001:db8::/33", "2001:db8:8000::1"));
	CU_ASSERT(holds(GW_SAN_IP, "::1/128", "::1"));
}

static void test_subtree__holds_mailboxes(void)
{
	CU_ASSERT(holds(GW_SAN_EMAIL, "root@example.com", "root@EXAMPLE.com"));
	CU_ASSERT(!holds(GW_SAN_EMAIL, "root@example.com", "Root@example.com"));
	CU_ASSERT(!holds(GW_SAN_EMAIL, "root@example.com", "xroot@example.com"));
	CU_ASSERT(holds(GW_SAN_EMAIL, "example.com", "any@example.com"));
	CU_ASSERT(!holds(GW_SAN_EMAIL, "example.com", "any@mail.example.com"));
	CU_ASSERT(holds(GW_SAN_EMAIL, ".example.com", "any@mail.example.com"));
	CU_ASSERT(!holds(GW_SAN_EMAIL, ".example.com", "any@example.com"));
}

static void test_subtree__holds_hosts_of_uris(void)
{
	CU_ASSERT(holds(GW_SAN_URI, "host.example.com", "https://HOST.example.com:8443/x@y?z"));
	CU_ASSERT(!holds(GW_SAN_URI, "host.example.com", "https://user@host.example.com/"));
	CU_ASSERT(!holds(GW_SAN_URI, "host.example.com", "https://my.host.example.com/"));
	CU_ASSERT(holds(GW_SAN_URI, ".example.com", "https://my.host.example.com"));
	CU_ASSERT(!holds(GW_SAN_URI, ".example.com", "https://example.com/"));
	CU_ASSERT(!holds(GW_SAN_URI, "example.com", "https://evil.example/@example.com/"));
	CU_ASSERT(!holds(GW_SAN_URI, "example.com", "urn:example.com"));
	CU_ASSERT(!holds(GW_SAN_URI, "example.com", "https://[2001:db8::1]/"));
	CU_ASSERT(!holds(GW_SAN_URI, "example.com", "https://[2001"));
}

static bool excludes(enum gw_san_type type, const char *subtree, const char *name)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_subtree s;
	const struct gw_san san = {type, name};

	bool excluded;

	TST_STR_EQ(gw_subtree_parse(&arena, type, subtree, &s), NULL);
	excluded = gw_subtree_excludes(&s, &san);
	/* What is let pass here passes everywhere. */
	if (!excluded)
		CU_ASSERT(openssl_takes(&s, false, &san));
	return excluded;
}

static void test_subtree__excludes_more_than_it_holds(void)
{
	CU_ASSERT(excludes(GW_SAN_DNS, "a.example.com", "b.a.example.com"));
	CU_ASSERT(excludes(GW_SAN_DNS, "a.example.com", "*.example.com"));
	CU_ASSERT(!excludes(GW_SAN_DNS, "b.a.example.com", "*.example.com"));
	CU_ASSERT(!excludes(GW_SAN_DNS, "a.example.com", "b.example.com"));
	CU_ASSERT(excludes(GW_SAN_URI, "example.com", "urn:uuid:1"));
	CU_ASSERT(excludes(GW_SAN_URI, "example.com", "https://192.0.2.1/"));
	CU_ASSERT(excludes(GW_SAN_URI, "example.com", "https://[::1]/"));
	CU_ASSERT(!excludes(GW_SAN_URI, "example.com", "https://a.example/"));
	CU_ASSERT(excludes(GW_SAN_URI, "example.com", "https://user@example.com/"));
	CU_ASSERT(excludes(GW_SAN_URI, "example.com", "https://example.com?x"));
	CU_ASSERT(!excludes(GW_SAN_EMAIL, ".example.com", "joe@example.com"));
	CU_ASSERT(!excludes(GW_SAN_IP, "192.0.2.0/25", "192.0.2.128"));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_subtree__refuses_what_can_be_none), TST_CASE(test_subtree__holds_names),
		TST_CASE(test_subtree__holds_addresses),          TST_CASE(test_subtree__holds_mailboxes),
		TST_CASE(test_subtree__holds_hosts_of_uris),      TST_CASE(test_subtree__excludes_more_than_it_holds),
	};

	return tst_main("pki_subtree", cases, GW_COUNT(cases));
}
