/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/inner.h"

#include <stdlib.h>
#include <string.h>

SSL_CTX *gw_tls_context(OSSL_LIB_CTX *libctx, const SSL_METHOD *method, enum gw_tls_version min,
			enum gw_tls_version max)
{
	SSL_CTX *ctx = SSL_CTX_new_ex(libctx, NULL, method);

	if (ctx == NULL)
		return NULL;
	/* Not left to openssl.cnf: what is spoken must not depend on the machine. */
	if (SSL_CTX_set_min_proto_version(ctx, min == GW_TLS_DEFAULT ? TLS1_2_VERSION : (int)min) != 1 ||
	    SSL_CTX_set_max_proto_version(ctx, max == GW_TLS_DEFAULT ? TLS1_3_VERSION : (int)max) != 1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	/* HTTP says itself where a reply ends, and many peers leave out close_notify. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_read_ahead(ctx, 1); /* one read() for a whole flight rather than two for each record */
	SSL_CTX_set_info_callback(ctx, gw_tls_on_info);
	return ctx;
}

enum gw_code gw_tls_alpn(const char *const *words, unsigned char **wire, size_t *len, struct gw_err *err)
{
	size_t total = 0;
	unsigned char *out;

	for (size_t i = 0; words[i] != NULL; i++) {
		size_t one = strlen(words[i]);

		if (one == 0 || one > 255)
			return gw_fail(err, GW_E_INPUT, NULL, "an ALPN protocol has 1 to 255 octets, '%s' has %zu",
				       words[i], one);
		total += 1 + one;
	}
	out = gw_alloc(total);
	*wire = out;
	*len = total;
	for (size_t i = 0; words[i] != NULL; i++) {
		size_t one = strlen(words[i]);

		*out++ = (unsigned char)one;
		memcpy(out, words[i], one);
		out += one;
	}
	return GW_OK;
}

x509_stack *gw_tls_rest(const struct gw_certs *chain)
{
	x509_stack *rest = sk_X509_new_null();

	if (rest == NULL)
		gw_oom();
	for (size_t i = 1; i < chain->count; i++)
		if (sk_X509_push(rest, gw_cert_ref(chain->items[i])) <= 0)
			gw_oom();
	return rest;
}

struct gw_tls *gw_tls_of_store(X509_STORE_CTX *store)
{
	return gw_tls_of(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

void gw_tls_keep_chain(struct gw_tls *t, X509_STORE_CTX *store)
{
	/* The leaf included, in the order of the message. */
	x509_stack *sent = X509_STORE_CTX_get0_untrusted(store);

	gw_certs_release(&t->chain);
	for (int i = 0; i < sk_X509_num(sent); i++)
		gw_certs_add(&t->chain, gw_cert_ref(sk_X509_value(sent, i)));
}

static void note_alert(struct gw_tls_alert *alert, const SSL *ssl, int value)
{
	uint8_t number = (uint8_t)(value & 0xff);
	bool fatal = value >> 8 == SSL3_AL_FATAL;

	if (number == SSL_AD_CLOSE_NOTIFY)
		return;
	/* RFC 8446 6: the level means nothing any more, and all but these two end the connection. */
	if (SSL_version(ssl) == TLS1_3_VERSION)
		fatal = number != SSL_AD_USER_CANCELLED;
	alert->seen = true;
	alert->fatal = fatal;
	alert->number = number;
	alert->name = gw_tls_alert_name(number);
}

void gw_tls_on_info(const SSL *ssl, int where, int value)
{
	struct gw_tls *t = gw_tls_of(ssl);

	if (where == SSL_CB_READ_ALERT)
		note_alert(&t->received, ssl, value);
	else if (where == SSL_CB_WRITE_ALERT)
		note_alert(&t->sent, ssl, value);
}
