/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#12 (RFC 7292): a key, its certificate and the chain in one file under a password, as Java, Windows and browsers take
 * them.
 */
#ifndef GW_PKI_PKCS12_H
#define GW_PKI_PKCS12_H

#include "pki/cert.h"

#define GW_PKCS12_MAX ((size_t)1 << 20) /* octets of a file */

/* How old a reader may be. */
enum gw_pkcs12_kind {
	GW_PKCS12_MODERN, /* PBES2 with AES-256, SHA-256 all over: OpenSSL 1.1, Java 8u301, Windows Server 2019 */
	GW_PKCS12_LEGACY, /* 3DES and SHA-1, which everything reads, and which guards little */
};

struct gw_pkcs12_spec {
	EVP_PKEY *key;
	X509 *cert;
	const struct gw_certs *chain; /* above it */
	const char *name;             /* friendlyName, under which keystores list it */
	enum gw_pkcs12_kind kind;
};

/* Appends the DER. */
enum gw_code GW_MUST_USE gw_pkcs12_write(const struct gw_ctx *ctx, const struct gw_pkcs12_spec *spec,
					 const struct gw_password *password, struct gw_buf *out, struct gw_err *err);

/* Whether the octets are a file that gw_pkcs12_read() takes. */
bool gw_pkcs12_is(const void *data, size_t len);

/* Reads key, certificates (the key's own first, where there is one) of a file's octets. Either may be absent: *key is then
 * NULL, or certs empty. `name` is the file's, for messages. No password named: the empty one is tried. Of several keys it is the first. */
enum gw_code GW_MUST_USE gw_pkcs12_read(const struct gw_ctx *ctx, const char *name, const void *data, size_t len,
					const struct gw_password *password, EVP_PKEY **key, struct gw_certs *certs,
					struct gw_err *err);

/* Why a file is not the one that gw_pkcs12_write() would make of the spec, key and chain aside, as a phrase that follows its
 * name; NULL where it is. Looks at what shows without the password: the certificate's SHA-1 as localKeyID, the name, the
 * kind. */
const char *gw_pkcs12_fault(const struct gw_pkcs12_spec *spec, const void *data, size_t len);

/* Whether the password is the file's. */
bool gw_pkcs12_opens(const void *data, size_t len, const struct gw_secret *password);

#endif
