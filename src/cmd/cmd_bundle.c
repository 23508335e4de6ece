/* SPDX-License-Identifier: Apache-2.0 */
/* bundle: any heap of certificates into the chain that a server sends. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/commands.h"
#include "judge/judge.h"
#include "k8s/material.h"
#include "report/report.h"
#include "rules/rules.h"

#define HEAP_MAX 2000 /* certificates: each is compared with each */

struct bundle_opts {
	const char *key, *password, *roots, *output;
	bool repair, keep_root, partial, allow_expired, with_key, force;
};

/* clang-format off */
static const struct gw_option options[] = {
	OPT_STR(struct bundle_opts, key, 0, "key", "FILE", NULL, "the private key: the leaf is the certificate that belongs to it"),
	OPT_STR(struct bundle_opts, password, 0, "password", "SOURCE", NULL,
		"of an encrypted key or a PKCS#12 file: env:NAME, file:PATH, fd:N or prompt"),
	OPT_STR(struct bundle_opts, roots, 0, "roots", "FILE", NULL, "the roots that clients have: the chain must lead to one of them"),
	OPT_FLAG(struct bundle_opts, keep_root, 0, "keep-root", "put the root at the end where it is there"),
	OPT_FLAG(struct bundle_opts, partial, 0, "partial", "print what there is though an issuer is missing"),
	OPT_FLAG(struct bundle_opts, allow_expired, 0, "allow-expired", "take an expired certificate with a warning"),
	OPT_FLAG(struct bundle_opts, repair, 0, "repair", "mend what is damaged, and say what was done"),
	OPT_FLAG(struct bundle_opts, with_key, 0, "with-key", "print the private key first, as PKCS#8"),
	OPT_OUTPUT(struct bundle_opts, output, "-"),
	OPT_FORCE(struct bundle_opts, force, "replace an existing file; print a key to a terminal"),
};
/* clang-format on */

static const struct gw_example examples[] = {
	{"gwcert bundle cert.pem chain.pem -o bundle.pem", "leaf first, then its issuers, without the root"},
	{"cat key.pem cert.pem chain.pem | gwcert bundle --with-key - | gwcert secret store-example-com",
	 "put a heap in order on its way into a Secret"},
	{"gwcert bundle --with-key store.p12 --password file:password -o store.pem", "open a PKCS#12 file"},
	{"gwcert bundle --repair cert.pem --roots root.pem",
	 "mend the file, and see that the chain leads to this root"},
	{NULL, NULL},
};

/* What was found in all the files. */
struct heap {
	struct gw_heap_cert *certs; /* each certificate is the heap's */
	size_t n_certs, room;
	EVP_PKEY *key;
	struct gw_where key_where;
	struct gw_password password;
	struct gw_passwords passwords;
};

static void release_heap(struct heap *h)
{
	size_t i;

	for (i = 0; i < h->n_certs; i++)
		gw_cert_free(h->certs[i].cert);
	free(h->certs);
	gw_key_free(h->key);
	gw_passwords_release(&h->passwords);
}

#define HEAP_AUTO GW_CLEANUP(release_heap)

/* --- reading ------------------------------------------------------------------------------------------------------ */

static enum gw_code take_cert(const struct gw_ctx *ctx, struct heap *h, const struct gw_material *m,
			      const struct gw_pem_block *block, struct gw_err *err)
{
	X509 *cert;
	enum gw_code code;

	if (h->n_certs == HEAP_MAX)
		return gw_fail(err, GW_E_INPUT, m->file, "more than %d certificates are not put in order at once",
			       HEAP_MAX);
	code = gw_cert_from_pem(ctx, &m->pem, block, &cert, err);
	if (code != GW_OK)
		return code;
	if (h->n_certs == h->room) {
		h->room = h->room > 0 ? h->room * 2 : 8;
		h->certs = gw_realloc_array(h->certs, h->room, sizeof(*h->certs));
	}
	h->certs[h->n_certs++] = (struct gw_heap_cert){cert, gw_material_where(ctx->arena, m, block)};
	return GW_OK;
}

static enum gw_code several_keys(const struct heap *h, const struct gw_where *where, struct gw_err *err)
{
	gw_fail(err, GW_E_INPUT, where->file, "holds another private key than %s", h->key_where.file);
	return gw_hint(err, "give the one that is meant with --key");
}

static enum gw_code take_key(const struct gw_ctx *ctx, struct heap *h, const struct gw_material *m,
			     const struct gw_pem_block *block, struct gw_err *err)
{
	const struct gw_where where = gw_material_where(ctx->arena, m, block);
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	enum gw_code code = gw_key_from_pem(ctx, &m->pem, block, &h->password, &key, err);

	if (code != GW_OK)
		return code;
	if (h->key != NULL)
		return gw_key_same(h->key, key) ? GW_OK : several_keys(h, &where, err);
	h->key = gw_key_ref(key);
	h->key_where = where;
	return GW_OK;
}

