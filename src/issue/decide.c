/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be done with an entry, given what is on disk of it: the rules of gwcert-gen(1), in their order. */
#include <stdint.h>
#include <string.h>

#include "issue/disk.h"

const struct gw_signer *gw_step_signer(const struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);

	if (issuer != NULL)
		return &issuer->own;
	return step->entry->self_signed ? NULL : plan->request->outside;
}

bool gw_step_makes(const struct gw_step *step)
{
	return step->action == GW_ACTION_MAKE || step->action == GW_ACTION_REISSUE || step->action == GW_ACTION_REMAKE;
}

int64_t gw_step_issuer_end(const struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);
	const struct gw_signer *signer = gw_step_signer(plan, step);

	if (issuer != NULL)
		return issuer->not_after;
	return signer != NULL ? gw_cert_not_after(signer->cert) : INT64_MAX;
}

const struct gw_entry *gw_step_child(const struct gw_ctx *ctx, struct gw_plan *plan, const struct gw_step *step,
				     bool (*leaves_out)(const struct gw_plan *plan, const struct gw_entry *e))
{
	/* A CA that was lost has told its name to what it signed. */
	const char *name = step->was != NULL ? step->was : gw_subject_text(&plan->arena, &step->entry->plan);
	struct gw_entry *e;

	for (e = plan->request->t->first; e != NULL; e = e->next) {
		if (e->issuer_entry != step->entry || e->each != NULL || (leaves_out != NULL && leaves_out(plan, e)))
			continue;
		if (gw_disk_is_signed_by(ctx, plan, e, name))
			return e;
	}
	return NULL;
}

/* The issuer's new key or name, which makes everything below it anew. NULL: neither is new. */
static const char *new_issuer(struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);
	const char *what = NULL;

	if (issuer != NULL && issuer->action == GW_ACTION_MAKE && gw_entry_has_key(issuer->entry))
		what = "a new certificate";
	else if (issuer != NULL && (issuer->action == GW_ACTION_MAKE || issuer->action == GW_ACTION_REMAKE))
		what = "a new key";
	else if (issuer != NULL && issuer->action == GW_ACTION_REISSUE && issuer->renamed)
		what = "another subject";
	if (what == NULL)
		return NULL;
	return gw_arena_printf(&plan->arena, "its issuer \"%s\" gets %s", step->entry->issuer, what);
}

/* An issuer that is refused has been complained about; what it signed cannot be judged. */
static bool issuer_is_usable(const struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);

	return issuer == NULL || issuer->own.cert != NULL;
}

static enum gw_action refuse(struct gw_plan *plan, struct gw_step *step, enum gw_block block,
			     const struct gw_entry *child, struct gw_findings *fs)
{
	gw_say_refused(plan, step, block, child, fs);
	return GW_ACTION_REFUSE;
}

/* A new key: never in the place of one that somebody still counts on. */
static enum gw_action remake(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, bool forced_by_disk,
			     struct gw_findings *fs)
{
	const struct gw_entry *child = step->entry->plan.ca ? gw_step_child(ctx, plan, step, NULL) : NULL;

	if (child != NULL)
		return refuse(plan, step, GW_BLOCK_CHILD, child, fs);
	if (forced_by_disk && step->entry->on_renew != GW_ON_RENEW_NEW_KEY && !step->entry->plan.ca)
		return refuse(plan, step, GW_BLOCK_SAME_KEY, NULL, fs);
	return GW_ACTION_REMAKE;
}

/* It is there, and not as asked or due: with which key is it made anew? */
static enum gw_action replace(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      const struct gw_on_disk *d, bool other_type, struct gw_findings *fs)
{
	bool may = (plan->request->force && step->selected) || step->rekey;
	bool strange = d->pair == GW_PAIR_STRANGE || (d->pair == GW_PAIR_ALONE && other_type);
	bool lost = d->pair == GW_PAIR_NONE || other_type;

	if (step->entry->on_renew == GW_ON_RENEW_MANUAL && !step->renew && !step->rekey)
		return d->cert != NULL ? GW_ACTION_WAIT : refuse(plan, step, GW_BLOCK_MANUAL, NULL, fs);
	if (gw_entry_has_key(step->entry))
		return GW_ACTION_REISSUE;
	if (step->rekey || (may && (strange || lost)))
		return GW_ACTION_REMAKE;
	/* Of --host: only a template says that what is there is the same entry as before. */
	if (plan->request->t->name == NULL && !may && !step->renew && step->n_reasons > step->n_timely)
		return refuse(plan, step, GW_BLOCK_HOSTS, NULL, fs);
	if (strange)
		return refuse(plan, step, GW_BLOCK_STRANGE, NULL, fs);
	if (lost)
		return remake(ctx, plan, step, true, fs);
	/* A key whose certificate is gone is used, not replaced: it may be known elsewhere. */
	if (step->entry->on_renew != GW_ON_RENEW_NEW_KEY || d->pair == GW_PAIR_ALONE)
		return GW_ACTION_REISSUE;
	return may ? GW_ACTION_REMAKE : remake(ctx, plan, step, false, fs);
}

/* It is missing. A CA that was lost is not quietly made again beside what the old one signed. */
static enum gw_action make(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step, struct gw_findings *fs)
{
	bool may = (plan->request->force && step->selected) || step->rekey;
	const struct gw_entry *child = NULL;

	gw_step_because(plan, step, "it was missing");
	if (step->entry->plan.ca && !may && !gw_entry_has_key(step->entry))
		child = gw_step_child(ctx, plan, step, NULL);
	return child != NULL ? refuse(plan, step, GW_BLOCK_CHILD, child, fs) : GW_ACTION_MAKE;
}

static bool chain_changes(const struct gw_plan *plan, const struct gw_step *step)
{
	const struct gw_step *issuer = gw_step_of(plan, step->entry->issuer_entry);

	return issuer != NULL && issuer->chain_anew;
}

static bool has_other_type(const struct gw_step *step, const struct gw_on_disk *d)
{
	const EVP_PKEY *key = d->cert != NULL ? gw_cert_key(d->cert) : d->key;

	return !gw_entry_has_key(step->entry) && key != NULL && gw_key_type_of(key) != step->entry->key_type;
}

enum gw_action gw_step_decide(const struct gw_ctx *ctx, struct gw_plan *plan, struct gw_step *step,
			      const struct gw_on_disk *d, struct gw_findings *fs)
{
	const char *above = new_issuer(plan, step);
	bool usable = issuer_is_usable(plan, step);

	if (step->rekey && gw_entry_has_key(step->entry))
		return refuse(plan, step, GW_BLOCK_GIVEN, NULL, fs);
	if (!d->there)
		return make(ctx, plan, step, fs);
	if (above != NULL)
		gw_step_because(plan, step, "%s", above);
	gw_disk_compare(plan, step, d, gw_step_signer(plan, step), above == NULL && usable,
			gw_step_issuer_end(plan, step));
	if (step->rekey || step->renew)
		gw_step_because(plan, step, "--%s asks for it", step->rekey ? "rekey" : "renew");
	if (step->n_reasons > 0)
		return replace(ctx, plan, step, d, has_other_type(step, d), fs);
	if (!usable)
		return GW_ACTION_KEEP;
	gw_pkcs12_compare(ctx, plan, step, d);
	if (chain_changes(plan, step))
		gw_step_because(plan, step, "the chain above it changes");
	else
		gw_disk_incomplete(plan, step, d, gw_step_signer(plan, step));
	return step->n_reasons > 0 ? GW_ACTION_COMPLETE : GW_ACTION_KEEP;
}
