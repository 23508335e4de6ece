/* SPDX-License-Identifier: Apache-2.0 */
/* serve: a stand-in Gateway on this machine. */
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "cmd/commands.h"
#include "judge/judge.h"
#include "report/report.h"
#include "serve/serve.h"

#define OTHER_FILES     64    /* descriptors that are not connections: standard streams, the loop's, the listener */
#define CONNECTIONS_MAX 10000 /* each may hold some 60 KB while it is busy */

struct serve_opts {
	struct gw_strings certs, keys;
	const char *password, *listen;
	const char *client_ca;
	unsigned client_mode; /* into mode_words */
	bool allow_remote;
	int64_t span; /* seconds; 0: until a signal */
};

/* GKE's words and short ones, in the same order. */
static const char *const mode_words[] = {"AllowValidOnly", "AllowInsecureFallback", "required", "optional", NULL};

static const struct gw_option options[] = {
	OPT_LIST(struct serve_opts, certs, 0, "cert", "FILE",
		 "a certificate and its intermediates; the first is the default one"),
	OPT_LIST(struct serve_opts, keys, 0, "key", "FILE",
		 "its key, one for each --cert; the files of --cert where not given"),
	OPT_STR(struct serve_opts, password, 0, "password", "SOURCE", NULL,
		"of the keys: env:NAME, file:PATH, fd:N or prompt"),
	OPT_STR(struct serve_opts, listen, 'l', "listen", "HOST:PORT", "127.0.0.1:8443",
		"listen on this address; port 0 is any free one"),
	OPT_FLAG(struct serve_opts, allow_remote, 0, "allow-remote", "allow an address that other machines can reach"),
	OPT_STR(struct serve_opts, client_ca, 0, "client-ca", "FILE", NULL,
		"ask for client certificates, and trust those from the CAs in it"),
	OPT_CHOICE(struct serve_opts, client_mode, 0, "client-mode", "MODE", NULL, mode_words,
		   "with --client-ca, AllowValidOnly where not given"),
	OPT_DURATION(struct serve_opts, span, 0, "for", NULL, 1, "end by itself after this time"),
};

static const struct gw_example examples[] = {
	{"gwcert serve --cert fullchain.pem --key key.pem", "serve a certificate on 127.0.0.1:8443 until Ctrl-C"},
	{"gwcert serve --cert a.pem --key a.key --cert b.pem --key b.key --listen 127.0.0.1:0",
	 "choose between two by the name that the client asks for, on any free port"},
	{"gwcert serve --cert fullchain.pem --key key.pem --client-ca ca.pem --client-mode AllowValidOnly",
	 "ask for client certificates, and let nobody in without a valid one"},
	{NULL, NULL},
};

/* Everything that is read before listening. */
struct inputs {
	struct gw_certs *chains; /* n_pairs of them, in the arena */
	EVP_PKEY **keys;
	struct gw_tls_pair *pairs;
	size_t n_pairs;
	struct gw_certs client_cas;
	enum gw_tls_client_mode client_mode;
};

static void inputs_release(struct inputs *in)
{
	for (size_t i = 0; i < in->n_pairs; i++) {
		gw_certs_release(&in->chains[i]);
		gw_key_free(in->keys[i]);
	}
	gw_certs_release(&in->client_cas);
}
#define INPUTS_AUTO GW_CLEANUP(inputs_release)

/* --- what is asked ------------------------------------------------------------------------------------------------ */

static enum gw_code read_mode(const struct serve_opts *o, enum gw_tls_client_mode *mode, struct gw_err *err)
{
	static const enum gw_tls_client_mode modes[] = {GW_CLIENT_ALLOW_VALID_ONLY, GW_CLIENT_ALLOW_INSECURE_FALLBACK};

	*mode = o->client_ca != NULL ? GW_CLIENT_ALLOW_VALID_ONLY : GW_CLIENT_OFF;
	if (o->client_mode == GW_NOT_GIVEN)
		return GW_OK;
	if (o->client_ca == NULL)
		return gw_fail(err, GW_E_USAGE, "--client-mode",
			       "a client mode needs the CA of the clients: --client-ca FILE");
	*mode = modes[o->client_mode % GW_COUNT(modes)];
	return GW_OK;
}

