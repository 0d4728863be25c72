/*
 * runtime/main.c: the program that every graph becomes, and the only file that
 * sees everything.
 *
 * `stages` is the bring-up order; what was started is finished in reverse,
 * after a run as after a refusal. run() is what happens between.
 * Read next: graph/graph.h, runtime/cycle/cycle.c.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drivers/cuda/cuda.h"
#include "drivers/record/ledger_file.h"
#include "drivers/record/output.h"
#include "drivers/record/places.h"
#include "drivers/record/recorder.h"
#include "drivers/record/snapshot.h"
#include "runtime/app/print_only.h"
#include "runtime/app/backend_choice.h"
#include "runtime/time/clock.h"
#include "runtime/cycle/cycle.h"
#include "runtime/app/display_choice.h"
#include "runtime/base/exit_status.h"
#include "runtime/app/isa.h"
#include "runtime/cycle/launch.h"
#include "runtime/app/options.h"
#include "runtime/base/message.h"
#include "runtime/base/refusal.h"
#include "runtime/app/report.h"
#include "runtime/app/flip_log.h"
#include "runtime/main.h"
#include "runtime/app/set_param.h"
#include "runtime/app/source_choice.h"
#include "runtime/observe/status.h"
#include "runtime/base/stop.h"
#include "runtime/base/write_all.h"

/* The display drivers, one line each, in the order in which `auto` tries them. */
#define DISPLAYS(driver)                                                       \
	driver(kms_display)                                                    \
	driver(headless_display)                                               \
	driver(null_display)

#define DECLARE(ops) extern const struct display_ops ops;
#define ADDRESS(ops) &ops,
DISPLAYS(DECLARE)
static const struct display_ops *const displays[] = {DISPLAYS(ADDRESS) NULL};

/* The source drivers, likewise. */
#define SOURCES(driver) driver(pattern_source)

#define DECLARE_SOURCE(ops) extern const struct source_ops ops;
SOURCES(DECLARE_SOURCE)
static const struct source_ops *const sources[] = {SOURCES(ADDRESS) NULL};

/* What draws, and what `auto` tries first; the CPU last. */
static const struct backend_ops *const backends[] = {
	&cuda_backend,
	&cpu_backend,
	NULL,
};

static const struct drivers built_in = {displays, sources, backends};

/* The journal's lanes: the tick thread, then each sink, then each source. */
#define TICK_LANE 0
#define SINK_LANE 1 /* the first */
#define TICK_ROWS 8192 /* 512 KB; --ledger: FLIP_LOG_ROWS */
#define LANE_ROWS 256

/* What a run leaves to be told once the displays are given back: whoever reads
 * it may be stuck. */
struct ending {
	bool ran;
	char *ledger, *report, *picture; /* NULL: none */
	size_t ledger_bytes, report_bytes, picture_bytes;
	char verdict[REFUSAL_MAX], snapshot[REFUSAL_MAX]; /* lines, or "" */
	enum exit_status status;
};

static struct program {
	const struct drivers *drivers;
	int64_t start_ns; /* of main() */
	struct options options;
	const struct isa *isa;
	const struct graph *graph;
	struct backend backend;
	char choice[REFUSAL_MAX]; /* of the backend, and why */
	char broken[REFUSAL_MAX]; /* why it cannot do it; "": it can */
	struct recorder recorder;
	struct clock clock;
	struct pool page; /* the statistics, and the status thread's copy */
	struct stats *stats, *stats_copy;
	struct journal journal;
	struct display displays[GRAPH_SINKS_MAX];
	struct source sources[GRAPH_SOURCES_MAX];
	struct tap tap;
	struct cycle cycle;
	struct status status;
	struct launch launch;
	struct ending ending;
} program;

/* ---- what is told at the end ------------------------------------------- */

static enum exit_status print_bytes(const char *option, const char *bytes,
				    size_t count)
{
	char line[REFUSAL_MAX];
	int error = write_all(STDOUT_FILENO, bytes, count, WRITE_STALL_MS);

	if (!error)
		return EXIT_STATUS_OK;
	snprintf(line, sizeof(line),
		 "%s: standard output takes nothing (%s), the rest is lost: give "
		 "it a reader",
		 option, strerror(-error));
	return refuse(EXIT_STATUS_OS_LIMIT, line);
}

static enum exit_status write_ledger(const struct program *p)
{
	const char *path = p->options.ledger_path;
	char line[REFUSAL_MAX];
	enum exit_status status = EXIT_STATUS_OK;

