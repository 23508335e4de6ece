/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <regex.h>
#include <string.h>

#include "rules/names.h"

/* n octets of 'a' between a prefix and a suffix. */
static const char *long_name(const char *prefix, size_t n, const char *suffix)
{
	char *name = tst_alloc(strlen(prefix) + n + strlen(suffix) + 1);

	memcpy(name, prefix, strlen(prefix));
	memset(name + strlen(prefix), 'a', n);
	memcpy(name + strlen(prefix) + n, suffix, strlen(suffix) + 1);
	return name;
}

/* A name of exactly n octets in labels of at most 63. */
static const char *name_of(size_t n)
{
	char *name = tst_alloc(n + 1);
	size_t i;

	for (i = 0; i < n; i++)
		name[i] = i % 50 == 49 && i + 1 < n ? '.' : 'a';
	return name;
}

static void test_names__dns_names_that_are_none(void)
{
	static const struct {
		const char *name, *why;
	} cases[] = {
		{"", "is empty"},
		{"a..b", "has an empty label"},
		{".a.b", "has an empty label"},
		{".", "has an empty label"},
		{"a.b.", "ends with a dot"},
		{"-a.b", "hyphen"},
		{"a-.b", "hyphen"},
		{"a_b.c", "underscore"},
		{"a b.c", "not a letter, digit or hyphen"},
		{"a/b.c", "not a letter, digit or hyphen"},
		{"a:443", "not a letter, digit or hyphen"},
		{"a\n.b", "not a letter, digit or hyphen"},
		{"gr\xc3\xbc\xc3\x9f.example", "xn--"},
		{"192.0.2.1", "IP address"},
		{"2001:db8::1", "IP address"},
		{"f*o.example.com", "wildcard that is not the whole left label"},
		{"a.*.example.com", "wildcard that is not the whole left label"},
		{"*.*.example.com", "wildcard that is not the whole left label"},
		{"*.com", "directly above a top-level domain"},
		{"*", "wildcard"},
		{"*.", ""},
		{"**.example.com", "wildcard"},
		{"*example.com", "wildcard"},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++)
		TST_CONTAINS(gw_name_dns(cases[i].name, true), cases[i].why);
	TST_CONTAINS(gw_name_dns("*.example.com", false), "wildcard");
	TST_CONTAINS(gw_name_dns(long_name("", 64, ".example"), true), "63 octets");
	TST_CONTAINS(gw_name_dns(name_of(254), true), "253 octets");
	TST_CONTAINS(gw_name_dns(tst_alloc(1), true), "is empty");
}

static void test_names__dns_names_that_are_good(void)
{
	static const char *const good[] = {"localhost",          "a",          "example.com",   "EXAMPLE.Com",
					   "xn--gr-gka.example", "0.example",  "1password.com", "a--b.c",
					   "1.2.3.4.example",    "a.b.c.d.e.f"};
	size_t i;

	for (i = 0; i < GW_COUNT(good); i++) {
		TST_STR_EQ(gw_name_dns(good[i], false), NULL);
		TST_STR_EQ(gw_name_dns(good[i], true), NULL);
	}
	TST_STR_EQ(gw_name_dns("*.example.com", true), NULL);
	TST_STR_EQ(gw_name_dns(long_name("", 63, ".example"), false), NULL);
	TST_STR_EQ(gw_name_dns(name_of(253), false), NULL);
}

static void test_names__kubernetes_subdomains(void)
{
	static const char *const bad[] = {"",   "A",    "a_b", "-a",  "a-",  "a..b",    "a.",
					  ".a", "a.-b", "*.a", "a b", "a/b", "\xc3\xbc"};
	static const char *const good[] = {"a", "store-example-com", "a.b", "0", "1.2.3.4", "a--b"};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		CU_ASSERT_PTR_NOT_NULL(gw_name_k8s_subdomain(bad[i]));
	for (i = 0; i < GW_COUNT(good); i++)
		TST_STR_EQ(gw_name_k8s_subdomain(good[i]), NULL);
	/* Kubernetes bounds the whole of a DNS-1123 subdomain, not its labels (apimachinery IsDNS1123Subdomain). */
	TST_STR_EQ(gw_name_k8s_subdomain(long_name("", 253, "")), NULL);
	TST_CONTAINS(gw_name_k8s_subdomain(long_name("", 254, "")), "253 octets");
}

