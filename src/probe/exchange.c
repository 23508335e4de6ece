/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "probe/reply.h"

#define REQUEST_MAX ((size_t)64 << 10)         /* octets: a path from the command line is far smaller */
#define READ_SIZE   ((size_t)4 << 10)          /* octets a step: the head of a reply in most cases */
#define READ_TURNS  64                         /* reads of one connection before the others have their turn */
#define FOREVER_MS  (UINT64_MAX / 4 / 1000000) /* a deadline that does not overflow in nanoseconds: 146 years */
#define FIRST_SHOWN 16                         /* octets of what is neither TLS nor HTTP */

struct gw_exchange {
	const struct gw_exchange_conf *conf;
	struct gw_probe *probe;
	struct gw_dial *dial;
	struct gw_timer *timer;
	struct gw_watch *watch;
	struct gw_tls *tls;
	int fd;
	uint64_t began_ns;    /* the present phase */
	uint64_t deadline_ns; /* the whole */
	struct gw_buf out, in;
	size_t sent; /* octets of out */
	void (*fn)(void *self, struct gw_exchange *x);
	void *self;
};

struct gw_probe *gw_exchange_probe(const struct gw_exchange *x)
{
	return x->probe;
}

void gw_exchange_close(struct gw_exchange **x)
{
	struct gw_exchange *e = *x;

	if (e == NULL)
		return;
	gw_dial_close(&e->dial);
	gw_timer_close(&e->timer);
	gw_watch_close(&e->watch);
	gw_tls_free(&e->tls);
	gw_close(&e->fd);
	gw_buf_release(&e->out);
	gw_buf_release(&e->in);
	free(e);
	*x = NULL;
}

/* --- what was seen ------------------------------------------------------------------------------------------------ */

static const char *keep(struct gw_probe *p, const char *text)
{
	return text != NULL && text[0] != '\0' ? gw_arena_strdup(&p->arena, text) : NULL;
}

static void keep_chain(struct gw_probe *p, const struct gw_certs *chain)
{
	size_t i;

	p->facts = gw_arena_alloc(&p->arena, chain->count * sizeof(*p->facts));
	for (i = 0; i < chain->count; i++) {
		gw_certs_add(&p->chain, gw_cert_ref(chain->items[i]));
		gw_cert_read_facts(chain->items[i], &p->arena, &p->facts[i]);
	}
}

static void keep_ca_names(struct gw_probe *p, const struct gw_tls_facts *facts)
{
	size_t i;

	p->ca_names = gw_arena_alloc(&p->arena, facts->n_cas * sizeof(*p->ca_names));
	p->n_ca_names = facts->n_cas;
	for (i = 0; i < facts->n_cas; i++)
		p->ca_names[i] = gw_arena_strdup(&p->arena, facts->ca_names[i]);
}

