/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. Only this room includes it. */
#ifndef GW_LINT_INTERNAL_H
#define GW_LINT_INTERNAL_H

#include <inttypes.h>

#include "k8s/gateway.h"
#include "k8s/object.h"
#include "k8s/route.h"
#include "lint/lint.h"
#include "pki/cert.h"

/* --- what was read ------------------------------------------------------------------------------------------------ */

/* A comment of a source that lint heeds. */
struct lint_comment {
	unsigned line;
	bool alone;       /* nothing else is on its line, so that it speaks of the next one */
	bool used;        /* it put a finding aside */
	const char *text; /* behind "gwcert: ignore", or behind "# Source:"; ends with the line */
	size_t len;
};

/* A file or standard input, kept until the end: the trees and the findings' places point into it. */
struct lint_source {
	const char *name;
	struct gw_buf text;
	struct gw_arena arena;                    /* of its tree; sensitive where a Secret may be in it */
	const struct gw_source *located;          /* as nodes point to it */
	struct lint_comment *ignores, *templates; /* in the order of lines */
	size_t n_ignores, n_templates;
	struct lint_source *next;
};

/* The certificates of a Secret or ConfigMap, read once. */
struct lint_certs {
	const struct gw_object *object;
	struct gw_certs certs; /* empty where they cannot be read */
};

/* How an object is used by others: what its own judgement needs to know. */
#define USE_LISTENER       (1U << 0) /* certificateRefs of a Gateway */
#define USE_CLIENT_CA      (1U << 1) /* CA for client certificates */
#define USE_BACKEND_CA     (1U << 2) /* CA for backend certificates */
#define USE_GLOBAL         (1U << 3) /* backend of a Gateway with a global load balancer */
#define USE_REGIONAL       (1U << 4)
#define USE_CROSS_REGION   (1U << 5)
#define USE_NO_TLS         (1U << 6)  /* backend of a Gateway whose class has no backend TLS */
#define USE_NO_INFERENCE   (1U << 7)  /* ... no backend TLS to inference pools */
#define USE_SINGLE         (1U << 8)  /* backend of a Gateway of one cluster */
#define USE_MULTI          (1U << 9)  /* ... of several clusters */
#define USE_TLS_POLICY     (1U << 10) /* a BackendTLSPolicy names it */
#define USE_ARMOR          (1U << 11) /* a GCPBackendPolicy gives it a security policy */
#define USE_IAP            (1U << 12) /* ... Identity-Aware Proxy */
#define USE_BACKEND        (1U << 13) /* a route sends requests to it */
#define USE_FOREIGN        (1U << 14) /* of a Gateway whose class is not one of GKE */
#define USE_GKE            (1U << 15) /* of a Gateway of GKE */
#define USE_BACKEND_CLIENT (1U << 16) /* clientCertificateRef of a Gateway */

/* Whether an object serves Gateways of others only, so that what GKE asks for does not count. */
static inline bool lint_is_foreign(unsigned flags)
{
	return (flags & USE_FOREIGN) != 0 && (flags & USE_GKE) == 0;
}

/* The kinds of policies of which a target takes one each. */
enum lint_policy { LINT_BACKEND_TLS, LINT_BACKEND_POLICY, LINT_GATEWAY_POLICY, LINT_HEALTH_CHECK, LINT_POLICIES };

struct lint_use {
	const char *group, *kind, *namespace_, *name;
	unsigned flags;
	const struct gw_object *policies[LINT_POLICIES]; /* the first of each kind, or NULL */
};

/* A route's host name at a listener. */
struct lint_host {
	const char *name;
	const struct gw_object *route;
	const struct gw_node *node;
	bool *said; /* that a certificate does not cover it: once for all listeners */
	struct lint_host *next;
};

/* A Gateway with what is attached to it. */
struct lint_gateway {
	const struct gw_gateway *gateway;
	struct lint_host **hosts;          /* for each listener: of the routes attached to it */
	const struct gw_object *cdn_route; /* the first route with Cloud CDN, and where it says so */
	const struct gw_node *cdn_node;
	const struct gw_object *iap_policy; /* of one of its backends */
	struct lint_gateway *next;
};

/* Octets of one input: a whole cluster's Secrets as JSON. */
#define LINT_INPUT_MAX ((size_t)512 << 20)

/* Deployments that are searched for the certificate of a backend; each policy looks through them. */
#define LINT_WORKLOADS_MAX 200

#define LINT_SEARCHES_MAX 64 /* walks over all objects in one run */

#define LINT_SOON (14 * GW_DAY) /* an end of validity that is nearer than this is worth a word */

