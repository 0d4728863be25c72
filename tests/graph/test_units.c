/*
 * tests/graph/test_units.c: the small readers that the passes stand on:
 * numbers, formulas, names, hints, and the text that is written.
 */
#include <check.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "tools/graphc/binding.h"
#include "tools/graphc/formula.h"
#include "tools/graphc/limits.h"
#include "tools/graphc/number.h"
#include "tools/graphc/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

START_TEST(whole_numbers)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"+7", true, 7},
		{"007", true, 7},
		{"-2147483648", true, INT32_MIN},
		{"999999999999999999", true, 999999999999999999},
		{"-999999999999999999", true, -999999999999999999},
		{"9999999999999999999", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"--1", false, 0},
		{"1 ", false, 0},
		{" 1", false, 0},
		{"1.0", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
		{"1_000", false, 0},
	};
	int64_t value;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		ck_assert_msg(number_int(rows[i].text, &value) == rows[i].good,
			      "'%s'", rows[i].text);
		if (rows[i].good)
			ck_assert_int_eq(value, rows[i].value);
	}
}
END_TEST

START_TEST(fractions)
{
	static const char *const bad[] = {
		"",    ".",    "-",	"e5",  "1e",   "1e+",	"1.2.3", "nan",
		"inf", "-inf", "0x1p3", "1,5", "1.5f", "1e999", " 1",	 "1 "};
	static const struct {
		const char *text;
		double value;
	} good[] = {
		{"0", 0},      {"-0.5", -0.5}, {".25", 0.25},
		{"3.", 3},     {"1e3", 1000},  {"-1.5E-2", -0.015},
		{"+2e+1", 20}, {"1e-400", 0},  {"1e308", 1e308},
	};
	double value;
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		ck_assert_msg(!number_float(bad[i], &value), "'%s'", bad[i]);
	for (i = 0; i < COUNT(good); i++) {
		ck_assert_msg(number_float(good[i].text, &value), "'%s'",
			      good[i].text);
		ck_assert_double_eq(value, good[i].value);
	}
}
END_TEST

START_TEST(colors_bytes_and_pairs)
{
	uint32_t color, first, second = 77;
	uint64_t bytes;

	ck_assert(number_color("#09aFfF", &color));
	ck_assert_uint_eq(color, 0xFF09AFFFu);
	ck_assert(!number_color("09afff", &color));
	ck_assert(!number_color("#09aff", &color));
	ck_assert(!number_color("#09afff0", &color));
	ck_assert(!number_color("#09afg0", &color));
	ck_assert(!number_color("#@@@@@@", &color));

	ck_assert(number_bytes("12", &bytes) && bytes == 12);
	ck_assert(number_bytes("3KiB", &bytes) && bytes == 3072);
	ck_assert(number_bytes("64GiB", &bytes) && bytes == (uint64_t)64 << 30);
	ck_assert(!number_bytes("1kib", &bytes));
	ck_assert(!number_bytes("1MB", &bytes));
	ck_assert(!number_bytes("-1", &bytes));
	ck_assert(!number_bytes("99999999999999GiB", &bytes));

	ck_assert(number_pair("60", '/', true, &first, &second));
	ck_assert(first == 60 && second == 77);
	ck_assert(number_pair("60000/1001", '/', true, &first, &second));
	ck_assert(first == 60000 && second == 1001);
	ck_assert(!number_pair("60", 'x', false, &first, &second));
	ck_assert(!number_pair("60x", 'x', false, &first, &second));
	ck_assert(!number_pair("x60", 'x', false, &first, &second));
	ck_assert(!number_pair("6x6x6", 'x', false, &first, &second));
	ck_assert(!number_pair("1234567890x1", 'x', false, &first, &second));
}
END_TEST

START_TEST(formulas)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{"0", 0},
		{" 16 ", 16},
		{"width", 101},
		{"height*width", 3030},
		{"16 + 2 * ((width + 3) / 4)", 68},
		{"7 - 2 - 3", 2},
		{"100 / 7 / 2", 7},
		{"100 / 7 * 2", 28},
		{"2 + 3 * 4 - 1", 13},
		{"(2 + 3) * 4", 20},
		{"10 - width / 11", 1},
		{"9223372036854775807", INT64_MAX},
		{"((((((((((((((((1))))))))))))))))", 1},
	};
	static const struct {
		const char *text;
		enum formula_status status;
		uint32_t offset;
	} bad[] = {
		{"", FORMULA_SYNTAX, 0},
		{"1 +", FORMULA_SYNTAX, 3},
		{"(1", FORMULA_SYNTAX, 2},
		{"1)", FORMULA_SYNTAX, 1},
		{"1 2", FORMULA_SYNTAX, 2},
		{"1.5", FORMULA_SYNTAX, 1},
		{"widths", FORMULA_SYNTAX, 0},
		{"2 * Width", FORMULA_SYNTAX, 4},
		{"-1", FORMULA_SYNTAX, 0},
		{"+1", FORMULA_SYNTAX, 0},
		{"(((((((((((((((((1)))))))))))))))))", FORMULA_SYNTAX, 16},
		{"9223372036854775808", FORMULA_OVERFLOW, 0},
		{"9223372036854775807 + 1", FORMULA_OVERFLOW, 20},
		{"9223372036854775807 * 2", FORMULA_OVERFLOW, 20},
		{"0 - 9223372036854775807 - 2", FORMULA_OVERFLOW, 24},
		{"(0 - 9223372036854775807 - 1) / (0 - 1)", FORMULA_OVERFLOW,
		 30},
		{"1 / 0", FORMULA_DIVISION, 2},
		{"1 / (width - 101)", FORMULA_DIVISION, 2},
		{"30 - width", FORMULA_NEGATIVE, 0},
	};
	uint32_t offset;
	uint64_t value;
	size_t i;

	for (i = 0; i < COUNT(good); i++) {
		ck_assert_msg(formula_value(good[i].text, 101, 30, &value,
					    &offset) == FORMULA_OK,
			      "'%s'", good[i].text);
		ck_assert_msg(value == good[i].value, "'%s'", good[i].text);
	}
	for (i = 0; i < COUNT(bad); i++) {
		ck_assert_msg(formula_value(bad[i].text, 101, 30, &value,
					    &offset) == bad[i].status,
			      "'%s'", bad[i].text);
		ck_assert_msg(offset == bad[i].offset, "'%s' at %u",
			      bad[i].text, offset);
	}
}
END_TEST

