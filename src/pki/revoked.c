/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/revoked.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pki/asn1.h"

#define NUMBER_OCTETS_MAX 20 /* RFC 5280 5.2.3 */

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Critical extensions that are none of those which `known` lists, ended by NID_undef. */
static bool has_unknown_critical(const STACK_OF(X509_EXTENSION) * list, const int *known)
{
	int n = list != NULL ? sk_X509_EXTENSION_num(list) : 0, i;

	for (i = 0; i < n; i++) {
		X509_EXTENSION *ext = sk_X509_EXTENSION_value(list, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(ext));
		const int *k = known;

		while (*k != NID_undef && *k != nid)
			k++;
		if (X509_EXTENSION_get_critical(ext) != 0 && *k == NID_undef)
			return true;
	}
	return false;
}

static bool is_empty_point(const X509_CRL *crl)
{
	X509_EXTENSION *ext = X509_CRL_get_ext(crl, X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1));

	/* The head of a SEQUENCE and nothing in it. */
	return ext != NULL && ASN1_STRING_length(X509_EXTENSION_get_data(ext)) == 2;
}

static void read_scope(struct gw_crl *c)
{
	int critical = -1;
	ISSUING_DIST_POINT *point = X509_CRL_get_ext_d2i(c->crl, NID_issuing_distribution_point, &critical, NULL);

	c->for_users = c->for_cas = true;
	if (point == NULL) {
		c->readable = c->readable && critical == -1;
		return;
	}
	c->for_users = point->onlyCA <= 0;
	c->for_cas = point->onlyuser <= 0;
	if (point->indirectCRL > 0 || point->onlyattr > 0 || point->onlysomereasons != NULL)
		c->for_users = c->for_cas = false;
	c->scoped = !c->for_users || !c->for_cas;
	c->odd_point = critical != 1 || is_empty_point(c->crl) ||
		       (point->onlyCA > 0) + (point->onlyuser > 0) + (point->onlyattr > 0) > 1;
	ISSUING_DIST_POINT_free(point);
}

static void read_entries(struct gw_crl *c)
{
	static const int known[] = {NID_crl_reason, NID_invalidity_date, NID_undef};
	STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(c->crl);
	int n = entries != NULL ? sk_X509_REVOKED_num(entries) : 0, i;

	for (i = 0; i < n && !c->unknown_critical_entry; i++)
		c->unknown_critical_entry =
			has_unknown_critical(X509_REVOKED_get0_extensions(sk_X509_REVOKED_value(entries, i)), known);
}

static void read_number(struct gw_crl *c)
{
	int critical = -1;
	ASN1_INTEGER *number = X509_CRL_get_ext_d2i(c->crl, NID_crl_number, &critical, NULL);

	c->readable = critical != -2;
	c->has_number = number != NULL;
	c->number_critical = number != NULL && critical == 1;
	c->odd_number = number != NULL &&
			(ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER || gw_asn1_octets(number) > NUMBER_OCTETS_MAX);
	ASN1_INTEGER_free(number);
}

static void read_key_id(struct gw_crl *c)
{
	X509_EXTENSION *ext =
		X509_CRL_get_ext(c->crl, X509_CRL_get_ext_by_NID(c->crl, NID_authority_key_identifier, -1));

	c->has_key_id = ext != NULL;
	c->key_id_critical = ext != NULL && X509_EXTENSION_get_critical(ext) != 0;
}

static void read_dates(struct gw_crl *c)
{
	const ASN1_TIME *begin = X509_CRL_get0_lastUpdate(c->crl), *end = X509_CRL_get0_nextUpdate(c->crl);

	c->this_update = gw_asn1_instant(begin, GW_TIME_FAR_FUTURE);
	c->has_next_update = end != NULL;
	c->next_update = end != NULL ? gw_asn1_instant(end, GW_TIME_FAR_PAST) : GW_TIME_FAR_PAST;
	c->odd_dates = gw_asn1_is_odd_time(begin) || (end != NULL && gw_asn1_is_odd_time(end));
}

static void read_facts(struct gw_crl *c)
{
	static const int known[] = {NID_issuing_distribution_point, NID_delta_crl, NID_authority_key_identifier,
				    NID_crl_number, NID_undef};
	int strength = 0, digest = NID_undef;

	read_number(c);
	read_key_id(c);
	read_dates(c);
	c->version = (int)X509_CRL_get_version(c->crl) + 1;
	c->delta = X509_CRL_get_ext_by_NID(c->crl, NID_delta_crl, -1) >= 0;
	c->has_issuer = X509_NAME_entry_count(X509_CRL_get_issuer(c->crl)) > 0;
	c->unknown_critical = has_unknown_critical(X509_CRL_get0_extensions(c->crl), known);
	if (OBJ_find_sigid_algs(X509_CRL_get_signature_nid(c->crl), &digest, NULL) == 1 && digest != NID_undef) {
		const EVP_MD *md = EVP_get_digestbynid(digest);

		strength = md != NULL ? EVP_MD_get_size(md) * 4 : 0;
	}
	c->sign_strength = (unsigned)strength;
	read_scope(c);
	read_entries(c);
	ERR_clear_error();
}

static enum gw_code read_block(const struct gw_ctx *ctx, const struct gw_pem *pem, const struct gw_pem_block *block,
			       struct gw_crl *c, struct gw_err *err)
{
	enum gw_code code = gw_crl_from_pem(ctx, pem, block, &c->crl, err);

