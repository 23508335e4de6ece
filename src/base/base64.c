/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

#include <stdint.h>

/* 0 to 63, or -1. */
static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

static void emit(struct gw_buf *out, uint32_t group, unsigned octets)
{
	const char bytes[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};

	gw_buf_add(out, bytes, octets);
}

bool gw_base64_strict(const char *text, size_t len, struct gw_buf *out)
{
	unsigned digits = 0, padding = 0;
	uint32_t group = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		int value = value_of(text[i]);

		if (text[i] == '\n' || text[i] == '\r')
			continue;
		if (text[i] == '=') {
			padding++;
			continue;
		}
		if (value < 0 || padding > 0)
			return false;
		group = group << 6 | (uint32_t)value;
		if (++digits == 4) {
			emit(out, group, 3);
			digits = 0;
			group = 0;
		}
	}
	if (digits == 0)
		return padding == 0;
	if (digits == 1 || digits + padding != 4)
		return false;
	emit(out, group << 6 * (4 - digits), digits - 1);
	return true;
}
