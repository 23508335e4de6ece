/* SPDX-License-Identifier: Apache-2.0 */
/* What a file is that was meant to be PEM: the damage and the mix-ups that people meet again and again. */
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <string.h>
#include <strings.h>

#include "pki/pem.h"

#define LIKE(name, w, h)            static const struct gw_pem_likeness name = {w, h, NULL}
#define LIKE_DER(name, w, h, label) static const struct gw_pem_likeness name = {w, h, label}

#define PKEY_HINT "turn it into PEM: openssl pkey -inform der -in FILE -out FILE.pem"

LIKE_DER(like_der_cert, "a DER certificate", "turn it into PEM: openssl x509 -inform der -in FILE -out FILE.pem",
	 "CERTIFICATE");
LIKE_DER(like_der_csr, "a DER certificate signing request (CSR)", "have it signed; the certificate comes from the CA",
	 "CERTIFICATE REQUEST");
LIKE_DER(like_der_crl, "a DER revocation list (CRL)", "give the file with the certificate", "X509 CRL");
LIKE_DER(like_der_pkcs8, "a DER private key", PKEY_HINT, "PRIVATE KEY");
LIKE_DER(like_der_pkcs1, "a DER private key", PKEY_HINT, "RSA PRIVATE KEY");
LIKE_DER(like_der_sec1, "a DER private key", PKEY_HINT, "EC PRIVATE KEY");
LIKE_DER(like_der_key_encrypted, "an encrypted DER private key",
	 "turn it into PEM: openssl pkcs8 -inform der -in FILE -out FILE.pem", "ENCRYPTED PRIVATE KEY");
LIKE(like_pkcs12, "a PKCS#12 file", "turn it into PEM: gwcert bundle --with-key --password prompt FILE -o FILE.pem");
LIKE_DER(like_pkcs7, "a PKCS#7 file", "turn it into PEM: openssl pkcs7 -inform der -in FILE -print_certs -out FILE.pem",
	 "PKCS7");
LIKE(like_jks, "a Java keystore",
     "turn it into PKCS#12 with keytool -importkeystore -deststoretype pkcs12, then into PEM");
LIKE(like_utf16, "text in UTF-16", "turn it into UTF-8: iconv -f UTF-16 -t UTF-8 FILE > FILE.pem");
LIKE(like_escaped, "PEM with escaped newlines", "make them real: printf '%b' \"$(cat FILE)\" > FILE.pem");
LIKE(like_base64_pem, "base64 of PEM", "decode it once: base64 -d FILE > FILE.pem");
LIKE(like_base64_twice, "base64 of base64 of PEM", "decode it twice: base64 -d FILE | base64 -d > FILE.pem");
LIKE(like_base64_der, "base64 without its BEGIN and END lines",
     "put a line -----BEGIN CERTIFICATE----- before it and -----END CERTIFICATE----- behind it");
LIKE(like_openssh_public, "an OpenSSH public key", "give a private key in PEM, or a certificate");
LIKE(like_putty, "a PuTTY key", "export it as OpenSSL PEM with puttygen");
LIKE(like_damaged, "damaged PEM", "each BEGIN and END line must stand alone, at the start of its line");
LIKE(like_manifest, "a Kubernetes manifest",
     "give the PEM that is in it: kubectl get secret NAME -o jsonpath=... | base64 -d");
LIKE(like_json, "a JSON document", "give the PEM file itself");
LIKE(like_html, "an HTML page", "the download gave an error page; look at it in a browser");
LIKE(like_gzip, "a gzip file", "unpack it first: gunzip FILE");
LIKE(like_zip, "a zip file", "unpack it first: unzip FILE");
LIKE(like_path, "the path of a file, not its content", "give the file that the path names");

static bool starts(const char *text, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && memcmp(text, with, n) == 0;
}

/* The content of a SEQUENCE that spans all of the bytes, or NULL. Only definite lengths of up to four octets. */
static const unsigned char *whole_sequence(const unsigned char *der, size_t len, size_t *content)
{
	size_t size = 0, octets, i;

	if (len < 2 || der[0] != 0x30)
		return NULL;
	if (der[1] < 0x80) {
		*content = der[1];
		return *content == len - 2 ? der + 2 : NULL;
	}
	octets = der[1] & 0x7fu;
	if (octets == 0 || octets > 4 || len < 2 + octets)
		return NULL;
	for (i = 0; i < octets; i++)
		size = size << 8 | der[2 + i];
	*content = size;
	return size == len - 2 - octets ? der + 2 + octets : NULL;
}

/* Keys are told by their first two elements: PKCS#8 and PKCS#1 begin with INTEGER 0, SEC1 with INTEGER 1, PKCS#12 with
 * INTEGER 3 (RFC 5208 5, RFC 8017 A.1.2, RFC 5915 3, RFC 7292 4). */
static const struct gw_pem_likeness *by_version(const unsigned char *in, size_t len)
{
	if (len < 4 || in[0] != 0x02 || in[1] != 1)
		return NULL;
	if (in[2] == 3)
		return &like_pkcs12;
	if (in[2] == 0 && in[3] == 0x30)
		return &like_der_pkcs8;
	if (in[2] == 0 && in[3] == 0x02)
		return &like_der_pkcs1;
	return in[2] == 1 && in[3] == 0x04 ? &like_der_sec1 : NULL;
}

