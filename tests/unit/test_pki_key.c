/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/key.h"
#include "tests/peer.h"
#include "tests/pki.h"
#include "tests/tap.h"

/* An environment whose every variable is the password. */
static const char *say_it(void *self, const char *name)
{
	(void)name;
	return self;
}

static enum gw_code read_text(const char *text, const char *password, EVP_PKEY **key, struct gw_err *err)
{
	GW_PEM_AUTO struct gw_pem pem = {0};
	const struct gw_pem_block *block;
	struct gw_password from = {.option = "--password"};
	struct gw_ctx ctx = *tst_ctx();
	enum gw_code code;

	*err = (struct gw_err){0};
	code = gw_pem_scan(&pem, "k.pem", text, strlen(text), err);
	if (code == GW_OK)
		code = gw_key_find(&pem, &block, err);
	if (code != GW_OK)
		return code;
	ctx.env.get = say_it;
	ctx.env.self = (void *)password;
	if (password != NULL)
		from.source = "env:PW";
	return gw_key_from_pem(&ctx, &pem, block, &from, key, err);
}

static void refused(const char *text, const char *password, const char *what, const char *hint)
{
	EVP_PKEY *key = NULL;
	struct gw_err err;

	TST_CODE(read_text(text, password, &key, &err), GW_E_INPUT, &err);
	TST_CONTAINS(err.what, what);
	TST_CONTAINS(err.hint, hint);
	CU_ASSERT_PTR_NULL(key);
}

/* Runs openssl and gives the file that it wrote, as text. */
static const char *made(const char *name, const char *const *words)
{
	const char *path = tst_path("%s", name), *text;
	const char *w[12] = {0};
	struct tst_peer p;
	size_t i;

	for (i = 0; words[i] != NULL; i++)
		w[i] = words[i];
	tst_peer(&p, NULL, "openssl", w[0], "-out", path, w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], NULL);
	text = tst_read(path, NULL);
	CU_ASSERT_PTR_NOT_NULL(text);
	return text != NULL ? text : "";
}
#define MADE(name, ...) made(name, (const char *const[]){__VA_ARGS__, NULL})

static void test_key__refuses_what_is_no_key(void)
{
	const struct tst_id *ca = tst_ca("Root", NULL);

	refused(tst_pem(ca, NULL), NULL, "is a certificate, not a private key", "swapped");
	refused("-----BEGIN PUBLIC KEY-----\nMAMCAQE=\n-----END PUBLIC KEY-----\n", NULL, "is a public key",
		"PRIVATE KEY");
	refused("-----BEGIN PRIVATE KEY-----\nMAMCAQE=\n-----END PRIVATE KEY-----\n", NULL, "cannot be decoded", "");
	refused("-----BEGIN OPENSSH PRIVATE KEY-----\nMAMCAQE=\n-----END OPENSSH PRIVATE KEY-----\n", NULL,
		"OPENSSH PRIVATE KEY", "ssh-keygen");
}

/* PKCS#8 of P-256 carries the private number and the public point; here the point is another key's. kubectl computes the
 * point and refuses; OpenSSL by itself takes the file's word. */
static void test_key__refuses_halves_that_do_not_fit(void)
{
	const struct tst_id *a = tst_ca("A", NULL), *b = tst_ca("B", NULL);
	GW_BUF_AUTO struct gw_buf x = GW_BUF(1000);
	GW_BUF_AUTO struct gw_buf y = GW_BUF(1000);
	GW_BUF_AUTO struct gw_buf out = GW_BUF(1000);
	GW_PEM_AUTO struct gw_pem p = {0};
	GW_PEM_AUTO struct gw_pem q = {0};
	const char *at = tst_key_pem(a), *bt = tst_key_pem(b);
	struct gw_err err = {0};

	if (!TST_OK(gw_pem_scan(&p, "a", at, strlen(at), &err), &err) ||
	    !TST_OK(gw_pem_scan(&q, "b", bt, strlen(bt), &err), &err))
		return;
	gw_pem_decode(&p.blocks[0], &x);
	gw_pem_decode(&q.blocks[0], &y);
	TST_INT_EQ(x.len, 138);
	memcpy(x.data + 138 - 64, y.data + 138 - 64, 64);
	gw_pem_write(&out, "PRIVATE KEY", x.data, x.len);
	refused(out.data, NULL, "halves do not fit", "");
}

static void test_key__encrypted_ones_need_their_password(void)
{
	const char *pkcs8, *trad, *path;
	EVP_PKEY *key = NULL;
	struct gw_err err;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	path = tst_file("plain.pem", tst_key_pem(tst_ca("Root", NULL)));
	pkcs8 = MADE("pkcs8.pem", "pkcs8", "-topk8", "-in", path, "-passout", "pass:open sesame");
	trad = MADE("trad.pem", "ec", "-in", path, "-aes128", "-passout", "pass:open sesame");
	TST_CONTAINS(pkcs8, "BEGIN ENCRYPTED PRIVATE KEY");
	TST_CONTAINS(trad, "Proc-Type: 4,ENCRYPTED");
	refused(pkcs8, NULL, "is encrypted", "--password env:NAME");
	refused(trad, NULL, "is encrypted", "--password env:NAME");
	refused(pkcs8, "wrong", "does not open", "check the password");
	refused(trad, "", "does not open", "check the password");
	TST_OK(read_text(pkcs8, "open sesame", &key, &err), &err);
	gw_key_free(key);
	key = NULL;
	TST_OK(read_text(trad, "open sesame", &key, &err), &err);
	gw_key_free(key);
}

