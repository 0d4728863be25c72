/*
 * runtime/app/backend_choice.c: see runtime/app/backend_choice.h.
 */
#include "runtime/app/backend_choice.h"

#include <stdlib.h>

#include "runtime/time/clock.h"
#include "runtime/base/pool.h"
#include "runtime/base/text.h"

#define FRAMES	    9 /* measured, after WARM */
#define WARM	    3
#define PITCH_ALIGN 256
#define PATIENCE_NS (5 * NS_PER_SECOND)

const struct graph_plan *backend_plan(const struct graph *graph,
				      enum graph_backend backend)
{
	uint32_t i;

	for (i = 0; i < graph->plan_count; i++)
		if (graph->plans[i].backend == backend)
			return &graph->plans[i];
	return NULL;
}

void backend_close(struct backend *backend)
{
	if (backend->ops)
		backend->ops->close(backend);
	*backend = (struct backend){.ops = NULL};
}

/* ---- measuring ----------------------------------------------------------- */

/* One frame after the other, into private memory. */
struct trial {
	const struct graph *graph;
	struct backend *backend;
	struct pool pool; /* the graph's, then frames of ordinary memory */
	struct graph_work work;
	struct run run;
	struct tick tick;
	struct step_time *times;
	int64_t ns[WARM + FRAMES]; /* by frame */
	bool drawn;		   /* all of them */
};

_Static_assert(PATIENCE_NS == 5 * NS_PER_SECOND, "a line below says 5 s");

static size_t frame_pitch(const struct graph *graph)
{
	return (graph->width * sizeof(uint32_t) + PITCH_ALIGN - 1) /
	       PITCH_ALIGN * PITCH_ALIGN;
}

/* One frame for all sinks is enough: nothing looks at it. */
static unsigned char *take_frame(struct trial *trial, uint32_t sink,
				 size_t frame_at)
{
	const struct display_memory *memory = trial->backend->memory;

	if (backend_draws(trial->backend, sink) && memory)
		return memory->alloc(memory->context,
				     frame_pitch(trial->graph) *
					     trial->graph->height);
	return trial->pool.base + frame_at;
}

static void trial_finish(struct trial *trial)
{
	const struct display_memory *memory = trial->backend->memory;
	uint32_t i;

	for (i = 0; i < trial->graph->sink_count; i++)
		if (backend_draws(trial->backend, i) && memory &&
		    trial->work.target[i].slot.base)
			memory->free(memory->context,
				     trial->work.target[i].slot.base);
	free(trial->times);
	pool_finish(&trial->pool);
}

static bool trial_init(struct trial *trial, struct backend *backend)
{
	const struct graph *graph = backend->graph;
	size_t frame_at = (graph->pool_bytes + PITCH_ALIGN - 1) / PITCH_ALIGN *
			  PITCH_ALIGN;
	uint32_t i;

	*trial = (struct trial){.graph = graph, .backend = backend};
	trial->times = calloc(backend->plan->step_count + 1,
				 sizeof(*trial->times));
	if (!trial->times ||
	    pool_init(&trial->pool,
		      frame_at + frame_pitch(graph) * graph->height))
		return false;
	trial->run = (struct run){.nominal = true, .backend = ""};
	backend_init_work(backend, trial->pool.base, &trial->work,
			  &trial->tick, &trial->run);
	for (i = 0; i < graph->sink_count; i++) {
		trial->work.target[i].slot = (struct image){
			.base = take_frame(trial, i, frame_at),
			.pitch = frame_pitch(graph),
			.width = graph->width,
			.height = graph->height,
		};
		if (!trial->work.target[i].slot.base)
			return false;
	}
	return true;
}

/* What a frame costs the tick thread, waiting included; -1: it failed. */
static int64_t trial_frame_ns(struct trial *trial, uint64_t number)
{
	struct backend *backend = trial->backend;
	uint32_t flight = (uint32_t)(number % backend->flights);
	int64_t before = clock_now_ns();
	enum backend_status status;

	trial->tick.number = number;
	trial->graph->tick(&trial->work, &trial->tick);
	status = backend->ops->launch(backend, flight, &trial->work,
				      trial->times);
	if (status == BACKEND_READY)
		status = backend->ops->wait(backend, flight,
					    before + PATIENCE_NS,
					    trial->times);
	if (status == BACKEND_PENDING)
		backend_set_lost(backend, "a frame was not done after 5 s");
	return status == BACKEND_READY ? clock_now_ns() - before : -1;
}

