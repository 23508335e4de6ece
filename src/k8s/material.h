/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The PEM in whatever people have: a PEM file, DER, PKCS#7, PKCS#12, a Secret, a ConfigMap, a TrustConfig, a list of them, the answer
 * of an API. A document is walked whole, and each text in it that holds PEM, in clear or in base64, is a material of its
 * own with the place that it has there.
 */
#ifndef GW_K8S_MATERIAL_H
#define GW_K8S_MATERIAL_H

#include "base/arena.h"
#include "base/ctx.h"
#include "pki/key.h"
#include "pki/pem.h"

#define GW_MATERIALS_MAX 20000 /* of one run */

struct gw_material {
	const char *file;      /* as it was given; "standard input" */
	const char *object;    /* "Secret web/store-tls"; NULL outside of a Kubernetes object */
	const char *member;    /* "data.tls.crt": the path within the document; NULL for a whole file */
	unsigned line, column; /* of the value in the document; 0 for a whole file */
	struct gw_buf text;    /* PEM; secret, since a key may be in it */
	struct gw_pem pem;     /* its blocks; pem.name is "FILE", or "FILE:LINE (MEMBER)" */
	struct gw_repair done; /* what was done to make PEM of it */
	bool keystore;         /* it was PKCS#12: the lines of its blocks are no lines of the file */
	bool closed;           /* and did not open: there are no blocks */
	const char **names;    /* of a keystore: the friendlyName of each block, or NULL */
};

struct gw_materials {
	struct gw_arena arena;
	struct gw_material **items;
	size_t count, room;
};

struct gw_material_request {
	bool repair;                        /* mend damaged PEM; without it, damage is an error that says what it is */
	const struct gw_password *password; /* of PKCS#12; NULL, or without a source: the empty one is tried */
	bool closed; /* PKCS#12 within a document may stay closed; a file of it, or with a password, is an error */
};

/* Adds what a file ("-" is standard input) holds. Nothing in it at all is GW_E_INPUT and says what it is instead. DER,
 * PKCS#7 and PKCS#12 are read as they are; they are forms, not damage. Release with gw_materials_release(). */
enum gw_code GW_MUST_USE gw_materials_read(const struct gw_ctx *ctx, const char *path,
					   const struct gw_material_request *request, struct gw_materials *materials,
					   struct gw_err *err);
void gw_materials_release(struct gw_materials *materials);

/* clang-format off */
#define GW_MATERIALS_INIT {.arena = {.sensitive = true}}
/* clang-format on */
#define GW_MATERIALS_AUTO GW_CLEANUP(gw_materials_release)

/* The place of a block: the line of the file, or of the value that it stands in. Texts are the arena's. */
struct gw_where gw_material_where(struct gw_arena *arena, const struct gw_material *m,
				  const struct gw_pem_block *block);

#endif
