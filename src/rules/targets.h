/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the places take that a certificate is brought to: the targets of `verify --target` and of `settings.lint` in a
 * template. A table of limits and nothing else; judge/target.c compares certificates with it.
 */
#ifndef GW_RULES_TARGETS_H
#define GW_RULES_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gw_target_rules {
	const char *name;        /* "gke-global" */
	const char *words;       /* "the global external Application Load Balancer" */
	const char *const *keys; /* what it takes, as the words of --key-type, NULL-terminated */
	unsigned chain_max;      /* certificates in the file, the leaf among them */
	size_t pem_max;          /* octets of the file */
	bool web;           /* browsers come there: the rules of the public web PKI hold, its lifetimes among them */
	bool root_refused;  /* a root in the file is a fault, not only a waste */
	const char *source; /* of the limits */
};

enum gw_target_name {
	GW_TARGET_GKE_GLOBAL,
	GW_TARGET_GKE_REGIONAL,
	GW_TARGET_GKE_INTERNAL,
	GW_TARGET_PUBLIC,
	GW_TARGETS
};

extern const struct gw_target_rules gw_targets[GW_TARGETS];

/* The names, in the order of the enum, NULL-terminated: the choices of --target. */
extern const char *const gw_target_words[];

/* The target of a name, or NULL. */
const struct gw_target_rules *gw_target_find(const char *name);

/* Whether it takes a kind of key, given as a word of --key-type ("ec-p256"; "other" never). */
bool gw_target_takes_key(const struct gw_target_rules *target, const char *word);

/* The longest life in seconds that browsers grant a public certificate that was issued at an instant (398 days, then 200,
 * 100 and 47), the last second counted (CA/Browser Forum, Baseline Requirements 6.3.2). */
int64_t gw_public_lifetime(int64_t issued);

#endif