static void say_other(const struct gw_material *m, const struct gw_pem_block *block, struct gw_findings *fs)
{
	const struct gw_where where = gw_material_where(&fs->arena, m, block);

	gw_find(fs, GWC_LEFT_OUT, &where, "%s was left out", gw_pem_kind_words(block));
}

static enum gw_code take_blocks(const struct gw_ctx *ctx, const struct bundle_opts *o, const struct gw_material *m,
				struct heap *h, struct gw_findings *fs, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < m->pem.n_blocks && code == GW_OK; i++) {
		const struct gw_pem_block *block = &m->pem.blocks[i];

		if (block->kind == GW_PEM_CERT)
			code = take_cert(ctx, h, m, block, err);
		else if (gw_pem_is_key(block) && o->key == NULL)
			code = take_key(ctx, h, m, block, err);
		else if (!gw_pem_is_key(block) && block->kind != GW_PEM_EC_PARAMETERS)
			say_other(m, block, fs);
	}
	return code;
}

static void say_repair(const struct gw_material *m, struct gw_findings *fs)
{
	const struct gw_where where = gw_material_where(&fs->arena, m, NULL);
	GW_BUF_AUTO struct gw_buf steps = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	for (i = 0; i < m->done.n_steps; i++)
		gw_buf_printf(&steps, "%s%s", i > 0 ? ", then " : "", m->done.steps[i]);
	if (steps.len > 0)
		gw_find(fs, GWC_REPAIRED, &where, "%s", gw_buf_str(&steps));
}

static enum gw_code read_heap(const struct gw_ctx *ctx, const struct gw_args *args, struct heap *h,
			      struct gw_findings *fs, struct gw_err *err)
{
	static const char *const standard_input[] = {"-"};
	const struct bundle_opts *o = args->opts;
	const struct gw_material_request request = {.repair = o->repair, .password = &h->password};
	const char *const *paths = args->n_operands > 0 ? args->operands : standard_input;
	GW_MATERIALS_AUTO struct gw_materials materials = GW_MATERIALS_INIT;
	size_t i, n = args->n_operands > 0 ? args->n_operands : 1;
	enum gw_code code = GW_OK;

	for (i = 0; i < n && code == GW_OK; i++)
		code = gw_materials_read(ctx, paths[i], &request, &materials, err);
	for (i = 0; i < materials.count && code == GW_OK; i++) {
		say_repair(materials.items[i], fs);
		code = take_blocks(ctx, o, materials.items[i], h, fs, err);
	}
	if (code != GW_OK || o->key == NULL)
		return code;
	h->key_where = (struct gw_where){.file = o->key};
	return gw_key_read(ctx, o->key, &h->password, &h->key, err);
}

