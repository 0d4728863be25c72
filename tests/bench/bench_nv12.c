/*
 * tests/bench/bench_nv12.c: what a tick of a graph with one NV12 source costs
 * on one core, next to libyuv's conversion of the same frame alone.
 *
 * Linked with the graph's objects. In turn, over the headless display's own
 * slots: one whole tick, one NV12ToARGB, so that both meet the same memory in
 * the same cache state. libyuv is loaded by name; without it there is no peer.
 * Before timing every pixel that markers leave alone is held against libyuv's,
 * so that both do the same work.
 *
 * Usage: bench_nv12 FRAMES. Prints one JSON object; "peer_us": null without
 * libyuv.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/app/isa.h"
#include "runtime/base/pool.h"
#include "tests/bench/samples.h"

#define FRAMES_MAX 20000
#define LIBYUV	   "libyuv.so.0"
#define FAR	   16 /* of a channel: libyuv's matrix has 6 bits */

typedef int nv12_to_argb(const uint8_t *y, int y_pitch, const uint8_t *cbcr,
			 int cbcr_pitch, uint8_t *to, int to_pitch, int width,
			 int height);

struct bench {
	const struct graph *graph;
	struct graph_work work;
	struct pool pool, frame;
	struct display display;
	nv12_to_argb *peer; /* NULL: there is none */
	uint64_t next_tick;
};

static void run_tick(struct bench *bench, uint32_t slot)
{
	static const struct run run = {.nominal = true, .backend = "", .fps = 60};
	const struct graph *graph = bench->graph;
	uint64_t n = bench->next_tick++;
	const struct tick tick = {
		.number = n,
		.seconds = (double)n * graph->rate_den / graph->rate_num,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
		.width = graph->width,
		.height = graph->height,
		.run = &run,
	};

	bench->work.target[0].slot = bench->display.slot[slot];
	graph->tick(&bench->work, &tick);
	for (uint32_t i = 0; i < graph->plans[0].step_count; i++)
		graph_step_run(graph, &graph->plans[0].steps[i], &bench->work);
}

static void run_peer(struct bench *bench, uint32_t slot)
{
	const struct picture *from = &bench->work.source[0];
	const struct image *to = &bench->display.slot[slot];

	bench->peer(from->plane[0], (int)from->pitch[0], from->plane[1],
		    (int)from->pitch[1], to->base, (int)to->pitch,
		    (int)from->width, (int)from->height);
}

static bool is_far(uint32_t a, uint32_t b)
{
	for (int bit = 0; bit < 24; bit += 8)
		if (abs((int)(a >> bit & 255) - (int)(b >> bit & 255)) > FAR)
			return true;
	return false;
}

/* Most of the picture, since nodes draw over some of it. */
static bool is_same_work(struct bench *bench)
{
	const struct image *slot = bench->display.slot;
	uint64_t far = 0, all = (uint64_t)slot->width * slot->height;

	if (!bench->peer)
		return true;
	run_tick(bench, 0);
	run_peer(bench, 1);
	for (uint32_t y = 0; y < slot->height; y++) {
		const uint32_t *a = image_row(&slot[0], y);
		const uint32_t *b = image_row(&slot[1], y);

		for (uint32_t x = 0; x < slot->width; x++)
			far += is_far(a[x], b[x]);
	}
	return far < all / 10;
}

/* A picture of all bytes, none like its neighbours. */
static void fill(struct pool *frame)
{
	uint64_t value = 1;

	for (size_t i = 0; i < frame->bytes; i++) {
		value = value * 6364136223846793005u + 1442695040888963407u;
		((unsigned char *)frame->base)[i] = (unsigned char)(value >> 56);
	}
}

static int bench_open(struct bench *bench, const struct isa *isa)
{
	const struct graph *graph = isa->graph;
	const struct graph_source *source = &graph->sources[0];
	const struct display_config config = {
		.width = graph->width,
		.height = graph->height,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
	};
	struct picture *picture = &bench->work.source[0];
	void *library = dlopen(LIBYUV, RTLD_NOW);

	bench->graph = graph;
	bench->display.ops = &headless_display;
	if (library)
		*(void **)&bench->peer = dlsym(library, "NV12ToARGB");
	if (pool_init(&bench->pool, graph->pool_bytes) ||
	    pool_init(&bench->frame,
		      graph_picture(picture, source->format, source->width,
				    source->height, NULL)) ||
	    bench->display.ops->open(&bench->display, &config))
		return -1;
	graph_picture(picture, source->format, source->width, source->height,
		      bench->frame.base);
	fill(&bench->frame);
	bench->work.pool = bench->pool.base;
	memcpy(bench->pool.base + graph->param_offset, graph->param_defaults,
	       graph->param_bytes);
	return 0;
}

static void bench_turns(struct bench *bench, struct samples kind[2],
			uint32_t frames)
{
	uint32_t slots = bench->display.slot_count;

	for (uint32_t i = 0; i < 2 * frames; i++) {
		uint32_t slot = (i + i / 2) % slots;
		int64_t start = bench_now_ns();

		if (i % 2 == 0)
			run_tick(bench, slot);
		else if (bench->peer)
			run_peer(bench, slot);
		__asm__ volatile(""
				 :
				 : "r"(bench->display.slot[slot].base)
				 : "memory");
		samples_add(&kind[i % 2], bench_now_ns() - start);
	}
}

static void print(const struct bench *bench, const struct isa *isa,
		  const struct samples kind[2])
{
	double tick = samples_us(&kind[0], .5), peer = samples_us(&kind[1], .5);

	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,\"isa\":\"%s\","
	       "\"frames\":%u,\"tick_us\":%.3f,",
	       bench->graph->name, bench->graph->width, bench->graph->height,
	       isa->name, kind[0].count, tick);
	if (bench->peer)
		printf("\"peer_us\":%.3f,\"ratio\":%.4f}\n", peer, tick / peer);
	else
		printf("\"peer_us\":null,\"ratio\":null}\n");
}

int main(int argc, char *argv[])
{
	static int64_t ns[2][FRAMES_MAX];
	struct samples kind[2] = {{0, FRAMES_MAX, ns[0]},
				  {0, FRAMES_MAX, ns[1]}};
	static struct bench bench;
	const struct isa *isa = isa_choose(OPTIONS_ISA_AUTO);
	long frames = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

	if (frames < 1 || frames > FRAMES_MAX) {
		fprintf(stderr, "usage: bench_nv12 FRAMES (1..%d)\n",
			FRAMES_MAX);
		return 64;
	}
	if (bench_open(&bench, isa))
		return 1;
	if (!is_same_work(&bench)) {
		fprintf(stderr, "bench_nv12: %s is another picture than "
				"libyuv's\n",
			bench.graph->name);
		return 1;
	}
	bench_turns(&bench, kind, 30); /* warm */
	kind[0].count = kind[1].count = 0;
	bench_turns(&bench, kind, (uint32_t)frames);
	samples_sort(&kind[0]);
	samples_sort(&kind[1]);
	print(&bench, isa, kind);
	return 0;
}