static bool decodes(const ASN1_ITEM *item, const unsigned char *der, long len)
{
	ASN1_VALUE *value = ASN1_item_d2i(NULL, &der, len, item);

	ERR_clear_error();
	if (value == NULL)
		return false;
	ASN1_item_free(value, item);
	return true;
}

static const struct gw_pem_likeness *by_decoding(const unsigned char *der, long len)
{
	if (decodes(ASN1_ITEM_rptr(X509), der, len))
		return &like_der_cert;
	if (decodes(ASN1_ITEM_rptr(X509_REQ), der, len))
		return &like_der_csr;
	if (decodes(ASN1_ITEM_rptr(X509_CRL), der, len))
		return &like_der_crl;
	if (decodes(ASN1_ITEM_rptr(PKCS7), der, len))
		return &like_pkcs7;
	return decodes(ASN1_ITEM_rptr(X509_SIG), der, len) ? &like_der_key_encrypted : NULL;
}

static const struct gw_pem_likeness *guess_der(const char *text, size_t len)
{
	size_t content;
	const unsigned char *der = (const unsigned char *)text, *in = whole_sequence(der, len, &content);
	const struct gw_pem_likeness *like;

	if (in == NULL)
		return NULL;
	like = by_version(in, content);
	return like != NULL ? like : by_decoding(der, (long)len);
}

static const struct gw_pem_likeness *guess_magic(const char *text, size_t len)
{
	if (starts(text, len, "\xfe\xed\xfe\xed") || starts(text, len, "\xce\xce\xce\xce"))
		return &like_jks;
	if (starts(text, len, "\x1f\x8b"))
		return &like_gzip;
	if (starts(text, len, "PK\x03\x04"))
		return &like_zip;
	/* With its mark, or bare with every other octet zero. */
	if (starts(text, len, "\xff\xfe") || starts(text, len, "\xfe\xff") ||
	    (len >= 10 && (memcmp(text, "-\0-\0-", 5) == 0 || memcmp(text, "\0-\0-\0", 5) == 0)))
		return &like_utf16;
	return NULL;
}

/* Whether nothing but base64 and white space is there. */
static bool all_base64(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		char c = text[i];

		if (c == '\n' || c == '\r' || c == ' ' || c == '\t')
			continue;
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
		      c == '/' || c == '='))
			return false;
		n++;
	}
	return n > 0;
}

static bool is_path(const char *text, size_t len)
{
	static const char *const endings[] = {".pem", ".crt", ".cer", ".key", ".der", ".p12", ".pfx", ".csr"};
	size_t i;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	if (len == 0 || len >= 4096)
		return false;
	for (i = 0; i < len; i++) {
		if ((unsigned char)text[i] <= ' ')
			return false;
	}
	if (text[0] == '/' || starts(text, len, "./") || starts(text, len, "../") || starts(text, len, "~/"))
		return true;
	for (i = 0; i < GW_COUNT(endings); i++) {
		if (len > 4 && strncasecmp(text + len - 4, endings[i], 4) == 0)
			return true;
	}
	return false;
}

static const struct gw_pem_likeness *guess_text(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\n' || *text == '\r' || *text == '\t')) {
		text++;
		len--;
	}
	if (starts(text, len, "ssh-") || starts(text, len, "ecdsa-sha2-") || starts(text, len, "---- BEGIN SSH2"))
		return &like_openssh_public;
	if (starts(text, len, "PuTTY-User-Key-File"))
		return &like_putty;
	if (starts(text, len, "<"))
		return &like_html;
	if (starts(text, len, "apiVersion:") || starts(text, len, "kind:"))
		return &like_manifest;
	if (memmem(text, len, "-----BEGIN", 10) != NULL)
		return memmem(text, len, "\\n", 2) != NULL ? &like_escaped : &like_damaged;
	if (starts(text, len, "{"))
		return memmem(text, len, "\"apiVersion\"", 12) != NULL ? &like_manifest : &like_json;
	/* "-----BEGIN" in base64, and the first octets of a SEQUENCE of 256 to 65535 octets. */
	if (starts(text, len, "LS0tLS1CRUdJT"))
		return &like_base64_pem;
	if (starts(text, len, "TFMwdExTMUNSVWRKV"))
		return &like_base64_twice;
	if (starts(text, len, "MII") && all_base64(text, len))
		return &like_base64_der;
	return is_path(text, len) ? &like_path : NULL;
}

const struct gw_pem_likeness *gw_pem_likeness(const char *text, size_t len)
{
	const struct gw_pem_likeness *like = guess_magic(text, len);

	if (like == NULL)
		like = guess_der(text, len);
	return like != NULL ? like : guess_text(text, len);
}

const char *gw_pem_guess(const char *text, size_t len)
{
	const struct gw_pem_likeness *like = gw_pem_likeness(text, len);

	return like != NULL ? like->what : NULL;
}

void gw_pem_from_der(struct gw_buf *text, const char *label)
{
	const struct gw_pem_likeness *like = gw_pem_likeness(text->data, text->len);
	GW_BUF_AUTO struct gw_buf pem = GW_BUF_SECRET(text->max);

	if (like == NULL || like->label == NULL || strcmp(like->label, label) != 0)
		return;
	gw_pem_write(&pem, label, text->data, text->len);
	gw_buf_clear(text);
	gw_buf_add(text, gw_buf_str(&pem), pem.len);
}
