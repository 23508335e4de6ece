/* SPDX-License-Identifier: Apache-2.0 */
/* Everything an issuer decides, on disk against what is asked: a field that comes, changes or goes is told and made anew. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tests/converge.h"
#include "tests/peer.h"

#define HEAD      "gwcert: 1\ncertificates:\n"
#define AS_SERVER "  a: { issuer: self, sans: [a.example.com]%s }\n"
#define AS_CA     "  a: { issuer: self, subject: { commonName: A }, ca: {%s} }\n"
#define BELOW_RSA                                                                                                      \
	"  root: { issuer: self, subject: { commonName: Root }, ca: {}, key: rsa-2048 }\n"                             \
	"  a: { issuer: root, sans: [a.example.com]%s }\n"

static const char *text_of(const char *entries, const char *part)
{
	static char texts[4][1024];
	static unsigned next;
	char *text = texts[next++ % GW_COUNT(texts)];
	const char *mark = strstr(entries, "%s");

	snprintf(text, sizeof(texts[0]), "%s%.*s%s%s", HEAD, (int)(mark - entries), entries, part, mark + 2);
	return text;
}

/* From one to the other: planned with this change, done with the same key, and then there is nothing more to do. */
static void becomes(const char *dir, const char *entries, const char *is, const char *asked, const char *change)
{
	const char *text = text_of(entries, asked);
	struct tst_outcome o;

	tst_converged(dir, text_of(entries, is));
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text_of(entries, is)});
	TST_CONTAINS(o.actions, "a:keep");
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text, .planned = true});
	TST_CONTAINS(o.actions, "a:reissue");
	TST_STR_EQ(o.changes, change);
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text});
	TST_INT_EQ(o.code, GW_OK);
	TST_CONTAINS(o.actions, "a:reissue");
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text});
	TST_CONTAINS(o.actions, "a:keep");
}

static void test_issue_fields__name_constraints(void)
{
	becomes("nc1", AS_CA, "", "permitted: { dns: [example.com] }",
		"a ca.permitted and ca.excluded:  -> Permitted: DNS:example.com\n");
	becomes("nc2", AS_CA, "permitted: { dns: [example.com] }",
		"permitted: { dns: [example.com], ip: [192.0.2.0/24] }, excluded: { email: [.example.com] }",
		"a ca.permitted and ca.excluded: Permitted: DNS:example.com -> Permitted: DNS:example.com, "
		"IP:192.0.2.0/255.255.255.0, Excluded: email:.example.com\n");
	becomes("nc3", AS_CA, "permitted: { dns: [example.com] }", "",
		"a ca.permitted and ca.excluded: Permitted: DNS:example.com -> \n");
}

static void test_issue_fields__usages(void)
{
	becomes("eku", AS_SERVER, "", ", extendedKeyUsage: [serverAuth, 1.3.6.1.4.1.311.10.3.3]",
		"a extendedKeyUsage: serverAuth -> serverAuth, 1.3.6.1.4.1.311.10.3.3\n");
	becomes("ku", AS_SERVER, "", ", keyUsage: [digitalSignature, keyAgreement, encipherOnly]",
		"a keyUsage: digitalSignature -> digitalSignature, keyAgreement, encipherOnly\n");
}

static void test_issue_fields__places_and_policies(void)
{
	becomes("aia", AS_SERVER, ", aia: { ocsp: ['http://a.example/'] }",
		", aia: { ocsp: ['http://a.example/'], caIssuers: ['http://a.example/ca.cer'] }",
		"a aia: OCSP - URI:http://a.example/ -> OCSP - URI:http://a.example/, "
		"CA Issuers - URI:http://a.example/ca.cer\n");
	becomes("crl", AS_SERVER, ", crl: { distribution: ['http://a.example/crl'] }", "",
		"a crl: Full Name: URI:http://a.example/crl -> \n");
	becomes("policy", AS_SERVER, ", certificatePolicies: [{ oid: 1.2.3.4 }]",
		", certificatePolicies: [{ oid: 1.2.3.4, cps: 'http://a.example/cps' }]",
		"a certificatePolicies: Policy: 1.2.3.4 -> Policy: 1.2.3.4, CPS: http://a.example/cps\n");
	becomes("staple", AS_SERVER, ", aia: { ocsp: ['http://a.example/'] }",
		", aia: { ocsp: ['http://a.example/'] }, mustStaple: true", "a mustStaple:  -> status_request\n");
}

