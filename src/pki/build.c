/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/build.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "pki/ossl.h"
#include "rules/names.h"

#define SERIAL_OCTETS 20 /* RFC 5280 4.1.2.2: at most */

typedef STACK_OF(X509_EXTENSION) extensions;

static enum gw_code failed(struct gw_err *err, const char *what)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make %s", what);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* UTF8String, but PrintableString and IA5String for the types that demand it (countryName, emailAddress, ...), with the
 * lengths of RFC 5280's appendix A: OpenSSL's table of strings knows them. */
static enum gw_code add_attribute(X509_NAME *name, const struct gw_name_attr *attr, struct gw_err *err)
{
	ASN1_OBJECT *type = OBJ_txt2obj(attr->type, 0);
	int ok;

	if (type == NULL) {
		ERR_clear_error();
		return gw_fail(err, GW_E_INPUT, NULL, "the subject has an attribute \"%s\" that is not known",
			       attr->type);
	}
	ok = X509_NAME_add_entry_by_OBJ(name, type, MBSTRING_UTF8, (const unsigned char *)attr->value, -1, -1, 0);
	ASN1_OBJECT_free(type);
	if (ok != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "the subject's %s \"%s\" cannot stand in a certificate",
				    attr->type, attr->value);
	return GW_OK;
}

static enum gw_code add_subject(X509_NAME *name, const struct gw_cert_plan *plan, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < plan->n_subject && code == GW_OK; i++)
		code = add_attribute(name, &plan->subject[i], err);
	return code;
}

const char *gw_subject_text(struct gw_arena *arena, const struct gw_cert_plan *plan)
{
	X509_NAME *name = X509_NAME_new();
	struct gw_err err;
	const char *text = name != NULL && add_subject(name, plan, &err) == GW_OK ? gw_name_text(arena, name) : "";

	X509_NAME_free(name);
	return text;
}

static GENERAL_NAME *general_name(const struct gw_san *san)
{
	static const int kinds[] = {
		[GW_SAN_DNS] = GEN_DNS, [GW_SAN_IP] = GEN_IPADD, [GW_SAN_URI] = GEN_URI, [GW_SAN_EMAIL] = GEN_EMAIL};
	unsigned char address[16];
	size_t n = san->type == GW_SAN_IP ? gw_name_ip(san->value, address) : strlen(san->value);
	const void *data = san->type == GW_SAN_IP ? (const void *)address : san->value;
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING *value = ASN1_STRING_type_new(san->type == GW_SAN_IP ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

	if (name != NULL && value != NULL && n > 0 && ASN1_STRING_set(value, data, (int)n) == 1) {
		GENERAL_NAME_set0_value(name, kinds[san->type], value);
		return name;
	}
	ASN1_STRING_free(value);
	GENERAL_NAME_free(name);
	return NULL;
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

static bool add_extension(extensions **list, int nid, void *value, bool critical)
{
	return value != NULL && X509V3_add1_i2d(list, nid, value, critical, X509V3_ADD_APPEND) == 1;
}

static bool add_basic_constraints(extensions **list, const struct gw_cert_plan *plan)
{
	BASIC_CONSTRAINTS *bc = BASIC_CONSTRAINTS_new();
	bool ok = bc != NULL;

	if (ok)
		bc->ca = plan->ca ? 0xff : 0;
	if (ok && plan->ca && plan->path_length >= 0) {
		bc->pathlen = ASN1_INTEGER_new();
		ok = bc->pathlen != NULL && ASN1_INTEGER_set(bc->pathlen, plan->path_length) == 1;
	}
	ok = ok && add_extension(list, NID_basic_constraints, bc, true);
	BASIC_CONSTRAINTS_free(bc);
	return ok;
}

static bool add_key_usage(extensions **list, unsigned usage)
{
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();
	bool ok = bits != NULL;
	int bit;

	for (bit = 0; ok && gw_key_usage_words[bit] != NULL; bit++) {
		if (usage & 1U << bit)
			ok = ASN1_BIT_STRING_set_bit(bits, bit, 1) == 1;
	}
	ok = ok && add_extension(list, NID_key_usage, bits, true);
	ASN1_BIT_STRING_free(bits);
	return ok;
}

static ASN1_OBJECT *usage_object(const char *text)
{
	const struct gw_eku_word *w;

	for (w = gw_eku_words; w->word != NULL; w++) {
		if (strcmp(w->word, text) == 0)
			return OBJ_txt2obj(w->oid, 1);
	}
	return OBJ_txt2obj(text, 1);
}

static enum gw_code add_extended_key_usage(extensions **list, const struct gw_cert_plan *plan, struct gw_err *err)
{
	EXTENDED_KEY_USAGE *usages = EXTENDED_KEY_USAGE_new();
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; usages != NULL && i < plan->n_extended_key_usage && code == GW_OK; i++) {
		ASN1_OBJECT *object = usage_object(plan->extended_key_usage[i]);

		if (object == NULL) {
			ERR_clear_error();
			code = gw_fail(err, GW_E_INPUT, NULL, "the extended key usage \"%s\" is not known",
				       plan->extended_key_usage[i]);
		} else if (sk_ASN1_OBJECT_push(usages, object) == 0) {
			ASN1_OBJECT_free(object);
			code = failed(err, "the extended key usage");
		}
	}
	if (code == GW_OK && !add_extension(list, NID_ext_key_usage, usages, false))
		code = failed(err, "the extended key usage");
	EXTENDED_KEY_USAGE_free(usages);
	return code;
}

/* Critical where the subject is empty: then it alone says who this is (RFC 5280 4.2.1.6). */
static enum gw_code add_sans(extensions **list, const struct gw_cert_plan *plan, struct gw_err *err)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	bool ok = names != NULL;
	size_t i;

	for (i = 0; ok && i < plan->n_sans; i++) {
		GENERAL_NAME *name = general_name(&plan->sans[i]);

		ok = name != NULL && sk_GENERAL_NAME_push(names, name) > 0;
		if (!ok)
			GENERAL_NAME_free(name);
	}
	ok = ok && add_extension(list, NID_subject_alt_name, names, plan->n_subject == 0);
	GENERAL_NAMES_free(names);
	return ok ? GW_OK : failed(err, "the subject alternative names");
}

