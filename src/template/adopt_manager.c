/* SPDX-License-Identifier: Apache-2.0 */
/* cert-manager's Certificates become entries; its Issuers of the same file say which entry signs which. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "template/adopting.h"

#define DURATION_DEFAULT (2160 * 3600) /* seconds: 90 days, where spec.duration is not given */

/* One Certificate. */
struct request {
	struct gw_adopted entry;
	const struct gw_node *spec;
	struct gw_cert_contents contents; /* what spec asks for, as if it had been made */
	const char *namespace, *secret;
	int64_t duration;
	bool rsa;
};

struct job {
	struct gw_adoption *a;
	const struct gw_node **objects;
	size_t n_objects;
	struct request *requests;
	size_t n_requests;
};

struct field {
	const char *name;
	enum gw_node_kind kind;
	void (*adopt)(struct request *r,
		      const struct gw_node *value); /* NULL: read elsewhere, it hangs together with more */
	const char *why_not;                        /* NULL: it is carried over */
};

static void not_carried(struct request *r, const struct gw_node *value, const char *name, const char *why)
{
	gw_adopt_say(r->entry.a, &r->entry, GWT_NOT_CARRIED, value, "not carried over: %s, for %s", name, why);
}

static const char *text_of(const struct gw_node *value)
{
	return value != NULL && !gw_node_is_null(value) ? gw_node_text(value) : NULL;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void add_names(struct request *r, const struct gw_node *value, const char *prefix)
{
	struct gw_arena *arena = &r->entry.a->arena;
	struct gw_text_list *sans = &r->contents.sans;
	const struct gw_node *item;
	const char **more;

	if (value->kind != GW_LIST)
		return;
	more = gw_arena_alloc(arena, (sans->count + value->count + 1) * sizeof(*more));
	if (sans->count > 0)
		memcpy(more, sans->items, sans->count * sizeof(*more));
	sans->items = more;
	for (item = value->first; item != NULL; item = item->next) {
		if (text_of(item) != NULL)
			more[sans->count++] = gw_arena_printf(arena, "%s%s", prefix, item->text);
	}
}

static void adopt_dns(struct request *r, const struct gw_node *value)
{
	add_names(r, value, "dns:");
}

static void adopt_ip(struct request *r, const struct gw_node *value)
{
	add_names(r, value, "ip:");
}

static void adopt_uri(struct request *r, const struct gw_node *value)
{
	add_names(r, value, "uri:");
}

static void adopt_email(struct request *r, const struct gw_node *value)
{
	add_names(r, value, "email:");
}

static void adopt_other_names(struct request *r, const struct gw_node *value)
{
	struct gw_arena *arena = &r->entry.a->arena;
	struct gw_node *list = gw_list_new(arena);
	const struct gw_node *item;

	for (item = value->first; item != NULL; item = item->next) {
		const char *oid = text_of(gw_node_get(item, "oid")), *text = text_of(gw_node_get(item, "utf8Value"));

		if (oid != NULL && text != NULL)
			gw_list_add(list, gw_str_new(arena, gw_arena_printf(arena, "other:%s;utf8:%s", oid, text)));
	}
	add_names(r, list, "");
}

static void adopt_common_name(struct request *r, const struct gw_node *value)
{
	const struct gw_name_attr cn = {.type = "commonName", .value = value->text};

	if (text_of(value) != NULL)
		gw_adopt_attribute(&r->entry, &cn, value);
}

static void adopt_subject(struct request *r, const struct gw_node *value)
{
	static const char *const words[][2] = {{"countries", "countryName"},
					       {"provinces", "stateOrProvinceName"},
					       {"localities", "localityName"},
					       {"streetAddresses", "streetAddress"},
					       {"postalCodes", "postalCode"},
					       {"organizations", "organizationName"},
					       {"organizationalUnits", "organizationalUnitName"},
					       {"serialNumber", "serialNumber"}};
	const struct gw_node *m, *item;
	size_t i;

	for (m = value->first; m != NULL; m = m->next) {
		for (i = 0; i < GW_COUNT(words) && strcmp(words[i][0], m->key->text) != 0; i++)
			;
		if (i == GW_COUNT(words)) {
			not_carried(r, m->key, m->key->text, "it is no attribute of cert-manager's subject");
			continue;
		}
		for (item = m->kind == GW_LIST ? m->first : m; item != NULL;
		     item = m->kind == GW_LIST ? item->next : NULL) {
			const struct gw_name_attr attr = {.type = words[i][1], .value = item->text};

			if (text_of(item) != NULL)
				gw_adopt_attribute(&r->entry, &attr, item);
		}
	}
}

/* --- usages ------------------------------------------------------------------------------------------------------- */

/* cert-manager's words for both kinds of usage: v1.KeyUsage. */
static const struct {
	const char *word;
	unsigned bit;    /* of key usage; 0: an extended one */
	const char *eku; /* word or OID */
} usage_words[] = {
	{"signing", GW_KU_DIGITAL_SIGNATURE, NULL},
	{"digital signature", GW_KU_DIGITAL_SIGNATURE, NULL},
	{"content commitment", GW_KU_NON_REPUDIATION, NULL},
	{"key encipherment", GW_KU_KEY_ENCIPHERMENT, NULL},
	{"key agreement", GW_KU_KEY_AGREEMENT, NULL},
	{"data encipherment", GW_KU_DATA_ENCIPHERMENT, NULL},
	{"cert sign", GW_KU_KEY_CERT_SIGN, NULL},
	{"crl sign", GW_KU_CRL_SIGN, NULL},
	{"encipher only", GW_KU_ENCIPHER_ONLY, NULL},
	{"decipher only", GW_KU_DECIPHER_ONLY, NULL},
	{"any", 0, "anyExtendedKeyUsage"},
	{"server auth", 0, "serverAuth"},
	{"client auth", 0, "clientAuth"},
	{"code signing", 0, "codeSigning"},
	{"email protection", 0, "emailProtection"},
	{"s/mime", 0, "emailProtection"},
	{"ipsec end system", 0, "1.3.6.1.5.5.7.3.5"},
	{"ipsec tunnel", 0, "1.3.6.1.5.5.7.3.6"},
	{"ipsec user", 0, "1.3.6.1.5.5.7.3.7"},
	{"timestamping", 0, "timeStamping"},
	{"ocsp signing", 0, "OCSPSigning"},
	{"microsoft sgc", 0, "1.3.6.1.4.1.311.10.3.3"},
	{"netscape sgc", 0, "2.16.840.1.113730.4.1"},
};

static bool has_text(const char *const *list, size_t n, const char *text)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(list[i], text) == 0)
			return true;
	}
	return false;
}

