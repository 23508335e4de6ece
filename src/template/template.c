/* SPDX-License-Identifier: Apache-2.0 */
#include "template/template.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "template/allow.h"
#include "template/build.h"
#include "template/each_row.h"
#include "template/links.h"
#include "template/profile.h"
#include "template/publish.h"
#include "template/read.h"
#include "template/vars.h"

#define BACKDATE        300 /* seconds: clocks of clients are minutes late, not hours */
#define RENEW_PERCENT   66  /* a third is left for whoever has to look into a renewal that fails */
#define COMMON_NAME_MAX 64  /* octets, RFC 5280 appendix A.1, ub-common-name */

/* --- defaults ----------------------------------------------------------------------------------------------------- */

static void add_common_name(struct gw_entry *e, struct gw_name_attr *subject, const char *value)
{
	subject[e->plan.n_subject++] = (struct gw_name_attr){.type = "commonName", .value = value};
}

static bool has_common_name(const struct gw_entry *e, const struct gw_name_attr *subject)
{
	size_t i;

	for (i = 0; i < e->plan.n_subject; i++) {
		if (strcmp(subject[i].type, "commonName") == 0)
			return true;
	}
	return false;
}

/* The common name of a leaf is its first DNS name. It never is the only place that a name lives. */
static void default_common_name(struct gw_entry *e, struct gw_name_attr *subject)
{
	const struct gw_cert_plan *plan = &e->plan;
	size_t i;

	if (plan->ca || has_common_name(e, subject))
		return;
	for (i = 0; i < plan->n_sans && plan->sans[i].type != GW_SAN_DNS; i++)
		;
	if (i < plan->n_sans && strlen(plan->sans[i].value) <= COMMON_NAME_MAX)
		add_common_name(e, subject, plan->sans[i].value);
	/* What signs itself is its own issuer, and an issuer may not be empty (RFC 5280 4.1.2.4). */
	else if (plan->n_subject == 0 && plan->n_sans > 0 && e->self_signed)
		add_common_name(e, subject, strlen(e->name) <= COMMON_NAME_MAX ? e->name : "self-signed");
}

/* What TLS and the kind of key ask for (RFC 8446 4.4.2.2; RFC 8813 3: no encipherment with EC keys). */
static unsigned default_key_usage(const struct gw_entry *e)
{
	if (e->plan.ca)
		return GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN;
	switch (e->key_type) {
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096: return GW_KU_DIGITAL_SIGNATURE | GW_KU_KEY_ENCIPHERMENT;
	case GW_KEY_EC_P256:
	case GW_KEY_EC_P384:
	case GW_KEY_EC_P521:
	case GW_KEY_ED25519:
	case GW_KEY_OTHER: break;
	}
	return GW_KU_DIGITAL_SIGNATURE;
}

/* --- building ----------------------------------------------------------------------------------------------------- */

static void read_settings(struct gw_template *t, struct gw_check *c, const struct gw_node *root)
{
	const struct gw_keypath top = {.name = "settings"}, path = {.up = &top, .name = "files"};
	struct gw_reading r = {.arena = &t->arena, .t = t, .files = &t->files, .into = t};
	const struct gw_row *row = gw_row_find(&gw_template_rows, "settings");
	const struct gw_node *settings = gw_node_get(root, "settings");

	t->files =
		(struct gw_file_names){"key.pem", "csr.pem", "cert.pem", "chain.pem", "fullchain.pem", "keystore.p12"};
	t->backdate = BACKDATE;
	t->renew_at = (struct gw_renew_at){.percent = RENEW_PERCENT};
	t->dir = GW_TEMPLATE_DIR;
	if (settings != NULL && settings->kind == GW_MAP)
		gw_read_map(&r, row->map, settings);
	if (gw_node_get(settings, "files") != NULL)
		gw_files_check(c, &t->files, gw_node_get(settings, "files"), &path);
}

const char *gw_path_beside(struct gw_arena *arena, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	while (strncmp(path, "./", 2) == 0 && path[2] != '\0')
		path += 2;
	if (path[0] == '/' || slash == NULL)
		return path;
	return gw_arena_printf(arena, "%.*s/%s", (int)(slash - file), file, path);
}

/* A life that ends at an instant has a length as well, which is what is left of it now. */
static void set_span(const struct gw_template *t, struct gw_entry *e)
{
	int64_t begin = e->not_before_given ? e->not_before : t->now;

	if (e->not_after_given && begin != 0 && e->not_after > begin)
		e->validity = e->not_after - begin;
}

