/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stage.h"
#include "tests/fault.h"

/* Stages one entry: a key and a certificate with the same text, and fewer files where `text` says "small". */
static enum gw_code add(struct gw_stage *st, const char *entry, const char *text, struct gw_err *err)
{
	enum gw_code code = gw_stage_entry(st, entry, err);

	if (code == GW_OK)
		code = gw_stage_file(st, "key.pem", text, strlen(text), GW_MODE_PRIVATE, err);
	if (code == GW_OK)
		code = gw_stage_file(st, "cert.pem", text, strlen(text), GW_MODE_PUBLIC, err);
	return code;
}

/* A whole run: two entries with the same text. */
static enum gw_code make(const char *dir, const char *text, struct gw_err *err)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	enum gw_code code = gw_stage_open(&st, dir, 0, err);

	if (code == GW_OK)
		code = add(&st, "ca", text, err);
	if (code == GW_OK)
		code = add(&st, "store", text, err);
	return code == GW_OK ? gw_stage_commit(&st, err) : code;
}

static void test_stage__entries_appear_at_commit_and_not_before(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	const char *dir = tst_path("new/pki");
	struct gw_err err = {0};

	TST_OK(gw_stage_open(&st, dir, 0, &err), &err);
	TST_OK(add(&st, "store", "one", &err), &err);
	CU_ASSERT_FALSE(tst_exists(tst_path("new/pki/store")));
	TST_OK(gw_stage_commit(&st, &err), &err);
	gw_stage_close(&st);
	TST_STR_EQ(tst_names(dir), ".lock store");
	TST_STR_EQ(tst_names(tst_path("new/pki/store")), "cert.pem key.pem");
	TST_INT_EQ(tst_mode(dir), 0700);
	TST_INT_EQ(tst_mode(tst_path("new/pki/store")), 0700);
	TST_INT_EQ(tst_mode(tst_path("new/pki/store/key.pem")), 0600);
	TST_INT_EQ(tst_mode(tst_path("new/pki/store/cert.pem")), 0644);
}

static void test_stage__without_commit_nothing_is_left(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	TST_OK(gw_stage_open(&st, tst_path("dropped"), 0, &err), &err);
	TST_OK(add(&st, "store", "one", &err), &err);
	gw_stage_close(&st);
	TST_STR_EQ(tst_names(tst_path("dropped")), NULL);
	gw_stage_close(&st);
}

static void test_stage__an_empty_commit_is_fine(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	TST_OK(gw_stage_open(&st, tst_path("empty"), 0, &err), &err);
	TST_OK(gw_stage_commit(&st, &err), &err);
	gw_stage_close(&st);
	TST_STR_EQ(tst_names(tst_path("empty")), NULL);
}

static void test_stage__replaces_and_carries_what_is_not_its_own(void)
{
	struct gw_err err = {0};
	struct stat st;

	TST_OK(make(tst_path("r"), "one", &err), &err);
	(void)tst_file("r/store/notes.txt", "mine");
	(void)tst_file("r/store/sub/deep", "mine too");
	TST_INT_EQ(symlink("/nowhere", tst_path("r/store/link")), 0);
	TST_OK(make(tst_path("r"), "two", &err), &err);
	TST_STR_EQ(tst_names(tst_path("r/store")), "cert.pem key.pem link notes.txt sub");
	TST_STR_EQ(tst_read(tst_path("r/store/key.pem"), NULL), "two");
	TST_STR_EQ(tst_read(tst_path("r/store/cert.pem"), NULL), "two");
	TST_STR_EQ(tst_read(tst_path("r/store/notes.txt"), NULL), "mine");
	TST_STR_EQ(tst_read(tst_path("r/store/sub/deep"), NULL), "mine too");
	CU_ASSERT(lstat(tst_path("r/store/link"), &st) == 0 && S_ISLNK(st.st_mode));
	CU_ASSERT(stat(tst_path("r/store/notes.txt"), &st) == 0 && st.st_nlink == 1);
	TST_STR_EQ(tst_names(tst_path("r")), ".lock ca store");
}

