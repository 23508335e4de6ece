/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "pki/verify.h"
#include "serve/answer.h"
#include "serve/http.h"

/* Where a connection is. It goes down this list, and from WRITING back to READING where it is kept. */
enum phase {
	SHAKING,
	READING,
	WRITING,
	ENDING,    /* sends close_notify */
	LINGERING, /* has sent its last, waits for the peer's end */
};

/* What driving a connection has come to. */
enum turn { TURN_ON, TURN_WAIT, TURN_OVER };

struct conn {
	struct conn *next, *prev; /* a ring, with that of struct serve as its knot */
	struct serve *serve;
	enum phase phase;
	int fd;
	struct gw_tls *tls;
	struct gw_watch *watch;
	struct gw_timer *timer;
	struct gw_buf in, out;
	size_t sent; /* of out */
	bool keep;   /* go on after the answer */
	struct gw_address peer;
};

struct serve {
	const struct gw_serve_conf *conf;
	struct gw_loop *loop;
	struct gw_listener *listener;
	struct conn conns;
	unsigned n_conns;
};

static void conn_free(struct conn *c)
{
	struct serve *s = c->serve;

	c->prev->next = c->next;
	c->next->prev = c->prev;
	gw_watch_close(&c->watch);
	gw_timer_close(&c->timer);
	gw_tls_free(&c->tls);
	gw_close(&c->fd);
	gw_buf_release(&c->in);
	gw_buf_release(&c->out);
	free(c);
	if (s->n_conns-- == s->conf->max_connections && s->listener != NULL)
		gw_listener_pause(s->listener, false);
}

static void enter(struct conn *c, enum phase phase, uint64_t ms)
{
	c->phase = phase;
	gw_timer_set(c->timer, ms);
}

static void log_failure(const struct conn *c)
{
	struct gw_buf line GW_BUF_AUTO = GW_BUF(2048);
	struct gw_tls_facts facts;
	char peer[GW_ADDRESS_TEXT];

	if (!c->serve->conf->ctx->verbose)
		return;
	gw_tls_observe(c->tls, &facts);
	gw_address_text(&c->peer, peer);
	gw_buf_printf(&line, "%s: %s failed: ", peer, facts.handshake_done ? "the connection" : "the handshake");
	gw_text_escape(&line, facts.text, strlen(facts.text));
	if (facts.client_error != 0)
		gw_buf_printf(&line, ": %s", gw_verify_error_text(facts.client_error));
	if (facts.sent.fatal)
		gw_buf_printf(&line, "; alert %u %s sent", facts.sent.number, facts.sent.name ? facts.sent.name : "");
	if (facts.received.fatal)
		gw_buf_printf(&line, "; alert %u %s received", facts.received.number,
			      facts.received.name ? facts.received.name : "");
	fprintf(c->serve->conf->ctx->err, "%s\n", gw_buf_str(&line));
}

