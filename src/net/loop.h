/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of the loop, for this room alone. Every handle begins with a struct item, by which the loop knows it and can
 * close it at its end: oldest first, so that a handle which owns others (a dial its timer) closes them itself. For that it
 * joins the loop before it makes them. libuv lets go of nothing at once: what holds a uv handle is freed by the callback
 * of its closing.
 */
#ifndef GW_NET_LOOP_H
#define GW_NET_LOOP_H

#include <uv.h>

#include "net/net.h"

struct item {
	struct item *next, *prev;        /* a ring, with the loop's own item as its knot */
	void (*drop)(struct item *item); /* closes the handle that the item begins */
};

struct resolver;

struct gw_loop {
	uv_loop_t uv;
	uv_timer_t check; /* asks whether the run was interrupted; keeps nothing going */
	const struct gw_ctx *ctx;
	struct item items;
	struct resolver *resolver; /* NULL before the first lookup */
	bool interrupted;
};

void gw_item_add(struct gw_loop *loop, struct item *item, void (*drop)(struct item *item));
void gw_item_remove(struct item *item);

/* Lets go of the resolver's threads; see resolve.c. Before the uv loop is closed. */
void gw_resolver_close(struct gw_loop *loop);

/* libuv's error (a negative errno on Unix) as errno. */
static inline int gw_uv_errno(int status)
{
	return -status;
}

#endif
