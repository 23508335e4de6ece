/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/verify.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "pki/ossl.h"

/* 112 bits: RSA and DSA of 2048, curves of 224, SHA-2. What Debian's OpenSSL, and with it curl, asks of a peer. */
#define SECURITY_LEVEL 2

#define NAME_TEXT_MAX 4096 /* octets of one attribute that are compared */

struct gw_trust {
	X509_STORE *store;
	OSSL_LIB_CTX *libctx; /* borrowed */
	char *name;
};

/* --- anchors ------------------------------------------------------------------------------------------------------ */

static struct gw_trust *trust_new(const struct gw_ctx *ctx, const char *name)
{
	struct gw_trust *trust = gw_zalloc(sizeof(*trust));

	trust->store = X509_STORE_new();
	if (trust->store == NULL)
		gw_oom();
	trust->libctx = ctx->libctx;
	trust->name = gw_strdup(name);
	return trust;
}

void gw_trust_free(struct gw_trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->store);
	free(trust->name);
	free(trust);
}

enum gw_code gw_trust_from_certs(const struct gw_ctx *ctx, const char *name, X509 *const *anchors, size_t count,
				 struct gw_trust **trust, struct gw_err *err)
{
	struct gw_trust *made = trust_new(ctx, name);
	size_t i;

	/* Whoever names a certificate trusts it, be it a root, an intermediate or a leaf: so does curl --cacert. */
	if (X509_STORE_set_flags(made->store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		gw_oom();
	for (i = 0; i < count; i++) {
		if (X509_STORE_add_cert(made->store, anchors[i]) != 1) {
			gw_trust_free(made);
			return gw_fail_ossl(err, GW_E_IO, name, "cannot keep a trust anchor");
		}
	}
	*trust = made;
	return GW_OK;
}

enum gw_code gw_trust_from_file(const struct gw_ctx *ctx, const char *path, struct gw_trust **trust, struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs anchors = {0};
	enum gw_code code = gw_certs_read(ctx, path, true, &anchors, err);

	return code == GW_OK ? gw_trust_from_certs(ctx, path, anchors.items, anchors.count, trust, err) : code;
}

/* A place that the environment names must be there; OpenSSL's own default may be missing. */
static enum gw_code check_place(const char *variable, const char *place, struct gw_err *err)
{
	if (access(place, R_OK) == 0)
		return GW_OK;
	gw_fail_sys(err, place, "cannot read the trust anchors that %s names", variable);
	return gw_hint(err, "correct or unset %s", variable);
}

enum gw_code gw_trust_system(const struct gw_ctx *ctx, struct gw_trust **trust, struct gw_err *err)
{
	const char *file = gw_getenv(ctx, X509_get_default_cert_file_env());
	const char *dirs = gw_getenv(ctx, X509_get_default_cert_dir_env());
	struct gw_trust *made;

	if (file != NULL && check_place(X509_get_default_cert_file_env(), file, err) != GW_OK)
		return err->code;
	made = trust_new(ctx, "the system's trust store");
	if (file == NULL && access(X509_get_default_cert_file(), R_OK) == 0)
		file = X509_get_default_cert_file();
	if (file != NULL && X509_STORE_load_file_ex(made->store, file, ctx->libctx, NULL) != 1) {
		gw_trust_free(made);
		return gw_fail_ossl(err, GW_E_INPUT, file, "cannot read the trust anchors");
	}
	/* Hashed folders are looked into as names come up: nothing is read here. */
	if (X509_STORE_load_path(made->store, dirs != NULL ? dirs : X509_get_default_cert_dir()) != 1) {
		gw_trust_free(made);
		return gw_fail_ossl(err, GW_E_IO, dirs, "cannot use the folder of trust anchors");
	}
	*trust = made;
	return GW_OK;
}

const char *gw_trust_name(const struct gw_trust *trust)
{
	return trust->name;
}

bool gw_trust_has_subject(const struct gw_trust *trust, const X509_NAME *subject)
{
	X509_STORE_CTX *look = X509_STORE_CTX_new_ex(trust->libctx, NULL);
	X509_OBJECT *found = X509_OBJECT_new();
	bool has = look != NULL && found != NULL && X509_STORE_CTX_init(look, trust->store, NULL, NULL) == 1 &&
		   X509_STORE_CTX_get_by_subject(look, X509_LU_X509, subject, found) == 1;

	X509_OBJECT_free(found);
	X509_STORE_CTX_free(look);
	ERR_clear_error();
	return has;
}

void gw_trust_find(const struct gw_trust *trust, const X509_NAME *subject, struct gw_certs *found)
{
	X509_STORE_CTX *look = X509_STORE_CTX_new_ex(trust->libctx, NULL);
	STACK_OF(X509) *certs = NULL;

	if (look != NULL && X509_STORE_CTX_init(look, trust->store, NULL, NULL) == 1)
		certs = X509_STORE_CTX_get1_certs(look, subject);
	while (certs != NULL && sk_X509_num(certs) > 0)
		gw_certs_add(found, sk_X509_shift(certs));
	sk_X509_free(certs);
	X509_STORE_CTX_free(look);
	ERR_clear_error();
}

/* The last value of an attribute, up to the end of its first word where `word`. False where there is none. */
static bool attribute(const X509_NAME *name, int nid, bool word, struct gw_buf *out)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *text;
	int len;

	gw_buf_clear(out);
	if (at < 0)
		return false;
	len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len < 0)
		return false;
	gw_buf_add(out, text, word ? strcspn((const char *)text, " ") : (size_t)len);
	OPENSSL_free(text);
	return out->len > 0;
}

