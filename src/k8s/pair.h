/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pair behind a TLS Secret: a private key, its certificate and the chain above it, as they come from files or from a
 * pipe; read, judged, and as the octets that the Secret is to hold.
 */
#ifndef GW_K8S_PAIR_H
#define GW_K8S_PAIR_H

#include "base/finding.h"
#include "k8s/secret.h"
#include "pki/cert.h"

struct gw_pair_request {
	const char *cert, *key; /* files ("-" is standard input), or both NULL: all from standard input, in any order */
	const char *ca;         /* file of CA certificates, or NULL */
	const char *password;   /* source of the key's password (gw_password_read()), or NULL */
	bool verbatim;          /* the files' octets as they are, as kubectl keeps them */
	bool allow_expired;
};

struct gw_pair {
	struct gw_certs certs; /* the leaf first */
	EVP_PKEY *key;
	struct gw_buf cert_pem;   /* tls.crt */
	struct gw_secret key_pem; /* tls.key, never encrypted */
	struct gw_buf ca_pem;     /* ca.crt; empty without ca */
};

/* Starts empty: struct gw_pair p = GW_PAIR_INIT. tls.crt is secret as well: a file that is kept verbatim may hold a key. */
#define GW_PAIR_INIT                                                                                                   \
	{                                                                                                              \
		.cert_pem = GW_BUF_SECRET(GW_PEM_FILE_MAX), .ca_pem = GW_BUF_SECRET(GW_PEM_FILE_MAX)                   \
	}

/* Reads and judges. What cannot be used at all is an error; what can be read, but makes no pair that works, is a finding of
 * severity error. */
enum gw_code GW_MUST_USE gw_pair_read(const struct gw_ctx *ctx, const struct gw_pair_request *request,
				      struct gw_pair *pair, struct gw_findings *fs, struct gw_err *err);

/* Judges a pair that has been read, as gw_pair_read() does: certs and key are looked at, both there. */
void gw_pair_judge(const struct gw_ctx *ctx, const struct gw_pair *pair, bool allow_expired,
		   const struct gw_where *where, struct gw_findings *fs);
void gw_pair_release(struct gw_pair *pair);
#define GW_PAIR_AUTO GW_CLEANUP(gw_pair_release)

#endif
