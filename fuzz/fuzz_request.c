/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and revocation lists, PEM or DER: what cannot be read has a reason; what can has facts that hold together. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "pki/crl.h"
#include "pki/request.h"

const char gw_fuzz_corpus[] = "request";

static void check_text(const char *text)
{
	if (text == NULL || !gw_utf8_valid(text, strlen(text)))
		abort();
}

static void check_request(const struct gw_ctx *ctx, const char *text, size_t size)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_REQUEST_AUTO X509_REQ *csr = NULL;
	struct gw_request_facts f;
	struct gw_err err = {0};
	size_t i;

	if (gw_request_parse(ctx, "input", text, size, &csr, &err) != GW_OK) {
		if (err.code != GW_E_INPUT || err.what[0] == '\0' || csr != NULL)
			abort();
		return;
	}
	gw_request_read_facts(csr, &arena, &f);
	for (i = 0; i < f.n_sans; i++)
		check_text(gw_san_text(&arena, &f.sans[i]));
	for (i = 0; i < f.n_attrs; i++)
		check_text(f.attrs[i].value);
	for (i = 0; i < f.n_extras; i++)
		check_text(f.extras[i].name);
	/* Without a key nobody has shown to have it. */
	if (f.key == NULL && (f.possession || f.key_fault == NULL))
		abort();
}

static void check_list(const struct gw_ctx *ctx, const char *text, size_t size)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_CRL_AUTO X509_CRL *crl = NULL;
	struct gw_crl_facts f;
	struct gw_err err = {0};
	size_t i;

	if (gw_crl_parse(ctx, "input", text, size, &crl, &err) != GW_OK) {
		if (err.code != GW_E_INPUT || err.what[0] == '\0' || crl != NULL)
			abort();
		return;
	}
	gw_crl_read_facts(crl, &arena, &f);
	for (i = 0; i < f.n_revoked; i++) {
		check_text(f.revoked[i].serial);
		if (f.revoked[i].reason >= GW_REASONS)
			abort();
		if (strcmp(gw_crl_find(&f, f.revoked[i].serial)->serial, f.revoked[i].serial) != 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_ctx ctx = {.arena = &arena};
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_request(&ctx, text, size);
	check_list(&ctx, text, size);
	free(text);
	return 0;
}
