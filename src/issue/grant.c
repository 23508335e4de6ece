/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/grant.h"

#include <string.h>
#include <strings.h>

#define COMMON_NAME_MAX 64 /* octets, RFC 5280 appendix A.1, ub-common-name */

const char *gw_fate_word(enum gw_fate fate)
{
	switch (fate) {
	case GW_GRANTED: return "granted";
	case GW_DROPPED: return "dropped";
	case GW_CHANGED: return "changed";
	case GW_ADDED: break;
	}
	return "added";
}

void gw_receipt_release(struct gw_receipt *r)
{
	gw_arena_release(&r->arena);
	*r = (struct gw_receipt){0};
}

/* What the work is about: the request, the entry that is being filled, the receipt that is being written. */
struct work {
	const struct gw_grant_request *rq;
	const struct gw_request_facts *csr;
	struct gw_entry *e;
	struct gw_receipt *receipt;
	struct gw_arena *arena;
};

static void write_row(struct work *w, const struct gw_receipt_row *row)
{
	struct gw_receipt *r = w->receipt;

	if (r->n_rows == r->cap_rows) {
		struct gw_receipt_row *old = r->rows;

		r->cap_rows = r->cap_rows == 0 ? 16 : r->cap_rows * 2;
		r->rows = gw_arena_alloc(&r->arena, r->cap_rows * sizeof(*r->rows));
		if (r->n_rows > 0)
			memcpy(r->rows, old, r->n_rows * sizeof(*old));
	}
	r->rows[r->n_rows++] = *row;
	r->count[row->fate]++;
}

static void granted(struct work *w, const char *field, const char *asked, const char *why)
{
	write_row(w, &(struct gw_receipt_row){field, asked, asked, GW_GRANTED, why});
}

static void dropped(struct work *w, const char *field, const char *asked, const char *why)
{
	write_row(w, &(struct gw_receipt_row){field, asked, NULL, GW_DROPPED, why});
}

static void added(struct work *w, const char *field, const char *value, const char *why)
{
	write_row(w, &(struct gw_receipt_row){field, NULL, value, GW_ADDED, why});
}

static const char *not_allowed(struct work *w)
{
	return gw_arena_printf(w->arena, "profile \"%s\" does not allow it", w->e->profile);
}

static const char *allowed(struct work *w)
{
	return gw_arena_printf(w->arena, "allowed by profile \"%s\"", w->e->profile);
}

/* --- the key ------------------------------------------------------------------------------------------------------ */

static enum gw_code check_key(struct work *w, struct gw_err *err)
{
	const struct gw_request_facts *csr = w->csr;
	unsigned keys = w->rq->allow->keys;

	if (csr->form_fault != NULL)
		return gw_fail(err, GW_E_INPUT, NULL, "the request %s", csr->form_fault);
	if (csr->key_fault != NULL) {
		dropped(w, "key", csr->key_words, csr->key_fault);
		return gw_fail(err, GW_E_REFUSED, NULL, "the key of the request (%s) %s", csr->key_words,
			       csr->key_fault);
	}
	if (!csr->possession) {
		gw_fail(err, GW_E_INPUT, NULL,
			"the request is not signed by its own key: nobody has shown to have that key");
		return gw_hint(err, "it is damaged or was changed on the way; ask for it again");
	}
	if (csr->key_type == GW_KEY_OTHER || (keys != 0 && (keys & 1U << csr->key_type) == 0)) {
		dropped(w, "key", csr->key_words, not_allowed(w));
		return gw_fail(err, GW_E_REFUSED, NULL, "%s keys are not signed under profile \"%s\"", csr->key_words,
			       w->e->profile);
	}
	if (gw_cert_matches_key(w->rq->signer->cert, csr->key)) {
		dropped(w, "key", csr->key_words, "it is the CA's own");
		return gw_fail(err, GW_E_REFUSED, NULL, "the key of the request is the CA's own");
	}
	granted(w, "key", csr->key_words,
		gw_arena_printf(w->arena, "the request is signed with it (%s)", csr->signature));
	w->e->key_type = csr->key_type;
	return GW_OK;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* NULL for a name that is granted, as it then stands in *good; else why not. */
static const char *judge_san(struct work *w, const struct gw_san *asked, struct gw_san *good)
{
	const char *why;

	if (asked->type == GW_SAN_OTHER)
		return "names of this kind are not granted";
	why = gw_san_parse(w->arena, gw_san_text(w->arena, asked), good);
	if (why != NULL)
		return why;
	return gw_allow_find(w->rq->allow, good) != NULL ? NULL : not_allowed(w);
}

static bool is_among(const struct gw_cert_plan *plan, const struct gw_san *san)
{
	size_t i;

	for (i = 0; i < plan->n_sans; i++) {
		if (gw_san_same(&plan->sans[i], san))
			return true;
	}
	return false;
}

static void grant_sans(struct work *w)
{
	struct gw_cert_plan *plan = &w->e->plan;
	struct gw_san *sans = gw_arena_alloc(w->arena, (w->csr->n_sans + 1) * sizeof(*sans));
	size_t i;

	plan->sans = sans;
	plan->n_sans = 0;
	for (i = 0; i < w->csr->n_sans; i++) {
		const char *text = gw_san_text(w->arena, &w->csr->sans[i]), *why;
		struct gw_san good;

		why = i < GW_SANS_MAX ? judge_san(w, &w->csr->sans[i], &good) : "there are too many names";
		if (why != NULL) {
			dropped(w, "sans", text, why);
		} else if (is_among(plan, &good)) {
			dropped(w, "sans", text, "it is there already");
		} else {
			sans[plan->n_sans++] = good;
			granted(w, "sans", text,
				gw_arena_printf(w->arena, "covered by %s", gw_allow_find(w->rq->allow, &good)));
		}
	}
}

/* --- subject ------------------------------------------------------------------------------------------------------ */

static bool is_word(const char *const *words, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

static bool has_attribute(const struct gw_name_attr *attrs, size_t n, const char *type)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(attrs[i].type, type) == 0)
			return true;
	}
	return false;
}

