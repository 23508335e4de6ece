/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to a certificate: a request for its key; and the quick way to tell that a key is its own, for the keys that gwcert itself writes by default, without OpenSSL's
 * decoders, which take ten times as long as the arithmetic. */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <string.h>

#include "pki/cert.h"

#define SCALAR 32 /* octets of a private key on P-256 */
#define POINT  65 /* 04, x and y */

/* PKCS#8 (RFC 5958) with id-ecPublicKey and prime256v1, around an ECPrivateKey (RFC 5915) that has its public half and no
 * parameters: what comes before the scalar, and between it and the point. DER leaves no other way to write them. */
static const unsigned char head[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
				     0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
				     0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20};
static const unsigned char middle[] = {0xa1, 0x44, 0x03, 0x42, 0x00};

#define KEY_LEN (sizeof(head) + SCALAR + sizeof(middle) + POINT)

/* Whether the scalar times the generator is the point. */
static bool makes(const unsigned char *scalar, const unsigned char *point)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *product = group != NULL ? EC_POINT_new(group) : NULL;
	BIGNUM *number = BN_secure_new();
	unsigned char made[POINT];
	bool ok = product != NULL && number != NULL && BN_bin2bn(scalar, SCALAR, number) != NULL &&
		  BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
		  EC_POINT_mul(group, product, number, NULL, NULL, NULL) == 1 &&
		  EC_POINT_point2oct(group, product, POINT_CONVERSION_UNCOMPRESSED, made, POINT, NULL) == POINT &&
		  memcmp(made, point, POINT) == 0;

	BN_clear_free(number);
	EC_POINT_free(product);
	EC_GROUP_free(group);
	ERR_clear_error();
	return ok;
}

bool gw_cert_matches_block(const X509 *cert, const struct gw_pem_block *block)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(2 * KEY_LEN);
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(cert);
	const unsigned char *scalar, *point;

	if (block->kind != GW_PEM_KEY || strcmp(block->label, "PRIVATE KEY") != 0 || bits == NULL ||
	    ASN1_STRING_length(bits) != POINT)
		return false;
	gw_pem_decode(block, &der);
	if (der.overflow || der.len != KEY_LEN)
		return false;
	scalar = (const unsigned char *)der.data + sizeof(head);
	point = scalar + SCALAR + sizeof(middle);
	return memcmp(der.data, head, sizeof(head)) == 0 && memcmp(scalar + SCALAR, middle, sizeof(middle)) == 0 &&
	       memcmp(ASN1_STRING_get0_data(bits), point, POINT) == 0 && makes(scalar, point);
}

#define CSR_MAX ((size_t)1 << 20) /* octets of a request */

bool gw_cert_matches_csr(const X509 *cert, const char *text, size_t len)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	GW_BUF_AUTO struct gw_buf der = GW_BUF(CSR_MAX);
	const ASN1_BIT_STRING *own = X509_get0_pubkey_bitstr(cert);
	const unsigned char *at, *bits = NULL;
	X509_REQ *request;
	struct gw_err unused;
	int n = 0;
	bool ok;

	if (own == NULL || gw_pem_scan(&pem, "", text, len, &unused) != GW_OK || pem.n_blocks != 1 ||
	    pem.blocks[0].kind != GW_PEM_CSR)
		return false;
	gw_pem_decode(&pem.blocks[0], &der);
	at = (const unsigned char *)gw_buf_str(&der);
	request = der.overflow ? NULL : d2i_X509_REQ(NULL, &at, (long)der.len);
	ok = request != NULL && X509_PUBKEY_get0_param(NULL, &bits, &n, NULL, X509_REQ_get_X509_PUBKEY(request)) == 1 &&
	     n == ASN1_STRING_length(own) && memcmp(bits, ASN1_STRING_get0_data(own), (size_t)n) == 0;
	X509_REQ_free(request);
	ERR_clear_error();
	return ok;
}
