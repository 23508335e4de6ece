/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of variables: their names, the sources of their values, and what a value may be. */
#include <ctype.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "pki/san.h"
#include "rules/idn.h"
#include "rules/names.h"
#include "template/vars.h"

#define NAME_MAX_LEN 64

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

enum { TYPE_STRING, TYPE_HOSTNAME, TYPE_IP, TYPE_INTEGER, TYPE_DURATION };
const char *const gw_var_types[] = {"string", "hostname", "ip", "integer", "duration", NULL};

const char *gw_var_name_fault(struct gw_arena *arena, const char *name)
{
	(void)arena;
	if (strlen(name) > NAME_MAX_LEN)
		return "is too long for a variable's name: at most 64 characters";
	if (!isalpha((unsigned char)name[0]) || name[strspn(name, name_chars)] != '\0')
		return "cannot be a variable's name: a letter, then letters, digits, '-' and '_'";
	return NULL;
}

const char *gw_var_source_fault(struct gw_arena *arena, const char *source)
{
	(void)arena;
	if (strncmp(source, "file:", 5) == 0 && source[5] != '\0')
		return NULL;
	if (strncmp(source, "env:", 4) == 0 && source[4] != '\0' && strpbrk(source + 4, "= \t") == NULL)
		return NULL;
	return "is no source of a value: env:NAME or file:PATH";
}

/* Texts of a scalar list, NULL-terminated; NULL where there is no such list. */
static const char **texts_of(struct gw_arena *arena, const struct gw_node *list)
{
	const struct gw_node *item;
	const char **texts;
	size_t n = 0;

	if (list == NULL || list->kind != GW_LIST || list->count == 0)
		return NULL;
	texts = gw_arena_alloc(arena, (list->count + 1) * sizeof(*texts));
	for (item = list->first; item != NULL; item = item->next) {
		if (gw_node_text(item) != NULL)
			texts[n++] = item->text;
	}
	return texts;
}

const char *gw_var_words(struct gw_arena *arena, const char *const *words)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(GW_ERR_HINT_MAX);

	for (; *words != NULL; words++)
		gw_buf_printf(&text, "%s%s", text.len > 0 ? ", " : "", *words);
	return gw_arena_strdup(arena, gw_buf_str(&text));
}

static const char *type_fault(struct gw_arena *arena, const char *type, const char **text)
{
	const char *value = *text;
	unsigned char address[16];
	uint64_t number;
	int64_t span;
	size_t i = 0;

	while (type != NULL && gw_var_types[i] != NULL && strcmp(gw_var_types[i], type) != 0)
		i++;
	switch (i) {
	case TYPE_HOSTNAME:
		if (gw_idn_is_wide(value))
			return gw_dns_parse(arena, value, false, text);
		return gw_name_dns(value, false) != NULL ? "is no host name" : NULL;
	case TYPE_IP: return gw_name_ip(value, address) == 0 ? "is no IP address" : NULL;
	case TYPE_INTEGER: return gw_parse_uint(value, INT64_MAX, &number) ? NULL : "is no whole number";
	case TYPE_DURATION: return gw_parse_duration(value, &span) ? NULL : "is no duration such as 30d";
	}
	return NULL;
}

const char *gw_var_value_fault(struct gw_arena *arena, const struct gw_node *declaration, const char **text)
{
	const char *value = *text;
	const char **words = texts_of(arena, gw_node_get(declaration, "oneOf"));
	size_t i;

	if (*value == '\0')
		return "is empty";
	if (strlen(value) > GW_VAR_MAX)
		return "has more than 4096 octets";
	if (!gw_utf8_valid(value, strlen(value)))
		return "is not UTF-8";
	for (i = 0; value[i] != '\0'; i++) {
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return "has a control character";
	}
	for (i = 0; words != NULL && words[i] != NULL; i++) {
		if (strcmp(words[i], value) == 0)
			return NULL;
	}
	if (words != NULL)
		return gw_arena_printf(arena, "is none of its oneOf: %s", gw_var_words(arena, words));
	return type_fault(arena, gw_node_text(gw_node_get(declaration, "type")), text);
}

bool gw_var_is_aside(const struct gw_keypath *path)
{
	for (; path != NULL; path = path->up) {
		if (path->name != NULL &&
		    (strcmp(path->name, "publish") == 0 ||
		     (path->up == NULL && (strcmp(path->name, "trust") == 0 || strcmp(path->name, "probes") == 0))))
			return true;
	}
	return false;
}
