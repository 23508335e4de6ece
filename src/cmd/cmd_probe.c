/* SPDX-License-Identifier: Apache-2.0 */
/* probe: what is really served, from every address, and whether it is what should be. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/os.h"
#include "base/version.h"
#include "cmd/commands.h"
#include "probe/run.h"
#include "report/probe.h"
#include "report/report.h"

#define PROGRESS_ROWS 20                  /* fewer are done before anyone has read the line */
#define PROGRESS_NS   UINT64_C(100000000) /* between two looks at the terminal */

struct probe_opts {
	struct gw_strings resolve;
	const char *connect, *cacert, *expect;
	const char *cert, *key, *password;
	int64_t timeout; /* seconds */
	unsigned concurrency, min_days, expect_status;
	unsigned format;
};

static const struct gw_option options[] = {
	OPT_LIST(struct probe_opts, resolve, 0, "resolve", "HOST:PORT:ADDR[,ADDR]",
		 "use these addresses for HOST:PORT instead of DNS; * is every host"),
	OPT_STR(struct probe_opts, connect, 0, "connect", "HOST[:PORT]", NULL,
		"connect there instead; the name asked for and judged stays"),
	OPT_STR(struct probe_opts, cacert, 0, "cacert", "FILE", NULL,
		"trust the certificates in it; the system's where not given"),
	OPT_STR(struct probe_opts, expect, 0, "expect", "FILE", NULL, "the certificate that should be served"),
	OPT_STR(struct probe_opts, cert, 0, "cert", "FILE", NULL,
		"client certificate, with its intermediates after it"),
	OPT_STR(struct probe_opts, key, 0, "key", "FILE", NULL, "its key; the file of --cert where not given"),
	OPT_STR(struct probe_opts, password, 0, "password", "SOURCE", NULL,
		"of the key: env:NAME, file:PATH, fd:N or prompt"),
	OPT_UINT(struct probe_opts, min_days, 0, "min-days", "N", NULL, 1, 36500,
		 "fail under N days left; where not given, warn under 14"),
	OPT_UINT(struct probe_opts, expect_status, 0, "expect-status", "N", NULL, 100, 599,
		 "fail unless the HTTP status is N"),
	OPT_TIMEOUT(struct probe_opts, timeout, "10s"),
	OPT_UINT(struct probe_opts, concurrency, 0, "concurrency", "N", "256", 1, 65535, "connections at once"),
	OPT_FORMAT(struct probe_opts, format, gw_format_words, "text"),
};

static const struct gw_example examples[] = {
	{"gwcert probe store.example.com", "judge what every address of the name serves"},
	{"gwcert probe store.example.com --resolve store.example.com:443:203.0.113.12 --cacert ca.pem",
	 "ask one address before DNS points there, trusting ca.pem alone"},
	{"gwcert probe https://store.example.com/healthz --expect fullchain.pem --expect-status 200",
	 "is the new certificate served, and does the page answer?"},
	{"gwcert probe api.example.com --cert client.pem --key client.key",
	 "show a client certificate where one is asked for"},
	{"gwcert probe a.example.com b.example.com:8443 --format jsonl",
	 "one line of JSON for each target and address"},
	{NULL, NULL},
};

/* What a run gathers. */
struct session {
	struct gw_ctx *ctx;
	const struct probe_opts *opts;
	struct gw_probe_view view;
	struct gw_probe **rows; /* kept for text and json */
	size_t n_rows, rows_cap;
	size_t failed, unreachable;
	uint64_t shown_ns; /* when the progress line was last written, 0: never */
	bool progress;
};

/* What the plan points to. */
struct inputs {
	struct gw_target *targets;
	struct gw_target connect;
	struct gw_overrides overrides;
	struct gw_trust *trust;
	struct gw_expected expected;
	struct gw_certs client_chain;
	EVP_PKEY *client_key;
};

static void inputs_release(struct inputs *in)
{
	gw_trust_free(in->trust);
	gw_expected_release(&in->expected);
	gw_certs_release(&in->client_chain);
	gw_key_free(in->client_key);
}

/* --- reading what is asked ---------------------------------------------------------------------------------------- */

static enum gw_code check_usage(const struct probe_opts *o, struct gw_err *err)
{
	if (o->cert != NULL)
		return GW_OK;
	if (o->key != NULL)
		return gw_fail(err, GW_E_USAGE, "--key", "a client key needs its certificate: --cert FILE");
	if (o->password != NULL)
		return gw_fail(err, GW_E_USAGE, "--password", "only a client key has a password: --cert and --key");
	return GW_OK;
}

static enum gw_code read_targets(struct gw_ctx *ctx, const struct gw_args *args, struct inputs *in, struct gw_err *err)
{
	const struct probe_opts *o = args->opts;
	enum gw_code code = GW_OK;
	size_t i;

