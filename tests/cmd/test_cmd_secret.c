/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert secret: what it refuses, then what it makes. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pki/build.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"
#include "tree/tree.h"

/* The usual material: root, intermediate, leaf, and files of it. */
static struct {
	const struct tst_id *root, *middle, *leaf;
	const char *cert, *key, *chain, *ca;
} m;

static void make_material(void)
{
	m.root = tst_ca("Root", NULL);
	m.middle = tst_ca("Issuing", m.root);
	m.leaf = tst_leaf("store.example.com", m.middle);
	m.cert = tst_file("cert.pem", tst_pem(m.leaf, NULL));
	m.chain = tst_file("chain.pem", tst_pem(m.leaf, m.middle, NULL));
	m.key = tst_file("key.pem", tst_key_pem(m.leaf));
	m.ca = tst_file("ca.pem", tst_pem(m.root, NULL));
}

/* --- trees -------------------------------------------------------------------------------------------------------- */

static struct gw_node *tree_of(struct gw_arena *arena, const char *json)
{
	struct gw_node *root = NULL;
	struct gw_err err = {0};

	TST_OK(gw_json_read(arena, "json", json, strlen(json), &root, NULL, &err), &err);
	return root;
}

/* A value of `data`, decoded. */
static const char *value_of(const char *json, const char *key)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *text = gw_node_text(gw_node_get(gw_node_get(tree_of(&arena, json), "data"), key));
	char *out;
	int n;

	if (text == NULL)
		return NULL;
	out = tst_alloc(strlen(text) + 1);
	n = EVP_DecodeBlock((unsigned char *)out, (const unsigned char *)text, (int)strlen(text));
	while (n > 0 && *text != '\0' && text[strlen(text) - 1] == '=' && out[n - 1] == '\0')
		n--;
	out[n > 0 ? n : 0] = '\0';
	return out;
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

/* Nothing is printed, the status is this one, and the words are among what is said. */
static void refused(const struct tst_run *r, int status, const char *what, const char *hint)
{
	TST_INT_EQ(r->status, status);
	TST_STR_EQ(r->out, "");
	TST_CONTAINS(r->err, what);
	if (hint != NULL)
		TST_CONTAINS(r->err, hint);
	TST_LACKS(r->err, "PRIVATE KEY-----");
}

static void test_secret__usage(void)
{
	const struct tst_world terminal = {TST_WORLD, .in_tty = true};
	struct tst_run r;

	make_material();
	tst_run(&r, "secret", NULL);
	refused(&r, GW_E_USAGE, "name of the Secret is missing", "gwcert secret NAME");
	tst_run(&r, "secret", "web", "--cert", m.cert, NULL);
	refused(&r, GW_E_USAGE, "--cert: needs --key as well", NULL);
	tst_run(&r, "secret", "web", "--key", m.key, NULL);
	refused(&r, GW_E_USAGE, "--key: needs --cert as well", NULL);
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "--from", tst_dir(), NULL);
	refused(&r, GW_E_USAGE, "--from", NULL);
	tst_run(&r, "secret", "web", "--cert", "-", "--key", "-", NULL);
	refused(&r, GW_E_USAGE, "once only", "leave out");
	tst_run_with(&r, &terminal, "secret", "web", NULL);
	refused(&r, GW_E_USAGE, "standard input is a terminal", "pipe");
	tst_run(&r, "secret", "Store_X", "--cert", m.cert, "--key", m.key, NULL);
	refused(&r, GW_E_USAGE, "\"Store_X\"", "lower-case letters");
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "-n", "a.b", NULL);
	refused(&r, GW_E_USAGE, "--namespace", NULL);
}

static void test_secret__a_key_never_goes_to_a_terminal_unasked(void)
{
	const struct tst_world terminal = {TST_WORLD, .out_tty = true};
	struct tst_run r;

	make_material();
	tst_run_with(&r, &terminal, "secret", "web", "--cert", m.cert, "--key", m.key, NULL);
	refused(&r, GW_E_REFUSED, "terminal", "-o FILE");
	tst_run_with(&r, &terminal, "secret", "web", "--cert", m.cert, "--key", m.key, "--force", NULL);
	TST_INT_EQ(r.status, GW_OK);
}

