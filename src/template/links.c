/* SPDX-License-Identifier: Apache-2.0 */
#include "template/links.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "template/each_row.h"

/* 9999-12-31T23:59:59Z, the last that a certificate can say (RFC 5280 4.1.2.5). */
#define LAST_INSTANT INT64_C(253402300799)

/* --- names -------------------------------------------------------------------------------------------------------- */

/* First by letters alone, so that names which differ only by case are neighbours. */
static int compare_names(const char *a, const char *b)
{
	int order = strcasecmp(a, b);

	return order != 0 ? order : strcmp(a, b);
}

static int compare_entries(const void *a, const void *b)
{
	const struct gw_entry *const *x = a, *const *y = b;

	return compare_names((*x)->name, (*y)->name);
}

static int compare_with_name(const void *name, const void *entry)
{
	const struct gw_entry *const *e = entry;

	return compare_names(name, (*e)->name);
}

struct gw_entry *gw_template_find(const struct gw_template *t, const char *name)
{
	struct gw_entry **found =
		t->n_by_name > 0 ? bsearch(name, t->by_name, t->n_by_name, sizeof(*t->by_name), compare_with_name)
				 : NULL;

	return found != NULL ? *found : NULL;
}

struct cursor {
	const struct gw_template *t;
	size_t i;
};

static const char *next_entry(void *state)
{
	struct cursor *c = state;

	return c->i < c->t->n_by_name ? c->t->by_name[c->i++]->name : NULL;
}

const char *gw_template_nearest(const struct gw_template *t, const char *name)
{
	struct cursor c = {.t = t};

	return gw_nearest(name, next_entry, &c);
}

static void check_collisions(struct gw_check *c, const struct gw_template *t)
{
	size_t i;

	for (i = 1; i < t->n_by_name; i++) {
		const struct gw_entry *a = t->by_name[i - 1], *b = t->by_name[i];
		const struct gw_entry *later = a->node->line > b->node->line ? a : b, *first = later == a ? b : a;

		if (strcasecmp(a->name, b->name) == 0)
			gw_entry_say(c, GWT_ENTRY_NAME, later, NULL,
				     "\"%s\" and \"%s\" (line %u) are the same folder where case makes no difference",
				     later->name, first->name, first->node->key->line);
	}
}

/* --- issuers ------------------------------------------------------------------------------------------------------ */

static void unknown_issuer(struct gw_check *c, const struct gw_template *t, const struct gw_entry *e)
{
	static const char *const self[] = {"self", NULL};
	struct gw_finding *f = gw_entry_say(c, GWT_UNKNOWN_ISSUER, e, "issuer",
					    "there is no entry \"%s\" to sign \"%s\"", e->issuer, e->name);
	const char *near = gw_template_nearest(t, e->issuer);

	if (near == NULL || strcmp(near, e->name) == 0)
		near = gw_nearest_of(e->issuer, self);
	if (near != NULL)
		gw_finding_fix(c->fs, f, "did you mean \"%s\"?", near);
	else
		gw_finding_fix(c->fs, f, "name an entry of certificates that has a ca block, or write self");
}

static void resolve_issuer(struct gw_check *c, const struct gw_template *t, struct gw_entry *e)
{
	struct gw_finding *f;

	if (e->issuer == NULL)
		return;
	e->issuer_entry = gw_template_find(t, e->issuer);
	if (e->issuer_entry == NULL) {
		unknown_issuer(c, t, e);
	} else if (e->issuer_entry == e) {
		f = gw_entry_say(c, GWT_ISSUER_CYCLE, e, "issuer", "\"%s\" names itself as its issuer", e->name);
		gw_finding_fix(c->fs, f, "write issuer: self");
	} else if (e->issuer_entry->each != NULL) {
		f = gw_entry_say(c, GWT_ISSUER_NOT_CA, e, "issuer",
				 "\"%s\" has \"each\" and stands for many, so it cannot sign \"%s\"", e->issuer,
				 e->name);
		gw_finding_fix(c->fs, f, "name an entry that is one CA");
	} else if (!e->issuer_entry->plan.ca && !e->issuer_entry->faulty) {
		f = gw_entry_say(c, GWT_ISSUER_NOT_CA, e, "issuer", "\"%s\" is no CA, so it cannot sign \"%s\"",
				 e->issuer, e->name);
		gw_entry_relate(c, f, e->issuer_entry, NULL, "the issuer");
		if (e->issuer_entry->given.cert != NULL)
			gw_finding_fix(c->fs, f, "name a CA: the certificate in %s is none",
				       e->issuer_entry->given.cert);
		else
			gw_finding_fix(c->fs, f, "name a CA, or add ca: {} to certificates.%s (line %u)", e->issuer,
				       e->issuer_entry->node->key->line);
	}
	if (e->issuer_entry == NULL || e->issuer_entry == e || e->issuer_entry->each != NULL)
		e->faulty = true;
	if (e->issuer_entry == e)
		e->issuer_entry = NULL;
}

