/* tests/graph/nodes/fold.cu: threads that each draw several pixels of a tile,
 * through shared memory, which others have filled. */
#ifndef TESTS_GRAPH_NODES_FOLD_CU
#define TESTS_GRAPH_NODES_FOLD_CU

#include "fold.h"

#define FOLD_TILE_X 24
#define FOLD_TILE_Y 10

/* Pixel i of the tile, row by row; 0 outside the image. */
NODE_DEVICE uint32_t fold_from(const struct fold_uniform *uniform,
			       const struct image *in, uint32_t x, uint32_t y)
{
	if (x >= in->width || y >= in->height)
		return 0;
	if (fold_left(uniform->phase, x, y))
		return image_row(&in[0], y)[x];
	return image_row(&in[1], in->height - 1 - y)[in->width - 1 - x];
}

NODE_DEVICE void fold_tile(const struct fold_params *params,
			   const struct fold_uniform *uniform,
			   const struct image *in, const struct image *out,
			   int32_t x0, int32_t y0)
{
	static __shared__ uint32_t tile[FOLD_TILE_Y][FOLD_TILE_X];
	uint32_t add = (uint32_t)(int32_t)(16 * params->weight) +
		       (uint32_t)params->shift;
	uint32_t x, y;

	for (y = threadIdx.y; y < FOLD_TILE_Y; y += blockDim.y)
		for (x = threadIdx.x; x < FOLD_TILE_X; x += blockDim.x)
			tile[y][x] = fold_from(uniform, in, (uint32_t)x0 + x,
					       (uint32_t)y0 + y);
	__syncthreads();
	/* Each thread stores what another has loaded. */
	for (y = threadIdx.y; y < FOLD_TILE_Y; y += blockDim.y)
		for (x = threadIdx.x; x < FOLD_TILE_X; x += blockDim.x) {
			uint32_t tx = FOLD_TILE_X - 1 - x;
			uint32_t ty = FOLD_TILE_Y - 1 - y;
			uint32_t px = (uint32_t)x0 + tx, py = (uint32_t)y0 + ty;

			if (px < out->width && py < out->height)
				image_row(out, py)[px] =
					fold_pixel(tile[ty][tx], add * py);
		}
}

#endif