	in->targets = gw_arena_alloc(ctx->arena, args->n_operands * sizeof(*in->targets));
	for (i = 0; code == GW_OK && i < args->n_operands; i++)
		code = gw_target_parse(ctx->arena, args->operands[i], &in->targets[i], err);
	if (code == GW_OK)
		code = gw_overrides_parse(ctx->arena, o->resolve.items, o->resolve.count, &in->overrides, err);
	if (code == GW_OK && o->connect != NULL)
		code = gw_endpoint_parse(ctx->arena, "--connect", o->connect, 0, &in->connect, err);
	return code;
}

static enum gw_code read_client(struct gw_ctx *ctx, const struct probe_opts *o, struct inputs *in, struct gw_err *err)
{
	const struct gw_password password = {.option = "--password", .source = o->password};
	enum gw_code code = gw_certs_read(ctx, o->cert, false, &in->client_chain, err);

	if (code != GW_OK)
		return code;
	return gw_key_read(ctx, o->key != NULL ? o->key : o->cert, &password, &in->client_key, err);
}

static enum gw_code read_inputs(struct gw_ctx *ctx, const struct gw_args *args, struct inputs *in, struct gw_err *err)
{
	const struct probe_opts *o = args->opts;
	enum gw_code code = check_usage(o, err);

	if (code == GW_OK)
		code = read_targets(ctx, args, in, err);
	if (code == GW_OK)
		code = o->cacert != NULL ? gw_trust_from_file(ctx, o->cacert, &in->trust, err)
					 : gw_trust_system(ctx, &in->trust, err);
	if (code == GW_OK && o->expect != NULL)
		code = gw_expected_read(ctx, o->expect, ctx->arena, &in->expected, err);
	if (code == GW_OK && o->cert != NULL)
		code = read_client(ctx, o, in, err);
	return code;
}

/* As many connections as were asked for, or as the system has descriptors for. */
static unsigned settle_concurrency(struct gw_ctx *ctx, unsigned wanted, size_t n_targets)
{
	unsigned limit = gw_os_raise_files();
	unsigned room = limit > GW_PROBE_DESCRIPTORS ? limit - GW_PROBE_DESCRIPTORS : 1;

	if (wanted <= room)
		return wanted;
	if (n_targets > room && !ctx->quiet)
		fprintf(ctx->err,
			"gwcert: %u connections at once instead of %u: this process may open %u files (ulimit -n)\n",
			room, wanted, limit);
	return room;
}

/* --- progress ----------------------------------------------------------------------------------------------------- */

static void show_progress(void *self, size_t finished, size_t known)
{
	struct session *s = self;
	uint64_t now;

	if (!s->progress || known < PROGRESS_ROWS)
		return;
	now = gw_monotonic_ns(&s->ctx->clock);
	if (s->shown_ns != 0 && now - s->shown_ns < PROGRESS_NS)
		return;
	s->shown_ns = now;
	fprintf(s->ctx->err, "\r%zu/%zu probed", finished, known);
	fflush(s->ctx->err);
}

