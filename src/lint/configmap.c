/* SPDX-License-Identifier: Apache-2.0 */
/* ConfigMaps that hold a CA under ca.crt: one certificate, a CA, valid, and good for what refers to it. */
#include <string.h>

#include "lint/internal.h"

#define CA_KEY       "ca.crt"
#define CA_PATH      "data[\"ca.crt\"]"
#define CONFIGMAP_CA "kube-root-ca.crt" /* the cluster's own CA, which is in every namespace */

/* --- usage of a CA, for TrustConfigs too --------------------------------------------------------------------------- */

static bool has_usage(const struct gw_cert_facts *facts, const char *word)
{
	const char **usage;

	for (usage = facts->extended_key_usage; *usage != NULL; usage++) {
		if (strcmp(*usage, word) == 0 || strcmp(*usage, "anyExtendedKeyUsage") == 0)
			return true;
	}
	return false;
}

static void judge_usage(struct gw_lint *l, const struct lint_ca *ca, const struct gw_cert_facts *facts,
			const char *word, const char *whose)
{
	struct gw_finding *f;

	if (facts->extended_key_usage == NULL) {
		f = lint_find_as(l, ca->o, GWK_CA_BAD, GW_NOTE, ca->at, ca->path,
				 "the CA has no extended key usage; Google asks for %s in the CA of %s certificates",
				 word, whose);
		lint_fix(l, f, "to be sure, have the CA issued with extendedKeyUsage: [%s]", word);
	} else if (!has_usage(facts, word)) {
		f = lint_find_as(l, ca->o, GWK_CA_BAD, ca->severity, ca->at, ca->path,
				 "the extended key usage of the CA \"%s\" lacks %s, so the load balancer takes no %s "
				 "certificates from it",
				 gw_cert_label(ca->cert, &l->arena), word, whose);
		lint_fix(l, f, "have the CA issued with extendedKeyUsage: [%s], or without any", word);
	}
}

static void judge_time(struct gw_lint *l, const struct lint_ca *ca)
{
	int64_t now = gw_now(&l->conf.ctx->clock), begin = gw_cert_not_before(ca->cert);
	int64_t end = gw_cert_not_after(ca->cert);
	const char *label = gw_cert_label(ca->cert, &l->arena);
	char date[GW_TIME_TEXT];
	struct gw_finding *f = NULL;

	gw_time_date(date, now > end ? end : begin);
	if (now > end)
		f = lint_find_as(l, ca->o, GWK_CA_BAD, ca->severity, ca->at, ca->path, "the CA \"%s\" expired on %s",
				 label, date);
	else if (now < begin)
		f = lint_find_as(l, ca->o, GWK_CA_BAD, GW_WARNING, ca->at, ca->path,
				 "the CA \"%s\" is valid only from %s on", label, date);
	else if (end - now < LINT_SOON) {
		gw_time_date(date, end);
		f = lint_find_as(l, ca->o, GWK_CA_BAD, GW_WARNING, ca->at, ca->path, "the CA \"%s\" expires on %s",
				 label, date);
	}
	if (f != NULL && now > end)
		lint_fix(l, f,
			 "put the CA's renewed certificate here, and beside it the old one as long as its "
			 "certificates are in use");
}

static bool key_is_taken(const struct gw_cert_facts *facts)
{
	return facts->key_type == GW_KEY_EC_P256 || facts->key_type == GW_KEY_EC_P384 ||
	       facts->key_type == GW_KEY_RSA_2048 || facts->key_type == GW_KEY_RSA_3072 ||
	       facts->key_type == GW_KEY_RSA_4096;
}

static void judge_strength(struct gw_lint *l, const struct lint_ca *ca, const struct gw_cert_facts *facts)
{
	bool old = strstr(facts->signature, "SHA1") != NULL || strstr(facts->signature, "sha1") != NULL ||
		   strstr(facts->signature, "MD5") != NULL;
	struct gw_finding *f;

	if (key_is_taken(facts) && !old)
		return;
	f = lint_find_as(l, ca->o, GWK_CA_BAD, ca->severity, ca->at, ca->path,
			 "the CA \"%s\" %s %s, which the load balancer does not take",
			 gw_cert_label(ca->cert, &l->arena), old ? "is signed with" : "has a key of",
			 old ? facts->signature : facts->key);
	lint_fix(l, f, "RSA 2048 to 4096, EC P-256 or EC P-384, signed with SHA-256 or stronger");
}

void lint_ca(struct gw_lint *l, const struct lint_ca *ca)
{
	struct gw_cert_facts facts;
	struct gw_finding *f;

	gw_cert_read_facts(ca->cert, &l->arena, &facts);
	if (!facts.ca) {
		f = lint_find_as(l, ca->o, GWK_CA_BAD, ca->severity, ca->at, ca->path,
				 "\"%s\" is no CA (basicConstraints CA:TRUE is missing)",
				 gw_cert_label(ca->cert, &l->arena));
		lint_fix(l, f, "give the certificate of the CA that issued it: a leaf is no trust anchor here");
		return;
	}
	if (facts.has_key_usage && (facts.key_usage & GW_KU_KEY_CERT_SIGN) == 0) {
		f = lint_find_as(l, ca->o, GWK_CA_BAD, ca->severity, ca->at, ca->path,
				 "the CA \"%s\" may not sign certificates: its key usage lacks keyCertSign",
				 gw_cert_label(ca->cert, &l->arena));
		lint_fix(l, f, "have it issued with keyUsage: [keyCertSign, cRLSign]");
	}
	judge_time(l, ca);
	if ((ca->use & (USE_CLIENT_CA | USE_BACKEND_CA)) == 0)
		return;
	judge_strength(l, ca, &facts);
	if ((ca->use & USE_CLIENT_CA) != 0)
		judge_usage(l, ca, &facts, "clientAuth", "client");
	if ((ca->use & USE_BACKEND_CA) != 0)
		judge_usage(l, ca, &facts, "serverAuth", "backend");
}

