/*
 * tests/runtime/test_policies.c: which frames of a camera the ticks get, by the
 * policies of graph/graph.h, in simulated time. Each run is one seed, so its
 * figures are exact.
 */
#include <math.h>
#include <stdlib.h>

#include "runtime/cycle/intake.h"
#include "runtime/port/display.h"
#include "tests/fakes/simulated_camera.h"
#include "tests/runtime/run_suite.h"

#define MS    INT64_C(1000000)
#define START (1000 * NS_PER_SECOND)

/* Two cameras; the second may be taken with the first. */
#define CAMERAS 2

static struct graph_source graph[CAMERAS] = {
	{.name = "one", .width = 16, .height = 4},
	{.name = "two", .width = 16, .height = 4, .with = 0},
};
static struct source source[CAMERAS];
static struct intake intake[CAMERAS];
static struct simulated_camera camera[CAMERAS];
static struct ledger ledger;
static uint32_t cameras;
static uint64_t tick;
static uint32_t deepest; /* most frames that were with the tick thread */
static uint64_t backwards; /* ticks that had an older frame than before */
static uint64_t sequence[CAMERAS];
static double skew_sum_ns;
static uint64_t skews;
static int64_t age_sum_ns, age_max_ns;

/* vivid: a frame each 1/59.94 s, there at once, its stamp 0.9 periods in the
 * future and rounded up to a jiffy; the thread wakes up late by some. */
static const struct simulated_camera_config vivid = {
	.seed = 1,
	.period_ns = 1001e9 / 60000,
	.stamp_ns = 15 * MS,
	.quantum_ns = 4 * MS,
	.jitter_ns = 2 * MS,
	.told = true,
};

static void open_camera(uint32_t i, const struct simulated_camera_config *config,
			enum graph_policy policy, uint32_t frames,
			int64_t first_ns)
{
	graph[i].policy = policy;
	source[i] = (struct source){.graph = &graph[i]};
	ck_assert_int_eq(source_alloc(&source[i], &graph[i], frames), 0);
	simulated_camera_init(&camera[i], config, &source[i], first_ns);
	intake_init(&intake[i], &source[i], intake, 1000 * MS / 60);
	cameras = i + 1;
}

static void begin(void)
{
	ledger_init(&ledger, 0, CAMERAS);
	tick = deepest = 0;
	backwards = skews = 0;
	skew_sum_ns = 0;
	age_sum_ns = age_max_ns = 0;
	sequence[0] = sequence[1] = 0;
}

static void finish(void)
{
	while (cameras)
		source_free(&source[--cameras]);
}

/* Of the frames there are, all but those that are free are the ticks'. */
static void watch_depth(uint32_t i)
{
	uint32_t free = source[i].free.head - source[i].free.tail;
	uint32_t with_ticks = source[i].frame_count - free;

	if (with_ticks > deepest)
		deepest = with_ticks;
}

static void take(uint32_t i, int64_t due_ns)
{
	struct intake_share share;
	int64_t age_ns;

	simulated_camera_advance(&camera[i], due_ns);
	share = intake_take(&intake[i], due_ns);
	ledger_source(&ledger, i, share.what, share.passed_over);
	watch_depth(i);
	if (share.skew_ns != FRAME_AGE_NONE) {
		skew_sum_ns += fabs((double)share.skew_ns);
		skews++;
	}
	if (share.frame == INTAKE_NONE)
		return;
	backwards += share.sequence < sequence[i];
	sequence[i] = share.sequence;
	age_ns = due_ns - camera[i].truth_ns[share.frame];
	age_sum_ns += age_ns;
	if (age_ns > age_max_ns)
		age_max_ns = age_ns;
	intake_give_back(&intake[i], share.frame);
}

/* Ticks at that rate. */
static void run(uint64_t ticks, double hz)
{
	for (; ticks; ticks--, tick++) {
		int64_t due_ns = START + llround((double)tick * 1e9 / hz);

		ledger_start(&ledger, tick, tick);
		for (uint32_t i = 0; i < cameras; i++)
			take(i, due_ns);
	}
}

static void check_sums(void)
{
	ck_assert(ledger_check(&ledger) || cameras < CAMERAS);
	for (uint32_t i = 0; i < cameras; i++) {
		const struct ledger_source *row = &ledger.source[i];

		ck_assert_uint_eq(row->taken + row->repeats + row->empty +
					  row->card,
				  ledger.ticks);
		ck_assert_uint_eq(atomic_load(&source[i].health.delivered),
				  camera[i].came);
		ck_assert_uint_eq(atomic_load(&source[i].health.lost),
				  camera[i].lost);
		ck_assert(intake_check(&intake[i], row));
		ck_assert_uint_le(intake_waiting(&intake[i]),
				  source[i].frame_count);
	}
	ck_assert_uint_eq(backwards, 0);
}

