/*
 * tests/runtime/test_pll.c: the loop on rows of stamps whose truth is known:
 * what it estimates, what it does not believe, when it starts over.
 */
#include "runtime/time/pll.h"

#include <math.h>
#include <stdlib.h>

#include "tests/fakes/simulated_display.h"
#include "tests/runtime/run_suite.h"

#define START_NS (INT64_C(123456789) * NS_PER_MS)
#define GUESS_NS (NS_PER_SECOND / 60)

static struct pll pll;

static void setup(void)
{
	pll_init(&pll, GUESS_NS, false);
}

/* Refresh n of a display with that period. */
static struct pll_stamp stamp(double period_ns, uint64_t n)
{
	return (struct pll_stamp){
		.time_ns = START_NS + llround((double)n * period_ns),
		.sequence = 1000 + n,
		.hardware = true,
	};
}

static struct pll_stamp without_sequence(double period_ns, uint64_t n)
{
	struct pll_stamp one = stamp(period_ns, n);

	one.sequence = 0;
	one.hardware = false;
	return one;
}

static void feed(double period_ns, uint64_t from, uint64_t to)
{
	uint64_t n;

	for (n = from; n < to; n++) {
		struct pll_stamp one = stamp(period_ns, n);

		ck_assert(pll_add(&pll, &one));
	}
}

static bool add(struct pll_stamp one)
{
	return pll_add(&pll, &one);
}

/* ---- estimates ----------------------------------------------------------- */

START_TEST(a_perfect_row_is_a_perfect_line)
{
	const double period_ns = 1e9 / 59.94;
	uint64_t n;

	feed(period_ns, 0, 1000);
	ck_assert_double_eq_tol(pll.period_ns, period_ns, 0.05);
	ck_assert_int_eq(pll.cycle, 999);
	ck_assert_uint_eq(pll.outliers, 0);
	ck_assert_uint_eq(pll.starts, 1);
	for (n = 1000; n < 1100; n++)
		ck_assert_int_le(llabs(pll_time_of(&pll, (int64_t)n) -
				       stamp(period_ns, n).time_ns),
				 10);
}
END_TEST

/* The gains are those of a line through all stamps: compared with one that is
 * fitted in the usual way. */
START_TEST(the_first_stamps_give_the_least_squares_line)
{
	uint64_t random = 4711;
	double sum_n = 0, sum_t = 0, sum_nn = 0, sum_nt = 0, slope;
	int n;

	for (n = 0; n < 60; n++) {
		struct pll_stamp one = without_sequence(GUESS_NS, (uint64_t)n);
		double t;

		one.time_ns +=
			(int64_t)((simulated_random(&random) - 0.5) * 1e6);
		ck_assert(add(one));
		t = (double)(one.time_ns - START_NS);
		sum_n += n;
		sum_t += t;
		sum_nn += (double)n * n;
		sum_nt += n * t;
	}
	slope = (n * sum_nt - sum_n * sum_t) / (n * sum_nn - sum_n * sum_n);
	ck_assert_double_eq_tol(pll.period_ns, slope, 0.5);
	ck_assert_double_eq_tol((double)(pll_time_of(&pll, 0) - START_NS),
				(sum_t - slope * sum_n) / n, 30);
}
END_TEST

