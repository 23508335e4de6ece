/* SPDX-License-Identifier: Apache-2.0 */
/* settings.lint: what the target would refuse, told before it is made. */
#include "rules/targets.h"
#include "template/publish.h"

static const char *keys_of(struct gw_check *c, const struct gw_target_rules *target)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	size_t i;

	for (i = 0; target->keys[i] != NULL; i++)
		gw_buf_printf(&text, "%s%s",
			      i == 0                        ? ""
			      : target->keys[i + 1] == NULL ? " or "
							    : ", ",
			      target->keys[i]);
	return gw_arena_strdup(c->arena, gw_buf_str(&text));
}

/* A root is shown to nobody: its key is the business of those who trust it. */
static void check_key(struct gw_check *c, const struct gw_target_rules *target, const struct gw_entry *e)
{
	struct gw_finding *f;

	/* Of a key in a file elsewhere, the kind shows when it is opened. */
	if (e->given.key != NULL && e->given.cert == NULL)
		return;
	if ((e->plan.ca && e->self_signed) || gw_target_takes_key(target, gw_key_type_word(e->key_type)))
		return;
	f = gw_entry_say(c, GWT_LINT_KEY, e, "key", "%s takes no key of the kind %s, which \"%s\" has", target->words,
			 gw_key_type_word(e->key_type), e->name);
	gw_finding_fix(c->fs, f, "use %s", keys_of(c, target));
}

static void check_life(struct gw_check *c, const struct gw_target_rules *target, const struct gw_template *t,
		       const struct gw_entry *e)
{
	char life[32], most[32];
	int64_t begin, end, max;
	struct gw_finding *f;

	if (!target->web || e->plan.ca || t->now == 0)
		return;
	gw_entry_life(e, t->now, &begin, &end);
	max = gw_public_lifetime(t->now);
	if (end - begin + 1 <= max)
		return;
	gw_span_words(life, end - begin);
	gw_span_words(most, max);
	f = gw_entry_say(c, GWT_LINT_LIFE, e, e->not_after_given ? "notAfter" : "validity",
			 "\"%s\" is good for %s, and browsers take at most %s", e->name, life, most);
	gw_finding_fix(c->fs, f, "leave room for the backdate as well: validity: %dd",
		       (int)((max - e->backdate - 1) / GW_DAY));
}

/* The file that is served has the leaf and the CAs above it but for the root. */
static void check_chain(struct gw_check *c, const struct gw_target_rules *target, const struct gw_entry *e)
{
	const struct gw_entry *above;
	struct gw_finding *f;
	unsigned n = 1;

	for (above = e->issuer_entry; above != NULL && !above->self_signed; above = above->issuer_entry)
		n++;
	if (e->plan.ca || n <= target->chain_max)
		return;
	f = gw_entry_say(c, GWT_LINT_CHAIN, e, "issuer", "the chain of \"%s\" has %u certificates; %s takes %u",
			 e->name, n, target->words, target->chain_max);
	gw_finding_fix(c->fs, f, "let a CA further up sign it");
}

void gw_lint_check(struct gw_check *c, const struct gw_template *t)
{
	const struct gw_target_rules *target = t->lint != NULL ? gw_target_find(t->lint) : NULL;
	const struct gw_entry *e;

	for (e = t->first; target != NULL && e != NULL; e = e->next) {
		if (e->faulty)
			continue;
		check_key(c, target, e);
		check_life(c, target, t, e);
		check_chain(c, target, e);
	}
}
