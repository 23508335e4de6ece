/* SPDX-License-Identifier: Apache-2.0 */
/* What the judge says of a chain, word for word where a person has to act on it. */
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "judge/judge.h"
#include "rules/rules.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static const struct gw_where here = {.file = "f"};

/* The findings on a chain that is verified against an anchor. */
static struct gw_findings judged(const struct tst_id *anchor, struct gw_certs presented, enum gw_purpose purpose)
{
	struct gw_findings fs = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};
	const char *path = tst_file("anchors.pem", tst_pem(anchor, NULL));

	if (TST_OK(gw_trust_from_file(tst_ctx(), path, &trust, &err), &err))
		TST_OK(gw_judge_chain(&presented, trust, TST_NOW, purpose, &here, &fs, &err), &err);
	gw_trust_free(trust);
	gw_certs_release(&presented);
	return fs;
}

/* There is exactly one finding, of this rule, with these words. Releases the findings. */
static void only(struct gw_findings fs, enum gw_rule_name rule, const char *what, const char *fix)
{
	TST_INT_EQ(fs.count, 1);
	if (fs.first != NULL) {
		TST_STR_EQ(fs.first->rule->id, gw_rules[rule].id);
		TST_INT_EQ(fs.first->severity, GW_ERROR);
		TST_CONTAINS(fs.first->what, what);
		if (fix != NULL)
			TST_CONTAINS(fs.first->fix, fix);
	}
	gw_findings_release(&fs);
}

static void test_chain__tells_unknown_ca_missing_intermediate_and_self_signed_apart(void)
{
	const struct tst_id *root = tst_ca("Acme Root", NULL), *middle = tst_ca("Acme Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", middle), *other = tst_ca("Elsewhere", NULL);
	const struct tst_id *self = tst_leaf("s.example", NULL), *direct = tst_leaf("d.example", root);
	const struct tst_id *namesake = tst_ca("Acme Root", NULL);

	only(judged(root, tst_certs(leaf, NULL), GW_PURPOSE_SERVER), GWC_MISSING_INTERMEDIATE,
	     "the intermediate \"Acme Issuing\", which issued \"a.example\", was not sent", "serve the full chain");
	only(judged(other, tst_certs(direct, NULL), GW_PURPOSE_SERVER), GWC_UNTRUSTED_ROOT,
	     "the issuer of \"d.example\", \"Acme Root\", is not among the anchors of", "--cacert");
	only(judged(other, tst_certs(leaf, middle, NULL), GW_PURPOSE_SERVER), GWC_UNTRUSTED_ROOT,
	     "the issuer of certificate 2 (\"Acme Issuing\"), \"Acme Root\"", "--cacert");
	only(judged(other, tst_certs(leaf, middle, root, NULL), GW_PURPOSE_SERVER), GWC_UNTRUSTED_ROOT,
	     "the chain ends at the root \"Acme Root\"", "trust anchor");
	only(judged(other, tst_certs(self, NULL), GW_PURPOSE_SERVER), GWC_SELF_SIGNED,
	     "\"s.example\" is self-signed and not among the anchors", "--cacert");
	only(judged(namesake, tst_certs(direct, NULL), GW_PURPOSE_SERVER), GWC_UNTRUSTED_ROOT, "has another key",
	     "made anew");
}

static void test_chain__an_address_speaks_for_a_missing_intermediate(void)
{
	const struct tst_id *middle = tst_ca("Issuing", NULL), *other = tst_ca("Elsewhere", NULL);
	const struct tst_id *leaf = tst_leaf("a.example", middle);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_info_access, "caIssuers;URI:http://ca.example/i.crt");
	struct gw_findings fs;

	X509_add_ext(leaf->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(leaf, middle);
	fs = judged(other, tst_certs(leaf, NULL), GW_PURPOSE_SERVER);
	if (fs.first != NULL)
		TST_CONTAINS(fs.first->evidence, "http://ca.example/i.crt");
	only(fs, GWC_MISSING_INTERMEDIATE, "\"Issuing\"", NULL);
}

