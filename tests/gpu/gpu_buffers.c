/*
 * tests/gpu/gpu_buffers.c: gpu_buffers FOLDER TICKS: what CUDA's half of
 * --display kms,buffers= does on this GPU, without a screen: pages of a memfd
 * stand for a dumb buffer of ordinary pages.
 *
 * They are registered as drivers/cuda/map.c does, marked by the GPU and compared
 * pixel by pixel; then a graph (graph.so, graph.cubin) is drawn into them and
 * compared with the CPU's bytes; a dma-buf must be refused, with a line, by a
 * GPU with memory of its own. Last, what is saved: from the launch to a frame
 * that the screen could read, stored there by the kernel against copied there.
 *
 * A line a check, "N passed, N failed"; the figures as JSON in one line.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drivers/cuda/cuda.h"
#include "drivers/cuda/fatbin.h"
#include "runtime/time/clock.h"
#include "tests/bench/samples.h"
#include "tests/graph/ticks.h"

#define PATIENCE    (30 * NS_PER_SECOND)
#define TICKS_MAX   10000
#define WARM	    20
#define PITCH_ALIGN 256
#define SEED	    4711

static const struct graph *graph;
static struct backend backend = {.ops = &cuda_backend};
static const struct display_memory *memory;
static struct graph_work work;
static int passed, failed;

/* The screen's memory. */
static struct image screen; /* as the CPU has it */
static size_t screen_bytes;
static struct display_mapping mapping;
static char line[DISPLAY_MAP_LINE_MAX];

static void say(bool good, const char *what, const char *why)
{
	passed += good;
	failed += !good;
	printf("%s %s%s%s\n", good ? "ok   " : "FAIL ", what, why[0] ? ": " : "",
	       why);
	fflush(stdout);
}

static void die(const char *what, const char *why)
{
	say(false, what, why);
	printf("%d passed, %d failed\n", passed, failed);
	exit(1);
}

/* ---- bring-up ---------------------------------------------------------------- */

static void open_graph(const char *folder)
{
	unsigned char *to = (unsigned char *)(uintptr_t)graph_fatbin;
	char path[512];
	FILE *file;
	void *so;

	snprintf(path, sizeof(path), "%s/graph.so", folder);
	so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	graph = so ? dlsym(so, "graph_module") : NULL;
	if (!graph)
		die(path, "no graph of this tree");
	snprintf(path, sizeof(path), "%s/graph.cubin", folder);
	file = fopen(path, "r");
	if (!file || !fread(to, 1, graph_fatbin_bytes(), file))
		die(path, "cannot be read");
	fclose(file);
}

static const struct graph_plan *plan_of(enum graph_backend which)
{
	uint32_t i;

	for (i = 0; i < graph->plan_count; i++)
		if (graph->plans[i].backend == which)
			return &graph->plans[i];
	die("the graph", "it has no such plan");
	return NULL;
}

static void *allocate(size_t bytes)
{
	void *made = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);

	if (!made)
		die("memory", "there is none");
	memset(made, 0, bytes);
	return made;
}

static void open_backend(void)
{
	const struct backend_config config = {.graph = graph,
					      .plan = plan_of(GRAPH_BACKEND_CUDA),
					      .device = -1};
	char why[256] = "";

	if (cuda_backend.open(&backend, &config, why, sizeof(why)))
		die("open", why);
	memory = backend.memory;
	printf("%s\n", backend.text);
	work.pool = allocate(graph->pool_bytes);
	if (graph->param_bytes)
		memcpy(work.pool + graph->param_offset, graph->param_defaults,
		       graph->param_bytes);
	work.pinned = backend.pinned;
}

