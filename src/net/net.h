/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event loop: timers, name resolution, TCP connections, readiness of descriptors, listening sockets. One thread, no
 * state outside struct gw_loop, and no bytes are read or written here: that is TLS's business.
 *
 * One rule for every handle (timer, lookup, dial, watch, listener):
 *
 *	- start() makes it and never calls back before it has returned. Where it cannot fail it returns the handle; what
 *	  goes wrong later is told by the callback.
 *	- the handle is the caller's until gw_..._close(&handle), which sets the pointer to NULL. Closing is allowed at any
 *	  moment, also from inside any callback, its own included, and does nothing where the pointer is NULL. After it no
 *	  callback of that handle comes.
 *	- a handle that has fired once and for all (timer, lookup, dial) stays valid and silent until it is closed.
 *	- what is still open when the loop is freed is closed then. So: free the loop last, and never inside a callback.
 *
 * Callbacks get `self` as it was given; it must live until the handle is closed. Times are milliseconds from now.
 * Errors of sockets are errno values; gw_net_error_text() has words for them.
 */
#ifndef GW_NET_NET_H
#define GW_NET_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "net/address.h"

/* --- the loop ----------------------------------------------------------------------------------------------------- */

struct gw_loop;

/* GW_E_IO where the system gives no descriptors for it. ctx must outlive the loop. */
enum gw_code GW_MUST_USE gw_loop_new(const struct gw_ctx *ctx, struct gw_loop **loop, struct gw_err *err);

/*
 * Runs callbacks until nothing is left to wait for, until gw_loop_stop(), or until the run is interrupted (noticed within
 * GW_LOOP_CHECK_MS). Returns false where it was interrupted; the handles are then as they were. May be called again.
 * What keeps it going: armed timers, lookups and dials under way, watches that wait for something, open listeners.
 */
#define GW_LOOP_CHECK_MS 100
bool gw_loop_run(struct gw_loop *loop);

/* Makes gw_loop_run() return true after the callback that is running. */
void gw_loop_stop(struct gw_loop *loop);

/* Closes what is open and frees it all. Does not wait for lookups: those still under way end in their own time, unheard,
 * and hold up neither this call nor the end of the process. NULL is fine; *loop becomes NULL. */
void gw_loop_free(struct gw_loop **loop);

/* --- timers ------------------------------------------------------------------------------------------------------- */

struct gw_timer;

/* Calls fn once, `ms` from now. */
struct gw_timer *gw_timer_start(struct gw_loop *loop, uint64_t ms, void (*fn)(void *self), void *self);

/* Arms it anew, fired or not: from now on it is due in `ms`. */
void gw_timer_set(struct gw_timer *timer, uint64_t ms);

void gw_timer_close(struct gw_timer **timer);

/* --- names -> addresses ------------------------------------------------------------------------------------------- */

struct gw_lookup;

#define GW_LOOKUP_THREADS   64 /* lookups under way at once; more wait in line, their deadlines running */
#define GW_LOOKUP_ADDRESSES 64 /* addresses of one name that are kept */

enum gw_lookup_status {
	GW_LOOKUP_OK,        /* at least one address */
	GW_LOOKUP_NO_NAME,   /* the name does not exist, or has no address */
	GW_LOOKUP_TROUBLE,   /* the resolver failed: a retry may help */
	GW_LOOKUP_TIMED_OUT, /* its deadline passed */
};

struct gw_lookup_result {
	enum gw_lookup_status status;
	/* With the port asked for, A and AAAA in getaddrinfo()'s order (RFC 6724), each once. Borrowed for the time of
	 * the call. */
	const struct gw_address *addresses;
	size_t count;
	const char *text; /* why not, a phrase in lower case ("name or service not known"); "" with GW_LOOKUP_OK */
};

/* Resolves a host name, or takes an IP literal as it is, without any thread. The callback comes once, at the latest when
 * the deadline passes. host is copied. */
struct gw_lookup *gw_lookup_start(struct gw_loop *loop, const char *host, uint16_t port, uint64_t deadline_ms,
				  void (*fn)(void *self, const struct gw_lookup_result *result), void *self);

void gw_lookup_close(struct gw_lookup **lookup);

/* --- connecting --------------------------------------------------------------------------------------------------- */

struct gw_dial;

/* Opens a TCP connection. The callback comes once: error 0 with a connected descriptor (non-blocking, close-on-exec,
 * TCP_NODELAY) that is now the caller's, or an errno value with -1: ETIMEDOUT where the deadline passed, EMFILE where
 * descriptors have run out, ECONNREFUSED, ENETUNREACH and so on. */
struct gw_dial *gw_dial_start(struct gw_loop *loop, const struct gw_address *to, uint64_t deadline_ms,
			      void (*fn)(void *self, int error, int fd), void *self);

void gw_dial_close(struct gw_dial **dial);

/* --- readiness ---------------------------------------------------------------------------------------------------- */

struct gw_watch;

#define GW_WATCH_READ  1U
#define GW_WATCH_WRITE 2U

/* Watches a non-blocking descriptor, at first for nothing. The callback gets those of the events waited for that are
 * there, again and again while they are (level-triggered). An error or hang-up counts as everything that is waited for, so
 * that the next read or write finds it. The descriptor stays the caller's: close the watch first, then the descriptor. */
struct gw_watch *gw_watch_start(struct gw_loop *loop, int fd, void (*fn)(void *self, unsigned events), void *self);

/* Waits for these events from now on; 0 is a pause. */
void gw_watch_set(struct gw_watch *watch, unsigned events);

void gw_watch_close(struct gw_watch **watch);

/* --- listening ---------------------------------------------------------------------------------------------------- */

struct gw_listener;

/*
 * Listens on an address. One that is not loopback is GW_E_REFUSED unless `remote`. Port 0 picks a free port. GW_E_IO with
 * a hint where the port is taken or may not be used. The callback gets each accepted descriptor (non-blocking,
 * close-on-exec, TCP_NODELAY), which is then the caller's, and the peer's address, borrowed.
 *
 * When descriptors or memory run out, accepting pauses for GW_ACCEPT_PAUSE_MS: waiting peers stay in the system's queue.
 */
#define GW_ACCEPT_PAUSE_MS 100
enum gw_code GW_MUST_USE gw_listener_start(struct gw_loop *loop, const struct gw_address *at, bool remote,
					   void (*fn)(void *self, int fd, const struct gw_address *peer), void *self,
					   struct gw_listener **listener, struct gw_err *err);

/* Where it listens, with the real port. Borrowed. */
const struct gw_address *gw_listener_address(const struct gw_listener *listener);

/* Stops and starts accepting: for a caller with as many connections as it wants. */
void gw_listener_pause(struct gw_listener *listener, bool pause);

void gw_listener_close(struct gw_listener **listener);

/* --- words -------------------------------------------------------------------------------------------------------- */

/* An errno value of a socket as a phrase in lower case: "connection refused", "timed out". Static. */
const char *gw_net_error_text(int error);

/* The version of libuv in use. */
const char *gw_net_uv_version(void);

#endif