static void test_stage__what_is_no_folder_is_not_replaced(void)
{
	struct gw_err err = {0};

	(void)tst_file("n/store", "a file");
	TST_CODE(make(tst_path("n"), "one", &err), GW_E_REFUSED, &err);
	TST_STR_EQ(tst_read(tst_path("n/store"), NULL), "a file");
	/* The one before it in the batch stands. */
	TST_STR_EQ(tst_read(tst_path("n/ca/key.pem"), NULL), "one");
	TST_STR_EQ(tst_names(tst_path("n")), ".lock ca store");
}

static void test_stage__a_link_in_the_place_of_an_entry_is_refused(void)
{
	struct gw_err err = {0};

	(void)tst_file("elsewhere/key.pem", "precious");
	(void)tst_file("s/x", "");
	TST_INT_EQ(symlink(tst_path("elsewhere"), tst_path("s/store")), 0);
	TST_CODE(make(tst_path("s"), "one", &err), GW_E_REFUSED, &err);
	TST_STR_EQ(tst_read(tst_path("elsewhere/key.pem"), NULL), "precious");
	TST_STR_EQ(tst_names(tst_path("elsewhere")), "key.pem");
}

static void test_stage__a_second_run_is_told_that_it_is_locked(void)
{
	struct gw_stage first GW_STAGE_AUTO = GW_STAGE_INIT, second GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	TST_OK(gw_stage_open(&first, tst_path("locked"), 0, &err), &err);
	TST_CODE(gw_stage_open(&second, tst_path("locked"), 0, &err), GW_E_REFUSED, &err);
	TST_CONTAINS(err.what, "locked");
	CU_ASSERT(err.hint[0] != '\0');
	gw_stage_close(&second);
	/* The loser has taken nothing of the winner's away. */
	TST_OK(add(&first, "store", "one", &err), &err);
	TST_OK(gw_stage_commit(&first, &err), &err);
	gw_stage_close(&first);
	TST_OK(gw_stage_open(&second, tst_path("locked"), 0, &err), &err);
	gw_stage_close(&second);
	TST_STR_EQ(tst_names(tst_path("locked")), ".lock store");
}

static void test_stage__what_is_no_folder_cannot_be_opened(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	TST_CODE(gw_stage_open(&st, tst_file("a-file", "x"), 0, &err), GW_E_INPUT, &err);
	TST_STR_EQ(tst_read(tst_path("a-file"), NULL), "x");
}

static void test_stage__a_lock_that_is_a_link_is_not_followed(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	(void)tst_file("trap/x", "");
	TST_INT_EQ(symlink(tst_path("trap/made-by-link"), tst_path("trap/.lock")), 0);
	TST_CODE(gw_stage_open(&st, tst_path("trap"), 0, &err), GW_E_INPUT, &err);
	CU_ASSERT_FALSE(tst_exists(tst_path("trap/made-by-link")));
}

/* Where folders cannot be exchanged, a run may die between taking the old entry away and bringing the new one. */
static void test_stage__rolls_a_complete_next_forward(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	(void)tst_file("fwd/.store.next/key.pem", "new");
	(void)tst_file("fwd/store/key.pem", "old");
	(void)tst_file("fwd/store/sub/deep", "mine");
	(void)tst_file("fwd/.gone.next/key.pem", "new");
	(void)tst_file("fwd/.stage-0badc0de/gone/key.pem", "old");
	(void)tst_file("fwd/.stage-0badc0de/gone/sub/deep", "mine");
	TST_OK(gw_stage_open(&st, tst_path("fwd"), 0, &err), &err);
	gw_stage_close(&st);
	TST_STR_EQ(tst_names(tst_path("fwd")), ".lock gone store");
	TST_STR_EQ(tst_read(tst_path("fwd/store/key.pem"), NULL), "new");
	TST_STR_EQ(tst_read(tst_path("fwd/store/sub/deep"), NULL), "mine");
	TST_STR_EQ(tst_read(tst_path("fwd/gone/key.pem"), NULL), "new");
	TST_STR_EQ(tst_read(tst_path("fwd/gone/sub/deep"), NULL), "mine");
}

