/* SPDX-License-Identifier: Apache-2.0 */
/* revoke and crl as they are typed: what is refused, what converges, and openssl's word on the lists. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "issue/revoke.h"
#include "tests/fault.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

struct ca {
	const struct tst_id *id, *leaf;
	const char *dir, *cert, *key, *crl, *leaf_pem;
};

/* A CA in two files of a folder of its own, and a certificate of it. */
static struct ca ca_in(const char *name)
{
	struct ca ca = {.id = tst_ca("Root", NULL)};
	GW_ARENA_AUTO struct gw_arena arena = {0};

	ca.leaf = tst_leaf("store.example.com", ca.id);
	ca.cert = tst_file(gw_arena_printf(&arena, "%s/ca.pem", name), tst_pem(ca.id, NULL));
	ca.key = tst_file(gw_arena_printf(&arena, "%s/ca.key", name), tst_key_pem(ca.id));
	ca.leaf_pem = tst_file(gw_arena_printf(&arena, "%s/leaf.pem", name), tst_pem(ca.leaf, NULL));
	ca.dir = tst_path("%s", name);
	ca.crl = tst_path("%s/crl.pem", name);
	chmod(ca.key, 0600);
	return ca;
}

static int at(struct tst_run *r, const struct ca *ca, int64_t now, const char *command, const char *a, const char *b,
	      const char *c)
{
	const char *words[] = {command, "--issuer", ca->cert, "--issuer-key", ca->key, a, b, c, NULL};

	return tst_run_argv(r, &(struct tst_world){.now = now}, words);
}

static int do_revoke(struct tst_run *r, const struct ca *ca, const char *a, const char *b, const char *c)
{
	return at(r, ca, TST_NOW, "revoke", a, b, c);
}

/* --- refused ---------------------------------------------------------------------------------------------------- */

static void test_revoke__refuses_what_makes_no_sense(void)
{
	struct ca ca = ca_in("usage");
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "revoke", NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "revoke", "11", NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "--issuer: is missing: which CA is it?");
	TST_INT_EQ(tst_run(&r, "revoke", "11", "--issuer-key", ca.key, NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "revoke", "11", "--issuer", ca.cert, NULL), GW_E_USAGE);
	TST_CONTAINS(r.err, "needs its key as well");
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--reason", "removeFromCRL"), GW_E_USAGE);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--reason", "keycompromise"), GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean keyCompromise?");
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--at", "yesterday"), GW_E_USAGE);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--at", "2026-11-23T12:00:01Z"), GW_E_USAGE);
	TST_CONTAINS(r.err, "--at: 2026-11-23T12:00:01Z is in the future");
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--invalid-since", "2036-11-23T12:00:01Z"), GW_E_USAGE);
	TST_INT_EQ(do_revoke(&r, &ca, "zz", NULL, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "zz: is neither a file nor a serial number");
	TST_INT_EQ(do_revoke(&r, &ca, "00", NULL, NULL), GW_E_INPUT);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--release", "--reason=superseded"), GW_E_USAGE);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--crl", "-"), GW_E_USAGE);
	TST_CONTAINS(r.err, "--crl: must be a file");
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--crl", tst_path("usage")), GW_E_INPUT);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--crl", tst_path("none/crl.pem")), GW_E_INPUT);
	CU_ASSERT(!tst_exists(ca.crl));
}

static void test_revoke__refuses_certificates_of_others(void)
{
	struct ca ca = ca_in("others"), same_name = ca_in("others2");
	const struct tst_id *stranger = tst_leaf("other.example.com", tst_ca("Other", NULL));
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, tst_file("others/stranger.pem", tst_pem(stranger, NULL)), NULL, NULL),
		   GW_E_REFUSED);
	TST_CONTAINS(r.err, "was not issued by this CA, but by \"Other\"");
	TST_INT_EQ(do_revoke(&r, &ca, same_name.leaf_pem, NULL, NULL), GW_E_REFUSED);
	TST_INT_EQ(do_revoke(&r, &ca, ca.cert, NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "is the CA itself");
	/* One bad operand, and none is revoked. */
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, same_name.leaf_pem, NULL), GW_E_REFUSED);
	CU_ASSERT(!tst_exists(ca.crl));
}

