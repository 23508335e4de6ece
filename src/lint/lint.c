/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lint/internal.h"

/* Which Gateway API comes with which GKE: GKE documentation, GatewayClass capabilities. The last one is taken for older. */
static const struct bundled {
	const char *gke;
	unsigned bundle;
} bundled[] = {{"1.35.2-gke.1842000", 151}, {"1.34.1-gke.1822000", 141}, {"0", 130}};

#define BUNDLE_NEWEST 161

/* --- versions ----------------------------------------------------------------------------------------------------- */

bool gw_gke_version_read(const char *text, struct gw_gke_version *version)
{
	static const char *const marks[] = {".", ".", "-gke.", ""};
	size_t i;

	*version = (struct gw_gke_version){0};
	text += *text == 'v'; /* as kubectl version prints it */
	for (i = 0; i < 4; i++) {
		char digits[20];
		size_t n = strspn(text, "0123456789");

		if (n == 0 || n >= sizeof(digits))
			return false;
		memcpy(digits, text, n);
		digits[n] = '\0';
		if (!gw_parse_uint(digits, 1000000000, &version->part[i]))
			return false;
		text += n;
		if (*text == '\0')
			return true;
		/* "1.35-gke.1" leaves out the patch. */
		if (strncmp(text, "-gke.", 5) == 0)
			i = 2;
		if (strncmp(text, marks[i], strlen(marks[i])) != 0 || *marks[i] == '\0')
			return false;
		text += strlen(marks[i]);
	}
	return false;
}

bool lint_at_least(const struct gw_lint *l, const char *version)
{
	struct gw_gke_version least;
	size_t i;

	if (!l->conf.has_version || !gw_gke_version_read(version, &least))
		return true;
	for (i = 0; i < 4; i++) {
		if (l->conf.version.part[i] != least.part[i])
			return l->conf.version.part[i] > least.part[i];
	}
	return true;
}

