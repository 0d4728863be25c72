/*
 * tests/bench/bench_source.c: what a tick of a graph with sources costs on one
 * core, next to libyuv doing the same to the first source's frame alone.
 *
 * Linked with the graph's objects. In turn, over the headless display's own
 * slots: one whole tick, then each of libyuv's ways, so that all meet the same
 * memory in the same cache state. Times are the thread's own on its CPU: what
 * else runs there does not count. Sources are NV12. One of the frame's size is
 * converted; one of another size is converted and scaled, or scaled and
 * converted: the quicker one is the peer. Several sources have none. libyuv is
 * loaded by name; without it there is no peer. Before timing the pictures are
 * compared, so that all do the same work.
 *
 * Two more graphs may be linked as graph_first_ISA and graph_second_ISA: the parts
 * of which the graph is made. They are then the peer, both together.
 *
 * Usage: bench_source FRAMES [ISA]. Prints one JSON object; "peer_us": null
 * where there is none.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/app/isa.h"
#include "runtime/base/pool.h"
#include "tests/bench/samples.h"
#include "tests/graph/ticks.h"

#define FRAMES_MAX 20000
#define LIBYUV	   "libyuv.so.0"
#define BILINEAR   2  /* libyuv's kFilterBilinear */
#define FAR	   16 /* of a channel: libyuv's matrix has 6 bits */
#define SLOPE	   4  /* pixels in which the picture changes by 1 */

typedef int nv12_to_argb(const uint8_t *y, int y_pitch, const uint8_t *cbcr,
			 int cbcr_pitch, uint8_t *to, int to_pitch, int width,
			 int height);
typedef int argb_scale(const uint8_t *from, int from_pitch, int from_width,
		       int from_height, uint8_t *to, int to_pitch, int width,
		       int height, int filter);
typedef int nv12_scale(const uint8_t *y, int y_pitch, const uint8_t *cbcr,
		       int cbcr_pitch, int from_width, int from_height,
		       uint8_t *to_y, int to_y_pitch, uint8_t *to_cbcr,
		       int to_cbcr_pitch, int width, int height, int filter);

struct bench {
	const struct graph *graph;
	struct graph_work work;
	struct pool pool, frame[GRAPH_SOURCES_MAX], between;
	struct display display;
	nv12_to_argb *convert; /* NULL: there is no libyuv */
	argb_scale *scale;
	nv12_scale *scale_nv12;
	uint64_t next_tick;
};

/* Weak: most programs have none. */
#define PART(name) extern const struct graph name __attribute__((weak))
PART(graph_first_base);
PART(graph_second_base);
PART(graph_first_avx2);
PART(graph_second_avx2);
PART(graph_first_avx512);
PART(graph_second_avx512);

#define PARTS 2

static const struct {
	const char *isa;
	const struct graph *graph[PARTS];
} parts[] = {
	{"base", {&graph_first_base, &graph_second_base}},
	{"avx2", {&graph_first_avx2, &graph_second_avx2}},
	{"avx512", {&graph_first_avx512, &graph_second_avx512}},
};

/* What is timed, and of which. */
struct way {
	const char *name;
	struct bench *bench;
	void (*run)(struct bench *bench, uint32_t slot);
};

static void run_tick(struct bench *bench, uint32_t slot)
{
	const struct graph *graph = bench->graph;
	const struct tick tick = tick_nominal(graph, bench->next_tick++, NULL);

	for (uint32_t i = 0; i < graph->sink_count; i++)
		bench->work.target[i].slot = bench->display.slot[slot];
	tick_draw(graph, &graph->plans[0], &bench->work, &tick);
}

static void run_convert(struct bench *bench, const struct picture *from,
			unsigned char *to, size_t pitch)
{
	bench->convert(from->plane[0], (int)from->pitch[0], from->plane[1],
		       (int)from->pitch[1], to, (int)pitch, (int)from->width,
		       (int)from->height);
}

static void run_same_size(struct bench *bench, uint32_t slot)
{
	const struct image *to = &bench->display.slot[slot];

	run_convert(bench, &bench->work.source[0], to->base, to->pitch);
}

static void run_convert_scale(struct bench *bench, uint32_t slot)
{
	const struct picture *from = &bench->work.source[0];
	const struct image *to = &bench->display.slot[slot];

	run_convert(bench, from, bench->between.base, from->width * 4);
	bench->scale(bench->between.base, (int)from->width * 4,
		     (int)from->width, (int)from->height, to->base,
		     (int)to->pitch, (int)to->width, (int)to->height, BILINEAR);
}

