/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of names: which are none, and what each covers. What is not covered is the longer list. */
#include "template/allow.h"

#include <string.h>

#include "tests/tap.h"

static void test_allow__patterns_that_are_none(void)
{
	static const char *const bad[] = {
		"",
		"dns:",
		"ip:",
		".",
		"..example.com",
		"*",
		"*.",
		"*.com",
		".com",
		"a.*.example.com",
		"*a.example.com",
		"**.example.com",
		"a_b.example.com",
		"example.com.",
		"dns:10.0.0.1",
		"-a.example.com",
		/* A typo in an address must not become a name, nor a range a wider one. */
		"ip:example.com",
		"10.0.0.1/8",
		"10.0.0.0/33",
		"10.0.0.0/",
		"10.0.0.0/-1",
		"10.0.0.0/8/8",
		"ip:10.0.0",
		"2001:db8::1/32",
		"ip:[::1]",
		"email:*.example.com",
		"@example.com",
		"a@b@example.com",
		"email:.com",
		"uri:spiffe://example.com*",
		"spiffe://*",
		"spiffe://*/ns/*",
		"uri:/ns/*",
		"spiffe:///*",
		"spiffe://example.com/*/x",
		"spiffe://example.com/n*",
		"uri:no scheme",
	};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_allow allow = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++) {
		if (gw_allow_add(&arena, &allow, bad[i]) == NULL)
			TST_STR_EQ(bad[i], "refused");
	}
	TST_INT_EQ(allow.n_names, 0);
}

static void check(const char *pattern, const char *const *yes, const char *const *no)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_allow allow = {0};
	struct gw_san san;

	TST_STR_EQ(gw_allow_add(&arena, &allow, pattern), NULL);
	for (; *yes != NULL; yes++) {
		TST_STR_EQ(gw_san_parse(&arena, *yes, &san), NULL);
		if (gw_allow_find(&allow, &san) == NULL)
			TST_STR_EQ(*yes, pattern);
	}
	for (; *no != NULL; no++) {
		TST_STR_EQ(gw_san_parse(&arena, *no, &san), NULL);
		if (gw_allow_find(&allow, &san) != NULL)
			TST_STR_EQ(*no, "not covered");
	}
}

#define LIST(...)                                                                                                      \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		__VA_ARGS__, NULL                                                                                      \
	}

static void test_allow__dns(void)
{
	check("a.example.com", LIST("a.example.com", "A.Example.COM"),
	      LIST("b.example.com", "a.a.example.com", "*.example.com", "example.com", "a.example.com.evil.net",
		   "email:x@a.example.com", "uri:https://a.example.com/"));
	check("*.example.com", LIST("a.example.com", "*.example.com"),
	      LIST("example.com", "a.b.example.com", "*.b.example.com", "aexample.com", "a.example.com.evil.net"));
	check(".example.com", LIST("a.example.com", "a.b.example.com", "*.example.com", "*.b.example.com"),
	      LIST("example.com", "aexample.com", "example.com.evil.net", "a.example.org"));
}

static void test_allow__ip(void)
{
	check("10.1.2.3", LIST("10.1.2.3"), LIST("10.1.2.4", "::ffff:10.1.2.3", "dns:a.example.com"));
	check("10.0.0.0/8", LIST("10.0.0.0", "10.255.255.255"), LIST("11.0.0.0", "9.255.255.255", "a00::"));
	check("192.0.2.128/25", LIST("192.0.2.128", "192.0.2.255"), LIST("192.0.2.127", "192.0.3.128"));
	check("0.0.0.0/0", LIST("1.2.3.4"), LIST("::1"));
	check("2001:db8::/33", LIST("2001:db8:7fff::1"), LIST("2001:db8:8000::1", "32.1.13.184"));
}

static void test_allow__email(void)
{
	check("ops@example.com", LIST("ops@example.com", "ops@EXAMPLE.com"),
	      LIST("OPS@example.com", "oops@example.com", "ops@a.example.com", "op@example.com"));
	check("email:example.com", LIST("a@example.com"), LIST("a@b.example.com", "a@aexample.com", "dns:example.com"));
	check("email:.example.com", LIST("a@b.example.com"), LIST("a@example.com", "a@bexample.com"));
}

static void test_allow__uri(void)
{
	check("spiffe://example.com/ns/*",
	      LIST("spiffe://example.com/ns/web", "spiffe://example.com/ns/a/b", "spiffe://example.com/ns/..a",
		   "spiffe://example.com/ns/a.b"),
	      LIST("spiffe://example.com/ns/", "spiffe://example.com/nsa", "spiffe://example.com/other",
		   "spiffe://example.com.evil.net/ns/a", "https://example.com/ns/a", "spiffe://example.com/ns/../root",
		   "spiffe://example.com/ns/a/%2e%2E/b", "spiffe://example.com/ns/./a", "spiffe://example.com/ns/..",
		   "spiffe://example.com/ns/a/..?x"));
	check("spiffe://example.com/a", LIST("spiffe://example.com/a"),
	      LIST("spiffe://example.com/a/", "spiffe://example.com/ab", "spiffe://example.com/A"));
}

static void test_allow__a_profile_by_itself(void)
{
	static const char text[] =
		"gwcert: 1\n"
		"profiles:\n"
		"  a: { extends: server, validity: 9d, sans: [no.example.com], subject: { country: GB },\n"
		"       allow: { dns: [a.example.com], subject: [organization], keys: [ed25519] } }\n"
		"  b: { extends: a, allow: { dns+: [b.example.com], maxValidity: 8d } }\n"
		"certificates: { x: { issuer: self, profile: b } }\n";
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT, none = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct gw_allow allow = {0};
	struct gw_entry e = {0};
	struct gw_err err = {0};

	TST_OK(gw_template_parse("x.yaml", text, strlen(text), &t, &fs, &err), &err);
	TST_OK(gw_template_profile(&t, "b", &e, &allow, &err), &err);
	TST_INT_EQ(allow.n_names, 2);
	TST_STR_EQ(allow.names[1].pattern, "b.example.com");
	TST_INT_EQ(allow.keys, 1U << GW_KEY_ED25519);
	TST_INT_EQ(allow.n_subject, 1);
	TST_STR_EQ(allow.subject[0], "organizationName");
	TST_INT_EQ(allow.max_validity, 8 * GW_DAY);
	TST_INT_EQ(e.validity, 9 * GW_DAY);
	TST_INT_EQ(e.plan.n_sans, 0);
	TST_INT_EQ(e.plan.n_subject, 1);
	TST_STR_EQ(e.plan.extended_key_usage[0], "serverAuth");
	TST_CODE(gw_template_profile(&t, "sever", &e, &allow, &err), GW_E_USAGE, &err);
	TST_CONTAINS(err.hint, "did you mean \"server\"?");
	TST_OK(gw_template_profile(&none, "client", &e, &allow, &err), &err);
	TST_INT_EQ(allow.n_names, 0);
	TST_INT_EQ(e.backdate, 300);
	TST_CODE(gw_template_profile(&none, "b", &e, &allow, &err), GW_E_USAGE, &err);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_allow__patterns_that_are_none),
		TST_CASE(test_allow__dns),
		TST_CASE(test_allow__ip),
		TST_CASE(test_allow__email),
		TST_CASE(test_allow__uri),
		TST_CASE(test_allow__a_profile_by_itself),
	};

	return tst_main("template_allow", cases, GW_COUNT(cases));
}
