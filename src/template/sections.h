/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template says of its certificates beyond themselves: where they are brought to (publish), who is trusted by them
 * (trust), and what is to be seen when all is well (probes). All of it has been checked when the template was read;
 * secret, configmap, trustconfig, upload and probe carry it out. Everything is in the template's arena.
 */
#ifndef GW_TEMPLATE_SECTIONS_H
#define GW_TEMPLATE_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "k8s/labels.h"
#include "pki/extension.h"
#include "tree/tree.h"

struct gw_entry;

#define GW_PUBLISH_MAX 20       /* places that one certificate or trust is brought to */
#define GW_GLOBAL      "global" /* the location where none is given */

enum gw_publish_kind {
	GW_PUBLISH_SECRET,       /* a kubernetes.io/tls Secret with the key and the chain */
	GW_PUBLISH_CONFIG_MAP,   /* a ConfigMap with one CA certificate as ca.crt */
	GW_PUBLISH_CONFIG_MAPS,  /* of a trust: one for each anchor, NAME, NAME-2, NAME-3 */
	GW_PUBLISH_CERTIFICATE,  /* a certificate of Certificate Manager, and entries of a map that lead to it */
	GW_PUBLISH_TRUST_CONFIG, /* of a trust: a TrustConfig of Certificate Manager */
};

/* Entries of a certificate map that lead to a certificate; none where name is NULL. */
struct gw_map_entries {
	const char *name; /* of the map */
	struct gw_texts hostnames;
	const char *matcher; /* "PRIMARY", for all other names; or NULL */
};

struct gw_publish {
	enum gw_publish_kind kind;
	const struct gw_node *node; /* the value as written; its key tells the kind */
	size_t index;               /* in the list of publish */
	const char *name;
	const char *namespace_;  /* Kubernetes; NULL: that of the context it is applied in */
	const char *location;    /* Certificate Manager: "global" or a region */
	const char *scope;       /* Certificate Manager: a word of the API; NULL: DEFAULT */
	const char *description; /* Certificate Manager; or NULL */
	struct gw_labels labels, annotations;
	struct gw_map_entries map;
	struct gw_publish *next;
};

/* An entry that is referred to by its name. */
struct gw_ref {
	const char *name;
	const struct gw_node *node;
	const struct gw_entry *entry; /* NULL: there is none, which has been said */
};

struct gw_refs {
	struct gw_ref *items;
	size_t count;
};

struct gw_trust {
	const char *name;
	const struct gw_node *node;
	struct gw_refs anchors, intermediates, allowlist;
	struct gw_publish *publish;
	bool faulty;
	struct gw_trust *next;
};

struct gw_probe {
	const char *name; /* of the probe */
	const struct gw_node *node;
	const char *connect;       /* host:port; NULL: the name's own addresses, port 443 */
	const char *host;          /* what is asked for: SNI and Host */
	struct gw_ref certificate; /* that is to be served; name NULL: not looked at */
	const char *tls;           /* ">=1.2", "1.3"; NULL: any */
	const char *chain;         /* "complete" or "any"; NULL: any */
	struct gw_ref present;     /* the client's certificate; name NULL: none */
	const char *absent;        /* "rejected" or "accepted": what a client without one gets; NULL: not tried */
	bool faulty;
	struct gw_probe *next;
};

/* The first of an entry's or a trust's places of one kind at or after p, or NULL. */
const struct gw_publish *gw_publish_of(const struct gw_publish *p, enum gw_publish_kind kind);

#endif
