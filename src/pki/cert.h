/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates as they are: read from PEM or DER, and their facts. X509 is the caller's, released with gw_cert_free().
 */
#ifndef GW_PKI_CERT_H
#define GW_PKI_CERT_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "pki/key.h"
#include "pki/pem.h"
#include "pki/san.h"

#define GW_CHAIN_MAX 100 /* certificates that one peer may send or one file of a pair may hold */

/* A sequence of certificates in order, leaf first where it is a chain. Owns its members. */
struct gw_certs {
	X509 **items;
	size_t count;
};

enum gw_code GW_MUST_USE gw_cert_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
					  const struct gw_pem_block *block, X509 **cert, struct gw_err *err);

/* Every CERTIFICATE block of a file ("-" is standard input), in order; other blocks are passed over except that a file
 * without any certificate is GW_E_INPUT and says what it holds instead (a CSR, a key, ...). At most GW_CHAIN_MAX unless
 * `many`. Undecodable blocks are GW_E_INPUT with name:line. */
enum gw_code GW_MUST_USE gw_certs_read(const struct gw_ctx *ctx, const char *path, bool many, struct gw_certs *certs,
				       struct gw_err *err);

/* The same of a text that has been scanned. */
enum gw_code GW_MUST_USE gw_certs_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, bool many,
					   struct gw_certs *certs, struct gw_err *err);
void gw_certs_add(struct gw_certs *certs, X509 *cert); /* takes the reference */
void gw_certs_release(struct gw_certs *certs);
#define GW_CERTS_AUTO GW_CLEANUP(gw_certs_release)

void gw_cert_to_pem(const X509 *cert, struct gw_buf *out);

/* The DER in memory that the caller frees with free(). Returns its length. */
size_t gw_cert_to_der(const X509 *cert, unsigned char **der);

X509 *gw_cert_ref(X509 *cert); /* one more reference */
void gw_cert_free(X509 *cert);
void gw_cert_auto(X509 **cert);
#define GW_CERT_AUTO GW_CLEANUP(gw_cert_auto)

/* Borrowed from the certificate; NULL where the key is of a kind that OpenSSL cannot use. */
const EVP_PKEY *gw_cert_key(const X509 *cert);

/* Where it breaks the encoding rules that OpenSSL does not insist on and others do, Go above all: a phrase that follows the
 * certificate's name ("has the same extension twice"), static; NULL for a sound one. */
const char *gw_cert_form_fault(const X509 *cert);

/* Borrowed names. */
const X509_NAME *gw_cert_subject(const X509 *cert);
const X509_NAME *gw_cert_issuer(const X509 *cert);

/* The length of their DER, in octets. */
size_t gw_name_der_size(const X509_NAME *name);
size_t gw_cert_der_size(const X509 *cert);

/* A name as gw_cert_facts has it: RFC 2253 order and escapes, UTF-8. */
const char *gw_name_text(struct gw_arena *arena, const X509_NAME *name);

/* Whether the octets are one element of DER, whole and by the rules (X.690 10). */
bool gw_der_is_one(const unsigned char *der, size_t len);

/* The friendlyName that a PKCS#12 file gave it; NULL where there is none, or none that is text. In the arena. */
const char *gw_cert_friendly_name(X509 *cert, struct gw_arena *arena);

bool gw_cert_same(const X509 *a, const X509 *b);
bool gw_cert_matches_key(const X509 *cert, const EVP_PKEY *key);
/* Whether the block holds a sound private key that is the certificate's, told without building the key. Only for P-256 in
 * PKCS#8, in clear; false is no answer. */
bool gw_cert_matches_block(const X509 *cert, const struct gw_pem_block *block);

/* Whether a text is a request (CSR) in PEM, and nothing else, for the certificate's public key. */
bool gw_cert_matches_csr(const X509 *cert, const char *text, size_t len);
bool gw_cert_self_issued(const X509 *cert); /* subject == issuer */
bool gw_cert_self_signed(const X509 *cert); /* self-issued, and the signature verifies with its own key */
bool gw_cert_names_issuer(const X509 *cert, const X509 *issuer); /* its issuer's name is issuer's subject */
bool gw_cert_issued_by(const X509 *cert, const X509 *issuer);    /* names and, where both have them, key ids agree */
bool gw_cert_signed_by(const X509 *cert, const EVP_PKEY *key);   /* the signature verifies */
int64_t
gw_cert_not_before(const X509 *cert); /* GW_TIME_FAR_FUTURE where the field is malformed: treat as not yet valid */
int64_t gw_cert_not_after(const X509 *cert); /* GW_TIME_FAR_PAST where the field is malformed: treat as expired */
bool gw_cert_is_ca(const X509 *cert);
bool gw_cert_says_ca(const X509 *cert); /* the same by its basic constraints alone, which is faster for one look */
unsigned gw_cert_signature_strength(const X509 *cert); /* security bits of its signature's digest; 0 where unknown */

