/* SPDX-License-Identifier: Apache-2.0 */
#include "report/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe/verdict.h"
#include "tests/run.h"
#include "tree/tree.h"

static const struct gw_target target = {.label = "a.example:443", .host = "a.example", .port = 443, .path = "/"};
static const struct gw_probe_view view = {.trust = "ca.pem", .now = TST_NOW, .n_targets = 1};

static struct gw_probe *probe_new(enum gw_end end, enum gw_phase phase)
{
	const struct gw_policy policy = {.min_days = 14, .timeout_s = 10, .now = TST_NOW};
	struct gw_probe *p = gw_probe_new(&target, 0);
	struct gw_err err = {0};

	p->where = "a.example (192.0.2.1:443)";
	p->address = "192.0.2.1";
	p->port = 443;
	p->end = end;
	p->phase = phase;
	TST_OK(gw_probe_judge(p, &policy, &err), &err);
	return p;
}

typedef void print_fn(FILE *out, const struct gw_probe *const *probes, size_t count, const struct gw_probe_view *v);

/* What a printer prints of the same probe `count` times; lives until the program ends. */
static const char *printed(print_fn *print, const struct gw_probe *p, size_t count)
{
	const struct gw_probe *rows[64];
	char *text = NULL, *kept;
	size_t len = 0, i;
	FILE *out = open_memstream(&text, &len);

	for (i = 0; i < count; i++)
		rows[i] = p;
	print(out, rows, count, &view);
	fclose(out);
	kept = tst_alloc(len + 1);
	memcpy(kept, text, len + 1);
	free(text);
	return kept;
}

static void print_lines(FILE *out, const struct gw_probe *const *probes, size_t count, const struct gw_probe_view *v)
{
	for (size_t i = 0; i < count; i++)
		gw_report_probe_line(out, probes[i], v);
}

static void test_text__escapes_what_the_peer_says(void)
{
	struct gw_probe *p = probe_new(GW_END_REPLY, GW_PHASE_HTTP);

	p->handshaken = p->answered = true;
	p->version = "TLSv1.3";
	p->alpn = "h\x1b[2J";
	p->status = 200;
	p->server = "x\x1b]0;owned\x07";
	TST_LACKS(printed(gw_report_probes_text, p, 1), "\x1b");
	TST_LACKS(printed(gw_report_probes_text, p, 1), "\x07");
	TST_CONTAINS(printed(gw_report_probes_text, p, 1), "200, x\\x1b]0;owned\\x07");
	gw_probe_free(p);
}

static void test_text__one_row_has_no_count(void)
{
	struct gw_probe *p = probe_new(GW_END_REFUSED, GW_PHASE_TCP);
	const char *text;

	p->span_ns[GW_PHASE_DNS] = 1234567;
	p->span_ns[GW_PHASE_TCP] = 4999;
	text = printed(gw_report_probes_text, p, 1);
	TST_CONTAINS(text, "unreachable  a.example:443 at 192.0.2.1\n");
	TST_CONTAINS(text, "dns 1.23 ms, tcp 0.00 ms\n");
	TST_CONTAINS(text, "a.example (192.0.2.1:443): error: connection refused");
	TST_CONTAINS(text, "[GWP004]");
	TST_LACKS(text, "1 target,");
	gw_probe_free(p);
}

static void test_text__many_rows_are_a_table(void)
{
	struct gw_probe *p = probe_new(GW_END_REFUSED, GW_PHASE_TCP);
	const char *text = printed(gw_report_probes_text, p, GW_PROBE_PARAGRAPHS + 1);

	TST_CONTAINS(text, "VERDICT");
	TST_CONTAINS(text, "unreachable  a.example:443  192.0.2.1");
	TST_CONTAINS(text, "1 target, 9 addresses: 9 unreachable\n");
	gw_probe_free(p);
}

static void test_jsonl__every_member_on_one_line(void)
{
	static const char *const keys[] = {"schemaVersion", "target",   "host",     "unicode",           "port",
					   "address",       "endpoint", "verdict",  "exitStatus",        "phase",
					   "tls",           "chain",    "verified", "clientCertificate", "http",
					   "timing",        "findings"};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_probe *p = probe_new(GW_END_REFUSED, GW_PHASE_TCP);
	const char *text = printed(print_lines, p, 1);
	struct gw_node *root = NULL;
	struct gw_err err = {0};
	size_t i;

	TST_OK(gw_json_read(&arena, "row", text, strlen(text), &root, NULL, &err), &err);
	for (i = 0; i < GW_COUNT(keys); i++)
		CU_ASSERT_PTR_NOT_NULL(gw_node_get(root, keys[i]));
	TST_INT_EQ(strchr(text, '\n') - text, (intmax_t)strlen(text) - 1);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "verdict")), "unreachable");
	TST_STR_EQ(gw_node_text(gw_node_get(root, "endpoint")), "192.0.2.1:443");
	CU_ASSERT(gw_node_is_null(gw_node_get(root, "tls")));
	CU_ASSERT(gw_node_is_null(gw_node_get(gw_node_get(root, "timing"), "tlsMs")));
	gw_probe_free(p);
}

static void test_json__a_name_without_address(void)
{
	struct gw_probe *p = probe_new(GW_END_NO_NAME, GW_PHASE_DNS);

	p->address = "";
	TST_CONTAINS(printed(gw_report_probes_json, p, 1), "\"address\": null");
	TST_CONTAINS(printed(gw_report_probes_json, p, 1), "\"endpoint\": null");
	TST_CONTAINS(printed(gw_report_probes_text, p, 1), "unreachable  a.example:443\n");
	gw_probe_free(p);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_text__escapes_what_the_peer_says), TST_CASE(test_text__one_row_has_no_count),
		TST_CASE(test_text__many_rows_are_a_table),      TST_CASE(test_jsonl__every_member_on_one_line),
		TST_CASE(test_json__a_name_without_address),
	};

	return tst_main("report_probe", cases, GW_COUNT(cases));
}
