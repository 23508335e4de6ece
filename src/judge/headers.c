/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "judge/balancer.h"
#include "pki/parts.h"
#include "rules/rules.h"

/* Custom headers of mutual TLS: what is longer arrives empty, with a token in client_cert_error. */
#define SERIAL_MAX 50                 /* octets of text */
#define SPIFFE_MAX 2048               /* octets */
#define LIST_MAX   512                /* octets of a list, each name in base64, parted by commas */
#define DN_MAX     512                /* octets of a distinguished name: its DER in base64 */
#define CERTS_MAX  ((size_t)16 << 10) /* octets of DER: of the leaf, and of it with all that verified it */

static void too_long(const struct gw_balancer_request *r, struct gw_findings *fs, const char *token, size_t n,
		     size_t most)
{
	struct gw_finding *f =
		gw_find(fs, GWC_HEADER_LIMIT, r->where, "%s: %zu octets, %zu are passed on", token, n, most);

	gw_finding_fix(fs, f, "use fewer or shorter names, or let the backend do without that header");
}

static size_t base64_length(size_t octets)
{
	return (octets + 2) / 3 * 4;
}

static void judge_names(const struct gw_balancer_request *r, const X509 *leaf, struct gw_findings *fs)
{
	size_t issuer = base64_length(gw_name_der_size(gw_cert_issuer(leaf)));
	size_t subject = base64_length(gw_name_der_size(gw_cert_subject(leaf)));

	if (issuer > DN_MAX)
		too_long(r, fs, "client_cert_issuer_dn_exceeded_size_limit", issuer, DN_MAX);
	if (subject > DN_MAX)
		too_long(r, fs, "client_cert_subject_dn_exceeded_size_limit", subject, DN_MAX);
}

static void judge_size(const struct gw_balancer_request *r, struct gw_findings *fs)
{
	size_t leaf = gw_cert_der_size(r->presented->items[0]), all = 0, i;

	for (i = 0; i < r->presented->count; i++)
		all += gw_cert_der_size(r->presented->items[i]);
	if (leaf > CERTS_MAX)
		too_long(r, fs, "client_cert_validated_leaf_exceeded_size_limit", leaf, CERTS_MAX);
	else if (all > CERTS_MAX)
		too_long(r, fs, "client_cert_validated_chain_exceeded_size_limit", all, CERTS_MAX);
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
			total += (total > 0) + base64_length(name->len);
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
	judge_names(r, r->presented->items[0], fs);
	judge_size(r, fs);
	gw_parts_free(p);
}
