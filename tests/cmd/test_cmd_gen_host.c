/* SPDX-License-Identifier: Apache-2.0 */
/* gen --host: no template, into folders or one file, self-signed or by a CA from outside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

/* --- hosts ------------------------------------------------------------------------------------------------------ */

static void test_gen__hosts_into_folders(void)
{
	const char *dir = tst_path("hosts");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "--host", "example.com", "-d", dir, NULL), GW_OK);
	TST_STR_EQ(tst_names(dir), ".lock _wildcard.example.com");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "--host", "example.com", "-d", dir, NULL), GW_OK);
	TST_CONTAINS(r.out, "nothing to do: the entry is as asked");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "*.example.com", "-d", dir, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "its names are");
	TST_INT_EQ(
		tst_run(&r, "gen", "--host", "a.example.com", "--host", "2001:db8::1", "--each-host", "-d", dir, NULL),
		GW_OK);
	TST_STR_EQ(tst_names(dir), ".lock 2001-db8--1 _wildcard.example.com a.example.com");
	TST_INT_EQ(chdir(tst_dir()), 0);
	TST_INT_EQ(tst_run(&r, "gen", "-q", "--host", "127.0.0.1", NULL), GW_OK);
	TST_CONTAINS(tst_names(tst_path("pki")), "127.0.0.1");
}

static void test_gen__one_file(void)
{
	const char *path = tst_path("one.pem"), *first;
	struct tst_world terminal = {TST_WORLD, .out_tty = true};
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "--days", "30", "-o", path, NULL), GW_OK);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "made a key and a certificate for store.example.com, good until 2026-12-23T12:00:00Z");
	TST_INT_EQ(tst_mode(path), 0600);
	first = tst_read(path, NULL);
	CU_ASSERT(strncmp(first, "-----BEGIN PRIVATE KEY-----\n", 28) == 0);
	TST_CONTAINS(first, "-----BEGIN CERTIFICATE-----");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", path, NULL), GW_E_REFUSED);
	TST_STR_EQ(tst_read(path, NULL), first);
	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", path, "--force", NULL), GW_OK);
	CU_ASSERT(strcmp(tst_read(path, NULL), first) != 0);

	TST_INT_EQ(tst_run(&r, "gen", "--host", "store.example.com", "-o", "-", NULL), GW_OK);
	CU_ASSERT(strncmp(r.out, "-----BEGIN PRIVATE KEY-----\n", 28) == 0);
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(tst_run_with(&r, &terminal, "gen", "--host", "store.example.com", "-o", "-", NULL), GW_E_REFUSED);
	TST_STR_EQ(r.out, "");
	TST_CONTAINS(r.err, "is a terminal");
	TST_INT_EQ(tst_run_with(&r, &terminal, "gen", "--host", "store.example.com", "-o", "-", "--force", NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "PRIVATE KEY");
}

/* --- a CA from outside ------------------------------------------------------------------------------------------ */

/* Root and intermediate, as files: the intermediate first, then the root. */
static const struct tst_id *outside(void)
{
	const struct tst_id *root = tst_ca("Outside Root", NULL), *sub = tst_ca("Outside Sub", root);

	(void)tst_file("ca/root.pem", tst_pem(root, NULL));
	(void)tst_file("ca/ca.pem", tst_pem(sub, root, NULL));
	(void)tst_file("ca/ca.key", tst_key_pem(sub));
	(void)tst_file("ca/root.key", tst_key_pem(root));
	TST_INT_EQ(chmod(tst_path("ca/ca.key"), 0600), 0);
	TST_INT_EQ(chmod(tst_path("ca/root.key"), 0600), 0);
	return sub;
}

static void test_gen__a_ca_from_outside_signs(void)
{
	const char *dir = tst_path("signed");
	struct tst_peer p;
	struct tst_run r;

	(void)outside();
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "-d", dir, NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "until 2026-12-23"); /* 90 days are cut to the issuer's 30 */
	TST_STR_EQ(tst_names(tst_path("signed/a.example.com")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "-d", dir, NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "nothing to do");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/root.pem"), "--issuer-key",
			   tst_path("ca/root.key"), "-d", dir, NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "it is not signed by the issuer given");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "verify", "-x509_strict", "-attime", "1795435200", "-purpose", "sslserver",
		 "-CAfile", tst_path("ca/root.pem"), "-untrusted", tst_path("signed/a.example.com/chain.pem"),
		 tst_path("signed/a.example.com/cert.pem"), NULL);
	TST_INT_EQ(p.status, 0);
}

static void issuer_refused(const char *cert, const char *key, enum gw_code code, const char *what)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", cert, "--issuer-key", key, "-d",
			   tst_path("never"), NULL),
		   code);
	TST_CONTAINS(r.err, what);
	CU_ASSERT(!tst_exists(tst_path("never")));
}

