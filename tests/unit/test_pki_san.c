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
	refused("m\xc3\xbc_ller.example", "underscore");
	refused("\xe2\x80\xa8.example", "no host name may have");
	refused("\xcc\x88"
		"a.example",
		"combining mark");
	refused("xn--a.example", "no host name may have");
	refused("xn--mller-kva-.example", "hyphen");
	refused("xn--MLLER-kvB.example", "xn--");
	refused("*.m\xc3\xbcller", "top-level");
	refused("m\xc3\xbcller@example.com", "outside ASCII in front of its @");
	refused("https://example.com/m\xc3\xbcller", "no URI may have");
	refused("other:", "is empty");
	refused("other:joe", "OID;utf8:text");
	refused("other:1.2.3;der:0500", "OID;utf8:text");
	refused("other:nonsense;utf8:x", "does not begin with an OID");
	refused("other:1.2.3;utf8:", "nothing behind");
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
	parsed("XN--mller-kva.example", "dns:xn--mller-kva.example");
	parsed("*.M\xc3\x9cLLER.example", "dns:*.xn--mller-kva.example");
	parsed("fa\xc3\x9f.example", "dns:xn--fa-hia.example");
	parsed("\xe4\xbe\x8b\xe3\x80\x82\xe4\xbe\x8b", "dns:xn--fsq.xn--fsq");
	parsed("https://u@m\xc3\xbcller.example:8443/x?y", "uri:https://u@xn--mller-kva.example:8443/x?y");
	parsed("email:joe@m\xc3\xbcller.example", "email:joe@xn--mller-kva.example");
	parsed("other:1.3.6.1.4.1.311.20.2.3;utf8:j\xc3\xb6@x", "other:1.3.6.1.4.1.311.20.2.3;utf8:j\xc3\xb6@x");
	parsed("OTHER:msUPN;UTF8:a;b:c", "other:1.3.6.1.4.1.311.20.2.3;utf8:a;b:c");
	parsed("other:1.2.3;ia5:x", "other:1.2.3;ia5:x");
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
