/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pki/inner.h"
#include "pki/ossl.h"

/* The largest block that is read as a key, in octets: RSA 16384, the most OpenSSL takes, is 12.5 KB in PEM. */
#define KEY_BLOCK_MAX 65536

#define RSA_LEAST    2048  /* bits */
#define RSA_MOST     16384 /* bits: what OpenSSL verifies with */
#define RSA_EXPONENT 65537 /* NIST SP 800-56B 6.2: no less */

struct key_kind {
	const char *algorithm; /* as EVP_PKEY_CTX_new_from_name() knows it */
	const char *group;     /* of an EC key */
	int bits;              /* of an RSA key */
};

static const struct key_kind kinds[] = {
	[GW_KEY_EC_P256] = {"EC", "prime256v1", 0}, [GW_KEY_EC_P384] = {"EC", "secp384r1", 0},
	[GW_KEY_EC_P521] = {"EC", "secp521r1", 0},  [GW_KEY_RSA_2048] = {"RSA", NULL, 2048},
	[GW_KEY_RSA_3072] = {"RSA", NULL, 3072},    [GW_KEY_RSA_4096] = {"RSA", NULL, 4096},
	[GW_KEY_ED25519] = {"ED25519", NULL, 0},
};

const char *const gw_key_type_words[] = {
	"ec-p256", "ec-p384", "ec-p521", "rsa-2048", "rsa-3072", "rsa-4096", "ed25519", NULL,
};

const char *gw_key_type_word(enum gw_key_type type)
{
	return type < GW_KEY_OTHER ? gw_key_type_words[type] : "other";
}

void gw_key_free(EVP_PKEY *key)
{
	EVP_PKEY_free(key);
}

EVP_PKEY *gw_key_ref(EVP_PKEY *key)
{
	EVP_PKEY_up_ref(key);
	return key;
}

