/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cert.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "pki/asn1.h"
#include "pki/ossl.h"

X509 *gw_cert_ref(X509 *cert)
{
	X509_up_ref(cert);
	return cert;
}

void gw_cert_free(X509 *cert)
{
	X509_free(cert);
}

void gw_cert_auto(X509 **cert)
{
	X509_free(*cert);
}

struct gw_bare gw_bare_open(void)
{
	struct gw_bare bare = {.libctx = OSSL_LIB_CTX_new()};

	if (bare.libctx == NULL)
		gw_oom();
	bare.nothing = OSSL_PROVIDER_load(bare.libctx, "null");
	return bare;
}

void gw_bare_close(struct gw_bare *bare)
{
	OSSL_PROVIDER_unload(bare->nothing);
	OSSL_LIB_CTX_free(bare->libctx);
	*bare = (struct gw_bare){0};
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static X509 *decode(const struct gw_ctx *ctx, const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	X509 *cert = X509_new_ex(ctx->libctx, NULL);

	if (cert == NULL)
		gw_oom();
	/* On failure d2i frees what it was given. Octets behind the certificate are a fault as well. */
	if (d2i_X509(&cert, &p, (long)len) == NULL)
		return NULL;
	if (p == der + len)
		return cert;
	X509_free(cert);
	return NULL;
}

enum gw_code gw_cert_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, const struct gw_pem_block *block,
			      X509 **cert, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(block->len);
	char where[GW_ERR_WHERE_MAX];
	X509 *found;

	gw_pem_where(where, pem, block);
	if (block->kind != GW_PEM_CERT)
		return gw_fail(err, GW_E_INPUT, where, "is %s, not a certificate", gw_pem_kind_words(block));
	gw_pem_decode(block, &der);
	found = decode(ctx, (const unsigned char *)der.data, der.len);
	if (found == NULL) {
		gw_fail_ossl(err, GW_E_INPUT, where, "the certificate cannot be decoded");
		return gw_hint(err, "the block is damaged; copy it again from where it was issued");
	}
	*cert = found;
	return GW_OK;
}

/* A file without a certificate: says what is there instead. */
static enum gw_code no_certificate(const struct gw_pem *pem, struct gw_err *err)
{
	const struct gw_pem_block *first = &pem->blocks[0];
	char where[GW_ERR_WHERE_MAX];

	gw_pem_where(where, pem, first);
	if (first->kind == GW_PEM_OTHER)
		gw_fail(err, GW_E_INPUT, where, "is a block named %s, not a certificate", first->label);
	else
		gw_fail(err, GW_E_INPUT, where, "is %s, not a certificate", gw_pem_kind_words(first));
	if (first->kind == GW_PEM_CSR)
		return gw_hint(err, "a request becomes a certificate when a CA signs it; give what the CA sent back");
	if (gw_pem_is_key(first))
		return gw_hint(err, "give the file with the certificate; were the two files swapped?");
	if (strcmp(first->label, "TRUSTED CERTIFICATE") == 0 || strcmp(first->label, "X509 CERTIFICATE") == 0)
		return gw_hint(err, "write it anew as CERTIFICATE: openssl x509 -in FILE -out FILE.pem");
	return gw_hint(err, "a certificate's block is named CERTIFICATE");
}

enum gw_code gw_certs_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, bool many, struct gw_certs *certs,
			       struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs found = {0};
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		X509 *cert = NULL;
		enum gw_code code;

		if (pem->blocks[i].kind != GW_PEM_CERT)
			continue;
		if (!many && found.count == GW_CHAIN_MAX)
			return gw_fail(err, GW_E_INPUT, pem->name, "holds more than %d certificates", GW_CHAIN_MAX);
		code = gw_cert_from_pem(ctx, pem, &pem->blocks[i], &cert, err);
		if (code != GW_OK)
			return code;
		gw_certs_add(&found, cert);
	}
	if (found.count == 0)
		return no_certificate(pem, err);
	*certs = found;
	found = (struct gw_certs){0};
	return GW_OK;
}

enum gw_code gw_certs_read(const struct gw_ctx *ctx, const char *path, bool many, struct gw_certs *certs,
			   struct gw_err *err)
{
	/* A file of certificates may well hold the key beside them. */
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_PEM_FILE_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code == GW_OK)
		code = gw_pem_scan(&pem, gw_file_shown(path), text.data, text.len, err);
	if (code == GW_OK)
		code = gw_certs_from_pem(ctx, &pem, many, certs, err);
	return code;
}

void gw_certs_add(struct gw_certs *certs, X509 *cert)
{
	/* Room grows by doubling: at every power of two. */
	if ((certs->count & (certs->count - 1)) == 0)
		certs->items =
			gw_realloc_array(certs->items, certs->count > 0 ? certs->count * 2 : 1, sizeof(*certs->items));
	certs->items[certs->count++] = cert;
}