struct gw_lint {
	struct gw_lint_conf conf;
	struct gw_findings *fs;
	struct gw_arena arena;
	struct gw_objects objects;
	struct lint_source *sources, *last_source;
	struct gw_index by_located;  /* struct lint_source by its gw_source */
	struct gw_index gateways_at; /* struct lint_gateway by its object */
	struct gw_index certs_at;    /* struct lint_certs by its object */
	struct gw_index uses;        /* struct lint_use by name */
	struct gw_index grants;      /* ReferenceGrant objects by what they allow */
	struct gw_index entries;     /* entries of certificate maps by map and host name */
	struct gw_index maps;        /* the first entry of each certificate map */
	struct lint_gateway *gateways, *last_gateway;
	struct lint_schema *schema; /* compiled patterns, one for each of the table; schema.c */
	struct gw_buf scratch;      /* what is read of a file, before it is kept in its own size */
	struct gw_lint_counts counts;
	unsigned bundle;   /* of Gateway API: 161 is 1.6.1 */
	unsigned searches; /* how often all objects were walked: bounded, so that the whole stays linear */
	const struct gw_object *workloads[LINT_WORKLOADS_MAX];
	size_t n_workloads;
	unsigned ca_guesses;   /* how often a CA was looked for by walking all objects: bounded */
	bool comments;         /* whether any source has a comment to heed */
	uint64_t classes_told; /* whose prerequisites have been told: bits */
};

/* --- saying ------------------------------------------------------------------------------------------------------- */

/*
 * Adds a finding about a node of an object. `path` is within the object and may be NULL. What is ignored, or below the
 * severity asked for, is not kept; the finding that is returned then is in no list. Never NULL.
 */
struct gw_finding *lint_find(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule,
			     const struct gw_node *at, const char *path, const char *fmt, ...) GW_PRINTF(6, 7);
struct gw_finding *lint_find_as(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule,
				enum gw_severity severity, const struct gw_node *at, const char *path, const char *fmt,
				...) GW_PRINTF(7, 8);

/* Hands findings that another room made about a value on as findings of a rule of this one, with their severity. */
void lint_take(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule, const struct gw_node *at,
	       const char *path, const struct gw_finding *from);

/* The severity of "it is not among what was given". */
enum gw_severity lint_missing(const struct gw_lint *l);

void lint_fix(struct gw_lint *l, struct gw_finding *f, const char *fmt, ...) GW_PRINTF(3, 4);
/* Another place that a finding is about: "the other is here". */
void lint_relate(struct gw_lint *l, struct gw_finding *f, const struct gw_object *o, const struct gw_node *at,
		 const char *what);
void lint_evidence(struct gw_lint *l, struct gw_finding *f, const char *fmt, ...) GW_PRINTF(3, 4);

/* Finds comments in a source: what to ignore, and the templates that Helm names. */
void lint_comments(struct gw_lint *l, struct lint_source *s);
/* Says which comments to ignore something have no effect. */
void lint_comments_unused(struct gw_lint *l);
bool lint_ignored(struct gw_lint *l, const struct gw_node *at, const struct gw_rule *rule);
/* The template that a line was rendered from, in the arena; NULL where none is named. */
const char *lint_template(const struct gw_lint *l, const struct gw_node *at);

/* --- looking ------------------------------------------------------------------------------------------------------ */

/* The use of an object by name, made where it is not there yet. */
struct lint_use *lint_use(struct gw_lint *l, const char *group, const char *kind, const char *namespace_,
			  const char *name);
struct lint_use *lint_use_of(struct gw_lint *l, const struct gw_object *o);

/* The object that a reference names, or NULL. */
const struct gw_object *lint_target(const struct gw_lint *l, const struct gw_ref *ref);
struct lint_gateway *lint_gateway_of(const struct gw_lint *l, const struct gw_object *o);

/* The certificates of a Secret or ConfigMap that was judged; NULL where there are none. */
const struct gw_certs *lint_certs_of(const struct gw_lint *l, const struct gw_object *o);
void lint_keep_certs(struct gw_lint *l, const struct gw_object *o, struct gw_certs *certs);

/* Whether a ReferenceGrant allows a reference across namespaces. */
bool lint_granted(const struct gw_lint *l, const char *kind, const char *namespace_, const struct gw_ref *to);

/* Whether the GKE version asked about is at least this one; true where none was given. */
bool lint_at_least(const struct gw_lint *l, const char *version);

const char *lint_format(struct gw_lint *l, const char *fmt, ...) GW_PRINTF(2, 3);