void gw_key_auto(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

struct gw_key_maker {
	EVP_PKEY_CTX *ctx;
	enum gw_key_type type;
};

static enum gw_code no_key_made(enum gw_key_type type, struct gw_err *err)
{
	return gw_fail_ossl(err, GW_E_IO, NULL, "cannot make a key of type %s", gw_key_type_word(type));
}

enum gw_code gw_key_maker_new(const struct gw_ctx *ctx, enum gw_key_type type, struct gw_key_maker **maker,
			      struct gw_err *err)
{
	const struct key_kind *kind = &kinds[type];
	EVP_PKEY_CTX *made;
	int ok;

	if (type >= GW_KEY_OTHER)
		return gw_fail(err, GW_E_BUG, NULL, "no key of type \"other\" can be made");
	gw_secret_heap();
	made = EVP_PKEY_CTX_new_from_name(ctx->libctx, kind->algorithm, NULL);
	ok = made != NULL && EVP_PKEY_keygen_init(made) == 1;
	if (ok && kind->group != NULL)
		ok = EVP_PKEY_CTX_set_group_name(made, kind->group) == 1;
	if (ok && kind->bits != 0)
		ok = EVP_PKEY_CTX_set_rsa_keygen_bits(made, kind->bits) == 1;
	if (!ok) {
		EVP_PKEY_CTX_free(made);
		return no_key_made(type, err);
	}
	*maker = gw_alloc(sizeof(**maker));
	**maker = (struct gw_key_maker){.ctx = made, .type = type};
	return GW_OK;
}

enum gw_code gw_key_make(struct gw_key_maker *maker, EVP_PKEY **key, struct gw_err *err)
{
	EVP_PKEY *made = NULL;
	bool ok = EVP_PKEY_generate(maker->ctx, &made) == 1;

	/* OpenSSL 3.0's search for RSA primes gives up now and then (openssl/openssl issue 18321). */
	if (!ok && kinds[maker->type].bits != 0) {
		ok = EVP_PKEY_generate(maker->ctx, &made) == 1;
		ERR_clear_error();
	}
	if (!ok)
		return no_key_made(maker->type, err);
	*key = made;
	return GW_OK;
}

void gw_key_maker_free(struct gw_key_maker *maker)
{
	if (maker == NULL)
		return;
	EVP_PKEY_CTX_free(maker->ctx);
	free(maker);
}

enum gw_code gw_key_generate(const struct gw_ctx *ctx, enum gw_key_type type, EVP_PKEY **key, struct gw_err *err)
{
	struct gw_key_maker *maker = NULL;
	enum gw_code code = gw_key_maker_new(ctx, type, &maker, err);

	if (code == GW_OK)
		code = gw_key_make(maker, key, err);
	gw_key_maker_free(maker);
	return code;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static int give_password(char *out, int size, int writing, void *data)
{
	const struct gw_secret *password = data;

	(void)writing;
	if (password->len > (size_t)size)
		return -1;
	if (password->len > 0)
		memcpy(out, password->data, password->len);
	return (int)password->len;
}

static EVP_PKEY *read_encrypted(const struct gw_ctx *ctx, const struct gw_pem_block *block,
				const struct gw_secret *password)
{
	BIO *in = BIO_new_mem_buf(block->start, (int)block->len);
	EVP_PKEY *key =
		in == NULL ? NULL
			   : PEM_read_bio_PrivateKey_ex(in, NULL, give_password, (void *)password, ctx->libctx, NULL);

	BIO_free(in);
	return key;
}

/* The algorithm of a key in DER: by its label, or by what PKCS#8 names. NULL where it is not known. */
static const char *algorithm_of(const struct gw_pem_block *block, const struct gw_buf *der)
{
	const unsigned char *p = (const unsigned char *)der->data;
	const ASN1_OBJECT *algorithm;
	PKCS8_PRIV_KEY_INFO *info;
	int nid = NID_undef;

	if (strcmp(block->label, "RSA PRIVATE KEY") == 0)
		return "RSA";
	if (strcmp(block->label, "EC PRIVATE KEY") == 0)
		return "EC";
	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der->len);
	if (info != NULL && PKCS8_pkey_get0(&algorithm, NULL, NULL, NULL, info) == 1)
		nid = OBJ_obj2nid(algorithm);
	PKCS8_PRIV_KEY_INFO_free(info);
	return nid != NID_undef ? OBJ_nid2sn(nid) : NULL;
}

/* With the algorithm named, OpenSSL sets up the few decoders that fit, and not all: a quarter of the time. */
static EVP_PKEY *read_clear(const struct gw_ctx *ctx, const struct gw_pem_block *block)
{
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(KEY_BLOCK_MAX);
	const unsigned char *p;
	OSSL_DECODER_CTX *decoder;
	EVP_PKEY *key = NULL;
	const char *algorithm;
	size_t left;

	gw_pem_decode(block, &der);
	algorithm = algorithm_of(block, &der);
	if (algorithm == NULL)
		return NULL;
	p = (const unsigned char *)der.data;
	left = der.len;
	decoder = OSSL_DECODER_CTX_new_for_pkey(&key, "DER", NULL, algorithm, EVP_PKEY_KEYPAIR, ctx->libctx, NULL);
	if (decoder != NULL && OSSL_DECODER_from_data(decoder, &p, &left) == 1 && left > 0) {
		/* Octets behind the key are a fault. */
		EVP_PKEY_free(key);
		key = NULL;
	}
	OSSL_DECODER_CTX_free(decoder);
	return key;
}

/* One signature, made and verified. */
static bool signs(const struct gw_ctx *ctx, EVP_PKEY *key)
{
	static const unsigned char text[] = "gwcert";
	EVP_MD_CTX *sign = EVP_MD_CTX_new(), *check = EVP_MD_CTX_new();
	unsigned char sig[4096]; /* RSA 16384 signs in 2048 octets */
	size_t len = sizeof(sig);
	bool ok = sign != NULL && check != NULL &&
		  EVP_DigestSignInit_ex(sign, NULL, "SHA256", ctx->libctx, NULL, key, NULL) == 1 &&
		  EVP_DigestSign(sign, sig, &len, text, sizeof(text)) == 1 &&
		  EVP_DigestVerifyInit_ex(check, NULL, "SHA256", ctx->libctx, NULL, key, NULL) == 1 &&
		  EVP_DigestVerify(check, sig, len, text, sizeof(text)) == 1;

	EVP_MD_CTX_free(sign);
	EVP_MD_CTX_free(check);
	return ok;
}

/* Whether d undoes e modulo one of the primes. */
static bool undoes(const BIGNUM *d, const BIGNUM *e, const BIGNUM *prime, BN_CTX *bn)
{
	BIGNUM *order = BN_dup(prime), *rest = BN_new();
	bool ok = order != NULL && rest != NULL && BN_sub_word(order, 1) == 1 &&
		  BN_mod_mul(rest, d, e, order, bn) == 1 && BN_is_one(rest);

	BN_clear_free(order);
	BN_clear_free(rest);
	return ok;
}

/* n = p q, and d e = 1 modulo p-1 and q-1 (RFC 8017 3.2). OpenSSL's own check would test the primes too, for 0.1 to 0.3
 * seconds. Keys of more than two primes show by a signature. */
static bool is_rsa_pair(const struct gw_ctx *ctx, EVP_PKEY *key)
{
	static const char *const names[] = {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D,
					    OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2};
	BIGNUM *number[GW_COUNT(names)] = {NULL}, *product = BN_new();
	BN_CTX *bn = BN_CTX_secure_new_ex(ctx->libctx);
	bool ok = product != NULL && bn != NULL;
	size_t i;

	for (i = 0; i < GW_COUNT(names) && ok; i++)
		ok = EVP_PKEY_get_bn_param(key, names[i], &number[i]) == 1;
	ok = ok && BN_mul(product, number[3], number[4], bn) == 1;
	if (ok && BN_cmp(product, number[0]) == 0)
		ok = undoes(number[2], number[1], number[3], bn) && undoes(number[2], number[1], number[4], bn);
	else
		ok = signs(ctx, key);
	for (i = 0; i < GW_COUNT(names); i++)
		BN_clear_free(number[i]);
	BN_clear_free(product);
	BN_CTX_free(bn);
	return ok;
}

static bool passes_check(const struct gw_ctx *ctx, EVP_PKEY *key)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(ctx->libctx, key, NULL);
	bool ok = check != NULL && EVP_PKEY_pairwise_check(check) == 1;

	EVP_PKEY_CTX_free(check);
	return ok;
}

