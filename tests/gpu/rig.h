/*
 * tests/gpu/rig.h: a graph's cuda plan on a GPU, driven by hand: what the
 * benchmarks measure piece by piece. The product's own way is drivers/cuda.
 *
 * A graph comes as a folder with graph.so (its tables and CPU steps, exported
 * as graph_module) and graph.cubin (its kernels). Every failure ends the
 * process with one line: nothing here runs in a product. One thread.
 *
 * Sources hold one picture of noise, brought to the GPU once: what is measured
 * is the drawing, not the bus.
 */
#ifndef TESTS_GPU_RIG_H
#define TESTS_GPU_RIG_H

#include "drivers/cuda/library.h"
#include "graph/graph.h"
#include "tests/graph/sources.h"

#define RIG_SLOTS     3
#define RIG_INSTANCES 200 /* frames in one captured graph */
#define RIG_STEPS_MAX 32

/* Entries that only the benchmarks call. */
struct rig_extra {
	int (*set_words)(uint64_t to, unsigned int value, size_t words,
			 struct cuda_stream *stream);
	int (*copy_device)(uint64_t to, uint64_t from, size_t bytes,
			   struct cuda_stream *stream);
};

struct rig {
	struct cuda_library cuda;
	struct rig_extra extra;
	struct cuda_context *context;
	struct cuda_stream *stream;
	struct cuda_event *begin, *end;
	char name[64];
};

struct rig_graph {
	struct rig *rig;
	void *so;
	const struct graph *graph;
	const struct graph_plan *plan, *cpu;
	struct cuda_module *module;
	struct cuda_function *functions[RIG_STEPS_MAX], *done;
	struct graph_work work; /* targets: the CPU's, by sink */
	struct sources sources; /* its pictures, on the host */
	uint64_t pool;		/* of the device */
	uint64_t slots[GRAPH_SINKS_MAX][RIG_SLOTS];
	size_t pitch, slot_bytes;
	/* by step and instance: a block that is passed by address */
	unsigned char *blocks[RIG_STEPS_MAX];
	uint64_t block_addresses[RIG_STEPS_MAX];
	uint64_t counter, flag_address;
	volatile uint32_t *flag; /* frames that are done */
	unsigned char *picture;	 /* pinned: a slot, read back */
};

/* Ends the process if the call fails. */
#define RIG_CALL(rig, name, ...)                                               \
	rig_check(#name, cuda_call(&(rig)->cuda, name, __VA_ARGS__))
void rig_check(const char *what, int code);

void rig_open(struct rig *rig, int device);
void rig_close(struct rig *rig);

void rig_graph_open(struct rig_graph *g, struct rig *rig, const char *folder);
void rig_graph_close(struct rig_graph *g);

/* This tick's uniforms, at nominal time, into the host pool. */
void rig_tick(struct rig_graph *g, uint64_t number);

/* A step of the plan into the stream, for a slot. `instance`: whose block is
 * used, where blocks are passed by address. */
void rig_step(struct rig_graph *g, uint32_t step, uint32_t slot,
	      uint32_t instance);

/* The bytes of a kernel's argument, as they are now. */
void rig_block(const struct rig_graph *g, const struct graph_kernel *kernel,
	       uint32_t slot, unsigned char *block);

/* All steps, and with `done` the count of frames after them. */
void rig_frame(struct rig_graph *g, uint32_t slot, uint32_t instance,
	       bool done);

/* A sink's whole slot becomes this word, in the stream. */
void rig_fill(struct rig_graph *g, uint32_t sink, uint32_t slot, uint32_t word);

/*
 * Poisons a slot, draws tick `number` into it with the GPU and the same with
 * the CPU's plan; ends the process unless all bytes of all sinks are equal.
 * Twice, with different poisons.
 */
void rig_verify(struct rig_graph *g, uint64_t number);

/* Ends the process unless the slot, drawn before, is the CPU's picture. */
void rig_verify_slot(struct rig_graph *g, uint32_t slot, uint64_t number);

/* ---- measuring ------------------------------------------------------------- */

struct cuda_exec *rig_capture_end(struct rig *rig);
void rig_capture_begin(struct rig *rig);

/* Launches it and waits; microseconds between an event before and one after. */
double rig_timed(struct rig *rig, struct cuda_exec *exec);

/* The value in the middle; sorts. */
double rig_median(double *values, uint32_t count);

#endif
