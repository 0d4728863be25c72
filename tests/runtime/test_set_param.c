/*
 * tests/runtime/test_set_param.c: --set: every type, its limits, and that a
 * refused assignment changes nothing.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/app/characters.h"
#include "runtime/control/set_param.h"
#include "tests/runtime/sample_graph.h"

static _Alignas(64) unsigned char pool[256];
static char message[512];

static struct sample_params params(void)
{
	struct sample_params copy;

	memcpy(&copy, pool + SAMPLE_PARAMS, sizeof(copy));
	return copy;
}

static void setup(void)
{
	memset(pool, 0xa5, sizeof(pool));
	memcpy(pool + SAMPLE_PARAMS, &sample_defaults, sizeof(sample_defaults));
}

static bool set(const char *assignment)
{
	memset(message, 0, sizeof(message));
	return set_param(&sample_graph, assignment, pool, message,
			 sizeof(message));
}

/* ---- accepted ----------------------------------------------------------- */

START_TEST(int_is_written)
{
	ck_assert(set("ball.radius=1"));
	ck_assert_int_eq(params().radius, 1);
	ck_assert(set("ball.radius=4096"));
	ck_assert_int_eq(params().radius, 4096);
	ck_assert(set("ball.radius=007"));
	ck_assert_int_eq(params().radius, 7);
}
END_TEST

START_TEST(float_vector_is_written)
{
	ck_assert(set("ball.velocity=-1e5,2.5e-1"));
	ck_assert(params().velocity[0] == -100000.0);
	ck_assert(params().velocity[1] == 0.25);
}
END_TEST

START_TEST(int_vector_is_written)
{
	ck_assert(set("back.weights=-9,0,9"));
	ck_assert_int_eq(params().weights[0], -9);
	ck_assert_int_eq(params().weights[1], 0);
	ck_assert_int_eq(params().weights[2], 9);
}
END_TEST

/* As a description may have them. */
START_TEST(numbers_have_one_grammar)
{
	ck_assert(set("ball.radius=+40"));
	ck_assert_int_eq(params().radius, 40);
	ck_assert(set("ball.velocity=+.5,5."));
	ck_assert(params().velocity[0] == 0.5);
	ck_assert(params().velocity[1] == 5);
}
END_TEST

START_TEST(color_is_opaque)
{
	ck_assert(set("back.color=#0123aF"));
	ck_assert_uint_eq(params().color, 0xff0123af);
}
END_TEST

START_TEST(rgba_is_opaque_or_says_how_much)
{
	ck_assert(set("back.veil=#0123aF"));
	ck_assert_uint_eq(params().veil, 0xff0123af);
	ck_assert(set("back.veil=#0123aF7c"));
	ck_assert_uint_eq(params().veil, 0x7c0123af);
	ck_assert(set("back.veil=#0123aF00"));
	ck_assert_uint_eq(params().veil, 0x000123af);
}
END_TEST

/* All that follows is the text, and what was there before is gone. */
START_TEST(string_is_written_with_nuls_behind_it)
{
	static const char nuls[13];

	ck_assert(set("back.text=a=b, #\303\204,"));
	ck_assert_str_eq(params().text, "a=b, #\303\204,");
	ck_assert(set("back.text=xy"));
	ck_assert_mem_eq(params().text, "xy\0\0\0\0\0\0\0\0\0\0\0", 13);
	ck_assert(set("back.text=123456789012"));
	ck_assert_str_eq(params().text, "123456789012");
	ck_assert(set("back.text="));
	ck_assert_mem_eq(params().text, nuls, 13);
}
END_TEST

START_TEST(bool_and_choice_are_indices)
{
	ck_assert(set("ball.on=false"));
	ck_assert_int_eq(params().on, 0);
	ck_assert(set("ball.on=true"));
	ck_assert_int_eq(params().on, 1);
	ck_assert(set("back.mode=fast"));
	ck_assert_int_eq(params().mode, 0);
	ck_assert(set("back.mode=fastest"));
	ck_assert_int_eq(params().mode, 2);
}
END_TEST

