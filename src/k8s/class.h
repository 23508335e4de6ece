/* SPDX-License-Identifier: Apache-2.0 */
/* The GatewayClasses of GKE, and what each of their load balancers can do. */
#ifndef GW_K8S_CLASS_H
#define GW_K8S_CLASS_H

#include <stdbool.h>
#include <stddef.h>

enum gw_class_scope { GW_SCOPE_GLOBAL, GW_SCOPE_CROSS_REGIONAL, GW_SCOPE_REGIONAL };

struct gw_class {
	const char *name;
	enum gw_class_scope scope;
	bool multi_cluster;
	bool certmap;            /* takes a certificate map: networking.gke.io/certmap */
	bool cert_manager_certs; /* takes certificates by name: the option networking.gke.io/cert-manager-certs */
	bool client_validation;  /* frontend mTLS */
	bool backend_tls;
	bool inference_tls;     /* backend TLS to an InferencePool */
	bool proxy_only_subnet; /* needs one in its region */
};

/* The class of that name; NULL where GKE has none. */
const struct gw_class *gw_class_find(const char *name);

/* Which of them it is, from 0; below GW_CLASSES_MAX. */
#define GW_CLASSES_MAX 32
size_t gw_class_number(const struct gw_class *c);

/* Whether a name means to be a class of GKE: it begins with "gke-l7-". */
bool gw_class_is_gke(const char *name);

/* The class with the nearest name, for "did you mean"; NULL where none is near. */
const char *gw_class_nearest(const char *name);

/* "a global external Gateway", for messages. Static. */
const char *gw_class_words(const struct gw_class *c);

#endif
