/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Name grammars: what may stand as a DNS name in a certificate, as a Kubernetes name, as a Certificate Manager resource.
 * Each check gives NULL for a good name, or why it is not one: a phrase that follows the name ("is longer than 63
 * octets"). The texts are static.
 */
#ifndef GW_RULES_NAMES_H
#define GW_RULES_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* A DNS name as a dNSName: labels of 1 to 63 letters, digits and hyphens, no hyphen first or last, 253 octets in all, no
 * trailing dot, not an IPv4 address; with `wildcard`, "*" may stand as the whole left label if two labels follow
 * (RFC 5280 4.2.1.6, RFC 1034 3.5, RFC 1123 2.1, RFC 6125 6.4.3). */
const char *gw_name_dns(const char *name, bool wildcard);

/* DNS-1123 subdomain, at most 253 octets however they fall into labels: metadata.name of Secrets, ConfigMaps and Gateway API kinds. */
const char *gw_name_k8s_subdomain(const char *name);

/* DNS-1123 label, at most 63 octets: a namespace. */
const char *gw_name_k8s_label(const char *name);

/* The key of a Kubernetes label or annotation: an optional DNS-1123 subdomain and '/', then at most 63 letters of both
 * cases, digits, '-', '_' and '.', the first and the last a letter or digit; and the value of a label, which may be
 * empty (apimachinery IsQualifiedName, IsValidLabelValue). */
const char *gw_name_k8s_key(const char *name);
const char *gw_name_k8s_label_value(const char *value);

/* A resource of Certificate Manager: a lower-case letter, then lower-case letters, digits and hyphens, 63 in all, no
 * hyphen last; a key and a value of its labels; its location, global or a region. */
const char *gw_name_cloud(const char *name);
const char *gw_name_cloud_label(const char *name);
const char *gw_name_cloud_label_value(const char *value);
const char *gw_name_location(const char *name);

/* Whether a location is global or a region that existed when this was written; all of those, NULL-terminated. */
bool gw_region_known(const char *name);
extern const char *const gw_regions[];

/* Whether `name` is covered by `pattern`, which may have "*" as its whole left label: it stands for exactly one label.
 * Case does not matter. (RFC 6125 6.4.3, as the web PKI does it.) */
bool gw_name_covers(const char *pattern, const char *name);

/* Whether anybody can register names below a domain, as below "com" and "co.uk": a single label, the usual second levels of
 * country domains, and the best known hosting domains. A short list for a warning; publicsuffix.org has the whole one. */
bool gw_name_public_suffix(const char *domain);

/* Whether it is one of those hosting domains: all of it belongs to one owner, who can have a wildcard of it. */
bool gw_name_private_suffix(const char *domain);

/* The address that text spells: returns its size, 4 or 16 octets, or 0 where it is none. No zone, no brackets. */
size_t gw_name_ip(const char *text, unsigned char address[static 16]);

#endif
