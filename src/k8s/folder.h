/* SPDX-License-Identifier: Apache-2.0 */
/* The key and the certificate in a folder that gen has made, whatever its files are called. */
#ifndef GW_K8S_FOLDER_H
#define GW_K8S_FOLDER_H

#include "base/ctx.h"

#define GW_FOLDER_FILES_MAX 64 /* files of a folder that are looked at */

/*
 * Finds the one file with a private key and the file with the longest chain; paths of the run's arena. A folder with no
 * key, with more than one file that holds a key, or without a certificate is GW_E_INPUT: what lies there from before
 * (files that have been renamed in the template) is never mixed in.
 */
enum gw_code GW_MUST_USE gw_folder_find(const struct gw_ctx *ctx, const char *dir, const char **key, const char **cert,
					struct gw_err *err);

#endif
