/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/path.h"
#include "judge/words.h"

#define STRENGTH_MIN 112

/* One certificate, its issuer, and the lists. */
struct question {
	const struct gw_chain_request *r;
	struct gw_findings *fs;
	const struct gw_parts *cert, *issuer;
	const char *words;
};

static struct gw_finding *unusable(const struct question *q, const struct gw_crl *crl, const char *what)
{
	struct gw_finding *f = gw_find(q->fs, GWC_CRL, q->r->where, "the revocation list of \"%s\" %s",
				       gw_crl_label(crl, &q->fs->arena), what);

	gw_finding_evidence(q->fs, f, "%s", crl->where);
	return f;
}

static void odd(const struct question *q, const struct gw_crl *crl, const char *what)
{
	struct gw_finding *f = gw_find(q->fs, GWC_CRL_FORM, q->r->where, "the revocation list of \"%s\" %s",
				       gw_crl_label(crl, &q->fs->arena), what);

	gw_finding_evidence(q->fs, f, "%s", crl->where);
}

static void judge_dates(const struct question *q, const struct gw_crl *crl)
{
	char date[GW_TIME_TEXT];

	if (crl->this_update == GW_TIME_FAR_FUTURE) {
		unusable(q, crl, "has a date that cannot be read");
	} else if (crl->this_update > q->r->at) {
		unusable(q, crl, "is not in force yet");
	} else if (!crl->has_next_update) {
		odd(q, crl, "does not say when the next one comes");
	} else if (crl->next_update < q->r->at) {
		gw_time_date(date, crl->next_update);
		unusable(q, crl, gw_arena_printf(&q->fs->arena, "is out of date since %s", date));
	}
}

static void judge_form(const struct question *q, const struct gw_crl *crl)
{
	if (!crl->readable)
		unusable(q, crl, "has an extension that cannot be read");
	if (crl->unknown_critical)
		unusable(q, crl, "has a critical extension that is not known");
	if (crl->unknown_critical_entry)
		unusable(q, crl, "has an entry with a critical extension that is not known");
	if (crl->delta)
		unusable(q, crl, "has only the changes to another one");
	if (crl->number_critical)
		unusable(q, crl, "has its number marked critical, which it must not be");
	if (crl->sign_strength > 0 && crl->sign_strength < STRENGTH_MIN)
		unusable(q, crl, "is signed with a hash that is too weak");
	if (!gw_crl_names_key(crl, q->issuer->cert))
		unusable(q, crl, "names another key than that of the CA");
	if (crl->version != 2)
		odd(q, crl, "is not of version 2");
	if (!crl->has_number)
		odd(q, crl, "has no number");
	if (!crl->has_key_id)
		odd(q, crl, "does not name the key that signed it");
	if (crl->key_id_critical)
		odd(q, crl, "has its key identifier marked critical, which it must not be");
	if (crl->odd_number)
		odd(q, crl, "has a number that is negative or longer than 20 octets");
	if (crl->odd_dates)
		odd(q, crl, "has a date in a form that RFC 5280 does not allow");
	if (crl->odd_point)
		odd(q, crl, "has an issuing distribution point that is empty, not critical or contradicts itself");
}

/* Whether a list is complete for the kind of certificate and the place where it says it would be listed. */
static bool is_in_scope(const struct question *q, const struct gw_crl *crl)
{
	if (crl->scoped && !(q->cert->facts.ca ? crl->for_cas : crl->for_users))
		return false;
	return gw_crl_is_at_point(crl, q->cert->cert);
}

static void judge_listed(const struct question *q, const struct gw_crl *crl)
{
	struct gw_finding *f;
	const char *reason;
	int64_t since;
	char date[GW_TIME_TEXT];

	if (!gw_crl_lists(crl, q->cert->cert, &since, &reason))
		return;
	gw_time_date(date, since);
	f = gw_find(q->fs, GWC_REVOKED, q->r->where, "%s was revoked on %s%s%s", q->words, date,
		    reason != NULL ? ": " : "", reason != NULL ? reason : "");
	gw_finding_evidence(q->fs, f, "%s", crl->where);
	gw_finding_fix(q->fs, f, "make a new key and have a new certificate issued for it");
}

static bool may_sign(const struct gw_parts *issuer)
{
	return !issuer->facts.has_key_usage || (issuer->facts.key_usage & GW_KU_CRL_SIGN) != 0;
}

/* Looks into one list of the issuer's that is for the certificate. */
static void ask(const struct question *q, const struct gw_crl *crl)
{
	if (!may_sign(q->issuer)) {
		unusable(q, crl, "is signed by a CA whose key usage lacks cRLSign");
		return;
	}
	judge_dates(q, crl);
	judge_form(q, crl);
	judge_listed(q, crl);
}

static bool is_in_force(const struct gw_crl *crl, int64_t at)
{
	return crl->this_update <= at && (!crl->has_next_update || at <= crl->next_update);
}

/* Whether a list has run out and one that came after it is in force: who keeps old ones beside the new one does no wrong. */
static bool is_renewed(const struct question *q, const struct gw_crl *const *lists, size_t n, const struct gw_crl *crl)
{
	size_t i;

	if (is_in_force(crl, q->r->at) || crl->this_update > q->r->at)
		return false;
	for (i = 0; i < n; i++) {
		if (lists[i]->this_update >= crl->this_update && !lists[i]->delta && is_in_force(lists[i], q->r->at))
			return true;
	}
	return false;
}

static void none(const struct question *q, const struct gw_crl *unsigned_one)
{
	if (unsigned_one != NULL) {
		unusable(q, unsigned_one, "is not signed by the key of that CA");
		return;
	}
	/* CAs are seldom revoked, and their lists seldom at hand. */
	gw_find_as(q->fs, GWC_NO_CRL, q->cert->facts.ca ? GW_NOTE : GW_WARNING, q->r->where,
		   "there is no revocation list of the CA that issued %s", q->words);
}

static void judge_one(const struct question *q)
{
	const struct gw_crl *unsigned_one = NULL, *lists[GW_CRLS_MAX];
	size_t n = 0, i;

	for (i = 0; i < q->r->crls->count; i++) {
		const struct gw_crl *crl = &q->r->crls->items[i];

		if (!gw_crl_is_for(crl, q->cert->cert))
			continue;
		if (!gw_crl_signed_by(crl->crl, gw_cert_key(q->issuer->cert)))
			unsigned_one = crl;
		else if (is_in_scope(q, crl))
			lists[n++] = crl;
	}
	for (i = 0; i < n; i++) {
		if (!is_renewed(q, lists, n, lists[i]))
			ask(q, lists[i]);
	}
	if (n == 0)
		none(q, unsigned_one);
}

void gw_judge_revocation(const struct gw_chain_request *request, const struct gw_path *path, struct gw_findings *fs)
{
	size_t i;

	/* An anchor is not revoked but no longer trusted. */
	for (i = 0; request->crls != NULL && i + 1 < path->count; i++) {
		const struct question q = {request, fs, path->items[i], path->items[i + 1],
					   gw_judge_words(fs, request->presented, path->items[i]->cert)};

		judge_one(&q);
	}
}
