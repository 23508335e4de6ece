/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A secret: bytes of a private key or a password. Held in OpenSSL's secure heap (locked in memory, kept out of core
 * dumps) as long as that has room, in cleansed ordinary memory beyond it. Never printed, never in an error text.
 */
#ifndef GW_BASE_SECRET_H
#define GW_BASE_SECRET_H

#include <stddef.h>

#include "base/err.h"

/* The largest secret that is accepted, in octets: an RSA-4096 key in PEM is 3.3 KB, an encrypted one 3.5 KB; a file that
 * holds a chain beside the key is more. */
#define GW_SECRET_MAX ((size_t)1 << 20)

struct gw_secret {
	char *data; /* NUL-terminated behind len for the sake of text; NULL while empty */
	size_t len; /* octets */
};

/* Sets up the secure heap on first use, in whichever thread; called by whatever makes or reads a key. Harmless when the
 * heap cannot be had (no memory may be locked): secrets are then cleansed only. */
void gw_secret_heap(void);

/* Room for len octets, zeroed. The caller releases it. */
void gw_secret_init(struct gw_secret *s, size_t len);

/* A copy of bytes; the source stays the caller's to cleanse. */
void gw_secret_copy(struct gw_secret *s, const void *data, size_t len);

/* Cleanses and frees; the struct is empty afterwards. */
void gw_secret_release(struct gw_secret *s);

#define GW_SECRET_AUTO GW_CLEANUP(gw_secret_release)

#endif
