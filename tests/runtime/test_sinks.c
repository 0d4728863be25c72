/*
 * tests/runtime/test_sinks.c: what a cycle does with slots, flips, refusals,
 * the tap, the warm-up and what it tells nodes, in virtual time.
 */
#include <math.h>

#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"
#include "tests/runtime/run_suite.h"

#define PERIOD NS_PER_MS

static void check_sink(uint32_t index, uint64_t presented, uint64_t late,
		       uint64_t dropped)
{
	const struct ledger_sink *sink = &rig_ledger()->sink[index];

	ck_assert_uint_eq(sink->presented, presented);
	ck_assert_uint_eq(sink->late, late);
	ck_assert_uint_eq(sink->dropped, dropped);
	ck_assert(ledger_check(rig_ledger()));
	ck_assert(slots_check(&rig.cycle.sink[index].slots));
}

/* ---- slots and flips -------------------------------------------------------
 */

static enum display_status always_queued(uint32_t sink, uint64_t tick)
{
	(void)sink;
	(void)tick;
	return DISPLAY_QUEUED;
}

START_TEST(flips_free_slots)
{
	rig.answer = always_queued;
	rig_run(1000);
	check_sink(0, 1000, 0, 0);
	for (uint64_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(rig.display[0].tick[i], i);
}
END_TEST

/* Events stop at tick 100 and go on at tick 200. */
static void hold_events(uint64_t tick)
{
	rig.display[0].holds_events = tick >= 100 && tick < 200;
}

START_TEST(a_display_that_stops_costs_its_frames_only)
{
	rig.answer = always_queued;
	rig.in_step = hold_events;
	rig_run(1000);
	/* 100 is queued; its flip is told before 201 is drawn */
	check_sink(0, 900, 0, 100);
	ck_assert_uint_eq(rig_ledger()->sink[0].reasons[DROP_BUSY], 100);
	check_sink(1, 1000, 0, 0);
	ck_assert_uint_eq(rig.display[0].tick[100], 100);
	ck_assert_uint_eq(rig.display[0].tick[101], 201);
	ck_assert_uint_eq(rig.drawn, 1000);
}
END_TEST

/* All slots are the display's: the tick draws into the fallback row. */
START_TEST(no_free_slot)
{
	struct cycle_config config = rig_config(50);
	unsigned char before[sizeof(rig.display[0].memory)];

	rig_open(&config, CLOCK_TIMER);
	memset(rig.display[0].memory, 0x5a, sizeof(before));
	memcpy(before, rig.display[0].memory, sizeof(before));
	for (int i = 0; i < 3; i++)
		slots_take(&rig.cycle.sink[0].slots);
	cycle_run(&rig.cycle);
	check_sink(0, 0, 0, 50);
	ck_assert_uint_eq(rig_ledger()->sink[0].reasons[DROP_NO_SLOT], 50);
	check_sink(1, 50, 0, 0);
	ck_assert_uint_eq(rig.display[0].offered, 0);
	ck_assert_mem_eq(rig.display[0].memory, before, sizeof(before));
}
END_TEST

static enum display_status lost_for_a_while(uint32_t sink, uint64_t tick)
{
	if (sink == 1 && tick >= 10 && tick < 30)
		return DISPLAY_LOST;
	return sink ? DISPLAY_FREED : DISPLAY_SHOWN;
}

START_TEST(a_lost_display_comes_back)
{
	rig.answer = lost_for_a_while;
	rig_run(100);
	check_sink(0, 100, 0, 0);
	check_sink(1, 80, 0, 20);
	ck_assert_uint_eq(rig_ledger()->sink[1].reasons[DROP_LOST], 20);
	ck_assert_uint_eq(rig.display[1].tick[10], 30);
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
}
END_TEST

/* New memory, though at the old address: what was drawn in the old is lost. */
static void move_at_10(uint64_t tick)
{
	rig.displays[0].moves += tick == 10;
}

START_TEST(a_slot_that_moved_while_it_was_drawn)
{
	rig.in_step = move_at_10;
	rig_run(100);
	check_sink(0, 99, 0, 1);
	check_sink(1, 100, 0, 0);
	ck_assert_uint_eq(rig_ledger()->sink[0].reasons[DROP_LOST], 1);
	ck_assert_uint_eq(rig.display[0].tick[10], 11);
}
END_TEST

/* ---- the tap ---------------------------------------------------------------
 */

static struct tap tap;
static uint64_t recorded[1000], record_count;

static void drain_tap(void)
{
	const unsigned char *frame;
	uint64_t tick;

	while ((frame = tap_front(&tap, &tick))) {
		ck_assert_uint_eq(rig_picture(frame), tick);
		recorded[record_count++] = tick;
		tap_pop(&tap);
	}
}

static void drain_at_times(uint64_t tick)
{
	if (tick % 20 == 0)
		drain_tap();
}

static void run_tapped(enum clock_kind kind, uint64_t limit)
{
	struct cycle_config config = rig_config(limit);

	ck_assert(!tap_init(&tap, RIG_WIDTH, RIG_HEIGHT));
	config.tap[0] = &tap;
	rig_open(&config, kind);
	cycle_run(&rig.cycle);
	ck_assert(tap_closed(&tap));
	drain_tap();
	tap_finish(&tap);
}

/* 8 of 20 fit; the rest is the recording's loss, not the tick's. */
START_TEST(a_full_tap_costs_the_recording)
{
	rig.in_step = drain_at_times;
	run_tapped(CLOCK_TIMER, 200);
	check_sink(0, 200, 0, 0);
	ck_assert_uint_eq(record_count + rig.stats->counters.record_lost[0],
			  200);
	ck_assert_uint_eq(record_count, 80);
	for (uint64_t i = 1; i < record_count; i++)
		ck_assert_uint_gt(recorded[i], recorded[i - 1]);
}
END_TEST

START_TEST(a_free_clock_waits_for_the_recorder)
{
	fake_clock.paused = drain_tap;
	run_tapped(CLOCK_FREE, 200);
	ck_assert_uint_eq(record_count, 200);
	ck_assert_uint_eq(rig.stats->counters.record_lost[0], 0);
	for (uint64_t i = 0; i < 200; i++)
		ck_assert_uint_eq(recorded[i], i);
}
END_TEST

START_TEST(a_stuck_recorder_ends_a_free_run)
{
	char line[128];
	int64_t before;

	run_tapped(CLOCK_FREE, 200);
	before = rig.cycle.pace.t0_ns;
	ck_assert_int_eq(rig.cycle.fault, FAULT_RECORDER_STUCK);
	ck_assert_uint_eq(record_count, TAP_FRAMES);
	ck_assert_uint_eq(rig_ledger()->ticks, TAP_FRAMES + 1);
	ck_assert_uint_eq(rig.stats->counters.record_lost[0], 1);
	ck_assert_int_ge(fake_clock.now_ns - before, TAP_WAIT_NS);
	ck_assert_int_lt(fake_clock.now_ns - before, TAP_WAIT_NS + PERIOD);
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_OS_LIMIT);
}
END_TEST

