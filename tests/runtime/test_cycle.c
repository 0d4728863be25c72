/*
 * tests/runtime/test_cycle.c: which ticks run, in virtual time: skipping,
 * lateness, the end, faults; and that the account is what the displays saw.
 */
#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"
#include "tests/runtime/run_suite.h"

#define PERIOD NS_PER_MS /* the rig's rate is 1000 ticks a second */

static void check_classes(uint64_t ticks, uint64_t presented, uint64_t late,
			  uint64_t dropped, uint64_t skipped)
{
	const struct ledger *ledger = rig_ledger();
	char line[128];

	ck_assert_uint_eq(ledger->ticks, ticks);
	ck_assert_uint_eq(ledger->sink[0].presented, presented);
	ck_assert_uint_eq(ledger->sink[0].late, late);
	ck_assert_uint_eq(ledger->sink[0].dropped, dropped);
	ck_assert_uint_eq(ledger->skipped, skipped);
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_OK);
	ck_assert_str_eq(line, "");
}

START_TEST(on_time)
{
	rig_run(1000);
	check_classes(1000, 1000, 0, 0, 0);
	ck_assert_uint_eq(rig.drawn, 1000);
	for (uint64_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(rig.tick[i], i);
	ck_assert_uint_eq(fake_clock.waits, 1000);
	/* 999 periods after t0, exactly */
	ck_assert_int_eq(fake_clock.now_ns - rig.cycle.pace.t0_ns, 999 * PERIOD);
	ck_assert_uint_eq(rig.stats->lateness.max_ns, 0);
}
END_TEST

/* ---- skipping ------------------------------------------------------------ */

static int64_t oversleep_once(uint64_t wait)
{
	return wait == 11 ? 500 * NS_PER_MS + 300 * NS_PER_US : 40 * NS_PER_US;
}

/* SIGSTOP for 500 ms at 60 Hz: tick 10 is waited for, 40 runs. */
START_TEST(half_a_second_is_skipped_in_one_step)
{
	rig_graph.rate_num = 60;
	fake_clock.oversleep = oversleep_once;
	rig_run(100);
	check_classes(100, 70, 0, 0, 30);
	for (uint64_t i = 0; i < 70; i++)
		ck_assert_uint_eq(rig.tick[i], i < 10 ? i : i + 30);
	ck_assert_uint_eq(rig.stats->counters.wakes_over_1ms, 1);
	ck_assert_uint_eq(rig.stats->lateness.max_ns,
			  500 * NS_PER_MS + 300 * NS_PER_US);
	/* the phase did not move */
	ck_assert_int_eq(fake_clock.due_ns - rig.cycle.pace.t0_ns,
			 99 * NS_PER_SECOND / 60);
}
END_TEST

/* Periods that a stop, a suspend or a stalled host lasts. */
static const uint64_t stops[] = {1, 2, 3, 59, 3600, 5184000};

static int64_t stopped_for;

static int64_t oversleep_the_stop(uint64_t wait)
{
	return wait == 11 ? stopped_for : 0;
}

/* After it one tick runs, the newest, and the others are counted: no burst
 * follows, no phase moves. */
START_TEST(a_stop_of_any_length_is_one_step)
{
	uint64_t passed = stops[_i];

	stopped_for = (int64_t)passed * PERIOD + PERIOD / 3;
	fake_clock.oversleep = oversleep_the_stop;
	rig_run(passed + 20);
	check_classes(passed + 20, 20, 0, 0, passed);
	ck_assert_uint_eq(rig.drawn, 20);
	for (uint64_t i = 0; i < 20; i++)
		ck_assert_uint_eq(rig.tick[i], i < 10 ? i : i + passed);
	ck_assert_uint_eq(fake_clock.waits, 20);
	ck_assert_int_eq(fake_clock.now_ns - rig.cycle.pace.t0_ns,
			 (int64_t)(passed + 19) * PERIOD);
}
END_TEST

static int64_t oversleep_to_edge(uint64_t wait)
{
	/* wakes at t(n + 2) - 1 ns, t(n + 2), t(n + 2) + 1 ns */
	return wait >= 6 && wait <= 8 ? 2 * PERIOD - 7 + (int64_t)wait : 0;
}

START_TEST(a_tick_is_due_from_its_first_nanosecond)
{
	static const uint64_t expected[] = {0, 1, 2, 3, 4, 6, 9, 12, 13, 14};

	fake_clock.oversleep = oversleep_to_edge;
	rig_run(15);
	check_classes(15, 10, 0, 0, 5);
	for (int i = 0; i < 10; i++)
		ck_assert_uint_eq(rig.tick[i], expected[i]);
}
END_TEST

/* 1.5 periods of work: tick 0 ends at 1.5, 1 runs to 3.0, 3 runs, ... */
START_TEST(work_longer_than_a_period)
{
	rig.step_ns = PERIOD * 3 / 2;
	rig_run(300);
	check_classes(300, 0, 200, 0, 100);
	for (uint64_t i = 0; i < 200; i++)
		ck_assert_uint_eq(rig.tick[i], i / 2 * 3 + i % 2);
}
END_TEST

START_TEST(accepted_at_the_deadline_is_not_late)
{
	rig.step_ns = PERIOD + _i;
	rig_run(2);
	if (_i)
		check_classes(2, 0, 2, 0, 0);
	else
		check_classes(2, 2, 0, 0, 0);
}
END_TEST

/* ---- the end ------------------------------------------------------------- */

static int64_t oversleep_the_end(uint64_t wait)
{
	return wait == 16 ? NS_PER_SECOND : 0;
}

START_TEST(the_last_ticks_pass_in_a_gap)
{
	fake_clock.oversleep = oversleep_the_end;
	rig_run(20);
	check_classes(20, 15, 0, 0, 5);
	ck_assert_uint_eq(rig.drawn, 15);
}
END_TEST

static void stop_at_7(uint64_t tick)
{
	if (tick == 7)
		cycle_stop(&rig.cycle);
}

START_TEST(a_stop_finishes_the_tick)
{
	rig.in_step = stop_at_7;
	rig_run(0);
	check_classes(8, 8, 0, 0, 0);
}
END_TEST

static int64_t stop_in_wait_5(uint64_t wait)
{
	if (wait == 5)
		cycle_stop(&rig.cycle);
	return 0;
}

START_TEST(a_stop_while_waiting_starts_no_tick)
{
	fake_clock.oversleep = stop_in_wait_5;
	rig_run(_i ? 100 : 0);
	check_classes(4, 4, 0, 0, 0);
}
END_TEST

START_TEST(stopped_before_it_began)
{
	struct cycle_config config = rig_config(0);

	rig_open(&config, CLOCK_TIMER);
	cycle_stop(&rig.cycle);
	cycle_run(&rig.cycle);
	check_classes(0, 0, 0, 0, 0);
	ck_assert_uint_eq(rig.drawn, 0);
	ck_assert(!seal_is_on);
}
END_TEST

/* ---- clock free ------------------------------------------------------------
 */

START_TEST(free_never_skips_and_is_never_late)
{
	struct cycle_config config = rig_config(500);

	rig.step_ns = 10 * PERIOD;
	rig_open(&config, CLOCK_FREE);
	cycle_run(&rig.cycle);
	check_classes(500, 500, 0, 0, 0);
	for (uint64_t i = 0; i < 500; i++)
		ck_assert_uint_eq(rig.tick[i], i);
	ck_assert_uint_eq(rig.stats->lateness.count, 0);
}
END_TEST

/* ---- faults ----------------------------------------------------------------
 */

START_TEST(a_failed_timer_ends_the_run)
{
	char line[128];

	fake_clock.fail_at = 31;
	rig_run(100);
	ck_assert_int_eq(rig.cycle.fault, FAULT_CLOCK);
	ck_assert_uint_eq(rig_ledger()->ticks, 30);
	ck_assert(ledger_check(rig_ledger()));
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_OS_LIMIT);
	ck_assert_ptr_nonnull(strstr(line, "clock"));
}
END_TEST

