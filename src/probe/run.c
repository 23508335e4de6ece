/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/run.h"

#include <stdlib.h>
#include <string.h>

#include "probe/exchange.h"

/* A connection that waits for its turn. */
struct waiting {
	size_t target, address; /* indices */
	struct gw_address to;
	int64_t dns_ns; /* that the lookup took, -1: none was made */
};

/* A name to look up, and the targets that have it: a stretch of run.asking. */
struct name {
	struct run *run;
	const char *host; /* borrowed */
	size_t first, count;
	struct gw_lookup *lookup;
	uint64_t began_ns;
};

/* A connection under way; a place in a ring of them, so that an interrupted run can close them all. */
struct active {
	struct active *next, *prev;
	struct run *run;
	struct gw_exchange *exchange;
};

struct run {
	const struct gw_ctx *ctx;
	const struct gw_probe_plan *plan;
	struct gw_loop *loop;
	struct gw_tls_client *client;
	struct gw_exchange_conf conf;

	size_t *asking; /* indices of targets whose name DNS must tell, in order of the name to connect to */
	struct name *names;
	size_t n_names, next_name, lookups;
	size_t unresolved; /* targets whose name has not been told yet */

	struct waiting *queue; /* first in, first out; entries before queue_at are done with */
	size_t queue_at, queue_len, queue_cap;

	struct active ring;
	size_t n_active, finished;

	enum gw_code failed; /* a fault of our own ends the run */
	struct gw_err *err;
};

static void feed(struct run *run);

/* Where a target's connection goes. */
static const char *endpoint_host(const struct run *run, size_t target)
{
	return run->plan->connect != NULL ? run->plan->connect->host : run->plan->targets[target].host;
}

