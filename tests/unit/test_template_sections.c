/* SPDX-License-Identifier: Apache-2.0 */
/* publish, trust and probes: what a good template's come to. What is wrong with bad ones is in test_template_bad. */
#include <string.h>

#include "rules/rules.h"
#include "template/template.h"
#include "tests/tap.h"

static void read_good(struct gw_template *t)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const char *path = tst_source("tests/templates/good/every-key.yaml"), *text = tst_read(path, NULL);
	struct gw_err err = {0};

	TST_CODE(gw_template_parse(path, text, strlen(text), t, &fs, &err), GW_OK, &err);
	TST_INT_EQ(fs.count, 0);
}

static const struct gw_publish *published(const struct gw_template *t, const char *name, enum gw_publish_kind kind)
{
	const struct gw_entry *e = gw_template_find(t, name);
	const struct gw_publish *p = e != NULL ? gw_publish_of(e->publish, kind) : NULL;

	CU_ASSERT(p != NULL);
	return p;
}

static void test_sections__of_a_secret(void)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	const struct gw_publish *p;

	read_good(&t);
	p = published(&t, "store", GW_PUBLISH_SECRET);
	if (p == NULL)
		return;
	TST_STR_EQ(p->name, "store-tls");
	TST_STR_EQ(p->namespace_, "web");
	CU_ASSERT(p->location == NULL && gw_publish_of(p->next, GW_PUBLISH_SECRET) == NULL);
	TST_INT_EQ(p->labels.count, 3);
	TST_STR_EQ(p->labels.items[1].name, "beta");
	TST_STR_EQ(p->labels.items[1].value, "yes");
	TST_STR_EQ(p->labels.items[2].value, "");
	TST_INT_EQ(p->annotations.count, 1);
	TST_STR_EQ(p->annotations.items[0].value, "a: b");
	p = published(&t, "root", GW_PUBLISH_CONFIG_MAP);
	TST_STR_EQ(p != NULL ? p->name : NULL, "root-ca");
	CU_ASSERT(p != NULL && p->namespace_ == NULL);
}

static void test_sections__of_a_certificate(void)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	const struct gw_publish *p;

	read_good(&t);
	p = published(&t, "store", GW_PUBLISH_CERTIFICATE);
	if (p == NULL)
		return;
	TST_STR_EQ(p->name, "store-staging");
	TST_STR_EQ(p->location, "global");
	TST_STR_EQ(p->scope, "DEFAULT");
	TST_STR_EQ(p->description, "The store's front door");
	TST_STR_EQ(p->map.name, "edge-staging");
	TST_STR_EQ(p->map.matcher, "PRIMARY");
	TST_INT_EQ(p->map.hostnames.count, 2);
	TST_STR_EQ(p->map.hostnames.items[1], "*.store.example.com");
	TST_INT_EQ(p->index, 1);
}

static void test_sections__of_trust(void)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	const struct gw_publish *p;

	read_good(&t);
	CU_ASSERT(t.trust != NULL && t.trust->next == NULL);
	if (t.trust == NULL)
		return;
	TST_STR_EQ(t.trust->name, "clients");
	TST_INT_EQ(t.trust->anchors.count, 1);
	CU_ASSERT(t.trust->anchors.items[0].entry == gw_template_find(&t, "root"));
	CU_ASSERT(t.trust->intermediates.items[0].entry == gw_template_find(&t, "issuing"));
	CU_ASSERT(t.trust->allowlist.items[0].entry == gw_template_find(&t, "prober"));
	p = gw_publish_of(t.trust->publish, GW_PUBLISH_CONFIG_MAPS);
	TST_STR_EQ(p != NULL ? p->name : NULL, "client-ca");
	p = gw_publish_of(t.trust->publish, GW_PUBLISH_TRUST_CONFIG);
	TST_STR_EQ(p != NULL ? p->name : NULL, "client-ca-staging");
	TST_STR_EQ(p != NULL ? p->location : NULL, "global");
}

static void test_sections__of_probes(void)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	const struct gw_probe *p;

	read_good(&t);
	p = t.probes;
	CU_ASSERT(p != NULL && p->next != NULL);
	if (p == NULL || p->next == NULL)
		return;
	TST_STR_EQ(p->connect, "203.0.113.12:443");
	TST_STR_EQ(p->host, "store.example.com");
	TST_STR_EQ(p->tls, ">=1.2");
	TST_STR_EQ(p->chain, "complete");
	TST_STR_EQ(p->absent, "rejected");
	CU_ASSERT(p->certificate.entry == gw_template_find(&t, "store"));
	CU_ASSERT(p->present.entry == gw_template_find(&t, "prober"));
	TST_STR_EQ(p->next->connect, "[2001:db8::1]:8443");
	CU_ASSERT(p->next->certificate.name == NULL && p->next->tls == NULL && p->next->absent == NULL);
}