static void test_names__kubernetes_labels(void)
{
	static const char *const bad[] = {"", "a.b", "A", "-a", "a-", "a_b"};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		CU_ASSERT_PTR_NOT_NULL(gw_name_k8s_label(bad[i]));
	TST_STR_EQ(gw_name_k8s_label("default"), NULL);
	TST_STR_EQ(gw_name_k8s_label(long_name("", 63, "")), NULL);
	TST_CONTAINS(gw_name_k8s_label(long_name("", 64, "")), "63 octets");
}

static void test_names__a_wildcard_covers_exactly_one_label(void)
{
	CU_ASSERT(gw_name_covers("example.com", "EXAMPLE.com"));
	CU_ASSERT(gw_name_covers("*.example.com", "a.Example.com"));
	CU_ASSERT_FALSE(gw_name_covers("*.example.com", "example.com"));
	CU_ASSERT_FALSE(gw_name_covers("*.example.com", "a.b.example.com"));
	CU_ASSERT_FALSE(gw_name_covers("*.example.com", ".example.com"));
	CU_ASSERT_FALSE(gw_name_covers("*.example.com", "aexample.com"));
	CU_ASSERT_FALSE(gw_name_covers("f*.example.com", "foo.example.com"));
	CU_ASSERT_FALSE(gw_name_covers("example.com", "a.example.com"));
	CU_ASSERT_FALSE(gw_name_covers("*", "localhost"));
	CU_ASSERT_FALSE(gw_name_covers("*.example.com", ""));
}

