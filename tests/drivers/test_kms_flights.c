/*
 * tests/drivers/test_kms_flights.c: frames in flight while a KMS display is lost
 * and comes back with other buffers, on the fake device: a cycle's own ticks,
 * in simulated time. The fake makes memory that was unmapped deadly.
 *
 * What draws: the CPU; a device whose pictures are copied into the slots when
 * they are done; a device with this sink's picture drawn by the CPU; a device
 * that draws in the slots themselves, when it comes to it.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/cycle/cycle.h"
#include "tests/fakes/device_memory.h"
#include "tests/fakes/kms_rig.h"
#include "tests/runtime/run_suite.h"

#define WIDTH	1920
#define HEIGHT	1080
#define TICKS	60
#define FLIGHTS 3

static struct display display;
static struct backend backend;
static struct cycle cycle;
static uint64_t lost_at; /* the tick before which the device is taken away */
static uint64_t back_at; /* ... and comes back */
static bool helper_looks; /* before the ticks do, which see a refused commit */
static int64_t recovered_ns;
static uint64_t checked; /* accepted frames that were looked at */

/* ---- drawing --------------------------------------------------------------- */

static uint32_t picture[FLIGHTS][WIDTH * HEIGHT];
static uint32_t on_their_way[FLIGHTS]; /* stores of the flight */
static bool draws_in_slots;

static void draw(const struct image *image, uint64_t number)
{
	memcpy(image->base, &number, sizeof(number));
}

static uint64_t number_of(const struct graph_work *work)
{
	return *(const uint64_t *)(const void *)work->pool;
}

static void graph_tick(const struct graph_work *work, const struct tick *tick)
{
	memcpy(work->pool, &tick->number, sizeof(tick->number));
}

static void cpu_step(const struct graph_work *work,
		     const struct graph_band *band)
{
	(void)band;
	draw(&work->target[0].slot, number_of(work));
}

static enum exit_status device_open(struct backend *opened,
				    const struct backend_config *config,
				    char *line, size_t line_bytes)
{
	(void)line;
	(void)line_bytes;
	opened->graph = config->graph;
	opened->plan = config->plan;
	opened->flights = FLIGHTS;
	return EXIT_STATUS_OK;
}

static enum backend_status device_launch(struct backend *launched,
					 uint32_t flight,
					 const struct graph_work *work,
					 struct step_time times[])
{
	times[0].ns = -1;
	if (draws_in_slots) {
		/* a slot that is nowhere: where it disturbs nobody */
		on_their_way[flight] = work->target[0].slot.pitch != 0;
		if (on_their_way[flight])
			fake_device_store(work->target[0].slot.base,
					  number_of(work));
		return BACKEND_READY;
	}
	if (backend_draws(launched, 0))
		memcpy(picture[flight], work->pool, sizeof(uint64_t));
	else
		cpu_step(work, NULL);
	return BACKEND_READY;
}

static enum backend_status device_wait(struct backend *waited, uint32_t flight,
				       int64_t until_ns, struct step_time times[])
{
	(void)waited;
	(void)until_ns;
	(void)times;
	fake_device_finish(on_their_way[flight]);
	on_their_way[flight] = 0;
	return BACKEND_READY;
}

static bool device_staged(const struct backend *staged, uint32_t flight,
			  uint32_t sink, struct image *image)
{
	*image = (struct image){(unsigned char *)picture[flight], WIDTH * 4,
				WIDTH, HEIGHT};
	return backend_draws(staged, sink) && !draws_in_slots;
}

static void device_close(struct backend *closed)
{
	(void)closed;
}

static const struct backend_ops device_ops = {
	.name = "device",
	.plan = GRAPH_BACKEND_CUDA,
	.open = device_open,
	.launch = device_launch,
	.wait = device_wait,
	.staged = device_staged,
	.close = device_close,
};

static const enum graph_backend by_device[] = {GRAPH_BACKEND_CUDA},
				by_cpu[] = {GRAPH_BACKEND_CPU};
static const struct graph_step steps[] = {
	{"step", GRAPH_STEP_FUSED, 0, cpu_step, NULL, NULL, NULL}};
static const struct graph_plan plans[] = {
	{GRAPH_BACKEND_CPU, 1, steps, NULL, 0, 0},
	{GRAPH_BACKEND_CUDA, 1, steps, by_device, 0, 0},
	{GRAPH_BACKEND_CUDA, 1, steps, by_cpu, 0, 0},
	{GRAPH_BACKEND_CUDA, 1, steps, by_device, 0, 0},
};
#define PLANS	 4
#define IN_SLOTS 3 /* the last one */
static const struct graph_sink sinks[] = {{"screen", "kms"}};
static struct graph graph = {
	.name = "flights",
	.width = WIDTH,
	.height = HEIGHT,
	.rate_num = 60,
	.rate_den = 1,
	.sink_count = 1,
	.sinks = sinks,
	.pool_bytes = 128,
	.tick = graph_tick,
};

