/* SPDX-License-Identifier: Apache-2.0 */
#include "template/publish.h"

/* A finding at a key of a probe's expect or client. */
static struct gw_finding *say(struct gw_check *c, enum gw_rule_name rule, const struct gw_probe *p, const char *map,
			      const struct gw_node *at, const char *what)
{
	const struct gw_keypath top = {.name = "probes"}, own = {.up = &top, .name = p->name},
				up = {.up = &own, .name = map}, path = {.up = &up, .name = at->key->text};

	return gw_check_say(c, rule, at, &path, "%s", what);
}

static void resolve(struct gw_check *c, const struct gw_template *t, const struct gw_probe *p, const char *map,
		    struct gw_ref *ref)
{
	const struct gw_keypath top = {.name = "probes"}, own = {.up = &top, .name = p->name},
				up = {.up = &own, .name = map};

	if (ref->name != NULL) {
		const struct gw_keypath path = {.up = &up, .name = ref->node->key->text};

		gw_ref_resolve(c, t, ref, &path);
	}
}

static void check_expected(struct gw_check *c, const struct gw_probe *p)
{
	const struct gw_entry *e = p->certificate.entry;
	const struct gw_node *at = p->certificate.node;
	struct gw_finding *f;

	if (e == NULL || e->faulty)
		return;
	if (e->plan.ca || !gw_entry_serves(e, "serverAuth")) {
		f = say(c, GWT_PROBE_CANNOT, p, "expect", at,
			gw_arena_printf(c->arena, "\"%s\" is %s, and no server would be believed with it", e->name,
					e->plan.ca ? "a CA" : "for clients"));
		gw_finding_fix(c->fs, f, "name the entry that the server has");
	} else if (p->host != NULL && !gw_entry_covers(e, p->host)) {
		f = say(c, GWT_NOT_COVERED, p, "expect", at,
			gw_arena_printf(c->arena, "the certificate of \"%s\" is not for \"%s\", which is asked for",
					e->name, p->host));
		gw_finding_fix(c->fs, f, "add it to sans of \"%s\" (line %u), or correct name", e->name,
			       e->node->key->line);
	}
}

static const struct gw_entry *root_of(const struct gw_entry *e)
{
	while (e->issuer_entry != NULL)
		e = e->issuer_entry;
	return e;
}

/* Whether any trust of the file lets a client in: an anchor stands above it, or it is allowed by itself. */
static bool is_trusted(const struct gw_template *t, const struct gw_entry *client)
{
	const struct gw_trust *trust;
	const struct gw_entry *e;
	size_t i;

	for (trust = t->trust; trust != NULL; trust = trust->next) {
		for (i = 0; i < trust->anchors.count; i++) {
			for (e = client; e != NULL; e = e->issuer_entry) {
				if (trust->anchors.items[i].entry == e)
					return true;
			}
		}
		for (i = 0; i < trust->allowlist.count; i++) {
			if (trust->allowlist.items[i].entry == client)
				return true;
		}
	}
	return t->trust == NULL;
}

static void check_client(struct gw_check *c, const struct gw_template *t, const struct gw_probe *p)
{
	const struct gw_entry *e = p->present.entry;
	struct gw_finding *f;

	if (e == NULL || e->faulty)
		return;
	if (e->plan.ca || !gw_entry_serves(e, "clientAuth")) {
		f = say(c, GWT_PROBE_CANNOT, p, "client", p->present.node,
			gw_arena_printf(c->arena, "\"%s\" is %s, and no Gateway lets it in as a client", e->name,
					e->plan.ca ? "a CA" : "for servers"));
		gw_finding_fix(c->fs, f, "name an entry with the profile client");
	} else if (!is_trusted(t, e)) {
		f = say(c, GWT_NO_PATH, p, "client", p->present.node,
			gw_arena_printf(c->arena, "no trust of this template lets \"%s\" in", e->name));
		gw_finding_fix(c->fs, f, "add \"%s\" to the anchors of a trust", root_of(e)->name);
	}
}

void gw_probes_check(struct gw_check *c, struct gw_template *t)
{
	struct gw_probe *p;

	for (p = t->probes; p != NULL; p = p->next) {
		resolve(c, t, p, "expect", &p->certificate);
		resolve(c, t, p, "client", &p->present);
		if (p->faulty)
			continue;
		check_expected(c, p);
		check_client(c, t, p);
	}
}
