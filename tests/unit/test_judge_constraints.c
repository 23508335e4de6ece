/* SPDX-License-Identifier: Apache-2.0 */
/* Name constraints, constraint by name: what RFC 5280 4.2.1.10 says, where openssl verify agrees and where it does not. */
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "judge/constraints.h"
#include "tests/edit.h"
#include "tests/run.h"
#include "tests/tap.h"

static enum gw_breach_kind breach(const char *constraints, const char *names)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct tst_id *ca = tst_ca("Root", NULL),
			    *leaf = tst_issue(&(struct tst_spec){.cn = "leaf", .sans = "x.example"}, ca);
	struct gw_parts *above, *below;
	enum gw_breach_kind kind;
	unsigned work = GW_CONSTRAINT_WORK;

	tst_edit(ca, ca, NID_name_constraints, constraints);
	tst_edit(leaf, ca, NID_subject_alt_name, names);
	above = gw_parts_new(ca->cert, &arena);
	below = gw_parts_new(leaf->cert, &arena);
	kind = gw_constraints_breach(above, below, &work, &arena).kind;
	gw_parts_free(above);
	gw_parts_free(below);
	return kind;
}

struct row {
	const char *constraints, *names;
	enum gw_breach_kind want;
};

static void hold(const struct row *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!TST_INT_EQ(breach(rows[i].constraints, rows[i].names), rows[i].want))
			TST_STR_EQ(rows[i].constraints, rows[i].names);
	}
}

static void test_constraints__dns(void)
{
	static const struct row rows[] = {
		{"permitted;DNS:b.example", "DNS:a.example", GW_BREACH_OUTSIDE},
		{"permitted;DNS:b.example", "DNS:ab.example", GW_BREACH_OUTSIDE},
		{"permitted;DNS:b.example", "DNS:b.example", GW_BREACH_NONE},
		{"permitted;DNS:b.example", "DNS:A.B.EXAMPLE", GW_BREACH_NONE},
		{"permitted;DNS:b.example", "DNS:b.example,DNS:c.example", GW_BREACH_OUTSIDE},
		{"permitted;DNS:b.example", "DNS:*.b.example", GW_BREACH_NONE},
		{"permitted;DNS:a.b.example", "DNS:*.b.example", GW_BREACH_OUTSIDE},
		{"permitted;DNS:.b.example", "DNS:b.example", GW_BREACH_OUTSIDE},
		{"permitted;DNS:.b.example", "DNS:a.b.example", GW_BREACH_NONE},
		{"permitted;DNS:b.example,permitted;DNS:c.example", "DNS:x.c.example", GW_BREACH_NONE},
		{"permitted;DNS:b.example", "DNS:a b", GW_BREACH_UNREADABLE},
		{"permitted;DNS:b.example", "DNS:f*o.b.example", GW_BREACH_UNREADABLE},
		{"excluded;DNS:b.example", "DNS:b.example", GW_BREACH_EXCLUDED},
		{"excluded;DNS:b.example", "DNS:x.y.b.example", GW_BREACH_EXCLUDED},
		{"excluded;DNS:b.example", "DNS:a.example", GW_BREACH_NONE},
		/* The wildcard could stand for the excluded name (CVE-2025-61727 is of this kind). */
		{"excluded;DNS:a.b.example", "DNS:*.b.example", GW_BREACH_EXCLUDED},
		{"excluded;DNS:x.a.b.example", "DNS:*.b.example", GW_BREACH_NONE},
		{"permitted;DNS:b.example,excluded;DNS:a.b.example", "DNS:a.b.example", GW_BREACH_EXCLUDED},
		/* What is not constrained by kind is free. */
		{"permitted;DNS:b.example", "IP:192.0.2.1", GW_BREACH_NONE},
	};

	hold(rows, GW_COUNT(rows));
}

