/*
 * tests/runtime/test_report.c: the report says what was counted, in both
 * forms, for a full run, for one that never ticked and for odd names.
 *
 * The JSON form is read back with an independent parser (jansson).
 */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/time/display_clock.h"
#include "runtime/app/report.h"
#include "tests/runtime/sample_graph.h"
#include "tests/runtime/stats_page.h"

static struct stats *stats;
static struct report report;
static struct backend backend;
static struct recording recording, digest;

/* clang-format off */
static const struct display_ops null_ops = {.name = "null"};
static const struct display_ops headless_ops = {.name = "headless"};
static const struct display displays[] = {
	{.ops = &null_ops},
	{.ops = &headless_ops,
	 .health = {.flips = 8, .stalls = 1, .losses = 2, .errors = 3,
		    .recoveries = 4, .last_error = -16,
		    .state = DISPLAY_STATE_NO_SINK}},
};
/* clang-format on */

/* 10 started ticks and 3 skipped: sink 1 takes 6 in time and 2 late and drops
 * 2; sinks 0 and 2 take all. Times are below 32 ns, where buckets are exact. */
static void fill(void)
{
	struct ledger *ledger = &stats->counters.ledger;
	int64_t i;

	stats_begin(stats);
	for (i = 0; i < 10; i++) {
		ledger_start(ledger,
			     (uint64_t)(i < 5 ? i : i + (i == 5 ? 0 : 3)),
			     (uint64_t)(i < 5 ? i : i + 3));
		ledger_accepted(ledger, 0, false);
		ledger_accepted(ledger, 2, false);
		if (i < 8)
			ledger_accepted(ledger, 1, i >= 6);
		else
			ledger_dropped(ledger, 1,
				       i == 8 ? DROP_BUSY : DROP_LOST);
		histogram_add(&stats->lateness, i);
		histogram_add(&stats->uniforms, 1);
		histogram_add(&stats->step[0].times, 10);
		histogram_add(&stats->step[1].times, 11 + i);
		histogram_add(&stats->present, 2);
		histogram_add(&stats->cycle, 30);
		histogram_add(&stats->tick_to_flip, 22 + i);
		histogram_add(&stats->phase_error, i);
	}
	stats->counters.start_ns = 1000000000;
	stats->counters.end_ns = 3000000000;
	stats->counters.first_frame_ns = 23400000;
	stats->counters.fps_milli = 59940;
	stats->counters.wakes_over_1ms = 4;
	stats->counters.pacing = (struct stats_pacing){
		.state = DISPLAY_CLOCK_HOLDOVER,
		.refresh_uhz = 119880120,
		.refreshes_per_tick = 2,
		.margin_ns = 2083333,
		.locks = 3,
		.losses = 2,
		.holdovers = 4,
		.outliers = 5,
		.first_lock_ns = 730000000,
	};
	stats->counters.minor_faults = 5;
	stats->counters.major_faults = 6;
	stats->counters.involuntary_switches = 7;
	stats->counters.cpu_ns = 500000000;
	stats_end(stats);
}

static void setup(void)
{
	stats = stats_page(2, 3);
	recording = (struct recording){.path = "a \"b\"\n\xff.raw",
				       .format = "raw",
				       .written = 6,
				       .lost = 2,
				       .error = "tick 6: No space"};
	digest = (struct recording){
		.path = "d.txt", .format = "digest", .written = 8};
	backend = (struct backend){.ops = &cpu_backend,
				   .plan = &sample_plans[0]};
	report = (struct report){
		.graph = &sample_graph,
		.backend = &backend,
		.isa = "avx2",
		.clock = "timer",
		.display = {&displays[0], &displays[1], &displays[0]},
		.main_sink = 1,
		.stats = stats,
		.rss_bytes = 31000000,
		.thread = {.priority = 80,
			   .cpu = 1,
			   .spin_us = 250,
			   .dma_latency = true,
			   .memory_locked = true},
	};
}

static void teardown(void)
{
	free(stats);
}

static char *text_of(bool (*print)(const struct report *report, FILE *out))
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	ck_assert(print(&report, out));
	fclose(out);
	return text;
}

static json_t *json_of(void)
{
	char *text = text_of(report_json);
	json_error_t error;
	json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	ck_assert_msg(value, "%d:%d: %s in\n%s", error.line, error.column,
		      error.text, text);
	free(text);
	return value;
}

