/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Damaged input through every command that reads certificates or documents: whatever it is, the command ends with a verdict of its
 * own and not with a bug, and nothing of it is a terminal's control. The damage is the same in every run; the sanitizers see
 * what cannot be asserted.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "tests/pki.h"
#include "tests/run.h"

#define ROUNDS 200 /* of each kind of input: 1,200 in all */

static uint32_t next(uint32_t *state)
{
	/* xorshift32: the same numbers everywhere. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* One to eight changes: an octet flipped, cut out, doubled, or a piece moved. */
static size_t damage(char *text, size_t len, size_t room, uint32_t *state)
{
	uint32_t n = 1 + next(state) % 8;

	for (; n > 0 && len > 1; n--) {
		size_t at = next(state) % len, piece = 1 + next(state) % 64;

		if (piece > len - at)
			piece = len - at;
		switch (next(state) % 16) {
		case 0: text[at] = (char)(next(state) & 0xff); break;
		case 1: text[at] = (char)(text[at] ^ (1 << next(state) % 8)); break;
		case 2:
			if (piece == len)
				break;
			memmove(text + at, text + at + piece, len - at - piece);
			len -= piece;
			break;
		case 3:
			if (len + piece > room)
				break;
			memmove(text + at + piece, text + at, len - at);
			len += piece;
			break;
		case 4: len = at > 0 ? at : 1; break;
		default: text[at] = " \n-=:\"\\A"[next(state) % 8]; break;
		}
	}
	return len;
}

/* Of the statuses that DESIGN and gwcert-exit(7) give to a reader: done, no, input unusable, refused. */
static bool is_verdict(int status)
{
	return status == GW_OK || status == GW_E_NO || status == GW_E_INPUT || status == GW_E_REFUSED;
}

static bool is_clean(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' && *text != '\n' && *text != '\t')
			return false;
	}
	return true;
}

static bool survives(const char *text, size_t len)
{
	static const char *const commands[][7] = {
		{"show", NULL},
		{"show", "--format", "json", NULL},
		{"show", "--format", "short", NULL},
		{"bundle", "--partial", "--allow-expired", NULL},
		{"bundle", "--repair", NULL},
		{"secret", "x", NULL},
		{"verify", "-", "--target", "gke-global", NULL},
		{"gen", "-f", "-", "--plan", "-d", "nowhere", NULL},
		{"lint", "-", NULL},
		{"lint", "-", "--explain", "store.example.com", NULL},
	};
	const struct tst_world world = {TST_WORLD, .in = text, .in_len = len};
	size_t i;

	for (i = 0; i < GW_COUNT(commands); i++) {
		struct tst_run r;
		bool ok;

		tst_run_argv(&r, &world, commands[i]);
		ok = is_verdict(r.status) && is_clean(r.err) && (r.status == GW_OK || r.err_len + r.out_len > 0);
		tst_run_release(&r);
		if (!ok)
			return false;
	}
	return true;
}

static void survive(const char *name, const char *seed)
{
	size_t len = strlen(seed), room = 2 * len;
	char *text = gw_alloc(room);
	uint32_t state = 20261123;
	unsigned round, dead = 0;

	for (round = 0; round < ROUNDS; round++) {
		size_t now;

		memcpy(text, seed, len);
		now = damage(text, len, room, &state);
		if (!survives(text, now) && dead++ == 0)
			tst_file_bytes(name, text, now);
	}
	TST_INT_EQ(dead, 0);
	free(text);
}

static const char *pair(void)
{
	const struct tst_id *root = tst_ca("Root", NULL), *leaf = tst_leaf("store.example.com", root);

	return tst_join(tst_key_pem(leaf), tst_pem(leaf, root, NULL), NULL);
}

static const char *secret(const char *format)
{
	struct tst_run r;

	TST_INT_EQ(tst_run_in(&r, pair(), "secret", "store", "-n", "web", "--format", format, NULL), GW_OK);
	return r.out;
}

static void test_mutations__pem(void)
{
	survive("pem", pair());
}

static void test_mutations__damaged_before(void)
{
	survive("escaped", "\"-----BEGIN CERTIFICATE-----\\nMAMCAQE=\\n-----END CERTIFICATE-----\\n\"\n");
}

static void test_mutations__yaml(void)
{
	survive("yaml", secret("yaml"));
}

static void test_mutations__json(void)
{
	survive("json", secret("json"));
}

static void test_mutations__template(void)
{
	struct tst_run r;

	TST_INT_EQ(tst_run(&r, "init", "gateway", "-o", "-", NULL), GW_OK);
	survive("template", r.out);
}

static void test_mutations__manifest(void)
{
	survive("manifest", tst_read(tst_source("tests/manifests/good/backend-tls-trust-config.yaml"), NULL));
}

/* openssl takes seconds for it; here it must not even be noticed. Its time is a benchmark's business. */
static void test_mutations__nothing_but_newlines(void)
{
	char *text = gw_alloc(50000);

	memset(text, '\n', 50000);
	CU_ASSERT(survives(text, 50000));
	free(text);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_mutations__pem),
		TST_CASE(test_mutations__damaged_before),
		TST_CASE(test_mutations__yaml),
		TST_CASE(test_mutations__json),
		TST_CASE(test_mutations__template),
		TST_CASE(test_mutations__manifest),
		TST_CASE(test_mutations__nothing_but_newlines),
	};

	return tst_main("mutations", cases, GW_COUNT(cases));
}
