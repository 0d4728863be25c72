/*
 * tests/runtime/test_trace.c: journals written by hand, and the traces that they
 * become: each record on its track, times in order whatever the records say, and
 * records that were overwritten counted.
 */
#include "runtime/app/trace.h"

#include <stdlib.h>

#include "graph/graph.h"
#include "runtime/observe/ledger.h"
#include "runtime/port/display.h"
#include "runtime/port/source.h"
#include "tests/runtime/run_suite.h"
#include "tests/runtime/trace_decode.h"

enum { LANE_TICK, LANE_SCREEN, LANE_CAMERA, LANE_DETAIL, LANE_WORKER, LANES };

static const struct journal_lane_config lanes[LANES] = {
	{"tick", JOURNAL_LANE_TICK, 64},
	{"screen", JOURNAL_LANE_SINK, 16},
	{"camera", JOURNAL_LANE_SOURCE, 16},
	{"detail", JOURNAL_LANE_DETAIL, 64},
	{"worker 1", JOURNAL_LANE_WORKER, 16},
};

static void no_rows(const struct graph_work *work, const struct graph_band *band)
{
	(void)work;
	(void)band;
}

static const struct graph_sink sinks[] = {{"screen", "null"}};
static const struct graph_source sources[] = {{.name = "camera"}};
static const struct graph_step steps[] = {{.name = "on the CPU", .run = no_rows},
					  {.name = "on the GPU"}};
static const struct graph_plan plan = {
	.backend = GRAPH_BACKEND_CUDA, .step_count = 2, .steps = steps};
static const struct graph graph = {.name = "traced",
				   .sink_count = 1,
				   .source_count = 1,
				   .sinks = sinks,
				   .sources = sources};

static struct journal journal;
static struct journal_writer writer[LANES];
static struct trace trace;
static struct perfetto out;

static void setup(void)
{
	uint32_t i;

	ck_assert_int_eq(journal_make(&journal, lanes, LANES, true), 0);
	for (i = 0; i < LANES; i++)
		writer[i] = journal_writer(&journal, i);
	trace = (struct trace){
		.journal = journal.header, .graph = &graph, .plan = &plan};
	out = (struct perfetto){.room = trace_head_max(&trace)};
	out.bytes = malloc(out.room);
	memset(&decoded, 0, sizeof(decoded));
}

static void teardown(void)
{
	journal_finish(&journal);
	free(out.bytes);
}

static void put(uint32_t lane, enum journal_kind kind, int64_t time_ns,
		int64_t a, int64_t b)
{
	const struct journal_record record = {.time_ns = time_ns,
					      .tick = 7,
					      .kind = kind,
					      .value = {a, b}};

	journal_write(&writer[lane], &record);
}

/* Through `out`, as often as it takes. */
static void take_all(void)
{
	bool more;

	do {
		more = trace_take(&trace, &out);
		ck_assert(!out.full);
		decode(out.bytes, out.used);
		out.used = 0;
	} while (more);
}

static void write_trace(void)
{
	trace_begin(&trace, &out);
	take_all();
	trace_end(&trace, &out);
	decode(out.bytes, out.used);
	decoded_check_tracks();
}

static const struct decoded_event *only(const char *track, const char *name,
					uint64_t type)
{
	uint32_t i;

	ck_assert_msg(decoded_count(track, name, type) == 1,
		      "%d of %s on track %s",
		      (int)decoded_count(track, name, type), name, track);
	for (i = 0;; i++) {
		const struct decoded_event *event = &decoded.event[i];

		if (event->type == type && !strcmp(decoded_track(event), track) &&
		    (!*name || !strcmp(decoded.name[event->name], name)))
			return event;
	}
}

static void check_slice(const char *track, const char *name, uint64_t begin,
			uint64_t end)
{
	ck_assert_uint_eq(only(track, name, 1)->time_ns, begin);
	ck_assert_uint_eq(only(track, "", 2)->time_ns, end);
}

