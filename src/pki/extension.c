/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/extension.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "pki/extend.h"
#include "pki/ossl.h"

#define STATUS_REQUEST 5 /* RFC 6066 1.1, the TLS extension that carries a stapled OCSP response */

typedef STACK_OF(X509_EXTENSION) extensions;

static enum gw_code failed(struct gw_err *err, const char *what)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make %s", what);
}

static GENERAL_NAME *uri(const char *url)
{
	return gw_general_name(&(struct gw_san){GW_SAN_URI, url});
}

/* --- name constraints --------------------------------------------------------------------------------------------- */

/* Address and mask, one behind the other (RFC 5280 4.2.1.10). */
static GENERAL_NAME *range(const struct gw_subtree *s)
{
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	unsigned char both[32];

	memcpy(both, s->address, s->octets);
	memcpy(both + s->octets, s->mask, s->octets);
	if (name != NULL && octets != NULL && ASN1_OCTET_STRING_set(octets, both, (int)(2 * s->octets)) == 1) {
		GENERAL_NAME_set0_value(name, GEN_IPADD, octets);
		return name;
	}
	ASN1_OCTET_STRING_free(octets);
	GENERAL_NAME_free(name);
	return NULL;
}

static bool add_subtree(STACK_OF(GENERAL_SUBTREE) * to, const struct gw_subtree *s)
{
	GENERAL_SUBTREE *tree = GENERAL_SUBTREE_new();
	GENERAL_NAME *base = s->type == GW_SAN_IP ? range(s) : gw_general_name(&(struct gw_san){s->type, s->value});

	if (tree != NULL && base != NULL) {
		GENERAL_NAME_free(tree->base);
		tree->base = base;
		base = NULL;
		if (sk_GENERAL_SUBTREE_push(to, tree) > 0)
			return true;
	}
	GENERAL_NAME_free(base);
	GENERAL_SUBTREE_free(tree);
	return false;
}

static bool add_subtrees(STACK_OF(GENERAL_SUBTREE) * *to, const struct gw_subtree *subtrees, size_t n)
{
	size_t i;
	bool ok;

	if (n == 0)
		return true;
	*to = sk_GENERAL_SUBTREE_new_null();
	ok = *to != NULL;
	for (i = 0; ok && i < n; i++)
		ok = add_subtree(*to, &subtrees[i]);
	return ok;
}

