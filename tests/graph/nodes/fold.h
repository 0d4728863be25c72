/* tests/graph/nodes/fold.h: a frame node that a GPU can run too. */
#ifndef TESTS_GRAPH_NODES_FOLD_H
#define TESTS_GRAPH_NODES_FOLD_H

#include <string.h>

#include "kernel/node.h"

struct fold_params {
	double weight;
	int32_t shift;
};

/* fold_tile reads the head only; fold_frame has what it needs of each row. */
struct fold_uniform {
	uint32_t phase, add;
	uint32_t row_add[];
};

NODE_HOST void fold_tick(const struct fold_params *params,
			 const struct tick *tick, void *state,
			 struct fold_uniform *uniform)
{
	uint32_t y;

	(void)state;
	uniform->phase = (uint32_t)tick->number;
	uniform->add = (uint32_t)(int32_t)(16 * params->weight) +
		       (uint32_t)params->shift;
	for (y = 0; y < tick->height; y++)
		uniform->row_add[y] = uniform->add * y;
}

/* Which of the two a pixel is taken from. */
NODE_PIXEL bool fold_left(uint32_t phase, uint32_t x, uint32_t y)
{
	return ((x >> 1) + y + phase) & 1;
}

NODE_PIXEL uint32_t fold_pixel(uint32_t in, uint32_t add)
{
	return 0xFF000000u | ((in + add) & 0xFFFFFFu);
}

NODE_HOST void fold_band(const struct fold_params *params,
			 const struct fold_uniform *uniform,
			 const struct image *in, const struct image *out,
			 int32_t y0, int32_t y1, void *scratch)
{
	uint32_t x, y, from, *row = (uint32_t *)scratch;
	uint32_t width = out->width, height = out->height;
	const uint32_t *turned;

	(void)params;
	for (y = (uint32_t)y0; y < (uint32_t)y1; y++) {
		turned = image_row(&in[1], height - 1 - y);
		memcpy(row, image_row(&in[0], y), width * sizeof(*row));
		for (x = 0; x < width; x++) {
			from = fold_left(uniform->phase, x, y)
				       ? row[x]
				       : turned[width - 1 - x];
			image_row(out, y)[x] =
				fold_pixel(from, uniform->row_add[y]);
		}
	}
}

NODE_HOST void fold_frame(const struct fold_params *params,
			  const struct fold_uniform *uniform, void *state,
			  const struct image *in, const struct image *out,
			  void *scratch)
{
	(void)state;
	fold_band(params, uniform, in, out, 0, (int32_t)out->height, scratch);
}

#endif
