/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "k8s/secret.h"
#include "rules/rules.h"
#include "tests/pki.h"
#include "tests/tap.h"

static struct gw_tls_secret sound(void)
{
	return (struct gw_tls_secret){
		.name = "web", .cert_pem = "C", .cert_len = 1, .key_pem = "K", .key_len = 1, .plain = true};
}

static void checked(const struct gw_tls_secret *s, size_t count, const char *path, const char *what)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};

	gw_tls_secret_check(s, &fs);
	TST_INT_EQ(fs.count, count);
	if (fs.first == NULL || count == 0)
		return;
	TST_STR_EQ(fs.first->rule->id, "GWK050");
	TST_STR_EQ(fs.first->where.path, path);
	TST_CONTAINS(fs.first->what, what);
}

static void test_secret__names_and_sizes_that_kubernetes_refuses(void)
{
	struct gw_tls_secret s = sound();
	char long_name[255];

	memset(long_name, 'a', 254);
	long_name[254] = '\0';
	s.name = "Store_X";
	checked(&s, 1, "metadata.name", "\"Store_X\"");
	s.name = "a..b";
	checked(&s, 1, "metadata.name", "empty label");
	s.name = "";
	checked(&s, 1, "metadata.name", "is empty");
	s.name = long_name;
	checked(&s, 1, "metadata.name", "longer than 253 octets");
	s = sound();
	s.namespace_ = "a.b";
	checked(&s, 1, "metadata.namespace", "dot");
	s.name = "X";
	checked(&s, 2, "metadata.name", "\"X\"");
	s = sound();
	s.cert_len = GW_K8S_DATA_MAX;
	checked(&s, 1, "data", "1048577 octets; Kubernetes takes 1048576");
	s.cert_len--;
	checked(&s, 0, NULL, NULL);
	s.ca_len = 1;
	checked(&s, 1, "data", "1048577");
}

static const char *yaml_of(struct gw_arena *arena, const struct gw_tls_secret *s)
{
	struct gw_buf out = GW_BUF(100000);
	const char *text;

	gw_yaml_write(&out, gw_tls_secret_node(arena, s));
	text = gw_arena_strdup(arena, gw_buf_str(&out));
	gw_buf_release(&out);
	return text;
}

static void test_secret__plain_is_what_kubectl_makes(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	struct gw_tls_secret s = sound();

	s.cert_pem = "\0\xff\r\n";
	s.cert_len = 4;
	TST_STR_EQ(yaml_of(&arena, &s), "apiVersion: v1\n"
					"data:\n"
					"  tls.crt: AP8NCg==\n"
					"  tls.key: Sw==\n"
					"kind: Secret\n"
					"metadata:\n"
					"  creationTimestamp: null\n"
					"  name: web\n"
					"type: kubernetes.io/tls\n");
	s.namespace_ = "prod";
	s.ca_pem = "CA";
	s.ca_len = 2;
	TST_CONTAINS(yaml_of(&arena, &s), "  name: web\n  namespace: prod\n");
	TST_CONTAINS(yaml_of(&arena, &s), "  ca.crt: Q0E=\n");
}

/* A name that YAML 1.1 takes for a number or a truth value stays a string. */
static void test_secret__names_stay_strings(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	struct gw_tls_secret s = sound();

	s.name = "on";
	s.namespace_ = "1e3";
	TST_CONTAINS(yaml_of(&arena, &s), "  name: \"on\"\n  namespace: \"1e3\"\n");
}

static void test_secret__carries_what_it_is(void)
{
	const struct tst_id *leaf =
		tst_issue(&(struct tst_spec){.cn = "a.example", .sans = "a.example *.b.example 192.0.2.1"}, NULL);
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	struct gw_tls_secret s = sound();
	struct gw_cert_facts facts;
	const char *text;

	gw_cert_read_facts(leaf->cert, &arena, &facts);
	s.plain = false;
	s.leaf = &facts;
	text = yaml_of(&arena, &s);
	TST_CONTAINS(text, "  labels:\n    app.kubernetes.io/managed-by: gwcert\n");
	TST_CONTAINS(text, "    gwcert.io/names: \"a.example,*.b.example,192.0.2.1\"\n");
	TST_CONTAINS(text, "    gwcert.io/not-after: \"2026-12-23T12:00:00Z\"\n");
	TST_CONTAINS(text, tst_join("    gwcert.io/fingerprint-sha256: ", facts.sha256, "\n", NULL));
	TST_LACKS(text, "creationTimestamp");
	TST_STR_EQ(yaml_of(&arena, &s), text);
}

/* All annotations of an object together may have 256 KiB. */
static void test_secret__many_names_are_counted(void)
{
	static struct gw_san sans[3000];
	struct gw_cert_facts facts = {.sans = sans, .n_sans = GW_COUNT(sans), .sha256 = "00"};
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	struct gw_tls_secret s = sound();
	const char *text;
	size_t i;

	for (i = 0; i < GW_COUNT(sans); i++)
		sans[i] = (struct gw_san){GW_SAN_DNS, "store.example"};
	s.plain = false;
	s.leaf = &facts;
	text = yaml_of(&arena, &s);
	CU_ASSERT(strlen(text) < 20000);
	TST_CONTAINS(text, "store.example,+1830\"");
}

/* gw_tls_secret_write() makes the text that the node has. */
static void test_secret__text_is_what_the_node_is(void)
{
	static const char *const names[] = {"web", "1e3", "y", "0x1f", "2026-11-23", "null", "a.b-c"};
	GW_ARENA_AUTO struct gw_arena arena = {.sensitive = true};
	struct gw_san sans[] = {
		{GW_SAN_DNS, "*.example.com"}, {GW_SAN_URI, "spiffe://a/b#c: d"}, {GW_SAN_IP, "2001:db8::1"}};
	const struct gw_cert_facts leaf = {
		.sha256 = "1234567890", .sans = sans, .n_sans = GW_COUNT(sans), .not_after = INT64_C(1795435200)};
	size_t i;

	for (i = 0; i < GW_COUNT(names) * 4; i++) {
		struct gw_tls_secret s = sound();
		struct gw_buf out = GW_BUF_SECRET(100000);

		s.name = names[i % GW_COUNT(names)];
		s.namespace_ = i % 2 == 0 ? "web" : NULL;
		s.plain = i % 5 == 0;
		s.leaf = i % 3 == 0 ? NULL : &leaf;
		s.ca_pem = i % 4 == 0 ? "CA of some octets" : NULL;
		s.ca_len = s.ca_pem != NULL ? strlen(s.ca_pem) : 0;
		gw_tls_secret_write(&out, &s);
		TST_STR_EQ(gw_buf_str(&out), yaml_of(&arena, &s));
		gw_buf_release(&out);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_secret__names_and_sizes_that_kubernetes_refuses),
		TST_CASE(test_secret__plain_is_what_kubectl_makes),
		TST_CASE(test_secret__names_stay_strings),
		TST_CASE(test_secret__carries_what_it_is),
		TST_CASE(test_secret__many_names_are_counted),
		TST_CASE(test_secret__text_is_what_the_node_is),
	};

	return tst_main("secret", cases, GW_COUNT(cases));
}
