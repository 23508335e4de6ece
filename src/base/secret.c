/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <string.h>

#define SECURE_HEAP    131072 /* octets: some thirty RSA-4096 keys in flight; RLIMIT_MEMLOCK is 8 MiB on Debian 12 */
#define SMALLEST_BLOCK 64     /* octets */

static void heap_once(void)
{
	/* A failure leaves OPENSSL_secure_malloc working on the ordinary heap, cleansed on free. */
	(void)CRYPTO_secure_malloc_init(SECURE_HEAP, SMALLEST_BLOCK);
}

void gw_secret_heap(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, heap_once);
}

void gw_secret_init(struct gw_secret *s, size_t len)
{
	gw_secret_heap();
	s->data = OPENSSL_secure_zalloc(len + 1);
	/* The secure heap may be full; the ordinary one is cleansed just the same on release. */
	if (s->data == NULL)
		s->data = OPENSSL_zalloc(len + 1);
	if (s->data == NULL)
		gw_oom();
	s->len = len;
}

void gw_secret_copy(struct gw_secret *s, const void *data, size_t len)
{
	gw_secret_init(s, len);
	if (len > 0)
		memcpy(s->data, data, len);
}

void gw_secret_release(struct gw_secret *s)
{
	/* OPENSSL_secure_clear_free tells the two heaps apart by address. */
	OPENSSL_secure_clear_free(s->data, s->len + 1);
	s->data = NULL;
	s->len = 0;
}