	if (p->ending.ledger)
		status = ledger_file_write(path, p->ending.ledger,
					   p->ending.ledger_bytes, line,
					   sizeof(line));
	return status ? refuse(status, line) : EXIT_STATUS_OK;
}

static void tell_ending(struct program *p)
{
	struct ending *ending = &p->ending;
	enum exit_status printed = EXIT_STATUS_OK, logged;

	if (!ending->ran)
		return;
	logged = write_ledger(p);
	if (ending->picture)
		printed = print_bytes("--snapshot", ending->picture,
				      ending->picture_bytes);
	if (ending->report_bytes)
		printed = print_bytes("--report", ending->report,
				      ending->report_bytes);
	if (ending->snapshot[0])
		message("%s", ending->snapshot);
	if (ending->verdict[0])
		message("%s", ending->verdict);
	free(ending->ledger);
	free(ending->picture);
	free(ending->report);
	if (!ending->status)
		ending->status = logged ? logged : printed;
}

/* ---- stages: start, and finish on what was started ---------------------- */

static enum exit_status open_backend(struct program *p)
{
	enum exit_status status;

	p->isa = isa_choose(p->options.isa);
	if (!p->isa)
		return refuse(EXIT_STATUS_MACHINE,
			      "--isa: this CPU does not have that instruction "
			      "set; leave --isa out");
	p->graph = p->isa->graph;
	status = backend_choose(&p->backend, p->drivers->backends, &p->options, p->graph,
				p->choice, sizeof(p->choice));
	return status ? refuse(status, p->choice) : EXIT_STATUS_OK;
}

/* The backend cannot do it after all; told when it is known what can. */
static enum exit_status refuse_backend(struct program *p,
				       enum exit_status status,
				       const char *reason)
{
	snprintf(p->broken, sizeof(p->broken), "%s", reason);
	return status;
}

static void close_backend(struct program *p)
{
	backend_close(&p->backend);
}

static enum exit_status check_places(const struct options *options, char *line,
				     size_t bytes)
{
	const struct place places[] = {
		{"--record", options->record_path, true},
		{"--digest", options->digest_path, false},
		{"--snapshot", options->snapshot_path, true},
		{"--ledger", options->ledger_path, false},
		{"--report", options->report ? OUTPUT_STDOUT : NULL, false},
	};

	return places_check(places, sizeof(places) / sizeof(places[0]), line,
			    bytes);
}

/* Twice: what is there is never opened in vain, and links to what is not. */
static enum exit_status open_outputs(struct program *p)
{
	const struct options *options = &p->options;
	char line[REFUSAL_MAX];
	enum exit_status status = check_places(options, line, sizeof(line));

	if (!status && options->snapshot_path)
		status = snapshot_check(options->snapshot_path, line,
					sizeof(line));
	if (!status && options->ledger_path)
		status = ledger_file_check(options->ledger_path, line,
					   sizeof(line));
	if (!status)
		status = recorder_open(&p->recorder, p->graph,
				       options->record_path,
				       options->digest_path, line,
				       sizeof(line));
	if (!status)
		status = check_places(options, line, sizeof(line));
	if (status)
		recorder_finish(&p->recorder);
	return status ? refuse(status, line) : EXIT_STATUS_OK;
}

/* By now the displays are closed. */
static void close_outputs(struct program *p)
{
	recorder_finish(&p->recorder);
	tell_ending(p);
}

static enum exit_status open_clock(struct program *p)
{
	const struct clock_config config = {
		.kind = p->options.clock,
		.rate = {p->graph->rate_num, p->graph->rate_den},
		.spin_us = p->options.spin_us,
	};
	int error = clock_init(&p->clock, &config);

	return error ? refuse_errno("timer", error) : EXIT_STATUS_OK;
}

static void close_clock(struct program *p)
{
	clock_finish(&p->clock);
}

static enum exit_status open_journal(struct program *p)
{
	const char *names[JOURNAL_LANES_MAX] = {"tick"};
	const struct graph *graph = p->graph;
	uint32_t i, lanes = 1;
	int error;

	for (i = 0; i < graph->sink_count; i++)
		names[lanes++] = graph->sinks[i].name;
	for (i = 0; i < graph->source_count; i++)
		names[lanes++] = graph->sources[i].name;
	error = journal_init(&p->journal, names, lanes,
			     p->options.ledger_path ? FLIP_LOG_ROWS : TICK_ROWS,
			     LANE_ROWS);
	return error ? refuse_errno("memory for the journal", error)
		     : EXIT_STATUS_OK;
}

