/* SPDX-License-Identifier: Apache-2.0 */
#include "template/publish.h"
#include "template/each_row.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "rules/names.h"
#include "rules/targets.h"

#define ANNOTATIONS_MAX     262144 /* octets of keys and values of one object: API server, TotalAnnotationSizeLimitB */
#define MAP_ENTRY_CERTS_MAX 4      /* certificates of one entry of a map */
#define SAMPLE_MAX          3      /* names that a message lists */

struct gw_finding *gw_publish_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_owner *owner,
				  const struct gw_publish *p, const char *key, const char *fmt, ...)
{
	const struct gw_keypath top = {.name = owner->section}, own = {.up = &top, .name = owner->name},
				list = {.up = &own, .name = "publish"}, item = {.up = &list, .index = p->index},
				place = {.up = &item, .name = p->node->key->text}, path = {.up = &place, .name = key};
	const struct gw_node *value = key != NULL ? gw_node_get(p->node, key) : NULL;
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	return gw_check_say(c, rule, value != NULL ? value : p->node->key, value != NULL ? &path : &place, "%s", what);
}

bool gw_entry_covers(const struct gw_entry *e, const char *host)
{
	size_t i;

	for (i = 0; i < e->plan.n_sans; i++) {
		if (e->plan.sans[i].type == GW_SAN_DNS && gw_name_covers(e->plan.sans[i].value, host))
			return true;
	}
	return false;
}

/* --- one place ---------------------------------------------------------------------------------------------------- */

static void check_annotations(struct gw_check *c, const struct gw_owner *owner, const struct gw_publish *p)
{
	size_t i, size = 0;

	for (i = 0; i < p->annotations.count; i++)
		size += strlen(p->annotations.items[i].name) + strlen(p->annotations.items[i].value);
	if (size > ANNOTATIONS_MAX)
		gw_publish_say(c, GWT_TARGET_LIMIT, owner, p, "annotations",
			       "the annotations have %zu octets; Kubernetes takes %d", size, ANNOTATIONS_MAX);
}

static void check_region(struct gw_check *c, const struct gw_owner *owner, const struct gw_publish *p)
{
	struct gw_finding *f;

	/* What is no region at all has been said. */
	if (gw_name_location(p->location) != NULL || gw_region_known(p->location))
		return;
	f = gw_publish_say(c, GWT_REGION, owner, p, "location", "there was no region \"%s\" when gwcert was made",
			   p->location);
	gw_check_did_you_mean(c, f, p->location, gw_regions);
}

/* A few of the names of an entry, for a message. */
static const char *names_of(struct gw_check *c, const struct gw_entry *e)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);
	size_t i, n = 0;

	for (i = 0; i < e->plan.n_sans && n <= SAMPLE_MAX; i++) {
		if (e->plan.sans[i].type == GW_SAN_DNS && ++n <= SAMPLE_MAX)
			gw_buf_printf(&text, "%s%s", n == 1 ? "" : ", ", e->plan.sans[i].value);
	}
	if (n > SAMPLE_MAX)
		gw_buf_str_add(&text, " and more");
	return gw_arena_strdup(c->arena, n == 0 ? "no DNS name" : gw_buf_str(&text));
}

static void check_hostnames(struct gw_check *c, const struct gw_entry *e, const struct gw_publish *p)
{
	const struct gw_node *list = gw_node_get(gw_node_get(p->node, "map"), "hostnames"), *item, *other;
	const struct gw_owner owner = {"certificates", e->name};
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name},
				publish = {.up = &own, .name = "publish"}, at = {.up = &publish, .index = p->index},
				place = {.up = &at, .name = p->node->key->text}, map = {.up = &place, .name = "map"},
				hostnames = {.up = &map, .name = "hostnames"};
	struct gw_finding *f;
	size_t i = 0;

	if (p->map.hostnames.count == 0 && p->map.matcher == NULL) {
		f = gw_publish_say(c, GWT_MISSING_KEY, &owner, p, "map", "the map has neither hostnames nor matcher");
		gw_finding_fix(c->fs, f, "add hostnames: [%s], or matcher: PRIMARY",
			       e->plan.n_sans > 0 ? e->plan.sans[0].value : "store.example.com");
	}
	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next, i++) {
		const struct gw_keypath path = {.up = &hostnames, .index = i};

		for (other = list->first; other != item && strcasecmp(other->text, item->text) != 0;
		     other = other->next)
			;
		if (other != item)
			gw_check_say(c, GWT_TWICE, item, &path, "\"%s\" is in \"hostnames\" twice", item->text);
		if (gw_entry_covers(e, item->text))
			continue;
		f = gw_check_say(c, GWT_NOT_COVERED, item, &path, "the certificate of \"%s\" is not for \"%s\"",
				 e->name, item->text);
		gw_finding_fix(c->fs, f, "add it to sans of \"%s\", which has %s", e->name, names_of(c, e));
	}
}