static void keep_facts(struct gw_exchange *x, const struct gw_tls_facts *facts)
{
	struct gw_probe *p = x->probe;

	p->handshaken = facts->handshake_done;
	p->answered = facts->version != NULL || facts->received.seen;
	p->version = keep(p, facts->version);
	p->cipher = keep(p, facts->cipher);
	p->group = keep(p, facts->group);
	p->alpn = keep(p, facts->alpn);
	p->signature = keep(p, facts->signature);
	p->ocsp_stapled = facts->ocsp_stapled;
	p->client_requested = facts->client_cert_requested;
	p->client_presented = facts->client_cert_requested && x->conf->client_cert;
	if (facts->received.seen && facts->received.fatal)
		p->alert = facts->received.number;
	if (facts->chain != NULL && facts->chain->count > 0)
		keep_chain(p, facts->chain);
	if (facts->n_cas > 0)
		keep_ca_names(p, facts);
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

/* The present phase is over; the next one begins. */
static void end_phase(struct gw_exchange *x)
{
	uint64_t now = gw_monotonic_ns(&x->conf->clock);

	x->probe->span_ns[x->probe->phase] = (int64_t)(now - x->began_ns);
	x->began_ns = now;
}

static void finish(struct gw_exchange *x, enum gw_end end, const char *detail)
{
	struct gw_probe *p = x->probe;

	end_phase(x);
	p->end = end;
	p->detail = keep(p, detail);
	if (x->tls != NULL) {
		struct gw_tls_facts facts;

		gw_tls_observe(x->tls, &facts);
		keep_facts(x, &facts);
	}
	gw_timer_close(&x->timer);
	gw_watch_close(&x->watch);
	x->fn(x->self, x);
}

/* The beginning of what came, for a person: not escaped here. */
static void finish_shown(struct gw_exchange *x, enum gw_end end, const void *data, size_t len)
{
	size_t n = len < FIRST_SHOWN ? len : FIRST_SHOWN;

	finish(x, end, gw_arena_strndup(&x->probe->arena, data, n));
}

static void finish_tls_fault(struct gw_exchange *x)
{
	struct gw_tls_facts facts;

	gw_tls_observe(x->tls, &facts);
	switch (facts.fault) {
	case GW_TLS_FAULT_ALERT: finish(x, GW_END_ALERT, NULL); return;
	case GW_TLS_FAULT_NONE:
	case GW_TLS_FAULT_CLOSED:
	case GW_TLS_FAULT_RESET: finish(x, facts.received.fatal ? GW_END_ALERT : GW_END_CLOSED, NULL); return;
	case GW_TLS_FAULT_HTTP: finish(x, GW_END_PLAIN_HTTP, NULL); return;
	case GW_TLS_FAULT_NOT_TLS: finish_shown(x, GW_END_NOT_TLS, facts.first_octets, facts.n_first); return;
	case GW_TLS_FAULT_VERSION:
	case GW_TLS_FAULT_CERTIFICATE:
	case GW_TLS_FAULT_PROTOCOL:
	case GW_TLS_FAULT_LOCAL: finish(x, GW_END_TLS_BROKEN, facts.text); return;
	}
}

/* --- HTTP --------------------------------------------------------------------------------------------------------- */

/* nginx says in the body why it answers 400: "No required SSL certificate was sent", "The SSL certificate error". */
static bool names_client_certificate(const struct gw_reply *reply)
{
	static const char words[] = "SSL certificate";

	return reply->body_len > 0 && memmem(reply->body, reply->body_len, words, sizeof(words) - 1) != NULL;
}

static void finish_reply(struct gw_exchange *x, const struct gw_reply *reply)
{
	struct gw_probe *p = x->probe;

	p->status = reply->status;
	if (reply->server != NULL)
		p->server = gw_arena_strndup(&p->arena, reply->server, reply->server_len);
	p->client_named = reply->status == 400 && names_client_certificate(reply);
	(void)gw_tls_shutdown(x->tls); /* a courtesy: the answer is here, so its failure says nothing */
	finish(x, GW_END_REPLY, NULL);
}

/* Looks at what has come so far; false while more is needed. */
static bool take_reply(struct gw_exchange *x)
{
	bool full = x->in.len >= GW_REPLY_MAX || x->in.overflow;
	struct gw_reply reply;

	switch (gw_reply_read(gw_buf_str(&x->in), x->in.len, full, &reply)) {
	case GW_REPLY_MORE: return false;
	case GW_REPLY_DONE: finish_reply(x, &reply); return true;
	case GW_REPLY_NOT_HTTP: finish_shown(x, GW_END_NOT_HTTP, gw_buf_str(&x->in), x->in.len); return true;
	}
	return false;
}

static void finish_closed(struct gw_exchange *x)
{
	/* A reply without a body may end with the connection; a head that does not end is none. */
	if (x->in.len == 0 || !take_reply(x))
		finish(x, GW_END_CLOSED, NULL);
}

/* Reads what is there, then looks at it once: a server that sends an octet a record is not parsed an octet at a time, and
 * does not keep the others waiting. */
static void step_read(struct gw_exchange *x)
{
	unsigned waits =
		GW_WATCH_READ | GW_WATCH_WRITE; /* octets may wait inside TLS, where no descriptor tells of them */
	char data[READ_SIZE];
	unsigned turn;

	for (turn = 0; turn < READ_TURNS; turn++) {
		size_t got = 0;
		enum gw_tls_step step = gw_tls_read(x->tls, data, sizeof(data), &got);

		if (step == GW_TLS_DONE) {
			gw_buf_add(&x->in, data, got);
			if (x->in.len < GW_REPLY_MAX && !x->in.overflow)
				continue;
		} else if (step == GW_TLS_CLOSED) {
			finish_closed(x);
			return;
		} else if (step == GW_TLS_FAILED) {
			finish_tls_fault(x);
			return;
		} else {
			waits = step == GW_TLS_WANT_READ ? GW_WATCH_READ : GW_WATCH_WRITE;
		}
		break;
	}
	if (!take_reply(x))
		gw_watch_set(x->watch, waits);
}

/* Sends what is left of the request; a server that has closed may still have left an alert or a reply to read. */
static void step_write(struct gw_exchange *x)
{
	while (x->sent < x->out.len) {
		size_t put = 0;

		switch (gw_tls_write(x->tls, x->out.data + x->sent, x->out.len - x->sent, &put)) {
		case GW_TLS_DONE: x->sent += put; break;
		case GW_TLS_WANT_READ: gw_watch_set(x->watch, GW_WATCH_READ); return;
		case GW_TLS_WANT_WRITE: gw_watch_set(x->watch, GW_WATCH_WRITE); return;
		case GW_TLS_CLOSED: finish(x, GW_END_CLOSED, NULL); return;
		case GW_TLS_FAILED: finish_tls_fault(x); return;
		}
	}
	step_read(x);
}

/* --- TLS ---------------------------------------------------------------------------------------------------------- */

static void step_handshake(struct gw_exchange *x)
{
	switch (gw_tls_handshake(x->tls)) {
	case GW_TLS_DONE:
		end_phase(x);
		x->probe->phase = GW_PHASE_HTTP;
		gw_request_write(&x->out, x->probe->target, x->conf->user_agent);
		step_write(x);
		return;
	case GW_TLS_WANT_READ: gw_watch_set(x->watch, GW_WATCH_READ); return;
	case GW_TLS_WANT_WRITE: gw_watch_set(x->watch, GW_WATCH_WRITE); return;
	case GW_TLS_CLOSED:
	case GW_TLS_FAILED: finish_tls_fault(x); return;
	}
}

static void on_ready(void *self, unsigned events)
{
	struct gw_exchange *x = self;

	(void)events; /* each step tries and says what it waits for */
	if (x->probe->phase == GW_PHASE_TLS)
		step_handshake(x);
	else
		step_write(x);
}

static void on_timeout(void *self)
{
	finish(self, GW_END_TIMEOUT, NULL);
}

static uint64_t milliseconds_left(const struct gw_exchange *x)
{
	return x->began_ns < x->deadline_ns ? (x->deadline_ns - x->began_ns) / 1000000 + 1 : 0;
}

static void start_tls(struct gw_exchange *x, int fd)
{
	x->fd = fd;
	x->probe->phase = GW_PHASE_TLS;
	x->timer = gw_timer_start(x->conf->loop, milliseconds_left(x), on_timeout, x);
	x->watch = gw_watch_start(x->conf->loop, fd, on_ready, x);
	x->tls = gw_tls_connect(x->conf->client, fd, x->probe->target->host);
	step_handshake(x);
}

/* --- TCP ---------------------------------------------------------------------------------------------------------- */

static void on_dialled(void *self, int error, int fd)
{
	struct gw_exchange *x = self;

	switch (error) {
	case 0:
		end_phase(x);
		start_tls(x, fd);
		return;
	case ETIMEDOUT: finish(x, GW_END_TIMEOUT, NULL); return;
	case ECONNREFUSED: finish(x, GW_END_REFUSED, NULL); return;
	default: finish(x, GW_END_UNREACHABLE, gw_net_error_text(error)); return;
	}
}

struct gw_exchange *gw_exchange_start(const struct gw_exchange_conf *conf, struct gw_probe *p,
				      const struct gw_address *to, uint64_t deadline_ms,
				      void (*fn)(void *self, struct gw_exchange *x), void *self)
{
	struct gw_exchange *x = gw_zalloc(sizeof(*x));

	x->conf = conf;
	x->probe = p;
	x->fd = -1;
	x->fn = fn;
	x->self = self;
	x->out.max = REQUEST_MAX;
	x->in.max = GW_REPLY_MAX;
	x->began_ns = gw_monotonic_ns(&conf->clock);
	x->deadline_ns = x->began_ns + (deadline_ms < FOREVER_MS ? deadline_ms : FOREVER_MS) * 1000000;
	p->phase = GW_PHASE_TCP;
	x->dial = gw_dial_start(conf->loop, to, deadline_ms, on_dialled, x);
	return x;
}
