/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/expect.h"

#include <string.h>

enum gw_code gw_expected_read(const struct gw_ctx *ctx, const char *file, struct gw_arena *arena,
			      struct gw_expected *expected, struct gw_err *err)
{
	GW_CERTS_AUTO struct gw_certs certs = {0};
	enum gw_code code = gw_certs_read(ctx, file, false, &certs, err);

	if (code != GW_OK)
		return code;
	expected->file = file;
	expected->cert = gw_cert_ref(certs.items[0]);
	gw_cert_read_facts(expected->cert, arena, &expected->facts);
	return GW_OK;
}

void gw_expected_release(struct gw_expected *expected)
{
	gw_cert_free(expected->cert);
	expected->cert = NULL;
}

enum gw_match gw_expected_compare(const struct gw_expected *expected, const X509 *leaf,
				  const struct gw_cert_facts *facts)
{
	if (gw_cert_same(expected->cert, leaf))
		return GW_MATCH_SAME;
	if (strcmp(expected->facts.spki_sha256, facts->spki_sha256) == 0)
		return GW_MATCH_SAME_KEY;
	return GW_MATCH_OTHER;
}

static void add_difference(struct gw_buf *out, const char *what, const char *served, const char *expected)
{
	if (strcmp(served, expected) != 0)
		gw_buf_printf(out, "%s%s %s instead of %s", out->len > 0 ? "; " : "", what, served, expected);
}

static void add_time(struct gw_buf *out, const char *what, int64_t served, int64_t expected)
{
	char a[GW_TIME_TEXT], b[GW_TIME_TEXT];

	gw_time_format(a, served);
	gw_time_format(b, expected);
	add_difference(out, what, a, b);
}

static bool has_san(const struct gw_cert_facts *facts, const struct gw_san *san)
{
	size_t i;

	for (i = 0; i < facts->n_sans; i++) {
		if (facts->sans[i].type == san->type && strcmp(facts->sans[i].value, san->value) == 0)
			return true;
	}
	return false;
}

#define NAMES_SHOWN 5

/* The names of `a` that `b` has not. */
static void add_missing_names(struct gw_buf *out, const char *what, const struct gw_cert_facts *a,
			      const struct gw_cert_facts *b)
{
	size_t i, n = 0;

	for (i = 0; i < a->n_sans; i++) {
		if (has_san(b, &a->sans[i]))
			continue;
		if (n < NAMES_SHOWN)
			gw_buf_printf(out, "%s%s", n > 0 ? ", " : out->len > 0 ? "; " : "", n == 0 ? what : "");
		if (n++ < NAMES_SHOWN)
			gw_buf_str_add(out, a->sans[i].value);
	}
	if (n > NAMES_SHOWN)
		gw_buf_printf(out, " and %zu more", n - NAMES_SHOWN);
}

void gw_expected_differences(const struct gw_expected *expected, const struct gw_cert_facts *served, struct gw_buf *out)
{
	const struct gw_cert_facts *wanted = &expected->facts;

	add_difference(out, "serial", served->serial, wanted->serial);
	add_time(out, "begins", served->not_before, wanted->not_before);
	add_time(out, "ends", served->not_after, wanted->not_after);
	add_difference(out, "issuer", served->issuer, wanted->issuer);
	add_missing_names(out, "without the name ", wanted, served);
	add_missing_names(out, "with the name ", served, wanted);
}