static enum gw_code check_pairs(const struct serve_opts *o, struct gw_err *err)
{
	if (o->certs.count == 0) {
		(void)gw_fail(err, GW_E_USAGE, "--cert", "there is no certificate to serve");
		return gw_hint(err, "give --cert FILE --key FILE; gwcert gen --host NAME makes them");
	}
	if (o->keys.count == 0 || o->keys.count == o->certs.count)
		return GW_OK;
	return gw_fail(err, GW_E_USAGE, "--key", "there are %zu --cert and %zu --key: each --cert needs its --key",
		       o->certs.count, o->keys.count);
}

/* --- what is served ----------------------------------------------------------------------------------------------- */

/* Says on ctx->err which certificate a key does not belong to, and which it does. */
static enum gw_code judge_pair(struct gw_ctx *ctx, const struct inputs *in, const char *key_file, size_t i,
			       struct gw_err *err)
{
	struct gw_findings findings GW_FINDINGS_AUTO = {0};
	struct gw_where where = {.file = key_file};

	gw_judge_pair(&in->chains[i], in->keys[i], &where, &findings);
	if (!gw_findings_any(&findings, GW_ERROR))
		return GW_OK;
	gw_report_findings(ctx->err, &findings, GW_FORMAT_TEXT, ctx->color_err, NULL);
	err->code = GW_E_NO;
	err->what[0] = '\0';
	return GW_E_NO;
}

static enum gw_code read_pairs(struct gw_ctx *ctx, const struct serve_opts *o, struct inputs *in, struct gw_err *err)
{
	const struct gw_password password = {.option = "--password", .source = o->password};
	const struct gw_strings *keys = o->keys.count > 0 ? &o->keys : &o->certs;
	enum gw_code code = GW_OK;

	in->chains = gw_arena_alloc(ctx->arena, o->certs.count * sizeof(*in->chains));
	in->keys = gw_arena_alloc(ctx->arena, o->certs.count * sizeof(*in->keys));
	in->pairs = gw_arena_alloc(ctx->arena, o->certs.count * sizeof(*in->pairs));
	in->n_pairs = o->certs.count;
	for (size_t i = 0; i < in->n_pairs && code == GW_OK; i++) {
		code = gw_certs_read(ctx, o->certs.items[i], false, &in->chains[i], err);
		if (code == GW_OK)
			code = gw_key_read(ctx, keys->items[i], &password, &in->keys[i], err);
		if (code == GW_OK)
			code = judge_pair(ctx, in, keys->items[i], i, err);
		in->pairs[i] = (struct gw_tls_pair){&in->chains[i], in->keys[i]};
	}
	return code;
}

static enum gw_code read_inputs(struct gw_ctx *ctx, const struct serve_opts *o, struct inputs *in, struct gw_err *err)
{
	enum gw_code code = check_pairs(o, err);

	if (code == GW_OK)
		code = read_mode(o, &in->client_mode, err);
	if (code == GW_OK)
		code = read_pairs(ctx, o, in, err);
	if (code == GW_OK && o->client_ca != NULL)
		code = gw_certs_read(ctx, o->client_ca, true, &in->client_cas, err);
	return code;
}

/* --- serving ------------------------------------------------------------------------------------------------------ */

static unsigned connections(void)
{
	unsigned files = gw_os_raise_files();
	unsigned room = files > 2 * OTHER_FILES ? files - OTHER_FILES : OTHER_FILES;

	return room < CONNECTIONS_MAX ? room : CONNECTIONS_MAX;
}

/* What gw_serve_run() is to tell. */
struct session {
	struct gw_ctx *ctx;
	const struct inputs *in;
};

