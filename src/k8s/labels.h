/* SPDX-License-Identifier: Apache-2.0 */
/* Labels and annotations: names with a text each. */
#ifndef GW_K8S_LABELS_H
#define GW_K8S_LABELS_H

#include <stddef.h>

struct gw_label {
	const char *name, *value;
};

struct gw_labels {
	const struct gw_label *items;
	size_t count;
};

#endif