void gw_certs_release(struct gw_certs *certs)
{
	size_t i;

	for (i = 0; i < certs->count; i++)
		X509_free(certs->items[i]);
	free(certs->items);
	*certs = (struct gw_certs){0};
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

size_t gw_cert_to_der(const X509 *cert, unsigned char **der)
{
	int len = i2d_X509(cert, NULL);
	unsigned char *out, *p;

	if (len <= 0)
		gw_oom();
	out = p = gw_alloc((size_t)len);
	i2d_X509(cert, &p);
	*der = out;
	return (size_t)len;
}

void gw_cert_to_pem(const X509 *cert, struct gw_buf *out)
{
	unsigned char *der;
	size_t len = gw_cert_to_der(cert, &der);

	gw_pem_write(out, "CERTIFICATE", der, len);
	free(der);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

const EVP_PKEY *gw_cert_key(const X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);

	ERR_clear_error();
	return key;
}

const X509_NAME *gw_cert_subject(const X509 *cert)
{
	return X509_get_subject_name(cert);
}

const X509_NAME *gw_cert_issuer(const X509 *cert)
{
	return X509_get_issuer_name(cert);
}

bool gw_cert_same(const X509 *a, const X509 *b)
{
	return X509_cmp(a, b) == 0;
}

bool gw_cert_matches_key(const X509 *cert, const EVP_PKEY *key)
{
	return gw_key_same(gw_cert_key(cert), key);
}

bool gw_cert_self_issued(const X509 *cert)
{
	return X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
}

/* OpenSSL keeps what it reads from the extensions inside the X509, and so asks for one that may be changed. */
static X509 *caching(const X509 *cert)
{
	return (X509 *)cert;
}

size_t gw_name_der_size(const X509_NAME *name)
{
	int len = i2d_X509_NAME(name, NULL);

	return len > 0 ? (size_t)len : 0;
}

size_t gw_cert_der_size(const X509 *cert)
{
	int len = i2d_X509(cert, NULL);

	return len > 0 ? (size_t)len : 0;
}

bool gw_cert_names_issuer(const X509 *cert, const X509 *issuer)
{
	return X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(issuer)) == 0;
}

bool gw_cert_issued_by(const X509 *cert, const X509 *issuer)
{
	const ASN1_OCTET_STRING *asked, *own;

	if (!gw_cert_names_issuer(cert, issuer))
		return false;
	asked = X509_get0_authority_key_id(caching(cert));
	own = X509_get0_subject_key_id(caching(issuer));
	return asked == NULL || own == NULL || ASN1_OCTET_STRING_cmp(asked, own) == 0;
}

bool gw_cert_signed_by(const X509 *cert, const EVP_PKEY *key)
{
	/* X509_verify() only reads the key. */
	bool ok = key != NULL && X509_verify(caching(cert), (EVP_PKEY *)key) == 1;

	ERR_clear_error();
	return ok;
}

bool gw_cert_self_signed(const X509 *cert)
{
	return gw_cert_self_issued(cert) && gw_cert_signed_by(cert, gw_cert_key(cert));
}

bool gw_cert_is_ca(const X509 *cert)
{
	return (X509_get_extension_flags(caching(cert)) & EXFLAG_CA) != 0;
}

unsigned gw_cert_signature_strength(const X509 *cert)
{
	int bits = 0;
	bool known = X509_get_signature_info(caching(cert), NULL, NULL, &bits, NULL) == 1 && bits > 0;

	ERR_clear_error();
	return known ? (unsigned)bits : 0;
}

size_t gw_asn1_octets(const ASN1_INTEGER *number)
{
	const unsigned char *octets = ASN1_STRING_get0_data(number);
	size_t n = (size_t)ASN1_STRING_length(number);

	/* OpenSSL keeps the magnitude; a high bit costs an octet more in DER. */
	return n + (n > 0 && (octets[0] & 0x80) != 0);
}

int64_t gw_asn1_instant(const ASN1_TIME *time, int64_t malformed)
{
	struct tm tm;

	if (ASN1_TIME_check(time) != 1 || ASN1_TIME_to_tm(time, &tm) != 1) {
		ERR_clear_error();
		return malformed;
	}
	return gw_time_civil((int64_t)tm.tm_year + 1900, (unsigned)tm.tm_mon + 1, (unsigned)tm.tm_mday,
			     (unsigned)tm.tm_hour, (unsigned)tm.tm_min, (unsigned)tm.tm_sec);
}

bool gw_asn1_is_odd_time(const ASN1_TIME *time)
{
	const char *text = (const char *)ASN1_STRING_get0_data(time);
	int len = ASN1_STRING_length(time);
	bool utc = ASN1_STRING_type(time) == V_ASN1_UTCTIME;
	int digits = utc ? 12 : 14, i;

	if (len != digits + 1 || text[digits] != 'Z')
		return true;
	for (i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return true;
	}
	return !utc && memcmp(text, "2050", 4) < 0;
}

int64_t gw_cert_not_before(const X509 *cert)
{
	return gw_asn1_instant(X509_get0_notBefore(cert), GW_TIME_FAR_FUTURE);
}

int64_t gw_cert_not_after(const X509 *cert)
{
	return gw_asn1_instant(X509_get0_notAfter(cert), GW_TIME_FAR_PAST);
}

const char *gw_cert_friendly_name(X509 *cert, struct gw_arena *arena)
{
	int len = 0;
	const char *name = (const char *)X509_alias_get0(cert, &len);

	return name != NULL && len > 0 && gw_utf8_valid(name, (size_t)len) ? gw_arena_strndup(arena, name, (size_t)len)
									   : NULL;
}
