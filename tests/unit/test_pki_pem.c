/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pki/pem.h"
#include "tests/tap.h"

#define BODY  "MAMCAQE=\n" /* SEQUENCE { INTEGER 1 } */
#define BLOCK "-----BEGIN CERTIFICATE-----\n" BODY "-----END CERTIFICATE-----\n"

static enum gw_code scan(const char *text, struct gw_pem *pem, struct gw_err *err)
{
	*err = (struct gw_err){0};
	return gw_pem_scan(pem, "f.pem", text, strlen(text), err);
}

/* The text is refused at this place with these words. */
static void refused(const char *text, const char *where, const char *what)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err;

	TST_CODE(scan(text, &pem, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, where);
	TST_CONTAINS(err.what, what);
	CU_ASSERT_PTR_NULL(pem.blocks);
}

static void test_pem__refuses_damaged_blocks(void)
{
	refused("-----BEGIN CERTIFICATE-----\n" BODY, "f.pem:1", "no END line of its own");
	refused("text\n\n-----BEGIN A-----\n" BODY BLOCK, "f.pem:3", "no END line of its own");
	refused("-----BEGIN A-----\n" BODY "-----END B-----\n", "f.pem:1", "no END line of its own");
	refused(BLOCK "-----END CERTIFICATE-----\n", "f.pem:4", "without its BEGIN");
	refused("-----BEGIN A-----\n" BODY "MA*D\n-----END A-----\n", "f.pem:3", "not base64");
	refused("-----BEGIN A-----\nMA==MA==\n-----END A-----\n", "f.pem:2", "not base64");
	refused("-----BEGIN A-----\nMAMCAQ\n-----END A-----\n", "f.pem:1", "cut short");
	refused("-----BEGIN A-----\nM===\n-----END A-----\n", "f.pem:1", "cut short");
	refused("-----BEGIN A-----\n\n\n-----END A-----\n", "f.pem:1", "is empty");
	refused("-----BEGIN -----\n" BODY "-----END -----\n", "f.pem:1", "BEGIN line is damaged");
	refused("-----BEGIN A---\n" BODY "-----END A-----\n", "f.pem:1", "BEGIN line is damaged");
	refused("-----BEGIN 0123456789012345678901234567890123456789012345678-----\n", "f.pem:1", "damaged");
}

/* A block that is not seen is a certificate that is silently missing. */
static void test_pem__never_passes_over_a_block(void)
{
	refused(BLOCK "  -----BEGIN CERTIFICATE-----\n  " BODY "  -----END CERTIFICATE-----\n", "f.pem:4",
		"does not start at the start of its line");
	refused("-----BEGIN CERTIFICATE-----\n" BODY "-----END CERTIFICATE----------BEGIN CERTIFICATE-----\n" BODY
		"-----END CERTIFICATE-----\n",
		"f.pem:3", "runs into the next BEGIN line");
	refused("-----BEGIN CERTIFICATE-----\\n" BODY, "f.pem:1", "text behind");
	refused("-----BEGIN CERTIFICATE----- MAMCAQE= -----END CERTIFICATE-----", "f.pem:1", "text behind");
	refused("\xef\xbb\xbf" BLOCK, "f.pem", "byte order mark");
	refused(BLOCK "----BEGIN CERTIFICATE-----\n" BODY "----END CERTIFICATE----\n", "f.pem:4", "five dashes");
	refused(BLOCK "BEGIN CERTIFICATE-----\n" BODY "----- END CERTIFICATE -----\n", "f.pem:4", "five dashes");
}

static void says(const char *text, size_t len, const char *what)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};

	TST_CODE(gw_pem_scan(&pem, "f", text, len, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, what);
	CU_ASSERT(err.hint[0] != '\0');
}

static void test_pem__names_what_is_not_pem(void)
{
	says("\x30\x05\x02\x01\x00\x30\x00", 7, "is a DER private key, not PEM");
	says("\x30\x06\x02\x01\x01\x04\x01\x00", 8, "is a DER private key, not PEM");
	says("\x30\x05\x02\x01\x03\x30\x00", 7, "is a PKCS#12 file, not PEM");
	says("\xfe\xed\xfe\xed\0\0\0\2", 8, "a Java keystore");
	says("\xff\xfe-\0-\0-\0", 8, "text in UTF-16");
	says("-\0-\0-\0-\0-\0B\0", 12, "text in UTF-16");
	says("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", 36, "is base64 of PEM");
	says("MIIBszCCAVmgAwIBAgIU\nAbc=\n", 25, "base64 without its BEGIN and END lines");
	says("ssh-ed25519 AAAAC3Nz x@y\n", 25, "an OpenSSH public key");
	says("/etc/ssl/cert.pem\n", 18, "the path of a file, not its content");
	says("cert.pem", 8, "the path of a file");
	says("<!DOCTYPE html>\n", 16, "an HTML page");
	says("apiVersion: v1\n", 15, "a Kubernetes manifest");
	says("{\"a\": 1}", 8, "a JSON document");
	says("\x1f\x8b\x08", 3, "a gzip file");
	says("no idea", 7, "holds no PEM block");
	CU_ASSERT_PTR_NULL(gw_pem_guess("no idea", 7));
	CU_ASSERT_PTR_NULL(gw_pem_guess("", 0));
	TST_STR_EQ(gw_pem_guess("\"-----BEGIN A-----\\nMA\\n", 24), "PEM with escaped newlines");
}

