/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "pki/san.h"
#include "tests/tap.h"

static void refused(const char *text, const char *why)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_san san = {GW_SAN_OTHER, "untouched"};
	const char *fault = gw_san_parse(&arena, text, &san);

	CU_ASSERT_PTR_NOT_NULL(fault);
	if (fault != NULL)
		TST_CONTAINS(fault, why);
	TST_STR_EQ(san.value, "untouched");
}

static void test_san__refuses_what_is_no_name(void)
{
	refused("", "is empty");
	refused("dns:", "is empty");
	refused("store_1.example.com", "underscore");
	refused("-a.example.com", "hyphen");
	refused("a..example.com", "empty label");
	refused("example.com.", "ends with a dot");
	refused("f*o.example.com", "not the whole left label");
	refused("*.com", "top-level");
	refused("store.example.com:443", "colon");
	refused("m\xc3\xbcller.example", "xn--");
	refused("300.1.2.3", "like an IP address");
	refused("10.0.0.0/8", "range");
	refused("dns:10.0.0.1", "IP address");
	refused("ip:10.0.0.1/8", "not an IP address");
	refused("ip:fe80::1%eth0", "not an IP address");
	refused("ip:[::1]", "not an IP address");
	refused("uri:nonsense", "no scheme");
	refused("https://a b/", "no URI may have");
	refused("spiffe://a|b/", "no URI may have");
	refused("spiffe://", "nothing behind");
	refused("1x://a", "no scheme");
	refused("@example.com", "local@domain");
	refused("a@b@example.com", "local@domain");
	refused("a@exa_mple.com", "domain that is not a DNS name");
}

static void parsed(const char *text, const char *want)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_san san;
	const char *fault = gw_san_parse(&arena, text, &san);

	TST_STR_EQ(fault, NULL);
	if (fault == NULL)
		TST_STR_EQ(gw_san_text(&arena, &san), want);
}

static void test_san__types_and_normalises(void)
{
	parsed("Store.Example.COM", "dns:store.example.com");
	parsed("*.example.com", "dns:*.example.com");
	parsed("DNS:a.example", "dns:a.example");
	parsed("192.0.2.1", "ip:192.0.2.1");
	parsed("2001:DB8:0:0::1", "ip:2001:db8::1");
	parsed("IP:::1", "ip:::1");
	parsed("spiffe://cluster.local/ns/x", "uri:spiffe://cluster.local/ns/x");
	parsed("uri:urn:uuid:1", "uri:urn:uuid:1");
	parsed("ops@example.com", "email:ops@example.com");
	parsed("email:a+b@example.com", "email:a+b@example.com");
	parsed("xn--mller-kva.example", "dns:xn--mller-kva.example");
}

static void test_san__lists_compare_without_order(void)
{
	const struct gw_san a[] = {{GW_SAN_DNS, "a.example"}, {GW_SAN_IP, "192.0.2.1"}, {GW_SAN_DNS, "b.example"}};
	const struct gw_san b[] = {{GW_SAN_DNS, "b.example"}, {GW_SAN_DNS, "a.example"}, {GW_SAN_IP, "192.0.2.1"}};
	const struct gw_san c[] = {{GW_SAN_DNS, "b.example"}, {GW_SAN_DNS, "b.example"}, {GW_SAN_IP, "192.0.2.1"}};
	const struct gw_san d[] = {{GW_SAN_URI, "a.example"}, {GW_SAN_IP, "192.0.2.1"}, {GW_SAN_DNS, "b.example"}};

	CU_ASSERT(gw_sans_same(a, 3, b, 3));
	CU_ASSERT(!gw_sans_same(a, 3, c, 3));
	CU_ASSERT(!gw_sans_same(a, 3, d, 3));
	CU_ASSERT(!gw_sans_same(a, 3, b, 2));
	CU_ASSERT(gw_sans_same(NULL, 0, NULL, 0));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_san__refuses_what_is_no_name),
		TST_CASE(test_san__types_and_normalises),
		TST_CASE(test_san__lists_compare_without_order),
	};

	return tst_main("san", cases, GW_COUNT(cases));
}
