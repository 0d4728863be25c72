/*
 * tests/runtime/test_pacing.c: the whole cycle against the simulated display:
 * what --clock timer and --clock display leave in the ledger, exactly.
 */
#include <inttypes.h>
#include <math.h>

#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"
#include "tests/runtime/run_suite.h"

#include "tests/fakes/simulated_display.h"

#define HZ(rate) (1e9 / (rate))

static struct simulated_display_config config;
static struct simulated_display screen;
#define RECORDS 262144 /* power of two */

/* Frames that came on view; the rows as the journal has them, where it has all. */
static struct {
	uint64_t count;
	struct {
		int64_t due_ns, submit_ns, flip_ns;
		uint64_t sequence;
	} rows[RECORDS];
} flips;
static uint32_t on_view, released; /* slots */
static enum display_stamp stamp;
static int64_t first_refresh_ns; /* after t0 */
static int64_t lateness_ns;	 /* of each wake-up: uniform from 0 */
static uint64_t random_state;

static enum display_status sim_present(struct display *display, uint32_t slot,
				       const struct frame *frame)
{
	(void)display;
	(void)frame;
	return simulated_display_submit(&screen, fake_clock.now_ns, slot)
		       ? DISPLAY_QUEUED
		       : DISPLAY_BUSY;
}

static bool sim_on_event(struct display *display, struct display_event *shown)
{
	struct simulated_event event;

	(void)display;
	*shown = (struct display_event){.kind = DISPLAY_EVENT_RELEASED,
					.slot = released};
	released = SLOT_NONE;
	if (shown->slot != SLOT_NONE)
		return true;
	if (!simulated_display_event(&screen, fake_clock.now_ns, &event))
		return false;
	*shown = (struct display_event){
		.kind = DISPLAY_EVENT_SHOWN,
		.slot = (uint32_t)event.frame,
		.time_ns = event.stamp.time_ns,
		.sequence = event.stamp.sequence,
		.stamp = stamp,
	};
	flips.count++;
	/* an event that was lost: the frame after it says that it is over */
	released = on_view;
	on_view = shown->slot;
	return true;
}

static const struct display_ops sim_ops = {
	.name = "simulated",
	.present = sim_present,
	.on_event = sim_on_event,
};

static int64_t oversleep(uint64_t wait)
{
	(void)wait;
	return (int64_t)(simulated_random(&random_state) * (double)lateness_ns);
}

static void setup(void)
{
	config = (struct simulated_display_config){
		.seed = 20260101,
		.period_ns = HZ(60),
		.hardware = true,
		.counted = true,
	};
	stamp = DISPLAY_STAMP_HARDWARE;
	first_refresh_ns = 5 * NS_PER_MS;
	lateness_ns = 0;
	rig.step_ns = NS_PER_MS;
	fake_clock.oversleep = oversleep;
}

static void read_flips(void)
{
	uint64_t newest = journal_newest(rig.journal.header, 0), i;
	struct journal_record record;

	if (newest > RECORDS)
		return; /* the count alone */
	flips.count = 0;
	for (i = 1; i <= newest; i++) {
		ck_assert(journal_read(rig.journal.header, 0, i, &record));
		if (record.kind != JOURNAL_SHOWN || record.object)
			continue;
		flips.rows[flips.count].due_ns = record.value[0];
		flips.rows[flips.count].submit_ns = record.value[1];
		flips.rows[flips.count].flip_ns = record.time_ns;
		flips.rows[flips.count++].sequence = (uint64_t)record.value[2];
	}
}

/* mode_hz: of the display, as its driver says; 0: it does not. */
static void run(enum clock_kind kind, uint64_t ticks, struct rate rate,
		uint64_t mode_hz)
{
	static const char *const lane[] = {"tick"};
	struct cycle_config cycle = rig_config(ticks);

	journal_finish(&rig.journal);
	ck_assert_int_eq(journal_init(&rig.journal, lane, 1, RECORDS, 0), 0);
	cycle.journal = journal_writer(&rig.journal, 0);
	on_view = released = SLOT_NONE;
	flips.count = 0;
	rig_graph.rate_num = rate.num;
	rig_graph.rate_den = rate.den;
	random_state = config.seed;
	rig_open(&cycle, kind);
	rig.displays[0].ops = &sim_ops;
	rig.displays[0].refresh_num = mode_hz;
	rig.displays[0].refresh_den = mode_hz ? 1 : 0;
	simulated_display_init(&screen, &config,
			       fake_clock.now_ns + first_refresh_ns);
	cycle_run(&rig.cycle);
	read_flips();
}

