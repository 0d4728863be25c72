/*
 * tests/runtime/test_json.c: what is written parses, with an independent
 * parser (jansson), to what was meant; also for hostile strings.
 */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/json.h"

static char *text;
static size_t length;
static struct json json;

static void open_text(void)
{
	json = (struct json){.out = open_memstream(&text, &length)};
	ck_assert_ptr_nonnull(json.out);
}

static json_t *parse(void)
{
	json_error_t error;
	json_t *value;

	fclose(json.out);
	value = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
			   &error);
	ck_assert_msg(value, "%d:%d: %s in\n%s", error.line, error.column,
		      error.text, text);
	return value;
}

START_TEST(every_kind_of_value)
{
	json_t *value, *list;

	json_open(&json, NULL, '{');
	json_put_uint(&json, "big", UINT64_C(9223372036854775807));
	json_put_int(&json, "negative", -5);
	json_put_fixed(&json, "fixed", 59.94);
	json_put_bool(&json, "yes", true);
	json_put_bool(&json, "no", false);
	json_put_null(&json, "nothing");
	json_open(&json, "empty", '{');
	json_close(&json, '}');
	json_open(&json, "list", '[');
	json_put_uint(&json, NULL, 1);
	json_open(&json, NULL, '[');
	json_close(&json, ']');
	json_put_string(&json, NULL, "two");
	json_close(&json, ']');
	json_put_string(&json, "last", "");
	json_close(&json, '}');
	value = parse();
	ck_assert_uint_eq(json_object_size(value), 9);
	ck_assert_int_eq(json_integer_value(json_object_get(value, "big")),
			 INT64_MAX);
	ck_assert_int_eq(json_integer_value(json_object_get(value, "negative")),
			 -5);
	ck_assert(json_real_value(json_object_get(value, "fixed")) == 59.94);
	ck_assert(json_is_true(json_object_get(value, "yes")));
	ck_assert(json_is_false(json_object_get(value, "no")));
	ck_assert(json_is_null(json_object_get(value, "nothing")));
	ck_assert_uint_eq(json_object_size(json_object_get(value, "empty")), 0);
	list = json_object_get(value, "list");
	ck_assert_uint_eq(json_array_size(list), 3);
	ck_assert_str_eq(json_string_value(json_array_get(list, 2)), "two");
	ck_assert_str_eq(json_string_value(json_object_get(value, "last")), "");
	ck_assert_int_eq(text[length - 1], '\n');
	json_decref(value);
	free(text);
}
END_TEST

/* U+FFFD, for each byte that is not part of valid UTF-8 */
#define BAD "\xef\xbf\xbd"

/* clang-format off */
static const struct {
	const char *written, *meant;
} strings[] = {
	{"plain", "plain"},
	{"\"quoted\" \\ /", "\"quoted\" \\ /"},
	{"a\nb\tc\rd\x01\x1f\x7f", "a\nb\tc\rd\x01\x1f\x7f"},
	{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xa5", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xa5"},
	{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},		/* U+10FFFF */
	{"\xee\x80\x80\xed\x9f\xbf", "\xee\x80\x80\xed\x9f\xbf"}, /* around D800 */
	{"x\xffy", "x" BAD "y"},
	{"\x80\xbf", BAD BAD},
	{"\xc0\xaf", BAD BAD},					/* overlong '/' */
	{"\xc1\xbf", BAD BAD},
	{"\xe0\x80\xaf", BAD BAD BAD},				/* overlong */
	{"\xe0\x9f\xbf", BAD BAD BAD},
	{"\xf0\x8f\xbf\xbf", BAD BAD BAD BAD},
	{"\xed\xa0\x80", BAD BAD BAD},				/* a surrogate */
	{"\xf4\x90\x80\x80", BAD BAD BAD BAD},			/* above U+10FFFF */
	{"\xf5\x80\x80\x80", BAD BAD BAD BAD},
	{"\xc3", BAD},						/* cut short */
	{"\xe2\x82", BAD BAD},
	{"\xf0\x9f\x8e", BAD BAD BAD},
	{"\xc3\"", BAD "\""},
	{"\xe2\x82\\", BAD BAD "\\"},
};
/* clang-format on */

START_TEST(strings_survive)
{
	json_t *value;

	json_open(&json, NULL, '[');
	json_put_string(&json, NULL, strings[_i].written);
	json_close(&json, ']');
	value = parse();
	ck_assert_str_eq(json_string_value(json_array_get(value, 0)),
			 strings[_i].meant);
	json_decref(value);
	free(text);
}
END_TEST

/* Every string of two bytes: each parses, and no byte swallows another. */
START_TEST(all_pairs_of_bytes_parse)
{
	unsigned int a, b;
	json_t *value;
	size_t count = 0;

	json_open(&json, NULL, '[');
	for (a = 1; a < 256; a++)
		for (b = 1; b < 256; b++) {
			const char pair[] = {(char)a, (char)b, 'z', '\0'};

			json_put_string(&json, NULL, pair);
			count++;
		}
	json_close(&json, ']');
	value = parse();
	ck_assert_uint_eq(json_array_size(value), count);
	while (count--) {
		const char *read =
			json_string_value(json_array_get(value, count));

		ck_assert_int_eq(read[strlen(read) - 1], 'z');
	}
	json_decref(value);
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tests = tcase_create("json");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, open_text, NULL);
	tcase_add_test(tests, every_kind_of_value);
	tcase_add_loop_test(tests, strings_survive, 0,
			    sizeof(strings) / sizeof(strings[0]));
	tcase_add_test(tests, all_pairs_of_bytes_parse);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
