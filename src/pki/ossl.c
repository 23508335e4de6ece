/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/ossl.h"

#include <openssl/err.h>
#include <stdio.h>

enum gw_code gw_fail_ossl(struct gw_err *err, enum gw_code code, const char *where, const char *fmt, ...)
{
	/* The queue begins with the function that failed first; what follows only passes the news on. */
	unsigned long first = ERR_get_error();
	const char *reason = first != 0 ? ERR_reason_error_string(first) : NULL;
	char text[GW_ERR_WHAT_MAX];
	va_list args;

	ERR_clear_error();
	va_start(args, fmt);
	gw_vformat(text, sizeof(text), fmt, args);
	va_end(args);
	if (reason == NULL)
		return gw_fail(err, code, where, "%s", text);
	return gw_fail(err, code, where, "%s (%s)", text, reason);
}