static void close_journal(struct program *p)
{
	journal_finish(&p->journal);
}

static void close_sources(struct program *p)
{
	uint32_t i;

	for (i = 0; i < p->graph->source_count; i++)
		backend_unpin(&p->backend, p->sources[i].memory.base);
	sources_close(p->sources, p->graph->source_count);
}

static enum exit_status open_sources(struct program *p)
{
	char line[REFUSAL_MAX];
	enum exit_status status = sources_open(
		p->sources, p->drivers, &p->options, p->graph, &p->journal,
		SINK_LANE + p->graph->sink_count, line, sizeof(line));
	uint32_t i;

	if (status)
		return refuse(status, line);
	for (i = 0; i < p->graph->source_count; i++)
		backend_pin(&p->backend, p->sources[i].memory.base,
			    p->sources[i].memory.bytes);
	return EXIT_STATUS_OK;
}

static void close_displays(struct program *p)
{
	displays_close(p->displays, p->graph->sink_count);
}

static enum exit_status open_displays(struct program *p)
{
	struct display_request requests[GRAPH_SINKS_MAX];
	enum exit_status status;
	uint32_t i;

	displays_choose(requests, p->drivers->displays, &p->options, p->graph);
	for (i = 0; i < p->graph->sink_count; i++)
		requests[i].journal =
			journal_writer(&p->journal, SINK_LANE + i);
	status = displays_open(p->displays, requests, &p->backend);
	if (status)
		return p->backend.lost ? refuse_backend(p, EXIT_STATUS_GPU_LOST,
							p->backend.fault)
				       : status;
	status = backend_prepare(&p->backend, p->drivers->backends, &p->options,
				 p->displays, p->choice, sizeof(p->choice));
	if (!status)
		return EXIT_STATUS_OK;
	close_displays(p);
	return refuse_backend(p, status, p->choice);
}

static bool wants_tap(const struct program *p)
{
	return p->options.record_path || p->options.digest_path;
}

/* The statistics, and room for the live line's copy of them. */
static int init_page(struct program *p)
{
	uint32_t steps = p->backend.plan->step_count;
	size_t bytes = (stats_bytes(steps) + GRAPH_ALIGN - 1) /
		       GRAPH_ALIGN * GRAPH_ALIGN;
	int error = pool_init(&p->page, 2 * bytes);

	if (error)
		return error;
	p->stats = (struct stats *)(void *)p->page.base;
	p->stats_copy = (struct stats *)(void *)(p->page.base + bytes);
	stats_init(p->stats, p->graph, p->backend.plan);
	return 0;
}

static void free_pools(struct program *p)
{
	backend_unpin(&p->backend, p->tap.pool.base);
	cycle_finish(&p->cycle);
	tap_finish(&p->tap);
	pool_finish(&p->page);
}

static enum exit_status carve_pools(struct program *p)
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
		.journal = journal_writer(&p->journal, TICK_LANE),
		.start_ns = p->start_ns,
	};
	int error = init_page(p);

	config.stats = p->stats;
	config.tap[p->options.main_sink] = wants_tap(p) ? &p->tap : NULL;
	config.keep_last[p->options.main_sink] =
		p->options.snapshot_path != NULL;
	if (!error)
		error = cycle_init(&p->cycle, &config);
	if (!error && wants_tap(p))
		error = tap_init(&p->tap, p->graph->width, p->graph->height);
	if (!error && wants_tap(p))
		backend_pin(&p->backend, p->tap.pool.base, p->tap.pool.bytes);
	if (!error)
		return EXIT_STATUS_OK;
	free_pools(p);
	return refuse_errno("memory for the graph's pools", error);
}

static enum exit_status set_and_warm(struct program *p)
{
	char line[REFUSAL_MAX];
	uint32_t i;
	int error;

	for (i = 0; i < p->options.set_count; i++)
		if (!set_param(p->graph, p->options.set[i],
			       p->cycle.work.pool, line, sizeof(line)))
			return refuse(EXIT_STATUS_USAGE, line);
	error = cycle_warm(&p->cycle);
	if (error == -EIO)
		return refuse_backend(p, EXIT_STATUS_GPU_LOST,
				      p->backend.fault);
	return error ? refuse_errno("memory for warm-up", error)
		     : EXIT_STATUS_OK;
}

static enum exit_status show_first(struct program *p)
{
	return cycle_start_displays(&p->cycle);
}

static enum exit_status start_recorder(struct program *p)
{
	int error = wants_tap(p) ? recorder_start(&p->recorder, &p->tap) : 0;