static void lie_at_20(uint64_t tick)
{
	if (tick == 20) /* a flip of a slot that is free */
		rig.display[0].lies = (rig.cycle.flights.flight[0].slot[0] + 1) % 3;
}

START_TEST(a_wrong_flip_is_an_internal_error)
{
	char line[128];

	rig.in_step = lie_at_20;
	rig_run(100);
	ck_assert_int_eq(rig.cycle.fault, FAULT_SLOT_MOVE);
	ck_assert_uint_eq(rig_ledger()->ticks, 22);
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_INTERNAL);
	ck_assert_ptr_nonnull(strstr(line, "slot"));
}
END_TEST

START_TEST(a_ledger_that_does_not_add_up_is_an_internal_error)
{
	char line[128];

	rig_run(100);
	if (_i)
		rig.stats->counters.ledger.skipped++;
	else
		rig.cycle.sink[1].slots.in_state[SLOT_FREE]++;
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_INTERNAL);
	ck_assert_ptr_nonnull(strstr(line, _i ? "dropped" : "right"));
}
END_TEST

/* Counters do not wrap with 32 bits. */
START_TEST(tick_numbers_beyond_32_bits)
{
	const uint64_t start = UINT64_C(0xffffffff) - 5;
	struct cycle_config config = rig_config(start + 100);

	rig_open(&config, CLOCK_TIMER);
	rig.cycle.next = start;
	rig.stats->counters.ledger.skipped = start;
	cycle_run(&rig.cycle);
	check_classes(start + 100, 100, 0, 0, start);
	for (uint64_t i = 0; i < 100; i++)
		ck_assert_uint_eq(rig.display[0].tick[i], start + i);
}
END_TEST

