/* SPDX-License-Identifier: Apache-2.0 */
/* The CA that a command signs with: an entry of a template by its name, or two files. */
#ifndef GW_CMD_ISSUER_H
#define GW_CMD_ISSUER_H

#include "cli/command.h"
#include "issue/issue.h"

struct gw_issuer_opts {
	const char *issuer, *key, *password; /* --issuer, --issuer-key, --issuer-password */
	const char *file, *dir, *vars_file;  /* the template's, as in gen */
	struct gw_strings set;
};

/* The rows of a command whose options have them as the field f. */
/* clang-format off */
#define OPTS_ISSUER(T, f) \
	OPT_STR(T, f.issuer, 0, "issuer", "CA", NULL, \
		"the CA: the name of an entry of the template; with --issuer-key a file in PEM"), \
	OPT_STR(T, f.key, 0, "issuer-key", "FILE", NULL, "the key of --issuer, which is then a file"), \
	OPT_STR(T, f.password, 0, "issuer-password", "SOURCE", NULL, \
		"the password of an encrypted key: env:NAME, file:PATH, fd:N or prompt; of an entry's key otherwise the " \
		"template's own"), \
	OPT_TEMPLATE(T, f.file), \
	OPT_STR(T, f.dir, 'd', "dir", "DIR", NULL, "where gen wrote the entries; settings.dir where not given"), \
	OPT_SET(T, f.set), \
	OPT_VARS_FILE(T, f.vars_file)
/* clang-format on */

/* Whether there is a template to be read: one was named, or the usual one is here. */
bool gw_issuer_has_template(const struct gw_issuer_opts *o);

/* Reads it. Faults are findings, printed on ctx->err. */
enum gw_code GW_MUST_USE gw_issuer_template(const struct gw_ctx *ctx, const struct gw_issuer_opts *o,
					    struct gw_template *t, struct gw_err *err);

/* Loads the CA. `t` has been read, or is empty where there is none. *cert_path is its certificate's, in the run's arena. */
enum gw_code GW_MUST_USE gw_issuer_load(const struct gw_ctx *ctx, const struct gw_issuer_opts *o,
					const struct gw_template *t, struct gw_signer *signer, const char **cert_path,
					struct gw_err *err);

/* Both, for a command that needs the template for nothing else. */
enum gw_code GW_MUST_USE gw_issuer_open(const struct gw_ctx *ctx, const struct gw_issuer_opts *o,
					struct gw_signer *signer, const char **cert_path, struct gw_err *err);

/* The CA's revocation list: the file given (--crl), else crl.pem beside its certificate. In the arena. */
enum gw_code GW_MUST_USE gw_issuer_crl(struct gw_arena *arena, const char *given, const char *cert_path,
				       const char **path, struct gw_err *err);

#endif
