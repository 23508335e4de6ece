/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults, one system call at a time. A piece of work runs in a child of its own; the n-th of its system calls that touch
 * files is where it is killed, or where the call fails. With n going up until nothing is hit, every place has been tried:
 *
 *	for (n = 1; tst_kill_at(n, work, &what); n++)
 *		... what is on disk now must be whole ...
 */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>

/* Whether faults can be had here: the machine is known, tracing is allowed, and no valgrind is in the way. */
bool tst_fault_possible(void);

/* Runs work(arg), whose value is the child's exit status, and kills it as it is about to make its n-th call. False where it
 * came to its end before that. */
bool tst_kill_at(unsigned n, int (*work)(void *arg), void *arg);

/* Runs work(arg) and makes its n-th call fail with errnum instead of doing anything. *status is the child's exit status, 128
 * and more for a signal. False where there were fewer calls. */
bool tst_fail_at(unsigned n, int errnum, int (*work)(void *arg), void *arg, int *status);

/* Kills at the n-th call as well, on a file system that can neither exchange names nor rename without replacing: each
 * renameat2() with flags fails with EINVAL, as on some network file systems. n = 0 kills nowhere. Gives the exit status, or
 * -1 where it was killed. */
int tst_run_without_exchange(unsigned n, int (*work)(void *arg), void *arg);

#endif
