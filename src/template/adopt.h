/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adopting what exists: certificates, openssl's configuration or cert-manager's objects become a template that makes the
 * like. The tables of the language decide what can be carried over: what has no row, or fails its checks, is left out and
 * said to be, as a finding and as a comment in the file. What is written always passes the checks of gwcert-template(5).
 */
#ifndef GW_TEMPLATE_ADOPT_H
#define GW_TEMPLATE_ADOPT_H

#include "pki/cert.h"
#include "template/template.h"

#define GW_ADOPT_MAX ((size_t)1 << 20) /* octets of a file that is adopted; a bundle of certificates may have more */

struct gw_adoption {
	struct gw_arena arena;
	struct gw_findings *fs; /* what could not be carried over, and what is not as it was; the caller's */
	const struct gw_ctx *ctx;
	const struct gw_source *source; /* what is adopted */
	struct gw_node *profiles, *certificates;
	const char *head; /* comment of the whole file */
};

/* Begin with one of these. They return GW_E_INPUT where there is nothing that could be adopted; release the adoption in
 * any case. `name` is what messages call the source: a file, or host:port. Text and certificates must outlive it. */
enum gw_code GW_MUST_USE gw_adopt_certs(const struct gw_ctx *ctx, const char *name, const struct gw_certs *certs,
					struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err);
enum gw_code GW_MUST_USE gw_adopt_cnf(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
				      struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err);
enum gw_code GW_MUST_USE gw_adopt_manager(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
					  struct gw_adoption *a, struct gw_findings *fs, struct gw_err *err);

/* The text of the template, with its comments. Whatever the checks refuse is left out first and added to the findings. */
enum gw_code GW_MUST_USE gw_adopt_write(struct gw_adoption *a, struct gw_buf *out, struct gw_err *err);

void gw_adoption_release(struct gw_adoption *a);
#define GW_ADOPTION_AUTO GW_CLEANUP(gw_adoption_release)

#endif
