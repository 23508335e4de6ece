/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert verify --as: the load balancer's own words, as its documentation has them. */
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "tests/peer.h"
#include "tests/edit.h"
#include "tests/run.h"
#include "tests/tap.h"

/* The usual material: CAs for clients, as Google's own example has them. */
static struct {
	const struct tst_id *root, *middle, *leaf;
	const char *trust, *cert;
} m;

static const struct tst_id *ca(const char *cn, const struct tst_id *issuer)
{
	return tst_issue(&(struct tst_spec){.cn = cn, .ca = true, .eku = "clientAuth"}, issuer);
}

static const struct tst_id *client(const struct tst_id *issuer)
{
	return tst_issue(&(struct tst_spec){.cn = "device-7", .sans = "device-7.example", .eku = "clientAuth"}, issuer);
}

static const char *indented(const char *pem)
{
	struct gw_buf out = GW_BUF(1 << 20);
	const char *line = pem, *copy;

	for (; *line != '\0'; line = strchr(line, '\n') + 1)
		gw_buf_printf(&out, "        %.*s", (int)(strchr(line, '\n') - line + 1), line);
	copy = tst_join(gw_buf_str(&out), NULL);
	gw_buf_release(&out);
	return copy;
}

static const char *entry(const struct tst_id *id)
{
	return tst_join("    - pemCertificate: |\n", indented(tst_pem(id, NULL)), NULL);
}

static const char *trust_config(const char *anchors, const char *intermediates, const char *allowed)
{
	return tst_file("trust.yaml", tst_join("name: t\ntrustStores:\n- trustAnchors:\n", anchors,
					       *intermediates != '\0' ? "  intermediateCas:\n" : "", intermediates,
					       *allowed != '\0' ? "allowlistedCertificates:\n" : "", allowed, NULL));
}

static void make_material(void)
{
	if (m.root != NULL)
		return;
	m.root = ca("Device Root", NULL);
	m.middle = ca("Device Issuing", m.root);
	m.leaf = client(m.middle);
	m.cert = tst_file("client.pem", tst_pem(m.leaf, NULL));
}

static const struct tst_id *root(void)
{
	make_material();
	return m.root;
}

static struct tst_run as_client(const struct tst_id *id, const char *trust)
{
	struct tst_run r;

	tst_run(&r, "verify", tst_file("as.pem", tst_pem(id, NULL)), "--as", "client", "--trust", trust, NULL);
	return r;
}

static void says(struct tst_run r, const char *token, const char *why)
{
	TST_INT_EQ(r.status, strcmp(token, "OK") == 0 ? GW_OK : GW_E_NO);
	TST_STR_EQ(r.err, "");
	CU_ASSERT(strncmp(r.out, tst_join(token, "\n", NULL), strlen(token) + 1) == 0);
	TST_CONTAINS(r.out, why);
}