static void test_revoke__refuses_a_ca_that_may_not(void)
{
	const struct tst_id *no_sign =
		tst_issue(&(struct tst_spec){.cn = "No CRL", .ca = true, .key_usage = GW_KU_KEY_CERT_SIGN}, NULL);
	struct ca ca = ca_in("maynot");
	struct tst_run r;

	chmod(ca.key, 0640);
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "others can read it");
	ca.cert = tst_file("maynot/nosign.pem", tst_pem(no_sign, NULL));
	ca.key = tst_file("maynot/nosign.key", tst_key_pem(no_sign));
	chmod(ca.key, 0600);
	TST_INT_EQ(do_revoke(&r, &ca, "11", NULL, NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "its key usage lacks cRLSign");
	CU_ASSERT(!tst_exists(ca.crl));
}

static void refuses_list(struct ca *ca, const char *text, int status, const char *what)
{
	struct tst_run r;

	tst_file("lists/crl.pem", text);
	TST_INT_EQ(do_revoke(&r, ca, ca->leaf_pem, NULL, NULL), status);
	TST_CONTAINS(r.err, what);
	TST_STR_EQ(tst_read(ca->crl, NULL), text);
	TST_INT_EQ(at(&r, ca, TST_NOW, "crl", "--renew", NULL, NULL), status);
	TST_STR_EQ(tst_read(ca->crl, NULL), text);
}

static void test_revoke__never_writes_over_a_list_that_is_not_its_own(void)
{
	struct ca ca = ca_in("lists"), other = ca_in("lists2");
	const struct tst_id *named = tst_ca("Other", NULL);
	struct tst_run r;
	char *cut;

	refuses_list(&ca, "", GW_E_INPUT, "crl.pem: is empty");
	refuses_list(&ca, "garbage\n", GW_E_INPUT, "crl.pem");
	refuses_list(&ca, tst_pem(ca.leaf, NULL), GW_E_INPUT, "is a certificate, not a revocation list");
	TST_INT_EQ(do_revoke(&r, &other, other.leaf_pem, NULL, NULL), GW_OK);
	refuses_list(&ca, tst_read(other.crl, NULL), GW_E_REFUSED, "is not signed by the CA's key");
	refuses_list(&ca, tst_join(tst_read(other.crl, NULL), tst_read(other.crl, NULL), NULL), GW_E_INPUT,
		     "holds 2 PEM blocks");
	cut = (char *)tst_join(tst_read(other.crl, NULL), NULL);
	memset(strchr(cut, '\n') + 20, 'A', 8);
	refuses_list(&ca, cut, GW_E_INPUT, "cannot be decoded");
	other.cert = tst_file("lists2/ca.pem", tst_pem(named, NULL));
	other.key = tst_file("lists2/ca.key", tst_key_pem(named));
	unlink(other.crl);
	TST_INT_EQ(do_revoke(&r, &other, "11", NULL, NULL), GW_OK);
	refuses_list(&ca, tst_read(other.crl, NULL), GW_E_REFUSED, "is the list of another CA: \"CN=Other\"");
	unlink(ca.crl);
	CU_ASSERT(symlink(other.crl, ca.crl) == 0);
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, NULL, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "symbolic link");
}

/* --- done ------------------------------------------------------------------------------------------------------- */

static void test_revoke__twice_is_once(void)
{
	struct ca ca = ca_in("twice");
	const char *first;
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, "--reason", "keyCompromise"), GW_OK);
	TST_CONTAINS(r.out, "revoked  store.example.com  serial ");
	TST_CONTAINS(r.out, "made  ");
	TST_INT_EQ(tst_mode(ca.crl), 0644);
	first = tst_read(ca.crl, NULL);
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, "--reason", "keyCompromise"), GW_OK);
	TST_CONTAINS(r.out, "unchanged  store.example.com");
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "keyCompromise, since 2026-11-23T12:00:00Z");
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, "--reason", "superseded"), GW_E_REFUSED);
	TST_CONTAINS(r.err, "was revoked on 2026-11-23 already, for another reason: keyCompromise");
	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, "--release", NULL), GW_E_REFUSED);
	TST_CONTAINS(r.err, "is revoked for good (keyCompromise)");
	TST_STR_EQ(tst_read(ca.crl, NULL), first);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "random", "0x0011"), GW_E_INPUT);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "0x0011", "00:11"), GW_OK);
	TST_CONTAINS(r.out, "number 2, 2 revoked");
}

