/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names to addresses by getaddrinfo(), which blocks for as long as it likes and cannot be called off. It runs on threads
 * of our own and not on libuv's pool, because libuv joins its pool when the process ends: one dead name server would then
 * hold up the end of a run by half a minute. Here a late job is orphaned: its thread ends in its own time, unheard.
 *
 * The crew (queues, workers) is shared by the loop and the threads, each holding one reference; the last to leave frees
 * it. All of it is guarded by the mutex but `waker`, which only the loop closes, after `closed` is set.
 */
#include "net/loop.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct job {
	struct job *next;
	struct gw_lookup *lookup; /* NULL once nobody waits; touched by the loop's thread only */
	char host[GW_HOST_TEXT];
	int status; /* of getaddrinfo() */
	int error;  /* errno with EAI_SYSTEM */
	struct addrinfo *found;
};

struct queue {
	struct job *first, **end;
	unsigned count;
};

struct worker {
	pthread_t thread;
	bool busy; /* inside getaddrinfo() */
};

struct crew {
	pthread_mutex_t mutex;
	pthread_cond_t work;
	struct queue waiting, done;
	struct worker workers[GW_LOOKUP_THREADS];
	unsigned n_workers, n_idle;
	unsigned references;
	bool closed;
	uv_async_t *waker;
};

struct resolver {
	uv_async_t waker;
	struct crew *crew;
};

struct gw_lookup {
	struct item item;
	struct gw_loop *loop;
	struct job *job; /* under way; NULL otherwise */
	struct gw_timer *timer;
	struct gw_address literal;
	bool is_literal;
	uint16_t port;
	void (*fn)(void *self, const struct gw_lookup_result *result);
	void *self;
};

/* --- queues, under the mutex -------------------------------------------------------------------------------------- */

static void push(struct queue *q, struct job *job)
{
	job->next = NULL;
	*q->end = job;
	q->end = &job->next;
	q->count++;
}

static struct job *pop(struct queue *q)
{
	struct job *job = q->first;

	if (job == NULL)
		return NULL;
	q->first = job->next;
	if (q->first == NULL)
		q->end = &q->first;
	q->count--;
	return job;
}

static bool withdraw(struct queue *q, struct job *job)
{
	for (struct job **at = &q->first; *at != NULL; at = &(*at)->next) {
		if (*at != job)
			continue;
		*at = job->next;
		if (*at == NULL)
			q->end = at;
		q->count--;
		return true;
	}
	return false;
}

static void job_free(struct job *job)
{
	if (job->found != NULL)
		freeaddrinfo(job->found);
	free(job);
}

static void drain(struct queue *q)
{
	for (struct job *job = pop(q); job != NULL; job = pop(q))
		job_free(job);
}

/* --- the crew's threads ------------------------------------------------------------------------------------------- */

/* Gives up one reference; the mutex is held and is let go of. */
static void crew_leave(struct crew *crew)
{
	bool last = --crew->references == 0;

	pthread_mutex_unlock(&crew->mutex);
	if (!last)
		return;
	drain(&crew->waiting);
	drain(&crew->done);
	pthread_cond_destroy(&crew->work);
	pthread_mutex_destroy(&crew->mutex);
	free(crew);
}

static void resolve(struct job *job)
{
	/* No AI_ADDRCONFIG: it hides addresses that the name has, and a probe reports on every one. */
	static const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};

	job->status = getaddrinfo(job->host, NULL, &hints, &job->found);
	job->error = errno;
}

static struct worker *myself(struct crew *crew)
{
	unsigned i = 0;

	while (!pthread_equal(crew->workers[i].thread, pthread_self()))
		i++;
	return &crew->workers[i];
}

static void *work(void *arg)
{
	struct crew *crew = arg;
	struct worker *me;

	pthread_mutex_lock(&crew->mutex);
	me = myself(crew);
	while (!crew->closed) {
		struct job *job = pop(&crew->waiting);

		if (job == NULL) {
			crew->n_idle++;
			pthread_cond_wait(&crew->work, &crew->mutex);
			crew->n_idle--;
			continue;
		}
		me->busy = true;
		pthread_mutex_unlock(&crew->mutex);
		resolve(job);
		pthread_mutex_lock(&crew->mutex);
		me->busy = false;
		push(&crew->done, job);
		if (!crew->closed)
			uv_async_send(crew->waker);
	}
	crew_leave(crew);
	return NULL;
}

