/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/mould.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "pki/extend.h"
#include "pki/inner.h"
#include "pki/ossl.h"

#define KEY_ID 20 /* octets of SHA-1 */

struct gw_mould {
	const struct gw_ctx *ctx;
	enum gw_key_type type;
	const X509 *issuer;
	EVP_PKEY *issuer_key;
	struct gw_key_maker *maker;
	EVP_MD_CTX *prepared, *signer; /* the issuer's key, set up once and copied for each signature */
	EVP_MD_CTX *digest;            /* another one than those: a context that has signed cannot digest */
	EVP_MD *sha1, *sha256;
	EVP_PKEY *key;
	X509 *cert;               /* the mould itself. Its key is put in as octets: never ask it for an EVP_PKEY */
	int sans, key_id;         /* where its extensions stand; -1: it has no such */
	unsigned char *algorithm; /* AlgorithmIdentifier of the signature, in DER; OpenSSL's memory */
	int algorithm_len;
	unsigned char *signature; /* room for one */
	struct gw_buf der;
	unsigned char fingerprint[32];
};

static enum gw_code failed(struct gw_err *err, const char *what)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make %s", what);
}

enum gw_code gw_mould_new(const struct gw_ctx *ctx, enum gw_key_type type, const X509 *issuer, EVP_PKEY *issuer_key,
			  struct gw_mould **mould, struct gw_err *err)
{
	struct gw_mould *m = gw_zalloc(sizeof(*m));
	enum gw_code code = gw_key_maker_new(ctx, type, &m->maker, err);

	*m = (struct gw_mould){.ctx = ctx,
			       .type = type,
			       .issuer = issuer,
			       .issuer_key = issuer_key,
			       .maker = m->maker,
			       .prepared = EVP_MD_CTX_new(),
			       .signer = EVP_MD_CTX_new(),
			       .digest = EVP_MD_CTX_new(),
			       .sha1 = EVP_MD_fetch(ctx->libctx, "SHA1", NULL),
			       .sha256 = EVP_MD_fetch(ctx->libctx, "SHA256", NULL),
			       .signature = gw_alloc((size_t)EVP_PKEY_get_size(issuer_key)),
			       .der = GW_BUF((size_t)1 << 20)};
	if (code == GW_OK &&
	    (m->prepared == NULL || m->signer == NULL || m->digest == NULL || m->sha1 == NULL || m->sha256 == NULL))
		code = failed(err, "what signs");
	if (code == GW_OK)
		*mould = m;
	else
		gw_mould_free(m);
	return code;
}

void gw_mould_free(struct gw_mould *m)
{
	if (m == NULL)
		return;
	gw_key_maker_free(m->maker);
	EVP_MD_CTX_free(m->prepared);
	EVP_MD_CTX_free(m->signer);
	EVP_MD_CTX_free(m->digest);
	EVP_MD_free(m->sha1);
	EVP_MD_free(m->sha256);
	gw_key_free(m->key);
	gw_cert_free(m->cert);
	OPENSSL_free(m->algorithm);
	free(m->signature);
	gw_buf_release(&m->der);
	free(m);
}

/* --- what differs ------------------------------------------------------------------------------------------------- */

static bool set_public_key(struct gw_mould *m, const struct gw_key_raw *raw)
{
	bool ec = m->type == GW_KEY_EC_P256;
	unsigned char *octets = OPENSSL_memdup(raw->public_key, raw->public_len);

	if (octets != NULL &&
	    X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(m->cert),
				   OBJ_nid2obj(ec ? NID_X9_62_id_ecPublicKey : NID_ED25519),
				   ec ? V_ASN1_OBJECT : V_ASN1_UNDEF, ec ? OBJ_nid2obj(NID_X9_62_prime256v1) : NULL,
				   octets, (int)raw->public_len) == 1)
		return true;
	OPENSSL_free(octets);
	return false;
}

/* Puts another value into an extension of the mould. */
static bool set_extension(struct gw_mould *m, int index, const unsigned char *der, size_t len)
{
	ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(X509_get_ext(m->cert, index));

	return ASN1_OCTET_STRING_set(value, der, (int)len) == 1;
}

