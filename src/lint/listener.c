/* SPDX-License-Identifier: Apache-2.0 */
/* Listeners: whether each has a certificate by a way that its class takes, and whether they get in each other's way. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lint/internal.h"
#include "rules/names.h"

#define LABEL_MAX     63 /* octets, RFC 1035 2.3.4 */
#define LISTENERS_MAX 64 /* Gateway API's bound; beyond it pairs are not compared, and the schema says what is wrong */

static bool is(const struct gw_listener *c, const char *protocol)
{
	return strcmp(c->protocol, protocol) == 0;
}

/* --- TLS or not --------------------------------------------------------------------------------------------------- */

static void judge_protocol(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	struct gw_finding *f = NULL;

	if (c->tls != NULL && (is(c, "HTTP") || is(c, "TCP") || is(c, "UDP"))) {
		f = lint_find(l, g->object, GWK_PROTOCOL, c->tls, lint_format(l, "%s.tls", c->path),
			      "a listener of protocol %s has no TLS, so it may not have a tls block", c->protocol);
		lint_fix(l, f, is(c, "HTTP") ? "write protocol: HTTPS, or take the tls block out" : "take it out");
	}
	if (c->mode != NULL && is(c, "HTTPS") && strcmp(c->mode, "Terminate") != 0) {
		f = lint_find(l, g->object, GWK_PROTOCOL, gw_node_get(c->tls, "mode"),
			      lint_format(l, "%s.tls.mode", c->path), "HTTPS with mode %s: the API server refuses it",
			      c->mode);
		lint_fix(l, f, "write mode: Terminate, or protocol: TLS to pass the stream through");
	}
	if (is(c, "TLS") && gw_node_get(c->tls, "mode") == NULL) {
		f = lint_find(l, g->object, GWK_PROTOCOL, gw_node_get(c->node, "protocol"), c->path,
			      "protocol TLS needs tls.mode");
		lint_fix(l, f, "write tls: {mode: Passthrough}, or Terminate with a certificate");
	}
	if (c->hostname != NULL && (is(c, "TCP") || is(c, "UDP"))) {
		f = lint_find(l, g->object, GWK_PROTOCOL, gw_node_get(c->node, "hostname"),
			      lint_format(l, "%s.hostname", c->path), "protocol %s knows no host names", c->protocol);
		lint_fix(l, f, "take the hostname out");
	}
}

/* The schema takes any word: Gateway API has these, and others begin with a domain; GKE's load balancers speak HTTP. */
static void known_protocol(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	static const char *const words[] = {"HTTP", "HTTPS", "TLS", "TCP", "UDP", NULL};
	const char *near;
	struct gw_finding *f;
	size_t i;

	for (i = 0; words[i] != NULL && !is(c, words[i]); i++)
		;
	if (*c->protocol == '\0' || (words[i] != NULL && (g->gke == NULL || i < 2)) ||
	    (strchr(c->protocol, '/') != NULL && lint_origin(g) == USE_FOREIGN))
		return;
	near = words[i] == NULL ? gw_nearest_of(c->protocol, words) : NULL;
	f = lint_find(l, g->object, GWK_PROTOCOL_UNKNOWN, gw_node_get(c->node, "protocol"),
		      lint_format(l, "%s.protocol", c->path), "%s no listener of protocol \"%s\"",
		      g->gke != NULL ? "the load balancers of GKE's Gateways have" : "Gateway API has", c->protocol);
	if (near != NULL)
		lint_fix(l, f, "did you mean \"%s\"?", near);
	else
		lint_fix(l, f,
			 g->gke != NULL ? "write HTTPS or HTTP, or use a Service of type LoadBalancer"
					: "write HTTP, HTTPS, TLS, TCP or UDP; others begin with a domain");
}

static void judge_certificate(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	bool options = c->options != NULL && c->options->kind == GW_MAP && c->options->count > 0;
	struct gw_finding *f;

	if (is(c, "HTTPS") && c->tls == NULL && g->certmap == NULL) {
		f = lint_find(l, g->object, GWK_NO_CERTIFICATE, c->node, c->path,
			      "listener \"%s\" is HTTPS and has no certificate", c->name);
		lint_fix(l, f, "write tls.certificateRefs: [{name: SECRET}]%s",
			 g->gke != NULL && g->gke->certmap ? ", or the annotation " GW_ANNOTATION_CERTMAP " with a map"
							   : "");
	}
	if (c->mode == NULL || strcmp(c->mode, "Terminate") != 0 || is(c, "HTTP") || c->n_certs > 0 || options)
		return;
	f = lint_find(l, g->object, GWK_TERMINATE_EMPTY, c->tls, lint_format(l, "%s.tls", c->path),
		      "mode Terminate%s needs certificateRefs or options; with neither the API server refuses the "
		      "Gateway",
		      gw_node_get(c->tls, "mode") == NULL ? ", which is the default," : "");
	if (g->certmap != NULL)
		lint_fix(l, f, "take the tls block out: with a certificate map the listener has none");
	else
		lint_fix(l, f, "name the Secret: certificateRefs: [{name: SECRET}]");
}

