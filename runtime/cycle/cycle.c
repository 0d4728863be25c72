/*
 * runtime/cycle/cycle.c: one tick after the other. Read runtime/cycle/cycle.h
 * first.
 *
 * From cycle_run's seal_begin to its seal_end nothing here allocates, locks,
 * opens or prints; with a headless display the only system calls are the
 * clock's.
 */
#include "runtime/cycle/cycle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/time/wall.h"

/* ---- main thread: memory --------------------------------------------------- */

static size_t aligned(size_t bytes)
{
	return (bytes + GRAPH_ALIGN - 1) & ~(size_t)(GRAPH_ALIGN - 1);
}

/* Where the parts of the pool lie; the graph's own is at 0. */
struct carving {
	size_t fallback_row, steps, shadow[GRAPH_SINKS_MAX], bytes;
};

static struct sink_config sink_config_of(const struct cycle_config *config,
					 uint32_t sink)
{
	return (struct sink_config){
		.width = config->graph->width,
		.height = config->graph->height,
		.display = &config->displays[sink],
		.tap = config->tap[sink],
		.device_draws = backend_draws(config->backend, sink),
		.keep_last = config->keep_last[sink],
	};
}

static struct carving carve(const struct cycle_config *config)
{
	const struct graph *graph = config->graph;
	size_t times = (size_t)config->backend->plan->step_count *
		       config->backend->flights;
	struct carving carving;
	uint32_t i;

	carving.fallback_row = aligned(graph->pool_bytes);
	carving.steps = carving.fallback_row +
			  aligned(graph->width * sizeof(uint32_t));
	carving.bytes = carving.steps + aligned(times * sizeof(struct step_time));
	for (i = 0; i < graph->sink_count; i++) {
		const struct sink_config sink = sink_config_of(config, i);

		carving.shadow[i] = carving.bytes;
		carving.bytes += aligned(sink_shadow_bytes(&sink));
	}
	return carving;
}

static void set_run_nominal(struct run *run, struct rate rate)
{
	*run = (struct run){
		.fps = (double)rate.num / rate.den,
		.dt_ms = 1000.0 * rate.den / rate.num,
		.nominal = true,
		.backend = "",
	};
}

static void init_run(struct cycle *cycle)
{
	const struct cycle_config *config = &cycle->config;

	cycle->run.backend = config->backend->ops->name;
	if (config->nominal)
		set_run_nominal(&cycle->run, cycle->rate);
}

static void init_flights(struct cycle *cycle, const struct carving *carving)
{
	const struct flights_config config = {
		.graph = cycle->config.graph,
		.backend = cycle->config.backend,
		.sinks = cycle->sink,
		.intakes = cycle->intake,
		.facts = cycle->facts,
		.work = &cycle->work,
		.tick = &cycle->tick,
		.fault = &cycle->fault,
		.steps = (struct step_time *)(void *)(cycle->pool.base +
						      carving->steps),
		.period_ns = rate_tick_ns(cycle->rate, 1),
		.main_sink = cycle->config.main_sink,
		.timed = cycle_is_timed(cycle),
	};

	flights_init(&cycle->flights, &config);
}

static void init_parts(struct cycle *cycle, const struct carving *carving)
{
	const struct cycle_config *config = &cycle->config;
	const struct account_config account = {
		.stats = config->stats,
		.journal = config->journal,
		.detail = config->detail,
		.main_sink = config->main_sink,
		.start_ns = config->start_ns,
		.timed = cycle_is_timed(cycle),
	};
	uint32_t i;

	for (i = 0; i < config->graph->sink_count; i++) {
		const struct sink_config sink = sink_config_of(config, i);

		sink_init(&cycle->sink[i], &sink,
			  cycle->pool.base + carving->shadow[i],
			  cycle->pool.base + carving->fallback_row);
	}
	for (i = 0; i < config->graph->source_count; i++)
		intake_init(&cycle->intake[i], &config->sources[i],
			    cycle->intake, rate_tick_ns(cycle->rate, 1));
	init_flights(cycle, carving);
	account_init(&cycle->account, &account);
}