/* Adds a job and, where nobody is free for it, a thread. Signals are the main thread's: blocked here. */
static bool submit(struct crew *crew, struct job *job)
{
	sigset_t all, old;
	bool can;

	pthread_mutex_lock(&crew->mutex);
	if (crew->waiting.count >= crew->n_idle && crew->n_workers < GW_LOOKUP_THREADS) {
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &old);
		if (pthread_create(&crew->workers[crew->n_workers].thread, NULL, work, crew) == 0) {
			crew->n_workers++;
			crew->references++;
		}
		pthread_sigmask(SIG_SETMASK, &old, NULL);
	}
	can = crew->n_workers > 0;
	if (can)
		push(&crew->waiting, job);
	pthread_cond_signal(&crew->work);
	pthread_mutex_unlock(&crew->mutex);
	return can;
}

/* --- the loop's side ---------------------------------------------------------------------------------------------- */

/* Tells the outcome, once. The lookup may be gone afterwards. */
static void finish(struct gw_lookup *lookup, const struct gw_lookup_result *result)
{
	gw_timer_close(&lookup->timer);
	lookup->job = NULL;
	lookup->fn(lookup->self, result);
}

static bool known(const struct gw_address *list, size_t count, const struct gw_address *address)
{
	for (size_t i = 0; i < count; i++)
		if (gw_address_same(&list[i], address))
			return true;
	return false;
}

static size_t collect(const struct addrinfo *found, uint16_t port, struct gw_address list[static GW_LOOKUP_ADDRESSES])
{
	size_t count = 0;

	for (const struct addrinfo *ai = found; ai != NULL && count < GW_LOOKUP_ADDRESSES; ai = ai->ai_next) {
		struct gw_address a = {0};

		if (ai->ai_family == AF_INET)
			memcpy(&a.v4, ai->ai_addr, sizeof(a.v4));
		else if (ai->ai_family == AF_INET6)
			memcpy(&a.v6, ai->ai_addr, sizeof(a.v6));
		else
			continue;
		if (ai->ai_family == AF_INET)
			a.v4.sin_port = htons(port);
		else
			a.v6.sin6_port = htons(port);
		if (!known(list, count, &a))
			list[count++] = a;
	}
	return count;
}

static void judge_failure(const struct job *job, struct gw_lookup_result *result)
{
	result->status = GW_LOOKUP_TROUBLE;
	switch (job->status) {
	case 0:
	case EAI_NONAME:
	case EAI_NODATA:
		result->status = GW_LOOKUP_NO_NAME;
		result->text = "no such host name, or it has no address";
		break;
	case EAI_AGAIN: result->text = "the name server gives no answer, or a temporary failure"; break;
	case EAI_SYSTEM: result->text = gw_net_error_text(job->error); break;
	default: result->text = gai_strerror(job->status); break;
	}
}

static void job_done(struct job *job)
{
	struct gw_address list[GW_LOOKUP_ADDRESSES];
	struct gw_lookup_result result = {.text = "", .addresses = list};

	if (job->lookup == NULL)
		return;
	if (job->status == 0)
		result.count = collect(job->found, job->lookup->port, list);
	if (result.count == 0)
		judge_failure(job, &result);
	finish(job->lookup, &result);
}

/* One job at a time: a callback may close other lookups, whose jobs are further back. */
static void woken(uv_async_t *waker)
{
	struct crew *crew = ((struct resolver *)waker->data)->crew;
	struct job *job;

	do {
		pthread_mutex_lock(&crew->mutex);
		job = pop(&crew->done);
		pthread_mutex_unlock(&crew->mutex);
		if (job != NULL) {
			job_done(job);
			job_free(job);
		}
	} while (job != NULL);
}

static struct crew *crew_new(uv_async_t *waker)
{
	struct crew *crew = gw_zalloc(sizeof(*crew));

	pthread_mutex_init(&crew->mutex, NULL);
	pthread_cond_init(&crew->work, NULL);
	crew->waiting.end = &crew->waiting.first;
	crew->done.end = &crew->done.first;
	crew->references = 1;
	crew->waker = waker;
	return crew;
}

static struct crew *crew_of(struct gw_loop *loop)
{
	struct resolver *r = loop->resolver;

	if (r != NULL)
		return r->crew;
	r = gw_zalloc(sizeof(*r));
	if (uv_async_init(&loop->uv, &r->waker, woken) != 0) {
		free(r);
		return NULL;
	}
	r->waker.data = r;
	uv_unref((uv_handle_t *)&r->waker); /* the lookups' own timers keep the loop going */
	r->crew = crew_new(&r->waker);
	loop->resolver = r;
	return r->crew;
}