/* ---- the clock ------------------------------------------------------------- */

int clock_init(struct clock *clock, const struct clock_config *config)
{
	*clock = (struct clock){.kind = config->kind};
	return 0;
}

/* What was accepted last is the frame that the cycle believes. */
static void check_newest(void)
{
	const struct sink *sink = &cycle.sink[0];
	uint32_t newest = sink->slots.newest;
	uint64_t number;

	if (display.event_fd < 0 || !cycle.account.last[0].accepted ||
	    newest == SLOT_NONE || sink->frame[newest].submit_ns < recovered_ns)
		return;
	memcpy(&number, display.slot[newest].base, sizeof(number));
	ck_assert_uint_eq(number, sink->frame[newest].tick);
	checked++;
}

static uint64_t recoveries(void)
{
	return atomic_load(&display.health.recoveries);
}

/* Between two ticks. The helper closes, and unmaps, as soon as it may. */
int clock_wait(struct clock *clock, int64_t due_ns, const atomic_bool *stop,
	       int64_t *now_ns)
{
	uint64_t before = recoveries();

	(void)clock;
	(void)stop;
	if (cycle.next)
		check_newest();
	fake_drm.gone = cycle.next >= lost_at && cycle.next < back_at;
	fake_drm_pass(due_ns > fake_drm.now_ns ? due_ns - fake_drm.now_ns
					       : FAKE_PERIOD_NS);
	if (helper_looks || display.event_fd < 0)
		kms_recover_round(kms_rig_helper());
	if (recoveries() > before)
		recovered_ns = fake_drm.now_ns;
	*now_ns = fake_drm.now_ns;
	return 0;
}

/* ---- runs ------------------------------------------------------------------ */

static void run(uint32_t plan, uint32_t ahead, enum clock_kind kind)
{
	const struct clock_config clock_config = {.kind = kind,
						  .rate = {60, 1}};
	const struct display_config display_config = {
		.width = WIDTH,
		.height = HEIGHT,
		.rate_num = 60,
		.rate_den = 1,
		.settings = plan == IN_SLOTS ? "buffers=dumb-hostreg" : NULL,
		.memory = plan == IN_SLOTS ? &fake_device_memory : NULL,
	};
	const struct backend_config backend_config = {&graph, &plans[plan], -1, 1, 0};
	/* with a step, and the list of entries */
	static _Alignas(64) unsigned char page[2 * sizeof(struct stats)];
	struct stats *stats = (struct stats *)(void *)page;
	struct clock clock;
	struct cycle_config config = {
		.graph = &graph,
		.backend = &backend,
		.clock = &clock,
		.displays = &display,
		.tick_limit = TICKS,
		.stats = stats,
	};

	fake_drm_reset();
	draws_in_slots = plan == IN_SLOTS;
	display.ops = &kms_display;
	backend.ops = plan ? &device_ops : &cpu_backend;
	ck_assert(!backend.ops->open(&backend, &backend_config, NULL, 0));
	ck_assert(!kms_display.open(&display, &display_config));
	ck_assert(!clock_init(&clock, &clock_config));
	memset(page, 0, sizeof(page));
	ck_assert_uint_ge(sizeof(page), stats_bytes(1));
	stats_init(stats, &graph, backend.plan);
	ck_assert(!cycle_init(&cycle, &config));
	cycle.flights.ahead = ahead;
	ck_assert(!cycle_warm(&cycle));
	ck_assert(!cycle_start_displays(&cycle));
	cycle_run(&cycle);
	ck_assert_int_eq(cycle.fault, FAULT_NONE);
	ck_assert(slots_check(&cycle.sink[0].slots));
	ck_assert(ledger_check(&stats->counters.ledger));
}

/* By what draws, by frames in flight, by how long the display is away (as short
 * as it can be, so that the frames of before are offered to the display of
 * after; and long), by who sees it first. */
START_TEST(a_slot_is_stored_where_it_is)
{
	uint32_t plan = (uint32_t)_i % PLANS, ahead = (uint32_t)_i / PLANS % 3;

	if (!plan)
		ahead = 0; /* the CPU's frames are drawn at once */
	lost_at = 20;
	back_at = _i / (3 * PLANS) % 2 ? 40 : 22;
	helper_looks = _i >= 6 * PLANS;
	run(plan, ahead, CLOCK_TIMER);
	ck_assert_uint_eq(recoveries(), 1);
	ck_assert_uint_ge(checked, 20);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_slot_is_stored_where_it_is, 0,
			    12 * PLANS);
}

int main(void)
{
	return run_suite("kms flights", add);
}
