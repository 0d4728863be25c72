/*
 * tests/gpu/rig_graph.c: see rig.h: a graph's tables and kernels, its pools and
 * slots, and its frames.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "drivers/cuda/upload.h"
#include "tests/gpu/rig.h"
#include "tests/graph/ticks.h"

static void give_up(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void *allocate(size_t bytes)
{
	void *memory = aligned_alloc(64, (bytes + 64) / 64 * 64);

	if (!memory)
		give_up("memory", "none left");
	memset(memory, 0, bytes);
	return memory;
}

static uint64_t device_memory(struct rig *rig, size_t bytes)
{
	uint64_t address;

	bytes = (bytes + 63) / 64 * 64;
	RIG_CALL(rig, memory_alloc, &address, bytes);
	/* in the stream: it does not wait for what others set */
	rig_check("cuMemsetD32Async",
		  rig->extra.set_words(address, 0, bytes / 4, rig->stream));
	return address;
}

static void *pinned_memory(struct rig *rig, size_t bytes)
{
	void *memory;

	RIG_CALL(rig, host_alloc, &memory, bytes, CUDA_HOST_MAPPED);
	memset(memory, 0, bytes);
	return memory;
}

static void open_tables(struct rig_graph *g, const char *folder)
{
	char path[512];
	uint32_t i;

	snprintf(path, sizeof(path), "%s/graph.so", folder);
	g->so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!g->so)
		give_up(path, dlerror());
	g->graph = dlsym(g->so, "graph_module");
	if (!g->graph)
		give_up(path, "not a graph of this tree");
	for (i = 0; i < g->graph->plan_count; i++) {
		if (g->graph->plans[i].backend == GRAPH_BACKEND_CUDA)
			g->plan = &g->graph->plans[i];
		else
			g->cpu = &g->graph->plans[i];
	}
	if (!g->plan || !g->cpu || g->plan->step_count > RIG_STEPS_MAX)
		give_up(path, "no plan for cuda, or one of too many steps");
}

static void open_kernels(struct rig_graph *g, const char *folder)
{
	char path[512];
	unsigned char *image = allocate(32 << 20);
	const struct graph_kernel *kernel;
	FILE *file;
	uint32_t i;

	snprintf(path, sizeof(path), "%s/graph.cubin", folder);
	file = fopen(path, "r");
	if (!file || !fread(image, 1, 32 << 20, file))
		give_up(path, "cannot be read");
	fclose(file);
	RIG_CALL(g->rig, module_load, &g->module, image);
	free(image);
	for (i = 0; i < g->plan->step_count; i++) {
		kernel = g->plan->steps[i].kernel;
		if (kernel)
			RIG_CALL(g->rig, module_function, &g->functions[i],
				 g->module, kernel->symbol);
	}
	RIG_CALL(g->rig, module_function, &g->done, g->module, "graph_done");
}

static void open_blocks(struct rig_graph *g)
{
	const struct graph_kernel *kernel;
	uint32_t i;
	size_t bytes;

	for (i = 0; i < g->plan->step_count; i++) {
		kernel = g->plan->steps[i].kernel;
		if (!kernel || kernel->block_bytes <= GRAPH_BLOCK_VALUE_MAX)
			continue;
		bytes = (size_t)kernel->block_bytes * RIG_INSTANCES;
		g->blocks[i] = pinned_memory(g->rig, bytes);
		g->block_addresses[i] = device_memory(g->rig, bytes);
	}
}

static void open_pools(struct rig_graph *g)
{
	const struct graph *graph = g->graph;
	const struct graph_plan *plan = g->plan;
	uint32_t i, slot;

	g->work.pool = allocate(graph->pool_bytes);
	if (graph->param_bytes)
		memcpy(g->work.pool + graph->param_offset,
		       graph->param_defaults, graph->param_bytes);
	if (plan->pinned_bytes)
		g->work.pinned = pinned_memory(g->rig, plan->pinned_bytes);
	if (plan->device_bytes)
		g->pool = device_memory(g->rig, plan->device_bytes);
	g->pitch = ((size_t)graph->width * 4 + 63) / 64 * 64;
	g->slot_bytes = g->pitch * graph->height;
	for (i = 0; i < graph->sink_count; i++) {
		for (slot = 0; slot < RIG_SLOTS; slot++)
			g->slots[i][slot] =
				device_memory(g->rig, g->slot_bytes);
		g->work.target[i].slot =
			(struct image){allocate(g->slot_bytes), g->pitch,
				       graph->width, graph->height};
	}
	g->picture = pinned_memory(g->rig, g->slot_bytes);
	g->counter = device_memory(g->rig, 4);
	g->flag = pinned_memory(g->rig, 4);
	RIG_CALL(g->rig, host_address, &g->flag_address, (void *)g->flag, 0);
}

