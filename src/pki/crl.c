/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/crl.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/file.h"
#include "pki/asn1.h"
#include "pki/ossl.h"

const char *const gw_reason_words[GW_REASONS] = {
	"unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
	"superseded",    "cessationOfOperation", "certificateHold", NULL,
	"removeFromCRL", "privilegeWithdrawn",   "aACompromise",
};

int gw_reason_find(const char *word)
{
	int i;

	for (i = 0; i < GW_REASONS; i++) {
		if (gw_reason_words[i] != NULL && strcmp(gw_reason_words[i], word) == 0)
			return i;
	}
	return -1;
}

void gw_crl_free(X509_CRL *crl)
{
	X509_CRL_free(crl);
}

void gw_crl_auto(X509_CRL **crl)
{
	X509_CRL_free(*crl);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Octets behind the list are a fault as well. */
static X509_CRL *decode(const struct gw_ctx *ctx, const void *der, size_t len)
{
	const unsigned char *p = der, *end = p + len;
	X509_CRL *crl = X509_CRL_new_ex(ctx->libctx, NULL);

	if (crl == NULL)
		gw_oom();
	/* On failure d2i frees what it was given. */
	if (d2i_X509_CRL(&crl, &p, (long)len) == NULL)
		return NULL;
	if (p == end)
		return crl;
	X509_CRL_free(crl);
	return NULL;
}

static enum gw_code damaged(const char *where, struct gw_err *err)
{
	gw_fail_ossl(err, GW_E_INPUT, where, "the revocation list cannot be decoded");
	return gw_hint(err, "it is damaged, or no list at all; take it back from a copy");
}

enum gw_code gw_crl_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, const struct gw_pem_block *block,
			     X509_CRL **crl, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF(block->len);
	char where[GW_ERR_WHERE_MAX];
	X509_CRL *found;

	gw_pem_where(where, pem, block);
	gw_pem_decode(block, &der);
	found = decode(ctx, der.data, der.len);
	if (found == NULL)
		return damaged(where, err);
	*crl = found;
	return GW_OK;
}

static enum gw_code not_one(const struct gw_pem *pem, struct gw_err *err)
{
	const struct gw_pem_block *block = &pem->blocks[0];
	char where[GW_ERR_WHERE_MAX];

	gw_pem_where(where, pem, block);
	if (pem->n_blocks > 1)
		return gw_fail(err, GW_E_INPUT, pem->name, "holds %zu PEM blocks, not one revocation list",
			       pem->n_blocks);
	return gw_fail(err, GW_E_INPUT, where, "is %s, not a revocation list (X509 CRL)", gw_pem_kind_words(block));
}

static enum gw_code from_text(const struct gw_ctx *ctx, const char *name, const char *text, size_t len, X509_CRL **crl,
			      struct gw_err *err)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_pem_scan(&pem, name, text, len, err);

	if (code != GW_OK)
		return code;
	if (pem.n_blocks != 1 || pem.blocks[0].kind != GW_PEM_CRL)
		return not_one(&pem, err);
	return gw_crl_from_pem(ctx, &pem, &pem.blocks[0], crl, err);
}

enum gw_code gw_crl_parse(const struct gw_ctx *ctx, const char *name, const char *text, size_t len, X509_CRL **crl,
			  struct gw_err *err)
{
	X509_CRL *found = NULL;
	enum gw_code code = GW_OK;

	/* DER begins with the tag of a SEQUENCE, and holds no BEGIN line. */
	if (len > 0 && text[0] == 0x30 && memmem(text, len, "-----BEGIN ", 11) == NULL)
		found = decode(ctx, text, len);
	ERR_clear_error();
	if (found == NULL)
		code = from_text(ctx, name, text, len, &found, err);
	if (code == GW_OK)
		*crl = found;
	return code;
}

enum gw_code gw_crl_read(const struct gw_ctx *ctx, const char *path, X509_CRL **crl, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_CRL_MAX);
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	if (code != GW_OK)
		return code;
	return gw_crl_parse(ctx, gw_file_shown(path), text.data, text.len, crl, err);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

static int reason_of(const X509_REVOKED *entry)
{
	int critical, reason = GW_REASON_UNSPECIFIED;
	ASN1_ENUMERATED *value = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, NULL);

	if (value != NULL)
		reason = (int)ASN1_ENUMERATED_get(value);
	else if (critical != -1)
		reason = -1;
	ASN1_ENUMERATED_free(value);
	return reason >= 0 && reason < GW_REASONS && gw_reason_words[reason] != NULL ? reason : -1;
}

