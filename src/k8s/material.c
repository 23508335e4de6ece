/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/material.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/finding.h"
#include "pki/pkcs12.h"
#include "tree/tree.h"

#define TEXT_MAX        (2 * GW_PEM_FILE_MAX) /* octets: what was mended is longer than what it was made from */
#define PATH_MAX_OCTETS ((size_t)4096)

/* A document that is being walked. */
struct walk {
	const struct gw_ctx *ctx;
	const struct gw_material_request *request;
	struct gw_materials *materials;
	const char *file;
	const char *object; /* that the walk is in */
	size_t found;
};

void gw_materials_release(struct gw_materials *materials)
{
	size_t i;

	for (i = 0; i < materials->count; i++) {
		gw_pem_release(&materials->items[i]->pem);
		gw_buf_release(&materials->items[i]->text);
		free(materials->items[i]);
	}
	free(materials->items);
	gw_arena_release(&materials->arena);
	*materials = (struct gw_materials)GW_MATERIALS_INIT;
}

struct gw_where gw_material_where(struct gw_arena *arena, const struct gw_material *m, const struct gw_pem_block *block)
{
	struct gw_where where = {.file = gw_arena_strdup(arena, m->file)};

	where.line = m->member != NULL ? m->line : block != NULL && !m->keystore ? block->line : 0;
	where.column = m->member != NULL ? m->column : 0;
	where.path = m->member != NULL ? gw_arena_strdup(arena, m->member) : NULL;
	return where;
}

/* --- one text ----------------------------------------------------------------------------------------------------- */

/* DER and PKCS#7 are forms that are read as they are; every other step mends something. */
static bool only_forms(const struct gw_repair *done)
{
	static const char *const forms[] = {"turned DER into PEM", "took the certificates out of PKCS#7"};
	size_t i, k;

	for (i = 0; i < done->n_steps; i++) {
		for (k = 0; k < GW_COUNT(forms) && strcmp(done->steps[i], forms[k]) != 0; k++)
			;
		if (k == GW_COUNT(forms))
			return false;
	}
	return true;
}

/* What scans well is PEM; but one block of PKCS#7 is a form that has certificates in it. */
static bool is_pem(const struct gw_pem *pem)
{
	return pem->n_blocks != 1 || pem->blocks[0].kind != GW_PEM_OTHER ||
	       strncmp(pem->blocks[0].label, "PKCS", 4) != 0;
}

/* The names of what was in a keystore, in the order of its blocks: the key, where there is one, then the certificates. The
 * key goes by the name of its certificate, as everywhere. */
static const char **names_of(struct gw_arena *arena, const EVP_PKEY *key, const struct gw_certs *certs)
{
	const char **names = gw_arena_alloc(arena, (certs->count + 1) * sizeof(*names));
	size_t i, n = 0;

	if (key != NULL)
		names[n++] = certs->count > 0 && gw_cert_matches_key(certs->items[0], key)
				     ? gw_cert_friendly_name(certs->items[0], arena)
				     : NULL;
	for (i = 0; i < certs->count; i++)
		names[n++] = gw_cert_friendly_name(certs->items[i], arena);
	return names;
}

/* Makes PEM of m->text, which is PKCS#12. */
static enum gw_code open_keystore(struct walk *w, const char *name, struct gw_material *m, struct gw_err *err)
{
	struct gw_password password = {0};
	GW_CERTS_AUTO struct gw_certs certs = {0};
	GW_SECRET_AUTO struct gw_secret pem = {0};
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	enum gw_code code;
	size_t i;

	if (w->request->password != NULL)
		password = *w->request->password;
	password.of = name;
	m->keystore = true;
	code = gw_pkcs12_read(w->ctx, name, m->text.data, m->text.len, w->request->password != NULL ? &password : NULL,
			      &key, &certs, err);
	if (code == GW_OK && key == NULL && certs.count == 0)
		code = gw_fail(err, GW_E_INPUT, name, "the PKCS#12 file holds neither a certificate nor a key");
	if (code == GW_OK && key != NULL)
		code = gw_key_to_pem(key, &pem, err);
	if (code != GW_OK)
		return code;
	gw_buf_clear(&m->text);
	gw_buf_add(&m->text, pem.data, pem.len);
	for (i = 0; i < certs.count; i++)
		gw_cert_to_pem(certs.items[i], &m->text);
	m->names = names_of(&w->materials->arena, key, &certs);
	return gw_pem_scan(&m->pem, name, gw_buf_str(&m->text), m->text.len, err);
}

/* Makes PEM of m->text, or says what it is. */
static enum gw_code make_pem(struct walk *w, const char *name, struct gw_material *m, struct gw_err *err)
{
	const struct gw_material_request *request = w->request;
	GW_BUF_AUTO struct gw_buf mended = GW_BUF_SECRET(TEXT_MAX);
	struct gw_err later = {.code = GW_OK};
	enum gw_code code;