START_TEST(the_sequence_tells_the_period_where_the_guess_is_wrong)
{
	/* 144 Hz, seen at every fifth refresh or so */
	static const uint64_t seen[] = {0, 5, 9, 14, 20, 25, 31, 35, 40};
	size_t i;

	for (i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		ck_assert(add(stamp(1e9 / 144, seen[i])));
	ck_assert_double_eq_tol(pll.period_ns, 1e9 / 144, 1);
	ck_assert_int_eq(pll.cycle, 40);
}
END_TEST

START_TEST(the_loop_counts_by_time)
{
	struct pll_stamp one;
	uint64_t n;

	feed(GUESS_NS, 0, 100);
	/* every third refresh is not counted, and most are not seen */
	for (n = 100; n < 400; n += 7) {
		one = stamp(GUESS_NS, n);
		one.sequence = 1100 + (n - 100) * 2 / 3;
		pll_add(&pll, &one);
		if (pll.starts > 1)
			break;
	}
	/* it is doubted for that, and rightly: all of them disagree */
	ck_assert_uint_eq(pll.starts, 2);
	setup();
	feed(GUESS_NS, 0, 100);
	for (n = 100; n < 400; n++) {
		one = stamp(GUESS_NS, n);
		one.sequence -= (n - 100) / 10; /* one in ten is missed */
		ck_assert(pll_add(&pll, &one));
	}
	ck_assert_uint_eq(pll.starts, 1);
	ck_assert_int_eq(pll.cycle, 399);
	ck_assert_double_eq_tol(pll.period_ns, GUESS_NS, 1);
}
END_TEST

START_TEST(a_gap_of_half_a_second_is_no_matter)
{
	feed(GUESS_NS, 0, 100);
	ck_assert(add(stamp(GUESS_NS, 130)));
	ck_assert_int_eq(pll.cycle, 130);
	ck_assert(add(without_sequence(GUESS_NS, 161)));
	ck_assert_int_eq(pll.cycle, 161);
	ck_assert_uint_eq(pll.starts, 1);
}
END_TEST

START_TEST(cycle_after_is_the_inverse_of_time_of)
{
	uint64_t random = 99;
	int64_t cycle, time_ns;
	int i;

	feed(1e9 / 59.94, 0, 300);
	for (i = 0; i < 100000; i++) {
		time_ns =
			START_NS + (int64_t)(simulated_random(&random) * 1e11);
		cycle = pll_cycle_after(&pll, time_ns);
		/* rounded to a nanosecond, once each */
		ck_assert_int_ge(pll_time_of(&pll, cycle) + 1, time_ns);
		ck_assert_int_le(pll_time_of(&pll, cycle - 1) - 1, time_ns);
	}
}
END_TEST

/* ---- stamps not believed ------------------------------------------------- */

START_TEST(an_outlier_changes_nothing)
{
	struct pll_stamp wrong;
	struct pll before;

	feed(GUESS_NS, 0, 100);
	before = pll;
	wrong = stamp(GUESS_NS, 100);
	wrong.time_ns += 3 * NS_PER_MS;
	ck_assert(!pll_add(&pll, &wrong));
	ck_assert_double_eq_tol(pll.error_ns, 3e6, 1000);
	ck_assert_int_eq(pll.cycle, before.cycle);
	ck_assert_int_eq(pll.time_ns, before.time_ns);
	ck_assert(pll.period_ns == before.period_ns);
	ck_assert_uint_eq(pll.outliers, 1);
	ck_assert(add(stamp(GUESS_NS, 101)));
	ck_assert_int_eq(pll.cycle, 101);
}
END_TEST

START_TEST(a_stamp_twice_or_from_the_past_is_an_outlier)
{
	feed(GUESS_NS, 0, 100);
	ck_assert(!add(stamp(GUESS_NS, 99)));
	ck_assert(!add(stamp(GUESS_NS, 50)));
	ck_assert(!add(without_sequence(GUESS_NS, 98)));
	ck_assert_int_eq(pll.cycle, 99);
	ck_assert_uint_eq(pll.outliers, 3);
	ck_assert_uint_eq(pll.starts, 1);
}
END_TEST

START_TEST(a_first_flip_that_is_none_is_forgotten)
{
	struct pll_stamp at_once = stamp(GUESS_NS, 0);
	uint64_t n;

	/* 7 ms after the refresh: completed at once, nothing was on view */
	at_once.time_ns += 7 * NS_PER_MS;
	add(at_once);
	for (n = 1; n < 60; n++)
		add(stamp(GUESS_NS, n));
	ck_assert_double_eq_tol(pll.period_ns, GUESS_NS, 1);
	ck_assert_int_le(llabs(pll_time_of(&pll, pll.cycle) -
			       stamp(GUESS_NS, 59).time_ns),
			 10);
	ck_assert_uint_ge(pll.samples, PLL_SETTLED);
}
END_TEST

START_TEST(dice_never_settle)
{
	struct pll_stamp one = {.time_ns = START_NS};
	uint64_t random = 7;
	uint32_t most = 0;
	int i;

	for (i = 0; i < 100000; i++) {
		one.time_ns += 1 + (int64_t)(simulated_random(&random) * 34e6);
		pll_add(&pll, &one);
		if (pll.samples > most)
			most = pll.samples;
	}
	ck_assert_uint_lt(most, 3 * PLL_SETTLED);
	ck_assert_uint_gt(pll.starts, 1000);
}
END_TEST

/* ---- starting over ------------------------------------------------------- */

static const struct {
	const char *name;
	double from_hz, to_hz;
	bool counted;
} modes[] = {
	{"all out of phase", 60, 75, true},
	{"one in five in phase", 60, 75, false},
	{"half the rate, by sequence alone", 60, 30, true},
	{"twice the rate, by sequence alone", 60, 120, true},
	{"near", 60, 59, true},
	{"near, by time", 60, 59, false},
};

/* A flip a refresh up to 60 Hz, every other one above. */
START_TEST(another_mode_starts_it_over)
{
	uint64_t step = modes[_i].to_hz > 100 ? 2 : 1;
	uint64_t n;

	feed(1e9 / modes[_i].from_hz, 0, 500);
	for (n = 1; n <= 100; n++) {
		struct pll_stamp one = stamp(1e9 / modes[_i].to_hz, n * step);

		one.time_ns += 500 * NS_PER_SECOND / 60 + 3 * NS_PER_MS;
		one.sequence += 500;
		if (!modes[_i].counted)
			one.sequence = 0;
		pll_add(&pll, &one);
	}
	ck_assert_msg(pll.starts >= 2, "%s: not noticed", modes[_i].name);
	ck_assert_msg(fabs(pll.period_ns * modes[_i].to_hz / 1e9 - 1) < 1e-6,
		      "%s: period %.1f", modes[_i].name, pll.period_ns);
	ck_assert_uint_ge(pll.samples, PLL_SETTLED);
}
END_TEST

START_TEST(a_known_mode_is_held_to)
{
	uint64_t n;

	pll_init(&pll, GUESS_NS, true);
	/* 13 / 7 of the period fit every seventh stamp */
	for (n = 0; n < 500; n++)
		add(without_sequence(GUESS_NS * 13.0 / 7, n));
	ck_assert_double_eq_tol(pll.period_ns / GUESS_NS, 1, 1.0 / 16);
	ck_assert_uint_lt(pll.samples, 3 * PLL_SETTLED);
	pll_init(&pll, GUESS_NS, true);
	for (n = 0; n < 500; n++)
		ck_assert(add(stamp(1e9 / 59.94, n)));
	ck_assert_double_eq_tol(pll.period_ns, 1e9 / 59.94, 1);
}
END_TEST

/* Each assertion of Check writes to a pipe: too slow for a million. */
static bool is_sane(void)
{
	return isfinite(pll.spread_ns) &&
	       pll.period_ns >= (double)PLL_PERIOD_MIN_NS &&
	       pll.period_ns <= (double)PLL_PERIOD_MAX_NS &&
	       fabs(pll.fraction_ns) <= 0.5 &&
	       pll.samples <= PLL_MEMORY_SOFTWARE;
}

START_TEST(any_stamps_leave_sane_figures)
{
	uint64_t random = 31337;
	int i;

	for (i = 0; i < 1000000; i++) {
		struct pll_stamp one = {
			.time_ns = (int64_t)(simulated_random(&random) * 9e18),
			.sequence = (uint64_t)(simulated_random(&random) * 3),
			.hardware = i & 1,
		};

		/* often in a row, so that it gets beyond the first stamps */
		if (i % 100)
			one.time_ns =
				pll.time_ns +
				(int64_t)(simulated_random(&random) * 4e7);
		pll_add(&pll, &one);
		if (!is_sane())
			ck_abort_msg("stamp %d: period %g fraction %g", i,
				     pll.period_ns, pll.fraction_ns);
	}
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, a_perfect_row_is_a_perfect_line);
	tcase_add_test(tests, the_first_stamps_give_the_least_squares_line);
	tcase_add_test(tests,
		       the_sequence_tells_the_period_where_the_guess_is_wrong);
	tcase_add_test(tests, the_loop_counts_by_time);
	tcase_add_test(tests, a_gap_of_half_a_second_is_no_matter);
	tcase_add_test(tests, cycle_after_is_the_inverse_of_time_of);
	tcase_add_test(tests, an_outlier_changes_nothing);
	tcase_add_test(tests, a_stamp_twice_or_from_the_past_is_an_outlier);
	tcase_add_test(tests, a_first_flip_that_is_none_is_forgotten);
	tcase_add_test(tests, dice_never_settle);
	tcase_add_loop_test(tests, another_mode_starts_it_over, 0,
			    sizeof(modes) / sizeof(modes[0]));
	tcase_add_test(tests, a_known_mode_is_held_to);
	tcase_add_test(tests, any_stamps_leave_sane_figures);
}

int main(void)
{
	return run_suite("pll", add_tests);
}