static void test_secret__input_that_is_not_what_it_should_be(void)
{
	GW_BUF_AUTO struct gw_buf csr = GW_BUF(10000);
	const struct gw_name_attr cn = {"CN", "x"};
	const struct gw_cert_plan plan = {.subject = &cn, .n_subject = 1};
	struct gw_err err = {0};
	unsigned char *der;
	struct tst_run r;
	size_t len;

	make_material();
	tst_run(&r, "secret", "web", "--cert", tst_path("absent"), "--key", m.key, NULL);
	refused(&r, GW_E_INPUT, "absent", NULL);
	tst_run(&r, "secret", "web", "--cert", m.key, "--key", m.cert, NULL);
	refused(&r, GW_E_INPUT, "is a private key, not a certificate", "swapped");
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.cert, NULL);
	refused(&r, GW_E_INPUT, "is a certificate, not a private key", "swapped");
	TST_OK(gw_csr_build(tst_ctx(), &plan, m.leaf->key, &csr, &err), &err);
	tst_run(&r, "secret", "web", "--cert", tst_file("csr.pem", gw_buf_str(&csr)), "--key", m.key, NULL);
	refused(&r, GW_E_INPUT, "certificate signing request (CSR)", "when a CA signs it");
	len = gw_cert_to_der(m.leaf->cert, &der);
	tst_run(&r, "secret", "web", "--cert", tst_file_bytes("cert.der", der, len), "--key", m.key, NULL);
	refused(&r, GW_E_INPUT, "is a DER certificate, not PEM", "openssl x509 -inform der");
	free(der);
	tst_run(&r, "secret", "web", "--cert",
		tst_file("bom.pem", tst_join("\xef\xbb\xbf", tst_pem(m.leaf, NULL), NULL)), "--key", m.key, NULL);
	refused(&r, GW_E_INPUT, "byte order mark", "sed");
	tst_run(&r, "secret", "web", "--cert", tst_file("path.pem", "/etc/tls/cert.pem\n"), "--key", m.key, NULL);
	refused(&r, GW_E_INPUT, "the path of a file, not its content", NULL);
}

static void test_secret__pairs_that_do_not_work(void)
{
	const struct tst_id *other = tst_leaf("other.example.com", NULL);
	struct tst_run r;

	make_material();
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", tst_file("other.key", tst_key_pem(other)), NULL);
	refused(&r, GW_E_NO, "does not belong to the certificate \"store.example.com\"", "GWC001");
	tst_run(&r, "secret", "web", "--cert", tst_file("reversed.pem", tst_pem(m.root, m.middle, m.leaf, NULL)),
		"--key", m.key, NULL);
	refused(&r, GW_E_NO, "the key belongs to certificate 3 (\"store.example.com\")", "first");
	tst_run(&r, "secret", "web", "--cert", tst_file("swapped.pem", tst_pem(m.leaf, m.root, m.middle, NULL)),
		"--key", m.key, NULL);
	refused(&r, GW_E_NO, "certificate 2 (\"Root\") stands before the certificate that it has issued", "GWC002");
	tst_run(&r, "secret", "web", "--cert", tst_file("twice.pem", tst_pem(m.leaf, m.middle, m.middle, NULL)),
		"--key", m.key, NULL);
	refused(&r, GW_E_NO, "copy", "GWC003");
	tst_run(&r, "secret", "web", "--cert", tst_file("stranger.pem", tst_pem(m.leaf, other, NULL)), "--key", m.key,
		NULL);
	refused(&r, GW_E_NO, "does not belong to the chain", "GWC005");
}

static void test_secret__expired(void)
{
	const struct tst_world later = {.now = TST_NOW + 33 * GW_DAY}, earlier = {.now = TST_NOW - 3 * GW_DAY};
	struct tst_run r;

	make_material();
	tst_run_with(&r, &later, "secret", "web", "--cert", m.cert, "--key", m.key, NULL);
	refused(&r, GW_E_NO, "\"store.example.com\" expired 3 days ago, on 2026-12-23", "--allow-expired");
	tst_run_with(&r, &later, "secret", "web", "--cert", m.cert, "--key", m.key, "--allow-expired", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "warning: \"store.example.com\" expired");
	TST_CONTAINS(r.out, "kind: Secret");
	tst_run_with(&r, &earlier, "secret", "web", "--cert", m.cert, "--key", m.key, NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "warning: \"store.example.com\" is not valid yet");
	tst_run_with(&r, &earlier, "secret", "web", "--cert", m.cert, "--key", m.key, "-q", NULL);
	TST_STR_EQ(r.err, "");
}

