/* SPDX-License-Identifier: Apache-2.0 */
/* Making revocation lists. The old list is read and never changed: the new one is put together from its entries. */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "pki/asn1.h"
#include "pki/build.h"
#include "pki/crl.h"
#include "pki/ossl.h"

static enum gw_code failed(struct gw_err *err, const char *what)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make %s of the revocation list", what);
}

/* UTCTime through 2049, GeneralizedTime from 2050, as RFC 5280 5.1.2.4 wants it. */
static ASN1_TIME *time_of(int64_t instant)
{
	return ASN1_TIME_set(NULL, (time_t)instant);
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

static bool set_serial(X509_REVOKED *entry, const char *serial)
{
	BIGNUM *number = NULL;
	ASN1_INTEGER *value = BN_hex2bn(&number, serial) > 0 ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	bool ok = value != NULL && X509_REVOKED_set_serialNumber(entry, value) == 1;

	ASN1_INTEGER_free(value);
	BN_free(number);
	return ok;
}

static bool set_reason(X509_REVOKED *entry, int reason)
{
	ASN1_ENUMERATED *value = ASN1_ENUMERATED_new();
	bool ok = value != NULL && ASN1_ENUMERATED_set(value, reason) == 1 &&
		  X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, value, 0, 0) == 1;

	ASN1_ENUMERATED_free(value);
	return ok;
}

static bool set_invalid_since(X509_REVOKED *entry, int64_t instant)
{
	ASN1_GENERALIZEDTIME *value = ASN1_GENERALIZEDTIME_set(NULL, (time_t)instant);
	bool ok = value != NULL && X509_REVOKED_add1_ext_i2d(entry, NID_invalidity_date, value, 0, 0) == 1;

	ASN1_GENERALIZEDTIME_free(value);
	return ok;
}

static X509_REVOKED *new_entry(const struct gw_revoked *r)
{
	X509_REVOKED *entry = X509_REVOKED_new();
	ASN1_TIME *at = time_of(r->at);
	bool ok = entry != NULL && at != NULL && set_serial(entry, r->serial) &&
		  X509_REVOKED_set_revocationDate(entry, at) == 1;

	if (ok && r->reason != GW_REASON_UNSPECIFIED)
		ok = set_reason(entry, r->reason);
	if (ok && r->has_invalid_since)
		ok = set_invalid_since(entry, r->invalid_since);
	ASN1_TIME_free(at);
	if (ok)
		return entry;
	X509_REVOKED_free(entry);
	return NULL;
}

static bool add_entry(X509_CRL *crl, X509_REVOKED *entry)
{
	if (entry != NULL && X509_CRL_add0_revoked(crl, entry) == 1)
		return true;
	X509_REVOKED_free(entry);
	return false;
}

bool gw_crl_plan_touches(const struct gw_crl_plan *plan, const char *serial)
{
	size_t i;

	for (i = 0; i < plan->n_add; i++) {
		if (strcmp(plan->add[i].serial, serial) == 0)
			return true;
	}
	for (i = 0; i < plan->n_release; i++) {
		if (strcmp(plan->release[i], serial) == 0)
			return true;
	}
	return false;
}

/* Certificates that have expired meanwhile stay: a list that forgets them says nothing of signatures that were made with
 * them. */
static bool carry_entries(X509_CRL *crl, const X509_CRL *old, const struct gw_crl_plan *plan)
{
	STACK_OF(X509_REVOKED) *entries = old != NULL ? X509_CRL_get_REVOKED((X509_CRL *)old) : NULL;
	GW_ARENA_AUTO struct gw_arena arena = {0};
	int i, n = entries != NULL ? sk_X509_REVOKED_num(entries) : 0;

	for (i = 0; i < n; i++) {
		X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);

		if (!gw_crl_plan_touches(plan, gw_asn1_number(&arena, X509_REVOKED_get0_serialNumber(entry))) &&
		    !add_entry(crl, X509_REVOKED_dup(entry)))
			return false;
	}
	return true;
}

