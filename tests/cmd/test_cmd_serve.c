/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "net/address.h"
#include "pki/build.h"
#include "tests/run.h"

/* --- files to serve ------------------------------------------------------------------------------------------------------- */

static const char *cert, *key, *other_key, *client_ca;

static bool at_once(void)
{
	return true;
}

/* Serves, and is interrupted before the first turn of its loop. */
static const struct tst_world short_life = {TST_WORLD, .interrupted = at_once};

static const char *key_file(const char *name, EVP_PKEY *k)
{
	struct gw_secret pem GW_SECRET_AUTO = {0};
	struct gw_err err = {0};

	TST_OK(gw_key_to_pem(k, &pem, &err), &err);
	return tst_file_bytes(name, pem.data, pem.len);
}

static void test_fixture__is_made(void)
{
	static const char *const usage = "serverAuth";
	struct gw_arena arena GW_ARENA_AUTO = {0};
	const struct gw_ctx ctx = {.arena = &arena};
	struct gw_san san = {.type = GW_SAN_DNS, .value = "store.example.com"};
	struct gw_name_attr subject = {"commonName", "store.example.com"};
	struct gw_cert_plan plan = {.subject = &subject,
				    .n_subject = 1,
				    .sans = &san,
				    .n_sans = 1,
				    .path_length = -1,
				    .key_usage = GW_KU_DIGITAL_SIGNATURE,
				    .extended_key_usage = &usage,
				    .n_extended_key_usage = 1,
				    .not_before = TST_NOW - GW_DAY,
				    .not_after = TST_NOW + 90 * GW_DAY};
	EVP_PKEY *k GW_KEY_AUTO = NULL, *other GW_KEY_AUTO = NULL;
	X509 *c GW_CERT_AUTO = NULL;
	struct gw_buf pem GW_BUF_AUTO = GW_BUF(65536);
	struct gw_err err = {0};

	TST_OK(gw_key_generate(&ctx, GW_KEY_EC_P256, &k, &err), &err);
	TST_OK(gw_key_generate(&ctx, GW_KEY_EC_P256, &other, &err), &err);
	TST_OK(gw_cert_build(&ctx, &plan, k, NULL, NULL, &c, &err), &err);
	gw_cert_to_pem(c, &pem);
	cert = client_ca = tst_file("cert.pem", gw_buf_str(&pem));
	key = key_file("key.pem", k);
	other_key = key_file("other.key", other);
}

/* --- what is refused -------------------------------------------------------------------------------------------------------- */

