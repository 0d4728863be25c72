/*
 * tests/graph/emulate/compare_backends.c: the two plans of one graph side by
 * side, the cuda plan's kernels on the CPU too (launch.h): are the pictures of
 * all sinks the same bytes, for some ticks?
 *
 * Device and pinned pool are filled with rubbish before each tick, and slots
 * with different rubbish on the two sides, so that a step that reads what
 * nothing wrote shows; sources hold random bytes. A kernel's block has exactly its bytes, with ASan's
 * guards round it. Between a slot's rows nothing may be written.
 *
 *   compare_backends [TICKS]
 */
#include <stdio.h>
#include <stdlib.h>

#include "graph/graph.h"
#include "tests/graph/emulate/launch.h"
#include "tests/graph/sources.h"
#include "tests/graph/ticks.h"

extern const struct graph graph_base;

struct side {
	const struct graph_plan *plan;
	struct graph_work work;
	struct sources sources;
	unsigned char *device;
	size_t pitch; /* of its slots */
	bool backwards;
};

static void fail(const char *what, const char *name)
{
	printf("%s: %s: %s\n", graph_base.name, name, what);
	exit(1);
}

static void *allocate(size_t bytes)
{
	void *memory;

	if (posix_memalign(&memory, 64, bytes ? bytes : 1))
		exit(2);
	memset(memory, 0, bytes);
	return memory;
}

static void start(struct side *side, const struct graph_plan *plan,
		  size_t padding, bool slow)
{
	const struct graph *graph = &graph_base;
	struct image *slot;
	uint32_t i;

	side->plan = plan;
	side->pitch = ((size_t)graph->width * 4 + 15) / 16 * 16 + padding;
	side->work.pool = allocate(graph->pool_bytes);
	side->work.pinned = allocate(plan->pinned_bytes);
	side->device = allocate(plan->device_bytes);
	if (graph->param_bytes)
		memcpy(side->work.pool + graph->param_offset,
		       graph->param_defaults, graph->param_bytes);
	sources_new(&side->sources, graph, &side->work, padding);
	for (i = 0; i < graph->sink_count; i++) {
		slot = &side->work.target[i].slot;
		side->work.target[i].slow_read = slow;
		slot->base = allocate(side->pitch * graph->height);
		slot->pitch = side->pitch;
		slot->width = graph->width;
		slot->height = graph->height;
	}
}

static void finish(struct side *side)
{
	uint32_t i;

	for (i = 0; i < graph_base.sink_count; i++)
		free(side->work.target[i].slot.base);
	sources_free(&side->sources, &graph_base);
	free(side->work.pool);
	free(side->work.pinned);
	free(side->device);
}

/* The block of graph/device.h, as a backend makes it. */
static void launch(const struct side *side, const struct graph_step *step)
{
	const struct graph_kernel *kernel = step->kernel;
	unsigned char *block = allocate(kernel->block_bytes);
	uint64_t device = (uint64_t)(uintptr_t)side->device;
	uint32_t i;

	memset(block, 0xD7, kernel->block_bytes);
	memcpy(block, &device, sizeof(device));
	for (i = 0; i < kernel->sink_count; i++) {
		const struct image *slot =
			&side->work.target[kernel->sinks[i]].slot;
		const struct graph_device_image image = {
			(uint64_t)(uintptr_t)slot->base, slot->pitch};

		if (side->plan->sink_from[kernel->sinks[i]] !=
		    GRAPH_BACKEND_CUDA)
			fail("a kernel fills a sink of the CPU's", step->name);
		memcpy(block + GRAPH_BLOCK_TARGETS + i * sizeof(image), &image,
		       sizeof(image));
	}
	for (i = 0; i < kernel->copy_count; i++)
		memcpy(block + kernel->copies[i].block_offset,
		       side->work.pool + kernel->copies[i].pool_offset,
		       kernel->copies[i].bytes);
	emulate_launch(kernel, block, step->kind == GRAPH_STEP_FRAME,
		       side->backwards);
	free(block);
}

static void transfer(const struct side *side, const struct graph_step *step)
{
	unsigned char *pinned =
		side->work.pinned + step->transfer->pinned_offset;
	unsigned char *device = side->device + step->transfer->device_offset;

	if (step->transfer->pinned_offset + step->transfer->bytes >
		    side->plan->pinned_bytes ||
	    step->transfer->device_offset + step->transfer->bytes >
		    side->plan->device_bytes)
		fail("a transfer leaves its pool", step->name);
	if (step->kind == GRAPH_STEP_UPLOAD)
		memcpy(device, pinned, step->transfer->bytes);
	else
		memcpy(pinned, device, step->transfer->bytes);
}

