/* SPDX-License-Identifier: Apache-2.0 */
/* What probe does without a peer: usage, files, ports where nobody listens. tests/e2e/probe.sh has the peers. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tests/pki.h"
#include "tests/run.h"

/* A port that refuses: bound, so that nobody else can have it, and not listening. Held until the program ends. */
static unsigned closed_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	CU_ASSERT(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	return ntohs(at.sin_port);
}

static const char *text_of(const char *fmt, unsigned port)
{
	char *text = tst_alloc(128);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, 128, fmt, port);
#pragma GCC diagnostic pop
	return text;
}

static const char *anchors(void)
{
	return tst_file("ca.pem", tst_pem(tst_ca("Root", NULL), NULL));
}

static void test_probe__usage(void)
{
	static const struct {
		const char *words[6];
		const char *why;
	} rows[] = {
		{{"probe"}, "TARGET"},
		{{"probe", "http://a.example"}, "only https://"},
		{{"probe", "a.example:0"}, "port"},
		{{"probe", "a.example/path"}, "written as a URL"},
		{{"probe", "a.example", "--resolve", "a.example:127.0.0.1"}, "HOST:PORT:ADDRESS"},
		{{"probe", "a.example", "--connect", "b c"}, "--connect"},
		{{"probe", "a.example", "--key", "k.pem"}, "--cert FILE"},
		{{"probe", "a.example", "--password", "env:X"}, "--cert and --key"},
		{{"probe", "a.example", "--min-days", "0"}, "--min-days"},
		{{"probe", "a.example", "--expect-status", "99"}, "--expect-status"},
		{{"probe", "a.example", "--timeout", "0s"}, "--timeout"},
		{{"probe", "a.example", "--concurrency", "0"}, "--concurrency"},
		{{"probe", "a.example", "--format", "csv"}, "--format"},
		{{"probe", "a.example", "--cacrt", "x"}, "--cacert"},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct tst_run r;

		TST_INT_EQ(tst_run_argv(&r, &(struct tst_world){TST_WORLD}, rows[i].words), GW_E_USAGE);
		TST_CONTAINS(r.err, rows[i].why);
		TST_STR_EQ(r.out, "");
	}
}

static void test_probe__unusable_files(void)
{
	const struct tst_id *client = tst_leaf("client", NULL), *other = tst_leaf("other", NULL);
	const char *cert = tst_file("client.pem", tst_pem(client, NULL));
	const char *key = tst_file("client.key", tst_key_pem(client)), *ca = anchors();
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "probe", "127.0.0.1:1", "--cacert", tst_path("no.pem"), NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "no.pem");
	TST_INT_EQ(tst_run(&r, "probe", "127.0.0.1:1", "--cacert", key, NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run(&r, "probe", "127.0.0.1:1", "--cacert", ca, "--expect", key, NULL), GW_E_INPUT);
	TST_INT_EQ(tst_run(&r, "probe", "127.0.0.1:1", "--cacert", ca, "--cert", cert, NULL), GW_E_INPUT);
	TST_CONTAINS(r.err, "not a private key");
	TST_INT_EQ(tst_run(&r, "probe", "127.0.0.1:1", "--cacert", ca, "--cert", cert, "--key",
			   tst_file("other.key", tst_key_pem(other)), NULL),
		   GW_E_INPUT);
	TST_STR_EQ(r.out, "");
}

static void test_probe__nobody_listens(void)
{
	const char *target = text_of("127.0.0.1:%u", closed_port());
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "probe", target, "--cacert", anchors(), NULL), GW_E_NET);
	TST_CONTAINS(r.out, "unreachable  127.0.0.1:");
	TST_CONTAINS(r.out, "[GWP004]");
	TST_STR_EQ(r.err, "");
	TST_INT_EQ(tst_run(&r, "probe", target, "--cacert", anchors(), "--format", "json", NULL), GW_E_NET);
	TST_CONTAINS(r.out, "\"verdict\": \"unreachable\"");
	TST_STR_EQ(r.err, "");
}