	if (code != GW_OK)
		return code;
	gw_pem_where(c->where, pem, block);
	read_facts(c);
	return GW_OK;
}

static enum gw_code read_blocks(const struct gw_ctx *ctx, const struct gw_pem *pem, struct gw_crls *crls,
				struct gw_err *err)
{
	size_t before = crls->count, i;

	for (i = 0; i < pem->n_blocks; i++) {
		struct gw_crl c = {0};

		if (pem->blocks[i].kind != GW_PEM_CRL)
			continue;
		if (crls->count == GW_CRLS_MAX)
			return gw_fail(err, GW_E_INPUT, pem->name, "there are more than %d CRLs", GW_CRLS_MAX);
		if (read_block(ctx, pem, &pem->blocks[i], &c, err) != GW_OK)
			return err->code;
		crls->items = gw_realloc_array(crls->items, crls->count + 1, sizeof(*crls->items));
		crls->items[crls->count++] = c;
	}
	if (crls->count > before)
		return GW_OK;
	gw_fail(err, GW_E_INPUT, pem->name, "holds no CRL; its first block is %s", gw_pem_kind_words(&pem->blocks[0]));
	return gw_hint(err, "a CRL's block is named X509 CRL");
}

enum gw_code gw_crls_read(const struct gw_ctx *ctx, const char *path, struct gw_crls *crls, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_PEM_FILE_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_file_read(ctx, path, &text, err);

	/* DER is the form in which CAs publish them (RFC 5280 4.2.1.13). */
	if (code == GW_OK)
		gw_pem_from_der(&text, "X509 CRL");
	if (code == GW_OK)
		code = gw_pem_scan(&pem, gw_file_shown(path), text.data, text.len, err);
	return code == GW_OK ? read_blocks(ctx, &pem, crls, err) : code;
}

void gw_crls_release(struct gw_crls *crls)
{
	size_t i;

	for (i = 0; i < crls->count; i++)
		X509_CRL_free(crls->items[i].crl);
	free(crls->items);
	*crls = (struct gw_crls){0};
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

bool gw_crl_is_for(const struct gw_crl *crl, const X509 *cert)
{
	return X509_NAME_cmp(X509_CRL_get_issuer(crl->crl), X509_get_issuer_name(cert)) == 0;
}

static bool share_a_name(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	int i, k;

	for (i = 0; i < sk_GENERAL_NAME_num(a); i++) {
		for (k = 0; k < sk_GENERAL_NAME_num(b); k++) {
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i), sk_GENERAL_NAME_value(b, k)) == 0)
				return true;
		}
	}
	return false;
}

static bool is_full(const DIST_POINT_NAME *name)
{
	return name != NULL && name->type == 0;
}

bool gw_crl_is_at_point(const struct gw_crl *crl, const X509 *cert)
{
	ISSUING_DIST_POINT *own = X509_CRL_get_ext_d2i(crl->crl, NID_issuing_distribution_point, NULL, NULL);
	CRL_DIST_POINTS *points = NULL;
	bool found = own == NULL || own->distpoint == NULL;
	int i;

	if (!found && is_full(own->distpoint))
		points = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	for (i = 0; points != NULL && i < sk_DIST_POINT_num(points) && !found; i++) {
		const DIST_POINT *point = sk_DIST_POINT_value(points, i);

		found = is_full(point->distpoint) &&
			share_a_name(own->distpoint->name.fullname, point->distpoint->name.fullname);
	}
	CRL_DIST_POINTS_free(points);
	ISSUING_DIST_POINT_free(own);
	ERR_clear_error();
	return found;
}

bool gw_crl_names_key(const struct gw_crl *crl, const X509 *issuer)
{
	AUTHORITY_KEYID *asked = X509_CRL_get_ext_d2i(crl->crl, NID_authority_key_identifier, NULL, NULL);
	ASN1_OCTET_STRING *own = X509_get_ext_d2i(issuer, NID_subject_key_identifier, NULL, NULL);
	bool same =
		asked == NULL || asked->keyid == NULL || own == NULL || ASN1_OCTET_STRING_cmp(asked->keyid, own) == 0;

	AUTHORITY_KEYID_free(asked);
	ASN1_OCTET_STRING_free(own);
	ERR_clear_error();
	return same;
}

static const char *reason_of(const X509_REVOKED *entry)
{
	ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
	long n = code != NULL ? ASN1_ENUMERATED_get(code) : -1;

	ASN1_ENUMERATED_free(code);
	return n >= 0 && n < GW_REASONS ? gw_reason_words[n] : NULL;
}

bool gw_crl_lists(const struct gw_crl *crl, const X509 *cert, int64_t *since, const char **reason)
{
	X509_REVOKED *entry = NULL;
	/* OpenSSL does not change the certificate; 2 is an entry that takes another one back. */
	int found = X509_CRL_get0_by_cert(crl->crl, &entry, (X509 *)cert);

	if (found != 1) {
		ERR_clear_error();
		return false;
	}
	*since = gw_asn1_instant(X509_REVOKED_get0_revocationDate(entry), GW_TIME_FAR_PAST);
	*reason = reason_of(entry);
	ERR_clear_error();
	return true;
}

const char *gw_crl_label(const struct gw_crl *crl, struct gw_arena *arena)
{
	return gw_name_text(arena, X509_CRL_get_issuer(crl->crl));
}
