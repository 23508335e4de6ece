/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RSA keys made ahead, by threads of their own: the search for primes is nearly all of the time that such an entry takes.
 * Everything else of a run, and the order in which it is done and told, stays with the one that asks for the keys.
 */
#ifndef GW_ISSUE_KEYS_H
#define GW_ISSUE_KEYS_H

#include "issue/issue.h"

struct gw_keys;

/* Begins with the new keys of a plan's steps, in their order. NULL where threads are of no use: for one job, or fewer than
 * two such keys, or where none can be had. */
struct gw_keys *gw_keys_start(const struct gw_ctx *ctx, const struct gw_plan *plan, unsigned jobs);

/* The key of a step, waiting until it is there; NULL where it is not among those that are made ahead. Steps come in their
 * order, and some may never come. The key is the caller's. */
enum gw_code GW_MUST_USE gw_keys_take(struct gw_keys *keys, const struct gw_step *step, EVP_PKEY **key,
				      struct gw_err *err);

/* Waits for the keys that are being made, and throws away what was not taken. NULL is fine. */
void gw_keys_stop(struct gw_keys *keys);

#endif
