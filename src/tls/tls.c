/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules/names.h"

/* --- making and ending -------------------------------------------------------------------------------------------- */

/* Keeps the first octets that the peer sends, which tell TLS from HTTP, SSH and the rest; then takes itself away. */
static long on_octets(BIO *bio, int what, const char *data, size_t size, int argi, long argl, int status,
		      size_t *processed)
{
	struct gw_tls *t = (struct gw_tls *)BIO_get_callback_arg(bio);
	size_t room = sizeof(t->first) - t->n_first;
	size_t n;

	(void)size;
	(void)argi;
	(void)argl;
	if (what != (BIO_CB_READ | BIO_CB_RETURN) || status <= 0 || processed == NULL)
		return status;
	n = *processed < room ? *processed : room;
	memcpy(t->first + t->n_first, data, n);
	t->n_first += n;
	if (t->n_first == sizeof(t->first))
		BIO_set_callback_ex(bio, NULL);
	return status;
}

static struct gw_tls *connection(SSL_CTX *ctx, int fd)
{
	struct gw_tls *t = gw_zalloc(sizeof(*t));
	SSL *ssl;

	ERR_clear_error();
	ssl = SSL_new(ctx);
	if (ssl == NULL || SSL_set_app_data(ssl, t) != 1 || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		t->fault = GW_TLS_FAULT_LOCAL;
		(void)snprintf(t->text, sizeof(t->text), "no memory for a connection");
		return t;
	}
	BIO_set_callback_ex(SSL_get_rbio(ssl), on_octets);
	BIO_set_callback_arg(SSL_get_rbio(ssl), (char *)t);
	t->ssl = ssl;
	return t;
}

struct gw_tls *gw_tls_connect(struct gw_tls_client *client, int fd, const char *name)
{
	struct gw_tls *t = connection(client->ctx, fd);
	unsigned char address[16];

	if (t->ssl == NULL)
		return t;
	SSL_set_connect_state(t->ssl);
	if (name == NULL || name[0] == '\0' || gw_name_ip(name, address) != 0)
		return t;
	if (SSL_set_tlsext_host_name(t->ssl, name) == 1)
		(void)snprintf(t->sni, sizeof(t->sni), "%s", name);
	return t;
}

struct gw_tls *gw_tls_accept(struct gw_tls_server *server, int fd)
{
	struct gw_tls *t = connection(server->ctx, fd);

	t->server = server;
	if (t->ssl != NULL)
		SSL_set_accept_state(t->ssl);
	return t;
}

void gw_tls_free(struct gw_tls **tls)
{
	struct gw_tls *t = *tls;

	if (t == NULL)
		return;
	SSL_free(t->ssl);
	gw_certs_release(&t->chain);
	gw_arena_release(&t->arena);
	free(t);
	*tls = NULL;
}

/* --- what went wrong ---------------------------------------------------------------------------------------------- */

static bool begins(const struct gw_tls *t, const char *word)
{
	size_t len = strlen(word);

	return t->n_first >= len && memcmp(t->first, word, len) == 0;
}

static bool is_http(const struct gw_tls *t)
{
	static const char *const words[] = {"HTTP/",   "GET ",     "HEAD ",  "POST ",    "PUT ",       "PATCH ",
					    "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ", "PRI * HTTP/"};

	for (size_t i = 0; i < GW_COUNT(words); i++)
		if (begins(t, words[i]))
			return true;
	return false;
}

/* A TLS record begins with its content type, 20 to 24, and a version 3.x; an SSL 2.0 style ClientHello, which some old
 * clients still send, with a length whose top bit is set and the message type 1. */
static bool is_tls(const struct gw_tls *t)
{
	if (t->n_first < 2)
		return true;
	if (t->server != NULL && t->n_first >= 3 && (t->first[0] & 0x80) != 0 && t->first[2] == 1)
		return true;
	return t->first[0] >= SSL3_RT_CHANGE_CIPHER_SPEC && t->first[0] <= 24 && t->first[1] == 3;
}

static enum gw_tls_fault fault_of_reason(unsigned long error)
{
	if (ERR_GET_LIB(error) != ERR_LIB_SSL)
		return ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE ? GW_TLS_FAULT_LOCAL : GW_TLS_FAULT_PROTOCOL;
	switch (ERR_GET_REASON(error)) {
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_NO_PROTOCOLS_AVAILABLE:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_VERSION_TOO_HIGH:
	case SSL_R_WRONG_SSL_VERSION:
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_UNKNOWN_PROTOCOL: return GW_TLS_FAULT_VERSION;
	case SSL_R_CERTIFICATE_VERIFY_FAILED:
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return GW_TLS_FAULT_CERTIFICATE;
	case ERR_R_MALLOC_FAILURE: return GW_TLS_FAULT_LOCAL;
	default: return GW_TLS_FAULT_PROTOCOL;
	}
}

