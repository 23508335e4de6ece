/* SPDX-License-Identifier: Apache-2.0 */
/* gen --host: the hosts are written down as the tree of a template, which is then read like any other. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "template/build.h"

/* The folder of a host: "*" and ";" have a meaning to shells, ":" and "/" to file systems. */
static const char *folder_name(struct gw_arena *arena, const char *value)
{
	GW_BUF_AUTO struct gw_buf name = GW_BUF(512);

	for (; *value != '\0'; value++) {
		if (*value == '*')
			gw_buf_str_add(&name, "_wildcard");
		else
			gw_buf_chr(&name, strchr(":;/", *value) != NULL ? '-' : *value);
	}
	return gw_arena_strdup(arena, gw_buf_str(&name));
}

/* Checks a host and gives it in the form that a certificate holds. */
static enum gw_code check_host(struct gw_arena *arena, const char *host, struct gw_san *san, struct gw_err *err)
{
	const char *why = gw_san_parse(arena, host, san);

	if (why != NULL)
		return gw_fail(err, GW_E_USAGE, "--host", "\"%s\" %s", host, why);
	return GW_OK;
}

static enum gw_code check_hosts(struct gw_arena *arena, const struct gw_host_request *request, struct gw_san *sans,
				struct gw_err *err)
{
	size_t i, j;

	if (request->n_hosts > GW_SANS_MAX)
		return gw_fail(err, GW_E_USAGE, "--host", "%zu hosts are more than the %d that are taken",
			       request->n_hosts, GW_SANS_MAX);
	for (i = 0; i < request->n_hosts; i++) {
		enum gw_code code = check_host(arena, request->hosts[i], &sans[i], err);

		if (code != GW_OK)
			return code;
		for (j = 0; j < i; j++) {
			if (gw_san_same(&sans[i], &sans[j]))
				return gw_fail(err, GW_E_USAGE, "--host", "\"%s\" is given twice", request->hosts[i]);
		}
	}
	return GW_OK;
}

static void add_certificate(struct gw_arena *arena, struct gw_node *certificates, const struct gw_host_request *request,
			    const struct gw_san *sans, size_t n)
{
	struct gw_node *entry = gw_map_new(arena), *list = gw_list_new(arena);
	size_t i;

	gw_map_add(arena, certificates, folder_name(arena, sans[0].value), entry);
	gw_map_str(arena, entry, "profile", request->profile);
	gw_map_str(arena, entry, "issuer", "self");
	gw_map_str(arena, entry, "key", request->key_type);
	if (request->days > 0)
		gw_map_str(arena, entry, "validity", gw_arena_printf(arena, "%ud", request->days));
	gw_map_add(arena, entry, "sans", list);
	for (i = 0; i < n; i++)
		gw_list_add(list, gw_str_new(arena, gw_san_text(arena, &sans[i])));
}

enum gw_code gw_template_from_hosts(const struct gw_host_request *request, struct gw_template *t,
				    struct gw_findings *fs, struct gw_err *err)
{
	struct gw_node *root = gw_map_new(&t->arena), *certificates = gw_map_new(&t->arena);
	struct gw_san *sans = gw_arena_alloc(&t->arena, (request->n_hosts + 1) * sizeof(*sans));
	enum gw_code code = check_hosts(&t->arena, request, sans, err);
	size_t i;

	if (code != GW_OK)
		return code;
	gw_map_int(&t->arena, root, "gwcert", 1);
	gw_map_add(&t->arena, root, "certificates", certificates);
	for (i = 0; request->each && i < request->n_hosts; i++)
		add_certificate(&t->arena, certificates, request, &sans[i], 1);
	if (!request->each)
		add_certificate(&t->arena, certificates, request, sans, request->n_hosts);
	t->issuer_outside = request->issuer_outside;
	return gw_template_build(t, root, fs, err);
}
