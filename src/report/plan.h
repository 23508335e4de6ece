/* SPDX-License-Identifier: Apache-2.0 */
/* What gen did, or would do, as a person or a program reads it. The names of the JSON members are part of the interface:
 * gwcert-gen(1). */
#ifndef GW_REPORT_PLAN_H
#define GW_REPORT_PLAN_H

#include <stdio.h>

#include "issue/issue.h"

struct gw_plan_view {
	struct gw_arena *arena; /* for what is printed */
	bool planned;           /* nothing has been done: this is what would be */
	bool color;
};

/* Done: a table, and a line that counts up. Planned: each entry that changes with its differences field by field. */
void gw_report_plan_text(FILE *out, const struct gw_plan *plan, const struct gw_plan_view *view);

/* One document, with the findings in it. */
void gw_report_plan_json(FILE *out, const struct gw_plan *plan, const struct gw_findings *fs,
			 const struct gw_plan_view *view);

#endif
