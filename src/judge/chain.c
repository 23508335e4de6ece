/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge/constraints.h"
#include "judge/path.h"
#include "judge/words.h"

/* A judgement, for the functions below. */
struct chain {
	const struct gw_chain_request *r;
	struct gw_findings *fs;
};

static const char *words_of(const struct chain *c, const X509 *cert)
{
	return gw_judge_words(c->fs, c->r->presented, cert);
}

/* --- the chain does not reach an anchor --------------------------------------------------------------------------- */

static void self_signed_leaf(const struct chain *c, const X509 *leaf)
{
	struct gw_finding *f =
		gw_find(c->fs, GWC_SELF_SIGNED, c->r->where, "%s is self-signed and not among the anchors of %s",
			gw_judge_label(c->fs, leaf), gw_trust_name(c->r->trust));

	gw_finding_fix(c->fs, f,
		       "trust this very certificate (verify --roots, probe --cacert), or have it issued by a CA that "
		       "is trusted");
}

static void untrusted_root(const struct chain *c, const X509 *root)
{
	struct gw_finding *f = gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->r->where,
				       "the chain ends at the root %s, which is not among the anchors of %s",
				       gw_judge_label(c->fs, root), gw_trust_name(c->r->trust));

	if (gw_trust_has_subject(c->r->trust, gw_cert_subject(root)))
		gw_finding_evidence(c->fs, f, "%s has a CA of the same name with another key",
				    gw_trust_name(c->r->trust));
	gw_finding_fix(c->fs, f,
		       "give this root as a trust anchor (verify --roots, probe --cacert), or serve what a trusted CA "
		       "has issued");
}

/* The issuer is known by name, yet is not it. */
static void namesake(const struct chain *c, const X509 *last)
{
	struct gw_finding *f =
		gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->r->where,
			"the issuer of %s is \"%s\", but the CA of that name in %s has another key", words_of(c, last),
			gw_cert_issuer_label(last, &c->fs->arena), gw_trust_name(c->r->trust));

	gw_finding_fix(c->fs, f,
		       "the CA was made anew: have the certificate issued again, or trust the CA's older certificate");
}

/*
 * The issuer of the last certificate was neither sent nor is it an anchor. Whether an intermediate is missing or the CA is
 * unknown, the bytes do not say; a leaf that tells where its issuer can be fetched, or an issuer named like an anchor,
 * speaks for the first.
 */
static void no_issuer(const struct chain *c, const X509 *last)
{
	bool leaf = gw_cert_same(last, c->r->presented->items[0]);
	const char *uri = gw_cert_ca_issuers(last, &c->fs->arena);
	const char *issuer = gw_cert_issuer_label(last, &c->fs->arena);
	const char *words = words_of(c, last);
	struct gw_finding *f;

	if (gw_trust_has_subject(c->r->trust, gw_cert_issuer(last))) {
		namesake(c, last);
		return;
	}
	if (!gw_trust_has_kin(c->r->trust, last) && !(leaf && uri != NULL)) {
		f = gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->r->where,
			    "the issuer of %s, \"%s\", is not among the anchors of %s and was not sent", words, issuer,
			    gw_trust_name(c->r->trust));
		gw_finding_fix(c->fs, f,
			       "give the CA's certificate as a trust anchor (verify --roots, probe --cacert); if "
			       "\"%s\" is an intermediate, "
			       "serve it behind the leaf",
			       issuer);
		return;
	}
	f = gw_find(c->fs, GWC_MISSING_INTERMEDIATE, c->r->where,
		    "the intermediate \"%s\", which issued %s, was not sent", issuer, words);
	if (uri != NULL)
		gw_finding_evidence(c->fs, f, "%s says that it can be fetched from %s", words, uri);
	gw_finding_fix(c->fs, f, "put the certificate of \"%s\" behind it: serve the full chain, not the leaf alone",
		       issuer);
}

static void bad_signature(const struct chain *c, const X509 *cert)
{
	struct gw_finding *f = gw_find(c->fs, GWC_BAD_SIGNATURE, c->r->where,
				       "the signature of %s does not verify with the key of \"%s\"", words_of(c, cert),
				       gw_cert_issuer_label(cert, &c->fs->arena));

	gw_finding_fix(c->fs, f, "fetch it anew, together with the certificate of its issuer");
}

static void dead_end(const struct chain *c, const struct gw_search_result *result)
{
	const struct gw_parts *last = result->path.items[result->path.count - 1];

	if (result->bad_signature)
		bad_signature(c, last->cert);
	else if (last->self_issued && result->path.count == 1)
		self_signed_leaf(c, last->cert);
	else if (last->self_issued)
		untrusted_root(c, last->cert);
	else
		no_issuer(c, last->cert);
}

/* --- a path as a whole -------------------------------------------------------------------------------------------- */

