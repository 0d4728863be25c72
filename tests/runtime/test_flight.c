/*
 * tests/runtime/test_flight.c: frames that a device draws beside the tick
 * thread, in virtual time: in flight, late, given up, lost.
 *
 * The device draws one frame after the other, each for as long as the test
 * says; a picture is in its slots only once it is done, so a frame shown too
 * early is an earlier tick's.
 */
#include "tests/fakes/clock.c"
#include "tests/runtime/cycle_rig.h"
#include "tests/runtime/run_suite.h"

#define PERIOD	NS_PER_MS /* the rig's rate is 1000 ticks a second */
#define FLIGHTS 3
#define NEVER	INT64_MAX

static struct device {
	int64_t (*takes_ns)(uint64_t tick);
	enum backend_status (*launches)(uint64_t tick); /* NULL: READY */
	enum backend_status stuck; /* what wait says of a frame not done */
	bool wanted[FLIGHTS];	   /* launched, and not waited for to its end */
	uint64_t tick[FLIGHTS];
	int64_t done_ns[FLIGHTS];
	struct graph_work work[FLIGHTS];
	int64_t busy_until_ns;
	uint32_t in_flight, most_in_flight;
	uint64_t launched;
} device;

static enum exit_status device_open(struct backend *backend,
				    const struct backend_config *config,
				    char *line, size_t line_bytes)
{
	(void)line;
	(void)line_bytes;
	backend->graph = config->graph;
	backend->plan = config->plan;
	backend->flights = FLIGHTS;
	return EXIT_STATUS_OK;
}

static enum backend_status device_launch(struct backend *backend,
					 uint32_t flight,
					 const struct graph_work *work,
					 struct step_time times[])
{
	uint64_t tick = *(const uint64_t *)(const void *)work->pool;
	int64_t takes_ns = device.takes_ns(tick);
	enum backend_status status =
		device.launches ? device.launches(tick) : BACKEND_READY;

	(void)backend;
	times[0].ns = -1;
	if (status != BACKEND_READY)
		return status;
	ck_assert(!device.wanted[flight]);
	if (device.busy_until_ns < fake_clock.now_ns)
		device.busy_until_ns = fake_clock.now_ns;
	device.busy_until_ns = takes_ns == NEVER || device.busy_until_ns == NEVER
				       ? NEVER
				       : device.busy_until_ns + takes_ns;
	device.wanted[flight] = true;
	device.tick[flight] = tick;
	device.done_ns[flight] = device.busy_until_ns;
	device.work[flight] = *work;
	device.launched++;
	if (++device.in_flight > device.most_in_flight)
		device.most_in_flight = device.in_flight;
	return BACKEND_READY;
}

static void draw(uint32_t flight)
{
	const struct graph_work *work = &device.work[flight];
	uint32_t row[RIG_WIDTH] = {(uint32_t)device.tick[flight],
				   (uint32_t)(device.tick[flight] >> 32)};

	for (uint32_t i = 0; i < RIG_SINKS; i++)
		for (uint32_t y = 0; y < RIG_HEIGHT; y++)
			memcpy(image_row(&work->target[i].slot, y), row,
			       sizeof(row));
}

static enum backend_status device_wait(struct backend *backend,
				       uint32_t flight, int64_t until_ns,
				       struct step_time times[])
{
	(void)backend;
	ck_assert(device.wanted[flight]);
	if (device.done_ns[flight] > until_ns) {
		if (fake_clock.now_ns < until_ns)
			fake_clock.now_ns = until_ns;
		return device.stuck;
	}
	if (fake_clock.now_ns < device.done_ns[flight])
		fake_clock.now_ns = device.done_ns[flight];
	draw(flight);
	device.wanted[flight] = false;
	device.in_flight--;
	times[0] = (struct step_time){0, 1};
	return BACKEND_READY;
}

static void device_close(struct backend *backend)
{
	(void)backend;
}

static const struct backend_ops device_ops = {
	.name = "device",
	.plan = GRAPH_BACKEND_CUDA,
	.open = device_open,
	.launch = device_launch,
	.wait = device_wait,
	.close = device_close,
};

static const enum graph_backend from_device[RIG_SINKS] = {
	GRAPH_BACKEND_CUDA, GRAPH_BACKEND_CUDA};
static const struct graph_step device_steps[] = {
	{"step", GRAPH_STEP_FUSED, 0, NULL, NULL, NULL, NULL}};
static const struct graph_plan device_plan = {
	GRAPH_BACKEND_CUDA, 1, device_steps, from_device, 0, 0};

static void run(uint64_t limit, uint32_t pipeline, enum clock_kind kind)
{
	struct cycle_config config = rig_config(limit);

	rig_graph.plans = &device_plan;
	rig_graph.pipeline = pipeline;
	rig.backend.ops = &device_ops;
	device.stuck = BACKEND_PENDING;
	rig_open(&config, kind);
	cycle_run(&rig.cycle);
}

