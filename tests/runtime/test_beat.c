/*
 * tests/runtime/test_beat.c: how long ticks near a refresh are held.
 */
#include <stdlib.h>

#include "runtime/time/beat.h"
#include "runtime/time/clock.h"
#include "tests/runtime/run_suite.h"

#define PERIOD_NS INT64_C(16666667)
#define FLIP_NS	  (1000 * NS_PER_SECOND)

static struct beat beat;

/* Costs between 2 and 3 ms. */
static void setup(void)
{
	int i;

	beat = (struct beat){.flip_ns = 0};
	beat_flip(&beat, FLIP_NS, PERIOD_NS);
	for (i = 0; i < 1000; i++)
		beat_cost(&beat, (i % 2 ? 2 : 3) * NS_PER_MS);
}

static int64_t hold_at(double share)
{
	return beat_hold_ns(&beat, FLIP_NS + (int64_t)(share * PERIOD_NS));
}

START_TEST(marks_lie_around_the_costs)
{
	ck_assert_int_le(llabs(beat.low_ns - 2 * NS_PER_MS), NS_PER_MS / 20);
	ck_assert_int_le(llabs(beat.high_ns - 3 * NS_PER_MS), NS_PER_MS / 20);
}
END_TEST

/* Every 1/1000 of a period, held or not, and from either side: the submit is
 * after a refresh or well before one, and the hold is short. */
START_TEST(no_submit_on_either_side)
{
	int64_t tick_ns, hold_ns, first_ns, last_ns;
	int i, at;

	for (i = 0; i < 4000; i++) {
		at = _i ? 4000 - i : i;
		tick_ns = FLIP_NS + at * PERIOD_NS / 1000;
		hold_ns = beat_hold_ns(&beat, tick_ns);
		ck_assert_int_ge(hold_ns, 0);
		ck_assert_int_le(hold_ns, PERIOD_NS / 3);
		first_ns = (tick_ns + hold_ns + 2 * NS_PER_MS - FLIP_NS) %
			   PERIOD_NS;
		last_ns = first_ns + NS_PER_MS;
		ck_assert_int_ge(first_ns, PERIOD_NS / 40);
		ck_assert_int_le(last_ns, PERIOD_NS - PERIOD_NS / 20);
	}
}
END_TEST

START_TEST(mid_period_is_not_held)
{
	ck_assert_int_eq(hold_at(0.5 - 0.15), 0);
	ck_assert_int_gt(hold_at(1 - 0.15), 0);
	ck_assert_int_eq(hold_at(1.5 - 0.15), 0);
}
END_TEST

/* Held up to 1/16 before a refresh, let go 1/8 before it: no flutter. */
START_TEST(it_goes_on_longer_than_it_begins)
{
	const double cost = 3e6 / PERIOD_NS;

	ck_assert_int_eq(hold_at(1 - 3 / 32.0 - cost), 0);
	ck_assert_int_gt(hold_at(1 - 1 / 32.0 - cost), 0);
	ck_assert_int_gt(hold_at(2 - 3 / 32.0 - cost), 0);
	ck_assert_int_eq(hold_at(3 - 5 / 32.0 - cost), 0);
	ck_assert_int_eq(hold_at(4 - 3 / 32.0 - cost), 0);
}
END_TEST

START_TEST(what_is_not_known_is_not_held)
{
	const double near = 1 - 2.5e6 / PERIOD_NS;

	ck_assert_int_gt(hold_at(near), 0);
	ck_assert_int_gt(hold_at(60 + near), 0);
	ck_assert_int_eq(hold_at(70 + near), 0); /* the flip is too old */
	beat_cost(&beat, 8 * NS_PER_MS); /* now it scatters too much */
	ck_assert_int_eq(hold_at(near), 0);
	beat = (struct beat){.flip_ns = 0};
	ck_assert_int_eq(hold_at(near), 0);
	beat_flip(&beat, FLIP_NS, PERIOD_NS);
	ck_assert_int_eq(hold_at(near), 0);
	beat_flip(&beat, FLIP_NS, 0);
	ck_assert_int_eq(hold_at(near), 0);
}
END_TEST

START_TEST(a_stop_is_no_cost)
{
	const struct beat before = beat;

	beat_cost(&beat, 500 * NS_PER_MS);
	ck_assert_int_eq(beat.high_ns, before.high_ns);
	ck_assert_int_eq(beat.low_ns, before.low_ns);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, marks_lie_around_the_costs);
	tcase_add_loop_test(tests, no_submit_on_either_side, 0, 2);
	tcase_add_test(tests, mid_period_is_not_held);
	tcase_add_test(tests, it_goes_on_longer_than_it_begins);
	tcase_add_test(tests, what_is_not_known_is_not_held);
	tcase_add_test(tests, a_stop_is_no_cost);
}

int main(void)
{
	return run_suite("beat", add_tests);
}
