/* SPDX-License-Identifier: Apache-2.0 */
/* Names against the name constraints of the issuers above (RFC 5280 4.2.1.10), before any key exists. */
#include <string.h>

#include "rules/names.h"
#include "template/links.h"

/* One name of an entry, and where it was written. */
struct named {
	const struct gw_entry *e;
	struct gw_san name;
	const struct gw_node *at;
	const struct gw_keypath *path;
};

/* The order in which ca.permitted and ca.excluded are read. */
static const char *const kinds[] = {"dns", "ip", "email", "uri"};

/* Where a subtree was written: their lists, one behind the other. */
static const struct gw_node *subtree_node(const struct gw_entry *ca, const char *key, size_t index)
{
	const struct gw_node *map = gw_node_get(gw_node_get(ca->merged, "ca"), key), *item = NULL;
	size_t i;

	for (i = 0; i < GW_COUNT(kinds); i++) {
		const struct gw_node *list = gw_node_get(map, kinds[i]);

		for (item = list != NULL ? list->first : NULL; item != NULL; item = item->next) {
			if (index-- == 0)
				return item;
		}
	}
	return ca->node->key;
}

static const char *kind_of(enum gw_san_type type)
{
	switch (type) {
	case GW_SAN_DNS: return "dns";
	case GW_SAN_IP: return "ip";
	case GW_SAN_EMAIL: return "email";
	case GW_SAN_URI: return "uri";
	case GW_SAN_OTHER: break;
	}
	return "other";
}

static void say_excluded(struct gw_check *c, const struct named *n, const struct gw_entry *ca, size_t index)
{
	const struct gw_subtree *s = &ca->plan.issuer.excluded[index];
	struct gw_finding *f = gw_check_say(c, GWT_NAME_CONSTRAINTS, n->at, n->path,
					    "the CA \"%s\" may not sign \"%s\"", ca->name, n->name.value);

	gw_finding_evidence(c->fs, f, "it excludes %s %s (line %u)", kind_of(s->type), s->value,
			    subtree_node(ca, "excluded", index)->line);
	if (!gw_subtree_holds(s, &n->name) && n->name.type == GW_SAN_DNS)
		gw_finding_fix(c->fs, f, "name the hosts one by one: the wildcard covers \"%s\"", s->value);
	else if (!gw_subtree_holds(s, &n->name))
		gw_finding_fix(c->fs, f, "write a URI with a host name: others may not stand below such a CA");
	else
		gw_finding_fix(c->fs, f, "leave it out, or name an issuer that may sign it");
}

static void say_not_permitted(struct gw_check *c, const struct named *n, const struct gw_entry *ca, size_t first)
{
	const struct gw_issuer_extensions *x = &ca->plan.issuer;
	GW_BUF_AUTO struct gw_buf list = GW_BUF(GW_ERR_WHAT_MAX);
	struct gw_finding *f = gw_check_say(c, GWT_NAME_CONSTRAINTS, n->at, n->path,
					    "the CA \"%s\" may not sign \"%s\"", ca->name, n->name.value);
	size_t i, told = 0;

	for (i = first; i < x->n_permitted && told < 5; i++) {
		if (x->permitted[i].type == n->name.type)
			gw_buf_printf(&list, "%s%s", told++ > 0 ? ", " : "", x->permitted[i].value);
	}
	gw_finding_evidence(c->fs, f, "of %s names it permits only %s%s (line %u)", kind_of(n->name.type),
			    gw_buf_str(&list), i < x->n_permitted && told == 5 ? ", ..." : "",
			    subtree_node(ca, "permitted", first)->line);
	gw_finding_fix(c->fs, f, "leave it out, or add it to ca.permitted.%s of \"%s\"", kind_of(n->name.type),
		       ca->name);
}

/* Whether one CA may sign the name; says so where it may not. */
static bool check_by(struct gw_check *c, const struct named *n, const struct gw_entry *ca)
{
	const struct gw_issuer_extensions *x = &ca->plan.issuer;
	size_t i, first = x->n_permitted;

	for (i = 0; i < x->n_excluded; i++) {
		if (x->excluded[i].type == n->name.type && gw_subtree_excludes(&x->excluded[i], &n->name)) {
			say_excluded(c, n, ca, i);
			return false;
		}
	}
	for (i = x->n_permitted; i > 0; i--) {
		if (x->permitted[i - 1].type != n->name.type)
			continue;
		if (gw_subtree_holds(&x->permitted[i - 1], &n->name))
			return true;
		first = i - 1;
	}
	if (first < x->n_permitted)
		say_not_permitted(c, n, ca, first);
	return first == x->n_permitted;
}

/* A name that several CAs refuse is told once: the nearest. */
static void check_name(struct gw_check *c, const struct named *n)
{
	const struct gw_entry *ca;

	for (ca = n->e->issuer_entry; ca != NULL; ca = ca->issuer_entry) {
		if (!ca->faulty && !check_by(c, n, ca))
			return;
	}
}

static bool has_dns(const struct gw_cert_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_sans; i++) {
		if (plan->sans[i].type == GW_SAN_DNS)
			return true;
	}
	return false;
}

/* A commonName that a client could take for a host (OpenSSL does where sans has no DNS name), and every e-mail address. */
static void check_subject(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath path = {.up = &own, .name = "subject"};
	const struct gw_node *subject = gw_node_get(e->merged, "subject");
	bool host_in_cn = !e->plan.ca && !has_dns(&e->plan);
	size_t i;

	for (i = 0; subject != NULL && i < e->plan.n_subject; i++) {
		const struct gw_name_attr *a = &e->plan.subject[i];
		bool mail = strcmp(a->type, "emailAddress") == 0;
		const struct gw_node *at = gw_node_get(subject, a->type);
		struct named n = {e, {mail ? GW_SAN_EMAIL : GW_SAN_DNS, a->value}, at != NULL ? at : subject, &path};

		if (mail || (host_in_cn && strcmp(a->type, "commonName") == 0 && strchr(a->value, '.') != NULL &&
			     gw_name_dns(a->value, true) == NULL))
			check_name(c, &n);
	}
}

void gw_constraints_check(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath list = {.up = &own, .name = "sans"};
	const struct gw_node *sans = gw_node_get(e->merged, "sans"), *item;
	size_t i = 0;

	if (e->issuer_entry == NULL)
		return;
	for (item = sans != NULL ? sans->first : NULL; item != NULL && i < e->plan.n_sans; item = item->next, i++) {
		const struct gw_keypath path = {.up = &list, .index = i};
		const struct named n = {e, e->plan.sans[i], item, &path};

		check_name(c, &n);
	}
	check_subject(c, e);
}
