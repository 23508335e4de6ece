/* SPDX-License-Identifier: Apache-2.0 */
/* Each damage is done to a chain and a key that are sound; the repair must give back those very octets, or none. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "pki/pem.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/tap.h"

#define TEXT_MAX ((size_t)1 << 20)

static const char *sound(void)
{
	static const char *text;

	if (text == NULL) {
		const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);

		text = tst_join(tst_pem(leaf, root, NULL), tst_key_pem(leaf), NULL);
	}
	return text;
}

/* The octets of all blocks with their labels, as text. */
static void contents(const char *text, size_t len, struct gw_buf *out)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	struct gw_err err = {.code = GW_OK};
	size_t i;

	if (!TST_OK(gw_pem_scan(&pem, "f", text, len, &err), &err))
		return;
	for (i = 0; i < pem.n_blocks; i++) {
		gw_buf_printf(out, "%s\n", pem.blocks[i].label);
		gw_pem_decode(&pem.blocks[i], out);
	}
}

static void mends(const char *damaged, size_t len, const char *whole, const char *step)
{
	GW_BUF_AUTO struct gw_buf pem = GW_BUF_SECRET(TEXT_MAX);
	GW_BUF_AUTO struct gw_buf got = GW_BUF_SECRET(TEXT_MAX);
	GW_BUF_AUTO struct gw_buf want = GW_BUF_SECRET(TEXT_MAX);
	struct gw_repair done = {.n_steps = 0};
	struct gw_err err = {.code = GW_OK};

	if (!TST_OK(gw_pem_repair("f", damaged, len, &pem, &done, &err), &err))
		return;
	contents(gw_buf_str(&pem), pem.len, &got);
	contents(whole, strlen(whole), &want);
	TST_MEM_EQ(got.data, got.len, want.data, want.len);
	TST_STR_EQ(done.n_steps > 0 ? done.steps[0] : NULL, step);
}

/* The sound text with each `from` replaced. In the test's memory for good. */
static const char *with(const char *text, const char *from, const char *to)
{
	GW_BUF_AUTO struct gw_buf out = GW_BUF_SECRET(TEXT_MAX);
	const char *at;

	while ((at = strstr(text, from)) != NULL) {
		gw_buf_add(&out, text, (size_t)(at - text));
		gw_buf_str_add(&out, to);
		text = at + strlen(from);
	}
	gw_buf_str_add(&out, text);
	return tst_join(gw_buf_str(&out), "", NULL);
}

static const char *base64(const void *data, size_t len)
{
	char *out = gw_alloc(len / 3 * 4 + 8);
	const char *text;

	EVP_EncodeBlock((unsigned char *)out, data, (int)len);
	text = tst_join(out, "", NULL);
	free(out);
	return text;
}

static void mends_text(const char *damaged, const char *step)
{
	mends(damaged, strlen(damaged), sound(), step);
}

static void test_repair__leaves_what_is_sound(void)
{
	mends_text(sound(), NULL);
	mends_text(with(sound(), "\n", "\r\n"), NULL);
	mends_text(tst_join("Certificate:\n    Data:\n", sound(), NULL), NULL);
}

static void test_repair__takes_off_what_is_around_a_text(void)
{
	const char *once = base64(sound(), strlen(sound())), *twice = base64(once, strlen(once));
	GW_BUF_AUTO struct gw_buf utf16 = GW_BUF_SECRET(TEXT_MAX);
	const char *at;

	gw_buf_add(&utf16, "\xff\xfe", 2);
	for (at = sound(); *at != '\0'; at++) {
		gw_buf_chr(&utf16, *at);
		gw_buf_chr(&utf16, '\0');
	}
	mends_text(tst_join("\xef\xbb\xbf", sound(), NULL), "took the byte order mark off");
	mends(utf16.data, utf16.len, sound(), "turned UTF-16 into UTF-8");
	mends(utf16.data + 2, utf16.len - 2, sound(), "turned UTF-16 into UTF-8");
	mends_text(with(sound(), "\n", "\\n"), "made escaped newlines real");
	mends_text(tst_join("\"", with(sound(), "\n", "\\r\\n"), "\"\n", NULL), "made escaped newlines real");
	mends_text(once, "took base64 off");
	mends_text(twice, "took base64 off");
	mends_text(tst_join("\xef\xbb\xbf", twice, "\n", NULL), "took the byte order mark off");
}

