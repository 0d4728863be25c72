/*
 * tests/bench/gpu_fused.c: what the GPU spends on a frame of a graph, next to
 * filling the same memory.
 *
 * Two CUDA graphs of 200 frames each, over the same three slots: the plan's
 * steps with every tick's own uniforms, and one memset node a frame. They are
 * launched in turn, each between two events, and the middle of all rounds is
 * kept. Then the same frame by frame: a launch each, with fresh uniforms, never
 * waiting. Before timing, poisoned slots are drawn and compared with the CPU's.
 *
 * Usage: gpu_fused ROUNDS FOLDER...: a table on stderr, a JSON object a graph
 * on stdout.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/gpu_single.h"
#include "tests/bench/samples.h"

#define FRAMES	     RIG_INSTANCES
#define ROUNDS_MAX   1000
#define COPY_MAX     ((size_t)1 << 30)
#define COPY_REPEATS 8

struct result {
	double frame_us, fill_us;		 /* inside one CUDA graph */
	struct gpu_single frame, fill;		 /* a launch each */
};

static struct cuda_exec *capture_frames(struct rig_graph *g)
{
	uint32_t i;

	rig_capture_begin(g->rig);
	for (i = 0; i < FRAMES; i++) {
		rig_tick(g, i);
		rig_frame(g, i % RIG_SLOTS, i, false);
	}
	return rig_capture_end(g->rig);
}

static struct cuda_exec *capture_fills(struct rig_graph *g)
{
	uint32_t i, sink;

	rig_capture_begin(g->rig);
	for (i = 0; i < FRAMES; i++)
		for (sink = 0; sink < g->graph->sink_count; sink++)
			rig_fill(g, sink, i % RIG_SLOTS, i * 0x01010101);
	return rig_capture_end(g->rig);
}

static void measure_graphs(struct rig_graph *g, uint32_t rounds,
			   struct result *result)
{
	static double frames[ROUNDS_MAX], fills[ROUNDS_MAX];
	struct cuda_exec *frame = capture_frames(g), *fill = capture_fills(g);
	uint32_t i;

	rig_timed(g->rig, fill); /* poisons every slot */
	rig_timed(g->rig, frame);
	for (i = 0; i < RIG_SLOTS; i++)
		rig_verify_slot(g, (FRAMES - 1 - i) % RIG_SLOTS,
				FRAMES - 1 - i);
	for (i = 0; i < rounds; i++) {
		frames[i] = rig_timed(g->rig, frame) / FRAMES;
		fills[i] = rig_timed(g->rig, fill) / FRAMES;
	}
	result->frame_us = rig_median(frames, rounds);
	result->fill_us = rig_median(fills, rounds);
	RIG_CALL(g->rig, exec_destroy, frame);
	RIG_CALL(g->rig, exec_destroy, fill);
}

/* Bytes read and written a second by copies of much memory, GB/s. */
static double copy_bandwidth(struct rig *rig, uint32_t rounds)
{
	static double us[ROUNDS_MAX];
	struct cuda_exec *exec;
	size_t free, total, bytes = COPY_MAX;
	uint64_t from, to;
	uint32_t i;

	RIG_CALL(rig, memory_info, &free, &total);
	if (bytes > free / 8)
		bytes = free / 8 / 4096 * 4096;
	RIG_CALL(rig, memory_alloc, &from, bytes);
	RIG_CALL(rig, memory_alloc, &to, bytes);
	rig_check("cuMemsetD32Async",
		  rig->extra.set_words(from, 1, bytes / 4, rig->stream));
	rig_capture_begin(rig);
	for (i = 0; i < COPY_REPEATS; i++)
		rig_check("cuMemcpyDtoDAsync",
			  rig->extra.copy_device(to, from, bytes,
						 rig->stream));
	exec = rig_capture_end(rig);
	rig_timed(rig, exec);
	for (i = 0; i < rounds; i++)
		us[i] = rig_timed(rig, exec) / COPY_REPEATS;
	RIG_CALL(rig, exec_destroy, exec);
	RIG_CALL(rig, memory_free, from);
	RIG_CALL(rig, memory_free, to);
	return 2.0 * (double)bytes / rig_median(us, rounds) / 1e3;
}

static void print(const struct rig_graph *g, const struct result *r,
		  double copy_gbs)
{
	double bytes = (double)g->slot_bytes * g->graph->sink_count;
	double gbs = bytes / r->frame_us / 1e3;
	char size[24];

	snprintf(size, sizeof(size), "%ux%u", g->graph->width,
		 g->graph->height);
	fprintf(stderr,
		"%-12s %10s %9.2f %9.2f %6.2f %7.0f %6.2f %9.2f %9.2f %6.2f %9.2f\n",
		g->graph->name, size, r->frame_us, r->fill_us,
		r->frame_us / r->fill_us, gbs, gbs / copy_gbs,
		r->frame.gpu_us, r->fill.gpu_us,
		r->frame.gpu_us / r->fill.gpu_us, r->frame.host_us);
	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,"
	       "\"frame_us\":%.3f,\"memset_us\":%.3f,\"ratio\":%.4f,"
	       "\"gb_per_s\":%.1f,\"copy_gb_per_s\":%.1f,"
	       "\"single\":{\"frame_us\":%.3f,\"memset_us\":%.3f,"
	       "\"ratio\":%.4f,\"host_us\":%.3f}}\n",
	       g->graph->name, g->graph->width, g->graph->height, r->frame_us,
	       r->fill_us, r->frame_us / r->fill_us, gbs, copy_gbs,
	       r->frame.gpu_us, r->fill.gpu_us,
	       r->frame.gpu_us / r->fill.gpu_us, r->frame.host_us);
}

static void measure(struct rig *rig, const char *folder, uint32_t rounds,
		    double copy_gbs)
{
	static struct rig_graph g;
	struct result result;
	uint64_t n;

	rig_graph_open(&g, rig, folder);
	for (n = 0; n < 8; n++)
		rig_verify(&g, n * 37);
	measure_graphs(&g, rounds, &result);
	gpu_single_frames(&g, rounds, &result.frame);
	gpu_single_fills(&g, rounds, &result.fill);
	print(&g, &result, copy_gbs);
	rig_graph_close(&g);
}

int main(int argc, char *argv[])
{
	long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	double copy_gbs;
	struct rig rig;
	int i;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: gpu_fused ROUNDS FOLDER... (1..%d)\n",
			ROUNDS_MAX);
		return 64;
	}
	rig_open(&rig, 0);
	copy_gbs = copy_bandwidth(&rig, rounds < 20 ? (uint32_t)rounds : 20);
	fprintf(stderr,
		"%s: large copies %.0f GB/s, read and written\n"
		"us a frame, middle of %ld rounds    -- 200 in one CUDA graph -- "
		"--------   --- a launch each ----\n"
		"%-12s %10s %9s %9s %6s %7s %6s %9s %9s %6s %9s\n",
		rig.name, copy_gbs, rounds, "graph", "size", "frame", "memset",
		"ratio", "GB/s", "/copy", "frame", "memset", "ratio", "host");
	for (i = 2; i < argc; i++)
		measure(&rig, argv[i], (uint32_t)rounds, copy_gbs);
	rig_close(&rig);
	return 0;
}
