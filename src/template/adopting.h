/* SPDX-License-Identifier: Apache-2.0 */
/* What the three ways of adopting share. Only the adopt_*.c of this room include it. */
#ifndef GW_TEMPLATE_ADOPTING_H
#define GW_TEMPLATE_ADOPTING_H

#include "pki/contents.h"
#include "rules/rules.h"
#include "template/adopt.h"

/* An entry or a profile that is being filled. */
struct gw_adopted {
	struct gw_adoption *a;
	const char *name;
	struct gw_node *map;
	bool is_profile; /* it asks for no certificate by itself */
	const struct gw_node
		*at; /* where it comes from, for findings; only its source, line and column are looked at */
};

void gw_adopt_begin(struct gw_adoption *a, const struct gw_ctx *ctx, const char *name, const char *text, size_t len,
		    struct gw_findings *fs);

/* A place in the source; line 0 is the whole of it. end is one past the last column. */
struct gw_node *gw_adopt_place(struct gw_adoption *a, unsigned line, unsigned column, unsigned end);

/* A new entry with a name made from `wish`: what no folder can be called is replaced, and a number makes it the only one. */
struct gw_adopted gw_adopt_entry(struct gw_adoption *a, const char *wish, const struct gw_node *at);
struct gw_adopted gw_adopt_profile(struct gw_adoption *a, const char *wish, const struct gw_node *at);

/* A finding, and a comment above the entry; e NULL: above the whole file. */
struct gw_finding *gw_adopt_say(struct gw_adoption *a, const struct gw_adopted *e, enum gw_rule_name rule,
				const struct gw_node *at, const char *fmt, ...) GW_PRINTF(5, 6);

/* A text that is taken as it stands: "$(" begins no variable, and "${" is no mistake. */
struct gw_node *gw_adopt_text(struct gw_adoption *a, const char *text);
struct gw_node *gw_adopt_list(struct gw_adoption *a, const struct gw_text_list *texts);

/* Puts a value at a key of the entry, "ca.permitted.dns". Where the language has no such key, the finding says that `what`
 * was not carried over. Nothing where value is NULL, or a list without members. */
bool gw_adopt_put(const struct gw_adopted *e, const char *key, struct gw_node *value, const struct gw_node *at,
		  const char *what);

/* Whether the language has a key, in an entry. */
bool gw_adopt_has(const char *key);

/* Subject, names, usages, constraints and the rest of a certificate; not its key, its life and its issuer. rsa: its key
 * will be one of RSA. */
void gw_adopt_contents(struct gw_adopted *e, const struct gw_cert_contents *c, bool rsa);

#define GW_COMMON_NAME_MAX 64 /* characters, RFC 5280 appendix A.1 */

/* As many whole characters of a text as fit. */
const char *gw_adopt_cut(struct gw_adoption *a, const char *text, size_t characters);

/* One attribute of the subject by its long name. */
void gw_adopt_attribute(struct gw_adopted *e, const struct gw_name_attr *attr, const struct gw_node *at);

/* A name; one that is an address and called a DNS name is taken as the address. */
void gw_adopt_san(struct gw_adopted *e, struct gw_node *list, const char *text, const struct gw_node *at);

/* Key usage and extended key usage as a role can have them, with the profile that fits. eku NULL: none was asked for.
 * rsa: the key can encipher. */
struct gw_usages {
	bool ca, rsa, has_key_usage;
	unsigned key_usage;
	const char *const *eku; /* NULL-terminated */
	bool has_host;          /* a DNS name or an address among the names */
};
void gw_adopt_usages(struct gw_adopted *e, const struct gw_usages *u, const struct gw_node *at);

/* The nearest kind of key that is made here; says where it is another one. algorithm is rsa, ec, ed25519 or any other;
 * bits are those of the modulus or of the NIST curve, 0 for any other curve; shown is what messages call the key. */
void gw_adopt_key(struct gw_adopted *e, const char *algorithm, unsigned bits, const char *shown,
		  const struct gw_node *at);

/* "30d", "36h": a span with the greatest unit that loses nothing. */
const char *gw_adopt_span(struct gw_adoption *a, int64_t seconds);

/* The validity of an entry. */
void gw_adopt_life(struct gw_adopted *e, int64_t seconds, const struct gw_node *at);

/* Makes a new CA the issuer of the entry, in the place of one that is not among what is adopted; made once for each name.
 * key is the kind of its key, NULL for the usual one. */
void gw_adopt_stand_in(struct gw_adopted *e, const char *issuer, const char *key, const struct gw_node *at);

#endif
