/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/cnf.h"

#include <limits.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki/ossl.h"

struct gw_cnf {
	CONF *conf;
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static enum gw_code bad_file(const char *name, long line, struct gw_err *err)
{
	const char *data = "";
	unsigned long first;
	int flags;
	char where[GW_ERR_WHERE_MAX];

	first = ERR_peek_error_data(&data, &flags);
	if (line > 0)
		snprintf(where, sizeof(where), "%s:%ld", name, line);
	else
		snprintf(where, sizeof(where), "%s", name);
	if (ERR_GET_REASON(first) == CONF_R_VARIABLE_HAS_NO_VALUE) {
		gw_fail(err, GW_E_INPUT, where, "a variable of the configuration has no value (%s)", data);
		ERR_clear_error();
		return gw_hint(err, "openssl stops here as well; of $ENV::NAME, set NAME in the environment");
	}
	gw_fail_ossl(err, GW_E_INPUT, where, "openssl cannot read this configuration");
	return gw_hint(err, "a line is [ section ], name = value, or a comment behind #");
}

enum gw_code gw_cnf_read(const struct gw_ctx *ctx, const char *name, const char *text, size_t len, struct gw_cnf **cnf,
			 struct gw_err *err)
{
	CONF *conf = NCONF_new_ex(ctx->libctx, NULL);
	BIO *in = len <= INT_MAX ? BIO_new_mem_buf(text, (int)len) : NULL;
	enum gw_code code = GW_OK;
	long line = 0;

	ERR_clear_error();
	if (conf == NULL || in == NULL)
		code = gw_fail_ossl(err, GW_E_IO, name, "cannot be read");
	else if (NCONF_load_bio(conf, in, &line) != 1)
		code = bad_file(name, line, err);
	BIO_free(in);
	if (code != GW_OK) {
		NCONF_free(conf);
		return code;
	}
	*cnf = gw_zalloc(sizeof(**cnf));
	(*cnf)->conf = conf;
	return GW_OK;
}

void gw_cnf_free(struct gw_cnf *cnf)
{
	if (cnf == NULL)
		return;
	NCONF_free(cnf->conf);
	free(cnf);
}

void gw_cnf_auto(struct gw_cnf **cnf)
{
	gw_cnf_free(*cnf);
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

const char *gw_cnf_get(const struct gw_cnf *cnf, const char *section, const char *name)
{
	const char *value = NCONF_get_string(cnf->conf, section, name);

	ERR_clear_error();
	return value;
}

const struct gw_cnf_pair *gw_cnf_section(const struct gw_cnf *cnf, struct gw_arena *arena, const char *section,
					 size_t *count)
{
	STACK_OF(CONF_VALUE) *values = NCONF_get_section(cnf->conf, section);
	int i, n = values != NULL ? sk_CONF_VALUE_num(values) : 0;
	struct gw_cnf_pair *pairs;

	ERR_clear_error();
	*count = 0;
	if (values == NULL)
		return NULL;
	pairs = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*pairs));
	for (i = 0; i < n; i++) {
		const CONF_VALUE *v = sk_CONF_VALUE_value(values, i);

		pairs[(*count)++] = (struct gw_cnf_pair){v->name, v->value != NULL ? v->value : ""};
	}
	return pairs;
}

bool gw_cnf_is_extension(const char *name)
{
	int nid = OBJ_txt2nid(name);

	ERR_clear_error();
	return (nid != NID_undef && X509V3_EXT_get_nid(nid) != NULL) || strspn(name, "0123456789.") == strlen(name);
}

/* --- making ------------------------------------------------------------------------------------------------------- */

static const char *reason(struct gw_arena *arena)
{
	const char *data = NULL, *words;
	int flags = 0;
	unsigned long first = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	const char *text;

	words = first != 0 ? ERR_reason_error_string(first) : NULL;
	text = gw_arena_printf(arena, "%s%s%s", words != NULL ? words : "it cannot be read",
			       flags & ERR_TXT_STRING && data != NULL && *data != '\0' ? ": " : "",
			       flags & ERR_TXT_STRING && data != NULL ? data : "");
	ERR_clear_error();
	return text;
}

/* Key identifiers are made by gwcert in any case, and here there is no key that would be the right one. */
static bool is_key_id(const char *name)
{
	int nid = OBJ_txt2nid(name);

	return nid == NID_subject_key_identifier || nid == NID_authority_key_identifier;
}

static void add_extensions(const struct gw_cnf *cnf, struct gw_arena *arena, X509 *cert,
			   const struct gw_cnf_pair *extensions, size_t count, const char **faults)
{
	X509V3_CTX v3;
	size_t i;

	X509V3_set_ctx(&v3, cert, cert, NULL, NULL, 0);
	X509V3_set_nconf(&v3, cnf->conf);
	for (i = 0; i < count; i++) {
		X509_EXTENSION *ext;

		faults[i] = NULL;
		if (is_key_id(extensions[i].name))
			continue;
		ext = X509V3_EXT_nconf(cnf->conf, &v3, extensions[i].name, extensions[i].value);
		if (ext == NULL || X509_add_ext(cert, ext, -1) != 1)
			faults[i] = reason(arena);
		X509_EXTENSION_free(ext);
	}
	ERR_clear_error();
}

/* SHA-256 and a P-256 key: nobody looks at the signature, but without one the certificate has no encoding. */
static bool sign(X509 *cert, EVP_PKEY *key)
{
	return X509_set_issuer_name(cert, X509_get_subject_name(cert)) == 1 && X509_set_pubkey(cert, key) == 1 &&
	       ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), 0) != NULL &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), 86400) != NULL && X509_sign(cert, key, EVP_sha256()) > 0;
}

enum gw_code gw_cnf_make(const struct gw_ctx *ctx, const struct gw_cnf *cnf, struct gw_arena *arena,
			 const struct gw_cert_plan *plan, const struct gw_cnf_pair *extensions, size_t count,
			 const char **faults, X509 **cert, struct gw_err *err)
{
	EVP_PKEY *key GW_KEY_AUTO = NULL;
	X509 *made = NULL;
	enum gw_code code = gw_key_generate(ctx, GW_KEY_EC_P256, &key, err);
	size_t i;

	if (code != GW_OK)
		return code;
	made = X509_new_ex(ctx->libctx, NULL);
	if (made == NULL || X509_set_version(made, X509_VERSION_3) != 1)
		gw_oom();
	for (i = 0; i < plan->n_subject; i++) {
		const struct gw_name_attr *a = &plan->subject[i];

		/* One that does not fit is refused by the checks of the template, in its own words. */
		(void)X509_NAME_add_entry_by_txt(X509_get_subject_name(made), a->type, MBSTRING_UTF8,
						 (const unsigned char *)a->value, -1, -1, 0);
	}
	add_extensions(cnf, arena, made, extensions, count, faults);
	if (!sign(made, key)) {
		X509_free(made);
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make a certificate from the configuration");
	}
	*cert = made;
	return GW_OK;
}
