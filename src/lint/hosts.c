/* SPDX-License-Identifier: Apache-2.0 */
/* Host names of listeners and their routes, against the names in the certificates and the entries of certificate maps. */
#include <string.h>
#include <strings.h>

#include "lint/internal.h"
#include "rules/names.h"

#define LISTENERS_MAX 64 /* Gateway API's bound; of more, pairs are not compared */

const char *lint_listener_names(struct gw_lint *l, const struct gw_gateway *g)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		gw_buf_printf(&b, "%s%s (%u%s%s)", i > 0 ? ", " : "", c->name, c->port, c->hostname != NULL ? ", " : "",
			      c->hostname != NULL ? c->hostname : "");
	}
	return gw_arena_strdup(&l->arena, gw_buf_str(&b));
}

/* --- certificates ------------------------------------------------------------------------------------------------- */

/* The names of a listener's certificates, all together. */
struct names {
	struct gw_san *lists[GW_CHAIN_MAX];
	size_t counts[GW_CHAIN_MAX];
	size_t n;          /* certificates */
	bool unknown;      /* one of them is not there or cannot be read */
	const X509 *first; /* for messages */
};

static void collect_names(struct gw_lint *l, const struct gw_listener *c, struct names *names)
{
	size_t i;

	*names = (struct names){.n = 0};
	for (i = 0; i < c->n_certs && names->n < GW_CHAIN_MAX; i++) {
		const struct gw_object *secret = lint_target(l, &c->certs[i]);
		const struct gw_certs *certs = secret != NULL ? lint_certs_of(l, secret) : NULL;

		if (certs == NULL || certs->count == 0 ||
		    !gw_cert_sans(certs->items[0], &l->arena, &names->lists[names->n], &names->counts[names->n])) {
			names->unknown = true;
			continue;
		}
		if (names->first == NULL)
			names->first = certs->items[0];
		names->n++;
	}
}

static bool is_covered(const struct names *names, const char *host)
{
	size_t i, k;

	for (i = 0; i < names->n; i++) {
		for (k = 0; k < names->counts[i]; k++) {
			const struct gw_san *san = &names->lists[i][k];

			if (san->type == GW_SAN_DNS && gw_name_covers(san->value, host))
				return true;
		}
	}
	return false;
}

/* Why a near miss is one. */
static const char *near_miss(struct gw_lint *l, const struct names *names, const char *host)
{
	const char *cn = NULL;
	struct gw_cert_facts facts;
	size_t i, k;

	for (i = 0; i < names->n; i++) {
		for (k = 0; k < names->counts[i]; k++) {
			const char *value = names->lists[i][k].value;

			if (names->lists[i][k].type == GW_SAN_DNS && value[0] == '*' && gw_host_takes(value, host))
				return lint_format(
					l,
					"a certificate's wildcard covers one label, unlike a listener's: \"%s\" "
					"does not cover \"%s\"",
					value, host);
		}
	}
	if (names->first != NULL) {
		gw_cert_read_facts(names->first, &l->arena, &facts);
		cn = facts.common_name;
	}
	if (cn != NULL && gw_name_covers(cn, host))
		return lint_format(l, "the common name is \"%s\", but it does not count: have it listed as a SAN", cn);
	return NULL;
}

static const char *list_names(struct gw_lint *l, const struct names *names)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_ERR_WHAT_MAX / 2);
	size_t i, k, shown = 0;

	for (i = 0; i < names->n; i++) {
		for (k = 0; k < names->counts[i] && shown < 5; k++, shown++)
			gw_buf_printf(&b, "%s%.100s", shown > 0 ? ", " : "", names->lists[i][k].value);
	}
	return shown > 0 ? gw_arena_strdup(&l->arena, gw_buf_str(&b)) : "nobody";
}

