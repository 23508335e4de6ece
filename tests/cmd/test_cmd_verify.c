/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert verify: what is refused, what is said, and what it is silent about. */
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "tests/edit.h"
#include "tests/peer.h"
#include "tests/run.h"
#include "tests/tap.h"

/* The usual material, and files of it. */
static struct {
	const struct tst_id *root, *middle, *leaf, *other;
	const char *cert, *chain, *key, *roots, *middles, *others;
} m;

static void make_material(void)
{
	if (m.root != NULL)
		return;
	m.root = tst_ca("Acme Root", NULL);
	m.middle = tst_ca("Acme Issuing", m.root);
	m.leaf = tst_leaf("store.example.com", m.middle);
	m.other = tst_ca("Elsewhere", NULL);
	m.cert = tst_file("cert.pem", tst_pem(m.leaf, NULL));
	m.chain = tst_file("chain.pem", tst_pem(m.leaf, m.middle, NULL));
	m.key = tst_file("key.pem", tst_key_pem(m.leaf));
	m.roots = tst_file("roots.pem", tst_pem(m.root, NULL));
	m.middles = tst_file("i.pem", tst_pem(m.middle, NULL));
	m.others = tst_file("others.pem", tst_pem(m.other, NULL));
}

static void refused(struct tst_run *r, int status, const char *what)
{
	TST_INT_EQ(r->status, status);
	TST_STR_EQ(r->out, "");
	TST_CONTAINS(r->err, what);
}

static void test_verify__usage(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.cert, NULL);
	refused(&r, GW_E_USAGE, "there is nothing to check");
	tst_run(&r, "verify", "--roots", m.roots, NULL);
	refused(&r, GW_E_USAGE, "FILE");
	tst_run(&r, "verify", m.cert, "--roots", m.roots, "--system-roots", NULL);
	refused(&r, GW_E_USAGE, "does not go with --roots");
	tst_run(&r, "verify", m.cert, "--intermediates", m.middles, "--key", m.key, NULL);
	refused(&r, GW_E_USAGE, "needs trust anchors");
	tst_run(&r, "verify", m.cert, m.chain, "--key", m.key, NULL);
	refused(&r, GW_E_USAGE, "belongs to one file");
	tst_run(&r, "verify", m.cert, "--at", "yesterday", NULL);
	refused(&r, GW_E_USAGE, "\"yesterday\" is no instant");
	tst_run(&r, "verify", m.cert, "--at", "2024-04-31T00:00:00Z", NULL);
	refused(&r, GW_E_USAGE, "is no instant");
	tst_run(&r, "verify", m.cert, "--max-lifetime", "long", NULL);
	refused(&r, GW_E_USAGE, "neither a duration nor public");
	tst_run(&r, "verify", m.cert, "--ip", "store.example.com", NULL);
	refused(&r, GW_E_USAGE, "is not an IP address");
	tst_run(&r, "verify", m.cert, "--target", "gke", NULL);
	refused(&r, GW_E_USAGE, "gke-global");
}

