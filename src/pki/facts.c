/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/text.h"
#include "pki/asn1.h"
#include "pki/build.h"
#include "pki/cert.h"

#define TEXT_MAX ((size_t)1 << 20) /* octets of one text taken from a certificate */

const char *const gw_key_usage_words[] = {
	"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
	"keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly",     NULL,
};

const char *const gw_eku_words[] = {"serverAuth",   "clientAuth",  "codeSigning",         "emailProtection",
				    "timeStamping", "OCSPSigning", "anyExtendedKeyUsage", NULL};

/* Of the words, in their order. */
static const char *const eku_oids[] = {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.3",
				       "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.9",
				       "2.5.29.37.0"};

/* --- text out of ASN.1 -------------------------------------------------------------------------------------------- */

static const char *keep(struct gw_arena *arena, struct gw_buf *b)
{
	const char *text = gw_arena_strndup(arena, gw_buf_str(b), b->len);

	gw_buf_release(b);
	return text;
}

const char *gw_asn1_hex(struct gw_arena *arena, const void *data, size_t len)
{
	struct gw_buf b = GW_BUF(TEXT_MAX);

	gw_hex(&b, data, len, '\0');
	return keep(arena, &b);
}

const char *gw_asn1_ascii(struct gw_arena *arena, const ASN1_STRING *s)
{
	const unsigned char *data = ASN1_STRING_get0_data(s);
	int i, len = ASN1_STRING_length(s);
	struct gw_buf b = GW_BUF(TEXT_MAX);

	for (i = 0; i < len; i++) {
		if (data[i] > ' ' && data[i] <= '~' && data[i] != '\\')
			gw_buf_chr(&b, (char)data[i]);
		else
			gw_buf_printf(&b, "\\x%02x", data[i]);
	}
	return keep(arena, &b);
}

const char *gw_asn1_oid(struct gw_arena *arena, const ASN1_OBJECT *object)
{
	char text[256];

	if (object == NULL || OBJ_obj2txt(text, sizeof(text), object, 1) <= 0)
		return "unknown";
	return gw_arena_strdup(arena, text);
}

const char *gw_name_text(struct gw_arena *arena, const X509_NAME *name)
{
	/* RFC 2253 with its escapes, but UTF-8 stays readable. */
	unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
	BIO *out = BIO_new(BIO_s_mem());
	const char *text = "";
	char *data;
	long len;

	if (out != NULL && X509_NAME_print_ex(out, name, 0, flags) >= 0) {
		len = BIO_get_mem_data(out, &data);
		if (len > 0)
			text = gw_arena_strndup(arena, data, (size_t)len);
	}
	BIO_free(out);
	return text;
}

const char *gw_asn1_text(struct gw_arena *arena, const ASN1_STRING *value)
{
	struct gw_buf b = GW_BUF(TEXT_MAX);
	unsigned char *utf8;
	int len = ASN1_STRING_to_UTF8(&utf8, value);

	if (len < 0)
		return gw_asn1_ascii(arena, value);
	gw_text_escape(&b, (const char *)utf8, (size_t)len);
	OPENSSL_free(utf8);
	return keep(arena, &b);
}

static const char *common_name(struct gw_arena *arena, const X509_NAME *name)
{
	int at = -1, last = -1;

	while ((at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		last = at;
	if (last < 0)
		return NULL;
	return gw_asn1_text(arena, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
}

const char *gw_asn1_number(struct gw_arena *arena, const ASN1_INTEGER *number)
{
	BIGNUM *value = ASN1_INTEGER_to_BN(number, NULL);
	char *digits = value != NULL ? BN_bn2hex(value) : NULL;
	const char *text = digits != NULL ? gw_text_lower(gw_arena_strdup(arena, digits)) : "";

	OPENSSL_free(digits);
	BN_free(value);
	return text;
}

const struct gw_name_attr *gw_name_attrs(struct gw_arena *arena, const X509_NAME *name, size_t *count)
{
	int n = X509_NAME_entry_count(name), i;
	struct gw_name_attr *attrs = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(*attrs));

	for (i = 0; i < n; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
		int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));

		attrs[i].type =
			nid != NID_undef ? OBJ_nid2ln(nid) : gw_asn1_oid(arena, X509_NAME_ENTRY_get_object(entry));
		attrs[i].value = gw_asn1_text(arena, X509_NAME_ENTRY_get_data(entry));
	}
	*count = (size_t)n;
	return attrs;
}

