/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/edit.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "tests/run.h"

static X509_EXTENSION *extension(int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, NULL, NULL, NULL, NULL, 0);
	ext = X509V3_EXT_nconf_nid(NULL, &ctx, nid, value);
	if (ext == NULL)
		abort();
	return ext;
}

const struct tst_id *tst_edit(const struct tst_id *id, const struct tst_id *issuer, int nid, const char *value)
{
	int at = X509_get_ext_by_NID(id->cert, nid, -1);

	if (at >= 0)
		X509_EXTENSION_free(X509_delete_ext(id->cert, at));
	if (value != NULL) {
		X509_EXTENSION *ext = extension(nid, value);

		X509_add_ext(id->cert, ext, -1);
		X509_EXTENSION_free(ext);
	}
	tst_resign(id, issuer);
	return id;
}

static void set_times(X509_CRL *list, const struct tst_crl *crl)
{
	int64_t from = crl->from != 0 ? crl->from : -GW_DAY, to = crl->to != 0 ? crl->to : 7 * GW_DAY;
	ASN1_TIME *begin = ASN1_TIME_set(NULL, (time_t)(TST_NOW + from));
	ASN1_TIME *end = ASN1_TIME_set(NULL, (time_t)(TST_NOW + to));

	if (crl->four_digits)
		ASN1_TIME_to_generalizedtime(end, &end);
	X509_CRL_set1_lastUpdate(list, begin);
	if (!crl->no_next)
		X509_CRL_set1_nextUpdate(list, end);
	ASN1_TIME_free(begin);
	ASN1_TIME_free(end);
}

static void revoke(X509_CRL *list, const struct tst_id *id)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(TST_NOW - GW_DAY));
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();

	ASN1_ENUMERATED_set(reason, CRL_REASON_KEY_COMPROMISE);
	X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(id->cert));
	X509_REVOKED_set_revocationDate(entry, time);
	X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
	X509_CRL_add0_revoked(list, entry);
	ASN1_ENUMERATED_free(reason);
	ASN1_TIME_free(time);
}

static void add(X509_CRL *list, const char *value, int nid)
{
	X509_EXTENSION *ext = extension(nid, value);

	X509_CRL_add_ext(list, ext, -1);
	X509_EXTENSION_free(ext);
}

static void add_key_id(X509_CRL *list, const struct tst_id *issuer)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, issuer->cert, NULL, NULL, list, 0);
	ext = X509V3_EXT_nconf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid:always");
	if (ext == NULL)
		abort();
	X509_CRL_add_ext(list, ext, -1);
	X509_EXTENSION_free(ext);
}

const char *tst_crl_pem(const struct tst_crl *crl, const struct tst_id *issuer)
{
	X509_CRL *list = X509_CRL_new();
	BIO *out = BIO_new(BIO_s_mem());
	ASN1_INTEGER *number = s2i_ASN1_INTEGER(NULL, crl->number != NULL ? crl->number : "7");
	char *data, *copy;
	long len;

	X509_CRL_set_version(list, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer->cert));
	set_times(list, crl);
	if (!crl->no_number)
		X509_CRL_add1_ext_i2d(list, NID_crl_number, number, 0, 0);
	if (crl->key_id != NULL)
		add(list, crl->key_id, NID_authority_key_identifier);
	else
		add_key_id(list, issuer);
	if (crl->point != NULL)
		add(list, crl->point, NID_issuing_distribution_point);
	if (crl->revoked != NULL)
		revoke(list, crl->revoked);
	if (X509_CRL_sign(list, crl->signer != NULL ? crl->signer->key : issuer->key, EVP_sha256()) <= 0 ||
	    PEM_write_bio_X509_CRL(out, list) != 1)
		abort();
	len = BIO_get_mem_data(out, &data);
	copy = tst_alloc((size_t)len + 1);
	memcpy(copy, data, (size_t)len);
	copy[len] = '\0';
	ASN1_INTEGER_free(number);
	BIO_free(out);
	X509_CRL_free(list);
	return copy;
}