static void test_verify__unusable_input(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", tst_path("nosuch.pem"), "--roots", m.roots, NULL);
	refused(&r, GW_E_INPUT, "nosuch.pem");
	tst_run(&r, "verify", m.key, "--roots", m.roots, NULL);
	refused(&r, GW_E_INPUT, "not a certificate");
	tst_run(&r, "verify", m.cert, "--roots", m.key, NULL);
	refused(&r, GW_E_INPUT, "not a certificate");
	tst_run(&r, "verify", m.cert, "--roots", m.roots, "--crl", m.roots, NULL);
	refused(&r, GW_E_INPUT, "holds no CRL");
	tst_run(&r, "verify", m.cert, "--key", m.cert, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
}

static void says_no(struct tst_run *r, const char *id, const char *what)
{
	TST_INT_EQ(r->status, GW_E_NO);
	TST_STR_EQ(r->err, "");
	TST_CONTAINS(r->out, id);
	TST_CONTAINS(r->out, what);
}

static void test_verify__all_faults_and_not_the_first_only(void)
{
	const struct tst_id *stranger = tst_leaf("b.example", NULL);
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.cert, "--key", tst_file("b.key", tst_key_pem(stranger)), "--roots", m.others,
		"--hostname", "shop.example.com", "--min-days", "40", "--max-lifetime", "10d", NULL);
	says_no(&r, "GWC001", "does not belong to the certificate");
	TST_CONTAINS(r.out, "GWC009");
	TST_CONTAINS(r.out, "GWC011");
	TST_CONTAINS(r.out, "GWC008");
	TST_CONTAINS(r.out, "GWC045");
	TST_CONTAINS(r.out, "5 errors.");
	/* Made for 31 days to the second, as openssl -days 31 makes it. */
	tst_run(&r, "verify", m.cert, "--max-lifetime", "31d", NULL);
	TST_LACKS(r.out, "GWC045");
	tst_run(&r, "verify", m.cert, "--max-lifetime", "30d", NULL);
	TST_CONTAINS(r.out, "GWC045");
}

static void test_verify__the_key_names_the_block_that_it_fits(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.chain, "--key", tst_file("m.key", tst_key_pem(m.middle)), NULL);
	says_no(&r, "GWC001", "the key belongs to certificate 2 (\"Acme Issuing\")");
}

static void test_verify__a_good_one(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.chain, "--key", m.key, "--roots", m.roots, "--hostname", "store.example.com",
		"--strict", "--min-days", "29", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out, "chain.pem: good: \"store.example.com\" is valid until 2026-12-23 (30 days), issued by "
			    "\"Acme Issuing\", by \"Acme Root\"\n");
	tst_run(&r, "verify", m.cert, "--intermediates", m.middles, "--roots", m.roots, "-q", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(r.out, "");
	tst_run_in(&r, tst_pem(m.leaf, m.middle, NULL), "verify", "-", "--roots", m.roots, NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "standard input: good");
}

static void test_verify__names(void)
{
	const struct tst_id *leaf = tst_issue(
		&(struct tst_spec){.cn = "x",
				   .sans = "dns:*.b.example ip:192.0.2.7 uri:spiffe://td/x email:me@b.example",
				   .eku = "serverAuth"},
		NULL);
	const char *file = tst_file("names.pem", tst_pem(leaf, NULL));
	struct tst_run r;

	tst_run(&r, "verify", file, "--hostname", "a.b.example", "--ip", "192.0.2.7", "--uri", "spiffe://td/x",
		"--email", "me@B.example", NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_run(&r, "verify", file, "--hostname", "b.example", NULL);
	says_no(&r, "GWC009", "the name \"b.example\" is not covered");
	tst_run(&r, "verify", file, "--ip", "192.0.2.8", NULL);
	says_no(&r, "GWC009", "the address \"192.0.2.8\" is not covered");
	tst_run(&r, "verify", file, "--uri", "spiffe://td/X", NULL);
	says_no(&r, "GWC009", "the URI \"spiffe://td/X\" is not covered");
	tst_run(&r, "verify", file, "--email", "Me@b.example", NULL);
	says_no(&r, "GWC009", "the mailbox \"Me@b.example\" is not covered");
}

static void test_verify__the_last_second_counts(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--at", "2026-12-23T12:00:00Z", NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--at", "2026-12-23T12:00:00.999+00:00", NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--at", "2026-12-23T12:00:01Z", NULL);
	says_no(&r, "GWC006", "\"store.example.com\" expired");
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--at", "2026-11-22T11:59:59Z", NULL);
	says_no(&r, "GWC007", "is not valid yet");
}

static void test_verify__strict_makes_warnings_errors(void)
{
	const struct tst_id *leaf = tst_leaf("a.example", tst_ca("R", NULL));
	const char *file;
	struct tst_run r;

	make_material();
	tst_edit(leaf, leaf, NID_ext_key_usage, NULL);
	file = tst_file("bare.pem", tst_pem(leaf, NULL));
	tst_run(&r, "verify", file, "--hostname", "a.example", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "warning:");
	TST_CONTAINS(r.out, "GWC032");
	tst_run(&r, "verify", file, "--hostname", "a.example", "--strict", NULL);
	says_no(&r, "GWC032", "error:");
}

/* A file of the octets of a block of PEM. */
static const char *der_of(const char *text, const char *name)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(1 << 16);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};

	TST_OK(gw_pem_scan(&pem, name, text, strlen(text), &err), &err);
	if (pem.n_blocks > 0)
		gw_pem_decode(&pem.blocks[0], &der);
	return tst_file_bytes(name, der.data, der.len);
}

