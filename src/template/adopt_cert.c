/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates become entries: each names the one that issued it, where that one is in the file too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "template/adopting.h"

#define STAND_IN        "Stand-in for "
#define ADOPT_CERTS_MAX 1000

struct adopted_cert {
	const X509 *cert;
	struct gw_cert_contents contents;
	struct gw_adopted entry;
};

/* --- the issuer --------------------------------------------------------------------------------------------------- */

void gw_adopt_stand_in(struct gw_adopted *e, const char *issuer, const char *key, const struct gw_node *at)
{
	struct gw_adoption *a = e->a;
	const char *cn = gw_arena_printf(&a->arena, STAND_IN "%s",
					 gw_adopt_cut(a, issuer, GW_COMMON_NAME_MAX - strlen(STAND_IN)));
	struct gw_adopted ca;
	struct gw_node *m;

	gw_adopt_say(
		a, e, GWT_STAND_IN, at,
		"changed: \"%s\" issued it, whose key is not here; a new CA stands in its place until the real one "
		"signs csr.pem",
		issuer);
	for (m = a->certificates->first; m != NULL; m = m->next) {
		const char *name = gw_node_text(gw_node_get(gw_node_get(m, "subject"), "commonName"));

		if (name != NULL && strcmp(name, gw_adopt_text(a, cn)->text) == 0)
			break;
	}
	if (m == NULL) {
		ca = gw_adopt_entry(a, issuer, at);
		m = ca.map;
		gw_map_str(&a->arena, m, "issuer", "self");
		gw_map_add(&a->arena, m, "ca", gw_map_new(&a->arena));
		gw_map_str(&a->arena, m, "key", key);
		gw_adopt_put(&ca, "subject.commonName", gw_adopt_text(a, cn), at, "commonName");
	}
	gw_map_str(&a->arena, e->map, "issuer", m->key->text);
}

/* The first other certificate that issued this one, by name and key. */
static struct adopted_cert *issuer_of(struct adopted_cert *all, size_t count, const struct adopted_cert *c)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const EVP_PKEY *key = gw_cert_key(all[i].cert);

		if (&all[i] != c && gw_cert_issued_by(c->cert, all[i].cert) && key != NULL &&
		    gw_cert_signed_by(c->cert, key))
			return &all[i];
	}
	return NULL;
}

/* What gwcert takes of itself for a key of that kind (gw_cert_build()). */
static const char *usual_digest(const struct gw_cert_facts *issuer)
{
	if (issuer == NULL || (issuer->key_type != GW_KEY_EC_P384 && issuer->key_type != GW_KEY_EC_P521))
		return "sha256";
	return issuer->key_type == GW_KEY_EC_P384 ? "sha384" : "sha512";
}

/* issuer NULL: a stand-in. Digests that nobody takes any more are not asked for again. */
static void put_signature(struct adopted_cert *c, const struct gw_cert_facts *issuer)
{
	struct gw_arena *arena = &c->entry.a->arena;
	const char *digest = c->contents.digest;

	if (digest == NULL)
		return;
	if (strcmp(digest, "sha256") != 0 && strcmp(digest, "sha384") != 0 && strcmp(digest, "sha512") != 0) {
		gw_adopt_say(c->entry.a, &c->entry, GWT_CARRIED_CHANGED, c->entry.at,
			     "changed: it was signed with %s; SHA-256 or better now, for older digests are refused "
			     "everywhere",
			     digest);
	} else if (c->contents.rsa_pss) {
		gw_adopt_put(&c->entry, "signature.hash", gw_str_new(arena, digest), c->entry.at,
			     "a signature by RSA-PSS");
		if (gw_adopt_has("signature.rsaPss"))
			gw_adopt_put(&c->entry, "signature.rsaPss", gw_bool_new(arena, true), c->entry.at, "RSA-PSS");
	} else if (strcmp(digest, usual_digest(issuer)) != 0) {
		gw_adopt_put(&c->entry, "signature", gw_str_new(arena, digest), c->entry.at,
			     gw_arena_printf(arena, "a signature with %s", digest));
	}
}

