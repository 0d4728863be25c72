/*
 * tests/bench/gpu_single.h: frame after frame, each its own launch of a CUDA
 * graph for its slot, with fresh uniforms, never waited for in between.
 */
#ifndef TESTS_BENCH_GPU_SINGLE_H
#define TESTS_BENCH_GPU_SINGLE_H

#include "tests/gpu/rig.h"

struct gpu_single {
	double gpu_us;	/* a frame, between events around all */
	double host_us; /* a frame, what the host does for it */
};

/* A slot's own CUDA graph, as the product has it: steps, then graph_done. */
struct gpu_slot {
	struct cuda_exec *exec;
	struct cuda_graph *graph;
	struct cuda_node *nodes[RIG_STEPS_MAX]; /* of kernels */
};

void gpu_slot_open(struct gpu_slot *slot, struct rig_graph *g, uint32_t index,
		   bool done);
void gpu_slot_close(struct gpu_slot *slot, struct rig_graph *g);

/* The uniforms as they are now, then the launch. */
void gpu_slot_launch(struct gpu_slot *slot, struct rig_graph *g,
		     uint32_t index);

void gpu_single_frames(struct rig_graph *g, uint32_t rounds,
		       struct gpu_single *result);

/* One memset node a launch; nothing to update. */
void gpu_single_fills(struct rig_graph *g, uint32_t rounds,
		      struct gpu_single *result);

#endif
