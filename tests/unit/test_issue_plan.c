/* SPDX-License-Identifier: Apache-2.0 */
/* What is on disk against what is asked: what is decided, what is said, and what is left alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/converge.h"
#include "tests/peer.h"

/* --- cases ------------------------------------------------------------------------------------------------------ */

static void test_issue_plan__issuers_come_first_in_any_order(void)
{
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = "order", .text = TST_WHOLE});

	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	TST_STR_EQ(tst_names(tst_path("order")), ".lock root store sub");
	TST_STR_EQ(tst_names(tst_path("order/root")), "cert.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_names(tst_path("order/sub")), "cert.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_names(tst_path("order/store")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_STR_EQ(tst_read(tst_path("order/store/chain.pem"), NULL), tst_read(tst_path("order/sub/cert.pem"), NULL));
}

static void test_issue_plan__a_second_run_touches_nothing(void)
{
	const char *before;
	struct tst_outcome o;

	tst_converged("twice", TST_WHOLE);
	before = tst_snapshot("twice");
	o = tst_converge(&(struct tst_asked){.dir = "twice", .text = TST_WHOLE});
	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
	o = tst_converge(&(struct tst_asked){.dir = "twice", .text = TST_WHOLE, .force = true});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
	TST_STR_EQ(tst_snapshot("twice"), before);
}

static void test_issue_plan__a_name_brings_its_issuers_and_nothing_else(void)
{
	static const char text[] =
		TST_HEAD TST_STORE TST_SUB TST_ROOT "  other: { issuer: self, sans: [other.example.com] }\n";
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = "named", .text = text, .names = {"store"}});

	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	o = tst_converge(&(struct tst_asked){.dir = "named", .text = text, .names = {"other", "store"}});
	TST_STR_EQ(o.actions, "other:make root:keep sub:keep store:keep");
	o = tst_converge(&(struct tst_asked){.dir = "named", .text = text, .names = {"stor"}});
	TST_INT_EQ(o.code, GW_E_USAGE);
	TST_CONTAINS(o.words, "has no entry \"stor\"");
}

/* Makes one template, asks for another: this is done with "a", for this reason, and a run after that does nothing. With
 * --plan the same is said and nothing touched. A key that goes is found in the archive. */
static void differs(const char *dir, const char *is, const char *asked, const char *action, const char *reason,
		    const char *change)
{
	const char *before, *key, *archived = tst_path("%s/.archive/a-20261123T120000Z/key.pem", dir);
	struct tst_outcome o;

	tst_converged(dir, is);
	before = tst_snapshot(dir);
	key = tst_key_of(dir, "a");
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = asked, .planned = true});
	TST_INT_EQ(o.code, GW_OK);
	TST_CONTAINS(o.actions, action);
	TST_CONTAINS(o.reasons, reason);
	TST_CONTAINS(o.changes, change);
	TST_STR_EQ(tst_snapshot(dir), before);
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = asked});
	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.words, "");
	TST_CONTAINS(o.actions, action);
	if (strstr(action, "reissue") != NULL) {
		TST_STR_EQ(tst_key_of(dir, "a"), key);
		CU_ASSERT(!tst_exists(tst_path("%s/.archive", dir)));
	} else {
		CU_ASSERT(strcmp(tst_key_of(dir, "a"), key) != 0);
		TST_STR_EQ(tst_read(archived, NULL), key);
		TST_INT_EQ(tst_mode(tst_path("%s/.archive", dir)), 0700);
		TST_INT_EQ(tst_mode(tst_path("%s/.archive/a-20261123T120000Z", dir)), 0700);
		TST_INT_EQ(tst_mode(archived), 0600);
	}
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = asked});
	TST_CONTAINS(o.actions, "a:keep");
}

#define SAME "onRenew: sameKey, "

