/*
 * tests/bench/gpu_ladder.c: one optimization after another, as the seed's
 * timeline has them; each row is measured, frame by frame, until the host has
 * seen that the frame is complete.
 *
 *   naive        a frame of device memory allocated and freed for each node; a
 *                kernel a node; after each node but the last its frame goes to
 *                the host and back; the picture ends in the host's memory
 *   pools        the same in memory that is there already, and pinned
 *   on device    no transfers between nodes
 *   fused        one kernel for all nodes
 *   one launch   kernel and copy as one CUDA graph, parameters updated
 *   direct       the kernel stores into the slot; no copy
 *
 * The picture of every row is compared with the CPU's before it is timed.
 * Usage: gpu_ladder FRAMES APART FUSED (two modules of the same picture, the
 * first from graphc --no-fuse): a table on stderr, JSON on stdout.
 */
#include <stdio.h>

#include "tests/bench/gpu_single.h"
#include "tests/bench/samples.h"

#define FRAMES_MAX 10000

struct ladder {
	struct rig *rig;
	struct rig_graph apart, fused;
	struct gpu_slot copied, direct;
	unsigned char *pageable; /* a frame */
	size_t bytes;		 /* of it */
};

typedef void (*frame_fn)(struct ladder *l, uint64_t number);

/* Slot 0 into the host's memory, and until it is there. */
static void bring_home(struct ladder *l, struct rig_graph *g, void *to)
{
	RIG_CALL(l->rig, copy_down, to, g->slots[0][0], l->bytes,
		 l->rig->stream);
	RIG_CALL(l->rig, stream_wait, l->rig->stream);
}

/* Where the frames of nodes lie: the first of the device pool. */
static void there_and_back(struct ladder *l, void *host)
{
	RIG_CALL(l->rig, copy_down, host, l->apart.pool, l->bytes,
		 l->rig->stream);
	RIG_CALL(l->rig, stream_wait, l->rig->stream);
	RIG_CALL(l->rig, copy_up, l->apart.pool, host, l->bytes,
		 l->rig->stream);
}

static void nodes(struct ladder *l, uint64_t number, bool allocate, void *host)
{
	struct rig_graph *g = &l->apart;
	uint64_t memory[RIG_STEPS_MAX];
	uint32_t i, count = g->plan->step_count;

	rig_tick(g, number);
	for (i = 0; i < count; i++) {
		if (allocate)
			RIG_CALL(l->rig, memory_alloc, &memory[i], l->bytes);
		rig_step(g, i, 0, 0);
		if (host && i + 1 < count)
			there_and_back(l, host);
	}
	bring_home(l, g, host ? host : g->picture);
	for (i = 0; i < count && allocate; i++)
		RIG_CALL(l->rig, memory_free, memory[i]);
}

static void naive(struct ladder *l, uint64_t number)
{
	nodes(l, number, true, l->pageable);
}

static void pools(struct ladder *l, uint64_t number)
{
	nodes(l, number, false, l->apart.picture);
}

static void on_device(struct ladder *l, uint64_t number)
{
	nodes(l, number, false, NULL);
}

static void fused(struct ladder *l, uint64_t number)
{
	rig_tick(&l->fused, number);
	rig_frame(&l->fused, 0, 0, false);
	bring_home(l, &l->fused, l->fused.picture);
}

static void one_launch(struct ladder *l, uint64_t number)
{
	rig_tick(&l->fused, number);
	gpu_slot_launch(&l->copied, &l->fused, 0);
	RIG_CALL(l->rig, stream_wait, l->rig->stream);
}

static void direct(struct ladder *l, uint64_t number)
{
	uint32_t count = *l->fused.flag + 1;

	rig_tick(&l->fused, number);
	gpu_slot_launch(&l->direct, &l->fused, 0);
	while (__atomic_load_n(l->fused.flag, __ATOMIC_ACQUIRE) != count)
		;
}

