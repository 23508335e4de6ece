/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tables of the language say to each other: the maps that stand in more than one place, and the grammars of
 * single texts. Only the rows_*.c and text_fault.c of this room include it.
 */
#ifndef GW_TEMPLATE_ROWS_H
#define GW_TEMPLATE_ROWS_H

#include "template/schema.h"

extern const struct gw_rows gw_files_rows;
extern const struct gw_rows gw_settings_rows;
extern const struct gw_rows gw_subject_rows;
extern const struct gw_rows gw_entry_publish_rows, gw_trust_publish_rows;
extern const struct gw_rows gw_subtree_rows;
extern const struct gw_rows gw_aia_rows;
extern const struct gw_rows gw_crl_rows;
extern const struct gw_rows gw_policy_rows;
extern const struct gw_rows gw_extension_rows;
extern const struct gw_rows gw_signature_rows;

/* Of lists: the most that one may hold. */
#define GW_POLICIES_MAX   32
#define GW_EXTENSIONS_MAX 64
extern const struct gw_rows gw_allow_rows;

/* Each returns NULL for a good text, or why it is none: a phrase that follows the quoted text (gw_row.check). */
const char *gw_fault_40(struct gw_arena *arena, const char *text); /* characters at most */
const char *gw_fault_64(struct gw_arena *arena, const char *text);
const char *gw_fault_128(struct gw_arena *arena, const char *text);
const char *gw_fault_serial_number(struct gw_arena *arena, const char *text);
const char *gw_fault_country(struct gw_arena *arena, const char *text);
const char *gw_fault_domain_component(struct gw_arena *arena, const char *text);
const char *gw_fault_mail(struct gw_arena *arena, const char *text);
const char *gw_fault_san(struct gw_arena *arena, const char *text);
const char *gw_fault_oid(struct gw_arena *arena, const char *text);
const char *gw_fault_attribute_oid(struct gw_arena *arena, const char *text);
const char *gw_fault_extension_oid(struct gw_arena *arena, const char *text);
const char *gw_fault_der(struct gw_arena *arena, const char *text);
const char *gw_fault_ascii(struct gw_arena *arena, const char *text);
const char *gw_fault_url(struct gw_arena *arena, const char *text);
const char *gw_fault_serial(struct gw_arena *arena, const char *text);
const char *gw_fault_subtree_dns(struct gw_arena *arena, const char *text);
const char *gw_fault_subtree_ip(struct gw_arena *arena, const char *text);
const char *gw_fault_subtree_email(struct gw_arena *arena, const char *text);
const char *gw_fault_subtree_uri(struct gw_arena *arena, const char *text);
const char *gw_fault_file_name(struct gw_arena *arena, const char *text);
const char *gw_fault_renew_at(struct gw_arena *arena, const char *text);
const char *gw_fault_entry_name(struct gw_arena *arena, const char *text);

#endif
