/*
 * tests/runtime/cycle_rig.h: a cycle on a fake clock and scripted displays,
 * with a log of what was drawn and what the displays were offered. Included by
 * test programs that include tests/fakes/clock.c.
 */
#ifndef TESTS_RUNTIME_CYCLE_RIG_H
#define TESTS_RUNTIME_CYCLE_RIG_H

#include <stdlib.h>
#include <string.h>

#include "runtime/cycle/cycle.h"
#include "tests/fakes/clock.h"

#define RIG_WIDTH  16
#define RIG_HEIGHT 4
#define RIG_SINKS  2
#define RIG_LOG	   200000

/* A display that does what the script says, tick by tick. */
struct rig_display {
	unsigned char memory[3][RIG_WIDTH * RIG_HEIGHT * 4];
	uint32_t queued;   /* slot whose flip has not been told; SLOT_NONE */
	uint32_t on_view;  /* slot; SLOT_NONE: none */
	uint32_t released; /* slot to be told; SLOT_NONE */
	bool holds_events; /* flips stay untold */
	uint32_t lies;	   /* on_event says this slot, if not SLOT_NONE */
	uint64_t offered, accepted;
	uint64_t tick[RIG_LOG]; /* of each accepted frame, read back from it */
};

struct rig {
	struct clock clock;
	struct backend backend;
	struct cycle cycle;
	struct stats *stats;
	struct journal journal;
	struct display displays[RIG_SINKS];
	struct rig_display display[RIG_SINKS];
	uint64_t drawn; /* ticks */
	uint64_t tick[RIG_LOG];
	struct run run[RIG_LOG]; /* as foo_tick saw it */
	int64_t step_ns;	 /* what a step takes */
	/* what present answers for a tick; NULL: DISPLAY_SHOWN */
	enum display_status (*answer)(uint32_t sink, uint64_t tick);
	void (*in_step)(uint64_t tick); /* NULL: nothing */
};

static struct rig rig;

static void rig_tick(const struct graph_work *work, const struct tick *tick)
{
	uint64_t *pool = (void *)work->pool;

	pool[0] = tick->number;
	pool[1]++; /* a state: calls of this function */
	if (rig.drawn < RIG_LOG) {
		rig.tick[rig.drawn] = tick->number;
		rig.run[rig.drawn] = *tick->run;
	}
	rig.drawn++;
}

/* Draws the tick's number into the last row of every target. */
static void rig_step(const struct graph_work *work,
		     const struct graph_band *band)
{
	uint64_t number = *(uint64_t *)(void *)work->pool;
	uint32_t row[RIG_WIDTH] = {(uint32_t)number, (uint32_t)(number >> 32)};

	(void)band;
	for (uint32_t i = 0; i < RIG_SINKS; i++)
		for (uint32_t y = 0; y < RIG_HEIGHT; y++) {
			uint32_t *to =
				graph_row_begin(&work->target[i], y, row);

			if (to != row)
				memcpy(to, row, sizeof(row));
			graph_row_end(&work->target[i], y, to);
		}
	fake_clock.now_ns += rig.step_ns;
	if (rig.in_step)
		rig.in_step(number);
}

static struct rig_display *rig_of(const struct display *display)
{
	return &rig.display[display - rig.displays];
}

static inline uint64_t rig_picture(const unsigned char *pixels)
{
	uint64_t number;

	memcpy(&number, pixels + (RIG_HEIGHT - 1) * RIG_WIDTH * 4,
	       sizeof(number));
	return number;
}

static enum display_status rig_present(struct display *display, uint32_t slot,
				       const struct frame *frame)
{
	struct rig_display *fake = rig_of(display);
	uint64_t tick = rig_picture(fake->memory[slot]);
	enum display_status status = DISPLAY_SHOWN;

	(void)frame;
	if (rig.answer)
		status = rig.answer((uint32_t)(display - rig.displays), tick);
	fake->offered++;
	if (status == DISPLAY_QUEUED && fake->queued != SLOT_NONE)
		status = DISPLAY_BUSY;
	if (status == DISPLAY_QUEUED)
		fake->queued = slot;
	if (status == DISPLAY_SHOWN)
		fake->on_view = slot;
	if (status == DISPLAY_SHOWN || status == DISPLAY_QUEUED ||
	    status == DISPLAY_FREED)
		fake->tick[fake->accepted++ % RIG_LOG] = tick;
	return status;
}

static bool rig_shown(struct rig_display *fake, uint32_t *slot)
{
	if (fake->lies != SLOT_NONE) {
		*slot = fake->lies;
		fake->lies = SLOT_NONE;
		return true;
	}
	if (fake->queued == SLOT_NONE || fake->holds_events)
		return false;
	*slot = fake->queued;
	fake->queued = SLOT_NONE;
	return true;
}

