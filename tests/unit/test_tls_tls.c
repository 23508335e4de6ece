/* SPDX-License-Identifier: Apache-2.0 */
/* A client and a server in one process, over a pair of sockets: what each of them sees of the other. */
#include "tls/tls.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "pki/build.h"
#include "pki/verify.h"
#include "tests/tap.h"

#define NOW INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

static int64_t clock_now(void *self)
{
	return *(int64_t *)self;
}

static int64_t now = NOW;
static struct gw_arena arena;
static const struct gw_ctx ctx = {.clock = {.now = clock_now, .self = &now}, .arena = &arena};

/* --- certificates, made once -------------------------------------------------------------------------------------------- */

struct made {
	struct gw_certs chain;
	EVP_PKEY *key;
};

enum { CA, OTHER_CA, STORE, WILD, OTHER, RSA_KEY, CLIENT, STRANGER, SERVER_ONLY, EXPIRED, N_MADE };
static struct made made[N_MADE];

#define N_PAIRS 4 /* STORE to RSA_KEY are served */

static void make(int which, int issuer, const char *name, const char *san, const char *usage, int64_t days)
{
	struct gw_name_attr subject = {"commonName", name};
	struct gw_san sans = {.type = GW_SAN_DNS, .value = san};
	struct gw_cert_plan plan = {.subject = &subject,
				    .n_subject = 1,
				    .sans = &sans,
				    .n_sans = san != NULL,
				    .ca = usage == NULL,
				    .path_length = -1,
				    .key_usage = usage == NULL ? GW_KU_KEY_CERT_SIGN | GW_KU_CRL_SIGN
							       : GW_KU_DIGITAL_SIGNATURE,
				    .extended_key_usage = &usage,
				    .n_extended_key_usage = usage != NULL,
				    .not_before = NOW - 20 * GW_DAY,
				    .not_after = NOW + days * GW_DAY};
	struct gw_err err = {0};
	X509 *cert = NULL;

	TST_OK(gw_key_generate(&ctx, which == RSA_KEY ? GW_KEY_RSA_2048 : GW_KEY_EC_P256, &made[which].key, &err),
	       &err);
	TST_OK(gw_cert_build(&ctx, &plan, made[which].key, issuer < 0 ? NULL : made[issuer].chain.items[0],
			     issuer < 0 ? NULL : made[issuer].key, &cert, &err),
	       &err);
	gw_certs_add(&made[which].chain, cert);
	if (issuer >= 0 && usage != NULL && strcmp(usage, "serverAuth") == 0)
		gw_certs_add(&made[which].chain, gw_cert_ref(made[issuer].chain.items[0]));
}

/* The first case: an assertion needs one around it. */
static void test_fixture__is_made(void)
{
	make(CA, -1, "Test CA", NULL, NULL, 300);
	make(OTHER_CA, -1, "Other CA", NULL, NULL, 300);
	make(STORE, CA, "store", "store.example.com", "serverAuth", 90);
	make(WILD, CA, "wild", "*.example.com", "serverAuth", 90);
	make(OTHER, CA, "other", "other.example.com", "serverAuth", 90);
	make(RSA_KEY, CA, "rsa", "rsa.test", "serverAuth", 90);
	make(CLIENT, CA, "client", "client.example", "clientAuth", 90);
	make(STRANGER, OTHER_CA, "stranger", "stranger.example", "clientAuth", 90);
	make(SERVER_ONLY, CA, "server only", "s.example", "serverAuth", 90);
	make(EXPIRED, CA, "expired", "e.example", "clientAuth", -1);
}

/* --- a pair of connections ---------------------------------------------------------------------------------------------- */

struct pair {
	struct gw_tls_server_conf server_conf; /* set before pair_open() */
	struct gw_tls_client_conf client_conf;
	const char *name; /* SNI */
	struct gw_tls_server *server;
	struct gw_tls_client *client;
	int fds[2]; /* the client's, the server's */
	struct gw_tls *c, *s;
	enum gw_tls_step client_step, server_step;
	struct gw_tls_facts client_facts, server_facts;
};

static const char *const http[] = {"http/1.1", NULL};
static const char *const h2[] = {"h2", NULL};
static const char *const both[] = {"h2", "http/1.1", NULL};

