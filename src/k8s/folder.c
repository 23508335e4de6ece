/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/secret.h"
#include "pki/pem.h"

/* The best of a folder so far. */
struct search {
	const struct gw_ctx *ctx;
	const char *dir;
	const char *key, *other_key, *cert;
	size_t n_certs; /* in cert */
};

static size_t count(const struct gw_pem *pem, bool keys)
{
	size_t i, n = 0;

	for (i = 0; i < pem->n_blocks; i++)
		n += keys ? gw_pem_is_key(&pem->blocks[i]) : pem->blocks[i].kind == GW_PEM_CERT;
	return n;
}

static void look_at(struct search *s, const char *path)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err unused;
	size_t n;

	/* What is no PEM is none of ours: a README, a keystore. */
	if (gw_file_read(s->ctx, path, &text, &unused) != GW_OK ||
	    gw_pem_scan(&pem, path, text.data, text.len, &unused) != GW_OK)
		return;
	if (count(&pem, true) > 0) {
		s->other_key = s->key;
		s->key = path;
	}
	n = count(&pem, false);
	/* Of two with as many, cert.pem and fullchain.pem of a root's child: they are the same. */
	if (n > s->n_certs) {
		s->n_certs = n;
		s->cert = path;
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Regular files without a leading dot, sorted, so that the same folder always gives the same answer. */
static size_t list_files(struct search *s, const char *paths[static GW_FOLDER_FILES_MAX])
{
	DIR *dir = opendir(s->dir);
	const struct dirent *d;
	size_t n = 0;

	while (dir != NULL && n < GW_FOLDER_FILES_MAX && (d = readdir(dir)) != NULL) {
		struct stat st;

		if (d->d_name[0] == '.' || fstatat(dirfd(dir), d->d_name, &st, 0) != 0 || !S_ISREG(st.st_mode))
			continue;
		paths[n++] = gw_arena_printf(s->ctx->arena, "%s/%s", s->dir, d->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	qsort(paths, n, sizeof(*paths), by_name);
	return n;
}

enum gw_code gw_folder_find(const struct gw_ctx *ctx, const char *dir, const char **key, const char **cert,
			    struct gw_err *err)
{
	struct search s = {.ctx = ctx, .dir = dir};
	const char *paths[GW_FOLDER_FILES_MAX];
	struct stat st;
	size_t n, i;

	if (stat(dir, &st) != 0)
		return gw_fail_sys(err, dir, "cannot open");
	if (!S_ISDIR(st.st_mode))
		return gw_fail(err, GW_E_INPUT, dir, "is not a folder");
	n = list_files(&s, paths);
	for (i = 0; i < n; i++)
		look_at(&s, paths[i]);
	if (s.other_key != NULL) {
		gw_fail(err, GW_E_INPUT, dir, "holds more than one private key: %s and %s",
			strrchr(s.other_key, '/') + 1, strrchr(s.key, '/') + 1);
		return gw_hint(err, "name the files that are meant: --cert FILE --key FILE");
	}
	if (s.key == NULL || s.cert == NULL) {
		gw_fail(err, GW_E_INPUT, dir, "holds no %s", s.key == NULL ? "private key" : "certificate");
		return gw_hint(err, "give the folder of one entry that gwcert gen has made, or --cert and --key");
	}
	*key = s.key;
	*cert = s.cert;
	return GW_OK;
}
