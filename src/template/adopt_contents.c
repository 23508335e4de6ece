/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a certificate, put into the keys of an entry. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "rules/names.h"
#include "template/adopting.h"
#include "template/check.h"
#include "template/rows.h"

#define SERVED_BACKDATE 3600 /* seconds: as much of a life may lie before its issuing, and is settings.backdate's */
#define YEAR            (365 * GW_DAY)

/* --- subject ------------------------------------------------------------------------------------------------------ */

const char *gw_adopt_cut(struct gw_adoption *a, const char *text, size_t characters)
{
	size_t at = 0, n = 1;
	uint32_t point;

	while (text[at] != '\0' && characters > 0 && n > 0) {
		n = gw_utf8_decode(text + at, strlen(text + at), &point);
		at += n;
		characters--;
	}
	return gw_arena_strndup(&a->arena, text, at);
}

/* "gb" is GB: case makes no difference in a name (RFC 5280 7.1), but the code has capitals (ISO 3166). */
static const char *with_capitals(struct gw_adopted *e, const struct gw_name_attr *attr, const struct gw_node *at)
{
	char *code;

	if (attr->value == NULL || strcmp(attr->type, "countryName") != 0 || strlen(attr->value) != 2 ||
	    (!islower((unsigned char)attr->value[0]) && !islower((unsigned char)attr->value[1])))
		return attr->value;
	code = gw_arena_strdup(&e->a->arena, attr->value);
	code[0] = (char)toupper((unsigned char)code[0]);
	code[1] = (char)toupper((unsigned char)code[1]);
	gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at, "changed: the country \"%s\" is written %s now", attr->value,
		     code);
	return code;
}

/* Without a common name a CA is none, so one that is too long is cut rather than left out. */
static const char *mend_value(struct gw_adopted *e, const struct gw_name_attr *attr, const struct gw_node *at)
{
	if (attr->value == NULL || strcmp(attr->type, "commonName") != 0 ||
	    gw_text_columns(attr->value) <= GW_COMMON_NAME_MAX)
		return with_capitals(e, attr, at);
	gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
		     "changed: the commonName \"%s\" is cut to the %d characters that it may have", attr->value,
		     GW_COMMON_NAME_MAX);
	return gw_adopt_cut(e->a, attr->value, GW_COMMON_NAME_MAX);
}

/* The second value of an attribute makes a list of it. */
static void add_another(struct gw_adopted *e, struct gw_node *subject, struct gw_node *had, const char *value)
{
	struct gw_arena *arena = &e->a->arena;
	struct gw_node *list = had;

	if (had->kind != GW_LIST) {
		list = gw_list_new(arena);
		gw_node_remove(subject, had);
		gw_list_add(list, had);
		gw_map_add(arena, subject, had->key->text, list);
		had->key = NULL;
	}
	gw_list_add(list, gw_adopt_text(e->a, value));
}

/* What has no key of its own goes by its OID, where that is what is known of it. */
static void add_by_oid(struct gw_adopted *e, const struct gw_node *subject, const struct gw_name_attr *attr,
		       const char *value, const struct gw_node *at)
{
	struct gw_arena *arena = &e->a->arena;
	struct gw_node *list = gw_node_get(subject, "attributes"), *item = gw_map_new(arena);

	gw_map_str(arena, item, "oid", attr->type);
	gw_map_add(arena, item, "value", gw_adopt_text(e->a, value));
	if (list != NULL) {
		gw_list_add(list, item);
		return;
	}
	list = gw_list_new(arena);
	gw_list_add(list, item);
	gw_adopt_put(e, "subject.attributes", list, at, attr->type);
}

void gw_adopt_attribute(struct gw_adopted *e, const struct gw_name_attr *attr, const struct gw_node *at)
{
	const char *value = mend_value(e, attr, at);
	const struct gw_row *row = NULL;
	struct gw_node *subject = gw_node_get(e->map, "subject"), *had;
	size_t i;

	for (i = 0; i < gw_subject_rows.count && row == NULL; i++) {
		const struct gw_row *r = &gw_subject_rows.rows[i];

		if (r->attribute != NULL && strcmp(r->attribute, attr->type) == 0)
			row = r;
	}
	had = row != NULL ? gw_node_get(subject, row->name) : NULL;
	if (attr->value == NULL)
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, at, "not carried over: the subject's %s has control characters",
			     attr->type);
	else if (row == NULL && strchr(attr->type, '.') != NULL)
		add_by_oid(e, subject, attr, value, at);
	else if (row == NULL)
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, at,
			     "not carried over: the subject's %s \"%s\", which no key of a template takes", attr->type,
			     attr->value);
	else if (had != NULL && !row->many)
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, at,
			     "not carried over: the subject's second %s, \"%s\"; a subject has one of it", row->name,
			     value);
	else if (had != NULL)
		add_another(e, subject, had, value);
	else
		gw_adopt_put(e, gw_arena_printf(&e->a->arena, "subject.%s", row->name), gw_adopt_text(e->a, value), at,
			     attr->type);
}

