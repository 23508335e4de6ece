/* SPDX-License-Identifier: Apache-2.0 */
/* References: who uses what, what is there, and who may refer across namespaces. */
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"

/* --- uses --------------------------------------------------------------------------------------------------------- */

static uint64_t hash_name(const char *group, const char *kind, const char *namespace_, const char *name)
{
	uint64_t hash = gw_hash_text(gw_hash_text(GW_HASH_START, group), kind);

	return gw_hash_text(gw_hash_text(hash, namespace_), name);
}

static bool same_use(const void *item, const void *wanted)
{
	const struct lint_use *u = item, *w = wanted;

	return strcmp(u->name, w->name) == 0 && strcmp(u->kind, w->kind) == 0 && strcmp(u->group, w->group) == 0 &&
	       strcmp(u->namespace_, w->namespace_) == 0;
}

struct lint_use *lint_use(struct gw_lint *l, const char *group, const char *kind, const char *namespace_,
			  const char *name)
{
	const struct lint_use wanted = {
		.group = group, .kind = kind, .namespace_ = namespace_, .name = name != NULL ? name : ""};
	uint64_t hash = hash_name(group, kind, namespace_, wanted.name);
	struct lint_use *use = gw_index_find(&l->uses, hash, same_use, &wanted);

	if (use != NULL)
		return use;
	use = GW_ARENA_NEW(&l->arena, struct lint_use);
	*use = wanted;
	gw_index_add(&l->uses, hash, use);
	return use;
}

struct lint_use *lint_use_of(struct gw_lint *l, const struct gw_object *o)
{
	return lint_use(l, o->group, o->kind_text, o->namespace_, o->name);
}

const struct gw_object *lint_target(const struct gw_lint *l, const struct gw_ref *ref)
{
	if (ref->name == NULL)
		return NULL;
	return gw_objects_find(&l->objects, ref->group, ref->kind, ref->namespace_, ref->name);
}

void lint_missing_ref(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule, const struct gw_ref *ref,
		      const char *path)
{
	struct gw_finding *f;

	if (ref->name == NULL)
		return;
	f = lint_find_as(l, o, rule, lint_missing(l), gw_node_get(ref->node, "name"), path,
			 "%s is not among the manifests given", gw_ref_words(&l->arena, ref));
	lint_fix(l, f, "give it too, or check its name and namespace in the cluster: kubectl get %s -n %s %s",
		 ref->kind, ref->namespace_, ref->name);
}

/* --- certificates that were read ---------------------------------------------------------------------------------- */

static bool is_of(const void *item, const void *wanted)
{
	return ((const struct lint_certs *)item)->object == wanted;
}

const struct gw_certs *lint_certs_of(const struct gw_lint *l, const struct gw_object *o)
{
	const struct lint_certs *c = gw_index_find(&l->certs_at, gw_hash_number(GW_HASH_START, (uintptr_t)o), is_of, o);

	return c != NULL ? &c->certs : NULL;
}

void lint_keep_certs(struct gw_lint *l, const struct gw_object *o, struct gw_certs *certs)
{
	struct lint_certs *c = GW_ARENA_NEW(&l->arena, struct lint_certs);

	c->object = o;
	c->certs = *certs;
	*certs = (struct gw_certs){0};
	gw_index_add(&l->certs_at, gw_hash_number(GW_HASH_START, (uintptr_t)o), c);
}

/* --- grants ------------------------------------------------------------------------------------------------------- */

/* What a grant allows, as far as it can be looked up: who refers, to what; "" for any name. */
struct permit {
	const char *kind, *from, *to_kind, *to_namespace, *name;
};

static uint64_t hash_permit(const struct permit *p)
{
	return gw_hash_text(hash_name(p->kind, p->from, p->to_kind, p->to_namespace), p->name);
}

static const char *text_of(const struct gw_node *map, const char *key)
{
	const char *text = gw_node_text(gw_node_get(map, key));

	return text != NULL ? text : "";
}

static const struct gw_node *items_of(const struct gw_node *list)
{
	return list != NULL && list->kind == GW_LIST ? list->first : NULL;
}

void lint_collect_grant(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *from, *to, *tos = items_of(gw_node_get(o->spec, "to"));
	size_t n = 0;

	/* A grant has at most 16 of each; what goes past that is a finding of its own. */
	for (from = items_of(gw_node_get(o->spec, "from")); from != NULL && n < 256; from = from->next) {
		for (to = tos; to != NULL && n < 256; to = to->next, n++) {
			const struct permit p = {text_of(from, "kind"), text_of(from, "namespace"), text_of(to, "kind"),
						 o->namespace_, text_of(to, "name")};

			gw_index_add(&l->grants, hash_permit(&p), (void *)(uintptr_t)o);
		}
	}
}

struct question {
	const char *kind, *namespace_;
	const struct gw_ref *to;
};

static bool allows(const void *item, const void *wanted)
{
	const struct question *q = wanted;

	return gw_grant_allows(item, GW_GROUP_GATEWAY, q->kind, q->namespace_, q->to);
}

bool lint_granted(const struct gw_lint *l, const char *kind, const char *namespace_, const struct gw_ref *to)
{
	const struct question q = {kind, namespace_, to};
	struct permit p = {kind, namespace_, to->kind, to->namespace_, ""};

	if (gw_index_find(&l->grants, hash_permit(&p), allows, &q) != NULL)
		return true;
	p.name = to->name != NULL ? to->name : "";
	return gw_index_find(&l->grants, hash_permit(&p), allows, &q) != NULL;
}

/* Where the target is given and no grant is, that is an error; else grants may be in the cluster, and a live object tells by
 * its own status. */
