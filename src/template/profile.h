/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: what several entries have in common. Merging is done on nodes, not on values, so that a value keeps the
 * place that it came from: maps merge, lists and single values replace, and a list under "key+" appends. Only this room includes it.
 */
#ifndef GW_TEMPLATE_PROFILE_H
#define GW_TEMPLATE_PROFILE_H

#include "template/check.h"

enum gw_profile_state { GW_PROFILE_NEW, GW_PROFILE_BUSY, GW_PROFILE_DONE };

struct gw_profile {
	const char *name;
	const struct gw_node *node;   /* as written */
	const struct gw_node *merged; /* with what it extends */
	enum gw_profile_state state;
	bool bad; /* it or what it extends has a fault */
};

struct gw_profiles {
	struct gw_check *check;
	const struct gw_source *ready_made; /* where a value of a ready-made profile comes from */
	struct gw_profile *items;           /* the author's first, then the ready-made ones */
	size_t count, n_declared;
	const char **names; /* each once, for "did you mean"; NULL until it is needed */
};

/* Takes the profiles of a file (declared may be NULL) and the ready-made ones, and merges each with what it extends. */
void gw_profiles_init(struct gw_profiles *ps, struct gw_check *c, const struct gw_node *declared);

/* The profile of a name, declared or ready-made, or NULL. */
const struct gw_profile *gw_profiles_find(const struct gw_profiles *ps, const char *name);

/* Every name once, NULL-terminated; made when it is first asked for. */
const char *const *gw_profiles_names(struct gw_profiles *ps);

/* An entry with its profile merged in; *name is the profile's. Says so where there is none of that name; *bad is then
 * set, as it is where the profile has a fault. */
const struct gw_node *gw_profiles_apply(struct gw_profiles *ps, const struct gw_node *entry, const char **name,
					bool *bad);

#endif