static void test_gen__a_ca_that_cannot_sign(void)
{
	const struct tst_id *sub = outside(), *leaf = tst_leaf("leaf.example.com", sub);
	const struct tst_id *old = tst_issue(
		&(struct tst_spec){
			.cn = "Old", .ca = true, .not_before = TST_NOW - 9 * GW_DAY, .not_after = TST_NOW - GW_DAY},
		NULL);
	const char *leaf_key = tst_file("ca/leaf.key", tst_key_pem(leaf)),
		   *old_key = tst_file("ca/old.key", tst_key_pem(old));
	const struct tst_id *early = tst_issue(
		&(struct tst_spec){
			.cn = "Early", .ca = true, .not_before = TST_NOW + GW_DAY, .not_after = TST_NOW + 9 * GW_DAY},
		NULL);
	const struct tst_id *mute =
		tst_issue(&(struct tst_spec){.cn = "Mute", .ca = true, .key_usage = GW_KU_CRL_SIGN}, NULL);
	const struct tst_id *clients =
		tst_issue(&(struct tst_spec){.cn = "Clients", .ca = true, .eku = "clientAuth"}, NULL);
	const char *open_key = tst_file("ca/open.key", tst_key_pem(sub));
	const char *early_key = tst_file("ca/early.key", tst_key_pem(early));
	const char *mute_key = tst_file("ca/mute.key", tst_key_pem(mute));
	const char *clients_key = tst_file("ca/clients.key", tst_key_pem(clients));
	struct tst_run r;

	TST_INT_EQ(chmod(leaf_key, 0600) | chmod(old_key, 0600) | chmod(open_key, 0644) | chmod(early_key, 0600) |
			   chmod(mute_key, 0600) | chmod(clients_key, 0600),
		   0);
	issuer_refused(tst_path("ca/ca.pem"), open_key, GW_E_REFUSED, "others can read it (mode 0644)");
	issuer_refused(tst_path("ca/ca.pem"), leaf_key, GW_E_INPUT, "does not belong to the issuer's key");
	issuer_refused(tst_file("ca/leaf.pem", tst_pem(leaf, NULL)), leaf_key, GW_E_INPUT, "is no CA");
	issuer_refused(tst_file("ca/old.pem", tst_pem(old, NULL)), old_key, GW_E_INPUT,
		       "the issuer expired at 2026-11-22");
	issuer_refused(tst_file("ca/early.pem", tst_pem(early, NULL)), early_key, GW_E_INPUT,
		       "not valid before 2026-11-24");
	issuer_refused(tst_file("ca/mute.pem", tst_pem(mute, NULL)), mute_key, GW_E_INPUT, "no client would accept");
	issuer_refused(tst_file("ca/clients.pem", tst_pem(clients, NULL)), clients_key, GW_E_INPUT,
		       "no client would accept");
	issuer_refused(tst_file("ca/order.pem", tst_pem(sub, leaf, NULL)), tst_path("ca/ca.key"), GW_E_INPUT,
		       "certificate 2 of the file did not issue the one before it");
	issuer_refused(tst_path("ca/none.pem"), tst_path("ca/ca.key"), GW_E_INPUT, "none.pem");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "--days", "60", "-o", "-", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "would outlive its issuer");
	TST_STR_EQ(r.out, "");
	TST_INT_EQ(tst_run(&r, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"), "--issuer-key",
			   tst_path("ca/ca.key"), "--days", "60", "-d", tst_path("never-made"), NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "Nothing was written");
	CU_ASSERT(!tst_exists(tst_path("never-made")));
}

static void test_gen__an_encrypted_issuer_key(void)
{
	static const char *const env[] = {"CA_PASS", "swordfish", "WRONG", "x", NULL};
	const char *key = tst_path("ca/enc.key");
	struct tst_world world = {TST_WORLD, .env = env};
	struct tst_run r;
	struct tst_peer p;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	(void)outside();
	tst_peer(&p, NULL, "openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "pass:swordfish", "-in",
		 tst_path("ca/ca.key"), "-out", key, NULL);
	TST_INT_EQ(p.status, 0);
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "--issuer-password", "env:CA_PASS", "-o", "-", NULL),
		   GW_OK);
	TST_CONTAINS(r.out, "BEGIN CERTIFICATE");
	/* The command after a change does not inherit the password. */
	TST_INT_EQ(setenv("CA_PASS", "swordfish", 1), 0);
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "--issuer-password", "env:CA_PASS", "-d", tst_path("enc"),
				"--on-change", "test \"$GWCERT_CHANGED$CA_PASS\" = a.example.com", NULL),
		   GW_OK);
	TST_INT_EQ(unsetenv("CA_PASS"), 0);
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "--issuer-password", "env:WRONG", "-o", "-", NULL),
		   GW_E_INPUT);
	TST_LACKS(r.err, "swordfish");
	TST_INT_EQ(tst_run_with(&r, &world, "gen", "--host", "a.example.com", "--issuer", tst_path("ca/ca.pem"),
				"--issuer-key", key, "-o", "-", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "encrypted");
	TST_CONTAINS(r.err, "--issuer-password");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_gen__hosts_into_folders),      TST_CASE(test_gen__one_file),
		TST_CASE(test_gen__a_ca_from_outside_signs), TST_CASE(test_gen__a_ca_that_cannot_sign),
		TST_CASE(test_gen__an_encrypted_issuer_key),
	};

	return tst_main("gen_host", cases, GW_COUNT(cases));
}
