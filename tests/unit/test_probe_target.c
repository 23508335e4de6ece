/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/target.h"

#include "tests/tap.h"

static void test_target__refuses(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "has no host"},
		{":443", "has no host"},
		{"https://", "has no host"},
		{"host:0", "port"},
		{"host:65536", "port"},
		{"1:2:3", "IPv6 address"},
		{"*.example.com", "wildcard"},
		{"a_b.example.com", "underscore"},
		{"-a.example.com", "hyphen"},
		{"a..example.com", "empty label"},
		{"http://example.com", "only https://"},
		{"ftp://example.com/x", "only https://"},
		{"example.com/path", "written as a URL"},
		{"https://user:secret@example.com/", "no place in a target"},
		{"https://example.com/a b", "may not hold"},
		{"https://example.com/a\r\nX-Evil: 1", "may not hold"},
		{"https://example.com/\xc3\xbc", "may not hold"},
		{"https://exa mple.com/", "no host name has"},
		{"host\r\n", "no host name has"},
		{"a..b\xc3\xbc.example", "empty label"},
		{"b\xe2\x98\x83.example:443", "no host name may have"},
		{"b\xc3.example", "not UTF-8"},
		{"*.b\xc3\xbc.example", "wildcard"},
		{"b\xc3\xbc.example:0", "port"},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_target got = {.port = 7};
		struct gw_err err = {0};

		TST_INT_EQ(gw_target_parse(&arena, rows[i].text, &got, &err), GW_E_USAGE);
		TST_CONTAINS(err.what, rows[i].why);
		TST_INT_EQ(got.port, 7);
	}
}

static void test_target__reads(void)
{
	static const struct {
		const char *text, *label, *host;
		unsigned port;
		const char *path;
		bool ip;
	} rows[] = {
		{"store.example.com", "store.example.com:443", "store.example.com", 443, "/", false},
		{"Store.Example.COM.", "store.example.com:443", "store.example.com", 443, "/", false},
		{"localhost:8443", "localhost:8443", "localhost", 8443, "/", false},
		{"127.0.0.1", "127.0.0.1:443", "127.0.0.1", 443, "/", true},
		{"127.0.0.1:1", "127.0.0.1:1", "127.0.0.1", 1, "/", true},
		{"::1", "[::1]:443", "::1", 443, "/", true},
		{"[::1]", "[::1]:443", "::1", 443, "/", true},
		{"[2001:DB8::1]:8443", "[2001:db8::1]:8443", "2001:db8::1", 8443, "/", true},
		{"https://example.com", "example.com:443", "example.com", 443, "/", false},
		{"HTTPS://example.com:444/a/b?c=d#e", "example.com:444", "example.com", 444, "/a/b?c=d", false},
		{"https://example.com?q", "example.com:443", "example.com", 443, "/?q", false},
		{"https://example.com#f", "example.com:443", "example.com", 443, "/", false},
		{"https://[::1]:8443/x", "[::1]:8443", "::1", 8443, "/x", true},
		{"https://example.com/u@v://w", "example.com:443", "example.com", 443, "/u@v://w", false},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_target got = {0};
		struct gw_err err = {0};

		TST_OK(gw_target_parse(&arena, rows[i].text, &got, &err), &err);
		TST_STR_EQ(got.label, rows[i].label);
		TST_STR_EQ(got.host, rows[i].host);
		TST_INT_EQ(got.port, rows[i].port);
		TST_STR_EQ(got.path, rows[i].path);
		TST_INT_EQ(got.ip, rows[i].ip);
	}
}

/* RFC 3492's and RFC 5891's forms; libidn2's command says the same. */
static void test_target__other_letters_have_an_ascii_form(void)
{
	static const struct {
		const char *text, *label, *unicode;
	} rows[] = {
		{"B\xc3\x9c"
		 "cher.example.",
		 "xn--bcher-kva.example:443",
		 "b\xc3\xbc"
		 "cher.example"},
		{"b\xc3\xbc"
		 "cher.example:8443",
		 "xn--bcher-kva.example:8443",
		 "b\xc3\xbc"
		 "cher.example"},
		{"https://stra\xc3\x9f"
		 "e.example/x",
		 "xn--strae-oqa.example:443",
		 "stra\xc3\x9f"
		 "e.example"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example:443",
		 "b\xc3\xbc"
		 "cher.example"},
		{"example.com", "example.com:443", NULL},
		{"127.0.0.1", "127.0.0.1:443", NULL},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_target got = {0};
		struct gw_err err = {0};

		TST_OK(gw_target_parse(&arena, rows[i].text, &got, &err), &err);
		TST_STR_EQ(got.label, rows[i].label);
		TST_STR_EQ(got.unicode != NULL ? got.unicode : "", rows[i].unicode != NULL ? rows[i].unicode : "");
	}
}