static uint16_t endpoint_port(const struct run *run, size_t target)
{
	const struct gw_target *connect = run->plan->connect;

	return connect != NULL && connect->port != 0 ? connect->port : run->plan->targets[target].port;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* Probes known of, done or not; a name that is still to be resolved counts as one address. */
static size_t known(const struct run *run)
{
	return run->finished + run->n_active + (run->queue_len - run->queue_at) + run->unresolved;
}

static void hand_over(struct run *run, struct gw_probe *p)
{
	if (run->failed == GW_OK)
		run->failed = gw_probe_judge(p, &run->plan->policy, run->err);
	if (run->failed != GW_OK) {
		gw_probe_free(p);
		gw_loop_stop(run->loop);
		return;
	}
	run->finished++;
	run->plan->done(run->plan->self, p);
	if (run->plan->progress != NULL)
		run->plan->progress(run->plan->self, run->finished, known(run));
}

/* The single row of a name without addresses. */
static void hand_over_nameless(struct run *run, size_t target, const struct gw_lookup_result *result, int64_t dns_ns)
{
	struct gw_probe *p = gw_probe_new(&run->plan->targets[target], target);

	p->port = endpoint_port(run, target);
	p->where = gw_arena_strdup(&p->arena, p->target->label);
	p->phase = GW_PHASE_DNS;
	p->span_ns[GW_PHASE_DNS] = dns_ns;
	p->detail = gw_arena_strdup(&p->arena, result->text);
	switch (result->status) {
	case GW_LOOKUP_TIMED_OUT: p->end = GW_END_TIMEOUT; break;
	case GW_LOOKUP_TROUBLE: p->end = GW_END_NO_RESOLVER; break;
	case GW_LOOKUP_OK:
	case GW_LOOKUP_NO_NAME: p->end = GW_END_NO_NAME; break;
	}
	hand_over(run, p);
}

/* "store.example.com (203.0.113.12:443)", or the address alone where that is what was asked for; of a name with xn-- labels
 * what it stands for as well. */
static void set_address(struct gw_probe *p, const struct gw_address *to)
{
	char text[GW_ADDRESS_TEXT];

	gw_address_ip_text(to, text);
	p->address = gw_arena_strdup(&p->arena, text);
	p->port = gw_address_port(to);
	gw_address_text(to, text);
	if (strcmp(p->target->label, text) == 0)
		p->where = p->target->label;
	else if (p->target->unicode == NULL)
		p->where = gw_arena_printf(&p->arena, "%s (%s)", p->target->host, text);
	else
		p->where = gw_arena_printf(&p->arena, "%s (%s, %s)", p->target->host, p->target->unicode, text);
}

/* --- connections -------------------------------------------------------------------------------------------------- */

static void enqueue(struct run *run, const struct waiting *w)
{
	if (run->queue_len == run->queue_cap) {
		run->queue_cap = run->queue_cap > 0 ? 2 * run->queue_cap : 64;
		run->queue = gw_realloc_array(run->queue, run->queue_cap, sizeof(*run->queue));
	}
	run->queue[run->queue_len++] = *w;
}

static void enqueue_all(struct run *run, size_t target, const struct gw_address *addresses, size_t count,
			int64_t dns_ns)
{
	size_t i;

	for (i = 0; i < count; i++)
		enqueue(run, &(struct waiting){.target = target, .address = i, .to = addresses[i], .dns_ns = dns_ns});
}

static void drop_active(struct active *a)
{
	a->prev->next = a->next;
	a->next->prev = a->prev;
	a->run->n_active--;
	gw_exchange_close(&a->exchange);
	free(a);
}

static void on_exchanged(void *self, struct gw_exchange *x)
{
	struct active *a = self;
	struct run *run = a->run;
	struct gw_probe *p = gw_exchange_probe(x);

	drop_active(a);
	hand_over(run, p);
	feed(run);
}

static void start_exchange(struct run *run, const struct waiting *w)
{
	uint64_t deadline_ms = (uint64_t)run->plan->timeout_s * 1000;
	uint64_t dns_ms = w->dns_ns > 0 ? (uint64_t)w->dns_ns / 1000000 : 0;
	struct active *a = gw_zalloc(sizeof(*a));
	struct gw_probe *p = gw_probe_new(&run->plan->targets[w->target], w->target);

	p->address_index = w->address;
	p->span_ns[GW_PHASE_DNS] = w->dns_ns;
	set_address(p, &w->to);
	a->run = run;
	a->next = run->ring.next;
	a->prev = &run->ring;
	a->next->prev = a;
	run->ring.next = a;
	run->n_active++;
	a->exchange = gw_exchange_start(&run->conf, p, &w->to, dns_ms < deadline_ms ? deadline_ms - dns_ms : 1,
					on_exchanged, a);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static struct gw_address with_port(const struct gw_address *address, uint16_t port)
{
	struct gw_address a = *address;

	if (gw_address_is_v6(&a))
		a.v6.sin6_port = htons(port);
	else
		a.v4.sin_port = htons(port);
	return a;
}

static void on_looked_up(void *self, const struct gw_lookup_result *result)
{
	struct name *name = self;
	struct run *run = name->run;
	int64_t dns_ns = (int64_t)(gw_monotonic_ns(&run->ctx->clock) - name->began_ns);
	struct gw_address addresses[GW_LOOKUP_ADDRESSES];
	size_t i, k;

	run->lookups--;
	for (i = 0; i < name->count; i++) {
		size_t target = run->asking[name->first + i];

		run->unresolved--;
		if (result->status != GW_LOOKUP_OK || result->count == 0) {
			hand_over_nameless(run, target, result, dns_ns);
			continue;
		}
		for (k = 0; k < result->count && k < GW_LOOKUP_ADDRESSES; k++)
			addresses[k] = with_port(&result->addresses[k], endpoint_port(run, target));
		enqueue_all(run, target, addresses, k, dns_ns);
	}
	gw_lookup_close(&name->lookup);
	feed(run);
}

static void start_lookup(struct run *run, struct name *name)
{
	name->began_ns = gw_monotonic_ns(&run->ctx->clock);
	run->lookups++;
	name->lookup =
		gw_lookup_start(run->loop, name->host, 0, (uint64_t)run->plan->timeout_s * 1000, on_looked_up, name);
}

/* Starts what there is room for. */
static void feed(struct run *run)
{
	if (run->failed != GW_OK)
		return;
	while (run->lookups < GW_LOOKUP_THREADS && run->next_name < run->n_names)
		start_lookup(run, &run->names[run->next_name++]);
	while (run->n_active < run->plan->concurrency && run->queue_at < run->queue_len)
		start_exchange(run, &run->queue[run->queue_at++]);
}

/* --- the plan ----------------------------------------------------------------------------------------------------- */

/* Queues a target whose address is known; false where DNS must tell. */
static bool enqueue_known(struct run *run, size_t target)
{
	const char *host = endpoint_host(run, target);
	uint16_t port = endpoint_port(run, target);
	const struct gw_override *o = NULL;
	struct gw_address address;

	if (run->plan->overrides != NULL)
		o = gw_override_find(run->plan->overrides, host, port);
	if (o != NULL) {
		enqueue_all(run, target, o->addresses, o->n_addresses, -1);
		return true;
	}
	if (!gw_address_parse(host, port, &address))
		return false;
	enqueue_all(run, target, &address, 1, -1);
	return true;
}

static int by_host(const void *a, const void *b, void *self)
{
	const struct run *run = self;
	const size_t *x = a, *y = b;
	int d = strcmp(endpoint_host(run, *x), endpoint_host(run, *y));

	return d != 0 ? d : (*x > *y) - (*x < *y);
}

static void group_names(struct run *run, size_t n_asking)
{
	size_t i;

	qsort_r(run->asking, n_asking, sizeof(*run->asking), by_host, run);
	run->names = gw_zalloc((n_asking + 1) * sizeof(*run->names));
	for (i = 0; i < n_asking; i++) {
		const char *host = endpoint_host(run, run->asking[i]);

		if (run->n_names == 0 || strcmp(run->names[run->n_names - 1].host, host) != 0)
			run->names[run->n_names++] = (struct name){.run = run, .host = host, .first = i};
		run->names[run->n_names - 1].count++;
	}
}

static void sort_out(struct run *run)
{
	size_t i, n_asking = 0;

	run->asking = gw_alloc((run->plan->n_targets + 1) * sizeof(*run->asking));
	for (i = 0; i < run->plan->n_targets; i++) {
		if (!enqueue_known(run, i))
			run->asking[n_asking++] = i;
	}
	run->unresolved = n_asking;
	group_names(run, n_asking);
}

static enum gw_code interrupted(struct run *run)
{
	return gw_fail(run->err, GW_E_NET, NULL, "interrupted: %zu of %zu probes were finished", run->finished,
		       known(run));
}

static void close_all(struct run *run)
{
	size_t i;

	while (run->ring.next != &run->ring) {
		struct gw_probe *p = gw_exchange_probe(run->ring.next->exchange);

		drop_active(run->ring.next);
		gw_probe_free(p);
	}
	for (i = 0; i < run->n_names; i++)
		gw_lookup_close(&run->names[i].lookup);
	free(run->names);
	free(run->asking);
	free(run->queue);
	gw_tls_client_free(&run->client);
	gw_loop_free(&run->loop);
}

static enum gw_code run_all(struct run *run)
{
	sort_out(run);
	feed(run);
	if (!gw_loop_run(run->loop))
		return interrupted(run);
	return run->failed;
}

/* Offers every version back to 1.0 and weak keys too: an old server is to be seen and told, not only refused. */
static enum gw_code open_client(struct run *run, struct gw_err *err)
{
	static const char *const alpn[] = {"http/1.1", NULL};
	const struct gw_tls_client_conf conf = {
		.libctx = run->ctx->libctx,
		.min = GW_TLS_1_0,
		.max = GW_TLS_1_3,
		.chain = run->plan->client_chain,
		.key = run->plan->client_key,
		.alpn = alpn,
		.weak = true,
	};

	return gw_tls_client_new(&conf, &run->client, err);
}

enum gw_code gw_probe_run(const struct gw_ctx *ctx, const struct gw_probe_plan *plan, struct gw_err *err)
{
	struct run run = {.ctx = ctx, .plan = plan, .err = err};
	enum gw_code code = open_client(&run, err);

	if (code != GW_OK)
		return code;
	run.ring.next = run.ring.prev = &run.ring;
	code = gw_loop_new(ctx, &run.loop, err);
	if (code == GW_OK) {
		run.conf = (struct gw_exchange_conf){
			.loop = run.loop,
			.clock = ctx->clock,
			.client = run.client,
			.client_cert = plan->client_chain != NULL,
			.user_agent = plan->user_agent,
		};
		code = run_all(&run);
	}
	close_all(&run);
	return code;
}
