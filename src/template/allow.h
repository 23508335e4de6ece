/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a profile allows a foreign request to ask for: its `allow` block, gwcert-template(5). What is not written there is
 * not granted.
 */
#ifndef GW_TEMPLATE_ALLOW_H
#define GW_TEMPLATE_ALLOW_H

#include "template/template.h"

/* One pattern, checked. What it covers, by type:
 *	dns	a.example.com: this name. *.example.com: names with one label more, and the wildcard of this name.
 *		.example.com: every name below, however deep, and wildcards there.
 *	ip	an address, or a range: 10.0.0.0/8, 2001:db8::/32
 *	email	ops@example.com: this mailbox. example.com: all of this host. .example.com: all of the hosts below it.
 *	uri	this URI; with * behind a slash as its last character, all that begin so.
 * A wildcard is covered where every name is that it stands for. */
struct gw_allow_name {
	enum gw_san_type type;
	const char *pattern;
};

struct gw_allow {
	const struct gw_allow_name *names;
	size_t n_names;
	const char *const *subject; /* attributes, as OpenSSL spells them: "commonName" */
	size_t n_subject;
	unsigned key_usage; /* GW_KU_ bits, beyond the profile's own */
	const char *const *extended_key_usage;
	size_t n_extended_key_usage;
	unsigned keys;        /* bits 1 << enum gw_key_type; 0: every one that has a word */
	int64_t max_validity; /* seconds; 0: the profile's validity */
};

/* NULL for a good pattern, or why it is none: a phrase that follows the quoted pattern, static. */
const char *gw_allow_dns_fault(const char *pattern);
const char *gw_allow_ip_fault(const char *pattern);
const char *gw_allow_email_fault(const char *pattern);
const char *gw_allow_uri_fault(const char *pattern);

/* A pattern as the command line has it, with a prefix dns: ip: uri: email: or typed by its looks, as a SAN is. Added to
 * *allow; NULL, or why not. */
const char *gw_allow_add(struct gw_arena *arena, struct gw_allow *allow, const char *text);

/* The first pattern that covers a name, which has passed gw_san_parse(); NULL: none does. */
const char *gw_allow_find(const struct gw_allow *allow, const struct gw_san *san);

/* The profile of a name, declared in the template or ready-made, as an entry that asks for nothing yet, and what it allows.
 * t may be empty: then only the ready-made ones are there. GW_E_USAGE where there is none of that name. */
enum gw_code GW_MUST_USE gw_template_profile(struct gw_template *t, const char *name, struct gw_entry *entry,
					     struct gw_allow *allow, struct gw_err *err);

#endif
