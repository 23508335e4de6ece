/* SPDX-License-Identifier: Apache-2.0 */
/* Files, folders and standard input into objects; what is none is said. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "lint/internal.h"

#define FOLDERS_MAX 64 /* levels of folders */

/* --- what is no object -------------------------------------------------------------------------------------------- */

/* A place in a file without an object behind it. */
static struct gw_object nobody(const struct gw_node *node)
{
	return (struct gw_object){.kind_text = "document", .name = "", .node = node, .place = node};
}

/* Finds about a file as a whole or a place in it that is no node. */
static struct gw_finding *find_at(struct gw_lint *l, enum gw_rule_name rule, const struct gw_where *where,
				  const char *what)
{
	const struct gw_rule *r = &gw_rules[rule];

	if (r->severity < l->conf.least || (l->conf.ignored != NULL && l->conf.ignored[rule]))
		return &l->fs->spare;
	return gw_findings_add(l->fs, r, r->severity, where, what);
}

static bool is_template(const struct lint_source *s)
{
	const char *at = memmem(s->text.data, s->text.len, "{{", 2);

	return at != NULL && memmem(at, (size_t)(s->text.data + s->text.len - at), "}}", 2) != NULL;
}

static void say_unreadable(struct gw_lint *l, const struct lint_source *s, const struct gw_tree_fault *fault,
			   const struct gw_err *err)
{
	const struct gw_where whole = {.file = s->name};
	struct gw_finding *f;

	if (is_template(s)) {
		f = find_at(l, GWK_NOT_KUBERNETES, &whole,
			    "is a template that has not been rendered, so it is passed over");
		lint_fix(l, f, "lint what Helm makes of it: helm template . | gwcert lint -");
		return;
	}
	f = find_at(l, GWK_SYNTAX, fault->where.line > 0 ? &fault->where : &whole, err->what);
	if (f != &l->fs->spare)
		l->counts.unreadable++;
	if (err->hint[0] != '\0')
		lint_fix(l, f, "%s", err->hint);
	if (fault->other.line > 0)
		lint_evidence(l, f, "see line %u", fault->other.line);
}

static void say_no_object(struct gw_lint *l, const struct gw_node *node)
{
	const struct gw_object o = nobody(node);
	struct gw_finding *f;

	if (gw_node_get(node, "gwcert") != NULL) {
		f = lint_find(l, &o, GWK_NOT_KUBERNETES, node, NULL,
			      "a template of gwcert, not a Kubernetes object, is passed over");
		lint_fix(l, f, "gwcert gen --plan reads it");
		return;
	}
	f = lint_find(l, &o, GWK_NOT_KUBERNETES, node, NULL, "no Kubernetes object: it has no %s; it is passed over",
		      gw_node_get(node, "kind") != NULL         ? "apiVersion"
		      : gw_node_get(node, "apiVersion") != NULL ? "kind"
								: "apiVersion and kind");
	if (node->kind != GW_MAP)
		lint_fix(l, f, "a manifest is a map that begins with apiVersion and kind; this is %s",
			 gw_node_what(node));
}

/* --- one input ---------------------------------------------------------------------------------------------------- */

static bool may_hold_key(const struct gw_buf *text)
{
	return memmem(text->data, text->len, "Secret", 6) != NULL ||
	       memmem(text->data, text->len, "tls.key", 7) != NULL ||
	       memmem(text->data, text->len, "PRIVATE KEY", 11) != NULL;
}

static void say_twins(struct gw_lint *l, const struct lint_source *s, const struct gw_twice *twice)
{
	for (; twice != NULL; twice = twice->next) {
		const struct gw_node at = {.line = twice->where.line,
					   .column = twice->where.column,
					   .end_line = twice->where.end_line,
					   .end_column = twice->where.end_column,
					   .source = s->located};
		struct gw_object o = nobody(&at);
		struct gw_finding *f;

		/* Its line may be one of a Secret's. */
		o.kind = GW_KIND_SECRET;
		f = lint_find(l, &o, GWK_YAML_TRAP, &at, NULL,
			      "the key \"%s\" is there twice: kubectl takes this one and drops the one on line %u",
			      twice->key, twice->first.line);
		lint_fix(l, f, "keep one of the two");
	}
}

/* A template whose marks all stand within quotes is YAML as well. */
static bool is_unrendered(const struct gw_node *doc)
{
	const char *name = gw_node_text(gw_node_get(gw_node_get(doc, "metadata"), "name"));

	return name != NULL && strstr(name, "{{") != NULL;
}

static void say_unrendered(struct gw_lint *l, const struct gw_node *doc)
{
	const struct gw_object o = nobody(doc);
	struct gw_finding *f =
		lint_find(l, &o, GWK_NOT_KUBERNETES, doc, NULL, "a template that has not been rendered is passed over");

	lint_fix(l, f, "lint what Helm makes of it: helm template . | gwcert lint -");
}