/* Always critical: a client that does not know them must not pass over them (RFC 5280 4.2.1.10). */
static bool add_constraints(extensions **list, const struct gw_issuer_extensions *x)
{
	NAME_CONSTRAINTS *nc = NAME_CONSTRAINTS_new();
	bool ok = nc != NULL && add_subtrees(&nc->permittedSubtrees, x->permitted, x->n_permitted) &&
		  add_subtrees(&nc->excludedSubtrees, x->excluded, x->n_excluded) &&
		  gw_extend(list, NID_name_constraints, nc, true);

	NAME_CONSTRAINTS_free(nc);
	return ok;
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static bool add_access(AUTHORITY_INFO_ACCESS *info, int method, const char *url)
{
	ACCESS_DESCRIPTION *access = ACCESS_DESCRIPTION_new();
	GENERAL_NAME *location = uri(url);

	if (access != NULL && location != NULL) {
		GENERAL_NAME_free(access->location);
		access->location = location;
		location = NULL;
		ASN1_OBJECT_free(access->method);
		access->method = OBJ_nid2obj(method);
		if (sk_ACCESS_DESCRIPTION_push(info, access) > 0)
			return true;
	}
	GENERAL_NAME_free(location);
	ACCESS_DESCRIPTION_free(access);
	return false;
}

static bool add_info_access(extensions **list, const struct gw_issuer_extensions *x)
{
	AUTHORITY_INFO_ACCESS *info = AUTHORITY_INFO_ACCESS_new();
	bool ok = info != NULL;
	size_t i;

	for (i = 0; ok && i < x->ocsp.count; i++)
		ok = add_access(info, NID_ad_OCSP, x->ocsp.items[i]);
	for (i = 0; ok && i < x->ca_issuers.count; i++)
		ok = add_access(info, NID_ad_ca_issuers, x->ca_issuers.items[i]);
	ok = ok && gw_extend(list, NID_info_access, info, false);
	AUTHORITY_INFO_ACCESS_free(info);
	return ok;
}

static bool add_distribution_point(CRL_DIST_POINTS *points, const char *url)
{
	DIST_POINT *point = DIST_POINT_new();
	GENERAL_NAME *name = uri(url);
	bool ok = point != NULL && name != NULL;

	if (ok) {
		point->distpoint = DIST_POINT_NAME_new();
		ok = point->distpoint != NULL;
	}
	if (ok) {
		point->distpoint->type = 0; /* fullName */
		point->distpoint->name.fullname = sk_GENERAL_NAME_new_null();
		ok = point->distpoint->name.fullname != NULL &&
		     sk_GENERAL_NAME_push(point->distpoint->name.fullname, name) > 0;
	}
	if (!ok)
		GENERAL_NAME_free(name);
	ok = ok && sk_DIST_POINT_push(points, point) > 0;
	if (!ok)
		DIST_POINT_free(point);
	return ok;
}

static bool add_crl(extensions **list, const struct gw_issuer_extensions *x)
{
	CRL_DIST_POINTS *points = CRL_DIST_POINTS_new();
	bool ok = points != NULL;
	size_t i;

	for (i = 0; ok && i < x->crl.count; i++)
		ok = add_distribution_point(points, x->crl.items[i]);
	ok = ok && gw_extend(list, NID_crl_distribution_points, points, false);
	CRL_DIST_POINTS_free(points);
	return ok;
}

/* --- policies and must-staple ------------------------------------------------------------------------------------- */

static bool set_cps(POLICYINFO *info, const char *cps)
{
	POLICYQUALINFO *qualifier = POLICYQUALINFO_new();
	ASN1_IA5STRING *url = ASN1_IA5STRING_new();

	info->qualifiers = sk_POLICYQUALINFO_new_null();
	if (info->qualifiers != NULL && qualifier != NULL && url != NULL && ASN1_STRING_set(url, cps, -1) == 1 &&
	    sk_POLICYQUALINFO_push(info->qualifiers, qualifier) > 0) {
		ASN1_OBJECT_free(qualifier->pqualid);
		qualifier->pqualid = OBJ_nid2obj(NID_id_qt_cps);
		qualifier->d.cpsuri = url;
		return true;
	}
	ASN1_IA5STRING_free(url);
	POLICYQUALINFO_free(qualifier);
	return false;
}

static bool add_policy(CERTIFICATEPOLICIES *policies, const struct gw_cert_policy *p)
{
	POLICYINFO *info = POLICYINFO_new();
	ASN1_OBJECT *oid = OBJ_txt2obj(p->oid, 1);
	bool ok = info != NULL && oid != NULL;

	if (ok) {
		ASN1_OBJECT_free(info->policyid);
		info->policyid = oid;
	} else {
		ASN1_OBJECT_free(oid);
	}
	ok = ok && (p->cps == NULL || set_cps(info, p->cps)) && sk_POLICYINFO_push(policies, info) > 0;
	if (!ok)
		POLICYINFO_free(info);
	return ok;
}

static bool add_policies(extensions **list, const struct gw_issuer_extensions *x)
{
	CERTIFICATEPOLICIES *policies = CERTIFICATEPOLICIES_new();
	bool ok = policies != NULL;
	size_t i;

	for (i = 0; ok && i < x->n_policies; i++)
		ok = add_policy(policies, &x->policies[i]);
	ok = ok && gw_extend(list, NID_certificate_policies, policies, false);
	CERTIFICATEPOLICIES_free(policies);
	return ok;
}

/* RFC 7633 4.2.1 */
static bool add_must_staple(extensions **list)
{
	TLS_FEATURE *features = TLS_FEATURE_new();
	ASN1_INTEGER *feature = ASN1_INTEGER_new();
	bool ok = features != NULL && feature != NULL && ASN1_INTEGER_set(feature, STATUS_REQUEST) == 1 &&
		  sk_ASN1_INTEGER_push(features, feature) > 0;

	if (!ok)
		ASN1_INTEGER_free(feature);
	ok = ok && gw_extend(list, NID_tlsfeature, features, false);
	TLS_FEATURE_free(features);
	return ok;
}

/* --- as given ----------------------------------------------------------------------------------------------------- */

bool gw_der_from_hex(struct gw_arena *arena, const char *text, const unsigned char **der, size_t *len)
{
	long n = 0;
	unsigned char *octets = OPENSSL_hexstr2buf(text, &n), *copy;
	bool ok = octets != NULL && n > 0 && gw_der_is_one(octets, (size_t)n);

	if (ok) {
		copy = gw_arena_alloc(arena, (size_t)n);
		memcpy(copy, octets, (size_t)n);
		*der = copy;
		*len = (size_t)n;
	}
	OPENSSL_free(octets);
	ERR_clear_error();
	return ok;
}

void gw_der_of_text(struct gw_arena *arena, const char *text, bool ia5, const unsigned char **der, size_t *len)
{
	size_t n = strlen(text), head = 2, i;
	unsigned char *octets;

	for (i = n; n > 0x7f && i > 0; i >>= 8)
		head++;
	octets = gw_arena_alloc(arena, head + n);
	octets[0] = ia5 ? V_ASN1_IA5STRING : V_ASN1_UTF8STRING;
	octets[1] = (unsigned char)(head == 2 ? n : 0x80 | (head - 2));
	for (i = 2; i < head; i++)
		octets[i] = (unsigned char)(n >> 8 * (head - 1 - i));
	memcpy(octets + head, text, n);
	*der = octets;
	*len = head + n;
}

static X509_EXTENSION *raw_extension(const struct gw_raw_extension *raw)
{
	ASN1_OBJECT *oid = OBJ_txt2obj(raw->oid, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *made = NULL;

	if (oid != NULL && value != NULL && ASN1_OCTET_STRING_set(value, raw->der, (int)raw->len) == 1)
		made = X509_EXTENSION_create_by_OBJ(NULL, oid, raw->critical, value);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(oid);
	return made;
}

static bool add_raw(extensions **list, const struct gw_raw_extension *raw)
{
	X509_EXTENSION *made = raw_extension(raw);
	bool ok = made != NULL && X509v3_add_ext(list, made, -1) != NULL;

	X509_EXTENSION_free(made);
	return ok;
}

bool gw_raw_extension_is_sound(const struct gw_raw_extension *raw)
{
	X509_EXTENSION *made = raw_extension(raw);
	bool sound = made != NULL && gw_extension_is_readable(made);

	X509_EXTENSION_free(made);
	ERR_clear_error();
	return sound;
}

/* --- all of them -------------------------------------------------------------------------------------------------- */

enum gw_code gw_extend_asked(STACK_OF(X509_EXTENSION) * *list, const struct gw_issuer_extensions *x, struct gw_err *err)
{
	size_t i;

	if (x->must_staple && !add_must_staple(list))
		return failed(err, "must-staple");
	for (i = 0; i < x->n_raw; i++) {
		if (!add_raw(list, &x->raw[i]))
			return failed(err, "an extension");
	}
	return GW_OK;
}

enum gw_code gw_extend_issued(STACK_OF(X509_EXTENSION) * *list, const struct gw_issuer_extensions *x,
			      struct gw_err *err)
{
	if (x->n_permitted + x->n_excluded > 0 && !add_constraints(list, x))
		return failed(err, "the name constraints");
	if (x->ca_issuers.count + x->ocsp.count > 0 && !add_info_access(list, x))
		return failed(err, "the authority information access");
	if (x->crl.count > 0 && !add_crl(list, x))
		return failed(err, "the CRL distribution points");
	if (x->n_policies > 0 && !add_policies(list, x))
		return failed(err, "the certificate policies");
	return gw_extend_asked(list, x, err);
}
