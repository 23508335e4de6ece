/* SPDX-License-Identifier: Apache-2.0 */
/* gwcert secret --plain beside the real kubectl: key for key, refusal for refusal. */
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

static bool same_tree(const struct gw_node *a, const struct gw_node *b)
{
	const struct gw_node *x;

	if (a == NULL || b == NULL || a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == GW_SCALAR)
		return a->quoted == b->quoted && strcmp(a->text, b->text) == 0;
	for (x = a->first; x != NULL; x = x->next) {
		if (!same_tree(x, gw_node_get(b, x->key->text)))
			return false;
	}
	return true;
}

static struct gw_node *tree_of(struct gw_arena *arena, const char *json)
{
	struct gw_node *root = NULL;
	struct gw_err err = {0};

	TST_OK(gw_json_read(arena, "json", json, strlen(json), &root, NULL, &err), &err);
	return root;
}

/* --- kubectl ------------------------------------------------------------------------------------------------------ */

static void like_kubectl(const char *cert, const char *key, const char *namespace_)
{
	const char *const option = namespace_ != NULL ? "-n" : NULL;
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct tst_peer p;
	struct tst_run r;

	tst_run(&r, "secret", "web", "--cert", cert, "--key", key, "--plain", "--format", "json", option, namespace_,
		NULL);
	TST_INT_EQ(r.status, GW_OK);
	tst_peer(&p, NULL, "kubectl", "create", "secret", "tls", "web", tst_join("--cert=", cert, NULL),
		 tst_join("--key=", key, NULL), "--dry-run=client", "-o", "json", option, namespace_, NULL);
	TST_INT_EQ(p.status, 0);
	if (p.status == 0 && r.status == GW_OK)
		CU_ASSERT(same_tree(tree_of(&arena, r.out), tree_of(&arena, p.out)));
}

static void test_secret__plain_is_what_kubectl_makes(void)
{
	const struct tst_id *rsa =
		tst_issue(&(struct tst_spec){.cn = "r.example", .sans = "r.example", .type = GW_KEY_RSA_2048}, NULL);

	if (!tst_have("kubectl")) {
		tst_skip("no kubectl");
		return;
	}
	make_material();
	like_kubectl(m.chain, m.key, NULL);
	like_kubectl(m.cert, m.key, "prod");
	like_kubectl(tst_file("rsa.pem", tst_pem(rsa, NULL)), tst_file("rsa.key", tst_key_pem(rsa)), NULL);
}

/* What kubectl printed for the throwaway files, and what it refused: kept beside the project, not in it. */
static const char *golden(const char *name)
{
	const char *shared = getenv("GW_SHARED");

	return shared != NULL ? tst_join(shared, "/data/k8s/kubectl-golden/", name, NULL)
			      : tst_join(tst_source(".."), "/shared/data/k8s/kubectl-golden/", name, NULL);
}

/* The files are of 23 November 2026. */
static const struct tst_world golden_day = {.now = TST_NOW + GW_DAY};

static void run_golden(struct tst_run *r, const char *cert, const char *key)
{
	tst_run_with(r, &golden_day, "secret", "store-example-com", "--cert", golden(tst_join("pems/", cert, NULL)),
		     "--key", golden(tst_join("pems/", key, NULL)), "--plain", "--format", "json", NULL);
}

static void test_secret__makes_what_kubectl_printed(void)
{
	static const struct {
		const char *file, *cert, *key;
	} cases[] = {
		{"secret-tls-rsa.json", "rsa.crt", "rsa2048.key"},
		{"secret-tls-rsa-pkcs1.json", "rsa.crt", "rsa2048-pkcs1.key"},
		{"secret-tls-rsa-crlf.json", "rsa-crlf.crt", "rsa2048.key"},
		{"secret-tls-rsa-nonl.json", "rsa-nonl.crt", "rsa2048.key"},
		{"secret-tls-ec.json", "ec.crt", "ec-sec1.key"},
		{"secret-tls-ec-pkcs8.json", "ec.crt", "ec-pkcs8.key"},
		{"secret-tls-p384.json", "p384.crt", "p384.key"},
		{"secret-tls-ed25519.json", "ed25519.crt", "ed25519.key"},
		{"secret-tls-chain.json", "chain.crt", "ec-sec1.key"},
	};
	size_t i;

	if (!tst_exists(golden("secret-tls-behaviour.txt"))) {
		tst_skip("no recorded answers of kubectl");
		return;
	}
	for (i = 0; i < GW_COUNT(cases); i++) {
		const char *want = tst_read(golden(cases[i].file), NULL);
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct tst_run r;

		run_golden(&r, cases[i].cert, cases[i].key);
		TST_INT_EQ(r.status, GW_OK);
		if (want != NULL && r.status == GW_OK && !same_tree(tree_of(&arena, r.out), tree_of(&arena, want)))
			TST_STR_EQ(r.out, want);
	}
}