START_TEST(each_kind_has_its_track)
{
	put(LANE_DETAIL, JOURNAL_CYCLE, 1010, 1900, 1000);
	put(LANE_DETAIL, JOURNAL_UNIFORMS, 1020, 1030, 0);
	put(LANE_DETAIL, JOURNAL_STEP, 1030, 1500, 0);
	put(LANE_DETAIL, JOURNAL_PRESENT, 1600, 1700, 0);
	put(LANE_WORKER, JOURNAL_BANDS, 1100, 1400, 3);
	put(LANE_TICK, JOURNAL_SHOWN, 1800, 1000, 1650);
	put(LANE_TICK, JOURNAL_LATE, 1801, 55, 0);
	put(LANE_TICK, JOURNAL_DROPPED, 1802, DROP_BUSY, 0);
	put(LANE_TICK, JOURNAL_SKIPPED, 1803, 9, 0);
	put(LANE_SCREEN, JOURNAL_DISPLAY_STATE, 1804, DISPLAY_STATE_STALLED, 0);
	put(LANE_CAMERA, JOURNAL_ARRIVAL, 1805, 1705, 0);
	put(LANE_CAMERA, JOURNAL_SOURCE_STATE, 1806, SOURCE_LOST, 0);
	put(LANE_CAMERA, JOURNAL_SOURCE_LOST, 1807, 4, 0);
	put(LANE_CAMERA, JOURNAL_SOURCE_LOOK, 1808, SOURCE_BLACK, 1);
	put(LANE_CAMERA, JOURNAL_SOURCE_LOOK, 1809, SOURCE_BLACK, 0);
	write_trace();
	ck_assert_uint_eq(decoded.clock_id, 3); /* CLOCK_MONOTONIC */
	ck_assert_uint_eq(decoded.clocks, 2);
	check_slice("wake", "wake", 1000, 1010);
	check_slice("tick", "tick", 1010, 1900);
	check_slice("uniforms", "uniforms", 1020, 1030);
	check_slice("steps", "on the CPU", 1030, 1500);
	check_slice("present", "present", 1600, 1700);
	check_slice("worker 1", "on the CPU", 1100, 1400);
	ck_assert_int_eq(decoded_note(only("worker 1", "", 1), "bands"), 3);
	ck_assert_int_eq(decoded_note(only("tick", "tick", 1), "tick"), 7);
	ck_assert_int_eq(decoded_note(only("screen flips", "flip", 3), "due_ns"),
			 1000);
	ck_assert_int_eq(decoded_note(only("screen late and dropped", "late", 3),
				      "late_ns"),
			 55);
	only("screen late and dropped", "dropped: display_busy", 3);
	ck_assert_int_eq(decoded_note(only("skipped", "skipped", 3), "count"),
			 9);
	only("screen state", "stalled", 3);
	ck_assert_uint_eq(only("camera arrived", "arrived", 3)->time_ns, 1805);
	ck_assert_uint_eq(only("camera exposed", "exposed", 3)->time_ns, 1705);
	only("camera state", "lost", 3);
	only("camera state", "frames lost", 3);
	only("camera state", "black", 3);
	only("camera state", "no longer black", 3);
	ck_assert_int_eq(decoded_note(only("trace", "end of the trace", 3),
				      "records"),
			 15);
	ck_assert_uint_eq(trace.lost, 0);
}
END_TEST

/* Two frames in the GPU at once, and a stamp before the one before. */
START_TEST(times_of_a_track_never_go_back)
{
	const struct journal_record first = {.time_ns = 100,
					     .kind = JOURNAL_STEP,
					     .object = 1,
					     .value = {300}};
	const struct journal_record second = {.time_ns = 200,
					      .kind = JOURNAL_STEP,
					      .object = 1,
					      .value = {250}};

	journal_write(&writer[LANE_DETAIL], &first);
	journal_write(&writer[LANE_DETAIL], &second);
	put(LANE_CAMERA, JOURNAL_ARRIVAL, 500, 450, 0);
	put(LANE_CAMERA, JOURNAL_ARRIVAL, 600, 440, 0);
	write_trace();
	ck_assert_uint_eq(decoded_count("GPU", "on the GPU", 1), 2);
	ck_assert_uint_eq(decoded_count("camera exposed", "exposed", 3), 2);
	for (uint32_t i = 0, moved = 0; i < decoded.count; i++) {
		const struct decoded_event *event = &decoded.event[i];

		if (event->type == 1 && event->time_ns == 300)
			moved += decoded_note(event, "from_ns") == 200;
		ck_assert(moved <= 1);
		if (i + 1 == decoded.count)
			ck_assert_uint_eq(moved, 1);
	}
}
END_TEST

