/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/request.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/file.h"
#include "pki/asn1.h"
#include "pki/ossl.h"

void gw_request_free(X509_REQ *csr)
{
	X509_REQ_free(csr);
}

void gw_request_auto(X509_REQ **csr)
{
	X509_REQ_free(*csr);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Octets behind the request are a fault as well. */
static X509_REQ *decode(const struct gw_ctx *ctx, const void *der, size_t len)
{
	const unsigned char *p = der, *end = p + len;
	X509_REQ *csr = X509_REQ_new_ex(ctx->libctx, NULL);

	if (csr == NULL)
		gw_oom();
	/* On failure d2i frees what it was given. */
	if (d2i_X509_REQ(&csr, &p, (long)len) == NULL)
		return NULL;
	if (p == end)
		return csr;
	X509_REQ_free(csr);
	return NULL;
}

static enum gw_code no_request(const struct gw_pem *pem, struct gw_err *err)
{
	const struct gw_pem_block *first = &pem->blocks[0];
	char where[GW_ERR_WHERE_MAX];

	gw_pem_where(where, pem, first);
	gw_fail(err, GW_E_INPUT, where, "is %s, not a certificate request (CSR)", gw_pem_kind_words(first));
	if (gw_pem_is_key(first))
		return gw_hint(err, "make a request with it: openssl req -new -key FILE -subj /CN=NAME "
				    "-addext subjectAltName=DNS:NAME");
	return gw_hint(err, "a request's block is named CERTIFICATE REQUEST");
}

static enum gw_code second_request(const struct gw_pem *pem, const struct gw_pem_block *block, struct gw_err *err)
{
	char where[GW_ERR_WHERE_MAX];

	gw_pem_where(where, pem, block);
	return gw_fail(err, GW_E_INPUT, where, "is a second request, and one is expected");
}

enum gw_code gw_request_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, const struct gw_pem_block *block,
				 X509_REQ **csr, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(block->len);
	char where[GW_ERR_WHERE_MAX];
	X509_REQ *found;

	gw_pem_where(where, pem, block);
	gw_pem_decode(block, &der);
	found = decode(ctx, der.data, der.len);
	if (found == NULL) {
		gw_fail_ossl(err, GW_E_INPUT, where, "the request cannot be decoded");
		return gw_hint(err, "the block is damaged; ask for it again");
	}
	*csr = found;
	return GW_OK;
}

static enum gw_code from_text(const struct gw_ctx *ctx, const char *name, const char *text, size_t len, X509_REQ **csr,
			      struct gw_err *err)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_pem_scan(&pem, name, text, len, err);
	const struct gw_pem_block *block = NULL;
	size_t i;

	for (i = 0; i < pem.n_blocks; i++) {
		if (pem.blocks[i].kind != GW_PEM_CSR)
			continue;
		if (block != NULL)
			return second_request(&pem, &pem.blocks[i], err);
		block = &pem.blocks[i];
	}
	if (code != GW_OK)
		return code;
	return block != NULL ? gw_request_from_pem(ctx, &pem, block, csr, err) : no_request(&pem, err);
}

enum gw_code gw_request_parse(const struct gw_ctx *ctx, const char *name, const char *text, size_t len, X509_REQ **csr,
			      struct gw_err *err)
{
	X509_REQ *found = NULL;
	enum gw_code code;

	/* DER begins with the tag of a SEQUENCE, and holds no BEGIN line. */
	if (len > 0 && text[0] == 0x30 && memmem(text, len, "-----BEGIN ", 11) == NULL)
		found = decode(ctx, text, len);
	ERR_clear_error();
	if (found == NULL) {
		code = from_text(ctx, name, text, len, &found, err);
		if (code != GW_OK)
			return code;
	}
	*csr = found;
	return GW_OK;
}

enum gw_code gw_request_read(const struct gw_ctx *ctx, const char *path, X509_REQ **csr, struct gw_err *err)
{
	/* The file may hold the key as well. */
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_REQUEST_MAX);
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code != GW_OK)
		return code;
	return gw_request_parse(ctx, gw_file_shown(path), text.data, text.len, csr, err);
}