static void test_stage__tells_whether_a_run_was_cut_off(void)
{
	struct gw_err err = {0};

	CU_ASSERT_FALSE(gw_stage_is_left(tst_path("left")));
	TST_OK(make(tst_path("left"), "one", &err), &err);
	CU_ASSERT_FALSE(gw_stage_is_left(tst_path("left")));
	(void)tst_file("left/.store.next", "a note");
	CU_ASSERT_FALSE(gw_stage_is_left(tst_path("left")));
	(void)tst_file("left/.ca.next/key.pem", "new");
	CU_ASSERT(gw_stage_is_left(tst_path("left")));
	TST_OK(make(tst_path("left"), "two", &err), &err);
	CU_ASSERT_FALSE(gw_stage_is_left(tst_path("left")));
	(void)tst_file("left/.stage-0badc0de/x/key.pem", "new");
	CU_ASSERT(gw_stage_is_left(tst_path("left")));
}

static void test_stage__a_file_that_is_called_next_is_somebody_elses(void)
{
	struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;
	struct gw_err err = {0};

	(void)tst_file("odd/.store.next", "a note");
	(void)tst_file("odd/store/key.pem", "key");
	TST_OK(gw_stage_open(&st, tst_path("odd"), 0, &err), &err);
	gw_stage_close(&st);
	TST_STR_EQ(tst_read(tst_path("odd/.store.next"), NULL), "a note");
	TST_STR_EQ(tst_read(tst_path("odd/store/key.pem"), NULL), "key");
}

/* --- faults at every system call --------------------------------------------------------------------------------------- */

struct job {
	const char *dir, *text;
};

static int run_job(void *arg)
{
	const struct job *job = arg;
	struct gw_err err = {0};

	return (int)make(job->dir, job->text, &err);
}

/* Puts a finished earlier run there, with files of somebody else's. */
static void set_up(const char *dir, const char *name)
{
	struct gw_err err = {0};
	char path[64];

	TST_OK(make(dir, "old", &err), &err);
	snprintf(path, sizeof(path), "%s/store/notes.txt", name);
	(void)tst_file(path, "mine");
	snprintf(path, sizeof(path), "%s/store/sub/deep", name);
	(void)tst_file(path, "mine");
}

/* Key and certificate of an entry are of the same run, whatever happened; what is somebody else's is there. */
static void check_whole(const char *name)
{
	static const char *const entries[] = {"ca", "store"};
	size_t i;

	for (i = 0; i < GW_COUNT(entries); i++) {
		const char *key = tst_read(tst_path("%s/%s/key.pem", name, entries[i]), NULL);
		const char *cert = tst_read(tst_path("%s/%s/cert.pem", name, entries[i]), NULL);

		CU_ASSERT(key != NULL && (strcmp(key, "old") == 0 || strcmp(key, "new") == 0));
		TST_STR_EQ(cert, key);
	}
	TST_STR_EQ(tst_read(tst_path("%s/store/notes.txt", name), NULL), "mine");
}

static void test_stage__killed_anywhere_the_next_run_mends_it(void)
{
	struct job job = {.dir = tst_path("k"), .text = "new"};
	struct gw_err err = {0};
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	set_up(job.dir, "k");
	for (n = 1; tst_kill_at(n, run_job, &job); n++) {
		struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;

		check_whole("k");
		TST_OK(gw_stage_open(&st, job.dir, 0, &err), &err);
		gw_stage_close(&st);
		check_whole("k");
		TST_STR_EQ(tst_read(tst_path("k/store/sub/deep"), NULL), "mine");
		TST_STR_EQ(tst_names(job.dir), ".lock ca store");
		TST_OK(make(job.dir, "old", &err), &err);
	}
	CU_ASSERT(n > 30);
	TST_STR_EQ(tst_read(tst_path("k/store/key.pem"), NULL), "new");
}

