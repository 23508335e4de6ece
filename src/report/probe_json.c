/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"
#include "report/probe.h"
#include "report/report.h"
#include "tls/tls.h"
#include "tree/tree.h"

static void add_null(struct gw_arena *arena, struct gw_node *map, const char *key)
{
	gw_map_add(arena, map, key, gw_null_new(arena));
}

static struct gw_node *chain_node(struct gw_arena *arena, const struct gw_probe *p, int64_t now)
{
	struct gw_node *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < p->chain.count; i++)
		gw_list_add(list, gw_report_cert(arena, p->chain.items[i], &p->facts[i], now));
	return list;
}

static struct gw_node *alert_node(struct gw_arena *arena, int alert)
{
	struct gw_node *map;

	if (alert < 0)
		return gw_null_new(arena);
	map = gw_map_new(arena);
	gw_map_int(arena, map, "number", alert);
	gw_report_text(arena, map, "name", gw_tls_alert_name((uint8_t)alert));
	return map;
}

/* null where the peer did not speak TLS; without a version where it only sent an alert. */
static struct gw_node *tls_node(struct gw_arena *arena, const struct gw_probe *p)
{
	struct gw_node *map;

	if (!p->answered)
		return gw_null_new(arena);
	map = gw_map_new(arena);
	gw_map_bool(arena, map, "handshake", p->handshaken);
	gw_report_text(arena, map, "version", p->version);
	gw_report_text(arena, map, "cipher", p->cipher);
	gw_report_text(arena, map, "group", p->group);
	gw_report_text(arena, map, "alpn", p->alpn);
	gw_report_text(arena, map, "signature", p->signature);
	gw_map_bool(arena, map, "ocspStapled", p->ocsp_stapled);
	gw_map_add(arena, map, "alert", alert_node(arena, p->alert));
	return map;
}

static struct gw_node *verified_node(struct gw_arena *arena, const struct gw_probe *p, const char *trust)
{
	struct gw_node *map = gw_map_new(arena);

	if (p->judged_chain) {
		gw_map_bool(arena, map, "chain", p->chain_ok);
		gw_map_bool(arena, map, "name", p->name_ok);
	} else {
		add_null(arena, map, "chain");
		add_null(arena, map, "name");
	}
	gw_report_text(arena, map, "expected", gw_match_word(p->match));
	gw_report_text(arena, map, "by", trust);
	return map;
}

static struct gw_node *client_node(struct gw_arena *arena, const struct gw_probe *p)
{
	struct gw_node *map = gw_map_new(arena);
	struct gw_node *names = gw_list_new(arena);
	size_t i;

	gw_map_bool(arena, map, "requested", p->client_requested);
	gw_map_bool(arena, map, "presented", p->client_presented);
	for (i = 0; i < p->n_ca_names; i++)
		gw_list_add(names, gw_str_new(arena, p->ca_names[i]));
	gw_map_add(arena, map, "caNames", names);
	return map;
}

static struct gw_node *http_node(struct gw_arena *arena, const struct gw_probe *p)
{
	struct gw_node *map;

	if (p->status == 0)
		return gw_null_new(arena);
	map = gw_map_new(arena);
	gw_map_int(arena, map, "status", p->status);
	gw_report_text(arena, map, "server", p->server);
	return map;
}

static struct gw_node *timing_node(struct gw_arena *arena, const struct gw_probe *p)
{
	static const char *const keys[GW_N_PHASES] = {"dnsMs", "tcpMs", "tlsMs", "httpMs"};
	struct gw_node *map = gw_map_new(arena);
	size_t i;

	for (i = 0; i < GW_N_PHASES; i++) {
		if (p->span_ns[i] < 0)
			add_null(arena, map, keys[i]);
		else
			gw_map_add(arena, map, keys[i], gw_real_new(arena, (double)p->span_ns[i] / 1e6, 2));
	}
	return map;
}

static struct gw_node *findings_node(struct gw_arena *arena, const struct gw_findings *fs)
{
	struct gw_node *list = gw_list_new(arena);
	const struct gw_finding *f;

	for (f = fs->first; f != NULL; f = f->next)
		gw_list_add(list, gw_finding_node(arena, f));
	return list;
}

/* "127.0.0.1:8443": where the connection went, which --connect may make another port than the target's. */
static const char *endpoint(struct gw_arena *arena, const struct gw_probe *p)
{
	return p->address[0] != '\0' ? gw_host_port(arena, p->address, p->port) : NULL;
}

static void fill_row(struct gw_arena *arena, struct gw_node *row, const struct gw_probe *p,
		     const struct gw_probe_view *view)
{
	gw_report_text(arena, row, "target", p->target->label);
	gw_report_text(arena, row, "host", p->target->host);
	gw_report_text(arena, row, "unicode", p->target->unicode);
	gw_map_int(arena, row, "port", p->target->port);
	gw_report_text(arena, row, "address", p->address[0] != '\0' ? p->address : NULL);
	gw_report_text(arena, row, "endpoint", endpoint(arena, p));
	gw_report_text(arena, row, "verdict", gw_verdict_word(p->verdict));
	gw_map_int(arena, row, "exitStatus", (int64_t)gw_verdict_code(p->verdict));
	gw_report_text(arena, row, "phase", gw_phase_word(p->phase));
	gw_map_add(arena, row, "tls", tls_node(arena, p));
	gw_map_add(arena, row, "chain", chain_node(arena, p, view->now));
	gw_map_add(arena, row, "verified", verified_node(arena, p, view->trust));
	gw_map_add(arena, row, "clientCertificate", client_node(arena, p));
	gw_map_add(arena, row, "http", http_node(arena, p));
	gw_map_add(arena, row, "timing", timing_node(arena, p));
	gw_map_add(arena, row, "findings", findings_node(arena, &p->findings));
}

void gw_report_probe_line(FILE *out, const struct gw_probe *p, const struct gw_probe_view *view)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *row = gw_report_new(&arena);

	fill_row(&arena, row, p, view);
	gw_report_line(out, row);
}

void gw_report_probes_json(FILE *out, const struct gw_probe *const *probes, size_t count,
			   const struct gw_probe_view *view)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *document = gw_report_new(&arena);
	struct gw_node *rows = gw_map_add(&arena, document, "rows", gw_list_new(&arena));
	size_t i;

	for (i = 0; i < count; i++)
		fill_row(&arena, gw_list_add(rows, gw_map_new(&arena)), probes[i], view);
	gw_report_document(out, document);
}