/* Empties OpenSSL's queue. Its first entry is the deepest: the others say who passed it on. */
static unsigned long drain_queue(struct gw_tls *t)
{
	const char *data = NULL;
	int flags = 0;
	unsigned long error = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
	const char *reason = ERR_reason_error_string(error);

	if (error != 0 && t->text[0] == '\0') {
		bool more = (flags & ERR_TXT_STRING) != 0 && data != NULL && data[0] != '\0';

		(void)snprintf(t->text, sizeof(t->text), "%s%s%s", reason != NULL ? reason : "unknown reason",
			       more ? ": " : "", more ? data : "");
	}
	ERR_clear_error();
	return error;
}

static void say(struct gw_tls *t, enum gw_tls_fault fault, const char *text)
{
	t->fault = fault;
	if (text != NULL)
		(void)snprintf(t->text, sizeof(t->text), "%s", text);
}

static void fault_of_system(struct gw_tls *t, int error)
{
	switch (error) {
	case 0: say(t, GW_TLS_FAULT_CLOSED, "the peer closed the connection"); break;
	case ECONNRESET:
	case EPIPE: say(t, GW_TLS_FAULT_RESET, "the peer reset the connection"); break;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH: say(t, GW_TLS_FAULT_RESET, strerrordesc_np(error)); break;
	default: say(t, GW_TLS_FAULT_LOCAL, strerrordesc_np(error)); break;
	}
}

/* Decides on the fault. The peer's own word comes first, then what its octets look like, then what OpenSSL makes of it. */
static enum gw_tls_step failed(struct gw_tls *t, int status, int error)
{
	unsigned long reason = drain_queue(t);

	if (t->received.fatal)
		t->fault = GW_TLS_FAULT_ALERT;
	else if (!SSL_is_init_finished(t->ssl) && is_http(t))
		say(t, GW_TLS_FAULT_HTTP, "the peer speaks plain HTTP");
	else if (!SSL_is_init_finished(t->ssl) && !is_tls(t))
		say(t, GW_TLS_FAULT_NOT_TLS, "what the peer sends is not TLS");
	else if (status == SSL_ERROR_ZERO_RETURN)
		fault_of_system(t, 0);
	else if (status == SSL_ERROR_SYSCALL && reason == 0)
		fault_of_system(t, error);
	else
		t->fault = fault_of_reason(reason);
	return GW_TLS_FAILED;
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

/* Before a call into OpenSSL, whose queue and errno the last connection's call may have left dirty. */
static bool ready(struct gw_tls *t)
{
	if (t->ssl == NULL || t->fault != GW_TLS_FAULT_NONE)
		return false;
	ERR_clear_error();
	errno = 0;
	return true;
}

/* What a call into OpenSSL has come to. */
static enum gw_tls_step step_of(struct gw_tls *t, int result)
{
	int error = errno;
	int status;

	if (result > 0)
		return GW_TLS_DONE;
	status = SSL_get_error(t->ssl, result);
	switch (status) {
	case SSL_ERROR_WANT_READ: return GW_TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE: return GW_TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		if (SSL_is_init_finished(t->ssl))
			return GW_TLS_CLOSED;
		break;
	default: break;
	}
	return failed(t, status, error);
}

enum gw_tls_step gw_tls_handshake(struct gw_tls *t)
{
	return ready(t) ? step_of(t, SSL_do_handshake(t->ssl)) : GW_TLS_FAILED;
}

enum gw_tls_step gw_tls_read(struct gw_tls *t, void *data, size_t size, size_t *got)
{
	return ready(t) ? step_of(t, SSL_read_ex(t->ssl, data, size, got)) : GW_TLS_FAILED;
}

enum gw_tls_step gw_tls_write(struct gw_tls *t, const void *data, size_t len, size_t *put)
{
	enum gw_tls_step step;
	char octet;
	size_t n;

	if (!ready(t))
		return GW_TLS_FAILED;
	step = step_of(t, SSL_write_ex(t->ssl, data, len, put));
	if (step != GW_TLS_FAILED || t->fault != GW_TLS_FAULT_RESET)
		return step;
	/* A server that refuses a client certificate in TLS 1.3 sends its alert and closes; the alert waits unread. */
	ERR_clear_error();
	(void)SSL_peek_ex(t->ssl, &octet, sizeof(octet), &n);
	ERR_clear_error();
	if (t->received.fatal)
		t->fault = GW_TLS_FAULT_ALERT;
	return GW_TLS_FAILED;
}

enum gw_tls_step gw_tls_shutdown(struct gw_tls *t)
{
	int result;

	if (!ready(t))
		return GW_TLS_FAILED;
	result = SSL_shutdown(t->ssl);
	return result == 0 ? GW_TLS_DONE : step_of(t, result); /* 0: sent, and the peer's is not there yet */
}