static void test_chain__names_what_is_wrong_with_one_certificate(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("a.example", root);
	const struct tst_id *below = tst_leaf("b.example", leaf), *tampered = tst_leaf("t.example", root);
	const struct tst_id *client =
		tst_issue(&(struct tst_spec){.cn = "c.example", .sans = "c.example", .eku = "clientAuth"}, root);
	const struct tst_id *odd = tst_leaf("o.example", root);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_netscape_comment, "x");
	struct gw_findings fs = judged(root, tst_certs(client, NULL), GW_PURPOSE_SERVER);

	if (fs.first != NULL)
		TST_STR_EQ(fs.first->evidence, "its extended key usage is clientAuth");
	only(fs, GWC_PURPOSE, "\"c.example\" is not made for servers (serverAuth)", "issued for servers");
	only(judged(root, tst_certs(leaf, NULL), GW_PURPOSE_CLIENT), GWC_PURPOSE, "is not made for clients", NULL);
	only(judged(root, tst_certs(below, leaf, NULL), GW_PURPOSE_SERVER), GWC_NOT_CA,
	     "certificate 2 (\"a.example\") has issued another certificate, but is not a CA", NULL);
	X509_gmtime_adj(X509_getm_notAfter(tampered->cert), 86400);
	only(judged(root, tst_certs(tampered, NULL), GW_PURPOSE_SERVER), GWC_BAD_SIGNATURE,
	     "the signature of \"t.example\" does not verify with the key of \"Root\"", NULL);
	X509_EXTENSION_set_object(ext, OBJ_nid2obj(NID_netscape_ca_policy_url));
	X509_EXTENSION_set_critical(ext, 1);
	X509_add_ext(odd->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(odd, root);
	only(judged(root, tst_certs(odd, NULL), GW_PURPOSE_SERVER), GWC_CRITICAL_EXTENSION,
	     "\"o.example\" has a critical", NULL);
}

static void test_chain__path_length(void)
{
	const struct tst_id *root =
		tst_issue(&(struct tst_spec){.cn = "Root", .ca = true, .path_limited = true, .path_length = 0}, NULL);
	const struct tst_id *middle = tst_ca("Issuing", root), *leaf = tst_leaf("a.example", middle);

	only(judged(root, tst_certs(leaf, middle, NULL), GW_PURPOSE_SERVER), GWC_PATH_LENGTH,
	     "has more CAs below it than its path length allows", NULL);
}

static void test_chain__a_constraint_that_cannot_be_applied(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf;
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_name_constraints, "critical,permitted;URI:.example");

	X509_add_ext(root->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(root, root);
	leaf = tst_issue(&(struct tst_spec){.cn = "urn", .sans = "uri:urn:a:b", .eku = "serverAuth"}, root);
	only(judged(root, tst_certs(leaf, NULL), GW_PURPOSE_SERVER), GWC_NAME_CONSTRAINTS, "cannot be compared", NULL);
}

static void test_chain__name_constraints(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_name_constraints, "critical,permitted;DNS:b.example");

	X509_add_ext(root->cert, ext, -1);
	X509_EXTENSION_free(ext);
	tst_resign(root, root);
	only(judged(root, tst_certs(tst_leaf("a.example", root), NULL), GW_PURPOSE_SERVER), GWC_NAME_CONSTRAINTS,
	     "\"a.example\" has a name that a CA above it may not issue for", NULL);
}

static void test_chain__weak_keys_and_signatures(void)
{
	const char *path = tst_path("weak.pem");
	GW_CERTS_AUTO struct gw_certs weak = {0};
	struct gw_findings fs = {0};
	struct gw_trust *trust = NULL;
	struct gw_err err = {0};
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", tst_path("weak.key"),
		 "-out", path, "-subj", "/CN=weak", "-days", "3650", NULL);
	if (TST_OK(gw_certs_read(tst_ctx(), path, false, &weak, &err), &err) &&
	    TST_OK(gw_trust_from_file(tst_ctx(), path, &trust, &err), &err))
		TST_OK(gw_judge_chain(&weak, trust, gw_cert_not_before(weak.items[0]), GW_PURPOSE_ANY, &here, &fs,
				      &err),
		       &err);
	gw_trust_free(trust);
	only(fs, GWC_WEAK, "\"weak\" has a key of RSA 1024, which is too weak", NULL);
}

static void test_chain__a_sound_one_is_silent(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *middle = tst_ca("Issuing", root);
	const struct tst_id *leaf = tst_leaf("a.example", middle);
	struct gw_findings fs = judged(root, tst_certs(leaf, middle, NULL), GW_PURPOSE_SERVER);

	TST_INT_EQ(fs.count, 0);
	gw_findings_release(&fs);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_chain__tells_unknown_ca_missing_intermediate_and_self_signed_apart),
		TST_CASE(test_chain__an_address_speaks_for_a_missing_intermediate),
		TST_CASE(test_chain__names_what_is_wrong_with_one_certificate),
		TST_CASE(test_chain__path_length),
		TST_CASE(test_chain__a_constraint_that_cannot_be_applied),
		TST_CASE(test_chain__name_constraints),
		TST_CASE(test_chain__weak_keys_and_signatures),
		TST_CASE(test_chain__a_sound_one_is_silent),
	};

	return tst_main("chain", cases, GW_COUNT(cases));
}
