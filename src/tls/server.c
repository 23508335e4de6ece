/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/inner.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pki/ossl.h"
#include "rules/names.h"

/* --- which certificate -------------------------------------------------------------------------------------------- */

static bool names_exactly(const struct tls_entry *entry, const char *name)
{
	for (const char **n = entry->names; *n != NULL; n++)
		if (strcasecmp(*n, name) == 0)
			return true;
	return false;
}

static bool covers(const struct tls_entry *entry, const char *name)
{
	for (const char **n = entry->names; *n != NULL; n++)
		if (gw_name_covers(*n, name))
			return true;
	return false;
}

size_t gw_tls_server_choose(const struct gw_tls_server *server, const char *name)
{
	if (name == NULL || name[0] == '\0')
		return 0;
	for (size_t i = 0; i < server->n_entries; i++)
		if (names_exactly(&server->entries[i], name))
			return i;
	for (size_t i = 0; i < server->n_entries; i++)
		if (covers(&server->entries[i], name))
			return i;
	return 0;
}

static int on_server_name(SSL *ssl, int *alert, void *arg)
{
	struct gw_tls *t = gw_tls_of(ssl);
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

	(void)alert;
	(void)arg;
	if (name == NULL)
		return SSL_TLSEXT_ERR_NOACK;
	(void)snprintf(t->sni, sizeof(t->sni), "%s", name);
	return SSL_TLSEXT_ERR_OK;
}

/* Puts the chosen pair, and no other, into the connection: a client that cannot use its kind of key is to fail as it would
 * at a Gateway, not to get the certificate of another name. */
static int on_choice(SSL *ssl, void *arg)
{
	const struct gw_tls_server *server = arg;
	const struct tls_entry *entry = &server->entries[gw_tls_server_choose(server, gw_tls_of(ssl)->sni)];

	SSL_certs_clear(ssl);
	return SSL_use_cert_and_key(ssl, entry->leaf, entry->key, entry->rest, 1);
}