/* For each value of each attribute, and a commonName that is added. */
static struct gw_name_attr *room_for_subject(struct gw_arena *arena, const struct gw_node *subject)
{
	const struct gw_node *m = subject != NULL ? subject->first : NULL;
	size_t room = 1;

	for (; m != NULL; m = m->next)
		room += m->kind == GW_LIST ? m->count : 1;
	return gw_arena_alloc(arena, room * sizeof(struct gw_name_attr));
}

void gw_entry_read(struct gw_template *t, struct gw_arena *arena, struct gw_entry *e, const struct gw_node *map,
		   const struct gw_source *ready_made)
{
	struct gw_name_attr *subject = room_for_subject(arena, gw_node_get(e->merged, "subject"));
	struct gw_reading r = {.arena = arena,
			       .t = t,
			       .entry = e,
			       .files = &e->files,
			       .publish = &e->publish,
			       .subject = subject,
			       .ready_made = ready_made};

	if (e->plan.n_subject > 0)
		memcpy(subject, e->plan.subject, e->plan.n_subject * sizeof(*subject));
	e->plan.subject = subject;
	gw_read_map(&r, &gw_entry_rows, map);
}

void gw_entry_finish(const struct gw_template *t, struct gw_entry *e)
{
	if (!e->on_renew_given)
		e->on_renew = GW_ON_RENEW_SAME_KEY;
	if (e->given.cert != NULL)
		return;
	default_common_name(e, (struct gw_name_attr *)e->plan.subject);
	if (gw_node_get(e->merged, "keyUsage") == NULL)
		e->plan.key_usage = default_key_usage(e);
	if (e->validity == 0)
		e->validity = e->plan.ca ? 3650 * GW_DAY : 90 * GW_DAY;
	set_span(t, e);
}

/* What no row changes is read; the rest waits for the rows. */
static void read_pattern(struct gw_template *t, struct gw_entry *e, const struct gw_source *ready_made)
{
	struct gw_node constant = *e->merged;
	struct gw_each *each = GW_ARENA_NEW(&t->arena, struct gw_each);
	struct gw_entry *base = GW_ARENA_NEW(&t->arena, struct gw_entry);
	const struct gw_node *m;

	constant.first = constant.last = NULL;
	constant.count = 0;
	for (m = e->merged->first; m != NULL; m = m->next) {
		struct gw_node *own = GW_ARENA_NEW(&t->arena, struct gw_node);

		*own = *m;
		own->next = NULL;
		if (!gw_each_is_open(m))
			gw_list_add(&constant, own);
	}
	gw_entry_read(t, &t->arena, e, &constant, ready_made);
	*base = *e;
	*each = (struct gw_each){.node = gw_node_get(e->node, "each"), .base = base, .ready_made = ready_made};
	e->each = each;
}

static void add_entry(struct gw_template *t, struct gw_profiles *ps, const struct gw_node *node)
{
	const struct gw_keypath top = {.name = "certificates"}, path = {.up = &top, .name = node->key->text};
	struct gw_entry *e = GW_ARENA_NEW(&t->arena, struct gw_entry);
	bool bad;

	e->name = node->key->text;
	e->node = node;
	e->files = t->files;
	e->backdate = t->backdate;
	e->renew_at = t->renew_at;
	e->plan.path_length = -1;
	e->merged = gw_profiles_apply(ps, node, &e->profile, &bad);
	e->faulty = bad || gw_check_is_bad(ps->check, node);
	if (!e->faulty) {
		size_t before = ps->check->errors;

		gw_check_merged(ps->check, &gw_entry_rows, e->merged, &path);
		gw_each_check_entry(ps->check, e);
		e->faulty = ps->check->errors > before;
	}
	if (gw_node_get(node, "each") != NULL)
		read_pattern(t, e, ps->ready_made);
	else
		gw_entry_read(t, &t->arena, e, e->merged, ps->ready_made);
	gw_given_take(ps->check, t, e);
	gw_entry_finish(t, e);
	if (t->last != NULL)
		t->last->next = e;
	else
		t->first = e;
	t->last = e;
	t->count++;
}

static bool is_faulty(struct gw_check *c, const struct gw_rows *rows, const char *section, const struct gw_node *member)
{
	const struct gw_keypath top = {.name = section}, path = {.up = &top, .name = member->key->text};
	size_t before = c->errors;

	if (gw_check_is_bad(c, member))
		return true;
	gw_check_merged(c, rows, member, &path);
	return c->errors > before;
}

