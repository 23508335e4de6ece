/* SPDX-License-Identifier: Apache-2.0 */
/* The certificates that a server shows, for init --from-cert host:port. */
#ifndef GW_CMD_SERVED_H
#define GW_CMD_SERVED_H

#include "base/ctx.h"
#include "pki/cert.h"

/* Makes a handshake with host:port or an https:// URL and gives what was presented, right or wrong: nothing is verified.
 * *label is the server with its port, in the run's arena; release *chain. */
enum gw_code GW_MUST_USE gw_served_chain(struct gw_ctx *ctx, const char *server, const char **label,
					 struct gw_certs *chain, struct gw_err *err);

#endif
