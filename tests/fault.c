/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fault.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"

#ifdef __x86_64__

/* The calls that open, write, name and remove files. */
static bool counts(unsigned long long number)
{
	static const long calls[] = {
		SYS_openat,    SYS_open,      SYS_creat,  SYS_write,      SYS_pwrite64, SYS_writev,    SYS_close,
		SYS_fsync,     SYS_fdatasync, SYS_syncfs, SYS_fchmod,     SYS_fchmodat, SYS_rename,    SYS_renameat,
		SYS_renameat2, SYS_link,      SYS_linkat, SYS_unlink,     SYS_unlinkat, SYS_mkdir,     SYS_mkdirat,
		SYS_rmdir,     SYS_ftruncate, SYS_flock,  SYS_getdents64, SYS_symlink,  SYS_symlinkat,
	};
	size_t i;

	for (i = 0; i < GW_COUNT(calls); i++) {
		if ((unsigned long long)calls[i] == number)
			return true;
	}
	return false;
}

static pid_t start(int (*work)(void *arg), void *arg)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(126);
		raise(SIGSTOP);
		_exit(work(arg));
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return -1;
	(void)ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	return child;
}

/* Lets the child run up to the next border of a system call. False where it ended; *status says how. */
static bool next_border(pid_t child, int *status)
{
	int deliver = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, child, NULL, deliver) != 0 || waitpid(child, status, 0) != child)
			return false;
		if (!WIFSTOPPED(*status))
			return false;
		if (WSTOPSIG(*status) == (SIGTRAP | 0x80))
			return true;
		deliver = WSTOPSIG(*status);
	}
}

/* Stops the child at the entry of the n-th call that counts. False where it ended before. */
static bool run_up_to(pid_t child, unsigned n, struct user_regs_struct *regs, int *status)
{
	unsigned seen = 0;

	while (next_border(child, status)) {
		if (ptrace(PTRACE_GETREGS, child, NULL, regs) != 0)
			return false;
		if (counts(regs->orig_rax) && ++seen == n)
			return true;
		/* The way out of the call. */
		if (!next_border(child, status))
			return false;
	}
	return false;
}

bool tst_kill_at(unsigned n, int (*work)(void *arg), void *arg)
{
	pid_t child = start(work, arg);
	struct user_regs_struct regs;
	int status;

	if (child < 0 || !run_up_to(child, n, &regs, &status))
		return false;
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	return true;
}

/* Makes the call at whose entry the child stands fail. False where the child is gone. */
static bool refuse(pid_t child, struct user_regs_struct *regs, int errnum, int *status)
{
	/* No such call: the kernel does nothing, and what it answers is put in place of that. */
	regs->orig_rax = (unsigned long long)-1;
	(void)ptrace(PTRACE_SETREGS, child, NULL, regs);
	if (!next_border(child, status))
		return false;
	regs->rax = (unsigned long long)-errnum;
	(void)ptrace(PTRACE_SETREGS, child, NULL, regs);
	return true;
}

bool tst_fail_at(unsigned n, int errnum, int (*work)(void *arg), void *arg, int *status)
{
	pid_t child = start(work, arg);
	struct user_regs_struct regs;
	int how = 0;
	bool hit = child >= 0 && run_up_to(child, n, &regs, &how);

	if (hit && refuse(child, &regs, errnum, &how)) {
		(void)ptrace(PTRACE_DETACH, child, NULL, NULL);
		(void)waitpid(child, &how, 0);
	}
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
	return hit;
}

int tst_run_without_exchange(unsigned n, int (*work)(void *arg), void *arg)
{
	pid_t child = start(work, arg);
	struct user_regs_struct regs;
	unsigned seen = 0;
	int status = 0;

	while (child >= 0 && next_border(child, &status) && ptrace(PTRACE_GETREGS, child, NULL, &regs) == 0) {
		if (counts(regs.orig_rax) && ++seen == n) {
			(void)kill(child, SIGKILL);
			(void)waitpid(child, &status, 0);
			return -1;
		}
		/* Flags are the fifth argument. */
		if (regs.orig_rax == SYS_renameat2 && regs.r8 != 0 ? !refuse(child, &regs, EINVAL, &status)
								   : !next_border(child, &status))
			break;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int one_call(void *arg)
{
	(void)arg;
	return close(-1) == -1 && errno == ENOSPC ? 0 : 1;
}

bool tst_fault_possible(void)
{
	int status = -1;

	return getenv("GW_VALGRIND") == NULL && tst_fail_at(1, ENOSPC, one_call, NULL, &status) && status == 0;
}

#else

bool tst_kill_at(unsigned n, int (*work)(void *arg), void *arg)
{
	(void)n;
	(void)work;
	(void)arg;
	return false;
}

bool tst_fail_at(unsigned n, int errnum, int (*work)(void *arg), void *arg, int *status)
{
	(void)errnum;
	*status = 0;
	return tst_kill_at(n, work, arg);
}

int tst_run_without_exchange(unsigned n, int (*work)(void *arg), void *arg)
{
	(void)n;
	return work(arg);
}

bool tst_fault_possible(void)
{
	return false;
}

#endif