static void adopt_usages(struct request *r, const struct gw_node *value)
{
	struct gw_cert_facts *f = &r->contents.facts;
	const char **eku = gw_arena_alloc(&r->entry.a->arena, (value->count + 1) * sizeof(*eku));
	const struct gw_node *item;
	size_t n = 0, i;

	f->key_usage = 0;
	for (item = value->first; item != NULL; item = item->next) {
		const char *word = text_of(item);

		for (i = 0; word != NULL && i < GW_COUNT(usage_words) && strcmp(usage_words[i].word, word) != 0; i++)
			;
		if (word == NULL || i == GW_COUNT(usage_words))
			not_carried(r, item, word != NULL ? word : "a usage", "cert-manager has no such usage");
		else if (usage_words[i].eku == NULL)
			f->key_usage |= usage_words[i].bit;
		else if (!has_text(eku, n, usage_words[i].eku))
			eku[n++] = usage_words[i].eku;
	}
	f->has_key_usage = f->key_usage != 0;
	f->extended_key_usage = n > 0 ? eku : NULL;
}

static void adopt_ca(struct request *r, const struct gw_node *value)
{
	bool ca;

	if (gw_node_is_bool(value, &ca) && ca)
		r->contents.facts.ca = true;
}

static void add_subtree(struct gw_adoption *a, struct gw_text_list *to, const struct gw_node *list)
{
	const struct gw_node *item;

	if (list == NULL || list->kind != GW_LIST)
		return;
	to->items = gw_arena_alloc(&a->arena, (list->count + 1) * sizeof(*to->items));
	for (item = list->first; item != NULL; item = item->next) {
		if (text_of(item) != NULL)
			to->items[to->count++] = item->text;
	}
}