static void test_repair__sets_the_marks_right(void)
{
	static const char done[] = "set the BEGIN and END lines and the line ends right";

	mends_text(with(sound(), "-----BEGIN", "----BEGIN"), done);
	mends_text(with(sound(), "-----END", "-END"), done);
	mends_text(with(sound(), "KEY-----", "KEY------"), done);
	mends_text(with(sound(), "-----", "\xe2\x80\x94\xe2\x80\x94-"), done);
	mends_text(with(sound(), "\n", ""), done);
	mends_text(with(sound(), "\n", " "), done);
	mends_text(tst_join("  ", with(sound(), "\n", "\n    "), NULL), done);
	mends_text(tst_join("> ", with(sound(), "\n", "\n> "), NULL), done);
	mends_text(with(sound(), "-----\n-----BEGIN", "----------BEGIN"), done);
}

/* One block, in DER. */
static void der_is_mended(const char *pem, const char *step)
{
	GW_PEM_AUTO struct gw_pem scanned = {0};
	GW_BUF_AUTO struct gw_buf der = GW_BUF_SECRET(TEXT_MAX);
	struct gw_err err = {.code = GW_OK};

	if (!TST_OK(gw_pem_scan(&scanned, "f", pem, strlen(pem), &err), &err))
		return;
	gw_pem_decode(&scanned.blocks[0], &der);
	mends(der.data, der.len, pem, step);
	mends(base64(der.data, der.len), strlen(base64(der.data, der.len)), pem, "took base64 off");
}

static void test_repair__makes_pem_of_der(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);

	der_is_mended(tst_pem(leaf, NULL), "turned DER into PEM");
	der_is_mended(tst_key_pem(leaf), "turned DER into PEM");
}

/* By the word of openssl, which writes what it reads here. */
static void test_repair__takes_certificates_out_of_pkcs7(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);
	const char *chain = tst_pem(leaf, root, NULL), *path = tst_file("chain.pem", chain);
	struct tst_peer der, pem;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	tst_peer(&der, NULL, "openssl", "crl2pkcs7", "-nocrl", "-certfile", path, "-outform", "der", NULL);
	tst_peer(&pem, NULL, "openssl", "crl2pkcs7", "-nocrl", "-certfile", path, NULL);
	mends(der.out, der.out_len, chain, "took the certificates out of PKCS#7");
	mends(pem.out, pem.out_len, chain, "took the certificates out of PKCS#7");
}

static void refuses(const char *text, size_t len)
{
	GW_BUF_AUTO struct gw_buf pem = GW_BUF_SECRET(TEXT_MAX);
	struct gw_repair done = {.n_steps = 0};
	struct gw_err err = {.code = GW_OK};

	TST_CODE(gw_pem_repair("f", text, len, &pem, &done, &err), GW_E_INPUT, &err);
	TST_INT_EQ(pem.len, 0);
	CU_ASSERT(err.what[0] != '\0');
}

static void test_repair__makes_nothing_out_of_nothing(void)
{
	static const char *const texts[] = {
		"hello",
		"aGVsbG8=",
		"-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMAMC*QE=\n-----END CERTIFICATE-----\n",
		"----BEGIN CERTIFICATE----\nMAMCAQE=\n----END PRIVATE KEY----\n",
		"-----BEGIN A-----\nMAMCAQE=\n-----BEGIN A-----\nMAMCAQE=\n-----END A-----\n",
		"----BEGIN A----\nProc-Type: 4,ENCRYPTED\n\nMAMCAQE=\n----END A----\n",
		"/etc/ssl/cert.pem\n",
		"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me\n",
	};
	size_t i;

	for (i = 0; i < GW_COUNT(texts); i++)
		refuses(texts[i], strlen(texts[i]));
	refuses("\xff\xfe\0", 3);
	refuses("0", 1);
	refuses("", 0);
}

/* Layers without an end: the bound holds. */
static void test_repair__stops_after_a_few_layers(void)
{
	const char *text = sound();
	int i;

	for (i = 0; i < GW_REPAIR_STEPS_MAX + 1; i++)
		text = base64(text, strlen(text));
	refuses(text, strlen(text));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_repair__leaves_what_is_sound),
		TST_CASE(test_repair__takes_off_what_is_around_a_text),
		TST_CASE(test_repair__sets_the_marks_right),
		TST_CASE(test_repair__makes_pem_of_der),
		TST_CASE(test_repair__takes_certificates_out_of_pkcs7),
		TST_CASE(test_repair__makes_nothing_out_of_nothing),
		TST_CASE(test_repair__stops_after_a_few_layers),
	};

	return tst_main("repair", cases, GW_COUNT(cases));
}
