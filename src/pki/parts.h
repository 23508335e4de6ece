/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate taken apart once, for a judge that asks a hundred questions of it: its facts, its extensions one by one,
 * its names as octets, the constraints that it lays on names below it. Only what it says; what is right is judge/'s to tell.
 */
#ifndef GW_PKI_PARTS_H
#define GW_PKI_PARTS_H

#include "pki/cert.h"

#define GW_OID_SUBJECT_KEY_ID     "2.5.29.14"
#define GW_OID_KEY_USAGE          "2.5.29.15"
#define GW_OID_SUBJECT_ALT_NAME   "2.5.29.17"
#define GW_OID_ISSUER_ALT_NAME    "2.5.29.18"
#define GW_OID_BASIC_CONSTRAINTS  "2.5.29.19"
#define GW_OID_NAME_CONSTRAINTS   "2.5.29.30"
#define GW_OID_CRL_POINTS         "2.5.29.31"
#define GW_OID_POLICIES           "2.5.29.32"
#define GW_OID_POLICY_MAPPINGS    "2.5.29.33"
#define GW_OID_AUTHORITY_KEY_ID   "2.5.29.35"
#define GW_OID_POLICY_CONSTRAINTS "2.5.29.36"
#define GW_OID_EXT_KEY_USAGE      "2.5.29.37"
#define GW_OID_FRESHEST_CRL       "2.5.29.46"
#define GW_OID_INHIBIT_ANY_POLICY "2.5.29.54"
#define GW_OID_SUBJECT_DIRECTORY  "2.5.29.9"
#define GW_OID_AUTHORITY_INFO     "1.3.6.1.5.5.7.1.1"
#define GW_OID_SUBJECT_INFO       "1.3.6.1.5.5.7.1.11"

struct gw_extension {
	const char *oid;  /* dotted */
	const char *name; /* "X509v3 Name Constraints", or the dotted OID */
	bool critical;
};

enum gw_general_kind {
	GW_GENERAL_DNS,
	GW_GENERAL_EMAIL,
	GW_GENERAL_URI,
	GW_GENERAL_IP,
	GW_GENERAL_DIRECTORY,
	GW_GENERAL_OTHER
};

struct gw_general_name {
	enum gw_general_kind kind;
	const unsigned char *data; /* the text of a name, the octets of an address (with its mask in a constraint) */
	size_t len;
	const X509_NAME *directory; /* of GW_GENERAL_DIRECTORY */
	bool bounded;               /* a constraint with a minimum or maximum, which RFC 5280 does not have */
};

struct gw_general_names {
	struct gw_general_name *items;
	size_t count;
};

struct gw_parts_held; /* what OpenSSL decoded, and the names above point into */

struct gw_parts {
	X509 *cert; /* one reference */
	struct gw_cert_facts facts;
	const char *form_fault; /* as gw_cert_form_fault() */
	int version;            /* 1, 2, 3 as people count */
	bool self_issued;
	bool no_subject, no_issuer; /* an empty name */
	size_t common_names;        /* of the subject */
	bool zero_serial;
	size_t serial_octets; /* of the integer in DER */

	struct gw_extension *extensions;
	size_t n_extensions;
	bool aki_has_id, aki_has_issuer, aki_has_serial; /* the parts of the authority key identifier */
	bool path_length_given;
	bool odd_dates;  /* a date that is not in the one form that its year allows (RFC 5280 4.1.2.5) */
	bool odd_access; /* an AIA or SIA without entries, or with one whose location is no sound URI */
	const char *
		list_fault; /* an extension is a list that RFC 5280 does not allow: a phrase that follows a name, or NULL */

	struct gw_general_names names;     /* subject alternative names */
	struct gw_general_names mailboxes; /* emailAddress attributes of the subject */
	struct gw_general_names permitted, excluded;
	bool constrains; /* has name constraints that could be read */

	unsigned key_bits;      /* of the public key: the modulus of RSA, the field of a curve; 0 where unknown */
	unsigned key_strength;  /* security bits */
	const char *key_family; /* "RSA", "EC", "DSA", ...; "" where unknown */
	bool explicit_curve;    /* EC parameters written out instead of named */
	bool odd_exponent;      /* an RSA exponent that is even or 1, with which nothing is signed */
	unsigned sign_strength; /* security bits of the signature's digest; 0 where unknown */

	struct gw_parts_held *held;
};

/* Takes a certificate apart. All but `cert` and `held` is the arena's. */
struct gw_parts *gw_parts_new(X509 *cert, struct gw_arena *arena);
void gw_parts_free(struct gw_parts *parts); /* NULL is fine */

/* The extension of a dotted OID, or NULL. */
const struct gw_extension *gw_parts_extension(const struct gw_parts *parts, const char *oid);

/* Whether the extended key usage is there and lists a word ("serverAuth"). */
bool gw_parts_has_usage(const struct gw_parts *parts, const char *word);

/* Whether the subject and the key are the same: two certificates of one CA. */
bool gw_parts_same_entity(const struct gw_parts *a, const struct gw_parts *b);

/* Whether a name lies in the subtree of a base: the base is its beginning, attribute for attribute (RFC 5280 7.1). */
bool gw_name_within(const X509_NAME *name, const X509_NAME *base);

#endif