static void not_covered(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c,
			const struct names *names, const struct lint_host *h, enum gw_severity severity)
{
	const char *host = h != NULL ? h->name : c->hostname, *miss = near_miss(l, names, host);
	struct gw_finding *f;

	if (h != NULL)
		f = lint_find_as(l, h->route, GWK_NOT_COVERED, severity, h->node, "spec.hostnames",
				 "\"%s\" is not covered by the certificate of listener \"%s\" of %s, which is for %s",
				 host, c->name, gw_object_words(&l->arena, g->object), list_names(l, names));
	else
		f = lint_find_as(l, g->object, GWK_NOT_COVERED, severity, gw_node_get(c->node, "hostname"),
				 lint_format(l, "%s.hostname", c->path),
				 "\"%s\" is not covered by the listener's certificate (Secret %s), which is for %s",
				 host, c->certs[0].name, list_names(l, names));
	if (miss != NULL)
		lint_fix(l, f, "%s", miss);
	else
		lint_fix(l, f, "have a certificate issued that lists \"%s\", or correct the host name", host);
}

static void judge_names(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c,
			const struct lint_host *hosts)
{
	struct names names;
	const struct lint_host *h;
	bool all = hosts != NULL, wildcard = c->hostname != NULL && c->hostname[0] == '*';

	collect_names(l, c, &names);
	if (names.n == 0 || names.unknown)
		return;
	for (h = hosts; h != NULL; h = h->next) {
		/* A route's wildcard that is wider than the listener says nothing that the listener does not. */
		if (h->name[0] == '*' && c->hostname != NULL && strcasecmp(h->name, c->hostname) != 0 &&
		    gw_host_takes(h->name, c->hostname))
			continue;
		if (is_covered(&names, h->name))
			continue;
		all = false;
		if (!*h->said && (c->hostname == NULL || strcasecmp(h->name, c->hostname) != 0))
			not_covered(l, g, c, &names, h, GW_ERROR);
		*h->said = true;
	}
	/* A wildcard all of whose routes are covered answers everything that it is asked for. */
	if (c->hostname != NULL && !is_covered(&names, c->hostname))
		not_covered(l, g, c, &names, NULL, wildcard && all ? GW_WARNING : GW_ERROR);
}

/* A certificate that is good for the host of another listener, which has one of its own: browsers may then use a connection
 * to the one for requests to the other. Where the host names themselves overlap, listener.c says so. */
static void judge_reach(struct gw_lint *l, const struct gw_gateway *g, size_t i)
{
	const struct gw_listener *c = &g->listeners[i], *other;
	struct names names;
	struct gw_finding *f;
	size_t k;

	collect_names(l, c, &names);
	for (k = 0; k < g->n_listeners && names.n > 0; k++) {
		other = &g->listeners[k];
		if (k == i || other->port != c->port || other->hostname == NULL || other->n_certs == 0 ||
		    !gw_listener_terminates(other) || gw_hosts_meet(c->hostname, other->hostname) ||
		    strcmp(other->certs[0].name != NULL ? other->certs[0].name : "", c->certs[0].name) == 0 ||
		    !is_covered(&names, other->hostname))
			continue;
		f = lint_find_as(l, g->object, GWK_OVERLAP, GW_NOTE, gw_node_get(c->tls, "certificateRefs"),
				 lint_format(l, "%s.tls.certificateRefs", c->path),
				 "the certificate of listener \"%s\" covers %s too, the host of listener \"%s\"",
				 c->name, other->hostname, other->name);
		lint_relate(l, f, g->object, other->node, "the other listener");
		lint_fix(l, f,
			 "a browser may send requests for %s over a connection to \"%s\" (HTTP/2 coalescing); where "
			 "that "
			 "matters, give each a certificate for its own names",
			 other->hostname, c->name);
		return;
	}
}

/* --- certificate maps --------------------------------------------------------------------------------------------- */

struct entry {
	const char *map, *host; /* host NULL: any entry of the map */
};

