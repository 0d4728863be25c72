/*
 * runtime/program/stages.c: the stages of bring-up, in the order of
 * runtime/main.c's table. See runtime/program/program.h.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "runtime/app/backend_choice.h"
#include "runtime/app/display_choice.h"
#include "runtime/app/flip_log.h"
#include "runtime/app/characters.h"
#include "runtime/control/set_param.h"
#include "runtime/app/source_choice.h"
#include "runtime/base/message.h"
#include "runtime/program/program.h"

enum exit_status refuse_backend(struct program *p, enum exit_status status,
				const char *reason)
{
	snprintf(p->broken, sizeof(p->broken), "%s", reason);
	return status;
}

enum exit_status start_backend(struct program *p)
{
	enum exit_status status;

	p->isa = isa_choose(p->options.isa);
	if (!p->isa)
		return refuse(EXIT_STATUS_MACHINE,
			      "--isa: this CPU does not have that instruction "
			      "set; leave --isa out");
	p->graph = p->isa->graph;
	status = backend_choose(&p->backend, p->drivers->backends, &p->options,
				p->graph, p->choice, sizeof(p->choice));
	return status ? refuse(status, p->choice) : EXIT_STATUS_OK;
}

void finish_backend(struct program *p)
{
	backend_close(&p->backend);
}

enum exit_status start_outputs(struct program *p)
{
	char line[REFUSAL_MAX];
	enum exit_status status = EXIT_STATUS_OK;

	if (p->options.flight_folder[0])
		status = flight_recorder_check(p->options.flight_folder, line,
					       sizeof(line));
	return status ? refuse(status, line)
		      : outputs_open(&p->outputs, &p->options, p->graph);
}

/* By now the displays are closed. */
void finish_outputs(struct program *p)
{
	outputs_close(&p->outputs);
	outputs_tell(&p->outputs);
}

enum exit_status start_clock(struct program *p)
{
	const struct clock_config config = {
		.kind = p->options.clock,
		.rate = {p->graph->rate_num, p->graph->rate_den},
		.spin_us = p->options.spin_us,
	};
	int error = clock_init(&p->clock, &config);

	return error ? refuse_errno("timer", error) : EXIT_STATUS_OK;
}

void finish_clock(struct program *p)
{
	clock_finish(&p->clock);
}

/* A power of two, at least `least`. */
static uint64_t stages_rows(double rows, uint64_t least)
{
	while ((double)least < rows && least < LANE_ROWS_MAX)
		least *= 2;
	return least;
}

/* How long the lanes of details must last. */
static uint32_t stages_seconds(const struct program *p)
{
	return p->options.flight_folder[0] &&
			       p->options.flight_seconds > TRACER_SECONDS
		       ? p->options.flight_seconds + 1
		       : TRACER_SECONDS;
}

/* Records that come before the tracer does, with this many a tick. */
static uint64_t stages_detail_rows(const struct program *p, uint32_t a_tick,
				   uint64_t least)
{
	double ticks = (double)p->graph->rate_num / p->graph->rate_den;

	if (p->options.clock == CLOCK_FREE)
		return LANE_ROWS_FREE;
	return stages_rows(stages_seconds(p) * ticks * a_tick, least);
}

/* The lanes of --trace and --flight-recorder. */
static uint32_t stages_detail_lanes(const struct program *p,
				    struct journal_lane_config lanes[],
				    uint32_t count,
				    char names[][JOURNAL_NAME_MAX + 1])
{
	uint32_t i, steps = p->backend.plan->step_count;

	lanes[count++] = (struct journal_lane_config){
		"detail", JOURNAL_LANE_DETAIL,
		stages_detail_rows(p, steps + 3, LANE_TICK_ROWS)};
	for (i = 0; i < p->backend.workers; i++) {
		snprintf(names[i], JOURNAL_NAME_MAX + 1, "worker %u", i + 1);
		lanes[count++] = (struct journal_lane_config){
			names[i], JOURNAL_LANE_WORKER,
			stages_detail_rows(p, steps, LANE_ROWS)};
	}
	return count;
}

enum exit_status start_journal(struct program *p)
{
	bool detailed = p->options.trace_path || p->options.flight_folder[0];
	char names[GRAPH_THREADS_MAX][JOURNAL_NAME_MAX + 1];
	struct journal_lane_config lanes[JOURNAL_LANES_MAX];
	const struct graph *graph = p->graph;
	uint32_t i, count = 0;
	int error;

