/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/pkcs12.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

#include "pki/ossl.h"

#define SALT       16       /* octets */
#define ROUNDS_MAX 10000000 /* of a file that is read */

/* What the password goes through, three times a file. Windows takes no more than 600,000 in all. */
static const struct scheme {
	int cipher, rounds;
	const char *digest;
} schemes[] = {
	[GW_PKCS12_MODERN] = {NID_aes_256_cbc, 100000, "SHA256"},
	[GW_PKCS12_LEGACY] = {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2048, "SHA1"},
};

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Borrows the certificates; NULL where there are none. */
static STACK_OF(X509) * stack_of(const struct gw_certs *certs)
{
	STACK_OF(X509) *stack = certs->count > 0 ? sk_X509_new_null() : NULL;
	size_t i;

	for (i = 0; stack != NULL && i < certs->count; i++)
		sk_X509_push(stack, certs->items[i]);
	return stack;
}

/* NULL on failure. */
static PKCS12 *build(const struct gw_ctx *ctx, const struct gw_pkcs12_spec *spec, const struct gw_secret *password)
{
	const struct scheme *scheme = &schemes[spec->kind];
	STACK_OF(X509) *chain = stack_of(spec->chain);
	EVP_MD *digest = EVP_MD_fetch(ctx->libctx, scheme->digest, NULL);
	PKCS12 *p12 = digest == NULL ? NULL
				     : PKCS12_create_ex(password->data, spec->name, spec->key, spec->cert, chain,
							scheme->cipher, scheme->cipher, scheme->rounds, -1, 0,
							ctx->libctx, NULL);

	if (p12 != NULL &&
	    PKCS12_set_mac(p12, password->data, (int)password->len, NULL, SALT, scheme->rounds, digest) != 1) {
		PKCS12_free(p12);
		p12 = NULL;
	}
	EVP_MD_free(digest);
	sk_X509_free(chain);
	return p12;
}

enum gw_code gw_pkcs12_write(const struct gw_ctx *ctx, const struct gw_pkcs12_spec *spec,
			     const struct gw_password *password, struct gw_buf *out, struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret secret = {0};
	enum gw_code code = gw_password_read(ctx, password, &secret, err);
	unsigned char *der = NULL;
	PKCS12 *p12;
	int len;

	if (code != GW_OK)
		return code;
	/* OpenSSL takes it as a string, and every reader as UTF-8. */
	if (strlen(secret.data) != secret.len)
		return gw_fail(err, GW_E_INPUT, password->option, "the password has a NUL in it");
	p12 = build(ctx, spec, &secret);
	len = p12 != NULL ? i2d_PKCS12(p12, &der) : -1;
	PKCS12_free(p12);
	if (len <= 0)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot write PKCS#12");
	gw_buf_add(out, der, (size_t)len);
	OPENSSL_free(der);
	ERR_clear_error();
	return GW_OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A file may ask for rounds without end; real ones have a million at most. */
static bool is_endless(const ASN1_INTEGER *rounds)
{
	return rounds != NULL && (ASN1_INTEGER_get(rounds) < 1 || ASN1_INTEGER_get(rounds) > ROUNDS_MAX);
}

/* PBES2 with PBKDF2 (RFC 8018 A), or one of the older schemes (RFC 7292 C). */
static bool is_endless_cipher(const X509_ALGOR *algorithm)
{
	PBE2PARAM *two = OBJ_obj2nid(algorithm->algorithm) == NID_pbes2
				 ? ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter)
				 : NULL;
	PBKDF2PARAM *derive =
		two != NULL ? ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), two->keyfunc->parameter) : NULL;
	PBEPARAM *old = two == NULL ? ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), algorithm->parameter) : NULL;
	bool endless = (derive != NULL && is_endless(derive->iter)) || (old != NULL && is_endless(old->iter));

	PBEPARAM_free(old);
	PBKDF2PARAM_free(derive);
	PBE2PARAM_free(two);
	return endless;
}