/* SHA-1 of the public key's bits, as build.c has it (RFC 5280 4.2.1.2). */
static bool set_key_id(struct gw_mould *m)
{
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(m->cert);
	unsigned char der[2 + KEY_ID] = {V_ASN1_OCTET_STRING, KEY_ID};

	return EVP_DigestInit_ex2(m->digest, m->sha1, NULL) == 1 &&
	       EVP_DigestUpdate(m->digest, ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits)) == 1 &&
	       EVP_DigestFinal_ex(m->digest, der + 2, NULL) == 1 && set_extension(m, m->key_id, der, sizeof(der));
}

static bool set_sans(struct gw_mould *m, const struct gw_cert_plan *plan)
{
	GENERAL_NAMES *names = plan->n_sans > 0 ? gw_general_names(plan) : NULL;
	unsigned char *der = NULL;
	int len = names != NULL ? i2d_GENERAL_NAMES(names, &der) : -1;
	bool ok = len > 0 && set_extension(m, m->sans, der, (size_t)len) &&
		  X509_EXTENSION_set_critical(X509_get_ext(m->cert, m->sans), plan->n_subject == 0) == 1;

	OPENSSL_free(der);
	GENERAL_NAMES_free(names);
	return plan->n_sans == 0 || ok;
}

/* In the mould's own name: a copy would be encoded and decoded. */
static enum gw_code set_subject(struct gw_mould *m, const struct gw_cert_plan *plan, struct gw_err *err)
{
	X509_NAME *name = X509_get_subject_name(m->cert);

	while (X509_NAME_entry_count(name) > 0)
		X509_NAME_ENTRY_free(X509_NAME_delete_entry(name, X509_NAME_entry_count(name) - 1));
	return gw_build_subject(name, plan, err);
}

/* --- casting ------------------------------------------------------------------------------------------------------ */

/* The ordinary way, whose result becomes the mould. */
static enum gw_code pour(struct gw_mould *m, const struct gw_cert_plan *plan, struct gw_err *err)
{
	gw_cert_free(m->cert);
	m->cert = NULL;
	if (gw_cert_build(m->ctx, plan, m->key, m->issuer, m->issuer_key, &m->cert, err) != GW_OK)
		return err->code;
	OPENSSL_free(m->algorithm);
	m->algorithm = NULL;
	m->algorithm_len = i2d_X509_ALGOR(X509_get0_tbs_sigalg(m->cert), &m->algorithm);
	if (m->algorithm_len <= 0 || EVP_MD_CTX_reset(m->prepared) != 1 ||
	    !gw_sign_begin(m->prepared, plan, m->issuer_key))
		return failed(err, "what signs");
	m->sans = X509_get_ext_by_NID(m->cert, NID_subject_alt_name, -1);
	m->key_id = X509_get_ext_by_NID(m->cert, NID_subject_key_identifier, -1);
	return GW_OK;
}

static enum gw_code refill(struct gw_mould *m, const struct gw_cert_plan *plan, const struct gw_key_raw *raw,
			   struct gw_err *err)
{
	enum gw_code code = set_subject(m, plan, err);

	if (code == GW_OK && (!gw_build_serial(m->ctx, m->cert, plan) || !gw_build_times(m->cert, plan) ||
			      !(raw != NULL ? set_public_key(m, raw) : X509_set_pubkey(m->cert, m->key) == 1) ||
			      !set_key_id(m) || !set_sans(m, plan)))
		code = failed(err, "the certificate's fields");
	return code;
}

/* --- signing ------------------------------------------------------------------------------------------------------ */

/* Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature BIT STRING } (RFC 5280 4.1). */
static bool write_signed(struct gw_mould *m, const unsigned char *tbs, int tbs_len, size_t signature_len)
{
	int bits = (int)signature_len + 1; /* with the octet that counts unused bits: none */
	int body = tbs_len + m->algorithm_len + ASN1_object_size(0, bits, V_ASN1_BIT_STRING);
	int len = ASN1_object_size(1, body, V_ASN1_SEQUENCE);
	unsigned char *at;

	gw_buf_clear(&m->der);
	at = (unsigned char *)gw_buf_reserve(&m->der, (size_t)len);
	if (at == NULL)
		return false;
	ASN1_put_object(&at, 1, body, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	memcpy(at, tbs, (size_t)tbs_len);
	at += tbs_len;
	memcpy(at, m->algorithm, (size_t)m->algorithm_len);
	at += m->algorithm_len;
	ASN1_put_object(&at, 0, bits, V_ASN1_BIT_STRING, V_ASN1_UNIVERSAL);
	*at++ = 0;
	memcpy(at, m->signature, signature_len);
	m->der.len = (size_t)len;
	return true;
}

/* Signs what the mould says now, into m->der. X509_sign_ctx() would look its algorithm up and encode all of it twice for
 * every certificate, a sixth of the whole time. */
static enum gw_code sign(struct gw_mould *m, struct gw_err *err)
{
	unsigned char *tbs = NULL;
	size_t signature_len = (size_t)EVP_PKEY_get_size(m->issuer_key);
	int len = i2d_re_X509_tbs(m->cert, &tbs);
	bool ok = len > 0 && EVP_MD_CTX_copy_ex(m->signer, m->prepared) == 1 &&
		  EVP_DigestSign(m->signer, m->signature, &signature_len, tbs, (size_t)len) == 1 &&
		  write_signed(m, tbs, len, signature_len);

	OPENSSL_free(tbs);
	return ok ? GW_OK : gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the certificate");
}

/* What the ordinary way has signed, into m->der. */
static enum gw_code encode(struct gw_mould *m, struct gw_err *err)
{
	int len = i2d_X509(m->cert, NULL);
	unsigned char *at;

	gw_buf_clear(&m->der);
	at = len > 0 ? (unsigned char *)gw_buf_reserve(&m->der, (size_t)len) : NULL;
	if (at == NULL || i2d_X509(m->cert, &at) != len)
		return failed(err, "the certificate's encoding");
	m->der.len = (size_t)len;
	return GW_OK;
}

static enum gw_code write_cert(struct gw_mould *m, struct gw_buf *cert_pem, struct gw_err *err)
{
	if (EVP_DigestInit_ex2(m->digest, m->sha256, NULL) != 1 ||
	    EVP_DigestUpdate(m->digest, m->der.data, m->der.len) != 1 ||
	    EVP_DigestFinal_ex(m->digest, m->fingerprint, NULL) != 1)
		return failed(err, "the certificate's fingerprint");
	gw_pem_write(cert_pem, "CERTIFICATE", m->der.data, m->der.len);
	return GW_OK;
}

static enum gw_code write_key(struct gw_mould *m, const struct gw_key_raw *raw, struct gw_buf *key_pem,
			      struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret pem = {0};
	enum gw_code code = GW_OK;

	if (raw != NULL) {
		gw_pem_write(key_pem, "PRIVATE KEY", raw->pkcs8, raw->pkcs8_len);
		return GW_OK;
	}
	code = gw_key_to_pem(m->key, &pem, err);
	if (code == GW_OK)
		gw_buf_add(key_pem, pem.data, pem.len);
	return code;
}

enum gw_code gw_mould_cast(struct gw_mould *m, const struct gw_cert_plan *plan, struct gw_buf *key_pem,
			   struct gw_buf *cert_pem, bool *first, struct gw_err *err)
{
	struct gw_key_raw raw;
	bool has_raw;
	enum gw_code code;

	gw_key_free(m->key);
	m->key = NULL;
	code = gw_key_make(m->maker, &m->key, err);
	if (code != GW_OK)
		return code;
	has_raw = gw_key_raw(m->key, m->type, &raw);
	*first = m->cert == NULL || (m->sans >= 0) != (plan->n_sans > 0) || m->key_id < 0;
	code = *first ? pour(m, plan, err) : refill(m, plan, has_raw ? &raw : NULL, err);
	if (code == GW_OK)
		code = *first ? encode(m, err) : sign(m, err);
	if (code == GW_OK)
		code = write_cert(m, cert_pem, err);
	if (code == GW_OK)
		code = write_key(m, has_raw ? &raw : NULL, key_pem, err);
	OPENSSL_cleanse(&raw, sizeof(raw));
	return code;
}

EVP_PKEY *gw_mould_key(const struct gw_mould *m)
{
	return m->key;
}

const unsigned char *gw_mould_sha256(const struct gw_mould *m)
{
	return m->fingerprint;
}
