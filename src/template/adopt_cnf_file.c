/* SPDX-License-Identifier: Apache-2.0 */
/* openssl's configuration as such: where things stand, what openssl ignores, and the subject. */
#include <string.h>

#include "base/text.h"
#include "template/adopt_cnf.h"

/* What openssl req looks for in its section: openssl-req(1), CONFIGURATION FILE FORMAT. */
static const char *const req_keys[] = {
	"input_password",
	"output_password",
	"default_bits",
	"default_keyfile",
	"oid_file",
	"oid_section",
	"RANDFILE",
	"encrypt_key",
	"encrypt_rsa_key",
	"default_md",
	"string_mask",
	"req_extensions",
	"x509_extensions",
	"prompt",
	"utf8",
	"attributes",
	"distinguished_name",
	NULL,
};

/* --- places ------------------------------------------------------------------------------------------------------- */

struct gw_node *gw_cnf_at_line(struct gw_cnf_job *j, const struct gw_cnf_line *l)
{
	return l != NULL ? gw_adopt_place(j->a, l->line, l->column, l->end) : gw_adopt_place(j->a, 0, 0, 0);
}

struct gw_node *gw_cnf_at(struct gw_cnf_job *j, const char *section, const char *name)
{
	return gw_cnf_at_line(j, gw_cnf_line_find(&j->lines, section, name));
}

const char *gw_cnf_value(struct gw_cnf_job *j, const char *section, const char *name)
{
	return gw_cnf_get(j->cnf, section, name);
}

bool gw_cnf_job_has(struct gw_cnf_job *j, const char *section)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	size_t count;

	return section != NULL && gw_cnf_section(j->cnf, &arena, section, &count) != NULL;
}

struct cursor {
	const struct gw_cnf_lines *lines;
	size_t i;
};

static const char *next_section(void *state)
{
	struct cursor *c = state;

	while (c->i < c->lines->count) {
		const struct gw_cnf_line *l = &c->lines->items[c->i++];

		if (l->name == NULL)
			return l->section;
	}
	return NULL;
}

const char *gw_cnf_need_section(struct gw_cnf_job *j, const char *wanted, const struct gw_node *where)
{
	struct cursor c = {&j->lines, 0};
	const char *near;
	struct gw_finding *f;

	if (gw_cnf_job_has(j, wanted))
		return wanted;
	near = gw_nearest(wanted, next_section, &c);
	if (near != NULL && gw_cnf_is_referred(&j->lines, near))
		near = NULL;
	f = gw_adopt_say(j->a, NULL, GWT_CNF_NO_SECTION, where, "there is no section [%s]%s%s%s", wanted,
			 near != NULL ? "; taken for [" : "", near != NULL ? near : "", near != NULL ? "]" : "");
	if (near == NULL)
		gw_finding_fix(j->a->fs, f, "openssl stops there, or makes a certificate without what it should hold");
	else
		j->done[j->n_done++] = near;
	return near;
}

/* --- the file as such --------------------------------------------------------------------------------------------- */

void gw_cnf_say_lines(struct gw_cnf_job *j)
{
	size_t i;

	for (i = 0; i < j->lines.count; i++) {
		const struct gw_cnf_line *l = &j->lines.items[i], *last;

		if (l->name == NULL)
			continue;
		if (strcmp(l->name, ".include") == 0) {
			gw_adopt_say(j->a, NULL, GWT_NOT_CARRIED, gw_cnf_at_line(j, l),
				     "not carried over: what .include brings in; put it into the file and run init "
				     "again");
			continue;
		}
		last = gw_cnf_line_find(&j->lines, l->section, l->name);
		if (last != NULL && last->line != l->line)
			gw_adopt_say(j->a, NULL, GWT_CNF_TWICE, gw_cnf_at_line(j, l),
				     "%s is in [%s] twice: openssl drops this one and takes line %u alone", l->name,
				     l->section, last->line);
	}
}

static void say_password(struct gw_cnf_job *j, const char *key)
{
	struct gw_node *where = gw_cnf_at(j, "req", key);
	const struct gw_source bare = {.name = j->a->source->name, .text = ""};

	where->source = &bare; /* the line has the password, and is not shown */
	gw_adopt_say(j->a, NULL, GWT_NOT_CARRIED, where,
		     "not carried over: %s; a template holds no passwords, only where they come from", key);
}