static unsigned bundle_of(const struct gw_lint *l)
{
	size_t i;

	if (!l->conf.has_version)
		return BUNDLE_NEWEST;
	for (i = 0; i + 1 < GW_COUNT(bundled) && !lint_at_least(l, bundled[i].gke); i++)
		;
	return bundled[i].bundle;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

struct gw_lint *gw_lint_new(const struct gw_lint_conf *conf, struct gw_findings *fs)
{
	struct gw_lint *l = gw_zalloc(sizeof(*l));

	l->conf = *conf;
	l->fs = fs;
	l->bundle = bundle_of(l);
	l->scratch = (struct gw_buf)GW_BUF_SECRET(LINT_INPUT_MAX);
	return l;
}

static void free_certs(struct gw_lint *l)
{
	size_t i;

	for (i = 0; i < l->certs_at.room; i++) {
		if (l->certs_at.slots[i].item != NULL)
			gw_certs_release(&((struct lint_certs *)l->certs_at.slots[i].item)->certs);
	}
	gw_index_release(&l->certs_at);
}

void gw_lint_free(struct gw_lint *l)
{
	struct lint_source *s, *next;

	if (l == NULL)
		return;
	free_certs(l);
	lint_schema_free(l);
	gw_index_release(&l->by_located);
	gw_index_release(&l->gateways_at);
	gw_index_release(&l->uses);
	gw_index_release(&l->grants);
	gw_index_release(&l->entries);
	gw_index_release(&l->maps);
	gw_objects_release(&l->objects);
	gw_buf_release(&l->scratch);
	for (s = l->sources; s != NULL; s = next) {
		next = s->next;
		gw_arena_release(&s->arena);
		gw_buf_release(&s->text);
		free(s);
	}
	gw_arena_release(&l->arena);
	free(l);
}

struct gw_lint_counts gw_lint_counts(const struct gw_lint *l)
{
	return l->counts;
}

const char *lint_format(struct gw_lint *l, const char *fmt, ...)
{
	char text[GW_ERR_WHAT_MAX];
	va_list args;

	va_start(args, fmt);
	gw_vformat(text, sizeof(text), fmt, args);
	va_end(args);
	return gw_arena_strdup(&l->arena, text);
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

/* First what other objects ask about: who uses what, who allows what. */
static void collect_first(struct gw_lint *l)
{
	const struct gw_object *o;

	for (o = l->objects.first; o != NULL; o = o->next) {
		if (o->kind == GW_KIND_GATEWAY)
			lint_collect_gateway(l, o);
		else if (o->kind == GW_KIND_REFERENCE_GRANT)
			lint_collect_grant(l, o);
		else if (o->kind == GW_KIND_MAP_ENTRY)
			lint_collect_entry(l, o);
		else if (o->kind == GW_KIND_DEPLOYMENT)
			lint_collect_workload(l, o);
		else
			lint_collect_policy(l, o);
	}
}

/* Routes ask about policies, and CAs about what the routes lead to. */
static void collect(struct gw_lint *l)
{
	const struct gw_object *o;

	collect_first(l);
	for (o = l->objects.first; o != NULL; o = o->next) {
		if (o->kind == GW_KIND_HTTPROUTE)
			lint_collect_route(l, o);
	}
	for (o = l->objects.first; o != NULL; o = o->next) {
		if (o->kind == GW_KIND_BACKEND_TLS_POLICY)
			lint_collect_cas(l, o);
	}
}

static void judge_alone(struct gw_lint *l, const struct gw_object *o)
{
	if (o->kind != GW_KIND_TRUST_CONFIG && o->kind != GW_KIND_MAP_ENTRY) {
		lint_schema_object(l, o);
		lint_metadata(l, o);
		lint_status(l, o);
	}
	if (o->kind == GW_KIND_HTTPROUTE)
		lint_route(l, o);
	else if (o->kind == GW_KIND_REFERENCE_GRANT)
		lint_grant(l, o);
}

/* What depends on who uses it: first what carries certificates, then what depends on those. */
static void judge_certificates(struct gw_lint *l, const struct gw_object *o)
{
	if (o->kind == GW_KIND_SECRET)
		lint_secret(l, o);
	else if (o->kind == GW_KIND_CONFIGMAP)
		lint_configmap(l, o);
}

static void judge_used(struct gw_lint *l, const struct gw_object *o)
{
	switch (o->kind) {
	case GW_KIND_SERVICE: lint_service(l, o); return;
	case GW_KIND_TRUST_CONFIG: lint_trust_config(l, o); return;
	case GW_KIND_BACKEND_TLS_POLICY: lint_backend_tls(l, o); return;
	case GW_KIND_GCP_BACKEND_POLICY:
	case GW_KIND_GCP_GATEWAY_POLICY:
	case GW_KIND_HEALTH_CHECK_POLICY: lint_policy(l, o); return;
	case GW_KIND_OTHER:
	case GW_KIND_SECRET:
	case GW_KIND_CONFIGMAP:
	case GW_KIND_GATEWAY:
	case GW_KIND_GATEWAY_CLASS:
	case GW_KIND_HTTPROUTE:
	case GW_KIND_REFERENCE_GRANT:
	case GW_KIND_NAMESPACE:
	case GW_KIND_DEPLOYMENT:
	case GW_KIND_MAP_ENTRY: return;
	}
}

void gw_lint_judge(struct gw_lint *l)
{
	const struct gw_object *o;
	struct lint_gateway *g;

	collect(l);
	for (o = l->objects.first; o != NULL; o = o->next)
		judge_alone(l, o);
	for (g = l->gateways; g != NULL; g = g->next) {
		lint_gateway(l, g);
		lint_listeners(l, g);
		lint_frontend(l, g);
		lint_prerequisites(l, g);
	}
	for (o = l->objects.first; o != NULL; o = o->next)
		judge_certificates(l, o);
	for (o = l->objects.first; o != NULL; o = o->next)
		judge_used(l, o);
	/* Names last: now the certificates have been read. */
	for (g = l->gateways; g != NULL; g = g->next)
		lint_hosts(l, g);
	lint_comments_unused(l);
	gw_findings_sort(l->fs);
}