static void pair_open(struct pair *p)
{
	static struct gw_tls_pair pairs[N_PAIRS];
	struct gw_err err = {0};

	for (int i = 0; i < N_PAIRS; i++)
		pairs[i] = (struct gw_tls_pair){&made[STORE + i].chain, made[STORE + i].key};
	p->server_conf.clock = ctx.clock;
	p->server_conf.pairs = pairs;
	p->server_conf.n_pairs = GW_COUNT(pairs);
	p->server_conf.client_cas = &made[CA].chain;
	TST_OK(gw_tls_server_new(&p->server_conf, &p->server, &err), &err);
	TST_OK(gw_tls_client_new(&p->client_conf, &p->client, &err), &err);
	TST_INT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, p->fds), 0);
	p->c = gw_tls_connect(p->client, p->fds[0], p->name);
	p->s = gw_tls_accept(p->server, p->fds[1]);
}

static bool waiting(enum gw_tls_step step)
{
	return step == GW_TLS_WANT_READ || step == GW_TLS_WANT_WRITE;
}

/* Drives both handshakes until neither gets on. */
static void pair_shake(struct pair *p)
{
	p->client_step = p->server_step = GW_TLS_WANT_READ;
	for (int i = 0; i < 20 && (waiting(p->client_step) || waiting(p->server_step)); i++) {
		if (waiting(p->client_step))
			p->client_step = gw_tls_handshake(p->c);
		if (waiting(p->server_step))
			p->server_step = gw_tls_handshake(p->s);
	}
	gw_tls_observe(p->c, &p->client_facts);
	gw_tls_observe(p->s, &p->server_facts);
}

static void pair_close(struct pair *p)
{
	gw_tls_free(&p->c);
	gw_tls_free(&p->s);
	gw_tls_client_free(&p->client);
	gw_tls_server_free(&p->server);
	gw_close(&p->fds[0]);
	gw_close(&p->fds[1]);
}

/* What a read says, and what it says of the connection. */
static enum gw_tls_step client_read(struct pair *p)
{
	char octets[64];
	size_t got;
	enum gw_tls_step step = gw_tls_read(p->c, octets, sizeof(octets), &got);

	gw_tls_observe(p->c, &p->client_facts);
	return step;
}

/* --- agreement ---------------------------------------------------------------------------------------------------------- */

static void check_agreement(enum gw_tls_version version, const char *word)
{
	struct pair p = {.name = "store.example.com",
			 .server_conf.alpn = http,
			 .client_conf = {.min = version, .max = version, .alpn = both, .groups = "P-256"}};

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_DONE);
	TST_INT_EQ(p.server_step, GW_TLS_DONE);
	CU_ASSERT_TRUE(p.client_facts.handshake_done);
	TST_STR_EQ(p.client_facts.version, word);
	TST_STR_EQ(p.server_facts.version, word);
	TST_STR_EQ(p.client_facts.cipher, p.server_facts.cipher);
	TST_STR_EQ(p.client_facts.group, "secp256r1");
	TST_STR_EQ(p.server_facts.group, "secp256r1");
	TST_STR_EQ(p.client_facts.signature, "ecdsa_secp256r1_sha256");
	TST_STR_EQ(p.client_facts.alpn, "http/1.1");
	TST_STR_EQ(p.server_facts.sni, "store.example.com");
	TST_INT_EQ(p.client_facts.fault, GW_TLS_FAULT_NONE);
	CU_ASSERT_FALSE(p.client_facts.client_cert_requested);
	CU_ASSERT_FALSE(p.client_facts.ocsp_stapled);
	TST_INT_EQ(p.client_facts.chain->count, 2);
	if (p.client_facts.chain->count == 2) {
		CU_ASSERT_TRUE(gw_cert_same(p.client_facts.chain->items[0], made[STORE].chain.items[0]));
		CU_ASSERT_TRUE(gw_cert_same(p.client_facts.chain->items[1], made[CA].chain.items[0]));
	}
	pair_close(&p);
}

static void test_handshake__agrees_on_tls_1_2(void)
{
	check_agreement(GW_TLS_1_2, "TLSv1.2");
}

static void test_handshake__agrees_on_tls_1_3(void)
{
	check_agreement(GW_TLS_1_3, "TLSv1.3");
}

