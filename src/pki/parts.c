/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/parts.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "pki/asn1.h"

#define POLICIES_MAX 100 /* that are compared with each other */

struct gw_parts_held {
	GENERAL_NAMES *names;
	NAME_CONSTRAINTS *constraints;
};

/* --- names -------------------------------------------------------------------------------------------------------- */

static struct gw_general_name text_name(enum gw_general_kind kind, const ASN1_STRING *s)
{
	return (struct gw_general_name){
		.kind = kind, .data = ASN1_STRING_get0_data(s), .len = (size_t)ASN1_STRING_length(s)};
}

static struct gw_general_name one_name(const GENERAL_NAME *name)
{
	switch (name->type) {
	case GEN_DNS: return text_name(GW_GENERAL_DNS, name->d.dNSName);
	case GEN_EMAIL: return text_name(GW_GENERAL_EMAIL, name->d.rfc822Name);
	case GEN_URI: return text_name(GW_GENERAL_URI, name->d.uniformResourceIdentifier);
	case GEN_IPADD: return text_name(GW_GENERAL_IP, name->d.iPAddress);
	case GEN_DIRNAME:
		return (struct gw_general_name){.kind = GW_GENERAL_DIRECTORY, .directory = name->d.directoryName};
	default: return (struct gw_general_name){.kind = GW_GENERAL_OTHER};
	}
}

static struct gw_general_names room(struct gw_arena *arena, int n)
{
	struct gw_general_names names = {.count = n > 0 ? (size_t)n : 0};

	if (names.count > 0)
		names.items = gw_arena_alloc(arena, names.count * sizeof(*names.items));
	return names;
}

static void read_names(struct gw_parts *p, struct gw_arena *arena)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(p->cert, NID_subject_alt_name, NULL, NULL);
	size_t i;

	p->held->names = names;
	p->names = room(arena, names != NULL ? sk_GENERAL_NAME_num(names) : 0);
	for (i = 0; i < p->names.count; i++)
		p->names.items[i] = one_name(sk_GENERAL_NAME_value(names, (int)i));
}