static int on_protocols(SSL *ssl, const unsigned char **out, unsigned char *len, const unsigned char *offered,
			unsigned n_offered, void *arg)
{
	const struct gw_tls_server *server = arg;
	unsigned char *chosen;

	(void)ssl;
	if (SSL_select_next_proto(&chosen, len, server->alpn, (unsigned)server->alpn_len, offered, n_offered) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL; /* RFC 7301 3.2: no_application_protocol */
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

/* --- client certificates ------------------------------------------------------------------------------------------ */

static int on_client_chain(X509_STORE_CTX *store, void *arg)
{
	const struct gw_tls_server *server = arg;
	struct gw_tls *t = gw_tls_of_store(store);

	gw_tls_keep_chain(t, store);
	if (server->clock.now != NULL)
		X509_STORE_CTX_set_time(store, 0, (time_t)gw_now(&server->clock));
	t->client_verified = X509_verify_cert(store) == 1;
	t->client_error = t->client_verified ? 0 : X509_STORE_CTX_get_error(store);
	ERR_clear_error();
	/* With 0 OpenSSL sends the alert that belongs to the error. */
	return t->client_verified || server->client_mode == GW_CLIENT_ALLOW_INSECURE_FALLBACK;
}

static enum gw_code ask_clients(struct gw_tls_server *s, const struct gw_certs *cas, struct gw_err *err)
{
	int mode = SSL_VERIFY_PEER;
	X509_STORE *store = SSL_CTX_get_cert_store(s->ctx);

	if (s->client_mode == GW_CLIENT_OFF)
		return GW_OK;
	if (cas == NULL || cas->count == 0)
		return gw_fail(err, GW_E_USAGE, NULL, "client certificates need a CA to be checked against");
	for (size_t i = 0; i < cas->count; i++)
		if (X509_STORE_add_cert(store, cas->items[i]) != 1 || SSL_CTX_add_client_CA(s->ctx, cas->items[i]) != 1)
			return gw_fail_ossl(err, GW_E_INPUT, NULL, "cannot use a CA for client certificates");
	if (s->client_mode == GW_CLIENT_ALLOW_VALID_ONLY)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_CTX_set_verify(s->ctx, mode, NULL);
	SSL_CTX_set_cert_verify_callback(s->ctx, on_client_chain, s);
	return GW_OK;
}

/* --- the context -------------------------------------------------------------------------------------------------- */

static const char **dns_names(struct gw_arena *arena, const X509 *leaf)
{
	struct gw_cert_facts facts;
	const char **names;
	size_t n = 0;

	gw_cert_read_facts(leaf, arena, &facts);
	names = gw_arena_alloc(arena, (facts.n_sans + 1) * sizeof(*names));
	for (size_t i = 0; i < facts.n_sans; i++)
		if (facts.sans[i].type == GW_SAN_DNS)
			names[n++] = facts.sans[i].value;
	return names;
}

static enum gw_code add_pair(struct gw_tls_server *s, const struct gw_tls_pair *pair, struct gw_err *err)
{
	struct tls_entry *entry = &s->entries[s->n_entries];

	if (pair->chain->count == 0 || !gw_cert_matches_key(pair->chain->items[0], pair->key))
		return gw_fail(err, GW_E_INPUT, NULL, "the key does not belong to the certificate");
	entry->leaf = gw_cert_ref(pair->chain->items[0]);
	entry->rest = gw_tls_rest(pair->chain);
	EVP_PKEY_up_ref(pair->key);
	entry->key = pair->key;
	entry->names = dns_names(&s->arena, entry->leaf);
	s->n_entries++;
	/* A trial, for OpenSSL's own objections (a key or a digest below its security level). */
	ERR_clear_error();
	if (SSL_CTX_use_cert_and_key(s->ctx, entry->leaf, entry->key, entry->rest, 1) != 1)
		return gw_fail_ossl(err, GW_E_INPUT, NULL, "OpenSSL does not serve this certificate");
	return GW_OK;
}

static enum gw_code accept_protocols(struct gw_tls_server *s, const char *const *alpn, struct gw_err *err)
{
	enum gw_code code;

	if (alpn == NULL || alpn[0] == NULL)
		return GW_OK;
	code = gw_tls_alpn(alpn, &s->alpn, &s->alpn_len, err);
	if (code == GW_OK)
		SSL_CTX_set_alpn_select_cb(s->ctx, on_protocols, s);
	return code;
}

static enum gw_code set_up(struct gw_tls_server *s, const struct gw_tls_server_conf *conf, struct gw_err *err)
{
	enum gw_tls_version min = conf->min < GW_TLS_1_2 ? GW_TLS_1_2 : conf->min;
	enum gw_code code = GW_OK;

	ERR_clear_error();
	s->ctx = gw_tls_context(conf->libctx, TLS_server_method(), min, conf->max);
	if (s->ctx == NULL)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot set up TLS");
	SSL_CTX_set_num_tickets(s->ctx, 0);
	SSL_CTX_set_options(s->ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(s->ctx, SSL_MODE_RELEASE_BUFFERS); /* 34 KB less for each connection that is idle */
	SSL_CTX_set_tlsext_servername_callback(s->ctx, on_server_name);
	SSL_CTX_set_cert_cb(s->ctx, on_choice, s);
	s->entries = gw_zalloc(conf->n_pairs * sizeof(*s->entries));
	for (size_t i = 0; i < conf->n_pairs && code == GW_OK; i++)
		code = add_pair(s, &conf->pairs[i], err);
	if (code == GW_OK)
		code = accept_protocols(s, conf->alpn, err);
	if (code == GW_OK)
		code = ask_clients(s, conf->client_cas, err);
	return code;
}

enum gw_code gw_tls_server_new(const struct gw_tls_server_conf *conf, struct gw_tls_server **server, struct gw_err *err)
{
	struct gw_tls_server *s GW_TLS_SERVER_AUTO = gw_zalloc(sizeof(*s));
	enum gw_code code;

	s->clock = conf->clock;
	s->client_mode = conf->client_mode;
	code = set_up(s, conf, err);
	if (code != GW_OK)
		return code;
	*server = s;
	s = NULL;
	return GW_OK;
}

void gw_tls_server_free(struct gw_tls_server **server)
{
	struct gw_tls_server *s = *server;

	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_entries; i++) {
		X509_free(s->entries[i].leaf);
		sk_X509_pop_free(s->entries[i].rest, X509_free);
		EVP_PKEY_free(s->entries[i].key);
	}
	free(s->entries);
	free(s->alpn);
	gw_arena_release(&s->arena);
	SSL_CTX_free(s->ctx);
	free(s);
	*server = NULL;
}
