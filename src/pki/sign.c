/* SPDX-License-Identifier: Apache-2.0 */
/* Signing: which hash and padding, given the key and what was asked for. */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#include "pki/extend.h"
#include "pki/ossl.h"

const char *const gw_hash_words[] = {"sha256", "sha384", "sha512", NULL};

static bool is_rsa(enum gw_key_type type)
{
	return type >= GW_KEY_RSA_2048 && type <= GW_KEY_RSA_4096;
}

const EVP_MD *gw_digest_for(const EVP_PKEY *key)
{
	switch (gw_key_type_of(key)) {
	case GW_KEY_EC_P384: return EVP_sha384();
	case GW_KEY_EC_P521: return EVP_sha512();
	case GW_KEY_ED25519: return NULL;
	case GW_KEY_EC_P256:
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096: return EVP_sha256();
	case GW_KEY_OTHER: break;
	}
	return EVP_PKEY_is_a(key, "ED448") ? NULL : EVP_sha256();
}

static const EVP_MD *digest_for(const struct gw_cert_plan *plan, const EVP_PKEY *key)
{
	const EVP_MD *own = gw_digest_for(key);

	if (own == NULL)
		return NULL;
	switch (plan->hash) {
	case GW_HASH_FITTING: break;
	case GW_HASH_SHA256: return EVP_sha256();
	case GW_HASH_SHA384: return EVP_sha384();
	case GW_HASH_SHA512: return EVP_sha512();
	}
	return own;
}

static bool pads_with_pss(const struct gw_cert_plan *plan, const EVP_PKEY *key)
{
	return plan->rsa_pss && EVP_PKEY_is_a(key, "RSA");
}

const char *gw_signature_fault(const struct gw_cert_plan *plan, enum gw_key_type key)
{
	if (key == GW_KEY_ED25519 && (plan->hash != GW_HASH_FITTING || plan->rsa_pss))
		return "signs with Ed25519, which has its own hash and padding";
	if (plan->rsa_pss && key != GW_KEY_OTHER && !is_rsa(key))
		return "has no RSA key, and only RSA knows PSS";
	return NULL;
}

/* The salt is as long as the hash (RFC 4055 3.1 suggests it, RFC 8446 4.2.3 demands it of TLS). */
static bool begin(EVP_MD_CTX *md, const struct gw_cert_plan *plan, EVP_PKEY *key)
{
	EVP_PKEY_CTX *pkey;

	if (md == NULL || EVP_DigestSignInit(md, &pkey, digest_for(plan, key), NULL, key) != 1)
		return false;
	return !pads_with_pss(plan, key) || (EVP_PKEY_CTX_set_rsa_padding(pkey, RSA_PKCS1_PSS_PADDING) == 1 &&
					     EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, RSA_PSS_SALTLEN_DIGEST) == 1);
}

enum gw_code gw_sign_cert(X509 *cert, const struct gw_cert_plan *plan, EVP_PKEY *key, struct gw_err *err)
{
	const char *fault = gw_signature_fault(plan, gw_key_type_of(key));
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = fault == NULL && begin(md, plan, key) && X509_sign_ctx(cert, md) > 0;

	EVP_MD_CTX_free(md);
	if (fault != NULL)
		return gw_fail(err, GW_E_INPUT, NULL, "signature asks for what cannot be: the issuer %s", fault);
	return ok ? GW_OK : gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the certificate");
}

enum gw_code gw_sign_request(X509_REQ *req, const struct gw_cert_plan *plan, EVP_PKEY *key, struct gw_err *err)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool ok = begin(md, plan, key) && X509_REQ_sign_ctx(req, md) > 0;

	EVP_MD_CTX_free(md);
	return ok ? GW_OK : gw_fail_ossl(err, GW_E_IO, NULL, "cannot sign the request");
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

/* "sha256", "sha384 with RSA-PSS", "ed25519" */
static const char *words(struct gw_arena *arena, int hash, bool pss)
{
	const char *name = hash == NID_sha256   ? "sha256"
			   : hash == NID_sha384 ? "sha384"
			   : hash == NID_sha512 ? "sha512"
						: OBJ_nid2ln(hash);

	return gw_arena_printf(arena, "%s%s", name != NULL ? name : "unknown", pss ? " with RSA-PSS" : "");
}

const char *gw_signature_is(struct gw_arena *arena, const X509 *cert)
{
	int hash = NID_undef, key = NID_undef;

	/* OpenSSL caches the answer in it. */
	if (X509_get_signature_info((X509 *)cert, &hash, &key, NULL, NULL) != 1 || hash == NID_undef)
		hash = X509_get_signature_nid(cert);
	ERR_clear_error();
	return words(arena, hash, key == NID_rsassaPss);
}

const char *gw_signature_asked(struct gw_arena *arena, const struct gw_cert_plan *plan, const EVP_PKEY *key)
{
	const EVP_MD *digest = digest_for(plan, key);

	if (digest == NULL)
		return words(arena, EVP_PKEY_get_base_id(key), false);
	return words(arena, EVP_MD_get_type(digest), pads_with_pss(plan, key));
}