/* --- certificateRefs ---------------------------------------------------------------------------------------------- */

static void judge_ref(struct gw_lint *l, const struct gw_gateway *g, const struct gw_ref *r, const char *path)
{
	const struct gw_node *at = gw_node_get(r->node, "kind");
	struct gw_finding *f;

	if (strcmp(r->kind, "ManagedCertificate") == 0) {
		f = lint_find(l, g->object, GWK_MANAGED, at, path,
			      "ManagedCertificates are for Ingress; a Gateway cannot refer to one");
		lint_fix(l, f, "use a Secret, or a certificate of Certificate Manager");
		return;
	}
	if (strcmp(r->kind, "Secret") != 0 && lint_origin(g) == USE_FOREIGN) {
		lint_find(l, g->object, GWK_IMPLEMENTATION, at, path,
			  "a certificate of kind %s: Gateway API asks implementations for Secret only", r->kind);
		return;
	}
	if (strcmp(r->kind, "Secret") != 0) {
		f = lint_find(l, g->object, GWK_REF_KIND, at, path,
			      "a certificate of kind %s: GKE takes a Secret only (GWCER105)", r->kind);
		lint_fix(l, f, "put the certificate into a Secret of type kubernetes.io/tls");
		return;
	}
	if (*r->group != '\0') {
		f = lint_find(l, g->object, GWK_REF_KIND, gw_node_get(r->node, "group"), path,
			      "group \"%s\" has no Secret: the core group is written \"\" (GWCER105)", r->group);
		lint_fix(l, f, "write group: \"\", or leave it out");
		return;
	}
	lint_cross_namespace(l, g->object, r, path);
	if (lint_target(l, r) == NULL)
		lint_missing_ref(l, g->object, GWK_SECRET_MISSING, r, path);
}

static void judge_refs(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	size_t i;

	for (i = 0; i < c->n_certs; i++)
		judge_ref(l, g, &c->certs[i], lint_format(l, "%s.tls.certificateRefs[%zu]", c->path, i));
	if (c->n_certs > 1 && g->gke == NULL)
		lint_find(l, g->object, GWK_IMPLEMENTATION, gw_node_get(c->tls, "certificateRefs"),
			  lint_format(l, "%s.tls.certificateRefs", c->path),
			  "%zu certificates for one listener: Gateway API leaves it to the implementation what becomes "
			  "of "
			  "more than one",
			  c->n_certs);
}

/* --- options ------------------------------------------------------------------------------------------------------ */

static void judge_options(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	const struct gw_node *certs = gw_node_get(c->options, GW_OPTION_CERTS);
	const struct gw_node *shared = gw_node_get(c->options, GW_OPTION_PRE_SHARED);
	const char *path = lint_format(l, "%s.tls.options", c->path);
	struct gw_finding *f;

	if (certs != NULL && g->gke != NULL && !g->gke->cert_manager_certs) {
		f = lint_find(l, g->object, GWK_CERTS_CLASS, certs->key, path,
			      "%s is %s, which takes certificates of Certificate Manager by a map only", g->class_name,
			      gw_class_words(g->gke));
		lint_fix(l, f,
			 "put them into a certificate map, name it in the annotation %s, and take the tls block out",
			 GW_ANNOTATION_CERTMAP);
	}
	if (shared != NULL) {
		f = lint_find(l, g->object, GWK_PRE_SHARED, shared, path,
			      "the certificate \"%s\" of Compute must be there before the Gateway is",
			      gw_node_text(shared) != NULL ? shared->text : "?");
		lint_fix(l, f, "gcloud compute ssl-certificates list shows what is there%s",
			 g->gke != NULL && g->gke->scope == GW_SCOPE_REGIONAL
				 ? "; it must be in the region of the Gateway"
				 : "");
	}
}

/* --- between listeners -------------------------------------------------------------------------------------------- */

static bool same_host(const struct gw_listener *a, const struct gw_listener *b)
{
	if (a->hostname == NULL || b->hostname == NULL)
		return a->hostname == b->hostname;
	return strcasecmp(a->hostname, b->hostname) == 0;
}