/* Mailboxes in the subject are names as well (RFC 5280 4.2.1.10). */
static void read_mailboxes(struct gw_parts *p, struct gw_arena *arena)
{
	const X509_NAME *subject = X509_get_subject_name(p->cert);
	int at = -1;

	p->mailboxes = room(arena, X509_NAME_entry_count(subject));
	p->mailboxes.count = 0;
	while ((at = X509_NAME_get_index_by_NID(subject, NID_pkcs9_emailAddress, at)) >= 0)
		p->mailboxes.items[p->mailboxes.count++] =
			text_name(GW_GENERAL_EMAIL, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
}

static struct gw_general_names subtrees(const STACK_OF(GENERAL_SUBTREE) * trees, struct gw_arena *arena)
{
	struct gw_general_names names = room(arena, trees != NULL ? sk_GENERAL_SUBTREE_num(trees) : 0);
	size_t i;

	for (i = 0; i < names.count; i++) {
		const GENERAL_SUBTREE *tree = sk_GENERAL_SUBTREE_value(trees, (int)i);

		names.items[i] = one_name(tree->base);
		names.items[i].bounded =
			tree->maximum != NULL || (tree->minimum != NULL && ASN1_INTEGER_get(tree->minimum) != 0);
	}
	return names;
}

static void read_constraints(struct gw_parts *p, struct gw_arena *arena)
{
	NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(p->cert, NID_name_constraints, NULL, NULL);

	p->held->constraints = constraints;
	p->constrains = constraints != NULL;
	if (constraints == NULL)
		return;
	p->permitted = subtrees(constraints->permittedSubtrees, arena);
	p->excluded = subtrees(constraints->excludedSubtrees, arena);
}

static size_t count_common_names(const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	size_t n = 0;
	int at = -1;

	while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0)
		n++;
	return n;
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

static void read_extensions(struct gw_parts *p, struct gw_arena *arena)
{
	int n = X509_get_ext_count(p->cert), i;

	p->n_extensions = n > 0 ? (size_t)n : 0;
	p->extensions = gw_arena_alloc(arena, (p->n_extensions + 1) * sizeof(*p->extensions));
	for (i = 0; i < n; i++) {
		X509_EXTENSION *ext = X509_get_ext(p->cert, i);
		const ASN1_OBJECT *object = X509_EXTENSION_get_object(ext);
		char oid[128] = "", name[128] = "";

		OBJ_obj2txt(oid, sizeof(oid), object, 1);
		OBJ_obj2txt(name, sizeof(name), object, 0);
		p->extensions[i] = (struct gw_extension){gw_arena_strdup(arena, oid), gw_arena_strdup(arena, name),
							 X509_EXTENSION_get_critical(ext) != 0};
	}
}

static void read_key_ids(struct gw_parts *p)
{
	AUTHORITY_KEYID *id = X509_get_ext_d2i(p->cert, NID_authority_key_identifier, NULL, NULL);

	if (id == NULL)
		return;
	p->aki_has_id = id->keyid != NULL;
	p->aki_has_issuer = id->issuer != NULL;
	p->aki_has_serial = id->serial != NULL;
	AUTHORITY_KEYID_free(id);
}

static bool is_uri(const GENERAL_NAME *name)
{
	const unsigned char *c;
	int i, n;

	if (name->type != GEN_URI)
		return name->type == GEN_DIRNAME;
	c = ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
	n = ASN1_STRING_length(name->d.uniformResourceIdentifier);
	for (i = 0; i < n; i++) {
		if (c[i] <= ' ' || c[i] > '~')
			return false;
	}
	/* A scheme and what follows it. */
	return n > 3 && memchr(c, ':', (size_t)n - 1) != NULL && c[0] != ':';
}

static bool has_odd_access(const X509 *cert, int nid)
{
	AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(cert, nid, NULL, NULL);
	int i, n = access != NULL ? sk_ACCESS_DESCRIPTION_num(access) : 0;
	/* The list must not be empty (RFC 5280 4.2.2.1). */
	bool odd = access != NULL && n == 0;

	for (i = 0; i < n; i++)
		odd = odd || !is_uri(sk_ACCESS_DESCRIPTION_value(access, i)->location);
	AUTHORITY_INFO_ACCESS_free(access);
	return odd;
}

static bool has_path_length(const X509 *cert)
{
	BASIC_CONSTRAINTS *basic = X509_get_ext_d2i(cert, NID_basic_constraints, NULL, NULL);
	bool given = basic != NULL && basic->pathlen != NULL;

	BASIC_CONSTRAINTS_free(basic);
	return given;
}

static bool repeats_policy(const X509 *cert)
{
	CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(cert, NID_certificate_policies, NULL, NULL);
	int n = policies != NULL ? sk_POLICYINFO_num(policies) : 0, i, k;
	bool twice = false;

	/* More than this nobody lists: the comparison of each with each stays short. */
	n = n < POLICIES_MAX ? n : POLICIES_MAX;
	for (i = 0; i < n; i++) {
		for (k = 0; k < i && !twice; k++)
			twice = OBJ_cmp(sk_POLICYINFO_value(policies, i)->policyid,
					sk_POLICYINFO_value(policies, k)->policyid) == 0;
	}
	CERTIFICATEPOLICIES_free(policies);
	return twice;
}

/* What the encoding of an extension allows and RFC 5280 does not: a list without entries (4.2.1.4 to 4.2.1.15), the same
 * policy twice (4.2.1.4). */
static const char *list_fault(const X509 *cert)
{
	static const int lists[] = {NID_certificate_policies, NID_crl_distribution_points, NID_freshest_crl,
				    NID_policy_mappings, NID_issuer_alt_name};
	size_t i;

	for (i = 0; i < GW_COUNT(lists); i++) {
		X509_EXTENSION *ext = X509_get_ext(cert, X509_get_ext_by_NID(cert, lists[i], -1));
		const ASN1_OCTET_STRING *octets = ext != NULL ? X509_EXTENSION_get_data(ext) : NULL;

		/* The head of a SEQUENCE and nothing in it. */
		if (octets != NULL && ASN1_STRING_length(octets) == 2)
			return "has an extension that is an empty list";
	}
	return repeats_policy(cert) ? "has the same certificate policy twice" : NULL;
}

/* --- strength ----------------------------------------------------------------------------------------------------- */

static const char *family(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS: return "RSA";
	case EVP_PKEY_EC: return "EC";
	case EVP_PKEY_DSA: return "DSA";
	case EVP_PKEY_ED25519:
	case EVP_PKEY_ED448: return "EdDSA";
	default: return "";
	}
}

static bool has_explicit_curve(const X509 *cert)
{
	ASN1_OBJECT *algorithm = NULL;
	X509_ALGOR *spki = NULL;
	int type = V_ASN1_UNDEF;

	if (X509_PUBKEY_get0_param(&algorithm, NULL, NULL, &spki, X509_get_X509_PUBKEY(cert)) != 1 ||
	    OBJ_obj2nid(algorithm) != NID_X9_62_id_ecPublicKey)
		return false;
	X509_ALGOR_get0(NULL, &type, NULL, spki);
	return type != V_ASN1_OBJECT;
}

