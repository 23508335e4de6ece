/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tree/tree.h"

struct bad {
	const char *text, *where, *what;
};

static const struct bad bad_texts[] = {
	{"", "t", "has nothing in it"},
	{"{\"a\": 01}", "t:1:8", "',' or '}' is missing"},
	{"[1,]", "t:1:4", "not a JSON value: strings need \" quotes"},
	{"[1 2]", "t:1:4", "',' or ']' is missing"},
	{"{a: 1}", "t:1:2", "a member needs a name in \" quotes"},
	{"{\"a\" 1}", "t:1:6", "':' is missing after the name"},
	{"['a']", "t:1:2", "not a JSON value: strings need \" quotes"},
	{"[\"a\n\"]", "t:1:4", "the string is not closed with \""},
	{"[\"\t\"]", "t:1:3", "a control character in a string must be written as an escape"},
	{"[\"\\x\"]", "t:1:4", "unknown escape; JSON knows \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX"},
	{"[\"\\ud800\"]", "t:1:9", "the first half of a surrogate pair without its second"},
	{"[\"\\udc00\"]", "t:1:9", "the second half of a surrogate pair without its first"},
	{"[\"\\u0000\"]", "t:1:9", "\\u0000: no text has a NUL here"},
	{"{\"a\": 1,\n \"a\": 2}", "t:2:2", "duplicate key \"a\": it is already on line 1"},
	{"[1] x", "t:1:5", "something follows the end of the JSON text"},
	{"[.5]", "t:1:2", "not a JSON value: strings need \" quotes"},
	{"[1.]", "t:1:2", "not a JSON value: strings need \" quotes"},
	{"[+1]", "t:1:2", "not a JSON value: strings need \" quotes"},
	{"[NaN]", "t:1:2", "not a JSON value: strings need \" quotes"},
	{"[1", "t:1:3", "',' or ']' is missing"},
	{"[", "t:1:2", "the text ends where a value should be"},
};

static void test_json__refuses_what_the_rfc_refuses(void)
{
	size_t i;

	for (i = 0; i < GW_COUNT(bad_texts); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_err err = {.code = GW_OK};
		struct gw_node *root;

		TST_CODE(gw_json_read(&arena, "t", bad_texts[i].text, strlen(bad_texts[i].text), &root, NULL, &err),
			 GW_E_INPUT, &err);
		TST_STR_EQ(err.where, bad_texts[i].where);
		TST_STR_EQ(err.what, bad_texts[i].what);
	}
}

static void test_json__keeps_numbers_as_text_and_strings_as_strings(void)
{
	static const char text[] =
		"{\"n\": 12345678901234567890.10, \"s\": \"\\u00e9\\ud83d\\ude00\\n\", \"b\": true, \"z\": null}";
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;
	bool value;

	TST_OK(gw_json_read(&arena, "t", text, sizeof(text) - 1, &root, NULL, &err), &err);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "n")), "12345678901234567890.10");
	CU_ASSERT(gw_node_is_number(gw_node_get(root, "n")));
	TST_STR_EQ(gw_node_text(gw_node_get(root, "s")), "\xc3\xa9\xf0\x9f\x98\x80\n");
	CU_ASSERT(gw_node_get(root, "s")->quoted);
	CU_ASSERT(gw_node_is_bool(gw_node_get(root, "b"), &value) && value);
	CU_ASSERT(gw_node_is_null(gw_node_get(root, "z")));
}

/* Two of the suite's "must be accepted" cases have a key twice, two have a NUL: both are refused here for everyone. */
static bool refused_by_choice(const char *name)
{
	return strstr(name, "duplicated_key") != NULL || strstr(name, "null_escape") != NULL ||
	       strstr(name, "escaped_null") != NULL;
}

static void check_case(const char *name, const char *base64)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	size_t len = strlen(base64);
	unsigned char *data = gw_arena_alloc(&arena, len + 4);
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root;
	int n = EVP_DecodeBlock(data, (const unsigned char *)base64, (int)len);
	bool ok;

	while (n > 0 && len > 0 && base64[len - 1] == '=') {
		n--;
		len--;
	}
	ok = gw_json_read(&arena, name, (const char *)data, n > 0 ? (size_t)n : 0, &root, NULL, &err) == GW_OK;
	if (name[0] == 'i' || (name[0] == 'y') == ok || refused_by_choice(name))
		CU_ASSERT(true)
	else
		TST_STR_EQ(ok ? "accepted" : "refused", name);
}

static void test_json__agrees_with_the_json_test_suite(void)
{
	const char *shared = getenv("GW_SHARED");
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;
	const struct gw_node *c;
	const char *text;
	char path[512];
	size_t len;

	snprintf(path, sizeof(path), "%s/data/json/json-test-suite.json", shared != NULL ? shared : "");
	text = shared != NULL ? tst_read(path, &len) : NULL;
	if (text == NULL) {
		tst_skip("no JSON test suite ($GW_SHARED)");
		return;
	}
	TST_OK(gw_json_read(&arena, path, text, len, &root, NULL, &err), &err);
	for (c = root != NULL ? root->first : NULL; c != NULL; c = c->next)
		check_case(c->key->text, gw_node_text(c));
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_json__refuses_what_the_rfc_refuses),
		TST_CASE(test_json__keeps_numbers_as_text_and_strings_as_strings),
		TST_CASE(test_json__agrees_with_the_json_test_suite),
	};

	return tst_main("tree_json", cases, GW_COUNT(cases));
}