/* Whether the private half belongs to the public one. A file carries both, and OpenSSL takes the public half as written;
 * Go, and with it kubectl, computes it. */
static bool is_pair(const struct gw_ctx *ctx, EVP_PKEY *key)
{
	if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
		return is_rsa_pair(ctx, key);
	return passes_check(ctx, key);
}

static enum gw_code no_key(const struct gw_pem *pem, struct gw_err *err)
{
	const struct gw_pem_block *first = &pem->blocks[0];
	bool swapped = false;
	char where[GW_ERR_WHERE_MAX];
	size_t i;

	for (i = 0; i < pem->n_blocks; i++)
		swapped |= pem->blocks[i].kind == GW_PEM_CERT;
	gw_pem_where(where, pem, first);
	gw_fail(err, GW_E_INPUT, where, "is %s%s, not a private key",
		first->kind == GW_PEM_OTHER ? "a block named " : "", gw_pem_kind_words(first));
	if (swapped)
		return gw_hint(err, "give the file with the private key; were the two files swapped?");
	return gw_hint(err, "a private key's block is named PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
}

enum gw_code gw_key_find(const struct gw_pem *pem, const struct gw_pem_block **block, struct gw_err *err)
{
	size_t i;

	for (i = 0; i < pem->n_blocks; i++) {
		if (gw_pem_is_key(&pem->blocks[i])) {
			*block = &pem->blocks[i];
			return GW_OK;
		}
	}
	return no_key(pem, err);
}

static enum gw_code refuse_block(const struct gw_pem_block *block, const char *where, struct gw_err *err)
{
	gw_fail(err, GW_E_INPUT, where, "is %s%s, not a private key that can be used here",
		block->kind == GW_PEM_OTHER ? "a block named " : "", gw_pem_kind_words(block));
	if (strcmp(block->label, "OPENSSH PRIVATE KEY") == 0)
		return gw_hint(err, "turn a copy of it into PKCS#8: ssh-keygen -p -m PKCS8 -f COPY");
	return gw_hint(err, "give a block PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
}

static enum gw_code no_password(const struct gw_password *password, const char *where, struct gw_err *err)
{
	gw_fail(err, GW_E_INPUT, where, "the private key is encrypted");
	if (password == NULL)
		return gw_hint(err, "give one that is not: openssl pkey -in FILE -out NEWFILE");
	return gw_hint(err, "name the source of its password: %s env:NAME, file:PATH, fd:N or prompt",
		       password->option);
}

static enum gw_code check_block(const struct gw_pem_block *block, const struct gw_password *password, const char *where,
				struct gw_err *err)
{
	if (block->kind != GW_PEM_KEY && block->kind != GW_PEM_KEY_ENCRYPTED)
		return refuse_block(block, where, err);
	if (block->len > KEY_BLOCK_MAX)
		return gw_fail(err, GW_E_INPUT, where, "is too long for a private key");
	if (block->kind == GW_PEM_KEY_ENCRYPTED && (password == NULL || password->source == NULL))
		return no_password(password, where, err);
	return password != NULL ? gw_password_check(password, err) : GW_OK;
}

enum gw_code gw_key_from_pem(const struct gw_ctx *ctx, const struct gw_pem *pem, const struct gw_pem_block *block,
			     const struct gw_password *password, EVP_PKEY **key, struct gw_err *err)
{
	GW_SECRET_AUTO struct gw_secret secret = {0};
	bool encrypted = block->kind == GW_PEM_KEY_ENCRYPTED;
	GW_KEY_AUTO EVP_PKEY *found = NULL;
	char where[GW_ERR_WHERE_MAX];
	enum gw_code code;

	gw_pem_where(where, pem, block);
	code = check_block(block, password, where, err);
	if (code == GW_OK && encrypted)
		code = gw_password_read(ctx, password, &secret, err);
	if (code != GW_OK)
		return code;
	gw_secret_heap();
	found = encrypted ? read_encrypted(ctx, block, &secret) : read_clear(ctx, block);
	if (found == NULL && encrypted) {
		gw_fail_ossl(err, GW_E_INPUT, where, "the private key does not open with this password");
		return gw_hint(err, "check the password; if it is right, the block is damaged");
	}
	if (found == NULL)
		return gw_fail_ossl(err, GW_E_INPUT, where, "the private key cannot be decoded");
	if (!is_pair(ctx, found))
		return gw_fail_ossl(err, GW_E_INPUT, where, "the private key is not sound: its halves do not fit");
	ERR_clear_error();
	*key = found;
	found = NULL;
	return GW_OK;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

enum gw_code gw_key_to_pem(const EVP_PKEY *key, struct gw_secret *pem, struct gw_err *err)
{
	GW_BUF_AUTO struct gw_buf quick = GW_BUF_SECRET(4096);
	struct gw_key_raw raw;
	enum gw_code code = GW_OK;
	char *text;
	BIO *out;
	long len;

	gw_secret_heap();
	if (gw_key_raw(key, gw_key_type_of(key), &raw)) {
		gw_pem_write(&quick, "PRIVATE KEY", raw.pkcs8, raw.pkcs8_len);
		OPENSSL_cleanse(&raw, sizeof(raw));
		gw_secret_copy(pem, quick.data, quick.len);
		return GW_OK;
	}
	OPENSSL_cleanse(&raw, sizeof(raw));
	out = BIO_new(BIO_s_secmem());
	if (out == NULL || PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) != 1) {
		code = gw_fail_ossl(err, GW_E_IO, NULL, "cannot write a key as PKCS#8");
	} else {
		len = BIO_get_mem_data(out, &text);
		gw_secret_copy(pem, text, (size_t)len);
	}
	BIO_free(out);
	return code;
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

/* Curve parameters written out in full; RFC 5480 2.1.1 forbids them, and Go refuses them. */
static bool has_explicit_curve(const EVP_PKEY *key)
{
	int explicit = 0;

	return EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit) == 1 &&
	       explicit != 0;
}

enum gw_key_type gw_key_type_of(const EVP_PKEY *key)
{
	char group[80] = "";
	size_t len;
	size_t i;

