/*
 * tests/runtime/test_fps.c: the window, and what floods and stalls make of it.
 */
#include "runtime/observe/fps.h"

#include <math.h>

#include "tests/runtime/run_suite.h"

#define MS INT64_C(1000000)

/* count frames, one every step_ns after *now_ns. */
static void frames(struct fps *fps, int64_t *now_ns, int count, int64_t step_ns)
{
	for (int i = 0; i < count; i++) {
		*now_ns += step_ns;
		fps_add(fps, *now_ns);
	}
}

static void check_value(const struct fps *fps, double expected)
{
	ck_assert_msg(fabs(fps_value(fps) - expected) < 1e-6,
		      "%.9f fps, expected %.9f", fps_value(fps), expected);
}

START_TEST(unknown_until_more_than_100_ms)
{
	struct fps fps = {.count = 0};
	int64_t now = 5000 * MS;

	check_value(&fps, 0);
	frames(&fps, &now, 1, 0);
	check_value(&fps, 0);
	frames(&fps, &now, 5, 20 * MS); /* a span of exactly 0.1 s */
	check_value(&fps, 0);
	now++;
	fps_add(&fps, now); /* one nanosecond more */
	check_value(&fps, 6 * 1e9 / (100e6 + 1));
}
END_TEST

START_TEST(steady_rates)
{
	static const int64_t periods[] = {40 * MS, 16666667, 10 * MS, 5 * MS};
	struct fps fps = {.count = 0};
	int64_t now = 0;

	frames(&fps, &now, 100, periods[_i]);
	check_value(&fps, fmin(1e9 / (double)periods[_i], 200));
}
END_TEST

/* The seed showed 157762.4 here. */
START_TEST(a_flood_never_shows_more_than_200)
{
	struct fps fps = {.count = 0};
	int64_t now = 0;
	double most = 0;

	frames(&fps, &now, 60, 16666667);
	for (int i = 0; i < 10000; i++) {
		frames(&fps, &now, 1, 6000 + i % 7);
		most = fmax(most, fps_value(&fps));
	}
	ck_assert(most <= 200);
	check_value(&fps, 0); /* 30 frames in 0.2 ms: not known */
	frames(&fps, &now, 29, 4 * MS);
	check_value(&fps, 200); /* 250 a second, capped */
}
END_TEST

/* One gap of half a second among 29 others of 1/60 s. */
START_TEST(a_stall_is_in_the_window_for_30_frames)
{
	struct fps fps = {.count = 0};
	int64_t now = 0;

	frames(&fps, &now, 60, 10 * MS);
	frames(&fps, &now, 1, 500 * MS);
	check_value(&fps, 29e9 / (280e6 + 500e6));
	frames(&fps, &now, 28, 10 * MS);
	check_value(&fps, 29e9 / (280e6 + 500e6));
	frames(&fps, &now, 1, 10 * MS);
	check_value(&fps, 100);
}
END_TEST

START_TEST(frames_at_one_instant)
{
	struct fps fps = {.count = 0};
	int64_t now = 7;

	frames(&fps, &now, 100, 0);
	check_value(&fps, 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, unknown_until_more_than_100_ms);
	tcase_add_loop_test(tests, steady_rates, 0, 4);
	tcase_add_test(tests, a_flood_never_shows_more_than_200);
	tcase_add_test(tests, a_stall_is_in_the_window_for_30_frames);
	tcase_add_test(tests, frames_at_one_instant);
}

int main(void)
{
	return run_suite("fps", add);
}