	lanes[count++] = (struct journal_lane_config){
		"tick", JOURNAL_LANE_TICK,
		p->options.ledger_path || detailed ? FLIP_LOG_ROWS
						   : LANE_TICK_ROWS};
	for (i = 0; i < graph->sink_count; i++)
		lanes[count++] = (struct journal_lane_config){
			graph->sinks[i].name, JOURNAL_LANE_SINK, LANE_ROWS};
	for (i = 0; i < graph->source_count; i++)
		lanes[count++] = (struct journal_lane_config){
			graph->sources[i].name, JOURNAL_LANE_SOURCE,
			detailed ? stages_rows(stages_seconds(p) *
						       LANE_SOURCE_RATE,
					       LANE_SOURCE_ROWS)
				 : LANE_ROWS};
	if (detailed)
		count = stages_detail_lanes(p, lanes, count, names);
	error = journal_make(&p->journal, lanes, count, detailed);
	if (!error && detailed && p->backend.ops->set_journal)
		p->backend.ops->set_journal(&p->backend, &p->journal);
	return error ? refuse_errno("memory for the journal", error)
		     : EXIT_STATUS_OK;
}

void finish_journal(struct program *p)
{
	journal_finish(&p->journal);
}

enum exit_status start_displays(struct program *p)
{
	struct display_request requests[GRAPH_SINKS_MAX];
	enum exit_status status;
	uint32_t i;

	displays_choose(requests, p->drivers, &p->options, p->graph);
	for (i = 0; i < p->graph->sink_count; i++)
		requests[i].journal =
			journal_writer(&p->journal, LANE_SINK + i);
	status = displays_open(p->displays, requests, &p->backend);
	if (status)
		return p->backend.lost ? refuse_backend(p, EXIT_STATUS_GPU_LOST,
							p->backend.fault)
				       : status;
	status = backend_prepare(&p->backend, p->drivers->backends, &p->options,
				 p->displays, p->choice, sizeof(p->choice));
	if (!status)
		return EXIT_STATUS_OK;
	finish_displays(p);
	return refuse_backend(p, status, p->choice);
}

void finish_displays(struct program *p)
{
	displays_close(p->displays, p->graph->sink_count);
}

enum exit_status start_sources(struct program *p)
{
	char line[REFUSAL_MAX];
	enum exit_status status = sources_open(
		p->sources, p->drivers, &p->options, p->graph, &p->journal,
		LANE_SINK + p->graph->sink_count, p->backend.ops->pin != NULL,
		line, sizeof(line));
	uint32_t i;

	if (status)
		return refuse(status, line);
	for (i = 0; i < p->graph->source_count; i++)
		backend_pin(&p->backend, p->sources[i].memory.base,
			    p->sources[i].memory.bytes);
	return EXIT_STATUS_OK;
}

void finish_sources(struct program *p)
{
	uint32_t i;

	for (i = 0; i < p->graph->source_count; i++)
		backend_unpin(&p->backend, p->sources[i].memory.base);
	sources_close(p->sources, p->graph->source_count);
}

/* The statistics, and room for the live line's copy of them. */
static int make_page(struct program *p)
{
	uint32_t steps = p->backend.plan->step_count;
	size_t bytes = (stats_bytes(steps) + GRAPH_ALIGN - 1) /
		       GRAPH_ALIGN * GRAPH_ALIGN;
	int error = sealed_init(&p->page, "tickline-page", bytes);

	if (!error)
		error = pool_init(&p->page_copy, bytes);
	if (error)
		return error;
	p->stats = (struct stats *)(void *)p->page.pool.base;
	p->stats_copy = (struct stats *)(void *)p->page_copy.base;
	stats_init(p->stats, p->graph, p->backend.plan);
	p->stats->header.main_sink = p->options.main_sink;
	if (p->page.error)
		message("statistics page: not for other programs, this kernel "
			"lacks memfd seals (%s): 5.1 has them",
			strerror(-p->page.error));
	return 0;
}

/* The tick thread's lane of details, where there is one. */
static struct journal_writer stages_detail(const struct program *p)
{
	uint32_t lane = journal_find(p->journal.header, JOURNAL_LANE_DETAIL, 0);

	if (lane == JOURNAL_LANES_MAX)
		return (struct journal_writer){.lane = NULL};
	return journal_writer(&p->journal, lane);
}

static int make_cycle(struct program *p)
{
	struct cycle_config config = {
		.graph = p->graph,
		.backend = &p->backend,
		.clock = &p->clock,
		.displays = p->displays,
		.sources = p->sources,
		.main_sink = p->options.main_sink,
		.tick_limit = p->options.tick_limit,
		.nominal = p->options.nominal,
		.stats = p->stats,
		.journal = journal_writer(&p->journal, LANE_TICK),
		.detail = stages_detail(p),
		.start_ns = p->start_ns,
	};
	uint32_t i;

	for (i = 0; i < p->graph->sink_count; i++) {
		struct output_set *set = &p->outputs.set[i];

		config.tap[i] = set->wants_tap ? &set->tap : NULL;
		config.keep_last[i] = set->snapshot_path != NULL;
	}
	return cycle_init(&p->cycle, &config);
}

enum exit_status start_pools(struct program *p)
{
	int error = make_page(p);

	if (!error)
		error = make_cycle(p);
	if (!error)
		error = outputs_make_taps(&p->outputs, p->graph, &p->backend);
	if (!error)
		return EXIT_STATUS_OK;
	finish_pools(p);
	return refuse_errno("memory for the graph's pools", error);
}