static void test_issue_fields__extensions_as_they_are(void)
{
	becomes("raw1", AS_SERVER, "", ", extensions: [{ oid: 1.2.3.4, der: '0500' }]",
		"a extensions:  -> 1.2.3.4 0500\n");
	becomes("raw2", AS_SERVER, ", extensions: [{ oid: 1.2.3.4, der: '0500' }]",
		", extensions: [{ oid: 1.2.3.4, utf8: hi }, { oid: 1.2.3.5, ia5: hi }]",
		"a extensions: 1.2.3.4 0500 -> 1.2.3.4 0c026869\na extensions:  -> 1.2.3.5 16026869\n");
	becomes("raw3", AS_CA, "}, extensions: [{ oid: 1.2.3.4, der: '0500' }], files: {",
		"}, extensions: [{ oid: 1.2.3.4, der: '0500', critical: true }], files: {",
		"a extensions: 1.2.3.4 0500 -> 1.2.3.4 critical 0500\n");
}

static void test_issue_fields__signature_and_serial(void)
{
	becomes("sig1", AS_SERVER, "", ", signature: sha512", "a signature: sha256 -> sha512\n");
	becomes("sig2", BELOW_RSA, ", signature: { rsaPss: true, hash: sha384 }", "",
		"a signature: sha384 with RSA-PSS -> sha256\n");
	becomes("serial", AS_SERVER, ", serial: 0A:0b", ", serial: 0c0d", "a serial: 0a0b -> 0c0d\n");
}

static void test_issue_fields__names_and_subject(void)
{
	becomes("idn", "  a: { issuer: self, subject: { commonName: a.example }, sans: [a.example%s] }\n", "",
		", '*.b\xc3\xbc"
		"cher.example', 'joe@b\xc3\xbc"
		"cher.example'",
		"a names:  -> *.xn--bcher-kva.example (*.b\xc3\xbc"
		"cher.example)\n"
		"a names:  -> joe@xn--bcher-kva.example (b\xc3\xbc"
		"cher.example)\n");
	becomes("other", "  a: { issuer: self, subject: { commonName: a.example }, sans: [a.example%s] }\n",
		", 'other:msUPN;utf8:joe@example.com'", ", 'other:1.2.3.4;ia5:joe'",
		"a names:  -> 1.2.3.4;ia5:joe\na names: 1.3.6.1.4.1.311.20.2.3;utf8:joe@example.com -> \n");
	becomes("subject", "  a: { issuer: self, sans: [a.example], subject: { commonName: A%s } }\n",
		", organizationalUnit: [A, B]", ", organizationalUnit: [B, A], domainComponent: [com, example]",
		"a subject: \"CN=A,OU=B,OU=A\" -> \"CN=A,OU=A,OU=B,DC=example,DC=com\"\n");
}

/* Issuer and serial together name one certificate, so a fixed one is good for one certificate. */
static void test_issue_fields__a_fixed_serial_is_given_once(void)
{
	static const char one[] =
		HEAD "  a: { issuer: self, subject: { commonName: A }, sans: [a.example.com], serial: 0a }\n";
	static const char two[] =
		HEAD "  a: { issuer: self, subject: { commonName: A }, sans: [b.example.com], serial: 0a }\n";
	static const char next[] =
		HEAD "  a: { issuer: self, subject: { commonName: A }, sans: [b.example.com], serial: 0b }\n";
	struct tst_outcome o;

	tst_converged("again", one);
	o = tst_converge(&(struct tst_asked){.dir = "again", .text = two});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT032");
	TST_CONTAINS(o.words, "made anew with the serial 0a");
	o = tst_converge(&(struct tst_asked){.dir = "again", .text = one, .renew = "a"});
	TST_STR_EQ(o.rules, "GWT032");
	o = tst_converge(&(struct tst_asked){.dir = "again", .text = next});
	TST_STR_EQ(o.actions, "a:reissue");
	TST_INT_EQ(o.code, GW_OK);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static void test_issue_fields__a_life_is_compared_to_the_second(void)
{
	becomes("life1", AS_SERVER, ", validity: 30d", ", validity: 2592060s",
		"a validity: 2592300 s with its backdate -> 2592360 s with its backdate\n");
	becomes("life2", AS_SERVER, ", validity: 30d", "", "a validity: 30 days -> 90 days\n");
	becomes("life3", AS_SERVER, "", ", validity: 30d", "a validity: 90 days -> 30 days\n");
}

/* clip: true ends it with its issuer, and that is as asked until the issuer ends later. */
static void test_issue_fields__a_clipped_life_follows_its_issuer(void)
{
	static const char one[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 60d }\n"
		     "  a: { issuer: root, sans: [a.example.com], validity: 90d, clip: true }\n";
	static const char later[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 70d }\n"
		     "  a: { issuer: root, sans: [a.example.com], validity: 90d, clip: true }\n";
	static const char enough[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 365d }\n"
		     "  a: { issuer: root, sans: [a.example.com], validity: 90d, clip: true }\n";
	struct tst_outcome o;

	tst_converged("clip", one);
	o = tst_converge(&(struct tst_asked){.dir = "clip", .text = one});
	TST_STR_EQ(o.actions, "root:keep a:keep");
	o = tst_converge(&(struct tst_asked){.dir = "clip", .text = later});
	TST_STR_EQ(o.actions, "root:reissue a:reissue");
	o = tst_converge(&(struct tst_asked){.dir = "clip", .text = enough});
	TST_STR_EQ(o.actions, "root:reissue a:reissue");
	o = tst_converge(&(struct tst_asked){.dir = "clip", .text = enough});
	TST_STR_EQ(o.actions, "root:keep a:keep");
}

/* What is as asked stays so: later, below an issuer that is younger than itself, and beside what comes later. */
static void test_issue_fields__what_is_as_asked_stays(void)
{
	static const char one[] = HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {} }\n"
				       "  a: { issuer: root, sans: [a.example.com] }\n"
				       "  b: { issuer: root, sans: [b.example.com], validity: 30d }\n";
	static const char two[] = HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {} }\n"
				       "  a: { issuer: root, sans: [a.example.com] }\n"
				       "  b: { issuer: root, sans: [b.example.com], validity: 30d }\n"
				       "  sub: { issuer: root, ca: {}, subject: { commonName: Sub } }\n"
				       "  c: { issuer: sub, sans: [c.example.com], validity: 60d }\n";
	struct tst_outcome o;

	tst_converged("stays", one);
	o = tst_converge(&(struct tst_asked){.dir = "stays", .text = one, .now = TST_NOW + GW_DAY, .renew = "root"});
	TST_STR_EQ(o.actions, "root:reissue a:keep b:keep");
	o = tst_converge(&(struct tst_asked){.dir = "stays", .text = two, .now = TST_NOW + 2 * GW_DAY});
	TST_STR_EQ(o.actions, "root:keep a:keep b:keep sub:make c:make");
	/* The younger CA was cut to its issuer's end. */
	o = tst_converge(&(struct tst_asked){.dir = "stays", .text = two, .now = TST_NOW + 3 * GW_DAY});
	TST_STR_EQ(o.actions, "root:keep a:keep b:keep sub:keep c:keep");
}

