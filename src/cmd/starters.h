/* SPDX-License-Identifier: Apache-2.0 */
/* The templates that init writes. */
#ifndef GW_CMD_STARTERS_H
#define GW_CMD_STARTERS_H

#define GW_STARTER_HOST "@HOST@" /* the mark that stands for the host, in YAML within single quotes */

struct gw_starter {
	const char *kind;        /* as the user calls it */
	const char *text;        /* YAML */
	const char *beside;      /* the name of a file that the template reads; or NULL */
	const char *beside_text; /* what is in it */
};

/* Ended by a NULL kind. */
extern const struct gw_starter gw_starters[];

#endif