static void take_documents(struct gw_lint *l, struct lint_source *s, struct gw_node *docs)
{
	const struct gw_node *doc;

	if (docs->first != NULL) {
		s->located = docs->first->source;
		gw_index_add(&l->by_located, gw_hash_number(GW_HASH_START, (uintptr_t)s->located), s);
	}
	for (doc = docs->first; doc != NULL; doc = doc->next) {
		if (is_unrendered(doc))
			say_unrendered(l, doc);
		else if (!gw_objects_add(&l->objects, doc))
			say_no_object(l, doc);
	}
}

static void parse(struct gw_lint *l, struct lint_source *s)
{
	struct gw_tree_fault fault = {0};
	struct gw_twice *twice = NULL;
	struct gw_node *docs = NULL;
	struct gw_err err = {0};

	s->arena.sensitive = may_hold_key(&s->text);
	lint_comments(l, s);
	if (gw_tree_read_last(&s->arena, s->name, s->text.data, s->text.len, &docs, &twice, &fault, &err) != GW_OK) {
		say_unreadable(l, s, &fault, &err);
		return;
	}
	take_documents(l, s, docs);
	say_twins(l, s, twice);
}

static struct lint_source *new_source(struct gw_lint *l, const char *path)
{
	struct lint_source *s = gw_zalloc(sizeof(*s));

	s->name = gw_arena_strdup(&l->arena, strcmp(path, "-") == 0 ? "standard input" : path);
	s->text = (struct gw_buf)GW_BUF_SECRET(LINT_INPUT_MAX);
	if (l->last_source != NULL)
		l->last_source->next = s;
	else
		l->sources = s;
	l->last_source = s;
	l->counts.sources++;
	return s;
}

static enum gw_code read_input(struct gw_lint *l, const char *path, struct gw_err *err)
{
	struct lint_source *s;
	enum gw_code code;

	gw_buf_clear(&l->scratch);
	code = gw_file_read(l->conf.ctx, path, &l->scratch, err);
	if (code != GW_OK)
		return code;
	s = new_source(l, path);
	gw_buf_append(&s->text, &l->scratch);
	parse(l, s);
	return code;
}

/* --- folders ------------------------------------------------------------------------------------------------------ */

static bool is_manifest(const char *name)
{
	static const char *const endings[] = {".yaml", ".yml", ".json"};
	size_t length = strlen(name), i;

	for (i = 0; i < GW_COUNT(endings); i++) {
		size_t end = strlen(endings[i]);

		if (length > end && strcmp(name + length - end, endings[i]) == 0)
			return true;
	}
	return false;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static enum gw_code read_folder(struct gw_lint *l, const char *path, unsigned depth, struct gw_err *err);

/* A file of a folder; what is empty or no regular file is passed over, with a word. */
static enum gw_code read_entry(struct gw_lint *l, const char *folder, const char *name, unsigned depth,
			       struct gw_err *err)
{
	size_t length = strlen(folder);
	const char *path = lint_format(l, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/", name);
	const struct gw_where where = {.file = path};
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return read_folder(l, path, depth + 1, err);
	if (!is_manifest(name))
		return GW_OK;
	if (stat(path, &st) != 0)
		return gw_fail_sys(err, path, "cannot look at it");
	if (!S_ISREG(st.st_mode) || st.st_size == 0) {
		find_at(l, GWK_NOT_KUBERNETES, &where,
			S_ISREG(st.st_mode) ? "is empty" : "is no regular file, so it is passed over");
		return GW_OK;
	}
	return read_input(l, path, err);
}

static enum gw_code read_folder(struct gw_lint *l, const char *path, unsigned depth, struct gw_err *err)
{
	struct dirent **entries;
	enum gw_code code = GW_OK;
	int n, i;

	if (depth > FOLDERS_MAX)
		return gw_fail(err, GW_E_INPUT, path, "folders are nested more than %d deep", FOLDERS_MAX);
	n = scandir(path, &entries, visible, alphasort);
	if (n < 0)
		return gw_fail_sys(err, path, "cannot read the folder");
	for (i = 0; i < n; i++) {
		if (code == GW_OK)
			code = read_entry(l, path, entries[i]->d_name, depth, err);
		free(entries[i]);
	}
	free(entries);
	return code;
}

enum gw_code gw_lint_read(struct gw_lint *l, const char *path, struct gw_err *err)
{
	size_t before = l->counts.sources;
	enum gw_code code;
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		code = read_input(l, path, err);
		l->counts.objects = l->objects.count;
		return code;
	}
	code = read_folder(l, path, 0, err);
	l->counts.objects = l->objects.count;
	if (code == GW_OK && l->counts.sources == before) {
		gw_fail(err, GW_E_INPUT, path, "there is no *.yaml, *.yml or *.json in it");
		return gw_hint(err, "name the files, or the folder that has them");
	}
	return code;
}
