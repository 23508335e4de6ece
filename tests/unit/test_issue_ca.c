/* SPDX-License-Identifier: Apache-2.0 */
/* CAs, which others hang on; what waits for a word; what goes to the archive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/converge.h"

/* --- CAs -------------------------------------------------------------------------------------------------------- */

static const char renamed[] =
	TST_HEAD TST_STORE TST_SUB "  root: { issuer: self, ca: {}, subject: { commonName: New Root } }\n";
static const char other_key[] =
	TST_HEAD TST_STORE TST_SUB "  root: { issuer: self, ca: {}, subject: { commonName: Root }, key: ec-p384 }\n";

static void test_issue_ca__a_renewed_ca_keeps_what_it_signed(void)
{
	int64_t later = TST_NOW + 3000 * GW_DAY;
	static const char text[] = TST_HEAD TST_STORE TST_SUB
		"  root: { issuer: self, ca: {}, subject: { commonName: Root }, validity: 20y, renewAt: 1d }\n";
	const char *root;
	struct tst_outcome o;

	tst_converged("carenew", text);
	root = tst_read(tst_path("carenew/root/cert.pem"), NULL);
	o = tst_converge(&(struct tst_asked){.dir = "carenew", .text = text, .now = later});
	TST_STR_EQ(o.actions, "root:keep sub:reissue store:remake");
	TST_STR_EQ(tst_read(tst_path("carenew/root/cert.pem"), NULL), root);
	o = tst_converge(&(struct tst_asked){.dir = "carenew", .text = text, .now = later + GW_DAY, .renew = "sub"});
	TST_STR_EQ(o.actions, "root:keep sub:reissue store:complete"); /* only its chain changes */
	TST_CONTAINS(o.reasons, "sub: --renew asks for it");
	TST_CONTAINS(o.reasons, "store: the chain above it changes");
	TST_STR_EQ(tst_read(tst_path("carenew/store/chain.pem"), NULL),
		   tst_read(tst_path("carenew/sub/cert.pem"), NULL));
	TST_STR_EQ(tst_action_at("carenew", text, later + GW_DAY), "root:keep sub:keep store:keep");
}

static void test_issue_ca__another_subject_takes_the_children_along(void)
{
	const char *before, *key;
	struct tst_outcome o;

	tst_converged("family", TST_WHOLE);
	before = tst_snapshot("family");
	key = tst_key_of("family", "root");
	o = tst_converge(&(struct tst_asked){.dir = "family", .text = renamed, .names = {"root"}});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT024");
	TST_CONTAINS(o.words, "a new \"root\" would orphan \"sub\"");
	TST_STR_EQ(tst_snapshot("family"), before);
	o = tst_converge(&(struct tst_asked){.dir = "family", .text = renamed});
	TST_STR_EQ(o.actions, "root:reissue sub:reissue store:complete");
	TST_CONTAINS(o.reasons, "sub: its issuer \"root\" gets another subject");
	TST_STR_EQ(tst_key_of("family", "root"), key);
	TST_STR_EQ(tst_action_at("family", renamed, TST_NOW), "root:keep sub:keep store:keep");
}

static void test_issue_ca__a_ca_gets_a_new_key_by_name_only(void)
{
	const char *before, *sub;
	struct tst_outcome o;

	tst_converged("rekey", TST_WHOLE);
	before = tst_snapshot("rekey");
	sub = tst_key_of("rekey", "sub");
	o = tst_converge(&(struct tst_asked){.dir = "rekey", .text = other_key});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT024");
	TST_CONTAINS(o.words, "\"root\" would get a new key, and \"sub\" hangs on the one it had");
	TST_CONTAINS(o.words, "--rekey root");
	o = tst_converge(&(struct tst_asked){.dir = "rekey", .text = TST_WHOLE, .rekey = "root", .names = {"root"}});
	TST_STR_EQ(o.rules, "GWT024");
	TST_CONTAINS(o.words, "would orphan \"sub\"");
	TST_STR_EQ(tst_snapshot("rekey"), before);
	o = tst_converge(&(struct tst_asked){.dir = "rekey", .text = other_key, .force = true, .planned = true});
	TST_STR_EQ(o.actions, "root:remake sub:reissue store:complete");
	o = tst_converge(&(struct tst_asked){.dir = "rekey", .text = other_key, .rekey = "root"});
	TST_STR_EQ(o.actions, "root:remake sub:reissue store:complete");
	TST_STR_EQ(tst_key_of("rekey", "sub"), sub);
	TST_STR_EQ(tst_names(tst_path("rekey/.archive")), "root-20261123T120000Z");
	TST_STR_EQ(tst_action_at("rekey", other_key, TST_NOW), "root:keep sub:keep store:keep");
}

