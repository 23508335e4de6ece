/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openssl's configuration becomes entries: OpenSSL itself makes a certificate from each section of extensions, and that
 * certificate is adopted. What openssl would pass over in silence is said.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "template/adopt_cnf.h"
#include "template/rows.h"

#define DAYS_MAX 365000

/* --- sections of extensions --------------------------------------------------------------------------------------- */

static bool is_done(const struct gw_cnf_job *j, const char *section)
{
	size_t i;

	for (i = 0; i < j->n_done; i++) {
		if (strcmp(j->done[i], section) == 0)
			return true;
	}
	return false;
}

/* A value that names a section which is spelt otherwise gets that one. */
static void mend_reference(struct gw_cnf_job *j, const char *section, struct gw_cnf_pair *p)
{
	const char *mark = strchr(p->value, '@'), *found;
	const char *name;

	if (mark == NULL || (mark != p->value && strchr(", ", mark[-1]) == NULL))
		return;
	name = gw_arena_strndup(&j->a->arena, mark + 1, strcspn(mark + 1, ", \t"));
	found = gw_cnf_need_section(j, name, gw_cnf_at(j, section, p->name));
	if (found != NULL && strcmp(found, name) != 0)
		p->value = gw_arena_printf(&j->a->arena, "%.*s@%s%s", (int)(mark - p->value), p->value, found,
					   mark + 1 + strlen(name));
}

static void say_fault(struct gw_cnf_job *j, const char *section, const struct gw_cnf_pair *p, const char *fault)
{
	static const char *const usual[] = {"subjectAltName",
					    "basicConstraints",
					    "keyUsage",
					    "extendedKeyUsage",
					    "crlDistributionPoints",
					    "authorityInfoAccess",
					    "nameConstraints",
					    "certificatePolicies",
					    "tlsfeature",
					    NULL};
	const char *near = gw_cnf_is_extension(p->name) ? NULL : gw_nearest_of(p->name, usual);

	if (near != NULL)
		gw_adopt_say(j->a, NULL, GWT_NOT_CARRIED, gw_cnf_at(j, section, p->name),
			     "not carried over: %s, which is no extension; was %s meant?", p->name, near);
	else
		gw_adopt_say(j->a, NULL, GWT_NOT_CARRIED, gw_cnf_at(j, section, p->name),
			     "not carried over: %s = %s, which openssl refuses (%s)", p->name, p->value, fault);
}

/* The extensions of a section as OpenSSL makes them, with a subject. */
static enum gw_code read_extensions(struct gw_cnf_job *j, const char *section, const struct gw_name_attr *dn,
				    size_t n_dn, struct gw_cert_contents *c, struct gw_err *err)
{
	struct gw_arena *arena = &j->a->arena;
	const struct gw_cert_plan plan = {.subject = dn, .n_subject = n_dn};
	X509 *cert GW_CERT_AUTO = NULL;
	size_t i, count = 0, n = 0;
	const struct gw_cnf_pair *all = section != NULL ? gw_cnf_section(j->cnf, arena, section, &count) : NULL;
	struct gw_cnf_pair *pairs = gw_arena_alloc(arena, (count + 1) * sizeof(*pairs));
	const char **faults = gw_arena_alloc(arena, (count + 1) * sizeof(*faults));
	enum gw_code code;

	for (i = 0; i < count && n < GW_CNF_PAIRS_MAX; i++) {
		/* The default section of an extension file holds variables as well. */
		if (strcmp(section, "default") == 0 && !gw_cnf_is_extension(all[i].name))
			continue;
		pairs[n] = all[i];
		mend_reference(j, section, &pairs[n++]);
	}
	code = gw_cnf_make(j->a->ctx, j->cnf, arena, &plan, pairs, n, faults, &cert, err);
	if (code != GW_OK)
		return code;
	for (i = 0; i < n; i++) {
		if (faults[i] != NULL)
			say_fault(j, section, &pairs[i], faults[i]);
	}
	gw_cert_read_contents(cert, arena, c);
	return GW_OK;
}