static void test_names__addresses(void)
{
	static const char *const bad[] = {"",           "1.2.3", "1.2.3.4.5",  "256.1.1.1", "01.2.3.4",
					  "1.2.3.4 ",   "::g",   "1::2::3",    "[::1]",     "fe80::1%eth0",
					  "0x7f.0.0.1", "127.1", "example.com"};
	unsigned char address[16] = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		TST_INT_EQ(gw_name_ip(bad[i], address), 0);
	TST_INT_EQ(gw_name_ip("192.0.2.1", address), 4);
	TST_MEM_EQ(address, 4, "\xc0\x00\x02\x01", 4);
	TST_INT_EQ(gw_name_ip("2001:db8::1", address), 16);
	TST_MEM_EQ(address, 16, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
	TST_INT_EQ(gw_name_ip("::ffff:192.0.2.1", address), 16);
}

/* Names are held against the expressions that the platforms publish. */
static void same_as(const char *pattern, size_t max, const char *(*fault)(const char *))
{
	static const char *const names[] = {"",    "a",   "A",    "1",   "-",        "a-",  "-a",       "a1",
					    "1a",  "a.b", "a_b",  "a-b", "a--b",     "a.",  ".a",       "A.B",
					    "a/b", "a b", "a,b",  "a\n", "a:b",      "*",   "aZ9",      "z-9",
					    "_a",  "a_",  "x..y", "0",   "\xc3\xa9", "a@b", "v1.2-rc_3"};
	regex_t regex;
	size_t i;

	CU_ASSERT(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0);
	for (i = 0; i < GW_COUNT(names); i++) {
		bool good = regexec(&regex, names[i], 0, NULL, 0) == 0;

		if ((fault(names[i]) == NULL) != good)
			TST_STR_EQ(names[i], good ? "refused, and it is right" : "taken, and it is wrong");
	}
	CU_ASSERT(fault(long_name("", max, "")) == NULL);
	CU_ASSERT(fault(long_name("", max + 1, "")) != NULL);
	regfree(&regex);
}

static void test_names__of_the_platforms(void)
{
	/* Certificate Manager's resource ids; label values and keys of apimachinery's validation. */
	same_as("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", 63, gw_name_cloud);
	same_as("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$", 63, gw_name_k8s_label_value);
	same_as("^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/"
		")?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$",
		63, gw_name_k8s_key);
	same_as("^([a-z]|[^ -~\n])([a-z0-9_-]|[^ -~\n])*$", 63, gw_name_cloud_label);
	same_as("^([a-z0-9_-]|[^ -~\n])*$", 63, gw_name_cloud_label_value);
}

static void test_names__keys_with_a_prefix(void)
{
	CU_ASSERT(gw_name_k8s_key("app.kubernetes.io/name") == NULL);
	CU_ASSERT(gw_name_k8s_key(long_name("a/", 63, "")) == NULL);
	TST_CONTAINS(gw_name_k8s_key("/name"), "prefix");
	TST_CONTAINS(gw_name_k8s_key("Example.com/name"), "lower case");
	TST_CONTAINS(gw_name_k8s_key("example.com/"), "empty name");
	TST_CONTAINS(gw_name_k8s_key("a/b/c"), "not a letter");
	TST_CONTAINS(gw_name_k8s_key(long_name("", 254, "/b")), "253");
}

static void test_names__locations(void)
{
	static const char *const bad[] = {
		"",   "Global", "europe",  "europe-west",  "europe_west1", "europe-west1-", "europe-west1-bb",
		"us", "-west1", "1-west1", "europe-west1 "};
	size_t i;

	CU_ASSERT(gw_name_location("global") == NULL && gw_region_known("global"));
	CU_ASSERT(gw_name_location("mars-north1") == NULL && !gw_region_known("mars-north1"));
	TST_CONTAINS(gw_name_location("europe-west1-b"), "is a zone");
	for (i = 0; i < GW_COUNT(bad); i++)
		TST_CONTAINS(gw_name_location(bad[i]), "neither global nor a region");
	for (i = 0; gw_regions[i] != NULL; i++)
		CU_ASSERT(gw_name_location(gw_regions[i]) == NULL && gw_region_known(gw_regions[i]));
}

static void test_names__public_suffixes(void)
{
	static const char *const yes[] = {"com",       "co.uk",  "CO.UK", "com.au", "s3.amazonaws.com",
					  "github.io", "run.app"};
	static const char *const no[] = {"example.com", "shop.co.uk", "co.example", "uk.com.example",
					 "b.s3.amazonaws.com"};
	size_t i;

	for (i = 0; i < GW_COUNT(yes); i++)
		CU_ASSERT_TRUE(gw_name_public_suffix(yes[i]));
	for (i = 0; i < GW_COUNT(no); i++)
		CU_ASSERT_FALSE(gw_name_public_suffix(no[i]));
	CU_ASSERT_FALSE(gw_name_private_suffix("co.uk"));
	CU_ASSERT_FALSE(gw_name_private_suffix("com"));
	CU_ASSERT_FALSE(gw_name_private_suffix("a.github.io"));
	CU_ASSERT_TRUE(gw_name_private_suffix("GitHub.io"));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_names__dns_names_that_are_none),
		TST_CASE(test_names__dns_names_that_are_good),
		TST_CASE(test_names__kubernetes_subdomains),
		TST_CASE(test_names__kubernetes_labels),
		TST_CASE(test_names__a_wildcard_covers_exactly_one_label),
		TST_CASE(test_names__addresses),
		TST_CASE(test_names__of_the_platforms),
		TST_CASE(test_names__keys_with_a_prefix),
		TST_CASE(test_names__locations),
		TST_CASE(test_names__public_suffixes),
	};

	return tst_main("names", cases, GW_COUNT(cases));
}
