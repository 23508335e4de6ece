/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/path.h"

#include <stdlib.h>
#include <string.h>

#include "judge/constraints.h"

#define SIGNATURE_BITS 4096 /* of an RSA key whose check counts as one more */

enum signature { UNKNOWN, GOOD, BAD };

struct node {
	struct gw_parts *parts;
	bool anchor;
	bool weighed;
	size_t errors, warnings; /* as an issuer, whatever the path */
	bool looked;             /* issuers is filled */
	size_t *issuers;         /* the best first */
	size_t n_issuers;
};

struct gw_search {
	const struct gw_chain_request *request;
	struct gw_arena arena;
	struct node *nodes; /* the leaf is the first */
	size_t n_nodes;
	unsigned char *signatures; /* enum signature of [child * GW_PATH_NODES + issuer] */
	unsigned signatures_left, steps_left, judged_left, work_left;
	bool sound_only; /* first only what is sound by itself, then everything */
	bool full;       /* there are more certificates than nodes */
	bool exhausted, done;
	size_t stack[GW_PATH_MAX]; /* the path that is being built */
	size_t depth;
	size_t longest[GW_PATH_MAX], n_longest; /* the incomplete path that got furthest */
	struct gw_search_result *result;
	struct gw_err *err;
	enum gw_code code;
};

/* --- certificates ------------------------------------------------------------------------------------------------- */

/* The node of a certificate, made where there is none; GW_PATH_NODES where there is no more room. */
static size_t node_of(struct gw_search *s, X509 *cert)
{
	size_t i;

	for (i = 0; i < s->n_nodes; i++) {
		if (gw_cert_same(s->nodes[i].parts->cert, cert))
			return i;
	}
	if (s->n_nodes == GW_PATH_NODES) {
		s->exhausted = s->full = true;
		return GW_PATH_NODES;
	}
	s->nodes[s->n_nodes] = (struct node){.parts = gw_parts_new(cert, &s->arena)};
	return s->n_nodes++;
}

/* Makes nodes of those that have the name of a certificate's issuer; of a heap of thousands these are few. */
static void add_named(struct gw_search *s, const struct gw_certs *certs, const X509 *child)
{
	size_t i;

	for (i = 0; certs != NULL && i < certs->count && !s->full; i++) {
		if (gw_cert_names_issuer(child, certs->items[i]))
			node_of(s, certs->items[i]);
	}
}

/* Makes nodes of the anchors that have a name. */
static void add_anchors(struct gw_search *s, const X509_NAME *name)
{
	GW_CERTS_AUTO struct gw_certs found = {0};
	size_t i;

	gw_trust_find(s->request->trust, name, &found);
	for (i = 0; i < found.count; i++) {
		size_t n = node_of(s, found.items[i]);

		if (n < GW_PATH_NODES)
			s->nodes[n].anchor = true;
	}
}

struct gw_search *gw_search_new(const struct gw_chain_request *request)
{
	struct gw_search *s = gw_zalloc(sizeof(*s));

	s->request = request;
	s->nodes = gw_zalloc(GW_PATH_NODES * sizeof(*s->nodes));
	s->signatures = gw_zalloc((size_t)GW_PATH_NODES * GW_PATH_NODES);
	s->work_left = GW_CONSTRAINT_WORK;
	node_of(s, request->presented->items[0]);
	/* A leaf that is trusted itself is a path of one. */
	add_anchors(s, gw_cert_subject(request->presented->items[0]));
	return s;
}

void gw_search_free(struct gw_search *s)
{
	size_t i;

	for (i = 0; i < s->n_nodes; i++) {
		gw_parts_free(s->nodes[i].parts);
		free(s->nodes[i].issuers);
	}
	free(s->nodes);
	free(s->signatures);
	gw_arena_release(&s->arena);
	free(s);
}

/* --- issuers ------------------------------------------------------------------------------------------------------ */

/* Counts what is wrong with a certificate as an issuer, wherever it stands. */
static void weigh(struct gw_search *s, struct node *node)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const struct gw_judged j = {.fs = &fs,
				    .where = s->request->where,
				    .parts = node->parts,
				    .words = "",
				    .role = node->anchor ? GW_ROLE_ANCHOR : GW_ROLE_CA,
				    .purpose = s->request->purpose,
				    .at = s->request->at};

	if (node->weighed)
		return;
	node->weighed = true;
	gw_judge_profile(&j);
	gw_judge_use(&j);
	gw_judge_web(&j);
	gw_judge_window(node->parts->cert, "", GW_ERROR, j.at, j.where, &fs);
	node->errors = fs.by_severity[GW_ERROR];
	node->warnings = fs.by_severity[GW_WARNING];
}

