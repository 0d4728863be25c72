/*
 * tests/graph/compare_plans.c: one graph, compiled twice: equal pictures?
 *
 * Linked with the same graph as graph_fused and as graph_plain (graphc
 * --no-fuse, -DGRAPH_SYMBOL=...). Runs both for a few ticks with every kind of
 * target: slots that are fast or slow to read, with and without a tap. Slots
 * start with different rubbish, so a step that reads what it never wrote shows;
 * sources hold random bytes, and none may be written. A third side draws the
 * fused steps in bands, as several threads may: in any order, each in one of
 * THREADS scratches, full of what other bands left.
 * Prints one line and exits 0 when all bytes of all sinks are equal.
 */
#include <stdio.h>
#include <stdlib.h>

#include "graph/graph.h"
#include "tests/graph/sources.h"
#include "tests/graph/ticks.h"

#define TICKS	3
#define THREADS 3

extern const struct graph graph_fused, graph_plain;

struct side {
	const struct graph *graph;
	struct graph_work work;
	struct sources sources;
	size_t pitch; /* of its slots */
	bool banded;
	struct random random; /* of which thread draws what */
};

static void *allocate(size_t bytes)
{
	size_t size = (bytes + 64) / 64 * 64;
	void *memory = aligned_alloc(64, size);

	if (!memory)
		exit(2);
	memset(memory, 0, size);
	return memory;
}

static void fill(struct side *side, const struct image *image, int seed)
{
	if (image->base)
		memset(image->base, seed, side->pitch * image->height);
}

static struct image new_image(const struct side *side)
{
	return (struct image){allocate(side->pitch * side->graph->height),
			      side->pitch, side->graph->width,
			      side->graph->height};
}

static void start(struct side *side, const struct graph *graph, size_t padding,
		  bool slow, bool tap)
{
	uint32_t i;

	memset(side, 0, sizeof(*side));
	side->graph = graph;
	side->pitch = (size_t)graph->width * 4 + padding;
	side->work.pool = allocate(graph->pool_bytes +
				   (THREADS - 1) * graph->scratch_bytes);
	if (graph->param_bytes)
		memcpy(side->work.pool + graph->param_offset,
		       graph->param_defaults, graph->param_bytes);
	sources_new(&side->sources, graph, &side->work, padding);
	for (i = 0; i < graph->sink_count; i++) {
		side->work.target[i].slot = new_image(side);
		side->work.target[i].slow_read = slow;
		if (tap)
			side->work.target[i].tap = new_image(side);
	}
}

static void finish(struct side *side)
{
	uint32_t i;

	for (i = 0; i < side->graph->sink_count; i++) {
		free(side->work.target[i].slot.base);
		free(side->work.target[i].tap.base);
	}
	sources_free(&side->sources, side->graph);
	free(side->work.pool);
}

/* Every band once: from one of them on, up or down. */
static void run_bands(struct side *side, const struct graph_step *step)
{
	const struct graph *graph = side->graph;
	uint32_t rows = GRAPH_BAND * (1 + random_below(&side->random, 2));
	uint32_t count = (graph->height + rows - 1) / rows;
	uint32_t first = random_below(&side->random, count);
	bool down = random_below(&side->random, 2);
	uint32_t i, thread, at;

	for (i = 0; i < count; i++) {
		at = (first + (down ? i : count - i)) % count;
		thread = random_below(&side->random, THREADS);
		const struct graph_band band = {
			at * rows,
			at + 1 < count ? (at + 1) * rows : graph->height,
			side->work.pool + graph->scratch_offset +
				thread * graph->scratch_bytes};

		step->run(&side->work, &band);
	}
}

static void run(struct side *side, uint64_t number, int seed)
{
	const struct graph *graph = side->graph;
	struct tick_source facts[GRAPH_SOURCES_MAX];
	const struct tick tick = tick_nominal(graph, number, facts);
	uint64_t digest;
	uint32_t i;

	for (i = 0; i < graph->sink_count; i++) {
		fill(side, &side->work.target[i].slot, seed);
		fill(side, &side->work.target[i].tap, seed + 1);
	}
	sources_fill(&side->sources, graph, &side->work, number, seed);
	digest = sources_digest(&side->sources, graph);
	sources_facts(facts, number);
	graph->tick(&side->work, &tick);
	for (i = 0; i < graph->plans[0].step_count; i++) {
		const struct graph_step *step = &graph->plans[0].steps[i];

		if (side->banded && step->band)
			run_bands(side, step);
		else
			graph_step_run(graph, step, &side->work);
	}
	if (sources_digest(&side->sources, graph) != digest) {
		printf("%s: a step wrote into a source\n", graph->name);
		exit(1);
	}
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

/* Tick numbers far apart show what a counter of ticks would hide. */
static bool compare(struct side *a, struct side *b)
{
	const struct graph_target *one, *two;
	uint64_t number;
	uint32_t i;

	for (number = 0; number < TICKS; number++) {
		run(a, number * 37, 0x11);
		run(b, number * 37, 0xAA);
		for (i = 0; i < a->graph->sink_count; i++) {
			one = &a->work.target[i];
			two = &b->work.target[i];
			if (!same(&one->slot, &two->slot) ||
			    (one->tap.base && !same(&one->slot, &one->tap)) ||
			    (two->tap.base && !same(&two->slot, &two->tap)))
				return false;
		}
	}
	return true;
}

/* The fused plan, against the plain one or in bands. */
static bool compare_with(const struct graph *graph, bool banded, int mode)
{
	struct side a, b;
	bool equal;

	start(&a, &graph_fused, 0, mode & 1, mode & 2);
	start(&b, graph, 64, mode & 1, mode & 2);
	b.banded = banded;
	b.random = random_init(graph->width * 8192u + graph->height,
			       (uint64_t)mode);
	equal = compare(&a, &b);
	finish(&a);
	finish(&b);
	if (!equal)
		printf("%s: fused and %s differ (%s slots, %s)\n",
		       graph_fused.name, banded ? "in bands" : "plain",
		       mode & 1 ? "slow" : "fast", mode & 2 ? "tap" : "no tap");
	return equal;
}

int main(void)
{
	bool equal = true;
	int mode;

	for (mode = 0; mode < 4 && equal; mode++)
		equal = compare_with(&graph_plain, false, mode) &&
			compare_with(&graph_fused, true, mode);
	if (equal)
		printf("%s: %u steps equal %u\n", graph_fused.name,
		       graph_fused.plans[0].step_count,
		       graph_plain.plans[0].step_count);
	return equal ? 0 : 1;
}