static void judge_one(const struct chain *c, const struct gw_path *path, size_t i)
{
	const struct gw_parts *p = path->items[i];
	const struct gw_judged j = {.fs = c->fs,
				    .where = c->r->where,
				    .parts = p,
				    .words = words_of(c, p->cert),
				    .role = i == 0                                   ? GW_ROLE_LEAF
					    : path->complete && i == path->count - 1 ? GW_ROLE_ANCHOR
										     : GW_ROLE_CA,
				    .purpose = c->r->purpose,
				    .at = c->r->at};

	gw_judge_profile(&j);
	gw_judge_use(&j);
	gw_judge_web(&j);
	gw_judge_window(p->cert, j.words, GW_ERROR, j.at, j.where, j.fs);
}

static void judge_key_ids(const struct chain *c, const struct gw_path *path)
{
	size_t i;

	for (i = 0; i + 1 < path->count; i++) {
		const char *asked = path->items[i]->facts.authority_key_id;
		const char *own = path->items[i + 1]->facts.subject_key_id;
		struct gw_finding *f;

		if (asked == NULL || own == NULL || strcmp(asked, own) == 0)
			continue;
		f = gw_find(c->fs, GWC_KEY_ID_MISMATCH, c->r->where, "%s names another key of its issuer than %s has",
			    words_of(c, path->items[i]->cert), words_of(c, path->items[i + 1]->cert));
		gw_finding_evidence(c->fs, f, "authority key identifier %s, subject key identifier %s", asked, own);
	}
}

/* Each CA's path length counts the CAs below it, without those that only renew themselves (RFC 5280 6.1.4 (l)). */
static void judge_path_length(const struct chain *c, const struct gw_path *path)
{
	size_t below = 0, i;

	for (i = 1; i < path->count; i++) {
		const struct gw_parts *p = path->items[i];

		if (p->facts.path_length >= 0 && below > (size_t)p->facts.path_length)
			gw_find(c->fs, GWC_PATH_LENGTH, c->r->where,
				"%s has more CAs below it than its path length allows", words_of(c, p->cert));
		below += !p->self_issued;
	}
	if (path->count > 2 && path->count - 2 > c->r->max_depth)
		gw_find(c->fs, GWC_DEPTH, c->r->where, "%zu CAs stand between %s and its anchor; %u are allowed",
			path->count - 2, words_of(c, path->items[0]->cert), c->r->max_depth);
}

static void tell_breach(const struct chain *c, const struct gw_parts *ca, const struct gw_breach *b)
{
	const char *words = words_of(c, b->cert->cert), *above = words_of(c, ca->cert);
	struct gw_finding *f = NULL;

	switch (b->kind) {
	case GW_BREACH_NONE: return;
	case GW_BREACH_OUTSIDE:
	case GW_BREACH_EXCLUDED:
		f = gw_find(c->fs, GWC_NAME_CONSTRAINTS, c->r->where,
			    "%s has a name that a CA above it may not issue for", words);
		break;
	case GW_BREACH_UNREADABLE:
		f = gw_find(c->fs, GWC_NAME_CONSTRAINTS, c->r->where,
			    "%s has a name that cannot be compared with what a CA above it may issue for", words);
		break;
	case GW_BREACH_UNSUPPORTED:
		f = gw_find(c->fs, GWC_CHAIN, c->r->where,
			    "%s has a name of a kind for which the constraints of a CA above it are unsupported",
			    words);
		break;
	case GW_BREACH_TOO_MUCH:
		f = gw_find(c->fs, GWC_SEARCH_LIMIT, c->r->where,
			    "the names of %s and the constraints of %s are more than %u comparisons", words, above,
			    GW_CONSTRAINT_WORK);
		return;
	}
	gw_finding_evidence(c->fs, f, "%s %s the name constraints of %s", b->name,
			    b->kind == GW_BREACH_EXCLUDED  ? "is excluded by"
			    : b->kind == GW_BREACH_OUTSIDE ? "is not within"
							   : "cannot be held against",
			    above);
	gw_finding_fix(c->fs, f, "have it issued by a CA that may issue for the name, or without it");
}

static void judge_constraints(const struct chain *c, const struct gw_path *path, unsigned *work)
{
	size_t above, i;

	for (above = 1; above < path->count; above++) {
		for (i = 0; i < above; i++) {
			struct gw_breach breach;

			/* A CA that only renews itself is not held to them; a leaf always is (RFC 5280 6.1.3 (b)). */
			if (i > 0 && path->items[i]->self_issued)
				continue;
			breach = gw_constraints_breach(path->items[above], path->items[i], work, &c->fs->arena);
			if (breach.kind != GW_BREACH_NONE)
				tell_breach(c, path->items[above], &breach);
		}
	}
}