/* The integer at "a.b.c". */
static json_int_t at(json_t *value, const char *path)
{
	char name[64];

	while (*path) {
		size_t length = strcspn(path, ".");

		memcpy(name, path, length);
		name[length] = '\0';
		value = json_is_array(value)
				? json_array_get(value, (size_t)atoi(name))
				: json_object_get(value, name);
		ck_assert_msg(value, "no key %s", name);
		path += length + (path[length] == '.');
	}
	ck_assert(json_is_integer(value));
	return json_integer_value(value);
}

/* clang-format off */
static const struct {
	const char *path;
	json_int_t value;
} integers[] = {
	{"width", 16}, {"height", 16}, {"rate_num", 60000}, {"rate_den", 1001},
	{"ticks", 13}, {"presented", 6}, {"late", 2}, {"dropped", 2}, {"skipped", 3},
	{"repeats", 0}, {"drop_reasons.no_slot", 0}, {"drop_reasons.display_busy", 1},
	{"drop_reasons.display_lost", 1},
	{"duration_ns", 2000000000}, {"first_frame_ns", 23400000},
	{"rss_bytes", 31000000}, {"faults.minor", 5}, {"faults.major", 6},
	{"involuntary_switches", 7}, {"cpu_ns", 500000000}, {"wakes_over_1ms", 4},
	{"thread.priority", 80}, {"thread.cpu", 1}, {"thread.spin_us", 250},
	{"lateness.count", 10}, {"lateness.mean", 4}, {"lateness.p50", 4},
	{"lateness.p99", 9}, {"lateness.max", 9},
	{"lateness.buckets.0.0", 0}, {"lateness.buckets.0.1", 1}, {"lateness.buckets.9.0", 9},
	{"cycle.p50", 30}, {"cycle.p99", 30}, {"cycle.max", 30},
	{"uniforms.p50", 1}, {"present.max", 2},
	{"steps.0.p50", 10}, {"steps.1.p50", 15}, {"steps.1.p99", 20}, {"steps.1.max", 20},
	{"sinks.0.ticks", 13}, {"sinks.0.presented", 10}, {"sinks.0.late", 0},
	{"sinks.0.dropped", 0}, {"sinks.0.skipped", 3},
	{"sinks.1.presented", 6}, {"sinks.1.late", 2}, {"sinks.1.dropped", 2},
	{"sinks.1.drop_reasons.display_busy", 1},
	{"sinks.1.flips", 8}, {"sinks.1.stalls", 1}, {"sinks.1.losses", 2},
	{"sinks.1.errors", 3}, {"sinks.1.recoveries", 4}, {"sinks.1.last_error", 16},
	{"sinks.2.presented", 10}, {"tick_to_flip.count", 10}, {"tick_to_flip.max", 31},
	{"recording.written", 6}, {"recording.lost", 2},
	{"digest.written", 8}, {"digest.lost", 0},
	{"sinks.1.recording.written", 6}, {"sinks.2.digest.written", 8},
	{"display_clock.refreshes_per_tick", 2}, {"display_clock.margin_ns", 2083333},
	{"display_clock.first_lock_ns", 730000000}, {"display_clock.locks", 3},
	{"display_clock.losses", 2}, {"display_clock.holdovers", 4},
	{"display_clock.outliers", 5}, {"display_clock.phase_error.count", 10},
	{"display_clock.phase_error.p50", 4}, {"display_clock.phase_error.max", 9},
};
/* clang-format on */

START_TEST(json_holds_what_was_counted)
{
	json_t *value, *steps;
	size_t i;

	fill();
	report.clock = "display";
	report.output[report.main_sink].recording = &recording;
	report.output[report.main_sink].digest = &digest;
	report.output[2].digest = &digest;
	report.output[report.main_sink].snapshot_path = "shot.png";
	value = json_of();
	for (i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
		ck_assert_msg(at(value, integers[i].path) == integers[i].value,
			      "%s is %lld", integers[i].path,
			      (long long)at(value, integers[i].path));
	ck_assert(json_real_value(json_object_get(value, "fps")) == 59.94);
	/* 8 frames in 2 s */
	ck_assert(json_real_value(json_object_get(value, "fps_average")) == 3.5);
	steps = json_object_get(value, "steps");
	ck_assert_uint_eq(json_array_size(steps), 2);
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(steps, 0), "name")),
			 "back+ball");
	ck_assert_uint_eq(json_array_size(json_object_get(value, "sinks")), 3);
	json_decref(value);
}
END_TEST

/* clang-format off */
static const struct {
	const char *key, *value;
} strings[] = {
	{"graph", "sample"}, {"board", "host"}, {"backend", "cpu"}, {"isa", "avx2"},
	{"display", "headless"}, {"clock", "timer"}, {"snapshot", "shot.png"},
};
/* clang-format on */

