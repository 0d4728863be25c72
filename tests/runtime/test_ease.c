/*
 * tests/runtime/test_ease.c: the curves of changes that take their time.
 */
#include "runtime/cycle/ease.h"

#include <math.h>
#include <string.h>

#include "tests/runtime/run_suite.h"

START_TEST(each_curve_goes_from_nothing_to_all_and_never_back)
{
	int64_t part, last = 0;

	ck_assert_int_eq(ease_at((enum ease)_i, 0), 0);
	ck_assert_int_eq(ease_at((enum ease)_i, EASE_ONE), EASE_ONE);
	for (part = 0; part <= EASE_ONE; part += 37) {
		int64_t at = ease_at((enum ease)_i, part);

		ck_assert_msg(at >= last && at <= EASE_ONE, "%s at %ld",
			      ease_name((enum ease)_i), (long)part);
		last = at;
	}
}
END_TEST

static double curve(enum ease ease, double t)
{
	switch (ease) {
	case EASE_QUAD_IN:
		return t * t;
	case EASE_CUBIC_IN:
		return t * t * t;
	case EASE_SINE_IN:
		return 1 - cos(t * M_PI / 2);
	default:
		return t;
	}
}

/* In, out and in-out of each. */
START_TEST(curves_are_what_they_are_called)
{
	static const enum ease kinds[] = {EASE_QUAD_IN, EASE_CUBIC_IN,
					  EASE_SINE_IN};
	enum ease in = kinds[_i];
	int64_t part;

	for (part = 0; part <= EASE_ONE; part += EASE_ONE / 64) {
		double t = (double)part / EASE_ONE, half;

		half = t < 0.5 ? curve(in, 2 * t) / 2
			       : 1 - curve(in, 2 - 2 * t) / 2;
		ck_assert_double_eq_tol((double)ease_at(in, part) / EASE_ONE,
					curve(in, t), 0.001);
		ck_assert_double_eq_tol(
			(double)ease_at(in + 1, part) / EASE_ONE,
			1 - curve(in, 1 - t), 0.001);
		ck_assert_double_eq_tol(
			(double)ease_at(in + 2, part) / EASE_ONE, half, 0.001);
	}
}
END_TEST

START_TEST(names)
{
	enum ease ease = EASE_COUNT;
	int i;

	for (i = 0; i < EASE_COUNT; i++) {
		ck_assert(ease_read(ease_name((enum ease)i), &ease));
		ck_assert_int_eq(ease, i);
	}
	ck_assert(ease_read("cubic", &ease) && ease == EASE_CUBIC_IN_OUT);
	ck_assert(ease_read("out", &ease) && ease == EASE_QUAD_OUT);
	ck_assert(!ease_read("", &ease) && !ease_read("Linear", &ease) &&
		  !ease_read("cubic-", &ease) && ease == EASE_QUAD_OUT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    each_curve_goes_from_nothing_to_all_and_never_back,
			    0, EASE_COUNT);
	tcase_add_loop_test(tests, curves_are_what_they_are_called, 0, 3);
	tcase_add_test(tests, names);
}

int main(void)
{
	return run_suite("ease", add);
}
