/* SPDX-License-Identifier: Apache-2.0 */
/* Which listener and which certificate would answer for a host, and why. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lint/internal.h"
#include "rules/names.h"

#define PORTS_MAX 64 /* different ports of one Gateway, as many as it may have listeners */

/* What is being told. */
struct telling {
	const struct gw_lint *l;
	const char *host;
	struct gw_arena *arena;
	FILE *out;
	bool *refused; /* set where clients would refuse the certificate that answers */
};

__attribute__((format(printf, 2, 3))) static void tell(const struct telling *t, const char *fmt, ...)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(4 * GW_ERR_WHAT_MAX);
	char line[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(line, sizeof(line), fmt, args);
	va_end(args);
	gw_text_escape(&text, line, strlen(line));
	fprintf(t->out, "%s\n", gw_buf_str(&text));
}

/* --- the listener ------------------------------------------------------------------------------------------------- */

/* How specific a hostname is for a name that it takes: the exact one, then the longest wildcard, then none. */
static size_t weight(const struct gw_listener *c)
{
	if (c->hostname == NULL)
		return 1;
	return c->hostname[0] == '*' ? 1 + strlen(c->hostname) : SIZE_MAX;
}

static const struct gw_listener *best_listener(const struct telling *t, const struct gw_gateway *g, unsigned port)
{
	const struct gw_listener *best = NULL;
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		if (c->port == port && gw_listener_terminates(c) && gw_host_takes(c->hostname, t->host) &&
		    (best == NULL || weight(c) > weight(best)))
			best = c;
	}
	return best;
}

static const char *why(const struct telling *t, const struct gw_listener *c)
{
	if (c->hostname == NULL)
		return "it has no hostname, so it takes every name";
	if (c->hostname[0] != '*')
		return "its hostname is that very name";
	return gw_arena_printf(t->arena, "its hostname %s is the longest that takes the name", c->hostname);
}

static void tell_others(const struct telling *t, const struct gw_gateway *g, const struct gw_listener *best)
{
	size_t i;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		if (c == best || c->port != best->port || !gw_listener_terminates(c))
			continue;
		if (gw_host_takes(c->hostname, t->host))
			tell(t, "    not listener \"%s\": %s, which is less specific", c->name,
			     c->hostname != NULL ? c->hostname : "any name");
		else
			tell(t, "    not listener \"%s\": %s does not take the name", c->name, c->hostname);
	}
}

/* --- the certificate ---------------------------------------------------------------------------------------------- */

/* The name of a certificate that covers the host, or NULL. */
static const char *covering(const struct telling *t, const X509 *cert)
{
	struct gw_san *sans;
	size_t n, i;

	if (!gw_cert_sans(cert, t->arena, &sans, &n))
		return NULL;
	for (i = 0; i < n; i++) {
		if (sans[i].type == GW_SAN_DNS && gw_name_covers(sans[i].value, t->host))
			return sans[i].value;
	}
	return NULL;
}

static void tell_certificate(const struct telling *t, const struct gw_ref *ref, const X509 *cert)
{
	const char *name = covering(t, cert);
	char date[GW_TIME_TEXT];

	gw_time_date(date, gw_cert_not_after(cert));
	tell(t, "    certificate: %s, \"%s\", until %s", gw_ref_words(t->arena, ref), gw_cert_label(cert, t->arena),
	     date);
	if (name != NULL)
		tell(t, "      its name %s covers %s", name, t->host);
	else {
		tell(t, "      none of its names covers %s: clients refuse it", t->host);
		*t->refused = true;
	}
}

static void tell_refs(const struct telling *t, const struct gw_listener *c)
{
	const struct gw_ref *first = NULL;
	const X509 *cert = NULL;
	size_t i;

	for (i = 0; i < c->n_certs; i++) {
		const struct gw_object *secret = lint_target(t->l, &c->certs[i]);
		const struct gw_certs *certs = secret != NULL ? lint_certs_of(t->l, secret) : NULL;

		if (certs == NULL || certs->count == 0) {
			tell(t, "    certificate: %s, which %s", gw_ref_words(t->arena, &c->certs[i]),
			     secret == NULL ? "is not among the manifests given" : "has none that can be read");
			continue;
		}
		if (covering(t, certs->items[0]) != NULL) {
			tell_certificate(t, &c->certs[i], certs->items[0]);
			return;
		}
		if (first == NULL) {
			first = &c->certs[i];
			cert = certs->items[0];
		}
	}
	if (first != NULL)
		tell_certificate(t, first, cert);
}

