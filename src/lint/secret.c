/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets: form, key and certificate, by the judges that gwcert secret has before it makes one. */
#include <string.h>

#include "base/base64.h"
#include "k8s/pair.h"
#include "k8s/secret.h"
#include "lint/internal.h"

#define TLS_TYPE "kubernetes.io/tls"

static const struct gw_node *value_node(const struct gw_object *o, const char *key, bool *encoded)
{
	const struct gw_node *plain = gw_node_get(gw_node_get(o->node, "stringData"), key);

	*encoded = plain == NULL;
	return plain != NULL ? plain : gw_node_get(gw_node_get(o->node, "data"), key);
}

/* --- form --------------------------------------------------------------------------------------------------------- */

static void judge_key(struct gw_lint *l, const struct gw_object *o, const char *key, bool is_tls)
{
	const struct gw_node *data = gw_node_get(gw_node_get(o->node, "data"), key);
	const struct gw_node *plain = gw_node_get(gw_node_get(o->node, "stringData"), key);
	struct gw_finding *f;

	if (data != NULL && plain != NULL) {
		f = lint_find(l, o, GWK_SECRET_FORM, plain->key, lint_format(l, "stringData.%s", key),
			      "\"%s\" is in data (line %u) and in stringData, which goes before it", key,
			      data->key->line);
		lint_fix(l, f, "keep one of the two");
	}
	if (data == NULL && plain == NULL && is_tls) {
		f = lint_find(l, o, GWK_SECRET_FORM, gw_node_get(o->node, "data"), "data", "\"%s\" is missing", key);
		lint_fix(l, f, "gwcert secret NAME --cert cert.pem --key key.pem makes a whole one");
	}
}

static void judge_type(struct gw_lint *l, const struct gw_object *o, unsigned flags)
{
	const struct gw_node *type = gw_node_get(o->node, "type");
	struct gw_finding *f;

	if ((flags & USE_LISTENER) == 0 || (gw_node_text(type) != NULL && strcmp(type->text, TLS_TYPE) == 0))
		return;
	f = lint_find(l, o, GWK_SECRET_FORM, type, "type", "a Gateway refers to it, and its type is %s, not " TLS_TYPE,
		      gw_node_text(type) != NULL ? type->text : "Opaque, which is the default");
	lint_fix(l, f,
		 "write type: " TLS_TYPE "; the type of a Secret that is there cannot be changed: delete it first");
}

static void judge_base64(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *data = gw_node_get(o->node, "data"), *m;
	struct gw_finding *f;

	for (m = data != NULL && data->kind == GW_MAP ? data->first : NULL; m != NULL; m = m->next) {
		GW_BUF_AUTO struct gw_buf octets = GW_BUF_SECRET(SIZE_MAX / 4);

		if (m->kind != GW_SCALAR || gw_base64_strict(m->text, m->len, &octets))
			continue;
		f = lint_find(l, o, GWK_SECRET_FORM, m->key, lint_format(l, "data.%s", m->key->text),
			      "the value is no base64%s",
			      memmem(m->text, m->len, "-----BEGIN", 10) != NULL ? ": it is PEM as it is" : "");
		lint_fix(l, f, "put plain text under stringData, or encode it: base64 -w0 FILE");
	}
}

/* --- content ------------------------------------------------------------------------------------------------------ */

static bool take_value(const struct gw_object *o, const char *key, struct gw_buf *out, const struct gw_node **at)
{
	bool encoded;
	const struct gw_node *node = value_node(o, key, &encoded);

	if (node == NULL || node->kind != GW_SCALAR)
		return false;
	*at = node->key;
	if (encoded)
		return gw_base64_strict(node->text, node->len, out);
	gw_buf_add(out, node->text, node->len);
	return true;
}

/* What another room refused, as a finding here. */
static void refuse(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, const char *key,
		   const struct gw_err *err)
{
	struct gw_finding *f =
		lint_find(l, o, GWK_SECRET_PAIR, at, lint_format(l, "data.%s", key), "%s: %s", key, err->what);

	if (err->hint[0] != '\0')
		lint_fix(l, f, "%s", err->hint);
}