static void upload(const struct side *side, const struct graph_step *step)
{
	const struct graph_upload *row = step->upload;
	const struct picture *from = &side->work.source[row->source];
	uint32_t i, y;

	for (i = 0; i < row->plane_count; i++) {
		if (row->plane[i].device_offset +
			    (uint64_t)row->plane[i].pitch * row->plane[i].rows >
		    side->plan->device_bytes)
			fail("an upload leaves the pool", step->name);
		for (y = 0; y < row->plane[i].rows; y++)
			memcpy(side->device + row->plane[i].device_offset +
				       (size_t)y * row->plane[i].pitch,
			       picture_row(from, i, y),
			       row->plane[i].row_bytes);
	}
}

static void run_step(const struct side *side, const struct graph_step *step)
{
	if (!!step->run + !!step->kernel + !!step->transfer + !!step->upload !=
	    1)
		fail("a row that is not one thing", step->name);
	if (step->run)
		graph_step_run(&graph_base, step, &side->work);
	else if (step->kernel)
		launch(side, step);
	else if (step->transfer)
		transfer(side, step);
	else
		upload(side, step);
}

/* As control does it: every third parameter now, another half a second ago. */
static void change(const struct side *side, uint64_t number)
{
	const struct graph *graph = &graph_base;
	uint64_t *changed = (uint64_t *)(void *)(side->work.pool +
						 graph->changed_offset);
	uint32_t i;

	for (i = number % 3; i < graph->param_count; i += 3) {
		changed[i] = number;
		if (i)
			changed[i - 1] = number < 30 ? 0 : number - 30;
	}
}

static void run(struct side *side, uint64_t number, int rubbish)
{
	const struct graph *graph = &graph_base;
	struct tick_source facts[GRAPH_SOURCES_MAX];
	const struct tick tick = tick_nominal(graph, number, facts);
	uint64_t digest;
	uint32_t i;

	side->backwards = number & 1;
	memset(side->device, rubbish, side->plan->device_bytes);
	memset(side->work.pinned, rubbish, side->plan->pinned_bytes);
	for (i = 0; i < graph->sink_count; i++)
		memset(side->work.target[i].slot.base, rubbish,
		       side->pitch * graph->height);
	sources_fill(&side->sources, graph, &side->work, number, rubbish);
	digest = sources_digest(&side->sources, graph);
	change(side, number);
	sources_facts(facts, number);
	graph->tick(&side->work, &tick);
	for (i = 0; i < side->plan->step_count; i++)
		run_step(side, &side->plan->steps[i]);
	if (sources_digest(&side->sources, graph) != digest)
		fail("a step wrote into a source", side->plan->steps[0].name);
}

/* Nothing beside the picture was touched. */
static void check_padding(const struct side *side, uint32_t sink, int rubbish)
{
	const struct image *slot = &side->work.target[sink].slot;
	size_t row_bytes = (size_t)slot->width * 4, i;
	uint32_t y;

	for (y = 0; y < slot->height; y++)
		for (i = row_bytes; i < slot->pitch; i++)
			if (((unsigned char *)image_row(slot, y))[i] != rubbish)
				fail("written beside the picture",
				     graph_base.sinks[sink].name);
}

static void compare(const struct side *a, const struct side *b, uint32_t sink)
{
	const struct image *one = &a->work.target[sink].slot;
	const struct image *two = &b->work.target[sink].slot;
	char what[80];
	uint32_t x, y;

	for (y = 0; y < one->height; y++)
		for (x = 0; x < one->width; x++) {
			if (image_row(one, y)[x] == image_row(two, y)[x])
				continue;
			snprintf(what, sizeof(what),
				 "pixel %u,%u: cpu %08x, cuda %08x", x, y,
				 image_row(one, y)[x], image_row(two, y)[x]);
			fail(what, graph_base.sinks[sink].name);
		}
}

/* Tick numbers far apart, odd and even ones. */
int main(int argc, char **argv)
{
	const struct graph_plan *cuda = &graph_base.plans[1];
	uint64_t i, ticks = argc > 1 ? strtoull(argv[1], NULL, 10) : 4;
	struct side a = {0}, b = {0};
	uint32_t sink;

	if (graph_base.plan_count < 2) {
		printf("%s: only a cpu plan\n", graph_base.name);
		return 0;
	}
	start(&a, &graph_base.plans[0], 0, true);
	start(&b, cuda, 48, true);
	for (i = 0; i < ticks; i++) {
		run(&a, i * 37, 0x11);
		run(&b, i * 37, 0xA5);
		for (sink = 0; sink < graph_base.sink_count; sink++) {
			compare(&a, &b, sink);
			check_padding(&b, sink, 0xA5);
		}
	}
	finish(&a);
	finish(&b);
	printf("%s: %u steps on the cpu equal %u with cuda\n", graph_base.name,
	       graph_base.plans[0].step_count, cuda->step_count);
	return 0;
}
