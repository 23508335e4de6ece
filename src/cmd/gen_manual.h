/* SPDX-License-Identifier: Apache-2.0 */
/* The manual of gen, which is longer than its code. */
#ifndef GW_CMD_GEN_MANUAL_H
#define GW_CMD_GEN_MANUAL_H

extern const char gw_gen_description[];

#endif
