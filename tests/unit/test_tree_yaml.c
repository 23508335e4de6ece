/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/tap.h"
#include "tree/tree.h"

struct bad {
	const char *text, *where, *what, *hint; /* hint: a part of it */
};

static const struct bad bad_texts[] = {
	{"sans:\n  - *.example.com\n", "t:2:5", "a wildcard must be quoted", "'*.example.com'"},
	{"a: [*.example.com, b]\n", "t:1:5", "a wildcard must be quoted", "'*.example.com'"},
	{"a: [::1]\n", "t:1:5", "':' at the start of a value inside [ ] or { }", "quote IPv6"},
	{"a: [b, ${x}]\n", "t:1:8", "'${' inside [ ] or { } begins a map, and no variable", "$(x)"},
	{"a: [b, {x}y]\n", "t:1:4", "the list that begins here with '[' is broken: a ',' or the closing ']' is missing",
	 "quote values"},
	{"a: [1, 2\nb: 3\n", "t:1:4",
	 "the list that begins here with '[' is broken: a ',' or the closing ']' is missing", "line 2"},
	{"a: b: c\n", "t:1:5", "a ': ' where no key can stand", "quote the value"},
	{"a:\n\tb: 1\n", "t:2:1", "a tab cannot indent YAML", "use spaces"},
	{"a: @x\n", "t:1:4", "'@' cannot begin a value", "quote the value"},
	{"a: `x\n", "t:1:4", "'`' cannot begin a value", "quote the value"},
	{"a: \"x\n", "t:1:4", "the quote that is opened here is never closed", ""},
	{"a:\n  b: 1\n c: 2\n", "t:3:2", "the indentation does not fit the lines above", "one column"},
	{"a: 1\nbare\nb: 2\n", "t:2:1", "a key without its ':'", "key: value"},
	{"a: 1\nb: 2\na: 3\n", "t:3:1", "duplicate key \"a\": it is already on line 1", "keep one"},
	{"x: &a [1]\ny: *b\n", "t:2:4", "'*' begins an alias, and no anchor of that name stands before it", "'*b'"},
	{"x: &a [1, *a]\n", "t:1:11", "an alias inside the value that it stands for", ""},
	{"<<: {a: 1}\n", "t:1:1", "a merge key (<<) is not read here", "extends"},
	{"a: !!int 3\n", "t:1:4", "a tag (tag:yaml.org,2002:int) is not read here", "leave the tag out"},
	{"? [a]\n: b\n", "t:1:3", "a key must be a word, not a list or a map", ""},
	{"a: \"\\0\"\n", "t:1:4", "the value has a NUL in it, which no text has here", ""},
	{"a: \"\\q\"\n", "t:1:5", "an unknown escape in double quotes", "single quotes"},
	{"\xc3\xa4: \xff\n", "t:1:4", "not UTF-8: octet 0xff", "UTF-8"},
	{"a: \xed\xa0\x80\n", "t:1:4", "not UTF-8: octet 0xed", "UTF-8"},
	{"a: \x01\n", "t:1:4", "control characters are not allowed", "take the character out"},
};

static void test_tree__refuses_bad_yaml_with_its_place(void)
{
	size_t i;

	for (i = 0; i < GW_COUNT(bad_texts); i++) {
		GW_ARENA_AUTO struct gw_arena arena = {0};
		struct gw_err err = {.code = GW_OK};
		struct gw_tree_fault fault;
		struct gw_node *docs;

		TST_CODE(gw_tree_read(&arena, "t", bad_texts[i].text, strlen(bad_texts[i].text), &docs, &fault, &err),
			 GW_E_INPUT, &err);
		TST_STR_EQ(err.where, bad_texts[i].where);
		TST_STR_EQ(err.what, bad_texts[i].what);
		TST_CONTAINS(err.hint, bad_texts[i].hint);
		CU_ASSERT(fault.where.line > 0 && fault.where.column > 0);
	}
}

