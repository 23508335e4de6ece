/* SPDX-License-Identifier: Apache-2.0 */
/* What a template says of a folder that gen has made, for the commands that package it. */
#ifndef GW_CMD_PUBLISHED_H
#define GW_CMD_PUBLISHED_H

#include "base/ctx.h"
#include "template/template.h"

/*
 * Finds the entry of a folder: the one of its name in the template `file`. Where file is NULL, ./gwcert.yaml is read if it
 * is there, and counts only if its settings.dir is what the folder lies in; *entry is NULL where no template speaks of the
 * folder. t has its `given` variables; its findings are printed where they are errors. Release t in any case.
 */
enum gw_code GW_MUST_USE gw_folder_entry(const struct gw_ctx *ctx, const char *file, const char *folder,
					 struct gw_template *t, const struct gw_entry **entry, struct gw_err *err);

/* The last component of a folder's path; "." and ".." are looked up. In the arena. */
const char *gw_folder_name(struct gw_arena *arena, const char *path);

#endif