static bool is_sound(const struct gw_search *s, const struct node *node)
{
	return node->errors == 0 && (!s->request->strict || node->warnings == 0);
}

/* The key identifiers say the same, or do not both say anything. */
static bool ids_agree(const struct gw_parts *cert, const struct gw_parts *issuer)
{
	const char *asked = cert->facts.authority_key_id, *own = issuer->facts.subject_key_id;

	return asked == NULL || own == NULL || strcmp(asked, own) == 0;
}

static unsigned rank(const struct gw_search *s, const struct node *child, const struct node *issuer)
{
	return (is_sound(s, issuer) ? 4U : 0U) + (ids_agree(child->parts, issuer->parts) ? 2U : 0U) +
	       (issuer->anchor ? 1U : 0U);
}

/* Puts a candidate behind those that are as good. */
static void insert(const struct gw_search *s, struct node *child, size_t candidate)
{
	size_t at = child->n_issuers++;

	while (at > 0 && rank(s, child, &s->nodes[child->issuers[at - 1]]) < rank(s, child, &s->nodes[candidate])) {
		child->issuers[at] = child->issuers[at - 1];
		at--;
	}
	child->issuers[at] = candidate;
}

/* Finds, once, whoever has the name of a certificate's issuer. */
static void look_up(struct gw_search *s, size_t n)
{
	struct node *child = &s->nodes[n];
	size_t i;

	if (child->looked)
		return;
	child->looked = true;
	add_anchors(s, gw_cert_issuer(child->parts->cert));
	add_named(s, s->request->presented, child->parts->cert);
	add_named(s, s->request->more, child->parts->cert);
	child->issuers = gw_realloc_array(NULL, s->n_nodes, sizeof(*child->issuers));
	for (i = 0; i < s->n_nodes; i++) {
		if (i == n || !gw_cert_names_issuer(child->parts->cert, s->nodes[i].parts->cert))
			continue;
		weigh(s, &s->nodes[i]);
		insert(s, child, i);
	}
}

static bool pay(unsigned *left, unsigned cost, bool *exhausted)
{
	if (*left < cost) {
		*exhausted = true;
		return false;
	}
	*left -= cost;
	return true;
}

static bool has_signed(struct gw_search *s, size_t child, size_t issuer)
{
	unsigned char *known = &s->signatures[child * GW_PATH_NODES + issuer];
	const struct gw_parts *p = s->nodes[issuer].parts;
	unsigned times = p->key_bits / SIGNATURE_BITS;

	if (*known == UNKNOWN) {
		if (!pay(&s->signatures_left, 1 + times * times, &s->exhausted))
			return false;
		*known = gw_cert_signed_by(s->nodes[child].parts->cert, gw_cert_key(p->cert)) ? GOOD : BAD;
	}
	return *known == GOOD;
}

/* --- the path that is being built --------------------------------------------------------------------------------- */

/* A CA that is on the path already, perhaps in another certificate, would lead round in a circle. */
static bool is_on_path(const struct gw_search *s, size_t candidate)
{
	size_t i;

	for (i = 0; i < s->depth; i++) {
		if (s->stack[i] == candidate ||
		    gw_parts_same_entity(s->nodes[s->stack[i]].parts, s->nodes[candidate].parts))
			return true;
	}
	return false;
}

/* Whether a candidate may stand at the end of the path by what it says of those below it. */
static bool allows_below(struct gw_search *s, const struct gw_parts *ca)
{
	GW_ARENA_AUTO struct gw_arena scratch = {0};
	size_t i, cas = 0;

	for (i = 0; i < s->depth; i++) {
		const struct gw_parts *below = s->nodes[s->stack[i]].parts;
		bool exempt = i > 0 && below->self_issued;

		if (exempt)
			continue;
		cas += i > 0;
		if (gw_constraints_breach(ca, below, &s->work_left, &scratch).kind != GW_BREACH_NONE)
			return false;
	}
	return ca->facts.path_length < 0 || cas <= (size_t)ca->facts.path_length;
}

static bool is_worth_it(struct gw_search *s, size_t candidate)
{
	const struct node *child = &s->nodes[s->stack[s->depth - 1]], *node = &s->nodes[candidate];

	return !s->sound_only ||
	       (is_sound(s, node) && ids_agree(child->parts, node->parts) && allows_below(s, node->parts));
}