static bool read_certs(struct gw_lint *l, const struct gw_object *o, struct gw_certs *certs, const struct gw_node **at)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_PEM_FILE_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};
	enum gw_code code;

	if (!take_value(o, "tls.crt", &text, at))
		return false;
	code = gw_pem_scan(&pem, "tls.crt", gw_buf_str(&text), text.len, &err);
	if (code == GW_OK)
		code = gw_certs_from_pem(l->conf.ctx, &pem, false, certs, &err);
	if (code != GW_OK)
		refuse(l, o, *at, "tls.crt", &err);
	return code == GW_OK;
}

/* The key's own half of the pair is needed only to be compared. Where it is the certificate's, which a look at its octets
 * can tell, the certificate's public half stands for it: a tenth of the time. */
static bool is_pair(const struct gw_certs *certs, const struct gw_pem_block *block, EVP_PKEY **key)
{
	if (certs->count == 0 || !gw_cert_matches_block(certs->items[0], block))
		return false;
	*key = gw_key_ref((EVP_PKEY *)(uintptr_t)gw_cert_key(certs->items[0]));
	return true;
}

static bool read_key(struct gw_lint *l, const struct gw_object *o, const struct gw_certs *certs, EVP_PKEY **key)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF_SECRET(GW_SECRET_MAX);
	GW_PEM_AUTO struct gw_pem pem = {0};
	const struct gw_pem_block *block;
	const struct gw_node *at = NULL;
	struct gw_err err = {0};
	enum gw_code code;

	if (!take_value(o, "tls.key", &text, &at))
		return false;
	code = gw_pem_scan(&pem, "tls.key", gw_buf_str(&text), text.len, &err);
	if (code == GW_OK)
		code = gw_key_find(&pem, &block, &err);
	if (code == GW_OK && block->kind == GW_PEM_KEY_ENCRYPTED) {
		(void)gw_fail(&err, GW_E_INPUT, NULL,
			      "the key is encrypted, and nothing in the cluster can ask for its "
			      "password");
		code = gw_hint(&err,
			       "gwcert secret NAME --cert FILE --key FILE --password SOURCE takes the password off");
	} else if (code == GW_OK && !is_pair(certs, block, key)) {
		code = gw_key_from_pem(l->conf.ctx, &pem, block, NULL, key, &err);
	}
	if (code != GW_OK)
		refuse(l, o, at, "tls.key", &err);
	return code == GW_OK;
}

/* Rule 48 is what kubectl and Go refuse, rule 49 what they take and load balancers do not. */
static enum gw_rule_name rule_of(const struct gw_finding *f)
{
	static const enum gw_rule_name pair[] = {GWC_KEY_MISMATCH, GWC_ORDER, GWK_SECRET_PAIR, GWC_UNDECODABLE};
	size_t i;

	for (i = 0; i < GW_COUNT(pair); i++) {
		if (f->rule == &gw_rules[pair[i]])
			return GWK_SECRET_PAIR;
	}
	return GWK_SECRET_QUALITY;
}

static void judge_signature(const struct gw_cert_facts *facts, struct gw_findings *fs)
{
	if (strstr(facts->signature, "SHA1") != NULL || strstr(facts->signature, "sha1") != NULL ||
	    strstr(facts->signature, "MD5") != NULL)
		gw_find(fs, GWK_SECRET_QUALITY, NULL, "the certificate is signed with %s, which clients refuse",
			facts->signature);
}

static bool is_for(const struct gw_cert_facts *facts, const char *usage)
{
	const char *const *word;

	for (word = facts->extended_key_usage; word != NULL && *word != NULL; word++) {
		if (strcmp(*word, usage) == 0 || strcmp(*word, "anyExtendedKeyUsage") == 0)
			return true;
	}
	return facts->extended_key_usage == NULL;
}