static void print_run(const char *what)
{
	const struct ledger_source *row = &ledger.source[cameras - 1];

	if (getenv("PRINT_POLICIES"))
		printf("%s: taken %llu repeats %llu empty %llu passed %llu "
		       "lost %llu deepest %u age mean %.2f max %.2f ms, "
		       "locks %llu delay %.2f skew %.3f\n",
		       what, (unsigned long long)row->taken,
		       (unsigned long long)row->repeats,
		       (unsigned long long)row->empty,
		       (unsigned long long)row->passed_over,
		       (unsigned long long)camera[cameras - 1].lost, deepest,
		       (double)age_sum_ns / (double)(ledger.ticks ? ledger.ticks : 1) / 1e6,
		       (double)age_max_ns / 1e6,
		       (unsigned long long)intake[cameras - 1].steady.locks,
		       (double)intake[cameras - 1].steady.delay_ns / 1e6,
		       skews ? skew_sum_ns / (double)skews / 1e6 : 0);
}

static void run_vivid(enum graph_policy policy, uint32_t frames, double hz)
{
	open_camera(0, &vivid, policy, frames, START - 7 * MS);
	run(2400, hz);
	print_run("vivid");
	check_sums();
}

START_TEST(newest_repeats_where_both_come_together)
{
	run_vivid(GRAPH_POLICY_NEWEST, 4, 60);
	ck_assert_uint_eq(ledger.source[0].repeats, 59);
	ck_assert_uint_eq(ledger.source[0].passed_over, 57);
}
END_TEST

/* A camera of 1000 Hz, or ticks of 2 Hz: more frames a tick than there are
 * places for. What a tick has is not older than that frame's way. */
START_TEST(newest_is_newest_however_many_come)
{
	struct simulated_camera_config quick = vivid;
	double hz = _i ? 2 : 60;

	quick.period_ns = _i ? 1001e9 / 60000 : 1e6;
	quick.jitter_ns = 0;
	open_camera(0, &quick, GRAPH_POLICY_NEWEST, 4, START - 7 * MS);
	run(600, hz);
	print_run("quick");
	check_sums();
	ck_assert_uint_eq(ledger.source[0].repeats, 0);
	ck_assert_uint_eq(camera[0].lost, 0);
	ck_assert_int_le(age_max_ns, (int64_t)quick.period_ns + 1);
}
END_TEST

/* 2400 ticks are 2.4 beats. */
START_TEST(steady_repeats_what_the_beat_asks)
{
	run_vivid(GRAPH_POLICY_STEADY, 4, 60);
	ck_assert_uint_eq(ledger.source[0].repeats, 3);
	ck_assert_uint_eq(ledger.source[0].passed_over, 0);
	ck_assert_uint_eq(intake[0].steady.locks, 1);
	ck_assert_uint_le(deepest, 2);
	/* newest: 8.7 ms */
	ck_assert_int_le(age_sum_ns / 2400, 12 * MS);
}
END_TEST

/* From the first tick on: before there is a clock, too, wherever in a tick the
 * camera's frames come, and however unevenly. */
START_TEST(steady_before_its_clock)
{
	struct simulated_camera_config uneven = vivid;
	uint32_t phase, frames;

	uneven.jitter_ns = (_i + 1) * 2 * MS;
	for (phase = 0; phase < 17; phase++) {
		begin();
		uneven.seed = phase;
		frames = 4 + phase % 3;
		open_camera(0, &uneven, GRAPH_POLICY_STEADY, frames,
			    START - phase * MS);
		run(2400, 60);
		print_run("phase");
		check_sums();
		ck_assert_uint_le(ledger.source[0].repeats, 3);
		ck_assert_uint_eq(ledger.source[0].passed_over, 0);
		ck_assert_uint_eq(intake[0].steady.locks, 1);
		ck_assert_uint_le(deepest, 3);
		finish();
	}
}
END_TEST

