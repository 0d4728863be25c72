/*
 * tests/runtime/test_when.c: the ticks that a request speaks of.
 */
#include "runtime/control/when.h"

#include <string.h>

#include "tests/runtime/run_suite.h"

#define START_MS INT64_C(1000000) /* 1970-01-01T00:16:40Z */

static const struct when_clock clock_60 = {{60, 1}, START_MS};

static const struct row {
	const char *at; /* JSON */
	bool relative;
	uint64_t ticks;
} rows[] = {
	{"0", false, 0},
	{"700", false, 700},
	{"\"700\"", false, 700},
	{"\"+25\"", true, 25},
	{"\"+0\"", true, 0},
	{"\"+500ms\"", true, 30},
	{"\"+501ms\"", true, 31},
	{"\"+2s\"", true, 120},
	{"\"1970-01-01T00:16:41Z\"", false, 60},
	{"\"1970-01-01T00:16:40.500Z\"", false, 30},
	{"\"1970-01-01T00:16:40.501Z\"", false, 31},
	{"\"1970-01-01T00:00:00Z\"", false, 0},
};

START_TEST(a_tick)
{
	json_t *at = json_loads(rows[_i].at, JSON_DECODE_ANY, NULL);
	struct when when;
	char line[256] = "";

	ck_assert_msg(when_read(at, &clock_60, &when, line, sizeof(line)),
		      "%s: %s", rows[_i].at, line);
	ck_assert_uint_eq(when.ticks, rows[_i].ticks);
	ck_assert(when.relative == rows[_i].relative);
	json_decref(at);
}
END_TEST

static const char *const bad[] = {
	"-1", "1.5", "true", "null", "[]", "\"\"", "\"+\"", "\"+-1\"", "\"ten\"",
	"\"+5h\"", "\"5ms\"", "\"+99999999999999999999\"", "\"+9007199254740993\"",
	"9007199254740993", "\"1970-01-01T00:16:41\"", "\"1970-01-01\"",
	"\"1970-13-01T00:16:41Z\"", "\"1970-01-01T00:16:41.5\"",
	"\"9999-01-01T00:00:00Z\"",
};

START_TEST(no_tick)
{
	json_t *at = json_loads(bad[_i], JSON_DECODE_ANY, NULL);
	struct when when;
	char line[256] = "";

	ck_assert_msg(!when_read(at, &clock_60, &when, line, sizeof(line)),
		      "%s was taken", bad[_i]);
	ck_assert_msg(!strncmp(line, "at: must be ", 12), "%s: %s", bad[_i],
		      line);
	json_decref(at);
}
END_TEST

START_TEST(ticks_without_a_time_of_day)
{
	const struct when_clock none = {{60, 1}, INT64_MIN};
	json_t *at = json_string("1970-01-01T00:16:41Z");
	struct when when;
	char line[256];

	ck_assert(!when_read(at, &none, &when, line, sizeof(line)));
	ck_assert_ptr_nonnull(strstr(line, "no time of day"));
	json_decref(at);
}
END_TEST

START_TEST(spans)
{
	static const struct {
		const char *json;
		bool fits;
		uint64_t ticks;
	} table[] = {
		{"25", true, 25},	{"\"25\"", true, 25},
		{"\"1s\"", true, 60},	{"\"17ms\"", true, 2},
		{"0", true, 0},		{"101", true, 101},
		{"1001", false, 0},	{"\"60s\"", false, 0},
		{"-1", false, 0},	{"\"+3\"", false, 0},
		{"2.5", false, 0},
	};
	char line[256];
	uint64_t ticks;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		json_t *span = json_loads(table[i].json, JSON_DECODE_ANY, NULL);
		bool read = when_read_span(span, "over", clock_60.rate, 1000,
					   &ticks, line, sizeof(line));

		ck_assert_msg(read == table[i].fits, "%s", table[i].json);
		if (read)
			ck_assert_uint_eq(ticks, table[i].ticks);
		else
			ck_assert_ptr_nonnull(strstr(line, "over: must be"));
		json_decref(span);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_tick, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_loop_test(tests, no_tick, 0, sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tests, ticks_without_a_time_of_day);
	tcase_add_test(tests, spans);
}

int main(void)
{
	return run_suite("when", add);
}