/* --- the judges, in the order in which they run ------------------------------------------------------------------- */

void lint_schema_object(struct gw_lint *l, const struct gw_object *o); /* schema.c */
void lint_schema_free(struct gw_lint *l);
void lint_metadata(struct gw_lint *l, const struct gw_object *o); /* metadata.c */
void lint_data_limits(struct gw_lint *l, const struct gw_object *o);
void lint_collect_grant(struct gw_lint *l, const struct gw_object *o); /* refs.c */
void lint_grant(struct gw_lint *l, const struct gw_object *o);
void lint_missing_ref(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule, const struct gw_ref *ref,
		      const char *path);
bool lint_cross_namespace(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *ref, const char *path);
void lint_collect_gateway(struct gw_lint *l, const struct gw_object *o); /* gateway.c */
void lint_gateway(struct gw_lint *l, struct lint_gateway *g);
unsigned lint_origin(const struct gw_gateway *g);                  /* USE_GKE or USE_FOREIGN */
void lint_gke_keys(struct gw_lint *l, const struct gw_gateway *g); /* gke.c */
/* Says where a name cannot be that of a resource of Google; `what` is the kind of resource. */
void lint_gke_name(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, const char *path,
		   const char *name, const char *what);
void lint_listeners(struct gw_lint *l, struct lint_gateway *g); /* listener.c */
void lint_frontend(struct gw_lint *l, struct lint_gateway *g);  /* frontend.c */
void lint_ca_refs(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *refs, size_t n, const char *path,
		  unsigned use);
void lint_collect_route(struct gw_lint *l, const struct gw_object *o); /* route.c */
void lint_route(struct gw_lint *l, const struct gw_object *o);         /* route.c */
/* "https (443, *.example.com), http (80)": what a Gateway has. In the arena. */
const char *lint_listener_names(struct gw_lint *l, const struct gw_gateway *g); /* hosts.c */
void lint_hosts(struct gw_lint *l, struct lint_gateway *g);                     /* hosts.c */
void lint_collect_entry(struct gw_lint *l, const struct gw_object *o);
/* The entry of a certificate map that answers for a host: the very name, the wildcard, the primary one; NULL: none. */
const struct gw_object *lint_find_entry(const struct gw_lint *l, const char *map, const char *host);
bool lint_map_given(const struct gw_lint *l, const char *map);
void lint_secret(struct gw_lint *l, const struct gw_object *o);    /* secret.c */
void lint_configmap(struct gw_lint *l, const struct gw_object *o); /* configmap.c */

/* A CA, where it stands and what it is used for. */
struct lint_ca {
	const struct gw_object *o;
	const struct gw_node *at;
	const char *path;
	const X509 *cert;
	unsigned use;              /* USE_CLIENT_CA, USE_BACKEND_CA */
	enum gw_severity severity; /* of what makes it none: less where nothing is known to use it */
};
void lint_ca(struct gw_lint *l, const struct lint_ca *ca);
void lint_trust_config(struct gw_lint *l, const struct gw_object *o); /* trustconfig.c */
/* A TrustConfig of that name that is not in a location of the kind wanted, where none is that is; else NULL. */
const struct gw_object *lint_trust_misplaced(struct gw_lint *l, const char *name, bool global);
void lint_backend_tls(struct gw_lint *l, const struct gw_object *o);    /* backendtls.c */
void lint_collect_policy(struct gw_lint *l, const struct gw_object *o); /* policy.c */
void lint_collect_cas(struct gw_lint *l, const struct gw_object *o);
/* Of which Gateways the targets of a policy are backends: USE_GKE, USE_FOREIGN, both or none. */
unsigned lint_target_origin(struct gw_lint *l, const struct gw_object *o);
void lint_policy(struct gw_lint *l, const struct gw_object *o);
/* Says where a target has a policy of the same kind already. */
void lint_policy_twin(struct gw_lint *l, const struct gw_object *o, const struct gw_ref *t, const char *path);
/* Whether an object of that kind and name is in another namespace, and in which. */
bool lint_elsewhere(struct gw_lint *l, const struct gw_ref *t, const char **namespace_);
void lint_collect_workload(struct gw_lint *l, const struct gw_object *o); /* workload.c */
void lint_backend_certificate(struct gw_lint *l, const struct gw_object *policy, const struct gw_ref *target);
void lint_service(struct gw_lint *l, const struct gw_object *o);    /* service.c */
void lint_status(struct gw_lint *l, const struct gw_object *o);     /* status.c */
void lint_prerequisites(struct gw_lint *l, struct lint_gateway *g); /* prereq.c */

#endif
