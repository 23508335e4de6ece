/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Public suites for chain verification, in x509-limbo's JSON format, case by case through the command. They are kept
 * beside the project: skipped where they are not there. tests/conformance/limbo.py does the same with the real binary and
 * any suite.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/pki.h"
#include "tests/run.h"
#include "tests/tap.h"
#include "tree/tree.h"

#define WORDS_MAX 40
#define SECOND_NS INT64_C(1000000000)

struct words {
	const char *items[WORDS_MAX];
	size_t count;
};

static void add(struct words *w, const char *option, const char *value)
{
	if (w->count + 3 > WORDS_MAX)
		abort();
	if (option != NULL)
		w->items[w->count++] = option;
	w->items[w->count++] = value;
	w->items[w->count] = NULL;
}

static const char *text_of(const struct gw_node *c, const char *key)
{
	const struct gw_node *node = gw_node_get(c, key);

	return node != NULL && !gw_node_is_null(node) ? gw_node_text(node) : NULL;
}

/* A list of PEM texts as one file; nothing where it is empty. */
static void add_file(struct words *w, const char *option, const char *name, const struct gw_node *pems)
{
	struct gw_buf all = GW_BUF((size_t)8 << 20);
	const struct gw_node *pem;

	for (pem = pems != NULL ? pems->first : NULL; pem != NULL; pem = pem->next) {
		gw_buf_add(&all, pem->text, pem->len);
		gw_buf_chr(&all, '\n');
	}
	if (all.len > 0)
		add(w, option, tst_file(name, gw_buf_str(&all)));
	gw_buf_release(&all);
}

static void add_name(struct words *w, const struct gw_node *name)
{
	const char *kind = text_of(name, "kind");

	if (kind != NULL)
		add(w,
		    strcmp(kind, "DNS") == 0  ? "--hostname"
		    : strcmp(kind, "IP") == 0 ? "--ip"
					      : "--email",
		    text_of(name, "value"));
}

static void build(struct words *w, const struct gw_node *c, bool strict)
{
	const struct gw_node *names = gw_node_get(c, "expected_peer_names"), *name;

	add(w, NULL, "verify");
	add(w, NULL, tst_file("leaf.pem", text_of(c, "peer_certificate")));
	add_file(w, "--roots", "roots.pem", gw_node_get(c, "trusted_certs"));
	add_file(w, "--intermediates", "i.pem", gw_node_get(c, "untrusted_intermediates"));
	add_file(w, "--crl", "crls.pem", gw_node_get(c, "crls"));
	if (text_of(c, "max_chain_depth") != NULL)
		add(w, "--max-depth", text_of(c, "max_chain_depth"));
	if (text_of(c, "validation_time") != NULL)
		add(w, "--at", text_of(c, "validation_time"));
	add(w, "--purpose", strcmp(text_of(c, "validation_kind"), "CLIENT") == 0 ? "client" : "server");
	add_name(w, gw_node_get(c, "expected_peer_name"));
	for (name = names != NULL ? names->first : NULL; name != NULL; name = name->next)
		add_name(w, name);
	if (strict)
		add(w, NULL, "--strict");
}

/* Of processor time: another load does not count. */
static int64_t spent_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* Runs one case; whether the verdict is the expected one. */
static bool agrees(const struct gw_node *c, bool strict)
{
	const bool wanted = strcmp(text_of(c, "expected_result"), "SUCCESS") == 0;
	struct words w = {.count = 0};
	struct tst_run r;
	int64_t begin = spent_ns(), took;

	build(&w, c, strict);
	tst_run_argv(&r, &(struct tst_world){TST_WORLD}, w.items);
	took = spent_ns() - begin;
	CU_ASSERT(r.status == GW_OK || r.status == GW_E_NO || r.status == GW_E_INPUT);
	CU_ASSERT(took < SECOND_NS);
	tst_run_release(&r);
	return (r.status == GW_OK) == wanted;
}

static const char *shared(const char *name)
{
	const char *folder = getenv("GW_SHARED");

	return tst_join(folder != NULL ? folder : tst_source("../shared"), "/data/chains/", name, NULL);
}

static void run_suite(const char *name, bool strict, size_t percent)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	size_t len = 0, agree = 0, n = 0;
	const char *text = tst_read(shared(name), &len);
	struct gw_node *root = NULL;
	const struct gw_node *c;
	struct gw_err err = {0};

	if (text == NULL) {
		tst_skip("no %s", name);
		return;
	}
	if (!TST_OK(gw_json_read(&arena, name, text, len, &root, NULL, &err), &err))
		return;
	for (c = gw_node_get(root, "testcases")->first; c != NULL; c = c->next) {
		n++;
		if (agrees(c, strict))
			agree++;
		else if (percent == 100)
			TST_STR_EQ(text_of(c, "id"), text_of(c, "expected_result"));
	}
	CU_ASSERT(n > 0);
	CU_ASSERT(agree * 100 >= n * percent);
}

static void test_suites__x509_limbo(void)
{
	run_suite("limbo-dev.json", true, 95);
}

static void test_suites__bettertls(void)
{
	run_suite("bettertls-dev.json", false, 100);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_suites__x509_limbo),
		TST_CASE(test_suites__bettertls),
	};

	return tst_main("verify_suites", cases, GW_COUNT(cases));
}
