/* SPDX-License-Identifier: Apache-2.0 */
/*
 * openssl's configuration file, read by OpenSSL itself: what a section says, and the certificate that its extensions make.
 * Nothing here knows lines; OpenSSL keeps none.
 */
#ifndef GW_PKI_CNF_H
#define GW_PKI_CNF_H

#include "pki/build.h"

struct gw_cnf;

struct gw_cnf_pair {
	const char *name, *value; /* borrowed from the file */
};

/* Reads the text of a file; variables and $ENV:: are filled in as openssl does it. A fault is GW_E_INPUT with its
 * name:line. `.include` must have been taken out by the caller. Release with gw_cnf_free(). */
enum gw_code GW_MUST_USE gw_cnf_read(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
				     struct gw_cnf **cnf, struct gw_err *err);

/* NULL is fine. */
void gw_cnf_free(struct gw_cnf *cnf);
void gw_cnf_auto(struct gw_cnf **cnf);
#define GW_CNF_AUTO GW_CLEANUP(gw_cnf_auto)

/* The value of a name in a section, or in the default section where the section has none, as everywhere in openssl; NULL
 * where neither has it. Borrowed. */
const char *gw_cnf_get(const struct gw_cnf *cnf, const char *section, const char *name);

/* The names of a section with their values, in the order of the file; NULL where there is no such section. */
const struct gw_cnf_pair *gw_cnf_section(const struct gw_cnf *cnf, struct gw_arena *arena, const char *section,
					 size_t *count);

/* Whether OpenSSL knows an extension of that name, dotted OIDs included. */
bool gw_cnf_is_extension(const char *name);

/* Makes a certificate with the subject and the extensions, signed by a key that nobody keeps: what openssl would put into
 * one. faults[i] is why extension i cannot be made, in the arena, or NULL. */
enum gw_code GW_MUST_USE gw_cnf_make(const struct gw_ctx *ctx, const struct gw_cnf *cnf, struct gw_arena *arena,
				     const struct gw_cert_plan *plan, const struct gw_cnf_pair *extensions,
				     size_t count, const char **faults, X509 **cert, struct gw_err *err);

#endif
