/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Internationalised host names (IDNA 2008 with the mapping of UTS 46, non-transitional) by libidn2, which is loaded when
 * the first such name turns up: with its tables it would be a fifth of the start of every other command.
 */
#ifndef GW_RULES_IDN_H
#define GW_RULES_IDN_H

#include <stdbool.h>

#include "base/arena.h"

/* Whether a text has a character outside ASCII; whether a host name has a label in the xn-- form. */
bool gw_idn_is_wide(const char *text);
bool gw_idn_is_encoded(const char *name);

/* The ASCII form of a host name in UTF-8, without a wildcard: *ascii in the arena; or why there is none, a phrase that
 * follows the quoted name. */
const char *gw_idn_to_ascii(struct gw_arena *arena, const char *name, const char **ascii);

/* What a name with xn-- labels stands for, in the arena; NULL where it stands for nothing, or cannot be told here. */
const char *gw_idn_to_unicode(struct gw_arena *arena, const char *name);

/* Whether every xn-- label of a name stands for something; NULL, or a phrase that follows the quoted name. */
const char *gw_idn_fault(struct gw_arena *arena, const char *name);

#endif