static void put_days(struct gw_cnf_job *j, struct gw_adopted *e)
{
	uint64_t days;

	if (j->days == NULL)
		return;
	if (gw_parse_uint(j->days, DAYS_MAX, &days) && days > 0)
		gw_adopt_life(e, (int64_t)days * GW_DAY, j->days_at);
	else
		gw_adopt_say(j->a, e, GWT_NOT_CARRIED, j->days_at, "not carried over: a life of \"%s\" days", j->days);
}

static void put_key(struct gw_cnf_job *j, struct gw_adopted *e)
{
	const char *bits = gw_cnf_value(j, "req", "default_bits"), *file = gw_cnf_value(j, "req", "default_keyfile");
	const char *md = gw_cnf_value(j, "req", "default_md"), *why;
	uint64_t n = 2048; /* openssl's own */

	if (bits != NULL && !gw_parse_uint(bits, 1 << 20, &n))
		gw_adopt_say(j->a, e, GWT_NOT_CARRIED, gw_cnf_at(j, "req", "default_bits"),
			     "not carried over: default_bits \"%s\", which is no number", bits);
	gw_adopt_key(e, "rsa", (unsigned)n, gw_arena_printf(&j->a->arena, "RSA %u", (unsigned)n),
		     gw_cnf_at(j, "req", "default_bits"));
	if (md != NULL && (strstr(md, "sha1") != NULL || strstr(md, "md5") != NULL || strcmp(md, "sha") == 0))
		gw_adopt_say(j->a, e, GWT_CARRIED_CHANGED, gw_cnf_at(j, "req", "default_md"),
			     "changed: signed with SHA-256 now; certificates with %s are refused everywhere", md);
	else if (md != NULL && (strcmp(md, "sha384") == 0 || strcmp(md, "sha512") == 0))
		gw_adopt_put(e, "signature", gw_str_new(&j->a->arena, md), gw_cnf_at(j, "req", "default_md"), md);
	if (file == NULL)
		return;
	why = gw_fault_file_name(&j->a->arena, file);
	if (why == NULL)
		gw_adopt_put(e, "files.key", gw_adopt_text(j->a, file), gw_cnf_at(j, "req", "default_keyfile"),
			     "the key's file");
	else
		gw_adopt_say(j->a, e, GWT_NOT_CARRIED, gw_cnf_at(j, "req", "default_keyfile"),
			     "not carried over: default_keyfile \"%s\", which %s", file, why);
}

/* The subject's own places are better than that of the section. */
static void put_dn(struct gw_cnf_job *j, struct gw_adopted *e, struct gw_cert_contents *c, const char *cn)
{
	size_t i;

	for (i = 0; i < j->n_dn; i++) {
		struct gw_name_attr attr = j->dn[i];

		if (cn != NULL && strcmp(attr.type, "commonName") == 0)
			attr.value = cn;
		gw_adopt_attribute(e, &attr, j->dn_at[i]);
	}
	c->n_subject = 0;
}

static const char *common_name(const struct gw_cnf_job *j)
{
	const char *cn = NULL;
	size_t i;

	for (i = 0; i < j->n_dn; i++) {
		if (strcmp(j->dn[i].type, "commonName") == 0)
			cn = j->dn[i].value;
	}
	return cn;
}

static void set_done(struct gw_cnf_job *j, const char *section)
{
	if (section != NULL)
		j->done[j->n_done++] = section;
}

/* One in which nothing is left, such as that of CRLs, is dropped. */
static enum gw_code add_profile(struct gw_cnf_job *j, const char *section, struct gw_err *err)
{
	struct gw_cert_contents c;
	struct gw_adopted e;
	enum gw_code code;

	set_done(j, section);
	code = read_extensions(j, section, NULL, 0, &c, err);
	if (code != GW_OK)
		return code;
	e = gw_adopt_profile(j->a, section, gw_cnf_at(j, section, NULL));
	e.is_profile = true;
	gw_adopt_contents(&e, &c, true);
	if (e.map->count == 0)
		gw_node_remove(j->a->profiles, e.map);
	return GW_OK;
}

/* An entry of a section of extensions, or a profile where nothing says whom it is for. cn takes the place of the
 * subject's, NULL keeps it. *name is the entry's, NULL for a profile. */