int cycle_init(struct cycle *cycle, const struct cycle_config *config)
{
	const struct graph *graph = config->graph;
	const struct carving carving = carve(config);
	int error;

	*cycle = (struct cycle){
		.config = *config,
		.rate = {graph->rate_num, graph->rate_den},
	};
	error = pool_init(&cycle->pool, carving.bytes);
	if (error)
		return error;
	backend_init_work(config->backend, cycle->pool.base, &cycle->work,
			  &cycle->tick, &cycle->run);
	cycle->tick.source = cycle->facts;
	cycle->tick.source_count = graph->source_count;
	pace_init(&cycle->pace, config->clock->kind, cycle->rate);
	init_run(cycle);
	init_parts(cycle, &carving);
	return 0;
}

void cycle_finish(struct cycle *cycle)
{
	pool_finish(&cycle->pool);
}

/* ---- main thread: the first frame ------------------------------------------ */

int cycle_warm(struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;
	unsigned char *params = cycle->work.pool + graph->param_offset;
	unsigned char *kept = malloc(graph->param_bytes + 1);
	bool drawn;

	if (!kept)
		return -ENOMEM;
	memcpy(kept, params, graph->param_bytes);
	drawn = flights_warm(&cycle->flights);
	/* states start zeroed, whatever tick 0 left in them */
	memset(cycle->work.pool, 0, graph->pool_bytes);
	memcpy(params, kept, graph->param_bytes);
	free(kept);
	return drawn ? 0 : -EIO;
}

enum exit_status cycle_start_displays(struct cycle *cycle)
{
	enum exit_status status = EXIT_STATUS_OK;
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count && !status; i++)
		status = sink_start(&cycle->sink[i]);
	return status;
}

/* ---- tick thread ----------------------------------------------------------- */

static bool is_over(const struct cycle *cycle)
{
	uint64_t limit = cycle->config.tick_limit;

	return (limit && cycle->next >= limit) || cycle->fault != FAULT_NONE ||
	       atomic_load_explicit(&cycle->stop, memory_order_relaxed);
}

/* Ends ticks, oldest first, until at most `left` are being drawn. */
static void retire_to(struct cycle *cycle, uint32_t left)
{
	const struct tick_result *result;

	while ((result = flights_retire(&cycle->flights, left)))
		account_tick(&cycle->account, result, &cycle->pace);
}

/* The run ends while its last ticks pass. */
static void pass_the_rest(struct cycle *cycle)
{
	retire_to(cycle, 0);
	flights_drain(&cycle->flights);
	account_rest(&cycle->account, cycle->next, cycle->config.tick_limit);
	cycle->next = cycle->config.tick_limit;
}

/* --clock free: a source whose frames have a tick each is waited for. */
static void wait_for_sources(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->source_count; i++) {
		if (!intake_is_behind(&cycle->intake[i]))
			continue;
		retire_to(cycle, 0);
		intake_wait(&cycle->intake[i], &cycle->stop);
	}
}

/* Sleeps until tick `next` is due; then *number is the newest tick due. False:
 * the run is over. */
static bool wait_for_tick(struct cycle *cycle, uint64_t *number)
{
	int64_t due_ns;
	int error;

	if (is_over(cycle))
		return false;
	due_ns = pace_due_ns(&cycle->pace, cycle->next);
	error = clock_wait(cycle->config.clock, due_ns, &cycle->stop,
			   &cycle->wake_ns);
	if (error)
		fault_set(&cycle->fault, FAULT_CLOCK);
	if (!cycle_is_timed(cycle))
		wait_for_sources(cycle);
	if (is_over(cycle))
		return false;
	*number = pace_wake(&cycle->pace, cycle->next, cycle->wake_ns);
	if (!cycle->config.tick_limit || *number < cycle->config.tick_limit)
		return true;
	pass_the_rest(cycle);
	return false;
}

static void take_shown(struct cycle *cycle, uint32_t sink,
		       const struct display_event *event,
		       const struct frame *frame)
{
	if (sink == cycle->config.main_sink &&
	    pace_flip(&cycle->pace, event, frame->due_ns, frame->submit_ns))
		account_phase(&cycle->account, &cycle->pace);
	account_shown(&cycle->account, sink, event, frame, &cycle->pace);
}

