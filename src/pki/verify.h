/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chain verification by OpenSSL with all its complaints, not only the first. This only observes; judge/ makes findings.
 */
#ifndef GW_PKI_VERIFY_H
#define GW_PKI_VERIFY_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "pki/cert.h"

/* Trust anchors, loaded once and shared by any number of verifications. */
struct gw_trust;

/* Anchors from a file of certificates (--cacert), or from certificates at hand; each is trusted as it is, an intermediate or
 * a leaf as well as a root. */
enum gw_code GW_MUST_USE gw_trust_from_file(const struct gw_ctx *ctx, const char *path, struct gw_trust **trust,
					    struct gw_err *err);
enum gw_code GW_MUST_USE gw_trust_from_certs(const struct gw_ctx *ctx, const char *name, X509 *const *anchors,
					     size_t count, struct gw_trust **trust, struct gw_err *err);
/* The system's anchors: SSL_CERT_FILE and SSL_CERT_DIR of ctx->env where set, else OpenSSL's default places. */
enum gw_code GW_MUST_USE gw_trust_system(const struct gw_ctx *ctx, struct gw_trust **trust, struct gw_err *err);
void gw_trust_free(struct gw_trust *trust);
bool gw_trust_has_subject(const struct gw_trust *trust, const X509_NAME *subject);

/* Adds the anchors whose subject is the name: the system's are read from disk only now. */
void gw_trust_find(const struct gw_trust *trust, const X509_NAME *subject, struct gw_certs *found);

/* Whether one of the anchors read so far bears a name of the same family as the issuer of cert: the same organization, or
 * a common name that begins with the same word. An intermediate is mostly named after its root: a hint, no proof. */
bool gw_trust_has_kin(const struct gw_trust *trust, const X509 *cert);
const char *gw_trust_name(const struct gw_trust *trust); /* "ca.pem", "the system's trust store" */

enum gw_purpose { GW_PURPOSE_ANY, GW_PURPOSE_SERVER, GW_PURPOSE_CLIENT };

/* The kinds of fault that the judge tells apart. */
enum gw_fault {
	GW_FAULT_TIME,             /* a date: not valid yet, expired, unreadable */
	GW_FAULT_NO_ISSUER,        /* the issuer is neither presented nor an anchor */
	GW_FAULT_UNTRUSTED_ROOT,   /* a root was presented that is no anchor */
	GW_FAULT_SELF_SIGNED_LEAF, /* the leaf is its own issuer, and no anchor */
	GW_FAULT_SIGNATURE,
	GW_FAULT_PURPOSE,
	GW_FAULT_NOT_CA,
	GW_FAULT_NO_CERT_SIGN, /* a CA whose key usage lacks keyCertSign */
	GW_FAULT_PATH_LENGTH,
	GW_FAULT_WEAK_KEY,
	GW_FAULT_WEAK_SIGNATURE,
	GW_FAULT_CRITICAL_EXTENSION,
	GW_FAULT_NAME_CONSTRAINTS,
	GW_FAULT_UNDECODABLE,
	GW_FAULT_OTHER,
};

#define GW_VERIFY_FAULTS_MAX 16

struct gw_verify_fault {
	enum gw_fault kind;
	int error;      /* X509_V_ERR_ */
	unsigned depth; /* 0 is the leaf */
	X509 *cert;     /* the certificate at fault, one reference; may be NULL */
};

struct gw_verify_result {
	bool ok;
	struct gw_verify_fault faults[GW_VERIFY_FAULTS_MAX];
	size_t n_faults;
	struct gw_certs chain; /* as built, leaf first, the anchor last where one was found */
};

/* Builds and checks a chain from the leaf over the others to an anchor, at an instant, for a purpose. */
enum gw_code GW_MUST_USE gw_verify_chain(const struct gw_trust *trust, const struct gw_certs *presented, int64_t at,
					 enum gw_purpose purpose, struct gw_verify_result *result, struct gw_err *err);

/* OpenSSL's opinion of one path, leaf first: its last certificate is the only anchor. */
enum gw_code GW_MUST_USE gw_verify_path(const struct gw_trust *trust, const struct gw_certs *path, int64_t at,
					enum gw_purpose purpose, struct gw_verify_result *result, struct gw_err *err);
void gw_verify_result_release(struct gw_verify_result *result);

/* OpenSSL's words for an X509_V_ERR_. Static. */
const char *gw_verify_error_text(int error);

#endif