/* Whether a certificate limits the policies of the path: what the rest of the judge leaves to OpenSSL. */
static bool limits_policies(const struct gw_path *path)
{
	static const char *const oids[] = {GW_OID_POLICY_CONSTRAINTS, GW_OID_INHIBIT_ANY_POLICY,
					   GW_OID_POLICY_MAPPINGS};
	size_t i, k;

	for (i = 0; i < path->count; i++) {
		for (k = 0; k < GW_COUNT(oids); k++) {
			if (gw_parts_extension(path->items[i], oids[k]) != NULL)
				return true;
		}
	}
	return false;
}

/* What OpenSSL finds and nobody here has looked for: policies. It builds its own chain, and takes its time. */
static enum gw_code second_opinion(const struct chain *c, const struct gw_path *path, struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_verify_result result;
	enum gw_code code;
	size_t i;

	for (i = 0; i < path->count; i++)
		gw_certs_add(&certs, gw_cert_ref(path->items[i]->cert));
	code = gw_verify_path(c->r->trust, &certs, c->r->at, c->r->purpose, &result, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < result.n_faults; i++) {
		const struct gw_verify_fault *fault = &result.faults[i];

		if (fault->kind == GW_FAULT_OTHER || fault->kind == GW_FAULT_SIGNATURE)
			gw_find(c->fs, GWC_CHAIN, c->r->where, "%s: %s",
				words_of(c, fault->cert != NULL ? fault->cert : certs.items[0]),
				gw_verify_error_text(fault->error));
	}
	gw_verify_result_release(&result);
	return GW_OK;
}

enum gw_code gw_judge_whole_path(const struct gw_chain_request *request, const struct gw_path *path, unsigned *work,
				 struct gw_findings *fs, struct gw_err *err)
{
	const struct chain c = {request, fs};
	size_t i;

	for (i = 0; i < path->count; i++)
		judge_one(&c, path, i);
	judge_key_ids(&c, path);
	judge_path_length(&c, path);
	judge_constraints(&c, path, work);
	gw_judge_revocation(request, path, fs);
	if (!path->complete || fs->by_severity[GW_ERROR] > 0 || !limits_policies(path))
		return GW_OK;
	return second_opinion(&c, path, err);
}

/* --- the search --------------------------------------------------------------------------------------------------- */

static void tell_exhausted(const struct chain *c)
{
	struct gw_finding *f = gw_find(c->fs, GWC_SEARCH_LIMIT, c->r->where,
				       "no sound path was found for %s before the search was given up",
				       words_of(c, c->r->presented->items[0]));

	gw_finding_evidence(c->fs, f, "at most %d signatures are checked and %d paths judged, of %d certificates each",
			    GW_PATH_SIGNATURES, GW_PATH_JUDGED, GW_PATH_MAX);
}

/* Without anchors there is only the leaf to judge. */
static enum gw_code judge_leaf_alone(const struct gw_chain_request *request, struct gw_findings *fs, struct gw_err *err)
{
	struct gw_parts *leaf = gw_parts_new(request->presented->items[0], &fs->arena);
	const struct gw_path path = {.items = {leaf}, .count = 1};
	unsigned work = GW_CONSTRAINT_WORK;
	enum gw_code code = gw_judge_whole_path(request, &path, &work, fs, err);

	gw_parts_free(leaf);
	return code;
}

enum gw_code gw_judge_path(const struct gw_chain_request *request, struct gw_certs *path, struct gw_findings *fs,
			   struct gw_err *err)
{
	const struct chain c = {request, fs};
	struct gw_search_result result;
	struct gw_search *search;
	enum gw_code code;
	size_t i;

	if (request->presented->count == 0)
		return gw_fail(err, GW_E_BUG, NULL, "there is no certificate to verify");
	if (request->trust == NULL)
		return judge_leaf_alone(request, fs, err);
	search = gw_search_new(request);
	code = gw_search_run(search, &result, err);
	if (code == GW_OK) {
		if (result.exhausted)
			tell_exhausted(&c);
		if (!result.path.complete)
			dead_end(&c, &result);
		gw_findings_take(fs, &result.findings);
		for (i = 0; path != NULL && i < result.path.count; i++)
			gw_certs_add(path, gw_cert_ref(result.path.items[i]->cert));
		gw_findings_release(&result.findings);
	}
	gw_search_free(search);
	return code;
}

enum gw_code gw_judge_chain(const struct gw_certs *presented, const struct gw_trust *trust, int64_t at,
			    enum gw_purpose purpose, const struct gw_where *where, struct gw_findings *fs,
			    struct gw_err *err)
{
	const struct gw_chain_request request = {.presented = presented,
						 .trust = trust,
						 .at = at,
						 .purpose = purpose,
						 .max_depth = GW_DEPTH_ANY,
						 .where = where};

	return gw_judge_path(&request, NULL, fs, err);
}