static enum gw_code check_heap(const struct bundle_opts *o, const struct heap *h, struct gw_err *err)
{
	if (h->n_certs == 0) {
		gw_fail(err, GW_E_INPUT, NULL, "there is no certificate in it%s",
			h->key != NULL ? ", only a private key" : "");
		return gw_hint(err, "add the file with the certificate; a request (CSR) has yet to be signed");
	}
	if (o->with_key && h->key == NULL) {
		gw_fail(err, GW_E_INPUT, "--with-key", "there is no private key in it");
		return gw_hint(err, "add its file, or name it with --key");
	}
	return GW_OK;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static void judge_life(const struct gw_ctx *ctx, const struct bundle_opts *o, const struct gw_certs *chain,
		       const struct gw_where *where, struct gw_findings *fs)
{
	struct gw_finding *before = fs->last, *f;

	gw_judge_time(chain, gw_now(&ctx->clock), 0, false, where, fs);
	for (f = before != NULL ? before->next : fs->first; f != NULL; f = f->next) {
		if (f->rule == &gw_rules[GWC_NOT_YET_VALID] || (f->rule == &gw_rules[GWC_EXPIRED] && o->allow_expired))
			gw_finding_weigh(fs, f, GW_WARNING);
		else if (f->rule == &gw_rules[GWC_EXPIRED] && f->severity == GW_ERROR)
			gw_finding_fix(fs, f, "renew it, or give --allow-expired to bundle it all the same");
	}
}

static enum gw_code make(const struct gw_ctx *ctx, const struct bundle_opts *o, const struct heap *h,
			 struct gw_certs *chain, struct gw_findings *fs, struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs roots = {0};
	const struct gw_bundle_request request = {.heap = h->certs,
						  .n_heap = h->n_certs,
						  .key = h->key,
						  .roots = o->roots != NULL ? &roots : NULL,
						  .keep_root = o->keep_root,
						  .partial = o->partial,
						  .at = gw_now(&ctx->clock)};
	enum gw_code code = o->roots != NULL ? gw_certs_read(ctx, o->roots, true, &roots, err) : GW_OK;

	if (code != GW_OK)
		return code;
	gw_bundle_make(&request, chain, fs);
	if (chain->count > 0)
		judge_life(ctx, o, chain, &h->certs[0].where, fs);
	return GW_OK;
}

static enum gw_code print(const struct gw_ctx *ctx, const struct bundle_opts *o, const struct heap *h,
			  const struct gw_certs *chain, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF_SECRET(GW_PEM_FILE_MAX);
	GW_SECRET_AUTO struct gw_secret key = {0};
	enum gw_code code = o->with_key ? gw_key_to_pem(h->key, &key, err) : GW_OK;
	size_t i;

	if (code != GW_OK)
		return code;
	gw_buf_add(&out, key.data, key.len);
	for (i = 0; i < chain->count; i++)
		gw_cert_to_pem(chain->items[i], &out);
	return gw_output_write(ctx, o->output, out.data, out.len, o->with_key ? GW_MODE_PRIVATE : GW_MODE_PUBLIC,
			       o->force, err);
}

static enum gw_code check_usage(const struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct bundle_opts *o = args->opts;

	if (args->n_operands == 0 && ctx->in_tty) {
		gw_fail(err, GW_E_USAGE, NULL, "no file is named, and standard input is a terminal");
		return gw_hint(err, "gwcert bundle cert.pem chain.pem");
	}
	if (o->with_key && ctx->out_tty && strcmp(o->output, "-") == 0 && !o->force) {
		gw_fail(err, GW_E_REFUSED, "standard output", "is a terminal, and --with-key prints a private key");
		return gw_hint(err, "use -o FILE or a pipe; --force prints it all the same");
	}
	return GW_OK;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct bundle_opts *o = args->opts;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	GW_CERTS_AUTO struct gw_certs chain = {0};
	HEAP_AUTO struct heap heap = {
		.password = {.option = "--password", .source = o->password, .kept = &heap.passwords}};
	enum gw_severity least = ctx->quiet ? GW_ERROR : GW_NOTE;
	enum gw_code code = check_usage(ctx, args, err);

	if (code == GW_OK)
		code = read_heap(ctx, args, &heap, &fs, err);
	if (code == GW_OK)
		code = check_heap(o, &heap, err);
	if (code == GW_OK)
		code = make(ctx, o, &heap, &chain, &fs, err);
	if (gw_findings_any(&fs, least))
		gw_report_findings(ctx->err, &fs, GW_FORMAT_TEXT, ctx->color_err, NULL);
	if (code == GW_OK && gw_findings_any(&fs, GW_ERROR))
		code = GW_E_NO;
	return code == GW_OK ? print(ctx, o, &heap, &chain, err) : code;
}

const struct gw_command gw_cmd_bundle = {
	.name = "bundle",
	.group = GW_GROUP_JUDGE,
	.summary = "any heap of certificates into the chain that a server sends",
	.operands = "[FILE...]",
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct bundle_opts),
	.description =
		"Reads certificates from files or standard input, in any order, and prints the chain as a "
		"server has to send it: "
		"the leaf first, then issuer by issuer, without the root. A file may be PEM, with whatever text "
		"between the "
		"blocks, DER, PKCS#7, PKCS#12, or a document that holds PEM: a Secret, a ConfigMap, a TrustConfig, a "
		"list of them.\n"
		"\n"
		"The leaf is the certificate of the private key, where one is among the files or named with "
		"--key; otherwise the "
		"only one that has issued no other. Issuers are told by name, key identifier and signature. "
		"Copies and the root "
		"are dropped, and what does not belong to the chain is named and left out.\n"
		"\n"
		"Where the issuer of the last certificate is not there, it is named, with the URL where its "
		"certificate can be "
		"had; gwcert never fetches it unasked. That is an error (exit status 1, nothing printed) where "
		"the leaf alone is "
		"there and says that it has an intermediate above it, or where --roots shows that the chain "
		"does not lead to "
		"a root; --partial prints the chain all the same.\n"
		"\n"
		"# Damage\n"
		"\n"
		"Damaged PEM is refused with what it is. --repair mends it and says what was done: base64 "
		"around it, also twice; "
		"escaped newlines; a byte order mark; UTF-16; base64 without its BEGIN and END lines; too few "
		"or too many dashes; "
		"lost line ends; indents. Octets of certificates and keys are never guessed.\n"
		"\n"
		"# The private key\n"
		"\n"
		"It is printed only with --with-key, before the chain and as PKCS#8, whatever form it had "
		"(PKCS#1, SEC1, "
		"encrypted); a file then has mode 0600, and a terminal is refused without --force.",
	.examples = examples,
	.run = run,
};
