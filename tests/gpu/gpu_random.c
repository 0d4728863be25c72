/*
 * tests/gpu/gpu_random.c: graphs as modules, drawn by drivers/cuda and by their
 * CPU plans: equal bytes?
 *
 * Each graph is drawn for five ticks, far apart, twice: into slots on the
 * device, which start as rubbish, and beside slots that it cannot draw in
 * (staged). The two sides have pools of their own, so state goes its own way in
 * each. Usage: gpu_random FOLDER...; a line a graph that differs; ends with
 * "N passed, N failed".
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "drivers/cuda/cuda.h"
#include "drivers/cuda/fatbin.h"
#include "runtime/time/clock.h"
#include "tests/graph/sources.h"
#include "tests/graph/ticks.h"

#define TICKS	  5
#define STRIDE	  37 /* from tick to tick */
#define PATIENCE  (30 * NS_PER_SECOND)

struct side {
	const struct graph *graph;
	const struct graph_plan *plan;
	struct graph_work work;
	struct sources sources;
};

static char reason[1024];

static bool fail(const char *what, const char *why)
{
	snprintf(reason, sizeof(reason), "%s: %s", what,
		 why[0] ? why : "no reason was given");
	return false;
}

/* What the backend said, and its fault where that has words. */
static bool fail_backend(const char *what, int status, const char *fault)
{
	char why[640];

	snprintf(why, sizeof(why), "backend status %d%s%.600s", status,
		 fault[0] ? ": " : ", without words: it did not answer in time",
		 fault);
	return fail(what, why);
}

static void *allocate(size_t bytes)
{
	void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);

	if (!memory)
		exit(2);
	memset(memory, 0, bytes);
	return memory;
}

static size_t pitch_of(const struct graph *graph)
{
	return ((size_t)graph->width * 4 + 63) / 64 * 64;
}

static struct image new_image(const struct graph *graph, unsigned char *base)
{
	return (struct image){base, pitch_of(graph), graph->width,
			      graph->height};
}

static void side_open(struct side *side, const struct graph *graph,
		      enum graph_backend backend)
{
	uint32_t i;

	memset(side, 0, sizeof(*side));
	side->graph = graph;
	for (i = 0; i < graph->plan_count; i++)
		if (graph->plans[i].backend == backend)
			side->plan = &graph->plans[i];
	side->work.pool = allocate(graph->pool_bytes);
	if (graph->param_bytes)
		memcpy(side->work.pool + graph->param_offset,
		       graph->param_defaults, graph->param_bytes);
	sources_new(&side->sources, graph, &side->work,
		    backend == GRAPH_BACKEND_CPU ? 0 : 48);
	for (i = 0; i < graph->sink_count; i++)
		side->work.target[i].slot = new_image(
			graph, allocate(pitch_of(graph) * graph->height));
}

static void side_close(struct side *side)
{
	uint32_t i;

	for (i = 0; i < side->graph->sink_count; i++)
		free(side->work.target[i].slot.base);
	sources_free(&side->sources, side->graph);
	free(side->work.pool);
}

/* What cameras bring for the tick. */
static struct tick side_tick(struct side *side, uint64_t number)
{
	static struct tick_source facts[GRAPH_SOURCES_MAX];

	sources_fill(&side->sources, side->graph, &side->work, number, 0x5a);
	sources_facts(facts, number);
	return tick_nominal(side->graph, number, facts);
}

static void draw_cpu(struct side *side, uint64_t number)
{
	const struct tick tick = side_tick(side, number);

	tick_draw(side->graph, side->plan, &side->work, &tick);
}

/* Into device slots where the device draws the sink and it is not staged. */
static bool draw_device(struct side *side, struct backend *backend,
			uint32_t flight, uint64_t number)
{
	const struct tick tick = side_tick(side, number);
	static struct step_time times[256]; /* too large for a frame */
	int status;

	side->graph->tick(&side->work, &tick);
	status = (int)backend->ops->launch(backend, flight, &side->work, times);
	if (status)
		return fail_backend("launch", status, backend->fault);
	status = (int)backend->ops->wait(backend, flight,
					 clock_now_ns() + PATIENCE, times);
	return !status || fail_backend("wait", status, backend->fault);
}

static bool same(const struct image *a, const struct image *b)
{
	uint32_t y;

	for (y = 0; y < a->height; y++)
		if (memcmp(image_row(a, y), image_row(b, y),
			   (size_t)a->width * 4))
			return false;
	return true;
}

