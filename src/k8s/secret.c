/* SPDX-License-Identifier: Apache-2.0 */
#include "k8s/secret.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "rules/names.h"
#include "rules/rules.h"

#define NAMES_MAX 16384 /* octets of the names' annotation; all annotations together may have 256 KiB */

void gw_tls_secret_check(const struct gw_tls_secret *s, struct gw_findings *fs)
{
	const struct gw_where at_name = {.path = "metadata.name"}, at_namespace = {.path = "metadata.namespace"},
			      at_data = {.path = "data"};
	const char *fault = gw_name_k8s_subdomain(s->name);
	size_t size = s->cert_len + s->key_len + s->ca_len;
	struct gw_finding *f;

	if (fault != NULL)
		gw_find(fs, GWK_LIMITS, &at_name, "the name \"%s\" %s", s->name, fault);
	fault = s->namespace_ != NULL ? gw_name_k8s_label(s->namespace_) : NULL;
	if (fault != NULL)
		gw_find(fs, GWK_LIMITS, &at_namespace, "the namespace \"%s\" %s", s->namespace_, fault);
	if (size > GW_K8S_DATA_MAX) {
		f = gw_find(fs, GWK_LIMITS, &at_data, "the data have %zu octets; Kubernetes takes %zu", size,
			    GW_K8S_DATA_MAX);
		gw_finding_fix(fs, f, "keep the leaf and its chain, and leave out everything else");
	}
}

/* A value of `data`: base64 on one line. Encoded in place, so that no other copy of a key is made. */
static void add_value(struct gw_arena *arena, struct gw_node *data, const char *key, const char *bytes, size_t len)
{
	char *text = gw_arena_alloc(arena, (len + 2) / 3 * 4 + 1);
	struct gw_node *node = gw_str_new(arena, "");

	node->len = (size_t)EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes, (int)len);
	node->text = text;
	gw_map_add(arena, data, key, node);
}

/* The names, parted by commas; "+N" at the end counts those that did not fit. */
static const char *names_text(struct gw_arena *arena, const struct gw_cert_facts *leaf)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(NAMES_MAX + 64);
	size_t i;

	for (i = 0; i < leaf->n_sans && out.len + strlen(leaf->sans[i].value) < NAMES_MAX; i++)
		gw_buf_printf(&out, "%s%s", i > 0 ? "," : "", leaf->sans[i].value);
	if (i < leaf->n_sans)
		gw_buf_printf(&out, "%s+%zu", i > 0 ? "," : "", leaf->n_sans - i);
	return gw_arena_strdup(arena, gw_buf_str(&out));
}

