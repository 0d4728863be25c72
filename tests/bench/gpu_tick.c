/*
 * tests/bench/gpu_tick.c: what the host spends on a tick whose frame the GPU
 * draws.
 *
 * Tick after tick: uniforms; the parameters and one launch; then polling until
 * mapped memory says that the frame is done. Launch to seen less what the GPU
 * spends on such a frame (inside one CUDA graph of 200, graph_done included) is
 * the host's and the bus's own.
 *
 * Usage: gpu_tick TICKS FOLDER...: a table on stderr, a JSON object a graph on
 * stdout.
 */
#include <stdio.h>

#include "tests/bench/gpu_single.h"
#include "tests/bench/samples.h"

#define TICKS_MAX 100000
#define ROUNDS	  50

struct times {
	struct samples uniforms, launch, seen, both;
};

static double gpu_us(struct rig_graph *g)
{
	static double us[ROUNDS];
	struct cuda_exec *exec;
	uint32_t i;

	rig_capture_begin(g->rig);
	for (i = 0; i < RIG_INSTANCES; i++) {
		rig_tick(g, i);
		rig_frame(g, i % RIG_SLOTS, i, true);
	}
	exec = rig_capture_end(g->rig);
	rig_timed(g->rig, exec);
	for (i = 0; i < ROUNDS; i++)
		us[i] = rig_timed(g->rig, exec) / RIG_INSTANCES;
	RIG_CALL(g->rig, exec_destroy, exec);
	return rig_median(us, ROUNDS);
}

/* Polls; the end of the process if it takes seconds. */
static void await(struct rig_graph *g, uint32_t count)
{
	int64_t limit = bench_now_ns() + 10000000000;

	while (__atomic_load_n(g->flag, __ATOMIC_ACQUIRE) != count)
		if (bench_now_ns() > limit)
			rig_check("the frame never came", 600);
}

static void run(struct rig_graph *g, struct gpu_slot slots[], uint32_t ticks,
		struct times *times)
{
	uint32_t i, done = *g->flag;
	int64_t at[4];

	for (i = 0; i < ticks; i++) {
		at[0] = bench_now_ns();
		rig_tick(g, i);
		at[1] = bench_now_ns();
		gpu_slot_launch(&slots[i % RIG_SLOTS], g, i % RIG_SLOTS);
		at[2] = bench_now_ns();
		await(g, ++done);
		at[3] = bench_now_ns();
		samples_add(&times->uniforms, at[1] - at[0]);
		samples_add(&times->launch, at[2] - at[1]);
		samples_add(&times->seen, at[3] - at[2]);
		samples_add(&times->both, at[3] - at[1]);
	}
}

static void print(const struct rig_graph *g, struct times *t, double gpu)
{
	double both = samples_us(&t->both, .5);
	char size[24];

	snprintf(size, sizeof(size), "%ux%u", g->graph->width,
		 g->graph->height);
	fprintf(stderr,
		"%-12s %10s %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f\n",
		g->graph->name, size, samples_us(&t->uniforms, .5),
		samples_us(&t->launch, .5), samples_us(&t->seen, .5), both,
		samples_us(&t->both, .99), gpu, both - gpu);
	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,\"ticks\":%u,"
	       "\"uniforms_us\":%.3f,\"launch_us\":%.3f,\"seen_us\":%.3f,"
	       "\"launch_to_seen_us\":{\"p50\":%.3f,\"p99\":%.3f},"
	       "\"gpu_us\":%.3f,\"host_us\":%.3f}\n",
	       g->graph->name, g->graph->width, g->graph->height,
	       t->both.count, samples_us(&t->uniforms, .5),
	       samples_us(&t->launch, .5), samples_us(&t->seen, .5), both,
	       samples_us(&t->both, .99), gpu, both - gpu);
}

static void reset(struct times *t)
{
	static int64_t ns[4][TICKS_MAX];

	t->uniforms = (struct samples){0, TICKS_MAX, ns[0]};
	t->launch = (struct samples){0, TICKS_MAX, ns[1]};
	t->seen = (struct samples){0, TICKS_MAX, ns[2]};
	t->both = (struct samples){0, TICKS_MAX, ns[3]};
}

static void measure(struct rig *rig, const char *folder, uint32_t ticks)
{
	static struct rig_graph g;
	struct gpu_slot slots[RIG_SLOTS];
	struct times times;
	double gpu;
	uint32_t i;

	rig_graph_open(&g, rig, folder);
	rig_verify(&g, 37);
	gpu = gpu_us(&g);
	for (i = 0; i < RIG_SLOTS; i++)
		gpu_slot_open(&slots[i], &g, i, true);
	reset(&times);
	run(&g, slots, ticks < 100 ? ticks : 100, &times); /* warm */
	reset(&times);
	run(&g, slots, ticks, &times);
	rig_verify_slot(&g, (ticks - 1) % RIG_SLOTS, ticks - 1);
	samples_sort(&times.uniforms);
	samples_sort(&times.launch);
	samples_sort(&times.seen);
	samples_sort(&times.both);
	print(&g, &times, gpu);
	for (i = 0; i < RIG_SLOTS; i++)
		gpu_slot_close(&slots[i], &g);
	rig_graph_close(&g);
}

int main(int argc, char *argv[])
{
	long ticks = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	struct rig rig;
	int i;

	if (ticks < 1 || ticks > TICKS_MAX) {
		fprintf(stderr, "usage: gpu_tick TICKS FOLDER... (1..%d)\n",
			TICKS_MAX);
		return 64;
	}
	rig_open(&rig, 0);
	fprintf(stderr,
		"%s: a tick on the host, us, p50 of %ld ticks\n"
		"%-12s %10s %9s %9s %9s %9s %9s %9s %9s\n",
		rig.name, ticks, "graph", "size", "uniforms", "launch", "seen",
		"both", "both p99", "GPU", "both-GPU");
	for (i = 2; i < argc; i++)
		measure(&rig, argv[i], (uint32_t)ticks);
	rig_close(&rig);
	return 0;
}