void gw_request_to_pem(X509_REQ *csr, struct gw_buf *pem)
{
	unsigned char *der = NULL;
	int len = i2d_X509_REQ(csr, &der);

	if (len < 0)
		gw_oom();
	gw_pem_write(pem, "CERTIFICATE REQUEST", der, (size_t)len);
	OPENSSL_free(der);
}

/* --- subject ------------------------------------------------------------------------------------------------------ */

static const char *object_name(struct gw_arena *arena, const ASN1_OBJECT *object)
{
	int nid = OBJ_obj2nid(object);

	return nid != NID_undef ? gw_arena_strdup(arena, OBJ_nid2ln(nid)) : gw_asn1_oid(arena, object);
}

static void read_subject(const X509_REQ *csr, struct gw_arena *arena, struct gw_request_facts *f)
{
	const X509_NAME *name = X509_REQ_get_subject_name(csr);
	int i, n = X509_NAME_entry_count(name);
	struct gw_name_attr *attrs = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*attrs));

	for (i = 0; i < n; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);

		attrs[i].type = object_name(arena, X509_NAME_ENTRY_get_object(entry));
		attrs[i].value = gw_asn1_text(arena, X509_NAME_ENTRY_get_data(entry));
	}
	f->subject = gw_name_text(arena, name);
	f->attrs = attrs;
	f->n_attrs = (size_t)n;
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

typedef STACK_OF(X509_EXTENSION) extensions;

/* The decoded value of an extension, or NULL where it is not asked for. What is there twice, or cannot be decoded, is a
 * fault of the request. */
static void *value_of(const extensions *list, int nid, const char *fault, struct gw_request_facts *f)
{
	int critical;
	void *value = X509V3_get_d2i(list, nid, &critical, NULL);

	if (value == NULL && critical != -1)
		f->form_fault = fault;
	return value;
}

static void read_sans(const extensions *list, struct gw_arena *arena, struct gw_request_facts *f)
{
	GENERAL_NAMES *names = value_of(list, NID_subject_alt_name,
					"asks for subject alternative names twice, or in a way that cannot be read", f);
	int i, n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

	f->sans = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*f->sans));
	f->n_sans = (size_t)n;
	for (i = 0; i < n; i++)
		f->sans[i] = gw_asn1_san(arena, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
}

static void read_usages(const extensions *list, struct gw_arena *arena, struct gw_request_facts *f)
{
	ASN1_BIT_STRING *bits =
		value_of(list, NID_key_usage, "asks for a key usage twice, or in a way that cannot be read", f);
	EXTENDED_KEY_USAGE *usages = value_of(
		list, NID_ext_key_usage, "asks for an extended key usage twice, or in a way that cannot be read", f);
	int i, n = usages != NULL ? sk_ASN1_OBJECT_num(usages) : 0;
	const char **words = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*words));

	f->has_key_usage = bits != NULL;
	for (i = 0; bits != NULL && gw_key_usage_words[i] != NULL; i++)
		f->key_usage |= ASN1_BIT_STRING_get_bit(bits, i) ? 1U << i : 0;
	for (i = 0; i < n; i++)
		words[i] = gw_eku_word_of(gw_asn1_oid(arena, sk_ASN1_OBJECT_value(usages, i)));
	f->extended_key_usage = usages != NULL ? words : NULL;
	ASN1_BIT_STRING_free(bits);
	EXTENDED_KEY_USAGE_free(usages);
}

static void read_basic_constraints(const extensions *list, struct gw_request_facts *f)
{
	BASIC_CONSTRAINTS *bc = value_of(list, NID_basic_constraints,
					 "asks for basic constraints twice, or in a way that cannot be read", f);
	long length = bc != NULL && bc->pathlen != NULL ? ASN1_INTEGER_get(bc->pathlen) : -1;

	f->has_basic_constraints = bc != NULL;
	f->ca = bc != NULL && bc->ca != 0;
	f->path_length = length >= 0 && length <= 1000 ? (int)length : -1;
	BASIC_CONSTRAINTS_free(bc);
}