void finish_pools(struct program *p)
{
	outputs_free_taps(&p->outputs, &p->backend);
	cycle_finish(&p->cycle);
	sealed_finish(&p->page);
	pool_finish(&p->page_copy);
}

enum exit_status start_picture(struct program *p)
{
	char line[REFUSAL_MAX];
	uint32_t i;
	int error;

	for (i = 0; i < p->options.set_count; i++)
		if (!set_param(p->graph, p->options.set[i], p->cycle.work.pool,
			       line, sizeof(line)))
			return refuse(EXIT_STATUS_USAGE, line);
	characters_tell(p->graph, p->cycle.work.pool);
	error = cycle_warm(&p->cycle);
	if (error == -EIO)
		return refuse_backend(p, EXIT_STATUS_GPU_LOST,
				      p->backend.fault);
	return error ? refuse_errno("memory for warm-up", error)
		     : EXIT_STATUS_OK;
}

enum exit_status start_recorders(struct program *p)
{
	int error = outputs_start(&p->outputs);

	return error ? refuse_errno("recorder thread", error) : EXIT_STATUS_OK;
}

void finish_recorders(struct program *p)
{
	outputs_finish(&p->outputs);
}

enum exit_status start_trace(struct program *p)
{
	int error = outputs_start_trace(&p->outputs, p->journal.header,
					p->graph, p->backend.plan);

	return error ? refuse_errno("thread of --trace", error)
		     : EXIT_STATUS_OK;
}

/* By now all that writes into the journal has stopped. */
void finish_trace(struct program *p)
{
	outputs_finish_trace(&p->outputs);
}

enum exit_status start_flight_recorder(struct program *p)
{
	int error;

	p->flight_recorder = (struct flight_recorder){
		.folder = p->options.flight_folder[0] ? p->options.flight_folder
						      : NULL,
		.seconds = p->options.flight_seconds,
		.files = p->options.flight_files,
		.journal = p->journal.header,
		.graph = p->graph,
		.plan = p->backend.plan,
	};
	error = flight_recorder_start(&p->flight_recorder);
	return error ? refuse_errno("thread of --flight-recorder", error)
		     : EXIT_STATUS_OK;
}

/* After a start that was refused there is nothing to tell. */
void finish_flight_recorder(struct program *p)
{
	flight_recorder_finish(&p->flight_recorder, NULL);
}

enum exit_status start_status(struct program *p)
{
	int error = 0;

	p->status = (struct status){
		.stats = p->stats,
		.copy = p->stats_copy,
		.main_sink = p->options.main_sink,
		.fd = STDERR_FILENO,
		.terminal = isatty(STDERR_FILENO),
	};
	if (p->options.status)
		error = status_start(&p->status);
	return error ? refuse_errno("status thread", error) : EXIT_STATUS_OK;
}

void finish_status(struct program *p)
{
	status_finish(&p->status);
}

enum exit_status start_events(struct program *p)
{
	int error;

	p->events = (struct source_events){
		.journal = p->journal.header,
		.first_lane = LANE_SINK + p->graph->sink_count,
		.sources = p->sources,
		.count = p->graph->source_count,
	};
	error = source_events_start(&p->events);
	return error ? refuse_errno("thread of the sources' events", error)
		     : EXIT_STATUS_OK;
}

/* By now the drivers have stopped. */
void finish_events(struct program *p)
{
	source_events_finish(&p->events);
}

enum exit_status start_control(struct program *p)
{
	p->live.options = &p->options;
	p->live.cycle = &p->cycle;
	p->live.journal = p->journal.header;
	p->live.tick_thread = &p->tick_thread;
	p->live.isa = p->isa;
	p->live.page_fd = p->page.fd;
	return live_start(&p->live);
}

void finish_control(struct program *p)
{
	live_finish(&p->live);
}

enum exit_status start_tick_thread(struct program *p)
{
	const struct tick_thread_config config = {
		.cycle = &p->cycle,
		.priority = p->options.priority,
		.cpu = p->options.cpu,
		.require_rt = p->options.require_rt,
	};
	char line[REFUSAL_MAX];
	enum exit_status status = tick_thread_start(&p->tick_thread, &config,
						    line, sizeof(line));

	return status ? refuse(status, line) : EXIT_STATUS_OK;
}

void finish_tick_thread(struct program *p)
{
	tick_thread_finish(&p->tick_thread);
}

enum exit_status start_showing(struct program *p)
{
	return cycle_start_displays(&p->cycle);
}

enum exit_status start_frames(struct program *p)
{
	int error = sources_start(p->sources, p->graph->source_count);

	return error ? refuse_errno("thread of a source", error)
		     : EXIT_STATUS_OK;
}

/* By now the tick thread has ended, or waits at its gate for ever. */
void finish_frames(struct program *p)
{
	sources_stop(p->sources, p->graph->source_count);
}