	if (gw_pkcs12_is(gw_buf_str(&m->text), m->text.len))
		return open_keystore(w, name, m, err);
	code = gw_pem_scan(&m->pem, name, gw_buf_str(&m->text), m->text.len, err);
	if (code == GW_OK && is_pem(&m->pem))
		return GW_OK;
	gw_pem_release(&m->pem);
	if (gw_pem_repair(name, gw_buf_str(&m->text), m->text.len, &mended, &m->done, &later) != GW_OK) {
		if (code == GW_OK)
			*err = later;
		return err->code;
	}
	if (!request->repair && !only_forms(&m->done)) {
		gw_hint(err, "gwcert bundle --repair mends it");
		return err->code;
	}
	gw_buf_clear(&m->text);
	gw_buf_append(&m->text, &mended);
	return gw_pem_scan(&m->pem, name, gw_buf_str(&m->text), m->text.len, err);
}

static struct gw_material *material_new(const char *file)
{
	struct gw_material *m = gw_zalloc(sizeof(*m));

	m->file = file;
	m->text = (struct gw_buf)GW_BUF_SECRET(TEXT_MAX);
	return m;
}

static void material_free(struct gw_material *m)
{
	gw_pem_release(&m->pem);
	gw_buf_release(&m->text);
	free(m);
}

static enum gw_code add(struct gw_materials *materials, struct gw_material *m, struct gw_err *err)
{
	if (materials->count == GW_MATERIALS_MAX) {
		gw_fail(err, GW_E_INPUT, m->file, "more than %d texts with PEM are not read in one run",
			GW_MATERIALS_MAX);
		material_free(m);
		return err->code;
	}
	if (materials->count == materials->room) {
		materials->room = materials->room > 0 ? materials->room * 2 : 8;
		materials->items = gw_realloc_array(materials->items, materials->room, sizeof(struct gw_material *));
	}
	materials->items[materials->count++] = m;
	return GW_OK;
}

/* --- a document --------------------------------------------------------------------------------------------------- */

/* "Secret web/store-tls" of a map with kind and metadata; NULL for any other. */
static const char *object_of(struct gw_arena *arena, const struct gw_node *map)
{
	const struct gw_node *meta = gw_node_get(map, "metadata");
	const char *kind = gw_node_text(gw_node_get(map, "kind")), *name = gw_node_text(gw_node_get(meta, "name"));
	const char *namespace_ = gw_node_text(gw_node_get(meta, "namespace"));

	if (kind == NULL || gw_node_get(map, "apiVersion") == NULL)
		return NULL;
	return gw_arena_printf(arena, "%s %s%s%s", kind, namespace_ != NULL ? namespace_ : "",
			       namespace_ != NULL ? "/" : "", name != NULL ? name : "");
}

/* Values of Secrets and of ConfigMap's binaryData are base64, whatever is in them. */
static bool holds_base64(const char *object, const char *path)
{
	bool data = strncmp(path, "data.", 5) == 0 || strstr(path, ".data.") != NULL;

	return object != NULL && ((data && strncmp(object, "Secret ", 7) == 0) || strstr(path, "binaryData.") != NULL);
}

