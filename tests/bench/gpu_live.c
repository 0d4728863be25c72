/*
 * tests/bench/gpu_live.c: what the GPU spends on a frame of graphs with sources,
 * next to a kernel that only converts one NV12 picture of 1920x1080
 * (tests/bench/convert.cu). The pictures are in the GPU's memory already.
 *
 * Two CUDA graphs, of 200 frames and of 200 conversions, launched in turn, each
 * between two events; the middle of all rounds is kept. Before timing, poisoned
 * slots are drawn and compared with the CPU's, the conversion too.
 *
 * Usage: gpu_live ROUNDS CONVERT.cubin FOLDER...: a table on stderr, a JSON
 * object a graph on stdout. The first source of each graph is the one that is
 * converted: NV12 of the graph's size.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/gpu/rig.h"

#define ROUNDS_MAX 1000
#define FRAMES	   RIG_INSTANCES
#define THREADS_X  32
#define THREADS_Y  8

struct conversion {
	struct cuda_module *module;
	struct cuda_function *function;
};

static void conversion_open(struct conversion *conversion, struct rig *rig,
			    const char *path)
{
	static unsigned char image[1 << 20];
	FILE *file = fopen(path, "r");

	if (!file || !fread(image, 1, sizeof(image), file)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	RIG_CALL(rig, module_load, &conversion->module, image);
	RIG_CALL(rig, module_function, &conversion->function,
		 conversion->module, "convert");
}

/* The step that brings source 0 to the GPU: where its planes are. */
static const struct graph_upload *upload_of(const struct rig_graph *g)
{
	const struct graph_source *source = g->graph->sources;
	uint32_t i;

	for (i = 0; i < g->plan->step_count; i++)
		if (g->plan->steps[i].upload &&
		    !g->plan->steps[i].upload->source &&
		    source->format == GRAPH_FORMAT_NV12 &&
		    source->width == g->graph->width &&
		    source->height == g->graph->height)
			return g->plan->steps[i].upload;
	fprintf(stderr, "%s: its first source is not NV12 of its size\n",
		g->graph->name);
	exit(1);
}

static void convert(const struct conversion *conversion, struct rig_graph *g,
		    uint32_t slot)
{
	const struct graph_upload *upload = upload_of(g);
	uint64_t luma = g->pool + upload->plane[0].device_offset;
	uint64_t chroma = g->pool + upload->plane[1].device_offset;
	uint32_t from_pitch = upload->plane[0].pitch;
	uint32_t out_pitch = (uint32_t)g->pitch;
	uint32_t width = g->graph->width, height = g->graph->height;
	struct ycbcr matrix = g->work.source[0].ycbcr;
	void *params[] = {&luma,      &chroma, &from_pitch, &g->slots[0][slot],
			  &out_pitch, &width,  &height,	    &matrix};

	RIG_CALL(g->rig, launch, conversion->function,
		 (width / 4 + THREADS_X - 1) / THREADS_X,
		 (height + THREADS_Y - 1) / THREADS_Y, 1, THREADS_X, THREADS_Y,
		 1, 0, g->rig->stream, params, NULL);
}

/* The conversion's bytes are those of the definition, pixel by pixel. */
static void verify_conversion(const struct conversion *conversion,
			      struct rig_graph *g)
{
	const struct picture *picture = &g->work.source[0];
	const uint32_t *row;
	uint32_t x, y;

	rig_fill(g, 0, 0, 0x5a5a5a5a);
	convert(conversion, g, 0);
	RIG_CALL(g->rig, copy_down, g->picture, g->slots[0][0], g->slot_bytes,
		 g->rig->stream);
	RIG_CALL(g->rig, stream_wait, g->rig->stream);
	for (y = 0; y < picture->height; y++) {
		row = (const uint32_t *)(void *)(g->picture + y * g->pitch);
		for (x = 0; x < picture->width; x++)
			if (row[x] != graph_pixel_load(GRAPH_FORMAT_NV12,
						       picture, (int32_t)x,
						       (int32_t)y)) {
				fprintf(stderr,
					"convert: pixel %u, %u differs\n", x,
					y);
				exit(1);
			}
	}
}

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

static struct cuda_exec *capture_conversions(const struct conversion *c,
					     struct rig_graph *g)
{
	uint32_t i;

	rig_capture_begin(g->rig);
	for (i = 0; i < FRAMES; i++)
		convert(c, g, i % RIG_SLOTS);
	return rig_capture_end(g->rig);
}

static void print(const struct rig_graph *g, double frame, double conversion)
{
	fprintf(stderr, "%-14s %ux%u, %u sources %9.2f %9.2f %6.2f\n",
		g->graph->name, g->graph->width, g->graph->height,
		g->graph->source_count, frame, conversion, frame / conversion);
	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,\"sources\":%u,"
	       "\"frame_us\":%.3f,\"convert_us\":%.3f,\"ratio\":%.4f}\n",
	       g->graph->name, g->graph->width, g->graph->height,
	       g->graph->source_count, frame, conversion, frame / conversion);
}

static void measure(struct rig *rig, const struct conversion *conversion,
		    const char *folder, uint32_t rounds)
{
	static double frames[ROUNDS_MAX], conversions[ROUNDS_MAX];
	static struct rig_graph g;
	struct cuda_exec *frame, *only;
	uint32_t i;

	rig_graph_open(&g, rig, folder);
	rig_verify(&g, 37);
	verify_conversion(conversion, &g);
	frame = capture_frames(&g);
	only = capture_conversions(conversion, &g);
	rig_timed(rig, only);
	rig_timed(rig, frame);
	rig_verify_slot(&g, (FRAMES - 1) % RIG_SLOTS, FRAMES - 1);
	for (i = 0; i < rounds; i++) {
		frames[i] = rig_timed(rig, frame) / FRAMES;
		conversions[i] = rig_timed(rig, only) / FRAMES;
	}
	print(&g, rig_median(frames, rounds), rig_median(conversions, rounds));
	RIG_CALL(rig, exec_destroy, frame);
	RIG_CALL(rig, exec_destroy, only);
	rig_graph_close(&g);
}

int main(int argc, char *argv[])
{
	long rounds = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
	struct conversion conversion;
	struct rig rig;
	int i;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr,
			"usage: gpu_live ROUNDS CONVERT.cubin FOLDER... (1..%d)\n",
			ROUNDS_MAX);
		return 64;
	}
	rig_open(&rig, 0);
	conversion_open(&conversion, &rig, argv[2]);
	fprintf(stderr,
		"%s: us a frame, 200 in one CUDA graph, middle of %ld rounds\n"
		"%-14s %20s %9s %9s %6s\n",
		rig.name, rounds, "graph", "", "frame", "convert", "ratio");
	for (i = 3; i < argc; i++)
		measure(&rig, &conversion, argv[i], (uint32_t)rounds);
	RIG_CALL(&rig, module_unload, conversion.module);
	rig_close(&rig);
	return 0;
}
