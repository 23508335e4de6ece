/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operating system's side of a process: the only place below main.c that asks for the time, the environment or a
 * terminal, and that changes the process itself.
 */
#ifndef GW_BASE_OS_H
#define GW_BASE_OS_H

#include "base/ctx.h"

/* Before anything else: descriptors 0 to 2 are open, umask 077, no core dump and no ptrace by others, SIGPIPE and SIGXFSZ
 * come as errors of write(), SIGINT/SIGTERM/SIGHUP set a flag (a second one ends the process). */
void gw_os_harden(void);

/* The real streams, clock, environment and terminal facts. The arena is the caller's. */
void gw_os_ctx(struct gw_ctx *ctx, struct gw_arena *arena);

/* The signal that asked this process to end, or 0. */
int gw_os_signal(void);

/* A command line for /bin/sh. */
struct gw_os_shell {
	const char *command;
	const char *const *set; /* NAME=VALUE, added to this process's environment; NULL-terminated */
	const char *const
		*hidden; /* names that are left out of it, "X_*" for all that begin with X_; NULL-terminated */
};

/* Runs it to its end: its standard input is empty, its standard output goes to standard error. GW_E_PARTIAL where it
 * fails, with its exit status. */
enum gw_code GW_MUST_USE gw_os_shell(const struct gw_os_shell *shell, const char *where, struct gw_err *err);

/* Raises the limit of open files to the hard limit, and returns it. */
unsigned gw_os_raise_files(void);

#endif
