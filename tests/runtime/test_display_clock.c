/*
 * tests/runtime/test_display_clock.c: --clock display in simulated time: the
 * clock against a display that knows when it really refreshed. Each run is
 * the same on every machine; its seed and its figures are printed.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fakes/paced_run.h"
#include "tests/runtime/run_suite.h"

#define HZ(rate)   (1e9 / (rate))
#define LIMIT_NS   (2 * NS_PER_SECOND) /* to lock */
#define SETTLE	   600 /* ticks after locking that are not judged */
#define TICKS	   100000
#define HARDWARE   .hardware = true, .counted = true
#define LATENESS   .lateness_ns = 500 * NS_PER_US
#define RATE(n, d) .rate = {n, d}

static struct paced_run run;
static struct paced_config config;

/* What a test leaves open. */
static void fill_in(uint64_t seed)
{
	config.display.seed = seed;
	if (config.clock.rate.num == 0)
		config.clock.rate = (struct rate){60, 1};
	if (config.display.period_ns == 0)
		config.display.period_ns = HZ(60);
	if (config.cost_ns == 0)
		config.cost_ns = NS_PER_MS;
	if (config.first_refresh_ns == 0)
		config.first_refresh_ns =
			(int64_t)(seed * 7919 * 1000 % 16666667);
}

static void begin(uint64_t seed, uint64_t ticks_max)
{
	fill_in(seed);
	paced_init(&run, &config, ticks_max);
}

/* The refreshes that cycles_per_tick > 1 leaves to the frame before. */
static uint64_t unplanned_repeats(void)
{
	uint64_t planned =
		run.flips * (uint64_t)(run.clock.cycles_per_tick - 1);

	return paced_repeats(&run) - planned;
}

static double error_us(double share)
{
	return paced_quantile(run.error_ns, run.error_count, share) / 1e3;
}

/* ---- locked, and staying so ---------------------------------------------- */