static void test_issue_fields__another_backdate_is_a_difference(void)
{
	static const char one[] = HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {} }\n"
				       "  a: { issuer: root, sans: [a.example.com] }\n";
	static const char more[] = "gwcert: 1\nsettings: { backdate: 1h }\ncertificates:\n"
				   "  root: { issuer: self, subject: { commonName: Root }, ca: {} }\n"
				   "  a: { issuer: root, sans: [a.example.com] }\n";
	struct tst_outcome o;

	tst_converged("backdate", one);
	o = tst_converge(&(struct tst_asked){.dir = "backdate", .text = more, .now = TST_NOW + GW_DAY});
	TST_CONTAINS(o.actions, "root:reissue");
	TST_CONTAINS(o.reasons, "s with its backdate, asked is");
	o = tst_converge(&(struct tst_asked){.dir = "backdate", .text = more, .now = TST_NOW + GW_DAY});
	TST_STR_EQ(o.actions, "root:keep a:keep");
}

/* Without it, a life that was written is never shortened: not by a template, and not by a CA that was made long ago. */
static void test_issue_fields__a_written_life_is_not_clipped(void)
{
	static const char short_root[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 60d }\n"
		     "  a: { issuer: root, sans: [a.example.com], validity: 90d }\n";
	static const char root[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 90d, renewAt: 1d }\n";
	static const char both[] =
		HEAD "  root: { issuer: self, subject: { commonName: Root }, ca: {}, validity: 90d, renewAt: 1d }\n"
		     "  a: { issuer: root, sans: [a.example.com], validity: 90d }\n";
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = "fixed", .text = short_root});

	TST_INT_EQ(o.code, GW_E_INPUT);
	tst_converged("fixed", root);
	o = tst_converge(&(struct tst_asked){.dir = "fixed", .text = both, .now = TST_NOW + 10 * GW_DAY});
	TST_INT_EQ(o.code, GW_E_INPUT);
	TST_CONTAINS(o.words, "clip: true");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_issue_fields__name_constraints),
		TST_CASE(test_issue_fields__usages),
		TST_CASE(test_issue_fields__places_and_policies),
		TST_CASE(test_issue_fields__extensions_as_they_are),
		TST_CASE(test_issue_fields__signature_and_serial),
		TST_CASE(test_issue_fields__names_and_subject),
		TST_CASE(test_issue_fields__a_fixed_serial_is_given_once),
		TST_CASE(test_issue_fields__a_life_is_compared_to_the_second),
		TST_CASE(test_issue_fields__a_clipped_life_follows_its_issuer),
		TST_CASE(test_issue_fields__what_is_as_asked_stays),
		TST_CASE(test_issue_fields__another_backdate_is_a_difference),
		TST_CASE(test_issue_fields__a_written_life_is_not_clipped),
	};

	return tst_main("issue_fields", cases, GW_COUNT(cases));
}
