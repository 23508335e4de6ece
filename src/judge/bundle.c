/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "judge/judge.h"
#include "judge/words.h"
#include "rules/rules.h"

/* What becomes of a certificate of the heap. */
enum fate {
	UNUSED,
	COPY,
	IN_CHAIN,
	ROOT,
	ALTERNATIVE, /* could stand where another does */
};

struct bundle {
	const struct gw_bundle_request *request;
	struct gw_certs *chain;
	struct gw_findings *fs;
	enum fate *fates; /* n_heap */
};

static const struct gw_heap_cert *at(const struct bundle *b, size_t i)
{
	return &b->request->heap[i];
}

static void mark_copies(const struct bundle *b)
{
	struct gw_finding *f;
	size_t i, k;

	for (i = 1; i < b->request->n_heap; i++) {
		for (k = 0; k < i && !gw_cert_same(at(b, k)->cert, at(b, i)->cert); k++)
			;
		if (k == i)
			continue;
		b->fates[i] = COPY;
		f = gw_find_as(b->fs, GWC_DUPLICATE, GW_NOTE, &at(b, i)->where, "%s is there once already",
			       gw_judge_label(b->fs, at(b, i)->cert));
		gw_finding_fix(b->fs, f, "nothing: one copy is enough, and was taken");
	}
}

/* --- the leaf ----------------------------------------------------------------------------------------------------- */

static bool issued_another(const struct bundle *b, size_t i)
{
	size_t k;

	for (k = 0; k < b->request->n_heap; k++) {
		if (k != i && !gw_cert_same(at(b, k)->cert, at(b, i)->cert) &&
		    gw_cert_issued_by(at(b, k)->cert, at(b, i)->cert))
			return true;
	}
	return false;
}

static bool is_candidate(const struct bundle *b, size_t i)
{
	if (b->fates[i] == COPY)
		return false;
	if (b->request->key != NULL)
		return gw_cert_matches_key(at(b, i)->cert, b->request->key);
	return !issued_another(b, i);
}

/* Of several certificates for a key the one that lasts longest: the others were renewed. */
static bool is_better_leaf(const struct bundle *b, size_t i, size_t than)
{
	const X509 *one = at(b, i)->cert, *other = at(b, than)->cert;

	if (gw_cert_is_ca(one) != gw_cert_is_ca(other))
		return gw_cert_is_ca(other);
	return gw_cert_not_after(one) > gw_cert_not_after(other);
}

static void say_no_leaf(const struct bundle *b)
{
	const struct gw_certs first = {.items = (X509 *[]){at(b, 0)->cert}, .count = 1};
	struct gw_finding *f;
	char kind[48];

	if (b->request->n_heap == 1) {
		gw_judge_pair(&first, b->request->key, &at(b, 0)->where, b->fs);
		return;
	}
	gw_key_describe(b->request->key, kind);
	f = gw_find(b->fs, GWC_KEY_MISMATCH, NULL, "the key (%s) belongs to none of the %zu certificates", kind,
		    b->request->n_heap);
	gw_finding_fix(b->fs, f, "add the certificate that was issued for this key, or give the key of the leaf");
}

/* A key whose certificate has issued another of the heap is a CA's: the wrong key, not a short chain. */
static bool is_key_of_leaf(const struct bundle *b, size_t leaf)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < b->request->n_heap; i++) {
		if (gw_cert_same(at(b, i)->cert, at(b, leaf)->cert) ||
		    !gw_cert_issued_by(at(b, i)->cert, at(b, leaf)->cert))
			continue;
		f = gw_find(b->fs, GWC_KEY_MISMATCH, &at(b, leaf)->where,
			    "the key belongs to the CA %s, not to %s, which it issued",
			    gw_judge_label(b->fs, at(b, leaf)->cert), gw_judge_label(b->fs, at(b, i)->cert));
		gw_finding_fix(b->fs, f, "give the key from which %s was requested",
			       gw_judge_label(b->fs, at(b, i)->cert));
		return false;
	}
	return true;
}