static void clear_progress(struct session *s)
{
	if (s->shown_ns != 0)
		fputs("\r\x1b[K", s->ctx->err);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void keep_row(struct session *s, struct gw_probe *p)
{
	if (s->n_rows == s->rows_cap) {
		s->rows_cap = s->rows_cap > 0 ? 2 * s->rows_cap : 16;
		s->rows = gw_realloc_array(s->rows, s->rows_cap, sizeof(*s->rows));
	}
	s->rows[s->n_rows++] = p;
}

static void take_row(void *self, struct gw_probe *p)
{
	struct session *s = self;

	s->failed += p->verdict == GW_VERDICT_FAILED;
	s->unreachable += p->verdict == GW_VERDICT_UNREACHABLE;
	if (s->opts->format != GW_FORMAT_JSONL) {
		keep_row(s, p);
		return;
	}
	gw_report_probe_line(s->ctx->out, p, &s->view);
	gw_flush_out(s->ctx);
	gw_probe_free(p);
}

/* As the targets were given, and the addresses as the name has them. */
static int by_order(const void *a, const void *b)
{
	const struct gw_probe *x = *(struct gw_probe *const *)a, *y = *(struct gw_probe *const *)b;
	int d = (x->target_index > y->target_index) - (x->target_index < y->target_index);

	return d != 0 ? d : (x->address_index > y->address_index) - (x->address_index < y->address_index);
}

static void print_rows(struct session *s)
{
	const struct gw_probe *const *rows = (const struct gw_probe *const *)s->rows;

	if (s->n_rows > 0)
		qsort(s->rows, s->n_rows, sizeof(*s->rows), by_order);
	if (s->opts->format == GW_FORMAT_JSON)
		gw_report_probes_json(s->ctx->out, rows, s->n_rows, &s->view);
	else if (s->opts->format == GW_FORMAT_TEXT)
		gw_report_probes_text(s->ctx->out, rows, s->n_rows, &s->view);
}

static void release_rows(struct session *s)
{
	size_t i;

	for (i = 0; i < s->n_rows; i++)
		gw_probe_free(s->rows[i]);
	free(s->rows);
}

/* --- the run ------------------------------------------------------------------------------------------------------ */

static struct gw_probe_plan plan_of(const struct gw_args *args, const struct inputs *in, struct session *s)
{
	const struct probe_opts *o = args->opts;

	return (struct gw_probe_plan){
		.targets = in->targets,
		.n_targets = args->n_operands,
		.overrides = &in->overrides,
		.connect = o->connect != NULL ? &in->connect : NULL,
		.client_chain = o->cert != NULL ? &in->client_chain : NULL,
		.client_key = in->client_key,
		.user_agent = "gwcert/" GW_VERSION,
		.policy = {.trust = in->trust,
			   .expected = o->expect != NULL ? &in->expected : NULL,
			   .min_days = o->min_days != 0 ? o->min_days : GW_WARN_DAYS,
			   .strict_days = o->min_days != 0,
			   .expect_status = o->expect_status,
			   .now = gw_now(&s->ctx->clock),
			   .timeout_s = o->timeout},
		.timeout_s = o->timeout,
		.concurrency = settle_concurrency(s->ctx, o->concurrency, args->n_operands),
		.done = take_row,
		.progress = show_progress,
		.self = s,
	};
}

/* Of several rows a "no" weighs more than trouble on the way. */
static enum gw_code worst(const struct session *s)
{
	if (s->failed > 0)
		return GW_E_NO;
	return s->unreachable > 0 ? GW_E_NET : GW_OK;
}

static enum gw_code probe_all(struct gw_ctx *ctx, const struct gw_args *args, const struct inputs *in,
			      struct gw_err *err)
{
	const struct probe_opts *o = args->opts;
	struct session s = {
		.ctx = ctx,
		.opts = o,
		.view = {.trust = gw_trust_name(in->trust),
			 .now = gw_now(&ctx->clock),
			 .n_targets = args->n_operands,
			 .color = ctx->color_out,
			 .verbose = ctx->verbose},
		.progress = ctx->err_tty && !ctx->quiet && !(ctx->out_tty && o->format == GW_FORMAT_JSONL),
	};
	const struct gw_probe_plan plan = plan_of(args, in, &s);
	enum gw_code code = gw_probe_run(ctx, &plan, err);

	clear_progress(&s);
	print_rows(&s); /* an interrupted run shows what it has */
	if (code == GW_OK)
		code = worst(&s);
	release_rows(&s);
	return code;
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	struct inputs in = {0};
	enum gw_code code = read_inputs(ctx, args, &in, err);

	if (code == GW_OK)
		code = probe_all(ctx, args, &in, err);
	inputs_release(&in);
	return code;
}

const struct gw_command gw_cmd_probe = {
	.name = "probe",
	.group = GW_GROUP_PROVE,
	.summary = "what is really served, and whether it is what should be",
	.operands = "TARGET...",
	.min_operands = 1,
	.max_operands = UINT_MAX,
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct probe_opts),
	.description = "Connects to every address of each TARGET, makes a TLS handshake with its name, sends one HTTP "
		       "request on the same "
		       "connection and judges what came: versions, the chain as it was sent, trust, name, dates, "
		       "client certificate, and "
		       "the status of the reply. Every address is a row of its own, and a row tells all its faults, "
		       "not only the first. "
		       "What was seen is kept when the handshake or the verification fails.\n"
		       "\n"
		       "A TARGET is host, host:port, [address]:port or an https:// URL; the port is 443 where none is "
		       "written. The request "
		       "is a GET of the URL's path, or of /. Redirects are not followed, and the status of the reply "
		       "is a fact, not a "
		       "fault, unless --expect-status is given.\n"
		       "\n"
		       "With TLS 1.3 a server refuses a client certificate only after the handshake, so a probe always "
		       "reads the reply "
		       "before it says ok.\n"
		       "\n"
		       "# VERDICTS\n"
		       "\n"
		       "ok: everything asked for holds. warning: it holds, with something to look at. failed: the "
		       "peer's TLS, certificates "
		       "or HTTP are not as they should be. unreachable: there was no TLS answer at all, because of "
		       "DNS, the connection or "
		       "the time limit.\n"
		       "\n"
		       "# OUTPUT FOR PROGRAMS\n"
		       "\n"
		       "--format json prints one document with a list of rows; --format jsonl prints exactly one line "
		       "for each target and "
		       "address, as soon as it is done. Members of a row are always there, null where there is nothing "
		       "to tell: target, "
		       "host, port, address, endpoint, verdict, exitStatus, phase, tls (handshake, version, cipher, "
		       "group, alpn, alert), "
		       "chain (in the order sent: subject, issuer, sans, notBefore, notAfter, daysLeft, serial, key, "
		       "signature, ca, sha256, "
		       "spkiSha256, pem), verified (chain, name, expected, by), clientCertificate (requested, "
		       "presented, caNames), http "
		       "(status, server), timing (dnsMs, tcpMs, tlsMs, httpMs) and findings.\n"
		       "\n"
		       "# EXIT STATUS OF A PROBE\n"
		       "\n"
		       "0 where every row is ok or warning; 1 where a row failed; 6 where rows are only unreachable, "
		       "which is worth a "
		       "retry. With --expect the served certificate has to be the very one in the file: another one of "
		       "the same key is "
		       "told apart, and fails as well.",
	.examples = examples,
	.run = run,
};