START_TEST(only_its_own_bytes_change)
{
	unsigned char before[sizeof(pool)];
	size_t i, changed = 0;

	memcpy(before, pool, sizeof(pool));
	ck_assert(set("back.weights=-9,-9,-9"));
	for (i = 0; i < sizeof(pool); i++) {
		if (before[i] == pool[i])
			continue;
		changed++;
		ck_assert_uint_ge(i, SAMPLE_AT(weights));
		ck_assert_uint_lt(i, SAMPLE_AT(weights) + 12);
	}
	ck_assert_uint_eq(changed, 12);
}
END_TEST

START_TEST(check_alone_writes_nothing)
{
	unsigned char before[sizeof(pool)];

	memcpy(before, pool, sizeof(pool));
	ck_assert(set_param(&sample_graph, "ball.radius=7", NULL, message,
			    sizeof(message)));
	ck_assert_mem_eq(before, pool, sizeof(pool));
}
END_TEST

/* ---- refused ------------------------------------------------------------ */

/* clang-format off */
static const struct {
	const char *assignment, *named;
} refused[] = {
	{"",				"NODE.PARAM=VALUE"},
	{"ball.radius",			"NODE.PARAM=VALUE"},
	{"ball.radius=",		"1 to 4096 px"},
	{"ball.radius=0",		"a whole number from 1 to 4096 px"},
	{"ball.radius=4097",		"1 to 4096 px"},
	{"ball.radius=-40",		"1 to 4096 px"},
	{"ball.radius=4e1",		"1 to 4096 px"},
	{"ball.radius=40.0",		"1 to 4096 px"},
	{"ball.radius=0x10",		"1 to 4096 px"},
	{"ball.radius= 40",		"1 to 4096 px"},
	{"ball.radius=40 ",		"1 to 4096 px"},
	{"ball.radius=+-40",		"1 to 4096 px"},
	{"ball.radius=40,41",		"1 to 4096 px"},
	{"ball.radius=4294967336",	"1 to 4096 px"}, /* 40 in 32 bits */
	{"ball.radius=18446744073709551656", "1 to 4096 px"}, /* in 64 */
	{"ball.velocity=1",		"2 values"},
	{"ball.velocity=1,",		"2 values"},
	{"ball.velocity=,1",		"2 values"},
	{"ball.velocity=1,2,",		"2 values"},
	{"ball.velocity=1,2,3",		"2 values"},
	{"ball.velocity=1;2",		"2 values"},
	{"ball.velocity=nan,1",		"-100000 to 100000 px/s"},
	{"ball.velocity=1,inf",		"-100000 to 100000 px/s"},
	{"ball.velocity=1,1e999",	"-100000 to 100000 px/s"},
	{"ball.velocity=1,0x1p3",	"-100000 to 100000 px/s"},
	{"ball.velocity=1,100000.5",	"-100000 to 100000 px/s"},
	{"ball.velocity=1,.",		"-100000 to 100000 px/s"},
	{"ball.velocity=1,.e1",		"-100000 to 100000 px/s"},
	{"ball.velocity=1,1e",		"-100000 to 100000 px/s"},
	{"back.color=ff8000",		"#rrggbb"},
	{"back.color=#ff800",		"#rrggbb"},
	{"back.color=#ff80000",		"#rrggbb"},
	{"back.color=#gg8000",		"#rrggbb"},
	{"back.color=#ff80 0",		"#rrggbb"},
	{"back.color=#ff800080",	"#rrggbb"}, /* opaque by type */
	{"back.veil=#ff80008",		"#rrggbb or #rrggbbaa"},
	{"back.veil=#ff8000800",	"#rrggbb or #rrggbbaa"},
	{"back.veil=#ff80008g",		"#rrggbb or #rrggbbaa"},
	{"back.veil=ff800080",		"#rrggbb or #rrggbbaa"},
	{"back.text=1234567890123",	"of 12 bytes at most; this has 13"},
	{"back.text=12345678901\303\204", "of 12 bytes at most; this has 13"},
	{"back.text=a\303",		"is no UTF-8"},
	{"back.text=a\300\200",		"is no UTF-8"},
	{"back.text=\355\240\200",	"is no UTF-8"}, /* a surrogate */
	{"back.text=a\tb",		"U+0009 is a control character"},
	{"back.text=a\nb",		"U+000A is a control character"},
	{"back.text=\302\205",		"U+0085 is a control character"},
	{"back.text=a\342\200\215b",	"U+200D is a control character"},
	{"back.text=e\314\201",		"U+0301 is a combining mark"},
	{"back.text=\327\251",		"U+05E9 is of a script that needs"},
	{"back.text=\330\263",		"U+0633 is of a script that needs"},
	{"back.text=\340\244\225",	"U+0915 is of a script that needs"},
	{"back.text=\340\270\201",	"U+0E01 is of a script that needs"},
	{"back.text=\357\273\277",	"U+FEFF is a control character"},
	{"ball.on=1",			"true or false"},
	{"ball.on=True",		"true or false"},
	{"ball.on=tru",			"true or false"},
	{"back.mode=quick",		"one of fast, slow, fastest"},
	{"back.mode=fas",		"one of fast, slow, fastest"},
	{"back.mode=1",			"one of fast, slow, fastest"},
	{"bal.radius=40",		"did you mean ball.radius?"},
	{"ball.raduis=40",		"did you mean ball.radius?"},
	{"ball.radius.x=40",		"did you mean ball.radius?"},
	{"Ball.Radius=40",		"did you mean ball.radius?"},
	{"radius=40",			"--help"},
	{"zzz=40",			"--help"},
	{"=40",				"--help"},
};
/* clang-format on */

