/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probes as text. A few are a paragraph each, with their findings below:
 *
 *	ok  store.example.com:443 at 203.0.113.12
 *	    tls          TLSv1.3, TLS_AES_256_GCM_SHA384, x25519, http/1.1
 *	    certificate  store.example.com and 2 more names, ECDSA P-256, 29 days left (2026-12-23)
 *	    chain        2 certificates sent, verified by ca.pem
 *	    client       no certificate asked for
 *	    http         200, nginx
 *	    time         dns 1.20 ms, tcp 0.31 ms, tls 4.05 ms, http 0.92 ms
 *
 * Many are a table, with the findings of all after it.
 */
#include "report/probe.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "report/report.h"
#include "rules/rules.h"

#define NAMES_SHOWN     3
#define LINE_MAX_OCTETS ((size_t)8 << 10)

static enum gw_paint paint_of(enum gw_verdict verdict)
{
	switch (verdict) {
	case GW_VERDICT_OK: return GW_GREEN;
	case GW_VERDICT_WARNING: return GW_YELLOW;
	case GW_VERDICT_FAILED:
	case GW_VERDICT_UNREACHABLE: return GW_RED;
	}
	return GW_PLAIN;
}

/* --- the lines of a paragraph ------------------------------------------------------------------------------------- */

static void print_line(FILE *out, bool color, const char *label, const struct gw_buf *text)
{
	if (text->len == 0)
		return;
	fprintf(out, "    %s%-11s%s  ", gw_paint(color, GW_DIM), label, gw_unpaint(color));
	gw_print_text(out, gw_buf_str(text));
	fputc('\n', out);
}

static void add_item(struct gw_buf *b, const char *text)
{
	if (text != NULL && text[0] != '\0')
		gw_buf_printf(b, "%s%s", b->len > 0 ? ", " : "", text);
}

static void tls_line(struct gw_buf *b, const struct gw_probe *p)
{
	add_item(b, p->version);
	add_item(b, p->cipher);
	add_item(b, p->group);
	add_item(b, p->alpn);
	if (p->version != NULL && !p->handshaken)
		gw_buf_str_add(b, ", handshake not finished");
}

static void add_names(struct gw_buf *b, const struct gw_cert_facts *c)
{
	size_t i;

	if (c->n_sans == 0)
		add_item(b, c->subject[0] != '\0' ? c->subject : "no name");
	for (i = 0; i < c->n_sans && i < NAMES_SHOWN; i++)
		add_item(b, c->sans[i].value);
	if (c->n_sans > NAMES_SHOWN)
		gw_buf_printf(b, " and %zu more", c->n_sans - NAMES_SHOWN);
}

static void add_days(struct gw_buf *b, const struct gw_cert_facts *c, int64_t now)
{
	char date[GW_TIME_TEXT], span[32];

	if (c->not_after == GW_TIME_FAR_PAST || c->not_before == GW_TIME_FAR_FUTURE) {
		gw_buf_str_add(b, ", dates that cannot be read");
		return;
	}
	gw_time_date(date, c->not_after);
	gw_span_words(span, c->not_after - now);
	if (c->not_after < now)
		gw_buf_printf(b, ", expired %s ago (%s)", span, date);
	else if (c->not_before > now)
		gw_buf_printf(b, ", not valid yet (until %s)", date);
	else
		gw_buf_printf(b, ", %s left (%s)", span, date);
}

static void certificate_line(struct gw_buf *b, const struct gw_probe *p, int64_t now)
{
	if (p->chain.count == 0)
		return;
	add_names(b, &p->facts[0]);
	gw_buf_printf(b, "; %s", p->facts[0].key);
	add_days(b, &p->facts[0], now);
}

static void issuer_line(struct gw_buf *b, const struct gw_probe *p)
{
	if (p->chain.count > 0)
		add_item(b, gw_cert_self_signed(p->chain.items[0]) ? "itself" : p->facts[0].issuer);
}