/* The account, and that each picture shown was its tick's, whole, in order. */
static void check(uint64_t presented, uint64_t late, uint64_t dropped,
		  uint64_t skipped)
{
	const struct ledger *ledger = rig_ledger();

	ck_assert(ledger_check(ledger));
	for (int i = 0; i < RIG_SINKS; i++) {
		const struct rig_display *display = &rig.display[i];

		ck_assert_uint_eq(ledger->sink[i].presented, presented);
		ck_assert_uint_eq(ledger->sink[i].late, late);
		ck_assert_uint_eq(ledger->sink[i].dropped, dropped);
		ck_assert_uint_eq(display->accepted, presented + late);
		ck_assert(slots_check(&rig.cycle.sink[i].slots));
		for (uint64_t j = 1; j < display->accepted; j++)
			ck_assert_uint_gt(display->tick[j],
					  display->tick[j - 1]);
	}
	ck_assert_uint_eq(ledger->skipped, skipped);
}

static void check_verdict(enum exit_status status, const char *part)
{
	char line[256];

	ck_assert_int_eq(cycle_verdict(&rig.cycle, line, sizeof(line)), status);
	ck_assert_msg(strstr(line, part), "no \"%s\" in: %s", part, line);
}

/* ---- in time ------------------------------------------------------------- */

static int64_t takes_most_of_a_period(uint64_t tick)
{
	(void)tick;
	return PERIOD * 4 / 5;
}

/* Each frame is shown in the tick that launched it. */
START_TEST(one_at_a_time)
{
	device.takes_ns = takes_most_of_a_period;
	run(500, 0, CLOCK_TIMER);
	check(500, 0, 0, 0);
	ck_assert_uint_eq(device.most_in_flight, 1);
	for (uint64_t i = 0; i < 500; i++)
		ck_assert_uint_eq(rig.display[0].tick[i], i);
	ck_assert_uint_eq(rig.stats->cycle.max_ns, PERIOD * 4 / 5);
}
END_TEST

static int64_t takes_over_a_period(uint64_t tick)
{
	return tick % 2 ? PERIOD * 13 / 10 : PERIOD / 10;
}

/* Frames of 1.3 and 0.1 periods in turn: without a pipeline each long one is
 * late and costs the next tick, with one all are in time. */
START_TEST(pipeline_hides_long_frames)
{
	device.takes_ns = takes_over_a_period;
	run(500, (uint32_t)_i, CLOCK_TIMER);
	if (_i) {
		check(500, 0, 0, 0);
		ck_assert_uint_eq(device.most_in_flight, 2);
	} else {
		ck_assert_uint_gt(rig_ledger()->sink[0].late, 100);
		ck_assert_uint_eq(device.most_in_flight, 1);
	}
	ck_assert_uint_eq(device.in_flight, 0);
}
END_TEST

static int64_t takes_three_periods(uint64_t tick)
{
	(void)tick;
	return 3 * PERIOD;
}

/* Too slow for the rate: fewer frames, late, never a queue that grows. */
START_TEST(overload_skips)
{
	device.takes_ns = takes_three_periods;
	run(300, (uint32_t)_i, CLOCK_TIMER);
	ck_assert_uint_eq(rig_ledger()->sink[0].dropped, 0);
	ck_assert_uint_ge(rig_ledger()->sink[0].late, 95);
	ck_assert_uint_ge(rig_ledger()->skipped, 190);
	ck_assert(ledger_check(rig_ledger()));
	ck_assert_uint_le(device.most_in_flight, 1 + (uint32_t)_i);
	check_verdict(EXIT_STATUS_OK, "");
}
END_TEST

/* Launches are queued ahead as far as three slots reach, one being on view;
 * nothing is lost or late. */
START_TEST(free_queues_ahead)
{
	device.takes_ns = takes_three_periods;
	run(1000, 0, CLOCK_FREE);
	check(1000, 0, 0, 0);
	ck_assert_uint_eq(device.most_in_flight, 2);
	ck_assert_uint_eq(device.in_flight, 0);
	ck_assert_uint_eq(rig.display[1].tick[999], 999);
}
END_TEST

static int64_t oversleep_the_end(uint64_t wait)
{
	return wait == 16 ? NS_PER_SECOND : 0;
}

/* The frame in flight is presented before the ticks that pass are skipped. */
START_TEST(the_last_ticks_pass_in_a_gap)
{
	device.takes_ns = takes_most_of_a_period;
	fake_clock.oversleep = oversleep_the_end;
	run(20, 1, CLOCK_TIMER);
	ck_assert_uint_eq(rig_ledger()->ticks, 20);
	ck_assert_uint_eq(rig_ledger()->skipped, 5);
	ck_assert_uint_eq(rig.display[0].accepted, 15);
	check_verdict(EXIT_STATUS_OK, "");
}
END_TEST

/* ---- given up, failed, lost ---------------------------------------------- */

static int64_t hangs_at_50(uint64_t tick)
{
	return tick == 50 ? PERIOD * 10 + PERIOD / 2 : PERIOD / 4;
}

/* Given up after four periods; the ticks until the device is done at 60.5 are
 * dropped undrawn, then it goes on. */
