/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <string.h>

#include "tests/tap.h"

static void test_hostport__refuses(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "has no host"},
		{":443", "has no host"},
		{"[]", "has no host"},
		{"host:", "port"},
		{"host:0", "from 1 to 65535"},
		{"host:65536", "from 1 to 65535"},
		{"host:99999999999999999999", "from 1 to 65535"},
		{"host:+80", "port"},
		{"host: 80", "port"},
		{"host:80x", "port"},
		{"[::1", "'['"},
		{"[::1]443", "behind ']'"},
		{"[::1]:", "port"},
		{"[127.0.0.1]:443", "is no IPv6 address"},
		{"[host]:443", "is no IPv6 address"},
		{"1:2:3", "is no IPv6 address"},
		{"fe80::1%eth0", "has a zone"},
		{"[fe80::1%25eth0]:443", "has a zone"},
		{"a b:443", "no host name has"},
		{"user@host", "no host name has"},
		{"host/path", "no host name has"},
		{"h\xc3\xb6st", "no host name has"},
		{"ho\x1b[31mst", "no host name has"},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct gw_hostport got = {.port = 7};
		struct gw_err err = {0};

		TST_INT_EQ(gw_hostport_parse("--connect", rows[i].text, false, &got, &err), GW_E_USAGE);
		TST_STR_EQ(err.where, "--connect");
		TST_CONTAINS(err.what, rows[i].why);
		TST_INT_EQ(got.port, 7);
	}
}

static void test_hostport__refuses_a_host_of_254_octets(void)
{
	char text[300];
	struct gw_hostport got;
	struct gw_err err = {0};

	memset(text, 'a', 254);
	memcpy(text + 254, ":443", 5);
	TST_INT_EQ(gw_hostport_parse("x", text, false, &got, &err), GW_E_USAGE);
	TST_OK(gw_hostport_parse("x", text + 1, false, &got, &err), &err);
	TST_INT_EQ(strlen(got.host), 253);
}

static void test_hostport__reads(void)
{
	static const struct {
		const char *text, *host;
		unsigned port;
		bool has_port, ip;
	} rows[] = {
		{"store.example.com", "store.example.com", 0, false, false},
		{"store.example.com.", "store.example.com", 0, false, false},
		{"store.example.com.:8443", "store.example.com", 8443, true, false},
		{"_srv.example.com:1", "_srv.example.com", 1, true, false},
		{"192.0.2.1:65535", "192.0.2.1", 65535, true, true},
		{"192.0.2.1", "192.0.2.1", 0, false, true},
		{"[::1]:443", "::1", 443, true, true},
		{"[2001:db8::1]", "2001:db8::1", 0, false, true},
		{"2001:db8::1", "2001:db8::1", 0, false, true},
		{"::", "::", 0, false, true},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct gw_hostport got = {0};
		struct gw_err err = {0};

		TST_OK(gw_hostport_parse("x", rows[i].text, false, &got, &err), &err);
		TST_STR_EQ(got.host, rows[i].host);
		TST_INT_EQ(got.port, rows[i].port);
		TST_INT_EQ(got.has_port, rows[i].has_port);
		TST_INT_EQ(got.ip, rows[i].ip);
	}
}

static void test_hostport__takes_port_0_where_it_may(void)
{
	struct gw_hostport got;
	struct gw_err err = {0};

	TST_OK(gw_hostport_parse("x", "127.0.0.1:0", true, &got, &err), &err);
	TST_INT_EQ(got.port, 0);
	CU_ASSERT_TRUE(got.has_port);
	TST_INT_EQ(gw_hostport_parse("x", "127.0.0.1:65536", true, &got, &err), GW_E_USAGE);
}

static void test_address__refuses_what_is_no_literal(void)
{
	static const char *const texts[] = {"",      "localhost", "127.1",   "0x7f.0.0.1", "127.0.0.1:80",
					    "[::1]", "::1%lo",    "1.2.3.4 "};
	struct gw_address a;

	for (size_t i = 0; i < GW_COUNT(texts); i++)
		CU_ASSERT_FALSE(gw_address_parse(texts[i], 1, &a));
}

static void test_address__texts(void)
{
	char text[GW_ADDRESS_TEXT];
	struct gw_address a;

	CU_ASSERT_TRUE(gw_address_parse("127.0.0.1", 8443, &a));
	gw_address_text(&a, text);
	TST_STR_EQ(text, "127.0.0.1:8443");
	CU_ASSERT_TRUE(gw_address_parse("2001:DB8:0:0::1", 443, &a));
	gw_address_text(&a, text);
	TST_STR_EQ(text, "[2001:db8::1]:443");
	gw_address_ip_text(&a, text);
	TST_STR_EQ(text, "2001:db8::1");
	CU_ASSERT_TRUE(gw_address_parse("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 65535, &a));
	gw_address_text(&a, text);
	TST_STR_EQ(text, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void test_address__knows_loopback(void)
{
	static const struct {
		const char *text;
		bool loopback;
	} rows[] = {
		{"127.0.0.1", true},        {"127.255.255.254", true}, {"::1", true},       {"::ffff:127.0.0.1", true},
		{"128.0.0.1", false},       {"0.0.0.0", false},        {"::", false},       {"::2", false},
		{"::ffff:10.0.0.1", false}, {"fe80::1", false},        {"1.0.0.127", false}};
	struct gw_address a;

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		CU_ASSERT_TRUE(gw_address_parse(rows[i].text, 1, &a));
		TST_INT_EQ(gw_address_is_loopback(&a), rows[i].loopback);
	}
}

static void test_address__same(void)
{
	struct gw_address a, b;

	CU_ASSERT_TRUE(gw_address_parse("::1", 1, &a) && gw_address_parse("0::1", 1, &b));
	CU_ASSERT_TRUE(gw_address_same(&a, &b));
	CU_ASSERT_TRUE(gw_address_parse("::1", 2, &b));
	CU_ASSERT_FALSE(gw_address_same(&a, &b));
	CU_ASSERT_TRUE(gw_address_parse("0.0.0.1", 1, &b));
	CU_ASSERT_FALSE(gw_address_same(&a, &b));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_hostport__refuses),
		TST_CASE(test_hostport__refuses_a_host_of_254_octets),
		TST_CASE(test_hostport__reads),
		TST_CASE(test_hostport__takes_port_0_where_it_may),
		TST_CASE(test_address__refuses_what_is_no_literal),
		TST_CASE(test_address__texts),
		TST_CASE(test_address__knows_loopback),
		TST_CASE(test_address__same),
	};

	return tst_main("net_address", cases, GW_COUNT(cases));
}