static void adopt_constraints(struct request *r, const struct gw_node *value)
{
	struct gw_subtrees *const sides[] = {&r->contents.permitted, &r->contents.excluded};
	static const char *const names[] = {"permitted", "excluded"};
	size_t i;

	for (i = 0; i < GW_COUNT(sides); i++) {
		const struct gw_node *side = gw_node_get(value, names[i]);

		add_subtree(r->entry.a, &sides[i]->dns, gw_node_get(side, "dnsDomains"));
		add_subtree(r->entry.a, &sides[i]->ip, gw_node_get(side, "ipRanges"));
		add_subtree(r->entry.a, &sides[i]->email, gw_node_get(side, "emailAddresses"));
		add_subtree(r->entry.a, &sides[i]->uri, gw_node_get(side, "uriDomains"));
	}
}

/* --- key ---------------------------------------------------------------------------------------------------------- */

static void put_rotation(struct request *r, const struct gw_node *value)
{
	const char *policy = text_of(gw_node_get(value, "rotationPolicy"));

	if (policy != NULL && strcmp(policy, "Never") == 0)
		gw_map_str(&r->entry.a->arena, r->entry.map, "onRenew", "sameKey");
	else if (policy != NULL && strcmp(policy, "Always") == 0)
		gw_map_str(&r->entry.a->arena, r->entry.map, "onRenew", "newKey");
}

/* RSA 2048 and P-256 are cert-manager's defaults. */
static void put_key(struct request *r)
{
	struct gw_arena *arena = &r->entry.a->arena;
	const struct gw_node *value = gw_node_get(r->spec, "privateKey");
	const char *algorithm = text_of(gw_node_get(value, "algorithm"));
	const char *size = text_of(gw_node_get(value, "size")), *encoding = text_of(gw_node_get(value, "encoding"));
	uint64_t bits = 0;

	algorithm = algorithm != NULL ? algorithm : "RSA";
	r->rsa = strcmp(algorithm, "RSA") == 0;
	if (size != NULL && !gw_parse_uint(size, 1 << 20, &bits))
		not_carried(r, gw_node_get(value, "size"), "privateKey.size", "it is no number");
	if (bits == 0)
		bits = r->rsa ? 2048 : 256;
	gw_adopt_key(&r->entry,
		     r->rsa                              ? "rsa"
		     : strcmp(algorithm, "ECDSA") == 0   ? "ec"
		     : strcmp(algorithm, "Ed25519") == 0 ? "ed25519"
							 : algorithm,
		     (unsigned)bits, gw_arena_printf(arena, "%s %" PRIu64, algorithm, bits), value);
	if (encoding != NULL && strcmp(encoding, "PKCS8") != 0)
		not_carried(r, gw_node_get(value, "encoding"), gw_arena_printf(arena, "encoding %s", encoding),
			    "keys are written as PKCS#8");
	put_rotation(r, value);
}

/* --- life --------------------------------------------------------------------------------------------------------- */

/* ".5" before a unit, in millionths; what is smaller makes no second. */
static long read_fraction(char **end)
{
	long part = 0, place = 1000000;

	if (**end != '.')
		return 0;
	for (++*end; **end >= '0' && **end <= '9'; ++*end) {
		place /= 10;
		part += (**end - '0') * place;
	}
	return part;
}

/* Go's time.Duration in whole seconds: 2160h, 1h30m, 1.5h, 2160h0m0s. */
static bool parse_go(const char *text, int64_t *seconds)
{
	int64_t total = 0;

	if (*text == '\0')
		return false;
	while (*text != '\0') {
		char *end;
		long n = strtol(text, &end, 10), part = read_fraction(&end);
		long unit = *end == 'h' ? 3600 : *end == 'm' ? 60 : *end == 's' ? 1 : 0;

		if (end == text || unit == 0 || n < 0 || n > 100000000)
			return false;
		total += (int64_t)n * unit + (int64_t)part * unit / 1000000;
		text = end + 1;
	}
	*seconds = total;
	return true;
}

static void adopt_duration(struct request *r, const struct gw_node *value)
{
	if (text_of(value) == NULL || !parse_go(value->text, &r->duration))
		not_carried(r, value, "duration", "it is none of Go's durations");
}