static void test_issue_plan__what_differs_is_made_anew_and_named(void)
{
	differs("d1", TST_A("sans: [a.example.com]"), TST_A("sans: [a.example.com, b.example.com]"), "a:remake",
		"its names are a.example.com; asked are a.example.com, b.example.com", "a names:  -> b.example.com\n");
	differs("d2", TST_A("sans: [a.example.com]"), TST_A("sans: [a.example.com], subject: { organization: X }"),
		"a:remake", "its subject is \"CN=a.example.com\", asked is \"CN=a.example.com,O=X\"",
		"a subject: \"CN=a.example.com\" -> \"CN=a.example.com,O=X\"\n");
	differs("d3", TST_A("sans: [a.example.com]"), TST_A("sans: [a.example.com], key: ec-p384"), "a:remake",
		"its key is ECDSA P-256, asked is ec-p384", "a key: ECDSA P-256 -> ec-p384\n");
	differs("d4", TST_A(SAME "sans: [a.example.com]"),
		TST_A(SAME "sans: [a.example.com], keyUsage: [digitalSignature, keyAgreement]"), "a:reissue",
		"its key usage is digitalSignature, asked is digitalSignature, keyAgreement",
		"a keyUsage: digitalSignature -> digitalSignature, keyAgreement\n");
	differs("d5", TST_A(SAME "sans: [a.example.com]"),
		TST_A(SAME "sans: [a.example.com], extendedKeyUsage: [serverAuth, clientAuth]"), "a:reissue",
		"its extended key usage is serverAuth, asked is serverAuth, clientAuth",
		"a extendedKeyUsage: serverAuth -> serverAuth, clientAuth\n");
	differs("d6", TST_A("ca: {}, subject: { commonName: A }"),
		TST_A("ca: { pathLength: 0 }, subject: { commonName: A }"), "a:reissue",
		"its path length is without limit, asked is 0", "a pathLength: without limit -> 0\n");
	differs("d7", TST_A("sans: [a.example.com], subject: { commonName: A }"),
		TST_A("ca: {}, sans: [a.example.com], subject: { commonName: A }"), "a:reissue",
		"it is no CA, asked is one", "a ca: no -> yes\n");
	differs("d8", TST_A(SAME "sans: [a.example.com], validity: 30d"),
		TST_A(SAME "sans: [a.example.com], validity: 60d"), "a:reissue",
		"its validity is 30 days, asked is 60 days", "a validity: 30 days -> 60 days\n");
	differs("d9", TST_A("sans: [a.example.com, c.example.com], validity: 60d"),
		TST_A("sans: [a.example.com], validity: 30d"), "a:remake", "its validity is 60 days, asked is 30 days",
		"a names: c.example.com -> \n");
}

static void test_issue_plan__another_issuer_is_a_difference(void)
{
	differs("i1", TST_HEAD TST_ROOT "  a: { issuer: self, sans: [a.example.com] }\n",
		TST_HEAD TST_ROOT "  a: { issuer: root, sans: [a.example.com] }\n", "a:remake",
		"it is not signed by \"root\" as that is now", "a issuer: \"CN=a.example.com\" -> \"CN=Root\"");
	differs("i2", TST_HEAD TST_ROOT "  a: { issuer: root, sans: [a.example.com] }\n",
		TST_HEAD TST_ROOT "  a: { issuer: self, sans: [a.example.com] }\n", "a:remake", "it is not self-signed",
		"a issuer: \"CN=Root\" -> self\n");
	/* The CA is new as well: what is there does not hang on it. */
	differs("i3", TST_A("sans: [a.example.com]"),
		TST_HEAD TST_ROOT "  a: { issuer: root, sans: [a.example.com] }\n", "root:make a:remake",
		"its issuer \"root\" gets a new key", "a : its issuer");
}

/* --- time ------------------------------------------------------------------------------------------------------- */

static void test_issue_plan__due_by_percent_and_by_time_left(void)
{
	static const char percent[] = TST_A("sans: [a.example.com], validity: 100d");
	static const char left[] = TST_A("sans: [a.example.com], validity: 100d, renewAt: 20d");
	int64_t due = TST_NOW + 66 * GW_DAY; /* of the 100 days that it was given, whatever the backdate */
	struct tst_outcome o;

	tst_converged("due", percent);
	TST_STR_EQ(tst_action_at("due", percent, due - 1), "a:keep");
	TST_STR_EQ(tst_action_at("due", percent, due), "a:remake");
	TST_STR_EQ(tst_action_at("due", left, TST_NOW + 80 * GW_DAY - 1), "a:keep");
	TST_STR_EQ(tst_action_at("due", left, TST_NOW + 80 * GW_DAY), "a:remake");
	o = tst_converge(&(struct tst_asked){.dir = "due", .text = percent, .now = due});
	TST_STR_EQ(o.actions, "a:remake");
	TST_CONTAINS(o.reasons, "it is due since 2027-01-28, when 66% of its life was used; 34 days are left");
	TST_STR_EQ(tst_action_at("due", percent, due), "a:keep");
	o = tst_converge(&(struct tst_asked){.dir = "due", .text = left, .now = due + 90 * GW_DAY, .planned = true});
	TST_CONTAINS(o.reasons, "it is due since 2027-04-18; 10 days are left");
}

