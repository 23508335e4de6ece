/* SPDX-License-Identifier: Apache-2.0 */
/* The border to OpenSSL: its error queue becomes one sentence. */
#ifndef GW_PKI_OSSL_H
#define GW_PKI_OSSL_H

#include "base/err.h"

/* Fills *err with the sentence and, behind it, the reason that OpenSSL gave first (the deepest), and empties its queue.
 * Returns code. */
enum gw_code gw_fail_ossl(struct gw_err *err, enum gw_code code, const char *where, const char *fmt, ...)
	GW_PRINTF(4, 5);

#endif