static const struct rate film = {60000, 1001}, sixty = {60, 1};

static const struct ledger_sink *sink(void)
{
	return &rig_ledger()->sink[0];
}

static const struct stats_pacing *pacing(void)
{
	return &rig.stats->counters.pacing;
}

/* Every tick in one class, every refusal a drop, every flip in the log. */
static void check_account(uint64_t ticks)
{
	char line[128];

	ck_assert_uint_eq(cycle_verdict(&rig.cycle, line, sizeof(line)),
			  EXIT_STATUS_OK);
	ck_assert_uint_eq(rig_ledger()->ticks, ticks);
	ck_assert_uint_eq(sink()->reasons[DROP_BUSY], screen.refused);
	ck_assert_uint_eq(sink()->reasons[DROP_NO_SLOT], 0);
	/* the flip of the last frame may be still to come, or to be told */
	ck_assert_uint_le(sink()->presented + sink()->late - screen.flips, 1);
	ck_assert_uint_le(screen.flips - flips.count, 1);
}

/* All ticks from 0 on, each in time, none missing. */
static void check_all_presented(uint64_t ticks)
{
	check_account(ticks);
	ck_assert_uint_eq(sink()->presented, ticks);
	ck_assert_uint_eq(sink()->late, 0);
	ck_assert_uint_eq(sink()->dropped, 0);
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
}

/* ---- timer --------------------------------------------------------------- */

/* Submits start mid-period; each comes 1/1000 of a period later than the last:
 * the first beat is 1/16 before a half period is over, then one each period. */
START_TEST(timer_repeats_the_beat)
{
	uint64_t i, step, last = 0, found = 0;

	run(CLOCK_TIMER, 60000, film, 60);
	check_all_presented(60000);
	ck_assert_uint_eq(sink()->repeats, 60);
	for (i = 1; i < flips.count; i++) {
		step = flips.rows[i].sequence - flips.rows[i - 1].sequence;
		if (step == 1)
			continue;
		ck_assert_uint_eq(step, 2);
		ck_assert_uint_ge(i - last, found ? 999 : 430);
		ck_assert_uint_le(i - last, found ? 1001 : 450);
		last = i;
		found++;
	}
	ck_assert_uint_eq(found, 60);
}
END_TEST

/* 4.6 hours. */
START_TEST(timer_repeats_the_beat_of_a_million_frames)
{
	run(CLOCK_TIMER, 1000000, film, 60);
	check_all_presented(1000000);
	ck_assert_uint_eq(sink()->repeats, 1000);
}
END_TEST

/* The other way round: ticks come sooner, one in 1000 has no room. */
START_TEST(timer_drops_the_beat)
{
	config.period_ns = HZ(60) * 1.001;
	run(CLOCK_TIMER, 60060, sixty, 60);
	check_account(60060);
	ck_assert_uint_eq(sink()->repeats, 0);
	ck_assert_uint_eq(sink()->dropped, 60);
	ck_assert_uint_eq(sink()->late, 0);
}
END_TEST

/* Late wake-ups blur the moment at which the beat comes round. Where a submit
 * may come on either side of a refresh it is held until after: no frame more is
 * repeated or dropped (runtime/time/beat.h). */
START_TEST(timer_beats_with_jitter)
{
	lateness_ns = NS_PER_MS;
	run(CLOCK_TIMER, 60000, film, 60);
	check_all_presented(60000);
	ck_assert_uint_eq(sink()->repeats, 60);
}
END_TEST

START_TEST(timer_drops_the_beat_with_jitter)
{
	lateness_ns = NS_PER_MS;
	config.period_ns = HZ(60) * 1.001;
	run(CLOCK_TIMER, 60060, sixty, 60);
	check_account(60060);
	ck_assert_uint_eq(sink()->repeats, 0);
	ck_assert_uint_eq(sink()->dropped, 60);
	ck_assert_uint_eq(sink()->late, 0);
}
END_TEST