/* Once it is locked: the difference of the rates, either way, and nothing else. */
START_TEST(steady_at_other_rates)
{
	static const double rates[] = {59.70, 60.6, 59.94005994, 30, 50, 120,
				       24};
	double hz = rates[_i], camera_hz = 60000.0 / 1001;
	double more = (hz - camera_hz) / hz * 2400;
	const struct ledger_source *row = &ledger.source[0];

	run_vivid(GRAPH_POLICY_STEADY, 6, hz);
	ck_assert_uint_le(row->repeats, (uint64_t)fmax(more, 0) + 2);
	ck_assert_uint_le(row->passed_over, (uint64_t)fmax(-more, 0) + 2);
	ck_assert_uint_eq(camera[0].lost, 0);
	ck_assert(fabs(steady_rate_hz(&intake[0].steady) - camera_hz) < 0.01);
}
END_TEST

/* A camera that takes its time, and a driver that does not tell how long: frames
 * are late by a tick at most more than they have to be. */
START_TEST(steady_learns_how_long_frames_take)
{
	struct simulated_camera_config slow = vivid;

	slow.stamp_ns = 0;
	slow.takes_ns = 30 * MS;
	slow.told = _i;
	open_camera(0, &slow, GRAPH_POLICY_STEADY, 6, START - 7 * MS);
	run(2400, 60);
	print_run("slow");
	check_sums();
	ck_assert_uint_le(ledger.source[0].repeats, 6);
	ck_assert_int_ge(age_max_ns, 30 * MS);
	ck_assert_int_le(age_max_ns, (_i ? 55 : 80) * MS);
}
END_TEST

/* Halfway the camera gets slow: the delay follows, once. */
START_TEST(steady_follows_a_camera_that_gets_slower)
{
	struct simulated_camera_config slow = vivid;
	uint64_t before;

	open_camera(0, &slow, GRAPH_POLICY_STEADY, 6, START - 7 * MS);
	run(2400, 60);
	before = ledger.source[0].repeats;
	slow.takes_ns = 8 * MS;
	run(2400, 60);
	check_sums();
	ck_assert_uint_le(ledger.source[0].repeats - before, 8);
	slow.takes_ns = 0; /* and gets quick again: so does the picture */
	run(2400, 60);
	age_sum_ns = 0;
	run(2400, 60);
	check_sums();
	ck_assert_int_le(age_sum_ns / 2400, 13 * MS);
}
END_TEST

/* Another rate, another count: the clock starts anew, by itself. */
START_TEST(steady_after_a_camera_that_starts_over)
{
	struct simulated_camera_config other = vivid;

	open_camera(0, &other, GRAPH_POLICY_STEADY, 6, START - 7 * MS);
	run(1200, 60);
	other.period_ns = 40.0 * (double)MS;
	camera[0].number = 0;
	sequence[0] = 0;
	run(1200, 60);
	check_sums();
	ck_assert_uint_eq(intake[0].steady.locks, 2);
	ck_assert(intake[0].steady.locked);
	ck_assert(fabs(steady_rate_hz(&intake[0].steady) - 25) < 0.01);
}
END_TEST

/* Without stamps there is no clock: the newest. */
START_TEST(steady_without_stamps)
{
	struct simulated_camera_config blind = vivid;

	blind.unstamped_share = 1;
	open_camera(0, &blind, GRAPH_POLICY_STEADY, 4, START - 7 * MS);
	run(2400, 60);
	check_sums();
	ck_assert(!intake[0].steady.locked);
	ck_assert_uint_ge(ledger.source[0].taken, 2300);
	ck_assert_double_eq(steady_rate_hz(&intake[0].steady), 0);
}
END_TEST

/* In order, none passed over; what there is no room for, the driver counts. */
START_TEST(every_frame_in_order)
{
	static const double rates[] = {60, 59.94005994, 30};
	static const uint64_t lost[] = {0, 0, 2392};

	run_vivid(GRAPH_POLICY_EVERY, 4, rates[_i]);
	ck_assert_uint_eq(ledger.source[0].passed_over, 0);
	ck_assert_uint_eq(camera[0].lost, lost[_i]);
	ck_assert_uint_eq(ledger.source[0].taken,
			  camera[0].came - intake_waiting(&intake[0]));
}
END_TEST

/* Two cameras of one rate, 6 ms apart. The first one's frames take 30 ms to
 * come: the second one's are kept back for them, and not one more. */