static void run_scale_convert(struct bench *bench, uint32_t slot)
{
	const struct picture *from = &bench->work.source[0];
	const struct image *to = &bench->display.slot[slot];
	struct picture scaled;

	graph_picture(&scaled, GRAPH_FORMAT_NV12, to->width, to->height,
		      bench->between.base);
	bench->scale_nv12(from->plane[0], (int)from->pitch[0], from->plane[1],
			  (int)from->pitch[1], (int)from->width,
			  (int)from->height, scaled.plane[0],
			  (int)scaled.pitch[0], scaled.plane[1],
			  (int)scaled.pitch[1], (int)to->width, (int)to->height,
			  BILINEAR);
	run_convert(bench, &scaled, to->base, to->pitch);
}

#define WAYS_MAX 3

/* The tick first, then its peers, libyuv's or the parts; returns how many. */
static uint32_t bench_ways(struct bench bench[1 + PARTS],
			   struct way way[WAYS_MAX])
{
	const struct picture *from = &bench->work.source[0];

	way[0] = (struct way){"tick", bench, run_tick};
	if (bench[1].graph) {
		way[1] = (struct way){"first part", &bench[1], run_tick};
		way[2] = (struct way){"second part", &bench[2], run_tick};
		return 3;
	}
	if (!bench->convert || !bench->scale || !bench->scale_nv12 ||
	    bench->graph->source_count > 1)
		return 1;
	if (from->width == bench->graph->width &&
	    from->height == bench->graph->height) {
		way[1] = (struct way){"NV12ToARGB", bench, run_same_size};
		return 2;
	}
	way[1] = (struct way){"NV12ToARGB, ARGBScale", bench,
			      run_convert_scale};
	way[2] = (struct way){"NV12Scale, NV12ToARGB", bench,
			      run_scale_convert};
	return 3;
}

static bool is_far(uint32_t a, uint32_t b)
{
	for (int bit = 0; bit < 24; bit += 8)
		if (abs((int)(a >> bit & 255) - (int)(b >> bit & 255)) > FAR)
			return true;
	return false;
}

/* Most of the picture, since nodes draw over some of it. */
static bool is_same_work(struct bench *bench, const struct way *way)
{
	const struct image *slot = bench->display.slot;
	uint64_t far = 0, all = (uint64_t)slot->width * slot->height;

	run_tick(bench, 0);
	way->run(bench, 1);
	for (uint32_t y = 0; y < slot->height; y++) {
		const uint32_t *a = image_row(&slot[0], y);
		const uint32_t *b = image_row(&slot[1], y);

		for (uint32_t x = 0; x < slot->width; x++)
			far += is_far(a[x], b[x]);
	}
	return far < all / 10;
}

/* Soft slopes: between which pixels something lies makes little difference. */
static void fill(const struct picture *picture)
{
	const enum graph_format format = (enum graph_format)picture->format;

	for (uint32_t i = 0; i < graph_format_row(format)->planes; i++)
		for (uint32_t y = 0; y < graph_plane_rows(format, i,
							  picture->height); y++)
			for (uint32_t x = 0; x < graph_plane_row_bytes(
							 format, i,
							 picture->width); x++) {
				uint32_t at = (x + y) / SLOPE % 448;

				*graph_place(picture, i, x, y) = (uint8_t)(
					16 + (at < 224 ? at : 447 - at));
			}
}

static int bench_source(struct bench *bench, uint32_t i)
{
	const struct graph_source *source = &bench->graph->sources[i];
	struct picture *picture = &bench->work.source[i];

	if (source->format != GRAPH_FORMAT_NV12 ||
	    pool_init(&bench->frame[i],
		      graph_picture(picture, source->format, source->width,
				    source->height, NULL)))
		return -1;
	graph_picture(picture, source->format, source->width, source->height,
		      bench->frame[i].base);
	fill(picture);
	return 0;
}

static void bench_libyuv(struct bench *bench)
{
	void *library = dlopen(LIBYUV, RTLD_NOW);

	if (!library)
		return;
	*(void **)&bench->convert = dlsym(library, "NV12ToARGB");
	*(void **)&bench->scale = dlsym(library, "ARGBScale");
	*(void **)&bench->scale_nv12 = dlsym(library, "NV12Scale");
}

static int bench_open(struct bench *bench, const struct graph *graph)
{
	const struct display_config config = {
		.width = graph->width,
		.height = graph->height,
		.rate_num = graph->rate_num,
		.rate_den = graph->rate_den,
	};

	bench->graph = graph;
	bench->display.ops = &headless_display;
	bench_libyuv(bench);
	for (uint32_t i = 0; i < graph->source_count; i++)
		if (bench_source(bench, i))
			return -1;
	if (pool_init(&bench->pool, graph->pool_bytes) ||
	    pool_init(&bench->between,
		      (size_t)4 * bench->work.source[0].width *
				      bench->work.source[0].height +
			      (size_t)4 * graph->width * graph->height) ||
	    bench->display.ops->open(&bench->display, &config))
		return -1;
	bench->work.pool = bench->pool.base;
	memcpy(bench->pool.base + graph->param_offset, graph->param_defaults,
	       graph->param_bytes);
	return 0;
}