static void test_verify__crl(void)
{
	const char *list;
	struct tst_run r;

	make_material();
	list = tst_file("crl.pem", tst_crl_pem(&(struct tst_crl){.revoked = m.leaf}, m.middle));
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--crl", list, NULL);
	says_no(&r, "GWC041", "was revoked on 2026-11-22: keyCompromise");
	list = der_of(tst_crl_pem(&(struct tst_crl){.revoked = m.leaf}, m.middle), "crl.crl");
	tst_run(&r, "verify", m.chain, "--roots", m.roots, "--crl", list, NULL);
	says_no(&r, "GWC041", "was revoked on 2026-11-22: keyCompromise");
}

static void test_verify__targets(void)
{
	const struct tst_id *curve = tst_issue(
		&(struct tst_spec){.cn = "a.example", .sans = "a.example", .eku = "serverAuth", .type = GW_KEY_EC_P521},
		NULL);
	const struct tst_id *client = tst_issue(&(struct tst_spec){.cn = "c", .eku = "clientAuth"}, NULL);
	const struct tst_id *old = tst_issue(&(struct tst_spec){.cn = "a.example",
								.sans = "a.example",
								.eku = "serverAuth",
								.not_before = TST_NOW - GW_DAY,
								.not_after = TST_NOW + 200 * GW_DAY},
					     NULL);
	const char *deep;
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", tst_file("c.pem", tst_pem(curve, NULL)), "--target", "gke-regional", NULL);
	says_no(&r, "GWC046", "has a key of ECDSA P-521, which the regional external");
	tst_run(&r, "verify", tst_file("c.pem", tst_pem(client, NULL)), "--target", "gke-global", "--purpose", "any",
		NULL);
	says_no(&r, "GWC048", "has no serverAuth");
	TST_CONTAINS(r.out, "GWC010");
	tst_run(&r, "verify", tst_file("o.pem", tst_pem(old, NULL)), "--target", "public", NULL);
	says_no(&r, "GWC045", "lives for 201 days; 200 days are allowed");
	tst_run(&r, "verify", tst_file("o.pem", tst_pem(old, NULL)), "--target", "gke-internal", NULL);
	TST_INT_EQ(r.status, GW_OK);
	deep = tst_file("deep.pem", tst_join(tst_pem(m.leaf, m.middle, m.root, NULL),
					     tst_pem(m.leaf, m.middle, m.root, NULL), NULL));
	tst_run(&r, "verify", deep, "--target", "gke-global", NULL);
	says_no(&r, "GWC047", "the file has 6 certificates; the global external Application Load Balancer takes 5");
	tst_run(&r, "verify", m.chain, "--target", "gke-global", "--roots", m.roots, NULL);
	TST_INT_EQ(r.status, GW_OK);
}

static void test_verify__several_files_and_json(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.chain, m.roots, "--roots", m.roots, "--hostname", "store.example.com", "--format",
		"json", NULL);
	TST_INT_EQ(r.status, GW_E_NO);
	TST_CONTAINS(r.out, "\"schemaVersion\": 1");
	TST_CONTAINS(r.out, "\"ok\": false");
	TST_CONTAINS(r.out, "\"daysLeft\": 30");
	TST_CONTAINS(r.out, "\"Acme Issuing\"");
	TST_CONTAINS(r.out, "\"code\": \"GWC010\"");
	TST_CONTAINS(r.out, "roots.pem\"");
	tst_run(&r, "verify", m.chain, m.cert, "--min-days", "1", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "chain.pem: good");
	TST_CONTAINS(r.out, "cert.pem: good");
}