/* Key usage bits of RFC 5280 4.2.1.3, bit N of the BIT STRING as 1 << N. */
#define GW_KU_DIGITAL_SIGNATURE (1U << 0)
#define GW_KU_NON_REPUDIATION   (1U << 1)
#define GW_KU_KEY_ENCIPHERMENT  (1U << 2)
#define GW_KU_DATA_ENCIPHERMENT (1U << 3)
#define GW_KU_KEY_AGREEMENT     (1U << 4)
#define GW_KU_KEY_CERT_SIGN     (1U << 5)
#define GW_KU_CRL_SIGN          (1U << 6)
#define GW_KU_ENCIPHER_ONLY     (1U << 7)
#define GW_KU_DECIPHER_ONLY     (1U << 8)

/* RFC 5280's names of the bits, in bit order, NULL-terminated: "digitalSignature", "nonRepudiation", ... */
extern const char *const gw_key_usage_words[];

/* The extended key usages that have a name: serverAuth, clientAuth, codeSigning, emailProtection, timeStamping,
 * OCSPSigning, anyExtendedKeyUsage; NULL-terminated. */
extern const char *const gw_eku_words[];

/* "1.3.6.1.5.5.7.3.1" for "serverAuth"; NULL where it is none of the words. */
const char *gw_eku_oid(const char *word);

/* The word of an OID that has one; else the text itself. */
const char *gw_eku_word_of(const char *text);

/* What a certificate says, in text that has not been escaped for a terminal. All memory is the arena's. */
struct gw_cert_facts {
	const char *subject; /* RFC 2253 order and escapes, UTF-8: "CN=store.example.com,O=example"; "" where empty */
	const char *issuer;
	const char *common_name; /* the last one of the subject, or NULL */
	const char *serial;      /* lower-case hex, no leading zero octet, "-" before a negative one */
	int64_t not_before, not_after;
	struct gw_san *sans;
	size_t n_sans;
	const char *key; /* as gw_key_describe(), or the OID of an unknown algorithm */
	enum gw_key_type key_type;
	const char *signature;   /* "ecdsa-with-SHA256", "RSA-SHA256", as OpenSSL names it */
	const char *sha256;      /* of the DER, lower-case hex without separators */
	const char *spki_sha256; /* of the SubjectPublicKeyInfo */
	bool ca;
	int path_length; /* -1 where there is none */
	bool has_key_usage;
	unsigned key_usage; /* GW_KU_ bits */
	const char *
		*extended_key_usage;  /* words, or dotted OIDs; NULL-terminated; NULL where the extension is absent */
	const char *subject_key_id;   /* hex, or NULL */
	const char *authority_key_id; /* hex, or NULL */
	const char *ca_issuers;       /* first URI of AIA caIssuers, or NULL */
};

void gw_cert_read_facts(const X509 *cert, struct gw_arena *arena, struct gw_cert_facts *facts);

/* "ECDSA P-256", by the octets alone: the key itself is not built. */
const char *gw_cert_key_words(const X509 *cert, struct gw_arena *arena);

/* A library context in which nothing can be computed. A certificate read in it (a copy of the gw_ctx with this libctx) has no
 * gw_cert_key() and verifies nothing, but is read nearly ten times as fast, since no key is built: for looking. */
struct gw_bare {
	OSSL_LIB_CTX *libctx;
	OSSL_PROVIDER *nothing; /* the provider "null": without it the default one would come at first use */
};
struct gw_bare gw_bare_open(void);
void gw_bare_close(struct gw_bare *bare); /* after the certificates read in it */

/* Only its subject alternative names, in the arena. False where the extension is there but cannot be read, or is there
 * twice: then it names nobody. */
bool gw_cert_sans(const X509 *cert, struct gw_arena *arena, struct gw_san **sans, size_t *n_sans);

/* A name for a message: the common name, else the first SAN, else the subject, else "serial ...". In the arena. */
const char *gw_cert_label(const X509 *cert, struct gw_arena *arena);

/* The same of its issuer: the common name, else the whole name. */
const char *gw_cert_issuer_label(const X509 *cert, struct gw_arena *arena);

/* Where it says that its issuer's certificate can be fetched (AIA caIssuers, the first URI), or NULL. */
const char *gw_cert_ca_issuers(const X509 *cert, struct gw_arena *arena);

#endif