/* What a lenient client could compare to the host it wanted: one word with a dot or colon in it, whether or not it would do
 * as a name (evil.example., evil_x.example), with space around it as well, and localhost. */
static bool looks_like_host(const char *value)
{
	const char *start = value + strspn(value, " ");
	size_t n = strcspn(start, " ");

	if (start[n + strspn(start + n, " ")] != '\0')
		return false;
	return strcspn(start, ".:") < n || (n == strlen("localhost") && strncasecmp(start, "localhost", n) == 0);
}

/* A common name that has the form of a host is taken for one by old clients: it must be among the names. */
static const char *judge_common_name(struct work *w, const char *value, bool allowed_at_all)
{
	struct gw_san host;
	bool is_name = gw_san_parse(w->arena, value, &host) == NULL;

	if (strpbrk(value, ".:") != NULL && is_name && is_among(&w->e->plan, &host))
		return NULL;
	if (looks_like_host(value) && allowed_at_all)
		return "it looks like a host, and is none of the names that are granted";
	return allowed_at_all ? NULL : not_allowed(w);
}

static const char *judge_attribute(struct work *w, const struct gw_name_attr *a, const struct gw_name_attr *subject,
				   size_t n_subject)
{
	bool may = is_word(w->rq->allow->subject, w->rq->allow->n_subject, a->type);
	struct gw_cert_plan alone = {.subject = a, .n_subject = 1};

	if (has_attribute(w->e->plan.subject, w->e->plan.n_subject, a->type))
		return "the profile has its own";
	if (has_attribute(subject, n_subject, a->type))
		return "it is there twice";
	/* As it was escaped for being read, it is another value than the one that was asked for. */
	if (strstr(a->value, "\\x") != NULL || strstr(a->value, "\\u{") != NULL)
		return "it has characters that do not show";
	if (may && gw_subject_text(w->arena, &alone)[0] == '\0')
		return "it cannot stand in a certificate: too long, or with characters that it may not have";
	if (strcmp(a->type, "commonName") == 0)
		return judge_common_name(w, a->value, may);
	return may ? NULL : not_allowed(w);
}

/* The place of an attribute in a template: subject.country for countryName. What has none keeps OpenSSL's word. */
static const char *attribute_field(struct work *w, const char *type)
{
	static const char *const longer[] = {"countryName", "stateOrProvinceName", "localityName", "organizationName",
					     "organizationalUnitName"};
	size_t len = strlen(type);

	if (is_word(longer, GW_COUNT(longer), type))
		len -= strlen("Name");
	return gw_arena_printf(w->arena, "subject.%.*s", (int)len, type);
}

static const char *granted_attribute(struct work *w, const struct gw_name_attr *a)
{
	bool may = is_word(w->rq->allow->subject, w->rq->allow->n_subject, a->type);

	return may ? allowed(w) : "it is one of the names that are granted";
}