static bool share(const X509_NAME *a, const X509_NAME *b, int nid, bool word)
{
	GW_BUF_AUTO struct gw_buf x = GW_BUF(NAME_TEXT_MAX);
	GW_BUF_AUTO struct gw_buf y = GW_BUF(NAME_TEXT_MAX);

	return attribute(a, nid, word, &x) && attribute(b, nid, word, &y) && strcasecmp(x.data, y.data) == 0;
}

bool gw_trust_has_kin(const struct gw_trust *trust, const X509 *cert)
{
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(trust->store);
	bool kin = false;
	int i;

	for (i = 0; i < sk_X509_OBJECT_num(objects) && !kin; i++) {
		const X509 *anchor = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
		const X509_NAME *name = anchor != NULL ? X509_get_subject_name(anchor) : NULL;

		kin = name != NULL &&
		      (share(issuer, name, NID_organizationName, false) || share(issuer, name, NID_commonName, true));
	}
	ERR_clear_error();
	return kin;
}

/* --- verification ------------------------------------------------------------------------------------------------- */

static enum gw_fault kind_of(int error)
{
	switch (error) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
	case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD: return GW_FAULT_TIME;
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: return GW_FAULT_NO_ISSUER;
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return GW_FAULT_UNTRUSTED_ROOT;
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return GW_FAULT_SELF_SIGNED_LEAF;
	case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
	case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH: return GW_FAULT_SIGNATURE;
	case X509_V_ERR_INVALID_PURPOSE: return GW_FAULT_PURPOSE;
	case X509_V_ERR_INVALID_CA: return GW_FAULT_NOT_CA;
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: return GW_FAULT_NO_CERT_SIGN;
	case X509_V_ERR_PATH_LENGTH_EXCEEDED: return GW_FAULT_PATH_LENGTH;
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL: return GW_FAULT_WEAK_KEY;
	case X509_V_ERR_CA_MD_TOO_WEAK: return GW_FAULT_WEAK_SIGNATURE;
	case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: return GW_FAULT_CRITICAL_EXTENSION;
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION: return GW_FAULT_NAME_CONSTRAINTS;
	case X509_V_ERR_INVALID_EXTENSION:
	case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: return GW_FAULT_UNDECODABLE;
	default: return GW_FAULT_OTHER;
	}
}

/* OpenSSL counts the very second of notAfter as expired; RFC 5280 4.1.2.5 includes it. */
static bool is_last_second(const struct gw_verify_fault *fault, int64_t at)
{
	return fault->error == X509_V_ERR_CERT_HAS_EXPIRED && fault->cert != NULL &&
	       gw_cert_not_after(fault->cert) == at;
}

/* OpenSSL says "invalid CA" of a CA that may not sign as well, and "may not sign" of one that is no CA; each of them once,
 * by what it is. */
static enum gw_fault refine(const struct gw_verify_fault *fault)
{
	enum gw_fault kind = kind_of(fault->error);

	if ((kind != GW_FAULT_NOT_CA && kind != GW_FAULT_NO_CERT_SIGN) || fault->cert == NULL)
		return kind;
	return gw_cert_is_ca(fault->cert) ? GW_FAULT_NO_CERT_SIGN : GW_FAULT_NOT_CA;
}

/* Whether b, found after a in the same certificate, adds nothing. What is no CA has, as a CA, no purpose either. */
static bool says_all(const struct gw_verify_fault *a, const struct gw_verify_fault *b)
{
	if (b->kind == GW_FAULT_PURPOSE && (a->kind == GW_FAULT_NOT_CA || a->kind == GW_FAULT_NO_CERT_SIGN))
		return true;
	return a->kind == b->kind && (a->kind != GW_FAULT_OTHER || a->error == b->error);
}

static bool is_known(const struct gw_verify_result *result, const struct gw_verify_fault *fault)
{
	size_t i;

	for (i = 0; i < result->n_faults; i++) {
		if (result->faults[i].depth == fault->depth && says_all(&result->faults[i], fault))
			return true;
	}
	return false;
}

struct record {
	struct gw_verify_result *result;
	int64_t at;
};

