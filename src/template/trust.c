/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rules/targets.h"
#include "template/publish.h"

/* What a TrustConfig takes (Certificate Manager, quotas, 2026-04-08), and a BackendTLSPolicy or the front end of a
 * Gateway of ConfigMaps. */
#define STORE_MAX         200
#define INTERMEDIATES_MAX 100
#define ALLOWLIST_MAX     500
#define DEPTH_MAX         10 /* the root and the leaf included */
#define CA_REFS_MAX       8
#define K8S_NAME_MAX      253

/* One list of a trust, for messages. */
struct list {
	const struct gw_trust *trust;
	const char *key;
	const struct gw_refs *refs;
};

static struct gw_finding *say_ref(struct gw_check *c, enum gw_rule_name rule, const struct list *list, size_t i,
				  const char *what)
{
	const struct gw_keypath top = {.name = "trust"}, own = {.up = &top, .name = list->trust->name},
				at = {.up = &own, .name = list->key}, path = {.up = &at, .index = i};

	return gw_check_say(c, rule, list->refs->items[i].node, &path, "%s", what);
}

static struct gw_finding *say_key(struct gw_check *c, enum gw_rule_name rule, const struct gw_trust *trust,
				  const char *key, const char *what)
{
	const struct gw_node *value = key != NULL ? gw_node_get(trust->node, key) : NULL;
	const struct gw_keypath top = {.name = "trust"}, own = {.up = &top, .name = trust->name};
	const struct gw_keypath path = {.up = &own, .name = key};

	return gw_check_say(c, rule, value != NULL ? value->key : trust->node->key, value != NULL ? &path : &own, "%s",
			    what);
}

/* --- references --------------------------------------------------------------------------------------------------- */

void gw_ref_resolve(struct gw_check *c, const struct gw_template *t, struct gw_ref *ref, const struct gw_keypath *path)
{
	struct gw_finding *f;
	const char *near;

	ref->entry = gw_template_find(t, ref->name);
	if (ref->entry != NULL)
		return;
	f = gw_check_say(c, GWT_UNKNOWN_ENTRY, ref->node, path, "there is no entry \"%s\" in certificates", ref->name);
	near = c->fs->count <= GW_SUGGESTIONS_MAX ? gw_template_nearest(t, ref->name) : NULL;
	if (near != NULL)
		gw_finding_fix(c->fs, f, "did you mean \"%s\"?", near);
	else
		gw_finding_fix(c->fs, f, "write the name of an entry of certificates");
}

static void resolve_list(struct gw_check *c, const struct gw_template *t, const struct list *list)
{
	const struct gw_keypath top = {.name = "trust"}, own = {.up = &top, .name = list->trust->name};
	const struct gw_keypath key = {.up = &own, .name = list->key};
	size_t i, j;

	for (i = 0; i < list->refs->count; i++) {
		const struct gw_keypath path = {.up = &key, .index = i};
		struct gw_ref *ref = &list->refs->items[i];

		gw_ref_resolve(c, t, ref, &path);
		for (j = 0; j < i && strcmp(list->refs->items[j].name, ref->name) != 0; j++)
			;
		if (j < i)
			gw_check_say(c, GWT_TWICE, ref->node, &path, "\"%s\" is in \"%s\" twice", ref->name, list->key);
	}
}

/* --- places of trust ---------------------------------------------------------------------------------------------- */

static bool usable(const struct gw_ref *ref)
{
	return ref->entry != NULL && !ref->entry->faulty;
}

static bool no_ca(struct gw_check *c, const struct list *list, size_t i)
{
	const struct gw_ref *ref = &list->refs->items[i];
	struct gw_finding *f;

	if (ref->entry->plan.ca)
		return false;
	f = say_ref(c, GWT_TRUST_PLACE, list, i,
		    gw_arena_printf(c->arena, "\"%s\" is no CA, so nothing leads to it", ref->name));
	gw_finding_fix(c->fs, f, "name a CA%s, or put it into allowlist",
		       ref->entry->issuer_entry != NULL
			       ? gw_arena_printf(c->arena, " such as \"%s\"", ref->entry->issuer_entry->name)
			       : "");
	return true;
}

