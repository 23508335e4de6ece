/* SPDX-License-Identifier: Apache-2.0 */
#include "net/net.h"

#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

/* --- a resolver under our thumb, in the place of the C library's ---------------------------------------------------- */

static sem_t gate; /* slow names wait here */
static pthread_mutex_t count_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned inside, most_inside, calls;

static void count(int step)
{
	pthread_mutex_lock(&count_mutex);
	calls += step > 0;
	inside = (unsigned)((int)inside + step);
	if (inside > most_inside)
		most_inside = inside;
	pthread_mutex_unlock(&count_mutex);
}

static unsigned read_count(const unsigned *which)
{
	unsigned value;

	pthread_mutex_lock(&count_mutex);
	value = *which;
	pthread_mutex_unlock(&count_mutex);
	return value;
}

/* In one piece, as freeaddrinfo() of the C library wants it. */
static struct addrinfo *piece(const char *text, struct addrinfo *next)
{
	struct addrinfo *ai = calloc(1, sizeof(*ai) + sizeof(struct gw_address));
	struct gw_address a;

	(void)gw_address_parse(text, 0, &a);
	memcpy(ai + 1, &a, sizeof(a));
	ai->ai_family = a.any.sa_family;
	ai->ai_addr = (struct sockaddr *)(ai + 1);
	ai->ai_addrlen = gw_address_size(&a);
	ai->ai_next = next;
	return ai;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
	(void)service;
	(void)hints;
	count(1);
	if (strncmp(host, "slow", 4) == 0)
		while (sem_wait(&gate) != 0)
			;
	count(-1);
	if (strcmp(host, "nobody.test") == 0)
		return EAI_NONAME;
	if (strcmp(host, "later.test") == 0)
		return EAI_AGAIN;
	*found = piece("2001:db8::1", piece("192.0.2.1", piece("2001:db8::1", piece("192.0.2.2", NULL))));
	return 0;
}

/* --- a world ---------------------------------------------------------------------------------------------------------- */

static const struct gw_ctx ctx;

static struct gw_loop *loop_new(void)
{
	struct gw_loop *loop = NULL;
	struct gw_err err = {0};

	TST_OK(gw_loop_new(&ctx, &loop, &err), &err);
	return loop;
}

static void stop(void *self)
{
	gw_loop_stop(self);
}

/* --- lookups ---------------------------------------------------------------------------------------------------------- */

struct answer {
	int told;
	enum gw_lookup_status status;
	size_t count;
	char texts[4][GW_ADDRESS_TEXT];
	char text[80];
	struct gw_lookup *close; /* another lookup, closed from inside */
};

static void take_answer(void *self, const struct gw_lookup_result *result)
{
	struct answer *a = self;

	a->told++;
	a->status = result->status;
	a->count = result->count;
	for (size_t i = 0; i < result->count && i < 4; i++)
		gw_address_text(&result->addresses[i], a->texts[i]);
	(void)snprintf(a->text, sizeof(a->text), "%s", result->text);
	gw_lookup_close(&a->close);
}

static void test_lookup__gives_each_address_once_in_order(void)
{
	struct gw_loop *loop = loop_new();
	struct answer a = {0};
	struct gw_lookup *lookup = gw_lookup_start(loop, "two.test", 443, 60000, take_answer, &a);

	TST_INT_EQ(a.told, 0);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(a.told, 1);
	TST_INT_EQ(a.status, GW_LOOKUP_OK);
	TST_INT_EQ(a.count, 3);
	TST_STR_EQ(a.texts[0], "[2001:db8::1]:443");
	TST_STR_EQ(a.texts[1], "192.0.2.1:443");
	TST_STR_EQ(a.texts[2], "192.0.2.2:443");
	gw_lookup_close(&lookup);
	gw_loop_free(&loop);
}

static void test_lookup__takes_a_literal_without_the_resolver(void)
{
	struct gw_loop *loop = loop_new();
	struct answer a = {0};
	unsigned before = read_count(&calls);

	gw_lookup_start(loop, "::1", 8443, 60000, take_answer, &a);
	TST_INT_EQ(a.told, 0);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(a.count, 1);
	TST_STR_EQ(a.texts[0], "[::1]:8443");
	TST_INT_EQ(read_count(&calls), before);
	gw_loop_free(&loop);
}