static void test_probe__key_in_the_file_of_the_certificate(void)
{
	const struct tst_id *client = tst_leaf("client", NULL);
	const char *both = tst_file("both.pem", tst_join(tst_pem(client, NULL), tst_key_pem(client), NULL));
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "probe", text_of("127.0.0.1:%u", closed_port()), "--cacert", anchors(), "--cert", both,
			   NULL),
		   GW_E_NET);
	TST_CONTAINS(r.out, "GWP004");
}

static void test_probe__resolve_and_connect_lead_elsewhere(void)
{
	unsigned port = closed_port();
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "probe", "a.invalid", "--cacert", anchors(), "--resolve",
			   "a.invalid:443:127.0.0.1,127.0.0.2", "--connect", text_of("127.0.0.1:%u", port), NULL),
		   GW_E_NET);
	TST_CONTAINS(r.out, text_of("a.invalid (127.0.0.1:%u)", port));
	TST_LACKS(r.out, "127.0.0.2");
	/* As in curl, the place that --connect names is looked up among the --resolve ones. */
	TST_INT_EQ(tst_run(&r, "probe", text_of("a.invalid:%u", port), "--cacert", anchors(), "--connect", "b.invalid",
			   "--resolve", text_of("b.invalid:%u:127.0.0.3", port), NULL),
		   GW_E_NET);
	TST_CONTAINS(r.out, text_of("a.invalid (127.0.0.3:%u)", port));
}

/* Twenty-five targets where nobody listens. */
static void run_many(struct tst_run *r, const struct tst_world *world, const char *format)
{
	const char *words[40] = {"probe", "--cacert", anchors(), "--format", format};
	const char *target = text_of("127.0.0.1:%u", closed_port());
	size_t i;

	for (i = 5; i < 30; i++)
		words[i] = target;
	tst_run_argv(r, world, words);
}

static void test_probe__progress_is_for_a_terminal(void)
{
	struct tst_run r;

	run_many(&r, &(struct tst_world){TST_WORLD, .err_tty = true}, "text");
	TST_INT_EQ(r.status, GW_E_NET);
	TST_CONTAINS(r.err, "/25 probed");
	TST_CONTAINS(r.err, "\r\x1b[K");
	TST_CONTAINS(r.out, "25 targets, 25 addresses: 25 unreachable");
	run_many(&r, &(struct tst_world){TST_WORLD}, "text");
	TST_STR_EQ(r.err, "");
	run_many(&r, &(struct tst_world){TST_WORLD, .err_tty = true, .out_tty = true}, "jsonl");
	TST_STR_EQ(r.err, "");
}

static bool at_once(void)
{
	return true;
}

static void test_probe__interrupted(void)
{
	struct tst_run r;

	run_many(&r, &(struct tst_world){TST_WORLD, .interrupted = at_once}, "text");
	TST_INT_EQ(r.status, GW_E_NET);
	TST_CONTAINS(r.err, "interrupted: ");
	TST_CONTAINS(r.err, " of 25 probes were finished");
}

static void test_probe__system_trust_comes_from_the_environment(void)
{
	const char *const env[] = {"SSL_CERT_FILE", tst_path("gone.pem"), NULL};
	struct tst_run r;

	TST_INT_EQ(tst_run_with(&r, &(struct tst_world){TST_WORLD, .env = env}, "probe", "127.0.0.1:1", NULL),
		   GW_E_INPUT);
	TST_CONTAINS(r.err, "SSL_CERT_FILE");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_probe__usage),
		TST_CASE(test_probe__unusable_files),
		TST_CASE(test_probe__nobody_listens),
		TST_CASE(test_probe__key_in_the_file_of_the_certificate),
		TST_CASE(test_probe__resolve_and_connect_lead_elsewhere),
		TST_CASE(test_probe__progress_is_for_a_terminal),
		TST_CASE(test_probe__interrupted),
		TST_CASE(test_probe__system_trust_comes_from_the_environment),
	};

	return tst_main("cmd_probe", cases, GW_COUNT(cases));
}