	if (EVP_PKEY_is_a(key, "EC") &&
	    (has_explicit_curve(key) || EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1))
		return GW_KEY_OTHER;
	for (i = 0; i < GW_COUNT(kinds); i++) {
		if (!EVP_PKEY_is_a(key, kinds[i].algorithm))
			continue;
		if (kinds[i].group != NULL ? strcmp(group, kinds[i].group) == 0
					   : kinds[i].bits == 0 || EVP_PKEY_get_bits(key) == kinds[i].bits)
			return (enum gw_key_type)i;
	}
	return GW_KEY_OTHER;
}

static bool has_small_exponent(const EVP_PKEY *key)
{
	BIGNUM *e = NULL;
	bool small = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) != 1 || !BN_is_odd(e) ||
		     (BN_num_bits(e) <= 17 && BN_get_word(e) < RSA_EXPONENT);

	BN_free(e);
	return small;
}

static const char *rsa_fault(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	if (bits < RSA_LEAST)
		return "is too short: RSA has 2048 bits at least";
	if (bits > RSA_MOST)
		return "is too long: RSA has 16384 bits at most";
	return has_small_exponent(key) ? "has a public exponent below 65537" : NULL;
}

static bool is_sound(EVP_PKEY *key)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	/* -2: there is nothing to check of this kind of key. */
	bool ok = check != NULL && EVP_PKEY_public_check_quick(check) != 0;