START_TEST(json_names_what_ran)
{
	json_t *value, *part;
	size_t i;

	report.output[report.main_sink].recording = &recording;
	report.output[report.main_sink].snapshot_path = "shot.png";
	value = json_of();
	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		ck_assert_str_eq(json_string_value(json_object_get(
					 value, strings[i].key)),
				 strings[i].value);
	part = json_object_get(value, "recording");
	ck_assert_str_eq(json_string_value(json_object_get(part, "path")),
			 "a \"b\"\n\xef\xbf\xbd.raw");
	ck_assert_str_eq(json_string_value(json_object_get(part, "error")),
			 "tick 6: No space");
	part = json_object_get(value, "thread");
	ck_assert(json_is_true(json_object_get(part, "dma_latency")));
	ck_assert(json_is_true(json_object_get(part, "memory_locked")));
	json_decref(value);
}
END_TEST

/* The keys do not depend on what happened. */
START_TEST(json_of_nothing_has_the_same_keys)
{
	json_t *empty = json_of(), *full, *value;
	const char *key;

	fill();
	report.output[report.main_sink].recording = &recording;
	report.output[report.main_sink].digest = &digest;
	report.output[2].digest = &digest;
	report.output[report.main_sink].snapshot_path = "shot.png";
	full = json_of();
	ck_assert_uint_eq(json_object_size(empty), json_object_size(full));
	json_object_foreach(full, key, value)
		ck_assert_msg(json_object_get(empty, key), "no key %s", key);
	ck_assert(json_is_null(json_object_get(empty, "recording")));
	ck_assert(json_is_null(json_object_get(empty, "digest")));
	ck_assert(json_is_null(json_object_get(empty, "snapshot")));
	ck_assert_int_eq(at(empty, "ticks"), 0);
	ck_assert_int_eq(at(empty, "lateness.p99"), 0);
	ck_assert(json_real_value(json_object_get(empty, "fps_average")) == 0);
	json_decref(empty);
	json_decref(full);
}
END_TEST

START_TEST(text_says_what_was_counted)
{
	/* clang-format off */
	static const char *const parts[] = {
		"sample  16x16  60000/1001 Hz   backend cpu (avx2)  display headless  clock timer  board host\n",
		"  13 ticks = 6 presented + 2 late + 2 dropped + 3 skipped; display_busy 1; display_lost 1\n",
		"  spare (null): 13 ticks = 10 presented + 0 late + 0 dropped + 3 skipped\n",
		"59.9 fps (average 3.5) over 2.00 s, first frame after 23.4 ms\n",
		/* mean 10 of 30 ns */
		"back+ball                0.0  33.3 %",
		/* mean 15.5 of 30 ns */
		"blur                     0.0  51.7 %",
		/* 30 - 1 - 10 - 15.5 - 2 = 1.5 of 30 */
		"rest of the cycle        0.0   5.0 %",
		"cycle, all of it         0.0 100.0 %",
		"SCHED_FIFO 80, CPU 1, spins 250 us, memory locked, cpu_dma_latency 0; 25.0 % of one CPU\n",
		"5 minor and 6 major faults, 7 involuntary context switches, 4 wakes over 1 ms late\n",
		"peak resident memory: 31.0 MB\n",
		"(raw), 6 frames written, 2 lost (tick 6: No space)\n",
		"digest: d.txt (digest), 8 frames written, 0 lost\n",
		"  digest of wall: d.txt (digest), 8 frames written, 0 lost\n",
		"snapshot: shot.png\n",
	};
	/* clang-format on */
	char *text;
	size_t i;

	fill();
	report.output[report.main_sink].recording = &recording;
	report.output[report.main_sink].digest = &digest;
	report.output[2].digest = &digest;
	report.output[report.main_sink].snapshot_path = "shot.png";
	text = text_of(report_text);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		ck_assert_msg(strstr(text, parts[i]), "no \"%s\" in\n%s",
			      parts[i], text);
	free(text);
}
END_TEST

