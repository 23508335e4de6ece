/* SPDX-License-Identifier: Apache-2.0 */
#include "net/net.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/tap.h"

/* --- a world ---------------------------------------------------------------------------------------------------------- */

static bool is_interrupted;

static bool interrupted(void)
{
	return is_interrupted;
}

static const struct gw_ctx ctx = {.interrupted = interrupted};

static struct gw_loop *loop_new(void)
{
	struct gw_loop *loop = NULL;
	struct gw_err err = {0};

	is_interrupted = false;
	TST_OK(gw_loop_new(&ctx, &loop, &err), &err);
	return loop;
}

static void add_one(void *self)
{
	++*(int *)self;
}

static void stop(void *self)
{
	gw_loop_stop(self);
}

/* --- timers ----------------------------------------------------------------------------------------------------------- */

struct self_closing {
	struct gw_timer *timer;
	int fired;
};

static void close_myself(void *self)
{
	struct self_closing *s = self;

	s->fired++;
	gw_timer_close(&s->timer);
}

static void test_loop__ends_when_nothing_is_left(void)
{
	struct gw_loop *loop = loop_new();

	CU_ASSERT_TRUE(gw_loop_run(loop));
	gw_loop_free(&loop);
	CU_ASSERT_PTR_NULL(loop);
	gw_loop_free(&loop);
}

static void test_timer__fires_once_and_not_when_closed(void)
{
	struct gw_loop *loop = loop_new();
	int fired = 0, never = 0;
	struct gw_timer *timer = gw_timer_start(loop, 1, add_one, &fired);
	struct gw_timer *closed = gw_timer_start(loop, 0, add_one, &never);
	struct self_closing s = {0};

	s.timer = gw_timer_start(loop, 2, close_myself, &s);
	gw_timer_close(&closed);
	gw_timer_close(&closed);
	CU_ASSERT_PTR_NULL(closed);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(fired, 1);
	TST_INT_EQ(never, 0);
	TST_INT_EQ(s.fired, 1);
	CU_ASSERT_PTR_NULL(s.timer);
	gw_timer_set(timer, 1);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(fired, 2);
	gw_timer_close(&timer);
	gw_loop_free(&loop);
}

static void set_interrupted(void *self)
{
	(void)self;
	is_interrupted = true;
}

static void test_loop__is_interrupted(void)
{
	struct gw_loop *loop = loop_new();
	int fired = 0;

	gw_timer_start(loop, 600000, add_one, &fired);
	gw_timer_start(loop, 1, set_interrupted, NULL);
	CU_ASSERT_FALSE(gw_loop_run(loop));
	CU_ASSERT_FALSE(gw_loop_run(loop));
	TST_INT_EQ(fired, 0);
	gw_loop_free(&loop); /* with timers open */
}

static void test_loop__stops_when_told(void)
{
	struct gw_loop *loop = loop_new();
	int fired = 0;

	gw_timer_start(loop, 600000, add_one, &fired);
	gw_timer_start(loop, 1, stop, loop);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(fired, 0);
	gw_loop_free(&loop);
}

/* --- connecting, listening, watching ------------------------------------------------------------------------------------ */

struct meeting {
	struct gw_loop *loop;
	struct gw_listener *listener;
	struct gw_dial *dial;
	struct gw_watch *watch;
	int error, client, server;
	unsigned accepted, events;
	char octets[8];
};

static void meeting_release(struct meeting *m)
{
	gw_watch_close(&m->watch);
	gw_dial_close(&m->dial);
	gw_listener_close(&m->listener);
	gw_close(&m->client);
	gw_close(&m->server);
	gw_loop_free(&m->loop);
}

static void maybe_stop(struct meeting *m)
{
	if (m->accepted > 0 && m->error >= 0)
		gw_loop_stop(m->loop);
}

static void on_dialled(void *self, int error, int fd)
{
	struct meeting *m = self;

	m->error = error;
	m->client = fd;
	gw_dial_close(&m->dial);
	maybe_stop(m);
}

static void on_accepted(void *self, int fd, const struct gw_address *peer)
{
	struct meeting *m = self;

	CU_ASSERT_TRUE(gw_address_is_loopback(peer));
	CU_ASSERT_TRUE(gw_address_port(peer) != 0);
	m->accepted++;
	gw_close(&m->server);
	m->server = fd;
	maybe_stop(m);
}