/* What kubectl refuses, gwcert verify refuses as well, and says why. */
static void verify_refuses(const char *cert, const char *key, const char *row)
{
	struct tst_run r;

	tst_run_with(&r, &golden_day, "verify", golden(tst_join("pems/", cert, NULL)), "--key",
		     golden(tst_join("pems/", key, NULL)), NULL);
	CU_ASSERT(r.out_len + r.err_len > 0);
	if (r.status == GW_OK)
		TST_STR_EQ(r.out, row);
}

/* Row by row of the recorded behaviour: what kubectl refuses is refused, what it takes is taken, but for the rows that
 * gwcert refuses on purpose. */
static void test_secret__refuses_what_kubectl_refuses(void)
{
	static const struct {
		const char *row, *cert, *key;
		int status;
	} cases[] = {
		{"RSA-2048 PKCS8 key + self-signed", "rsa.crt", "rsa2048.key", 0},
		{"EC P-256 SEC1 key", "ec.crt", "ec-sec1.key", 0},
		{"EC secp256k1", "k256.crt", "k256.key", 1},
		{"RSA-1024", "rsa1024.crt", "rsa1024.key", 0},
		{"key mismatch RSA cert / EC key", "rsa.crt", "ec-sec1.key", 1},
		{"key mismatch RSA cert / other RSA key", "rsa.crt", "rsa1024.key", 1},
		{"encrypted PKCS8 key", "rsa.crt", "rsa-enc.key", 3},
		{"encrypted traditional key", "rsa.crt", "rsa-enc-trad.key", 3},
		{"expired leaf", "expired.crt", "ec-sec1.key", 1}, /* on purpose */
		{"chain leaf+root", "chain.crt", "ec-sec1.key", 0},
		{"chain root first", "chain-reversed.crt", "ec-sec1.key", 1},
		{"leaf + trailing undecodable", "trailing-bad-cert.crt", "rsa2048.key", 3}, /* on purpose */
		{"cert with openssl -text preamble", "rsa-with-text.crt", "rsa2048.key", 0},
		{"cert CRLF", "rsa-crlf.crt", "rsa2048.key", 0},
		{"cert UTF-8 BOM", "rsa-bom.crt", "rsa2048.key", 3},
		{"cert no trailing newline", "rsa-nonl.crt", "rsa2048.key", 0},
		{"cert DER", "rsa.der", "rsa2048.key", 3},
		{"key DER", "rsa.crt", "rsa.der", 3},
		{"cert file has cert+key, key file same", "both.pem", "both.pem", 0},
		{"key file has key then cert", "rsa.crt", "key-then-cert.pem", 0},
		{"garbage cert", "garbage.pem", "rsa2048.key", 3},
		{"garbage key", "rsa.crt", "garbage.pem", 3},
		{"missing cert file", "nosuch.pem", "rsa2048.key", 3},
		{"CSR as cert", "leaf.csr", "ec-sec1.key", 3},
		{"TRUSTED CERTIFICATE label", "trusted.crt", "rsa2048.key", 3},
		{"X509 CERTIFICATE label", "x509label.crt", "rsa2048.key", 3},
		{"CA cert as server cert", "ca.crt", "rsa2048.key", 0},
		{"swapped cert/key", "rsa2048.key", "rsa.crt", 3},
		{"EC key with EC PARAMETERS + SEC1, matching cert", "ecp.crt", "ec-with-params.key", 0},
	};
	const char *rows = tst_read(golden("secret-tls-behaviour.txt"), NULL);
	size_t i;

	if (rows == NULL) {
		tst_skip("no recorded answers of kubectl");
		return;
	}
	for (i = 0; i < GW_COUNT(cases); i++) {
		const char *row = strstr(rows, tst_join("\n", cases[i].row, NULL)), *status;
		struct tst_run r;

		CU_ASSERT_PTR_NOT_NULL(row);
		status = row != NULL ? strstr(row, "rc=") : NULL;
		run_golden(&r, cases[i].cert, cases[i].key);
		if (!TST_INT_EQ(r.status, cases[i].status))
			TST_STR_EQ(r.err, cases[i].row);
		if (status != NULL && status[3] != '0')
			CU_ASSERT(r.status != 0);
		if (status != NULL && status[3] != '0')
			verify_refuses(cases[i].cert, cases[i].key, cases[i].row);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_secret__plain_is_what_kubectl_makes),
		TST_CASE(test_secret__makes_what_kubectl_printed),
		TST_CASE(test_secret__refuses_what_kubectl_refuses),
	};

	return tst_main("secret_kubectl", cases, GW_COUNT(cases));
}
