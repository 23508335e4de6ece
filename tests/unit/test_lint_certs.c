/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what Secrets and ConfigMaps hold, with certificates made here. */
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "lint/lint.h"
#include "pki/san.h"
#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"

/* --- manifests ---------------------------------------------------------------------------------------------------- */

/* A text as the lines of a block scalar, four columns in. */
static const char *indented(const char *text)
{
	GW_BUF_AUTO struct gw_buf b = GW_BUF(1 << 20);
	char *copy = tst_alloc(1 << 16);

	for (; *text != '\0'; text += strcspn(text, "\n") + (strchr(text, '\n') != NULL))
		gw_buf_printf(&b, "    %.*s\n", (int)strcspn(text, "\n"), text);
	snprintf(copy, 1 << 16, "%s", gw_buf_str(&b));
	return copy;
}

static const char *secret(const char *name, const char *cert, const char *key)
{
	return tst_join("---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: ", name,
			"\ntype: kubernetes.io/tls\nstringData:\n  tls.crt: |\n", indented(cert), "  tls.key: |\n",
			indented(key), NULL);
}

static const char *secret_of(const char *name, const struct tst_id *id, const struct tst_id *issuer)
{
	return secret(name, tst_pem(id, issuer, NULL), tst_key_pem(id));
}

static const char *configmap(const char *name, const char *pem)
{
	return tst_join("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ", name, "\ndata:\n  ca.crt: |\n",
			indented(pem), NULL);
}

#define HEAD(kind, name)                                                                                               \
	"---\napiVersion: gateway.networking.k8s.io/v1\nkind: " kind "\nmetadata:\n  name: " name "\nspec:\n"

#define GATEWAY HEAD("Gateway", "gw") "  gatewayClassName: gke-l7-global-external-managed\n"

static const char *listening(const char *host)
{
	return tst_join(GATEWAY "  listeners:\n  - name: https\n    protocol: HTTPS\n    port: 443\n",
			host != NULL ? "    hostname: \"" : "", host != NULL ? host : "", host != NULL ? "\"\n" : "",
			"    tls: {certificateRefs: [{name: store}]}\n", NULL);
}

static const char *route(const char *host)
{
	return tst_join(HEAD("HTTPRoute", "r") "  parentRefs:\n  - name: gw\n  hostnames: [\"", host, "\"]\n", NULL);
}

static const char *clients(void)
{
	return GATEWAY "  tls: {frontend: {default: {validation: {caCertificateRefs: "
		       "[{group: \"\", kind: ConfigMap, name: ca}]}}}}\n"
		       "  listeners:\n  - name: https\n    protocol: HTTPS\n    port: 443\n"
		       "    tls: {certificateRefs: [{name: store}]}\n";
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

/* What lint says, a line each: "GWK048 error: ..."; notes are left out unless `notes`. */
static const char *say(const char *text, bool notes)
{
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	const struct gw_lint_conf conf = {.ctx = tst_ctx(), .least = notes ? GW_NOTE : GW_WARNING};
	struct gw_lint *lint = gw_lint_new(&conf, &fs);
	GW_BUF_AUTO struct gw_buf b = GW_BUF(1 << 16);
	char *said = tst_alloc(1 << 16);
	struct gw_err err = {0};
	struct gw_finding *f;

	TST_OK(gw_lint_read(lint, tst_file("m.yaml", text), &err), &err);
	gw_lint_judge(lint);
	gw_lint_free(lint);
	for (f = fs.first; f != NULL; f = f->next) {
		gw_buf_printf(&b, "%s %s: %s (%s)\n", f->rule->id, gw_severity_name(f->severity), f->what,
			      f->fix != NULL ? f->fix : "");
		/* Nothing of a Secret is shown. */
		CU_ASSERT(f->where.excerpt == NULL || strstr(f->where.excerpt, "MI") == NULL);
	}
	snprintf(said, 1 << 16, "%s", gw_buf_str(&b));
	return said;
}

static const char *quiet(const char *text)
{
	return say(text, false);
}

/* --- Secrets ------------------------------------------------------------------------------------------------------ */

static void test_lint_certs__sound_secrets_are_clean(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);

	TST_STR_EQ(quiet(secret_of("store", leaf, NULL)), "");
	TST_STR_EQ(quiet(tst_join(secret_of("store", leaf, NULL), listening("store.example.com"),
				  route("store.example.com"), NULL)),
		   "");
	TST_LACKS(say(tst_join(secret_of("store", leaf, NULL), listening(NULL), NULL), true), "GWK054");
	TST_CONTAINS(say(listening(NULL), true), "GWK054 note: Secret default/store is not among");
}

