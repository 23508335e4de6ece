/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of adopting openssl's configuration share. Only the adopt_cnf*.c of this room include it. */
#ifndef GW_TEMPLATE_ADOPT_CNF_H
#define GW_TEMPLATE_ADOPT_CNF_H

#include "pki/cnf.h"
#include "template/adopting.h"
#include "template/cnf_lines.h"

#define GW_CNF_PAIRS_MAX 1000 /* names of one section */

struct gw_cnf_job {
	struct gw_adoption *a;
	struct gw_cnf *cnf;
	struct gw_cnf_lines lines;
	struct gw_name_attr *dn;
	size_t n_dn;
	struct gw_node **dn_at;
	const char *days; /* NULL: not said */
	struct gw_node *days_at;
	const char **done; /* sections that have become an entry or a profile */
	size_t n_done;
};

/* The place of a line, or of a name in a section; of the whole file where it is not there. */
struct gw_node *gw_cnf_at_line(struct gw_cnf_job *j, const struct gw_cnf_line *l);
struct gw_node *gw_cnf_at(struct gw_cnf_job *j, const char *section, const char *name);

/* gw_cnf_get() of the job's file. */
const char *gw_cnf_value(struct gw_cnf_job *j, const char *section, const char *name);

bool gw_cnf_job_has(struct gw_cnf_job *j, const char *section);

/* The section that a value names; where there is none of that name, which is said, the nearest that nothing else refers
 * to, or NULL. */
const char *gw_cnf_need_section(struct gw_cnf_job *j, const char *wanted, const struct gw_node *where);

/* Says what no section takes: .include, names that are there twice. */
void gw_cnf_say_lines(struct gw_cnf_job *j);

/* Says where a name of [req] is one that openssl ignores, or that has no place in a template. */
void gw_cnf_say_req_key(struct gw_cnf_job *j, const struct gw_cnf_pair *p);

/* Fills in dn: the values, or the answers that Enter would give. */
void gw_cnf_read_dn(struct gw_cnf_job *j);

#endif