static void test_secret__more_than_a_mebibyte(void)
{
	char *text = tst_alloc((1u << 20) + 1);
	struct tst_run r;

	make_material();
	memset(text, '\n', 1u << 20);
	text[1u << 20] = '\0';
	tst_run(&r, "secret", "web", "--cert", tst_file("big.pem", tst_join(tst_pem(m.leaf, NULL), text, NULL)),
		"--key", m.key, NULL);
	refused(&r, GW_E_NO, "Kubernetes takes 1048576", "GWK050");
}

static void test_secret__encrypted_keys(void)
{
	const struct tst_world world = {TST_WORLD, .env = (const char *const[]){"PW", "sesame", "BAD", "x", NULL}};
	const char *enc = tst_path("enc.key");
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	make_material();
	tst_peer(&p, NULL, "openssl", "pkcs8", "-topk8", "-in", m.key, "-out", enc, "-passout", "pass:sesame", NULL);
	tst_run_with(&r, &world, "secret", "web", "--cert", m.cert, "--key", enc, NULL);
	refused(&r, GW_E_INPUT, "the private key is encrypted", "--password env:NAME");
	tst_run_with(&r, &world, "secret", "web", "--cert", m.cert, "--key", enc, "--password", "env:BAD", NULL);
	refused(&r, GW_E_INPUT, "does not open with this password", NULL);
	tst_run_with(&r, &world, "secret", "web", "--cert", m.cert, "--key", enc, "--password", "sesame", NULL);
	refused(&r, GW_E_USAGE, "env:NAME, file:PATH", NULL);
	TST_LACKS(r.err, "sesame");
	tst_run_with(&r, &world, "secret", "web", "--cert", m.cert, "--key", enc, "--password", "env:PW", "--format",
		     "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "tls.key"), tst_read(m.key, NULL));
}

static void test_secret__ca_must_be_one_and_hold_no_key(void)
{
	struct tst_run r;

	make_material();
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "--ca", m.cert, NULL);
	refused(&r, GW_E_NO, "\"store.example.com\" is not a CA", "GWC016");
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "--ca",
		tst_file("cakey.pem", tst_join(tst_pem(m.root, NULL), tst_key_pem(m.root), NULL)), NULL);
	refused(&r, GW_E_NO, "holds a private key", "GWC023");
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "--ca", m.key, NULL);
	refused(&r, GW_E_INPUT, "is a private key, not a certificate", NULL);
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "--ca", m.ca, "--format", "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "ca.crt"), tst_read(m.ca, NULL));
}

/* --- standard input ----------------------------------------------------------------------------------------------- */

static void test_secret__bundles_that_make_no_secret(void)
{
	const struct tst_id *other = tst_leaf("other.example.com", NULL);
	struct tst_run r;

	make_material();
	tst_run_in(&r, "", "secret", "web", NULL);
	refused(&r, GW_E_INPUT, "standard input: is empty", "did the command before the pipe fail?");
	tst_run_in(&r, tst_pem(m.leaf, NULL), "secret", "web", NULL);
	refused(&r, GW_E_INPUT, "certificates, but no private key", "cat key.pem cert.pem");
	tst_run_in(&r, tst_key_pem(m.leaf), "secret", "web", NULL);
	refused(&r, GW_E_INPUT, "a private key, but no certificate", "cat key.pem cert.pem");
	tst_run_in(&r, tst_join(tst_key_pem(m.leaf), tst_pem(m.leaf, NULL), tst_key_pem(m.root), NULL), "secret", "web",
		   NULL);
	refused(&r, GW_E_INPUT, "2 private keys", NULL);
	tst_run_in(&r, tst_join(tst_key_pem(other), tst_pem(m.leaf, m.middle, NULL), NULL), "secret", "web", NULL);
	refused(&r, GW_E_NO, "does not belong to the certificate", "GWC001");
	tst_run_in(&r, tst_join(tst_key_pem(m.leaf), tst_pem(other, m.leaf, NULL), NULL), "secret", "web", NULL);
	refused(&r, GW_E_NO, "(\"other.example.com\") does not belong to the chain", "GWC005");
	tst_run_in(&r,
		   tst_join(tst_key_pem(m.leaf), tst_pem(m.leaf, NULL),
			    "-----BEGIN TRUSTED CERTIFICATE-----\nMAMCAQE=\n-----END TRUSTED CERTIFICATE-----\n", NULL),
		   "secret", "web", NULL);
	refused(&r, GW_E_INPUT, "TRUSTED CERTIFICATE", NULL);
}

