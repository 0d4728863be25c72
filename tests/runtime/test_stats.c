/*
 * tests/runtime/test_stats.c: quantiles against sorted values, and readers that
 * never see half a write.
 */
#include "runtime/observe/stats.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tests/runtime/run_suite.h"
#include "tests/runtime/stats_page.h"

#define VALUES	 20000
#define BURST	 16 /* writes in a row, of which readers fall foul */
#define READINGS 1000

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Values of every size up to 2^40, so also beyond the last bucket's start. */
static uint64_t any_value(void)
{
	uint64_t value = (uint64_t)random() << 31 | (uint64_t)random();

	return value >> (22 + random() % 40);
}

/* At most 1/32 above the value that sorting gives, never below it. */
START_TEST(quantiles_of_random_values)
{
	static const double shares[] = {0.001, 0.25, 0.5, 0.9, 0.99, 1.0};
	static struct histogram histogram;
	static uint64_t value[VALUES];

	srandom((unsigned int)_i);
	for (int i = 0; i < VALUES; i++) {
		value[i] = any_value();
		if (value[i] >= UINT64_C(1) << 36)
			value[i] >>= 4;
		histogram_add(&histogram, (int64_t)value[i]);
	}
	qsort(value, VALUES, sizeof(value[0]), compare);
	for (int i = 0; i < 6; i++) {
		uint64_t exact =
			value[(int)(shares[i] * VALUES + 0.999999) - 1];
		uint64_t got = histogram_quantile(&histogram, shares[i]);

		ck_assert_msg(got >= exact && got <= exact + exact / 32,
			      "seed %d, share %g: %llu, sorted %llu", _i,
			      shares[i], (unsigned long long)got,
			      (unsigned long long)exact);
	}
	ck_assert_uint_eq(histogram.max_ns, value[VALUES - 1]);
	ck_assert_uint_eq(histogram_quantile(&histogram, 1), value[VALUES - 1]);
}
END_TEST

/* Each value is counted once, in a bucket whose neighbours are below and
 * above: quantiles of one value alone are that value. */
START_TEST(one_value_alone)
{
	static struct histogram histogram;
	const uint64_t last = INT64_MAX;

	for (uint64_t value = 0; value < last / 3; value += value / 5 + 1) {
		memset(&histogram, 0, sizeof(histogram));
		histogram_add(&histogram, (int64_t)value);
		ck_assert_uint_eq(histogram_quantile(&histogram, 0.5), value);
		ck_assert_uint_eq(histogram.count, 1);
		ck_assert_uint_eq(histogram.sum_ns, value);
	}
}
END_TEST

START_TEST(empty_negative_and_huge)
{
	static struct histogram histogram;

	ck_assert_uint_eq(histogram_quantile(&histogram, 0.5), 0);
	histogram_add(&histogram, -5);
	ck_assert_uint_eq(histogram_quantile(&histogram, 1), 0);
	histogram_add(&histogram, INT64_MAX);
	ck_assert_uint_eq(histogram.max_ns, INT64_MAX);
	ck_assert_uint_eq(histogram_quantile(&histogram, 1), INT64_MAX);
	ck_assert_uint_eq(histogram_quantile(&histogram, 0.5), 0);
	ck_assert_uint_eq(histogram.count, 2);
}
END_TEST

static atomic_uint readings;

/* A burst for each reading, so that the reader gets on however slow a machine
 * or a sanitizer makes it: all touched fields stay equal. */
static void *write_for_a_while(void *arg)
{
	struct stats *stats = arg;

	for (uint64_t i = 1; atomic_load(&readings) < READINGS; i++) {
		stats_begin(stats);
		counter_set(&stats->counters.last_tick, i);
		ledger_start(&stats->counters.ledger, i - 1, i - 1);
		ledger_accepted(&stats->counters.ledger, 0, false);
		counter_add(&stats->counters.record_lost[0], 1);
		if (i % 64 == 0)
			histogram_add(&stats->step[1].times, (int64_t)i);
		counter_set(&stats->counters.cpu_ns, i);
		stats_end(stats);
		while (i % BURST == 0 && i / BURST > atomic_load(&readings) &&
		       atomic_load(&readings) < READINGS)
			sched_yield();
	}
	return NULL;
}

static void check_copy(const struct stats_counters *copy)
{
	uint64_t i = copy->last_tick;

	ck_assert_uint_eq(copy->ledger.ticks, i);
	ck_assert_uint_eq(copy->ledger.sink[0].presented, i);
	ck_assert_uint_eq(copy->record_lost[0], i);
	ck_assert_uint_eq(copy->cpu_ns, i);
	ck_assert(ledger_check(&copy->ledger));
}

START_TEST(readers_never_see_half_a_write)
{
	struct stats *stats = stats_page(2, 1), *copy = stats_page(2, 1);
	struct stats_counters counters;
	uint64_t last = 0;
	pthread_t writer;

	ck_assert(!pthread_create(&writer, NULL, write_for_a_while, stats));
	while (atomic_load(&readings) < READINGS) {
		if (stats_read_counters(stats, &counters)) {
			check_copy(&counters);
			ck_assert_uint_ge(counters.last_tick, last);
			last = counters.last_tick;
			atomic_fetch_add(&readings, 1);
		}
		if (stats_read(stats, copy)) {
			check_copy(&copy->counters);
			ck_assert_uint_eq(copy->step[1].times.count,
					  copy->counters.last_tick / 64);
		}
	}
	pthread_join(writer, NULL);
	ck_assert(stats_read(stats, copy));
	check_copy(&copy->counters);
	ck_assert_uint_ge(copy->counters.last_tick, last);
	free(stats);
	free(copy);
}
END_TEST

/* A writer that died inside a write: readers give up. */
START_TEST(an_open_write_is_refused)
{
	struct stats *stats = stats_page(1, 1), *copy = stats_page(1, 1);
	struct stats_counters counters;

	stats_begin(stats);
	ck_assert(!stats_read(stats, copy));
	ck_assert(!stats_read_counters(stats, &counters));
	stats_end(stats);
	ck_assert(stats_read(stats, copy));
	ck_assert(stats_read_counters(stats, &counters));
	free(stats);
	free(copy);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, quantiles_of_random_values, 1, 5);
	tcase_add_test(tests, one_value_alone);
	tcase_add_test(tests, empty_negative_and_huge);
	tcase_add_test(tests, readers_never_see_half_a_write);
	tcase_add_test(tests, an_open_write_is_refused);
}

int main(void)
{
	return run_suite("stats", add);
}