/* A root that was lost is not quietly made again beside what the old one signed. */
static void test_issue_ca__a_lost_root_is_not_replaced_unasked(void)
{
	struct tst_outcome o;

	tst_converged("lost", TST_WHOLE);
	TST_INT_EQ(rename(tst_path("lost/root"), tst_path("lost-root")), 0);
	o = tst_converge(&(struct tst_asked){.dir = "lost", .text = TST_WHOLE});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT024");
	TST_CONTAINS(o.words, "put the old one back; if it is lost, --rekey root");
	o = tst_converge(&(struct tst_asked){.dir = "lost", .text = TST_WHOLE, .names = {"root"}});
	TST_STR_EQ(o.rules, "GWT024");
	CU_ASSERT(!tst_exists(tst_path("lost/root")));
	o = tst_converge(&(struct tst_asked){.dir = "lost", .text = TST_WHOLE, .rekey = "root", .planned = true});
	TST_STR_EQ(o.actions, "root:make sub:reissue store:complete");
	TST_INT_EQ(rename(tst_path("lost-root"), tst_path("lost/root")), 0);
	o = tst_converge(&(struct tst_asked){.dir = "lost", .text = TST_WHOLE});
	TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
	(void)unlink(tst_path("lost/root/key.pem"));
	o = tst_converge(&(struct tst_asked){.dir = "lost", .text = TST_WHOLE});
	TST_STR_EQ(o.rules, "GWT024");
}

#define MANUAL "  root: { issuer: self, ca: {}, subject: { commonName: Root }, onRenew: manual, validity: 100d }\n"
static const char manual[] = TST_HEAD MANUAL "  a: { issuer: root, sans: [a.example.com], validity: 10d }\n";

static void test_issue_ca__manual_waits_for_a_word(void)
{
	int64_t later = TST_NOW + 80 * GW_DAY, after = TST_NOW + 101 * GW_DAY;
	const char *key;
	struct tst_outcome o;

	tst_converged("manual", manual);
	key = tst_key_of("manual", "root");
	o = tst_converge(&(struct tst_asked){.dir = "manual", .text = manual, .now = later});
	TST_INT_EQ(o.code, GW_OK);
	TST_STR_EQ(o.actions, "root:wait a:remake");
	TST_STR_EQ(o.rules, "GWT050");
	TST_CONTAINS(o.words, "gwcert gen --renew root makes it anew with its key");
	o = tst_converge(&(struct tst_asked){.dir = "manual", .text = manual, .now = later, .force = true});
	TST_STR_EQ(o.actions, "root:wait a:keep"); /* nor by force */
	TST_STR_EQ(o.rules, "GWT050");
	o = tst_converge(&(struct tst_asked){.dir = "manual", .text = manual, .now = after});
	TST_INT_EQ(o.code, GW_E_INPUT);
	TST_CONTAINS(o.words, "\"a\" would outlive its issuer, which has expired");
	o = tst_converge(&(struct tst_asked){.dir = "manual", .text = manual, .now = after, .renew = "root"});
	TST_STR_EQ(o.actions, "root:reissue a:remake");
	TST_STR_EQ(tst_key_of("manual", "root"), key);
	o = tst_converge(&(struct tst_asked){.dir = "manual", .text = manual, .now = after, .rekey = "root"});
	TST_STR_EQ(o.actions, "root:remake a:remake");
	CU_ASSERT(strcmp(tst_key_of("manual", "root"), key) != 0);
}