static enum display_status refuses_every_third(uint32_t sink, uint64_t tick)
{
	return sink == 0 && tick % 3 == 0 ? DISPLAY_BUSY : DISPLAY_SHOWN;
}

static void drain_always(uint64_t tick)
{
	(void)tick;
	drain_tap();
}

START_TEST(only_accepted_frames_are_recorded)
{
	rig.answer = refuses_every_third;
	rig.in_step = drain_always;
	run_tapped(CLOCK_TIMER, 300);
	check_sink(0, 200, 0, 100);
	ck_assert_uint_eq(record_count, 200);
	ck_assert_uint_eq(rig.stats->counters.record_lost[0], 0);
	for (uint64_t i = 0; i < record_count; i++) {
		ck_assert_uint_ne(recorded[i] % 3, 0);
		ck_assert_uint_eq(recorded[i], rig.display[0].tick[i]);
	}
}
END_TEST

/* ---- what nodes are told
 * ------------------------------------------------------ */

static int64_t gap_at_50(uint64_t wait)
{
	return wait == 51 ? 10 * PERIOD + PERIOD / 2 : 0;
}

START_TEST(the_run_block)
{
	rig_graph.rate_num = 100;
	fake_clock.oversleep = gap_at_50;
	rig_run(100);
	ck_assert_str_eq(rig.run[0].backend, "cpu");
	ck_assert(!rig.run[0].nominal);
	ck_assert(rig.run[0].dt_ms == 0);
	ck_assert(rig.run[1].dt_ms == 10.0);
	ck_assert(rig.run[11].fps == 0); /* 11 frames span 0.1 s, no more */
	ck_assert(fabs(rig.run[12].fps - 100) < 1e-9);
	/* 50 was due, 51 ran: 1 skipped, told from the next tick on */
	ck_assert_uint_eq(rig.tick[50], 51);
	ck_assert(fabs(rig.run[50].dt_ms - 20.5) < 1e-9);
	ck_assert_uint_eq(rig.run[50].skipped, 0);
	ck_assert_uint_eq(rig.run[51].skipped, 1);
	ck_assert_uint_eq(rig.run[51].late, 0);
}
END_TEST

static void slow_at_5(uint64_t tick)
{
	fake_clock.now_ns += tick == 5 ? 2 * PERIOD : 0;
}

START_TEST(late_frames_are_told)
{
	rig.in_step = slow_at_5;
	rig_run(20);
	check_sink(0, 18, 1, 0); /* 5 ends when 7 is due: 6 is skipped */
	ck_assert_uint_eq(rig_ledger()->skipped, 1);
	ck_assert_uint_eq(rig.run[5].late, 0);
	ck_assert_uint_eq(rig.run[6].late, 1);
}
END_TEST