/* The line on standard output is for scripts: it says that connections are accepted, and where. */
static void announce(void *self, const char *address, bool loopback)
{
	static const char *const modes[] = {
		[GW_CLIENT_OFF] = "no client certificates are asked for",
		[GW_CLIENT_ALLOW_VALID_ONLY] = "client certificates: AllowValidOnly",
		[GW_CLIENT_ALLOW_INSECURE_FALLBACK] = "client certificates: AllowInsecureFallback",
	};
	const struct session *s = self;
	struct gw_ctx *ctx = s->ctx;

	fprintf(ctx->out, "listening on %s\n", address);
	gw_flush_out(ctx);
	if (!loopback)
		fprintf(ctx->err, "gwcert: %s can be reached by other machines (--allow-remote)\n", address);
	if (!ctx->quiet)
		fprintf(ctx->err, "gwcert: %zu certificate%s, TLS 1.2 and 1.3, HTTP/1.1; %s; Ctrl-C ends it\n",
			s->in->n_pairs, s->in->n_pairs == 1 ? "" : "s", modes[s->in->client_mode]);
	fflush(ctx->err);
}

static enum gw_code make_server(struct gw_ctx *ctx, const struct inputs *in, struct gw_tls_server **tls,
				struct gw_err *err)
{
	static const char *const alpn[] = {"http/1.1", NULL};
	const struct gw_tls_server_conf conf = {
		.libctx = ctx->libctx,
		.clock = ctx->clock,
		.pairs = in->pairs,
		.n_pairs = in->n_pairs,
		.alpn = alpn,
		.client_mode = in->client_mode,
		.client_cas = &in->client_cas,
	};

	return gw_tls_server_new(&conf, tls, err);
}

static enum gw_code run(struct gw_ctx *ctx, const struct gw_args *args, struct gw_err *err)
{
	const struct serve_opts *o = args->opts;
	struct inputs in INPUTS_AUTO = {0};
	struct gw_tls_server *tls GW_TLS_SERVER_AUTO = NULL;
	struct session session = {ctx, &in};
	struct gw_serve_conf conf = {.ctx = ctx, .remote = o->allow_remote, .ready = announce, .self = &session};
	enum gw_code code = gw_serve_set_address(&conf, "--listen", o->listen, err);

	if (code == GW_OK)
		code = read_inputs(ctx, o, &in, err);
	if (code == GW_OK)
		code = make_server(ctx, &in, &tls, err);
	if (code != GW_OK)
		return code;
	conf.tls = tls;
	conf.max_connections = connections();
	conf.span_ms = (uint64_t)o->span * 1000;
	return gw_serve_run(&conf, err);
}

const struct gw_command gw_cmd_serve = {
	.name = "serve",
	.group = GW_GROUP_PROVE,
	.summary = "a stand-in Gateway on this machine",
	.operands = "",
	.options = options,
	.n_options = GW_COUNT(options),
	.opts_size = sizeof(struct serve_opts),
	.description = "Serves certificates on this machine as a Gateway's load balancer would: TLS 1.2 and 1.3, "
		       "the certificate chosen by the name that the client asks for, HTTP/1.1. GET and HEAD of "
		       "any path are answered with a JSON object that says how the request came in: the host "
		       "header, the version, cipher and group of TLS, the name asked for, and the client's "
		       "certificate if it showed one.\n"
		       "\n"
		       "When connections are accepted, one line says so on standard output: \"listening on "
		       "127.0.0.1:8443\", with the real port where 0 was asked for. It serves until SIGINT, "
		       "SIGTERM or SIGHUP, or for the time of --for, and then exits with 0. With -v every "
		       "connection that fails is told on standard error.\n"
		       "\n"
		       "# Which certificate\n"
		       "\n"
		       "The first one that has the very name that the client asks for, else the first with a "
		       "wildcard that covers it, else the first given. The common name does not count.\n"
		       "\n"
		       "# Client certificates\n"
		       "\n"
		       "With --client-ca they are asked for. In mode AllowValidOnly the handshake fails unless "
		       "the client shows a certificate that leads to one of the CAs. In mode "
		       "AllowInsecureFallback every client is let in; the answer's client_certificate is null "
		       "where none came, and its verified is false, with the error, where it is not valid.\n"
		       "\n"
		       "# Safety\n"
		       "\n"
		       "Only loopback addresses are listened on, unless --allow-remote is given. It is a "
		       "stand-in for tests: nothing of it is meant to face the internet.",
	.examples = examples,
	.run = run,
};