/* Where an attribute stands among the rows, which is the order in which a subject is made. */
static size_t place_of(const char *type)
{
	size_t i;

	for (i = 0; i < gw_subject_rows.count; i++) {
		if (gw_subject_rows.rows[i].attribute != NULL && strcmp(gw_subject_rows.rows[i].attribute, type) == 0)
			return i;
	}
	return i;
}

static void say_order(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	size_t i;

	for (i = 1; i < c->n_subject; i++) {
		if (place_of(c->subject[i].type) < place_of(c->subject[i - 1].type))
			break;
	}
	if (i < c->n_subject)
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, e->at,
			     "changed: the subject's attributes stand in another order than in \"%s\": from the whole "
			     "to the part",
			     c->facts.subject);
	if (c->multi_valued)
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, e->at,
			     "changed: attributes of the subject that were joined by + stand by themselves");
}

/* --- names -------------------------------------------------------------------------------------------------------- */

void gw_adopt_san(struct gw_adopted *e, struct gw_node *list, const char *text, const struct gw_node *at)
{
	const char *address = strncmp(text, "dns:", 4) == 0 ? text + 4 : NULL;
	unsigned char octets[16];
	struct gw_node *item;
	struct gw_san san;

	if (strncmp(text, "other:", 6) == 0 &&
	    (gw_san_parse(&e->a->arena, text, &san) != NULL || san.type != GW_SAN_OTHER)) {
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, at, "not carried over: the alternative name \"%s\"", text);
		return;
	}
	if (address != NULL && gw_name_ip(address, octets) > 0) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: %s was written as a DNS name, which no client compares with an address; it is "
			     "an IP address now",
			     address);
		text = gw_arena_printf(&e->a->arena, "ip:%s", address);
	}
	item = gw_list_add(list, gw_adopt_text(e->a, text));
	if (at != NULL && at->line > 0) {
		item->source = at->source;
		item->line = item->end_line = at->line;
		item->column = at->column;
		item->end_column = at->end_column;
	}
}

/* "dns:a.example.com" reads better without the prefix, where the type is plain without it. */
static const char *short_san(struct gw_adoption *a, const char *text)
{
	struct gw_san with, without;
	const char *value = strchr(text, ':');

	if (value == NULL || gw_san_parse(&a->arena, text, &with) != NULL ||
	    gw_san_parse(&a->arena, value + 1, &without) != NULL || !gw_san_same(&with, &without))
		return text;
	return value + 1;
}

/* What a DNS name of the subject would be for a client of old: its common name. */
static const char *host_of(struct gw_adopted *e)
{
	const char *cn = gw_node_text(gw_node_get(gw_node_get(e->map, "subject"), "commonName"));
	struct gw_san san;

	if (cn == NULL || strchr(cn, '.') == NULL || gw_san_parse(&e->a->arena, cn, &san) != NULL)
		return NULL;
	return san.type == GW_SAN_DNS || san.type == GW_SAN_IP ? cn : NULL;
}

static bool has_host(struct gw_adoption *a, const struct gw_text_list *sans)
{
	struct gw_san san;
	size_t i;

	for (i = 0; i < sans->count; i++) {
		if (gw_san_parse(&a->arena, sans->items[i], &san) == NULL &&
		    (san.type == GW_SAN_DNS || san.type == GW_SAN_IP))
			return true;
		if (strncmp(sans->items[i], "dns:", 4) == 0)
			return true;
	}
	return false;
}