static int by_name(const void *a, const void *b)
{
	const struct gw_label *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Own labels and the author's, in the order of their names; of two for one name the author's holds. */
static struct gw_node *labels_node(struct gw_arena *arena, const struct gw_label *own, size_t n_own,
				   const struct gw_labels *more)
{
	struct gw_node *map = gw_map_new(arena);
	struct gw_label *all = gw_arena_alloc(arena, (n_own + more->count) * sizeof(*all));
	size_t n = 0, i, j;

	for (i = 0; i < more->count; i++)
		all[n++] = more->items[i];
	for (i = 0; i < n_own; i++) {
		for (j = 0; j < more->count && strcmp(more->items[j].name, own[i].name) != 0; j++)
			;
		if (j == more->count)
			all[n++] = own[i];
	}
	qsort(all, n, sizeof(*all), by_name);
	for (i = 0; i < n; i++)
		gw_map_str(arena, map, all[i].name, all[i].value);
	return map;
}

static struct gw_node *annotations(struct gw_arena *arena, const struct gw_tls_secret *s)
{
	char *end = gw_arena_alloc(arena, GW_TIME_TEXT);

	gw_time_format(end, s->leaf->not_after);
	return labels_node(arena,
			   (const struct gw_label[]){{"gwcert.io/fingerprint-sha256", s->leaf->sha256},
						     {"gwcert.io/names", names_text(arena, s->leaf)},
						     {"gwcert.io/not-after", end}},
			   3, &s->annotations);
}

static struct gw_node *metadata(struct gw_arena *arena, const struct gw_tls_secret *s)
{
	struct gw_node *map = gw_map_new(arena);

	if (s->plain) {
		gw_map_add(arena, map, "creationTimestamp", gw_null_new(arena));
	} else {
		if (s->leaf != NULL)
			gw_map_add(arena, map, "annotations", annotations(arena, s));
		gw_map_add(arena, map, "labels",
			   labels_node(arena, &(const struct gw_label){"app.kubernetes.io/managed-by", "gwcert"}, 1,
				       &s->labels));
	}
	gw_map_str(arena, map, "name", s->name);
	gw_map_str(arena, map, "namespace", s->namespace_);
	return map;
}

struct gw_node *gw_tls_secret_node(struct gw_arena *arena, const struct gw_tls_secret *s)
{
	struct gw_node *root = gw_map_new(arena), *data;

	gw_map_str(arena, root, "apiVersion", "v1");
	data = gw_map_add(arena, root, "data", gw_map_new(arena));
	if (s->ca_pem != NULL)
		add_value(arena, data, "ca.crt", s->ca_pem, s->ca_len);
	add_value(arena, data, "tls.crt", s->cert_pem, s->cert_len);
	add_value(arena, data, "tls.key", s->key_pem, s->key_len);
	gw_map_str(arena, root, "kind", "Secret");
	gw_map_add(arena, root, "metadata", metadata(arena, s));
	gw_map_str(arena, root, "type", "kubernetes.io/tls");
	return root;
}

/* --- as text ------------------------------------------------------------------------------------------------------ */

static void write_value(struct gw_buf *out, const char *key, const char *bytes, size_t len)
{
	char *at;

	gw_buf_str_add(out, key);
	at = gw_buf_reserve(out, (len + 2) / 3 * 4);
	if (at != NULL)
		out->len += (size_t)EVP_EncodeBlock((unsigned char *)at, (const unsigned char *)bytes, (int)len);
	gw_buf_chr(out, '\n');
}

static void write_str(struct gw_buf *out, const char *key, const char *text)
{
	gw_buf_str_add(out, key);
	gw_yaml_str(out, text);
	gw_buf_chr(out, '\n');
}

static void write_annotations(struct gw_buf *out, const struct gw_cert_facts *leaf)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	char end[GW_TIME_TEXT];

	gw_time_format(end, leaf->not_after);
	gw_buf_str_add(out, "  annotations:\n");
	write_str(out, "    gwcert.io/fingerprint-sha256: ", leaf->sha256);
	write_str(out, "    gwcert.io/names: ", names_text(&arena, leaf));
	write_str(out, "    gwcert.io/not-after: ", end);
}

static void write_metadata(struct gw_buf *out, const struct gw_tls_secret *s)
{
	gw_buf_str_add(out, "metadata:\n");
	if (s->plain)
		gw_buf_str_add(out, "  creationTimestamp: null\n");
	else if (s->leaf != NULL)
		write_annotations(out, s->leaf);
	if (!s->plain)
		gw_buf_str_add(out, "  labels:\n    app.kubernetes.io/managed-by: gwcert\n");
	write_str(out, "  name: ", s->name);
	if (s->namespace_ != NULL)
		write_str(out, "  namespace: ", s->namespace_);
}

/* The author's labels and annotations are sorted among gwcert's own, and may have any text: that is the tree's work. */
static void write_labelled(struct gw_buf *out, const struct gw_tls_secret *s)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *root = gw_map_new(&arena);

	gw_map_add(&arena, root, "metadata", metadata(&arena, s));
	gw_yaml_write(out, root);
}

void gw_tls_secret_write(struct gw_buf *out, const struct gw_tls_secret *s)
{
	gw_buf_str_add(out, "apiVersion: v1\ndata:\n");
	if (s->ca_pem != NULL)
		write_value(out, "  ca.crt: ", s->ca_pem, s->ca_len);
	write_value(out, "  tls.crt: ", s->cert_pem, s->cert_len);
	write_value(out, "  tls.key: ", s->key_pem, s->key_len);
	gw_buf_str_add(out, "kind: Secret\n");
	if (!s->plain && s->labels.count + s->annotations.count > 0)
		write_labelled(out, s);
	else
		write_metadata(out, s);
	gw_buf_str_add(out, "type: kubernetes.io/tls\n");
}