/* A lane is overtaken: what is there is told, what is gone is counted. */
START_TEST(records_that_were_overwritten_are_counted)
{
	for (int64_t i = 1; i <= 1000; i++)
		put(LANE_CAMERA, JOURNAL_ARRIVAL, i, INT64_MIN, 0);
	write_trace();
	ck_assert_uint_eq(trace.records, 16);
	ck_assert_uint_eq(trace.lost, 1000 - 16);
	ck_assert_uint_eq(decoded_count("camera arrived", "arrived", 3), 16);
	ck_assert_uint_eq(decoded_count("camera exposed", "", 3), 0);
	ck_assert_int_eq(decoded_note(only("trace", "records lost", 3), "count"),
			 1000 - 16);
	ck_assert_int_eq(decoded_note(only("trace", "end of the trace", 3),
				      "lost"),
			 1000 - 16);
}
END_TEST

/* Little room: the same, in several turns. */
START_TEST(a_full_buffer_loses_nothing)
{
	trace_begin(&trace, &out);
	decode(out.bytes, out.used);
	out.used = 0;
	out.room = 6 * PERFETTO_PACKET_MAX;
	for (int64_t i = 1; i <= 64; i++)
		put(LANE_DETAIL, JOURNAL_CYCLE, 10 * i, 10 * i + 5, 10 * i);
	take_all();
	ck_assert_uint_eq(trace.records, 64);
	ck_assert_uint_eq(decoded_count("tick", "tick", 1), 64);
	ck_assert_uint_eq(decoded_count("wake", "wake", 1), 64);
	decoded_check_tracks();
}
END_TEST

/* --clock free: nothing was slept for. */
START_TEST(a_tick_without_a_time_has_no_wake)
{
	put(LANE_DETAIL, JOURNAL_CYCLE, 1010, 1900, 0);
	write_trace();
	check_slice("tick", "tick", 1010, 1900);
	ck_assert_uint_eq(decoded_count("wake", "", 1), 0);
}
END_TEST

START_TEST(since_leaves_out_what_was_before)
{
	trace.since_ns = 500;
	for (int64_t i = 1; i <= 100; i++)
		put(LANE_TICK, JOURNAL_LATE, 10 * i, 1, 0);
	write_trace();
	ck_assert_uint_eq(trace.records, 51);
	ck_assert_uint_eq(trace.lost, 0);
}
END_TEST

/* Names as long as they come are cut, and no packet is longer than it may be. */
START_TEST(the_longest_names_fit)
{
	char text[300];
	unsigned char bytes[PERFETTO_PACKET_MAX];
	struct perfetto one = {.bytes = bytes, .room = sizeof(bytes)};
	struct perfetto_event event = {INT64_MAX, PERFETTO_INSTANT, UINT64_MAX,
				       UINT64_MAX,
				       {UINT64_MAX, UINT64_MAX, UINT64_MAX,
					UINT64_MAX},
				       {-1, -1, -1, -1}};

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	perfetto_event(&one, &event);
	ck_assert(!one.full);
	perfetto_event(&one, &event);
	ck_assert(one.full);
	one.used = 0;
	perfetto_process(&one, UINT64_MAX, -1, text);
	ck_assert_uint_le(one.used, PERFETTO_PACKET_MAX);
	one.used = 0;
	perfetto_track(&one, 5, UINT64_MAX, text);
	ck_assert_uint_le(one.used, PERFETTO_PACKET_MAX);
	decode(one.bytes, one.used);
	ck_assert_uint_eq(strlen(decoded.track[5]), PERFETTO_NAME_MAX);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, each_kind_has_its_track);
	tcase_add_test(tests, times_of_a_track_never_go_back);
	tcase_add_test(tests, records_that_were_overwritten_are_counted);
	tcase_add_test(tests, a_full_buffer_loses_nothing);
	tcase_add_test(tests, a_tick_without_a_time_has_no_wake);
	tcase_add_test(tests, since_leaves_out_what_was_before);
	tcase_add_test(tests, the_longest_names_fit);
}

int main(void)
{
	return run_suite("trace", add);
}
