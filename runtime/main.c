/*
 * runtime/main.c: the program that every graph becomes.
 *
 * `stages` is the bring-up order; what was started is finished in reverse,
 * after a run as after a refusal. run() is what happens between.
 * Read next: graph/graph.h, runtime/cycle/cycle.c; runtime/program/stages.c for
 * what a stage does.
 */
#include <malloc.h>
#include <unistd.h>

#include "runtime/app/print_only.h"
#include "runtime/base/message.h"
#include "runtime/base/stop.h"
#include "runtime/main.h"
#include "runtime/program/program.h"

/* clang-format off */
static const struct stage {
	enum exit_status (*start)(struct program *p);
	void (*finish)(struct program *p); /* NULL: nothing to give back */
} stages[] = {
	{start_backend,	    finish_backend},	 /* what draws: --backend, --isa */
	{start_outputs,	    finish_outputs},	 /* asked and opened, not yet touched */
	{start_clock,	    finish_clock},
	{start_journal,	    finish_journal},
	{start_displays,    finish_displays},	 /* opened; the screen stays as it is */
	{start_sources,	    finish_sources},
	{start_pools,	    finish_pools},	 /* the last memory that is taken */
	{start_picture,	    NULL},		 /* --set, and every step once */
	{start_trace,	    finish_trace},
	{start_flight_recorder, finish_flight_recorder}, /* looks for what goes wrong */
	{start_recorders,   finish_recorders},
	{start_status,	    finish_status},
	{start_events,	    finish_events},	 /* a line for what becomes of a source */
	{start_control,	    finish_control},	 /* changes from outside: --control */
	{start_tick_thread, finish_tick_thread}, /* memory locked; waits at its gate */
	{start_showing,	    NULL},		 /* mode set and first frame */
	{start_frames,	    finish_frames},	 /* the sources' */
};
/* clang-format on */
#define STAGE_COUNT (sizeof(stages) / sizeof(stages[0]))

/* The drivers, one line each, in the order in which `auto` tries them; headless
 * always opens, so that those after it are shown by name only. */
#define DISPLAYS(driver)                                                       \
	driver(kms_display)                                                    \
	driver(headless_display)                                               \
	driver(null_display)                                                   \
	driver(eglstream_display)

/* file is none that `auto` may take: which one? */
#define SOURCES(driver)                                                        \
	driver(v4l2_source)                                                    \
	driver(pattern_source)                                                 \
	driver(file_source)

#define BACKENDS(driver)                                                       \
	driver(cuda_backend)                                                   \
	driver(cpu_backend)

#define DECLARE_DISPLAY(ops) extern const struct display_ops ops;
#define DECLARE_SOURCE(ops)  extern const struct source_ops ops;
#define DECLARE_BACKEND(ops) extern const struct backend_ops ops;
#define ADDRESS(ops)	     &ops,
DISPLAYS(DECLARE_DISPLAY)
SOURCES(DECLARE_SOURCE)
BACKENDS(DECLARE_BACKEND)

static const struct display_ops *const displays[] = {DISPLAYS(ADDRESS) NULL};
static const struct source_ops *const sources[] = {SOURCES(ADDRESS) NULL};
static const struct backend_ops *const backends[] = {BACKENDS(ADDRESS) NULL};
/* BOARD_DISPLAYS of the board.mk */
#ifndef DISPLAYS_ORDER
#define DISPLAYS_ORDER ""
#endif
static const struct drivers built_in = {displays, sources, backends,
					DISPLAYS_ORDER};

static struct program program;

/* ---- the run ------------------------------------------------------------ */

/* In whatever thread takes the signal. */
static void stop_cycle(void *cycle)
{
	cycle_stop(cycle);
}

static void compose_outputs(struct program *p, uint64_t rss_bytes)
{
	struct report report = {
		.isa = p->isa->name,
		.rss_bytes = rss_bytes,
		.thread = {.priority = p->tick_thread.priority,
			   .cpu = p->options.cpu,
			   .memory_locked = p->tick_thread.memory_locked},
	};

	report_add_cycle(&report, &p->cycle);
	outputs_compose(&p->outputs, &p->cycle, p->journal.header, LANE_TICK,
			&report);
}

static void run(struct program *p)
{
	uint64_t rss_bytes;

	outputs_begin(&p->outputs);
	live_begin(&p->live);
	tick_thread_go(&p->tick_thread);
	stop_call(stop_cycle, &p->cycle);
	if (p->choice[0])
		message("%s", p->choice);
	if (p->live.line[0])
		message("%s", p->live.line);
	tick_thread_tell(&p->tick_thread);
	tick_thread_join(&p->tick_thread);
	rss_bytes = report_rss_bytes(); /* before a PNG is made */
	if (p->options.hold && p->cycle.fault == FAULT_NONE)
		stop_wait(-1);
	live_close(&p->live);
	finish_frames(p);
	finish_events(p);
	finish_recorders(p);
	finish_status(p);
	finish_trace(p);
	compose_outputs(p, rss_bytes);
	flight_recorder_finish(&p->flight_recorder, p->outputs.line);
}

/* ---- bring-up ----------------------------------------------------------- */

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
		outputs_tell(&p->outputs);
		_exit(EXIT_STATUS_GPU_LOST); /* giving back may never end */
	}
	give_back(p, up);
	return status ? status : p->outputs.status;
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