void gw_cnf_say_req_key(struct gw_cnf_job *j, const struct gw_cnf_pair *p)
{
	struct gw_node *where = gw_cnf_at(j, "req", p->name);
	const char *near = gw_nearest_of(p->name, req_keys);
	size_t i;

	if (strcmp(p->name, "input_password") == 0 || strcmp(p->name, "output_password") == 0) {
		say_password(j, p->name);
		return;
	}
	if (strcmp(p->name, "attributes") == 0 || strcmp(p->name, "oid_file") == 0 ||
	    strcmp(p->name, "oid_section") == 0)
		gw_adopt_say(j->a, NULL, GWT_NOT_CARRIED, where, "not carried over: %s", p->name);
	for (i = 0; req_keys[i] != NULL; i++) {
		if (strcmp(req_keys[i], p->name) == 0)
			return;
	}
	if (strcmp(p->name, "default_days") == 0 || strcmp(p->name, "days") == 0) {
		gw_adopt_say(j->a, NULL, GWT_CNF_IGNORED, where,
			     "openssl req ignores %s and makes 30 days without -days; it is validity here", p->name);
		j->days = p->value;
		j->days_at = where;
	} else if (near != NULL) {
		gw_adopt_say(j->a, NULL, GWT_CNF_IGNORED, where, "openssl req ignores %s; was %s meant?", p->name,
			     near);
	} else {
		gw_adopt_say(j->a, NULL, GWT_CNF_IGNORED, where, "openssl req ignores %s", p->name);
	}
}

/* --- the subject -------------------------------------------------------------------------------------------------- */

/* openssl skips what stands before the first '.', ':' or ',', which tells two of a kind apart, and a '+'. */
static const char *attribute_of(const char *name)
{
	size_t n = strcspn(name, ".:,");

	if (name[n] != '\0' && name[n + 1] != '\0')
		name += n + 1;
	return *name == '+' ? name + 1 : name;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcmp(text + n - m, end) == 0;
}

static void add_attribute(struct gw_cnf_job *j, const char *section, const char *name, const char *value)
{
	const char *type = gw_attribute_name(attribute_of(name));

	if (type == NULL) {
		gw_adopt_say(j->a, NULL, GWT_CNF_IGNORED, gw_cnf_at(j, section, name),
			     "%s is no attribute of a subject", attribute_of(name));
		return;
	}
	j->dn_at[j->n_dn] = gw_cnf_at(j, section, name);
	j->dn[j->n_dn++] = (struct gw_name_attr){.type = type, .value = value};
}

/* With prompts, only what would be there if every question were answered by Enter. */
static void add_answer(struct gw_cnf_job *j, const char *section, const struct gw_cnf_pair *p)
{
	struct gw_arena *arena = &j->a->arena;
	const char *value;

	if (ends_with(p->name, "_default") || ends_with(p->name, "_min") || ends_with(p->name, "_max") ||
	    ends_with(p->name, "_value"))
		return;
	value = gw_cnf_value(j, section, gw_arena_printf(arena, "%s_value", p->name));
	if (value == NULL)
		value = gw_cnf_value(j, section, gw_arena_printf(arena, "%s_default", p->name));
	if (value != NULL && *value != '\0')
		add_attribute(j, section, p->name, value);
	else if (gw_attribute_name(attribute_of(p->name)) != NULL)
		gw_adopt_say(
			j->a, NULL, GWT_NOT_CARRIED, gw_cnf_at(j, section, p->name),
			"not carried over: %s, for which openssl asks (\"%s\"); with prompt = no that text would be "
			"its value",
			attribute_of(p->name), p->value);
}

void gw_cnf_read_dn(struct gw_cnf_job *j)
{
	const char *name = gw_cnf_value(j, "req", "distinguished_name"), *prompt = gw_cnf_value(j, "req", "prompt"),
		   *section;
	const struct gw_cnf_pair *pairs;
	size_t i, count;

	section = name != NULL ? gw_cnf_need_section(j, name, gw_cnf_at(j, "req", "distinguished_name")) : NULL;
	if (section == NULL)
		return;
	pairs = gw_cnf_section(j->cnf, &j->a->arena, section, &count);
	count = count < GW_CNF_PAIRS_MAX ? count : GW_CNF_PAIRS_MAX;
	j->dn = gw_arena_alloc(&j->a->arena, (count + 1) * sizeof(*j->dn));
	j->dn_at = gw_arena_alloc(&j->a->arena, (count + 1) * sizeof(*j->dn_at));
	for (i = 0; i < count; i++) {
		if (prompt != NULL && strcmp(prompt, "no") == 0)
			add_attribute(j, section, pairs[i].name, pairs[i].value);
		else
			add_answer(j, section, &pairs[i]);
	}
}