static const struct gw_node *first_member(const struct gw_node *root, const char *section)
{
	const struct gw_node *map = gw_node_get(root, section);

	return map != NULL && map->kind == GW_MAP ? map->first : NULL;
}

static void read_sections(struct gw_template *t, struct gw_check *c, const struct gw_node *root)
{
	struct gw_trust **trust = &t->trust;
	struct gw_probe **probe = &t->probes;
	const struct gw_node *m;

	for (m = first_member(root, "trust"); m != NULL; m = m->next) {
		if (m->kind != GW_MAP)
			continue;
		*trust = gw_trust_read(t, m);
		(*trust)->faulty = is_faulty(c, &gw_trust_rows, "trust", m);
		trust = &(*trust)->next;
	}
	for (m = first_member(root, "probes"); m != NULL; m = m->next) {
		if (m->kind != GW_MAP)
			continue;
		*probe = gw_probe_read(t, m);
		(*probe)->faulty = is_faulty(c, &gw_probe_rows, "probes", m);
		probe = &(*probe)->next;
	}
}

static void build(struct gw_template *t, struct gw_check *c, const struct gw_node *root)
{
	const struct gw_node *m;
	struct gw_profiles ps;
	struct gw_entry *e;

	read_settings(t, c, root);
	gw_profiles_init(&ps, c, gw_node_get(root, "profiles"));
	for (m = first_member(root, "certificates"); m != NULL; m = m->next) {
		if (m->kind == GW_MAP)
			add_entry(t, &ps, m);
	}
	for (e = t->first; e != NULL; e = e->next)
		gw_role_check(c, e);
	gw_links_check(c, t);
	read_sections(t, c, root);
	gw_trust_check(c, t);
	gw_probes_check(c, t);
	gw_publish_check(c, t);
	gw_lint_check(c, t);
}

/* Findings have said it all: an error without words. */
static enum gw_code said(struct gw_err *err)
{
	*err = (struct gw_err){.code = GW_E_INPUT};
	return GW_E_INPUT;
}

enum gw_code gw_template_build(struct gw_template *t, struct gw_node *root, struct gw_findings *fs, struct gw_err *err)
{
	struct gw_check c = {.arena = &t->arena, .fs = fs, .t = t};
	enum gw_code code = GW_OK;

	if (t->name != NULL) {
		gw_each_open_scalars(&t->arena, root);
		code = gw_vars_fill(&c, t, root, err);
	}
	if (code != GW_OK)
		return code;
	t->passwords = GW_ARENA_NEW(&t->arena, struct gw_passwords);
	t->root = root;
	if (gw_check_file(&c, root))
		build(t, &c, root);
	gw_secret_hide(fs);
	gw_findings_sort(fs);
	return gw_findings_any(fs, GW_ERROR) ? said(err) : GW_OK;
}

/* --- a profile by itself ------------------------------------------------------------------------------------------ */

/* Names and issuer of a profile are for the entries of the template, not for a stranger's request. */
static void read_profile(struct gw_template *t, const struct gw_profiles *ps, const struct gw_profile *p,
			 struct gw_entry *e, struct gw_allow *allow)
{
	size_t room = gw_row_find(&gw_entry_rows, "subject")->map->count + 1;
	struct gw_name_attr *subject = gw_arena_alloc(&t->arena, room * sizeof(*subject));
	struct gw_file_names unused;
	struct gw_reading r = {.arena = &t->arena,
			       .t = t,
			       .entry = e,
			       .files = &unused,
			       .subject = subject,
			       .allow = allow,
			       .ready_made = ps->ready_made};

	*allow = (struct gw_allow){0};
	*e = (struct gw_entry){.name = p->name, .profile = p->name, .node = p->node, .merged = p->merged};
	e->backdate = t->root != NULL ? t->backdate : BACKDATE;
	e->plan.path_length = -1;
	gw_read_map(&r, &gw_profile_rows, p->merged);
	e->plan.subject = subject;
	e->plan.n_sans = 0;
	e->self_signed = false;
	e->issuer = NULL;
	if (e->validity == 0)
		e->validity = e->plan.ca ? 3650 * GW_DAY : 90 * GW_DAY;
}

enum gw_code gw_template_profile(struct gw_template *t, const char *name, struct gw_entry *entry,
				 struct gw_allow *allow, struct gw_err *err)
{
	GW_FINDINGS_AUTO struct gw_findings said_before = {0};
	struct gw_check c = {.arena = &t->arena, .fs = &said_before};
	const struct gw_profile *p;
	struct gw_profiles ps;
	const char *near;