static void make_screen(void)
{
	int fd = memfd_create("screen", MFD_CLOEXEC);

	screen = (struct image){
		.pitch = (graph->width * 4 + PITCH_ALIGN) / PITCH_ALIGN *
			 PITCH_ALIGN,
		.width = graph->width,
		.height = graph->height,
	};
	screen_bytes = (screen.pitch * screen.height + 4095) / 4096 * 4096;
	if (fd < 0 || ftruncate(fd, (off_t)screen_bytes))
		die("memfd", "there is none");
	screen.base = mmap(NULL, screen_bytes, PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
	if (screen.base == MAP_FAILED)
		die("memfd", "it cannot be mapped");
	memset(screen.base, 0x5a, screen_bytes);
	close(fd);
}

static struct image device_screen(void)
{
	struct image image = screen;

	image.base = (unsigned char *)(uintptr_t)mapping.address;
	return image;
}

/* ---- checks ------------------------------------------------------------------- */

static bool has_marks(bool black)
{
	uint32_t x, y, pixel;

	for (y = 0; y < screen.height; y++)
		for (x = 0; x < screen.width; x++) {
			pixel = image_row(&screen, y)[x];
			if (pixel == (black ? 0 : graph_mark_pixel(SEED, x, y)))
				continue;
			snprintf(line, sizeof(line), "pixel %u,%u is %08x", x,
				 y, pixel);
			return false;
		}
	return true;
}

static void check_host(void)
{
	struct image image;
	bool good = memory->map->host(memory->context, screen.base,
				      screen_bytes, &mapping, line);

	if (!good)
		die("registered", line);
	say(true, "ordinary pages are registered", "");
	image = device_screen();
	good = memory->map->mark(memory->context, &image, SEED, false, line) &&
	       has_marks(false);
	say(good, "what the GPU marks the CPU reads", good ? "" : line);
	good = memory->map->mark(memory->context, &image, SEED, true, line) &&
	       has_marks(true);
	say(good, "and black", good ? "" : line);
}

static void check_dma_buf(void)
{
	struct display_mapping none;
	int fd = memfd_create("dma-buf", MFD_CLOEXEC);
	bool imported;

	if (memory->map->is_integrated) {
		printf("skip  a dma-buf is refused: this is a Tegra\n");
		close(fd);
		return;
	}
	imported = memory->map->dma_buf(memory->context, fd, screen_bytes, &none,
					line);
	say(!imported && strstr(line, "only a Tegra"), "a dma-buf is refused",
	    line);
}

/* ---- frames ------------------------------------------------------------------- */

/* A run of ticks, in the thread that calls CUDA. */
struct frames {
	bool copied; /* into the screen, by the CPU, from where it was staged */
	uint32_t ticks;
	struct samples us, drawn; /* to the end; before a copy */
	uint64_t last;
	int status;
};

static void copy_rows(const struct image *from)
{
	uint32_t y;

	for (y = 0; y < screen.height; y++)
		memcpy(image_row(&screen, y), image_row(from, y),
		       (size_t)screen.width * 4);
}

static void draw_frames(void *arg)
{
	struct frames *frames = arg;
	static struct step_time times[256];
	struct image staged;
	uint32_t i, flight;
	int64_t begin_ns;

	for (i = 0; i < frames->ticks && !frames->status; i++) {
		const struct tick tick = tick_nominal(graph, i, NULL);

		flight = i % backend.flights;
		graph->tick(&work, &tick);
		begin_ns = bench_now_ns();
		frames->status = (int)backend.ops->launch(&backend, flight,
							  &work, times);
		if (!frames->status)
			frames->status = (int)backend.ops->wait(
				&backend, flight, clock_now_ns() + PATIENCE,
				times);
		if (i >= WARM)
			samples_add(&frames->drawn, bench_now_ns() - begin_ns);
		if (frames->copied &&
		    backend.ops->staged(&backend, flight, 0, &staged))
			copy_rows(&staged);
		if (i >= WARM)
			samples_add(&frames->us, bench_now_ns() - begin_ns);
		frames->last = i;
	}
}

static bool is_the_cpus(uint64_t number)
{
	const struct tick tick = tick_nominal(graph, number, NULL);
	struct graph_work cpu = {.pool = allocate(graph->pool_bytes)};
	uint32_t i, y;
	bool same = true;

	if (graph->param_bytes)
		memcpy(cpu.pool + graph->param_offset, graph->param_defaults,
		       graph->param_bytes);
	for (i = 0; i < graph->sink_count; i++)
		cpu.target[i].slot = (struct image){
			allocate(screen.pitch * screen.height), screen.pitch,
			screen.width, screen.height};
	tick_draw(graph, plan_of(GRAPH_BACKEND_CPU), &cpu, &tick);
	for (y = 0; y < screen.height && same; y++)
		same = !memcmp(image_row(&screen, y),
			       image_row(&cpu.target[0].slot, y),
			       (size_t)screen.width * 4);
	return same;
}

/* Microseconds, p50. */
static double check_frames(uint32_t ticks, bool copied)
{
	static const struct display displays[GRAPH_SINKS_MAX];
	static int64_t ns[2][TICKS_MAX];
	struct frames frames = {.copied = copied,
				.ticks = ticks,
				.us = {0, TICKS_MAX, ns[0]},
				.drawn = {0, TICKS_MAX, ns[1]}};
	const char *what = copied ? "frames copied into the screen's memory"
				  : "frames stored there by the kernel";
	char why[256] = "";

	if (backend.ops->prepare(&backend, copied ? displays : NULL, why,
				 sizeof(why)))
		die(what, why);
	work.target[0].slot = copied ? screen : device_screen();
	if (!backend.ops->attend(&backend, draw_frames, &frames) ||
	    frames.status)
		die(what, backend.fault);
	say(is_the_cpus(frames.last), what, "");
	samples_sort(&frames.us);
	samples_sort(&frames.drawn);
	fprintf(stderr, "%s, us: p50 %.1f p99 %.1f, of it drawn %.1f %.1f\n",
		what, samples_us(&frames.us, .5), samples_us(&frames.us, .99),
		samples_us(&frames.drawn, .5), samples_us(&frames.drawn, .99));
	return samples_us(&frames.us, .5);
}

int main(int argc, char *argv[])
{
	long ticks = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
	double stored_us, copied_us;

	if (ticks <= WARM || ticks > TICKS_MAX) {
		fprintf(stderr, "usage: gpu_buffers FOLDER TICKS (%d..%d)\n",
			WARM + 1, TICKS_MAX);
		return 64;
	}
	open_graph(argv[1]);
	open_backend();
	make_screen();
	check_host();
	check_dma_buf();
	stored_us = check_frames((uint32_t)ticks, false);
	copied_us = check_frames((uint32_t)ticks, true);
	memory->map->unmap(memory->context, &mapping);
	cuda_backend.close(&backend);
	printf("{\"graph\":\"%s\",\"ticks\":%ld,\"stored_us\":%.1f,"
	       "\"copied_us\":%.1f,\"ratio\":%.2f}\n",
	       graph->name, ticks, stored_us, copied_us, copied_us / stored_us);
	printf("%d passed, %d failed\n", passed, failed);
	return failed ? 1 : 0;
}
