/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/pki.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki/build.h"
#include "tests/run.h"

#define IDS_MAX  512
#define SANS_MAX 64

static struct tst_id *ids[IDS_MAX];
static size_t n_ids;
static struct gw_arena arena;

static void at_exit(void)
{
	while (n_ids > 0) {
		n_ids--;
		gw_key_free(ids[n_ids]->key);
		gw_cert_free(ids[n_ids]->cert);
	}
	gw_arena_release(&arena);
}

static struct tst_id *new_id(void)
{
	struct tst_id *id = tst_alloc(sizeof(*id));

	/* Registered behind the harness, which has just registered itself: so it runs before the memory goes. */
	if (n_ids == IDS_MAX || (n_ids == 0 && atexit(at_exit) != 0))
		abort();
	*id = (struct tst_id){0};
	ids[n_ids++] = id;
	return id;
}

static void must(enum gw_code code, const struct gw_err *err)
{
	if (code == GW_OK)
		return;
	fprintf(stderr, "%s: %s\n", err->where, err->what);
	abort();
}

static int64_t now(void *self)
{
	(void)self;
	return TST_NOW;
}

const struct gw_ctx *tst_ctx(void)
{
	static struct gw_ctx ctx;

	ctx.clock.now = now;
	ctx.arena = &arena;
	return &ctx;
}

static size_t parse_sans(const char *text, struct gw_san *sans)
{
	char *copy = gw_arena_strdup(&arena, text != NULL ? text : ""), *word, *rest = copy;
	size_t n = 0;

	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word != '\0' && (n == SANS_MAX || gw_san_parse(&arena, word, &sans[n++]) != NULL))
			abort();
	}
	return n;
}

const struct tst_id *tst_issue(const struct tst_spec *spec, const struct tst_id *issuer)
{
	const struct gw_name_attr cn = {"commonName", spec->cn};
	struct tst_id *id = new_id();
	struct gw_san sans[SANS_MAX];
	struct gw_err err = {0};
	const struct gw_cert_plan plan = {
		.subject = &cn,
		.n_subject = spec->cn != NULL,
		.sans = sans,
		.n_sans = parse_sans(spec->sans, sans),
		.ca = spec->ca,
		.path_length = spec->path_limited ? (int)spec->path_length : -1,
		.key_usage = spec->key_usage != 0 ? spec->key_usage
			     : spec->ca           ? GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN
						  : GW_KU_DIGITAL_SIGNATURE,
		.extended_key_usage = spec->eku != NULL ? &spec->eku : NULL,
		.n_extended_key_usage = spec->eku != NULL,
		.not_before = spec->not_before != 0 ? spec->not_before : TST_NOW - GW_DAY,
		.not_after = spec->not_after != 0 ? spec->not_after : TST_NOW + 30 * GW_DAY,
	};

	if (spec->reuse != NULL) {
		id->key = spec->reuse->key;
		EVP_PKEY_up_ref(id->key);
	} else {
		must(gw_key_generate(tst_ctx(), spec->type, &id->key, &err), &err);
	}
	must(gw_cert_build(tst_ctx(), &plan, id->key, issuer != NULL ? issuer->cert : NULL,
			   issuer != NULL ? issuer->key : NULL, &id->cert, &err),
	     &err);
	return id;
}

const struct tst_id *tst_ca(const char *cn, const struct tst_id *issuer)
{
	return tst_issue(&(struct tst_spec){.cn = cn, .ca = true}, issuer);
}

const struct tst_id *tst_leaf(const char *host, const struct tst_id *issuer)
{
	return tst_issue(&(struct tst_spec){.cn = host, .sans = host, .eku = "serverAuth"}, issuer);
}

void tst_resign(const struct tst_id *id, const struct tst_id *issuer)
{
	if (X509_sign(id->cert, issuer->key, EVP_sha256()) <= 0)
		abort();
}

static const char *keep(struct gw_buf *b)
{
	char *copy = tst_alloc(b->len + 1);

	memcpy(copy, gw_buf_str(b), b->len + 1);
	gw_buf_release(b);
	return copy;
}

const char *tst_pem(const struct tst_id *first, ...)
{
	struct gw_buf out = GW_BUF(1 << 20);
	const struct tst_id *id;
	va_list args;

	va_start(args, first);
	for (id = first; id != NULL; id = va_arg(args, const struct tst_id *))
		gw_cert_to_pem(id->cert, &out);
	va_end(args);
	return keep(&out);
}

const char *tst_key_pem(const struct tst_id *id)
{
	GW_SECRET_AUTO struct gw_secret pem = {0};
	struct gw_buf out = GW_BUF(1 << 20);
	struct gw_err err = {0};

	must(gw_key_to_pem(id->key, &pem, &err), &err);
	gw_buf_add(&out, pem.data, pem.len);
	return keep(&out);
}

struct gw_certs tst_certs(const struct tst_id *first, ...)
{
	struct gw_certs certs = {0};
	const struct tst_id *id;
	va_list args;

	va_start(args, first);
	for (id = first; id != NULL; id = va_arg(args, const struct tst_id *))
		gw_certs_add(&certs, gw_cert_ref(id->cert));
	va_end(args);
	return certs;
}

const char *tst_join(const char *first, ...)
{
	struct gw_buf out = GW_BUF(1 << 24);
	const char *text;
	va_list args;

	va_start(args, first);
	for (text = first; text != NULL; text = va_arg(args, const char *))
		gw_buf_str_add(&out, text);
	va_end(args);
	return keep(&out);
}