/* One sink's picture, wherever it lies, against the CPU's. */
static bool compare_sink(const struct side *cpu, const struct side *device,
			 struct backend *backend, uint32_t flight,
			 uint32_t sink)
{
	const struct graph *graph = cpu->graph;
	const struct image *slot = &device->work.target[sink].slot;
	struct image read = {.base = NULL}, staged;
	bool equal;

	if (!backend_draws(backend, sink))
		return same(&cpu->work.target[sink].slot, slot);
	if (backend->ops->staged(backend, flight, sink, &staged))
		return same(&cpu->work.target[sink].slot, &staged);
	read = new_image(graph, allocate(pitch_of(graph) * graph->height));
	equal = !backend->ops->read(backend, slot, &read,
				    clock_now_ns() + PATIENCE) &&
		same(&cpu->work.target[sink].slot, &read);
	free(read.base);
	return equal;
}

static bool compare_ticks(struct side *cpu, struct side *device,
			  struct backend *backend)
{
	char where[64];
	uint32_t tick, sink, flight;

	for (tick = 0; tick < TICKS; tick++) {
		flight = tick % backend->flights;
		draw_cpu(cpu, tick * STRIDE);
		if (!draw_device(device, backend, flight, tick * STRIDE))
			return false;
		for (sink = 0; sink < cpu->graph->sink_count; sink++) {
			if (compare_sink(cpu, device, backend, flight, sink))
				continue;
			snprintf(where, sizeof(where), "tick %u, sink %u",
				 tick * STRIDE, sink);
			return fail(where, "not the CPU's bytes");
		}
	}
	return true;
}

/* The slots that the device draws in become its own memory; or it stages. */
static bool compare_as(const struct graph *graph, struct backend *backend,
		       bool staged)
{
	static const struct display displays[GRAPH_SINKS_MAX];
	unsigned char *own[GRAPH_SINKS_MAX] = {NULL};
	static struct side cpu, device;
	char line[256] = "";
	bool equal;
	uint32_t i;

	if (backend->ops->prepare(backend, staged ? displays : NULL, line,
				  sizeof(line)))
		return fail("prepare", line);
	side_open(&cpu, graph, GRAPH_BACKEND_CPU);
	side_open(&device, graph, GRAPH_BACKEND_CUDA);
	device.work.pinned = backend->pinned;
	for (i = 0; i < graph->sink_count && !staged; i++) {
		if (!backend_draws(backend, i))
			continue;
		own[i] = device.work.target[i].slot.base;
		device.work.target[i].slot.base = backend->memory->alloc(
			backend->memory->context,
			pitch_of(graph) * graph->height);
	}
	equal = compare_ticks(&cpu, &device, backend);
	for (i = 0; i < graph->sink_count; i++) {
		if (!own[i])
			continue;
		backend->memory->free(backend->memory->context,
				      device.work.target[i].slot.base);
		device.work.target[i].slot.base = own[i];
	}
	side_close(&cpu);
	side_close(&device);
	return equal;
}

static bool read_code(const char *folder)
{
	unsigned char *to = (unsigned char *)(uintptr_t)graph_fatbin;
	char path[512];
	FILE *file;
	size_t bytes;

	snprintf(path, sizeof(path), "%s/graph.cubin", folder);
	file = fopen(path, "r");
	if (!file)
		return fail(path, "cannot be read");
	bytes = fread(to, 1, graph_fatbin_bytes(), file);
	fclose(file);
	return bytes ? true : fail(path, "is empty");
}

static bool compare(const struct graph *graph)
{
	struct backend backend = {.ops = &cuda_backend};
	struct backend_config config = {.graph = graph, .device = -1};
	char line[256] = "";
	bool equal;
	uint32_t i;

	for (i = 0; i < graph->plan_count; i++)
		if (graph->plans[i].backend == GRAPH_BACKEND_CUDA)
			config.plan = &graph->plans[i];
	if (!config.plan) /* all of it runs on the CPU */
		return true;
	if (cuda_backend.open(&backend, &config, line, sizeof(line)))
		return fail("open", line);
	equal = !cuda_backend.enter(&backend) &&
		compare_as(graph, &backend, false) &&
		compare_as(graph, &backend, true);
	cuda_backend.close(&backend);
	return equal;
}

static bool compare_folder(const char *folder)
{
	const struct graph *graph;
	char path[512];
	void *so;
	bool equal;

	snprintf(path, sizeof(path), "%s/graph.so", folder);
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!so)
		return fail(path, dlerror());
	graph = dlsym(so, "graph_module");
	if (!graph)
		return fail(path, "not a graph of this tree");
	equal = read_code(folder) && compare(graph);
	dlclose(so);
	return equal;
}

int main(int argc, char *argv[])
{
	int i, passed = 0;

	for (i = 1; i < argc; i++) {
		if (compare_folder(argv[i])) {
			passed++;
			continue;
		}
		printf("%s: %s\n", argv[i], reason);
		fflush(stdout);
	}
	printf("%d passed, %d failed\n", passed, argc - 1 - passed);
	return passed && passed == argc - 1 ? 0 : 1;
}
