/*
 * tests/runtime/test_cuts.c: a graph that selects one of two cameras
 * (tests/runtime/cuts.yaml), through the whole cycle in virtual time: one is
 * lost while it is shown. What is on the screen in each tick, by its bytes: its
 * last frame for a second, its card, the other camera in the very tick of a
 * cut, the card again after one back, and its frames from the tick on that
 * brings one. The other camera's frames are on the preview all the while, one a
 * tick.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/cycle/cycle.h"
#include "tests/fakes/clock.c"
#include "tests/runtime/run_suite.h"

#define WIDTH  48
#define HEIGHT 32
#define RATE   50
#define TICKS  160
#define FRAMES 6
#define SLOTS  3

/* Ticks before which things happen. */
#define LOST  20
#define CARD  (LOST + RATE) /* INTAKE_HOLD_NS later */
#define CUT   90
#define BACK  110 /* a cut to the camera that is lost */
#define AGAIN 130 /* it is back */

extern const struct graph graph_base;

static struct clock clock;
static struct backend backend;
static struct cycle cycle;
static struct journal journal;
static struct stats *stats;
static struct source sources[2];
static struct display displays[2];
static unsigned char memory[2][SLOTS][WIDTH * HEIGHT * 4];
static uint64_t shown[2][TICKS]; /* digests, by sink and tick */
static uint64_t presented[2];

/* ---- pictures ---------------------------------------------------------------
 */

/* FNV-1a of a picture's pixels, X being 0xff. */
static uint64_t digest_of(const unsigned char *base, size_t pitch)
{
	uint64_t digest = 0xcbf29ce484222325u;
	uint32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH * 4; x++)
			digest = (digest ^
				  (x % 4 == 3 ? 0xff : base[y * pitch + x])) *
				 0x100000001b3u;
	return digest;
}

/* Frame n of a camera: no pixel is like another camera's or frame's. */
static void paint(uint32_t camera, uint64_t n, unsigned char *base,
		  size_t pitch)
{
	uint32_t x, y;

	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH * 4; x++)
			base[y * pitch + x] =
				(unsigned char)((n * 2 + camera + 1) *
							0x9e3779b97f4a7c15u *
							(y * WIDTH * 4 + x +
							 1) >>
						40);
}

static uint64_t digest_of_frame(uint32_t camera, uint64_t n)
{
	static unsigned char frame[WIDTH * HEIGHT * 4];

	paint(camera, n, frame, WIDTH * 4);
	return digest_of(frame, WIDTH * 4);
}

/* ---- what happens
 * ------------------------------------------------------------ */

static void deliver(uint32_t camera, uint64_t n)
{
	const struct source_facts facts = {.sequence = n,
					   .stamp_ns = SOURCE_STAMP_NONE};
	struct source *source = &sources[camera];
	uint32_t frame;

	ck_assert(source_free_frame(source, &frame));
	paint(camera, n, source->frame[frame].plane[0],
	      source->frame[frame].pitch[0]);
	source_deliver(source, &facts);
}

/* A choice of the select node, as whoever controls it sets one for tick n. */
static void choose(const char *param, int32_t value, uint64_t n)
{
	unsigned char *pool = cycle.work.pool;
	uint32_t i;

	for (i = 0; strcmp(graph_base.params[i].name, param); i++)
		ck_assert_uint_lt(i + 1, graph_base.param_count);
	memcpy(pool + graph_base.params[i].offset, &value, sizeof(value));
	memcpy(pool + graph_base.changed_offset + i * sizeof(n), &n, sizeof(n));
}

static void before_tick(uint64_t n)
{
	bool lost = n >= LOST && n < AGAIN;

	deliver(1, n);
	if (!lost)
		deliver(0, n);
	if (n == LOST)
		source_set_state(&sources[0], SOURCE_LOST, "unplugged",
				 fake_clock.now_ns);
	if (n == AGAIN)
		source_set_state(&sources[0], SOURCE_RUNNING, NULL,
				 fake_clock.now_ns);
	if (n == CUT || n == BACK) {
		choose("program.show", n == CUT, n);
		choose("program.before", n == BACK, n);
	}
}