/* Without a key several leaves are several answers. */
static bool is_only_leaf(const struct bundle *b, size_t leaf)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < b->request->n_heap; i++) {
		if (i == leaf || !is_candidate(b, i) ||
		    gw_cert_is_ca(at(b, i)->cert) != gw_cert_is_ca(at(b, leaf)->cert))
			continue;
		f = gw_find(b->fs, GWC_LEAVES, &at(b, i)->where, "%s could be the leaf, and so could %s",
			    gw_judge_label(b->fs, at(b, i)->cert), gw_judge_label(b->fs, at(b, leaf)->cert));
		gw_finding_fix(b->fs, f, "give the private key with --key, or leave one of them out");
		return false;
	}
	return true;
}

static bool find_leaf(const struct bundle *b, size_t *leaf)
{
	bool found = false;
	size_t i;

	*leaf = 0; /* where each has issued another: CAs that have certified each other */
	for (i = 0; i < b->request->n_heap; i++) {
		if (is_candidate(b, i) && (!found || is_better_leaf(b, i, *leaf))) {
			*leaf = i;
			found = true;
		}
	}
	if (!found && b->request->key != NULL)
		say_no_leaf(b);
	if (b->request->key == NULL)
		return !found || is_only_leaf(b, *leaf);
	return found && is_key_of_leaf(b, *leaf);
}

/* --- upwards ------------------------------------------------------------------------------------------------------ */

static bool is_issuer(const X509 *cert, const X509 *issuer)
{
	const EVP_PKEY *key = gw_cert_key(issuer);

	return key != NULL && gw_cert_issued_by(cert, issuer) && gw_cert_signed_by(cert, key);
}

static bool is_valid(const X509 *cert, int64_t when)
{
	return gw_cert_not_before(cert) <= when && when <= gw_cert_not_after(cert);
}

/* A root ends the chain, and what is cross-signed would only make it longer; then what is valid, then what lasts. */
static bool is_better_issuer(const struct bundle *b, const X509 *one, const X509 *than)
{
	bool valid = is_valid(one, b->request->at), root = gw_cert_self_issued(one);

	if (valid != is_valid(than, b->request->at))
		return valid;
	if (root != gw_cert_self_issued(than))
		return root;
	return gw_cert_not_after(one) > gw_cert_not_after(than);
}

/* The issuer of the chain's end, or n_heap. Others that would do are marked as alternatives. */
static size_t find_issuer(const struct bundle *b, const X509 *end)
{
	size_t i, best = b->request->n_heap;

	for (i = 0; i < b->request->n_heap; i++) {
		if ((b->fates[i] != UNUSED && b->fates[i] != ALTERNATIVE) || !is_issuer(end, at(b, i)->cert))
			continue;
		b->fates[i] = ALTERNATIVE;
		if (best == b->request->n_heap || is_better_issuer(b, at(b, i)->cert, at(b, best)->cert))
			best = i;
	}
	return best;
}

static void take(const struct bundle *b, size_t i)
{
	b->fates[i] = IN_CHAIN;
	gw_certs_add(b->chain, gw_cert_ref(at(b, i)->cert));
}

static void take_root(const struct bundle *b, size_t i)
{
	struct gw_finding *f;

	if (b->request->keep_root) {
		take(b, i);
		return;
	}
	b->fates[i] = ROOT;
	f = gw_find(b->fs, GWC_ROOT_INCLUDED, &at(b, i)->where,
		    "the root %s was left out: clients have it, or do not trust it",
		    gw_judge_label(b->fs, at(b, i)->cert));
	gw_finding_fix(b->fs, f, "--keep-root keeps it");
}

/* Up to where the chain leads: a root, which may be left out, or the last one whose issuer is not there. */
static const X509 *climb(const struct bundle *b)
{
	const X509 *top = b->chain->items[0];
	size_t i;

	while (b->chain->count < GW_CHAIN_MAX && !gw_cert_self_signed(top)) {
		i = find_issuer(b, top);
		if (i == b->request->n_heap)
			break;
		top = at(b, i)->cert;
		if (gw_cert_self_signed(top))
			take_root(b, i);
		else
			take(b, i);
	}
	return top;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static bool roots_have_issuer(const struct bundle *b, const X509 *end)
{
	size_t i;

	for (i = 0; i < b->request->roots->count; i++) {
		if (gw_cert_same(b->request->roots->items[i], end) || is_issuer(end, b->request->roots->items[i]))
			return true;
	}
	return false;
}

/* A CA of the right name with another key: it was made anew, and the chain is of its older or newer self. */
static bool say_namesake(const struct bundle *b, const X509 *end)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < b->request->n_heap; i++) {
		if (b->fates[i] == IN_CHAIN || !gw_cert_names_issuer(end, at(b, i)->cert))
			continue;
		f = gw_find(b->fs, GWC_BAD_SIGNATURE, &at(b, i)->where,
			    "%s has the name of the issuer of %s, but did not sign it",
			    gw_judge_label(b->fs, at(b, i)->cert), gw_judge_label(b->fs, end));
		gw_finding_fix(
			b->fs, f,
			"find the certificate of the CA that goes with the key that signed, an older or newer one");
		return true;
	}
	return false;
}