static void test_facts__are_empty_before_any_answer(void)
{
	struct pair p = {.name = "store.example.com"};
	struct gw_tls_facts facts;

	pair_open(&p);
	TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_WANT_READ);
	gw_tls_observe(p.c, &facts);
	CU_ASSERT_PTR_NULL(facts.version);
	CU_ASSERT_PTR_NULL(facts.cipher);
	CU_ASSERT_PTR_NULL(facts.group);
	TST_INT_EQ(facts.chain->count, 0);
	TST_STR_EQ(facts.sni, "store.example.com");
	pair_close(&p);
}

static void test_octets__go_both_ways_and_end(void)
{
	struct pair p = {0};
	char octets[8] = {0};
	size_t n = 0;

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(gw_tls_write(p.c, "hello", 5, &n), GW_TLS_DONE);
	TST_INT_EQ(n, 5);
	TST_INT_EQ(gw_tls_read(p.s, octets, 7, &n), GW_TLS_DONE);
	TST_STR_EQ(octets, "hello");
	TST_INT_EQ(gw_tls_read(p.s, octets, 7, &n), GW_TLS_WANT_READ);
	TST_INT_EQ(gw_tls_shutdown(p.c), GW_TLS_DONE);
	TST_INT_EQ(gw_tls_read(p.s, octets, 7, &n), GW_TLS_CLOSED);
	gw_close(&p.fds[1]); /* no close_notify: an end all the same */
	TST_INT_EQ(gw_tls_read(p.c, octets, 7, &n), GW_TLS_CLOSED);
	pair_close(&p);
}

/* --- names -------------------------------------------------------------------------------------------------------------- */

static void test_server__chooses_by_name(void)
{
	static const struct {
		const char *name;
		int which;
	} rows[] = {{"other.example.com", OTHER},
		    {"OTHER.Example.COM", OTHER},
		    {"x.example.com", WILD},
		    {"store.example.com", STORE},
		    {"a.b.example.com", STORE},
		    {"example.com", STORE},
		    {"elsewhere.test", STORE},
		    {"127.0.0.1", STORE},
		    {"::1", STORE},
		    {"", STORE},
		    {NULL, STORE}};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct pair p = {.name = rows[i].name};

		pair_open(&p);
		pair_shake(&p);
		TST_INT_EQ(p.client_step, GW_TLS_DONE);
		CU_ASSERT_TRUE(p.client_facts.chain->count > 0 &&
			       gw_cert_same(p.client_facts.chain->items[0], made[rows[i].which].chain.items[0]));
		pair_close(&p);
	}
}

/* A client that cannot use the chosen certificate's kind of key fails, rather than get the certificate of another name. */
static void test_server__serves_no_other_name_for_its_key(void)
{
	struct pair p = {.name = "rsa.test", .client_conf = {.max = GW_TLS_1_2}};

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_DONE);
	TST_STR_EQ(p.client_facts.signature, "rsa_pss_rsae_sha256");
	pair_close(&p);
	p.client_conf.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_FAILED);
	TST_INT_EQ(p.client_facts.received.number, 40);
	TST_INT_EQ(p.client_facts.chain->count, 0);
	pair_close(&p);
}

static void test_client__sends_no_address_as_sni(void)
{
	static const char *const names[] = {"127.0.0.1", "::1", "", NULL};

	for (size_t i = 0; i < GW_COUNT(names); i++) {
		struct pair p = {.name = names[i]};

		pair_open(&p);
		pair_shake(&p);
		TST_INT_EQ(p.server_step, GW_TLS_DONE);
		CU_ASSERT_PTR_NULL(p.server_facts.sni);
		CU_ASSERT_PTR_NULL(p.client_facts.sni);
		pair_close(&p);
	}
}

/* --- client certificates: the table of probing.md section 5 ---------------------------------------------------------------- */

struct mtls {
	enum gw_tls_version version;
	enum gw_tls_client_mode mode;
	int show;       /* -1: nothing */
	unsigned alert; /* 0: accepted */
	bool verified;
};

