/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates of a TrustConfig or of a ConfigMap of CAs, by what a load balancer takes each for. */
#ifndef GW_K8S_TRUST_H
#define GW_K8S_TRUST_H

#include "base/ctx.h"
#include "base/finding.h"
#include "pki/cert.h"

struct gw_trust_config {
	struct gw_certs anchors;       /* trustAnchors; each CA of a ConfigMap or of a plain PEM file */
	struct gw_certs intermediates; /* intermediateCas */
	struct gw_certs allowlist;     /* allowlistedCertificates: accepted whatever they say */
};

/* Reads a file ("-" is standard input). What goes past Certificate Manager's limits on numbers and sizes is a finding
 * (GWC052), and read all the same. */
enum gw_code GW_MUST_USE gw_trust_config_read(const struct gw_ctx *ctx, const char *path,
					      struct gw_trust_config *config, struct gw_findings *fs,
					      struct gw_err *err);
void gw_trust_config_release(struct gw_trust_config *config);
#define GW_TRUST_CONFIG_AUTO GW_CLEANUP(gw_trust_config_release)

#endif
