/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "pki/pem.h"

#define PEM_MAX ((size_t)64 << 20) /* octets of one certificate: what a file may hold */

void gw_report_text(struct gw_arena *arena, struct gw_node *map, const char *key, const char *text)
{
	gw_map_add(arena, map, key, gw_str_new(arena, text));
}

static bool is_known(int64_t instant)
{
	return instant != GW_TIME_FAR_PAST && instant != GW_TIME_FAR_FUTURE;
}

void gw_report_time(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t instant)
{
	char text[GW_TIME_TEXT];

	gw_time_format(text, instant);
	gw_report_text(arena, map, key, is_known(instant) ? text : NULL);
}

void gw_report_days(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t now, int64_t end)
{
	if (is_known(end))
		gw_map_int(arena, map, key, gw_days_between(now, end));
	else
		gw_report_text(arena, map, key, NULL);
}

struct gw_node *gw_report_sans(struct gw_arena *arena, const struct gw_san *sans, size_t n_sans)
{
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < n_sans; i++)
		gw_list_add(list, gw_str_new(arena, gw_san_text(arena, &sans[i])));
	return list;
}

struct gw_node *gw_report_sans_by_type(struct gw_arena *arena, const struct gw_san *sans, size_t n_sans)
{
	/* In the order of enum gw_san_type. */
	static const char *const types[] = {"dns", "ip", "uri", "email", "other"};
	struct gw_node *map = gw_map_new(arena), *lists[GW_COUNT(types)];
	size_t i;

	for (i = 0; i < GW_COUNT(types); i++)
		lists[i] = gw_map_add(arena, map, types[i], gw_list_new(arena));
	for (i = 0; i < n_sans; i++)
		gw_list_add(lists[sans[i].type], gw_str_new(arena, sans[i].value));
	return map;
}

struct gw_node *gw_report_key_usage(struct gw_arena *arena, bool has, unsigned bits)
{
	struct gw_node *list = has ? gw_list_new(arena) : gw_null_new(arena);
	size_t i;

	for (i = 0; has && gw_key_usage_words[i] != NULL; i++) {
		if ((bits & (1U << i)) != 0)
			gw_list_add(list, gw_str_new(arena, gw_key_usage_words[i]));
	}
	return list;
}

struct gw_node *gw_report_words(struct gw_arena *arena, const char *const *words)
{
	struct gw_node *list = words != NULL ? gw_list_new(arena) : gw_null_new(arena);

	for (; words != NULL && *words != NULL; words++)
		gw_list_add(list, gw_str_new(arena, *words));
	return list;
}

static void add_authority(struct gw_arena *arena, struct gw_node *map, const struct gw_cert_facts *c)
{
	gw_map_bool(arena, map, "ca", c->ca);
	gw_map_add(arena, map, "pathLength",
		   c->path_length >= 0 ? gw_int_new(arena, c->path_length) : gw_null_new(arena));
	gw_map_add(arena, map, "keyUsage", gw_report_key_usage(arena, c->has_key_usage, c->key_usage));
	gw_map_add(arena, map, "extendedKeyUsage", gw_report_words(arena, c->extended_key_usage));
	gw_report_text(arena, map, "subjectKeyId", c->subject_key_id);
	gw_report_text(arena, map, "authorityKeyId", c->authority_key_id);
	gw_report_text(arena, map, "caIssuers", c->ca_issuers);
}

struct gw_node *gw_report_cert(struct gw_arena *arena, const X509 *cert, const struct gw_cert_facts *c, int64_t now)
{
	GW_BUF_AUTO struct gw_buf pem = GW_BUF(PEM_MAX);
	struct gw_node *map = gw_map_new(arena);

	gw_report_text(arena, map, "subject", c->subject);
	gw_report_text(arena, map, "issuer", c->issuer);
	gw_map_add(arena, map, "sans", gw_report_sans(arena, c->sans, c->n_sans));
	gw_map_add(arena, map, "sansByType", gw_report_sans_by_type(arena, c->sans, c->n_sans));
	gw_report_time(arena, map, "notBefore", c->not_before);
	gw_report_time(arena, map, "notAfter", c->not_after);
	gw_report_days(arena, map, "daysLeft", now, c->not_after);
	gw_report_text(arena, map, "serial", c->serial);
	gw_report_text(arena, map, "key", c->key);
	gw_report_text(arena, map, "signature", c->signature);
	add_authority(arena, map, c);
	gw_report_text(arena, map, "sha256", c->sha256);
	gw_report_text(arena, map, "spkiSha256", c->spki_sha256);
	gw_cert_to_pem(cert, &pem);
	gw_report_text(arena, map, "pem", gw_buf_str(&pem));
	return map;
}

