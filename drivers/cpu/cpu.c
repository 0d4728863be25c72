/*
 * drivers/cpu/cpu.c: the tick thread draws. See runtime/port/backend.h.
 */
#include "runtime/port/backend.h"
#include "runtime/time/clock.h"

static enum exit_status cpu_open(struct backend *backend,
				 const struct backend_config *config,
				 char *line, size_t line_bytes)
{
	(void)line;
	(void)line_bytes;
	backend->graph = config->graph;
	backend->plan = config->plan;
	backend->flights = 1;
	return EXIT_STATUS_OK;
}

static enum backend_status cpu_launch(struct backend *backend, uint32_t flight,
				      const struct graph_work *work,
				      int64_t times_ns[])
{
	const struct graph_plan *plan = backend->plan;
	int64_t after, before = clock_now_ns();
	uint32_t i;

	(void)flight;
	for (i = 0; i < plan->step_count; i++) {
		graph_step_run(backend->graph, &plan->steps[i], work);
		after = clock_now_ns();
		times_ns[i] = after - before;
		before = after;
	}
	return BACKEND_READY;
}

static enum backend_status cpu_wait(struct backend *backend, uint32_t flight,
				    int64_t until_ns, int64_t times_ns[])
{
	(void)backend;
	(void)flight;
	(void)until_ns;
	(void)times_ns;
	return BACKEND_READY;
}

static void cpu_close(struct backend *backend)
{
	(void)backend;
}

const struct backend_ops cpu_backend = {
	.name = "cpu",
	.plan = GRAPH_BACKEND_CPU,
	.open = cpu_open,
	.launch = cpu_launch,
	.wait = cpu_wait,
	.close = cpu_close,
};