/* Gives whether there is a host among the names. */
static bool adopt_sans(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	struct gw_node *list = gw_list_new(&e->a->arena);
	bool host = has_host(e->a, &c->sans);
	const char *from_cn = !host && !c->facts.ca ? host_of(e) : NULL;
	size_t i;

	for (i = 0; i < c->sans.count; i++)
		gw_adopt_san(e, list, short_san(e->a, c->sans.items[i]), e->at);
	if (from_cn != NULL) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, e->at,
			     "changed: \"%s\" stood in commonName alone, where no client looks for it; it is in sans "
			     "now",
			     from_cn);
		gw_adopt_san(e, list, from_cn, e->at);
	}
	gw_adopt_put(e, "sans", list, NULL, "alternative names");
	for (i = 0; i < c->unread.count; i++)
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, e->at, "not carried over: %s", c->unread.items[i]);
	return host || from_cn != NULL;
}

/* --- usages ------------------------------------------------------------------------------------------------------- */

static bool has_word(const char *const *words, const char *word)
{
	for (; words != NULL && *words != NULL; words++) {
		if (strcmp(*words, word) == 0)
			return true;
	}
	return false;
}

static void put_profile(struct gw_adopted *e, const struct gw_usages *u)
{
	struct gw_adoption *a = e->a;
	const char *name = NULL;

	if (e->is_profile || u->ca || u->eku == NULL || has_word(u->eku, "serverAuth") ||
	    has_word(u->eku, "anyExtendedKeyUsage"))
		return;
	if (has_word(u->eku, "clientAuth")) {
		name = "client";
	} else {
		/* The ready-made ones promise a server or a client. */
		name = "plain";
		if (gw_node_get(a->profiles, name) == NULL)
			gw_map_add(&a->arena, a->profiles, name, gw_map_new(&a->arena));
	}
	gw_map_str(&a->arena, e->map, "profile", name);
}

static unsigned mend_key_usage(struct gw_adopted *e, const struct gw_usages *u, const struct gw_node *at)
{
	const unsigned encipher = GW_KU_KEY_ENCIPHERMENT | GW_KU_DATA_ENCIPHERMENT;
	unsigned usage = u->key_usage;
	bool tls = has_word(u->eku, "serverAuth") || has_word(u->eku, "clientAuth");

	if (u->ca && !(usage & GW_KU_KEY_CERT_SIGN)) {
		gw_adopt_say(
			e->a, e, GWT_CARRIED_CHANGED, at,
			"changed: keyUsage has keyCertSign now, without which a CA signs nothing; take out ca where "
			"it should be none");
		usage |= GW_KU_KEY_CERT_SIGN;
	} else if (!u->ca && usage & GW_KU_KEY_CERT_SIGN) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: keyUsage has no keyCertSign now, which is for CAs alone");
		usage &= ~GW_KU_KEY_CERT_SIGN;
	}
	if (!u->ca && tls && !(usage & GW_KU_DIGITAL_SIGNATURE)) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: keyUsage has digitalSignature now, which TLS 1.3 needs");
		usage |= GW_KU_DIGITAL_SIGNATURE;
	}
	if (!u->rsa && usage & encipher) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: keyUsage has no encipherment now, which only an RSA key can do");
		usage &= ~encipher;
	}
	return usage;
}

static void put_key_usage(struct gw_adopted *e, unsigned usage, const struct gw_node *at)
{
	struct gw_node *list = gw_list_new(&e->a->arena);
	size_t bit;

	for (bit = 0; gw_key_usage_words[bit] != NULL; bit++) {
		if (usage & 1U << bit)
			gw_list_add(list, gw_str_new(&e->a->arena, gw_key_usage_words[bit]));
	}
	gw_adopt_put(e, "keyUsage", list, at, "key usage");
}

void gw_adopt_usages(struct gw_adopted *e, const struct gw_usages *given, const struct gw_node *at)
{
	static const char *const client[] = {"clientAuth", NULL};
	struct gw_usages u = *given;
	struct gw_node *list = gw_list_new(&e->a->arena);
	const char *const *word;

	if (!e->is_profile && !u.ca && !u.has_host && (u.eku == NULL || *u.eku == NULL)) {
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: without an extended key usage and without a DNS name it can only be a client's; "
			     "extendedKeyUsage says so now");
		u.eku = client;
	}
	put_profile(e, &u);
	if (u.has_key_usage)
		put_key_usage(e, mend_key_usage(e, &u, at), at);
	else if (!e->is_profile)
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at,
			     "changed: there was no key usage; what fits the role and the kind of key is chosen now");
	for (word = u.eku; word != NULL && *word != NULL; word++)
		gw_list_add(list, gw_str_new(&e->a->arena, *word));
	/* An empty list takes the place of what the profile says. */
	if (list->count > 0)
		gw_adopt_put(e, "extendedKeyUsage", list, at, "extended key usage");
	else if (!u.ca && !e->is_profile)
		gw_map_add(&e->a->arena, e->map, "extendedKeyUsage", list);
}