static void test_key__every_type_is_made_and_described(void)
{
	static const struct {
		enum gw_key_type type;
		const char *word, *words;
	} types[] = {
		{GW_KEY_EC_P256, "ec-p256", "ECDSA P-256"}, {GW_KEY_EC_P384, "ec-p384", "ECDSA P-384"},
		{GW_KEY_EC_P521, "ec-p521", "ECDSA P-521"}, {GW_KEY_RSA_2048, "rsa-2048", "RSA 2048"},
		{GW_KEY_RSA_3072, "rsa-3072", "RSA 3072"},  {GW_KEY_ED25519, "ed25519", "Ed25519"},
	};
	struct gw_err err = {0};
	size_t i;

	for (i = 0; i < GW_COUNT(types); i++) {
		GW_KEY_AUTO EVP_PKEY *key = NULL, *back = NULL;
		GW_SECRET_AUTO struct gw_secret pem = {0};
		char words[48];

		if (!TST_OK(gw_key_generate(tst_ctx(), types[i].type, &key, &err), &err) ||
		    !TST_OK(gw_key_to_pem(key, &pem, &err), &err))
			continue;
		gw_key_describe(key, words);
		TST_STR_EQ(words, types[i].words);
		TST_STR_EQ(gw_key_type_word(gw_key_type_of(key)), types[i].word);
		TST_CONTAINS(pem.data, "-----BEGIN PRIVATE KEY-----\n");
		TST_OK(read_text(pem.data, NULL, &back, &err), &err);
		CU_ASSERT(gw_key_same(key, back));
		gw_key_free(back);
		back = NULL;
	}
	TST_STR_EQ(gw_key_type_word(GW_KEY_OTHER), "other");
	TST_STR_EQ(gw_key_type_words[GW_KEY_OTHER], NULL);
}

static void reads_as(const char *text, const char *words, enum gw_key_type type)
{
	GW_KEY_AUTO EVP_PKEY *key = NULL;
	struct gw_err err;
	char got[48];

	if (!TST_OK(read_text(text, NULL, &key, &err), &err))
		return;
	gw_key_describe(key, got);
	TST_STR_EQ(got, words);
	TST_INT_EQ(gw_key_type_of(key), type);
}