/* Plane by plane, as drivers/cuda/launch.c does it in every tick. */
static void upload_source(struct rig_graph *g, const struct graph_upload *row)
{
	const struct picture *picture = &g->work.source[row->source];
	uint32_t i;

	for (i = 0; i < row->plane_count; i++) {
		const struct cuda_copy_2d copy =
			cuda_upload_copy(row, i, picture, g->pool);

		RIG_CALL(g->rig, copy_2d, &copy, g->rig->stream);
	}
}

static void open_sources(struct rig_graph *g)
{
	uint32_t i;

	sources_new(&g->sources, g->graph, &g->work, 0);
	sources_fill(&g->sources, g->graph, &g->work, 1, 0x5a);
	for (i = 0; i < g->plan->step_count; i++)
		if (g->plan->steps[i].upload)
			upload_source(g, g->plan->steps[i].upload);
	RIG_CALL(g->rig, stream_wait, g->rig->stream);
}

void rig_graph_open(struct rig_graph *g, struct rig *rig, const char *folder)
{
	memset(g, 0, sizeof(*g));
	g->rig = rig;
	open_tables(g, folder);
	open_kernels(g, folder);
	open_blocks(g);
	open_pools(g);
	open_sources(g);
}

void rig_graph_close(struct rig_graph *g)
{
	struct rig *rig = g->rig;
	uint32_t i, slot;

	RIG_CALL(rig, stream_wait, rig->stream);
	for (i = 0; i < g->graph->sink_count; i++) {
		for (slot = 0; slot < RIG_SLOTS; slot++)
			RIG_CALL(rig, memory_free, g->slots[i][slot]);
		free(g->work.target[i].slot.base);
	}
	for (i = 0; i < g->plan->step_count; i++) {
		if (!g->blocks[i])
			continue;
		RIG_CALL(rig, host_free, g->blocks[i]);
		RIG_CALL(rig, memory_free, g->block_addresses[i]);
	}
	if (g->pool)
		RIG_CALL(rig, memory_free, g->pool);
	if (g->work.pinned)
		RIG_CALL(rig, host_free, g->work.pinned);
	RIG_CALL(rig, memory_free, g->counter);
	RIG_CALL(rig, host_free, (void *)g->flag);
	RIG_CALL(rig, host_free, g->picture);
	RIG_CALL(rig, module_unload, g->module);
	free(g->work.pool);
	sources_free(&g->sources, g->graph);
	dlclose(g->so);
}

/* ---- frames ---------------------------------------------------------------- */

void rig_tick(struct rig_graph *g, uint64_t number)
{
	struct tick tick = tick_nominal(g->graph, number, NULL);

	tick.device = true;
	g->graph->tick(&g->work, &tick);
}

void rig_block(const struct rig_graph *g, const struct graph_kernel *kernel,
	       uint32_t slot, unsigned char *block)
{
	struct graph_device_image *images =
		(struct graph_device_image *)(void *)(block +
						      GRAPH_BLOCK_TARGETS);
	const struct graph_block_copy *copy;
	uint32_t i;

	memcpy(block, &g->pool, sizeof(g->pool));
	for (i = 0; i < kernel->sink_count; i++)
		images[i] = (struct graph_device_image){
			g->slots[kernel->sinks[i]][slot], g->pitch};
	for (i = 0; i < kernel->copy_count; i++) {
		copy = &kernel->copies[i];
		memcpy(block + copy->block_offset,
		       g->work.pool + copy->pool_offset, copy->bytes);
	}
}