static void adopt_renew_before(struct request *r, const struct gw_node *value)
{
	int64_t left;

	if (text_of(value) == NULL || !parse_go(value->text, &left) || left == 0)
		not_carried(r, value, "renewBefore", "it is none of Go's durations");
	else
		gw_adopt_put(&r->entry, "renewAt", gw_str_new(&r->entry.a->arena, gw_adopt_span(r->entry.a, left)),
			     value, "renewBefore");
}

/* cert-manager counts what is left, renewAt what is used. */
static void adopt_renew_percentage(struct request *r, const struct gw_node *value)
{
	struct gw_arena *arena = &r->entry.a->arena;
	uint64_t percent;

	if (text_of(value) == NULL || !gw_parse_uint(value->text, 99, &percent) || percent == 0)
		not_carried(r, value, "renewBeforePercentage", "it is no percentage from 1 to 99");
	else
		gw_adopt_put(&r->entry, "renewAt",
			     gw_str_new(arena, gw_arena_printf(arena, "%" PRIu64 "%%", 100 - percent)), value,
			     "renewBeforePercentage");
}

/* --- where it goes ------------------------------------------------------------------------------------------------ */

static struct gw_node *copy_texts(struct gw_adoption *a, const struct gw_node *map)
{
	struct gw_node *copy = gw_map_new(&a->arena);
	const struct gw_node *m;

	for (m = map != NULL && map->kind == GW_MAP ? map->first : NULL; m != NULL; m = m->next) {
		if (text_of(m) != NULL)
			gw_map_add(&a->arena, copy, m->key->text, gw_adopt_text(a, m->text));
	}
	return copy;
}

static void put_publish(struct request *r)
{
	struct gw_adoption *a = r->entry.a;
	const struct gw_node *from = gw_node_get(r->spec, "secretTemplate");
	struct gw_node *list = gw_list_new(&a->arena), *item = gw_map_new(&a->arena), *secret = gw_map_new(&a->arena);
	struct gw_node *labels = copy_texts(a, gw_node_get(from, "labels"));
	struct gw_node *annotations = copy_texts(a, gw_node_get(from, "annotations"));

	if (r->secret == NULL)
		return;
	gw_list_add(list, item);
	gw_map_add(&a->arena, item, "secret", secret);
	gw_map_add(&a->arena, secret, "name", gw_adopt_text(a, r->secret));
	if (r->namespace != NULL)
		gw_map_add(&a->arena, secret, "namespace", gw_adopt_text(a, r->namespace));
	if (labels->count > 0)
		gw_map_add(&a->arena, secret, "labels", labels);
	if (annotations->count > 0)
		gw_map_add(&a->arena, secret, "annotations", annotations);
	gw_adopt_put(&r->entry, "publish", list, gw_node_get(r->spec, "secretName"),
		     gw_arena_printf(&a->arena, "Secret %s", r->secret));
}

/* --- one Certificate ---------------------------------------------------------------------------------------------- */

/* The fields of v1.CertificateSpec. */
static const struct field fields[] = {
	{"subject", GW_MAP, adopt_subject, NULL},
	{"commonName", GW_SCALAR, adopt_common_name, NULL},
	{"dnsNames", GW_LIST, adopt_dns, NULL},
	{"ipAddresses", GW_LIST, adopt_ip, NULL},
	{"uris", GW_LIST, adopt_uri, NULL},
	{"emailAddresses", GW_LIST, adopt_email, NULL},
	{"otherNames", GW_LIST, adopt_other_names, NULL},
	{"isCA", GW_SCALAR, adopt_ca, NULL},
	{"usages", GW_LIST, adopt_usages, NULL},
	{"nameConstraints", GW_MAP, adopt_constraints, NULL},
	{"duration", GW_SCALAR, adopt_duration, NULL},
	{"renewBefore", GW_SCALAR, adopt_renew_before, NULL},
	{"renewBeforePercentage", GW_SCALAR, adopt_renew_percentage, NULL},
	{"privateKey", GW_MAP, NULL, NULL},
	{"issuerRef", GW_MAP, NULL, NULL},
	{"secretName", GW_SCALAR, NULL, NULL},
	{"secretTemplate", GW_MAP, NULL, NULL},
	{"encodeUsagesInRequest", GW_SCALAR, NULL, NULL}, /* requests always have them */
	{"literalSubject", GW_SCALAR, NULL, "a subject is written as attributes"},
	{"keystores", GW_MAP, NULL,
	 "its passwords are in Secrets, and a template only says where a password comes from"},
	{"additionalOutputFormats", GW_LIST, NULL, "gwcert secret writes tls.crt and tls.key, and nothing beside them"},
	{"revisionHistoryLimit", GW_SCALAR, NULL, "there are no CertificateRequests to keep"},
	{"signatureAlgorithm", GW_SCALAR, NULL, "the digest is chosen to fit the issuer's key"},
};

