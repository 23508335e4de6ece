/* SPDX-License-Identifier: Apache-2.0 */
#include "template/read.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "template/vars.h"

void gw_read_map(struct gw_reading *r, const struct gw_rows *rows, const struct gw_node *map)
{
	size_t i;

	for (i = 0; i < rows->count; i++) {
		const struct gw_row *row = &rows->rows[i];
		const struct gw_node *value = gw_node_get(map, row->name);

		if (value == NULL)
			continue;
		if (row->read != NULL)
			row->read(r, row, value);
		else if (row->kind == GW_VALUE_MAP)
			gw_read_map(r, row->map, value);
	}
}

const char *gw_read_text(const struct gw_node *value)
{
	return value != NULL && !gw_node_is_null(value) ? gw_node_text(value) : NULL;
}

bool gw_read_bool(const struct gw_node *value)
{
	bool truth = false;

	return value != NULL && gw_node_is_bool(value, &truth) && truth;
}

/* --- settings ----------------------------------------------------------------------------------------------------- */

void gw_read_dir(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text != NULL && *text != '\0')
		r->t->dir = text;
}

void gw_read_backdate(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text != NULL)
		(void)gw_parse_duration(text, &r->t->backdate);
}

/* Of the settings, or of an entry. */
void gw_read_renew_at(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text != NULL)
		(void)gw_renew_at_parse(text, r->entry != NULL ? &r->entry->renew_at : &r->t->renew_at);
}

void gw_read_file(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	static const struct {
		const char *row;
		size_t offset;
	} fields[] = {
		{"key", offsetof(struct gw_file_names, key)},
		{"csr", offsetof(struct gw_file_names, csr)},
		{"cert", offsetof(struct gw_file_names, cert)},
		{"chain", offsetof(struct gw_file_names, chain)},
		{"fullchain", offsetof(struct gw_file_names, fullchain)},
		{"pkcs12", offsetof(struct gw_file_names, pkcs12)},
	};
	const char *text = gw_read_text(value);
	size_t i;

	for (i = 0; text != NULL && i < GW_COUNT(fields); i++) {
		if (strcmp(fields[i].row, row->name) == 0)
			*(const char **)((char *)r->files + fields[i].offset) = text;
	}
}

/* --- entries ------------------------------------------------------------------------------------------------------ */

void gw_read_attribute(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const struct gw_node *item = value->kind == GW_LIST ? value->first : value;

	for (; item != NULL; item = value->kind == GW_LIST ? item->next : NULL) {
		const char *text = gw_read_text(item);

		if (text != NULL)
			r->subject[r->entry->plan.n_subject++] =
				(struct gw_name_attr){.type = row->attribute, .value = text};
	}
}

void gw_read_attributes(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const struct gw_node *item = value->kind == GW_LIST ? value->first : NULL;

	(void)row;
	for (; item != NULL; item = item->next) {
		const char *oid = gw_read_text(gw_node_get(item, "oid"));
		const char *text = gw_read_text(gw_node_get(item, "value"));

		if (oid != NULL && text != NULL)
			r->subject[r->entry->plan.n_subject++] = (struct gw_name_attr){.type = oid, .value = text};
	}
}

void gw_read_issuer(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text == NULL)
		return;
	if (strcmp(text, "self") == 0)
		r->entry->self_signed = !r->t->issuer_outside;
	else
		r->entry->issuer = text;
}

/* A map's algorithm and size or curve, put together, spell the short word: rsa-2048, ec-p256, ed25519. */
static const char *key_word(struct gw_reading *r, const struct gw_node *value)
{
	const char *algorithm = gw_read_text(gw_node_get(value, "algorithm"));
	const char *size = gw_read_text(gw_node_get(value, "size")), *curve = gw_read_text(gw_node_get(value, "curve"));

	if (value->kind == GW_SCALAR)
		return gw_read_text(value);
	if (algorithm != NULL && strcmp(algorithm, "rsa") == 0 && size != NULL)
		return gw_arena_printf(r->arena, "rsa-%s", size);
	if (algorithm != NULL && strcmp(algorithm, "ecdsa") == 0 && curve != NULL)
		return gw_arena_printf(r->arena, "ec-%s", curve);
	return algorithm;
}

void gw_read_encrypt(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	if (gw_read_text(value) == NULL)
		return;
	r->entry->password = gw_secret_source(r->t, r->arena, value);
	r->entry->password.anew = true;
}

void gw_read_pkcs12_password(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	if (gw_read_text(value) == NULL)
		return;
	r->entry->pkcs12 = true;
	r->entry->pkcs12_password = gw_secret_source(r->t, r->arena, value);
	r->entry->pkcs12_password.anew = true;
}