static void test_tree__refuses_a_nul_octet(void)
{
	static const char text[] = "a: b\n\0c: d\n";
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *docs;

	TST_CODE(gw_tree_read(&arena, "t", text, sizeof(text) - 1, &docs, NULL, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, "t:2:1");
	TST_CONTAINS(err.what, "NUL");
}

static enum gw_code read_filled(const char *head, char fill, size_t count, struct gw_err *err)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf b = GW_BUF((size_t)1 << 22);
	struct gw_node *docs;

	gw_buf_str_add(&b, head);
	gw_buf_fill(&b, fill, count);
	return gw_tree_read(&arena, "t", gw_buf_str(&b), b.len, &docs, NULL, err);
}

static void test_tree__bounds_depth_in_yaml_and_json(void)
{
	struct gw_err err = {.code = GW_OK};

	TST_CODE(read_filled("a: ", '[', 10000, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "nested too deeply");
	TST_CODE(read_filled("", '[', 10000, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "nested too deeply");
}

static void test_tree__bounds_an_alias_bomb(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf b = GW_BUF(10000);
	struct gw_err err = {.code = GW_OK};
	struct gw_node *docs;
	unsigned i;

	gw_buf_str_add(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (i = 1; i < 12; i++) {
		unsigned k;

		gw_buf_printf(&b, "a%u: &a%u [", i, i);
		for (k = 0; k < 10; k++)
			gw_buf_printf(&b, "%s*a%u", k > 0 ? ", " : "", i - 1);
		gw_buf_str_add(&b, "]\n");
	}
	TST_CODE(gw_tree_read(&arena, "t", gw_buf_str(&b), b.len, &docs, NULL, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "aliases make this input grow past all bounds");
}

static struct gw_node *read_one(struct gw_arena *arena, const char *text)
{
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root = NULL;

	TST_OK(gw_tree_read_one(arena, "t", text, strlen(text), &root, NULL, &err), &err);
	return root;
}

static void test_tree__keeps_text_quotes_and_places(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_node *root = read_one(&arena, "country: NO\nname: \"NO\"\nlist:\n  - a\n  - \xc3\xa9: b\n"), *n;
	bool value = true;

	n = gw_node_get(root, "country");
	TST_STR_EQ(gw_node_text(n), "NO");
	CU_ASSERT(gw_node_is_bool(n, &value) && !value);
	CU_ASSERT(!n->quoted);
	TST_INT_EQ(n->line, 1);
	TST_INT_EQ(n->column, 10);
	n = gw_node_get(root, "name");
	CU_ASSERT(n->quoted && !gw_node_is_bool(n, &value));
	n = gw_node_get(root, "list");
	TST_INT_EQ(n->count, 2);
	/* Columns count characters: the key is two octets long. */
	n = n->last->first;
	TST_INT_EQ(n->line, 5);
	TST_INT_EQ(n->column, 8);
	TST_INT_EQ(n->key->end_column, 6);
}

static void test_tree__finds_a_duplicate_among_many_keys(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf b = GW_BUF(100000);
	struct gw_err err = {.code = GW_OK};
	struct gw_node *docs;
	unsigned i;

	for (i = 0; i < 2000; i++)
		gw_buf_printf(&b, "k%u: 1\n", i);
	gw_buf_str_add(&b, "k77: 2\n");
	TST_CODE(gw_tree_read(&arena, "t", gw_buf_str(&b), b.len, &docs, NULL, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, "t:2001:1");
	TST_STR_EQ(err.what, "duplicate key \"k77\": it is already on line 78");
}

static void test_tree__reads_documents_aliases_and_a_mark(void)
{
	static const char text[] = "\xef\xbb\xbf"
				   "a: &x {b: 1}\nc: *x\n---\n# nothing\n---\nd: 2\n";
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *docs = NULL;

	TST_OK(gw_tree_read(&arena, "t", text, sizeof(text) - 1, &docs, NULL, &err), &err);
	TST_INT_EQ(docs->count, 2);
	TST_STR_EQ(gw_node_text(gw_node_get(gw_node_get(docs->first, "c"), "b")), "1");
	TST_STR_EQ(gw_node_text(gw_node_get(docs->last, "d")), "2");
}

static void test_tree__one_document_means_one(void)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *root;

	TST_CODE(gw_tree_read_one(&arena, "t", "a: 1\n---\nb: 2\n", 14, &root, NULL, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.where, "t:3:1");
	TST_CODE(gw_tree_read_one(&arena, "t", "# x\n", 4, &root, NULL, &err), GW_E_INPUT, &err);
	TST_STR_EQ(err.what, "has nothing in it");
}

/*
 * The sixteen error cases of the public YAML test suite that libyaml, a reader of YAML 1.1, takes all the same. No reader of
 * our own decides otherwise; in none of them could a value come to mean something else than what stands there.
 */
static const struct {
	const char *id, *why;
	bool refused; /* by what the tree asks for beyond libyaml */
} accepted_by_libyaml[] = {
	{"9C9N", "a flow list goes on in column 1: its brackets hold it together", false},
	{"9HCY", "%TAG without '...' before it; the document has a tag, which is refused here", true},
	{"9JBA", "'#' directly behind ']': still a comment", false},
	{"CVW2", "'#' directly behind ',': still a comment", false},
	{"DK95-1", "a tab indents the second line of a quoted string: it is folded to one space", false},
	{"EB22", "%YAML without '...' before it: it still begins another document, which a template has not", false},
	{"G5U8", "'-' as a value in a flow list: the string \"-\"", false},
	{"MUS6", "'#' directly behind the number of %YAML: still a comment", false},
	{"MUS6-1", "%YAML twice, each before a document of its own", false},
	{"QB6E", "a quoted string goes on in column 1: its quotes hold it together", false},
	{"RHX7", "%YAML without '...' before it: as EB22", false},
	{"S98Z", "a block of empty lines, some of them longer than what follows: nothing either way", false},
	{"SU5Z", "'#' directly behind a quoted string: still a comment", false},
	{"X4QW", "'#' directly behind '>': still a comment", false},
	{"Y79Y-3", "a tab indents an item within brackets: they hold it together", false},
	{"YJV2", "'-' as the only value of a flow list; a text that begins with '[' is JSON here, and this is none",
	 true},
};

static bool is_accepted(const char *id)
{
	size_t i;

	for (i = 0; i < GW_COUNT(accepted_by_libyaml); i++) {
		if (strcmp(accepted_by_libyaml[i].id, id) == 0)
			return !accepted_by_libyaml[i].refused;
	}
	return false;
}

static void check_case(const struct gw_node *c)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	const struct gw_node *text = gw_node_get(c, "yaml");
	const char *id = gw_node_text(gw_node_get(c, "id"));
	struct gw_err err = {.code = GW_OK};
	bool must_fail = false, refused;
	struct gw_node *docs;

	gw_node_is_bool(gw_node_get(c, "fail"), &must_fail);
	if (text == NULL || !must_fail)
		return;
	refused = gw_tree_read(&arena, id, text->text, text->len, &docs, NULL, &err) != GW_OK;
	if (refused == is_accepted(id))
		TST_STR_EQ(refused ? "refused" : "accepted", id);
	CU_ASSERT_EQUAL(refused, !is_accepted(id));
}

static void test_tree__agrees_with_the_yaml_test_suite(void)
{
	const char *shared = getenv("GW_SHARED");
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	const struct gw_node *c;
	struct gw_node *root = NULL;
	const char *text;
	char path[512];
	size_t len;

	snprintf(path, sizeof(path), "%s/data/yaml/yaml-test-suite.json", shared != NULL ? shared : "");
	text = shared != NULL ? tst_read(path, &len) : NULL;
	if (text == NULL) {
		tst_skip("no YAML test suite ($GW_SHARED)");
		return;
	}
	TST_OK(gw_json_read(&arena, path, text, len, &root, NULL, &err), &err);
	for (c = root != NULL ? root->first : NULL; c != NULL; c = c->next)
		check_case(c);
}

/* Maps of few keys and of many go different ways. */
static void reads_on(unsigned n)
{
	GW_ARENA_AUTO struct gw_arena arena = {0};
	GW_BUF_AUTO struct gw_buf text = GW_BUF(4096);
	struct gw_twice *twice;
	struct gw_node *root = NULL;
	struct gw_err err = {0};
	unsigned i;

	gw_buf_str_add(&text, "z: 1\nz: 2\nin: { a: 1, b: 2, a: 3 }\nz: 3\n");
	for (i = 0; i < n; i++)
		gw_buf_printf(&text, "k%u: %u\n", i, i);
	TST_CODE(gw_tree_read_on(&arena, "t", text.data, text.len, &root, &twice, NULL, &err), GW_OK, &err);
	if (root == NULL)
		return;
	TST_INT_EQ(root->count, n + 2);
	TST_STR_EQ(gw_node_text(gw_node_get(root, "z")), "1");
	TST_STR_EQ(gw_node_text(gw_node_get(gw_node_get(root, "in"), "a")), "1");
	TST_INT_EQ(gw_node_get(root, "in")->count, 2);
	TST_STR_EQ(root->last->key->text, n > 0 ? "k29" : "in");
	for (i = 0; twice != NULL; twice = twice->next, i++) {
		TST_INT_EQ(twice->first.line, twice->key[0] == 'z' ? 1 : 3);
		CU_ASSERT(twice->where.line >= 2 && twice->where.line <= 4 && twice->where.excerpt != NULL);
	}
	TST_INT_EQ(i, 3);
	CU_ASSERT(gw_tree_read_one(&arena, "t", text.data, text.len, &root, NULL, &err) == GW_E_INPUT);
}

static void test_yaml__reads_on_behind_a_duplicate_key(void)
{
	reads_on(0);
	reads_on(30);
}

/* As kubectl reads them. */
static void test_tree__last_of_two_keys_holds_where_asked(void)
{
	static const char text[] = "a: 1\nb: {x: 1, y: 2, x: 3, x: 5}\na: 4\n---\nc: 1\n";
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	const struct gw_twice *t;
	struct gw_twice *twice;
	struct gw_node *docs;
	size_t n = 0;

	TST_OK(gw_tree_read_last(&arena, "t", text, sizeof(text) - 1, &docs, &twice, NULL, &err), &err);
	TST_INT_EQ(docs->count, 2);
	TST_STR_EQ(gw_node_text(gw_node_get(docs->first, "a")), "4");
	TST_STR_EQ(gw_node_text(gw_node_get(gw_node_get(docs->first, "b"), "x")), "5");
	TST_INT_EQ(gw_node_get(docs->first, "b")->count, 2);
	for (t = twice; t != NULL; t = t->next, n++) {
		if (strcmp(t->key, "a") == 0)
			TST_INT_EQ(t->first.line * 10 + t->where.line, 13);
	}
	TST_INT_EQ(n, 3);
}

static void test_tree__shows_any_line_in_any_order(void)
{
	GW_BUF_AUTO struct gw_buf text = GW_BUF(1 << 16);
	GW_ARENA_AUTO struct gw_arena arena = {0};
	struct gw_err err = {.code = GW_OK};
	struct gw_node *docs, *node;
	char want[32];
	size_t i;

	for (i = 1; i <= 300; i++)
		gw_buf_printf(&text, "k%zu: v%s\n", i, i == 129 ? "\r" : "");
	TST_OK(gw_tree_read(&arena, "t", text.data, text.len, &docs, NULL, &err), &err);
	for (i = 300; i > 0; i -= i > 7 ? 7 : i) {
		snprintf(want, sizeof(want), "k%zu", i);
		node = gw_node_get(docs->first, want);
		snprintf(want, sizeof(want), "k%zu: v", i);
		TST_STR_EQ(gw_node_where(&arena, node, NULL).excerpt, want);
	}
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_tree__refuses_bad_yaml_with_its_place),
		TST_CASE(test_tree__refuses_a_nul_octet),
		TST_CASE(test_tree__bounds_depth_in_yaml_and_json),
		TST_CASE(test_tree__bounds_an_alias_bomb),
		TST_CASE(test_tree__keeps_text_quotes_and_places),
		TST_CASE(test_tree__finds_a_duplicate_among_many_keys),
		TST_CASE(test_tree__reads_documents_aliases_and_a_mark),
		TST_CASE(test_tree__one_document_means_one),
		TST_CASE(test_tree__last_of_two_keys_holds_where_asked),
		TST_CASE(test_tree__shows_any_line_in_any_order),
		TST_CASE(test_tree__agrees_with_the_yaml_test_suite),
		TST_CASE(test_yaml__reads_on_behind_a_duplicate_key),
	};

	return tst_main("tree_yaml", cases, GW_COUNT(cases));
}
