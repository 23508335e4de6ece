/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/targets.h"

#include <string.h>

#include "base/clock.h"

/* Certificate Manager: self-managed certificates. */
static const char *const google_keys[] = {"rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", NULL};

/* Baseline Requirements 6.1.5. */
static const char *const web_keys[] = {"rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521", NULL};

#define GOOGLE_CHAIN  5                  /* of classic certificates, which Secrets become as well */
#define GOOGLE_PEM    ((size_t)16 << 10) /* the cap on a chain that a server presents */
#define GOOGLE_SOURCE "Google Cloud: Certificate Manager quotas and limits; SSL certificates, key types"

/* Depth that common clients build, and a flight of handshake messages that fits a few packets. */
#define WEB_CHAIN 10
#define WEB_PEM   ((size_t)64 << 10)

const struct gw_target_rules gw_targets[GW_TARGETS] = {
	[GW_TARGET_GKE_GLOBAL] = {.name = "gke-global",
				  .words = "the global external Application Load Balancer",
				  .keys = google_keys,
				  .chain_max = GOOGLE_CHAIN,
				  .pem_max = GOOGLE_PEM,
				  .source = GOOGLE_SOURCE},
	[GW_TARGET_GKE_REGIONAL] = {.name = "gke-regional",
				    .words = "the regional external Application Load Balancer",
				    .keys = google_keys,
				    .chain_max = GOOGLE_CHAIN,
				    .pem_max = GOOGLE_PEM,
				    .source = GOOGLE_SOURCE},
	[GW_TARGET_GKE_INTERNAL] = {.name = "gke-internal",
				    .words = "the internal Application Load Balancer",
				    .keys = google_keys,
				    .chain_max = GOOGLE_CHAIN,
				    .pem_max = GOOGLE_PEM,
				    .source = GOOGLE_SOURCE},
	[GW_TARGET_PUBLIC] = {.name = "public",
			      .words = "the public web",
			      .keys = web_keys,
			      .chain_max = WEB_CHAIN,
			      .pem_max = WEB_PEM,
			      .web = true,
			      .root_refused = true,
			      .source = "CA/Browser Forum Baseline Requirements"},
};

const char *const gw_target_words[] = {"gke-global", "gke-regional", "gke-internal", "public", NULL};

const struct gw_target_rules *gw_target_find(const char *name)
{
	size_t i;

	for (i = 0; i < GW_TARGETS; i++) {
		if (strcmp(gw_targets[i].name, name) == 0)
			return &gw_targets[i];
	}
	return NULL;
}

bool gw_target_takes_key(const struct gw_target_rules *target, const char *word)
{
	size_t i;

	for (i = 0; target->keys[i] != NULL; i++) {
		if (strcmp(target->keys[i], word) == 0)
			return true;
	}
	return false;
}

/* The longest life in days, from the day of issue on. Before the first of them: 825 days, and before that anything. */
static const struct {
	unsigned year, month, day, days;
} lifetimes[] = {
	{2029, 3, 15, 47}, {2027, 3, 15, 100}, {2026, 3, 15, 200}, {2020, 9, 1, 398}, {2018, 3, 1, 825},
};

int64_t gw_public_lifetime(int64_t issued)
{
	size_t i;

	for (i = 0; i < sizeof(lifetimes) / sizeof(lifetimes[0]); i++) {
		if (issued >= gw_time_civil(lifetimes[i].year, lifetimes[i].month, lifetimes[i].day, 0, 0, 0))
			return (int64_t)lifetimes[i].days * GW_DAY;
	}
	return 39 * 31 * GW_DAY; /* months, of which the Requirements then spoke */
}