/* Notes what is wrong and lets OpenSSL go on, so that all of it is found. */
static int note(int ok, X509_STORE_CTX *store)
{
	const struct record *r = X509_STORE_CTX_get_app_data(store);
	struct gw_verify_fault fault = {.error = X509_STORE_CTX_get_error(store),
					.depth = (unsigned)X509_STORE_CTX_get_error_depth(store),
					.cert = X509_STORE_CTX_get_current_cert(store)};

	/* The last of them only repeats that the leaf's issuer was not found. */
	if (ok == 1 || is_last_second(&fault, r->at) || fault.error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE)
		return 1;
	fault.kind = refine(&fault);
	if (r->result->n_faults == GW_VERIFY_FAULTS_MAX || is_known(r->result, &fault))
		return 1;
	if (fault.cert != NULL)
		gw_cert_ref(fault.cert);
	r->result->faults[r->result->n_faults++] = fault;
	return 1;
}

static bool set_parameters(X509_STORE_CTX *store, int64_t at, enum gw_purpose purpose)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(store);

	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	/* Policies are looked at where a certificate demands them; any will do (RFC 5280 6.1.1 (c), 6.1.3 (d)-(f)). */
	if (X509_VERIFY_PARAM_add0_policy(param, OBJ_nid2obj(NID_any_policy)) != 1 ||
	    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_POLICY_CHECK) != 1)
		return false;
	switch (purpose) {
	case GW_PURPOSE_ANY: return true;
	case GW_PURPOSE_SERVER: return X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) == 1;
	case GW_PURPOSE_CLIENT: return X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_CLIENT) == 1;
	}
	return false;
}

static STACK_OF(X509) * borrow_all(const struct gw_certs *certs)
{
	STACK_OF(X509) *stack = sk_X509_new_reserve(NULL, (int)certs->count);
	size_t i;

	for (i = 0; stack != NULL && i < certs->count; i++)
		sk_X509_push(stack, certs->items[i]);
	return stack;
}

static void take_chain(X509_STORE_CTX *store, struct gw_certs *chain)
{
	STACK_OF(X509) *built = X509_STORE_CTX_get0_chain(store);
	int i;

	for (i = 0; i < sk_X509_num(built); i++)
		gw_certs_add(chain, gw_cert_ref(sk_X509_value(built, i)));
}

static enum gw_code verify(X509_STORE *anchors, OSSL_LIB_CTX *libctx, const struct gw_certs *presented, int64_t at,
			   enum gw_purpose purpose, struct gw_verify_result *result, struct gw_err *err)
{
	struct gw_verify_result found = {0};
	struct record r = {&found, at};
	X509_STORE_CTX *store = X509_STORE_CTX_new_ex(libctx, NULL);
	STACK_OF(X509) *others = borrow_all(presented);
	enum gw_code code = GW_OK;

	if (presented->count == 0) {
		code = gw_fail(err, GW_E_BUG, NULL, "there is no certificate to verify");
	} else if (store == NULL || others == NULL ||
		   X509_STORE_CTX_init(store, anchors, presented->items[0], others) != 1 ||
		   !set_parameters(store, at, purpose)) {
		code = gw_fail_ossl(err, GW_E_IO, NULL, "cannot prepare the verification of a chain");
	} else {
		X509_STORE_CTX_set_app_data(store, &r);
		X509_STORE_CTX_set_verify_cb(store, note);
		if (X509_verify_cert(store) <= 0 && found.n_faults == 0)
			code = gw_fail_ossl(err, GW_E_IO, NULL, "the chain could not be verified");
		take_chain(store, &found.chain);
	}
	X509_STORE_CTX_free(store);
	sk_X509_free(others);
	ERR_clear_error();
	if (code != GW_OK) {
		gw_verify_result_release(&found);
		return code;
	}
	found.ok = found.n_faults == 0;
	*result = found;
	return GW_OK;
}

enum gw_code gw_verify_chain(const struct gw_trust *trust, const struct gw_certs *presented, int64_t at,
			     enum gw_purpose purpose, struct gw_verify_result *result, struct gw_err *err)
{
	return verify(trust->store, trust->libctx, presented, at, purpose, result, err);
}

enum gw_code gw_verify_path(const struct gw_trust *trust, const struct gw_certs *path, int64_t at,
			    enum gw_purpose purpose, struct gw_verify_result *result, struct gw_err *err)
{
	X509_STORE *anchor = X509_STORE_new();
	enum gw_code code;

	if (anchor == NULL || path->count == 0 || X509_STORE_set_flags(anchor, X509_V_FLAG_PARTIAL_CHAIN) != 1 ||
	    X509_STORE_add_cert(anchor, path->items[path->count - 1]) != 1)
		code = gw_fail_ossl(err, GW_E_IO, NULL, "cannot prepare the verification of a path");
	else
		code = verify(anchor, trust->libctx, path, at, purpose, result, err);
	X509_STORE_free(anchor);
	return code;
}

void gw_verify_result_release(struct gw_verify_result *result)
{
	size_t i;

	for (i = 0; i < result->n_faults; i++)
		gw_cert_free(result->faults[i].cert);
	gw_certs_release(&result->chain);
	*result = (struct gw_verify_result){0};
}

const char *gw_verify_error_text(int error)
{
	return X509_verify_cert_error_string(error);
}