/* Every second tick of 24 a second is due at a refresh of 60: frames stay for
 * two and three refreshes in turn, whatever the wake-ups do. */
START_TEST(film_is_shown_for_two_and_three_refreshes)
{
	const struct rate rate = {24, 1};
	uint64_t i, step, before = 0;

	lateness_ns = NS_PER_MS;
	run(CLOCK_TIMER, 24000, rate, 60);
	check_all_presented(24000);
	for (i = 60; i < flips.count; i++) {
		step = flips.rows[i].sequence - flips.rows[i - 1].sequence;
		ck_assert_uint_ge(step, 2);
		ck_assert_uint_le(step, 3);
		ck_assert_uint_ne(step, before);
		before = step;
	}
}
END_TEST

/* clang-format off */
static const int64_t phases_ns[] = {
	100000, 900000, 1100000, 4000000, 9000000, 12000000, 16500000,
};
/* clang-format on */

/* t0 moves once, by at most half a period; from then on every submit is half a
 * period after a refresh, and nothing is repeated or dropped. The
 * eighth flip is seen by tick 8 or, if it came just after that woke up, 9. */
START_TEST(timer_submits_mid_period)
{
	const int64_t begin_ns = 5000 * NS_PER_SECOND;
	int64_t since_ns;
	uint64_t i;

	first_refresh_ns = phases_ns[_i];
	run(CLOCK_TIMER, 600, sixty, 60);
	check_all_presented(600);
	ck_assert_uint_eq(sink()->repeats, 0);
	ck_assert_int_le(llabs(rig.cycle.pace.t0_ns - begin_ns),
			 NS_PER_SECOND / 120);
	for (i = 10; i < flips.count; i++) {
		since_ns = flips.rows[i].submit_ns - flips.rows[i - 1].flip_ns;
		ck_assert_int_le(llabs(since_ns - NS_PER_SECOND / 120), 1000);
	}
}
END_TEST

/* The first frames take longer: that is not what the rest is aligned by. */
static void slow_start(uint64_t tick)
{
	if (tick < 4)
		fake_clock.now_ns += 9 * NS_PER_MS;
}

START_TEST(timer_is_aligned_by_the_quickest_frame)
{
	uint64_t i;

	rig.in_step = slow_start;
	run(CLOCK_TIMER, 600, sixty, 60);
	for (i = 10; i < flips.count; i++)
		ck_assert_int_le(llabs(flips.rows[i].submit_ns -
				       flips.rows[i - 1].flip_ns -
				       NS_PER_SECOND / 120),
				 1000);
}
END_TEST

START_TEST(timer_stays_where_flips_tell_nothing)
{
	static const struct {
		enum display_stamp stamp;
		uint64_t mode_hz;
	} displays[] = {
		{DISPLAY_STAMP_NONE, 60},
		{DISPLAY_STAMP_AT_ONCE, 60},
		{DISPLAY_STAMP_HARDWARE, 0},
	};

	stamp = displays[_i].stamp;
	run(CLOCK_TIMER, 100, sixty, displays[_i].mode_hz);
	ck_assert_int_eq(rig.cycle.pace.t0_ns, 5000 * NS_PER_SECOND);
	check_all_presented(100);
}
END_TEST

/* ---- display ------------------------------------------------------------- */

static void check_locked(double hz)
{
	double found = (double)pacing()->refresh_uhz / 1e6;

	ck_assert_uint_eq(pacing()->state, DISPLAY_CLOCK_LOCKED);
	ck_assert_uint_eq(pacing()->locks, 1);
	ck_assert_uint_eq(pacing()->losses, 0);
	ck_assert_uint_gt(pacing()->first_lock_ns, 0);
	ck_assert_uint_lt(pacing()->first_lock_ns, 2 * NS_PER_SECOND);
	ck_assert_msg(fabs(found / hz - 1) < 20e-6, "%.6f Hz, not %.6f", found,
		      hz);
}

/* clang-format off */
static const struct {
	struct rate rate;
	double hz;
	uint64_t mode_hz, ticks;
} locked[] = {
	{{60000, 1001}, 60,	60, 60000},
	{{60000, 1001}, 60,	 0, 60000},
	{{60, 1},	59.94,	60, 60000},
	{{60, 1},	60,	60, 60000},
	{{60, 1},	50,	50, 5000},
	{{60, 1},	75,	75, 5000},
	{{60000, 1001}, 60,	60, 1000000},
};
/* clang-format on */