START_TEST(the_display_clock_is_told_where_it_ran)
{
	json_t *value, *part;
	char *text;

	fill();
	text = text_of(report_text);
	ck_assert_ptr_null(strstr(text, "clock: "));
	free(text);
	value = json_of();
	ck_assert(json_is_null(json_object_get(value, "display_clock")));
	json_decref(value);

	report.clock = "display";
	text = text_of(report_text);
	ck_assert_ptr_nonnull(
		strstr(text, "  clock: holdover, first after 0.73 s, 119.8801 "
			     "Hz, refreshes a tick 2, margin 2.08 ms; 3 locks, "
			     "2 losses, 4 holdovers, 5 outliers\n"));
	ck_assert_ptr_nonnull(strstr(text, "phase error "));
	free(text);
	value = json_of();
	part = json_object_get(value, "display_clock");
	ck_assert_str_eq(json_string_value(json_object_get(part, "state")),
			 "holdover");
	ck_assert(json_real_value(json_object_get(part, "refresh_hz")) ==
		  119.88012);
	json_decref(value);
}
END_TEST

START_TEST(text_of_nothing_has_no_nonsense)
{
	char *text;

	report.thread = (struct report_thread){.cpu = -1};
	text = text_of(report_text);
	ck_assert_ptr_nonnull(strstr(text, "  0 ticks = 0 presented"));
	ck_assert_ptr_nonnull(strstr(text, "normal priority, memory not"));
	ck_assert_ptr_null(strstr(text, "nan"));
	ck_assert_ptr_null(strstr(text, "inf"));
	free(text);
}
END_TEST

START_TEST(long_step_names_keep_the_columns)
{
	char name[400];
	const struct graph_step steps[] = {
		{name, GRAPH_STEP_FUSED, 0, sample_run, NULL, NULL, NULL},
		{"b", GRAPH_STEP_FUSED, 0, sample_run, NULL, NULL, NULL},
	};
	const struct graph_plan plan = {GRAPH_BACKEND_CPU, 2, steps, NULL, 0, 0};
	char *text, *line, *next;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	fill();
	backend.plan = &plan;
	text = text_of(report_text);
	ck_assert_ptr_nonnull(strstr(text, "nnn..."));
	for (line = text; (next = strchr(line, '\n')) != NULL; line = next + 1)
		ck_assert_int_lt(next - line, 120);
	free(text);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	bool (*const forms[])(const struct report *report,
			      FILE *out) = {report_text, report_json};
	FILE *full = fopen("/dev/full", "w");

	ck_assert_ptr_nonnull(full);
	fill();
	ck_assert(!forms[_i](&report, full));
	fclose(full);
}
END_TEST

START_TEST(rss_is_this_process)
{
	const size_t bytes = 64 << 20;
	uint64_t before = report_rss_bytes();
	volatile char *memory = malloc(bytes);
	size_t i;

	ck_assert_uint_gt(before, 0);
	for (i = 0; i < bytes; i += 1024)
		memory[i] = 1;
	ck_assert_uint_gt(report_rss_bytes(), before + bytes / 2);
	free((char *)memory);
}
END_TEST

/* By node, each with its own, in both forms; none without. */
START_TEST(what_nodes_count_is_told)
{
	static const struct graph_count rows[] = {
		{"what", "drawn"}, {"what", "missed"}, {"other", "drawn"}};
	static const uint64_t counts[] = {7, 5000000000, 9};
	struct graph graph = sample_graph;
	json_t *value = json_of();
	char *text;

	ck_assert_uint_eq(json_array_size(json_object_get(value, "nodes")), 0);
	json_decref(value);
	graph.count_count = 3;
	graph.counts = rows;
	report.graph = &graph;
	report.counts = counts;
	value = json_of();
	ck_assert_uint_eq(json_array_size(json_object_get(value, "nodes")), 2);
	ck_assert_int_eq(at(value, "nodes.0.counts.drawn"), 7);
	ck_assert_int_eq(at(value, "nodes.0.counts.missed"), 5000000000);
	ck_assert_int_eq(at(value, "nodes.1.counts.drawn"), 9);
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(json_object_get(value, "nodes"),
						1),
				 "name")),
			 "other");
	json_decref(value);
	text = text_of(report_text);
	ck_assert_ptr_nonnull(strstr(text,
				     "\n  what: 7 drawn, 5000000000 missed\n"
				     "  other: 9 drawn\n"));
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tests = tcase_create("report");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, json_holds_what_was_counted);
	tcase_add_test(tests, json_names_what_ran);
	tcase_add_test(tests, json_of_nothing_has_the_same_keys);
	tcase_add_test(tests, text_says_what_was_counted);
	tcase_add_test(tests, the_display_clock_is_told_where_it_ran);
	tcase_add_test(tests, text_of_nothing_has_no_nonsense);
	tcase_add_test(tests, long_step_names_keep_the_columns);
	tcase_add_loop_test(tests, a_full_disk_is_told, 0, 2);
	tcase_add_test(tests, rss_is_this_process);
	tcase_add_test(tests, what_nodes_count_is_told);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
