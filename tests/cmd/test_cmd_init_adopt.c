/* SPDX-License-Identifier: Apache-2.0 */
/* init --from-...: what cannot be carried over is said with its place, and what is written passes gen --plan. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

static void in_folder(const char *name)
{
	(void)tst_file(tst_path("%s/x", name) + strlen(tst_dir()) + 1, "");
	TST_INT_EQ(chdir(tst_path("%s", name)), 0);
	TST_INT_EQ(unlink("x"), 0);
}

/* Adopts a text given on standard input, and has gen look at what comes out. */
static void adopt(struct tst_run *r, const char *option, const char *text)
{
	struct tst_run plan;

	TST_INT_EQ(tst_run_in(r, text, "init", option, "-", "-o", "-", NULL), GW_OK);
	TST_INT_EQ(tst_run_in(&plan, r->out, "gen", "-f", "-", "-d", "nowhere", "--plan", NULL), GW_OK);
	/* A CA's own Secret is carried over, and gen warns of the key in it. */
	if (strstr(plan.err, "[GWT076]") == NULL)
		TST_STR_EQ(plan.err, "");
	TST_LACKS(plan.err, "error:");
}

static void refused(const char *option, const char *text, const char *why)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, text, "init", option, "-", "-o", "-", NULL), GW_E_INPUT);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, why);
}

/* --- negative ----------------------------------------------------------------------------------------------------- */

