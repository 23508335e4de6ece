/* SPDX-License-Identifier: Apache-2.0 */
#include "base/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *gw_severity_name(enum gw_severity severity)
{
	switch (severity) {
	case GW_NOTE: return "note";
	case GW_WARNING: return "warning";
	case GW_ERROR: return "error";
	}
	return "unknown";
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same(const void *item, const void *wanted)
{
	const struct gw_finding *f = item, *w = wanted;

	return f->rule == w->rule && f->where.line == w->where.line && f->where.column == w->where.column &&
	       same_text(f->where.file, w->where.file) && strcmp(f->what, w->what) == 0;
}

static uint64_t hash_of(const struct gw_finding *f)
{
	uint64_t hash = gw_hash_number(GW_HASH_START, (uintptr_t)f->rule);

	hash = gw_hash_number(hash, (uint64_t)f->where.line << 32 | f->where.column);
	return gw_hash_text(gw_hash_text(hash, f->where.file), f->what);
}

static const char *keep(struct gw_arena *arena, const char *s)
{
	return s != NULL ? gw_arena_strdup(arena, s) : NULL;
}

static struct gw_where keep_where(struct gw_arena *arena, const struct gw_where *where)
{
	struct gw_where kept = *where;

	kept.file = keep(arena, where->file);
	kept.excerpt = keep(arena, where->excerpt);
	kept.path = keep(arena, where->path);
	return kept;
}

struct gw_finding *gw_findings_add(struct gw_findings *fs, const struct gw_rule *rule, enum gw_severity severity,
				   const struct gw_where *where, const char *what)
{
	static const struct gw_where nowhere;
	const struct gw_where *at = where != NULL ? where : &nowhere;
	const struct gw_finding wanted = {.rule = rule, .where = *at, .what = what};
	struct gw_finding *f;
	uint64_t hash;

	/* Past the limit the spare is handed out, which is in no list: nothing grows, nothing is looked up. */
	if (fs->count == GW_FINDINGS_MAX) {
		fs->by_severity[severity]++;
		fs->spare.severity = severity;
		return &fs->spare;
	}
	hash = hash_of(&wanted);
	f = gw_index_find(&fs->seen, hash, is_same, &wanted);
	if (f != NULL)
		return f;
	fs->by_severity[severity]++;
	f = GW_ARENA_NEW(&fs->arena, struct gw_finding);
	f->rule = rule;
	f->severity = severity;
	f->where = keep_where(&fs->arena, at);
	f->what = gw_arena_strdup(&fs->arena, what);
	if (fs->last != NULL)
		fs->last->next = f;
	else
		fs->first = f;
	fs->last = f;
	fs->count++;
	gw_index_add(&fs->seen, hash, f);
	return f;
}

GW_PRINTF(2, 0) static const char *format(struct gw_arena *arena, const char *fmt, va_list args)
{
	char text[GW_ERR_WHAT_MAX];

	gw_vformat(text, sizeof(text), fmt, args);
	return gw_arena_strdup(arena, text);
}

void gw_finding_fix(struct gw_findings *fs, struct gw_finding *f, const char *fmt, ...)
{
	va_list args;

	if (f == &fs->spare && f->fix != NULL)
		return;
	va_start(args, fmt);
	f->fix = format(&fs->arena, fmt, args);
	va_end(args);
}

void gw_finding_evidence(struct gw_findings *fs, struct gw_finding *f, const char *fmt, ...)
{
	va_list args;

	if (f == &fs->spare && f->evidence != NULL)
		return;
	va_start(args, fmt);
	f->evidence = format(&fs->arena, fmt, args);
	va_end(args);
}

void gw_finding_relate(struct gw_findings *fs, struct gw_finding *f, const struct gw_where *where, const char *fmt, ...)
{
	struct gw_related **at = &f->related, *r;
	const char *what;
	va_list args;

	if (f == &fs->spare)
		return;
	va_start(args, fmt);
	what = format(&fs->arena, fmt, args);
	va_end(args);
	for (; *at != NULL; at = &(*at)->next) {
		if ((*at)->where.line == where->line && (*at)->where.column == where->column &&
		    same_text((*at)->where.file, where->file) && strcmp((*at)->what, what) == 0)
			return;
	}
	r = GW_ARENA_NEW(&fs->arena, struct gw_related);
	r->where = keep_where(&fs->arena, where);
	r->what = what;
	*at = r;
}

void gw_finding_weigh(struct gw_findings *fs, struct gw_finding *f, enum gw_severity severity)
{
	fs->by_severity[f->severity]--;
	fs->by_severity[severity]++;
	f->severity = severity;
}

void gw_findings_take(struct gw_findings *to, const struct gw_findings *from)
{
	const struct gw_related *r;
	const struct gw_finding *f;

	for (f = from->first; f != NULL; f = f->next) {
		struct gw_finding *copy = gw_findings_add(to, f->rule, f->severity, &f->where, f->what);

		if (f->fix != NULL)
			gw_finding_fix(to, copy, "%s", f->fix);
		if (f->evidence != NULL)
			gw_finding_evidence(to, copy, "%s", f->evidence);
		for (r = f->related; r != NULL; r = r->next)
			gw_finding_relate(to, copy, &r->where, "%s", r->what);
	}
}

struct ordered {
	struct gw_finding *f;
	size_t index; /* keeps the sort stable */
};

static int compare(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	const struct gw_where *p = &x->f->where, *q = &y->f->where;
	int files = strcmp(p->file != NULL ? p->file : "", q->file != NULL ? q->file : "");

	if (files != 0)
		return files;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	if (p->column != q->column)
		return p->column < q->column ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

void gw_findings_sort(struct gw_findings *fs)
{
	struct ordered *order;
	struct gw_finding *f;
	size_t n = 0, i;

	if (fs->count < 2)
		return;
	order = gw_realloc_array(NULL, fs->count, sizeof(*order));
	for (f = fs->first; f != NULL; f = f->next, n++)
		order[n] = (struct ordered){f, n};
	qsort(order, n, sizeof(*order), compare);
	for (i = 0; i < n; i++)
		order[i].f->next = i + 1 < n ? order[i + 1].f : NULL;
	fs->first = order[0].f;
	fs->last = order[n - 1].f;
	free(order);
}

bool gw_findings_any(const struct gw_findings *fs, enum gw_severity at_least)
{
	int s;

	for (s = (int)at_least; s <= (int)GW_ERROR; s++) {
		if (fs->by_severity[s] > 0)
			return true;
	}
	return false;
}

void gw_findings_release(struct gw_findings *fs)
{
	gw_index_release(&fs->seen);
	gw_arena_release(&fs->arena);
	memset(fs, 0, sizeof(*fs));
}