/* The findings of a template with these lines below its CAs. */
static const char *findings_of(const char *text)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *whole = gw_arena_printf(&arena,
					    "gwcert: 1\ncertificates:\n"
					    "  root: { issuer: self, ca: {}, subject: { commonName: Root } }\n"
					    "  sub: { issuer: root, ca: {}, subject: { commonName: Sub } }\n%s",
					    text);
	struct gw_err err = {0};
	const struct gw_finding *f;
	GW_BUF_AUTO struct gw_buf all = GW_BUF(4096);
	char *copy;

	CU_ASSERT(gw_template_parse("t.yaml", whole, strlen(whole), &t, &fs, &err) == GW_OK ||
		  gw_findings_any(&fs, GW_ERROR));
	for (f = fs.first; f != NULL; f = f->next)
		gw_buf_printf(&all, "%s ", f->rule->id);
	copy = tst_alloc(all.len + 1);
	memcpy(copy, gw_buf_str(&all), all.len + 1);
	return copy;
}

/* What looks like a fault and is none. */
static void test_sections__leave_good_ones_alone(void)
{
	TST_STR_EQ(
		findings_of(
			"  a: { issuer: sub, sans: [a.example.com], publish: [secret: { name: a, namespace: x }, "
			"secret: { name: a, namespace: y }, secret: { name: a }, certificateManager: { name: a }] }\n"),
		"");
	/* Four certificates for one host: an RSA one beside an ECDSA one, and their successors. */
	TST_STR_EQ(findings_of(
			   "  a: { issuer: sub, sans: [a.example.com], publish: [certificateManager: { name: a, map: { "
			   "name: m, hostnames: [a.example.com] } }] }\n"
			   "  b: { issuer: sub, sans: [a.example.com], publish: [certificateManager: { name: b, map: { "
			   "name: m, hostnames: [a.example.com] } }, certificateManager: { name: c, map: { name: m, "
			   "hostnames: [a.example.com] } }, certificateManager: { name: d, map: { name: m, hostnames: "
			   "[a.example.com] } }] }\n"),
		   "");
	/* One name in two locations is two things; a client's certificate may be brought to a backend's mTLS. */
	TST_STR_EQ(
		findings_of("  a: { issuer: sub, sans: [a.example.com], publish: [certificateManager: { name: a }, "
			    "certificateManager: { name: a, location: europe-west1 }] }\n"
			    "  c: { profile: client, issuer: sub, sans: [c.example.com], publish: [certificateManager: "
			    "{ name: c, scope: CLIENT_AUTH }] }\n"),
		"");
	/* Where no certificate is published, a trust config may be anywhere; ConfigMaps of two namespaces are two. */
	TST_STR_EQ(
		findings_of("trust:\n  t: { anchors: [root], intermediates: [sub], publish: [trustConfig: { name: a, "
			    "location: europe-west1 }, configMaps: { name: a }, configMap: { name: a, namespace: w }] "
			    "}\n"),
		"");
}

static void test_sections__warn_without_stopping(void)
{
	TST_STR_EQ(
		findings_of(
			"  c: { issuer: sub, ca: {}, subject: { commonName: C }, publish: [secret: { name: a }] }\n"),
		"GWT076 ");
	TST_STR_EQ(findings_of("trust:\n  t: { anchors: [sub] }\n"), "GWT079 ");
	TST_STR_EQ(findings_of("  a: { issuer: sub, sans: [a.example.com], publish: [certificateManager: { name: a, "
			       "location: europ-west1 }] }\n"),
		   "GWT068 ");
	TST_STR_EQ(
		findings_of(
			"  a: { issuer: sub, sans: [a.example.com], publish: [certificateManager: { name: a }] }\n"
			"trust:\n  t: { anchors: [root], publish: [trustConfig: { name: a, location: us-east1 }] }\n"),
		"GWT080 ");
}

/* Limits that no person would write down by hand. */
static void limit(const char *list, unsigned n, const char *want)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(1 << 20), refs = GW_BUF(1 << 16);
	unsigned i;

	for (i = 0; i < n; i++) {
		gw_buf_printf(&text, "  c%u: { issuer: root, ca: {}, subject: { commonName: C%u } }\n", i, i);
		gw_buf_printf(&refs, "%sc%u", i > 0 ? ", " : "", i);
	}
	gw_buf_printf(&text, "trust:\n  t: { anchors: [root], %s: [%s], publish: [trustConfig: { name: a }] }\n", list,
		      gw_buf_str(&refs));
	TST_STR_EQ(findings_of(gw_buf_str(&text)), want);
}

static void test_sections__limits_of_a_trust_config(void)
{
	limit("intermediates", 100, "");
	limit("intermediates", 101, "GWT071 ");
	limit("allowlist", 500, "");
	limit("allowlist", 501, "GWT071 ");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_sections__of_a_secret),
		TST_CASE(test_sections__of_a_certificate),
		TST_CASE(test_sections__of_trust),
		TST_CASE(test_sections__of_probes),
		TST_CASE(test_sections__leave_good_ones_alone),
		TST_CASE(test_sections__warn_without_stopping),
		TST_CASE(test_sections__limits_of_a_trust_config),
	};

	return tst_main("template_sections", cases, GW_COUNT(cases));
}