START_TEST(a_slow_frame_is_given_up)
{
	const struct ledger_sink *sink;

	device.takes_ns = hangs_at_50;
	run(200, 0, CLOCK_TIMER);
	sink = &rig_ledger()->sink[0];
	ck_assert_uint_eq(sink->reasons[DROP_NOT_READY], sink->dropped);
	/* 50 itself, then 54 (51 to 53 passed while it was waited for) to 60 */
	check(200 - 3 - 8, 0, 8, 3);
	ck_assert_uint_eq(device.launched, 200 - 3 - 8 + 1);
	check_verdict(EXIT_STATUS_OK, "");
}
END_TEST

static int64_t never_after_50(uint64_t tick)
{
	return tick >= 50 ? NEVER : PERIOD / 4;
}

/* A device that does not come back is lost after a second; every tick until
 * then has its class. */
START_TEST(a_hang_is_a_lost_gpu)
{
	device.takes_ns = never_after_50;
	run(100000, (uint32_t)_i % 2, _i < 2 ? CLOCK_TIMER : CLOCK_FREE);
	ck_assert(ledger_check(rig_ledger()));
	ck_assert_uint_eq(rig.display[0].accepted, 50);
	if (_i < 2) {
		ck_assert_uint_ge(rig_ledger()->ticks, 1040);
		ck_assert_uint_le(rig_ledger()->ticks, 1060);
	}
	check_verdict(EXIT_STATUS_GPU_LOST, "gpu: it is lost");
}
END_TEST

static enum backend_status fails_at_20(uint64_t tick)
{
	return tick == 20 ? BACKEND_FAILED : BACKEND_READY;
}

START_TEST(a_failed_launch_costs_its_tick)
{
	device.takes_ns = takes_most_of_a_period;
	device.launches = fails_at_20;
	run(100, (uint32_t)_i, CLOCK_TIMER);
	check(99, 0, 1, 0);
	ck_assert_uint_eq(rig_ledger()->sink[0].reasons[DROP_DEVICE], 1);
	check_verdict(EXIT_STATUS_OK, "");
}
END_TEST

static enum backend_status lost_at_20(uint64_t tick)
{
	strcpy(rig.backend.fault, "CUDA error 700");
	return tick == 20 ? BACKEND_LOST : BACKEND_READY;
}

START_TEST(a_lost_gpu_ends_the_run)
{
	device.takes_ns = takes_most_of_a_period;
	device.launches = lost_at_20;
	run(100, (uint32_t)_i, CLOCK_TIMER);
	check(20, 0, 1, 0);
	ck_assert_uint_eq(rig_ledger()->ticks, 21);
	check_verdict(EXIT_STATUS_GPU_LOST, "it is lost: CUDA error 700");
}
END_TEST

/* ---- all of it at once --------------------------------------------------- */

static int64_t random_takes(uint64_t tick)
{
	(void)tick;
	return random() % 50 ? random() % (2 * PERIOD) : random() % (9 * PERIOD);
}

static enum backend_status random_launch(uint64_t tick)
{
	(void)tick;
	return random() % 100 ? BACKEND_READY : BACKEND_FAILED;
}

static enum display_status random_answer(uint32_t sink, uint64_t tick)
{
	static const enum display_status answers[] = {
		DISPLAY_SHOWN, DISPLAY_QUEUED, DISPLAY_FREED, DISPLAY_BUSY};

	(void)sink;
	(void)tick;
	return answers[random() % 4];
}

static int64_t random_oversleep(uint64_t wait)
{
	(void)wait;
	return random() % 20 ? random() % 100000 : random() % 30000000;
}

START_TEST(random_runs)
{
	srandom((unsigned int)_i);
	device.takes_ns = random_takes;
	device.launches = random_launch;
	rig.answer = random_answer;
	fake_clock.oversleep = random_oversleep;
	run(20000, (uint32_t)_i % 2, _i % 3 ? CLOCK_TIMER : CLOCK_FREE);
	ck_assert_uint_eq(rig_ledger()->ticks, 20000);
	for (int i = 0; i < RIG_SINKS; i++) {
		const struct ledger_sink *sink = &rig_ledger()->sink[i];

		ck_assert_uint_eq(sink->presented + sink->late,
				  rig.display[i].accepted);
		ck_assert_uint_eq(sink->reasons[DROP_BUSY],
				  rig.display[i].offered -
					  rig.display[i].accepted);
		ck_assert_uint_gt(rig.display[i].accepted, 1000);
	}
	check_verdict(EXIT_STATUS_OK, "");
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, one_at_a_time);
	tcase_add_loop_test(tests, pipeline_hides_long_frames, 0, 2);
	tcase_add_loop_test(tests, overload_skips, 0, 2);
	tcase_add_test(tests, free_queues_ahead);
	tcase_add_test(tests, the_last_ticks_pass_in_a_gap);
	tcase_add_test(tests, a_slow_frame_is_given_up);
	tcase_add_loop_test(tests, a_hang_is_a_lost_gpu, 0, 3);
	tcase_add_loop_test(tests, a_failed_launch_costs_its_tick, 0, 2);
	tcase_add_loop_test(tests, a_lost_gpu_ends_the_run, 0, 2);
	tcase_add_loop_test(tests, random_runs, 1, 13);
}

int main(void)
{
	return run_suite("flight", add);
}