/* The names of a circle that begins and ends at e. */
static const char *circle(struct gw_check *c, const struct gw_entry *e)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(300);
	const struct gw_entry *at = e;

	do {
		gw_buf_printf(&text, "%s, which is signed by ", at->name);
		at = at->issuer_entry;
	} while (at != e && text.len < 200);
	gw_buf_str_add(&text, at == e ? e->name : "...");
	return gw_arena_strdup(c->arena, gw_buf_str(&text));
}

/* Walks up from an entry, leaving its number on all that it meets: meeting it again is a circle, which is cut so that
 * no later walk runs in it. */
static void check_circle(struct gw_check *c, struct gw_entry *e, unsigned number)
{
	struct gw_entry *at;

	for (at = e; at != NULL && at->mark == 0; at = at->issuer_entry)
		at->mark = number;
	if (at == NULL || at->mark != number)
		return;
	gw_entry_say(c, GWT_ISSUER_CYCLE, at, "issuer", "the issuers go round in a circle: %s", circle(c, at));
	at->faulty = true;
	at->issuer_entry = NULL;
}

static bool check_depth(struct gw_check *c, struct gw_entry *e)
{
	const struct gw_entry *at;
	size_t above = 0;

	for (at = e->issuer_entry; at != NULL && above <= GW_ISSUERS_MAX; at = at->issuer_entry)
		above++;
	if (above <= GW_ISSUERS_MAX)
		return true;
	gw_entry_say(c, GWT_PATH_LENGTH, e, "issuer", "\"%s\" has more than %d issuers above it", e->name,
		     GW_ISSUERS_MAX);
	return false;
}

/* RFC 5280 4.2.1.9: pathLength is how many CAs may follow below, not counting the leaf. */
static void check_path_length(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_entry *above;
	struct gw_finding *f;
	int below = 1;

	for (above = e->issuer_entry; above != NULL && e->plan.ca; above = above->issuer_entry, below++) {
		if (!above->plan.ca || above->plan.path_length < 0 || above->plan.path_length >= below)
			continue;
		if (above->plan.path_length == 0)
			f = gw_entry_say(c, GWT_PATH_LENGTH, e, "issuer",
					 "\"%s\" has pathLength 0: the CA \"%s\" may not stand below it", above->name,
					 e->name);
		else
			f = gw_entry_say(c, GWT_PATH_LENGTH, e, "issuer",
					 "\"%s\" has pathLength %d, and the CA \"%s\" is number %d below it",
					 above->name, above->plan.path_length, e->name, below);
		gw_entry_relate(c, f, above, "ca", "the CA above");
		gw_finding_fix(c->fs, f, "raise ca.pathLength of \"%s\" (line %u) to %d", above->name,
			       above->node->key->line, below);
		return;
	}
}

static bool has_instants(const struct gw_entry *e)
{
	return e->not_before_given || e->not_after_given;
}

static const char *clip_words(const struct gw_entry *e)
{
	return e->clip ? "" : ", or write clip: true to end it with its issuer";
}

/* What may be written in the place of an end that is too late. */
static void say_shorter(struct gw_check *c, struct gw_finding *f, const struct gw_entry *e,
			const struct gw_entry *above, int64_t end)
{
	char date[GW_TIME_TEXT];

	gw_time_format(date, end);
	if (has_instants(e) || has_instants(above))
		gw_finding_fix(c->fs, f, "end it at %s or earlier%s", date, clip_words(e));
	else
		gw_finding_fix(c->fs, f, "use %" PRId64 "%s or less%s",
			       above->validity % GW_DAY == 0 ? above->validity / GW_DAY : above->validity,
			       above->validity % GW_DAY == 0 ? "d" : "s", clip_words(e));
}