static enum display_status present(struct display *display, uint32_t slot,
				   const struct frame *frame)
{
	uint32_t sink = (uint32_t)(display - displays);

	shown[sink][frame->tick] = digest_of(memory[sink][slot], WIDTH * 4);
	if (++presented[sink] < TICKS && sink == 1)
		before_tick(presented[sink]);
	return DISPLAY_SHOWN;
}

static const struct display_ops ops = {.name = "test", .present = present};

/* ---- the run
 * ------------------------------------------------------------------ */

static void open_all(void)
{
	const struct clock_config timer = {.kind = CLOCK_TIMER,
					   .rate = {RATE, 1}};
	const struct backend_config config = {&graph_base, graph_base.plans, -1,
					      1, 0};
	static const char *const lanes[] = {"tick", "first", "second"};
	size_t bytes;
	uint32_t i, slot;

	fake_clock = (struct fake_clock){.now_ns = 5000 * NS_PER_SECOND};
	ck_assert_int_eq(clock_init(&clock, &timer), 0);
	ck_assert_int_eq(journal_init(&journal, lanes, 3, 1024, 64), 0);
	backend.ops = &cpu_backend;
	ck_assert_int_eq(backend.ops->open(&backend, &config, NULL, 0), 0);
	bytes = (stats_bytes(backend.plan->step_count) + 63) / 64 * 64;
	stats = aligned_alloc(64, bytes);
	ck_assert_ptr_nonnull(stats);
	memset(stats, 0, bytes);
	stats_init(stats, &graph_base, backend.plan);
	for (i = 0; i < 2; i++) {
		displays[i] = (struct display){
			.ops = &ops, .slot_count = SLOTS, .event_fd = -1};
		for (slot = 0; slot < SLOTS; slot++)
			displays[i].slot[slot] = (struct image){
				memory[i][slot], WIDTH * 4, WIDTH, HEIGHT};
		sources[i] = (struct source){
			.graph = &graph_base.sources[i],
			.journal = journal_writer(&journal, 1 + i),
			.index = i};
		ck_assert_int_eq(
			source_alloc(&sources[i], sources[i].graph, FRAMES), 0);
		source_draw_card(&sources[i]);
	}
}

static uint64_t wanted(uint64_t n)
{
	const struct picture *card = &sources[0].card;

	if (n < LOST || n >= AGAIN)
		return digest_of_frame(0, n);
	if (n >= CUT && n < BACK)
		return digest_of_frame(1, n);
	return n < CARD ? digest_of_frame(0, LOST - 1)
			: digest_of(card->plane[0], card->pitch[0]);
}

START_TEST(a_lost_camera_is_shown_and_cut_from)
{
	struct cycle_config config;
	const struct ledger_source *ledger;
	uint64_t n;

	open_all();
	config = (struct cycle_config){
		.graph = &graph_base,
		.backend = &backend,
		.clock = &clock,
		.displays = displays,
		.sources = sources,
		.stats = stats,
		.journal = journal_writer(&journal, 0),
		.tick_limit = TICKS,
	};
	ck_assert_int_eq(cycle_init(&cycle, &config), 0);
	before_tick(0);
	cycle_run(&cycle);
	for (n = 0; n < TICKS; n++) {
		ck_assert_msg(shown[0][n] == wanted(n), "screen, tick %d",
			      (int)n);
		ck_assert_msg(shown[1][n] == digest_of_frame(1, n),
			      "preview, tick %d", (int)n);
	}
	ledger = stats->counters.ledger.source;
	ck_assert_uint_eq(ledger[0].taken, TICKS - (AGAIN - LOST));
	ck_assert_uint_eq(ledger[0].repeats, CARD - LOST);
	ck_assert_uint_eq(ledger[0].card, AGAIN - CARD);
	ck_assert_uint_eq(ledger[1].taken, TICKS);
	ck_assert_uint_eq(ledger[1].card, 0);
	ck_assert_uint_eq(atomic_load(&sources[0].health.losses), 1);
	ck_assert_uint_eq(atomic_load(&sources[0].health.recoveries), 1);
	ck_assert_uint_eq(atomic_load(&sources[1].health.losses), 0);
	cycle_finish(&cycle);
	free(stats);
	for (n = 0; n < 2; n++)
		source_free(&sources[n]);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_lost_camera_is_shown_and_cut_from);
}

int main(void)
{
	return run_suite("cuts", add);
}
