/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

/* Moves certificate i of the heap to the chain, unless a copy is there; the heap has NULL in its place. */
static void move(struct gw_certs *heap, size_t i, struct gw_certs *chain)
{
	X509 *cert = heap->items[i];
	size_t k;

	heap->items[i] = NULL;
	for (k = 0; k < chain->count; k++) {
		if (gw_cert_same(chain->items[k], cert)) {
			gw_cert_free(cert);
			return;
		}
	}
	gw_certs_add(chain, cert);
}

void gw_chain_sort(struct gw_certs *certs, size_t leaf)
{
	struct gw_certs chain = {0};
	size_t i, k;

	if (certs->count < 2)
		return;
	move(certs, leaf, &chain);
	/* The chain grows while it is walked. */
	for (k = 0; k < chain.count; k++) {
		for (i = 0; i < certs->count; i++) {
			if (certs->items[i] != NULL && gw_cert_issued_by(chain.items[k], certs->items[i]))
				move(certs, i, &chain);
		}
	}
	for (i = 0; i < certs->count; i++) {
		if (certs->items[i] != NULL)
			move(certs, i, &chain);
	}
	gw_certs_release(certs);
	*certs = chain;
}