static const char *entry_host(const struct gw_object *o)
{
	const char *host = gw_node_text(gw_node_get(o->node, "hostname"));

	return host != NULL ? host : "";
}

static bool is_entry(const void *item, const void *wanted)
{
	const struct gw_object *o = item;
	const struct entry *e = wanted;

	return o->parent != NULL && strcmp(o->parent, e->map) == 0 &&
	       (e->host == NULL || strcasecmp(entry_host(o), e->host) == 0);
}

static uint64_t hash_entry(const char *map, const char *host)
{
	return gw_hash_text(gw_hash_text(GW_HASH_START, map), host);
}

void lint_collect_entry(struct gw_lint *l, const struct gw_object *o)
{
	const char *host = entry_host(o);

	if (o->parent == NULL)
		return;
	gw_index_add(&l->entries, hash_entry(o->parent, host), (void *)(uintptr_t)o);
	gw_index_add(&l->maps, hash_entry(o->parent, NULL), (void *)(uintptr_t)o);
}

/* An entry of that very name, else the wildcard one label up, else the primary one, which has no hostname. */
const struct gw_object *lint_find_entry(const struct gw_lint *l, const char *map, const char *host)
{
	struct entry e = {map, host};
	const struct gw_object *o = gw_index_find(&l->entries, hash_entry(map, host), is_entry, &e);
	const char *dot = strchr(host, '.');
	char wildcard[256];

	if (o == NULL && dot != NULL && strlen(dot) < sizeof(wildcard) - 2) {
		wildcard[0] = '*';
		memcpy(wildcard + 1, dot, strlen(dot) + 1);
		e.host = wildcard;
		o = gw_index_find(&l->entries, hash_entry(map, wildcard), is_entry, &e);
	}
	e.host = "";
	return o != NULL ? o : gw_index_find(&l->entries, hash_entry(map, ""), is_entry, &e);
}

bool lint_map_given(const struct gw_lint *l, const char *map)
{
	const struct entry any = {map, NULL};

	return gw_index_find(&l->maps, hash_entry(map, NULL), is_entry, &any) != NULL;
}

static void judge_map(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c,
		      const struct lint_host *hosts)
{
	const struct lint_host *h;
	struct gw_finding *f;

	if (!lint_map_given(l, g->certmap))
		return;
	if (c->hostname != NULL && lint_find_entry(l, g->certmap, c->hostname) == NULL) {
		f = lint_find(l, g->object, GWK_MAP_ENTRY, gw_node_get(c->node, "hostname"),
			      lint_format(l, "%s.hostname", c->path),
			      "the certificate map \"%s\" has no entry for \"%s\", and no primary one", g->certmap,
			      c->hostname);
		lint_fix(l, f, "gcloud certificate-manager maps entries create ENTRY --map=%s --hostname=%s ...",
			 g->certmap, c->hostname);
	}
	for (h = hosts; h != NULL; h = h->next) {
		if (lint_find_entry(l, g->certmap, h->name) != NULL)
			continue;
		f = lint_find(l, h->route, GWK_MAP_ENTRY, h->node, "spec.hostnames",
			      "the certificate map \"%s\" of %s has no entry for \"%s\", and no primary one",
			      g->certmap, gw_object_words(&l->arena, g->object), h->name);
		lint_fix(l, f, "clients that ask for it fail in the handshake: add an entry, or correct the host name");
	}
}

void lint_hosts(struct gw_lint *l, struct lint_gateway *lg)
{
	const struct gw_gateway *g = lg->gateway;
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		if (!gw_listener_terminates(c))
			continue;
		judge_names(l, g, c, lg->hosts[i]);
		if (c->n_certs > 0 && c->certs[0].name != NULL && g->n_listeners > 1 && g->n_listeners <= LISTENERS_MAX)
			judge_reach(l, g, i);
		if (g->certmap != NULL)
			judge_map(l, g, c, lg->hosts[i]);
	}
}
