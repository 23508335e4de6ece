/* SPDX-License-Identifier: Apache-2.0 */
/* Why a probe did not get to its end: the one finding that names the cause, for each way and phase. */
#ifndef GW_PROBE_ENDING_H
#define GW_PROBE_ENDING_H

#include "probe/probe.h"
#include "probe/verdict.h"

/* Adds the finding of p->end, and that of a client certificate that was refused, by alert, by closing or by HTTP. */
void gw_probe_judge_ending(struct gw_probe *p, const struct gw_policy *policy);

#endif