static bool same_certs(const struct gw_listener *a, const struct gw_listener *b)
{
	size_t i;

	if (a->n_certs != b->n_certs || a->n_certs == 0)
		return a->n_certs == b->n_certs && a->options == NULL && b->options == NULL;
	for (i = 0; i < a->n_certs; i++) {
		const struct gw_ref *x = &a->certs[i], *y = &b->certs[i];

		if (x->name == NULL || y->name == NULL || strcmp(x->name, y->name) != 0 ||
		    strcmp(x->namespace_, y->namespace_) != 0)
			return false;
	}
	return true;
}

static void conflict(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *a,
		     const struct gw_listener *b)
{
	struct gw_finding *f;

	if (*b->name != '\0' && strcmp(a->name, b->name) == 0) {
		f = lint_find(l, g->object, GWK_LISTENER_CONFLICT, gw_node_get(b->node, "name"),
			      lint_format(l, "%s.name", b->path),
			      "two listeners are called \"%s\"; the other is on line %u", b->name, a->node->line);
		lint_relate(l, f, g->object, a->node, "the other listener");
		lint_fix(l, f, "give each a name of its own: routes refer to it (sectionName)");
	}
	if (a->port == 0 || a->port != b->port)
		return;
	if (strcmp(a->protocol, b->protocol) != 0 && !is(a, "UDP") && !is(b, "UDP") &&
	    (is(a, "HTTP") || is(b, "HTTP") || is(a, "TCP") || is(b, "TCP"))) {
		f = lint_find(l, g->object, GWK_LISTENER_CONFLICT, gw_node_get(b->node, "protocol"),
			      lint_format(l, "%s.protocol", b->path),
			      "port %u is %s for listener \"%s\" and %s for this one", b->port, a->protocol, a->name,
			      b->protocol);
		lint_relate(l, f, g->object, a->node, "the other listener");
		lint_fix(l, f, "give them different ports: 80 for HTTP, 443 for HTTPS");
	} else if (same_host(a, b) && strcmp(a->protocol, b->protocol) == 0) {
		f = lint_find(l, g->object, GWK_LISTENER_CONFLICT, b->node, b->path,
			      "port %u, protocol %s and host %s are those of listener \"%s\" already", b->port,
			      b->protocol, b->hostname != NULL ? b->hostname : "(any)", a->name);
		lint_relate(l, f, g->object, a->node, "the other listener");
		lint_fix(l, f, "give them different host names, or make them one");
	} else if (gw_listener_terminates(a) && gw_listener_terminates(b) && gw_hosts_meet(a->hostname, b->hostname) &&
		   !same_certs(a, b) && g->certmap == NULL) {
		f = lint_find(l, g->object, GWK_OVERLAP, b->node, b->path,
			      "the host names of listeners \"%s\" (%s) and \"%s\" (%s) overlap on port %u, and their "
			      "certificates differ",
			      a->name, a->hostname != NULL ? a->hostname : "any", b->name,
			      b->hostname != NULL ? b->hostname : "any", b->port);
		lint_fix(
			l, f,
			"a browser may send requests for one over a connection made for the other (HTTP/2 coalescing): "
			"use one certificate for both, or names that do not overlap");
	}
}

/* --- host names --------------------------------------------------------------------------------------------------- */

/* What the schema's pattern lets through and no client can ask for. */
static void judge_hostname(struct gw_lint *l, const struct gw_gateway *g, const struct gw_listener *c)
{
	const struct gw_node *at = gw_node_get(c->node, "hostname");
	const char *path = lint_format(l, "%s.hostname", c->path), *label;
	unsigned char address[16];
	struct gw_finding *f;

	if (c->hostname == NULL)
		return;
	if (gw_name_ip(c->hostname, address) > 0) {
		f = lint_find(l, g->object, GWK_HOSTNAME, at, path,
			      "an address is no host name: no client asks for it by SNI");
		lint_fix(l, f, "leave the hostname out to take every name");
	}
	for (label = c->hostname; label != NULL; label = strchr(label, '.'), label += label != NULL) {
		if (strcspn(label, ".") > LABEL_MAX)
			lint_find(l, g->object, GWK_HOSTNAME, at, path,
				  "a label has %zu octets, and DNS takes %d, so nobody can look the name up",
				  strcspn(label, "."), LABEL_MAX);
	}
}

void lint_listeners(struct gw_lint *l, struct lint_gateway *lg)
{
	const struct gw_gateway *g = lg->gateway;
	size_t i, k;

	for (i = 0; i < g->n_listeners; i++) {
		const struct gw_listener *c = &g->listeners[i];

		judge_protocol(l, g, c);
		known_protocol(l, g, c);
		judge_certificate(l, g, c);
		judge_refs(l, g, c);
		judge_options(l, g, c);
		judge_hostname(l, g, c);
		for (k = 0; k < i && g->n_listeners <= LISTENERS_MAX; k++)
			conflict(l, g, &g->listeners[k], c);
	}
}
