/* SPDX-License-Identifier: Apache-2.0 */
/* PEM blocks: what is found lies in the text, in order, and never overlaps; a failure has a place and a reason. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "pki/pem.h"

const char gw_fuzz_corpus[] = "pem";

static void check_blocks(const struct gw_pem *pem, const char *text, size_t size)
{
	const char *at = text;
	unsigned line = 0;
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		const struct gw_pem_block *b = &pem->blocks[i];

		if (b->start < at || b->len > size || b->start + b->len > text + size || b->line <= line)
			abort();
		if (memchr(b->label, '\0', sizeof(b->label)) == NULL)
			abort();
		at = b->start + b->len;
		line = b->line;
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct gw_pem pem GW_PEM_AUTO = {0};
	struct gw_err err = {0};
	char *text = malloc(size > 0 ? size : 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	if (gw_pem_scan(&pem, "input", text, size, &err) == GW_OK) {
		if (pem.n_blocks == 0)
			abort();
		check_blocks(&pem, text, size);
	} else if (err.code != GW_E_INPUT || err.what[0] == '\0') {
		abort();
	}
	(void)gw_pem_guess(text, size);
	free(text);
	return 0;
}
