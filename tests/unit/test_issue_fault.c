/* SPDX-License-Identifier: Apache-2.0 */
/* Killed, or out of disk, at any moment: what is there is whole, and the next run converges. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/converge.h"
#include "tests/fault.h"

/* --- faults ----------------------------------------------------------------------------------------------------- */

static int work(void *arg)
{
	return (int)tst_converge(arg).code;
}

/* Whatever is on disk is whole: each entry that is there has a key and a certificate that are a pair. */
static void check_whole(const char *dir, const char *entry)
{
	const char *folder = tst_path("%s/%s", dir, entry);

	if (!tst_exists(folder))
		return;
	CU_ASSERT(tst_exists(tst_path("%s/%s/key.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/cert.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/csr.pem", dir, entry)) &&
		  tst_exists(tst_path("%s/%s/fullchain.pem", dir, entry)));
}

static void test_issue_fault__killed_anywhere_the_next_run_converges(void)
{
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; n < 1000; n++) {
		const char *dir = gw_strdup(tst_path("kill%u", n));
		struct tst_asked w = {.dir = strrchr(dir, '/') + 1, .text = TST_WHOLE};
		bool killed = tst_kill_at(n, work, &w);
		struct tst_outcome o;

		check_whole(w.dir, "root");
		check_whole(w.dir, "sub");
		check_whole(w.dir, "store");
		o = tst_converge(&w);
		TST_INT_EQ(o.code, GW_OK);
		TST_STR_EQ(o.words, "");
		o = tst_converge(&w);
		TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
		TST_STR_EQ(tst_names(tst_path("%s", w.dir)), ".lock root store sub");
		free((char *)dir);
		if (!killed)
			break;
	}
	CU_ASSERT(n > 20 && n < 1000);
}

static bool is_somewhere(const char *key, const char *dir, const char *entry)
{
	const char *live = tst_key_of(dir, entry);
	const char *kept = tst_read(tst_path("%s/.archive/%s-20261123T120000Z/key.pem", dir, entry), NULL);

	return (live != NULL && strcmp(live, key) == 0) || (kept != NULL && strcmp(kept, key) == 0);
}

/* A root with a new key, what hangs on it, and an entry that is gone from the template: no key is ever lost, no pair torn. */
static void test_issue_fault__killed_while_replacing(void)
{
	static const char more[] =
		TST_HEAD TST_STORE TST_SUB TST_ROOT "  old: { issuer: self, sans: [old.example.com] }\n";
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; n < 1000; n++) {
		char dir[32];
		struct tst_asked w = {.dir = dir, .text = TST_WHOLE, .rekey = "root"};
		const char *root, *old, *store;
		struct tst_outcome o;
		bool killed;

		snprintf(dir, sizeof(dir), "replace%u", n);
		tst_converged(dir, more);
		root = tst_key_of(dir, "root");
		old = tst_key_of(dir, "old");
		store = tst_key_of(dir, "store");
		killed = tst_kill_at(n, work, &w);
		CU_ASSERT(is_somewhere(root, dir, "root") && is_somewhere(old, dir, "old"));
		TST_STR_EQ(tst_key_of(dir, "store"), store);
		w.rekey = NULL;
		o = tst_converge(&w);
		TST_INT_EQ(o.code, GW_OK);
		TST_STR_EQ(o.words, "");
		o = tst_converge(&w);
		TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
		TST_STR_EQ(tst_names(tst_path("%s", dir)), ".archive .lock root store sub");
		CU_ASSERT(is_somewhere(root, dir, "root") && is_somewhere(old, dir, "old"));
		if (!killed)
			break;
	}
	CU_ASSERT(n > 20 && n < 1000);
}

static void test_issue_fault__a_full_disk_leaves_nothing_half(void)
{
	unsigned n;
	int status;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; n < 1000; n++) {
		const char *dir = gw_strdup(tst_path("full%u", n));
		struct tst_asked w = {.dir = strrchr(dir, '/') + 1, .text = TST_WHOLE};
		bool hit = tst_fail_at(n, 28 /* ENOSPC */, work, &w, &status);
		struct tst_outcome o;

		CU_ASSERT(status < 128);
		check_whole(w.dir, "root");
		check_whole(w.dir, "sub");
		check_whole(w.dir, "store");
		if (status == 0) {
			o = tst_converge(&w);
			TST_STR_EQ(o.actions, "root:keep sub:keep store:keep");
		}
		o = tst_converge(&w);
		TST_INT_EQ(o.code, GW_OK);
		free((char *)dir);
		if (!hit)
			break;
	}
	CU_ASSERT(n > 20 && n < 1000);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_issue_fault__killed_anywhere_the_next_run_converges),
		TST_CASE(test_issue_fault__killed_while_replacing),
		TST_CASE(test_issue_fault__a_full_disk_leaves_nothing_half),
	};

	return tst_main("issue_fault", cases, GW_COUNT(cases));
}
