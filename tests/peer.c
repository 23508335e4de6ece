/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/peer.h"

#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define WORDS_MAX 64

extern char **environ;

bool tst_have(const char *program)
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];

	while (path != NULL && *path != '\0') {
		size_t n = strcspn(path, ":");

		snprintf(full, sizeof(full), "%.*s/%s", (int)n, path, program);
		if (access(full, X_OK) == 0)
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

static int status_of(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int spawn(const char *in, const char *out, const char *err, const char *const *words)
{
	char *argv[WORDS_MAX + 1];
	posix_spawn_file_actions_t files;
	pid_t child;
	size_t n;
	int failed;

	/* posix_spawnp() takes char *const[] for the sake of old code and writes to none of it. */
	for (n = 0; words[n] != NULL; n++)
		memcpy(&argv[n], &words[n], sizeof(argv[n]));
	argv[n] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	failed = posix_spawnp(&child, argv[0], &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	return failed == 0 ? status_of(child) : -1;
}

int tst_peer(struct tst_peer *p, const char *in, const char *program, ...)
{
	const char *words[WORDS_MAX + 1] = {program};
	const char *out = tst_path(".peer-out"), *err = tst_path(".peer-err");
	size_t n = 0;
	va_list args;

	va_start(args, program);
	do {
		if (++n > WORDS_MAX)
			abort();
		words[n] = va_arg(args, const char *);
	} while (words[n] != NULL);
	va_end(args);
	p->status = spawn(in != NULL ? tst_file(".peer-in", in) : "/dev/null", out, err, words);
	p->out = tst_read(out, &p->out_len);
	p->err = tst_read(err, NULL);
	(void)remove(out);
	(void)remove(err);
	if (in != NULL)
		(void)remove(tst_path(".peer-in"));
	return p->status;
}
