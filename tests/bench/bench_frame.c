/*
 * tests/bench/bench_frame.c: what one tick of a graph costs on one core, next
 * to the machine's limit for writing that many bytes.
 *
 * Linked with one graph's objects. In turn, over the headless display's own
 * three slots: one whole tick (uniforms and every step), one memset, one plain
 * store loop; so all three meet the same memory in the same cache state.
 * Before timing, every slot is poisoned with two different values and drawn:
 * the two results must be equal, so each timed tick draws the whole frame.
 *
 * Usage: bench_frame FRAMES. Prints one JSON object.
 */
#include <stdio.h>
#include <string.h>

#include "drivers/display/drivers.h"
#include "runtime/app/isa.h"
#include "runtime/base/pool.h"
#include "tests/bench/samples.h"
#include "tests/graph/ticks.h"

#define FRAMES_MAX 20000

struct bench {
	const struct graph *graph;
	struct graph_work work;
	struct pool pool;
	struct display display;
	size_t slot_bytes;
	uint64_t next_tick;
};

typedef void (*store_fn)(uint32_t *to, size_t count, uint32_t value);

#define STORE_LOOP(NAME, TARGET)                                              \
	TARGET static void NAME(uint32_t *to, size_t count, uint32_t value)   \
	{                                                                     \
		for (size_t i = 0; i < count; i++)                            \
			to[i] = value;                                        \
	}
#if defined(__GNUC__) && !defined(__clang__)
#define BEST __attribute__((optimize("O3")))
#define WIDE ",prefer-vector-width=512"
#else
#define BEST
#define WIDE
#endif
STORE_LOOP(store_base, BEST)
#if defined(__x86_64__)
STORE_LOOP(store_avx2, BEST __attribute__((target("avx2"))))
STORE_LOOP(store_avx512,
	   BEST __attribute__((target("avx512f" WIDE))))
#endif

static store_fn store_choose(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f"))
		return store_avx512;
	if (__builtin_cpu_supports("avx2"))
		return store_avx2;
#endif
	return store_base;
}

static void run_tick(struct bench *bench, uint32_t slot)
{
	const struct graph *graph = bench->graph;
	const struct tick tick = tick_nominal(graph, bench->next_tick++, NULL);

	for (uint32_t s = 0; s < graph->sink_count; s++)
		bench->work.target[s].slot = bench->display.slot[slot];
	tick_draw(graph, &graph->plans[0], &bench->work, &tick);
}

/* The same tick over two poisons must give the same bytes. */
static int check_complete(struct bench *bench)
{
	struct image *slot = bench->display.slot;

	for (uint64_t n = 0; n < 8; n++) {
		memset(slot[0].base, 0x5a, bench->slot_bytes);
		memset(slot[1].base, 0xa5, bench->slot_bytes);
		bench->next_tick = n * 37;
		run_tick(bench, 0);
		bench->next_tick = n * 37;
		run_tick(bench, 1);
		if (memcmp(slot[0].base, slot[1].base, bench->slot_bytes) != 0) {
			fprintf(stderr, "bench_frame: tick %u of %s is not a "
					"whole frame\n",
				(unsigned)(n * 37), bench->graph->name);
			return -1;
		}
	}
	return 0;
}

static int bench_open(struct bench *bench, const struct isa *isa)
{
	struct display_config config;

	bench->graph = isa->graph;
	config = (struct display_config){
		.width = bench->graph->width,
		.height = bench->graph->height,
		.rate_num = bench->graph->rate_num,
		.rate_den = bench->graph->rate_den,
	};
	bench->display.ops = &headless_display;
	if (pool_init(&bench->pool, bench->graph->pool_bytes) ||
	    bench->display.ops->open(&bench->display, &config))
		return -1;
	bench->work.pool = bench->pool.base;
	if (bench->graph->param_bytes)
		memcpy(bench->pool.base + bench->graph->param_offset,
		       bench->graph->param_defaults, bench->graph->param_bytes);
	bench->slot_bytes =
		bench->display.slot[0].pitch * bench->display.slot[0].height;
	return 0;
}

static void bench_turns(struct bench *bench, struct samples kind[3],
			uint32_t frames)
{
	store_fn store = store_choose();
	uint32_t slots = bench->display.slot_count;

	for (uint32_t i = 0; i < 3 * frames; i++) {
		uint32_t what = i % 3, slot = (i + i / 3) % slots;
		unsigned char *base = bench->display.slot[slot].base;
		int64_t start = bench_now_ns();

		if (what == 0)
			run_tick(bench, slot);
		else if (what == 1)
			memset(base, (int)(i & 0xff), bench->slot_bytes);
		else
			store((uint32_t *)(void *)base, bench->slot_bytes / 4, i);
		__asm__ volatile("" : : "r"(base) : "memory");
		samples_add(&kind[what], bench_now_ns() - start);
	}
}

int main(int argc, char *argv[])
{
	static int64_t ns[3][FRAMES_MAX];
	struct samples kind[3];
	static struct bench bench;
	const struct isa *isa = isa_choose(OPTIONS_ISA_AUTO);
	long frames = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
	double best;

	if (frames < 1 || frames > FRAMES_MAX) {
		fprintf(stderr, "usage: bench_frame FRAMES (1..%d)\n",
			FRAMES_MAX);
		return 64;
	}
	if (bench_open(&bench, isa) || check_complete(&bench))
		return 1;
	for (int i = 0; i < 3; i++)
		kind[i] = (struct samples){0, FRAMES_MAX, ns[i]};
	bench_turns(&bench, kind, 30); /* warm */
	for (int i = 0; i < 3; i++)
		kind[i].count = 0;
	bench_turns(&bench, kind, (uint32_t)frames);
	for (int i = 0; i < 3; i++)
		samples_sort(&kind[i]);
	best = samples_us(&kind[1], .5) < samples_us(&kind[2], .5)
		       ? samples_us(&kind[1], .5)
		       : samples_us(&kind[2], .5);
	printf("{\"graph\":\"%s\",\"width\":%u,\"height\":%u,\"isa\":\"%s\","
	       "\"frames\":%ld,"
	       "\"tick_us\":{\"p50\":%.3f,\"p99\":%.3f},"
	       "\"memset_us\":{\"p50\":%.3f,\"p99\":%.3f},"
	       "\"store_us\":{\"p50\":%.3f,\"p99\":%.3f},\"ratio\":%.4f}\n",
	       bench.graph->name, bench.graph->width, bench.graph->height, isa->name,
	       frames, samples_us(&kind[0], .5), samples_us(&kind[0], .99),
	       samples_us(&kind[1], .5), samples_us(&kind[1], .99),
	       samples_us(&kind[2], .5), samples_us(&kind[2], .99),
	       samples_us(&kind[0], .5) / best);
	bench.display.ops->close(&bench.display);
	pool_finish(&bench.pool);
	return 0;
}
