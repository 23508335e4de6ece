/* SPDX-License-Identifier: Apache-2.0 */
/* init --from-...: reading what is to be adopted, from a file or from a server. */
#ifndef GW_CMD_ADOPT_H
#define GW_CMD_ADOPT_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/finding.h"

enum gw_adopt_kind { GW_ADOPT_CERT, GW_ADOPT_CNF, GW_ADOPT_MANAGER };

/* Reads the source ("-" is standard input; of GW_ADOPT_CERT, host:port as well) and appends the template made of it. */
enum gw_code GW_MUST_USE gw_adopt_from(struct gw_ctx *ctx, enum gw_adopt_kind kind, const char *source,
				       struct gw_buf *out, struct gw_findings *fs, struct gw_err *err);

#endif
