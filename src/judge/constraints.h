/* SPDX-License-Identifier: Apache-2.0 */
/* Name constraints: which names a CA lets the certificates below it have (RFC 5280 4.2.1.10 and 6.1.3 (b)(c)). */
#ifndef GW_JUDGE_CONSTRAINTS_H
#define GW_JUDGE_CONSTRAINTS_H

#include "pki/parts.h"

/* Comparisons of a name with a constraint that one verification may make. Thousands of names below thousands of constraints
 * are an attack and no certificate. */
#define GW_CONSTRAINT_WORK 250000

enum gw_breach_kind {
	GW_BREACH_NONE,
	GW_BREACH_OUTSIDE,     /* in none of the permitted subtrees of its kind */
	GW_BREACH_EXCLUDED,    /* in an excluded one */
	GW_BREACH_UNREADABLE,  /* the name, or the constraint, is malformed: whether it fits cannot be told */
	GW_BREACH_UNSUPPORTED, /* a kind of name that constraints are not known for */
	GW_BREACH_TOO_MUCH,    /* the work is used up */
};

struct gw_breach {
	enum gw_breach_kind kind;
	const struct gw_parts *cert;
	const char *name; /* in the arena */
};

/* The first name of a certificate that a CA above it does not allow. `work` counts down. */
struct gw_breach gw_constraints_breach(const struct gw_parts *ca, const struct gw_parts *cert, unsigned *work,
				       struct gw_arena *arena);

/* What is wrong with the constraints themselves: a phrase that follows the certificate's name, static; NULL for none.
 * *grave is false where the meaning is plain all the same. */
const char *gw_constraints_fault(const struct gw_parts *ca, bool *grave);

#endif