START_TEST(refusal_names_the_way_out_and_writes_nothing)
{
	unsigned char before[sizeof(pool)];

	memcpy(before, pool, sizeof(pool));
	ck_assert_msg(!set(refused[_i].assignment), "accepted: %s",
		      refused[_i].assignment);
	ck_assert_msg(strstr(message, refused[_i].named), "%s: %s",
		      refused[_i].assignment, message);
	ck_assert_ptr_null(strchr(message, '\n'));
	ck_assert_mem_eq(before, pool, sizeof(pool));
}
END_TEST

START_TEST(long_and_odd_text_stays_one_line)
{
	char *text = malloc(100002);

	memset(text, 'a', 100000);
	memcpy(text, "ball.\n\033[31m", 10);
	text[100000] = '=';
	text[100001] = '\0';
	ck_assert(!set(text));
	ck_assert_uint_lt(strlen(message), 256);
	ck_assert_ptr_null(strpbrk(message, "\n\033"));
	text[0] = '\0';
	free(text);
}
END_TEST

/* Bytes that no terminal can show are not passed on; those of a letter are. */
START_TEST(a_refusal_is_utf8)
{
	ck_assert(!set("back.text=\303\204\377\303"));
	ck_assert_msg(strstr(message, "--set back.text=\303\204??: must be"),
		      "%s", message);
}
END_TEST

START_TEST(what_the_graph_fixes_is_told)
{
	struct graph_param row = sample_param_rows[0];
	struct graph graph = sample_graph;

	row.min = row.max = 40;
	graph.params = &row;
	graph.param_count = 1;
	ck_assert(!set_param(&graph, "ball.radius=41", pool, message,
			     sizeof(message)));
	ck_assert_str_eq(message, "--set ball.radius=41: must be 40 px, which "
				  "the graph fixes");
}
END_TEST

