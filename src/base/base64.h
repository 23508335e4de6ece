/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 as RFC 4648 section 4 has it, and as Kubernetes reads the values of a Secret: nothing is guessed. What people may
 * have meant by less than that, pki/repair.c finds out. */
#ifndef GW_BASE_BASE64_H
#define GW_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends the octets that the text stands for. Padding must be there and line ends may be anywhere, as for Go's decoder.
 * False where it is no base64; what was appended by then stays. Give a secret buffer where the value may be a key. */
bool gw_base64_strict(const char *text, size_t len, struct gw_buf *out);

#endif