/* A CA's certificate may be DER, what is judged may not, as for kubectl; what stands before a file that cannot be read is told all the same. */
static void test_verify__der_and_what_comes_after(void)
{
	const char *leaf, *root;
	struct tst_run r;

	make_material();
	leaf = der_of(tst_pem(m.leaf, NULL), "leaf.cer");
	root = der_of(tst_pem(m.root, NULL), "root.cer");
	tst_run(&r, "verify", leaf, "--roots", m.roots, "--intermediates", m.middles, NULL);
	refused(&r, GW_E_INPUT, "is a DER certificate, not PEM");
	tst_run(&r, "verify", m.cert, "--roots", root, "--intermediates", m.middles, NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "cert.pem: good");
	tst_run(&r, "verify", m.others, "--roots", root, NULL);
	TST_INT_EQ(r.status, GW_E_NO);
	tst_run(&r, "verify", m.cert, "--roots", tst_file_bytes("half.cer", "\x30\x82\x01\xff\x30\x82", 6), NULL);
	refused(&r, GW_E_INPUT, "half.cer");
	tst_run(&r, "verify", m.cert, tst_path("nosuch.pem"), "--roots", m.others, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.out, "GWC011");
	TST_CONTAINS(r.err, "nosuch.pem");
}

static void test_verify__formats_for_machines(void)
{
	static const char *const formats[][2] = {{"jsonl", "{\"code\":\"GWC009\""},
						 {"sarif", "\"ruleId\": \"GWC009\""},
						 {"junit", "<testsuite"},
						 {"github", "::error "}};
	struct tst_run r;
	size_t i;

	make_material();
	for (i = 0; i < GW_COUNT(formats); i++) {
		tst_run(&r, "verify", m.chain, "--hostname", "x.example", "--format", formats[i][0], NULL);
		TST_INT_EQ(r.status, GW_E_NO);
		TST_CONTAINS(r.out, formats[i][1]);
		TST_LACKS(r.out, "good");
	}
}

/* openssl verify is the oracle where it is right: both say yes, both say no. */
static void test_verify__like_openssl(void)
{
	struct tst_peer p;
	struct tst_run r;
	size_t i;

	make_material();
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	for (i = 0; i < 2; i++) {
		const char *anchors = i == 0 ? m.roots : m.others;

		tst_peer(&p, NULL, "openssl", "verify", "-attime", "1795435200", "-CAfile", anchors, "-untrusted",
			 m.middles, "-verify_hostname", "store.example.com", m.cert, NULL);
		tst_run(&r, "verify", m.cert, "--roots", anchors, "--intermediates", m.middles, "--hostname",
			"store.example.com", NULL);
		TST_INT_EQ(r.status != 0, p.status != 0);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_verify__usage),
		TST_CASE(test_verify__unusable_input),
		TST_CASE(test_verify__all_faults_and_not_the_first_only),
		TST_CASE(test_verify__the_key_names_the_block_that_it_fits),
		TST_CASE(test_verify__a_good_one),
		TST_CASE(test_verify__names),
		TST_CASE(test_verify__the_last_second_counts),
		TST_CASE(test_verify__strict_makes_warnings_errors),
		TST_CASE(test_verify__crl),
		TST_CASE(test_verify__targets),
		TST_CASE(test_verify__several_files_and_json),
		TST_CASE(test_verify__der_and_what_comes_after),
		TST_CASE(test_verify__formats_for_machines),
		TST_CASE(test_verify__like_openssl),
	};

	return tst_main("cmd_verify", cases, GW_COUNT(cases));
}