START_TEST(with_takes_the_nearest)
{
	struct simulated_camera_config one = vivid, two = vivid;

	one.stamp_ns = two.stamp_ns = 0;
	one.quantum_ns = two.quantum_ns = 0;
	one.takes_ns = 30 * MS;
	two.seed = 2;
	open_camera(0, &one, _i ? GRAPH_POLICY_STEADY : GRAPH_POLICY_NEWEST, 6,
		    START - 50 * MS);
	open_camera(1, &two, GRAPH_POLICY_WITH, 6, START - 44 * MS);
	run(2400, 60);
	print_run("with");
	check_sums();
	ck_assert_uint_eq(skews, 2400);
	ck_assert_double_eq_tol(skew_sum_ns / 2400, 6.0 * (double)MS, 1);
	ck_assert_uint_eq(camera[1].lost, 0);
}
END_TEST

/* The nearest one is still on its way at some ticks: the one before it then. */
START_TEST(with_does_not_wait)
{
	struct simulated_camera_config one = vivid, two = vivid;

	one.stamp_ns = two.stamp_ns = 0;
	two.takes_ns = 12 * MS;
	open_camera(0, &one, GRAPH_POLICY_NEWEST, 6, START - 7 * MS);
	open_camera(1, &two, GRAPH_POLICY_WITH, 6, START - 14 * MS);
	run(2400, 60);
	check_sums();
	ck_assert_double_ge(skew_sum_ns / (double)skews, 7.0 * (double)MS);
	ck_assert_double_le(skew_sum_ns / (double)skews, 17.0 * (double)MS);
}
END_TEST

static const struct simulated_camera_config bad = {
	.seed = 3,
	.period_ns = 1001e9 / 60000,
	.drift_ppm = 300,
	.drift_steps = 700,
	.takes_ns = 9 * MS,
	.jitter_ns = 6 * MS,
	.quantum_ns = MS,
	.lost_share = 0.01,
	.double_share = 0.01,
	.wrong_share = 0.02,
	.wrong_ns = 200 * MS,
	.unstamped_share = 0.005,
	.told = true,
};

/* A million frames of a camera that does everything wrong that it can. */
START_TEST(a_million_frames_are_accounted_for)
{
	static const struct {
		enum graph_policy policy;
		uint64_t repeats_max;
	} rows[] = {
		{GRAPH_POLICY_NEWEST, 70000},
		{GRAPH_POLICY_STEADY, 12500}, /* 10078 never came */
		{GRAPH_POLICY_EVERY, 3000},
		{GRAPH_POLICY_WITH, 125000}, /* stamps that are wrong count */
	};
	enum graph_policy policy = rows[_i].policy;

	open_camera(0, &bad,
		    policy == GRAPH_POLICY_WITH ? GRAPH_POLICY_NEWEST : policy,
		    6, START - 7 * MS);
	if (policy == GRAPH_POLICY_WITH)
		open_camera(1, &vivid, policy, 6, START - 3 * MS);
	run(1001100, 60);
	print_run("bad");
	check_sums();
	ck_assert_uint_ge(camera[0].number, 1000000);
	ck_assert_uint_le(ledger.source[_i == 3].repeats, rows[_i].repeats_max);
	if (policy != GRAPH_POLICY_EVERY) /* whose queue runs over */
		ck_assert_uint_eq(source_reasons(&source[0].health), 1);
	if (policy == GRAPH_POLICY_STEADY) {
		ck_assert_uint_eq(intake[0].steady.locks, 1);
		ck_assert_uint_le(deepest, 3);
		ck_assert_int_le(age_max_ns, 70 * MS);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, begin, finish);
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, newest_repeats_where_both_come_together);
	tcase_add_loop_test(tests, newest_is_newest_however_many_come, 0, 2);
	tcase_add_test(tests, steady_repeats_what_the_beat_asks);
	tcase_add_loop_test(tests, steady_before_its_clock, 0, 3);
	tcase_add_loop_test(tests, steady_at_other_rates, 0, 7);
	tcase_add_loop_test(tests, steady_learns_how_long_frames_take, 0, 2);
	tcase_add_test(tests, steady_follows_a_camera_that_gets_slower);
	tcase_add_test(tests, steady_after_a_camera_that_starts_over);
	tcase_add_test(tests, steady_without_stamps);
	tcase_add_loop_test(tests, every_frame_in_order, 0, 3);
	tcase_add_loop_test(tests, with_takes_the_nearest, 0, 2);
	tcase_add_test(tests, with_does_not_wait);
	tcase_add_loop_test(tests, a_million_frames_are_accounted_for, 0, 4);
}

int main(void)
{
	return run_suite("policies", add);
}