/* Without an exchange there is an instant when an entry is away; the next run brings it, and loses nothing. */
static void test_stage__killed_anywhere_without_exchange(void)
{
	struct job job = {.dir = tst_path("x"), .text = "new"};
	struct gw_err err = {0};
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	set_up(job.dir, "x");
	for (n = 1; tst_run_without_exchange(n, run_job, &job) == -1; n++) {
		struct gw_stage st GW_STAGE_AUTO = GW_STAGE_INIT;

		TST_OK(gw_stage_open(&st, job.dir, 0, &err), &err);
		gw_stage_close(&st);
		check_whole("x");
		TST_STR_EQ(tst_read(tst_path("x/store/sub/deep"), NULL), "mine");
		TST_STR_EQ(tst_names(job.dir), ".lock ca store");
		TST_OK(make(job.dir, "old", &err), &err);
	}
	CU_ASSERT(n > 30);
	TST_STR_EQ(tst_read(tst_path("x/store/key.pem"), NULL), "new");
	TST_STR_EQ(tst_read(tst_path("x/store/sub/deep"), NULL), "mine");
	TST_STR_EQ(tst_names(job.dir), ".lock ca store");
}

static void test_stage__each_call_may_fail(void)
{
	struct job job = {.dir = tst_path("e"), .text = "new"};
	struct gw_err err = {0};
	unsigned n;
	int status;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	set_up(job.dir, "e");
	for (n = 1; tst_fail_at(n, EIO, run_job, &job, &status); n++) {
		CU_ASSERT(status == GW_OK || status == GW_E_IO);
		check_whole("e");
		if (status == GW_OK)
			TST_STR_EQ(tst_read(tst_path("e/store/key.pem"), NULL), "new");
		TST_OK(make(job.dir, "old", &err), &err);
		TST_STR_EQ(tst_names(job.dir), ".lock ca store");
		TST_STR_EQ(tst_read(tst_path("e/store/sub/deep"), NULL), "mine");
	}
	CU_ASSERT(n > 30);
	TST_INT_EQ(status, GW_OK);
}

static void test_stage__first_run_failing_leaves_nothing_half_made(void)
{
	struct job job = {.dir = tst_path("fresh"), .text = "new"};
	unsigned n;
	int status;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	for (n = 1; tst_fail_at(n, ENOSPC, run_job, &job, &status); n++) {
		const char *key = tst_read(tst_path("fresh/store/key.pem"), NULL);
		const char *cert = tst_read(tst_path("fresh/store/cert.pem"), NULL);

		CU_ASSERT(status == GW_OK || status == GW_E_IO);
		TST_STR_EQ(cert, key);
		CU_ASSERT(status != GW_OK || key != NULL);
	}
	CU_ASSERT(n > 20);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_stage__entries_appear_at_commit_and_not_before),
		TST_CASE(test_stage__without_commit_nothing_is_left),
		TST_CASE(test_stage__an_empty_commit_is_fine),
		TST_CASE(test_stage__replaces_and_carries_what_is_not_its_own),
		TST_CASE(test_stage__what_is_no_folder_is_not_replaced),
		TST_CASE(test_stage__a_link_in_the_place_of_an_entry_is_refused),
		TST_CASE(test_stage__a_second_run_is_told_that_it_is_locked),
		TST_CASE(test_stage__what_is_no_folder_cannot_be_opened),
		TST_CASE(test_stage__a_lock_that_is_a_link_is_not_followed),
		TST_CASE(test_stage__rolls_a_complete_next_forward),
		TST_CASE(test_stage__tells_whether_a_run_was_cut_off),
		TST_CASE(test_stage__a_file_that_is_called_next_is_somebody_elses),
		TST_CASE(test_stage__killed_anywhere_the_next_run_mends_it),
		TST_CASE(test_stage__killed_anywhere_without_exchange),
		TST_CASE(test_stage__each_call_may_fail),
		TST_CASE(test_stage__first_run_failing_leaves_nothing_half_made),
	};

	return tst_main("stage", cases, GW_COUNT(cases));
}