/* A browser or curl with http:// gets a sentence that it can show. It is no TLS, so it goes to the socket as it is. */
static void answer_plain_http(const struct conn *c)
{
	static const char body[] = "This port speaks HTTPS: use https:// in the URL.\n";
	struct gw_http_reply reply = {
		.status = 400, .type = "text/plain", .body = body, .body_len = sizeof(body) - 1, .minor = true};
	struct gw_buf text GW_BUF_AUTO = GW_BUF(1024);

	gw_http_reply(&text, &reply);
	/* A fresh socket takes as much at once; where it does not, nothing is lost. */
	(void)send(c->fd, text.data, text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Closes our half and waits for the peer's, since octets that arrive after close() make the system reset the connection,
 * and an alert or answer that the peer has not read yet may go with it. */
static enum turn linger(struct conn *c)
{
	(void)shutdown(c->fd, SHUT_WR);
	enter(c, LINGERING, GW_SERVE_LINGER_MS);
	return TURN_ON;
}

static enum turn fail(struct conn *c)
{
	struct gw_tls_facts facts;

	log_failure(c);
	gw_tls_observe(c->tls, &facts);
	if (facts.fault == GW_TLS_FAULT_HTTP)
		answer_plain_http(c);
	return facts.fault == GW_TLS_FAULT_RESET ? TURN_OVER : linger(c);
}

/* Waits for what TLS wants. */
static enum turn await(struct conn *c, enum gw_tls_step step)
{
	gw_watch_set(c->watch, step == GW_TLS_WANT_WRITE ? GW_WATCH_WRITE : GW_WATCH_READ);
	return TURN_WAIT;
}

/* What any step but DONE leads to. */
static enum turn otherwise(struct conn *c, enum gw_tls_step step)
{
	switch (step) {
	case GW_TLS_WANT_READ:
	case GW_TLS_WANT_WRITE: return await(c, step);
	case GW_TLS_FAILED: return fail(c);
	case GW_TLS_CLOSED:
	case GW_TLS_DONE: break;
	}
	enter(c, ENDING, GW_SERVE_LINGER_MS);
	return TURN_ON;
}

static enum turn shake(struct conn *c)
{
	enum gw_tls_step step = gw_tls_handshake(c->tls);

	if (step != GW_TLS_DONE)
		return otherwise(c, step);
	enter(c, READING, GW_SERVE_IDLE_MS);
	return TURN_ON;
}

/* Answers the request at the start of `in`, if it is whole. */
static bool answer(struct conn *c)
{
	struct gw_http_request request;
	int status = gw_http_parse(gw_buf_str(&c->in), c->in.len, &request);

	if (status < 0)
		return false;
	if (status > 0) {
		gw_answer_bad(&c->out, (unsigned)status);
		c->keep = false;
	} else {
		gw_answer(&c->out, c->tls, &request, &c->keep);
		memmove(c->in.data, c->in.data + request.len, c->in.len - request.len);
		c->in.len -= request.len;
	}
	enter(c, WRITING, GW_SERVE_IDLE_MS);
	return true;
}

static enum turn read_request(struct conn *c)
{
	enum gw_tls_step step;
	char *room;
	size_t got;

	room = gw_buf_reserve(&c->in, GW_HTTP_HEAD_MAX - c->in.len);
	step = gw_tls_read(c->tls, room, GW_HTTP_HEAD_MAX - c->in.len, &got);
	if (step == GW_TLS_DONE) {
		c->in.len += got;
		c->in.data[c->in.len] = '\0';
		(void)answer(c);
		return TURN_ON;
	}
	if (c->in.len == 0)
		gw_buf_release(&c->in); /* an idle connection holds no buffer */
	return otherwise(c, step);
}

static enum turn write_answer(struct conn *c)
{
	enum gw_tls_step step = GW_TLS_DONE;
	size_t put;

	while (c->sent < c->out.len && step == GW_TLS_DONE) {
		step = gw_tls_write(c->tls, c->out.data + c->sent, c->out.len - c->sent, &put);
		if (step == GW_TLS_DONE)
			c->sent += put;
	}
	if (step != GW_TLS_DONE)
		return otherwise(c, step);
	gw_buf_release(&c->out);
	c->sent = 0;
	if (!c->keep) {
		enter(c, ENDING, GW_SERVE_LINGER_MS);
		return TURN_ON;
	}
	enter(c, READING, GW_SERVE_IDLE_MS);
	if (c->in.len > 0) /* the next request may have come with this one */
		(void)answer(c);
	return TURN_ON;
}

static enum turn end(struct conn *c)
{
	enum gw_tls_step step = gw_tls_shutdown(c->tls);

	if (step == GW_TLS_WANT_READ || step == GW_TLS_WANT_WRITE)
		return await(c, step);
	return linger(c);
}

/* Throws away what still comes, so that the peer's end is seen. */
static enum turn await_end(struct conn *c)
{
	char waste[4096];
	ssize_t n = recv(c->fd, waste, sizeof(waste), 0);

	if (n < 0 && errno == EAGAIN)
		return await(c, GW_TLS_WANT_READ);
	return n > 0 || (n < 0 && errno == EINTR) ? TURN_ON : TURN_OVER;
}

static enum turn take_turn(struct conn *c)
{
	switch (c->phase) {
	case SHAKING: return shake(c);
	case READING: return read_request(c);
	case WRITING: return write_answer(c);
	case ENDING: return end(c);
	case LINGERING: return await_end(c);
	}
	return TURN_OVER;
}

/* The turns of one connection in one go: a peer that never stops sending must not keep the others waiting. */
#define TURNS_MAX 64

static void conn_ready(void *self, unsigned events)
{
	struct conn *c = self;
	enum turn turn = TURN_ON;

	(void)events;
	for (int i = 0; i < TURNS_MAX && turn == TURN_ON; i++)
		turn = take_turn(c);
	if (turn == TURN_OVER)
		conn_free(c);
	else if (turn == TURN_ON) /* octets may be waiting inside TLS, where no watch sees them: an open way out does */
		gw_watch_set(c->watch, GW_WATCH_READ | GW_WATCH_WRITE);
}

static void conn_late(void *self)
{
	conn_free(self);
}

static void accept_peer(void *self, int fd, const struct gw_address *peer)
{
	struct serve *s = self;
	struct conn *c = gw_zalloc(sizeof(*c));

	c->serve = s;
	c->fd = fd;
	c->peer = *peer;
	c->in.max = GW_HTTP_HEAD_MAX;
	c->out.max = GW_SERVE_OUT_MAX;
	c->next = &s->conns;
	c->prev = s->conns.prev;
	c->prev->next = c->next->prev = c;
	c->tls = gw_tls_accept(s->conf->tls, fd);
	c->watch = gw_watch_start(s->loop, fd, conn_ready, c);
	c->timer = gw_timer_start(s->loop, GW_SERVE_HANDSHAKE_MS, conn_late, c);
	gw_watch_set(c->watch, GW_WATCH_READ);
	if (++s->n_conns == s->conf->max_connections)
		gw_listener_pause(s->listener, true);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

enum gw_code gw_serve_set_address(struct gw_serve_conf *conf, const char *where, const char *text, struct gw_err *err)
{
	struct gw_hostport parsed;
	struct gw_address at;
	const char *host;

	if (gw_hostport_parse(where, text, true, &parsed, err) != GW_OK)
		return err->code;
	host = strcmp(parsed.host, "localhost") == 0 ? "127.0.0.1" : parsed.host;
	if (!parsed.has_port)
		return gw_fail(err, GW_E_USAGE, where, "'%s' has no port", text);
	if (!gw_address_parse(host, parsed.port, &at)) {
		(void)gw_fail(err, GW_E_USAGE, where, "'%s' is not an address of this machine", host);
		return gw_hint(err, "write an IP address: 127.0.0.1:8443, [::1]:8443");
	}
	if (!conf->remote && !gw_address_is_loopback(&at)) {
		(void)gw_fail(err, GW_E_REFUSED, where, "%s is not a loopback address: other machines could connect",
			      host);
		return gw_hint(err, "add --allow-remote if that is what you want, or listen on 127.0.0.1");
	}
	conf->at = at;
	return GW_OK;
}

static void time_is_up(void *self)
{
	struct serve *s = self;

	gw_loop_stop(s->loop);
}

/* The connections first, then what they stand on. */
static void serve_release(struct serve *s)
{
	gw_listener_close(&s->listener);
	while (s->conns.next != &s->conns)
		conn_free(s->conns.next);
	gw_loop_free(&s->loop);
}

enum gw_code gw_serve_run(const struct gw_serve_conf *conf, struct gw_err *err)
{
	struct serve s GW_CLEANUP(serve_release) = {.conf = conf, .conns.next = &s.conns, .conns.prev = &s.conns};
	const struct gw_address *at;
	char text[GW_ADDRESS_TEXT];
	enum gw_code code = gw_loop_new(conf->ctx, &s.loop, err);

	if (code == GW_OK)
		code = gw_listener_start(s.loop, &conf->at, conf->remote, accept_peer, &s, &s.listener, err);
	if (code != GW_OK)
		return code;
	if (conf->span_ms > 0)
		gw_timer_start(s.loop, conf->span_ms, time_is_up, &s);
	at = gw_listener_address(s.listener);
	gw_address_text(at, text);
	conf->ready(conf->self, text, gw_address_is_loopback(at));
	(void)gw_loop_run(s.loop); /* a signal is how it is meant to end */
	return GW_OK;
}
