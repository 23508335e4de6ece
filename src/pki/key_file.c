/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/file.h"
#include "pki/key.h"
#include "pki/ossl.h"

enum gw_code gw_key_read(const struct gw_ctx *ctx, const char *path, const struct gw_password *password, EVP_PKEY **key,
			 struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	const char *name = gw_file_shown(path);
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

enum gw_code gw_public_key_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
				    const struct gw_pem_block *block, EVP_PKEY **key, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(block->len);
	char where[GW_ERR_WHERE_MAX];
	const unsigned char *at;
	EVP_PKEY *found = NULL;
	OSSL_DECODER_CTX *decoder;
	size_t left;

	gw_pem_where(where, pem, block);
	gw_pem_decode(block, &der);
	at = (const unsigned char *)gw_buf_str(&der);
	left = der.len;
	decoder = OSSL_DECODER_CTX_new_for_pkey(&found, "DER", NULL, NULL, EVP_PKEY_PUBLIC_KEY, ctx->libctx, NULL);
	if (decoder == NULL || OSSL_DECODER_from_data(decoder, &at, &left) != 1 || left != 0) {
		gw_fail_ossl(err, GW_E_INPUT, where, "the public key cannot be decoded");
		EVP_PKEY_free(found);
		found = NULL;
	}
	OSSL_DECODER_CTX_free(decoder);
	if (found == NULL)
		return GW_E_INPUT;
	*key = found;
	return GW_OK;
}