static void listen_here(struct meeting *m)
{
	struct gw_address at;
	struct gw_err err = {0};

	(void)gw_address_parse("127.0.0.1", 0, &at);
	TST_OK(gw_listener_start(m->loop, &at, false, on_accepted, m, &m->listener, &err), &err);
}

static void on_octets(void *self, unsigned events)
{
	struct meeting *m = self;

	m->events = events;
	(void)recv(m->server, m->octets, sizeof(m->octets) - 1, 0);
	gw_watch_close(&m->watch);
	gw_loop_stop(m->loop);
}

static void test_dial__meets_a_listener(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = -1};

	listen_here(&m);
	CU_ASSERT_TRUE(gw_address_port(gw_listener_address(m.listener)) != 0);
	m.dial = gw_dial_start(m.loop, gw_listener_address(m.listener), 60000, on_dialled, &m);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.error, 0);
	TST_INT_EQ(m.accepted, 1);
	CU_ASSERT_TRUE(m.client >= 0 && m.server >= 0);
	m.watch = gw_watch_start(m.loop, m.server, on_octets, &m);
	gw_watch_set(m.watch, GW_WATCH_READ);
	TST_INT_EQ(send(m.client, "hello", 5, 0), 5);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_STR_EQ(m.octets, "hello");
	TST_INT_EQ(m.events, GW_WATCH_READ);
	meeting_release(&m);
}

static void test_dial__tells_a_closed_port(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = -1};
	struct gw_address at;

	m.accepted = 1;
	listen_here(&m);
	at = *gw_listener_address(m.listener);
	gw_listener_close(&m.listener);
	m.dial = gw_dial_start(m.loop, &at, 60000, on_dialled, &m);
	TST_INT_EQ(m.error, -1);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.error, ECONNREFUSED);
	TST_INT_EQ(m.client, -1);
	TST_STR_EQ(gw_net_error_text(m.error), "connection refused");
	meeting_release(&m);
}

/* A socket that listens with a full queue drops what comes: on loopback the nearest thing to a silent machine. */
static void test_dial__ends_at_its_deadline(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = -1, .accepted = 1};
	int fd GW_FD_AUTO = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int fill[3] = {-1, -1, -1};
	struct gw_address at;
	socklen_t size = sizeof(at);

	(void)gw_address_parse("127.0.0.1", 0, &at);
	TST_INT_EQ(bind(fd, &at.any, sizeof(at.v4)), 0);
	TST_INT_EQ(listen(fd, 0), 0);
	TST_INT_EQ(getsockname(fd, &at.any, &size), 0);
	for (size_t i = 0; i < GW_COUNT(fill); i++) {
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)connect(fill[i], &at.any, sizeof(at.v4));
	}
	m.dial = gw_dial_start(m.loop, &at, 50, on_dialled, &m);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.error, ETIMEDOUT);
	TST_INT_EQ(m.client, -1);
	for (size_t i = 0; i < GW_COUNT(fill); i++)
		gw_close(&fill[i]);
	meeting_release(&m);
}

static void test_dial__is_silent_when_closed_and_leaves_no_descriptor(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = -1};
	int lowest = dup(0), after;

	close(lowest);
	listen_here(&m);
	m.dial = gw_dial_start(m.loop, gw_listener_address(m.listener), 60000, on_dialled, &m);
	gw_dial_close(&m.dial);
	gw_dial_start(m.loop, gw_listener_address(m.listener), 60000, on_dialled,
		      &m); /* left open for the loop to close */
	gw_listener_close(&m.listener);
	TST_INT_EQ(m.error, -1);
	meeting_release(&m);
	after = dup(0);
	close(after);
	CU_ASSERT_TRUE(after <= lowest);
}

static void test_listener__refuses_other_machines(void)
{
	static const char *const places[] = {"0.0.0.0", "::", "192.0.2.1"};
	struct gw_loop *loop = loop_new();
	struct gw_listener *listener = NULL;
	struct gw_err err = {0};
	struct gw_address at;

	for (size_t i = 0; i < GW_COUNT(places); i++) {
		(void)gw_address_parse(places[i], 0, &at);
		TST_CODE(gw_listener_start(loop, &at, false, on_accepted, NULL, &listener, &err), GW_E_REFUSED, &err);
		CU_ASSERT_PTR_NULL(listener);
	}
	(void)gw_address_parse("0.0.0.0", 0, &at);
	TST_OK(gw_listener_start(loop, &at, true, on_accepted, NULL, &listener, &err), &err);
	gw_loop_free(&loop);
}