/* A frame comes on view, then the one before is given back. */
static bool rig_on_event(struct display *display, struct display_event *event)
{
	struct rig_display *fake = rig_of(display);

	*event = (struct display_event){.kind = DISPLAY_EVENT_RELEASED,
					.slot = fake->released};
	fake->released = SLOT_NONE;
	if (event->slot != SLOT_NONE)
		return true;
	event->kind = DISPLAY_EVENT_SHOWN;
	event->time_ns = fake_clock.now_ns;
	if (!rig_shown(fake, &event->slot))
		return false;
	fake->released = fake->on_view;
	fake->on_view = event->slot;
	return true;
}

static const struct display_ops rig_ops = {
	.name = "rig",
	.present = rig_present,
	.on_event = rig_on_event,
};

static const struct graph_step rig_steps[] = {
	{.name = "step", .kind = GRAPH_STEP_FUSED, .run = rig_step}};
static const struct graph_plan rig_plan = {GRAPH_BACKEND_CPU, 1, rig_steps, NULL, 0, 0};
static const struct graph_sink rig_sinks[] = {{"left", "display"},
					      {"right", "display"}};
static const uint32_t rig_defaults = 4711;

static struct graph rig_graph = {
	.name = "rig",
	.width = RIG_WIDTH,
	.height = RIG_HEIGHT,
	.rate_num = 1000,
	.rate_den = 1,
	.sink_count = RIG_SINKS,
	.plan_count = 1,
	.sinks = rig_sinks,
	.plans = &rig_plan,
	.pool_bytes = 128,
	.param_defaults = &rig_defaults,
	.param_offset = 64,
	.param_bytes = sizeof(rig_defaults),
	.tick = rig_tick,
};

static void rig_open_display(struct display *display)
{
	struct rig_display *fake = rig_of(display);

	*display = (struct display){.ops = &rig_ops, .slot_count = 3};
	display->event_fd = 1000; /* has events; never read here */
	fake->queued = fake->on_view = fake->released = SLOT_NONE;
	fake->lies = SLOT_NONE;
	for (uint32_t i = 0; i < 3; i++)
		display->slot[i] = (struct image){
			.base = fake->memory[i],
			.pitch = RIG_WIDTH * 4,
			.width = RIG_WIDTH,
			.height = RIG_HEIGHT,
		};
}

/* The cpu's, unless the test has put another one there. */
static inline void rig_open_backend(void)
{
	const struct backend_config config = {&rig_graph, rig_graph.plans, -1, 1, 0};

	if (!rig.backend.ops)
		rig.backend.ops = &cpu_backend;
	if (rig.backend.ops->open(&rig.backend, &config, NULL, 0))
		abort();
}

/* What a test changes in the config before rig_open; the statistics are those
 * of the rig's plan then. */
static inline struct cycle_config rig_config(uint64_t tick_limit)
{
	static const char *const lane[] = {"tick"};

	if (journal_init(&rig.journal, lane, 1, 4096, 0))
		abort();
	return (struct cycle_config){
		.graph = &rig_graph,
		.backend = &rig.backend,
		.clock = &rig.clock,
		.displays = rig.displays,
		.journal = journal_writer(&rig.journal, 0),
		.tick_limit = tick_limit,
	};
}

static inline void rig_open_stats(void)
{
	const struct graph_plan *plan = rig.backend.plan;
	size_t bytes = (stats_bytes(plan->step_count) + 63) / 64 * 64;

	rig.stats = aligned_alloc(64, bytes);
	if (!rig.stats)
		abort();
	memset(rig.stats, 0, bytes);
	stats_init(rig.stats, &rig_graph, plan);
}

static inline void rig_open(struct cycle_config *config, enum clock_kind kind)
{
	const struct clock_config clock = {
		.kind = kind,
		.rate = {rig_graph.rate_num, rig_graph.rate_den},
	};

	fake_clock.now_ns = 5000 * NS_PER_SECOND;
	if (clock_init(&rig.clock, &clock))
		abort();
	rig_open_backend();
	for (uint32_t i = 0; i < RIG_SINKS; i++)
		rig_open_display(&rig.displays[i]);
	rig_open_stats();
	config->stats = rig.stats;
	if (cycle_init(&rig.cycle, config))
		abort();
}

/* The whole of it: `limit` ticks of a timer. */
static inline void rig_run(uint64_t limit)
{
	struct cycle_config config = rig_config(limit);

	rig_open(&config, CLOCK_TIMER);
	cycle_run(&rig.cycle);
}

static inline const struct ledger *rig_ledger(void)
{
	return &rig.stats->counters.ledger;
}

#endif