static void test_lint_certs__pairs_that_are_none(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);
	const struct tst_id *other = tst_leaf("other.example.com", root);
	const char *pem = tst_pem(leaf, NULL);

	TST_CONTAINS(quiet(secret("s", pem, tst_key_pem(other))),
		     "GWK048 error: the key (ECDSA P-256) does not belong");
	TST_CONTAINS(quiet(secret("s", tst_pem(root, leaf, NULL), tst_key_pem(leaf))),
		     "GWK048 error: the key belongs to certificate 2");
	TST_CONTAINS(quiet(secret("s", pem, pem)), "GWK048 error: tls.key: ");
	TST_CONTAINS(quiet(secret("s", "not PEM", tst_key_pem(leaf))), "GWK048 error: tls.crt: ");
	TST_CONTAINS(quiet(secret("s", tst_key_pem(leaf), pem)), "GWK048 error: tls.crt: ");
	TST_CONTAINS(quiet(secret("s", "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
				  tst_key_pem(leaf))),
		     "request");
	TST_CONTAINS(
		quiet(secret("s", pem,
			     "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n")),
		"GWK048 error: tls.key: the key is encrypted");
	TST_CONTAINS(quiet(tst_join("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n"
				    "  tls.crt: \"77u/LS0tLS0=\"\n",
				    NULL)),
		     "GWK048 error: tls.crt: begins with a UTF-8 byte order mark");
}

static void test_lint_certs__pairs_that_load_balancers_refuse(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *old = tst_issue(&(struct tst_spec){.cn = "a.example.com",
								.sans = "a.example.com",
								.not_before = TST_NOW - 20 * GW_DAY,
								.not_after = TST_NOW - GW_DAY},
					     root);
	const struct tst_id *soon = tst_issue(
		&(struct tst_spec){.cn = "a.example.com", .sans = "a.example.com", .not_after = TST_NOW + 3 * GW_DAY},
		root);
	const struct tst_id *later = tst_issue(
		&(struct tst_spec){.cn = "a.example.com", .sans = "a.example.com", .not_before = TST_NOW + GW_DAY},
		root);
	const struct tst_id *nobody = tst_issue(&(struct tst_spec){.cn = "a.example.com"}, root);
	const struct tst_id *ed = tst_issue(
		&(struct tst_spec){.cn = "a.example.com", .sans = "a.example.com", .type = GW_KEY_ED25519}, root);

	TST_CONTAINS(quiet(secret_of("s", old, NULL)), "GWK049 error: \"a.example.com\" expired");
	TST_CONTAINS(quiet(secret_of("s", soon, NULL)), "GWK049 warning: the certificate expires in 3 days");
	TST_CONTAINS(quiet(secret_of("s", later, NULL)), "GWK049 warning: \"a.example.com\" is not valid yet");
	TST_CONTAINS(quiet(secret_of("s", nobody, NULL)),
		     "GWK049 warning: \"a.example.com\" has no subject alternative");
	TST_CONTAINS(quiet(secret_of("s", ed, NULL)), "GWK049 warning: the key is Ed25519");
}

