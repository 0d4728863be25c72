/*
 * tests/kernel/blur_tile.cu: blur_tile as a kernel of its own, for
 * tests/graph/emulate/launch.cc; what it works on is in the block.
 */
#include "graph/kernel.cuh"

#include "kernel/blur.cu"
#include "tests/kernel/blur_block.h"

extern "C" __global__ void step_0(const unsigned char *block)
{
	const struct blur_block *b = (const struct blur_block *)block;

	blur_tile(&b->params, NULL, &b->in, &b->out,
		  (int32_t)blockIdx.x * BLUR_TILE_X,
		  (int32_t)blockIdx.y * BLUR_TILE_Y);
}
