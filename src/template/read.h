/* SPDX-License-Identifier: Apache-2.0 */
/* The readers that rows of the schema name: a checked value becomes a field. Only this room includes it. */
#ifndef GW_TEMPLATE_READ_H
#define GW_TEMPLATE_READ_H

#include "template/allow.h"
#include "template/schema.h"
#include "template/template.h"

/* What is being filled. */
struct gw_reading {
	struct gw_arena *arena;
	struct gw_template *t;
	struct gw_entry *entry;             /* NULL while settings are read */
	struct gw_file_names *files;        /* the entry's, or the settings' */
	struct gw_name_attr *subject;       /* the entry's, as far as it has been read */
	struct gw_allow *allow;             /* of a profile that is read for itself; NULL: not asked for */
	void *into;                         /* what a row's field is an offset of */
	struct gw_publish **publish;        /* where the next one hangs */
	const struct gw_source *ready_made; /* what the ready-made profiles are read from */
};

/* A text that is there, or NULL; a truth value that is there, else false. */
const char *gw_read_text(const struct gw_node *value);
bool gw_read_bool(const struct gw_node *value);

/* read_extensions.c: ca.permitted and ca.excluded. */
void gw_read_constraints(struct gw_reading *r, const struct gw_node *ca);

/* Reads every key of the map that has a row, in the order of the rows. */
void gw_read_map(struct gw_reading *r, const struct gw_rows *rows, const struct gw_node *map);

void gw_read_dir(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_backdate(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_attribute(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_attributes(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_issuer(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_key(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_encrypt(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_key_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_key_password(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_csr_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_certificate_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_pkcs12_password(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_compatibility(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_ca(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_sans(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_extended_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_clip(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_serial(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_signature(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_aia_issuers(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_aia_ocsp(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_crl_distribution(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_policies(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_must_staple(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_extensions(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_renew_at(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_on_renew(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_validity(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_not_before(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_not_after(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);

/* rows_publish.c: of the rows with a field. */
void gw_read_field(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_field_list(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_labels(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);
void gw_read_publish(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value);

/* rows_trust.c, rows_probe.c: a member of the section. */
struct gw_trust *gw_trust_read(struct gw_template *t, const struct gw_node *member);
struct gw_probe *gw_probe_read(struct gw_template *t, const struct gw_node *member);

#endif
