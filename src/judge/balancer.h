/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Google load balancer would say of a certificate: of a client's at its front, of a server's behind it. It speaks in
 * tokens (client_cert_chain_invalid_eku), which stand in its logs and headers and nowhere else; here they come with their
 * cause.
 */
#ifndef GW_JUDGE_BALANCER_H
#define GW_JUDGE_BALANCER_H

#include "judge/judge.h"

enum gw_balancer_side { GW_SIDE_CLIENT, GW_SIDE_BACKEND };

struct gw_balancer_request {
	enum gw_balancer_side side;
	const struct gw_certs *presented; /* leaf first, as they are sent */
	size_t octets;                    /* of the PEM that is sent */
	const struct gw_certs *anchors, *intermediates, *allowlist;
	int64_t at;
	const struct gw_where *where;
};

/* *token is NULL where the certificate is accepted; else the load balancer's own word. Findings: GWC050 or GWC051,
 * whose sentence begins with a token; the first is the one that is reported. */
enum gw_code GW_MUST_USE gw_judge_balancer(const struct gw_ctx *ctx, const struct gw_balancer_request *request,
					   const char **token, struct gw_findings *fs, struct gw_err *err);

/* What the load balancer cannot pass on to the backend in its custom headers: warnings GWC053, each with its token. */
void gw_judge_headers(const struct gw_balancer_request *request, struct gw_findings *fs);

#endif
