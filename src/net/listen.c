/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/file.h"

/* Peers taken in one turn of the loop, so that those already there are served as well. */
#define ACCEPT_BATCH 64

struct gw_listener {
	struct item item;
	int fd;
	struct gw_address address;
	struct gw_watch *watch;
	struct gw_timer *timer; /* ends a pause for want of descriptors; NULL at other times */
	bool paused;            /* by the caller */
	bool *gone;             /* set where the listener is closed inside its own callback; NULL outside it */
	struct gw_loop *loop;
	void (*fn)(void *self, int fd, const struct gw_address *peer);
	void *self;
};

static void listener_drop(struct item *item)
{
	struct gw_listener *listener = (struct gw_listener *)item;

	if (listener->gone != NULL)
		*listener->gone = true;
	gw_item_remove(item);
	gw_watch_close(&listener->watch);
	gw_timer_close(&listener->timer);
	gw_close(&listener->fd);
	free(listener);
}

static void refresh(struct gw_listener *listener)
{
	bool idle = listener->paused || listener->timer != NULL;

	gw_watch_set(listener->watch, idle ? 0 : GW_WATCH_READ);
}

static void rested(void *self)
{
	struct gw_listener *listener = self;

	gw_timer_close(&listener->timer);
	refresh(listener);
}

/* Errors that belong to the one peer that has gone again; accept(2) says to try on after them. */
static bool passing(int error)
{
	switch (error) {
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENONET:
	case ENOPROTOOPT:
	case EOPNOTSUPP:
	case EPERM: return true;
	default: return false;
	}
}

/* Takes one peer. False where there is none to take now. */
static bool take(struct gw_listener *listener)
{
	static const int on = 1;
	struct gw_address peer = {0};
	socklen_t size = sizeof(peer);
	int fd = accept4(listener->fd, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		listener->fn(listener->self, fd, &peer);
		return true;
	}
	if (passing(errno))
		return true;
	if (errno != EAGAIN) {
		listener->timer = gw_timer_start(listener->loop, GW_ACCEPT_PAUSE_MS, rested, listener);
		refresh(listener);
	}
	return false;
}

static void listener_ready(void *self, unsigned events)
{
	struct gw_listener *listener = self;
	bool gone = false;
	bool more = true;

	(void)events;
	listener->gone = &gone;
	for (int i = 0; i < ACCEPT_BATCH && more; i++) {
		more = take(listener);
		if (gone)
			return;
		more = more && !listener->paused;
	}
	listener->gone = NULL;
}

static enum gw_code fail_bind(struct gw_err *err, const char *where)
{
	int error = errno;

	(void)gw_fail(err, GW_E_IO, where, "cannot listen: %s", gw_net_error_text(error));
	switch (error) {
	case EADDRINUSE:
		return gw_hint(err, "another program listens there: end it, or choose another port; 0 is any free one");
	case EACCES: return gw_hint(err, "ports below 1024 are the administrator's: choose one from 1024 on");
	case EADDRNOTAVAIL: return gw_hint(err, "this machine has no such address: use one of its own, or 127.0.0.1");
	default: return err->code;
	}
}

static enum gw_code open_socket(const struct gw_address *at, int *fd, struct gw_address *real, struct gw_err *err)
{
	static const int on = 1;
	socklen_t size = sizeof(*real);
	char where[GW_ADDRESS_TEXT];
	int sock GW_FD_AUTO = socket(at->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);

	gw_address_text(at, where);
	if (sock < 0)
		return fail_bind(err, where);
	/* A port whose last connections are still timing out may be used again at once. */
	(void)setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (gw_address_is_v6(at)) /* [::] is IPv6 and nothing else, whatever the machine's default is */
		(void)setsockopt(sock, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(sock, &at->any, gw_address_size(at)) != 0 || listen(sock, SOMAXCONN) != 0)
		return fail_bind(err, where);
	if (getsockname(sock, &real->any, &size) != 0)
		return fail_bind(err, where);
	*fd = sock;
	sock = -1;
	return GW_OK;
}

enum gw_code gw_listener_start(struct gw_loop *loop, const struct gw_address *at, bool remote,
			       void (*fn)(void *self, int fd, const struct gw_address *peer), void *self,
			       struct gw_listener **listener, struct gw_err *err)
{
	char where[GW_ADDRESS_TEXT];
	struct gw_address real = {0};
	struct gw_listener *l;
	enum gw_code code;
	int fd = -1;

	gw_address_text(at, where);
	if (!remote && !gw_address_is_loopback(at))
		return gw_fail(err, GW_E_REFUSED, where, "is not a loopback address: other machines could connect");
	code = open_socket(at, &fd, &real, err);
	if (code != GW_OK)
		return code;
	l = gw_zalloc(sizeof(*l));
	l->fd = fd;
	l->address = real;
	l->loop = loop;
	l->fn = fn;
	l->self = self;
	gw_item_add(loop, &l->item, listener_drop);
	l->watch = gw_watch_start(loop, fd, listener_ready, l);
	refresh(l);
	*listener = l;
	return GW_OK;
}

const struct gw_address *gw_listener_address(const struct gw_listener *listener)
{
	return &listener->address;
}

void gw_listener_pause(struct gw_listener *listener, bool pause)
{
	listener->paused = pause;
	refresh(listener);
}

void gw_listener_close(struct gw_listener **listener)
{
	if (*listener == NULL)
		return;
	listener_drop(&(*listener)->item);
	*listener = NULL;
}
