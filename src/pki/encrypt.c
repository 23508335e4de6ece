/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys under a password: PKCS#8 with PBES2 (RFC 8018). */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "pki/key.h"
#include "pki/ossl.h"

#define SALT 16 /* octets: NIST SP 800-132 5.1 */

/* NULL on failure. PBKDF2's pseudorandom function is HMAC-SHA256, OpenSSL's own choice since 1.1.0. */
static X509_SIG *seal(const struct gw_ctx *ctx, const EVP_PKEY *key, const struct gw_secret *password)
{
	PKCS8_PRIV_KEY_INFO *clear = EVP_PKEY2PKCS8(key);
	unsigned char salt[SALT];
	X509_SIG *sealed = NULL;

	if (clear != NULL && RAND_bytes_ex(ctx->libctx, salt, sizeof(salt), 0) == 1)
		sealed = PKCS8_encrypt_ex(-1, EVP_aes_256_cbc(), password->data, (int)password->len, salt, sizeof(salt),
					  GW_PBKDF2_ROUNDS, clear, ctx->libctx, NULL);
	PKCS8_PRIV_KEY_INFO_free(clear);
	return sealed;
}

enum gw_code gw_key_to_pem_encrypted(const struct gw_ctx *ctx, const EVP_PKEY *key, const struct gw_password *password,
				     struct gw_secret *pem, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_SECRET_AUTO struct gw_secret secret = {0};
	enum gw_code code = gw_password_read(ctx, password, &secret, err);
	unsigned char *der = NULL;
	X509_SIG *sealed;
	int len;

	if (code != GW_OK)
		return code;
	gw_secret_heap();
	sealed = seal(ctx, key, &secret);
	len = sealed != NULL ? i2d_X509_SIG(sealed, &der) : -1;
	X509_SIG_free(sealed);
	if (len <= 0)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot encrypt a private key");
	gw_pem_write(&text, "ENCRYPTED PRIVATE KEY", der, (size_t)len);
	OPENSSL_free(der);
	gw_secret_copy(pem, text.data, text.len);
	return GW_OK;
}