/* The length of a life, or its last second where that was written. */
static const char *life_words(struct gw_arena *arena, const struct gw_entry *e, int64_t end)
{
	char span[32], date[GW_TIME_TEXT];

	gw_span_words(span, e->validity);
	gw_time_format(date, end);
	return gw_arena_strdup(arena, has_instants(e) ? date : span);
}

/* An end that somebody wrote must fit into each issuer's; a ready-made one is cut when it is made, but not to nothing. */
static void check_life(struct gw_check *c, const struct gw_template *t, const struct gw_entry *e)
{
	const struct gw_entry *above;
	bool written = gw_entry_end_is_fixed(e);
	int64_t begin, end, above_begin, limit;
	struct gw_finding *f;

	gw_entry_life(e, t->now, &begin, &end);
	for (above = e->issuer_entry; above != NULL; above = above->issuer_entry) {
		gw_entry_life(above, t->now, &above_begin, &limit);
		if (above->faulty || limit >= (written ? end : begin + 1))
			continue;
		/* Without a clock an instant and a span have nothing in common. */
		if (t->now == 0 && has_instants(e) != has_instants(above))
			continue;
		f = gw_entry_say(c, GWT_OUTLIVES_ISSUER, e,
				 e->not_after_given  ? "notAfter"
				 : e->validity_given ? "validity"
						     : "notBefore",
				 "\"%s\" would outlive its issuer", e->name);
		gw_finding_evidence(c->fs, f, "%s against the %s of \"%s\" (line %u)", life_words(c->arena, e, end),
				    life_words(c->arena, above, limit), above->name, above->node->key->line);
		gw_entry_relate(c, f, above, above->not_after_given ? "notAfter" : "validity", "the issuer's");
		say_shorter(c, f, e, above, limit);
		return;
	}
}

static bool lists(const struct gw_cert_plan *plan, const char *usage)
{
	size_t i;

	for (i = 0; i < plan->n_extended_key_usage; i++) {
		if (strcmp(plan->extended_key_usage[i], usage) == 0)
			return true;
	}
	return false;
}

/* A CA that lists extended key usages is good for those alone, and so is all below it: RFC 5280 does not say so, but every
 * implementation reads it that way. */
static void check_usage_above(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_entry *above;
	size_t i;

	for (above = e->issuer_entry; above != NULL; above = above->issuer_entry) {
		if (above->plan.n_extended_key_usage == 0 || lists(&above->plan, "anyExtendedKeyUsage"))
			continue;
		for (i = 0; i < e->plan.n_extended_key_usage; i++) {
			const char *usage = e->plan.extended_key_usage[i];
			struct gw_finding *f;

			if (lists(&above->plan, usage))
				continue;
			f = gw_entry_say(c, GWT_USAGE, e, "issuer",
					 "\"%s\" is for %s, which its CA \"%s\" is not good for", e->name, usage,
					 above->name);
			gw_finding_fix(c->fs, f,
				       "add %s to extendedKeyUsage of \"%s\" (line %u), or take that list out", usage,
				       above->name, above->node->key->line);
			return;
		}
	}
}

/* The two ends of one entry by themselves. */
static void check_instants(struct gw_check *c, const struct gw_template *t, struct gw_entry *e)
{
	const char *key = e->not_after_given ? "notAfter" : "notBefore";
	int64_t begin, end;

	gw_entry_life(e, t->now, &begin, &end);
	if (!has_instants(e) || e->given.cert != NULL || (t->now == 0 && !e->not_before_given))
		return;
	if (end <= begin)
		gw_entry_say(c, GWT_BAD_VALUE, e, key, "\"%s\" would end before it begins", e->name);
	else if (t->now != 0 && end <= t->now)
		gw_entry_say(c, GWT_BAD_VALUE, e, key, "\"%s\" would have expired already", e->name);
	else if (end > LAST_INSTANT)
		gw_entry_say(c, GWT_BAD_VALUE, e, key, "\"%s\" would end after the year 9999", e->name);
	else
		return;
	e->faulty = true;
}

static bool same_attr(const struct gw_name_attr *a, const struct gw_name_attr *b)
{
	return strcmp(a->type, b->type) == 0 && strcmp(a->value, b->value) == 0;
}