static const struct row {
	const char *name;
	frame_fn frame;
} rows[] = {
	{"allocations, a kernel a node, transfers between", naive},
	{"+ pools", pools},
	{"+ no transfers between nodes", on_device},
	{"+ fused into one kernel", fused},
	{"+ one graph launch", one_launch},
	{"+ straight into the slot", direct},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* The copy is part of the launched graph. */
static void open_copied(struct ladder *l)
{
	struct rig *rig = l->rig;
	struct rig_graph *g = &l->fused;
	struct cuda_node *const *last;
	size_t count;
	int status;

	rig_capture_begin(rig);
	rig_step(g, 0, 0, 0);
	RIG_CALL(rig, capture_info, rig->stream, &status, NULL, NULL, &last,
		 &count);
	l->copied.nodes[0] = last[0];
	RIG_CALL(rig, copy_down, g->picture, g->slots[0][0], l->bytes,
		 rig->stream);
	RIG_CALL(rig, capture_end, rig->stream, &l->copied.graph);
	RIG_CALL(rig, graph_instantiate, &l->copied.exec, l->copied.graph, 0);
	RIG_CALL(rig, exec_upload, l->copied.exec, rig->stream);
}

static void open_ladder(struct ladder *l, struct rig *rig, char *argv[])
{
	l->rig = rig;
	rig_graph_open(&l->apart, rig, argv[2]);
	rig_graph_open(&l->fused, rig, argv[3]);
	l->bytes = l->fused.slot_bytes;
	l->pageable = malloc(l->bytes);
	if (!l->pageable || l->fused.plan->step_count != 1 ||
	    l->apart.plan->step_count < 2 ||
	    l->apart.plan->device_bytes < l->bytes) {
		fprintf(stderr, "gpu_ladder: modules that do not fit: one of "
				"many steps, then one of one\n");
		exit(1);
	}
	memset(l->pageable, 0, l->bytes);
	open_copied(l);
	gpu_slot_open(&l->direct, &l->fused, 0, true);
}

/* Of this row: whole frames, the CPU's bytes. */
static void check(struct ladder *l, const struct row *row)
{
	struct rig_graph *g = row - rows < 3 ? &l->apart : &l->fused;
	uint64_t number;

	for (number = 0; number < 3; number++) {
		rig_fill(g, 0, 0, number % 2 ? 0x5a5a5a5a : 0xa5a5a5a5);
		row->frame(l, number * 37);
		rig_verify_slot(g, 0, number * 37);
	}
}

static double measure(struct ladder *l, const struct row *row, uint32_t frames)
{
	static double us[FRAMES_MAX];
	int64_t start;
	uint32_t i;

	check(l, row);
	for (i = 0; i < frames / 10 + 1; i++)
		row->frame(l, i);
	for (i = 0; i < frames; i++) {
		start = bench_now_ns();
		row->frame(l, i);
		us[i] = (double)(bench_now_ns() - start) / 1e3;
	}
	return rig_median(us, frames);
}

int main(int argc, char *argv[])
{
	static struct ladder l;
	long frames = argc == 4 ? strtol(argv[1], NULL, 10) : 0;
	double us, first = 0, before = 0;
	struct rig rig;
	uint32_t i;

	if (frames < 1 || frames > FRAMES_MAX) {
		fprintf(stderr, "usage: gpu_ladder FRAMES APART FUSED\n");
		return 64;
	}
	rig_open(&rig, 0);
	open_ladder(&l, &rig, argv);
	fprintf(stderr,
		"%s: %ux%u, us a frame until the host has seen it complete, "
		"p50 of %ld\n%-50s %9s %9s %9s\n",
		rig.name, l.fused.graph->width, l.fused.graph->height, frames,
		"", "us", "step", "in all");
	for (i = 0; i < ROW_COUNT; i++) {
		us = measure(&l, &rows[i], (uint32_t)frames);
		first = i ? first : us;
		fprintf(stderr, "%-50s %9.1f %8.2fx %8.1fx\n", rows[i].name, us,
			i ? before / us : 1, first / us);
		printf("{\"row\":\"%s\",\"us\":%.3f}\n", rows[i].name, us);
		before = us;
	}
	gpu_slot_close(&l.direct, &l.fused);
	gpu_slot_close(&l.copied, &l.fused);
	rig_graph_close(&l.apart);
	rig_graph_close(&l.fused);
	free(l.pageable);
	rig_close(&rig);
	return 0;
}