static void chain_line(struct gw_buf *b, const struct gw_probe *p, const char *trust)
{
	if (!p->judged_chain)
		return;
	gw_buf_printf(b, "%zu certificate%s sent, %s by %s", p->chain.count, p->chain.count == 1 ? "" : "s",
		      p->chain_ok ? "verified" : "not verified", trust);
}

static void expected_line(struct gw_buf *b, const struct gw_probe *p)
{
	switch (p->match) {
	case GW_MATCH_NOT_ASKED: break;
	case GW_MATCH_SAME: add_item(b, "the very certificate"); break;
	case GW_MATCH_SAME_KEY: add_item(b, "the same key in another certificate"); break;
	case GW_MATCH_OTHER: add_item(b, "another certificate"); break;
	}
}

static void client_line(struct gw_buf *b, const struct gw_probe *p)
{
	if (!p->handshaken && !p->client_requested)
		return;
	if (!p->client_requested)
		add_item(b, "no certificate asked for");
	else
		add_item(b,
			 p->client_presented ? "certificate asked for and given" : "certificate asked for, none given");
}

static void http_line(struct gw_buf *b, const struct gw_probe *p)
{
	if (p->status == 0)
		return;
	gw_buf_printf(b, "%u", p->status);
	add_item(b, p->server);
}

static void time_line(struct gw_buf *b, const struct gw_probe *p)
{
	size_t i;

	for (i = 0; i < GW_N_PHASES; i++) {
		if (p->span_ns[i] >= 0)
			gw_buf_printf(b, "%s%s %.2f ms", b->len > 0 ? ", " : "", gw_phase_word((enum gw_phase)i),
				      (double)p->span_ns[i] / 1e6);
	}
}

static void print_head(FILE *out, const struct gw_probe *p, bool color)
{
	fprintf(out, "%s%s%s  ", gw_paint(color, paint_of(p->verdict)), gw_verdict_word(p->verdict), gw_unpaint(color));
	fputs(gw_paint(color, GW_BOLD), out);
	gw_print_text(out, p->target->label);
	fputs(gw_unpaint(color), out);
	if (p->target->unicode != NULL) {
		fputs(" (", out);
		gw_print_text(out, p->target->unicode);
		fputc(')', out);
	}
	if (p->address[0] != '\0' && !p->target->ip)
		fprintf(out, p->port == p->target->port ? " at %s" : " at %s, port %u", p->address, (unsigned)p->port);
	fputc('\n', out);
}

/* Every certificate in the order in which it was sent. */
static void print_chain(FILE *out, const struct gw_probe *p, const struct gw_probe_view *view)
{
	size_t i;

	for (i = 0; i < p->chain.count; i++) {
		GW_BUF_AUTO struct gw_buf line = GW_BUF(LINE_MAX_OCTETS);
		const struct gw_cert_facts *c = &p->facts[i];
		char label[32];

		snprintf(label, sizeof(label), "sent %zu", i + 1);
		add_item(&line, c->subject[0] != '\0' ? c->subject : "no subject");
		gw_buf_printf(&line, "; %s", c->key);
		add_days(&line, c, view->now);
		gw_buf_printf(&line, "; SHA-256 %s", c->sha256);
		print_line(out, view->color, label, &line);
	}
}

static void print_paragraph(FILE *out, const struct gw_probe *p, const struct gw_probe_view *view)
{
	enum { TLS, CERTIFICATE, ISSUER, CHAIN, EXPECTED, CLIENT, HTTP, TIME, N_LINES };
	static const char *const labels[N_LINES] = {"tls",      "certificate", "issued by", "chain",
						    "expected", "client",      "http",      "time"};
	struct gw_buf lines[N_LINES];
	size_t i;

	for (i = 0; i < N_LINES; i++)
		lines[i] = (struct gw_buf)GW_BUF(LINE_MAX_OCTETS);
	tls_line(&lines[TLS], p);
	certificate_line(&lines[CERTIFICATE], p, view->now);
	issuer_line(&lines[ISSUER], p);
	chain_line(&lines[CHAIN], p, view->trust);
	expected_line(&lines[EXPECTED], p);
	client_line(&lines[CLIENT], p);
	http_line(&lines[HTTP], p);
	time_line(&lines[TIME], p);
	print_head(out, p, view->color);
	for (i = 0; i < N_LINES; i++) {
		print_line(out, view->color, labels[i], &lines[i]);
		gw_buf_release(&lines[i]);
	}
	if (view->verbose)
		print_chain(out, p, view);
}