static void test_revoke__a_hold_can_end_either_way(void)
{
	struct ca ca = ca_in("hold");
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, "11", "--release", NULL), GW_OK);
	TST_CONTAINS(r.out, "it is not on the list");
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--reason", "certificateHold"), GW_OK);
	TST_INT_EQ(do_revoke(&r, &ca, "22", "--reason", "certificateHold"), GW_OK);
	TST_INT_EQ(do_revoke(&r, &ca, "11", "--release", NULL), GW_OK);
	TST_CONTAINS(r.out, "released  11");
	TST_INT_EQ(do_revoke(&r, &ca, "22", "--reason", "keyCompromise"), GW_OK);
	TST_CONTAINS(r.out, "number 5, 1 revoked");
	TST_INT_EQ(tst_run(&r, "crl", ca.crl, NULL), GW_OK);
	TST_CONTAINS(r.out, "  22  2026-11-23T12:00:00Z  keyCompromise");
	TST_LACKS(r.out, "  11  ");
}

static void test_revoke__plan_writes_nothing(void)
{
	struct ca ca = ca_in("plan");
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, "--plan", NULL), GW_OK);
	TST_CONTAINS(r.out, "to make");
	TST_STR_EQ(tst_names(ca.dir), "ca.key ca.pem leaf.pem");
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", "--plan", NULL, NULL), GW_OK);
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", "--check", NULL, NULL), GW_E_DUE);
	TST_STR_EQ(tst_names(ca.dir), "ca.key ca.pem leaf.pem");
}

