/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/pair.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "judge/judge.h"
#include "rules/rules.h"

/* One file in memory, with its blocks. */
struct input {
	const char *name;
	struct gw_buf text;
	struct gw_pem pem;
};

#define INPUT_INIT                                                                                                     \
	{                                                                                                              \
		.text = GW_BUF_SECRET(GW_PEM_FILE_MAX)                                                                 \
	}
#define INPUT_AUTO GW_CLEANUP(release_input)

static void release_input(struct input *in)
{
	gw_pem_release(&in->pem);
	gw_buf_release(&in->text);
}

void gw_pair_release(struct gw_pair *pair)
{
	gw_certs_release(&pair->certs);
	gw_key_free(pair->key);
	pair->key = NULL;
	gw_buf_release(&pair->cert_pem);
	gw_secret_release(&pair->key_pem);
	gw_buf_release(&pair->ca_pem);
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

static enum gw_code read_input(const struct gw_ctx *ctx, const char *path, struct input *in, struct gw_err *err)
{
	enum gw_code code = gw_file_read(ctx, path, &in->text, err);

	in->name = gw_file_shown(path);
	return code == GW_OK ? gw_pem_scan(&in->pem, in->name, in->text.data, in->text.len, err) : code;
}

static size_t count_keys(const struct gw_pem *pem)
{
	size_t i, n = 0;

	for (i = 0; i < pem->n_blocks; i++)
		n += gw_pem_is_key(&pem->blocks[i]);
	return n;
}

static bool has_cert(const struct gw_pem *pem)
{
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		if (pem->blocks[i].kind == GW_PEM_CERT)
			return true;
	}
	return false;
}

static bool only_certs(const struct gw_pem *pem)
{
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		if (pem->blocks[i].kind != GW_PEM_CERT)
			return false;
	}
	return true;
}

static void write_certs(const struct gw_certs *certs, struct gw_buf *out)
{
	size_t i;

	for (i = 0; i < certs->count; i++)
		gw_cert_to_pem(certs->items[i], out);
}

static enum gw_code several_keys(const struct gw_pem *pem, struct gw_err *err)
{
	return gw_fail(err, GW_E_INPUT, pem->name, "holds %zu private keys; give the one that is meant",
		       count_keys(pem));
}

/* The first key of the text, as kubectl takes it. */
static enum gw_code read_key(const struct gw_ctx *ctx, const struct gw_pem *pem, const char *source,
			     struct gw_pair *pair, bool *encrypted, struct gw_err *err)
{
	const struct gw_password password = {.option = "--password", .source = source};
	const struct gw_pem_block *block;
	enum gw_code code = gw_key_find(pem, &block, err);

	if (code != GW_OK)
		return code;
	*encrypted = block->kind == GW_PEM_KEY_ENCRYPTED;
	return gw_key_from_pem(ctx, pem, block, &password, &pair->key, err);
}

/* --- from files --------------------------------------------------------------------------------------------------- */

/* Takes the file as it is; but certificates that are not to be kept verbatim leave other blocks behind, a key above all. */
static void keep_certs(const struct gw_pair_request *request, const struct input *in, const struct gw_certs *certs,
		       struct gw_buf *out)
{
	if (request->verbatim || only_certs(&in->pem))
		gw_buf_add(out, in->text.data, in->text.len);
	else
		write_certs(certs, out);
}

static void warn_of_key(const struct gw_pair_request *request, const struct input *in, struct gw_findings *fs)
{
	const struct gw_where where = {.file = in->name};
	struct gw_finding *f;

	if (!request->verbatim || count_keys(&in->pem) == 0)
		return;
	f = gw_find_as(fs, GWC_KEY_AMONG_CERTS, GW_WARNING, &where,
		       "tls.crt will hold a private key, since the file does");
	gw_finding_fix(fs, f, "leave out --plain: then only the certificates are taken");
}

