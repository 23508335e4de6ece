/* SPDX-License-Identifier: Apache-2.0 */
/* The located tree: what is read can be written, and what is written reads back to the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "tree/tree.h"

const char gw_fuzz_corpus[] = "tree";

#define WRITTEN_MAX ((size_t)64 << 20) /* octets: aliases make the output larger than the input */

typedef void writer(struct gw_buf *out, const struct gw_node *node);

/* A failure is told whole: where, and what. A success tells nothing. */
static void check_error(enum gw_code code, const struct gw_err *err)
{
	if (code != GW_OK && (code != GW_E_INPUT || err->code != code || err->what[0] == '\0'))
		abort();
}

/* Writing, reading and writing again gives the same text. */
static void check_round(struct gw_arena *arena, const struct gw_node *doc, writer *write)
{
	struct gw_buf once GW_BUF_AUTO = GW_BUF(WRITTEN_MAX), twice GW_BUF_AUTO = GW_BUF(WRITTEN_MAX);
	struct gw_tree_fault fault = {0};
	struct gw_err err = {0};
	struct gw_node *again = NULL;

	write(&once, doc);
	if (once.overflow)
		return;
	if (gw_tree_read_one(arena, "again", gw_buf_str(&once), once.len, &again, &fault, &err) != GW_OK) {
		fprintf(stderr, "%s: %s\n%s\n", err.where, err.what, gw_buf_str(&once));
		abort();
	}
	write(&twice, again);
	if (once.len != twice.len || memcmp(once.data, twice.data, once.len) != 0) {
		fprintf(stderr, "--- once\n%s\n--- twice\n%s\n", gw_buf_str(&once), gw_buf_str(&twice));
		abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct gw_arena arena GW_ARENA_AUTO = {0};
	struct gw_tree_fault fault = {0};
	struct gw_err err = {0};
	struct gw_node *docs = NULL;
	/* A copy without a NUL behind: reading past the end shows. */
	char *text = malloc(size > 0 ? size : 1);
	enum gw_code code;
	const struct gw_node *doc;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	code = gw_tree_read(&arena, "input", text, size, &docs, &fault, &err);
	check_error(code, &err);
	for (doc = code == GW_OK ? docs->first : NULL; doc != NULL; doc = doc->next) {
		check_round(&arena, doc, gw_yaml_write);
		check_round(&arena, doc, gw_json_write);
	}
	free(text);
	return 0;
}
