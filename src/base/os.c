/* SPDX-License-Identifier: Apache-2.0 */
#include "base/os.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

/* The handler runs once (SA_RESETHAND): who presses Ctrl-C twice means it. */
static void catch_signal(int number)
{
	struct sigaction sa = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
	struct sigaction old;

	sigemptyset(&sa.sa_mask);
	/* nohup and background jobs ask for these to be ignored; that stays. */
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		(void)sigaction(number, &sa, NULL);
}

/* A closed descriptor 0 to 2 would be handed to the next file opened, a key perhaps. What takes its place is opened the wrong
 * way round, so that reading or writing fails (EBADF) as it would have: results written to nowhere are no success. */
static void fill_descriptors(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			(void)open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_NOCTTY);
	}
}

void gw_os_harden(void)
{
	static const struct rlimit none = {0, 0};

	fill_descriptors();
	umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	catch_signal(SIGINT);
	catch_signal(SIGTERM);
	catch_signal(SIGHUP);
}

int gw_os_signal(void)
{
	return (int)caught;
}

static bool interrupted(void)
{
	return caught != 0;
}

static int64_t wall(void *self)
{
	struct timespec ts;

	(void)self;
	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

static uint64_t monotonic(void *self)
{
	struct timespec ts;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static const char *environment(void *self, const char *name)
{
	(void)self;
	return getenv(name);
}

void gw_os_ctx(struct gw_ctx *ctx, struct gw_arena *arena)
{
	struct winsize size;

	*ctx = (struct gw_ctx){
		.in = stdin,
		.out = stdout,
		.err = stderr,
		.in_tty = isatty(STDIN_FILENO) == 1,
		.out_tty = isatty(STDOUT_FILENO) == 1,
		.err_tty = isatty(STDERR_FILENO) == 1,
		.columns = 80,
		.clock = {wall, monotonic, NULL},
		.env = {environment, NULL},
		.arena = arena,
		.interrupted = interrupted,
	};
	if (ctx->err_tty && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		ctx->columns = size.ws_col;
}

unsigned gw_os_raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 256;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 1048576 ? 1048576u : (unsigned)limit.rlim_cur;
}