static void put_issuer(struct gw_adoption *a, struct adopted_cert *all, size_t count, struct adopted_cert *c)
{
	const struct adopted_cert *issuer = NULL;
	bool rsa = strncmp(c->contents.facts.signature, "RSA", 3) == 0;

	if (gw_cert_self_signed(c->cert))
		issuer = c;
	else
		issuer = issuer_of(all, count, c);
	put_signature(c, issuer != NULL ? &issuer->contents.facts : NULL);
	if (issuer != NULL && issuer != c)
		gw_map_str(&a->arena, c->entry.map, "issuer", issuer->entry.name);
	else if (issuer == c)
		gw_map_str(&a->arena, c->entry.map, "issuer", "self");
	else
		gw_adopt_stand_in(&c->entry, gw_cert_issuer_label(c->cert, &a->arena), rsa ? "rsa-2048" : NULL,
				  c->entry.at);
}

/* --- one certificate ---------------------------------------------------------------------------------------------- */

static void put_key(struct adopted_cert *c)
{
	static const struct {
		const char *shown, *algorithm;
		unsigned bits;
	} kinds[] = {{"ECDSA P-256", "ec", 256},
		     {"ECDSA P-384", "ec", 384},
		     {"ECDSA P-521", "ec", 521},
		     {"Ed25519", "ed25519", 0}};
	const char *shown = c->contents.facts.key;
	size_t i;

	for (i = 0; i < GW_COUNT(kinds); i++) {
		if (strcmp(kinds[i].shown, shown) == 0) {
			gw_adopt_key(&c->entry, kinds[i].algorithm, kinds[i].bits, shown, c->entry.at);
			return;
		}
	}
	if (strncmp(shown, "RSA ", 4) == 0)
		gw_adopt_key(&c->entry, "rsa", (unsigned)strtoul(shown + 4, NULL, 10), shown, c->entry.at);
	else
		gw_adopt_key(&c->entry, shown, 0, shown, c->entry.at);
}

static void adopt_cert(struct gw_adoption *a, struct adopted_cert *c, const X509 *cert)
{
	const struct gw_cert_facts *f = &c->contents.facts;

	c->cert = cert;
	gw_cert_read_contents(cert, &a->arena, &c->contents);
	c->entry = gw_adopt_entry(a, gw_cert_label(cert, &a->arena), gw_adopt_place(a, 0, 0, 0));
	put_key(c);
	gw_adopt_contents(&c->entry, &c->contents, strncmp(f->key, "RSA ", 4) == 0);
	if (f->not_before < GW_TIME_FAR_FUTURE && f->not_after > GW_TIME_FAR_PAST)
		gw_adopt_life(&c->entry, f->not_after - f->not_before, c->entry.at);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool is_among(const struct adopted_cert *all, size_t count, const X509 *cert)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (gw_cert_same(all[i].cert, cert))
			return true;
	}
	return false;
}

enum gw_code gw_adopt_certs(const struct gw_ctx *ctx, const char *name, const struct gw_certs *certs,
			    struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err)
{
	struct adopted_cert *all;
	size_t i, count = 0;

	gw_adopt_begin(a, ctx, name, "", 0, fs);
	if (certs->count > ADOPT_CERTS_MAX)
		return gw_fail(err, GW_E_INPUT, name, "%zu certificates are more than the %d that are adopted at once",
			       certs->count, ADOPT_CERTS_MAX);
	all = gw_arena_alloc(&a->arena, (certs->count + 1) * sizeof(*all));
	a->head = gw_arena_printf(&a->arena,
				  "Made by gwcert init from the certificates of %s. Keys, serial numbers and\n"
				  "dates are new. What could not be carried over is told above each entry.",
				  name);
	for (i = 0; i < certs->count; i++) {
		if (!is_among(all, count, certs->items[i]))
			adopt_cert(a, &all[count++], certs->items[i]);
	}
	for (i = 0; i < count; i++)
		put_issuer(a, all, count, &all[i]);
	return GW_OK;
}
