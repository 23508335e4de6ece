/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/balancer.h"

#include <string.h>

#include "judge/inner.h"
#include "judge/words.h"

/* Certificate Manager and load balancing: limits of mutual TLS. */
#define SENT_MAX          10 /* intermediates that a peer may send */
#define DEPTH_MAX         10 /* certificates of a chain, root and leaf among them */
#define CONSTRAINTS_MAX   10 /* name constraints of a CA */
#define TWINS_MAX         10 /* intermediates of one subject and key */
#define BACKEND_OCTETS    ((size_t)16 << 10)
#define HASH_STRENGTH_MIN 128 /* bits: SHA-256 */

enum token {
	FAILED,
	INVALID_EKU,
	CHAIN_LIMIT,
	RSA_SIZE,
	CURVE,
	ALGORITHM,
	PKI_TOO_LARGE,
	CONSTRAINTS,
	SEARCH_LIMIT,
	SIZE,
};

/* A backend that does not validate has no token of its own: the client gets HTTP 502. */
static const char *const tokens[][2] = {
	[FAILED] = {"client_cert_validation_failed", "server_cert_validation_internal_error"},
	[INVALID_EKU] = {"client_cert_chain_invalid_eku", "server_cert_chain_invalid_eku"},
	[CHAIN_LIMIT] = {"client_cert_chain_exceeded_limit", "server_cert_chain_exceeded_limit"},
	[RSA_SIZE] = {"client_cert_invalid_rsa_key_size", "server_cert_invalid_rsa_key_size"},
	[CURVE] = {"client_cert_unsupported_elliptic_curve_key", "server_cert_unsupported_elliptic_curve_key"},
	[ALGORITHM] = {"client_cert_unsupported_key_algorithm", "server_cert_unsupported_key_algorithm"},
	[PKI_TOO_LARGE] = {"client_cert_pki_too_large", "server_cert_pki_too_large"},
	[CONSTRAINTS] = {"client_cert_chain_max_name_constraints_exceeded",
			 "server_cert_chain_max_name_constraints_exceeded"},
	[SEARCH_LIMIT] = {"client_cert_validation_search_limit_exceeded",
			  "server_cert_validation_search_limit_exceeded"},
	[SIZE] = {"client_cert_validated_chain_exceeded_size_limit", "server_cert_exceeded_size_limit"},
};

struct balancer {
	const struct gw_balancer_request *r;
	struct gw_findings *fs;
	struct gw_arena *arena;
	const char *token; /* the first that applies */
};

/* The first token is what the load balancer reports; further faults are told as well. */
static void refuse(struct balancer *b, enum token token, const char *why, const char *fix)
{
	const char *word = tokens[token][b->r->side];
	struct gw_finding *f = gw_find(b->fs, b->r->side == GW_SIDE_CLIENT ? GWC_AS_CLIENT : GWC_AS_BACKEND,
				       b->r->where, "%s: %s", word, why);

	gw_finding_fix(b->fs, f, "%s", fix);
	if (b->token == NULL)
		b->token = word;
}

static const char *words_of(const struct balancer *b, const X509 *cert)
{
	return gw_judge_words(b->fs, b->r->presented, cert);
}

/* --- one certificate ---------------------------------------------------------------------------------------------- */

static void judge_key(struct balancer *b, const struct gw_parts *p)
{
	const char *words = words_of(b, p->cert);
	const char *why = gw_arena_printf(b->arena, "%s has a key of %s", words, p->facts.key);

	if (strcmp(p->key_family, "RSA") == 0) {
		if (p->key_bits < 2048 || p->key_bits > 4096)
			refuse(b, RSA_SIZE, why, "use RSA 2048 to 4096, or EC P-256 or P-384");
	} else if (strcmp(p->key_family, "EC") == 0) {
		if (p->facts.key_type != GW_KEY_EC_P256 && p->facts.key_type != GW_KEY_EC_P384)
			refuse(b, CURVE, why, "use EC P-256 or P-384");
	} else {
		refuse(b, ALGORITHM, why, "use RSA 2048 to 4096, or EC P-256 or P-384");
	}
}

static const char *wanted(const struct balancer *b)
{
	return b->r->side == GW_SIDE_CLIENT ? "clientAuth" : "serverAuth";
}

/* The leaf must have the usage (of a backend, only where it has any) and none of those for other trades; an issuer that
 * has usages must have it, too. */