/* Maps are for global external load balancers, which use scope DEFAULT. */
static void check_map(struct gw_check *c, const struct gw_entry *e, const struct gw_publish *p)
{
	const struct gw_owner owner = {"certificates", e->name};
	struct gw_finding *f;

	if (p->map.name == NULL)
		return;
	if (strcmp(p->location, GW_GLOBAL) != 0) {
		f = gw_publish_say(c, GWT_LOCATION, &owner, p, "map",
				   "a certificate map is always global, and this certificate is in %s", p->location);
		gw_finding_fix(c->fs, f,
			       "leave the map out: a regional Gateway names the certificate in the option "
			       "networking.gke.io/cert-manager-certs; or write location: global");
	} else if (p->scope != NULL && strcmp(p->scope, "DEFAULT") != 0) {
		f = gw_publish_say(c, GWT_LOCATION, &owner, p, "scope",
				   "a certificate map leads to certificates of scope DEFAULT, not %s", p->scope);
		gw_finding_fix(c->fs, f, "leave out scope, or the map");
	}
	check_hostnames(c, e, p);
}

/* What Certificate Manager takes as a self-managed certificate. */
static void check_certificate(struct gw_check *c, const struct gw_entry *e, const struct gw_publish *p)
{
	const struct gw_owner owner = {"certificates", e->name};
	bool client = p->scope != NULL && strcmp(p->scope, "CLIENT_AUTH") == 0;
	struct gw_finding *f;

	check_region(c, &owner, p);
	if (strcmp(p->location, GW_GLOBAL) != 0 && p->scope != NULL && strcmp(p->scope, "DEFAULT") != 0 && !client) {
		f = gw_publish_say(c, GWT_LOCATION, &owner, p, "scope", "scope %s goes with location global, not %s",
				   p->scope, p->location);
		gw_finding_fix(c->fs, f, "leave scope out for a certificate of a region");
	}
	if (e->plan.ca) {
		f = gw_publish_say(c, GWT_PUBLISH_ROLE, &owner, p, NULL,
				   "\"%s\" is a CA, and a load balancer serves no CA's certificate", e->name);
		gw_finding_fix(c->fs, f, "publish a certificate that it signs; put the CA itself below trust");
	} else if (!gw_entry_serves(e, client ? "clientAuth" : "serverAuth")) {
		f = gw_publish_say(c, GWT_PUBLISH_ROLE, &owner, p, client ? "scope" : NULL,
				   "extendedKeyUsage of \"%s\" leaves out %s", e->name,
				   client ? "clientAuth, which scope CLIENT_AUTH is for" : "serverAuth");
		gw_finding_fix(c->fs, f,
			       client ? "name the profile client, or leave out scope"
				      : "name the profile server, or write scope: CLIENT_AUTH for a backend's mTLS");
	}
	if (!gw_target_takes_key(&gw_targets[GW_TARGET_GKE_GLOBAL], gw_key_type_word(e->key_type))) {
		f = gw_publish_say(c, GWT_PUBLISH_ROLE, &owner, p, NULL,
				   "Certificate Manager takes no key of the kind %s, which \"%s\" has",
				   gw_key_type_word(e->key_type), e->name);
		gw_finding_fix(c->fs, f, "use ec-p256, ec-p384, rsa-2048, rsa-3072 or rsa-4096");
	}
	check_map(c, e, p);
}

static void check_entry_place(struct gw_check *c, const struct gw_entry *e, const struct gw_publish *p)
{
	const struct gw_owner owner = {"certificates", e->name};
	struct gw_finding *f;

	check_annotations(c, &owner, p);
	switch (p->kind) {
	case GW_PUBLISH_SECRET:
		if (!e->plan.ca)
			break;
		f = gw_publish_say(c, GWT_CA_SECRET, &owner, p, NULL,
				   "the Secret would hold the private key of the CA \"%s\"", e->name);
		gw_finding_fix(c->fs, f, "use configMap for its certificate alone");
		break;
	case GW_PUBLISH_CONFIG_MAP:
		if (e->plan.ca)
			break;
		f = gw_publish_say(c, GWT_PUBLISH_ROLE, &owner, p, NULL,
				   "a ConfigMap is for the certificate of a CA, and \"%s\" is none", e->name);
		gw_finding_fix(c->fs, f, "use secret for a server or client, or add ca: {}");
		break;
	case GW_PUBLISH_CERTIFICATE: check_certificate(c, e, p); break;
	case GW_PUBLISH_CONFIG_MAPS:
	case GW_PUBLISH_TRUST_CONFIG: break;
	}
}