static void test_adopt__one_source_and_no_kind(void)
{
	struct tst_run r;

	in_folder("one");
	TST_INT_EQ(tst_run(&r, "init", "ca", "--from-cert", "x.pem", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--from-cert: cannot be together with the starter \"ca\"");
	TST_INT_EQ(tst_run(&r, "init", "--from-cert", "x", "--from-openssl-cnf", "y", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--from-openssl-cnf: cannot be together with --from-cert");
	TST_INT_EQ(tst_run(&r, "init", "--from-cert-manager", "y", "--host", "a.example.com", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--host");
	TST_INT_EQ(tst_run(&r, "init", "--from-cert", "nothing.pem", NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run(&r, "init", "--from-openssl-cnf", "nothing.cnf", NULL), GW_E_INPUT);
	TST_STR_EQ(tst_names("."), "");
}

static void test_adopt__never_replaces_a_template(void)
{
	struct tst_run r;

	in_folder("keep");
	(void)tst_file("keep/gwcert.yaml", "mine");
	(void)tst_file("keep/leaf.pem", tst_pem(tst_leaf("a.example.com", NULL), NULL));
	TST_INT_EQ(tst_run(&r, "init", "--from-cert", "leaf.pem", NULL), GW_E_REFUSED);
	TST_STR_EQ(tst_read("gwcert.yaml", NULL), "mine");
}

static void test_adopt__says_what_is_none(void)
{
	refused("--from-cert", "hello\n", "standard input");
	refused("--from-cert", tst_key_pem(tst_leaf("a.example.com", NULL)), "not a certificate");
	refused("--from-openssl-cnf", "[req\n", "standard input:1");
	refused("--from-openssl-cnf", "a = 1\n[req]\nb = $nothing\n", "standard input:3");
	refused("--from-openssl-cnf", "a = \xff\n", "UTF-8");
	refused("--from-openssl-cnf", "[req]\nprompt = no\n", "nothing of it could be carried over");
	refused("--from-openssl-cnf", "# nothing\n", "nothing of it could be carried over");
	refused("--from-cert-manager", "a: [", "standard input:");
	refused("--from-cert-manager", "kind: Secret\n", "no Certificate of cert-manager.io");
	refused("--from-cert-manager", "apiVersion: example.com/v1\nkind: Certificate\n", "no Certificate of");
}

static void test_adopt__a_server_that_is_not_there(void)
{
	struct tst_run r;

	in_folder("gone");
	TST_INT_EQ(tst_run(&r, "init", "--from-cert", "127.0.0.1:1", NULL), GW_E_NET);
	TST_CONTAINS(r.err, "127.0.0.1:1: showed no certificate");
	TST_CONTAINS(r.err, "gwcert probe 127.0.0.1:1");
	TST_STR_EQ(tst_names("."), "");
}

/* --- openssl's configuration -------------------------------------------------------------------------------------- */

#define REQ "[req]\nprompt = no\ndistinguished_name = dn\n"
#define DN  "[dn]\nO = Acme\nCN = www.example.com\n"

/* The file of "Secure a Gateway", as the GKE manual has it. */
static void test_cnf__the_document_s_is_carried_over_whole(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      "[req]\ndefault_bits              = 2048\nreq_extensions            = extension_requirements\n"
	      "distinguished_name        = dn_requirements\nprompt                    = no\n\n"
	      "[extension_requirements]\nbasicConstraints          = CA:FALSE\n"
	      "keyUsage                  = nonRepudiation, digitalSignature, keyEncipherment\n"
	      "subjectAltName            = @sans_list\n\n[dn_requirements]\n0.organizationName        = example\n"
	      "commonName                = store.example.com\n\n[sans_list]\nDNS.1                     = "
	      "store.example.com\n");
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out,
		     "  store.example.com:\n    issuer: self\n    key: rsa-2048\n    subject:\n"
		     "      organization: example\n      commonName: store.example.com\n    sans:\n"
		     "      - store.example.com\n    keyUsage:\n      - digitalSignature\n      - nonRepudiation\n"
		     "      - keyEncipherment\n    extendedKeyUsage: []\n");
}

static void test_cnf__names_without_a_section_are_told(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ "req_extensions = v3_rqe\n" DN
		  "[v3_req]\nsubjectAltName = @alt_nams\n[alt_names]\nDNS.1 = a.example.com\n");
	TST_CONTAINS(r.err, "standard input:4:1: warning: there is no section [v3_rqe]; taken for [v3_req] [GWT102]");
	TST_CONTAINS(r.err,
		     "standard input:9:1: warning: there is no section [alt_nams]; taken for [alt_names] [GWT102]");
	TST_CONTAINS(r.out, "- a.example.com\n");
	adopt(&r, "--from-openssl-cnf", REQ "x509_extensions = nowhere\n" DN);
	TST_CONTAINS(r.err, "there is no section [nowhere] [GWT102]");
}

static void test_cnf__sections_that_nothing_refers_to_are_told(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ DN "[v3_client]\nextendedKeyUsage = clientAuth\n[alt]\nDNS.1 = b.example.com\n");
	TST_CONTAINS(r.err, "nothing refers to [v3_client]");
	TST_CONTAINS(r.err, "the names in [alt], for nothing refers to it");
	TST_CONTAINS(r.err, "[GWT103]");
	TST_CONTAINS(r.out, "profiles:\n  v3_client:\n    extendedKeyUsage:\n      - clientAuth\n");
	TST_CONTAINS(r.out, "# nothing refers to [v3_client]");
	adopt(&r, "--from-openssl-cnf",
	      REQ "x509_extensions = ext\n" DN "[ext]\nsubjectAltName=@alt\n[alt]\nDNS.1 = b.example.com\n");
	TST_LACKS(r.err, "GWT103");
}

static void test_cnf__keys_that_openssl_ignores_are_told(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf", REQ "default_days = 365\ndefault_bit = 4096\nfoo = bar\n" DN "xyz = 1\n");
	TST_CONTAINS(r.err, "standard input:4:1: warning: openssl req ignores default_days");
	TST_CONTAINS(r.out, "validity: 365d");
	TST_CONTAINS(r.err, "openssl req ignores default_bit; was default_bits meant? [GWT104]");
	TST_CONTAINS(r.err, "openssl req ignores foo [GWT104]");
	TST_CONTAINS(r.err, "xyz is no attribute of a subject [GWT104]");
	adopt(&r, "--from-openssl-cnf",
	      "[req]\ndistinguished_name = dn\nx509_extensions = e\n[dn]\nCN = www.example.com\nO = Name\nO_default = "
	      "Acme\n"
	      "[e]\nsubjectAltName = DNS:a.example.com\n");
	TST_CONTAINS(r.err, "CN, for which openssl asks (\"www.example.com\")");
	TST_CONTAINS(r.out, "organization: Acme");
	TST_LACKS(r.out, "commonName");
}

/* What openssl itself makes of a name that is there twice, and the same here. */
static void test_cnf__a_name_twice_is_told(void)
{
	static const char text[] = REQ "x509_extensions = ext\n" DN "[ext]\nsubjectAltName = @alt\n[alt]\n"
				       "DNS.1 = first.example.com\nDNS.1 = second.example.com\n";
	struct tst_peer p;
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf", text);
	TST_CONTAINS(r.err,
		     "standard input:11:1: warning: DNS.1 is in [alt] twice: openssl drops this one and takes line 12 "
		     "alone [GWT105]");
	TST_CONTAINS(r.out, "sans:\n      - second.example.com\n    ");
	if (!tst_have("openssl"))
		return;
	tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "/dev/null", "-text",
		 "-config", tst_file("twice.cnf", text), NULL);
	TST_INT_EQ(p.status, 0);
	TST_CONTAINS(p.out, "DNS:second.example.com\n");
	TST_LACKS(p.out, "first.example.com");
}

static void test_cnf__passwords_are_neither_carried_over_nor_shown(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf", REQ "output_password = hunter2\ninput_password = hunter3\n" DN);
	TST_CONTAINS(r.err, "not carried over: output_password");
	TST_LACKS(r.err, "hunter");
	TST_LACKS(r.out, "hunter");
}

static void test_cnf__no_file_is_brought_in(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf", "  .include /dev/zero\n" REQ DN);
	TST_CONTAINS(r.err, "standard input:1:3: warning: not carried over: what .include brings in");
}

static void test_cnf__a_ca_signs_what_is_asked_for(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ "x509_extensions = v3_ca\nreq_extensions = v3_req\ndefault_md = md5\n" DN
		  "[v3_ca]\nbasicConstraints = critical,CA:TRUE,pathlen:0\nkeyUsage = keyCertSign\n"
		  "[v3_req]\nextendedKeyUsage = serverAuth\nkeyUsage = keyEncipherment\n"
		  "subjectAltName = DNS:www.example.com, DNS:10.0.0.1, email:a@example.com\nnsComment = hi\nfoo = 1\n");
	TST_CONTAINS(r.out, "commonName: www.example.com CA\n");
	TST_CONTAINS(r.out, "pathLength: 0");
	TST_CONTAINS(r.out, "  www.example.com:\n    issuer: ca\n");
	TST_CONTAINS(r.out, "- ip:10.0.0.1\n");
	TST_CONTAINS(r.err, "changed: keyUsage has digitalSignature now, which TLS 1.3 needs [GWT101]");
	TST_CONTAINS(r.err, "certificates with md5 are refused everywhere");
	TST_CONTAINS(r.err, "foo = 1, which openssl refuses");
}