/* A backdate that is longer than the life would make each certificate due at once. */
static void test_issue_plan__a_backdate_is_no_life_that_was_used(void)
{
	static const char text[] = "gwcert: 1\nsettings: { backdate: 30d }\ncertificates:\n"
				   "  a: { issuer: self, sans: [a.example.com], validity: 10d }\n";

	tst_converged("backdate", text);
	TST_STR_EQ(tst_action_at("backdate", text, TST_NOW + 1), "a:keep");
	TST_STR_EQ(tst_action_at("backdate", text, TST_NOW + 10 * GW_DAY * 66 / 100 - 1), "a:keep");
	TST_STR_EQ(tst_action_at("backdate", text, TST_NOW + 10 * GW_DAY * 66 / 100), "a:reissue");
}

static void test_issue_plan__expired_is_made_anew(void)
{
	static const char text[] = TST_A("sans: [a.example.com], validity: 1d, renewAt: 1s");
	struct tst_outcome o;

	tst_converged("expired", text);
	TST_STR_EQ(tst_action_at("expired", text, TST_NOW + GW_DAY - 2), "a:keep");
	o = tst_converge(&(struct tst_asked){.dir = "expired", .text = text, .now = TST_NOW + GW_DAY + 1});
	TST_STR_EQ(o.actions, "a:remake");
	TST_CONTAINS(o.reasons, "it expired at 2026-11-24T12:00:00Z");
	o = tst_converge(&(struct tst_asked){.dir = "expired", .text = text, .now = TST_NOW - GW_DAY, .planned = true});
	TST_CONTAINS(o.reasons, "it is not valid before 2026-11-24T11:55:01Z");
}

/* One that ends with its issuer gains nothing: else every run would make it again. */
static void test_issue_plan__no_renewal_without_a_gain(void)
{
	static const char text[] = TST_HEAD
		"  root: { issuer: self, ca: {}, subject: { commonName: R }, validity: 100d, onRenew: manual }\n"
		"  a: { issuer: root, sans: [a.example.com] }\n";
	int64_t late = TST_NOW + 95 * GW_DAY;
	struct tst_outcome o;

	tst_converged("gain", text);
	o = tst_converge(&(struct tst_asked){.dir = "gain", .text = text, .now = TST_NOW + 70 * GW_DAY});
	TST_STR_EQ(o.actions, "root:wait a:remake"); /* from 90 days to the root's 100 */
	o = tst_converge(&(struct tst_asked){.dir = "gain", .text = text, .now = late});
	TST_STR_EQ(o.actions, "root:wait a:keep");
	o = tst_converge(&(struct tst_asked){.dir = "gain", .text = text, .now = late, .renew = "root"});
	TST_STR_EQ(o.actions, "root:reissue a:remake");
	TST_STR_EQ(tst_action_at("gain", text, late), "root:keep a:keep");
}

/* --- what is broken --------------------------------------------------------------------------------------------- */

/* Refused for this reason, with nothing touched; --rekey and --force do it, each on a copy of its own. */
static void refused(const char *dir, const char *text, const char *rule, const char *reason)
{
	const char *before = tst_snapshot(dir), *key = tst_key_of(dir, "a");
	struct tst_outcome o = tst_converge(&(struct tst_asked){.dir = dir, .text = text});

	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, rule);
	TST_CONTAINS(o.words, reason);
	TST_CONTAINS(o.words, "--rekey a");
	TST_STR_EQ(tst_snapshot(dir), before);
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text, .force = true, .planned = true});
	TST_CONTAINS(o.actions, "a:remake");
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text, .rekey = "a"});
	TST_INT_EQ(o.code, GW_OK);
	TST_CONTAINS(o.actions, "a:remake");
	if (key != NULL)
		TST_STR_EQ(tst_read(tst_path("%s/.archive/a-20261123T120000Z/key.pem", dir), NULL), key);
	o = tst_converge(&(struct tst_asked){.dir = dir, .text = text});
	TST_CONTAINS(o.actions, "a:keep");
}

