/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/csr.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/file.h"
#include "pki/ossl.h"

void gw_csr_release(struct gw_csr *csr)
{
	gw_key_free(csr->key);
	gw_cert_free(csr->wish);
	gw_buf_release(&csr->pem);
	*csr = (struct gw_csr)GW_CSR_INIT;
}

static enum gw_code only_request(const struct gw_pem *pem, const struct gw_pem_block **block, struct gw_err *err)
{
	char where[GW_ERR_WHERE_MAX];
	size_t i;

	*block = NULL;
	for (i = 0; i < pem->n_blocks; i++) {
		gw_pem_where(where, pem, &pem->blocks[i]);
		if (pem->blocks[i].kind != GW_PEM_CSR)
			return gw_fail(err, GW_E_INPUT, where, "is %s%s, not a certificate signing request (CSR)",
				       pem->blocks[i].kind == GW_PEM_OTHER ? "a block named " : "",
				       gw_pem_kind_words(&pem->blocks[i]));
		if (*block != NULL)
			return gw_fail(err, GW_E_INPUT, where, "is a second request, and one is expected");
		*block = &pem->blocks[i];
	}
	return GW_OK;
}

/* The certificate that would be, were everything granted; NULL where the request cannot be taken apart. */
static X509 *wish_of(X509_REQ *request)
{
	STACK_OF(X509_EXTENSION) *extensions = X509_REQ_get_extensions(request);
	X509 *wish = X509_new();
	bool ok = wish != NULL && X509_set_version(wish, X509_VERSION_3) == 1 &&
		  X509_set_subject_name(wish, X509_REQ_get_subject_name(request)) == 1 &&
		  X509_set_pubkey(wish, X509_REQ_get0_pubkey(request)) == 1;
	int i;

	for (i = 0; ok && i < sk_X509_EXTENSION_num(extensions); i++)
		ok = X509_add_ext(wish, sk_X509_EXTENSION_value(extensions, i), -1) == 1;
	sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
	if (!ok) {
		X509_free(wish);
		wish = NULL;
	}
	ERR_clear_error();
	return wish;
}

static enum gw_code take_apart(const struct gw_ctx *ctx, const char *where, const struct gw_buf *der,
			       struct gw_csr *csr, struct gw_err *err)
{
	const unsigned char *at = (const unsigned char *)gw_buf_str(der);
	X509_REQ *request = X509_REQ_new_ex(ctx->libctx, NULL);
	enum gw_code code = GW_OK;
	EVP_PKEY *key;

	if (request == NULL || d2i_X509_REQ(&request, &at, (long)der->len) == NULL ||
	    at != (const unsigned char *)der->data + der->len)
		code = gw_fail_ossl(err, GW_E_INPUT, where, "the request cannot be decoded");
	key = code == GW_OK ? X509_REQ_get0_pubkey(request) : NULL;
	if (code == GW_OK && key == NULL)
		code = gw_fail_ossl(err, GW_E_INPUT, where, "the request's key is of a kind that is not known here");
	if (code == GW_OK && X509_REQ_verify_ex(request, key, ctx->libctx, NULL) != 1) {
		code = gw_fail_ossl(err, GW_E_INPUT, where, "the request is not signed with its own key");
		gw_hint(err, "who sent it does not show to have the key, or it was changed on its way");
	}
	if (code == GW_OK) {
		csr->key = gw_key_ref(key);
		csr->wish = wish_of(request);
	}
	X509_REQ_free(request);
	if (code == GW_OK && csr->wish == NULL)
		code = gw_fail(err, GW_E_INPUT, where, "the extensions that the request asks for cannot be read");
	return code;
}

enum gw_code gw_csr_read(const struct gw_ctx *ctx, const char *path, struct gw_csr *csr, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_CSR_FILE_MAX);
	GW_BUF_AUTO struct gw_buf der = GW_BUF(GW_CSR_FILE_MAX);
	GW_CSR_AUTO struct gw_csr read = GW_CSR_INIT;
	GW_PEM_AUTO struct gw_pem pem = {0};
	const struct gw_pem_block *block = NULL;
	char where[GW_ERR_WHERE_MAX];
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code == GW_OK)
		code = gw_pem_scan(&pem, path, text.data, text.len, err);
	if (code == GW_OK)
		code = only_request(&pem, &block, err);
	if (code != GW_OK)
		return code;
	gw_pem_where(where, &pem, block);
	gw_pem_decode(block, &der);
	code = take_apart(ctx, where, &der, &read, err);
	if (code != GW_OK)
		return code;
	gw_pem_write(&read.pem, "CERTIFICATE REQUEST", der.data, der.len);
	*csr = read;
	read = (struct gw_csr)GW_CSR_INIT;
	return GW_OK;
}
