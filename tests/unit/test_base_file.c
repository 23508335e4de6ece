/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/fault.h"

static const struct gw_ctx nothing;

static void test_file__reads_whole_and_appends(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(100);
	struct gw_err err = {0};

	gw_buf_str_add(&b, "first ");
	TST_OK(gw_file_read(&nothing, tst_file_bytes("in", "a\0b", 3), &b, &err), &err);
	TST_MEM_EQ(b.data, b.len, "first a\0b", 9);
}

static void test_file__says_what_cannot_be_read(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(100);
	struct gw_err err = {0};

	TST_CODE(gw_file_read(&nothing, tst_path("absent"), &b, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, tst_path("absent"));
	TST_CONTAINS(err.what, strerror(ENOENT));
	TST_CODE(gw_file_read(&nothing, tst_dir(), &b, &err), GW_E_INPUT, &err);
	TST_CODE(gw_file_read(&nothing, tst_file("empty", ""), &b, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "is empty");
	/* Emptiness is the file's, whatever the buffer holds already. */
	gw_buf_str_add(&b, "before");
	TST_CODE(gw_file_read(&nothing, tst_path("empty"), &b, &err), GW_E_INPUT, &err);
}

static void test_file__the_limit_is_exact(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(5), c GW_BUF_AUTO = GW_BUF(5);
	struct gw_err err = {0};

	TST_OK(gw_file_read(&nothing, tst_file("five", "12345"), &b, &err), &err);
	TST_STR_EQ(gw_buf_str(&b), "12345");
	TST_CODE(gw_file_read(&nothing, tst_file("six", "123456"), &c, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "5 octets");
}

static void test_file__reads_standard_input(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(20000), c GW_BUF_AUTO = GW_BUF(9999), d GW_BUF_AUTO = GW_BUF(10000);
	char text[10000];
	struct gw_ctx ctx = {.in = fmemopen(text, sizeof(text), "r")};
	struct gw_err err = {0};

	memset(text, 'z', sizeof(text));
	TST_OK(gw_file_read(&ctx, "-", &b, &err), &err);
	TST_MEM_EQ(b.data, b.len, text, sizeof(text));
	TST_CODE(gw_file_read(&ctx, "-", &b, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, "standard input");
	TST_CONTAINS(err.hint, "before the pipe");
	rewind(ctx.in);
	TST_CODE(gw_file_read(&ctx, "-", &c, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "larger than the 9999 octets");
	rewind(ctx.in);
	TST_OK(gw_file_read(&ctx, "-", &d, &err), &err);
	TST_INT_EQ(d.len, 10000);
	fclose(ctx.in);
}

static void test_file__modes_are_exact_under_any_umask(void)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	struct gw_err err = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(masks); i++) {
		const char *key = tst_path("key%zu", i), *cert = tst_path("cert%zu", i);
		mode_t old = umask(masks[i]);

		TST_OK(gw_file_write(key, "k", 1, GW_MODE_PRIVATE, false, &err), &err);
		TST_OK(gw_file_write(cert, "c", 1, GW_MODE_PUBLIC, false, &err), &err);
		umask(old);
		TST_INT_EQ(tst_mode(key), 0600);
		TST_INT_EQ(tst_mode(cert), 0644);
	}
}

static void test_file__never_overwrites_unless_asked(void)
{
	const char *path = tst_file("d/key.pem", "old key");
	struct gw_err err = {0};

	TST_CODE(gw_file_write(path, "new", 3, GW_MODE_PRIVATE, false, &err), GW_E_REFUSED, &err);
	TST_STR_EQ(tst_read(path, NULL), "old key");
	TST_CONTAINS(err.hint, "--force");
	TST_OK(gw_file_write(path, "new", 3, GW_MODE_PRIVATE, true, &err), &err);
	TST_STR_EQ(tst_read(path, NULL), "new");
	TST_INT_EQ(tst_mode(path), 0600);
	TST_STR_EQ(tst_names(tst_path("d")), "key.pem");
}

static void test_file__a_link_is_replaced_and_not_followed(void)
{
	const char *victim = tst_file("l/victim", "precious"), *link = tst_path("l/link");
	struct gw_err err = {0};
	struct stat st;

	TST_INT_EQ(symlink(victim, link), 0);
	TST_CODE(gw_file_write(link, "x", 1, GW_MODE_PRIVATE, false, &err), GW_E_REFUSED, &err);
	TST_OK(gw_file_write(link, "x", 1, GW_MODE_PRIVATE, true, &err), &err);
	TST_STR_EQ(tst_read(victim, NULL), "precious");
	CU_ASSERT(lstat(link, &st) == 0 && S_ISREG(st.st_mode));
	/* A dangling one would let another choose where the key goes. */
	TST_INT_EQ(symlink(tst_path("l/elsewhere"), tst_path("l/dangling")), 0);
	TST_CODE(gw_file_write(tst_path("l/dangling"), "x", 1, GW_MODE_PRIVATE, false, &err), GW_E_REFUSED, &err);
	CU_ASSERT_FALSE(tst_exists(tst_path("l/elsewhere")));
	TST_STR_EQ(tst_names(tst_path("l")), "dangling link victim");
}

static void test_file__devices_pipes_and_folders_are_refused(void)
{
	struct gw_err err = {0};

	TST_CODE(gw_file_write("/dev/null", "x", 1, GW_MODE_PUBLIC, true, &err), GW_E_INPUT, &err);
	TST_CODE(gw_file_write(tst_dir(), "x", 1, GW_MODE_PUBLIC, true, &err), GW_E_INPUT, &err);
	TST_CODE(gw_file_write(tst_path("x/"), "x", 1, GW_MODE_PUBLIC, true, &err), GW_E_INPUT, &err);
	TST_INT_EQ(mkfifo(tst_path("fifo"), 0600), 0);
	TST_CODE(gw_file_write(tst_path("fifo"), "x", 1, GW_MODE_PUBLIC, true, &err), GW_E_INPUT, &err);
	TST_CODE(gw_file_write(tst_path("no/such/folder"), "x", 1, GW_MODE_PUBLIC, true, &err), GW_E_INPUT, &err);
}

/* "%.200s" keeps room for the temporary's suffix; 255 octets are the most a name may have. */
static void test_file__the_longest_name_can_be_written(void)
{
	char name[256];
	struct gw_err err = {0};

	memset(name, 'n', 255);
	name[255] = '\0';
	TST_OK(gw_file_write(tst_path("%s", name), "x", 1, GW_MODE_PUBLIC, false, &err), &err);
	TST_STR_EQ(tst_read(tst_path("%s", name), NULL), "x");
}

/* In a child, since a limit on file sizes does not come off again. */
static int write_past_the_limit(const char *path)
{
	static const struct rlimit limit = {4096, 4096};
	static char text[10000];
	struct gw_err err = {0};

	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 99;
	return (int)gw_file_write(path, text, sizeof(text), GW_MODE_PRIVATE, true, &err);
}

static void test_file__no_room_leaves_the_old_file_and_nothing_else(void)
{
	const char *path = tst_file("full/key.pem", "old key");
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(write_past_the_limit(path));
	TST_INT_EQ(waitpid(child, &status, 0), child);
	CU_ASSERT(WIFEXITED(status));
	TST_INT_EQ(WEXITSTATUS(status), GW_E_IO);
	TST_STR_EQ(tst_read(path, NULL), "old key");
	TST_STR_EQ(tst_names(tst_path("full")), "key.pem");
}

struct job {
	const char *path;
	bool replace;
};

static int write_new(void *arg)
{
	const struct job *job = arg;
	struct gw_err err = {0};
	enum gw_code code = gw_file_write(job->path, "new key", 7, GW_MODE_PRIVATE, job->replace, &err);

	/* A failure has a place and a reason. */
	if (code != GW_OK && (err.what[0] == '\0' || err.code != code))
		return 98;
	return (int)code;
}

static void check_after_fault(const struct job *job, bool success)
{
	const char *text = tst_read(job->path, NULL);

	if (success)
		TST_STR_EQ(text, "new key");
	else if (text != NULL && strcmp(text, "new key") != 0)
		TST_STR_EQ(text, job->replace ? "old key" : NULL);
	CU_ASSERT(!job->replace || text != NULL);
	CU_ASSERT(text == NULL || (tst_mode(job->path) & 077) == 0);
}

static void reset(const struct job *job)
{
	(void)unlink(job->path);
	if (job->replace) {
		(void)tst_file("f/key.pem", "old key");
		(void)chmod(job->path, 0600);
	}
}

/* Each system call fails in turn with each of two errors: the old file or the new one, never a piece, and no litter. */
static void fail_each_call(bool replace)
{
	static const int errors[] = {ENOSPC, EIO};
	struct job job = {.path = tst_file("f/key.pem", ""), .replace = replace};
	unsigned n, e, tried = 0;
	int status;

	for (e = 0; e < GW_COUNT(errors); e++) {
		reset(&job);
		for (n = 1; tst_fail_at(n, errors[e], write_new, &job, &status); n++, tried++) {
			CU_ASSERT(status == GW_OK || status == GW_E_IO);
			check_after_fault(&job, status == GW_OK);
			TST_LACKS(tst_names(tst_path("f")), ".key.pem.");
			reset(&job);
		}
		TST_INT_EQ(status, GW_OK);
	}
	CU_ASSERT(tried >= 16);
}

static void test_file__each_call_may_fail(void)
{
	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	fail_each_call(false);
	fail_each_call(true);
}

/* A kill may leave its temporary behind, but never under the name. */
static void test_file__a_kill_anywhere_leaves_old_or_new(void)
{
	struct job job = {.path = tst_file("f/key.pem", ""), .replace = true};
	unsigned n;

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	reset(&job);
	for (n = 1; tst_kill_at(n, write_new, &job); n++) {
		check_after_fault(&job, false);
		reset(&job);
	}
	CU_ASSERT(n > 5);
	check_after_fault(&job, true);
}

static void test_file__only_what_a_killed_write_left_is_tidied_away(void)
{
	static const char *const stay[] = {"tidy/a",
					   "tidy/.a",
					   "tidy/.a.0123",
					   "tidy/.a.0123456789abcdeg",
					   "tidy/.a.0123456789abcdef0",
					   "tidy/.b.0123456789abcdef"};
	int dirfd;
	size_t i;

	for (i = 0; i < GW_COUNT(stay); i++)
		tst_file(stay[i], "x");
	tst_file("tidy/.a.0123456789abcdef", "x");
	dirfd = open(tst_path("tidy"), O_RDONLY | O_DIRECTORY);
	gw_file_tidy(dirfd, "a");
	gw_close(&dirfd);
	CU_ASSERT(!tst_exists(tst_path("tidy/.a.0123456789abcdef")));
	for (i = 0; i < GW_COUNT(stay); i++)
		CU_ASSERT(tst_exists(tst_path("%s", stay[i])));
}

static void test_file__works_where_rename_cannot_refuse_to_replace(void)
{
	struct job job = {.path = tst_file("w/key.pem", ""), .replace = false};

	if (!tst_fault_possible()) {
		tst_skip("no tracing here");
		return;
	}
	TST_INT_EQ(tst_run_without_exchange(0, write_new, &job), GW_E_REFUSED);
	TST_STR_EQ(tst_names(tst_path("w")), "key.pem");
	TST_INT_EQ(unlink(job.path), 0);
	TST_INT_EQ(tst_run_without_exchange(0, write_new, &job), GW_OK);
	TST_STR_EQ(tst_read(job.path, NULL), "new key");
	TST_STR_EQ(tst_names(tst_path("w")), "key.pem");
}

static void test_file__standard_output(void)
{
	char *text = NULL;
	size_t len = 0;
	struct gw_ctx ctx = {.out = open_memstream(&text, &len)};
	struct gw_err err = {0};

	TST_OK(gw_output_write(&ctx, "-", "a\0b", 3, GW_MODE_PUBLIC, false, &err), &err);
	fclose(ctx.out);
	TST_MEM_EQ(text, len, "a\0b", 3);
	free(text);
	ctx.out = fopen("/dev/full", "we");
	setvbuf(ctx.out, NULL, _IONBF, 0);
	TST_CODE(gw_output_write(&ctx, "-", "abc", 3, GW_MODE_PUBLIC, false, &err), GW_E_IO, &err);
	TST_CONTAINS(err.what, strerror(ENOSPC));
	fclose(ctx.out);
}

static void test_file__folders_are_made_with_their_parents(void)
{
	struct gw_err err = {0};
	mode_t old = umask(0);

	TST_OK(gw_dir_make(tst_path("p/q//r/"), &err), &err);
	umask(old);
	TST_INT_EQ(tst_mode(tst_path("p")), 0700);
	TST_INT_EQ(tst_mode(tst_path("p/q/r")), 0700);
	TST_INT_EQ(chmod(tst_path("p/q/r"), 0750), 0);
	TST_OK(gw_dir_make(tst_path("p/q/r"), &err), &err);
	TST_INT_EQ(tst_mode(tst_path("p/q/r")), 0750);
	(void)tst_file("p/file", "x");
	TST_CODE(gw_dir_make(tst_path("p/file"), &err), GW_E_INPUT, &err);
	TST_CODE(gw_dir_make(tst_path("p/file/x"), &err), GW_E_INPUT, &err);
	TST_CODE(gw_dir_make("", &err), GW_E_INPUT, &err);
	TST_OK(gw_dir_make("/", &err), &err);
	TST_OK(gw_dir_make(".", &err), &err);
}

static void test_file__names_that_may_be_made(void)
{
	static const char *const bad[] = {"", ".", "..", ".x", "a/b", "/", "a\nb", "a\x7f", "\x01", "\xff", "a\xc3"};
	char name[242];
	size_t i;

	for (i = 0; i < GW_COUNT(bad); i++)
		CU_ASSERT_FALSE(gw_file_name_ok(bad[i]));
	memset(name, 'n', 241);
	name[241] = '\0';
	CU_ASSERT_FALSE(gw_file_name_ok(name));
	CU_ASSERT(gw_file_name_ok(name + 1));
	CU_ASSERT(gw_file_name_ok("store"));
	CU_ASSERT(gw_file_name_ok("a..b"));
	CU_ASSERT(gw_file_name_ok("gr\xc3\xbc\xc3\x9f"));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_file__reads_whole_and_appends),
		TST_CASE(test_file__says_what_cannot_be_read),
		TST_CASE(test_file__the_limit_is_exact),
		TST_CASE(test_file__reads_standard_input),
		TST_CASE(test_file__modes_are_exact_under_any_umask),
		TST_CASE(test_file__never_overwrites_unless_asked),
		TST_CASE(test_file__a_link_is_replaced_and_not_followed),
		TST_CASE(test_file__devices_pipes_and_folders_are_refused),
		TST_CASE(test_file__the_longest_name_can_be_written),
		TST_CASE(test_file__no_room_leaves_the_old_file_and_nothing_else),
		TST_CASE(test_file__each_call_may_fail),
		TST_CASE(test_file__a_kill_anywhere_leaves_old_or_new),
		TST_CASE(test_file__only_what_a_killed_write_left_is_tidied_away),
		TST_CASE(test_file__works_where_rename_cannot_refuse_to_replace),
		TST_CASE(test_file__standard_output),
		TST_CASE(test_file__folders_are_made_with_their_parents),
		TST_CASE(test_file__names_that_may_be_made),
	};

	return tst_main("file", cases, GW_COUNT(cases));
}
