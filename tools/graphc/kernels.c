/*
 * tools/graphc/kernels.c: how each step on the device is launched: its thread
 * blocks and its argument, the block of graph/device.h; see passes.h.
 */
#include "tools/graphc/passes.h"

/* Of pixel kernels; a thread draws NODE_RUN pixels side by side. */
#define THREADS_X 32
#define THREADS_Y 8

static uint32_t blocks_for(uint32_t side, uint32_t block)
{
	return (side + block - 1) / block;
}

static void set_size(const struct ir *ir, struct ir_kernel *kernel,
		     const struct ir_step *step)
{
	const struct binding *binding = ir->nodes[step->nodes[0]].binding;
	uint32_t tile_x = THREADS_X * NODE_RUN, tile_y = THREADS_Y;

	kernel->threads_x = THREADS_X;
	kernel->threads_y = THREADS_Y;
	if (step->kind == IR_STEP_FRAME) {
		tile_x = binding->tile[0];
		tile_y = binding->tile[1];
		kernel->threads_x = binding->threads[0];
		kernel->threads_y = binding->threads[1];
	}
	kernel->blocks_x = blocks_for(ir->width, tile_x);
	kernel->blocks_y = blocks_for(ir->height, tile_y);
}

/* A frame node with a frame buffer leaves its sinks to a copy step. */
static void kernel_list_sinks(const struct ir *ir, struct ir_kernel *kernel,
		       const struct ir_step *step)
{
	const struct ir_node *node;
	uint32_t i, j, sink;

	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		if (step->kind == IR_STEP_FRAME && node->buffered)
			return;
		for (j = 0; j < node->user_count; j++) {
			sink = ir->nodes[node->users[j]].sink;
			if (sink != IR_NONE)
				kernel->sinks[kernel->sink_count++] = sink;
		}
	}
}

static void kernel_add_copy(struct ir_kernel *kernel, uint32_t node, bool params,
		     uint64_t bytes)
{
	struct ir_copy *copy = &kernel->copies[kernel->copy_count];

	if (!bytes)
		return;
	copy->node = node;
	copy->params = params;
	copy->bytes = (uint32_t)bytes;
	copy->block_offset = kernel->block_bytes;
	kernel->block_bytes += (copy->bytes + GRAPH_BLOCK_ALIGN - 1) /
			       GRAPH_BLOCK_ALIGN * GRAPH_BLOCK_ALIGN;
	kernel->copy_count++;
}

/* What LIMIT_UNIFORM allows fits: 512 nodes of 4 MiB are below 2^32. */
static void lay_out(const struct ir *ir, struct ir_kernel *kernel,
		    const struct ir_step *step)
{
	const struct ir_node *node;
	uint32_t i;

	kernel->block_bytes =
		GRAPH_BLOCK_TARGETS +
		kernel->sink_count *
			(uint32_t)sizeof(struct graph_device_image);
	for (i = 0; i < step->source_count; i++)
		kernel_add_copy(kernel, step->sources[i], false,
			 ir->nodes[step->sources[i]].head_bytes);
	if (step->kind == IR_STEP_COPY || step->kind == IR_STEP_LOAD)
		return;
	for (i = 0; i < step->node_count; i++) {
		node = &ir->nodes[step->nodes[i]];
		if (step->kind == IR_STEP_FRAME)
			kernel_add_copy(kernel, step->nodes[i], true,
				 node->binding->params_bytes);
		kernel_add_copy(kernel, step->nodes[i], false, node->head_bytes);
	}
}

static struct ir_kernel *new_kernel(const struct ir *ir,
				    const struct ir_step *step)
{
	struct ir_kernel *kernel = arena_alloc(ir->arena, 1, sizeof(*kernel));

	kernel->sinks =
		arena_alloc(ir->arena, LIMIT_SINKS, sizeof(*kernel->sinks));
	kernel->copies = arena_alloc(
		ir->arena, 2 * (size_t)step->node_count + step->source_count,
		sizeof(*kernel->copies));
	set_size(ir, kernel, step);
	kernel_list_sinks(ir, kernel, step);
	lay_out(ir, kernel, step);
	return kernel;
}

void pass_kernels(struct ir *ir)
{
	struct ir_step *step;
	uint32_t i;

	for (i = 0; i < ir->step_count; i++) {
		step = &ir->steps[i];
		if (step->backend == GRAPH_BACKEND_CUDA &&
		    !ir_is_transfer(step))
			step->kernel = new_kernel(ir, step);
	}
}