/* The first DNS name, where nobody has given another: what people look for in lists. */
static void default_common_name(struct work *w, struct gw_name_attr *subject, size_t *n)
{
	const struct gw_cert_plan *plan = &w->e->plan;
	size_t i;

	if (plan->ca || has_attribute(subject, *n, "commonName"))
		return;
	for (i = 0; i < plan->n_sans && plan->sans[i].type != GW_SAN_DNS; i++)
		;
	if (i == plan->n_sans || strlen(plan->sans[i].value) > COMMON_NAME_MAX)
		return;
	subject[(*n)++] = (struct gw_name_attr){"commonName", plan->sans[i].value};
	added(w, "subject.commonName", plan->sans[i].value, "the first DNS name");
}

/* Whether the request asks for just what the profile says itself. */
static bool asks_for(const struct work *w, const struct gw_name_attr *own)
{
	size_t i;

	for (i = 0; i < w->csr->n_attrs; i++) {
		const struct gw_name_attr *a = &w->csr->attrs[i];

		if (strcmp(a->type, own->type) == 0 && strcmp(a->value, own->value) == 0)
			return true;
	}
	return false;
}

static bool is_own(const struct gw_name_attr *a, const struct gw_cert_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_subject; i++) {
		if (strcmp(a->type, plan->subject[i].type) == 0 && strcmp(a->value, plan->subject[i].value) == 0)
			return true;
	}
	return false;
}

/* The profile's own attributes first, as they were written; then those of the request. */
static void grant_subject(struct work *w)
{
	struct gw_cert_plan *plan = &w->e->plan;
	struct gw_name_attr *subject =
		gw_arena_alloc(w->arena, (plan->n_subject + w->csr->n_attrs + 1) * sizeof(*subject));
	size_t n = plan->n_subject, i;

	for (i = 0; i < n; i++) {
		subject[i] = plan->subject[i];
		(asks_for(w, &subject[i]) ? granted : added)(w, attribute_field(w, subject[i].type), subject[i].value,
							     "the profile's own");
	}
	for (i = 0; i < w->csr->n_attrs; i++) {
		const struct gw_name_attr *a = &w->csr->attrs[i];
		const char *why = judge_attribute(w, a, subject, n);

		if (is_own(a, plan))
			continue;
		if (why != NULL) {
			dropped(w, attribute_field(w, a->type), a->value, why);
			continue;
		}
		subject[n++] = *a;
		granted(w, attribute_field(w, a->type), a->value, granted_attribute(w, a));
	}
	default_common_name(w, subject, &n);
	plan->subject = subject;
	plan->n_subject = n;
}

/* --- usages ------------------------------------------------------------------------------------------------------- */

static bool is_rsa(enum gw_key_type type)
{
	return type == GW_KEY_RSA_2048 || type == GW_KEY_RSA_3072 || type == GW_KEY_RSA_4096;
}

/* What no such certificate may have, whoever allows it; NULL where nothing speaks against it. */
static const char *usage_fault(struct work *w, unsigned bit)
{
	if ((bit & (GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN)) != 0 && !w->e->plan.ca)
		return "only a CA may have it";
	if ((bit & (GW_KU_KEY_ENCIPHERMENT | GW_KU_DATA_ENCIPHERMENT)) != 0 && !is_rsa(w->e->key_type))
		return "keys of this kind do not encipher (RFC 8813 3)";
	return NULL;
}

/* RFC 8446 4.4.2.2 and, for RSA, the key exchange of TLS 1.2. */
static unsigned default_key_usage(const struct gw_entry *e)
{
	if (e->plan.ca)
		return GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN;
	return GW_KU_DIGITAL_SIGNATURE | (is_rsa(e->key_type) ? GW_KU_KEY_ENCIPHERMENT : 0);
}

static void grant_key_usage(struct work *w)
{
	struct gw_cert_plan *plan = &w->e->plan;
	unsigned own = plan->key_usage != 0 ? plan->key_usage : default_key_usage(w->e), usage = 0;
	int i;

	for (i = 0; gw_key_usage_words[i] != NULL; i++) {
		unsigned bit = 1U << i;
		bool asked = (w->csr->key_usage & bit) != 0;
		const char *word = gw_key_usage_words[i], *fault = usage_fault(w, bit);

		if (fault == NULL && (own & bit) != 0) {
			usage |= bit;
			if (asked)
				granted(w, "keyUsage", word, "the profile's own");
			else
				added(w, "keyUsage", word, "the profile's own");
		} else if (asked && fault == NULL && (w->rq->allow->key_usage & bit) != 0) {
			usage |= bit;
			granted(w, "keyUsage", word, allowed(w));
		} else if (asked) {
			dropped(w, "keyUsage", word, fault != NULL ? fault : not_allowed(w));
		}
	}
	plan->key_usage = usage;
}