static void test_lookup__tells_no_name_from_trouble(void)
{
	struct gw_loop *loop = loop_new();
	struct answer none = {0}, later = {0}, longest = {0};
	char host[300] = {0};

	memset(host, 'a', sizeof(host) - 1);
	gw_lookup_start(loop, "nobody.test", 1, 60000, take_answer, &none);
	gw_lookup_start(loop, "later.test", 1, 60000, take_answer, &later);
	gw_lookup_start(loop, host, 1, 60000, take_answer, &longest);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(none.status, GW_LOOKUP_NO_NAME);
	TST_CONTAINS(none.text, "no such host name");
	TST_INT_EQ(later.status, GW_LOOKUP_TROUBLE);
	TST_INT_EQ(longest.status, GW_LOOKUP_NO_NAME);
	TST_INT_EQ(longest.count, 0);
	gw_loop_free(&loop);
}

/* The gate opens only after the loop is gone: whoever waited for the lookup would wait for ever. */
static void test_lookup__is_abandoned_when_late(void)
{
	struct gw_loop *loop = loop_new();
	struct answer late = {0}, quick = {0};

	gw_lookup_start(loop, "slow.test", 443, 20, take_answer, &late);
	gw_lookup_start(loop, "two.test", 443, 60000, take_answer, &quick);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(late.told, 1);
	TST_INT_EQ(late.status, GW_LOOKUP_TIMED_OUT);
	TST_INT_EQ(quick.status, GW_LOOKUP_OK);
	TST_INT_EQ(read_count(&inside), 1);
	gw_loop_free(&loop);
	TST_INT_EQ(late.told, 1);
	sem_post(&gate);
	while (read_count(&inside) > 0)
		usleep(1000);
}

static void open_gate(void *self)
{
	unsigned n = *(unsigned *)self;

	while (n-- > 0)
		sem_post(&gate);
}

struct fill {
	struct gw_loop *loop;
	struct gw_timer *timer;
	unsigned n;
};

/* Opens the gate once the crew is complete. */
static void when_full(void *self)
{
	struct fill *f = self;

	if (read_count(&inside) < GW_LOOKUP_THREADS)
		gw_timer_set(f->timer, 1);
	else
		open_gate(&f->n);
}

static void test_lookup__runs_64_at_once_and_the_rest_after(void)
{
	enum { N = GW_LOOKUP_THREADS + 20 };
	struct gw_loop *loop = loop_new();
	static struct answer answers[N];
	struct fill f = {.loop = loop, .n = N};
	size_t ok = 0;

	most_inside = 0;
	memset(answers, 0, sizeof(answers));
	for (size_t i = 0; i < N; i++)
		gw_lookup_start(loop, "slow.test", 443, 60000, take_answer, &answers[i]);
	f.timer = gw_timer_start(loop, 1, when_full, &f);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	for (size_t i = 0; i < N; i++)
		ok += answers[i].told == 1 && answers[i].status == GW_LOOKUP_OK;
	TST_INT_EQ(ok, N);
	TST_INT_EQ(most_inside, GW_LOOKUP_THREADS);
	gw_loop_free(&loop);
}

static void test_lookup__closed_is_silent_waiting_or_under_way(void)
{
	struct gw_loop *loop = loop_new();
	struct answer waiting = {0}, first = {0}, other = {0};
	struct gw_lookup *lookup = gw_lookup_start(loop, "slow.test", 1, 60000, take_answer, &waiting);
	unsigned one = 1;

	gw_timer_start(loop, 5, open_gate, &one);
	gw_timer_start(loop, 20, stop, loop);
	gw_lookup_close(&lookup);
	CU_ASSERT_PTR_NULL(lookup);
	/* Two that are done at about the same time, where the first one to be told closes the other. */
	first.close = gw_lookup_start(loop, "two.test", 1, 60000, take_answer, &other);
	other.close = gw_lookup_start(loop, "two.test", 1, 60000, take_answer, &first);
	CU_ASSERT_TRUE(gw_loop_run(loop));
	TST_INT_EQ(waiting.told, 0);
	TST_INT_EQ(first.told + other.told, 1);
	gw_loop_free(&loop);
}

int main(void)
{
	static const struct tst_case cases[] = {
		TST_CASE(test_lookup__gives_each_address_once_in_order),
		TST_CASE(test_lookup__takes_a_literal_without_the_resolver),
		TST_CASE(test_lookup__tells_no_name_from_trouble),
		TST_CASE(test_lookup__is_abandoned_when_late),
		TST_CASE(test_lookup__runs_64_at_once_and_the_rest_after),
		TST_CASE(test_lookup__closed_is_silent_waiting_or_under_way),
	};

	sem_init(&gate, 0, 0);
	return tst_main("net_resolve", cases, GW_COUNT(cases));
}