static int64_t bench_cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void bench_turns(const struct way *way, uint32_t ways,
			struct samples *samples, uint32_t frames)
{
	for (uint32_t i = 0; i < ways * frames; i++) {
		uint32_t what = i % ways;
		struct bench *bench = way[what].bench;
		uint32_t slot = (i + i / ways) % bench->display.slot_count;
		int64_t start = bench_cpu_ns();

		way[what].run(bench, slot);
		__asm__ volatile(""
				 :
				 : "r"(bench->display.slot[slot].base)
				 : "memory");
		samples_add(&samples[what], bench_cpu_ns() - start);
	}
}

/* Of libyuv's ways the quicker one; parts are done one after the other. */
static void print_peer(const struct way *way, uint32_t ways,
		       const struct samples *samples)
{
	double tick = samples_us(&samples[0], .5);
	double peer = samples_us(&samples[1], .5), other = peer;
	const char *name = way[1].name;

	if (ways == 3)
		other = samples_us(&samples[2], .5);
	if (way[1].bench != way[0].bench) {
		peer += other;
		name = "its parts";
	} else if (other < peer) {
		peer = other;
		name = way[2].name;
	}
	printf("\"peer\":\"%s\",\"peer_us\":%.3f,\"ratio\":%.4f}\n", name, peer,
	       tick / peer);
}

static void print(const struct bench *bench, const struct isa *isa,
		  const struct way *way, uint32_t ways,
		  struct samples *samples)
{
	for (uint32_t i = 0; i < ways; i++)
		samples_sort(&samples[i]);
	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,\"isa\":\"%s\","
	       "\"frames\":%u,\"tick_us\":%.3f,",
	       bench->graph->name, bench->graph->width, bench->graph->height,
	       isa->name, samples[0].count, samples_us(&samples[0], .5));
	if (ways == 1)
		printf("\"peer\":null,\"peer_us\":null,\"ratio\":null}\n");
	else
		print_peer(way, ways, samples);
}

static int bench_parts(struct bench bench[1 + PARTS], const struct isa *isa)
{
	for (uint32_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (uint32_t k = 0; k < PARTS; k++)
			if (!strcmp(parts[i].isa, isa->name) &&
			    parts[i].graph[k] &&
			    bench_open(&bench[1 + k], parts[i].graph[k]))
				return -1;
	return 0;
}

static enum options_isa isa_named(const char *name)
{
	static const char *const names[] = {
		[OPTIONS_ISA_BASE] = "base",
		[OPTIONS_ISA_AVX2] = "avx2",
		[OPTIONS_ISA_AVX512] = "avx512",
	};

	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (name && names[i] && !strcmp(names[i], name))
			return (enum options_isa)i;
	return OPTIONS_ISA_AUTO;
}

int main(int argc, char *argv[])
{
	static int64_t ns[WAYS_MAX][FRAMES_MAX];
	static struct bench bench[1 + PARTS];
	struct samples samples[WAYS_MAX];
	struct way way[WAYS_MAX];
	const struct isa *isa = isa_choose(isa_named(argc > 2 ? argv[2] : NULL));
	long frames = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	uint32_t i, ways;

	if (frames < 1 || frames > FRAMES_MAX || !isa) {
		fprintf(stderr, "usage: bench_source FRAMES [ISA] (1..%d)\n",
			FRAMES_MAX);
		return 64;
	}
	if (bench_open(bench, isa->graph) || bench_parts(bench, isa))
		return 1;
	ways = bench_ways(bench, way);
	for (i = 1; i < ways; i++)
		if (way[i].bench == bench && !is_same_work(bench, &way[i])) {
			fprintf(stderr, "bench_source: %s is another picture "
					"than that of %s\n",
				bench->graph->name, way[i].name);
			return 1;
		}
	for (i = 0; i < WAYS_MAX; i++)
		samples[i] = (struct samples){0, FRAMES_MAX, ns[i]};
	bench_turns(way, ways, samples, 30); /* warm */
	for (i = 0; i < WAYS_MAX; i++)
		samples[i].count = 0;
	bench_turns(way, ways, samples, (uint32_t)frames);
	print(bench, isa, way, ways, samples);
	return 0;
}
