/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of publish, trust and probes once everything has been read. Only this room includes it. */
#ifndef GW_TEMPLATE_PUBLISH_H
#define GW_TEMPLATE_PUBLISH_H

#include "template/links.h"

/* Whose places they are: "certificates" or "trust", and the name there. */
struct gw_owner {
	const char *section, *name;
};

/* A finding at a key of a place, or at the place itself where the key is NULL or is not there. */
struct gw_finding *gw_publish_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_owner *owner,
				  const struct gw_publish *p, const char *key, const char *fmt, ...) GW_PRINTF(6, 7);

/* publish.c: the places of one entry by themselves: of one of the file, or of a row. */
void gw_publish_check_entry(struct gw_check *c, const struct gw_entry *e);

/* publish.c: the places of all, and that no two things are brought to one. */
void gw_publish_check(struct gw_check *c, const struct gw_template *t);

/* trust.c: the names of trust are entries that can stand where they do, and no more than a TrustConfig takes. */
void gw_trust_check(struct gw_check *c, struct gw_template *t);

/* probe.c: the names of probes are entries, and what is expected of them can be. */
void gw_probes_check(struct gw_check *c, struct gw_template *t);

/* lint.c: what the target of settings.lint would refuse. */
void gw_lint_check(struct gw_check *c, const struct gw_template *t);

/* trust.c: finds the entry of a reference, or says that there is none. */
void gw_ref_resolve(struct gw_check *c, const struct gw_template *t, struct gw_ref *ref, const struct gw_keypath *path);

/* Whether the entry's certificate is for a name: one of its DNS names covers it. */
bool gw_entry_covers(const struct gw_entry *e, const char *host);

/* role.c: whether the certificate may be used so; one that does not say anything may be used for all. */
bool gw_entry_serves(const struct gw_entry *e, const char *usage);

#endif
