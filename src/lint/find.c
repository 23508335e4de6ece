/* SPDX-License-Identifier: Apache-2.0 */
/* How this room speaks: findings with their place, and the comments in a file that put them aside. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint/internal.h"

/* --- comments ----------------------------------------------------------------------------------------------------- */

#define IGNORE "gwcert: ignore"
#define SOURCE "# Source: "

static void add_comment(struct gw_lint *l, struct lint_comment **list, size_t *count, struct lint_comment comment)
{
	/* Room for powers of two; what is outgrown stays in the arena, at most as much again. */
	if ((*count & (*count - 1)) == 0) {
		struct lint_comment *more = gw_arena_alloc(&l->arena, (*count == 0 ? 1 : *count * 2) * sizeof(*more));

		if (*count > 0)
			memcpy(more, *list, *count * sizeof(*more));
		*list = more;
	}
	(*list)[(*count)++] = comment;
	l->comments = true;
}

/* The '#' that begins the comment which holds `at`, or NULL where it stands in a value: a comment begins a line or follows
 * white space. */
static const char *comment_start(const char *line, const char *at)
{
	const char *c;

	for (c = line; c < at; c++) {
		if (*c == '#' && (c == line || c[-1] == ' ' || c[-1] == '\t'))
			return c;
	}
	return NULL;
}

static void scan_line(struct gw_lint *l, struct lint_source *s, const char *line, size_t len, unsigned number)
{
	const char *at = memmem(line, len, IGNORE, strlen(IGNORE)), *hash, *end = line + len;
	struct lint_comment comment = {.line = number};

	if (len > strlen(SOURCE) && memcmp(line, SOURCE, strlen(SOURCE)) == 0) {
		comment.text = line + strlen(SOURCE);
		comment.len = (size_t)(end - comment.text);
		add_comment(l, &s->templates, &s->n_templates, comment);
	}
	hash = at != NULL ? comment_start(line, at) : NULL;
	if (hash == NULL)
		return;
	comment.alone = (size_t)(hash - line) == strspn(line, " \t");
	comment.text = at + strlen(IGNORE);
	comment.len = (size_t)(end - comment.text);
	add_comment(l, &s->ignores, &s->n_ignores, comment);
}

void lint_comments(struct gw_lint *l, struct lint_source *s)
{
	const char *line = s->text.data, *end = line + s->text.len;
	unsigned number = 1;

	/* Most inputs have neither; two searches tell. */
	if (memmem(line, s->text.len, IGNORE, strlen(IGNORE)) == NULL &&
	    memmem(line, s->text.len, SOURCE, strlen(SOURCE)) == NULL)
		return;
	for (; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (stop == NULL)
			stop = end;
		scan_line(l, s, line, (size_t)(stop - line), number);
		line = stop + 1;
	}
}

/* The last comment at or before a line; NULL where there is none. */
static const struct lint_comment *comment_before(const struct lint_comment *list, size_t count, unsigned line)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].line <= line)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &list[low - 1] : NULL;
}

static bool is_source(const void *item, const void *wanted)
{
	return ((const struct lint_source *)item)->located == wanted;
}

static const struct lint_source *source_of(const struct gw_lint *l, const struct gw_node *at)
{
	if (at == NULL || at->source == NULL)
		return NULL;
	return gw_index_find(&l->by_located, gw_hash_number(GW_HASH_START, (uintptr_t)at->source), is_source,
			     at->source);
}

static bool names_rule(const struct lint_comment *c, const struct gw_rule *rule)
{
	const char *at = c->text, *end = c->text + c->len;

	/* Codes come first, parted by spaces or commas; whatever else follows is the reason. */
	for (;;) {
		while (at < end && (*at == ' ' || *at == ','))
			at++;
		if (end - at < 6 || strncasecmp(at, "GW", 2) != 0)
			return false;
		if (strncasecmp(at, rule->id, 6) == 0)
			return true;
		at += 6;
	}
}

/* Whether a comment at the place names the rule. */
static bool is_put_aside(struct gw_lint *l, const struct gw_node *at, const struct gw_rule *rule)
{
	const struct lint_source *s = l->comments ? source_of(l, at) : NULL;
	const struct lint_comment *c;
	unsigned line;

	if (s == NULL)
		return false;
	c = comment_before(s->ignores, s->n_ignores, at->line);
	/* Of several comments on lines of their own, one below the other, each counts. */
	for (line = at->line; c != NULL && c >= s->ignores; c--) {
		if (c->line != line && !(c->alone && c->line + 1 == line))
			return false;
		if (names_rule(c, rule)) {
			s->ignores[c - s->ignores].used = true;
			return true;
		}
		line = c->line;
	}
	return false;
}

bool lint_ignored(struct gw_lint *l, const struct gw_node *at, const struct gw_rule *rule)
{
	if (is_put_aside(l, at, rule)) {
		l->counts.ignored++;
		return true;
	}
	return l->conf.ignored != NULL && l->conf.ignored[rule - gw_rules];
}