	return error ? refuse_errno("recorder thread", error) : EXIT_STATUS_OK;
}

/* By now the tick thread has ended, or never started. */
static void finish_recorder(struct program *p)
{
	if (wants_tap(p))
		tap_close(&p->tap);
	recorder_finish(&p->recorder);
}

static enum exit_status start_status(struct program *p)
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

static void finish_status(struct program *p)
{
	status_finish(&p->status);
}

static enum exit_status start_sources(struct program *p)
{
	int error = sources_start(p->sources, p->graph->source_count);

	return error ? refuse_errno("thread of a source", error)
		     : EXIT_STATUS_OK;
}

/* By now the tick thread has ended, or waits at its gate for ever. */
static void stop_sources(struct program *p)
{
	sources_stop(p->sources, p->graph->source_count);
}

static enum exit_status launch(struct program *p)
{
	const struct launch_config config = {
		.cycle = &p->cycle,
		.priority = p->options.priority,
		.cpu = p->options.cpu,
		.require_rt = p->options.require_rt,
	};
	char line[REFUSAL_MAX];
	enum exit_status status =
		launch_start(&p->launch, &config, line, sizeof(line));

	return status ? refuse(status, line) : EXIT_STATUS_OK;
}

static void finish_launch(struct program *p)
{
	launch_finish(&p->launch);
}

/* clang-format off */
static const struct stage {
	enum exit_status (*start)(struct program *p);
	void (*finish)(struct program *p); /* NULL: nothing to give back */
} stages[] = {
	{open_backend,	 close_backend},
	{open_outputs,	 close_outputs},
	{open_clock,	 close_clock},
	{open_journal,	 close_journal},
	{open_displays,	 close_displays},
	{open_sources,	 close_sources},
	{carve_pools,	 free_pools},
	{set_and_warm,	 NULL},
	{start_recorder, finish_recorder},
	{start_status,	 finish_status},
	{launch,	 finish_launch}, /* locks memory; waits at its gate */
	{show_first,	 NULL}, /* mode set and first frame */
	{start_sources,	 stop_sources},
};
/* clang-format on */
#define STAGE_COUNT (sizeof(stages) / sizeof(stages[0]))

/* ---- the run ------------------------------------------------------------ */

/* Writes it, or keeps it for standard output. */
static enum exit_status take_snapshot(struct program *p)
{
	const char *path = p->options.snapshot_path;
	struct ending *ending = &p->ending;
	char *line = ending->snapshot;
	struct image image;

	if (!path)
		return EXIT_STATUS_OK;
	if (!cycle_last_frame(&p->cycle, p->options.main_sink, &image))
		snprintf(line, REFUSAL_MAX, "--snapshot: no frame was presented");
	else if (!strcmp(path, OUTPUT_STDOUT)
			 ? snapshot_encode(&image, &ending->picture,
					   &ending->picture_bytes)
			 : snapshot_write(path, &image, line, REFUSAL_MAX))
		return EXIT_STATUS_OK;
	else if (!line[0])
		snprintf(line, REFUSAL_MAX, "--snapshot: out of memory");
	return EXIT_STATUS_OS_LIMIT;
}

static enum exit_status compose_report(struct program *p, uint64_t rss_bytes)
{
	struct ending *ending = &p->ending;
	struct report report = {
		.isa = p->isa->name,
		.rss_bytes = rss_bytes,
		.thread = {.priority = p->launch.priority,
			   .cpu = p->options.cpu,
			   .memory_locked = p->launch.memory_locked},
		.recording = recorder_recording(&p->recorder),
		.digest = recorder_digest(&p->recorder),
		.snapshot_path = ending->snapshot[0]
					 ? NULL
					 : p->options.snapshot_path,
	};
	FILE *memory = open_memstream(&ending->report, &ending->report_bytes);
	bool composed;

	report_add_cycle(&report, &p->cycle);
	composed = memory && report_print(&report, p->options.report, memory);
	if ((memory && fclose(memory)) || !composed)
		return refuse_errno("--report", -ENOMEM);
	return EXIT_STATUS_OK;
}

static enum exit_status compose_ledger(struct program *p)
{
	struct ending *ending = &p->ending;
	FILE *memory;
	bool composed;

	if (!p->options.ledger_path)
		return EXIT_STATUS_OK;
	memory = open_memstream(&ending->ledger, &ending->ledger_bytes);
	composed = memory &&
		   flip_log_write(p->journal.header, TICK_LANE, memory);
	if ((memory && fclose(memory)) || !composed)
		return refuse_errno("--ledger", -ENOMEM);
	return EXIT_STATUS_OK;
}