static void judge_usage(struct balancer *b, const struct gw_parts *p, bool leaf)
{
	static const char *const foreign[] = {"codeSigning", "timeStamping", "OCSPSigning"};
	const bool has_any = p->facts.extended_key_usage != NULL;
	const char *fix = gw_arena_printf(b->arena, "have it issued with extended key usage %s", wanted(b));
	size_t i;

	if (has_any ? !gw_parts_has_usage(p, wanted(b)) : leaf && b->r->side == GW_SIDE_CLIENT)
		refuse(b, INVALID_EKU,
		       gw_arena_printf(b->arena, "%s has no %s in its extended key usage", words_of(b, p->cert),
				       wanted(b)),
		       fix);
	for (i = 0; leaf && i < GW_COUNT(foreign); i++) {
		if (gw_parts_has_usage(p, foreign[i]))
			refuse(b, INVALID_EKU,
			       gw_arena_printf(b->arena, "%s is for %s as well", words_of(b, p->cert), foreign[i]),
			       fix);
	}
}

static void judge_role(struct balancer *b, const struct gw_parts *p, bool leaf)
{
	const char *words = words_of(b, p->cert);

	if (leaf && p->facts.ca)
		refuse(b, FAILED, gw_arena_printf(b->arena, "%s is a CA", words), "use a certificate that is no CA");
	if (!leaf && (!p->facts.has_key_usage || (p->facts.key_usage & GW_KU_KEY_CERT_SIGN) == 0))
		refuse(b, FAILED, gw_arena_printf(b->arena, "%s has no keyCertSign in its key usage", words),
		       "have the CA issued with keyUsage keyCertSign");
	if (!p->self_issued && p->sign_strength > 0 && p->sign_strength < HASH_STRENGTH_MIN)
		refuse(b, FAILED,
		       gw_arena_printf(b->arena, "%s is signed with %s, weaker than SHA-256", words,
				       p->facts.signature),
		       "have it signed with SHA-256");
	if (!leaf && p->permitted.count + p->excluded.count > CONSTRAINTS_MAX)
		refuse(b, CONSTRAINTS,
		       gw_arena_printf(b->arena, "%s has %zu name constraints; %d are taken", words,
				       p->permitted.count + p->excluded.count, CONSTRAINTS_MAX),
		       "have the CA issued with fewer name constraints");
}

static void judge_one(struct balancer *b, X509 *cert, bool leaf)
{
	struct gw_parts *p = gw_parts_new(cert, b->arena);

	judge_key(b, p);
	judge_usage(b, p, leaf);
	judge_role(b, p, leaf);
	gw_parts_free(p);
}

/* --- what is sent, what is trusted -------------------------------------------------------------------------------- */

static void judge_sent(struct balancer *b)
{
	size_t others = b->r->presented->count - 1;

	if (others > SENT_MAX)
		refuse(b, CHAIN_LIMIT,
		       gw_arena_printf(b->arena, "%zu intermediates are sent; %d are taken", others, SENT_MAX),
		       "send the leaf and the CAs between it and the anchor, each once");
	if (b->r->side == GW_SIDE_BACKEND && b->r->octets > BACKEND_OCTETS)
		refuse(b, SIZE,
		       gw_arena_printf(b->arena, "%zu octets are sent; %zu are taken", b->r->octets, BACKEND_OCTETS),
		       "send fewer or smaller certificates: EC keys are a fifth of RSA's size");
}

static size_t count_twins(const struct gw_certs *certs, const struct gw_parts *of, struct gw_arena *arena)
{
	size_t n = 0, i;

	for (i = 0; i < certs->count; i++) {
		struct gw_parts *other = gw_parts_new(certs->items[i], arena);

		n += gw_parts_same_entity(of, other);
		gw_parts_free(other);
	}
	return n;
}

static void judge_pool(struct balancer *b)
{
	const struct gw_certs *pool = b->r->intermediates;
	size_t i;

	/* Twins stand in groups: where there are too many, one of the first so many is among them. */
	for (i = 0; i + TWINS_MAX < pool->count; i++) {
		GW_ARENA_AUTO struct gw_arena scratch = {0};
		struct gw_parts *p = gw_parts_new(pool->items[i], &scratch);
		size_t n = count_twins(pool, p, &scratch);

		gw_parts_free(p);
		if (n <= TWINS_MAX)
			continue;
		refuse(b, PKI_TOO_LARGE,
		       gw_arena_printf(b->arena, "%zu intermediates have the subject and the key of %s; %d are taken",
				       n, words_of(b, pool->items[i]), TWINS_MAX),
		       "keep the newest certificate of each CA in the TrustConfig");
		return;
	}
}