static void check_anchors(struct gw_check *c, const struct list *list)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < list->refs->count; i++) {
		const struct gw_ref *ref = &list->refs->items[i];

		if (!usable(ref) || no_ca(c, list, i) || ref->entry->self_signed)
			continue;
		f = say_ref(c, GWT_ANCHOR_NO_ROOT, list, i,
			    gw_arena_printf(c->arena, "\"%s\" is no root: it is signed by %s", ref->name,
					    ref->entry->issuer != NULL ? ref->entry->issuer : "a CA from outside"));
		gw_finding_fix(c->fs, f, "name its root as the anchor, and \"%s\" in intermediates", ref->name);
	}
}

static bool is_in(const struct gw_refs *refs, const struct gw_entry *e)
{
	size_t i;

	for (i = 0; i < refs->count; i++) {
		if (refs->items[i].entry == e)
			return true;
	}
	return false;
}

/* Whether an anchor stands above an entry; *depth becomes how many certificates there are from the anchor to a leaf below
 * the entry. */
static bool leads_up(const struct gw_trust *trust, const struct gw_entry *e, size_t *depth)
{
	size_t n = 2;

	for (; e != NULL && !is_in(&trust->anchors, e); e = e->issuer_entry)
		n++;
	*depth = n;
	return e != NULL;
}

static void check_intermediates(struct gw_check *c, const struct list *list)
{
	struct gw_finding *f;
	size_t i, depth;

	for (i = 0; i < list->refs->count; i++) {
		const struct gw_ref *ref = &list->refs->items[i];

		if (!usable(ref) || no_ca(c, list, i))
			continue;
		if (is_in(&list->trust->anchors, ref->entry)) {
			f = say_ref(c, GWT_TRUST_PLACE, list, i,
				    gw_arena_printf(c->arena, "\"%s\" is in anchors as well", ref->name));
			gw_finding_fix(c->fs, f, "leave it out here: an anchor needs nothing that leads to it");
		} else if (ref->entry->self_signed) {
			f = say_ref(c, GWT_TRUST_PLACE, list, i,
				    gw_arena_printf(c->arena, "\"%s\" is a root, and a root leads to no other anchor",
						    ref->name));
			gw_finding_fix(c->fs, f, "put it into anchors");
		} else if (!leads_up(list->trust, ref->entry, &depth)) {
			f = say_ref(c, GWT_NO_PATH, list, i,
				    gw_arena_printf(c->arena, "no anchor of \"%s\" stands above \"%s\"",
						    list->trust->name, ref->name));
			gw_finding_fix(c->fs, f, "add its root to anchors, or leave it out");
		} else if (depth > DEPTH_MAX) {
			say_ref(c, GWT_TARGET_LIMIT, list, i,
				gw_arena_printf(c->arena,
						"a chain by way of \"%s\" has %zu certificates; %d are followed",
						ref->name, depth, DEPTH_MAX));
		}
	}
}

/* --- what the targets take ---------------------------------------------------------------------------------------- */

static void check_count(struct gw_check *c, const struct gw_trust *trust, const char *key, size_t count, size_t max,
			const char *what)
{
	if (count > max)
		say_key(c, GWT_TARGET_LIMIT, trust, key,
			gw_arena_printf(c->arena, "%zu %s are more than the %zu that %s", count, what, max,
					max == CA_REFS_MAX ? "one policy can name" : "a TrustConfig takes"));
}

static void check_keys(struct gw_check *c, const struct list *list)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < list->refs->count; i++) {
		const struct gw_ref *ref = &list->refs->items[i];

		if (!usable(ref) ||
		    gw_target_takes_key(&gw_targets[GW_TARGET_GKE_GLOBAL], gw_key_type_word(ref->entry->key_type)))
			continue;
		f = say_ref(c, GWT_TRUST_PLACE, list, i,
			    gw_arena_printf(c->arena, "\"%s\" has a key of the kind %s, which no TrustConfig takes",
					    ref->name, gw_key_type_word(ref->entry->key_type)));
		gw_finding_fix(c->fs, f, "use ec-p256, ec-p384, rsa-2048, rsa-3072 or rsa-4096");
	}
}

