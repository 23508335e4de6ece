/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry starts from: a key, a request or a certificate that is there already. */
#include <string.h>

#include "template/links.h"
#include "template/read.h"
#include "template/vars.h"

bool gw_entry_has_key(const struct gw_entry *e)
{
	return e->given.key != NULL || e->given.csr != NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const char *path_of(const struct gw_reading *r, const struct gw_node *value)
{
	const char *text = gw_node_is_null(value) ? NULL : gw_node_text(value);

	if (text == NULL || *text == '\0')
		return NULL;
	/* A file of that name, and not standard input. */
	text = gw_path_beside(r->arena, r->t->name, text);
	return strcmp(text, "-") == 0 ? "./-" : text;
}

void gw_read_key_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->given.key = path_of(r, value);
	r->entry->key_type = GW_KEY_OTHER;
}

void gw_read_key_password(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	if (gw_node_text(value) != NULL && !gw_node_is_null(value))
		r->entry->password = gw_secret_source(r->t, r->arena, value);
}

void gw_read_csr_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->given.csr = path_of(r, value);
	r->entry->key_type = GW_KEY_OTHER;
}

void gw_read_certificate_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	r->entry->given.cert = path_of(r, value);
}

/* --- checks ------------------------------------------------------------------------------------------------------- */

/* The text of an error, at the key that named the file. */
static void say_unusable(struct gw_check *c, struct gw_entry *e, const char *key, const struct gw_err *err)
{
	struct gw_finding *f =
		gw_entry_say(c, GWT_GIVEN, e, key, "\"%s\" cannot start from this file: %s", e->name, err->what);

	gw_finding_evidence(c->fs, f, "%s", err->where);
	if (err->hint[0] != '\0')
		gw_finding_fix(c->fs, f, "%s", err->hint);
	e->faulty = true;
}

static void clash(struct gw_check *c, struct gw_entry *e, const char *key, const char *other, const char *why)
{
	struct gw_finding *f =
		gw_entry_say(c, GWT_CLASH, e, key, "\"%s\" does not go with \"%s\" in \"%s\"", key, other, e->name);

	gw_finding_fix(c->fs, f, "%s", why);
	e->faulty = true;
}

/* A password opens a file, and encrypt locks a new key up: one without the other key is a mistake. */
static void check_key(struct gw_check *c, struct gw_entry *e)
{
	const struct gw_node *key = gw_node_get(e->merged, "key");
	const struct gw_node *said = gw_node_get(e->node, "onRenew");

	if (key != NULL && gw_node_get(key, "password") != NULL && e->given.key == NULL) {
		struct gw_finding *f = gw_entry_say(
			c, GWT_CLASH, e, "key", "\"password\" is for a key of a file, and \"%s\" names none", e->name);

		gw_finding_fix(c->fs, f, "write encrypt: for the password of a key that is made");
		e->faulty = true;
	}
	if (gw_entry_has_key(e) && e->on_renew == GW_ON_RENEW_NEW_KEY && said != NULL)
		clash(c, e, "onRenew", e->given.csr != NULL ? "csr" : "key.file",
		      "its key is not made here, so no new one can be: write sameKey or manual");
	if (e->given.csr != NULL && e->self_signed)
		clash(c, e, "issuer", "csr", "a request is signed by a CA: name an entry that has a ca block");
	if (gw_entry_has_key(e) && e->on_renew == GW_ON_RENEW_NEW_KEY)
		e->on_renew = GW_ON_RENEW_SAME_KEY;
}

/* Of a certificate that is there, nothing is asked for. */
static void check_alone(struct gw_check *c, struct gw_entry *e)
{
	static const char *const beside[] = {"certificate", "key", "profile", "publish", NULL};
	const struct gw_node *m;
	size_t i;

	for (m = e->node->first; m != NULL; m = m->next) {
		for (i = 0; beside[i] != NULL && strcmp(beside[i], m->key->text) != 0; i++)
			;
		if (beside[i] == NULL || (strcmp(beside[i], "key") == 0 && e->given.key == NULL))
			clash(c, e, m->key->text, "certificate",
			      "leave it out: the certificate is there, and says itself what it is");
	}
}