static void test_key__reads_what_openssl_writes(void)
{
	const char *sec1, *path;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	sec1 = MADE("sec1.pem", "ecparam", "-name", "prime256v1", "-genkey");
	TST_CONTAINS(sec1, "BEGIN EC PARAMETERS");
	reads_as(sec1, "ECDSA P-256", GW_KEY_EC_P256);
	path = tst_file("rsa.pem",
			MADE("rsa1.pem", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"));
	reads_as(tst_read(path, NULL), "RSA 1024", GW_KEY_OTHER);
	reads_as(MADE("pkcs1.pem", "rsa", "-in", path, "-traditional"), "RSA 1024", GW_KEY_OTHER);
	reads_as(MADE("k256.pem", "ecparam", "-name", "secp256k1", "-genkey", "-noout"), "ECDSA secp256k1",
		 GW_KEY_OTHER);
	reads_as(MADE("explicit.pem", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-param_enc", "explicit"),
		 "ECDSA with explicit parameters", GW_KEY_OTHER);
	reads_as(MADE("ed448.pem", "genpkey", "-algorithm", "ed448"), "Ed448", GW_KEY_OTHER);
}

/* The fingerprint is that of `openssl pkey -pubout -outform DER | sha256sum`. */
static void test_key__spki_digest_is_openssls(void)
{
	const struct tst_id *id = tst_ca("Root", NULL);
	GW_BUF_AUTO struct gw_buf hex = GW_BUF(100);
	const char *in = tst_file("spki.pem", tst_key_pem(id)), *der = tst_path("spki.der");
	uint8_t digest[32];
	struct gw_err err = {0};
	struct tst_peer p;
	size_t i;

	if (!tst_have("openssl")) {
		tst_skip("no openssl");
		return;
	}
	TST_OK(gw_key_spki_sha256(id->key, digest, &err), &err);
	for (i = 0; i < sizeof(digest); i++)
		gw_buf_printf(&hex, "%02x", digest[i]);
	tst_peer(&p, NULL, "openssl", "pkey", "-in", in, "-pubout", "-outform", "DER", "-out", der, NULL);
	tst_peer(&p, NULL, "openssl", "dgst", "-sha256", "-r", der, NULL);
	TST_CONTAINS(p.out, hex.data);
}

/* --- passwords ---------------------------------------------------------------------------------------------------- */

static const char *look_up(void *self, const char *name)
{
	(void)self;
	return strcmp(name, "PW") == 0 ? "from env" : NULL;
}

static void password_is(const char *source, const char *want)
{
	struct gw_ctx ctx = *tst_ctx();
	GW_SECRET_AUTO struct gw_secret got = {0};
	struct gw_err err = {0};

	ctx.env.get = look_up;
	if (TST_OK(gw_password_read(&ctx, &(struct gw_password){.option = "--password", .source = source}, &got, &err),
		   &err))
		TST_STR_EQ(got.data, want);
}

static void password_refused(const char *source, enum gw_code code, const char *what)
{
	struct gw_ctx ctx = *tst_ctx();
	GW_SECRET_AUTO struct gw_secret got = {0};
	struct gw_err err = {0};

	ctx.env.get = look_up;
	TST_CODE(gw_password_read(&ctx, &(struct gw_password){.option = "--password", .source = source}, &got, &err),
		 code, &err);
	TST_CONTAINS(err.what, what);
	CU_ASSERT_PTR_NULL(got.data);
	/* What stands in argv by mistake is not spread to logs. */
	TST_LACKS(err.what, "hunter2");
	TST_LACKS(err.where, "hunter2");
}

static void test_password__comes_by_four_ways_only(void)
{
	const char *file = tst_file("pw", "from file\r\n");
	char source[32];
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	password_refused("hunter2", GW_E_USAGE, "env:NAME, file:PATH, fd:N");
	password_refused("pass:hunter2", GW_E_USAGE, "env:NAME, file:PATH, fd:N");
	password_refused("env:ABSENT", GW_E_INPUT, "ABSENT");
	password_refused("fd:x", GW_E_USAGE, "not the number");
	password_refused("fd:987", GW_E_IO, "cannot read");
	password_refused(tst_join("file:", tst_path("absent"), NULL), GW_E_INPUT, "cannot open");
	password_is("env:PW", "from env");
	password_is(tst_join("file:", file, NULL), "from file");
	password_is(tst_join("file:", tst_file("lines", "first\r\nsecond\n"), NULL), "first");
	snprintf(source, sizeof(source), "fd:%d", fd);
	password_is(source, "from file");
	close(fd);
}

static void test_password__is_bounded(void)
{
	char text[1026];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	password_refused(tst_join("file:", tst_file("long", text), NULL), GW_E_INPUT, "longer than 1024");
	text[1024] = '\0';
	password_is(tst_join("file:", tst_file("full", text), NULL), text);
}

static void test_password__of_a_file_for_everybody_is_refused(void)
{
	const char *file = tst_file("open", "hunter2\n");

	CU_ASSERT(chmod(file, 0644) == 0);
	password_refused(tst_join("file:", file, NULL), GW_E_REFUSED, "everybody can read it (mode 0644)");
	CU_ASSERT(chmod(file, 0640) == 0);
	password_is(tst_join("file:", file, NULL), "hunter2");
}

/* A descriptor has its line once; what will encrypt is not empty. */
static void test_password__is_read_once_a_run(void)
{
	struct gw_passwords kept = {0};
	GW_SECRET_AUTO struct gw_secret first = {0};
	GW_SECRET_AUTO struct gw_secret second = {0};
	int fd = open(tst_file("once", "one\ntwo\n"), O_RDONLY | O_CLOEXEC);
	char source[32];
	struct gw_password from = {.option = "--password", .source = source, .kept = &kept};
	struct gw_err err = {0};

	snprintf(source, sizeof(source), "fd:%d", fd);
	TST_OK(gw_password_read(tst_ctx(), &from, &first, &err), &err);
	TST_OK(gw_password_read(tst_ctx(), &from, &second, &err), &err);
	TST_STR_EQ(first.data, "one");
	TST_STR_EQ(second.data, "one");
	gw_passwords_release(&kept);
	from.kept = NULL;
	from.anew = true;
	gw_secret_release(&second);
	TST_OK(gw_password_read(tst_ctx(), &from, &second, &err), &err);
	TST_STR_EQ(second.data, "two");
	gw_secret_release(&second);
	TST_CODE(gw_password_read(tst_ctx(), &from, &second, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "the password is empty");
	close(fd);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_key__refuses_what_is_no_key),
		TST_CASE(test_key__refuses_halves_that_do_not_fit),
		TST_CASE(test_key__encrypted_ones_need_their_password),
		TST_CASE(test_key__every_type_is_made_and_described),
		TST_CASE(test_key__reads_what_openssl_writes),
		TST_CASE(test_key__spki_digest_is_openssls),
		TST_CASE(test_password__comes_by_four_ways_only),
		TST_CASE(test_password__is_bounded),
		TST_CASE(test_password__of_a_file_for_everybody_is_refused),
		TST_CASE(test_password__is_read_once_a_run),
	};

	umask(077); /* passwords that everybody can read are refused */
	return tst_main("key", cases, GW_COUNT(cases));
}