static bool has_odd_exponent(const EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	bool odd;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		return false;
	odd = BN_is_one(e) || !BN_is_odd(e);
	BN_free(e);
	return odd;
}

static void read_strength(struct gw_parts *p)
{
	const EVP_PKEY *key = gw_cert_key(p->cert);

	p->key_family = "";
	if (key != NULL) {
		p->key_family = family(key);
		p->key_bits = (unsigned)EVP_PKEY_get_bits(key);
		p->key_strength = (unsigned)EVP_PKEY_get_security_bits(key);
	}
	p->odd_exponent = key != NULL && has_odd_exponent(key);
	p->explicit_curve = has_explicit_curve(p->cert);
	p->sign_strength = gw_cert_signature_strength(p->cert);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void read_serial(struct gw_parts *p)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(p->cert);
	const unsigned char *octets = ASN1_STRING_get0_data(serial);
	size_t n = (size_t)ASN1_STRING_length(serial), i;

	p->zero_serial = true;
	for (i = 0; i < n; i++)
		p->zero_serial = p->zero_serial && octets[i] == 0;
	p->serial_octets = gw_asn1_octets(serial);
}

struct gw_parts *gw_parts_new(X509 *cert, struct gw_arena *arena)
{
	struct gw_parts *p = gw_zalloc(sizeof(*p));

	p->held = gw_zalloc(sizeof(*p->held));
	p->cert = gw_cert_ref(cert);
	p->form_fault = gw_cert_form_fault(cert);
	gw_cert_read_facts(cert, arena, &p->facts);
	p->version = (int)X509_get_version(cert) + 1;
	p->self_issued = gw_cert_self_issued(cert);
	p->no_subject = X509_NAME_entry_count(X509_get_subject_name(cert)) == 0;
	p->no_issuer = X509_NAME_entry_count(X509_get_issuer_name(cert)) == 0;
	p->common_names = count_common_names(cert);
	read_serial(p);
	read_extensions(p, arena);
	read_key_ids(p);
	p->path_length_given = has_path_length(cert);
	p->odd_dates = gw_asn1_is_odd_time(X509_get0_notBefore(cert)) || gw_asn1_is_odd_time(X509_get0_notAfter(cert));
	p->list_fault = list_fault(cert);
	p->odd_access = has_odd_access(cert, NID_info_access) || has_odd_access(cert, NID_sinfo_access);
	read_names(p, arena);
	read_mailboxes(p, arena);
	read_constraints(p, arena);
	read_strength(p);
	ERR_clear_error();
	return p;
}

void gw_parts_free(struct gw_parts *p)
{
	if (p == NULL)
		return;
	GENERAL_NAMES_free(p->held->names);
	NAME_CONSTRAINTS_free(p->held->constraints);
	free(p->held);
	gw_cert_free(p->cert);
	free(p);
}

const struct gw_extension *gw_parts_extension(const struct gw_parts *parts, const char *oid)
{
	size_t i;

	for (i = 0; i < parts->n_extensions; i++) {
		if (strcmp(parts->extensions[i].oid, oid) == 0)
			return &parts->extensions[i];
	}
	return NULL;
}

bool gw_parts_has_usage(const struct gw_parts *parts, const char *word)
{
	const char **usage;

	for (usage = parts->facts.extended_key_usage; usage != NULL && *usage != NULL; usage++) {
		if (strcmp(*usage, word) == 0)
			return true;
	}
	return false;
}

bool gw_parts_same_entity(const struct gw_parts *a, const struct gw_parts *b)
{
	return strcmp(a->facts.spki_sha256, b->facts.spki_sha256) == 0 &&
	       X509_NAME_cmp(X509_get_subject_name(a->cert), X509_get_subject_name(b->cert)) == 0;
}

bool gw_name_within(const X509_NAME *name, const X509_NAME *base)
{
	int n = X509_NAME_entry_count(base), i;
	X509_NAME *beginning;
	bool same = false;

	if (X509_NAME_entry_count(name) < n)
		return false;
	beginning = X509_NAME_new();
	if (beginning == NULL)
		gw_oom();
	/* Attributes of one set stay together: an entry that belongs to the one before it is added to it. */
	for (i = 0; i < n; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		bool joined =
			i > 0 && X509_NAME_ENTRY_set(entry) == X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i - 1));

		if (X509_NAME_add_entry(beginning, entry, -1, joined ? -1 : 0) != 1)
			gw_oom();
	}
	same = X509_NAME_cmp(beginning, base) == 0;
	X509_NAME_free(beginning);
	ERR_clear_error();
	return same;
}