static enum gw_code add_entry(struct gw_cnf_job *j, const char *section, const char *cn, const char *issuer,
			      const char **name, struct gw_err *err)
{
	struct gw_cert_contents c;
	struct gw_adopted e;
	enum gw_code code;
	const char *wish = cn != NULL ? cn : common_name(j);

	code = read_extensions(j, section, j->dn, j->n_dn, &c, err);
	if (code != GW_OK)
		return code;
	if (wish == NULL && c.facts.n_sans > 0)
		wish = c.facts.sans[0].value;
	if (wish == NULL && section != NULL && !c.facts.ca && j->n_dn == 0)
		return add_profile(j, section, err);
	set_done(j, section);
	e = gw_adopt_entry(j->a,
			   c.facts.ca     ? "ca"
			   : wish != NULL ? wish
					  : "cert",
			   section != NULL ? gw_cnf_at(j, section, NULL) : gw_cnf_at(j, "req", NULL));
	gw_map_str(&j->a->arena, e.map, "issuer", issuer);
	put_dn(j, &e, &c, cn);
	put_key(j, &e);
	gw_adopt_contents(&e, &c, true);
	put_days(j, &e);
	*name = e.name;
	return GW_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool is_ca_section(struct gw_cnf_job *j, const char *section)
{
	const char *value = section != NULL ? gw_cnf_value(j, section, "basicConstraints") : NULL;

	return value != NULL && (strstr(value, "CA:TRUE") != NULL || strstr(value, "CA:true") != NULL);
}

static enum gw_code add_req(struct gw_cnf_job *j, struct gw_err *err)
{
	const char *x509 = gw_cnf_value(j, "req", "x509_extensions"), *req = gw_cnf_value(j, "req", "req_extensions"),
		   *name = NULL;
	const char *cn = common_name(j);
	enum gw_code code = GW_OK;

	if (x509 != NULL)
		x509 = gw_cnf_need_section(j, x509, gw_cnf_at(j, "req", "x509_extensions"));
	if (req != NULL)
		req = gw_cnf_need_section(j, req, gw_cnf_at(j, "req", "req_extensions"));
	if (req == NULL || x509 == NULL || strcmp(req, x509) == 0)
		return add_entry(j, x509 != NULL ? x509 : req, NULL, "self", &name, err);
	if (!is_ca_section(j, x509)) {
		code = add_entry(j, x509, NULL, "self", &name, err);
		return code == GW_OK ? add_profile(j, req, err) : code;
	}
	/* A CA and what it signs may not have the same name. */
	cn = cn != NULL ? gw_arena_printf(&j->a->arena, "%.56s CA", cn) : NULL;
	code = add_entry(j, x509, cn, "self", &name, err);
	return code == GW_OK ? add_entry(j, req, NULL, name, &name, err) : code;
}

/* [ca] and what it names is bookkeeping that gwcert does not have; only the life is carried over. */
static void read_ca(struct gw_cnf_job *j)
{
	const char *section = gw_cnf_value(j, "ca", "default_ca");

	if (section == NULL || !gw_cnf_job_has(j, "ca") || !gw_cnf_job_has(j, section))
		return;
	if (j->days == NULL) {
		j->days = gw_cnf_value(j, section, "default_days");
		j->days_at = gw_cnf_at(j, section, "default_days");
	}
	gw_adopt_say(
		j->a, NULL, GWT_NOT_CARRIED, gw_cnf_at(j, section, NULL),
		"not carried over: [%s] but for default_days and its extensions; gwcert keeps no database, and who "
		"may ask for what is said by the profile of gwcert sign",
		section);
}

static bool has_names(struct gw_cnf_job *j, const char *section)
{
	size_t i;

	for (i = 0; i < j->lines.count; i++) {
		const struct gw_cnf_line *l = &j->lines.items[i];

		if (l->name != NULL && strcmp(l->section, section) == 0 &&
		    (strncmp(l->name, "DNS.", 4) == 0 || strncmp(l->name, "IP.", 3) == 0 ||
		     strncmp(l->name, "URI.", 4) == 0 || strncmp(l->name, "email.", 6) == 0))
			return true;
	}
	return false;
}

static bool has_extensions(struct gw_cnf_job *j, const char *section)
{
	size_t i;

	for (i = 0; i < j->lines.count; i++) {
		const struct gw_cnf_line *l = &j->lines.items[i];

		if (l->name != NULL && strcmp(l->section, section) == 0 && strspn(l->name, "0123456789.") == 0 &&
		    gw_cnf_is_extension(l->name))
			return true;
	}
	return false;
}

/* Sections that hold extensions and are no entry yet become profiles. */
static enum gw_code add_rest(struct gw_cnf_job *j, struct gw_err *err)
{
	enum gw_code code = GW_OK;
	size_t i;

	for (i = 0; i < j->lines.count && code == GW_OK; i++) {
		const struct gw_cnf_line *l = &j->lines.items[i];
		bool referred;

		if (l->name != NULL || is_done(j, l->section) || !gw_cnf_job_has(j, l->section) ||
		    gw_cnf_line_find(&j->lines, l->section, NULL) != l)
			continue;
		referred = gw_cnf_is_referred(&j->lines, l->section);
		if (has_extensions(j, l->section)) {
			code = add_profile(j, l->section, err);
			if (!referred && gw_node_get(j->a->profiles, l->section) != NULL)
				gw_adopt_say(j->a, NULL, GWT_CNF_UNUSED, gw_cnf_at_line(j, l),
					     "nothing refers to [%s]: its extensions are in a certificate only where "
					     "-extensions names it; it is a profile here",
					     l->section);
		} else if (!referred && has_names(j, l->section)) {
			gw_adopt_say(j->a, NULL, GWT_CNF_UNUSED, gw_cnf_at_line(j, l),
				     "not carried over: the names in [%s], for nothing refers to it; a line "
				     "subjectAltName = @%s would",
				     l->section, l->section);
		}
	}
	return code;
}

/* A file for openssl x509 -extfile: extensions at the top, or in a section of their own that has the names. */
static enum gw_code add_extfile(struct gw_cnf_job *j, struct gw_err *err)
{
	const char *name = NULL;
	size_t i;

	if (has_extensions(j, "default"))
		return add_entry(j, "default", NULL, "self", &name, err);
	for (i = 0; i < j->lines.count; i++) {
		const struct gw_cnf_line *l = &j->lines.items[i];

		if (l->name == NULL && has_extensions(j, l->section) && gw_cnf_job_has(j, l->section) &&
		    gw_cnf_value(j, l->section, "subjectAltName") != NULL)
			return add_entry(j, l->section, NULL, "self", &name, err);
	}
	return GW_OK;
}

static enum gw_code adopt(struct gw_cnf_job *j, struct gw_err *err)
{
	const struct gw_cnf_pair *pairs;
	enum gw_code code;
	size_t i, count;

	gw_cnf_say_lines(j);
	pairs = gw_cnf_section(j->cnf, &j->a->arena, "req", &count);
	for (i = 0; i < count; i++)
		gw_cnf_say_req_key(j, &pairs[i]);
	read_ca(j);
	if (pairs != NULL) {
		gw_cnf_read_dn(j);
		code = add_req(j, err);
	} else {
		code = add_extfile(j, err);
	}
	return code == GW_OK ? add_rest(j, err) : code;
}

enum gw_code gw_adopt_cnf(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
			  struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err)
{
	struct gw_cnf *cnf GW_CNF_AUTO = NULL;
	struct gw_cnf_job j = {.a = a};
	char *copy;
	enum gw_code code;

	a->arena.sensitive = true; /* it may hold the password of a key */
	gw_adopt_begin(a, ctx, name, text, len, fs);
	if (memchr(text, '\0', len) != NULL || !gw_utf8_valid(text, len))
		return gw_fail(err, GW_E_INPUT, name, "is no text in UTF-8");
	copy = gw_arena_strndup(&a->arena, text, len);
	gw_cnf_lines_read(&a->arena, copy, len, &j.lines);
	j.done = gw_arena_alloc(&a->arena, (3 * j.lines.count + 8) * sizeof(*j.done));
	code = gw_cnf_read(ctx, name, copy, len, &cnf, err);
	if (code != GW_OK)
		return code;
	j.cnf = cnf;
	a->head = gw_arena_printf(&a->arena,
				  "Made by gwcert init from openssl's configuration %s. What could not be carried\n"
				  "over, and what openssl would have ignored, is told here and above each entry.",
				  name);
	return adopt(&j, err);
}