static void check_client_certificate(const struct mtls *row)
{
	struct pair p = {.server_conf.client_mode = row->mode,
			 .client_conf = {.min = row->version, .max = row->version}};
	bool late = row->version == GW_TLS_1_3; /* the refusal comes when the client is done */
	enum gw_tls_step step;

	if (row->show >= 0) {
		p.client_conf.chain = &made[row->show].chain;
		p.client_conf.key = made[row->show].key;
	}
	pair_open(&p);
	pair_shake(&p);
	CU_ASSERT_TRUE(p.client_facts.client_cert_requested);
	TST_INT_EQ(p.client_facts.n_cas, 1);
	if (p.client_facts.n_cas == 1)
		TST_STR_EQ(p.client_facts.ca_names[0], "CN=Test CA");
	TST_INT_EQ(p.client_step, row->alert == 0 || late ? GW_TLS_DONE : GW_TLS_FAILED);
	TST_INT_EQ(p.server_step, row->alert == 0 ? GW_TLS_DONE : GW_TLS_FAILED);
	step = client_read(&p);
	TST_INT_EQ(step, row->alert == 0 ? GW_TLS_WANT_READ : GW_TLS_FAILED);
	TST_INT_EQ(p.client_facts.received.number, row->alert);
	TST_INT_EQ(p.client_facts.fault, row->alert == 0 ? GW_TLS_FAULT_NONE : GW_TLS_FAULT_ALERT);
	TST_INT_EQ(p.server_facts.sent.number, row->alert);
	TST_INT_EQ(p.server_facts.fault, row->alert == 0 ? GW_TLS_FAULT_NONE : GW_TLS_FAULT_CERTIFICATE);
	TST_INT_EQ(p.server_facts.client_verified, row->verified);
	CU_ASSERT_EQUAL(p.server_facts.client_error == 0, row->show < 0 || row->verified);
	CU_ASSERT_EQUAL(p.server_facts.chain->count > 0, row->show >= 0);
	/* What the server presented is known whether or not it lets us in. */
	TST_INT_EQ(p.client_facts.chain->count, 2);
	CU_ASSERT_PTR_NOT_NULL(p.client_facts.version);
	pair_close(&p);
}

static void test_mtls__alerts_and_acceptance(void)
{
	static const struct mtls rows[] = {
		{GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, -1, 116, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, STRANGER, 48, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, SERVER_ONLY, 43, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, EXPIRED, 45, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, CLIENT, 0, true},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_VALID_ONLY, -1, 40, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_VALID_ONLY, STRANGER, 48, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_VALID_ONLY, SERVER_ONLY, 43, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_VALID_ONLY, EXPIRED, 45, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_VALID_ONLY, CLIENT, 0, true},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_INSECURE_FALLBACK, -1, 0, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_INSECURE_FALLBACK, STRANGER, 0, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_INSECURE_FALLBACK, EXPIRED, 0, false},
		{GW_TLS_1_3, GW_CLIENT_ALLOW_INSECURE_FALLBACK, CLIENT, 0, true},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_INSECURE_FALLBACK, -1, 0, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_INSECURE_FALLBACK, STRANGER, 0, false},
		{GW_TLS_1_2, GW_CLIENT_ALLOW_INSECURE_FALLBACK, CLIENT, 0, true},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++)
		check_client_certificate(&rows[i]);
}

/* The server's clock decides, not the machine's. */
static void test_mtls__is_judged_by_the_clock_given(void)
{
	const struct mtls then = {GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, EXPIRED, 0, true};
	const struct mtls later = {GW_TLS_1_3, GW_CLIENT_ALLOW_VALID_ONLY, CLIENT, 45, false};

	now = NOW - 2 * GW_DAY;
	check_client_certificate(&then);
	now = NOW + 91 * GW_DAY;
	check_client_certificate(&later);
	now = NOW;
}

/* The server has refused, closed, and reset what the client then writes: the alert is not lost. */
static void test_write__finds_the_alert_of_a_connection_that_is_gone(void)
{
	struct pair p = {.server_conf.client_mode = GW_CLIENT_ALLOW_VALID_ONLY};
	size_t n;

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_DONE);
	gw_close(&p.fds[1]);
	TST_INT_EQ(gw_tls_write(p.c, "hello", 5, &n), GW_TLS_FAILED);
	gw_tls_observe(p.c, &p.client_facts);
	TST_INT_EQ(p.client_facts.fault, GW_TLS_FAULT_ALERT);
	TST_INT_EQ(p.client_facts.received.number, 116);
	TST_STR_EQ(p.client_facts.received.name, "certificate_required");
	pair_close(&p);
}