static enum gw_severity no_grant(const struct gw_lint *l, const struct gw_object *o, const struct gw_ref *ref)
{
	if (l->conf.complete || (lint_target(l, ref) != NULL && !o->live))
		return GW_ERROR;
	return o->live && l->grants.count == 0 ? GW_NOTE : GW_WARNING;
}

/* Whether a reference stays in its namespace or is allowed to leave it; else says so. */
bool lint_cross_namespace(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *ref, const char *path)
{
	struct gw_finding *f;

	if (ref->name == NULL || strcmp(ref->namespace_, o->namespace_) == 0 ||
	    lint_granted(l, o->kind_text, o->namespace_, ref))
		return true;
	f = lint_find_as(l, o, GWK_NO_GRANT, no_grant(l, o, ref), gw_node_get(ref->node, "namespace"), path,
			 "%s is in another namespace, and no ReferenceGrant there lets a %s of \"%s\" refer to it",
			 gw_ref_words(&l->arena, ref), o->kind_text, o->namespace_);
	lint_fix(
		l, f,
		"put a ReferenceGrant into the namespace \"%s\": from {group: %s, kind: %s, namespace: %s}, to {group: "
		"\"%s\", kind: %s}; or move the %s",
		ref->namespace_, GW_GROUP_GATEWAY, o->kind_text, o->namespace_, ref->group, ref->kind, ref->kind);
	return false;
}

/* --- what a grant says by itself ---------------------------------------------------------------------------------- */

static const char *const referrers[] = {"Gateway",  "HTTPRoute",   "GRPCRoute",    "TLSRoute", "TCPRoute",
					"UDPRoute", "ListenerSet", "XListenerSet", NULL};
static const char *const core_kinds[] = {"Secret", "ConfigMap", "Service", NULL};

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, text) == 0)
			return true;
	}
	return false;
}

/* The schema takes any word as a kind, and a grant for one that is not there allows nothing, without a word. */
static void misspelt(struct gw_lint *l, const struct gw_object *o, const struct gw_node *kind, const char *path,
		     const char *const *words)
{
	const char *text = gw_node_text(kind), *near;
	struct gw_finding *f;

	if (text == NULL || is_one_of(text, words))
		return;
	near = gw_nearest_of(text, words);
	if (near == NULL)
		return;
	f = lint_find(l, o, GWK_WRONG_GRANT, kind, path, "there is no kind %s, so this allows nothing", text);
	lint_fix(l, f, "did you mean %s?", near);
}

static void grant_from(struct gw_lint *l, const struct gw_object *o, const struct gw_node *from, const char *path)
{
	const char *group = text_of(from, "group"), *kind = text_of(from, "kind");
	const struct gw_node *namespace_ = gw_node_get(from, "namespace");
	struct gw_finding *f;

	if (is_one_of(kind, core_kinds)) {
		f = lint_find(l, o, GWK_WRONG_GRANT, gw_node_get(from, "kind"), path,
			      "a %s refers to nothing: `from` names who refers, `to` what is referred to", kind);
		lint_fix(l, f, "exchange them: from a Gateway or HTTPRoute, to a Secret, ConfigMap or Service");
	} else if (is_one_of(kind, referrers) && strcmp(group, GW_GROUP_GATEWAY) != 0) {
		f = lint_find(l, o, GWK_WRONG_GRANT, gw_node_get(from, "group"), path,
			      "the kind %s is of group %s, not \"%s\", so this allows nothing", kind, GW_GROUP_GATEWAY,
			      group);
		lint_fix(l, f, "write group: %s", GW_GROUP_GATEWAY);
	} else if (strcmp(group, GW_GROUP_GATEWAY) == 0) {
		misspelt(l, o, gw_node_get(from, "kind"), path, referrers);
	}
	if (gw_node_text(namespace_) != NULL && strcmp(namespace_->text, o->namespace_) == 0 && o->named_namespace) {
		f = lint_find(l, o, GWK_WRONG_GRANT, namespace_, path,
			      "the grant stands in \"%s\", the namespace that the references come from; it counts only "
			      "in the namespace of what they refer to",
			      o->namespace_);
		lint_fix(l, f, "move it to the namespace of the Secret, ConfigMap or Service");
	}
}

static void grant_to(struct gw_lint *l, const struct gw_object *o, const struct gw_node *to, const char *path)
{
	const char *group = text_of(to, "group"), *kind = text_of(to, "kind");
	struct gw_finding *f;

	if (is_one_of(kind, core_kinds) && *group != '\0') {
		f = lint_find(l, o, GWK_WRONG_GRANT, gw_node_get(to, "group"), path,
			      "the kind %s is of the core group, which is written \"\", not \"%s\"", kind, group);
		lint_fix(l, f, "write group: \"\"");
	} else if (is_one_of(kind, referrers)) {
		f = lint_find(l, o, GWK_WRONG_GRANT, gw_node_get(to, "kind"), path,
			      "a grant to refer to a %s allows nothing that certificates need", kind);
		lint_fix(l, f, "`to` names what is referred to: a Secret, ConfigMap or Service");
	} else if (*group == '\0') {
		misspelt(l, o, gw_node_get(to, "kind"), path, core_kinds);
	}
}

void lint_grant(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *item;
	size_t i;

	for (item = items_of(gw_node_get(o->spec, "from")), i = 0; item != NULL; item = item->next, i++)
		grant_from(l, o, item, lint_format(l, "spec.from[%zu]", i));
	for (item = items_of(gw_node_get(o->spec, "to")), i = 0; item != NULL; item = item->next, i++)
		grant_to(l, o, item, lint_format(l, "spec.to[%zu]", i));
}
