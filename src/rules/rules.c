/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct gw_rule gw_rules[GW_RULE_COUNT] = {
#define GW_RULE(name, id, severity, title, why, fix, source) {id, #name, severity, title, why, fix, source},
#include "rules/rules.def"
#undef GW_RULE
};

const struct gw_rule *gw_rule_find(const char *id)
{
	size_t i;

	for (i = 0; i < GW_RULE_COUNT; i++) {
		if (strcasecmp(gw_rules[i].id, id) == 0)
			return &gw_rules[i];
	}
	return NULL;
}

GW_PRINTF(5, 0)
static struct gw_finding *find(struct gw_findings *fs, const struct gw_rule *rule, enum gw_severity severity,
			       const struct gw_where *where, const char *fmt, va_list args)
{
	char what[GW_ERR_WHAT_MAX];

	gw_vformat(what, sizeof(what), fmt, args);
	return gw_findings_add(fs, rule, severity, where, what);
}

struct gw_finding *gw_find(struct gw_findings *fs, enum gw_rule_name rule, const struct gw_where *where,
			   const char *fmt, ...)
{
	struct gw_finding *f;
	va_list args;

	va_start(args, fmt);
	f = find(fs, &gw_rules[rule], gw_rules[rule].severity, where, fmt, args);
	va_end(args);
	return f;
}

struct gw_finding *gw_find_as(struct gw_findings *fs, enum gw_rule_name rule, enum gw_severity severity,
			      const struct gw_where *where, const char *fmt, ...)
{
	struct gw_finding *f;
	va_list args;

	va_start(args, fmt);
	f = find(fs, &gw_rules[rule], severity, where, fmt, args);
	va_end(args);
	return f;
}
