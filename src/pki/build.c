/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/build.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pki/extend.h"
#include "pki/inner.h"
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

enum gw_code gw_build_subject(X509_NAME *name, const struct gw_cert_plan *plan, struct gw_err *err)
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
	const char *text = name != NULL && gw_build_subject(name, plan, &err) == GW_OK ? gw_name_text(arena, name) : "";

	X509_NAME_free(name);
	return text;
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

bool gw_serial_parse(struct gw_arena *arena, const char *text, const char **hex)
{
	char *digits = gw_arena_strdup(arena, text), *to = digits;
	const char *from;

	*hex = NULL;
	if (strcmp(text, "random") == 0)
		return true;
	for (from = strncmp(text, "0x", 2) == 0 ? text + 2 : text; *from != '\0'; from++) {
		if (isxdigit((unsigned char)*from))
			*to++ = (char)tolower((unsigned char)*from);
		else if (*from != ':')
			return false;
	}
	*to = '\0';
	digits += strspn(digits, "0");
	/* Twenty octets hold a positive number below 2^159. */
	if (*digits == '\0' || strlen(digits) > (size_t)2 * SERIAL_OCTETS ||
	    (strlen(digits) == (size_t)2 * SERIAL_OCTETS && *digits > '7'))
		return false;
	*hex = strlen(digits) % 2 == 0 ? digits : gw_arena_printf(arena, "0%s", digits);
	return true;
}

static bool set_number(X509 *cert, BIGNUM *number)
{
	bool ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;

	BN_free(number);
	return ok;
}

static bool set_fixed_serial(X509 *cert, const char *hex)
{
	BIGNUM *number = NULL;

	return BN_hex2bn(&number, hex) > 0 && set_number(cert, number);
}

static bool set_random_serial(const struct gw_ctx *ctx, X509 *cert)
{
	unsigned char octets[SERIAL_OCTETS];

	/* 01..7f in front: positive, and all twenty octets long. */
	do {
		if (RAND_bytes_ex(ctx->libctx, octets, sizeof(octets), 0) != 1)
			return false;
		octets[0] &= 0x7f;
	} while (octets[0] == 0);
	return set_number(cert, BN_bin2bn(octets, sizeof(octets), NULL));
}

bool gw_build_serial(const struct gw_ctx *ctx, X509 *cert, const struct gw_cert_plan *plan)
{
	return plan->serial != NULL ? set_fixed_serial(cert, plan->serial) : set_random_serial(ctx, cert);
}

/* UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5): ASN1_TIME_set() chooses so. */
bool gw_build_times(X509 *cert, const struct gw_cert_plan *plan)
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
	enum gw_code code = subject == NULL ? failed(err, "a name") : gw_build_subject(subject, plan, err);

	if (code == GW_OK &&
	    (X509_set_version(cert, X509_VERSION_3) != 1 || !gw_build_serial(ctx, cert, plan) ||
	     !gw_build_times(cert, plan) || X509_set_subject_name(cert, subject) != 1 ||
	     X509_set_issuer_name(cert, issuer != NULL ? X509_get_subject_name(issuer) : subject) != 1 ||
	     X509_set_pubkey(cert, key) != 1))
		code = failed(err, "the certificate's fields");
	X509_NAME_free(subject);
	return code;
}

static enum gw_code extend(X509 *cert, const struct gw_cert_plan *plan, const X509 *issuer, struct gw_err *err)
{
	extensions *list = NULL;
	enum gw_code code = gw_extend_planned(&list, plan, err);
	int i;

	if (code == GW_OK)
		code = gw_extend_issued(&list, &plan->issuer, err);
	if (code == GW_OK && !gw_extend_key_ids(&list, cert, issuer))
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
	if (code == GW_OK)
		code = gw_sign_cert(made, plan, signer, err);
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
	enum gw_code code = gw_build_subject(X509_REQ_get_subject_name(req), plan, err);

	if (code == GW_OK)
		code = gw_extend_planned(&list, plan, err);
	if (code == GW_OK)
		code = gw_extend_asked(&list, &plan->issuer, err);
	if (code == GW_OK && (X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
			      X509_REQ_set_pubkey(req, key) != 1 || X509_REQ_add_extensions(req, list) != 1))
		code = failed(err, "the request's fields");
	if (code == GW_OK)
		code = gw_sign_request(req, plan, key, err);
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