/* --- what does not agree ---------------------------------------------------------------------------------------------------- */

static void test_handshake__fails_without_a_common_protocol(void)
{
	struct pair p = {.server_conf.alpn = http, .client_conf.alpn = h2};

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_FAILED);
	TST_INT_EQ(p.client_facts.received.number, 120);
	TST_STR_EQ(p.client_facts.received.name, "no_application_protocol");
	pair_close(&p);
}

static void test_handshake__fails_without_a_common_version(void)
{
	struct pair p = {.server_conf = {.min = GW_TLS_1_3}, .client_conf = {.min = GW_TLS_1_2, .max = GW_TLS_1_2}};

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_facts.received.number, 70);
	TST_INT_EQ(p.client_facts.fault, GW_TLS_FAULT_ALERT);
	TST_INT_EQ(p.server_facts.fault, GW_TLS_FAULT_VERSION);
	CU_ASSERT_PTR_NULL(p.client_facts.version);
	pair_close(&p);
}

static void test_server__never_speaks_tls_1_1(void)
{
	struct pair p = {.server_conf = {.min = GW_TLS_1_0},
			 .client_conf = {.min = GW_TLS_1_0, .max = GW_TLS_1_1, .weak = true}};

	pair_open(&p);
	pair_shake(&p);
	TST_INT_EQ(p.client_step, GW_TLS_FAILED);
	TST_INT_EQ(p.client_facts.received.number, 70);
	pair_close(&p);
}

static void test_client__tells_what_is_not_tls(void)
{
	static const struct {
		const char *octets;
		enum gw_tls_fault fault;
	} rows[] = {
		{"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n", GW_TLS_FAULT_HTTP},
		{"SSH-2.0-OpenSSH_9.2\r\n", GW_TLS_FAULT_NOT_TLS},
		{"220 mail.example.com ESMTP\r\n", GW_TLS_FAULT_NOT_TLS},
		{"\x15\x03\x01\x00\x02\x02\x28", GW_TLS_FAULT_ALERT}, /* a bare alert 40 */
		{"\x16\x03\x03\xff\xff garbage of a record that is too long", GW_TLS_FAULT_PROTOCOL},
	};

	for (size_t i = 0; i < GW_COUNT(rows); i++) {
		struct pair p = {0};
		size_t len = i == 3 ? 7 : strlen(rows[i].octets + 5) + 5;

		pair_open(&p);
		TST_INT_EQ(send(p.fds[1], rows[i].octets, len, MSG_NOSIGNAL), len);
		TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_FAILED);
		TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_FAILED); /* and so it stays */
		gw_tls_observe(p.c, &p.client_facts);
		TST_INT_EQ(p.client_facts.fault, rows[i].fault);
		CU_ASSERT_TRUE(p.client_facts.text[0] != '\0');
		TST_MEM_EQ(p.client_facts.first_octets, p.client_facts.n_first, rows[i].octets, len < 16 ? len : 16);
		pair_close(&p);
	}
}

static void test_server__tells_plain_http(void)
{
	struct pair p = {0};

	pair_open(&p);
	TST_INT_EQ(send(p.fds[0], "GET / HTTP/1.1\r\n\r\n", 18, MSG_NOSIGNAL), 18);
	TST_INT_EQ(gw_tls_handshake(p.s), GW_TLS_FAILED);
	gw_tls_observe(p.s, &p.server_facts);
	TST_INT_EQ(p.server_facts.fault, GW_TLS_FAULT_HTTP);
	pair_close(&p);
}

static void test_client__tells_a_close_in_the_handshake(void)
{
	struct pair p = {0};

	pair_open(&p);
	TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_WANT_READ);
	shutdown(p.fds[1], SHUT_WR);
	TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_FAILED);
	gw_tls_observe(p.c, &p.client_facts);
	TST_INT_EQ(p.client_facts.fault, GW_TLS_FAULT_CLOSED);
	pair_close(&p);
}

static void test_client__tells_a_reset(void)
{
	struct pair p = {0};

	pair_open(&p);
	TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_WANT_READ);
	gw_close(&p.fds[1]); /* with octets unread: a reset */
	TST_INT_EQ(gw_tls_handshake(p.c), GW_TLS_FAILED);
	gw_tls_observe(p.c, &p.client_facts);
	TST_INT_EQ(p.client_facts.fault, GW_TLS_FAULT_RESET);
	pair_close(&p);
}

