/* SPDX-License-Identifier: Apache-2.0 */
/* Probes as a person or a program reads them. The names of the JSON members are part of the interface: gwcert-probe(1). */
#ifndef GW_REPORT_PROBE_H
#define GW_REPORT_PROBE_H

#include <stdint.h>
#include <stdio.h>

#include "probe/probe.h"

/* More rows than this are a table with their findings below, not a paragraph each. */
#define GW_PROBE_PARAGRAPHS 8

struct gw_probe_view {
	const char *trust; /* what the chains were verified by: "ca.pem", "the system's trust store" */
	int64_t now;       /* for days left */
	size_t n_targets;  /* as given; each may have several rows, or none when the run was interrupted */
	bool color;
	bool verbose; /* in paragraphs: each certificate as sent, with its fingerprint */
};

/* Paragraphs or a table, then the findings, then a line that counts them up where there are several rows. */
void gw_report_probes_text(FILE *out, const struct gw_probe *const *probes, size_t count,
			   const struct gw_probe_view *view);

/* One document: {"schemaVersion": 1, "rows": [...]}. */
void gw_report_probes_json(FILE *out, const struct gw_probe *const *probes, size_t count,
			   const struct gw_probe_view *view);

/* One row as one line, for the caller to flush. */
void gw_report_probe_line(FILE *out, const struct gw_probe *p, const struct gw_probe_view *view);

#endif