static void adopt_field(struct request *r, const struct gw_node *value)
{
	const char *names[GW_COUNT(fields) + 1] = {NULL}, *near;
	size_t i;

	for (i = 0; i < GW_COUNT(fields); i++) {
		names[i] = fields[i].name;
		if (strcmp(fields[i].name, value->key->text) != 0)
			continue;
		if (gw_node_is_null(value))
			return;
		if (fields[i].why_not != NULL)
			not_carried(r, value->key, value->key->text, fields[i].why_not);
		else if (value->kind != fields[i].kind)
			not_carried(r, value, value->key->text,
				    gw_arena_printf(&r->entry.a->arena, "it is %s", gw_node_what(value)));
		else if (fields[i].adopt != NULL)
			fields[i].adopt(r, value);
		return;
	}
	near = gw_nearest_of(value->key->text, names);
	not_carried(r, value->key, value->key->text,
		    near != NULL
			    ? gw_arena_printf(&r->entry.a->arena, "cert-manager has no such field; was %s meant?", near)
			    : "cert-manager.io/v1 has no such field");
}

static void adopt_certificate(struct gw_adoption *a, struct request *r, const struct gw_node *object)
{
	const struct gw_node *metadata = gw_node_get(object, "metadata"), *name = gw_node_get(metadata, "name"), *m;

	r->spec = gw_node_get(object, "spec");
	r->namespace = text_of(gw_node_get(metadata, "namespace"));
	r->secret = text_of(gw_node_get(r->spec, "secretName"));
	r->duration = DURATION_DEFAULT;
	r->entry = gw_adopt_entry(a, text_of(name) != NULL ? name->text : "cert", name != NULL ? name : object);
	put_key(r);
	/* Without usages these two are asked for, and nothing extended: v1.CertificateSpec. */
	r->contents.facts.has_key_usage = true;
	r->contents.facts.key_usage = GW_KU_DIGITAL_SIGNATURE | (r->rsa ? GW_KU_KEY_ENCIPHERMENT : 0);
	r->contents.facts.path_length = -1;
	for (m = r->spec != NULL && r->spec->kind == GW_MAP ? r->spec->first : NULL; m != NULL; m = m->next)
		adopt_field(r, m);
	if (r->contents.facts.ca && r->contents.facts.has_key_usage) /* isCA implies it */
		r->contents.facts.key_usage |= GW_KU_KEY_CERT_SIGN;
	gw_adopt_contents(&r->entry, &r->contents, r->rsa);
	gw_adopt_life(&r->entry, r->duration, gw_node_get(r->spec, "duration"));
	put_publish(r);
}

/* --- issuers ------------------------------------------------------------------------------------------------------ */

static bool is_kind(const struct gw_node *object, const char *kind)
{
	const char *version = text_of(gw_node_get(object, "apiVersion")), *own = text_of(gw_node_get(object, "kind"));

	return version != NULL && strncmp(version, "cert-manager.io/", 16) == 0 && own != NULL &&
	       strcmp(own, kind) == 0;
}

/* Two namespaces are the same where either is left to kubectl. */
static bool same_namespace(const char *a, const char *b)
{
	return a == NULL || b == NULL || strcmp(a, b) == 0;
}

static const struct gw_node *find_issuer(const struct job *j, const struct request *r, const char *kind,
					 const char *name)
{
	size_t i;

	for (i = 0; i < j->n_objects; i++) {
		const struct gw_node *metadata = gw_node_get(j->objects[i], "metadata");
		const char *own = text_of(gw_node_get(metadata, "name"));

		if (is_kind(j->objects[i], kind) && own != NULL && strcmp(own, name) == 0 &&
		    (strcmp(kind, "ClusterIssuer") == 0 ||
		     same_namespace(text_of(gw_node_get(metadata, "namespace")), r->namespace)))
			return gw_node_get(j->objects[i], "spec");
	}
	return NULL;
}