/* clang-format off */
static const struct scenario {
	const char *name;
	struct paced_config config;
	double p50_us, p99_us, max_us; /* bounds of the true phase error */
	double ppm; /* of the period's, at any tick */
} scenarios[] = {
	{"a perfect display",
	 {.display = {HARDWARE}}, 0.01, 0.01, 0.01, 0.01},
	{"stamps of a vblank counter, 2 us",
	 {.display = {HARDWARE, .jitter = JITTER_GAUSSIAN, .jitter_ns = 2e3},
	  LATENESS}, 0.5, 1.5, 3, 5},
	{"500 ppm fast",
	 {.display = {HARDWARE, .drift_ppm = -500, .jitter = JITTER_GAUSSIAN,
		      .jitter_ns = 2e3}, LATENESS}, 0.5, 1.5, 3, 5},
	{"500 ppm slow, the mode known",
	 {.clock = {.refresh_ns = 16666667},
	  .display = {HARDWARE, .drift_ppm = 500, .jitter = JITTER_GAUSSIAN,
		      .jitter_ns = 2e3}, LATENESS}, 0.5, 1.5, 3, 5},
	/* the period is off by the whole step until it has been seen */
	{"steps within 500 ppm every 10 s",
	 {.display = {HARDWARE, .drift_ppm = 500, .drift_steps = 600,
		      .jitter = JITTER_GAUSSIAN, .jitter_ns = 2e3},
	  LATENESS}, 1, 150, 250, 1000},
	{"software stamps, late by up to 200 us",
	 {.display = {.jitter = JITTER_LATE, .jitter_ns = 200e3}, LATENESS},
	 105, 120, 135, 20},
	{"software stamps, 1 ms either way",
	 {.display = {.jitter = JITTER_UNIFORM, .jitter_ns = 1e6}, LATENESS},
	 60, 200, 350, 150},
	{"software stamps, normal, 500 us",
	 {.display = {.jitter = JITTER_GAUSSIAN, .jitter_ns = 500e3},
	  LATENESS}, 50, 180, 300, 120},
	{"software stamps and steps within 500 ppm",
	 {.display = {.jitter = JITTER_GAUSSIAN, .jitter_ns = 200e3,
		      .drift_ppm = 500, .drift_steps = 600}, LATENESS},
	 100, 650, 1000, 1000},
	{"one stamp in 20 off by up to 20 ms",
	 {.display = {HARDWARE, .jitter = JITTER_GAUSSIAN, .jitter_ns = 2e3,
		      .outlier_share = 0.05, .outlier_ns = 20e6}, LATENESS},
	 0.6, 30, 70, 80},
	{"the same, software, without sequence",
	 {.display = {.jitter = JITTER_GAUSSIAN, .jitter_ns = 100e3,
		      .outlier_share = 0.05, .outlier_ns = 20e6}, LATENESS},
	 12, 50, 120, 60},
	{"one event in 20 lost",
	 {.display = {HARDWARE, .lost_share = 0.05}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"one refresh in 20 not counted",
	 {.display = {HARDWARE, .skip_share = 0.05}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"wakes up to 3 ms late, frames of 4 to 8 ms",
	 {.display = {HARDWARE, .jitter = JITTER_GAUSSIAN, .jitter_ns = 2e3},
	  .lateness_ns = 3 * NS_PER_MS, .cost_ns = 8 * NS_PER_MS},
	 0.5, 1.5, 3, 5},
	{"frames of up to 13 ms",
	 {.display = {HARDWARE}, .lateness_ns = 100 * NS_PER_US,
	  .cost_ns = 13 * NS_PER_MS}, 0.01, 0.01, 0.01, 0.01},
	{"60000/1001 ticks on 60 Hz",
	 {.clock = {RATE(60000, 1001), .refresh_ns = 16666667},
	  .display = {HARDWARE}, LATENESS}, 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 59.94 Hz",
	 {.display = {HARDWARE, .period_ns = HZ(60) * 1.001}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 50 Hz, nothing known",
	 {.display = {.period_ns = HZ(50)}, LATENESS}, 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 75 Hz",
	 {.display = {HARDWARE, .period_ns = HZ(75)}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 30 Hz",
	 {.display = {HARDWARE, .period_ns = HZ(30)}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 120 Hz",
	 {.display = {HARDWARE, .period_ns = HZ(120)}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 144 Hz",
	 {.display = {HARDWARE, .period_ns = HZ(144)}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"60 ticks on 240 Hz without sequence, the mode known",
	 {.clock = {.refresh_ns = 4166667},
	  .display = {.period_ns = HZ(240)}, LATENESS},
	 0.01, 0.01, 0.01, 0.01},
	{"24 ticks on 60 Hz",
	 {.clock = {RATE(24, 1), .refresh_ns = 16666667},
	  .display = {HARDWARE}, LATENESS}, 0.01, 0.01, 0.01, 0.01},
};
/* clang-format on */

static void print_figures(const char *name)
{
	double true_ns =
		run.display.period_ns * (1 + run.display.drift_ppm * 1e-6);

	printf("# %s (seed %" PRIu64 "): phase error us p50 %.3f p99 %.3f "
	       "max %.3f; reported p50 %.3f p99 %.3f; period ppm max %.3f; "
	       "%.6f Hz, true %.6f at the end; cost %.0f us, outliers %" PRIu64
	       ", holdovers %" PRIu64 "\n",
	       name, config.display.seed, error_us(0.5), error_us(0.99),
	       error_us(1),
	       paced_quantile(run.reported_ns, run.reported_count, 0.5) / 1e3,
	       paced_quantile(run.reported_ns, run.reported_count, 0.99) / 1e3,
	       run.ppm_max, display_clock_refresh_hz(&run.clock), 1e9 / true_ns,
	       run.clock.cost_ns / 1e3, run.clock.pll.outliers,
	       run.clock.holdovers);
}

static void lock_and_settle(const char *name)
{
	ck_assert_msg(paced_lock(&run, LIMIT_NS), "%s: not locked after 2 s",
		      name);
	/* the tick that locks was woken by the timer */
	paced_ticks(&run, 2);
	ck_assert_uint_eq(run.clock.locks, 1);
}

/* Nothing repeated, dropped, skipped, late or lost since paced_forget. */
static void check_clean(const char *name)
{
	ck_assert_msg(unplanned_repeats() == 0 && run.dropped == 0 &&
			      run.skipped == 0 && run.late == 0 &&
			      run.clock.losses == 0,
		      "%s: %" PRIu64 " repeats, %" PRIu64 " drops, %" PRIu64
		      " skips, %" PRIu64 " late, %" PRIu64 " losses",
		      name, unplanned_repeats(), run.dropped, run.skipped,
		      run.late, run.clock.losses);
}

START_TEST(locked_without_repeats_or_drops)
{
	const struct scenario *scenario = &scenarios[_i];

	config = scenario->config;
	begin((uint64_t)_i + 1, TICKS);
	lock_and_settle(scenario->name);
	paced_forget(&run);
	paced_ticks(&run, SETTLE);
	check_clean(scenario->name);
	paced_forget(&run);
	paced_ticks(&run, TICKS);
	print_figures(scenario->name);
	check_clean(scenario->name);
	ck_assert_uint_eq(run.error_count, TICKS);
	ck_assert_msg(error_us(0.5) <= scenario->p50_us &&
			      error_us(0.99) <= scenario->p99_us &&
			      error_us(1) <= scenario->max_us &&
			      run.ppm_max <= scenario->ppm,
		      "%s: phase error %.3f %.3f %.3f us, %.3f ppm",
		      scenario->name, error_us(0.5), error_us(0.99),
		      error_us(1), run.ppm_max);
	paced_finish(&run);
}
END_TEST

/* A bit of everything, over four and a half hours. */
START_TEST(a_million_frames)
{
	const uint64_t ticks = 1000000;
	uint64_t flips, lost, unseen;

	config = (struct paced_config){
		.display = {HARDWARE, .drift_ppm = 200, .drift_steps = 6000,
			    .jitter = JITTER_UNIFORM, .jitter_ns = 20e3,
			    .outlier_share = 0.01, .outlier_ns = 20e6,
			    .lost_share = 0.001, .late_share = 0.01,
			    .late_ns = 2 * NS_PER_MS, .skip_share = 0.001},
		.lateness_ns = NS_PER_MS,
		.cost_ns = 3 * NS_PER_MS,
	};
	begin(2026, ticks);
	lock_and_settle("a million frames");
	paced_forget(&run);
	flips = run.display.flips;
	lost = run.display.lost;
	paced_ticks(&run, ticks);
	print_figures("a million frames");
	check_clean("a million frames");
	ck_assert_uint_eq(run.error_count, ticks);
	ck_assert_double_le(error_us(0.5), 4);
	ck_assert_double_le(error_us(0.99), 20);
	ck_assert_double_le(error_us(1), 150);
	/* each shown frame's event came, was lost, or is not due yet */
	unseen = run.display.flips - flips - run.flips -
		 (run.display.lost - lost);
	ck_assert_uint_le(unseen, 1);
	ck_assert_uint_ge(run.display.lost, 800);
	paced_finish(&run);
}
END_TEST

/* The mean over the lock: what the report gives as the display's rate. */
START_TEST(the_rate_reported_is_the_displays)
{
	int hz;

	for (hz = 24; hz <= 240; hz += 4) {
		double true_hz = hz * 1.00037, found;

		config = (struct paced_config){
			.display = {HARDWARE, .period_ns = HZ(true_hz),
				    .jitter = JITTER_UNIFORM,
				    .jitter_ns = 50e3},
			LATENESS};
		begin((uint64_t)hz, 1200);
		ck_assert(paced_lock(&run, LIMIT_NS));
		paced_ticks(&run, 1200);
		found = display_clock_refresh_hz(&run.clock);
		ck_assert_msg(fabs(found / true_hz - 1) < 20e-6,
			      "%d Hz: %.6f, true %.6f", hz, found, true_hz);
		paced_finish(&run);
	}
}
END_TEST

/* Whatever phase the first tick has; unless its frame is ready, after 0.5 to
 * 1.5 ms, just when the display refreshes, nothing is repeated or dropped. */
START_TEST(locks_from_every_phase)
{
	uint64_t seed, repeats, drops;
	int64_t phase_ns;

	for (seed = 1; seed <= 300; seed++) {
		phase_ns = (int64_t)seed * 16666667 / 300;
		config = (struct paced_config){
			.clock = {.refresh_ns = seed % 2 ? 16666667 : 0},
			.display = {.hardware = seed % 3 == 0,
				    .counted = seed % 3 == 0,
				    .jitter = JITTER_LATE,
				    .jitter_ns = 100e3},
			LATENESS,
			.first_refresh_ns = phase_ns};
		begin(seed, 200);
		ck_assert_msg(paced_lock(&run, NS_PER_SECOND), "seed %" PRIu64,
			      seed);
		repeats = paced_repeats(&run);
		drops = run.dropped;
		if (phase_ns < 450 * NS_PER_US || phase_ns > 1550 * NS_PER_US)
			ck_assert_msg(repeats == 0 && drops == 0,
				      "seed %" PRIu64 ": %" PRIu64
				      " repeats, %" PRIu64 " drops",
				      seed, repeats, drops);
		ck_assert_uint_le(repeats + drops, 8);
		paced_finish(&run);
	}
}
END_TEST

/* ---- refused ------------------------------------------------------------- */

/* A driver without vblank: the timer stays, to the nanosecond. */
START_TEST(flips_that_complete_at_once_are_refused)
{
	const struct rate rate = {60, 1};
	uint64_t seed, tick;
	int64_t due_ns;

	for (seed = 1; seed <= 300; seed++) {
		config = (struct paced_config){
			.clock = {.refresh_ns = seed % 2 ? 16666667 : 0},
			.display = {.at_once = true,
				    .at_once_ns =
					    (int64_t)(seed % 10) * NS_PER_MS,
				    .jitter = JITTER_LATE,
				    .jitter_ns = (double)(seed % 4) * 1e6},
			.lateness_ns = (int64_t)(seed % 3) * NS_PER_MS};
		begin(seed, 1000);
		paced_lock(&run, 10 * NS_PER_SECOND);
		ck_assert_msg(run.clock.state == DISPLAY_CLOCK_REFUSED &&
				      run.clock.locks == 0,
			      "seed %" PRIu64 ": %s", seed,
			      display_clock_state_name(run.clock.state));
		due_ns = run.clock.due_ns;
		tick = run.clock.tick;
		paced_ticks(&run, 60);
		ck_assert_uint_eq(run.clock.tick, tick + 60);
		ck_assert_int_eq(run.clock.due_ns - due_ns,
				 rate_tick_ns(rate, 60));
		ck_assert_uint_eq(run.dropped, 0);
		paced_finish(&run);
	}
}
END_TEST

START_TEST(hopeless_stamps_are_not_locked_to)
{
	uint64_t seed;

	for (seed = 1; seed <= 100; seed++) {
		config = (struct paced_config){
			.display = {.jitter = JITTER_GAUSSIAN,
				    .jitter_ns = 4e6},
			LATENESS};
		begin(seed, 10);
		ck_assert_msg(!paced_lock(&run, 10 * NS_PER_SECOND),
			      "seed %" PRIu64, seed);
		paced_finish(&run);
	}
}
END_TEST

START_TEST(without_any_flip_it_is_the_timer)
{
	config = (struct paced_config){
		.clock = {RATE(60000, 1001)},
		.display = {.lost_share = 1, .lost_ns = 1000 * NS_PER_SECOND},
	};
	begin(1, 10);
	paced_ticks(&run, 600);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_ACQUIRING);
	ck_assert_int_eq(run.clock.due_ns - run.start_ns,
			 rate_tick_ns(config.clock.rate, 600));
	ck_assert_uint_eq(run.dropped, 599);
	ck_assert(display_clock_refresh_hz(&run.clock) == 0);
	paced_finish(&run);
}
END_TEST

/* ---- lost, held and found again ------------------------------------------ */

static void begin_locked(uint64_t seed)
{
	config.display.hardware = config.display.counted = true;
	config.lateness_ns = 300 * NS_PER_US;
	begin(seed, 100000);
	lock_and_settle("begin");
	paced_forget(&run);
	paced_ticks(&run, SETTLE);
	check_clean("begin");
}

/* SIGSTOP and SIGCONT. */
START_TEST(half_a_second_asleep)
{
	uint64_t tick;

	begin_locked(1);
	tick = run.clock.tick;
	run.sleep_ns = 500 * NS_PER_MS;
	paced_ticks(&run, 1);
	ck_assert_uint_ge(run.skipped, 29);
	ck_assert_uint_le(run.skipped, 31);
	ck_assert_uint_eq(run.clock.tick, tick + 1 + run.skipped);
	/* no burst, no other mode, no loss: as before at once */
	paced_forget(&run);
	paced_ticks(&run, 1000);
	ck_assert_uint_le(paced_repeats(&run), 31);
	ck_assert_uint_eq(run.dropped, 0);
	ck_assert_uint_eq(run.skipped, 0);
	ck_assert_uint_eq(run.clock.losses, 0);
	ck_assert_uint_eq(run.clock.holdovers, 0);
	ck_assert_double_le(error_us(1), 0.01);
	paced_finish(&run);
}
END_TEST

static void relock(const char *what, uint64_t losses)
{
	ck_assert_msg(paced_lock(&run, 3 * NS_PER_SECOND), "%s", what);
	ck_assert_uint_eq(run.clock.losses, losses);
	ck_assert_uint_eq(run.clock.locks, losses + 1);
	paced_ticks(&run, 2);
	paced_forget(&run);
	paced_ticks(&run, 1000);
	ck_assert_uint_eq(unplanned_repeats(), 0);
	ck_assert_uint_eq(run.dropped, 0);
	ck_assert_uint_eq(run.late, 0);
	ck_assert_double_le(error_us(1), 0.01);
}

/* Until the loop has noticed. */
static void run_until_lost(uint64_t losses)
{
	int i;

	for (i = 0; i < 60 && run.clock.losses < losses; i++)
		paced_ticks(&run, 1);
	ck_assert_uint_eq(run.clock.losses, losses);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_ACQUIRING);
}

START_TEST(other_modes_are_found)
{
	static const double hz[] = {75, 50, 120, 60, 59.94, 30, 144, 60};
	uint64_t i;

	begin_locked(2);
	for (i = 0; i < sizeof(hz) / sizeof(hz[0]); i++) {
		simulated_display_set_mode(&run.display, run.now_ns, HZ(hz[i]),
					   40 * NS_PER_MS);
		run_until_lost(i + 1);
		relock("a new mode", i + 1);
		ck_assert_double_eq_tol(run.clock.pll.period_ns, HZ(hz[i]), 1);
	}
	paced_finish(&run);
}
END_TEST

/* The driver says so: not a loss. */
START_TEST(a_mode_that_is_told_is_no_loss)
{
	begin_locked(3);
	simulated_display_set_mode(&run.display, run.now_ns, HZ(75),
				   40 * NS_PER_MS);
	display_clock_set_mode(&run.clock, 13333333);
	ck_assert(paced_lock(&run, LIMIT_NS));
	ck_assert_uint_eq(run.clock.losses, 0);
	ck_assert_uint_eq(run.clock.locks, 2);
	ck_assert_double_eq_tol(run.clock.pll.period_ns, HZ(75), 1);
	paced_finish(&run);
}
END_TEST

/* The clock stood still, the display has another phase. */
START_TEST(resume_after_suspend)
{
	begin_locked(4);
	simulated_display_set_mode(&run.display, run.now_ns, HZ(60),
				   137 * NS_PER_MS);
	run_until_lost(1);
	relock("resumed", 1);
	paced_finish(&run);
}
END_TEST

/* Events stop, frames are still shown: on for 4 s by the last estimate, then
 * the timer, then locked again. */
START_TEST(holdover)
{
	int64_t stopped_ns, due_ns;

	begin_locked(5);
	config.display.lost_share = 1;
	stopped_ns = run.now_ns;
	paced_ticks(&run, DISPLAY_CLOCK_MISSING - 1);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_LOCKED);
	paced_ticks(&run, 1);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_HOLDOVER);
	paced_forget(&run);
	while (run.clock.state == DISPLAY_CLOCK_HOLDOVER) {
		ck_assert(run.now_ns - stopped_ns < 5 * NS_PER_SECOND);
		due_ns = run.clock.due_ns;
		paced_ticks(&run, 1);
		/* steered or not: no jump */
		ck_assert_int_le(
			llabs(run.clock.due_ns - due_ns - NS_PER_SECOND / 60),
			100 * NS_PER_US);
	}
	ck_assert_int_ge(run.now_ns - stopped_ns,
			 DISPLAY_CLOCK_HOLDOVER_NS - NS_PER_SECOND / 30);
	ck_assert_uint_eq(run.dropped, 0);
	ck_assert_double_le(error_us(1), 0.01);
	ck_assert_uint_eq(run.clock.holdovers, 1);
	ck_assert_uint_eq(run.clock.losses, 1);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_ACQUIRING);
	config.display.lost_share = 0;
	relock("events are back", 1);
	paced_finish(&run);
}
END_TEST

START_TEST(a_short_holdover_is_no_loss)
{
	begin_locked(6);
	config.display.lost_share = 1;
	paced_ticks(&run, 120);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_HOLDOVER);
	config.display.lost_share = 0;
	paced_ticks(&run, 2);
	ck_assert_int_eq(run.clock.state, DISPLAY_CLOCK_LOCKED);
	ck_assert_uint_eq(run.clock.holdovers, 1);
	check_clean("held over");
	paced_finish(&run);
}
END_TEST

/* A driver that refuses flips for 100 ms after a lost event: each refused
 * frame is one refresh that shows the frame before, and nothing else is. */
START_TEST(stalls_cost_what_they_last)
{
	uint64_t refused, repeats;

	begin_locked(7);
	refused = run.display.refused;
	repeats = run.display.repeats;
	paced_forget(&run);
	config.display.lost_share = 0.01;
	config.display.lost_ns = 100 * NS_PER_MS;
	paced_ticks(&run, 50000);
	config.display.lost_share = 0;
	paced_ticks(&run, 10);
	refused = run.display.refused - refused;
	repeats = run.display.repeats - repeats;
	ck_assert_uint_gt(run.display.lost, 300);
	ck_assert_uint_eq(run.dropped, refused);
	/* 100 ms are 6 refreshes, and 6 frames just before each */
	ck_assert_uint_eq(refused, run.display.lost * 6);
	ck_assert_uint_eq(repeats, refused);
	ck_assert_uint_eq(run.skipped, 0);
	ck_assert_uint_eq(run.clock.losses, 0);
	ck_assert_double_le(error_us(1), 0.01);
	paced_finish(&run);
}
END_TEST

/* ---- steering ------------------------------------------------------------ */

/* Frames are ready the margin ahead, and hardly earlier. */
START_TEST(the_margin_is_kept)
{
	static const int64_t margins_ns[] = {0, 500000, 4000000};
	double lowest_ns, least_ns;
	size_t i;
	int tick;

	for (i = 0; i < 3; i++) {
		config = (struct paced_config){
			.clock = {.margin_ns = margins_ns[i]},
			.cost_ns = 2 * NS_PER_MS};
		begin_locked(8 + i);
		lowest_ns = config.clock.margin_ns
				    ? (double)config.clock.margin_ns
				    : HZ(60) / 8;
		least_ns = 1e9;
		for (tick = 0; tick < 10000; tick++) {
			paced_ticks(&run, 1);
			least_ns = fmin(least_ns, (double)(run.display.next_ns -
							   run.now_ns));
		}
		/* cost and lateness are dice: the mark stands near their top,
		 * 2.3 ms, and a frame is ready at most 1.3 ms sooner */
		ck_assert_double_ge(least_ns, lowest_ns - 300e3);
		ck_assert_double_le(least_ns, lowest_ns + 300e3);
		paced_finish(&run);
	}
}
END_TEST

/* An eighth of a period after the refresh before the tick's own. */
static bool is_after_refresh_before(void)
{
	const struct display_clock *clock = &run.clock;
	int64_t before_ns =
		pll_time_of(&clock->pll, clock->cycle - clock->cycles_per_tick);

	return clock->due_ns >= before_ns + NS_PER_SECOND / 60 / 8 - NS_PER_US;
}

/* More than a period: frames are late and dropped, but the lock holds and no
 * wake-up comes before the refresh that frees the flip. */
START_TEST(overload_keeps_the_lock)
{
	int i;

	config.cost_ns = 24 * NS_PER_MS;
	config.display.hardware = config.display.counted = true;
	begin(12, 20000);
	ck_assert(paced_lock(&run, LIMIT_NS));
	paced_forget(&run);
	for (i = 0; i < 10000; i++) {
		paced_ticks(&run, 1);
		if (!is_after_refresh_before())
			ck_abort_msg("tick %d is due too early", i);
	}
	ck_assert_uint_eq(run.clock.losses, 0);
	ck_assert_uint_gt(run.late, 1000);
	ck_assert_uint_gt(run.skipped, 100);
	config.cost_ns = NS_PER_MS;
	paced_ticks(&run, 600);
	paced_forget(&run);
	paced_ticks(&run, 1000);
	check_clean("after overload");
	paced_finish(&run);
}
END_TEST

static void setup(void)
{
	config = (struct paced_config){0};
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static void add_tests(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, locked_without_repeats_or_drops, 0,
			    sizeof(scenarios) / sizeof(scenarios[0]));
	tcase_add_test(tests, a_million_frames);
	tcase_add_test(tests, the_rate_reported_is_the_displays);
	tcase_add_test(tests, locks_from_every_phase);
	tcase_add_test(tests, flips_that_complete_at_once_are_refused);
	tcase_add_test(tests, hopeless_stamps_are_not_locked_to);
	tcase_add_test(tests, without_any_flip_it_is_the_timer);
	tcase_add_test(tests, half_a_second_asleep);
	tcase_add_test(tests, other_modes_are_found);
	tcase_add_test(tests, a_mode_that_is_told_is_no_loss);
	tcase_add_test(tests, resume_after_suspend);
	tcase_add_test(tests, holdover);
	tcase_add_test(tests, a_short_holdover_is_no_loss);
	tcase_add_test(tests, stalls_cost_what_they_last);
	tcase_add_test(tests, the_margin_is_kept);
	tcase_add_test(tests, overload_keeps_the_lock);
}

int main(void)
{
	return run_suite("display_clock", add_tests);
}
