/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/contents.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/text.h"

#define TEXT_MAX ((size_t)1 << 20) /* octets of one text taken from a certificate */

static void add(struct gw_arena *arena, struct gw_text_list *list, const char *text)
{
	/* Doubled whenever the count is a power of two; what is outgrown stays in the arena. */
	if ((list->count & (list->count - 1)) == 0) {
		const char **more = gw_arena_alloc(arena, (2 * list->count + 1) * sizeof(*more));

		if (list->count > 0)
			memcpy(more, list->items, list->count * sizeof(*more));
		list->items = more;
	}
	list->items[list->count++] = text;
}

static const char *dotted(struct gw_arena *arena, const ASN1_OBJECT *object)
{
	char text[256];

	return OBJ_obj2txt(text, sizeof(text), object, 1) > 0 ? gw_arena_strdup(arena, text) : "unknown";
}

/* UTF-8 without anything that hides, or NULL. */
static const char *clean_text(struct gw_arena *arena, const ASN1_STRING *value)
{
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, value);
	const char *text = NULL;
	size_t at = 0, n = 1;
	uint32_t point;

	while (len >= 0 && at < (size_t)len && n > 0) {
		n = gw_utf8_decode((const char *)utf8 + at, (size_t)len - at, &point);
		n = n > 0 && gw_text_hidden(point) ? 0 : n;
		at += n;
	}
	if (len >= 0 && n > 0)
		text = gw_arena_strndup(arena, (const char *)utf8, (size_t)len);
	OPENSSL_free(utf8);
	ERR_clear_error();
	return text;
}

/* --- subject ------------------------------------------------------------------------------------------------------ */

const char *gw_attribute_name(const char *text)
{
	ASN1_OBJECT *type = OBJ_txt2obj(text, 0);
	const char *name = NULL;

	if (type != NULL)
		name = OBJ_obj2nid(type) != NID_undef ? OBJ_nid2ln(OBJ_obj2nid(type)) : text;
	ASN1_OBJECT_free(type);
	ERR_clear_error();
	return name;
}

static void read_subject(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	int i, n = X509_NAME_entry_count(name), set = -1;

	c->subject = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*c->subject));
	for (i = 0; i < n; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(entry);
		int nid = OBJ_obj2nid(type);

		c->multi_valued = c->multi_valued || X509_NAME_ENTRY_set(entry) == set;
		set = X509_NAME_ENTRY_set(entry);
		c->subject[c->n_subject++] = (struct gw_name_attr){
			.type = nid != NID_undef ? OBJ_nid2ln(nid) : dotted(arena, type),
			.value = clean_text(arena, X509_NAME_ENTRY_get_data(entry)),
		};
	}
}

