/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/issue.h"

#include <string.h>

#include "pki/verify.h"

void gw_made_release(struct gw_made *m)
{
	gw_secret_release(&m->key_pem);
	gw_buf_release(&m->csr_pem);
	gw_buf_release(&m->cert_pem);
	gw_buf_release(&m->chain_pem);
	gw_cert_free(m->cert);
	gw_key_free(m->key);
	*m = (struct gw_made)GW_MADE_INIT;
}

/* An end that was written stays as it is, unless it may be clipped. Any other reaches no further than the issuer's. */
void gw_issue_dates(struct gw_cert_plan *plan, const struct gw_entry *e, const struct gw_signer *signer, int64_t now)
{
	gw_entry_life(e, now, &plan->not_before, &plan->not_after);
	if (signer == NULL)
		return;
	if (!e->not_before_given && plan->not_before < gw_cert_not_before(signer->cert))
		plan->not_before = gw_cert_not_before(signer->cert);
	if (!gw_entry_end_is_fixed(e) && plan->not_after > gw_cert_not_after(signer->cert))
		plan->not_after = gw_cert_not_after(signer->cert);
}

/* One look at what was made before anybody gets it: broken hardware and our own mistakes end here. */
static enum gw_code check_made(const struct gw_entry *e, const struct gw_cert_plan *plan, const struct gw_made *m,
			       const EVP_PKEY *signing_key, struct gw_err *err)
{
	const char *wrong = NULL;

	if (!gw_cert_matches_key(m->cert, m->key))
		wrong = "its key and certificate do not belong together";
	else if (!gw_cert_signed_by(m->cert, signing_key))
		wrong = "its signature does not verify";
	else if (gw_cert_not_before(m->cert) != plan->not_before || gw_cert_not_after(m->cert) != plan->not_after)
		wrong = "its dates are not those that were asked for";
	if (wrong == NULL)
		return GW_OK;
	return gw_fail(err, GW_E_BUG, e->name, "the certificate that was made is not right: %s", wrong);
}

static bool has_usage(const struct gw_cert_plan *plan, const char *usage)
{
	size_t i;

	for (i = 0; i < plan->n_extended_key_usage; i++) {
		if (strcmp(plan->extended_key_usage[i], usage) == 0)
			return true;
	}
	return false;
}

/* A critical extension that was asked for as it is is meant for clients that know it. */
static bool is_wanted(const struct gw_cert_plan *plan, const struct gw_verify_fault *fault)
{
	size_t i;

	for (i = 0; i < plan->issuer.n_raw && fault->kind == GW_FAULT_CRITICAL_EXTENSION; i++) {
		if (plan->issuer.raw[i].critical)
			return true;
	}
	return false;
}

/* The first fault that was not asked for, or NULL. */
static const struct gw_verify_fault *first_fault(const struct gw_cert_plan *plan, const struct gw_verify_result *result)
{
	size_t i;

	for (i = 0; i < result->n_faults; i++) {
		if (!is_wanted(plan, &result->faults[i]))
			return &result->faults[i];
	}
	return NULL;
}

/* Would a client that trusts the issuer take it? What the issuer may not do (sign at all, sign for this use or this name)
 * shows here, whatever it is. */
static enum gw_code check_accepted(const struct gw_ctx *ctx, const struct gw_entry *e, const struct gw_made *m,
				   const struct gw_signer *signer, int64_t now, struct gw_err *err)
{
	const struct gw_certs presented = {.items = (X509 *[]){m->cert}, .count = 1};
	enum gw_purpose purpose = has_usage(&e->plan, "serverAuth")   ? GW_PURPOSE_SERVER
				  : has_usage(&e->plan, "clientAuth") ? GW_PURPOSE_CLIENT
								      : GW_PURPOSE_ANY;
	const struct gw_verify_fault *fault;
	struct gw_verify_result result;
	struct gw_trust *trust = NULL;
	int64_t at = now, begins[] = {gw_cert_not_before(m->cert), gw_cert_not_before(signer->cert)};
	enum gw_code code = gw_trust_from_certs(ctx, "the issuer", &signer->cert, 1, &trust, err);
	size_t i;

	/* What is made for later is looked at as it will be then. */
	for (i = 0; i < GW_COUNT(begins); i++)
		at = begins[i] > at ? begins[i] : at;

	if (code == GW_OK)
		code = gw_verify_chain(trust, &presented, at, purpose, &result, err);
	gw_trust_free(trust);
	if (code != GW_OK)
		return code;
	fault = first_fault(&e->plan, &result);
	if (fault != NULL) {
		code = gw_fail(err, GW_E_INPUT, e->name, "no client would accept what its issuer signs: %s",
			       gw_verify_error_text(fault->error));
		gw_hint(err, "look at the issuer's key usage, extended key usage and name constraints");
	}
	gw_verify_result_release(&result);
	return code;
}

