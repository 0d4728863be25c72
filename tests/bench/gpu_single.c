/*
 * tests/bench/gpu_single.c: see gpu_single.h.
 */
#include "tests/bench/gpu_single.h"

#include "tests/bench/samples.h"

#define FRAMES	   300 /* a round */
#define ROUNDS_MAX 1000

/* The node that was captured last. */
static struct cuda_node *last_node(struct rig *rig)
{
	struct cuda_node *const *last;
	size_t count;
	int status;

	RIG_CALL(rig, capture_info, rig->stream, &status, NULL, NULL, &last,
		 &count);
	return last[0];
}

void gpu_slot_open(struct gpu_slot *slot, struct rig_graph *g, uint32_t index,
		   bool done)
{
	void *params[] = {&g->counter, &g->flag_address};
	struct rig *rig = g->rig;
	uint32_t i;

	rig_capture_begin(rig);
	for (i = 0; i < g->plan->step_count; i++) {
		rig_step(g, i, index, index);
		slot->nodes[i] = last_node(rig);
	}
	if (done)
		RIG_CALL(rig, launch, g->done, 1, 1, 1, 1, 1, 1, 0, rig->stream,
			 params, NULL);
	RIG_CALL(rig, capture_end, rig->stream, &slot->graph);
	RIG_CALL(rig, graph_instantiate, &slot->exec, slot->graph, 0);
	RIG_CALL(rig, exec_upload, slot->exec, rig->stream);
	RIG_CALL(rig, stream_wait, rig->stream);
}

void gpu_slot_close(struct gpu_slot *slot, struct rig_graph *g)
{
	RIG_CALL(g->rig, stream_wait, g->rig->stream);
	RIG_CALL(g->rig, exec_destroy, slot->exec);
	RIG_CALL(g->rig, graph_destroy, slot->graph);
}

static void update(struct gpu_slot *slot, struct rig_graph *g, uint32_t step,
		   uint32_t index)
{
	const struct graph_kernel *kernel = g->plan->steps[step].kernel;
	static unsigned char block[GRAPH_BLOCK_VALUE_MAX]
		__attribute__((aligned(GRAPH_BLOCK_ALIGN)));
	void *params[] = {block};
	const struct cuda_kernel_node node = {
		.function = g->functions[step],
		.grid_x = kernel->blocks_x,
		.grid_y = kernel->blocks_y,
		.grid_z = 1,
		.block_x = kernel->threads_x,
		.block_y = kernel->threads_y,
		.block_z = 1,
		.params = params,
	};

	/* not waited for: a frame three before may still be to be copied up, and
	 * then takes these bytes; the time is the same */
	if (g->blocks[step]) {
		rig_block(g, kernel, index,
			  g->blocks[step] +
				  (size_t)kernel->block_bytes * index);
		return;
	}
	rig_block(g, kernel, index, block);
	RIG_CALL(g->rig, exec_set_kernel, slot->exec, slot->nodes[step], &node);
}

void gpu_slot_launch(struct gpu_slot *slot, struct rig_graph *g, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < g->plan->step_count; i++)
		if (g->plan->steps[i].kernel)
			update(slot, g, i, index);
	RIG_CALL(g->rig, exec_launch, slot->exec, g->rig->stream);
}

typedef void (*frame_fn)(struct rig_graph *g, struct gpu_slot slots[],
			 uint32_t frame);

static void frame(struct rig_graph *g, struct gpu_slot slots[], uint32_t number)
{
	uint32_t index = number % RIG_SLOTS;

	rig_tick(g, number);
	gpu_slot_launch(&slots[index], g, index);
}

static void fill(struct rig_graph *g, struct gpu_slot slots[], uint32_t number)
{
	RIG_CALL(g->rig, exec_launch, slots[number % RIG_SLOTS].exec,
		 g->rig->stream);
}

static void measure(struct rig_graph *g, struct gpu_slot slots[], frame_fn draw,
		    uint32_t rounds, struct gpu_single *result)
{
	static double gpu_us[ROUNDS_MAX], host_us[ROUNDS_MAX];
	struct rig *rig = g->rig;
	uint32_t i, round;
	int64_t start;
	float ms;

	for (round = 0; round < rounds; round++) {
		start = bench_now_ns();
		RIG_CALL(rig, event_record, rig->begin, rig->stream);
		for (i = 0; i < FRAMES; i++)
			draw(g, slots, i);
		RIG_CALL(rig, event_record, rig->end, rig->stream);
		host_us[round] =
			(double)(bench_now_ns() - start) / 1e3 / FRAMES;
		RIG_CALL(rig, stream_wait, rig->stream);
		RIG_CALL(rig, event_elapsed, &ms, rig->begin, rig->end);
		gpu_us[round] = (double)ms * 1e3 / FRAMES;
	}
	result->gpu_us = rig_median(gpu_us, rounds);
	result->host_us = rig_median(host_us, rounds);
}

void gpu_single_frames(struct rig_graph *g, uint32_t rounds,
		       struct gpu_single *result)
{
	struct gpu_slot slots[RIG_SLOTS];
	uint32_t i;

	for (i = 0; i < RIG_SLOTS; i++)
		gpu_slot_open(&slots[i], g, i, false);
	measure(g, slots, frame, rounds, result);
	rig_verify_slot(g, (FRAMES - 1) % RIG_SLOTS, FRAMES - 1);
	for (i = 0; i < RIG_SLOTS; i++)
		gpu_slot_close(&slots[i], g);
}

void gpu_single_fills(struct rig_graph *g, uint32_t rounds,
		      struct gpu_single *result)
{
	struct gpu_slot slots[RIG_SLOTS];
	uint32_t i, sink;

	for (i = 0; i < RIG_SLOTS; i++) {
		rig_capture_begin(g->rig);
		for (sink = 0; sink < g->graph->sink_count; sink++)
			rig_fill(g, sink, i, i);
		slots[i].exec = rig_capture_end(g->rig);
	}
	measure(g, slots, fill, rounds, result);
	for (i = 0; i < RIG_SLOTS; i++)
		RIG_CALL(g->rig, exec_destroy, slots[i].exec);
}
