/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of schema.def: each array takes its own rows of it and leaves the others out. */
#include "lint/schema.h"

#include "base/err.h"

#define ANY_MIN INT64_MIN
#define ANY_MAX INT64_MAX

/* clang-format off */
#define SCHEMA_KIND(...)
#define SCHEMA_NODE(type, fields, n, items, words, n_words, pattern, least, most, cels, n_cels) \
	{SCHEMA_##type, fields, n, items, words, n_words, pattern, least, most, cels, n_cels},
#define SCHEMA_FIELD(...)
#define SCHEMA_WORD(...)
#define SCHEMA_PATTERN(...)
#define SCHEMA_CEL(...)
const struct schema_node schema_nodes[] = {
#include "lint/schema.def"
};
#undef SCHEMA_NODE
#define SCHEMA_NODE(...)

#undef SCHEMA_FIELD
#define SCHEMA_FIELD(name, node, required) {name, node, required},
const struct schema_field schema_fields[] = {
#include "lint/schema.def"
};
#undef SCHEMA_FIELD
#define SCHEMA_FIELD(...)

#undef SCHEMA_WORD
#define SCHEMA_WORD(word) word,
const char *const schema_words[] = {
#include "lint/schema.def"
};
#undef SCHEMA_WORD
#define SCHEMA_WORD(...)

#undef SCHEMA_PATTERN
#define SCHEMA_PATTERN(pattern) pattern,
const char *const schema_patterns[] = {
#include "lint/schema.def"
};
const size_t schema_n_patterns = GW_COUNT(schema_patterns);
#undef SCHEMA_PATTERN
#define SCHEMA_PATTERN(...)

#undef SCHEMA_CEL
#define SCHEMA_CEL(op, key, a, b) {SCHEMA_##op, key, a, b},
const struct schema_condition schema_conditions[] = {
#include "lint/schema.def"
};
#undef SCHEMA_CEL
#define SCHEMA_CEL(...)

#undef SCHEMA_KIND
#define SCHEMA_KIND(group, version, kind, bundle, node) {group, version, kind, bundle, node},
const struct schema_kind schema_kinds[] = {
#include "lint/schema.def"
};
const size_t schema_n_kinds = GW_COUNT(schema_kinds);
/* clang-format on */
