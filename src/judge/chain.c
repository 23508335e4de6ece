/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

/* What a verification is about, for the functions below. */
struct chain {
	const struct gw_certs *presented;
	const struct gw_trust *trust;
	enum gw_purpose purpose;
	const struct gw_where *where;
	struct gw_findings *fs;
};

/* --- the chain does not reach an anchor --------------------------------------------------------------------------- */

static void self_signed_leaf(const struct chain *c, const X509 *leaf)
{
	struct gw_finding *f =
		gw_find(c->fs, GWC_SELF_SIGNED, c->where, "%s is self-signed and not among the anchors of %s",
			gw_judge_label(c->fs, leaf), gw_trust_name(c->trust));

	gw_finding_fix(c->fs, f, "trust this very certificate (--cacert), or have it issued by a CA that is trusted");
}

static void untrusted_root(const struct chain *c, const X509 *root)
{
	struct gw_finding *f = gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->where,
				       "the chain ends at the root %s, which is not among the anchors of %s",
				       gw_judge_label(c->fs, root), gw_trust_name(c->trust));

	if (gw_trust_has_subject(c->trust, gw_cert_subject(root)))
		gw_finding_evidence(c->fs, f, "%s has a CA of the same name with another key", gw_trust_name(c->trust));
	gw_finding_fix(c->fs, f, "give this root as a trust anchor (--cacert), or serve what a trusted CA has issued");
}

/* The issuer is known by name, yet is not it. */
static void namesake(const struct chain *c, const X509 *last)
{
	struct gw_finding *f = gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->where,
				       "the issuer of %s is \"%s\", but the CA of that name in %s has another key",
				       gw_judge_words(c->fs, c->presented, last),
				       gw_cert_issuer_label(last, &c->fs->arena), gw_trust_name(c->trust));

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
	bool leaf = gw_cert_same(last, c->presented->items[0]);
	const char *uri = gw_cert_ca_issuers(last, &c->fs->arena);
	const char *issuer = gw_cert_issuer_label(last, &c->fs->arena);
	const char *words = gw_judge_words(c->fs, c->presented, last);
	struct gw_finding *f;

	if (gw_trust_has_subject(c->trust, gw_cert_issuer(last))) {
		namesake(c, last);
		return;
	}
	if (!gw_trust_has_kin(c->trust, last) && !(leaf && uri != NULL)) {
		f = gw_find(c->fs, GWC_UNTRUSTED_ROOT, c->where,
			    "the issuer of %s, \"%s\", is not among the anchors of %s and was not sent", words, issuer,
			    gw_trust_name(c->trust));
		gw_finding_fix(c->fs, f,
			       "give the CA's certificate as a trust anchor (--cacert); if \"%s\" is an intermediate, "
			       "serve it behind the leaf",
			       issuer);
		return;
	}
	f = gw_find(c->fs, GWC_MISSING_INTERMEDIATE, c->where, "the intermediate \"%s\", which issued %s, was not sent",
		    issuer, words);
	if (uri != NULL)
		gw_finding_evidence(c->fs, f, "%s says that it can be fetched from %s", words, uri);
	gw_finding_fix(c->fs, f, "put the certificate of \"%s\" behind it: serve the full chain, not the leaf alone",
		       issuer);
}

/* --- faults of one certificate ------------------------------------------------------------------------------------ */

static const char *purpose_words(enum gw_purpose purpose)
{
	switch (purpose) {
	case GW_PURPOSE_SERVER: return "servers (serverAuth)";
	case GW_PURPOSE_CLIENT: return "clients (clientAuth)";
	case GW_PURPOSE_ANY: break;
	}
	return "this use";
}

/* "its extended key usage is clientAuth, codeSigning" as evidence, where there is one. */
static void add_usages(const struct chain *c, struct gw_finding *f, const X509 *cert)
{
	GW_BUF_AUTO struct gw_buf list = GW_BUF(GW_ERR_WHAT_MAX);
	struct gw_cert_facts facts;
	const char **usage;

	gw_cert_read_facts(cert, &c->fs->arena, &facts);
	if (facts.extended_key_usage == NULL)
		return;
	for (usage = facts.extended_key_usage; *usage != NULL; usage++)
		gw_buf_printf(&list, "%s%s", list.len > 0 ? ", " : "", *usage);
	gw_finding_evidence(c->fs, f, "its extended key usage is %s", gw_buf_str(&list));
}

