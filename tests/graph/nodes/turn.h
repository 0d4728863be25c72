/* tests/graph/nodes/turn.h: a frame node with all that one can have. */
#ifndef TESTS_GRAPH_NODES_TURN_H
#define TESTS_GRAPH_NODES_TURN_H

#include <string.h>

#include "kernel/node.h"

struct turn_params {
	int32_t shift;
};

struct turn_uniform {
	uint32_t shift, ticks;
};

NODE_HOST void turn_tick(const struct turn_params *params,
			 const struct tick *tick, void *state,
			 struct turn_uniform *uniform)
{
	uint64_t *counts = (uint64_t *)state;

	counts[tick->height - 1]++;
	uniform->shift = (uint32_t)params->shift;
	uniform->ticks = (uint32_t)counts[tick->height - 1];
}

/* out(x, y) = left or right by turns, at the opposite place, shifted. */
NODE_HOST void turn_frame(const struct turn_params *params,
			  const struct turn_uniform *uniform, void *state,
			  const struct image *in, const struct image *out,
			  void *scratch)
{
	uint32_t x, y, from, *row = (uint32_t *)scratch;

	(void)params;
	(void)state;
	for (y = 0; y < out->height; y++) {
		const struct image *image = &in[(y + uniform->ticks) & 1];

		memcpy(row, image_row(image, out->height - 1 - y),
		       out->width * sizeof(*row));
		for (x = 0; x < out->width; x++) {
			from = (x + uniform->shift) % out->width;
			image_row(out, y)[x] = row[out->width - 1 - from];
		}
	}
}

#endif