/* --- all places together ------------------------------------------------------------------------------------------ */

/* One thing at one place; of a map's entries, one certificate for one host. */
struct place {
	const char *kind;  /* as a message calls it */
	const char *where; /* namespace, location or map */
	const char *name;
	struct gw_owner owner;
	const struct gw_publish *publish;
};

struct places {
	struct gw_arena *arena;
	struct place *items;
	size_t count, cap;
};

static void add_place(struct places *all, const char *kind, const char *where, const char *name,
		      const struct gw_owner *owner, const struct gw_publish *p)
{
	if (all->count == all->cap) {
		struct place *old = all->items;

		all->cap = all->cap == 0 ? 64 : all->cap * 2;
		all->items = gw_arena_alloc(all->arena, all->cap * sizeof(*all->items));
		if (all->count > 0)
			memcpy(all->items, old, all->count * sizeof(*all->items));
	}
	all->items[all->count++] = (struct place){kind, where, name, *owner, p};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	if (order == 0)
		order = strcmp(x->where, y->where);
	if (order == 0)
		order = strcasecmp(x->name, y->name);
	if (order == 0)
		order = x->publish->node->line < y->publish->node->line
				? -1
				: x->publish->node->line > y->publish->node->line;
	return order != 0 ? order : (x->publish->index > y->publish->index) - (x->publish->index < y->publish->index);
}

static void collect(struct places *all, struct places *entries, const struct gw_owner *owner,
		    const struct gw_publish *first, size_t n_anchors)
{
	const struct gw_publish *p;
	size_t i;

	for (p = first; p != NULL; p = p->next) {
		const char *where = p->location != NULL ? p->location : p->namespace_ != NULL ? p->namespace_ : "";

		if (p->name == NULL)
			continue;
		switch (p->kind) {
		case GW_PUBLISH_SECRET: add_place(all, "Secret", where, p->name, owner, p); break;
		case GW_PUBLISH_CONFIG_MAP:
		case GW_PUBLISH_CONFIG_MAPS: add_place(all, "ConfigMap", where, p->name, owner, p); break;
		case GW_PUBLISH_CERTIFICATE: add_place(all, "certificate", where, p->name, owner, p); break;
		case GW_PUBLISH_TRUST_CONFIG: add_place(all, "trust config", where, p->name, owner, p); break;
		}
		for (i = 2; p->kind == GW_PUBLISH_CONFIG_MAPS && i <= n_anchors; i++)
			add_place(all, "ConfigMap", where, gw_arena_printf(all->arena, "%s-%zu", p->name, i), owner, p);
		for (i = 0; p->map.name != NULL && i < p->map.hostnames.count; i++)
			add_place(entries, "host", p->map.name, p->map.hostnames.items[i], owner, p);
		if (p->map.name != NULL && p->map.matcher != NULL)
			add_place(entries, "host", p->map.name, p->map.matcher, owner, p);
	}
}

static bool same_place(const struct place *a, const struct place *b)
{
	return strcmp(a->kind, b->kind) == 0 && strcmp(a->where, b->where) == 0 && strcasecmp(a->name, b->name) == 0;
}

static void check_same(struct gw_check *c, struct places *all)
{
	struct gw_finding *f;
	size_t i;

	if (all->count > 1)
		qsort(all->items, all->count, sizeof(*all->items), compare_places);
	for (i = 1; i < all->count; i++) {
		const struct place *first = &all->items[i - 1], *later = &all->items[i];
		bool spaced = later->where[0] != '\0';
		struct gw_where at;

		if (!same_place(first, later))
			continue;
		f = gw_publish_say(c, GWT_SAME_TARGET, &later->owner, later->publish, "name",
				   "the %s \"%s%s%s\" is published by \"%s\" as well (line %u)", later->kind,
				   later->where, spaced ? "/" : "", later->name, first->owner.name,
				   first->publish->node->key->line);
		at = gw_node_where(c->arena, first->publish->node->key, NULL);
		gw_finding_relate(c->fs, f, &at, "by \"%s\"", first->owner.name);
		gw_finding_fix(c->fs, f, "give it a name of its own: each would replace the other");
	}
}