static void wrong_purpose(const struct chain *c, const X509 *cert, const char *words)
{
	struct gw_finding *f =
		gw_find(c->fs, GWC_PURPOSE, c->where, "%s is not made for %s", words, purpose_words(c->purpose));

	add_usages(c, f, cert);
	gw_finding_fix(c->fs, f, "have it issued for %s", purpose_words(c->purpose));
}

static void weak(const struct chain *c, const X509 *cert, const char *words, bool signature)
{
	struct gw_cert_facts facts;
	struct gw_finding *f;

	gw_cert_read_facts(cert, &c->fs->arena, &facts);
	f = gw_find(c->fs, GWC_WEAK, c->where, "%s %s %s, which is too weak", words,
		    signature ? "is signed with" : "has a key of", signature ? facts.signature : facts.key);
	gw_finding_fix(c->fs, f, "use a key of EC P-256 or RSA 2048 at least, signed with SHA-256");
}

static void bad_signature(const struct chain *c, const X509 *cert, const char *words)
{
	struct gw_finding *f = gw_find(c->fs, GWC_BAD_SIGNATURE, c->where,
				       "the signature of %s does not verify with the key of \"%s\"", words,
				       gw_cert_issuer_label(cert, &c->fs->arena));

	gw_finding_fix(c->fs, f, "fetch it anew, together with the certificate of its issuer");
}

static void simple(const struct chain *c, enum gw_rule_name rule, const char *words, const char *what)
{
	gw_find(c->fs, rule, c->where, "%s %s", words, what);
}

static void judge_fault(const struct chain *c, const struct gw_verify_fault *fault, const X509 *cert)
{
	const char *words = gw_judge_words(c->fs, c->presented, cert);

	switch (fault->kind) {
	case GW_FAULT_TIME: return; /* gw_judge_time() */
	case GW_FAULT_NO_ISSUER: no_issuer(c, cert); return;
	case GW_FAULT_UNTRUSTED_ROOT: untrusted_root(c, cert); return;
	case GW_FAULT_SELF_SIGNED_LEAF: self_signed_leaf(c, cert); return;
	case GW_FAULT_SIGNATURE: bad_signature(c, cert, words); return;
	case GW_FAULT_PURPOSE: wrong_purpose(c, cert, words); return;
	case GW_FAULT_NOT_CA: simple(c, GWC_NOT_CA, words, "has issued another certificate, but is not a CA"); return;
	case GW_FAULT_NO_CERT_SIGN:
		simple(c, GWC_NOT_CA, words, "may not sign certificates: its key usage lacks keyCertSign");
		return;
	case GW_FAULT_PATH_LENGTH:
		simple(c, GWC_PATH_LENGTH, words, "has more CAs below it than its path length allows");
		return;
	case GW_FAULT_WEAK_KEY: weak(c, cert, words, false); return;
	case GW_FAULT_WEAK_SIGNATURE: weak(c, cert, words, true); return;
	case GW_FAULT_CRITICAL_EXTENSION:
		simple(c, GWC_CRITICAL_EXTENSION, words, "has a critical extension that is not known");
		return;
	case GW_FAULT_NAME_CONSTRAINTS:
		simple(c, GWC_NAME_CONSTRAINTS, words, "has a name that a CA above it may not issue for");
		return;
	case GW_FAULT_UNDECODABLE: simple(c, GWC_UNDECODABLE, words, "has a part that cannot be read"); return;
	case GW_FAULT_OTHER:
		gw_find(c->fs, GWC_CHAIN, c->where, "%s: %s", words, gw_verify_error_text(fault->error));
		return;
	}
}

enum gw_code gw_judge_chain(const struct gw_certs *presented, const struct gw_trust *trust, int64_t at,
			    enum gw_purpose purpose, const struct gw_where *where, struct gw_findings *fs,
			    struct gw_err *err)
{
	const struct chain c = {presented, trust, purpose, where, fs};
	struct gw_verify_result result;
	enum gw_code code = gw_verify_chain(trust, presented, at, purpose, &result, err);
	size_t i;

	if (code != GW_OK)
		return code;
	for (i = 0; i < result.n_faults; i++) {
		const X509 *cert = result.faults[i].cert;

		judge_fault(&c, &result.faults[i], cert != NULL ? cert : presented->items[0]);
	}
	gw_verify_result_release(&result);
	return GW_OK;
}
