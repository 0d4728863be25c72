/* tests/runtime/test_wall.c: the time of day, and that of a perfect run. */
#include <check.h>
#include <time.h>

#include "runtime/time/wall.h"

START_TEST(it_is_between_two_readings)
{
	struct timespec before, after;
	int64_t now_ms;

	clock_gettime(CLOCK_REALTIME, &before);
	now_ms = wall_now_ms();
	clock_gettime(CLOCK_REALTIME, &after);
	ck_assert_int_ge(now_ms / 1000, before.tv_sec);
	ck_assert_int_le(now_ms / 1000, after.tv_sec);
}
END_TEST

/* 2000-01-01 00:00 UTC, and the ticks since. */
START_TEST(a_perfect_run_begins_with_2000)
{
	const struct rate ntsc = {60000, 1001};

	ck_assert_int_eq(wall_nominal_ms(ntsc, 0), INT64_C(946684800000));
	ck_assert_int_eq(wall_nominal_ms(ntsc, 60), INT64_C(946684801001));
	ck_assert_int_eq(wall_nominal_ms(ntsc, 1), INT64_C(946684800016));
	ck_assert_int_eq(wall_nominal_ms((struct rate){50, 1}, 4320000),
			 INT64_C(946771200000));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wall");
	TCase *tests = tcase_create("wall");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tests, it_is_between_two_readings);
	tcase_add_test(tests, a_perfect_run_begins_with_2000);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