static void grant_extended_key_usage(struct work *w)
{
	struct gw_cert_plan *plan = &w->e->plan;
	const char *const *asked = w->csr->extended_key_usage;
	const char **words;
	size_t n = plan->n_extended_key_usage, n_asked = 0, i;

	while (asked != NULL && asked[n_asked] != NULL)
		n_asked++;
	words = gw_arena_alloc(w->arena, (n + n_asked + 1) * sizeof(*words));
	for (i = 0; i < n; i++) {
		words[i] = plan->extended_key_usage[i];
		if (!is_word(asked, n_asked, words[i]))
			added(w, "extendedKeyUsage", words[i], "the profile's own");
	}
	for (i = 0; i < n_asked; i++) {
		if (is_word(plan->extended_key_usage, plan->n_extended_key_usage, asked[i])) {
			granted(w, "extendedKeyUsage", asked[i], "the profile's own");
		} else if (is_word(w->rq->allow->extended_key_usage, w->rq->allow->n_extended_key_usage, asked[i])) {
			if (!is_word(words, n, asked[i]))
				words[n++] = asked[i];
			granted(w, "extendedKeyUsage", asked[i], allowed(w));
		} else {
			dropped(w, "extendedKeyUsage", asked[i], not_allowed(w));
		}
	}
	plan->extended_key_usage = n > 0 ? words : NULL;
	plan->n_extended_key_usage = n;
}

/* --- CA mark, other extensions, life ------------------------------------------------------------------------------ */

static const char *ca_words(struct gw_arena *arena, bool ca, int path_length)
{
	if (!ca)
		return "CA:FALSE";
	return path_length < 0 ? "CA:TRUE" : gw_arena_printf(arena, "CA:TRUE, pathLength %d", path_length);
}

/* Whether it is a CA is the profile's to say, and how far it reaches the CA's above it. */
static enum gw_code grant_ca(struct work *w, struct gw_err *err)
{
	struct gw_cert_plan *plan = &w->e->plan;
	const char *asked = ca_words(w->arena, w->csr->ca, w->csr->path_length);
	struct gw_cert_facts ca;

	if (!plan->ca && w->csr->has_basic_constraints && w->csr->ca)
		dropped(w, "ca", asked, gw_arena_printf(w->arena, "profile \"%s\" makes no CA", w->e->profile));
	else if (!plan->ca && w->csr->has_basic_constraints)
		granted(w, "ca", asked, "the profile's own");
	if (!plan->ca)
		return GW_OK;
	gw_cert_read_facts(w->rq->signer->cert, w->arena, &ca);
	if (ca.path_length == 0) {
		gw_fail(err, GW_E_REFUSED, NULL, "no CA may follow below the issuer: its path length is 0");
		return gw_hint(err, "let a CA above it sign, or use a profile without a ca block");
	}
	if (ca.path_length > 0 && (plan->path_length < 0 || plan->path_length >= ca.path_length))
		plan->path_length = ca.path_length - 1;
	if (w->csr->has_basic_constraints && w->csr->ca && w->csr->path_length == plan->path_length)
		granted(w, "ca", asked, "the profile's own");
	else
		write_row(w, &(struct gw_receipt_row){"ca", w->csr->has_basic_constraints ? asked : NULL,
						      ca_words(w->arena, true, plan->path_length),
						      w->csr->has_basic_constraints ? GW_CHANGED : GW_ADDED,
						      "the profile's own, within the issuer's path length"});
	return GW_OK;
}

static void drop_extras(struct work *w)
{
	size_t i;

	for (i = 0; i < w->csr->n_extras; i++) {
		const struct gw_request_extra *x = &w->csr->extras[i];

		dropped(w, x->attribute ? "attribute" : "extension", x->name,
			x->attribute ? "it is for the CA alone, which does not use it"
				     : "extensions are not taken over from a request");
	}
}

static void add_texts(struct work *w, const char *field, const struct gw_texts *texts)
{
	size_t i;

	for (i = 0; i < texts->count; i++)
		added(w, field, texts->items[i], "the profile's own");
}

/* What the issuer says in every certificate of the profile, by the template's keys. */
static void add_extensions(struct work *w)
{
	const struct gw_issuer_extensions *x = &w->e->plan.issuer;
	size_t i;

	add_texts(w, "aia.caIssuers", &x->ca_issuers);
	add_texts(w, "aia.ocsp", &x->ocsp);
	add_texts(w, "crl.distribution", &x->crl);
	for (i = 0; i < x->n_policies; i++)
		added(w, "certificatePolicies", x->policies[i].oid, "the profile's own");
	if (x->must_staple)
		added(w, "mustStaple", "true", "the profile's own");
	for (i = 0; i < x->n_raw; i++)
		added(w, "extensions", x->raw[i].oid,
		      x->raw[i].critical ? "the profile's own, critical" : "the profile's own");
}