static void resolver_gone(uv_handle_t *waker)
{
	free(waker->data);
}

void gw_resolver_close(struct gw_loop *loop)
{
	struct resolver *r = loop->resolver;
	struct crew *crew;
	pthread_t idle[GW_LOOKUP_THREADS];
	unsigned n_idle = 0;

	if (r == NULL)
		return;
	loop->resolver = NULL;
	crew = r->crew;
	pthread_mutex_lock(&crew->mutex);
	crew->closed = true;
	for (unsigned i = 0; i < crew->n_workers; i++) {
		if (crew->workers[i].busy)
			pthread_detach(crew->workers[i].thread);
		else
			idle[n_idle++] = crew->workers[i].thread;
	}
	pthread_cond_broadcast(&crew->work);
	crew_leave(crew);
	for (unsigned i = 0; i < n_idle; i++)
		pthread_join(idle[i], NULL);
	uv_close((uv_handle_t *)&r->waker, resolver_gone);
}

/* --- lookups ------------------------------------------------------------------------------------------------------ */

static void abandon(struct gw_lookup *lookup)
{
	struct job *job = lookup->job;
	struct crew *crew;
	bool mine;

	if (job == NULL)
		return;
	lookup->job = NULL;
	job->lookup = NULL;
	crew = lookup->loop->resolver->crew;
	pthread_mutex_lock(&crew->mutex);
	mine = withdraw(&crew->waiting, job);
	pthread_mutex_unlock(&crew->mutex);
	if (mine)
		job_free(job);
}

static void lookup_drop(struct item *item)
{
	struct gw_lookup *lookup = (struct gw_lookup *)item;

	gw_item_remove(item);
	abandon(lookup);
	gw_timer_close(&lookup->timer);
	free(lookup);
}

static void lookup_late(void *self)
{
	struct gw_lookup *lookup = self;
	struct gw_lookup_result late = {.status = GW_LOOKUP_TIMED_OUT, .text = "no answer in time"};

	abandon(lookup);
	finish(lookup, &late);
}

static void lookup_literal(void *self)
{
	struct gw_lookup *lookup = self;
	struct gw_lookup_result result = {.addresses = &lookup->literal, .count = 1, .text = ""};

	finish(lookup, &result);
}

static void lookup_unable(void *self)
{
	struct gw_lookup_result result = {.status = GW_LOOKUP_TROUBLE, .text = "no thread can be made for it"};

	finish(self, &result);
}

static void lookup_too_long(void *self)
{
	struct gw_lookup_result result = {.status = GW_LOOKUP_NO_NAME, .text = "a host name longer than 253 octets"};

	finish(self, &result);
}

/* Hands the name to the crew. Returns what is to be called in its stead where that cannot be. */
static void (*lookup_submit(struct gw_lookup *lookup, const char *host))(void *self)
{
	struct crew *crew;

	if (strlen(host) >= GW_HOST_TEXT)
		return lookup_too_long;
	crew = crew_of(lookup->loop);
	if (crew == NULL)
		return lookup_unable;
	lookup->job = gw_zalloc(sizeof(*lookup->job));
	lookup->job->lookup = lookup;
	memcpy(lookup->job->host, host, strlen(host) + 1);
	if (submit(crew, lookup->job))
		return NULL;
	free(lookup->job);
	lookup->job = NULL;
	return lookup_unable;
}

struct gw_lookup *gw_lookup_start(struct gw_loop *loop, const char *host, uint16_t port, uint64_t deadline_ms,
				  void (*fn)(void *self, const struct gw_lookup_result *result), void *self)
{
	struct gw_lookup *lookup = gw_zalloc(sizeof(*lookup));
	void (*instead)(void *) = lookup_literal;

	lookup->loop = loop;
	lookup->port = port;
	lookup->fn = fn;
	lookup->self = self;
	gw_item_add(loop, &lookup->item, lookup_drop);
	if (!gw_address_parse(host, port, &lookup->literal))
		instead = lookup_submit(lookup, host);
	if (instead != NULL)
		lookup->timer = gw_timer_start(loop, 0, instead, lookup);
	else
		lookup->timer = gw_timer_start(loop, deadline_ms, lookup_late, lookup);
	return lookup;
}

void gw_lookup_close(struct gw_lookup **lookup)
{
	if (*lookup == NULL)
		return;
	lookup_drop(&(*lookup)->item);
	*lookup = NULL;
}