static void test_serve__refuses_the_command_line(void)
{
	struct tst_run r;

	tst_run(&r, "serve", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "no certificate to serve");
	TST_CONTAINS(r.err, "hint:");
	tst_run(&r, "serve", "--cert", cert, "--key", key, "--key", other_key, NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "1 --cert and 2 --key");
	tst_run(&r, "serve", "--cert", cert, "--key", key, "--client-mode", "required", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "--client-ca");
	tst_run(&r, "serve", "--cert", cert, "--key", key, "--client-ca", cert, "--client-mode", "AllowValidOnyl",
		NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_CONTAINS(r.err, "did you mean AllowValidOnly?");
	tst_run(&r, "serve", "--cert", cert, "--key", key, "operand", NULL);
	TST_INT_EQ(r.status, GW_E_USAGE);
	TST_STR_EQ(r.out, "");
}

static void test_serve__refuses_addresses(void)
{
	static const char *const usage[] = {"127.0.0.1",       "::1",        "[::1]",
					    "127.0.0.1:65536", "127.0.0.1:", "example.com:8443",
					    "fe80::1%lo:8443", "",           ":8443"};
	static const char *const refused[] = {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"};
	struct tst_run r;

	for (size_t i = 0; i < GW_COUNT(usage); i++) {
		tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", usage[i], NULL);
		TST_INT_EQ(r.status, GW_E_USAGE);
		TST_STR_EQ(r.out, "");
	}
	for (size_t i = 0; i < GW_COUNT(refused); i++) {
		tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", refused[i], NULL);
		TST_INT_EQ(r.status, GW_E_REFUSED);
		TST_CONTAINS(r.err, "--allow-remote");
		TST_STR_EQ(r.out, "");
	}
}

static void test_serve__refuses_a_key_of_another_certificate(void)
{
	struct tst_run r;

	tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", other_key, "--listen", "127.0.0.1:0", NULL);
	TST_INT_EQ(r.status, GW_E_NO);
	TST_CONTAINS(r.err, "does not belong to the certificate");
	TST_CONTAINS(r.err, other_key);
	TST_STR_EQ(r.out, "");
}

static void test_serve__refuses_files(void)
{
	struct tst_run r;

	tst_run(&r, "serve", "--cert", tst_path("none.pem"), "--key", key, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_CONTAINS(r.err, "none.pem");
	tst_run(&r, "serve", "--cert", key, "--key", key, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	tst_run(&r, "serve", "--cert", cert, NULL); /* no key in the file of the certificate */
	TST_INT_EQ(r.status, GW_E_INPUT);
	tst_run(&r, "serve", "--cert", cert, "--key", key, "--client-ca", key, NULL);
	TST_INT_EQ(r.status, GW_E_INPUT);
	TST_STR_EQ(r.out, "");
}

static void test_serve__tells_a_port_in_use(void)
{
	int fd GW_FD_AUTO = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[GW_ADDRESS_TEXT];
	struct gw_address at;
	socklen_t size = sizeof(at);
	struct tst_run r;

	(void)gw_address_parse("127.0.0.1", 0, &at);
	TST_INT_EQ(bind(fd, &at.any, sizeof(at.v4)), 0);
	TST_INT_EQ(listen(fd, 1), 0);
	TST_INT_EQ(getsockname(fd, &at.any, &size), 0);
	gw_address_text(&at, text);
	tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", text, NULL);
	TST_INT_EQ(r.status, GW_E_IO);
	TST_CONTAINS(r.err, text);
	TST_CONTAINS(r.err, "address already in use");
	TST_CONTAINS(r.err, "hint:");
	TST_STR_EQ(r.out, "");
}

/* --- what is done ----------------------------------------------------------------------------------------------------------- */

static void test_serve__says_where_and_ends_when_interrupted(void)
{
	struct tst_run r;

	tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", "127.0.0.1:0", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "listening on 127.0.0.1:");
	TST_LACKS(r.out, ":0\n");
	TST_CONTAINS(r.err, "1 certificate, TLS 1.2 and 1.3");
	TST_CONTAINS(r.err, "no client certificates");
	tst_run_with(&r, &short_life, "serve", "-q", "--cert", cert, "--key", key, "--listen", "localhost:0", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_STR_EQ(r.err, "");
}

static void test_serve__says_that_other_machines_can_connect(void)
{
	struct tst_run r;

	tst_run_with(&r, &short_life, "serve", "-q", "--cert", cert, "--key", key, "--listen", "0.0.0.0:0",
		     "--allow-remote", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.err, "can be reached by other machines");
}

static void test_serve__takes_the_client_modes_and_their_short_words(void)
{
	static const char *const words[][2] = {{"AllowValidOnly", "AllowValidOnly"},
					       {"required", "AllowValidOnly"},
					       {"AllowInsecureFallback", "AllowInsecureFallback"},
					       {"optional", "AllowInsecureFallback"}};
	struct tst_run r;

	for (size_t i = 0; i < GW_COUNT(words); i++) {
		tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", "127.0.0.1:0",
			     "--client-ca", client_ca, "--client-mode", words[i][0], NULL);
		TST_INT_EQ(r.status, GW_OK);
		TST_CONTAINS(r.err, words[i][1]);
	}
	tst_run_with(&r, &short_life, "serve", "--cert", cert, "--key", key, "--listen", "127.0.0.1:0", "--client-ca",
		     client_ca, NULL);
	TST_CONTAINS(r.err, "client certificates: AllowValidOnly");
}

static void test_serve__ends_after_the_time_of_for(void)
{
	struct tst_run r;

	tst_run(&r, "serve", "--cert", cert, "--key", key, "--listen", "127.0.0.1:0", "--for", "1s", NULL);
	TST_INT_EQ(r.status, GW_OK);
	TST_CONTAINS(r.out, "listening on");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_fixture__is_made),
		TST_CASE(test_serve__refuses_the_command_line),
		TST_CASE(test_serve__refuses_addresses),
		TST_CASE(test_serve__refuses_a_key_of_another_certificate),
		TST_CASE(test_serve__refuses_files),
		TST_CASE(test_serve__tells_a_port_in_use),
		TST_CASE(test_serve__says_where_and_ends_when_interrupted),
		TST_CASE(test_serve__says_that_other_machines_can_connect),
		TST_CASE(test_serve__takes_the_client_modes_and_their_short_words),
		TST_CASE(test_serve__ends_after_the_time_of_for),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return tst_main("cmd_serve", cases, GW_COUNT(cases));
}
