/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/inner.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* --- the key exchange and the signature in IANA's words ------------------------------------------------------------- */

/* TLS 1.2 with a finite field group of the server's own making has no name but its size. */
static const char *temporary_key(struct gw_tls *t)
{
	EVP_PKEY *key = NULL;
	const char *name = NULL;

	if (SSL_get_peer_tmp_key(t->ssl, &key) != 1)
		return NULL;
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_DH) {
		(void)snprintf(t->group, sizeof(t->group), "dh-%d", EVP_PKEY_get_bits(key));
		name = t->group;
	}
	EVP_PKEY_free(key);
	return name;
}

static const char *group_name(struct gw_tls *t)
{
	int id = (int)SSL_get_negotiated_group(t->ssl);

	return id == 0 ? temporary_key(t) : SSL_group_to_name(t->ssl, id);
}

static const char *hash_word(int digest)
{
	switch (digest) {
	case NID_md5: return "md5";
	case NID_sha1: return "sha1";
	case NID_sha224: return "sha224";
	case NID_sha256: return "sha256";
	case NID_sha384: return "sha384";
	case NID_sha512: return "sha512";
	default: return NULL;
	}
}

/* RFC 8446 4.2.3 ties each curve to one digest in the names of its schemes. */
static const char *ecdsa_word(int digest)
{
	switch (digest) {
	case NID_sha256: return "ecdsa_secp256r1";
	case NID_sha384: return "ecdsa_secp384r1";
	case NID_sha512: return "ecdsa_secp521r1";
	default: return "ecdsa";
	}
}

static const char *signature_name(struct gw_tls *t)
{
	const char *hash, *word;
	int type, digest;

	if (SSL_get_peer_signature_type_nid(t->ssl, &type) != 1)
		return NULL;
	if (type == EVP_PKEY_ED25519)
		return "ed25519";
	if (type == EVP_PKEY_ED448)
		return "ed448";
	if (SSL_get_peer_signature_nid(t->ssl, &digest) != 1)
		return NULL;
	hash = hash_word(digest);
	if (hash == NULL)
		return NULL;
	switch (type) {
	case EVP_PKEY_RSA: word = "rsa_pkcs1"; break;
	case EVP_PKEY_RSA_PSS: word = "rsa_pss_rsae"; break;
	case EVP_PKEY_EC: word = ecdsa_word(digest); break;
	case EVP_PKEY_DSA: word = "dsa"; break;
	default: return NULL;
	}
	if (type == EVP_PKEY_RSA_PSS && t->chain.count > 0 &&
	    EVP_PKEY_get_base_id(gw_cert_key(t->chain.items[0])) == EVP_PKEY_RSA_PSS)
		word = "rsa_pss_pss";
	(void)snprintf(t->signature, sizeof(t->signature), "%s_%s", word, hash);
	return t->signature;
}

/* --- the CAs that a server names ------------------------------------------------------------------------------------ */

static void read_ca_names(struct gw_tls *t)
{
	const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(t->ssl);
	int n = sk_X509_NAME_num(names); /* -1 for none at all */

	if (n <= 0 || t->ca_names != NULL)
		return;
	t->n_cas = (size_t)n;
	t->ca_names = gw_arena_alloc(&t->arena, t->n_cas * sizeof(*t->ca_names));
	t->cas = gw_arena_alloc(&t->arena, t->n_cas * sizeof(*t->cas));
	for (int i = 0; i < n; i++) {
		t->cas[i] = sk_X509_NAME_value(names, i);
		t->ca_names[i] = gw_name_text(&t->arena, t->cas[i]);
	}
}

/* --- all of it ------------------------------------------------------------------------------------------------------ */

static void read_agreement(struct gw_tls *t, struct gw_tls_facts *facts)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(t->ssl);
	const unsigned char *alpn = NULL;
	unsigned alpn_len = 0;

	if (cipher == NULL)
		cipher = SSL_get_pending_cipher(t->ssl);
	if (cipher == NULL) /* no ServerHello yet: OpenSSL would give its own wishes */
		return;
	facts->version = SSL_get_version(t->ssl);
	facts->cipher = SSL_CIPHER_get_name(cipher);
	facts->group = group_name(t);
	facts->signature = signature_name(t);
	SSL_get0_alpn_selected(t->ssl, &alpn, &alpn_len);
	if (alpn_len == 0)
		return;
	(void)snprintf(t->alpn, sizeof(t->alpn), "%.*s", (int)alpn_len, (const char *)alpn);
	facts->alpn = t->alpn;
}

void gw_tls_observe(struct gw_tls *t, struct gw_tls_facts *facts)
{
	const unsigned char *staple = NULL;

	*facts = (struct gw_tls_facts){
		.sni = t->sni[0] != '\0' ? t->sni : NULL,
		.chain = &t->chain,
		.client_verified = t->client_verified,
		.client_error = t->client_error,
		.client_cert_requested = t->client_cert_requested,
		.sent = t->sent,
		.received = t->received,
		.fault = t->fault,
		.n_first = t->n_first,
	};
	memcpy(facts->text, t->text, sizeof(facts->text));
	memcpy(facts->first_octets, t->first, sizeof(facts->first_octets));
	if (t->ssl == NULL)
		return;
	facts->handshake_done = SSL_is_init_finished(t->ssl) == 1;
	read_agreement(t, facts);
	facts->ocsp_stapled = t->server == NULL && SSL_get_tlsext_status_ocsp_resp(t->ssl, &staple) > 0;
	if (t->client_cert_requested)
		read_ca_names(t);
	facts->ca_names = t->ca_names;
	facts->n_cas = t->n_cas;
}
