/* SPDX-License-Identifier: Apache-2.0 */
/* explain: one rule in full, or the list of all. */
#include <limits.h>
#include <stdio.h>

#include "base/text.h"
#include "cmd/commands.h"
#include "report/report.h"
#include "rules/rules.h"

struct explain_opts {
	unsigned format;
};

static const char *const formats[] = {"text", "json", NULL};

static const struct gw_option options[] = {
	OPT_FORMAT(struct explain_opts, format, formats, "text"),
};

static const struct gw_example examples[] = {
	{"gwcert explain GWT002", "tell what the code of a finding means and what to do"},
	{"gwcert explain", "list every rule"},
	{NULL, NULL},
};

static void list_rules(struct gw_ctx *ctx)
{
	struct gw_table table;
	size_t i;

	gw_table_init(&table, ctx->arena, 3);
	for (i = 0; i < GW_RULE_COUNT; i++) {
		const struct gw_cell cells[] = {{gw_rules[i].id, GW_BOLD},
						{gw_severity_name(gw_rules[i].severity), GW_PLAIN},
						{gw_rules[i].title, GW_PLAIN}};

		gw_table_row(&table, cells);
	}
	gw_table_print(&table, ctx->out, ctx->color_out);
}

static struct gw_node *rule_node(struct gw_arena *arena, const struct gw_rule *rule)
{
	struct gw_node *map = gw_map_new(arena);

	gw_map_str(arena, map, "code", rule->id);
	gw_map_str(arena, map, "severity", gw_severity_name(rule->severity));
	gw_map_str(arena, map, "title", rule->title);
	gw_map_str(arena, map, "why", rule->why);
	gw_map_str(arena, map, "fix", rule->fix);
	gw_map_str(arena, map, "source", rule->source);
	return map;
}

static void explain_text(struct gw_ctx *ctx, const struct gw_rule *rule)
{
	fprintf(ctx->out, "%s%s%s: %s (%s)\n\n%s\n\nWhat to do: %s\n\nSource: %s\n", gw_paint(ctx->color_out, GW_BOLD),
		rule->id, gw_unpaint(ctx->color_out), rule->title, gw_severity_name(rule->severity), rule->why,
		rule->fix, rule->source);
}

static const char *next_id(void *state)
{
	size_t *i = state;

	return *i < GW_RULE_COUNT ? gw_rules[(*i)++].id : NULL;
}

static enum gw_code unknown_rule(const char *id, struct gw_err *err)
{
	size_t start = 0;
	const char *near = gw_nearest(id, next_id, &start);

	gw_fail(err, GW_E_USAGE, id, "no rule has this code");
	if (near != NULL)
		return gw_hint(err, "did you mean %s? gwcert explain lists them all", near);
	return gw_hint(err, "gwcert explain lists them all");
}

static void explain_json(struct gw_ctx *ctx, const struct gw_rule *only)
{
	struct gw_node *document = gw_report_new(ctx->arena);
	struct gw_node *list = gw_map_add(ctx->arena, document, "rules", gw_list_new(ctx->arena));
	size_t i;

	for (i = 0; i < GW_RULE_COUNT; i++) {
		if (only == NULL || only == &gw_rules[i])
			gw_list_add(list, rule_node(ctx->arena, &gw_rules[i]));
	}
	gw_report_document(ctx->out, document);
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct explain_opts *o = args->opts;
	const struct gw_rule *rule = args->n_operands > 0 ? gw_rule_find(args->operands[0]) : NULL;

	if (args->n_operands > 0 && rule == NULL)
		return unknown_rule(args->operands[0], err);
	if (o->format == GW_FORMAT_JSON)
		explain_json(ctx, rule);
	else if (rule != NULL)
		explain_text(ctx, rule);
	else
		list_rules(ctx);
	return GW_OK;
}

const struct gw_command gw_cmd_explain = {
	.name = "explain",
	.group = GW_GROUP_JUDGE,
	.summary = "one rule, in full",
	.operands = "[CODE]",
	.max_operands = 1,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct explain_opts),
	.description = "Every finding that gwcert prints carries a code, such as GWC003. This command tells what the "
		       "rule behind "
		       "it is, what goes wrong where it is broken, what to do, and where the rule comes from. Without "
		       "a code it "
		       "lists all rules.",
	.examples = examples,
	.run = run,
};