static void test_listener__tells_a_port_in_use(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1};
	struct gw_listener *second = NULL;
	struct gw_err err = {0};

	listen_here(&m);
	TST_CODE(gw_listener_start(m.loop, gw_listener_address(m.listener), false, on_accepted, &m, &second, &err),
		 GW_E_IO, &err);
	TST_CONTAINS(err.what, "address already in use");
	TST_CONTAINS(err.hint, "choose another port");
	CU_ASSERT_PTR_NULL(second);
	meeting_release(&m);
}

static unsigned accepts; /* calls of accept4() */

/* In the place of the C library's. */
int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
	accepts++;
	return (int)syscall(SYS_accept4, fd, address, size, flags);
}

/* With no descriptor left, accepting rests and does not spin; the peer is taken once there is one. */
static void test_listener__outlasts_a_want_of_descriptors(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = 0};
	struct rlimit old, few;
	int lowest, second;

	listen_here(&m);
	m.client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)connect(m.client, &gw_listener_address(m.listener)->any, sizeof(struct sockaddr_in));
	lowest = dup(0);
	close(lowest);
	getrlimit(RLIMIT_NOFILE, &old);
	few = (struct rlimit){(rlim_t)lowest, old.rlim_max};
	TST_INT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
	gw_timer_start(m.loop, 30, stop, m.loop);
	accepts = 0;
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.accepted, 0);
	TST_INT_EQ(accepts, 1);
	TST_INT_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
	/* A second peer, since valgrind, which plays the system here, throws away the one that it has no descriptor for. */
	second = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)connect(second, &gw_listener_address(m.listener)->any, sizeof(struct sockaddr_in));
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	CU_ASSERT_TRUE(m.accepted > 0);
	gw_close(&second);
	meeting_release(&m);
}

static void test_listener__rests_while_paused(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1, .error = 0};

	listen_here(&m);
	gw_listener_pause(m.listener, true);
	m.client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	(void)connect(m.client, &gw_listener_address(m.listener)->any, sizeof(struct sockaddr_in));
	gw_timer_start(m.loop, 20, stop, m.loop);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.accepted, 0);
	gw_listener_pause(m.listener, false);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.accepted, 1);
	meeting_release(&m);
}

static void on_event(void *self, unsigned events)
{
	struct meeting *m = self;

	m->events = events;
	gw_loop_stop(m->loop);
}

static void test_watch__tells_a_hang_up_as_what_is_waited_for(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1};
	int fds[2];

	TST_INT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
	m.server = fds[0];
	m.watch = gw_watch_start(m.loop, m.server, on_event, &m);
	gw_watch_set(m.watch, GW_WATCH_READ);
	close(fds[1]);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.events, GW_WATCH_READ);
	gw_watch_set(m.watch, 0); /* a pause: nothing keeps the loop going */
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	meeting_release(&m);
}

static void test_watch__tells_what_cannot_be_watched(void)
{
	struct meeting m = {.loop = loop_new(), .client = -1, .server = -1};
	const char *path = tst_file("plain", "text");
	FILE *f = fopen(path, "r");

	m.watch = gw_watch_start(m.loop, fileno(f), on_event, &m);
	gw_watch_set(m.watch, GW_WATCH_READ | GW_WATCH_WRITE);
	CU_ASSERT_TRUE(gw_loop_run(m.loop));
	TST_INT_EQ(m.events, GW_WATCH_READ | GW_WATCH_WRITE);
	gw_watch_close(&m.watch);
	fclose(f);
	meeting_release(&m);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_loop__ends_when_nothing_is_left),
		TST_CASE(test_timer__fires_once_and_not_when_closed),
		TST_CASE(test_loop__is_interrupted),
		TST_CASE(test_loop__stops_when_told),
		TST_CASE(test_dial__meets_a_listener),
		TST_CASE(test_dial__tells_a_closed_port),
		TST_CASE(test_dial__ends_at_its_deadline),
		TST_CASE(test_dial__is_silent_when_closed_and_leaves_no_descriptor),
		TST_CASE(test_listener__refuses_other_machines),
		TST_CASE(test_listener__tells_a_port_in_use),
		TST_CASE(test_listener__outlasts_a_want_of_descriptors),
		TST_CASE(test_listener__rests_while_paused),
		TST_CASE(test_watch__tells_a_hang_up_as_what_is_waited_for),
		TST_CASE(test_watch__tells_what_cannot_be_watched),
	};

	return tst_main("net_loop", cases, GW_COUNT(cases));
}
