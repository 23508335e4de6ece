/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate requests (PKCS#10, RFC 2986): read from PEM or DER, and what they ask for. X509_REQ is the caller's, released
 * with gw_request_free(). What a request asks for is a wish of whoever made it, and nothing more.
 */
#ifndef GW_PKI_REQUEST_H
#define GW_PKI_REQUEST_H

#include <openssl/types.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "pki/build.h"
#include "pki/cert.h"

typedef struct X509_req_st X509_REQ; /* as openssl/x509.h has it */

#define GW_REQUEST_MAX ((size_t)1 << 20) /* octets of a file with a request */

/* The request of a block GW_PEM_CSR. */
enum gw_code GW_MUST_USE gw_request_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
					     const struct gw_pem_block *block, X509_REQ **csr, struct gw_err *err);

/* The one CERTIFICATE REQUEST of a PEM text, or a request in DER. A second one, and anything else, is GW_E_INPUT and says
 * what it is. Blocks of other kinds, such as the key, may stand beside it. */
enum gw_code GW_MUST_USE gw_request_parse(const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
					  X509_REQ **csr, struct gw_err *err);

/* The same of a file, "-" being standard input. */
enum gw_code GW_MUST_USE gw_request_read(const struct gw_ctx *ctx, const char *path, X509_REQ **csr,
					 struct gw_err *err);

/* Appends it. */
void gw_request_to_pem(X509_REQ *csr, struct gw_buf *pem);

/* An extension that has no field of its own below, or an attribute of the request that is no extension. */
struct gw_request_extra {
	const char *name; /* as OpenSSL spells it, or a dotted OID */
	bool attribute;   /* challengePassword and its like; its value is not shown */
};

struct gw_request_facts {
	const char *subject;              /* as gw_cert_facts has names; "" where empty */
	const struct gw_name_attr *attrs; /* of the subject, in its order; OpenSSL's long names, or dotted OIDs */
	size_t n_attrs;
	struct gw_san *sans;
	size_t n_sans;
	bool has_key_usage;
	unsigned key_usage;                    /* GW_KU_ bits */
	const char *const *extended_key_usage; /* words, or dotted OIDs; NULL-terminated; NULL: not asked for */
	bool has_basic_constraints, ca;
	int path_length; /* -1: none */
	struct gw_request_extra *extras;
	size_t n_extras;
	EVP_PKEY *key;         /* the public half, borrowed from the request; NULL where OpenSSL cannot use it */
	const char *key_words; /* as gw_key_describe(), or the OID of an unknown algorithm */
	enum gw_key_type key_type;
	const char *key_fault; /* why nobody should sign this key: a phrase that follows "the key"; NULL: sound */
	const char *
		form_fault; /* why it cannot be told what is asked for: a phrase that follows "the request"; NULL: it can */
	const char *signature; /* as OpenSSL names it */
	bool possession;       /* it is signed with the key: whoever made it has that key */
};

void gw_request_read_facts(X509_REQ *csr, struct gw_arena *arena, struct gw_request_facts *facts);

void gw_request_free(X509_REQ *csr); /* NULL is fine */
void gw_request_auto(X509_REQ **csr);
#define GW_REQUEST_AUTO GW_CLEANUP(gw_request_auto)

#endif