static void test_issue_plan__a_key_that_cannot_be_explained_stays(void)
{
	static const char text[] =
		TST_HEAD "  a: { issuer: self, sans: [a.example.com] }\n  b: { issuer: self, sans: [b.example.com] }\n";
	static const char p384[] =
		TST_HEAD "  a: { issuer: self, sans: [a.example.com], key: ec-p384 }\n  b: { issuer: "
			 "self, sans: [b.example.com] }\n";

	tst_converged("strange1", text);
	(void)tst_file("strange1/a/key.pem", tst_key_of("strange1", "b"));
	refused("strange1", text, "GWT022", "its key and certificate do not belong together");
	tst_converged("strange2", text);
	(void)tst_file("strange2/a/key.pem", "not a key");
	refused("strange2", text, "GWT022", "key.pem cannot be read");
	tst_converged("strange3",
		      text); /* no certificate says whose it is, and it is not of the kind that is asked for */
	(void)unlink(tst_path("strange3/a/cert.pem"));
	refused("strange3", p384, "GWT022", "its key is ECDSA P-256, asked is ec-p384");
}

static void test_issue_plan__same_key_holds(void)
{
	static const char text[] = TST_A(SAME "sans: [a.example.com]"),
			  p384[] = TST_A(SAME "sans: [a.example.com], key: ec-p384");

	tst_converged("same1", text);
	refused("same1", p384, "GWT022", "its key is to stay and cannot");
	tst_converged("same2", text);
	(void)unlink(tst_path("same2/a/key.pem"));
	refused("same2", text, "GWT022", "key.pem is missing");
}