static const char *serial_text(struct gw_arena *arena, const X509 *cert)
{
	return gw_asn1_number(arena, X509_get0_serialNumber(cert));
}

/* --- extensions --------------------------------------------------------------------------------------------------- */

static struct gw_san ip_san(struct gw_arena *arena, const ASN1_OCTET_STRING *address)
{
	const unsigned char *data = ASN1_STRING_get0_data(address);
	int len = ASN1_STRING_length(address);
	char text[INET6_ADDRSTRLEN];

	if ((len == 4 || len == 16) && inet_ntop(len == 4 ? AF_INET : AF_INET6, data, text, sizeof(text)) != NULL)
		return (struct gw_san){GW_SAN_IP, gw_arena_strdup(arena, text)};
	return (struct gw_san){GW_SAN_OTHER,
			       gw_arena_printf(arena, "malformed IP %s", gw_asn1_hex(arena, data, (size_t)len))};
}

/* As it is written in a template where it is text; else only its kind. */
static struct gw_san other_san(struct gw_arena *arena, const OTHERNAME *other)
{
	const char *type = gw_asn1_oid(arena, other->type_id), *text = NULL;
	int kind = other->value != NULL ? other->value->type : V_ASN1_NULL;

	if (kind == V_ASN1_UTF8STRING)
		text = gw_arena_printf(arena, "%s;utf8:%s", type, gw_asn1_text(arena, other->value->value.utf8string));
	else if (kind == V_ASN1_IA5STRING)
		text = gw_arena_printf(arena, "%s;ia5:%s", type, gw_asn1_text(arena, other->value->value.ia5string));
	return (struct gw_san){GW_SAN_OTHER, text != NULL ? text : gw_arena_printf(arena, "other name %s", type)};
}

struct gw_san gw_asn1_san(struct gw_arena *arena, const GENERAL_NAME *name)
{
	switch (name->type) {
	case GEN_DNS:
		return (struct gw_san){GW_SAN_DNS,
				       gw_text_lower(gw_arena_strdup(arena, gw_asn1_ascii(arena, name->d.dNSName)))};
	case GEN_IPADD: return ip_san(arena, name->d.iPAddress);
	case GEN_URI: return (struct gw_san){GW_SAN_URI, gw_asn1_ascii(arena, name->d.uniformResourceIdentifier)};
	case GEN_EMAIL: return (struct gw_san){GW_SAN_EMAIL, gw_asn1_ascii(arena, name->d.rfc822Name)};
	case GEN_DIRNAME:
		return (struct gw_san){GW_SAN_OTHER, gw_arena_printf(arena, "directory name %s",
								     gw_name_text(arena, name->d.directoryName))};
	case GEN_RID:
		return (struct gw_san){GW_SAN_OTHER, gw_arena_printf(arena, "registered id %s",
								     gw_asn1_oid(arena, name->d.registeredID))};
	case GEN_OTHERNAME: return other_san(arena, name->d.otherName);
	default: return (struct gw_san){GW_SAN_OTHER, "a name of another kind"};
	}
}

bool gw_cert_sans(const X509 *cert, struct gw_arena *arena, struct gw_san **sans, size_t *n_sans)
{
	int critical, i;
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, &critical, NULL);
	int n = names != NULL ? sk_GENERAL_NAME_num(names) : 0;

	*sans = n > 0 ? gw_arena_alloc(arena, (size_t)n * sizeof(**sans)) : NULL;
	*n_sans = (size_t)n;
	for (i = 0; i < n; i++)
		(*sans)[i] = gw_asn1_san(arena, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
	ERR_clear_error();
	/* -1 says that there is no such extension. */
	return names != NULL || critical == -1;
}

bool gw_cert_says_ca(const X509 *cert)
{
	BASIC_CONSTRAINTS *constraints = X509_get_ext_d2i(cert, NID_basic_constraints, NULL, NULL);
	bool ca = constraints != NULL && constraints->ca != 0;

	BASIC_CONSTRAINTS_free(constraints);
	ERR_clear_error();
	return ca;
}

static void read_key_usage(const X509 *cert, struct gw_cert_facts *f)
{
	ASN1_BIT_STRING *bits = X509_get_ext_d2i(cert, NID_key_usage, NULL, NULL);
	int bit;

	f->has_key_usage = bits != NULL;
	for (bit = 0; bits != NULL && gw_key_usage_words[bit] != NULL; bit++) {
		if (ASN1_BIT_STRING_get_bit(bits, bit))
			f->key_usage |= 1U << bit;
	}
	ASN1_BIT_STRING_free(bits);
}

