/* SPDX-License-Identifier: Apache-2.0 */
/* Where libFuzzer's main is not linked: hands the kept seeds to the fuzz target, one TAP line each. Arguments: files instead. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "fuzz/fuzz.h"

#define SEED_MAX ((size_t)1 << 20) /* octets */

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int replay(const char *path)
{
	struct gw_buf text GW_BUF_AUTO = GW_BUF(SEED_MAX);
	FILE *in = fopen(path, "re");
	char chunk[4096];
	size_t n;

	if (in == NULL)
		return 1;
	for (n = fread(chunk, 1, sizeof(chunk), in); n > 0; n = fread(chunk, 1, sizeof(chunk), in))
		gw_buf_add(&text, chunk, n);
	fclose(in);
	return LLVMFuzzerTestOneInput((const unsigned char *)gw_buf_str(&text), text.len);
}

static int replay_folder(const char *folder)
{
	struct dirent **seeds;
	int count = scandir(folder, &seeds, not_hidden, alphasort), failed = 0, i;

	if (count <= 0) {
		printf("1..1\nnot ok 1 - no seeds in %s\n", folder);
		return 1;
	}
	printf("1..%d\n", count);
	for (i = 0; i < count; i++) {
		struct gw_buf path GW_BUF_AUTO = GW_BUF(SEED_MAX);
		int status;

		gw_buf_printf(&path, "%s/%s", folder, seeds[i]->d_name);
		/* Said before: a crash is then known by the seed that comes after the last line. */
		printf("# %s\n", seeds[i]->d_name);
		fflush(stdout);
		status = replay(gw_buf_str(&path));
		failed += status != 0;
		printf("%sok %d - %s\n", status != 0 ? "not " : "", i + 1, seeds[i]->d_name);
		fflush(stdout);
		free(seeds[i]);
	}
	free(seeds);
	return failed != 0;
}

int main(int argc, char **argv)
{
	const char *top = getenv("GW_SRCDIR");
	struct gw_buf folder GW_BUF_AUTO = GW_BUF(SEED_MAX);
	int i, failed = 0;

	for (i = 1; i < argc; i++)
		failed |= replay(argv[i]);
	if (argc > 1)
		return failed;
	gw_buf_printf(&folder, "%s/fuzz/corpus/%s", top != NULL ? top : ".", gw_fuzz_corpus);
	return replay_folder(gw_buf_str(&folder));
}
