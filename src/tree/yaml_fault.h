/* SPDX-License-Identifier: Apache-2.0 */
/* libyaml's complaints in plain words. Only this room includes it. */
#ifndef GW_TREE_YAML_FAULT_H
#define GW_TREE_YAML_FAULT_H

#include "tree/internal.h"

struct yaml_parser_s;

/* Fails with the place where the mistake was made (which is often where a construct was opened and not where libyaml gave
 * up), a sentence that needs no knowledge of YAML's grammar, and the mend. */
enum gw_code gw_yaml_fault(struct gw_reader *r, const struct yaml_parser_s *parser);

#endif