static struct gw_revoked one_revoked(struct gw_arena *arena, const X509_REVOKED *entry)
{
	ASN1_GENERALIZEDTIME *since = X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, NULL, NULL);
	struct gw_revoked r = {
		.serial = gw_asn1_number(arena, X509_REVOKED_get0_serialNumber(entry)),
		.at = gw_asn1_instant(X509_REVOKED_get0_revocationDate(entry), GW_TIME_FAR_PAST),
		.reason = reason_of(entry),
		.has_invalid_since = since != NULL,
		.invalid_since = since != NULL ? gw_asn1_instant(since, GW_TIME_FAR_PAST) : 0,
	};

	ASN1_GENERALIZEDTIME_free(since);
	return r;
}

static const char *number_of(X509_CRL *crl, struct gw_arena *arena)
{
	ASN1_INTEGER *number = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
	/* Decimal, but hexadecimal with 0x from 128 bits on. */
	char *digits = number != NULL ? i2s_ASN1_INTEGER(NULL, number) : NULL;
	const char *text = digits != NULL ? gw_arena_strdup(arena, digits) : NULL;

	OPENSSL_free(digits);
	ASN1_INTEGER_free(number);
	return text;
}

static const char *key_id_of(X509_CRL *crl, struct gw_arena *arena)
{
	AUTHORITY_KEYID *id = X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, NULL, NULL);
	const char *text = NULL;

	if (id != NULL && id->keyid != NULL)
		text = gw_asn1_hex(arena, ASN1_STRING_get0_data(id->keyid), (size_t)ASN1_STRING_length(id->keyid));
	AUTHORITY_KEYID_free(id);
	return text;
}

static void read_extensions(const X509_CRL *crl, struct gw_arena *arena, struct gw_crl_facts *f)
{
	int i, n = X509_CRL_get_ext_count(crl);

	for (i = 0; i < n; i++) {
		X509_EXTENSION *e = X509_CRL_get_ext(crl, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));

		f->delta |= nid == NID_delta_crl;
		f->partial |= nid == NID_issuing_distribution_point;
		if (X509_EXTENSION_get_critical(e) && nid != NID_delta_crl && nid != NID_issuing_distribution_point)
			f->unknown_critical = gw_asn1_oid(arena, X509_EXTENSION_get_object(e));
	}
}

void gw_crl_read_facts(X509_CRL *crl, struct gw_arena *arena, struct gw_crl_facts *f)
{
	STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
	int i, n = entries != NULL ? sk_X509_REVOKED_num(entries) : 0;
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	int nid = X509_CRL_get_signature_nid(crl);

	*f = (struct gw_crl_facts){0};
	f->issuer = gw_name_text(arena, X509_CRL_get_issuer(crl));
	f->number = number_of(crl, arena);
	f->this_update = gw_asn1_instant(X509_CRL_get0_lastUpdate(crl), GW_TIME_FAR_FUTURE);
	f->next_update = next != NULL ? gw_asn1_instant(next, GW_TIME_FAR_PAST) : GW_TIME_FAR_PAST;
	f->signature = nid != NID_undef ? gw_arena_strdup(arena, OBJ_nid2sn(nid)) : "unknown";
	f->authority_key_id = key_id_of(crl, arena);
	read_extensions(crl, arena, f);
	f->revoked = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*f->revoked));
	f->n_revoked = (size_t)n;
	for (i = 0; i < n; i++)
		f->revoked[i] = one_revoked(arena, sk_X509_REVOKED_value(entries, i));
	ERR_clear_error();
}

bool gw_crl_issued_by(const X509_CRL *crl, const X509 *issuer)
{
	return X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0;
}

bool gw_crl_signed_by(const X509_CRL *crl, const EVP_PKEY *key)
{
	/* X509_CRL_verify() only reads both. */
	bool ok = key != NULL && X509_CRL_verify((X509_CRL *)crl, (EVP_PKEY *)key) == 1;

	ERR_clear_error();
	return ok;
}

const struct gw_revoked *gw_crl_find(const struct gw_crl_facts *facts, const char *serial)
{
	size_t i;

	for (i = 0; i < facts->n_revoked; i++) {
		if (strcmp(facts->revoked[i].serial, serial) == 0)
			return &facts->revoked[i];
	}
	return NULL;
}

void gw_crl_to_pem(const X509_CRL *crl, struct gw_buf *out)
{
	unsigned char *der = NULL;
	int len = i2d_X509_CRL(crl, &der);

	if (len <= 0)
		gw_oom();
	gw_pem_write(out, "X509 CRL", der, (size_t)len);
	OPENSSL_free(der);
}