START_TEST(a_graph_without_parameters_says_so)
{
	const struct graph bare = {.name = "bare"};

	ck_assert(!set_param(&bare, "a.b=1", NULL, message, sizeof(message)));
	ck_assert_ptr_nonnull(strstr(message, "bare has no parameters"));
}
END_TEST

/* ---- shown -------------------------------------------------------------- */

START_TEST(format_reads_back_as_the_same_value)
{
	char text[256], assignment[512];
	struct sample_params before;
	uint32_t i;

	set("ball.velocity=0.1,-12345.678");
	before = params();
	for (i = 0; i < sample_graph.param_count; i++) {
		const struct graph_param *param = &sample_param_rows[i];

		set_param_format(param, pool + param->offset, text,
				 sizeof(text));
		snprintf(assignment, sizeof(assignment), "%s=%s", param->name,
			 text);
		ck_assert_msg(set(assignment), "%s: %s", assignment, message);
	}
	ck_assert_mem_eq(&before, pool + SAMPLE_PARAMS,
			 offsetof(struct sample_params, text) + 13);
	set_param_format(&sample_param_rows[3], pool + SAMPLE_AT(color), text,
			 sizeof(text));
	ck_assert_str_eq(text, "#ff8000");
}
END_TEST

START_TEST(text_is_cut_to_fit)
{
	char text[8];
	size_t bytes;

	for (bytes = 1; bytes <= sizeof(text); bytes++) {
		memset(text, 'x', sizeof(text));
		set_param_describe(&sample_param_rows[2], text, bytes);
		ck_assert_uint_eq(strlen(text), bytes - 1);
		set_param_format(&sample_param_rows[2],
				 pool + SAMPLE_AT(velocity), text, bytes);
		ck_assert_uint_lt(strlen(text), bytes);
	}
}
END_TEST

/* ---- the font ------------------------------------------------------------ */

START_TEST(characters_that_the_font_lacks_are_counted)
{
	static const uint32_t codes[] = {0, ' ', 'a', 'b', 0xc4, 0x20ac};
	struct graph graph = sample_graph;
	uint32_t first = 1;

	graph.characters = codes;
	graph.character_count = 6;
	ck_assert_uint_eq(characters_missing(&graph, "", &first), 0);
	ck_assert_uint_eq(characters_missing(&graph, "a b\303\204\342\202\254",
					     &first),
			  0);
	ck_assert_uint_eq(first, 1);
	ck_assert_uint_eq(characters_missing(&graph, "a\344\270\255xb", &first),
			  2);
	ck_assert_uint_eq(first, 0x4e2d);
	graph.characters = NULL;
	ck_assert_uint_eq(characters_missing(&graph, "xyz", &first), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("set_param");
	TCase *tests = tcase_create("set_param");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, int_is_written);
	tcase_add_test(tests, float_vector_is_written);
	tcase_add_test(tests, int_vector_is_written);
	tcase_add_test(tests, numbers_have_one_grammar);
	tcase_add_test(tests, color_is_opaque);
	tcase_add_test(tests, rgba_is_opaque_or_says_how_much);
	tcase_add_test(tests, string_is_written_with_nuls_behind_it);
	tcase_add_test(tests, bool_and_choice_are_indices);
	tcase_add_test(tests, only_its_own_bytes_change);
	tcase_add_test(tests, check_alone_writes_nothing);
	tcase_add_loop_test(tests, refusal_names_the_way_out_and_writes_nothing,
			    0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tests, long_and_odd_text_stays_one_line);
	tcase_add_test(tests, a_refusal_is_utf8);
	tcase_add_test(tests, what_the_graph_fixes_is_told);
	tcase_add_test(tests, a_graph_without_parameters_says_so);
	tcase_add_test(tests, format_reads_back_as_the_same_value);
	tcase_add_test(tests, text_is_cut_to_fit);
	tcase_add_test(tests, characters_that_the_font_lacks_are_counted);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
