/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"

/* root -> issuing -> store; root -> other issuing of the same name and key; a stranger. */
struct world {
	const struct tst_id *root, *issuing, *again, *store, *stranger;
};

static const struct world *world(void)
{
	static struct world w;

	if (w.root == NULL) {
		struct tst_spec renewed = {.cn = "Issuing", .ca = true, .not_after = TST_NOW + 60 * GW_DAY};

		w.root = tst_ca("Root", NULL);
		w.issuing = tst_ca("Issuing", w.root);
		renewed.reuse = w.issuing;
		w.again = tst_issue(&renewed, w.root);
		w.store = tst_leaf("store.example.com", w.issuing);
		w.stranger = tst_leaf("other.example.com", NULL);
	}
	return &w;
}

static const char *heap(const char *text)
{
	return tst_file("heap.pem", text);
}

static void refuses(const char *text, const char *option, const char *value, int status, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "bundle", heap(text), option, value, NULL), status);
	TST_CONTAINS(r.err, what);
	TST_STR_EQ(r.out, "");
}

static void test_bundle__refuses_what_is_no_chain(void)
{
	const struct world *w = world();
	const char *key = tst_file("ca.key", tst_key_pem(w->issuing)), *foreign;
	const char *root = tst_file("root.pem", tst_pem(w->root, NULL));

	foreign = tst_file("foreign.key", tst_key_pem(tst_leaf("x.example.com", NULL)));
	refuses(tst_pem(w->store, w->stranger, NULL), "--password", "env:X", GW_E_NO,
		"could be the leaf, and so could \"store.example.com\" [GWC101]");
	refuses(tst_pem(w->store, w->issuing, NULL), "--key", foreign, GW_E_NO,
		"belongs to none of the 2 certificates");
	refuses(tst_pem(w->store, NULL), "--key", foreign, GW_E_NO, "does not belong to the certificate");
	refuses(tst_pem(w->store, w->issuing, NULL), "--key", key, GW_E_NO, "belongs to the CA \"Issuing\"");
	refuses(tst_pem(w->store, NULL), "--roots", root, GW_E_NO, "\"Issuing\", which issued \"store.example.com\"");
	refuses(tst_pem(w->stranger, NULL), "--roots", root, GW_E_NO, "not among the roots given");
	refuses(tst_key_pem(w->store), "--password", "env:X", GW_E_INPUT, "only a private key");
	refuses("pki/store.pem\n", "--password", "env:X", GW_E_INPUT, "the path of a file");
	refuses("ssh-ed25519 AAAA me\n", "--password", "env:X", GW_E_INPUT, "an OpenSSH public key");
}

static void test_bundle__puts_a_heap_in_order(void)
{
	const struct world *w = world();
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->root, w->issuing, w->store, w->issuing, NULL)), NULL), GW_OK);
	TST_STR_EQ(r.out, tst_pem(w->store, w->issuing, NULL));
	TST_CONTAINS(r.err, "heap.pem:");
	TST_CONTAINS(r.err, "is there once already [GWC003]");
	TST_CONTAINS(r.err, "the root \"Root\" was left out");
	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->root, w->issuing, w->store, NULL)), "--keep-root", NULL),
		   GW_OK);
	TST_STR_EQ(r.out, tst_pem(w->store, w->issuing, w->root, NULL));
}

static void test_bundle__names_what_it_leaves_out(void)
{
	const struct world *w = world();
	const char *text =
		tst_join(tst_key_pem(w->store), tst_pem(w->stranger, w->store, w->issuing, w->again, NULL), NULL);
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, text, "bundle", "--with-key", NULL), GW_OK);
	TST_STR_EQ(r.out, tst_join(tst_key_pem(w->store), tst_pem(w->store, w->again, NULL), NULL));
	TST_CONTAINS(r.err, "it does not belong to the chain of \"store.example.com\" [GWC100]");
	TST_CONTAINS(r.err, "another certificate of the same CA stands in its place");
	TST_CONTAINS(r.err, "standard input:");
}

static void test_bundle__an_issuer_that_is_missing_is_named(void)
{
	const struct world *w = world();
	const char *root = tst_file("root.pem", tst_pem(w->root, NULL));
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->store, NULL)), NULL), GW_OK);
	TST_CONTAINS(r.err, "warning: \"Issuing\", which issued \"store.example.com\", is not there");
	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->store, NULL)), "--roots", root, "--partial", NULL), GW_OK);
	TST_STR_EQ(r.out, tst_pem(w->store, NULL));
	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->store, w->issuing, NULL)), "--roots", root, NULL), GW_OK);
	TST_STR_EQ(r.err, "");
}

static void test_bundle__what_has_expired_needs_a_word(void)
{
	struct tst_spec old = {.cn = "old.example.com", .sans = "old.example.com", .not_after = TST_NOW - 1};
	const char *path;
	struct tst_run r;

	path = heap(tst_pem(tst_issue(&old, world()->root), NULL));
	TST_INT_EQ(tst_run(&r, "bundle", path, NULL), GW_E_NO);
	TST_CONTAINS(r.err, "[GWC006]");
	TST_INT_EQ(tst_run(&r, "bundle", path, "--allow-expired", NULL), GW_OK);
	TST_CONTAINS(r.err, "warning: \"old.example.com\" expired");
}