#define SHOWS_TO_BACKENDS                                                                                              \
	GATEWAY "  tls: {backend: {clientCertificateRef: {name: store}}}\n  listeners:\n  - {name: http, protocol: "   \
		"HTTP, "                                                                                               \
		"port: 80}\n"

static void test_lint_certs__certificates_for_another_use(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *server = tst_leaf("store.example.com", root);
	const struct tst_id *client =
		tst_issue(&(struct tst_spec){.cn = "c", .sans = "store.example.com", .eku = "clientAuth"}, root);
	const struct tst_id *any = tst_issue(
		&(struct tst_spec){.cn = "c", .sans = "store.example.com", .eku = "anyExtendedKeyUsage"}, root);
	const struct tst_id *ca =
		tst_issue(&(struct tst_spec){.cn = "c", .sans = "store.example.com", .ca = true}, root);
	const char *served = listening("store.example.com");

	TST_STR_EQ(quiet(secret_of("store", client, NULL)), "");
	TST_CONTAINS(quiet(tst_join(secret_of("store", client, NULL), served, NULL)),
		     "GWK049 error: the certificate is not made for servers (serverAuth)");
	TST_STR_EQ(quiet(tst_join(secret_of("store", any, NULL), served, NULL)), "");
	TST_STR_EQ(quiet(tst_join(secret_of("store", client, NULL), SHOWS_TO_BACKENDS, NULL)), "");
	TST_CONTAINS(quiet(tst_join(secret_of("store", server, NULL), SHOWS_TO_BACKENDS, NULL)),
		     "GWK049 error: the certificate is not made for clients (clientAuth)");
	TST_CONTAINS(quiet(tst_join(secret_of("store", ca, NULL), served, NULL)),
		     "GWK049 warning: the certificate is that of a CA");
}

static void test_lint_certs__a_leaf_without_its_intermediate(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *between = tst_ca("Between", root);
	const struct tst_id *leaf = tst_leaf("store.example.com", between);
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, NID_info_access, "caIssuers;URI:http://ca.example/i.crt");
	const char *served = listening("store.example.com");

	TST_STR_EQ(quiet(tst_join(secret_of("store", leaf, NULL), served, NULL)), "");
	CU_ASSERT_EQUAL(X509_add_ext(leaf->cert, ext, -1), 1);
	X509_EXTENSION_free(ext);
	tst_resign(leaf, between);
	TST_CONTAINS(quiet(tst_join(secret_of("store", leaf, NULL), served, NULL)),
		     "GWK049 warning: the certificate stands alone, without that of \"Between\"");
	TST_STR_EQ(quiet(tst_join(secret_of("store", leaf, between), served, NULL)), "");
	TST_STR_EQ(quiet(secret_of("store", leaf, NULL)), "");
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static void test_lint_certs__names_of_listeners_and_routes(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *leaf =
		tst_issue(&(struct tst_spec){.cn = "cn.example.com", .sans = "*.example.com example.net"}, root);
	const char *s = secret_of("store", leaf, NULL);

	TST_STR_EQ(quiet(tst_join(s, listening("*.example.com"), route("a.example.com"), NULL)), "");
	TST_STR_EQ(quiet(tst_join(s, listening(NULL), route("example.net"), NULL)), "");
	TST_LACKS(quiet(tst_join(s, listening("A.EXAMPLE.com"), NULL)), "GWK040");
	TST_CONTAINS(quiet(tst_join(s, listening("store.example.org"), NULL)),
		     "GWK040 error: \"store.example.org\" is not covered by the listener's certificate (Secret store), "
		     "which is for *.example.com, example.net");
	TST_CONTAINS(quiet(tst_join(s, listening("*.example.com"), route("a.b.example.com"), NULL)),
		     "covers one label, unlike a listener's");
	TST_CONTAINS(quiet(tst_join(s, listening(NULL), route("example.com"), NULL)),
		     "GWK040 error: \"example.com\" is");
	TST_CONTAINS(quiet(tst_join(s, listening("*.b.example.com"), NULL)), "GWK040 error: \"*.b.example.com\" is");
}