static enum exit_status judge_run(struct program *p)
{
	char *line = p->ending.verdict;
	enum exit_status status = cycle_verdict(&p->cycle, line, REFUSAL_MAX);

	if (status)
		return status;
	return recorder_verdict(&p->recorder, p->clock.kind == CLOCK_FREE, line,
				REFUSAL_MAX);
}

/* In whatever thread takes the signal. */
static void stop_cycle(void *cycle)
{
	cycle_stop(cycle);
}

static void run(struct program *p)
{
	enum exit_status snapped, logged, composed, judged;
	uint64_t rss_bytes;

	recorder_begin(&p->recorder);
	launch_go(&p->launch);
	stop_call(stop_cycle, &p->cycle);
	if (p->choice[0])
		message("%s", p->choice);
	launch_tell(&p->launch);
	launch_join(&p->launch);
	rss_bytes = report_rss_bytes(); /* before a PNG is made */
	if (p->options.hold && p->cycle.fault == FAULT_NONE)
		stop_wait(-1);
	stop_sources(p);
	finish_recorder(p);
	finish_status(p);
	recorder_count_lost(&p->recorder,
			    p->stats->counters
				    .record_lost[p->options.main_sink]);
	snapped = take_snapshot(p);
	logged = compose_ledger(p);
	composed = compose_report(p, rss_bytes);
	judged = judge_run(p);
	p->ending.status = judged	  ? judged
			   : snapped ? snapped
			   : logged  ? logged
				     : composed;
	p->ending.ran = true;
}

/* *up: the stages that are. One that refuses gives back what it took. */
static enum exit_status bring_up(struct program *p, size_t *up)
{
	enum exit_status status = EXIT_STATUS_OK;

	for (*up = 0; *up < STAGE_COUNT && !status && !stop_requested();) {
		status = stages[*up].start(p);
		if (status)
			break;
		++*up;
		if (p->backend.lost)
			status = refuse_backend(p, EXIT_STATUS_GPU_LOST,
						p->backend.fault);
	}
	return status;
}

static void give_back(struct program *p, size_t up)
{
	while (up--)
		if (stages[up].finish)
			stages[up].finish(p);
}

/* What `auto` chose is broken, at whatever stage that shows: again, with the
 * CPU. */
static enum exit_status fall_back(struct program *p, size_t *up)
{
	const char *name = p->backend.ops ? p->backend.ops->name : "";

	give_back(p, *up);
	p->options.backend = OPTIONS_BACKEND_CPU;
	snprintf(p->choice, sizeof(p->choice), "backend: cpu, not %s: %.400s",
		 name, p->broken);
	p->broken[0] = '\0';
	return bring_up(p, up);
}

static enum exit_status bring_up_and_run(struct program *p)
{
	size_t up;
	enum exit_status status = bring_up(p, &up);

	if (p->broken[0] && p->options.backend == OPTIONS_BACKEND_AUTO &&
	    !stop_requested())
		status = fall_back(p, &up);
	if (p->broken[0])
		message("gpu: %s", p->broken);
	if (!status && up < STAGE_COUNT)
		message("ended by a signal before the first tick");
	else if (!status)
		run(p);
	else if (stop_requested())
		status = EXIT_STATUS_OK; /* what was given up said so */
	if (p->cycle.fault == FAULT_GPU_LOST) {
		tell_ending(p);
		_exit(EXIT_STATUS_GPU_LOST); /* giving back may never end */
	}
	give_back(p, up);
	return status ? status : p->ending.status;
}

int tickline(const struct drivers *drivers, int argc, char *argv[])
{
	struct program *p = &program;
	enum exit_status status;
	int error;

	p->drivers = drivers;
	p->start_ns = clock_now_ns();
	message_set_program(isa_base()->graph->name);
	mallopt(M_ARENA_MAX, 1); /* each arena would be locked memory */
	stop_prepare();
	if (!options_parse(&p->options, isa_base()->graph, p->drivers, argc,
			   argv))
		return (int)refuse(EXIT_STATUS_USAGE, p->options.error);
	if (p->options.action != OPTIONS_RUN)
		return (int)print_only(&p->options, p->drivers);
	error = stop_start();
	if (error)
		return (int)refuse_errno("signal thread", error);
	status = bring_up_and_run(p);
	stop_finish();
	return (int)status;
}

/* Weak: a test program has its own, with drivers of its own. */
__attribute__((weak)) int main(int argc, char *argv[])
{
	return tickline(&built_in, argc, argv);
}