/* A root whose key is kept elsewhere: what it signed can still be judged, and nothing be signed. */
static void test_issue_ca__a_root_without_its_key(void)
{
	struct tst_outcome o;

	tst_converged("offline", manual);
	(void)unlink(tst_path("offline/root/key.pem"));
	o = tst_converge(&(struct tst_asked){.dir = "offline", .text = manual});
	TST_STR_EQ(o.actions, "root:wait a:keep");
	TST_STR_EQ(o.rules, "GWT050");
	o = tst_converge(&(struct tst_asked){.dir = "offline", .text = manual, .now = TST_NOW + 9 * GW_DAY});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.words, "\"a\" cannot be signed: the key of its issuer is not there");
	(void)tst_file("offline/root/cert.pem", "damaged");
	o = tst_converge(&(struct tst_asked){.dir = "offline", .text = manual});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_STR_EQ(o.rules, "GWT022");
}

static void test_issue_ca__a_manual_child_is_no_surprise(void)
{
	static const char text[] =
		TST_HEAD TST_ROOT "  sub: { issuer: root, ca: {}, subject: { commonName: Sub }, onRenew: manual }\n";
	struct tst_outcome o;

	tst_converged("mchild", text);
	o = tst_converge(&(struct tst_asked){.dir = "mchild", .text = text, .rekey = "root"});
	TST_INT_EQ(o.code, GW_E_REFUSED);
	TST_CONTAINS(o.rules, "GWT024");
	TST_CONTAINS(o.words, "give --renew sub too");
	o = tst_converge(&(struct tst_asked){.dir = "mchild", .text = text, .rekey = "root", .renew = "sub"});
	TST_STR_EQ(o.actions, "root:remake sub:reissue");
}

/* --- the archive ------------------------------------------------------------------------------------------------ */

static void test_issue_ca__removed_entries_move_to_the_archive(void)
{
	static const char two[] =
		TST_HEAD "  a: { issuer: self, sans: [a.example.com] }\n  b: { issuer: self, sans: [b.example.com] }\n";
	static const char one[] = TST_A("sans: [a.example.com]");
	const char *key;
	struct tst_outcome o;

	tst_converged("gone", two);
	key = tst_key_of("gone", "b");
	(void)tst_file("gone/b/notes.txt", "mine");
	(void)tst_file("gone/live/cert.pem", "of somebody else"); /* not all of the template's files */
	(void)tst_file("gone/live/key.pem", "of somebody else");
	(void)tst_file("gone/README", "");
	o = tst_converge(&(struct tst_asked){.dir = "gone", .text = one, .names = {"a"}});
	TST_STR_EQ(o.removed, ""); /* names say nothing about the others */
	o = tst_converge(&(struct tst_asked){.dir = "gone", .text = one, .planned = true});
	TST_STR_EQ(o.removed, "b");
	CU_ASSERT(tst_exists(tst_path("gone/b/key.pem")));
	o = tst_converge(&(struct tst_asked){.dir = "gone", .text = one});
	TST_STR_EQ(o.removed, "b");
	TST_STR_EQ(tst_names(tst_path("gone")), ".archive .lock README a live");
	TST_STR_EQ(tst_names(tst_path("gone/.archive")), "b-20261123T120000Z");
	TST_STR_EQ(tst_read(tst_path("gone/.archive/b-20261123T120000Z/key.pem"), NULL), key);
	TST_STR_EQ(tst_read(tst_path("gone/.archive/b-20261123T120000Z/notes.txt"), NULL), "mine");
	o = tst_converge(&(struct tst_asked){.dir = "gone", .text = one});
	TST_STR_EQ(o.removed, "");
	tst_converged("gone", two); /* made again and removed again in one second: neither is lost */
	tst_converged("gone", one);
	TST_STR_EQ(tst_names(tst_path("gone/.archive")), "b-20261123T120000Z b-20261123T120000Z-2");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_issue_ca__a_renewed_ca_keeps_what_it_signed),
		TST_CASE(test_issue_ca__another_subject_takes_the_children_along),
		TST_CASE(test_issue_ca__a_ca_gets_a_new_key_by_name_only),
		TST_CASE(test_issue_ca__a_lost_root_is_not_replaced_unasked),
		TST_CASE(test_issue_ca__manual_waits_for_a_word),
		TST_CASE(test_issue_ca__a_root_without_its_key),
		TST_CASE(test_issue_ca__a_manual_child_is_no_surprise),
		TST_CASE(test_issue_ca__removed_entries_move_to_the_archive),
	};

	return tst_main("issue_ca", cases, GW_COUNT(cases));
}