static void print_findings(FILE *out, const struct gw_probe *p, bool color)
{
	if (p->findings.count == 0)
		return;
	fputc('\n', out);
	gw_report_findings(out, &p->findings, GW_FORMAT_TEXT, color, NULL);
}

/* --- many --------------------------------------------------------------------------------------------------------- */

static void add_row(struct gw_table *table, const struct gw_probe *p, int64_t now)
{
	const struct gw_finding *f = p->findings.first;
	char days[24] = "", status[16] = "";

	if (p->chain.count > 0 && p->facts[0].not_after != GW_TIME_FAR_PAST)
		snprintf(days, sizeof(days), "%" PRId64, gw_days_between(now, p->facts[0].not_after));
	if (p->status != 0)
		snprintf(status, sizeof(status), "%u", p->status);
	gw_table_row(table, (const struct gw_cell[]){
				    {gw_verdict_word(p->verdict), paint_of(p->verdict)},
				    {p->target->label, GW_PLAIN},
				    {p->address, GW_PLAIN},
				    {p->version, GW_PLAIN},
				    {days, GW_PLAIN},
				    {status, GW_PLAIN},
				    {f != NULL ? f->rule->title : "", GW_PLAIN},
			    });
}

static void print_table(FILE *out, const struct gw_probe *const *probes, size_t count, const struct gw_probe_view *view)
{
	static const struct gw_cell head[] = {{"VERDICT", GW_BOLD}, {"TARGET", GW_BOLD}, {"ADDRESS", GW_BOLD},
					      {"TLS", GW_BOLD},     {"DAYS", GW_BOLD},   {"HTTP", GW_BOLD},
					      {"", GW_PLAIN}};
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_table table;
	size_t i;

	gw_table_init(&table, &arena, GW_COUNT(head));
	gw_table_row(&table, head);
	for (i = 0; i < count; i++)
		add_row(&table, probes[i], view->now);
	gw_table_print(&table, out, view->color);
	for (i = 0; i < count; i++)
		print_findings(out, probes[i], view->color);
}

static void print_count(FILE *out, size_t n, const char *word, bool *first)
{
	if (n == 0)
		return;
	fprintf(out, "%s%zu %s", *first ? "" : ", ", n, word);
	*first = false;
}

static void print_summary(FILE *out, const struct gw_probe *const *probes, size_t count, size_t n_targets)
{
	size_t by_verdict[GW_VERDICT_UNREACHABLE + 1] = {0}, addresses = 0, i;
	bool first = true;

	for (i = 0; i < count; i++) {
		by_verdict[probes[i]->verdict]++;
		addresses += probes[i]->address[0] != '\0';
	}
	fprintf(out, "\n%zu target%s, %zu address%s: ", n_targets, n_targets == 1 ? "" : "s", addresses,
		addresses == 1 ? "" : "es");
	print_count(out, by_verdict[GW_VERDICT_OK], "ok", &first);
	print_count(out, by_verdict[GW_VERDICT_WARNING], "with warnings", &first);
	print_count(out, by_verdict[GW_VERDICT_FAILED], "failed", &first);
	print_count(out, by_verdict[GW_VERDICT_UNREACHABLE], "unreachable", &first);
	fputc('\n', out);
}

void gw_report_probes_text(FILE *out, const struct gw_probe *const *probes, size_t count,
			   const struct gw_probe_view *view)
{
	size_t i;

	if (count > GW_PROBE_PARAGRAPHS) {
		print_table(out, probes, count, view);
	} else {
		for (i = 0; i < count; i++) {
			if (i > 0)
				fputc('\n', out);
			print_paragraph(out, probes[i], view);
			print_findings(out, probes[i], view->color);
		}
	}
	if (count > 1)
		print_summary(out, probes, count, view->n_targets);
}