static void test_crl__is_renewed_when_a_third_is_left(void)
{
	struct ca ca = ca_in("due");
	const int64_t day = GW_DAY;
	struct tst_run r;

	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", "--next-update", "9d", NULL), GW_OK);
	TST_CONTAINS(r.out, "number 1, 0 revoked, until 2026-12-02T12:00:00Z");
	TST_INT_EQ(at(&r, &ca, TST_NOW + 6 * day, "crl", "--check", NULL, NULL), GW_OK);
	TST_INT_EQ(at(&r, &ca, TST_NOW + 6 * day, "crl", NULL, NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "unchanged");
	TST_INT_EQ(at(&r, &ca, TST_NOW + 6 * day + 1, "crl", "--check", NULL, NULL), GW_E_DUE);
	TST_INT_EQ(at(&r, &ca, TST_NOW + 6 * day + 1, "crl", NULL, NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "number 2, 0 revoked, until 2026-12-08T12:00:01Z  (it runs out in ");
	TST_INT_EQ(at(&r, &ca, TST_NOW + 20 * day, "crl", "--plan", NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "it has run out  (it ran out on 2026-12-08)");
	TST_INT_EQ(at(&r, &ca, TST_NOW + 6 * day + 2, "crl", "--renew", NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "number 3");
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", ca.crl, NULL, NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "crl", "--check", ca.crl, NULL), GW_E_USAGE);
	TST_INT_EQ(tst_run(&r, "crl", ca.cert, NULL), GW_E_INPUT);
}

static void test_crl__goes_on_after_a_new_key_only_when_told(void)
{
	struct ca ca = ca_in("rekey");
	const struct tst_id *anew = tst_ca("Root", NULL);
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, ca.leaf_pem, NULL, NULL), GW_OK);
	tst_file("rekey/ca.pem", tst_pem(anew, NULL));
	tst_file("rekey/ca.key", tst_key_pem(anew));
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", NULL, NULL, NULL), GW_E_REFUSED);
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", "--take-over", NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "number 2, 1 revoked");
	TST_INT_EQ(at(&r, &ca, TST_NOW, "crl", NULL, NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "unchanged");
}

static void test_revoke__json_says_all(void)
{
	struct ca ca = ca_in("json");
	struct tst_run r;

	TST_INT_EQ(do_revoke(&r, &ca, "1f", "--format=json", "--reason=aACompromise"), GW_OK);
	TST_CONTAINS(r.out, "\"schemaVersion\": 1,\n");
	TST_CONTAINS(r.out, "\"action\": \"make\",\n");
	TST_CONTAINS(r.out, "\"number\": \"1\",\n");
	TST_CONTAINS(r.out, "\"nextUpdate\": \"2026-12-23T12:00:00Z\",\n");
	TST_CONTAINS(r.out, "\"name\": \"1f\",\n      \"serial\": \"1f\",\n      \"action\": \"revoked\"\n");
	TST_CONTAINS(r.out, "\"reason\": \"aACompromise\"\n");
	TST_STR_EQ(r.err, "");
}

/* --- killed anywhere -------------------------------------------------------------------------------------------- */

static struct ca fault_ca;

/* What revoke does once it has read the CA. */
static int revoke_22(void *arg)
{
	const struct gw_signer signer = {.cert = fault_ca.id->cert, .key = fault_ca.id->key};
	struct gw_crl_change change = {.name = "22", .want = {.serial = "22", .at = TST_NOW}};
	const struct gw_crl_request request = {
		.signer = &signer, .path = fault_ca.crl, .changes = &change, .n_changes = 1};
	GW_CRL_OUTCOME_AUTO struct gw_crl_outcome outcome = {0};
	struct gw_err err = {0};

	(void)arg;
	return (int)gw_crl_run(tst_ctx(), &request, &outcome, &err);
}

/* The old list or the new one, whole; and the next run brings what is lacking. */
static void check_after(void)
{
	struct tst_run r;
	bool has_11, has_22;

	TST_INT_EQ(tst_run(&r, "crl", fault_ca.crl, NULL), GW_OK);
	has_11 = strstr(r.out, "\n  11  ") != NULL;
	has_22 = strstr(r.out, "\n  22  ") != NULL;
	CU_ASSERT(has_11);
	TST_CONTAINS(r.out, has_22 ? "number 2, 2 revoked" : "number 1, 1 revoked");
	TST_INT_EQ(do_revoke(&r, &fault_ca, "22", NULL, NULL), GW_OK);
	TST_CONTAINS(r.out, "number 2, 2 revoked");
	TST_STR_EQ(tst_names(fault_ca.dir), "ca.key ca.pem crl.pem leaf.pem");
}

static void begin_again(void)
{
	struct tst_run r;

	unlink(fault_ca.crl);
	TST_INT_EQ(do_revoke(&r, &fault_ca, "11", NULL, NULL), GW_OK);
}

static void test_revoke__killed_anywhere_loses_nothing(void)
{
	unsigned n;
	bool hit = true;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	fault_ca = ca_in("kill");
	for (n = 1; n < 500 && hit; n++) {
		begin_again();
		hit = tst_kill_at(n, revoke_22, NULL);
		check_after();
	}
	CU_ASSERT(n > 5 && n < 500);
}

static void test_revoke__a_full_disk_loses_nothing(void)
{
	bool hit = true;
	int status = 0;
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	fault_ca = ca_in("full");
	for (n = 1; n < 500 && hit; n++) {
		begin_again();
		hit = tst_fail_at(n, 28 /* ENOSPC */, revoke_22, NULL, &status);
		CU_ASSERT(status < 128);
		check_after();
	}
	CU_ASSERT(n > 5 && n < 500);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_revoke__refuses_what_makes_no_sense),
		TST_CASE(test_revoke__refuses_certificates_of_others),
		TST_CASE(test_revoke__refuses_a_ca_that_may_not),
		TST_CASE(test_revoke__never_writes_over_a_list_that_is_not_its_own),
		TST_CASE(test_revoke__twice_is_once),
		TST_CASE(test_revoke__a_hold_can_end_either_way),
		TST_CASE(test_revoke__plan_writes_nothing),
		TST_CASE(test_crl__is_renewed_when_a_third_is_left),
		TST_CASE(test_crl__goes_on_after_a_new_key_only_when_told),
		TST_CASE(test_revoke__json_says_all),
		TST_CASE(test_revoke__killed_anywhere_loses_nothing),
		TST_CASE(test_revoke__a_full_disk_loses_nothing),
	};

	return tst_main("cmd_revoke", cases, GW_COUNT(cases));
}