static int compare_ns(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Stops at the first frame that fails. */
static void trial_run(void *arg)
{
	struct trial *trial = arg;
	int64_t ns = 0;
	int i;

	for (i = 0; i < WARM + FRAMES && ns >= 0; i++)
		trial->ns[i] = ns = trial_frame_ns(trial, (uint64_t)i);
	trial->drawn = ns >= 0;
}

/* The median of a few frames; -1: it failed, backend->fault says why. */
static int64_t measure_ns(struct backend *backend)
{
	struct trial trial;

	if (!trial_init(&trial, backend)) {
		if (!backend->lost)
			snprintf(backend->fault, sizeof(backend->fault),
				 "no memory for a trial");
	} else if (!backend->ops->attend) {
		trial_run(&trial);
	} else if (!backend->ops->attend(backend, trial_run, &trial)) {
		trial.drawn = false;
	}
	trial_finish(&trial);
	if (!trial.drawn)
		return -1;
	qsort(trial.ns + WARM, FRAMES, sizeof(trial.ns[0]), compare_ns);
	return trial.ns[WARM + FRAMES / 2];
}

/* ---- choosing ------------------------------------------------------------ */

static enum exit_status backend_open_one(struct backend *backend,
				 const struct backend_ops *ops,
				 const struct options *options,
				 const struct graph *graph, char *line,
				 size_t line_bytes)
{
	const struct backend_config config = {
		.graph = graph,
		.plan = backend_plan(graph, ops->plan),
		.device = options->device,
		.threads = (uint32_t)options->workers,
		.priority = options->clock == CLOCK_FREE ? 0
							 : options->priority,
	};
	enum exit_status status;

	*backend = (struct backend){.ops = NULL};
	if (!config.plan) {
		text_append(line, line_bytes,
			    "no node of this graph runs there");
		return EXIT_STATUS_MACHINE;
	}
	backend->ops = ops;
	status = ops->open(backend, &config, line, line_bytes);
	if (status)
		backend->ops = NULL;
	return status;
}

static enum exit_status backend_open_named(struct backend *backend,
				   const struct backend_ops *ops,
				   const struct options *options,
				   const struct graph *graph, char *line,
				   size_t line_bytes)
{
	char reason[DISPLAY_REFUSAL_MAX] = "";
	enum exit_status status = backend_open_one(backend, ops, options, graph, reason,
					   sizeof(reason));

	if (status)
		snprintf(line, line_bytes, "--backend %s: %s", ops->name,
			 reason);
	return status;
}

/* What the CPU needs for a frame. */
static int64_t measure_cpu_ns(const struct backend_ops *const backends[],
			      const struct options *options,
			      const struct graph *graph)
{
	struct backend cpu;
	char line[DISPLAY_REFUSAL_MAX];
	int64_t ns;

	while (backends[1])
		backends++;
	if (backend_open_one(&cpu, backends[0], options, graph, line, sizeof(line)))
		return -1;
	ns = measure_ns(&cpu);
	backend_close(&cpu);
	return ns;
}

/* True: the device stays. `line` says why in any case. */
static bool is_quicker(struct backend *backend,
		       const struct backend_ops *const backends[],
		       const struct options *options, const char *what,
		       char *line, size_t line_bytes)
{
	int64_t device_ns = measure_ns(backend);
	int64_t cpu_ns = measure_cpu_ns(backends, options, backend->graph);
	bool quicker = device_ns >= 0 && (cpu_ns < 0 || device_ns <= cpu_ns);

	if (device_ns < 0)
		snprintf(line, line_bytes,
			 "backend: cpu, not %s: it fails to draw: %s",
			 backend->ops->name, backend->fault);
	else
		snprintf(line, line_bytes,
			 "backend: %s: a frame takes %s %.1f us%s, the cpu "
			 "%.1f",
			 quicker ? backend->ops->name : "cpu",
			 backend->ops->name,
			 (double)device_ns / (double)NS_PER_US, what,
			 (double)cpu_ns / (double)NS_PER_US);
	return quicker;
}

static bool try_device(struct backend *backend,
		       const struct backend_ops *const backends[],
		       const struct options *options, const struct graph *graph,
		       char *line, size_t line_bytes)
{
	char reason[DISPLAY_REFUSAL_MAX] = "";
	enum exit_status status = backend_open_one(backend, backends[0], options, graph,
					   reason, sizeof(reason));

	if (!status && backend->ops->prepare)
		status = backend->ops->prepare(backend, NULL, reason,
					       sizeof(reason));
	if (!status)
		return is_quicker(backend, backends, options, "", line,
				  line_bytes);
	snprintf(line, line_bytes, "backend: cpu, not %s: %s",
		 backends[0]->name, reason);
	return false;
}

enum exit_status backend_choose(struct backend *backend,
				const struct backend_ops *const backends[],
				const struct options *options,
				const struct graph *graph, char *line,
				size_t line_bytes)
{
	static const char *const names[OPTIONS_BACKEND_COUNT] = {
		[OPTIONS_BACKEND_CPU] = "cpu", [OPTIONS_BACKEND_CUDA] = "cuda"};
	const struct backend_ops *const *at = backends;

	for (; at[1]; at++) {
		if (options->backend == OPTIONS_BACKEND_AUTO &&
		    backend_plan(graph, at[0]->plan)) {
			if (try_device(backend, at, options, graph, line,
				       line_bytes))
				return EXIT_STATUS_OK;
			backend_close(backend);
		}
		if (options->backend != OPTIONS_BACKEND_AUTO &&
		    !strcmp(names[options->backend], at[0]->name))
			break;
	}
	return backend_open_named(backend, *at, options, graph, line, line_bytes);
}

/* No display takes what the device draws where it is. */
static bool all_staged(const struct backend *backend,
		       const struct display displays[])
{
	uint32_t i;

	for (i = 0; i < backend->graph->sink_count; i++)
		if (displays[i].cpu_read == DISPLAY_READ_NONE)
			return false;
	return true;
}

enum exit_status backend_prepare(struct backend *backend,
				 const struct backend_ops *const backends[],
				 const struct options *options,
				 const struct display displays[], char *line,
				 size_t line_bytes)
{
	const struct graph *graph = backend->graph;
	enum exit_status status;

	if (!backend->ops->prepare)
		return EXIT_STATUS_OK;
	status = backend->ops->prepare(backend, displays, line, line_bytes);
	if (status || options->backend != OPTIONS_BACKEND_AUTO ||
	    !all_staged(backend, displays) ||
	    is_quicker(backend, backends, options, " with the copy to the display",
		       line, line_bytes))
		return status;
	backend_close(backend);
	while (backends[1])
		backends++;
	return backend_open_named(backend, backends[0], options, graph, line,
			  line_bytes);
}