static void test_cnf__a_ca_always_has_a_name(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ "x509_extensions = e\n[dn]\nO = Acme\n[e]\nbasicConstraints = CA:TRUE,pathlen:1000\n");
	TST_CONTAINS(r.err, "the CA had no commonName, by which clients find it; it is \"ca\" now");
	TST_CONTAINS(r.err, "not carried over: pathLength \"1000\", for ");
	TST_CONTAINS(r.out, "    ca: {}\n");
	adopt(&r, "--from-openssl-cnf",
	      REQ
	      "x509_extensions = e\n[dn]\nCN = 1234567890123456789012345678901234567890123456789012345678901234567890\n"
	      "[e]\nbasicConstraints = CA:TRUE\n");
	TST_CONTAINS(r.err, "is cut to the 64 characters that it may have [GWT101]");
	TST_CONTAINS(r.out, "commonName: \"1234567890123456789012345678901234567890123456789012345678901234\"\n");
}

/* A constraint that went missing would let the copy sign what the CA may not. */
static void test_cnf__a_ca_keeps_its_constraints(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ
	      "x509_extensions = e\n[dn]\nCN = Root\n[e]\nbasicConstraints = CA:TRUE\n"
	      "nameConstraints = permitted;DNS:.example.com,excluded;DNS:.bad.example.com,excluded;DNS:a_b.example\n");
	TST_CONTAINS(r.out, "      permitted:\n        dns:\n          - example.com\n");
	TST_CONTAINS(r.out, "      excluded:\n        dns:\n          - bad.example.com\n");
	TST_CONTAINS(r.err, "changed: the name constraint \".example.com\" is \"example.com\"");
	TST_CONTAINS(r.out, "  # not carried over: dns \"a_b.example\"");
	adopt(&r, "--from-openssl-cnf",
	      REQ "x509_extensions = e\n[dn]\nCN = Root\n[e]\nbasicConstraints = CA:TRUE\n"
		  "keyUsage = keyCertSign\nnameConstraints = excluded;DNS:a_b.example\n");
	TST_CONTAINS(r.out, "certificates:\n  # not carried over: dns \"a_b.example\"");
	TST_LACKS(r.out, "null");
}

