/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/inner.h"

#include <stdlib.h>

#include "pki/ossl.h"

/* Instead of OpenSSL's verification: the certificate is never a reason to end the handshake. */
static int on_server_chain(X509_STORE_CTX *store, void *arg)
{
	(void)arg;
	gw_tls_keep_chain(gw_tls_of_store(store), store);
	X509_STORE_CTX_set_error(store, X509_V_OK);
	return 1;
}

/* Called when the server has asked for a certificate, whether we have one or not. */
static int on_request(SSL *ssl, void *arg)
{
	(void)arg;
	gw_tls_of(ssl)->client_cert_requested = true;
	return 1;
}

static enum gw_code offer_protocols(SSL_CTX *ctx, const char *const *alpn, struct gw_err *err)
{
	unsigned char *wire;
	size_t len;
	enum gw_code code;
	int failed;

	if (alpn == NULL || alpn[0] == NULL)
		return GW_OK;
	code = gw_tls_alpn(alpn, &wire, &len, err);
	if (code != GW_OK)
		return code;
	failed = SSL_CTX_set_alpn_protos(ctx, wire, (unsigned)len); /* 0 is success, for once */
	free(wire);
	return failed != 0 ? gw_fail_ossl(err, GW_E_IO, NULL, "cannot offer ALPN protocols") : GW_OK;
}

static enum gw_code use_certificate(SSL_CTX *ctx, const struct gw_certs *chain, EVP_PKEY *key, struct gw_err *err)
{
	x509_stack *rest;
	int done;

	if (chain == NULL || chain->count == 0)
		return GW_OK;
	rest = gw_tls_rest(chain);
	ERR_clear_error();
	done = SSL_CTX_use_cert_and_key(ctx, chain->items[0], key, rest, 1);
	sk_X509_pop_free(rest, X509_free);
	if (done != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "the client certificate and its key cannot be used");
	return GW_OK;
}

static enum gw_code choose_algorithms(SSL_CTX *ctx, const struct gw_tls_client_conf *conf, struct gw_err *err)
{
	ERR_clear_error();
	if (conf->ciphers != NULL && SSL_CTX_set_cipher_list(ctx, conf->ciphers) != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "OpenSSL knows no cipher in '%s'", conf->ciphers);
	if (conf->ciphersuites != NULL && SSL_CTX_set_ciphersuites(ctx, conf->ciphersuites) != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "OpenSSL knows no TLS 1.3 cipher in '%s'",
				    conf->ciphersuites);
	if (conf->groups != NULL && SSL_CTX_set1_groups_list(ctx, conf->groups) != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "OpenSSL does not know all groups in '%s'", conf->groups);
	if (conf->weak) {
		SSL_CTX_set_security_level(ctx, 0);
		SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	}
	return GW_OK;
}

enum gw_code gw_tls_client_new(const struct gw_tls_client_conf *conf, struct gw_tls_client **client, struct gw_err *err)
{
	struct gw_tls_client *c GW_TLS_CLIENT_AUTO = gw_zalloc(sizeof(*c));
	enum gw_code code;

	ERR_clear_error();
	c->ctx = gw_tls_context(conf->libctx, TLS_client_method(), conf->min, conf->max);
	if (c->ctx == NULL)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot set up TLS");
	SSL_CTX_set_verify(c->ctx, SSL_VERIFY_NONE, NULL);
	SSL_CTX_set_cert_verify_callback(c->ctx, on_server_chain, NULL);
	SSL_CTX_set_cert_cb(c->ctx, on_request, NULL);
	SSL_CTX_set_tlsext_status_type(c->ctx, TLSEXT_STATUSTYPE_ocsp);
	code = choose_algorithms(c->ctx, conf, err);
	if (code == GW_OK)
		code = offer_protocols(c->ctx, conf->alpn, err);
	if (code == GW_OK)
		code = use_certificate(c->ctx, conf->chain, conf->key, err);
	if (code != GW_OK)
		return code;
	*client = c;
	c = NULL;
	return GW_OK;
}

void gw_tls_client_free(struct gw_tls_client **client)
{
	if (*client == NULL)
		return;
	SSL_CTX_free((*client)->ctx);
	free(*client);
	*client = NULL;
}