static bool is_allowed(const struct gw_balancer_request *r)
{
	size_t i;

	for (i = 0; i < r->allowlist->count; i++) {
		if (gw_cert_same(r->allowlist->items[i], r->presented->items[0]))
			return true;
	}
	return false;
}

/* --- the chain ---------------------------------------------------------------------------------------------------- */

static bool has_rule(const struct gw_findings *fs, enum gw_rule_name rule)
{
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next) {
		if (f->rule == &gw_rules[rule] && f->severity == GW_ERROR)
			return true;
	}
	return false;
}

/* What helps where trust comes from a TrustConfig. */
static const char *mend(const struct gw_finding *f)
{
	if (f->rule == &gw_rules[GWC_SELF_SIGNED])
		return "put it into allowlistedCertificates, or have it issued by a CA of the TrustConfig";
	if (f->rule == &gw_rules[GWC_UNTRUSTED_ROOT] || f->rule == &gw_rules[GWC_MISSING_INTERMEDIATE])
		return "add the CA to the TrustConfig, a root to trustAnchors and an intermediate to intermediateCas; "
		       "or have "
		       "the intermediate sent along";
	return f->fix != NULL ? f->fix : f->rule->fix;
}

static void judge_found(struct balancer *b, const struct gw_certs *path, const struct gw_findings *chain)
{
	const struct gw_finding *f;

	if (has_rule(chain, GWC_SEARCH_LIMIT) || path->count > DEPTH_MAX)
		refuse(b, SEARCH_LIMIT, "too many certificates stand between it and an anchor",
		       "issue from a CA nearer to an anchor: 10 certificates and 100 attempts are the most");
	for (f = chain->first; f != NULL; f = f->next) {
		/* A usage that does not fit has been told by its own token. */
		if (f->severity == GW_ERROR && f->rule != &gw_rules[GWC_SEARCH_LIMIT] &&
		    !(b->token != NULL && f->rule == &gw_rules[GWC_PURPOSE]))
			refuse(b, FAILED, f->what, mend(f));
	}
}

static enum gw_code judge_chain(const struct gw_ctx *ctx, struct balancer *b, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings chain = {0};
	GW_CERTS_AUTO struct gw_certs path = {0};
	struct gw_chain_request request = {.presented = b->r->presented,
					   .more = b->r->intermediates,
					   .at = b->r->at,
					   .purpose =
						   b->r->side == GW_SIDE_CLIENT ? GW_PURPOSE_CLIENT : GW_PURPOSE_SERVER,
					   .max_depth = GW_DEPTH_ANY,
					   .where = b->r->where};
	struct gw_trust *trust = NULL;
	enum gw_code code = gw_trust_from_certs(ctx, "the trust configuration", b->r->anchors->items,
						b->r->anchors->count, &trust, err);
	size_t i;

	request.trust = trust;
	if (code == GW_OK)
		code = gw_judge_path(&request, &path, &chain, err);
	gw_trust_free(trust);
	if (code != GW_OK)
		return code;
	for (i = 0; i < path.count; i++)
		judge_one(b, path.items[i], i == 0);
	if (path.count == 1 && gw_cert_self_issued(path.items[0]) && !gw_findings_any(&chain, GW_ERROR))
		refuse(b, FAILED, "a self-signed certificate never chains, even to itself",
		       "put it into allowlistedCertificates, or have it issued by a CA");
	judge_found(b, &path, &chain);
	return GW_OK;
}

enum gw_code gw_judge_balancer(const struct gw_ctx *ctx, const struct gw_balancer_request *request, const char **token,
			       struct gw_findings *fs, struct gw_err *err)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct balancer b = {.r = request, .fs = fs, .arena = &arena};
	enum gw_code code;

	*token = NULL;
	if (request->side == GW_SIDE_CLIENT)
		gw_judge_headers(request, fs);
	/* Such a one needs neither a chain nor to be in date. */
	if (is_allowed(request))
		return GW_OK;
	judge_sent(&b);
	judge_pool(&b);
	code = judge_chain(ctx, &b, err);
	if (code == GW_OK)
		*token = b.token;
	return code;
}
