/* SPDX-License-Identifier: Apache-2.0 */
/* From what was seen to findings: every fault of a target, not only the first. Nothing here touches the network. */
#ifndef GW_PROBE_VERDICT_H
#define GW_PROBE_VERDICT_H

#include "base/err.h"
#include "pki/verify.h"
#include "probe/expect.h"
#include "probe/probe.h"

#define GW_WARN_DAYS 14 /* fewer days left than this is a warning */

struct gw_policy {
	const struct gw_trust *trust;
	const struct gw_expected *expected; /* NULL: any certificate will do */
	unsigned min_days;
	bool strict_days;       /* the user named min_days: an error then */
	unsigned expect_status; /* 0: the status is a fact, no more */
	int64_t now;
	int64_t timeout_s; /* for sentences */
};

/* Fills match, judged_chain, chain_ok, name_ok, findings and verdict. Only a fault of our own can fail it. */
enum gw_code GW_MUST_USE gw_probe_judge(struct gw_probe *p, const struct gw_policy *policy, struct gw_err *err);

#endif
