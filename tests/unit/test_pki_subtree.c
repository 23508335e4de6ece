/* SPDX-License-Identifier: Apache-2.0 */
/* Which names lie in a subtree: the examples of RFC 5280 4.2.1.10, and what other programs get wrong. */
#include "pki/subtree.h"
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

static bool holds(enum gw_san_type type, const char *subtree, const char *name)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_subtree s;
	const struct gw_san san = {type, name};

	TST_STR_EQ(gw_subtree_parse(&arena, type, subtree, &s), NULL);
	return gw_subtree_holds(&s, &san);
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
	CU_ASSERT(holds(GW_SAN_URI, "host.example.com", "https://user@HOST.example.com:8443/x@y?z"));
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

	TST_STR_EQ(gw_subtree_parse(&arena, type, subtree, &s), NULL);
	return gw_subtree_excludes(&s, &san);
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