static enum gw_code read_files(const struct gw_ctx *ctx, const struct gw_pair_request *request, struct gw_pair *pair,
			       struct gw_findings *fs, struct gw_err *err)
{
	INPUT_AUTO struct input cert = INPUT_INIT;
	INPUT_AUTO struct input key = INPUT_INIT;
	bool encrypted = false;
	enum gw_code code = read_input(ctx, request->cert, &cert, err);

	if (code == GW_OK)
		code = read_input(ctx, request->key, &key, err);
	if (code == GW_OK && !request->verbatim && count_keys(&key.pem) > 1)
		code = several_keys(&key.pem, err);
	if (code == GW_OK)
		code = gw_certs_from_pem(ctx, &cert.pem, false, &pair->certs, err);
	if (code == GW_OK)
		code = read_key(ctx, &key.pem, request->password, pair, &encrypted, err);
	if (code != GW_OK)
		return code;
	keep_certs(request, &cert, &pair->certs, &pair->cert_pem);
	warn_of_key(request, &cert, fs);
	/* Whatever stands beside the key stays out, unless it is to be as kubectl has it. */
	if (encrypted || (!request->verbatim && has_cert(&key.pem)))
		return gw_key_to_pem(pair->key, &pair->key_pem, err);
	gw_secret_copy(&pair->key_pem, key.text.data, key.text.len);
	return GW_OK;
}

/* --- from a heap -------------------------------------------------------------------------------------------------- */

static enum gw_code check_heap(const struct gw_pem *pem, struct gw_err *err)
{
	size_t i, keys = count_keys(pem);

	for (i = 0; i < pem->n_blocks; i++) {
		char where[GW_ERR_WHERE_MAX];

		if (pem->blocks[i].kind != GW_PEM_OTHER || gw_pem_is_key(&pem->blocks[i]))
			continue;
		gw_pem_where(where, pem, &pem->blocks[i]);
		return gw_fail(err, GW_E_INPUT, where, "is a block named %s, which has no place here",
			       pem->blocks[i].label);
	}
	if (keys == 0 && has_cert(pem)) {
		gw_fail(err, GW_E_INPUT, pem->name, "holds certificates, but no private key");
		return gw_hint(err, "put the key into the same stream: cat key.pem cert.pem | gwcert secret NAME");
	}
	if (keys > 1)
		return several_keys(pem, err);
	if (keys == 1 && !has_cert(pem)) {
		gw_fail(err, GW_E_INPUT, pem->name, "holds a private key, but no certificate");
		return gw_hint(err,
			       "put the certificate into the same stream: cat key.pem cert.pem | gwcert secret NAME");
	}
	return GW_OK;
}

/* The index of the key's certificate; 0 where there is none, which the judge then says. */
static size_t find_leaf(const struct gw_pair *pair)
{
	size_t i;

	for (i = 0; i < pair->certs.count; i++) {
		if (gw_cert_matches_key(pair->certs.items[i], pair->key))
			return i;
	}
	return 0;
}

/* A key that belongs to the CA of another certificate: the wrong key, and not the wrong order. */
static void say_key_of_ca(const struct gw_pair *pair, size_t owner, struct gw_findings *fs)
{
	const struct gw_where where = {.file = "standard input"};
	const X509 *ca = pair->certs.items[owner];
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < pair->certs.count; i++) {
		const X509 *cert = pair->certs.items[i];

		if (i == owner || !gw_cert_is_ca(ca) || gw_cert_self_issued(cert) || !gw_cert_issued_by(cert, ca))
			continue;
		f = gw_find(fs, GWC_KEY_MISMATCH, &where,
			    "the key belongs to the CA \"%s\", not to \"%s\", which it issued",
			    gw_cert_label(ca, &fs->arena), gw_cert_label(cert, &fs->arena));
		gw_finding_fix(fs, f, "give the key from which \"%s\" was requested", gw_cert_label(cert, &fs->arena));
		return;
	}
}

