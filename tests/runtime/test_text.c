/*
 * tests/runtime/test_text.c: near names and strict numbers at their edges.
 * What is refused through --set is in test_set_param.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/text.h"

/* clang-format off */
static const struct {
	const char *a, *b;
	unsigned int distance;
} distances[] = {
	{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
	{"abc", "abd", 1}, {"abc", "ab", 1}, {"abc", "abcd", 1},
	{"abcd", "abdc", 1},			/* a swap is one step */
	{"ca", "abc", 3},			/* no edit inside a swap */
	{"kitten", "sitting", 3}, {"display", "diplsay", 2},
};
/* clang-format on */

START_TEST(distance)
{
	const char *a = distances[_i].a, *b = distances[_i].b;

	ck_assert_uint_eq(text_distance(a, strlen(a), b),
			  distances[_i].distance);
	ck_assert_uint_eq(text_distance(b, strlen(b), a),
			  distances[_i].distance);
}
END_TEST

START_TEST(long_names_are_near_nothing)
{
	char name[200];
	struct text_nearest best = {NULL, 0};

	memset(name, 'n', sizeof(name));
	name[127] = '\0';
	ck_assert_uint_eq(text_distance(name, 127, name), 0);
	name[127] = 'n';
	name[128] = '\0';
	text_nearest(&best, name, 128, name);
	ck_assert_ptr_null(best.name);
}
END_TEST

/* A third of the letters and what is left of one more. */
START_TEST(near_enough_and_one_too_far)
{
	struct text_nearest best = {NULL, 0};

	text_nearest(&best, "abcd", 4, "axyz");
	ck_assert_ptr_null(best.name);
	text_nearest(&best, "abc", 3, "axy");
	ck_assert_ptr_null(best.name);
	text_nearest(&best, "abcd", 4, "abxy");
	ck_assert_str_eq(best.name, "abxy");
}
END_TEST

START_TEST(the_nearest_wins_and_the_first_of_equals)
{
	struct text_nearest best = {NULL, 0};

	text_nearest(&best, "record", 6, "report");
	text_nearest(&best, "record", 6, "recorf");
	text_nearest(&best, "record", 6, "recore");
	ck_assert_str_eq(best.name, "recorf");
	ck_assert_uint_eq(best.distance, 1);
}
END_TEST

START_TEST(int_edges)
{
	int64_t value = 5;

	ck_assert(text_to_int("9223372036854775807", 19, INT64_MIN, INT64_MAX,
			      &value));
	ck_assert_int_eq(value, INT64_MAX);
	ck_assert(text_to_int("-9223372036854775808", 20, INT64_MIN, INT64_MAX,
			      &value));
	ck_assert_int_eq(value, INT64_MIN);
	ck_assert(!text_to_int("9223372036854775808", 19, INT64_MIN, INT64_MAX,
			       &value));
	ck_assert(!text_to_int("-", 1, INT64_MIN, INT64_MAX, &value));
	ck_assert(!text_to_int("+", 1, INT64_MIN, INT64_MAX, &value));
	ck_assert(!text_to_int("--1", 3, INT64_MIN, INT64_MAX, &value));
	ck_assert(!text_to_int("+-1", 3, INT64_MIN, INT64_MAX, &value));
	ck_assert_int_eq(value, INT64_MIN);
	ck_assert(text_to_int("12345", 2, 0, 99, &value));
	ck_assert_int_eq(value, 12);
	ck_assert(text_to_int("+7", 2, 7, 7, &value));
	ck_assert_int_eq(value, 7);
}
END_TEST

/* Each as --set takes it, and a description; tests/graph/test_units.c has the
 * values of these and more. */
static const char *const floats[] = {"+1",   "1.",   ".5",  "-.5",  "+.5e1",
				     "1.e1", "-1.5", "1e0", "1E-0", "01"};

START_TEST(float_forms)
{
	double value = 5;
	char more[16];

	ck_assert_msg(text_to_float(floats[_i], strlen(floats[_i]), -10, 10,
				    &value),
		      "%s", floats[_i]);
	ck_assert(value == strtod(floats[_i], NULL));
	snprintf(more, sizeof(more), "%sx", floats[_i]);
	ck_assert(!text_to_float(more, strlen(more), -10, 10, &value));
	/* what stands behind the length does not count */
	ck_assert(text_to_float(more, strlen(floats[_i]), -10, 10, &value));
	snprintf(more, sizeof(more), "+%s", floats[_i]);
	ck_assert_int_eq(text_to_float(more, strlen(more), -10, 10, &value),
			 !strchr("+-", floats[_i][0]));
}
END_TEST

START_TEST(a_number_may_not_be_endless)
{
	char digits[200];
	int64_t whole;
	double number;

	memset(digits, '0', sizeof(digits));
	ck_assert(!text_to_int(digits, sizeof(digits), 0, 1, &whole));
	ck_assert(!text_to_float(digits, sizeof(digits), 0, 1, &number));
}
END_TEST

START_TEST(float_edges)
{
	double value = 5;

	ck_assert(text_to_float("-0", 2, -1, 1, &value));
	ck_assert(value == 0);
	ck_assert(text_to_float("1E+2", 4, 0, 100, &value));
	ck_assert(value == 100);
	ck_assert(text_to_float("1e-400", 6, 0, 1, &value));
	ck_assert(value == 0);
	ck_assert(!text_to_float("100.00000001", 12, 0, 100, &value));
	ck_assert(!text_to_float("e5", 2, 0, 100, &value));
	ck_assert(!text_to_float("1e+", 3, 0, 100, &value));
	ck_assert(!text_to_float("1.2.3", 5, 0, 100, &value));
	ck_assert(!text_to_float("", 0, 0, 100, &value));
	ck_assert(!text_to_float(".", 1, 0, 100, &value));
	ck_assert(!text_to_float("+.", 2, 0, 100, &value));
	ck_assert(!text_to_float(".e1", 3, 0, 100, &value));
	ck_assert(!text_to_float("1.5", 2, 2, 100, &value)); /* 1. */
	ck_assert(!text_to_float("1e5", 2, 0, 100, &value)); /* 1e */
}
END_TEST

/* clang-format off */
static const struct {
	const char *text;
	uint32_t num, den; /* 0: refused */
} rates[] = {
	{"25", 25, 1}, {"30000/1001", 30000, 1001}, {"1/1000000000", 1, 1000000000},
	{"1000", 1000, 1}, {"1000/1", 1000, 1},
	{"1001", 0, 0}, {"1000000000/999999", 0, 0}, {"1000000001", 0, 0},
	{"0", 0, 0}, {"1/0", 0, 0}, {"-1", 0, 0}, {"", 0, 0}, {"/", 0, 0},
	{"25/", 0, 0}, {"/25", 0, 0}, {"25/1/1", 0, 0}, {" 25", 0, 0},
	{"25:1", 0, 0}, {"2.5", 0, 0},
};
/* clang-format on */

START_TEST(rate_edges)
{
	const char *text = rates[_i].text;
	struct rate rate = {7, 7};
	bool good = text_to_rate(text, strlen(text), '/', 1000, &rate);

	ck_assert_int_eq(good, rates[_i].num != 0);
	ck_assert_uint_eq(rate.num, good ? rates[_i].num : 7);
	ck_assert_uint_eq(rate.den, good ? rates[_i].den : 7);
}
END_TEST

START_TEST(append_never_overruns)
{
	char text[9] = "12345";

	text[8] = '#';
	text_append(text, 8, "%s", "6789");
	ck_assert_str_eq(text, "1234567");
	text_append(text, 8, "%s", "x");
	ck_assert_str_eq(text, "1234567");
	ck_assert_int_eq(text[8], '#');
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *tests = tcase_create("text");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, distance, 0,
			    sizeof(distances) / sizeof(distances[0]));
	tcase_add_test(tests, long_names_are_near_nothing);
	tcase_add_test(tests, the_nearest_wins_and_the_first_of_equals);
	tcase_add_test(tests, near_enough_and_one_too_far);
	tcase_add_test(tests, int_edges);
	tcase_add_test(tests, a_number_may_not_be_endless);
	tcase_add_test(tests, float_edges);
	tcase_add_loop_test(tests, float_forms, 0,
			    sizeof(floats) / sizeof(floats[0]));
	tcase_add_loop_test(tests, rate_edges, 0,
			    sizeof(rates) / sizeof(rates[0]));
	tcase_add_test(tests, append_never_overruns);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
