/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"

static void test_buf__an_empty_one_is_an_empty_string(void)
{
	struct gw_buf b = GW_BUF(10);

	TST_STR_EQ(gw_buf_str(&b), "");
	CU_ASSERT_PTR_NULL(b.data);
	gw_buf_release(&b);
}

static void test_buf__past_the_maximum_drops_and_says_so(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(5);

	gw_buf_str_add(&b, "abc");
	CU_ASSERT_FALSE(b.overflow);
	gw_buf_str_add(&b, "def");
	CU_ASSERT(b.overflow);
	TST_STR_EQ(gw_buf_str(&b), "abc");
	gw_buf_chr(&b, 'x');
	TST_STR_EQ(gw_buf_str(&b), "abc");
	CU_ASSERT_PTR_NULL(gw_buf_reserve(&b, 1));
}

static void test_buf__the_maximum_itself_fits(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(300);
	size_t i;

	for (i = 0; i < 300; i++)
		gw_buf_chr(&b, 'a');
	CU_ASSERT_FALSE(b.overflow);
	TST_INT_EQ(b.len, 300);
	TST_INT_EQ(strlen(gw_buf_str(&b)), 300);
	gw_buf_chr(&b, 'a');
	CU_ASSERT(b.overflow);
}

static void test_buf__every_way_of_adding(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(1000);
	char *at;

	gw_buf_add(&b, "a\0b", 3);
	gw_buf_str_add(&b, "cd");
	gw_buf_chr(&b, 'e');
	gw_buf_fill(&b, ' ', 2);
	gw_buf_printf(&b, "%d-%s", 7, "x");
	at = gw_buf_reserve(&b, 1);
	*at = '!';
	b.data[++b.len] = '\0';
	TST_MEM_EQ(b.data, b.len, "a\0bcde  7-x!", 12);
	TST_INT_EQ(b.data[b.len], '\0');
}

static void test_buf__printf_grows_to_what_it_needs(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(100000);
	char text[5001];

	memset(text, 'q', 5000);
	text[5000] = '\0';
	gw_buf_printf(&b, "<%s>", text);
	TST_INT_EQ(b.len, 5002);
	TST_STR_EQ(b.data + 4990, "qqqqqqqqqqq>");
}

static void test_buf__clear_keeps_memory_and_forgives(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(4);

	gw_buf_str_add(&b, "12345");
	CU_ASSERT(b.overflow);
	gw_buf_clear(&b);
	gw_buf_str_add(&b, "1234");
	CU_ASSERT_FALSE(b.overflow);
	TST_STR_EQ(gw_buf_str(&b), "1234");
}

static void test_buf__take_hands_over(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF(100);
	char *text;

	gw_buf_str_add(&b, "mine");
	text = gw_buf_take(&b);
	TST_STR_EQ(text, "mine");
	free(text);
	TST_INT_EQ(b.len, 0);
	text = gw_buf_take(&b);
	TST_STR_EQ(text, "");
	free(text);
}

/* The block stays allocated after a clear, so its bytes can be looked at. */
static void test_buf__a_secret_is_cleansed_on_clear(void)
{
	struct gw_buf b GW_BUF_AUTO = GW_BUF_SECRET(100);
	size_t i;
	unsigned left = 0;

	gw_buf_str_add(&b, "hunter2 hunter2");
	gw_buf_clear(&b);
	for (i = 0; i < b.cap; i++)
		left += b.data[i] != '\0';
	TST_INT_EQ(left, 0);
}

static void test_arena__memory_is_zeroed_aligned_and_apart(void)
{
	struct gw_arena a GW_ARENA_AUTO = {0};
	unsigned char *last = NULL;
	unsigned wrong = 0;
	size_t size, i;

	for (size = 1; size < 3000; size += 7) {
		unsigned char *p = gw_arena_alloc(&a, size);

		wrong += (uintptr_t)p % 16 != 0 || p == last;
		for (i = 0; i < size; i++)
			wrong += p[i] != 0;
		memset(p, 0xff, size);
		last = p;
	}
	TST_INT_EQ(wrong, 0);
}

static void test_arena__takes_what_is_larger_than_a_block(void)
{
	struct gw_arena a GW_ARENA_AUTO = {0};
	char *big = gw_arena_alloc(&a, (size_t)3 << 20), *small;

	memset(big, 'x', (size_t)3 << 20);
	small = gw_arena_strdup(&a, "after");
	TST_STR_EQ(small, "after");
	TST_INT_EQ(big[((size_t)3 << 20) - 1], 'x');
}

static void test_arena__copies_end_with_nul(void)
{
	struct gw_arena a GW_ARENA_AUTO = {0};

	TST_STR_EQ(gw_arena_strndup(&a, "abcdef", 3), "abc");
	TST_STR_EQ(gw_arena_strndup(&a, "", 0), "");
	TST_STR_EQ(gw_arena_printf(&a, "%s-%03d", "n", 7), "n-007");
	TST_STR_EQ(gw_arena_printf(&a, "%s", ""), "");
}

static void test_arena__may_be_used_again(void)
{
	struct gw_arena a = {.sensitive = true};

	TST_STR_EQ(gw_arena_strdup(&a, "one"), "one");
	gw_arena_release(&a);
	CU_ASSERT_PTR_NULL(a.blocks);
	TST_STR_EQ(gw_arena_strdup(&a, "two"), "two");
	gw_arena_release(&a);
}

static void test_secret__is_a_copy_with_a_nul_behind(void)
{
	struct gw_secret s GW_SECRET_AUTO = {0};

	gw_secret_copy(&s, "pass\0word", 9);
	TST_MEM_EQ(s.data, s.len, "pass\0word", 9);
	TST_INT_EQ(s.data[9], '\0');
	gw_secret_release(&s);
	CU_ASSERT_PTR_NULL(s.data);
	TST_INT_EQ(s.len, 0);
	gw_secret_release(&s);
}

/* Larger than the secure heap: the ordinary one has to serve. */
static void test_secret__goes_on_where_the_secure_heap_is_full(void)
{
	struct gw_secret big GW_SECRET_AUTO = {0}, small GW_SECRET_AUTO = {0};

	gw_secret_init(&big, GW_SECRET_MAX);
	gw_secret_copy(&small, "x", 1);
	CU_ASSERT_PTR_NOT_NULL(big.data);
	TST_INT_EQ(big.data[GW_SECRET_MAX - 1], 0);
	memset(big.data, 'k', big.len);
	TST_STR_EQ(small.data, "x");
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_buf__an_empty_one_is_an_empty_string),
		TST_CASE(test_buf__past_the_maximum_drops_and_says_so),
		TST_CASE(test_buf__the_maximum_itself_fits),
		TST_CASE(test_buf__every_way_of_adding),
		TST_CASE(test_buf__printf_grows_to_what_it_needs),
		TST_CASE(test_buf__clear_keeps_memory_and_forgives),
		TST_CASE(test_buf__take_hands_over),
		TST_CASE(test_buf__a_secret_is_cleansed_on_clear),
		TST_CASE(test_arena__memory_is_zeroed_aligned_and_apart),
		TST_CASE(test_arena__takes_what_is_larger_than_a_block),
		TST_CASE(test_arena__copies_end_with_nul),
		TST_CASE(test_arena__may_be_used_again),
		TST_CASE(test_secret__is_a_copy_with_a_nul_behind),
		TST_CASE(test_secret__goes_on_where_the_secure_heap_is_full),
	};

	return tst_main("buf", cases, GW_COUNT(cases));
}
