/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/buf.h"
#include "tests/peer.h"
#include "tests/tap.h"
#include "tree/tree.h"

/* Strings that YAML 1.1 or 1.2 would take for something else, or that try to break out of their place. */
static const char *const awkward[] = {
	"",
	"~",
	"null",
	"y",
	"N",
	"yes",
	"off",
	"On",
	"true",
	"FALSE",
	"08",
	"0o17",
	"0x1F",
	"1e3",
	"1_000",
	".5",
	".inf",
	"-.NaN",
	"12:30:45",
	"2026-11-23",
	"=",
	"<<",
	"- a",
	"a: b",
	"a #b",
	"# c",
	"*x",
	"&x",
	"!x",
	"@x",
	"`x",
	"%x",
	"[a]",
	"{a}",
	"a, b",
	"a\\b",
	"\"q\"",
	"'q'",
	" lead",
	"trail ",
	"---",
	"--- x",
	"...",
	"a:",
	"?",
	"|",
	">",
	"tab\there",
	"nl\n",
	"a\nb",
	"a\nb\n",
	"a\n\nb\n",
	" a\nb\n",
	"a\nb \n",
	"a\r\nb",
	"\x1b[31m",
	"\xc2\x85",
	"\xe2\x80\xa8",
	"\xef\xbb\xbf",
	"\xc3\xa9",
	"\n",
	"a\n\n",
	"+1",
	"-",
	"-1",
	"0b1",
	"a\nb: c\n",
	"190:20:30",
	"\x7f",
};

static struct gw_node *map_of_awkward(struct gw_arena *arena)
{
	struct gw_node *map = gw_map_new(arena), *list = gw_list_new(arena);
	size_t i;

	for (i = 0; i < GW_COUNT(awkward); i++) {
		gw_map_str(arena, map, awkward[i], awkward[i]);
		gw_list_add(list, gw_str_new(arena, awkward[i]));
	}
	gw_map_add(arena, map, "list of all", list);
	return map;
}

static void check_back(const char *text, size_t len)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;
	size_t i;

	TST_OK(gw_tree_read_one(&arena, "t", text, len, &root, NULL, &err), &err);
	for (i = 0; i < GW_COUNT(awkward); i++) {
		const struct gw_node *n = gw_node_get(root, awkward[i]);

		TST_STR_EQ(gw_node_text(n), awkward[i]);
	}
}

static void test_write__every_string_comes_back(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf yaml = GW_BUF(100000), json = GW_BUF(100000);
	const struct gw_node *map = map_of_awkward(&arena);

	gw_yaml_write(&yaml, map);
	check_back(gw_buf_str(&yaml), yaml.len);
	gw_json_write(&json, map);
	check_back(gw_buf_str(&json), json.len);
}

/* PyYAML reads YAML 1.1 with its guesses on: what it takes for a string, kubectl does too. */
static const char script[] = "import sys, json, yaml\n"
			     "y = yaml.safe_load(open(sys.argv[1], encoding='utf-8', newline=''))\n"
			     "j = json.load(open(sys.argv[2], encoding='utf-8', newline=''))\n"
			     "assert all(isinstance(v, str) and k == v for k, v in y.items() if k != 'list of all'), "
			     "[i for i in y.items() if i[0] != i[1]]\n"
			     "assert y == j, 'differ'\n"
			     "print('same', len(y))\n";

static void test_write__other_readers_see_the_same_strings(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf yaml = GW_BUF(100000), json = GW_BUF(100000);
	const struct gw_node *map = map_of_awkward(&arena);
	const char *yaml_path, *json_path;
	struct tst_peer p;

	if (!tst_have("python3") || tst_peer(&p, NULL, "python3", "-c", "import yaml", NULL) != 0) {
		tst_skip("no python3 with PyYAML");
		return;
	}
	gw_yaml_write(&yaml, map);
	gw_json_write(&json, map);
	yaml_path = tst_file_bytes("awkward.yaml", gw_buf_str(&yaml), yaml.len);
	json_path = tst_file_bytes("awkward.json", gw_buf_str(&json), json.len);
	TST_INT_EQ(tst_peer(&p, NULL, "python3", "-c", script, yaml_path, json_path, NULL), 0);
	TST_STR_EQ(p.err, "");
	TST_CONTAINS(p.out, "same");
}

