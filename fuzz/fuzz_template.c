/* SPDX-License-Identifier: Apache-2.0 */
/* The template: whatever the bytes, it is either good or has a finding that says where. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "template/template.h"

const char gw_fuzz_corpus[] = "template";

/* A good template can be carried out: each entry has what a certificate needs. */
static void check_entries(const struct gw_template *t)
{
	const struct gw_entry *e;

	for (e = t->first; e != NULL; e = e->next) {
		if (gw_template_find(t, e->name) != e || e->faulty || e->validity <= 0 || e->plan.key_usage == 0)
			abort();
		if (e->plan.n_subject + e->plan.n_sans == 0 || (e->self_signed && e->plan.n_subject == 0))
			abort();
		if (!e->self_signed && (e->issuer_entry == NULL || !e->issuer_entry->plan.ca))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	GW_TEMPLATE_AUTO struct gw_template t = GW_TEMPLATE_INIT;
	GW_FINDINGS_AUTO struct gw_findings fs = {0};
	struct gw_err err = {0};
	/* A copy without a NUL behind: reading past the end shows. */
	char *text = malloc(size > 0 ? size : 1);
	enum gw_code code;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	code = gw_template_parse("input", text, size, &t, &fs, &err);
	if (code != GW_OK && (code != GW_E_INPUT || err.what[0] != '\0' || !gw_findings_any(&fs, GW_ERROR)))
		abort();
	if (code == GW_OK)
		check_entries(&t);
	free(text);
	return 0;
}