START_TEST(nominal_is_a_function_of_the_graph)
{
	struct cycle_config config = rig_config(100);
	const struct run *run;

	rig_graph.rate_num = 60000;
	rig_graph.rate_den = 1001;
	fake_clock.oversleep = gap_at_50;
	rig.step_ns = 30 * PERIOD;
	config.nominal = true;
	rig_open(&config, CLOCK_TIMER);
	cycle_run(&rig.cycle);
	ck_assert_uint_gt(rig_ledger()->skipped, 0);
	for (uint64_t i = 0; i < rig.drawn; i++) {
		run = &rig.run[i];
		ck_assert(run->nominal && run->late == 0 && run->skipped == 0);
		ck_assert(run->fps == 60000.0 / 1001);
		ck_assert(run->dt_ms == 1001.0 / 60);
		ck_assert_str_eq(run->backend, "");
	}
}
END_TEST

/* The main sink's accounts are the ones told: not those of the first. */
static enum display_status first_refuses(uint32_t sink, uint64_t tick)
{
	(void)tick;
	return sink ? DISPLAY_SHOWN : DISPLAY_BUSY;
}

START_TEST(the_main_sink_is_the_run)
{
	struct cycle_config config = rig_config(200);

	config.main_sink = (uint32_t)_i;
	rig.answer = first_refuses;
	rig_open(&config, CLOCK_TIMER);
	cycle_run(&rig.cycle);
	ck_assert_int_eq(rig.stats->counters.first_frame_ns > 0, _i);
	ck_assert_uint_eq(rig.cycle.account.fps.count, _i ? FPS_FRAMES : 0);
}
END_TEST

/* ---- warm-up, last frame
 * --------------------------------------------------------- */

START_TEST(warm_up_leaves_the_pool_as_it_was)
{
	struct cycle_config config = rig_config(10);
	unsigned char before[128];

	rig_open(&config, CLOCK_TIMER);
	ck_assert_uint_eq(*(uint32_t *)(void *)(rig.cycle.work.pool + 64),
			  rig_defaults);
	*(uint32_t *)(void *)(rig.cycle.work.pool + 64) = 815; /* --set */
	memcpy(before, rig.cycle.work.pool, sizeof(before));
	ck_assert(!cycle_warm(&rig.cycle));
	ck_assert_uint_eq(rig.drawn, 1);
	ck_assert_mem_eq(rig.cycle.work.pool, before, sizeof(before));
	ck_assert(slots_check(&rig.cycle.sink[0].slots));
	cycle_run(&rig.cycle);
	check_sink(0, 10, 0, 0);
	/* the state counted the run's ticks only */
	ck_assert_uint_eq(((uint64_t *)(void *)rig.cycle.work.pool)[1], 10);
	cycle_finish(&rig.cycle);
}
END_TEST

static enum display_status last_is_refused(uint32_t sink, uint64_t tick)
{
	if (tick == 99)
		return DISPLAY_LOST;
	return sink ? DISPLAY_FREED : DISPLAY_QUEUED;
}

START_TEST(the_last_accepted_frame)
{
	struct image image;

	rig.answer = last_is_refused;
	rig_run(100);
	for (uint32_t i = 0; i < RIG_SINKS; i++) {
		ck_assert(cycle_last_frame(&rig.cycle, i, &image));
		ck_assert_uint_eq(rig_picture(image.base), 98);
		ck_assert_uint_eq(image.width, RIG_WIDTH);
	}
}
END_TEST

static enum display_status all_lost(uint32_t sink, uint64_t tick)
{
	(void)sink;
	(void)tick;
	return DISPLAY_LOST;
}

START_TEST(there_is_no_last_frame)
{
	struct image image;

	rig.answer = all_lost;
	rig_run(10);
	ck_assert(!cycle_last_frame(&rig.cycle, 0, &image));
	check_sink(0, 0, 0, 10);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, flips_free_slots);
	tcase_add_test(tests, a_display_that_stops_costs_its_frames_only);
	tcase_add_test(tests, no_free_slot);
	tcase_add_test(tests, a_lost_display_comes_back);
	tcase_add_test(tests, a_slot_that_moved_while_it_was_drawn);
	tcase_add_test(tests, a_full_tap_costs_the_recording);
	tcase_add_test(tests, a_free_clock_waits_for_the_recorder);
	tcase_add_test(tests, a_stuck_recorder_ends_a_free_run);
	tcase_add_test(tests, only_accepted_frames_are_recorded);
	tcase_add_test(tests, the_run_block);
	tcase_add_test(tests, late_frames_are_told);
	tcase_add_test(tests, nominal_is_a_function_of_the_graph);
	tcase_add_loop_test(tests, the_main_sink_is_the_run, 0, 2);
	tcase_add_test(tests, warm_up_leaves_the_pool_as_it_was);
	tcase_add_test(tests, the_last_accepted_frame);
	tcase_add_test(tests, there_is_no_last_frame);
}

int main(void)
{
	return run_suite("sinks", add);
}
