/* SPDX-License-Identifier: Apache-2.0 */
/* The kubernetes.io/tls Secret: what `kubectl create secret tls` makes, and what gwcert adds. */
#ifndef GW_K8S_SECRET_H
#define GW_K8S_SECRET_H

#include "base/buf.h"
#include "base/finding.h"
#include "k8s/labels.h"
#include "pki/cert.h"
#include "tree/tree.h"

#define GW_K8S_DATA_MAX ((size_t)1 << 20) /* sum of decoded values of a Secret: API server, MaxSecretSize */

struct gw_tls_secret {
	const char *name;       /* DNS-1123 subdomain */
	const char *namespace_; /* DNS-1123 label, or NULL */
	const char *cert_pem;   /* tls.crt, borrowed */
	size_t cert_len;
	const char *key_pem; /* tls.key, borrowed */
	size_t key_len;
	const char *ca_pem; /* ca.crt, or NULL */
	size_t ca_len;
	struct gw_labels labels, annotations; /* beside gwcert's own; left out with plain */
	bool plain;                           /* exactly what kubectl makes: no label, no annotation */
	const struct gw_cert_facts *leaf;     /* for the annotations; may be NULL with plain */
};

/* Checks names and size: findings GWK050. */
void gw_tls_secret_check(const struct gw_tls_secret *s, struct gw_findings *fs);

/* The manifest, in kubectl's order of members. The arena must be sensitive: the tree holds the key. */
struct gw_node *gw_tls_secret_node(struct gw_arena *arena, const struct gw_tls_secret *s);

/* The same manifest as text, octet for octet what gw_yaml_write() makes of the node, in a thirtieth of its time: for Secrets
 * by the thousand. `out` is a secret buffer. */
void gw_tls_secret_write(struct gw_buf *out, const struct gw_tls_secret *s);

#endif