static bool has_endless_bag(PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe) : NULL;
	bool endless = PKCS7_type_is_encrypted(safe) && is_endless_cipher(safe->d.encrypted->enc_data->algorithm);
	const X509_ALGOR *algorithm;
	int i;

	for (i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && !endless; i++) {
		const X509_SIG *key = PKCS12_SAFEBAG_get0_pkcs8(sk_PKCS12_SAFEBAG_value(bags, i));

		if (key != NULL)
			X509_SIG_get0(key, &algorithm, NULL);
		endless = key != NULL && is_endless_cipher(algorithm);
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return endless;
}

static bool asks_without_end(const PKCS12 *p12)
{
	STACK_OF(PKCS7) *safes = PKCS12_unpack_authsafes(p12);
	const ASN1_INTEGER *rounds = NULL;
	bool endless;
	int i;

	PKCS12_get0_mac(NULL, NULL, NULL, &rounds, p12);
	endless = is_endless(rounds);
	for (i = 0; i < sk_PKCS7_num(safes) && !endless; i++)
		endless = has_endless_bag(sk_PKCS7_value(safes, i));
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return endless;
}

/* NULL where the octets are something else, or more. */
static PKCS12 *decode(const struct gw_ctx *ctx, const void *data, size_t len)
{
	const unsigned char *at = data;
	PKCS12 *p12 =
		len <= GW_PKCS12_MAX ? PKCS12_init_ex(NID_pkcs7_data, ctx != NULL ? ctx->libctx : NULL, NULL) : NULL;

	if (p12 == NULL)
		return NULL;
	/* On failure it is freed, and p12 is NULL. */
	if (d2i_PKCS12(&p12, &at, (long)len) != NULL && at == (const unsigned char *)data + len &&
	    !asks_without_end(p12))
		return p12;
	PKCS12_free(p12);
	return NULL;
}

bool gw_pkcs12_is(const void *data, size_t len)
{
	PKCS12 *p12 = decode(NULL, data, len);
	bool is = p12 != NULL;

	PKCS12_free(p12);
	ERR_clear_error();
	return is;
}

static bool mac_fits(PKCS12 *p12, const struct gw_secret *password)
{
	/* Without a password there are two ways to write none. */
	return PKCS12_mac_present(p12) == 0 || PKCS12_verify_mac(p12, password->data, (int)password->len) == 1 ||
	       (password->len == 0 && PKCS12_verify_mac(p12, NULL, 0) == 1);
}

bool gw_pkcs12_opens(const void *data, size_t len, const struct gw_secret *password)
{
	PKCS12 *p12 = decode(NULL, data, len);
	bool opens = p12 != NULL && PKCS12_mac_present(p12) != 0 && mac_fits(p12, password);

	PKCS12_free(p12);
	ERR_clear_error();
	return opens;
}

static enum gw_code undecodable(const char *name, struct gw_err *err)
{
	/* The password was right: the MAC says so. */
	if (ERR_GET_REASON(ERR_peek_error()) != ERR_R_UNSUPPORTED)
		return gw_fail_ossl(err, GW_E_INPUT, name, "the PKCS#12 file cannot be decoded");
	gw_fail_ossl(err, GW_E_INPUT, name, "the PKCS#12 file is under a cipher that is no longer in use, such as RC2");
	return gw_hint(err, "take it out with openssl pkcs12 -legacy -in FILE, and make it anew");
}

static enum gw_code take_apart(PKCS12 *p12, const char *name, const struct gw_secret *password, EVP_PKEY **key,
			       struct gw_certs *certs, struct gw_err *err)
{
	STACK_OF(X509) *chain = NULL;
	X509 *own = NULL;
	int i;

	*key = NULL;
	if (PKCS12_parse(p12, password->data, key, &own, &chain) != 1)
		return undecodable(name, err);
	if (own != NULL)
		gw_certs_add(certs, own);
	for (i = 0; i < sk_X509_num(chain); i++)
		gw_certs_add(certs, gw_cert_ref(sk_X509_value(chain, i)));
	sk_X509_pop_free(chain, X509_free);
	ERR_clear_error();
	return GW_OK;
}

static enum gw_code wrong_password(const char *name, const struct gw_password *password, struct gw_err *err)
{
	bool named = password != NULL && password->source != NULL;

