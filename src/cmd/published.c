/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/published.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/report.h"
#include "template/each.h"

#define TEMPLATE "gwcert.yaml"

const char *gw_folder_name(struct gw_arena *arena, const char *path)
{
	size_t end = strlen(path), start;
	char *whole;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		;
	if (path[start] != '.')
		return gw_arena_strndup(arena, path + start, end - start);
	whole = realpath(path, NULL);
	if (whole == NULL)
		return path;
	path = gw_arena_strdup(arena, strrchr(whole, '/') + 1);
	free(whole);
	return path;
}

/* Whether a folder lies directly in dir; false where either is not there. */
static bool lies_in(const char *folder, const char *dir)
{
	char *inner = realpath(folder, NULL), *outer = realpath(dir, NULL);
	char *slash = inner != NULL ? strrchr(inner, '/') : NULL;
	bool in = false;

	if (slash != NULL && outer != NULL) {
		slash[slash == inner] = '\0';
		in = strcmp(inner, outer) == 0;
	}
	free(inner);
	free(outer);
	return in;
}

enum gw_code gw_folder_entry(const struct gw_ctx *ctx, const char *file, const char *folder, struct gw_template *t,
			     const struct gw_entry **entry, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const char *name = gw_folder_name(ctx->arena, folder), *near;
	enum gw_code code;

	*entry = NULL;
	if (file == NULL && access(TEMPLATE, F_OK) != 0)
		return GW_OK;
	code = gw_template_read(ctx, file != NULL ? file : TEMPLATE, t, &fs, err);
	if (code != GW_OK && fs.count > 0)
		gw_report_findings(ctx->err, &fs, GW_FORMAT_TEXT, ctx->color_err, NULL);
	if (code != GW_OK)
		return code;
	if (file == NULL && !lies_in(folder, t->dir))
		return GW_OK;
	*entry = gw_template_find(t, name);
	if (*entry == NULL) {
		/* The folder of a row: what is wrong with other rows is no matter of this one. */
		code = gw_each_expand(t, &(struct gw_each_request){.names = &name, .n_names = 1}, &fs, err);
		if (code != GW_OK)
			return code;
		*entry = gw_template_find(t, name);
	}
	if (*entry != NULL || file == NULL)
		return GW_OK;
	gw_fail(err, GW_E_INPUT, file, "the template has no entry \"%s\", which the folder is called", name);
	near = gw_template_nearest(t, name);
	return near != NULL ? gw_hint(err, "did you mean the folder of \"%s\"?", near)
			    : gw_hint(err, "give the folder of one of its entries, or leave out --file");
}