static enum gw_code read_heap(const struct gw_ctx *ctx, const struct gw_pair_request *request, struct gw_pair *pair,
			      struct gw_findings *fs, struct gw_err *err)
{
	INPUT_AUTO struct input in = INPUT_INIT;
	bool encrypted;
	size_t leaf;
	enum gw_code code = read_input(ctx, "-", &in, err);

	if (code == GW_OK)
		code = check_heap(&in.pem, err);
	if (code == GW_OK)
		code = gw_certs_from_pem(ctx, &in.pem, false, &pair->certs, err);
	if (code == GW_OK)
		code = read_key(ctx, &in.pem, request->password, pair, &encrypted, err);
	if (code != GW_OK)
		return code;
	leaf = find_leaf(pair);
	say_key_of_ca(pair, leaf, fs);
	gw_chain_sort(&pair->certs, leaf);
	write_certs(&pair->certs, &pair->cert_pem);
	return gw_key_to_pem(pair->key, &pair->key_pem, err);
}

/* --- judgement ---------------------------------------------------------------------------------------------------- */

/* What Go's crypto/x509 parses, and so kubectl and every controller written in Go: not id-RSASSA-PSS, no explicit curves. */
static bool go_takes(const EVP_PKEY *key, const char *kind)
{
	return gw_key_type_of(key) != GW_KEY_OTHER || strncmp(kind, "RSA ", 4) == 0 || strcmp(kind, "ECDSA P-224") == 0;
}

/* Self-managed certificates of Google's load balancers: RSA 2048 to 4096, P-256, P-384. */
static bool balancer_takes(enum gw_key_type type)
{
	switch (type) {
	case GW_KEY_EC_P256:
	case GW_KEY_EC_P384:
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096: return true;
	case GW_KEY_EC_P521:
	case GW_KEY_ED25519:
	case GW_KEY_OTHER: break;
	}
	return false;
}

static void judge_key(const struct gw_pair *pair, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *f;
	char kind[48];

	gw_key_describe(pair->key, kind);
	if (!go_takes(pair->key, kind)) {
		f = gw_find(fs, GWK_SECRET_PAIR, where, "the key is %s, which kubectl and the controllers cannot load",
			    kind);
		gw_finding_fix(fs, f, "make a key of EC P-256 or RSA 2048, and have a certificate issued for it");
	} else if (!balancer_takes(gw_key_type_of(pair->key))) {
		f = gw_find(fs, GWK_SECRET_QUALITY, where, "the key is %s, which Google's load balancers do not take",
			    kind);
		gw_finding_fix(fs, f, "they take RSA 2048 to 4096, EC P-256 and EC P-384");
	}
}

static void judge_names(const struct gw_pair *pair, const struct gw_where *where, struct gw_findings *fs)
{
	const X509 *leaf = pair->certs.items[0];
	struct gw_san *sans;
	size_t n;

	if (gw_cert_sans(leaf, &fs->arena, &sans, &n) && n == 0)
		gw_find(fs, GWK_SECRET_QUALITY, where, "\"%s\" has no subject alternative name, so it covers no host",
			gw_cert_label(leaf, &fs->arena));
}

/* Time: here what is not valid yet may be a Secret made ahead, and what is expired may be wanted all the same. */
static void judge_time(const struct gw_certs *certs, int64_t now, bool allow_expired, const struct gw_where *where,
		       struct gw_findings *fs)
{
	struct gw_finding *before = fs->last, *f;

	gw_judge_time(certs, now, 0, false, where, fs);
	for (f = before != NULL ? before->next : fs->first; f != NULL; f = f->next) {
		bool expired = f->rule == &gw_rules[GWC_EXPIRED];

		if (f->rule == &gw_rules[GWC_NOT_YET_VALID] || (expired && allow_expired))
			gw_finding_weigh(fs, f, GW_WARNING);
		else if (expired && f->severity == GW_ERROR)
			gw_finding_fix(fs, f, "renew it, or give --allow-expired to package it all the same");
	}
}