const char *gw_eku_oid(const char *word)
{
	size_t i;

	for (i = 0; i < GW_COUNT(eku_oids); i++) {
		if (strcmp(gw_eku_words[i], word) == 0)
			return eku_oids[i];
	}
	return NULL;
}

const char *gw_eku_word_of(const char *text)
{
	size_t i;

	for (i = 0; i < GW_COUNT(eku_oids); i++) {
		if (strcmp(eku_oids[i], text) == 0)
			return gw_eku_words[i];
	}
	return text;
}

static void read_extended_key_usage(const X509 *cert, struct gw_arena *arena, struct gw_cert_facts *f)
{
	EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
	int i, n = usages != NULL ? sk_ASN1_OBJECT_num(usages) : 0;

	if (usages != NULL)
		f->extended_key_usage = gw_arena_alloc(arena, ((size_t)n + 1) * sizeof(char *));
	for (i = 0; i < n; i++)
		f->extended_key_usage[i] = gw_eku_word_of(gw_asn1_oid(arena, sk_ASN1_OBJECT_value(usages, i)));
	EXTENDED_KEY_USAGE_free(usages);
}

const char *gw_cert_ca_issuers(const X509 *cert, struct gw_arena *arena)
{
	AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(cert, NID_info_access, NULL, NULL);
	int i, n = access != NULL ? sk_ACCESS_DESCRIPTION_num(access) : 0;
	const char *uri = NULL;

	for (i = 0; i < n && uri == NULL; i++) {
		const ACCESS_DESCRIPTION *a = sk_ACCESS_DESCRIPTION_value(access, i);

		if (OBJ_obj2nid(a->method) == NID_ad_ca_issuers && a->location->type == GEN_URI)
			uri = gw_asn1_ascii(arena, a->location->d.uniformResourceIdentifier);
	}
	AUTHORITY_INFO_ACCESS_free(access);
	ERR_clear_error();
	return uri;
}

static const char *key_id(struct gw_arena *arena, const ASN1_OCTET_STRING *id)
{
	return id != NULL ? gw_asn1_hex(arena, ASN1_STRING_get0_data(id), (size_t)ASN1_STRING_length(id)) : NULL;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* The number of bits of an RSA modulus, from RSAPublicKey ::= SEQUENCE { modulus INTEGER, ... } (RFC 8017 A.1.1); 0 where it
 * is none. */
static unsigned rsa_bits(const unsigned char *at, int len)
{
	const unsigned char *end = at + len;
	unsigned bits;
	int tag, class;
	long size;

	if ((ASN1_get_object(&at, &size, &tag, &class, len) & 0x80) != 0 || tag != V_ASN1_SEQUENCE ||
	    (ASN1_get_object(&at, &size, &tag, &class, end - at) & 0x80) != 0 || tag != V_ASN1_INTEGER || size < 2)
		return 0;
	if (*at == 0) {
		at++;
		size--;
	}
	for (bits = (unsigned)size * 8; bits > 0 && (*at & (0x80 >> ((unsigned)size * 8 - bits))) == 0; bits--)
		;
	return bits;
}

/* The kind of key by the octets alone, in gw_key_describe()'s words. */
static const char *spki_words(struct gw_arena *arena, X509_PUBKEY *spki)
{
	const unsigned char *octets;
	const void *parameter;
	ASN1_OBJECT *algorithm;
	X509_ALGOR *algor;
	int len, type, curve;
	const char *name;

	X509_PUBKEY_get0_param(&algorithm, &octets, &len, &algor, spki);
	switch (OBJ_obj2nid(algorithm)) {
	case NID_rsaEncryption: return gw_arena_printf(arena, "RSA %u", rsa_bits(octets, len));
	case NID_rsassaPss: return gw_arena_printf(arena, "RSA-PSS %u", rsa_bits(octets, len));
	case NID_ED25519: return "Ed25519";
	case NID_ED448: return "Ed448";
	case NID_X9_62_id_ecPublicKey:
		X509_ALGOR_get0(NULL, &type, &parameter, algor);
		if (type != V_ASN1_OBJECT)
			return "ECDSA with explicit parameters";
		curve = OBJ_obj2nid(parameter);
		name = EC_curve_nid2nist(curve);
		return gw_arena_printf(arena, "ECDSA %s", name != NULL ? name : OBJ_nid2sn(curve));
	default: return gw_asn1_oid(arena, algorithm);
	}
}

const char *gw_cert_key_words(const X509 *cert, struct gw_arena *arena)
{
	return spki_words(arena, X509_get_X509_PUBKEY(cert));
}

static void read_key(const X509 *cert, struct gw_arena *arena, struct gw_cert_facts *f)
{
	const EVP_PKEY *key = gw_cert_key(cert);
	X509_PUBKEY *spki = X509_get_X509_PUBKEY(cert);
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	char words[48];
	int len;

	f->key_type = GW_KEY_OTHER;
	if (key != NULL) {
		gw_key_describe(key, words);
		f->key = gw_arena_strdup(arena, words);
		f->key_type = gw_key_type_of(key);
	} else {
		f->key = spki_words(arena, spki);
	}
	/* Not i2d_PUBKEY(): the fingerprint of a key that OpenSSL cannot use is a fact as well. */
	len = i2d_X509_PUBKEY(spki, &der);
	f->spki_sha256 = "";
	if (len > 0 && EVP_Digest(der, (size_t)len, digest, NULL, EVP_sha256(), NULL) == 1)
		f->spki_sha256 = gw_asn1_hex(arena, digest, 32);
	OPENSSL_free(der);
}

static const char *signature_name(const X509 *cert, struct gw_arena *arena)
{
	int nid = X509_get_signature_nid(cert);
	const ASN1_OBJECT *algorithm;

	if (nid != NID_undef)
		return gw_arena_strdup(arena, OBJ_nid2sn(nid));
	X509_ALGOR_get0(&algorithm, NULL, NULL, X509_get0_tbs_sigalg(cert));
	return gw_asn1_oid(arena, algorithm);
}

/* Not X509_digest(), which works in the certificate's own library context: in a bare one there is no SHA-256. */
static const char *cert_sha256(const X509 *cert, struct gw_arena *arena)
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	int len = i2d_X509(cert, &der);
	const char *text = "";

	if (len > 0 && EVP_Digest(der, (size_t)len, digest, NULL, EVP_sha256(), NULL) == 1)
		text = gw_asn1_hex(arena, digest, 32);
	OPENSSL_free(der);
	return text;
}

