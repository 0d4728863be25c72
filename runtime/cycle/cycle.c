/*
 * runtime/cycle/cycle.c: one tick after the other. Read runtime/cycle/cycle.h first.
 *
 * From cycle_run's seal_begin to its seal_end nothing here allocates, locks,
 * opens or prints; with a headless display the only system calls are the
 * clock's.
 */
#include "runtime/cycle/cycle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/cycle/account.h"
#include "runtime/cycle/flight.h"
#include "runtime/cycle/sinks.h"

static size_t aligned(size_t bytes)
{
	return (bytes + GRAPH_ALIGN - 1) & ~(size_t)(GRAPH_ALIGN - 1);
}

static void set_defaults(struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;

	if (graph->param_bytes)
		memcpy(cycle->work.pool + graph->param_offset,
		       graph->param_defaults, graph->param_bytes);
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

int cycle_init(struct cycle *cycle, const struct cycle_config *config)
{
	const struct graph *graph = config->graph;
	uint32_t step_count = config->backend->plan->step_count;
	size_t row_at = aligned(graph->pool_bytes);
	size_t step_ns_at = row_at + aligned(graph->width * sizeof(uint32_t));
	size_t times = (size_t)step_count * config->backend->flights;
	size_t stats_at = step_ns_at + aligned(times * sizeof(int64_t));
	size_t copy_at = stats_at + aligned(stats_bytes(step_count));
	size_t shadow_at = copy_at + aligned(stats_bytes(step_count));
	int error;

	*cycle = (struct cycle){
		.config = *config,
		.rate = {graph->rate_num, graph->rate_den},
	};
	cycle->period_ns = rate_tick_ns(cycle->rate, 1);
	error = pool_init(&cycle->pool, shadow_at + sinks_shadow_bytes(config));
	if (error)
		return error;
	cycle->work.pool = cycle->pool.base;
	cycle->work.pinned = config->backend->pinned;
	cycle->fallback_row = cycle->pool.base + row_at;
	cycle->step_ns = (int64_t *)(void *)(cycle->pool.base + step_ns_at);
	cycle->stats = (struct stats *)(void *)(cycle->pool.base + stats_at);
	cycle->stats_copy =
		(struct stats *)(void *)(cycle->pool.base + copy_at);
	stats_init(cycle->stats, step_count, graph->sink_count);
	pace_init(&cycle->pace, config->clock->kind, cycle->rate);
	set_defaults(cycle);
	cycle->run.backend = config->backend->ops->name;
	if (config->nominal)
		set_run_nominal(&cycle->run, cycle->rate);
	cycle->tick = (struct tick){
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
		.width = graph->width,
		.height = graph->height,
		.device = config->backend->ops->plan != GRAPH_BACKEND_CPU,
		.run = &cycle->run,
	};
	sinks_init(cycle, cycle->pool.base + shadow_at);
	flight_init(cycle);
	return 0;
}

void cycle_finish(struct cycle *cycle)
{
	pool_finish(&cycle->pool);
}

int cycle_warm(struct cycle *cycle)
{
	const struct graph *graph = cycle->config.graph;
	unsigned char *params = cycle->work.pool + graph->param_offset;
	unsigned char *kept = malloc(graph->param_bytes + 1);
	bool drawn;

	if (!kept)
		return -ENOMEM;
	memcpy(kept, params, graph->param_bytes);
	drawn = flight_warm(cycle);
	/* states start zeroed, whatever tick 0 left in them */
	memset(cycle->work.pool, 0, graph->pool_bytes);
	memcpy(params, kept, graph->param_bytes);
	free(kept);
	return drawn ? 0 : -EIO;
}

static bool is_over(const struct cycle *cycle)
{
	uint64_t limit = cycle->config.tick_limit;

	return (limit && cycle->next >= limit) || cycle->fault != CYCLE_OK ||
	       atomic_load_explicit(&cycle->stop, memory_order_relaxed);
}

/* Sleeps until tick `next` is due; then *number is the newest tick due. False: the run is
 * over. */
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
		cycle_set_fault(cycle, CYCLE_CLOCK_FAILED);
	if (is_over(cycle))
		return false;
	*number = pace_wake(&cycle->pace, cycle->next, cycle->wake_ns);
	if (!cycle->config.tick_limit || *number < cycle->config.tick_limit)
		return true;
	flight_drain(cycle);
	account_rest(cycle);
	return false;
}