/* The entry says what its certificate says, so that the checks of what hangs on it see the truth. */
static void take_facts(struct gw_check *c, struct gw_entry *e)
{
	struct gw_cert_plan *plan = &e->plan;
	struct gw_cert_facts facts;

	gw_cert_read_facts(e->given.certs.items[0], c->arena, &facts);
	plan->ca = facts.ca;
	plan->path_length = facts.path_length;
	plan->subject = gw_name_attrs(c->arena, gw_cert_subject(e->given.certs.items[0]), &plan->n_subject);
	plan->sans = facts.sans;
	plan->n_sans = facts.n_sans;
	plan->key_usage = facts.key_usage;
	plan->extended_key_usage = facts.extended_key_usage;
	for (plan->n_extended_key_usage = 0;
	     facts.extended_key_usage != NULL && facts.extended_key_usage[plan->n_extended_key_usage] != NULL;)
		plan->n_extended_key_usage++;
	e->key_type = facts.key_type;
	e->not_before = facts.not_before;
	e->not_after = facts.not_after;
	e->not_before_given = e->not_after_given = true;
	e->self_signed = true;
}

static void take_certificate(struct gw_check *c, struct gw_template *t, struct gw_entry *e)
{
	const struct gw_certs *certs = &e->given.certs;
	struct gw_err err = {0};
	size_t i;

	check_alone(c, e);
	if (t->ctx == NULL || e->faulty)
		return;
	if (gw_certs_read(t->ctx, e->given.cert, false, &e->given.certs, &err) != GW_OK) {
		say_unusable(c, e, "certificate", &err);
		return;
	}
	take_facts(c, e);
	for (i = 1; i < certs->count && !gw_cert_self_issued(certs->items[i - 1]); i++) {
		if (gw_cert_issued_by(certs->items[i - 1], certs->items[i]))
			continue;
		gw_fail(&err, GW_E_INPUT, e->given.cert, "its certificate %zu did not issue the one before it", i + 1);
		gw_hint(&err, "put the entry's own first, then the CA that issued it, and so on");
		say_unusable(c, e, "certificate", &err);
		return;
	}
	if (t->now != 0 && e->not_after < t->now) {
		char date[GW_TIME_TEXT];

		gw_time_format(date, e->not_after);
		gw_fail(&err, GW_E_INPUT, e->given.cert, "its certificate expired at %s", date);
		say_unusable(c, e, "certificate", &err);
	}
}

/* Fails where no certificate is to be made for it. */
static void check_request(const struct gw_entry *e, const struct gw_request_facts *asks, struct gw_err *err)
{
	if (asks->key_fault != NULL) {
		gw_fail(err, GW_E_INPUT, e->given.csr, "the key %s", asks->key_fault);
	} else if (!asks->possession) {
		gw_fail(err, GW_E_INPUT, e->given.csr, "the request is not signed with its own key");
		gw_hint(err, "who sent it does not show to have the key, or it was changed on its way");
	} else if (asks->form_fault != NULL) {
		gw_fail(err, GW_E_INPUT, e->given.csr, "the request %s", asks->form_fault);
	}
}

static void take_request(struct gw_check *c, const struct gw_template *t, struct gw_entry *e)
{
	struct gw_request_facts *asks = gw_arena_alloc(c->arena, sizeof(*asks));
	struct gw_err err = {0};

	if (t->ctx == NULL)
		return;
	if (gw_request_read(t->ctx, e->given.csr, &e->given.request, &err) == GW_OK) {
		gw_request_read_facts(e->given.request, c->arena, asks);
		check_request(e, asks, &err);
	}
	if (err.code != GW_OK) {
		say_unusable(c, e, "csr", &err);
		return;
	}
	e->given.asks = asks;
	e->key_type = asks->key_type;
}

void gw_given_take(struct gw_check *c, struct gw_template *t, struct gw_entry *e)
{
	if (e->faulty)
		return;
	check_key(c, e);
	if (e->given.cert != NULL)
		take_certificate(c, t, e);
	else if (e->given.csr != NULL && !e->faulty)
		take_request(c, t, e);
}
