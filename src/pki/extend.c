/* SPDX-License-Identifier: Apache-2.0 */
/* The extensions that say whose certificate it is and what for: basic constraints, usages, names, key identifiers. */
#include "pki/extend.h"

#include <openssl/err.h>
#include <string.h>

#include "pki/ossl.h"
#include "rules/names.h"

typedef STACK_OF(X509_EXTENSION) extensions;

static enum gw_code failed(struct gw_err *err, const char *what)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make %s", what);
}

/* "OID;utf8:text" or "OID;ia5:text" */
static GENERAL_NAME *other_name(const char *value)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const char *semicolon = strchr(value, ';'), *text = strchr(value, ':') + 1;
	bool utf8 = strncmp(semicolon, ";utf8:", 6) == 0;
	ASN1_OBJECT *oid = OBJ_txt2obj(gw_arena_strndup(&arena, value, (size_t)(semicolon - value)), 1);
	ASN1_STRING *string = ASN1_STRING_type_new(utf8 ? V_ASN1_UTF8STRING : V_ASN1_IA5STRING);
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_TYPE *type = ASN1_TYPE_new();

	if (oid != NULL && string != NULL && name != NULL && type != NULL && ASN1_STRING_set(string, text, -1) == 1) {
		ASN1_TYPE_set(type, ASN1_STRING_type(string), string);
		if (GENERAL_NAME_set0_othername(name, oid, type) == 1)
			return name;
		string = NULL;
	}
	ASN1_OBJECT_free(oid);
	ASN1_STRING_free(string);
	ASN1_TYPE_free(type);
	GENERAL_NAME_free(name);
	return NULL;
}

GENERAL_NAME *gw_general_name(const struct gw_san *san)
{
	static const int kinds[] = {
		[GW_SAN_DNS] = GEN_DNS, [GW_SAN_IP] = GEN_IPADD, [GW_SAN_URI] = GEN_URI, [GW_SAN_EMAIL] = GEN_EMAIL};
	unsigned char address[16];
	size_t n = san->type == GW_SAN_IP ? gw_name_ip(san->value, address) : strlen(san->value);
	const void *data = san->type == GW_SAN_IP ? (const void *)address : san->value;
	GENERAL_NAME *name = san->type == GW_SAN_OTHER ? other_name(san->value) : GENERAL_NAME_new();
	ASN1_STRING *value;

	if (san->type == GW_SAN_OTHER)
		return name;
	value = ASN1_STRING_type_new(san->type == GW_SAN_IP ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING);

	if (name != NULL && value != NULL && n > 0 && ASN1_STRING_set(value, data, (int)n) == 1) {
		GENERAL_NAME_set0_value(name, kinds[san->type], value);
		return name;
	}
	ASN1_STRING_free(value);
	GENERAL_NAME_free(name);
	return NULL;
}

bool gw_extend(STACK_OF(X509_EXTENSION) * *list, int nid, void *value, bool critical)
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
	ok = ok && gw_extend(list, NID_basic_constraints, bc, true);
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
	ok = ok && gw_extend(list, NID_key_usage, bits, true);
	ASN1_BIT_STRING_free(bits);
	return ok;
}

static ASN1_OBJECT *usage_object(const char *text)
{
	const char *oid = gw_eku_oid(text);

	return OBJ_txt2obj(oid != NULL ? oid : text, 1);
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
	if (code == GW_OK && !gw_extend(list, NID_ext_key_usage, usages, false))
		code = failed(err, "the extended key usage");
	EXTENDED_KEY_USAGE_free(usages);
	return code;
}

GENERAL_NAMES *gw_general_names(const struct gw_cert_plan *plan)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	bool ok = names != NULL;
	size_t i;

	for (i = 0; ok && i < plan->n_sans; i++) {
		GENERAL_NAME *name = gw_general_name(&plan->sans[i]);

		ok = name != NULL && sk_GENERAL_NAME_push(names, name) > 0;
		if (!ok)
			GENERAL_NAME_free(name);
	}
	if (ok)
		return names;
	GENERAL_NAMES_free(names);
	return NULL;
}

/* Critical where the subject is empty: then it alone says who this is (RFC 5280 4.2.1.6). */
static enum gw_code add_sans(extensions **list, const struct gw_cert_plan *plan, struct gw_err *err)
{
	GENERAL_NAMES *names = gw_general_names(plan);
	bool ok = gw_extend(list, NID_subject_alt_name, names, plan->n_subject == 0);

	GENERAL_NAMES_free(names);
	return ok ? GW_OK : failed(err, "the subject alternative names");
}

enum gw_code gw_extend_planned(STACK_OF(X509_EXTENSION) * *list, const struct gw_cert_plan *plan, struct gw_err *err)
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

bool gw_extend_key_ids(STACK_OF(X509_EXTENSION) * *list, const X509 *cert, const X509 *issuer)
{
	/* OpenSSL caches the issuer's extensions in it. */
	const ASN1_OCTET_STRING *known = issuer != NULL ? X509_get0_subject_key_id((X509 *)issuer) : NULL;
	ASN1_OCTET_STRING *own = key_id_of(cert);
	AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
	bool ok = own != NULL && authority != NULL;

	if (ok)
		authority->keyid =
			known != NULL ? ASN1_OCTET_STRING_dup(known) : key_id_of(issuer != NULL ? issuer : cert);
	ok = ok && authority->keyid != NULL && gw_extend(list, NID_subject_key_identifier, own, false) &&
	     gw_extend(list, NID_authority_key_identifier, authority, false);
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(authority);
	return ok;
}
