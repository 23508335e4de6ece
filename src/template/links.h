/* SPDX-License-Identifier: Apache-2.0 */
/* The checks of what has been read, before any key exists: each entry by itself, and the entries together. Only this
 * room includes it. */
#ifndef GW_TEMPLATE_LINKS_H
#define GW_TEMPLATE_LINKS_H

#include "template/check.h"
#include "template/template.h"

/* Levels of issuers above an entry. Real chains have two or three. */
#define GW_ISSUERS_MAX 32

/* role.c: subject, names, usages and files of one entry agree with each other. */
void gw_role_check(struct gw_check *c, const struct gw_entry *e);

/* given.c: reads what an entry starts from, and says what is wrong with it; of a certificate that is there, the entry gets
 * what it says. */
void gw_given_take(struct gw_check *c, struct gw_template *t, struct gw_entry *e);

/* role.c: no two files have the same name. Says so at a node. */
void gw_files_check(struct gw_check *c, const struct gw_file_names *files, const struct gw_node *at,
		    const struct gw_keypath *path);

/* links.c: names do not collide; issuers exist, are CAs, form no circle, allow what is below them and outlive it. Sorts
 * by_name and resolves issuer_entry. */
void gw_links_check(struct gw_check *c, struct gw_template *t);

/* extensions.c: what the entry says of its extensions, serial and signature, by itself. */
void gw_extensions_check(struct gw_check *c, const struct gw_entry *e);

/* extensions.c: the issuer's key can sign as the entry asks. */
void gw_signature_check(struct gw_check *c, const struct gw_entry *e);

/* extensions.c: no issuer gives a serial twice. */
void gw_serials_check(struct gw_check *c, const struct gw_template *t);

/* constraints.c: every name of an entry is one that each issuer above may sign. */
void gw_constraints_check(struct gw_check *c, const struct gw_entry *e);
/* The same of one entry, whose name nothing collides with: a row. */
void gw_entry_links_check(struct gw_check *c, const struct gw_template *t, struct gw_entry *e);

/* Sorts by_name, after entries have been added. */
void gw_template_sort(struct gw_template *t);

/* Adds a finding at a key of an entry, or at the entry itself where the key is NULL or not there. */
struct gw_finding *gw_entry_say(struct gw_check *c, enum gw_rule_name rule, const struct gw_entry *e, const char *key,
				const char *fmt, ...) GW_PRINTF(5, 6);

/* role.c: adds the place of another entry, or of a key of it, to a finding. */
void gw_entry_relate(struct gw_check *c, struct gw_finding *f, const struct gw_entry *e, const char *key,
		     const char *what);

#endif
