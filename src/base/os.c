/* SPDX-License-Identifier: Apache-2.0 */
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/* --- running a command -------------------------------------------------------------------------------------------- */

static bool is_hidden(const char *variable, const char *const *hidden)
{
	for (; *hidden != NULL; hidden++) {
		size_t n = strlen(*hidden);
		bool prefix = n > 0 && (*hidden)[n - 1] == '*';

		if (prefix ? strncmp(variable, *hidden, n - 1) == 0
			   : strncmp(variable, *hidden, n) == 0 && variable[n] == '=')
			return true;
	}
	return false;
}

/* Pointers into the environment and to what is set; only the array is owned. */
static const char **shell_environment(const struct gw_os_shell *shell)
{
	size_t n = 0, m = 0, i, k = 0;
	const char **env;

	while (environ[n] != NULL)
		n++;
	while (shell->set[m] != NULL)
		m++;
	env = gw_realloc_array(NULL, n + m + 1, sizeof(*env));
	for (i = 0; i < n; i++) {
		if (!is_hidden(environ[i], shell->hidden))
			env[k++] = environ[i];
	}
	for (i = 0; i < m; i++)
		env[k++] = shell->set[i];
	env[k] = NULL;
	return env;
}

/* Signals are as a new process expects them. Gives errno's value. */
static int spawn_shell(const char *command, const char **env, pid_t *pid)
{
	const char *argv[] = {"sh", "-c", command, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t ignored;
	int failed;

	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_setsigdefault(&attr, &ignored);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	/* POSIX wants pointers to what it does not change. */
	failed = posix_spawn(pid, "/bin/sh", &files, &attr, (char *const *)argv, (char *const *)env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return failed;
}

enum gw_code gw_os_shell(const struct gw_os_shell *shell, const char *where, struct gw_err *err)
{
	const char **env = shell_environment(shell);
	pid_t pid, ended;
	int status = 0, failed = spawn_shell(shell->command, env, &pid);

	free(env);
	if (failed != 0)
		return gw_fail(err, GW_E_PARTIAL, where, "/bin/sh cannot be run: %s", strerror(failed));
	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return gw_fail(err, GW_E_PARTIAL, where, "what became of the command cannot be told");
	if (WIFSIGNALED(status))
		return gw_fail(err, GW_E_PARTIAL, where, "the command was ended by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return gw_fail(err, GW_E_PARTIAL, where, "the command failed with exit status %d", WEXITSTATUS(status));
	return GW_OK;
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