static void add_extra(struct gw_arena *arena, struct gw_request_facts *f, const ASN1_OBJECT *object, bool attribute)
{
	f->extras[f->n_extras++] = (struct gw_request_extra){object_name(arena, object), attribute};
}

static bool has_field(int nid)
{
	return nid == NID_subject_alt_name || nid == NID_key_usage || nid == NID_ext_key_usage ||
	       nid == NID_basic_constraints;
}

static void read_extras(const X509_REQ *csr, const extensions *list, struct gw_arena *arena, struct gw_request_facts *f)
{
	int i, n = list != NULL ? sk_X509_EXTENSION_num(list) : 0, n_attrs = X509_REQ_get_attr_count(csr);

	f->extras = gw_arena_alloc(arena, ((size_t)n + (size_t)n_attrs + 1) * sizeof(*f->extras));
	for (i = 0; i < n; i++) {
		ASN1_OBJECT *object = X509_EXTENSION_get_object(sk_X509_EXTENSION_value(list, i));

		if (!has_field(OBJ_obj2nid(object)))
			add_extra(arena, f, object, false);
	}
	for (i = 0; i < n_attrs; i++) {
		ASN1_OBJECT *object = X509_ATTRIBUTE_get0_object(X509_REQ_get_attr(csr, i));

		if (!X509_REQ_extension_nid(OBJ_obj2nid(object)))
			add_extra(arena, f, object, true);
	}
}

/* More than one attribute with extensions: OpenSSL would read one and overlook the other. */
static bool has_two_lists(const X509_REQ *csr)
{
	int i, found = 0, n = X509_REQ_get_attr_count(csr);

	for (i = 0; i < n; i++) {
		X509_ATTRIBUTE *a = X509_REQ_get_attr(csr, i);

		if (X509_REQ_extension_nid(OBJ_obj2nid(X509_ATTRIBUTE_get0_object(a))))
			found += X509_ATTRIBUTE_count(a) == 1 ? 1 : 2;
	}
	return found > 1;
}

static bool has_list(const X509_REQ *csr)
{
	int i, n = X509_REQ_get_attr_count(csr);

	for (i = 0; i < n; i++) {
		if (X509_REQ_extension_nid(OBJ_obj2nid(X509_ATTRIBUTE_get0_object(X509_REQ_get_attr(csr, i)))))
			return true;
	}
	return false;
}

static void read_extensions(X509_REQ *csr, struct gw_arena *arena, struct gw_request_facts *f)
{
	extensions *list = X509_REQ_get_extensions(csr);

	if (has_two_lists(csr))
		f->form_fault = "has more than one list of extensions";
	else if (list == NULL && has_list(csr))
		f->form_fault = "has extensions that cannot be read";
	read_sans(list, arena, f);
	read_usages(list, arena, f);
	read_basic_constraints(list, f);
	read_extras(csr, list, arena, f);
	sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}

/* --- key ---------------------------------------------------------------------------------------------------------- */

static void read_key(X509_REQ *csr, struct gw_arena *arena, struct gw_request_facts *f)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(csr);
	ASN1_OBJECT *algorithm = NULL;
	char words[48];

	f->key = key;
	f->key_type = key != NULL ? gw_key_type_of(key) : GW_KEY_OTHER;
	if (key != NULL) {
		gw_key_describe(key, words);
		f->key_words = gw_arena_strdup(arena, words);
	} else {
		X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_REQ_get_X509_PUBKEY(csr));
		f->key_words = gw_asn1_oid(arena, algorithm);
	}
	f->key_fault = gw_key_fault(key);
	f->possession = key != NULL && X509_REQ_verify(csr, key) == 1;
}

void gw_request_read_facts(X509_REQ *csr, struct gw_arena *arena, struct gw_request_facts *f)
{
	int nid = X509_REQ_get_signature_nid(csr);

	*f = (struct gw_request_facts){.path_length = -1};
	read_subject(csr, arena, f);
	read_extensions(csr, arena, f);
	read_key(csr, arena, f);
	f->signature = nid != NID_undef ? gw_arena_strdup(arena, OBJ_nid2sn(nid)) : "unknown";
	ERR_clear_error();
}