static void test_issue_plan__what_is_damaged_is_mended(void)
{
	static const char text[] = TST_A("sans: [a.example.com]");
	const char *key;
	struct tst_outcome o;

	tst_converged("mend", text);
	key = tst_key_of("mend", "a");
	(void)tst_file("mend/a/cert.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	o = tst_converge(&(struct tst_asked){.dir = "mend", .text = text});
	TST_STR_EQ(o.actions, "a:reissue"); /* the key may be known elsewhere */
	TST_CONTAINS(o.reasons, "cert.pem cannot be read");
	TST_STR_EQ(tst_key_of("mend", "a"), key);
	(void)unlink(tst_path("mend/a/cert.pem"));
	o = tst_converge(&(struct tst_asked){.dir = "mend", .text = text});
	TST_STR_EQ(o.actions, "a:reissue");
	TST_STR_EQ(tst_key_of("mend", "a"), key);
	(void)unlink(tst_path("mend/a/key.pem"));
	o = tst_converge(&(struct tst_asked){.dir = "mend", .text = text});
	TST_STR_EQ(o.actions, "a:remake");
	TST_CONTAINS(o.reasons, "key.pem is missing");
	TST_STR_EQ(tst_action_at("mend", text, TST_NOW), "a:keep");
}

/* A file that follows from key and certificate is no reason for a new key. */
static void test_issue_plan__derived_files_are_made_again(void)
{
	const char *key, *cert, *chain;
	struct tst_outcome o;

	tst_converged("derived", TST_WHOLE);
	key = tst_read(tst_path("derived/store/key.pem"), NULL);
	cert = tst_read(tst_path("derived/store/cert.pem"), NULL);
	chain = tst_read(tst_path("derived/store/fullchain.pem"), NULL);
	(void)unlink(tst_path("derived/store/chain.pem"));
	(void)unlink(tst_path("derived/store/fullchain.pem"));
	(void)unlink(tst_path("derived/store/csr.pem"));
	o = tst_converge(&(struct tst_asked){.dir = "derived", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	TST_STR_EQ(tst_read(tst_path("derived/store/key.pem"), NULL), key);
	TST_STR_EQ(tst_read(tst_path("derived/store/cert.pem"), NULL), cert);
	TST_STR_EQ(tst_read(tst_path("derived/store/fullchain.pem"), NULL), chain);
	TST_STR_EQ(tst_names(tst_path("derived/store")), "cert.pem chain.pem csr.pem fullchain.pem key.pem");
	TST_INT_EQ(tst_mode(tst_path("derived/store/key.pem")), 0600);

	/* A request for another key, and what is no request at all, are as good as none. */
	(void)tst_file("derived/store/csr.pem", tst_read(tst_path("derived/sub/csr.pem"), NULL));
	o = tst_converge(&(struct tst_asked){.dir = "derived", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	(void)tst_file("derived/store/csr.pem", "garbage\n");
	o = tst_converge(&(struct tst_asked){.dir = "derived", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	o = tst_converge(&(struct tst_asked){.dir = "derived", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");

	(void)tst_file("derived/store/fullchain.pem", cert);
	o = tst_converge(&(struct tst_asked){.dir = "derived", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:complete");
	TST_CONTAINS(o.reasons, "fullchain.pem is not what belongs there");
	TST_STR_EQ(tst_read(tst_path("derived/store/key.pem"), NULL), key);
	TST_STR_EQ(tst_read(tst_path("derived/store/fullchain.pem"), NULL), chain);
}

static void test_issue_plan__an_exposed_ca_key_is_refused(void)
{
	struct tst_outcome o;

	tst_converged("exposed", TST_WHOLE);
	TST_INT_EQ(chmod(tst_path("exposed/sub/key.pem"), 0640), 0);
	o = tst_converge(&(struct tst_asked){.dir = "exposed", .text = TST_WHOLE});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT023");
	TST_CONTAINS(o.words, "chmod 600");
	o = tst_converge(&(struct tst_asked){.dir = "exposed", .text = TST_WHOLE, .rekey = "sub"});
	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:keep sub:remake store:remake");
	TST_INT_EQ(tst_mode(tst_path("exposed/sub/key.pem")), 0600);
}

static void test_issue_plan__links_are_not_followed(void)
{
	static const char text[] = TST_A("sans: [a.example.com]");
	struct tst_outcome o;

	(void)tst_file("elsewhere/keep", "precious");
	(void)tst_file("linked/x", "");
	TST_INT_EQ(symlink(tst_path("elsewhere"), tst_path("linked/a")), 0);
	o = tst_converge(&(struct tst_asked){.dir = "linked", .text = text, .force = true});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT025");
	TST_STR_EQ(tst_names(tst_path("elsewhere")), "keep");
	(void)tst_file("file/a", "a file");
	o = tst_converge(&(struct tst_asked){.dir = "file", .text = text, .force = true});
	TST_STR_EQ(o.rules, "GWT025");
	/* A link in the place of a key: never read, never written through. */
	tst_converged("linkkey", text);
	(void)rename(tst_path("linkkey/a/key.pem"), tst_path("elsewhere/key.pem"));
	TST_INT_EQ(symlink(tst_path("elsewhere/key.pem"), tst_path("linkkey/a/key.pem")), 0);
	o = tst_converge(&(struct tst_asked){.dir = "linkkey", .text = text});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "key.pem is a symbolic link");
	o = tst_converge(&(struct tst_asked){.dir = "linkkey", .text = text, .force = true});
	TST_STR_EQ(o.actions, "a:remake");
	TST_INT_EQ(tst_mode(tst_path("linkkey/a/key.pem")), 0600);
	CU_ASSERT(strcmp(tst_read(tst_path("linkkey/a/key.pem"), NULL),
			 tst_read(tst_path("elsewhere/key.pem"), NULL)) != 0);
}

static void test_issue_plan__a_pipe_does_not_hang_it(void)
{
	static const char text[] = TST_A("sans: [a.example.com]");
	struct tst_outcome o;

	(void)tst_file("pipe/a/x", "");
	TST_INT_EQ(mkfifo(tst_path("pipe/a/key.pem"), 0600), 0);
	o = tst_converge(&(struct tst_asked){.dir = "pipe", .text = text});
	TST_CONTAINS(o.words, "key.pem is not a regular file");
}

static void test_issue_plan__other_files_stay_and_stale_chains_go(void)
{
	static const char text[] = TST_HEAD TST_ROOT TST_SUB "  store: { issuer: root, sans: [store.example.com] }\n";
	struct tst_outcome o;

	tst_converged("stale", TST_WHOLE);
	(void)tst_file("stale/store/notes.txt", "mine");
	o = tst_converge(&(struct tst_asked){.dir = "stale", .text = text, .force = true, .names = {"store"}});
	TST_STR_EQ(o.actions, "root:keep store:remake");
	TST_STR_EQ(tst_names(tst_path("stale/store")), "cert.pem csr.pem fullchain.pem key.pem notes.txt");
	(void)tst_file("fresh/store/notes.txt", "mine"); /* a folder without any of gwcert's files is not there yet */
	o = tst_converge(&(struct tst_asked){.dir = "fresh", .text = text});
	TST_STR_EQ(o.actions, "root:make sub:make store:make");
	TST_STR_EQ(tst_names(tst_path("fresh/store")), "cert.pem csr.pem fullchain.pem key.pem notes.txt");
}

static void test_issue_plan__life_is_cut_to_the_issuer(void)
{
	static const char ca[] =
		TST_HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n";
	static const char cut[] =
		TST_HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n"
			 "  a: { issuer: root, sans: [a.example.com] }\n";
	static const char asked[] =
		TST_HEAD "  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 100d }\n"
			 "  b: { issuer: root, sans: [b.example.com], validity: 60d }\n";
	int64_t later = TST_NOW + 50 * GW_DAY;
	const char *before;
	struct tst_outcome o;
	struct tst_peer p;

	tst_converged("life", ca);
	before = tst_snapshot("life");
	o = tst_converge(&(struct tst_asked){.dir = "life", .text = asked, .now = later});
	TST_INT_EQ(o.code, GW_E_INPUT);
	TST_STR_EQ(o.rules, "GWT014");
	TST_CONTAINS(o.words, "t.yaml: \"b\" would outlive its issuer. use 50d or less");
	TST_STR_EQ(tst_snapshot("life"), before);
	o = tst_converge(&(struct tst_asked){.dir = "life", .text = cut, .now = later});
	TST_STR_EQ(o.actions, "root:keep a:make");
	o = tst_converge(&(struct tst_asked){.dir = "life", .text = cut, .now = later});
	TST_STR_EQ(o.actions, "root:keep a:keep");
	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&p, NULL, "openssl", "x509", "-noout", "-dates", "-in", tst_path("life/a/cert.pem"), NULL);
	TST_STR_EQ(p.out, "notBefore=Jan 12 11:55:00 2027 GMT\nnotAfter=Mar  3 12:00:00 2027 GMT\n");
}

static bool always(void)
{
	return true;
}

static void test_issue_plan__interrupted_writes_nothing(void)
{
	struct tst_outcome o =
		tst_converge(&(struct tst_asked){.dir = "cut", .text = TST_WHOLE, .interrupted = always});

	TST_INT_EQ(o.code, GW_E_IO);
	TST_CONTAINS(o.words, "interrupted; nothing was written");
	TST_STR_EQ(tst_names(tst_path("cut")), NULL);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_issue_plan__issuers_come_first_in_any_order),
		TST_CASE(test_issue_plan__a_second_run_touches_nothing),
		TST_CASE(test_issue_plan__a_name_brings_its_issuers_and_nothing_else),
		TST_CASE(test_issue_plan__what_differs_is_made_anew_and_named),
		TST_CASE(test_issue_plan__another_issuer_is_a_difference),
		TST_CASE(test_issue_plan__due_by_percent_and_by_time_left),
		TST_CASE(test_issue_plan__a_backdate_is_no_life_that_was_used),
		TST_CASE(test_issue_plan__expired_is_made_anew),
		TST_CASE(test_issue_plan__no_renewal_without_a_gain),
		TST_CASE(test_issue_plan__a_key_that_cannot_be_explained_stays),
		TST_CASE(test_issue_plan__same_key_holds),
		TST_CASE(test_issue_plan__what_is_damaged_is_mended),
		TST_CASE(test_issue_plan__derived_files_are_made_again),
		TST_CASE(test_issue_plan__an_exposed_ca_key_is_refused),
		TST_CASE(test_issue_plan__links_are_not_followed),
		TST_CASE(test_issue_plan__a_pipe_does_not_hang_it),
		TST_CASE(test_issue_plan__other_files_stay_and_stale_chains_go),
		TST_CASE(test_issue_plan__life_is_cut_to_the_issuer),
		TST_CASE(test_issue_plan__interrupted_writes_nothing),
	};

	return tst_main("issue_plan", cases, GW_COUNT(cases));
}