/* --- contexts ------------------------------------------------------------------------------------------------------------- */

static void test_contexts__refuse_what_does_not_fit(void)
{
	struct gw_tls_pair mixed = {&made[STORE].chain, made[OTHER].key};
	struct gw_tls_server_conf server_conf = {.pairs = &mixed, .n_pairs = 1};
	struct gw_tls_client_conf client_conf = {.chain = &made[CLIENT].chain, .key = made[STORE].key};
	struct gw_tls_server *server = NULL;
	struct gw_tls_client *client = NULL;
	struct gw_err err = {0};

	TST_CODE(gw_tls_server_new(&server_conf, &server, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, "does not belong");
	CU_ASSERT_PTR_NULL(server);
	TST_CODE(gw_tls_client_new(&client_conf, &client, &err), GW_E_INPUT, &err);
	client_conf = (struct gw_tls_client_conf){.ciphers = "no-such-cipher"};
	TST_CODE(gw_tls_client_new(&client_conf, &client, &err), GW_E_INPUT, &err);
	client_conf = (struct gw_tls_client_conf){.groups = "no-such-group"};
	TST_CODE(gw_tls_client_new(&client_conf, &client, &err), GW_E_INPUT, &err);
	CU_ASSERT_PTR_NULL(client);
}

static void test_server__needs_a_ca_to_ask_clients(void)
{
	struct gw_tls_pair pair = {&made[STORE].chain, made[STORE].key};
	struct gw_tls_server_conf conf = {.pairs = &pair, .n_pairs = 1, .client_mode = GW_CLIENT_ALLOW_VALID_ONLY};
	struct gw_tls_server *server = NULL;
	struct gw_err err = {0};

	TST_CODE(gw_tls_server_new(&conf, &server, &err), GW_E_USAGE, &err);
	CU_ASSERT_PTR_NULL(server);
}

static void test_alerts__have_the_names_of_the_rfc(void)
{
	TST_STR_EQ(gw_tls_alert_name(0), "close_notify");
	TST_STR_EQ(gw_tls_alert_name(40), "handshake_failure");
	TST_STR_EQ(gw_tls_alert_name(116), "certificate_required");
	TST_STR_EQ(gw_tls_alert_name(121), "ech_required");
	CU_ASSERT_PTR_NULL(gw_tls_alert_name(1));
	CU_ASSERT_PTR_NULL(gw_tls_alert_name(122));
	CU_ASSERT_PTR_NULL(gw_tls_alert_name(255));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_fixture__is_made),
		TST_CASE(test_handshake__agrees_on_tls_1_2),
		TST_CASE(test_handshake__agrees_on_tls_1_3),
		TST_CASE(test_facts__are_empty_before_any_answer),
		TST_CASE(test_octets__go_both_ways_and_end),
		TST_CASE(test_server__chooses_by_name),
		TST_CASE(test_server__serves_no_other_name_for_its_key),
		TST_CASE(test_client__sends_no_address_as_sni),
		TST_CASE(test_mtls__alerts_and_acceptance),
		TST_CASE(test_mtls__is_judged_by_the_clock_given),
		TST_CASE(test_write__finds_the_alert_of_a_connection_that_is_gone),
		TST_CASE(test_handshake__fails_without_a_common_protocol),
		TST_CASE(test_handshake__fails_without_a_common_version),
		TST_CASE(test_server__never_speaks_tls_1_1),
		TST_CASE(test_client__tells_what_is_not_tls),
		TST_CASE(test_server__tells_plain_http),
		TST_CASE(test_client__tells_a_close_in_the_handshake),
		TST_CASE(test_client__tells_a_reset),
		TST_CASE(test_contexts__refuse_what_does_not_fit),
		TST_CASE(test_server__needs_a_ca_to_ask_clients),
		TST_CASE(test_alerts__have_the_names_of_the_rfc),
	};
	int status;

	(void)signal(SIGPIPE, SIG_IGN);
	status = tst_main("tls_tls", cases, GW_COUNT(cases));
	for (size_t i = 0; i < N_MADE; i++) {
		gw_certs_release(&made[i].chain);
		gw_key_free(made[i].key);
	}
	gw_arena_release(&arena);
	return status;
}