/* What the label of a block says about its form (RFC 7468 10, 11; RFC 8017 A.1; RFC 5915). */
static const char *form_of(const struct gw_pem_block *block)
{
	static const char *const forms[][2] = {
		{"PRIVATE KEY", "PKCS#8"},     {"ENCRYPTED PRIVATE KEY", "PKCS#8"},
		{"RSA PRIVATE KEY", "PKCS#1"}, {"EC PRIVATE KEY", "SEC 1"},
		{"RSA PUBLIC KEY", "PKCS#1"},  {"PUBLIC KEY", "SubjectPublicKeyInfo"},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(forms); i++) {
		if (strcmp(block->label, forms[i][0]) == 0)
			return forms[i][1];
	}
	return block->label;
}

struct gw_node *gw_report_key(struct gw_arena *arena, const EVP_PKEY *key, const struct gw_pem_block *block,
			      bool pkcs12)
{
	struct gw_node *map = gw_map_new(arena);
	GW_BUF_AUTO struct gw_buf hex = GW_BUF(128);
	struct gw_err err = {.code = GW_OK};
	uint8_t digest[32];
	char words[48];

	if (key != NULL)
		gw_key_describe(key, words);
	if (key != NULL && gw_key_spki_sha256(key, digest, &err) == GW_OK)
		gw_hex(&hex, digest, sizeof(digest), '\0');
	gw_report_text(arena, map, "key", key != NULL ? words : NULL);
	if (gw_pem_is_key(block) && !pkcs12)
		gw_map_bool(arena, map, "encrypted", block->kind == GW_PEM_KEY_ENCRYPTED);
	else
		gw_report_text(arena, map, "encrypted", NULL);
	gw_report_text(arena, map, "form", pkcs12 ? "PKCS#12" : form_of(block));
	gw_report_text(arena, map, "spkiSha256", hex.len > 0 ? gw_buf_str(&hex) : NULL);
	return map;
}

static struct gw_node *extras_of(struct gw_arena *arena, const struct gw_request_facts *f, bool attributes)
{
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < f->n_extras; i++) {
		if (f->extras[i].attribute == attributes)
			gw_list_add(list, gw_str_new(arena, f->extras[i].name));
	}
	return list;
}

struct gw_node *gw_report_request(struct gw_arena *arena, const struct gw_request_facts *f)
{
	struct gw_node *map = gw_map_new(arena);

	gw_report_text(arena, map, "subject", f->subject);
	gw_map_add(arena, map, "sans", gw_report_sans(arena, f->sans, f->n_sans));
	gw_map_add(arena, map, "sansByType", gw_report_sans_by_type(arena, f->sans, f->n_sans));
	gw_report_text(arena, map, "key", f->key_words);
	gw_report_text(arena, map, "keyFault", f->key_fault);
	gw_map_bool(arena, map, "possession", f->possession);
	gw_report_text(arena, map, "formFault", f->form_fault);
	gw_report_text(arena, map, "signature", f->signature);
	gw_map_add(arena, map, "ca", f->has_basic_constraints ? gw_bool_new(arena, f->ca) : gw_null_new(arena));
	gw_map_add(arena, map, "pathLength",
		   f->path_length >= 0 ? gw_int_new(arena, f->path_length) : gw_null_new(arena));
	gw_map_add(arena, map, "keyUsage", gw_report_key_usage(arena, f->has_key_usage, f->key_usage));
	gw_map_add(arena, map, "extendedKeyUsage", gw_report_words(arena, f->extended_key_usage));
	gw_map_add(arena, map, "otherExtensions", extras_of(arena, f, false));
	gw_map_add(arena, map, "attributes", extras_of(arena, f, true));
	return map;
}

struct gw_node *gw_report_crl(struct gw_arena *arena, const struct gw_crl_facts *f, int64_t now)
{
	struct gw_node *map = gw_map_new(arena);

	gw_report_text(arena, map, "issuer", f->issuer);
	gw_report_text(arena, map, "number", f->number);
	gw_report_time(arena, map, "thisUpdate", f->this_update);
	gw_report_time(arena, map, "nextUpdate", f->next_update);
	gw_report_days(arena, map, "daysLeft", now, f->next_update);
	gw_report_text(arena, map, "signature", f->signature);
	gw_report_text(arena, map, "authorityKeyId", f->authority_key_id);
	gw_map_bool(arena, map, "delta", f->delta);
	gw_map_add(arena, map, "revoked", gw_report_revoked(arena, f));
	return map;
}

struct gw_node *gw_report_revoked(struct gw_arena *arena, const struct gw_crl_facts *f)
{
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < f->n_revoked; i++) {
		const struct gw_revoked *r = &f->revoked[i];
		struct gw_node *one = gw_list_add(list, gw_map_new(arena));

		gw_map_str(arena, one, "serial", r->serial);
		gw_report_time(arena, one, "revokedAt", r->at);
		gw_map_str(arena, one, "reason", r->reason >= 0 ? gw_reason_words[r->reason] : "unknown");
		if (r->has_invalid_since)
			gw_report_time(arena, one, "invalidSince", r->invalid_since);
	}
	return list;
}