static void launch(struct rig_graph *g, uint32_t step, uint32_t slot,
		   uint32_t instance)
{
	const struct graph_kernel *kernel = g->plan->steps[step].kernel;
	static unsigned char value[GRAPH_BLOCK_VALUE_MAX]
		__attribute__((aligned(GRAPH_BLOCK_ALIGN)));
	size_t at = (size_t)kernel->block_bytes * instance;
	uint64_t address = g->block_addresses[step] + at;
	void *params[] = {g->blocks[step] ? (void *)&address : value};

	if (g->blocks[step]) {
		rig_block(g, kernel, slot, g->blocks[step] + at);
		RIG_CALL(g->rig, copy_up, address, g->blocks[step] + at,
			 kernel->block_bytes, g->rig->stream);
	} else {
		rig_block(g, kernel, slot, value);
	}
	RIG_CALL(g->rig, launch, g->functions[step], kernel->blocks_x,
		 kernel->blocks_y, 1, kernel->threads_x, kernel->threads_y, 1,
		 0, g->rig->stream, params, NULL);
}

void rig_step(struct rig_graph *g, uint32_t index, uint32_t slot,
	      uint32_t instance)
{
	const struct graph_step *step = &g->plan->steps[index];
	const struct graph_transfer *transfer = step->transfer;

	if (step->kernel) {
		launch(g, index, slot, instance);
	} else if (step->run) {
		RIG_CALL(g->rig, stream_wait, g->rig->stream);
		graph_step_run(g->graph, step, &g->work);
	} else if (step->upload) {
		/* there since rig_graph_open */
	} else if (step->kind == GRAPH_STEP_UPLOAD) {
		RIG_CALL(g->rig, copy_up, g->pool + transfer->device_offset,
			 g->work.pinned + transfer->pinned_offset,
			 transfer->bytes, g->rig->stream);
	} else {
		RIG_CALL(g->rig, copy_down,
			 g->work.pinned + transfer->pinned_offset,
			 g->pool + transfer->device_offset, transfer->bytes,
			 g->rig->stream);
	}
}

void rig_frame(struct rig_graph *g, uint32_t slot, uint32_t instance, bool done)
{
	void *params[] = {&g->counter, &g->flag_address};
	uint32_t i;

	for (i = 0; i < g->plan->step_count; i++)
		rig_step(g, i, slot, instance);
	if (done)
		RIG_CALL(g->rig, launch, g->done, 1, 1, 1, 1, 1, 1, 0,
			 g->rig->stream, params, NULL);
}

/* ---- is it the picture? ------------------------------------------------------ */

static void compare(struct rig_graph *g, uint32_t sink, uint32_t slot,
		    uint64_t number)
{
	const struct image *cpu = &g->work.target[sink].slot;
	char line[128];
	uint32_t y;

	RIG_CALL(g->rig, copy_down, g->picture, g->slots[sink][slot],
		 g->slot_bytes, g->rig->stream);
	RIG_CALL(g->rig, stream_wait, g->rig->stream);
	for (y = 0; y < cpu->height; y++) {
		if (!memcmp(image_row(cpu, y), g->picture + y * g->pitch,
			    (size_t)cpu->width * 4))
			continue;
		snprintf(line, sizeof(line),
			 "tick %llu, sink %u, row %u: not the CPU's bytes",
			 (unsigned long long)number, sink, y);
		give_up(g->graph->name, line);
	}
}

void rig_verify_slot(struct rig_graph *g, uint32_t slot, uint64_t number)
{
	const struct tick tick = tick_nominal(g->graph, number, NULL);
	uint32_t i;

	tick_draw(g->graph, g->cpu, &g->work, &tick);
	for (i = 0; i < g->graph->sink_count; i++)
		if (!g->plan->sink_from ||
		    g->plan->sink_from[i] == GRAPH_BACKEND_CUDA)
			compare(g, i, slot, number);
}

void rig_fill(struct rig_graph *g, uint32_t sink, uint32_t slot, uint32_t word)
{
	rig_check("cuMemsetD32Async",
		  g->rig->extra.set_words(g->slots[sink][slot], word,
					  g->slot_bytes / 4, g->rig->stream));
}

void rig_verify(struct rig_graph *g, uint64_t number)
{
	static const uint32_t poisons[] = {0x5a5a5a5a, 0xa5a5a5a5};
	uint32_t p, i;

	for (p = 0; p < 2; p++) {
		for (i = 0; i < g->graph->sink_count; i++)
			rig_fill(g, i, p, poisons[p]);
		rig_tick(g, number);
		rig_frame(g, p, 0, false);
		RIG_CALL(g->rig, stream_wait, g->rig->stream);
		rig_verify_slot(g, p, number);
	}
}