/* Where the timer repeats or drops one in 1000; with wake-ups up to 1 ms late
 * and stamps that are 5 us off. */
START_TEST(display_repeats_and_drops_nothing)
{
	uint64_t ticks = locked[_i].ticks;
	bool same_rate = fabs(locked[_i].hz - 60) < 1;

	lateness_ns = NS_PER_MS;
	config.period_ns = HZ(locked[_i].hz);
	config.jitter = JITTER_UNIFORM;
	config.jitter_ns = 5e3;
	run(CLOCK_DISPLAY, ticks, locked[_i].rate, locked[_i].mode_hz);
	check_account(ticks);
	check_locked(locked[_i].hz);
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
	/* rates that differ much beat until the clock is locked */
	if (same_rate)
		check_all_presented(ticks);
	ck_assert_uint_eq(sink()->repeats * same_rate, 0);
	ck_assert_uint_lt(sink()->repeats, 20);
	ck_assert_uint_lt(sink()->dropped, 20);
	ck_assert_uint_ge(rig.stats->phase_error.count, ticks - 200);
	ck_assert_uint_le(rig.stats->phase_error.max_ns, 20000);
	/* numbers go on and mean what they always mean */
	ck_assert_uint_eq(rig_ledger()->ticks, ticks);
	ck_assert_double_eq(rig.cycle.tick.seconds,
			    rate_tick_seconds(rig.cycle.rate, ticks - 1));
}
END_TEST

/* Each frame is shown twice, which is what 60 on 120 means. */
START_TEST(display_of_twice_the_rate)
{
	config.period_ns = HZ(120);
	run(CLOCK_DISPLAY, 1000, sixty, 120);
	check_all_presented(1000);
	check_locked(120);
	ck_assert_uint_eq(pacing()->refreshes_per_tick, 2);
	ck_assert_uint_eq(sink()->repeats, flips.count - 1);
}
END_TEST

/* A driver without vblank: the timer, and the report says so. The driver may
 * know, or the clock finds out. */
START_TEST(display_without_refreshes_is_refused)
{
	uint64_t i;

	config.at_once = true;
	config.at_once_ns = 700 * NS_PER_US;
	config.hardware = config.counted = false;
	stamp = _i ? DISPLAY_STAMP_AT_ONCE : DISPLAY_STAMP_SOFTWARE;
	run(CLOCK_DISPLAY, 600, film, 60);
	check_all_presented(600);
	ck_assert_uint_eq(pacing()->state, DISPLAY_CLOCK_REFUSED);
	ck_assert_uint_eq(pacing()->locks, 0);
	ck_assert_uint_eq(pacing()->first_lock_ns, 0);
	ck_assert_uint_eq(rig.stats->phase_error.count, 0);
	for (i = 400; i < flips.count; i++)
		ck_assert_int_le(llabs(flips.rows[i].due_ns -
				       flips.rows[300].due_ns -
				       rate_tick_ns(film, i - 300)),
				 1);
}
END_TEST

/* Without sequence the clock counts the refreshes: some frames take too long
 * and are shown one refresh later. */
static void long_step(uint64_t tick)
{
	if (tick >= 1000 && tick % 100 == 0)
		fake_clock.now_ns += 4 * NS_PER_MS;
}

START_TEST(repeats_are_counted_without_a_sequence)
{
	config.hardware = config.counted = false;
	config.jitter = JITTER_LATE;
	config.jitter_ns = 200e3;
	stamp = DISPLAY_STAMP_SOFTWARE;
	rig.in_step = long_step;
	run(CLOCK_DISPLAY, 10050, sixty, 60);
	check_account(10050);
	check_locked(60);
	/* the first ones; then the lead has grown */
	ck_assert_uint_ge(sink()->late, 1);
	ck_assert_uint_le(sink()->late, 5);
	/* shown a refresh late, in the place of the next one */
	ck_assert_uint_eq(sink()->dropped, sink()->late);
	ck_assert_uint_eq(sink()->repeats, sink()->late);
	ck_assert_uint_eq(screen.repeats, sink()->late);
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
}
END_TEST