/* Keys under which nothing else than PEM makes sense: what is there and is none is told, not passed over. */
static bool means_pem(const char *path)
{
	static const char *const endings[] = {".tls.crt", ".tls.key", ".ca.crt", ".pemCertificate", ".pemPrivateKey"};
	size_t i, len = strlen(path);

	for (i = 0; i < GW_COUNT(endings); i++) {
		size_t n = strlen(endings[i]);

		if (len >= n && strcmp(path + len - n, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool looks_like_pem(const struct gw_node *value, const char *object, const char *path)
{
	if (memmem(value->text, value->len, "-----BEGIN", 10) != NULL || means_pem(path))
		return value->len > 0;
	/* "-----BEGIN" in base64; in a Secret DER as well, which begins with a long SEQUENCE. */
	return value->len > 16 && (strncmp(value->text, "LS0tLS1CRUdJT", 13) == 0 ||
				   (holds_base64(object, path) && strncmp(value->text, "MII", 3) == 0));
}

static bool may_stay_closed(const struct gw_material_request *request)
{
	return request->closed && (request->password == NULL || request->password->source == NULL);
}

static enum gw_code take_value(struct walk *w, const struct gw_node *value, const char *path, struct gw_err *err)
{
	struct gw_arena *arena = &w->materials->arena;
	struct gw_material *m = material_new(w->file);
	const char *name;
	enum gw_code code;

	m->object = w->object;
	m->member = gw_arena_strdup(arena, path);
	m->line = value->line;
	m->column = value->column;
	name = gw_arena_printf(arena, "%s:%u (%s)", w->file, value->line, m->member);
	if (!holds_base64(w->object, path) || !gw_base64_decode(value->text, value->len, &m->text)) {
		gw_buf_clear(&m->text);
		gw_buf_add(&m->text, value->text, value->len);
	}
	code = make_pem(w, name, m, err);
	if (code == GW_E_INPUT && m->keystore && may_stay_closed(w->request)) {
		m->closed = true;
		code = GW_OK;
	}
	if (code != GW_OK) {
		material_free(m);
		return code;
	}
	w->found++;
	return add(w->materials, m, err);
}

static enum gw_code walk(struct walk *w, const struct gw_node *node, const char *path, struct gw_err *err);

static enum gw_code walk_map(struct walk *w, const struct gw_node *map, const char *path, struct gw_err *err)
{
	struct gw_arena *arena = &w->materials->arena;
	const char *outer = w->object, *object = object_of(arena, map);
	const struct gw_node *m;
	enum gw_code code = GW_OK;

	if (object != NULL) {
		w->object = object;
		path = "";
	}
	for (m = map->first; m != NULL && code == GW_OK; m = m->next)
		code = walk(w, m, gw_arena_printf(arena, "%s%s%s", path, *path != '\0' ? "." : "", m->key->text), err);
	w->object = outer;
	return code;
}

/* The depth is the tree's, which is bounded. */
static enum gw_code walk(struct walk *w, const struct gw_node *node, const char *path, struct gw_err *err)
{
	const struct gw_node *item;
	enum gw_code code = GW_OK;
	size_t i = 0;

	if (strlen(path) > PATH_MAX_OCTETS)
		return gw_fail(err, GW_E_INPUT, w->file, "the path to a value is longer than %zu octets",
			       PATH_MAX_OCTETS);
	switch (node->kind) {
	case GW_MAP: return walk_map(w, node, path, err);
	case GW_LIST:
		for (item = node->first; item != NULL && code == GW_OK; item = item->next, i++)
			code = walk(w, item, gw_arena_printf(&w->materials->arena, "%s[%zu]", path, i), err);
		return code;
	case GW_SCALAR: break;
	}
	return looks_like_pem(node, w->object, path) ? take_value(w, node, path, err) : GW_OK;
}

/* A text whose first line with anything on it is a JSON value, a YAML mark, or a key. openssl's own explanatory text
 * ("Certificate:") is one as well: so this is asked only where the text is no PEM. */
static bool may_be_document(const char *text, size_t len)
{
	const char *at = text, *end = text + len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at)), *colon;

		if (stop == NULL)
			stop = end;
		while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
			at++;
		if (at < stop && *at != '#' && strncmp(at, "---\n", 4) != 0) {
			colon = memchr(at, ':', (size_t)(stop - at));
			return *at == '{' || *at == '[' || *at == '%' ||
			       (colon != NULL && memchr(at, '-', (size_t)(colon - at)) != at &&
				(colon + 1 >= stop || colon[1] == ' ' || colon[1] == '\r'));
		}
		at = stop < end ? stop + 1 : end;
	}
	return false;
}

static enum gw_code read_document(struct walk *w, const char *text, size_t len, struct gw_err *err)
{
	struct gw_node *docs, *doc;
	enum gw_code code = gw_tree_read(&w->materials->arena, w->file, text, len, &docs, NULL, err);

	for (doc = code == GW_OK ? docs->first : NULL; doc != NULL && code == GW_OK; doc = doc->next)
		code = walk(w, doc, "", err);
	if (code == GW_OK && w->found == 0) {
		gw_fail(err, GW_E_INPUT, w->file, "holds no certificate, key, request or revocation list");
		return gw_hint(err, "values with PEM are looked for everywhere in it: data, stringData, "
				    "pemCertificate and the like");
	}
	return code;
}

/* --- a file ------------------------------------------------------------------------------------------------------- */

enum gw_code gw_materials_read(const struct gw_ctx *ctx, const char *path, const struct gw_material_request *request,
			       struct gw_materials *materials, struct gw_err *err)
{
	const char *name = gw_arena_strdup(&materials->arena, gw_file_shown(path));
	struct walk w = {.ctx = ctx, .request = request, .materials = materials, .file = name};
	struct gw_material *m = material_new(name);
	struct gw_err pem_err = {.code = GW_OK};
	enum gw_code code;

	m->text.max = GW_PEM_FILE_MAX;
	code = gw_file_read(ctx, path, &m->text, err);
	m->text.max = TEXT_MAX;
	if (code == GW_OK && make_pem(&w, name, m, &pem_err) == GW_OK)
		return add(materials, m, err);
	if (code == GW_OK && !m->keystore && may_be_document(m->text.data, m->text.len))
		code = read_document(&w, m->text.data, m->text.len, err);
	else if (code == GW_OK)
		code = (*err = pem_err).code;
	material_free(m);
	return code;
}
