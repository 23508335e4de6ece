/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GW_BASE_VERSION_H
#define GW_BASE_VERSION_H

/* configure.ac reads the version from here; the date stands in the man pages, so that they build the same every day. */
#define GW_VERSION      "0.1.0"
#define GW_RELEASE_DATE "2026-11-23"

#endif