static struct gw_path path_of(const struct gw_search *s, const size_t *stack, size_t n, bool complete)
{
	struct gw_path path = {.count = n, .complete = complete};
	size_t i;

	for (i = 0; i < n; i++)
		path.items[i] = s->nodes[stack[i]].parts;
	return path;
}

static bool is_better(const struct gw_findings *a, const struct gw_findings *b)
{
	if (a->by_severity[GW_ERROR] != b->by_severity[GW_ERROR])
		return a->by_severity[GW_ERROR] < b->by_severity[GW_ERROR];
	return a->by_severity[GW_WARNING] < b->by_severity[GW_WARNING];
}

/* Judges the path that has reached an anchor, and keeps it if it is the best so far. */
static void judge(struct gw_search *s)
{
	struct gw_path path = path_of(s, s->stack, s->depth, true);
	struct gw_findings fs = {0};

	if (!pay(&s->judged_left, 1, &s->exhausted))
		return;
	s->code = gw_judge_whole_path(s->request, &path, &s->work_left, &fs, s->err);
	if (s->code != GW_OK) {
		gw_findings_release(&fs);
		s->done = true;
		return;
	}
	s->done = fs.by_severity[GW_ERROR] == 0 && (!s->request->strict || fs.by_severity[GW_WARNING] == 0);
	if (s->result->path.complete && !is_better(&fs, &s->result->findings)) {
		gw_findings_release(&fs);
		return;
	}
	gw_findings_release(&s->result->findings);
	s->result->findings = fs;
	s->result->path = path;
}

static void keep_longest(struct gw_search *s)
{
	if (s->depth <= s->n_longest)
		return;
	memcpy(s->longest, s->stack, s->depth * sizeof(s->stack[0]));
	s->n_longest = s->depth;
}

static void extend(struct gw_search *s);

static void try_issuer(struct gw_search *s, size_t candidate)
{
	size_t child = s->stack[s->depth - 1];

	if (is_on_path(s, candidate) || !is_worth_it(s, candidate) || !has_signed(s, child, candidate) ||
	    !pay(&s->steps_left, 1, &s->exhausted))
		return;
	if (s->depth == GW_PATH_MAX) {
		s->exhausted = true;
		return;
	}
	s->stack[s->depth++] = candidate;
	extend(s);
	s->depth--;
}

/* Goes on from the last certificate of the path in every way that there is. */
static void extend(struct gw_search *s)
{
	size_t tip = s->stack[s->depth - 1], i;

	keep_longest(s);
	if (s->nodes[tip].anchor) {
		judge(s);
		return;
	}
	look_up(s, tip);
	for (i = 0; i < s->nodes[tip].n_issuers && !s->done; i++) {
		if (s->steps_left == 0 || s->signatures_left == 0 || s->judged_left == 0) {
			s->exhausted = true;
			return;
		}
		try_issuer(s, s->nodes[tip].issuers[i]);
	}
}

/* Whether the last one of an incomplete path has an issuer by name and key identifier that did not sign it. */
static bool has_bad_signature(const struct gw_search *s)
{
	size_t last = s->longest[s->n_longest - 1], i;
	const struct node *child = &s->nodes[last];

	for (i = 0; i < child->n_issuers; i++) {
		size_t issuer = child->issuers[i];

		if (s->signatures[last * GW_PATH_NODES + issuer] == BAD &&
		    ids_agree(child->parts, s->nodes[issuer].parts))
			return true;
	}
	return false;
}

enum gw_code gw_search_run(struct gw_search *s, struct gw_search_result *result, struct gw_err *err)
{
	*result = (struct gw_search_result){0};
	s->result = result;
	s->err = err;
	s->depth = 1;
	for (s->sound_only = true;; s->sound_only = false) {
		s->exhausted = s->full;
		s->signatures_left = GW_PATH_SIGNATURES;
		s->steps_left = GW_PATH_STEPS;
		s->judged_left = GW_PATH_JUDGED;
		extend(s);
		if (s->done || !s->sound_only)
			break;
	}
	result->exhausted = s->exhausted && !s->done;
	if (s->code != GW_OK) {
		gw_findings_release(&result->findings);
		return s->code;
	}
	if (!result->path.complete) {
		result->path = path_of(s, s->longest, s->n_longest, false);
		result->bad_signature = has_bad_signature(s);
		return gw_judge_whole_path(s->request, &result->path, &s->work_left, &result->findings, err);
	}
	return GW_OK;
}