static void check_trust_config(struct gw_check *c, const struct gw_trust *trust, const struct list *anchors,
			       const struct list *intermediates)
{
	if (gw_publish_of(trust->publish, GW_PUBLISH_TRUST_CONFIG) == NULL)
		return;
	check_keys(c, anchors);
	check_keys(c, intermediates);
	check_count(c, trust, "intermediates", trust->intermediates.count, INTERMEDIATES_MAX, "intermediates");
	check_count(c, trust, "anchors", trust->anchors.count + trust->intermediates.count, STORE_MAX,
		    "anchors and intermediates");
	check_count(c, trust, "allowlist", trust->allowlist.count, ALLOWLIST_MAX, "allowlisted certificates");
}

/* A Gateway reads one certificate of a ConfigMap, and lets no other tell it more. */
static void check_config_maps(struct gw_check *c, const struct gw_trust *trust)
{
	const struct gw_publish *one = gw_publish_of(trust->publish, GW_PUBLISH_CONFIG_MAP);
	const struct gw_publish *many = gw_publish_of(trust->publish, GW_PUBLISH_CONFIG_MAPS);
	const struct gw_owner owner = {"trust", trust->name};
	struct gw_finding *f;

	if (one != NULL && trust->anchors.count != 1) {
		f = gw_publish_say(c, GWT_ONE_CERTIFICATE, &owner, one, NULL,
				   "a ConfigMap holds one certificate, and \"%s\" has %zu anchors", trust->name,
				   trust->anchors.count);
		gw_finding_fix(c->fs, f, "write configMaps: it makes one for each anchor, NAME, NAME-2, NAME-3");
	} else if (many != NULL && trust->anchors.count == 0) {
		f = gw_publish_say(c, GWT_ONE_CERTIFICATE, &owner, many, NULL,
				   "ConfigMaps hold anchors, and \"%s\" has none", trust->name);
		gw_finding_fix(c->fs, f, "add anchors, or publish a trustConfig");
	}
	if (many != NULL)
		check_count(c, trust, "anchors", trust->anchors.count, CA_REFS_MAX, "ConfigMaps");
	if (many != NULL && many->name != NULL && trust->anchors.count > 1 && strlen(many->name) + 4 > K8S_NAME_MAX)
		gw_publish_say(c, GWT_K8S_NAME, &owner, many, "name",
			       "the name leaves no room for the number that tells the ConfigMaps apart");
}

static void check_trust(struct gw_check *c, const struct gw_template *t, struct gw_trust *trust)
{
	const struct list anchors = {trust, "anchors", &trust->anchors},
			  intermediates = {trust, "intermediates", &trust->intermediates},
			  allowlist = {trust, "allowlist", &trust->allowlist};
	struct gw_finding *f;

	resolve_list(c, t, &anchors);
	resolve_list(c, t, &intermediates);
	resolve_list(c, t, &allowlist);
	if (trust->faulty)
		return;
	if (trust->anchors.count == 0 && (trust->allowlist.count == 0 || trust->intermediates.count > 0)) {
		f = say_key(c, GWT_MISSING_KEY, trust, NULL,
			    gw_arena_printf(c->arena, "\"%s\" trusts nothing: it has no anchors", trust->name));
		gw_finding_fix(c->fs, f, "add anchors: [NAME], with a root of certificates");
		return;
	}
	check_anchors(c, &anchors);
	check_intermediates(c, &intermediates);
	check_trust_config(c, trust, &anchors, &intermediates);
	check_config_maps(c, trust);
}

void gw_trust_check(struct gw_check *c, struct gw_template *t)
{
	struct gw_trust *trust;

	for (trust = t->trust; trust != NULL; trust = trust->next)
		check_trust(c, t, trust);
}