/* --- the ConfigMap ------------------------------------------------------------------------------------------------- */

static bool is_placeholder(const char *text)
{
	static const char *const marks[] = {"PEM_DATA", "<PEM", "YOUR_CERT", "<CERTIFICATE", "CERTIFICATE_DATA"};
	size_t i;

	for (i = 0; i < GW_COUNT(marks); i++) {
		if (strstr(text, marks[i]) != NULL)
			return true;
	}
	return false;
}

static void judge_blocks(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at,
			 const struct gw_pem *pem)
{
	struct gw_finding *f;
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		if (!gw_pem_is_key(&pem->blocks[i]))
			continue;
		f = lint_find(l, o, GWK_CA_BAD, at, CA_PATH, "there is a private key in it, for everybody to read");
		lint_fix(l, f, "take it out, and replace the key: it is no secret any more");
		return;
	}
}

static void wrong_count(struct gw_lint *l, const struct gw_object *o, const struct gw_node *at, size_t n, unsigned use)
{
	struct gw_finding *f = lint_find_as(l, o, GWK_CA_COUNT, use != 0 ? GW_ERROR : GW_WARNING, at, CA_PATH,
					    "%zu certificates; GKE takes exactly one in a ConfigMap%s", n,
					    use != 0 ? "" : ", should a Gateway refer to it");

	lint_fix(l, f, "put each into a ConfigMap of its own and refer to all of them: up to 8 caCertificateRefs");
}

static void judge_pem(struct gw_lint *l, const struct gw_object *o, const struct gw_node *node, unsigned use)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	GW_CERTS_AUTO struct gw_certs certs = {0};
	struct gw_finding *f;
	struct gw_err err = {0};
	enum gw_code code = gw_pem_scan(&pem, CA_KEY, node->text, node->len, &err);
	size_t i;

	if (code == GW_OK) {
		judge_blocks(l, o, node->key, &pem);
		code = gw_certs_from_pem(l->conf.ctx, &pem, true, &certs, &err);
	}
	if (code != GW_OK) {
		f = lint_find(l, o, GWK_CA_COUNT, node->key, CA_PATH, "no certificate can be read: %s", err.what);
		if (err.hint[0] != '\0')
			lint_fix(l, f, "%s", err.hint);
		return;
	}
	if (certs.count != 1 && !lint_is_foreign(lint_use_of(l, o)->flags))
		wrong_count(l, o, node->key, certs.count, use);
	for (i = 0; i < certs.count; i++)
		lint_ca(l, &(struct lint_ca){o, node->key, CA_PATH, certs.items[i], use,
					     use != 0 ? GW_ERROR : GW_WARNING});
	lint_keep_certs(l, o, &certs);
}

static void no_ca(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *binary = gw_node_get(gw_node_get(o->node, "binaryData"), CA_KEY);
	struct gw_finding *f =
		lint_find(l, o, GWK_CA_MISSING, binary != NULL ? binary->key : NULL, "data",
			  binary != NULL ? "\"ca.crt\" is in binaryData, where nobody looks for a CA"
					 : "it is referred to for its CA and has no key \"ca.crt\" in data");

	lint_fix(l, f,
		 binary != NULL ? "turn it into PEM and put it under data: openssl x509 -inform der -in FILE"
				: "kubectl create configmap NAME --from-file=ca.crt=FILE names it so");
}

void lint_configmap(struct gw_lint *l, const struct gw_object *o)
{
	const struct gw_node *node = gw_node_get(gw_node_get(o->node, "data"), CA_KEY);
	unsigned flags = lint_use_of(l, o)->flags;
	/* What Google asks of a CA does not count where only others use it. */
	unsigned use = lint_is_foreign(flags) ? 0 : flags & (USE_CLIENT_CA | USE_BACKEND_CA);
	struct gw_finding *f;

	lint_data_limits(l, o);
	if (node == NULL || node->kind != GW_SCALAR) {
		if ((flags & (USE_CLIENT_CA | USE_BACKEND_CA)) != 0)
			no_ca(l, o);
		return;
	}
	if (is_placeholder(node->text)) {
		f = lint_find(l, o, GWK_PLACEHOLDER, node->key, CA_PATH,
			      "the certificate is still the example's placeholder");
		lint_fix(l, f, "put the CA's PEM here: kubectl create configmap %s --from-file=ca.crt=FILE", o->name);
		return;
	}
	if (use != 0 || strcmp(o->name, CONFIGMAP_CA) != 0)
		judge_pem(l, o, node, use);
}