/* What requests and certificates have in common. */
static enum gw_code add_planned(extensions **list, const struct gw_cert_plan *plan, struct gw_err *err)
{
	enum gw_code code = GW_OK;

	if (!add_basic_constraints(list, plan))
		return failed(err, "the basic constraints");
	if (plan->key_usage != 0 && !add_key_usage(list, plan->key_usage))
		return failed(err, "the key usage");
	if (plan->extended_key_usage != NULL && plan->n_extended_key_usage > 0)
		code = add_extended_key_usage(list, plan, err);
	if (code == GW_OK && plan->n_sans > 0)
		code = add_sans(list, plan, err);
	return code;
}

/* SHA-1 of the public key's bits (RFC 5280 4.2.1.2, method 1): a name for the key, not a protection. */
static ASN1_OCTET_STRING *key_id_of(const X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len;
	ASN1_OCTET_STRING *id;

	if (X509_pubkey_digest(cert, EVP_sha1(), digest, &len) != 1)
		return NULL;
	id = ASN1_OCTET_STRING_new();
	if (id != NULL && ASN1_OCTET_STRING_set(id, digest, (int)len) == 1)
		return id;
	ASN1_OCTET_STRING_free(id);
	return NULL;
}

/* Subject key id of the certificate; authority key id as the issuer's own says, or as it would be. */
static bool add_key_ids(extensions **list, const X509 *cert, const X509 *issuer)
{
	/* OpenSSL caches the issuer's extensions in it. */
	const ASN1_OCTET_STRING *known = issuer != NULL ? X509_get0_subject_key_id((X509 *)issuer) : NULL;
	ASN1_OCTET_STRING *own = key_id_of(cert);
	AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
	bool ok = own != NULL && authority != NULL;

	if (ok)
		authority->keyid =
			known != NULL ? ASN1_OCTET_STRING_dup(known) : key_id_of(issuer != NULL ? issuer : cert);
	ok = ok && authority->keyid != NULL && add_extension(list, NID_subject_key_identifier, own, false) &&
	     add_extension(list, NID_authority_key_identifier, authority, false);
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(authority);
	return ok;
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

/* The digest that is as strong as the key; NULL for Ed25519, which brings its own. */
static const EVP_MD *digest_for(const EVP_PKEY *key)
{
	switch (gw_key_type_of(key)) {
	case GW_KEY_EC_P384: return EVP_sha384();
	case GW_KEY_EC_P521: return EVP_sha512();
	case GW_KEY_ED25519: return NULL;
	case GW_KEY_EC_P256:
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096: return EVP_sha256();
	case GW_KEY_OTHER: break;
	}
	return EVP_PKEY_is_a(key, "ED448") ? NULL : EVP_sha256();
}

static bool set_serial(const struct gw_ctx *ctx, X509 *cert)
{
	unsigned char octets[SERIAL_OCTETS];
	BIGNUM *number = NULL;
	bool ok;

	/* 01..7f in front: positive, and all twenty octets long. */
	do {
		if (RAND_bytes_ex(ctx->libctx, octets, sizeof(octets), 0) != 1)
			return false;
		octets[0] &= 0x7f;
	} while (octets[0] == 0);
	number = BN_bin2bn(octets, sizeof(octets), NULL);
	ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
	BN_free(number);
	return ok;
}

/* UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5): ASN1_TIME_set() chooses so. */
static bool set_times(X509 *cert, const struct gw_cert_plan *plan)
{
	return ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)plan->not_before) != NULL &&
	       ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)plan->not_after) != NULL;
}