	gw_fail(err, GW_E_INPUT, name,
		named ? "the PKCS#12 file does not open with this password" : "the PKCS#12 file is under a password");
	if (named)
		return gw_hint(err, "check the password; if it is right, the file is damaged");
	if (password == NULL)
		return gw_hint(err, "open it first: gwcert bundle --with-key --password prompt FILE -o FILE.pem");
	return gw_hint(err, "name the source of it: %s env:NAME, file:PATH, fd:N or prompt", password->option);
}

enum gw_code gw_pkcs12_read(const struct gw_ctx *ctx, const char *name, const void *data, size_t len,
			    const struct gw_password *password, EVP_PKEY **key, struct gw_certs *certs,
			    struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret secret = {0};
	enum gw_code code = GW_OK;
	PKCS12 *p12 = decode(ctx, data, len);

	if (p12 == NULL)
		return gw_fail_ossl(err, GW_E_INPUT, name, "is no PKCS#12 file");
	gw_secret_heap();
	if (password != NULL && password->source != NULL)
		code = gw_password_read(ctx, password, &secret, err);
	else
		gw_secret_init(&secret, 0);
	if (code == GW_OK && !mac_fits(p12, &secret)) {
		ERR_clear_error();
		code = wrong_password(name, password, err);
	}
	if (code == GW_OK)
		code = take_apart(p12, name, &secret, key, certs, err);
	PKCS12_free(p12);
	return code;
}

/* --- looking without a password ----------------------------------------------------------------------------------- */

static bool has_digest(const PKCS12_SAFEBAG *bag, const X509 *cert)
{
	const ASN1_TYPE *id = PKCS12_SAFEBAG_get0_attr(bag, NID_localKeyID);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	return id != NULL && id->type == V_ASN1_OCTET_STRING && X509_digest(cert, EVP_sha1(), digest, &len) == 1 &&
	       ASN1_STRING_length(id->value.octet_string) == (int)len &&
	       memcmp(ASN1_STRING_get0_data(id->value.octet_string), digest, len) == 0;
}

static bool has_name(PKCS12_SAFEBAG *bag, const char *want)
{
	char *name = PKCS12_get_friendlyname(bag);
	bool same = name != NULL && strcmp(name, want) == 0;

	OPENSSL_free(name);
	return same;
}

/* The bag of the key: it is encrypted, and what is written on it is not. */
static bool has_key_bag(PKCS7 *safe, const struct gw_pkcs12_spec *spec)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe) : NULL;
	bool found = false;
	int i;

	for (i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && !found; i++) {
		PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);

		found = PKCS12_SAFEBAG_get_nid(bag) == NID_pkcs8ShroudedKeyBag && has_digest(bag, spec->cert) &&
			has_name(bag, spec->name);
	}
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return found;
}

static bool is_kind(const PKCS12 *p12, enum gw_pkcs12_kind kind)
{
	const X509_ALGOR *mac = NULL;
	const ASN1_OBJECT *digest = NULL;

	PKCS12_get0_mac(NULL, &mac, NULL, NULL, p12);
	if (mac != NULL)
		X509_ALGOR_get0(&digest, NULL, NULL, mac);
	return digest != NULL && OBJ_obj2nid(digest) == (kind == GW_PKCS12_MODERN ? NID_sha256 : NID_sha1);
}

const char *gw_pkcs12_fault(const struct gw_pkcs12_spec *spec, const void *data, size_t len)
{
	PKCS12 *p12 = decode(NULL, data, len);
	STACK_OF(PKCS7) *safes = p12 != NULL ? PKCS12_unpack_authsafes(p12) : NULL;
	const char *fault = "is for another certificate or name";
	int i;

	for (i = 0; i < sk_PKCS7_num(safes); i++) {
		if (has_key_bag(sk_PKCS7_value(safes, i), spec))
			fault = NULL;
	}
	if (p12 == NULL || safes == NULL)
		fault = "is no PKCS#12 file";
	else if (fault == NULL && !is_kind(p12, spec->kind))
		fault = "is of the other compatibility";
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(p12);
	ERR_clear_error();
	return fault;
}