/*
 * Nobody can tell from the octets whether the issuer that is not there is a root, which clients have, or an intermediate.
 * A leaf that says where its issuer's certificate can be had speaks for an intermediate: then the chain is broken. An
 * intermediate at the end, or a leaf of a private CA, is as likely whole.
 */
static void say_missing(const struct bundle *b, const X509 *end)
{
	bool leaf = b->chain->count == 1;
	const char *uri = gw_cert_ca_issuers(end, &b->fs->arena), *issuer = gw_cert_issuer_label(end, &b->fs->arena);
	enum gw_severity severity = b->request->roots != NULL || (leaf && uri != NULL) ? GW_ERROR
				    : leaf                                             ? GW_WARNING
										       : GW_NOTE;
	struct gw_finding *f;

	if (severity == GW_ERROR && b->request->partial)
		severity = GW_WARNING;
	f = gw_find_as(b->fs, GWC_MISSING_INTERMEDIATE, severity, NULL, "\"%s\", which issued %s, is not there%s",
		       issuer, gw_judge_label(b->fs, end),
		       severity == GW_NOTE ? ": fine if it is a root that clients have" : "");
	if (uri != NULL)
		gw_finding_evidence(b->fs, f, "%s says that it can be fetched from %s", gw_judge_label(b->fs, end),
				    uri);
	gw_finding_fix(b->fs, f, "add its certificate to the files%s",
		       severity == GW_ERROR ? "; --partial makes the bundle all the same" : "");
}

static void say_untrusted(const struct bundle *b, const X509 *root)
{
	struct gw_finding *f = gw_find(b->fs, GWC_UNTRUSTED_ROOT, NULL,
				       "the chain ends at the root %s, which is not among the roots given",
				       gw_judge_label(b->fs, root));

	gw_finding_fix(b->fs, f, "give the roots that clients trust, or have the certificate issued by one of them");
}

static void judge_top(const struct bundle *b, const X509 *top)
{
	bool root = gw_cert_self_signed(top);

	if (b->request->roots != NULL ? roots_have_issuer(b, top) : root)
		return;
	if (root)
		say_untrusted(b, top);
	else if (!say_namesake(b, top))
		say_missing(b, top);
}

static void say_left_out(const struct bundle *b)
{
	size_t i;

	for (i = 0; i < b->request->n_heap; i++) {
		const char *label = gw_judge_label(b->fs, at(b, i)->cert);

		if (b->fates[i] == ALTERNATIVE)
			gw_find_as(b->fs, GWC_LEFT_OUT, GW_NOTE, &at(b, i)->where,
				   "%s was left out: another certificate of the same CA stands in its place", label);
		else if (b->fates[i] == UNUSED)
			gw_find(b->fs, GWC_LEFT_OUT, &at(b, i)->where,
				"%s was left out: it does not belong to the chain of %s", label,
				gw_judge_label(b->fs, b->chain->items[0]));
	}
}

void gw_bundle_make(const struct gw_bundle_request *request, struct gw_certs *chain, struct gw_findings *fs)
{
	struct bundle b = {.request = request, .chain = chain, .fs = fs};
	size_t leaf;

	b.fates = gw_zalloc(request->n_heap * sizeof(*b.fates));
	mark_copies(&b);
	if (find_leaf(&b, &leaf)) {
		take(&b, leaf);
		judge_top(&b, climb(&b));
		say_left_out(&b);
	}
	free(b.fates);
}