enum gw_code gw_issue_check(const struct gw_ctx *ctx, const struct gw_entry *e, const struct gw_cert_plan *plan,
			    EVP_PKEY *key, const struct gw_buf *cert_pem, const struct gw_signer *signer, int64_t now,
			    struct gw_err *err)
{
	GW_MADE_AUTO struct gw_made m = GW_MADE_INIT;
	GW_PEM_AUTO struct gw_pem pem = {0};
	enum gw_code code = gw_pem_scan(&pem, e->name, gw_buf_str(cert_pem), cert_pem->len, err);

	if (code == GW_OK)
		code = gw_cert_from_pem(ctx, &pem, &pem.blocks[0], &m.cert, err);
	if (code != GW_OK)
		return code;
	m.key = gw_key_ref(key);
	code = check_made(e, plan, &m, signer->key, err);
	return code == GW_OK ? check_accepted(ctx, e, &m, signer, now, err) : code;
}

static enum gw_code overflow_check(const struct gw_entry *e, const struct gw_made *m, struct gw_err *err)
{
	if (m->csr_pem.overflow || m->cert_pem.overflow || m->chain_pem.overflow)
		return gw_fail(err, GW_E_INPUT, e->name, "the certificate would be larger than %zu octets",
			       GW_ISSUE_FILE_MAX);
	return GW_OK;
}

enum gw_code gw_issue_key_text(const struct gw_ctx *ctx, const struct gw_entry *entry, const EVP_PKEY *key,
			       struct gw_secret *pem, struct gw_err *err)
{
	struct gw_password password = entry->password;

	if (password.source == NULL)
		return gw_key_to_pem(key, pem, err);
	password.of = gw_arena_printf(ctx->arena, "the key of \"%s\"", entry->name);
	return gw_key_to_pem_encrypted(ctx, key, &password, pem, err);
}

/* The certificate for m->key, looked at from all sides. */
static enum gw_code certify(const struct gw_ctx *ctx, const struct gw_entry *e, const struct gw_cert_plan *plan,
			    const struct gw_signer *signer, int64_t now, struct gw_made *m, struct gw_err *err)
{
	EVP_PKEY *signing_key = signer != NULL ? signer->key : m->key;
	enum gw_code code =
		gw_cert_build(ctx, plan, m->key, signer != NULL ? signer->cert : NULL, signing_key, &m->cert, err);

	if (code == GW_OK)
		code = check_made(e, plan, m, signing_key, err);
	if (code == GW_OK && signer != NULL)
		code = check_accepted(ctx, e, m, signer, now, err);
	return code;
}

enum gw_code gw_issue_one(const struct gw_ctx *ctx, const struct gw_entry *entry, const struct gw_signer *signer,
			  EVP_PKEY *key, int64_t now, struct gw_made *made, struct gw_err *err)
{
	GW_MADE_AUTO struct gw_made m = GW_MADE_INIT;
	struct gw_cert_plan plan = entry->plan;
	enum gw_code code = GW_OK;

	gw_issue_dates(&plan, entry, signer, now);
	/* One that was encrypted until now; the plan has looked at the others. */
	if (key != NULL && signer != NULL && gw_cert_matches_key(signer->cert, key))
		return gw_fail(err, GW_E_REFUSED, entry->name, "its key is that of its issuer");
	if (key != NULL)
		m.key = gw_key_ref(key);
	else
		code = gw_key_generate(ctx, entry->key_type, &m.key, err);
	if (code != GW_OK)
		return code;
	if (entry->given.csr != NULL)
		gw_request_to_pem(entry->given.request, &m.csr_pem);
	else
		code = gw_csr_build(ctx, &plan, m.key, &m.csr_pem, err);
	if (code == GW_OK)
		code = certify(ctx, entry, &plan, signer, now, &m, err);
	if (code == GW_OK && key == NULL)
		code = gw_issue_key_text(ctx, entry, m.key, &m.key_pem, err);
	if (code != GW_OK)
		return code;
	gw_cert_to_pem(m.cert, &m.cert_pem);
	if (signer != NULL)
		gw_buf_append(&m.chain_pem, &signer->chain);
	code = overflow_check(entry, &m, err);
	if (code != GW_OK)
		return code;
	*made = m;
	m = (struct gw_made)GW_MADE_INIT;
	return GW_OK;
}

enum gw_code gw_issue_for(const struct gw_ctx *ctx, const struct gw_entry *entry, const struct gw_signer *signer,
			  EVP_PKEY *key, int64_t now, X509 **cert, struct gw_err *err)
{
	GW_MADE_AUTO struct gw_made m = GW_MADE_INIT;
	struct gw_cert_plan plan = entry->plan;
	enum gw_code code;

	gw_issue_dates(&plan, entry, signer, now);
	m.key = gw_key_ref(key);
	code = certify(ctx, entry, &plan, signer, now, &m, err);
	if (code == GW_E_INPUT) {
		/* Not the entry is at fault, but what a stranger wants of this issuer. */
		err->where[0] = '\0';
		err->code = code = GW_E_REFUSED;
	}
	if (code != GW_OK)
		return code;
	*cert = m.cert;
	m.cert = NULL;
	return GW_OK;
}