static void test_secret__bundles_come_in_any_order(void)
{
	const char *key, *cert, *middle, *root, *want;
	struct tst_run r;

	make_material();
	key = tst_key_pem(m.leaf);
	cert = tst_pem(m.leaf, NULL);
	middle = tst_pem(m.middle, NULL);
	root = tst_pem(m.root, NULL);
	want = tst_pem(m.leaf, m.middle, m.root, NULL);
	tst_run_in(&r, tst_join(root, "Bag Attributes\n", middle, key, cert, middle, NULL), "secret", "web", "--format",
		   "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "tls.crt"), want);
	TST_STR_EQ(value_of(r.out, "tls.key"), key);
	tst_run_in(&r, tst_join(key, cert, middle, NULL), "secret", "web", "--format", "json", NULL);
	TST_STR_EQ(value_of(r.out, "tls.crt"), tst_pem(m.leaf, m.middle, NULL));
}

/* --- what is made ------------------------------------------------------------------------------------------------- */

static void test_secret__octets_are_kept(void)
{
	const char *text, *cert, *key;
	struct tst_run r;

	make_material();
	text = tst_join("Subject: x\r\n", tst_pem(m.leaf, m.middle, NULL), "\n# end", NULL);
	cert = tst_file("odd.pem", text);
	key = tst_file("odd.key",
		       tst_join("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
				tst_key_pem(m.leaf), NULL));
	tst_run(&r, "secret", "web", "--cert", cert, "--key", key, "--plain", "--format", "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "tls.crt"), text);
	TST_STR_EQ(value_of(r.out, "tls.key"), tst_read(key, NULL));
	tst_run(&r, "secret", "web", "--cert", cert, "--key", key, "--format", "json", NULL);
	TST_STR_EQ(value_of(r.out, "tls.crt"), text);
}

/* A file with both: kubectl puts the key into tls.crt; that is said, and not done unless it is asked for. */
static void test_secret__a_key_stays_out_of_tls_crt(void)
{
	const char *both;
	struct tst_run r;

	make_material();
	both = tst_file("both.pem", tst_join(tst_key_pem(m.leaf), tst_pem(m.leaf, NULL), NULL));
	tst_run(&r, "secret", "web", "--cert", both, "--key", both, "--format", "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "tls.crt"), tst_pem(m.leaf, NULL));
	tst_run(&r, "secret", "web", "--cert", both, "--key", both, "--plain", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "tls.crt will hold a private key");
}

static void test_secret__from_a_folder(void)
{
	const char *dir = tst_path("store");
	struct tst_run r;

	make_material();
	tst_run(&r, "secret", "--from", tst_path("nowhere"), NULL);
	refused(&r, GW_E_INPUT, "cannot open", NULL);
	tst_file("bare/notes.txt", "nothing here\n");
	tst_run(&r, "secret", "--from", tst_path("bare"), NULL);
	refused(&r, GW_E_INPUT, "holds no private key", NULL);
	tst_file("store/key.pem", tst_key_pem(m.leaf));
	tst_file("store/cert.pem", tst_pem(m.leaf, NULL));
	tst_run(&r, "secret", "--from", dir, "--format", "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "\"name\": \"store\"");
	TST_STR_EQ(value_of(r.out, "tls.crt"), tst_pem(m.leaf, NULL));
	tst_file("store/fullchain.pem", tst_pem(m.leaf, m.middle, NULL));
	tst_run(&r, "secret", "web", "--from", tst_join(dir, "/", NULL), "--format", "json", NULL);
	TST_CONTAINS(r.out, "\"name\": \"web\"");
	TST_STR_EQ(value_of(r.out, "tls.crt"), tst_pem(m.leaf, m.middle, NULL));
	/* Whatever the files are called; but what lies there from before is never mixed in. */
	tst_file("named/tls.key", tst_key_pem(m.leaf));
	tst_file("named/chain-of-two.crt", tst_pem(m.leaf, m.middle, NULL));
	tst_file("named/tls.crt", tst_pem(m.leaf, NULL));
	tst_run(&r, "secret", "--from", tst_path("named"), "--format", "json", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(value_of(r.out, "tls.crt"), tst_pem(m.leaf, m.middle, NULL));
	tst_file("named/key.pem", tst_key_pem(m.root));
	tst_run(&r, "secret", "--from", tst_path("named"), NULL);
	refused(&r, GW_E_INPUT, "holds more than one private key: key.pem and tls.key", "--cert FILE --key FILE");
	tst_file("_wildcard.example/key.pem", tst_key_pem(m.leaf));
	tst_file("_wildcard.example/cert.pem", tst_pem(m.leaf, NULL));
	tst_run(&r, "secret", "--from", tst_path("_wildcard.example"), NULL);
	refused(&r, GW_E_USAGE, "\"_wildcard.example\"", "gwcert secret NAME");
}

static void test_secret__files_are_private_and_never_replaced_unasked(void)
{
	const char *out = tst_path("out.yaml"), *first;
	struct tst_run r;
	mode_t before;

	make_material();
	before = umask(0);
	tst_run(&r, "secret", "web", "--cert", m.cert, "--key", m.key, "-o", out, NULL);
	umask(before);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_mode(out), 0600);
	first = tst_read(out, NULL);
	TST_CONTAINS(first, "name: web");
	tst_run(&r, "secret", "other", "--cert", m.cert, "--key", m.key, "-o", out, NULL);
	refused(&r, GW_E_REFUSED, "exists already", "--force");
	TST_STR_EQ(tst_read(out, NULL), first);
	tst_run(&r, "secret", "other", "--cert", m.cert, "--key", m.key, "-o", out, "--force", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(tst_read(out, NULL), "name: other");
}

static void test_secret__the_key_of_the_ca_is_the_wrong_key(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, tst_join(tst_pem(m.middle, m.leaf, NULL), tst_key_pem(m.middle), NULL), "secret",
			      "store", NULL),
		   GW_E_NO);
	TST_CONTAINS(r.err, "the key belongs to the CA \"Issuing\", not to \"store.example.com\", which it issued");
	TST_STR_EQ(r.out, "");
}

static void test_secret__takes_the_one_key_and_nothing_beside_it(void)
{
	const char *two = tst_file("two.key", tst_join(tst_key_pem(m.leaf), tst_key_pem(m.root), NULL));
	const char *both = tst_file("both.pem", tst_join(tst_key_pem(m.leaf), tst_pem(m.leaf, NULL), NULL));
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "secret", "store", "--cert", m.cert, "--key", two, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "holds 2 private keys");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "secret", "store", "--cert", m.cert, "--key", both, "--format", "json", NULL), GW_OK);
	TST_LACKS(value_of(r.out, "tls.key"), "CERTIFICATE");
}