/* A comment with no code that there is, or with one that nothing at its place breaks: it was meant to do something. */
static void say_unused(struct gw_lint *l, const struct lint_source *s, const struct lint_comment *c)
{
	const struct gw_where where = {.file = s->name, .line = c->line};
	bool known = false;
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < GW_RULE_COUNT && !known; i++)
		known = names_rule(c, &gw_rules[i]);
	if (gw_rules[GWK_UNUSED_COMMENT].severity < l->conf.least ||
	    (l->conf.ignored != NULL && l->conf.ignored[GWK_UNUSED_COMMENT]))
		return;
	f = gw_findings_add(l->fs, &gw_rules[GWK_UNUSED_COMMENT], GW_WARNING, &where,
			    known ? "the comment puts nothing aside: no such finding is on this line or the next"
				  : "the comment puts nothing aside: it names no code of a rule");
	lint_fix(l, f,
		 known ? "take it out, or move it to the line before the finding"
		       : "write the code behind the word ignore: # gwcert: ignore GWK017 REASON");
}

void lint_comments_unused(struct gw_lint *l)
{
	const struct lint_source *s;
	size_t i;

	for (s = l->sources; s != NULL; s = s->next) {
		for (i = 0; i < s->n_ignores; i++) {
			if (!s->ignores[i].used)
				say_unused(l, s, &s->ignores[i]);
		}
	}
}

const char *lint_template(const struct gw_lint *l, const struct gw_node *at)
{
	const struct lint_source *s = l->comments ? source_of(l, at) : NULL;
	const struct lint_comment *c = s != NULL ? comment_before(s->templates, s->n_templates, at->line) : NULL;

	return c != NULL ? gw_arena_strndup(&l->fs->arena, c->text, c->len) : NULL;
}

/* --- findings ----------------------------------------------------------------------------------------------------- */

/* A map or list is shown by its key: that is where somebody looks for it. */
static const struct gw_node *shown(const struct gw_object *o, const struct gw_node *at)
{
	if (at == NULL)
		at = o->place != NULL ? o->place : o->node;
	return at->kind != GW_SCALAR && at->key != NULL ? at->key : at;
}

static struct gw_where where_of(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at,
				const char *path)
{
	struct gw_where where = gw_node_where(&l->fs->arena, at, NULL);
	const char *words = gw_object_words(&l->fs->arena, o);

	/* A Secret's lines are its keys. */
	if (o->kind == GW_KIND_SECRET)
		where.excerpt = NULL;
	where.path = path != NULL ? gw_arena_printf(&l->fs->arena, "%s: %s", words, path) : words;
	return where;
}

static struct gw_finding *keep(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule,
			       enum gw_severity severity, const struct gw_node *at, const char *path, const char *what)
{
	struct gw_finding *f;
	struct gw_where where;
	const char *template_;

	at = shown(o, at);
	/* Comments are asked first: one that puts aside what would not be printed anyway is no idle one. */
	if (lint_ignored(l, at, &gw_rules[rule]) || severity < l->conf.least)
		return &l->fs->spare;
	where = where_of(l, o, at, path);
	f = gw_findings_add(l->fs, &gw_rules[rule], severity, &where, what);
	template_ = lint_template(l, at);
	if (template_ != NULL && f != &l->fs->spare && f->evidence == NULL)
		gw_finding_evidence(l->fs, f, "rendered from %s", template_);
	return f;
}

struct gw_finding *lint_find(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule,
			     const struct gw_node *at, const char *path, const char *fmt, ...)
{
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	return keep(l, o, rule, gw_rules[rule].severity, at, path, what);
}

struct gw_finding *lint_find_as(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule,
				enum gw_severity severity, const struct gw_node *at, const char *path, const char *fmt,
				...)
{
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	return keep(l, o, rule, severity, at, path, what);
}

void lint_take(struct gw_lint *l, const struct gw_object *o, enum gw_rule_name rule, const struct gw_node *at,
	       const char *path, const struct gw_finding *from)
{
	struct gw_finding *f = keep(l, o, rule, from->severity, at, path, from->what);

	if (from->fix != NULL)
		lint_fix(l, f, "%s", from->fix);
	if (from->evidence != NULL)
		lint_evidence(l, f, "%s", from->evidence);
}

enum gw_severity lint_missing(const struct gw_lint *l)
{
	return l->conf.complete ? GW_ERROR : GW_NOTE;
}

void lint_relate(struct gw_lint *l, struct gw_finding *f, const struct gw_object *o, const struct gw_node *at,
		 const char *what)
{
	struct gw_where where;

	if (f == &l->fs->spare)
		return;
	where = where_of(l, o, shown(o, at), NULL);
	gw_finding_relate(l->fs, f, &where, "%s", what);
}

void lint_fix(struct gw_lint *l, struct gw_finding *f, const char *fmt, ...)
{
	char text[GW_ERR_WHAT_MAX];
	va_list args;

	if (f == &l->fs->spare)
		return;
	va_start(args, fmt);
	gw_vformat(text, sizeof(text), fmt, args);
	va_end(args);
	gw_finding_fix(l->fs, f, "%s", text);
}

void lint_evidence(struct gw_lint *l, struct gw_finding *f, const char *fmt, ...)
{
	char text[GW_ERR_WHAT_MAX];
	va_list args;

	if (f == &l->fs->spare)
		return;
	va_start(args, fmt);
	gw_vformat(text, sizeof(text), fmt, args);
	va_end(args);
	if (f->evidence != NULL && strcmp(f->evidence, text) != 0 && strncmp(f->evidence, "rendered from ", 14) == 0)
		gw_finding_evidence(l->fs, f, "%s; %s", text, f->evidence);
	else
		gw_finding_evidence(l->fs, f, "%s", text);
}
