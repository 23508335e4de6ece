/* SPDX-License-Identifier: Apache-2.0 */
/* Extensions as text, and how those of a certificate differ from what is asked: octet by octet, for they are made by one
 * rule from what the template says. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/text.h"
#include "pki/extend.h"
#include "pki/extension.h"

#define TEXT_MAX ((size_t)1 << 20)

typedef STACK_OF(X509_EXTENSION) extensions;

/* The extensions that gwcert makes, by the template's keys. */
static const struct {
	const char *oid, *key;
} made_here[] = {
	{"2.5.29.14", "key"},
	{"2.5.29.15", "keyUsage"},
	{"2.5.29.17", "sans"},
	{"2.5.29.19", "ca"},
	{"2.5.29.30", "ca.permitted and ca.excluded"},
	{"2.5.29.31", "crl"},
	{"2.5.29.32", "certificatePolicies"},
	{"2.5.29.35", "issuer"},
	{"2.5.29.37", "extendedKeyUsage"},
	{"1.3.6.1.5.5.7.1.1", "aia"},
	{"1.3.6.1.5.5.7.1.24", "mustStaple"},
};

const char *gw_extension_key(const char *oid)
{
	size_t i;

	for (i = 0; i < GW_COUNT(made_here); i++) {
		if (strcmp(made_here[i].oid, oid) == 0)
			return made_here[i].key;
	}
	return NULL;
}

const char *gw_oid_parse(struct gw_arena *arena, const char *text)
{
	ASN1_OBJECT *object = strspn(text, "0123456789.") == strlen(text) ? OBJ_txt2obj(text, 1) : NULL;
	char canonical[256];
	int n = object != NULL ? OBJ_obj2txt(canonical, sizeof(canonical), object, 1) : 0;

	ASN1_OBJECT_free(object);
	ERR_clear_error();
	/* OpenSSL reads "1.02" and "1.2." as well. */
	return n > 0 && strcmp(text, canonical) == 0 ? gw_arena_strdup(arena, canonical) : NULL;
}

const char *gw_oid_name(struct gw_arena *arena, const char *oid)
{
	int nid = OBJ_txt2nid(oid);

	ERR_clear_error();
	return nid != NID_undef ? gw_arena_strdup(arena, OBJ_nid2ln(nid)) : oid;
}

static const char *oid_of(struct gw_arena *arena, X509_EXTENSION *ext)
{
	char text[256];

	if (OBJ_obj2txt(text, sizeof(text), X509_EXTENSION_get_object(ext), 1) <= 0)
		return "unknown";
	return gw_arena_strdup(arena, text);
}

/* Of those that struct gw_cert_facts tells, or that are made anew with each certificate. */
static bool is_told_by_facts(const X509_EXTENSION *ext)
{
	switch (OBJ_obj2nid(X509_EXTENSION_get_object((X509_EXTENSION *)ext))) {
	case NID_subject_key_identifier:
	case NID_key_usage:
	case NID_subject_alt_name:
	case NID_basic_constraints:
	case NID_authority_key_identifier:
	case NID_ext_key_usage: return true;
	default: return false;
	}
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

/* OpenSSL's lines with their indentation, as one line. */
static void flatten(struct gw_buf *out, const char *text, size_t len)
{
	size_t i, end = len;

	while (end > 0 && strchr(" \n", text[end - 1]) != NULL)
		end--;
	for (i = 0; i < end; i++) {
		if (text[i] != '\n') {
			gw_buf_chr(out, text[i]);
			continue;
		}
		while (i + 1 < end && strchr(" \n", text[i + 1]) != NULL)
			i++;
		gw_buf_str_add(out, gw_buf_str(out)[out->len - 1] == ':' ? " " : ", ");
	}
}

static bool print_known(struct gw_buf *out, X509_EXTENSION *ext)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio != NULL && X509V3_EXT_get(ext) != NULL && X509V3_EXT_print(bio, ext, 0, 0) == 1;
	char *data;
	long len = ok ? BIO_get_mem_data(bio, &data) : 0;

	if (ok && len > 0)
		flatten(out, data, (size_t)len);
	BIO_free(bio);
	ERR_clear_error();
	return ok;
}