static bool add_entries(X509_CRL *crl, const struct gw_crl_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_add; i++) {
		if (!add_entry(crl, new_entry(&plan->add[i])))
			return false;
	}
	return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool carry_extensions(X509_CRL *crl, const X509_CRL *old)
{
	int i, n = old != NULL ? X509_CRL_get_ext_count(old) : 0;

	for (i = 0; i < n; i++) {
		X509_EXTENSION *e = X509_CRL_get_ext(old, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		if (nid != NID_crl_number && nid != NID_authority_key_identifier && X509_CRL_add_ext(crl, e, -1) != 1)
			return false;
	}
	return true;
}

/* One more than the old list's; 1 for the first, and for the first after one that has none. */
static bool add_number(X509_CRL *crl, const X509_CRL *old)
{
	ASN1_INTEGER *before = old != NULL ? X509_CRL_get_ext_d2i(old, NID_crl_number, NULL, NULL) : NULL;
	BIGNUM *number = before != NULL ? ASN1_INTEGER_to_BN(before, NULL) : BN_new();
	ASN1_INTEGER *value = number != NULL && BN_add_word(number, 1) == 1 ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
	bool ok = value != NULL && X509_CRL_add1_ext_i2d(crl, NID_crl_number, value, 0, 0) == 1;

	ASN1_INTEGER_free(value);
	BN_free(number);
	ASN1_INTEGER_free(before);
	return ok;
}

/* The CA's own key id; where it has none, that of RFC 5280 4.2.1.2, method 1. */
static bool add_key_id(X509_CRL *crl, const X509 *issuer)
{
	/* OpenSSL caches the issuer's extensions in it. */
	const ASN1_OCTET_STRING *known = X509_get0_subject_key_id((X509 *)issuer);
	AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len;
	bool ok = id != NULL;

	if (ok && known != NULL) {
		id->keyid = ASN1_OCTET_STRING_dup(known);
		ok = id->keyid != NULL;
	} else if (ok) {
		id->keyid = ASN1_OCTET_STRING_new();
		ok = id->keyid != NULL && X509_pubkey_digest(issuer, EVP_sha1(), digest, &len) == 1 &&
		     ASN1_OCTET_STRING_set(id->keyid, digest, (int)len) == 1;
	}
	ok = ok && X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, id, 0, 0) == 1;
	AUTHORITY_KEYID_free(id);
	return ok;
}

static bool set_times(X509_CRL *crl, const struct gw_crl_plan *plan)
{
	ASN1_TIME *begin = time_of(plan->this_update), *end = time_of(plan->next_update);
	bool ok = begin != NULL && end != NULL && X509_CRL_set1_lastUpdate(crl, begin) == 1 &&
		  X509_CRL_set1_nextUpdate(crl, end) == 1;

	ASN1_TIME_free(begin);
	ASN1_TIME_free(end);
	return ok;
}

enum gw_code gw_crl_build(const struct gw_ctx *ctx, const X509_CRL *old, const struct gw_crl_plan *plan,
			  const X509 *issuer, EVP_PKEY *issuer_key, X509_CRL **crl, struct gw_err *err)
{
	GW_CRL_AUTO X509_CRL *made = X509_CRL_new_ex(ctx->libctx, NULL);

	if (made == NULL || X509_CRL_set_version(made, X509_CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(made, X509_get_subject_name(issuer)) != 1 || !set_times(made, plan))
		return failed(err, "the fields");
	if (!carry_entries(made, old, plan) || !add_entries(made, plan))
		return failed(err, "the entries");
	if (!add_key_id(made, issuer) || !add_number(made, old) || !carry_extensions(made, old))
		return failed(err, "the extensions");
	if (X509_CRL_sort(made) != 1 || X509_CRL_sign(made, issuer_key, gw_digest_for(issuer_key)) <= 0)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the revocation list");
	ERR_clear_error();
	*crl = made;
	made = NULL;
	return GW_OK;
}
