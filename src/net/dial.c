/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/file.h"

struct gw_dial {
	struct item item;
	int fd;    /* -1 once handed over or never had */
	int error; /* found at once, to be told by the timer */
	struct gw_watch *watch;
	struct gw_timer *timer;
	void (*fn)(void *self, int error, int fd);
	void *self;
};

static void dial_drop(struct item *item)
{
	struct gw_dial *dial = (struct gw_dial *)item;

	gw_item_remove(item);
	gw_watch_close(&dial->watch);
	gw_timer_close(&dial->timer);
	gw_close(&dial->fd);
	free(dial);
}

/* Tells the outcome, once. The dial may be gone afterwards. */
static void finish(struct gw_dial *dial, int error)
{
	int fd = dial->fd;

	gw_watch_close(&dial->watch);
	gw_timer_close(&dial->timer);
	if (error != 0)
		gw_close(&fd);
	dial->fd = -1;
	dial->fn(dial->self, error, fd);
}

static void dial_ready(void *self, unsigned events)
{
	struct gw_dial *dial = self;
	int error = 0;
	socklen_t size = sizeof(error);

	(void)events;
	if (getsockopt(dial->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		error = errno;
	finish(dial, error);
}

/* Due at the deadline, or at once where the outcome was there at once. */
static void dial_due(void *self)
{
	struct gw_dial *dial = self;

	finish(dial, dial->error);
}

/* Begins to connect; an errno value where that is over already, EINPROGRESS where it is on its way. */
static int begin(int *fd, const struct gw_address *to)
{
	static const int on = 1;

	*fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
	if (*fd < 0)
		return errno;
	(void)setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(*fd, &to->any, gw_address_size(to)) == 0)
		return 0;
	return errno == EINTR ? EINPROGRESS : errno; /* POSIX: an interrupted connect() goes on by itself */
}

struct gw_dial *gw_dial_start(struct gw_loop *loop, const struct gw_address *to, uint64_t deadline_ms,
			      void (*fn)(void *self, int error, int fd), void *self)
{
	struct gw_dial *dial = gw_zalloc(sizeof(*dial));

	dial->fn = fn;
	dial->self = self;
	gw_item_add(loop, &dial->item, dial_drop);
	dial->error = begin(&dial->fd, to);
	if (dial->error != EINPROGRESS) {
		dial->timer = gw_timer_start(loop, 0, dial_due, dial);
		return dial;
	}
	dial->error = ETIMEDOUT;
	dial->timer = gw_timer_start(loop, deadline_ms, dial_due, dial);
	dial->watch = gw_watch_start(loop, dial->fd, dial_ready, dial);
	gw_watch_set(dial->watch, GW_WATCH_WRITE);
	return dial;
}

void gw_dial_close(struct gw_dial **dial)
{
	if (*dial == NULL)
		return;
	dial_drop(&(*dial)->item);
	*dial = NULL;
}