/* NULL stays NULL. */
static const char *extension_text(struct gw_arena *arena, X509_EXTENSION *ext)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(TEXT_MAX);
	const ASN1_OCTET_STRING *data;
	const char *oid;

	if (ext == NULL)
		return NULL;
	oid = oid_of(arena, ext);
	data = X509_EXTENSION_get_data(ext);
	if (gw_extension_key(oid) == NULL)
		gw_buf_printf(&text, "%s ", oid);
	if (X509_EXTENSION_get_critical(ext) && strcmp(oid, "2.5.29.30") != 0)
		gw_buf_str_add(&text, "critical ");
	if (gw_extension_key(oid) == NULL || !print_known(&text, ext))
		gw_hex(&text, ASN1_STRING_get0_data(data), (size_t)ASN1_STRING_length(data), '\0');
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static bool same(X509_EXTENSION *a, X509_EXTENSION *b)
{
	return X509_EXTENSION_get_critical(a) == X509_EXTENSION_get_critical(b) &&
	       ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(a), X509_EXTENSION_get_data(b)) == 0;
}

static struct gw_extension_change change_of(struct gw_arena *arena, X509_EXTENSION *is, X509_EXTENSION *asked)
{
	const char *key = gw_extension_key(oid_of(arena, is != NULL ? is : asked));

	return (struct gw_extension_change){.key = key != NULL ? key : "extensions",
					    .is = extension_text(arena, is),
					    .asked = extension_text(arena, asked)};
}

static bool asks_for_any(const struct gw_issuer_extensions *x)
{
	return x->n_permitted + x->n_excluded + x->ca_issuers.count + x->ocsp.count + x->crl.count + x->n_policies +
			       x->n_raw >
		       0 ||
	       x->must_staple;
}

/* Those that the certificate lacks or has otherwise. */
static size_t compare_asked(struct gw_arena *arena, const X509 *cert, const extensions *asked,
			    struct gw_extension_change *list)
{
	size_t n = 0;
	int i;

	for (i = 0; i < sk_X509_EXTENSION_num(asked); i++) {
		X509_EXTENSION *wanted = sk_X509_EXTENSION_value(asked, i);
		int at = X509_get_ext_by_OBJ(cert, X509_EXTENSION_get_object(wanted), -1);
		X509_EXTENSION *is = at >= 0 ? X509_get_ext(cert, at) : NULL;

		if (is == NULL || !same(is, wanted))
			list[n++] = change_of(arena, is, wanted);
	}
	return n;
}

/* Those that nobody asks for. */
static size_t compare_rest(struct gw_arena *arena, const X509 *cert, const extensions *asked,
			   struct gw_extension_change *list)
{
	int i, count = X509_get_ext_count(cert);
	size_t n = 0;

	for (i = 0; i < count; i++) {
		X509_EXTENSION *is = X509_get_ext(cert, i);

		if (!is_told_by_facts(is) && X509v3_get_ext_by_OBJ(asked, X509_EXTENSION_get_object(is), -1) < 0)
			list[n++] = change_of(arena, is, NULL);
	}
	return n;
}

size_t gw_extensions_compare(struct gw_arena *arena, const X509 *cert, const struct gw_issuer_extensions *asked,
			     struct gw_extension_change **changes)
{
	extensions *list = NULL;
	struct gw_err err;
	size_t n = 0, room;

	*changes = NULL;
	if (asks_for_any(asked) && gw_extend_issued(&list, asked, &err) != GW_OK) {
		sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
		return 0; /* what cannot be made is said when it is made */
	}
	room = (size_t)(X509_get_ext_count(cert) + (list != NULL ? sk_X509_EXTENSION_num(list) : 0));
	*changes = gw_arena_alloc(arena, (room + 1) * sizeof(**changes));
	if (list != NULL)
		n = compare_asked(arena, cert, list, *changes);
	n += compare_rest(arena, cert, list, *changes + n);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
	return n;
}