/* What the displays finished since the last tick. */
static void take_events(struct cycle *cycle)
{
	struct display_event event;
	struct frame frame;
	uint32_t i, taken;

	for (i = 0; i < cycle->config.graph->sink_count; i++) {
		struct sink *sink = &cycle->sink[i];

		/* each slot is shown and released once at most */
		for (taken = 0; taken < 2 * sink->slots.count &&
				sink_event(sink, &event, &frame);
		     taken++)
			if (event.kind == DISPLAY_EVENT_SHOWN)
				take_shown(cycle, i, &event, &frame);
	}
}

static const struct display *main_display(const struct cycle *cycle)
{
	return &cycle->config.displays[cycle->config.main_sink];
}

static void start_tick(struct cycle *cycle, uint64_t number)
{
	cycle->tick.number = number;
	cycle->tick.seconds = rate_tick_seconds(cycle->rate, number);
	if (!cycle->run.nominal && cycle->last_wake_ns)
		cycle->run.dt_ms =
			(double)(cycle->wake_ns - cycle->last_wake_ns) /
			(double)NS_PER_MS;
	cycle->run.wall_ms = cycle->run.nominal
				     ? wall_nominal_ms(cycle->rate, number)
				     : wall_now_ms();
	cycle->last_wake_ns = cycle->wake_ns;
	take_events(cycle);
}

/* Draws tick `number`, and ends it and those before as far as they are due. */
static void draw_tick(struct cycle *cycle, uint64_t number)
{
	const struct tick_times times = {
		.next = cycle->next,
		.number = number,
		.due_ns = cycle->pace.due_ns,
		.start_ns = cycle->pace.start_ns,
		.wake_ns = cycle->wake_ns,
		.deadline_ns = pace_deadline_ns(&cycle->pace),
	};
	uint32_t ahead = cycle->flights.ahead;
	const struct tick_result *over;

	if (!cycle_is_timed(cycle) && ahead)
		retire_to(cycle, ahead - 1); /* the slots reach no further */
	/* after steps of ticks before, which may read parameters on the CPU */
	if (cycle->config.changes)
		changes_begin(cycle->config.changes, number);
	over = flights_launch(&cycle->flights, &times);
	cycle->next = number + 1;
	if (!over) {
		retire_to(cycle, ahead);
		return;
	}
	retire_to(cycle, 0); /* ticks end in their order */
	account_tick(&cycle->account, over, &cycle->pace);
}

/* What the next tick's nodes are told about the run. */
static void update_run(struct cycle *cycle)
{
	const struct ledger *ledger = &cycle->config.stats->counters.ledger;

	if (cycle->run.nominal)
		return;
	cycle->run.fps = fps_value(&cycle->account.fps);
	cycle->run.late =
		(uint32_t)ledger->sink[cycle->config.main_sink].late;
	cycle->run.skipped = (uint32_t)ledger->skipped;
}

static void end_tick(struct cycle *cycle)
{
	const struct outcome *outcome =
		&cycle->account.last[cycle->config.main_sink];

	update_run(cycle);
	pace_set_refresh(&cycle->pace, pace_refresh_ns(main_display(cycle)));
	pace_done(&cycle->pace, outcome->answered_ns, outcome->accepted);
	account_cycle(&cycle->account, cycle->tick.number,
		      cycle_is_timed(cycle) ? cycle->pace.due_ns : 0,
		      cycle->wake_ns);
}

/* A display may have more than one frame to show still. */
static void drain_displays(struct cycle *cycle)
{
	uint32_t i, looks = 0;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		while (sink_drain(&cycle->sink[i]) &&
		       looks++ < DISPLAY_SLOTS_MAX)
			take_events(cycle);
	take_events(cycle);
}

static void close_taps(struct cycle *cycle)
{
	uint32_t i;

	for (i = 0; i < cycle->config.graph->sink_count; i++)
		if (cycle->config.tap[i])
			tap_close(cycle->config.tap[i]);
}