/* Whether the one that sees the certificate takes it for this use (RFC 5280 4.2.1.12); nobody looks before it is served. */
static void judge_use(const struct gw_cert_facts *facts, unsigned flags, struct gw_findings *fs)
{
	struct gw_finding *f;

	if ((flags & USE_LISTENER) != 0 && !is_for(facts, "serverAuth")) {
		f = gw_find_as(
			fs, GWK_SECRET_QUALITY, GW_ERROR, NULL,
			"the certificate is not made for servers (serverAuth), and a listener serves it: clients "
			"refuse it");
		gw_finding_fix(fs, f, "have it issued with extended key usage serverAuth");
	}
	if ((flags & USE_BACKEND_CLIENT) != 0 && !is_for(facts, "clientAuth")) {
		f = gw_find_as(
			fs, GWK_SECRET_QUALITY, GW_ERROR, NULL,
			"the certificate is not made for clients (clientAuth), and the Gateway shows it to backends "
			"as a client");
		gw_finding_fix(fs, f, "have it issued with extended key usage clientAuth");
	}
	if ((flags & (USE_LISTENER | USE_BACKEND_CLIENT)) != 0 && facts->ca) {
		f = gw_find(fs, GWK_SECRET_QUALITY, NULL,
			    "the certificate is that of a CA, whose key can sign any other: some clients refuse it");
		gw_finding_fix(fs, f,
			       "have a certificate issued by it (CA:FALSE), and keep its key out of the cluster");
	}
}

/* A leaf alone that says where its issuer's certificate can be had: browsers may fetch it, other clients do not. */
static void judge_alone(const struct gw_certs *certs, const struct gw_cert_facts *facts, unsigned flags,
			struct gw_findings *fs)
{
	struct gw_finding *f;

	if (certs->count > 1 || (flags & USE_LISTENER) == 0 || facts->ca_issuers == NULL ||
	    gw_cert_self_issued(certs->items[0]))
		return;
	f = gw_find(
		fs, GWK_SECRET_QUALITY, NULL,
		"the certificate stands alone, without that of \"%s\", which issued it: clients that do not have it "
		"refuse the chain",
		gw_cert_issuer_label(certs->items[0], &fs->arena));
	gw_finding_evidence(fs, f, "the certificate says that it can be fetched from %s", facts->ca_issuers);
	gw_finding_fix(fs, f, "put the intermediate behind it: gwcert bundle shows what is missing");
}

static void expires_soon(struct gw_lint *l, const struct gw_certs *certs, struct gw_findings *fs)
{
	int64_t now = gw_now(&l->conf.ctx->clock), left = gw_cert_not_after(certs->items[0]) - now;
	char date[GW_TIME_TEXT], span[32];
	struct gw_finding *f;

	if (left < 0 || left >= LINT_SOON)
		return;
	gw_time_date(date, gw_cert_not_after(certs->items[0]));
	gw_span_words(span, left);
	f = gw_find(fs, GWK_SECRET_QUALITY, NULL, "the certificate expires in %s, on %s", span, date);
	gw_finding_fix(fs, f, "renew it now: a load balancer takes minutes to serve the new one");
}

static void judge_content(struct gw_lint *l, const struct gw_object *o, unsigned flags)
{
	struct gw_cert_facts facts;
	struct gw_pair pair = GW_PAIR_INIT;
	struct gw_findings findings GW_FINDINGS_AUTO = {0};
	const struct gw_node *at = NULL;
	const struct gw_finding *f;
	bool certs = read_certs(l, o, &pair.certs, &at), key = read_key(l, o, &pair.certs, &pair.key);

	if (certs && key) {
		gw_cert_read_facts(pair.certs.items[0], &findings.arena, &facts);
		gw_pair_judge(l->conf.ctx, &pair, false, NULL, &findings);
		judge_signature(&facts, &findings);
		judge_use(&facts, flags, &findings);
		judge_alone(&pair.certs, &facts, flags, &findings);
		expires_soon(l, &pair.certs, &findings);
	}
	for (f = findings.first; f != NULL; f = f->next)
		lint_take(l, o, rule_of(f), at, "data[\"tls.crt\"]", f);
	if (certs)
		lint_keep_certs(l, o, &pair.certs);
	gw_pair_release(&pair);
}

void lint_secret(struct gw_lint *l, const struct gw_object *o)
{
	const char *type = gw_node_text(gw_node_get(o->node, "type"));
	bool is_tls = type != NULL && strcmp(type, TLS_TYPE) == 0;
	unsigned flags = lint_use_of(l, o)->flags;
	bool encoded;

	judge_type(l, o, flags);
	judge_base64(l, o);
	lint_data_limits(l, o);
	judge_key(l, o, "tls.crt", is_tls || (flags & USE_LISTENER) != 0);
	judge_key(l, o, "tls.key", is_tls || (flags & USE_LISTENER) != 0);
	if (value_node(o, "tls.crt", &encoded) != NULL)
		judge_content(l, o, flags);
}