static const struct request *find_secret(const struct job *j, const struct request *r, const char *kind,
					 const char *secret)
{
	size_t i;

	for (i = 0; secret != NULL && i < j->n_requests; i++) {
		const struct request *other = &j->requests[i];

		if (other->secret != NULL && strcmp(other->secret, secret) == 0 &&
		    (strcmp(kind, "ClusterIssuer") == 0 || same_namespace(other->namespace, r->namespace)))
			return other;
	}
	return NULL;
}

static void put_issuer(const struct job *j, struct request *r)
{
	const struct gw_node *ref = gw_node_get(r->spec, "issuerRef"), *issuer;
	const char *name = text_of(gw_node_get(ref, "name")), *kind = text_of(gw_node_get(ref, "kind"));
	const struct request *ca;

	name = name != NULL ? name : "CA";
	kind = kind != NULL ? kind : "Issuer";
	issuer = find_issuer(j, r, kind, name);
	ca = find_secret(j, r, kind, text_of(gw_node_get(gw_node_get(issuer, "ca"), "secretName")));
	if (gw_node_get(issuer, "selfSigned") != NULL || ca == r)
		gw_map_str(&j->a->arena, r->entry.map, "issuer", "self");
	else if (ca != NULL)
		gw_map_str(&j->a->arena, r->entry.map, "issuer", ca->entry.name);
	else
		gw_adopt_stand_in(&r->entry, name, NULL, ref != NULL ? ref : r->entry.at);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* Counts the objects of a document, those within a List one by one; keeps them where there is a place. */
static size_t gather(const struct gw_node *object, const struct gw_node **to)
{
	const char *kind = text_of(gw_node_get(object, "kind"));
	const struct gw_node *items = gw_node_get(object, "items"), *item;
	size_t n = 0;

	if (kind == NULL || strlen(kind) < 4 || strcmp(kind + strlen(kind) - 4, "List") != 0 || items == NULL) {
		if (to != NULL)
			*to = object;
		return 1;
	}
	for (item = items->first; item != NULL; item = item->next) {
		if (to != NULL)
			to[n] = item;
		n++;
	}
	return n;
}

static void gather_all(struct job *j, const struct gw_node *docs)
{
	const struct gw_node *doc;
	size_t n = 0;

	for (doc = docs->first; doc != NULL; doc = doc->next)
		n += gather(doc, NULL);
	j->objects = gw_arena_alloc(&j->a->arena, (n + 1) * sizeof(*j->objects));
	for (doc = docs->first; doc != NULL; doc = doc->next)
		j->n_objects += gather(doc, j->objects + j->n_objects);
}

enum gw_code gw_adopt_manager(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
			      struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err)
{
	struct job j = {.a = a};
	struct gw_node *docs;
	enum gw_code code;
	size_t i;

	gw_adopt_begin(a, ctx, name, text, len, fs);
	code = gw_tree_read(&a->arena, name, text, len, &docs, NULL, err);
	if (code != GW_OK)
		return code;
	gather_all(&j, docs);
	j.requests = gw_arena_alloc(&a->arena, (j.n_objects + 1) * sizeof(*j.requests));
	for (i = 0; i < j.n_objects; i++) {
		if (is_kind(j.objects[i], "Certificate"))
			adopt_certificate(a, &j.requests[j.n_requests++], j.objects[i]);
	}
	if (j.n_requests == 0) {
		gw_fail(err, GW_E_INPUT, name, "there is no Certificate of cert-manager.io in it");
		return gw_hint(err, "kubectl get certificate,issuer,clusterissuer -A -o json writes what init reads");
	}
	for (i = 0; i < j.n_requests; i++)
		put_issuer(&j, &j.requests[i]);
	a->head = gw_arena_printf(&a->arena,
				  "Made by gwcert init from cert-manager's objects in %s. What could not be carried\n"
				  "over is told above each entry.",
				  name);
	return GW_OK;
}