/* What is harmless on the wire is still no bundle that somebody meant to write. */
static void judge_order(const struct gw_pair *pair, const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *before = fs->last, *f;

	gw_judge_order(&pair->certs, where, fs);
	for (f = before != NULL ? before->next : fs->first; f != NULL; f = f->next) {
		if (f->rule != &gw_rules[GWC_DUPLICATE])
			continue;
		gw_finding_weigh(fs, f, GW_ERROR);
		gw_finding_fix(fs, f, "keep one copy; a bundle on standard input is put in order and freed of copies");
	}
}

void gw_pair_judge(const struct gw_ctx *ctx, const struct gw_pair *pair, bool allow_expired,
		   const struct gw_where *where, struct gw_findings *fs)
{
	gw_judge_pair(&pair->certs, pair->key, where, fs);
	gw_judge_form(&pair->certs, where, fs);
	/* A leaf further down has just been named; what is before it needs no words of its own. */
	if (find_leaf(pair) == 0) {
		judge_order(pair, where, fs);
		judge_names(pair, where, fs);
	}
	judge_time(&pair->certs, gw_now(&ctx->clock), allow_expired, where, fs);
	judge_key(pair, where, fs);
}

static void judge(const struct gw_ctx *ctx, const struct gw_pair_request *request, const struct gw_pair *pair,
		  struct gw_findings *fs)
{
	const bool piped = request->cert == NULL || strcmp(request->cert, "-") == 0;
	const struct gw_where where = {.file = piped ? "standard input" : request->cert};

	gw_pair_judge(ctx, pair, request->allow_expired, &where, fs);
}

/* --- ca.crt ------------------------------------------------------------------------------------------------------- */

static void judge_ca(const struct gw_certs *certs, const struct gw_where *where, struct gw_findings *fs)
{
	size_t i;

	for (i = 0; i < certs->count; i++) {
		struct gw_finding *f;

		if (gw_cert_is_ca(certs->items[i]))
			continue;
		f = gw_find(fs, GWC_NOT_CA, where, "\"%s\" is not a CA, so it cannot stand in ca.crt",
			    gw_cert_label(certs->items[i], &fs->arena));
		gw_finding_fix(fs, f, "give the certificate of the CA that issued the leaf");
	}
}

static enum gw_code read_ca(const struct gw_ctx *ctx, const struct gw_pair_request *request, struct gw_pair *pair,
			    struct gw_findings *fs, struct gw_err *err)
{
	INPUT_AUTO struct input in = INPUT_INIT;
	GW_CERTS_AUTO struct gw_certs certs = {0};
	enum gw_code code = read_input(ctx, request->ca, &in, err);
	struct gw_where where = {.file = in.name};

	if (code == GW_OK)
		code = gw_certs_from_pem(ctx, &in.pem, false, &certs, err);
	if (code != GW_OK)
		return code;
	if (count_keys(&in.pem) > 0)
		gw_find(fs, GWC_KEY_AMONG_CERTS, &where, "the file of CA certificates holds a private key");
	judge_ca(&certs, &where, fs);
	judge_time(&certs, gw_now(&ctx->clock), request->allow_expired, &where, fs);
	keep_certs(request, &in, &certs, &pair->ca_pem);
	return GW_OK;
}

enum gw_code gw_pair_read(const struct gw_ctx *ctx, const struct gw_pair_request *request, struct gw_pair *pair,
			  struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code = request->cert != NULL ? read_files(ctx, request, pair, fs, err)
						  : read_heap(ctx, request, pair, fs, err);

	if (code != GW_OK)
		return code;
	judge(ctx, request, pair, fs);
	return request->ca != NULL ? read_ca(ctx, request, pair, fs, err) : GW_OK;
}