/* Subject and issuer the same means "root" to everybody who builds a chain (RFC 5280 3.2 calls it self-issued). */
static void check_other_subject(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_entry *issuer = e->issuer_entry;
	struct gw_finding *f;
	size_t i;

	if (issuer == NULL || issuer->faulty || e->plan.n_subject != issuer->plan.n_subject || e->plan.n_subject == 0)
		return;
	for (i = 0; i < e->plan.n_subject; i++) {
		if (!same_attr(&e->plan.subject[i], &issuer->plan.subject[i]))
			return;
	}
	f = gw_entry_say(c, GWT_SUBJECT, e, "subject", "\"%s\" has the same subject as its issuer \"%s\"", e->name,
			 issuer->name);
	gw_finding_fix(c->fs, f,
		       "give each its own commonName: a certificate that is its own issuer passes for a root");
}

struct named_ca {
	const char *subject;
	const struct gw_entry *entry;
	unsigned line;
};

static int compare_cas(const void *a, const void *b)
{
	const struct named_ca *x = a, *y = b;
	int order = strcmp(x->subject, y->subject);

	return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* Clients find an issuer by its name: of two CAs with one name, whose certificates are whose is left to luck. */
static void check_ca_subjects(struct gw_check *c, const struct gw_template *t)
{
	struct named_ca *cas = gw_arena_alloc(c->arena, (t->count + 1) * sizeof(*cas));
	const struct gw_entry *e;
	struct gw_finding *f;
	size_t n = 0, i;

	for (e = t->first; e != NULL; e = e->next) {
		if (e->plan.ca && !e->faulty && e->plan.n_subject > 0)
			cas[n++] = (struct named_ca){gw_subject_text(c->arena, &e->plan), e, e->node->line};
	}
	if (n > 1)
		qsort(cas, n, sizeof(*cas), compare_cas);
	for (i = 1; i < n; i++) {
		const struct gw_entry *first = cas[i - 1].entry, *later = cas[i].entry;

		/* An issuer and its child have been told so already. */
		if (strcmp(cas[i - 1].subject, cas[i].subject) != 0 || later->issuer_entry == first ||
		    first->issuer_entry == later)
			continue;
		f = gw_entry_say(c, GWT_SUBJECT, later, "subject",
				 "the CA \"%s\" has the same subject as the CA \"%s\" (line %u)", later->name,
				 first->name, first->node->key->line);
		gw_finding_fix(c->fs, f, "give each CA a commonName of its own: clients find an issuer by its name");
	}
}

void gw_template_sort(struct gw_template *t)
{
	struct gw_entry *e;
	size_t i = 0;

	t->by_name = gw_arena_alloc(&t->arena, (t->count + 1) * sizeof(*t->by_name));
	for (e = t->first; e != NULL; e = e->next)
		t->by_name[i++] = e;
	t->n_by_name = i;
	if (i > 0)
		qsort(t->by_name, t->count, sizeof(*t->by_name), compare_entries);
}

static void check_above(struct gw_check *c, const struct gw_template *t, struct gw_entry *e)
{
	if (!check_depth(c, e) || e->faulty)
		return;
	check_path_length(c, e);
	check_life(c, t, e);
	check_usage_above(c, e);
	gw_constraints_check(c, e);
	gw_signature_check(c, e);
	check_other_subject(c, e);
}

void gw_entry_links_check(struct gw_check *c, const struct gw_template *t, struct gw_entry *e)
{
	resolve_issuer(c, t, e);
	if (!e->faulty)
		check_instants(c, t, e);
	check_above(c, t, e);
}

void gw_links_check(struct gw_check *c, struct gw_template *t)
{
	struct gw_entry *e;
	unsigned number = 0;

	gw_template_sort(t);
	check_collisions(c, t);
	for (e = t->first; e != NULL; e = e->next)
		resolve_issuer(c, t, e);
	for (e = t->first; e != NULL; e = e->next)
		check_circle(c, e, ++number);
	for (e = t->first; e != NULL; e = e->next) {
		if (!e->faulty)
			check_instants(c, t, e);
	}
	for (e = t->first; e != NULL; e = e->next)
		check_above(c, t, e);
	check_ca_subjects(c, t);
	gw_serials_check(c, t);
}