	EVP_PKEY_CTX_free(check);
	return ok;
}

const char *gw_key_fault(EVP_PKEY *key)
{
	const char *fault;

	if (key == NULL)
		return "is of a kind that is not known here";
	if (!EVP_PKEY_is_a(key, "RSA") && gw_key_type_of(key) == GW_KEY_OTHER)
		return "is of a kind that clients do not take: RSA, ECDSA on P-256, P-384 or P-521, or Ed25519";
	fault = EVP_PKEY_is_a(key, "RSA") ? rsa_fault(key) : NULL;
	if (fault != NULL)
		return fault;
	return is_sound(key) ? NULL : "is not sound";
}

static void describe_ec(const EVP_PKEY *key, char out[static 48])
{
	char group[80] = "";
	const char *name;
	size_t len;

	if (has_explicit_curve(key) || EVP_PKEY_get_group_name(key, group, sizeof(group), &len) != 1) {
		snprintf(out, 48, "ECDSA with explicit parameters");
		return;
	}
	name = EC_curve_nid2nist(OBJ_sn2nid(group));
	snprintf(out, 48, "ECDSA %.40s", name != NULL ? name : group);
}

void gw_key_describe(const EVP_PKEY *key, char out[static 48])
{
	const char *name;

	if (EVP_PKEY_is_a(key, "EC")) {
		describe_ec(key, out);
		return;
	}
	if (EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448")) {
		snprintf(out, 48, "%s", EVP_PKEY_is_a(key, "ED25519") ? "Ed25519" : "Ed448");
		return;
	}
	name = EVP_PKEY_get0_type_name(key);
	snprintf(out, 48, "%.30s %d", name != NULL ? name : "unknown", EVP_PKEY_get_bits(key));
}

enum gw_code gw_key_spki_sha256(const EVP_PKEY *key, uint8_t digest[static 32], struct gw_err *err)
{
	unsigned char *der = NULL, out[EVP_MAX_MD_SIZE];
	int len = i2d_PUBKEY(key, &der);
	int ok = len > 0 && EVP_Digest(der, (size_t)len, out, NULL, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	if (!ok)
		return gw_fail_ossl(err, GW_E_IO, NULL, "cannot take the fingerprint of a public key");
	memcpy(digest, out, 32);
	return GW_OK;
}

bool gw_key_same(const EVP_PKEY *a, const EVP_PKEY *b)
{
	/* Of two kinds of key it answers -1, and an error that is none here. */
	bool same = a != NULL && b != NULL && EVP_PKEY_eq(a, b) == 1;

	ERR_clear_error();
	return same;
}
