/*
 * drivers/cpu/cpu.c: the tick thread draws, alone or with workers. See
 * runtime/port/backend.h.
 */
#define _GNU_SOURCE /* CPU_COUNT */

#include <errno.h>
#include <sched.h>
#include <stdio.h>

#include "drivers/cpu/workers.h"
#include "runtime/base/text.h"
#include "runtime/port/backend.h"
#include "runtime/time/clock.h"

#define THREADS_AUTO_MAX 8 /* memory is what more of them would wait for */

static bool cpu_cuts(const struct graph *graph, const struct graph_step *step)
{
	return step->band && 2 * step->band <= graph->height;
}

/* Of the CPUs that this process may use one is left for all other threads: the
 * sources', the recorder, the display's helper, the rest of the system. */
static uint32_t cpu_spare_threads(void)
{
	uint32_t count = 1;
	cpu_set_t cpus;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		count = (uint32_t)CPU_COUNT(&cpus);
	count = count > 1 ? count - 1 : 1;
	return count < THREADS_AUTO_MAX ? count : THREADS_AUTO_MAX;
}

/* The tick thread's among them. */
static uint32_t cpu_threads(const struct backend_config *config)
{
	const struct graph *graph = config->graph;
	uint32_t i, threads = config->threads;

	for (i = 0; i < config->plan->step_count; i++)
		if (cpu_cuts(graph, &config->plan->steps[i]))
			break;
	if (i == config->plan->step_count)
		return 1;
	if (!threads && graph->worker_cpus)
		threads = 1 + graph->worker_cpu_count;
	if (!threads)
		threads = cpu_spare_threads();
	return threads < GRAPH_THREADS_MAX ? threads : GRAPH_THREADS_MAX;
}

static enum exit_status cpu_refuse(int32_t cpu, int error, char *line,
				   size_t line_bytes)
{
	if (cpu >= 0) {
		text_append(line, line_bytes,
			    "the board's cpus: this process may not run on CPU "
			    "%d; --workers 1 draws without",
			    cpu);
		return EXIT_STATUS_MACHINE;
	}
	text_append(line, line_bytes,
		    "threads to draw with: %s; --workers 1 draws without",
		    strerror(-error));
	return EXIT_STATUS_OS_LIMIT;
}

static enum exit_status cpu_open(struct backend *backend,
				 const struct backend_config *config,
				 char *line, size_t line_bytes)
{
	const struct workers_config workers = {
		.graph = config->graph,
		.count = cpu_threads(config) - 1,
		.priority = config->priority,
		.cpus = config->graph->worker_cpus,
		.cpu_count = config->graph->worker_cpu_count,
	};
	int32_t cpu;
	int error;

	backend->graph = config->graph;
	backend->plan = config->plan;
	backend->flights = 1;
	backend->workers = workers.count;
	if (!workers.count)
		return EXIT_STATUS_OK;
	backend->state = workers_start(&workers, &error, &cpu);
	if (!backend->state)
		return cpu_refuse(cpu, error, line, line_bytes);
	snprintf(backend->text, sizeof(backend->text), "%u threads",
		 workers.count + 1);
	return EXIT_STATUS_OK;
}

/* A sink without a slot takes all rows in one place: bands would meet there. */
static bool cpu_has_all_slots(const struct graph *graph,
			      const struct graph_work *work)
{
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++)
		if (!work->target[i].slot.pitch)
			return false;
	return true;
}

static enum backend_status cpu_launch(struct backend *backend, uint32_t flight,
				      const struct graph_work *work,
				      struct step_time times[])
{
	const struct graph *graph = backend->graph;
	const struct graph_plan *plan = backend->plan;
	struct workers *workers =
		cpu_has_all_slots(graph, work) ? backend->state : NULL;
	int64_t after, before = clock_now_ns();
	uint32_t i;

	(void)flight;
	for (i = 0; i < plan->step_count; i++) {
		if (workers && plan->steps[i].band)
			workers_draw(workers, &plan->steps[i], work);
		else
			graph_step_run(graph, &plan->steps[i], work);
		after = clock_now_ns();
		times[i] = (struct step_time){before, after - before};
		before = after;
	}
	return BACKEND_READY;
}

static enum backend_status cpu_wait(struct backend *backend, uint32_t flight,
				    int64_t until_ns, struct step_time times[])
{
	(void)backend;
	(void)flight;
	(void)until_ns;
	(void)times;
	return BACKEND_READY;
}

static void cpu_set_journal(struct backend *backend,
			    const struct journal *journal)
{
	if (backend->state)
		workers_set_journal(backend->state, backend->plan, journal);
}

static void cpu_report(const struct backend *backend, struct json *json)
{
	uint64_t bands = 0, cpu_ns = 0;

	if (backend->state)
		workers_usage(backend->state, &bands, &cpu_ns);
	json_put_uint(json, "workers_bands", bands);
	json_put_uint(json, "workers_cpu_ns", cpu_ns);
}

static void cpu_close(struct backend *backend)
{
	workers_finish(backend->state);
	backend->state = NULL;
}

const struct backend_ops cpu_backend = {
	.name = "cpu",
	.plan = GRAPH_BACKEND_CPU,
	.open = cpu_open,
	.launch = cpu_launch,
	.wait = cpu_wait,
	.set_journal = cpu_set_journal,
	.report = cpu_report,
	.close = cpu_close,
};
