/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void gw_item_add(struct gw_loop *loop, struct item *item, void (*drop)(struct item *item))
{
	item->drop = drop;
	item->next = &loop->items;
	item->prev = loop->items.prev;
	item->prev->next = item;
	loop->items.prev = item;
}

void gw_item_remove(struct item *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

static void check_interrupt(uv_timer_t *check)
{
	struct gw_loop *loop = check->data;

	if (gw_interrupted(loop->ctx)) {
		loop->interrupted = true;
		uv_stop(&loop->uv);
	}
}

enum gw_code gw_loop_new(const struct gw_ctx *ctx, struct gw_loop **loop, struct gw_err *err)
{
	struct gw_loop *l = gw_zalloc(sizeof(*l));
	int status = uv_loop_init(&l->uv);

	if (status != 0) {
		free(l);
		errno = gw_uv_errno(status);
		return gw_fail_sys(err, NULL, "cannot make an event loop");
	}
	l->ctx = ctx;
	l->items.next = l->items.prev = &l->items;
	uv_timer_init(&l->uv, &l->check);
	l->check.data = l;
	/* A signal sets only a flag (base/os.h), and libuv goes back to waiting after it: somebody must look. */
	uv_timer_start(&l->check, check_interrupt, GW_LOOP_CHECK_MS, GW_LOOP_CHECK_MS);
	uv_unref((uv_handle_t *)&l->check);
	*loop = l;
	return GW_OK;
}

bool gw_loop_run(struct gw_loop *loop)
{
	check_interrupt(&loop->check);
	if (!loop->interrupted)
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	return !loop->interrupted;
}

void gw_loop_stop(struct gw_loop *loop)
{
	uv_stop(&loop->uv);
}

void gw_loop_free(struct gw_loop **loop)
{
	struct gw_loop *l = *loop;

	if (l == NULL)
		return;
	*loop = NULL;
	while (l->items.next != &l->items)
		l->items.next->drop(l->items.next);
	gw_resolver_close(l);
	uv_close((uv_handle_t *)&l->check, NULL);
	/* Only close callbacks are left, and they come within one turn each. */
	while (uv_loop_close(&l->uv) == UV_EBUSY)
		uv_run(&l->uv, UV_RUN_NOWAIT);
	free(l);
}

/* --- timers ------------------------------------------------------------------------------------------------------- */

struct gw_timer {
	struct item item;
	uv_timer_t uv;
	void (*fn)(void *self);
	void *self;
};

static void timer_gone(uv_handle_t *handle)
{
	free(handle->data);
}

static void timer_drop(struct item *item)
{
	struct gw_timer *timer = (struct gw_timer *)item;

	gw_item_remove(item);
	uv_close((uv_handle_t *)&timer->uv, timer_gone);
}

static void timer_due(uv_timer_t *uv)
{
	struct gw_timer *timer = uv->data;

	timer->fn(timer->self);
}

struct gw_timer *gw_timer_start(struct gw_loop *loop, uint64_t ms, void (*fn)(void *self), void *self)
{
	struct gw_timer *timer = gw_zalloc(sizeof(*timer));

	timer->fn = fn;
	timer->self = self;
	uv_timer_init(&loop->uv, &timer->uv);
	timer->uv.data = timer;
	gw_item_add(loop, &timer->item, timer_drop);
	gw_timer_set(timer, ms);
	return timer;
}

void gw_timer_set(struct gw_timer *timer, uint64_t ms)
{
	/* libuv counts from the time at which this turn of the loop began, which callbacks may have left behind. */
	uv_update_time(timer->uv.loop);
	uv_timer_start(&timer->uv, timer_due, ms, 0);
}

void gw_timer_close(struct gw_timer **timer)
{
	if (*timer == NULL)
		return;
	timer_drop(&(*timer)->item);
	*timer = NULL;
}

/* --- readiness ---------------------------------------------------------------------------------------------------- */

struct gw_watch {
	struct item item;
	uv_poll_t uv;
	unsigned events; /* waited for */
	int error; /* of libuv, when the descriptor cannot be watched: then a timer of 0 ms reports it as an event */
	struct gw_timer *late;
	void (*fn)(void *self, unsigned events);
	void *self;
};

static void watch_gone(uv_handle_t *handle)
{
	free(handle->data);
}

static void watch_drop(struct item *item)
{
	struct gw_watch *watch = (struct gw_watch *)item;

	gw_item_remove(item);
	gw_timer_close(&watch->late);
	if (watch->error != 0)
		free(watch);
	else
		uv_close((uv_handle_t *)&watch->uv, watch_gone);
}

static void watch_ready(uv_poll_t *uv, int status, int events)
{
	struct gw_watch *watch = uv->data;
	unsigned seen = 0;

	if ((events & UV_READABLE) != 0)
		seen |= GW_WATCH_READ;
	if ((events & UV_WRITABLE) != 0)
		seen |= GW_WATCH_WRITE;
	if (status < 0 || seen == 0)
		seen = watch->events;
	watch->fn(watch->self, seen);
}

static void watch_unwatchable(void *self)
{
	struct gw_watch *watch = self;

	if (watch->events != 0)
		watch->fn(watch->self, watch->events);
}

struct gw_watch *gw_watch_start(struct gw_loop *loop, int fd, void (*fn)(void *self, unsigned events), void *self)
{
	struct gw_watch *watch = gw_zalloc(sizeof(*watch));

	watch->fn = fn;
	watch->self = self;
	gw_item_add(loop, &watch->item, watch_drop);
	watch->error = uv_poll_init(&loop->uv, &watch->uv, fd);
	watch->uv.data = watch;
	if (watch->error != 0)
		watch->late = gw_timer_start(loop, 0, watch_unwatchable, watch);
	return watch;
}

void gw_watch_set(struct gw_watch *watch, unsigned events)
{
	int wanted = 0;

	if (events == watch->events)
		return;
	watch->events = events;
	if (watch->error != 0) {
		gw_timer_set(watch->late, 0);
		return;
	}
	if ((events & GW_WATCH_READ) != 0)
		wanted |= UV_READABLE;
	if ((events & GW_WATCH_WRITE) != 0)
		wanted |= UV_WRITABLE;
	if (wanted == 0)
		uv_poll_stop(&watch->uv);
	else
		uv_poll_start(&watch->uv, wanted, watch_ready);
}

void gw_watch_close(struct gw_watch **watch)
{
	if (*watch == NULL)
		return;
	watch_drop(&(*watch)->item);
	*watch = NULL;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

const char *gw_net_error_text(int error)
{
	static const struct {
		int error;
		const char *text;
	} words[] = {
		{ECONNREFUSED, "connection refused"},
		{ETIMEDOUT, "timed out"},
		{ECONNRESET, "connection reset by the peer"},
		{EPIPE, "connection closed by the peer"},
		{ENETUNREACH, "network unreachable"},
		{EHOSTUNREACH, "host unreachable"},
		{EADDRNOTAVAIL, "address not available"},
		{EADDRINUSE, "address already in use"},
		{EACCES, "not permitted"},
		{EPERM, "not permitted (a firewall on this machine?)"},
		{EMFILE, "this process has no file descriptors left"},
		{ENFILE, "this machine has no file descriptors left"},
		{ENOBUFS, "this machine has no network buffers left"},
		{EAFNOSUPPORT, "this machine has no such kind of address"},
	};
	const char *text;

	for (size_t i = 0; i < GW_COUNT(words); i++)
		if (words[i].error == error)
			return words[i].text;
	text = strerrordesc_np(error);
	return text == NULL ? "unknown error" : text;
}

const char *gw_net_uv_version(void)
{
	return uv_version_string();
}