static void tell_source(const struct telling *t, const struct gw_gateway *g, const struct gw_listener *c)
{
	static const char *const options[] = {GW_OPTION_CERTS, GW_OPTION_PRE_SHARED};
	const struct gw_object *entry;
	size_t i;

	if (c->n_certs > 0)
		tell_refs(t, c);
	for (i = 0; i < GW_COUNT(options); i++) {
		const char *names = gw_node_text(gw_node_get(c->options, options[i]));

		if (names != NULL)
			tell(t, "    certificate: one of %s (%s), which cannot be looked at here", names, options[i]);
	}
	if (g->certmap == NULL)
		return;
	entry = lint_find_entry(t->l, g->certmap, t->host);
	if (entry != NULL)
		tell(t, "    certificate: entry %s of the certificate map %s (%s)", entry->name, g->certmap,
		     gw_node_text(gw_node_get(entry->node, "hostname")) != NULL
			     ? gw_node_get(entry->node, "hostname")->text
			     : "primary");
	else
		tell(t, "    certificate: by the certificate map %s, whose entries %s", g->certmap,
		     lint_map_given(t->l, g->certmap) ? "have none for it: the handshake fails"
						      : "cannot be looked at here");
}

/* --- routes and clients ------------------------------------------------------------------------------------------- */

static void tell_routes(const struct telling *t, const struct lint_gateway *lg, const struct gw_listener *c)
{
	const struct lint_host *h;

	for (h = lg->hosts[c - lg->gateway->listeners]; h != NULL; h = h->next) {
		if (gw_host_takes(h->name, t->host))
			tell(t, "    route: %s (%s)", gw_object_words(t->arena, h->route), h->name);
	}
}

static void tell_clients(const struct telling *t, const struct gw_gateway *g, const struct gw_listener *c)
{
	const struct gw_frontend *best = NULL;
	size_t i;

	for (i = 0; i < g->n_frontends; i++) {
		if (g->frontends[i].port == c->port || (g->frontends[i].port == 0 && best == NULL))
			best = &g->frontends[i];
	}
	if (best != NULL)
		tell(t, "    clients: certificates are asked for, %s, from %zu CA%s", best->mode, best->n_refs,
		     best->n_refs == 1 ? "" : "s");
	else if (g->trust_config != NULL)
		tell(t, "    clients: certificates are asked for, by the TrustConfig %s", g->trust_config);
}

static bool tell_port(const struct telling *t, const struct lint_gateway *lg, unsigned port)
{
	const struct gw_gateway *g = lg->gateway;
	const struct gw_listener *c = best_listener(t, g, port);

	if (c == NULL) {
		tell(t, "  port %u: no listener takes the name", port);
		return false;
	}
	tell(t, "  port %u: listener \"%s\" answers: %s", port, c->name, why(t, c));
	tell_others(t, g, c);
	tell_source(t, g, c);
	tell_routes(t, lg, c);
	tell_clients(t, g, c);
	return true;
}

static bool tell_gateway(const struct telling *t, const struct lint_gateway *lg)
{
	const struct gw_gateway *g = lg->gateway;
	unsigned ports[PORTS_MAX];
	size_t n = 0, i, k;
	bool any = false;

	for (i = 0; i < g->n_listeners; i++) {
		for (k = 0; k < n && ports[k] != g->listeners[i].port; k++)
			;
		if (k == n && n < PORTS_MAX && gw_listener_terminates(&g->listeners[i]))
			ports[n++] = g->listeners[i].port;
	}
	tell(t, "%s (%s)%s", gw_object_words(t->arena, g->object), g->class_name,
	     n == 0 ? ": no listener ends TLS" : "");
	for (i = 0; i < n; i++)
		any = tell_port(t, lg, ports[i]) || any;
	return any;
}
bool gw_lint_explain(const struct gw_lint *l, const char *host, FILE *out)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	bool refused = false;
	const struct telling t = {l, host, &arena, out, &refused};
	const struct lint_gateway *g;
	bool any = false;

	for (g = l->gateways; g != NULL; g = g->next)
		any = tell_gateway(&t, g) || any;
	if (l->gateways == NULL)
		tell(&t, "there is no Gateway among the manifests given");
	return any && !refused;
}
