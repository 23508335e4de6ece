/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 (OASIS, 27 March 2020): section numbers below are its own. Columns count characters (3.14.17
 * columnKind), endColumn is one past the last (3.30.8), as ours are.
 */
#include <string.h>

#include "base/text.h"
#include "base/version.h"
#include "report/formats.h"
#include "report/report.h"
#include "rules/rules.h"

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"

/* A path as a relative URI reference (RFC 3986 4.2): what is not unreserved is escaped, ':' too, which would make a
 * scheme of what stands before it. */
static const char *uri_of(struct gw_arena *arena, const char *path)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(GW_REPORT_MAX);

	for (; *path != '\0'; path++) {
		if (strchr(UNRESERVED, *path) != NULL)
			gw_buf_chr(&b, *path);
		else
			gw_buf_printf(&b, "%%%02X", (unsigned)(unsigned char)*path);
	}
	return gw_arena_strdup(arena, gw_buf_str(&b));
}

static const char *level_of(enum gw_severity severity)
{
	switch (severity) {
	case GW_NOTE: return "note";
	case GW_WARNING: return "warning";
	case GW_ERROR: return "error";
	}
	return "error";
}

/* A message or multiformatMessageString (3.11, 3.12). */
static void add_text(struct gw_arena *a, struct gw_node *map, const char *key, const char *text)
{
	struct gw_node *message = gw_map_add(a, map, key, gw_map_new(a));

	gw_map_str(a, message, "text", text);
}

/* The rules that were hit, in the order in which they were, and where each stands in it. */
struct rules_hit {
	int index[GW_RULE_COUNT]; /* -1: not hit */
	int count;
};

static struct gw_node *rule_node(struct gw_arena *a, const struct gw_rule *rule)
{
	struct gw_node *map = gw_map_new(a), *config;

	gw_map_str(a, map, "id", rule->id);
	gw_map_str(a, map, "name", rule->name);
	add_text(a, map, "shortDescription", rule->title);
	add_text(a, map, "fullDescription", rule->why);
	add_text(a, map, "help", gw_arena_printf(a, "%s\n\nSource: %s", rule->fix, rule->source));
	config = gw_map_add(a, map, "defaultConfiguration", gw_map_new(a));
	gw_map_str(a, config, "level", level_of(rule->severity));
	return map;
}

static struct gw_node *rules_node(struct gw_arena *a, const struct gw_findings *fs, struct rules_hit *hit)
{
	struct gw_node *list = gw_list_new(a);
	const struct gw_finding *f;
	size_t i;

	hit->count = 0;
	for (i = 0; i < GW_RULE_COUNT; i++)
		hit->index[i] = -1;
	for (f = fs->first; f != NULL; f = f->next) {
		size_t at = (size_t)(f->rule - gw_rules);

		if (hit->index[at] >= 0)
			continue;
		hit->index[at] = hit->count++;
		gw_list_add(list, rule_node(a, f->rule));
	}
	return list;
}

static void add_number(struct gw_arena *a, struct gw_node *map, const char *key, unsigned value)
{
	if (value > 0)
		gw_map_int(a, map, key, value);
}

static void add_region(struct gw_arena *a, struct gw_node *physical, const struct gw_where *w)
{
	struct gw_node *region;

	if (w->line == 0)
		return;
	region = gw_map_add(a, physical, "region", gw_map_new(a));
	gw_map_int(a, region, "startLine", w->line);
	add_number(a, region, "startColumn", w->column);
	add_number(a, region, "endLine", w->end_line);
	add_number(a, region, "endColumn", w->end_column);
	if (w->excerpt != NULL)
		add_text(a, region, "snippet", w->excerpt);
}

/* A location (3.28): the place in the file, and the key path as its logical location (3.33). */
static struct gw_node *location_node(struct gw_arena *a, const struct gw_where *w)
{
	struct gw_node *location = gw_map_new(a), *physical, *artifact, *logical;

	if (w->file != NULL) {
		physical = gw_map_add(a, location, "physicalLocation", gw_map_new(a));
		artifact = gw_map_add(a, physical, "artifactLocation", gw_map_new(a));
		gw_map_str(a, artifact, "uri", uri_of(a, w->file));
		add_region(a, physical, w);
	}
	if (w->path != NULL) {
		logical = gw_list_add(gw_map_add(a, location, "logicalLocations", gw_list_new(a)), gw_map_new(a));
		gw_map_str(a, logical, "fullyQualifiedName", w->path);
	}
	return location;
}

static void add_locations(struct gw_arena *a, struct gw_node *result, const struct gw_finding *f)
{
	const struct gw_related *r = f->related;
	struct gw_node *list, *location;

	if (f->where.file != NULL || f->where.path != NULL)
		gw_list_add(gw_map_add(a, result, "locations", gw_list_new(a)), location_node(a, &f->where));
	if (r == NULL)
		return;
	list = gw_map_add(a, result, "relatedLocations", gw_list_new(a));
	for (; r != NULL; r = r->next) {
		location = gw_list_add(list, location_node(a, &r->where));
		add_text(a, location, "message", r->what);
	}
}

/* What a viewer shows of a result is its message alone, so what was seen and what to do stand in it, too. */
static const char *message_of(struct gw_arena *a, const struct gw_finding *f)
{
	const char *text = f->what;

	if (f->evidence != NULL && *f->evidence != '\0')
		text = gw_arena_printf(a, "%s\nSeen: %s", text, f->evidence);
	if (f->fix != NULL && *f->fix != '\0')
		text = gw_arena_printf(a, "%s\nHelp: %s", text, f->fix);
	return text;
}

static struct gw_node *result_node(struct gw_arena *a, const struct gw_finding *f, const struct rules_hit *hit)
{
	struct gw_node *map = gw_map_new(a);

	gw_map_str(a, map, "ruleId", f->rule->id);
	gw_map_int(a, map, "ruleIndex", hit->index[f->rule - gw_rules]);
	gw_map_str(a, map, "level", level_of(f->severity));
	add_text(a, map, "message", message_of(a, f));
	add_locations(a, map, f);
	return map;
}

void gw_findings_sarif(FILE *out, const struct gw_findings *fs)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_arena *a = &arena;
	struct gw_node *document = gw_map_new(a), *run, *driver, *results;
	const struct gw_finding *f;
	struct rules_hit hit;

	gw_map_str(a, document, "$schema",
		   "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
	gw_map_str(a, document, "version", "2.1.0");
	run = gw_list_add(gw_map_add(a, document, "runs", gw_list_new(a)), gw_map_new(a));
	driver = gw_map_add(a, gw_map_add(a, run, "tool", gw_map_new(a)), "driver", gw_map_new(a));
	gw_map_str(a, driver, "name", "gwcert");
	gw_map_str(a, driver, "semanticVersion", GW_VERSION);
	gw_map_add(a, driver, "rules", rules_node(a, fs, &hit));
	gw_map_str(a, run, "columnKind", "unicodeCodePoints");
	results = gw_map_add(a, run, "results", gw_list_new(a));
	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(results, result_node(a, f, &hit));
	gw_report_document(out, document);
}