static void test_pem__finds_blocks_with_their_lines(void)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err;

	TST_OK(scan("Subject: CN=x\n    -----\n" BLOCK "\n-----BEGIN EC PARAMETERS-----\r\nBggqhkjO\r\nPQMBBw==\r\n"
		    "-----END EC PARAMETERS-----\r\n-----BEGIN X-----  \nMAMC\n AQE=\t\n-----END X-----",
		    &pem, &err),
	       &err);
	TST_INT_EQ(pem.n_blocks, 3);
	if (pem.n_blocks != 3)
		return;
	TST_INT_EQ(pem.blocks[0].kind, GW_PEM_CERT);
	TST_INT_EQ(pem.blocks[0].line, 3);
	TST_INT_EQ(pem.blocks[0].len, strlen(BLOCK));
	TST_INT_EQ(pem.blocks[1].kind, GW_PEM_EC_PARAMETERS);
	TST_INT_EQ(pem.blocks[1].line, 7);
	TST_INT_EQ(pem.blocks[2].kind, GW_PEM_OTHER);
	TST_STR_EQ(pem.blocks[2].label, "X");
	TST_INT_EQ(pem.blocks[2].line, 11);
}

static void test_pem__tells_kinds_apart(void)
{
	static const struct {
		const char *text;
		enum gw_pem_kind kind;
		bool key;
	} cases[] = {
		{"-----BEGIN CERTIFICATE REQUEST-----\n" BODY "-----END CERTIFICATE REQUEST-----\n", GW_PEM_CSR, false},
		{"-----BEGIN NEW CERTIFICATE REQUEST-----\n" BODY "-----END NEW CERTIFICATE REQUEST-----\n", GW_PEM_CSR,
		 false},
		{"-----BEGIN X509 CRL-----\n" BODY "-----END X509 CRL-----\n", GW_PEM_CRL, false},
		{"-----BEGIN PRIVATE KEY-----\n" BODY "-----END PRIVATE KEY-----\n", GW_PEM_KEY, true},
		{"-----BEGIN EC PRIVATE KEY-----\n" BODY "-----END EC PRIVATE KEY-----\n", GW_PEM_KEY, true},
		{"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" BODY "-----END ENCRYPTED PRIVATE KEY-----\n",
		 GW_PEM_KEY_ENCRYPTED, true},
		{"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" BODY
		 "-----END RSA PRIVATE KEY-----\n",
		 GW_PEM_KEY_ENCRYPTED, true},
		{"-----BEGIN OPENSSH PRIVATE KEY-----\n" BODY "-----END OPENSSH PRIVATE KEY-----\n", GW_PEM_OTHER,
		 true},
		{"-----BEGIN TRUSTED CERTIFICATE-----\n" BODY "-----END TRUSTED CERTIFICATE-----\n", GW_PEM_OTHER,
		 false},
		{"-----BEGIN PUBLIC KEY-----\n" BODY "-----END PUBLIC KEY-----\n", GW_PEM_PUBLIC_KEY, false},
	};
	size_t i;

	for (i = 0; i < GW_COUNT(cases); i++) {
		GW_PEM_AUTO struct gw_pem pem = {0};
		struct gw_err err;

		if (!TST_OK(scan(cases[i].text, &pem, &err), &err))
			continue;
		TST_INT_EQ(pem.blocks[0].kind, cases[i].kind);
		TST_INT_EQ(gw_pem_is_key(&pem.blocks[0]), cases[i].key);
	}
}

static void decodes(const char *text)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	GW_BUF_AUTO struct gw_buf der = GW_BUF(100);
	struct gw_err err;

	if (!TST_OK(scan(text, &pem, &err), &err))
		return;
	gw_pem_decode(&pem.blocks[0], &der);
	TST_MEM_EQ(der.data, der.len, "\x30\x03\x02\x01\x01", 5);
}

static void test_pem__decodes_whatever_the_line_breaks(void)
{
	decodes(BLOCK);
	decodes("-----BEGIN A-----\r\nMAMCAQE=\r\n-----END A-----\r\n");
	decodes("-----BEGIN A-----\nM\nAM\n C\tA\n\nQE\n=\n-----END A-----");
	decodes("-----BEGIN A-----\nProc-Type: 4,CLEAR\nX-Long: a\n b\n\nMAMCAQE=\n-----END A-----\n");
}

static void test_pem__writes_lines_of_64(void)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF(1000);
	const char zeros[49] = {0};

	gw_pem_write(&out, "X", zeros, 49);
	TST_STR_EQ(out.data,
		   "-----BEGIN X-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAA==\n"
		   "-----END X-----\n");
	gw_buf_clear(&out);
	gw_pem_write(&out, "X", zeros, 48);
	TST_STR_EQ(out.data, "-----BEGIN X-----\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
			     "-----END X-----\n");
}

/* openssl x509 takes time that grows with the square of such a file. The limit is far above what a linear scan needs. */
static void test_pem__newlines_cost_linear_time(void)
{
	const size_t n = 1u << 20;
	char *text = malloc(n);
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {0};
	clock_t begin = clock();

	CU_ASSERT_PTR_NOT_NULL(text);
	if (text == NULL)
		return;
	memset(text, '\n', n);
	TST_CODE(gw_pem_scan(&pem, "f", text, n, &err), GW_E_INPUT, &err);
	CU_ASSERT(clock() - begin < 20 * CLOCKS_PER_SEC);
	free(text);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_pem__refuses_damaged_blocks), TST_CASE(test_pem__never_passes_over_a_block),
		TST_CASE(test_pem__names_what_is_not_pem),  TST_CASE(test_pem__finds_blocks_with_their_lines),
		TST_CASE(test_pem__tells_kinds_apart),      TST_CASE(test_pem__decodes_whatever_the_line_breaks),
		TST_CASE(test_pem__writes_lines_of_64),     TST_CASE(test_pem__newlines_cost_linear_time),
	};

	return tst_main("pem", cases, GW_COUNT(cases));
}