static enum gw_code check_plan(const struct gw_cert_plan *plan, const X509 *issuer, EVP_PKEY *issuer_key,
			       struct gw_err *err)
{
	if (plan->not_after < plan->not_before)
		return gw_fail(err, GW_E_INPUT, NULL, "the certificate would end before it begins");
	if (plan->n_subject == 0 && plan->n_sans == 0)
		return gw_fail(err, GW_E_INPUT, NULL, "a certificate needs a subject or a subject alternative name");
	if (plan->n_subject == 0 && (issuer == NULL || plan->ca)) {
		/* RFC 5280 4.1.2.4 and 4.1.2.6: whoever issues has a name, and a self-signed one is its own issuer. */
		gw_fail(err, GW_E_INPUT, NULL, "a %s certificate needs a subject", plan->ca ? "CA" : "self-signed");
		return gw_hint(err, "give it a commonName or an organizationName");
	}
	if (issuer != NULL && !gw_cert_matches_key(issuer, issuer_key))
		return gw_fail(err, GW_E_INPUT, NULL, "the issuer's key does not belong to the issuer's certificate");
	return GW_OK;
}

static enum gw_code fill(const struct gw_ctx *ctx, X509 *cert, const struct gw_cert_plan *plan, EVP_PKEY *key,
			 const X509 *issuer, struct gw_err *err)
{
	X509_NAME *subject = X509_NAME_new();
	enum gw_code code = subject == NULL ? failed(err, "a name") : add_subject(subject, plan, err);

	if (code == GW_OK &&
	    (X509_set_version(cert, X509_VERSION_3) != 1 || !set_serial(ctx, cert) || !set_times(cert, plan) ||
	     X509_set_subject_name(cert, subject) != 1 ||
	     X509_set_issuer_name(cert, issuer != NULL ? X509_get_subject_name(issuer) : subject) != 1 ||
	     X509_set_pubkey(cert, key) != 1))
		code = failed(err, "the certificate's fields");
	X509_NAME_free(subject);
	return code;
}

static enum gw_code extend(X509 *cert, const struct gw_cert_plan *plan, const X509 *issuer, struct gw_err *err)
{
	extensions *list = NULL;
	enum gw_code code = add_planned(&list, plan, err);
	int i;

	if (code == GW_OK && !add_key_ids(&list, cert, issuer))
		code = failed(err, "the key identifiers");
	for (i = 0; code == GW_OK && i < sk_X509_EXTENSION_num(list); i++) {
		if (X509_add_ext(cert, sk_X509_EXTENSION_value(list, i), -1) != 1)
			code = failed(err, "the extensions");
	}
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	return code;
}

enum gw_code gw_cert_build(const struct gw_ctx *ctx, const struct gw_cert_plan *plan, EVP_PKEY *key, const X509 *issuer,
			   EVP_PKEY *issuer_key, X509 **cert, struct gw_err *err)
{
	EVP_PKEY *signer = issuer != NULL ? issuer_key : key;
	GW_CERT_AUTO X509 *made = NULL;
	enum gw_code code = check_plan(plan, issuer, issuer_key, err);

	if (code != GW_OK)
		return code;
	made = X509_new_ex(ctx->libctx, NULL);
	if (made == NULL)
		return failed(err, "a certificate");
	code = fill(ctx, made, plan, key, issuer, err);
	if (code == GW_OK)
		code = extend(made, plan, issuer, err);
	if (code == GW_OK && X509_sign(made, signer, digest_for(signer)) <= 0)
		code = gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the certificate");
	if (code != GW_OK)
		return code;
	*cert = made;
	made = NULL;
	return GW_OK;
}

/* --- requests ----------------------------------------------------------------------------------------------------- */

static enum gw_code fill_request(X509_REQ *req, const struct gw_cert_plan *plan, EVP_PKEY *key, struct gw_err *err)
{
	extensions *list = NULL;
	enum gw_code code = add_subject(X509_REQ_get_subject_name(req), plan, err);

	if (code == GW_OK)
		code = add_planned(&list, plan, err);
	if (code == GW_OK && (X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
			      X509_REQ_set_pubkey(req, key) != 1 || X509_REQ_add_extensions(req, list) != 1))
		code = failed(err, "the request's fields");
	if (code == GW_OK && X509_REQ_sign(req, key, digest_for(key)) <= 0)
		code = gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the request");
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	return code;
}

enum gw_code gw_csr_build(const struct gw_ctx *ctx, const struct gw_cert_plan *plan, EVP_PKEY *key, struct gw_buf *pem,
			  struct gw_err *err)
{
	X509_REQ *req = X509_REQ_new_ex(ctx->libctx, NULL);
	unsigned char *der = NULL;
	enum gw_code code;
	int len;

	if (req == NULL)
		return failed(err, "a request");
	code = fill_request(req, plan, key, err);
	if (code == GW_OK) {
		len = i2d_X509_REQ(req, &der);
		if (len > 0)
			gw_pem_write(pem, "CERTIFICATE REQUEST", der, (size_t)len);
		else
			code = failed(err, "the request's encoding");
	}
	OPENSSL_free(der);
	X509_REQ_free(req);
	return code;
}
