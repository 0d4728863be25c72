/* tests/graph/nodes/dim.h: a filter that is not for GPUs. */
#ifndef TESTS_GRAPH_NODES_DIM_H
#define TESTS_GRAPH_NODES_DIM_H

#include "kernel/node.h"

struct dim_params {
	int32_t shift;
};

struct dim_uniform {
	uint32_t shift;
};

NODE_HOST void dim_tick(const struct dim_params *params,
			const struct tick *tick, void *state,
			struct dim_uniform *uniform)
{
	(void)tick;
	(void)state;
	uniform->shift = (uint32_t)params->shift;
}

NODE_PIXEL uint32_t dim_pixel(const struct dim_uniform *uniform, int32_t x,
			      int32_t y, uint32_t in)
{
	uint32_t mask = 0xFFu >> uniform->shift;

	(void)x;
	(void)y;
	return 0xFF000000u | (in >> uniform->shift & mask * 0x010101u);
}

NODE_HOST void dim_span(const struct dim_uniform *uniform, int32_t y,
			int32_t x0, int32_t x1, const uint32_t *const in[],
			uint32_t *out)
{
	int32_t i;

	for (i = 0; i < x1 - x0; i++)
		out[i] = dim_pixel(uniform, x0 + i, y, in[0][i]);
}

#endif
