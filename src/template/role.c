/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "template/each_row.h"
#include "template/links.h"
#include "template/publish.h"

#define ENCIPHER (GW_KU_KEY_ENCIPHERMENT | GW_KU_DATA_ENCIPHERMENT)

struct gw_finding *gw_entry_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_entry *e, const char *key,
				const char *fmt, ...)
{
	const struct gw_node *value = key != NULL ? gw_node_get(e->merged, key) : NULL;
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath path = {.up = &own, .name = key};
	char what[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(what, sizeof(what), fmt, args);
	va_end(args);
	return gw_check_say(c, rule, value != NULL ? value : e->node->key, value != NULL ? &path : &own, "%s", what);
}

void gw_entry_relate(struct gw_check *c, struct gw_finding *f, const struct gw_entry *e, const char *key,
		     const char *what)
{
	struct gw_where where = gw_entry_where(c->arena, e, key);

	gw_finding_relate(c->fs, f, &where, "%s", what);
}

/* --- subject and names -------------------------------------------------------------------------------------------- */

static const char *attribute(const struct gw_entry *e, const char *type)
{
	size_t i;

	for (i = 0; i < e->plan.n_subject; i++) {
		if (strcmp(e->plan.subject[i].type, type) == 0)
			return e->plan.subject[i].value;
	}
	return NULL;
}

static bool has_usage(const struct gw_entry *e, const char *word)
{
	size_t i;

	for (i = 0; i < e->plan.n_extended_key_usage; i++) {
		if (strcmp(e->plan.extended_key_usage[i], word) == 0)
			return true;
	}
	return false;
}

bool gw_entry_serves(const struct gw_entry *e, const char *usage)
{
	return e->plan.n_extended_key_usage == 0 || has_usage(e, usage) || has_usage(e, "anyExtendedKeyUsage");
}

/* A leaf that a server shows: its usage says so, or does not say anything. */
static bool is_server(const struct gw_entry *e)
{
	return !e->plan.ca && gw_entry_serves(e, "serverAuth");
}

static bool has_host(const struct gw_entry *e)
{
	size_t i;

	for (i = 0; i < e->plan.n_sans; i++) {
		if (e->plan.sans[i].type == GW_SAN_DNS || e->plan.sans[i].type == GW_SAN_IP)
			return true;
	}
	return false;
}

static void check_names(struct gw_check *c, const struct gw_entry *e)
{
	const char *cn = attribute(e, "commonName");
	struct gw_finding *f;
	struct gw_san san;

	if (e->plan.ca && cn == NULL) {
		f = gw_entry_say(c, GWT_SUBJECT, e, "subject", "the CA \"%s\" has no commonName", e->name);
		gw_finding_fix(c->fs, f, "add subject: { commonName: ... }: clients find an issuer by its name");
	} else if (is_server(e) && !has_host(e)) {
		f = gw_entry_say(c, GWT_NO_SAN, e, "sans", "the server \"%s\" has no DNS name or IP address in sans",
				 e->name);
		if (cn != NULL && gw_san_parse(c->arena, cn, &san) == NULL)
			gw_finding_fix(c->fs, f, "add sans: ['%s']: no client looks for it in commonName", cn);
		else
			gw_finding_fix(c->fs, f, "add sans: [store.example.com], with the names that clients ask for");
	} else if (e->plan.n_subject == 0 && e->plan.n_sans == 0) {
		f = gw_entry_say(c, GWT_SUBJECT, e, NULL, "nothing says whom \"%s\" is for", e->name);
		gw_finding_fix(c->fs, f, "add subject: { commonName: ... } or sans");
	}
}

/* sans has at most GW_SANS_MAX members. */
static void check_sans_twice(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_node *list = gw_node_get(e->merged, "sans"), *item;
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath sans = {.up = &own, .name = "sans"};
	size_t i, j;

	if (list == NULL || list->count != e->plan.n_sans)
		return;
	for (i = 0, item = list->first; item != NULL; item = item->next, i++) {
		const struct gw_keypath path = {.up = &sans, .index = i};

		for (j = 0; j < i; j++) {
			if (!gw_san_same(&e->plan.sans[i], &e->plan.sans[j]))
				continue;
			gw_check_say(c, GWT_TWICE, item, &path, "\"%s\" is in \"sans\" twice", item->text);
			break;
		}
	}
}

/* --- usages ------------------------------------------------------------------------------------------------------- */

static void check_key_usage(struct gw_check *c, const struct gw_entry *e)
{
	unsigned usage = e->plan.key_usage;
	bool rsa = e->key_type >= GW_KEY_RSA_2048 && e->key_type <= GW_KEY_RSA_4096;
	struct gw_finding *f = NULL;

	if (gw_node_get(e->merged, "keyUsage") == NULL)
		return; /* chosen here, and right */
	if (e->plan.ca && !(usage & GW_KU_KEY_CERT_SIGN)) {
		f = gw_entry_say(c, GWT_USAGE, e, "keyUsage", "the CA \"%s\" may not sign certificates", e->name);
		gw_finding_fix(c->fs, f, "add keyCertSign, or leave keyUsage out");
	} else if (!e->plan.ca && usage & GW_KU_KEY_CERT_SIGN) {
		f = gw_entry_say(c, GWT_USAGE, e, "keyUsage", "keyCertSign is for CAs, and \"%s\" is none", e->name);
		gw_finding_fix(c->fs, f, "add ca: {}, or leave keyCertSign out");
	} else if ((has_usage(e, "serverAuth") || has_usage(e, "clientAuth")) && !e->plan.ca &&
		   !(usage & GW_KU_DIGITAL_SIGNATURE)) {
		f = gw_entry_say(c, GWT_USAGE, e, "keyUsage",
				 "TLS 1.3 needs digitalSignature, which keyUsage leaves out");
		gw_finding_fix(c->fs, f, "add digitalSignature, or leave keyUsage out");
	}
	if (usage & (GW_KU_ENCIPHER_ONLY | GW_KU_DECIPHER_ONLY) && !(usage & GW_KU_KEY_AGREEMENT)) {
		f = gw_entry_say(c, GWT_USAGE, e, "keyUsage",
				 "encipherOnly and decipherOnly mean nothing without keyAgreement");
		gw_finding_fix(c->fs, f, "add keyAgreement, or leave them out");
	}
	if (!rsa && e->key_type != GW_KEY_OTHER && usage & ENCIPHER) {
		f = gw_entry_say(c, GWT_USAGE, e, "keyUsage", "only an RSA key can encipher, and the key is %s",
				 gw_key_type_word(e->key_type));
		gw_finding_fix(c->fs, f, "leave out keyEncipherment and dataEncipherment");
	}
}

/* A profile's name is a promise about what the certificate is for. */
static void check_promise(struct gw_check *c, const struct gw_entry *e)
{
	static const struct {
		const char *profile, *usage;
	} promises[] = {{"server", "serverAuth"}, {"backend", "serverAuth"}, {"client", "clientAuth"}};
	struct gw_finding *f;
	size_t i;

	if (e->plan.ca || e->plan.n_extended_key_usage == 0 || has_usage(e, "anyExtendedKeyUsage"))
		return;
	for (i = 0; i < GW_COUNT(promises); i++) {
		if (strcmp(e->profile, promises[i].profile) != 0 || has_usage(e, promises[i].usage))
			continue;
		f = gw_entry_say(c, GWT_USAGE, e, "extendedKeyUsage",
				 "profile \"%s\", but extendedKeyUsage leaves out %s", promises[i].profile,
				 promises[i].usage);
		gw_finding_fix(c->fs, f, "add %s, or name another profile", promises[i].usage);
	}
}

/* Due from its first second on: each run would make it again. */
static void check_renewal(struct gw_check *c, const struct gw_entry *e)
{
	char left[32], validity[32];
	struct gw_finding *f;

	if (e->renew_at.left < e->validity)
		return;
	gw_span_words(left, e->renew_at.left);
	gw_span_words(validity, e->validity);
	f = gw_entry_say(c, GWT_BAD_VALUE, e, "renewAt", "\"%s\" is good for %s, and renewAt makes it due with %s left",
			 e->name, validity, left);
	gw_finding_fix(c->fs, f, "give it a renewAt of its own, such as 66%%");
}

/* --- files -------------------------------------------------------------------------------------------------------- */

void gw_files_check(struct gw_check *c, const struct gw_file_names *files, const struct gw_node *at,
		    const struct gw_keypath *path)
{
	const char *const names[] = {files->key,   files->csr,       files->cert,
				     files->chain, files->fullchain, files->pkcs12};
	static const char *const what[] = {"key", "csr", "cert", "chain", "fullchain", "pkcs12"};
	size_t i, j;

	for (i = 0; i < GW_COUNT(names); i++) {
		for (j = 0; j < i; j++) {
			if (strcasecmp(names[i], names[j]) == 0)
				gw_check_say(c, GWT_FILE_NAME, at, path, "%s and %s would be the same file, \"%s\"",
					     what[j], what[i], names[i]);
		}
	}
}

static void check_own_files(struct gw_check *c, const struct gw_entry *e)
{
	const struct gw_keypath top = {.name = "certificates"}, own = {.up = &top, .name = e->name};
	const struct gw_keypath path = {.up = &own, .name = "files"};
	const struct gw_node *files = gw_node_get(e->merged, "files");

	struct gw_finding *f;

	if (files != NULL)
		gw_files_check(c, &e->files, files, &path);
	if (gw_node_get(files, "pkcs12") != NULL && !e->pkcs12) {
		f = gw_entry_say(c, GWT_PKCS12, e, "files", "\"%s\" names a PKCS#12 file, and nothing that locks it",
				 e->name);
		gw_finding_fix(c->fs, f, "add pkcs12: { password: \"file:PATH\" }");
	}
	if (e->pkcs12 && e->given.csr != NULL) {
		f = gw_entry_say(c, GWT_PKCS12, e, "pkcs12", "\"%s\" has no private key to put into PKCS#12", e->name);
		gw_finding_fix(c->fs, f, "leave it out: who made the request has the key");
	}
}

void gw_role_check(struct gw_check *c, const struct gw_entry *e)
{
	if (e->given.cert != NULL)
		return; /* it is what it is */
	check_sans_twice(c, e);
	if (e->faulty)
		return;
	/* What rows change is looked at with each row. */
	if (!gw_entry_varies(e, "sans") && !gw_entry_varies(e, "subject"))
		check_names(c, e);
	if (!gw_entry_varies(e, "key") && !gw_entry_varies(e, "keyUsage") && !gw_entry_varies(e, "extendedKeyUsage"))
		check_key_usage(c, e);
	check_promise(c, e);
	if (!gw_entry_varies(e, "validity") && !gw_entry_varies(e, "notAfter") && !gw_entry_varies(e, "renewAt"))
		check_renewal(c, e);
	check_own_files(c, e);
	gw_extensions_check(c, e);
}