static void test_lint_certs__the_common_name_does_not_count(void)
{
	const struct tst_id *root = tst_ca("Root", NULL);
	const struct tst_id *leaf =
		tst_issue(&(struct tst_spec){.cn = "store.example.com", .sans = "b.example.com"}, root);

	TST_CONTAINS(quiet(tst_join(secret_of("store", leaf, NULL), listening("store.example.com"), NULL)),
		     "the common name is \"store.example.com\", but it does not count");
}

/* A wildcard listener with a certificate for the names of its routes only: it works, and is worth a warning. */
static void test_lint_certs__a_wildcard_whose_routes_are_covered(void)
{
	const struct tst_id *leaf = tst_leaf("store.example.com", tst_ca("Root", NULL));
	const char *s = secret_of("store", leaf, NULL);

	TST_CONTAINS(quiet(tst_join(s, listening("*.example.com"), route("store.example.com"), NULL)),
		     "GWK040 warning");
	TST_CONTAINS(quiet(tst_join(s, listening("*.example.com"), NULL)), "GWK040 error");
}

#define TWO_LISTENERS                                                                                                  \
	GATEWAY "  listeners:\n"                                                                                       \
		"  - {name: a, protocol: HTTPS, port: 443, hostname: a.example.com, tls: {certificateRefs: [{name: "   \
		"a}]}}\n"                                                                                              \
		"  - {name: b, protocol: HTTPS, port: 443, hostname: b.example.com, tls: {certificateRefs: [{name: "   \
		"b}]}}\n"

/* Upstream: OverlappingCertificates. */
static void test_lint_certs__certificates_that_reach_other_listeners(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *b = tst_leaf("b.example.com", root);
	const struct tst_id *wide = tst_issue(&(struct tst_spec){.cn = "w", .sans = "*.example.com"}, root);
	const struct tst_id *a = tst_leaf("a.example.com", root);

	TST_CONTAINS(say(tst_join(TWO_LISTENERS, secret_of("a", wide, NULL), secret_of("b", b, NULL), NULL), true),
		     "GWK044 note: the certificate of listener \"a\" covers b.example.com too");
	TST_LACKS(say(tst_join(TWO_LISTENERS, secret_of("a", a, NULL), secret_of("b", b, NULL), NULL), true), "GWK044");
}

/* --- CAs ---------------------------------------------------------------------------------------------------------- */

static const struct tst_id *ca_with(const char *eku, int64_t not_after, unsigned usage)
{
	return tst_issue(
		&(struct tst_spec){.cn = "CA", .ca = true, .eku = eku, .not_after = not_after, .key_usage = usage},
		NULL);
}

static void test_lint_certs__cas_for_clients(void)
{
	const struct tst_id *good = ca_with("clientAuth", 0, 0), *leaf = tst_leaf("a.example.com", NULL);
	const char *gateway = clients();

	TST_STR_EQ(quiet(tst_join(gateway, configmap("ca", tst_pem(good, NULL)), NULL)), "");
	TST_CONTAINS(quiet(tst_join(gateway, configmap("ca", tst_pem(leaf, NULL)), NULL)),
		     "GWK023 error: \"a.example.com\" is no CA");
	TST_CONTAINS(quiet(tst_join(gateway, configmap("ca", tst_pem(ca_with("serverAuth", 0, 0), NULL)), NULL)),
		     "GWK023 error: the extended key usage of the CA \"CA\" lacks clientAuth");
	TST_CONTAINS(
		quiet(tst_join(gateway, configmap("ca", tst_pem(ca_with("clientAuth", TST_NOW - 1, 0), NULL)), NULL)),
		"GWK023 error: the CA \"CA\" expired on 2026-11-23");
	TST_CONTAINS(quiet(tst_join(gateway, configmap("ca", tst_pem(ca_with("clientAuth", 0, GW_KU_CRL_SIGN), NULL)),
				    NULL)),
		     "GWK023 error: the CA \"CA\" may not sign certificates");
	TST_CONTAINS(say(tst_join(gateway, configmap("ca", tst_pem(ca_with(NULL, 0, 0), NULL)), NULL), true),
		     "GWK023 note: the CA has no extended key usage");
	TST_CONTAINS(quiet(tst_join(gateway, configmap("ca", tst_pem(good, good, NULL)), NULL)),
		     "GWK022 error: 2 certificates");
	TST_CONTAINS(
		quiet(tst_join(gateway, configmap("ca", tst_join(tst_pem(good, NULL), tst_key_pem(good), NULL)), NULL)),
		"GWK023 error: there is a private key in it");
}