static void test_as__usage(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", m.cert, "--as", "client", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "needs --trust FILE as well");
	tst_run(&r, "verify", m.cert, "--trust", m.cert, NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	tst_run(&r, "verify", m.cert, "--as", "client", "--trust", m.cert, "--roots", m.cert, NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	tst_run(&r, "verify", m.cert, "--as", "client", "--trust", m.cert, "--purpose", "any", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	tst_run(&r, "verify", m.cert, "--as", "client", "--trust", tst_path("nosuch.yaml"), NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
}

static void test_as__accepts_what_chains(void)
{
	make_material();
	says(as_client(m.leaf, trust_config(entry(root()), entry(m.middle), "")), "OK", "");
	says(as_client(client(root()), tst_file("ca.pem", tst_pem(root(), NULL))), "OK", "");
	says(as_client(client(root()),
		       tst_file("cm.yaml",
				tst_join("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  ca.crt: |\n",
					 indented(tst_pem(root(), NULL)), NULL))),
	     "OK", "");
}

static void test_as__client_usage(void)
{
	const struct tst_id *narrow =
		tst_issue(&(struct tst_spec){.cn = "Servers", .ca = true, .eku = "serverAuth"}, NULL);
	const struct tst_id *bare = tst_issue(&(struct tst_spec){.cn = "bare"}, root());

	make_material();
	says(as_client(tst_leaf("a.example", root()), trust_config(entry(root()), "", "")),
	     "client_cert_chain_invalid_eku", "\"a.example\" has no clientAuth");
	TST_CONTAINS(as_client(bare, trust_config(entry(root()), "", "")).out, "GWC050");
	says(as_client(bare, trust_config(entry(root()), "", "")), "client_cert_chain_invalid_eku", "no clientAuth");
	says(as_client(client(narrow), trust_config(entry(narrow), "", "")), "client_cert_chain_invalid_eku",
	     "\"Servers\" has no clientAuth");
	says(as_client(tst_edit(client(root()), root(), NID_ext_key_usage, "clientAuth,codeSigning"),
		       trust_config(entry(root()), "", "")),
	     "client_cert_chain_invalid_eku", "is for codeSigning as well");
}

static void test_as__what_does_not_chain(void)
{
	const struct tst_id *old = tst_issue(&(struct tst_spec){.cn = "old",
								.eku = "clientAuth",
								.not_before = TST_NOW - 9 * GW_DAY,
								.not_after = TST_NOW - GW_DAY},
					     root());
	const struct tst_id *self = client(NULL), *mute = ca("Mute", NULL);

	make_material();
	says(as_client(m.leaf, trust_config(entry(root()), "", "")), "client_cert_validation_failed", "was not sent");
	says(as_client(old, trust_config(entry(root()), "", "")), "client_cert_validation_failed", "expired");
	says(as_client(self, trust_config(entry(self), "", "")), "client_cert_validation_failed", "never chains");
	says(as_client(ca("Sub", root()), trust_config(entry(root()), "", "")), "client_cert_validation_failed",
	     "is a CA");
	tst_edit(mute, mute, NID_key_usage, NULL);
	says(as_client(client(mute), trust_config(entry(mute), "", "")), "client_cert_validation_failed",
	     "no keyCertSign");
	/* What is on the list is accepted as it is. */
	says(as_client(old, trust_config(entry(root()), "", entry(old))), "OK", "");
	says(as_client(self, trust_config(entry(root()), "", entry(self))), "OK", "");
}

static const struct tst_id *with_key(EVP_PKEY *key)
{
	const struct tst_id *id = client(root());

	X509_set_pubkey(id->cert, key);
	EVP_PKEY_free(key);
	tst_resign(id, root());
	return id;
}

static void test_as__keys(void)
{
	const char *trust;

	make_material();
	trust = trust_config(entry(root()), "", "");
	says(as_client(with_key(EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024)), trust),
	     "client_cert_invalid_rsa_key_size", "RSA 1024");
	says(as_client(with_key(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-521")), trust),
	     "client_cert_unsupported_elliptic_curve_key", "P-521");
	says(as_client(with_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")), trust),
	     "client_cert_unsupported_key_algorithm", "Ed25519");
	says(as_client(with_key(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384")), trust), "OK", "");
}

static void test_as__limits(void)
{
	const char *many = "", *sent, *headers;
	const struct tst_id *wide = ca("Wide", NULL), *named = client(root());
	struct tst_run r;
	char names[1024] = "DNS:a.example";
	size_t i;

	make_material();
	for (i = 0; i < 11; i++)
		many = tst_join(
			many,
			entry(tst_issue(
				&(struct tst_spec){.cn = "Twin", .ca = true, .eku = "clientAuth", .reuse = m.middle},
				root())),
			NULL);
	says(as_client(client(root()), trust_config(entry(root()), many, "")), "client_cert_pki_too_large",
	     "11 intermediates have the subject");
	sent = tst_pem(m.leaf, m.middle, NULL);
	for (i = 0; i < 10; i++)
		sent = tst_join(sent, tst_pem(m.middle, NULL), NULL);
	tst_run(&r, "verify", tst_file("sent.pem", sent), "--as", "client", "--trust",
		trust_config(entry(root()), "", ""), NULL);
	says(r, "client_cert_chain_exceeded_limit", "11 intermediates are sent; 10 are taken");
	tst_edit(wide, wide, NID_name_constraints,
		 "critical,permitted;DNS:a,permitted;DNS:b,permitted;DNS:c,permitted;DNS:d,permitted;DNS:e,permitted;"
		 "DNS:f,"
		 "permitted;DNS:g,permitted;DNS:h,permitted;DNS:i,permitted;DNS:j,permitted;DNS:example");
	says(as_client(client(wide), trust_config(entry(wide), "", "")),
	     "client_cert_chain_max_name_constraints_exceeded", "11 name constraints");
	for (i = 0; i < 40; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), ",DNS:n%zu.example", i);
	headers = trust_config(entry(root()), "", "");
	r = as_client(tst_edit(named, root(), NID_subject_alt_name, names), headers);
	says(r, "OK", "GWC053");
	TST_CONTAINS(r.out, "client_cert_dnsname_sans_exceeded_size_limit");
}

/* Names and certificates that are passed on whole have limits as well. */
static void test_as__limits_of_headers_with_names_and_certificates(void)
{
	static const char ou[] = "/OU=0123456789012345678901234567890123456789012345678901234567890123";
	const struct tst_id *big = client(root());
	struct gw_buf names = GW_BUF((size_t)64 << 10);
	const char *path = tst_path("long.pem");
	struct tst_run r;
	struct tst_peer p;
	size_t i;

	gw_buf_str_add(&names, "DNS:store.example");
	for (i = 0; i < 1200; i++)
		gw_buf_printf(&names, ",DNS:n%zu.example", i);
	r = as_client(tst_edit(big, root(), NID_subject_alt_name, gw_buf_str(&names)),
		      trust_config(entry(root()), "", ""));
	says(r, "OK", "client_cert_validated_leaf_exceeded_size_limit");
	gw_buf_release(&names);
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
		 "-keyout", "/dev/null", "-subj", tst_join("/CN=c", ou, ou, ou, ou, ou, ou, NULL), "-addext",
		 "extendedKeyUsage=clientAuth", "-days", "3650", "-out", path, NULL);
	tst_run(&r, "verify", path, "--as", "client", "--trust", path, NULL);
	TST_CONTAINS(r.out, "client_cert_subject_dn_exceeded_size_limit: ");
	TST_CONTAINS(r.out, "client_cert_issuer_dn_exceeded_size_limit: ");
}

static void test_as__limits_of_the_trust_configuration(void)
{
	const char *all = "";
	struct tst_run r;
	size_t i;

	make_material();
	for (i = 0; i < 201; i++)
		all = tst_join(all, entry(root()), NULL);
	r = as_client(client(root()), trust_config(all, "", ""));
	TST_INT_EQ(r.status, GW_E_NO);
	TST_CONTAINS(r.out, "GWC052");
	TST_CONTAINS(r.out, "201 anchors and intermediates; Certificate Manager takes 200");
	r = as_client(client(root()), trust_config(entry(root()), "", ""));
	TST_LACKS(r.out, "GWC052");
}

static void test_as__backend(void)
{
	const struct tst_id *ca_of_backends = tst_ca("Backends", NULL),
			    *bare = tst_issue(&(struct tst_spec){.cn = "b", .sans = "b.example"}, ca_of_backends);
	const char *trust = tst_file("backends.pem", tst_pem(ca_of_backends, NULL));
	struct tst_run r;

	make_material();
	tst_run(&r, "verify", tst_file("b.pem", tst_pem(tst_leaf("b.example", ca_of_backends), NULL)), "--as",
		"backend", "--trust", trust, "--hostname", "b.example", NULL);
	says(r, "OK", "");
	/* The load balancer has no word for a name that was asked for besides, but OK it is not. */
	tst_run(&r, "verify", tst_file("b.pem", tst_pem(tst_leaf("b.example", ca_of_backends), NULL)), "--as",
		"backend", "--trust", trust, "--hostname", "c.example", NULL);
	says(r, "not OK", "GWC009");
	/* Without the extension a backend passes. */
	tst_run(&r, "verify", tst_file("b.pem", tst_pem(bare, NULL)), "--as", "backend", "--trust", trust, NULL);
	says(r, "OK", "");
	tst_run(&r, "verify", tst_file("b.pem", tst_pem(client(ca_of_backends), NULL)), "--as", "backend", "--trust",
		trust, NULL);
	says(r, "server_cert_chain_invalid_eku", "GWC051");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_as__usage),
		TST_CASE(test_as__accepts_what_chains),
		TST_CASE(test_as__client_usage),
		TST_CASE(test_as__what_does_not_chain),
		TST_CASE(test_as__keys),
		TST_CASE(test_as__limits),
		TST_CASE(test_as__limits_of_headers_with_names_and_certificates),
		TST_CASE(test_as__limits_of_the_trust_configuration),
		TST_CASE(test_as__backend),
	};

	return tst_main("cmd_verify_as", cases, GW_COUNT(cases));
}