static int64_t oversleep_half_a_second(uint64_t wait)
{
	return wait == 300 ? 500 * NS_PER_MS : 50 * NS_PER_US;
}

/* SIGSTOP, SIGCONT: skipped in one step; neither burst nor loss. */
START_TEST(display_and_half_a_second_asleep)
{
	fake_clock.oversleep = oversleep_half_a_second;
	run(CLOCK_DISPLAY, 1000, film, 60);
	check_account(1000);
	check_locked(60);
	ck_assert_uint_ge(rig_ledger()->skipped, 29);
	ck_assert_uint_le(rig_ledger()->skipped, 31);
	ck_assert_uint_eq(sink()->dropped, 0);
	ck_assert_uint_eq(sink()->late, 0);
	/* the frame that was on view stayed */
	ck_assert_uint_eq(sink()->repeats, rig_ledger()->skipped);
	ck_assert_uint_eq(pacing()->holdovers, 0);
	ck_assert_uint_eq(rig.stats->counters.wakes_over_1ms, 1);
}
END_TEST

/* The driver comes back with another mode: acquired again, not a loss. */
static void change_mode(uint64_t tick)
{
	if (tick != 500)
		return;
	simulated_display_set_mode(&screen, fake_clock.now_ns, HZ(50),
				   60 * NS_PER_MS);
	rig.displays[0].refresh_num = 50;
}

START_TEST(display_with_another_mode)
{
	rig.in_step = change_mode;
	run(CLOCK_DISPLAY, 2000, sixty, 60);
	check_account(2000);
	ck_assert_uint_eq(pacing()->state, DISPLAY_CLOCK_LOCKED);
	ck_assert_uint_eq(pacing()->locks, 2);
	ck_assert_uint_eq(pacing()->losses, 0);
	ck_assert_uint_eq(pacing()->refresh_uhz, 50000000);
	/* while it dark, and while 60 ticks a second met 50 refreshes */
	ck_assert_uint_lt(sink()->dropped, 20);
}
END_TEST

/* Events stop for good: four seconds of hold-over, a loss, the timer. */
static void lose_events(uint64_t tick)
{
	if (tick == 500) {
		config.lost_share = 1;
		config.lost_ns = 10000 * NS_PER_SECOND;
	}
}

START_TEST(display_that_stops)
{
	rig.in_step = lose_events;
	run(CLOCK_DISPLAY, 2000, sixty, 60);
	ck_assert_uint_eq(pacing()->state, DISPLAY_CLOCK_ACQUIRING);
	ck_assert_uint_eq(pacing()->holdovers, 1);
	ck_assert_uint_eq(pacing()->losses, 1);
	/* the driver refuses; ticks go on and each has its class */
	ck_assert_uint_eq(rig_ledger()->ticks, 2000);
	ck_assert_uint_eq(rig_ledger()->skipped, 0);
	ck_assert_uint_ge(sink()->dropped, 1490);
	ck_assert(ledger_check(rig_ledger()));
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, timer_repeats_the_beat);
	tcase_add_test(tests, timer_repeats_the_beat_of_a_million_frames);
	tcase_add_test(tests, timer_drops_the_beat);
	tcase_add_test(tests, timer_beats_with_jitter);
	tcase_add_test(tests, timer_drops_the_beat_with_jitter);
	tcase_add_test(tests, film_is_shown_for_two_and_three_refreshes);
	tcase_add_loop_test(tests, timer_submits_mid_period, 0,
			    sizeof(phases_ns) / sizeof(phases_ns[0]));
	tcase_add_test(tests, timer_is_aligned_by_the_quickest_frame);
	tcase_add_loop_test(tests, timer_stays_where_flips_tell_nothing, 0, 3);
	tcase_add_loop_test(tests, display_repeats_and_drops_nothing, 0,
			    sizeof(locked) / sizeof(locked[0]));
	tcase_add_test(tests, display_of_twice_the_rate);
	tcase_add_loop_test(tests, display_without_refreshes_is_refused, 0, 2);
	tcase_add_test(tests, repeats_are_counted_without_a_sequence);
	tcase_add_test(tests, display_and_half_a_second_asleep);
	tcase_add_test(tests, display_with_another_mode);
	tcase_add_test(tests, display_that_stops);
}

int main(void)
{
	return run_suite("pacing", add_tests);
}