void gw_cert_read_facts(const X509 *cert, struct gw_arena *arena, struct gw_cert_facts *f)
{
	X509 *x = (X509 *)cert; /* OpenSSL caches extensions in it */

	*f = (struct gw_cert_facts){0};
	f->subject = gw_name_text(arena, X509_get_subject_name(cert));
	f->issuer = gw_name_text(arena, X509_get_issuer_name(cert));
	f->common_name = common_name(arena, X509_get_subject_name(cert));
	f->serial = serial_text(arena, cert);
	f->not_before = gw_cert_not_before(cert);
	f->not_after = gw_cert_not_after(cert);
	(void)gw_cert_sans(cert, arena, &f->sans, &f->n_sans);
	read_key(cert, arena, f);
	f->signature = signature_name(cert, arena);
	f->sha256 = cert_sha256(cert, arena);
	f->ca = gw_cert_is_ca(cert);
	f->path_length = (int)X509_get_pathlen(x);
	read_key_usage(cert, f);
	read_extended_key_usage(cert, arena, f);
	f->subject_key_id = key_id(arena, X509_get0_subject_key_id(x));
	f->authority_key_id = key_id(arena, X509_get0_authority_key_id(x));
	f->ca_issuers = gw_cert_ca_issuers(cert, arena);
	ERR_clear_error();
}

const char *gw_cert_label(const X509 *cert, struct gw_arena *arena)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	const char *name = common_name(arena, subject);
	struct gw_san *sans;
	size_t n_sans;

	if (name != NULL && name[0] != '\0')
		return name;
	if (gw_cert_sans(cert, arena, &sans, &n_sans) && n_sans > 0)
		return sans[0].value;
	name = gw_name_text(arena, subject);
	return name[0] != '\0' ? name : gw_arena_printf(arena, "serial %s", serial_text(arena, cert));
}

const char *gw_cert_issuer_label(const X509 *cert, struct gw_arena *arena)
{
	const X509_NAME *issuer = X509_get_issuer_name(cert);
	const char *name = common_name(arena, issuer);

	return name != NULL && name[0] != '\0' ? name : gw_name_text(arena, issuer);
}