void gw_read_compatibility(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	if (text != NULL && strcmp(text, row->words[GW_PKCS12_LEGACY]) == 0)
		r->entry->pkcs12_kind = GW_PKCS12_LEGACY;
}

void gw_read_key(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *word = key_word(r, value);
	size_t i;

	for (i = 0; word != NULL && row->words[i] != NULL; i++) {
		if (strcmp(row->words[i], word) == 0)
			r->entry->key_type = (enum gw_key_type)i;
	}
	if (value->kind == GW_MAP)
		gw_read_map(r, row->map, value);
}

void gw_read_ca(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *length = gw_read_text(gw_node_get(value, "pathLength"));
	uint64_t number;

	(void)row;
	r->entry->plan.ca = true;
	if (length != NULL && gw_parse_uint(length, 100, &number))
		r->entry->plan.path_length = (int)number;
	gw_read_constraints(r, value);
}

void gw_read_sans(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_cert_plan *plan = &r->entry->plan;
	const struct gw_node *item;
	struct gw_san *sans;

	if (value->kind != GW_LIST || value->count > (size_t)row->max)
		return;
	sans = gw_arena_alloc(r->arena, (value->count + 1) * sizeof(*sans));
	for (item = value->first; item != NULL; item = item->next) {
		const char *text = gw_read_text(item);

		if (text != NULL && gw_san_parse(r->arena, text, &sans[plan->n_sans]) == NULL)
			plan->n_sans++;
	}
	plan->sans = sans;
}

static unsigned index_of(const char *word, const char *const *words)
{
	unsigned i = 0;

	while (words[i] != NULL && strcmp(words[i], word) != 0)
		i++;
	return i;
}

void gw_read_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const struct gw_node *item;

	for (item = value->kind == GW_LIST ? value->first : NULL; item != NULL; item = item->next) {
		unsigned bit = gw_read_text(item) != NULL ? index_of(item->text, row->words) : 32;

		if (bit < 32 && row->words[bit] != NULL)
			r->entry->plan.key_usage |= 1U << bit;
	}
}

void gw_read_extended_key_usage(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	struct gw_cert_plan *plan = &r->entry->plan;
	const struct gw_node *item;
	const char **words;

	if (value->kind != GW_LIST || value->count == 0)
		return;
	words = gw_arena_alloc(r->arena, value->count * sizeof(*words));
	for (item = value->first; item != NULL; item = item->next) {
		const char *word = gw_read_text(item) != NULL ? gw_eku_word_of(item->text) : NULL;

		if (word != NULL && (row->words[index_of(word, row->words)] != NULL || isdigit((unsigned char)*word)))
			words[plan->n_extended_key_usage++] = word;
	}
	plan->extended_key_usage = words;
}

void gw_read_validity(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	const char *text = gw_read_text(value);

	(void)row;
	if (text != NULL && gw_parse_duration(text, &r->entry->validity))
		r->entry->validity_given = value->source != r->ready_made;
}

static void read_instant(const struct gw_node *value, int64_t *instant, bool *given)
{
	const char *text = gw_read_text(value);

	if (text != NULL && gw_time_parse(text, instant))
		*given = true;
}

void gw_read_not_before(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	read_instant(value, &r->entry->not_before, &r->entry->not_before_given);
}

void gw_read_not_after(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	(void)row;
	read_instant(value, &r->entry->not_after, &r->entry->not_after_given);
}

void gw_read_on_renew(struct gw_reading *r, const struct gw_row *row, const struct gw_node *value)
{
	unsigned word = gw_read_text(value) != NULL ? index_of(value->text, row->words) : 0;

	if (gw_read_text(value) == NULL || row->words[word] == NULL)
		return;
	r->entry->on_renew = (enum gw_on_renew)word;
	r->entry->on_renew_given = true;
}

bool gw_renew_at_parse(const char *text, struct gw_renew_at *at)
{
	size_t n = strlen(text);
	char digits[8];
	uint64_t percent;
	int64_t left;

	if (gw_parse_duration(text, &left) && left > 0) {
		*at = (struct gw_renew_at){.left = left};
		return true;
	}
	if (n < 2 || n > 3 || text[n - 1] != '%')
		return false;
	snprintf(digits, sizeof(digits), "%.*s", (int)(n - 1), text);
	if (!gw_parse_uint(digits, 99, &percent) || percent == 0)
		return false;
	*at = (struct gw_renew_at){.percent = (unsigned)percent};
	return true;
}
