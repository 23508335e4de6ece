/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Gateway, read for use: listeners, the certificates they name, and where client certificates are asked for, in any of
 * the spellings that Gateway API and GKE's documentation have had. What is of the wrong kind is passed over: whether the
 * object fits its schema is for lint to say.
 */
#ifndef GW_K8S_GATEWAY_H
#define GW_K8S_GATEWAY_H

#include "k8s/class.h"
#include "k8s/object.h"

struct gw_listener {
	const struct gw_node *node;
	const char *path;     /* "spec.listeners[0]" */
	const char *name;     /* "" where there is none */
	const char *protocol; /* "" where there is none */
	const char *hostname; /* NULL: any */
	unsigned port;        /* 0: none */
	const struct gw_node *tls, *options;
	const char *mode;     /* "Terminate" by default; NULL without tls */
	struct gw_ref *certs; /* certificateRefs */
	size_t n_certs;
};

/* Where client certificates are validated, by which CAs. */
struct gw_frontend {
	const struct gw_node *node;
	const char *path;
	unsigned port;       /* 0: all ports that have none of their own */
	const char *mode;    /* AllowValidOnly by default */
	struct gw_ref *refs; /* caCertificateRefs */
	size_t n_refs;
};

/* Which spelling a Gateway uses for it. */
enum gw_frontend_shape {
	GW_FRONTEND_NONE,
	GW_FRONTEND_UPSTREAM, /* spec.tls.frontend, Gateway API 1.4 and later */
	GW_FRONTEND_GKE_PAGE, /* spec.tls.frontendValidation, as GKE's page writes it */
	GW_FRONTEND_LISTENER, /* listeners[].tls.frontendValidation, experimental in Gateway API 1.1 to 1.3 */
};

struct gw_gateway {
	const struct gw_object *object;
	const char *class_name;             /* "" where there is none */
	const struct gw_class *gke;         /* NULL: not a class of GKE */
	const char *certmap, *trust_config; /* annotations, or NULL */
	struct gw_listener *listeners;
	size_t n_listeners;
	enum gw_frontend_shape shape;
	const struct gw_node *frontend; /* the member that holds it all; NULL with GW_FRONTEND_NONE */
	struct gw_frontend *frontends;
	size_t n_frontends;
};

/* Reads a Gateway; memory of the arena. */
struct gw_gateway *gw_gateway_read(struct gw_arena *arena, const struct gw_object *o);

/* Whether a listener ends TLS itself, by whatever certificate. */
bool gw_listener_terminates(const struct gw_listener *l);

/* Whether a listener's hostname takes a name: none takes all; "*.example.com" takes any number of labels below. */
bool gw_host_takes(const char *listener, const char *name);

/* Whether two hostnames, each with or without a wildcard, have a name in common; NULL is any. */
bool gw_hosts_meet(const char *a, const char *b);

#define GW_ANNOTATION_CERTMAP      "networking.gke.io/certmap"
#define GW_ANNOTATION_TRUST_CONFIG "networking.gke.io/frontend-trust-config"
#define GW_ANNOTATION_ALLOW        "networking.gke.io/allow-invalid-or-missing-client-cert"
#define GW_ANNOTATION_MANAGED      "networking.gke.io/managed-certificates"
#define GW_OPTION_CERTS            "networking.gke.io/cert-manager-certs"
#define GW_OPTION_PRE_SHARED       "networking.gke.io/pre-shared-certs"
#define GW_OPTION_BACKEND_TRUST    "networking.gke.io/backend-trust-config"

#endif