/* One serial for whoever asks would make two certificates that nobody can tell apart, and revoke both (RFC 5280 4.1.2.2). */
static enum gw_code check_serial(const struct work *w, struct gw_err *err)
{
	if (w->e->plan.serial == NULL)
		return GW_OK;
	gw_fail(err, GW_E_REFUSED, NULL, "profile \"%s\" gives every certificate the serial number %s", w->e->profile,
		w->e->plan.serial);
	return gw_hint(err, "leave serial out of the profile: each gets one of its own then");
}

static enum gw_code grant_life(struct work *w, struct gw_err *err)
{
	int64_t most = w->rq->allow->max_validity > 0 ? w->rq->allow->max_validity : w->e->validity;
	int64_t not_before, not_after, end = gw_cert_not_after(w->rq->signer->cert);
	char text[GW_TIME_TEXT], words[32];
	const char *wanted;

	if (w->rq->validity > most) {
		gw_span_words(words, most);
		return gw_fail(err, GW_E_REFUSED, "--days", "is more than profile \"%s\" allows: %s", w->e->profile,
			       words);
	}
	if (w->rq->validity > 0) {
		w->e->validity = w->rq->validity;
		w->e->not_after_given = false;
	}
	gw_entry_life(w->e, w->rq->now, &not_before, &not_after);
	gw_time_format(text, not_after);
	wanted = gw_arena_strdup(w->arena, text);
	w->receipt->not_after = not_after;
	w->e->clip = true;
	if (not_after <= end) {
		added(w, "validity", gw_arena_printf(w->arena, "until %s", wanted),
		      w->rq->validity > 0 ? "--days" : "the profile's own");
		return GW_OK;
	}
	gw_time_format(text, end);
	w->receipt->not_after = end;
	write_row(w, &(struct gw_receipt_row){"validity", gw_arena_printf(w->arena, "until %s", wanted),
					      gw_arena_printf(w->arena, "until %s", text), GW_CHANGED,
					      "the issuer ends then"});
	return GW_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool only_clients(const struct gw_cert_plan *plan)
{
	return plan->n_extended_key_usage > 0 &&
	       !is_word(plan->extended_key_usage, plan->n_extended_key_usage, "serverAuth") &&
	       !is_word(plan->extended_key_usage, plan->n_extended_key_usage, "anyExtendedKeyUsage");
}

/* A certificate without any name is good for nothing; for a server, one without a SAN. */
static enum gw_code check_use(const struct work *w, struct gw_err *err)
{
	const struct gw_cert_plan *plan = &w->e->plan;

	if (plan->n_sans > 0 || ((plan->ca || only_clients(plan)) && plan->n_subject > 0))
		return GW_OK;
	if (w->csr->n_sans > 0) {
		gw_fail(err, GW_E_REFUSED, NULL, "none of the names that it asks for is granted");
		return gw_hint(err, "allow them in the profile (allow: {dns: [...]}), or here: --allow PATTERN");
	}
	gw_fail(err, GW_E_REFUSED, NULL, "the request asks for no subject alternative name%s",
		w->csr->n_attrs > 0 ? ", and no client looks at the common name any more" : "");
	return gw_hint(err, "make it with one: openssl req -new ... -addext subjectAltName=DNS:NAME");
}

enum gw_code gw_grant(const struct gw_grant_request *rq, struct gw_entry *e, struct gw_receipt *receipt,
		      struct gw_err *err)
{
	struct work w = {.rq = rq, .csr = rq->csr, .e = e, .receipt = receipt, .arena = &receipt->arena};
	enum gw_code code;

	receipt->profile = e->profile;
	code = check_key(&w, err);
	if (code != GW_OK)
		return code;
	grant_sans(&w);
	grant_subject(&w);
	grant_key_usage(&w);
	grant_extended_key_usage(&w);
	code = grant_ca(&w, err);
	drop_extras(&w);
	add_extensions(&w);
	if (code == GW_OK)
		code = check_serial(&w, err);
	if (code == GW_OK)
		code = grant_life(&w, err);
	if (code == GW_OK)
		code = check_use(&w, err);
	if (code == GW_OK && rq->strict && receipt->count[GW_DROPPED] > 0)
		code = gw_fail(err, GW_E_REFUSED, "--strict", "%zu of what it asks for would be dropped",
			       receipt->count[GW_DROPPED]);
	if (code != GW_OK)
		receipt->not_after = 0;
	return code;
}