/* --- key and life ------------------------------------------------------------------------------------------------- */

static const char *key_word(const char *algorithm, unsigned bits)
{
	if (strcmp(algorithm, "ed25519") == 0)
		return "ed25519";
	if (strcmp(algorithm, "ec") == 0)
		return bits <= 256 ? "ec-p256" : bits <= 384 ? "ec-p384" : "ec-p521";
	return bits <= 2048 ? "rsa-2048" : bits <= 3072 ? "rsa-3072" : "rsa-4096";
}

void gw_adopt_key(struct gw_adopted *e, const char *algorithm, unsigned bits, const char *shown,
		  const struct gw_node *at)
{
	bool rsa = strcmp(algorithm, "rsa") == 0, ec = strcmp(algorithm, "ec") == 0;
	bool same = strcmp(algorithm, "ed25519") == 0 || (rsa && (bits == 2048 || bits == 3072 || bits == 4096)) ||
		    (ec && (bits == 256 || bits == 384 || bits == 521));
	const char *word = key_word(rsa || ec || same ? algorithm : "ec", bits);

	if (!same)
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, at, "changed: the key is %s now, for gwcert makes no %s key",
			     word, shown);
	gw_adopt_put(e, "key", gw_str_new(&e->a->arena, word), at, "the kind of key");
}

const char *gw_adopt_span(struct gw_adoption *a, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = {{GW_DAY, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	return gw_arena_printf(&a->arena, "%" PRId64 "%c", seconds / units[i].seconds, units[i].unit);
}

void gw_adopt_life(struct gw_adopted *e, int64_t seconds, const struct gw_node *at)
{
	int64_t span = seconds;

	/* notAfter is inclusive (RFC 5280 4.1.2.5): many CAs take off the second that would be one too many. */
	if (span % 60 == 59)
		span++;
	if (span > GW_DAY && span % GW_DAY <= SERVED_BACKDATE)
		span -= span % GW_DAY;
	if (span < 60 || span > 1000 * YEAR) {
		gw_adopt_say(e->a, e, GWT_NOT_CARRIED, at,
			     "not carried over: a life of %" PRId64
			     " seconds, which is less than a minute or more than "
			     "1000 years",
			     seconds);
		return;
	}
	gw_adopt_put(e, "validity", gw_str_new(&e->a->arena, gw_adopt_span(e->a, span)), at, "the life");
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

static void put_texts(struct gw_adopted *e, const char *key, const struct gw_text_list *texts, const char *what)
{
	GW_BUF_AUTO struct gw_buf all = GW_BUF(GW_ERR_WHAT_MAX);
	size_t i;

	gw_buf_str_add(&all, what);
	for (i = 0; i < texts->count && i < 5; i++)
		gw_buf_printf(&all, "%s %s", i > 0 ? "," : "", texts->items[i]);
	gw_adopt_put(e, key, gw_adopt_list(e->a, texts), e->at, gw_buf_str(&all));
}

/* ".example.com", which OpenSSL takes for the names below alone, and RFC 5280 does not know: without the dot it is near
 * enough, while a constraint that is left out would let the CA sign any name. */
static void mend_dots(struct gw_adopted *e, const struct gw_text_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const char *name = list->items[i];

		if (name[0] != '.' || name[1] == '\0')
			continue;
		list->items[i] = name + 1;
		gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, e->at,
			     "changed: the name constraint \"%s\" is \"%s\", which holds that name itself as well",
			     name, name + 1);
	}
}

static void put_subtrees(struct gw_adopted *e, const char *which, const struct gw_subtrees *trees)
{
	struct gw_arena *arena = &e->a->arena;

	mend_dots(e, &trees->dns);
	put_texts(e, gw_arena_printf(arena, "ca.%s.dns", which), &trees->dns, "name constraints, DNS");
	put_texts(e, gw_arena_printf(arena, "ca.%s.ip", which), &trees->ip, "name constraints, IP");
	put_texts(e, gw_arena_printf(arena, "ca.%s.email", which), &trees->email, "name constraints, e-mail");
	put_texts(e, gw_arena_printf(arena, "ca.%s.uri", which), &trees->uri, "name constraints, URI");
}

static void adopt_ca(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	struct gw_arena *arena = &e->a->arena;
	struct gw_node *ca;

	if (!c->facts.ca)
		return;
	ca = gw_map_add(arena, e->map, "ca", gw_map_new(arena));
	if (c->facts.path_length >= 0)
		gw_map_int(arena, ca, "pathLength", c->facts.path_length);
	put_subtrees(e, "permitted", &c->permitted);
	put_subtrees(e, "excluded", &c->excluded);
}

/* Clients find an issuer by its name. */
static void need_name(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	const char *name;

	if (e->is_profile || !c->facts.ca || gw_node_get(gw_node_get(e->map, "subject"), "commonName") != NULL)
		return;
	name = gw_adopt_cut(e->a, e->name, GW_COMMON_NAME_MAX);
	gw_adopt_say(e->a, e, GWT_CARRIED_CHANGED, e->at,
		     "changed: the CA had no commonName, by which clients find it; it is \"%s\" now", name);
	gw_adopt_put(e, "subject.commonName", gw_adopt_text(e->a, name), e->at, "commonName");
}

/* "a1b2c3... (40 octets)": enough to know it again. */
static const char *short_hex(struct gw_arena *arena, const char *hex)
{
	size_t n = strlen(hex);

	return n <= 64 ? hex : gw_arena_printf(arena, "%.64s... (%zu octets)", hex, n / 2);
}

static void adopt_policies(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	struct gw_arena *arena = &e->a->arena;
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < c->n_policies; i++) {
		struct gw_node *policy = gw_list_add(list, gw_map_new(arena));

		gw_map_str(arena, policy, "oid", c->policies[i].oid);
		if (c->policies[i].cps != NULL)
			gw_map_add(arena, policy, "cps", gw_adopt_text(e->a, c->policies[i].cps));
	}
	gw_adopt_put(e, "certificatePolicies", list, e->at, "the certificate policies");
}

