/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private keys: made, read, written as PKCS#8. The EVP_PKEY is the caller's, released with gw_key_free() (GW_KEY_AUTO).
 */
#ifndef GW_PKI_KEY_H
#define GW_PKI_KEY_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/secret.h"
#include "pki/pem.h"

enum gw_key_type {
	GW_KEY_EC_P256,
	GW_KEY_EC_P384,
	GW_KEY_EC_P521,
	GW_KEY_RSA_2048,
	GW_KEY_RSA_3072,
	GW_KEY_RSA_4096,
	GW_KEY_ED25519,
	GW_KEY_OTHER, /* read from outside: another size, curve or algorithm */
};

/* The short words of --key-type and of `key:` in a template, in the order of the enum, NULL-terminated. */
extern const char *const gw_key_type_words[];

/* The word of a type; "other" for GW_KEY_OTHER. */
const char *gw_key_type_word(enum gw_key_type type);

/* Makes a key. RSA takes 0.1 to 1.5 seconds; a spurious failure of OpenSSL's prime search is tried once more. */
enum gw_code GW_MUST_USE gw_key_generate(const struct gw_ctx *ctx, enum gw_key_type type, EVP_PKEY **key,
					 struct gw_err *err);

/* Makes many keys of one type, with what that takes set up once. For one thread. */
struct gw_key_maker;
enum gw_code GW_MUST_USE gw_key_maker_new(const struct gw_ctx *ctx, enum gw_key_type type, struct gw_key_maker **maker,
					  struct gw_err *err);
enum gw_code GW_MUST_USE gw_key_make(struct gw_key_maker *maker, EVP_PKEY **key, struct gw_err *err);
void gw_key_maker_free(struct gw_key_maker *maker); /* NULL is fine */

/* The first block of a private key, encrypted or not and of whatever format; what stands before it is passed over. Where
 * there is none, GW_E_INPUT says what the text holds instead. */
enum gw_code GW_MUST_USE gw_key_find(const struct gw_pem *pem, const struct gw_pem_block **block, struct gw_err *err);

/* The passwords that were read in one run, each source once: a descriptor has its line but one time, and nobody is asked
 * twice. Owns and cleanses them. */
struct gw_passwords {
	struct gw_kept_password *items;
	size_t count;
};
void gw_passwords_release(struct gw_passwords *kept);

/* How a password comes in: never as a value, which other users could read in the command line, but by its source. */
struct gw_password {
	const char *option;        /* that names the source, for errors: "--password", pki.yaml:12:20 */
	const char *source;        /* env:NAME, file:PATH, fd:N or prompt; NULL: none was named */
	const char *of;            /* what it opens, for the question; NULL: the private key */
	bool anew;                 /* it will encrypt: it may not be empty, and who types it types it twice */
	struct gw_passwords *kept; /* looked into first, and added to; NULL: read each time */
};

/* Reads it: the whole variable, or the first line of a file, descriptor or terminal. Something else than a source is
 * GW_E_USAGE, and is not repeated in the error: it may be the password itself. A regular file that everybody can read is
 * GW_E_REFUSED; a group may read it, as it does where a Secret is mounted for one. */
enum gw_code GW_MUST_USE gw_password_read(const struct gw_ctx *ctx, const struct gw_password *from,
					  struct gw_secret *password, struct gw_err *err);

/* Whether it is a source at all. Asks nobody, reads nothing. */
enum gw_code GW_MUST_USE gw_password_check(const struct gw_password *from, struct gw_err *err);

/* Reads the key of a block: PKCS#8, PKCS#1, SEC1. The password is asked for only where the block is encrypted; where none
 * was named, or `password` is NULL, that is GW_E_INPUT. The key must be a complete pair. */
enum gw_code GW_MUST_USE gw_key_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
					 const struct gw_pem_block *block, const struct gw_password *password,
					 EVP_PKEY **key, struct gw_err *err);

/* The first key of a file ("-" is standard input), which may hold certificates too. Without any key in it: GW_E_INPUT. */
enum gw_code GW_MUST_USE gw_key_read(const struct gw_ctx *ctx, const char *path, const struct gw_password *password,
				     EVP_PKEY **key, struct gw_err *err);

/* Reads a block PUBLIC KEY or RSA PUBLIC KEY. */
enum gw_code GW_MUST_USE gw_public_key_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem,
						const struct gw_pem_block *block, EVP_PKEY **key, struct gw_err *err);

/* PKCS#8 in PEM, not encrypted. */
enum gw_code GW_MUST_USE gw_key_to_pem(const EVP_PKEY *key, struct gw_secret *pem, struct gw_err *err);

/* What a password goes through before it is a key: slow enough for who guesses (OWASP's figure of 2023 for PBKDF2 with
 * HMAC-SHA256), a fifth of a second for who knows it. */
#define GW_PBKDF2_ROUNDS 600000

/* PKCS#8 in PEM, encrypted with PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC (RFC 8018). */
enum gw_code GW_MUST_USE gw_key_to_pem_encrypted(const struct gw_ctx *ctx, const EVP_PKEY *key,
						 const struct gw_password *password, struct gw_secret *pem,
						 struct gw_err *err);

/* Why no certificate is to be made for a key, as a phrase that follows "the key": it is of a kind that clients do not take,
 * weaker than what they take (NIST SP 800-57 5.6.1), or not sound. NULL for a good one. A key that is NULL is one that
 * OpenSSL cannot use. */
const char *gw_key_fault(EVP_PKEY *key);

/* What kind of key it is. */
enum gw_key_type gw_key_type_of(const EVP_PKEY *key);

/* "RSA 2048", "ECDSA P-256", "Ed25519", "ECDSA secp256k1", "DSA 1024": as people write it. out has 48 octets. */
void gw_key_describe(const EVP_PKEY *key, char out[static 48]);

/* SHA-256 of the SubjectPublicKeyInfo in DER. */
enum gw_code GW_MUST_USE gw_key_spki_sha256(const EVP_PKEY *key, uint8_t digest[static 32], struct gw_err *err);

/* Whether two keys have the same public half. */
bool gw_key_same(const EVP_PKEY *a, const EVP_PKEY *b);

EVP_PKEY *gw_key_ref(EVP_PKEY *key); /* one more reference */

/* NULL is fine. */
void gw_key_free(EVP_PKEY *key);
void gw_key_auto(EVP_PKEY **key);
#define GW_KEY_AUTO GW_CLEANUP(gw_key_auto)

#endif