static void start_tick(struct cycle *cycle, uint64_t number)
{
	cycle->tick.number = number;
	cycle->tick.seconds = rate_tick_seconds(cycle->rate, number);
	if (!cycle->run.nominal && cycle->last_wake_ns)
		cycle->run.dt_ms =
			(double)(cycle->wake_ns - cycle->last_wake_ns) /
			(double)NS_PER_MS;
	cycle->last_wake_ns = cycle->wake_ns;
	sinks_events(cycle);
}

static const struct display *main_display(const struct cycle *cycle)
{
	return &cycle->config.displays[cycle->config.main_sink];
}

static void end_tick(struct cycle *cycle)
{
	const struct cycle_sink *sink = &cycle->sink[cycle->config.main_sink];

	pace_set_refresh(&cycle->pace, pace_refresh_ns(main_display(cycle)));
	pace_done(&cycle->pace, sink->answered_ns, sink->accepted);
}

void cycle_run(struct cycle *cycle)
{
	const struct backend_ops *backend = cycle->config.backend->ops;
	struct seal_usage usage;
	uint64_t number;

	if (backend->enter &&
	    backend->enter(cycle->config.backend) != BACKEND_READY)
		cycle_set_fault(cycle, CYCLE_GPU_LOST);
	seal_begin(&usage);
	pace_begin(&cycle->pace, clock_now_ns(),
		   pace_refresh_ns(main_display(cycle)));
	account_start(cycle);
	while (wait_for_tick(cycle, &number)) {
		start_tick(cycle, number);
		flight_tick(cycle, number);
		end_tick(cycle);
	}
	flight_drain(cycle);
	seal_end(&usage);
	sinks_drain(cycle);
	account_usage(cycle, &usage);
	if (cycle->config.tap)
		tap_close(cycle->config.tap);
}

void cycle_stop(struct cycle *cycle)
{
	atomic_store_explicit(&cycle->stop, true, memory_order_relaxed);
}

/* clang-format off */
static const struct {
	enum exit_status status;
	const char *line;
} verdicts[] = {
	[CYCLE_OK]		= {EXIT_STATUS_OK, ""},
	[CYCLE_CLOCK_FAILED]	= {EXIT_STATUS_OS_LIMIT,
		"clock: the timer could not be armed or read"},
	[CYCLE_RECORDER_STUCK]	= {EXIT_STATUS_OS_LIMIT,
		"recording: its file took no frame for 15 s"},
	[CYCLE_SLOT_MOVE_WRONG]	= {EXIT_STATUS_INTERNAL,
		"internal check: a display slot moved out of turn"},
	[CYCLE_DISPLAY_FAILED]	= {EXIT_STATUS_NO_DEVICE,
		"display: it does not come back: see the report's health"},
	[CYCLE_GPU_LOST]	= {EXIT_STATUS_GPU_LOST,
		"gpu: it is lost: it has not answered for 1 s"},
};
/* clang-format on */

_Static_assert(TAP_WAIT_NS == 15 * NS_PER_SECOND, "the line above says 15 s");

enum exit_status cycle_verdict(const struct cycle *cycle, char *line,
			       size_t line_bytes)
{
	uint32_t i;

	snprintf(line, line_bytes, "%s", verdicts[cycle->fault].line);
	if (cycle->fault == CYCLE_GPU_LOST && cycle->config.backend->fault[0])
		snprintf(line, line_bytes, "gpu: it is lost: %s",
			 cycle->config.backend->fault);
	if (cycle->fault != CYCLE_OK)
		return verdicts[cycle->fault].status;
	for (i = 0; i < cycle->config.graph->sink_count; i++)
		if (!slots_check(&cycle->sink[i].slots))
			snprintf(line, line_bytes,
				 "internal check: the slots of sink %s do not "
				 "add up",
				 cycle->config.graph->sinks[i].name);
	if (!ledger_check(&cycle->stats->counters.ledger))
		snprintf(line, line_bytes,
			 "internal check: ticks are not presented + late + "
			 "dropped + skipped");
	return line[0] ? EXIT_STATUS_INTERNAL : EXIT_STATUS_OK;
}
