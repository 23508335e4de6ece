/* SPDX-License-Identifier: Apache-2.0 */
/* The extensions of what is being made, one after the other. Only this room includes it. */
#ifndef GW_PKI_EXTEND_H
#define GW_PKI_EXTEND_H

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "pki/build.h"

/* Appends the value of an extension; false where there is none, or no memory. */
bool gw_extend(STACK_OF(X509_EXTENSION) * *list, int nid, void *value, bool critical);

/* What requests and certificates have in common: basic constraints, usages, names. */
enum gw_code GW_MUST_USE gw_extend_planned(STACK_OF(X509_EXTENSION) * *list, const struct gw_cert_plan *plan,
					   struct gw_err *err);

/* Subject key id of the certificate; authority key id as the issuer's own says, or as it would be. issuer NULL: itself. */
bool gw_extend_key_ids(STACK_OF(X509_EXTENSION) * *list, const X509 *cert, const X509 *issuer);

/* extension.c: what the issuer adds. */
enum gw_code GW_MUST_USE gw_extend_issued(STACK_OF(X509_EXTENSION) * *list, const struct gw_issuer_extensions *x,
					  struct gw_err *err);

/* extension.c: what of that a request asks for. */
enum gw_code GW_MUST_USE gw_extend_asked(STACK_OF(X509_EXTENSION) * *list, const struct gw_issuer_extensions *x,
					 struct gw_err *err);

/* A name as it stands in a certificate; NULL where it cannot be encoded. */
GENERAL_NAME *gw_general_name(const struct gw_san *san);
GENERAL_NAMES *gw_general_names(const struct gw_cert_plan *plan); /* all of a plan's */

/* form.c: whether an extension that OpenSSL knows can be read whole, to its last octet; true for any other. */
bool gw_extension_is_readable(X509_EXTENSION *ext);

/* sign.c: sets up what signs by the plan. */
bool gw_sign_begin(EVP_MD_CTX *md, const struct gw_cert_plan *plan, EVP_PKEY *key);

/* sign.c: signs with the hash and padding of the plan as far as the key can. */
enum gw_code GW_MUST_USE gw_sign_cert(X509 *cert, const struct gw_cert_plan *plan, EVP_PKEY *key, struct gw_err *err);
enum gw_code GW_MUST_USE gw_sign_request(X509_REQ *req, const struct gw_cert_plan *plan, EVP_PKEY *key,
					 struct gw_err *err);

#endif