	gw_profiles_init(&ps, &c, gw_node_get(t->root, "profiles"));
	p = gw_profiles_find(&ps, name);
	if (p != NULL) {
		read_profile(t, &ps, p, entry, allow);
		return GW_OK;
	}
	near = gw_nearest_of(name, gw_profiles_names(&ps));
	gw_fail(err, GW_E_USAGE, "--profile", "there is no profile \"%s\"", name);
	return near != NULL
		       ? gw_hint(err, "did you mean \"%s\"?", near)
		       : gw_hint(err, "ready-made ones are server, backend, client and ca; others stand in a template");
}

/* --- from a file -------------------------------------------------------------------------------------------------- */

static enum gw_code syntax_fault(struct gw_findings *fs, const struct gw_tree_fault *fault, struct gw_err *err)
{
	struct gw_finding *f = gw_find(fs, GWT_SYNTAX, &fault->where, "%s", err->what);

	if (err->hint[0] != '\0')
		gw_finding_fix(fs, f, "%s", err->hint);
	if (fault->other.line > 0)
		gw_finding_relate(fs, f, &fault->other, "it could be read up to here");
	return said(err);
}

static void say_twice(struct gw_findings *fs, const struct gw_twice *twice)
{
	for (; twice != NULL; twice = twice->next) {
		struct gw_finding *f =
			gw_find(fs, GWT_SYNTAX, &twice->where, "duplicate key \"%s\": it is already on line %u",
				twice->key, twice->first.line);

		gw_finding_relate(fs, f, &twice->first, "first here");
		gw_finding_fix(fs, f, "keep one of the two; most readers silently take the last");
	}
}

enum gw_code gw_template_parse(const char *name, const char *text, size_t len, struct gw_template *t,
			       struct gw_findings *fs, struct gw_err *err)
{
	struct gw_tree_fault fault = {0};
	struct gw_twice *twice;
	struct gw_node *root;
	enum gw_code code;

	t->name = gw_arena_strdup(&t->arena, name);
	code = gw_tree_read_on(&t->arena, t->name, text, len, &root, &twice, &fault, err);
	say_twice(fs, twice);
	if (code == GW_E_INPUT) {
		code = syntax_fault(fs, &fault, err);
		gw_findings_sort(fs);
	}
	if (code != GW_OK)
		return code;
	code = gw_template_build(t, root, fs, err);
	if (t->dir != NULL)
		t->dir = gw_path_beside(&t->arena, t->name, t->dir);
	return code;
}

enum gw_code gw_template_read(const struct gw_ctx *ctx, const char *path, struct gw_template *t, struct gw_findings *fs,
			      struct gw_err *err)
{
	enum gw_code code = gw_file_read(ctx, path, &t->text, err);

	t->ctx = ctx;
	t->now = ctx->clock.now != NULL ? gw_now(&ctx->clock) : 0;
	if (code != GW_OK)
		return code;
	return gw_template_parse(gw_file_shown(path), t->text.data, t->text.len, t, fs, err);
}

bool gw_entry_end_is_fixed(const struct gw_entry *e)
{
	return (e->validity_given || e->not_after_given) && !e->clip;
}

void gw_entry_life(const struct gw_entry *e, int64_t now, int64_t *not_before, int64_t *not_after)
{
	*not_before = e->not_before_given ? e->not_before : now - e->backdate;
	*not_after = e->not_after_given ? e->not_after : (e->not_before_given ? e->not_before : now) + e->validity;
}

/* --- places and ends ---------------------------------------------------------------------------------------------- */

struct gw_where gw_entry_where(struct gw_arena *arena, const struct gw_entry *e, const char *key)
{
	const struct gw_node *value = key != NULL ? gw_node_get(e->merged, key) : NULL;
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath path = {.up = &own, .name = key};

	return gw_node_where(arena, value != NULL ? value : e->node->key,
			     gw_keypath_text(arena, value != NULL ? &path : &own));
}

void gw_template_release(struct gw_template *t)
{
	struct gw_entry *e;

	for (e = t->first; e != NULL; e = e->next) {
		gw_request_free(e->given.request);
		gw_certs_release(&e->given.certs);
	}
	gw_buf_release(&t->text);
	if (t->passwords != NULL)
		gw_passwords_release(t->passwords);
	gw_arena_release(&t->arena);
	*t = (struct gw_template)GW_TEMPLATE_INIT;
}
