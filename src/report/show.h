/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What gwcert show prints. A thing that is shown is a map of facts that begins with type, file, line, object, path
 * and friendlyName; the text,
 * the JSON and what --select takes are all made from that map, so a label that is read in one is a name in the others.
 */
#ifndef GW_REPORT_SHOW_H
#define GW_REPORT_SHOW_H

#include <stdbool.h>
#include <stdio.h>

#include "base/finding.h"
#include "pki/cert.h"
#include "tree/tree.h"

/* Where a thing was found. */
struct gw_shown_at {
	struct gw_where where;
	const char *object;        /* the Kubernetes object; NULL: outside of any */
	const char *friendly_name; /* in a PKCS#12 file; NULL: none */
};

/* A map with the members that everything shown begins with. */
struct gw_node *gw_shown_new(struct gw_arena *arena, const char *type, const struct gw_shown_at *at);

/* Appends the members of another map. */
void gw_shown_add(struct gw_node *shown, struct gw_node *facts);

/* A heading and a line for each fact that is there; PEM is left out. */
void gw_shown_text(FILE *out, const struct gw_node *shown, bool color);

/* The PEM of it; false where it has none, as a private key here never has. */
bool gw_shown_pem(FILE *out, const struct gw_node *shown);

/* One fact, by its name or, deeper down, by names parted with dots ("sansByType.dns"), as raw text: each item of a list on a line
 * of its own, an empty line where there is nothing to tell. Case and hyphens are no difference: not-after is notAfter. False
 * where things of this type have no such fact; nothing is printed then. */
bool gw_shown_select(FILE *out, const struct gw_node *shown, const char *field);

/* The fact whose name is nearest to the field, for "did you mean"; NULL where none is near. */
const char *gw_shown_nearest(const struct gw_node *shown, const char *field);

#endif