/* The decoded value of an extension; NULL where it is not there. One that is there twice, or cannot be decoded, is told. */
static void *value_of(const X509 *cert, struct gw_arena *arena, int nid, struct gw_cert_contents *c)
{
	int critical;
	void *value = X509_get_ext_d2i(cert, nid, &critical, NULL);

	if (value == NULL && critical != -1)
		add(arena, &c->unread,
		    gw_arena_printf(arena, "the extension \"%s\", which is there %s", OBJ_nid2ln(nid),
				    critical == -2 ? "twice" : "and cannot be read"));
	return value;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* "other:1.3.6.1.4.1.311.20.2.3;utf8:jo@example.com", or NULL for a value of another type than these two. */
static const char *other_name(struct gw_arena *arena, const OTHERNAME *other)
{
	bool ia5 = other->value->type == V_ASN1_IA5STRING;
	const char *text;

	if (!ia5 && other->value->type != V_ASN1_UTF8STRING)
		return NULL;
	text = clean_text(arena, ia5 ? other->value->value.ia5string : other->value->value.utf8string);
	if (text == NULL)
		return NULL;
	return gw_arena_printf(arena, "other:%s;%s:%s", dotted(arena, other->type_id), ia5 ? "ia5" : "utf8", text);
}

/* The facts have the same names in the same order, but of other names only the type. */
static void read_sans(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	GENERAL_NAMES *names = value_of(cert, arena, NID_subject_alt_name, c);
	int i, n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

	for (i = 0; i < n && (size_t)i < c->facts.n_sans; i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		const struct gw_san *san = &c->facts.sans[i];
		const char *text = san->type != GW_SAN_OTHER ? gw_san_text(arena, san) : NULL;

		if (name->type == GEN_OTHERNAME)
			text = other_name(arena, name->d.otherName);
		if (text != NULL)
			add(arena, &c->sans, text);
		else
			add(arena, &c->unread, gw_arena_printf(arena, "the alternative name \"%s\"", san->value));
	}
	GENERAL_NAMES_free(names);
}

/* An address and its mask, 8 or 32 octets, as 203.0.113.0/24; NULL where the mask has a hole. */
static const char *network(struct gw_arena *arena, const ASN1_OCTET_STRING *value)
{
	const unsigned char *data = ASN1_STRING_get0_data(value);
	int half = ASN1_STRING_length(value) / 2, bits = 0, i;
	char text[INET6_ADDRSTRLEN];

	if ((half != 4 && half != 16) || ASN1_STRING_length(value) != 2 * half ||
	    inet_ntop(half == 4 ? AF_INET : AF_INET6, data, text, sizeof(text)) == NULL)
		return NULL;
	while (bits < 8 * half && data[half + bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (i = bits; i < 8 * half; i++) {
		if (data[half + i / 8] & 0x80 >> i % 8)
			return NULL;
	}
	return gw_arena_printf(arena, "%s/%d", text, bits);
}

static bool read_subtree(struct gw_arena *arena, const GENERAL_SUBTREE *tree, struct gw_subtrees *to)
{
	const GENERAL_NAME *base = tree->base;
	struct gw_text_list *list = NULL;
	const char *text = NULL;

	if (base->type == GEN_DNS) {
		list = &to->dns;
		text = clean_text(arena, base->d.dNSName);
	} else if (base->type == GEN_EMAIL) {
		list = &to->email;
		text = clean_text(arena, base->d.rfc822Name);
	} else if (base->type == GEN_URI) {
		list = &to->uri;
		text = clean_text(arena, base->d.uniformResourceIdentifier);
	} else if (base->type == GEN_IPADD) {
		list = &to->ip;
		text = network(arena, base->d.iPAddress);
	}
	if (text == NULL || tree->maximum != NULL || (tree->minimum != NULL && ASN1_INTEGER_get(tree->minimum) != 0))
		return false;
	add(arena, list, text);
	return true;
}

static void read_subtrees(struct gw_arena *arena, STACK_OF(GENERAL_SUBTREE) * trees, struct gw_subtrees *to,
			  struct gw_text_list *unread)
{
	int i, n = trees != NULL ? sk_GENERAL_SUBTREE_num(trees) : 0;

	for (i = 0; i < n; i++) {
		if (!read_subtree(arena, sk_GENERAL_SUBTREE_value(trees, i), to))
			add(arena, unread, "a name constraint of a kind that has no text");
	}
}

static void read_constraints(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	NAME_CONSTRAINTS *nc = value_of(cert, arena, NID_name_constraints, c);

	if (nc == NULL)
		return;
	read_subtrees(arena, nc->permittedSubtrees, &c->permitted, &c->unread);
	read_subtrees(arena, nc->excludedSubtrees, &c->excluded, &c->unread);
	NAME_CONSTRAINTS_free(nc);
}

/* --- where to look further ---------------------------------------------------------------------------------------- */

static void add_uri(struct gw_arena *arena, struct gw_text_list *list, struct gw_text_list *unread,
		    const GENERAL_NAME *name)
{
	const char *text = name->type == GEN_URI ? clean_text(arena, name->d.uniformResourceIdentifier) : NULL;

	if (text != NULL)
		add(arena, list, text);
	else
		add(arena, unread, "a place to fetch from that is no URI");
}

static void read_access(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	AUTHORITY_INFO_ACCESS *access = value_of(cert, arena, NID_info_access, c);
	int i, n = access != NULL ? sk_ACCESS_DESCRIPTION_num(access) : 0;

	for (i = 0; i < n; i++) {
		const ACCESS_DESCRIPTION *a = sk_ACCESS_DESCRIPTION_value(access, i);

		if (OBJ_obj2nid(a->method) == NID_ad_ca_issuers)
			add_uri(arena, &c->ca_issuers, &c->unread, a->location);
		else if (OBJ_obj2nid(a->method) == NID_ad_OCSP)
			add_uri(arena, &c->ocsp, &c->unread, a->location);
		else
			add(arena, &c->unread, "an access method of authorityInfoAccess other than caIssuers and OCSP");
	}
	AUTHORITY_INFO_ACCESS_free(access);
}

static void read_crl_points(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	CRL_DIST_POINTS *points = value_of(cert, arena, NID_crl_distribution_points, c);
	int i, j, n = points != NULL ? sk_DIST_POINT_num(points) : 0;

	for (i = 0; i < n; i++) {
		const DIST_POINT *p = sk_DIST_POINT_value(points, i);
		const GENERAL_NAMES *names =
			p->distpoint != NULL && p->distpoint->type == 0 ? p->distpoint->name.fullname : NULL;

		if (names == NULL || p->reasons != NULL || p->CRLissuer != NULL)
			add(arena, &c->unread, "a CRL distribution point with more than a URI");
		for (j = 0; names != NULL && j < sk_GENERAL_NAME_num(names); j++)
			add_uri(arena, &c->crl_uris, &c->unread, sk_GENERAL_NAME_value(names, j));
	}
	CRL_DIST_POINTS_free(points);
}

/* Whether it has qualifiers other than one practice statement. */
static bool read_policy(struct gw_arena *arena, const POLICYINFO *info, struct gw_cert_policy *policy)
{
	int i, n = info->qualifiers != NULL ? sk_POLICYQUALINFO_num(info->qualifiers) : 0;
	bool more = false;

	policy->oid = dotted(arena, info->policyid);
	for (i = 0; i < n; i++) {
		const POLICYQUALINFO *q = sk_POLICYQUALINFO_value(info->qualifiers, i);

		if (policy->cps == NULL && OBJ_obj2nid(q->pqualid) == NID_id_qt_cps)
			policy->cps = clean_text(arena, q->d.cpsuri);
		else
			more = true;
	}
	return more;
}

static void read_policies(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	CERTIFICATEPOLICIES *policies = value_of(cert, arena, NID_certificate_policies, c);
	int i, n = policies != NULL ? sk_POLICYINFO_num(policies) : 0;
	bool more = false;

	c->policies = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*c->policies));
	for (i = 0; i < n; i++)
		more = read_policy(arena, sk_POLICYINFO_value(policies, i), &c->policies[c->n_policies++]) || more;
	if (more)
		add(arena, &c->unread, "the notices of certificate policies");
	CERTIFICATEPOLICIES_free(policies);
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

/* Those with a field of their own, here or in the facts. */
static bool has_field(int nid)
{
	static const int known[] = {NID_subject_alt_name,        NID_key_usage,
				    NID_ext_key_usage,           NID_basic_constraints,
				    NID_subject_key_identifier,  NID_authority_key_identifier,
				    NID_name_constraints,        NID_info_access,
				    NID_crl_distribution_points, NID_certificate_policies};
	size_t i;

	for (i = 0; i < GW_COUNT(known); i++) {
		if (known[i] == nid)
			return true;
	}
	return false;
}

/* A SEQUENCE of the one INTEGER 5, status_request (RFC 7633 4, RFC 6066 8). */
static bool is_must_staple(int nid, const ASN1_OCTET_STRING *value)
{
	static const unsigned char feature[] = {0x30, 0x03, 0x02, 0x01, 0x05};

	return nid == NID_tlsfeature && ASN1_STRING_length(value) == (int)sizeof(feature) &&
	       memcmp(ASN1_STRING_get0_data(value), feature, sizeof(feature)) == 0;
}

static void add_raw(struct gw_arena *arena, struct gw_cert_contents *c, const X509_EXTENSION *ext)
{
	const ASN1_OBJECT *object = X509_EXTENSION_get_object((X509_EXTENSION *)ext);
	const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data((X509_EXTENSION *)ext);
	GW_BUF_AUTO struct gw_buf hex = GW_BUF(TEXT_MAX);
	int nid = OBJ_obj2nid(object);
	struct gw_cert_extension *raw = &c->others[c->n_others++];

	gw_hex(&hex, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value), '\0');
	raw->oid = dotted(arena, object);
	raw->name = nid != NID_undef ? OBJ_nid2ln(nid) : raw->oid;
	raw->critical = X509_EXTENSION_get_critical(ext) != 0;
	raw->der = gw_arena_strdup(arena, gw_buf_str(&hex));
}

static void read_extensions(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	int i, n = X509_get_ext_count(cert);

	c->others = gw_arena_alloc(arena, ((size_t)(n > 0 ? n : 0) + 1) * sizeof(*c->others));
	for (i = 0; i < n; i++) {
		X509_EXTENSION *ext = X509_get_ext(cert, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(ext));

		if (is_must_staple(nid, X509_EXTENSION_get_data(ext)))
			c->must_staple = true;
		else if (!has_field(nid))
			add_raw(arena, c, ext);
	}
}

static void read_signature(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	int digest = NID_undef, key = NID_undef;

	if (X509_get_signature_info((X509 *)cert, &digest, &key, NULL, NULL) == 1 && digest != NID_undef)
		c->digest = gw_text_lower(gw_arena_strdup(arena, OBJ_nid2sn(digest)));
	c->rsa_pss = key == NID_rsassaPss;
}

void gw_cert_read_contents(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *c)
{
	*c = (struct gw_cert_contents){0};
	gw_cert_read_facts(cert, arena, &c->facts);
	read_subject(cert, arena, c);
	read_sans(cert, arena, c);
	read_constraints(cert, arena, c);
	read_access(cert, arena, c);
	read_crl_points(cert, arena, c);
	read_policies(cert, arena, c);
	read_extensions(cert, arena, c);
	read_signature(cert, arena, c);
	ERR_clear_error();
}