static void test_constraints__addresses(void)
{
	static const struct row rows[] = {
		{"permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.3.1", GW_BREACH_OUTSIDE},
		{"permitted;IP:192.0.2.0/255.255.255.0", "IP:2001:db8::1", GW_BREACH_OUTSIDE},
		{"permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.2.255", GW_BREACH_NONE},
		{"permitted;IP:0.0.0.0/0.0.0.0", "IP:203.0.113.9", GW_BREACH_NONE},
		{"excluded;IP:192.0.2.0/255.255.255.254", "IP:192.0.2.1", GW_BREACH_EXCLUDED},
		{"excluded;IP:192.0.2.0/255.255.255.254", "IP:192.0.2.2", GW_BREACH_NONE},
		{"excluded;IP:2001:db8::/ffff:ffff::", "IP:2001:db8::7", GW_BREACH_EXCLUDED},
		{"permitted;IP:192.0.2.0/255.0.255.0", "IP:192.0.2.1", GW_BREACH_UNREADABLE},
	};

	hold(rows, GW_COUNT(rows));
}

static void test_constraints__mailboxes_and_uris(void)
{
	static const struct row rows[] = {
		{"permitted;email:b.example", "email:x@a.b.example", GW_BREACH_OUTSIDE},
		{"permitted;email:b.example", "email:x@B.example", GW_BREACH_NONE},
		{"permitted;email:.b.example", "email:x@b.example", GW_BREACH_OUTSIDE},
		{"permitted;email:.b.example", "email:x@a.b.example", GW_BREACH_NONE},
		{"permitted;email:x@b.example", "email:X@b.example", GW_BREACH_OUTSIDE},
		{"permitted;email:x@b.example", "email:x@B.EXAMPLE", GW_BREACH_NONE},
		{"permitted;email:*@b.example", "email:x@b.example", GW_BREACH_OUTSIDE},
		{"excluded;email:b.example", "email:x@b.example", GW_BREACH_EXCLUDED},
		{"permitted;email:b.example", "email:x@@b.example", GW_BREACH_UNREADABLE},
		{"permitted;email:b.example", "email:nobody", GW_BREACH_UNREADABLE},
		{"permitted;URI:b.example", "URI:https://a.b.example/", GW_BREACH_OUTSIDE},
		{"permitted;URI:b.example", "URI:https://u@B.example:8443/x?y", GW_BREACH_NONE},
		{"permitted;URI:.b.example", "URI:https://a.b.example", GW_BREACH_NONE},
		{"excluded;URI:b.example", "URI:spiffe://b.example/x", GW_BREACH_EXCLUDED},
		{"permitted;URI:b.example", "URI:https://192.0.2.1/", GW_BREACH_UNREADABLE},
		{"permitted;URI:b.example", "URI:urn:a:b", GW_BREACH_UNREADABLE},
		{"permitted;RID:1.2.3", "RID:1.2.4", GW_BREACH_UNSUPPORTED},
		{"permitted;RID:1.2.3", "DNS:a.example", GW_BREACH_NONE},
	};

	hold(rows, GW_COUNT(rows));
}

/* A directory name is held against the subject as well, attribute for attribute from the front. */
static void test_constraints__directory_names(void)
{
	const struct tst_id *ca = tst_ca("Acme", NULL), *same = tst_ca("Acme", NULL), *other = tst_ca("acme x", NULL);

	CU_ASSERT(gw_name_within(gw_cert_subject(same->cert), gw_cert_subject(ca->cert)));
	CU_ASSERT_FALSE(gw_name_within(gw_cert_subject(other->cert), gw_cert_subject(ca->cert)));
}

static void test_constraints__work_is_bounded(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct tst_id *ca = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", ca);
	struct gw_parts *above, *below;
	unsigned work = 1;

	tst_edit(ca, ca, NID_name_constraints, "permitted;DNS:b.example,permitted;DNS:c.example,permitted;DNS:example");
	above = gw_parts_new(ca->cert, &arena);
	below = gw_parts_new(leaf->cert, &arena);
	TST_INT_EQ(gw_constraints_breach(above, below, &work, &arena).kind, GW_BREACH_TOO_MUCH);
	work = 100;
	TST_INT_EQ(gw_constraints_breach(above, below, &work, &arena).kind, GW_BREACH_NONE);
	CU_ASSERT(work < 100);
	gw_parts_free(above);
	gw_parts_free(below);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_constraints__dns),
		TST_CASE(test_constraints__addresses),
		TST_CASE(test_constraints__mailboxes_and_uris),
		TST_CASE(test_constraints__directory_names),
		TST_CASE(test_constraints__work_is_bounded),
	};

	return tst_main("judge_constraints", cases, GW_COUNT(cases));
}
