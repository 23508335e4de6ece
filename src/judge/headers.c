/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge/balancer.h"
#include "pki/parts.h"
#include "rules/rules.h"

/* Custom headers of mutual TLS: what is longer arrives empty, with a token in client_cert_error. */
#define SERIAL_MAX 50   /* octets of text */
#define SPIFFE_MAX 2048 /* octets */
#define LIST_MAX   512  /* octets of a list, each name in base64, parted by commas */

static void too_long(const struct gw_balancer_request *r, struct gw_findings *fs, const char *token, size_t n,
		     size_t most)
{
	struct gw_finding *f =
		gw_find(fs, GWC_HEADER_LIMIT, r->where, "%s: %zu octets, %zu are passed on", token, n, most);

	gw_finding_fix(fs, f, "use fewer or shorter names, or let the backend do without that header");
}

static bool is_spiffe(const struct gw_general_name *name)
{
	return name->kind == GW_GENERAL_URI && name->len > 9 && memcmp(name->data, "spiffe://", 9) == 0;
}

/* The length of a list of the names of one kind; a SPIFFE id has a header of its own. */
static size_t list_length(const struct gw_parts *p, enum gw_general_kind kind)
{
	size_t total = 0, i;

	for (i = 0; i < p->names.count; i++) {
		const struct gw_general_name *name = &p->names.items[i];

		if (name->kind == kind && !is_spiffe(name))
			total += (total > 0) + (name->len + 2) / 3 * 4;
	}
	return total;
}

void gw_judge_headers(const struct gw_balancer_request *r, struct gw_findings *fs)
{
	struct gw_parts *p = gw_parts_new(r->presented->items[0], &fs->arena);
	size_t serial = strlen(p->facts.serial), dns = list_length(p, GW_GENERAL_DNS);
	size_t uris = list_length(p, GW_GENERAL_URI), i;

	if (serial > SERIAL_MAX)
		too_long(r, fs, "client_cert_serial_number_exceeded_size_limit", serial, SERIAL_MAX);
	for (i = 0; i < p->names.count; i++) {
		if (is_spiffe(&p->names.items[i]) && p->names.items[i].len > SPIFFE_MAX)
			too_long(r, fs, "client_cert_spiffe_id_exceeded_size_limit", p->names.items[i].len, SPIFFE_MAX);
	}
	if (uris > LIST_MAX)
		too_long(r, fs, "client_cert_uri_sans_exceeded_size_limit", uris, LIST_MAX);
	if (dns > LIST_MAX)
		too_long(r, fs, "client_cert_dnsname_sans_exceeded_size_limit", dns, LIST_MAX);
	gw_parts_free(p);
}
