/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM: finding the blocks of a text and writing them. The scan is linear in the input, keeps to RFC 7468 (with the
 * explanatory text before blocks that `openssl -text` writes), and says by name what else a file may be.
 */
#ifndef GW_PKI_PEM_H
#define GW_PKI_PEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define GW_PEM_FILE_MAX   ((size_t)64 << 20) /* octets read from one file of certificates */
#define GW_PEM_BLOCKS_MAX ((size_t)200000)

enum gw_pem_kind {
	GW_PEM_CERT,          /* CERTIFICATE */
	GW_PEM_CSR,           /* CERTIFICATE REQUEST, NEW CERTIFICATE REQUEST */
	GW_PEM_CRL,           /* X509 CRL */
	GW_PEM_KEY,           /* PRIVATE KEY (PKCS#8), RSA PRIVATE KEY, EC PRIVATE KEY */
	GW_PEM_KEY_ENCRYPTED, /* ENCRYPTED PRIVATE KEY, or a traditional one with Proc-Type: 4,ENCRYPTED */
	GW_PEM_EC_PARAMETERS,
	GW_PEM_PUBLIC_KEY,
	GW_PEM_OTHER, /* TRUSTED CERTIFICATE, X509 CERTIFICATE, OPENSSH PRIVATE KEY, ...: see label */
};

struct gw_pem_block {
	enum gw_pem_kind kind;
	char label[48];
	const char *start; /* of the BEGIN line, borrowed from the text */
	size_t len;        /* octets to the end of the END line, its line end included where there is one */
	unsigned line;     /* of the BEGIN line, from 1 */
};

struct gw_pem {
	const char *name; /* of the file, for messages; borrowed */
	const char *text; /* borrowed */
	size_t len;
	struct gw_pem_block *blocks;
	size_t n_blocks;
};

/* Finds every block. A BEGIN without its END, or bad base64, is GW_E_INPUT with name:line. A text without any block is
 * GW_E_INPUT too and says what the bytes are instead (DER, PKCS#12, a path, base64 of PEM, ...). Release with
 * gw_pem_release(). */
enum gw_code GW_MUST_USE gw_pem_scan(struct gw_pem *pem, const char *name, const char *text, size_t len,
				     struct gw_err *err);
void gw_pem_release(struct gw_pem *pem);
#define GW_PEM_AUTO GW_CLEANUP(gw_pem_release)

/* What a byte string looks like, as a noun phrase for "this is ...": "a DER certificate", "a PKCS#12 file", "an OpenSSH
 * key", "the path of a file, not its content", "PEM with escaped newlines"; NULL where nothing is recognised. */
const char *gw_pem_guess(const char *text, size_t len);

/* The same with what to do about it. */
struct gw_pem_likeness {
	const char *what; /* "a DER certificate" */
	const char *hint; /* "turn it into PEM: openssl x509 -inform der -in FILE -out FILE.pem" */
	const char
		*label; /* of the PEM block for DER of this kind: "CERTIFICATE"; NULL for what needs more than that */
};
const struct gw_pem_likeness *gw_pem_likeness(const char *text, size_t len);

/* Makes PEM of DER that looks like what stands in a block of this label, for readers that take both; leaves all else. */
void gw_pem_from_der(struct gw_buf *text, const char *label);

/* Whether a block of this kind holds a private key, encrypted or not. */
bool gw_pem_is_key(const struct gw_pem_block *block);

/* "a certificate", "a certificate signing request (CSR)", ...: what a block is, for messages. Static. */
const char *gw_pem_kind_words(const struct gw_pem_block *block);

/* "name:line" of a block, for gw_fail(). */
void gw_pem_where(char out[static GW_ERR_WHERE_MAX], const struct gw_pem *pem, const struct gw_pem_block *block);

/* Appends the octets that a scanned block holds; headers such as Proc-Type are passed over. Give a secret buffer where
 * the block may be a key. */
void gw_pem_decode(const struct gw_pem_block *block, struct gw_buf *der);

/* Appends one block with 64 characters a line (RFC 7468 2). */
void gw_pem_write(struct gw_buf *out, const char *label, const void *der, size_t len);

/* Appends the octets of base64, in which white space may stand and the padding be missing. False where it is none; *out may
 * then have grown. */
bool gw_base64_decode(const char *text, size_t len, struct gw_buf *out);

/* --- repair ------------------------------------------------------------------------------------------------------- */

#define GW_REPAIR_STEPS_MAX 8

/* What was done to a text, in order: phrases such as "took base64 off", static. */
struct gw_repair {
	const char *steps[GW_REPAIR_STEPS_MAX];
	size_t n_steps;
};

/*
 * Makes sound PEM of what was meant to be PEM: a byte order mark, UTF-16, escaped newlines, base64 around it (also twice),
 * base64 without its BEGIN and END lines, DER, PKCS#7, BEGIN and END lines with too few or too many dashes or with text
 * around them, blocks on one line or indented. Nothing is guessed about the octets of a block: they are those that were
 * there, or there is no block. *pem becomes the new text; where the text is sound already, a copy of it and no step.
 * GW_E_INPUT where nothing helps, with what the text is. *pem should be a secret buffer: a key may be in it.
 */
enum gw_code GW_MUST_USE gw_pem_repair(const char *name, const char *text, size_t len, struct gw_buf *pem,
				       struct gw_repair *done, struct gw_err *err);

#endif