static void test_secret__refuses_a_curve_that_kubectl_cannot_load(void)
{
	const char *cert = tst_path("k256.pem"), *key = tst_path("k256.key");
	struct tst_peer p;
	struct tst_run r;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1",
		 "-nodes", "-keyout", key, "-out", cert, "-subj", "/CN=store.example.com", "-days", "3650", NULL);
	TST_INT_EQ(tst_run(&r, "secret", "store", "--cert", cert, "--key", key, NULL), GW_E_NO);
	TST_CONTAINS(r.err, "the key is ECDSA secp256k1, which kubectl and the controllers cannot load [GWK048]");
	TST_STR_EQ(r.out, "");
}

static void test_secret__warns_of_what_load_balancers_do_not_take(void)
{
	const struct tst_id *ed = tst_issue(&(struct tst_spec){.cn = "e.example", .type = GW_KEY_ED25519}, NULL);
	struct tst_run r;

	tst_run_in(&r, tst_join(tst_key_pem(ed), tst_pem(ed, NULL), NULL), "secret", "web", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "the key is Ed25519, which Google's load balancers do not take [GWK049]");
	TST_CONTAINS(r.err, "\"e.example\" has no subject alternative name");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_secret__usage),
		TST_CASE(test_secret__a_key_never_goes_to_a_terminal_unasked),
		TST_CASE(test_secret__input_that_is_not_what_it_should_be),
		TST_CASE(test_secret__pairs_that_do_not_work),
		TST_CASE(test_secret__expired),
		TST_CASE(test_secret__more_than_a_mebibyte),
		TST_CASE(test_secret__encrypted_keys),
		TST_CASE(test_secret__ca_must_be_one_and_hold_no_key),
		TST_CASE(test_secret__bundles_that_make_no_secret),
		TST_CASE(test_secret__bundles_come_in_any_order),
		TST_CASE(test_secret__octets_are_kept),
		TST_CASE(test_secret__a_key_stays_out_of_tls_crt),
		TST_CASE(test_secret__from_a_folder),
		TST_CASE(test_secret__files_are_private_and_never_replaced_unasked),
		TST_CASE(test_secret__the_key_of_the_ca_is_the_wrong_key),
		TST_CASE(test_secret__takes_the_one_key_and_nothing_beside_it),
		TST_CASE(test_secret__refuses_a_curve_that_kubectl_cannot_load),
		TST_CASE(test_secret__warns_of_what_load_balancers_do_not_take),
	};

	return tst_main("secret", cases, GW_COUNT(cases));
}