static void test_lint_certs__cas_that_nobody_refers_to(void)
{
	const struct tst_id *good = ca_with("serverAuth", 0, 0);

	TST_STR_EQ(quiet(configmap("ca", tst_pem(good, NULL))), "");
	TST_CONTAINS(quiet(configmap("ca", tst_pem(good, good, NULL))), "GWK022 warning: 2 certificates");
	TST_CONTAINS(quiet(configmap("ca", tst_pem(tst_leaf("a.example.com", NULL), NULL))), "GWK023 warning: ");
	TST_STR_EQ(quiet(configmap("kube-root-ca.crt", tst_pem(good, good, NULL))), "");
}

/* --- backends ----------------------------------------------------------------------------------------------------- */

#define BACKEND                                                                                                        \
	HEAD("BackendTLSPolicy", "p")                                                                                  \
	"  targetRefs: [{group: \"\", kind: Service, name: s}]\n"                                                      \
	"  validation: {hostname: b.example.com, caCertificateRefs: [{group: \"\", kind: ConfigMap, name: ca}]}\n"     \
	"---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n"                                                    \
	"spec: {selector: {app: b}, ports: [{port: 1, appProtocol: HTTPS}]}\n"                                         \
	"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n"                                            \
	"spec: {template: {metadata: {labels: {app: b}}, spec: {volumes: [{secret: {secretName: store}}]}}}\n"

static void test_lint_certs__the_certificate_behind_a_policy(void)
{
	const struct tst_id *root = ca_with("serverAuth", 0, 0);
	const char *ca = configmap("ca", tst_pem(root, NULL));

	TST_STR_EQ(quiet(tst_join(BACKEND, ca, secret_of("store", tst_leaf("b.example.com", root), NULL), NULL)), "");
	TST_CONTAINS(
		quiet(tst_join(BACKEND, ca, secret_of("store", tst_leaf("c.example.com", root), NULL), NULL)),
		"GWK068 error: \"b.example.com\" is not among the names of the certificate that Deployment d mounts "
		"(Secret store)");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_lint_certs__sound_secrets_are_clean),
		TST_CASE(test_lint_certs__pairs_that_are_none),
		TST_CASE(test_lint_certs__pairs_that_load_balancers_refuse),
		TST_CASE(test_lint_certs__certificates_for_another_use),
		TST_CASE(test_lint_certs__a_leaf_without_its_intermediate),
		TST_CASE(test_lint_certs__names_of_listeners_and_routes),
		TST_CASE(test_lint_certs__the_common_name_does_not_count),
		TST_CASE(test_lint_certs__a_wildcard_whose_routes_are_covered),
		TST_CASE(test_lint_certs__certificates_that_reach_other_listeners),
		TST_CASE(test_lint_certs__cas_for_clients),
		TST_CASE(test_lint_certs__cas_that_nobody_refers_to),
		TST_CASE(test_lint_certs__the_certificate_behind_a_policy),
	};

	return tst_main("lint_certs", cases, GW_COUNT(cases));
}