static void test_endpoint__keeps_the_port_given(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_target got = {0};
	struct gw_err err = {0};

	TST_OK(gw_endpoint_parse(&arena, "--connect", "gateway.example.com", 0, &got, &err), &err);
	TST_INT_EQ(got.port, 0);
	TST_OK(gw_endpoint_parse(&arena, "--connect", "gateway.example.com:8443", 0, &got, &err), &err);
	TST_INT_EQ(got.port, 8443);
	TST_INT_EQ(gw_endpoint_parse(&arena, "--connect", "https://x", 0, &got, &err), GW_E_USAGE);
	TST_STR_EQ(err.where, "--connect");
}

static void test_overrides__refuse(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "HOST:PORT:ADDRESS"},
		{"host", "HOST:PORT:ADDRESS"},
		{"host:443", "HOST:PORT:ADDRESS"},
		{"*:0000443junk:127.0.0.1", "no port from 1 to 65535"},
		{"*:443:127.0.0.1junk", ""},
		{":443:127.0.0.1", "HOST:PORT:ADDRESS"},
		{"[::1:443:127.0.0.1", "HOST:PORT:ADDRESS"},
		{"host:0:127.0.0.1", "port"},
		{"host::127.0.0.1", "port"},
		{"*:99999:127.0.0.1", "port"},
		{"*::127.0.0.1", "port"},
		{"*.example.com:443:127.0.0.1", "wildcard"},
		{"host:443:", "not an IP address"},
		{"host:443:127.0.0.1,", "not an IP address"},
		{"host:443:other", "not an IP address"},
		{"host:443:127.0.0.1, 127.0.0.2", "not an IP address"},
		{"host:443:[::1", "not an IP address"},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_overrides got = {.count = 7};
		struct gw_err err = {0};

		TST_INT_EQ(gw_overrides_parse(&arena, &rows[i].text, 1, &got, &err), GW_E_USAGE);
		TST_STR_EQ(err.where, "--resolve");
		TST_CONTAINS(err.what, rows[i].why);
		TST_INT_EQ(got.count, 7);
	}
}

/* The address that an override gives first, as text; "none" where there is no override. */
static const char *first(const struct gw_overrides *overrides, const char *host, uint16_t port)
{
	static char text[GW_ADDRESS_TEXT];
	const struct gw_override *o = gw_override_find(overrides, host, port);

	if (o == NULL)
		return "none";
	gw_address_text(&o->addresses[0], text);
	return text;
}

static void test_overrides__its_own_before_any_and_the_last_of_several(void)
{
	static const char *const texts[] = {
		"*:443:192.0.2.9",     "a.example:443:192.0.2.1", "A.example:443:192.0.2.2,[2001:db8::1]",
		"[::1]:443:192.0.2.3", "*:443:192.0.2.10",        "z.example:8443:192.0.2.4"};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_overrides got = {0};
	struct gw_err err = {0};

	TST_OK(gw_overrides_parse(&arena, texts, GW_COUNT(texts), &got, &err), &err);
	TST_STR_EQ(first(&got, "a.example", 443), "192.0.2.2:443");
	TST_INT_EQ(gw_override_find(&got, "a.example", 443)->n_addresses, 2);
	TST_STR_EQ(first(&got, "b.example", 443), "192.0.2.10:443");
	TST_STR_EQ(first(&got, "::1", 443), "192.0.2.3:443");
	TST_STR_EQ(first(&got, "z.example", 8443), "192.0.2.4:8443");
	TST_STR_EQ(first(&got, "a.example", 8443), "none");
}

static void test_overrides__none_are_none(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_overrides got = {0};
	struct gw_err err = {0};

	TST_OK(gw_overrides_parse(&arena, NULL, 0, &got, &err), &err);
	CU_ASSERT_PTR_NULL(gw_override_find(&got, "a.example", 443));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_target__refuses),
		TST_CASE(test_target__reads),
		TST_CASE(test_target__other_letters_have_an_ascii_form),
		TST_CASE(test_endpoint__keeps_the_port_given),
		TST_CASE(test_overrides__refuse),
		TST_CASE(test_overrides__its_own_before_any_and_the_last_of_several),
		TST_CASE(test_overrides__none_are_none),
	};

	return tst_main("probe_target", cases, GW_COUNT(cases));
}