/* Extensions that have no key of their own are taken as they are. */
static void adopt_extensions(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	struct gw_arena *arena = &e->a->arena;
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < c->n_others; i++) {
		const struct gw_cert_extension *raw = &c->others[i];
		struct gw_node *extension;

		if (!gw_adopt_has("extensions")) {
			gw_adopt_say(e->a, e, GWT_NOT_CARRIED, e->at,
				     "not carried over: the %sextension %s (%s), DER %s",
				     raw->critical ? "critical " : "", raw->name, raw->oid, short_hex(arena, raw->der));
			continue;
		}
		extension = gw_list_add(list, gw_map_new(arena));
		gw_map_str(arena, extension, "oid", raw->oid);
		if (raw->critical)
			gw_map_bool(arena, extension, "critical", true);
		gw_map_str(arena, extension, "der", raw->der);
	}
	gw_adopt_put(e, "extensions", list, e->at, "extensions");
}

static void adopt_others(struct gw_adopted *e, const struct gw_cert_contents *c)
{
	put_texts(e, "aia.caIssuers", &c->ca_issuers, "where the issuer is fetched (AIA caIssuers):");
	put_texts(e, "aia.ocsp", &c->ocsp, "where status is asked (AIA OCSP):");
	put_texts(e, "crl.distribution", &c->crl_uris, "CRL distribution points:");
	adopt_policies(e, c);
	if (c->must_staple)
		gw_adopt_put(e, "mustStaple", gw_bool_new(&e->a->arena, true), e->at, "must-staple (TLS feature)");
	adopt_extensions(e, c);
}

void gw_adopt_contents(struct gw_adopted *e, const struct gw_cert_contents *c, bool rsa)
{
	struct gw_usages usages = {
		.ca = c->facts.ca,
		.rsa = rsa,
		.has_key_usage = c->facts.has_key_usage,
		.key_usage = c->facts.key_usage,
		.eku = c->facts.extended_key_usage,
	};
	size_t i;

	for (i = 0; i < c->n_subject; i++)
		gw_adopt_attribute(e, &c->subject[i], e->at);
	say_order(e, c);
	need_name(e, c);
	usages.has_host = adopt_sans(e, c);
	adopt_ca(e, c);
	gw_adopt_usages(e, &usages, e->at);
	adopt_others(e, c);
}
