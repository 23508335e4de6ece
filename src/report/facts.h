/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, requests, revocation lists and keys as JSON: one shape for files and for what is served. */
#ifndef GW_REPORT_FACTS_H
#define GW_REPORT_FACTS_H

#include "pki/cert.h"
#include "pki/crl.h"
#include "pki/request.h"
#include "tree/tree.h"

/* Members are always there, null where there is nothing to tell: subject, issuer, sans, sansByType (dns, ip, uri, email,
 * other), notBefore, notAfter, daysLeft at `now`, serial, key, signature, ca, pathLength, keyUsage, extendedKeyUsage,
 * subjectKeyId, authorityKeyId, caIssuers, sha256, spkiSha256, pem. */
struct gw_node *gw_report_cert(struct gw_arena *arena, const X509 *cert, const struct gw_cert_facts *facts,
			       int64_t now);

/* key, encrypted (null where it cannot be, or is with all around it: a public key, PKCS#12), form ("PKCS#8"), spkiSha256; key NULL, where it stays closed, makes
 * null of what is not known. Never anything private. */
struct gw_node *gw_report_key(struct gw_arena *arena, const EVP_PKEY *key, const struct gw_pem_block *block,
			      bool pkcs12);

/* What a request asks for: subject, sans, sansByType, key, keyFault (null: sound), possession (whether its own key signed it),
 * formFault (why it cannot be told what is asked for, or null), signature, ca, pathLength, keyUsage, extendedKeyUsage,
 * otherExtensions, attributes. */
struct gw_node *gw_report_request(struct gw_arena *arena, const struct gw_request_facts *facts);

/* issuer, number, thisUpdate, nextUpdate, daysLeft, signature, authorityKeyId, delta, revoked (serial, revokedAt, reason,
 * invalidSince where it is given). */
struct gw_node *gw_report_crl(struct gw_arena *arena, const struct gw_crl_facts *facts, int64_t now);

/* The list of what is revoked, by itself. */
struct gw_node *gw_report_revoked(struct gw_arena *arena, const struct gw_crl_facts *facts);

/* Members that are always there: a text, or null; an instant, or null where it cannot be read; days, or null. */
void gw_report_text(struct gw_arena *arena, struct gw_node *map, const char *key, const char *text);
void gw_report_time(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t instant);
void gw_report_days(struct gw_arena *arena, struct gw_node *map, const char *key, int64_t now, int64_t end);

/* The names as a list of "dns:store.example.com", and as a map of lists by type. */
struct gw_node *gw_report_sans(struct gw_arena *arena, const struct gw_san *sans, size_t n_sans);
struct gw_node *gw_report_sans_by_type(struct gw_arena *arena, const struct gw_san *sans, size_t n_sans);

/* Words of key usage bits; null where there is no such extension. The same of a NULL-terminated list of words. */
struct gw_node *gw_report_key_usage(struct gw_arena *arena, bool has, unsigned bits);
struct gw_node *gw_report_words(struct gw_arena *arena, const char *const *words);

#endif