START_TEST(names_that_meet_in_c)
{
	ck_assert(name_same("a-b", "a_b"));
	ck_assert(name_same("Src", "sRC"));
	ck_assert(!name_same("ab", "a"));
	ck_assert(!name_same("a", "ab"));
	ck_assert(!name_same("a", "b"));
}
END_TEST

static const char *hint(const char *name, const char *const *names,
			size_t count)
{
	static struct diag diag;

	diag_init(&diag);
	return diag_hint(&diag, name, names, count);
}

START_TEST(hints)
{
	static const char *const names[] = {"ball", "bars", "blur", "waveform"};
	static const char *const swapped[] = {"gradient"};
	static const char *many[13];
	size_t i;

	ck_assert_str_eq(hint("bal", names, 4), " (did you mean 'ball'?)");
	ck_assert_str_eq(hint("blal", names, 4), " (did you mean 'ball'?)");
	ck_assert_str_eq(hint("blurr", names, 4), " (did you mean 'blur'?)");
	ck_assert_str_eq(hint("wave_from", names, 4),
			 " (did you mean 'waveform'?)");
	ck_assert_str_eq(hint("xy", names, 4),
			 "; there is ball, bars, blur, waveform");
	ck_assert_str_eq(hint("xy", names, 0), "");
	ck_assert_str_eq(hint("rgadinet", swapped, 1),
			 " (did you mean 'gradient'?)");
	for (i = 0; i < COUNT(many); i++)
		many[i] = "something";
	ck_assert_str_eq(hint("xy", many, COUNT(many)), "");
}
END_TEST

START_TEST(quotes_are_safe_to_print)
{
	static struct diag diag;
	char text[300];

	diag_init(&diag);
	ck_assert_str_eq(diag_quote(&diag, "a\x1b[2J\n\xc3\xa9"), "a?[2J???");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	ck_assert_uint_lt(strlen(diag_quote(&diag, text)), 96);
	ck_assert_str_eq(strchr(diag_quote(&diag, text), '.'), "...");
}
END_TEST

START_TEST(doubles_read_back)
{
	static const double values[] = {0,	1,	  -0.1,	   1.0 / 3,
					1e300,	123456,	  DBL_MAX, 5e-324,
					-0.001, 16777217, 59.94};
	struct arena arena;
	struct text text;
	size_t i;

	arena_init(&arena);
	for (i = 0; i < COUNT(values); i++) {
		text_init(&text, &arena);
		text_add_double(&text, values[i]);
		ck_assert_msg(strtod(text.bytes, NULL) == values[i], "%s",
			      text.bytes);
	}
	text_init(&text, &arena);
	text_add_double(&text, 0.1);
	ck_assert_str_eq(text.bytes, "0.1");
	arena_finish(&arena);
}
END_TEST

START_TEST(texts_grow)
{
	struct arena arena;
	struct text text;
	uint32_t i;

	arena_init(&arena);
	text_init(&text, &arena);
	for (i = 0; i < 20000; i++)
		text_add(&text, "%05u", i);
	ck_assert_uint_eq(text.used, 100000);
	ck_assert_uint_eq(strlen(text.bytes), 100000);
	for (i = 0; i < 20000; i++)
		ck_assert_int_eq(
			atoi(arena_text(&arena, text.bytes + 5 * i, 5)),
			(int)i);
	arena_finish(&arena);
}
END_TEST

START_TEST(every_rule_has_a_name_of_its_own)
{
	enum rule a, b;

	for (a = 0; a < RULE_COUNT; a++) {
		ck_assert_uint_eq(
			strspn(rule_name(a),
			       "abcdefghijklmnopqrstuvwxyz0123456789-"),
			strlen(rule_name(a)));
		for (b = 0; b < a; b++)
			ck_assert_str_ne(rule_name(a), rule_name(b));
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("graphc: units");
	TCase *tcase = tcase_create("units");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tcase, whole_numbers);
	tcase_add_test(tcase, fractions);
	tcase_add_test(tcase, colors_bytes_and_pairs);
	tcase_add_test(tcase, formulas);
	tcase_add_test(tcase, names_that_meet_in_c);
	tcase_add_test(tcase, hints);
	tcase_add_test(tcase, quotes_are_safe_to_print);
	tcase_add_test(tcase, doubles_read_back);
	tcase_add_test(tcase, texts_grow);
	tcase_add_test(tcase, every_rule_has_a_name_of_its_own);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
