/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/file.h"
#include "pki/key.h"

enum gw_code gw_key_read(const struct gw_ctx *ctx, const char *path, const struct gw_password *password, EVP_PKEY **key,
			 struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	const struct gw_pem_block *block;
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code == GW_OK)
		code = gw_pem_scan(&pem, name, text.data, text.len, err);
	if (code == GW_OK)
		code = gw_key_find(&pem, &block, err);
	if (code == GW_OK)
		code = gw_key_from_pem(ctx, &pem, block, password, key, err);
	return code;
}