static void test_write__shape_is_stable(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf yaml = GW_BUF(1000), json = GW_BUF(1000), line = GW_BUF(1000);
	struct gw_node *map = gw_map_new(&arena), *list, *item;

	gw_map_str(&arena, map, "name", "store");
	gw_map_int(&arena, map, "port", 443);
	list = gw_map_add(&arena, map, "list", gw_list_new(&arena));
	item = gw_list_add(list, gw_map_new(&arena));
	gw_map_str(&arena, item, "a", "1");
	gw_map_bool(&arena, item, "b", true);
	gw_list_add(list, gw_null_new(&arena));
	gw_map_add(&arena, map, "empty", gw_map_new(&arena));
	gw_map_str(&arena, map, "text", "x\ny\n");
	gw_yaml_write(&yaml, map);
	TST_STR_EQ(gw_buf_str(&yaml), "name: store\nport: 443\nlist:\n  - a: \"1\"\n    b: true\n  - null\nempty: {}\n"
				      "text: |\n  x\n  y\n");
	gw_json_write(&json, map);
	TST_STR_EQ(gw_buf_str(&json),
		   "{\n  \"name\": \"store\",\n  \"port\": 443,\n  \"list\": [\n    {\n      \"a\": \"1\",\n"
		   "      \"b\": true\n    },\n    null\n  ],\n  \"empty\": {},\n  \"text\": \"x\\ny\\n\"\n}\n");
	gw_json_write_line(&line, map);
	TST_STR_EQ(gw_buf_str(&line),
		   "{\"name\":\"store\",\"port\":443,\"list\":[{\"a\":\"1\",\"b\":true},null],\"empty\":{},"
		   "\"text\":\"x\\ny\\n\"}");
}

static void test_write__json_escapes_what_a_terminal_must_not_see(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf line = GW_BUF(1000);

	gw_json_write_line(&line, gw_str_new(&arena, "\x1b\x7f\xc2\x9b\xe2\x80\xa8\xff"));
	TST_STR_EQ(gw_buf_str(&line), "\"\\u001b\\u007f\\u009b\\u2028\xef\xbf\xbd\"");
}

static void test_yaml_write__comments_stand_above_and_change_nothing(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf out = GW_BUF(4096);
	struct gw_node *top = gw_map_new(&arena), *below = gw_map_new(&arena), *docs;
	struct gw_err err = {0};

	gw_map_str(&arena, top, "a", "1x");
	gw_map_add(&arena, top, "b", below);
	gw_map_str(&arena, below, "c", "x");
	gw_map_str(&arena, below, "d", "z");
	gw_node_comment(&arena, below, "\nfirst\nb: [");
	gw_node_comment(&arena, gw_node_get(below, "c"), "own");
	gw_node_comment(&arena, gw_node_get(below, "d"), "");
	gw_yaml_write(&out, top);
	TST_STR_EQ(gw_buf_str(&out), "a: 1x\n\n# first\n# b: [\nb:\n  # own\n  c: x\n\n  d: z\n");
	TST_OK(gw_tree_read_one(&arena, "t", out.data, out.len, &docs, NULL, &err), &err);
	TST_INT_EQ(docs->count, 2);
	TST_STR_EQ(gw_node_text(gw_node_get(gw_node_get(docs, "b"), "d")), "z");
}

/* Whatever a comment holds, it ends no line but by '\n', and libyaml takes the file. */
static void test_yaml_write__no_comment_breaks_out(void)
{
	static const char *const hostile[] = {"a\rb: c",
					      "a\xc2\x85"
					      "b: c",
					      "a\xe2\x80\xa8"
					      "b: c",
					      "\x1b[31m\x01",
					      "\xef\xbf\xbe\xef\xbf\xbf",
					      "\xef\xbb\xbf",
					      "\xff\xfe",
					      "\xf0\x9f\x98\x80"};
	size_t i;

	for (i = 0; i < GW_COUNT(hostile); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		GW_BUF_AUTO struct gw_buf out = GW_BUF(4096);
		struct gw_node *top = gw_map_new(&arena), *docs = NULL;
		struct gw_err err = {0};

		gw_map_str(&arena, top, "a", hostile[i][0] == '\xff' ? "x" : hostile[i]);
		gw_node_comment(&arena, top->first, hostile[i]);
		gw_yaml_write(&out, top);
		TST_OK(gw_tree_read_one(&arena, "t", out.data, out.len, &docs, NULL, &err), &err);
		TST_INT_EQ(docs != NULL ? docs->count : 0, 1);
	}
}

static void test_node_remove__takes_out_what_is_there(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_node *list = gw_list_new(&arena), *a, *b, *c, *other = gw_str_new(&arena, "x");

	a = gw_list_add(list, gw_str_new(&arena, "a"));
	b = gw_list_add(list, gw_str_new(&arena, "b"));
	c = gw_list_add(list, gw_str_new(&arena, "c"));
	gw_node_remove(list, other);
	TST_INT_EQ(list->count, 3);
	gw_node_remove(list, c);
	CU_ASSERT_PTR_EQUAL(list->last, b);
	gw_node_remove(list, a);
	CU_ASSERT_PTR_EQUAL(list->first, b);
	gw_node_remove(list, b);
	CU_ASSERT_PTR_NULL(list->first);
	CU_ASSERT_PTR_NULL(list->last);
	TST_INT_EQ(list->count, 0);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_write__every_string_comes_back),
		TST_CASE(test_write__other_readers_see_the_same_strings),
		TST_CASE(test_write__shape_is_stable),
		TST_CASE(test_write__json_escapes_what_a_terminal_must_not_see),
		TST_CASE(test_yaml_write__comments_stand_above_and_change_nothing),
		TST_CASE(test_yaml_write__no_comment_breaks_out),
		TST_CASE(test_node_remove__takes_out_what_is_there),
	};

	return tst_main("tree_write", cases, GW_COUNT(cases));
}