static void test_cnf__what_has_no_key_of_its_own_goes_by_oid(void)
{
	struct tst_run r;

	adopt(&r, "--from-openssl-cnf",
	      REQ "x509_extensions = e\n[dn]\nCN = a.example.com\n0.1.2.3.4.5 = odd\n0.2.5.4.1234567 = other\n"
		  "[e]\nsubjectAltName = DNS:a.example.com,otherName:1.2.3;IA5:five\n");
	TST_CONTAINS(r.out, "      attributes:\n        - oid: 1.2.3.4.5\n          value: odd\n"
			    "        - oid: 2.5.4.1234567\n          value: other\n");
	TST_CONTAINS(r.out, "      - other:1.2.3;ia5:five\n");
	TST_LACKS(r.err, "[GWT100]");
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

static void test_cert__a_chain_keeps_its_issuers(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *sub = tst_ca("Sub", root),
			    *leaf = tst_leaf("a.example.com", sub);
	struct tst_run r;

	adopt(&r, "--from-cert", tst_pem(leaf, sub, root, leaf, NULL));
	TST_STR_EQ(r.err, "");
	TST_CONTAINS(r.out, "  a.example.com:\n    issuer: Sub\n");
	TST_CONTAINS(r.out, "  Sub:\n    issuer: Root\n");
	TST_CONTAINS(r.out, "  Root:\n    issuer: self\n");
	TST_LACKS(r.out, "-2:");
}

/* The form that a certificate is in makes no difference. */
static void test_cert__is_found_in_a_secret(void)
{
	const struct tst_id *leaf = tst_leaf("a.example.com", NULL);
	struct tst_run secret, r;

	(void)tst_file("secret/leaf.pem", tst_pem(leaf, NULL));
	(void)tst_file("secret/leaf.key", tst_key_pem(leaf));
	TST_INT_EQ(tst_run(&secret, "secret", "a", "--cert", tst_path("secret/leaf.pem"), "--key",
			   tst_path("secret/leaf.key"), NULL),
		   GW_OK);
	adopt(&r, "--from-cert", secret.out);
	TST_CONTAINS(r.out, "  a.example.com:\n    issuer: self\n");
	TST_LACKS(r.out, "PRIVATE");
}

static void test_cert__an_issuer_elsewhere_has_a_stand_in(void)
{
	const struct tst_id *root = tst_ca("Let's $(Root) ${x}", NULL);
	struct tst_run r;

	adopt(&r, "--from-cert", tst_pem(tst_leaf("a.example.com", root), tst_leaf("b.example.com", root), NULL));
	TST_CONTAINS(r.err, "note: changed: \"Let's $(Root) ${x}\" issued it");
	TST_CONTAINS(r.err, "[GWT106]");
	TST_CONTAINS(r.out, "  Let-s-Root-x:\n    issuer: self\n");
	TST_CONTAINS(r.out, "commonName: \"Stand-in for Let's $$(Root) $${x}\"\n");
	TST_LACKS(r.out, "Root-2");
}

static void test_cert__old_shapes_are_mended_and_told(void)
{
	const struct tst_spec cn_only = {.cn = "old.example.com"}, nobody = {.cn = "Jo"},
			      ca = {.cn = "CA", .ca = true, .key_usage = GW_KU_CRL_SIGN};
	struct tst_run r;

	adopt(&r, "--from-cert",
	      tst_pem(tst_issue(&cn_only, NULL), tst_issue(&nobody, NULL), tst_issue(&ca, NULL), NULL));
	TST_CONTAINS(r.err, "\"old.example.com\" stood in commonName alone");
	TST_CONTAINS(r.err, "it can only be a client's");
	TST_CONTAINS(r.err, "keyUsage has keyCertSign now");
	TST_CONTAINS(r.out, "  Jo:\n    profile: client\n");
}

static void test_cert__comments_cannot_break_out(void)
{
	const struct tst_spec evil = {.cn = "a\nb: c\n\x1b[31m", .sans = "evil.example.com"};
	struct tst_run r;

	adopt(&r, "--from-cert", tst_pem(tst_issue(&evil, NULL), NULL));
	TST_CONTAINS(r.err, "the subject's commonName has control characters");
	TST_LACKS(r.out, "\nb: c");
	TST_LACKS(r.out, "\x1b");
	TST_LACKS(r.err, "\x1b");
}

/* --- cert-manager ------------------------------------------------------------------------------------------------- */

#define CERT(name, spec)                                                                                               \
	"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: " name "}\nspec: {" spec "}\n---\n"

static void test_manager__issuers_lead_to_entries(void)
{
	struct tst_run r;

	adopt(&r, "--from-cert-manager",
	      "apiVersion: cert-manager.io/v1\nkind: ClusterIssuer\nmetadata: {name: s}\nspec: {selfSigned: {}}\n---\n"
	      "apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: i}\nspec: {ca: {secretName: "
	      "ca-tls}}\n---\n" CERT(
		      "ca", "isCA: true, commonName: CA, secretName: ca-tls, issuerRef: {name: s, kind: ClusterIssuer}")
		      CERT("a", "dnsNames: [a.example.com], issuerRef: {name: i}")
			      CERT("b", "dnsNames: [b.example.com], issuerRef: {name: acme, kind: ClusterIssuer}"));
	TST_CONTAINS(r.out, "  ca:\n    issuer: self\n");
	TST_CONTAINS(r.out, "  a:\n    issuer: ca\n");
	TST_CONTAINS(r.out, "  b:\n    issuer: acme\n");
	TST_CONTAINS(r.err, "\"acme\" issued it");
}

static void test_manager__fields_become_keys(void)
{
	struct tst_run r;

	adopt(&r, "--from-cert-manager",
	      "kind: List\napiVersion: v1\nitems:\n"
	      "- {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {commonName: "
	      "a.example.com, "
	      "subject: {organizations: [Acme], countries: [gb]}, dnsNames: [a.example.com], ipAddresses: [10.0.0.1], "
	      "uris: ['spiffe://a/b'], emailAddresses: [a@example.com], duration: 2160h0m0s, renewBefore: 360h, "
	      "usages: [digital signature, server auth, client auth], privateKey: {algorithm: ECDSA, size: 384, "
	      "rotationPolicy: Always}, revisionHistoryLimit: 1, dnsName: x}}\n"
	      "- {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: b}, spec: {dnsNames: "
	      "[b.example.com], "
	      "renewBeforePercentage: 25, usages: [cook], duration: 90d}}\n");
	TST_CONTAINS(
		r.out,
		"    key: ec-p384\n    subject:\n      country: GB\n      organization: Acme\n      commonName: "
		"a.example.com\n    sans:\n      - a.example.com\n      - 10.0.0.1\n      - spiffe://a/b\n"
		"      - a@example.com\n    keyUsage:\n      - digitalSignature\n    extendedKeyUsage:\n"
		"      - serverAuth\n      - clientAuth\n    validity: 90d\n    renewAt: 15d\n    onRenew: newKey\n");
	TST_CONTAINS(r.out, "renewAt: 75%\n");
	TST_CONTAINS(r.err, "revisionHistoryLimit");
	TST_CONTAINS(r.err, "was dnsNames meant?");
	TST_CONTAINS(r.err, "not carried over: cook, for cert-manager has no such usage [GWT100]");
	TST_CONTAINS(r.err, "duration, for it is none of Go's durations");
	adopt(&r, "--from-cert-manager",
	      CERT("a", "dnsNames: [a.example.com], duration: 36.5h, renewBefore: 1.25h15.5s"));
	TST_CONTAINS(r.out, "    validity: 2190m\n    renewAt: 4515s\n");
	TST_LACKS(r.err, "durations");
}

/* The same name in two namespaces, names that no folder may have, and kinds of value that are not expected. */
static void test_manager__odd_objects_do_no_harm(void)
{
	struct tst_run r;

	adopt(&r, "--from-cert-manager",
	      CERT("a", "dnsNames: [a.example.com]") CERT("a", "dnsNames: ['*.example.com', 'not a name', {}, null]")
		      CERT("self",
			   "dnsNames: x, ipAddresses: [c.example.com], usages: {}, subject: [1], privateKey: 7, "
			   "issuerRef: [], isCA: 3, nameConstraints: 1, secretTemplate: x")
			      CERT("[]", "duration: null, commonName: {}, emailAddresses: [x@example.com]"));
	TST_CONTAINS(r.out, "  a-2:\n");
	TST_CONTAINS(r.out, "  cert:\n");
	TST_CONTAINS(r.err, "not a name\", for");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_adopt__one_source_and_no_kind),
		TST_CASE(test_adopt__never_replaces_a_template),
		TST_CASE(test_adopt__says_what_is_none),
		TST_CASE(test_adopt__a_server_that_is_not_there),
		TST_CASE(test_cnf__the_document_s_is_carried_over_whole),
		TST_CASE(test_cnf__names_without_a_section_are_told),
		TST_CASE(test_cnf__sections_that_nothing_refers_to_are_told),
		TST_CASE(test_cnf__keys_that_openssl_ignores_are_told),
		TST_CASE(test_cnf__a_name_twice_is_told),
		TST_CASE(test_cnf__passwords_are_neither_carried_over_nor_shown),
		TST_CASE(test_cnf__no_file_is_brought_in),
		TST_CASE(test_cnf__a_ca_signs_what_is_asked_for),
		TST_CASE(test_cnf__a_ca_always_has_a_name),
		TST_CASE(test_cnf__a_ca_keeps_its_constraints),
		TST_CASE(test_cnf__what_has_no_key_of_its_own_goes_by_oid),
		TST_CASE(test_cert__a_chain_keeps_its_issuers),
		TST_CASE(test_cert__is_found_in_a_secret),
		TST_CASE(test_cert__an_issuer_elsewhere_has_a_stand_in),
		TST_CASE(test_cert__old_shapes_are_mended_and_told),
		TST_CASE(test_cert__comments_cannot_break_out),
		TST_CASE(test_manager__issuers_lead_to_entries),
		TST_CASE(test_manager__fields_become_keys),
		TST_CASE(test_manager__odd_objects_do_no_harm),
	};

	return tst_main("init_adopt", cases, GW_COUNT(cases));
}
