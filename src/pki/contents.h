/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that a certificate says, in the words in which it could be asked for again: what gw_cert_facts leaves out
 * because nobody has to judge it. For adopting a certificate that somebody else made.
 */
#ifndef GW_PKI_CONTENTS_H
#define GW_PKI_CONTENTS_H

#include "pki/build.h"
#include "pki/cert.h"

struct gw_text_list {
	const char **items;
	size_t count;
};

/* Subtrees of name constraints by their kind (RFC 5280 4.2.1.10). */
struct gw_subtrees {
	struct gw_text_list dns, ip, email, uri; /* addresses with their prefix length: 203.0.113.0/24 */
};

/* An extension that has no field of its own here. */
struct gw_cert_extension {
	const char *oid;  /* dotted */
	const char *name; /* OpenSSL's long name, or the OID again */
	bool critical;
	const char *der; /* of its value, lower-case hex */
};

struct gw_cert_contents {
	struct gw_cert_facts facts;
	struct gw_name_attr *subject; /* in the order of the certificate; type is a long name or a dotted OID. A value
					 with control characters, which no text can carry, is NULL */
	size_t n_subject;
	bool multi_valued;        /* several attributes of the subject stand in one relative distinguished name */
	struct gw_text_list sans; /* as gw_san_parse() takes them; other names as other:OID;utf8:TEXT */
	struct gw_text_list
		unread; /* what is there and no such text can carry, described: names, notices of policies */
	struct gw_subtrees permitted, excluded;
	struct gw_text_list ca_issuers, ocsp; /* URIs of authority information access */
	struct gw_text_list crl_uris;
	struct gw_cert_policy *policies;
	size_t n_policies;
	const char *digest; /* of the signature: "sha256"; NULL where it has none, as with Ed25519 */
	bool rsa_pss;
	bool must_staple; /* RFC 7633, status_request */
	struct gw_cert_extension *others;
	size_t n_others;
};

/* All memory is the arena's. */
void gw_cert_read_contents(const X509 *cert, struct gw_arena *arena, struct gw_cert_contents *contents);

/* The long name by which the rows of a subject know an attribute: of "CN", "commonName" and "2.5.4.3" it is "commonName".
 * Static; an OID that OpenSSL has no name for is `text` itself. NULL for anything else. */
const char *gw_attribute_name(const char *text);

#endif
