/* SPDX-License-Identifier: Apache-2.0 */
#include "issue/keys.h"

#include <pthread.h>
#include <stdlib.h>

#define AHEAD 4 /* keys that lie ready for each thread, at most */

struct slot {
	EVP_PKEY *key;
	enum gw_code code;
	struct gw_err err;
	bool done;
};

struct gw_keys {
	const struct gw_ctx *ctx;
	const struct gw_step **steps; /* of which the keys are */
	size_t n_steps, room;         /* slots: a ring */
	struct slot *slots;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next, taken; /* the number of the key that is begun next, and of the one that is wanted next */
	bool stop;
	pthread_t *threads;
	unsigned n_threads;
};

static bool is_made_ahead(const struct gw_step *step)
{
	switch (step->entry->key_type) {
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096:
		return !step->failed && !gw_entry_has_key(step->entry) &&
		       (step->action == GW_ACTION_MAKE || step->action == GW_ACTION_REMAKE);
	case GW_KEY_EC_P256:
	case GW_KEY_EC_P384:
	case GW_KEY_EC_P521:
	case GW_KEY_ED25519:
	case GW_KEY_OTHER: break;
	}
	return false;
}

/* --- making ------------------------------------------------------------------------------------------------------- */

/* Waits for room for one more key; false where none is to be made. */
static bool next_step(struct gw_keys *k, size_t *number)
{
	while (!k->stop && k->next < k->n_steps && k->next >= k->taken + k->room)
		pthread_cond_wait(&k->changed, &k->lock);
	if (k->stop || k->next == k->n_steps)
		return false;
	*number = k->next++;
	k->slots[*number % k->room] = (struct slot){0};
	return true;
}

static void *work(void *self)
{
	struct gw_keys *k = self;
	size_t number;

	pthread_mutex_lock(&k->lock);
	while (next_step(k, &number)) {
		struct slot made = {.done = true};

		pthread_mutex_unlock(&k->lock);
		made.code = gw_key_generate(k->ctx, k->steps[number]->entry->key_type, &made.key, &made.err);
		pthread_mutex_lock(&k->lock);
		k->slots[number % k->room] = made;
		pthread_cond_broadcast(&k->changed);
	}
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

struct gw_keys *gw_keys_start(const struct gw_ctx *ctx, const struct gw_plan *plan, unsigned jobs)
{
	struct gw_keys *k = gw_zalloc(sizeof(*k));
	size_t i;

	k->ctx = ctx;
	k->steps = gw_zalloc((plan->n_steps + 1) * sizeof(*k->steps));
	for (i = 0; i < plan->n_steps && jobs > 1; i++) {
		if (is_made_ahead(&plan->steps[i]))
			k->steps[k->n_steps++] = &plan->steps[i];
	}
	k->room = (size_t)jobs * AHEAD;
	k->slots = gw_zalloc(k->room * sizeof(*k->slots));
	k->threads = gw_zalloc(jobs * sizeof(*k->threads));
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->changed, NULL);
	while (k->n_steps > 1 && k->n_threads < jobs && k->n_threads < k->n_steps &&
	       pthread_create(&k->threads[k->n_threads], NULL, work, k) == 0)
		k->n_threads++;
	if (k->n_threads > 0)
		return k;
	gw_keys_stop(k);
	return NULL;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

/* The key that is wanted next, once it is there. */
static struct slot take_next(struct gw_keys *k)
{
	struct slot *slot = &k->slots[k->taken % k->room], taken;

	while (k->taken >= k->next || !slot->done)
		pthread_cond_wait(&k->changed, &k->lock);
	taken = *slot;
	*slot = (struct slot){0};
	k->taken++;
	pthread_cond_broadcast(&k->changed);
	return taken;
}

enum gw_code gw_keys_take(struct gw_keys *k, const struct gw_step *step, EVP_PKEY **key, struct gw_err *err)
{
	struct slot taken = {0};
	bool found = false;

	*key = NULL;
	if (k == NULL || !is_made_ahead(step))
		return GW_OK;
	pthread_mutex_lock(&k->lock);
	while (!found && k->taken < k->n_steps) {
		gw_key_free(taken.key);
		found = k->steps[k->taken] == step;
		taken = take_next(k);
	}
	pthread_mutex_unlock(&k->lock);
	if (taken.code == GW_OK)
		*key = taken.key;
	else
		*err = taken.err;
	return taken.code;
}

void gw_keys_stop(struct gw_keys *k)
{
	unsigned i;
	size_t slot;

	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	for (i = 0; i < k->n_threads; i++)
		pthread_join(k->threads[i], NULL);
	for (slot = 0; slot < k->room; slot++)
		gw_key_free(k->slots[slot].key);
	pthread_cond_destroy(&k->changed);
	pthread_mutex_destroy(&k->lock);
	free(k->threads);
	free(k->slots);
	free(k->steps);
	free(k);
}
