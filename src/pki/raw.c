/* SPDX-License-Identifier: Apache-2.0 */
/* The two kinds of key whose encoding is the same for all of them but for the key itself. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

#include "pki/inner.h"

#define P256_PRIVATE 32
#define P256_PUBLIC  65 /* an uncompressed point: 04, x, y */
#define ED25519_KEY  32

/* RFC 5958 2 with RFC 5915 3: version 0, id-ecPublicKey with prime256v1, ECPrivateKey version 1 with [1] publicKey. */
static const unsigned char p256_head[] = {0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
					  0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
					  0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20};
static const unsigned char p256_middle[] = {0xa1, 0x44, 0x03, 0x42, 0x00};

/* RFC 8410 7: version 0, id-Ed25519, CurvePrivateKey. */
static const unsigned char ed25519_head[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
					     0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

/* Numbers come in the machine's order. */
static void to_big_endian(unsigned char *octets, size_t len)
{
	size_t i;

	for (i = 0; __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && i < len / 2; i++) {
		unsigned char other = octets[len - 1 - i];

		octets[len - 1 - i] = octets[i];
		octets[i] = other;
	}
}

static bool read_p256(const EVP_PKEY *key, struct gw_key_raw *raw)
{
	unsigned char *number = raw->pkcs8 + sizeof(p256_head), *middle = number + P256_PRIVATE;
	unsigned char *point = middle + sizeof(p256_middle);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, P256_PRIVATE),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, P256_PUBLIC),
		OSSL_PARAM_construct_end(),
	};

	if (EVP_PKEY_get_params(key, params) != 1 || params[0].return_size != P256_PRIVATE ||
	    params[1].return_size != P256_PUBLIC || point[0] != 4)
		return false;
	to_big_endian(number, P256_PRIVATE);
	memcpy(raw->pkcs8, p256_head, sizeof(p256_head));
	memcpy(middle, p256_middle, sizeof(p256_middle));
	raw->pkcs8_len = sizeof(p256_head) + P256_PRIVATE + sizeof(p256_middle) + P256_PUBLIC;
	raw->public_key = point;
	raw->public_len = P256_PUBLIC;
	return true;
}

static bool read_ed25519(const EVP_PKEY *key, struct gw_key_raw *raw)
{
	size_t len = ED25519_KEY, public_len = sizeof(raw->own);

	memcpy(raw->pkcs8, ed25519_head, sizeof(ed25519_head));
	if (EVP_PKEY_get_raw_private_key(key, raw->pkcs8 + sizeof(ed25519_head), &len) != 1 || len != ED25519_KEY ||
	    EVP_PKEY_get_raw_public_key(key, raw->own, &public_len) != 1 || public_len != ED25519_KEY)
		return false;
	raw->pkcs8_len = sizeof(ed25519_head) + ED25519_KEY;
	raw->public_key = raw->own;
	raw->public_len = public_len;
	return true;
}

bool gw_key_raw(const EVP_PKEY *key, enum gw_key_type type, struct gw_key_raw *raw)
{
	switch (type) {
	case GW_KEY_EC_P256: return read_p256(key, raw);
	case GW_KEY_ED25519: return read_ed25519(key, raw);
	case GW_KEY_EC_P384:
	case GW_KEY_EC_P521:
	case GW_KEY_RSA_2048:
	case GW_KEY_RSA_3072:
	case GW_KEY_RSA_4096:
	case GW_KEY_OTHER: break;
	}
	return false;
}