/* ---- all of it at once
 * ------------------------------------------------------- */

static int64_t random_oversleep(uint64_t wait)
{
	(void)wait;
	return random() % 20 ? random() % 100000 : random() % 30000000;
}

static enum display_status random_answer(uint32_t sink, uint64_t tick)
{
	static const enum display_status answers[] = {
		DISPLAY_SHOWN,	DISPLAY_QUEUED, DISPLAY_QUEUED, DISPLAY_FREED,
		DISPLAY_QUEUED, DISPLAY_BUSY,	DISPLAY_LOST};

	(void)sink;
	(void)tick;
	return answers[random() % 7];
}

static void random_work(uint64_t tick)
{
	(void)tick;
	fake_clock.now_ns +=
		random() % 10 ? random() % 900000 : random() % 3000000;
	for (int i = 0; i < RIG_SINKS; i++)
		rig.display[i].holds_events = !(random() % 5);
}

/* The account against what the displays and the steps saw. */
static void check_against_log(void)
{
	const struct ledger *ledger = rig_ledger();

	ck_assert_uint_eq(ledger->ticks, 20000);
	ck_assert_uint_eq(ledger->ticks - ledger->skipped, rig.drawn);
	for (int i = 0; i < RIG_SINKS; i++) {
		const struct ledger_sink *sink = &ledger->sink[i];
		const struct rig_display *display = &rig.display[i];

		ck_assert_uint_eq(sink->presented + sink->late,
				  display->accepted);
		ck_assert_uint_eq(sink->dropped - sink->reasons[DROP_NO_SLOT],
				  display->offered - display->accepted);
		for (uint64_t j = 1; j < display->accepted; j++)
			ck_assert(display->tick[j] > display->tick[j - 1]);
	}
	for (uint64_t j = 1; j < rig.drawn; j++)
		if (rig.tick[j] <= rig.tick[j - 1])
			ck_abort_msg("tick %llu twice",
				     (unsigned long long)rig.tick[j]);
}

START_TEST(random_runs)
{
	char line[128];

	srandom((unsigned int)_i);
	fake_clock.oversleep = random_oversleep;
	rig.answer = random_answer;
	rig.in_step = random_work;
	rig_run(20000);
	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_OK);
	check_against_log();
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, on_time);
	tcase_add_test(tests, half_a_second_is_skipped_in_one_step);
	tcase_add_loop_test(tests, a_stop_of_any_length_is_one_step, 0,
			    sizeof(stops) / sizeof(stops[0]));
	tcase_add_test(tests, a_tick_is_due_from_its_first_nanosecond);
	tcase_add_test(tests, work_longer_than_a_period);
	tcase_add_loop_test(tests, accepted_at_the_deadline_is_not_late, 0, 2);
	tcase_add_test(tests, the_last_ticks_pass_in_a_gap);
	tcase_add_test(tests, a_stop_finishes_the_tick);
	tcase_add_loop_test(tests, a_stop_while_waiting_starts_no_tick, 0, 2);
	tcase_add_test(tests, stopped_before_it_began);
	tcase_add_test(tests, free_never_skips_and_is_never_late);
	tcase_add_test(tests, a_failed_timer_ends_the_run);
	tcase_add_test(tests, a_wrong_flip_is_an_internal_error);
	tcase_add_loop_test(tests,
			    a_ledger_that_does_not_add_up_is_an_internal_error,
			    0, 2);
	tcase_add_test(tests, tick_numbers_beyond_32_bits);
	tcase_add_loop_test(tests, random_runs, 1, 9);
}

int main(void)
{
	return run_suite("cycle", add);
}