static void test_bundle__repair_says_what_it_did(void)
{
	const struct world *w = world();
	const char *text = tst_join("\xef\xbb\xbf  ", tst_pem(w->store, NULL), NULL);
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "bundle", heap(text), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "byte order mark");
	TST_CONTAINS(r.err, "hint: gwcert bundle --repair mends it");
	TST_INT_EQ(tst_run(&r, "bundle", heap(text), "--repair", NULL), GW_OK);
	TST_STR_EQ(r.out, tst_pem(w->store, NULL));
	TST_CONTAINS(r.err,
		     "took the byte order mark off, then set the BEGIN and END lines and the line ends right [GWC102]");
}

/* What kubectl writes and what Certificate Manager takes: the PEM is found where it is. */
static void test_bundle__reads_documents(void)
{
	const struct world *w = world();
	const char *cert = tst_file("tls.crt", tst_pem(w->store, w->issuing, NULL));
	const char *key = tst_file("tls.key", tst_key_pem(w->store));
	struct tst_run r, bundled;

	TST_INT_EQ(tst_run(&r, "secret", "store", "--cert", cert, "--key", key, NULL), GW_OK);
	TST_INT_EQ(tst_run_in(&bundled, r.out, "bundle", "--with-key", NULL), GW_OK);
	TST_STR_EQ(bundled.out, tst_join(tst_key_pem(w->store), tst_pem(w->store, w->issuing, NULL), NULL));
	TST_INT_EQ(tst_run(&r, "secret", "store", "--cert", cert, "--key", key, "--format", "json", NULL), GW_OK);
	TST_INT_EQ(tst_run_in(&bundled, r.out, "bundle", NULL), GW_OK);
	TST_STR_EQ(bundled.out, tst_pem(w->store, w->issuing, NULL));
	TST_INT_EQ(tst_run_in(&r, "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {tls.crt: aGVsbG8=}\n",
			      "bundle", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "standard input:4 (data.tls.crt): holds no PEM block");
	TST_INT_EQ(tst_run_in(&r, "apiVersion: v1\nkind: Pod\n", "bundle", NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "holds no certificate, key, request or revocation list");
}

static void test_bundle__openssl_takes_the_chain(void)
{
	const struct world *w = world();
	const char *root = tst_file("root.pem", tst_pem(w->root, NULL)), *out = tst_path("chain.pem");
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	TST_INT_EQ(tst_run(&r, "bundle", heap(tst_pem(w->again, w->root, w->store, NULL)), "-o", out, NULL), GW_OK);
	TST_INT_EQ(tst_mode(out), 0644);
	tst_peer(&p, NULL, "openssl", "verify", "-attime", "1795435200", "-CAfile", root, "-untrusted", out, out, NULL);
	TST_CONTAINS(p.out, "OK");
}

static void test_bundle__a_key_is_kept_from_terminals_and_others(void)
{
	const struct world *w = world();
	const char *text = tst_join(tst_key_pem(w->store), tst_pem(w->store, NULL), NULL), *out = tst_path("pair.pem");
	struct tst_run r;

	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .in = text, .out_tty = true}, "bundle", "--with-key",
				NULL),
		   GW_E_REFUSED);
	TST_INT_EQ(tst_run_in(&r, text, "bundle", "--with-key", "-o", out, NULL), GW_OK);
	TST_INT_EQ(tst_mode(out), 0600);
	TST_INT_EQ(tst_run_in(&r, text, "bundle", "-o", out, NULL), GW_E_REFUSED);
	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .in_tty = true}, "bundle", NULL), GW_E_USAGE);
}

/* A keystore becomes the file that a Secret takes; openssl says that key and certificate are a pair. */
static void test_bundle__opens_pkcs12(void)
{
	const struct tst_id *above = tst_ca("Above", NULL), *leaf = tst_leaf("store.example.com", above);
	const char *key = tst_file("p12.key", tst_key_pem(leaf)), *p12 = tst_path("store.p12"),
		   *out = tst_path("p12.out");
	const char *password = tst_join("file:", tst_file("p12-pass", "sesame\n"), NULL);
	struct tst_peer p, own;
	struct tst_run r;

	chmod(password + 5, 0600);
	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "pkcs12", "-export", "-inkey", key, "-in",
			    tst_file("p12.pem", tst_pem(leaf, above, NULL)), "-passout", "pass:sesame", "-out", p12,
			    NULL),
		   0);
	TST_INT_EQ(tst_run(&r, "bundle", p12, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "name the source of it: --password");
	TST_INT_EQ(tst_run(&r, "bundle", "--with-key", "--keep-root", p12, "--password", password, "-o", out, NULL), 0);
	TST_INT_EQ(tst_mode(out), 0600);
	TST_INT_EQ(tst_peer(&p, NULL, "openssl", "pkey", "-in", out, "-pubout", NULL), 0);
	TST_INT_EQ(tst_peer(&own, NULL, "openssl", "x509", "-in", out, "-noout", "-pubkey", NULL), 0);
	TST_STR_EQ(p.out, own.out);
	TST_CONTAINS(tst_read(out, NULL), tst_pem(leaf, above, NULL));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_bundle__refuses_what_is_no_chain),
		TST_CASE(test_bundle__puts_a_heap_in_order),
		TST_CASE(test_bundle__names_what_it_leaves_out),
		TST_CASE(test_bundle__an_issuer_that_is_missing_is_named),
		TST_CASE(test_bundle__what_has_expired_needs_a_word),
		TST_CASE(test_bundle__repair_says_what_it_did),
		TST_CASE(test_bundle__reads_documents),
		TST_CASE(test_bundle__openssl_takes_the_chain),
		TST_CASE(test_bundle__opens_pkcs12),
		TST_CASE(test_bundle__a_key_is_kept_from_terminals_and_others),
	};

	return tst_main("bundle", cases, GW_COUNT(cases));
}