void cycle_run(struct cycle *cycle)
{
	struct backend *backend = cycle->config.backend;
	struct seal_usage usage;
	uint64_t number;

	if (backend->ops->enter && backend->ops->enter(backend) != BACKEND_READY)
		fault_set(&cycle->fault, FAULT_GPU_LOST);
	seal_begin(&usage);
	pace_begin(&cycle->pace, clock_now_ns(),
		   pace_refresh_ns(main_display(cycle)));
	account_start(&cycle->account, cycle->pace.t0_ns);
	while (wait_for_tick(cycle, &number)) {
		start_tick(cycle, number);
		draw_tick(cycle, number);
		end_tick(cycle);
	}
	retire_to(cycle, 0);
	flights_drain(&cycle->flights);
	seal_end(&usage);
	drain_displays(cycle);
	account_usage(&cycle->account, &usage);
	close_taps(cycle);
}

void cycle_abandon(struct cycle *cycle)
{
	const struct tick_result *result;

	fault_set(&cycle->fault, FAULT_GPU_LOST);
	while ((result = flights_abandon(&cycle->flights)))
		account_tick(&cycle->account, result, &cycle->pace);
	close_taps(cycle);
}

void cycle_stop(struct cycle *cycle)
{
	atomic_store_explicit(&cycle->stop, true, memory_order_relaxed);
}

/* ---- main thread: after the run -------------------------------------------- */

bool cycle_last_frame(struct cycle *cycle, uint32_t sink, struct image *image)
{
	return sink_last_frame(&cycle->sink[sink], cycle->config.backend,
			       image);
}

/* clang-format off */
static const struct {
	enum exit_status status;
	const char *line;
} verdicts[FAULT_COUNT] = {
	[FAULT_NONE]		= {EXIT_STATUS_OK, ""},
	[FAULT_CLOCK]		= {EXIT_STATUS_OS_LIMIT,
		"clock: the timer could not be armed or read"},
	[FAULT_RECORDER_STUCK]	= {EXIT_STATUS_OS_LIMIT,
		"recording: its file took no frame for 15 s"},
	[FAULT_SLOT_MOVE]	= {EXIT_STATUS_INTERNAL,
		"internal check: a display slot moved out of turn"},
	[FAULT_DISPLAY]		= {EXIT_STATUS_NO_DEVICE,
		"display: it does not come back: see the report's health"},
	[FAULT_GPU_LOST]	= {EXIT_STATUS_GPU_LOST,
		"gpu: it is lost: it has not answered for 1 s"},
};
/* clang-format on */

_Static_assert(TAP_WAIT_NS == 15 * NS_PER_SECOND, "the line above says 15 s");

static void check_sums(const struct cycle *cycle, char *line, size_t line_bytes)
{
	const struct ledger *ledger = &cycle->config.stats->counters.ledger;
	const struct graph *graph = cycle->config.graph;
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++)
		if (!slots_check(&cycle->sink[i].slots))
			snprintf(line, line_bytes,
				 "internal check: the slots of sink %s do not "
				 "add up",
				 graph->sinks[i].name);
	for (i = 0; i < graph->source_count; i++)
		if (!intake_check(&cycle->intake[i], &ledger->source[i]))
			snprintf(line, line_bytes,
				 "internal check: the frames of source %s are "
				 "not taken + passed over + waiting",
				 graph->sources[i].name);
	if (!ledger_check(ledger))
		snprintf(line, line_bytes,
			 "internal check: ticks are not presented + late + "
			 "dropped + skipped, or what a source gave them");
}

enum exit_status cycle_verdict(const struct cycle *cycle, char *line,
			       size_t line_bytes)
{
	snprintf(line, line_bytes, "%s", verdicts[cycle->fault].line);
	if (cycle->fault == FAULT_GPU_LOST && cycle->config.backend->fault[0])
		snprintf(line, line_bytes, "gpu: it is lost: %s",
			 cycle->config.backend->fault);
	if (cycle->fault != FAULT_NONE)
		return verdicts[cycle->fault].status;
	check_sums(cycle, line, line_bytes);
	return line[0] ? EXIT_STATUS_INTERNAL : EXIT_STATUS_OK;
}