static void check_map_entries(struct gw_check *c, struct places *entries)
{
	size_t i, run = 1;

	if (entries->count > 1)
		qsort(entries->items, entries->count, sizeof(*entries->items), compare_places);
	for (i = 1; i < entries->count; i++) {
		const struct place *at = &entries->items[i];

		run = same_place(at - 1, at) ? run + 1 : 1;
		if (run != MAP_ENTRY_CERTS_MAX + 1)
			continue;
		gw_publish_say(c, GWT_TARGET_LIMIT, &at->owner, at->publish, "map",
			       "\"%s\" is the fifth certificate for %s in the map \"%s\", whose entries take %d",
			       at->owner.name, at->name, at->where, MAP_ENTRY_CERTS_MAX);
	}
}

/* --- locations ---------------------------------------------------------------------------------------------------- */

static bool is_at(const struct gw_template *t, const char *location, bool *any)
{
	const struct gw_publish *p;
	const struct gw_entry *e;

	for (e = t->first; e != NULL; e = e->next) {
		for (p = gw_publish_of(e->publish, GW_PUBLISH_CERTIFICATE); p != NULL;
		     p = gw_publish_of(p->next, GW_PUBLISH_CERTIFICATE)) {
			*any = true;
			if (strcmp(p->location, location) == 0)
				return true;
		}
	}
	return false;
}

static void check_trust_location(struct gw_check *c, const struct gw_template *t, const struct gw_trust *trust)
{
	const struct gw_owner owner = {"trust", trust->name};
	const struct gw_publish *p;
	struct gw_finding *f;

	for (p = gw_publish_of(trust->publish, GW_PUBLISH_TRUST_CONFIG); p != NULL;
	     p = gw_publish_of(p->next, GW_PUBLISH_TRUST_CONFIG)) {
		bool any = false;

		check_region(c, &owner, p);
		if (is_at(t, p->location, &any) || !any)
			continue;
		f = gw_publish_say(c, GWT_TRUST_LOCATION, &owner, p, "location",
				   "the trust config is in %s, where no certificate of this template is", p->location);
		gw_finding_fix(c->fs, f,
			       "a Gateway finds only what is in its own location: write the certificates' one, or "
			       "publish both");
	}
}

void gw_publish_check_entry(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_publish *p;

	for (p = e->publish; p != NULL; p = p->next)
		check_entry_place(c, e, p);
}

static bool is_open(const struct gw_node *node)
{
	return node != NULL && gw_each_is_open(node);
}

/* Of an entry with `each`: a place that no field of a row is in would be that of all rows. */
static void check_rows(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_node *list = gw_node_get(e->merged, "publish"), *item, *name;
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name},
				publish = {.up = &own, .name = "publish"};
	struct gw_finding *f;
	size_t i = 0;

	for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next, i++) {
		const struct gw_keypath path = {.up = &publish, .index = i};

		name = item->first != NULL ? gw_node_get(item->first, "name") : NULL;
		if (name == NULL || is_open(name) || is_open(gw_node_get(item->first, "namespace")) ||
		    is_open(gw_node_get(item->first, "location")))
			continue;
		f = gw_check_say(c, GWT_SAME_TARGET, name, &path, "every row would be published as \"%s\"", name->text);
		gw_finding_fix(c->fs, f, "put a field of the row into it: %s-$(each.host)", name->text);
	}
}

void gw_publish_check(struct gw_check *c, const struct gw_template *t)
{
	struct places all = {.arena = c->arena}, entries = {.arena = c->arena};
	const struct gw_publish *p;
	const struct gw_trust *trust;
	const struct gw_entry *e;

	for (e = t->first; e != NULL; e = e->next) {
		const struct gw_owner owner = {"certificates", e->name};

		if (e->faulty)
			continue;
		if (e->each != NULL) {
			check_rows(c, e);
			continue;
		}
		gw_publish_check_entry(c, e);
		collect(&all, &entries, &owner, e->publish, 0);
	}
	for (trust = t->trust; trust != NULL; trust = trust->next) {
		const struct gw_owner owner = {"trust", trust->name};

		if (trust->faulty)
			continue;
		for (p = trust->publish; p != NULL; p = p->next)
			check_annotations(c, &owner, p);
		check_trust_location(c, t, trust);
		collect(&all, &entries, &owner, trust->publish, trust->anchors.count);
	}
	check_same(c, &all);
	check_map_entries(c, &entries);
}
